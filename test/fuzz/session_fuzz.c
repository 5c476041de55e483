/* Session tokens: no bytes open as one, as a token, as what is in it, or sealed by another key; and what is
 * sealed is read back as it was. */
#include <string.h>

#include "auth/session.h"
#include "base/base64.h"
#include "base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The bytes as a token, and as the bytes that a token encodes. */
static void check_foreign(struct arena *arena, const struct session_keys *keys, struct slice bytes)
{
    struct session session;
    struct buffer text;

    CHECK(!session_open(arena, keys, bytes, &session));
    buffer_init(&text);
    base64url_encode(&text, bytes);
    CHECK(!session_open(arena, keys, buffer_slice(&text), &session));
    buffer_finish(&text);
}

/* The bytes sealed as if they were a record: they are one or none, and nothing else happens. */
static void check_record(struct arena *arena, const struct session_keys *keys, struct slice bytes)
{
    struct session session;
    struct slice key = {(const char *)keys->token, sizeof(keys->token)}, token;

    if (bytes.len <= SEAL_LIMIT && session_open(arena, keys, seal(arena, key, "session", bytes), &session))
        CHECK(!session_seal(arena, keys, &session, &token) || token.len <= SESSION_TOKEN_LIMIT);
    CHECK(bytes.len > SEAL_LIMIT ||
          !session_open(arena, keys, seal(arena, key, "another purpose", bytes), &session));
}

/* Valid text only: a token's texts come from requests, which were parsed. */
static void check_sealed(struct arena *arena, const struct session_keys *keys, struct slice bytes)
{
    struct session made = {.kind = SESSION_ROLE, .access_key_id = session_new_key_id(arena)}, read;
    struct slice token;

    if (!json_text_valid(bytes))
        return;
    made.policy = bytes;
    made.name = (struct slice){bytes.ptr, 0};
    if (!session_seal(arena, keys, &made, &token))
        return;
    CHECK(session_open(arena, keys, token, &read));
    CHECK(slice_equal(read.policy, bytes) && slice_equal(read.access_key_id, made.access_key_id));
    CHECK(session_packed_percent(&read) == session_packed_percent(&made));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice bytes = {(const char *)data, size};
    struct session_keys keys;
    struct arena arena;

    arena_init(&arena);
    session_keys_derive(SLICE("a secret that the input does not know"), &keys);
    check_foreign(&arena, &keys, bytes);
    check_record(&arena, &keys, bytes);
    check_sealed(&arena, &keys, bytes);
    arena_finish(&arena);
    return 0;
}
