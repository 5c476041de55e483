/* What time does to a reader of a stream: iterators that expire, places that are trimmed. No test waits:
 * iterators are made with the server's key and another time, and the stream is trimmed at a horizon of the
 * test's choice. */
#include "lib/unit.h"

#include <string.h>

#include "base/clock.h"
#include "catalog/catalog.h"
#include "catalog/keys.h"
#include "catalog/secret.h"
#include "catalog/stream.h"
#include "services/dynamodb/ongoing.h"
#include "services/lanes.h"
#include "services/streams/iterator.h"
#include "unit/services/caller.h"

static const struct service *const services[] = {&dynamodb_service, &streams_service};

struct fixture {
    struct arena arena;
    struct server server;
    struct life_config config;
    struct caller caller;
    struct stream_descriptor stream;
    struct shard shard;
};

static struct slice body_of(struct fixture *fixture)
{
    return buffer_slice(&fixture->caller.exchange.response.body);
}

static bool answer_has(struct fixture *fixture, const char *text)
{
    struct slice body = body_of(fixture);

    return memmem(body.ptr, body.len, text, strlen(text)) != NULL;
}

static unsigned call(struct fixture *fixture, const char *target, struct slice body)
{
    caller_call(&fixture->caller, target, body);
    return fixture->caller.exchange.response.status;
}

static void put(struct fixture *fixture, const char *key)
{
    struct slice body =
        arena_printf(&fixture->arena, "{\"TableName\":\"Tab\",\"Item\":{\"p\":{\"S\":\"%s\"}}}", key);

    assert_int_equal(call(fixture, "DynamoDB_20120810.PutItem", body), 200);
}

/* The stream as it is stored, and its first shard. */
static void look(struct fixture *fixture)
{
    struct key_range range = keys_streams(&fixture->arena, SLICE("Tab"));
    struct cursor *cursor = cursor_create(fixture->server.storage, NULL, range.from, range.to, FORWARD);
    struct slice key, value;
    size_t count;
    bool more;

    assert_int_equal(cursor_next(cursor, &key, &value), STORAGE_OK);
    assert_true(
        stream_descriptor_read(&fixture->arena, arena_copy(&fixture->arena, value), &fixture->stream));
    cursor_destroy(cursor);
    assert_int_equal(shards_list(fixture->server.storage, fixture->stream.id, NULL, NULL, 1, &fixture->shard,
                                 &count, &more),
                     STORAGE_OK);
    assert_int_equal(count, 1);
}

static int set_up(void **state)
{
    static struct fixture fixture;
    const struct catalog_settings settings = {0};
    struct slice problem;

    fixture = (struct fixture){.server = {.region = SLICE("us-east-1"), .account_id = SLICE("000000000000")}};
    arena_init(&fixture.arena);
    fixture.server.storage = storage_open_memory();
    fixture.server.ongoing = ongoing_create();
    fixture.server.catalog = catalog_open(fixture.server.storage, &settings, &fixture.arena, &problem);
    assert_non_null(fixture.server.catalog);
    const struct slice secret_keys[] = {keys_iterator_key()};
    assert_int_equal(
        secrets_obtain(fixture.server.storage, secret_keys, 1, &fixture.arena, &fixture.server.iterator_key),
        STORAGE_OK);
    fixture.config = (struct life_config){
        .server = &fixture.server, .services = services, .service_count = 2, .lanes = lanes_create()};
    caller_init(&fixture.caller, &fixture.config);
    assert_int_equal(
        call(
            &fixture, "DynamoDB_20120810.CreateTable",
            SLICE(
                "{\"TableName\":\"Tab\",\"AttributeDefinitions\":[{\"AttributeName\":\"p\",\"AttributeType\":"
                "\"S\"}],\"KeySchema\":[{\"AttributeName\":\"p\",\"KeyType\":\"HASH\"}],\"BillingMode\":"
                "\"PAY_PER_REQUEST\",\"StreamSpecification\":{\"StreamEnabled\":true,\"StreamViewType\":"
                "\"KEYS_ONLY\"}}")),
        200);
    put(&fixture, "a");
    put(&fixture, "b");
    look(&fixture);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    caller_finish(&fixture->caller);
    lanes_destroy(fixture->config.lanes);
    catalog_close(fixture->server.catalog);
    ongoing_destroy(fixture->server.ongoing);
    storage_close(fixture->server.storage);
    arena_finish(&fixture->arena);
    return 0;
}

/* GetRecords with an iterator at `next` that was made so long ago. */
static unsigned get_records(struct fixture *fixture, struct sequence_number next, int64_t age)
{
    const struct iterator iterator = {.table_name = SLICE("Music"),
                                      .stream = fixture->stream.id,
                                      .shard = fixture->shard.name,
                                      .next = next,
                                      .made = clock_now() - age};
    struct slice text = iterator_text(&fixture->arena, fixture->server.iterator_key, &iterator);

    return call(fixture, "DynamoDBStreams_20120810.GetRecords",
                arena_printf(&fixture->arena, "{\"ShardIterator\":\"%.*s\"}", SLICE_ARGS(text)));
}

static unsigned get_iterator(struct fixture *fixture, const char *type, struct sequence_number number)
{
    struct slice shard = shard_name_text(&fixture->arena, fixture->shard.name),
                 text = sequence_number_text(&fixture->arena, number);

    return call(
        fixture, "DynamoDBStreams_20120810.GetShardIterator",
        arena_printf(&fixture->arena,
                     "{\"StreamArn\":\"arn:aws:dynamodb:us-east-1:000000000000:table/Tab/stream/%.*s\","
                     "\"ShardId\":\"%.*s\",\"ShardIteratorType\":\"%s\",\"SequenceNumber\":\"%.*s\"}",
                     SLICE_ARGS(fixture->stream.label), SLICE_ARGS(shard), type, SLICE_ARGS(text)));
}

static void trim(struct fixture *fixture)
{
    for (int64_t now = clock_now(); clock_now() <= now;)
        continue; /* what was written so far is older then */
    assert_int_equal(stream_trim(fixture->server.storage, &fixture->stream, clock_now()), STORAGE_OK);
}

static void iterators_expire_after_fifteen_minutes(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(get_records(fixture, fixture->shard.start, ITERATOR_LIFETIME - 10000), 200);
    assert_true(answer_has(fixture, "\"S\":\"a\"") && answer_has(fixture, "\"S\":\"b\""));
    assert_int_equal(get_records(fixture, fixture->shard.start, ITERATOR_LIFETIME + 1), 400);
    assert_true(answer_has(fixture, "com.amazonaws.dynamodb.v20120810#ExpiredIteratorException"));
    assert_true(answer_has(fixture, "The shard iterator has expired and can no longer be used"));
}

static void a_place_that_is_trimmed_is_told(void **state)
{
    static const char trimmed[] = "com.amazonaws.dynamodb.v20120810#TrimmedDataAccessException";
    struct fixture *fixture = *state;
    struct sequence_number start = fixture->shard.start;

    trim(fixture);
    put(fixture, "c");
    assert_int_equal(get_records(fixture, start, 0), 400);
    assert_true(answer_has(fixture, trimmed));
    assert_true(
        answer_has(fixture, "The operation attempted to read past the oldest stream record in a shard."));
    assert_int_equal(get_iterator(fixture, "AT_SEQUENCE_NUMBER", start), 400);
    assert_true(answer_has(fixture, trimmed));
    look(fixture);
    assert_int_equal(get_records(fixture, fixture->shard.kept, 0), 200);
    assert_true(answer_has(fixture, "\"S\":\"c\"") && !answer_has(fixture, "\"S\":\"b\""));
    assert_int_equal(get_iterator(fixture, "AT_SEQUENCE_NUMBER", fixture->shard.kept), 200);
}

static void a_shard_that_is_gone_is_trimmed_or_not_found(void **state)
{
    struct fixture *fixture = *state;
    struct sequence_number start = fixture->shard.start;

    assert_int_equal(call(fixture, "DynamoDB_20120810.DeleteTable", SLICE("{\"TableName\":\"Tab\"}")), 200);
    look(fixture);
    assert_true(fixture->stream.disabled > 0 && fixture->shard.closed);
    assert_int_equal(get_records(fixture, start, 0), 200);
    assert_true(answer_has(fixture, "\"S\":\"b\"") && !answer_has(fixture, "NextShardIterator"));
    trim(fixture);
    assert_int_equal(get_records(fixture, start, 0), 400);
    assert_true(answer_has(fixture, "#TrimmedDataAccessException"));
    assert_int_equal(get_iterator(fixture, "AT_SEQUENCE_NUMBER", start), 400);
    assert_true(answer_has(fixture, "#ResourceNotFoundException"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(iterators_expire_after_fifteen_minutes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_place_that_is_trimmed_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_shard_that_is_gone_is_trimmed_or_not_found, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
