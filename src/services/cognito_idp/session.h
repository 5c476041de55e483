/*
 * Sessions: what begins when a user signs in, and lasts as long as its refresh token.
 *
 * A session is a record of its own. A refresh token is sealed, and names user, session and generation; with
 * rotation each exchange begins a new generation. Access tokens name their session in `origin_jti`: one whose
 * session is gone was revoked. Ids of sessions begin with their time, so that a user's oldest ones come first
 * and are cleared away, a few with each sign-in.
 */
#ifndef TURNTABLE_SERVICES_COGNITO_IDP_SESSION_H
#define TURNTABLE_SERVICES_COGNITO_IDP_SESSION_H

#include "services/cognito_idp/user.h"

struct session {
    struct slice id;
    struct slice key;
    struct version version;
    struct slice client_id;
    struct slice event_id;
    int64_t auth_time; /* seconds since 1970 */
    int64_t expires;   /* milliseconds */
    int64_t epoch;     /* the user's, when it began */
    int64_t generation;
    int64_t exchanged; /* when the generation before ended; milliseconds */
};

/* A new one, in the batch. */
must_use bool session_begin(struct request *request, const struct user_pool *pool,
                            const struct user_client *client, const struct user *user, struct session *out);
/* *found: it is there, and not signed out. */
must_use bool session_find(struct request *request, const struct user_pool *pool, const struct user *user,
                           struct slice id, bool *found, struct session *out);
void session_put(struct request *request, const struct session *session);
void session_end(struct request *request, const struct session *session);

struct slice session_refresh_token(struct request *request, const struct user_pool *pool,
                                   const struct user_client *client, const struct user *user,
                                   const struct session *session);

/* What a refresh token says. */
struct refresh_claim {
    struct slice client_id, user_name, session_id;
    int64_t generation;
    int64_t expires; /* milliseconds */
};
must_use bool session_read_refresh_token(struct request *request, const struct user_pool *pool,
                                         struct slice text, struct refresh_claim *out);

/* ---- tokens ---- */

/* {"AccessToken": ..., "IdToken": ..., "ExpiresIn": ..., "TokenType": "Bearer"}, with "RefreshToken" unless
 * that is empty. */
must_use bool tokens_write(struct request *request, const struct user_pool *pool,
                           const struct user_client *client, const struct user *user,
                           const struct session *session, struct slice refresh_token);

/* Whose an access token is. */
struct access {
    struct user_pool pool;
    struct user_client client;
    struct user user;
};

/* Reads the member AccessToken of the request and all that it stands for; fails with NotAuthorizedException
 * or UserNotFoundException. */
must_use bool access_read(struct request *request, struct access *out);

#endif
