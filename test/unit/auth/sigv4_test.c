/* Does each stage of a signature give what AWS's test suite and botocore give, and what AWS says to claims
 * that are wrong? */
#include "lib/unit.h"

#include "auth/sigv4.h"

#include "base/buffer.h"

#define KEY_ID "AKIDEXAMPLE"
#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define TIME   "20150830T123600Z"

enum { NOW = 1440938160 }; /* that time */

struct bench {
    struct arena arena;
    struct digest *digest;
    struct failure failure;
};

static int begin(void **state)
{
    struct bench *bench = calloc(1, sizeof(*bench));

    arena_init(&bench->arena);
    bench->digest = digest_create();
    failure_init(&bench->failure, &bench->arena);
    *state = bench;
    return 0;
}

static int end(void **state)
{
    struct bench *bench = *state;

    digest_destroy(bench->digest);
    arena_finish(&bench->arena);
    free(bench);
    return 0;
}

/* ---- the vectors ---- */

struct vector {
    struct slice name, secret, region, service, secure, canonical, to_sign, signature;
    struct http_request request;
};

static struct slice read_file(const char *path, struct arena *arena)
{
    FILE *file = fopen(path, "r");
    struct buffer text;
    size_t got;

    assert_non_null(file);
    buffer_init(&text);
    do {
        got = fread(buffer_reserve(&text, 65536), 1, 65536, file);
        text.len += got;
    } while (got > 0);
    fclose(file);
    struct slice kept = arena_copy(arena, buffer_slice(&text));
    buffer_finish(&text);
    return kept;
}

/* Cuts what stands before `mark` off the text; the mark goes with it. */
static struct slice cut(struct slice *text, const char *mark)
{
    const char *found = memmem(text->ptr, text->len, mark, strlen(mark));

    assert_non_null(found);
    struct slice part = {text->ptr, (size_t)(found - text->ptr)};
    *text = slice_skip(*text, part.len + strlen(mark));
    return part;
}

static struct http_request read_request(struct slice text, struct arena *arena)
{
    struct http_request request = {.headers = arena_array(arena, struct http_header, 32)};
    struct slice line = cut(&text, "\n");

    request.method = cut(&line, " ");
    const char *mark = memchr(line.ptr, '?', line.len);
    request.path = (struct slice){line.ptr, mark == NULL ? line.len : (size_t)(mark - line.ptr)};
    if (mark != NULL)
        request.query = slice_skip(line, request.path.len + 1);
    for (line = cut(&text, "\n"); line.len > 0; line = cut(&text, "\n")) {
        struct slice name = cut(&line, ":");
        assert_true(request.header_count < 32);
        request.headers[request.header_count++] = (struct http_header){name, line};
    }
    request.body = request.sent_body = text;
    return request;
}

static bool next_vector(struct slice *text, struct vector *vector, struct arena *arena)
{
    if (memmem(text->ptr, text->len, "=== ", 4) == NULL)
        return false;
    *vector = (struct vector){0};
    cut(text, "=== ");
    vector->name = cut(text, "\n");
    cut(text, "secret ");
    vector->secret = cut(text, "\n");
    cut(text, "region ");
    vector->region = cut(text, "\n");
    cut(text, "service ");
    vector->service = cut(text, "\n");
    cut(text, "secure ");
    vector->secure = cut(text, "\n--- request\n");
    vector->request = read_request(cut(text, "\n--- canonical\n"), arena);
    vector->request.secure = slice_is(vector->secure, "yes");
    vector->canonical = cut(text, "\n--- string to sign\n");
    vector->to_sign = cut(text, "\n--- signature\n");
    vector->signature = cut(text, "\n");
    return true;
}

static void same(struct slice actual, struct slice expected, struct slice name)
{
    if (!slice_equal(actual, expected))
        fail_msg("%.*s: got\n%.*s\nexpected\n%.*s", SLICE_ARGS(name), SLICE_ARGS(actual),
                 SLICE_ARGS(expected));
}

static void every_stage_gives_what_the_vectors_say(void **state)
{
    struct bench *bench = *state;
    struct arena *arena = &bench->arena;
    struct slice text = read_file("test/sigv4/vectors.txt", arena);
    struct vector vector;
    int count = 0;

    for (; next_vector(&text, &vector, arena); count++) {
        struct sigv4_claim claim;
        unsigned char key[SHA256_LENGTH];
        char signature[SHA256_HEX_LENGTH];
        struct slice name = vector.name;
        if (!sigv4_read_claim(&vector.request, arena, &bench->failure, &claim) ||
            !sigv4_check_form(&claim, &bench->failure))
            fail_msg("%.*s: %.*s", SLICE_ARGS(name), SLICE_ARGS(bench->failure.message));
        same(claim.region, vector.region, name);
        same(claim.service, vector.service, name);
        same(claim.access_key_id, SLICE(KEY_ID), name);
        same(claim.signature, vector.signature, name);
        struct slice hash = sigv4_payload_hash(&vector.request, arena, bench->digest);
        struct slice canonical = sigv4_canonical_request(&vector.request, &claim, hash, arena);
        same(canonical, vector.canonical, name);
        struct slice to_sign = sigv4_string_to_sign(&claim, canonical, arena, bench->digest);
        same(to_sign, vector.to_sign, name);
        sigv4_signing_key(bench->digest, vector.secret, claim.date, claim.region, claim.service, key);
        sigv4_signature(bench->digest, key, to_sign, signature);
        same((struct slice){signature, sizeof(signature)}, vector.signature, name);
        assert_true(sigv4_signatures_equal(claim.signature, signature));
    }
    assert_true(count >= 76);
}

static void a_client_signs_as_botocore_does(void **state)
{
    struct bench *bench = *state;
    struct arena *arena = &bench->arena;
    struct slice text = read_file("test/sigv4/vectors.txt", arena);
    struct vector vector;
    int count = 0;

    while (next_vector(&text, &vector, arena)) {
        struct http_request *request = &vector.request;
        if (http_header(request, "authorization") == NULL)
            continue;            /* presigned */
        request->header_count--; /* Authorization is the last one */
        same(sigv4_authorization(request, SLICE(KEY_ID), vector.secret, vector.region, vector.service, arena),
             request->headers[request->header_count].value, vector.name);
        count++;
    }
    assert_true(count >= 70);
}

/* ---- claims that are wrong ---- */

/* A request with these headers; NULL ends them. */
static struct http_request request_of(struct arena *arena, const char *query, const char *const *headers)
{
    struct http_request request = {.method = SLICE("POST"), .path = SLICE("/"), .query = slice_of(query)};

    request.headers = arena_array(arena, struct http_header, 16);
    for (; *headers != NULL; headers += 2)
        request.headers[request.header_count++] =
            (struct http_header){slice_of(headers[0]), slice_of(headers[1])};
    return request;
}

#define GOOD_CREDENTIAL KEY_ID "/20150830/us-east-1/dynamodb/aws4_request"

static void expect_failure(struct bench *bench, const char *query, const char *const *headers,
                           enum error_code code, const char *message)
{
    struct http_request request = request_of(&bench->arena, query, headers);
    struct sigv4_claim claim;

    failure_init(&bench->failure, &bench->arena);
    bool passed = sigv4_read_claim(&request, &bench->arena, &bench->failure, &claim) &&
                  sigv4_check_time(&claim, NOW, &bench->arena, &bench->failure) &&
                  sigv4_check_form(&claim, &bench->failure) &&
                  sigv4_check_headers(&request, &claim, &bench->failure) &&
                  sigv4_check_scope(&claim, "dynamodb", &bench->arena, &bench->failure);
    if (passed)
        fail_msg("passed, but should say: %s", message);
    assert_string_equal(bench->failure.message.ptr, message);
    assert_int_equal(bench->failure.code, code);
}

#define HEADERS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void claims_that_are_missing(void **state)
{
    struct bench *bench = *state;
    const char *missing = "Request is missing Authentication Token";

    expect_failure(bench, "", HEADERS("Host", "h"), ERROR_MISSING_AUTHENTICATION_TOKEN, missing);
    expect_failure(bench, "", HEADERS("Authorization", "Basic abc"), ERROR_MISSING_AUTHENTICATION_TOKEN,
                   missing);
    expect_failure(bench, "", HEADERS("Authorization", ""), ERROR_MISSING_AUTHENTICATION_TOKEN, missing);
    expect_failure(
        bench, "X-Amz-Algorithm=AWS4-HMAC-SHA256", HEADERS("Authorization", "AWS4-HMAC-SHA256 "),
        ERROR_INVALID_SIGNATURE,
        "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.");
}

static void claims_that_are_incomplete(void **state)
{
    struct bench *bench = *state;

    expect_failure(
        bench, "", HEADERS("Authorization", "AWS4-"), ERROR_INCOMPLETE_SIGNATURE,
        "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' "
        "parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires "
        "existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=AWS4-");
    expect_failure(bench, "",
                   HEADERS("Authorization", "AWS4-HMAC-SHA256 Credential=a, Signature=b", "Date", "x"),
                   ERROR_INCOMPLETE_SIGNATURE,
                   "Authorization header requires 'SignedHeaders' parameter. "
                   "Authorization=AWS4-HMAC-SHA256 Credential=a, Signature=b");
    expect_failure(
        bench, "", HEADERS("Authorization", "AWS4-X Signature=b,  Credential, SignedHeaders=c"),
        ERROR_INCOMPLETE_SIGNATURE,
        "'Credential' not a valid key=value pair (missing equal-sign) in Authorization header: 'AWS4-X "
        "Signature=b,  Credential, SignedHeaders=c'.");
    expect_failure(
        bench, "X-Amz-Algorithm=", HEADERS("Host", "h"), ERROR_INCOMPLETE_SIGNATURE,
        "AWS query-string parameters must include 'X-Amz-Algorithm'. AWS query-string parameters must "
        "include "
        "'X-Amz-Credential'. AWS query-string parameters must include 'X-Amz-Signature'. AWS query-string "
        "parameters must include 'X-Amz-SignedHeaders'. AWS query-string parameters must include "
        "'X-Amz-Date'. "
        "Re-examine the query-string parameters.");
}

static void expect_time_failure(struct bench *bench, const char *name, const char *time, enum error_code code,
                                const char *message)
{
    expect_failure(bench, "",
                   HEADERS("Host", "h", name, time, "Authorization",
                           "AWS4-HMAC-SHA256 Credential=" GOOD_CREDENTIAL
                           ", SignedHeaders=host, Signature=00"),
                   code, message);
}

static void claims_of_another_time(void **state)
{
    struct bench *bench = *state;
    static const char *const no_times[] = {"201",
                                           "20150830T123600",
                                           "20151330T123600Z",
                                           "2015083OT123600Z",
                                           "20150830T243600Z",
                                           "",
                                           "Sun, 30 Aug 2015 12:36:00 GMT"};

    for (size_t i = 0; i < sizeof(no_times) / sizeof(no_times[0]); i++) {
        char message[200];
        snprintf(
            message, sizeof(message),
            "Date must be in ISO-8601 'basic format'. Got '%s'. See http://en.wikipedia.org/wiki/ISO_8601",
            no_times[i]);
        expect_time_failure(bench, "X-Amz-Date", no_times[i], ERROR_INCOMPLETE_SIGNATURE, message);
    }
    expect_time_failure(bench, "X-Amz-Date", "20150830T122059Z", ERROR_INVALID_SIGNATURE,
                        "Signature expired: 20150830T122059Z is now earlier than 20150830T122100Z "
                        "(20150830T123600Z - 15 min.)");
    expect_time_failure(bench, "Date", "Sun, 30 Aug 2015 12:20:59 GMT", ERROR_INVALID_SIGNATURE,
                        "Signature expired: 20150830T122059Z is now earlier than 20150830T122100Z "
                        "(20150830T123600Z - 15 min.)");
    expect_time_failure(bench, "X-Amz-Date", "20150830T125101Z", ERROR_INVALID_SIGNATURE,
                        "Signature not yet current: 20150830T125101Z is still later than 20150830T125100Z "
                        "(20150830T123600Z + 15 min.)");
}

static void times_at_the_edge_are_good(void **state)
{
    struct bench *bench = *state;
    struct sigv4_claim claim = {.time = SLICE(TIME), .seconds = NOW, .lifetime = -1};

    assert_true(sigv4_check_time(&claim, NOW + 900, &bench->arena, &bench->failure));
    assert_true(sigv4_check_time(&claim, NOW - 900, &bench->arena, &bench->failure));
    claim.lifetime = 3600;
    assert_true(sigv4_check_time(&claim, NOW + 3600, &bench->arena, &bench->failure));
    assert_false(sigv4_check_time(&claim, NOW + 3601, &bench->arena, &bench->failure));
    assert_string_equal(bench->failure.message.ptr, "Signature expired: 20150830T123600Z is now earlier than "
                                                    "20150830T123601Z (20150830T133601Z - 60 min.)");
}

static void both_forms_of_a_date_are_one_time(void **state)
{
    struct bench *bench = *state;
    struct sigv4_claim claim;
    struct http_request request = request_of(&bench->arena, "",
                                             HEADERS("Date", "Sun, 30 Aug 2015 12:36:00 GMT", "Authorization",
                                                     "AWS4-HMAC-SHA256 Credential=" GOOD_CREDENTIAL
                                                     ", SignedHeaders=host, Signature=00"));

    assert_true(sigv4_read_claim(&request, &bench->arena, &bench->failure, &claim));
    assert_true(slice_is(claim.time, TIME));
    assert_int_equal(claim.seconds, NOW);
}

static void lifetimes_of_presigned_requests(void **state)
{
    struct bench *bench = *state;
    static const struct {
        const char *value, *message;
    } cases[] = {
        {"", "X-Amz-Expires should be a number"},
        {"-1", "X-Amz-Expires should be a number"},
        {"604801",
         "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be "
         "less than 604800 seconds"},
        {"99999999999999999999999", "X-Amz-Expires must be less than a week (in seconds); that is, the given "
                                    "X-Amz-Expires must be less than 604800 seconds"}};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct slice query =
            arena_printf(&bench->arena,
                         "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a&X-Amz-Signature=b&"
                         "X-Amz-SignedHeaders=host&X-Amz-Date=" TIME "&X-Amz-Expires=%s",
                         cases[i].value);
        expect_failure(bench, query.ptr, HEADERS("Host", "h"), ERROR_INCOMPLETE_SIGNATURE, cases[i].message);
    }
}

static void expect_form_failure(struct bench *bench, const char *authorization, enum error_code code,
                                const char *message)
{
    expect_failure(bench, "", HEADERS("Host", "h", "X-Amz-Date", TIME, "Authorization", authorization), code,
                   message);
}

static void claims_of_another_form_or_scope(void **state)
{
    struct bench *bench = *state;

    expect_form_failure(bench, "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=x-amz-date, Signature=b",
                        ERROR_INVALID_SIGNATURE, "'Host' must be a 'SignedHeader' in the AWS Authorization.");
    expect_form_failure(bench, "AWS4-HMAC-SHA25 Credential=a, SignedHeaders=HOST, Signature=b",
                        ERROR_INCOMPLETE_SIGNATURE,
                        "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA25' (only AWS4-HMAC-SHA256 for now). ");
    expect_form_failure(
        bench, "AWS4-HMAC-SHA256 Credential=a/b/c/d, SignedHeaders=host, Signature=b",
        ERROR_INCOMPLETE_SIGNATURE,
        "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got "
        "'a/b/c/d'");
    expect_form_failure(
        bench, "AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host;X-Amz-Date, Signature=b",
        ERROR_INVALID_SIGNATURE,
        "Credential should be scoped to correct service: 'dynamodb'. "
        "Credential should be scoped with a valid terminator: 'aws4_request', not 'e'. "
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: 'b' != "
        "'20150830', from '20150830T123600Z'.");
    expect_form_failure(
        bench,
        "AWS4-HMAC-SHA256 Credential=a/20150830//dynamodb/aws4_request/, SignedHeaders=host;x-amz-date, "
        "Signature=b",
        ERROR_INVALID_SIGNATURE, "Credential should be scoped to a valid region, not ''. ");
}

static void headers_that_are_not_signed(void **state)
{
    struct bench *bench = *state;
    const char *header =
        "AWS4-HMAC-SHA256 Credential=" GOOD_CREDENTIAL ", SignedHeaders=host;x-amz-date;x, Signature=b";
    const char *query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a/b/c/d/e&X-Amz-Signature=b&"
                        "X-Amz-SignedHeaders=host&X-Amz-Date=" TIME;

    expect_failure(
        bench, "", HEADERS("Host", "h", "X-Amz-Date", TIME, "x-AMZ-target", "t", "Authorization", header),
        ERROR_INVALID_SIGNATURE, "'x-AMZ-target' must be a 'SignedHeader' in the AWS Authorization.");
    expect_failure(bench, "", HEADERS("x-amz-", "", "X-Amz-Date", TIME, "Authorization", header),
                   ERROR_INVALID_SIGNATURE, "'x-amz-' must be a 'SignedHeader' in the AWS Authorization.");
    expect_failure(bench, query, HEADERS("Host", "h", "X-Amzn-Trace-Id", "r", "X-Amz-Target", "t"),
                   ERROR_INVALID_SIGNATURE,
                   "'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization.");
}

static void an_unsigned_payload_needs_tls(void **state)
{
    struct bench *bench = *state;
    struct http_request request =
        request_of(&bench->arena, "", HEADERS("X-Amz-Content-SHA256", "UNSIGNED-PAYLOAD"));

    assert_true(slice_is(sigv4_payload_hash(&request, &bench->arena, bench->digest),
                         "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    request.secure = true;
    assert_true(slice_is(sigv4_payload_hash(&request, &bench->arena, bench->digest), "UNSIGNED-PAYLOAD"));
}

/* RFC 4231, test cases 1, 2 and 6: keys that are short, shorter than a hash, and longer than a block. */
static void hmac_is_as_the_rfc_says(void **state)
{
    struct bench *bench = *state;
    char long_key[131], hex[SHA256_HEX_LENGTH + 1] = {0};
    unsigned char mac[SHA256_LENGTH];

    memset(long_key, 0xaa, sizeof(long_key));
    digest_hmac(bench->digest,
                SLICE("\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"),
                SLICE("Hi There"), mac);
    digest_hex(mac, hex);
    assert_string_equal(hex, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    digest_hmac(bench->digest, SLICE("Jefe"), SLICE("what do ya want for nothing?"), mac);
    digest_hex(mac, hex);
    assert_string_equal(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    digest_hmac(bench->digest, (struct slice){long_key, sizeof(long_key)},
                SLICE("Test Using Larger Than Block-Size Key - Hash Key First"), mac);
    digest_hex(mac, hex);
    assert_string_equal(hex, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(every_stage_gives_what_the_vectors_say),
        TEST(a_client_signs_as_botocore_does),
        TEST(claims_that_are_missing),
        TEST(claims_that_are_incomplete),
        TEST(claims_of_another_time),
        TEST(times_at_the_edge_are_good),
        TEST(both_forms_of_a_date_are_one_time),
        TEST(lifetimes_of_presigned_requests),
        TEST(claims_of_another_form_or_scope),
        TEST(headers_that_are_not_signed),
        TEST(an_unsigned_payload_needs_tls),
        TEST(hmac_is_as_the_rfc_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
