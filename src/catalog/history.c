#include "catalog/history.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "base/check.h"
#include "catalog/keys.h"

void history_record(struct batch *batch, uint32_t table_id, struct slice item_key, struct slice old_stored)
{
    /* No stored form is empty: an empty one is an absence. */
    batch_append(batch, keys_history_at(batch->arena, table_id, keys_place(item_key)), old_stored);
}

/* ---- single records ---- */

bool history_undo_read(struct slice key, struct slice value, struct history_undo *out)
{
    enum { SHORTEST = 5 + STAMP_SIZE };

    if (key.len <= SHORTEST || value.len < TIME_SIZE)
        return false;
    out->place = keys_history_place(key);
    out->number = append_number(key);
    out->time = append_time(value);
    out->stored = value.len == TIME_SIZE ? (struct slice){NULL, 0} : slice_skip(value, TIME_SIZE);
    return true;
}

bool history_undo_is_after(const struct history_undo *undo, const struct moment *moment)
{
    return moment->number > 0 ? undo->number > moment->number : undo->time > moment->time;
}

/* ---- walking ---- */

/* A cursor and what it stands at. */
struct head {
    struct cursor *cursor;
    enum storage_status status;
    struct slice place;
    struct slice value;       /* of an item */
    struct history_undo undo; /* of a history */
};

/* A stored form that is kept while the cursors go on. */
struct image {
    bool known;
    bool exists;
    struct buffer stored;
};

struct history_walk {
    struct storage *storage;
    struct snapshot *own; /* NULL: the caller's is used */
    struct head items;
    struct head undos;
    bool has_from;
    struct moment from;
    struct moment until;
    struct buffer place;
    struct image before;
    struct image after;
    struct image present;
};

static void advance_items(struct head *head)
{
    struct slice key;

    head->status = cursor_next(head->cursor, &key, &head->value);
    if (head->status == STORAGE_OK)
        head->place = keys_place(key);
}

static void advance_undos(struct head *head)
{
    struct slice key, value;

    head->status = cursor_next(head->cursor, &key, &value);
    if (head->status == STORAGE_OK && !history_undo_read(key, value, &head->undo))
        head->status = STORAGE_CORRUPT;
    if (head->status == STORAGE_OK)
        head->place = head->undo.place;
}

static void image_set(struct image *image, struct slice stored)
{
    image->known = true;
    image->exists = stored.ptr != NULL;
    image->stored.len = 0;
    buffer_append(&image->stored, stored);
}

/* What an image is, given what the item is now, if no undo record told otherwise. */
static struct slice image_slice(const struct image *image, const struct image *present)
{
    const struct image *meant = image->known ? image : present;

    return meant->exists ? buffer_slice(&meant->stored) : (struct slice){NULL, 0};
}

struct history_walk *history_walk_create(struct storage *storage, const struct snapshot *snapshot,
                                         uint32_t table_id, const struct moment *from,
                                         const struct moment *until, struct slice behind)
{
    struct history_walk *walk = calloc(1, sizeof(*walk));
    struct arena arena;

    CHECK(walk != NULL);
    arena_init(&arena);
    walk->storage = storage;
    walk->has_from = from != NULL;
    walk->from = from == NULL ? *until : *from;
    walk->until = *until;
    struct key_range items = keys_items(&arena, table_id), undos = keys_histories(&arena, table_id);
    if (behind.len > 0) {
        /* Places are self-delimiting: no key of another place begins with this one. */
        items.from = keys_after_prefix(&arena, keys_item_at(&arena, table_id, behind));
        undos.from = keys_after_prefix(&arena, keys_history_at(&arena, table_id, behind));
    }
    if (snapshot == NULL) /* both cursors must see one moment */
        snapshot = walk->own = snapshot_create(storage);
    walk->items.cursor = cursor_create(storage, snapshot, items.from, items.to, FORWARD);
    walk->undos.cursor = cursor_create(storage, snapshot, undos.from, undos.to, FORWARD);
    arena_finish(&arena);
    advance_items(&walk->items);
    advance_undos(&walk->undos);
    return walk;
}

void history_walk_destroy(struct history_walk *walk)
{
    if (walk == NULL)
        return;
    cursor_destroy(walk->items.cursor);
    cursor_destroy(walk->undos.cursor);
    snapshot_destroy(walk->storage, walk->own);
    buffer_finish(&walk->place);
    buffer_finish(&walk->before.stored);
    buffer_finish(&walk->after.stored);
    buffer_finish(&walk->present.stored);
    free(walk);
}

static bool stands_at(const struct head *head, const struct buffer *place)
{
    return head->status == STORAGE_OK && slice_equal(head->place, buffer_slice(place));
}

/* Both heads have a place or are at their end; keeps the smaller place. False if both are at their end. */
static bool next_place(struct history_walk *walk)
{
    const struct head *items = &walk->items, *undos = &walk->undos;
    bool is_item = items->status == STORAGE_OK;

    if (!is_item && undos->status != STORAGE_OK)
        return false;
    if (is_item && undos->status == STORAGE_OK)
        is_item = slice_compare(items->place, undos->place) <= 0;
    walk->place.len = 0;
    buffer_append(&walk->place, is_item ? items->place : undos->place);
    return true;
}

/* Reads the item at the walk's place and all its undo records, oldest first. The time of the last change in
 * between. */
static int64_t read_place(struct history_walk *walk)
{
    int64_t changed = 0;

    walk->before.known = walk->after.known = walk->present.exists = false;
    if (stands_at(&walk->items, &walk->place)) {
        image_set(&walk->present, walk->items.value);
        advance_items(&walk->items);
    }
    while (stands_at(&walk->undos, &walk->place)) {
        const struct history_undo *undo = &walk->undos.undo;
        bool after_from = history_undo_is_after(undo, &walk->from),
             after_until = history_undo_is_after(undo, &walk->until);
        if (after_from && !walk->before.known)
            image_set(&walk->before, undo->stored);
        if (after_until && !walk->after.known)
            image_set(&walk->after, undo->stored);
        if (after_from && !after_until)
            changed = undo->time;
        advance_undos(&walk->undos);
    }
    return changed;
}

static enum storage_status trouble(const struct history_walk *walk)
{
    const enum storage_status statuses[] = {walk->items.status, walk->undos.status};

    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
        if (statuses[i] != STORAGE_OK && statuses[i] != STORAGE_NOT_FOUND)
            return statuses[i];
    }
    return STORAGE_OK;
}

enum storage_status history_walk_next(struct history_walk *walk, struct history_item *out)
{
    for (;;) {
        enum storage_status status = trouble(walk);
        if (status != STORAGE_OK)
            return status;
        if (!next_place(walk))
            return STORAGE_NOT_FOUND;
        int64_t changed = read_place(walk);
        status = trouble(walk); /* half of an item's history is no history */
        if (status != STORAGE_OK)
            return status;
        *out = (struct history_item){.place = buffer_slice(&walk->place),
                                     .before = image_slice(&walk->before, &walk->present),
                                     .after = image_slice(&walk->after, &walk->present),
                                     .changed = changed};
        if (walk->has_from ? changed != 0 : out->after.ptr != NULL)
            return STORAGE_OK;
    }
}
