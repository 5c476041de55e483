/*
 * UpdateTimeToLive and DescribeTimeToLive: which attribute tells when an item expires. The items that are
 * there already are entered behind the answer, and what has expired is removed (catalog/expiry.h). AWS: API
 * reference, UpdateTimeToLive.
 */
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/table_change.h"
#include "services/dynamodb/table_description.h"

enum { ATTRIBUTE_NAME_LIMIT = 255 };

static const struct shape attribute_name = {.kind = SHAPE_STRING, .min = 1, .max = ATTRIBUTE_NAME_LIMIT};
static const struct shape_entry specification_members[] = {
    {"AttributeName", &attribute_name, true}, {"Enabled", &shape_boolean_value, true}, {0}};
static const struct shape specification = {.kind = SHAPE_STRUCTURE, .members = specification_members};
static const struct shape_entry update_members[] = {
    {"TimeToLiveSpecification", &specification, true}, {"TableName", &input_table_name, true}, {0}};
static const struct shape update_input = {.kind = SHAPE_STRUCTURE, .members = update_members};
static const struct shape_entry describe_members[] = {{"TableName", &input_table_name, true}, {0}};
static const struct shape describe_input = {.kind = SHAPE_STRUCTURE, .members = describe_members};

static bool check_change(struct request *request, const struct time_to_live *now, struct slice attribute,
                         bool enable)
{
    struct failure *failure = &request->failure;

    if (now->status == TTL_ENABLING || now->status == TTL_DISABLING)
        return fail(failure, ERROR_VALIDATION,
                    "Time to live has been modified multiple times within a fixed interval");
    if (now->status == TTL_DISABLED)
        return enable || fail(failure, ERROR_VALIDATION, "TimeToLive is already disabled");
    if (!slice_equal(now->attribute, attribute))
        return fail(failure, ERROR_VALIDATION,
                    "TimeToLive is active on a different AttributeName: current AttributeName is %.*s",
                    SLICE_ARGS(now->attribute));
    return !enable || fail(failure, ERROR_VALIDATION, "TimeToLive is already enabled");
}

bool update_time_to_live(struct request *request)
{
    if (!input_accepts(request, &update_input) || !input_find_made_table(request))
        return false;
    const struct json *wanted = shape_member(request->body, "TimeToLiveSpecification");
    struct slice attribute = shape_text(wanted, "AttributeName");
    bool enable = shape_boolean(wanted, "Enabled", false), first = true;
    if (!check_change(request, &request->table->time_to_live, attribute, enable))
        return false;
    struct table *draft = table_clone(request->table);
    draft->time_to_live.status = enable ? TTL_ENABLING : TTL_DISABLING;
    draft->time_to_live.attribute = attribute;
    table_change_put(request, draft, draft->version);
    table_release(draft);

    buffer_append_string(request->out, "{\"TimeToLiveSpecification\":{");
    json_write_string_member(request->out, &first, "AttributeName", attribute);
    json_write_name(request->out, &first, "Enabled");
    buffer_append_string(request->out, enable ? "true}}" : "false}}");
    return true;
}

bool describe_time_to_live(struct request *request)
{
    bool first = true;

    if (!input_accepts(request, &describe_input) || !input_find_table(request, true))
        return false;
    buffer_append_byte(request->out, '{');
    table_description_write_time_to_live(request->out, &first, request->table);
    buffer_append_byte(request->out, '}');
    return true;
}
