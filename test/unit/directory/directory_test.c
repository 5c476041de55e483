/* The directory: records are found by their names, changes follow each other, and what is held from memory is
 * what the storage has. */
#include "lib/unit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "directory/directory.h"
#include "directory/managed.h"

struct bench {
    struct storage *storage;
    struct directory *directory;
    struct arena arena;
};

static int open_bench(void **state)
{
    struct bench *bench = calloc(1, sizeof(*bench));

    arena_init(&bench->arena);
    bench->storage = storage_open_memory();
    bench->directory = directory_create(bench->storage, SLICE("000000000000"));
    *state = bench;
    return 0;
}

static int close_bench(void **state)
{
    struct bench *bench = *state;

    directory_destroy(bench->directory);
    storage_close(bench->storage);
    arena_finish(&bench->arena);
    free(bench);
    return 0;
}

/* Changes one record, as an operation does. */
static void put(struct bench *bench, enum entity_kind kind, const void *record)
{
    struct batch batch;

    batch_init(&batch, &bench->arena);
    assert_int_equal(entities_edit(bench->storage, &batch), STORAGE_OK);
    entity_put(&batch, kind, record);
    assert_int_equal(storage_commit_wait(bench->storage, &batch), STORAGE_OK);
    directory_changed(bench->directory);
}

static void erase(struct bench *bench, enum entity_kind kind, struct slice name)
{
    struct batch batch;

    batch_init(&batch, &bench->arena);
    assert_int_equal(entities_edit(bench->storage, &batch), STORAGE_OK);
    entity_delete(&batch, kind, name);
    assert_int_equal(storage_commit_wait(bench->storage, &batch), STORAGE_OK);
    directory_changed(bench->directory);
}

static struct user user_named(struct slice name)
{
    return (struct user){.entity = {.name = name, .path = SLICE("/team/"), .id = SLICE("AIDAX")}};
}

static void names_are_found(void **state)
{
    struct bench *bench = *state;
    struct user user = user_named(SLICE("Alice")), found;
    struct group group;

    put(bench, KIND_USER, &user);
    assert_int_equal(entity_find(bench->storage, NULL, KIND_USER, SLICE("Alice"), &bench->arena, &found),
                     STORAGE_OK);
    assert_true(slice_equal(found.entity.path, user.entity.path));
    assert_int_equal(entity_find(bench->storage, NULL, KIND_USER, SLICE("alice"), &bench->arena, &found),
                     STORAGE_NOT_FOUND);
    assert_int_equal(
        entity_find_alike(bench->storage, NULL, KIND_USER, SLICE("aLICE"), &bench->arena, &found),
        STORAGE_OK);
    assert_true(slice_is(found.entity.name, "Alice"));
    assert_int_equal(entity_find(bench->storage, NULL, KIND_GROUP, SLICE("Alice"), &bench->arena, &group),
                     STORAGE_NOT_FOUND);
    struct slice arn = entity_arn(&bench->arena, SLICE("000000000000"), KIND_USER, &found.entity);
    assert_true(slice_is(arn, "arn:aws:iam::000000000000:user/team/Alice"));
}

static void walks_are_in_order(void **state)
{
    static const char *const names[] = {"b", "A", "c", "B2"}, *const order[] = {"A", "b", "B2", "c"};
    struct bench *bench = *state;
    struct entity_walk walk;
    struct user user;
    struct role role = {.entity = {.name = SLICE("a")}};

    put(bench, KIND_ROLE, &role);
    for (size_t i = 0; i < 4; i++) {
        user = user_named(slice_of(names[i]));
        put(bench, KIND_USER, &user);
    }
    for (size_t from = 0; from < 4; from++) {
        struct slice after = from == 0 ? SLICE("") : slice_of(order[from - 1]);
        entity_walk_begin(&walk, bench->storage, NULL, KIND_USER, after, &bench->arena);
        for (size_t i = from; i < 4; i++) {
            assert_int_equal(entity_walk_next(&walk, &user), STORAGE_OK);
            assert_true(slice_is(user.entity.name, order[i]));
        }
        assert_int_equal(entity_walk_next(&walk, &user), STORAGE_NOT_FOUND);
        entity_walk_end(&walk);
    }
}

static void changes_follow_each_other(void **state)
{
    struct bench *bench = *state;
    struct batch first, second;
    struct user user = user_named(SLICE("u"));

    for (int round = 0; round < 2; round++) { /* of the very first change, and of a later one */
        batch_init(&first, &bench->arena);
        batch_init(&second, &bench->arena);
        assert_int_equal(entities_edit(bench->storage, &first), STORAGE_OK);
        assert_int_equal(entities_edit(bench->storage, &second), STORAGE_OK);
        entity_put(&first, KIND_USER, &user);
        assert_int_equal(storage_commit_wait(bench->storage, &first), STORAGE_OK);
        assert_int_equal(storage_commit_wait(bench->storage, &second), STORAGE_CONFLICT);
    }
}

static void keys_are_known(void **state)
{
    struct bench *bench = *state;
    struct access_key key = {.entity = {.name = SLICE("AKIAONE")}, .user = SLICE("u"), .secret = SLICE("s1")};
    struct key_owner owner;

    assert_int_equal(directory_find_key(bench->directory, SLICE("AKIAONE"), &owner), STORAGE_NOT_FOUND);
    put(bench, KIND_ACCESS_KEY, &key);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(directory_find_key(bench->directory, SLICE("AKIAONE"), &owner), STORAGE_OK);
        assert_string_equal(owner.secret, "s1");
        assert_string_equal(owner.user, "u");
        assert_true(owner.active);
    }
    key.inactive = true;
    put(bench, KIND_ACCESS_KEY, &key);
    assert_int_equal(directory_find_key(bench->directory, SLICE("AKIAONE"), &owner), STORAGE_OK);
    assert_false(owner.active);
    erase(bench, KIND_ACCESS_KEY, SLICE("AKIAONE"));
    assert_int_equal(directory_find_key(bench->directory, SLICE("AKIAONE"), &owner), STORAGE_NOT_FOUND);
}

static void uses_of_keys_are_kept(void **state)
{
    static const int64_t day = INT64_C(86400000);
    struct bench *bench = *state;
    struct access_key key = {.entity = {.name = SLICE("AKIAUSED")}, .user = SLICE("u"), .secret = SLICE("s")};
    struct slice id = key.entity.name;
    struct key_owner owner;
    struct key_use use;
    char name[100];

    put(bench, KIND_ACCESS_KEY, &key);
    assert_int_equal(directory_find_key(bench->directory, id, &owner), STORAGE_OK);
    assert_false(directory_key_use(bench->directory, id, &use));
    directory_key_used(bench->directory, id, SLICE("dynamodb"), SLICE("us-east-1"), day);
    assert_true(directory_key_use(bench->directory, id, &use) && use.time == day);
    assert_string_equal(use.service, "dynamodb");
    /* Soon after it is the same use; of another service it is not. */
    directory_key_used(bench->directory, id, SLICE("dynamodb"), SLICE("us-east-1"), day + 1000);
    assert_true(directory_key_use(bench->directory, id, &use) && use.time == day);
    directory_key_used(bench->directory, id, SLICE("iam"), SLICE("us-east-1"), day + 2000);
    assert_true(directory_key_use(bench->directory, id, &use) && use.time == day + 2000);
    /* What is too long to be a service is none, and who is unknown is not noted. */
    memset(name, 'x', sizeof(name));
    directory_key_used(bench->directory, id, (struct slice){name, sizeof(name)}, SLICE("r"), 3 * day);
    assert_true(directory_key_use(bench->directory, id, &use) && use.time == day + 2000);
    directory_key_used(bench->directory, SLICE("AKIANONE"), SLICE("iam"), SLICE("r"), day);
    assert_false(directory_key_use(bench->directory, SLICE("AKIANONE"), &use));
    /* The end of the directory writes what was not written. */
    directory_destroy(bench->directory);
    bench->directory = directory_create(bench->storage, SLICE("000000000000"));
    assert_true(directory_key_use(bench->directory, id, &use) && use.time == day + 2000);
    assert_string_equal(use.service, "iam");
}

#define EVERYTHING                                                                                           \
    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}"
static const struct slice everything = {EVERYTHING, sizeof(EVERYTHING) - 1};

static struct role role_named(struct slice name)
{
    return (struct role){
        .entity = {.name = name, .path = SLICE("/")},
        .trust_policy = SLICE("{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":"
                              "{\"Service\":\"lambda.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}}")};
}

static const struct identity *hold(struct bench *bench, enum identity_kind kind, struct slice name)
{
    const struct identity *identity;

    assert_int_equal(directory_hold(bench->directory, kind, name, &identity), STORAGE_OK);
    return identity;
}

static void identities_have_all_policies(void **state)
{
    struct bench *bench = *state;
    struct inline_policy own = {SLICE("own"), everything}, groups = {SLICE("groups"), everything};
    struct slice attached = SLICE("arn:aws:iam::aws:policy/AdministratorAccess"), in = SLICE("team");
    struct slice mine = SLICE("arn:aws:iam::000000000000:policy/p/Mine");
    struct policy_version versions[] = {{1, SLICE("{}"), 0}, {2, everything, 0}};
    struct managed_policy policy = {.entity = {.name = SLICE("Mine"), .path = SLICE("/p/")},
                                    .default_version = 2,
                                    .newest_version = 2,
                                    .versions = {versions, 2}};
    struct group group = {.entity = {.name = in, .path = SLICE("/")},
                          .grants = {.inlines = {&groups, 1}, .attached = {&mine, 1}}};
    struct user user = user_named(SLICE("u"));

    user.grants = (struct grants){.inlines = {&own, 1}, .attached = {&attached, 1}, .boundary = mine};
    user.groups = (struct texts){&in, 1};
    put(bench, KIND_POLICY, &policy);
    put(bench, KIND_GROUP, &group);
    put(bench, KIND_USER, &user);
    const struct identity *identity = hold(bench, IDENTITY_USER, SLICE("u"));
    assert_true(slice_is(identity->arn, "arn:aws:iam::000000000000:user/team/u"));
    const struct authority *authority = &identity->authority;
    assert_true(authority->principal.kind == IAM_USER);
    assert_true(slice_equal(authority->principal.arn, identity->arn));
    assert_int_equal(authority->identity_count, 4);
    assert_true(slice_is(authority->identity[0].name, "own"));
    assert_true(authority->identity[0].source == SOURCE_USER_INLINE);
    assert_true(slice_equal(authority->identity[1].name, attached));
    assert_true(authority->identity[1].source == SOURCE_USER_MANAGED);
    assert_true(slice_is(authority->identity[2].name, "team/groups"));
    assert_true(authority->identity[2].source == SOURCE_GROUP_INLINE);
    assert_true(authority->identity[3].source == SOURCE_GROUP_MANAGED);
    assert_true(slice_equal(policy_text(authority->identity[3].policy), everything));
    assert_true(slice_equal(authority->boundary->name, mine));
    assert_int_equal(authority->session_count, 0);
    directory_release(identity);
}

static void identities_are_kept_until_a_change(void **state)
{
    struct bench *bench = *state;
    struct role role = role_named(SLICE("r"));

    role.max_session = 3600;

    put(bench, KIND_ROLE, &role);
    const struct identity *first = hold(bench, IDENTITY_ROLE, SLICE("r"));
    const struct identity *second = hold(bench, IDENTITY_ROLE, SLICE("r"));
    assert_ptr_equal(first, second);
    role.max_session = 7200;
    put(bench, KIND_ROLE, &role);
    const struct identity *third = hold(bench, IDENTITY_ROLE, SLICE("r"));
    assert_true(third->max_session == 7200);
    assert_true(first->max_session == 3600); /* as long as it is held */
    erase(bench, KIND_ROLE, SLICE("r"));
    assert_int_equal(directory_hold(bench->directory, IDENTITY_ROLE, SLICE("r"), &first), STORAGE_NOT_FOUND);
    assert_int_equal(directory_hold(bench->directory, IDENTITY_USER, SLICE("r"), &first), STORAGE_NOT_FOUND);
    assert_true(third->max_session == 7200);
    directory_release(second);
    directory_release(second);
    directory_release(third);
}

/* Several threads ask while the record goes through its versions: none may see one that is older than what
 * was there before it asked. */
struct race {
    struct bench *bench;
    atomic_int written; /* the description that is answered */
    atomic_bool over;
};

static void *ask(void *context)
{
    struct race *race = context;

    while (!atomic_load(&race->over)) {
        int least = atomic_load(&race->written);
        const struct identity *identity;
        if (directory_hold(race->bench->directory, IDENTITY_ROLE, SLICE("r"), &identity) != STORAGE_OK ||
            identity->max_session < least)
            return (void *)"an older one was seen";
        directory_release(identity);
    }
    return NULL;
}

static void a_change_is_seen_by_all_after_it(void **state)
{
    enum { ASKERS = 3, CHANGES = 300 };
    struct race race = {.bench = *state};
    struct role role = role_named(SLICE("r"));
    pthread_t threads[ASKERS];
    void *problem;

    put(race.bench, KIND_ROLE, &role);
    for (int i = 0; i < ASKERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask, &race), 0);
    for (int i = 1; i <= CHANGES; i++) {
        role.max_session = i;
        put(race.bench, KIND_ROLE, &role);
        atomic_store(&race.written, i);
    }
    atomic_store(&race.over, true);
    for (int i = 0; i < ASKERS; i++) {
        assert_int_equal(pthread_join(threads[i], &problem), 0);
        assert_null(problem);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(names_are_found, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(walks_are_in_order, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(changes_follow_each_other, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(keys_are_known, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(uses_of_keys_are_kept, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(identities_have_all_policies, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(identities_are_kept_until_a_change, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(a_change_is_seen_by_all_after_it, open_bench, close_bench),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
