/* Are stacks, their resources, events and exports read back as they were written? */
#include "lib/unit.h"

#include "stacks/change_set.h"
#include "stacks/event.h"
#include "stacks/exports.h"
#include "stacks/purge.h"
#include "stacks/resource_record.h"

struct fixture {
    struct arena arena;
    struct storage *storage;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    assert_non_null(fixture);
    arena_init(&fixture->arena);
    fixture->storage = storage_open_memory();
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    storage_close(fixture->storage);
    arena_finish(&fixture->arena);
    free(fixture);
    return 0;
}

static struct stack_record make(struct fixture *fixture, const char *name, int64_t now)
{
    struct stack_record record =
        stack_new(&fixture->arena, SLICE("us-east-1"), SLICE("000000000000"), slice_of(name), now);

    record.status = STACK_CREATE_IN_PROGRESS;
    return record;
}

static void put(struct fixture *fixture, const struct stack_record *record)
{
    struct batch batch;

    batch_init(&batch, &fixture->arena);
    stack_put(&batch, record);
    stack_put_name(&batch, record);
    assert_int_equal(storage_commit_wait(fixture->storage, &batch), STORAGE_OK);
}

static void arns(void **state)
{
    struct fixture *fixture = *state;
    const struct stack_record record = make(fixture, "music", 1700000000123);

    assert_int_equal(record.uuid.len, 36);
    assert_true(
        slice_starts_with(record.arn, SLICE("arn:aws:cloudformation:us-east-1:000000000000:stack/music/")));
    assert_true(slice_equal(stack_uuid(record.arn), record.uuid));
    assert_true(slice_is(stack_name_in(record.arn), "music"));
    static const char *const others[] = {
        "", "music", "arn:aws:cloudformation:us-east-1:000000000000:stack/music",
        "arn:aws:iam::000000000000:role/0123456789012345678901234567890123456", "arn:aws:cloudformation:/"};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        assert_int_equal(stack_uuid(slice_of(others[i])).len, 0);
        assert_int_equal(stack_name_in(slice_of(others[i])).len, 0);
    }
}

static void stacks(void **state)
{
    struct fixture *fixture = *state;
    struct stack_record one = make(fixture, "one", 1000), two = make(fixture, "two", 2000), read;
    struct version version;
    struct slice place = SLICE("");

    one.source.template = 3;
    one.retain.items = (struct slice[]){SLICE("A"), SLICE("B")};
    one.retain.count = 2;
    put(fixture, &two);
    put(fixture, &one);
    assert_int_equal(stack_find(fixture->storage, &fixture->arena, SLICE("one"), &read, &version),
                     STORAGE_OK);
    assert_int_equal(read.status, STACK_CREATE_IN_PROGRESS);
    assert_int_equal(read.source.template, 3);
    assert_int_equal(read.retain.count, 2);
    assert_true(slice_equal(read.uuid, one.uuid));
    assert_int_equal(stack_find(fixture->storage, &fixture->arena, two.arn, &read, &version), STORAGE_OK);
    /* An ARN with another name is none. */
    struct slice wrong = arena_printf(
        &fixture->arena, "arn:aws:cloudformation:us-east-1:000000000000:stack/x/%.*s", SLICE_ARGS(two.uuid));
    assert_int_equal(stack_find(fixture->storage, &fixture->arena, wrong, &read, &version),
                     STORAGE_NOT_FOUND);
    assert_int_equal(stack_find(fixture->storage, &fixture->arena, SLICE("a\0b"), &read, &version),
                     STORAGE_NOT_FOUND);
    /* The one that began last comes first. */
    assert_int_equal(stack_before(fixture->storage, &fixture->arena, &place, &read), STORAGE_OK);
    assert_true(slice_is(read.name, "two"));
    assert_int_equal(stack_before(fixture->storage, &fixture->arena, &place, &read), STORAGE_OK);
    assert_true(slice_is(read.name, "one"));
    assert_int_equal(stack_before(fixture->storage, &fixture->arena, &place, &read), STORAGE_NOT_FOUND);
}

static void resources(void **state)
{
    struct fixture *fixture = *state;
    const struct json *properties;
    struct resource_records read;
    struct batch batch;
    struct slice uuid = make(fixture, "one", 1).uuid, other = make(fixture, "other", 2).uuid;

    assert_int_equal(json_parse(&fixture->arena, SLICE("{\"a\":[1,null,\"x\"]}"), 9, &properties), JSON_OK);
    struct resource_made old = {.id = SLICE("old"), .properties = properties};
    const struct resource_record b = {.logical = SLICE("B"),
                                      .type = SLICE("AWS::DynamoDB::Table"),
                                      .status = STACK_UPDATE_COMPLETE,
                                      .altered = true,
                                      .before = old,
                                      .made = {.id = SLICE("new"), .named = true, .generation = 2},
                                      .leftovers = {&old, 1}};
    const struct resource_record a = {
        .logical = SLICE("A"), .type = SLICE("T"), .status = STACK_CREATE_COMPLETE, .fresh = true};
    batch_init(&batch, &fixture->arena);
    resource_put(&batch, uuid, &b);
    resource_put(&batch, uuid, &a);
    resource_put(&batch, other, &a);
    assert_int_equal(storage_commit_wait(fixture->storage, &batch), STORAGE_OK);
    assert_int_equal(resource_records_read(fixture->storage, &fixture->arena, uuid, &read), STORAGE_OK);
    assert_int_equal(read.count, 2);
    assert_true(slice_is(read.items[0].logical, "A") && read.items[0].fresh);
    const struct resource_record *found = resource_record_find(&read, SLICE("B"));
    assert_non_null(found);
    assert_int_equal(found->status, STACK_UPDATE_COMPLETE);
    assert_true(found->made.named && found->made.generation == 2 && found->altered && !found->fresh);
    assert_true(slice_is(found->before.id, "old") && slice_is(found->leftovers.items[0].id, "old"));
    assert_int_equal(json_get(found->before.properties, "a")->array.count, 3);
    assert_null(resource_record_find(&read, SLICE("C")));
}

static void events(void **state)
{
    enum { COUNT = 5, PAGE = 2 };
    struct fixture *fixture = *state;
    const struct stack_record record = make(fixture, "one", 1);
    struct stack_event read[PAGE];
    struct slice place = SLICE(""), ids[COUNT];
    size_t count, total = 0;

    for (size_t i = 0; i < COUNT; i++) {
        const struct stack_event event = {.logical = arena_printf(&fixture->arena, "R%zu", i),
                                          .physical = SLICE("p"),
                                          .type = SLICE("T"),
                                          .status = STACK_CREATE_COMPLETE};
        struct batch batch;
        batch_init(&batch, &fixture->arena);
        event_put(&batch, record.uuid, &event);
        assert_int_equal(storage_commit_wait(fixture->storage, &batch), STORAGE_OK);
    }
    do {
        assert_int_equal(
            events_read(fixture->storage, &fixture->arena, record.uuid, &place, read, PAGE, &count),
            STORAGE_OK);
        for (size_t i = 0; i < count; i++) {
            struct slice expected = arena_printf(&fixture->arena, "R%zu", COUNT - 1 - total);
            assert_true(slice_equal(read[i].logical, expected));
            assert_true(read[i].time > 0);
            ids[total++] = read[i].id;
        }
    } while (place.len > 0);
    assert_int_equal(total, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t j = 0; j < i; j++)
            assert_false(slice_equal(ids[i], ids[j]));
    }
}

static enum export_change change(struct fixture *fixture, const struct stack_record *stack,
                                 const char *before, const char *outputs, struct slice *problem)
{
    const struct json *old = NULL, *now = NULL;
    struct batch batch;

    batch_init(&batch, &fixture->arena);
    if (before != NULL)
        assert_int_equal(json_parse(&fixture->arena, slice_of(before), 9, &old), JSON_OK);
    if (outputs != NULL)
        assert_int_equal(json_parse(&fixture->arena, slice_of(outputs), 9, &now), JSON_OK);
    enum export_change changed = exports_change(fixture->storage, &batch, stack, old, now, problem);
    if (changed == EXPORTS_CHANGED)
        assert_int_equal(storage_commit_wait(fixture->storage, &batch), STORAGE_OK);
    return changed;
}

#define OUTPUT(value) "[{\"OutputKey\":\"O\",\"OutputValue\":\"" value "\",\"ExportName\":\"e\"}]"

static void exports(void **state)
{
    struct fixture *fixture = *state;
    struct stack_record one = make(fixture, "one", 1), two = make(fixture, "two", 2);
    struct export_record found;
    struct version version, stale;
    struct slice problem;
    struct batch batch;

    put(fixture, &one);
    put(fixture, &two);
    assert_int_equal(change(fixture, &one, NULL, OUTPUT("v"), &problem), EXPORTS_CHANGED);
    assert_int_equal(change(fixture, &two, NULL, OUTPUT("v"), &problem), EXPORTS_REFUSED);
    assert_true(slice_is(problem, "Export with name e is already exported by stack one"));
    /* What another exports is not this one's to take back. */
    assert_int_equal(change(fixture, &two, OUTPUT("v"), NULL, &problem), EXPORTS_CHANGED);
    assert_int_equal(export_read(fixture->storage, &fixture->arena, SLICE("e"), &found, &stale), STORAGE_OK);

    batch_init(&batch, &fixture->arena);
    export_put_import(&batch, &found, stale, two.uuid);
    assert_int_equal(storage_commit_wait(fixture->storage, &batch), STORAGE_OK);
    /* Who looked before that is told. */
    batch_init(&batch, &fixture->arena);
    export_put_import(&batch, &found, stale, one.uuid);
    assert_int_equal(storage_commit_wait(fixture->storage, &batch), STORAGE_CONFLICT);
    assert_int_equal(change(fixture, &one, OUTPUT("v"), NULL, &problem), EXPORTS_REFUSED);
    assert_true(slice_is(problem, "Export e cannot be deleted as it is in use by two"));
    assert_int_equal(change(fixture, &one, OUTPUT("v"), OUTPUT("w"), &problem), EXPORTS_REFUSED);
    assert_true(slice_is(problem, "Export e cannot be updated as it is in use by two"));
    assert_int_equal(change(fixture, &one, OUTPUT("v"), OUTPUT("v"), &problem), EXPORTS_CHANGED);
    batch_init(&batch, &fixture->arena);
    export_delete_import(&batch, SLICE("e"), two.uuid);
    assert_int_equal(storage_commit_wait(fixture->storage, &batch), STORAGE_OK);
    assert_int_equal(change(fixture, &one, OUTPUT("v"), NULL, &problem), EXPORTS_CHANGED);
    assert_int_equal(export_read(fixture->storage, &fixture->arena, SLICE("e"), &found, &version),
                     STORAGE_NOT_FOUND);
}

/* A stack with all that may be kept of one; `deleted` as its record has it. */
static struct stack_record put_whole(struct fixture *fixture, const char *name, int64_t created,
                                     int64_t deleted)
{
    struct stack_record record = make(fixture, name, created);
    const struct stack_wishes wishes = {.protect = true};
    const struct resource_record resource = {
        .logical = SLICE("R"), .type = SLICE("T::T::T"), .status = STACK_DELETE_COMPLETE};
    struct change_set set = change_set_new(&fixture->arena, SLICE("us-east-1"), SLICE("000000000000"),
                                           &record, SLICE("set"), created);
    struct batch batch;

    set.status = SLICE("CREATE_COMPLETE");
    record.deleted = deleted;
    record.status = deleted > 0 ? STACK_DELETE_COMPLETE : STACK_CREATE_COMPLETE;
    batch_init(&batch, &fixture->arena);
    stack_put(&batch, &record);
    stack_put_wishes(&batch, record.uuid, &wishes);
    stack_put_template(&batch, record.uuid, 1, SLICE("{}"));
    stack_put_event(&batch, &record);
    resource_put(&batch, record.uuid, &resource);
    change_set_put(&batch, &set);
    change_set_put_texts(&batch, &set, SLICE("{}"), SLICE("[]"));
    assert_int_equal(storage_commit_wait(fixture->storage, &batch), STORAGE_OK);
    return record;
}

static size_t count_keys(struct fixture *fixture)
{
    struct cursor *cursor = cursor_create(fixture->storage, NULL, SLICE(""), SLICE("\xFF"), FORWARD);
    struct slice key, value;
    size_t count = 0;

    while (cursor_next(cursor, &key, &value) == STORAGE_OK)
        count++;
    cursor_destroy(cursor);
    return count;
}

static void purges(void **state)
{
    enum { KEYS = 9, MANY = 150 }; /* KEYS: of one whole stack */
    const int64_t day = (int64_t)24 * 60 * 60 * 1000, now = 1000 * day, limit = now - STACK_KEPT_DAYS * day;
    struct fixture *fixture = *state;
    struct task task = {.storage = fixture->storage};
    struct stack_record read;
    struct version version;

    put_whole(fixture, "old", limit - 2, limit - 1);
    const struct stack_record just = put_whole(fixture, "just", limit - 2, limit),
                              lives = put_whole(fixture, "lives", limit - 2, 0);
    put_whole(fixture, "recent", now - 5, now - 1);
    assert_int_equal(count_keys(fixture), 4 * KEYS);
    assert_int_equal(stacks_purge(&task, now), TASK_DONE);
    assert_int_equal(count_keys(fixture), 3 * KEYS);
    assert_int_equal(stack_read(fixture->storage, &fixture->arena, just.uuid, &read, &version), STORAGE_OK);
    assert_int_equal(stacks_purge(&task, now + 1), TASK_DONE);
    assert_int_equal(count_keys(fixture), 2 * KEYS);
    assert_int_equal(stack_read(fixture->storage, &fixture->arena, lives.uuid, &read, &version), STORAGE_OK);

    for (unsigned i = 0; i < MANY; i++)
        put_whole(fixture, "many", limit - 2, limit - 1);
    assert_int_equal(stacks_purge(&task, now + 1), TASK_AGAIN);
    assert_int_equal(stacks_purge(&task, now + 1), TASK_DONE);
    assert_int_equal(count_keys(fixture), 2 * KEYS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(arns),   TEST(stacks),  TEST(resources),
                                       TEST(events), TEST(exports), TEST(purges)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
