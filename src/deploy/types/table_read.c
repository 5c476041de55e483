/* Tables as they are, as the properties of AWS::DynamoDB::Table and AWS::DynamoDB::GlobalTable. */
#include "deploy/types/reading.h"
#include "deploy/types/table.h"

/* What of a table is asked for beside its description. */
struct told {
    struct making *making;
    bool provisioned;
    bool global;
    const struct json *expiry, *recovery; /* descriptions */
    struct json tags;
    struct slice policy, stream_policy; /* empty: there is none */
};

/* ---- asking ---- */

static bool ask(struct making *making, const char *operation, const char *member, const struct json **out)
{
    const struct text_member named[] = {{"TableName", making->id}, {0}};
    struct client_answer answer;

    if (!making_do(making, SERVICE_DYNAMODB, operation, named, &answer))
        return false;
    *out = json_get(answer.body, member);
    return true;
}

static bool ask_policy(struct making *making, struct slice arn, struct slice *out)
{
    struct client_answer answer;
    struct input input;

    *out = SLICE("");
    if (arn.len == 0)
        return true;
    input_begin(&input);
    input_text(&input, "ResourceArn", arn);
    if (!making_ask(making, SERVICE_DYNAMODB, "GetResourcePolicy", "PolicyNotFoundException", &input,
                    &answer))
        return false;
    *out = text_of(answer.body, "Policy");
    return true;
}

static bool has_stream(const struct making *making)
{
    return flag_of(json_get(making->have, "StreamSpecification"), "StreamEnabled");
}

static bool ask_all(struct making *making, struct told *told)
{
    struct slice mode = text_of(json_get(making->have, "BillingModeSummary"), "BillingMode");
    struct slice stream = has_stream(making) ? text_of(making->have, "LatestStreamArn") : SLICE("");

    *told = (struct told){.making = making, .provisioned = !slice_is(mode, "PAY_PER_REQUEST")};
    if (!ask(making, "DescribeTimeToLive", "TimeToLiveDescription", &told->expiry) ||
        !ask(making, "DescribeContinuousBackups", "ContinuousBackupsDescription", &told->recovery))
        return false;
    told->recovery = json_get(told->recovery, "PointInTimeRecoveryDescription");
    return table_list_tags(making, &told->tags) &&
           ask_policy(making, text_of(making->have, "TableArn"), &told->policy) &&
           ask_policy(making, stream, &told->stream_policy);
}

/* ---- what both kinds have ---- */

static void write_index(struct input *out, const struct json *index, void *context)
{
    static const char *const members[] = {"IndexName", "KeySchema", "Projection", NULL};

    (void)context;
    reading_members(out, index, members);
}

/* A structure of two numbers out of a description, which has more. */
static void write_pair(struct input *out, const char *name, const struct json *of, const char *read,
                       const char *write)
{
    const char *const members[] = {read, write, NULL};
    struct input inner;

    if (of == NULL)
        return;
    reading_open(out, &inner, name);
    reading_members(&inner, of, members);
    reading_close(out, &inner);
}

static void write_warmth(struct input *out, const struct json *of)
{
    write_pair(out, "WarmThroughput", json_get(of, "WarmThroughput"), "ReadUnitsPerSecond",
               "WriteUnitsPerSecond");
}

static void write_expiry(struct input *out, const struct told *told)
{
    struct slice attribute = text_of(told->expiry, "AttributeName");
    struct input inner;

    if (!slice_is(text_of(told->expiry, "TimeToLiveStatus"), "ENABLED"))
        return;
    reading_open(out, &inner, "TimeToLiveSpecification");
    input_text(&inner, "AttributeName", attribute);
    input_literal(&inner, "Enabled", "true");
    reading_close(out, &inner);
}

static void write_recovery(struct input *out, const struct told *told)
{
    bool enabled = slice_is(text_of(told->recovery, "PointInTimeRecoveryStatus"), "ENABLED");
    struct input inner;

    reading_open(out, &inner, "PointInTimeRecoverySpecification");
    input_literal(&inner, "PointInTimeRecoveryEnabled", enabled ? "true" : "false");
    if (enabled)
        input_value(&inner, "RecoveryPeriodInDays", json_get(told->recovery, "RecoveryPeriodInDays"));
    reading_close(out, &inner);
}

static void write_policy(struct input *out, const struct told *told, struct slice policy)
{
    struct input inner;

    if (policy.len == 0)
        return;
    reading_open(out, &inner, "ResourcePolicy");
    reading_document(told->making, &inner, "PolicyDocument", policy);
    reading_close(out, &inner);
}

/* Its class, its protection, its tags, its policy: of the table, or of its replica. */
static void write_own(struct input *out, const struct told *told)
{
    const struct json *have = told->making->have;

    write_recovery(out, told);
    input_value(out, "TableClass", json_get(json_get(have, "TableClassSummary"), "TableClass"));
    input_value(out, "DeletionProtectionEnabled", json_get(have, "DeletionProtectionEnabled"));
    reading_tags(told->making, out, "Tags", &told->tags);
    write_policy(out, told, told->policy);
}

static bool is_encrypted(const struct making *making)
{
    return slice_is(text_of(json_get(making->have, "SSEDescription"), "Status"), "ENABLED");
}

static void write_encryption(struct input *out, const struct told *told)
{
    const struct json *have = json_get(told->making->have, "SSEDescription");
    struct input inner;

    if (!is_encrypted(told->making))
        return;
    reading_open(out, &inner, "SSESpecification");
    input_literal(&inner, "SSEEnabled", "true");
    input_value(&inner, "SSEType", json_get(have, "SSEType"));
    if (!told->global)
        input_value(&inner, "KMSMasterKeyId", json_get(have, "KMSMasterKeyArn"));
    reading_close(out, &inner);
}

static void write_stream(struct input *out, const struct told *told)
{
    struct input inner;

    if (!has_stream(told->making))
        return;
    reading_open(out, &inner, "StreamSpecification");
    input_value(&inner, "StreamViewType",
                json_get(json_get(told->making->have, "StreamSpecification"), "StreamViewType"));
    if (!told->global)
        write_policy(&inner, told, told->stream_policy);
    reading_close(out, &inner);
}

/* What comes first of both. */
static void write_common(struct input *out, const struct told *told)
{
    static const char *const members[] = {"TableName", "AttributeDefinitions", "KeySchema", NULL};
    const struct json *have = told->making->have;

    reading_members(out, have, members);
    input_text(out, "BillingMode", told->provisioned ? SLICE("PROVISIONED") : SLICE("PAY_PER_REQUEST"));
    reading_list(out, "LocalSecondaryIndexes", json_get(have, "LocalSecondaryIndexes"), write_index, NULL);
    write_encryption(out, told);
    write_stream(out, told);
    write_expiry(out, told);
    write_warmth(out, have);
}

/* ---- AWS::DynamoDB::Table ---- */

static void write_capacity(struct input *out, const struct told *told, const struct json *of)
{
    if (told->provisioned)
        write_pair(out, "ProvisionedThroughput", json_get(of, "ProvisionedThroughput"), "ReadCapacityUnits",
                   "WriteCapacityUnits");
    else
        write_pair(out, "OnDemandThroughput", json_get(of, "OnDemandThroughput"), "MaxReadRequestUnits",
                   "MaxWriteRequestUnits");
}

static void write_global_index(struct input *out, const struct json *index, void *context)
{
    write_index(out, index, NULL);
    write_capacity(out, context, index);
    write_warmth(out, index);
}

bool table_read(struct making *making, const struct json **properties)
{
    struct input out;
    struct told told;

    if (!ask_all(making, &told))
        return false;
    input_begin(&out);
    write_common(&out, &told);
    write_capacity(&out, &told, making->have);
    reading_list(&out, "GlobalSecondaryIndexes", json_get(making->have, "GlobalSecondaryIndexes"),
                 write_global_index, &told);
    write_own(&out, &told);
    return reading_done(making, &out, properties);
}

/* ---- AWS::DynamoDB::GlobalTable ---- */

/* What scales automatically at AWS stands still here. */
static void write_scaled(struct input *out, const char *settings, const struct json *units)
{
    static const char *const bounds[] = {"MinCapacity", "MaxCapacity", "SeedCapacity"};
    struct input inner, scaling, target;

    reading_open(out, &inner, settings);
    reading_open(&inner, &scaling, "WriteCapacityAutoScalingSettings");
    for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++)
        input_value(&scaling, bounds[i], units);
    reading_open(&scaling, &target, "TargetTrackingScalingPolicyConfiguration");
    input_literal(&target, "TargetValue", "70");
    reading_close(&scaling, &target);
    reading_close(&inner, &scaling);
    reading_close(out, &inner);
}

static void write_one(struct input *out, const char *settings, const char *member, const struct json *units)
{
    struct input inner;

    if (units == NULL)
        return;
    reading_open(out, &inner, settings);
    input_value(&inner, member, units);
    reading_close(out, &inner);
}

static void write_writes(struct input *out, const struct told *told, const struct json *of)
{
    if (told->provisioned)
        write_scaled(out, "WriteProvisionedThroughputSettings",
                     json_get(json_get(of, "ProvisionedThroughput"), "WriteCapacityUnits"));
    else
        write_one(out, "WriteOnDemandThroughputSettings", "MaxWriteRequestUnits",
                  json_get(json_get(of, "OnDemandThroughput"), "MaxWriteRequestUnits"));
}

static void write_reads(struct input *out, const struct told *told, const struct json *of)
{
    if (told->provisioned)
        write_one(out, "ReadProvisionedThroughputSettings", "ReadCapacityUnits",
                  json_get(json_get(of, "ProvisionedThroughput"), "ReadCapacityUnits"));
    else
        write_one(out, "ReadOnDemandThroughputSettings", "MaxReadRequestUnits",
                  json_get(json_get(of, "OnDemandThroughput"), "MaxReadRequestUnits"));
}

static void write_own_index(struct input *out, const struct json *index, void *context)
{
    write_index(out, index, NULL);
    write_writes(out, context, index);
    write_warmth(out, index);
}

static void write_replica_index(struct input *out, const struct json *index, void *context)
{
    input_value(out, "IndexName", json_get(index, "IndexName"));
    write_reads(out, context, index);
}

static void write_replica(struct input *out, const struct told *told)
{
    const struct making *making = told->making;
    struct input replica, inner;

    json_write_name(&out->body, &out->first, "Replicas");
    buffer_append_byte(&out->body, '[');
    input_begin(&replica);
    input_text(&replica, "Region", making->stack->identity.region);
    write_reads(&replica, told, making->have);
    reading_list(&replica, "GlobalSecondaryIndexes", json_get(making->have, "GlobalSecondaryIndexes"),
                 write_replica_index, (void *)told);
    if (is_encrypted(making)) {
        reading_open(&replica, &inner, "SSESpecification");
        input_value(&inner, "KMSMasterKeyId",
                    json_get(json_get(making->have, "SSEDescription"), "KMSMasterKeyArn"));
        reading_close(&replica, &inner);
    }
    if (told->stream_policy.len > 0) {
        reading_open(&replica, &inner, "ReplicaStreamSpecification");
        write_policy(&inner, told, told->stream_policy);
        reading_close(&replica, &inner);
    }
    write_own(&replica, told);
    reading_close(out, &replica);
    buffer_append_byte(&out->body, ']');
}

bool table_read_global(struct making *making, const struct json **properties)
{
    struct input out;
    struct told told;

    if (!ask_all(making, &told))
        return false;
    told.global = true;
    input_begin(&out);
    write_common(&out, &told);
    write_writes(&out, &told, making->have);
    reading_list(&out, "GlobalSecondaryIndexes", json_get(making->have, "GlobalSecondaryIndexes"),
                 write_own_index, &told);
    write_replica(&out, &told);
    return reading_done(making, &out, properties);
}
