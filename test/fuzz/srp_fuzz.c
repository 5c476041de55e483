/*
 * Signing in: any bytes as the client's number, a time, or a sealed text; and a client and a server that are
 * given the same password, whatever it is, have the same key.
 */
#include "lib/srp_client.h"
#include "signin/seal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define KEY "0123456789abcdef0123456789abcdef"

static void check_number(struct arena *arena, struct slice bytes)
{
    unsigned char number[SRP_NUMBER_LENGTH], again[SRP_NUMBER_LENGTH];

    if (!srp_number_read(bytes, number))
        return;
    struct slice text = srp_number_text(arena, (struct slice){(char *)number, sizeof(number)});
    CHECK(text.len > 0 && text.len <= bytes.len && text.ptr[0] != '0');
    CHECK(srp_number_read(text, again) && memcmp(number, again, sizeof(number)) == 0);
}

static void check_seal(struct arena *arena, struct slice bytes)
{
    struct slice plain;

    CHECK(!unseal(arena, SLICE(KEY), "p", bytes, &plain));
    if (bytes.len > SEAL_LIMIT)
        return;
    CHECK(unseal(arena, SLICE(KEY), "p", seal(arena, SLICE(KEY), "p", bytes), &plain));
    CHECK(slice_equal(plain, bytes));
}

/* The first half of the input is the user's name, the second the password. */
static void check_exchange(struct slice bytes)
{
    const struct srp_user user = {SLICE("AbCdEfGhI"), {bytes.ptr, bytes.len / 2}};
    const struct slice password = slice_skip(bytes, bytes.len / 2);
    unsigned char mine[SRP_KEY_LENGTH], theirs[SRP_KEY_LENGTH];
    struct srp_verifier verifier = {0};
    struct srp_exchange exchange = {0};
    struct srp_client client;

    for (size_t i = 0; i < bytes.len; i++) {
        verifier.salt[i % SRP_SALT_LENGTH] ^= (unsigned char)bytes.ptr[i];
        exchange.secret[i % SRP_SECRET_LENGTH] ^= (unsigned char)bytes.ptr[i];
    }
    srp_verifier_derive(user, password, &verifier);
    srp_exchange_derive(&verifier, &exchange);
    srp_client_init(&client, SLICE(KEY));
    srp_client_key(&client, user, password, verifier.salt, exchange.public, theirs);
    srp_exchange_key(&verifier, &exchange, client.public, mine);
    srp_client_finish(&client);
    CHECK(memcmp(mine, theirs, sizeof(mine)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice bytes = {(const char *)data, size};
    struct arena arena;

    arena_init(&arena);
    check_number(&arena, bytes);
    check_seal(&arena, bytes);
    if (srp_timestamp_valid(bytes))
        CHECK(bytes.len >= 27 && bytes.len <= 28);
    /* Names and passwords are texts, of up to 256 characters each. */
    if (size <= 1024 && (size == 0 || memchr(data, 0, size) == NULL))
        check_exchange(bytes);
    arena_finish(&arena);
    return 0;
}
