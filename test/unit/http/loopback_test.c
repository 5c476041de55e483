/* Is it known what is on this machine, and what only says so? */
#include "lib/unit.h"

#include "http/loopback.h"

static void addresses(void **state)
{
    static const char *const here[] = {"127.0.0.1",       "127.0.0.2",        "127.255.255.255", "::1",
                                       "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "::FFFF:7f00:1"};
    static const char *const elsewhere[] = {"",          "0.0.0.0",         "::",          "10.0.0.1",
                                            "128.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "localhost",
                                            "127.1",     "127.0.0.1 ",      "fe80::1",     "[::1]"};

    (void)state;
    for (size_t i = 0; i < sizeof(here) / sizeof(here[0]); i++)
        assert_true(http_is_loopback(here[i]));
    for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
        assert_false(http_is_loopback(elsewhere[i]));
}

static void hosts(void **state)
{
    static const char *const here[] = {"localhost", "LocalHost:8000", "127.0.0.1",  "127.0.0.1:8000",
                                       "[::1]",     "[::1]:8000",     "127.9.9.9:1"};
    static const char *const elsewhere[] = {
        "",
        ":",
        ":8000",
        "[",
        "[]",
        "[]:8000",
        "evil.example",
        "evil.example:8000",
        "localhost.evil.example",
        "evil.localhost",
        "127.0.0.1.evil.example",
        "127.0.0.1@evil.example",
        "localhost ",
        " localhost",
        "0.0.0.0:8000",
        "[::]:8000",
        "10.0.0.1",
        "2130706433",
        "0x7f.1",
        "127.0.0.1\t",
        "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0001"};

    (void)state;
    for (size_t i = 0; i < sizeof(here) / sizeof(here[0]); i++)
        assert_true(http_is_loopback_host(slice_of(here[i])));
    for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
        assert_false(http_is_loopback_host(slice_of(elsewhere[i])));
    assert_false(http_is_loopback_host((struct slice){NULL, 0}));
    assert_false(http_is_loopback_host((struct slice){"127.0.0.1\0.evil.example", 23}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(addresses), cmocka_unit_test(hosts)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
