/*
 * A stream's descriptor:
 *
 *     {"Table":7,"Name":"TrackTable","Label":"2026-11-23T21:14:50.354","Created":1795468490354,
 *      "View":"NEW_IMAGE","Disabled":0,"Partition":"id","Sort":""}
 */
#include "catalog/stream.h"

#include "base/clock.h"
#include "base/json.h"
#include "catalog/shard.h"
#include "catalog/stream_record.h"
#include "items/item_codec.h"

enum { DESCRIPTOR_DEPTH = 2 };

/* ---- descriptors ---- */

static struct slice descriptor_of(struct arena *arena, const struct table *table, enum stream_view view,
                                  int64_t disabled)
{
    const struct key_schema *keys = &table->keys;
    struct buffer out;
    bool first = true;

    buffer_init(&out);
    buffer_append_byte(&out, '{');
    json_write_int64_member(&out, &first, "Table", table->id);
    json_write_string_member(&out, &first, "Name", table->name);
    json_write_string_member(&out, &first, "Label", table->stream.label);
    json_write_int64_member(&out, &first, "Created", table->stream.created);
    json_write_string_member(&out, &first, "View", slice_of(stream_view_name(view)));
    json_write_int64_member(&out, &first, "Disabled", disabled);
    json_write_string_member(&out, &first, "Partition", keys->partition[0].name);
    json_write_string_member(&out, &first, "Sort", keys->sort_count > 0 ? keys->sort[0].name : SLICE(""));
    buffer_append_byte(&out, '}');
    struct slice kept = arena_copy(arena, buffer_slice(&out));
    buffer_finish(&out);
    return kept;
}

static bool read_text(const struct json *object, const char *name, struct slice *out)
{
    const struct json *member = json_get(object, name);

    if (member == NULL || member->type != JSON_STRING)
        return false;
    *out = member->text;
    return true;
}

static bool read_number(const struct json *object, const char *name, int64_t *out)
{
    const struct json *member = json_get(object, name);

    return member != NULL && json_to_int64(member, out);
}

bool stream_descriptor_read(struct arena *arena, struct slice text, struct stream_descriptor *out)
{
    const struct json *object;
    struct slice view;
    int64_t table;

    *out = (struct stream_descriptor){0};
    if (json_parse(arena, text, DESCRIPTOR_DEPTH, &object) != JSON_OK || object->type != JSON_OBJECT ||
        !read_number(object, "Table", &table) || !read_number(object, "Created", &out->id.created) ||
        !read_number(object, "Disabled", &out->disabled) || !read_text(object, "Name", &out->table_name) ||
        !read_text(object, "Label", &out->label) || !read_text(object, "View", &view) ||
        !read_text(object, "Partition", &out->partition_key) || !read_text(object, "Sort", &out->sort_key))
        return false;
    out->id.table = (uint32_t)table;
    out->view = stream_view_of(view);
    return table > 0 && table <= UINT32_MAX && out->view != STREAM_OFF;
}

struct stream_id stream_id_of(const struct table *table)
{
    return (struct stream_id){table->id, table->stream.created};
}

/* ---- on and off ---- */

/* The last hash that a shard takes. */
static uint32_t end_of(const struct stream *stream, size_t place)
{
    return place + 1 < stream->open_count ? stream->open[place + 1].from - 1 : UINT32_MAX;
}

/* A stream is found by its label, so no two of a name may begin in one millisecond. */
static enum storage_status take_label(struct storage *storage, struct batch *batch, struct table *draft,
                                      int64_t now)
{
    enum storage_status status;

    for (int64_t created = now;; created++) {
        struct stored stored;
        struct slice label = clock_label(&draft->arena, created);
        struct slice key = keys_stream(batch->arena, draft->name, label);
        status = storage_get(storage, NULL, key, &stored);
        struct version version = stored.version;
        stored_release(&stored);
        if (status == STORAGE_OK)
            continue;
        if (status != STORAGE_NOT_FOUND)
            return status;
        batch_guard(batch, key, version);
        draft->stream.label = label;
        draft->stream.created = created;
        return STORAGE_OK;
    }
}

static enum storage_status begin(struct storage *storage, struct batch *batch, struct table *draft,
                                 int64_t now)
{
    struct stream *stream = &draft->stream;

    enum storage_status status = take_label(storage, batch, draft, now);
    if (status != STORAGE_OK)
        return status;
    stream->next_shard = 1;
    stream->open_count = 1;
    stream->open = arena_array(&draft->arena, struct open_shard, 1);
    stream->open[0].opened = stream->created;
    shard_open(batch, stream_id_of(draft), &stream->open[0], UINT32_MAX, NULL);
    batch_put(batch, keys_stream(batch->arena, draft->name, stream->label),
              descriptor_of(batch->arena, draft, stream->view, 0));
    return STORAGE_OK;
}

void stream_end(struct batch *batch, const struct table *table, int64_t now)
{
    const struct stream *stream = &table->stream;

    if (stream->view == STREAM_OFF)
        return;
    for (size_t i = 0; i < stream->open_count; i++)
        shard_close(batch, stream_id_of(table), stream->open[i].number);
    batch_put(batch, keys_stream(batch->arena, table->name, stream->label),
              descriptor_of(batch->arena, table, stream->view, now));
}

enum storage_status stream_change(struct storage *storage, struct batch *batch, const struct table *before,
                                  struct table *draft, int64_t now)
{
    bool was_on = before != NULL && before->stream.view != STREAM_OFF;
    bool is_on = draft->stream.view != STREAM_OFF;

    if (was_on && !is_on) {
        stream_end(batch, before, now);
        draft->stream.open_count = 0;
    }
    return is_on && !was_on ? begin(storage, batch, draft, now) : STORAGE_OK;
}

/* ---- records ---- */

static struct open_shard *shard_of(const struct stream *stream, uint32_t hash)
{
    size_t low = 0, high = stream->open_count;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (stream->open[middle].from <= hash)
            low = middle;
        else
            high = middle;
    }
    return &stream->open[low];
}

/* The stored form of the key alone. */
static struct slice encode_key(struct arena *arena, const struct table *table, const struct item *item)
{
    struct attribute attributes[2];
    struct item key = {attributes, 0};

    for (unsigned i = 0; i < 1 + table->keys.sort_count; i++) {
        struct slice name = i == 0 ? table->keys.partition[0].name : table->keys.sort[0].name;
        attributes[key.count++] = (struct attribute){name, *item_get(item, name)};
    }
    return item_change_encode(arena, &key);
}

/* Whether only the order of the attributes differs, which means nothing. */
static bool is_same_item(const struct item_change *change)
{
    const struct value old = {.type = VALUE_M, .map = *change->old},
                       new = {.type = VALUE_M, .map = *change->new};

    return item_encoded_size(change->old_stored) == item_encoded_size(change->new_stored) &&
           value_equal(&old, &new);
}

void stream_append(struct batch *batch, const struct item_change *change)
{
    const struct table *table = change->table;
    enum stream_view view = table->stream.view;
    bool was_there = change->old_stored.ptr != NULL, is_there = change->new_stored.ptr != NULL;
    struct buffer value;

    if (view == STREAM_OFF || (was_there && is_there && is_same_item(change)))
        return;
    struct stream_record record = {.event = !was_there  ? STREAM_INSERT
                                            : !is_there ? STREAM_REMOVE
                                                        : STREAM_MODIFY,
                                   .view = view,
                                   .author = change->author,
                                   .keys =
                                       encode_key(batch->arena, table, is_there ? change->new : change->old)};
    if (view == STREAM_NEW_IMAGE || view == STREAM_NEW_AND_OLD_IMAGES)
        record.new_image = change->new_stored;
    if (view == STREAM_OLD_IMAGE || view == STREAM_NEW_AND_OLD_IMAGES)
        record.old_image = change->old_stored;
    struct open_shard *shard = shard_of(&table->stream, keys_item_hash(change->key));
    atomic_fetch_add_explicit(&shard->records, 1, memory_order_relaxed);
    buffer_init(&value);
    stream_record_encode(&value, &record);
    batch_append(batch, keys_shard(batch->arena, stream_id_of(table), STREAM_RECORDS, shard->number),
                 buffer_slice(&value));
    buffer_finish(&value);
}

/* ---- exchanging shards ---- */

enum due { STAYS, ROLLS, SPLITS };

/* `open_count`: how many shards would be open if this one stayed. */
static enum due due_of(const struct stream *stream, size_t place, size_t open_count, uint64_t records_limit,
                       int64_t now)
{
    const struct open_shard *shard = &stream->open[place];

    if (stream->next_shard >= UINT32_MAX - OPEN_SHARDS_LIMIT)
        return STAYS; /* after a hundred years of one exchange a second */
    if (atomic_load_explicit(&shard->records, memory_order_relaxed) >= records_limit &&
        open_count < OPEN_SHARDS_LIMIT && shard->from < end_of(stream, place))
        return SPLITS;
    return now - shard->opened >= SHARD_LIFETIME ? ROLLS : STAYS;
}

bool stream_is_due(const struct stream *stream, uint64_t records_limit, int64_t now)
{
    for (size_t i = 0; i < stream->open_count; i++) {
        if (due_of(stream, i, stream->open_count, records_limit, now) != STAYS)
            return true;
    }
    return false;
}

/* Adds an open shard to those of `stream`, which has room for it. */
static struct open_shard *add_open(struct stream *stream, uint32_t number, uint32_t from, int64_t opened)
{
    struct open_shard *shard = &stream->open[stream->open_count++];

    shard->number = number;
    shard->from = from;
    shard->opened = opened;
    return shard;
}

void stream_exchange_shards(struct batch *batch, struct table *draft, uint64_t records_limit, int64_t now)
{
    struct stream old = draft->stream, *stream = &draft->stream;
    size_t splits = 0;

    stream->open = arena_array(&draft->arena, struct open_shard, 2 * old.open_count);
    stream->open_count = 0;
    for (size_t i = 0; i < old.open_count; i++) {
        struct open_shard *shard = &old.open[i], *child;
        uint32_t to = end_of(&old, i), middle = shard->from + (to - shard->from) / 2;
        enum due due = due_of(&old, i, old.open_count + splits, records_limit, now);
        if (due == STAYS) {
            child = add_open(stream, shard->number, shard->from, shard->opened);
            atomic_store(&child->records, atomic_load(&shard->records));
            continue;
        }
        shard_close(batch, stream_id_of(draft), shard->number);
        child = add_open(stream, stream->next_shard++, shard->from, now);
        shard_open(batch, stream_id_of(draft), child, due == SPLITS ? middle : to, shard);
        if (due != SPLITS)
            continue;
        child = add_open(stream, stream->next_shard++, middle + 1, now);
        shard_open(batch, stream_id_of(draft), child, to, shard);
        splits++;
    }
}
