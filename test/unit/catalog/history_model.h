/* A table with a history and a model of it: what its items were after every commit. */
#ifndef TURNTABLE_TEST_UNIT_CATALOG_HISTORY_MODEL_H
#define TURNTABLE_TEST_UNIT_CATALOG_HISTORY_MODEL_H

#include <time.h>

#include "../storage/fixture.h"

#include "base/clock.h"
#include "catalog/history.h"
#include "catalog/item_change.h"
#include "catalog/keys.h"
#include "items/item_codec.h"

enum { ITEMS = 12, COMMITS = 300, ABSENT = -1 };

static const char *const descriptor =
    "{\"Format\":1,\"Id\":7,\"Name\":\"T\",\"Uuid\":\"u\",\"Created\":1,\"Attributes\":[[\"p\",\"S\"]],"
    "\"Partition\":[\"p\"],\"Sort\":[],\"Indexes\":[],\"NextIndexId\":1,\"Billing\":\"PAY_PER_REQUEST\","
    "\"KeepsHistory\":true}";

/* What the table was after one commit: of each item the number it held, or ABSENT. */
struct state {
    struct moment moment; /* by number */
    int64_t time;
    int values[ITEMS];
};

struct fixture {
    struct storage *storage;
    struct table *table;
    struct state states[COMMITS + 1];
    unsigned seed;
};

static unused unsigned chance(struct fixture *fixture, unsigned below)
{
    fixture->seed = fixture->seed * 1103515245u + 12345u;
    return (fixture->seed >> 16) % below;
}

static unused struct item item_of(struct arena *arena, unsigned which, int value)
{
    struct item item = {arena_array(arena, struct attribute, 2), 2};

    item.attributes[0].name = SLICE("p");
    item.attributes[0].value.type = VALUE_S;
    item.attributes[0].value.bytes = arena_printf(arena, "item %u", which);
    item.attributes[1].name = SLICE("v");
    item.attributes[1].value.type = VALUE_S;
    item.attributes[1].value.bytes = arena_printf(arena, "%d", value);
    return item;
}

static unused void change_item(struct fixture *fixture, struct batch *batch, unsigned which, int old,
                               int value)
{
    struct arena *arena = batch->arena;
    struct item before = item_of(arena, which, old), after = item_of(arena, which, value);
    struct item_change change = {.table = fixture->table,
                                 .key = keys_entry(arena, fixture->table, NULL, &after)};
    struct stored stored;

    enum storage_status status = storage_get(fixture->storage, NULL, change.key, &stored);
    assert_int_equal(status, old == ABSENT ? STORAGE_NOT_FOUND : STORAGE_OK);
    change.version = stored.version;
    stored_release(&stored);
    if (old != ABSENT)
        change.old_stored = item_change_encode(arena, &before);
    if (value != ABSENT)
        change.new_stored = item_change_encode(arena, &after);
    change.new = value == ABSENT ? NULL : &after;
    assert_int_equal(item_change_put(fixture->storage, batch, &change), STORAGE_OK);
}

/* One commit that changes a few items, and the state after it. */
static unused void commit_some(struct fixture *fixture, unsigned round)
{
    struct state *state = &fixture->states[round];
    struct arena arena;
    struct batch batch;
    unsigned first = chance(fixture, ITEMS), count = 1 + chance(fixture, 3);

    arena_init(&arena);
    batch_init(&batch, &arena);
    memcpy(state->values, fixture->states[round - 1].values, sizeof(state->values));
    for (unsigned i = first; i < first + count; i++) {
        int *value = &state->values[i % ITEMS], old = *value;
        if (old == ABSENT || chance(fixture, 3) > 0)
            *value = (int)round;
        else
            *value = ABSENT;
        change_item(fixture, &batch, i % ITEMS, old, *value);
    }
    /* The clock tells the times of commits: so that times differ, a millisecond must pass now and then. */
    if (chance(fixture, 4) == 0)
        nanosleep(&(struct timespec){.tv_nsec = 1100000}, NULL);
    assert_int_equal(storage_commit_wait(fixture->storage, &batch), STORAGE_OK);
    state->moment = (struct moment){.number = version_number(batch.committed)};
    arena_finish(&arena);
}

/* Puts the table, without items, into the storage. */
static unused void model_begin(struct fixture *fixture, struct storage *storage)
{
    struct arena arena;
    struct batch batch;

    *fixture = (struct fixture){.storage = storage, .seed = 42};
    fixture->table = table_read_descriptor(slice_of(descriptor));
    assert_non_null(fixture->table);
    arena_init(&arena);
    batch_init(&batch, &arena);
    batch_put(&batch, keys_descriptor(&arena, fixture->table->name), slice_of(descriptor));
    assert_int_equal(storage_commit_wait(storage, &batch), STORAGE_OK);
    fixture->table->version = batch.committed;
    fixture->states[0].moment.number = version_number(batch.committed);
    for (unsigned i = 0; i < ITEMS; i++)
        fixture->states[0].values[i] = ABSENT;
    arena_finish(&arena);
}

/* The item's number and its value, ABSENT for no item. */
static unused int value_of(struct slice stored, unsigned *which)
{
    struct arena arena;
    struct item item;
    int value = ABSENT;

    if (stored.ptr == NULL)
        return ABSENT;
    arena_init(&arena);
    assert_true(item_decode(&arena, stored, &item));
    assert_int_equal(sscanf(arena_printf(&arena, "%.*s", SLICE_ARGS(item_get(&item, SLICE("p"))->bytes)).ptr,
                            "item %u", which),
                     1);
    value = (int)strtol(arena_printf(&arena, "%.*s", SLICE_ARGS(item_get(&item, SLICE("v"))->bytes)).ptr,
                        NULL, 10);
    arena_finish(&arena);
    return value;
}

static unused void assert_as_of(struct fixture *fixture, struct moment moment, const struct state *expected)
{
    struct history_walk *walk =
        history_walk_create(fixture->storage, NULL, fixture->table->id, NULL, &moment, SLICE(""));
    int values[ITEMS];
    struct history_item item;
    enum storage_status status;

    for (unsigned i = 0; i < ITEMS; i++)
        values[i] = ABSENT;
    while ((status = history_walk_next(walk, &item)) == STORAGE_OK) {
        unsigned which = 0;
        int value = value_of(item.after, &which);
        assert_true(value != ABSENT && which < ITEMS && values[which] == ABSENT); /* each once */
        values[which] = value;
    }
    assert_int_equal(status, STORAGE_NOT_FOUND);
    assert_int_equal(history_walk_next(walk, &item), STORAGE_NOT_FOUND);
    history_walk_destroy(walk);
    assert_memory_equal(values, expected->values, sizeof(values));
}

#endif
