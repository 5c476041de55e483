/* Resources of types that the server has no service for: their names, their ids and attributes. */
#include "deploy/making.h"
#include "deploy/plan.h"
#include "deploy/template.h"

#include "lib/unit_arena.h"

#include <regex.h>

static struct stack *open_stack(const char *resources, struct problems *problems)
{
    const struct stack_identity identity = {.name = SLICE("app"),
                                            .region = SLICE("eu-west-3"),
                                            .account = SLICE("123456789012"),
                                            .arn = SLICE("arn:aws:cloudformation:eu-west-3:123456789012:"
                                                         "stack/app/2f9c8a10"),
                                            .file = SLICE("t.yaml")};
    const struct json *template;
    struct slice problem;

    problems_init(problems, &arena);
    if (!template_parse(&arena, arena_printf(&arena, "Resources:\n%s", resources), &template, &problem))
        fail_msg("%.*s", SLICE_ARGS(problem));
    return stack_open(&arena, &identity, template, problems);
}

/* The value of an expression in a stack of these resources. */
static struct slice value_of(struct stack *stack, const char *id, const char *attribute)
{
    struct json value;
    struct slice reason = SLICE("");
    struct resource *resource = stack_resource(stack, slice_of(id));

    if (resource_value(stack, resource, slice_of(attribute), &value, &reason) != RESOLVED)
        fail_msg("%s.%s: %.*s", id, attribute, SLICE_ARGS(reason));
    return value.text;
}

static void assert_matches(struct slice text, const char *pattern)
{
    regex_t compiled;
    const char *copy = arena_copy(&arena, text).ptr;

    assert_int_equal(regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB), 0);
    bool matches = regexec(&compiled, copy, 0, NULL, 0) == 0;
    regfree(&compiled);
    if (!matches)
        fail_msg("'%s' is not like '%s'", copy, pattern);
}

static void values_have_aws_form(void **state)
{
    static const struct {
        const char *id, *attribute, *pattern;
    } cases[] = {
        {"Function", "", "^fun$"},
        {"Function", "Arn", "^arn:aws:lambda:eu-west-3:123456789012:function:fun$"},
        {"Nameless", "Arn", "^arn:aws:lambda:eu-west-3:123456789012:function:app-Nameless-[A-Z2-7]{12}$"},
        {"Version", "", "^arn:aws:lambda:eu-west-3:123456789012:function:fun:1$"},
        {"Key", "", "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$"},
        {"Key", "Arn", "^arn:aws:kms:eu-west-3:123456789012:key/[0-9a-f-]{36}$"},
        {"Api", "", "^[a-z0-9]{10}$"},
        {"Api", "RootResourceId", "^[a-z0-9]{10}$"},
        {"Images", "RepositoryUri", "^123456789012.dkr.ecr.eu-west-3.amazonaws.com/app-images-[a-z2-7]{12}$"},
        {"Graph", "GraphQLUrl", "^https://[a-z0-9]{26}.appsync-api.eu-west-3.amazonaws.com/graphql$"},
        {"Wait", "Data", "^\\{\\}$"},
        {"Handle", "", "^https://cloudformation-waitcondition-eu-west-3.s3.amazonaws.com/arn:aws:"},
        {"Unheard", "", "^app-Unhear-[A-Z2-7]{12}$"},
        {"Unheard", "Arn", "^arn:aws:quantum:eu-west-3:123456789012:cat/app-Unhear-[A-Z2-7]{12}$"},
        {"Unheard", "Endpoint", "^https://quantum.eu-west-3.amazonaws.com/"},
        {"Own", "Whatever", "^app-Own-[A-Z2-7]{12}$"},
    };
    struct problems problems;
    (void)state;

    struct stack *stack =
        open_stack("  Function: {Type: AWS::Lambda::Function, Properties: {FunctionName: fun}}\n"
                   "  Nameless: {Type: AWS::Lambda::Function}\n"
                   "  Version: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref "
                   "Function}}\n"
                   "  Key: {Type: AWS::KMS::Key}\n"
                   "  Other: {Type: AWS::KMS::Key}\n"
                   "  Api: {Type: AWS::ApiGateway::RestApi}\n"
                   "  Images: {Type: AWS::ECR::Repository}\n"
                   "  Graph: {Type: AWS::AppSync::GraphQLApi}\n"
                   "  Wait: {Type: AWS::CloudFormation::WaitCondition}\n"
                   "  Handle: {Type: AWS::CloudFormation::WaitConditionHandle}\n"
                   "  Unheard: {Type: AWS::Quantum::Cat}\n"
                   "  Own: {Type: 'Custom::Thing@_-1'}\n",
                   &problems);
    assert_non_null(stack);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_matches(value_of(stack, cases[i].id, cases[i].attribute), cases[i].pattern);
    assert_false(slice_equal(value_of(stack, "Key", ""), value_of(stack, "Other", "")));
    assert_false(slice_equal(value_of(stack, "Api", ""), value_of(stack, "Api", "RootResourceId")));
    /* The same however often it is asked, and another one for what replaces it. */
    struct slice first = value_of(stack, "Key", "");
    assert_true(slice_equal(value_of(stack, "Key", ""), first));
    stack_renew_resource(stack_resource(stack, SLICE("Key")));
    assert_false(slice_equal(value_of(stack, "Key", ""), first));
}

static void names_of_types(void **state)
{
    static const char *const good[] = {"AWS::Lambda::Function",     "AWS::X::Y",
                                       "AWS::CDK::Metadata",        "Custom::A",
                                       "Alexa::ASK::Skill",         "AWS::S3::BucketPolicy",
                                       "AWS::DynamoDB::Table",      "AWS::IAM::RolePolicy",
                                       "AWS::CloudFormation::Stack"};
    static const char *const bad[] = {"AWS::DynamoDB::Tabel",
                                      "AWS::IAM::Roles",
                                      "AWS::S3::Buckett",
                                      "AWS::CDK::Metadat",
                                      "AWS::X",
                                      "AWS::X::",
                                      "AWS::X::Y::Z",
                                      "AWS::X:Y",
                                      "AWS::X::Y-Z",
                                      "AWS::::Y",
                                      "Custom::",
                                      "Custom::a b",
                                      "Other::X::Y",
                                      "X",
                                      "aws::lambda::function",
                                      "",
                                      "AWS::X::Y::",
                                      "AWS::X::Y:"};
    char longest[70];
    (void)state;

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        if (!resource_type_exists(slice_of(good[i])))
            fail_msg("%s", good[i]);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (resource_type_exists(slice_of(bad[i])))
            fail_msg("%s", bad[i]);
    }
    memset(longest, 'a', sizeof(longest));
    memcpy(longest, "Custom::", 8);
    assert_true(resource_type_exists((struct slice){longest, 60}));
    assert_false(resource_type_exists((struct slice){longest, 61}));
}

/* One of them from its making to its removal; nobody is called. */
static void one_is_remembered(void **state)
{
    struct problems problems;
    struct stack *stack =
        open_stack("  Function: {Type: AWS::Lambda::Function, Properties: {FunctionName: fun}}\n", &problems);
    struct resource *resource = stack_resource(stack, SLICE("Function"));
    struct making making = {.arena = &arena, .stack = stack, .resource = resource, .problems = &problems};
    (void)state;

    assert_true(resource->kind->recorded);
    assert_true(plan_read(&making, true));
    assert_true(resource->kind->find(&making));
    assert_null(making.have);
    assert_true(resource->kind->create(&making));
    assert_true(slice_is(making.id, "fun"));
    assert_true(slice_is(text_of(&resource->values, "Ref"), "fun"));
    assert_true(
        slice_is(text_of(&resource->values, "Arn"), "arn:aws:lambda:eu-west-3:123456789012:function:fun"));

    making.before = making.want;
    assert_true(resource->kind->find(&making));
    assert_non_null(making.have);
    assert_true(resource->kind->compare(&making) && !making.replace);
    assert_true(resource->kind->update(&making) && resource->kind->remove(&making));
    making.id = SLICE("another");
    assert_true(resource->kind->compare(&making) && making.replace);

    making.strict = true;
    assert_false(resource->kind->create(&making));
    assert_string_equal(making.refusal.code, "InvalidRequest");
    assert_true(slice_is(making.refusal.message,
                         "The server has no AWS::Lambda::Function, and runs with --strict-resources."));
}

static const struct {
    const char *type, *name, *const *forms;
} rows[] = {
#define R(type, name, ...) {type, name, (const char *const[]){__VA_ARGS__, NULL}},
#include "deploy/types/recorded.def"
#undef R
};

/* Every form of the table can be written, and every attribute is told by its own name. */
static void all_forms_are_right(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct problems problems;
        struct stack *stack =
            open_stack(arena_printf(&arena, "  It: {Type: '%s'}\n", rows[i].type).ptr, &problems);
        if (stack == NULL)
            fail_msg("%s: %.*s", rows[i].type, SLICE_ARGS(problems.texts[0]));
        (void)value_of(stack, "It", "");
        for (const char *const *form = rows[i].forms + 1; *form != NULL; form++) {
            size_t length = strcspn(*form, "=");
            const char *attribute = arena_printf(&arena, "%.*s", (int)length, *form).ptr;
            assert_int_equal((*form)[length], '=');
            (void)value_of(stack, "It", attribute);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(values_have_aws_form),
        ARENA_TEST(names_of_types),
        ARENA_TEST(one_is_remembered),
        ARENA_TEST(all_forms_are_right),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
