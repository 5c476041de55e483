/*
 * Sessions: temporary credentials, sealed into the token that whoever has them sends along. So the server
 * keeps nothing of a session, and a token outlives a restart.
 *
 *     struct session session = {.kind = SESSION_ROLE, .access_key_id = session_new_key_id(arena), ...};
 *     struct slice token = session_seal(arena, &keys, &session);
 *     ...
 *     if (session_open(arena, &keys, token, &session)) ...
 *
 * What is sealed (signin/seal.h) is a u32 length, then JSON of that length, deflated. The secret access key
 * is derived from the access key id, and stands nowhere. Whether the session is over, and whether its role is
 * still there, is for others to ask (auth/holder.h).
 *
 * Functions without a state; texts live in the arena.
 */
#ifndef TURNTABLE_AUTH_SESSION_H
#define TURNTABLE_AUTH_SESSION_H

#include <stdint.h>

#include "auth/digest.h"
#include "base/layout.h"
#include "signin/seal.h"

enum {
    SESSION_KEY_ID_LENGTH = 20, /* "ASIA" and 16 letters and digits */
    SESSION_SECRET_LENGTH = 40,
    SESSION_RECORD_LIMIT = 256 * 1024, /* of JSON; a full policy and 50 of the longest tags are less */
    SESSION_TOKEN_LIMIT = 8 * 1024,    /* what a request's head has room for, with the rest of it */
};

/* What seals tokens and what makes secrets: two keys from the one that the storage keeps. */
struct session_keys {
    unsigned char token[SEAL_KEY_LENGTH];
    unsigned char secret[SHA256_LENGTH];
};

enum session_kind {
    SESSION_ROLE = 1,   /* AssumeRole and its kin: of the role `owner` */
    SESSION_USER,       /* GetSessionToken: of the user `owner`, or of root */
    SESSION_FEDERATION, /* GetFederationToken: made by the user `owner`, or by root */
    SESSION_CONSOLE,    /* the console's: of the user `owner`, or of root */
};

struct session_tag {
    struct slice key;
    struct slice value;
    bool transitive;
};

struct session_tags {
    struct session_tag *items;
    size_t count;
};

/* A key for conditions, and its values. */
struct session_context {
    struct slice key;
    struct texts values;
    bool multi_valued; /* the key may have several, whatever there are */
};

struct session_contexts {
    struct session_context *items;
    size_t count;
};

struct session {
    int64_t kind;
    struct slice access_key_id;
    struct slice owner;    /* a name; empty: root */
    struct slice owner_id; /* "AROA...": a role that is made anew under the old name is another one */
    struct slice name;     /* of the role's session or the federated user */
    int64_t issued;        /* seconds since 1970 */
    int64_t expires;
    struct session_tags tags;
    struct slice source_identity;
    struct slice provider; /* who vouched for a web identity, as trust policies name it */
    struct slice policy;   /* JSON, inline */
    struct texts policy_arns;
    struct session_contexts context;
};

void session_keys_derive(struct slice kept, struct session_keys *out);

struct slice session_new_key_id(struct arena *arena);
bool session_is_key_id(struct slice access_key_id);
/* SESSION_SECRET_LENGTH characters, in the arena. */
struct slice session_secret(struct arena *arena, const struct session_keys *keys, struct slice access_key_id);

/*
 * How much of what AWS allows is used by the session's policies and tags, in percent (PackedPolicySize); a
 * session above 100 is too large to be sealed. AWS says neither how it packs nor how much may be packed: here
 * it is deflated, and may be 2 KB, about what the examples of its documentation amount to.
 */
int64_t session_packed_percent(const struct session *session);

/* False: it is too large for a token of SESSION_TOKEN_LIMIT. */
must_use bool session_seal(struct arena *arena, const struct session_keys *keys,
                           const struct session *session, struct slice *token);

/* False: it is no token of this server. */
must_use bool session_open(struct arena *arena, const struct session_keys *keys, struct slice token,
                           struct session *out);

#endif
