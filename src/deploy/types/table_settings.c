/* What CreateTable does not take: time to live, point-in-time recovery, tags, the resource policy. Each is
 * made what the template says; what the template does not mention is off. */
#include "deploy/types/table.h"
#include "deploy/types/tags.h"

enum { PAUSE_MILLISECONDS = 5 };

static struct slice arn_of(const struct making *making)
{
    return text_of(making->have, "TableArn");
}

static void begin(struct making *making, struct input *input)
{
    input_begin(input);
    input_text(input, "TableName", making->id);
}

/* ---- time to live ---- */

/* Describes it as soon as it is not changing. */
static bool describe_expiry(struct making *making, const struct json **out)
{
    for (;;) {
        struct client_answer answer;
        struct input input;
        begin(making, &input);
        if (!making_call(making, SERVICE_DYNAMODB, "DescribeTimeToLive", &input, &answer))
            return false;
        *out = json_get(answer.body, "TimeToLiveDescription");
        struct slice status = text_of(*out, "TimeToLiveStatus");
        if (!slice_is(status, "ENABLING") && !slice_is(status, "DISABLING"))
            return true;
        if (!making_wait(making, PAUSE_MILLISECONDS))
            return false;
    }
}

static bool set_expiry(struct making *making, struct slice attribute, bool enabled)
{
    struct input input;
    bool first = true;

    begin(making, &input);
    json_write_name(&input.body, &input.first, "TimeToLiveSpecification");
    buffer_append_byte(&input.body, '{');
    json_write_string_member(&input.body, &first, "AttributeName", attribute);
    buffer_append_string(&input.body, enabled ? ",\"Enabled\":true}" : ",\"Enabled\":false}");
    return making_call(making, SERVICE_DYNAMODB, "UpdateTimeToLive", &input, NULL);
}

static bool change_expiry(struct making *making)
{
    const struct json *want = json_get(making->want, "TimeToLiveSpecification"), *have;

    if (!describe_expiry(making, &have))
        return false;
    struct slice wanted = flag_of(want, "Enabled") ? text_of(want, "AttributeName") : SLICE("");
    struct slice had =
        slice_is(text_of(have, "TimeToLiveStatus"), "ENABLED") ? text_of(have, "AttributeName") : SLICE("");
    if (slice_equal(wanted, had))
        return true;
    if (had.len > 0 && (!set_expiry(making, had, false) || !describe_expiry(making, &have)))
        return false;
    return wanted.len == 0 || (set_expiry(making, wanted, true) && describe_expiry(making, &have));
}

/* ---- recovery ---- */

static bool change_recovery(struct making *making)
{
    const struct json *want = json_get(table_own_settings(making), "PointInTimeRecoverySpecification");
    struct client_answer answer;
    struct input input;

    begin(making, &input);
    if (!making_call(making, SERVICE_DYNAMODB, "DescribeContinuousBackups", &input, &answer))
        return false;
    const struct json *have =
        json_get(json_get(answer.body, "ContinuousBackupsDescription"), "PointInTimeRecoveryDescription");
    bool wanted = flag_of(want, "PointInTimeRecoveryEnabled");
    bool had = slice_is(text_of(have, "PointInTimeRecoveryStatus"), "ENABLED");
    int64_t days = number_of(want, "RecoveryPeriodInDays", 35);
    if (wanted == had && (!wanted || days == number_of(have, "RecoveryPeriodInDays", 35)))
        return true;
    begin(making, &input);
    input_literal(&input, "PointInTimeRecoverySpecification",
                  wanted ? arena_printf(making->arena,
                                        "{\"PointInTimeRecoveryEnabled\":true,\"RecoveryPeriodInDays\":%lld}",
                                        (long long)days)
                               .ptr
                         : "{\"PointInTimeRecoveryEnabled\":false}");
    return making_call(making, SERVICE_DYNAMODB, "UpdateContinuousBackups", &input, NULL);
}

/* ---- tags ---- */

bool table_list_tags(struct making *making, struct json *out)
{
    static const struct listing listing = {
        SERVICE_DYNAMODB, "ListTagsOfResource", "Tags", "NextToken", "NextToken", NULL, NULL};

    return making_list(making, &listing, (const struct text_member[]){{"ResourceArn", arn_of(making)}, {0}},
                       out);
}

static bool change_tags(struct making *making)
{
    const struct json want = making_tags(making, json_get(table_own_settings(making), "Tags"));
    struct tag_changes changes;
    struct input input;
    struct json have;

    if (!table_list_tags(making, &have))
        return false;
    tags_compare(making->arena, &want, &have, &changes);
    if (changes.removed.array.count > 0) {
        input_begin(&input);
        input_text(&input, "ResourceArn", arn_of(making));
        input_value(&input, "TagKeys", &changes.removed);
        if (!making_call(making, SERVICE_DYNAMODB, "UntagResource", &input, NULL))
            return false;
    }
    if (changes.added.array.count == 0)
        return true;
    input_begin(&input);
    input_text(&input, "ResourceArn", arn_of(making));
    input_value(&input, "Tags", &changes.added);
    return making_call(making, SERVICE_DYNAMODB, "TagResource", &input, NULL);
}

/* ---- resource policies ---- */

/* The policy of the table, or of its stream. */
static bool change_policy(struct making *making, struct slice arn, const struct json *want)
{
    struct client_answer answer;
    struct input input;

    input_begin(&input);
    input_text(&input, "ResourceArn", arn);
    if (!making_ask(making, SERVICE_DYNAMODB, "GetResourcePolicy", "PolicyNotFoundException", &input,
                    &answer))
        return false;
    if (want == NULL && answer.body == NULL)
        return true;
    if (want != NULL && answer.body != NULL &&
        document_same(making->arena, want, text_of(answer.body, "Policy")))
        return true;
    input_begin(&input);
    input_text(&input, "ResourceArn", arn);
    if (want != NULL)
        input_document(&input, "Policy", want);
    return making_call(making, SERVICE_DYNAMODB, want == NULL ? "DeleteResourcePolicy" : "PutResourcePolicy",
                       &input, NULL);
}

static bool change_policies(struct making *making)
{
    const struct json *own = table_own_settings(making),
                      *stream = json_get(own, "ReplicaStreamSpecification");

    if (stream == NULL)
        stream = json_get(own, "StreamSpecification");
    if (!change_policy(making, arn_of(making), json_get(json_get(own, "ResourcePolicy"), "PolicyDocument")))
        return false;
    /* That of a stream that is off goes with it. */
    return !flag_of(json_get(making->have, "StreamSpecification"), "StreamEnabled") ||
           change_policy(making, text_of(making->have, "LatestStreamArn"),
                         json_get(json_get(stream, "ResourcePolicy"), "PolicyDocument"));
}

bool table_apply_settings(struct making *making)
{
    return change_expiry(making) && change_recovery(making) && change_tags(making) && change_policies(making);
}
