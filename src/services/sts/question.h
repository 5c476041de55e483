/*
 * What STS asks policies: may this principal do that, with what its request says of the session that is to
 * begin (sts:ExternalId, aws:RequestTag/KEY and so on). AWS: "IAM and AWS STS condition context keys";
 * "Actions, resources, and condition keys for AWS Security Token Service".
 */
#ifndef TURNTABLE_SERVICES_STS_QUESTION_H
#define TURNTABLE_SERVICES_STS_QUESTION_H

#include "auth/session.h"
#include "directory/directory.h"
#include "iam/evaluate.h"
#include "services/request.h"

struct question {
    struct request *request;
    const struct session *session;           /* that is to begin */
    const struct session_contexts *identity; /* what a web identity's token says; NULL: there is none */
    const struct identity *role;             /* that is to be assumed, or NULL */
    struct slice external_id;                /* ptr NULL: none */
};

/* To be asked with question_find() as the context. */
struct iam_request question_of(struct question *question, const char *action, struct slice resource);

/* Whether the request's principal may do it by its own policies; otherwise AccessDenied. */
must_use bool question_permits(struct question *question, const char *action, struct slice resource);

#endif
