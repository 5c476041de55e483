/*
 * DescribeContinuousBackups and UpdateContinuousBackups: point-in-time recovery on and off. AWS: API
 * reference, UpdateContinuousBackups; developer guide, "Point-in-time backups for DynamoDB".
 */
#include "base/clock.h"
#include "catalog/backups.h"
#include "services/dynamodb/backup_description.h"
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/table_change.h"
#include "services/dynamodb/table_description.h"
#include "services/storage_failure.h"

static const struct shape days = {.kind = SHAPE_INTEGER, .min = 1, .max = RECOVERY_DAYS_LIMIT};
static const struct shape_entry specification_members[] = {
    {"PointInTimeRecoveryEnabled", &shape_boolean_value, true}, {"RecoveryPeriodInDays", &days, false}, {0}};
static const struct shape specification = {
    .kind = SHAPE_STRUCTURE,
    .members = specification_members,
    .java = "com.amazonaws.dynamodb.v20120810.PointInTimeRecoverySpecification"};
static const struct shape_entry update_members[] = {
    {"TableName", &input_table_name, true}, {"PointInTimeRecoverySpecification", &specification, true}, {0}};
static const struct shape update_input = {.kind = SHAPE_STRUCTURE, .members = update_members};
static const struct shape_entry describe_members[] = {{"TableName", &input_table_name, true}, {0}};
static const struct shape describe_input = {.kind = SHAPE_STRUCTURE, .members = describe_members};

/* Both times are whole seconds within the window, so that they can be asked for again. */
static void describe(struct request *request, const struct table *table, int64_t earliest, int64_t now)
{
    struct buffer *out = request->out;
    bool first = true;

    buffer_append_string(out, "{\"ContinuousBackupsDescription\":{\"ContinuousBackupsStatus\":\"ENABLED\","
                              "\"PointInTimeRecoveryDescription\":{");
    json_write_string_member(out, &first, "PointInTimeRecoveryStatus",
                             slice_of(table->recovery.days > 0 ? "ENABLED" : "DISABLED"));
    if (table->recovery.days > 0) {
        int64_t from = (earliest + 999) / 1000 * 1000, to = (now - 1) / 1000 * 1000;
        json_write_int64_member(out, &first, "RecoveryPeriodInDays", table->recovery.days);
        json_write_time_member(out, &first, "EarliestRestorableDateTime", from);
        json_write_time_member(out, &first, "LatestRestorableDateTime", to > from ? to : from);
    }
    buffer_append_string(out, "}}}");
}

bool describe_continuous_backups(struct request *request)
{
    int64_t now = clock_now(), earliest = 0;

    if (!input_accepts(request, &describe_input) || !backup_find_table(request))
        return false;
    if (request->table->recovery.days > 0) {
        enum storage_status status =
            recovery_earliest(request->server->storage, NULL, request->table, now, &earliest);
        if (status != STORAGE_OK)
            return storage_failure(&request->failure, status);
    }
    describe(request, request->table, earliest, now);
    return true;
}

/* Turns recovery on, or changes its period. What a shorter period gave up does not come back with a longer
 * one. */
static bool enable(struct request *request, struct table *draft, int64_t period, int64_t now,
                   int64_t *earliest)
{
    if (draft->recovery.days == 0) {
        recovery_begin(&request->batch, draft->id);
        draft->recovery = (struct recovery){.days = period};
        draft->keeps_history = true;
        *earliest = now;
        return true;
    }
    enum storage_status status = recovery_earliest(request->server->storage, NULL, draft, now, earliest);
    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    if (draft->recovery.days != period)
        draft->recovery = (struct recovery){.days = period, .floor = *earliest};
    if (*earliest < now - period * MILLISECONDS_A_DAY)
        *earliest = now - period * MILLISECONDS_A_DAY;
    return true;
}

bool update_continuous_backups(struct request *request)
{
    int64_t now = clock_now(), earliest = 0;

    if (!input_accepts(request, &update_input) || !backup_find_table(request))
        return false;
    const struct json *wanted = shape_member(request->body, "PointInTimeRecoverySpecification");
    if (request->table->status == TABLE_CREATING)
        return fail(&request->failure, ERROR_CONTINUOUS_BACKUPS_UNAVAILABLE,
                    "Backups are being enabled for the table: %.*s. Please retry later",
                    SLICE_ARGS(request->table->name));
    struct table *draft = table_clone(request->table);
    bool good = true;
    if (shape_boolean(wanted, "PointInTimeRecoveryEnabled", false))
        good = enable(request, draft, shape_number(wanted, "RecoveryPeriodInDays", RECOVERY_DAYS_LIMIT), now,
                      &earliest);
    else
        draft->recovery = (struct recovery){0};
    if (good) {
        table_change_put(request, draft, draft->version);
        describe(request, draft, earliest, now);
    }
    table_release(draft);
    return good;
}
