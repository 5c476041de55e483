#include "services/cognito_identity/records.h"

#include "base/clock.h"
#include "services/storage_failure.h"
#include "storage/kept_record.h"

/* ---- layouts ---- */

#define FIELD(type, name, kind, member, layout)                                                              \
    {                                                                                                        \
        name, FIELD_##kind, offsetof(struct type, member), layout                                            \
    }

static const struct field pair_fields[] = {
    FIELD(pair, "Key", TEXT, key, NULL), FIELD(pair, "Value", TEXT, value, NULL), {0}};
static const struct layout pair_layout = {sizeof(struct pair), pair_fields};

static const struct field provider_fields[] = {FIELD(pool_provider, "Name", TEXT, name, NULL),
                                               FIELD(pool_provider, "Client", TEXT, client_id, NULL),
                                               FIELD(pool_provider, "Check", BOOLEAN, token_check, NULL),
                                               {0}};
static const struct layout provider_layout = {sizeof(struct pool_provider), provider_fields};

static const struct field rule_fields[] = {FIELD(mapping_rule, "Claim", TEXT, claim, NULL),
                                           FIELD(mapping_rule, "Match", TEXT, match, NULL),
                                           FIELD(mapping_rule, "Value", TEXT, value, NULL),
                                           FIELD(mapping_rule, "Role", TEXT, role_arn, NULL),
                                           {0}};
static const struct layout rule_layout = {sizeof(struct mapping_rule), rule_fields};

static const struct field mapping_fields[] = {FIELD(role_mapping, "Provider", TEXT, provider, NULL),
                                              FIELD(role_mapping, "Type", TEXT, type, NULL),
                                              FIELD(role_mapping, "Ambiguous", TEXT, ambiguous, NULL),
                                              FIELD(role_mapping, "Rules", RECORDS, rules, &rule_layout),
                                              {0}};
static const struct layout mapping_layout = {sizeof(struct role_mapping), mapping_fields};

static const struct field tag_map_fields[] = {FIELD(tag_map, "Provider", TEXT, provider, NULL),
                                              FIELD(tag_map, "Defaults", BOOLEAN, defaults, NULL),
                                              FIELD(tag_map, "Tags", RECORDS, tags, &pair_layout),
                                              {0}};
static const struct layout tag_map_layout = {sizeof(struct tag_map), tag_map_fields};

static const struct field pool_fields[] = {
    FIELD(identity_pool, "Id", TEXT, id, NULL),
    FIELD(identity_pool, "Name", TEXT, name, NULL),
    FIELD(identity_pool, "Unauthenticated", BOOLEAN, unauthenticated, NULL),
    FIELD(identity_pool, "Classic", BOOLEAN, classic, NULL),
    FIELD(identity_pool, "Developer", TEXT, developer_provider, NULL),
    FIELD(identity_pool, "Logins", RECORDS, logins, &pair_layout),
    FIELD(identity_pool, "Providers", RECORDS, providers, &provider_layout),
    FIELD(identity_pool, "Oidc", TEXTS, oidc_arns, NULL),
    FIELD(identity_pool, "Saml", TEXTS, saml_arns, NULL),
    FIELD(identity_pool, "Tags", RECORDS, tags, &pair_layout),
    FIELD(identity_pool, "AuthenticatedRole", TEXT, authenticated_role, NULL),
    FIELD(identity_pool, "UnauthenticatedRole", TEXT, unauthenticated_role, NULL),
    FIELD(identity_pool, "Mappings", RECORDS, mappings, &mapping_layout),
    FIELD(identity_pool, "TagMaps", RECORDS, tag_maps, &tag_map_layout),
    {0}};
static const struct layout pool_layout = {sizeof(struct identity_pool), pool_fields};

static const struct field identity_fields[] = {
    FIELD(identity_record, "Id", TEXT, id, NULL),
    FIELD(identity_record, "Pool", TEXT, pool, NULL),
    FIELD(identity_record, "Created", NUMBER, created, NULL),
    FIELD(identity_record, "Modified", NUMBER, modified, NULL),
    FIELD(identity_record, "Logins", RECORDS, logins, &pair_layout),
    FIELD(identity_record, "Disabled", BOOLEAN, disabled, NULL),
    {0}};
static const struct layout identity_layout = {sizeof(struct identity_record), identity_fields};

/* ---- keys ---- */

/* The names stand behind each other with a 0 between: none of them has one in it. */
static struct slice make_key(struct arena *arena, char letter, const struct slice *names, size_t count)
{
    struct buffer key;

    buffer_init(&key);
    buffer_append(&key, SLICE("\0\0\0\0f"));
    buffer_append_byte(&key, letter);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buffer_append_byte(&key, '\0');
        buffer_append(&key, names[i]);
    }
    struct slice kept = arena_copy(arena, buffer_slice(&key));
    buffer_finish(&key);
    return kept;
}

struct slice pool_key(struct arena *arena, struct slice pool_id)
{
    return make_key(arena, 'p', &pool_id, 1);
}

static struct key_range keys_of_letter(struct arena *arena, char letter)
{
    struct slice prefix = make_key(arena, letter, NULL, 0);

    return (struct key_range){prefix, keys_after_prefix(arena, prefix)};
}

struct key_range pool_keys(struct arena *arena)
{
    return keys_of_letter(arena, 'p');
}

struct slice erased_pool_key(struct arena *arena, struct slice pool_id)
{
    return make_key(arena, 'd', &pool_id, 1);
}

struct key_range erased_pool_keys(struct arena *arena)
{
    return keys_of_letter(arena, 'd');
}

struct slice erased_pool_id(struct slice key)
{
    return slice_skip(key, sizeof("\0\0\0\0fd") - 1);
}

struct slice identity_key(struct arena *arena, struct slice identity_id)
{
    return make_key(arena, 'i', &identity_id, 1);
}

struct slice member_key(struct arena *arena, struct slice pool_id, struct slice identity_id)
{
    const struct slice names[] = {pool_id, identity_id};

    return make_key(arena, 'm', names, 2);
}

struct key_range member_keys(struct arena *arena, struct slice pool_id, struct slice after)
{
    struct slice prefix = member_key(arena, pool_id, SLICE(""));

    return (struct key_range){after.len == 0 ? prefix : keys_after(arena, member_key(arena, pool_id, after)),
                              keys_after_prefix(arena, prefix)};
}

struct slice member_id(struct arena *arena, struct slice pool_id, struct slice key)
{
    return slice_skip(key, member_key(arena, pool_id, SLICE("")).len);
}

struct slice login_key(struct arena *arena, struct slice pool_id, const struct pair *login)
{
    const struct slice names[] = {pool_id, login->key, login->value};

    return make_key(arena, 'l', names, 3);
}

struct key_range login_keys(struct arena *arena, struct slice pool_id)
{
    const struct slice names[] = {pool_id, {NULL, 0}};
    struct slice prefix = make_key(arena, 'l', names, 2);

    return (struct key_range){prefix, keys_after_prefix(arena, prefix)};
}

struct slice signing_key_key(void)
{
    return SLICE("\0\0\0\0fk");
}

/* ---- records ---- */

bool pool_find(struct request *request, struct slice id, struct identity_pool *out, struct version *version)
{
    enum storage_status status = kept_read(request->server->storage, NULL, request->arena,
                                           pool_key(request->arena, id), &pool_layout, out, version);

    if (status == STORAGE_NOT_FOUND)
        return fail(&request->failure, ERROR_IDP_RESOURCE_NOT_FOUND, "IdentityPool '%.*s' not found.",
                    SLICE_ARGS(id));
    return status == STORAGE_OK || storage_failure(&request->failure, status);
}

/* What a deleted pool left is there until it is erased. */
static enum storage_status find_pool_of(struct request *request, const struct identity_record *identity)
{
    struct stored stored;
    enum storage_status status =
        storage_get(request->server->storage, NULL, pool_key(request->arena, identity->pool), &stored);

    stored_release(&stored);
    return status;
}

bool identity_find(struct request *request, struct slice id, struct identity_record *out,
                   struct version *version)
{
    enum storage_status status = kept_read(request->server->storage, NULL, request->arena,
                                           identity_key(request->arena, id), &identity_layout, out, version);

    if (status == STORAGE_OK)
        status = find_pool_of(request, out);

    if (status == STORAGE_NOT_FOUND)
        return fail(&request->failure, ERROR_IDP_RESOURCE_NOT_FOUND, "Identity '%.*s' not found.",
                    SLICE_ARGS(id));
    return status == STORAGE_OK || storage_failure(&request->failure, status);
}

bool pool_read(struct request *request, struct slice record, struct identity_pool *out)
{
    return layout_read(request->arena, arena_copy(request->arena, record), &pool_layout, out);
}

bool pool_of_input(struct request *request, struct identity_pool *out, struct version *version)
{
    return pool_find(request, shape_text(request->body, "IdentityPoolId"), out, version);
}

void pool_put(struct request *request, const struct identity_pool *pool)
{
    kept_put(&request->batch, pool_key(request->arena, pool->id), &pool_layout, pool);
}

void identity_put(struct request *request, const struct identity_record *identity)
{
    kept_put(&request->batch, identity_key(request->arena, identity->id), &identity_layout, identity);
}

struct slice identity_pool_arn_of(struct request *request, struct slice id)
{
    const struct server *server = request->server;

    return arena_printf(request->arena, "arn:aws:cognito-identity:%.*s:%.*s:identitypool/%.*s",
                        SLICE_ARGS(server->region), SLICE_ARGS(server->account_id), SLICE_ARGS(id));
}

struct slice new_id(struct request *request)
{
    struct slice uuid = random_uuid(request->arena);

    return arena_printf(request->arena, "%.*s:%.*s", SLICE_ARGS(request->server->region), SLICE_ARGS(uuid));
}

/* ---- pairs ---- */

struct slice pairs_get(const struct pairs *pairs, struct slice key)
{
    for (size_t i = 0; i < pairs->count; i++) {
        if (slice_equal(pairs->items[i].key, key))
            return pairs->items[i].value;
    }
    return (struct slice){NULL, 0};
}

struct pairs pairs_of(struct arena *arena, const struct json *object)
{
    struct pairs pairs = {0};

    if (object == NULL)
        return pairs;
    pairs.items = arena_array(arena, struct pair, object->object.count);
    for (size_t i = 0; i < object->object.count; i++) {
        const struct json_member *member = &object->object.members[i];
        if (member->value.type == JSON_STRING)
            pairs.items[pairs.count++] = (struct pair){member->name, member->value.text};
    }
    return pairs;
}

void pairs_write(struct buffer *out, const struct pairs *pairs)
{
    buffer_append_byte(out, '{');
    for (size_t i = 0; i < pairs->count; i++) {
        if (i > 0)
            buffer_append_byte(out, ',');
        json_write_string(out, pairs->items[i].key);
        buffer_append_byte(out, ':');
        json_write_string(out, pairs->items[i].value);
    }
    buffer_append_byte(out, '}');
}
