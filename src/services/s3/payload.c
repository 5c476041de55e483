/* Payloads: what a request's body is, whether it is what was signed and summed, and what an operation gets of
 * it. */
#include "services/s3/bindings.h"

#include <openssl/crypto.h>

#include "auth/digest.h"
#include "base/base64.h"
#include "base/check.h"
#include "base/digits.h"
#include "services/s3/chunks.h"

enum { XML_LONGEST = 4 * 1024 * 1024, XML_DEPTH = 32, XML_ELEMENTS = 100 * 1000 };

static struct slice header_of(const struct request *request, const char *name)
{
    const struct slice *value = http_header(request->http, name);

    return value == NULL ? (struct slice){NULL, 0} : *value;
}

/* ---- its size ---- */

static bool check_size(struct request *request, const struct s3_call *call)
{
    if (!request->http->body_too_large)
        return true;
    if (call->binding->payload->kind != S3_BYTES)
        return fail(&request->failure, ERROR_S3_MESSAGE_TOO_LONG, "Your request was too big.");
    return s3_fail(request, ERROR_S3_ENTITY_TOO_LARGE, "MaxSizeAllowed",
                   arena_printf(request->arena, "%d", S3_OBJECT_LIMIT),
                   "Your proposed upload exceeds the maximum allowed size");
}

static bool check_bytes_size(struct request *request, const struct s3_call *call)
{
    if (call->bytes.size <= S3_OBJECT_LIMIT)
        return true;
    (void)s3_fail(request, ERROR_S3_ENTITY_TOO_LARGE, "ProposedSize",
                  arena_printf(request->arena, "%zu", (size_t)call->bytes.size),
                  "Your proposed upload exceeds the maximum allowed size");
    s3_fail_more(request, "MaxSizeAllowed", arena_printf(request->arena, "%d", S3_OBJECT_LIMIT));
    return false;
}

/* An object's size is to be told before its bytes. */
static bool check_length(struct request *request, const struct s3_call *call)
{
    if (call->binding->payload->kind != S3_BYTES || header_of(request, "content-length").ptr != NULL ||
        header_of(request, "x-amz-decoded-content-length").ptr != NULL)
        return true;
    if (header_of(request, "transfer-encoding").ptr != NULL) {
        (void)s3_fail(request, ERROR_S3_NOT_IMPLEMENTED, "Header", SLICE("Transfer-Encoding"),
                      "A header you provided implies functionality that is not implemented");
        return false;
    }
    return fail(&request->failure, ERROR_S3_MISSING_CONTENT_LENGTH,
                "You must provide the Content-Length HTTP header.");
}

/* ---- what stands for it in the signature ---- */

static bool is_sha256(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!((text.ptr[i] >= '0' && text.ptr[i] <= '9') || (text.ptr[i] >= 'a' && text.ptr[i] <= 'f')))
            return false;
    }
    return text.len == SHA256_HEX_LENGTH;
}

static bool check_sha256(struct request *request, struct slice told)
{
    unsigned char hash[SHA256_LENGTH];
    char hex[SHA256_HEX_LENGTH];
    struct digest *digest = digest_create();

    digest_sha256(digest, request->http->sent_body, hash);
    digest_destroy(digest);
    digest_hex(hash, hex);
    if (slice_equal(told, (struct slice){hex, sizeof(hex)}))
        return true;
    (void)s3_fail(request, ERROR_S3_WRONG_SHA256, "ClientComputedContentSHA256", told,
                  "The provided 'x-amz-content-sha256' header does not match what was computed.");
    s3_fail_more(request, "S3ComputedContentSHA256",
                 arena_copy(request->arena, (struct slice){hex, sizeof(hex)}));
    return false;
}

static bool fail_chunks(struct request *request, enum chunks_problem problem, const struct chunks *chunks)
{
    struct failure *failure = &request->failure;

    switch (problem) {
    case CHUNKS_OK:
        return true;
    case CHUNKS_MALFORMED:
        return fail(failure, ERROR_S3_INVALID_REQUEST, "The body is not as aws-chunked bodies are");
    case CHUNKS_INCOMPLETE:
        return fail(failure, ERROR_S3_INCOMPLETE_BODY,
                    "You did not provide the number of bytes specified by the Content-Length HTTP header");
    case CHUNKS_TOO_SMALL:
        return s3_fail(request, ERROR_S3_INVALID_CHUNK_SIZE, "BadChunkSize",
                       arena_printf(request->arena, "%zu", (size_t)chunks->bad_size),
                       "Only the last chunk is allowed to have a size less than 8192 bytes");
    case CHUNKS_TRAILER:
        return fail(failure, ERROR_S3_MALFORMED_TRAILER,
                    "The request contained trailing data that was not well-formed or did not conform to our "
                    "published schema.");
    case CHUNKS_WRONG_SIGNATURE:
        break;
    }
    return fail(failure, ERROR_S3_SIGNATURE_MISMATCH,
                "The request signature we calculated does not match the signature you provided. Check your "
                "key and signing method.");
}

static bool read_chunks(struct request *request, struct s3_call *call, struct slice told,
                        struct slice *trailer)
{
    struct slice announced = header_of(request, "x-amz-decoded-content-length");
    struct slice wanted = header_of(request, "x-amz-trailer");
    bool is_signed = slice_starts_with(told, SLICE("STREAMING-AWS4-HMAC-SHA256"));
    bool trailing = told.len > 8 && slice_is(slice_skip(told, told.len - 8), "-TRAILER");
    struct chunks chunks;
    uint64_t size;

    *trailer = (struct slice){NULL, 0};
    if (announced.ptr == NULL || !digits_parse(announced, 10, INT64_MAX, &size))
        return fail(&request->failure, ERROR_S3_MISSING_CONTENT_LENGTH,
                    "You must provide the Content-Length HTTP header.");
    const struct chunk_signing signing = {
        .key = request->principal.kind == PRINCIPAL_ANONYMOUS ? NULL : call->proof.signing_key,
        .time = call->claim.time,
        .scope = call->claim.scope,
        .seed = call->claim.signature,
        .trailer = trailing};
    enum chunks_problem problem =
        chunks_read(request->arena, request->http->sent_body, size, is_signed ? &signing : NULL, &chunks);
    if (!fail_chunks(request, problem, &chunks))
        return false;
    call->bytes = chunks.bytes;
    bool right =
        chunks.trailer_name.len == 0 || (trailing && wanted.len == chunks.trailer_name.len &&
                                         strncasecmp(wanted.ptr, chunks.trailer_name.ptr, wanted.len) == 0);
    if (!right || (wanted.len > 0 && chunks.trailer_name.len == 0))
        return fail_chunks(request, CHUNKS_TRAILER, &chunks);
    if (chunks.trailer_name.len > 0)
        *trailer = chunks.trailer_value;
    return true;
}

/* Finds the bytes, and holds them against what was signed. */
static bool read_bytes(struct request *request, struct s3_call *call, struct slice *trailer)
{
    struct slice told = header_of(request, "x-amz-content-sha256");
    struct slice *piece = arena_new(request->arena, struct slice);

    *trailer = (struct slice){NULL, 0};
    if (slice_starts_with(told, SLICE("STREAMING-")))
        return read_chunks(request, call, told, trailer);
    *piece = request->http->sent_body;
    call->bytes = (struct s3_bytes){piece, piece->len > 0 ? 1 : 0, piece->len};
    return !is_sha256(told) || check_sha256(request, told);
}

/* ---- checksums ---- */

static struct slice sum_bytes(struct request *request, enum s3_algorithm algorithm,
                              const struct s3_bytes *bytes)
{
    char *out = arena_alloc(request->arena, S3_SUM_SIZE);
    struct s3_sum *sum = s3_sum_create(algorithm);

    for (size_t i = 0; i < bytes->count; i++)
        s3_sum_add(sum, bytes->pieces[i]);
    size_t length = s3_sum_end(sum, (unsigned char *)out);
    s3_sum_destroy(sum);
    return (struct slice){out, length};
}

static bool check_md5(struct request *request, const struct s3_call *call)
{
    struct slice told = header_of(request, "content-md5"), decoded;

    if (told.ptr == NULL)
        return true;
    if (!base64_decode(request->arena, told, &decoded) || decoded.len != s3_algorithm_size(S3_SUM_MD5))
        return s3_fail(request, ERROR_S3_INVALID_DIGEST, "Content-MD5", s3_text(request, "ContentMD5"),
                       "The Content-MD5 you specified was invalid.");
    struct slice computed = sum_bytes(request, S3_SUM_MD5, &call->bytes);
    if (slice_equal(decoded, computed))
        return true;
    (void)s3_fail(request, ERROR_S3_BAD_DIGEST, "ExpectedDigest", told,
                  "The Content-MD5 you specified did not match what we received.");
    s3_fail_more(request, "CalculatedDigest", s3_base64(request->arena, computed));
    return false;
}

static bool check_sum(struct request *request, struct s3_call *call, enum s3_algorithm algorithm,
                      struct slice told)
{
    struct slice decoded;

    if (!base64_decode(request->arena, told, &decoded) || decoded.len != s3_algorithm_size(algorithm))
        return fail(&request->failure, ERROR_S3_INVALID_REQUEST, "Value for %s header is invalid.",
                    s3_algorithm_header(algorithm));
    if (!slice_equal(decoded, sum_bytes(request, algorithm, &call->bytes)))
        return fail(&request->failure, ERROR_S3_BAD_DIGEST,
                    "The %s you specified did not match the calculated checksum.",
                    s3_algorithm_name(algorithm));
    call->sum_algorithm = algorithm;
    call->sum = told;
    return true;
}

/* The one checksum that a header has, or announces as a trailer; S3_SUM_NONE. */
static bool find_sum(struct request *request, struct slice trailer, enum s3_algorithm *algorithm,
                     struct slice *told)
{
    struct slice announced = header_of(request, "x-amz-trailer");

    *algorithm = S3_SUM_NONE;
    *told = SLICE("");
    for (int i = S3_SUM_CRC32; i <= S3_SUM_SHA256; i++) {
        const char *name = s3_algorithm_header((enum s3_algorithm)i);
        struct slice value = header_of(request, name);
        if (value.ptr == NULL && trailer.ptr != NULL && announced.len == strlen(name) &&
            strncasecmp(announced.ptr, name, announced.len) == 0)
            value = trailer;
        if (value.ptr == NULL)
            continue;
        if (*algorithm != S3_SUM_NONE)
            return fail(
                &request->failure, ERROR_S3_INVALID_REQUEST,
                "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
        *algorithm = (enum s3_algorithm)i;
        *told = value;
    }
    return true;
}

static bool check_sums(struct request *request, struct s3_call *call, struct slice trailer)
{
    struct slice wanted = header_of(request, "x-amz-sdk-checksum-algorithm"), told;
    enum s3_algorithm algorithm;

    if (!check_md5(request, call))
        return false;
    if (call->binding->payload->of_parts)
        return true;
    if (!find_sum(request, trailer, &algorithm, &told))
        return false;
    if (wanted.len > 0 && s3_algorithm_of(wanted) == S3_SUM_NONE)
        return fail(&request->failure, ERROR_S3_INVALID_REQUEST,
                    "Value for x-amz-sdk-checksum-algorithm header is invalid.");
    if (wanted.len > 0 && algorithm == S3_SUM_NONE && call->binding->payload->kind == S3_BYTES)
        return fail(&request->failure, ERROR_S3_INVALID_REQUEST,
                    "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or "
                    "x-amz-trailer headers were found.");
    if (algorithm != S3_SUM_NONE)
        return check_sum(request, call, algorithm, told);
    return !call->binding->payload->checked || header_of(request, "content-md5").ptr != NULL ||
           fail(&request->failure, ERROR_S3_INVALID_REQUEST,
                "Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
}

/* ---- what an operation gets ---- */

static void add_member(struct request *request, const char *name, const struct json *value)
{
    const struct json *body = request->body;
    struct json *with = arena_new(request->arena, struct json);
    size_t count = body->object.count;

    with->type = JSON_OBJECT;
    with->object.members =
        arena_grow(request->arena, body->object.members, count, count + 1, sizeof(struct json_member));
    with->object.members[count] = (struct json_member){slice_of(name), *value};
    with->object.count = json_drop_repeated(with->object.members, count + 1);
    request->body = with;
}

static struct slice whole(struct request *request, const struct s3_bytes *bytes)
{
    struct buffer all;

    if (bytes->count <= 1)
        return bytes->count == 0 ? SLICE("") : bytes->pieces[0];
    buffer_init(&all);
    for (size_t i = 0; i < bytes->count; i++)
        buffer_append(&all, bytes->pieces[i]);
    struct slice kept = arena_copy(request->arena, buffer_slice(&all));
    buffer_finish(&all);
    return kept;
}

static bool malformed(struct request *request)
{
    return fail(&request->failure, ERROR_S3_MALFORMED_XML,
                "The XML you provided was not well-formed or did not validate against our published schema");
}

static bool read_document(struct request *request, const struct s3_payload *payload, struct slice text)
{
    const struct xml_limits limits = {XML_DEPTH, XML_ELEMENTS};
    const struct xml_element *root;
    struct json document;

    if (text.len == 0 && payload->optional)
        return true;
    if (text.len == 0)
        return fail(&request->failure, ERROR_S3_MALFORMED_XML,
                    "The XML you provided was not well-formed or did not validate against our published "
                    "schema");
    if (!xml_read(request->arena, text, &limits, &root) ||
        !s3_document_read(request->arena, root, payload->document, &document) ||
        !s3_document_accepts(&document, payload->document))
        return malformed(request);
    add_member(request, payload->member, &document);
    return true;
}

static bool give(struct request *request, struct s3_call *call)
{
    const struct s3_payload *payload = call->binding->payload;

    if (payload->kind == S3_NO_PAYLOAD || payload->kind == S3_BYTES)
        return true;
    if (call->bytes.size > XML_LONGEST)
        return fail(&request->failure, ERROR_S3_MESSAGE_TOO_LONG, "Your request was too big.");
    struct slice text = whole(request, &call->bytes);
    if (payload->kind == S3_DOCUMENT)
        return read_document(request, payload, text);
    struct json member = {.type = JSON_STRING, .text = text};
    if (!json_text_valid(text))
        member.text = SLICE("");
    add_member(request, payload->member, &member);
    return true;
}

bool s3_parse(struct request *request)
{
    struct s3_call *call = s3_call_of(request);
    struct slice trailer;

    bool read =
        check_size(request, call) && check_length(request, call) && read_bytes(request, call, &trailer);
    OPENSSL_cleanse(call->proof.signing_key, sizeof(call->proof.signing_key));
    return read && check_bytes_size(request, call) && check_sums(request, call, trailer) &&
           give(request, call);
}
