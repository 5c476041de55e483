#include "auth/session.h"

#include <zlib.h>

#include "base/base64.h"
#include "base/check.h"
#include "base/clock.h"

#define PURPOSE "session"

enum { PACKED_LIMIT = 2048, RANDOM_CHARACTERS = 16 };

/* ---- the record ---- */

#define FIELD(type, name, kind, member, layout)                                                              \
    {                                                                                                        \
        name, kind, offsetof(struct type, member), layout                                                    \
    }

static const struct field tag_fields[] = {FIELD(session_tag, "k", FIELD_TEXT, key, NULL),
                                          FIELD(session_tag, "v", FIELD_TEXT, value, NULL),
                                          FIELD(session_tag, "t", FIELD_BOOLEAN, transitive, NULL),
                                          {0}};
static const struct layout tag_layout = {sizeof(struct session_tag), tag_fields};

static const struct field context_fields[] = {FIELD(session_context, "k", FIELD_TEXT, key, NULL),
                                              FIELD(session_context, "v", FIELD_TEXTS, values, NULL),
                                              FIELD(session_context, "m", FIELD_BOOLEAN, multi_valued, NULL),
                                              {0}};
static const struct layout context_layout = {sizeof(struct session_context), context_fields};

static const struct field session_fields[] = {
    FIELD(session, "kind", FIELD_NUMBER, kind, NULL),
    FIELD(session, "key", FIELD_TEXT, access_key_id, NULL),
    FIELD(session, "owner", FIELD_TEXT, owner, NULL),
    FIELD(session, "id", FIELD_TEXT, owner_id, NULL),
    FIELD(session, "name", FIELD_TEXT, name, NULL),
    FIELD(session, "issued", FIELD_NUMBER, issued, NULL),
    FIELD(session, "expires", FIELD_NUMBER, expires, NULL),
    FIELD(session, "tags", FIELD_RECORDS, tags, &tag_layout),
    FIELD(session, "source", FIELD_TEXT, source_identity, NULL),
    FIELD(session, "provider", FIELD_TEXT, provider, NULL),
    FIELD(session, "policy", FIELD_TEXT, policy, NULL),
    FIELD(session, "arns", FIELD_TEXTS, policy_arns, NULL),
    FIELD(session, "context", FIELD_RECORDS, context, &context_layout),
    {0}};
static const struct layout session_layout = {sizeof(struct session), session_fields};

/* What counts for the packed size. */
static const struct field packed_fields[] = {FIELD(session, "tags", FIELD_RECORDS, tags, &tag_layout),
                                             FIELD(session, "policy", FIELD_TEXT, policy, NULL),
                                             FIELD(session, "arns", FIELD_TEXTS, policy_arns, NULL),
                                             {0}};
static const struct layout packed_layout = {sizeof(struct session), packed_fields};

/* u32 length, and what is deflated behind it; the buffer is the caller's to finish. False: it is too long. */
static bool pack(struct buffer *out, const struct layout *layout, const struct session *session)
{
    struct buffer text;

    buffer_init(&text);
    layout_write(&text, layout, session);
    uLongf size = compressBound((uLong)text.len);
    buffer_append_u32(out, (uint32_t)text.len);
    char *at = buffer_reserve(out, size);
    CHECK(compress2((Bytef *)at, &size, (const Bytef *)text.bytes, (uLong)text.len, Z_BEST_COMPRESSION) ==
          Z_OK);
    out->len += size;
    bool fits = text.len <= SESSION_RECORD_LIMIT;
    buffer_finish(&text);
    return fits;
}

static bool unpack(struct arena *arena, struct slice packed, struct slice *out)
{
    const unsigned char *at = (const unsigned char *)packed.ptr;

    if (packed.len < 4)
        return false;
    uLongf size = (uLongf)at[0] << 24 | (uLongf)at[1] << 16 | (uLongf)at[2] << 8 | at[3];
    uLongf written = size;
    if (size > SESSION_RECORD_LIMIT)
        return false;
    char *text = arena_alloc(arena, size + 1);
    *out = (struct slice){text, size};
    return uncompress((Bytef *)text, &written, at + 4, (uLong)packed.len - 4) == Z_OK && written == size;
}

/* ---- keys ---- */

void session_keys_derive(struct slice kept, struct session_keys *out)
{
    struct digest *digest = digest_create();

    digest_hmac(digest, kept, SLICE("session token"), out->token);
    digest_hmac(digest, kept, SLICE("session secret"), out->secret);
    digest_destroy(digest);
}

struct slice session_new_key_id(struct arena *arena)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    unsigned char random[RANDOM_CHARACTERS];
    char id[SESSION_KEY_ID_LENGTH] = "ASIA";

    random_bytes(random, sizeof(random));
    for (int i = 0; i < RANDOM_CHARACTERS; i++)
        id[4 + i] = letters[random[i] % 32];
    return arena_copy(arena, (struct slice){id, sizeof(id)});
}

bool session_is_key_id(struct slice access_key_id)
{
    return slice_starts_with(access_key_id, SLICE("ASIA"));
}

struct slice session_secret(struct arena *arena, const struct session_keys *keys, struct slice access_key_id)
{
    struct digest *digest = digest_create();
    unsigned char bytes[SHA256_LENGTH];
    struct buffer text;

    digest_hmac(digest, (struct slice){(const char *)keys->secret, sizeof(keys->secret)}, access_key_id,
                bytes);
    digest_destroy(digest);
    buffer_init(&text);
    base64_encode(&text, (struct slice){(char *)bytes, SESSION_SECRET_LENGTH * 3 / 4});
    struct slice secret = arena_copy(arena, buffer_slice(&text));
    buffer_finish(&text);
    return secret;
}

/* ---- tokens ---- */

int64_t session_packed_percent(const struct session *session)
{
    struct buffer packed;

    buffer_init(&packed);
    bool fits = pack(&packed, &packed_layout, session);
    int64_t percent = ((int64_t)packed.len * 100 + PACKED_LIMIT - 1) / PACKED_LIMIT;
    if (!fits && percent <= 100)
        percent = 101;
    buffer_finish(&packed);
    return percent;
}

static struct slice token_key(const struct session_keys *keys)
{
    return (struct slice){(const char *)keys->token, sizeof(keys->token)};
}

bool session_seal(struct arena *arena, const struct session_keys *keys, const struct session *session,
                  struct slice *token)
{
    struct buffer packed;

    buffer_init(&packed);
    bool fits = pack(&packed, &session_layout, session) && packed.len <= SESSION_TOKEN_LIMIT;
    if (fits)
        *token = seal(arena, token_key(keys), PURPOSE, buffer_slice(&packed));
    buffer_finish(&packed);
    return fits && token->len <= SESSION_TOKEN_LIMIT;
}

bool session_open(struct arena *arena, const struct session_keys *keys, struct slice token,
                  struct session *out)
{
    struct slice packed, text;

    return token.len <= SESSION_TOKEN_LIMIT && unseal(arena, token_key(keys), PURPOSE, token, &packed) &&
           unpack(arena, packed, &text) && layout_read(arena, text, &session_layout, out);
}
