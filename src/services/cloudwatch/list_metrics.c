/*
 * ListMetrics: what is measured, 500 metrics a page, in the order in which they were first seen. AWS: API
 * reference, ListMetrics.
 */
#include <inttypes.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/digits.h"
#include "services/cloudwatch/handlers.h"
#include "services/cloudwatch/input.h"

enum { PAGE = 500, FILTERS_LIMIT = 10, RECENT = 3 * 60 * 60 };

static const char *const recent[] = {"PT3H", NULL};

static const struct shape filter_name = {.kind = SHAPE_STRING, .min = 1, .max = 255, .in_characters = true};
static const struct shape filter_value = {.kind = SHAPE_STRING, .min = 1, .max = 1024, .in_characters = true};
static const struct shape_entry filter_members[] = {
    {"Name", &filter_name, true}, {"Value", &filter_value, false}, {0}};
static const struct shape filter = {.kind = SHAPE_STRUCTURE, .members = filter_members};
static const struct shape filters = {.kind = SHAPE_LIST, .max = FILTERS_LIMIT, .element = &filter};
static const struct shape recently = {.kind = SHAPE_STRING, .words = recent};
static const struct shape account = {.kind = SHAPE_STRING, .min = 1, .max = 255};
static const struct shape_entry members[] = {{"Namespace", &cloudwatch_namespace, false},
                                             {"MetricName", &cloudwatch_metric_name, false},
                                             {"Dimensions", &filters, false},
                                             {"NextToken", &shape_string, false},
                                             {"RecentlyActive", &recently, false},
                                             {"IncludeLinkedAccounts", &shape_boolean_value, false},
                                             {"OwningAccount", &account, false},
                                             {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};
static const char *const required[] = {NULL};

struct filtering {
    struct request *request;
    struct slice space; /* ptr NULL: any */
    struct slice name;
    const struct json *dimensions;
    bool nobody; /* another account's */
    int64_t since;
};

static bool has_dimension(const struct metric_name *name, const struct json *wanted)
{
    struct cloudwatch_dimension own[2];
    size_t count = cloudwatch_dimensions_of(name, own);
    struct slice value = shape_text(wanted, "Value");

    for (size_t i = 0; i < count; i++) {
        if (slice_is(shape_text(wanted, "Name"), own[i].name) &&
            (value.ptr == NULL || slice_equal(value, own[i].value)))
            return true;
    }
    return false;
}

static bool is_wanted(void *context, const struct metric_listed *series)
{
    const struct filtering *filtering = context;
    const struct metric_type *type = &metric_types[series->name.metric];

    if (filtering->nobody || series->latest < filtering->since ||
        (filtering->space.ptr != NULL && !slice_is(filtering->space, type->space)) ||
        (filtering->name.ptr != NULL && !slice_is(filtering->name, type->name)))
        return false;
    for (size_t i = 0; filtering->dimensions != NULL && i < filtering->dimensions->array.count; i++) {
        if (!has_dimension(&series->name, &filtering->dimensions->array.items[i]))
            return false;
    }
    return true;
}

static void write_metric(struct request *request, const struct metric_name *name)
{
    struct buffer *out = request->out;
    struct cloudwatch_dimension own[2];
    size_t count = cloudwatch_dimensions_of(name, own);

    buffer_printf(out, "{\"Namespace\":\"%s\",\"MetricName\":\"%s\",\"Dimensions\":[",
                  metric_types[name->metric].space, metric_types[name->metric].name);
    for (size_t i = 0; i < count; i++) {
        buffer_printf(out, "%s{\"Name\":\"%s\",\"Value\":", i > 0 ? "," : "", own[i].name);
        json_write_string(out, own[i].value);
        buffer_append_byte(out, '}');
    }
    buffer_append_string(out, "]}");
}

/* The number of the last one that was told. */
static bool read_token(struct request *request, uint64_t *after)
{
    struct slice token = shape_text(request->body, "NextToken"), text = {"", 0};

    *after = 0;
    if (token.ptr == NULL)
        return true;
    return (base64_decode(request->arena, token, &text) && digits_parse(text, 10, INT64_MAX, after)) ||
           fail(&request->failure, ERROR_CLOUDWATCH_INVALID_VALUE,
                "Invalid parameter value for parameter NextToken.");
}

bool list_metrics(struct request *request)
{
    struct filtering filtering = {.request = request, .since = INT64_MIN};
    uint64_t after;

    if (!cloudwatch_accepts(request, &input, required) || !read_token(request, &after))
        return false;
    filtering.space = shape_text(request->body, "Namespace");
    filtering.name = shape_text(request->body, "MetricName");
    filtering.dimensions = shape_member(request->body, "Dimensions");
    struct slice owner = shape_text(request->body, "OwningAccount");
    filtering.nobody = owner.ptr != NULL && !slice_equal(owner, request->server->account_id);
    if (shape_member(request->body, "RecentlyActive") != NULL)
        filtering.since = clock_now() / 1000 - RECENT;

    struct metric_listed *page = arena_array(request->arena, struct metric_listed, PAGE + 1);
    metrics_settle(request->server->metrics);
    size_t count =
        metrics_list(request->server->metrics, after, PAGE + 1, is_wanted, &filtering, request->arena, page);
    size_t told = count < PAGE ? count : PAGE;
    buffer_append_string(request->out, "{\"Metrics\":[");
    for (size_t i = 0; i < told; i++) {
        if (i > 0)
            buffer_append_byte(request->out, ',');
        write_metric(request, &page[i].name);
    }
    buffer_append_byte(request->out, ']');
    if (count > PAGE) {
        buffer_append_string(request->out, ",\"NextToken\":");
        json_write_base64(request->out, arena_printf(request->arena, "%" PRIu64, page[PAGE - 1].number));
    }
    buffer_append_byte(request->out, '}');
    return true;
}
