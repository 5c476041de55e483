/*
 * CreateInstanceProfile, GetInstanceProfile, ListInstanceProfiles, ListInstanceProfilesForRole,
 * AddRoleToInstanceProfile, RemoveRoleFromInstanceProfile, DeleteInstanceProfile. There are no instances
 * here; templates have profiles all the same. AWS: API reference.
 */
#include "services/iam/profiles.h"

#include "base/clock.h"
#include "services/iam/describe.h"
#include "services/iam/handlers.h"
#include "services/iam/listing.h"
#include "services/iam/lookup.h"
#include "services/storage_failure.h"

static const struct shape_entry create_members[] = {
    {"InstanceProfileName", &form_name, true}, {"Path", &form_path, false}, {"Tags", &form_tags, false}, {0}};
static const struct shape create_input = {.kind = SHAPE_STRUCTURE, .members = create_members};
static const struct shape_entry one_members[] = {{"InstanceProfileName", &form_name, true}, {0}};
static const struct shape one_input = {.kind = SHAPE_STRUCTURE, .members = one_members};
static const struct shape_entry role_members[] = {
    {"InstanceProfileName", &form_name, true}, {"RoleName", &form_role_name, true}, {0}};
static const struct shape role_input = {.kind = SHAPE_STRUCTURE, .members = role_members};
static const struct shape_entry for_role_members[] = {{"RoleName", &form_role_name, true},
                                                      {"Marker", &form_marker, false},
                                                      {"MaxItems", &form_max_items, false},
                                                      {0}};
static const struct shape for_role_input = {.kind = SHAPE_STRUCTURE, .members = for_role_members};

static bool answer_profile(struct request *request, const struct instance_profile *profile)
{
    buffer_append_string(request->out, "{\"InstanceProfile\":");
    if (!describe_instance_profile(request, profile, DETAIL_WHOLE))
        return false;
    buffer_append_byte(request->out, '}');
    return true;
}

bool create_instance_profile(struct request *request)
{
    struct instance_profile profile = {0};

    if (!form_accepts(request, &create_input) || !form_read_tags(request, &profile.entity.tags) ||
        !change_begin(request))
        return false;
    profile.entity.name = form_text(request, "InstanceProfileName");
    profile.entity.path = form_path_of(request);
    profile.entity.id = entity_new_id(request->arena, KIND_INSTANCE_PROFILE);
    profile.entity.created = clock_now();
    if (!lookup_free(request, KIND_INSTANCE_PROFILE, profile.entity.name) ||
        !lookup_room(request, KIND_INSTANCE_PROFILE))
        return false;
    entity_put(&request->batch, KIND_INSTANCE_PROFILE, &profile);
    return answer_profile(request, &profile);
}

static bool find_profile(struct request *request, struct instance_profile *out)
{
    return lookup(request, KIND_INSTANCE_PROFILE, form_text(request, "InstanceProfileName"), out);
}

bool get_instance_profile(struct request *request)
{
    struct instance_profile profile;

    return form_accepts(request, &one_input) && find_profile(request, &profile) &&
           answer_profile(request, &profile);
}

bool delete_instance_profile(struct request *request)
{
    struct instance_profile profile;

    if (!form_accepts(request, &one_input) || !change_begin(request) || !find_profile(request, &profile))
        return false;
    if (profile.roles.count > 0)
        return fail(&request->failure, ERROR_DELETE_CONFLICT,
                    "Cannot delete entity, must remove roles from instance profile first.");
    entity_delete(&request->batch, KIND_INSTANCE_PROFILE, profile.entity.name);
    return true;
}

bool add_role_to_instance_profile(struct request *request)
{
    struct instance_profile profile;
    struct role role;

    if (!form_accepts(request, &role_input) || !change_begin(request) || !find_profile(request, &profile) ||
        !lookup(request, KIND_ROLE, form_text(request, "RoleName"), &role))
        return false;
    if (profile.roles.count >= QUOTA_PROFILE_ROLES)
        return fail(&request->failure, ERROR_IAM_LIMIT_EXCEEDED,
                    "Cannot exceed quota for InstanceSessionsPerInstanceProfile: %d", QUOTA_PROFILE_ROLES);
    texts_add(request->arena, &profile.roles, role.entity.name);
    entity_put(&request->batch, KIND_INSTANCE_PROFILE, &profile);
    return true;
}

bool remove_role_from_instance_profile(struct request *request)
{
    struct instance_profile profile;
    struct slice name = form_text(request, "RoleName");

    if (!form_accepts(request, &role_input) || !change_begin(request) || !find_profile(request, &profile))
        return false;
    size_t place = texts_find(&profile.roles, name);
    if (place == profile.roles.count)
        return fail(&request->failure, ERROR_NO_SUCH_ENTITY, "The role with name %.*s cannot be found.",
                    SLICE_ARGS(name));
    texts_remove(request->arena, &profile.roles, place);
    entity_put(&request->batch, KIND_INSTANCE_PROFILE, &profile);
    return true;
}

/* ---- lists ---- */

static bool describe_one(struct request *request, const union any_entity *entity, void *context)
{
    (void)context;
    return describe_instance_profile(request, &entity->instance_profile, DETAIL_LISTED);
}

bool list_instance_profiles(struct request *request)
{
    static const struct listing listing = {
        .kind = KIND_INSTANCE_PROFILE, .member = "InstanceProfiles", .describe = describe_one};

    return form_accepts(request, &listing_input) && listing_answer(request, &listing);
}

static bool has_role(struct request *request, const union any_entity *entity, void *context)
{
    const struct texts *roles = &entity->instance_profile.roles;

    (void)request;
    return texts_find(roles, *(const struct slice *)context) < roles->count;
}

bool list_instance_profiles_for_role(struct request *request)
{
    struct role role;

    if (!form_accepts(request, &for_role_input) ||
        !lookup(request, KIND_ROLE, form_text(request, "RoleName"), &role))
        return false;
    const struct listing listing = {.kind = KIND_INSTANCE_PROFILE,
                                    .member = "InstanceProfiles",
                                    .wants = has_role,
                                    .describe = describe_one,
                                    .context = &role.entity.name};
    return listing_answer(request, &listing);
}

bool profiles_have_role(struct request *request, struct slice role, bool *out)
{
    struct instance_profile profile;
    struct entity_walk walk;
    enum storage_status status;

    *out = false;
    entity_walk_begin(&walk, request->server->storage, NULL, KIND_INSTANCE_PROFILE, SLICE(""),
                      request->arena);
    while (!*out && (status = entity_walk_next(&walk, &profile)) == STORAGE_OK)
        *out = texts_find(&profile.roles, role) < profile.roles.count;
    entity_walk_end(&walk);
    return *out || status == STORAGE_NOT_FOUND || storage_failure(&request->failure, status);
}
