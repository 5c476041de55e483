#include "catalog/secret.h"

#include "base/clock.h"

enum storage_status secret_obtain(struct storage *storage, struct slice key, struct arena *arena,
                                  struct slice *secret)
{
    char fresh[SECRET_SIZE];
    struct stored stored;
    struct batch batch;

    enum storage_status status = storage_get(storage, NULL, key, &stored);
    *secret = arena_copy(arena, stored.value);
    stored_release(&stored);
    if (status != STORAGE_NOT_FOUND)
        return status;
    random_bytes(fresh, sizeof(fresh));
    *secret = arena_copy(arena, (struct slice){fresh, sizeof(fresh)});
    batch_init(&batch, arena);
    batch_put(&batch, key, *secret);
    return storage_commit_wait(storage, &batch);
}
