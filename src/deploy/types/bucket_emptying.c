/*
 * Custom::S3AutoDeleteObjects: the resource with which an app of the CDK has a bucket emptied before it is
 * removed. At AWS a function of the app does it; here the server, as that function does: only while the
 * bucket has the tag that allows it.
 */
#include "deploy/properties.h"
#include "deploy/types/tags.h"
#include "deploy/types/types.h"

#define ALLOWING_TAG "aws-cdk:auto-delete-objects"
#define ABSENT       "NoSuchBucket NotFound NoSuchTagSet"

static const struct property members[] = {
    {"BucketName", &kind_text, REQUIRED}, {"ServiceToken", &kind_text, REQUIRED}, {0}};
static const struct kind_of_value properties = {.kind = STRUCTURE, .members = members};

static bool create(struct making *making)
{
    making_identify_made(making);
    return true;
}

static bool is_allowed(struct making *making, struct slice bucket, bool *out)
{
    struct client_answer answer;
    struct input input;

    input_begin(&input);
    input_text(&input, "Bucket", bucket);
    if (!making_ask(making, SERVICE_S3, "GetBucketTagging", ABSENT, &input, &answer))
        return false;
    const struct json tags = tags_as_list(making->arena, json_get(answer.body, "TagSet"));
    const struct json *value = tag_value(&tags, SLICE(ALLOWING_TAG));
    *out = value != NULL && value->type == JSON_STRING && slice_is(value->text, "true");
    return true;
}

static void write_objects(struct input *out, const struct json *list, bool *any)
{
    for (size_t i = 0; i < count_of(list); i++) {
        const struct json *version = &list->array.items[i];
        struct input object;
        input_begin(&object);
        input_value(&object, "Key", json_get(version, "Key"));
        input_value(&object, "VersionId", json_get(version, "VersionId"));
        buffer_append_byte(&out->body, *any ? ',' : '[');
        buffer_append(&out->body, buffer_slice(&object.body));
        buffer_append_byte(&out->body, '}');
        buffer_finish(&object.body);
        *any = true;
    }
}

/* DeleteObjects succeeds also when it could not delete an object. */
static bool check_deleted(struct making *making, const struct json *errors)
{
    if (count_of(errors) == 0)
        return true;
    const struct json *first = &errors->array.items[0];
    return making_refuse(making, "DeleteObjects: %.*s: %.*s", SLICE_ARGS(text_of(first, "Key")),
                         SLICE_ARGS(text_of(first, "Message")));
}

/* A page of objects; *any: there were some. */
static bool delete_some(struct making *making, struct slice bucket, bool *any)
{
    const struct text_member one[] = {{"Bucket", bucket}, {0}};
    struct client_answer answer;
    struct input input;

    *any = false;
    if (!making_do(making, SERVICE_S3, "ListObjectVersions", one, &answer))
        return false;
    input_begin(&input);
    input_text(&input, "Bucket", bucket);
    json_write_name(&input.body, &input.first, "Delete");
    buffer_append_string(&input.body, "{\"Quiet\":true,\"Objects\":");
    write_objects(&input, json_get(answer.body, "Version"), any);
    write_objects(&input, json_get(answer.body, "DeleteMarker"), any);
    buffer_append_string(&input.body, "]}");
    if (*any)
        return making_call(making, SERVICE_S3, "DeleteObjects", &input, &answer) &&
               check_deleted(making, json_get(answer.body, "Error"));
    buffer_finish(&input.body);
    return true;
}

static bool empty(struct making *making, struct slice bucket)
{
    bool allowed, any = true;

    if (!is_allowed(making, bucket, &allowed))
        return false;
    while (allowed && any) {
        if (!delete_some(making, bucket, &any) || !making_wait(making, 0))
            return false;
    }
    return true;
}

/* A bucket that it is not about any more is emptied, as it will be removed. */
static bool update(struct making *making)
{
    struct slice had = text_of(making->before, "BucketName");

    return had.len == 0 || slice_equal(had, text_of(making->want, "BucketName")) || empty(making, had);
}

static bool remove_it(struct making *making)
{
    return empty(making, text_of(making->want, "BucketName"));
}

const struct resource_type bucket_emptying_type = {.name = "Custom::S3AutoDeleteObjects",
                                                   .properties = &properties,
                                                   .early = early_made_id,
                                                   .find = making_remembered,
                                                   .create = create,
                                                   .update = update,
                                                   .remove = remove_it};
