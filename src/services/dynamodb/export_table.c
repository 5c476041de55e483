/*
 * ExportTableToPointInTime, DescribeExport, ListExports: a table as it was at a moment, or what was changed
 * between two, into the objects of a bucket, behind the answer (services/transfer/export.h). AWS: API
 * reference, ExportTableToPointInTime; "DynamoDB data export to Amazon S3".
 */
#include "base/clock.h"
#include "catalog/backups.h"
#include "services/accepts.h"
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/job_request.h"
#include "services/dynamodb/table_description.h"
#include "services/gate.h"
#include "services/storage_failure.h"
#include "services/transfer/export.h"

/* AWS: "Service, account, and table quotas"; an incremental export shows 15 minutes at least, a day at most.
 */
enum { EXPORTS_AT_ONCE = 300, PAGE_LIMIT = 25 };
static const int64_t shortest = 15 * 60 * 1000, longest = 24 * 60 * 60 * 1000;

/* ---- shapes ---- */

static const char *const formats[] = {"DYNAMODB_JSON", "ION", NULL};
static const char *const algorithms[] = {"AES256", "KMS", NULL};
static const char *const types[] = {"INCREMENTAL_EXPORT", "FULL_EXPORT", NULL};
static const char *const views[] = {"NEW_IMAGE", "NEW_AND_OLD_IMAGES", NULL};

static const struct shape format = {.kind = SHAPE_STRING, .words = formats};
static const struct shape algorithm = {.kind = SHAPE_STRING, .words = algorithms};
static const struct shape type = {.kind = SHAPE_STRING, .words = types};
static const struct shape view = {.kind = SHAPE_STRING, .words = views};
static const struct shape key_id = {.kind = SHAPE_STRING, .min = 1, .max = 2048};
static const struct shape_entry specification_members[] = {{"ExportFromTime", &shape_time_value, false},
                                                           {"ExportToTime", &shape_time_value, false},
                                                           {"ExportViewType", &view, false},
                                                           {0}};
static const struct shape specification = {.kind = SHAPE_STRUCTURE, .members = specification_members};
static const struct shape_entry export_members[] = {
    {"TableArn", &job_request_table_arn, true},
    {"ExportTime", &shape_time_value, false},
    {"ClientToken", &shape_string, false},
    {"S3Bucket", &job_request_bucket, true},
    {"S3BucketOwner", &job_request_owner, false},
    {"S3Prefix", &job_request_prefix, false},
    {"S3SseAlgorithm", &algorithm, false},
    {"S3SseKmsKeyId", &key_id, false},
    {"ExportFormat", &format, false},
    {"ExportType", &type, false},
    {"IncrementalExportSpecification", &specification, false},
    {0},
};
static const struct shape export_input = {.kind = SHAPE_STRUCTURE, .members = export_members};

static const struct shape_entry describe_members[] = {{"ExportArn", &job_request_arn_shape, true}, {0}};
static const struct shape describe_input = {.kind = SHAPE_STRUCTURE, .members = describe_members};

static const struct shape page_size = {.kind = SHAPE_INTEGER, .min = 1, .max = PAGE_LIMIT};
static const struct shape_entry list_members[] = {{"TableArn", &job_request_table_arn, false},
                                                  {"MaxResults", &page_size, false},
                                                  {"NextToken", &shape_string, false},
                                                  {0}};
static const struct shape list_input = {.kind = SHAPE_STRUCTURE, .members = list_members};

static const struct job_request_kind exports = {
    .kind = JOB_EXPORT,
    .word = "export",
    .not_found = ERROR_EXPORT_NOT_FOUND,
    .conflict = ERROR_EXPORT_CONFLICT,
    .conflict_message =
        "There was a conflict when writing to the specified S3 bucket. This can occur when the "
        "current export conflicts with a previous export request that had the same client "
        "token."};

/* ---- answers ---- */

static void write_common(struct request *request, bool *first, const struct job *job)
{
    json_write_string_member(request->out, first, "ExportArn", job_request_arn(request, &exports, job));
    json_write_string_member(request->out, first, "ExportStatus", slice_of(job_status_name(job->status)));
    json_write_string_member(request->out, first, "ExportType",
                             job->from == 0 ? SLICE("FULL_EXPORT") : SLICE("INCREMENTAL_EXPORT"));
}

static void write_summary(struct request *request, const struct job *job)
{
    bool first = true;

    buffer_append_byte(request->out, '{');
    write_common(request, &first, job);
    buffer_append_byte(request->out, '}');
}

/* A member that has a value also when it was not sent. */
static void write_sent_or(struct request *request, bool *first, const char *name, const struct job *job,
                          struct slice otherwise)
{
    if (shape_member(job->request, name) != NULL)
        job_request_write_sent(request->out, first, name, job);
    else
        json_write_string_member(request->out, first, name, otherwise);
}

/* What is known of an export when it has ended. */
static void write_outcome(struct request *request, bool *first, const struct job *job)
{
    struct buffer *out = request->out;

    job_request_write_time(out, first, "EndTime", job->ended);
    if (job->status == JOB_FAILED) {
        json_write_string_member(out, first, "FailureCode", job->failure_code);
        json_write_string_member(out, first, "FailureMessage", job->failure_message);
        return;
    }
    struct slice folder = export_folder(request->arena, job);
    json_write_string_member(out, first, "ExportManifest",
                             arena_printf(request->arena, "%.*s/manifest-summary.json", SLICE_ARGS(folder)));
    json_write_int64_member(out, first, "BilledSizeBytes", job->bytes);
    json_write_int64_member(out, first, "ItemCount", job->processed);
}

static void write_description(struct request *request, const struct job *job)
{
    static const char *const sent[] = {"S3Bucket", "S3BucketOwner", "S3Prefix",
                                       "IncrementalExportSpecification"};
    const struct table named = {.name = job->table};
    struct buffer *out = request->out;
    bool first = true;

    buffer_append_string(out, "{\"ExportDescription\":{");
    write_common(request, &first, job);
    json_write_string_member(out, &first, "TableArn", table_arn(request, &named));
    json_write_string_member(out, &first, "TableId", job->table_uuid);
    json_write_string_member(out, &first, "ClientToken", job->token);
    job_request_write_time(out, &first, "StartTime", job->begun);
    if (job->from == 0)
        job_request_write_time(out, &first, "ExportTime", job->until);
    for (size_t i = 0; i < sizeof(sent) / sizeof(sent[0]); i++)
        job_request_write_sent(out, &first, sent[i], job);
    write_sent_or(request, &first, "S3SseAlgorithm", job, SLICE("AES256"));
    write_sent_or(request, &first, "ExportFormat", job, SLICE("DYNAMODB_JSON"));
    if (job->status != JOB_IN_PROGRESS)
        write_outcome(request, &first, job);
    buffer_append_string(out, "}}");
}

/* ---- operations ---- */

static bool find_table(struct request *request)
{
    struct slice arn = shape_text(request->body, "TableArn"), name = input_table_in_arn(arn);

    if (!slice_starts_with(arn, SLICE("arn:")) || !input_is_table_name(name))
        return fail(&request->failure, ERROR_VALIDATION, "Invalid TableArn");
    request->table = gate_table(request, name);
    return request->table != NULL ||
           fail(&request->failure, ERROR_TABLE_NOT_FOUND, "Table not found: %.*s", SLICE_ARGS(arn));
}

/* What the request says by itself. */
static bool check_members(struct request *request)
{
    bool incremental = slice_is(shape_text(request->body, "ExportType"), "INCREMENTAL_EXPORT");
    const struct json *changes = shape_member(request->body, "IncrementalExportSpecification");
    struct failure *failure = &request->failure;

    if (slice_is(shape_text(request->body, "S3SseAlgorithm"), "KMS") ||
        shape_member(request->body, "S3SseKmsKeyId") != NULL)
        return fail(failure, ERROR_VALIDATION,
                    "This server has no AWS KMS: exports cannot be encrypted with its keys");
    if (!incremental)
        return changes == NULL || fail(failure, ERROR_VALIDATION,
                                       "IncrementalExportSpecification can only be specified when "
                                       "ExportType is INCREMENTAL_EXPORT");
    if (shape_member(request->body, "ExportTime") != NULL)
        return fail(failure, ERROR_VALIDATION,
                    "ExportTime can only be specified when ExportType is FULL_EXPORT");
    return (changes != NULL && shape_member(changes, "ExportFromTime") != NULL &&
            shape_member(changes, "ExportToTime") != NULL) ||
           fail(failure, ERROR_VALIDATION,
                "IncrementalExportSpecification with ExportFromTime and ExportToTime must be specified when "
                "ExportType is INCREMENTAL_EXPORT");
}

/* Fills the job's moments, which must be in the table's window. */
static bool read_times(struct request *request, struct job *job)
{
    const struct json *changes = shape_member(request->body, "IncrementalExportSpecification");
    int64_t now = clock_now(), latest = now - 1, earliest;
    const struct table *table = request->table;
    struct failure *failure = &request->failure;

    if (table->recovery.days == 0)
        return fail(failure, ERROR_POINT_IN_TIME_RECOVERY_UNAVAILABLE,
                    "Point in time recovery is not enabled for table '%.*s'", SLICE_ARGS(table->name));
    enum storage_status status = recovery_earliest(request->server->storage, NULL, table, now, &earliest);
    if (status != STORAGE_OK)
        return storage_failure(failure, status);
    if (changes == NULL) {
        bool is_given = shape_member(request->body, "ExportTime") != NULL;
        job->until = is_given ? shape_time(request->body, "ExportTime", 0) : now > earliest ? now : earliest;
        return !is_given || (job->until >= earliest && job->until <= latest) ||
               fail(failure, ERROR_INVALID_EXPORT_TIME,
                    "The specified ExportTime is outside of the point in time recovery window.");
    }
    job->from = shape_time(changes, "ExportFromTime", 0);
    job->until = shape_time(changes, "ExportToTime", 0);
    if (job->until - job->from < shortest || job->until - job->from > longest)
        return fail(failure, ERROR_INVALID_EXPORT_TIME,
                    "The time between ExportFromTime and ExportToTime must be between 15 minutes and 24 "
                    "hours.");
    return (job->from >= earliest && job->until <= latest) ||
           fail(failure, ERROR_INVALID_EXPORT_TIME,
                "The specified ExportFromTime or ExportToTime is outside of the point in time recovery "
                "window.");
}

bool export_table_to_point_in_time(struct request *request)
{
    struct job job;
    size_t in_progress;
    bool repeats;

    if (!accepts(request, &export_input) || !check_members(request) || !job_request_check_buckets(request) ||
        !job_request_begin(request, &exports, &repeats, &job, &in_progress))
        return false;
    if (repeats) {
        batch_init(&request->batch, request->arena); /* nothing is begun */
        write_description(request, &job);
        return true;
    }
    if (!find_table(request) || !read_times(request, &job))
        return false;
    if (in_progress >= EXPORTS_AT_ONCE)
        return fail(&request->failure, ERROR_LIMIT_EXCEEDED,
                    "Subscriber limit exceeded: Only %d exports can be IN_PROGRESS at once", EXPORTS_AT_ONCE);
    job.table = request->table->name;
    job.table_uuid = request->table->uuid;
    job_request_put(request, &exports, &job);
    write_description(request, &job);
    return true;
}

bool describe_export(struct request *request)
{
    struct job job;

    if (!accepts(request, &describe_input) ||
        !job_request_find(request, &exports, shape_text(request->body, "ExportArn"), &job))
        return false;
    write_description(request, &job);
    return true;
}

bool list_exports(struct request *request)
{
    return accepts(request, &list_input) &&
           job_request_list(request, &exports, "ExportSummaries",
                            (size_t)shape_number(request->body, "MaxResults", PAGE_LIMIT), write_summary);
}
