#include "expressions/expressions.h"
#include "expressions/path_set.h"
#include "expressions/resolve.h"

struct projection {
    struct path_set paths;
};

/* A list of nodes, in the order of the text. */
struct node_list {
    struct node **nodes;
    size_t count;
    size_t capacity;
};

static void add_node(struct arena *arena, struct node_list *list, struct node *node)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity == 0 ? 8 : list->capacity * 2;
        list->nodes = arena_grow(arena, list->nodes, list->count, capacity, sizeof(*list->nodes));
        list->capacity = capacity;
    }
    list->nodes[list->count++] = node;
}

static bool parse_paths(struct parser *parser, struct node_list *paths)
{
    do {
        struct node *path = parser_path(parser);
        if (path == NULL)
            return false;
        add_node(parser->arena, paths, path);
    } while (parser_accept(parser, TOKEN_COMMA));
    return parser->lexer.current.type == TOKEN_END || parser_fail(parser);
}

bool projection_parse(struct arena *arena, struct slice text, struct placeholders *placeholders,
                      struct projection **out, struct failure *failure)
{
    struct projection *projection = arena_new(arena, struct projection);
    struct node_list paths = {0};
    struct parser parser;
    size_t size = 0;

    *out = projection;
    return parser_init(&parser, arena, EXPRESSION_PROJECTION, text, failure) &&
           parse_paths(&parser, &paths) && parser_check_names(&parser) &&
           path_set_build(&parser, paths.nodes, paths.count, placeholders, &size, &projection->paths) &&
           resolve_check_limits(&parser, size);
}

struct item projection_apply(struct arena *arena, const struct projection *projection,
                             const struct item *item)
{
    return path_set_extract(arena, &projection->paths, item);
}

size_t projection_attributes(struct arena *arena, const struct projection *projection, struct slice **names)
{
    const struct path_set *set = &projection->paths;
    struct path_range rest = {0, set->count};
    size_t count = 0;

    *names = arena_array(arena, struct slice, set->count);
    while (rest.first < rest.end) {
        (*names)[count++] = set->members[rest.first].path->elements[0].name;
        rest.first = path_set_group(set, rest, 0).end;
    }
    return count;
}
