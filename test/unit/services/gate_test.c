/* Does the gate let through exactly what was asked for, whatever an operation makes of its answer? */
#include "lib/unit.h"

#include "services/gate.h"

#include "catalog/catalog.h"
#include "iam/evaluate.h"
#include "services/denials.h"
#include "services/operation.h"
#include "services/permissions.h"

static const char document[] = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
                               "\"Action\":\"t:Plain\",\"Resource\":\"*\"},"
                               "{\"Effect\":\"Allow\",\"Action\":\"t:Keyed\",\"Resource\":\"*\","
                               "\"Condition\":{\"StringEquals\":{\"t:Key\":"
                               "\"right\"}}}]}";

struct fixture {
    struct arena arena;
    struct server server;
    struct request request;
    struct operation operation;
    struct policy *policy;
    struct attached_policy attached;
    struct authority authority;
    /* What the operation needs, and what was asked of it. */
    const char *actions[4]; /* ended by NULL */
    struct slice key;
    unsigned needs_asked, keys_asked;
};

static struct fixture *fixture_of(struct request *request)
{
    return request->execution;
}

static bool find(void *from, struct slice key, struct iam_values *out)
{
    struct fixture *fixture = from;

    if (!iam_key_is(key, "t:Key"))
        return false;
    fixture->keys_asked++;
    *out = (struct iam_values){&fixture->key, 1, false};
    return true;
}

/* Each action on the table "Listed", a part for each. */
static bool needs(struct request *request, struct permissions *permissions)
{
    struct fixture *fixture = fixture_of(request);

    fixture->needs_asked++;
    (void)permissions_table(permissions, SLICE("Listed"));
    for (unsigned i = 0; fixture->actions[i] != NULL; i++) {
        permissions->part = i + 1;
        permissions_add(permissions, fixture->actions[i], SLICE("arn:aws:t:::x"))->context =
            (struct iam_context){find, fixture};
    }
    return true;
}

static void publish(struct fixture *fixture, const char *name, uint32_t id)
{
    struct table *table = table_create();

    table->id = id;
    table->name = arena_copy(&table->arena, slice_of(name));
    catalog_publish(fixture->server.catalog, table);
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    static const struct catalog_settings settings = {.sweep_period = 0};
    struct policy_problem problem;
    struct slice sentence;

    assert_non_null(fixture);
    arena_init(&fixture->arena);
    fixture->policy = policy_create(POLICY_INLINE, slice_of(document), &fixture->arena, &problem);
    assert_non_null(fixture->policy);
    fixture->attached = (struct attached_policy){fixture->policy, SOURCE_USER_INLINE, SLICE("own")};
    fixture->authority = (struct authority){.principal = {.kind = IAM_USER,
                                                          .account = SLICE("000000000000"),
                                                          .arn = SLICE("arn:aws:iam::000000000000:user/ana")},
                                            .identity = &fixture->attached,
                                            .identity_count = 1};
    fixture->server.storage = storage_open_memory();
    fixture->server.catalog = catalog_open(fixture->server.storage, &settings, &fixture->arena, &sentence);
    assert_non_null(fixture->server.catalog);
    fixture->server.denials = denials_create();
    fixture->server.region = SLICE("us-east-1");
    fixture->server.account_id = SLICE("000000000000");
    fixture->operation = (struct operation){.name = "Do", .action = "t:Plain", .needs = needs};
    fixture->key = SLICE("right");
    fixture->request = (struct request){.server = &fixture->server,
                                        .operation = &fixture->operation,
                                        .principal = {.kind = PRINCIPAL_USER,
                                                      .arn = fixture->authority.principal.arn,
                                                      .authority = &fixture->authority},
                                        .id = SLICE("REQUEST"),
                                        .arena = &fixture->arena,
                                        .execution = fixture};
    failure_init(&fixture->request.failure, &fixture->arena);
    publish(fixture, "Listed", 1);
    publish(fixture, "Other", 2);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    gate_close(&fixture->request);
    catalog_close(fixture->server.catalog);
    storage_close(fixture->server.storage);
    denials_destroy(fixture->server.denials);
    policy_destroy(fixture->policy);
    arena_finish(&fixture->arena);
    free(fixture);
    return 0;
}

static void is_denied(struct fixture *fixture, const char *message)
{
    assert_int_equal(fixture->request.failure.code, ERROR_ACCESS_DENIED);
    assert_true(slice_is(fixture->request.failure.message, message));
}

#define DENIED(action)                                                                                       \
    "User: arn:aws:iam::000000000000:user/ana is not authorized to perform: " action                         \
    " on resource: arn:aws:t:::x because no identity-based policy allows the " action " action"

static void what_is_allowed_passes_once(void **state)
{
    struct fixture *fixture = *state;

    fixture->actions[0] = "t:Plain";
    fixture->actions[1] = "t:Keyed";
    assert_true(gate_pass(&fixture->request));
    assert_true(gate_pass(&fixture->request));
    assert_int_equal(fixture->needs_asked, 1);
    assert_true(gate_settle(&fixture->request, true));
    assert_false(gate_settle(&fixture->request, false));
}

static void keys_are_asked_for_only_by_statements_that_have_them(void **state)
{
    struct fixture *fixture = *state;

    fixture->actions[0] = "t:Plain";
    assert_true(gate_pass(&fixture->request));
    assert_int_equal(fixture->keys_asked, 0);
    gate_close(&fixture->request);
    fixture->actions[0] = "t:Keyed";
    fixture->key = SLICE("wrong");
    assert_false(gate_pass(&fixture->request));
    assert_true(fixture->keys_asked > 0);
    is_denied(fixture, DENIED("t:Keyed"));
}

static void one_denied_need_denies_all(void **state)
{
    struct fixture *fixture = *state;

    fixture->actions[0] = "t:Plain";
    fixture->actions[1] = "t:Nowhere";
    assert_false(gate_pass(&fixture->request));
    is_denied(fixture, DENIED("t:Nowhere"));
}

static void root_is_asked_for_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct table *table;

    fixture->actions[0] = "t:Nowhere";
    fixture->request.principal = (struct principal){.kind = PRINCIPAL_ROOT};
    table = gate_table(&fixture->request, SLICE("Other"));
    assert_non_null(table);
    table_release(table);
    assert_true(gate_settle(&fixture->request, true));
    assert_int_equal(fixture->needs_asked, 0);
}

static void who_has_no_authority_may_nothing(void **state)
{
    struct fixture *fixture = *state;

    fixture->actions[0] = "t:Plain";
    fixture->request.principal.authority = NULL;
    assert_false(gate_pass(&fixture->request));
    assert_int_equal(fixture->request.failure.code, ERROR_ACCESS_DENIED);
}

/* An operation that goes on as if nothing had happened. */
static void a_denial_stays(void **state)
{
    struct fixture *fixture = *state;

    fixture->actions[0] = "t:Nowhere";
    assert_null(gate_table(&fixture->request, SLICE("Listed")));
    failure_init(&fixture->request.failure, &fixture->arena);
    assert_null(gate_table(&fixture->request, SLICE("Listed")));
    failure_init(&fixture->request.failure, &fixture->arena);
    assert_false(gate_settle(&fixture->request, true));
    is_denied(fixture, DENIED("t:Nowhere"));
}

static void a_table_that_is_not_asked_for_is_not_found(void **state)
{
    struct fixture *fixture = *state;
    struct table *table;

    fixture->actions[0] = "t:Plain";
    table = gate_table(&fixture->request, SLICE("Listed"));
    assert_non_null(table);
    table_release(table);
    assert_null(gate_table(&fixture->request, SLICE("Other")));
    failure_init(&fixture->request.failure, &fixture->arena);
    assert_false(gate_settle(&fixture->request, true));
    assert_int_equal(fixture->request.failure.code, ERROR_ACCESS_DENIED);
}

static void a_table_stays_what_was_asked_for(void **state)
{
    struct fixture *fixture = *state;
    struct table *table;

    fixture->actions[0] = "t:Plain";
    assert_true(gate_pass(&fixture->request));
    publish(fixture, "Listed", 3);
    table = gate_table(&fixture->request, SLICE("Listed"));
    assert_int_equal(table->id, 1);
    table_release(table);
    /* Another execution asks again. */
    gate_close(&fixture->request);
    table = gate_table(&fixture->request, SLICE("Listed"));
    assert_int_equal(table->id, 3);
    table_release(table);
    assert_int_equal(fixture->needs_asked, 2);
}

static void what_did_not_pass_is_asked_for_at_the_end(void **state)
{
    struct fixture *fixture = *state;

    fixture->actions[0] = "t:Nowhere";
    assert_false(gate_settle(&fixture->request, true));
    is_denied(fixture, DENIED("t:Nowhere"));
}

static void only_a_wrong_input_is_told_to_anybody(void **state)
{
    struct fixture *fixture = *state;

    fixture->actions[0] = "t:Nowhere";
    (void)fail(&fixture->request.failure, ERROR_VALIDATION, "wrong");
    assert_false(gate_settle(&fixture->request, false));
    assert_true(slice_is(fixture->request.failure.message, "wrong"));
    assert_int_equal(fixture->needs_asked, 0);

    failure_init(&fixture->request.failure, &fixture->arena);
    (void)fail(&fixture->request.failure, ERROR_RESOURCE_NOT_FOUND, "not there");
    assert_false(gate_settle(&fixture->request, false));
    is_denied(fixture, DENIED("t:Nowhere"));

    gate_close(&fixture->request);
    fixture->actions[0] = "t:Plain";
    failure_init(&fixture->request.failure, &fixture->arena);
    (void)fail(&fixture->request.failure, ERROR_RESOURCE_NOT_FOUND, "not there");
    assert_false(gate_settle(&fixture->request, false));
    assert_true(slice_is(fixture->request.failure.message, "not there"));
}

static void parts_are_denied_alone(void **state)
{
    struct fixture *fixture = *state;
    struct table *table;

    fixture->actions[0] = "t:Nowhere";
    fixture->actions[1] = "t:Plain";
    assert_false(gate_enter_part(&fixture->request, 1));
    is_denied(fixture, DENIED("t:Nowhere"));
    failure_init(&fixture->request.failure, &fixture->arena);
    assert_true(gate_enter_part(&fixture->request, 2));
    table = gate_table(&fixture->request, SLICE("Listed"));
    assert_non_null(table);
    table_release(table);
    assert_int_equal(fixture->needs_asked, 1);
    assert_true(gate_settle(&fixture->request, true));
}

static void outside_of_a_part_that_was_let_in_nothing_is_found(void **state)
{
    struct fixture *fixture = *state;

    fixture->actions[0] = "t:Plain";
    fixture->actions[1] = "t:Nowhere";
    assert_true(gate_enter_part(&fixture->request, 1));
    assert_false(gate_enter_part(&fixture->request, 2));
    failure_init(&fixture->request.failure, &fixture->arena);
    assert_null(gate_table(&fixture->request, SLICE("Listed")));
    assert_false(gate_settle(&fixture->request, true));
    is_denied(fixture, DENIED("t:Nowhere"));
}

static void denials_are_kept_under_their_request(void **state)
{
    struct fixture *fixture = *state;
    struct slice text;

    fixture->actions[0] = "t:Nowhere";
    assert_false(gate_pass(&fixture->request));
    assert_true(denials_find(fixture->server.denials, SLICE("REQUEST"), &fixture->arena, &text));
    assert_true(slice_starts_with(text, SLICE(DENIED("t:Nowhere") "\n")));
    assert_false(denials_find(fixture->server.denials, SLICE("REQUES"), &fixture->arena, &text));
    assert_false(denials_find(fixture->server.denials, SLICE(""), &fixture->arena, &text));
    /* The oldest make place. */
    for (unsigned i = 0; i < DENIALS_LIMIT; i++) {
        gate_close(&fixture->request);
        failure_init(&fixture->request.failure, &fixture->arena);
        fixture->request.id = arena_printf(&fixture->arena, "R%u", i);
        assert_false(gate_pass(&fixture->request));
    }
    assert_false(denials_find(fixture->server.denials, SLICE("REQUEST"), &fixture->arena, &text));
    assert_true(denials_find(fixture->server.denials, SLICE("R0"), &fixture->arena, &text));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_allowed_passes_once),
        TEST(keys_are_asked_for_only_by_statements_that_have_them),
        TEST(one_denied_need_denies_all),
        TEST(root_is_asked_for_nothing),
        TEST(who_has_no_authority_may_nothing),
        TEST(a_denial_stays),
        TEST(a_table_that_is_not_asked_for_is_not_found),
        TEST(a_table_stays_what_was_asked_for),
        TEST(what_did_not_pass_is_asked_for_at_the_end),
        TEST(only_a_wrong_input_is_told_to_anybody),
        TEST(parts_are_denied_alone),
        TEST(outside_of_a_part_that_was_let_in_nothing_is_found),
        TEST(denials_are_kept_under_their_request),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
