/* What WHERE says about keys: read off the condition's tree, whose depth OPERATOR_LIMIT bounds. */
#include "expressions/condition.h"
#include "expressions/partiql/partiql.h"

static bool is_attribute(const struct node *node, struct slice name)
{
    return node->type == NODE_PATH && node->path.count == 1 && slice_equal(node->path.elements[0].name, name);
}

/* The value that a comparison has the attribute compared with, on either side; NULL if it is no such one. */
static const struct value *compared_value(const struct node *node, struct slice name, bool *turned)
{
    const struct node *left = node->operands, *right = left->sibling;

    *turned = is_attribute(right, name);
    if (is_attribute(left, name) && right->type == NODE_VALUE)
        return right->value;
    return *turned && left->type == NODE_VALUE ? left->value : NULL;
}

static const struct value *equal_value(const struct node *node, struct slice name)
{
    bool turned;

    return node->type == NODE_EQUAL ? compared_value(node, name, &turned) : NULL;
}

/* ---- partitions ---- */

struct values {
    const struct value **all;
    size_t count;
};

/* Whether all operands of an IN, but the first, are values. */
static bool has_only_values(const struct node *in)
{
    for (const struct node *operand = in->operands->sibling; operand != NULL; operand = operand->sibling)
        if (operand->type != NODE_VALUE)
            return false;
    return true;
}

/* An item is read once, though WHERE names its partition twice. */
static void add_value(struct values *values, const struct value *value)
{
    for (size_t i = 0; i < values->count; i++)
        if (value_equal(values->all[i], value))
            return;
    values->all[values->count++] = value;
}

static struct values partitions(struct arena *arena, const struct node *node, struct slice name,
                                size_t *too_many)
{
    struct values none = {NULL, 0}, out = {NULL, 0};
    const struct value *equal = equal_value(node, name);

    if (equal != NULL) {
        out.all = arena_array(arena, const struct value *, 1);
        out.all[out.count++] = equal;
        return out;
    }
    if (node->type == NODE_IN && is_attribute(node->operands, name) && has_only_values(node)) {
        out.all = arena_array(arena, const struct value *, node->operand_count);
        for (const struct node *operand = node->operands->sibling; operand != NULL;
             operand = operand->sibling)
            add_value(&out, operand->value);
        if (node->operand_count - 1 > PARTITIONS_LIMIT)
            *too_many = node->operand_count - 1;
        return out;
    }
    if (node->type != NODE_AND && node->type != NODE_OR)
        return none;
    struct values left = partitions(arena, node->operands, name, too_many);
    struct values right = partitions(arena, node->operands->sibling, name, too_many);
    if (node->type == NODE_AND) /* either will do: the smaller */
        return left.count == 0 || (right.count > 0 && right.count < left.count) ? right : left;
    if (left.count == 0 || right.count == 0 || left.count + right.count > PARTITIONS_LIMIT)
        return none;
    out.all = arena_array(arena, const struct value *, left.count + right.count);
    memcpy(out.all, left.all, left.count * sizeof(*left.all));
    out.count = left.count;
    for (size_t i = 0; i < right.count; i++)
        add_value(&out, right.all[i]);
    return out;
}

size_t statement_partitions(struct arena *arena, const struct statement *statement, struct slice name,
                            const struct value ***values, size_t *too_many)
{
    *too_many = 0;
    if (statement->condition == NULL)
        return 0;
    struct values found = partitions(arena, statement->condition->root, name, too_many);
    *values = found.all;
    return found.count;
}

/* ---- terms ---- */

static bool read_term(const struct node *node, struct slice name, struct key_term *term)
{
    bool turned;

    *term = (struct key_term){.attribute = name, .comparator = key_operator_of(node, false)};
    if (term->comparator == KEY_NONE)
        return false;
    if (term->comparator == KEY_BETWEEN || term->comparator == KEY_BEGINS_WITH) {
        const struct node *first = node->operands->sibling, *second = first->sibling;
        if (!is_attribute(node->operands, name) || first->type != NODE_VALUE ||
            (second != NULL && second->type != NODE_VALUE))
            return false;
        term->operands[0] = first->value;
        term->operands[1] = second != NULL ? second->value : NULL;
        return true;
    }
    term->operands[0] = compared_value(node, name, &turned);
    term->comparator = key_operator_of(node, turned);
    return term->operands[0] != NULL;
}

static size_t count_joined(const struct node *node)
{
    return node->type == NODE_AND ? count_joined(node->operands) + count_joined(node->operands->sibling) : 1;
}

static void gather_terms(const struct node *node, struct slice name, struct key_term *terms, size_t *count)
{
    if (node->type == NODE_AND) {
        gather_terms(node->operands, name, terms, count);
        gather_terms(node->operands->sibling, name, terms, count);
    } else if (read_term(node, name, &terms[*count])) {
        (*count)++;
    }
}

size_t statement_terms(struct arena *arena, const struct statement *statement, struct slice name,
                       struct key_term **terms)
{
    size_t count = 0;

    if (statement->condition == NULL)
        return 0;
    *terms = arena_array(arena, struct key_term, count_joined(statement->condition->root));
    gather_terms(statement->condition->root, name, *terms, &count);
    return count;
}

/* ---- one item ---- */

/* The tree without its equalities of these attributes at the top; NULL if nothing is left. */
static const struct node *without(struct arena *arena, const struct node *node, const struct slice *names,
                                  size_t count)
{
    if (node->type != NODE_AND) {
        for (size_t i = 0; i < count; i++)
            if (equal_value(node, names[i]) != NULL)
                return NULL;
        return node;
    }
    const struct node *left = without(arena, node->operands, names, count);
    const struct node *right = without(arena, node->operands->sibling, names, count);
    if (left == NULL || right == NULL)
        return left != NULL ? left : right;
    if (left == node->operands && right == node->operands->sibling)
        return node;
    /* Copies, for an operand of one node cannot be another's. */
    struct node *copy = arena_array(arena, struct node, 3);
    copy[0] = *node;
    copy[1] = *left;
    copy[2] = *right;
    copy[0].operands = &copy[1];
    copy[0].last_operand = &copy[2];
    copy[1].sibling = &copy[2];
    copy[2].sibling = NULL;
    return copy;
}

/* Of the equalities of one attribute: whether there are several, and whether they differ. */
struct repetition {
    bool repeats;
    bool differs;
};

/* The value that the attribute is first equal to; NULL if there is none. */
static const struct value *find_equal(const struct node *node, struct slice name,
                                      struct repetition *repetition)
{
    if (node->type != NODE_AND)
        return equal_value(node, name);
    const struct value *left = find_equal(node->operands, name, repetition);
    const struct value *right = find_equal(node->operands->sibling, name, repetition);
    if (left != NULL && right != NULL) {
        repetition->repeats = true;
        repetition->differs = repetition->differs || !value_equal(left, right);
    }
    return left != NULL ? left : right;
}

bool statement_key(struct arena *arena, const struct statement *statement, const struct slice *names,
                   size_t count, struct item *key, struct condition **rest, struct slice *twice)
{
    *twice = SLICE("");
    *rest = NULL;
    *key = (struct item){arena_array(arena, struct attribute, count), 0};
    if (statement->condition == NULL)
        return false;
    const struct node *root = statement->condition->root;
    bool repeats = false;
    for (size_t i = 0; i < count; i++) {
        struct repetition repetition = {false, false};
        const struct value *value = find_equal(root, names[i], &repetition);
        if (value == NULL)
            return false;
        repeats = repeats || repetition.repeats;
        if (repetition.differs && twice->len == 0)
            *twice = names[i];
        key->attributes[key->count++] = (struct attribute){names[i], *value};
    }
    /* In EXISTS a further equality is the condition that it needs. */
    if (statement->kind == STATEMENT_EXISTS && repeats) {
        *twice = SLICE("");
        *rest = statement->condition;
        return true;
    }
    root = without(arena, root, names, count);
    if (root != NULL) {
        *rest = arena_new(arena, struct condition);
        **rest = (struct condition){root, statement->condition->first_mention};
    }
    return true;
}

/* ---- types ---- */

static bool is_empty(const struct value *value)
{
    return (value->type == VALUE_S || value->type == VALUE_B) && value->bytes.len == 0;
}

/* Of the operands of one comparison, or of begins_with() and contains(). */
static const struct value *operand_misfit(const struct node *node, struct slice name, enum value_type type)
{
    bool concerns = false;

    for (const struct node *operand = node->operands; operand != NULL; operand = operand->sibling)
        concerns = concerns || is_attribute(operand, name);
    for (const struct node *operand = node->operands; concerns && operand != NULL; operand = operand->sibling)
        if (operand->type == NODE_VALUE && (operand->value->type != type || is_empty(operand->value)))
            return operand->value;
    return NULL;
}

static const struct value *misfit(const struct node *node, struct slice name, enum value_type type)
{
    const struct value *found = NULL;

    switch (node->type) {
    case NODE_PATH:
    case NODE_VALUE:
        return NULL;
    case NODE_CALL:
        return node->function == FUNCTION_BEGINS_WITH || node->function == FUNCTION_CONTAINS
                   ? operand_misfit(node, name, type)
                   : NULL;
    case NODE_AND:
    case NODE_OR:
    case NODE_NOT:
        for (const struct node *operand = node->operands; found == NULL && operand != NULL;
             operand = operand->sibling)
            found = misfit(operand, name, type);
        return found;
    default:
        return operand_misfit(node, name, type);
    }
}

const struct value *statement_misfit(const struct statement *statement, struct slice name,
                                     enum value_type type)
{
    return statement->condition == NULL ? NULL : misfit(statement->condition->root, name, type);
}
