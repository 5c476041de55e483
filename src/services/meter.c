#include "services/meter.h"

#include "base/clock.h"

static struct metrics_part *part_of(struct request *request, const struct table *table,
                                    const struct index *index)
{
    struct slice of_index = index == NULL ? SLICE("") : index->name;
    struct metrics_part *part = request->meter;

    while (part != NULL && (!slice_equal(part->index, of_index) || !slice_equal(part->table, table->name)))
        part = part->next;
    if (part != NULL)
        return part;
    part = arena_new(request->arena, struct metrics_part);
    part->next = request->meter;
    /* A table that is not the request's may be given back before the answer is made. */
    part->table = table == request->table ? table->name : arena_copy(request->arena, table->name);
    part->index = arena_copy(request->arena, of_index);
    request->meter = part;
    return part;
}

void meter_add(struct request *request, const struct table *table, const struct index *index,
               enum metric metric, uint64_t amount)
{
    if (request->server->metrics == NULL)
        return;
    struct metrics_part *part = part_of(request, table, index);
    part->amounts[metric] += amount;
    part->present |= (uint32_t)1 << metric;
}

void meter_add_units(struct request *request, const struct table *table, const struct index *index,
                     enum operation_kind kind, double units)
{
    meter_add(request, table, index != NULL && index->kind == INDEX_GLOBAL ? index : NULL,
              kind == OPERATION_READ ? METRIC_CONSUMED_READ : METRIC_CONSUMED_WRITE, (uint64_t)(units * 2));
}

void meter_add_throttled(struct request *request, const struct table *table, const struct index *index,
                         enum operation_kind kind)
{
    if (request->server->metrics == NULL)
        return;
    meter_add(request, table, index, kind == OPERATION_READ ? METRIC_READ_THROTTLES : METRIC_WRITE_THROTTLES,
              1);
    struct metrics_part *part = part_of(request, table, NULL);
    part->amounts[METRIC_THROTTLED] = 1;
    part->present |= (uint32_t)1 << METRIC_THROTTLED;
}

static int status_of(const struct request *request)
{
    return request->failure.code == ERROR_NONE ? 200 : error_type(request->failure.code)->status;
}

/* AWS: "DynamoDB metrics and dimensions", UserErrors: what answers 400, but for what has metrics of its own.
 */
static bool is_user_error(const struct request *request, const struct service *service, int status)
{
    enum error_code code = request->failure.code;

    return (service == &dynamodb_service || service == &streams_service) && status >= 400 && status < 500 &&
           code != ERROR_PROVISIONED_THROUGHPUT_EXCEEDED && code != ERROR_THROTTLING &&
           code != ERROR_CONDITIONAL_CHECK_FAILED;
}

void meter_note(struct request *request, const struct service *service, int64_t began)
{
    struct metrics *metrics = request->server->metrics;
    int status = status_of(request);

    if (metrics == NULL)
        return;
    if (status >= 500 && request->table != NULL)
        meter_add(request, request->table, NULL, METRIC_SYSTEM_ERRORS, 1);
    const struct metrics_request noted = {.operation =
                                              request->operation == NULL ? "" : request->operation->name,
                                          .parts = request->meter,
                                          .latency = (uint64_t)(clock_monotonic() - began) / 1000,
                                          .status = status,
                                          .user_error = is_user_error(request, service, status)};
    metrics_note(metrics, &noted);
}
