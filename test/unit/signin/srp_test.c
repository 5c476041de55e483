/* Does the server's side of SRP give what AWS's own client gives, number by number? */
#include "lib/unit.h"

#include <stdlib.h>

#include "base/clock.h"
#include "lib/srp_client.h"

/* ---- the vectors ---- */

struct vector {
    struct srp_user user;
    struct slice password, a, b_public, key, block, timestamp, signature;
    struct srp_verifier verifier;
    struct srp_exchange exchange;
};

static struct slice read_file(const char *path, struct arena *arena)
{
    FILE *file = fopen(path, "r");
    char bytes[16384];

    assert_non_null(file);
    size_t got = fread(bytes, 1, sizeof(bytes), file);
    assert_true(got < sizeof(bytes));
    (void)fclose(file);
    return arena_copy(arena, (struct slice){bytes, got});
}

/* Hexadecimal to exactly so many bytes, zeros in front. */
static void unhex(struct slice hex, unsigned char *out, size_t size)
{
    unsigned char number[SRP_NUMBER_LENGTH];

    assert_true(srp_number_read(hex, number));
    memcpy(out, number + SRP_NUMBER_LENGTH - size, size);
}

static void set(struct vector *vector, struct slice name, struct slice value)
{
    struct {
        const char *name;
        struct slice *place;
    } places[] = {{"pool", &vector->user.pool},     {"user", &vector->user.name},
                  {"password", &vector->password},  {"A", &vector->a},
                  {"B", &vector->b_public},         {"key", &vector->key},
                  {"block", &vector->block},        {"timestamp", &vector->timestamp},
                  {"signature", &vector->signature}};

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (slice_is(name, places[i].name))
            *places[i].place = value;
    }
    if (slice_is(name, "salt"))
        unhex(value, vector->verifier.salt, sizeof(vector->verifier.salt));
    if (slice_is(name, "verifier"))
        unhex(value, vector->verifier.verifier, sizeof(vector->verifier.verifier));
    if (slice_is(name, "b"))
        unhex(value, vector->exchange.secret, sizeof(vector->exchange.secret));
}

static void check_vector(struct arena *arena, const struct vector *vector)
{
    unsigned char client[SRP_NUMBER_LENGTH], key[SRP_KEY_LENGTH], signature[SHA256_LENGTH];
    unsigned char expected[SHA256_LENGTH];
    struct srp_verifier verifier = vector->verifier;
    struct srp_exchange exchange = vector->exchange;

    memset(verifier.verifier, 0, sizeof(verifier.verifier));
    srp_verifier_derive(vector->user, vector->password, &verifier);
    assert_memory_equal(&verifier, &vector->verifier, sizeof(verifier));
    srp_exchange_derive(&verifier, &exchange);
    struct slice text =
        srp_number_text(arena, (struct slice){(char *)exchange.public, sizeof(exchange.public)});
    assert_true(slice_equal(text, vector->b_public));
    assert_true(srp_number_read(vector->a, client));
    srp_exchange_key(&verifier, &exchange, client, key);
    unhex(vector->key, expected, sizeof(key));
    assert_memory_equal(key, expected, sizeof(key));
    srp_signature(key, vector->user, vector->block, vector->timestamp, signature);
    unhex(vector->signature, expected, sizeof(signature));
    assert_memory_equal(signature, expected, sizeof(signature));
}

static void every_number_is_that_of_the_client_library(void **state)
{
    struct arena arena;
    struct vector vector = {0};
    int count = 0;
    (void)state;

    arena_init(&arena);
    struct slice text = read_file("test/srp/vectors.txt", &arena);
    while (text.len > 0) {
        const char *end = memchr(text.ptr, '\n', text.len);
        struct slice line = {text.ptr, (size_t)(end - text.ptr)};
        text = slice_skip(text, line.len + 1);
        const char *space = memchr(line.ptr, ' ', line.len);
        if (space == NULL || line.ptr[0] == '#')
            continue;
        struct slice name = {line.ptr, (size_t)(space - line.ptr)};
        set(&vector, name, slice_skip(line, name.len + 1));
        if (slice_is(name, "signature")) {
            check_vector(&arena, &vector);
            count++;
        }
    }
    assert_int_equal(count, 3);
    arena_finish(&arena);
}

/* ---- both sides ---- */

static const struct srp_user alice = {{"AbCdEfGhI", 9}, {"alice", 5}};

/* Whether a client with this password and the server have the same key. */
static bool agree(const struct srp_verifier *verifier, struct slice password)
{
    unsigned char secret[32], mine[SRP_KEY_LENGTH], theirs[SRP_KEY_LENGTH];
    struct srp_exchange exchange;
    struct srp_client client;

    random_bytes(secret, sizeof(secret));
    srp_exchange_create(verifier, &exchange);
    srp_client_init(&client, (struct slice){(char *)secret, sizeof(secret)});
    srp_client_key(&client, alice, password, verifier->salt, exchange.public, theirs);
    srp_exchange_key(verifier, &exchange, client.public, mine);
    srp_client_finish(&client);
    return memcmp(mine, theirs, sizeof(mine)) == 0;
}

static void who_knows_the_password_has_the_key(void **state)
{
    struct srp_verifier verifier;
    (void)state;

    srp_verifier_create(alice, SLICE("Passw0rd!"), &verifier);
    for (int i = 0; i < 5; i++)
        assert_true(agree(&verifier, SLICE("Passw0rd!")));
    assert_false(agree(&verifier, SLICE("passw0rd!")));
    assert_false(agree(&verifier, SLICE("")));
}

static void a_verifier_serves_plain_passwords_too(void **state)
{
    struct srp_verifier verifier, other;
    const struct srp_user bob = {alice.pool, SLICE("bob")}, elsewhere = {SLICE("AbCdEfGhJ"), alice.name};
    (void)state;

    srp_verifier_create(alice, SLICE("Passw0rd!"), &verifier);
    assert_true(srp_password_matches(&verifier, alice, SLICE("Passw0rd!")));
    assert_false(srp_password_matches(&verifier, alice, SLICE("Passw0rd")));
    assert_false(srp_password_matches(&verifier, bob, SLICE("Passw0rd!")));
    assert_false(srp_password_matches(&verifier, elsewhere, SLICE("Passw0rd!")));
    srp_verifier_create(alice, SLICE("Passw0rd!"), &other);
    assert_memory_not_equal(verifier.salt, other.salt, sizeof(other.salt));
    assert_memory_not_equal(verifier.verifier, other.verifier, sizeof(other.verifier));
}

/* ---- hostile numbers ---- */

static struct slice prime(struct arena *arena, int more)
{
    BIGNUM *n = BN_get_rfc3526_prime_3072(NULL);

    assert_int_equal(more < 0 ? BN_sub_word(n, (BN_ULONG)-more) : BN_add_word(n, (BN_ULONG)more), 1);
    char *hex = BN_bn2hex(n);
    struct slice text = arena_copy(arena, slice_of(hex));
    OPENSSL_free(hex);
    BN_free(n);
    return text;
}

/* A client that could choose A as a multiple of N would know S without the password: 0. */
static void numbers_that_give_the_key_away_are_refused(void **state)
{
    unsigned char out[SRP_NUMBER_LENGTH];
    struct arena arena;
    (void)state;

    arena_init(&arena);
    assert_false(srp_number_read(SLICE("0"), out));
    assert_false(srp_number_read(SLICE("0000"), out));
    assert_false(srp_number_read(prime(&arena, 0), out));
    assert_false(srp_number_read(prime(&arena, 1), out));
    struct slice twice = arena_printf(&arena, "1%.*s", SLICE_ARGS(prime(&arena, 0)));
    assert_false(srp_number_read(twice, out));
    assert_true(srp_number_read(prime(&arena, -1), out));
    assert_true(srp_number_read(arena_printf(&arena, "00%.*s", SLICE_ARGS(prime(&arena, -1))), out));
    arena_finish(&arena);
}

static void numbers_are_hexadecimal(void **state)
{
    static const char *const wrong[] = {"", "0x12", "12 ", " 12", "1g", "-1", "+1", "1.0"};
    unsigned char out[SRP_NUMBER_LENGTH], expected[SRP_NUMBER_LENGTH] = {0};
    struct arena arena;
    (void)state;

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(srp_number_read(slice_of(wrong[i]), out));
    expected[SRP_NUMBER_LENGTH - 1] = 0xEF;
    expected[SRP_NUMBER_LENGTH - 2] = 0xCD;
    expected[SRP_NUMBER_LENGTH - 3] = 0x0B;
    assert_true(srp_number_read(SLICE("bCdEf"), out));
    assert_memory_equal(out, expected, sizeof(out));
    assert_true(srp_number_read(SLICE("00bcdef"), out));
    assert_memory_equal(out, expected, sizeof(out));
    arena_init(&arena);
    assert_true(slice_is(srp_number_text(&arena, (struct slice){(char *)out, sizeof(out)}), "bcdef"));
    assert_true(slice_is(srp_number_text(&arena, SLICE("\0\0")), "0"));
    arena_finish(&arena);
}

static void times_are_in_the_clients_form(void **state)
{
    static const char *const right[] = {"Thu Nov 26 14:56:44 UTC 2026", "Sun Jan 1 00:00:00 UTC 2023",
                                        "Sun Jan 01 23:59:59 UTC 2023"};
    static const char *const wrong[] = {
        "",
        "2026-11-26T14:56:44Z",
        "Thu, 26 Nov 2026 14:56:44 GMT",
        "Thu Nov 26 14:56:44 UTC 2026 ",
        "Thu Nov 26 14:56:44 2026",
        "Don Nov 26 14:56:44 UTC 2026",
        "Thu Nov  6 14:56:44 UTC 2026",
        "Thu Nov 32 14:56:44 UTC 2026",
        "Thu Nov 26 24:56:44 UTC 2026",
        "Thu Nov 26 4:56:44 UTC 2026",
        "Thu Nov 26 14:56:44 UTC 26",
        "Thu Nov 26 14:56:44 UTC",
    };
    (void)state;

    for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
        assert_true(srp_timestamp_valid(slice_of(right[i])));
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(srp_timestamp_valid(slice_of(wrong[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_is_that_of_the_client_library),
        cmocka_unit_test(who_knows_the_password_has_the_key),
        cmocka_unit_test(a_verifier_serves_plain_passwords_too),
        cmocka_unit_test(numbers_that_give_the_key_away_are_refused),
        cmocka_unit_test(numbers_are_hexadecimal),
        cmocka_unit_test(times_are_in_the_clients_form),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
