/* What other operations ask of OpenID Connect providers. */
#ifndef TURNTABLE_SERVICES_IAM_PROVIDERS_H
#define TURNTABLE_SERVICES_IAM_PROVIDERS_H

#include "directory/entity.h"
#include "services/request.h"

/* The provider of the member OpenIDConnectProviderArn, or InvalidInput or NoSuchEntity. */
must_use bool providers_find(struct request *request, struct oidc_provider *out);

#endif
