/*
 * RestoreTableFromBackup and RestoreTableToPointInTime. One commit makes the new table, CREATING and empty;
 * its items come behind the answer (catalog/restore.c), and then it is ACTIVE. AWS: API reference,
 * RestoreTableFromBackup, RestoreTableToPointInTime.
 */
#include "base/clock.h"
#include "catalog/backups.h"
#include "catalog/keys.h"
#include "services/accepts.h"
#include "services/dynamodb/backup_description.h"
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/restore_input.h"
#include "services/dynamodb/table_input.h"
#include "services/gate.h"
#include "services/storage_failure.h"

static const struct shape table_arn_shape = {.kind = SHAPE_STRING, .min = 1, .max = 1024};
static const struct shape_entry backup_members[] = {
    {"BackupArn", &backup_arn_shape, true}, RESTORE_INPUT_MEMBERS, {0}};
static const struct shape backup_input = {.kind = SHAPE_STRUCTURE, .members = backup_members};
static const struct shape_entry time_members[] = {{"SourceTableArn", &table_arn_shape, false},
                                                  {"SourceTableName", &restore_input_table_name, false},
                                                  {"UseLatestRestorableTime", &shape_boolean_value, false},
                                                  {"RestoreDateTime", &shape_time_value, false},
                                                  RESTORE_INPUT_MEMBERS,
                                                  {0}};
static const struct shape time_input = {.kind = SHAPE_STRUCTURE, .members = time_members};

bool restore_table_from_backup(struct request *request)
{
    struct backup backup;

    if (!accepts(request, &backup_input))
        return false;
    bool good = backup_find(request, &backup);
    if (good) {
        const struct restore restore = {.source_id = backup.table->id,
                                        .source_name = backup.table->name,
                                        .backup_id = backup.id,
                                        .moment = {.number = version_number(backup.version)},
                                        .time = backup.created};
        batch_guard(&request->batch, keys_backup(request->arena, backup.id), backup.version);
        good = restore_input_create(request, backup.table, &restore);
    }
    backup_finish(&backup);
    return good;
}

/* ---- to a point in time ---- */

/* The table that SourceTableArn or SourceTableName names; the caller owns the reference. NULL: the failure is
 * set. */
static struct table *find_source(struct request *request)
{
    struct slice arn = shape_text(request->body, "SourceTableArn"),
                 name = shape_text(request->body, "SourceTableName"), in_arn;
    struct table *table = NULL;

    if (arn.ptr == NULL && name.ptr == NULL) {
        (void)fail(&request->failure, ERROR_VALIDATION,
                   "One or more parameter values were invalid: One of SourceTableArn or SourceTableName must "
                   "be specified");
        return NULL;
    }
    if (arn.ptr != NULL) {
        in_arn = input_table_in_arn(arn);
        if (!input_is_table_name(in_arn)) {
            (void)fail(&request->failure, ERROR_VALIDATION, "Invalid SourceTableArn: %.*s", SLICE_ARGS(arn));
            return NULL;
        }
        if (name.ptr != NULL && !slice_equal(name, in_arn)) {
            (void)fail(&request->failure, ERROR_VALIDATION,
                       "One or more parameter values were invalid: SourceTableArn and SourceTableName name "
                       "different tables");
            return NULL;
        }
        name = in_arn;
    }
    table = gate_table(request, name);
    if (table == NULL)
        (void)fail(&request->failure, ERROR_TABLE_NOT_FOUND, "Table not found: %.*s", SLICE_ARGS(name));
    return table;
}

/* Times are asked for before the source is looked at: what is wrong with them is wrong for any. */
static bool check_times(struct request *request)
{
    bool latest = shape_boolean(request->body, "UseLatestRestorableTime", false),
         given = shape_member(request->body, "RestoreDateTime") != NULL;

    if (latest && given)
        return fail(&request->failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: Only one of RestoreDateTime and "
                    "UseLatestRestorableTime can be specified");
    return latest || given ||
           fail(&request->failure, ERROR_VALIDATION,
                "One or more parameter values were invalid: One of RestoreDateTime or "
                "UseLatestRestorableTime must be specified");
}

/*
 * The millisecond to restore to. It is before this one, and so before the time of the commit that makes the
 * table: whoever walks the source after that commit sees all that was committed up to it.
 */
static bool read_time(struct request *request, const struct table *source, int64_t *out)
{
    int64_t now = clock_now(), latest = now - 1, earliest;

    if (source->recovery.days == 0)
        return fail(&request->failure, ERROR_POINT_IN_TIME_RECOVERY_UNAVAILABLE,
                    "Point in time recovery is not enabled for table '%.*s'", SLICE_ARGS(source->name));
    enum storage_status status = recovery_earliest(request->server->storage, NULL, source, now, &earliest);
    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    if (shape_boolean(request->body, "UseLatestRestorableTime", false))
        *out = latest > earliest ? latest : earliest;
    else
        *out = shape_time(request->body, "RestoreDateTime", 0);
    return (*out >= earliest && *out <= latest) ||
           fail(&request->failure, ERROR_INVALID_RESTORE_TIME,
                "An invalid restore time was specified. RestoreDateTime must be between "
                "EarliestRestorableDateTime and LatestRestorableDateTime.");
}

bool restore_table_to_point_in_time(struct request *request)
{
    int64_t time = 0;

    if (!accepts(request, &time_input) || !check_times(request))
        return false;
    struct table *source = find_source(request);
    bool good = source != NULL && read_time(request, source, &time);
    if (good) {
        const struct restore restore = {
            .source_id = source->id, .source_name = source->name, .moment = {.time = time}, .time = time};
        batch_guard(&request->batch, keys_descriptor(request->arena, source->name), source->version);
        good = restore_input_create(request, source, &restore);
    }
    table_release(source);
    return good;
}
