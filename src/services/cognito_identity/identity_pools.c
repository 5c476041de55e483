/* CreateIdentityPool, DescribeIdentityPool, UpdateIdentityPool, DeleteIdentityPool, ListIdentityPools. AWS:
 * API reference of Cognito federated identities. */
#include "services/accepts.h"
#include "services/cognito_identity/handlers.h"
#include "services/cognito_identity/input.h"
#include "services/cognito_identity/keeper.h"
#include "services/cognito_identity/records.h"
#include "services/storage_failure.h"

/* AWS: "Quotas in Amazon Cognito", user pool providers of an identity pool; here of the other kinds as well.
 */
enum { TAGS_LIMIT = 50, PROVIDERS_LIMIT = 50 };

/* ---- shapes ---- */

static const struct shape client_id = {.kind = SHAPE_STRING, .min = 1, .max = 128};
static const struct shape_entry provider_members[] = {{"ProviderName", &identity_provider_name, false},
                                                      {"ClientId", &client_id, false},
                                                      {"ServerSideTokenCheck", &shape_boolean_value, false},
                                                      {0}};
static const struct shape provider = {.kind = SHAPE_STRUCTURE, .members = provider_members};
static const struct shape providers = {.kind = SHAPE_LIST, .element = &provider};
static const struct shape developer = {.kind = SHAPE_STRING, .min = 1, .max = 128};
static const struct shape application = {.kind = SHAPE_STRING, .min = 1, .max = 128};
static const struct shape applications = {
    .kind = SHAPE_MAP, .element = &application, .max = 10, .java = "java.lang.String"};
static const struct shape arns = {.kind = SHAPE_LIST, .element = &identity_pool_arn};

#define POOL_MEMBERS                                                                                         \
    {"IdentityPoolName", &identity_pool_name, true},                                                         \
        {"AllowUnauthenticatedIdentities", &shape_boolean_value, true},                                      \
        {"AllowClassicFlow", &shape_boolean_value, false},                                                   \
        {"SupportedLoginProviders", &applications, false}, {"DeveloperProviderName", &developer, false},     \
        {"OpenIdConnectProviderARNs", &arns, false}, {"CognitoIdentityProviders", &providers, false},        \
        {"SamlProviderARNs", &arns, false},                                                                  \
    {                                                                                                        \
        "IdentityPoolTags", &identity_tags, false                                                            \
    }

static const struct shape_entry create_members[] = {POOL_MEMBERS, {0}};
static const struct shape create_input = {.kind = SHAPE_STRUCTURE, .members = create_members};
static const struct shape_entry update_members[] = {
    {"IdentityPoolId", &identity_pool_id, true}, POOL_MEMBERS, {0}};
static const struct shape update_input = {.kind = SHAPE_STRUCTURE, .members = update_members};
static const struct shape_entry one_members[] = {{"IdentityPoolId", &identity_pool_id, true}, {0}};
static const struct shape one_input = {.kind = SHAPE_STRUCTURE, .members = one_members};
static const struct shape_entry list_members[] = {
    {"MaxResults", &identity_page_size, true}, {"NextToken", &identity_page_token, false}, {0}};
static const struct shape list_input = {.kind = SHAPE_STRUCTURE, .members = list_members};

/* ---- reading ---- */

/* Before anything is made of them: lists are as long as a request's body. */
static bool check_lengths(struct request *request)
{
    static const char *const members[] = {"OpenIdConnectProviderARNs", "CognitoIdentityProviders",
                                          "SamlProviderARNs"};

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        const struct json *list = shape_member(request->body, members[i]);
        if (list != NULL && list->array.count > PROVIDERS_LIMIT)
            return fail(&request->failure, ERROR_INVALID_PARAMETER, "An identity pool has at most %d %s",
                        PROVIDERS_LIMIT, members[i]);
    }
    return true;
}

static struct texts read_texts(struct request *request, const char *member)
{
    const struct json *list = shape_member(request->body, member);
    struct texts texts = {0};

    for (size_t i = 0; list != NULL && i < list->array.count; i++)
        texts_add(request->arena, &texts, list->array.items[i].text);
    return texts;
}

static void read_providers(struct request *request, struct pool_providers *out)
{
    const struct json *list = shape_member(request->body, "CognitoIdentityProviders");

    *out = (struct pool_providers){0};
    if (list == NULL)
        return;
    out->items = arena_array(request->arena, struct pool_provider, list->array.count);
    for (size_t i = 0; i < list->array.count; i++) {
        const struct json *item = &list->array.items[i];
        out->items[out->count++] =
            (struct pool_provider){.name = shape_text(item, "ProviderName"),
                                   .client_id = shape_text(item, "ClientId"),
                                   .token_check = shape_boolean(item, "ServerSideTokenCheck", false)};
    }
}

/* UpdateIdentityPool replaces all of these: what it does not name is gone. */
static bool read_pool(struct request *request, struct identity_pool *pool)
{
    const struct json *body = request->body;

    if (!check_lengths(request))
        return false;
    pool->name = shape_text(body, "IdentityPoolName");
    pool->unauthenticated = shape_boolean(body, "AllowUnauthenticatedIdentities", false);
    pool->classic = shape_boolean(body, "AllowClassicFlow", false);
    pool->developer_provider = shape_text(body, "DeveloperProviderName");
    pool->logins = pairs_of(request->arena, shape_member(body, "SupportedLoginProviders"));
    pool->oidc_arns = read_texts(request, "OpenIdConnectProviderARNs");
    pool->saml_arns = read_texts(request, "SamlProviderARNs");
    read_providers(request, &pool->providers);
    if (shape_member(body, "IdentityPoolTags") != NULL)
        pool->tags = pairs_of(request->arena, shape_member(body, "IdentityPoolTags"));
    return pool->tags.count <= TAGS_LIMIT ||
           fail(&request->failure, ERROR_INVALID_PARAMETER, "A resource has at most %d tags", TAGS_LIMIT);
}

/* ---- answering ---- */

static void write_texts(struct buffer *out, bool *first, const char *name, const struct texts *texts)
{
    if (texts->count == 0)
        return;
    json_write_name(out, first, name);
    for (size_t i = 0; i < texts->count; i++) {
        buffer_append_byte(out, i == 0 ? '[' : ',');
        json_write_string(out, texts->items[i]);
    }
    buffer_append_byte(out, ']');
}

static void write_boolean(struct buffer *out, bool *first, const char *name, bool value)
{
    json_write_name(out, first, name);
    buffer_append_string(out, value ? "true" : "false");
}

static void write_providers(struct buffer *out, bool *first, const struct pool_providers *list)
{
    if (list->count == 0)
        return;
    json_write_name(out, first, "CognitoIdentityProviders");
    for (size_t i = 0; i < list->count; i++) {
        bool inner = true;
        buffer_append_string(out, i == 0 ? "[{" : ",{");
        json_write_string_member(out, &inner, "ProviderName", list->items[i].name);
        json_write_string_member(out, &inner, "ClientId", list->items[i].client_id);
        write_boolean(out, &inner, "ServerSideTokenCheck", list->items[i].token_check);
        buffer_append_byte(out, '}');
    }
    buffer_append_byte(out, ']');
}

static void write_pairs(struct buffer *out, bool *first, const char *name, const struct pairs *pairs)
{
    json_write_name(out, first, name);
    pairs_write(out, pairs);
}

static bool answer(struct request *request, const struct identity_pool *pool)
{
    struct buffer *out = request->out;
    bool first = true;

    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "IdentityPoolId", pool->id);
    json_write_string_member(out, &first, "IdentityPoolName", pool->name);
    write_boolean(out, &first, "AllowUnauthenticatedIdentities", pool->unauthenticated);
    write_boolean(out, &first, "AllowClassicFlow", pool->classic);
    if (pool->developer_provider.len > 0)
        json_write_string_member(out, &first, "DeveloperProviderName", pool->developer_provider);
    if (pool->logins.count > 0)
        write_pairs(out, &first, "SupportedLoginProviders", &pool->logins);
    write_providers(out, &first, &pool->providers);
    write_texts(out, &first, "OpenIdConnectProviderARNs", &pool->oidc_arns);
    write_texts(out, &first, "SamlProviderARNs", &pool->saml_arns);
    write_pairs(out, &first, "IdentityPoolTags", &pool->tags);
    buffer_append_byte(out, '}');
    return true;
}

/* ---- operations ---- */

bool create_identity_pool(struct request *request)
{
    struct identity_pool pool = {0};

    if (!accepts(request, &create_input) || !read_pool(request, &pool))
        return false;
    pool.id = new_id(request);
    pool_put(request, &pool);
    return answer(request, &pool);
}

bool describe_identity_pool(struct request *request)
{
    struct identity_pool pool;

    return accepts(request, &one_input) && pool_of_input(request, &pool, NULL) && answer(request, &pool);
}

bool update_identity_pool(struct request *request)
{
    struct identity_pool pool;
    struct version version;

    if (!accepts(request, &update_input) || !pool_of_input(request, &pool, &version) ||
        !read_pool(request, &pool))
        return false;
    batch_guard(&request->batch, pool_key(request->arena, pool.id), version);
    pool_put(request, &pool);
    return answer(request, &pool);
}

static void on_deleted(struct request *request)
{
    identity_keeper_wake(request->server->identity_keeper);
}

/* Whoever makes an identity guards the pool as well, so none is made any more; those there are, are erased
 * behind the answer. */
bool delete_identity_pool(struct request *request)
{
    struct arena *arena = request->arena;
    struct identity_pool pool;
    struct version version;

    if (!accepts(request, &one_input) || !pool_of_input(request, &pool, &version))
        return false;
    batch_guard(&request->batch, pool_key(arena, pool.id), version);
    batch_delete(&request->batch, pool_key(arena, pool.id));
    batch_put(&request->batch, erased_pool_key(arena, pool.id), SLICE("1"));
    request->committed = on_deleted;
    return true;
}

/* One more than the page holds is looked at, to tell whether there is another page. */
static enum storage_status list_pools(struct request *request, struct cursor *cursor, struct slice *next)
{
    int64_t left = shape_number(request->body, "MaxResults", 1);
    struct slice key, value, last = {NULL, 0};
    enum storage_status status;
    struct identity_pool pool;

    while ((status = cursor_next(cursor, &key, &value)) == STORAGE_OK) {
        bool first = true;
        if (left-- == 0) {
            *next = last;
            return STORAGE_OK;
        }
        if (!pool_read(request, value, &pool))
            return STORAGE_CORRUPT;
        buffer_append_string(request->out, last.len == 0 ? "{" : ",{");
        json_write_string_member(request->out, &first, "IdentityPoolId", pool.id);
        json_write_string_member(request->out, &first, "IdentityPoolName", pool.name);
        buffer_append_byte(request->out, '}');
        last = pool.id;
    }
    return status == STORAGE_NOT_FOUND ? STORAGE_OK : status;
}

bool list_identity_pools(struct request *request)
{
    struct slice next = {NULL, 0};
    bool first = false;

    if (!accepts(request, &list_input))
        return false;
    struct slice after = shape_text(request->body, "NextToken");
    struct key_range range = pool_keys(request->arena);
    if (after.len > 0)
        range.from = keys_after(request->arena, pool_key(request->arena, after));
    struct cursor *cursor = cursor_create(request->server->storage, NULL, range.from, range.to, FORWARD);
    buffer_append_string(request->out, "{\"IdentityPools\":[");
    enum storage_status status = list_pools(request, cursor, &next);
    cursor_destroy(cursor);
    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    buffer_append_byte(request->out, ']');
    if (next.len > 0)
        json_write_string_member(request->out, &first, "NextToken", next);
    buffer_append_byte(request->out, '}');
    return true;
}
