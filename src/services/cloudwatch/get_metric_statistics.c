/*
 * GetMetricStatistics: points of one metric, with several statistics, or several percentiles. AWS: API
 * reference, GetMetricStatistics.
 */
#include <inttypes.h>

#include "services/cloudwatch/handlers.h"
#include "services/cloudwatch/input.h"

enum { POINTS_LIMIT = 1440, STATISTICS_LIMIT = 5, PERCENTILES_LIMIT = 10 };

static const struct shape statistic = {.kind = SHAPE_STRING, .words = cloudwatch_statistics};
static const struct shape statistics = {
    .kind = SHAPE_LIST, .min = 1, .max = STATISTICS_LIMIT, .element = &statistic};
static const struct shape percentiles = {
    .kind = SHAPE_LIST, .min = 1, .max = PERCENTILES_LIMIT, .element = &shape_string};
static const struct shape_entry members[] = {{"Namespace", &cloudwatch_namespace, false},
                                             {"MetricName", &cloudwatch_metric_name, false},
                                             {"Dimensions", &cloudwatch_dimensions, false},
                                             {"StartTime", &shape_time_value, false},
                                             {"EndTime", &shape_time_value, false},
                                             {"Period", &cloudwatch_period, false},
                                             {"Statistics", &statistics, false},
                                             {"ExtendedStatistics", &percentiles, false},
                                             {"Unit", &cloudwatch_unit, false},
                                             {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};
static const char *const required[] = {"Namespace", "MetricName", "StartTime", "EndTime", "Period", NULL};

struct wanted {
    struct metric_name metric;
    struct metrics_range range;
    bool statistics[STATISTIC_PERCENTILE];
    struct slice names[PERCENTILES_LIMIT];
    double percents[PERCENTILES_LIMIT];
    size_t percent_count;
};

static bool read_range(struct request *request, struct metrics_range *range)
{
    struct failure *failure = &request->failure;

    range->from = shape_time(request->body, "StartTime", 0) / 1000;
    range->to = shape_time(request->body, "EndTime", 0) / 1000;
    range->period = shape_number(request->body, "Period", 0);
    if (range->from >= range->to)
        return fail(failure, ERROR_CLOUDWATCH_INVALID_VALUE,
                    "The parameter StartTime must be less than the parameter EndTime.");
    if (!cloudwatch_is_period(range->period))
        return fail(failure, ERROR_CLOUDWATCH_INVALID_VALUE,
                    "The parameter Period must be 1, 5, 10, 20, 30, or a multiple of 60.");
    int64_t points = (range->to - range->from) / range->period;
    return points <= POINTS_LIMIT ||
           fail(failure, ERROR_CLOUDWATCH_INVALID_COMBINATION,
                "You have requested up to %" PRId64
                " datapoints, which exceeds the limit of %d. You may reduce the "
                "datapoints requested by increasing Period, or decreasing the time range.",
                points, POINTS_LIMIT);
}

static bool read_percentiles(struct request *request, const struct json *list, struct wanted *wanted)
{
    for (size_t i = 0; list != NULL && i < list->array.count; i++) {
        struct slice name = list->array.items[i].text;
        if (!cloudwatch_read_percentile(name, &wanted->percents[i]))
            return fail(&request->failure, ERROR_CLOUDWATCH_INVALID_VALUE,
                        "The value %.*s for parameter ExtendedStatistics.member.%zu is not supported.",
                        SLICE_ARGS(name), i + 1);
        wanted->names[wanted->percent_count++] = name;
    }
    return true;
}

static bool read_statistics(struct request *request, struct wanted *wanted)
{
    const struct json *plain = shape_member(request->body, "Statistics"),
                      *extended = shape_member(request->body, "ExtendedStatistics");
    double none;

    if (plain == NULL && extended == NULL)
        return fail(&request->failure, ERROR_CLOUDWATCH_INVALID_COMBINATION,
                    "Must specify either Statistics or ExtendedStatistics");
    if (plain != NULL && extended != NULL)
        return fail(&request->failure, ERROR_CLOUDWATCH_INVALID_COMBINATION,
                    "The parameters Statistics and ExtendedStatistics are mutually exclusive and you have "
                    "specified both.");
    for (size_t i = 0; plain != NULL && i < plain->array.count; i++) {
        enum statistic one;
        if (cloudwatch_read_statistic(plain->array.items[i].text, &one, &none))
            wanted->statistics[one] = true;
    }
    return read_percentiles(request, extended, wanted);
}

/* A map: names to values, in the query protocol a list of entries. A percentile that is asked for twice is
 * told once. */
static void write_percentiles(struct request *request, const struct wanted *wanted,
                              const struct metric_point *point)
{
    struct buffer *out = request->out;
    bool form = request->form, any = false;

    buffer_append_string(out, form ? ",\"ExtendedStatistics\":{\"entry\":[" : ",\"ExtendedStatistics\":{");
    for (size_t i = 0; i < wanted->percent_count; i++) {
        bool told = false;
        for (size_t j = 0; j < i; j++)
            told = told || slice_equal(wanted->names[j], wanted->names[i]);
        if (told)
            continue;
        if (any)
            buffer_append_byte(out, ',');
        any = true;
        buffer_append_string(out, form ? "{\"key\":" : "");
        json_write_string(out, wanted->names[i]);
        buffer_append_string(out, form ? ",\"value\":" : ":");
        cloudwatch_write_number(out, point->percentiles[i] * metric_types[wanted->metric.metric].worth);
        buffer_append_string(out, form ? "}" : "");
    }
    buffer_append_string(out, form ? "]}" : "}");
}

static void write_point(struct request *request, const struct wanted *wanted,
                        const struct metric_point *point)
{
    struct buffer *out = request->out;

    buffer_append_string(out, "{\"Timestamp\":");
    cloudwatch_write_time(request, point->time);
    for (enum statistic one = 0; one < STATISTIC_PERCENTILE; one++) {
        if (!wanted->statistics[one])
            continue;
        buffer_printf(out, ",\"%s\":", cloudwatch_statistics[one]);
        cloudwatch_write_number(out, cloudwatch_value(wanted->metric.metric, point, one));
    }
    buffer_printf(out, ",\"Unit\":\"%s\"", metric_types[wanted->metric.metric].unit);
    if (wanted->percent_count > 0)
        write_percentiles(request, wanted, point);
    buffer_append_byte(out, '}');
}

bool get_metric_statistics(struct request *request)
{
    struct wanted wanted = {.percent_count = 0};
    struct metric_point *points = NULL;
    size_t count = 0;

    if (!cloudwatch_accepts(request, &input, required) || !read_range(request, &wanted.range) ||
        !read_statistics(request, &wanted))
        return false;
    bool known = cloudwatch_find_metric(request->body, shape_text(request->body, "Unit"), &wanted.metric);
    if (known && (wanted.percent_count == 0 || metric_has_histogram(wanted.metric.metric))) {
        metrics_settle(request->server->metrics);
        count = metrics_read(request->server->metrics, &wanted.metric, &wanted.range, wanted.percents,
                             wanted.percent_count, request->arena, &points);
    }
    buffer_append_string(request->out, "{\"Label\":");
    json_write_string(request->out, shape_text(request->body, "MetricName"));
    buffer_append_string(request->out, ",\"Datapoints\":[");
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buffer_append_byte(request->out, ',');
        write_point(request, &wanted, &points[i]);
    }
    buffer_append_string(request->out, "]}");
    return true;
}
