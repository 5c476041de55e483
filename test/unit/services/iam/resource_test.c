/* What a request of IAM is about, by its form: the ARN and the conditions. */
#include "lib/unit.h"

#include "services/iam/resource.h"

#include "directory/entity.h"
#include "services/operation.h"
#include "wire/query.h"

struct bench {
    struct server server;
    struct request request;
    struct operation operation;
    struct arena arena;
};

static void put(struct bench *bench, enum entity_kind kind, const void *record)
{
    struct batch batch;

    batch_init(&batch, &bench->arena);
    entity_put(&batch, kind, record);
    assert_int_equal(storage_commit_wait(bench->server.storage, &batch), STORAGE_OK);
}

static int open_bench(void **state)
{
    static struct bench bench;
    static struct entity_tag tag = {{"team", 4}, {"red", 3}};
    struct slice boundary = SLICE("arn:aws:iam::000000000000:policy/Bound");
    struct user user = {.entity = {.name = SLICE("ana"), .path = SLICE("/x/"), .tags = {&tag, 1}}};
    const struct group group = {.entity = {.name = SLICE("g"), .path = SLICE("/y/")}};
    const struct access_key key = {.entity = {.name = SLICE("AKIAKEY")}, .user = SLICE("ana")};

    bench = (struct bench){0};
    arena_init(&bench.arena);
    bench.server.storage = storage_open_memory();
    bench.server.account_id = SLICE("000000000000");
    bench.request.server = &bench.server;
    bench.request.arena = &bench.arena;
    bench.request.operation = &bench.operation;
    bench.request.principal.arn = SLICE("arn:aws:iam::000000000000:user/me");
    failure_init(&bench.request.failure, &bench.arena);
    user.grants.boundary = boundary;
    put(&bench, KIND_USER, &user);
    put(&bench, KIND_GROUP, &group);
    put(&bench, KIND_ACCESS_KEY, &key);
    *state = &bench;
    return 0;
}

static int close_bench(void **state)
{
    struct bench *bench = *state;

    storage_close(bench->server.storage);
    arena_finish(&bench->arena);
    return 0;
}

static void ask(struct bench *bench, const char *operation, const char *form)
{
    struct slice problem;

    bench->operation = (struct operation){.name = operation};
    assert_true(query_parse(&bench->arena, slice_of(form), &bench->request.body, &problem));
}

static void resources_are_arns(void **state)
{
    static const struct {
        const char *operation, *form, *resource;
    } cases[] = {
        {"GetUser", "UserName=ana", "arn:aws:iam::000000000000:user/x/ana"},
        {"GetUser", "UserName=bob", "arn:aws:iam::000000000000:user/bob"},
        {"GetUser", "", "arn:aws:iam::000000000000:user/me"},
        {"ListUsers", "", "*"},
        {"CreateUser", "UserName=new&Path=%2Fp%2F", "arn:aws:iam::000000000000:user/p/new"},
        {"CreateRole", "RoleName=new&Path=%2Fp%2F", "arn:aws:iam::000000000000:role/p/new"},
        {"AddUserToGroup", "UserName=ana&GroupName=g", "arn:aws:iam::000000000000:group/y/g"},
        {"AttachUserPolicy", "UserName=ana&PolicyArn=arn:aws:iam::aws:policy/A",
         "arn:aws:iam::000000000000:user/x/ana"},
        {"PutUserPolicy", "UserName=ana&PolicyName=p", "arn:aws:iam::000000000000:user/x/ana"},
        {"CreatePolicy", "PolicyName=P&Path=%2Fq%2F", "arn:aws:iam::000000000000:policy/q/P"},
        {"GetPolicy", "PolicyArn=arn:aws:iam::aws:policy/A", "arn:aws:iam::aws:policy/A"},
        {"AddRoleToInstanceProfile", "RoleName=r&InstanceProfileName=i",
         "arn:aws:iam::000000000000:instance-profile/i"},
        {"CreateOpenIDConnectProvider", "Url=https%3A%2F%2Fexample.com%2Fa",
         "arn:aws:iam::000000000000:oidc-provider/example.com/a"},
        {"GetAccessKeyLastUsed", "AccessKeyId=AKIAKEY", "arn:aws:iam::000000000000:user/x/ana"},
        {"GetAccessKeyLastUsed", "AccessKeyId=AKIANONE", "*"},
        {"GetAccountSummary", "", "*"},
    };
    struct bench *bench = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct slice resource;
        ask(bench, cases[i].operation, cases[i].form);
        assert_true(resource_of_request(&bench->request, &resource));
        assert_string_equal(arena_copy(&bench->arena, resource).ptr, cases[i].resource);
    }
}

static void conditions_are_told(void **state)
{
    static const struct {
        const char *operation, *form, *key, *value;
    } cases[] = {
        {"AttachUserPolicy", "UserName=ana&PolicyArn=P", "iam:policyarn", "P"},
        {"AttachUserPolicy", "UserName=ana&PolicyArn=P", "iam:PermissionsBoundary",
         "arn:aws:iam::000000000000:policy/Bound"},
        {"CreateUser", "UserName=new&PermissionsBoundary=B", "iam:PermissionsBoundary", "B"},
        {"CreateUser", "UserName=new", "iam:PermissionsBoundary", NULL},
        {"GetUser", "UserName=ana", "iam:ResourceTag/Team", "red"},
        {"GetUser", "UserName=ana", "aws:ResourceTag/team", "red"},
        {"GetUser", "UserName=ana", "iam:ResourceTag/other", NULL},
        {"GetUser", "UserName=nobody", "iam:ResourceTag/team", NULL},
        {"GetUser", "UserName=ana", "iam:PolicyARN", NULL},
        {"GetUser", "UserName=ana", "aws:SourceIp", NULL},
        {"TagUser", "UserName=ana&Tags.member.1.Key=Cost&Tags.member.1.Value=7", "aws:RequestTag/cost", "7"},
        {"TagUser", "UserName=ana&Tags.member.1.Key=Cost&Tags.member.1.Value=7", "aws:RequestTag/team", NULL},
        {"TagUser", "UserName=ana&Tags=x", "aws:RequestTag/x", NULL},
        {"TagUser", "UserName=ana&Tags.member.1.Key=Cost&Tags.member.1.Value=7", "aws:TagKeys", "Cost"},
        {"UntagUser", "UserName=ana&TagKeys.member.1=Cost", "aws:TagKeys", "Cost"},
        {"GetUser", "UserName=ana", "aws:TagKeys", NULL},
    };
    struct bench *bench = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct iam_values values;
        ask(bench, cases[i].operation, cases[i].form);
        bool found = resource_condition(&bench->request, slice_of(cases[i].key), &values);
        assert_int_equal(found, cases[i].value != NULL);
        if (found) {
            assert_int_equal(values.count, 1);
            assert_true(slice_is(values.values[0], cases[i].value));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(resources_are_arns, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(conditions_are_told, open_bench, close_bench),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
