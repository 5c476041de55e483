#include "storage/kept_record.h"

enum storage_status kept_value(struct storage *storage, const struct snapshot *snapshot, struct arena *arena,
                               struct slice key, struct slice *value, struct version *version)
{
    struct stored stored;
    enum storage_status status = storage_get(storage, snapshot, key, &stored);

    if (version != NULL)
        *version = stored.version;
    if (status == STORAGE_OK)
        *value = arena_copy(arena, stored.value);
    stored_release(&stored);
    return status;
}

enum storage_status kept_read(struct storage *storage, const struct snapshot *snapshot, struct arena *arena,
                              struct slice key, const struct layout *layout, void *out,
                              struct version *version)
{
    struct slice value;
    enum storage_status status = kept_value(storage, snapshot, arena, key, &value, version);

    return status == STORAGE_OK && !layout_read(arena, value, layout, out) ? STORAGE_CORRUPT : status;
}

void kept_put(struct batch *batch, struct slice key, const struct layout *layout, const void *record)
{
    struct buffer text;

    buffer_init(&text);
    layout_write(&text, layout, record);
    batch_put(batch, key, arena_copy(batch->arena, buffer_slice(&text)));
    buffer_finish(&text);
}
