/* What the inputs of these operations have in common: shapes of members. AWS: API reference of Cognito
 * federated identities. */
#ifndef TURNTABLE_SERVICES_COGNITO_IDENTITY_INPUT_H
#define TURNTABLE_SERVICES_COGNITO_IDENTITY_INPUT_H

#include "services/shape.h"

extern const struct shape identity_pool_id, identity_id, identity_pool_name, identity_logins, identity_tags,
    identity_tag_keys, identity_pool_arn, identity_role_arn, identity_provider_name, identity_page_size,
    identity_page_token;

#endif
