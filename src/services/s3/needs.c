/* What policies are asked for a request of S3. AWS: "Actions, resources, and condition keys for Amazon S3".
 */
#include "services/s3/handlers.h"

#include "auth/principal_keys.h"
#include "services/permissions.h"
#include "services/s3/bindings.h"
#include "services/s3/bucket_policy.h"
#include "services/s3/copy_source.h"
#include "services/s3/store.h"

/* ---- keys of conditions ---- */

static struct slice header_of(const struct request *request, const char *name)
{
    const struct slice *value = request->http == NULL ? NULL : http_header(request->http, name);

    return value == NULL ? (struct slice){NULL, 0} : *value;
}

/* Who listens on the loopback interface has the machine: what comes over it counts as sent over TLS. So
 * policies that let nobody in without it, as those of CDK's bootstrap, do not shut a server that speaks plain
 * HTTP to its own machine. */
static bool is_secure(const struct request *request)
{
    const struct http_request *http = request->http;

    return http == NULL || http->secure || slice_starts_with(slice_of(http->peer), SLICE("127.")) ||
           strcmp(http->peer, "::1") == 0 || slice_starts_with(slice_of(http->peer), SLICE("::ffff:127."));
}

static struct slice tag_of(const struct request *request, struct slice key)
{
    struct s3_pairs tags = {0};
    struct failure ignored;
    struct request reading = *request;

    failure_init(&ignored, request->arena);
    reading.failure = ignored;
    if (!s3_read_tag_query(&reading, s3_text(request, "Tagging"), &tags))
        return (struct slice){NULL, 0};
    for (size_t i = 0; i < tags.count; i++) {
        if (slice_equal(tags.items[i].key, key))
            return tags.items[i].value;
    }
    return (struct slice){NULL, 0};
}

static struct slice key_text(struct request *request, struct slice key)
{
    static const struct {
        const char *key, *member;
    } members[] = {{"s3:prefix", "Prefix"},
                   {"s3:delimiter", "Delimiter"},
                   {"s3:max-keys", "MaxKeys"},
                   {"s3:VersionId", "VersionId"},
                   {"s3:x-amz-acl", "ACL"},
                   {"s3:x-amz-storage-class", "StorageClass"},
                   {"s3:x-amz-copy-source", "CopySource"},
                   {"s3:x-amz-metadata-directive", "MetadataDirective"},
                   {"s3:x-amz-server-side-encryption", "ServerSideEncryption"},
                   {"s3:x-amz-server-side-encryption-aws-kms-key-id", "SSEKMSKeyId"},
                   {"s3:if-match", "IfMatch"},
                   {"s3:if-none-match", "IfNoneMatch"}};
    const struct s3_call *call = s3_call_of(request);
    struct slice rest;

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        if (iam_key_is(key, members[i].key))
            return s3_text(request, members[i].member);
    }
    if (iam_key_is(key, "aws:SecureTransport"))
        return is_secure(request) ? SLICE("true") : SLICE("false");
    if (iam_key_is(key, "s3:ResourceAccount"))
        return request->server->account_id;
    if (iam_key_is(key, "s3:x-amz-content-sha256"))
        return header_of(request, "x-amz-content-sha256");
    if (iam_key_starts_with(key, "s3:RequestObjectTag/", &rest))
        return tag_of(request, rest);
    if (call != NULL && request->principal.kind != PRINCIPAL_UNSIGNED &&
        iam_key_is(key, "s3:signatureversion"))
        return SLICE("AWS4-HMAC-SHA256");
    if (call != NULL && request->principal.kind != PRINCIPAL_UNSIGNED && iam_key_is(key, "s3:authType"))
        return call->presigned ? SLICE("REST-QUERY-STRING") : SLICE("REST-HEADER");
    return (struct slice){NULL, 0};
}

/* Tags of the object that is there: looked for only if a policy asks. */
static bool find_existing_tag(struct request *request, struct slice key, struct iam_values *out)
{
    struct found_object found = {.file = -1};
    struct s3_bucket bucket;
    bool has = false;

    if (s3_find_bucket(request, s3_text(request, "Bucket"), &bucket, NULL) &&
        s3_find_current(request, NULL, &bucket, s3_text(request, "Key"), &found)) {
        for (size_t i = 0; i < found.object.tags.count && !has; i++) {
            if (slice_equal(found.object.tags.items[i].key, key))
                has = key_has_one(found.object.tags.items[i].value, request->arena, out);
        }
    }
    found_object_close(&found);
    return has;
}

static bool find_key(void *from, struct slice key, struct iam_values *out)
{
    struct request *request = from;
    struct slice rest;

    if (iam_key_starts_with(key, "s3:ExistingObjectTag/", &rest))
        return s3_sent(request, "Key") && find_existing_tag(request, rest, out);
    return key_has_one(key_text(request, key), request->arena, out);
}

/* ---- needs ---- */

static bool add(struct request *request, struct permissions *needs, const char *action,
                const struct s3_bucket *bucket, struct slice key)
{
    struct slice arn = key.ptr == NULL ? s3_bucket_arn(request->arena, bucket->name)
                                       : s3_object_arn(request->arena, bucket->name, key);
    struct permission *need = permissions_add(needs, action, arn);

    need->context = (struct iam_context){find_key, request};
    return s3_read_policy(request, bucket, &need->resource_policy);
}

static bool is_operation(const struct request *request, const char *name)
{
    return strcmp(request->operation->name, name) == 0;
}

/* The action with "Version" in it, if a version is asked for. */
static const char *action_of(const struct request *request)
{
    static const struct {
        const char *plain, *of_version;
    } versions[] = {{"s3:GetObject", "s3:GetObjectVersion"},
                    {"s3:GetObjectAcl", "s3:GetObjectVersionAcl"},
                    {"s3:GetObjectTagging", "s3:GetObjectVersionTagging"},
                    {"s3:PutObjectTagging", "s3:PutObjectVersionTagging"},
                    {"s3:DeleteObject", "s3:DeleteObjectVersion"},
                    {"s3:DeleteObjectTagging", "s3:DeleteObjectVersionTagging"}};
    const char *action = request->operation->action;

    for (size_t i = 0; s3_sent(request, "VersionId") && i < sizeof(versions) / sizeof(versions[0]); i++) {
        if (strcmp(action, versions[i].plain) == 0)
            return versions[i].of_version;
    }
    return action;
}

/* Each object is a part: those that may not be deleted are told, and the others are deleted. */
static bool add_deletions(struct request *request, struct permissions *needs, const struct s3_bucket *bucket)
{
    const struct json *objects = json_get(json_get_present(request->body, "Delete"), "Objects");

    for (size_t i = 0; objects != NULL && objects->type == JSON_ARRAY && i < objects->array.count; i++) {
        const struct json *object = &objects->array.items[i];
        const struct json *key = json_get_present(object, "Key");
        needs->part = (unsigned)i + 1;
        if (!add(request, needs,
                 json_get_present(object, "VersionId") != NULL ? "s3:DeleteObjectVersion" : "s3:DeleteObject",
                 bucket, key != NULL && key->type == JSON_STRING ? key->text : SLICE("")))
            return false;
    }
    return true;
}

static bool add_source(struct request *request, struct permissions *needs)
{
    struct s3_copy_source source;
    struct s3_bucket bucket;

    return s3_read_copy_source(request, &source) && s3_find_bucket(request, source.bucket, &bucket, NULL) &&
           add(request, needs, source.version_id.ptr != NULL ? "s3:GetObjectVersion" : "s3:GetObject",
               &bucket, source.key);
}

bool s3_needs(struct request *request, struct permissions *needs)
{
    struct slice name = s3_text(request, "Bucket"), key = s3_text(request, "Key");
    struct s3_bucket bucket = {.name = name, .unstored = true};

    if (is_operation(request, "ListBuckets")) {
        (void)permissions_add(needs, request->operation->action, SLICE("*"));
        return true;
    }
    if (!is_operation(request, "CreateBucket") && !s3_find_bucket(request, name, &bucket, NULL))
        return false;
    if (is_operation(request, "DeleteObjects"))
        return add_deletions(request, needs, &bucket);
    if (s3_sent(request, "CopySource") && !add_source(request, needs))
        return false;
    if (!add(request, needs, action_of(request), &bucket, key))
        return false;
    return !(s3_sent(request, "Tagging") && strcmp(request->operation->action, "s3:PutObject") == 0) ||
           add(request, needs, "s3:PutObjectTagging", &bucket, key);
}
