/* What a statement's WHERE says about keys, and the tokens that statements are made of. */
#include "expressions/partiql/partiql.h"
#include "expressions/partiql/tokens.h"

#include "lib/unit_arena.h"

static struct statement *parse(const char *where)
{
    struct slice text = arena_printf(&arena, "SELECT * FROM Music WHERE %s", where);
    struct statement *statement;

    assert_true(statement_parse(&arena, text, NULL, 0, &statement, &failure));
    return statement;
}

/* The partitions of pk as "a,b". */
static const char *partitions(const char *where)
{
    const struct value **values;
    size_t too_many;
    struct slice text = SLICE("");
    size_t count = statement_partitions(&arena, parse(where), SLICE("pk"), &values, &too_many);

    assert_int_equal(too_many, 0);
    for (size_t i = 0; i < count; i++)
        text = arena_printf(&arena, "%.*s%s%.*s", SLICE_ARGS(text), i > 0 ? "," : "",
                            SLICE_ARGS(values[i]->bytes));
    return text.ptr;
}

static void partitions_are_fixed_by_equality_and_in(void **state)
{
    (void)state;
    assert_string_equal(partitions("pk = 'a'"), "a");
    assert_string_equal(partitions("'a' = pk AND v = 1"), "a");
    assert_string_equal(partitions("v = 1 AND (x = 2 AND pk IN ['b', 'a', 'b'])"), "b,a");
    assert_string_equal(partitions("pk IN ['b', 'a'] AND pk = 'a'"), "a");
    assert_string_equal(partitions("pk = 'b' OR pk = 'a' OR pk = 'b'"), "b,a");
    assert_string_equal(partitions("(pk = 'b' AND sk = 1) OR (sk = 2 AND pk = 'a')"), "b,a");
}

static void other_conditions_fix_no_partition(void **state)
{
    (void)state;
    assert_string_equal(partitions("pk > 'a'"), "");
    assert_string_equal(partitions("NOT pk = 'a'"), "");
    assert_string_equal(partitions("pk <> 'a'"), "");
    assert_string_equal(partitions("pk = v"), "");
    assert_string_equal(partitions("pk IN ['a', v]"), "");
    assert_string_equal(partitions("pk = 'a' OR v = 1"), "");
    assert_string_equal(partitions("v IN ['a'] AND m.pk = 'a'"), "");
    assert_string_equal(partitions("(pk = 'a') = TRUE"), "");
}

static void too_many_partitions_are_told(void **state)
{
    (void)state;
    const struct value **values;
    struct slice list = SLICE("'x'");
    size_t too_many;

    for (int i = 1; i < PARTITIONS_LIMIT + 1; i++)
        list = arena_printf(&arena, "%.*s,'x'", SLICE_ARGS(list));
    struct slice where = arena_printf(&arena, "pk IN [%.*s]", SLICE_ARGS(list));
    size_t count = statement_partitions(&arena, parse(where.ptr), SLICE("pk"), &values, &too_many);
    assert_int_equal(count, 1);
    assert_int_equal(too_many, PARTITIONS_LIMIT + 1);
}

static void terms_are_turned_to_the_attribute(void **state)
{
    (void)state;
    struct key_term *terms;
    struct statement *statement =
        parse("sk > 1 AND 5 >= sk AND v = 1 AND sk BETWEEN 2 AND 3 AND (sk = 1 OR sk = 2) AND "
              "begins_with(sk, 'a') AND sk = v");

    assert_int_equal(statement_terms(&arena, statement, SLICE("sk"), &terms), 4);
    assert_int_equal(terms[0].comparator, KEY_GREATER);
    assert_int_equal(terms[1].comparator, KEY_LESS_OR_EQUAL);
    assert_int_equal(terms[2].comparator, KEY_BETWEEN);
    assert_non_null(terms[2].operands[1]);
    assert_int_equal(terms[3].comparator, KEY_BEGINS_WITH);
}

static bool find_key(const char *where, struct condition **rest, struct slice *twice)
{
    const struct slice names[] = {SLICE("pk"), SLICE("sk")};
    struct item key;

    return statement_key(&arena, parse(where), names, 2, &key, rest, twice);
}

static void a_whole_key_leaves_the_rest(void **state)
{
    (void)state;
    struct attribute attribute = {SLICE("v"), {.type = VALUE_S, .bytes = SLICE("yes")}};
    const struct item item = {&attribute, 1};
    struct condition *rest;
    struct slice twice;

    assert_true(find_key("pk = 'a' AND sk = 1", &rest, &twice));
    assert_null(rest);
    assert_true(find_key("sk = 1 AND (pk = 'a' AND pk = 'a')", &rest, &twice));
    assert_null(rest);
    assert_int_equal(twice.len, 0);
    assert_true(find_key("(v = 'yes' AND sk = 1) AND (w IS MISSING AND pk = 'a')", &rest, &twice));
    assert_true(condition_holds(rest, &item));
    assert_false(condition_holds(rest, NULL));
    assert_true(find_key("pk = 'a' AND sk = 1 AND sk = 2", &rest, &twice));
    assert_true(slice_is(twice, "sk"));
}

static void a_part_of_a_key_is_none(void **state)
{
    struct condition *rest;
    struct slice twice;
    (void)state;

    assert_false(find_key("pk = 'a'", &rest, &twice));
    assert_false(find_key("pk = 'a' AND sk > 1", &rest, &twice));
    assert_false(find_key("pk = 'a' OR sk = 1", &rest, &twice));
    assert_false(find_key("pk IN ['a'] AND sk = 1", &rest, &twice));
    assert_false(find_key("NOT (pk = 'a' AND sk = 1)", &rest, &twice));
}

static void wrong_types_are_found_anywhere(void **state)
{
    (void)state;
    assert_non_null(statement_misfit(parse("v = 1 OR NOT pk <> 1"), SLICE("pk"), VALUE_S));
    assert_non_null(statement_misfit(parse("pk IN ['a', 1]"), SLICE("pk"), VALUE_S));
    assert_non_null(statement_misfit(parse("v = 1 OR NOT contains(pk, '')"), SLICE("pk"), VALUE_S));
    assert_non_null(statement_misfit(parse("'' = pk"), SLICE("pk"), VALUE_S));
    assert_null(statement_misfit(parse("v = '' AND size(pk) = 5"), SLICE("pk"), VALUE_S));
    assert_null(statement_misfit(parse("pk = 'a' OR v = 1"), SLICE("pk"), VALUE_S));
    assert_null(statement_misfit(parse("pk = v AND m.pk = 1"), SLICE("pk"), VALUE_S));
}

static void tokens_know_their_places(void **state)
{
    static const struct {
        enum partiql_token_type type;
        const char *text;
        unsigned line, column;
    } expected[] = {
        {PARTIQL_KEYWORD, "select", 1, 1},      {PARTIQL_SYMBOL, "*", 1, 7},    {PARTIQL_NAME, "a$1", 2, 1},
        {PARTIQL_QUOTED, "\"fr\"\"om\"", 2, 5}, {PARTIQL_STRING, "'é'", 2, 14}, {PARTIQL_SYMBOL, "<<", 2, 18},
        {PARTIQL_NUMBER, "1.5E-3", 2, 20},      {PARTIQL_SYMBOL, ">>", 2, 26},  {PARTIQL_ION, "`x`", 2, 29},
        {PARTIQL_BROKEN, "#", 2, 33},           {PARTIQL_END, "", 2, 34}};
    struct partiql_lexer lexer;

    (void)state;
    partiql_lexer_init(&lexer, SLICE("select*--x\na$1 \"fr\"\"om\" 'é' <<1.5E-3>> `x` #"));
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        assert_int_equal(lexer.current.type, expected[i].type);
        assert_true(slice_is(lexer.current.text, expected[i].text));
        assert_int_equal(lexer.current.place.line, expected[i].line);
        assert_int_equal(lexer.current.place.column, expected[i].column);
        partiql_lexer_advance(&lexer);
    }
}

static void keywords_are_in_order(void **state)
{
    static const char *const words[] = {
#define X(word) word,
#include "expressions/partiql/keywords.def"
#undef X
    };
    struct partiql_lexer lexer;

    (void)state;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        assert_true(i == 0 || strcmp(words[i - 1], words[i]) < 0);
        partiql_lexer_init(&lexer, slice_of(words[i]));
        assert_int_equal(lexer.current.type, PARTIQL_KEYWORD);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(partitions_are_fixed_by_equality_and_in),
        ARENA_TEST(other_conditions_fix_no_partition),
        ARENA_TEST(too_many_partitions_are_told),
        ARENA_TEST(terms_are_turned_to_the_attribute),
        ARENA_TEST(a_whole_key_leaves_the_rest),
        ARENA_TEST(a_part_of_a_key_is_none),
        ARENA_TEST(wrong_types_are_found_anywhere),
        ARENA_TEST(tokens_know_their_places),
        ARENA_TEST(keywords_are_in_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
