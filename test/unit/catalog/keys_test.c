/* Storage keys: entries stand in their spaces, partitions stay together, segments cover a space exactly. */
#include "lib/unit.h"

#include "catalog/keys.h"

static const char *const descriptor =
    "{\"Format\":1,\"Id\":258,\"Name\":\"T\",\"Uuid\":\"u\",\"Created\":1,"
    "\"Attributes\":[[\"p\",\"S\"],[\"s\",\"N\"],[\"g\",\"S\"]],\"Partition\":[\"p\"],\"Sort\":[\"s\"],"
    "\"Indexes\":[{\"Name\":\"gix\",\"Kind\":\"GLOBAL\",\"Id\":1,\"Status\":\"ACTIVE\",\"Partition\":[\"g\"],"
    "\"Sort\":[],\"Projection\":\"KEYS_ONLY\",\"Included\":[]},"
    "{\"Name\":\"lix\",\"Kind\":\"LOCAL\",\"Id\":2,\"Status\":\"ACTIVE\",\"Partition\":[\"p\"],"
    "\"Sort\":[\"g\"],\"Projection\":\"INCLUDE\",\"Included\":[\"x\"]}],\"NextIndexId\":3,"
    "\"Billing\":\"PAY_PER_REQUEST\"}";

struct fixture {
    struct arena arena;
    struct table *table;
};

static int set_up(void **state)
{
    static struct fixture fixture;

    arena_init(&fixture.arena);
    fixture.table = table_read_descriptor(slice_of(descriptor));
    *state = &fixture;
    return fixture.table == NULL;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    table_release(fixture->table);
    arena_finish(&fixture->arena);
    return 0;
}

static struct attribute string_attribute(const char *name, struct slice text)
{
    return (struct attribute){slice_of(name), {.type = VALUE_S, .bytes = text}};
}

static struct item item_of(struct fixture *fixture, const char *p, int s, const char *g)
{
    struct item item = {arena_array(&fixture->arena, struct attribute, 3), 3};
    struct failure failure;

    failure_init(&failure, &fixture->arena);
    item.attributes[0] = string_attribute("p", slice_of(p));
    item.attributes[1].name = SLICE("s");
    item.attributes[1].value.type = VALUE_N;
    assert_true(
        number_parse(arena_printf(&fixture->arena, "%d", s), &item.attributes[1].value.number, &failure));
    item.attributes[2] = string_attribute("g", slice_of(g));
    return item;
}

static bool is_inside(struct slice key, struct key_range range)
{
    return slice_compare(key, range.from) >= 0 && slice_compare(key, range.to) < 0;
}

static void entries_stand_in_their_space(void **state)
{
    struct fixture *fixture = *state;
    struct item item = item_of(fixture, "a", -5, "gg");
    const struct index *spaces[] = {NULL, &fixture->table->indexes[0], &fixture->table->indexes[1]};
    struct key_range of_table[2], of_other[2];

    keys_of_table(&fixture->arena, 258, of_table);
    keys_of_table(&fixture->arena, 257, of_other);
    for (size_t i = 0; i < 3; i++) {
        struct slice key = keys_entry(&fixture->arena, fixture->table, spaces[i], &item);
        for (size_t j = 0; j < 3; j++)
            assert_int_equal(is_inside(key, keys_space(&fixture->arena, fixture->table, spaces[j])), i == j);
        assert_true(is_inside(key, of_table[0]) || is_inside(key, of_table[1]));
        assert_false(is_inside(key, of_other[0]) || is_inside(key, of_other[1]));
    }
}

static void a_partition_is_ordered_by_its_sort_key(void **state)
{
    struct fixture *fixture = *state;
    struct item key = item_of(fixture, "a", 0, "g");
    const struct value *parts[] = {&key.attributes[0].value};
    struct slice prefix = keys_partition(&fixture->arena, fixture->table, NULL, parts), last = prefix;

    for (int s = -120; s <= 120; s++) {
        struct item item = item_of(fixture, "a", s, "g");
        struct slice at = keys_entry(&fixture->arena, fixture->table, NULL, &item);
        assert_true(slice_starts_with(at, prefix));
        assert_true(slice_compare(last, at) < 0);
        last = at;
    }
    assert_true(slice_compare(last, keys_after_prefix(&fixture->arena, prefix)) < 0);
}

static void segments_cover_a_space_exactly(void **state)
{
    struct fixture *fixture = *state;
    static const uint32_t totals[] = {1, 2, 3, 7, 1000, 1000000};

    for (size_t i = 0; i < sizeof(totals) / sizeof(totals[0]); i++) {
        for (int n = 0; n < 50; n++) {
            struct item item = item_of(fixture, arena_printf(&fixture->arena, "key%d", n).ptr, n, "g");
            struct slice key = keys_entry(&fixture->arena, fixture->table, NULL, &item);
            unsigned inside = 0;
            for (uint32_t segment = 0; segment < totals[i] && totals[i] <= 1000; segment++)
                inside +=
                    is_inside(key, keys_segment(&fixture->arena, fixture->table, NULL, segment, totals[i]));
            if (totals[i] <= 1000)
                assert_int_equal(inside, 1);
            arena_reset(&fixture->arena);
        }
    }
    struct key_range whole = keys_space(&fixture->arena, fixture->table, NULL);
    struct key_range last = keys_segment(&fixture->arena, fixture->table, NULL, 999999, 1000000);
    struct key_range first = keys_segment(&fixture->arena, fixture->table, NULL, 0, 1000000);
    assert_true(slice_equal(first.from, whole.from));
    assert_true(slice_equal(last.to, whole.to));
}

static void projections_keep_what_they_should(void **state)
{
    struct fixture *fixture = *state;
    struct item item = item_of(fixture, "a", 1, "g");
    struct item more = {arena_array(&fixture->arena, struct attribute, 5), 5};

    memcpy(more.attributes, item.attributes, 3 * sizeof(item.attributes[0]));
    more.attributes[3] = string_attribute("x", SLICE("x"));
    more.attributes[4] = string_attribute("y", SLICE("y"));
    assert_int_equal(index_project(&fixture->arena, fixture->table, &fixture->table->indexes[0], &more).count,
                     3);
    assert_int_equal(index_project(&fixture->arena, fixture->table, &fixture->table->indexes[1], &more).count,
                     4);
    more.attributes[2].name = SLICE("other");
    assert_false(index_has_entry(&fixture->table->indexes[0], &more));
}

static void only_items_with_values_that_can_be_keys_stand_in_an_index(void **state)
{
    struct fixture *fixture = *state;
    const struct index *index = &fixture->table->indexes[0];
    char text[PARTITION_KEY_LIMIT + 1];
    struct item item = item_of(fixture, "a", 1, "g");

    memset(text, 'x', sizeof(text));
    assert_true(index_has_entry(index, &item));
    item.attributes[2] = string_attribute("g", (struct slice){text, PARTITION_KEY_LIMIT});
    assert_true(index_has_entry(index, &item));
    item.attributes[2] = string_attribute("g", (struct slice){text, PARTITION_KEY_LIMIT + 1});
    assert_false(index_has_entry(index, &item));
    item.attributes[2] = string_attribute("g", SLICE(""));
    assert_false(index_has_entry(index, &item));
    item.attributes[2].value.type = VALUE_B;
    item.attributes[2].value.bytes = SLICE("g");
    assert_false(index_has_entry(index, &item));
}

static void the_successor_of_a_prefix_is_above_all_that_begin_with_it(void **state)
{
    struct fixture *fixture = *state;

    struct slice after = keys_after_prefix(&fixture->arena, SLICE("a\xff\xff"));
    assert_true(slice_is(after, "b"));
    assert_int_equal(keys_after_prefix(&fixture->arena, SLICE("\xff")).len, 0);
    assert_true(slice_equal(keys_after(&fixture->arena, SLICE("a")), SLICE("a\0")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(entries_stand_in_their_space, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_partition_is_ordered_by_its_sort_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(segments_cover_a_space_exactly, set_up, tear_down),
        cmocka_unit_test_setup_teardown(projections_keep_what_they_should, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_items_with_values_that_can_be_keys_stand_in_an_index, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_successor_of_a_prefix_is_above_all_that_begin_with_it, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
