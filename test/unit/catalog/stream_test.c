/* Streams: what is recorded where, how shards are exchanged, and what is trimmed. */
#include "lib/unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "catalog/shard.h"
#include "catalog/stream.h"
#include "catalog/stream_record.h"
#include "items/item_codec.h"
#include "storage/faulty.h"

enum { SHARDS = 64, MANY = 1000000 };

static const char *const descriptor =
    "{\"Format\":1,\"Id\":258,\"Name\":\"T\",\"Uuid\":\"u\",\"Created\":1,\"Attributes\":[[\"p\",\"S\"]],"
    "\"Partition\":[\"p\"],\"Sort\":[],\"Indexes\":[],\"NextIndexId\":1,\"Billing\":\"PAY_PER_REQUEST\"}";

struct fixture {
    struct arena arena;
    struct storage *storage;
    struct table *table;
    struct shard shards[SHARDS];
    size_t count;
};

static void commit(struct fixture *fixture, struct batch *batch)
{
    assert_int_equal(storage_commit_wait(fixture->storage, batch), STORAGE_OK);
}

/* Commits the draft with its descriptor, and makes it the fixture's table. */
static void become(struct fixture *fixture, struct batch *batch, struct table *draft)
{
    struct buffer text;

    buffer_init(&text);
    table_write_descriptor(&text, draft);
    struct slice key = keys_descriptor(&fixture->arena, draft->name);
    if (fixture->table->version.seen != 0)
        batch_guard(batch, key, fixture->table->version);
    batch_put(batch, key, arena_copy(&fixture->arena, buffer_slice(&text)));
    buffer_finish(&text);
    commit(fixture, batch);
    draft->version = batch->committed;
    table_release(fixture->table);
    fixture->table = draft;
}

static void switch_to(struct fixture *fixture, enum stream_view view, int64_t now)
{
    struct table *draft = table_clone(fixture->table);
    struct batch batch;

    batch_init(&batch, &fixture->arena);
    draft->stream.view = view;
    assert_int_equal(stream_change(fixture->storage, &batch, fixture->table, draft, now), STORAGE_OK);
    become(fixture, &batch, draft);
}

static void exchange(struct fixture *fixture, uint64_t limit, int64_t now)
{
    struct table *draft = table_clone(fixture->table);
    struct batch batch;

    batch_init(&batch, &fixture->arena);
    stream_exchange_shards(&batch, draft, limit, now);
    become(fixture, &batch, draft);
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    assert_non_null(fixture);
    arena_init(&fixture->arena);
    fixture->storage = storage_open_faulty(storage_open_memory());
    fixture->table = table_read_descriptor(slice_of(descriptor));
    assert_non_null(fixture->table);
    switch_to(fixture, STREAM_NEW_AND_OLD_IMAGES, 1000);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    table_release(fixture->table);
    storage_close(fixture->storage);
    arena_finish(&fixture->arena);
    free(fixture);
    return 0;
}

static struct item *item_of(struct fixture *fixture, const char *p, const char *text)
{
    struct item *item = arena_new(&fixture->arena, struct item);

    item->attributes = arena_array(&fixture->arena, struct attribute, 2);
    item->count = 2;
    item->attributes[0] = (struct attribute){SLICE("p"), {.type = VALUE_S, .bytes = slice_of(p)}};
    item->attributes[1] = (struct attribute){SLICE("t"), {.type = VALUE_S, .bytes = slice_of(text)}};
    return item;
}

/* One item from one text to another; NULL: there is none. */
static enum storage_status write(struct fixture *fixture, const struct table *table, const char *p,
                                 const char *from, const char *to)
{
    struct item *old = from == NULL ? NULL : item_of(fixture, p, from);
    struct item *new = to == NULL ? NULL : item_of(fixture, p, to);
    struct item_change change = {.table = table, .old = old, .new = new, .author = BY_TIME_TO_LIVE};
    struct stored stored;
    struct batch batch;

    batch_init(&batch, &fixture->arena);
    change.key = keys_entry(&fixture->arena, table, NULL, item_of(fixture, p, "t"));
    enum storage_status status = storage_get(fixture->storage, NULL, change.key, &stored);
    assert_true(status == STORAGE_OK || status == STORAGE_NOT_FOUND);
    change.version = stored.version;
    stored_release(&stored);
    if (old != NULL)
        change.old_stored = item_change_encode(&fixture->arena, old);
    if (new != NULL)
        change.new_stored = item_change_encode(&fixture->arena, new);
    assert_int_equal(item_change_put(fixture->storage, &batch, &change), STORAGE_OK);
    return storage_commit_wait(fixture->storage, &batch);
}

static void insert(struct fixture *fixture, const char *p)
{
    assert_int_equal(write(fixture, fixture->table, p, NULL, "t"), STORAGE_OK);
}

static void list(struct fixture *fixture)
{
    bool more;

    assert_int_equal(shards_list(fixture->storage, stream_id_of(fixture->table), NULL, NULL, SHARDS,
                                 fixture->shards, &fixture->count, &more),
                     STORAGE_OK);
    assert_false(more);
}

/* "pqr": the keys of the records in a shard, in their order. */
static const char *keys_in(struct fixture *fixture, const struct shard *shard)
{
    struct key_range range =
        shard_records(&fixture->arena, stream_id_of(fixture->table), shard->name.number, shard->kept);
    struct cursor *cursor = cursor_create(fixture->storage, NULL, range.from, range.to, FORWARD);
    struct slice key, value, text = SLICE("");
    struct stream_record record;
    struct item keys;

    while (cursor_next(cursor, &key, &value) == STORAGE_OK) {
        assert_true(stream_record_decode(arena_copy(&fixture->arena, value), &record));
        assert_true(item_decode(&fixture->arena, record.keys, &keys));
        assert_int_equal(keys.count, 1);
        text = arena_printf(&fixture->arena, "%.*s%.*s", SLICE_ARGS(text),
                            SLICE_ARGS(keys.attributes[0].value.bytes));
        struct sequence_number number = sequence_number_of_key(key);
        assert_true(sequence_number_compare(number, shard->start) > 0);
        if (shard->closed)
            assert_true(sequence_number_compare(number, shard->end) <= 0);
    }
    cursor_destroy(cursor);
    return text.ptr;
}

/* ---- the tests ---- */

static void a_stream_begins_with_one_shard(void **state)
{
    struct fixture *fixture = *state;

    list(fixture);
    assert_int_equal(fixture->count, 1);
    assert_int_equal(fixture->shards[0].from, 0);
    assert_int_equal(fixture->shards[0].to, UINT32_MAX);
    assert_false(fixture->shards[0].has_parent);
    assert_false(fixture->shards[0].closed);
    assert_int_equal(fixture->table->stream.created, 1000);
    assert_true(slice_is(fixture->table->stream.label, "1970-01-01T00:00:01.000"));
}

static void a_change_is_one_record(void **state)
{
    struct fixture *fixture = *state;
    struct stream_record record;
    struct slice key, value;
    static const enum stream_event events[] = {STREAM_INSERT, STREAM_MODIFY, STREAM_REMOVE};

    assert_int_equal(write(fixture, fixture->table, "a", NULL, "1"), STORAGE_OK);
    assert_int_equal(write(fixture, fixture->table, "a", "1", "2"), STORAGE_OK);
    assert_int_equal(write(fixture, fixture->table, "a", "2", NULL), STORAGE_OK);
    list(fixture);
    assert_string_equal(keys_in(fixture, &fixture->shards[0]), "aaa");
    struct key_range range =
        shard_records(&fixture->arena, stream_id_of(fixture->table), 0, (struct sequence_number){0, 0});
    struct cursor *cursor = cursor_create(fixture->storage, NULL, range.from, range.to, FORWARD);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(cursor_next(cursor, &key, &value), STORAGE_OK);
        assert_true(stream_record_decode(value, &record));
        assert_int_equal(record.event, events[i]);
        assert_int_equal(record.view, STREAM_NEW_AND_OLD_IMAGES);
        assert_int_equal(record.author, BY_TIME_TO_LIVE);
        assert_int_equal(record.new_image.len > 0, i < 2);
        assert_int_equal(record.old_image.len > 0, i > 0);
        /* "p" and "a", "t" and its text */
        assert_int_equal(stream_record_size(&record), 2 + (i < 2 ? 4 : 0) + (i > 0 ? 4 : 0));
    }
    cursor_destroy(cursor);
}

static void another_order_of_attributes_is_no_change(void **state)
{
    struct fixture *fixture = *state;
    struct item *old = item_of(fixture, "a", "1"), *new = item_of(fixture, "a", "1");
    struct batch batch;

    struct attribute first = new->attributes[0];
    new->attributes[0] = new->attributes[1];
    new->attributes[1] = first;
    struct item_change change = {.table = fixture->table,
                                 .key = keys_entry(&fixture->arena, fixture->table, NULL, old),
                                 .old = old,
                                 .new = new,
                                 .old_stored = item_change_encode(&fixture->arena, old),
                                 .new_stored = item_change_encode(&fixture->arena, new)};
    assert_true(item_change_is_none(&fixture->arena, &change));
    batch_init(&batch, &fixture->arena);
    stream_append(&batch, &change);
    assert_null(batch.changes);
}

static void a_shard_rolls_over_after_its_time(void **state)
{
    struct fixture *fixture = *state;

    insert(fixture, "a");
    assert_false(stream_is_due(&fixture->table->stream, MANY, 1000 + SHARD_LIFETIME - 1));
    assert_true(stream_is_due(&fixture->table->stream, MANY, 1000 + SHARD_LIFETIME));
    struct table *before = table_retain(fixture->table);
    exchange(fixture, MANY, 1000 + SHARD_LIFETIME);
    /* What was decided before the exchange cannot be written after it. */
    assert_int_equal(write(fixture, before, "b", NULL, "t"), STORAGE_CONFLICT);
    table_release(before);
    insert(fixture, "b");
    list(fixture);
    assert_int_equal(fixture->count, 2);
    const struct shard *parent = &fixture->shards[0], *child = &fixture->shards[1];
    assert_true(parent->closed && !child->closed);
    assert_true(child->has_parent && shard_name_equal(child->parent, parent->name));
    assert_int_equal(child->from, 0);
    assert_int_equal(child->to, UINT32_MAX);
    assert_int_equal(child->name.opened, 1000 + SHARD_LIFETIME);
    assert_true(sequence_number_compare(parent->end, child->start) < 0);
    assert_string_equal(keys_in(fixture, parent), "a");
    assert_string_equal(keys_in(fixture, child), "b");
    assert_false(stream_is_due(&fixture->table->stream, MANY, 1000 + SHARD_LIFETIME));
}

static void a_full_shard_splits_in_halves(void **state)
{
    struct fixture *fixture = *state;
    struct shard found;

    insert(fixture, "a");
    assert_false(stream_is_due(&fixture->table->stream, 2, 2000));
    insert(fixture, "b");
    assert_true(stream_is_due(&fixture->table->stream, 2, 2000));
    exchange(fixture, 2, 2000);
    for (char name[] = "c"; name[0] <= 'z'; name[0]++)
        insert(fixture, arena_copy(&fixture->arena, slice_of(name)).ptr);
    list(fixture);
    assert_int_equal(fixture->count, 3);
    const struct shard *low = &fixture->shards[1], *high = &fixture->shards[2];
    assert_int_equal(low->from, 0);
    assert_int_equal(low->to, 0x7fffffff);
    assert_int_equal(high->from, 0x80000000);
    assert_int_equal(high->to, UINT32_MAX);
    assert_true(shard_name_equal(low->parent, fixture->shards[0].name));
    assert_true(shard_name_equal(high->parent, fixture->shards[0].name));
    assert_string_equal(keys_in(fixture, &fixture->shards[0]), "ab");
    assert_true(strlen(keys_in(fixture, low)) > 0 && strlen(keys_in(fixture, high)) > 0);
    assert_int_equal(strlen(keys_in(fixture, low)) + strlen(keys_in(fixture, high)), 24);
    assert_int_equal(shard_read(fixture->storage, NULL, stream_id_of(fixture->table), high->name, &found),
                     STORAGE_OK);
    assert_true(shard_name_equal(found.parent, high->parent));
    struct shard_name other = {high->name.opened + 1, high->name.number};
    assert_int_equal(shard_read(fixture->storage, NULL, stream_id_of(fixture->table), other, &found),
                     STORAGE_NOT_FOUND);
}

/* Whatever is exchanged, the open shards cover all hashes once, and are not too many. */
static void open_shards_cover_all_hashes(void **state)
{
    struct fixture *fixture = *state;
    int64_t now = 2000;

    for (unsigned round = 0; round < 12; round++) {
        exchange(fixture, 0, now);
        now += round % 3 == 0 ? SHARD_LIFETIME : 1;
        const struct stream *stream = &fixture->table->stream;
        assert_true(stream->open_count <= OPEN_SHARDS_LIMIT);
        assert_int_equal(stream->open[0].from, 0);
        for (size_t i = 1; i < stream->open_count; i++) {
            assert_true(stream->open[i - 1].from < stream->open[i].from);
            assert_true(stream->open[i - 1].number != stream->open[i].number);
        }
        uint64_t covered = 0;
        bool more;
        assert_int_equal(shards_list(fixture->storage, stream_id_of(fixture->table), NULL, NULL, SHARDS,
                                     fixture->shards, &fixture->count, &more),
                         STORAGE_OK);
        for (size_t i = 0; i < fixture->count && !more; i++) {
            if (!fixture->shards[i].closed)
                covered += (uint64_t)fixture->shards[i].to - fixture->shards[i].from + 1;
        }
        if (!more)
            assert_int_equal(covered, UINT64_C(1) << 32);
    }
    assert_int_equal(fixture->table->stream.open_count, OPEN_SHARDS_LIMIT);
}

static void shards_are_listed_in_pages(void **state)
{
    struct fixture *fixture = *state;
    struct stream_id stream = stream_id_of(fixture->table);
    struct shard page[2];
    size_t count;
    bool more;

    exchange(fixture, 0, 2000); /* 0 -> 1, 2 */
    exchange(fixture, 0, 3000); /* 1 -> 3, 4; 2 -> 5, 6 */
    assert_int_equal(shards_list(fixture->storage, stream, NULL, NULL, 2, page, &count, &more), STORAGE_OK);
    assert_int_equal(count, 2);
    assert_true(more && page[1].name.number == 1);
    assert_int_equal(shards_list(fixture->storage, stream, &page[1].name, NULL, 2, page, &count, &more),
                     STORAGE_OK);
    assert_true(count == 2 && more && page[0].name.number == 2 && page[1].name.number == 3);
    struct shard_name parent = page[0].name;
    assert_int_equal(shards_list(fixture->storage, stream, NULL, &parent, 2, page, &count, &more),
                     STORAGE_OK);
    assert_true(count == 2 && !more && page[0].name.number == 5 && page[1].name.number == 6);
    assert_int_equal(shards_list(fixture->storage, stream, &page[1].name, NULL, 2, page, &count, &more),
                     STORAGE_OK);
    assert_true(count == 0 && !more);
}

static struct stream_descriptor description(struct fixture *fixture, struct slice label)
{
    struct stream_descriptor stream;
    struct stored stored;

    assert_int_equal(
        storage_get(fixture->storage, NULL, keys_stream(&fixture->arena, SLICE("T"), label), &stored),
        STORAGE_OK);
    assert_true(stream_descriptor_read(&fixture->arena, arena_copy(&fixture->arena, stored.value), &stream));
    stored_release(&stored);
    return stream;
}

static void one_that_is_switched_off_is_closed(void **state)
{
    struct fixture *fixture = *state;

    insert(fixture, "a");
    struct stream_descriptor stream = description(fixture, fixture->table->stream.label);
    assert_int_equal(stream.disabled, 0);
    assert_true(slice_is(stream.partition_key, "p"));
    switch_to(fixture, STREAM_OFF, 5000);
    insert(fixture, "b");
    stream = description(fixture, fixture->table->stream.label);
    assert_int_equal(stream.disabled, 5000);
    assert_int_equal(stream.view, STREAM_NEW_AND_OLD_IMAGES);
    list(fixture);
    assert_true(fixture->count == 1 && fixture->shards[0].closed);
    assert_string_equal(keys_in(fixture, &fixture->shards[0]), "a");
    /* Two streams of one name never have one label. */
    struct slice label = arena_copy(&fixture->arena, fixture->table->stream.label);
    switch_to(fixture, STREAM_KEYS_ONLY, 1000);
    assert_false(slice_equal(label, fixture->table->stream.label));
    assert_int_equal(fixture->table->stream.created, 1001);
}

static void wait_for_another_millisecond(void)
{
    for (int64_t now = clock_now(); clock_now() <= now;)
        continue;
}

static enum storage_status trim(struct fixture *fixture, int64_t horizon)
{
    struct stream_descriptor stream = description(fixture, fixture->table->stream.label);

    return stream_trim(fixture->storage, &stream, horizon);
}

static void records_past_the_horizon_are_trimmed(void **state)
{
    struct fixture *fixture = *state;

    insert(fixture, "a");
    insert(fixture, "b");
    wait_for_another_millisecond();
    int64_t between = clock_now();
    insert(fixture, "c");
    assert_int_equal(trim(fixture, 1), STORAGE_OK);
    list(fixture);
    assert_string_equal(keys_in(fixture, &fixture->shards[0]), "abc");
    struct sequence_number start = fixture->shards[0].kept;
    for (unsigned i = 0; i < 2; i++) { /* the second time there is nothing to do */
        assert_int_equal(trim(fixture, between), STORAGE_OK);
        list(fixture);
        assert_true(sequence_number_compare(start, fixture->shards[0].kept) < 0);
        assert_string_equal(keys_in(fixture, &fixture->shards[0]), "c");
        struct shard whole = fixture->shards[0];
        whole.kept = (struct sequence_number){0, 0};
        assert_string_equal(keys_in(fixture, &whole), "c"); /* and not only hidden */
    }
    wait_for_another_millisecond();
    assert_int_equal(trim(fixture, clock_now()), STORAGE_OK);
    list(fixture);
    assert_int_equal(fixture->count, 1); /* it is open */
    assert_string_equal(keys_in(fixture, &fixture->shards[0]), "");
}

static void closed_shards_go_with_their_last_record(void **state)
{
    struct fixture *fixture = *state;

    insert(fixture, "a");
    wait_for_another_millisecond();
    int64_t before = clock_now();
    exchange(fixture, 0, 2000);
    insert(fixture, "b");
    assert_int_equal(trim(fixture, before), STORAGE_OK);
    list(fixture);
    assert_int_equal(fixture->count, 3); /* empty, but closed too recently */
    wait_for_another_millisecond();
    int64_t behind = clock_now();
    insert(fixture, "c");
    assert_int_equal(trim(fixture, behind), STORAGE_OK);
    list(fixture);
    assert_int_equal(fixture->count, 2);
    assert_true(fixture->shards[0].has_parent); /* which is gone */
    assert_int_equal(
        strlen(keys_in(fixture, &fixture->shards[0])) + strlen(keys_in(fixture, &fixture->shards[1])), 1);
}

static void a_stream_goes_when_its_time_is_over(void **state)
{
    struct fixture *fixture = *state;
    struct stored stored;
    struct slice key, value;

    insert(fixture, "a");
    switch_to(fixture, STREAM_OFF, 5000);
    assert_int_equal(trim(fixture, 5000), STORAGE_OK);
    list(fixture);
    assert_int_equal(fixture->count, 1);
    assert_int_equal(trim(fixture, 5001), STORAGE_OK);
    list(fixture);
    assert_int_equal(fixture->count, 0);
    struct slice name = keys_stream(&fixture->arena, SLICE("T"), fixture->table->stream.label);
    assert_int_equal(storage_get(fixture->storage, NULL, name, &stored), STORAGE_NOT_FOUND);
    stored_release(&stored);
    struct key_range range = keys_of_stream(&fixture->arena, stream_id_of(fixture->table));
    struct cursor *cursor = cursor_create(fixture->storage, NULL, range.from, range.to, FORWARD);
    assert_int_equal(cursor_next(cursor, &key, &value), STORAGE_NOT_FOUND);
    cursor_destroy(cursor);
}

/* Trims records and a shard while one call of the storage fails. True if the call was made. */
static bool trim_with_fault(enum faulty_calls calls, unsigned call)
{
    void *state;

    assert_int_equal(set_up(&state), 0);
    struct fixture *fixture = state;
    insert(fixture, "a");
    exchange(fixture, 0, 2000);
    wait_for_another_millisecond();
    int64_t horizon = clock_now();
    insert(fixture, "b");
    struct stream_descriptor stream = description(fixture, fixture->table->stream.label);
    faulty_arm(fixture->storage, calls, call, STORAGE_FAILED);
    enum storage_status status = stream_trim(fixture->storage, &stream, horizon);
    bool fired = faulty_fired(fixture->storage);
    assert_int_equal(status, fired ? STORAGE_FAILED : STORAGE_OK);
    faulty_recover(fixture->storage);

    /* What is told to be there is there: the first shard has its record, or begins behind it, or is gone. */
    list(fixture);
    if (fixture->count == 3) {
        const struct shard *first = &fixture->shards[0];
        bool moved = sequence_number_compare(first->kept, first->start) > 0;
        assert_string_equal(keys_in(fixture, first), moved ? "" : "a");
    }
    assert_int_equal(stream_trim(fixture->storage, &stream, horizon), STORAGE_OK);
    list(fixture);
    assert_int_equal(fixture->count, 2);
    assert_int_equal(
        strlen(keys_in(fixture, &fixture->shards[0])) + strlen(keys_in(fixture, &fixture->shards[1])), 1);
    struct key_range records = keys_stream_part(&fixture->arena, stream.id, STREAM_RECORDS);
    struct cursor *cursor = cursor_create(fixture->storage, NULL, records.from, records.to, FORWARD);
    struct slice key, value;
    assert_int_equal(cursor_next(cursor, &key, &value), STORAGE_OK);
    assert_int_equal(cursor_next(cursor, &key, &value), STORAGE_NOT_FOUND);
    cursor_destroy(cursor);
    assert_int_equal(tear_down(&state), 0);
    return fired;
}

static void any_call_of_a_trimming_may_fail(void **state)
{
    static const enum faulty_calls kinds[] = {FAULTY_READS, FAULTY_WRITES, FAULTY_LATE};
    (void)state;

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        unsigned call = 1;
        while (trim_with_fault(kinds[i], call))
            call++;
        assert_true(call > 2);
    }
}

static void the_erasing_of_a_table_spares_its_streams(void **state)
{
    struct fixture *fixture = *state;
    struct key_range ranges[2];
    struct slice key, value;

    insert(fixture, "a");
    keys_of_table(&fixture->arena, fixture->table->id, ranges);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(storage_erase(fixture->storage, ranges[i].from, ranges[i].to), STORAGE_OK);
    list(fixture);
    assert_int_equal(fixture->count, 1);
    assert_string_equal(keys_in(fixture, &fixture->shards[0]), "a");
    struct key_range items = keys_space(&fixture->arena, fixture->table, NULL);
    struct cursor *cursor = cursor_create(fixture->storage, NULL, items.from, items.to, FORWARD);
    assert_int_equal(cursor_next(cursor, &key, &value), STORAGE_NOT_FOUND);
    cursor_destroy(cursor);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_stream_begins_with_one_shard),
        TEST(a_change_is_one_record),
        TEST(another_order_of_attributes_is_no_change),
        TEST(a_shard_rolls_over_after_its_time),
        TEST(a_full_shard_splits_in_halves),
        TEST(open_shards_cover_all_hashes),
        TEST(shards_are_listed_in_pages),
        TEST(one_that_is_switched_off_is_closed),
        TEST(records_past_the_horizon_are_trimmed),
        TEST(closed_shards_go_with_their_last_record),
        TEST(a_stream_goes_when_its_time_is_over),
        TEST(the_erasing_of_a_table_spares_its_streams),
        cmocka_unit_test(any_call_of_a_trimming_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
