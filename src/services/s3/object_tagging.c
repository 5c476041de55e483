/* PutObjectTagging, GetObjectTagging, DeleteObjectTagging: tags of a version that is there. */
#include "services/s3/handlers.h"

#include "services/s3/conditions.h"

enum { OBJECT_TAGS = 10 };

static void tell_tags(struct s3_output *output, const struct s3_pairs *tags)
{
    struct s3_output list = s3_open_list(output, "TagSet");

    for (size_t i = 0; i < tags->count; i++) {
        struct s3_output tag = s3_open(&list, NULL);
        s3_tell(&tag, "Key", tags->items[i].key);
        s3_tell(&tag, "Value", tags->items[i].value);
        s3_end(&tag);
    }
    s3_close_list(&list);
}

bool s3_get_object_tagging(struct request *request)
{
    struct found_object found = {.file = -1};
    struct s3_bucket bucket;

    bool good = s3_enter_bucket(request, &bucket, NULL) &&
                s3_find_version(request, NULL, &bucket, s3_text(request, "Key"),
                                s3_text(request, "VersionId"), &found);
    if (good) {
        struct s3_output output = s3_begin(request);
        s3_tell_version(&output, &bucket, &found.object);
        tell_tags(&output, &found.object.tags);
        s3_end(&output);
    }
    found_object_close(&found);
    return good;
}

/* The record of the version, wherever it stands; the current one is written anew in any case. */
static bool put_record(struct request *request, const struct s3_bucket *bucket,
                       const struct found_object *found)
{
    struct slice key = s3_text(request, "Key"), at = s3_object_key(request->arena, bucket->id, key);
    struct found_object current = {.file = -1};

    if (found->file >= 0)
        return fail(&request->failure, ERROR_S3_ACCESS_DENIED,
                    "The object %.*s is a file, s3/%.*s/%.*s in the server's data folder, and S3 only reads "
                    "such",
                    SLICE_ARGS(key), SLICE_ARGS(bucket->name), SLICE_ARGS(key));
    bool good = s3_find_current(request, NULL, bucket, key, &current);
    bool is_current = good && current.stored && current.object.order == found->object.order;
    found_object_close(&current);
    if (!good)
        return false;
    if (!is_current) {
        struct slice older = s3_version_key(request->arena, bucket->id, key, found->object.order);
        batch_guard(&request->batch, older, found->version);
        s3_put(&request->batch, older, &s3_object_layout, &found->object);
    }
    if (is_current)
        s3_put(&request->batch, at, &s3_object_layout, &found->object);
    else if (current.stored)
        s3_put(&request->batch, at, &s3_object_layout, &current.object);
    batch_guard(&request->batch, at, is_current ? found->version : current.version);
    return true;
}

static bool set_tags(struct request *request, const struct s3_pairs *tags)
{
    struct found_object found = {.file = -1};
    struct s3_bucket bucket;
    struct version version;

    bool good = s3_enter_bucket(request, &bucket, &version) &&
                s3_find_version(request, NULL, &bucket, s3_text(request, "Key"),
                                s3_text(request, "VersionId"), &found);
    if (good) {
        found.object.tags = *tags;
        s3_hold_bucket(request, &bucket, version);
        good = put_record(request, &bucket, &found);
    }
    if (good) {
        struct s3_output output = s3_begin(request);
        s3_tell_version(&output, &bucket, &found.object);
        s3_end(&output);
    }
    found_object_close(&found);
    return good;
}

bool s3_put_object_tagging(struct request *request)
{
    const struct json *list = json_get_present(json_get_present(request->body, "Tagging"), "TagSet");
    struct s3_pairs tags;

    return s3_read_tags(request, list, OBJECT_TAGS, &tags) && set_tags(request, &tags);
}

bool s3_delete_object_tagging(struct request *request)
{
    const struct s3_pairs none = {0};

    return set_tags(request, &none);
}
