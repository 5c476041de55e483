/* Links are for who sits at the machine that the server runs on. */
#ifndef TURNTABLE_SERVICES_TURNTABLE_FROM_HERE_H
#define TURNTABLE_SERVICES_TURNTABLE_FROM_HERE_H

#include "base/failure.h"
#include "services/request.h"

/*
 * Whether the request came over loopback, to a name of loopback, and, if a browser says so, from a page of
 * this server's own. The second is for pages whose name was made to resolve to this machine (DNS rebinding),
 * which are a stranger's although their requests come from here and to their own origin. On false the failure
 * is set: AccessDenied, which says what of it is not so.
 */
must_use bool is_from_here(struct request *request);

#endif
