#include "catalog/secret.h"

#include "base/clock.h"

static enum storage_status read_or_make(struct storage *storage, struct slice key, struct batch *batch,
                                        struct slice *secret)
{
    char fresh[SECRET_SIZE];
    struct stored stored;
    enum storage_status status = storage_get(storage, NULL, key, &stored);

    *secret = arena_copy(batch->arena, stored.value);
    stored_release(&stored);
    if (status != STORAGE_NOT_FOUND)
        return status;
    random_bytes(fresh, sizeof(fresh));
    *secret = arena_copy(batch->arena, (struct slice){fresh, sizeof(fresh)});
    batch_put(batch, key, *secret);
    return STORAGE_OK;
}

enum storage_status secrets_obtain(struct storage *storage, const struct slice *keys, size_t count,
                                   struct arena *arena, struct slice *secrets)
{
    struct batch batch;

    batch_init(&batch, arena);
    for (size_t i = 0; i < count; i++) {
        enum storage_status status = read_or_make(storage, keys[i], &batch, &secrets[i]);
        if (status != STORAGE_OK)
            return status;
    }
    return batch_is_empty(&batch) ? STORAGE_OK : storage_commit_wait(storage, &batch);
}
