#include "stacks/run.h"

#include "base/clock.h"
#include "stacks/exports.h"
#include "stacks/nested.h"
#include "stacks/stack_policy.h"

/* ---- opening ---- */

enum step run_open(struct work *work, struct run *parent, struct slice uuid, struct run *out)
{
    struct storage *storage = work->task->storage;
    struct version version;

    *out = (struct run){.work = work, .arena = &work->arena, .parent = parent};
    problems_init(&out->problems, out->arena);
    return stack_read(storage, out->arena, uuid, &out->record, &version) == STORAGE_OK &&
                   resource_records_read(storage, out->arena, uuid, &out->resources) == STORAGE_OK
               ? STEP_DONE
               : STEP_BROKEN;
}

static enum lookup find_parameter(void *context, struct arena *arena, struct slice name, struct slice *value,
                                  struct slice *type)
{
    const struct run *run = context;
    const struct work *work = run->work;
    const struct engine_hands *hands = &work->settings->hands;

    return hands->parameter == NULL || work->opened == NULL
               ? LOOKUP_FAILED
               : hands->parameter(hands->context, work->opened, arena, name, value, type);
}

static enum lookup find_export(void *context, struct arena *arena, struct slice name, struct slice *value)
{
    const struct run *run = context;
    struct export_record found;
    struct version version;
    enum storage_status status = export_read(run->work->task->storage, arena, name, &found, &version);

    if (status != STORAGE_OK)
        return status == STORAGE_NOT_FOUND ? LOOKUP_ABSENT : LOOKUP_FAILED;
    *value = found.value;
    return LOOKUP_FOUND;
}

struct opening run_opening(struct run *run)
{
    struct stack_lookups *lookups = arena_new(run->arena, struct stack_lookups);

    *lookups = (struct stack_lookups){find_parameter, find_export, run};
    return (struct opening){run->work->settings->region, run->work->settings->account, lookups};
}

/* What is to be taken in goes by the name it has, if the template does not tell one. */
static void name_adopted(struct run *run, struct resource *resource, const struct resource_record *record)
{
    const struct json *adopted = find_by(run->record.source.adopted, "LogicalResourceId", resource->id);

    if (adopted != NULL && (record == NULL || record->made.id.len == 0))
        resource->kept = text_of(adopted, "Id");
}

enum step run_open_stack(struct run *run)
{
    const struct opening opening = run_opening(run);
    struct slice text;

    problems_init(&run->problems, run->arena);
    if (stack_template(run->work->task->storage, run->arena, run->record.uuid, run->record.source.template,
                       &text) != STORAGE_OK)
        return STEP_BROKEN;
    run->stack = opening_stack(run->arena, &opening, &run->record, text, &run->problems);
    if (run->stack == NULL)
        return STEP_FAILED;
    for (size_t i = 0; i < run->stack->resource_count; i++) {
        struct resource *resource = &run->stack->resources[i];
        const struct resource_record *record = resource_record_find(&run->resources, resource->id);
        nested_adopt_type(resource);
        if (record != NULL && slice_equal(record->type, resource->type))
            opening_publish(run->stack, resource, &record->made);
        name_adopted(run, resource, record);
    }
    return STEP_DONE;
}

/* ---- interruptions ---- */

static bool is_same(struct version a, struct version b)
{
    return a.written == b.written;
}

bool run_is_interrupted(struct run *run)
{
    struct work *work = run->work;
    struct stored stored;

    if (task_is_stopping(work->task))
        return true;
    enum storage_status status =
        storage_get(work->task->storage, NULL, stack_wishes_key(&work->arena, work->root), &stored);
    bool wished =
        (status == STORAGE_OK || status == STORAGE_NOT_FOUND) && !is_same(stored.version, work->wishes_seen);
    stored_release(&stored);
    return wished;
}

/* ---- writing ---- */

void run_put_resource(struct run *run, struct resource_record *resource)
{
    resource_put(&run->work->batch, run->record.uuid, resource);
}

static struct slice properties_text(struct run *run, const struct resource_made *made)
{
    const struct json *properties = made->shown != NULL ? made->shown : made->properties;
    struct buffer text;

    if (properties == NULL)
        return SLICE("");
    buffer_init(&text);
    json_write_value(&text, properties);
    struct slice kept = arena_copy(&run->work->written, buffer_slice(&text));
    buffer_finish(&text);
    return kept;
}

void run_tell(struct run *run, const struct resource_record *resource, struct slice physical,
              enum stack_status status, struct slice reason)
{
    const struct stack_event event = {.logical = resource->logical,
                                      .physical = physical,
                                      .type = resource->type,
                                      .status = status,
                                      .reason = reason,
                                      .properties = properties_text(run, &resource->made),
                                      .token = run->record.token,
                                      .turn = run->record.turn};

    event_put(&run->work->batch, run->record.uuid, &event);
}

void run_set_resource(struct run *run, struct resource_record *resource, enum stack_status status,
                      struct slice reason)
{
    resource->status = status;
    resource->reason = reason;
    resource->changed = clock_now();
    run_put_resource(run, resource);
    run_tell(run, resource, resource->made.id, status, reason);
}

void run_set_status(struct run *run, enum stack_status status, struct slice reason)
{
    struct stack_record *record = &run->record;

    record->status = status;
    record->reason = reason;
    stack_put(&run->work->batch, record);
    stack_put_event(&run->work->batch, record);
}

static void begin_batch(struct work *work)
{
    arena_reset(&work->written);
    batch_init(&work->batch, &work->written);
}

static enum step commit(struct work *work)
{
    enum storage_status status = storage_commit_wait(work->task->storage, &work->batch);

    begin_batch(work);
    return status == STORAGE_OK ? STEP_DONE : status == STORAGE_CONFLICT ? STEP_STOPPED : STEP_BROKEN;
}

enum step run_flush(struct run *run)
{
    return batch_is_empty(&run->work->batch) ? STEP_DONE : commit(run->work);
}

enum step run_end(struct run *run)
{
    struct work *work = run->work;

    if (run->parent != NULL)
        return run_flush(run);
    batch_guard(&work->batch, stack_wishes_key(&work->written, work->root), work->wishes_seen);
    stack_end_work(&work->batch, &run->record);
    return commit(work);
}

/* ---- exports and imports ---- */

enum step run_put_imports(struct run *run)
{
    struct texts *known = &run->record.source.imports;
    struct work *work = run->work;
    bool any = false;

    const struct json *read = &run->stack->imports;
    for (size_t i = 0; i < count_of(read); i++) {
        struct slice name = read->array.items[i].text;
        struct export_record found;
        struct version version;
        if (texts_find(known, name) < known->count)
            continue;
        enum storage_status status = export_read(work->task->storage, &work->written, name, &found, &version);
        if (status != STORAGE_OK)
            return status == STORAGE_NOT_FOUND ? STEP_STOPPED : STEP_BROKEN; /* gone since it was asked for */
        export_put_import(&work->batch, &found, version, run->record.uuid);
        texts_add(run->arena, known, name);
        any = true;
    }
    if (any)
        stack_put(&work->batch, &run->record);
    return STEP_DONE;
}

struct texts run_imports(const struct run *run)
{
    const struct json *read = &run->stack->imports;
    struct texts names = {NULL, 0};

    for (size_t i = 0; i < count_of(read); i++)
        texts_add(run->arena, &names, read->array.items[i].text);
    return names;
}

void run_drop_imports(struct run *run, const struct texts *old, const struct texts *kept)
{
    for (size_t i = 0; i < old->count; i++) {
        if (texts_find(kept, old->items[i]) == kept->count)
            export_delete_import(&run->work->batch, old->items[i], run->record.uuid);
    }
}

enum step run_put_exports(struct run *run, const struct json *before)
{
    struct batch *batch = &run->work->batch;
    const struct batch mark = *batch;
    struct slice problem;

    switch (exports_change(run->work->task->storage, batch, &run->record, before, run->record.source.outputs,
                           &problem)) {
    case EXPORTS_CHANGED:
        return STEP_DONE;
    case EXPORTS_REFUSED:
        problems_init(&run->problems, run->arena);
        problems_add(&run->problems, "%.*s", SLICE_ARGS(problem));
        batch_rewind(batch, &mark);
        return STEP_FAILED;
    case EXPORTS_FAILED:
        break;
    }
    return STEP_BROKEN;
}

bool run_policy_allows(struct run *run, const struct resource_record *record, const char *action,
                       struct slice *reason)
{
    return stack_policy_allows(run->arena, run->record.policy, action, record->logical, record->type, reason);
}

/* ---- texts ---- */

struct slice run_problem(const struct run *run, const struct stack *stack, const struct resource *resource)
{
    struct slice text = run->problems.count > 0 ? run->problems.texts[0] : SLICE("Internal failure");
    struct slice before = stack_describe(stack, resource);

    if (slice_starts_with(text, before) && text.len > before.len + 2)
        text = slice_skip(text, before.len + 2);
    return text;
}

struct slice run_problem_of_stack(const struct run *run)
{
    return run->problems.count > 0 ? run->problems.texts[0] : SLICE("Internal failure");
}

struct slice run_failed_list(const struct run *run, const char *verb, const struct texts *failed)
{
    struct slice list = SLICE("");

    for (size_t i = 0; i < failed->count; i++)
        list = arena_printf(run->arena, "%.*s%s%.*s", SLICE_ARGS(list), i > 0 ? ", " : "",
                            SLICE_ARGS(failed->items[i]));
    return arena_printf(run->arena, "The following resource(s) failed to %s: [%.*s]. ", verb,
                        SLICE_ARGS(list));
}

struct slice run_failures(const struct run *run)
{
    static const char *const verbs[] = {
        [FAILING_CREATE] = "create", [FAILING_UPDATE] = "update", [FAILING_IMPORT] = "import"};
    struct slice all = SLICE("");

    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (run->failed[i].count > 0)
            all = arena_printf(run->arena, "%.*s%.*s", SLICE_ARGS(all),
                               SLICE_ARGS(run_failed_list(run, verbs[i], &run->failed[i])));
    }
    return all.len > 0 ? all : run_problem_of_stack(run);
}

struct slice run_requested(const struct run *run, struct slice failures, const char *what)
{
    bool sentence = failures.len > 0 && failures.ptr[failures.len - 1] == ' ';

    return arena_printf(run->arena, sentence ? "%.*s%s requested by user." : "%.*s. %s requested by user.",
                        SLICE_ARGS(failures), what);
}
