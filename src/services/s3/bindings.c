#include "services/s3/bindings.h"

#include <strings.h>

#include "base/check.h"
#include "wire/answer.h"

enum { PATH_ALONE = 1, HEADERS_LIMIT = 8 * 1024, PARAMETERS_LIMIT = 100, PAYLOAD_DEPTH = 32 };

/* ---- where members stand ---- */

static const struct {
    const char *member;
    const char *header; /* of the request and of the answer, or NULL */
    const char *query;  /* or NULL */
} places[] = {
    {"ContentType", "Content-Type", NULL},
    {"CacheControl", "Cache-Control", NULL},
    {"ContentDisposition", "Content-Disposition", NULL},
    {"ContentEncoding", "Content-Encoding", NULL},
    {"ContentLanguage", "Content-Language", NULL},
    {"Expires", "Expires", NULL},
    {"ContentMD5", "Content-MD5", NULL},
    {"ETag", "ETag", NULL},
    {"LastModified", "Last-Modified", NULL},
    {"AcceptRanges", "Accept-Ranges", NULL},
    {"ContentRange", "Content-Range", NULL},
    {"Location", "Location", NULL},
    {"Range", "Range", NULL},
    {"IfMatch", "If-Match", NULL},
    {"IfNoneMatch", "If-None-Match", NULL},
    {"IfModifiedSince", "If-Modified-Since", NULL},
    {"IfUnmodifiedSince", "If-Unmodified-Since", NULL},
    {"ACL", "x-amz-acl", NULL},
    {"GrantFullControl", "x-amz-grant-full-control", NULL},
    {"GrantRead", "x-amz-grant-read", NULL},
    {"GrantReadACP", "x-amz-grant-read-acp", NULL},
    {"GrantWrite", "x-amz-grant-write", NULL},
    {"GrantWriteACP", "x-amz-grant-write-acp", NULL},
    {"ObjectOwnership", "x-amz-object-ownership", NULL},
    {"ObjectLockEnabledForBucket", "x-amz-bucket-object-lock-enabled", NULL},
    {"ObjectLockMode", "x-amz-object-lock-mode", NULL},
    {"ObjectLockRetainUntilDate", "x-amz-object-lock-retain-until-date", NULL},
    {"ObjectLockLegalHoldStatus", "x-amz-object-lock-legal-hold", NULL},
    {"BucketRegion", "x-amz-bucket-region", NULL},
    {"BucketArn", "x-amz-bucket-arn", NULL},
    {"AccessPointAlias", "x-amz-access-point-alias", NULL},
    {"ExpectedBucketOwner", "x-amz-expected-bucket-owner", NULL},
    {"ExpectedSourceBucketOwner", "x-amz-source-expected-bucket-owner", NULL},
    {"MFA", "x-amz-mfa", NULL},
    {"StorageClass", "x-amz-storage-class", NULL},
    {"ServerSideEncryption", "x-amz-server-side-encryption", NULL},
    {"SSEKMSKeyId", "x-amz-server-side-encryption-aws-kms-key-id", NULL},
    {"SSECustomerAlgorithm", "x-amz-server-side-encryption-customer-algorithm", NULL},
    {"CopySourceSSECustomerAlgorithm", "x-amz-copy-source-server-side-encryption-customer-algorithm", NULL},
    {"WebsiteRedirectLocation", "x-amz-website-redirect-location", NULL},
    {"Tagging", "x-amz-tagging", NULL},
    {"TagCount", "x-amz-tagging-count", NULL},
    {"TaggingDirective", "x-amz-tagging-directive", NULL},
    {"MetadataDirective", "x-amz-metadata-directive", NULL},
    {"CopySource", "x-amz-copy-source", NULL},
    {"CopySourceRange", "x-amz-copy-source-range", NULL},
    {"CopySourceIfMatch", "x-amz-copy-source-if-match", NULL},
    {"CopySourceIfNoneMatch", "x-amz-copy-source-if-none-match", NULL},
    {"CopySourceIfModifiedSince", "x-amz-copy-source-if-modified-since", NULL},
    {"CopySourceIfUnmodifiedSince", "x-amz-copy-source-if-unmodified-since", NULL},
    {"CopySourceVersionId", "x-amz-copy-source-version-id", NULL},
    {"ChecksumAlgorithm", "x-amz-checksum-algorithm", NULL},
    {"ChecksumMode", "x-amz-checksum-mode", NULL},
    {"ChecksumType", "x-amz-checksum-type", NULL},
    {"ChecksumCRC32", "x-amz-checksum-crc32", NULL},
    {"ChecksumCRC32C", "x-amz-checksum-crc32c", NULL},
    {"ChecksumCRC64NVME", "x-amz-checksum-crc64nvme", NULL},
    {"ChecksumSHA1", "x-amz-checksum-sha1", NULL},
    {"ChecksumSHA256", "x-amz-checksum-sha256", NULL},
    {"MpuObjectSize", "x-amz-mp-object-size", NULL},
    {"WriteOffsetBytes", "x-amz-write-offset-bytes", NULL},
    {"IfMatchLastModifiedTime", "x-amz-if-match-last-modified-time", NULL},
    {"IfMatchSize", "x-amz-if-match-size", NULL},
    {"ObjectAttributes", "x-amz-object-attributes", NULL},
    {"PartsCount", "x-amz-mp-parts-count", NULL},
    {"DeleteMarker", "x-amz-delete-marker", NULL},
    {"VersionId", "x-amz-version-id", "versionId"},
    {"MaxParts", "x-amz-max-parts", "max-parts"},
    {"PartNumberMarker", "x-amz-part-number-marker", "part-number-marker"},
    {"PartNumber", NULL, "partNumber"},
    {"UploadId", NULL, "uploadId"},
    {"ListType", NULL, "list-type"},
    {"Prefix", NULL, "prefix"},
    {"Delimiter", NULL, "delimiter"},
    {"EncodingType", NULL, "encoding-type"},
    {"MaxKeys", NULL, "max-keys"},
    {"Marker", NULL, "marker"},
    {"StartAfter", NULL, "start-after"},
    {"ContinuationToken", NULL, "continuation-token"},
    {"FetchOwner", NULL, "fetch-owner"},
    {"KeyMarker", NULL, "key-marker"},
    {"VersionIdMarker", NULL, "version-id-marker"},
    {"UploadIdMarker", NULL, "upload-id-marker"},
    {"MaxUploads", NULL, "max-uploads"},
    {"MaxBuckets", NULL, "max-buckets"},
    {"BucketRegionFilter", NULL, "bucket-region"},
    {"ResponseContentType", NULL, "response-content-type"},
    {"ResponseContentLanguage", NULL, "response-content-language"},
    {"ResponseExpires", NULL, "response-expires"},
    {"ResponseCacheControl", NULL, "response-cache-control"},
    {"ResponseContentDisposition", NULL, "response-content-disposition"},
    {"ResponseContentEncoding", NULL, "response-content-encoding"},
};

enum { PLACES = sizeof(places) / sizeof(places[0]) };

const char *const s3_kept_members[] = {
    "ContentType", "CacheControl", "ContentDisposition",   "ContentEncoding", "ContentLanguage",
    "Expires",     "StorageClass", "ServerSideEncryption", "SSEKMSKeyId",     "WebsiteRedirectLocation",
    NULL};

const char *s3_header_of(struct slice member)
{
    for (size_t i = 0; i < PLACES; i++) {
        if (places[i].header != NULL && slice_is(member, places[i].member))
            return places[i].header;
    }
    return NULL;
}

/* ---- which requests are S3's ---- */

static bool is_method(const struct http_request *http, const char *method)
{
    return slice_is(http->method, method);
}

/*
 * Who signs, says so. Who does not, names a bucket: in the host, or in the path. The root of a host that
 * names none is left to others; what is posted without a signature is a form's upload.
 */
bool s3_claims(const struct http_request *http, struct slice scope)
{
    const struct slice *host = http_header(http, "host"), *authorization = http_header(http, "authorization");

    if (scope.len > 0)
        return slice_is(scope, "s3");
    if (authorization != NULL && slice_starts_with(*authorization, SLICE("AWS ")))
        return true; /* an older signature, of which S3 says that it is not supported */
    if (host != NULL && s3_host_bucket(*host).len > 0)
        return true;
    return http->path.len > PATH_ALONE &&
           (is_method(http, "GET") || is_method(http, "HEAD") || is_method(http, "PUT") ||
            is_method(http, "DELETE") || is_method(http, "POST"));
}

/* Chunks that are signed one by one have some 90 bytes more for each 8 KB at least. */
struct http_admission s3_admit(const struct http_request *head)
{
    (void)head;
    return (struct http_admission){.body_limit = S3_OBJECT_LIMIT + S3_OBJECT_LIMIT / 64, .packed = true};
}

/* ---- the query ---- */

static bool read_query(struct request *request, struct s3_call *call)
{
    struct slice query = request->http->query;

    call->parameters = arena_array(request->arena, struct s3_parameter, PARAMETERS_LIMIT);
    while (query.len > 0) {
        const char *end = memchr(query.ptr, '&', query.len);
        struct slice pair = {query.ptr, end == NULL ? query.len : (size_t)(end - query.ptr)};
        struct s3_parameter *parameter = &call->parameters[call->parameter_count];
        query = slice_skip(query, end == NULL ? pair.len : pair.len + 1);
        if (pair.len == 0)
            continue;
        const char *equal = memchr(pair.ptr, '=', pair.len);
        struct slice name = {pair.ptr, equal == NULL ? pair.len : (size_t)(equal - pair.ptr)};
        struct slice value = equal == NULL ? SLICE("") : slice_skip(pair, name.len + 1);
        if (call->parameter_count == PARAMETERS_LIMIT ||
            !s3_percent_decode(request->arena, name, &parameter->name) ||
            !s3_percent_decode(request->arena, value, &parameter->value) ||
            !json_text_valid(parameter->name) || !json_text_valid(parameter->value))
            return fail(&request->failure, ERROR_S3_INVALID_URI, "Couldn't parse the specified URI.");
        call->parameter_count++;
    }
    return true;
}

const struct slice *s3_parameter(const struct s3_call *call, const char *name)
{
    for (size_t i = 0; i < call->parameter_count; i++) {
        if (slice_is(call->parameters[i].name, name))
            return &call->parameters[i].value;
    }
    return NULL;
}

/* ---- the operation ---- */

/* All of "a&b" are in the query. */
static bool is_marked(const struct s3_call *call, const char *marks)
{
    while (*marks != '\0') {
        char mark[64];
        size_t length = strcspn(marks, "&");
        snprintf(mark, sizeof(mark), "%.*s", (int)length, marks);
        if (s3_parameter(call, mark) == NULL)
            return false;
        marks += length + (marks[length] == '&');
    }
    return true;
}

static enum s3_place place_of(const struct request *request, const struct s3_call *call)
{
    if (call->address.bucket.len == 0)
        return S3_SERVICE;
    if (call->address.key.len == 0)
        return S3_BUCKET;
    return http_header(request->http, "x-amz-copy-source") != NULL && is_method(request->http, "PUT")
               ? S3_COPY
               : S3_OBJECT;
}

static bool find_row(struct request *request, struct s3_call *call, enum s3_place place)
{
    for (unsigned i = 0; i < s3_service.operation_count; i++) {
        const struct s3_binding *binding = &s3_bindings[i];
        if (binding->place != place || !slice_is(request->http->method, binding->method) ||
            !is_marked(call, binding->marks))
            continue;
        call->binding = binding;
        request->operation = &s3_service.operations[i];
        return true;
    }
    return false;
}

static bool find_operation(struct request *request, struct s3_call *call)
{
    enum s3_place place = place_of(request, call);

    if (find_row(request, call, place))
        return true;
    if (place == S3_COPY && find_row(request, call, S3_OBJECT))
        return true;
    if (is_method(request->http, "POST") && place == S3_BUCKET)
        return fail(&request->failure, ERROR_S3_NOT_IMPLEMENTED,
                    "Uploads by forms (POST Object) are not served here");
    (void)s3_fail(request, ERROR_S3_METHOD_NOT_ALLOWED, "Method", request->http->method,
                  "The specified method is not allowed against this resource.");
    s3_fail_more(request, "ResourceType",
                 place == S3_SERVICE  ? SLICE("SERVICE")
                 : place == S3_BUCKET ? SLICE("BUCKET")
                                      : SLICE("OBJECT"));
    return false;
}

/* ---- input ---- */

struct members {
    struct arena *arena;
    struct json_member *list;
    size_t count, capacity;
};

static void add(struct members *members, struct slice name, struct json value)
{
    if (members->count == members->capacity) {
        size_t capacity = members->capacity == 0 ? 32 : 2 * members->capacity;
        members->list =
            arena_grow(members->arena, members->list, members->count, capacity, sizeof(members->list[0]));
        members->capacity = capacity;
    }
    members->list[members->count++] = (struct json_member){name, value};
}

static void add_text(struct members *members, struct slice name, struct slice text)
{
    add(members, name, (struct json){.type = JSON_STRING, .text = s3_utf8(members->arena, text)});
}

static void add_headers(struct members *members, const struct http_request *http)
{
    for (size_t i = 0; i < PLACES; i++) {
        const struct slice *header = places[i].header == NULL ? NULL : http_header(http, places[i].header);
        /* What stands in the query of some operations is in a header of others' answers, and of none's
         * request. */
        if (header != NULL &&
            (places[i].query == NULL || slice_starts_with(slice_of(places[i].member), SLICE("Max")) ||
             slice_is(slice_of(places[i].member), "PartNumberMarker")))
            add_text(members, slice_of(places[i].member), *header);
    }
}

static void add_parameters(struct members *members, const struct s3_call *call)
{
    for (size_t i = 0; i < PLACES; i++) {
        const struct slice *value = places[i].query == NULL ? NULL : s3_parameter(call, places[i].query);
        if (value != NULL)
            add_text(members, slice_of(places[i].member), *value);
    }
}

static bool is_metadata(struct slice header, struct slice *name)
{
    const struct slice prefix = SLICE("x-amz-meta-");

    if (header.len <= prefix.len || strncasecmp(header.ptr, prefix.ptr, prefix.len) != 0)
        return false;
    *name = slice_skip(header, prefix.len);
    return true;
}

static struct slice in_small_letters(struct arena *arena, struct slice text)
{
    char *small = arena_alloc(arena, text.len);

    for (size_t i = 0; i < text.len; i++)
        small[i] = (char)(text.ptr[i] >= 'A' && text.ptr[i] <= 'Z' ? text.ptr[i] | 0x20 : text.ptr[i]);
    return s3_utf8(arena, (struct slice){small, text.len});
}

static void add_metadata(struct members *members, const struct http_request *http)
{
    struct members metadata = {.arena = members->arena};
    struct slice name;

    for (size_t i = 0; i < http->header_count; i++) {
        if (is_metadata(http->headers[i].name, &name))
            add_text(&metadata, in_small_letters(members->arena, name), http->headers[i].value);
    }
    if (metadata.count == 0)
        return;
    struct json object = {.type = JSON_OBJECT};
    object.object.members = metadata.list;
    object.object.count = json_drop_repeated(metadata.list, metadata.count);
    add(members, SLICE("Metadata"), object);
}

/* All that is not in the payload; there is room for one more member. */
static void make_input(struct request *request, const struct s3_call *call)
{
    struct members members = {.arena = request->arena};
    struct json *body = arena_new(request->arena, struct json);

    if (call->address.bucket.len > 0)
        add_text(&members, SLICE("Bucket"), call->address.bucket);
    if (call->address.key.len > 0)
        add_text(&members, SLICE("Key"), call->address.key);
    add_parameters(&members, call);
    add_headers(&members, request->http);
    add_metadata(&members, request->http);
    *body = (struct json){.type = JSON_OBJECT};
    body->object.members = members.list;
    body->object.count = json_drop_repeated(members.list, members.count);
    request->body = body;
}

/* "The PUT request header is limited to 8 KB in size." */
static bool check_head(struct request *request)
{
    const struct http_request *http = request->http;
    size_t size = http->query.len;

    for (size_t i = 0; i < http->header_count; i++)
        size += http->headers[i].name.len + http->headers[i].value.len;
    return size <= HEADERS_LIMIT ||
           s3_fail(request, ERROR_S3_REQUEST_HEADERS_TOO_LARGE, "MaxSizeAllowed", SLICE("8192"),
                   "Your request header section exceeds the maximum allowed request header section size.");
}

bool s3_identify(struct request *request)
{
    struct s3_call *call = arena_new(request->arena, struct s3_call);
    const struct slice *host = http_header(request->http, "host");

    request->rest = call;
    if (!s3_address_read(request->arena, host == NULL ? SLICE("") : *host, request->http->path,
                         &call->address))
        return fail(&request->failure, ERROR_S3_INVALID_URI, "Couldn't parse the specified URI.");
    if (!read_query(request, call) || !check_head(request) || !find_operation(request, call))
        return false;
    make_input(request, call);
    return true;
}
