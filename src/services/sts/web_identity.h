/*
 * Tokens of OpenID Connect as STS takes them: whose are they, and what do they say?
 *
 * The rooms that sign tokens (user pools, identity pools) know their keys and verify what they have signed:
 * each is an entry of `server->token_issuers`, which is asked in turn. Tokens of others would need their
 * keys, which this server does not fetch from the network.
 */
#ifndef TURNTABLE_SERVICES_STS_WEB_IDENTITY_H
#define TURNTABLE_SERVICES_STS_WEB_IDENTITY_H

#include "services/request.h"
#include "services/sts/assumption.h"

/* A token that was verified. */
struct verified_token {
    struct web_identity identity;
    struct slice subject;  /* "sub" */
    struct slice audience; /* "aud", or what stands for it */
    struct slice issuer;   /* as it is told: "cognito-identity.amazonaws.com", or the URL */
    struct session_tags tags;
    struct slice source_identity;
    const struct json *claims; /* all that it says; filled by web_identity_verify() */
};

/* Asks the issuers. TOKEN_FOREIGN: none of them has signed it; *issuer is whom it names, or empty if it is no
 * JWT that names one. */
must_use enum token_verdict web_identity_verify(struct request *request, struct slice token,
                                                struct slice *issuer, struct verified_token *out);

#endif
