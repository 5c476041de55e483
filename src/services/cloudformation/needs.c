#include "services/cloudformation/needs.h"

#include "auth/principal_keys.h"
#include "deploy/making.h"
#include "services/operation.h"
#include "stacks/change_set.h"

/* What a request's conditions may ask: of the request, and of the stack that is there. */
struct asked_stack {
    struct request *request;
    const struct json *tags; /* of the stack that is there, or NULL */
};

/* The input may not have been checked yet. */
static const struct json *tags_in(const struct request *request)
{
    const struct json *tags = json_get(request->body, "Tags");

    return tags != NULL && tags->type == JSON_ARRAY ? tags : NULL;
}

static bool find_tag(const struct json *tags, struct slice key, struct arena *arena, struct iam_values *out)
{
    for (size_t i = 0; i < count_of(tags); i++) {
        struct slice name = text_of(&tags->array.items[i], "Key");
        if (name.len == key.len && strncasecmp(name.ptr, key.ptr, key.len) == 0)
            return key_has_one(text_of(&tags->array.items[i], "Value"), arena, out);
    }
    return false;
}

static bool find_tag_keys(const struct json *tags, struct arena *arena, struct iam_values *out)
{
    struct slice *keys = arena_array(arena, struct slice, count_of(tags));

    for (size_t i = 0; i < count_of(tags); i++)
        keys[i] = text_of(&tags->array.items[i], "Key");
    *out = (struct iam_values){keys, count_of(tags), true};
    return count_of(tags) > 0;
}

/* AWS: "Condition keys for AWS CloudFormation". */
static bool find_key(void *from, struct slice key, struct iam_values *out)
{
    static const struct {
        const char *key, *member;
    } members[] = {{"cloudformation:TemplateUrl", "TemplateURL"},
                   {"cloudformation:RoleArn", "RoleARN"},
                   {"cloudformation:StackPolicyUrl", "StackPolicyURL"},
                   {"cloudformation:ChangeSetName", "ChangeSetName"}};
    const struct asked_stack *asked = from;
    struct arena *arena = asked->request->arena;
    struct slice rest;

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        struct slice text = permissions_text(asked->request, members[i].member);
        if (iam_key_is(key, members[i].key))
            return text.len > 0 && key_has_one(text, arena, out);
    }
    if (iam_key_starts_with(key, "aws:RequestTag/", &rest))
        return find_tag(tags_in(asked->request), rest, arena, out);
    if (iam_key_starts_with(key, "aws:ResourceTag/", &rest))
        return find_tag(asked->tags, rest, arena, out);
    return iam_key_is(key, "aws:TagKeys") && find_tag_keys(tags_in(asked->request), arena, out);
}

static bool need(struct request *request, struct permissions *needs, struct slice resource,
                 const struct json *tags)
{
    struct asked_stack *asked = arena_new(request->arena, struct asked_stack);

    *asked = (struct asked_stack){request, tags};
    permissions_add(needs, request->operation->action, resource)->context =
        (struct iam_context){find_key, asked};
    return true;
}

bool account_needs(struct request *request, struct permissions *needs)
{
    return need(request, needs, SLICE("*"), NULL);
}

static bool named_stack_needs(struct request *request, struct permissions *needs, struct slice name)
{
    const struct server *server = request->server;
    struct stack_record record;
    struct version version;

    if (name.len == 0)
        return account_needs(request, needs);
    if (stack_find(server->storage, request->arena, name, &record, &version) == STORAGE_OK)
        return need(request, needs, record.arn, record.source.tags);
    if (!slice_starts_with(name, SLICE("arn:")))
        name = arena_printf(request->arena, "arn:aws:cloudformation:%.*s:%.*s:stack/%.*s/*",
                            SLICE_ARGS(server->region), SLICE_ARGS(server->account_id), SLICE_ARGS(name));
    return need(request, needs, name, NULL);
}

bool stack_needs(struct request *request, struct permissions *needs)
{
    return named_stack_needs(request, needs, permissions_text(request, "StackName"));
}

/* The ARN of a change set tells which stack is meant, whatever StackName says. */
bool change_set_needs(struct request *request, struct permissions *needs)
{
    struct slice name = permissions_text(request, "ChangeSetName"), uuid;
    struct storage *storage = request->server->storage;
    struct stack_record record;
    struct version version;

    if (change_set_stack(storage, request->arena, name, &uuid) == STORAGE_OK &&
        stack_read(storage, request->arena, uuid, &record, &version) == STORAGE_OK)
        return named_stack_needs(request, needs, record.arn);
    return stack_needs(request, needs);
}
