#include "expressions/projection.h"

#include "expressions/resolve.h"

static bool parse_paths(struct parser *parser)
{
    do {
        if (parser_path(parser) == NULL)
            return false;
    } while (parser_accept(parser, TOKEN_COMMA));
    return parser->lexer.current.type == TOKEN_END || parser_fail(parser);
}

/* The paths, of which the parser has kept a chain. */
static bool build_set(struct parser *parser, struct placeholders *placeholders, size_t *size,
                      struct path_set *out)
{
    size_t count = 0;

    for (const struct node *path = parser->first_mention; path != NULL; path = path->next_mention)
        count++;
    struct node **paths = arena_array(parser->arena, struct node *, count);
    count = 0;
    for (struct node *path = parser->first_mention; path != NULL; path = path->next_mention)
        paths[count++] = path;
    return path_set_build(parser, paths, count, placeholders, size, out);
}

bool projection_parse(struct arena *arena, struct slice text, struct placeholders *placeholders,
                      struct projection **out, struct failure *failure)
{
    struct projection *projection = arena_new(arena, struct projection);
    struct parser parser;
    size_t size = 0;

    *out = projection;
    return parser_init(&parser, arena, EXPRESSION_PROJECTION, text, failure) && parse_paths(&parser) &&
           parser_check_names(&parser) && build_set(&parser, placeholders, &size, &projection->paths) &&
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
