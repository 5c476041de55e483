/*
 * Challenges: what a user has to answer before they are signed in, and the server has to remember until then.
 *
 * Nothing of it is stored: it goes to the client, sealed, as a SECRET_BLOCK or a Session, and comes back.
 */
#ifndef TURNTABLE_SERVICES_COGNITO_IDP_CHALLENGE_H
#define TURNTABLE_SERVICES_COGNITO_IDP_CHALLENGE_H

#include "services/cognito_idp/user.h"

struct challenge {
    struct slice client_id;
    struct slice user_name;
    struct slice id;
    int64_t expires; /* milliseconds */

    /* Of SRP. */
    bool nobody; /* there is no such user, which is not to be told */
    unsigned char client_public[SRP_NUMBER_LENGTH];
    unsigned char secret[SRP_SECRET_LENGTH];

    /* Of a new password. */
    int64_t temporary_since;
};

enum challenge_kind { CHALLENGE_SRP, CHALLENGE_NEW_PASSWORD };

struct slice challenge_seal(struct request *request, const struct user_pool *pool, enum challenge_kind kind,
                            const struct challenge *challenge);
/* False: it is none of this pool and kind. */
must_use bool challenge_unseal(struct request *request, const struct user_pool *pool,
                               enum challenge_kind kind, struct slice text, struct challenge *out);

#endif
