#include "stacks/record.h"

#include <inttypes.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/hash.h"
#include "catalog/keys.h"
#include "storage/kept_record.h"

/* ---- states ---- */

static const char *const names[] = {
    "",
#define X(name) #name,
#include "stacks/status.def"
#undef X
};

const char *stack_status_name(enum stack_status status)
{
    return names[status];
}

enum stack_status stack_status_find(struct slice name)
{
    for (size_t i = 1; i < sizeof(names) / sizeof(names[0]); i++) {
        if (slice_is(name, names[i]))
            return (enum stack_status)i;
    }
    return STACK_NONE;
}

bool stack_in_progress(enum stack_status status)
{
    switch (status) {
    case STACK_CREATE_IN_PROGRESS:
    case STACK_ROLLBACK_IN_PROGRESS:
    case STACK_DELETE_IN_PROGRESS:
    case STACK_UPDATE_IN_PROGRESS:
    case STACK_UPDATE_COMPLETE_CLEANUP_IN_PROGRESS:
    case STACK_UPDATE_ROLLBACK_IN_PROGRESS:
    case STACK_UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS:
    case STACK_IMPORT_IN_PROGRESS:
    case STACK_IMPORT_ROLLBACK_IN_PROGRESS:
        return true;
    default:
        return false;
    }
}

/* ---- layouts ---- */

static const struct field source_fields[] = {
    {"Template", FIELD_NUMBER, offsetof(struct stack_source, template), NULL},
    {"Parameters", FIELD_JSON, offsetof(struct stack_source, parameters), NULL},
    {"Tags", FIELD_JSON, offsetof(struct stack_source, tags), NULL},
    {"Capabilities", FIELD_JSON, offsetof(struct stack_source, capabilities), NULL},
    {"NotificationARNs", FIELD_JSON, offsetof(struct stack_source, notification_arns), NULL},
    {"Description", FIELD_TEXT, offsetof(struct stack_source, description), NULL},
    {"Outputs", FIELD_JSON, offsetof(struct stack_source, outputs), NULL},
    {"Imports", FIELD_TEXTS, offsetof(struct stack_source, imports), NULL},
    {"Adopted", FIELD_JSON, offsetof(struct stack_source, adopted), NULL},
    {0}};
const struct layout stack_source_layout = {sizeof(struct stack_source), source_fields};

/* The status is a name in the storage, so that the list of states may change. */
struct stored_record {
    struct stack_record record;
    struct slice status;
};

#define RECORD(member) offsetof(struct stored_record, record.member)
static const struct field record_fields[] = {
    {"Name", FIELD_TEXT, RECORD(name), NULL},
    {"Arn", FIELD_TEXT, RECORD(arn), NULL},
    {"Status", FIELD_TEXT, offsetof(struct stored_record, status), NULL},
    {"Reason", FIELD_TEXT, RECORD(reason), NULL},
    {"Created", FIELD_NUMBER, RECORD(created), NULL},
    {"Updated", FIELD_NUMBER, RECORD(updated), NULL},
    {"Deleted", FIELD_NUMBER, RECORD(deleted), NULL},
    {"Source", FIELD_RECORD, RECORD(source), &stack_source_layout},
    {"Before", FIELD_RECORD, RECORD(before), &stack_source_layout},
    {"Role", FIELD_TEXT, RECORD(role), NULL},
    {"Parent", FIELD_TEXT, RECORD(parent), NULL},
    {"Root", FIELD_TEXT, RECORD(root), NULL},
    {"ChangeSet", FIELD_TEXT, RECORD(change_set), NULL},
    {"Turn", FIELD_NUMBER, RECORD(turn), NULL},
    {"Templates", FIELD_NUMBER, RECORD(templates), NULL},
    {"Token", FIELD_TEXT, RECORD(token), NULL},
    {"Action", FIELD_TEXT, RECORD(action), NULL},
    {"Caller", FIELD_TEXT, RECORD(caller), NULL},
    {"OnFailure", FIELD_TEXT, RECORD(on_failure), NULL},
    {"Problem", FIELD_TEXT, RECORD(problem), NULL},
    {"Timeout", FIELD_NUMBER, RECORD(timeout), NULL},
    {"Deadline", FIELD_NUMBER, RECORD(deadline), NULL},
    {"Force", FIELD_BOOLEAN, RECORD(force), NULL},
    {"UpdatePolicy", FIELD_TEXT, RECORD(policy), NULL},
    {"RetainCreated", FIELD_BOOLEAN, RECORD(retain_created), NULL},
    {"Retain", FIELD_TEXTS, RECORD(retain), NULL},
    {0}};
static const struct layout record_layout = {sizeof(struct stored_record), record_fields};

static const struct field wishes_fields[] = {
    {"Protect", FIELD_BOOLEAN, offsetof(struct stack_wishes, protect), NULL},
    {"Cancel", FIELD_BOOLEAN, offsetof(struct stack_wishes, cancel), NULL},
    {"Remove", FIELD_BOOLEAN, offsetof(struct stack_wishes, remove), NULL},
    {"Policy", FIELD_TEXT, offsetof(struct stack_wishes, policy), NULL},
    {"Token", FIELD_TEXT, offsetof(struct stack_wishes, token), NULL},
    {"Caller", FIELD_TEXT, offsetof(struct stack_wishes, caller), NULL},
    {"Role", FIELD_TEXT, offsetof(struct stack_wishes, role), NULL},
    {"Retain", FIELD_TEXTS, offsetof(struct stack_wishes, retain), NULL},
    {0}};
static const struct layout wishes_layout = {sizeof(struct stack_wishes), wishes_fields};

/* ---- ids ---- */

/* Version 7 of UUIDs begins with the time, so the order of ids is that of the stacks. */
static struct slice new_uuid(struct arena *arena, int64_t now)
{
    unsigned char random[10];

    random_bytes(random, sizeof(random));
    return arena_printf(arena, "%08" PRIx64 "-%04" PRIx64 "-7%x%02x-%x%x%02x-%02x%02x%02x%02x%02x%02x",
                        (uint64_t)now >> 16 & 0xFFFFFFFF, (uint64_t)now & 0xFFFF, random[0] & 15, random[1],
                        8 + (random[2] & 3), random[2] >> 4, random[3], random[4], random[5], random[6],
                        random[7], random[8], random[9]);
}

/* Its stack's id, but for what is told apart by the turn. */
struct slice stack_operation_id(struct arena *arena, struct slice uuid, int64_t turn)
{
    enum { KEPT = 24 }; /* "01a21a46-08bc-7d51-b01a-" */
    uint64_t hash = hash_bytes(arena_printf(arena, "%.*s %" PRId64, SLICE_ARGS(uuid), turn));

    return arena_printf(arena, "%.*s%012" PRIx64, KEPT, uuid.ptr, hash & 0xFFFFFFFFFFFF);
}

struct stack_record stack_new(struct arena *arena, struct slice region, struct slice account,
                              struct slice name, int64_t now)
{
    struct stack_record record = {.uuid = new_uuid(arena, now), .name = name, .created = now, .turn = 1};

    record.arn = arena_printf(arena, "arn:aws:cloudformation:%.*s:%.*s:stack/%.*s/%.*s", SLICE_ARGS(region),
                              SLICE_ARGS(account), SLICE_ARGS(name), SLICE_ARGS(record.uuid));
    return record;
}

bool stack_is_uuid(struct slice text)
{
    enum { UUID_LENGTH = 36 };

    return text.len == UUID_LENGTH && memchr(text.ptr, 0, text.len) == NULL;
}

struct slice stack_uuid(struct slice arn)
{
    const char *slash = arn.len == 0 ? NULL : memrchr(arn.ptr, '/', arn.len);

    if (!slice_starts_with(arn, SLICE("arn:aws:cloudformation:")) || slash == NULL)
        return SLICE("");
    struct slice uuid = slice_skip(arn, (size_t)(slash - arn.ptr) + 1);
    return stack_is_uuid(uuid) ? uuid : SLICE("");
}

struct slice stack_name_in(struct slice arn)
{
    struct slice uuid = stack_uuid(arn);

    if (uuid.len == 0)
        return SLICE("");
    struct slice before = {arn.ptr, arn.len - uuid.len - 1};
    const char *slash = memrchr(before.ptr, '/', before.len);
    return slash == NULL ? SLICE("") : slice_skip(before, (size_t)(slash - before.ptr) + 1);
}

/* ---- keys ---- */

struct slice stack_key(struct arena *arena, struct slice uuid)
{
    return keys_stack(arena, STACK_RECORDS, uuid, SLICE(""));
}

struct slice stack_wishes_key(struct arena *arena, struct slice uuid)
{
    return keys_stack(arena, STACK_WISHES, uuid, SLICE(""));
}

struct slice stack_name_key(struct arena *arena, struct slice name)
{
    return keys_stack(arena, STACK_NAMES, name, SLICE(""));
}

static struct slice template_key(struct arena *arena, struct slice uuid, int64_t number)
{
    return keys_stack(arena, STACK_TEMPLATES, uuid, arena_printf(arena, "%" PRId64, number));
}

/* ---- reading ---- */

/* Key and value live as long as the record. */
static enum storage_status read_record(struct arena *arena, struct slice key, struct slice value,
                                       struct stack_record *out)
{
    struct stored_record stored;

    if (!layout_read(arena, value, &record_layout, &stored))
        return STORAGE_CORRUPT;
    *out = stored.record;
    out->status = stack_status_find(stored.status);
    out->uuid = keys_stack_first(key);
    return out->status == STACK_NONE ? STORAGE_CORRUPT : STORAGE_OK;
}

enum storage_status stack_read(struct storage *storage, struct arena *arena, struct slice uuid,
                               struct stack_record *out, struct version *version)
{
    struct slice value, key = stack_key(arena, uuid);
    enum storage_status status = kept_value(storage, NULL, arena, key, &value, version);

    return status == STORAGE_OK ? read_record(arena, key, value, out) : status;
}

static enum storage_status next_record(struct storage *storage, struct arena *arena,
                                       const struct key_range *range, enum direction direction,
                                       struct slice *uuid, struct stack_record *out)
{
    struct cursor *cursor = cursor_create(storage, NULL, range->from, range->to, direction);
    struct slice key, value;

    enum storage_status status = cursor_next(cursor, &key, &value);
    if (status == STORAGE_OK)
        status = read_record(arena, arena_copy(arena, key), arena_copy(arena, value), out);
    if (status == STORAGE_OK)
        *uuid = out->uuid;
    cursor_destroy(cursor);
    return status;
}

enum storage_status stack_before(struct storage *storage, struct arena *arena, struct slice *uuid,
                                 struct stack_record *out)
{
    struct key_range range = keys_stack_range(arena, STACK_RECORDS, SLICE(""));

    if (uuid->len > 0)
        range.to = stack_key(arena, *uuid);
    return next_record(storage, arena, &range, BACKWARD, uuid, out);
}

enum storage_status stack_after(struct storage *storage, struct arena *arena, struct slice *uuid,
                                struct stack_record *out)
{
    struct key_range range = keys_stack_range(arena, STACK_RECORDS, SLICE(""));

    if (uuid->len > 0)
        range.from = keys_after(arena, stack_key(arena, *uuid));
    return next_record(storage, arena, &range, FORWARD, uuid, out);
}

enum storage_status stack_find(struct storage *storage, struct arena *arena, struct slice name_or_arn,
                               struct stack_record *out, struct version *version)
{
    struct slice uuid;

    *version = (struct version){0};
    if (slice_starts_with(name_or_arn, SLICE("arn:"))) {
        uuid = stack_uuid(name_or_arn);
        enum storage_status status =
            uuid.len == 0 ? STORAGE_NOT_FOUND : stack_read(storage, arena, uuid, out, version);
        return status == STORAGE_OK && !slice_equal(out->arn, name_or_arn) ? STORAGE_NOT_FOUND : status;
    }
    if (name_or_arn.len == 0 || memchr(name_or_arn.ptr, 0, name_or_arn.len) != NULL)
        return STORAGE_NOT_FOUND;
    enum storage_status status =
        kept_value(storage, NULL, arena, stack_name_key(arena, name_or_arn), &uuid, NULL);
    return status == STORAGE_OK ? stack_read(storage, arena, uuid, out, version) : status;
}

enum storage_status stack_read_wishes(struct storage *storage, struct arena *arena, struct slice uuid,
                                      struct stack_wishes *out, struct version *version)
{
    *out = (struct stack_wishes){0};
    enum storage_status status =
        kept_read(storage, NULL, arena, stack_wishes_key(arena, uuid), &wishes_layout, out, version);
    return status == STORAGE_NOT_FOUND ? STORAGE_OK : status;
}

enum storage_status stack_template(struct storage *storage, struct arena *arena, struct slice uuid,
                                   int64_t number, struct slice *text)
{
    return kept_value(storage, NULL, arena, template_key(arena, uuid, number), text, NULL);
}

/* ---- writing ---- */

void stack_put(struct batch *batch, const struct stack_record *record)
{
    const struct stored_record stored = {*record, slice_of(stack_status_name(record->status))};

    CHECK(record->status != STACK_NONE);
    kept_put(batch, stack_key(batch->arena, record->uuid), &record_layout, &stored);
}

void stack_put_wishes(struct batch *batch, struct slice uuid, const struct stack_wishes *wishes)
{
    kept_put(batch, stack_wishes_key(batch->arena, uuid), &wishes_layout, wishes);
}

void stack_put_template(struct batch *batch, struct slice uuid, int64_t number, struct slice text)
{
    batch_put(batch, template_key(batch->arena, uuid, number), text);
}

void stack_delete_template(struct batch *batch, struct slice uuid, int64_t number)
{
    batch_delete(batch, template_key(batch->arena, uuid, number));
}

void stack_put_name(struct batch *batch, const struct stack_record *record)
{
    batch_put(batch, stack_name_key(batch->arena, record->name), record->uuid);
}

void stack_delete_name(struct batch *batch, const struct stack_record *record)
{
    batch_delete(batch, stack_name_key(batch->arena, record->name));
}

enum storage_status stack_has_work(struct storage *storage, struct arena *arena, struct slice uuid, bool *out)
{
    struct stored stored;
    enum storage_status status =
        storage_get(storage, NULL, keys_stack(arena, STACK_WORK, uuid, SLICE("")), &stored);

    stored_release(&stored);
    *out = status == STORAGE_OK;
    return status == STORAGE_NOT_FOUND ? STORAGE_OK : status;
}

void stack_begin_work(struct batch *batch, const struct stack_record *record)
{
    batch_put(batch, keys_stack(batch->arena, STACK_WORK, record->uuid, SLICE("")), SLICE(""));
}

void stack_end_work(struct batch *batch, const struct stack_record *record)
{
    batch_delete(batch, keys_stack(batch->arena, STACK_WORK, record->uuid, SLICE("")));
}
