/* Parameters: what they are given, what they may be, and what Ref gives of them. */
#include "deploy/parameters.h"
#include "deploy/intrinsics.h"
#include "deploy/regex.h"

#include "unit/deploy/stack_cases.h"

/* ---- patterns ---- */

static void patterns_match_whole_texts(void **state)
{
    static const struct {
        const char *pattern, *text;
        enum regex_outcome outcome;
    } cases[] = {
        {"[a-z]+", "abc", REGEX_MATCHES},
        {"[a-z]+", "abc1", REGEX_DIFFERS},
        {"[a-z]+", "1abc", REGEX_DIFFERS},
        {"^[a-z]+$", "abc", REGEX_MATCHES},
        {"^[a-z]+$", "abc\n", REGEX_DIFFERS},
        {"a|ab", "ab", REGEX_MATCHES},
        {"", "", REGEX_MATCHES},
        {"", "a", REGEX_DIFFERS},
        {"(\\d{1,3})\\.(\\d{1,3})", "10.255", REGEX_MATCHES},
        {"\\p{Alnum}+", "aB3", REGEX_MATCHES},
        {"[\\p{Alnum}_]+", "a_3", REGEX_MATCHES},
        {"\\P{Digit}+", "ab", REGEX_MATCHES},
        {"\\P{Digit}+", "a1", REGEX_DIFFERS},
        {"[^\\p{Space}]+", "a b", REGEX_DIFFERS},
        {"\\p{L}+", "\xC3\xA9t\xC3\xA9", REGEX_MATCHES},
        {"[\\u0020-\\u007E]*", "a b~", REGEX_MATCHES},
        {"[\\u0020-\\u007E]*", "\xC3\xA9", REGEX_DIFFERS},
        {"\\Qa[b\\E", "a[b", REGEX_MATCHES},
        {"[]a]+", "]a", REGEX_MATCHES},
        {"(?i)abc", "ABC", REGEX_MATCHES},
        {"(a", "a", REGEX_WRONG},
        {"[a-z&&[^x]]", "a", REGEX_WRONG},
        {"[a[b]]", "a", REGEX_WRONG},
        {"a{2,1}", "a", REGEX_WRONG},
        {"(a|aa)+[bd]", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", REGEX_COSTLY},
        {"(?:a?){30}a{30}", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaab", REGEX_COSTLY},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct slice problem;
        enum regex_outcome outcome =
            regex_match(&arena, slice_of(cases[i].pattern), slice_of(cases[i].text), &problem);
        if (outcome != cases[i].outcome)
            fail_msg("%s on %s: %d %.*s", cases[i].pattern, cases[i].text, outcome, SLICE_ARGS(problem));
        assert_true((outcome == REGEX_WRONG) == (problem.len > 0));
    }
}

/* ---- values ---- */

/* Opens a stack whose template has the parameter P with this declaration (YAML). */
static struct stack *opened(const char *declaration, const char *given, const struct stack_lookups *lookups,
                            struct problems *problems)
{
    const char *text = arena_printf(&arena,
                                    "Parameters:\n  P: {%s}\n"
                                    "Resources:\n  R: {Type: 'AWS::CloudFormation::WaitConditionHandle'}\n",
                                    declaration)
                           .ptr;

    return open_text(text, given, lookups, problems);
}

/* What Ref gives, as JSON; or "! " and the first problem. */
static const char *value_of(const char *declaration, const char *given, const struct stack_lookups *lookups)
{
    struct problems problems;
    struct stack *stack = opened(declaration, given, lookups, &problems);
    struct slice reason;
    struct json value;

    if (stack == NULL)
        return arena_printf(&arena, "! %.*s", SLICE_ARGS(problems.texts[0])).ptr;
    enum resolved resolved = parameter_value(stack, parameter_find(stack, SLICE("P")), &value, &reason);
    return resolved == RESOLVED ? shown(&value) : arena_printf(&arena, "? %.*s", SLICE_ARGS(reason)).ptr;
}

static void values_are_those_given(void **state)
{
    static const char *const cases[][3] = {
        {"Type: String, Default: a", NULL, "\"a\""},
        {"Type: String, Default: a", "{}", "\"a\""},
        {"Type: String, Default: a", "{\"P\":\"b\"}", "\"b\""},
        {"Type: String, Default: ''", NULL, "\"\""},
        {"Type: String, Default: 5", NULL, "\"5\""},
        {"Type: String, Default: true", NULL, "\"true\""},
        {"Type: String", "{\"P\":\"\"}", "\"\""},
        {"Type: Number, Default: 3", NULL, "\"3\""},
        {"Type: Number", "{\"P\":\"-1.5e3\"}", "\"-1.5e3\""},
        {"Type: CommaDelimitedList, Default: 'a, b,c '", NULL, "[\"a\",\"b\",\"c\"]"},
        {"Type: CommaDelimitedList, Default: ''", NULL, "[\"\"]"},
        {"Type: List<Number>", "{\"P\":\"1,2\"}", "[\"1\",\"2\"]"},
        {"Type: 'List<AWS::EC2::Subnet::Id>'", "{\"P\":\"s-1,s-2\"}", "[\"s-1\",\"s-2\"]"},
        {"Type: 'AWS::EC2::VPC::Id'", "{\"P\":\"vpc-1\"}", "\"vpc-1\""},
        {"Type: 'AWS::SSM::Parameter::Name', Default: /a", NULL, "\"/a\""},
        {"Type: 'AWS::SSM::Parameter::Value<String>', Default: /text", NULL, "\"kept\""},
        {"Type: 'AWS::SSM::Parameter::Value<String>', Default: x", "{\"P\":\"/text\"}", "\"kept\""},
        {"Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: /list", NULL, "[\"k\",\"l\"]"},
        {"Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: /text", NULL, "\"kept\""},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(value_of(cases[i][0], cases[i][1], &test_lookups), cases[i][2]);
    assert_string_equal(value_of("Type: 'AWS::SSM::Parameter::Value<String>', Default: /text", NULL, NULL),
                        "? the parameter P, whose value Systems Manager keeps");
}

static void values_that_may_not_be_are_refused(void **state)
{
    static const char *const cases[][3] = {
        {"Type: String", NULL, "Parameters: [P] must have values"},
        {"Type: String", "{\"P\":\"a\",\"Q\":\"b\",\"R\":\"c\"}",
         "Parameters: [Q, R] do not exist in the template"},
        {"Type: String, AllowedValues: [a, b]", "{\"P\":\"c\"}",
         "Parameter 'P' must be one of AllowedValues"},
        {"Type: String, AllowedValues: [a, b], Default: c", NULL,
         "Parameter 'P' must be one of AllowedValues"},
        {"Type: Number, AllowedValues: [1, 2]", "{\"P\":\"3\"}",
         "Parameter 'P' must be one of AllowedValues"},
        {"Type: CommaDelimitedList, AllowedValues: [a, b]", "{\"P\":\"a,c\"}",
         "Parameter 'P' must be one of AllowedValues"},
        {"Type: String, AllowedPattern: '[a-z]+'", "{\"P\":\"A\"}",
         "Parameter 'P' must match pattern [a-z]+"},
        {"Type: CommaDelimitedList, AllowedPattern: '[a-z]+'", "{\"P\":\"a,B\"}",
         "Parameter 'P' must match pattern [a-z]+"},
        {"Type: String, AllowedPattern: '[a-z]+', ConstraintDescription: must be small", "{\"P\":\"A\"}",
         "Parameter P failed to satisfy constraint: must be small"},
        {"Type: String, AllowedPattern: '(a'", "{\"P\":\"A\"}",
         "Template format error: Parameter 'P': AllowedPattern is not valid: missing closing parenthesis"},
        {"Type: String, AllowedPattern: '(a|aa)+[bd]'",
         "{\"P\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac\"}",
         "Parameter 'P': its AllowedPattern takes too many steps to match"},
        {"Type: String, MinLength: 3", "{\"P\":\"ab\"}", "Parameter 'P' must contain at least 3 characters"},
        {"Type: String, MaxLength: '3'", "{\"P\":\"abcd\"}",
         "Parameter 'P' must contain at most 3 characters"},
        {"Type: Number", "{\"P\":\"abc\"}", "Parameter 'P' must be a number"},
        {"Type: Number", "{\"P\":\"\"}", "Parameter 'P' must be a number"},
        {"Type: Number, MinValue: 5", "{\"P\":\"4.9\"}", "Parameter 'P' must be a number not less than 5"},
        {"Type: Number, MaxValue: 5", "{\"P\":\"10\"}", "Parameter 'P' must be a number not greater than 5"},
        {"Type: List<Number>, MaxValue: 5", "{\"P\":\"1,10\"}",
         "Parameter 'P' must be a number not greater than 5"},
        {"Type: 'AWS::SSM::Parameter::Value<String>'", "{\"P\":\"/none\"}",
         "Unable to fetch parameters [/none] from parameter store for this account."},
        {"Type: 'AWS::SSM::Parameter::Value<String>'", "{\"P\":\"/broken\"}",
         "Unable to fetch parameters [/broken] from parameter store"},
        {"Type: 'AWS::SSM::Parameter::Value<String>'", "{\"P\":\"/list\"}",
         "Parameters [/list] referenced by template have types not supported by CloudFormation."},
        {"Type: 'AWS::SSM::Parameter::Value<List<String>>'", "{\"P\":\"/text\"}",
         "Parameters [/text] referenced by template have types not supported by CloudFormation."},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(value_of(cases[i][0], cases[i][1], &test_lookups),
                            arena_printf(&arena, "! %s", cases[i][2]).ptr);
}

static void lengths_are_bounded(void **state)
{
    struct buffer given;
    (void)state;

    buffer_init(&given);
    buffer_append_string(&given, "{\"P\":\"");
    for (int i = 0; i < PARAMETER_LENGTH_LIMIT; i++)
        buffer_append_byte(&given, 'x');
    buffer_append_string(&given, "\"}");
    buffer_append_byte(&given, '\0');
    assert_int_equal(strlen(value_of("Type: String", given.bytes, NULL)), PARAMETER_LENGTH_LIMIT + 2);
    given.len -= 3;
    buffer_append_string(&given, "y\"}");
    buffer_append_byte(&given, '\0');
    assert_string_equal(
        value_of("Type: String", given.bytes, NULL),
        "! Parameter value for parameter name P is too long. Length is 4097. Max allowed length "
        "is 4096");
    buffer_finish(&given);
}

/* A stack is opened again with what it was given, and asks nobody for what it knows. */
static void what_was_given_can_be_given_again(void **state)
{
    const char *declaration = "Type: 'AWS::SSM::Parameter::Value<String>', Default: /text, NoEcho: 'true'";
    struct problems problems;
    struct stack *stack = opened(declaration, NULL, &test_lookups, &problems);
    struct parameter *parameter;
    (void)state;

    assert_non_null(stack);
    parameter = parameter_find(stack, SLICE("P"));
    assert_true(parameter->no_echo && slice_is(parameter->text, "/text"));
    assert_true(slice_is(json_get(parameters_given(stack), "P")->text, "/text"));
    assert_true(slice_is(json_get(parameters_resolved(stack), "P")->text, "kept"));

    struct stack_identity identity = stack->identity;
    identity.lookups = NULL;
    identity.parameters = parameters_given(stack);
    identity.resolved = parameters_resolved(stack);
    struct stack *again = stack_open(&arena, &identity, stack->template, &problems);
    assert_non_null(again);
    assert_true(slice_is(parameter_find(again, SLICE("P"))->resolved, "kept"));
}

static void types_are_those_of_aws(void **state)
{
    static const char *const known[] = {"String",
                                        "Number",
                                        "List<Number>",
                                        "List<String>",
                                        "CommaDelimitedList",
                                        "AWS::EC2::KeyPair::KeyName",
                                        "List<AWS::EC2::VPC::Id>",
                                        "AWS::SSM::Parameter::Name",
                                        "AWS::SSM::Parameter::Value<String>",
                                        "AWS::SSM::Parameter::Value<CommaDelimitedList>",
                                        "AWS::SSM::Parameter::Value<List<AWS::EC2::VPC::Id>>"};
    static const char *const unknown[] = {"",
                                          "string",
                                          "Boolean",
                                          "List<>",
                                          "List<List<String>>",
                                          "List<CommaDelimitedList>",
                                          "AWS::SSM::Parameter::Value",
                                          "AWS::SSM::Parameter::Value<>",
                                          "AWS::SSM::Parameter::Value<Number>",
                                          "AWS::SSM::Parameter::Value<AWS::SSM::Parameter::Value<String>>",
                                          "AWS::EC2::VPC"};
    (void)state;

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        assert_true(parameter_type_exists(slice_of(known[i])));
    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
        assert_false(parameter_type_exists(slice_of(unknown[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(patterns_match_whole_texts),         ARENA_TEST(values_are_those_given),
        ARENA_TEST(values_that_may_not_be_are_refused), ARENA_TEST(lengths_are_bounded),
        ARENA_TEST(what_was_given_can_be_given_again),  ARENA_TEST(types_are_those_of_aws),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
