#include "deploy/capabilities.h"

#include "deploy/problems.h"
#include "deploy/transform.h"

/* Types that say who may do what, and the property that gives one its name. */
static const struct {
    const char *type, *name;
} powers[] = {{"AWS::IAM::AccessKey", NULL},
              {"AWS::IAM::Group", "GroupName"},
              {"AWS::IAM::GroupPolicy", NULL},
              {"AWS::IAM::InstanceProfile", "InstanceProfileName"},
              {"AWS::IAM::ManagedPolicy", "ManagedPolicyName"},
              {"AWS::IAM::Policy", NULL},
              {"AWS::IAM::Role", "RoleName"},
              {"AWS::IAM::RolePolicy", NULL},
              {"AWS::IAM::User", "UserName"},
              {"AWS::IAM::UserPolicy", NULL},
              {"AWS::IAM::UserToGroupAddition", NULL}};

static void read_resource(struct arena *arena, const struct json *resource, struct capabilities *out)
{
    const struct json *type = json_get(resource, "Type"), *properties = json_get(resource, "Properties");

    for (size_t i = 0; type != NULL && type->type == JSON_STRING && i < sizeof(powers) / sizeof(powers[0]);
         i++) {
        if (!slice_is(type->text, powers[i].type))
            continue;
        out->iam = true;
        out->named_iam |= powers[i].name != NULL && json_get(properties, powers[i].name) != NULL;
        problems_list(arena, &out->what, type->text);
    }
}

/* A loop's resources stand in its last element, where loops may stand again. */
static void read_resources(struct arena *arena, const struct json *resources, struct capabilities *out)
{
    for (size_t i = 0; resources != NULL && resources->type == JSON_OBJECT && i < resources->object.count;
         i++) {
        const struct json_member *member = &resources->object.members[i];
        if (!slice_starts_with(member->name, SLICE(LOOP_PREFIX)))
            read_resource(arena, &member->value, out);
        else if (member->value.type == JSON_ARRAY && member->value.array.count > 0)
            read_resources(arena, &member->value.array.items[member->value.array.count - 1], out);
    }
}

static void add_transform(struct arena *arena, const struct json *transform, struct json *out)
{
    const struct json *name = transform->type == JSON_OBJECT ? json_get(transform, "Name") : transform;

    if (name == NULL || name->type != JSON_STRING)
        return;
    out->array.items =
        arena_grow(arena, out->array.items, out->array.count, out->array.count + 1, sizeof(struct json));
    out->array.items[out->array.count++] = *name;
}

struct json transforms_of(struct arena *arena, const struct json *template)
{
    const struct json *transform = json_get(template, "Transform");
    struct json names = {.type = JSON_ARRAY};

    if (transform == NULL)
        return names;
    if (transform->type != JSON_ARRAY)
        add_transform(arena, transform, &names);
    for (size_t i = 0; transform->type == JSON_ARRAY && i < transform->array.count; i++)
        add_transform(arena, &transform->array.items[i], &names);
    return names;
}

struct capabilities capabilities_of(struct arena *arena, const struct json *template)
{
    struct capabilities capabilities = {.what = SLICE("")};
    struct json transforms = transforms_of(arena, template);

    read_resources(arena, json_get(template, "Resources"), &capabilities);
    capabilities.auto_expand = transforms.array.count > 0;
    if (!capabilities.iam) {
        for (size_t i = 0; i < transforms.array.count; i++)
            problems_list(arena, &capabilities.what, transforms.array.items[i].text);
    }
    return capabilities;
}
