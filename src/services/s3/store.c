#include "services/s3/store.h"

#include "base/base64.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/clock.h"
#include "services/gate.h"

enum { VERSION_BYTES = 24, VERSION_LENGTH = 32, SETTING_DEPTH = 32 };

/* ---- buckets ---- */

struct slice s3_bucket_arn(struct arena *arena, struct slice bucket)
{
    return arena_printf(arena, "arn:aws:s3:::%.*s", SLICE_ARGS(bucket));
}

struct slice s3_object_arn(struct arena *arena, struct slice bucket, struct slice key)
{
    return arena_printf(arena, "arn:aws:s3:::%.*s/%.*s", SLICE_ARGS(bucket), SLICE_ARGS(key));
}

bool s3_find_bucket(struct request *request, struct slice name, struct s3_bucket *out,
                    struct version *version)
{
    enum storage_status status =
        objects_find_bucket(request->server->objects, NULL, request->arena, name, out, version);

    if (status == STORAGE_NOT_FOUND)
        return s3_fail(request, ERROR_S3_NO_SUCH_BUCKET, "BucketName", name,
                       "The specified bucket does not exist");
    return status == STORAGE_OK || s3_fail_storage(request, status);
}

static bool check_owner(struct request *request, const char *member)
{
    struct slice expected = s3_text(request, member);

    return expected.ptr == NULL || slice_equal(expected, request->server->account_id) ||
           fail(&request->failure, ERROR_S3_ACCESS_DENIED, "Access Denied");
}

bool s3_enter_bucket(struct request *request, struct s3_bucket *out, struct version *version)
{
    return s3_find_bucket(request, s3_text(request, "Bucket"), out, version) && gate_pass(request) &&
           check_owner(request, "ExpectedBucketOwner");
}

void s3_hold_bucket(struct request *request, const struct s3_bucket *bucket, struct version version)
{
    struct s3_bucket kept = *bucket;

    batch_guard(&request->batch, s3_bucket_key(request->arena, bucket->name), version);
    if (!bucket->draining && !bucket->unstored)
        return;
    kept.draining = false;
    objects_put_bucket(&request->batch, &kept);
}

bool s3_read_setting(struct request *request, const struct s3_bucket *bucket, const char *name,
                     const struct json **out)
{
    const char *text = bucket->unstored ? objects_default_setting(name) : NULL;
    struct stored stored = {0};
    enum storage_status status = STORAGE_OK;
    struct slice value = text != NULL ? slice_of(text) : SLICE("");

    *out = NULL;
    if (bucket->unstored && text == NULL)
        return true;
    if (!bucket->unstored) {
        status = storage_get(request->server->storage, NULL,
                             s3_setting_key(request->arena, bucket->id, slice_of(name)), &stored);
        value = arena_copy(request->arena, stored.value);
        stored_release(&stored);
    }
    if (status == STORAGE_NOT_FOUND)
        return true;
    if (status == STORAGE_OK && json_parse(request->arena, value, SETTING_DEPTH, out) != JSON_OK)
        status = STORAGE_CORRUPT;
    return status == STORAGE_OK || s3_fail_storage(request, status);
}

/* ---- finding objects ---- */

bool s3_find_current(struct request *request, const struct snapshot *snapshot, const struct s3_bucket *bucket,
                     struct slice key, struct found_object *out)
{
    enum storage_status status =
        objects_find(request->server->objects, snapshot, request->arena, bucket, key, out);

    return status == STORAGE_OK || status == STORAGE_NOT_FOUND || s3_fail_storage(request, status);
}

bool s3_is_there(const struct found_object *found)
{
    return (found->stored && !found->object.marker) || found->file >= 0;
}

struct slice s3_version_text(const struct s3_object *object)
{
    return object->version.len > 0 ? object->version : SLICE("null");
}

static bool decode_version(struct arena *arena, struct slice text, int64_t *order)
{
    struct slice bytes;

    if (text.len != VERSION_LENGTH || !base64url_decode(arena, text, &bytes) || bytes.len != VERSION_BYTES)
        return false;
    *order = (int64_t)bytes_read_u64(bytes.ptr);
    return true;
}

bool s3_version_is_id(struct slice text)
{
    struct arena arena;
    int64_t order;

    arena_init(&arena);
    bool is = slice_is(text, "null") || decode_version(&arena, text, &order);
    arena_finish(&arena);
    return is;
}

/* The version that says of itself that it is the null version: there is one at most. */
static enum storage_status find_null(struct request *request, const struct snapshot *snapshot,
                                     const struct s3_bucket *bucket, struct slice key,
                                     struct found_object *out)
{
    struct key_range range = s3_version_keys(request->arena, bucket->id, key);
    struct cursor *cursor = cursor_create(request->server->storage, snapshot, range.from, range.to, FORWARD);
    struct slice at, value, found = {NULL, 0};
    enum storage_status status;

    while (found.ptr == NULL && (status = cursor_next(cursor, &at, &value)) == STORAGE_OK) {
        if (!s3_is_version_of(at, key))
            continue;
        if (!layout_read(request->arena, arena_copy(request->arena, value), &s3_object_layout, &out->object))
            status = STORAGE_CORRUPT;
        if (status != STORAGE_OK)
            break;
        if (out->object.version.len == 0)
            found = arena_copy(request->arena, at);
    }
    cursor_destroy(cursor);
    if (found.ptr == NULL)
        return status;
    /* Read again for its version, which guards it. */
    return s3_read(request->server->storage, snapshot, request->arena, found, &s3_object_layout, &out->object,
                   &out->version);
}

bool s3_find_older(struct request *request, const struct snapshot *snapshot, const struct s3_bucket *bucket,
                   struct slice key, struct slice version_id, struct found_object *out)
{
    enum storage_status status;
    int64_t order;

    *out = (struct found_object){.file = -1};
    if (slice_is(version_id, "null"))
        status = find_null(request, snapshot, bucket, key, out);
    else if (decode_version(request->arena, version_id, &order))
        status = s3_read(request->server->storage, snapshot, request->arena,
                         s3_version_key(request->arena, bucket->id, key, order), &s3_object_layout,
                         &out->object, &out->version);
    else
        status = STORAGE_NOT_FOUND;
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return s3_fail_storage(request, status);
    out->object.key = key;
    out->stored = status == STORAGE_OK && slice_equal(s3_version_text(&out->object), version_id);
    return true;
}

static bool no_such_key(struct request *request, struct slice key)
{
    return s3_fail(request, ERROR_S3_NO_SUCH_KEY, "Key", key, "The specified key does not exist.");
}

static bool no_such_version(struct request *request, struct slice key, struct slice version_id)
{
    (void)s3_fail(request, ERROR_S3_NO_SUCH_VERSION, "Key", key, "The specified version does not exist.");
    s3_fail_more(request, "VersionId", version_id);
    return false;
}

/* Whoever may not list the bucket is not told what is not in it. */
static bool may_know_absent(struct request *request, const struct s3_bucket *bucket, const char *action)
{
    const struct policy *policy;
    struct slice arn = s3_bucket_arn(request->arena, bucket->name);

    if (!s3_read_policy(request, bucket, &policy))
        return false;
    if (gate_foresees(request, action, arn, policy))
        return true;
    return fail(&request->failure, ERROR_ACCESS_DENIED,
                "User: %.*s is not authorized to perform: %s on resource: \"%.*s\" because no identity-based "
                "policy allows the %s action",
                SLICE_ARGS(request->principal.arn), action, SLICE_ARGS(arn), action);
}

static bool find_by_id(struct request *request, const struct snapshot *snapshot,
                       const struct s3_bucket *bucket, struct slice key, struct slice version_id,
                       struct found_object *out)
{
    if (!s3_version_is_id(version_id)) {
        (void)s3_fail(request, ERROR_S3_INVALID_ARGUMENT, "ArgumentName", SLICE("versionId"),
                      "Invalid version id specified");
        s3_fail_more(request, "ArgumentValue", version_id);
        return false;
    }
    bool is_current =
        (out->stored || out->file >= 0) && slice_equal(s3_version_text(&out->object), version_id);
    if (is_current)
        return true;
    found_object_close(out);
    if (!s3_find_older(request, snapshot, bucket, key, version_id, out))
        return false;
    return out->stored ||
           (may_know_absent(request, bucket, "s3:ListBucket") && no_such_version(request, key, version_id));
}

bool s3_find_version(struct request *request, const struct snapshot *snapshot, const struct s3_bucket *bucket,
                     struct slice key, struct slice version_id, struct found_object *out)
{
    if (!s3_find_current(request, snapshot, bucket, key, out) ||
        (version_id.ptr != NULL && !find_by_id(request, snapshot, bucket, key, version_id, out)))
        return false;
    if (s3_is_there(out))
        return true;
    if (version_id.ptr == NULL)
        return may_know_absent(request, bucket, "s3:ListBucket") && no_such_key(request, key);
    (void)s3_fail(request, ERROR_S3_METHOD_NOT_ALLOWED, "Method", SLICE("GET"),
                  "The specified method is not allowed against this resource.");
    s3_fail_more(request, "ResourceType", SLICE("DeleteMarker"));
    return false;
}

/* ---- changing objects ---- */

static struct slice new_version(struct arena *arena, int64_t order)
{
    struct buffer bytes, text;
    char random[VERSION_BYTES - 8];

    random_bytes(random, sizeof(random));
    buffer_init(&bytes);
    buffer_append_u64(&bytes, (uint64_t)order);
    buffer_append(&bytes, (struct slice){random, sizeof(random)});
    buffer_init(&text);
    base64url_encode(&text, buffer_slice(&bytes));
    struct slice version = arena_copy(arena, buffer_slice(&text));
    buffer_finish(&bytes);
    buffer_finish(&text);
    return version;
}

static bool keeps_versions(const struct s3_bucket *bucket)
{
    return slice_is(bucket->versioning, "Enabled");
}

static void move_to_older(struct request *request, const struct s3_bucket *bucket,
                          const struct s3_object *object)
{
    s3_put(&request->batch, s3_version_key(request->arena, bucket->id, object->key, object->order),
           &s3_object_layout, object);
}

/* A version that nothing takes the place of: its bytes are to be erased. */
static void drop(struct request *request, const struct s3_object *object)
{
    objects_mark_blob(&request->batch, &object->blob);
    s3_erase_later(request);
}

/* Of the null version there is one: a new one takes the place of an older one, wherever it stands. */
static bool drop_older_null(struct request *request, const struct s3_bucket *bucket, struct slice key)
{
    struct found_object older;

    if (!s3_find_older(request, NULL, bucket, key, SLICE("null"), &older))
        return false;
    if (!older.stored)
        return true;
    struct slice at = s3_version_key(request->arena, bucket->id, key, older.object.order);
    batch_guard(&request->batch, at, older.version);
    batch_delete(&request->batch, at);
    drop(request, &older.object);
    return true;
}

/* What is current gives way. */
static bool displace(struct request *request, const struct s3_bucket *bucket,
                     const struct found_object *current)
{
    bool null = current->object.version.len == 0;

    if (bucket->versioning.len > 0 && !keeps_versions(bucket) && !(current->stored && null) &&
        !drop_older_null(request, bucket, current->object.key))
        return false;
    if (!current->stored)
        return true;
    if (bucket->versioning.len == 0 || (null && !keeps_versions(bucket)))
        drop(request, &current->object);
    else
        move_to_older(request, bucket, &current->object);
    return true;
}

bool s3_put_current(struct request *request, const struct s3_bucket *bucket,
                    const struct found_object *current, struct s3_object *object)
{
    struct slice at = s3_object_key(request->arena, bucket->id, object->key);
    int64_t now = clock_now();

    object->modified = now;
    object->order = current->stored && current->object.order >= now ? current->object.order + 1 : now;
    object->version = keeps_versions(bucket) ? new_version(request->arena, object->order) : SLICE("");
    if (!displace(request, bucket, current))
        return false;
    s3_put(&request->batch, at, &s3_object_layout, object);
    batch_guard(&request->batch, at, current->version);
    return true;
}

/* The newest of the older versions; found->stored is false if there is none. */
static bool find_newest_older(struct request *request, const struct s3_bucket *bucket, struct slice key,
                              struct found_object *out)
{
    struct key_range range = s3_version_keys(request->arena, bucket->id, key);
    struct cursor *cursor = cursor_create(request->server->storage, NULL, range.from, range.to, FORWARD);
    struct slice at, value, found = {NULL, 0};
    enum storage_status status;

    *out = (struct found_object){.file = -1};
    while (found.ptr == NULL && (status = cursor_next(cursor, &at, &value)) == STORAGE_OK) {
        if (s3_is_version_of(at, key))
            found = arena_copy(request->arena, at);
    }
    cursor_destroy(cursor);
    if (found.ptr != NULL)
        status = s3_read(request->server->storage, NULL, request->arena, found, &s3_object_layout,
                         &out->object, &out->version);
    out->stored = status == STORAGE_OK;
    out->object.key = key;
    return status == STORAGE_OK || status == STORAGE_NOT_FOUND || s3_fail_storage(request, status);
}

/* The current version goes, and the newest of the others becomes current. */
static bool delete_current(struct request *request, const struct s3_bucket *bucket,
                           const struct found_object *current)
{
    struct slice at = s3_object_key(request->arena, bucket->id, current->object.key);
    struct found_object older;

    if (!find_newest_older(request, bucket, current->object.key, &older))
        return false;
    drop(request, &current->object);
    if (!older.stored) {
        batch_delete(&request->batch, at);
        batch_guard(&request->batch, at, current->version);
        return true;
    }
    struct slice from = s3_version_key(request->arena, bucket->id, current->object.key, older.object.order);
    batch_guard(&request->batch, from, older.version);
    batch_delete(&request->batch, from);
    s3_put(&request->batch, at, &s3_object_layout, &older.object);
    batch_guard(&request->batch, at, current->version);
    return true;
}

static bool delete_older(struct request *request, const struct s3_bucket *bucket,
                         const struct found_object *current, const struct found_object *older)
{
    struct slice at = s3_object_key(request->arena, bucket->id, current->object.key);
    struct slice from = s3_version_key(request->arena, bucket->id, current->object.key, older->object.order);

    batch_guard(&request->batch, from, older->version);
    batch_delete(&request->batch, from);
    drop(request, &older->object);
    /* Written anew, so that whoever decided on the versions of this key decides again. */
    if (current->stored)
        s3_put(&request->batch, at, &s3_object_layout, &current->object);
    batch_guard(&request->batch, at, current->version);
    return true;
}

static bool refuse_file(struct request *request, const struct s3_bucket *bucket, struct slice key)
{
    return fail(&request->failure, ERROR_S3_ACCESS_DENIED,
                "The object %.*s is a file, s3/%.*s/%.*s in the server's data folder, and S3 only reads such",
                SLICE_ARGS(key), SLICE_ARGS(bucket->name), SLICE_ARGS(key));
}

static bool delete_version(struct request *request, const struct s3_bucket *bucket, struct slice version_id,
                           const struct found_object *current, struct s3_deleted *out)
{
    struct found_object older;

    if (current->file >= 0 && slice_is(version_id, "null"))
        return refuse_file(request, bucket, current->object.key);
    out->version = version_id;
    if (current->stored && slice_equal(s3_version_text(&current->object), version_id)) {
        out->marker = current->object.marker;
        return delete_current(request, bucket, current);
    }
    if (!s3_find_older(request, NULL, bucket, current->object.key, version_id, &older))
        return false;
    out->marker = older.stored && older.object.marker;
    return !older.stored || delete_older(request, bucket, current, &older);
}

static bool delete_found(struct request *request, const struct s3_bucket *bucket, struct slice version_id,
                         const struct found_object *current, struct s3_deleted *out)
{
    struct s3_object marker = {.key = current->object.key, .marker = true};

    if (version_id.ptr != NULL)
        return delete_version(request, bucket, version_id, current, out);
    /* The file would be seen again. */
    if (current->file >= 0 || objects_has_file(request->server->objects, bucket->name, current->object.key))
        return refuse_file(request, bucket, current->object.key);
    if (bucket->versioning.len == 0)
        return !current->stored || delete_current(request, bucket, current);
    if (!s3_put_current(request, bucket, current, &marker))
        return false;
    *out = (struct s3_deleted){s3_version_text(&marker), true};
    return true;
}

bool s3_delete(struct request *request, const struct s3_bucket *bucket, struct slice key,
               struct slice version_id, struct s3_deleted *out)
{
    struct found_object current;

    *out = (struct s3_deleted){.version = SLICE("")};
    bool done = s3_find_current(request, NULL, bucket, key, &current) &&
                delete_found(request, bucket, version_id, &current, out);
    found_object_close(&current);
    return done;
}

void s3_tell_version(struct s3_output *output, const struct s3_bucket *bucket, const struct s3_object *object)
{
    if (bucket->versioning.len > 0)
        s3_tell(output, "VersionId", s3_version_text(object));
}

static void wake(struct request *request)
{
    objects_wake(request->server->objects);
}

void s3_erase_later(struct request *request)
{
    request->committed = wake;
}
