/*
 * GetMetricData: points of up to 500 metrics at once, with one statistic each. A page ends after
 * MaxDatapoints points; its token tells the query it ended in and the last time it told. Expressions (metric
 * math) are refused. AWS: API reference, GetMetricData.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/base64.h"
#include "base/digits.h"
#include "services/cloudwatch/handlers.h"
#include "services/cloudwatch/input.h"

enum { QUERIES_LIMIT = 500, POINTS_LIMIT = 100800, ID_LIMIT = 255, EXPRESSION_LIMIT = 2048 };

static const char *const orders[] = {"TimestampDescending", "TimestampAscending", NULL};

static const struct shape_entry metric_members[] = {{"Namespace", &cloudwatch_namespace, false},
                                                    {"MetricName", &cloudwatch_metric_name, false},
                                                    {"Dimensions", &cloudwatch_dimensions, false},
                                                    {0}};
static const struct shape metric_shape = {.kind = SHAPE_STRUCTURE, .members = metric_members};
static const struct shape_entry stat_members[] = {{"Metric", &metric_shape, true},
                                                  {"Period", &cloudwatch_period, true},
                                                  {"Stat", &shape_string, true},
                                                  {"Unit", &cloudwatch_unit, false},
                                                  {0}};
static const struct shape stat_shape = {.kind = SHAPE_STRUCTURE, .members = stat_members};
static const struct shape id_shape = {.kind = SHAPE_STRING, .min = 1, .max = ID_LIMIT};
static const struct shape expression_shape = {
    .kind = SHAPE_STRING, .min = 1, .max = EXPRESSION_LIMIT, .in_characters = true};
static const struct shape_entry query_members[] = {{"Id", &id_shape, true},
                                                   {"MetricStat", &stat_shape, false},
                                                   {"Expression", &expression_shape, false},
                                                   {"Label", &shape_string, false},
                                                   {"ReturnData", &shape_boolean_value, false},
                                                   {"Period", &cloudwatch_period, false},
                                                   {"AccountId", &id_shape, false},
                                                   {0}};
static const struct shape query_shape = {.kind = SHAPE_STRUCTURE, .members = query_members};
static const struct shape queries_shape = {.kind = SHAPE_LIST, .element = &query_shape};
static const struct shape order_shape = {.kind = SHAPE_STRING, .words = orders};
static const struct shape_entry label_members[] = {{"Timezone", &shape_string, false}, {0}};
static const struct shape label_shape = {.kind = SHAPE_STRUCTURE, .members = label_members};
static const struct shape_entry members[] = {{"MetricDataQueries", &queries_shape, false},
                                             {"StartTime", &shape_time_value, false},
                                             {"EndTime", &shape_time_value, false},
                                             {"NextToken", &shape_string, false},
                                             {"ScanBy", &order_shape, false},
                                             {"MaxDatapoints", &shape_integer, false},
                                             {"LabelOptions", &label_shape, false},
                                             {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};
static const char *const required[] = {"MetricDataQueries", "StartTime", "EndTime", NULL};

/* One query, read. */
struct asked {
    const struct json *json;
    struct slice id;
    struct metric_name metric;
    bool known; /* something is measured under that name */
    struct slice stat;
    enum statistic statistic;
    double percent;
    struct metrics_range range;
};

struct reading {
    struct request *request;
    struct asked *asked;
    size_t count;
    bool ascending;
    bool tells_stat; /* labels name what they differ in */
    bool tells_period;
    size_t first; /* the query to go on with */
    int64_t told; /* the last time of it that was told; of no query: INT64_MIN */
    size_t left;  /* points that this page has place for */
};

/* ---- the queries ---- */

/* AWS: "The valid characters are letters, numbers, and underscore. The first character must be a lowercase
 * letter." */
static bool is_id(struct slice id)
{
    for (size_t i = 0; i < id.len; i++) {
        char c = id.ptr[i];
        bool small = c >= 'a' && c <= 'z';
        if (!small && (i == 0 || !((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_')))
            return false;
    }
    return true;
}

static bool check_id(struct request *request, const struct asked *all, size_t i)
{
    if (!is_id(all[i].id))
        return fail(
            &request->failure, ERROR_VALIDATION,
            "The parameter MetricDataQueries.member.%zu.Id must begin with a lowercase letter and have "
            "letters, numbers and underscores alone.",
            i + 1);
    for (size_t j = 0; j < i; j++) {
        if (slice_equal(all[j].id, all[i].id))
            return fail(&request->failure, ERROR_VALIDATION,
                        "The values for parameter id in MetricDataQueries are not unique.");
    }
    return true;
}

static bool check_kind(struct request *request, const struct json *query, size_t i)
{
    bool has_stat = shape_member(query, "MetricStat") != NULL;
    bool has_expression = shape_member(query, "Expression") != NULL;

    if (has_stat && has_expression)
        return fail(
            &request->failure, ERROR_VALIDATION,
            "The parameters MetricDataQueries.member.%zu.Expression and "
            "MetricDataQueries.member.%zu.MetricStat are mutually exclusive and you have specified both.",
            i + 1, i + 1);
    if (has_expression)
        return fail(
            &request->failure, ERROR_VALIDATION,
            "The parameter MetricDataQueries.member.%zu.Expression is not served here: there is no metric "
            "math, only MetricStat.",
            i + 1);
    return has_stat || fail(&request->failure, ERROR_VALIDATION,
                            "At least one of the parameters MetricDataQueries.member.%zu.Expression and "
                            "MetricDataQueries.member.%zu.MetricStat must be specified.",
                            i + 1, i + 1);
}

static bool read_query(struct request *request, struct asked *all, size_t i, const struct json *query)
{
    struct asked *asked = &all[i];
    const struct json *stat = shape_member(query, "MetricStat"), *metric;

    asked->json = query;
    asked->id = shape_text(query, "Id");
    if (!check_id(request, all, i) || !check_kind(request, query, i))
        return false;
    asked->stat = shape_text(stat, "Stat");
    asked->range.period = shape_number(stat, "Period", 0);
    if (!cloudwatch_read_statistic(asked->stat, &asked->statistic, &asked->percent))
        return fail(
            &request->failure, ERROR_VALIDATION,
            "The value %.*s for parameter MetricDataQueries.member.%zu.MetricStat.Stat is not supported.",
            SLICE_ARGS(asked->stat), i + 1);
    if (!cloudwatch_is_period(asked->range.period))
        return fail(
            &request->failure, ERROR_VALIDATION,
            "The parameter MetricDataQueries.member.%zu.MetricStat.Period must be 1, 5, 10, 20, 30, or a "
            "multiple of 60.",
            i + 1);
    metric = shape_member(stat, "Metric");
    if (shape_member(metric, "Namespace") == NULL || shape_member(metric, "MetricName") == NULL)
        return fail(&request->failure, ERROR_VALIDATION,
                    "The parameter MetricDataQueries.member.%zu.MetricStat.Metric.%s is required.", i + 1,
                    shape_member(metric, "Namespace") == NULL ? "Namespace" : "MetricName");
    struct slice account = shape_text(query, "AccountId");
    asked->known = cloudwatch_find_metric(metric, shape_text(stat, "Unit"), &asked->metric) &&
                   (account.ptr == NULL || slice_equal(account, request->server->account_id));
    return true;
}

static bool read_queries(struct reading *reading)
{
    struct request *request = reading->request;
    const struct json *list = shape_member(request->body, "MetricDataQueries");

    reading->count = list->array.count;
    if (reading->count == 0)
        return fail(&request->failure, ERROR_VALIDATION,
                    "The collection MetricDataQueries must not be empty.");
    if (reading->count > QUERIES_LIMIT)
        return fail(&request->failure, ERROR_VALIDATION,
                    "The collection MetricDataQueries must not have a size greater than %d.", QUERIES_LIMIT);
    reading->asked = arena_array(request->arena, struct asked, reading->count);
    for (size_t i = 0; i < reading->count; i++) {
        if (!read_query(request, reading->asked, i, &list->array.items[i]))
            return false;
        reading->tells_stat |= !slice_equal(reading->asked[i].stat, reading->asked[0].stat);
        reading->tells_period |= reading->asked[i].range.period != reading->asked[0].range.period;
    }
    return true;
}

/* Times are of whole seconds. */
static bool read_times(struct reading *reading)
{
    struct request *request = reading->request;
    int64_t from = shape_time(request->body, "StartTime", 0) / 1000,
            to = shape_time(request->body, "EndTime", 0) / 1000;

    if (from == to)
        return fail(&request->failure, ERROR_VALIDATION,
                    "The parameter StartTime must not equal parameter EndTime");
    if (from > to)
        return fail(&request->failure, ERROR_VALIDATION,
                    "The parameter EndTime must be greater than StartTime");
    for (size_t i = 0; i < reading->count; i++) {
        reading->asked[i].range.from = from;
        reading->asked[i].range.to = to;
    }
    return true;
}

/* ---- pages ---- */

/* "3:1764201600": the query, and the last time of it that was told, or nothing behind the colon. */
static bool read_token(struct reading *reading)
{
    struct request *request = reading->request;
    struct slice token = shape_text(request->body, "NextToken"), text = {"", 0};
    uint64_t query = 0, time = 0;

    reading->told = INT64_MIN;
    if (token.ptr == NULL)
        return true;
    bool good = base64_decode(request->arena, token, &text) && text.len > 0;
    const char *colon = good ? memchr(text.ptr, ':', text.len) : NULL;
    if (colon != NULL) {
        struct slice first = {text.ptr, (size_t)(colon - text.ptr)}, rest = slice_skip(text, first.len + 1);
        good = digits_parse(first, 10, reading->count - 1, &query) &&
               (rest.len == 0 || digits_parse(rest, 10, INT64_MAX, &time));
        reading->first = (size_t)query;
        if (rest.len > 0)
            reading->told = (int64_t)time;
    }
    return (good && colon != NULL) ||
           fail(&request->failure, ERROR_CLOUDWATCH_INVALID_TOKEN, "The next token specified is invalid.");
}

static void write_token(struct reading *reading, size_t query, int64_t told)
{
    struct request *request = reading->request;
    struct slice text = told == INT64_MIN ? arena_printf(request->arena, "%zu:", query)
                                          : arena_printf(request->arena, "%zu:%" PRId64, query, told);

    buffer_append_string(request->out, ",\"NextToken\":");
    json_write_base64(request->out, text);
}

/* ---- the answer ---- */

static void write_label(struct reading *reading, const struct asked *asked)
{
    struct request *request = reading->request;
    struct slice label = shape_text(asked->json, "Label");

    if (label.ptr == NULL) {
        const struct json *metric = shape_member(shape_member(asked->json, "MetricStat"), "Metric");
        label = shape_text(metric, "MetricName");
        if (reading->tells_stat)
            label = arena_printf(request->arena, "%.*s %.*s", SLICE_ARGS(label), SLICE_ARGS(asked->stat));
        if (reading->tells_period)
            label = arena_printf(request->arena, "%.*s %" PRId64, SLICE_ARGS(label), asked->range.period);
    }
    json_write_string(request->out, label);
}

struct points {
    struct metric_point *all;
    size_t count;
    size_t begin; /* in the order of the answer: those before were told on an earlier page */
    size_t end;
};

static const struct metric_point *point_at(const struct reading *reading, const struct points *points,
                                           size_t i)
{
    return &points->all[reading->ascending ? i : points->count - 1 - i];
}

static struct points read_points(struct reading *reading, const struct asked *asked, int64_t told)
{
    struct request *request = reading->request;
    bool percentile = asked->statistic == STATISTIC_PERCENTILE;
    struct points points = {0};

    if (!asked->known || (percentile && !metric_has_histogram(asked->metric.metric)))
        return points;
    points.count = metrics_read(request->server->metrics, &asked->metric, &asked->range, &asked->percent,
                                percentile ? 1 : 0, request->arena, &points.all);
    while (told != INT64_MIN && points.begin < points.count) {
        int64_t time = point_at(reading, &points, points.begin)->time;
        if (reading->ascending ? time > told : time < told)
            break;
        points.begin++;
    }
    size_t left = points.count - points.begin;
    points.end = points.begin + (left < reading->left ? left : reading->left);
    return points;
}

static double value_of(const struct asked *asked, const struct metric_point *point)
{
    return asked->statistic == STATISTIC_PERCENTILE && point->percentiles != NULL
               ? point->percentiles[0] * metric_types[asked->metric.metric].worth
               : cloudwatch_value(asked->metric.metric, point, asked->statistic);
}

static void write_result(struct reading *reading, const struct asked *asked, const struct points *points)
{
    struct buffer *out = reading->request->out;

    buffer_append_string(out, "{\"Id\":");
    json_write_string(out, asked->id);
    buffer_append_string(out, ",\"Label\":");
    write_label(reading, asked);
    buffer_append_string(out, ",\"Timestamps\":[");
    for (size_t i = points->begin; i < points->end; i++) {
        if (i > points->begin)
            buffer_append_byte(out, ',');
        cloudwatch_write_time(reading->request, point_at(reading, points, i)->time);
    }
    buffer_append_string(out, "],\"Values\":[");
    for (size_t i = points->begin; i < points->end; i++) {
        if (i > points->begin)
            buffer_append_byte(out, ',');
        cloudwatch_write_number(out, value_of(asked, point_at(reading, points, i)));
    }
    buffer_printf(out, "],\"StatusCode\":\"%s\"}", points->end < points->count ? "PartialData" : "Complete");
}

/* The results from the token's query on, until the page is full. */
static void write_results(struct reading *reading)
{
    struct buffer *out = reading->request->out;
    int64_t told = reading->told;
    bool any = false;

    buffer_append_string(out, "{\"MetricDataResults\":[");
    for (size_t i = reading->first; i < reading->count; i++, told = INT64_MIN) {
        const struct asked *asked = &reading->asked[i];
        if (!shape_boolean(asked->json, "ReturnData", true))
            continue;
        struct points points = read_points(reading, asked, told);
        bool full = points.end < points.count;
        if (full && points.end == points.begin) { /* nothing more has place */
            buffer_append_byte(out, ']');
            write_token(reading, i, told);
            return;
        }
        if (any)
            buffer_append_byte(out, ',');
        any = true;
        write_result(reading, asked, &points);
        reading->left -= points.end - points.begin;
        if (full) {
            buffer_append_byte(out, ']');
            write_token(reading, i, point_at(reading, &points, points.end - 1)->time);
            return;
        }
    }
    buffer_append_byte(out, ']');
}

bool get_metric_data(struct request *request)
{
    struct reading reading = {.request = request};

    if (!cloudwatch_accepts(request, &input, required) || !read_queries(&reading) || !read_times(&reading) ||
        !read_token(&reading))
        return false;
    int64_t most = shape_number(request->body, "MaxDatapoints", POINTS_LIMIT);
    if (most < 1 || most > POINTS_LIMIT)
        return fail(&request->failure, ERROR_VALIDATION,
                    "The parameter MaxDatapoints must be between 1 and %d.", POINTS_LIMIT);
    reading.left = (size_t)most;
    struct slice order = shape_text(request->body, "ScanBy");
    reading.ascending = order.ptr != NULL && slice_is(order, "TimestampAscending");
    metrics_settle(request->server->metrics);
    write_results(&reading);
    buffer_append_string(request->out, ",\"Messages\":[]}");
    return true;
}
