#include "signin/srp.h"

#include <openssl/bn.h>
#include <openssl/crypto.h>

#include "base/buffer.h"
#include "base/characters.h"
#include "base/check.h"
#include "base/clock.h"

enum { GENERATOR = 2 };

/* What every computation needs. */
struct group {
    BN_CTX *context;
    BIGNUM *n, *g, *k;
    BN_MONT_CTX *montgomery;
};

/* ---- numbers ---- */

static BIGNUM *number_of(const unsigned char *bytes, size_t length)
{
    BIGNUM *number = BN_bin2bn(bytes, (int)length, NULL);

    CHECK(number != NULL);
    BN_set_flags(number, BN_FLG_CONSTTIME);
    return number;
}

static void number_put(const BIGNUM *number, unsigned char out[SRP_NUMBER_LENGTH])
{
    CHECK(BN_bn2binpad(number, out, SRP_NUMBER_LENGTH) == SRP_NUMBER_LENGTH);
}

/* As Java's BigInteger.toByteArray() has it. */
static void append_number(struct buffer *out, const unsigned char *bytes, size_t length)
{
    while (length > 1 && bytes[0] == 0) {
        bytes++;
        length--;
    }
    if ((bytes[0] & 0x80) != 0)
        buffer_append_byte(out, 0);
    buffer_append(out, (struct slice){(const char *)bytes, length});
}

static void hash_buffer(const struct buffer *bytes, unsigned char out[SHA256_LENGTH])
{
    struct digest *digest = digest_create();

    digest_sha256(digest, buffer_slice(bytes), out);
    digest_destroy(digest);
}

/* A buffer that had something secret in it. */
static void finish_secret(struct buffer *buffer)
{
    if (buffer->bytes != NULL)
        OPENSSL_cleanse(buffer->bytes, buffer->len);
    buffer_finish(buffer);
}

/* ---- the group ---- */

static void group_init(struct group *group)
{
    unsigned char bytes[SRP_NUMBER_LENGTH], hash[SHA256_LENGTH];
    const unsigned char generator = GENERATOR;
    struct buffer text;

    group->context = BN_CTX_new();
    group->n = BN_get_rfc3526_prime_3072(NULL);
    group->montgomery = BN_MONT_CTX_new();
    CHECK(group->context != NULL && group->n != NULL && group->montgomery != NULL);
    CHECK(BN_MONT_CTX_set(group->montgomery, group->n, group->context) == 1);
    group->g = number_of(&generator, 1);
    number_put(group->n, bytes);
    buffer_init(&text);
    append_number(&text, bytes, sizeof(bytes));
    append_number(&text, &generator, 1);
    hash_buffer(&text, hash);
    buffer_finish(&text);
    group->k = number_of(hash, sizeof(hash));
}

static void group_finish(struct group *group)
{
    BN_free(group->n);
    BN_free(group->g);
    BN_free(group->k);
    BN_MONT_CTX_free(group->montgomery);
    BN_CTX_free(group->context);
}

/* base^exponent. */
static BIGNUM *power(struct group *group, const BIGNUM *base, const BIGNUM *exponent)
{
    BIGNUM *result = BN_new();

    CHECK(result != NULL);
    CHECK(BN_mod_exp_mont_consttime(result, base, exponent, group->n, group->context, group->montgomery) ==
          1);
    return result;
}

static BIGNUM *product(struct group *group, const BIGNUM *a, const BIGNUM *b)
{
    BIGNUM *result = BN_new();

    CHECK(result != NULL);
    CHECK(BN_mod_mul(result, a, b, group->n, group->context) == 1);
    return result;
}

/* ---- verifiers ---- */

/* x = H(s | H(pool | user | ":" | password)) */
static BIGNUM *private_key(struct srp_user user, struct slice password,
                           const unsigned char salt[SRP_SALT_LENGTH])
{
    unsigned char hash[SHA256_LENGTH];
    struct buffer text;

    buffer_init(&text);
    buffer_reserve(&text, user.pool.len + user.name.len + 1 + password.len); /* no copies stay behind */
    buffer_append(&text, user.pool);
    buffer_append(&text, user.name);
    buffer_append_byte(&text, ':');
    buffer_append(&text, password);
    hash_buffer(&text, hash);
    finish_secret(&text);
    buffer_init(&text);
    append_number(&text, salt, SRP_SALT_LENGTH);
    buffer_append(&text, (struct slice){(char *)hash, sizeof(hash)});
    hash_buffer(&text, hash);
    finish_secret(&text);
    BIGNUM *x = number_of(hash, sizeof(hash));
    OPENSSL_cleanse(hash, sizeof(hash));
    return x;
}

void srp_verifier_create(struct srp_user user, struct slice password, struct srp_verifier *out)
{
    random_bytes(out->salt, sizeof(out->salt));
    srp_verifier_derive(user, password, out);
}

void srp_verifier_derive(struct srp_user user, struct slice password, struct srp_verifier *out)
{
    struct group group;

    group_init(&group);
    BIGNUM *x = private_key(user, password, out->salt);
    BIGNUM *v = power(&group, group.g, x);
    number_put(v, out->verifier);
    BN_clear_free(v);
    BN_clear_free(x);
    group_finish(&group);
}

bool srp_password_matches(const struct srp_verifier *verifier, struct srp_user user, struct slice password)
{
    struct srp_verifier again = *verifier;

    srp_verifier_derive(user, password, &again);
    bool matches = CRYPTO_memcmp(again.verifier, verifier->verifier, sizeof(again.verifier)) == 0;
    OPENSSL_cleanse(&again, sizeof(again));
    return matches;
}

/* ---- numbers as texts ---- */

bool srp_number_read(struct slice hex, unsigned char out[SRP_NUMBER_LENGTH])
{
    while (hex.len > 0 && hex.ptr[0] == '0') /* some clients send the zero byte in front */
        hex = slice_skip(hex, 1);
    if (hex.len == 0 || hex.len > 2 * SRP_NUMBER_LENGTH)
        return false;
    memset(out, 0, SRP_NUMBER_LENGTH);
    for (size_t i = 0; i < hex.len; i++) {
        size_t place = hex.len - 1 - i; /* of the digit, from the end */
        int digit = hex_digit(hex.ptr[i]);
        if (digit < 0)
            return false;
        unsigned char *byte = &out[SRP_NUMBER_LENGTH - 1 - place / 2];
        *byte = (unsigned char)(*byte | digit << (place % 2 * 4));
    }
    BIGNUM *n = BN_get_rfc3526_prime_3072(NULL), *number = number_of(out, SRP_NUMBER_LENGTH);
    bool below = BN_cmp(number, n) < 0;
    BN_free(number);
    BN_free(n);
    return below;
}

struct slice srp_number_text(struct arena *arena, struct slice number)
{
    struct buffer text;

    buffer_init(&text);
    for (size_t i = 0; i < number.len; i++)
        buffer_printf(&text, "%02x", (unsigned char)number.ptr[i]);
    struct slice digits = buffer_slice(&text);
    while (digits.len > 1 && digits.ptr[0] == '0')
        digits = slice_skip(digits, 1);
    digits = arena_copy(arena, digits);
    buffer_finish(&text);
    return digits;
}

/* ---- the exchange ---- */

/* B = k v + g^b */
static void make_public(struct group *group, const struct srp_verifier *verifier, struct srp_exchange *out)
{
    BIGNUM *b = number_of(out->secret, sizeof(out->secret));
    BIGNUM *v = number_of(verifier->verifier, sizeof(verifier->verifier));
    BIGNUM *kv = product(group, group->k, v);
    BIGNUM *gb = power(group, group->g, b);
    CHECK(BN_mod_add(gb, gb, kv, group->n, group->context) == 1);
    number_put(gb, out->public);
    BN_clear_free(gb);
    BN_clear_free(kv);
    BN_clear_free(v);
    BN_clear_free(b);
}

static bool is_zero(const unsigned char number[SRP_NUMBER_LENGTH])
{
    unsigned char bits = 0;

    for (size_t i = 0; i < SRP_NUMBER_LENGTH; i++)
        bits |= number[i];
    return bits == 0;
}

void srp_exchange_create(const struct srp_verifier *verifier, struct srp_exchange *out)
{
    struct group group;

    group_init(&group);
    do { /* clients give up on a B of 0, which nobody will ever see */
        random_bytes(out->secret, sizeof(out->secret));
        make_public(&group, verifier, out);
    } while (is_zero(out->public));
    group_finish(&group);
}

void srp_exchange_derive(const struct srp_verifier *verifier, struct srp_exchange *out)
{
    struct group group;

    group_init(&group);
    make_public(&group, verifier, out);
    group_finish(&group);
}

/* RFC 5869 with the salt u and the one block that is needed. */
static void derive_key(const unsigned char shared[SRP_NUMBER_LENGTH], const unsigned char u[SHA256_LENGTH],
                       unsigned char key[SRP_KEY_LENGTH])
{
    unsigned char block[SHA256_LENGTH];
    struct buffer secret, salt;
    struct digest *digest = digest_create();

    buffer_init(&secret);
    buffer_reserve(&secret, SRP_NUMBER_LENGTH + 1);
    buffer_init(&salt);
    append_number(&secret, shared, SRP_NUMBER_LENGTH);
    append_number(&salt, u, SHA256_LENGTH);
    digest_hmac(digest, buffer_slice(&salt), buffer_slice(&secret), block);
    digest_hmac(digest, (struct slice){(char *)block, sizeof(block)}, SLICE("Caldera Derived Key\1"), block);
    memcpy(key, block, SRP_KEY_LENGTH);
    OPENSSL_cleanse(block, sizeof(block));
    finish_secret(&secret);
    buffer_finish(&salt);
    digest_destroy(digest);
}

/* u = H(A | B) */
static void scramble(const unsigned char client[SRP_NUMBER_LENGTH],
                     const unsigned char server[SRP_NUMBER_LENGTH], unsigned char u[SHA256_LENGTH])
{
    struct buffer text;

    buffer_init(&text);
    append_number(&text, client, SRP_NUMBER_LENGTH);
    append_number(&text, server, SRP_NUMBER_LENGTH);
    hash_buffer(&text, u);
    buffer_finish(&text);
}

/* S = (A v^u)^b */
void srp_exchange_key(const struct srp_verifier *verifier, const struct srp_exchange *exchange,
                      const unsigned char client[SRP_NUMBER_LENGTH], unsigned char key[SRP_KEY_LENGTH])
{
    unsigned char u_bytes[SHA256_LENGTH], shared[SRP_NUMBER_LENGTH];
    struct group group;

    group_init(&group);
    scramble(client, exchange->public, u_bytes);
    BIGNUM *u = number_of(u_bytes, sizeof(u_bytes));
    BIGNUM *a = number_of(client, SRP_NUMBER_LENGTH);
    BIGNUM *b = number_of(exchange->secret, sizeof(exchange->secret));
    BIGNUM *v = number_of(verifier->verifier, sizeof(verifier->verifier));
    BIGNUM *vu = power(&group, v, u);
    BIGNUM *base = product(&group, a, vu);
    BIGNUM *s = power(&group, base, b);
    number_put(s, shared);
    derive_key(shared, u_bytes, key);
    OPENSSL_cleanse(shared, sizeof(shared));
    BN_clear_free(s);
    BN_clear_free(base);
    BN_clear_free(vu);
    BN_clear_free(v);
    BN_clear_free(b);
    BN_free(a);
    BN_free(u);
    group_finish(&group);
}

void srp_signature(const unsigned char key[SRP_KEY_LENGTH], struct srp_user user, struct slice block,
                   struct slice timestamp, unsigned char out[SHA256_LENGTH])
{
    struct buffer text;
    struct digest *digest = digest_create();

    buffer_init(&text);
    buffer_append(&text, user.pool);
    buffer_append(&text, user.name);
    buffer_append(&text, block);
    buffer_append(&text, timestamp);
    digest_hmac(digest, (struct slice){(const char *)key, SRP_KEY_LENGTH}, buffer_slice(&text), out);
    buffer_finish(&text);
    digest_destroy(digest);
}

/* ---- times ---- */

/* One of the words of three letters that `words` is made of, taken from the text. */
static bool take_word(struct slice *text, const char *words)
{
    for (; *words != '\0'; words += 3) {
        if (slice_starts_with(*text, (struct slice){words, 3})) {
            *text = slice_skip(*text, 3);
            return true;
        }
    }
    return false;
}

/* `least` to `most` digits, whose number is up to `limit`. */
static bool take_number(struct slice *text, size_t least, size_t most, int limit)
{
    int number = 0;
    size_t digits = 0;

    for (; digits < most && digits < text->len && text->ptr[digits] >= '0' && text->ptr[digits] <= '9';
         digits++)
        number = number * 10 + text->ptr[digits] - '0';
    *text = slice_skip(*text, digits);
    return digits >= least && number <= limit;
}

static bool take(struct slice *text, const char *expected)
{
    if (!slice_starts_with(*text, slice_of(expected)))
        return false;
    *text = slice_skip(*text, strlen(expected));
    return true;
}

/* "EEE MMM d HH:mm:ss z yyyy", as Java's SimpleDateFormat calls it. */
bool srp_timestamp_valid(struct slice text)
{
    return take_word(&text, "MonTueWedThuFriSatSun") && take(&text, " ") &&
           take_word(&text, "JanFebMarAprMayJunJulAugSepOctNovDec") && take(&text, " ") &&
           take_number(&text, 1, 2, 31) && take(&text, " ") && take_number(&text, 2, 2, 23) &&
           take(&text, ":") && take_number(&text, 2, 2, 59) && take(&text, ":") &&
           take_number(&text, 2, 2, 60) && take(&text, " UTC ") && take_number(&text, 4, 4, 9999) &&
           text.len == 0;
}
