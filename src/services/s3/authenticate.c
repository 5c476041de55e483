/* Who asks: signatures by S3's rules, in headers and in URLs, and nobody. AWS: "Authenticating Requests (AWS
 * Signature Version 4)" of S3. */
#include "services/s3/bindings.h"

#include "auth/authenticator.h"
#include "base/check.h"
#include "base/digits.h"

enum { SKEW = 15 * 60, LIFETIME_LONGEST = 7 * 24 * 60 * 60 };

#define UNSIGNED "UNSIGNED-PAYLOAD"

static struct slice header_of(const struct request *request, const char *name)
{
    const struct slice *value = http_header(request->http, name);

    return value == NULL ? (struct slice){NULL, 0} : *value;
}

/* ---- claims ---- */

static bool malformed(struct request *request, const struct s3_call *call, const char *why)
{
    if (call->presigned)
        return fail(&request->failure, ERROR_S3_AUTHORIZATION_QUERY,
                    "Error parsing the X-Amz-Credential parameter; %s", why);
    return fail(&request->failure, ERROR_S3_AUTHORIZATION_HEADER_MALFORMED,
                "The authorization header is malformed; %s", why);
}

static bool check_form(struct request *request, struct s3_call *call)
{
    struct failure ignored;

    failure_init(&ignored, request->arena);
    if (!slice_is(call->claim.algorithm, "AWS4-HMAC-SHA256"))
        return fail(&request->failure, ERROR_S3_NOT_IMPLEMENTED,
                    "Signatures by the algorithm %.*s are not served here",
                    SLICE_ARGS(call->claim.algorithm));
    if (sigv4_check_form(&call->claim, &ignored))
        return true;
    if (call->claim.service.ptr == NULL && ignored.code == ERROR_INVALID_SIGNATURE)
        return s3_fail(request, ERROR_S3_ACCESS_DENIED, "HeadersNotSigned", SLICE("host"),
                       "There were headers present in the request which were not signed");
    return malformed(request, call,
                     "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/"
                     "aws4_request\".");
}

static bool check_scope(struct request *request, struct s3_call *call)
{
    const struct sigv4_claim *claim = &call->claim;

    if (!slice_is(claim->terminator, "aws4_request"))
        return malformed(request, call,
                         arena_printf(request->arena,
                                      "incorrect terminator \"%.*s\". This endpoint uses \"aws4_request\".",
                                      SLICE_ARGS(claim->terminator))
                             .ptr);
    if (claim->region.len == 0)
        return malformed(request, call, "a non-empty region must be provided in the credential.");
    if (!slice_equal(claim->date, (struct slice){claim->time.ptr, 8}))
        return malformed(request, call,
                         arena_printf(request->arena,
                                      "Invalid credential date \"%.*s\". This date is not the same as "
                                      "X-Amz-Date: \"%.8s\".",
                                      SLICE_ARGS(claim->date), claim->time.ptr)
                             .ptr);
    return true;
}

static bool check_headers(struct request *request, const struct s3_call *call)
{
    struct slice name = sigv4_unsigned_header(request->http, &call->claim);

    return name.len == 0 || s3_fail(request, ERROR_S3_ACCESS_DENIED, "HeadersNotSigned", name,
                                    "There were headers present in the request which were not signed");
}

/* ---- times ---- */

static struct slice iso_time(struct arena *arena, int64_t seconds)
{
    struct slice basic = sigv4_time(seconds, arena); /* 20150830T123600Z */

    return arena_printf(arena, "%.4s-%.2s-%.5s:%.2s:%.2sZ", basic.ptr, basic.ptr + 4, basic.ptr + 6,
                        basic.ptr + 11, basic.ptr + 13);
}

static bool check_header_time(struct request *request, const struct s3_call *call, int64_t now)
{
    int64_t apart = now - call->claim.seconds;

    if (apart <= SKEW && apart >= -SKEW)
        return true;
    (void)s3_fail(request, ERROR_S3_TIME_TOO_SKEWED, "RequestTime", call->claim.time,
                  "The difference between the request time and the current time is too large.");
    s3_fail_more(request, "ServerTime", iso_time(request->arena, now));
    s3_fail_more(request, "MaxAllowedSkewMilliseconds", SLICE("900000"));
    return false;
}

static bool check_lifetime(struct request *request, const struct s3_call *call, int64_t now)
{
    const struct sigv4_claim *claim = &call->claim;

    if (claim->lifetime < 0)
        return fail(&request->failure, ERROR_S3_AUTHORIZATION_QUERY,
                    "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
                    "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.");
    if (claim->lifetime == 0)
        return fail(&request->failure, ERROR_S3_AUTHORIZATION_QUERY, "X-Amz-Expires must be non-negative");
    if (claim->seconds > now + SKEW)
        return s3_fail(request, ERROR_S3_ACCESS_DENIED, "ServerTime", iso_time(request->arena, now),
                       "Request is not valid yet");
    if (now <= claim->seconds + claim->lifetime)
        return true;
    (void)s3_fail(request, ERROR_S3_ACCESS_DENIED, "X-Amz-Expires",
                  arena_printf(request->arena, "%lld", (long long)claim->lifetime), "Request has expired");
    s3_fail_more(request, "Expires", iso_time(request->arena, claim->seconds + claim->lifetime));
    s3_fail_more(request, "ServerTime", iso_time(request->arena, now));
    return false;
}

/* What S3 says of a query that sigv4_read_claim() refuses. */
static bool fail_query(struct request *request, const struct s3_call *call)
{
    const struct slice *expires = s3_parameter(call, "X-Amz-Expires");
    uint64_t seconds;

    if (expires != NULL && !digits_parse(*expires, 10, INT64_MAX, &seconds))
        return fail(&request->failure, ERROR_S3_AUTHORIZATION_QUERY, "X-Amz-Expires should be a number");
    if (expires != NULL && seconds > LIFETIME_LONGEST)
        return fail(&request->failure, ERROR_S3_AUTHORIZATION_QUERY,
                    "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires "
                    "must be less than 604800 seconds");
    const struct slice *date = s3_parameter(call, "X-Amz-Date");
    if (date != NULL && date->len > 0 && s3_parameter(call, "X-Amz-Credential") != NULL &&
        s3_parameter(call, "X-Amz-Signature") != NULL && s3_parameter(call, "X-Amz-SignedHeaders") != NULL)
        return fail(&request->failure, ERROR_S3_AUTHORIZATION_QUERY,
                    "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
    return fail(&request->failure, ERROR_S3_AUTHORIZATION_QUERY,
                "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
                "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.");
}

static bool read_claim(struct request *request, struct s3_call *call)
{
    struct failure ignored;

    failure_init(&ignored, request->arena);
    if (sigv4_read_claim(request->http, request->arena, &ignored, &call->claim))
        return true;
    if (call->presigned)
        return fail_query(request, call);
    if (header_of(request, "x-amz-date").ptr == NULL && header_of(request, "date").ptr == NULL)
        return fail(&request->failure, ERROR_S3_ACCESS_DENIED,
                    "AWS authentication requires a valid Date or x-amz-date header");
    if (call->claim.credential.len > 0 && call->claim.signature.len > 0 &&
        call->claim.signed_headers.ptr != NULL)
        return fail(&request->failure, ERROR_S3_ACCESS_DENIED,
                    "AWS authentication requires a valid Date or x-amz-date header");
    return malformed(request, call,
                     "the authorization header requires three components: Credential, SignedHeaders, and "
                     "Signature.");
}

/* ---- what stands for the payload ---- */

static bool is_hash(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!((text.ptr[i] >= '0' && text.ptr[i] <= '9') || (text.ptr[i] >= 'a' && text.ptr[i] <= 'f')))
            return false;
    }
    return text.len == SHA256_HEX_LENGTH;
}

static bool find_payload_hash(struct request *request, const struct s3_call *call, struct slice *out)
{
    static const char *const known[] = {UNSIGNED, "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                                        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
                                        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"};
    struct slice told = header_of(request, "x-amz-content-sha256");
    const struct slice *in_query = s3_parameter(call, "X-Amz-Content-Sha256");

    if (call->presigned && told.ptr == NULL)
        told = in_query != NULL ? *in_query : SLICE(UNSIGNED);
    *out = told;
    if (told.ptr == NULL)
        return fail(&request->failure, ERROR_S3_INVALID_REQUEST,
                    "Missing required header for this request: x-amz-content-sha256");
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (slice_is(told, known[i]))
            return true;
    }
    if (slice_starts_with(told, SLICE("STREAMING-AWS4-ECDSA-")))
        return fail(&request->failure, ERROR_S3_NOT_IMPLEMENTED,
                    "Signatures by the algorithm AWS4-ECDSA-P256-SHA256 are not served here");
    if (is_hash(told))
        return true;
    (void)s3_fail(request, ERROR_S3_INVALID_ARGUMENT, "ArgumentName", SLICE("x-amz-content-sha256"),
                  "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, "
                  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, "
                  "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, "
                  "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.");
    s3_fail_more(request, "ArgumentValue",
                 arena_printf(request->arena, "%.*s", (int)(told.len < 64 ? told.len : 64), told.ptr));
    return false;
}

/* ---- the signature ---- */

/* In S3's words, and with what it was held against. */
static bool fail_signature(struct request *request, const struct s3_call *call, enum error_code code)
{
    switch (code) {
    case ERROR_INVALID_SIGNATURE:
        (void)s3_fail(request, ERROR_S3_SIGNATURE_MISMATCH, "AWSAccessKeyId", call->claim.access_key_id,
                      "The request signature we calculated does not match the signature you provided. Check "
                      "your key and signing method.");
        s3_fail_more(request, "StringToSign", call->proof.string_to_sign);
        s3_fail_more(request, "SignatureProvided", call->claim.signature);
        s3_fail_more(request, "CanonicalRequest", call->proof.canonical_request);
        return false;
    case ERROR_UNRECOGNIZED_CLIENT:
        if (call->claim.security_token.len > 0)
            return s3_fail(request, ERROR_S3_INVALID_TOKEN, "Token-0", call->claim.security_token,
                           "The provided token is malformed or otherwise invalid.");
        return s3_fail(request, ERROR_S3_INVALID_ACCESS_KEY_ID, "AWSAccessKeyId", call->claim.access_key_id,
                       "The AWS Access Key Id you provided does not exist in our records.");
    case ERROR_EXPIRED_TOKEN:
        return s3_fail(request, ERROR_S3_EXPIRED_TOKEN, "Token-0", call->claim.security_token,
                       "The provided token has expired.");
    default:
        return fail(&request->failure, ERROR_S3_INTERNAL_ERROR,
                    "We encountered an internal error. Please try again.");
    }
}

static bool check_signature(struct request *request, struct s3_call *call,
                            struct authenticator *authenticator, int64_t now)
{
    struct failure failure;
    struct slice payload;

    failure_init(&failure, request->arena);
    if (!find_payload_hash(request, call, &payload))
        return false;
    if (authenticator_check_claim(authenticator, request->http, &call->claim, payload, now, request->arena,
                                  &failure, &request->principal, &call->proof))
        return true;
    return fail_signature(request, call, failure.code);
}

static bool check_one_mechanism(struct request *request, struct slice authorization, bool in_query)
{
    if (authorization.ptr != NULL && in_query)
        return s3_fail(request, ERROR_S3_INVALID_ARGUMENT, "ArgumentName", SLICE("Authorization"),
                       "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature "
                       "query string parameter or the Authorization header should be specified");
    if (authorization.ptr != NULL && !slice_starts_with(authorization, SLICE("AWS4-")))
        return fail(&request->failure, ERROR_S3_INVALID_REQUEST,
                    "The authorization mechanism you have provided is not supported. Please use "
                    "AWS4-HMAC-SHA256.");
    return true;
}

bool s3_authenticate(struct request *request, struct authenticator *authenticator, int64_t now)
{
    struct s3_call *call = s3_call_of(request);
    struct slice authorization = header_of(request, "authorization");

    call->presigned = s3_parameter(call, "X-Amz-Algorithm") != NULL;
    if (s3_parameter(call, "AWSAccessKeyId") != NULL && s3_parameter(call, "Signature") != NULL)
        return fail(&request->failure, ERROR_S3_INVALID_REQUEST,
                    "The authorization mechanism you have provided is not supported. Please use "
                    "AWS4-HMAC-SHA256.");
    if (!check_one_mechanism(request, authorization, call->presigned))
        return false;
    if (authorization.ptr == NULL && !call->presigned) {
        request->principal = principal_unsigned();
        return true;
    }
    return read_claim(request, call) && check_form(request, call) && check_scope(request, call) &&
           check_headers(request, call) &&
           (call->presigned ? check_lifetime(request, call, now) : check_header_time(request, call, now)) &&
           check_signature(request, call, authenticator, now);
}
