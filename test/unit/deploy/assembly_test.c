/* Folders as the CDK writes them: which stacks there are, in which order, and nothing beyond the folder. */
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "deploy/assembly.h"
#include "deploy/plan.h"

#include "lib/unit_arena.h"

static char folder[] = "/tmp/turntable-assembly-XXXXXX";

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status;
    (void)type;
    (void)where;
    return remove(path);
}

static int set_up(void **state)
{
    begin_arena(state);
    memcpy(folder + strlen(folder) - 6, "XXXXXX", 6);
    return mkdtemp(folder) == NULL;
}

static int tear_down(void **state)
{
    end_arena(state);
    return nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static void put(const char *name, const char *text)
{
    FILE *file = fopen(arena_printf(&arena, "%s/%s", folder, name).ptr, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void put_manifest(const char *artifacts)
{
    put("manifest.json", arena_printf(&arena, "{\"version\":\"55.0.0\",\"artifacts\":{%s}}", artifacts).ptr);
}

/* A template with one table of that name, and more resources. */
static const char *template(const char *name, const char *more)
{
    return arena_printf(
               &arena,
               "{\"Resources\":{\"T\":{\"Type\":\"AWS::DynamoDB::Table\",\"Properties\":{\"TableName\":%s,"
               "\"BillingMode\":\"PAY_PER_REQUEST\","
               "\"AttributeDefinitions\":[{\"AttributeName\":\"id\",\"AttributeType\":\"S\"}],"
               "\"KeySchema\":[{\"AttributeName\":\"id\",\"KeyType\":\"HASH\"}]}}%s}}",
               name, more)
        .ptr;
}

#define STACK(name, more)                                                                                    \
    "\"" name "\":{\"type\":\"aws:cloudformation:stack\",\"properties\":{\"templateFile\":\"" name           \
    ".json\"}" more "}"

/* The names of the tables, "a b c"; or "! " and the first problem. */
static const char *tables_of(const char *path)
{
    const struct assembly_options options = {
        .stack_name = SLICE(""), .region = SLICE("us-east-1"), .account = SLICE("000000000000")};
    struct slice names = SLICE("");
    struct assembly assembly;
    struct problems problems;
    struct plan plan;

    problems_init(&problems, &arena);
    if (!assembly_open(&arena, path, &options, &assembly, &problems) ||
        !plan_make(&arena, &assembly, &plan, &problems))
        return arena_printf(&arena, "! %.*s", SLICE_ARGS(problems.texts[0])).ptr;
    for (size_t i = 0; i < plan.count; i++)
        names = arena_printf(&arena, "%.*s%s%.*s", SLICE_ARGS(names), i > 0 ? " " : "",
                             SLICE_ARGS(plan.resources[i].name));
    return names.ptr;
}

static void stacks_come_in_the_order_of_their_dependencies(void **state)
{
    (void)state;
    put("one.json", template("\"one\"", ""));
    put("two.json", template("\"two\"", ""));
    put("three.json", template("\"three\"", ""));
    put_manifest("\"Tree\":{\"type\":\"cdk:tree\"}," STACK(
        "one",
        ",\"dependencies\":[\"three\",\"nothing\"]") "," STACK("two",
                                                               "") "," STACK("three",
                                                                             ",\"dependencies\":[\"two\"]"));
    assert_string_equal(tables_of(folder), "two three one");
    assert_string_equal(tables_of(arena_printf(&arena, "%s///", folder).ptr), "two three one");
    put_manifest(STACK("one", ",\"dependencies\":[\"two\"]") "," STACK("two", ",\"dependencies\":[\"one\"]"));
    assert_non_null(strstr(tables_of(folder), "/manifest.json: one depends on itself in a circle"));
}

static void a_stack_has_its_environment_and_name(void **state)
{
    (void)state;
    put("one.json", template("{\"Fn::Sub\":\"${AWS::Region}-${AWS::AccountId}-${AWS::StackName}\"}", ""));
    put_manifest(
        "\"one\":{\"type\":\"aws:cloudformation:stack\",\"environment\":\"aws://123456789012/eu-west-1\","
        "\"properties\":{\"templateFile\":\"one.json\",\"stackName\":\"Named\"}}");
    assert_string_equal(tables_of(folder), "eu-west-1-123456789012-Named");
    put_manifest("\"one\":{\"type\":\"aws:cloudformation:stack\",\"environment\":\"aws://unknown-account/"
                 "unknown-region\","
                 "\"properties\":{\"templateFile\":\"one.json\"}}");
    assert_string_equal(tables_of(folder), "us-east-1-000000000000-one");
    assert_string_equal(tables_of(arena_printf(&arena, "%s/one.json", folder).ptr),
                        "us-east-1-000000000000-one");
}

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define NESTED(url, more)                                                                                    \
    ",\"N\":{\"Type\":\"AWS::CloudFormation::Stack\",\"Properties\":{\"TemplateURL\":{\"Fn::Join\":[\"\",["  \
    "\"https://\","                                                                                          \
    "{\"Ref\":\"AWS::URLSuffix\"},\"/" url ".json\"]]},\"Parameters\":{\"P\":\"given\"}}" more "}"

static void nested_stacks_are_found(void **state)
{
    const char *inner =
        "{\"Parameters\":{\"P\":{\"Type\":\"String\"}},\"Outputs\":{\"O\":{\"Value\":{\"Ref\":\"T\"}}},";
    (void)state;

    inner =
        arena_printf(&arena, "%s%s", inner, template("{\"Fn::Sub\":\"${P}-${AWS::StackName}\"}", "") + 1).ptr;
    put("inner.json", inner);
    put("outer.json", template("{\"Fn::Sub\":\"by-${N.Outputs.O}\"}", NESTED(HASH, "")));
    put_manifest(STACK("outer", ""));

    /* Without a list of assets the nested template is not at hand, and a server may know it: T has no name
     * yet. */
    assert_string_equal(tables_of(folder), "");
    put("outer.assets.json", "{\"files\":{\"" HASH "\":{\"source\":{\"path\":\"inner.json\"}}}}");
    assert_string_equal(tables_of(folder),
                        "given-outer-N by-given-outer-N"); /* the one that is referred to first */
    put("outer.json",
        template("\"outer\"", NESTED("unknown", ",\"Metadata\":{\"aws:asset:path\":\"inner.json\"}")));
    assert_string_equal(tables_of(folder), "outer given-outer-N");
    put("inner.json", "{");
    assert_non_null(strstr(tables_of(folder),
                           "! inner.json: Template format error: JSON not well-formed. (line 1, column 2)"));
}

static void stages_are_followed(void **state)
{
    (void)state;
    assert_int_equal(mkdir(arena_printf(&arena, "%s/stage", folder).ptr, 0700), 0);
    put("stage/one.json", template("\"one\"", ""));
    put("stage/manifest.json", "{\"artifacts\":{" STACK("one", "") "}}");
    put_manifest("\"S\":{\"type\":\"cdk:cloud-assembly\",\"properties\":{\"directoryName\":\"stage\"}}");
    assert_string_equal(tables_of(folder), "one");
    /* A folder in itself, without end. */
    put_manifest("\"S\":{\"type\":\"cdk:cloud-assembly\",\"properties\":{\"directoryName\":\".\"}}");
    assert_non_null(strstr(tables_of(folder), "stages are nested too deeply"));
}

static void nested_stacks_end(void **state)
{
    (void)state;
    put("outer.json",
        template(
            "{\"Ref\":\"AWS::StackName\"}",
            ",\"N\":{\"Type\":\"AWS::CloudFormation::Stack\",\"Properties\":{\"TemplateURL\":\"unknown\"},"
            "\"Metadata\":{\"aws:asset:path\":\"outer.json\"}}"));
    put_manifest(STACK("outer", ""));
    assert_non_null(strstr(tables_of(folder), "too many stacks, or nested too deeply"));
}

static void nothing_beyond_the_folder_is_read(void **state)
{
    static const char *const paths[] = {"../x.json", "/etc/passwd", "a/../../x.json", "..", "a/.."};
    (void)state;

    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        put_manifest(
            arena_printf(
                &arena,
                "\"S\":{\"type\":\"aws:cloudformation:stack\",\"properties\":{\"templateFile\":\"%s\"}}",
                paths[i])
                .ptr);
        assert_non_null(strstr(tables_of(folder), "leads out of the folder"));
    }
}

static void wrong_folders_are_refused(void **state)
{
    static const char *const cases[][2] = {
        {"[]", "is no JSON object"},
        {"{", "is no JSON object"},
        {"{}", "artifacts must be an object"},
        {"{\"artifacts\":[]}", "artifacts must be an object"},
        {"{\"artifacts\":{}}", "names no stack"},
        {"{\"artifacts\":{\"S\":{\"type\":\"aws:cloudformation:stack\"}}}", "S has no templateFile"},
        {"{\"artifacts\":{" STACK("none", "") "}}", "none.json: No such file or directory"},
    };
    (void)state;

    assert_non_null(strstr(tables_of(folder), "there is no manifest.json in it, so it is no cdk.out folder"));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        put("manifest.json", cases[i][0]);
        if (strstr(tables_of(folder), cases[i][1]) == NULL)
            fail_msg("%s: %s", cases[i][0], tables_of(folder));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(stacks_come_in_the_order_of_their_dependencies, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_stack_has_its_environment_and_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nested_stacks_are_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(stages_are_followed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nested_stacks_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_beyond_the_folder_is_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(wrong_folders_are_refused, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
