/* SetIdentityPoolRoles, GetIdentityPoolRoles. AWS: API reference of Cognito federated identities; "Using
 * role-based access control". */
#include "services/accepts.h"
#include "services/cognito_identity/handlers.h"
#include "services/cognito_identity/input.h"
#include "services/cognito_identity/records.h"

enum { RULES_LIMIT = 25 };

static bool is_role_kind(struct slice text)
{
    return slice_is(text, "authenticated") || slice_is(text, "unauthenticated");
}

static const struct shape role_kind = {
    .kind = SHAPE_STRING, .min = 1, .max = 128, .matches = is_role_kind, .pattern = "(un)?authenticated"};
static const struct shape roles = {.kind = SHAPE_MAP,
                                   .element = &identity_role_arn,
                                   .names = &role_kind,
                                   .max = 2,
                                   .java = "java.lang.String"};

static const char *const types[] = {"Token", "Rules", NULL};
static const struct shape type = {.kind = SHAPE_STRING, .words = types};
static const char *const resolutions[] = {"AuthenticatedRole", "Deny", NULL};
static const struct shape resolution = {.kind = SHAPE_STRING, .words = resolutions};
static const char *const matches[] = {"Equals", "Contains", "StartsWith", "NotEqual", NULL};
static const struct shape match = {.kind = SHAPE_STRING, .words = matches};
static const struct shape claim = {.kind = SHAPE_STRING, .min = 1, .max = 64};
static const struct shape claim_value = {.kind = SHAPE_STRING, .min = 1, .max = 128};
static const struct shape_entry rule_members[] = {{"Claim", &claim, true},
                                                  {"MatchType", &match, true},
                                                  {"Value", &claim_value, true},
                                                  {"RoleARN", &identity_role_arn, true},
                                                  {0}};
static const struct shape rule = {.kind = SHAPE_STRUCTURE, .members = rule_members};
static const struct shape rules = {.kind = SHAPE_LIST, .element = &rule, .min = 1, .max = 400};
static const struct shape_entry configuration_members[] = {{"Rules", &rules, true}, {0}};
static const struct shape configuration = {.kind = SHAPE_STRUCTURE, .members = configuration_members};
static const struct shape_entry mapping_members[] = {{"Type", &type, true},
                                                     {"AmbiguousRoleResolution", &resolution, false},
                                                     {"RulesConfiguration", &configuration, false},
                                                     {0}};
static const struct shape mapping = {.kind = SHAPE_STRUCTURE, .members = mapping_members};
static const struct shape mappings = {.kind = SHAPE_MAP, .element = &mapping, .max = 10};

static const struct shape_entry set_members[] = {{"IdentityPoolId", &identity_pool_id, true},
                                                 {"Roles", &roles, true},
                                                 {"RoleMappings", &mappings, false},
                                                 {0}};
static const struct shape set_input = {.kind = SHAPE_STRUCTURE, .members = set_members};
static const struct shape_entry get_members[] = {{"IdentityPoolId", &identity_pool_id, true}, {0}};
static const struct shape get_input = {.kind = SHAPE_STRUCTURE, .members = get_members};

/* ---- setting ---- */

static bool read_rules(struct request *request, const struct json *mapped, struct mapping_rules *out)
{
    const struct json *given = shape_member(mapped, "RulesConfiguration");

    if (given == NULL)
        return fail(&request->failure, ERROR_INVALID_PARAMETER,
                    "RulesConfiguration is required for Rules type");
    const struct json *list = shape_member(given, "Rules");
    if (list->array.count > RULES_LIMIT)
        return fail(&request->failure, ERROR_INVALID_PARAMETER, "A mapping has at most %d rules",
                    RULES_LIMIT);
    out->items = arena_array(request->arena, struct mapping_rule, list->array.count);
    out->count = list->array.count;
    for (size_t i = 0; i < list->array.count; i++) {
        const struct json *item = &list->array.items[i];
        out->items[i] = (struct mapping_rule){.claim = shape_text(item, "Claim"),
                                              .match = shape_text(item, "MatchType"),
                                              .value = shape_text(item, "Value"),
                                              .role_arn = shape_text(item, "RoleARN")};
    }
    return true;
}

static bool read_mappings(struct request *request, struct role_mappings *out)
{
    const struct json *object = shape_member(request->body, "RoleMappings");

    *out = (struct role_mappings){0};
    if (object == NULL)
        return true;
    out->items = arena_array(request->arena, struct role_mapping, object->object.count);
    for (size_t i = 0; i < object->object.count; i++) {
        const struct json_member *member = &object->object.members[i];
        struct role_mapping *made = &out->items[out->count++];
        *made = (struct role_mapping){.provider = member->name,
                                      .type = shape_text(&member->value, "Type"),
                                      .ambiguous = shape_text(&member->value, "AmbiguousRoleResolution")};
        if (made->ambiguous.len == 0)
            return fail(&request->failure, ERROR_INVALID_PARAMETER,
                        "AmbiguousRoleResolution is required for role mapping of type %.*s",
                        SLICE_ARGS(made->type));
        if (slice_is(made->type, "Rules") && !read_rules(request, &member->value, &made->rules))
            return false;
    }
    return true;
}

bool set_identity_pool_roles(struct request *request)
{
    struct identity_pool pool;
    struct version version;

    if (!accepts(request, &set_input) || !pool_of_input(request, &pool, &version) ||
        !read_mappings(request, &pool.mappings))
        return false;
    struct pairs given = pairs_of(request->arena, shape_member(request->body, "Roles"));
    pool.authenticated_role = pairs_get(&given, SLICE("authenticated"));
    pool.unauthenticated_role = pairs_get(&given, SLICE("unauthenticated"));
    batch_guard(&request->batch, pool_key(request->arena, pool.id), version);
    pool_put(request, &pool);
    return true;
}

/* ---- getting ---- */

static void write_roles(struct buffer *out, const struct identity_pool *pool)
{
    bool first = true;

    buffer_append_byte(out, '{');
    if (pool->authenticated_role.len > 0)
        json_write_string_member(out, &first, "authenticated", pool->authenticated_role);
    if (pool->unauthenticated_role.len > 0)
        json_write_string_member(out, &first, "unauthenticated", pool->unauthenticated_role);
    buffer_append_byte(out, '}');
}

static void write_rules(struct buffer *out, const struct mapping_rules *list)
{
    for (size_t i = 0; i < list->count; i++) {
        bool first = true;
        buffer_append_string(out, i == 0 ? "{\"Rules\":[{" : ",{");
        json_write_string_member(out, &first, "Claim", list->items[i].claim);
        json_write_string_member(out, &first, "MatchType", list->items[i].match);
        json_write_string_member(out, &first, "Value", list->items[i].value);
        json_write_string_member(out, &first, "RoleARN", list->items[i].role_arn);
        buffer_append_byte(out, '}');
    }
    buffer_append_string(out, "]}");
}

static void write_mappings(struct buffer *out, const struct role_mappings *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct role_mapping *one = &list->items[i];
        bool first = true;
        buffer_append_byte(out, i == 0 ? '{' : ',');
        json_write_string(out, one->provider);
        buffer_append_string(out, ":{");
        json_write_string_member(out, &first, "Type", one->type);
        json_write_string_member(out, &first, "AmbiguousRoleResolution", one->ambiguous);
        if (one->rules.count > 0) {
            json_write_name(out, &first, "RulesConfiguration");
            write_rules(out, &one->rules);
        }
        buffer_append_byte(out, '}');
    }
    buffer_append_byte(out, '}');
}

bool get_identity_pool_roles(struct request *request)
{
    struct identity_pool pool;
    bool first = true;

    if (!accepts(request, &get_input) || !pool_of_input(request, &pool, NULL))
        return false;
    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first, "IdentityPoolId", pool.id);
    json_write_name(request->out, &first, "Roles");
    write_roles(request->out, &pool);
    if (pool.mappings.count > 0) {
        json_write_name(request->out, &first, "RoleMappings");
        write_mappings(request->out, &pool.mappings);
    }
    buffer_append_byte(request->out, '}');
    return true;
}
