#include "deploy/types/iam.h"

#include "deploy/intrinsics.h"
#include "deploy/types/reading.h"

static const struct property inline_members[] = {
    {"PolicyDocument", &kind_document, REQUIRED}, {"PolicyName", &kind_text, REQUIRED}, {0}};
static const struct kind_of_value inline_policy = {.kind = STRUCTURE, .members = inline_members};
const struct kind_of_value iam_inline_policies = {.kind = LIST, .element = &inline_policy};

const char *holder_member(struct making *making, const struct holder *holder)
{
    return arena_printf(making->arena, "%sName", holder->word).ptr;
}

/* "Get%sPolicy" of a role is GetRolePolicy. */
static const char *operation_of(struct making *making, const struct holder *holder, const char *operation)
{
    const char *at = strstr(operation, "%s");

    return arena_printf(making->arena, "%.*s%s%s", (int)(at - operation), operation, holder->word, at + 2)
        .ptr;
}

bool holder_do(struct making *making, const struct holder *holder, const char *operation, const char *member,
               struct slice text)
{
    const struct text_member members[] = {{holder_member(making, holder), holder->name}, {member, text}, {0}};

    return making_do(making, SERVICE_IAM, operation_of(making, holder, operation), members, NULL);
}

bool holder_undo(struct making *making, const struct holder *holder, const char *operation,
                 const char *member, struct slice text)
{
    struct client_answer answer;
    struct input input;

    input_begin(&input);
    input_text(&input, holder_member(making, holder), holder->name);
    input_text(&input, member, text);
    return making_ask(making, SERVICE_IAM, operation_of(making, holder, operation), NO_SUCH, &input, &answer);
}

/* ---- inline policies ---- */

bool holder_has_policy(struct making *making, const struct holder *holder, struct slice policy,
                       const struct json *document, bool *has, bool *same)
{
    struct client_answer answer;
    struct input input;

    input_begin(&input);
    input_text(&input, holder_member(making, holder), holder->name);
    input_text(&input, "PolicyName", policy);
    if (!making_ask(making, SERVICE_IAM, operation_of(making, holder, "Get%sPolicy"), NO_SUCH, &input,
                    &answer))
        return false;
    *has = answer.body != NULL;
    *same = *has && document_same(making->arena, document,
                                  percent_decode(making->arena, text_of(answer.body, "PolicyDocument")));
    return true;
}

bool holder_put_policy(struct making *making, const struct holder *holder, struct slice policy,
                       const struct json *document)
{
    struct input input;
    bool has, same;

    if (!holder_has_policy(making, holder, policy, document, &has, &same))
        return false;
    if (same)
        return true;
    input_begin(&input);
    input_text(&input, holder_member(making, holder), holder->name);
    input_text(&input, "PolicyName", policy);
    input_document(&input, "PolicyDocument", document);
    return making_call(making, SERVICE_IAM, operation_of(making, holder, "Put%sPolicy"), &input, NULL);
}

/* ---- managed policies ---- */

static bool list_attached(struct making *making, const struct holder *holder, struct json *out)
{
    const struct listing listing = {SERVICE_IAM,
                                    operation_of(making, holder, "ListAttached%sPolicies"),
                                    "AttachedPolicies",
                                    "Marker",
                                    "Marker",
                                    NULL,
                                    NULL};

    return making_list(making, &listing,
                       (const struct text_member[]){{holder_member(making, holder), holder->name}, {0}}, out);
}

bool holder_attach(struct making *making, const struct holder *holder, struct slice arn)
{
    struct json attached;

    if (!list_attached(making, holder, &attached))
        return false;
    if (find_by(&attached, "PolicyArn", arn) != NULL)
        return true;
    return holder_do(making, holder, "Attach%sPolicy", "PolicyArn", arn);
}

bool holder_check_policies(struct making *making)
{
    const struct json *inlines = json_get(making->want, "Policies");

    for (size_t i = 0; i < count_of(inlines); i++) {
        if (!document_check(making, POLICY_INLINE,
                            arena_printf(making->arena, "Policies[%zu].PolicyDocument", i).ptr,
                            json_get(&inlines->array.items[i], "PolicyDocument")))
            return false;
    }
    return true;
}

/* Takes away what the resource has had and its template names no more. */
static bool drop_policies(struct making *making, const struct holder *holder)
{
    const struct json *gone;

    for (size_t at = 0; (gone = making_dropped(making, "Policies", "PolicyName", &at)) != NULL;) {
        if (!holder_undo(making, holder, "Delete%sPolicy", "PolicyName", text_of(gone, "PolicyName")))
            return false;
    }
    for (size_t at = 0; (gone = making_dropped(making, "ManagedPolicyArns", NULL, &at)) != NULL;) {
        if (!holder_undo(making, holder, "Detach%sPolicy", "PolicyArn", gone->text))
            return false;
    }
    return true;
}

bool holder_apply_policies(struct making *making, const struct holder *holder)
{
    const struct json *inlines = json_get(making->want, "Policies");
    const struct json *arns = json_get(making->want, "ManagedPolicyArns");

    for (size_t i = 0; i < count_of(inlines); i++) {
        const struct json *policy = &inlines->array.items[i];
        if (!holder_put_policy(making, holder, text_of(policy, "PolicyName"),
                               json_get(policy, "PolicyDocument")))
            return false;
    }
    for (size_t i = 0; i < count_of(arns); i++) {
        if (!holder_attach(making, holder, arns->array.items[i].text))
            return false;
    }
    return drop_policies(making, holder);
}

bool holder_apply_boundary(struct making *making, const struct holder *holder, const struct json *have)
{
    struct slice wanted = text_of(making->want, "PermissionsBoundary");
    struct slice had = text_of(json_get(have, "PermissionsBoundary"), "PermissionsBoundaryArn");

    if (slice_equal(wanted, had))
        return true;
    return holder_do(making, holder,
                     wanted.len > 0 ? "Put%sPermissionsBoundary" : "Delete%sPermissionsBoundary",
                     "PermissionsBoundary", wanted);
}

static bool list_inlines(struct making *making, const struct holder *holder, struct json *out)
{
    const struct listing inlines = {.service = SERVICE_IAM,
                                    .operation = operation_of(making, holder, "List%sPolicies"),
                                    .list = "PolicyNames",
                                    .token = "Marker",
                                    .next = "Marker"};

    return making_list(making, &inlines,
                       (const struct text_member[]){{holder_member(making, holder), holder->name}, {0}}, out);
}

bool holder_withdraw(struct making *making, const struct holder *holder)
{
    const struct json *inlines = json_get(making->want, "Policies"),
                      *arns = json_get(making->want, "ManagedPolicyArns");

    for (size_t i = 0; i < count_of(inlines); i++) {
        if (!holder_undo(making, holder, "Delete%sPolicy", "PolicyName",
                         text_of(&inlines->array.items[i], "PolicyName")))
            return false;
    }
    for (size_t i = 0; i < count_of(arns); i++) {
        if (!holder_undo(making, holder, "Detach%sPolicy", "PolicyArn", arns->array.items[i].text))
            return false;
    }
    return true;
}

/* ---- reading ---- */

bool holder_read_policy(struct making *making, const struct holder *holder, struct slice name,
                        struct slice *document)
{
    const struct text_member members[] = {
        {holder_member(making, holder), holder->name}, {"PolicyName", name}, {0}};
    struct client_answer answer;

    if (!making_do(making, SERVICE_IAM, operation_of(making, holder, "Get%sPolicy"), members, &answer))
        return false;
    *document = percent_decode(making->arena, text_of(answer.body, "PolicyDocument"));
    return true;
}

static bool read_inline(struct making *making, const struct holder *holder, struct slice name,
                        struct json *out)
{
    const struct json *policy;
    struct slice document;
    struct input input;

    if (!holder_read_policy(making, holder, name, &document))
        return false;
    input_begin(&input);
    input_text(&input, "PolicyName", name);
    reading_document(making, &input, "PolicyDocument", document);
    bool done = reading_done(making, &input, &policy);
    *out = *policy;
    return done;
}

bool holder_read_policies(struct making *making, const struct holder *holder, struct json *inlines,
                          struct json *arns)
{
    struct json names, attached;

    if (!list_inlines(making, holder, &names) || !list_attached(making, holder, &attached))
        return false;
    *inlines = (struct json){.type = JSON_ARRAY};
    *arns = (struct json){.type = JSON_ARRAY};
    inlines->array.items = arena_array(making->arena, struct json, count_of(&names));
    arns->array.items = arena_array(making->arena, struct json, count_of(&attached));
    for (size_t i = 0; i < count_of(&names); i++) {
        if (!read_inline(making, holder, names.array.items[i].text,
                         &inlines->array.items[inlines->array.count++]))
            return false;
    }
    for (size_t i = 0; i < count_of(&attached); i++)
        arns->array.items[arns->array.count++] =
            (struct json){.type = JSON_STRING, .text = text_of(&attached.array.items[i], "PolicyArn")};
    return true;
}

void iam_read_list(struct input *out, const char *name, const struct json *list)
{
    if (count_of(list) > 0)
        input_value(out, name, list);
}

/* ---- tags ---- */

bool iam_apply_tags(struct making *making, const char *word, const char *member, struct slice name,
                    const struct json *have)
{
    struct tag_changes changes;
    struct input input;

    const struct json want = making_tags(making, json_get(making->want, "Tags"));

    tags_compare(making->arena, &want, have, &changes);
    if (changes.removed.array.count > 0) {
        input_begin(&input);
        input_text(&input, member, name);
        input_value(&input, "TagKeys", &changes.removed);
        if (!making_call(making, SERVICE_IAM, arena_printf(making->arena, "Untag%s", word).ptr, &input, NULL))
            return false;
    }
    if (changes.added.array.count == 0)
        return true;
    input_begin(&input);
    input_text(&input, member, name);
    input_value(&input, "Tags", &changes.added);
    return making_call(making, SERVICE_IAM, arena_printf(making->arena, "Tag%s", word).ptr, &input, NULL);
}

/* ---- names ---- */

enum resolved iam_arn(struct stack *stack, struct resource *resource, const char *word, struct slice *out,
                      struct slice *reason)
{
    const struct json *given = json_get(resource->properties, "Path");
    struct slice name, path = SLICE("/");
    struct json value;

    enum resolved resolved = stack_resource_name(stack, resource, &name, reason);
    if (resolved != RESOLVED)
        return resolved;
    if (given != NULL)
        resolved = stack_evaluate(stack, given, &value, reason);
    if (resolved == RESOLVED_UNKNOWN || resolved == RESOLVED_WRONG || resolved == RESOLVED_LATER)
        return resolved;
    if (given != NULL && resolved == RESOLVED && !scalar_text(&value, &path)) {
        *reason = SLICE("Path must be text");
        return RESOLVED_WRONG;
    }
    *out = arena_printf(stack->arena, "arn:aws:iam::%.*s:%s%.*s%.*s", SLICE_ARGS(stack->identity.account),
                        word, SLICE_ARGS(path), SLICE_ARGS(name));
    return RESOLVED;
}

struct slice iam_path(const struct making *making)
{
    struct slice path = text_of(making->want, "Path");

    return path.len > 0 ? path : SLICE("/");
}
