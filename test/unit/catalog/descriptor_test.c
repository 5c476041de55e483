/* Descriptors: what is written is what is read, and what is no descriptor is refused. */
#include "lib/unit.h"

#include "catalog/table.h"

static const char *const music =
    "{\"Format\":1,\"Id\":7,\"Name\":\"TrackTable\",\"Uuid\":\"u\",\"Created\":1700000000000,\"Status\":"
    "\"ACTIVE\","
    "\"Attributes\":[[\"id\",\"S\"],[\"uploadedBy\",\"S\"],[\"year\",\"N\"]],\"Partition\":[\"id\"],\"Sort\":"
    "[],"
    "\"Indexes\":[{\"Name\":\"byUserId\",\"Kind\":\"GLOBAL\",\"Id\":1,\"Status\":\"CREATING\","
    "\"Partition\":[\"uploadedBy\"],\"Sort\":[\"year\",\"id\"],\"Projection\":\"INCLUDE\",\"Included\":["
    "\"title\"],"
    "\"Throughput\":[1,2,3,4,5],\"OnDemand\":[6,-1],\"Warm\":[-1,7]}],\"NextIndexId\":2,"
    "\"Billing\":\"PAY_PER_REQUEST\",\"BillingWasSet\":true,\"PayPerRequestSince\":5,\"Throughput\":[0,0,0,0,"
    "0],"
    "\"OnDemand\":[-1,-1],\"Warm\":[-1,-1],\"DeletionProtection\":true,\"TableClass\":\"STANDARD\","
    "\"TableClassSince\":9,\"StreamView\":\"NEW_IMAGE\",\"StreamLabel\":\"l\",\"StreamCreated\":10,"
    "\"NextShard\":4,\"OpenShards\":[2,0,11,3,2147483648,12],\"TtlStatus\":\"ENABLING\","
    "\"TtlAttribute\":\"until\",\"SseKms\":true,\"KmsKey\":\"k\","
    "\"SseSince\":8,\"ResourcePolicy\":[\"{}\",\"17\"],\"Tags\":[{\"Key\":\"a\",\"Value\":\"b\"},{\"Key\":"
    "\"c\",\"Value\":\"\"}]}";

static void written_as_read(void **state)
{
    struct table *table = table_read_descriptor(slice_of(music));
    struct buffer text;
    (void)state;

    assert_non_null(table);
    buffer_init(&text);
    table_write_descriptor(&text, table);
    assert_int_equal(text.len, strlen(music));
    assert_memory_equal(text.bytes, music, text.len);
    buffer_finish(&text);
    table_release(table);
}

static void members_are_read(void **state)
{
    struct table *table = table_read_descriptor(slice_of(music));
    (void)state;

    assert_non_null(table);
    const struct index *index = table_index(table, SLICE("byUserId"));
    assert_non_null(index);
    assert_null(table_index(table, SLICE("byUser")));
    assert_int_equal(index->keys.sort_count, 2);
    assert_int_equal(index->keys.sort[0].type, VALUE_N);
    assert_int_equal(index->projection, PROJECT_INCLUDE);
    assert_true(slice_is(index->included[0], "title"));
    assert_int_equal(index->throughput.decreases_today, 5);
    assert_int_equal(index->warm.write, 7);
    assert_int_equal(table->stream.view, STREAM_NEW_IMAGE);
    assert_int_equal(table->stream.next_shard, 4);
    assert_int_equal(table->stream.open_count, 2);
    assert_int_equal(table->stream.open[1].from, 0x80000000);
    assert_int_equal(table->stream.open[1].opened, 12);
    assert_true(table_is_updating(table));
    assert_int_equal(table->time_to_live.status, TTL_ENABLING);
    assert_true(slice_is(table->time_to_live.attribute, "until"));
    assert_true(key_schema_has(&index->keys, SLICE("year")));
    assert_false(key_schema_has(&table->keys, SLICE("year")));
    table_release(table);
}

static void a_clone_is_apart(void **state)
{
    struct table *table = table_read_descriptor(slice_of(music));
    (void)state;

    assert_non_null(table);
    table->version = (struct version){3, 4};
    struct table *clone = table_clone(table);
    table_index_mutable(clone, SLICE("byUserId"))->status = INDEX_ACTIVE;
    assert_true(table_is_updating(table));
    assert_false(table_is_updating(clone));
    assert_int_equal(clone->version.written, 3);
    table_release(table);
    assert_true(slice_is(clone->name, "TrackTable"));
    table_release(clone);
}

/* Servers that kept no records described streams all the same. */
static void a_stream_without_shards_is_none(void **state)
{
    struct table *table = table_read_descriptor(
        SLICE("{\"Format\":1,\"Id\":7,\"Name\":\"T\",\"Attributes\":[[\"id\",\"S\"]],\"Partition\":[\"id\"],"
              "\"Sort\":[],\"Indexes\":[],\"NextIndexId\":1,\"Billing\":\"PROVISIONED\","
              "\"StreamView\":\"NEW_IMAGE\",\"StreamLabel\":\"l\"}"));
    (void)state;

    assert_non_null(table);
    assert_int_equal(table->stream.view, STREAM_OFF);
    assert_int_equal(table->stream.label.len, 0);
    table_release(table);
}

static void tags_stay_in_order(void **state)
{
    static const char *const keys[] = {"m", "a", "z", "b", "y", "m", "n"};
    struct table *table = table_create();
    (void)state;

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        table_set_tag(table, slice_of(keys[i]), slice_of(i == 5 ? "new" : "old"));
    assert_int_equal(table->tag_count, 6);
    for (size_t i = 1; i < table->tag_count; i++)
        assert_true(slice_compare(table->tags[i - 1].key, table->tags[i].key) < 0);
    assert_true(slice_is(table->tags[2].key, "m"));
    assert_true(slice_is(table->tags[2].value, "new"));
    table_remove_tag(table, SLICE("none"));
    table_remove_tag(table, SLICE("a"));
    table_remove_tag(table, SLICE("z"));
    assert_int_equal(table->tag_count, 4);
    table_set_tag(table, SLICE("zz"), SLICE(""));
    assert_true(slice_is(table->tags[4].key, "zz"));
    assert_true(slice_is(table->tags[0].key, "b"));
    table_release(table);
}

/* No prefix of a descriptor is one, and no change of a byte crashes the reader. */
static void broken_ones_are_refused(void **state)
{
    (void)state;
    for (size_t length = 0; length < strlen(music); length++)
        assert_null(table_read_descriptor((struct slice){music, length}));
    for (size_t i = 0; i < strlen(music); i++) {
        char broken[2048];
        memcpy(broken, music, strlen(music));
        broken[i] = (char)(broken[i] ^ 1);
        table_release(table_read_descriptor((struct slice){broken, strlen(music)}));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_as_read),         cmocka_unit_test(members_are_read),
        cmocka_unit_test(a_clone_is_apart),        cmocka_unit_test(tags_stay_in_order),
        cmocka_unit_test(broken_ones_are_refused), cmocka_unit_test(a_stream_without_shards_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
