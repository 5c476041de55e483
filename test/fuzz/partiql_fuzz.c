/*
 * PartiQL: any text is read as a statement, with as many parameters as it asks for, and what comes out is
 * tried on an item. Reading the same text again gives the same, or the same words; what WHERE says about keys
 * agrees with WHERE; an update leaves the old item alone; a text that is refused as not well formed is told
 * where.
 */
#include "base/check.h"
#include "base/json.h"
#include "expressions/partiql/partiql.h"
#include "items/attribute_value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PARAMETERS = 16 };

static const char item_json[] =
    "{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1\"},\"s\":{\"S\":\"hello\"},\"t\":{\"BOOL\":true},\"u\":{"
    "\"NULL\":true},"
    "\"l\":{\"L\":[{\"N\":\"1\"},{\"S\":\"x\"}]},\"m\":{\"M\":{\"x\":{\"N\":\"1\"},\"y\":{\"L\":[]}}},"
    "\"ss\":{\"SS\":[\"a\",\"c\"]},\"ns\":{\"NS\":[\"1\",\"3\"]}}";

static struct item item_of(struct arena *arena)
{
    const struct json *json;
    struct failure failure;
    struct item item;

    failure_init(&failure, arena);
    enum json_problem problem = json_parse(arena, slice_of(item_json), 50, &json);
    CHECK(problem == JSON_OK);
    bool read = item_from_json(arena, json, &item, &failure);
    CHECK(read);
    return item;
}

static bool same_items(const struct item *a, const struct item *b)
{
    return value_equal(&(struct value){.type = VALUE_M, .map = *a},
                       &(struct value){.type = VALUE_M, .map = *b});
}

/* With as many parameters as are wanted, if there are not too many. */
static struct statement *parse(struct arena *arena, struct slice text, struct failure *failure)
{
    static const struct value kinds[] = {{.type = VALUE_S, .bytes = {"a", 1}},
                                         {.type = VALUE_BOOL, .boolean = true},
                                         {.type = VALUE_NULL},
                                         {.type = VALUE_M}};
    struct value parameters[PARAMETERS];
    struct statement *statement;

    for (size_t i = 0; i < PARAMETERS; i++)
        parameters[i] = kinds[i % (sizeof(kinds) / sizeof(kinds[0]))];
    for (size_t count = 0; count < PARAMETERS; count++) {
        failure_init(failure, arena);
        if (statement_parse(arena, text, parameters, count, &statement, failure))
            return statement;
        CHECK(failure->code == ERROR_VALIDATION);
        if (!slice_starts_with(failure->message, SLICE("Number of parameters")))
            return NULL;
    }
    return NULL;
}

static void check_where(struct arena *arena, const struct statement *statement, const struct item *item)
{
    const struct slice names[] = {SLICE("pk"), SLICE("sk")};
    const struct value **values = NULL;
    struct condition *rest;
    struct key_term *terms;
    struct slice twice;
    struct item key;
    size_t too_many;
    bool holds = statement->condition == NULL || condition_holds(statement->condition, item);

    size_t count = statement_partitions(arena, statement, names[0], &values, &too_many);
    bool among = count == 0;
    for (size_t i = 0; i < count; i++)
        among = among || value_equal(values[i], &item->attributes[0].value);
    CHECK(among || !holds); /* no item outside of the partitions is wanted */
    (void)statement_terms(arena, statement, names[1], &terms);
    (void)statement_misfit(statement, names[0], VALUE_S);
    if (!statement_key(arena, statement, names, 2, &key, &rest, &twice))
        return;
    bool is_item = value_equal(&key.attributes[0].value, &item->attributes[0].value) &&
                   value_equal(&key.attributes[1].value, &item->attributes[1].value);
    if (twice.len == 0)
        CHECK(holds == (is_item && (rest == NULL || condition_holds(rest, item))));
}

static void check_statement(struct arena *arena, const struct statement *statement)
{
    struct item item = item_of(arena), untouched = item_of(arena), updated;
    struct failure failure;

    failure_init(&failure, arena);
    check_where(arena, statement, &item);
    if (statement->projection != NULL)
        (void)projection_apply(arena, statement->projection, &item);
    if (statement->update != NULL && update_apply(arena, statement->update, &item, &updated, &failure))
        (void)item_size(&updated);
    (void)item_size(&statement->item);
    (void)!placeholders_check_key(statement->placeholders, SLICE("pk"), false, &failure);
    CHECK(same_items(&item, &untouched));
}

static void check_place(struct arena *arena, struct slice text, const struct statement *statement,
                        const struct failure *failure)
{
    struct statement_place place;
    bool refused =
        statement == NULL && slice_starts_with(failure->message, SLICE("Statement wasn't well formed"));

    CHECK(statement_is_well_formed(arena, text, &place) == !refused);
    CHECK(!refused || (place.line > 0 && place.line <= text.len + 1 && place.column > 0 &&
                       place.column + place.length <= text.len + 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct failure one_failure, two_failure;
    struct arena arena;

    arena_init(&arena);
    /* A text with the exact size of its memory, and none longer than a statement may be. */
    char *copy = malloc(size > 0 ? size : 1);
    CHECK(copy != NULL);
    if (size > 0)
        memcpy(copy, data, size);
    struct slice text = {copy, size < 8192 ? size : 8192};
    const struct statement *one = parse(&arena, text, &one_failure);
    const struct statement *two = parse(&arena, text, &two_failure);
    CHECK((one == NULL) == (two == NULL));
    CHECK(slice_equal(one_failure.message, two_failure.message));
    check_place(&arena, text, one, &one_failure);
    if (one != NULL) {
        CHECK(one->kind == two->kind && same_items(&one->item, &two->item));
        check_statement(&arena, one);
    }
    free(copy);
    arena_finish(&arena);
    return 0;
}
