/*
 * Who asks. Filled by the step that authenticates; the step that authorises reads it, and so do the
 * operations that tell or depend on who their caller is.
 *
 * What it points at belongs to `held`, which lives until principal_release(); only `access_key_id` is of the
 * request itself. Nothing of it changes: a change of the user or role is seen by the requests that begin
 * after it.
 */
#ifndef TURNTABLE_AUTH_PRINCIPAL_H
#define TURNTABLE_AUTH_PRINCIPAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

struct authority;
struct holder;

enum principal_kind {
    PRINCIPAL_NONE,           /* nobody yet, or nobody needs to be known (CALLER_ANYONE) */
    PRINCIPAL_ROOT,           /* the account's own credentials: may do everything */
    PRINCIPAL_ANONYMOUS,      /* the server was started with --no-auth: may do everything */
    PRINCIPAL_USER,           /* an IAM user */
    PRINCIPAL_ROLE_SESSION,   /* who assumed a role */
    PRINCIPAL_FEDERATED_USER, /* of GetFederationToken */
    PRINCIPAL_UNSIGNED, /* who has not signed, where that is allowed: what policies of resources grant all */
};

/* How the credentials came to be. */
enum principal_credentials {
    CREDENTIALS_LASTING,       /* an access key, or root's */
    CREDENTIALS_SESSION_TOKEN, /* GetSessionToken: the user's, or root's, for a while */
    CREDENTIALS_FEDERATION,    /* GetFederationToken */
    CREDENTIALS_ROLE,          /* AssumeRole and its kin */
    CREDENTIALS_CONSOLE,       /* of the console: the user's, or root's, for a while */
};

/* A tag of the principal: of its user or role, or of its session, which goes before. Keys differ in more than
 * case. */
struct principal_tag {
    struct slice key;
    struct slice value;
    bool transitive; /* a session tag that is handed on to the sessions which this one begins */
};

/* What else a session carries for conditions: "cognito-identity.amazonaws.com:sub" and its values. */
struct principal_context {
    struct slice key;
    const struct slice *values;
    size_t count;
    bool multi_valued; /* the key may have several values, whatever this session has */
};

struct principal {
    enum principal_kind kind;
    enum principal_credentials credentials;
    struct slice access_key_id; /* lives as long as the request */
    struct slice account;       /* "000000000000" */

    /* "arn:aws:iam::000000000000:root", "...:user/path/ana"; of sessions
     * "arn:aws:sts::000000000000:assumed-role/NAME/SESSION", "...:federated-user/NAME". */
    struct slice arn;
    /* aws:PrincipalArn: the ARN of a session's role, otherwise `arn`. */
    struct slice principal_arn;
    /* aws:userid: the account, "AIDA...", "AROA...:SESSION", "ACCOUNT:NAME" of a federated user. */
    struct slice user_id;
    /* aws:username: an IAM user's; empty if the principal has none. */
    struct slice user_name;

    const struct principal_tag *tags;
    size_t tag_count;

    /* Of temporary credentials; MFA takes no part in making them, so aws:MultiFactorAuthPresent is "false"
     * then, and absent otherwise. */
    int64_t issued;  /* aws:TokenIssueTime, seconds since 1970; 0: the credentials are lasting ones */
    int64_t expires; /* seconds since 1970 */
    struct slice source_identity; /* aws:SourceIdentity; empty: none */
    const struct principal_context *context;
    size_t context_count;

    /* What it may do (iam/evaluate.h); NULL: no policy limits it, as root and --no-auth. */
    const struct authority *authority;

    const struct holder *held; /* NULL: nothing is */
};

/* Gives back what the principal holds, and makes it nobody. */
void principal_release(struct principal *principal);

#endif
