#include "services/cognito_idp/keys_page.h"

#include "base/check.h"
#include "services/cognito_idp/idp_input.h"
#include "services/cognito_idp/pool.h"
#include "signin/jwt.h"

#define WELL_KNOWN "/.well-known/"

static void write_keys(struct request *request, const struct user_pool *pool)
{
    struct jwt_key *id = jwt_key_decode(pool->id_key), *access = jwt_key_decode(pool->access_key);
    const struct jwt_key *const keys[] = {id, access};

    CHECK(id != NULL && access != NULL);
    jwt_write_keys(request->out, keys, 2);
    jwt_key_destroy(id);
    jwt_key_destroy(access);
}

/* The issuer is AWS's; the keys are here. */
static void write_configuration(struct request *request, const struct user_pool *pool)
{
    struct slice uri =
        arena_printf(request->arena, "%s://%.*s/%.*s" WELL_KNOWN "jwks.json",
                     request->secure ? "https" : "http", SLICE_ARGS(request->endpoint), SLICE_ARGS(pool->id));

    jwt_write_configuration(request->out, user_pool_issuer(request, pool->id), uri);
}

bool user_pool_keys_page(struct request *request, struct slice path, const char **content_type)
{
    const struct slice well_known = SLICE(WELL_KNOWN);
    const char *at = memmem(path.ptr, path.len, well_known.ptr, well_known.len);
    struct user_pool pool;

    if (at == NULL || at == path.ptr || path.ptr[0] != '/')
        return false;
    struct slice id = {path.ptr + 1, (size_t)(at - path.ptr) - 1};
    struct slice document = slice_skip(path, (size_t)(at - path.ptr) + well_known.len);
    bool is_keys = slice_is(document, "jwks.json");
    if (!is_keys && !slice_is(document, "openid-configuration"))
        return false;
    if (memchr(id.ptr, '_', id.len) == NULL) /* no pool's id, but perhaps a bucket's name, which has none */
        return false;
    *content_type = "application/json";
    if (!user_pool_find(request, id, &pool))
        return true;
    if (is_keys)
        write_keys(request, &pool);
    else
        write_configuration(request, &pool);
    return true;
}
