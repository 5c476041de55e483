#include "deploy/resource_type.h"

#include "deploy/types/types.h"

static const struct resource_type *const types[] = {
    &table_type,
    &global_table_type,
    &role_type,
    &user_type,
    &group_type,
    &inline_policy_type,
    &managed_policy_type,
    &access_key_type,
    &addition_type,
    &instance_profile_type,
    &oidc_provider_type,
    &user_pool_type,
    &user_pool_client_type,
    &user_pool_group_type,
    &user_pool_user_type,
    &user_pool_attachment_type,
    &identity_pool_type,
    &role_attachment_type,
    &metadata_type,
    &wait_handle_type,
};

const struct resource_type *resource_type_find(struct slice name)
{
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (slice_is(name, types[i]->name))
            return types[i];
    }
    return NULL;
}

/* ---- values ---- */

static bool has_attribute(const struct resource_type *type, struct slice attribute)
{
    for (size_t i = 0; type->attributes != NULL && type->attributes[i] != NULL; i++) {
        if (slice_is(attribute, type->attributes[i]))
            return true;
    }
    return false;
}

enum resolved resource_value(struct stack *stack, struct resource *resource, struct slice attribute,
                             struct json *out, struct slice *reason)
{
    const struct resource_type *type = resource->kind;
    const struct json *known =
        json_get_slice(&resource->values, attribute.len == 0 ? SLICE("Ref") : attribute);
    enum resolved resolved = RESOLVED_LATER;
    struct slice text;

    if (known != NULL) {
        *out = *known;
        return RESOLVED;
    }
    if (attribute.len > 0 && !has_attribute(type, attribute)) {
        int length = attribute.len > 100 ? 100 : (int)attribute.len;
        *reason = arena_printf(stack->arena, "%.*s (%s) has no attribute %.*s", SLICE_ARGS(resource->id),
                               type->name, length, attribute.ptr);
        return RESOLVED_WRONG;
    }
    if (type->early != NULL)
        resolved = type->early(stack, resource, attribute, &text, reason);
    if (resolved == RESOLVED)
        *out = (struct json){.type = JSON_STRING, .text = text};
    if (resolved == RESOLVED_LATER && attribute.len == 0)
        *reason =
            arena_printf(stack->arena, "%.*s, which is known only when it is made", SLICE_ARGS(resource->id));
    else if (resolved == RESOLVED_LATER)
        *reason = arena_printf(stack->arena, "the %.*s of %.*s, which is known only when it is made",
                               SLICE_ARGS(attribute), SLICE_ARGS(resource->id));
    return resolved;
}

void resource_publish(struct stack *stack, struct resource *resource, const char *attribute,
                      struct slice value)
{
    struct json *values = &resource->values;
    const struct json text = {.type = JSON_STRING, .text = arena_copy(stack->arena, value)};

    for (size_t i = 0; i < values->object.count; i++) {
        if (slice_is(values->object.members[i].name, attribute)) {
            values->object.members[i].value = text;
            return;
        }
    }
    values->object.members = arena_grow(stack->arena, values->object.members, values->object.count,
                                        values->object.count + 1, sizeof(*values->object.members));
    values->object.members[values->object.count++] = (struct json_member){slice_of(attribute), text};
}
