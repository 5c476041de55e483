/*
 * DescribeKinesisStreamingDestination and the three operations that change such destinations. No Kinesis data
 * stream is served here: a table has no destination, and there is none that it could be given. AWS: API
 * reference.
 */
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"

static const char *const precisions[] = {"MILLISECOND", "MICROSECOND", NULL};
static const struct shape stream_arn = {.kind = SHAPE_STRING, .min = 37, .max = 1024};
static const struct shape precision = {.kind = SHAPE_STRING, .words = precisions};
static const struct shape_entry configuration_members[] = {
    {"ApproximateCreationDateTimePrecision", &precision, false}, {0}};
static const struct shape configuration = {.kind = SHAPE_STRUCTURE, .members = configuration_members};

static const struct shape_entry describe_members[] = {{"TableName", &input_table_name, true}, {0}};
static const struct shape describe_input = {.kind = SHAPE_STRUCTURE, .members = describe_members};

static const struct shape_entry change_members[] = {
    {"TableName", &input_table_name, true},
    {"StreamArn", &stream_arn, true},
    {"EnableKinesisStreamingConfiguration", &configuration, false},
    {0}};
static const struct shape change_input = {.kind = SHAPE_STRUCTURE, .members = change_members};

static const struct shape_entry update_members[] = {
    {"TableName", &input_table_name, true},
    {"StreamArn", &stream_arn, true},
    {"UpdateKinesisStreamingConfiguration", &configuration, false},
    {0}};
static const struct shape update_input = {.kind = SHAPE_STRUCTURE, .members = update_members};

bool describe_kinesis_streaming_destination(struct request *request)
{
    bool first = true;

    if (!input_accepts(request, &describe_input) || !input_find_table(request, true))
        return false;
    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first, "TableName", request->table->name);
    buffer_append_string(request->out, ",\"KinesisDataStreamDestinations\":[]}");
    return true;
}

/* "arn:aws:kinesis:REGION:ACCOUNT:stream/NAME" */
static bool is_stream_arn(struct slice arn)
{
    size_t colons = 0;

    for (size_t i = 0; i < arn.len; i++) {
        if (arn.ptr[i] != ':')
            continue;
        colons++;
        if (colons == 2 && !slice_starts_with(slice_skip(arn, i + 1), SLICE("kinesis:")))
            return false;
        if (colons == 5)
            return slice_starts_with(arn, SLICE("arn:")) &&
                   slice_starts_with(slice_skip(arn, i + 1), SLICE("stream/"));
    }
    return false;
}

static bool refuse(struct request *request, const struct shape *input)
{
    struct slice arn = shape_text(request->body, "StreamArn");

    if (!input_accepts(request, input))
        return false;
    if (!is_stream_arn(arn))
        return fail(&request->failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: Invalid StreamArn: %.*s", SLICE_ARGS(arn));
    if (!input_find_table(request, true))
        return false;
    return fail(
        &request->failure, ERROR_RESOURCE_NOT_FOUND,
        "Requested resource not found: Kinesis data stream: %.*s not found. This server has no Kinesis "
        "data streams; the changes of a table can be read from its DynamoDB stream",
        SLICE_ARGS(arn));
}

bool enable_kinesis_streaming_destination(struct request *request)
{
    return refuse(request, &change_input);
}

bool disable_kinesis_streaming_destination(struct request *request)
{
    return refuse(request, &change_input);
}

bool update_kinesis_streaming_destination(struct request *request)
{
    return refuse(request, &update_input);
}
