/* The client's half of SRP, as amazon-cognito-identity-js has it: for tests that sign in. */
#ifndef TURNTABLE_TEST_LIB_SRP_CLIENT_H
#define TURNTABLE_TEST_LIB_SRP_CLIENT_H

#include <openssl/bn.h>

#include "base/buffer.h"
#include "base/check.h"
#include "signin/srp.h"

struct srp_client {
    BN_CTX *context;
    BIGNUM *n, *g, *a;
    unsigned char public[SRP_NUMBER_LENGTH];
};

static inline void srp_client_init(struct srp_client *client, struct slice secret)
{
    BIGNUM *public = BN_new();

    client->context = BN_CTX_new();
    client->n = BN_get_rfc3526_prime_3072(NULL);
    client->g = BN_new();
    client->a = BN_bin2bn((const unsigned char *)secret.ptr, (int)secret.len, NULL);
    CHECK(BN_set_word(client->g, 2) == 1);
    CHECK(BN_mod_exp(public, client->g, client->a, client->n, client->context) == 1);
    CHECK(BN_bn2binpad(public, client->public, SRP_NUMBER_LENGTH) == SRP_NUMBER_LENGTH);
    BN_free(public);
}

static inline void srp_client_finish(struct srp_client *client)
{
    BN_free(client->a);
    BN_free(client->g);
    BN_free(client->n);
    BN_CTX_free(client->context);
}

static inline void srp_client_append(struct buffer *out, const BIGNUM *number)
{
    unsigned char bytes[2 * SRP_NUMBER_LENGTH];
    int length = BN_bn2bin(number, bytes);

    if (length == 0 || (bytes[0] & 0x80) != 0)
        buffer_append_byte(out, 0);
    buffer_append(out, (struct slice){(char *)bytes, (size_t)length});
}

static inline BIGNUM *srp_client_hash(struct buffer *text)
{
    unsigned char hash[SHA256_LENGTH];
    struct digest *digest = digest_create();

    digest_sha256(digest, buffer_slice(text), hash);
    digest_destroy(digest);
    buffer_reset(text);
    return BN_bin2bn(hash, sizeof(hash), NULL);
}

/* x and k from what the client knows, u from what both have sent. */
static inline void srp_client_numbers(struct srp_client *client, struct srp_user user, struct slice password,
                                      const unsigned char salt[SRP_SALT_LENGTH], const BIGNUM *b,
                                      BIGNUM *out[3])
{
    BIGNUM *s = BN_bin2bn(salt, SRP_SALT_LENGTH, NULL);
    BIGNUM *a = BN_bin2bn(client->public, SRP_NUMBER_LENGTH, NULL);
    unsigned char hash[SHA256_LENGTH];
    struct buffer text;

    buffer_init(&text);
    buffer_printf(&text, "%.*s%.*s:%.*s", SLICE_ARGS(user.pool), SLICE_ARGS(user.name), SLICE_ARGS(password));
    BIGNUM *inner = srp_client_hash(&text);
    CHECK(BN_bn2binpad(inner, hash, sizeof(hash)) > 0);
    srp_client_append(&text, s);
    buffer_append(&text, (struct slice){(char *)hash, sizeof(hash)});
    out[0] = srp_client_hash(&text);
    srp_client_append(&text, client->n);
    srp_client_append(&text, client->g);
    out[1] = srp_client_hash(&text);
    srp_client_append(&text, a);
    srp_client_append(&text, b);
    out[2] = srp_client_hash(&text);
    buffer_finish(&text);
    BN_free(inner);
    BN_free(a);
    BN_free(s);
}

/* S = (B - k g^x)^(a + u x), and the key from it. */
static inline void srp_client_key(struct srp_client *client, struct srp_user user, struct slice password,
                                  const unsigned char salt[SRP_SALT_LENGTH],
                                  const unsigned char server[SRP_NUMBER_LENGTH],
                                  unsigned char key[SRP_KEY_LENGTH])
{
    BIGNUM *b = BN_bin2bn(server, SRP_NUMBER_LENGTH, NULL), *s = BN_new(), *e = BN_new(), *numbers[3];
    unsigned char block[SHA256_LENGTH];
    struct digest *digest = digest_create();
    struct buffer secret, u;

    srp_client_numbers(client, user, password, salt, b, numbers);
    CHECK(BN_mod_exp(s, client->g, numbers[0], client->n, client->context) == 1);
    CHECK(BN_mod_mul(s, s, numbers[1], client->n, client->context) == 1);
    CHECK(BN_mod_sub(s, b, s, client->n, client->context) == 1);
    CHECK(BN_mul(e, numbers[2], numbers[0], client->context) == 1 && BN_add(e, e, client->a) == 1);
    CHECK(BN_mod_exp(s, s, e, client->n, client->context) == 1);
    buffer_init(&secret);
    buffer_init(&u);
    srp_client_append(&secret, s);
    srp_client_append(&u, numbers[2]);
    digest_hmac(digest, buffer_slice(&u), buffer_slice(&secret), block);
    digest_hmac(digest, (struct slice){(char *)block, sizeof(block)}, SLICE("Caldera Derived Key\1"), block);
    memcpy(key, block, SRP_KEY_LENGTH);
    buffer_finish(&secret);
    buffer_finish(&u);
    digest_destroy(digest);
    for (int i = 0; i < 3; i++)
        BN_free(numbers[i]);
    BN_free(b);
    BN_free(s);
    BN_free(e);
}

#endif
