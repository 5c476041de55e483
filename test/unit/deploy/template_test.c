/* Templates: JSON and YAML give the same tree, and what is no template, or too much of one, is refused. */
#include "deploy/template.h"

#include "lib/unit_arena.h"

/* The tree as JSON, or "! " and the problem. */
static const char *outcome(struct slice text)
{
    const struct json *json;
    struct slice problem;
    struct buffer out;

    if (!template_parse(&arena, text, &json, &problem))
        return arena_printf(&arena, "! %.*s", SLICE_ARGS(problem)).ptr;
    buffer_init(&out);
    json_write_value(&out, json);
    const char *copy = arena_copy(&arena, buffer_slice(&out)).ptr;
    buffer_finish(&out);
    return copy;
}

static void yaml_is_as_json(void **state)
{
    static const char *const cases[][2] = {
        {"{\"a\": [1, true, null, \"x\"]}", "{\"a\":[1,true,null,\"x\"]}"},
        {"a: 1\nb: two\nc: [x, 'y', \"z\\n\"]\n", "{\"a\":1,\"b\":\"two\",\"c\":[\"x\",\"y\",\"z\\n\"]}"},
        {"a:\n  - b: c\n    d: e\n  - f\n", "{\"a\":[{\"b\":\"c\",\"d\":\"e\"},\"f\"]}"},
        {"---\na: |\n  one\n  two\nb: >-\n  three\n  four\n",
         "{\"a\":\"one\\ntwo\\n\",\"b\":\"three four\"}"},
        {"a: ~\nb:\nc: null\nd: 'null'\n", "{\"a\":null,\"b\":null,\"c\":null,\"d\":\"null\"}"},
        {"a: true\nb: False\nc: yes\nd: 'true'\n", "{\"a\":true,\"b\":false,\"c\":\"yes\",\"d\":\"true\"}"},
        {"a: 012345678901\nb: 0\nc: -1.5e3\nd: 0x1F\ne: 1_000\nf: '5'\ng: 2010-09-09\nh: 1.\n",
         "{\"a\":\"012345678901\",\"b\":0,\"c\":-1.5e3,\"d\":\"0x1F\",\"e\":\"1_000\",\"f\":\"5\",\"g\":"
         "\"2010-09-09\","
         "\"h\":\"1.\"}"},
        {"a: !!str 5\nb: !!int '5'\n", "{\"a\":\"5\",\"b\":5}"},
        {"{a: 1, b: [c]}", "{\"a\":1,\"b\":[\"c\"]}"},
        {"5: x\ntrue: y\n", "{\"5\":\"x\",\"true\":\"y\"}"},
        {"# comment\na: 1 # more\n", "{\"a\":1}"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(outcome(slice_of(cases[i][0])), cases[i][1]);
}

static void tags_are_functions(void **state)
{
    static const char *const cases[][2] = {
        {"a: !Ref b", "{\"a\":{\"Ref\":\"b\"}}"},
        {"a: !Condition b", "{\"a\":{\"Condition\":\"b\"}}"},
        {"a: !GetAtt b.c.d", "{\"a\":{\"Fn::GetAtt\":[\"b\",\"c.d\"]}}"},
        {"a: !GetAtt [b, c]", "{\"a\":{\"Fn::GetAtt\":[\"b\",\"c\"]}}"},
        {"a: !Sub 'x${b}'", "{\"a\":{\"Fn::Sub\":\"x${b}\"}}"},
        {"a: !Join ['-', [!Ref b, c]]", "{\"a\":{\"Fn::Join\":[\"-\",[{\"Ref\":\"b\"},\"c\"]]}}"},
        {"a: !If\n  - b\n  - !Ref c\n  - !Ref AWS::NoValue\n",
         "{\"a\":{\"Fn::If\":[\"b\",{\"Ref\":\"c\"},{\"Ref\":\"AWS::NoValue\"}]}}"},
        {"a: !Equals [!Ref b, '1']", "{\"a\":{\"Fn::Equals\":[{\"Ref\":\"b\"},\"1\"]}}"},
        {"a: !Sub\n  - '${b}'\n  - {b: !Ref c}\n",
         "{\"a\":{\"Fn::Sub\":[\"${b}\",{\"b\":{\"Ref\":\"c\"}}]}}"},
        {"a: ! plain", "{\"a\":\"plain\"}"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(outcome(slice_of(cases[i][0])), cases[i][1]);
}

static void aliases_stand_for_their_anchors(void **state)
{
    (void)state;
    assert_string_equal(outcome(SLICE("a: &x [1, 2]\nb: *x\nc: {d: *x}\n")),
                        "{\"a\":[1,2],\"b\":[1,2],\"c\":{\"d\":[1,2]}}");
    assert_string_equal(outcome(SLICE("a: &x 1\nb: &x 2\nc: *x\n")), "{\"a\":1,\"b\":2,\"c\":2}");
    assert_string_equal(outcome(SLICE("a: &x !Ref y\nb: *x\n")),
                        "{\"a\":{\"Ref\":\"y\"},\"b\":{\"Ref\":\"y\"}}");
}

static void refuses_and_names_the_line(void **state)
{
    static const char *const cases[][2] = {
        {"", "! line 1: the template is empty"},
        {"\n\n# nothing\n", "! line 4: the template is empty"},
        {"[]", "! a template is an object, with a member Resources"},
        {"just text", "! a template is an object, with a member Resources"},
        {"a: 1\nb: 2\na: 3\n", "! line 3: the key a is there twice"},
        {"a: 1\nb: *nobody\n", "! line 2: an alias of an anchor that is not there"},
        {"a: &x [*x]\n", "! line 1: an alias of an anchor that is not there"},
        {"a: &x {b: 1}\nc:\n  <<: *x\n", "! line 3: CloudFormation has no merge keys (<<)"},
        {"a: !Get-Att b\n", "! line 1: !Get-Att is no tag of CloudFormation"},
        {"a: !GetAtt b\n", "! line 1: !GetAtt needs a resource and an attribute, with a dot between them"},
        {"? [a]\n: b\n", "! line 1: a key must be text"},
        {"a: 1\n---\nb: 2\n", "! line 2: a second document follows; a template is one"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(outcome(slice_of(cases[i][0])), cases[i][1]);
    assert_true(strncmp(outcome(SLICE("{\"a\": [\n")), "! line 2: ", 10) == 0);
    assert_true(strncmp(outcome(SLICE("a: b: c\n")), "! line 1: ", 10) == 0);
    assert_true(outcome(SLICE("{\"a\":\xff\xfe}"))[0] == '!');
}

static struct slice repeated(const char *text, size_t count)
{
    struct buffer out;

    buffer_init(&out);
    for (size_t i = 0; i < count; i++)
        buffer_append_string(&out, text);
    struct slice copy = arena_copy(&arena, buffer_slice(&out));
    buffer_finish(&out);
    return copy;
}

static void bounds_hold(void **state)
{
    struct buffer text;
    (void)state;

    assert_string_equal(outcome(repeated("[", 300000)), "! the template is nested too deeply");
    assert_string_equal(outcome(repeated("- ", 300000)), "! line 1: the template is nested too deeply");
    assert_string_equal(outcome(repeated(" ", TEMPLATE_SIZE_LIMIT + 1)), "! a template has at most 1 MB");

    /* Ten times ten times ten ... */
    buffer_init(&text);
    buffer_append_string(&text, "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 12; i++) {
        buffer_printf(&text, "a%d: &a%d [", i, i);
        for (int j = 0; j < 10; j++)
            buffer_printf(&text, "%s*a%d", j == 0 ? "" : ",", i - 1);
        buffer_append_string(&text, "]\n");
    }
    assert_string_equal(outcome(buffer_slice(&text)),
                        "! line 6: the template has too many values, those of its aliases counted");

    /* Aliases that make it deep, a level each. */
    buffer_reset(&text);
    buffer_append_string(&text, "a0: &a0 [x]\n");
    for (int i = 1; i < 100; i++)
        buffer_printf(&text, "a%d: &a%d [*a%d]\n", i, i, i - 1);
    assert_string_equal(outcome(buffer_slice(&text)), "! line 64: the template is nested too deeply");

    buffer_reset(&text);
    for (int i = 0; i < 5000; i++)
        buffer_printf(&text, "a%d: 1\n", i);
    assert_string_equal(outcome(buffer_slice(&text)), "! line 4001: a mapping has too many keys");
    buffer_finish(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(yaml_is_as_json),
        ARENA_TEST(tags_are_functions),
        ARENA_TEST(aliases_stand_for_their_anchors),
        ARENA_TEST(refuses_and_names_the_line),
        ARENA_TEST(bounds_hold),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
