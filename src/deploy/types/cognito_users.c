/* AWS::Cognito::UserPoolGroup, AWS::Cognito::UserPoolUser and AWS::Cognito::UserPoolUserToGroupAttachment.
 * AWS: CloudFormation template reference. */
#include "deploy/types/cognito.h"
#include "deploy/types/reading.h"

/* There is no such user, or no such pool any more. */
#define NO_USER "UserNotFoundException " NOT_THERE

static struct slice pool_of(const struct making *making)
{
    return text_of(making_place(making), "UserPoolId");
}

/* The group or user that a resource is, in its pool. */
static const struct text_member *own(struct making *making, const char *word)
{
    struct text_member *members = arena_array(making->arena, struct text_member, 3);

    members[0] = (struct text_member){"UserPoolId", pool_of(making)};
    members[1] = (struct text_member){word, making_key(making)};
    members[2] = (struct text_member){0};
    return members;
}

/* ---- groups ---- */

static const struct property group_members[] = {
    {"Description", &kind_text, OPTIONAL},   {"GroupName", &kind_text, OPTIONAL},
    {"Precedence", &kind_integer, OPTIONAL}, {"RoleArn", &kind_text, OPTIONAL},
    {"UserPoolId", &kind_text, REQUIRED},    {0}};
static const struct kind_of_value group_properties = {.kind = STRUCTURE, .members = group_members};
static const struct setting group_settings[] = {
    {"Description", NULL, NULL}, {"Precedence", NULL, NULL}, {"RoleArn", NULL, NULL}, {0}};

static bool find_group(struct making *making)
{
    struct client_answer answer;
    struct input input;

    if (pool_of(making).len == 0 || making_key(making).len == 0)
        return true;
    input_begin(&input);
    input_texts(&input, own(making, "GroupName"));
    if (!making_ask(making, SERVICE_USER_POOLS, "GetGroup", NOT_THERE, &input, &answer))
        return false;
    making->have = json_get(answer.body, "Group");
    if (making->have != NULL)
        making_identify(making, text_of(making->have, "GroupName"));
    return true;
}

static bool send_group(struct making *making, const char *operation)
{
    struct input input;

    input_begin(&input);
    input_text(&input, "UserPoolId", text_of(making->want, "UserPoolId"));
    input_text(&input, "GroupName", making->name);
    settings_write(&input, group_settings, making->want);
    if (json_get(making->want, "Description") == NULL && text_of(making->have, "Description").len > 0)
        input_literal(&input, "Description", "\"\"");
    return making_call(making, SERVICE_USER_POOLS, operation, &input, NULL);
}

static bool create_group(struct making *making)
{
    if (!send_group(making, "CreateGroup"))
        return false;
    making_identify(making, making->name);
    return true;
}

static bool compare_group(struct making *making)
{
    static const char *const fixed[] = {"UserPoolId", NULL};

    return making_fixed_all(making, fixed) && making_fixed_name(making);
}

static bool update_group(struct making *making)
{
    return settings_differ(making, group_settings, making->have) == NULL || send_group(making, "UpdateGroup");
}

static bool read_group(struct making *making, const struct json **properties)
{
    static const char *const members[] = {"GroupName", "UserPoolId", NULL};
    struct input out;

    input_begin(&out);
    reading_members(&out, making->have, members);
    settings_read(&out, group_settings, making->have);
    return reading_done(making, &out, properties);
}

static bool remove_group(struct making *making)
{
    return making_do(making, SERVICE_USER_POOLS, "DeleteGroup", own(making, "GroupName"), NULL);
}

static enum resolved early_name(struct stack *stack, struct resource *resource, struct slice attribute,
                                struct slice *out, struct slice *reason)
{
    return attribute.len == 0 ? stack_resource_name(stack, resource, out, reason) : RESOLVED_LATER;
}

static const struct naming group_naming = {.property = "GroupName",
                                           .least = 1,
                                           .most = 128,
                                           .part = 57,
                                           .what = "group name",
                                           .more_text = "bytes",
                                           .shared = true,
                                           .within = "UserPoolId"};
static const char *const group_identifier[] = {"UserPoolId", "GroupName", NULL};
static const struct listing groups = {.service = SERVICE_USER_POOLS,
                                      .operation = "ListGroups",
                                      .list = "Groups",
                                      .token = "NextToken",
                                      .next = "NextToken",
                                      .page_size = "\"Limit\":60",
                                      .element = "GroupName"};
const struct resource_type user_pool_group_type = {.name = "AWS::Cognito::UserPoolGroup",
                                                   .properties = &group_properties,
                                                   .naming = &group_naming,
                                                   .early = early_name,
                                                   .find = find_group,
                                                   .compare = compare_group,
                                                   .create = create_group,
                                                   .update = update_group,
                                                   .read = read_group,
                                                   .identifier = group_identifier,
                                                   .listing = &groups,
                                                   .remove = remove_group};

/* ---- users ---- */

static const struct property attribute_members[] = {
    {"Name", &kind_text, OPTIONAL}, {"Value", &kind_text, OPTIONAL}, {0}};
static const struct kind_of_value attribute = {.kind = STRUCTURE, .members = attribute_members};
static const struct kind_of_value user_attributes = {.kind = LIST, .element = &attribute};
static const struct property user_members[] = {{"ClientMetadata", &kind_text_map, OPTIONAL},
                                               {"DesiredDeliveryMediums", &kind_texts, OPTIONAL},
                                               {"ForceAliasCreation", &kind_boolean, OPTIONAL},
                                               {"MessageAction", &kind_text, OPTIONAL},
                                               {"UserAttributes", &user_attributes, OPTIONAL},
                                               {"UserPoolId", &kind_text, REQUIRED},
                                               {"Username", &kind_text, OPTIONAL},
                                               {"ValidationData", &user_attributes, OPTIONAL},
                                               {0}};
static const struct kind_of_value user_properties = {.kind = STRUCTURE, .members = user_members};
static const struct setting user_settings[] = {{"ClientMetadata", NULL, NULL},
                                               {"DesiredDeliveryMediums", NULL, NULL},
                                               {"ForceAliasCreation", NULL, NULL},
                                               {"MessageAction", NULL, NULL},
                                               {"UserAttributes", NULL, NULL},
                                               {"ValidationData", NULL, NULL},
                                               {0}};

static bool find_user(struct making *making)
{
    struct client_answer answer;
    struct input input;

    if (pool_of(making).len == 0 || making_key(making).len == 0)
        return true;
    input_begin(&input);
    input_texts(&input, own(making, "Username"));
    if (!making_ask(making, SERVICE_USER_POOLS, "AdminGetUser", NO_USER, &input, &answer))
        return false;
    making->have = answer.body;
    if (making->have != NULL)
        making_identify(making, making_key(making));
    return true;
}

/* A user is made, and then is the user's own to change. */
static bool compare_user(struct making *making)
{
    static const char *const fixed[] = {
        "UserPoolId",    "ClientMetadata", "DesiredDeliveryMediums", "ForceAliasCreation",
        "MessageAction", "UserAttributes", "ValidationData",         NULL};

    return making_fixed_name(making) && making_fixed_all(making, fixed);
}

static void write_attribute(struct input *out, const struct json *given, void *context)
{
    static const char *const members[] = {"Name", "Value", NULL};

    (void)context;
    reading_members(out, given, members);
}

/* How a user was invited nobody remembers, and the attribute `sub` nobody gives. */
static bool read_user(struct making *making, const struct json **properties)
{
    const struct json *told = json_get(making->have, "UserAttributes");
    struct json own = {.type = JSON_ARRAY,
                       .array = {arena_array(making->arena, struct json, count_of(told)), 0}};
    struct input out;

    for (size_t i = 0; i < count_of(told); i++) {
        if (!slice_is(text_of(&told->array.items[i], "Name"), "sub"))
            own.array.items[own.array.count++] = told->array.items[i];
    }

    input_begin(&out);
    input_text(&out, "UserPoolId", pool_of(making));
    input_text(&out, "Username", making->id);
    reading_list(&out, "UserAttributes", &own, write_attribute, NULL);
    return reading_done(making, &out, properties);
}

static bool remove_user(struct making *making)
{
    return making_do(making, SERVICE_USER_POOLS, "AdminDeleteUser", own(making, "Username"), NULL);
}

static bool create_user(struct making *making)
{
    struct input input;

    input_begin(&input);
    input_text(&input, "UserPoolId", pool_of(making));
    input_text(&input, "Username", making->name);
    settings_write(&input, user_settings, making->want);
    if (!making_call(making, SERVICE_USER_POOLS, "AdminCreateUser", &input, NULL))
        return false;
    making_identify(making, making->name);
    return true;
}

static const struct naming user_naming = {.property = "Username",
                                          .least = 1,
                                          .most = 128,
                                          .part = 57,
                                          .what = "user name",
                                          .more_text = "bytes",
                                          .shared = true,
                                          .within = "UserPoolId"};

static const char *const user_identifier[] = {"UserPoolId", "Username", NULL};
static const struct listing users = {.service = SERVICE_USER_POOLS,
                                     .operation = "ListUsers",
                                     .list = "Users",
                                     .token = "PaginationToken",
                                     .next = "PaginationToken",
                                     .page_size = "\"Limit\":60",
                                     .element = "Username"};
const struct resource_type user_pool_user_type = {.name = "AWS::Cognito::UserPoolUser",
                                                  .properties = &user_properties,
                                                  .naming = &user_naming,
                                                  .early = early_name,
                                                  .find = find_user,
                                                  .compare = compare_user,
                                                  .create = create_user,
                                                  .read = read_user,
                                                  .identifier = user_identifier,
                                                  .listing = &users,
                                                  .remove = remove_user};

/* ---- users in groups ---- */

static const struct property attachment_members[] = {{"GroupName", &kind_text, REQUIRED},
                                                     {"UserPoolId", &kind_text, REQUIRED},
                                                     {"Username", &kind_text, REQUIRED},
                                                     {0}};
static const struct kind_of_value attachment_properties = {.kind = STRUCTURE, .members = attachment_members};

static bool find_attachment(struct making *making)
{
    static const struct listing listing = {
        SERVICE_USER_POOLS, "AdminListGroupsForUser", "Groups", "NextToken",
        "NextToken",        "\"Limit\":60",           NULL};
    const struct text_member user[] = {
        {"UserPoolId", pool_of(making)}, {"Username", text_of(making_place(making), "Username")}, {0}};
    struct client_answer answer;
    struct input input;
    struct json joined;

    if (user[0].text.len == 0 || user[1].text.len == 0)
        return true;
    input_begin(&input);
    input_text(&input, user[0].name, user[0].text);
    input_text(&input, user[1].name, user[1].text);
    if (!making_ask(making, SERVICE_USER_POOLS, "AdminGetUser", NO_USER, &input, &answer))
        return false;
    if (answer.body == NULL)
        return true;
    if (!making_list(making, &listing, user, &joined))
        return false;
    making->have = find_by(&joined, "GroupName", text_of(making_place(making), "GroupName"));
    if (making->have != NULL)
        making_identify_made(making);
    return true;
}

static bool compare_attachment(struct making *making)
{
    static const char *const fixed[] = {"GroupName", "UserPoolId", "Username", NULL};

    return making_fixed_all(making, fixed);
}

static bool change_attachment(struct making *making, const char *operation)
{
    const struct text_member members[] = {{"UserPoolId", text_of(making->want, "UserPoolId")},
                                          {"Username", text_of(making->want, "Username")},
                                          {"GroupName", text_of(making->want, "GroupName")},
                                          {0}};

    return making_do(making, SERVICE_USER_POOLS, operation, members, NULL);
}

static bool create_attachment(struct making *making)
{
    if (!change_attachment(making, "AdminAddUserToGroup"))
        return false;
    making_identify_made(making);
    return true;
}

static bool remove_attachment(struct making *making)
{
    return change_attachment(making, "AdminRemoveUserFromGroup");
}

static const char *const attachment_attributes[] = {"Id", NULL};
const struct resource_type user_pool_attachment_type = {.name = "AWS::Cognito::UserPoolUserToGroupAttachment",
                                                        .properties = &attachment_properties,
                                                        .attributes = attachment_attributes,
                                                        .early = early_made_id,
                                                        .find = find_attachment,
                                                        .compare = compare_attachment,
                                                        .create = create_attachment,
                                                        .remove = remove_attachment};
