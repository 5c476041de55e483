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
        {"'5': x\ntrue: y\n09: z\n", "{\"5\":\"x\",\"true\":\"y\",\"09\":\"z\"}"},
        {"a: &x 1\n", "{\"a\":1}"},
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
        {"a: !GetAtt b", "{\"a\":{\"Fn::GetAtt\":\"b\"}}"},
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

static void refuses_and_names_the_line(void **state)
{
#define FORMAT "! Template format error: "
    static const char *const cases[][2] = {
        {"", FORMAT "YAML not well-formed. (line 1, column 1)"},
        {"\n\n# nothing\n", FORMAT "YAML not well-formed. (line 4, column 1)"},
        {"[]", FORMAT "unsupported structure."},
        {"just text", FORMAT "unsupported structure."},
        {"a: b: c\n", FORMAT "YAML not well-formed. (line 1, column 5)"},
        {"a: [b\nc: d\n", FORMAT "YAML not well-formed. (line 2, column 2)"},
        {"a: 1\n---\nb: 2\n", FORMAT "YAML not well-formed. (line 2, column 1)"},
        {"{\"a\": [\n", FORMAT "JSON not well-formed. (line 2, column 1)"},
        {"{\"a\": 1,\n \"b\": x}", FORMAT "JSON not well-formed. (line 2, column 8)"},
        {"{\"a\": 1} b", FORMAT "JSON not well-formed. (line 1, column 11)"},
        {"{a: 1}", FORMAT "JSON not well-formed. (line 1, column 3)"},
        {"{\"a\":\n\"\xff\"}", FORMAT "JSON not well-formed. (line 2, column 2)"},
        {"{\"a\": 1, \"b\": {\"c\": 1, \"d\": 2, \"c\": 3}}", FORMAT "Duplicate key 'c'."},
        {"a: 1\nb: 2\na: 3\n", FORMAT "Duplicate key 'a'. (line 3, column 1)"},
        {"a: {b: 1, b: 2}\n", FORMAT "Duplicate key 'b'. (line 1, column 11)"},
        {"a: &x [1]\nb: *x\n", "! Template error: YAML aliases are not allowed in CloudFormation templates"},
        {"a: &x [*x]\n", "! Template error: YAML aliases are not allowed in CloudFormation templates"},
        {"a: {b: 1}\nc:\n  <<: x\n", FORMAT "hash merges (<<) are not supported. (line 3, column 3)"},
        {"a: !Get-Att b\n", FORMAT "!Get-Att is no tag of a function. (line 1, column 4)"},
        {"? [a]\n: b\n", FORMAT "map keys must be strings. (line 1, column 3)"},
        {"Mappings:\n  M:\n    123456781234: {a: b}\n",
         FORMAT "[/Mappings/M] map keys must be strings; received numeric [123456781234] instead"},
        {"a: [x, {010: b}]\n", FORMAT "[/a/1] map keys must be strings; received numeric [010] instead"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(outcome(slice_of(cases[i][0])), cases[i][1]);
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

    assert_string_equal(outcome(repeated("{\"a\":", 100000)), FORMAT "the template is nested too deeply.");
    assert_string_equal(outcome(repeated("[", 300000)),
                        FORMAT "the template is nested too deeply. (line 1, column 65)");
    assert_string_equal(outcome(repeated("- ", 300000)),
                        FORMAT "the template is nested too deeply. (line 1, column 129)");
    assert_string_equal(outcome(repeated(" ", TEMPLATE_SIZE_LIMIT + 1)),
                        "! Template may not exceed 1048576 bytes in size.");
    assert_string_equal(outcome(repeated("- a\n", 200001)),
                        FORMAT "the template has too many values. (line 200000, column 3)");

    buffer_init(&text);
    for (int i = 0; i < 5000; i++)
        buffer_printf(&text, "a%d: 1\n", i);
    assert_string_equal(outcome(buffer_slice(&text)),
                        FORMAT "a map has too many keys. (line 4001, column 1)");

    /* The same of JSON is read, and a name that is there twice is found among them. */
    buffer_reset(&text);
    buffer_append_byte(&text, '{');
    for (int i = 0; i < 5000; i++)
        buffer_printf(&text, "\"a%d\":1,", i);
    buffer_append_string(&text, "\"a77\":2}");
    assert_string_equal(outcome(buffer_slice(&text)), FORMAT "Duplicate key 'a77'.");
    buffer_finish(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(yaml_is_as_json),
        ARENA_TEST(tags_are_functions),
        ARENA_TEST(refuses_and_names_the_line),
        ARENA_TEST(bounds_hold),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
