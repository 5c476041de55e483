/*
 * ImportTable, DescribeImport, ListImports: a new table from the objects of a bucket. The table is there,
 * CREATING, with the answer; its items come behind it (services/transfer/import.h). AWS: API reference,
 * ImportTable; "DynamoDB data import from Amazon S3".
 */
#include "services/accepts.h"
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/job_request.h"
#include "services/dynamodb/new_table.h"
#include "services/dynamodb/table_change.h"
#include "services/dynamodb/table_description.h"
#include "services/dynamodb/table_input.h"
#include "services/gate.h"

enum { IMPORTS_AT_ONCE = 50, PAGE_LIMIT = 25 };

/* ---- shapes ---- */

static const char *const formats[] = {"DYNAMODB_JSON", "ION", "CSV", NULL};
static const char *const packings[] = {"GZIP", "ZSTD", "NONE", NULL};

static bool is_delimiter(struct slice text)
{
    return text.len == 1 && memchr(",;:|\t ", text.ptr[0], 6) != NULL;
}

/* [\x20-\x21\x23-\x2B\x2D-\x7E]*: printable, and neither a double quote nor a comma. */
static bool is_header(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < ' ' || text.ptr[i] > '~' || text.ptr[i] == '"' || text.ptr[i] == ',')
            return false;
    }
    return true;
}

static bool is_token(struct slice text)
{
    return text.len > 0 && memchr(text.ptr, '$', text.len) == NULL;
}

static const struct shape delimiter = {
    .kind = SHAPE_STRING, .min = 1, .max = 1, .matches = is_delimiter, .pattern = "[,;:|\\t ]"};
static const struct shape header = {.kind = SHAPE_STRING,
                                    .min = 1,
                                    .max = 65536,
                                    .matches = is_header,
                                    .pattern = "[\\x20-\\x21\\x23-\\x2B\\x2D-\\x7E]*"};
static const struct shape headers = {.kind = SHAPE_LIST, .min = 1, .max = 255, .element = &header};
static const struct shape_entry csv_members[] = {
    {"Delimiter", &delimiter, false}, {"HeaderList", &headers, false}, {0}};
static const struct shape csv = {.kind = SHAPE_STRUCTURE, .members = csv_members};
static const struct shape_entry options_members[] = {{"Csv", &csv, false}, {0}};
static const struct shape options = {.kind = SHAPE_STRUCTURE, .members = options_members};
static const struct shape_entry source_members[] = {{"S3BucketOwner", &job_request_owner, false},
                                                    {"S3Bucket", &job_request_bucket, true},
                                                    {"S3KeyPrefix", &job_request_prefix, false},
                                                    {0}};
static const struct shape source = {.kind = SHAPE_STRUCTURE, .members = source_members};
static const struct shape format = {.kind = SHAPE_STRING, .words = formats};
static const struct shape packing = {.kind = SHAPE_STRING, .words = packings};
static const struct shape token = {.kind = SHAPE_STRING, .matches = is_token, .pattern = "^[^\\$]+$"};

static const struct shape table_name = {
    .kind = SHAPE_STRING, .min = 3, .max = 255, .matches = input_is_name, .pattern = "[a-zA-Z0-9_.-]+"};
static const struct shape_entry parameters_members[] = {
    {"TableName", &table_name, true},
    {"AttributeDefinitions", &table_input_definitions, true},
    {"KeySchema", &table_input_key_schema, true},
    {"BillingMode", &table_input_billing_mode, false},
    {"ProvisionedThroughput", &table_input_throughput, false},
    {"OnDemandThroughput", &table_input_on_demand, false},
    {"SSESpecification", &table_input_sse, false},
    {"GlobalSecondaryIndexes", &table_input_global_indexes, false},
    {"VectorIndexes", &shape_list, false},
    {0},
};
static const struct shape parameters = {.kind = SHAPE_STRUCTURE, .members = parameters_members};
static const struct shape_entry import_members[] = {
    {"ClientToken", &token, false},
    {"S3BucketSource", &source, true},
    {"InputFormat", &format, true},
    {"InputFormatOptions", &options, false},
    {"InputCompressionType", &packing, false},
    {"TableCreationParameters", &parameters, true},
    {0},
};
static const struct shape import_input = {.kind = SHAPE_STRUCTURE, .members = import_members};

static const struct shape_entry describe_members[] = {{"ImportArn", &job_request_arn_shape, true}, {0}};
static const struct shape describe_input = {.kind = SHAPE_STRUCTURE, .members = describe_members};

static bool is_page_token(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!((text.ptr[i] >= '0' && text.ptr[i] <= '9') || (text.ptr[i] >= 'a' && text.ptr[i] <= 'f')))
            return false;
    }
    return text.len > 0 && text.len % 16 == 0;
}

static const struct shape page_size = {.kind = SHAPE_INTEGER, .min = 1, .max = PAGE_LIMIT};
static const struct shape page_token = {
    .kind = SHAPE_STRING, .min = 112, .max = 1024, .matches = is_page_token, .pattern = "([0-9a-f]{16})+"};
static const struct shape_entry list_members[] = {{"TableArn", &job_request_table_arn, false},
                                                  {"PageSize", &page_size, false},
                                                  {"NextToken", &page_token, false},
                                                  {0}};
static const struct shape list_input = {.kind = SHAPE_STRUCTURE, .members = list_members};

static const struct job_request_kind imports = {
    .kind = JOB_IMPORT,
    .word = "import",
    .not_found = ERROR_IMPORT_NOT_FOUND,
    .conflict = ERROR_IMPORT_CONFLICT,
    .conflict_message =
        "There was a conflict when importing from the specified S3 source. This can occur when "
        "the current import conflicts with a previous import request that had the same client "
        "token."};

/* ---- answers ---- */

static struct slice arn_of_table(struct request *request, const struct job *job)
{
    const struct table named = {.name = job->table};

    return table_arn(request, &named);
}

/* What a summary and a description have in common. */
static void write_common(struct request *request, bool *first, const struct job *job)
{
    struct buffer *out = request->out;

    json_write_string_member(out, first, "ImportArn", job_request_arn(request, &imports, job));
    json_write_string_member(out, first, "ImportStatus", slice_of(job_status_name(job->status)));
    json_write_string_member(out, first, "TableArn", arn_of_table(request, job));
    job_request_write_sent(out, first, "S3BucketSource", job);
    job_request_write_sent(out, first, "InputFormat", job);
    job_request_write_time(out, first, "StartTime", job->begun);
    job_request_write_time(out, first, "EndTime", job->ended);
}

static void write_summary(struct request *request, const struct job *job)
{
    bool first = true;

    buffer_append_byte(request->out, '{');
    write_common(request, &first, job);
    buffer_append_byte(request->out, '}');
}

static void write_description(struct request *request, const struct job *job)
{
    struct buffer *out = request->out;
    bool first = true;

    buffer_append_string(out, "{\"ImportTableDescription\":{");
    write_common(request, &first, job);
    json_write_string_member(out, &first, "TableId", job->table_uuid);
    json_write_string_member(out, &first, "ClientToken", job->token);
    json_write_int64_member(out, &first, "ErrorCount", job->errors);
    job_request_write_sent(out, &first, "InputFormatOptions", job);
    if (shape_member(job->request, "InputCompressionType") != NULL)
        job_request_write_sent(out, &first, "InputCompressionType", job);
    else
        json_write_string_member(out, &first, "InputCompressionType", SLICE("NONE"));
    job_request_write_sent(out, &first, "TableCreationParameters", job);
    json_write_int64_member(out, &first, "ProcessedSizeBytes", job->bytes);
    json_write_int64_member(out, &first, "ProcessedItemCount", job->processed);
    json_write_int64_member(out, &first, "ImportedItemCount", job->imported);
    /* Before the job has ended, what made it fail is known to its thread alone. */
    if (job->status == JOB_FAILED) {
        json_write_string_member(out, &first, "FailureCode", job->failure_code);
        json_write_string_member(out, &first, "FailureMessage", job->failure_message);
    }
    buffer_append_string(out, "}}");
}

/* ---- operations ---- */

/* The members that the shape knows: whatever else was sent is none of the table's. */
static const struct json *known_members(struct arena *arena, const struct json *object)
{
    struct json *known = arena_new(arena, struct json);
    size_t limit = sizeof(parameters_members) / sizeof(parameters_members[0]);

    known->type = JSON_OBJECT;
    known->object.members = arena_array(arena, struct json_member, limit);
    for (const struct shape_entry *entry = parameters_members; entry->name != NULL; entry++) {
        const struct json *member = shape_member(object, entry->name);
        if (member != NULL)
            known->object.members[known->object.count++] =
                (struct json_member){slice_of(entry->name), *member};
    }
    return known;
}

static bool begin_import(struct request *request, struct job *job)
{
    const struct json *described =
        known_members(request->arena, shape_member(request->body, "TableCreationParameters"));
    struct table *draft = table_create();
    bool good = new_table_read(request, described, draft);

    draft->status = TABLE_CREATING;
    good = good && table_change_create(request, draft, ERROR_RESOURCE_IN_USE);
    if (good) {
        job->table = request->table->name;
        job->table_uuid = request->table->uuid;
        job_request_put(request, &imports, job);
    }
    table_release(draft);
    return good;
}

bool import_table(struct request *request)
{
    struct job job;
    size_t in_progress;
    bool repeats;

    if (!accepts(request, &import_input) || !gate_pass(request) ||
        !job_request_begin(request, &imports, &repeats, &job, &in_progress))
        return false;
    if (repeats) {
        batch_init(&request->batch, request->arena); /* nothing is begun */
        write_description(request, &job);
        return true;
    }
    if (in_progress >= IMPORTS_AT_ONCE)
        return fail(&request->failure, ERROR_LIMIT_EXCEEDED,
                    "Subscriber limit exceeded: Only %d imports can be IN_PROGRESS at once", IMPORTS_AT_ONCE);
    if (!begin_import(request, &job))
        return false;
    write_description(request, &job);
    return true;
}

bool describe_import(struct request *request)
{
    struct job job;

    if (!accepts(request, &describe_input) ||
        !job_request_find(request, &imports, shape_text(request->body, "ImportArn"), &job))
        return false;
    write_description(request, &job);
    return true;
}

bool list_imports(struct request *request)
{
    return accepts(request, &list_input) &&
           job_request_list(request, &imports, "ImportSummaryList",
                            (size_t)shape_number(request->body, "PageSize", PAGE_LIMIT), write_summary);
}
