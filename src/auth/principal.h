/* Who asks. Filled by the step that authenticates; the step that authorises reads it. */
#ifndef TURNTABLE_AUTH_PRINCIPAL_H
#define TURNTABLE_AUTH_PRINCIPAL_H

#include "base/slice.h"

enum principal_kind {
    PRINCIPAL_NONE,      /* nobody yet */
    PRINCIPAL_ROOT,      /* the account's own credentials: may do everything */
    PRINCIPAL_ANONYMOUS, /* the server was started with --no-auth */
};

struct principal {
    enum principal_kind kind;
    struct slice access_key_id; /* lives as long as the request */
    struct slice arn;           /* "arn:aws:iam::000000000000:root" */
};

#endif
