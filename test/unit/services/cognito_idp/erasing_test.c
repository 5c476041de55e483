/* Is nothing left of a user pool that was deleted, and of a user? */
#include "lib/unit.h"

#include <unistd.h>

#include "catalog/catalog.h"
#include "catalog/keys.h"
#include "services/cognito_idp/keeper.h"
#include "services/lanes.h"
#include "services/shape.h"
#include "unit/services/caller.h"

struct bench {
    struct arena arena;
    struct server server;
    struct life_config config;
    struct caller caller;
};

static const struct service *const services[] = {&cognito_idp_service};

static int begin(void **state)
{
    struct bench *bench = calloc(1, sizeof(*bench));
    struct slice problem;

    arena_init(&bench->arena);
    bench->server = (struct server){
        .storage = storage_open_memory(), .region = SLICE("us-east-1"), .account_id = SLICE("000000000000")};
    bench->server.catalog =
        catalog_open(bench->server.storage, &(struct catalog_settings){0}, &bench->arena, &problem);
    assert_non_null(bench->server.catalog);
    bench->config = (struct life_config){
        .server = &bench->server, .services = services, .service_count = 1, .lanes = lanes_create()};
    caller_init(&bench->caller, &bench->config);
    *state = bench;
    return 0;
}

static int end(void **state)
{
    struct bench *bench = *state;

    caller_finish(&bench->caller);
    catalog_close(bench->server.catalog);
    lanes_destroy(bench->config.lanes);
    storage_close(bench->server.storage);
    arena_finish(&bench->arena);
    free(bench);
    return 0;
}

/* The answer, in the bench's arena; NULL: it has no body. */
static const struct json *call(struct bench *bench, const char *operation, struct slice body)
{
    struct http_response *response = &bench->caller.exchange.response;
    struct slice target = arena_printf(&bench->arena, "AWSCognitoIdentityProviderService.%s", operation);
    const struct json *answer = NULL;

    caller_call(&bench->caller, target.ptr, body);
    assert_int_equal(response->status, 200);
    struct slice text = arena_copy(&bench->arena, buffer_slice(&response->body));
    if (text.len > 0)
        assert_int_equal(json_parse(&bench->arena, text, 32, &answer), JSON_OK);
    return answer;
}

/* A pool with a client, a user who has signed in, and a group they are in. */
static struct slice make_pool(struct bench *bench)
{
    struct arena *arena = &bench->arena;
    const struct json *answer =
        call(bench, "CreateUserPool", SLICE("{\"PoolName\":\"p\",\"AliasAttributes\":[\"email\"]}"));
    struct slice id = shape_text(json_get(answer, "UserPool"), "Id");

    answer = call(bench, "CreateUserPoolClient",
                  arena_printf(arena,
                               "{\"UserPoolId\":\"%.*s\",\"ClientName\":\"c\",\"ExplicitAuthFlows\":[\"ALLOW_"
                               "USER_PASSWORD_AUTH\"]}",
                               SLICE_ARGS(id)));
    struct slice client = shape_text(json_get(answer, "UserPoolClient"), "ClientId");
    call(bench, "AdminCreateUser",
         arena_printf(arena,
                      "{\"UserPoolId\":\"%.*s\",\"Username\":\"ana\",\"UserAttributes\":[{\"Name\":\"email\","
                      "\"Value\":\"a@b.cd\"},{\"Name\":\"email_verified\",\"Value\":\"true\"}]}",
                      SLICE_ARGS(id)));
    call(bench, "AdminSetUserPassword",
         arena_printf(arena,
                      "{\"UserPoolId\":\"%.*s\",\"Username\":\"a@b.cd\",\"Password\":\"Passw0rd!\","
                      "\"Permanent\":true}",
                      SLICE_ARGS(id)));
    call(bench, "InitiateAuth",
         arena_printf(arena,
                      "{\"ClientId\":\"%.*s\",\"AuthFlow\":\"USER_PASSWORD_AUTH\",\"AuthParameters\":{"
                      "\"USERNAME\":\"ana\",\"PASSWORD\":\"Passw0rd!\"}}",
                      SLICE_ARGS(client)));
    call(bench, "CreateGroup",
         arena_printf(arena, "{\"UserPoolId\":\"%.*s\",\"GroupName\":\"g\"}", SLICE_ARGS(id)));
    call(bench, "AdminAddUserToGroup",
         arena_printf(arena, "{\"UserPoolId\":\"%.*s\",\"Username\":\"ana\",\"GroupName\":\"g\"}",
                      SLICE_ARGS(id)));
    return id;
}

static size_t count_keys(struct bench *bench, struct slice from, struct slice to)
{
    struct cursor *cursor = cursor_create(bench->server.storage, NULL, from, to, FORWARD);
    struct slice key, value;
    size_t count = 0;

    while (cursor_next(cursor, &key, &value) == STORAGE_OK)
        count++;
    cursor_destroy(cursor);
    return count;
}

static size_t count_part(struct bench *bench, enum users_part part)
{
    struct key_range range = keys_users_range(&bench->arena, 1, part, SLICE(""));

    return count_keys(bench, range.from, range.to);
}

static void a_user_leaves_nothing(void **state)
{
    struct bench *bench = *state;
    static const enum users_part parts[] = {USERS_USERS, USERS_ALIASES, USERS_SESSIONS, USERS_MEMBERS,
                                            USERS_MEMBERSHIPS};

    struct slice id = make_pool(bench);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        assert_int_equal(count_part(bench, parts[i]), parts[i] == USERS_ALIASES ? 2 : 1);
    call(bench, "AdminDeleteUser",
         arena_printf(&bench->arena, "{\"UserPoolId\":\"%.*s\",\"Username\":\"ana\"}", SLICE_ARGS(id)));
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        assert_int_equal(count_part(bench, parts[i]), 0);
    assert_int_equal(count_part(bench, USERS_GROUPS), 1);
}

/* Behind the answer, a task erases it; all that stays is which number comes next. */
static void a_pool_leaves_nothing(void **state)
{
    struct bench *bench = *state;

    struct slice id = make_pool(bench);
    assert_true(count_keys(bench, SLICE(""), SLICE("")) > 10);
    call(bench, "DeleteUserPool", arena_printf(&bench->arena, "{\"UserPoolId\":\"%.*s\"}", SLICE_ARGS(id)));
    while (count_keys(bench, SLICE(""), SLICE("")) > 1)
        usleep(1000);
    assert_int_equal(count_keys(bench, keys_next_table_id(), SLICE("")), 1);
}

enum { MANY = 450 }; /* more than two commits of the keeper */

/* As if so many more were in the group that ana is in. */
static void add_members(struct bench *bench)
{
    struct slice ana = keys_users(&bench->arena, 1, USERS_MEMBERS, SLICE("g"), SLICE("ana"));
    struct stored stored;
    struct batch batch;

    assert_int_equal(storage_get(bench->server.storage, NULL, ana, &stored), STORAGE_OK);
    batch_init(&batch, &bench->arena);
    for (int i = 0; i < MANY; i++) {
        struct slice name = arena_printf(&bench->arena, "m%d", i),
                     id = arena_copy(&bench->arena, stored.value);
        batch_put(&batch, keys_users(&bench->arena, 1, USERS_MEMBERS, SLICE("g"), name), id);
        batch_put(&batch, keys_users(&bench->arena, 1, USERS_MEMBERSHIPS, name, SLICE("g")), id);
    }
    stored_release(&stored);
    assert_int_equal(storage_commit_wait(bench->server.storage, &batch), STORAGE_OK);
}

/* The server ended before the members were erased, and there is a new group of the name. */
static void a_group_leaves_nothing(void **state)
{
    struct bench *bench = *state;
    struct key_range marks = keys_group_erasures();
    struct slice id = make_pool(bench);

    struct slice group =
        arena_printf(&bench->arena, "{\"UserPoolId\":\"%.*s\",\"GroupName\":\"g\"}", SLICE_ARGS(id));
    struct slice both = arena_printf(
        &bench->arena, "{\"UserPoolId\":\"%.*s\",\"GroupName\":\"g\",\"Username\":\"ana\"}", SLICE_ARGS(id));
    struct slice user =
        arena_printf(&bench->arena, "{\"UserPoolId\":\"%.*s\",\"Username\":\"ana\"}", SLICE_ARGS(id));
    add_members(bench);
    call(bench, "DeleteGroup", group);
    call(bench, "CreateGroup", group);
    assert_int_equal(count_keys(bench, marks.from, marks.to), 1);
    assert_int_equal(count_part(bench, USERS_MEMBERS), MANY + 1);
    assert_int_equal(json_get(call(bench, "ListUsersInGroup", group), "Users")->array.count, 0);
    assert_int_equal(json_get(call(bench, "AdminListGroupsForUser", user), "Groups")->array.count, 0);
    call(bench, "AdminAddUserToGroup", both);
    assert_int_equal(json_get(call(bench, "AdminListGroupsForUser", user), "Groups")->array.count, 1);
    bench->server.user_keeper = user_keeper_open(bench->server.storage, SIGN_UP_RATES);
    while (count_keys(bench, marks.from, marks.to) > 0)
        usleep(1000);
    assert_int_equal(count_part(bench, USERS_MEMBERS), 1);
    assert_int_equal(count_part(bench, USERS_MEMBERSHIPS), 1);
    assert_int_equal(json_get(call(bench, "ListUsersInGroup", group), "Users")->array.count, 1);

    /* And while it runs. */
    add_members(bench);
    call(bench, "DeleteGroup", group);
    while (count_keys(bench, marks.from, marks.to) > 0)
        usleep(1000);
    assert_int_equal(count_part(bench, USERS_MEMBERS), 0);
    assert_int_equal(count_part(bench, USERS_MEMBERSHIPS), 0);
    user_keeper_close(bench->server.user_keeper);
}

static void who_signs_up_is_counted(void **state)
{
    struct bench *bench = *state;
    /* Three from one address, and five in all; the next one after minutes. */
    struct user_keeper *keeper = user_keeper_open(
        bench->server.storage, (struct sign_up_rates){.all = 5.0 / 300, .address = 3.0 / 300});

    for (int i = 0; i < 3; i++)
        assert_true(user_keeper_admits(keeper, i == 0 ? "::ffff:192.0.2.1" : "192.0.2.1"));
    assert_false(user_keeper_admits(keeper, "192.0.2.1"));
    assert_false(user_keeper_admits(keeper, "::ffff:192.0.2.1"));
    assert_true(user_keeper_admits(keeper, "2001:db8::1"));
    assert_true(user_keeper_admits(keeper, "2001:db8::2:1"));
    assert_false(user_keeper_admits(keeper, "2001:db8:1::1"));
    user_keeper_close(keeper);
    assert_true(user_keeper_admits(NULL, ""));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(a_user_leaves_nothing),
        TEST(a_pool_leaves_nothing),
        TEST(a_group_leaves_nothing),
        TEST(who_signs_up_is_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
