/* Tokens whose header is made up: signed by a key, as jwt_sign() would not sign them. */
#ifndef TURNTABLE_TEST_LIB_FORGE_H
#define TURNTABLE_TEST_LIB_FORGE_H

#include <openssl/evp.h>

#include "base/base64.h"
#include "base/check.h"
#include "signin/jwt.h"

static inline struct slice forge(struct arena *arena, const struct jwt_key *key, struct slice header,
                                 struct slice claims)
{
    unsigned char signature[JWT_KEY_BITS / 8];
    size_t length = sizeof(signature);
    struct slice der = jwt_key_encode(key, arena);
    const unsigned char *at = (const unsigned char *)der.ptr;
    EVP_PKEY *pair = d2i_PrivateKey(EVP_PKEY_RSA, NULL, &at, (long)der.len);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    struct buffer text;

    buffer_init(&text);
    base64url_encode(&text, header);
    buffer_append_byte(&text, '.');
    base64url_encode(&text, claims);
    CHECK(EVP_DigestSignInit_ex(context, NULL, "SHA256", NULL, NULL, pair, NULL) == 1);
    CHECK(EVP_DigestSign(context, signature, &length, (unsigned char *)text.bytes, text.len) == 1);
    buffer_append_byte(&text, '.');
    base64url_encode(&text, (struct slice){(char *)signature, length});
    struct slice token = arena_copy(arena, buffer_slice(&text));
    buffer_finish(&text);
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(pair);
    return token;
}

#endif
