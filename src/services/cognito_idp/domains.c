/* Domains of user pools: kept and told. Behind them AWS has the pages on which users sign in; here there are
 * none. AWS: "Configuring a user pool domain". */
#include "base/characters.h"
#include "services/cognito_idp/handlers.h"
#include "services/cognito_idp/idp_input.h"
#include "services/cognito_idp/pool.h"
#include "services/storage_failure.h"
#include "storage/kept_record.h"

static bool is_domain(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool edge = i == 0 || i + 1 == text.len;
        if (!(c >= 'a' && c <= 'z') && !is_digit(c) && (edge || c != '-'))
            return false;
    }
    return text.len > 0;
}

static const struct shape domain = {.kind = SHAPE_STRING,
                                    .min = 1,
                                    .max = 63,
                                    .matches = is_domain,
                                    .pattern = "^[a-z0-9](?:[a-z0-9\\-]{0,61}[a-z0-9])?$"};
static const struct shape login_version = {.kind = SHAPE_INTEGER};
static const struct shape_entry certificate_members[] = {{"CertificateArn", &idp_arn, true}, {0}};
static const struct shape certificate = {.kind = SHAPE_STRUCTURE, .members = certificate_members};
static const struct shape_entry whole_members[] = {{"Domain", &domain, true},
                                                   {"UserPoolId", &idp_pool_id, true},
                                                   {"ManagedLoginVersion", &login_version, false},
                                                   {"CustomDomainConfig", &certificate, false},
                                                   {0}};
static const struct shape whole_input = {.kind = SHAPE_STRUCTURE, .members = whole_members};
static const struct shape_entry own_members[] = {
    {"Domain", &domain, true}, {"UserPoolId", &idp_pool_id, true}, {0}};
static const struct shape own_input = {.kind = SHAPE_STRUCTURE, .members = own_members};
static const struct shape_entry domain_members[] = {{"Domain", &domain, true}, {0}};
static const struct shape domain_input = {.kind = SHAPE_STRUCTURE, .members = domain_members};

/* 1: the classic pages, 2: managed login. */
static bool check_whole(struct request *request, struct slice name)
{
    static const char *const reserved[] = {"aws", "amazon", "cognito"};
    int64_t version = shape_number(request->body, "ManagedLoginVersion", 1);

    for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
        if (slice_contains(name, reserved[i]))
            return fail(&request->failure, ERROR_INVALID_PARAMETER, "Domain cannot contain reserved word: %s",
                        reserved[i]);
    }
    if (shape_member(request->body, "CustomDomainConfig") != NULL)
        return fail(&request->failure, ERROR_INVALID_PARAMETER,
                    "CustomDomainConfig: the server has no certificates: a domain is a prefix here");
    return version == 1 || version == 2 ||
           fail(&request->failure, ERROR_INVALID_PARAMETER, "ManagedLoginVersion must be 1 or 2");
}

/* The id of the pool whose domain this is; *id is empty if it is nobody's. */
static bool find_owner(struct request *request, struct slice name, struct slice *id, struct version *version)
{
    struct slice key = keys_user_pool_domain(request->arena, name);
    enum storage_status status = kept_value(request->server->storage, NULL, request->arena, key, id, version);

    if (status == STORAGE_NOT_FOUND)
        *id = SLICE("");
    return status == STORAGE_OK || status == STORAGE_NOT_FOUND || storage_failure(&request->failure, status);
}

static void write_version(struct request *request, const struct user_pool *pool)
{
    bool first = true;

    buffer_append_byte(request->out, '{');
    json_write_int64_member(request->out, &first, "ManagedLoginVersion", pool->login_version);
    buffer_append_byte(request->out, '}');
}

bool create_user_pool_domain(struct request *request)
{
    struct slice name = shape_text(request->body, "Domain"), owner;
    struct user_pool pool;
    struct version version;

    if (!idp_accepts(request, &whole_input) || !check_whole(request, name) ||
        !user_pool_find(request, shape_text(request->body, "UserPoolId"), &pool) ||
        !find_owner(request, name, &owner, &version))
        return false;
    if (owner.len > 0)
        return fail(&request->failure, ERROR_INVALID_PARAMETER,
                    "Domain already associated with another user pool.");
    if (pool.domain.len > 0)
        return fail(&request->failure, ERROR_INVALID_PARAMETER,
                    "The user pool already has a domain configured.");
    pool.domain = name;
    pool.login_version = shape_number(request->body, "ManagedLoginVersion", 1);
    user_pool_put(request, &pool);
    struct slice key = keys_user_pool_domain(request->arena, name);
    batch_guard(&request->batch, key, version);
    batch_put(&request->batch, key, pool.id);
    write_version(request, &pool);
    return true;
}

/* The pool, if the domain is its own. */
static bool find_own(struct request *request, struct user_pool *pool)
{
    if (!user_pool_find(request, shape_text(request->body, "UserPoolId"), pool))
        return false;
    return slice_equal(pool->domain, shape_text(request->body, "Domain")) ||
           fail(&request->failure, ERROR_INVALID_PARAMETER, "No such domain or user pool exists.");
}

bool update_user_pool_domain(struct request *request)
{
    struct user_pool pool;

    if (!idp_accepts(request, &whole_input) || !check_whole(request, shape_text(request->body, "Domain")) ||
        !find_own(request, &pool))
        return false;
    pool.login_version = shape_number(request->body, "ManagedLoginVersion", pool.login_version);
    user_pool_put(request, &pool);
    write_version(request, &pool);
    return true;
}

bool delete_user_pool_domain(struct request *request)
{
    struct user_pool pool;

    if (!idp_accepts(request, &own_input) || !find_own(request, &pool))
        return false;
    batch_delete(&request->batch, keys_user_pool_domain(request->arena, pool.domain));
    pool.domain = SLICE("");
    user_pool_put(request, &pool);
    buffer_append_string(request->out, "{}");
    return true;
}

/* One that nobody has is described as nothing. */
bool describe_user_pool_domain(struct request *request)
{
    struct slice name = shape_text(request->body, "Domain"), owner;
    struct buffer *out = request->out;
    struct user_pool pool;
    struct version version;
    bool first = true;

    if (!idp_accepts(request, &domain_input) || !find_owner(request, name, &owner, &version))
        return false;
    buffer_append_string(out, "{\"DomainDescription\":{");
    if (owner.len > 0) {
        if (!user_pool_find(request, owner, &pool))
            return false;
        json_write_string_member(out, &first, "UserPoolId", owner);
        json_write_string_member(out, &first, "AWSAccountId", request->server->account_id);
        json_write_string_member(out, &first, "Domain", name);
        json_write_string_member(out, &first, "Status", SLICE("ACTIVE"));
        json_write_int64_member(out, &first, "ManagedLoginVersion", pool.login_version);
    }
    buffer_append_string(out, "}}");
    return true;
}
