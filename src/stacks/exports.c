#include "stacks/exports.h"

#include "catalog/keys.h"
#include "deploy/making.h"
#include "storage/kept_record.h"

static const struct field export_fields[] = {
    {"Value", FIELD_TEXT, offsetof(struct export_record, value), NULL},
    {"Stack", FIELD_TEXT, offsetof(struct export_record, stack), NULL},
    {0}};
static const struct layout export_layout = {sizeof(struct export_record), export_fields};

static struct slice export_key(struct arena *arena, struct slice name)
{
    return keys_stack(arena, STACK_EXPORTS, name, SLICE(""));
}

static bool decode(struct arena *arena, struct slice key, struct slice value, struct export_record *out)
{
    if (!layout_read(arena, arena_copy(arena, value), &export_layout, out))
        return false;
    out->name = arena_copy(arena, keys_stack_first(key));
    return true;
}

static void put(struct batch *batch, const struct export_record *record)
{
    kept_put(batch, export_key(batch->arena, record->name), &export_layout, record);
}

/* ---- reading ---- */

enum storage_status export_read(struct storage *storage, struct arena *arena, struct slice name,
                                struct export_record *out, struct version *version)
{
    *version = (struct version){0};
    if (name.len == 0 || memchr(name.ptr, 0, name.len) != NULL)
        return STORAGE_NOT_FOUND;
    enum storage_status status =
        kept_read(storage, NULL, arena, export_key(arena, name), &export_layout, out, version);
    if (status == STORAGE_OK)
        out->name = arena_copy(arena, name);
    return status;
}

enum storage_status exports_list(struct storage *storage, struct arena *arena, struct slice after,
                                 size_t limit, struct export_record *out, size_t *count)
{
    struct key_range range = keys_stack_range(arena, STACK_EXPORTS, SLICE(""));
    enum storage_status status = STORAGE_OK;
    struct slice key, value;

    if (after.len > 0)
        range.from = keys_after(arena, export_key(arena, after));
    struct cursor *cursor = cursor_create(storage, NULL, range.from, range.to, FORWARD);
    for (*count = 0; status == STORAGE_OK && *count < limit;) {
        status = cursor_next(cursor, &key, &value);
        if (status == STORAGE_OK && !decode(arena, key, value, &out[(*count)++]))
            status = STORAGE_CORRUPT;
    }
    cursor_destroy(cursor);
    return status == STORAGE_NOT_FOUND ? STORAGE_OK : status;
}

enum storage_status exports_importers(struct storage *storage, struct arena *arena, struct slice name,
                                      struct slice after, size_t limit, struct texts *out)
{
    struct key_range range = keys_stack_range(arena, STACK_IMPORTS, name);
    enum storage_status status = STORAGE_OK;
    struct slice key, value;

    if (after.len > 0)
        range.from = keys_after(arena, keys_stack(arena, STACK_IMPORTS, name, after));
    *out = (struct texts){NULL, 0};
    struct cursor *cursor = cursor_create(storage, NULL, range.from, range.to, FORWARD);
    while (status == STORAGE_OK && out->count < limit) {
        status = cursor_next(cursor, &key, &value);
        if (status == STORAGE_OK)
            texts_add(arena, out, arena_copy(arena, keys_stack_second(key)));
    }
    cursor_destroy(cursor);
    return status == STORAGE_NOT_FOUND ? STORAGE_OK : status;
}

/* ---- writing ---- */

void export_put_import(struct batch *batch, const struct export_record *record, struct version version,
                       struct slice uuid)
{
    batch_guard(batch, export_key(batch->arena, record->name), version);
    put(batch, record);
    batch_put(batch, keys_stack(batch->arena, STACK_IMPORTS, record->name, uuid), SLICE(""));
}

void export_delete_import(struct batch *batch, struct slice name, struct slice uuid)
{
    batch_delete(batch, keys_stack(batch->arena, STACK_IMPORTS, name, uuid));
}

static const struct json *find_output(const struct json *outputs, struct slice name)
{
    return name.len == 0 ? NULL : find_by(outputs, "ExportName", name);
}

/* The name of a stack that imports it, for the message; empty: nobody does. */
static enum storage_status name_importer(struct storage *storage, struct arena *arena, struct slice name,
                                         struct slice *out)
{
    struct stack_record stack;
    struct version version;
    struct texts importers;
    enum storage_status status = exports_importers(storage, arena, name, SLICE(""), 1, &importers);

    *out = SLICE("");
    if (status != STORAGE_OK || importers.count == 0)
        return status;
    status = stack_read(storage, arena, importers.items[0], &stack, &version);
    *out = status == STORAGE_OK ? stack.name : importers.items[0];
    return status == STORAGE_NOT_FOUND ? STORAGE_OK : status;
}

/* Of one that was exported before; `output` is what it is to be, or NULL. */
static enum export_change change_old(struct storage *storage, struct batch *batch,
                                     const struct stack_record *stack, struct slice name,
                                     const struct json *output, struct slice *problem)
{
    struct export_record record;
    struct version version;
    struct slice importer;
    enum storage_status status = export_read(storage, batch->arena, name, &record, &version);

    if (status == STORAGE_NOT_FOUND || (status == STORAGE_OK && !slice_equal(record.stack, stack->arn)))
        return EXPORTS_CHANGED;
    if (status == STORAGE_OK && output != NULL && slice_equal(record.value, text_of(output, "OutputValue")))
        return EXPORTS_CHANGED;
    if (status == STORAGE_OK)
        status = name_importer(storage, batch->arena, name, &importer);
    if (status != STORAGE_OK)
        return EXPORTS_FAILED;
    if (importer.len > 0) {
        *problem =
            arena_printf(batch->arena, "Export %.*s cannot be %s as it is in use by %.*s", SLICE_ARGS(name),
                         output == NULL ? "deleted" : "updated", SLICE_ARGS(importer));
        return EXPORTS_REFUSED;
    }
    batch_guard(batch, export_key(batch->arena, name), version);
    if (output == NULL)
        batch_delete(batch, export_key(batch->arena, name));
    return EXPORTS_CHANGED;
}

static enum export_change put_new(struct storage *storage, struct batch *batch,
                                  const struct stack_record *stack, const struct json *output,
                                  struct slice *problem)
{
    struct export_record record = {
        .name = text_of(output, "ExportName"), .value = text_of(output, "OutputValue"), .stack = stack->arn};
    struct export_record there;
    struct version version;
    enum storage_status status = export_read(storage, batch->arena, record.name, &there, &version);

    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return EXPORTS_FAILED;
    if (status == STORAGE_OK && !slice_equal(there.stack, stack->arn)) {
        *problem = arena_printf(batch->arena, "Export with name %.*s is already exported by stack %.*s",
                                SLICE_ARGS(record.name), SLICE_ARGS(stack_name_in(there.stack)));
        return EXPORTS_REFUSED;
    }
    if (status == STORAGE_OK && slice_equal(there.value, record.value))
        return EXPORTS_CHANGED;
    batch_guard(batch, export_key(batch->arena, record.name), version);
    put(batch, &record);
    return EXPORTS_CHANGED;
}

enum export_change exports_change(struct storage *storage, struct batch *batch,
                                  const struct stack_record *stack, const struct json *before,
                                  const struct json *outputs, struct slice *problem)
{
    enum export_change change = EXPORTS_CHANGED;

    for (size_t i = 0; change == EXPORTS_CHANGED && i < count_of(before); i++) {
        struct slice name = text_of(&before->array.items[i], "ExportName");
        if (name.len > 0)
            change = change_old(storage, batch, stack, name, find_output(outputs, name), problem);
    }
    for (size_t i = 0; change == EXPORTS_CHANGED && i < count_of(outputs); i++) {
        if (text_of(&outputs->array.items[i], "ExportName").len > 0)
            change = put_new(storage, batch, stack, &outputs->array.items[i], problem);
    }
    return change;
}
