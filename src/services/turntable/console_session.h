/*
 * Sessions of the console: temporary credentials of a user or root, as GetSessionToken's, that call IAM's
 * operations too, as people who signed in to AWS's console do.
 */
#ifndef TURNTABLE_SERVICES_TURNTABLE_CONSOLE_SESSION_H
#define TURNTABLE_SERVICES_TURNTABLE_CONSOLE_SESSION_H

#include "base/failure.h"
#include "services/request.h"
#include "services/turntable/links.h"

/* As whom the caller's key signs in. False: the failure is set, for the caller has no lasting key but a
 * session, which nothing makes longer. */
must_use bool console_owner(struct request *request, struct link_owner *owner);

/* Answers with the credentials of a session of the owner. False: the failure is set. */
must_use bool console_session(struct request *request, const struct link_owner *owner, int64_t seconds);

#endif
