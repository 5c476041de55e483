/* Is a token of ours taken, and every other one refused for the right reason? */
#include "lib/unit.h"

#include <openssl/rsa.h>

#include "lib/forge.h"

#define CLAIMS "{\"iss\":\"https://issuer\",\"aud\":\"client\",\"iat\":1000,\"exp\":2000,\"sub\":\"alice\"}"

enum { NOW = 1500 };

struct bench {
    struct arena arena;
    struct jwt_key *key, *other;
    const struct jwt_key *keys[2];
    struct slice audience;
    struct jwt_expectation expectation;
};

static int begin(void **state)
{
    struct bench *bench = calloc(1, sizeof(*bench));

    arena_init(&bench->arena);
    bench->keys[0] = bench->other = jwt_key_create();
    bench->keys[1] = bench->key = jwt_key_create();
    bench->audience = SLICE("client");
    *state = bench;
    return 0;
}

static int expect_the_usual(void **state)
{
    struct bench *bench = *state;

    bench->expectation = (struct jwt_expectation){.keys = bench->keys,
                                                  .key_count = 2,
                                                  .issuer = SLICE("https://issuer"),
                                                  .audiences = &bench->audience,
                                                  .audience_count = 1,
                                                  .now = NOW};
    return 0;
}

static int end(void **state)
{
    struct bench *bench = *state;

    jwt_key_destroy(bench->key);
    jwt_key_destroy(bench->other);
    arena_finish(&bench->arena);
    free(bench);
    return 0;
}

static enum jwt_problem verify(struct bench *bench, struct slice token)
{
    const struct json *claims;

    enum jwt_problem problem = jwt_verify(&bench->arena, token, &bench->expectation, &claims);
    assert_int_equal(problem == JWT_OK, claims != NULL);
    return problem;
}

static enum jwt_problem verify_claims(struct bench *bench, const char *claims)
{
    return verify(bench, jwt_sign(bench->key, &bench->arena, slice_of(claims)));
}

static enum jwt_problem verify_header(struct bench *bench, const char *header)
{
    struct slice id = jwt_key_id(bench->key);
    struct slice text = arena_printf(&bench->arena, header, SLICE_ARGS(id));

    return verify(bench, forge(&bench->arena, bench->key, text, SLICE(CLAIMS)));
}

static void a_token_is_taken_and_its_claims_are_read(void **state)
{
    struct bench *bench = *state;
    const struct json *claims;

    struct slice token = jwt_sign(bench->key, &bench->arena, SLICE(CLAIMS));
    assert_int_equal(jwt_verify(&bench->arena, token, &bench->expectation, &claims), JWT_OK);
    assert_true(slice_is(json_get(claims, "sub")->text, "alice"));
    token = jwt_sign(bench->other, &bench->arena, SLICE(CLAIMS));
    assert_int_equal(verify(bench, token), JWT_OK);
    bench->expectation.key_count = 1;
    assert_int_equal(verify(bench, token), JWT_OK);
    token = jwt_sign(bench->key, &bench->arena, SLICE(CLAIMS));
    assert_int_equal(verify(bench, token), JWT_UNKNOWN_KEY);
}

static void a_key_is_kept_as_bytes(void **state)
{
    struct bench *bench = *state;

    struct slice der = jwt_key_encode(bench->key, &bench->arena);
    struct jwt_key *again = jwt_key_decode(der);
    assert_non_null(again);
    assert_true(slice_equal(jwt_key_id(again), jwt_key_id(bench->key)));
    assert_int_equal(verify(bench, jwt_sign(again, &bench->arena, SLICE(CLAIMS))), JWT_OK);
    jwt_key_destroy(again);
    assert_null(jwt_key_decode((struct slice){der.ptr, der.len - 1}));
    assert_null(jwt_key_decode(slice_skip(der, 1)));
    assert_null(jwt_key_decode(SLICE("")));
    EVP_PKEY *weak = EVP_RSA_gen(1024);
    unsigned char *bytes = NULL;
    int length = i2d_PrivateKey(weak, &bytes);
    assert_null(jwt_key_decode((struct slice){(char *)bytes, (size_t)length}));
    OPENSSL_free(bytes);
    EVP_PKEY_free(weak);
}

/* Whatever is changed, something notices. */
static void any_changed_byte_is_seen(void **state)
{
    struct bench *bench = *state;

    struct slice token = jwt_sign(bench->key, &bench->arena, SLICE(CLAIMS));
    for (size_t i = 0; i < token.len; i++) {
        struct slice changed = arena_copy(&bench->arena, token);
        char *byte = (char *)(uintptr_t)changed.ptr + i;
        *byte = *byte == 'A' ? 'B' : 'A';
        assert_int_not_equal(verify(bench, changed), JWT_OK);
    }
}

static void forms_that_are_no_token(void **state)
{
    struct bench *bench = *state;
    static const char *const malformed[] = {
        "", ".", "a.b", "a.b.c.d", "e30=.e30.", "e30.e+0.", "e30.e30.e3 0", "e30..e31", "e.e30.e30"};

    for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
        enum jwt_problem problem = verify(bench, slice_of(malformed[i]));
        assert_string_equal(jwt_problem_text(problem), jwt_problem_text(JWT_MALFORMED));
    }
    assert_int_equal(verify(bench, SLICE("W10.e30.")), JWT_NOT_JSON);
    assert_int_equal(verify(bench, SLICE("..")), JWT_NOT_JSON);
    char *long_token = arena_alloc(&bench->arena, JWT_LIMIT + 1);
    memset(long_token, 'A', JWT_LIMIT + 1);
    assert_int_equal(verify(bench, (struct slice){long_token, JWT_LIMIT + 1}), JWT_TOO_LONG);
    long_token[JWT_HEADER_LIMIT + 4] = '.';
    long_token[JWT_HEADER_LIMIT + 8] = '.';
    assert_int_equal(verify(bench, (struct slice){long_token, JWT_HEADER_LIMIT + 12}), JWT_TOO_LONG);
}

static void headers_are_believed_nothing(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(verify_header(bench, "{\"alg\":\"RS256\",\"kid\":\"%.*s\",\"typ\":\"JWT\"}"), JWT_OK);
    assert_int_equal(verify_header(bench, "{\"alg\":\"none\",\"kid\":\"%.*s\"}"), JWT_OTHER_ALGORITHM);
    assert_int_equal(verify_header(bench, "{\"alg\":\"HS256\",\"kid\":\"%.*s\"}"), JWT_OTHER_ALGORITHM);
    assert_int_equal(verify_header(bench, "{\"alg\":\"rs256\",\"kid\":\"%.*s\"}"), JWT_OTHER_ALGORITHM);
    assert_int_equal(verify_header(bench, "{\"alg\":\"PS256\",\"kid\":\"%.*s\"}"), JWT_OTHER_ALGORITHM);
    assert_int_equal(verify_header(bench, "{\"kid\":\"%.*s\"}"), JWT_OTHER_ALGORITHM);
    assert_int_equal(verify_header(bench, "{\"alg\":null,\"kid\":\"%.*s\"}"), JWT_WRONG_TYPE);
    assert_int_equal(verify_header(bench, "{\"alg\":[\"RS256\"],\"kid\":\"%.*s\"}"), JWT_WRONG_TYPE);
    assert_int_equal(verify_header(bench, "{\"alg\":\"RS256\",\"crit\":[\"exp\"],\"kid\":\"%.*s\"}"),
                     JWT_CRITICAL);
    assert_int_equal(verify_header(bench, "{\"alg\":\"RS256\",\"x\":\"%.*s\"}"), JWT_NO_KEY_ID);
    assert_int_equal(verify_header(bench, "{\"alg\":\"RS256\",\"kid\":\"x%.*s\"}"), JWT_UNKNOWN_KEY);
    assert_int_equal(verify_header(bench, "{\"alg\":\"RS256\",\"alg\":\"none\",\"kid\":\"%.*s\"}"),
                     JWT_REPEATED_MEMBER);
    assert_int_equal(verify_header(bench, "[\"alg\",\"RS256\",\"kid\",\"%.*s\"]"), JWT_NOT_JSON);
    assert_int_equal(verify_header(bench, "{\"alg\":\"RS256\",\"kid\":\"%.*s\"} "), JWT_OK);
    assert_int_equal(verify_header(bench, "{\"alg\":\"RS256\",\"kid\":\"%.*s\"}x"), JWT_NOT_JSON);
}

/* The signature is of the one key that `kid` names. */
static void a_signature_by_another_key_of_the_set_is_wrong(void **state)
{
    struct bench *bench = *state;

    struct slice header = arena_printf(&bench->arena, "{\"alg\":\"RS256\",\"kid\":\"%.*s\"}",
                                       SLICE_ARGS(jwt_key_id(bench->other)));
    assert_int_equal(verify(bench, forge(&bench->arena, bench->key, header, SLICE(CLAIMS))),
                     JWT_WRONG_SIGNATURE);
    struct slice token = jwt_sign(bench->key, &bench->arena, SLICE(CLAIMS));
    const char *dot = memrchr(token.ptr, '.', token.len);
    assert_int_equal(verify(bench, (struct slice){token.ptr, (size_t)(dot - token.ptr) + 1}),
                     JWT_WRONG_SIGNATURE);
}

static void issuers_and_audiences_must_be_those_expected(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(verify_claims(bench, "{\"iss\":\"https://issuer/\",\"aud\":\"client\",\"exp\":2000}"),
                     JWT_OTHER_ISSUER);
    assert_int_equal(verify_claims(bench, "{\"aud\":\"client\",\"exp\":2000}"), JWT_OTHER_ISSUER);
    assert_int_equal(verify_claims(bench, "{\"iss\":1,\"aud\":\"client\",\"exp\":2000}"), JWT_WRONG_TYPE);
#define ISSUER "{\"iss\":\"https://issuer\",\"exp\":2000"
    assert_int_equal(verify_claims(bench, ISSUER "}"), JWT_OTHER_AUDIENCE);
    assert_int_equal(verify_claims(bench, ISSUER ",\"aud\":\"Client\"}"), JWT_OTHER_AUDIENCE);
    assert_int_equal(verify_claims(bench, ISSUER ",\"aud\":[\"a\",\"b\"]}"), JWT_OTHER_AUDIENCE);
    assert_int_equal(verify_claims(bench, ISSUER ",\"aud\":[]}"), JWT_OTHER_AUDIENCE);
    assert_int_equal(verify_claims(bench, ISSUER ",\"aud\":[\"a\",\"client\"]}"), JWT_OK);
    assert_int_equal(verify_claims(bench, ISSUER ",\"aud\":{\"client\":1}}"), JWT_WRONG_TYPE);
    bench->expectation.audience_count = 0;
    assert_int_equal(verify_claims(bench, ISSUER "}"), JWT_OK);
    assert_int_equal(verify_claims(bench, ISSUER ",\"iss\":\"https://issuer\"}"), JWT_REPEATED_MEMBER);
    assert_int_equal(verify_claims(bench, ISSUER ",\"a\":{\"b\":1,\"b\":\"\\\":\"}}"), JWT_REPEATED_MEMBER);
    assert_int_equal(verify_claims(bench, ISSUER ",\"a:b\":{\"b\":1,\"c\":\"\\\":\"}}"), JWT_OK);
    assert_int_equal(verify_claims(bench, "[1]"), JWT_NOT_JSON);
    assert_int_equal(verify_claims(bench, "{\"iss\":"), JWT_NOT_JSON);
}

static enum jwt_problem verify_times(struct bench *bench, const char *times)
{
    struct slice claims =
        arena_printf(&bench->arena, "{\"iss\":\"https://issuer\",\"aud\":\"client\"%s}", times);

    return verify(bench, jwt_sign(bench->key, &bench->arena, claims));
}

static void a_token_has_its_time(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(verify_times(bench, ""), JWT_NO_EXPIRY);
    assert_int_equal(verify_times(bench, ",\"exp\":1500"), JWT_EXPIRED);
    assert_int_equal(verify_times(bench, ",\"exp\":1501"), JWT_OK);
    assert_int_equal(verify_times(bench, ",\"exp\":\"2000\""), JWT_WRONG_TYPE);
    assert_int_equal(verify_times(bench, ",\"exp\":2000.5"), JWT_WRONG_TYPE);
    assert_int_equal(verify_times(bench, ",\"exp\":1e9"), JWT_WRONG_TYPE);
    assert_int_equal(verify_times(bench, ",\"exp\":-1"), JWT_WRONG_TYPE);
    assert_int_equal(verify_times(bench, ",\"exp\":99999999999999999999"), JWT_WRONG_TYPE);
    assert_int_equal(verify_times(bench, ",\"exp\":9223372036854775807"), JWT_WRONG_TYPE);
    assert_int_equal(verify_times(bench, ",\"exp\":null"), JWT_WRONG_TYPE);
    assert_int_equal(verify_times(bench, ",\"exp\":2000,\"nbf\":1501"), JWT_NOT_YET);
    assert_int_equal(verify_times(bench, ",\"exp\":2000,\"nbf\":1500"), JWT_OK);
    assert_int_equal(verify_times(bench, ",\"exp\":2000,\"iat\":1501"), JWT_FROM_THE_FUTURE);
    assert_int_equal(verify_times(bench, ",\"exp\":2000,\"iat\":1500"), JWT_OK);
    bench->expectation.leeway = 10;
    assert_int_equal(verify_times(bench, ",\"exp\":1491"), JWT_OK);
    assert_int_equal(verify_times(bench, ",\"exp\":1490"), JWT_EXPIRED);
    assert_int_equal(verify_times(bench, ",\"exp\":2000,\"iat\":1510"), JWT_OK);
    assert_int_equal(verify_times(bench, ",\"exp\":2000,\"iat\":1511"), JWT_FROM_THE_FUTURE);
}

static void documents_name_the_keys(void **state)
{
    struct bench *bench = *state;
    const struct json *document;
    struct buffer text;
    struct slice n;

    buffer_init(&text);
    jwt_write_keys(&text, bench->keys, 2);
    assert_int_equal(json_parse(&bench->arena, buffer_slice(&text), 4, &document), JSON_OK);
    const struct json *keys = json_get(document, "keys");
    assert_int_equal(keys->array.count, 2);
    assert_true(slice_equal(json_get(&keys->array.items[1], "kid")->text, jwt_key_id(bench->key)));
    assert_true(slice_is(json_get(&keys->array.items[0], "e")->text, "AQAB"));
    assert_true(slice_is(json_get(&keys->array.items[0], "kty")->text, "RSA"));
    assert_true(base64url_decode(&bench->arena, json_get(&keys->array.items[0], "n")->text, &n));
    assert_int_equal(n.len, JWT_KEY_BITS / 8);
    buffer_reset(&text);
    jwt_write_configuration(&text, SLICE("http://i"), SLICE("http://i/keys"));
    assert_int_equal(json_parse(&bench->arena, buffer_slice(&text), 4, &document), JSON_OK);
    assert_true(slice_is(json_get(document, "jwks_uri")->text, "http://i/keys"));
    buffer_finish(&text);
}

/* RFC 4648, section 10, in the alphabet for URLs. */
static void base64url_is_exact(void **state)
{
    struct bench *bench = *state;
    static const char *const pairs[][2] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},       {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"\xfb\xff", "-_8"}, {"\xff\xff\xff", "____"}};
    static const char *const wrong[] = {"Zg==", "Zh", "Zm9", "Z", "Zm9vY", "-/8", "+_8", "Zg\n", "Zm 8"};
    struct slice out;

    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        struct buffer text;
        buffer_init(&text);
        base64url_encode(&text, slice_of(pairs[i][0]));
        assert_true(slice_is(buffer_slice(&text), pairs[i][1]));
        buffer_finish(&text);
        assert_true(base64url_decode(&bench->arena, slice_of(pairs[i][1]), &out));
        assert_true(slice_is(out, pairs[i][0]));
    }
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(base64url_decode(&bench->arena, slice_of(wrong[i]), &out));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, expect_the_usual)
    const struct CMUnitTest tests[] = {
        TEST(a_token_is_taken_and_its_claims_are_read),
        TEST(a_key_is_kept_as_bytes),
        TEST(any_changed_byte_is_seen),
        TEST(forms_that_are_no_token),
        TEST(headers_are_believed_nothing),
        TEST(a_signature_by_another_key_of_the_set_is_wrong),
        TEST(issuers_and_audiences_must_be_those_expected),
        TEST(a_token_has_its_time),
        TEST(documents_name_the_keys),
        TEST(base64url_is_exact),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
