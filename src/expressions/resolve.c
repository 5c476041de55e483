#include "expressions/resolve.h"

#include "base/base64.h"
#include "expressions/invalid.h"

/* Types as bits of a mask. */
#define TYPE(type) (1u << VALUE_##type)

enum { NO_TYPE = 0 };

static const unsigned ORDERED = TYPE(S) | TYPE(N) | TYPE(B);
static const unsigned SIZED = TYPE(S) | TYPE(B) | TYPE(M) | TYPE(L) | TYPE(SS) | TYPE(NS) | TYPE(BS);

static const char *const operators[] = {
    [NODE_EQUAL] = "=",         [NODE_NOT_EQUAL] = "<>",
    [NODE_LESS] = "<",          [NODE_LESS_OR_EQUAL] = "<=",
    [NODE_GREATER] = ">",       [NODE_GREATER_OR_EQUAL] = ">=",
    [NODE_BETWEEN] = "BETWEEN", [NODE_IN] = "IN",
    [NODE_NOT] = "NOT",         [NODE_AND] = "AND",
    [NODE_OR] = "OR",           [NODE_PLUS] = "+",
    [NODE_MINUS] = "-",         [NODE_PATH] = "",
    [NODE_VALUE] = "",          [NODE_CALL] = "",
};

struct slice node_operator(const struct node *node)
{
    return node->type == NODE_CALL ? node->text : slice_of(operators[node->type]);
}

/* The type that an operand has whatever the item is; NO_TYPE if that is not known. */
static unsigned known_type(const struct node *operand)
{
    switch (operand->type) {
    case NODE_VALUE:
        return operand->value->type;
    case NODE_PATH:
        return NO_TYPE;
    case NODE_PLUS:
    case NODE_MINUS:
        return VALUE_N;
    case NODE_CALL:
        if (operand->function == FUNCTION_SIZE)
            return VALUE_N;
        if (operand->function == FUNCTION_LIST_APPEND)
            return VALUE_L;
        return operand->function == FUNCTION_IF_NOT_EXISTS ? NO_TYPE : VALUE_BOOL;
    default:
        return VALUE_BOOL;
    }
}

static bool fail_type(struct parser *parser, const struct node *node, struct slice type)
{
    return invalid_joined(
        parser->failure, parser->kind,
        PARTS(SLICE("Incorrect operand type for operator or function; operator or function: "),
              node_operator(node), SLICE(", operand type: "), type));
}

static bool check_types(struct parser *parser, const struct node *node, unsigned allowed)
{
    for (const struct node *operand = node->operands; operand != NULL; operand = operand->sibling) {
        unsigned type = known_type(operand);
        if (type != NO_TYPE && (allowed & (1u << type)) == 0)
            return fail_type(parser, node, slice_of(value_type_name((enum value_type)type)));
    }
    return true;
}

static bool check_distinct(struct parser *parser, const struct node *node)
{
    const struct node *first = node->operands;

    if (first->type != NODE_PATH)
        return true;
    for (const struct node *other = first->sibling; other != NULL; other = other->sibling)
        if (other->type == NODE_PATH && path_equal(&first->path, &other->path))
            return invalid_joined(
                parser->failure, parser->kind,
                PARTS(
                    SLICE(
                        "The first operand must be distinct from the remaining operands for this operator or "
                        "function; operator: "),
                    node_operator(node), SLICE(", first operand: "), path_text(parser->arena, &first->path)));
    return true;
}

/* "AttributeValue: {N:1}" */
static struct slice bound_text(struct parser *parser, const struct value *value)
{
    struct buffer text;

    buffer_init(&text);
    buffer_printf(&text, "AttributeValue: {%s:", value_type_name(value->type));
    if (value->type == VALUE_N)
        number_write(&text, &value->number);
    else if (value->type == VALUE_B)
        base64_encode(&text, value->bytes);
    else
        buffer_append(&text, value->bytes);
    buffer_append_byte(&text, '}');
    struct slice copy = arena_copy(parser->arena, buffer_slice(&text));
    buffer_finish(&text);
    return copy;
}

static bool fail_bounds(struct parser *parser, struct slice why, const struct value *lower,
                        const struct value *upper)
{
    return invalid_joined(parser->failure, parser->kind,
                          PARTS(SLICE("The BETWEEN operator requires "), why,
                                SLICE("; lower bound operand: "), bound_text(parser, lower),
                                SLICE(", upper bound operand: "), bound_text(parser, upper)));
}

static bool check_between(struct parser *parser, const struct node *node)
{
    const struct node *lower = node->operands->sibling;
    const struct node *upper = lower->sibling;

    if (!check_types(parser, node, ORDERED) || !check_distinct(parser, node))
        return false;
    if (lower->type != NODE_VALUE || upper->type != NODE_VALUE)
        return true;
    if (lower->value->type != upper->value->type)
        return fail_bounds(parser, SLICE("same data type for lower and upper bounds"), lower->value,
                           upper->value);
    if (value_compare(lower->value, upper->value) > 0)
        return fail_bounds(parser, SLICE("upper bound to be greater than or equal to lower bound"),
                           lower->value, upper->value);
    return true;
}

static bool check_in(struct parser *parser, const struct node *node)
{
    unsigned count = node->operand_count - 1;

    if (!check_distinct(parser, node))
        return false;
    if (count > IN_OPERAND_LIMIT)
        return invalid_joined(
            parser->failure, parser->kind,
            PARTS(SLICE("The IN operator is provided with too many operands; number of operands: "),
                  arena_printf(parser->arena, "%u", count)));
    return true;
}

static bool is_type_name(struct slice name)
{
    for (unsigned type = VALUE_S; type <= VALUE_BS; type++)
        if (slice_is(name, value_type_name((enum value_type)type)))
            return true;
    return false;
}

/* AWS lists types in the order of a hash set, which differs from one run to the next. */
static bool check_attribute_type(struct parser *parser, const struct node *node)
{
    const struct node *name = node->operands->sibling;
    unsigned type = known_type(name);

    if (type == NO_TYPE)
        return fail_type(parser, node, SLICE("{NS,SS,L,BS,N,M,B,BOOL,NULL,S}"));
    if (type != VALUE_S || name->type != NODE_VALUE)
        return fail_type(parser, node, slice_of(value_type_name((enum value_type)type)));
    if (!is_type_name(name->value->bytes))
        return invalid_joined(parser->failure, parser->kind,
                              PARTS(SLICE("Invalid attribute type name found; type: "), name->value->bytes,
                                    SLICE(", valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}")));
    return true;
}

static bool check_call(struct parser *parser, const struct node *node)
{
    const struct function_rules *rules = function_rules(node->function);

    if (node->operand_count != rules->operands)
        return invalid_joined(
            parser->failure, parser->kind,
            PARTS(SLICE("Incorrect number of operands for operator or function; operator or function: "),
                  node->text, SLICE(", number of operands: "),
                  arena_printf(parser->arena, "%u", node->operand_count)));
    if (rules->needs == NEEDS_PATH && node->operands->type != NODE_PATH)
        return invalid_joined(
            parser->failure, parser->kind,
            PARTS(SLICE("Operator or function requires a document path; operator or function: "),
                  node->text));
    if (rules->distinct && !check_distinct(parser, node))
        return false;
    switch (node->function) {
    case FUNCTION_ATTRIBUTE_TYPE:
        return check_attribute_type(parser, node);
    case FUNCTION_BEGINS_WITH:
        return check_types(parser, node, TYPE(S) | TYPE(B));
    case FUNCTION_SIZE:
        return check_types(parser, node, SIZED);
    case FUNCTION_LIST_APPEND:
        return check_types(parser, node, TYPE(L));
    default:
        return true;
    }
}

static bool resolve_node(struct parser *parser, struct node *node, struct placeholders *placeholders,
                         size_t *size)
{
    switch (node->type) {
    case NODE_PATH:
        return placeholders_resolve_path(placeholders, parser->kind, &node->path, size, parser->failure);
    case NODE_VALUE:
        return placeholders_resolve_value(placeholders, parser->kind, node, size, parser->failure);
    case NODE_CALL:
        return check_call(parser, node);
    case NODE_EQUAL:
    case NODE_NOT_EQUAL:
        return check_distinct(parser, node);
    case NODE_LESS:
    case NODE_LESS_OR_EQUAL:
    case NODE_GREATER:
    case NODE_GREATER_OR_EQUAL:
        return check_types(parser, node, ORDERED) && check_distinct(parser, node);
    case NODE_BETWEEN:
        return check_between(parser, node);
    case NODE_IN:
        return check_in(parser, node);
    case NODE_PLUS:
    case NODE_MINUS:
        return check_types(parser, node, TYPE(N));
    case NODE_NOT:
    case NODE_AND:
    case NODE_OR:
        break;
    }
    return true;
}

bool resolve_nodes(struct parser *parser, struct node *first, struct placeholders *placeholders, size_t *size)
{
    for (struct node *node = first; node != NULL; node = node->next_complete)
        if (!resolve_node(parser, node, placeholders, size))
            return false;
    return true;
}

bool resolve_check_limits(struct parser *parser, size_t size)
{
    if (parser->operators > OPERATOR_LIMIT)
        return invalid_joined(parser->failure, parser->kind,
                              PARTS(SLICE("The expression contains too many operators; operator count: "),
                                    arena_printf(parser->arena, "%d", OPERATOR_LIMIT + 1)));
    if (parser->lexer.text.len + size > RESOLVED_SIZE_LIMIT)
        return invalid_joined(parser->failure, parser->kind,
                              PARTS(SLICE("Expression size has exceeded the maximum allowed size;")));
    return true;
}
