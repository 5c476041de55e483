/* Input that several operations have: keys, headers that are kept, tags, the source of a copy. */
#include "services/s3/bindings.h"
#include "services/s3/copy_source.h"
#include "services/s3/store.h"

#include "base/characters.h"

enum {
    KEY_LONGEST = 1024,
    METADATA_LONGEST = 2 * 1024,
    OBJECT_TAGS = 10,
    TAG_KEY_LONGEST = 128, /* characters */
    TAG_VALUE_LONGEST = 256
};

bool s3_check_key(struct request *request, struct slice key)
{
    if (key.len == 0)
        return fail(&request->failure, ERROR_S3_INVALID_REQUEST, "A key must be specified");
    if (key.len <= KEY_LONGEST)
        return true;
    (void)s3_fail(request, ERROR_S3_KEY_TOO_LONG, "Size", arena_printf(request->arena, "%zu", key.len),
                  "Your key is too long");
    s3_fail_more(request, "MaxSizeAllowed", arena_printf(request->arena, "%d", KEY_LONGEST));
    return false;
}

/* ---- what is kept with an object ---- */

static bool check_storage_class(struct request *request)
{
    static const char *const classes[] = {
        "STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA",         "ONEZONE_IA",
        "GLACIER",  "GLACIER_IR",         "INTELLIGENT_TIERING", "DEEP_ARCHIVE"};
    struct slice name = s3_text(request, "StorageClass");

    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
        if (name.ptr == NULL || slice_is(name, classes[i]))
            return true;
    }
    return s3_fail(request, ERROR_S3_INVALID_STORAGE_CLASS, "StorageClassRequested", name,
                   "The storage class you specified is not valid");
}

static bool check_encryption(struct request *request)
{
    struct slice name = s3_text(request, "ServerSideEncryption");

    if (s3_sent(request, "SSECustomerAlgorithm") || s3_sent(request, "CopySourceSSECustomerAlgorithm"))
        return fail(&request->failure, ERROR_S3_NOT_IMPLEMENTED,
                    "Encryption with keys that customers provide is not served here");
    bool kms = slice_is(name, "aws:kms") || slice_is(name, "aws:kms:dsse");
    if (s3_sent(request, "SSEKMSKeyId") && !kms)
        return fail(&request->failure, ERROR_S3_INVALID_ARGUMENT,
                    "Server Side Encryption with AWS KMS managed key requires HTTP header "
                    "x-amz-server-side-encryption : aws:kms");
    if (name.ptr == NULL || slice_is(name, "AES256") || kms)
        return true;
    (void)s3_fail(request, ERROR_S3_INVALID_ARGUMENT, "ArgumentName", SLICE("x-amz-server-side-encryption"),
                  "The encryption method specified is not supported");
    s3_fail_more(request, "ArgumentValue", name);
    return false;
}

/* AWS: "If PUT requests specify other ACLs than bucket-owner-full-control ... 400
 * AccessControlListNotSupported". */
static bool check_acl(struct request *request, const struct s3_bucket *bucket)
{
    static const char *const grants[] = {"GrantFullControl", "GrantRead", "GrantReadACP", "GrantWriteACP"};
    struct slice acl = s3_text(request, "ACL");
    const struct json *controls;
    bool granted = false;

    for (size_t i = 0; i < sizeof(grants) / sizeof(grants[0]); i++)
        granted = granted || s3_sent(request, grants[i]);
    if ((acl.ptr == NULL || slice_is(acl, "bucket-owner-full-control")) && !granted)
        return true;
    if (!s3_read_setting(request, bucket, "OwnershipControls", &controls))
        return false;
    const struct json *rules = json_get(controls, "Rules");
    if (rules != NULL && rules->array.count > 0 &&
        slice_is(json_get(&rules->array.items[0], "ObjectOwnership")->text, "BucketOwnerEnforced"))
        return fail(&request->failure, ERROR_S3_ACL_NOT_SUPPORTED, "The bucket does not allow ACLs");
    return (slice_is(acl, "private") && !granted) ||
           fail(&request->failure, ERROR_S3_NOT_IMPLEMENTED,
                "Access control lists but the owner's are not served here");
}

static bool check_locks(struct request *request)
{
    static const char *const locks[] = {"ObjectLockMode", "ObjectLockRetainUntilDate",
                                        "ObjectLockLegalHoldStatus"};

    for (size_t i = 0; i < sizeof(locks) / sizeof(locks[0]); i++) {
        if (s3_sent(request, locks[i]))
            return fail(&request->failure, ERROR_S3_INVALID_REQUEST,
                        "Bucket is missing Object Lock Configuration");
    }
    if (s3_sent(request, "WriteOffsetBytes"))
        return fail(&request->failure, ERROR_S3_NOT_IMPLEMENTED, "Appending to objects is not served here");
    return true;
}

static bool read_metadata(struct request *request, struct s3_pairs *out)
{
    const struct json *metadata = json_get_present(request->body, "Metadata");
    size_t size = 0;

    *out = (struct s3_pairs){0};
    if (metadata == NULL || metadata->type != JSON_OBJECT)
        return true;
    out->items = arena_array(request->arena, struct s3_pair, metadata->object.count);
    for (size_t i = 0; i < metadata->object.count; i++) {
        const struct json_member *member = &metadata->object.members[i];
        if (member->value.type != JSON_STRING)
            continue;
        size += member->name.len + member->value.text.len;
        out->items[out->count++] = (struct s3_pair){member->name, member->value.text};
    }
    if (size <= METADATA_LONGEST)
        return true;
    (void)s3_fail(request, ERROR_S3_METADATA_TOO_LARGE, "Size", arena_printf(request->arena, "%zu", size),
                  "Your metadata headers exceed the maximum allowed metadata size");
    s3_fail_more(request, "MaxSizeAllowed", arena_printf(request->arena, "%d", METADATA_LONGEST));
    return false;
}

/* "aws-chunked" tells how the bytes came, and is not kept. */
static struct slice without_chunking(struct arena *arena, struct slice encoding)
{
    struct buffer out;

    buffer_init(&out);
    while (encoding.len > 0) {
        const char *comma = memchr(encoding.ptr, ',', encoding.len);
        struct slice part = {encoding.ptr, comma == NULL ? encoding.len : (size_t)(comma - encoding.ptr)};
        encoding = slice_skip(encoding, comma == NULL ? part.len : part.len + 1);
        while (part.len > 0 && part.ptr[0] == ' ')
            part = slice_skip(part, 1);
        if (part.len == 0 || slice_is(part, "aws-chunked"))
            continue;
        buffer_printf(&out, "%s%.*s", out.len > 0 ? "," : "", SLICE_ARGS(part));
    }
    struct slice kept = arena_copy(arena, buffer_slice(&out));
    buffer_finish(&out);
    return kept;
}

/* What the bucket's default says, where the request says nothing. */
static bool add_default_encryption(struct request *request, const struct s3_bucket *bucket,
                                   struct s3_pairs *headers)
{
    const struct json *setting;

    if (s3_sent(request, "ServerSideEncryption"))
        return true;
    if (!s3_read_setting(request, bucket, "ServerSideEncryptionConfiguration", &setting))
        return false;
    const struct json *rules = json_get(setting, "Rules");
    const struct json *by_default =
        rules == NULL || rules->array.count == 0
            ? NULL
            : json_get_present(&rules->array.items[0], "ApplyServerSideEncryptionByDefault");
    const struct json *algorithm = json_get_present(by_default, "SSEAlgorithm"),
                      *key = json_get_present(by_default, "KMSMasterKeyID");
    if (algorithm != NULL)
        headers->items[headers->count++] = (struct s3_pair){SLICE("ServerSideEncryption"), algorithm->text};
    if (key != NULL)
        headers->items[headers->count++] = (struct s3_pair){SLICE("SSEKMSKeyId"), key->text};
    return true;
}

bool s3_read_headers(struct request *request, const struct s3_bucket *bucket, struct s3_pairs *headers,
                     struct s3_pairs *metadata)
{
    size_t most = 0;

    if (!check_acl(request, bucket) || !check_storage_class(request) || !check_encryption(request) ||
        !check_locks(request))
        return false;
    while (s3_kept_members[most] != NULL)
        most++;
    *headers = (struct s3_pairs){arena_array(request->arena, struct s3_pair, most), 0};
    for (size_t i = 0; i < most; i++) {
        struct slice value = s3_text(request, s3_kept_members[i]);
        if (slice_is(slice_of(s3_kept_members[i]), "ContentEncoding"))
            value = without_chunking(request->arena, value);
        if (value.len > 0)
            headers->items[headers->count++] = (struct s3_pair){slice_of(s3_kept_members[i]), value};
    }
    return add_default_encryption(request, bucket, headers) && read_metadata(request, metadata);
}

/* ---- tags ---- */

static bool check_tag(struct request *request, const struct s3_pairs *before, const struct s3_pair *tag)
{
    if (tag->key.len == 0 || utf8_length(tag->key) > TAG_KEY_LONGEST)
        return s3_fail(request, ERROR_S3_INVALID_TAG, "TagKey", tag->key,
                       "The TagKey you have provided is invalid");
    if (utf8_length(tag->value) > TAG_VALUE_LONGEST)
        return s3_fail(request, ERROR_S3_INVALID_TAG, "TagKey", tag->key,
                       "The TagValue you have provided is invalid");
    if (!request->within && tag->key.len >= 4 && strncasecmp(tag->key.ptr, "aws:", 4) == 0)
        return fail(&request->failure, ERROR_S3_INVALID_TAG,
                    "System tags cannot be added/updated by requester");
    for (size_t i = 0; i < before->count; i++) {
        if (slice_equal(before->items[i].key, tag->key))
            return s3_fail(request, ERROR_S3_INVALID_TAG, "TagKey", tag->key,
                           "Cannot provide multiple Tags with the same key");
    }
    return true;
}

static bool check_tag_count(struct request *request, size_t count, size_t most)
{
    return count <= most || fail(&request->failure, ERROR_S3_BAD_REQUEST,
                                 most == OBJECT_TAGS ? "Object tags cannot be greater than %zu"
                                                     : "Bucket tag count cannot be greater than %zu",
                                 most);
}

bool s3_read_tags(struct request *request, const struct json *list, size_t most, struct s3_pairs *out)
{
    size_t count = list == NULL || list->type != JSON_ARRAY ? 0 : list->array.count;

    *out = (struct s3_pairs){arena_array(request->arena, struct s3_pair, count), 0};
    if (!check_tag_count(request, count, most))
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct json *tag = &list->array.items[i];
        struct s3_pair pair = {json_get(tag, "Key")->text, json_get(tag, "Value")->text};
        if (!check_tag(request, out, &pair))
            return false;
        out->items[out->count++] = pair;
    }
    return true;
}

static struct slice unplus(struct arena *arena, struct slice text)
{
    char *copy = arena_alloc(arena, text.len);

    for (size_t i = 0; i < text.len; i++)
        copy[i] = (char)(text.ptr[i] == '+' ? ' ' : text.ptr[i]);
    return (struct slice){copy, text.len};
}

static bool read_pair(struct request *request, struct slice text, struct s3_pair *out)
{
    const char *equal = memchr(text.ptr, '=', text.len);
    struct slice key = {text.ptr, equal == NULL ? text.len : (size_t)(equal - text.ptr)};
    struct slice value = equal == NULL ? SLICE("") : slice_skip(text, key.len + 1);

    return (s3_percent_decode(request->arena, unplus(request->arena, key), &out->key) &&
            s3_percent_decode(request->arena, unplus(request->arena, value), &out->value) &&
            json_text_valid(out->key) && json_text_valid(out->value)) ||
           fail(&request->failure, ERROR_S3_INVALID_ARGUMENT,
                "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters "
                "without tag name duplicates.");
}

bool s3_read_tag_query(struct request *request, struct slice query, struct s3_pairs *out)
{
    *out = (struct s3_pairs){arena_array(request->arena, struct s3_pair, OBJECT_TAGS + 1), 0};
    while (query.len > 0) {
        const char *end = memchr(query.ptr, '&', query.len);
        struct slice part = {query.ptr, end == NULL ? query.len : (size_t)(end - query.ptr)};
        struct s3_pair pair;
        query = slice_skip(query, end == NULL ? part.len : part.len + 1);
        if (part.len == 0)
            continue;
        if (!read_pair(request, part, &pair) || !check_tag(request, out, &pair))
            return false;
        out->items[out->count++] = pair;
        if (!check_tag_count(request, out->count, OBJECT_TAGS))
            return false;
    }
    return true;
}

/* ---- the source of a copy ---- */

static bool wrong_source(struct request *request, const char *why)
{
    (void)s3_fail(request, ERROR_S3_INVALID_ARGUMENT, "ArgumentName", SLICE("x-amz-copy-source"), "%s", why);
    s3_fail_more(request, "ArgumentValue", s3_text(request, "CopySource"));
    return false;
}

bool s3_read_copy_source(struct request *request, struct s3_copy_source *out)
{
    static const char malformed[] =
        "Copy Source must mention the source bucket and key: sourcebucket/sourcekey";
    const struct slice mark = SLICE("?versionId=");
    struct slice text = s3_text(request, "CopySource"), path, decoded;

    *out = (struct s3_copy_source){.version_id = {NULL, 0}};
    if (text.len > 0 && text.ptr[0] == '/')
        text = slice_skip(text, 1);
    path = text;
    const char *version = text.len == 0 ? NULL : memmem(text.ptr, text.len, mark.ptr, mark.len);
    if (version != NULL) {
        path.len = (size_t)(version - text.ptr);
        out->version_id = slice_skip(text, path.len + mark.len);
    }
    if (!s3_percent_decode(request->arena, path, &decoded) || !json_text_valid(decoded))
        return wrong_source(request, "Invalid copy source encoding.");
    const char *slash = decoded.len == 0 ? NULL : memchr(decoded.ptr, '/', decoded.len);
    if (slash == NULL)
        return wrong_source(request, malformed);
    out->bucket = (struct slice){decoded.ptr, (size_t)(slash - decoded.ptr)};
    out->key = slice_skip(decoded, out->bucket.len + 1);
    return (out->bucket.len > 0 && out->key.len > 0) || wrong_source(request, malformed);
}
