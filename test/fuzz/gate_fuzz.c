/*
 * Fuzzes the gate: each line of an input is an operation and its body, asked by one who may touch nothing but
 * the items of "ana" in the table "Tab", by any operation on items but Scan, and by its index.
 *
 * Properties: whatever is asked, no answer and no failure shows anything of "bob", and all that is in the
 * table in the end is ana's, and what was bob's at the beginning.
 */
#include <stdint.h>

#include "base/check.h"
#include "catalog/catalog.h"
#include "catalog/keys.h"
#include "iam/evaluate.h"
#include "items/item_codec.h"
#include "services/dynamodb/ongoing.h"
#include "services/gate.h"
#include "services/operation.h"
#include "storage/storage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINES_LIMIT = 8, BODY_LIMIT = 8 * 1024, BODY_DEPTH = 64 };

static const char policy_document[] =
    "{\"Version\":\"2012-10-17\",\"Statement\":["
    "{\"Effect\":\"Allow\",\"Action\":\"dynamodb:*\",\"Resource\":[\"arn:aws:dynamodb:*:*:table/Tab\","
    "\"arn:aws:dynamodb:*:*:table/Tab/index/*\"],\"Condition\":{\"ForAllValues:StringEquals\":{\"dynamodb:"
    "LeadingKeys\":[\"ana\"]},\"Null\":{\"dynamodb:LeadingKeys\":\"false\"}}},"
    "{\"Effect\":\"Deny\",\"Action\":\"dynamodb:Scan\",\"Resource\":\"*\"}]}";

/* What begins the table; bob's items have a word that nobody else's have. */
static const char *const beginning[] = {
    "CreateTable "
    "{\"TableName\":\"Tab\",\"AttributeDefinitions\":[{\"AttributeName\":\"p\",\"AttributeType\":\"S\"},"
    "{\"AttributeName\":\"s\",\"AttributeType\":\"S\"},{\"AttributeName\":\"g\",\"AttributeType\":\"S\"}],"
    "\"KeySchema\":[{\"AttributeName\":\"p\",\"KeyType\":\"HASH\"},{\"AttributeName\":\"s\",\"KeyType\":"
    "\"RANGE\"}],"
    "\"GlobalSecondaryIndexes\":[{\"IndexName\":\"Idx\",\"KeySchema\":[{\"AttributeName\":\"p\",\"KeyType\":"
    "\"HASH\"},"
    "{\"AttributeName\":\"g\",\"KeyType\":\"RANGE\"}],\"Projection\":{\"ProjectionType\":\"ALL\"}}],"
    "\"BillingMode\":\"PAY_PER_REQUEST\"}",
    "PutItem {\"TableName\":\"Tab\",\"Item\":{\"p\":{\"S\":\"bob\"},\"s\":{\"S\":\"1\"},\"g\":{\"S\":\"2\"},"
    "\"a\":{\"S\":\"BOBSECRET\"}}}",
    "PutItem {\"TableName\":\"Tab\",\"Item\":{\"p\":{\"S\":\"bob\"},\"s\":{\"S\":\"2\"},\"g\":{\"S\":\"1\"},"
    "\"a\":{\"S\":\"BOBSECRET\"}}}",
    "PutItem {\"TableName\":\"Tab\",\"Item\":{\"p\":{\"S\":\"ana\"},\"s\":{\"S\":\"1\"},\"g\":{\"S\":\"2\"},"
    "\"a\":{\"N\":\"1\"}}}"};
enum { BEGINNING = sizeof(beginning) / sizeof(beginning[0]), OF_BOB = 2 };

struct world {
    struct arena arena;
    struct server server;
    struct policy *policy;
    struct attached_policy attached;
    struct authority authority;
    struct principal ana;
};

static const struct operation *operation_of(struct slice name)
{
    for (unsigned i = 0; i < dynamodb_service.operation_count; i++) {
        if (slice_is(name, dynamodb_service.operations[i].name))
            return &dynamodb_service.operations[i];
    }
    return NULL;
}

static void on_committed(void *context, enum storage_status status)
{
    *(enum storage_status *)context = status;
}

static bool shows_bob(struct slice text)
{
    return text.len > 0 && memmem(text.ptr, text.len, "BOBSECRET", 9) != NULL;
}

/* Executes once and commits, as the life of a request does. */
static bool execute(struct request *request)
{
    enum storage_status status = STORAGE_OK;

    bool done = gate_settle(request, request->operation->handler(request));
    if (done && !batch_is_empty(&request->batch))
        storage_commit(request->server->storage, &request->batch, on_committed, &status);
    done = done && status == STORAGE_OK;
    if (done && request->committed != NULL)
        request->committed(request);
    if (request->ended != NULL)
        request->ended(request);
    table_release(request->table);
    gate_close(request);
    return done;
}

static bool ask(struct world *world, const struct principal *principal, struct slice line)
{
    const char *blank = line.len == 0 ? NULL : memchr(line.ptr, ' ', line.len);
    struct request request = {.server = &world->server, .principal = *principal, .id = SLICE("ID")};
    struct buffer out;
    struct arena arena;
    bool done = false;

    if (blank == NULL || line.len > BODY_LIMIT)
        return false;
    struct slice name = {line.ptr, (size_t)(blank - line.ptr)};
    arena_init(&arena);
    buffer_init(&out);
    request.operation = operation_of(name);
    request.arena = &arena;
    request.out = &out;
    failure_init(&request.failure, &arena);
    batch_init(&request.batch, &arena);
    if (request.operation != NULL &&
        json_parse(&arena, slice_skip(line, name.len + 1), BODY_DEPTH, &request.body) == JSON_OK &&
        request.body->type == JSON_OBJECT)
        done = execute(&request);
    if (principal == &world->ana)
        CHECK(!shows_bob(done ? buffer_slice(&out) : request.failure.message) &&
              !shows_bob(request.failure.members));
    buffer_finish(&out);
    arena_finish(&arena);
    return done;
}

static struct world *make_world(void)
{
    static const struct principal root = {.kind = PRINCIPAL_ROOT};
    static const struct catalog_settings settings = {.sweep_period = 0};
    struct world *world = calloc(1, sizeof(*world));
    struct policy_problem problem;
    struct slice sentence;

    CHECK(world != NULL);
    arena_init(&world->arena);
    world->server = (struct server){
        .storage = storage_open_memory(), .region = SLICE("us-east-1"), .account_id = SLICE("000000000000")};
    world->server.catalog = catalog_open(world->server.storage, &settings, &world->arena, &sentence);
    world->server.ongoing = ongoing_create();
    world->policy = policy_create(POLICY_INLINE, slice_of(policy_document), &world->arena, &problem);
    CHECK(world->server.catalog != NULL && world->policy != NULL);
    world->attached = (struct attached_policy){world->policy, SOURCE_USER_INLINE, SLICE("own")};
    world->authority = (struct authority){.principal = {.kind = IAM_USER,
                                                        .account = SLICE("000000000000"),
                                                        .arn = SLICE("arn:aws:iam::000000000000:user/ana")},
                                          .identity = &world->attached,
                                          .identity_count = 1};
    world->ana = (struct principal){
        .kind = PRINCIPAL_USER, .arn = world->authority.principal.arn, .authority = &world->authority};
    for (size_t i = 0; i < BEGINNING; i++)
        CHECK(ask(world, &root, slice_of(beginning[i])));
    return world;
}

/* All items are ana's but those of bob, which are as they were. */
static void check_items(struct world *world)
{
    struct table *table = catalog_find(world->server.catalog, SLICE("Tab"));
    struct arena arena;
    struct slice key, stored;
    struct item item;
    unsigned of_bob = 0;

    CHECK(table != NULL);
    arena_init(&arena);
    struct key_range range = keys_items(&arena, table->id);
    struct cursor *cursor = cursor_create(world->server.storage, NULL, range.from, range.to, FORWARD);
    while (cursor_next(cursor, &key, &stored) == STORAGE_OK) {
        CHECK(item_decode(&arena, stored, &item));
        struct slice owner = item_get(&item, SLICE("p"))->bytes;
        if (slice_is(owner, "ana"))
            continue;
        const struct value *secret = item_get(&item, SLICE("a"));
        CHECK(slice_is(owner, "bob") && item.count == 4 && secret != NULL &&
              slice_is(secret->bytes, "BOBSECRET"));
        of_bob++;
    }
    CHECK(of_bob == OF_BOB);
    cursor_destroy(cursor);
    arena_finish(&arena);
    table_release(table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct world *world;
    struct slice rest = {(const char *)data, size};

    if (world == NULL)
        world = make_world();
    if (shows_bob(rest)) /* the fuzzer has read the word out of the comparisons */
        return 0;
    for (int i = 0; i < LINES_LIMIT && rest.len > 0; i++) {
        const char *end = memchr(rest.ptr, '\n', rest.len);
        struct slice line = {rest.ptr, end == NULL ? rest.len : (size_t)(end - rest.ptr)};
        (void)ask(world, &world->ana, line);
        rest = slice_skip(rest, end == NULL ? rest.len : line.len + 1);
    }
    check_items(world);
    return 0;
}
