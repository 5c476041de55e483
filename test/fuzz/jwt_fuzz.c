/*
 * Tokens: any bytes can be tried as one; what is signed is read back; and a signed header can say what it
 * wants, there is one that is believed.
 */
#include "lib/forge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NOW = 1500 };

static void check_bytes(struct arena *arena, const struct jwt_expectation *expectation, struct slice bytes)
{
    const struct json *claims;

    CHECK(jwt_verify(arena, bytes, expectation, &claims) != JWT_OK && claims == NULL);
}

/* The input as claims: whatever they are, form and signature are right. */
static void check_claims(struct arena *arena, const struct jwt_expectation *expectation, struct slice bytes)
{
    const struct json *claims, *read;

    if (bytes.len > JWT_LIMIT / 2)
        return;
    enum jwt_problem problem =
        jwt_verify(arena, jwt_sign(expectation->keys[0], arena, bytes), expectation, &claims);
    CHECK(problem != JWT_MALFORMED && problem != JWT_WRONG_SIGNATURE && problem != JWT_OTHER_ALGORITHM);
    CHECK((problem == JWT_OK) == (claims != NULL));
    if (problem != JWT_OK)
        return;
    CHECK(slice_is(json_get(claims, "iss")->text, "i"));
    CHECK(json_parse(arena, bytes, 16, &read) == JSON_OK && read->object.count == claims->object.count);
}

/* The input as a header. */
static void check_header(struct arena *arena, const struct jwt_expectation *expectation, struct slice bytes)
{
    const struct jwt_key *key = expectation->keys[0];
    const struct json *claims, *header;

    struct slice token = forge(arena, key, bytes, SLICE("{\"iss\":\"i\",\"exp\":2000}"));
    if (jwt_verify(arena, token, expectation, &claims) != JWT_OK)
        return;
    CHECK(json_parse(arena, bytes, 16, &header) == JSON_OK);
    CHECK(slice_is(json_get(header, "alg")->text, "RS256"));
    CHECK(slice_equal(json_get(header, "kid")->text, jwt_key_id(key)) && json_get(header, "crit") == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct jwt_key *key;
    struct slice bytes = {(const char *)data, size};
    struct arena arena;

    if (key == NULL)
        key = jwt_key_create();
    const struct jwt_key *const keys[] = {key};
    const struct jwt_expectation expectation = {
        .keys = keys, .key_count = 1, .issuer = SLICE("i"), .now = NOW, .leeway = 5};
    arena_init(&arena);
    check_bytes(&arena, &expectation, bytes);
    check_claims(&arena, &expectation, bytes);
    check_header(&arena, &expectation, bytes);
    struct jwt_key *decoded = jwt_key_decode(bytes);
    jwt_key_destroy(decoded);
    arena_finish(&arena);
    return 0;
}
