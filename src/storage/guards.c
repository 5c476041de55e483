#include "storage/guards.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/hash.h"
#include "storage/engine.h"

enum { SLOTS = 1 << 16, REMEMBERED = 256, REMEMBERED_KEY = 232 };

/* What the number of a key's value was, when the last batch admitted was `at`. */
struct remembered {
    uint64_t at; /* 0: nothing here */
    uint64_t written;
    size_t key_len;
    char key[REMEMBERED_KEY];
};

struct guards {
    uint64_t number;       /* of the last batch admitted */
    uint64_t group_starts; /* batches above this number belong to the present group and are not on disk */
    guards_reader reader;
    void *context;
    uint64_t *group_hashes; /* of the keys that the present group changes */
    size_t group_count;
    size_t group_capacity;
    struct remembered *remembered; /* by hash; a newcomer takes the place */
    uint64_t slots[SLOTS];
};

struct guards *guards_create(uint64_t number, guards_reader reader, void *context)
{
    struct guards *guards = calloc(1, sizeof(*guards));

    CHECK(guards != NULL && number > 0);
    guards->number = guards->group_starts = number;
    guards->reader = reader;
    guards->context = context;
    guards->remembered = calloc(REMEMBERED, sizeof(*guards->remembered));
    CHECK(guards->remembered != NULL);
    return guards;
}

void guards_destroy(struct guards *guards)
{
    if (guards == NULL)
        return;
    free(guards->group_hashes);
    free(guards->remembered);
    free(guards);
}

void guards_begin_group(struct guards *guards)
{
    guards->group_starts = guards->number;
    guards->group_count = 0;
}

static bool changed_in_group(const struct guards *guards, uint64_t hash)
{
    /* Two keys with one 64-bit hash in one group: a conflict too many, which the caller's next attempt mends.
     */
    for (size_t i = 0; i < guards->group_count; i++)
        if (guards->group_hashes[i] == hash)
            return true;
    return false;
}

static enum storage_status present_number(struct guards *guards, struct slice key, uint64_t hash,
                                          uint64_t *written)
{
    struct remembered *remembered = &guards->remembered[hash >> 16 & (REMEMBERED - 1)];

    if (remembered->at >= guards->slots[hash & (SLOTS - 1)] && remembered->at > 0 &&
        slice_equal(key, (struct slice){remembered->key, remembered->key_len})) {
        *written = remembered->written;
        return STORAGE_OK;
    }
    enum storage_status status = guards->reader(guards->context, key, written);
    if (status == STORAGE_OK && key.len <= sizeof(remembered->key)) {
        remembered->at = guards->number;
        remembered->written = *written;
        remembered->key_len = key.len;
        memcpy(remembered->key, key.ptr, key.len);
    }
    return status;
}

static enum storage_status check(struct guards *guards, const struct guard *guard)
{
    uint64_t hash = hash_bytes(guard->key);
    uint64_t changed = guards->slots[hash & (SLOTS - 1)], written;

    if (guard->version.seen == 0)
        return STORAGE_CONFLICT;
    if (changed <= guard->version.seen)
        return STORAGE_OK;
    if (changed > guards->group_starts && changed_in_group(guards, hash))
        return STORAGE_CONFLICT;
    enum storage_status status = present_number(guards, guard->key, hash, &written);
    if (status == STORAGE_OK && written != guard->version.written)
        status = STORAGE_CONFLICT;
    return status;
}

enum storage_status guards_check(struct guards *guards, struct batch *batch)
{
    for (const struct guard *guard = batch->guards; guard != NULL; guard = guard->next) {
        enum storage_status status = check(guards, guard);
        if (status == STORAGE_CONFLICT)
            batch->refuted = guard;
        if (status != STORAGE_OK)
            return status;
    }
    return STORAGE_OK;
}

static void note(struct guards *guards, uint64_t hash)
{
    if (guards->group_count == guards->group_capacity) {
        guards->group_capacity = guards->group_capacity == 0 ? 256 : guards->group_capacity * 2;
        guards->group_hashes = realloc(guards->group_hashes, guards->group_capacity * sizeof(uint64_t));
        CHECK(guards->group_hashes != NULL);
    }
    guards->group_hashes[guards->group_count++] = hash;
    guards->slots[hash & (SLOTS - 1)] = guards->number;
}

uint64_t guards_admit(struct guards *guards, const struct batch *batch)
{
    if (!batch_writes(batch))
        return guards->number;
    guards->number++;
    for (const struct change *change = batch->changes; change != NULL; change = change->next)
        if (change->kind == CHANGE_PUT || change->kind == CHANGE_DELETE)
            note(guards, hash_bytes(change->key));
    return guards->number;
}

void guards_forget(struct guards *guards)
{
    guards->number++;
    for (size_t i = 0; i < SLOTS; i++)
        guards->slots[i] = guards->number;
    guards_begin_group(guards);
}

uint64_t guards_number(const struct guards *guards)
{
    return guards->number;
}
