/* AWS::IAM::Policy and AWS::IAM::ManagedPolicy. AWS: CloudFormation template reference. */
#include "deploy/intrinsics.h"
#include "deploy/types/iam.h"
#include "deploy/types/reading.h"

/* The properties that name the holders of a policy. */
static const struct {
    const char *property, *word;
} holders[] = {{"Roles", "Role"}, {"Users", "User"}, {"Groups", "Group"}};

enum { HOLDER_KINDS = sizeof(holders) / sizeof(holders[0]) };

/* Calls `visit` for each holder that properties name, until one returns false. */
static bool for_each_holder(struct making *making, const struct json *properties,
                            bool (*visit)(struct making *making, const struct holder *holder))
{
    for (size_t i = 0; i < HOLDER_KINDS; i++) {
        const struct json *names = json_get(properties, holders[i].property);
        for (size_t j = 0; j < count_of(names); j++) {
            const struct json *name = &names->array.items[j];
            if (name->type != JSON_STRING) /* not known yet */
                continue;
            if (!visit(making, &(struct holder){holders[i].word, name->text}))
                return false;
        }
    }
    return true;
}

/* ---- inline policies ---- */

static const struct property inline_members[] = {
    {"Groups", &kind_texts, OPTIONAL},    {"PolicyDocument", &kind_document, REQUIRED},
    {"PolicyName", &kind_text, REQUIRED}, {"Roles", &kind_texts, OPTIONAL},
    {"Users", &kind_texts, OPTIONAL},     {0}};
static const struct kind_of_value inline_properties = {.kind = STRUCTURE, .members = inline_members};

static bool names_somebody(const struct json *properties)
{
    for (size_t i = 0; i < HOLDER_KINDS; i++) {
        if (count_of(json_get(properties, holders[i].property)) > 0)
            return true;
    }
    return false;
}

static bool check_inline(struct making *making)
{
    if (!names_somebody(making->want))
        return making_refuse(making, "Roles: one of Roles, Users and Groups must name somebody");
    return document_check(making, POLICY_INLINE, "PolicyDocument", json_get(making->want, "PolicyDocument"));
}

/* What the policy is called where it is. */
static struct slice had_name(const struct making *making)
{
    return making->before != NULL ? text_of(making->before, "PolicyName") : making->name;
}

static bool look_at(struct making *making, const struct holder *holder)
{
    bool has, same;

    if (!holder_has_policy(making, holder, had_name(making), json_get(making->want, "PolicyDocument"), &has,
                           &same))
        return false;
    if (has)
        making->have = making->want;
    return true;
}

static bool find_inline(struct making *making)
{
    if (had_name(making).len == 0)
        return true;
    if (!for_each_holder(making, making_place(making), look_at))
        return false;
    if (making->have != NULL)
        making_identify_made(making);
    return true;
}

static bool put(struct making *making, const struct holder *holder)
{
    return holder_put_policy(making, holder, making->name, json_get(making->want, "PolicyDocument"));
}

static bool names_holder(const struct json *properties, const struct holder *holder)
{
    for (size_t i = 0; i < HOLDER_KINDS; i++) {
        if (strcmp(holders[i].word, holder->word) == 0)
            return list_has(json_get(properties, holders[i].property), holder->name);
    }
    return false;
}

static bool take_away(struct making *making, const struct holder *holder)
{
    return holder_undo(making, holder, "Delete%sPolicy", "PolicyName", had_name(making));
}

/* From a holder that the template names no more, or where the policy has another name now. */
static bool take_old_away(struct making *making, const struct holder *holder)
{
    return (names_holder(making->want, holder) && slice_equal(had_name(making), making->name)) ||
           take_away(making, holder);
}

static bool apply_inline(struct making *making)
{
    making_identify_made(making);
    return for_each_holder(making, making->want, put) &&
           for_each_holder(making, making->before, take_old_away);
}

static bool remove_inline(struct making *making)
{
    return for_each_holder(making, making->want, take_away);
}

static const struct naming inline_naming = {.property = "PolicyName",
                                            .least = 1,
                                            .most = 128,
                                            .what = "name",
                                            .more = "_+=,.@-",
                                            .more_text =
                                                "of a-z, A-Z, 0-9, '_', '+', '=', ',', '.', '@' and '-'",
                                            .shared = true};
static const char *const inline_attributes[] = {"Id", NULL};
const struct resource_type inline_policy_type = {.name = "AWS::IAM::Policy",
                                                 .properties = &inline_properties,
                                                 .naming = &inline_naming,
                                                 .attributes = inline_attributes,
                                                 .early = early_made_id,
                                                 .check = check_inline,
                                                 .find = find_inline,
                                                 .create = apply_inline,
                                                 .update = apply_inline,
                                                 .remove = remove_inline};

/* ---- managed policies ---- */

static const struct property managed_members[] = {{"Description", &kind_text, OPTIONAL},
                                                  {"Groups", &kind_texts, OPTIONAL},
                                                  {"ManagedPolicyName", &kind_text, OPTIONAL},
                                                  {"Path", &kind_text, OPTIONAL},
                                                  {"PolicyDocument", &kind_document, REQUIRED},
                                                  {"Roles", &kind_texts, OPTIONAL},
                                                  {"Users", &kind_texts, OPTIONAL},
                                                  {0}};
static const struct kind_of_value managed_properties = {.kind = STRUCTURE, .members = managed_members};

/* AWS: a policy has at most five versions. */
enum { VERSIONS_LIMIT = 5 };

static bool check_managed(struct making *making)
{
    return document_check(making, POLICY_MANAGED, "PolicyDocument", json_get(making->want, "PolicyDocument"));
}

static const char *const managed_attributes[] = {
    "PolicyArn",  "PolicyId",        "CreateDate",   "DefaultVersionId",
    "UpdateDate", "AttachmentCount", "IsAttachable", "PermissionsBoundaryUsageCount",
    NULL};

static void publish(struct making *making)
{
    struct slice arn = text_of(making->have, "Arn");

    making_identify(making, arn);
    making_publish(making, "PolicyArn", arn);
    for (size_t i = 0; managed_attributes[i] != NULL; i++) {
        struct slice value;
        const struct json *told = json_get(making->have, managed_attributes[i]);
        if (told != NULL && scalar_text(told, &value))
            making_publish(making, managed_attributes[i], value);
    }
}

/* have is NULL if there is none. */
static bool describe_managed(struct making *making, struct slice arn)
{
    struct client_answer answer;
    struct input input;

    input_begin(&input);
    input_text(&input, "PolicyArn", arn);
    if (!making_ask(making, SERVICE_IAM, "GetPolicy", NO_SUCH, &input, &answer))
        return false;
    making->have = json_get(answer.body, "Policy");
    if (making->have != NULL)
        publish(making);
    return true;
}

static const struct text_member local_scope = {"Scope", {"Local", 5}};
static const struct listing managed_policies = {.service = SERVICE_IAM,
                                                .operation = "ListPolicies",
                                                .list = "Policies",
                                                .token = "Marker",
                                                .next = "Marker",
                                                .element = "Arn"};

/* By its name, for the account is the server's to know. The list leaves the description out. */
static bool find_managed(struct making *making)
{
    struct json list;

    if (making->id.len > 0)
        return describe_managed(making, making->id);
    if (making->name.len == 0)
        return true;
    if (!making_list(making, &managed_policies, (const struct text_member[]){local_scope, {0}}, &list))
        return false;
    const struct json *listed = find_by(&list, "PolicyName", making->name);
    return listed == NULL || describe_managed(making, text_of(listed, "Arn"));
}

static bool compare_managed(struct making *making)
{
    return making_fixed(making, "ManagedPolicyName",
                        slice_equal(making->name, text_of(making->have, "PolicyName"))) &&
           making_fixed(making, "Path", slice_equal(iam_path(making), text_of(making->have, "Path"))) &&
           making_fixed(
               making, "Description",
               slice_equal(text_of(making->want, "Description"), text_of(making->have, "Description")));
}

static bool attach(struct making *making, const struct holder *holder)
{
    return holder_attach(making, holder, making->id);
}

static bool create_managed(struct making *making)
{
    struct client_answer answer;
    struct input input;

    input_begin(&input);
    input_text(&input, "PolicyName", making->name);
    input_text(&input, "Path", text_of(making->want, "Path"));
    input_text(&input, "Description", text_of(making->want, "Description"));
    input_document(&input, "PolicyDocument", json_get(making->want, "PolicyDocument"));
    if (!making_call(making, SERVICE_IAM, "CreatePolicy", &input, &answer))
        return false;
    making->have = json_get(answer.body, "Policy");
    publish(making);
    return for_each_holder(making, making->want, attach);
}

/* Makes room for one more version: the oldest that is not the default goes. */
static bool drop_oldest_version(struct making *making)
{
    static const struct listing listing = {
        SERVICE_IAM, "ListPolicyVersions", "Versions", "Marker", "Marker", NULL, NULL};
    struct json versions;

    if (!making_list(making, &listing, (const struct text_member[]){{"PolicyArn", making->id}, {0}},
                     &versions))
        return false;
    if (versions.array.count < VERSIONS_LIMIT)
        return true;
    for (size_t i = versions.array.count; i-- > 0;) {
        const struct json *version = &versions.array.items[i];
        if (flag_of(version, "IsDefaultVersion"))
            continue;
        const struct text_member named[] = {
            {"PolicyArn", making->id}, {"VersionId", text_of(version, "VersionId")}, {0}};
        return making_do(making, SERVICE_IAM, "DeletePolicyVersion", named, NULL);
    }
    return true;
}

static bool read_document(struct making *making, struct slice *out)
{
    const struct text_member version[] = {
        {"PolicyArn", making->id}, {"VersionId", text_of(making->have, "DefaultVersionId")}, {0}};
    struct client_answer answer;

    if (!making_do(making, SERVICE_IAM, "GetPolicyVersion", version, &answer))
        return false;
    *out = percent_decode(making->arena, text_of(json_get(answer.body, "PolicyVersion"), "Document"));
    return true;
}

static bool change_document(struct making *making)
{
    const struct json *want = json_get(making->want, "PolicyDocument");
    struct input input;
    struct slice had;

    if (!read_document(making, &had))
        return false;
    if (document_same(making->arena, want, had))
        return true;
    if (!drop_oldest_version(making))
        return false;
    input_begin(&input);
    input_text(&input, "PolicyArn", making->id);
    input_document(&input, "PolicyDocument", want);
    input_literal(&input, "SetAsDefault", "true");
    return making_call(making, SERVICE_IAM, "CreatePolicyVersion", &input, NULL);
}

static bool detach(struct making *making, const struct holder *holder)
{
    return holder_undo(making, holder, "Detach%sPolicy", "PolicyArn", making->id);
}

static bool detach_dropped(struct making *making, const struct holder *holder)
{
    return names_holder(making->want, holder) || detach(making, holder);
}

static bool update_managed(struct making *making)
{
    return change_document(making) && for_each_holder(making, making->want, attach) &&
           for_each_holder(making, making->before, detach_dropped);
}

/* To whom it is attached, as ListEntitiesForPolicy tells of each kind. */
static const char *const entities[HOLDER_KINDS] = {"PolicyRoles", "PolicyUsers", "PolicyGroups"};

static bool list_entities(struct making *making, size_t kind, struct json *out)
{
    const struct listing listing = {.service = SERVICE_IAM,
                                    .operation = "ListEntitiesForPolicy",
                                    .list = entities[kind],
                                    .token = "Marker",
                                    .next = "Marker"};

    return making_list(making, &listing, (const struct text_member[]){{"PolicyArn", making->id}, {0}}, out);
}

/* The names in a list of ListEntitiesForPolicy. */
static struct json names_in(struct making *making, size_t kind, const struct json *list)
{
    struct json names = {.type = JSON_ARRAY,
                         .array = {arena_array(making->arena, struct json, count_of(list)), 0}};
    const char *member = arena_printf(making->arena, "%sName", holders[kind].word).ptr;

    for (size_t i = 0; i < count_of(list); i++)
        names.array.items[names.array.count++] =
            (struct json){.type = JSON_STRING, .text = text_of(&list->array.items[i], member)};
    return names;
}

static bool read_managed(struct making *making, const struct json **properties)
{
    struct json named[HOLDER_KINDS], list;
    struct slice document;
    struct input out;

    if (!read_document(making, &document))
        return false;
    for (size_t i = 0; i < HOLDER_KINDS; i++) {
        if (!list_entities(making, i, &list))
            return false;
        named[i] = names_in(making, i, &list);
    }
    input_begin(&out);
    input_text(&out, "ManagedPolicyName", text_of(making->have, "PolicyName"));
    input_text(&out, "Path", text_of(making->have, "Path"));
    input_text(&out, "Description", text_of(making->have, "Description"));
    reading_document(making, &out, "PolicyDocument", document);
    for (size_t i = 0; i < HOLDER_KINDS; i++)
        iam_read_list(&out, holders[i].property, &named[i]);
    return reading_done(making, &out, properties);
}

static bool remove_managed(struct making *making)
{
    static const struct listing listing = {
        SERVICE_IAM, "ListPolicyVersions", "Versions", "Marker", "Marker", NULL, NULL};
    const struct text_member named[] = {{"PolicyArn", making->id}, {0}};
    struct json versions;

    if (!for_each_holder(making, making->want, detach) || !making_list(making, &listing, named, &versions))
        return false;
    for (size_t i = 0; i < versions.array.count; i++) {
        const struct json *version = &versions.array.items[i];
        const struct text_member one[] = {
            {"PolicyArn", making->id}, {"VersionId", text_of(version, "VersionId")}, {0}};
        if (!flag_of(version, "IsDefaultVersion") &&
            !making_do(making, SERVICE_IAM, "DeletePolicyVersion", one, NULL))
            return false;
    }
    return making_do(making, SERVICE_IAM, "DeletePolicy", named, NULL);
}

static enum resolved early_managed(struct stack *stack, struct resource *resource, struct slice attribute,
                                   struct slice *out, struct slice *reason)
{
    return attribute.len == 0 || slice_is(attribute, "PolicyArn")
               ? iam_arn(stack, resource, "policy", out, reason)
               : RESOLVED_LATER;
}

static const struct naming managed_naming = {.property = "ManagedPolicyName",
                                             .least = 1,
                                             .most = 128,
                                             .part = 57,
                                             .what = "name",
                                             .more = "_+=,.@-",
                                             .more_text =
                                                 "of a-z, A-Z, 0-9, '_', '+', '=', ',', '.', '@' and '-'"};
static const char *const managed_identifier[] = {"PolicyArn", NULL};
const struct resource_type managed_policy_type = {.name = "AWS::IAM::ManagedPolicy",
                                                  .properties = &managed_properties,
                                                  .naming = &managed_naming,
                                                  .attributes = managed_attributes,
                                                  .early = early_managed,
                                                  .check = check_managed,
                                                  .find = find_managed,
                                                  .compare = compare_managed,
                                                  .create = create_managed,
                                                  .update = update_managed,
                                                  .read = read_managed,
                                                  .identifier = managed_identifier,
                                                  .listing = &managed_policies,
                                                  .list_all = &local_scope,
                                                  .remove = remove_managed};
