/* Expected, filters and KeyConditions, as trees. */
#include "base/check.h"
#include "expressions/condition.h"
#include "expressions/legacy.h"
#include "items/attribute_value.h"

#define INVALID "One or more parameter values were invalid: "

/* Types as bits of a mask. */
#define TYPE(type) (1u << VALUE_##type)
#define ORDERED    (TYPE(S) | TYPE(N) | TYPE(B))
#define PLAIN      (ORDERED | TYPE(BOOL) | TYPE(NULL))
#define ANY        (~0u)

/* The comparison operators: what each is in the tree and in a key condition, how many values of which types
 * it takes. NOT_CONTAINS is `negated` CONTAINS of an attribute that exists. */
struct comparison {
    const char *name;
    enum node_type node;
    enum function function;
    bool negated;
    unsigned least, most;
    unsigned types;
    enum key_operator key;
};

static const struct comparison comparisons[] = {
    {"EQ", NODE_EQUAL, FUNCTION_UNKNOWN, false, 1, 1, ANY, KEY_EQUAL},
    {"NE", NODE_NOT_EQUAL, FUNCTION_UNKNOWN, false, 1, 1, ANY, KEY_NONE},
    {"LE", NODE_LESS_OR_EQUAL, FUNCTION_UNKNOWN, false, 1, 1, ORDERED, KEY_LESS_OR_EQUAL},
    {"LT", NODE_LESS, FUNCTION_UNKNOWN, false, 1, 1, ORDERED, KEY_LESS},
    {"GE", NODE_GREATER_OR_EQUAL, FUNCTION_UNKNOWN, false, 1, 1, ORDERED, KEY_GREATER_OR_EQUAL},
    {"GT", NODE_GREATER, FUNCTION_UNKNOWN, false, 1, 1, ORDERED, KEY_GREATER},
    {"NOT_NULL", NODE_CALL, FUNCTION_ATTRIBUTE_EXISTS, false, 0, 0, ANY, KEY_NONE},
    {"NULL", NODE_CALL, FUNCTION_ATTRIBUTE_NOT_EXISTS, false, 0, 0, ANY, KEY_NONE},
    {"CONTAINS", NODE_CALL, FUNCTION_CONTAINS, false, 1, 1, PLAIN, KEY_NONE},
    {"NOT_CONTAINS", NODE_CALL, FUNCTION_CONTAINS, true, 1, 1, PLAIN, KEY_NONE},
    {"BEGINS_WITH", NODE_CALL, FUNCTION_BEGINS_WITH, false, 1, 1, TYPE(S) | TYPE(B), KEY_BEGINS_WITH},
    {"IN", NODE_IN, FUNCTION_UNKNOWN, false, 1, LEGACY_OPERAND_LIMIT, ORDERED, KEY_NONE},
    {"BETWEEN", NODE_BETWEEN, FUNCTION_UNKNOWN, false, 2, 2, ORDERED, KEY_BETWEEN},
};

const char *const legacy_comparison_words[] = {"IN",          "NULL", "BETWEEN",  "LT", "NOT_CONTAINS",
                                               "EQ",          "GT",   "NOT_NULL", "NE", "LE",
                                               "BEGINS_WITH", "GE",   "CONTAINS", NULL};

static const struct comparison *comparison_named(struct slice name)
{
    for (size_t i = 0; i < sizeof(comparisons) / sizeof(comparisons[0]); i++) {
        if (slice_is(name, comparisons[i].name))
            return &comparisons[i];
    }
    return NULL;
}

/* One parameter being read. */
struct reading {
    struct arena *arena;
    struct failure *failure;
    size_t operands; /* conditions and values so far */
};

/* The condition on one attribute. */
struct term {
    struct slice name;
    const struct comparison *comparison;
    struct value *values;
    size_t count;
};

/* ---- reading ---- */

static bool count_operands(struct reading *reading, size_t more)
{
    reading->operands += more;
    return reading->operands <= LEGACY_OPERAND_LIMIT ||
           fail(reading->failure, ERROR_VALIDATION,
                INVALID "Conditions with more than %d attributes and values are not supported",
                LEGACY_OPERAND_LIMIT);
}

static bool read_values(struct reading *reading, const struct json *values, size_t count, struct term *term)
{
    if (!count_operands(reading, count))
        return false;
    term->values = arena_array(reading->arena, struct value, count);
    term->count = count;
    for (size_t i = 0; i < count; i++) {
        if (!value_from_json(reading->arena, &values[i], &term->values[i], reading->failure))
            return false;
    }
    return true;
}

/* The number of values, their types, and the order of BETWEEN's. */
static bool check_values(struct reading *reading, const struct term *term)
{
    const struct comparison *comparison = term->comparison;
    const struct value *values = term->values;
    struct failure *failure = reading->failure;

    if (term->count < comparison->least || term->count > comparison->most)
        return fail(failure, ERROR_VALIDATION,
                    INVALID "Invalid number of argument(s) for the %s ComparisonOperator", comparison->name);
    for (size_t i = 0; i < term->count; i++) {
        if ((comparison->types & (1u << values[i].type)) == 0)
            return fail(failure, ERROR_VALIDATION,
                        INVALID "ComparisonOperator %s is not valid for %s AttributeValue type",
                        comparison->name, value_type_name(values[i].type));
        if (values[i].type != values[0].type)
            return fail(failure, ERROR_VALIDATION,
                        INVALID "AttributeValues inside AttributeValueList must be of same type");
    }
    if (comparison->node == NODE_BETWEEN && value_compare(&values[0], &values[1]) > 0)
        return fail(failure, ERROR_VALIDATION,
                    "The BETWEEN condition was provided a range where the lower bound is greater than the "
                    "upper bound");
    return true;
}

/* ComparisonOperator and AttributeValueList. */
static bool read_condition(struct reading *reading, const struct json *condition, struct term *term)
{
    if (condition->type == JSON_NULL)
        return fail(reading->failure, ERROR_VALIDATION,
                    "The filter condition for an attribute cannot be null: %.*s", SLICE_ARGS(term->name));
    const struct json *list = json_get_present(condition, "AttributeValueList");
    term->comparison = comparison_named(json_get_present(condition, "ComparisonOperator")->text);
    CHECK(term->comparison != NULL);
    return read_values(reading, list == NULL ? NULL : list->array.items, list == NULL ? 0 : list->array.count,
                       term) &&
           check_values(reading, term);
}

/* The older form: Value, of an attribute that must be equal to it, or Exists, which is false. */
static bool read_existence(struct reading *reading, const struct json *exists, const struct json *value,
                           struct term *term)
{
    bool wanted = exists == NULL || exists->boolean;

    if (wanted && value == NULL)
        return fail(reading->failure, ERROR_VALIDATION,
                    INVALID "Value must be provided when Exists is %s for Attribute: %.*s",
                    exists == NULL ? "null" : "true", SLICE_ARGS(term->name));
    if (!wanted && value != NULL)
        return fail(reading->failure, ERROR_VALIDATION,
                    INVALID "Value cannot be used when Exists is false for Attribute: %.*s",
                    SLICE_ARGS(term->name));
    term->comparison = comparison_named(wanted ? SLICE("EQ") : SLICE("NULL"));
    return read_values(reading, value, wanted ? 1 : 0, term);
}

static bool read_expected(struct reading *reading, const struct json *expected, struct term *term)
{
    struct failure *failure = reading->failure;

    if (expected->type == JSON_NULL)
        return fail(failure, ERROR_VALIDATION,
                    INVALID "ExpectedAttributeValue must not be null for Attribute: %.*s",
                    SLICE_ARGS(term->name));
    const struct json *exists = json_get_present(expected, "Exists"),
                      *value = json_get_present(expected, "Value");
    const struct json *name = json_get_present(expected, "ComparisonOperator");
    const struct json *list = json_get_present(expected, "AttributeValueList");
    if (exists != NULL && name != NULL)
        return fail(failure, ERROR_VALIDATION,
                    INVALID "Exists and ComparisonOperator cannot be used together for Attribute: %.*s",
                    SLICE_ARGS(term->name));
    if (value != NULL && list != NULL)
        return fail(failure, ERROR_VALIDATION,
                    INVALID "Value and AttributeValueList cannot be used together for Attribute: %.*s",
                    SLICE_ARGS(term->name));
    if (name == NULL && list != NULL)
        return fail(failure, ERROR_VALIDATION,
                    INVALID
                    "AttributeValueList can only be used with a ComparisonOperator for Attribute: %.*s",
                    SLICE_ARGS(term->name));
    if (name == NULL)
        return read_existence(reading, exists, value, term);
    if (value == NULL)
        return list != NULL || comparison_named(name->text)->most == 0
                   ? read_condition(reading, expected, term)
                   : fail(failure, ERROR_VALIDATION,
                          INVALID
                          "Value or AttributeValueList must be used with ComparisonOperator: %.*s for "
                          "Attribute: %.*s",
                          SLICE_ARGS(name->text), SLICE_ARGS(term->name));
    term->comparison = comparison_named(name->text);
    return read_values(reading, value, 1, term) && check_values(reading, term);
}

/* ---- trees ---- */

/* The term as a node, which mentions `path`. */
static struct node *term_node(struct arena *arena, const struct term *term, struct node *path)
{
    const struct comparison *comparison = term->comparison;
    struct node *node = node_create(arena, comparison->node);

    node->function = comparison->function;
    node_add_operand(node, path);
    for (size_t i = 0; i < term->count; i++)
        node_add_operand(node, node_of_value(arena, &term->values[i]));
    if (!comparison->negated)
        return node;
    struct node *exists = node_create(arena, NODE_CALL), *not = node_create(arena, NODE_NOT);
    struct node *both = node_create(arena, NODE_AND);
    exists->function = FUNCTION_ATTRIBUTE_EXISTS;
    node_add_operand(exists, node_of_attribute(arena, term->name));
    node_add_operand(not, node);
    node_add_operand(both, exists);
    node_add_operand(both, not );
    return both;
}

typedef bool (*term_reader)(struct reading *reading, const struct json *json, struct term *term);

static bool read_term(struct reading *reading, term_reader read, const struct json_member *member,
                      struct term *term)
{
    *term = (struct term){.name = member->name};
    return attribute_name_check(member->name, reading->failure) && count_operands(reading, 1) &&
           read(reading, &member->value, term);
}

/* All terms in one node, however many: so the tree stays as shallow as one of them. */
static bool read_terms(struct reading *reading, term_reader read, const struct json *json, bool any,
                       struct condition **out)
{
    struct condition *condition = arena_new(reading->arena, struct condition);
    struct node *root = node_create(reading->arena, any ? NODE_OR : NODE_AND);
    struct node **mention = &root->next_mention; /* the root itself mentions nothing */

    *out = NULL;
    for (size_t i = 0; i < json->object.count; i++) {
        struct term term;
        if (!read_term(reading, read, &json->object.members[i], &term))
            return false;
        struct node *path = node_of_attribute(reading->arena, term.name);
        node_add_operand(root, term_node(reading->arena, &term, path));
        *mention = path;
        mention = &path->next_mention;
    }
    condition->root = root;
    condition->first_mention = root->next_mention;
    if (json->object.count > 0)
        *out = condition;
    return true;
}

bool legacy_expected(struct arena *arena, const struct json *expected, bool any, struct condition **out,
                     struct failure *failure)
{
    struct reading reading = {.arena = arena, .failure = failure};

    return read_terms(&reading, read_expected, expected, any, out);
}

bool legacy_filter(struct arena *arena, const struct json *filter, bool any, struct condition **out,
                   struct failure *failure)
{
    struct reading reading = {.arena = arena, .failure = failure};

    return read_terms(&reading, read_condition, filter, any, out);
}

bool legacy_key_conditions(struct arena *arena, const struct json *conditions, struct key_condition *out,
                           struct failure *failure)
{
    struct reading reading = {.arena = arena, .failure = failure};
    size_t count = conditions->object.count;

    *out = (struct key_condition){.count = 0};
    for (size_t i = 0; i < count; i++) {
        struct term term;
        if (!read_term(&reading, read_condition, &conditions->object.members[i], &term))
            return false;
        if (i >= KEY_TERMS_LIMIT)
            continue;
        out->terms[out->count++] = (struct key_term){
            .attribute = term.name,
            .comparator = term.comparison->key,
            .operands = {term.count > 0 ? &term.values[0] : NULL, term.count > 1 ? &term.values[1] : NULL}};
    }
    if (count == 0 || count > KEY_TERMS_LIMIT)
        out->problem = SLICE("Conditions can be of length 1 or 2 only");
    return true;
}
