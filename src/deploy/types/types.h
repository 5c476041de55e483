/* All types of resources that are made here, for the table in resource_type.c. */
#ifndef TURNTABLE_DEPLOY_TYPES_TYPES_H
#define TURNTABLE_DEPLOY_TYPES_TYPES_H

#include "deploy/resource_type.h"

extern const struct resource_type table_type, global_table_type;

extern const struct resource_type role_type, user_type, group_type, inline_policy_type, managed_policy_type;
extern const struct resource_type role_policy_type, user_policy_type, group_policy_type;
extern const struct resource_type access_key_type, addition_type, instance_profile_type, oidc_provider_type;
extern const struct resource_type user_pool_type, user_pool_client_type, user_pool_domain_type,
    user_pool_group_type, user_pool_user_type, user_pool_attachment_type, identity_pool_type,
    role_attachment_type;

extern const struct resource_type parameter_type, bucket_type, bucket_policy_type, bucket_emptying_type;

/* Of which there is nothing to make. */
extern const struct resource_type metadata_type, wait_handle_type;

/* All types that the server has no service for. It has no name: resource->type tells it. */
extern const struct resource_type recorded_type;
/* Whether resources of such a type have the attribute; of one of which no form is known, any may be. */
bool recorded_has_attribute(struct slice type, struct slice attribute);
/* Whether the property is the name of resources of such a type. */
bool recorded_names(struct slice type, struct slice property);

#endif
