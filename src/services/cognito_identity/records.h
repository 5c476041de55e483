/*
 * What identity pools keep in the storage: the pools, the identities in them, and which login leads to which
 * identity.
 *
 * Keys are u32 0, 'f', a letter, and behind it (0 is a byte between two names):
 *
 *     p  pool id                       the pool
 *     d  pool id                       the mark that the pool is deleted and what it left is to be erased
 *     i  identity id                   the identity; ids are unique, whatever their pool
 *     m  pool id 0 identity id         nothing: the identities of a pool
 *     l  pool id 0 provider 0 subject  the id of the identity that this login leads to
 *     k                                the key pair that signs the tokens of GetOpenIdToken
 *
 * Records are JSON (base/layout.h). Texts live in the arena. An identity whose pool is gone is none, and ids
 * of pools do not come again.
 */
#ifndef TURNTABLE_SERVICES_COGNITO_IDENTITY_RECORDS_H
#define TURNTABLE_SERVICES_COGNITO_IDENTITY_RECORDS_H

#include <stdint.h>

#include "base/layout.h"
#include "catalog/keys.h"
#include "services/request.h"
#include "services/shape.h"

struct pair {
    struct slice key;
    struct slice value;
};

struct pairs {
    struct pair *items;
    size_t count;
};

/* A user pool's client, whose users may sign in. */
struct pool_provider {
    struct slice name; /* "cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI" */
    struct slice client_id;
    bool token_check;
};

struct pool_providers {
    struct pool_provider *items;
    size_t count;
};

struct mapping_rule {
    struct slice claim;
    struct slice match; /* "Equals", "Contains", "StartsWith", "NotEqual" */
    struct slice value;
    struct slice role_arn;
};

struct mapping_rules {
    struct mapping_rule *items;
    size_t count;
};

/* Which role a user of this provider gets. */
struct role_mapping {
    struct slice provider;  /* "cognito-idp.REGION.amazonaws.com/POOL:CLIENT" */
    struct slice type;      /* "Token", "Rules" */
    struct slice ambiguous; /* "AuthenticatedRole", "Deny" */
    struct mapping_rules rules;
};

struct role_mappings {
    struct role_mapping *items;
    size_t count;
};

/* Which claims of a provider's tokens become tags of the session. */
struct tag_map {
    struct slice provider;
    bool defaults;
    struct pairs tags; /* the tag's key, the claim */
};

struct tag_maps {
    struct tag_map *items;
    size_t count;
};

struct identity_pool {
    struct slice id; /* "us-east-1:UUID" */
    struct slice name;
    bool unauthenticated; /* who has not signed in gets an identity too */
    bool classic;
    struct slice developer_provider;
    struct pairs logins; /* of other providers: a name and an application's id */
    struct pool_providers providers;
    struct texts oidc_arns;
    struct texts saml_arns;
    struct pairs tags;
    struct slice authenticated_role; /* ARNs; empty: none */
    struct slice unauthenticated_role;
    struct role_mappings mappings;
    struct tag_maps tag_maps;
};

struct identity_record {
    struct slice id; /* "us-east-1:UUID" */
    struct slice pool;
    int64_t created; /* milliseconds since 1970 */
    int64_t modified;
    struct pairs logins; /* a provider's name and the subject there */
    bool disabled;       /* its last login was taken back: nobody gets to it any more */
};

/* ---- keys ---- */

struct slice pool_key(struct arena *arena, struct slice pool_id);
struct key_range pool_keys(struct arena *arena);
struct slice erased_pool_key(struct arena *arena, struct slice pool_id);
struct key_range erased_pool_keys(struct arena *arena);
struct slice erased_pool_id(struct slice key);
struct slice identity_key(struct arena *arena, struct slice identity_id);
struct slice member_key(struct arena *arena, struct slice pool_id, struct slice identity_id);
/* The members of a pool, behind one of them (an empty id: all). */
struct key_range member_keys(struct arena *arena, struct slice pool_id, struct slice after);
struct slice member_id(struct arena *arena, struct slice pool_id, struct slice key);
struct slice login_key(struct arena *arena, struct slice pool_id, const struct pair *login);
struct key_range login_keys(struct arena *arena, struct slice pool_id); /* of all logins of a pool */
struct slice signing_key_key(void);

/* ---- reading: on false the failure is set, ResourceNotFoundException among others ---- */

/* The version, if it is asked for, guards a change. */
must_use bool pool_find(struct request *request, struct slice id, struct identity_pool *out,
                        struct version *version);
must_use bool identity_find(struct request *request, struct slice id, struct identity_record *out,
                            struct version *version);
/* The pool of the request's IdentityPoolId. */
must_use bool pool_of_input(struct request *request, struct identity_pool *out, struct version *version);

/* A pool's record as it was read; false if it is none. */
must_use bool pool_read(struct request *request, struct slice record, struct identity_pool *out);

/* ---- changing: puts into the request's batch ---- */

void pool_put(struct request *request, const struct identity_pool *pool);
void identity_put(struct request *request, const struct identity_record *identity);

struct slice identity_pool_arn_of(struct request *request, struct slice id);

/* "us-east-1:UUID" */
struct slice new_id(struct request *request);

/* ---- lists of pairs ---- */

/* The value of a key, or an empty slice. */
struct slice pairs_get(const struct pairs *pairs, struct slice key);
/* A JSON object of texts as pairs; NULL: none. */
struct pairs pairs_of(struct arena *arena, const struct json *object);
void pairs_write(struct buffer *out, const struct pairs *pairs);

#endif
