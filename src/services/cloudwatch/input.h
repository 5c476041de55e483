/*
 * What the operations of CloudWatch are asked with: a metric's name and dimensions, a time, a statistic. AWS:
 * "Amazon CloudWatch concepts", API reference.
 */
#ifndef TURNTABLE_SERVICES_CLOUDWATCH_INPUT_H
#define TURNTABLE_SERVICES_CLOUDWATCH_INPUT_H

#include "metrics/metrics.h"
#include "services/request.h"
#include "services/shape.h"

extern const struct shape cloudwatch_namespace, cloudwatch_metric_name, cloudwatch_dimensions,
    cloudwatch_period, cloudwatch_unit;

/* Types and constraints of the body, in whichever protocol it came, and that members of it are there:
 * `required` is ended by NULL. On false the failure is set. */
must_use bool cloudwatch_accepts(struct request *request, const struct shape *shape,
                                 const char *const *required);

/* The metric that the members Namespace, MetricName, Dimensions and Unit of an object name. False: nothing is
 * measured under that name. */
bool cloudwatch_find_metric(const struct json *object, struct slice unit, struct metric_name *out);

/* The dimensions of a metric: "TableName" first. Returns how many, up to 2. */
struct cloudwatch_dimension {
    const char *name;
    struct slice value;
};
size_t cloudwatch_dimensions_of(const struct metric_name *name, struct cloudwatch_dimension out[2]);

/* Whether a period is one that CloudWatch takes: 1, 5, 10, 20, 30, or a multiple of 60. */
bool cloudwatch_is_period(int64_t period);

enum statistic {
    STATISTIC_SAMPLE_COUNT,
    STATISTIC_AVERAGE,
    STATISTIC_SUM,
    STATISTIC_MINIMUM,
    STATISTIC_MAXIMUM,
    STATISTIC_PERCENTILE,
};

extern const char *const cloudwatch_statistics[STATISTIC_PERCENTILE + 1]; /* their names, ended by NULL */

/* "p99.9" to 99.9. */
must_use bool cloudwatch_read_percentile(struct slice text, double *out);
/* Either. */
must_use bool cloudwatch_read_statistic(struct slice text, enum statistic *out, double *percent);

/* What a point tells, in the metric's unit, of a statistic other than a percentile. */
double cloudwatch_value(enum metric metric, const struct metric_point *point, enum statistic statistic);

/* The shortest decimal number that reads back as this one. */
void cloudwatch_write_number(struct buffer *out, double number);

/* A time in seconds, as the request's protocol has it. */
void cloudwatch_write_time(struct request *request, int64_t seconds);

#endif
