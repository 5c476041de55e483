/* JSON Patch: the examples of RFC 6902, and what strangers may try. */
#include "lib/unit.h"

#include "services/cloudcontrol/patch.h"

static struct arena arena;

static const struct json *parse(const char *text)
{
    const struct json *json;

    assert_int_equal(json_parse(&arena, slice_of(text), 200, &json), JSON_OK);
    return json;
}

static void check(const char *document, const char *patch, const char *wanted)
{
    const struct json *changed;
    struct slice problem;
    struct buffer text;

    arena_init(&arena);
    const struct json *before = parse(document);
    if (!patch_apply(&arena, before, parse(patch), &changed, &problem))
        fail_msg("%s: %.*s", patch, SLICE_ARGS(problem));
    buffer_init(&text);
    json_write_value(&text, changed);
    if (!slice_is(buffer_slice(&text), wanted))
        fail_msg("%s: %.*s", patch, SLICE_ARGS(buffer_slice(&text)));
    buffer_reset(&text);
    json_write_value(&text, before);
    assert_true(slice_is(buffer_slice(&text), document));
    buffer_finish(&text);
    arena_finish(&arena);
}

static void check_refused(const char *document, const char *patch, const char *wanted)
{
    const struct json *changed;
    struct slice problem;

    arena_init(&arena);
    assert_false(patch_apply(&arena, parse(document), parse(patch), &changed, &problem));
    if (!slice_is(problem, wanted))
        fail_msg("%s: %.*s", patch, SLICE_ARGS(problem));
    arena_finish(&arena);
}

static void the_examples_of_the_standard(void **state)
{
    (void)state;
    check("{\"foo\":\"bar\"}", "[{\"op\":\"add\",\"path\":\"/baz\",\"value\":\"qux\"}]",
          "{\"foo\":\"bar\",\"baz\":\"qux\"}");
    check("{\"foo\":[\"bar\",\"baz\"]}", "[{\"op\":\"add\",\"path\":\"/foo/1\",\"value\":\"qux\"}]",
          "{\"foo\":[\"bar\",\"qux\",\"baz\"]}");
    check("{\"baz\":\"qux\",\"foo\":\"bar\"}", "[{\"op\":\"remove\",\"path\":\"/baz\"}]",
          "{\"foo\":\"bar\"}");
    check("{\"foo\":[\"bar\",\"qux\",\"baz\"]}", "[{\"op\":\"remove\",\"path\":\"/foo/1\"}]",
          "{\"foo\":[\"bar\",\"baz\"]}");
    check("{\"baz\":\"qux\",\"foo\":\"bar\"}", "[{\"op\":\"replace\",\"path\":\"/baz\",\"value\":\"boo\"}]",
          "{\"baz\":\"boo\",\"foo\":\"bar\"}");
    check("{\"foo\":{\"bar\":\"baz\",\"waldo\":\"fred\"},\"qux\":{\"corge\":\"grault\"}}",
          "[{\"op\":\"move\",\"from\":\"/foo/waldo\",\"path\":\"/qux/thud\"}]",
          "{\"foo\":{\"bar\":\"baz\"},\"qux\":{\"corge\":\"grault\",\"thud\":\"fred\"}}");
    check("{\"foo\":[\"all\",\"grass\",\"cows\",\"eat\"]}",
          "[{\"op\":\"move\",\"from\":\"/foo/1\",\"path\":\"/foo/3\"}]",
          "{\"foo\":[\"all\",\"cows\",\"eat\",\"grass\"]}");
    check("{\"baz\":\"qux\",\"foo\":[\"a\",2,\"c\"]}",
          "[{\"op\":\"test\",\"path\":\"/baz\",\"value\":\"qux\"},{\"op\":\"test\",\"path\":\"/foo/"
          "1\",\"value\":2}]",
          "{\"baz\":\"qux\",\"foo\":[\"a\",2,\"c\"]}");
    check_refused("{\"baz\":\"qux\"}", "[{\"op\":\"test\",\"path\":\"/baz\",\"value\":\"bar\"}]",
                  "operation 1: the value at /baz is another one");
    check("{\"foo\":\"bar\"}", "[{\"op\":\"add\",\"path\":\"/child\",\"value\":{\"grandchild\":{}}}]",
          "{\"foo\":\"bar\",\"child\":{\"grandchild\":{}}}");
    check("{\"foo\":\"bar\"}", "[{\"op\":\"add\",\"path\":\"/baz\",\"value\":\"qux\",\"xyz\":123}]",
          "{\"foo\":\"bar\",\"baz\":\"qux\"}");
    check_refused("{\"foo\":\"bar\"}", "[{\"op\":\"add\",\"path\":\"/baz/bat\",\"value\":\"qux\"}]",
                  "operation 1: there is nothing at baz");
    check("{\"/\":9,\"~1\":10}", "[{\"op\":\"test\",\"path\":\"/~01\",\"value\":10}]", "{\"/\":9,\"~1\":10}");
    check_refused("{\"/\":9,\"~1\":10}", "[{\"op\":\"test\",\"path\":\"/~01\",\"value\":\"10\"}]",
                  "operation 1: the value at /~01 is another one");
    check("{\"foo\":[\"bar\"]}", "[{\"op\":\"add\",\"path\":\"/foo/-\",\"value\":[\"abc\",\"def\"]}]",
          "{\"foo\":[\"bar\",[\"abc\",\"def\"]]}");
}

static void more_of_it(void **state)
{
    (void)state;
    check("{\"a\":1}", "[]", "{\"a\":1}");
    check("{\"a\":{\"b\":[1]}}",
          "[{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/c\"},"
          "{\"op\":\"add\",\"path\":\"/c/b/0\",\"value\":0}]",
          "{\"a\":{\"b\":[1]},\"c\":{\"b\":[0,1]}}");
    check("{\"a\":1}", "[{\"op\":\"replace\",\"path\":\"\",\"value\":{\"b\":2}}]", "{\"b\":2}");
    check("{\"a\":1}", "[{\"op\":\"add\",\"path\":\"/a\",\"value\":null}]", "{\"a\":null}");
    check("{\"a\":1}", "[{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/a\"}]", "{\"a\":1}");
    check("{\"a\":[1.0,{\"x\":1,\"y\":2}]}",
          "[{\"op\":\"test\",\"path\":\"/a\",\"value\":[1,{\"y\":2,\"x\":1}]}]",
          "{\"a\":[1.0,{\"x\":1,\"y\":2}]}");
    check("{\"\":1}", "[{\"op\":\"replace\",\"path\":\"/\",\"value\":2}]", "{\"\":2}");
}

static void what_is_wrong_is_told(void **state)
{
    (void)state;
    check_refused("{}", "{}", "it is no array of operations");
    check_refused("{}", "[1]", "operation 1: \"op\" is none of add, remove, replace, move, copy, test");
    check_refused("{}", "[{\"op\":\"add\",\"path\":\"/a\"}]", "operation 1: \"value\" is missing");
    check_refused("{}", "[{\"op\":\"add\",\"value\":1}]", "operation 1: \"path\" is missing, or no text");
    check_refused("{}", "[{\"op\":\"copy\",\"path\":\"/a\"}]",
                  "operation 1: \"from\" is missing, or no text");
    check_refused("{}", "[{\"op\":\"add\",\"path\":\"a\",\"value\":1}]",
                  "operation 1: the path a does not begin with a slash");
    check_refused("{\"a\":1}", "[{\"op\":\"remove\",\"path\":\"/a\"},{\"op\":\"remove\",\"path\":\"/a\"}]",
                  "operation 2: there is nothing at /a");
    check_refused("{\"a\":1}", "[{\"op\":\"remove\",\"path\":\"\"}]",
                  "operation 1: the whole document cannot be removed");
    check_refused("{\"a\":[1]}", "[{\"op\":\"add\",\"path\":\"/a/2\",\"value\":1}]",
                  "operation 1: there is no element 2 in an array of 1");
    check_refused("{\"a\":[1]}", "[{\"op\":\"replace\",\"path\":\"/a/00\",\"value\":1}]",
                  "operation 1: there is no element 00 in an array of 1");
    check_refused("{\"a\":[1]}", "[{\"op\":\"remove\",\"path\":\"/a/-\"}]",
                  "operation 1: there is nothing at /a/-");
    check_refused("{\"a\":1}", "[{\"op\":\"add\",\"path\":\"/a/b\",\"value\":1}]",
                  "operation 1: there is nothing in b, which is no array and no object");
    check_refused("{\"a\":1}", "[{\"op\":\"add\",\"path\":\"/~2\",\"value\":1}]",
                  "operation 1: a path has a ~ that is not ~0 or ~1");
    check_refused("{\"a\":{\"b\":1}}", "[{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/a/b\"}]",
                  "operation 1: /a cannot be moved into itself");
    check_refused("{\"a\":{\"b\":1}}", "[{\"op\":\"move\",\"from\":\"\",\"path\":\"/a\"}]",
                  "operation 1:  cannot be moved into itself");
}

/* Doubles what there is with each operation, until it is too much. */
static void it_does_not_grow_for_ever(void **state)
{
    struct buffer patch;
    (void)state;

    buffer_init(&patch);
    buffer_append_byte(&patch, '[');
    for (int i = 0; i < 60; i++)
        buffer_printf(&patch, "%s{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/a/-\"}", i == 0 ? "" : ",");
    buffer_append_string(&patch, "]");
    buffer_append_byte(&patch, '\0');
    check_refused("{\"a\":[1,2]}", patch.bytes, "operation 17: the document grows too large");
    buffer_finish(&patch);

    buffer_init(&patch);
    buffer_append_byte(&patch, '[');
    for (int i = 0; i < 100; i++)
        buffer_printf(&patch, "%s{\"op\":\"copy\",\"from\":\"\",\"path\":\"/b\"}", i == 0 ? "" : ",");
    buffer_append_string(&patch, "]");
    buffer_append_byte(&patch, '\0');
    check_refused("{\"a\":1}", patch.bytes, "operation 64: the document has more than 64 levels");
    buffer_finish(&patch);

    buffer_init(&patch);
    buffer_append_byte(&patch, '[');
    for (int i = 0; i <= PATCH_OPERATIONS; i++)
        buffer_printf(&patch, "%s{\"op\":\"test\",\"path\":\"/a\",\"value\":1}", i == 0 ? "" : ",");
    buffer_append_string(&patch, "]");
    buffer_append_byte(&patch, '\0');
    check_refused("{\"a\":1}", patch.bytes, "it has more than 1000 operations");
    buffer_finish(&patch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples_of_the_standard),
        cmocka_unit_test(more_of_it),
        cmocka_unit_test(what_is_wrong_is_told),
        cmocka_unit_test(it_does_not_grow_for_ever),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
