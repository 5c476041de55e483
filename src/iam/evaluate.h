/*
 * May they? An authority is what a principal may do: its policies, its permissions boundary, its session's
 * policies. iam_evaluate() holds a request against it, and against the policy of the resource.
 *
 * An evaluation allocates nothing, keeps nothing and changes nothing: any thread, as many at once as one
 * likes. Its work is limited; what would take longer is denied. Ownership: an authority, its policies and the
 * slices in them belong to the caller, and live as long as the verdict, which points into them. AWS: "Policy
 * evaluation logic", within one account.
 */
#ifndef TURNTABLE_IAM_EVALUATE_H
#define TURNTABLE_IAM_EVALUATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/slice.h"
#include "iam/context.h"
#include "iam/policy.h"

enum iam_principal_kind {
    IAM_ROOT,           /* the account itself: needs no policy */
    IAM_USER,           /* arn:aws:iam::111122223333:user/path/ana */
    IAM_ROLE_SESSION,   /* arn:aws:sts::111122223333:assumed-role/Name/session */
    IAM_FEDERATED_USER, /* arn:aws:sts::111122223333:federated-user/ana */
    IAM_WEB_IDENTITY,   /* has a provider's token and nothing else: who asks to assume a role with it */
    IAM_SERVICE,        /* a service: "lambda.amazonaws.com" */
    IAM_ANYBODY,        /* who has not signed: only a resource's policy that names everybody lets them in */
};

struct iam_principal {
    enum iam_principal_kind kind;
    struct slice account; /* "111122223333"; empty for the last three kinds */
    struct slice arn;     /* the user's, the session's, ".../:root"; empty for the last three kinds */
    /* A role session: the role's ARN, with its path. A federated user: the ARN of the user who made it. */
    struct slice origin_arn;
    /* As a policy's Federated or Service names it: "cognito-identity.amazonaws.com", an OIDC provider's ARN,
     * or the service. A role session that began with a web identity has it too. */
    struct slice provider;
};

/* How a policy came to a principal. */
enum policy_source {
    SOURCE_USER_INLINE,
    SOURCE_USER_MANAGED,
    SOURCE_GROUP_INLINE,
    SOURCE_GROUP_MANAGED,
    SOURCE_ROLE_INLINE,
    SOURCE_ROLE_MANAGED,
    SOURCE_BOUNDARY,
    SOURCE_SESSION,
    SOURCE_RESOURCE, /* of the resource that is asked for, or of the role that is to be assumed */
};

struct attached_policy {
    const struct policy *policy;
    enum policy_source source;
    struct slice name; /* a managed policy's ARN, an inline policy's name; of a group, "group/name" */
};

struct authority {
    struct iam_principal principal;
    const struct attached_policy *identity; /* of the user and its groups, or of the role */
    size_t identity_count;
    const struct attached_policy *boundary; /* NULL: none */
    const struct attached_policy
        *session;         /* together they limit the session; an explicit Deny is one in any */
    size_t session_count; /* 0: the session has no policies, and so no limit */
};

struct iam_request {
    struct slice action;   /* "dynamodb:PutItem" */
    struct slice resource; /* an ARN, or "*" for actions that have no resource */
    struct iam_context context;
    const struct policy
        *resource_policy; /* POLICY_RESOURCE or POLICY_BUCKET; NULL if the resource has none */
};

enum iam_outcome { IAM_ALLOWED, IAM_IMPLICITLY_DENIED, IAM_EXPLICITLY_DENIED };

/* The kind of policy that decided: in which the Deny or Allow stands, or whose Allow is missing. */
enum iam_layer { LAYER_NONE, LAYER_IDENTITY, LAYER_BOUNDARY, LAYER_SESSION, LAYER_RESOURCE };

struct iam_verdict {
    enum iam_outcome outcome;
    /* LAYER_NONE: root, which no policy needs to allow; or a denial because the work's limit was reached. */
    enum iam_layer layer;
    const struct policy *policy;         /* that decided; NULL for an implicit denial, and for root */
    const struct attached_policy *where; /* its place in the authority; NULL if it is the resource's */
    size_t statement;                    /* of the policy, counted from 0 */
};

struct iam_verdict iam_evaluate(const struct authority *authority, const struct iam_request *request);

/*
 * May this principal assume the role (request->resource) whose trust policy is request->resource_policy? Here
 * the role's policy must allow it, whatever the principal's own policies say; they must allow it as well
 * where the role trusts the whole account. The actions are sts:AssumeRole, sts:AssumeRoleWithWebIdentity,
 * sts:AssumeRoleWithSAML, sts:TagSession, sts:SetSourceIdentity; each is asked for by itself.
 */
struct iam_verdict iam_evaluate_trust(const struct authority *authority, const struct iam_request *request);

/* Appends AWS's sentence for a denial: "User: ARN is not authorized to perform: ACTION on resource: RESOURCE
 * because no identity-based policy allows the ACTION action". AWS: "Troubleshoot access denied error
 * messages". */
void iam_denial_message(struct buffer *out, const struct authority *authority,
                        const struct iam_request *request, const struct iam_verdict *verdict);

#endif
