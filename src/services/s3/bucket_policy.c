#include "services/s3/bucket_policy.h"

#include "iam/evaluate.h"
#include "iam/pattern.h"
#include "iam/policy.h"
#include "services/gate.h"
#include "services/s3/store.h"

enum { POLICY_LONGEST = 20 * 1024, DOCUMENT_DEPTH = 32 };

/* ---- values that are one or several ---- */

static size_t count_of(const struct json *value)
{
    return value == NULL ? 0 : value->type == JSON_ARRAY ? value->array.count : 1;
}

static const struct json *item_of(const struct json *value, size_t i)
{
    return value->type == JSON_ARRAY ? &value->array.items[i] : value;
}

static struct slice text_of(const struct json *value, size_t i)
{
    const struct json *item = item_of(value, i);

    return item->type == JSON_STRING ? item->text : SLICE("");
}

static const struct json *statements_of(const struct json *document)
{
    return json_get(document, "Statement");
}

static const struct json *either(const struct json *statement, const char *name, const char *opposite)
{
    const struct json *found = json_get(statement, name);

    return found != NULL ? found : json_get(statement, opposite);
}

/* ---- actions and resources ---- */

static const struct {
    const char *name;
    bool of_objects;
} actions[] = {
#define B(name) {"s3:" #name, false},
#define O(name) {"s3:" #name, true},
#include "services/s3/actions.def"
#undef B
#undef O
};

/* What actions a pattern is about: none, those of buckets, those of objects. */
struct reach {
    bool buckets, objects;
};

static struct reach reach_of_action(struct arena *arena, struct slice text)
{
    struct pattern pattern = pattern_read(arena, text, PATTERN_WILDCARDS | PATTERN_IGNORES_CASE);
    struct reach reach = {false, false};

    if (slice_is(text, "*"))
        return (struct reach){true, true};
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
        struct matching matching = {.work = 10000};
        if (pattern_match(&pattern, slice_of(actions[i].name), &matching) != MATCH_YES)
            continue;
        reach.objects = reach.objects || actions[i].of_objects;
        reach.buckets = reach.buckets || !actions[i].of_objects;
    }
    return reach;
}

/* The bucket, or objects in it; it names none of another bucket. A policy variable may stand in a key. */
static struct reach reach_of_resource(struct slice text, struct slice arn)
{
    if (!slice_starts_with(text, arn))
        return (struct reach){false, false};
    text = slice_skip(text, arn.len);
    if (text.len == 0)
        return (struct reach){true, false};
    /* "arn:aws:s3:::bucket*" is about the bucket and its objects. */
    return (struct reach){slice_is(text, "*"), text.ptr[0] == '/' || slice_is(text, "*")};
}

static bool check_actions(struct request *request, const struct json *list, struct reach *all)
{
    for (size_t i = 0; i < count_of(list); i++) {
        struct reach reach = reach_of_action(request->arena, text_of(list, i));
        if (!reach.buckets && !reach.objects)
            return fail(&request->failure, ERROR_S3_MALFORMED_POLICY, "Policy has invalid action");
        all->buckets = all->buckets || reach.buckets;
        all->objects = all->objects || reach.objects;
    }
    return true;
}

static bool check_resources(struct request *request, const struct json *list, struct slice arn,
                            struct reach *all)
{
    for (size_t i = 0; i < count_of(list); i++) {
        struct reach reach = reach_of_resource(text_of(list, i), arn);
        if (!reach.buckets && !reach.objects)
            return fail(&request->failure, ERROR_S3_MALFORMED_POLICY, "Policy has invalid resource");
        all->buckets = all->buckets || reach.buckets;
        all->objects = all->objects || reach.objects;
    }
    return true;
}

static bool check_statement(struct request *request, const struct json *statement, struct slice arn)
{
    struct reach action = {false, false}, resource = {false, false};

    if (!check_actions(request, either(statement, "Action", "NotAction"), &action) ||
        !check_resources(request, either(statement, "Resource", "NotResource"), arn, &resource))
        return false;
    bool others = json_get(statement, "NotAction") != NULL || json_get(statement, "NotResource") != NULL;
    return others || (action.buckets && resource.buckets) || (action.objects && resource.objects) ||
           fail(&request->failure, ERROR_S3_MALFORMED_POLICY,
                "Action does not apply to any resource(s) in statement");
}

bool s3_check_policy(struct request *request, const struct s3_bucket *bucket, struct slice text)
{
    struct slice arn = s3_bucket_arn(request->arena, bucket->name);
    struct policy_problem problem;
    const struct json *document;

    if (text.len > POLICY_LONGEST)
        return fail(&request->failure, ERROR_S3_MALFORMED_POLICY,
                    "Policy exceeds the maximum allowed document size.");
    struct policy *policy = policy_create(POLICY_BUCKET, text, request->arena, &problem);
    if (policy == NULL)
        return fail(&request->failure, ERROR_S3_MALFORMED_POLICY, "%.*s", SLICE_ARGS(problem.sentence));
    policy_destroy(policy);
    if (json_parse(request->arena, text, DOCUMENT_DEPTH, &document) != JSON_OK)
        return fail(&request->failure, ERROR_S3_MALFORMED_POLICY,
                    "Policies must be valid JSON and the first byte must be '{'");
    const struct json *statements = statements_of(document);
    for (size_t i = 0; i < count_of(statements); i++) {
        if (!check_statement(request, item_of(statements, i), arn))
            return false;
    }
    return true;
}

/* ---- public or not ---- */

static bool names_everybody(const struct json *principal)
{
    if (principal == NULL)
        return false;
    if (principal->type == JSON_STRING)
        return slice_is(principal->text, "*");
    for (size_t i = 0; i < principal->object.count; i++) {
        const struct json *named = &principal->object.members[i].value;
        for (size_t j = 0; j < count_of(named); j++) {
            if (slice_is(text_of(named, j), "*"))
                return true;
        }
    }
    return false;
}

/* "For the purposes of evaluating whether a policy is public", these with values that are fixed restrict it.
 */
static bool restricts(struct slice key)
{
    static const char *const keys[] = {"aws:SourceArn",
                                       "aws:SourceVpc",
                                       "aws:SourceVpce",
                                       "aws:SourceOwner",
                                       "aws:SourceAccount",
                                       "aws:userid",
                                       "aws:PrincipalOrgID",
                                       "aws:PrincipalOrgPaths",
                                       "aws:PrincipalAccount",
                                       "aws:PrincipalArn",
                                       "aws:SourceIp",
                                       "aws:VpcSourceIp",
                                       "s3:DataAccessPointArn",
                                       "s3:DataAccessPointAccount",
                                       "s3:x-amz-server-side-encryption-aws-kms-key-id"};

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (iam_key_is(key, keys[i]))
            return true;
    }
    return false;
}

static bool is_fixed(const struct json *values)
{
    for (size_t i = 0; i < count_of(values); i++) {
        struct slice text = text_of(values, i);
        if (text.len == 0 || memmem(text.ptr, text.len, "${", 2) != NULL ||
            memchr(text.ptr, '*', text.len) == text.ptr || slice_is(text, "0.0.0.0/0") ||
            slice_is(text, "::/0"))
            return false;
    }
    return count_of(values) > 0;
}

static bool is_restricted(const struct json *condition)
{
    for (size_t i = 0; condition != NULL && i < condition->object.count; i++) {
        const struct json_member *operator= & condition->object.members[i];
        if (memmem(operator->name.ptr, operator->name.len, "Not", 3) != NULL)
            continue;
        for (size_t j = 0; operator->value.type == JSON_OBJECT && j<operator->value.object.count; j++) {
            const struct json_member *key = &operator->value.object.members[j];
            if (restricts(key->name) && is_fixed(&key->value))
                return true;
        }
    }
    return false;
}

bool s3_policy_is_public(struct arena *arena, struct slice text)
{
    const struct json *document;

    if (json_parse(arena, text, DOCUMENT_DEPTH, &document) != JSON_OK)
        return false;
    const struct json *statements = statements_of(document);
    for (size_t i = 0; i < count_of(statements); i++) {
        const struct json *statement = item_of(statements, i);
        const struct json *effect = json_get(statement, "Effect");
        bool everybody =
            names_everybody(json_get(statement, "Principal")) || json_get(statement, "NotPrincipal") != NULL;
        if (effect != NULL && slice_is(effect->text, "Allow") && everybody &&
            !is_restricted(json_get(statement, "Condition")))
            return true;
    }
    return false;
}

/* ---- the policy in force ---- */

bool s3_read_policy_text(struct request *request, const struct s3_bucket *bucket, struct slice *out)
{
    const struct json *setting;

    *out = (struct slice){NULL, 0};
    if (!s3_read_setting(request, bucket, "Policy", &setting))
        return false;
    if (setting != NULL && setting->type == JSON_STRING)
        *out = setting->text;
    return true;
}

bool s3_read_public_access(struct request *request, const struct s3_bucket *bucket, const char *member,
                           bool *out)
{
    const struct json *setting, *value;

    *out = false;
    if (!s3_read_setting(request, bucket, "PublicAccessBlockConfiguration", &setting))
        return false;
    value = json_get(setting, member);
    *out = value != NULL && value->type == JSON_BOOLEAN && value->boolean;
    return true;
}

/* RestrictPublicBuckets: a public policy grants nothing to who is none of the account's. */
static bool counts(struct request *request, const struct s3_bucket *bucket, struct slice text, bool *out)
{
    bool restricted;

    *out = true;
    if (request->principal.kind != PRINCIPAL_UNSIGNED)
        return true;
    if (!s3_read_public_access(request, bucket, "RestrictPublicBuckets", &restricted))
        return false;
    *out = !restricted || !s3_policy_is_public(request->arena, text);
    return true;
}

bool s3_read_policy(struct request *request, const struct s3_bucket *bucket, const struct policy **out)
{
    struct policy_problem problem;
    struct slice text;
    bool in_force;

    *out = NULL;
    if (!s3_read_policy_text(request, bucket, &text) || text.ptr == NULL)
        return text.ptr == NULL && request->failure.code == ERROR_NONE;
    if (!counts(request, bucket, text, &in_force))
        return false;
    if (!in_force)
        return true;
    struct policy *policy = policy_create(POLICY_BUCKET, text, request->arena, &problem);
    if (policy == NULL)
        return fail(&request->failure, ERROR_S3_INTERNAL_ERROR, "The bucket's policy cannot be read");
    gate_hold_policy(request, policy);
    *out = policy;
    return true;
}
