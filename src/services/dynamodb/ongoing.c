#include "services/dynamodb/ongoing.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/hash.h"

enum { BUCKETS = 4096 };

struct ongoing {
    atomic_size_t count; /* of the keys in it: for those who only want to know that there is none */
    pthread_mutex_t lock;
    struct ongoing_key *buckets[BUCKETS];
};

struct ongoing *ongoing_create(void)
{
    struct ongoing *ongoing = calloc(1, sizeof(*ongoing));

    CHECK(ongoing != NULL && pthread_mutex_init(&ongoing->lock, NULL) == 0);
    atomic_init(&ongoing->count, 0);
    return ongoing;
}

void ongoing_destroy(struct ongoing *ongoing)
{
    if (ongoing == NULL)
        return;
    CHECK(atomic_load(&ongoing->count) == 0);
    pthread_mutex_destroy(&ongoing->lock);
    free(ongoing);
}

static struct ongoing_key **bucket_of(struct ongoing *ongoing, uint64_t hash)
{
    return &ongoing->buckets[hash % BUCKETS];
}

/* Under the lock. */
static bool find(struct ongoing *ongoing, uint64_t hash, struct slice key)
{
    for (const struct ongoing_key *other = *bucket_of(ongoing, hash); other != NULL; other = other->next) {
        if (other->hash == hash && slice_equal(other->key, key))
            return true;
    }
    return false;
}

bool ongoing_enter(struct ongoing *ongoing, struct ongoing_key *keys, size_t count)
{
    bool alone = true;
    size_t entered = 0;

    for (size_t i = 0; i < count; i++)
        keys[i].hash = hash_bytes(keys[i].key);
    pthread_mutex_lock(&ongoing->lock);
    for (size_t i = 0; i < count; i++) {
        keys[i].met = keys[i].key.len > 0 && find(ongoing, keys[i].hash, keys[i].key);
        alone = alone && !keys[i].met;
    }
    for (size_t i = 0; alone && i < count; i++) {
        struct ongoing_key **bucket = bucket_of(ongoing, keys[i].hash);
        if (keys[i].key.len == 0)
            continue;
        keys[i].next = *bucket;
        *bucket = &keys[i];
        entered++;
    }
    atomic_fetch_add(&ongoing->count, entered);
    pthread_mutex_unlock(&ongoing->lock);
    return alone;
}

void ongoing_leave(struct ongoing *ongoing, struct ongoing_key *keys, size_t count)
{
    size_t left = 0;

    pthread_mutex_lock(&ongoing->lock);
    for (size_t i = 0; i < count; i++) {
        struct ongoing_key **place = bucket_of(ongoing, keys[i].hash);
        if (keys[i].key.len == 0)
            continue;
        while (*place != &keys[i])
            place = &(*place)->next;
        *place = keys[i].next;
        left++;
    }
    atomic_fetch_sub(&ongoing->count, left);
    pthread_mutex_unlock(&ongoing->lock);
}

bool ongoing_has(struct ongoing *ongoing, struct slice key)
{
    if (atomic_load_explicit(&ongoing->count, memory_order_acquire) == 0)
        return false;
    uint64_t hash = hash_bytes(key);
    pthread_mutex_lock(&ongoing->lock);
    bool found = find(ongoing, hash, key);
    pthread_mutex_unlock(&ongoing->lock);
    return found;
}
