/*
 * PutUserPolicy, GetUserPolicy, ListUserPolicies, DeleteUserPolicy, and the same of groups and roles. AWS:
 * API reference.
 */
#include "services/iam/describe.h"
#include "services/iam/document.h"
#include "services/iam/handlers.h"
#include "services/iam/grantee.h"
#include "services/iam/page.h"

#include <inttypes.h>
#include <strings.h>

#define INPUTS(grantee, member, name_shape)                                                                  \
    static const struct shape_entry grantee##_put_members[] = {{member, name_shape, true},                   \
                                                               {"PolicyName", &form_name, true},             \
                                                               {"PolicyDocument", &form_document, true},     \
                                                               {0}};                                         \
    static const struct shape grantee##_put_input = {.kind = SHAPE_STRUCTURE,                                \
                                                     .members = grantee##_put_members};                      \
    static const struct shape_entry grantee##_one_members[] = {                                              \
        {member, name_shape, true}, {"PolicyName", &form_name, true}, {0}};                                  \
    static const struct shape grantee##_one_input = {.kind = SHAPE_STRUCTURE,                                \
                                                     .members = grantee##_one_members};                      \
    static const struct shape_entry grantee##_list_members[] = {{member, name_shape, true},                  \
                                                                {"Marker", &form_marker, false},             \
                                                                {"MaxItems", &form_max_items, false},        \
                                                                {0}};                                        \
    static const struct shape grantee##_list_input = {.kind = SHAPE_STRUCTURE,                               \
                                                      .members = grantee##_list_members};

INPUTS(user, "UserName", &form_existing_user_name)
INPUTS(group, "GroupName", &form_name)
INPUTS(role, "RoleName", &form_role_name)
#undef INPUTS

/* The place of the policy of this name, or where it would stand. */
static size_t place_of(const struct inline_policies *policies, struct slice name, bool *found)
{
    size_t place = 0;

    while (place < policies->count && slice_compare(policies->items[place].name, name) < 0)
        place++;
    *found = place < policies->count && slice_equal(policies->items[place].name, name);
    return place;
}

static void put(struct arena *arena, struct inline_policies *policies, struct inline_policy policy)
{
    bool found;
    size_t place = place_of(policies, policy.name, &found);

    if (!found) {
        policies->items = arena_grow(arena, policies->items, policies->count, policies->count + 1,
                                     sizeof(policies->items[0]));
        memmove(&policies->items[place + 1], &policies->items[place],
                (policies->count - place) * sizeof(policies->items[0]));
        policies->count++;
    }
    policies->items[place] = policy;
}

static int64_t size_of(const struct inline_policies *policies)
{
    int64_t size = 0;

    for (size_t i = 0; i < policies->count; i++)
        size += document_size(policies->items[i].document);
    return size;
}

static bool put_policy(struct request *request, const struct grantee *grantee, const struct shape *input)
{
    union any_entity entity;

    if (!form_accepts(request, input) || !grantee_edit(request, grantee, &entity))
        return false;
    const struct inline_policy policy = {form_text(request, "PolicyName"),
                                         form_text(request, "PolicyDocument")};
    struct inline_policies *policies = &grantee_grants(grantee, &entity)->inlines;
    if (!document_is_policy(request, POLICY_INLINE, policy.document))
        return false;
    put(request->arena, policies, policy);
    if (size_of(policies) > grantee->inline_quota)
        return fail(&request->failure, ERROR_IAM_LIMIT_EXCEEDED,
                    "Maximum policy size of %" PRId64 " bytes exceeded for %s %.*s", grantee->inline_quota,
                    grantee->word, SLICE_ARGS(entity.entity.name));
    return grantee_put(request, grantee, &entity);
}

bool put_user_policy(struct request *request)
{
    return put_policy(request, &grantee_user, &user_put_input);
}

bool put_group_policy(struct request *request)
{
    return put_policy(request, &grantee_group, &group_put_input);
}

bool put_role_policy(struct request *request)
{
    return put_policy(request, &grantee_role, &role_put_input);
}

static bool find_policy(struct request *request, const struct grantee *grantee, union any_entity *entity,
                        size_t *place)
{
    struct slice name = form_text(request, "PolicyName");
    bool found;

    *place = place_of(&grantee_grants(grantee, entity)->inlines, name, &found);
    return found || fail(&request->failure, ERROR_NO_SUCH_ENTITY,
                         "The %s policy with name %.*s cannot be found.", grantee->word, SLICE_ARGS(name));
}

static bool get_policy_of(struct request *request, const struct grantee *grantee, const struct shape *input)
{
    union any_entity entity;
    size_t place;
    bool first = true;

    if (!form_accepts(request, input) || !grantee_find(request, grantee, &entity) ||
        !find_policy(request, grantee, &entity, &place))
        return false;
    const struct inline_policy *policy = &grantee_grants(grantee, &entity)->inlines.items[place];
    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first, grantee->member, entity.entity.name);
    json_write_string_member(request->out, &first, "PolicyName", policy->name);
    describe_document(request, &first, "PolicyDocument", policy->document);
    buffer_append_byte(request->out, '}');
    return true;
}

bool get_user_policy(struct request *request)
{
    return get_policy_of(request, &grantee_user, &user_one_input);
}

bool get_group_policy(struct request *request)
{
    return get_policy_of(request, &grantee_group, &group_one_input);
}

bool get_role_policy(struct request *request)
{
    return get_policy_of(request, &grantee_role, &role_one_input);
}

static bool delete_policy_of(struct request *request, const struct grantee *grantee,
                             const struct shape *input)
{
    union any_entity entity;
    size_t place;

    if (!form_accepts(request, input) || !grantee_edit(request, grantee, &entity) ||
        !find_policy(request, grantee, &entity, &place))
        return false;
    struct inline_policies *policies = &grantee_grants(grantee, &entity)->inlines;
    policies->items =
        list_without(request->arena, policies->items, policies->count, sizeof(policies->items[0]), place);
    policies->count--;
    return grantee_put(request, grantee, &entity);
}

bool delete_user_policy(struct request *request)
{
    return delete_policy_of(request, &grantee_user, &user_one_input);
}

bool delete_group_policy(struct request *request)
{
    return delete_policy_of(request, &grantee_group, &group_one_input);
}

bool delete_role_policy(struct request *request)
{
    return delete_policy_of(request, &grantee_role, &role_one_input);
}

static bool list_policies_of(struct request *request, const struct grantee *grantee,
                             const struct shape *input)
{
    union any_entity entity;

    if (!form_accepts(request, input) || !grantee_find(request, grantee, &entity))
        return false;
    const struct inline_policies *policies = &grantee_grants(grantee, &entity)->inlines;
    struct slice *names = arena_array(request->arena, struct slice, policies->count);
    for (size_t i = 0; i < policies->count; i++)
        names[i] = policies->items[i].name;
    return page_of_names(request, "PolicyNames", names, policies->count);
}

bool list_user_policies(struct request *request)
{
    return list_policies_of(request, &grantee_user, &user_list_input);
}

bool list_group_policies(struct request *request)
{
    return list_policies_of(request, &grantee_group, &group_list_input);
}

bool list_role_policies(struct request *request)
{
    return list_policies_of(request, &grantee_role, &role_list_input);
}
