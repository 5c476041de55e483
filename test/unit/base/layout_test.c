/* Layouts: what is written is read back; what is no record of the layout is refused. */
#include "lib/unit.h"

#include "base/layout.h"

struct pair {
    struct slice key;
    int64_t value;
};

struct sample {
    struct slice name;
    int64_t number;
    bool flag;
    struct texts words;
    struct pair one;
    struct {
        struct pair *items;
        size_t count;
    } pairs;
    const struct json *any;
};

static const struct field pair_fields[] = {{"Key", FIELD_TEXT, offsetof(struct pair, key), NULL},
                                           {"Value", FIELD_NUMBER, offsetof(struct pair, value), NULL},
                                           {0}};
static const struct layout pair_layout = {sizeof(struct pair), pair_fields};
static const struct field sample_fields[] = {
    {"Name", FIELD_TEXT, offsetof(struct sample, name), NULL},
    {"Number", FIELD_NUMBER, offsetof(struct sample, number), NULL},
    {"Flag", FIELD_BOOLEAN, offsetof(struct sample, flag), NULL},
    {"Words", FIELD_TEXTS, offsetof(struct sample, words), NULL},
    {"One", FIELD_RECORD, offsetof(struct sample, one), &pair_layout},
    {"Pairs", FIELD_RECORDS, offsetof(struct sample, pairs), &pair_layout},
    {"Any", FIELD_JSON, offsetof(struct sample, any), NULL},
    {0}};
static const struct layout sample_layout = {sizeof(struct sample), sample_fields};

static void is_read_back(void **state)
{
    struct slice words[] = {SLICE("a"), SLICE(""), SLICE("\"quoted\"")};
    struct pair pairs[] = {{SLICE("k"), -1}, {SLICE(""), INT64_MIN}};
    struct sample sample = {SLICE("n\0m"), INT64_MAX, true, {words, 3}, {SLICE("only"), 7}, {pairs, 2}, NULL},
                  read;
    struct arena arena;
    struct buffer text, again;

    (void)state;
    arena_init(&arena);
    buffer_init(&text);
    buffer_init(&again);
    assert_int_equal(json_parse(&arena, SLICE("{\"deep\":[[null,{\"x\":1.50}]]}"), 9, &sample.any), JSON_OK);
    layout_write(&text, &sample_layout, &sample);
    assert_true(layout_read(&arena, buffer_slice(&text), &sample_layout, &read));
    assert_true(slice_equal(read.name, sample.name));
    assert_true(read.number == INT64_MAX && read.flag && read.one.value == 7);
    assert_int_equal(read.words.count, 3);
    assert_true(slice_equal(read.words.items[2], words[2]));
    assert_int_equal(read.pairs.count, 2);
    assert_true(read.pairs.items[1].value == INT64_MIN);
    assert_non_null(json_get(read.any, "deep"));
    layout_write(&again, &sample_layout, &read);
    assert_true(slice_equal(buffer_slice(&text), buffer_slice(&again)));
    buffer_finish(&again);
    buffer_finish(&text);
    arena_finish(&arena);
}

static void what_is_empty_is_absent(void **state)
{
    struct sample sample = {0}, read;
    struct arena arena;
    struct buffer text;

    (void)state;
    arena_init(&arena);
    buffer_init(&text);
    layout_write(&text, &sample_layout, &sample);
    assert_true(slice_is(buffer_slice(&text), "{\"One\":{}}"));
    memset(&read, 0xFF, sizeof(read));
    assert_true(layout_read(&arena, SLICE("{\"Later\":[{}]}"), &sample_layout, &read));
    assert_true(read.name.len == 0 && read.number == 0 && !read.flag && read.pairs.count == 0);
    buffer_finish(&text);
    arena_finish(&arena);
}

static void others_are_refused(void **state)
{
    static const char *const texts[] = {"",
                                        "[]",
                                        "{\"Name\":1}",
                                        "{\"Number\":\"1\"}",
                                        "{\"Number\":1.5}",
                                        "{\"Flag\":0}",
                                        "{\"Words\":{}}",
                                        "{\"Words\":[1]}",
                                        "{\"Pairs\":[1]}",
                                        "{\"Pairs\":[{\"Key\":2}]}",
                                        "{\"One\":[]}"};
    struct sample read;
    struct arena arena;

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_false(layout_read(&arena, slice_of(texts[i]), &sample_layout, &read));
    arena_finish(&arena);
}

static void texts_are_a_list(void **state)
{
    struct texts texts = {0};
    struct arena arena;

    (void)state;
    arena_init(&arena);
    texts_add(&arena, &texts, SLICE("a"));
    texts_add(&arena, &texts, SLICE("b"));
    texts_add(&arena, &texts, SLICE("c"));
    assert_int_equal(texts_find(&texts, SLICE("c")), 2);
    texts_remove(&arena, &texts, 1);
    assert_int_equal(texts.count, 2);
    assert_int_equal(texts_find(&texts, SLICE("b")), 2);
    assert_int_equal(texts_find(&texts, SLICE("c")), 1);
    texts_remove(&arena, &texts, 1);
    texts_remove(&arena, &texts, 0);
    assert_int_equal(texts.count, 0);
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_read_back), cmocka_unit_test(what_is_empty_is_absent),
        cmocka_unit_test(others_are_refused), cmocka_unit_test(texts_are_a_list)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
