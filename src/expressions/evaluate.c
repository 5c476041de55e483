/* Conditions against items: AWS's "Comparison operator and function reference". */
#include "base/characters.h"
#include "base/check.h"
#include "expressions/condition.h"

/* ---- operands ---- */

/* AWS counts the characters of a string as Java does. */
static bool value_length(const struct value *value, size_t *length)
{
    switch (value->type) {
    case VALUE_S:
        *length = utf16_length(value->bytes);
        return true;
    case VALUE_B:
        *length = value->bytes.len;
        return true;
    case VALUE_M:
        *length = value->map.count;
        return true;
    case VALUE_L:
    case VALUE_SS:
    case VALUE_NS:
    case VALUE_BS:
        *length = value->list.count;
        return true;
    case VALUE_N:
    case VALUE_BOOL:
    case VALUE_NULL:
        break;
    }
    return false;
}

static struct value number_value(size_t count)
{
    struct value value = {.type = VALUE_N};
    struct failure none = {0};
    char text[24];
    int length = snprintf(text, sizeof(text), "%zu", count);
    bool read = number_parse((struct slice){text, (size_t)length}, &value.number, &none);

    CHECK(read);
    return value;
}

static bool holds(const struct node *node, const struct item *item);

/* The operand's value, NULL if it has none in this item; *made holds it where it is a function's, or a
 * condition's, which only PartiQL takes for an operand. */
static const struct value *operand_value(const struct node *node, const struct item *item, struct value *made)
{
    size_t length;

    switch (node->type) {
    case NODE_PATH:
        return path_find(&node->path, item);
    case NODE_VALUE:
        return node->value;
    default: {
        if (node->type != NODE_CALL || node->function != FUNCTION_SIZE) {
            *made = (struct value){.type = VALUE_BOOL, .boolean = holds(node, item)};
            return made;
        }
        /* Its operand is no function with a value of its own. */
        const struct value *value = operand_value(node->operands, item, made);
        if (value == NULL || !value_length(value, &length))
            return NULL;
        *made = number_value(length);
        return made;
    }
    }
}

/* ---- comparisons ---- */

static bool is_ordered(enum value_type type)
{
    return type == VALUE_S || type == VALUE_N || type == VALUE_B;
}

static bool are_ordered(const struct value *a, const struct value *b)
{
    return a != NULL && b != NULL && a->type == b->type && is_ordered(a->type);
}

static bool compare(const struct node *node, const struct item *item)
{
    struct value made[2];
    const struct value *left = operand_value(node->operands, item, &made[0]);
    const struct value *right = operand_value(node->operands->sibling, item, &made[1]);

    if (node->type == NODE_EQUAL || node->type == NODE_NOT_EQUAL) {
        bool equal = left != NULL && right != NULL && value_equal(left, right);
        return equal == (node->type == NODE_EQUAL);
    }
    if (!are_ordered(left, right))
        return false;
    int order = value_compare(left, right);
    switch (node->type) {
    case NODE_LESS:
        return order < 0;
    case NODE_LESS_OR_EQUAL:
        return order <= 0;
    case NODE_GREATER:
        return order > 0;
    default:
        return order >= 0;
    }
}

static bool between(const struct node *node, const struct item *item)
{
    struct value made[3];
    const struct node *lower = node->operands->sibling;
    const struct value *value = operand_value(node->operands, item, &made[0]);
    const struct value *low = operand_value(lower, item, &made[1]);
    const struct value *high = operand_value(lower->sibling, item, &made[2]);

    return are_ordered(value, low) && are_ordered(value, high) && value_compare(value, low) >= 0 &&
           value_compare(value, high) <= 0;
}

static bool is_in(const struct node *node, const struct item *item)
{
    struct value made[2];
    const struct value *value = operand_value(node->operands, item, &made[0]);

    if (value == NULL)
        return false;
    for (const struct node *operand = node->operands->sibling; operand != NULL; operand = operand->sibling) {
        const struct value *candidate = operand_value(operand, item, &made[1]);
        if (candidate != NULL && value_equal(value, candidate))
            return true;
    }
    return false;
}

/* ---- functions ---- */

static bool bytes_contain(struct slice bytes, struct slice part)
{
    return part.len == 0 || memmem(bytes.ptr, bytes.len, part.ptr, part.len) != NULL;
}

static bool list_contains(const struct value_list *list, const struct value *element)
{
    for (size_t i = 0; i < list->count; i++)
        if (value_equal(&list->values[i], element))
            return true;
    return false;
}

static bool contains(const struct value *value, const struct value *part)
{
    if (value == NULL || part == NULL)
        return false;
    switch (value->type) {
    case VALUE_S:
    case VALUE_B:
        return part->type == value->type && bytes_contain(value->bytes, part->bytes);
    case VALUE_L:
    case VALUE_SS:
    case VALUE_NS:
    case VALUE_BS:
        return list_contains(&value->list, part);
    default:
        return false;
    }
}

static bool begins_with(const struct value *value, const struct value *prefix)
{
    return value != NULL && prefix != NULL && value->type == prefix->type &&
           (value->type == VALUE_S || value->type == VALUE_B) &&
           slice_starts_with(value->bytes, prefix->bytes);
}

static bool call(const struct node *node, const struct item *item)
{
    struct value made[2];
    const struct node *second = node->operands->sibling;
    const struct value *value = operand_value(node->operands, item, &made[0]);

    switch (node->function) {
    case FUNCTION_ATTRIBUTE_EXISTS:
        return value != NULL;
    case FUNCTION_ATTRIBUTE_NOT_EXISTS:
        return value == NULL;
    case FUNCTION_ATTRIBUTE_TYPE:
        return value != NULL && slice_is(second->value->bytes, value_type_name(value->type));
    case FUNCTION_BEGINS_WITH:
        return begins_with(value, operand_value(second, item, &made[1]));
    default:
        return contains(value, operand_value(second, item, &made[1]));
    }
}

static bool holds(const struct node *node, const struct item *item);

/* Whether one of an operator's operands holds, or fails to. */
static bool any_is(bool wanted, const struct node *node, const struct item *item)
{
    for (const struct node *operand = node->operands; operand != NULL; operand = operand->sibling)
        if (holds(operand, item) == wanted)
            return true;
    return false;
}

/* Recursion goes as deep as operators are nested: OPERATOR_LIMIT. */
static bool holds(const struct node *node, const struct item *item)
{
    switch (node->type) {
    case NODE_AND:
        return !any_is(false, node, item);
    case NODE_OR:
        return any_is(true, node, item);
    case NODE_NOT:
        return !holds(node->operands, item);
    case NODE_BETWEEN:
        return between(node, item);
    case NODE_IN:
        return is_in(node, item);
    case NODE_CALL:
        return call(node, item);
    default:
        return compare(node, item);
    }
}

bool condition_holds(const struct condition *condition, const struct item *item)
{
    static const struct item empty = {NULL, 0};

    return holds(condition->root, item != NULL ? item : &empty);
}
