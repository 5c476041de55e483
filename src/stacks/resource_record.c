#include "stacks/resource_record.h"

#include "base/check.h"
#include "catalog/keys.h"
#include "deploy/resource_type.h"
#include "storage/kept_record.h"

static const struct field made_fields[] = {
    {"Id", FIELD_TEXT, offsetof(struct resource_made, id), NULL},
    {"Name", FIELD_TEXT, offsetof(struct resource_made, name), NULL},
    {"Named", FIELD_BOOLEAN, offsetof(struct resource_made, named), NULL},
    {"Generation", FIELD_NUMBER, offsetof(struct resource_made, generation), NULL},
    {"Properties", FIELD_JSON, offsetof(struct resource_made, properties), NULL},
    {"Shown", FIELD_JSON, offsetof(struct resource_made, shown), NULL},
    {"Values", FIELD_JSON, offsetof(struct resource_made, values), NULL},
    {"Body", FIELD_JSON, offsetof(struct resource_made, body), NULL},
    {0}};
static const struct layout made_layout = {sizeof(struct resource_made), made_fields};

struct stored_resource {
    struct resource_record record;
    struct slice status;
};

#define RECORD(member) offsetof(struct stored_resource, record.member)
static const struct field resource_fields[] = {
    {"Type", FIELD_TEXT, RECORD(type), NULL},
    {"Status", FIELD_TEXT, offsetof(struct stored_resource, status), NULL},
    {"Reason", FIELD_TEXT, RECORD(reason), NULL},
    {"Changed", FIELD_NUMBER, RECORD(changed), NULL},
    {"Order", FIELD_NUMBER, RECORD(order), NULL},
    {"Generations", FIELD_NUMBER, RECORD(generations), NULL},
    {"Foreign", FIELD_BOOLEAN, RECORD(foreign), NULL},
    {"Adopted", FIELD_BOOLEAN, RECORD(adopted), NULL},
    {"Made", FIELD_RECORD, RECORD(made), &made_layout},
    {"Fresh", FIELD_BOOLEAN, RECORD(fresh), NULL},
    {"Altered", FIELD_BOOLEAN, RECORD(altered), NULL},
    {"Beside", FIELD_BOOLEAN, RECORD(beside), NULL},
    {"Before", FIELD_RECORD, RECORD(before), &made_layout},
    {"Doomed", FIELD_BOOLEAN, RECORD(doomed), NULL},
    {"Leftovers", FIELD_RECORDS, RECORD(leftovers), &made_layout},
    {0}};
static const struct layout resource_layout = {sizeof(struct stored_resource), resource_fields};

struct resource_record *resource_record_add(struct arena *arena, struct resource_records *records,
                                            struct slice logical, struct slice type)
{
    records->items =
        arena_grow(arena, records->items, records->count, records->count + 1, sizeof(records->items[0]));
    struct resource_record *added = &records->items[records->count++];
    *added = (struct resource_record){.logical = logical, .type = type};
    return added;
}

static enum storage_status read_one(struct arena *arena, struct slice key, struct slice value,
                                    struct resource_records *out)
{
    struct stored_resource stored;

    if (!layout_read(arena, arena_copy(arena, value), &resource_layout, &stored))
        return STORAGE_CORRUPT;
    stored.record.logical = arena_copy(arena, keys_stack_second(key));
    stored.record.status = stack_status_find(stored.status);
    *resource_record_add(arena, out, stored.record.logical, stored.record.type) = stored.record;
    return stored.record.status == STACK_NONE ? STORAGE_CORRUPT : STORAGE_OK;
}

enum storage_status resource_records_read(struct storage *storage, struct arena *arena, struct slice uuid,
                                          struct resource_records *out)
{
    struct key_range range = keys_stack_range(arena, STACK_RESOURCES, uuid);
    struct cursor *cursor = cursor_create(storage, NULL, range.from, range.to, FORWARD);
    enum storage_status status;
    struct slice key, value;

    *out = (struct resource_records){NULL, 0};
    do {
        status = cursor_next(cursor, &key, &value);
        if (status == STORAGE_OK)
            status = read_one(arena, key, value, out);
    } while (status == STORAGE_OK);
    cursor_destroy(cursor);
    return status == STORAGE_NOT_FOUND ? STORAGE_OK : status;
}

struct resource_record *resource_record_find(const struct resource_records *records, struct slice logical)
{
    for (size_t i = 0; i < records->count; i++) {
        if (slice_equal(records->items[i].logical, logical))
            return &records->items[i];
    }
    return NULL;
}

/* Both kinds of table live in one namespace. */
static bool shares_names(struct slice one, struct slice other)
{
    const struct resource_type *a = resource_type_find(one), *b = resource_type_find(other);

    return slice_equal(one, other) || (a != NULL && b != NULL && a->naming != NULL && a->naming == b->naming);
}

static bool is_of(const struct resource_record *record, struct slice type, struct slice id)
{
    return record->status != STACK_DELETE_COMPLETE && record->status != STACK_DELETE_SKIPPED &&
           slice_equal(record->made.id, id) && shares_names(record->type, type);
}

/* Whether the stack of a resource is there: one that was deleted keeps what could not be removed. */
static enum storage_status read_owner(struct storage *storage, struct arena *arena, struct slice key,
                                      struct stack_record *out)
{
    struct version version;
    enum storage_status status =
        stack_read(storage, arena, arena_copy(arena, keys_stack_first(key)), out, &version);

    return status == STORAGE_OK && out->status == STACK_DELETE_COMPLETE ? STORAGE_NOT_FOUND : status;
}

enum storage_status resource_owner(struct storage *storage, struct arena *arena, struct slice type,
                                   struct slice id, struct stack_record *out)
{
    struct key_range range = keys_stack_range(arena, STACK_RESOURCES, SLICE(""));
    struct cursor *cursor = cursor_create(storage, NULL, range.from, range.to, FORWARD);
    enum storage_status status = STORAGE_OK;
    struct slice key, value;
    struct arena one;
    bool found = false;

    arena_init(&one);
    while (!found && (status = cursor_next(cursor, &key, &value)) == STORAGE_OK) {
        struct resource_records records = {NULL, 0};
        arena_reset(&one);
        status = read_one(&one, key, value, &records);
        if (status == STORAGE_OK && is_of(&records.items[0], type, id))
            status = read_owner(storage, arena, key, out);
        else if (status == STORAGE_OK)
            continue;
        found = status == STORAGE_OK;
        if (!found && status != STORAGE_NOT_FOUND)
            break;
    }
    cursor_destroy(cursor);
    arena_finish(&one);
    return status;
}

void record_keep_before(struct resource_record *record)
{
    if (record->fresh || record->altered)
        return;
    record->before = record->made;
    record->altered = true;
}

static struct slice resource_key(struct arena *arena, struct slice uuid, struct slice logical)
{
    return keys_stack(arena, STACK_RESOURCES, uuid, logical);
}

void resource_put(struct batch *batch, struct slice uuid, const struct resource_record *record)
{
    const struct stored_resource stored = {*record, slice_of(stack_status_name(record->status))};

    CHECK(record->status != STACK_NONE);
    kept_put(batch, resource_key(batch->arena, uuid, record->logical), &resource_layout, &stored);
}

void resource_delete(struct batch *batch, struct slice uuid, struct slice logical)
{
    batch_delete(batch, resource_key(batch->arena, uuid, logical));
}
