/* Uploads in parts: CreateMultipartUpload, UploadPart, UploadPartCopy, CompleteMultipartUpload,
 * AbortMultipartUpload, ListParts, ListMultipartUploads. AWS: "Uploading and copying objects using multipart
 * upload". */
#include "services/s3/handlers.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/bytes.h"
#include "base/characters.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/digits.h"
#include "services/s3/conditions.h"
#include "services/s3/copying.h"

enum { PART_SMALLEST = 5 * 1024 * 1024, PAGE_MOST = 1000 };

/* ---- uploads ---- */

static bool no_such_upload(struct request *request, struct slice id)
{
    return s3_fail(
        request, ERROR_S3_NO_SUCH_UPLOAD, "UploadId", id,
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been "
        "aborted or completed.");
}

static bool is_upload_id(struct slice id)
{
    for (size_t i = 0; i < id.len; i++) {
        if (!is_digit(id.ptr[i]) && !(id.ptr[i] >= 'a' && id.ptr[i] <= 'f'))
            return false;
    }
    return id.len == S3_UPLOAD_ID_LENGTH;
}

/* The upload that the request names, in a bucket that was found. */
static bool find_upload(struct request *request, const struct s3_bucket *bucket, struct s3_upload *out,
                        struct version *version)
{
    struct slice id = s3_text_or_empty(request, "UploadId"), key = s3_text_or_empty(request, "Key");

    if (!is_upload_id(id))
        return no_such_upload(request, id);
    enum storage_status status =
        s3_read(request->server->storage, NULL, request->arena,
                s3_upload_key(request->arena, bucket->id, key, id), &s3_upload_layout, out, version);
    out->id = id;
    out->key = key;
    if (status == STORAGE_NOT_FOUND)
        return no_such_upload(request, id);
    return status == STORAGE_OK || s3_fail_storage(request, status);
}

/* COMPOSITE is of all but CRC64NVME, and what the others are if nothing is said. */
static bool read_sum_type(struct request *request, struct s3_upload *upload)
{
    struct slice name = s3_text_or_empty(request, "ChecksumAlgorithm"),
                 type = s3_text_or_empty(request, "ChecksumType");
    enum s3_algorithm algorithm = name.len == 0 ? S3_SUM_CRC64NVME : s3_algorithm_of(name);

    if (algorithm == S3_SUM_NONE)
        return fail(
            &request->failure, ERROR_S3_INVALID_REQUEST,
            "Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
            "[CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");
    upload->checksum_algorithm = slice_of(s3_algorithm_name(algorithm));
    upload->composite = type.len == 0 ? algorithm != S3_SUM_CRC64NVME : slice_is(type, "COMPOSITE");
    if (type.len > 0 && !upload->composite && !slice_is(type, "FULL_OBJECT"))
        return fail(&request->failure, ERROR_S3_INVALID_REQUEST,
                    "Value for x-amz-checksum-type header is invalid.");
    if (type.len > 0 && name.len == 0)
        return fail(
            &request->failure, ERROR_S3_INVALID_REQUEST,
            "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
    bool possible = upload->composite ? algorithm != S3_SUM_CRC64NVME : s3_algorithm_is_linear(algorithm);
    return possible || fail(&request->failure, ERROR_S3_INVALID_REQUEST,
                            "The %s checksum type cannot be used with the %s checksum algorithm.",
                            upload->composite ? "COMPOSITE" : "FULL_OBJECT", s3_algorithm_name(algorithm));
}

bool s3_create_multipart_upload(struct request *request)
{
    struct s3_upload upload = {.begun = clock_now()};
    struct slice key = s3_text(request, "Key");
    struct s3_bucket bucket;
    struct version version;

    if (!s3_enter_bucket(request, &bucket, &version) || !s3_check_key(request, key) ||
        !s3_read_headers(request, &bucket, &upload.headers, &upload.metadata) ||
        !s3_read_tag_query(request, s3_text_or_empty(request, "Tagging"), &upload.tags) ||
        !read_sum_type(request, &upload))
        return false;
    upload.id = s3_new_id_at(request->arena, upload.begun);
    upload.owner = request->principal.arn;
    s3_hold_bucket(request, &bucket, version);
    s3_put(&request->batch, s3_upload_key(request->arena, bucket.id, key, upload.id), &s3_upload_layout,
           &upload);
    const struct s3_object object = {.headers = upload.headers};
    struct s3_output output = s3_begin(request);
    s3_tell_encryption(&output, &object);
    if (s3_sent(request, "ChecksumAlgorithm")) {
        s3_tell(&output, "ChecksumAlgorithm", upload.checksum_algorithm);
        s3_tell(&output, "ChecksumType", upload.composite ? SLICE("COMPOSITE") : SLICE("FULL_OBJECT"));
    }
    struct s3_output result = s3_open(&output, "InitiateMultipartUploadResult");
    s3_tell(&result, "Bucket", bucket.name);
    s3_tell(&result, "Key", key);
    s3_tell(&result, "UploadId", upload.id);
    s3_end(&result);
    s3_end(&output);
    return true;
}

bool s3_abort_multipart_upload(struct request *request)
{
    struct s3_upload upload;
    struct s3_bucket bucket;
    struct version version;

    if (!s3_enter_bucket(request, &bucket, NULL) || !find_upload(request, &bucket, &upload, &version))
        return false;
    struct slice at = s3_upload_key(request->arena, bucket.id, upload.key, upload.id);
    batch_guard(&request->batch, at, version);
    objects_drop_upload(&request->batch, at);
    s3_erase_later(request);
    return true;
}

/* ---- parts ---- */

struct part_write {
    int64_t number;
    bool copied;
    struct slice source_version;
};

static bool read_part_number(struct request *request, int64_t *out)
{
    struct slice text = s3_text_or_empty(request, "PartNumber");
    uint64_t number = 0;

    if (digits_parse(text, 10, S3_PARTS_LIMIT, &number) && number > 0) {
        *out = (int64_t)number;
        return true;
    }
    (void)s3_fail(request, ERROR_S3_INVALID_ARGUMENT, "ArgumentName", SLICE("partNumber"),
                  "Part number must be an integer between 1 and 10000, inclusive");
    s3_fail_more(request, "ArgumentValue", text);
    return false;
}

static void tell_part(struct request *request, const struct part_write *put, const struct s3_part *part,
                      const struct s3_upload *upload)
{
    const struct s3_object object = {.headers = upload->headers};
    struct s3_output output = s3_begin(request), *body = &output, result;

    s3_tell_encryption(&output, &object);
    if (put->copied) {
        s3_tell_some(&output, "CopySourceVersionId", put->source_version);
        result = s3_open(&output, "CopyPartResult");
        body = &result;
        s3_tell_time(body, "LastModified", part->modified);
    }
    s3_tell_etag(body, part->etag);
    s3_tell(body, s3_algorithm_member(s3_algorithm_of(part->checksum_algorithm)), part->checksum);
    if (put->copied)
        s3_end(body);
    s3_end(&output);
}

/* In the place of the part that had the number. */
static bool finish_part(struct request *request, struct s3_write *write)
{
    const struct part_write *put = write->context;
    struct s3_part part = {.number = put->number,
                           .blob = write->blob,
                           .etag = write->etag,
                           .modified = clock_now(),
                           .checksum_algorithm = slice_of(s3_algorithm_name(write->algorithm)),
                           .checksum = write->sum},
                   before = {0};
    struct version of_upload, of_part;
    struct s3_upload upload;
    struct s3_bucket bucket;

    if (!s3_find_bucket(request, s3_text(request, "Bucket"), &bucket, NULL) ||
        !find_upload(request, &bucket, &upload, &of_upload))
        return false;
    batch_guard(&request->batch, s3_upload_key(request->arena, bucket.id, upload.key, upload.id), of_upload);
    struct slice at = s3_part_key(request->arena, upload.id, put->number);
    enum storage_status status =
        s3_read(request->server->storage, NULL, request->arena, at, &s3_part_layout, &before, &of_part);
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return s3_fail_storage(request, status);
    if (status == STORAGE_OK)
        objects_mark_blob(&request->batch, &before.blob);
    s3_put(&request->batch, at, &s3_part_layout, &part);
    batch_guard(&request->batch, at, of_part);
    tell_part(request, put, &part, &upload);
    return true;
}

/* A part's checksum is of the upload's algorithm. */
static bool choose_sum(struct request *request, const struct s3_upload *upload, struct s3_write *write)
{
    const struct s3_call *call = s3_call_of(request);

    write->algorithm = s3_algorithm_of(upload->checksum_algorithm);
    if (call->sum_algorithm == S3_SUM_NONE || call->sum_algorithm == write->algorithm) {
        write->sum = call->sum;
        return true;
    }
    /* Of an upload that named none, the parts may have any; what is kept is the upload's. */
    if (write->algorithm == S3_SUM_CRC64NVME)
        return true;
    return fail(&request->failure, ERROR_S3_INVALID_REQUEST,
                "Checksum Type mismatch occurred, expected checksum Type: %s, actual checksum Type: %s",
                s3_algorithm_name(write->algorithm), s3_algorithm_name(call->sum_algorithm));
}

static bool check_call(struct request *request)
{
    return s3_call_of(request) != NULL ||
           fail(&request->failure, ERROR_S3_NOT_IMPLEMENTED, "Parts are not uploaded from within");
}

bool s3_upload_part(struct request *request)
{
    struct part_write *put = arena_new(request->arena, struct part_write);
    struct s3_upload upload;
    struct s3_bucket bucket;

    if (!check_call(request) || !s3_enter_bucket(request, &bucket, NULL) ||
        !read_part_number(request, &put->number) || !find_upload(request, &bucket, &upload, NULL))
        return false;
    struct s3_write *write = s3_write_begin(request, finish_part, put);
    write->bytes = &s3_call_of(request)->bytes;
    return choose_sum(request, &upload, write) && s3_write_run(request, write);
}

/* "bytes=FIRST-LAST", both there and within the source. */
static bool read_source_range(struct request *request, uint64_t size, uint64_t *start, uint64_t *length)
{
    struct slice text = s3_text_or_empty(request, "CopySourceRange"), rest;
    uint64_t first, last;

    *start = 0;
    *length = size;
    if (text.len == 0)
        return true;
    const char *dash = memchr(text.ptr, '-', text.len);
    bool good = slice_starts_with(text, SLICE("bytes=")) && dash != NULL;
    if (good) {
        rest = (struct slice){text.ptr + 6, (size_t)(dash - text.ptr) - 6};
        struct slice to = slice_skip(text, (size_t)(dash - text.ptr) + 1);
        good = digits_parse(rest, 10, INT64_MAX, &first) && digits_parse(to, 10, INT64_MAX, &last) &&
               first <= last;
    }
    if (!good) {
        (void)s3_fail(
            request, ERROR_S3_INVALID_ARGUMENT, "ArgumentName", SLICE("x-amz-copy-source-range"),
            "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last "
            "are the zero-based offsets of the first and last bytes to copy");
        s3_fail_more(request, "ArgumentValue", text);
        return false;
    }
    if (last >= size)
        return s3_fail(request, ERROR_S3_INVALID_ARGUMENT, "ArgumentName", SLICE("x-amz-copy-source-range"),
                       "Range specified is not valid for source object of size: %" PRIu64, size);
    *start = first;
    *length = last - first + 1;
    return true;
}

bool s3_upload_part_copy(struct request *request)
{
    struct part_write *put = arena_new(request->arena, struct part_write);
    struct s3_upload upload;
    struct s3_source source;
    struct s3_bucket bucket;
    uint64_t start, length;

    if (!check_call(request) || !s3_enter_bucket(request, &bucket, NULL) ||
        !read_part_number(request, &put->number) || !find_upload(request, &bucket, &upload, NULL))
        return false;
    struct s3_write *write = s3_write_begin(request, finish_part, put);
    write->algorithm = s3_algorithm_of(upload.checksum_algorithm);
    bool good = s3_open_source(request, &source) &&
                read_source_range(request, (uint64_t)source.found.object.blob.size, &start, &length);
    if (good) {
        put->copied = true;
        put->source_version = source.keeps_versions ? s3_version_text(&source.found.object) : SLICE("");
        good = s3_read_source(request, &source, start, length, write);
    }
    s3_close_source(request, &source);
    return good && s3_write_run(request, write);
}

/* ---- completing ---- */

struct completion {
    struct request *request;
    const struct s3_upload *upload;
    enum s3_algorithm algorithm;
    struct buffer manifest;
    struct s3_sum *etags, *sums; /* of the parts' MD5s, and of their checksums */
    uint64_t whole;              /* the checksum of all so far, if it is linear */
    int64_t size;
    size_t count;
};

static struct slice unquoted(struct slice etag)
{
    if (etag.len >= 2 && etag.ptr[0] == '"' && etag.ptr[etag.len - 1] == '"')
        return (struct slice){etag.ptr + 1, etag.len - 2};
    return etag;
}

static bool invalid_part(struct request *request, const struct s3_upload *upload, int64_t number,
                         struct slice etag)
{
    (void)s3_fail(
        request, ERROR_S3_INVALID_PART, "UploadId", upload->id,
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or "
        "the specified entity tag may not match the part's entity tag.");
    s3_fail_more(request, "PartNumber", arena_printf(request->arena, "%" PRId64, number));
    s3_fail_more(request, "ETag", etag);
    return false;
}

static void add_hexadecimal(struct s3_sum *sum, struct slice hex)
{
    char bytes[S3_SUM_SIZE];

    for (size_t i = 0; i + 1 < hex.len; i += 2)
        bytes[i / 2] = (char)(hex_digit(hex.ptr[i]) * 16 + hex_digit(hex.ptr[i + 1]));
    s3_sum_add(sum, (struct slice){bytes, hex.len / 2});
}

static bool add_sum(struct completion *completion, const struct s3_part *part)
{
    struct slice bytes;

    if (!base64_decode(completion->request->arena, part->checksum, &bytes))
        return s3_fail_storage(completion->request, STORAGE_CORRUPT);
    s3_sum_add(completion->sums, bytes);
    if (s3_algorithm_is_linear(completion->algorithm))
        completion->whole = s3_sum_combine(completion->algorithm, completion->whole,
                                           bytes_read(bytes.ptr, bytes.len), (uint64_t)part->blob.size);
    return true;
}

/* The checksum that the request says a part has. */
static struct slice told_sum(const struct json *told, enum s3_algorithm *algorithm)
{
    for (int i = S3_SUM_CRC32; i <= S3_SUM_SHA256; i++) {
        const struct json *value = json_get_present(told, s3_algorithm_member((enum s3_algorithm)i));
        *algorithm = (enum s3_algorithm)i;
        if (value != NULL)
            return value->text;
    }
    return SLICE("");
}

static bool check_part(struct completion *completion, const struct json *told, const struct s3_part *part,
                       bool last)
{
    struct request *request = completion->request;
    struct slice etag = unquoted(json_get(told, "ETag")->text);
    enum s3_algorithm algorithm;
    struct slice sum = told_sum(told, &algorithm);

    if (!slice_equal(etag, part->etag) ||
        (sum.len > 0 && algorithm == completion->algorithm && !slice_equal(sum, part->checksum)))
        return invalid_part(request, completion->upload, part->number, etag);
    if (sum.len > 0 && algorithm != completion->algorithm &&
        !slice_is(completion->upload->checksum_algorithm, "CRC64NVME"))
        return fail(&request->failure, ERROR_S3_BAD_DIGEST,
                    "The %s you specified for part %" PRId64 " did not match what we received.",
                    s3_algorithm_name(algorithm), part->number);
    if (last || part->blob.size >= PART_SMALLEST)
        return true;
    (void)s3_fail(request, ERROR_S3_ENTITY_TOO_SMALL, "ProposedSize",
                  arena_printf(request->arena, "%" PRId64, part->blob.size),
                  "Your proposed upload is smaller than the minimum allowed size");
    s3_fail_more(request, "MinSizeAllowed", arena_printf(request->arena, "%d", PART_SMALLEST));
    s3_fail_more(request, "PartNumber", arena_printf(request->arena, "%" PRId64, part->number));
    s3_fail_more(request, "ETag", part->etag);
    return false;
}

/* Adds the part to the object, and takes its record away: nobody else may change it meanwhile. */
static bool take_part(struct completion *completion, const struct json *told, int64_t number, bool last)
{
    struct request *request = completion->request;
    struct slice at = s3_part_key(request->arena, completion->upload->id, number);
    struct version version;
    struct s3_part part;

    enum storage_status status =
        s3_read(request->server->storage, NULL, request->arena, at, &s3_part_layout, &part, &version);
    if (status == STORAGE_NOT_FOUND)
        return invalid_part(request, completion->upload, number, unquoted(json_get(told, "ETag")->text));
    if (status != STORAGE_OK)
        return s3_fail_storage(request, status);
    if (!check_part(completion, told, &part, last) || !add_sum(completion, &part))
        return false;
    add_hexadecimal(completion->etags, part.etag);
    if (part.blob.size > 0) {
        s3_append_id(&completion->manifest, part.blob.id);
        buffer_append_u64(&completion->manifest, (uint64_t)part.blob.size);
        completion->count++;
    }
    completion->size += part.blob.size;
    batch_guard(&request->batch, at, version);
    batch_delete(&request->batch, at);
    return true;
}

static bool check_order(struct request *request, const struct s3_upload *upload, const struct json *parts)
{
    int64_t number, before = 0;

    for (size_t i = 0; i < parts->array.count; i++) {
        if (!json_to_int64(json_get(&parts->array.items[i], "PartNumber"), &number) || number < 1 ||
            number > S3_PARTS_LIMIT)
            return fail(&request->failure, ERROR_S3_INVALID_ARGUMENT,
                        "PartNumber must be an integer between 1 and 10000, inclusive");
        if (number <= before)
            return s3_fail(
                request, ERROR_S3_INVALID_PART_ORDER, "UploadId", upload->id,
                "The list of parts was not in ascending order. Parts must be ordered by part number.");
        before = number;
    }
    return true;
}

static bool take_parts(struct completion *completion, const struct json *parts)
{
    int64_t number;

    if (!check_order(completion->request, completion->upload, parts))
        return false;
    for (size_t i = 0; i < parts->array.count; i++) {
        const struct json *told = &parts->array.items[i];
        if (!json_to_int64(json_get(told, "PartNumber"), &number) ||
            !take_part(completion, told, number, i + 1 == parts->array.count))
            return false;
    }
    return true;
}

static struct slice number_base64(struct arena *arena, uint64_t number, size_t size)
{
    char bytes[8];

    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)(number >> 8 * (size - 1 - i));
    return s3_base64(arena, (struct slice){bytes, size});
}

static void make_sums(struct completion *completion, size_t parts, struct s3_object *object)
{
    struct arena *arena = completion->request->arena;
    unsigned char out[S3_SUM_SIZE];
    size_t length = s3_sum_end(completion->etags, out);
    struct slice md5 = s3_hex(arena, (struct slice){(const char *)out, length});

    object->etag = arena_printf(arena, "%.*s-%zu", SLICE_ARGS(md5), parts);
    object->checksum_algorithm = completion->upload->checksum_algorithm;
    object->composite = completion->upload->composite;
    if (!object->composite) {
        object->checksum = number_base64(arena, completion->whole, s3_algorithm_size(completion->algorithm));
        return;
    }
    length = s3_sum_end(completion->sums, out);
    struct slice sum = s3_base64(arena, (struct slice){(const char *)out, length});
    object->checksum = arena_printf(arena, "%.*s-%zu", SLICE_ARGS(sum), parts);
}

/* What the request says of the whole object. */
static bool check_whole(struct completion *completion, const struct s3_object *object)
{
    struct request *request = completion->request;
    struct slice size = s3_text_or_empty(request, "MpuObjectSize");
    struct slice sum = s3_text_or_empty(request, s3_algorithm_member(completion->algorithm));
    uint64_t told;

    if (size.len > 0 && (!digits_parse(size, 10, INT64_MAX, &told) || (int64_t)told != completion->size))
        return fail(&request->failure, ERROR_S3_INVALID_REQUEST,
                    "The provided 'x-amz-mp-object-size' header value %.*s does not match what was computed: "
                    "%" PRId64,
                    SLICE_ARGS(size), completion->size);
    struct slice plain = object->checksum;
    const char *dash = object->composite ? memchr(plain.ptr, '-', plain.len) : NULL;
    if (dash != NULL)
        plain.len = (size_t)(dash - plain.ptr);
    return sum.len == 0 || slice_equal(sum, object->checksum) || slice_equal(sum, plain) ||
           fail(&request->failure, ERROR_S3_BAD_DIGEST,
                "The %s you specified did not match the calculated checksum.",
                s3_algorithm_name(completion->algorithm));
}

static void tell_completed(struct request *request, const struct s3_bucket *bucket,
                           const struct s3_object *object)
{
    struct s3_output output = s3_begin(request);

    s3_tell_version(&output, bucket, object);
    s3_tell_encryption(&output, object);
    struct s3_output result = s3_open(&output, "CompleteMultipartUploadResult");
    s3_tell(&result, "Location",
            arena_printf(request->arena, "%s://%.*s/%.*s/%.*s", request->secure ? "https" : "http",
                         SLICE_ARGS(request->endpoint), SLICE_ARGS(bucket->name),
                         SLICE_ARGS(s3_url_encode(request->arena, object->key))));
    s3_tell(&result, "Bucket", bucket->name);
    s3_tell(&result, "Key", object->key);
    s3_tell_etag(&result, object->etag);
    s3_tell_checksum(&result, object);
    s3_end(&result);
    s3_end(&output);
}

/* The parts' blobs become one, and the object. */
static bool put_completed(struct completion *completion, const struct s3_bucket *bucket, size_t parts)
{
    struct request *request = completion->request;
    const struct s3_upload *upload = completion->upload;
    struct s3_object object = {
        .key = upload->key, .headers = upload->headers, .metadata = upload->metadata, .tags = upload->tags};

    make_sums(completion, parts, &object);
    if (completion->size > 0)
        object.blob =
            (struct s3_blob){s3_new_id(request->arena), completion->size, (int64_t)completion->count};
    if (!check_whole(completion, &object))
        return false;
    if (completion->size > 0)
        batch_put(&request->batch, s3_manifest_key(request->arena, object.blob.id),
                  arena_copy(request->arena, buffer_slice(&completion->manifest)));
    bool done = s3_write_current(request, bucket, &object);
    if (done)
        tell_completed(request, bucket, &object);
    return done;
}

static bool complete(struct completion *completion, const struct s3_bucket *bucket, struct version of_bucket,
                     struct version of_upload)
{
    struct request *request = completion->request;
    const struct json *parts = json_get(json_get(request->body, "MultipartUpload"), "Parts");
    struct slice at =
        s3_upload_key(request->arena, bucket->id, completion->upload->key, completion->upload->id);

    if (!take_parts(completion, parts))
        return false;
    s3_hold_bucket(request, bucket, of_bucket);
    batch_guard(&request->batch, at, of_upload);
    objects_drop_upload(&request->batch, at);
    if (!put_completed(completion, bucket, parts->array.count))
        return false;
    s3_erase_later(request);
    return true;
}

bool s3_complete_multipart_upload(struct request *request)
{
    struct completion completion = {.request = request};
    struct version of_bucket, of_upload;
    struct s3_upload upload;
    struct s3_bucket bucket;

    if (!check_call(request) || !s3_enter_bucket(request, &bucket, &of_bucket) ||
        !find_upload(request, &bucket, &upload, &of_upload))
        return false;
    completion.upload = &upload;
    completion.algorithm = s3_algorithm_of(upload.checksum_algorithm);
    completion.etags = s3_sum_create(S3_SUM_MD5);
    completion.sums = s3_sum_create(completion.algorithm);
    buffer_init(&completion.manifest);
    bool good = complete(&completion, &bucket, of_bucket, of_upload);
    buffer_finish(&completion.manifest);
    s3_sum_destroy(completion.etags);
    s3_sum_destroy(completion.sums);
    return good;
}

/* ---- lists ---- */

static void tell_initiator(struct request *request, const struct s3_upload *upload, struct s3_output *output)
{
    struct s3_output initiator = s3_open(output, "Initiator");

    s3_tell(&initiator, "ID", upload->owner.len > 0 ? upload->owner : s3_owner_id(request));
    s3_end(&initiator);
    s3_tell_owner(request, output, "Owner");
    struct slice class = s3_pairs_get(&upload->headers, "StorageClass");
    s3_tell(output, "StorageClass", class.len > 0 ? class : SLICE("STANDARD"));
}

static void tell_sum_type(const struct s3_upload *upload, struct s3_output *output)
{
    s3_tell_some(output, "ChecksumAlgorithm", upload->checksum_algorithm);
    s3_tell(output, "ChecksumType", upload->composite ? SLICE("COMPOSITE") : SLICE("FULL_OBJECT"));
}

static void tell_listed_part(struct s3_output *list, const struct s3_part *part)
{
    struct s3_output output = s3_open(list, NULL);

    s3_tell_number(&output, "PartNumber", part->number);
    s3_tell_time(&output, "LastModified", part->modified);
    s3_tell_etag(&output, part->etag);
    s3_tell_number(&output, "Size", part->blob.size);
    s3_tell_some(&output, s3_algorithm_member(s3_algorithm_of(part->checksum_algorithm)), part->checksum);
    s3_end(&output);
}

/* Parts behind the marker; *last is the number of the last that was told. */
static bool tell_parts(struct request *request, const struct s3_upload *upload, struct s3_output *list,
                       int64_t most, int64_t *last, bool *truncated)
{
    struct key_range range = s3_part_keys(request->arena, upload->id, *last);
    struct cursor *cursor = cursor_create(request->server->storage, NULL, range.from, range.to, FORWARD);
    struct slice key, value;
    enum storage_status status;
    int64_t told = 0;

    *truncated = false;
    while ((status = cursor_next(cursor, &key, &value)) == STORAGE_OK) {
        struct s3_part part;
        *truncated = told++ == most;
        if (*truncated)
            break;
        if (!layout_read(request->arena, arena_copy(request->arena, value), &s3_part_layout, &part)) {
            status = STORAGE_CORRUPT;
            break;
        }
        tell_listed_part(list, &part);
        *last = part.number;
    }
    cursor_destroy(cursor);
    return status == STORAGE_OK || status == STORAGE_NOT_FOUND || s3_fail_storage(request, status);
}

bool s3_list_parts(struct request *request)
{
    int64_t most, marker, last;
    struct s3_upload upload;
    struct s3_bucket bucket;
    bool truncated;

    if (!s3_enter_bucket(request, &bucket, NULL) || !find_upload(request, &bucket, &upload, NULL) ||
        !s3_number(request, "MaxParts", "max-parts", PAGE_MOST, PAGE_MOST, &most) ||
        !s3_number(request, "PartNumberMarker", "part-number-marker", S3_PARTS_LIMIT, 0, &marker))
        return false;
    last = marker;
    struct s3_output output = s3_begin(request);
    s3_tell(&output, "Bucket", bucket.name);
    s3_tell(&output, "Key", upload.key);
    s3_tell(&output, "UploadId", upload.id);
    tell_initiator(request, &upload, &output);
    s3_tell_number(&output, "PartNumberMarker", marker);
    s3_tell_number(&output, "MaxParts", most);
    tell_sum_type(&upload, &output);
    struct s3_output list = s3_open_list(&output, "Part");
    bool good = tell_parts(request, &upload, &list, most, &last, &truncated);
    s3_close_list(&list);
    s3_tell_number(&output, "NextPartNumberMarker", last);
    s3_tell_boolean(&output, "IsTruncated", truncated);
    s3_end(&output);
    return good;
}

struct upload_list {
    struct request *request;
    struct s3_bucket bucket;
    struct slice prefix, delimiter, key_marker, id_marker;
    int64_t most, told;
    bool encoded, truncated;
    struct slice common, last_key, last_id;
    struct buffer prefixes;
};

static struct slice encode(const struct upload_list *list, struct slice text)
{
    return list->encoded ? s3_url_encode(list->request->arena, text) : text;
}

static bool is_told_before(const struct upload_list *list, struct slice key, struct slice id)
{
    int order = slice_compare(key, list->key_marker);

    if (list->key_marker.len == 0)
        return false;
    return order < 0 || (order == 0 && (list->id_marker.len == 0 || slice_compare(id, list->id_marker) <= 0));
}

static bool tell_upload(struct upload_list *list, struct s3_output *uploads, struct slice key,
                        const struct s3_upload *upload)
{
    struct slice common = s3_common_prefix(key, list->prefix, list->delimiter);

    if (is_told_before(list, key, upload->id) ||
        (common.len > 0 && (slice_equal(common, list->common) || slice_equal(common, list->key_marker))))
        return true;
    list->truncated = list->told == list->most;
    if (list->truncated)
        return false;
    list->told++;
    list->last_key = common.len > 0 ? common : key;
    list->last_id = common.len > 0 ? SLICE("") : upload->id;
    if (common.len > 0) {
        bool first = true;
        list->common = common;
        buffer_append_string(&list->prefixes, list->prefixes.len > 0 ? ",{" : "{");
        json_write_string_member(&list->prefixes, &first, "Prefix", encode(list, common));
        buffer_append_byte(&list->prefixes, '}');
        return true;
    }
    struct s3_output output = s3_open(uploads, NULL);
    s3_tell(&output, "Key", encode(list, key));
    s3_tell(&output, "UploadId", upload->id);
    tell_initiator(list->request, upload, &output);
    s3_tell_time(&output, "Initiated", upload->begun);
    tell_sum_type(upload, &output);
    s3_end(&output);
    return true;
}

static bool tell_uploads(struct upload_list *list, struct s3_output *uploads)
{
    struct request *request = list->request;
    struct key_range range = s3_upload_keys(request->arena, list->bucket.id, list->prefix);
    struct cursor *cursor = cursor_create(request->server->storage, NULL, range.from, range.to, FORWARD);
    struct slice at, value;
    enum storage_status status = STORAGE_OK;

    while (!list->truncated && (status = cursor_next(cursor, &at, &value)) == STORAGE_OK) {
        struct s3_upload upload;
        if (!layout_read(request->arena, arena_copy(request->arena, value), &s3_upload_layout, &upload)) {
            status = STORAGE_CORRUPT;
            break;
        }
        struct slice key = arena_copy(request->arena, s3_upload_key_name(at));
        upload.id = arena_copy(request->arena, s3_upload_key_id(at));
        (void)tell_upload(list, uploads, key, &upload);
    }
    cursor_destroy(cursor);
    return status == STORAGE_OK || status == STORAGE_NOT_FOUND || s3_fail_storage(request, status);
}

static bool list_uploads(struct upload_list *list)
{
    struct s3_output output = s3_begin(list->request);

    s3_tell(&output, "Bucket", list->bucket.name);
    s3_tell(&output, "KeyMarker", encode(list, list->key_marker));
    s3_tell(&output, "UploadIdMarker", list->id_marker);
    s3_tell(&output, "Prefix", encode(list, list->prefix));
    s3_tell_some(&output, "Delimiter", encode(list, list->delimiter));
    if (list->encoded)
        s3_tell(&output, "EncodingType", SLICE("url"));
    s3_tell_number(&output, "MaxUploads", list->most);
    struct s3_output uploads = s3_open_list(&output, "Upload");
    bool good = list->most == 0 || tell_uploads(list, &uploads);
    s3_close_list(&uploads);
    s3_tell_boolean(&output, "IsTruncated", list->truncated);
    if (list->truncated) {
        s3_tell(&output, "NextKeyMarker", encode(list, list->last_key));
        s3_tell(&output, "NextUploadIdMarker", list->last_id);
    }
    if (list->prefixes.len > 0) {
        struct s3_output prefixes = s3_open_list(&output, "CommonPrefixes");
        buffer_append(prefixes.out, buffer_slice(&list->prefixes));
        s3_close_list(&prefixes);
    }
    s3_end(&output);
    return good;
}

bool s3_list_multipart_uploads(struct request *request)
{
    struct upload_list list = {.request = request,
                               .prefix = s3_text_or_empty(request, "Prefix"),
                               .delimiter = s3_text_or_empty(request, "Delimiter"),
                               .key_marker = s3_text_or_empty(request, "KeyMarker"),
                               .id_marker = s3_text_or_empty(request, "UploadIdMarker")};

    buffer_init(&list.prefixes);
    bool good = s3_enter_bucket(request, &list.bucket, NULL) && s3_read_encoding(request, &list.encoded) &&
                s3_number(request, "MaxUploads", "max-uploads", PAGE_MOST, PAGE_MOST, &list.most) &&
                list_uploads(&list);
    buffer_finish(&list.prefixes);
    return good;
}
