/* Signing in, for the operations that begin it and those that answer a challenge. */
#ifndef TURNTABLE_SERVICES_COGNITO_IDP_SIGN_IN_H
#define TURNTABLE_SERVICES_COGNITO_IDP_SIGN_IN_H

#include "services/cognito_idp/challenge.h"
#include "services/cognito_idp/session.h"

struct sign_in {
    struct request *request;
    struct user_pool pool;
    struct user_client client;
    bool is_admin;                 /* the call was signed */
    const struct json *parameters; /* AuthParameters, ChallengeResponses; may be NULL */
    struct user user;
    bool found;
    bool changed; /* the user is to be put */
};

/* A parameter; fails with InvalidParameterException if there is none. */
must_use bool sign_in_parameter(struct sign_in *sign_in, const char *name, struct slice *out);

/* Looks the user up by the parameter USERNAME, once the SECRET_HASH is right. */
must_use bool sign_in_find_user(struct sign_in *sign_in, struct slice *name);

/* "Incorrect username or password.", or, to clients that tell, "User does not exist." */
bool sign_in_unknown(struct sign_in *sign_in);

/* Whether the user may try at all: enabled, not locked out, no reset required. */
must_use bool sign_in_admit(struct sign_in *sign_in);

/* The password was wrong: counts that. The answer is the failure, once it is committed. */
must_use bool sign_in_refuse(struct sign_in *sign_in);

/* The password was right: tokens, or the challenge to set a new one. */
must_use bool sign_in_pass(struct sign_in *sign_in);

/* Tokens for the user, who may be put. */
must_use bool sign_in_finish(struct sign_in *sign_in);

/* Tokens for a refresh token: the answer's AuthenticationResult. */
must_use bool sign_in_refresh(struct sign_in *sign_in, struct slice token);

#endif
