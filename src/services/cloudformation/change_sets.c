/* DescribeChangeSet, ListChangeSets, DeleteChangeSet, DescribeChangeSetHooks. AWS: API_DescribeChangeSet,
 * API_ListChangeSets, API_DeleteChangeSet, API_DescribeChangeSetHooks. */
#include <stdlib.h>

#include "base/characters.h"
#include "base/digits.h"
#include "deploy/making.h"
#include "services/cloudformation/change_set_input.h"
#include "services/cloudformation/handlers.h"
#include "services/cloudformation/input.h"
#include "services/storage_failure.h"

enum { NAME_LIMIT = 128, ARN_LIMIT = 1600, PAGE = 100, CHANGES_DEPTH = 32 };

/* ---- which one ---- */

static bool is_name_or_arn(struct slice text)
{
    return stack_is_name(text) || stack_is_arn(text, "-:/");
}

const struct shape change_set_new_name_shape = {.kind = SHAPE_STRING,
                                                .min = 1,
                                                .max = NAME_LIMIT,
                                                .matches = stack_is_name,
                                                .pattern = "[a-zA-Z][-a-zA-Z0-9]*"};
const struct shape change_set_name_shape = {.kind = SHAPE_STRING,
                                            .min = 1,
                                            .max = ARN_LIMIT,
                                            .matches = is_name_or_arn,
                                            .pattern = "[a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/]*"};

bool change_set_is_absent(struct request *request)
{
    return fail(&request->failure, ERROR_CHANGE_SET_NOT_FOUND, "ChangeSet [%.*s] does not exist",
                SLICE_ARGS(shape_text(request->body, "ChangeSetName")));
}

bool change_set_is_root(struct request *request, const struct change_set *set)
{
    return set->root.len == 0 ||
           fail(&request->failure, ERROR_VALIDATION,
                "ChangeSet [%.*s] is of a nested stack: the operation is only allowed on the root change set "
                "[%.*s]",
                SLICE_ARGS(set->arn), SLICE_ARGS(set->root));
}

/* The stack of the change set with this ARN; or the one that is named. */
static bool find_stack(struct request *request, struct slice name, struct found_change_set *out)
{
    struct storage *storage = request->server->storage;
    struct slice stack = shape_text(request->body, "StackName"), uuid;

    if (!slice_starts_with(name, SLICE("arn:")))
        return stack.len > 0
                   ? stack_named(request, stack, NO_STACK, &out->stack, &out->stack_version)
                   : fail(&request->failure, ERROR_VALIDATION,
                          "StackName must be specified if ChangeSetName is not specified as an ARN.");
    if (stack.len > 0 && !stack_named(request, stack, NO_STACK, &out->stack, &out->stack_version))
        return false;
    enum storage_status status = change_set_stack(storage, request->arena, name, &uuid);
    if (status == STORAGE_OK)
        status = stack_read(storage, request->arena, uuid, &out->stack, &out->stack_version);
    if (status == STORAGE_NOT_FOUND)
        return change_set_is_absent(request);
    return status == STORAGE_OK || storage_failure(&request->failure, status);
}

bool change_set_of_request(struct request *request, struct found_change_set *out)
{
    struct slice name = shape_text(request->body, "ChangeSetName"), arn = name;
    bool by_arn = slice_starts_with(name, SLICE("arn:"));

    *out = (struct found_change_set){.exists = false};
    if (!find_stack(request, name, out))
        return false;
    if (by_arn)
        name = change_set_name_in(arn);
    enum storage_status status = change_set_read(request->server->storage, request->arena, out->stack.uuid,
                                                 name, &out->set, &out->version);
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return storage_failure(&request->failure, status);
    out->exists = status == STORAGE_OK && (!by_arn || slice_equal(arn, out->set.arn)) &&
                  change_set_execution(&out->set, &out->stack) != NULL;
    return true;
}

/* ---- telling of one ---- */

static void write_flag(struct buffer *out, bool *first, const char *name, bool flag)
{
    json_write_name(out, first, name);
    buffer_append_string(out, flag ? "true" : "false");
}

/* What DescribeChangeSet and ListChangeSets both tell. */
static void write_common(struct request *request, bool *first, const struct change_set *set,
                         const struct stack_record *stack)
{
    struct buffer *out = request->out;

    json_write_string_member(out, first, "StackId", stack->arn);
    json_write_string_member(out, first, "StackName", stack->name);
    json_write_string_member(out, first, "ChangeSetId", set->arn);
    json_write_string_member(out, first, "ChangeSetName", set->name);
    json_write_string_member(out, first, "Status", set->status);
    stack_write_text(out, first, "StatusReason", set->reason);
    json_write_string_member(out, first, "ExecutionStatus", slice_of(change_set_execution(set, stack)));
    stack_write_time(out, first, request->arena, "CreationTime", set->created);
    stack_write_text(out, first, "Description", set->description);
    write_flag(out, first, "IncludeNestedStacks", set->nested);
    stack_write_text(out, first, "ParentChangeSetId", set->parent);
    stack_write_text(out, first, "RootChangeSetId", set->root);
    if (set->import)
        write_flag(out, first, "ImportExistingResources", true);
}

static void write_value(struct buffer *out, bool *first, const char *name, const struct json *value)
{
    if (value == NULL)
        return;
    json_write_name(out, first, name);
    json_write_value(out, value);
}

/* ---- changes ---- */

/* Without what is told to those alone who ask for values. */
static void write_shown(struct buffer *out, const struct json *value, bool values)
{
    static const char *const hidden[] = {"BeforeContext", "AfterContext", "BeforeValue",
                                         "AfterValue",    "Path",         "AttributeChangeType"};
    bool first = true;

    if (values || (value->type != JSON_OBJECT && value->type != JSON_ARRAY)) {
        json_write_value(out, value);
        return;
    }
    if (value->type == JSON_ARRAY) {
        buffer_append_byte(out, '[');
        for (size_t i = 0; i < value->array.count; i++) {
            buffer_append_string(out, i > 0 ? "," : "");
            write_shown(out, &value->array.items[i], false);
        }
        buffer_append_byte(out, ']');
        return;
    }
    buffer_append_byte(out, '{');
    for (size_t i = 0; i < value->object.count; i++) {
        const struct json_member *member = &value->object.members[i];
        bool shown = true;
        for (size_t j = 0; shown && j < sizeof(hidden) / sizeof(hidden[0]); j++)
            shown = !slice_is(member->name, hidden[j]);
        if (!shown)
            continue;
        buffer_append_string(out, first ? "" : ",");
        first = false;
        json_write_string(out, member->name);
        buffer_append_byte(out, ':');
        write_shown(out, &member->value, false);
    }
    buffer_append_byte(out, '}');
}

/* From the place in NextToken on. */
static bool write_changes(struct request *request, bool *first, const struct json *changes)
{
    bool values = shape_boolean(request->body, "IncludePropertyValues", false);
    struct slice token = shape_text(request->body, "NextToken");
    uint64_t at = 0;

    if (token.len > 0 && (!digits_parse(token, 10, changes->array.count, &at) || at == 0))
        return fail(&request->failure, ERROR_VALIDATION, "NextToken is not valid");
    json_write_name(request->out, first, "Changes");
    buffer_append_byte(request->out, '[');
    size_t end = changes->array.count - at > PAGE ? at + PAGE : changes->array.count;
    for (size_t i = at; i < end; i++) {
        buffer_append_string(request->out, i > at ? "," : "");
        write_shown(request->out, &changes->array.items[i], values);
    }
    buffer_append_byte(request->out, ']');
    if (end < changes->array.count)
        json_write_string_member(request->out, first, "NextToken", arena_printf(request->arena, "%zu", end));
    return true;
}

/* ---- DescribeChangeSet ---- */

static const struct shape_entry describe_members[] = {{"ChangeSetName", &change_set_name_shape, true},
                                                      {"StackName", &stack_name_shape, false},
                                                      {"NextToken", &stack_next_token_shape, false},
                                                      {"IncludePropertyValues", &shape_boolean_value, false},
                                                      {0}};
static const struct shape describe_input = {.kind = SHAPE_STRUCTURE, .members = describe_members};

static bool read_changes(struct request *request, const struct change_set *set, const struct json **out)
{
    struct slice text;
    enum storage_status status = change_set_changes(request->server->storage, request->arena, set, &text);

    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    return (json_parse(request->arena, text, CHANGES_DEPTH, out) == JSON_OK && (*out)->type == JSON_ARRAY) ||
           storage_failure(&request->failure, STORAGE_CORRUPT);
}

bool describe_change_set(struct request *request)
{
    struct found_change_set found;
    const struct json *changes;
    bool first = true;

    if (!stack_input_accepts(request, &describe_input) || !change_set_of_request(request, &found))
        return false;
    if (!found.exists)
        return change_set_is_absent(request);
    if (!read_changes(request, &found.set, &changes))
        return false;
    const struct stack_source *source = &found.set.source;
    buffer_append_byte(request->out, '{');
    write_common(request, &first, &found.set, &found.stack);
    stack_write_parameters(request->out, &first, source->parameters);
    json_write_name(request->out, &first, "RollbackConfiguration");
    buffer_append_string(request->out, "{}");
    write_value(request->out, &first, "NotificationARNs", source->notification_arns);
    write_value(request->out, &first, "Capabilities", source->capabilities);
    write_value(request->out, &first, "Tags", source->tags);
    stack_write_text(request->out, &first, "OnStackFailure", found.set.on_failure);
    if (!write_changes(request, &first, changes))
        return false;
    buffer_append_byte(request->out, '}');
    return true;
}

/* ---- ListChangeSets ---- */

static const struct shape_entry list_members[] = {
    {"StackName", &stack_name_shape, true}, {"NextToken", &stack_next_token_shape, false}, {0}};
static const struct shape list_input = {.kind = SHAPE_STRUCTURE, .members = list_members};

static int newest_first(const void *one, const void *other)
{
    const struct change_set *a = one, *b = other;

    return (b->created > a->created) - (b->created < a->created);
}

bool list_change_sets(struct request *request)
{
    struct change_set *sets = arena_array(request->arena, struct change_set, CHANGE_SETS_LIMIT);
    struct stack_record stack;
    struct version version;
    bool first_set = true;
    size_t count;

    if (!stack_input_accepts(request, &list_input) || !stack_of_request(request, NO_STACK, &stack, &version))
        return false;
    enum storage_status status =
        change_sets_list(request->server->storage, request->arena, stack.uuid, sets, &count);
    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    if (count > 1)
        qsort(sets, count, sizeof(sets[0]), newest_first);
    buffer_append_string(request->out, "{\"Summaries\":[");
    for (size_t i = 0; i < count; i++) {
        bool first = true;
        if (change_set_execution(&sets[i], &stack) == NULL)
            continue;
        buffer_append_string(request->out, first_set ? "{" : ",{");
        first_set = false;
        write_common(request, &first, &sets[i], &stack);
        buffer_append_byte(request->out, '}');
    }
    buffer_append_string(request->out, "]}");
    return true;
}

/* ---- DeleteChangeSet ---- */

static const struct shape_entry delete_members[] = {
    {"ChangeSetName", &change_set_name_shape, true}, {"StackName", &stack_name_shape, false}, {0}};
static const struct shape delete_input = {.kind = SHAPE_STRUCTURE, .members = delete_members};

/* One that is not there is as good as deleted. */
bool delete_change_set(struct request *request)
{
    struct found_change_set found;

    if (!stack_input_accepts(request, &delete_input))
        return false;
    buffer_append_string(request->out, "{}");
    if (!change_set_of_request(request, &found)) {
        bool absent = request->failure.code == ERROR_CHANGE_SET_NOT_FOUND;
        if (absent)
            failure_init(&request->failure, request->arena);
        return absent;
    }
    if (!found.exists)
        return true;
    if (strcmp(change_set_execution(&found.set, &found.stack), "EXECUTE_IN_PROGRESS") == 0)
        return fail(&request->failure, ERROR_INVALID_CHANGE_SET_STATUS,
                    "An operation on this ChangeSet is currently in progress.");
    if (!change_set_is_root(request, &found.set))
        return false;
    batch_guard(&request->batch, change_set_key(request->arena, found.stack.uuid, found.set.name),
                found.version);
    enum storage_status status = change_set_delete(request->server->storage, &request->batch, &found.set);
    return status == STORAGE_OK || storage_failure(&request->failure, status);
}

/* ---- DescribeChangeSetHooks ---- */

static const struct shape_entry hooks_members[] = {{"ChangeSetName", &change_set_name_shape, true},
                                                   {"StackName", &stack_name_shape, false},
                                                   {"NextToken", &stack_next_token_shape, false},
                                                   {"LogicalResourceId", &stack_logical_id_shape, false},
                                                   {0}};
static const struct shape hooks_input = {.kind = SHAPE_STRUCTURE, .members = hooks_members};

bool describe_change_set_hooks(struct request *request)
{
    struct found_change_set found;
    bool first = true;

    if (!stack_input_accepts(request, &hooks_input) || !change_set_of_request(request, &found))
        return false;
    if (!found.exists)
        return change_set_is_absent(request);
    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first, "ChangeSetId", found.set.arn);
    json_write_string_member(request->out, &first, "ChangeSetName", found.set.name);
    json_write_string_member(request->out, &first, "StackId", found.stack.arn);
    json_write_string_member(request->out, &first, "StackName", found.stack.name);
    json_write_string_member(request->out, &first, "Status", SLICE("PLANNED"));
    buffer_append_string(request->out, ",\"Hooks\":[]}");
    return true;
}
