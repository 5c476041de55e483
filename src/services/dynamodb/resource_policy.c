/*
 * PutResourcePolicy, GetResourcePolicy, DeleteResourcePolicy. On AWS a policy is in force, and can be seen,
 * some seconds after it was put; here at once. AWS: API reference; "Resource-based policy considerations".
 */
#include "services/dynamodb/resource_policy.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "iam/policy.h"
#include "services/accepts.h"
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/resource.h"
#include "services/dynamodb/table_description.h"
#include "services/gate.h"

enum { DOCUMENT_LIMIT = 20 * 1024 };

static const struct shape revision_id = {.kind = SHAPE_STRING, .min = 1, .max = 255};
static const struct shape_entry put_members[] = {
    {"ResourceArn", &resource_arn_shape, true},
    {"Policy", &shape_string, true},
    {"ExpectedRevisionId", &revision_id, false},
    {"ConfirmRemoveSelfResourceAccess", &shape_boolean_value, false},
    {0}};
static const struct shape put_input = {.kind = SHAPE_STRUCTURE, .members = put_members};

static const struct shape_entry get_members[] = {{"ResourceArn", &resource_arn_shape, true}, {0}};
static const struct shape get_input = {.kind = SHAPE_STRUCTURE, .members = get_members};

static const struct shape_entry delete_members[] = {
    {"ResourceArn", &resource_arn_shape, true}, {"ExpectedRevisionId", &revision_id, false}, {0}};
static const struct shape delete_input = {.kind = SHAPE_STRUCTURE, .members = delete_members};

/* NULL: the failure is set. */
static struct policy *compile(struct request *request, struct slice document)
{
    struct policy_problem problem;
    struct policy *policy = policy_create(POLICY_RESOURCE, document, request->arena, &problem);

    if (policy == NULL)
        (void)fail(&request->failure, ERROR_VALIDATION, "Invalid policy document: %.*s",
                   SLICE_ARGS(problem.sentence));
    return policy;
}

bool resource_policy_set(struct request *request, struct table *table, struct slice document,
                         struct resource_policy *policy)
{
    /* "DynamoDB counts whitespaces when calculating the size of a policy." */
    if (document.len > DOCUMENT_LIMIT)
        return fail(&request->failure, ERROR_VALIDATION,
                    "Invalid policy document: Its size of %zu bytes exceeds the limit of %d bytes",
                    document.len, DOCUMENT_LIMIT);
    struct policy *compiled = compile(request, document);
    if (compiled == NULL)
        return false;
    if (slice_equal(policy->document, document)) {
        policy_destroy(compiled);
        return true;
    }
    /* A revision is the time of the change, unless the clock stood still since the last one. */
    int64_t last = policy->revision.len > 0 ? strtoll(policy->revision.ptr, NULL, 10) : 0, now = clock_now();
    resource_policy_put(policy, arena_copy(&table->arena, document),
                        arena_printf(&table->arena, "%" PRId64, now > last ? now : last + 1), compiled);
    return true;
}

/* The policy of the table or of its stream, as the request's ARN says. */
static struct resource_policy *policy_of(const struct request *request, struct table *table)
{
    return resource_kind_of(request) == RESOURCE_TABLE ? &table->policy : &table->stream_policy;
}

static bool no_policy(struct request *request)
{
    return fail(&request->failure, ERROR_POLICY_NOT_FOUND,
                "Resource-based policy not found for the provided ResourceArn: %.*s",
                SLICE_ARGS(shape_text(request->body, "ResourceArn")));
}

/* ExpectedRevisionId: the revision that is there, or, to attach the first policy, NO_POLICY. */
static bool check_revision(struct request *request, const struct resource_policy *policy, bool may_be_none)
{
    struct slice expected = shape_text(request->body, "ExpectedRevisionId");

    if (expected.ptr == NULL)
        return true;
    if (may_be_none && policy->document.len == 0 && slice_is(expected, "NO_POLICY"))
        return true;
    if (policy->document.len > 0 && slice_equal(expected, policy->revision))
        return true;
    return fail(&request->failure, ERROR_POLICY_NOT_FOUND,
                "The resource-based policy does not have the expected revision id %.*s: %.*s",
                SLICE_ARGS(expected), SLICE_ARGS(shape_text(request->body, "ResourceArn")));
}

static void respond_revision(struct request *request, struct slice revision)
{
    bool first = true;

    buffer_append_byte(request->out, '{');
    if (revision.len > 0)
        json_write_string_member(request->out, &first, "RevisionId", revision);
    buffer_append_byte(request->out, '}');
}

/* "Set this parameter to true to confirm that you want to remove your permissions to change the policy of
 * this resource in the future." AWS documents no words for who did not. */
static bool check_confirmed(struct request *request, const struct resource_policy *policy)
{
    struct slice arn = table_arn_of(request, input_table_in_arn(shape_text(request->body, "ResourceArn")));

    return shape_boolean(request->body, "ConfirmRemoveSelfResourceAccess", false) ||
           gate_foresees(request, "dynamodb:PutResourcePolicy", arn, policy->compiled) ||
           fail(&request->failure, ERROR_VALIDATION,
                "The policy would not let you change the policy of this resource again: confirm it with "
                "ConfirmRemoveSelfResourceAccess");
}

static bool put(struct request *request, struct table *draft)
{
    struct resource_policy *policy = policy_of(request, draft);

    if (!check_revision(request, policy, true) ||
        !resource_policy_set(request, draft, shape_text(request->body, "Policy"), policy) ||
        !check_confirmed(request, policy))
        return false;
    respond_revision(request, policy->revision);
    return true;
}

bool put_resource_policy(struct request *request)
{
    return accepts(request, &put_input) && resource_find(request) && resource_change(request, put);
}

bool get_resource_policy(struct request *request)
{
    bool first = true;

    if (!accepts(request, &get_input) || !resource_find(request))
        return false;
    const struct resource_policy *policy = policy_of(request, request->table);
    if (policy->document.len == 0)
        return no_policy(request);
    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first, "Policy", policy->document);
    json_write_string_member(request->out, &first, "RevisionId", policy->revision);
    buffer_append_byte(request->out, '}');
    return true;
}

/* Idempotent: what is not there needs no removal. */
static bool remove_policy(struct request *request, struct table *draft)
{
    struct resource_policy *policy = policy_of(request, draft);

    if (!check_revision(request, policy, false))
        return false;
    respond_revision(request, policy->revision);
    resource_policy_put(policy, SLICE(""), SLICE(""), NULL);
    return true;
}

bool delete_resource_policy(struct request *request)
{
    return accepts(request, &delete_input) && resource_find(request) &&
           resource_change(request, remove_policy);
}
