#include "services/cognito_idp/challenge.h"

#include "base/base64.h"
#include "signin/seal.h"

enum { DEPTH_LIMIT = 4 };

static const char *const purposes[] = {
    [CHALLENGE_SRP] = "secret block", [CHALLENGE_NEW_PASSWORD] = "new password"};

struct slice challenge_seal(struct request *request, const struct user_pool *pool, enum challenge_kind kind,
                            const struct challenge *challenge)
{
    struct buffer plain;
    bool first = true;

    buffer_init(&plain);
    buffer_append_byte(&plain, '{');
    json_write_string_member(&plain, &first, "c", challenge->client_id);
    json_write_string_member(&plain, &first, "u", challenge->user_name);
    json_write_string_member(&plain, &first, "i", challenge->id);
    json_write_int64_member(&plain, &first, "e", challenge->expires);
    if (kind == CHALLENGE_SRP) {
        json_write_int64_member(&plain, &first, "n", challenge->nobody);
        json_write_name(&plain, &first, "a");
        json_write_base64(&plain, (struct slice){(const char *)challenge->client_public, SRP_NUMBER_LENGTH});
        json_write_name(&plain, &first, "b");
        json_write_base64(&plain, (struct slice){(const char *)challenge->secret, SRP_SECRET_LENGTH});
    } else {
        json_write_int64_member(&plain, &first, "t", challenge->temporary_since);
    }
    buffer_append_byte(&plain, '}');
    struct slice text = seal(request->arena, pool->seal_key, purposes[kind], buffer_slice(&plain));
    buffer_finish(&plain);
    return text;
}

static bool read_number(struct arena *arena, const struct json *object, const char *name, unsigned char *out,
                        size_t size)
{
    struct slice bytes;

    if (!base64_decode(arena, shape_text(object, name), &bytes) || bytes.len != size)
        return false;
    memcpy(out, bytes.ptr, size);
    return true;
}

bool challenge_unseal(struct request *request, const struct user_pool *pool, enum challenge_kind kind,
                      struct slice text, struct challenge *out)
{
    const struct json *read;
    struct slice plain;

    if (!unseal(request->arena, pool->seal_key, purposes[kind], text, &plain) ||
        json_parse(request->arena, plain, DEPTH_LIMIT, &read) != JSON_OK)
        return false;
    *out = (struct challenge){.client_id = shape_text(read, "c"),
                              .user_name = shape_text(read, "u"),
                              .id = shape_text(read, "i"),
                              .expires = shape_number(read, "e", 0),
                              .nobody = shape_number(read, "n", 0) != 0,
                              .temporary_since = shape_number(read, "t", 0)};
    return kind != CHALLENGE_SRP ||
           (read_number(request->arena, read, "a", out->client_public, SRP_NUMBER_LENGTH) &&
            read_number(request->arena, read, "b", out->secret, SRP_SECRET_LENGTH));
}
