#include "services/ssm/needs.h"

#include "auth/principal_keys.h"
#include "services/operation.h"
#include "services/ssm/name.h"
#include "services/ssm/parameter.h"

struct subject {
    struct request *request;
    struct slice name; /* of the parameter */
};

/* A list of the input that may not have been checked yet: NULL if it is none. */
static const struct json *list_of(const struct request *request, const char *member)
{
    const struct json *list = json_get(request->body, member);

    return list != NULL && list->type == JSON_ARRAY ? list : NULL;
}

static struct slice text_of(const struct json *value)
{
    return value != NULL && value->type == JSON_STRING ? value->text : (struct slice){NULL, 0};
}

static bool find_resource_tag(const struct subject *subject, struct slice key, struct iam_values *out)
{
    struct parameter parameter;

    if (parameter_read(subject->request, subject->name, &parameter, NULL) != STORAGE_OK)
        return false;
    for (size_t i = 0; i < parameter.tags.count; i++) {
        const struct parameter_tag *tag = &parameter.tags.items[i];
        if (slice_alike(tag->key, key))
            return key_has_one(tag->value.len == 0 ? SLICE("") : tag->value, subject->request->arena, out);
    }
    return false;
}

static bool find_request_tag(struct request *request, struct slice key, struct iam_values *out)
{
    const struct json *tags = list_of(request, "Tags");

    for (size_t i = 0; tags != NULL && i < tags->array.count; i++) {
        if (slice_alike(text_of(json_get(&tags->array.items[i], "Key")), key))
            return key_has_one(text_of(json_get(&tags->array.items[i], "Value")), request->arena, out);
    }
    return false;
}

/* Of tags that are put, or of those that are taken away. */
static bool find_tag_keys(struct request *request, struct iam_values *out)
{
    const struct json *tags = list_of(request, "Tags");
    const struct json *list = tags != NULL ? tags : list_of(request, "TagKeys");
    size_t count = list == NULL ? 0 : list->array.count;
    struct slice *values = arena_array(request->arena, struct slice, count);

    *out = (struct iam_values){.values = values, .multi_valued = true};
    for (size_t i = 0; i < count; i++) {
        const struct json *item = &list->array.items[i];
        struct slice key = text_of(tags != NULL ? json_get(item, "Key") : item);
        if (key.ptr != NULL)
            values[out->count++] = key;
    }
    return out->count > 0;
}

/* A truth of the input, which is false if it is not there. */
static bool find_truth(struct request *request, const char *member, struct iam_values *out)
{
    const struct json *value = json_get(request->body, member);
    bool truth = value != NULL && value->type == JSON_BOOLEAN && value->boolean;

    return key_has_one(truth ? SLICE("true") : SLICE("false"), request->arena, out);
}

static bool find(void *from, struct slice key, struct iam_values *out)
{
    const struct subject *subject = from;
    struct request *request = subject->request;
    bool puts = strcmp(request->operation->name, "PutParameter") == 0;
    struct slice tag;

    if (iam_key_starts_with(key, "aws:ResourceTag/", &tag) ||
        iam_key_starts_with(key, "ssm:resourceTag/", &tag))
        return find_resource_tag(subject, tag, out);
    if (iam_key_starts_with(key, "aws:RequestTag/", &tag))
        return find_request_tag(request, tag, out);
    if (iam_key_is(key, "aws:TagKeys"))
        return find_tag_keys(request, out);
    if (iam_key_is(key, "ssm:Recursive") && strcmp(request->operation->name, "GetParametersByPath") == 0)
        return find_truth(request, "Recursive", out);
    if (iam_key_is(key, "ssm:Overwrite") && puts)
        return find_truth(request, "Overwrite", out);
    return iam_key_is(key, "ssm:DataType") && puts &&
           key_has_one(text_of(json_get(request->body, "DataType")), request->arena, out);
}

static void add_need(struct permissions *needs, const char *action, struct slice text)
{
    struct request *request = needs->request;
    struct subject *subject = arena_new(request->arena, struct subject);
    const struct named_parameter named = name_parse(request, text);

    *subject = (struct subject){request, named.name};
    permissions_add(needs, action, named.foreign ? named.name : parameter_arn(request, named.name))->context =
        (struct iam_context){find, subject};
}

bool parameter_needs(struct request *request, struct permissions *needs)
{
    static const char *const members[] = {"Name", "Path", "ResourceId"};
    const struct json *names = list_of(request, "Names");
    const char *action = request->operation->action;

    for (size_t i = 0; names != NULL && i < names->array.count; i++)
        add_need(needs, action, text_of(&names->array.items[i]));
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        struct slice name = permissions_text(request, members[i]);
        if (name.len > 0)
            add_need(needs, action, name);
    }
    if (needs->first == NULL)
        permissions_add(needs, action, SLICE("*"));
    else if (strcmp(request->operation->name, "PutParameter") == 0 && list_of(request, "Tags") != NULL)
        add_need(needs, "ssm:AddTagsToResource", permissions_text(request, "Name"));
    return true;
}
