#include "services/cloudformation/caller.h"

#include "directory/directory.h"
#include "services/gate.h"
#include "services/inner.h"

#define SERVICE "cloudformation.amazonaws.com"

static bool refuse(struct request *request, struct slice role)
{
    return fail(&request->failure, ERROR_VALIDATION, "Role %.*s is invalid or cannot be assumed",
                SLICE_ARGS(role));
}

/* The last part of "arn:aws:iam::ACCOUNT:role/path/NAME"; empty if it is none. */
static struct slice name_in(struct slice arn)
{
    const char *slash = arn.len == 0 ? NULL : memrchr(arn.ptr, '/', arn.len);

    return slash == NULL ? SLICE("") : slice_skip(arn, (size_t)(slash - arn.ptr) + 1);
}

/* ---- may they pass it ---- */

static bool find_passing_key(void *from, struct slice key, struct iam_values *out)
{
    static const struct slice service = {SERVICE, sizeof(SERVICE) - 1};
    struct request *request = from;

    if (!iam_key_is(key, "iam:PassedToService"))
        return gate_find_key(request, key, out);
    *out = (struct iam_values){&service, 1, false};
    return true;
}

static bool may_pass(struct request *request, struct slice role)
{
    const struct authority *authority = request->principal.authority;
    const struct iam_request asked = {
        .action = SLICE("iam:PassRole"), .resource = role, .context = {find_passing_key, request}};
    struct buffer message;

    if (authority == NULL)
        return true;
    struct iam_verdict verdict = iam_evaluate(authority, &asked);
    gate_note(request, authority, &asked, &verdict);
    if (verdict.outcome == IAM_ALLOWED)
        return true;
    buffer_init(&message);
    iam_denial_message(&message, authority, &asked, &verdict);
    (void)fail(&request->failure, ERROR_ACCESS_DENIED, "%.*s", SLICE_ARGS(buffer_slice(&message)));
    buffer_finish(&message);
    return false;
}

/* ---- may it be assumed ---- */

static bool find_request_key(void *from, struct slice key, struct iam_values *out)
{
    return gate_find_request_key(from, key, out);
}

static bool trusts(struct request *request, const struct identity *role)
{
    static const struct authority service = {
        .principal = {.kind = IAM_SERVICE, .provider = {SERVICE, sizeof(SERVICE) - 1}}};
    const struct iam_request asked = {.action = SLICE("sts:AssumeRole"),
                                      .resource = role->arn,
                                      .context = {find_request_key, request},
                                      .resource_policy = role->trust};

    return iam_evaluate_trust(&service, &asked).outcome == IAM_ALLOWED;
}

static bool keep_role(struct request *request, struct slice arn, struct slice *out)
{
    const struct identity *role;

    if (directory_hold(request->server->directory, IDENTITY_ROLE, name_in(arn), &role) != STORAGE_OK)
        return refuse(request, arn);
    bool kept = slice_equal(role->arn, arn) && trusts(request, role)
                    ? inner_keep_role(request, role->name, role->id, SLICE("AWSCloudFormation"), out)
                    : refuse(request, arn);
    directory_release(role);
    return kept;
}

bool stack_caller(struct request *request, struct slice role, struct slice *out)
{
    if (role.len == 0)
        return inner_keep(request, out);
    return may_pass(request, role) && keep_role(request, role, out);
}
