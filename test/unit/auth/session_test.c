/* Sessions: what is sealed into a token is read back from it, and from nothing else. */
#include "lib/unit.h"

#include <string.h>

#include "auth/session.h"
#include "base/base64.h"

struct bench {
    struct arena arena;
    struct session_keys keys;
    struct session session;
};

static int begin(void **state)
{
    static struct session_tag tags[] = {{{"team", 4}, {"blue", 4}, true}, {{"empty", 5}, {"", 0}, false}};
    static struct slice arns[] = {{"arn:aws:iam::000000000000:policy/one", 36}};
    static struct slice subjects[] = {{"us-east-1:12345678", 18}};
    static struct session_context context[] = {
        {{"cognito-identity.amazonaws.com:sub", 34}, {subjects, 1}, false}};
    struct bench *bench = calloc(1, sizeof(*bench));

    arena_init(&bench->arena);
    session_keys_derive(SLICE("what the storage keeps"), &bench->keys);
    bench->session = (struct session){.kind = SESSION_ROLE,
                                      .access_key_id = session_new_key_id(&bench->arena),
                                      .owner = SLICE("reader"),
                                      .owner_id = SLICE("AROAEXAMPLE"),
                                      .name = SLICE("me@example.com"),
                                      .issued = 1795643295,
                                      .expires = 1795643295 + 3600,
                                      .tags = {tags, 2},
                                      .source_identity = SLICE("ana"),
                                      .provider = SLICE("cognito-identity.amazonaws.com"),
                                      .policy = SLICE("{\"Version\":\"2012-10-17\"}"),
                                      .policy_arns = {arns, 1},
                                      .context = {context, 1}};
    *state = bench;
    return 0;
}

static int end(void **state)
{
    struct bench *bench = *state;

    arena_finish(&bench->arena);
    free(bench);
    return 0;
}

static struct slice sealed(struct bench *bench)
{
    struct slice token;

    assert_true(session_seal(&bench->arena, &bench->keys, &bench->session, &token));
    return token;
}

#define assert_same(a, b) assert_true(slice_equal((a), (b)))

static void is_read_as_it_was_sealed(void **state)
{
    struct bench *bench = *state;
    const struct session *made = &bench->session;
    struct session read;

    assert_true(session_open(&bench->arena, &bench->keys, sealed(bench), &read));
    assert_int_equal(read.kind, SESSION_ROLE);
    assert_same(read.access_key_id, made->access_key_id);
    assert_same(read.owner, made->owner);
    assert_same(read.owner_id, made->owner_id);
    assert_same(read.name, made->name);
    assert_int_equal(read.issued, made->issued);
    assert_int_equal(read.expires, made->expires);
    assert_int_equal(read.tags.count, 2);
    assert_same(read.tags.items[0].key, SLICE("team"));
    assert_same(read.tags.items[0].value, SLICE("blue"));
    assert_true(read.tags.items[0].transitive);
    assert_same(read.tags.items[1].value, SLICE(""));
    assert_false(read.tags.items[1].transitive);
    assert_same(read.source_identity, made->source_identity);
    assert_same(read.provider, made->provider);
    assert_same(read.policy, made->policy);
    assert_int_equal(read.policy_arns.count, 1);
    assert_same(read.policy_arns.items[0], made->policy_arns.items[0]);
    assert_int_equal(read.context.count, 1);
    assert_same(read.context.items[0].key, made->context.items[0].key);
    assert_same(read.context.items[0].values.items[0], made->context.items[0].values.items[0]);
}

static void no_two_tokens_are_the_same(void **state)
{
    struct bench *bench = *state;

    assert_false(slice_equal(sealed(bench), sealed(bench)));
    assert_false(slice_equal(session_new_key_id(&bench->arena), session_new_key_id(&bench->arena)));
}

static void opens_with_its_own_key_alone(void **state)
{
    struct bench *bench = *state;
    struct session_keys others;
    struct session read;

    session_keys_derive(SLICE("what another storage keeps"), &others);
    assert_false(session_open(&bench->arena, &others, sealed(bench), &read));
    assert_memory_not_equal(bench->keys.token, bench->keys.secret, sizeof(others.token));
}

/* Each bit of it, and each length. */
static void opens_not_when_it_was_changed(void **state)
{
    struct bench *bench = *state;
    struct slice token = sealed(bench), bytes;
    struct session read;

    for (size_t length = 0; length < token.len; length++)
        assert_false(session_open(&bench->arena, &bench->keys, (struct slice){token.ptr, length}, &read));
    assert_true(base64url_decode(&bench->arena, token, &bytes));
    for (size_t i = 0; i < bytes.len * 8; i++) {
        struct slice copy = arena_copy(&bench->arena, bytes);
        struct buffer forged;
        ((char *)(uintptr_t)copy.ptr)[i / 8] ^= (char)(1 << i % 8);
        buffer_init(&forged);
        base64url_encode(&forged, copy);
        assert_false(session_open(&bench->arena, &bench->keys, buffer_slice(&forged), &read));
        buffer_finish(&forged);
    }
}

static void tells_nothing_to_who_carries_it(void **state)
{
    struct bench *bench = *state;
    struct slice bytes;

    assert_true(base64url_decode(&bench->arena, sealed(bench), &bytes));
    assert_null(memmem(bytes.ptr, bytes.len, "reader", 6));
    assert_null(memmem(bytes.ptr, bytes.len, bench->session.access_key_id.ptr, SESSION_KEY_ID_LENGTH));
}

static void has_a_secret_of_its_access_key(void **state)
{
    struct bench *bench = *state;
    struct session_keys others;
    struct slice id = bench->session.access_key_id, secret = session_secret(&bench->arena, &bench->keys, id);

    session_keys_derive(SLICE("what another storage keeps"), &others);
    assert_int_equal(id.len, SESSION_KEY_ID_LENGTH);
    assert_true(session_is_key_id(id));
    assert_false(session_is_key_id(SLICE("AKIAEXAMPLE")));
    assert_int_equal(secret.len, SESSION_SECRET_LENGTH);
    assert_same(secret, session_secret(&bench->arena, &bench->keys, id));
    assert_false(
        slice_equal(secret, session_secret(&bench->arena, &bench->keys, session_new_key_id(&bench->arena))));
    assert_false(slice_equal(secret, session_secret(&bench->arena, &others, id)));
}

/* Text that does not deflate. */
static struct slice noise(struct arena *arena, size_t length)
{
    char *text = arena_alloc(arena, length);
    unsigned state = 1;

    for (size_t i = 0; i < length; i++) {
        state = state * 1103515245 + 12345;
        text[i] = (char)('0' + (state >> 16) % 64);
    }
    return (struct slice){text, length};
}

static void what_it_packs_is_bounded(void **state)
{
    struct bench *bench = *state;
    int64_t little = session_packed_percent(&bench->session);
    struct slice token;

    assert_in_range(little, 1, 20);
    bench->session.policy = noise(&bench->arena, 1500);
    assert_in_range(session_packed_percent(&bench->session), little + 1, 100);
    (void)sealed(bench);
    bench->session.policy = noise(&bench->arena, 4096);
    assert_in_range(session_packed_percent(&bench->session), 101, 1000);
    bench->session.policy = noise(&bench->arena, SESSION_TOKEN_LIMIT);
    assert_false(session_seal(&bench->arena, &bench->keys, &bench->session, &token));

    /* However well it deflates. */
    char *blank = arena_alloc(&bench->arena, SESSION_RECORD_LIMIT);
    memset(blank, ' ', SESSION_RECORD_LIMIT);
    bench->session.policy = (struct slice){blank, SESSION_RECORD_LIMIT};
    assert_in_range(session_packed_percent(&bench->session), 101, 1000);
    assert_false(session_seal(&bench->arena, &bench->keys, &bench->session, &token));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(is_read_as_it_was_sealed),        TEST(no_two_tokens_are_the_same),
        TEST(opens_with_its_own_key_alone),    TEST(opens_not_when_it_was_changed),
        TEST(tells_nothing_to_who_carries_it), TEST(has_a_secret_of_its_access_key),
        TEST(what_it_packs_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
