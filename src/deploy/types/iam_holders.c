/* AWS::IAM::Role, AWS::IAM::User, AWS::IAM::Group. AWS: CloudFormation template reference. */
#include "deploy/types/iam.h"
#include "deploy/types/reading.h"

#define IAM_NAME(name, longest)                                                                              \
    {                                                                                                        \
        .property = name, .least = 1, .most = longest, .part = (longest - 14) / 2, .what = "name",           \
        .more = "_+=,.@-", .more_text = "of a-z, A-Z, 0-9, '_', '+', '=', ',', '.', '@' and '-'"             \
    }

/* Ref is the name, Arn is made of it. */
static enum resolved early(struct stack *stack, struct resource *resource, const char *word,
                           struct slice attribute, struct slice *out, struct slice *reason)
{
    if (attribute.len == 0)
        return stack_resource_name(stack, resource, out, reason);
    return slice_is(attribute, "Arn") ? iam_arn(stack, resource, word, out, reason) : RESOLVED_LATER;
}

/* Looks for it by its name; `word` is also the member of the answer. */
static bool find(struct making *making, const char *word)
{
    struct client_answer answer;
    struct input input;

    if (making_key(making).len == 0)
        return true;
    input_begin(&input);
    input_text(&input, arena_printf(making->arena, "%sName", word).ptr, making_key(making));
    if (!making_ask(making, SERVICE_IAM, arena_printf(making->arena, "Get%s", word).ptr, NO_SUCH, &input,
                    &answer))
        return false;
    making->have = json_get(answer.body, word);
    if (making->have == NULL)
        return true;
    making_identify(making, text_of(making->have, arena_printf(making->arena, "%sName", word).ptr));
    making_publish(making, "Arn", text_of(making->have, "Arn"));
    making_publish(making, arena_printf(making->arena, "%sId", word).ptr,
                   text_of(making->have, arena_printf(making->arena, "%sId", word).ptr));
    return true;
}

static bool has_path(const struct making *making)
{
    return slice_equal(iam_path(making), text_of(making->have, "Path"));
}

/* What all holders have: their policies, their boundary, their tags. */
static bool read_holder(struct making *making, const char *word, struct input *out)
{
    const struct holder holder = {word, making->id};
    struct json inlines, arns;

    if (!holder_read_policies(making, &holder, &inlines, &arns))
        return false;
    input_text(out, holder_member(making, &holder), making->id);
    input_text(out, "Path", text_of(making->have, "Path"));
    iam_read_list(out, "Policies", &inlines);
    iam_read_list(out, "ManagedPolicyArns", &arns);
    input_text(out, "PermissionsBoundary",
               text_of(json_get(making->have, "PermissionsBoundary"), "PermissionsBoundaryArn"));
    reading_tags(making, out, "Tags", json_get(making->have, "Tags"));
    return true;
}

/* Ends the object, or gives it up. */
static bool finish(struct making *making, struct input *out, bool good, const struct json **properties)
{
    if (good)
        return reading_done(making, out, properties);
    buffer_finish(&out->body);
    return false;
}

/* ---- roles ---- */

static const struct kind_of_value session_seconds = {.kind = INTEGER, .least = 3600, .most = 43200};
static const struct property role_members[] = {{"AssumeRolePolicyDocument", &kind_document, REQUIRED},
                                               {"Description", &kind_text, OPTIONAL},
                                               {"ManagedPolicyArns", &kind_texts, OPTIONAL},
                                               {"MaxSessionDuration", &session_seconds, OPTIONAL},
                                               {"Path", &kind_text, OPTIONAL},
                                               {"PermissionsBoundary", &kind_text, OPTIONAL},
                                               {"Policies", &iam_inline_policies, OPTIONAL},
                                               {"RoleName", &kind_text, OPTIONAL},
                                               {"Tags", &kind_tags, OPTIONAL},
                                               {0}};
static const struct kind_of_value role_properties = {.kind = STRUCTURE, .members = role_members};

enum { DEFAULT_SESSION = 3600 };

static bool check_role(struct making *making)
{
    return document_check(making, POLICY_TRUST, "AssumeRolePolicyDocument",
                          json_get(making->want, "AssumeRolePolicyDocument")) &&
           holder_check_policies(making);
}

static bool find_role(struct making *making)
{
    return find(making, "Role");
}

static bool compare_role(struct making *making)
{
    return making_fixed_name(making) && making_fixed(making, "Path", has_path(making));
}

static bool create_role(struct making *making)
{
    const struct holder holder = {"Role", making->name};
    const struct json *want = making->want;
    const struct json tags = making_tags(making, json_get(want, "Tags"));
    struct input input;

    input_begin(&input);
    input_text(&input, "RoleName", making->name);
    input_text(&input, "Path", text_of(want, "Path"));
    input_document(&input, "AssumeRolePolicyDocument", json_get(want, "AssumeRolePolicyDocument"));
    input_value(&input, "Description", json_get(want, "Description"));
    input_value(&input, "MaxSessionDuration", json_get(want, "MaxSessionDuration"));
    input_value(&input, "PermissionsBoundary", json_get(want, "PermissionsBoundary"));
    input_value(&input, "Tags", &tags);
    return making_call(making, SERVICE_IAM, "CreateRole", &input, NULL) && find_role(making) &&
           holder_apply_policies(making, &holder);
}

static bool change_trust(struct making *making)
{
    const struct json *want = json_get(making->want, "AssumeRolePolicyDocument");
    struct slice had = percent_decode(making->arena, text_of(making->have, "AssumeRolePolicyDocument"));
    struct input input;

    if (document_same(making->arena, want, had))
        return true;
    input_begin(&input);
    input_text(&input, "RoleName", making->id);
    input_document(&input, "PolicyDocument", want);
    return making_call(making, SERVICE_IAM, "UpdateAssumeRolePolicy", &input, NULL);
}

static bool change_role_settings(struct making *making)
{
    struct slice description = text_of(making->want, "Description");
    int64_t seconds = number_of(making->want, "MaxSessionDuration", DEFAULT_SESSION);
    struct input input;

    if (slice_equal(description, text_of(making->have, "Description")) &&
        seconds == number_of(making->have, "MaxSessionDuration", DEFAULT_SESSION))
        return true;
    input_begin(&input);
    input_text(&input, "RoleName", making->id);
    json_write_string_member(&input.body, &input.first, "Description", description);
    json_write_int64_member(&input.body, &input.first, "MaxSessionDuration", seconds);
    return making_call(making, SERVICE_IAM, "UpdateRole", &input, NULL);
}

static bool update_role(struct making *making)
{
    const struct holder holder = {"Role", making->id};

    return change_trust(making) && change_role_settings(making) &&
           holder_apply_boundary(making, &holder, making->have) &&
           iam_apply_tags(making, "Role", "RoleName", making->id, json_get(making->have, "Tags")) &&
           holder_apply_policies(making, &holder);
}

/* What others have attached to a role of a stack's is not taken away with it: DeleteRole refuses then. */
static bool remove_role(struct making *making)
{
    const struct holder holder = {"Role", making->id};

    return holder_withdraw(making, &holder) &&
           making_do(making, SERVICE_IAM, "DeleteRole",
                     (const struct text_member[]){{"RoleName", making->id}, {0}}, NULL);
}

static bool read_role(struct making *making, const struct json **properties)
{
    struct input out;

    input_begin(&out);
    bool good = read_holder(making, "Role", &out);
    reading_document(making, &out, "AssumeRolePolicyDocument",
                     percent_decode(making->arena, text_of(making->have, "AssumeRolePolicyDocument")));
    input_text(&out, "Description", text_of(making->have, "Description"));
    input_value(&out, "MaxSessionDuration", json_get(making->have, "MaxSessionDuration"));
    return finish(making, &out, good, properties);
}

static enum resolved early_role(struct stack *stack, struct resource *resource, struct slice attribute,
                                struct slice *out, struct slice *reason)
{
    return early(stack, resource, "role", attribute, out, reason);
}

static const struct naming role_naming = IAM_NAME("RoleName", 64);
static const char *const role_identifier[] = {"RoleName", NULL};
static const struct listing roles = {.service = SERVICE_IAM,
                                     .operation = "ListRoles",
                                     .list = "Roles",
                                     .token = "Marker",
                                     .next = "Marker",
                                     .element = "RoleName"};
static const char *const role_attributes[] = {"Arn", "RoleId", NULL};
const struct resource_type role_type = {.name = "AWS::IAM::Role",
                                        .properties = &role_properties,
                                        .naming = &role_naming,
                                        .attributes = role_attributes,
                                        .early = early_role,
                                        .check = check_role,
                                        .find = find_role,
                                        .compare = compare_role,
                                        .create = create_role,
                                        .update = update_role,
                                        .read = read_role,
                                        .identifier = role_identifier,
                                        .listing = &roles,
                                        .remove = remove_role};

/* ---- users ---- */

static const struct property user_members[] = {{"Groups", &kind_texts, OPTIONAL},
                                               {"LoginProfile", NULL, NOT_APPLIED},
                                               {"ManagedPolicyArns", &kind_texts, OPTIONAL},
                                               {"Path", &kind_text, OPTIONAL},
                                               {"PermissionsBoundary", &kind_text, OPTIONAL},
                                               {"Policies", &iam_inline_policies, OPTIONAL},
                                               {"Tags", &kind_tags, OPTIONAL},
                                               {"UserName", &kind_text, OPTIONAL},
                                               {0}};
static const struct kind_of_value user_properties = {.kind = STRUCTURE, .members = user_members};

static bool find_user(struct making *making)
{
    return find(making, "User");
}

static const struct listing groups_of_user = {SERVICE_IAM, "ListGroupsForUser", "Groups", "Marker", "Marker",
                                              NULL,        "GroupName"};

/* Those that the template names no more. */
static bool leave_groups(struct making *making, const struct holder *user)
{
    const struct json *group;

    for (size_t at = 0; (group = making_dropped(making, "Groups", NULL, &at)) != NULL;) {
        if (!holder_undo(making, user, "Remove%sFromGroup", "GroupName", group->text))
            return false;
    }
    return true;
}

static bool join_groups(struct making *making)
{
    const struct holder user = {"User", making->id};
    const struct json *want = json_get(making->want, "Groups");
    struct json have;

    if (!leave_groups(making, &user))
        return false;
    if (count_of(want) == 0)
        return true;
    if (!making_list(making, &groups_of_user, (const struct text_member[]){{"UserName", making->id}, {0}},
                     &have))
        return false;
    for (size_t i = 0; i < count_of(want); i++) {
        struct slice group = want->array.items[i].text;
        if (find_by(&have, "GroupName", group) != NULL)
            continue;
        if (!holder_do(making, &user, "Add%sToGroup", "GroupName", group))
            return false;
    }
    return true;
}

static bool create_user(struct making *making)
{
    const struct holder holder = {"User", making->name};
    const struct json tags = making_tags(making, json_get(making->want, "Tags"));
    struct input input;

    input_begin(&input);
    input_text(&input, "UserName", making->name);
    input_text(&input, "Path", text_of(making->want, "Path"));
    input_value(&input, "PermissionsBoundary", json_get(making->want, "PermissionsBoundary"));
    input_value(&input, "Tags", &tags);
    return making_call(making, SERVICE_IAM, "CreateUser", &input, NULL) && find_user(making) &&
           holder_apply_policies(making, &holder) && join_groups(making);
}

static bool compare_named(struct making *making)
{
    return making_fixed_name(making);
}

/* Users and groups can move to another path. */
static bool change_path(struct making *making, const struct holder *holder)
{
    if (has_path(making))
        return true;
    return holder_do(making, holder, "Update%s", "NewPath", iam_path(making)) && find(making, holder->word);
}

static bool update_user(struct making *making)
{
    const struct holder holder = {"User", making->id};

    return change_path(making, &holder) && holder_apply_boundary(making, &holder, making->have) &&
           iam_apply_tags(making, "User", "UserName", making->id, json_get(making->have, "Tags")) &&
           holder_apply_policies(making, &holder) && join_groups(making);
}

static bool remove_user(struct making *making)
{
    const struct holder holder = {"User", making->id};
    const struct json *groups = json_get(making->want, "Groups");

    if (!holder_withdraw(making, &holder))
        return false;
    for (size_t i = 0; i < count_of(groups); i++) {
        if (!holder_undo(making, &holder, "Remove%sFromGroup", "GroupName", groups->array.items[i].text))
            return false;
    }
    return (text_of(making->want, "PermissionsBoundary").len == 0 ||
            holder_undo(making, &holder, "Delete%sPermissionsBoundary", "", SLICE(""))) &&
           holder_do(making, &holder, "Delete%s", "", SLICE(""));
}

static bool read_user(struct making *making, const struct json **properties)
{
    struct json groups, names = {.type = JSON_ARRAY};
    struct input out;

    if (!making_list(making, &groups_of_user, (const struct text_member[]){{"UserName", making->id}, {0}},
                     &groups))
        return false;
    names.array.items = arena_array(making->arena, struct json, count_of(&groups));
    for (size_t i = 0; i < count_of(&groups); i++)
        names.array.items[names.array.count++] =
            (struct json){.type = JSON_STRING, .text = text_of(&groups.array.items[i], "GroupName")};
    input_begin(&out);
    bool good = read_holder(making, "User", &out);
    iam_read_list(&out, "Groups", &names);
    return finish(making, &out, good, properties);
}

static enum resolved early_user(struct stack *stack, struct resource *resource, struct slice attribute,
                                struct slice *out, struct slice *reason)
{
    return early(stack, resource, "user", attribute, out, reason);
}

static const struct naming user_naming = IAM_NAME("UserName", 64);
static const char *const user_identifier[] = {"UserName", NULL};
static const struct listing users = {.service = SERVICE_IAM,
                                     .operation = "ListUsers",
                                     .list = "Users",
                                     .token = "Marker",
                                     .next = "Marker",
                                     .element = "UserName"};
static const char *const user_attributes[] = {"Arn", NULL};
const struct resource_type user_type = {.name = "AWS::IAM::User",
                                        .properties = &user_properties,
                                        .naming = &user_naming,
                                        .attributes = user_attributes,
                                        .early = early_user,
                                        .check = holder_check_policies,
                                        .find = find_user,
                                        .compare = compare_named,
                                        .create = create_user,
                                        .update = update_user,
                                        .read = read_user,
                                        .identifier = user_identifier,
                                        .listing = &users,
                                        .remove = remove_user};

/* ---- groups ---- */

static const struct property group_members[] = {{"GroupName", &kind_text, OPTIONAL},
                                                {"ManagedPolicyArns", &kind_texts, OPTIONAL},
                                                {"Path", &kind_text, OPTIONAL},
                                                {"Policies", &iam_inline_policies, OPTIONAL},
                                                {0}};
static const struct kind_of_value group_properties = {.kind = STRUCTURE, .members = group_members};

static bool find_group(struct making *making)
{
    return find(making, "Group");
}

static bool create_group(struct making *making)
{
    const struct holder holder = {"Group", making->name};

    return holder_do(making, &holder, "Create%s", "Path", text_of(making->want, "Path")) &&
           find_group(making) && holder_apply_policies(making, &holder);
}

static bool update_group(struct making *making)
{
    const struct holder holder = {"Group", making->id};

    return change_path(making, &holder) && holder_apply_policies(making, &holder);
}

static bool remove_group(struct making *making)
{
    const struct holder holder = {"Group", making->id};

    return holder_withdraw(making, &holder) && holder_do(making, &holder, "Delete%s", "", SLICE(""));
}

static bool read_group(struct making *making, const struct json **properties)
{
    struct input out;

    input_begin(&out);
    bool good = read_holder(making, "Group", &out);
    return finish(making, &out, good, properties);
}

static enum resolved early_group(struct stack *stack, struct resource *resource, struct slice attribute,
                                 struct slice *out, struct slice *reason)
{
    return early(stack, resource, "group", attribute, out, reason);
}

static const struct naming group_naming = IAM_NAME("GroupName", 128);
static const char *const group_identifier[] = {"GroupName", NULL};
static const struct listing groups = {.service = SERVICE_IAM,
                                      .operation = "ListGroups",
                                      .list = "Groups",
                                      .token = "Marker",
                                      .next = "Marker",
                                      .element = "GroupName"};
const struct resource_type group_type = {.name = "AWS::IAM::Group",
                                         .properties = &group_properties,
                                         .naming = &group_naming,
                                         .attributes = user_attributes,
                                         .early = early_group,
                                         .check = holder_check_policies,
                                         .find = find_group,
                                         .compare = compare_named,
                                         .create = create_group,
                                         .update = update_group,
                                         .read = read_group,
                                         .identifier = group_identifier,
                                         .listing = &groups,
                                         .remove = remove_group};
