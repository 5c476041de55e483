/* Addresses: which bucket and key do a host and a path, or a URL, name? */
#include "lib/unit_arena.h"

#include "services/s3/address.h"

static void hosts_name_buckets(void **state)
{
    static const struct {
        const char *host, *bucket;
    } cases[] = {{"127.0.0.1:8000", ""},
                 {"[::1]:8000", ""},
                 {"[::1]", ""},
                 {"localhost", ""},
                 {"localhost:8000", ""},
                 {"", ""},
                 {":", ""},
                 {"example.com", ""},
                 {"music.localhost", "music"},
                 {"music.localhost:8000", "music"},
                 {"my.music.localhost:8000", "my.music"},
                 {"music.s3.localhost:8000", "music"},
                 {"s3.localhost:8000", ""},
                 {"s3.us-east-1.amazonaws.com", ""},
                 {"s3.amazonaws.com", ""},
                 {"s3-us-west-2.amazonaws.com", ""},
                 {"dynamodb.us-east-1.amazonaws.com", ""},
                 {"music.s3.amazonaws.com", "music"},
                 {"music.s3.us-east-1.amazonaws.com", "music"},
                 {"music.s3.us-east-1.amazonaws.com:443", "music"},
                 {"Music.S3.US-EAST-1.AMAZONAWS.COM", ""},
                 {"music.s3-us-west-2.amazonaws.com", "music"},
                 {"music.s3.dualstack.us-west-2.amazonaws.com", "music"},
                 {"music.s3.cn-north-1.amazonaws.com.cn", "music"},
                 {"a.s3.b.s3.us-east-1.amazonaws.com", "a.s3.b"},
                 {".s3.amazonaws.com", ""}};
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct slice bucket = s3_host_bucket(slice_of(cases[i].host));
        if (!slice_is(bucket, cases[i].bucket))
            fail_msg("%s: %.*s", cases[i].host, SLICE_ARGS(bucket));
    }
}

static void paths_name_keys(void **state)
{
    static const struct {
        const char *host, *path, *bucket, *key;
    } cases[] = {{"127.0.0.1:8000", "/", "", ""},
                 {"127.0.0.1:8000", "/music", "music", ""},
                 {"127.0.0.1:8000", "/music/", "music", ""},
                 {"127.0.0.1:8000", "/music/a/b", "music", "a/b"},
                 {"127.0.0.1:8000", "/music//a/../b/", "music", "/a/../b/"},
                 {"127.0.0.1:8000", "/music/a%20b+c%2Fd%C3%A9", "music", "a b+c/d\xc3\xa9"},
                 {"127.0.0.1:8000", "/music%2Fa", "music", "a"},
                 {"music.localhost", "/", "music", ""},
                 {"music.localhost", "/a/b", "music", "a/b"},
                 {"music.localhost", "//", "music", "/"}};
    static const char *const wrong[] = {"/music/%", "/music/%4", "/music/%zz", "/music/%ff", "/%c3"};
    struct s3_address address;
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_true(s3_address_read(&arena, slice_of(cases[i].host), slice_of(cases[i].path), &address));
        if (!slice_is(address.bucket, cases[i].bucket) || !slice_is(address.key, cases[i].key))
            fail_msg("%s: %.*s, %.*s", cases[i].path, SLICE_ARGS(address.bucket), SLICE_ARGS(address.key));
    }
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(s3_address_read(&arena, SLICE("127.0.0.1"), slice_of(wrong[i]), &address));
}

static void urls_name_objects(void **state)
{
    static const char *const urls[] = {"https://s3.us-east-1.amazonaws.com/music/a/b.json",
                                       "https://music.s3.us-east-1.amazonaws.com/a/b.json?versionId=1",
                                       "http://127.0.0.1:8000/music/a%2Fb.json", "s3://music/a/b.json"};
    static const char *const wrong[] = {"",           "music/a",        "https://", "https://127.0.0.1/music",
                                        "s3://music", "s3://music/",    "s3:///a",  "file:///music/a",
                                        "http:/a/b",  "http://h/b/%zz", "://a/b"};
    struct s3_address address;
    (void)state;

    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
        assert_true(s3_url_read(&arena, slice_of(urls[i]), &address));
        assert_true(slice_is(address.bucket, "music") && slice_is(address.key, "a/b.json"));
    }
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(s3_url_read(&arena, slice_of(wrong[i]), &address));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(hosts_name_buckets),
        ARENA_TEST(paths_name_keys),
        ARENA_TEST(urls_name_objects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
