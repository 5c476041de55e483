/* The birth of a server: all of it or nothing, once. */
#include "lib/unit.h"

#include "directory/entity.h"
#include "services/bootstrap/bootstrap.h"
#include "services/s3/records.h"
#include "services/ssm/parameter.h"
#include "stacks/resource_record.h"

static struct arena arena;

static struct server make_server(void)
{
    return (struct server){
        .storage = storage_open_memory(), .region = SLICE("eu-west-1"), .account_id = SLICE("123456789012")};
}

static enum storage_status find_role(struct server *server, const char *name, struct role *role)
{
    return entity_find(server->storage, NULL, KIND_ROLE, slice_of(name), &arena, role);
}

static enum storage_status find_stack(struct server *server, struct stack_record *stack)
{
    struct version version;

    return stack_find(server->storage, &arena, SLICE("CDKToolkit"), stack, &version);
}

static void it_makes_what_cdk_looks_for(void **state)
{
    struct server server = make_server();
    struct request request = {.server = &server, .arena = &arena};
    struct resource_records resources;
    struct parameter parameter;
    struct stack_record stack;
    struct s3_bucket bucket;
    struct role role;
    (void)state;

    arena_init(&arena);
    assert_int_equal(bootstrap_once(&server), STORAGE_OK);
    assert_int_equal(parameter_read(&request, SLICE("/cdk-bootstrap/hnb659fds/version"), &parameter, NULL),
                     STORAGE_OK);
    assert_true(slice_is(parameter.present.value, "33"));
    assert_int_equal(s3_read(server.storage, NULL, &arena,
                             s3_bucket_key(&arena, SLICE("cdk-hnb659fds-assets-123456789012-eu-west-1")),
                             &s3_bucket_layout, &bucket, NULL),
                     STORAGE_OK);
    assert_int_equal(find_role(&server, "cdk-hnb659fds-cfn-exec-role-123456789012-eu-west-1", &role),
                     STORAGE_OK);
    assert_int_equal(find_role(&server, "cdk-hnb659fds-deploy-role-123456789012-eu-west-1", &role),
                     STORAGE_OK);
    assert_true(
        slice_is(role.grants.attached.items[0], "arn:aws:iam::aws:policy/AWSCloudFormationReadOnlyAccess"));
    assert_int_equal(find_stack(&server, &stack), STORAGE_OK);
    assert_int_equal(stack.status, STACK_CREATE_COMPLETE);
    assert_int_equal(resource_records_read(server.storage, &arena, stack.uuid, &resources), STORAGE_OK);
    assert_int_equal(resources.count, 10);
    storage_close(server.storage);
    arena_finish(&arena);
}

static void it_happens_once(void **state)
{
    struct server server = make_server();
    struct stack_record stack;
    struct batch batch;
    struct role role;
    (void)state;

    arena_init(&arena);
    assert_int_equal(bootstrap_once(&server), STORAGE_OK);
    assert_int_equal(find_stack(&server, &stack), STORAGE_OK);
    batch_init(&batch, &arena);
    stack_delete_name(&batch, &stack);
    entity_delete(&batch, KIND_ROLE, SLICE("cdk-hnb659fds-lookup-role-123456789012-eu-west-1"));
    assert_int_equal(storage_commit_wait(server.storage, &batch), STORAGE_OK);
    assert_int_equal(bootstrap_once(&server), STORAGE_OK);
    assert_int_equal(find_stack(&server, &stack), STORAGE_NOT_FOUND);
    assert_int_equal(find_role(&server, "cdk-hnb659fds-lookup-role-123456789012-eu-west-1", &role),
                     STORAGE_NOT_FOUND);
    storage_close(server.storage);
    arena_finish(&arena);
}

static void what_is_there_stays_as_it_is(void **state)
{
    const struct role made = {.entity = {.name = SLICE("CDK-hnb659fds-lookup-role-123456789012-eu-west-1"),
                                         .path = SLICE("/mine/"),
                                         .id = SLICE("AROA")}};
    struct server server = make_server();
    struct stack_record stack;
    struct batch batch;
    struct role role;
    (void)state;

    arena_init(&arena);
    batch_init(&batch, &arena);
    entity_put(&batch, KIND_ROLE, &made);
    assert_int_equal(storage_commit_wait(server.storage, &batch), STORAGE_OK);
    assert_int_equal(bootstrap_once(&server), STORAGE_OK);
    assert_int_equal(find_stack(&server, &stack), STORAGE_NOT_FOUND);
    assert_int_equal(find_role(&server, "cdk-hnb659fds-deploy-role-123456789012-eu-west-1", &role),
                     STORAGE_NOT_FOUND);
    assert_int_equal(find_role(&server, "CDK-hnb659fds-lookup-role-123456789012-eu-west-1", &role),
                     STORAGE_OK);
    storage_close(server.storage);
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_makes_what_cdk_looks_for),
        cmocka_unit_test(it_happens_once),
        cmocka_unit_test(what_is_there_stays_as_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
