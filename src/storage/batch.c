/* Batches and counters: what is the same for every engine. */
#include "base/check.h"
#include "base/bytes.h"
#include "storage/engine.h"

void batch_init(struct batch *batch, struct arena *arena)
{
    *batch = (struct batch){.arena = arena};
    batch->last_change = &batch->changes;
}

bool batch_is_empty(const struct batch *batch)
{
    return batch->guards == NULL && batch->changes == NULL;
}

void batch_rewind(struct batch *batch, const struct batch *mark)
{
    *batch = *mark;
    *batch->last_change = NULL;
}

bool batch_writes(const struct batch *batch)
{
    for (const struct change *change = batch->changes; change != NULL; change = change->next)
        if (change->kind != CHANGE_COUNT)
            return true;
    return false;
}

void batch_guard(struct batch *batch, struct slice key, struct version version)
{
    struct guard *guard = arena_new(batch->arena, struct guard);

    CHECK(key.len >= 1 && key.len <= KEY_LONGEST);
    *guard = (struct guard){.key = key, .version = version, .next = batch->guards};
    batch->guards = guard;
    batch->bytes += key.len;
}

static struct change *add_change(struct batch *batch, enum change_kind kind, struct slice key)
{
    struct change *change = arena_new(batch->arena, struct change);

    CHECK(key.len >= 1 && key.len <= KEY_LONGEST);
    change->kind = kind;
    change->key = key;
    *batch->last_change = change;
    batch->last_change = &change->next;
    batch->bytes += key.len;
    return change;
}

void batch_put(struct batch *batch, struct slice key, struct slice value)
{
    CHECK(value.len <= VALUE_LONGEST);
    add_change(batch, CHANGE_PUT, key)->value = value;
    batch->bytes += value.len;
}

void batch_delete(struct batch *batch, struct slice key)
{
    add_change(batch, CHANGE_DELETE, key);
}

void batch_append(struct batch *batch, struct slice prefix, struct slice value)
{
    char *key = arena_alloc(batch->arena, prefix.len + STAMP_SIZE);
    char *stamped = arena_alloc(batch->arena, TIME_SIZE + value.len);

    CHECK(value.len + TIME_SIZE <= VALUE_LONGEST);
    memcpy(key, prefix.ptr, prefix.len);
    if (value.len > 0)
        memcpy(stamped + TIME_SIZE, value.ptr, value.len);
    add_change(batch, CHANGE_APPEND, (struct slice){key, prefix.len + STAMP_SIZE})->value =
        (struct slice){stamped, TIME_SIZE + value.len};
    batch->bytes += TIME_SIZE + value.len;
}

static void write_number(char *out, uint64_t number, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        out[i] = (char)(number >> (8 * (size - 1 - i)));
}

void batch_stamp(struct batch *batch, uint64_t number, int64_t time)
{
    uint32_t ordinal = 0;

    for (struct change *change = batch->changes; change != NULL; change = change->next) {
        if (change->kind != CHANGE_APPEND)
            continue;
        /* batch_append() made both, with room for this. */
        char *stamp = (char *)change->key.ptr + change->key.len - STAMP_SIZE;
        write_number(stamp, number, sizeof(number));
        write_number(stamp + sizeof(number), ordinal++, sizeof(ordinal));
        write_number((char *)change->value.ptr, (uint64_t)time, TIME_SIZE);
    }
}

uint64_t append_number(struct slice key)
{
    CHECK(key.len > STAMP_SIZE);
    return bytes_read_u64(key.ptr + key.len - STAMP_SIZE);
}

int64_t append_time(struct slice value)
{
    CHECK(value.len >= TIME_SIZE);
    return (int64_t)bytes_read_u64(value.ptr);
}

void batch_count(struct batch *batch, struct slice key, int64_t first, int64_t second)
{
    struct change *change = add_change(batch, CHANGE_COUNT, key);

    change->deltas[0] = first;
    change->deltas[1] = second;
}

void counters_encode(const int64_t counters[2], char out[COUNTERS_SIZE])
{
    for (unsigned i = 0; i < COUNTERS_SIZE; i++)
        out[i] = (char)((uint64_t)counters[i / 8] >> (56 - i % 8 * 8) & 0xff);
}

bool counters_decode(struct slice value, int64_t out[2])
{
    if (value.len != COUNTERS_SIZE)
        return false;
    for (unsigned i = 0; i < 2; i++)
        out[i] = (int64_t)bytes_read_u64(value.ptr + 8 * i);
    return true;
}

void counters_add(int64_t counters[2], const int64_t deltas[2])
{
    for (unsigned i = 0; i < 2; i++)
        counters[i] = (int64_t)((uint64_t)counters[i] + (uint64_t)deltas[i]);
}
