/*
 * What the commands of `turntable iam` and others of its kind share: a connection, calls of IAM, and what is
 * told when they fail.
 *
 *     struct iam_session session;
 *     if (iam_begin(&session, &options)) ... iam_call(&session, "GetUser", parameters, &body) ...
 *     iam_end(&session);
 */
#ifndef TURNTABLE_CLI_IAM_SESSION_H
#define TURNTABLE_CLI_IAM_SESSION_H

#include "base/failure.h"
#include "cli/connect.h"

struct iam_session {
    struct arena arena;
    struct client *client;
};

/* False: it was said why. iam_end() in either case. */
must_use bool iam_begin(struct iam_session *session, const struct connect_options *options);
void iam_end(struct iam_session *session);

/* `parameters` as client_call_query() takes them. False: it was said on stderr why not. */
must_use bool iam_call(struct iam_session *session, const char *operation, const char *const *parameters,
                       const struct json **body);

/* Likewise, an operation of the server's own (services/turntable/). */
must_use bool iam_call_own(struct iam_session *session, const char *operation, const char *const *parameters,
                           const struct json **body);

/*
 * Calls the operation for each page of a list, and `take` for each that is in it. `list` is the member's
 * name. False: it was said why not, or `take` said so.
 */
must_use bool iam_list(struct iam_session *session, const char *operation, const char *list,
                       const char *const *parameters,
                       bool (*take)(struct iam_session *session, const struct json *item, void *context),
                       void *context);

/* A member as a terminated text; "" if there is none. */
const char *iam_text(struct iam_session *session, const struct json *object, const char *member);

/* The ARN of a managed policy: `name` itself if it is one, otherwise that of the policy of this name, the
 * account's own before AWS's. NULL: it was said why there is none. */
const char *iam_policy_arn(struct iam_session *session, const char *name);

#endif
