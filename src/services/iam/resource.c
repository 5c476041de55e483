#include "services/iam/resource.h"

#include <strings.h>

#include "services/iam/lookup.h"
#include "services/iam/usage.h"
#include "services/operation.h"
#include "services/storage_failure.h"

/* What a request names, by the member that names it. */
struct named {
    const char *member;
    enum entity_kind kind;
};

/* Of two that a request names, the first is its resource: a user is added to a group, a role to a profile; a
 * policy is attached to a user. */
static const struct named named[] = {{"GroupName", KIND_GROUP},
                                     {"InstanceProfileName", KIND_INSTANCE_PROFILE},
                                     {"UserName", KIND_USER},
                                     {"RoleName", KIND_ROLE}};

/* Operations that are about the caller, if they name no user. */
static const char *const of_caller[] = {"GetUser",
                                        "CreateAccessKey",
                                        "ListAccessKeys",
                                        "UpdateAccessKey",
                                        "DeleteAccessKey",
                                        "ListMFADevices",
                                        "GetLoginProfile",
                                        "DeleteLoginProfile",
                                        "ListSigningCertificates",
                                        "ListSSHPublicKeys",
                                        NULL};

static bool is_one_of(const char *const *list, const char *name)
{
    while (*list != NULL && strcmp(*list, name) != 0)
        list++;
    return *list != NULL;
}

static bool creates(const struct request *request)
{
    return strncmp(request->operation->name, "Create", strlen("Create")) == 0;
}

static struct slice arn_of(struct request *request, enum entity_kind kind, struct slice name,
                           struct slice path)
{
    const struct entity entity = {.name = name, .path = path};

    return lookup_arn(request, kind, &entity);
}

/* The path of a new one is in the request, that of one that is there in its record. */
static bool find_arn(struct request *request, enum entity_kind kind, struct slice name, struct slice *out)
{
    union any_entity entity;

    if (creates(request) && kind != KIND_USER) {
        *out = arn_of(request, kind, name, form_path_of(request));
        return true;
    }
    enum storage_status status =
        entity_find(request->server->storage, NULL, kind, name, request->arena, &entity);
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return storage_failure(&request->failure, status);
    *out = status == STORAGE_OK ? lookup_arn(request, kind, &entity.entity)
                                : arn_of(request, kind, name, form_path_of(request));
    return true;
}

/* GetAccessKeyLastUsed names a key, and is about the user who has it. */
static bool find_owner(struct request *request, struct slice id, struct slice *out)
{
    struct access_key key;
    enum storage_status status =
        entity_find(request->server->storage, NULL, KIND_ACCESS_KEY, id, request->arena, &key);

    *out = SLICE("*");
    if (status == STORAGE_OK)
        return find_arn(request, KIND_USER, key.user, out);
    return status == STORAGE_NOT_FOUND || storage_failure(&request->failure, status);
}

bool resource_of_request(struct request *request, struct slice *out)
{
    const char *operation = request->operation->name;

    for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
        struct slice name = form_text(request, named[i].member);
        if (name.len > 0)
            return find_arn(request, named[i].kind, name, out);
    }
    static const char *const arns[] = {"PolicyArn", "OpenIDConnectProviderArn", "PolicySourceArn", NULL};
    struct slice arn = {NULL, 0};
    for (size_t i = 0; arn.len == 0 && arns[i] != NULL; i++)
        arn = form_text(request, arns[i]);
    struct slice url = form_text(request, "Url"), scheme = SLICE("https://");
    *out = SLICE("*");
    if (arn.len > 0)
        *out = arn;
    else if (strcmp(operation, "CreatePolicy") == 0)
        *out = arn_of(request, KIND_POLICY, form_text(request, "PolicyName"), form_path_of(request));
    else if (slice_starts_with(url, scheme))
        *out = arn_of(request, KIND_OIDC_PROVIDER, slice_skip(url, scheme.len), SLICE("/"));
    else if (strcmp(operation, "GetAccessKeyLastUsed") == 0)
        return find_owner(request, form_text(request, "AccessKeyId"), out);
    else if (is_one_of(of_caller, operation))
        *out = request->principal.arn;
    return true;
}

bool resource_of_target(struct request *request, struct slice *out)
{
    bool group = strcmp(request->operation->name, "UpdateGroup") == 0;
    struct slice name = form_text(request, group ? "GroupName" : "UserName"),
                 new_name = form_text(request, group ? "NewGroupName" : "NewUserName"),
                 new_path = form_text(request, "NewPath");
    enum entity_kind kind = group ? KIND_GROUP : KIND_USER;
    union any_entity entity;

    *out = SLICE("");
    if ((!group && strcmp(request->operation->name, "UpdateUser") != 0) ||
        (new_name.len == 0 && new_path.len == 0))
        return true;
    enum storage_status status =
        entity_find(request->server->storage, NULL, kind, name, request->arena, &entity);
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return storage_failure(&request->failure, status);
    struct slice path = status == STORAGE_OK ? entity.entity.path : SLICE("/");
    *out = arn_of(request, kind, new_name.len > 0 ? new_name : name, new_path.len > 0 ? new_path : path);
    return true;
}

bool resource_of_passed_role(struct request *request, struct slice *out)
{
    *out = SLICE("");
    return strcmp(request->operation->name, "AddRoleToInstanceProfile") != 0 ||
           find_arn(request, KIND_ROLE, form_text(request, "RoleName"), out);
}

/* ---- conditions ---- */

static bool tell(struct request *request, struct slice value, struct iam_values *out)
{
    struct slice *values = arena_array(request->arena, struct slice, 1);

    values[0] = value;
    *out = (struct iam_values){.values = values, .count = 1};
    return value.ptr != NULL;
}

/* The tag of what the request names. */
static bool tell_tag(struct request *request, struct slice key, struct iam_values *out)
{
    for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
        struct slice name = form_text(request, named[i].member);
        union any_entity entity;
        if (name.len == 0)
            continue;
        if (entity_find(request->server->storage, NULL, named[i].kind, name, request->arena, &entity) !=
            STORAGE_OK)
            return false;
        const struct entity_tags *tags = &entity.entity.tags;
        for (size_t j = 0; j < tags->count; j++) {
            if (tags->items[j].key.len == key.len &&
                strncasecmp(tags->items[j].key.ptr, key.ptr, key.len) == 0)
                return tell(request, tags->items[j].value, out);
        }
        return false;
    }
    return false;
}

/* A boundary is that of the user or role as it is, unless the request puts another. */
static bool tell_boundary(struct request *request, struct iam_values *out)
{
    struct slice user = form_text(request, "UserName"), role = form_text(request, "RoleName");
    struct slice arn = form_text(request, "PermissionsBoundary");
    union any_entity entity;

    if (arn.ptr != NULL)
        return tell(request, arn, out);
    if (creates(request) || (user.len == 0 && role.len == 0))
        return false;
    enum entity_kind kind = user.len > 0 ? KIND_USER : KIND_ROLE;
    if (entity_find(request->server->storage, NULL, kind, user.len > 0 ? user : role, request->arena,
                    &entity) != STORAGE_OK)
        return false;
    struct slice own = usage_grants(kind, &entity)->boundary;
    return own.len > 0 && tell(request, own, out);
}

/* ---- the tags that a request brings ---- */

static size_t count_of(const struct json *list)
{
    return list == NULL || list->type != JSON_ARRAY ? 0 : list->array.count;
}

static struct slice text_of(const struct json *value)
{
    return value == NULL || value->type != JSON_STRING ? (struct slice){NULL, 0} : value->text;
}

static bool tell_request_tag(struct request *request, struct slice key, struct iam_values *out)
{
    const struct json *tags = json_get(request->body, "Tags");

    for (size_t i = 0; i < count_of(tags); i++) {
        struct slice name = text_of(json_get(&tags->array.items[i], "Key"));
        if (name.len == key.len && key.len > 0 && strncasecmp(name.ptr, key.ptr, key.len) == 0)
            return tell(request, text_of(json_get(&tags->array.items[i], "Value")), out);
    }
    return false;
}

/* Of tags that are put, or the keys of those that are taken away. */
static bool tell_tag_keys(struct request *request, struct iam_values *out)
{
    const struct json *tags = json_get(request->body, "Tags"), *keys = json_get(request->body, "TagKeys");
    const struct json *list = tags != NULL ? tags : keys;
    struct slice *values = arena_array(request->arena, struct slice, count_of(list));

    *out = (struct iam_values){.values = values, .multi_valued = true};
    for (size_t i = 0; i < count_of(list); i++) {
        const struct json *item = &list->array.items[i];
        struct slice key = text_of(tags != NULL ? json_get(item, "Key") : item);
        if (key.ptr != NULL)
            values[out->count++] = key;
    }
    return out->count > 0;
}

bool resource_condition(void *from, struct slice key, struct iam_values *out)
{
    struct request *request = from;
    struct slice tag;

    if (iam_key_is(key, "iam:PolicyARN"))
        return tell(request, form_text(request, "PolicyArn"), out);
    if (iam_key_is(key, "iam:PermissionsBoundary"))
        return tell_boundary(request, out);
    if (iam_key_is(key, "iam:AWSServiceName"))
        return tell(request, form_text(request, "AWSServiceName"), out);
    if (iam_key_is(key, "aws:TagKeys"))
        return tell_tag_keys(request, out);
    if (iam_key_starts_with(key, "aws:RequestTag/", &tag))
        return tell_request_tag(request, tag, out);
    return (iam_key_starts_with(key, "iam:ResourceTag/", &tag) ||
            iam_key_starts_with(key, "aws:ResourceTag/", &tag)) &&
           tell_tag(request, tag, out);
}
