/* DeleteObject, DeleteObjects. */
#include "services/s3/handlers.h"

#include "services/gate.h"
#include "services/s3/conditions.h"

enum { KEYS_MOST = 1000 };

static bool check_version_id(struct request *request, struct slice version_id)
{
    if (version_id.ptr == NULL || s3_version_is_id(version_id))
        return true;
    (void)s3_fail(request, ERROR_S3_INVALID_ARGUMENT, "ArgumentName", SLICE("versionId"),
                  "Invalid version id specified");
    s3_fail_more(request, "ArgumentValue", version_id);
    return false;
}

static bool check_conditions(struct request *request, const struct s3_bucket *bucket)
{
    struct found_object current = {.file = -1};

    if (s3_sent(request, "IfMatchLastModifiedTime") || s3_sent(request, "IfMatchSize"))
        return fail(&request->failure, ERROR_S3_NOT_IMPLEMENTED,
                    "x-amz-if-match-last-modified-time and x-amz-if-match-size are for directory buckets, of "
                    "which there are none");
    if (!s3_sent(request, "IfMatch"))
        return true;
    bool hold = s3_find_current(request, NULL, bucket, s3_text(request, "Key"), &current) &&
                s3_check_write_conditions(request, &current);
    found_object_close(&current);
    return hold;
}

/* Nothing is committed if nothing was there. */
static void forget_if_unchanged(struct request *request)
{
    if (request->batch.changes == NULL)
        batch_init(&request->batch, request->arena);
}

bool s3_delete_object(struct request *request)
{
    struct slice version_id = s3_text(request, "VersionId");
    struct s3_deleted deleted;
    struct s3_bucket bucket;
    struct version version;

    if (!s3_enter_bucket(request, &bucket, &version) || !s3_check_key(request, s3_text(request, "Key")) ||
        !check_version_id(request, version_id) || !check_conditions(request, &bucket))
        return false;
    s3_hold_bucket(request, &bucket, version);
    if (!s3_delete(request, &bucket, s3_text(request, "Key"), version_id, &deleted))
        return false;
    forget_if_unchanged(request);
    struct s3_output output = s3_begin(request);
    if (deleted.marker)
        s3_tell_boolean(&output, "DeleteMarker", true);
    s3_tell_some(&output, "VersionId", deleted.version);
    s3_end(&output);
    return true;
}

/* ---- many ---- */

/* What became of one of many. */
struct outcome_of {
    struct s3_deleted deleted;
    enum error_code code; /* ERROR_NONE: it is deleted */
    struct slice message;
};

/* Objects are deleted in one commit; only of a key that is named more than once, each time in one of its own.
 */
struct deletion {
    struct outcome_of *outcomes; /* of each object */
    size_t from, to;             /* those of this commit */
};

static const struct json *objects_of(const struct request *request)
{
    return json_get(json_get(request->body, "Delete"), "Objects");
}

static struct slice key_of(const struct json *objects, size_t i)
{
    return json_get(&objects->array.items[i], "Key")->text;
}

static struct slice version_of(const struct json *objects, size_t i)
{
    const struct json *version_id = json_get_present(&objects->array.items[i], "VersionId");

    return version_id == NULL ? (struct slice){NULL, 0} : version_id->text;
}

static bool is_named_before(const struct json *objects, size_t from, size_t place)
{
    for (size_t i = from; i < place; i++) {
        if (slice_equal(key_of(objects, i), key_of(objects, place)))
            return true;
    }
    return false;
}

/* A failure of one object is told with it, and is none of the request. */
static void delete_one(struct request *request, const struct s3_bucket *bucket, size_t i,
                       struct outcome_of *outcome)
{
    const struct json *objects = objects_of(request);
    struct slice key = key_of(objects, i), version_id = version_of(objects, i);
    struct batch mark = request->batch;

    *outcome = (struct outcome_of){.deleted.version = SLICE("")};
    if (gate_enter_part(request, (unsigned)i + 1) && s3_check_key(request, key) &&
        check_version_id(request, version_id) &&
        s3_delete(request, bucket, key, version_id, &outcome->deleted))
        return;
    batch_rewind(&request->batch, &mark);
    outcome->code = request->failure.code;
    outcome->message = request->failure.message;
    failure_init(&request->failure, request->arena);
}

static void tell_deleted(struct s3_output *list, const struct json *objects, size_t i,
                         const struct s3_deleted *deleted)
{
    struct s3_output told = s3_open(list, NULL);

    s3_tell(&told, "Key", key_of(objects, i));
    s3_tell_some(&told, "VersionId", version_of(objects, i));
    if (deleted->marker) {
        s3_tell_boolean(&told, "DeleteMarker", true);
        s3_tell(&told, "DeleteMarkerVersionId", deleted->version);
    }
    s3_end(&told);
}

static void tell_failed(struct s3_output *list, const struct json *objects, size_t i,
                        const struct outcome_of *outcome)
{
    bool denied = outcome->code == ERROR_ACCESS_DENIED;
    struct s3_output told = s3_open(list, NULL);

    s3_tell(&told, "Key", key_of(objects, i));
    s3_tell_some(&told, "VersionId", version_of(objects, i));
    s3_tell(&told, "Code", slice_of(denied ? "AccessDenied" : error_type(outcome->code)->name));
    s3_tell(&told, "Message", outcome->message);
    s3_end(&told);
}

static void tell_outcomes(struct request *request, const struct deletion *deletion)
{
    const struct json *objects = objects_of(request);
    const struct json *quiet = json_get_present(json_get(request->body, "Delete"), "Quiet");

    buffer_reset(request->out); /* of a commit that conflicted */
    struct s3_output output = s3_begin(request);
    struct s3_output list = s3_open_list(&output, "Deleted");
    for (size_t i = 0; i < objects->array.count && !(quiet != NULL && quiet->boolean); i++) {
        if (deletion->outcomes[i].code == ERROR_NONE)
            tell_deleted(&list, objects, i, &deletion->outcomes[i].deleted);
    }
    s3_close_list(&list);
    list = s3_open_list(&output, "Error");
    for (size_t i = 0; i < objects->array.count; i++) {
        if (deletion->outcomes[i].code != ERROR_NONE)
            tell_failed(&list, objects, i, &deletion->outcomes[i]);
    }
    s3_close_list(&list);
    s3_end(&output);
}

static void go_on(struct request *request)
{
    struct deletion *deletion = request->execution;

    deletion->from = deletion->to;
    objects_wake(request->server->objects);
}

/* One commit; it may be repeated. */
static bool delete_some(struct request *request)
{
    struct deletion *deletion = request->execution;
    const struct json *objects = objects_of(request);
    struct s3_bucket bucket;
    struct version version;
    size_t i = deletion->from;

    if (!s3_find_bucket(request, s3_text(request, "Bucket"), &bucket, &version))
        return false;
    s3_hold_bucket(request, &bucket, version);
    for (; i < objects->array.count && !is_named_before(objects, deletion->from, i); i++)
        delete_one(request, &bucket, i, &deletion->outcomes[i]);
    deletion->to = i;
    forget_if_unchanged(request);
    request->committed = go_on;
    if (i < objects->array.count)
        request->next = delete_some;
    else
        tell_outcomes(request, deletion);
    return true;
}

bool s3_delete_objects(struct request *request)
{
    const struct json *objects = objects_of(request);
    struct deletion *deletion = arena_new(request->arena, struct deletion);
    struct s3_bucket bucket;

    if (!s3_find_bucket(request, s3_text(request, "Bucket"), &bucket, NULL))
        return false;
    if (objects->array.count > KEYS_MOST)
        return fail(&request->failure, ERROR_S3_MALFORMED_XML,
                    "The XML you provided was not well-formed or did not validate against our published "
                    "schema");
    deletion->outcomes = arena_array(request->arena, struct outcome_of, objects->array.count);
    request->execution = deletion;
    return delete_some(request);
}
