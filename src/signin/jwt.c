#include "signin/jwt.h"

#include <stdlib.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "auth/digest.h"
#include "base/base64.h"
#include "base/check.h"

enum { KEY_ID_LENGTH = 44, DEPTH_LIMIT = 16, KEY_BYTES = JWT_KEY_BITS / 8, EXPONENT_LIMIT = 8 };

struct jwt_key {
    EVP_PKEY *pair;
    char id[KEY_ID_LENGTH];
};

/* ---- keys ---- */

/* One of the numbers of the public half, as RFC 7518 writes them. */
static void append_number(struct buffer *out, const struct jwt_key *key, const char *parameter)
{
    unsigned char bytes[KEY_BYTES];
    BIGNUM *number = NULL;

    CHECK(EVP_PKEY_get_bn_param(key->pair, parameter, &number) == 1);
    CHECK(BN_num_bytes(number) <= KEY_BYTES);
    int length = BN_bn2bin(number, bytes);
    base64url_encode(out, (struct slice){(char *)bytes, (size_t)length});
    BN_free(number);
}

/* RFC 7638: the hash of the members that make the key, in the order of their names, without blanks. */
static void name_key(struct jwt_key *key)
{
    unsigned char hash[SHA256_LENGTH];
    struct buffer text;
    struct digest *digest = digest_create();

    buffer_init(&text);
    buffer_append_string(&text, "{\"e\":\"");
    append_number(&text, key, OSSL_PKEY_PARAM_RSA_E);
    buffer_append_string(&text, "\",\"kty\":\"RSA\",\"n\":\"");
    append_number(&text, key, OSSL_PKEY_PARAM_RSA_N);
    buffer_append_string(&text, "\"}");
    digest_sha256(digest, buffer_slice(&text), hash);
    digest_destroy(digest);
    buffer_reset(&text);
    base64_encode(&text, (struct slice){(char *)hash, sizeof(hash)});
    CHECK(text.len == KEY_ID_LENGTH);
    memcpy(key->id, text.bytes, KEY_ID_LENGTH);
    buffer_finish(&text);
}

/* Takes the pair over. */
static struct jwt_key *key_of(EVP_PKEY *pair)
{
    struct jwt_key *key = malloc(sizeof(*key));

    CHECK(key != NULL);
    key->pair = pair;
    name_key(key);
    return key;
}

struct jwt_key *jwt_key_create(void)
{
    EVP_PKEY *pair = EVP_RSA_gen(JWT_KEY_BITS);

    CHECK(pair != NULL);
    return key_of(pair);
}

void jwt_key_destroy(struct jwt_key *key)
{
    if (key == NULL)
        return;
    EVP_PKEY_free(key->pair);
    free(key);
}

struct slice jwt_key_encode(const struct jwt_key *key, struct arena *arena)
{
    unsigned char *der = NULL;
    int length = i2d_PrivateKey(key->pair, &der);

    CHECK(length > 0);
    struct slice kept = arena_copy(arena, (struct slice){(char *)der, (size_t)length});
    OPENSSL_clear_free(der, (size_t)length);
    return kept;
}

static bool is_whole_pair(EVP_PKEY *pair)
{
    BIGNUM *exponent = NULL, *private = NULL;

    bool whole = EVP_PKEY_get_bits(pair) == JWT_KEY_BITS &&
                 EVP_PKEY_get_bn_param(pair, OSSL_PKEY_PARAM_RSA_E, &exponent) == 1 &&
                 BN_num_bytes(exponent) <= EXPONENT_LIMIT &&
                 EVP_PKEY_get_bn_param(pair, OSSL_PKEY_PARAM_RSA_D, &private) == 1;
    BN_free(exponent);
    BN_clear_free(private);
    return whole;
}

struct jwt_key *jwt_key_decode(struct slice der)
{
    const unsigned char *at = (const unsigned char *)der.ptr;

    if (der.len == 0 || der.len > JWT_LIMIT)
        return NULL;
    EVP_PKEY *pair = d2i_PrivateKey(EVP_PKEY_RSA, NULL, &at, (long)der.len);
    if (pair == NULL)
        return NULL;
    if ((const char *)at == der.ptr + der.len && is_whole_pair(pair))
        return key_of(pair);
    EVP_PKEY_free(pair);
    return NULL;
}

struct slice jwt_key_id(const struct jwt_key *key)
{
    return (struct slice){key->id, sizeof(key->id)};
}

/* ---- signing ---- */

static size_t make_signature(const struct jwt_key *key, struct slice message, unsigned char out[KEY_BYTES])
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t length = KEY_BYTES;

    CHECK(context != NULL);
    CHECK(EVP_DigestSignInit_ex(context, NULL, "SHA256", NULL, NULL, key->pair, NULL) == 1);
    CHECK(EVP_DigestSign(context, out, &length, (const unsigned char *)message.ptr, message.len) == 1);
    EVP_MD_CTX_free(context);
    return length;
}

struct slice jwt_sign(const struct jwt_key *key, struct arena *arena, struct slice claims)
{
    unsigned char signature[KEY_BYTES];
    struct buffer text;

    struct slice header =
        arena_printf(arena, "{\"kid\":\"%.*s\",\"alg\":\"RS256\"}", SLICE_ARGS(jwt_key_id(key)));
    buffer_init(&text);
    base64url_encode(&text, header);
    buffer_append_byte(&text, '.');
    base64url_encode(&text, claims);
    size_t length = make_signature(key, buffer_slice(&text), signature);
    buffer_append_byte(&text, '.');
    base64url_encode(&text, (struct slice){(char *)signature, length});
    struct slice token = arena_copy(arena, buffer_slice(&text));
    buffer_finish(&text);
    return token;
}

/* ---- verifying: the form ---- */

/* The text up to the separator, which is dropped with it from the rest. */
static bool cut(struct slice *rest, char separator, struct slice *part)
{
    const char *end = rest->len == 0 ? NULL : memchr(rest->ptr, separator, rest->len);

    if (end == NULL)
        return false;
    *part = (struct slice){rest->ptr, (size_t)(end - rest->ptr)};
    *rest = slice_skip(*rest, part->len + 1);
    return true;
}

static size_t count_members(const struct json *value)
{
    size_t count = 0;

    if (value->type == JSON_ARRAY) {
        for (size_t i = 0; i < value->array.count; i++)
            count += count_members(&value->array.items[i]);
    } else if (value->type == JSON_OBJECT) {
        for (size_t i = 0; i < value->object.count; i++)
            count += 1 + count_members(&value->object.members[i].value);
    }
    return count;
}

/* In a JSON text, there is one colon a member outside of its strings. */
static size_t count_colons(struct slice text)
{
    bool in_string = false;
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (in_string && text.ptr[i] == '\\')
            i++;
        else if (text.ptr[i] == '"')
            in_string = !in_string;
        else if (!in_string && text.ptr[i] == ':')
            count++;
    }
    return count;
}

/* An object whose names are each there once. The tree keeps one of members that repeat a name, the text has
 * them all. */
static enum jwt_problem read_object(struct arena *arena, struct slice text, const struct json **out)
{
    if (json_parse(arena, text, DEPTH_LIMIT, out) != JSON_OK || (*out)->type != JSON_OBJECT)
        return JWT_NOT_JSON;
    return count_members(*out) == count_colons(text) ? JWT_OK : JWT_REPEATED_MEMBER;
}

/* A member that is a string; absent: an empty slice. */
static bool read_text(const struct json *object, const char *name, struct slice *out)
{
    const struct json *member = json_get(object, name);

    *out = (struct slice){NULL, 0};
    if (member == NULL)
        return true;
    if (member->type != JSON_STRING)
        return false;
    *out = member->text;
    return true;
}

/* ---- verifying: the signature ---- */

static enum jwt_problem find_key(const struct json *header, const struct jwt_expectation *expectation,
                                 const struct jwt_key **out)
{
    struct slice algorithm, id;

    if (!read_text(header, "alg", &algorithm) || !read_text(header, "kid", &id))
        return JWT_WRONG_TYPE;
    if (!slice_is(algorithm, "RS256"))
        return JWT_OTHER_ALGORITHM;
    if (json_get(header, "crit") != NULL)
        return JWT_CRITICAL;
    if (id.len == 0)
        return JWT_NO_KEY_ID;
    for (size_t i = 0; i < expectation->key_count; i++) {
        *out = expectation->keys[i];
        if (slice_equal(id, jwt_key_id(*out)))
            return JWT_OK;
    }
    return JWT_UNKNOWN_KEY;
}

static bool is_signature(const struct jwt_key *key, struct slice message, struct slice signature)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    CHECK(context != NULL);
    CHECK(EVP_DigestVerifyInit_ex(context, NULL, "SHA256", NULL, NULL, key->pair, NULL) == 1);
    bool right = signature.len == KEY_BYTES &&
                 EVP_DigestVerify(context, (const unsigned char *)signature.ptr, signature.len,
                                  (const unsigned char *)message.ptr, message.len) == 1;
    EVP_MD_CTX_free(context);
    return right;
}

/* ---- verifying: the claims ---- */

static bool is_expected(const struct jwt_expectation *expectation, const struct json *audience)
{
    for (size_t i = 0; i < expectation->audience_count; i++) {
        if (audience->type == JSON_STRING && slice_equal(audience->text, expectation->audiences[i]))
            return true;
    }
    return false;
}

/* RFC 7519, 4.1.3: a string, or an array of them. */
static enum jwt_problem check_audience(const struct json *claims, const struct jwt_expectation *expectation)
{
    const struct json *audience = json_get(claims, "aud");

    if (expectation->audience_count == 0)
        return JWT_OK;
    if (audience == NULL)
        return JWT_OTHER_AUDIENCE;
    if (audience->type == JSON_STRING)
        return is_expected(expectation, audience) ? JWT_OK : JWT_OTHER_AUDIENCE;
    if (audience->type != JSON_ARRAY)
        return JWT_WRONG_TYPE;
    for (size_t i = 0; i < audience->array.count; i++) {
        if (is_expected(expectation, &audience->array.items[i]))
            return JWT_OK;
    }
    return JWT_OTHER_AUDIENCE;
}

/* Whole seconds; absent: the fallback. */
static bool read_seconds(const struct json *claims, const char *name, int64_t fallback, int64_t *out)
{
    const struct json *member = json_get(claims, name);

    *out = fallback;
    return member == NULL ||
           (member->type == JSON_NUMBER && json_to_int64(member, out) && *out >= 0 && *out < INT64_MAX / 2);
}

static enum jwt_problem check_times(const struct json *claims, const struct jwt_expectation *expectation)
{
    int64_t expiry, not_before, issued, now = expectation->now, leeway = expectation->leeway;

    if (!read_seconds(claims, "exp", 0, &expiry) || !read_seconds(claims, "nbf", 0, &not_before) ||
        !read_seconds(claims, "iat", 0, &issued))
        return JWT_WRONG_TYPE;
    if (json_get(claims, "exp") == NULL)
        return JWT_NO_EXPIRY;
    if (now >= expiry + leeway)
        return JWT_EXPIRED;
    if (not_before > now + leeway)
        return JWT_NOT_YET;
    return issued > now + leeway ? JWT_FROM_THE_FUTURE : JWT_OK;
}

static enum jwt_problem check_claims(const struct json *claims, const struct jwt_expectation *expectation)
{
    struct slice issuer;

    if (!read_text(claims, "iss", &issuer))
        return JWT_WRONG_TYPE;
    if (!slice_equal(issuer, expectation->issuer))
        return JWT_OTHER_ISSUER;
    enum jwt_problem problem = check_audience(claims, expectation);
    return problem != JWT_OK ? problem : check_times(claims, expectation);
}

/* The claims are not looked at before the signature is known to be right. */
enum jwt_problem jwt_verify(struct arena *arena, struct slice token,
                            const struct jwt_expectation *expectation, const struct json **claims)
{
    struct slice rest = token, header_text, claims_text, signature;
    const struct json *header, *read;
    const struct jwt_key *key = NULL;
    enum jwt_problem problem;

    *claims = NULL;
    if (token.len > JWT_LIMIT)
        return JWT_TOO_LONG;
    if (!cut(&rest, '.', &header_text) || !cut(&rest, '.', &claims_text))
        return JWT_MALFORMED;
    struct slice signed_text = {token.ptr, token.len - rest.len - 1};
    if (header_text.len > JWT_HEADER_LIMIT)
        return JWT_TOO_LONG;
    if (!base64url_decode(arena, header_text, &header_text) ||
        !base64url_decode(arena, claims_text, &claims_text) || !base64url_decode(arena, rest, &signature))
        return JWT_MALFORMED;
    if ((problem = read_object(arena, header_text, &header)) != JWT_OK ||
        (problem = find_key(header, expectation, &key)) != JWT_OK)
        return problem;
    if (!is_signature(key, signed_text, signature))
        return JWT_WRONG_SIGNATURE;
    if ((problem = read_object(arena, claims_text, &read)) != JWT_OK ||
        (problem = check_claims(read, expectation)) != JWT_OK)
        return problem;
    *claims = read;
    return JWT_OK;
}

struct slice jwt_unverified_claim(struct arena *arena, struct slice token, const char *name)
{
    struct slice rest = token, text, value;
    const struct json *claims;

    if (token.len > JWT_LIMIT || !cut(&rest, '.', &text) || !cut(&rest, '.', &text) ||
        !base64url_decode(arena, text, &text) || read_object(arena, text, &claims) != JWT_OK ||
        !read_text(claims, name, &value) || value.len == 0)
        return SLICE("");
    return value;
}

const char *jwt_problem_text(enum jwt_problem problem)
{
    static const char *const texts[] = {
        [JWT_OK] = "the token is valid",
        [JWT_TOO_LONG] = "the token is too long",
        [JWT_MALFORMED] = "the token is not three parts of base64url",
        [JWT_NOT_JSON] = "a part of the token is no JSON object",
        [JWT_REPEATED_MEMBER] = "an object in the token has the same member twice",
        [JWT_WRONG_TYPE] = "a member of the token has a value of a wrong type",
        [JWT_OTHER_ALGORITHM] = "the token is not signed with RS256",
        [JWT_CRITICAL] = "the token has a critical extension that is not understood",
        [JWT_NO_KEY_ID] = "the token does not name its key",
        [JWT_UNKNOWN_KEY] = "the token is signed with a key that is not known",
        [JWT_WRONG_SIGNATURE] = "the token's signature is wrong",
        [JWT_OTHER_ISSUER] = "the token is from another issuer",
        [JWT_OTHER_AUDIENCE] = "the token is for another audience",
        [JWT_NO_EXPIRY] = "the token does not say when it expires",
        [JWT_EXPIRED] = "the token has expired",
        [JWT_NOT_YET] = "the token is not valid yet",
        [JWT_FROM_THE_FUTURE] = "the token was issued in the future",
    };

    return texts[problem];
}

/* ---- documents ---- */

void jwt_write_keys(struct buffer *out, const struct jwt_key *const *keys, size_t count)
{
    buffer_append_string(out, "{\"keys\":[");
    for (size_t i = 0; i < count; i++) {
        buffer_append_string(out, i == 0 ? "{\"alg\":\"RS256\",\"e\":\"" : ",{\"alg\":\"RS256\",\"e\":\"");
        append_number(out, keys[i], OSSL_PKEY_PARAM_RSA_E);
        buffer_append_string(out, "\",\"kid\":");
        json_write_string(out, jwt_key_id(keys[i]));
        buffer_append_string(out, ",\"kty\":\"RSA\",\"n\":\"");
        append_number(out, keys[i], OSSL_PKEY_PARAM_RSA_N);
        buffer_append_string(out, "\",\"use\":\"sig\"}");
    }
    buffer_append_string(out, "]}");
}

void jwt_write_configuration(struct buffer *out, struct slice issuer, struct slice keys_uri)
{
    bool first = true;

    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "issuer", issuer);
    json_write_string_member(out, &first, "jwks_uri", keys_uri);
    buffer_append_string(out, ",\"id_token_signing_alg_values_supported\":[\"RS256\"],"
                              "\"response_types_supported\":[\"code\",\"token\"],"
                              "\"scopes_supported\":[\"openid\",\"email\",\"phone\",\"profile\"],"
                              "\"subject_types_supported\":[\"public\"]}");
}
