/* GetObject, HeadObject, GetObjectAttributes. */
#include "services/s3/bindings.h"
#include "services/s3/handlers.h"

#include <inttypes.h>

#include "base/digits.h"
#include "services/s3/conditions.h"

/* ---- ranges ---- */

struct range {
    uint64_t start, length;
    bool partial;
};

static bool invalid_range(struct request *request, struct slice range, uint64_t size)
{
    (void)s3_fail(request, ERROR_S3_INVALID_RANGE, "RangeRequested", range,
                  "The requested range is not satisfiable");
    s3_fail_more(request, "ActualObjectSize", arena_printf(request->arena, "%" PRIu64, size));
    return false;
}

/*
 * "bytes=0-9", "bytes=5-", "bytes=-5". What is no range, or several, is all of the object, as S3 takes it; a
 * range that begins behind the end is refused.
 */
static bool read_range(struct request *request, uint64_t size, struct range *out)
{
    struct slice text = s3_text(request, "Range"), rest;
    uint64_t first = 0, last = size == 0 ? 0 : size - 1, suffix;

    *out = (struct range){0, size, false};
    if (text.ptr == NULL || !slice_starts_with(text, SLICE("bytes=")))
        return true;
    rest = slice_skip(text, strlen("bytes="));
    const char *dash = rest.len == 0 ? NULL : memchr(rest.ptr, '-', rest.len);
    if (dash == NULL || memchr(rest.ptr, ',', rest.len) != NULL)
        return true;
    struct slice from = {rest.ptr, (size_t)(dash - rest.ptr)}, to = slice_skip(rest, from.len + 1);
    if (from.len == 0) {
        if (!digits_parse(to, 10, INT64_MAX, &suffix))
            return true;
        if (suffix == 0 || size == 0)
            return invalid_range(request, text, size);
        first = suffix < size ? size - suffix : 0;
    } else {
        if (!digits_parse(from, 10, INT64_MAX, &first) ||
            (to.len > 0 && (!digits_parse(to, 10, INT64_MAX, &last) || last < first)))
            return true;
        if (first >= size)
            return invalid_range(request, text, size);
        if (last >= size)
            last = size - 1;
    }
    *out = (struct range){first, last - first + 1, true};
    return true;
}

/* ---- what is told of an object ---- */

static void tell_metadata(struct s3_output *output, const struct s3_pairs *metadata)
{
    if (metadata->count == 0)
        return;
    struct s3_output object = s3_open(output, "Metadata");
    for (size_t i = 0; i < metadata->count; i++) {
        if (!object.first)
            buffer_append_byte(object.out, ',');
        object.first = false;
        json_write_string(object.out, metadata->items[i].key);
        buffer_append_byte(object.out, ':');
        json_write_string(object.out, metadata->items[i].value);
    }
    s3_end(&object);
}

/* response-content-type and its kin go before what is kept. */
static struct slice header_value(struct request *request, const struct s3_object *object, const char *member)
{
    struct slice asked = s3_text(request, arena_printf(request->arena, "Response%s", member).ptr);

    if (asked.len > 0)
        return asked;
    struct slice kept = s3_pairs_get(&object->headers, member);
    return kept.len == 0 && strcmp(member, "ContentType") == 0 ? SLICE("binary/octet-stream") : kept;
}

static void tell_headers(struct request *request, struct s3_output *output, const struct s3_object *object)
{
    for (const char *const *member = s3_kept_members; *member != NULL; member++) {
        struct slice value = header_value(request, object, *member);
        bool untold = strcmp(*member, "StorageClass") == 0 && slice_is(value, "STANDARD");
        bool encryption = strcmp(*member, "ServerSideEncryption") == 0 || strcmp(*member, "SSEKMSKeyId") == 0;
        if (!encryption && !untold)
            s3_tell_some(output, *member, value);
    }
    s3_tell_encryption(output, object);
    tell_metadata(output, &object->metadata);
    if (object->tags.count > 0)
        s3_tell(output, "TagCount", arena_printf(request->arena, "%zu", object->tags.count));
}

static void tell(struct request *request, const struct s3_bucket *bucket, const struct s3_object *object,
                 const struct range *range)
{
    struct s3_output output = s3_begin(request);
    uint64_t size = (uint64_t)object->blob.size;

    s3_tell(&output, "AcceptRanges", SLICE("bytes"));
    s3_tell_http_time(&output, "LastModified", object->modified);
    s3_tell_etag(&output, object->etag);
    if (range->partial)
        s3_tell(&output, "ContentRange",
                arena_printf(request->arena, "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, range->start,
                             range->start + range->length - 1, size));
    if (slice_is(s3_text(request, "ChecksumMode"), "ENABLED") && !range->partial)
        s3_tell_checksum(&output, object);
    s3_tell_version(&output, bucket, object);
    tell_headers(request, &output, object);
    s3_end(&output);
}

/* Only who signs may ask for other headers than the object has. */
static bool check_overrides(struct request *request)
{
    static const char *const overrides[] = {
        "ResponseContentType",  "ResponseContentLanguage",    "ResponseExpires",
        "ResponseCacheControl", "ResponseContentDisposition", "ResponseContentEncoding"};

    for (size_t i = 0; i < sizeof(overrides) / sizeof(overrides[0]); i++) {
        if (request->principal.kind == PRINCIPAL_UNSIGNED && s3_sent(request, overrides[i]))
            return fail(&request->failure, ERROR_S3_INVALID_REQUEST,
                        "Request specific response headers cannot be used for anonymous GET requests.");
    }
    return true;
}

static bool check_asked(struct request *request)
{
    if (s3_sent(request, "PartNumber"))
        return fail(&request->failure, ERROR_S3_NOT_IMPLEMENTED,
                    "Reading an object by the number of a part is not served here: ask for a range");
    return check_overrides(request);
}

/* ---- reading ---- */

static ssize_t read_stream(void *context, uint64_t at, char *into, size_t room)
{
    return blob_read(context, at, into, room);
}

static void close_stream(void *context)
{
    blob_reader_destroy(context);
}

/* Takes the snapshot. */
static bool open_stream(struct request *request, struct snapshot *snapshot, struct found_object *found,
                        const struct range *range)
{
    struct http_stream *stream = arena_new(request->arena, struct http_stream);
    enum storage_status status;

    struct blob_reader *reader =
        objects_open_bytes(request->server->objects, snapshot, found, range->start, range->length, &status);
    if (reader == NULL)
        return s3_fail_storage(request, status);
    *stream = (struct http_stream){range->length, read_stream, close_stream, reader};
    s3_call_of(request)->stream = stream;
    return true;
}

static bool check_call(struct request *request)
{
    return s3_call_of(request) != NULL || fail(&request->failure, ERROR_S3_NOT_IMPLEMENTED,
                                               "Objects are not read from within by operations");
}

/* A read of an object from its finding to its answer; `bytes`: the object is told with them. */
static bool read_found(struct request *request, struct snapshot **snapshot, const struct s3_bucket *bucket,
                       struct found_object *found, bool bytes)
{
    struct range range;

    if (!s3_find_version(request, *snapshot, bucket, s3_text(request, "Key"), s3_text(request, "VersionId"),
                         found) ||
        !s3_check_read_conditions(request, &found->object) ||
        !read_range(request, (uint64_t)found->object.blob.size, &range))
        return false;
    tell(request, bucket, &found->object, &range);
    s3_call_of(request)->status = range.partial ? 206 : 200;
    if (!bytes) {
        struct http_stream *stream = arena_new(request->arena, struct http_stream);
        stream->size = range.length;
        s3_call_of(request)->stream = stream;
        return true;
    }
    struct snapshot *taken = *snapshot;
    *snapshot = NULL;
    return open_stream(request, taken, found, &range);
}

static bool read_object(struct request *request, bool bytes)
{
    struct found_object found = {.file = -1};
    struct s3_bucket bucket;

    if (!check_call(request) || !s3_enter_bucket(request, &bucket, NULL) || !check_asked(request))
        return false;
    struct snapshot *snapshot = snapshot_create(request->server->storage);
    bool done = read_found(request, &snapshot, &bucket, &found, bytes);
    found_object_close(&found);
    snapshot_destroy(request->server->storage, snapshot);
    return done;
}

bool s3_get_object(struct request *request)
{
    return read_object(request, true);
}

bool s3_head_object(struct request *request)
{
    return read_object(request, false);
}

/* ---- attributes ---- */

static bool is_asked_for(struct slice list, const char *name)
{
    while (list.len > 0) {
        if (slice_is(s3_take_listed(&list), name))
            return true;
    }
    return false;
}

static void tell_attributes(struct request *request, const struct s3_bucket *bucket,
                            const struct s3_object *object)
{
    struct slice asked = s3_text(request, "ObjectAttributes");
    struct s3_output output = s3_begin(request);

    s3_tell_http_time(&output, "LastModified", object->modified);
    s3_tell_version(&output, bucket, object);
    struct s3_output body = s3_open(&output, "GetObjectAttributesResponse");
    if (is_asked_for(asked, "ETag"))
        s3_tell(&body, "ETag", object->etag);
    if (is_asked_for(asked, "Checksum") && object->checksum.len > 0) {
        struct s3_output checksum = s3_open(&body, "Checksum");
        s3_tell_checksum(&checksum, object);
        s3_end(&checksum);
    }
    if (is_asked_for(asked, "ObjectParts") && object->blob.parts > 0) {
        struct s3_output parts = s3_open(&body, "ObjectParts");
        s3_tell_number(&parts, "PartsCount", object->blob.parts);
        s3_end(&parts);
    }
    if (is_asked_for(asked, "StorageClass")) {
        struct slice class = s3_pairs_get(&object->headers, "StorageClass");
        s3_tell(&body, "StorageClass", class.len > 0 ? class : SLICE("STANDARD"));
    }
    if (is_asked_for(asked, "ObjectSize"))
        s3_tell_number(&body, "ObjectSize", object->blob.size);
    s3_end(&body);
    s3_end(&output);
}

bool s3_get_object_attributes(struct request *request)
{
    struct found_object found = {.file = -1};
    struct s3_bucket bucket;

    if (s3_text(request, "ObjectAttributes").len == 0)
        return fail(&request->failure, ERROR_S3_INVALID_REQUEST,
                    "The x-amz-object-attributes header specifying the attributes to be retrieved is either "
                    "missing or empty");
    bool done = s3_enter_bucket(request, &bucket, NULL) &&
                s3_find_version(request, NULL, &bucket, s3_text(request, "Key"),
                                s3_text(request, "VersionId"), &found);
    if (done)
        tell_attributes(request, &bucket, &found.object);
    found_object_close(&found);
    return done;
}
