/*
 * Expressions: any text is tried as each kind, against a rich item. Parsing the same text again gives the
 * same tree or the same words; evaluating again gives the same; NOT turns a condition round; an update leaves
 * the old item alone, and what it returns as touched are parts of the items.
 */
#include "base/check.h"
#include "base/json.h"
#include "expressions/expressions.h"
#include "items/attribute_value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char names_json[] =
    "{\"#a\":\"a\",\"#b\":\"b\",\"#m\":\"m\",\"#n\":\"n.x\",\"#r\":\"name\",\"#z\":\"\\u0000\"}";

static const char values_json[] =
    "{\":s\":{\"S\":\"hello\"},\":e\":{\"S\":\"\"},\":n\":{\"N\":\"1\"},\":m\":{\"N\":\"-9.5E120\"},"
    "\":t\":{\"BOOL\":true},\":u\":{\"NULL\":true},\":b\":{\"B\":\"YQ==\"},\":l\":{\"L\":[{\"N\":\"1\"},{"
    "\"L\":[]}]},"
    "\":k\":{\"M\":{\"x\":{\"N\":\"1\"}}},\":ss\":{\"SS\":[\"a\",\"b\"]},\":ns\":{\"NS\":[\"1\",\"2\"]},"
    "\":bs\":{\"BS\":[\"YQ==\"]},\":S\":{\"S\":\"S\"},\":L\":{\"S\":\"L\"}}";

static const char item_json[] =
    "{\"a\":{\"N\":\"1\"},\"s\":{\"S\":\"hello\"},\"e\":{\"S\":\"\"},\"f\":{\"B\":\"aGVsbG8=\"},\"t\":{"
    "\"BOOL\":true},"
    "\"u\":{\"NULL\":true},\"b\":{\"L\":[{\"N\":\"1\"},{\"S\":\"x\"},{\"L\":[{\"N\":\"5\"},{\"M\":{\"x\":{"
    "\"SS\":[\"q\"]}}}]}]},"
    "\"m\":{\"M\":{\"x\":{\"N\":\"1E-130\"},\"y\":{\"L\":[{\"S\":\"q\"},{\"M\":{\"z\":{\"N\":\"3\"}}}]},"
    "\"m\":{\"M\":{}}}},"
    "\"ss\":{\"SS\":[\"a\",\"c\"]},\"ns\":{\"NS\":[\"1\",\"3\"]},\"bs\":{\"BS\":[\"YQ==\",\"Yg==\"]},"
    "\"name\":{\"N\":\"9.9999999999999999999999999999999999999E125\"}}";

static const struct json *json_of(struct arena *arena, struct slice text)
{
    const struct json *json;
    enum json_problem problem = json_parse(arena, text, 50, &json);

    CHECK(problem == JSON_OK);
    return json;
}

/* What all inputs share, read once. */
static struct {
    const struct json *names;
    const struct json *values;
    struct item item;
    struct item untouched; /* the same again */
} shared;

static struct item read_item(struct arena *arena)
{
    struct failure failure;
    struct item item;

    failure_init(&failure, arena);
    bool read = item_from_json(arena, json_of(arena, slice_of(item_json)), &item, &failure);
    CHECK(read);
    return item;
}

static void read_shared(void)
{
    static struct arena arena;

    if (shared.names != NULL)
        return;
    arena_init(&arena);
    shared.names = json_of(&arena, slice_of(names_json));
    shared.values = json_of(&arena, slice_of(values_json));
    shared.item = read_item(&arena);
    shared.untouched = read_item(&arena);
}

static bool same_items(const struct item *a, const struct item *b)
{
    return value_equal(&(struct value){.type = VALUE_M, .map = *a},
                       &(struct value){.type = VALUE_M, .map = *b});
}

/* One text as one kind, from the placeholders to the outcome. */
struct trial {
    struct arena *arena;
    struct failure failure;
    struct placeholders *placeholders;
    bool parsed;
    bool holds;
    struct item item; /* of a projection or update */
    struct item old;
    struct item new_parts;
    struct key_condition key;
};

static void try_condition(struct trial *trial, enum expression_kind kind, struct slice text,
                          const struct item *item)
{
    struct condition *condition;

    trial->parsed =
        condition_parse(trial->arena, kind, text, trial->placeholders, &condition, &trial->failure);
    if (!trial->parsed)
        return;
    trial->holds = condition_holds(condition, item);
    CHECK(condition_holds(condition, item) == trial->holds);
    (void)condition_holds(condition, NULL);
    (void)condition_mentions(condition, SLICE("a"));
}

static void try_key(struct trial *trial, struct slice text)
{
    trial->parsed =
        key_condition_parse(trial->arena, text, trial->placeholders, &trial->key, &trial->failure);
    if (!trial->parsed)
        return;
    bool right = key_condition_check(&trial->key, &trial->failure);
    CHECK(right == (trial->key.count > 0));
    for (unsigned i = 0; i < trial->key.count; i++)
        CHECK(trial->key.terms[i].comparator != KEY_NONE && trial->key.terms[i].operands[0] != NULL);
}

static void try_projection(struct trial *trial, struct slice text, const struct item *item)
{
    struct projection *projection;
    struct slice *names;

    trial->parsed = projection_parse(trial->arena, text, trial->placeholders, &projection, &trial->failure);
    if (!trial->parsed)
        return;
    trial->item = projection_apply(trial->arena, projection, item);
    size_t count = projection_attributes(trial->arena, projection, &names);
    CHECK(count > 0 && trial->item.count <= count);
    for (size_t i = 0; i < trial->item.count; i++)
        CHECK(item_get(item, trial->item.attributes[i].name) != NULL);
    struct item nothing = projection_apply(trial->arena, projection, &(struct item){NULL, 0});
    CHECK(nothing.count == 0);
}

static void try_update(struct trial *trial, struct slice text, const struct item *item)
{
    struct update *update;
    struct item again;

    trial->parsed = update_parse(trial->arena, text, trial->placeholders, &update, &trial->failure);
    if (!trial->parsed || !update_apply(trial->arena, update, item, &trial->item, &trial->failure))
        return;
    bool applied = update_apply(trial->arena, update, item, &again, &trial->failure);
    CHECK(applied);
    CHECK(same_items(&trial->item, &again));
    trial->old = update_touched(trial->arena, update, item);
    trial->new_parts = update_touched(trial->arena, update, &trial->item);
    for (size_t i = 0; i < trial->old.count; i++)
        CHECK(item_get(item, trial->old.attributes[i].name) != NULL);
    for (size_t i = 0; i < trial->new_parts.count; i++)
        CHECK(item_get(&trial->item, trial->new_parts.attributes[i].name) != NULL);
    /* Storing it would begin like this. */
    (void)item_size(&trial->item);
}

static void try_kind(struct trial *trial, struct arena *arena, enum expression_kind kind, struct slice text,
                     const struct item *item)
{
    *trial = (struct trial){.arena = arena};
    failure_init(&trial->failure, arena);
    bool read =
        placeholders_parse(arena, json_of(arena, slice_of(names_json)), json_of(arena, slice_of(values_json)),
                           &trial->placeholders, &trial->failure);
    CHECK(read);
    switch (kind) {
    case EXPRESSION_CONDITION:
    case EXPRESSION_FILTER:
        try_condition(trial, kind, text, item);
        break;
    case EXPRESSION_KEY_CONDITION:
        try_key(trial, text);
        break;
    case EXPRESSION_PROJECTION:
        try_projection(trial, text, item);
        break;
    case EXPRESSION_UPDATE:
        try_update(trial, text, item);
        break;
    case EXPRESSION_STATEMENT: /* partiql_fuzz.c */
        break;
    }
    CHECK(trial->parsed || trial->failure.code == ERROR_VALIDATION);
    struct failure unused;
    failure_init(&unused, arena);
    (void)!placeholders_check_used(trial->placeholders, &unused);
}

static void check_negation(struct arena *arena, struct slice text, const struct item *item, bool holds)
{
    struct trial trial;
    struct slice negated = arena_printf(arena, "NOT (%.*s)", SLICE_ARGS(text));

    /* It may be too long, have too many operators, or redundant parentheses now. */
    try_kind(&trial, arena, EXPRESSION_CONDITION, negated, item);
    CHECK(!trial.parsed || trial.holds != holds);
}

static void check_kind(struct arena *arena, enum expression_kind kind, struct slice text)
{
    const struct item *item = &shared.item;
    struct trial one, two;

    try_kind(&one, arena, kind, text, item);
    try_kind(&two, arena, kind, text, item);
    CHECK(same_items(item, &shared.untouched));
    CHECK(one.parsed == two.parsed && one.holds == two.holds && one.key.count == two.key.count);
    CHECK(slice_equal(one.failure.message, two.failure.message));
    CHECK(same_items(&one.item, &two.item) && same_items(&one.old, &two.old) &&
          same_items(&one.new_parts, &two.new_parts));
    if (kind == EXPRESSION_CONDITION && one.parsed)
        check_negation(arena, text, item, one.holds);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;

    read_shared();
    arena_init(&arena);
    /* A text with the exact size of its memory, and none longer than what the parser has to look at. */
    char *copy = malloc(size > 0 ? size : 1);
    CHECK(copy != NULL);
    if (size > 0)
        memcpy(copy, data, size);
    struct slice text = {copy, size < 8192 ? size : 8192};
    check_kind(&arena, EXPRESSION_CONDITION, text); /* a filter is the same */
    check_kind(&arena, EXPRESSION_KEY_CONDITION, text);
    check_kind(&arena, EXPRESSION_PROJECTION, text);
    check_kind(&arena, EXPRESSION_UPDATE, text);
    free(copy);
    arena_finish(&arena);
    return 0;
}
