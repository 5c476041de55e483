/* Tokens at the borders of the text, and what an error shows of their surroundings. */
#include "lib/unit.h"

#include "expressions/lexer.h"
#include "expressions/reserved.h"

/* A copy that ends where its memory ends, for AddressSanitizer to see a step beyond. */
static struct slice exact(const char *text, size_t length)
{
    char *copy = malloc(length > 0 ? length : 1);

    assert_non_null(copy);
    memcpy(copy, text, length);
    return (struct slice){copy, length};
}

static void release(struct slice text)
{
    free((void *)(uintptr_t)text.ptr);
}

static void expect_tokens(const char *text, size_t length, const enum token_type *types, size_t count)
{
    struct slice copy = exact(text, length);
    struct lexer lexer;

    lexer_init(&lexer, copy);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(lexer.current.type, types[i]);
        lexer_advance(&lexer);
    }
    assert_int_equal(lexer.current.type, TOKEN_END);
    lexer_advance(&lexer);
    assert_int_equal(lexer.current.type, TOKEN_END);
    release(copy);
}

#define EXPECT(text, ...)                                                                                    \
    expect_tokens(text, sizeof(text) - 1, (const enum token_type[]){__VA_ARGS__},                            \
                  sizeof((const enum token_type[]){__VA_ARGS__}) / sizeof(enum token_type))

static void test_last_byte(void **state)
{
    (void)state;
    expect_tokens("", 0, NULL, 0);
    expect_tokens(" ", 1, NULL, 0);
    EXPECT("a", TOKEN_NAME);
    EXPECT("#", TOKEN_UNKNOWN);
    EXPECT(":", TOKEN_UNKNOWN);
    EXPECT("#a", TOKEN_NAME_HOLDER);
    EXPECT(":1", TOKEN_VALUE_HOLDER);
    EXPECT("<", TOKEN_LESS);
    EXPECT(">", TOKEN_GREATER);
    EXPECT("<=", TOKEN_LESS_OR_EQUAL);
    EXPECT("0", TOKEN_INDEX);
    EXPECT("10", TOKEN_INDEX);
    EXPECT("01", TOKEN_INDEX, TOKEN_INDEX);
    EXPECT("AN", TOKEN_NAME);
    EXPECT("AND", TOKEN_AND);
    EXPECT("ANDA", TOKEN_NAME);
    EXPECT("_", TOKEN_UNKNOWN);
    EXPECT("#_", TOKEN_NAME_HOLDER);
    EXPECT("##a", TOKEN_UNKNOWN, TOKEN_NAME_HOLDER);
    EXPECT("a\0b", TOKEN_NAME, TOKEN_UNKNOWN, TOKEN_NAME);
}

static void test_characters_are_whole(void **state)
{
    (void)state;
    EXPECT("\xC3\xA9", TOKEN_UNKNOWN);
    EXPECT("\xE2\x82\xAC"
           "a",
           TOKEN_UNKNOWN, TOKEN_NAME);
    EXPECT("\xF0\x9D\x84\x9E", TOKEN_UNKNOWN);
    /* What is no UTF-8, or breaks off, goes byte by byte. */
    EXPECT("\xC3", TOKEN_UNKNOWN);
    EXPECT("\xE2\x82", TOKEN_UNKNOWN, TOKEN_UNKNOWN);
    EXPECT("\xF0"
           "abc",
           TOKEN_UNKNOWN, TOKEN_NAME);
    EXPECT("\xFF\x80", TOKEN_UNKNOWN, TOKEN_UNKNOWN);
}

static void test_near(void **state)
{
    struct lexer lexer;

    (void)state;
    lexer_init(&lexer, SLICE("  a  =  b  "));
    assert_true(slice_is(lexer_near(&lexer), "  a  ="));
    lexer_advance(&lexer);
    assert_true(slice_is(lexer_near(&lexer), "a  =  b"));
    lexer_advance(&lexer);
    assert_true(slice_is(lexer_near(&lexer), "=  b  "));
    lexer_advance(&lexer);
    assert_true(slice_is(lexer_near(&lexer), "b  "));
    lexer_init(&lexer, SLICE(""));
    assert_int_equal(lexer_near(&lexer).len, 0);
}

static void test_reserved_words(void **state)
{
    static const char *const reserved[] = {"ABORT",          "abort",       "Zone", "name",
                                           "LOCALTIMESTAMP", "transaction", "BY"};
    static const char *const free_words[] = {
        "", "a", "nam", "names_", "LOCALTIMESTAMPS", "zonE1", "averyveryverylongname", "contains"};

    (void)state;
    for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
        assert_true(is_reserved_word(slice_of(reserved[i])));
    for (size_t i = 0; i < sizeof(free_words) / sizeof(free_words[0]); i++)
        assert_false(is_reserved_word(slice_of(free_words[i])));
}

/* The search is binary: the list must be in order. */
static void test_reserved_words_are_sorted(void **state)
{
    static const char *const words[] = {
#define X(word) word,
#include "expressions/reserved_words.def"
#undef X
    };

    (void)state;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        assert_true(is_reserved_word(slice_of(words[i])));
        if (i > 0)
            assert_true(strcmp(words[i - 1], words[i]) < 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_last_byte),
        cmocka_unit_test(test_characters_are_whole),
        cmocka_unit_test(test_near),
        cmocka_unit_test(test_reserved_words),
        cmocka_unit_test(test_reserved_words_are_sorted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
