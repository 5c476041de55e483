/* Are command lines read as people write them, and what they mistype told? */
#include "lib/unit.h"

#include "cli/options.h"

static const char *data, *listen;
static bool in_memory;
static const char *operands[2];

static int parse(const char *const *words)
{
    const struct option options[] = {
        {"--data", &data, NULL}, {"--listen", &listen, NULL}, {"--in-memory", NULL, &in_memory}, {0}};
    char *argv[10];
    int argc = 0;

    data = listen = operands[0] = operands[1] = NULL;
    in_memory = false;
    argv[argc++] = (char[]){"serve"};
    for (; *words != NULL; words++)
        argv[argc++] = (char *)(uintptr_t)*words;
    return options_parse(argc, argv, options, "help\n", operands, 2);
}

#define PARSE(...) parse((const char *const[]){__VA_ARGS__, NULL})

static void options_and_operands_mix(void **state)
{
    (void)state;

    assert_int_equal(PARSE("one", "--data", "a", "--in-memory", "two", "--listen=b=c"), 2);
    assert_string_equal(data, "a");
    assert_string_equal(listen, "b=c");
    assert_true(in_memory);
    assert_string_equal(operands[0], "one");
    assert_string_equal(operands[1], "two");
    assert_int_equal(PARSE("--data", "--in-memory"), 0);
    assert_string_equal(data, "--in-memory");
    assert_int_equal(PARSE("--data="), 0);
    assert_string_equal(data, "");
    assert_int_equal(PARSE("--", "--data", "-"), 2);
    assert_string_equal(operands[0], "--data");
    assert_int_equal(PARSE("-"), 1);
}

static void mistakes_are_refused(void **state)
{
    (void)state;

    assert_int_equal(PARSE("--dat"), OPTIONS_WRONG);
    assert_int_equal(PARSE("--data2", "x"), OPTIONS_WRONG);
    assert_int_equal(PARSE("-d"), OPTIONS_WRONG);
    assert_int_equal(PARSE("--data"), OPTIONS_WRONG);
    assert_int_equal(PARSE("--in-memory=yes"), OPTIONS_WRONG);
    assert_int_equal(PARSE("1", "2", "3"), OPTIONS_WRONG);
    assert_int_equal(PARSE("--an-option-with-a-name-that-is-longer-than-anything-that-was-ever-asked-for"),
                     OPTIONS_WRONG);
    assert_int_equal(PARSE("--data", "x", "--help", "--nonsense"), OPTIONS_HELPED);
    assert_int_equal(PARSE("-h"), OPTIONS_HELPED);
}

static void suggestions_are_near(void **state)
{
    static const char *const names[] = {"serve", "deploy", "tables", "env", NULL};
    (void)state;

    assert_string_equal(options_suggest("srve", names), "serve");
    assert_string_equal(options_suggest("deplyo", names), "deploy");
    assert_string_equal(options_suggest("table", names), "tables");
    assert_string_equal(options_suggest("en", names), "env");
    assert_null(options_suggest("server-farm", names));
    assert_null(options_suggest("", names));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_and_operands_mix),
        cmocka_unit_test(mistakes_are_refused),
        cmocka_unit_test(suggestions_are_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
