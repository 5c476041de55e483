/*
 * User pools and their clients: what is kept of them, and what follows from their settings.
 *
 * A pool is one record, a client another (docs/design.md, "Signing in", has their places). The settings in
 * them are those of the request that made or changed them, member by member; what operations ask for often is
 * read out of them into the structs here.
 *
 * Everything lives in the request's arena.
 */
#ifndef TURNTABLE_SERVICES_COGNITO_IDP_POOL_H
#define TURNTABLE_SERVICES_COGNITO_IDP_POOL_H

#include "catalog/keys.h"
#include "services/cognito_idp/schema.h"
#include "signin/password.h"

struct user_pool {
    struct slice id;        /* "us-east-1_AbCdEfGhI" */
    struct slice hash_name; /* "AbCdEfGhI", with which passwords are hashed */
    uint32_t number;        /* under which what belongs to it is kept */
    struct slice key;       /* of its record */
    struct version version;
    int64_t created, modified; /* milliseconds since 1970 */

    struct slice seal_key;     /* for what clients carry */
    struct slice id_key;       /* DER: signs id tokens */
    struct slice access_key;   /* DER: signs access tokens */
    struct slice settings;     /* the text of a JSON object */
    const struct json *values; /* the same, read */
    const struct json *tags;   /* an object, or NULL */
    struct slice domain;       /* empty: none */
    int64_t login_version;     /* ManagedLoginVersion, of the domain */

    /* What the settings say. */
    struct schema schema;
    struct password_policy policy;
    int64_t temporary_days; /* how long a temporary password is good */
    bool case_sensitive;
    bool email_names, phone_names; /* users sign up with these, and their names are made up */
    bool email_aliases, phone_aliases, preferred_aliases;
    bool verify_email, verify_phone;
    bool update_email_later, update_phone_later; /* a new value counts once it is verified */
    bool admin_only;                             /* nobody signs themselves up */
};

/* Fails with ResourceNotFoundException. */
must_use bool user_pool_find(struct request *request, struct slice id, struct user_pool *out);
/* What the record's settings say, for a pool whose `settings` were just made. */
must_use bool user_pool_read_settings(struct request *request, struct user_pool *pool);
/* Puts the record into the batch, guarded by the version. */
void user_pool_put(struct request *request, const struct user_pool *pool);
/* The commit happens only if the pool is as it was read. */
void user_pool_rely(struct request *request, const struct user_pool *pool);
/* STORAGE_CORRUPT if the record is none. `value` lives as long as the arena. */
must_use enum storage_status user_pool_read(struct request *request, struct slice id, struct slice value,
                                            struct user_pool *out);

/* What tokens name as their issuer; AWS's form (docs/design.md says why). */
struct slice user_pool_issuer(struct request *request, struct slice id);
struct slice user_pool_arn(struct request *request, struct slice id);

/* ---- clients ---- */

struct user_client {
    struct slice id;
    struct slice secret; /* empty: none */
    struct slice pool_id;
    struct slice key;
    struct version version;
    int64_t created, modified;
    struct slice settings;
    const struct json *values;

    /* What the settings say. Lifetimes in seconds. */
    int64_t access_lifetime, id_lifetime, refresh_lifetime, challenge_lifetime;
    bool srp, password, admin_password, refresh; /* the flows that are allowed */
    bool hides_users;                            /* PreventUserExistenceErrors */
    bool revocation;
    bool rotation;
    int64_t grace; /* seconds for which a refresh token that was exchanged still works */
};

/* A client and its pool, for those who name the client alone. Fails with ResourceNotFoundException. */
must_use bool user_client_find(struct request *request, struct slice id, struct user_client *client,
                               struct user_pool *pool);
/* A client of this pool. */
must_use bool user_client_find_in(struct request *request, const struct user_pool *pool, struct slice id,
                                  struct user_client *client);
void user_client_read_settings(struct user_client *client);
void user_client_put(struct request *request, const struct user_client *client);
/* Whether users of the client may read (or write) an attribute. */
bool user_client_reads(const struct user_client *client, struct slice attribute);
bool user_client_writes(const struct user_client *client, struct slice attribute);

/* Checks the hash that goes with the user's name (as the request has it) if the client has a secret. `hash`
 * may be empty. Fails with NotAuthorizedException. */
must_use bool user_client_check_hash(struct request *request, const struct user_client *client,
                                     struct slice name, struct slice hash);

#endif
