/* Does the authenticator let in whom it should, and nobody who changed a byte? */
#include "lib/unit.h"

#include "auth/authenticator.h"

#include <sys/stat.h>
#include <unistd.h>

#include "auth/sigv4.h"
#include "base/clock.h"

enum { NOW = 1440938160 };

struct bench {
    struct arena arena;
    struct authenticator *authenticator;
    struct failure failure;
    struct principal principal;
    struct http_header headers[8];
    struct http_request request;
};

static const struct credentials root = {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};

static int begin(void **state)
{
    struct bench *bench = calloc(1, sizeof(*bench));

    arena_init(&bench->arena);
    bench->authenticator = authenticator_create(
        &(struct authenticator_settings){.root = &root, .account_id = SLICE("000000000000")});
    *state = bench;
    return 0;
}

static int end(void **state)
{
    struct bench *bench = *state;

    authenticator_destroy(bench->authenticator);
    arena_finish(&bench->arena);
    free(bench);
    return 0;
}

/* A signed request; `token` may be NULL. */
static void sign(struct bench *bench, const char *key_id, const char *secret, const char *region,
                 const char *token)
{
    static const struct http_header headers[] = {
        {{"host", 4}, {"localhost:8000", 14}},
        {{"x-amz-date", 10}, {"20150830T123600Z", 16}},
        {{"x-amz-target", 12}, {"DynamoDB_20120810.ListTables", 28}},
    };
    struct http_request *request = &bench->request;

    memcpy(bench->headers, headers, sizeof(headers));
    *request = (struct http_request){.method = SLICE("POST"),
                                     .path = SLICE("/"),
                                     .body = SLICE("{}"),
                                     .sent_body = SLICE("{}"),
                                     .headers = bench->headers,
                                     .header_count = 3};
    if (token != NULL)
        bench->headers[request->header_count++] =
            (struct http_header){SLICE("x-amz-security-token"), slice_of(token)};
    struct slice authorization = sigv4_authorization(request, slice_of(key_id), slice_of(secret),
                                                     slice_of(region), SLICE("dynamodb"), &bench->arena);
    bench->headers[request->header_count++] = (struct http_header){SLICE("authorization"), authorization};
}

static bool check(struct bench *bench)
{
    failure_init(&bench->failure, &bench->arena);
    bench->principal = (struct principal){0};
    return authenticator_check(bench->authenticator, &bench->request, "dynamodb", NOW, &bench->arena,
                               &bench->failure, &bench->principal);
}

static void knows_the_root(void **state)
{
    struct bench *bench = *state;

    for (int i = 0; i < 3; i++) { /* the signing key is derived once and recalled then */
        sign(bench, root.access_key_id, root.secret_access_key, "us-east-1", NULL);
        assert_true(check(bench));
        assert_int_equal(bench->principal.kind, PRINCIPAL_ROOT);
        assert_true(slice_is(bench->principal.access_key_id, "AKIDEXAMPLE"));
        assert_true(slice_is(bench->principal.arn, "arn:aws:iam::000000000000:root"));
    }
}

static void takes_any_region_and_more_than_it_caches(void **state)
{
    struct bench *bench = *state;

    for (int i = 0; i < 400; i++) {
        struct slice region =
            arena_printf(&bench->arena,
                         i % 50 == 0 ? "a-very-long-name-that-no-cache-entry-has-room-for-%d-"
                                       "and-so-it-is-derived-each-time-that-it-comes"
                                     : "region-%d",
                         i % 150);
        sign(bench, root.access_key_id, root.secret_access_key, region.ptr, NULL);
        assert_true(check(bench));
    }
}

static void refuses_other_keys_and_secrets(void **state)
{
    struct bench *bench = *state;

    sign(bench, "AKIDEXAMPLF", root.secret_access_key, "us-east-1", NULL);
    assert_false(check(bench));
    assert_int_equal(bench->failure.code, ERROR_UNRECOGNIZED_CLIENT);
    assert_string_equal(bench->failure.message.ptr, "The security token included in the request is invalid.");
    sign(bench, root.access_key_id, "wrong", "us-east-1", NULL);
    assert_false(check(bench));
    assert_int_equal(bench->failure.code, ERROR_INVALID_SIGNATURE);
    assert_int_equal(bench->principal.kind, PRINCIPAL_NONE);
}

static void refuses_session_tokens_of_the_root(void **state)
{
    struct bench *bench = *state;

    sign(bench, root.access_key_id, root.secret_access_key, "us-east-1", "token");
    assert_false(check(bench));
    assert_int_equal(bench->failure.code, ERROR_UNRECOGNIZED_CLIENT);
    assert_string_equal(bench->failure.message.ptr, "The security token included in the request is invalid");
}

static void explains_what_it_would_have_signed(void **state)
{
    struct bench *bench = *state;

    sign(bench, root.access_key_id, root.secret_access_key, "us-east-1", NULL);
    bench->request.sent_body = SLICE("{ }");
    assert_false(check(bench));
    assert_string_equal(
        bench->failure.message.ptr,
        "The request signature we calculated does not match the signature you provided. Check your AWS "
        "Secret Access Key and "
        "signing method. Consult the service documentation for details.\n\n"
        "The Canonical String for this request should have been\n'POST\n/\n\nhost:localhost:8000\n"
        "x-amz-date:20150830T123600Z\nx-amz-target:DynamoDB_20120810.ListTables\n\nhost;x-amz-date;x-amz-"
        "target\n"
        "257c1be96ae69f4b01c2c69bdb6d78605f59175819fb007d0bf245bf48444c4a'\n\n"
        "The String-to-Sign should have been\n'AWS4-HMAC-SHA256\n20150830T123600Z\n"
        "20150830/us-east-1/dynamodb/aws4_request\n"
        "32a383fd87d198e2bfd769e0e6447622fcee69316d1c745c1e01743a685acb95'\n");
}

/* Any changed byte of what is signed, or of the signature, is seen. */
static void refuses_a_request_that_was_changed(void **state)
{
    struct bench *bench = *state;
    struct slice *const parts[] = {&bench->request.method,    &bench->request.path,
                                   &bench->request.sent_body, &bench->headers[0].value,
                                   &bench->headers[1].value,  &bench->headers[2].value,
                                   &bench->headers[3].value};

    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        sign(bench, root.access_key_id, root.secret_access_key, "us-east-1", NULL);
        size_t length = parts[i]->len;
        for (size_t at = 0; at < length; at++) {
            struct slice original = *parts[i], changed = arena_copy(&bench->arena, original);
            char *byte = (char *)(uintptr_t)changed.ptr + at;
            *byte = *byte == 'x' ? 'y' : 'x';
            *parts[i] = changed;
            assert_false(check(bench));
            *parts[i] = original;
        }
        assert_true(check(bench));
    }
}

/* ---- credentials ---- */

static void credentials_are_made_once_and_kept(void **state)
{
    struct bench *bench = *state;
    char folder[] = "/tmp/turntable-test-XXXXXX";
    struct credentials first = {0}, second = {0};
    struct slice problem = {"", 0};
    struct stat file;
    bool created;

    unsetenv("TURNTABLE_ACCESS_KEY_ID");
    unsetenv("TURNTABLE_SECRET_ACCESS_KEY");
    assert_non_null(mkdtemp(folder));
    assert_int_equal(credentials_read(folder, &first, &bench->arena, &problem), CREDENTIALS_ABSENT);
    assert_true(credentials_obtain(folder, &first, &created, &bench->arena, &problem));
    assert_true(created);
    assert_int_equal(strlen(first.access_key_id), 20);
    assert_int_equal(strlen(first.secret_access_key), 40);
    assert_true(credentials_obtain(folder, &second, &created, &bench->arena, &problem));
    assert_false(created);
    assert_string_equal(first.access_key_id, second.access_key_id);
    assert_string_equal(first.secret_access_key, second.secret_access_key);
    struct slice path = arena_printf(&bench->arena, "%s/credentials", folder);
    assert_int_equal(stat(path.ptr, &file), 0);
    assert_int_equal(file.st_mode & 0777, 0600);

    /* The environment goes before the file. */
    setenv("TURNTABLE_ACCESS_KEY_ID", "mine", 1);
    assert_false(credentials_obtain(folder, &second, &created, &bench->arena, &problem));
    setenv("TURNTABLE_SECRET_ACCESS_KEY", "secret", 1);
    assert_true(credentials_obtain(folder, &second, &created, &bench->arena, &problem));
    assert_string_equal(second.access_key_id, "mine");
    setenv("TURNTABLE_ACCESS_KEY_ID", "mi/ne", 1);
    assert_false(credentials_obtain(folder, &second, &created, &bench->arena, &problem));
    unsetenv("TURNTABLE_ACCESS_KEY_ID");
    unsetenv("TURNTABLE_SECRET_ACCESS_KEY");

    /* A file that was cut off is no reason to make new ones. */
    assert_int_equal(truncate(path.ptr, 60), 0);
    assert_false(credentials_obtain(folder, &second, &created, &bench->arena, &problem));
    assert_non_null(strstr(problem.ptr, "does not hold"));
    unlink(path.ptr);
    rmdir(folder);
}

static void verifying_is_quick(void **state)
{
    struct bench *bench = *state;
    enum { ROUNDS = 20000 };

    sign(bench, root.access_key_id, root.secret_access_key, "us-east-1", NULL);
    int64_t begun = clock_monotonic();
    for (int i = 0; i < ROUNDS; i++) {
        assert_true(check(bench));
        if (i % 100 == 0) {
            arena_reset(&bench->arena);
            sign(bench, root.access_key_id, root.secret_access_key, "us-east-1", NULL);
        }
    }
    /* A figure to read, not to judge by: machines differ. */
    print_message("verified in %.2f us\n", (double)(clock_monotonic() - begun) / 1000 / ROUNDS);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(knows_the_root),
        TEST(takes_any_region_and_more_than_it_caches),
        TEST(refuses_other_keys_and_secrets),
        TEST(refuses_session_tokens_of_the_root),
        TEST(explains_what_it_would_have_signed),
        TEST(refuses_a_request_that_was_changed),
        TEST(credentials_are_made_once_and_kept),
        TEST(verifying_is_quick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
