/*
 * Who calls the services while a request of Cloud Control waits: its caller, or the role in its RoleArn.
 *
 *     struct asking asking;
 *     if (asking_open(request, &asking)) { ... asking.invoker ...; asking_close(&asking); }
 */
#ifndef TURNTABLE_SERVICES_CLOUDCONTROL_ASKING_H
#define TURNTABLE_SERVICES_CLOUDCONTROL_ASKING_H

#include "services/cloudcontrol/resource.h"
#include "services/inner.h"

struct asking {
    struct request *request;
    struct inner_caller caller;
    struct invoker invoker; /* in place: points at the caller */
    struct slice role;      /* empty: none */
    struct slice kept;      /* the role, as services/inner.h keeps callers */
};

/* On false the failure is set, and nothing is open. */
must_use bool asking_open(struct request *request, struct asking *out);
void asking_close(struct asking *asking);

/* The same caller, for work behind the answer. */
must_use bool asking_keep(const struct asking *asking, struct slice *out);

/* Fails the request with what the work was refused for. Returns false. */
bool asking_fail(struct request *request, const struct resource_work *work);

#endif
