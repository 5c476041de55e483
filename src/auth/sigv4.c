#include "auth/sigv4.h"

#include <stdlib.h>
#include <strings.h>

#include <openssl/crypto.h>

#include "base/buffer.h"
#include "base/check.h"
#include "base/clock.h"

#define ALGORITHM  "AWS4-HMAC-SHA256"
#define TERMINATOR "aws4_request"

enum { SKEW_MINUTES = 15, LIFETIME_LIMIT = 7 * 24 * 3600 };

/* ---- text ---- */

static struct slice find(struct slice text, char byte)
{
    const char *at = text.len == 0 ? NULL : memchr(text.ptr, byte, text.len);

    return at == NULL ? (struct slice){NULL, 0} : (struct slice){at, text.len - (size_t)(at - text.ptr)};
}

/* Cuts the part before the next `separator` off *rest; the separator goes with it. */
static struct slice cut(struct slice *rest, char separator)
{
    struct slice found = find(*rest, separator);
    struct slice part = {rest->ptr, rest->len - found.len};

    *rest = found.len > 0 ? slice_skip(found, 1) : slice_skip(*rest, rest->len);
    return part;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct slice trim(struct slice text)
{
    while (text.len > 0 && is_space(text.ptr[0]))
        text = slice_skip(text, 1);
    while (text.len > 0 && is_space(text.ptr[text.len - 1]))
        text.len--;
    return text;
}

static bool equal_ignoring_case(struct slice a, struct slice b)
{
    return a.len == b.len && (a.len == 0 || strncasecmp(a.ptr, b.ptr, a.len) == 0);
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* %41 is A; what is no escape stays as it is. */
static struct slice percent_decode(struct slice text, struct arena *arena)
{
    if (find(text, '%').len == 0)
        return text;
    char *out = arena_alloc(arena, text.len);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        int high = i + 2 < text.len && text.ptr[i] == '%' ? hex_value(text.ptr[i + 1]) : -1;
        int low = high >= 0 ? hex_value(text.ptr[i + 2]) : -1;
        if (low >= 0) {
            out[len++] = (char)(high * 16 + low);
            i += 2;
        } else {
            out[len++] = text.ptr[i];
        }
    }
    return (struct slice){out, len};
}

/* Everything but A-Z a-z 0-9 - . _ ~ and `also` is escaped, with capital digits. */
static void percent_encode(struct buffer *out, struct slice text, char also)
{
    static const char digits[] = "0123456789ABCDEF";

    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
                     c == '.' || c == '_' || c == '~' || c == (unsigned char)also;
        if (plain) {
            buffer_append_byte(out, (char)c);
        } else {
            buffer_append_byte(out, '%');
            buffer_append_byte(out, digits[c >> 4]);
            buffer_append_byte(out, digits[c & 15]);
        }
    }
}

/* The buffer's bytes, moved into the arena. */
static struct slice keep(struct buffer *buffer, struct arena *arena)
{
    struct slice kept = arena_copy(arena, buffer_slice(buffer));

    buffer_finish(buffer);
    return kept;
}

/* ---- times ---- */

struct slice sigv4_time(int64_t seconds, struct arena *arena)
{
    time_t time = (time_t)seconds;
    struct tm parts;
    char text[32];

    CHECK(gmtime_r(&time, &parts) != NULL);
    size_t len = strftime(text, sizeof(text), "%Y%m%dT%H%M%SZ", &parts);
    return arena_copy(arena, (struct slice){text, len});
}

static bool parse_iso_basic(struct slice text, int64_t *seconds)
{
    struct tm parts = {0};

    if (text.len != 16 || text.ptr[8] != 'T' || text.ptr[15] != 'Z')
        return false;
    int digit[16];
    for (int i = 0; i < 15; i++) {
        digit[i] = text.ptr[i] - '0';
        if (i != 8 && (digit[i] < 0 || digit[i] > 9))
            return false;
    }
    parts.tm_year = digit[0] * 1000 + digit[1] * 100 + digit[2] * 10 + digit[3] - 1900;
    parts.tm_mon = digit[4] * 10 + digit[5] - 1;
    parts.tm_mday = digit[6] * 10 + digit[7];
    parts.tm_hour = digit[9] * 10 + digit[10];
    parts.tm_min = digit[11] * 10 + digit[12];
    parts.tm_sec = digit[13] * 10 + digit[14];
    if (parts.tm_mon < 0 || parts.tm_mon > 11 || parts.tm_mday < 1 || parts.tm_mday > 31 ||
        parts.tm_hour > 23 || parts.tm_min > 59 || parts.tm_sec > 60)
        return false;
    *seconds = timegm(&parts);
    return true;
}

static bool take_time(struct sigv4_claim *claim, struct slice text, bool is_date_header, struct arena *arena,
                      struct failure *failure)
{
    if (parse_iso_basic(text, &claim->seconds)) {
        claim->time = text;
        return true;
    }
    if (is_date_header && clock_read_http(text, &claim->seconds)) {
        claim->time = sigv4_time(claim->seconds, arena);
        return true;
    }
    return fail(
        failure, ERROR_INCOMPLETE_SIGNATURE,
        "Date must be in ISO-8601 'basic format'. Got '%.*s'. See http://en.wikipedia.org/wiki/ISO_8601",
        SLICE_ARGS(text));
}

bool sigv4_check_time(const struct sigv4_claim *claim, int64_t now, struct arena *arena,
                      struct failure *failure)
{
    const int64_t skew = (int64_t)SKEW_MINUTES * 60;
    int64_t lifetime = claim->lifetime >= 0 ? claim->lifetime : skew;

    if (claim->seconds < now - lifetime)
        return fail(failure, ERROR_INVALID_SIGNATURE,
                    "Signature expired: %.*s is now earlier than %.*s (%.*s - %lld min.)",
                    SLICE_ARGS(claim->time), SLICE_ARGS(sigv4_time(now - lifetime, arena)),
                    SLICE_ARGS(sigv4_time(now, arena)), (long long)(lifetime / 60));
    if (claim->seconds > now + skew)
        return fail(failure, ERROR_INVALID_SIGNATURE,
                    "Signature not yet current: %.*s is still later than %.*s (%.*s + %d min.)",
                    SLICE_ARGS(claim->time), SLICE_ARGS(sigv4_time(now + skew, arena)),
                    SLICE_ARGS(sigv4_time(now, arena)), SKEW_MINUTES);
    return true;
}

/* ---- the claim ---- */

/* The decoded value of a query parameter; false if there is none of that name. */
static bool query_parameter(struct slice query, const char *name, struct arena *arena, struct slice *value)
{
    while (query.len > 0) {
        struct slice parameter = cut(&query, '&');
        struct slice key = cut(&parameter, '=');
        if (slice_is(percent_decode(key, arena), name)) {
            *value = percent_decode(parameter, arena);
            return true;
        }
    }
    return false;
}

/* "Credential=..., SignedHeaders=..., Signature=...", parted by commas or spaces; other names are passed
 * over. */
static bool read_pairs(struct slice header, struct slice pairs, struct failure *failure,
                       struct sigv4_claim *claim)
{
    while (pairs.len > 0) {
        struct slice part = cut(&pairs, ',');
        for (part = trim(part); part.len > 0; part = trim(part)) {
            struct slice value = cut(&part, ' ');
            if (find(value, '=').len == 0)
                return fail(failure, ERROR_INCOMPLETE_SIGNATURE,
                            "'%.*s' not a valid key=value pair (missing equal-sign) in Authorization header: "
                            "'%.*s'.",
                            SLICE_ARGS(value), SLICE_ARGS(header));
            struct slice key = cut(&value, '=');
            if (slice_is(key, "Credential"))
                claim->credential = value;
            else if (slice_is(key, "SignedHeaders"))
                claim->signed_headers = value;
            else if (slice_is(key, "Signature"))
                claim->signature = value;
        }
    }
    return true;
}

static bool read_header_claim(const struct http_request *request, struct slice header, struct arena *arena,
                              struct failure *failure, struct sigv4_claim *claim)
{
    struct slice pairs = header;
    struct buffer missing;

    claim->algorithm = cut(&pairs, ' ');
    if (!read_pairs(header, pairs, failure, claim))
        return false;
    const struct slice *amz_date = http_header(request, "x-amz-date");
    const struct slice *date = amz_date != NULL ? amz_date : http_header(request, "date");
    buffer_init(&missing);
    if (claim->credential.len == 0)
        buffer_append_string(&missing, "Authorization header requires 'Credential' parameter. ");
    if (claim->signature.len == 0)
        buffer_append_string(&missing, "Authorization header requires 'Signature' parameter. ");
    if (claim->signed_headers.ptr == NULL)
        buffer_append_string(&missing, "Authorization header requires 'SignedHeaders' parameter. ");
    if (date == NULL)
        buffer_append_string(&missing, "Authorization header requires existence of either a 'X-Amz-Date' or "
                                       "a 'Date' header. ");
    struct slice text = keep(&missing, arena);
    if (text.len > 0 || date == NULL)
        return fail(failure, ERROR_INCOMPLETE_SIGNATURE, "%.*sAuthorization=%.*s", SLICE_ARGS(text),
                    SLICE_ARGS(header));
    const struct slice *token = http_header(request, "x-amz-security-token");
    if (token != NULL)
        claim->security_token = *token;
    return take_time(claim, trim(*date), date != amz_date, arena, failure);
}

static bool read_lifetime(struct slice text, struct failure *failure, struct sigv4_claim *claim)
{
    int64_t lifetime = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return fail(failure, ERROR_INCOMPLETE_SIGNATURE, "X-Amz-Expires should be a number");
        lifetime = lifetime * 10 + text.ptr[i] - '0';
        if (lifetime > LIFETIME_LIMIT)
            return fail(failure, ERROR_INCOMPLETE_SIGNATURE,
                        "X-Amz-Expires must be less than a week (in seconds); that is, the given "
                        "X-Amz-Expires must be "
                        "less than %d seconds",
                        LIFETIME_LIMIT);
    }
    if (text.len == 0)
        return fail(failure, ERROR_INCOMPLETE_SIGNATURE, "X-Amz-Expires should be a number");
    claim->lifetime = lifetime;
    return true;
}

static bool read_query_claim(const struct http_request *request, struct arena *arena, struct failure *failure,
                             struct sigv4_claim *claim)
{
    struct slice time = {NULL, 0}, lifetime;
    const struct {
        const char *name;
        struct slice *value;
    } wanted[] = {{"X-Amz-Algorithm", &claim->algorithm},
                  {"X-Amz-Credential", &claim->credential},
                  {"X-Amz-Signature", &claim->signature},
                  {"X-Amz-SignedHeaders", &claim->signed_headers},
                  {"X-Amz-Date", &time}};
    struct buffer missing;

    claim->presigned = true;
    buffer_init(&missing);
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        if (!query_parameter(request->query, wanted[i].name, arena, wanted[i].value) ||
            wanted[i].value->len == 0)
            buffer_printf(&missing, "AWS query-string parameters must include '%s'. ", wanted[i].name);
    }
    struct slice text = keep(&missing, arena);
    if (text.len > 0)
        return fail(failure, ERROR_INCOMPLETE_SIGNATURE, "%.*sRe-examine the query-string parameters.",
                    SLICE_ARGS(text));
    (void)query_parameter(request->query, "X-Amz-Security-Token", arena, &claim->security_token);
    if (!take_time(claim, time, false, arena, failure))
        return false;
    if (query_parameter(request->query, "X-Amz-Expires", arena, &lifetime))
        return read_lifetime(lifetime, failure, claim);
    return true;
}

bool sigv4_read_claim(const struct http_request *request, struct arena *arena, struct failure *failure,
                      struct sigv4_claim *claim)
{
    const struct slice *header = http_header(request, "authorization");
    struct slice algorithm;
    bool in_query = query_parameter(request->query, "X-Amz-Algorithm", arena, &algorithm);

    *claim = (struct sigv4_claim){.lifetime = -1};
    if (header != NULL && in_query)
        return fail(
            failure, ERROR_INVALID_SIGNATURE,
            "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.");
    if (in_query)
        return read_query_claim(request, arena, failure, claim);
    if (header == NULL || !slice_starts_with(trim(*header), SLICE("AWS4-")))
        return fail(failure, ERROR_MISSING_AUTHENTICATION_TOKEN, "Request is missing Authentication Token");
    return read_header_claim(request, trim(*header), arena, failure, claim);
}

struct slice sigv4_scope_service(const struct http_request *request, struct arena *arena)
{
    const struct slice mark = SLICE("Credential="), *header = http_header(request, "authorization");
    struct slice credential = SLICE("");

    if (header != NULL) {
        const char *at = memmem(header->ptr, header->len, mark.ptr, mark.len);
        if (at != NULL)
            credential = slice_skip(*header, (size_t)(at - header->ptr) + mark.len);
        credential = cut(&credential, ',');
        credential = cut(&credential, ' ');
    } else if (!query_parameter(request->query, "X-Amz-Credential", arena, &credential)) {
        return credential;
    }
    for (int i = 0; i < 3; i++)
        (void)cut(&credential, '/');
    return cut(&credential, '/');
}

static bool is_signed(struct slice signed_headers, struct slice name)
{
    while (signed_headers.len > 0) {
        if (equal_ignoring_case(cut(&signed_headers, ';'), name))
            return true;
    }
    return false;
}

struct slice sigv4_unsigned_header(const struct http_request *request, const struct sigv4_claim *claim)
{
    const struct slice prefix = SLICE("x-amz-");

    for (size_t i = 0; i < request->header_count; i++) {
        struct slice name = request->headers[i].name;
        if (name.len >= prefix.len && strncasecmp(name.ptr, prefix.ptr, prefix.len) == 0 &&
            !is_signed(claim->signed_headers, name))
            return name;
    }
    return SLICE("");
}

bool sigv4_check_headers(const struct http_request *request, const struct sigv4_claim *claim,
                         struct failure *failure)
{
    struct slice name = sigv4_unsigned_header(request, claim);

    return name.len == 0 ||
           fail(failure, ERROR_INVALID_SIGNATURE, "'%.*s' must be a 'SignedHeader' in the AWS Authorization.",
                SLICE_ARGS(name));
}

bool sigv4_check_form(struct sigv4_claim *claim, struct failure *failure)
{
    struct slice rest = claim->credential;
    struct slice *const parts[] = {&claim->access_key_id, &claim->date, &claim->region, &claim->service,
                                   &claim->terminator};
    const size_t part_count = sizeof(parts) / sizeof(parts[0]);
    size_t slashes = 0;

    if (!is_signed(claim->signed_headers, SLICE("host")))
        return fail(failure, ERROR_INVALID_SIGNATURE,
                    "'Host' must be a 'SignedHeader' in the AWS Authorization.");
    if (!slice_is(claim->algorithm, ALGORITHM))
        return fail(failure, ERROR_INCOMPLETE_SIGNATURE,
                    "Unsupported AWS 'algorithm': '%.*s' (only " ALGORITHM " for now). ",
                    SLICE_ARGS(claim->algorithm));
    while (rest.len > 0 && rest.ptr[rest.len - 1] == '/')
        rest.len--;
    for (size_t i = 0; i < rest.len; i++)
        slashes += rest.ptr[i] == '/';
    if (slashes != part_count - 1)
        return fail(
            failure, ERROR_INCOMPLETE_SIGNATURE,
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, "
            "got '%.*s'",
            SLICE_ARGS(claim->credential));
    for (size_t i = 0; i < part_count; i++) {
        *parts[i] = cut(&rest, '/');
        if (i == 0)
            claim->scope = rest;
    }
    return true;
}

bool sigv4_check_scope(const struct sigv4_claim *claim, const char *service, struct arena *arena,
                       struct failure *failure)
{
    struct slice day = {claim->time.ptr, 8}; /* YYYYMMDD of YYYYMMDDTHHMMSSZ */
    struct buffer wrong;

    buffer_init(&wrong);
    if (claim->region.len == 0)
        buffer_append_string(&wrong, "Credential should be scoped to a valid region, not ''. ");
    if (!slice_is(claim->service, service))
        buffer_printf(&wrong, "Credential should be scoped to correct service: '%s'. ", service);
    if (!slice_is(claim->terminator, TERMINATOR))
        buffer_printf(&wrong,
                      "Credential should be scoped with a valid terminator: '" TERMINATOR "', not '%.*s'. ",
                      SLICE_ARGS(claim->terminator));
    if (!slice_equal(claim->date, day))
        buffer_printf(
            &wrong,
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
            "'%.*s' != '%.*s', from '%.*s'.",
            SLICE_ARGS(claim->date), SLICE_ARGS(day), SLICE_ARGS(claim->time));
    struct slice text = keep(&wrong, arena);
    return text.len == 0 || fail(failure, ERROR_INVALID_SIGNATURE, "%.*s", SLICE_ARGS(text));
}

/* ---- the canonical request ---- */

/* S3 signs the path as it is, escaped in the one canonical way. */
static void append_path_of_s3(struct buffer *out, struct slice path, struct arena *arena)
{
    percent_encode(out, percent_decode(path, arena), '/');
}

/*
 * The path without empty and dot segments, escaped once more: what came as %20 is signed as %2520.
 */
static void append_path(struct buffer *out, struct slice path, struct arena *arena)
{
    struct slice rest = path;
    size_t count = 0, most = 1;

    for (size_t i = 0; i < path.len; i++)
        most += path.ptr[i] == '/';
    struct slice *segments = arena_array(arena, struct slice, most);
    while (rest.len > 0) {
        struct slice segment = cut(&rest, '/');
        if (slice_is(segment, "..")) {
            count -= count > 0;
        } else if (segment.len > 0 && !slice_is(segment, ".")) {
            segments[count++] = segment;
        }
    }
    buffer_append_byte(out, '/');
    for (size_t i = 0; i < count; i++) {
        percent_encode(out, segments[i], '~');
        if (i + 1 < count || path.ptr[path.len - 1] == '/')
            buffer_append_byte(out, '/');
    }
}

struct parameter {
    struct slice name; /* encoded */
    struct slice value;
};

static int compare_parameters(const void *a, const void *b)
{
    const struct parameter *x = a, *y = b;
    int order = slice_compare(x->name, y->name);

    return order != 0 ? order : slice_compare(x->value, y->value);
}

static struct slice recode(struct slice text, struct arena *arena)
{
    struct buffer encoded;

    buffer_init(&encoded);
    percent_encode(&encoded, percent_decode(text, arena), '~');
    return keep(&encoded, arena);
}

/* The parameters, escaped in the one canonical way, sorted; without the signature itself. */
static void append_query(struct buffer *out, struct slice query, struct arena *arena)
{
    size_t count = 0, most = 1;

    if (query.len == 0)
        return;
    for (size_t i = 0; i < query.len; i++)
        most += query.ptr[i] == '&';
    struct parameter *parameters = arena_array(arena, struct parameter, most);
    while (query.len > 0) {
        struct slice value = cut(&query, '&');
        if (value.len == 0)
            continue;
        struct slice name = recode(cut(&value, '='), arena);
        if (!slice_is(name, "X-Amz-Signature"))
            parameters[count++] = (struct parameter){name, recode(value, arena)};
    }
    qsort(parameters, count, sizeof(parameters[0]), compare_parameters);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buffer_append_byte(out, '&');
        buffer_append(out, parameters[i].name);
        buffer_append_byte(out, '=');
        buffer_append(out, parameters[i].value);
    }
}

static void append_lower(struct buffer *out, struct slice text)
{
    char *to = buffer_reserve(out, text.len);

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        to[i] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
    }
    out->len += text.len;
}

static bool has_spaces(struct slice text)
{
    static const char spaces[] = " \t\n\v\f\r";

    for (const char *space = spaces; *space != '\0'; space++) {
        if (find(text, *space).len > 0)
            return true;
    }
    return false;
}

/* Without the spaces around it, and with one in place of each run inside. Session tokens are long and have
 * none. */
static void append_value(struct buffer *out, struct slice value)
{
    if (!has_spaces(value)) {
        buffer_append(out, value);
        return;
    }
    value = trim(value);
    char *to = buffer_reserve(out, value.len);
    size_t len = 0;
    for (size_t i = 0; i < value.len; i++) {
        if (!is_space(value.ptr[i]))
            to[len++] = value.ptr[i];
        else if (!is_space(value.ptr[i - 1])) /* there is one before: the value is trimmed */
            to[len++] = ' ';
    }
    out->len += len;
}

/* "name:value", the values of several headers of one name joined by commas, in the order of the request. */
static void append_header(struct buffer *out, const struct http_request *request, struct slice name)
{
    bool first = true;

    append_lower(out, name);
    buffer_append_byte(out, ':');
    for (size_t i = 0; i < request->header_count; i++) {
        if (!equal_ignoring_case(request->headers[i].name, name))
            continue;
        if (!first)
            buffer_append_byte(out, ',');
        first = false;
        append_value(out, request->headers[i].value);
    }
    buffer_append_byte(out, '\n');
}

struct slice sigv4_payload_hash(const struct http_request *request, struct arena *arena,
                                struct digest *digest)
{
    const struct slice *header = http_header(request, "x-amz-content-sha256");
    unsigned char hash[SHA256_LENGTH];
    char *hex = arena_alloc(arena, SHA256_HEX_LENGTH);

    if (request->secure && header != NULL && slice_is(*header, "UNSIGNED-PAYLOAD"))
        return *header;
    digest_sha256(digest, request->sent_body, hash);
    digest_hex(hash, hex);
    return (struct slice){hex, SHA256_HEX_LENGTH};
}

struct slice sigv4_canonical_request(const struct http_request *request, const struct sigv4_claim *claim,
                                     struct slice payload_hash, struct arena *arena)
{
    struct buffer out;

    buffer_init(&out);
    buffer_reserve(&out, 1024);
    buffer_append(&out, request->method);
    buffer_append_byte(&out, '\n');
    if (slice_is(claim->service, "s3"))
        append_path_of_s3(&out, request->path, arena);
    else
        append_path(&out, request->path, arena);
    buffer_append_byte(&out, '\n');
    append_query(&out, request->query, arena);
    buffer_append_byte(&out, '\n');
    for (struct slice rest = claim->signed_headers; rest.len > 0;)
        append_header(&out, request, cut(&rest, ';'));
    buffer_append_byte(&out, '\n');
    append_lower(&out, claim->signed_headers);
    buffer_append_byte(&out, '\n');
    buffer_append(&out, payload_hash);
    return keep(&out, arena);
}

/* ---- the signature ---- */

struct slice sigv4_string_to_sign(const struct sigv4_claim *claim, struct slice canonical_request,
                                  struct arena *arena, struct digest *digest)
{
    unsigned char hash[SHA256_LENGTH];
    char hex[SHA256_HEX_LENGTH];
    const struct slice pieces[] = {SLICE(ALGORITHM "\n"), claim->time, SLICE("\n"),
                                   claim->scope,          SLICE("\n"), {hex, sizeof(hex)}};
    size_t len = 0;

    digest_sha256(digest, canonical_request, hash);
    digest_hex(hash, hex);
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++)
        len += pieces[i].len;
    char *text = arena_alloc(arena, len), *to = text;
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        memcpy(to, pieces[i].ptr, pieces[i].len);
        to += pieces[i].len;
    }
    return (struct slice){text, len};
}

void sigv4_signing_key(struct digest *digest, struct slice secret, struct slice date, struct slice region,
                       struct slice service, unsigned char out[SHA256_LENGTH])
{
    struct buffer first;
    struct slice key = {(const char *)out, SHA256_LENGTH};

    buffer_init(&first);
    buffer_append_string(&first, "AWS4");
    buffer_append(&first, secret);
    digest_hmac(digest, buffer_slice(&first), date, out);
    OPENSSL_cleanse(first.bytes, first.len);
    buffer_finish(&first);
    digest_hmac(digest, key, region, out);
    digest_hmac(digest, key, service, out);
    digest_hmac(digest, key, SLICE(TERMINATOR), out);
}

void sigv4_signature(struct digest *digest, const unsigned char signing_key[SHA256_LENGTH],
                     struct slice string_to_sign, char out[SHA256_HEX_LENGTH])
{
    unsigned char mac[SHA256_LENGTH];

    digest_hmac(digest, (struct slice){(const char *)signing_key, SHA256_LENGTH}, string_to_sign, mac);
    digest_hex(mac, out);
}

bool sigv4_signatures_equal(struct slice claimed, const char computed[SHA256_HEX_LENGTH])
{
    return claimed.len == SHA256_HEX_LENGTH && CRYPTO_memcmp(claimed.ptr, computed, SHA256_HEX_LENGTH) == 0;
}

/* ---- signing ---- */

static int compare_names(const void *a, const void *b)
{
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

/* The names of all headers, in lower case, sorted, once each. */
static struct slice list_headers(const struct http_request *request, struct arena *arena)
{
    struct slice *names = arena_array(arena, struct slice, request->header_count);
    struct buffer lower, list;

    for (size_t i = 0; i < request->header_count; i++) {
        buffer_init(&lower);
        append_lower(&lower, request->headers[i].name);
        names[i] = keep(&lower, arena);
    }
    qsort(names, request->header_count, sizeof(names[0]), compare_names);
    buffer_init(&list);
    for (size_t i = 0; i < request->header_count; i++) {
        if (i > 0 && slice_equal(names[i], names[i - 1]))
            continue;
        if (i > 0)
            buffer_append_byte(&list, ';');
        buffer_append(&list, names[i]);
    }
    return keep(&list, arena);
}

struct slice sigv4_authorization(const struct http_request *request, struct slice access_key_id,
                                 struct slice secret, struct slice region, struct slice service,
                                 struct arena *arena)
{
    const struct slice *time = http_header(request, "x-amz-date");
    struct sigv4_claim claim = {0};
    struct digest *digest = digest_create();
    unsigned char key[SHA256_LENGTH];
    char signature[SHA256_HEX_LENGTH];

    CHECK(time != NULL && time->len == 16 && http_header(request, "host") != NULL);
    struct slice day = {time->ptr, 8};
    claim.time = *time;
    claim.service = service;
    claim.scope = arena_printf(arena, "%.*s/%.*s/%.*s/" TERMINATOR, SLICE_ARGS(day), SLICE_ARGS(region),
                               SLICE_ARGS(service));
    claim.signed_headers = list_headers(request, arena);
    struct slice canonical =
        sigv4_canonical_request(request, &claim, sigv4_payload_hash(request, arena, digest), arena);
    sigv4_signing_key(digest, secret, day, region, service, key);
    sigv4_signature(digest, key, sigv4_string_to_sign(&claim, canonical, arena, digest), signature);
    OPENSSL_cleanse(key, sizeof(key));
    digest_destroy(digest);
    return arena_printf(arena, ALGORITHM " Credential=%.*s/%.*s, SignedHeaders=%.*s, Signature=%.*s",
                        SLICE_ARGS(access_key_id), SLICE_ARGS(claim.scope), SLICE_ARGS(claim.signed_headers),
                        SHA256_HEX_LENGTH, signature);
}
