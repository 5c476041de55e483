/*
 * StartBulkPutItems, CancelBulkOperation, DescribeBulkOperation, ListBulkOperations. A bulk operation reads
 * objects of S3 and reports into others, in a form that AWS's documentation does not give; none can be
 * started here, so that there is none to tell of. AWS: API reference.
 */
#include "services/accepts.h"
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"

enum { LEAST_WRITE_UNITS = 1024 };

static const char *const formats[] = {"DYNAMODB_JSON", "ION", NULL};
static const char *const compressions[] = {"GZIP", "ZSTD", "NONE", NULL};
static const char *const algorithms[] = {"AES256", "KMS", NULL};
static const char *const outputs[] = {"ERROR", "CONDITION_CHECK_FAILURE", NULL};
static const char *const tiers[] = {"STANDARD", "ACCELERATED", NULL};
static const struct shape format = {.kind = SHAPE_STRING, .words = formats};
static const struct shape compression = {.kind = SHAPE_STRING, .words = compressions};
static const struct shape algorithm = {.kind = SHAPE_STRING, .words = algorithms};
static const struct shape output_type = {.kind = SHAPE_STRING, .words = outputs};
static const struct shape output_types = {.kind = SHAPE_LIST, .min = 1, .max = 2, .element = &output_type};
static const struct shape tier = {.kind = SHAPE_STRING, .words = tiers};
static const struct shape write_units = {.kind = SHAPE_LONG, .min = LEAST_WRITE_UNITS};

static const struct shape_entry from_members[] = {
    {"S3BucketOwner", &shape_string, false},       {"S3Bucket", &shape_string, true},
    {"S3KeyPrefix", &shape_string, false},         {"InputFormat", &format, true},
    {"InputCompressionType", &compression, false}, {0}};
static const struct shape from = {.kind = SHAPE_STRUCTURE, .members = from_members};
static const struct shape_entry to_members[] = {{"S3BucketOwner", &shape_string, false},
                                                {"S3Bucket", &shape_string, false},
                                                {"S3KeyPrefix", &shape_string, false},
                                                {"S3SseAlgorithm", &algorithm, false},
                                                {"S3SseKmsKeyId", &shape_string, false},
                                                {"OutputType", &output_types, true},
                                                {0}};
static const struct shape to = {.kind = SHAPE_STRUCTURE, .members = to_members};
static const struct shape_entry start_members[] = {{"ClientToken", &shape_string, false},
                                                   {"InputS3Configuration", &from, true},
                                                   {"OutputS3Configuration", &to, true},
                                                   {"TableName", &input_table_name, true},
                                                   {"MaxWriteRequestUnits", &write_units, false},
                                                   {"PerformanceTier", &tier, false},
                                                   {0}};
static const struct shape start_input = {.kind = SHAPE_STRUCTURE, .members = start_members};

static const struct shape arn = {.kind = SHAPE_STRING, .min = 1, .max = 1024};
static const struct shape_entry one_members[] = {{"BulkOperationArn", &arn, true}, {0}};
static const struct shape one_input = {.kind = SHAPE_STRUCTURE, .members = one_members};

static const struct shape results = {.kind = SHAPE_INTEGER, .min = 1};
static const struct shape_entry list_members[] = {
    {"MaxResults", &results, false}, {"NextToken", &shape_string, false}, {0}};
static const struct shape list_input = {.kind = SHAPE_STRUCTURE, .members = list_members};

bool start_bulk_put_items(struct request *request)
{
    if (!input_accepts(request, &start_input) || !input_find_table(request, true))
        return false;
    return fail(&request->failure, ERROR_VALIDATION,
                "Bulk operations are not implemented by this server: the form of their reports is not "
                "documented. BatchWriteItem and ImportTable write many items");
}

static bool find_none(struct request *request)
{
    return accepts(request, &one_input) &&
           fail(&request->failure, ERROR_RESOURCE_NOT_FOUND,
                "Requested resource not found: Bulk operation: %.*s not found",
                SLICE_ARGS(shape_text(request->body, "BulkOperationArn")));
}

bool cancel_bulk_operation(struct request *request)
{
    return find_none(request);
}

bool describe_bulk_operation(struct request *request)
{
    return find_none(request);
}

bool list_bulk_operations(struct request *request)
{
    if (!accepts(request, &list_input))
        return false;
    if (shape_member(request->body, "NextToken") != NULL) /* no answer gave one */
        return fail(&request->failure, ERROR_VALIDATION, "The NextToken is invalid");
    buffer_append_string(request->out, "{\"BulkOperationsSummaryList\":[]}");
    return true;
}
