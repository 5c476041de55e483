/*
 * Key conditions: parsed and checked as conditions are, and then, which AWS does after it looked for unused
 * placeholders, taken apart into one comparison of a value with each key attribute.
 */
#include "expressions/condition.h"
#include "expressions/expressions.h"
#include "expressions/invalid.h"

/* The operator with its operands as written, and with them in turn: `:a < k` is `k > :a`. */
static const struct {
    enum node_type node;
    enum key_operator comparator;
    enum key_operator turned;
} comparators[] = {
    {NODE_EQUAL, KEY_EQUAL, KEY_EQUAL},
    {NODE_LESS, KEY_LESS, KEY_GREATER},
    {NODE_LESS_OR_EQUAL, KEY_LESS_OR_EQUAL, KEY_GREATER_OR_EQUAL},
    {NODE_GREATER, KEY_GREATER, KEY_LESS},
    {NODE_GREATER_OR_EQUAL, KEY_GREATER_OR_EQUAL, KEY_LESS_OR_EQUAL},
    {NODE_BETWEEN, KEY_BETWEEN, KEY_NONE},
};

enum key_operator key_operator_of(const struct node *node, bool turned)
{
    if (node->type == NODE_CALL)
        return node->function == FUNCTION_BEGINS_WITH ? KEY_BEGINS_WITH : KEY_NONE;
    for (size_t i = 0; i < sizeof(comparators) / sizeof(comparators[0]); i++)
        if (comparators[i].node == node->type)
            return turned ? comparators[i].turned : comparators[i].comparator;
    return KEY_NONE;
}

/* The one attribute that a comparison is about. */
static bool find_attribute(const struct node *node, bool must_be_first, const struct node **out,
                           struct failure *failure)
{
    const struct node *attribute = NULL;

    for (const struct node *operand = node->operands; operand != NULL; operand = operand->sibling) {
        if (operand->type == NODE_CALL)
            return fail(failure, ERROR_VALIDATION,
                        "KeyConditionExpressions cannot contain nested operations");
        if (must_be_first && operand == node->operands && operand->type != NODE_PATH)
            return fail_joined(
                failure, PARTS(SLICE("Invalid condition in KeyConditionExpression: "), node_operator(node),
                               SLICE(" operator must have the key attribute as its first operand")));
        if (operand->type != NODE_PATH)
            continue;
        if (attribute != NULL)
            return fail(failure, ERROR_VALIDATION,
                        "Invalid condition in KeyConditionExpression: Multiple attribute names used in one "
                        "condition");
        if (operand->path.count > 1)
            return fail(failure, ERROR_VALIDATION,
                        "KeyConditionExpressions cannot have conditions on nested attributes");
        attribute = operand;
    }
    if (attribute == NULL)
        return fail(failure, ERROR_VALIDATION,
                    "Invalid condition in KeyConditionExpression: No key attribute specified");
    *out = attribute;
    return true;
}

static bool add_term(struct key_condition *condition, const struct key_term *term, struct failure *failure)
{
    for (unsigned i = 0; i < condition->count; i++)
        if (slice_equal(condition->terms[i].attribute, term->attribute))
            return fail(failure, ERROR_VALIDATION,
                        "KeyConditionExpressions must only contain one condition per key");
    if (condition->count == KEY_TERMS_LIMIT)
        return fail(failure, ERROR_VALIDATION, "Conditions can be of length 1 or 2 only");
    condition->terms[condition->count++] = *term;
    return true;
}

static bool take_comparison(struct key_condition *condition, const struct node *node, struct failure *failure)
{
    enum key_operator comparator = key_operator_of(node, false);
    const struct node *attribute = NULL;

    if (comparator == KEY_NONE)
        return fail_joined(
            failure, PARTS(SLICE("Invalid operator used in KeyConditionExpression: "), node_operator(node)));
    bool must_be_first = comparator == KEY_BETWEEN || comparator == KEY_BEGINS_WITH;
    if (!find_attribute(node, must_be_first, &attribute, failure))
        return false;
    struct key_term term = {.attribute = attribute->path.elements[0].name,
                            .comparator = key_operator_of(node, attribute != node->operands)};
    unsigned count = 0;
    for (const struct node *operand = node->operands; operand != NULL; operand = operand->sibling)
        if (operand != attribute)
            term.operands[count++] = operand->value;
    return add_term(condition, &term, failure);
}

/* Recursion goes as deep as operators are nested, OPERATOR_LIMIT. */
static bool take(struct key_condition *condition, const struct node *node, struct failure *failure)
{
    if (node->type == NODE_AND)
        return take(condition, node->operands, failure) && take(condition, node->operands->sibling, failure);
    return take_comparison(condition, node, failure);
}

bool key_condition_parse(struct arena *arena, struct slice text, struct placeholders *placeholders,
                         struct key_condition *out, struct failure *failure)
{
    struct condition *condition;
    struct failure problem;

    *out = (struct key_condition){.count = 0};
    if (!condition_parse(arena, EXPRESSION_KEY_CONDITION, text, placeholders, &condition, failure))
        return false;
    failure_init(&problem, arena);
    if (!take(out, condition->root, &problem)) {
        out->count = 0;
        out->problem = problem.message;
    }
    return true;
}

const struct key_term *key_condition_term(const struct key_condition *condition, struct slice attribute)
{
    for (unsigned i = 0; i < condition->count; i++) {
        if (slice_equal(condition->terms[i].attribute, attribute))
            return &condition->terms[i];
    }
    return NULL;
}

bool key_condition_check(const struct key_condition *condition, struct failure *failure)
{
    return condition->problem.len == 0 || fail_joined(failure, &condition->problem, 1);
}
