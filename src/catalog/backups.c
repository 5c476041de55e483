#include "catalog/backups.h"

#include <inttypes.h>

#include "base/check.h"
#include "base/clock.h"
#include "catalog/history.h"
#include "catalog/keys.h"

/* A record is JSON; deeper by one level than the descriptor in it. */
enum { RECORD_FORMAT = 1, RECORD_DEPTH = 41 };

static const char *const type_words[] = {"USER", "SYSTEM"};

struct slice backup_id_create(struct arena *arena, int64_t created)
{
    uint32_t random;

    random_bytes(&random, sizeof(random));
    return arena_printf(arena, "%014" PRId64 "-%08" PRIx32, created, random);
}

void backup_put(struct batch *batch, const struct backup *backup)
{
    struct buffer record;
    bool first = true;

    buffer_init(&record);
    buffer_append_byte(&record, '{');
    json_write_int64_member(&record, &first, "Format", RECORD_FORMAT);
    json_write_string_member(&record, &first, "Name", backup->name);
    json_write_string_member(&record, &first, "Type", slice_of(type_words[backup->type]));
    json_write_int64_member(&record, &first, "Created", backup->created);
    json_write_int64_member(&record, &first, "Expires", backup->expires);
    json_write_int64_member(&record, &first, "Items", backup->items);
    json_write_int64_member(&record, &first, "Bytes", backup->bytes);
    json_write_name(&record, &first, "Table");
    table_write_descriptor(&record, backup->table);
    buffer_append_byte(&record, '}');
    batch_put(batch, keys_backup(batch->arena, backup->id), arena_copy(batch->arena, buffer_slice(&record)));
    buffer_finish(&record);
}

static bool read_number(const struct json *record, const char *name, int64_t *out)
{
    const struct json *member = json_get(record, name);

    return member != NULL && member->type == JSON_NUMBER && json_to_int64(member, out);
}

static bool read_text(const struct json *record, const char *name, struct slice *out)
{
    const struct json *member = json_get(record, name);

    if (member == NULL || member->type != JSON_STRING)
        return false;
    *out = member->text;
    return true;
}

static struct table *read_descriptor(const struct json *record)
{
    const struct json *member = json_get(record, "Table");
    struct buffer text;

    if (member == NULL)
        return NULL;
    buffer_init(&text);
    json_write_value(&text, member);
    struct table *table = table_read_descriptor(buffer_slice(&text));
    buffer_finish(&text);
    return table;
}

static bool read_record(struct arena *arena, struct slice text, struct backup *out)
{
    const struct json *record;
    struct slice type;
    int64_t format;

    if (json_parse(arena, text, RECORD_DEPTH, &record) != JSON_OK ||
        !read_number(record, "Format", &format) || format != RECORD_FORMAT ||
        !read_text(record, "Name", &out->name) || !read_text(record, "Type", &type) ||
        !read_number(record, "Created", &out->created) || !read_number(record, "Expires", &out->expires) ||
        !read_number(record, "Items", &out->items) || !read_number(record, "Bytes", &out->bytes))
        return false;
    out->type = slice_is(type, type_words[BACKUP_SYSTEM]) ? BACKUP_SYSTEM : BACKUP_USER;
    out->table = read_descriptor(record);
    return out->table != NULL;
}

enum storage_status backup_read(struct storage *storage, const struct snapshot *snapshot, struct slice id,
                                struct arena *arena, struct backup *out)
{
    struct stored stored;

    *out = (struct backup){.id = arena_copy(arena, id)};
    enum storage_status status = storage_get(storage, snapshot, keys_backup(arena, id), &stored);
    out->version = stored.version;
    if (status == STORAGE_OK && !read_record(arena, arena_copy(arena, stored.value), out))
        status = STORAGE_CORRUPT;
    stored_release(&stored);
    return status;
}

void backup_finish(struct backup *backup)
{
    table_release(backup->table);
    backup->table = NULL;
}

/* ---- point-in-time recovery ---- */

void recovery_begin(struct batch *batch, uint32_t table_id)
{
    batch_append(batch, keys_marks(batch->arena, table_id).from, SLICE(""));
}

enum storage_status recovery_earliest(struct storage *storage, const struct snapshot *snapshot,
                                      const struct table *table, int64_t now, int64_t *earliest)
{
    struct arena arena;
    struct slice key, value;

    arena_init(&arena);
    struct key_range range = keys_marks(&arena, table->id);
    struct cursor *cursor = cursor_create(storage, snapshot, range.from, range.to, BACKWARD);
    enum storage_status status = cursor_next(cursor, &key, &value);
    *earliest = INT64_MAX;
    if (status == STORAGE_OK) {
        *earliest = append_time(value);
        int64_t window = now - table->recovery.days * MILLISECONDS_A_DAY;
        if (*earliest < window)
            *earliest = window;
        if (*earliest < table->recovery.floor)
            *earliest = table->recovery.floor;
    }
    cursor_destroy(cursor);
    arena_finish(&arena);
    return status == STORAGE_NOT_FOUND ? STORAGE_OK : status;
}

/* ---- needs ---- */

static void add_need(struct arena *arena, struct needs *needs, uint32_t table_id, struct moment moment)
{
    if ((needs->count & (needs->count - 1)) == 0) /* full at each power of two */
        needs->list = arena_grow(arena, needs->list, needs->count, needs->count == 0 ? 1 : needs->count * 2,
                                 sizeof(needs->list[0]));
    needs->list[needs->count++] = (struct need){table_id, moment};
}

/* Calls `add` for each key of the range; it returns false for what cannot be read. */
static enum storage_status add_range(struct storage *storage, const struct snapshot *snapshot,
                                     struct key_range range, struct arena *arena, struct needs *needs,
                                     enum storage_status (*add)(struct storage *storage,
                                                                const struct snapshot *snapshot,
                                                                struct slice key, struct slice value,
                                                                struct arena *arena, struct needs *needs))
{
    struct cursor *cursor = cursor_create(storage, snapshot, range.from, range.to, FORWARD);
    enum storage_status status = STORAGE_OK;
    struct slice key, value;

    while (status == STORAGE_OK && (status = cursor_next(cursor, &key, &value)) == STORAGE_OK)
        status = add(storage, snapshot, key, value, arena, needs);
    cursor_destroy(cursor);
    return status == STORAGE_NOT_FOUND ? STORAGE_OK : status;
}

static enum storage_status add_backup(struct storage *storage, const struct snapshot *snapshot,
                                      struct slice key, struct slice value, struct arena *arena,
                                      struct needs *needs)
{
    struct backup backup;
    struct arena own;

    (void)value; /* read again with its version */
    arena_init(&own);
    enum storage_status status = backup_read(storage, snapshot, keys_backup_id(key), &own, &backup);
    if (status == STORAGE_OK)
        add_need(arena, needs, backup.table->id, (struct moment){.number = version_number(backup.version)});
    backup_finish(&backup);
    arena_finish(&own);
    return status == STORAGE_NOT_FOUND ? STORAGE_CORRUPT : status;
}

static enum storage_status add_restore(struct storage *storage, const struct snapshot *snapshot,
                                       struct slice key, struct slice value, struct arena *arena,
                                       struct needs *needs)
{
    (void)storage;
    (void)snapshot;
    (void)key;
    struct table *table = table_read_descriptor(value);
    if (table == NULL)
        return STORAGE_CORRUPT;
    if (table_is_restoring(table))
        add_need(arena, needs, table->restore.source_id, table->restore.moment);
    table_release(table);
    return STORAGE_OK;
}

enum storage_status needs_read(struct storage *storage, const struct snapshot *snapshot, struct arena *arena,
                               struct needs *out)
{
    *out = (struct needs){0};
    enum storage_status status = add_range(storage, snapshot, keys_backups(), arena, out, add_backup);
    if (status == STORAGE_OK)
        status = add_range(storage, snapshot, keys_descriptors(), arena, out, add_restore);
    return status;
}

bool needs_have(const struct needs *needs, uint32_t table_id)
{
    for (size_t i = 0; i < needs->count; i++) {
        if (needs->list[i].table_id == table_id)
            return true;
    }
    return false;
}
