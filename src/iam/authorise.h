/* The step that authorises: may this principal do this? A step of its own, so that users and policies have a
 * place to come to. */
#ifndef TURNTABLE_IAM_AUTHORISE_H
#define TURNTABLE_IAM_AUTHORISE_H

#include <stdbool.h>

#include "auth/principal.h"
#include "base/failure.h"

/* `action` as policies name it: "dynamodb:PutItem". */
must_use bool authorise(const struct principal *principal, const char *action, struct failure *failure);

#endif
