/* Answers of the query protocol: what XML is read as, and what is no XML. */
#include "lib/unit.h"

#include "wire/query_answer.h"

static void is_read_as(void **state)
{
    static const struct {
        const char *xml, *json;
    } cases[] = {
        {"<A/>", "{\"A\":\"\"}"},
        {"<A></A>", "{\"A\":\"\"}"},
        {"<?xml version=\"1.0\"?>\n<!-- c -->\n<A x=\"y\">b</A>\n", "{\"A\":\"b\"}"},
        {"<A><B>1</B> <C>2</C></A>", "{\"A\":{\"B\":\"1\",\"C\":\"2\"}}"},
        {"<A><member>1</member><member><B>2</B></member></A>", "{\"A\":[\"1\",{\"B\":\"2\"}]}"},
        {"<A>&lt;&amp;&gt;&quot;&apos;&#xD;&#10;&#233;&#x20AC;&#x1D11E;</A>",
         "{\"A\":\"<&>\\\"'\\r\\n\303\251\342\202\254\360\235\204\236\"}"},
        {"<A>\n  <B>x</B>\n</A>", "{\"A\":{\"B\":\"x\"}}"},
    };
    struct arena arena;

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct buffer text;
        struct json json;
        buffer_init(&text);
        assert_true(query_answer_read(&arena, slice_of(cases[i].xml), &json));
        json_write_value(&text, &json);
        assert_string_equal(arena_copy(&arena, buffer_slice(&text)).ptr, cases[i].json);
        buffer_finish(&text);
    }
    arena_finish(&arena);
}

static void is_refused(void **state)
{
    static const char *const texts[] = {"",
                                        "x",
                                        "<",
                                        "<A",
                                        "<A>",
                                        "<A></B>",
                                        "</A>",
                                        "<A><B></A></B>",
                                        "< A/>",
                                        "<A/>more",
                                        "<A>&x;</A>",
                                        "<A>&amp</A>",
                                        "<A>&#x;</A>",
                                        "<A>&#1114112;</A>",
                                        "<!-- ",
                                        "<A><B>1</B>"};
    struct buffer deep;
    struct arena arena;
    struct json json;

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_false(query_answer_read(&arena, slice_of(texts[i]), &json));
    buffer_init(&deep);
    for (int i = 0; i <= QUERY_ANSWER_DEPTH; i++)
        buffer_append_string(&deep, "<A>");
    for (int i = 0; i <= QUERY_ANSWER_DEPTH; i++)
        buffer_append_string(&deep, "</A>");
    assert_false(query_answer_read(&arena, buffer_slice(&deep), &json));
    buffer_finish(&deep);
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(is_read_as), cmocka_unit_test(is_refused)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
