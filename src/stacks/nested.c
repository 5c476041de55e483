#include "stacks/nested.h"

#include "base/clock.h"
#include "deploy/intrinsics.h"
#include "deploy/properties.h"
#include "stacks/change_set.h"
#include "stacks/resource_making.h"

enum { NAME_LIMIT = 128, SUFFIX = 12 };

#define STACK_TYPE "AWS::CloudFormation::Stack"

/* ---- the type ---- */

static const char *const attributes[] = {"Outputs.*", NULL};
static const struct resource_type nested_type = {
    .name = STACK_TYPE, .properties = &kind_document, .attributes = attributes};

bool nested_is(struct slice type)
{
    return slice_is(type, STACK_TYPE);
}

void nested_adopt_type(struct resource *resource)
{
    if (nested_is(resource->type))
        resource->kind = &nested_type;
}

/* ---- what it is to be ---- */

/* A parameter's value as a text; a list's elements with commas between them. */
static bool value_text(struct arena *arena, const struct json *value, struct slice *out)
{
    struct slice element;

    if (value->type != JSON_ARRAY)
        return scalar_text(value, out);
    *out = SLICE("");
    for (size_t i = 0; i < value->array.count; i++) {
        if (!scalar_text(&value->array.items[i], &element))
            return false;
        *out = arena_printf(arena, "%.*s%s%.*s", SLICE_ARGS(*out), i > 0 ? "," : "", SLICE_ARGS(element));
    }
    return true;
}

static struct json text(struct slice slice)
{
    return (struct json){.type = JSON_STRING, .text = slice};
}

static bool read_parameters(const struct nested_source *from, struct stack_source *source)
{
    const struct json *given = json_get_present(from->properties, "Parameters");
    struct json *list = arena_new(from->arena, struct json);
    size_t count = given != NULL && given->type == JSON_OBJECT ? given->object.count : 0;

    *list = (struct json){.type = JSON_ARRAY, .array = {arena_array(from->arena, struct json, count), count}};
    for (size_t i = 0; i < count; i++) {
        const struct json_member *parameter = &given->object.members[i];
        struct json_member *members = arena_array(from->arena, struct json_member, 2);
        struct slice value;
        if (!value_text(from->arena, &parameter->value, &value))
            return problems_add(from->problems,
                                "Value of property Parameters must be an object with String (or "
                                "simple type) properties");
        members[0] = (struct json_member){SLICE("ParameterKey"), text(parameter->name)};
        members[1] = (struct json_member){SLICE("ParameterValue"), text(value)};
        list->array.items[i] = (struct json){.type = JSON_OBJECT, .object = {members, 2}};
    }
    source->parameters = list;
    return true;
}

/* Its own tags, and those of its parent's that it does not say otherwise. AWS: "Resource tag". */
static const struct json *merge_tags(const struct nested_source *from, const struct json *own)
{
    const struct json *inherited = from->parent->source.tags;
    struct json *all = arena_new(from->arena, struct json);

    *all = (struct json){.type = JSON_ARRAY};
    list_append(from->arena, all, own);
    for (size_t i = 0; i < count_of(inherited); i++) {
        const struct json one = {.type = JSON_ARRAY, .array = {&inherited->array.items[i], 1}};
        if (find_by(own, "Key", text_of(&inherited->array.items[i], "Key")) == NULL)
            list_append(from->arena, all, &one);
    }
    return count_of(all) > 0 ? all : NULL;
}

struct stack *nested_read_source(const struct nested_source *from, struct stack_record *child)
{
    struct stack_source *source = &child->source;
    const struct json *capabilities = from->parent->source.capabilities;

    *source =
        (struct stack_source){.tags = merge_tags(from, json_get_present(from->properties, "Tags")),
                              .capabilities = capabilities,
                              .notification_arns = json_get_present(from->properties, "NotificationARNs")};
    if (!read_parameters(from, source))
        return NULL;
    struct stack *stack = opening_stack(from->arena, from->opening, child, from->template, from->problems);
    if (stack == NULL)
        return NULL;
    const char *missing = opening_missing_capability(stack, capabilities);
    if (missing != NULL) {
        problems_add(from->problems, "Requires capabilities : [%s]", missing);
        return NULL;
    }
    source->parameters = opening_parameters(stack);
    source->description = text_of(stack->template, "Description");
    return stack;
}

static bool fetch(struct run *run, const struct json *properties, struct slice *template)
{
    const struct work *work = run->work;
    const struct engine_hands *hands = &work->settings->hands;
    struct slice url = text_of(properties, "TemplateURL"), problem;

    if (url.len == 0)
        return problems_add(&run->problems, "Property TemplateURL cannot be empty.");
    if (work->opened == NULL)
        return problems_add(&run->problems, "The security token included in the request is invalid");
    return hands->fetch(hands->context, work->opened, run->arena, url, template, &problem) ||
           problems_add(&run->problems, "%.*s", SLICE_ARGS(problem));
}

/* What `child` is to be made of. False: a problem was added. */
static bool read_source(struct run *run, const struct json *properties, struct stack_record *child,
                        struct slice *template)
{
    const struct opening opening = run_opening(run);

    if (!fetch(run, properties, template))
        return false;
    const struct nested_source from = {.arena = run->arena,
                                       .opening = &opening,
                                       .parent = &run->record,
                                       .properties = properties,
                                       .template = *template,
                                       .problems = &run->problems};
    return nested_read_source(&from, child) != NULL;
}

/* ---- reading ---- */

static enum step read_child(struct run *run, const struct resource_made *made, struct stack_record *child)
{
    struct version version;
    enum storage_status status =
        stack_read(run->work->task->storage, run->arena, stack_uuid(made->id), child, &version);

    return status == STORAGE_OK ? STEP_DONE : status == STORAGE_NOT_FOUND ? STEP_FAILED : STEP_BROKEN;
}

/* Whether somebody works on it who was asked for it alone: then its parent leaves it to them. None begins
 * that while its parent is in progress. */
static enum step read_own_work(struct run *run, const struct stack_record *child, bool *own)
{
    return stack_has_work(run->work->task->storage, run->arena, child->uuid, own) == STORAGE_OK ? STEP_DONE
                                                                                                : STEP_BROKEN;
}

/* Works on it, and tells what became of it. */
static enum step carry_out(struct run *run, const struct resource_made *made, struct stack_record *child)
{
    enum step step = run_carry_out(run->work, run, stack_uuid(made->id));

    return step == STEP_DONE ? read_child(run, made, child) : step;
}

/* Its outputs are its attributes. */
static void keep_outputs(struct run *run, struct resource *resource, const struct stack_record *child,
                         struct resource_made *made)
{
    struct json *values = arena_new(run->arena, struct json);
    const struct json *outputs = child->source.outputs;

    *values = (struct json){.type = JSON_OBJECT};
    making_keep_value(run->arena, values, SLICE("Ref"), child->arn);
    for (size_t i = 0; i < count_of(outputs); i++) {
        const struct json *output = &outputs->array.items[i];
        making_keep_value(run->arena, values,
                          arena_printf(run->arena, "Outputs.%.*s", SLICE_ARGS(text_of(output, "OutputKey"))),
                          text_of(output, "OutputValue"));
    }
    made->id = child->arn;
    made->values = values;
    if (resource != NULL) {
        resource->values.object.count = 0;
        opening_publish(run->stack, resource, made);
    }
}

static enum step fail_child(struct run *run, struct resource_record *record, enum stack_status status,
                            struct slice reason)
{
    run_set_resource(run, record, status, reason);
    return STEP_FAILED;
}

/* ---- making ---- */

static unsigned depth_of(const struct run *run)
{
    unsigned depth = 0;

    for (; run != NULL; run = run->parent)
        depth++;
    return depth;
}

struct slice nested_name(struct arena *arena, struct slice parent, struct slice logical)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    unsigned char random[SUFFIX];
    char suffix[SUFFIX];
    size_t room = NAME_LIMIT - SUFFIX - 2;

    random_bytes(random, sizeof(random));
    for (size_t i = 0; i < SUFFIX; i++)
        suffix[i] = letters[random[i] % (sizeof(letters) - 1)];
    if (logical.len > room / 2)
        logical.len = room / 2;
    if (parent.len > room - logical.len)
        parent.len = room - logical.len;
    return arena_printf(arena, "%.*s-%.*s-%.*s", SLICE_ARGS(parent), SLICE_ARGS(logical), SUFFIX, suffix);
}

/* What the change set that is executed has of the nested stack; NULL: nothing, or there is no change set. */
static const struct json *told_child(struct run *run, struct slice logical)
{
    struct storage *storage = run->work->task->storage;
    struct slice arn = run->record.change_set, uuid;
    struct change_set set;
    struct version version;

    if (arn.len == 0 || change_set_stack(storage, run->arena, arn, &uuid) != STORAGE_OK ||
        !slice_equal(uuid, run->record.uuid) ||
        change_set_read(storage, run->arena, uuid, change_set_name_in(arn), &set, &version) != STORAGE_OK)
        return NULL;
    return find_by(set.children, "LogicalResourceId", logical);
}

/* A new one, or the one that is under review since the change set was made. */
static struct stack_record new_child(struct run *run, struct slice logical)
{
    const struct engine_settings *settings = run->work->settings;
    const struct json *told = told_child(run, logical);
    struct stack_record child;
    struct version version;

    if (told != NULL &&
        stack_read(run->work->task->storage, run->arena, stack_uuid(text_of(told, "StackId")), &child,
                   &version) == STORAGE_OK &&
        child.status == STACK_REVIEW_IN_PROGRESS)
        child.turn++;
    else
        child = stack_new(run->arena, settings->region, settings->account,
                          nested_name(run->arena, run->record.name, logical), clock_now());
    child.change_set = text_of(told, "ChangeSetId");
    return child;
}

static void begin_child(struct run *run, struct stack_record *child, struct slice template,
                        enum stack_status status)
{
    struct batch *batch = &run->work->batch;

    child->status = status;
    child->reason = SLICE("");
    child->token = run->record.token;
    child->role = run->record.role;
    child->caller = run->record.caller;
    child->problem = SLICE("");
    child->retain = (struct texts){NULL, 0};
    child->retain_created = run->record.retain_created;
    child->policy = SLICE(""); /* its parent's is about it as a whole */
    if (template.ptr != NULL) {
        child->source.template = ++child->templates;
        stack_put_template(batch, child->uuid, child->source.template, template);
    }
    stack_put(batch, child);
    stack_put_event(batch, child);
}

/* With a change of its parent's resource, of which it is told first: the CDK's command line takes of a nested
 * stack's events those that come after its parent's. */
static enum step send_begin(struct run *run)
{
    enum step step = run_put_imports(run);

    return step == STEP_DONE ? run_flush(run) : step;
}

static enum step begin(struct run *run, struct resource_record *record)
{
    static const int64_t minute = 60 * 1000;
    const struct json *properties = record->made.properties;
    struct stack_record child = new_child(run, record->logical);
    struct slice template;

    if (depth_of(run) > NESTING_LIMIT)
        return fail_child(run, record, STACK_CREATE_FAILED, SLICE("Stacks are nested too deeply"));
    child.parent = run->record.arn;
    child.root = run->record.root.len > 0 ? run->record.root : run->record.arn;
    child.on_failure = SLICE("DO_NOTHING");
    child.action = SLICE("CreateStack");
    child.timeout = number_of(properties, "TimeoutInMinutes", 0);
    child.deadline = child.timeout > 0 ? clock_now() + child.timeout * minute : 0;
    if (!read_source(run, properties, &child, &template)) {
        record->made.properties = NULL;
        return fail_child(run, record, STACK_CREATE_FAILED, run_problem_of_stack(run));
    }
    run_set_resource(run, record, STACK_CREATE_IN_PROGRESS, SLICE(""));
    record->made.id = child.arn;
    run_put_resource(run, record);
    run_tell(run, record, child.arn, STACK_CREATE_IN_PROGRESS, SLICE("Resource creation Initiated"));
    begin_child(run, &child, template, STACK_CREATE_IN_PROGRESS);
    stack_put_name(&run->work->batch, &child);
    return send_begin(run);
}

enum step nested_make(struct run *run, struct resource *resource, struct resource_record *record, bool begun)
{
    enum step step = begun ? STEP_DONE : begin(run, record);
    struct stack_record child;

    if (step == STEP_DONE)
        step = carry_out(run, &record->made, &child);
    if (step != STEP_DONE)
        return step;
    if (child.status != STACK_CREATE_COMPLETE)
        return fail_child(run, record, STACK_CREATE_FAILED,
                          arena_printf(run->arena, "Embedded stack %.*s was not successfully created: %.*s",
                                       SLICE_ARGS(child.arn), SLICE_ARGS(child.reason)));
    keep_outputs(run, resource, &child, &record->made);
    return STEP_DONE;
}

/* ---- changing ---- */

static bool is_changed(struct run *run, const struct stack_record *child, const struct stack_record *wanted,
                       struct slice template)
{
    struct slice had;

    return stack_template(run->work->task->storage, run->arena, child->uuid, child->source.template, &had) !=
               STORAGE_OK ||
           !slice_equal(had, template) || !json_same(child->source.parameters, wanted->source.parameters) ||
           !json_same(child->source.tags, wanted->source.tags) ||
           !json_same(child->source.notification_arns, wanted->source.notification_arns);
}

static bool may_change(const struct stack_record *child)
{
    return child->status == STACK_CREATE_COMPLETE || child->status == STACK_UPDATE_COMPLETE ||
           child->status == STACK_UPDATE_ROLLBACK_COMPLETE;
}

static enum step fail_change(struct run *run, struct resource_record *record, struct slice reason)
{
    record_keep_before(record);
    if (record->status != STACK_UPDATE_IN_PROGRESS)
        run_set_resource(run, record, STACK_UPDATE_IN_PROGRESS, SLICE(""));
    return fail_child(run, record, STACK_UPDATE_FAILED, reason);
}

/* STEP_DONE with record->status not in progress: there is nothing to change. */
static enum step begin_change(struct run *run, struct resource *resource, struct resource_record *record,
                              const struct resource_made *wanted)
{
    struct stack_record child, next;
    struct slice template;
    enum step step = read_child(run, &record->made, &child);

    if (step == STEP_FAILED)
        return fail_change(run, record, SLICE("The nested stack does not exist"));
    if (step != STEP_DONE)
        return step;
    next = child;
    if (!read_source(run, wanted->properties, &next, &template))
        return fail_change(run, record, run_problem_of_stack(run));
    if (!is_changed(run, &child, &next, template)) {
        record->made.properties = wanted->properties;
        record->made.shown = wanted->shown;
        record->made.body = wanted->body;
        keep_outputs(run, resource, &child, &record->made);
        run_put_resource(run, record);
        return STEP_DONE;
    }
    if (!may_change(&child))
        return fail_change(run, record,
                           arena_printf(run->arena, "Stack:%.*s is in %s state and can not be updated.",
                                        SLICE_ARGS(child.arn), stack_status_name(child.status)));
    struct slice reason;
    if (!run_policy_allows(run, record, "Update:Modify", &reason))
        return fail_change(run, record, reason);
    next.before = child.source;
    next.source.outputs = child.source.outputs;
    next.source.imports = child.source.imports;
    next.updated = clock_now();
    next.action = SLICE("UpdateStack");
    next.turn++;
    next.change_set = text_of(told_child(run, record->logical), "ChangeSetId");
    record_keep_before(record);
    record->made.properties = wanted->properties;
    record->made.shown = wanted->shown;
    record->made.body = wanted->body;
    run_set_resource(run, record, STACK_UPDATE_IN_PROGRESS, SLICE(""));
    begin_child(run, &next, template, STACK_UPDATE_IN_PROGRESS);
    return send_begin(run);
}

enum step nested_change(struct run *run, struct resource *resource, struct resource_record *record,
                        const struct resource_made *wanted, bool begun)
{
    enum step step = begun ? STEP_DONE : begin_change(run, resource, record, wanted);
    struct stack_record child;

    if (step != STEP_DONE || record->status != STACK_UPDATE_IN_PROGRESS)
        return step;
    step = carry_out(run, &record->made, &child);
    if (step != STEP_DONE)
        return step;
    if (child.status != STACK_UPDATE_COMPLETE_CLEANUP_IN_PROGRESS && child.status != STACK_UPDATE_COMPLETE)
        return fail_child(
            run, record, STACK_UPDATE_FAILED,
            arena_printf(run->arena,
                         "Embedded stack %.*s was not successfully updated. Currently in %s with "
                         "reason: %.*s",
                         SLICE_ARGS(child.arn), stack_status_name(child.status), SLICE_ARGS(child.problem)));
    keep_outputs(run, resource, &child, &record->made);
    run_set_resource(run, record, STACK_UPDATE_COMPLETE, SLICE(""));
    return STEP_DONE;
}

/* ---- bringing back ---- */

/* AWS: ResourcesToSkip names those of a nested stack "STACK-NAME.LogicalId". */
static struct texts skipped_of(struct run *run, const struct stack_record *child)
{
    const struct texts *all = &run->record.retain;
    struct texts own = {NULL, 0};

    for (size_t i = 0; i < all->count; i++) {
        struct slice text = all->items[i];
        const char *dot = text.len == 0 ? NULL : memchr(text.ptr, '.', text.len);
        if (dot == NULL)
            continue;
        /* What is nested deeper is handed down as it is. */
        bool is_own = slice_equal((struct slice){text.ptr, (size_t)(dot - text.ptr)}, child->name);
        texts_add(run->arena, &own, is_own ? slice_skip(text, (size_t)(dot - text.ptr) + 1) : text);
    }
    return own;
}

enum step nested_restore(struct run *run, struct resource_record *record)
{
    struct stack_record child;
    bool own = false;
    enum step step = read_child(run, &record->made, &child);

    if (step == STEP_DONE)
        step = read_own_work(run, &child, &own);
    if (step != STEP_DONE || own)
        return step == STEP_FAILED ? STEP_DONE : step; /* it is gone, or was not changed */
    switch (child.status) {
    case STACK_UPDATE_IN_PROGRESS:
    case STACK_UPDATE_COMPLETE_CLEANUP_IN_PROGRESS:
    case STACK_UPDATE_FAILED:
    case STACK_UPDATE_ROLLBACK_FAILED:
        child.retain = skipped_of(run, &child);
        child.status = STACK_UPDATE_ROLLBACK_IN_PROGRESS;
        child.reason = SLICE("");
        stack_put(&run->work->batch, &child);
        stack_put_event(&run->work->batch, &child);
        step = run_flush(run);
        break;
    case STACK_UPDATE_ROLLBACK_IN_PROGRESS:
        break;
    default:
        return STEP_DONE; /* nothing of it was changed */
    }
    if (step == STEP_DONE)
        step = carry_out(run, &record->made, &child);
    if (step == STEP_DONE && child.status == STACK_UPDATE_ROLLBACK_FAILED)
        return fail_child(run, record, STACK_UPDATE_FAILED,
                          arena_printf(run->arena,
                                       "Embedded stack %.*s was not successfully updated. Currently "
                                       "in UPDATE_ROLLBACK_FAILED with reason: %.*s",
                                       SLICE_ARGS(child.arn), SLICE_ARGS(child.reason)));
    return step;
}

enum step nested_clean_up(struct run *run, const struct resource_record *record)
{
    struct stack_record child;
    bool own = false;
    enum step step = read_child(run, &record->made, &child);

    if (step == STEP_DONE)
        step = read_own_work(run, &child, &own);
    if (step != STEP_DONE || own)
        return step == STEP_FAILED ? STEP_DONE : step;
    if (child.status != STACK_UPDATE_COMPLETE_CLEANUP_IN_PROGRESS &&
        child.status != STACK_UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS)
        return STEP_DONE;
    return carry_out(run, &record->made, &child);
}

/* ---- removing ---- */

enum step nested_remove(struct run *run, const struct resource_made *made, struct slice *reason)
{
    struct stack_record child;
    bool own = false;
    enum step step = made->id.len == 0 ? STEP_FAILED : read_child(run, made, &child);

    if (step == STEP_DONE)
        step = read_own_work(run, &child, &own);
    if (step != STEP_DONE)
        return step == STEP_FAILED ? STEP_DONE : step; /* there is none */
    if (child.status == STACK_DELETE_COMPLETE)
        return STEP_DONE;
    if (own) {
        *reason = arena_printf(run->arena, "Stack [%.*s] cannot be deleted while in status %s",
                               SLICE_ARGS(child.arn), stack_status_name(child.status));
        return STEP_FAILED;
    }
    if (child.status != STACK_DELETE_IN_PROGRESS) {
        child.turn++;
        child.action = SLICE("DeleteStack");
        child.force = run->record.force;
        begin_child(run, &child, (struct slice){NULL, 0}, STACK_DELETE_IN_PROGRESS);
        step = run_flush(run);
    }
    if (step == STEP_DONE)
        step = carry_out(run, made, &child);
    if (step != STEP_DONE || child.status == STACK_DELETE_COMPLETE)
        return step;
    *reason = arena_printf(run->arena, "Embedded stack %.*s was not successfully deleted: %.*s",
                           SLICE_ARGS(child.arn), SLICE_ARGS(child.reason));
    return STEP_FAILED;
}
