#include "services/kept_record.h"

enum storage_status kept_read(struct storage *storage, struct arena *arena, struct slice key,
                              const struct layout *layout, void *out, struct version *version)
{
    struct stored stored;
    enum storage_status status = storage_get(storage, NULL, key, &stored);

    if (version != NULL)
        *version = stored.version;
    if (status == STORAGE_OK && !layout_read(arena, arena_copy(arena, stored.value), layout, out))
        status = STORAGE_CORRUPT;
    stored_release(&stored);
    return status;
}

void kept_put(struct batch *batch, struct slice key, const struct layout *layout, const void *record)
{
    struct buffer text;

    buffer_init(&text);
    layout_write(&text, layout, record);
    batch_put(batch, key, arena_copy(batch->arena, buffer_slice(&text)));
    buffer_finish(&text);
}
