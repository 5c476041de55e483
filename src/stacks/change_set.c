#include "stacks/change_set.h"

#include "base/clock.h"
#include "catalog/keys.h"
#include "deploy/making.h"
#include "stacks/event.h"
#include "storage/kept_record.h"

static const struct field set_fields[] = {
    {"Arn", FIELD_TEXT, offsetof(struct change_set, arn), NULL},
    {"Created", FIELD_NUMBER, offsetof(struct change_set, created), NULL},
    {"OfNewStack", FIELD_BOOLEAN, offsetof(struct change_set, of_new_stack), NULL},
    {"Description", FIELD_TEXT, offsetof(struct change_set, description), NULL},
    {"Token", FIELD_TEXT, offsetof(struct change_set, token), NULL},
    {"Status", FIELD_TEXT, offsetof(struct change_set, status), NULL},
    {"Reason", FIELD_TEXT, offsetof(struct change_set, reason), NULL},
    {"Source", FIELD_RECORD, offsetof(struct change_set, source), &stack_source_layout},
    {"Role", FIELD_TEXT, offsetof(struct change_set, role), NULL},
    {"OnFailure", FIELD_TEXT, offsetof(struct change_set, on_failure), NULL},
    {"Adopts", FIELD_BOOLEAN, offsetof(struct change_set, adopts), NULL},
    {"Nested", FIELD_BOOLEAN, offsetof(struct change_set, nested), NULL},
    {"Parent", FIELD_TEXT, offsetof(struct change_set, parent), NULL},
    {"Root", FIELD_TEXT, offsetof(struct change_set, root), NULL},
    {"Children", FIELD_JSON, offsetof(struct change_set, children), NULL},
    {"Import", FIELD_BOOLEAN, offsetof(struct change_set, import), NULL},
    {"Turn", FIELD_NUMBER, offsetof(struct change_set, turn), NULL},
    {"Executed", FIELD_NUMBER, offsetof(struct change_set, executed), NULL},
    {0}};
static const struct layout set_layout = {sizeof(struct change_set), set_fields};

/* ---- ids and keys ---- */

struct change_set change_set_new(struct arena *arena, struct slice region, struct slice account,
                                 const struct stack_record *stack, struct slice name, int64_t now)
{
    return (struct change_set){
        .stack = stack->uuid,
        .name = name,
        .arn = arena_printf(arena, "arn:aws:cloudformation:%.*s:%.*s:changeSet/%.*s/%.*s", SLICE_ARGS(region),
                            SLICE_ARGS(account), SLICE_ARGS(name), SLICE_ARGS(random_uuid(arena))),
        .created = now,
        .turn = stack->turn,
    };
}

struct slice change_set_name_in(struct slice arn)
{
    const struct slice mark = SLICE(":changeSet/");
    const char *begin = arn.len == 0 ? NULL : memmem(arn.ptr, arn.len, mark.ptr, mark.len);

    if (begin == NULL || stack_uuid(arn).len == 0)
        return SLICE("");
    struct slice rest = slice_skip(arn, (size_t)(begin - arn.ptr) + mark.len);
    const char *slash = rest.len == 0 ? NULL : memchr(rest.ptr, '/', rest.len);
    return slash == NULL ? SLICE("") : (struct slice){rest.ptr, (size_t)(slash - rest.ptr)};
}

struct slice change_set_key(struct arena *arena, struct slice stack, struct slice name)
{
    return keys_stack(arena, STACK_CHANGE_SETS, stack, name);
}

/* Names are letters, digits and hyphens, so what begins with a tilde comes behind them all. */
static struct slice text_key(struct arena *arena, const struct change_set *set, const char *kind)
{
    return change_set_key(arena, set->stack, arena_printf(arena, "~%s%.*s", kind, SLICE_ARGS(set->name)));
}

static struct slice id_key(struct arena *arena, struct slice arn)
{
    return keys_stack(arena, STACK_CHANGE_SETS, stack_uuid(arn), SLICE(""));
}

/* ---- what can be done with it ---- */

const char *change_set_execution(const struct change_set *set, const struct stack_record *stack)
{
    if (set->executed > 0 && stack->turn != set->executed)
        return NULL;
    if (set->executed > 0 && stack_in_progress(stack->status))
        return "EXECUTE_IN_PROGRESS";
    if (set->executed > 0)
        return stack->status == STACK_CREATE_COMPLETE || stack->status == STACK_UPDATE_COMPLETE ||
                       stack->status == STACK_IMPORT_COMPLETE
                   ? "EXECUTE_COMPLETE"
                   : "EXECUTE_FAILED";
    if (!slice_is(set->status, "CREATE_COMPLETE"))
        return "UNAVAILABLE";
    return stack->turn == set->turn ? "AVAILABLE" : "OBSOLETE";
}

/* ---- reading ---- */

static enum storage_status decode(struct arena *arena, struct slice stack, struct slice name,
                                  struct slice value, struct change_set *out)
{
    if (!layout_read(arena, value, &set_layout, out))
        return STORAGE_CORRUPT;
    out->stack = stack;
    out->name = name;
    return STORAGE_OK;
}

enum storage_status change_set_read(struct storage *storage, struct arena *arena, struct slice stack,
                                    struct slice name, struct change_set *out, struct version *version)
{
    struct slice value;

    *version = (struct version){0};
    if (name.len == 0 || name.ptr[0] == '~' || memchr(name.ptr, 0, name.len) != NULL)
        return STORAGE_NOT_FOUND;
    enum storage_status status =
        kept_value(storage, NULL, arena, change_set_key(arena, stack, name), &value, version);
    return status == STORAGE_OK ? decode(arena, stack, arena_copy(arena, name), value, out) : status;
}

enum storage_status change_set_stack(struct storage *storage, struct arena *arena, struct slice arn,
                                     struct slice *stack)
{
    return change_set_name_in(arn).len == 0
               ? STORAGE_NOT_FOUND
               : kept_value(storage, NULL, arena, id_key(arena, arn), stack, NULL);
}

enum storage_status change_sets_list(struct storage *storage, struct arena *arena, struct slice stack,
                                     struct change_set *out, size_t *count)
{
    struct key_range range = keys_stack_range(arena, STACK_CHANGE_SETS, stack);
    struct cursor *cursor =
        cursor_create(storage, NULL, range.from, change_set_key(arena, stack, SLICE("~")), FORWARD);
    enum storage_status status = STORAGE_OK;
    struct slice key, value;

    for (*count = 0; status == STORAGE_OK && *count < CHANGE_SETS_LIMIT;) {
        status = cursor_next(cursor, &key, &value);
        if (status == STORAGE_OK)
            status = decode(arena, stack, arena_copy(arena, keys_stack_second(key)), arena_copy(arena, value),
                            &out[(*count)++]);
    }
    cursor_destroy(cursor);
    return status == STORAGE_NOT_FOUND ? STORAGE_OK : status;
}

enum storage_status change_set_template(struct storage *storage, struct arena *arena,
                                        const struct change_set *set, struct slice *text)
{
    return kept_value(storage, NULL, arena, text_key(arena, set, "t"), text, NULL);
}

enum storage_status change_set_changes(struct storage *storage, struct arena *arena,
                                       const struct change_set *set, struct slice *text)
{
    return kept_value(storage, NULL, arena, text_key(arena, set, "c"), text, NULL);
}

/* ---- writing ---- */

void change_set_put(struct batch *batch, const struct change_set *set)
{
    kept_put(batch, change_set_key(batch->arena, set->stack, set->name), &set_layout, set);
    batch_put(batch, id_key(batch->arena, set->arn), set->stack);
}

void change_set_put_texts(struct batch *batch, const struct change_set *set, struct slice template,
                          struct slice changes)
{
    batch_put(batch, text_key(batch->arena, set, "t"), template);
    batch_put(batch, text_key(batch->arena, set, "c"), changes);
}

/* The change set of a nested stack, and the stack. STORAGE_NOT_FOUND: one of them is gone. */
static enum storage_status read_child(struct storage *storage, struct arena *arena, const struct json *child,
                                      struct change_set *set, struct stack_record *stack)
{
    struct slice uuid = stack_uuid(text_of(child, "StackId"));
    struct version version;
    enum storage_status status = stack_read(storage, arena, uuid, stack, &version);

    return status == STORAGE_OK
               ? change_set_read(storage, arena, uuid, change_set_name_in(text_of(child, "ChangeSetId")), set,
                                 &version)
               : status;
}

/* A stack that is there for a change set goes with it, and never was. */
static void delete_reviewed(struct batch *batch, struct stack_record *stack)
{
    stack->status = STACK_DELETE_COMPLETE;
    stack->reason = SLICE("");
    stack->deleted = clock_now();
    stack_put(batch, stack);
    stack_put_event(batch, stack);
    stack_delete_name(batch, stack);
}

/* Recursion is bounded by the depth of nested stacks (NESTING_LIMIT). */
enum storage_status change_set_delete(struct storage *storage, struct batch *batch,
                                      const struct change_set *set)
{
    for (size_t i = 0; i < count_of(set->children); i++) {
        struct change_set inner;
        struct stack_record stack;
        enum storage_status status =
            read_child(storage, batch->arena, &set->children->array.items[i], &inner, &stack);
        if (status == STORAGE_OK)
            status = change_set_delete(storage, batch, &inner);
        if (status == STORAGE_OK && stack.status == STACK_REVIEW_IN_PROGRESS)
            delete_reviewed(batch, &stack);
        if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
            return status;
    }
    batch_delete(batch, change_set_key(batch->arena, set->stack, set->name));
    batch_delete(batch, id_key(batch->arena, set->arn));
    batch_delete(batch, text_key(batch->arena, set, "t"));
    batch_delete(batch, text_key(batch->arena, set, "c"));
    return STORAGE_OK;
}

enum storage_status change_set_put_executed(struct storage *storage, struct batch *batch,
                                            const struct change_set *set, const struct stack_record *stack)
{
    struct change_set executed = *set;

    executed.executed = stack->turn + 1;
    change_set_put(batch, &executed);
    for (size_t i = 0; i < count_of(set->children); i++) {
        struct change_set inner;
        struct stack_record child;
        enum storage_status status =
            read_child(storage, batch->arena, &set->children->array.items[i], &inner, &child);
        if (status == STORAGE_OK)
            status = change_set_put_executed(storage, batch, &inner, &child);
        if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
            return status;
    }
    return STORAGE_OK;
}

enum storage_status change_sets_delete(struct storage *storage, struct batch *batch, struct slice stack,
                                       struct slice but)
{
    struct change_set *sets = arena_array(batch->arena, struct change_set, CHANGE_SETS_LIMIT);
    size_t count;
    enum storage_status status = change_sets_list(storage, batch->arena, stack, sets, &count);

    for (size_t i = 0; status == STORAGE_OK && i < count; i++) {
        if (!slice_equal(sets[i].name, but))
            status = change_set_delete(storage, batch, &sets[i]);
    }
    return status;
}
