/* Functions have the values that CloudFormation gives them; rules hold or do not; loops become what they
 * make. */
#include "deploy/intrinsics.h"
#include "deploy/transform.h"

#include "unit/deploy/stack_cases.h"

#define SECTIONS                                                                                             \
    "Parameters:\n"                                                                                          \
    "  P: {Type: String, Default: a}\n"                                                                      \
    "  Empty: {Type: String, Default: ''}\n"                                                                 \
    "  N: {Type: Number, Default: 3}\n"                                                                      \
    "  L: {Type: CommaDelimitedList, Default: 'x, y,z'}\n"                                                   \
    "  Kept: {Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: /list}\n"                           \
    "Mappings:\n"                                                                                            \
    "  M: {a: {text: t, list: [k, l]}, eu-west-3: {text: paris}}\n"                                          \
    "Conditions:\n"                                                                                          \
    "  Yes: !Equals [!Ref P, a]\n"                                                                           \
    "  No: !Not [!Condition Yes]\n"                                                                          \
    "  And: !And [!Condition Yes, !Not [!Condition No], !Equals [3, '3']]\n"                                 \
    "  Or: !Or [!Condition No, !Equals [!Join ['', !Ref L], xyz]]\n"                                         \
    "  Text: !Equals [!FindInMap [M, !Ref P, text], t]\n"                                                    \
    "  Lists: !Equals [!Ref L, [x, y, z]]\n"                                                                 \
    "  Truth: !Equals ['true', true]\n"

/* A template with SECTIONS whose resource has the property p. */
static struct stack *opened(const char *value, const char *more, struct problems *problems)
{
    return open_text(
        arena_printf(&arena,
                     "%s" SECTIONS "Resources:\n"
                     "  R: {Type: 'AWS::CloudFormation::WaitConditionHandle', Properties: {p: %s}}\n"
                     "  T: {Type: 'AWS::DynamoDB::Table', Properties: {TableName: tee}}\n",
                     more, value)
            .ptr,
        NULL, &test_lookups, problems);
}

/* The property as JSON; "-" if it is as if it were not there, "?" and the reason if it has no value yet, "! "
 * and why it is wrong. */
static const char *value_of(const char *value, const char *more)
{
    struct problems problems;
    struct stack *stack = opened(value, more, &problems);
    struct slice reason = SLICE("");
    struct json out;

    if (stack == NULL)
        return arena_printf(&arena, "! %.*s", SLICE_ARGS(problems.texts[0])).ptr;
    struct resource *resource = stack_resource(stack, SLICE("R"));
    switch (stack_evaluate(stack, json_get(resource->properties, "p"), &out, &reason)) {
    case RESOLVED:
        return shown(&out);
    case RESOLVED_NOTHING:
        return "-";
    case RESOLVED_WRONG:
        return arena_printf(&arena, "! %.*s", SLICE_ARGS(reason)).ptr;
    default:
        return arena_printf(&arena, "? %.*s", SLICE_ARGS(reason)).ptr;
    }
}

static void check_values(const char *const cases[][2], size_t count, const char *more)
{
    for (size_t i = 0; i < count; i++) {
        const char *actual = value_of(cases[i][0], more);
        if (strcmp(actual, cases[i][1]) != 0)
            fail_msg("%s: %s, not %s", cases[i][0], actual, cases[i][1]);
    }
}

#define CHECK_VALUES(cases, more) check_values(cases, sizeof(cases) / sizeof(cases[0]), more)

static void functions_have_their_values(void **state)
{
    static const char *const cases[][2] = {
        {"plain", "\"plain\""},
        {"[1, true, {a: b}]", "[1,true,{\"a\":\"b\"}]"},
        {"!Ref P", "\"a\""},
        {"!Ref N", "\"3\""},
        {"!Ref L", "[\"x\",\"y\",\"z\"]"},
        {"!Ref Kept", "[\"k\",\"l\"]"},
        {"!Ref AWS::Region", "\"eu-west-3\""},
        {"!Ref AWS::AccountId", "\"123456789012\""},
        {"!Ref AWS::StackName", "\"app\""},
        {"!Ref AWS::Partition", "\"aws\""},
        {"!Ref AWS::URLSuffix", "\"amazonaws.com\""},
        {"!Ref AWS::NotificationARNs", "[]"},
        {"!Ref AWS::NoValue", "-"},
        {"[a, !Ref AWS::NoValue, {b: !Ref AWS::NoValue, c: d}]", "[\"a\",{\"c\":\"d\"}]"},
        {"!Ref T", "\"tee\""},
        {"!GetAtt T.Arn", "\"arn:aws:dynamodb:eu-west-3:123456789012:table/tee\""},
        {"!GetAtt [T, Arn]", "\"arn:aws:dynamodb:eu-west-3:123456789012:table/tee\""},
        {"!GetAtt T.StreamArn", "? the StreamArn of T, which is known only when it is made"},
        {"!Sub 'x-${P}-${ N }-${T}-${T.Arn}'",
         "\"x-a-3-tee-arn:aws:dynamodb:eu-west-3:123456789012:table/tee\""},
        {"!Sub '${!P} $P {P} ${AWS::Region'", "\"${P} $P {P} ${AWS::Region\""},
        {"!Sub ['${P}-${V}', {V: !Ref N, P: own}]", "\"own-3\""},
        {"!Sub ['${P}']", "\"a\""},
        {"!Join ['-', [a, !Ref P, !Ref N, true]]", "\"a-a-3-true\""},
        {"!Join ['', !Ref L]", "\"xyz\""},
        {"!Join ['-', []]", "\"\""},
        {"!Join ['-', [a, !Ref AWS::NoValue, b]]", "\"a-b\""},
        {"!Split ['|', 'a||b|']", "[\"a\",\"\",\"b\",\"\"]"},
        {"!Split ['::', 'a::b']", "[\"a\",\"b\"]"},
        {"!Select [1, !Ref L]", "\"y\""},
        {"!Select ['0', [!Ref P, b]]", "\"a\""},
        {"!Select [1, [!GetAtt T.StreamArn, b]]", "\"b\""},
        {"!Select [1, [a, !Ref AWS::NoValue, b]]", "\"b\""},
        {"!Select [0, !Split [':', !GetAtt T.StreamArn]]",
         "? the StreamArn of T, which is known only when it is made"},
        {"!FindInMap [M, !Ref P, text]", "\"t\""},
        {"!FindInMap [M, !Ref AWS::Region, !FindInMap [M, a, text]]",
         "! Template error: Unable to get mapping for M::eu-west-3::t"},
        {"!FindInMap [M, a, list]", "[\"k\",\"l\"]"},
        {"!If [Yes, !Ref P, b]", "\"a\""},
        {"!If [No, a, !Ref AWS::NoValue]", "-"},
        {"!If [No, a, {b: !If [Yes, !Ref N, c]}]", "{\"b\":\"3\"}"},
        {"[!If [And, 1, 2], !If [Or, 1, 2], !If [Text, 1, 2], !If [Lists, 1, 2], !If [Truth, 1, 2]]",
         "[1,1,1,1,1]"},
        {"!Base64 'text of it'", "\"dGV4dCBvZiBpdA==\""},
        {"{'Fn::Base64': !Sub '${P}'}", "\"YQ==\""},
        {"!GetAZs ''", "[\"eu-west-3a\",\"eu-west-3b\",\"eu-west-3c\"]"},
        {"!Select [1, !GetAZs {Ref: AWS::Region}]", "\"eu-west-3b\""},
        {"!GetAZs us-east-1", "[\"us-east-1a\",\"us-east-1b\",\"us-east-1c\"]"},
        {"!ImportValue there", "\"imported\""},
        {"!ImportValue {'Fn::Sub': 'the${P}re'}", "! No export named theare found"},
        {"!ImportValue broken", "! The export named broken could not be looked up"},
        {"'{{resolve:ssm:/text}}'", "\"kept\""},
        {"!Sub '${P}-{{resolve:ssm:/text:3}}-{{resolve:ssm:/text}}!'", "\"a-kept-kept!\""},
        {"'{{resolve:ssm:/none}}'", "! Parameters: [ssm:/none] do not exist in the parameter store"},
        {"'{{resolve:ssm:/secret}}'",
         "! Template error: {{resolve:ssm:/secret}}: the parameter is a SecureString, "
         "which ssm-secure alone may name"},
        {"'{{resolve:secretsmanager:x:SecretString:y}}'", "\"{{resolve:secretsmanager:x:SecretString:y}}\""},
        {"'{{resolve:ssm:/text'", "\"{{resolve:ssm:/text\""},
    };
    (void)state;

    CHECK_VALUES(cases, "");
    assert_true(strncmp(value_of("!Ref AWS::StackId", ""), "\"arn:aws:cloudformation:eu-west-3:", 34) == 0);
}

static void blocks_of_addresses_are_divided(void **state)
{
    static const char *const cases[][2] = {
        {"!Cidr [192.168.0.0/24, 6, 5]", "[\"192.168.0.0/27\",\"192.168.0.32/27\",\"192.168.0.64/27\","
                                         "\"192.168.0.96/27\",\"192.168.0.128/27\",\"192.168.0.160/27\"]"},
        {"!Cidr [10.0.0.0/16, 2]", "[\"10.0.0.0/24\",\"10.0.1.0/24\"]"},
        {"!Cidr [10.1.255.7/16, '3', '12']", "[\"10.1.0.0/20\",\"10.1.16.0/20\",\"10.1.32.0/20\"]"},
        {"!Select [255, !Cidr [10.0.0.0/16, 256, 8]]", "\"10.0.255.0/24\""},
        {"!Cidr [10.0.0.0/24, 1, 8]", "[\"10.0.0.0/24\"]"},
        {"!Cidr ['2001:db8::/56', 2, 64]", "[\"2001:db8::/64\",\"2001:db8:0:1::/64\"]"},
        {"!Cidr ['2001:db8::/56', 2]", "! Template error: Fn::Cidr: the number of subnet bits must be "
                                       "between 1 and 32, of IPv6 between 1 and "
                                       "128"},
        {"!Cidr [10.0.0.0/24, 1, 33]", "! Template error: Fn::Cidr: the number of subnet bits must be "
                                       "between 1 and 32, of IPv6 between 1 and "
                                       "128"},
        {"!Cidr [10.0.0.0/24, 1, 9]",
         "! Template error: Fn::Cidr: the block 10.0.0.0/24 has no room for 1 of /23"},
        {"!Cidr [10.0.0.0/33, 1, 8]", "! Template error: Fn::Cidr: the first parameter must be a CIDR block"},
        {"!Cidr [10.0.0.0, 1, 8]", "! Template error: Fn::Cidr: the first parameter must be a CIDR block"},
        {"!Cidr [10.0.0.0/24, 0, 8]",
         "! Template error: Fn::Cidr: the number of CIDRs must be between 1 and 256"},
    };
    (void)state;

    CHECK_VALUES(cases, "");
}

#define EXTENDED "Transform: AWS::LanguageExtensions\n"

static void language_extensions_have_their_values(void **state)
{
    static const char *const cases[][2] = {
        {"!Length [a, b, !Ref P]", "3"},
        {"!Length {Ref: L}", "3"},
        {"!Length {Ref: P}", "! Template error: every Fn::Length object requires a list"},
        {"!ToJsonString {a: [!Ref P, 1, true, !Ref AWS::NoValue], b: {c: !Ref N}}",
         "\"{\\\"a\\\":[\\\"a\\\",1,true],\\\"b\\\":{\\\"c\\\":\\\"3\\\"}}\""},
        {"!ToJsonString a", "! Template error: every Fn::ToJsonString object requires an object or a list"},
        {"!FindInMap [M, nowhere, text, {DefaultValue: here}]", "\"here\""},
        {"!FindInMap [M, a, text, {DefaultValue: here}]", "\"t\""},
        {"!FindInMap [X, a, text, {DefaultValue: !Ref P}]", "\"a\""},
        {"!FindInMap [M, !Join ['', [a]], !Sub text]", "\"t\""},
        {"!GetAtt [!Sub T, !Sub Arn]", "\"arn:aws:dynamodb:eu-west-3:123456789012:table/tee\""},
        {"{Ref: {'Fn::Sub': 'T'}}", "\"tee\""},
    };
    (void)state;

    CHECK_VALUES(cases, EXTENDED);
}

/* ---- loops ---- */

/* What the section Resources becomes, as JSON; or "! " and the first problem. */
static const char *expanded(const char *resources)
{
    struct problems problems;
    struct stack *stack = open_text(arena_printf(&arena, EXTENDED SECTIONS "Resources:\n%s", resources).ptr,
                                    NULL, NULL, &problems);

    if (stack == NULL)
        return arena_printf(&arena, "! %.*s", SLICE_ARGS(problems.texts[0])).ptr;
    assert_null(json_get(stack->template, "Transform"));
    return shown(json_get(stack->template, "Resources"));
}

static void loops_become_what_they_make(void **state)
{
    static const char *const cases[][2] = {
        {"  Fn::ForEach::Topics:\n    - Name\n    - [A, B-c]\n    - Topic&{Name}: {Type: 'AWS::X::Y', "
         "Properties: "
         "{Name: !Ref Name, Text: 'it is ${Name}', 'Key&{Name}': '${P}'}}\n",
         "{\"TopicA\":{\"Type\":\"AWS::X::Y\",\"Properties\":{\"Name\":\"A\",\"Text\":\"it is A\","
         "\"KeyA\":\"${P}\"}},\"TopicBc\":{\"Type\":\"AWS::X::Y\",\"Properties\":{\"Name\":\"B-c\","
         "\"Text\":\"it is B-c\",\"KeyBc\":\"${P}\"}}}"},
        {"  A: {Type: 'AWS::X::Y'}\n  Fn::ForEach::L:\n    - V\n    - !Ref L\n    - 'X${V}': {Type: "
         "'AWS::X::Y', "
         "DependsOn: A}\n  Z: {Type: 'AWS::X::Y', Properties: {v: !Ref Xx}}\n",
         "{\"A\":{\"Type\":\"AWS::X::Y\"},\"Xx\":{\"Type\":\"AWS::X::Y\",\"DependsOn\":\"A\"},"
         "\"Xy\":{\"Type\":\"AWS::X::Y\",\"DependsOn\":\"A\"},\"Xz\":{\"Type\":\"AWS::X::Y\","
         "\"DependsOn\":\"A\"},\"Z\":{\"Type\":\"AWS::X::Y\",\"Properties\":{\"v\":{\"Ref\":\"Xx\"}}}}"},
        {"  Fn::ForEach::I:\n    - I\n    - [a, b]\n    - Fn::ForEach::J:\n        - J\n        - [!Ref I, "
         "c]\n"
         "        - '${I}${J}': {Type: 'AWS::X::Y'}\n",
         "{\"aa\":{\"Type\":\"AWS::X::Y\"},\"ac\":{\"Type\":\"AWS::X::Y\"},\"bb\":{\"Type\":\"AWS::X::Y\"},"
         "\"bc\":{\"Type\":\"AWS::X::Y\"}}"},
        {"  A: {Type: 'AWS::X::Y', Properties: {'Fn::ForEach::K': [K, [x, y], {'k${K}': !Ref K}], b: c}}\n",
         "{\"A\":{\"Type\":\"AWS::X::Y\",\"Properties\":{\"kx\":\"x\",\"ky\":\"y\",\"b\":\"c\"}}}"},
        {"  A: {Type: 'AWS::X::Y', DeletionPolicy: !If [Yes, Retain, Delete]}\n",
         "{\"A\":{\"Type\":\"AWS::X::Y\",\"DeletionPolicy\":{\"Fn::If\":[\"Yes\",\"Retain\",\"Delete\"]}}}"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(expanded(cases[i][0]), cases[i][1]);
}

static void wrong_loops_are_refused(void **state)
{
    static const char *const cases[][2] = {
        {"  Fn::ForEach::L: [V, [a]]\n",
         "! Template error: Fn::ForEach::L must be a list of an identifier, a "
         "collection and an object of what it makes"},
        {"  Fn::ForEach::L: [V, a, {'X${V}': {Type: 'AWS::X::Y'}}]\n",
         "! Template error: Fn::ForEach::L must be a list of an identifier, a collection and an object of "
         "what it "
         "makes"},
        {"  Fn::ForEach::L: [V, [[a]], {'X${V}': {Type: 'AWS::X::Y'}}]\n",
         "! Template error: Fn::ForEach::L must be a list of an identifier, a collection and an object of "
         "what it "
         "makes"},
        {"  Fn::ForEach::L: [P, [a], {'X${P}': {Type: 'AWS::X::Y'}}]\n",
         "! Template error: the identifier of Fn::ForEach::L has another meaning already"},
        {"  Fn::ForEach::L: [V, [a, b], {X: {Type: 'AWS::X::Y'}}]\n",
         "! Template error: a loop of the template makes a name that is there already"},
        {"  Fn::ForEach::L: [V, [a-b], {'X${V}': {Type: 'AWS::X::Y'}}]\n",
         "! Template format error: Resource name Xa-b is non alphanumeric."},
        {"  Fn::ForEach::L: [V, !Ref R, {'X${V}': {Type: 'AWS::X::Y'}}]\n",
         "! Template format error: Unresolved resource dependencies [R] in the Resources block of the "
         "template"},
        {"  Fn::ForEach::A: [A, [a], {'Fn::ForEach::B': [B, [a], {'Fn::ForEach::C': [C, [a], "
         "{'Fn::ForEach::D': [D, "
         "[a], {'Fn::ForEach::E': [E, [a], {'Fn::ForEach::F': [F, [a], {X: {Type: 'AWS::X::Y'}}]}]}]}]}]}]\n",
         "! Template error: Fn::ForEach may be nested up to 5 levels"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(expanded(cases[i][0]), cases[i][1]);
}

/* Loops in loops end, whether they make something or not. */
static void loops_are_bounded(void **state)
{
    struct slice list = SLICE("x");
    (void)state;

    for (int i = 0; i < 200; i++)
        list = arena_printf(&arena, "%.*s,x%d", SLICE_ARGS(list), i);
    static const char *const inner[] = {"{}", "{'X${A}${B}${C}': {Type: 'AWS::X::Y'}}"};
    for (size_t i = 0; i < 2; i++) {
        struct slice text = arena_printf(&arena,
                                         "  Fn::ForEach::A: [A, [%.*s], {'Fn::ForEach::B': [B, [%.*s], "
                                         "{'Fn::ForEach::C': [C, [%.*s], %s]}]}]\n",
                                         SLICE_ARGS(list), SLICE_ARGS(list), SLICE_ARGS(list), inner[i]);
        assert_string_equal(expanded(text.ptr),
                            "! Template error: the loops of the template make too much of it");
    }
}

/* ---- rules ---- */

static void rules_hold_or_not(void **state)
{
    static const struct {
        const char *assertion;
        bool holds;
    } cases[] = {
        {"!Equals [!Ref P, a]", true},
        {"!Equals [!Ref P, b]", false},
        {"!Not [!Equals [!Ref P, b]]", true},
        {"!And [!Equals [a, a], !Equals [a, b]]", false},
        {"!Or [!Equals [a, a], !Equals [a, b]]", true},
        {"!Contains [[a, b], !Ref P]", true},
        {"!Contains [[b, c], !Ref P]", false},
        {"!Contains [!Ref L, y]", true},
        {"!Not [!Contains [['1', '2', '3'], !Ref N]]", false},
        {"!EachMemberIn [!Ref L, [x, y, z, w]]", true},
        {"!EachMemberIn [!Ref L, [x, y]]", false},
        {"!EachMemberEquals [[a, a], !Ref P]", true},
        {"!EachMemberEquals [!Ref L, x]", false},
        {"!Contains [!RefAll String, a]", true},
        {"!Contains [!RefAll CommaDelimitedList, y]", true},
        {"!Contains [!RefAll 'AWS::EC2::VPC::Id', a]", false},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct problems problems;
        const char *rule =
            arena_printf(&arena, "Rules: {R: {Assertions: [{Assert: %s, AssertDescription: it is so}]}}\n",
                         cases[i].assertion)
                .ptr;
        struct stack *stack = opened("x", rule, &problems);
        if ((stack != NULL) != cases[i].holds)
            fail_msg("%s", cases[i].assertion);
        if (stack == NULL)
            assert_true(slice_is(problems.texts[0], "Template error: Rule R failed: it is so"));
    }
}

static void rules_have_conditions(void **state)
{
    struct problems problems;
    (void)state;

    assert_non_null(opened(
        "x", "Rules: {R: {RuleCondition: !Equals [!Ref P, b], Assertions: [{Assert: !Equals [a, b]}]}}\n",
        &problems));
    assert_null(opened(
        "x", "Rules: {R: {RuleCondition: !Equals [!Ref P, a], Assertions: [{Assert: !Equals [a, b]}]}}\n",
        &problems));
    assert_true(slice_is(problems.texts[0], "Template error: Rule R failed: an assertion is false"));
    assert_null(
        opened("x", "Rules: {R: {Assertions: [{Assert: !Equals [!ValueOf [P, Tags.x], b]}]}}\n", &problems));
}

/* A rule over what Systems Manager keeps, and nobody can be asked for, is let pass. */
static void what_is_not_known_is_let_pass(void **state)
{
    static const char text[] =
        "Parameters: {K: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /text}}\n"
        "Rules: {R: {Assertions: [{Assert: !Contains [[other], !Ref K]}]}}\n"
        "Conditions: {C: !Equals [!Ref K, kept]}\n"
        "Resources: {A: {Type: 'AWS::X::Y', Condition: C, Properties: {p: !If [C, a, b]}}}\n";
    struct problems problems;
    struct slice reason;
    (void)state;

    assert_null(open_text(text, NULL, &test_lookups, &problems));
    struct stack *stack = open_text(text, NULL, NULL, &problems);
    assert_non_null(stack);
    assert_false(stack_has_resource(stack, &stack->resources[0], &reason));
    assert_true(
        slice_is(reason, "condition C: it depends on the parameter K, whose value Systems Manager keeps"));
}

static void imports_are_noted(void **state)
{
    struct problems problems;
    struct stack *stack = opened("[!ImportValue there, !ImportValue there]", "", &problems);
    struct slice reason;
    struct json out;
    (void)state;

    assert_non_null(stack);
    assert_int_equal(stack->imports.array.count, 0);
    assert_int_equal(stack_evaluate(stack, stack_resource(stack, SLICE("R"))->properties, &out, &reason),
                     RESOLVED);
    assert_int_equal(stack->imports.array.count, 1);
    assert_true(slice_is(stack->imports.array.items[0].text, "there"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(functions_have_their_values),
        ARENA_TEST(blocks_of_addresses_are_divided),
        ARENA_TEST(language_extensions_have_their_values),
        ARENA_TEST(loops_become_what_they_make),
        ARENA_TEST(wrong_loops_are_refused),
        ARENA_TEST(loops_are_bounded),
        ARENA_TEST(rules_hold_or_not),
        ARENA_TEST(rules_have_conditions),
        ARENA_TEST(what_is_not_known_is_let_pass),
        ARENA_TEST(imports_are_noted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
