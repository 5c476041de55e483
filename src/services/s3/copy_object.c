/* CopyObject, and the source of UploadPartCopy. */
#include "services/s3/copying.h"
#include "services/s3/handlers.h"

#include <inttypes.h>

#include "services/gate.h"
#include "services/s3/conditions.h"

enum { COPY_LONGEST_GIB = 5 };

static const int64_t copy_longest = (int64_t)COPY_LONGEST_GIB * 1024 * 1024 * 1024;

bool s3_open_source(struct request *request, struct s3_source *out)
{
    struct s3_bucket bucket;

    *out = (struct s3_source){.found.file = -1};
    if (!s3_read_copy_source(request, &out->named))
        return false;
    out->snapshot = snapshot_create(request->server->storage);
    if (!s3_find_bucket(request, out->named.bucket, &bucket, NULL) ||
        !s3_find_version(request, out->snapshot, &bucket, out->named.key, out->named.version_id,
                         &out->found) ||
        !s3_check_source_conditions(request, &out->found.object))
        return false;
    out->keeps_versions = bucket.versioning.len > 0;
    return out->found.object.blob.size <= copy_longest ||
           s3_fail(request, ERROR_S3_INVALID_REQUEST, "MaxSizeAllowed",
                   arena_printf(request->arena, "%" PRId64, copy_longest),
                   "The specified copy source is larger than the maximum allowable size for a copy source: "
                   "%" PRId64,
                   copy_longest);
}

void s3_close_source(struct request *request, struct s3_source *source)
{
    found_object_close(&source->found);
    snapshot_destroy(request->server->storage, source->snapshot);
    source->snapshot = NULL;
}

bool s3_read_source(struct request *request, struct s3_source *source, uint64_t start, uint64_t length,
                    struct s3_write *write)
{
    enum storage_status status;
    struct snapshot *snapshot = source->snapshot;

    source->snapshot = NULL;
    write->size = length;
    write->reader =
        objects_open_bytes(request->server->objects, snapshot, &source->found, start, length, &status);
    return write->reader != NULL || s3_fail_storage(request, status);
}

/* ---- CopyObject ---- */

struct copy {
    struct s3_object object;     /* as it will be, without its bytes */
    struct slice source_version; /* empty: the source's bucket keeps none */
};

static bool is_directive(struct request *request, const char *member, const char *wire, bool *replace)
{
    struct slice directive = s3_text(request, member);

    *replace = slice_is(directive, "REPLACE");
    if (directive.ptr == NULL || *replace || slice_is(directive, "COPY"))
        return true;
    (void)s3_fail(request, ERROR_S3_INVALID_ARGUMENT, "ArgumentName", slice_of(wire), "Unknown %s.",
                  strcmp(member, "TaggingDirective") == 0 ? "tagging directive" : "metadata directive");
    s3_fail_more(request, "ArgumentValue", directive);
    return false;
}

/* Of the headers that are copied all but those that a copy has of its own. */
static void copy_headers(struct request *request, const struct s3_pairs *source, struct s3_pairs *out)
{
    struct s3_pair *own = out->items;
    size_t own_count = out->count;

    out->items = arena_array(request->arena, struct s3_pair, source->count + own_count);
    out->count = 0;
    for (size_t i = 0; i < source->count; i++) {
        struct slice key = source->items[i].key;
        if (!slice_is(key, "StorageClass") && !slice_is(key, "ServerSideEncryption") &&
            !slice_is(key, "SSEKMSKeyId") && !slice_is(key, "WebsiteRedirectLocation"))
            out->items[out->count++] = source->items[i];
    }
    for (size_t i = 0; i < own_count; i++) {
        struct slice key = own[i].key;
        if (slice_is(key, "StorageClass") || slice_is(key, "ServerSideEncryption") ||
            slice_is(key, "SSEKMSKeyId") || slice_is(key, "WebsiteRedirectLocation"))
            out->items[out->count++] = own[i];
    }
}

/* An object may be copied to itself only if something of it changes. */
static bool check_changes(struct request *request, const struct s3_source *source, bool replaces)
{
    bool same = slice_equal(source->named.bucket, s3_text(request, "Bucket")) &&
                slice_equal(source->named.key, s3_text(request, "Key")) &&
                source->named.version_id.ptr == NULL;

    return !same || replaces || s3_sent(request, "StorageClass") ||
           s3_sent(request, "ServerSideEncryption") || s3_sent(request, "WebsiteRedirectLocation") ||
           fail(&request->failure, ERROR_S3_INVALID_REQUEST,
                "This copy request is illegal because it is trying to copy an object to itself without "
                "changing "
                "the object's metadata, storage class, website redirect location or encryption attributes.");
}

static bool prepare(struct request *request, const struct s3_source *source, const struct s3_bucket *bucket,
                    struct copy *copy)
{
    const struct s3_object *from = &source->found.object;
    struct s3_object *to = &copy->object;
    bool replaces, replaces_tags;

    if (!is_directive(request, "MetadataDirective", "x-amz-metadata-directive", &replaces) ||
        !is_directive(request, "TaggingDirective", "x-amz-tagging-directive", &replaces_tags) ||
        !check_changes(request, source, replaces) ||
        !s3_read_headers(request, bucket, &to->headers, &to->metadata))
        return false;
    if (!replaces) {
        copy_headers(request, &from->headers, &to->headers);
        to->metadata = from->metadata;
    }
    to->tags = from->tags;
    to->key = s3_text(request, "Key");
    copy->source_version = source->keeps_versions ? s3_version_text(from) : SLICE("");
    return !replaces_tags || s3_read_tag_query(request, s3_text(request, "Tagging"), &to->tags);
}

static void tell(struct request *request, const struct s3_bucket *bucket, const struct copy *copy,
                 const struct s3_object *object)
{
    struct s3_output output = s3_begin(request);

    s3_tell_version(&output, bucket, object);
    s3_tell_some(&output, "CopySourceVersionId", copy->source_version);
    s3_tell_encryption(&output, object);
    struct s3_output result = s3_open(&output, "CopyObjectResult");
    s3_tell_time(&result, "LastModified", object->modified);
    s3_tell_etag(&result, object->etag);
    s3_tell_checksum(&result, object);
    s3_end(&result);
    s3_end(&output);
}

static bool finish(struct request *request, struct s3_write *write)
{
    const struct copy *copy = write->context;
    struct s3_object object = copy->object;
    struct s3_bucket bucket;
    struct version version;

    object.blob = write->blob;
    object.etag = write->etag;
    object.checksum_algorithm = slice_of(s3_algorithm_name(write->algorithm));
    object.checksum = write->sum;
    if (!s3_find_bucket(request, s3_text(request, "Bucket"), &bucket, &version))
        return false;
    s3_hold_bucket(request, &bucket, version);
    bool done = s3_write_current(request, &bucket, &object);
    if (done)
        tell(request, &bucket, copy, &object);
    return done;
}

/* The checksum that is asked for, or the source's kind. */
static enum s3_algorithm algorithm_of(struct request *request, const struct s3_object *from)
{
    enum s3_algorithm wanted = s3_algorithm_of(s3_text(request, "ChecksumAlgorithm")),
                      kept = s3_algorithm_of(from->checksum_algorithm);

    return wanted != S3_SUM_NONE ? wanted : kept != S3_SUM_NONE ? kept : S3_SUM_CRC64NVME;
}

bool s3_copy_object(struct request *request)
{
    struct copy *copy = arena_new(request->arena, struct copy);
    struct s3_source source;
    struct s3_bucket bucket;

    if (!s3_enter_bucket(request, &bucket, NULL) || !s3_check_key(request, s3_text(request, "Key")))
        return false;
    struct s3_write *write = s3_write_begin(request, finish, copy);
    bool good = s3_open_source(request, &source) && prepare(request, &source, &bucket, copy);
    if (good) {
        write->algorithm = algorithm_of(request, &source.found.object);
        good = s3_read_source(request, &source, 0, (uint64_t)source.found.object.blob.size, write);
    }
    s3_close_source(request, &source);
    return good && s3_write_run(request, write);
}
