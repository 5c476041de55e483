/* AWS::IAM::RolePolicy, AWS::IAM::UserPolicy and AWS::IAM::GroupPolicy: one inline policy of one holder. AWS:
 * CloudFormation template reference. */
#include "deploy/types/iam.h"
#include "deploy/types/reading.h"

/* "Role" of AWS::IAM::RolePolicy. */
static const char *word_of(const struct making *making)
{
    static const char *const words[] = {"Role", "User", "Group"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strstr(making->resource->kind->name, words[i]) != NULL)
            return words[i];
    }
    return "";
}

/* Whose policy properties are about. */
static struct holder holder_in(struct making *making, const struct json *properties)
{
    struct holder holder = {.word = word_of(making)};

    holder.name = text_of(properties, holder_member(making, &holder));
    return holder;
}

static bool check(struct making *making)
{
    return document_check(making, POLICY_INLINE, "PolicyDocument", json_get(making->want, "PolicyDocument"));
}

static void identify(struct making *making, const struct json *properties)
{
    struct holder holder = holder_in(making, properties);

    making_identify(making,
                    arena_printf(making->arena, "%.*s|%.*s", SLICE_ARGS(text_of(properties, "PolicyName")),
                                 SLICE_ARGS(holder.name)));
}

static bool find(struct making *making)
{
    const struct json *place = making_place(making);
    struct holder holder = holder_in(making, place);
    struct slice policy = text_of(place, "PolicyName");
    bool has, same;

    if (holder.name.len == 0 || policy.len == 0)
        return true;
    if (!holder_has_policy(making, &holder, policy, json_get(making->want, "PolicyDocument"), &has, &same))
        return false;
    if (!has)
        return true;
    making->have = place;
    identify(making, place);
    return true;
}

static bool compare(struct making *making)
{
    struct holder holder = {.word = word_of(making)};
    const char *const fixed[] = {"PolicyName", holder_member(making, &holder), NULL};

    return making_fixed_all(making, fixed);
}

static bool put(struct making *making)
{
    struct holder holder = holder_in(making, making->want);

    if (!holder_put_policy(making, &holder, text_of(making->want, "PolicyName"),
                           json_get(making->want, "PolicyDocument")))
        return false;
    identify(making, making->want);
    return true;
}

static bool read_back(struct making *making, const struct json **properties)
{
    const struct json *place = making_place(making);
    struct holder holder = holder_in(making, place);
    struct slice policy = text_of(place, "PolicyName"), document;
    struct input out;

    if (!holder_read_policy(making, &holder, policy, &document))
        return false;
    input_begin(&out);
    input_text(&out, "PolicyName", policy);
    input_text(&out, holder_member(making, &holder), holder.name);
    reading_document(making, &out, "PolicyDocument", document);
    return reading_done(making, &out, properties);
}

static bool take_away(struct making *making)
{
    struct holder holder = holder_in(making, making->want);

    return holder_undo(making, &holder, "Delete%sPolicy", "PolicyName", text_of(making->want, "PolicyName"));
}

/* ---- the types ---- */

static const struct property role_members[] = {{"PolicyDocument", &kind_document, REQUIRED},
                                               {"PolicyName", &kind_text, REQUIRED},
                                               {"RoleName", &kind_text, REQUIRED},
                                               {0}};
static const struct kind_of_value role_properties = {.kind = STRUCTURE, .members = role_members};
const struct resource_type role_policy_type = {.name = "AWS::IAM::RolePolicy",
                                               .properties = &role_properties,
                                               .check = check,
                                               .find = find,
                                               .compare = compare,
                                               .create = put,
                                               .update = put,
                                               .read = read_back,
                                               .remove = take_away};

static const struct property user_members[] = {{"PolicyDocument", &kind_document, REQUIRED},
                                               {"PolicyName", &kind_text, REQUIRED},
                                               {"UserName", &kind_text, REQUIRED},
                                               {0}};
static const struct kind_of_value user_properties = {.kind = STRUCTURE, .members = user_members};
const struct resource_type user_policy_type = {.name = "AWS::IAM::UserPolicy",
                                               .properties = &user_properties,
                                               .check = check,
                                               .find = find,
                                               .compare = compare,
                                               .create = put,
                                               .update = put,
                                               .read = read_back,
                                               .remove = take_away};

static const struct property group_members[] = {{"GroupName", &kind_text, REQUIRED},
                                                {"PolicyDocument", &kind_document, REQUIRED},
                                                {"PolicyName", &kind_text, REQUIRED},
                                                {0}};
static const struct kind_of_value group_properties = {.kind = STRUCTURE, .members = group_members};
const struct resource_type group_policy_type = {.name = "AWS::IAM::GroupPolicy",
                                                .properties = &group_properties,
                                                .check = check,
                                                .find = find,
                                                .compare = compare,
                                                .create = put,
                                                .update = put,
                                                .read = read_back,
                                                .remove = take_away};
