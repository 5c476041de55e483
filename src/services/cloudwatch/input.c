#include "services/cloudwatch/input.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "services/accepts.h"
#include "services/query_input.h"

/* ---- shapes ---- */

static bool begins_without_colon(struct slice text)
{
    return text.len > 0 && text.ptr[0] != ':';
}

static const char *const units[] = {"Seconds",
                                    "Microseconds",
                                    "Milliseconds",
                                    "Bytes",
                                    "Kilobytes",
                                    "Megabytes",
                                    "Gigabytes",
                                    "Terabytes",
                                    "Bits",
                                    "Kilobits",
                                    "Megabits",
                                    "Gigabits",
                                    "Terabits",
                                    "Percent",
                                    "Count",
                                    "Bytes/Second",
                                    "Kilobytes/Second",
                                    "Megabytes/Second",
                                    "Gigabytes/Second",
                                    "Terabytes/Second",
                                    "Bits/Second",
                                    "Kilobits/Second",
                                    "Megabits/Second",
                                    "Gigabits/Second",
                                    "Terabits/Second",
                                    "Count/Second",
                                    "None",
                                    NULL};

static const struct shape dimension_name = {
    .kind = SHAPE_STRING, .min = 1, .max = 255, .in_characters = true};
static const struct shape dimension_value = {
    .kind = SHAPE_STRING, .min = 1, .max = 1024, .in_characters = true};
static const struct shape_entry dimension_members[] = {
    {"Name", &dimension_name, true}, {"Value", &dimension_value, true}, {0}};
static const struct shape dimension = {.kind = SHAPE_STRUCTURE, .members = dimension_members};

const struct shape cloudwatch_namespace = {.kind = SHAPE_STRING,
                                           .min = 1,
                                           .max = 255,
                                           .in_characters = true,
                                           .matches = begins_without_colon,
                                           .pattern = "[^:].*"};
const struct shape cloudwatch_metric_name = {
    .kind = SHAPE_STRING, .min = 1, .max = 255, .in_characters = true};
const struct shape cloudwatch_dimensions = {.kind = SHAPE_LIST, .max = 30, .element = &dimension};
const struct shape cloudwatch_period = {.kind = SHAPE_INTEGER, .min = 1};
const struct shape cloudwatch_unit = {.kind = SHAPE_STRING, .words = units};

bool cloudwatch_accepts(struct request *request, const struct shape *shape, const char *const *required)
{
    for (const char *const *name = required; *name != NULL; name++) {
        if (json_get_present(request->body, *name) == NULL)
            return fail(&request->failure, ERROR_CLOUDWATCH_MISSING, "The parameter %s is required.", *name);
    }
    return request->form ? query_input_accepts(request, shape) : accepts(request, shape);
}

bool cloudwatch_is_period(int64_t period)
{
    return period == 1 || period == 5 || period == 10 || period == 20 || period == 30 ||
           (period > 0 && period % METRICS_MINUTE == 0);
}

/* ---- metrics ---- */

static struct slice detail_name(enum metric_dimensions by)
{
    return by == BY_OPERATION ? SLICE("Operation") : SLICE("GlobalSecondaryIndexName");
}

/* CloudWatch takes a dimension twice for once, if it is the same. */
static bool take_dimension(const struct json *given, enum metric_dimensions by, struct metric_name *out)
{
    struct slice name = shape_text(given, "Name"), value = shape_text(given, "Value");
    struct slice *place =
        slice_is(name, "TableName") && by != BY_ACCOUNT                                         ? &out->table
        : slice_equal(name, detail_name(by)) && (by == BY_OPERATION || by == BY_TABLE_OR_INDEX) ? &out->detail
                                                                                                : NULL;

    if (place == NULL || (place->len > 0 && !slice_equal(*place, value)))
        return false;
    *place = value;
    return true;
}

static bool is_complete(const struct metric_name *name, enum metric_dimensions by)
{
    return (by == BY_ACCOUNT || name->table.len > 0) && (by != BY_OPERATION || name->detail.len > 0);
}

static bool find_type(const struct json *object, enum metric *out)
{
    struct slice space = shape_text(object, "Namespace"), name = shape_text(object, "MetricName");

    for (*out = 0; *out < METRIC_COUNT; ++*out) {
        if (slice_is(space, metric_types[*out].space) && slice_is(name, metric_types[*out].name))
            return true;
    }
    return false;
}

bool cloudwatch_find_metric(const struct json *object, struct slice unit, struct metric_name *out)
{
    const struct json *given = shape_member(object, "Dimensions");

    *out = (struct metric_name){.table = SLICE(""), .detail = SLICE("")};
    if (!find_type(object, &out->metric))
        return false;
    const struct metric_type *type = &metric_types[out->metric];
    for (size_t i = 0; given != NULL && i < given->array.count; i++) {
        if (!take_dimension(&given->array.items[i], type->by, out))
            return false;
    }
    return is_complete(out, type->by) && (unit.ptr == NULL || slice_is(unit, type->unit));
}

size_t cloudwatch_dimensions_of(const struct metric_name *name, struct cloudwatch_dimension out[2])
{
    size_t count = 0;

    if (name->table.len > 0)
        out[count++] = (struct cloudwatch_dimension){"TableName", name->table};
    if (name->detail.len > 0)
        out[count++] =
            (struct cloudwatch_dimension){detail_name(metric_types[name->metric].by).ptr, name->detail};
    return count;
}

/* ---- statistics ---- */

const char *const cloudwatch_statistics[] = {
    [STATISTIC_SAMPLE_COUNT] = "SampleCount", [STATISTIC_AVERAGE] = "Average", [STATISTIC_SUM] = "Sum",
    [STATISTIC_MINIMUM] = "Minimum",          [STATISTIC_MAXIMUM] = "Maximum", [STATISTIC_PERCENTILE] = NULL};

/* AWS: "p(\d{1,2}(\.\d{0,10})?|100)". */
bool cloudwatch_read_percentile(struct slice text, double *out)
{
    enum { WHOLE_DIGITS = 2, DECIMALS_MOST = 10 };
    size_t whole = 0, decimals = 0;
    char room[1 + WHOLE_DIGITS + 1 + DECIMALS_MOST + 1];

    if (text.len < 2 || text.len >= sizeof(room) || text.ptr[0] != 'p')
        return false;
    if (slice_is(text, "p100")) {
        *out = 100;
        return true;
    }
    memcpy(room, text.ptr + 1, text.len - 1);
    room[text.len - 1] = '\0';
    whole = strspn(room, "0123456789");
    decimals = room[whole] == '.' ? strspn(room + whole + 1, "0123456789") : 0;
    size_t length = whole + (room[whole] == '.' ? 1 : 0) + decimals;
    *out = strtod(room, NULL);
    return whole > 0 && whole <= WHOLE_DIGITS && decimals <= DECIMALS_MOST && length == text.len - 1;
}

bool cloudwatch_read_statistic(struct slice text, enum statistic *out, double *percent)
{
    for (*out = 0; *out < STATISTIC_PERCENTILE; ++*out) {
        if (slice_is(text, cloudwatch_statistics[*out]))
            return true;
    }
    return cloudwatch_read_percentile(text, percent);
}

double cloudwatch_value(enum metric metric, const struct metric_point *point, enum statistic statistic)
{
    const struct distribution *values = &point->values;
    double worth = metric_types[metric].worth;

    switch (statistic) {
    case STATISTIC_SAMPLE_COUNT:
        return (double)values->count;
    case STATISTIC_AVERAGE:
        return (double)values->sum * worth / (double)values->count;
    case STATISTIC_SUM:
        return (double)values->sum * worth;
    case STATISTIC_MINIMUM:
        return (double)values->min * worth;
    case STATISTIC_MAXIMUM:
    case STATISTIC_PERCENTILE:
        break;
    }
    return (double)values->max * worth;
}

/* ---- writing ---- */

void cloudwatch_write_number(struct buffer *out, double number)
{
    enum { DIGITS_SURE = 15, DIGITS_ENOUGH = 17 };
    char text[40];

    for (int digits = DIGITS_SURE; digits <= DIGITS_ENOUGH; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            break;
    }
    buffer_append_string(out, text);
}

void cloudwatch_write_time(struct request *request, int64_t seconds)
{
    enum { WITHOUT_MILLISECONDS = 19 };

    if (!request->form) {
        json_write_int64(request->out, seconds);
        return;
    }
    struct slice label = clock_label(request->arena, seconds * 1000);
    buffer_printf(request->out, "\"%.*sZ\"", WITHOUT_MILLISECONDS, label.ptr);
}
