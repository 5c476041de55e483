/* AWS::IAM::AccessKey, AWS::IAM::UserToGroupAddition, AWS::IAM::InstanceProfile, AWS::IAM::OIDCProvider. AWS:
 * CloudFormation template reference. */
#include "deploy/types/iam.h"
#include "deploy/types/reading.h"

/* ---- access keys ---- */

static const char *const key_states[] = {"Active", "Inactive", NULL};
static const struct kind_of_value key_state = {.kind = TEXT, .words = key_states};
static const struct property key_members[] = {{"Serial", &kind_integer, OPTIONAL},
                                              {"Status", &key_state, OPTIONAL},
                                              {"UserName", &kind_text, REQUIRED},
                                              {0}};
static const struct kind_of_value key_properties = {.kind = STRUCTURE, .members = key_members};

/* A key has no name and no tags: without an id it is one that no resource is known by. */
static const struct json *pick_key(const struct making *making, const struct json *keys)
{
    if (making->id.len > 0)
        return find_by(keys, "AccessKeyId", making->id);
    for (size_t i = 0; i < keys->array.count; i++) {
        if (!making_is_others(making, text_of(&keys->array.items[i], "AccessKeyId")))
            return &keys->array.items[i];
    }
    return NULL;
}

static void identify_key(struct making *making)
{
    making_identify(making, text_of(making->have, "AccessKeyId"));
    making_publish(making, "Id", making->id);
}

static bool find_key(struct making *making)
{
    static const struct listing listing = {
        SERVICE_IAM, "ListAccessKeys", "AccessKeyMetadata", "Marker", "Marker", NULL, NULL};
    struct slice user = text_of(making_place(making), "UserName");
    struct client_answer answer;
    struct input input;
    struct json keys;

    if (user.len == 0)
        return true;
    input_begin(&input);
    input_text(&input, "UserName", user);
    if (!making_ask(making, SERVICE_IAM, "GetUser", NO_SUCH, &input, &answer))
        return false;
    if (answer.body == NULL)
        return true;
    if (!making_list(making, &listing, (const struct text_member[]){{"UserName", user}, {0}}, &keys))
        return false;
    making->have = pick_key(making, &keys);
    if (making->have != NULL)
        identify_key(making);
    return true;
}

static bool compare_key(struct making *making)
{
    static const char *const fixed[] = {"UserName", "Serial", NULL};

    return making_fixed_all(making, fixed);
}

static bool change_state(struct making *making)
{
    struct slice wanted = text_of(making->want, "Status"), had = text_of(making->have, "Status");

    if (wanted.len == 0)
        wanted = SLICE("Active");
    if (slice_equal(wanted, had))
        return true;
    const struct text_member members[] = {{"UserName", text_of(making->want, "UserName")},
                                          {"AccessKeyId", making->id},
                                          {"Status", wanted},
                                          {0}};
    return making_do(making, SERVICE_IAM, "UpdateAccessKey", members, NULL);
}

/* The secret is told once: by the deployment that makes the key. */
static bool create_key(struct making *making)
{
    const struct text_member user[] = {{"UserName", text_of(making->want, "UserName")}, {0}};
    struct client_answer answer;

    if (!making_do(making, SERVICE_IAM, "CreateAccessKey", user, &answer))
        return false;
    making->have = json_get(answer.body, "AccessKey");
    identify_key(making);
    making_publish(making, "SecretAccessKey", text_of(making->have, "SecretAccessKey"));
    return change_state(making);
}

static bool remove_key(struct making *making)
{
    const struct text_member key[] = {
        {"UserName", text_of(making_place(making), "UserName")}, {"AccessKeyId", making->id}, {0}};

    return making_do(making, SERVICE_IAM, "DeleteAccessKey", key, NULL);
}

static const char *const key_attributes[] = {"SecretAccessKey", "Id", NULL};
const struct resource_type access_key_type = {.name = "AWS::IAM::AccessKey",
                                              .properties = &key_properties,
                                              .attributes = key_attributes,
                                              .told_once = true,
                                              .find = find_key,
                                              .compare = compare_key,
                                              .create = create_key,
                                              .update = change_state,
                                              .remove = remove_key};

/* ---- users into groups ---- */

static const struct property addition_members[] = {
    {"GroupName", &kind_text, REQUIRED}, {"Users", &kind_texts, REQUIRED}, {0}};
static const struct kind_of_value addition_properties = {.kind = STRUCTURE, .members = addition_members};

/* Whether there is such a thing; the operation is one that describes it. */
static bool exists(struct making *making, const char *operation, const char *member, struct slice name,
                   bool *out)
{
    struct client_answer answer;
    struct input input;

    input_begin(&input);
    input_text(&input, member, name);
    if (!making_ask(making, SERVICE_IAM, operation, NO_SUCH, &input, &answer))
        return false;
    *out = answer.body != NULL;
    return true;
}

static bool list_members(struct making *making, struct slice group, struct json *out)
{
    static const struct listing members = {.service = SERVICE_IAM,
                                           .operation = "GetGroup",
                                           .list = "Users",
                                           .token = "Marker",
                                           .next = "Marker"};

    return making_list(making, &members, (const struct text_member[]){{"GroupName", group}, {0}}, out);
}

/* It is there as soon as one of the users is in the group. */
static bool find_addition(struct making *making)
{
    const struct json *users = json_get(making_place(making), "Users");
    struct slice group = text_of(making_place(making), "GroupName");
    struct json members;
    bool there = false;

    if (group.len == 0 || !exists(making, "GetGroup", "GroupName", group, &there))
        return group.len == 0;
    if (!there)
        return true;
    if (!list_members(making, group, &members))
        return false;
    for (size_t i = 0; i < count_of(users); i++) {
        const struct json *user = &users->array.items[i];
        if (user->type == JSON_STRING && find_by(&members, "UserName", user->text) != NULL)
            making->have = making->want;
    }
    if (making->have != NULL)
        making_identify_made(making);
    return true;
}

/* Takes out of a group those of its users whom `keep` does not name. */
static bool take_out(struct making *making, struct slice group, const struct json *users,
                     const struct json *keep)
{
    for (size_t i = 0; i < count_of(users); i++) {
        const struct holder user = {"User", users->array.items[i].text};
        if (list_has(keep, user.name))
            continue;
        if (!holder_undo(making, &user, "Remove%sFromGroup", "GroupName", group))
            return false;
    }
    return true;
}

/* Those whom the resource added before, and does not any more. */
static bool drop_additions(struct making *making)
{
    struct slice had = text_of(making->before, "GroupName"), group = text_of(making->want, "GroupName");

    return take_out(making, had, json_get(making->before, "Users"),
                    slice_equal(had, group) ? json_get(making->want, "Users") : NULL);
}

static bool remove_addition(struct making *making)
{
    return take_out(making, text_of(making->want, "GroupName"), json_get(making->want, "Users"), NULL);
}

static bool apply_addition(struct making *making)
{
    const struct json *users = json_get(making->want, "Users");
    struct slice group = text_of(making->want, "GroupName");
    struct json members;

    if (!list_members(making, group, &members))
        return false;
    making_identify_made(making);
    for (size_t i = 0; i < count_of(users); i++) {
        const struct holder user = {"User", users->array.items[i].text};
        if (find_by(&members, "UserName", user.name) != NULL)
            continue;
        if (!holder_do(making, &user, "Add%sToGroup", "GroupName", group))
            return false;
    }
    return drop_additions(making);
}

static const char *const id_only[] = {"Id", NULL};
const struct resource_type addition_type = {.name = "AWS::IAM::UserToGroupAddition",
                                            .properties = &addition_properties,
                                            .attributes = id_only,
                                            .early = early_made_id,
                                            .find = find_addition,
                                            .create = apply_addition,
                                            .update = apply_addition,
                                            .remove = remove_addition};

/* ---- instance profiles ---- */

static const struct kind_of_value one_role = {.kind = LIST, .least = 1, .most = 1, .element = &kind_text};
static const struct property profile_members[] = {{"InstanceProfileName", &kind_text, OPTIONAL},
                                                  {"Path", &kind_text, OPTIONAL},
                                                  {"Roles", &one_role, REQUIRED},
                                                  {0}};
static const struct kind_of_value profile_properties = {.kind = STRUCTURE, .members = profile_members};

static bool find_profile(struct making *making)
{
    struct client_answer answer;
    struct input input;

    if (making_key(making).len == 0)
        return true;
    input_begin(&input);
    input_text(&input, "InstanceProfileName", making_key(making));
    if (!making_ask(making, SERVICE_IAM, "GetInstanceProfile", NO_SUCH, &input, &answer))
        return false;
    making->have = json_get(answer.body, "InstanceProfile");
    if (making->have == NULL)
        return true;
    making_identify(making, text_of(making->have, "InstanceProfileName"));
    making_publish(making, "Arn", text_of(making->have, "Arn"));
    return true;
}

static bool compare_profile(struct making *making)
{
    return making_fixed_name(making) &&
           making_fixed(making, "Path", slice_equal(iam_path(making), text_of(making->have, "Path")));
}

/* A profile has one role. */
static bool change_role(struct making *making)
{
    const struct json *roles = json_get(making->have, "Roles");
    const struct holder wanted = {"Role", json_get(making->want, "Roles")->array.items[0].text};

    for (size_t i = 0; i < count_of(roles); i++) {
        const struct holder had = {"Role", text_of(&roles->array.items[i], "RoleName")};
        if (slice_equal(had.name, wanted.name))
            return true;
        if (!holder_do(making, &had, "Remove%sFromInstanceProfile", "InstanceProfileName", making->id))
            return false;
    }
    return holder_do(making, &wanted, "Add%sToInstanceProfile", "InstanceProfileName", making->id);
}

static bool create_profile(struct making *making)
{
    const struct text_member members[] = {
        {"InstanceProfileName", making->name}, {"Path", text_of(making->want, "Path")}, {0}};

    return making_do(making, SERVICE_IAM, "CreateInstanceProfile", members, NULL) && find_profile(making) &&
           change_role(making);
}

static bool remove_profile(struct making *making)
{
    const struct json *roles = json_get(making->have, "Roles");
    const struct text_member named[] = {{"InstanceProfileName", making->id}, {0}};

    for (size_t i = 0; i < count_of(roles); i++) {
        const struct holder had = {"Role", text_of(&roles->array.items[i], "RoleName")};
        if (!holder_do(making, &had, "Remove%sFromInstanceProfile", "InstanceProfileName", making->id))
            return false;
    }
    return making_do(making, SERVICE_IAM, "DeleteInstanceProfile", named, NULL);
}

static bool read_profile(struct making *making, const struct json **properties)
{
    const struct json *roles = json_get(making->have, "Roles");
    struct json names = {.type = JSON_ARRAY,
                         .array = {arena_array(making->arena, struct json, count_of(roles)), 0}};
    struct input out;

    for (size_t i = 0; i < count_of(roles); i++)
        names.array.items[names.array.count++] =
            (struct json){.type = JSON_STRING, .text = text_of(&roles->array.items[i], "RoleName")};
    input_begin(&out);
    input_text(&out, "InstanceProfileName", making->id);
    input_text(&out, "Path", text_of(making->have, "Path"));
    input_value(&out, "Roles", &names);
    return reading_done(making, &out, properties);
}

static enum resolved early_profile(struct stack *stack, struct resource *resource, struct slice attribute,
                                   struct slice *out, struct slice *reason)
{
    return attribute.len == 0 ? stack_resource_name(stack, resource, out, reason)
                              : iam_arn(stack, resource, "instance-profile", out, reason);
}

static const struct naming profile_naming = {.property = "InstanceProfileName",
                                             .least = 1,
                                             .most = 128,
                                             .part = 57,
                                             .what = "name",
                                             .more = "_+=,.@-",
                                             .more_text =
                                                 "of a-z, A-Z, 0-9, '_', '+', '=', ',', '.', '@' and '-'"};
static const char *const profile_identifier[] = {"InstanceProfileName", NULL};
static const struct listing profiles = {.service = SERVICE_IAM,
                                        .operation = "ListInstanceProfiles",
                                        .list = "InstanceProfiles",
                                        .token = "Marker",
                                        .next = "Marker",
                                        .element = "InstanceProfileName"};
static const char *const arn_only[] = {"Arn", NULL};
const struct resource_type instance_profile_type = {.name = "AWS::IAM::InstanceProfile",
                                                    .properties = &profile_properties,
                                                    .naming = &profile_naming,
                                                    .attributes = arn_only,
                                                    .early = early_profile,
                                                    .find = find_profile,
                                                    .compare = compare_profile,
                                                    .create = create_profile,
                                                    .update = change_role,
                                                    .read = read_profile,
                                                    .identifier = profile_identifier,
                                                    .listing = &profiles,
                                                    .remove = remove_profile};

/* ---- OpenID Connect providers ---- */

static const struct property provider_members[] = {{"ClientIdList", &kind_texts, OPTIONAL},
                                                   {"Tags", &kind_tags, OPTIONAL},
                                                   {"ThumbprintList", &kind_texts, OPTIONAL},
                                                   {"Url", &kind_text, REQUIRED},
                                                   {0}};
static const struct kind_of_value provider_properties = {.kind = STRUCTURE, .members = provider_members};

static const struct listing providers = {.service = SERVICE_IAM,
                                         .operation = "ListOpenIDConnectProviders",
                                         .list = "OpenIDConnectProviderList",
                                         .token = "Marker",
                                         .next = "Marker",
                                         .element = "Arn"};

static void publish_provider(struct making *making, struct slice arn)
{
    making_identify(making, arn);
    making_publish(making, "Arn", arn);
}

/* have is NULL if there is none. */
static bool describe_provider(struct making *making, struct slice arn)
{
    struct client_answer answer;
    struct input input;

    input_begin(&input);
    input_text(&input, "OpenIDConnectProviderArn", arn);
    if (!making_ask(making, SERVICE_IAM, "GetOpenIDConnectProvider", NO_SUCH, &input, &answer))
        return false;
    making->have = answer.body;
    if (making->have != NULL)
        publish_provider(making, arn);
    return true;
}

/* "https://accounts.example.com/" is "arn:...:oidc-provider/accounts.example.com". */
static bool is_provider_of(struct making *making, struct slice arn, struct slice url)
{
    const struct slice scheme = SLICE("https://");

    if (slice_starts_with(url, scheme))
        url = slice_skip(url, scheme.len);
    struct slice end = arena_printf(making->arena, ":oidc-provider/%.*s", SLICE_ARGS(url));
    return arn.len >= end.len && slice_equal(slice_skip(arn, arn.len - end.len), end);
}

static bool find_provider(struct making *making)
{
    struct slice url = text_of(making->want, "Url");
    struct json list;

    if (making->id.len > 0)
        return describe_provider(making, making->id);
    if (url.len == 0)
        return true;
    if (!making_list(making, &providers, (const struct text_member[]){{0}}, &list))
        return false;
    for (size_t i = 0; i < count_of(&list); i++) {
        struct slice arn = text_of(&list.array.items[i], "Arn");
        if (is_provider_of(making, arn, url))
            return describe_provider(making, arn);
    }
    return true;
}

static bool compare_provider(struct making *making)
{
    return making_fixed(making, "Url", is_provider_of(making, making->id, text_of(making->want, "Url")));
}

static bool remove_provider(struct making *making)
{
    const struct text_member one[] = {{"OpenIDConnectProviderArn", making->id}, {0}};

    return making_do(making, SERVICE_IAM, "DeleteOpenIDConnectProvider", one, NULL);
}

static bool create_provider(struct making *making)
{
    const struct json tags = making_tags(making, json_get(making->want, "Tags"));
    struct client_answer answer;
    struct input input;

    input_begin(&input);
    input_text(&input, "Url", text_of(making->want, "Url"));
    input_value(&input, "ClientIDList", json_get(making->want, "ClientIdList"));
    input_value(&input, "ThumbprintList", json_get(making->want, "ThumbprintList"));
    input_value(&input, "Tags", &tags);
    if (!making_call(making, SERVICE_IAM, "CreateOpenIDConnectProvider", &input, &answer))
        return false;
    publish_provider(making, text_of(answer.body, "OpenIDConnectProviderArn"));
    return true;
}

/* Client ids that one list has and the other has not, one by one. */
static bool change_clients(struct making *making, const struct json *from, const struct json *missing_in,
                           const char *operation)
{
    for (size_t i = 0; i < count_of(from); i++) {
        struct slice client = from->array.items[i].text;
        if (list_has(missing_in, client))
            continue;
        const struct text_member members[] = {
            {"OpenIDConnectProviderArn", making->id}, {"ClientID", client}, {0}};
        if (!making_do(making, SERVICE_IAM, operation, members, NULL))
            return false;
    }
    return true;
}

static bool change_thumbprints(struct making *making)
{
    const struct json *want = json_get(making->want, "ThumbprintList");
    const struct json *have = json_get(making->have, "ThumbprintList");
    struct input input;

    if (count_of(want) == 0 || json_same(want, have))
        return true;
    input_begin(&input);
    input_text(&input, "OpenIDConnectProviderArn", making->id);
    input_value(&input, "ThumbprintList", want);
    return making_call(making, SERVICE_IAM, "UpdateOpenIDConnectProviderThumbprint", &input, NULL);
}

static bool update_provider(struct making *making)
{
    const struct json *want = json_get(making->want, "ClientIdList");
    const struct json *have = json_get(making->have, "ClientIDList");

    return change_clients(making, want, have, "AddClientIDToOpenIDConnectProvider") &&
           change_clients(making, have, want, "RemoveClientIDFromOpenIDConnectProvider") &&
           change_thumbprints(making) &&
           iam_apply_tags(making, "OpenIDConnectProvider", "OpenIDConnectProviderArn", making->id,
                          json_get(making->have, "Tags"));
}

/* The URL is told without its scheme. */
static bool read_provider(struct making *making, const struct json **properties)
{
    struct input out;

    input_begin(&out);
    input_text(&out, "Url",
               arena_printf(making->arena, "https://%.*s", SLICE_ARGS(text_of(making->have, "Url"))));
    iam_read_list(&out, "ClientIdList", json_get(making->have, "ClientIDList"));
    iam_read_list(&out, "ThumbprintList", json_get(making->have, "ThumbprintList"));
    reading_tags(making, &out, "Tags", json_get(making->have, "Tags"));
    return reading_done(making, &out, properties);
}

static const char *const provider_identifier[] = {"Arn", NULL};
const struct resource_type oidc_provider_type = {.name = "AWS::IAM::OIDCProvider",
                                                 .properties = &provider_properties,
                                                 .attributes = arn_only,
                                                 .find = find_provider,
                                                 .compare = compare_provider,
                                                 .create = create_provider,
                                                 .update = update_provider,
                                                 .read = read_provider,
                                                 .identifier = provider_identifier,
                                                 .listing = &providers,
                                                 .remove = remove_provider};
