/* Tables that are made with items from a bucket: the property ImportSourceSpecification. AWS: API reference,
 * ImportTable. */
#include "deploy/types/table.h"

enum { FIRST_PAUSE = 5, LONGEST_PAUSE = 1000 };

/* What ImportTable takes of CreateTable's input. The rest is changed when the items are there. */
static void write_parameters(struct making *making, struct input *input)
{
    static const char *const members[] = {"TableName",        "AttributeDefinitions",   "KeySchema",
                                          "BillingMode",      "ProvisionedThroughput",  "OnDemandThroughput",
                                          "SSESpecification", "GlobalSecondaryIndexes", NULL};
    struct input parameters;

    input_begin(&parameters);
    for (const char *const *member = members; *member != NULL; member++)
        input_value(&parameters, *member, json_get(making->input, *member));
    buffer_append_byte(&parameters.body, '}');
    json_write_name(&input->body, &input->first, "TableCreationParameters");
    buffer_append(&input->body, buffer_slice(&parameters.body));
    buffer_finish(&parameters.body);
}

bool table_import(struct making *making, struct slice *arn)
{
    const struct json *source = json_get(making->want, "ImportSourceSpecification");
    struct client_answer answer;
    struct input input;

    input_begin(&input);
    input_value(&input, "S3BucketSource", json_get(source, "S3BucketSource"));
    input_value(&input, "InputFormat", json_get(source, "InputFormat"));
    input_value(&input, "InputFormatOptions", json_get(source, "InputFormatOptions"));
    input_value(&input, "InputCompressionType", json_get(source, "InputCompressionType"));
    write_parameters(making, &input);
    if (!making_call(making, SERVICE_DYNAMODB, "ImportTable", &input, &answer))
        return false;
    *arn = text_of(json_get(answer.body, "ImportTableDescription"), "ImportArn");
    return true;
}

bool table_await_import(struct making *making, struct slice arn)
{
    const struct text_member one[] = {{"ImportArn", arn}, {0}};

    for (long pause = FIRST_PAUSE;; pause = pause * 2 > LONGEST_PAUSE ? LONGEST_PAUSE : pause * 2) {
        struct client_answer answer;
        if (!making_do(making, SERVICE_DYNAMODB, "DescribeImport", one, &answer))
            return false;
        const struct json *import = json_get(answer.body, "ImportTableDescription");
        struct slice status = text_of(import, "ImportStatus");
        if (slice_is(status, "COMPLETED"))
            return true;
        if (!slice_is(status, "IN_PROGRESS"))
            return making_refuse(making, "the import is %.*s: %.*s: %.*s", SLICE_ARGS(status),
                                 SLICE_ARGS(text_of(import, "FailureCode")),
                                 SLICE_ARGS(text_of(import, "FailureMessage")));
        if (!making_wait(making, pause))
            return false;
    }
}
