#include "services/sts/web_identity.h"

#include "base/base64.h"

enum { CLAIMS_DEPTH = 16 };

/* The claims of a JWT, which nobody has verified; NULL if it is none. */
static const struct json *read_claims(struct arena *arena, struct slice token)
{
    const char *begin = memchr(token.ptr, '.', token.len);
    const struct json *claims;
    struct slice text;

    if (begin == NULL)
        return NULL;
    struct slice rest = slice_skip(token, (size_t)(begin + 1 - token.ptr));
    const char *end = rest.len == 0 ? NULL : memchr(rest.ptr, '.', rest.len);
    if (end == NULL || !base64url_decode(arena, (struct slice){rest.ptr, (size_t)(end - rest.ptr)}, &text) ||
        json_parse(arena, text, CLAIMS_DEPTH, &claims) != JSON_OK || claims->type != JSON_OBJECT)
        return NULL;
    return claims;
}

enum token_verdict web_identity_verify(struct request *request, struct slice token, struct slice *issuer,
                                       struct verified_token *out)
{
    const struct json *claims = read_claims(request->arena, token), *member = json_get(claims, "iss");

    *issuer = (struct slice){NULL, 0};
    if (member == NULL || member->type != JSON_STRING)
        return TOKEN_FOREIGN;
    *issuer = member->text;
    for (const token_issuer *at = request->server->token_issuers; at != NULL && *at != NULL; at++) {
        enum token_verdict verdict = (*at)(request, token, *issuer, out);
        if (verdict == TOKEN_TRUE)
            out->claims = claims;
        if (verdict != TOKEN_FOREIGN)
            return verdict;
    }
    return TOKEN_FOREIGN;
}
