/* CreateChangeSet. AWS: API_CreateChangeSet. */
#include "base/clock.h"
#include "deploy/intrinsics.h"
#include "deploy/making.h"
#include "deploy/template.h"
#include "services/cloudformation/adopting.h"
#include "services/cloudformation/beginning.h"
#include "services/cloudformation/change_set_input.h"
#include "services/cloudformation/creation.h"
#include "services/cloudformation/handlers.h"
#include "services/cloudformation/input.h"
#include "services/cloudformation/source.h"
#include "services/cloudformation/template_source.h"
#include "services/cloudformation/update.h"
#include "services/storage_failure.h"
#include "stacks/changes.h"
#include "stacks/event.h"
#include "stacks/nested.h"
#include "stacks/opening.h"

static const char *const types[] = {"CREATE", "UPDATE", "IMPORT", NULL};
static const struct shape type_shape = {.kind = SHAPE_STRING, .words = types};
static const struct shape description_shape = {
    .kind = SHAPE_STRING, .min = 1, .max = 1024, .in_characters = true};
static const char *const modes[] = {"REVERT_DRIFT", NULL};
static const struct shape mode_shape = {.kind = SHAPE_STRING, .words = modes};
static const struct shape_entry members[] = {{"StackName", &stack_name_shape, true},
                                             {"TemplateBody", &template_body_shape, false},
                                             {"TemplateURL", &template_url_shape, false},
                                             {"UsePreviousTemplate", &shape_boolean_value, false},
                                             {"Parameters", &stack_parameters_shape, false},
                                             {"Capabilities", &stack_capabilities_shape, false},
                                             {"ResourceTypes", &shape_string_list, false},
                                             {"RoleARN", &stack_role_shape, false},
                                             {"RollbackConfiguration", &stack_rollback_shape, false},
                                             {"NotificationARNs", &stack_arns_shape, false},
                                             {"Tags", &stack_tags_shape, false},
                                             {"ChangeSetName", &change_set_new_name_shape, true},
                                             {"ClientToken", &stack_token_shape, false},
                                             {"Description", &description_shape, false},
                                             {"ChangeSetType", &type_shape, false},
                                             {"ResourcesToImport", &adopting_resources_shape, false},
                                             {"IncludeNestedStacks", &shape_boolean_value, false},
                                             {"OnStackFailure", &stack_on_failure_shape, false},
                                             {"ImportExistingResources", &shape_boolean_value, false},
                                             {"DeploymentMode", &mode_shape, false},
                                             {"DeploymentConfig", &stack_deployment_shape, false},
                                             {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

#define NO_CHANGES                                                                                           \
    "The submitted information didn't contain changes. Submit different information to create a change set."

/* ---- the stack ---- */

static bool is_of_new_stack(const struct request *request)
{
    return slice_is(shape_text(request->body, "ChangeSetType"), "CREATE");
}

static bool is_import(const struct request *request)
{
    return slice_is(shape_text(request->body, "ChangeSetType"), "IMPORT");
}

static bool refuse_existing(struct request *request, struct slice name)
{
    return fail(&request->failure, ERROR_VALIDATION,
                "Stack [%.*s] already exists and cannot be created again with the changeSet [%.*s].",
                SLICE_ARGS(name), SLICE_ARGS(shape_text(request->body, "ChangeSetName")));
}

static bool begin_review(struct request *request, struct creation *creation)
{
    struct slice name = shape_text(request->body, "StackName");
    struct stored held;

    if (slice_starts_with(name, SLICE("arn:")))
        return fail(&request->failure, ERROR_VALIDATION, NO_STACK, SLICE_ARGS(name));
    enum storage_status status =
        storage_get(request->server->storage, NULL, stack_name_key(request->arena, name), &held);
    creation->version = held.version;
    stored_release(&held);
    if (status == STORAGE_OK) /* since it was looked for */
        return refuse_existing(request, name);
    if (status != STORAGE_NOT_FOUND)
        return storage_failure(&request->failure, status);
    creation->is_new = true;
    creation->stack =
        stack_new(request->arena, request->server->region, request->server->account_id, name, clock_now());
    creation->stack.status = STACK_REVIEW_IN_PROGRESS;
    creation->stack.reason = SLICE("User Initiated");
    return true;
}

static bool find_stack(struct request *request, struct creation *creation)
{
    struct slice name = shape_text(request->body, "StackName");
    enum storage_status status =
        stack_find(request->server->storage, request->arena, name, &creation->stack, &creation->version);

    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return storage_failure(&request->failure, status);
    if (status == STORAGE_NOT_FOUND)
        return is_of_new_stack(request) || is_import(request)
                   ? begin_review(request, creation)
                   : fail(&request->failure, ERROR_VALIDATION, NO_STACK, SLICE_ARGS(name));
    bool under_review = creation->stack.status == STACK_REVIEW_IN_PROGRESS;
    if (is_import(request))
        return under_review || stack_may_import(request, &creation->stack);
    if (!is_of_new_stack(request))
        return stack_may_be_updated(request, &creation->stack);
    return under_review || refuse_existing(request, creation->stack.name);
}

/* ---- the name ---- */

static bool answer(struct request *request, const struct change_set *set, const struct stack_record *stack)
{
    bool first = true;

    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first, "Id", set->arn);
    json_write_string_member(request->out, &first, "StackId", stack->arn);
    buffer_append_byte(request->out, '}');
    return true;
}

/* What the stack has gone on from makes room. */
static enum storage_status drop_outlived(struct request *request, const struct creation *creation,
                                         const struct change_set *sets, size_t *count)
{
    enum storage_status status = STORAGE_OK;
    size_t kept = 0;

    for (size_t i = 0; status == STORAGE_OK && i < *count; i++) {
        if (change_set_execution(&sets[i], &creation->stack) == NULL)
            status = change_set_delete(request->server->storage, &request->batch, &sets[i]);
        else
            kept++;
    }
    *count = kept;
    return status;
}

/* A name is free, or it is of the change set that this very request has made. */
static bool check_name(struct request *request, struct creation *creation, bool *repeated)
{
    struct change_set *sets = arena_array(request->arena, struct change_set, CHANGE_SETS_LIMIT);
    struct slice name = shape_text(request->body, "ChangeSetName"),
                 token = shape_text(request->body, "ClientToken");
    struct storage *storage = request->server->storage;
    struct change_set there;
    size_t count = 0;
    enum storage_status status =
        change_set_read(storage, request->arena, creation->stack.uuid, name, &there, &creation->set_version);

    *repeated = false;
    if (status == STORAGE_OK && change_set_execution(&there, &creation->stack) != NULL) {
        *repeated = token.len > 0 && slice_equal(token, there.token);
        return *repeated ? answer(request, &there, &creation->stack)
                         : fail(&request->failure, ERROR_STACK_ALREADY_EXISTS,
                                "ChangeSet %.*s already exists", SLICE_ARGS(name));
    }
    if (status == STORAGE_OK || status == STORAGE_NOT_FOUND)
        status = change_sets_list(storage, request->arena, creation->stack.uuid, sets, &count);
    if (status == STORAGE_OK)
        status = drop_outlived(request, creation, sets, &count);
    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    return count < CHANGE_SETS_LIMIT ||
           fail(&request->failure, ERROR_CHANGE_SETS_EXCEEDED,
                "The stack has %d change sets, and cannot have more.", CHANGE_SETS_LIMIT);
}

/* ---- what it is to be ---- */

static bool read_settings(struct request *request, struct creation *creation)
{
    struct change_set *set = &creation->set;

    *set = change_set_new(request->arena, request->server->region, request->server->account_id,
                          &creation->stack, shape_text(request->body, "ChangeSetName"), clock_now());
    set->of_new_stack = creation->stack.status == STACK_REVIEW_IN_PROGRESS;
    set->adopts = is_import(request);
    set->description = shape_text(request->body, "Description");
    set->token = shape_text(request->body, "ClientToken");
    set->role = shape_text(request->body, "RoleARN");
    set->on_failure = shape_text(request->body, "OnStackFailure");
    set->nested = shape_boolean(request->body, "IncludeNestedStacks", false);
    set->import = shape_boolean(request->body, "ImportExistingResources", false);
    if (set->of_new_stack && shape_boolean(request->body, "UsePreviousTemplate", false))
        return fail(&request->failure, ERROR_VALIDATION,
                    "UsePreviousTemplate cannot be specified for a stack that is to be created");
    return is_of_new_stack(request) || !slice_is(set->on_failure, "DELETE") ||
           fail(&request->failure, ERROR_VALIDATION,
                "OnStackFailure DELETE is only valid with a change set of type CREATE.");
}

bool creation_read_stack(struct request *request, struct creation *creation)
{
    struct storage *storage = request->server->storage;
    enum storage_status status =
        resource_records_read(storage, request->arena, creation->stack.uuid, &creation->resources);

    if (status == STORAGE_OK && creation->stack.source.template > 0)
        status = stack_template(storage, request->arena, creation->stack.uuid,
                                creation->stack.source.template, &creation->before);
    return status == STORAGE_OK || storage_failure(&request->failure, status);
}

/* ---- what would change ---- */

void creation_publish(const struct resource_records *records, struct stack *stack)
{
    for (size_t i = 0; i < stack->resource_count; i++) {
        struct resource *resource = &stack->resources[i];
        const struct resource_record *record = resource_record_find(records, resource->id);
        nested_adopt_type(resource);
        if (record != NULL && record->made.id.len > 0 && record->status != STACK_DELETE_COMPLETE &&
            record->status != STACK_DELETE_SKIPPED && slice_equal(record->type, resource->type))
            opening_publish(stack, resource, &record->made);
    }
}

/* Whether an output has another value; one whose value is not known yet depends on a resource that changes.
 */
static bool output_differs(struct stack *stack, const struct stack_source *was,
                           const struct json_member *output)
{
    const struct json *before = find_by(was->outputs, "OutputKey", output->name);
    struct slice reason;
    struct json value;

    if (stack_evaluate(stack, json_get(&output->value, "Value"), &value, &reason) != RESOLVED)
        return false;
    return before == NULL || !json_same(json_get(before, "OutputValue"), &value);
}

static bool outputs_differ(struct stack *stack, const struct json *before, const struct stack_source *was)
{
    const struct json *outputs = json_get(stack->template, "Outputs");
    size_t there = 0;

    if (!json_same(json_get(before, "Outputs"), json_get(stack->written, "Outputs")))
        return true;
    for (size_t i = 0; outputs != NULL && i < outputs->object.count; i++) {
        if (!stack_has_output(stack, &outputs->object.members[i].value))
            continue;
        there++;
        if (output_differs(stack, was, &outputs->object.members[i]))
            return true;
    }
    return there != count_of(was->outputs);
}

/* What the stack's template is, read; NULL: it has none. */
static const struct json *template_before(struct request *request, const struct creation *creation)
{
    const struct json *before = NULL;
    struct slice problem;

    return creation->before.len > 0 && template_parse(request->arena, creation->before, &before, &problem)
               ? before
               : NULL;
}

struct changes creation_find_changes(struct request *request, struct creation *creation, struct stack *stack)
{
    const struct stack_source *was = &creation->stack.source, *becomes = &creation->set.source;
    const struct json *before = template_before(request, creation);

    const struct changes_question question = {.arena = request->arena,
                                              .stack = stack,
                                              .records = &creation->resources,
                                              .before = before,
                                              .was = was,
                                              .becomes = becomes,
                                              .children = creation->set.children,
                                              .the_same = &creation->the_same,
                                              .adopted = becomes->adopted};
    struct changes changes = changes_find(&question);
    bool any = creation->set.of_new_stack || changes.count > 0 || outputs_differ(stack, before, was) ||
               !json_same(was->notification_arns, becomes->notification_arns);
    creation->set.status = any ? SLICE("CREATE_COMPLETE") : SLICE("FAILED");
    creation->set.reason = any ? SLICE("") : SLICE(NO_CHANGES);
    return changes;
}

/* ---- the operation ---- */

static bool check_type(struct request *request)
{
    bool named = stack_list(request->body, "ResourcesToImport") != NULL;

    if (is_import(request) && shape_boolean(request->body, "ImportExistingResources", false))
        return fail(&request->failure, ERROR_VALIDATION,
                    "ImportExistingResources is not valid with a change set of type IMPORT.");
    if (is_import(request) && !named)
        return fail(&request->failure, ERROR_VALIDATION,
                    "ResourcesToImport must be specified for a change set of type IMPORT.");
    if (is_import(request) && shape_boolean(request->body, "IncludeNestedStacks", false))
        return fail(&request->failure, ERROR_VALIDATION,
                    "IncludeNestedStacks is not valid with a change set of type IMPORT.");
    return is_import(request) || !named ||
           fail(&request->failure, ERROR_VALIDATION,
                "ResourcesToImport is only valid with a change set of type IMPORT.");
}

/* What is taken into the stack of what is there already. */
static bool read_adopted(struct request *request, struct creation *creation, struct stack *stack)
{
    const struct json **out = &creation->set.source.adopted;

    if (creation->set.adopts)
        return adopting_named(request, &creation->resources, stack, out);
    return !creation->set.import || adopting_existing(request, &creation->resources, stack, out);
}

/* AWS: an import changes nothing else of a stack. */
static bool check_import(struct request *request, const struct creation *creation, struct stack *stack,
                         const struct changes *changes)
{
    const struct json *before = template_before(request, creation);

    if (!creation->set.adopts)
        return true;
    if (!json_same(json_get(before, "Outputs"), json_get(stack->written, "Outputs")))
        return fail(&request->failure, ERROR_VALIDATION,
                    "As part of the import operation, you cannot modify or add [Outputs]");
    return changes->changed.len == 0 ||
           fail(&request->failure, ERROR_VALIDATION,
                "You have modified resources [%.*s] in your template that are not being imported. Update, "
                "create or delete operations cannot be executed during import operations.",
                SLICE_ARGS(changes->changed));
}

/* What cannot be taken in, or worked out of a nested stack, makes the change set fail. */
static bool settle(struct request *request, struct creation *creation, struct stack *stack)
{
    struct change_set *set = &creation->set;
    struct slice problem;

    if (!adopting_problem(request, stack, set->source.adopted, set->import, &problem))
        return false;
    if (problem.len == 0)
        problem = creation->problem;
    if (problem.len > 0) {
        set->status = SLICE("FAILED");
        set->reason = problem;
    }
    return true;
}

/* A stack that is new, or that another request may change meanwhile, is guarded; so is the name. */
void creation_put(struct request *request, const struct creation *creation, struct slice changes)
{
    struct batch *batch = &request->batch;

    if (creation->is_new) {
        batch_guard(batch, stack_name_key(request->arena, creation->stack.name), creation->version);
        stack_put(batch, &creation->stack);
        stack_put_name(batch, &creation->stack);
        stack_put_event(batch, &creation->stack);
    } else {
        batch_guard(batch, stack_key(request->arena, creation->stack.uuid), creation->version);
    }
    batch_guard(batch, change_set_key(request->arena, creation->stack.uuid, creation->set.name),
                creation->set_version);
    change_set_put(batch, &creation->set);
    change_set_put_texts(batch, &creation->set, creation->template, changes);
}

bool create_change_set(struct request *request)
{
    struct creation creation = {.before = SLICE("")};
    struct stack *stack;
    bool repeated;

    if (!stack_input_accepts(request, &input) || !check_type(request) || !find_stack(request, &creation) ||
        !check_name(request, &creation, &repeated))
        return false;
    if (repeated)
        return true;
    if (!read_settings(request, &creation) || !creation_read_stack(request, &creation) ||
        !update_template(request, creation.before, &creation.template))
        return false;
    struct stack_record wanted = creation.stack;
    const struct stack_source *was = creation.stack.source.template > 0 ? &creation.stack.source : NULL;
    if (!stack_source_read(request, creation.template, was, &wanted, &stack) ||
        !update_keeps_types(request, &creation.resources, stack))
        return false;
    creation.set.source = wanted.source;
    if (!read_adopted(request, &creation, stack) ||
        (creation.set.nested && !creation_nest(request, &creation, stack)))
        return false;
    struct changes changes = creation_find_changes(request, &creation, stack);
    if (!check_import(request, &creation, stack, &changes) || !settle(request, &creation, stack))
        return false;
    creation_put(request, &creation, changes.text);
    return answer(request, &creation.set, &creation.stack);
}
