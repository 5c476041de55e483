#include "storage/counters.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/hash.h"
#include "storage/engine.h"

enum { BUCKETS = 256, KEPT = 1024 };

struct counter {
    struct counter *next_in_bucket;
    struct counter *next_changed;
    bool listed;  /* on the list of changed ones */
    bool changed; /* its value is to be written */
    uint64_t hash;
    int64_t values[2];
    size_t key_len;
    char key[];
};

struct counters {
    counters_reader reader;
    void *context;
    size_t count;
    struct counter *changed;
    struct counter *buckets[BUCKETS];
};

struct counters *counters_create(counters_reader reader, void *context)
{
    struct counters *counters = calloc(1, sizeof(*counters));

    CHECK(counters != NULL);
    counters->reader = reader;
    counters->context = context;
    return counters;
}

void counters_destroy(struct counters *counters)
{
    if (counters == NULL)
        return;
    counters->changed = NULL; /* what was not written belongs to commits that failed */
    counters_forget(counters);
    free(counters);
}

static struct counter *find(const struct counters *counters, struct slice key, uint64_t hash)
{
    for (struct counter *counter = counters->buckets[hash % BUCKETS]; counter != NULL;
         counter = counter->next_in_bucket)
        if (counter->hash == hash && slice_equal(key, (struct slice){counter->key, counter->key_len}))
            return counter;
    return NULL;
}

static enum storage_status load(struct counters *counters, struct slice key)
{
    uint64_t hash = hash_bytes(key);
    int64_t values[2] = {0, 0};

    if (find(counters, key, hash) != NULL)
        return STORAGE_OK;
    enum storage_status status = counters->reader(counters->context, key, values);
    if (status != STORAGE_OK)
        return status;
    struct counter *counter = calloc(1, sizeof(*counter) + key.len);
    CHECK(counter != NULL);
    counter->hash = hash;
    memcpy(counter->values, values, sizeof(values));
    counter->key_len = key.len;
    memcpy(counter->key, key.ptr, key.len);
    counter->next_in_bucket = counters->buckets[hash % BUCKETS];
    counters->buckets[hash % BUCKETS] = counter;
    counters->count++;
    return STORAGE_OK;
}

enum storage_status counters_load(struct counters *counters, const struct batch *batch)
{
    for (const struct change *change = batch->changes; change != NULL; change = change->next) {
        if (change->kind != CHANGE_COUNT)
            continue;
        enum storage_status status = load(counters, change->key);
        if (status != STORAGE_OK)
            return status;
    }
    return STORAGE_OK;
}

void counters_apply(struct counters *counters, const struct change *change)
{
    struct counter *counter = find(counters, change->key, hash_bytes(change->key));

    if (change->kind != CHANGE_COUNT) {
        CHECK(counter == NULL || change->kind == CHANGE_DELETE); /* a counter's key holds nothing else */
        if (counter != NULL) {
            counter->values[0] = counter->values[1] = 0;
            counter->changed = false; /* the deletion stands, unless something is added again */
        }
        return;
    }
    CHECK(counter != NULL);
    counters_add(counter->values, change->deltas);
    counter->changed = true;
    if (!counter->listed) {
        counter->listed = true;
        counter->next_changed = counters->changed;
        counters->changed = counter;
    }
}

void counters_flush(struct counters *counters,
                    void (*put)(void *context, struct slice key, struct slice value), void *context)
{
    for (struct counter *counter = counters->changed; counter != NULL; counter = counter->next_changed) {
        char value[COUNTERS_SIZE];
        counters_encode(counter->values, value);
        if (counter->changed)
            put(context, (struct slice){counter->key, counter->key_len},
                (struct slice){value, sizeof(value)});
        counter->changed = counter->listed = false;
    }
    counters->changed = NULL;
    if (counters->count > KEPT)
        counters_forget(counters);
}

void counters_forget(struct counters *counters)
{
    CHECK(counters->changed == NULL);
    for (size_t i = 0; i < BUCKETS; i++) {
        while (counters->buckets[i] != NULL) {
            struct counter *counter = counters->buckets[i];
            counters->buckets[i] = counter->next_in_bucket;
            free(counter);
        }
    }
    counters->count = 0;
}
