#include "expressions/ast.h"

struct node *node_create(struct arena *arena, enum node_type type)
{
    struct node *node = arena_new(arena, struct node);

    node->type = type;
    return node;
}

void node_add_operand(struct node *node, struct node *operand)
{
    if (node->operands == NULL)
        node->operands = operand;
    else
        node->last_operand->sibling = operand;
    node->last_operand = operand;
    node->operand_count++;
}

struct node *node_of_attribute(struct arena *arena, struct slice name)
{
    struct node *node = node_create(arena, NODE_PATH);

    path_add(arena, &node->path, (struct path_element){.text = name, .name = name});
    return node;
}

struct node *node_of_value(struct arena *arena, const struct value *value)
{
    struct node *node = node_create(arena, NODE_VALUE);

    node->value = value;
    return node;
}
