/* Which passwords are taken, how long guessing takes, and how codes and sealed texts hold. */
#include "lib/unit.h"

#include <ctype.h>
#include <stdlib.h>

#include "signin/code.h"
#include "signin/password.h"
#include "signin/seal.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND };

static const struct password_policy strict = {8, true, true, true, true};

static void expect(const struct password_policy *policy, const char *password, const char *problem)
{
    const char *said = password_problem(policy, slice_of(password));

    if (problem == NULL)
        assert_null(said);
    else
        assert_string_equal(said, problem);
}

static void a_policy_is_kept(void **state)
{
    static const struct password_policy lax = {6, false, false, false, false};
    (void)state;

    expect(&strict, "Passw0rd!", NULL);
    expect(&strict, "Pa0!", "Password not long enough");
    expect(&strict, "Pas\xc3\xa4w0!", "Password not long enough"); /* 7 characters in 8 bytes */
    expect(&strict, "passw0rd!", "Password must have uppercase characters");
    expect(&strict, "PASSW0RD!", "Password must have lowercase characters");
    expect(&strict, "Password!", "Password must have numeric characters");
    expect(&strict, "Passw0rdd", "Password must have symbol characters");
    expect(&strict, "\xc3\x84passw0rd!", "Password must have uppercase characters"); /* Latin letters only */
    expect(&lax, "aaaaaa", NULL);
    expect(&lax, "aaaaa", "Password not long enough");
}

/* AWS: "Adding user pool password requirements" lists them. */
static void each_symbol_counts(void **state)
{
    const char *symbols = "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+-";
    char password[] = "Passw0rd?x";
    (void)state;

    for (const char *symbol = symbols; *symbol != '\0'; symbol++) {
        password[8] = *symbol;
        expect(&strict, password, NULL);
    }
    expect(&strict, "Pass w0rd", NULL);
    expect(&strict, " Passw0rd", "Password must have symbol characters");
    expect(&strict, "Passw0rd ", "Password must have symbol characters");
    expect(&strict, "Passw0rd\xc2\xa7", "Password must have symbol characters");
}

static void made_up_passwords_suit_every_policy(void **state)
{
    static const struct password_policy longest = {PASSWORD_RANDOM_LENGTH, true, true, true, true};
    char first[PASSWORD_RANDOM_LENGTH], next[PASSWORD_RANDOM_LENGTH];
    (void)state;

    password_create(first);
    for (int i = 0; i < 200; i++) {
        password_create(next);
        assert_null(password_problem(&longest, (struct slice){next, sizeof(next)}));
        assert_memory_not_equal(first, next, sizeof(next));
    }
}

/* ---- guesses ---- */

static void five_guesses_are_free_and_then_each_takes_twice_as_long(void **state)
{
    struct attempts attempts = {0};
    int64_t now = 1000000;
    (void)state;

    for (int i = 0; i < 5; i++) {
        assert_false(attempts_locked(&attempts, now));
        attempts_add(&attempts, now);
    }
    for (int64_t wait = SECOND; wait <= 512 * SECOND; wait *= 2) {
        assert_true(attempts_locked(&attempts, now));
        assert_true(attempts_locked(&attempts, now + wait - 1));
        now += wait;
        assert_false(attempts_locked(&attempts, now));
        attempts_add(&attempts, now);
    }
    for (int i = 0; i < 100; i++) { /* about 15 minutes at most */
        assert_true(attempts_locked(&attempts, now + 15 * MINUTE - 1));
        now += 15 * MINUTE;
        assert_false(attempts_locked(&attempts, now));
        attempts_add(&attempts, now);
    }
}

static void a_quarter_of_an_hour_forgives(void **state)
{
    struct attempts attempts = {.failed = 6, .last = 1000000};
    (void)state;

    attempts_add(&attempts, attempts.last + 2 * SECOND + 15 * MINUTE - 1);
    assert_int_equal(attempts.failed, 7);
    attempts_add(&attempts, attempts.last + 4 * SECOND + 15 * MINUTE);
    assert_int_equal(attempts.failed, 1);
}

static void a_clock_that_was_set_back_locks_nobody_out(void **state)
{
    struct attempts attempts = {.failed = 14, .last = 1000000};
    (void)state;

    assert_true(attempts_locked(&attempts, attempts.last));
    assert_false(attempts_locked(&attempts, attempts.last - 1));
}

/* ---- codes ---- */

static void a_code_is_six_digits_and_right_once_it_is_told(void **state)
{
    struct code code;
    bool seen[10] = {false};
    int distinct = 0;
    (void)state;

    for (int i = 0; i < 200; i++) {
        code_create(&code, 1000, MINUTE);
        for (int j = 0; j < CODE_LENGTH; j++)
            assert_true(isdigit((unsigned char)code.digits[j]));
        seen[code.digits[0] - '0'] = true;
        assert_int_equal(code_check(&code, (struct slice){code.digits, CODE_LENGTH}, 1000), CODE_RIGHT);
    }
    for (int i = 0; i < 10; i++)
        distinct += seen[i];
    assert_true(distinct > 5);
}

static void a_code_expires_and_is_guessed_only_so_often(void **state)
{
    struct code code = {.digits = {'1', '2', '3', '4', '5', '6'}, .expires = 5000};
    (void)state;

    assert_int_equal(code_check(&code, SLICE("123456"), 4999), CODE_RIGHT);
    assert_int_equal(code_check(&code, SLICE("123456"), 5000), CODE_EXPIRED);
    assert_int_equal(code_check(&code, SLICE("12345"), 0), CODE_WRONG);
    assert_int_equal(code_check(&code, SLICE("1234567"), 0), CODE_WRONG);
    assert_int_equal(code_check(&code, SLICE(""), 0), CODE_WRONG);
    assert_int_equal(code_check(&code, SLICE("123457"), 0), CODE_WRONG);
    assert_int_equal(code_check(&code, SLICE("123456"), 0), CODE_RIGHT);
    assert_int_equal(code_check(&code, SLICE("023456"), 0), CODE_WRONG);
    assert_int_equal(code_check(&code, SLICE("123456"), 0), CODE_ATTEMPTS);
}

/* ---- sealed texts ---- */

#define KEY "0123456789abcdef0123456789abcdef"

static void a_sealed_text_is_opened_by_its_key_for_its_purpose(void **state)
{
    struct arena arena;
    struct slice plain;
    (void)state;

    arena_init(&arena);
    struct slice text = seal(&arena, SLICE(KEY), "session", SLICE("what is said"));
    assert_true(unseal(&arena, SLICE(KEY), "session", text, &plain));
    assert_true(slice_is(plain, "what is said"));
    assert_false(unseal(&arena, SLICE(KEY), "refresh", text, &plain));
    assert_false(unseal(&arena, SLICE("1123456789abcdef0123456789abcdef"), "session", text, &plain));
    assert_false(slice_equal(text, seal(&arena, SLICE(KEY), "session", SLICE("what is said"))));
    text = seal(&arena, SLICE(KEY), "", SLICE(""));
    assert_true(unseal(&arena, SLICE(KEY), "", text, &plain));
    assert_int_equal(plain.len, 0);
    arena_finish(&arena);
}

static void a_sealed_text_that_was_changed_is_none(void **state)
{
    struct arena arena;
    struct slice plain;
    (void)state;

    arena_init(&arena);
    struct slice text = seal(&arena, SLICE(KEY), "session", SLICE("what is said"));
    for (size_t i = 0; i < text.len; i++) {
        struct slice changed = arena_copy(&arena, text);
        char *byte = (char *)(uintptr_t)changed.ptr + i;
        *byte = *byte == 'A' ? 'B' : 'A';
        assert_false(unseal(&arena, SLICE(KEY), "session", changed, &plain));
        assert_false(unseal(&arena, SLICE(KEY), "session", (struct slice){text.ptr, i}, &plain));
    }
    assert_false(unseal(&arena, SLICE(KEY), "session", SLICE("no base64 at all!"), &plain));
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_policy_is_kept),
        cmocka_unit_test(each_symbol_counts),
        cmocka_unit_test(made_up_passwords_suit_every_policy),
        cmocka_unit_test(five_guesses_are_free_and_then_each_takes_twice_as_long),
        cmocka_unit_test(a_quarter_of_an_hour_forgives),
        cmocka_unit_test(a_clock_that_was_set_back_locks_nobody_out),
        cmocka_unit_test(a_code_is_six_digits_and_right_once_it_is_told),
        cmocka_unit_test(a_code_expires_and_is_guessed_only_so_often),
        cmocka_unit_test(a_sealed_text_is_opened_by_its_key_for_its_purpose),
        cmocka_unit_test(a_sealed_text_that_was_changed_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
