#include "stacks/run.h"

#include "base/clock.h"

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
    const struct work *work = context;
    const struct engine_hands *hands = &work->settings->hands;

    return hands->parameter == NULL || work->opened == NULL
               ? LOOKUP_FAILED
               : hands->parameter(hands->context, work->opened, arena, name, value, type);
}

static enum lookup find_export(void *context, struct arena *arena, struct slice name, struct slice *value)
{
    (void)context;
    (void)arena;
    (void)name;
    (void)value;
    return LOOKUP_ABSENT;
}

struct opening run_opening(struct run *run)
{
    struct stack_lookups *lookups = arena_new(run->arena, struct stack_lookups);

    *lookups = (struct stack_lookups){find_parameter, find_export, run->work};
    return (struct opening){run->work->settings->region, run->work->settings->account, lookups};
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
        if (record != NULL && slice_equal(record->type, resource->type))
            opening_publish(run->stack, resource, &record->made);
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

static struct slice properties_text(struct run *run, const struct json *properties)
{
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
                                      .properties = properties_text(run, resource->made.properties),
                                      .token = run->record.token};

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

enum step run_flush(struct run *run)
{
    struct work *work = run->work;

    if (batch_is_empty(&work->batch))
        return STEP_DONE;
    enum storage_status status = storage_commit_wait(work->task->storage, &work->batch);
    begin_batch(work);
    return status == STORAGE_OK ? STEP_DONE : STEP_BROKEN;
}

enum step run_end(struct run *run)
{
    struct work *work = run->work;

    if (run->parent != NULL)
        return run_flush(run);
    batch_guard(&work->batch, stack_wishes_key(&work->written, work->root), work->wishes_seen);
    stack_end_work(&work->batch, &run->record);
    enum storage_status status = storage_commit_wait(work->task->storage, &work->batch);
    begin_batch(work);
    return status == STORAGE_OK ? STEP_DONE : status == STORAGE_CONFLICT ? STEP_STOPPED : STEP_BROKEN;
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

struct slice run_failures(const struct run *run, const char *verb)
{
    struct slice list = SLICE("");

    for (size_t i = 0; i < run->failed.count; i++)
        list = arena_printf(run->arena, "%.*s%s%.*s", SLICE_ARGS(list), i > 0 ? ", " : "",
                            SLICE_ARGS(run->failed.items[i]));
    return arena_printf(run->arena, "The following resource(s) failed to %s: [%.*s]. ", verb,
                        SLICE_ARGS(list));
}
