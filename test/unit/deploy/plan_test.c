/* From a template to the tables it declares: functions, conditions, references, properties. */
#include "deploy/plan.h"
#include "deploy/template.h"

#include "lib/unit_arena.h"

/* Plans a template of one stack, named "app". */
static bool plan_text(const char *text, struct plan *plan, struct problems *problems)
{
    const struct stack_identity identity = {.name = SLICE("app"),
                                            .region = SLICE("eu-west-3"),
                                            .account = SLICE("123456789012"),
                                            .file = SLICE("t.yaml")};
    const struct json *template;
    struct slice problem;

    problems_init(problems, &arena);
    if (!template_parse(&arena, slice_of(text), &template, &problem))
        fail_msg("%.*s", SLICE_ARGS(problem));
    struct stack *stack = stack_open(&arena, &identity, template, problems);
    const struct assembly assembly = {.stacks = &stack, .count = 1};
    return stack != NULL && plan_make(&arena, &assembly, plan, problems);
}

static struct plan planned(const char *text)
{
    struct problems problems;
    struct plan plan;

    if (!plan_text(text, &plan, &problems))
        fail_msg("%.*s", SLICE_ARGS(problems.texts[0]));
    return plan;
}

/* A table with the key `id`, of this name (YAML), and further lines, indented by 6. */
static const char *table(const char *name, const char *more)
{
    return arena_printf(&arena,
                        "Resources:\n"
                        "  T:\n"
                        "    Type: AWS::DynamoDB::Table\n"
                        "    Properties:\n"
                        "      TableName: %s\n"
                        "      BillingMode: PAY_PER_REQUEST\n"
                        "      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]\n"
                        "      KeySchema: [{AttributeName: id, KeyType: HASH}]\n"
                        "%s",
                        name, more)
        .ptr;
}

/* The first problem. */
static const char *refusal(const char *text)
{
    struct problems problems;
    struct plan plan;

    if (plan_text(text, &plan, &problems))
        fail_msg("taken: %s", text);
    assert_true(problems.count > 0);
    return problems.texts[0].ptr;
}

#define KEYS                                                                                                 \
    "      BillingMode: PAY_PER_REQUEST\n"                                                                   \
    "      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]\n"                                  \
    "      KeySchema: [{AttributeName: id, KeyType: HASH}]\n"

/* Other resources and sections around the table T. */
#define AROUND                                                                                               \
    "  Other:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      TableName: other\n" KEYS               \
    "  Nameless:\n    Type: AWS::DynamoDB::Table\n    Properties:\n" KEYS                                    \
    "  Never:\n    Type: AWS::DynamoDB::Table\n    Condition: Beta\n    Properties:\n      TableName: "      \
    "never\n" KEYS "  Key:\n    Type: AWS::KMS::Key\n"                                                       \
    "Parameters:\n"                                                                                          \
    "  Stage: {Type: String, Default: prod}\n"                                                               \
    "  Count: {Type: Number, Default: 3}\n"                                                                  \
    "  Names: {Type: CommaDelimitedList, Default: 'one, two,three'}\n"                                       \
    "  Kept: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /a/b}\n"                                  \
    "Conditions:\n"                                                                                          \
    "  Prod: !Equals [!Ref Stage, prod]\n"                                                                   \
    "  Beta: !Equals [!Ref Stage, beta]\n"                                                                   \
    "  Both: !And [!Condition Prod, !Not [!Condition Beta]]\n"                                               \
    "  Either: !Or [!Condition Beta, !Equals ['1', 1]]\n"                                                    \
    "  Kept: !Equals [!Ref Kept, x]\n"                                                                       \
    "Mappings:\n"                                                                                            \
    "  Places: {eu-west-3: {name: paris, list: [a, b]}}\n"

static const char *name_of(const char *expression)
{
    struct plan plan = planned(table(expression, AROUND));

    for (size_t i = 0; i < plan.count; i++) {
        if (slice_is(plan.resources[i].resource->id, "T"))
            return arena_copy(&arena, plan.resources[i].name).ptr;
    }
    fail_msg("no table T for %s", expression);
    return NULL;
}

static void functions_have_their_values(void **state)
{
    static const char *const cases[][2] = {
        {"plain", "plain"},
        {"12345", "12345"},
        {"!Ref Stage", "prod"},
        {"!Sub 'num${Count}'", "num3"},
        {"!Ref AWS::Region", "eu-west-3"},
        {"!Ref AWS::AccountId", "123456789012"},
        {"!Ref AWS::StackName", "app"},
        {"!Sub '${AWS::Partition}.${AWS::URLSuffix}'", "aws.amazonaws.com"},
        {"!Join ['-', [a, !Ref Stage, !Ref Count]]", "a-prod-3"},
        {"!Join ['', !Ref Names]", "onetwothree"},
        {"!Join ['-', !Split ['.', 'a.b.c']]", "a-b-c"},
        {"!Select [1, !Ref Names]", "two"},
        {"!Select ['0', [abc, d]]", "abc"},
        {"!Sub ['${a}-${Stage}', {a: !Ref Count}]", "3-prod"},
        {"!Sub '${ Stage }x'", "prodx"},
        {"!FindInMap [Places, !Ref AWS::Region, name]", "paris"},
        {"!Join ['_', !FindInMap [Places, eu-west-3, list]]", "a_b"},
        {"!If [Prod, big, small]", "big"},
        {"!If [Beta, !Ref Nothing.at.all, !Sub 'x-${Stage}']", "x-prod"},
        {"!If [Both, yes, no]", "yes"},
        {"!If [Either, yes, no]", "yes"},
        {"!Sub '${Other}-too'", "other-too"},
        {"!Join ['', ['x', !Select [5, !Split [':', !GetAtt Other.Arn]]]]", "xtable/other"},
        {"!Select [1, !Split ['/', !Ref AWS::StackId]]", "app"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        /* A slash is in no table's name; the reference in a branch that is not taken is checked all the same.
         */
        if (strchr(cases[i][1], '/') != NULL || strstr(cases[i][0], "Nothing") != NULL)
            assert_non_null(refusal(table(cases[i][0], AROUND)));
        else
            assert_string_equal(name_of(cases[i][0]), cases[i][1]);
    }
}

static void a_name_is_made_and_stays(void **state)
{
    struct plan plan = planned(table("tee", AROUND)), again = planned(table("tee", AROUND));
    struct slice name = SLICE("");
    (void)state;

    for (size_t i = 0; i < plan.count; i++) {
        if (slice_is(plan.resources[i].resource->id, "Nameless"))
            name = plan.resources[i].name;
        assert_true(slice_equal(plan.resources[i].name, again.resources[i].name));
    }
    assert_true(slice_starts_with(name, SLICE("app-Nameless-")));
    assert_int_equal(name.len, strlen("app-Nameless-") + 12);
}

static void conditions_leave_resources_out(void **state)
{
    struct plan plan = planned(table("tee", AROUND));
    (void)state;

    assert_int_equal(plan.count, 3);
}

/* What is wrong with a value is told of the resource and its property; what is wrong with the template, of
 * the file. */
static void refuses_with_resource_property_and_reason(void **state)
{
#define ON_RESOURCE "T (AWS::DynamoDB::Table): TableName: "
    static const char *const cases[][2] = {
        {"!Ref Nobody", "Template format error: Unresolved resource dependencies [Nobody] in the Resources "
                        "block of the template"},
        {"!GetAtt Nobody.Arn", "Template error: instance of Fn::GetAtt references undefined resource Nobody"},
        {"!Ref T", "Circular dependency between resources: [T]"},
        {"!GetAtt Other.Colour",
         "Template error: resource Other does not support attribute type Colour in Fn::GetAtt"},
        {"!GetAtt Key.Colour",
         "Template error: resource Key does not support attribute type Colour in Fn::GetAtt"},
        {"!Ref Never", "Template format error: Unresolved resource dependencies [Never] in the Resources "
                       "block of the template"},
        {"!Select [3, !Ref Names]", "Template error: Fn::Select cannot select nonexistent value at index 3"},
        {"!FindInMap [Places, !Ref Stage, y]", "Template error: Unable to get mapping for Places::prod::y"},
        {"[a]", ON_RESOURCE "must be text"},
        {"!Ref Names", ON_RESOURCE "must be text"},
        {"ab", ON_RESOURCE "'ab' is no table name: 3 to 255 of a-z, A-Z, 0-9, '_', '-' and '.'"},
        {"'a b c'", ON_RESOURCE "'a b c' is no table name: 3 to 255 of a-z, A-Z, 0-9, '_', '-' and '.'"},
        {"other", "Other (AWS::DynamoDB::Table): TableName: 'other' is the name of T too"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(refusal(table(cases[i][0], AROUND)),
                            arena_printf(&arena, "t.yaml: %s", cases[i][1]).ptr);
#undef ON_RESOURCE
}

/* What Systems Manager keeps and what others export has a value where a server is asked. */
static void what_a_server_alone_can_tell_is_left_to_it(void **state)
{
    static const char *const names[] = {"!Ref Kept", "!If [Kept, a, b]", "!ImportValue x",
                                        "'{{resolve:ssm:/a/b}}'", "!Sub '${Kept}-x'"};
    (void)state;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        assert_string_equal(name_of(names[i]), "");
    struct plan plan =
        planned(table("tee", "  Unsure:\n    Type: AWS::DynamoDB::Table\n    Condition: Kept\n" AROUND));
    assert_int_equal(plan.count, 3);
}

/* ---- properties ---- */

/* The input of CreateTable for the properties, or "! " and the reason behind the resource. */
static const char *input_of(const char *type, const char *properties)
{
    struct problems problems;
    struct plan plan;
    struct slice text =
        arena_printf(&arena, "{\"Resources\":{\"T\":{\"Type\":\"AWS::DynamoDB::%s\",\"Properties\":%s}}}",
                     type, properties);

    if (plan_text(text.ptr, &plan, &problems))
        return plan.resources[0].input_text.ptr;
    const char *reason = strstr(problems.texts[0].ptr, "): ");
    return arena_printf(&arena, "! %s", reason == NULL ? problems.texts[0].ptr : reason + 3).ptr;
}

#define DEFINE(name, type) "{\"AttributeName\":\"" name "\",\"AttributeType\":\"" type "\"}"
#define HASH(name)         "{\"AttributeName\":\"" name "\",\"KeyType\":\"HASH\"}"
#define RANGE(name)        "{\"AttributeName\":\"" name "\",\"KeyType\":\"RANGE\"}"
#define ALL                "\"Projection\":{\"ProjectionType\":\"ALL\"}"
#define ONE_KEY            "\"AttributeDefinitions\":[" DEFINE("id", "S") "],\"KeySchema\":[" HASH("id") "]"
#define ON_DEMAND          "\"BillingMode\":\"PAY_PER_REQUEST\""

static void a_table_becomes_the_input_of_create_table(void **state)
{
    (void)state;
    assert_string_equal(input_of("Table", "{\"TableName\":\"tee\"," ONE_KEY "," ON_DEMAND "}"),
                        "{\"TableName\":\"tee\"," ONE_KEY "," ON_DEMAND "}");
    assert_string_equal(
        input_of(
            "Table",
            "{\"TableName\":\"tee\"," ONE_KEY ",\"ProvisionedThroughput\":{\"ReadCapacityUnits\":\"5\","
            "\"WriteCapacityUnits\":6},\"DeletionProtectionEnabled\":\"true\",\"TableClass\":\"STANDARD\","
            "\"StreamSpecification\":{\"StreamViewType\":\"KEYS_ONLY\"},"
            "\"SSESpecification\":{\"SSEEnabled\":true,\"SSEType\":\"KMS\",\"KMSMasterKeyId\":\"alias/k\"}}"),
        "{\"TableName\":\"tee\"," ONE_KEY ",\"BillingMode\":\"PROVISIONED\",\"ProvisionedThroughput\":{"
        "\"ReadCapacityUnits\":5,\"WriteCapacityUnits\":6},"
        "\"StreamSpecification\":{\"StreamEnabled\":true,\"StreamViewType\":\"KEYS_ONLY\"},"
        "\"SSESpecification\":{\"Enabled\":true,\"SSEType\":\"KMS\",\"KMSMasterKeyId\":\"alias/k\"},"
        "\"TableClass\":\"STANDARD\",\"DeletionProtectionEnabled\":true}");
    /* Indexes; an empty list of them is none. */
    assert_string_equal(
        input_of("Table", "{\"TableName\":\"tee\",\"AttributeDefinitions\":[" DEFINE("a", "S") "," DEFINE(
                              "b", "N") "],"
                                        "\"KeySchema\":[" HASH("a") "," RANGE(
                                            "b") "]," ON_DEMAND ",\"GlobalSecondaryIndexes\":["
                                                 "{\"IndexName\":\"idx\",\"KeySchema\":[" HASH(
                                                     "b") "]," ALL "}],\"LocalSecondaryIndexes\":[]}"),
        "{\"TableName\":\"tee\",\"AttributeDefinitions\":[" DEFINE("a", "S") "," DEFINE(
            "b", "N") "],"
                      "\"KeySchema\":[" HASH("a") "," RANGE(
                          "b") "]," ON_DEMAND ",\"GlobalSecondaryIndexes\":["
                               "{\"IndexName\":\"idx\",\"KeySchema\":[" HASH("b") "]," ALL "}]}");
}

static void a_global_table_becomes_one_of_its_region(void **state)
{
    (void)state;
    assert_string_equal(
        input_of("GlobalTable",
                 "{\"TableName\":\"tee\"," ONE_KEY "," ON_DEMAND
                 ",\"Replicas\":[{\"Region\":{\"Ref\":\"AWS::Region\"},"
                 "\"DeletionProtectionEnabled\":true,\"TableClass\":\"STANDARD_INFREQUENT_ACCESS\"}]}"),
        "{\"TableName\":\"tee\"," ONE_KEY "," ON_DEMAND
        ",\"TableClass\":\"STANDARD_INFREQUENT_ACCESS\",\"DeletionProtectionEnabled\":true}");
    assert_string_equal(
        input_of(
            "GlobalTable",
            "{\"TableName\":\"tee\"," ONE_KEY ",\"BillingMode\":\"PROVISIONED\","
            "\"WriteProvisionedThroughputSettings\":{\"WriteCapacityAutoScalingSettings\":{\"MinCapacity\":2,"
            "\"MaxCapacity\":9,\"SeedCapacity\":3,\"TargetTrackingScalingPolicyConfiguration\":{"
            "\"TargetValue\":70}}},"
            "\"GlobalSecondaryIndexes\":[{\"IndexName\":\"idx\",\"KeySchema\":[" HASH(
                "id") "]," ALL ",\"WriteProvisionedThroughputSettings\":{"
                      "\"WriteCapacityAutoScalingSettings\":{\"MinCapacity\":1,"
                      "\"MaxCapacity\":2}}}],"
                      "\"Replicas\":[{\"Region\":\"eu-west-3\",\"ReadProvisionedThroughputSettings\":{"
                      "\"ReadCapacityUnits\":4},"
                      "\"GlobalSecondaryIndexes\":[{\"IndexName\":\"idx\","
                      "\"ReadProvisionedThroughputSettings\":{"
                      "\"ReadCapacityUnits\":8}}]}]}"),
        "{\"TableName\":\"tee\"," ONE_KEY ",\"BillingMode\":\"PROVISIONED\",\"ProvisionedThroughput\":{"
        "\"ReadCapacityUnits\":4,\"WriteCapacityUnits\":3},\"GlobalSecondaryIndexes\":[{\"IndexName\":"
        "\"idx\","
        "\"KeySchema\":[" HASH("id") "]," ALL ",\"ProvisionedThroughput\":{\"ReadCapacityUnits\":8,"
                                     "\"WriteCapacityUnits\":1}}]}");
}

static void wrong_properties_are_refused(void **state)
{
    static const struct {
        const char *type, *properties, *reason;
    } cases[] = {
        {"Table", "{" ONE_KEY "," ON_DEMAND ",\"TabelName\":\"x\"}", "TabelName: there is no such property"},
        {"Table", "{" ONE_KEY "," ON_DEMAND ",\"Replicas\":[]}", "Replicas: there is no such property"},
        {"Table", "{" ON_DEMAND ",\"AttributeDefinitions\":[" DEFINE("id", "S") "]}",
         "KeySchema: is missing"},
        {"Table", "{\"AttributeDefinitions\":[" DEFINE("id", "STRING") "],\"KeySchema\":[]}",
         "AttributeDefinitions[0].AttributeType: 'STRING' is none of S, N, B"},
        {"Table", "{" ONE_KEY "}",
         "ProvisionedThroughput: the number of read units is missing, which the BillingMode PROVISIONED "
         "needs"},
        {"Table",
         "{" ONE_KEY "," ON_DEMAND
         ",\"ProvisionedThroughput\":{\"ReadCapacityUnits\":1,\"WriteCapacityUnits\":1}}",
         "ProvisionedThroughput: goes with the BillingMode PROVISIONED only"},
        {"Table",
         "{" ONE_KEY ",\"ProvisionedThroughput\":{\"ReadCapacityUnits\":0,\"WriteCapacityUnits\":1}}",
         "ProvisionedThroughput.ReadCapacityUnits: must be at least 1"},
        {"Table",
         "{" ONE_KEY ",\"ProvisionedThroughput\":{\"ReadCapacityUnits\":1.5,\"WriteCapacityUnits\":1}}",
         "ProvisionedThroughput.ReadCapacityUnits: must be a whole number"},
        {"Table", "{" ONE_KEY "," ON_DEMAND ",\"DeletionProtectionEnabled\":\"yes\"}",
         "DeletionProtectionEnabled: must be true or false"},
        {"Table",
         "{\"AttributeDefinitions\":[" DEFINE("id", "S") "," DEFINE("x", "S") "],\"KeySchema\":[" HASH(
             "id") "]," ON_DEMAND "}",
         "AttributeDefinitions: attribute 'x' is part of no key"},
        {"Table",
         "{\"AttributeDefinitions\":[" DEFINE("id", "S") "," DEFINE("id", "N") "],\"KeySchema\":[" HASH(
             "id") "]," ON_DEMAND "}",
         "AttributeDefinitions: attribute 'id' is defined twice"},
        {"Table",
         "{\"AttributeDefinitions\":[" DEFINE("id", "S") "],\"KeySchema\":[" HASH("x") "]," ON_DEMAND "}",
         "KeySchema: attribute 'x' is not in AttributeDefinitions"},
        {"Table",
         "{\"AttributeDefinitions\":[" DEFINE("id", "S") "],\"KeySchema\":[" RANGE("id") "]," ON_DEMAND "}",
         "KeySchema: there is no HASH key"},
        {"Table",
         "{\"AttributeDefinitions\":[" DEFINE("id", "S") "],\"KeySchema\":[" HASH("id") "," RANGE(
             "id") "]," ON_DEMAND "}",
         "KeySchema: attribute 'id' is in the key twice"},
        {"Table",
         "{" ONE_KEY "," ON_DEMAND ",\"GlobalSecondaryIndexes\":[{\"IndexName\":\"idx\",\"KeySchema\":[" HASH(
             "id") "],\"Projection\":{\"ProjectionType\":\"INCLUDE\"}}]}",
         "GlobalSecondaryIndexes[0].Projection: INCLUDE needs NonKeyAttributes"},
        {"Table",
         "{" ONE_KEY "," ON_DEMAND
         ",\"GlobalSecondaryIndexes\":[{\"IndexName\":\"i x\",\"KeySchema\":[" HASH("id") "]," ALL "}]}",
         "GlobalSecondaryIndexes[0].IndexName: 'i x' may have only a-z, A-Z, 0-9, '_', '-' and '.'"},
        {"Table",
         "{" ONE_KEY "," ON_DEMAND ",\"GlobalSecondaryIndexes\":[{\"IndexName\":\"idx\",\"KeySchema\":[" HASH(
             "id") "]," ALL "},{\"IndexName\":\"idx\",\"KeySchema\":[" HASH("id") "]," ALL "}]}",
         "GlobalSecondaryIndexes[1].IndexName: there is another index 'idx'"},
        {"Table",
         "{" ONE_KEY "," ON_DEMAND
         ",\"LocalSecondaryIndexes\":[{\"IndexName\":\"idx\",\"KeySchema\":[" HASH("id") "]," ALL "}]}",
         "LocalSecondaryIndexes: the table has no RANGE key, which local indexes need"},
        {"Table", "{" ONE_KEY "," ON_DEMAND ",\"KinesisStreamSpecification\":{\"StreamArn\":\"a\"}}",
         "KinesisStreamSpecification: the server has no Kinesis data streams; the changes of a table can be "
         "read from its DynamoDB stream"},
        {"Table", "{" ONE_KEY "," ON_DEMAND ",\"VectorIndexes\":[{}]}",
         "VectorIndexes: the server has no vector indexes"},
        {"Table", "{" ONE_KEY "," ON_DEMAND ",\"ResourcePolicy\":{\"PolicyDocument\":{\"Statement\":1}}}",
         "ResourcePolicy: statement 1: A statement is an object"},
        {"GlobalTable",
         "{" ONE_KEY "," ON_DEMAND
         ",\"MultiRegionConsistency\":\"STRONG\",\"Replicas\":[{\"Region\":\"eu-west-3\"}]}",
         "MultiRegionConsistency: STRONG is of three Regions, and a server is one"},
        {"GlobalTable", "{" ONE_KEY "," ON_DEMAND "}", "Replicas: is missing"},
        {"GlobalTable", "{" ONE_KEY "," ON_DEMAND ",\"Replicas\":[]}",
         "Replicas: must have at least 1 element"},
        {"GlobalTable", "{" ONE_KEY "," ON_DEMAND ",\"Replicas\":[{\"Region\":\"us-west-2\"}]}",
         "Replicas[0].Region: 'us-west-2' is another Region; a server is one Region, and this one is "
         "'eu-west-3'"},
        {"GlobalTable",
         "{" ONE_KEY "," ON_DEMAND ",\"Replicas\":[{\"Region\":\"eu-west-3\",\"GlobalSecondaryIndexes\":[{"
         "\"IndexName\":\"idx\"}]}]}",
         "Replicas[0].GlobalSecondaryIndexes[0].IndexName: the table has no index 'idx'"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(input_of(cases[i].type, cases[i].properties),
                            arena_printf(&arena, "! %s", cases[i].reason).ptr);
}

static void what_is_not_applied_is_named(void **state)
{
    struct plan plan =
        planned(table("tee", "      ContributorInsightsSpecification: {Enabled: true}\n"
                             "      SSESpecification: {SSEEnabled: true, KMSMasterKeyId: !GetAtt Key.Arn}\n"
                             "  Key: {Type: AWS::KMS::Key}\n"));
    (void)state;

    assert_true(slice_is(plan.resources[0].not_applied, "ContributorInsightsSpecification"));
    assert_non_null(strstr(
        plan.resources[0].input_text.ptr,
        "\"SSESpecification\":{\"Enabled\":true,\"SSEType\":\"KMS\",\"KMSMasterKeyId\":\"arn:aws:kms:"));
}

static void what_is_referred_to_comes_first(void **state)
{
    struct plan plan =
        planned("Resources:\n"
                "  A: {Type: AWS::DynamoDB::Table, DependsOn: [C], Properties: {TableName: !Sub 'a-${B}', "
                "BillingMode: PAY_PER_REQUEST, AttributeDefinitions: [{AttributeName: id, "
                "AttributeType: S}], KeySchema: [{AttributeName: id, KeyType: HASH}]}}\n"
                "  B: {Type: AWS::DynamoDB::Table, Properties: {TableName: bee, BillingMode: "
                "PAY_PER_REQUEST, AttributeDefinitions: [{AttributeName: id, AttributeType: S}], KeySchema: "
                "[{AttributeName: id, KeyType: HASH}]}}\n"
                "  C: {Type: AWS::DynamoDB::Table, Properties: {TableName: cee, BillingMode: "
                "PAY_PER_REQUEST, AttributeDefinitions: [{AttributeName: id, AttributeType: S}], KeySchema: "
                "[{AttributeName: id, KeyType: HASH}]}}\n");
    (void)state;

    assert_int_equal(plan.count, 3);
    assert_true(slice_is(plan.resources[0].name, "bee"));
    assert_true(slice_is(plan.resources[1].name, "cee"));
    assert_true(slice_is(plan.resources[2].name, "a-bee"));
    assert_int_equal(plan.resources[2].resource->need_count, 2);
    assert_int_equal(plan.resources[2].resource->needs[0], 0);
    assert_int_equal(plan.resources[2].resource->needs[1], 1);
}

/* Text that doubles with each table's name, or with each variable, ends. */
static void evaluation_is_bounded(void **state)
{
    struct buffer text;
    (void)state;

    buffer_init(&text);
    buffer_append_string(&text, "{\"Parameters\":{\"P\":{\"Type\":\"String\",\"Default\":\"");
    for (int i = 0; i < 4096; i++)
        buffer_append_byte(&text, 'x');
    buffer_append_string(
        &text, "\"}},\"Resources\":{\"T\":{\"Type\":\"AWS::DynamoDB::Table\",\"Properties\":{\"TableName\":{"
               "\"Fn::Sub\":\"");
    for (int i = 0; i < 100000; i++)
        buffer_append_string(&text, "${P}");
    buffer_append_string(&text, "\"}," ONE_KEY "," ON_DEMAND "}}}}");
    buffer_append_byte(&text, '\0');
    assert_string_equal(refusal(text.bytes),
                        "t.yaml: Template error: the functions of the template make too much text");
    buffer_finish(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(functions_have_their_values),
        ARENA_TEST(a_name_is_made_and_stays),
        ARENA_TEST(conditions_leave_resources_out),
        ARENA_TEST(refuses_with_resource_property_and_reason),
        ARENA_TEST(what_a_server_alone_can_tell_is_left_to_it),
        ARENA_TEST(a_table_becomes_the_input_of_create_table),
        ARENA_TEST(a_global_table_becomes_one_of_its_region),
        ARENA_TEST(wrong_properties_are_refused),
        ARENA_TEST(what_is_not_applied_is_named),
        ARENA_TEST(what_is_referred_to_comes_first),
        ARENA_TEST(evaluation_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
