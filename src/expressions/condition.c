#include "expressions/condition.h"

#include "expressions/resolve.h"

bool condition_build(struct parser *parser, const struct node *root, struct placeholders *placeholders,
                     struct condition **out)
{
    struct condition *condition = arena_new(parser->arena, struct condition);
    size_t size = 0;

    *out = condition;
    *condition = (struct condition){root, parser->first_mention};
    return resolve_nodes(parser, parser->first_complete, placeholders, &size) &&
           resolve_check_limits(parser, size);
}

bool condition_parse(struct arena *arena, enum expression_kind kind, struct slice text,
                     struct placeholders *placeholders, struct condition **out, struct failure *failure)
{
    struct parser parser;

    *out = NULL;
    if (!parser_init(&parser, arena, kind, text, failure))
        return false;
    const struct node *root = parser_condition(&parser);
    return root != NULL && parser_check_names(&parser) && condition_build(&parser, root, placeholders, out);
}

bool condition_mentions(const struct condition *condition, struct slice attribute)
{
    for (const struct node *node = condition->first_mention; node != NULL; node = node->next_mention)
        if (node->type == NODE_PATH && slice_equal(node->path.elements[0].name, attribute))
            return true;
    return false;
}

size_t condition_attributes(struct arena *arena, const struct condition *condition, struct slice **names)
{
    size_t count = 0, place;

    for (const struct node *node = condition->first_mention; node != NULL; node = node->next_mention)
        count += node->type == NODE_PATH;
    *names = arena_array(arena, struct slice, count);
    count = 0;
    for (const struct node *node = condition->first_mention; node != NULL; node = node->next_mention) {
        if (node->type != NODE_PATH)
            continue;
        struct slice name = node->path.elements[0].name;
        for (place = count; place > 0 && slice_compare((*names)[place - 1], name) > 0; place--)
            continue;
        if (place > 0 && slice_equal((*names)[place - 1], name))
            continue;
        memmove(&(*names)[place + 1], &(*names)[place], (count - place) * sizeof(name));
        (*names)[place] = name;
        count++;
    }
    return count;
}
