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

static void set_columns(struct parser *parser, struct projection *projection, const struct slice *labels)
{
    projection->columns = arena_array(parser->arena, struct column, projection->paths.count);
    for (const struct node *path = parser->first_mention; path != NULL; path = path->next_mention) {
        size_t i = projection->column_count++;
        projection->columns[i] = (struct column){labels[i], &path->path};
    }
}

bool projection_build(struct parser *parser, const struct slice *labels, struct placeholders *placeholders,
                      struct projection **out)
{
    struct projection *projection = arena_new(parser->arena, struct projection);
    size_t size = 0;

    *out = projection;
    if (!build_set(parser, placeholders, &size, &projection->paths) || !resolve_check_limits(parser, size))
        return false;
    if (labels != NULL)
        set_columns(parser, projection, labels);
    return true;
}

bool projection_parse(struct arena *arena, struct slice text, struct placeholders *placeholders,
                      struct projection **out, struct failure *failure)
{
    struct parser parser;

    *out = NULL;
    return parser_init(&parser, arena, EXPRESSION_PROJECTION, text, failure) && parse_paths(&parser) &&
           parser_check_names(&parser) && projection_build(&parser, NULL, placeholders, out);
}

struct item projection_apply(struct arena *arena, const struct projection *projection,
                             const struct item *item)
{
    struct item out = {NULL, 0};

    if (projection->columns == NULL)
        return path_set_extract(arena, &projection->paths, item);
    out.attributes = arena_array(arena, struct attribute, projection->column_count);
    for (size_t i = 0; i < projection->column_count; i++) {
        const struct value *value = path_find(projection->columns[i].path, item);
        if (value != NULL)
            out.attributes[out.count++] = (struct attribute){projection->columns[i].label, *value};
    }
    return out;
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
