/*
 * Statements, as far as syntax goes:
 *
 *     SELECT [ALL] ( * | path , ... ) FROM table[.index] [WHERE term] [ORDER BY name [ASC|DESC] , ...]
 *     INSERT INTO table VALUE term
 *     UPDATE table { SET path = term , ... | REMOVE path } [WHERE term] [RETURNING ...]
 *     DELETE FROM table [WHERE term] [RETURNING ...]
 *     EXISTS ( SELECT ... )
 *
 * What else PartiQL has is read far enough to say that it is not supported.
 */
#include "expressions/ast.h"
#include "expressions/invalid.h"
#include "expressions/partiql/reader.h"

/* A term by itself, such as all that stands behind WHERE. */
static struct term *read_clause(struct reader *reader)
{
    unsigned around = reader->operators; /* of what a nested SELECT stands in */

    reader->operators = 0;
    struct term *term = reader_term(reader);
    if (reader->operators > OPERATOR_LIMIT) /* also what bounds recursion over the term */
        reader_object(reader, "The expression contains too many operators; operator count: %d",
                      OPERATOR_LIMIT + 1);
    reader->operators = around;
    return term;
}

/* ---- tables ---- */

static void take_source(struct reader *reader, struct syntax *syntax, const struct term *path)
{
    const struct term *index = path->type == TERM_PATH ? path->children->sibling : NULL;

    syntax->source = path->text;
    if (path->type != TERM_NAME && path->type != TERM_PATH) {
        reader_object(reader, "Unexpected from source");
        return;
    }
    for (const struct term *step = index; step != NULL; step = step->sibling)
        if (step->bracketed || step->type != TERM_NAME)
            reader_object(reader, "Invalid list expression in source.");
    if (index == NULL)
        return;
    syntax->index = index->text;
    if (index->sibling != NULL)
        reader_object(reader, "A path may contain at most 2 components in the FROM clause");
}

/* Another name for a table: AS name, AT name, BY name, or the name alone. */
static bool read_alias(struct reader *reader)
{
    enum partiql_token_type type = reader->lexer.current.type;
    bool is_alias = type == PARTIQL_NAME || type == PARTIQL_QUOTED;

    if (reader_accepts(reader, "AS") || reader_accepts(reader, "AT") || reader_accepts(reader, "BY"))
        is_alias = true;
    if (!is_alias)
        return true;
    reader_object(reader, "Aliasing is not supported");
    return reader_name(reader) != NULL;
}

static bool read_source(struct reader *reader, struct syntax *syntax)
{
    struct term *source = read_clause(reader);

    if (source == NULL)
        return false;
    take_source(reader, syntax, source);
    return read_alias(reader);
}

/* Of a statement that writes. */
static bool read_target(struct reader *reader, struct syntax *syntax)
{
    struct term *target = reader_path(reader);

    if (target == NULL)
        return false;
    take_source(reader, syntax, target);
    return read_alias(reader);
}

/* ---- clauses ---- */

static bool read_where(struct reader *reader, struct syntax *syntax)
{
    if (!reader_accepts(reader, "WHERE"))
        return true;
    syntax->where = read_clause(reader);
    return syntax->where != NULL;
}

/* A term as DynamoDB Local shows it where a name should be: its kind, or its text. */
static struct slice shown(struct arena *arena, const struct term *term)
{
    static const char *const kinds[] = {
        [TERM_PARAMETER] = "PARAMETER", [TERM_PATH] = "PATH", [TERM_LIST] = "LIST",
        [TERM_SEQUENCE] = "LIST",       [TERM_BAG] = "BAG",   [TERM_TUPLE] = "STRUCT",
        [TERM_NULL] = "null",           [TERM_IS] = "is",     [TERM_ALL] = NULL};

    if (kinds[term->type] != NULL)
        return slice_of(kinds[term->type]);
    if (term->type == TERM_STRING)
        return arena_printf(arena, "\"%.*s\"", SLICE_ARGS(term->text));
    if (term->type == TERM_BOOLEAN)
        return term->text.len == 4 ? SLICE("true") : SLICE("false");
    return term->text;
}

static bool read_order(struct reader *reader, struct syntax *syntax)
{
    struct ordering **end = &syntax->order;

    if (!reader_accepts(reader, "ORDER"))
        return true;
    if (!reader_expects(reader, "BY"))
        return false;
    do {
        struct ordering *ordering = arena_new(reader->arena, struct ordering);
        ordering->key = read_clause(reader);
        if (ordering->key == NULL)
            return false;
        if (ordering->key->type != TERM_NAME)
            reader_object(reader, "Argument to ORDER BY must be of type VariableReference. Type: %.*s",
                          SLICE_ARGS(shown(reader->arena, ordering->key)));
        ordering->descending = reader_accepts(reader, "DESC");
        if (!ordering->descending)
            (void)reader_accepts(reader, "ASC");
        *end = ordering;
        end = &ordering->next;
    } while (reader_accepts(reader, ","));
    return true;
}

/* RETURNING (ALL | MODIFIED) (OLD | NEW) * */
static bool read_returning(struct reader *reader, struct syntax *syntax)
{
    static const enum returning kinds[2][2] = {{RETURNING_MODIFIED_OLD, RETURNING_MODIFIED_NEW},
                                               {RETURNING_ALL_OLD, RETURNING_ALL_NEW}};

    if (!reader_accepts(reader, "RETURNING"))
        return true;
    do {
        bool all = reader_accepts(reader, "ALL");
        if (!all && !reader_expects(reader, "MODIFIED"))
            return false;
        bool is_new = reader_accepts(reader, "NEW");
        if (!is_new && !reader_expects(reader, "OLD"))
            return false;
        if (syntax->returning != RETURNING_NOTHING)
            reader_object(reader, "Invalid syntax with multiple returning elements in RETURNING clause");
        syntax->returning = kinds[all][is_new];
        if (reader_accepts(reader, "*"))
            continue;
        reader_object(reader, "Expected '*' after ( MODIFIED | ALL ) ( NEW | OLD ) in RETURNING clause");
        if (reader_path(reader) == NULL)
            return false;
    } while (reader_accepts(reader, ","));
    return true;
}

/* ---- SELECT ---- */

static bool read_columns(struct reader *reader, struct syntax *syntax)
{
    struct term **end = &syntax->columns;

    if (reader_accepts(reader, "*"))
        return true;
    do {
        struct term *column = read_clause(reader);
        if (column == NULL)
            return false;
        *end = column;
        end = &column->sibling;
        enum partiql_token_type type = reader->lexer.current.type;
        if (reader_accepts(reader, "AS") || type == PARTIQL_NAME || type == PARTIQL_QUOTED) {
            reader_object(reader, "Aliasing is not supported");
            if (reader_name(reader) == NULL)
                return false;
        }
    } while (reader_accepts(reader, ","));
    return true;
}

static bool read_joins(struct reader *reader)
{
    static const char *const words[] = {"INNER", "CROSS", "LEFT", "RIGHT", "FULL", "OUTER"};
    bool joins = reader_accepts(reader, ",");

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        while (reader_accepts(reader, words[i]))
            joins = true;
    if (!joins && !reader_sees(reader, "JOIN"))
        return true;
    reader_object(reader, "Only select from a single table or index is supported.");
    (void)reader_accepts(reader, "JOIN");
    if (read_clause(reader) == NULL || !read_alias(reader))
        return false;
    return !reader_accepts(reader, "ON") || read_clause(reader) != NULL;
}

static bool read_group(struct reader *reader)
{
    if (!reader_accepts(reader, "GROUP"))
        return true;
    reader_object(reader, "Unsupported clause: GROUP BY");
    if (!reader_expects(reader, "BY"))
        return false;
    do {
        if (read_clause(reader) == NULL)
            return false;
    } while (reader_accepts(reader, ","));
    return true;
}

/* HAVING and LIMIT. */
static bool read_unsupported(struct reader *reader, const char *word)
{
    if (!reader_accepts(reader, word))
        return true;
    struct term *term = read_clause(reader);
    if (term == NULL)
        return false;
    reader_object(reader, "Unsupported clause: %s at %u:%u:%u", word, term->place.line, term->place.column,
                  term->place.length);
    return true;
}

static bool read_select(struct reader *reader, struct syntax *syntax)
{
    syntax->kind = STATEMENT_SELECT;
    if (reader_accepts(reader, "DISTINCT"))
        reader_object(reader, "Unsupported token in expression: DISTINCT");
    else
        (void)reader_accepts(reader, "ALL");
    if (reader_accepts(reader, "VALUE"))
        reader_object(reader, "Select projection doesn't support value or pivot keywords");
    return read_columns(reader, syntax) && reader_expects(reader, "FROM") && read_source(reader, syntax) &&
           read_joins(reader) && read_where(reader, syntax) && read_group(reader) &&
           read_unsupported(reader, "HAVING") && read_order(reader, syntax) &&
           read_unsupported(reader, "LIMIT");
}

/* ---- statements that write ---- */

static void object_to_index(struct reader *reader, const struct syntax *syntax, const char *message)
{
    if (syntax->index.ptr != NULL)
        reader_object(reader, "%s", message);
}

static bool read_insert(struct reader *reader, struct syntax *syntax)
{
    syntax->kind = STATEMENT_INSERT;
    if (!reader_expects(reader, "INTO") || !read_target(reader, syntax))
        return false;
    object_to_index(reader, syntax,
                    "FROM clause may only contain a single table name in data manipulation statements");
    bool of_one = reader_accepts(reader, "VALUE");
    if (!of_one) {
        (void)reader_accepts(reader, "VALUES");
        reader_object(reader, "Unsupported operation: InsertOp");
    }
    syntax->item = read_clause(reader);
    if (syntax->item == NULL || !read_returning(reader, syntax))
        return false;
    if (syntax->returning != RETURNING_NOTHING)
        reader_object(reader, "RETURNING is not supported in INSERT");
    if (syntax->item->type != TERM_TUPLE)
        reader_object(reader,
                      "Unsupported format in item expression. Please use struct format {...} to express item "
                      "values for insert statement. at %u:%u:%u",
                      syntax->item->place.line, syntax->item->place.column, syntax->item->place.length);
    return true;
}

static bool read_assignment(struct reader *reader, struct assignment ***end, bool is_set)
{
    struct assignment *assignment = arena_new(reader->arena, struct assignment);

    assignment->path = reader_path(reader);
    if (assignment->path == NULL)
        return false;
    if (is_set) {
        if (!reader_expects(reader, "="))
            return false;
        assignment->value = read_clause(reader);
        if (assignment->value == NULL)
            return false;
    }
    **end = assignment;
    *end = &assignment->next;
    return true;
}

static bool read_update(struct reader *reader, struct syntax *syntax)
{
    struct assignment **end = &syntax->assignments;

    syntax->kind = STATEMENT_UPDATE;
    if (!read_target(reader, syntax))
        return false;
    do {
        bool is_set = reader_accepts(reader, "SET");
        if (!is_set && !reader_expects(reader, "REMOVE"))
            return false;
        do {
            if (!read_assignment(reader, &end, is_set))
                return false;
        } while (is_set && reader_accepts(reader, ","));
    } while (reader_sees(reader, "SET") || reader_sees(reader, "REMOVE"));
    if (!read_where(reader, syntax) || !read_returning(reader, syntax))
        return false;
    object_to_index(reader, syntax, "This operation is not supported on an index");
    return true;
}

static bool read_delete(struct reader *reader, struct syntax *syntax)
{
    static const char *const names[] = {[RETURNING_ALL_NEW] = "ALL NEW",
                                        [RETURNING_MODIFIED_OLD] = "MODIFIED OLD",
                                        [RETURNING_MODIFIED_NEW] = "MODIFIED NEW"};

    syntax->kind = STATEMENT_DELETE;
    if (!reader_expects(reader, "FROM") || !read_target(reader, syntax) || !read_where(reader, syntax) ||
        !read_returning(reader, syntax))
        return false;
    object_to_index(reader, syntax, "This operation is not supported on an index");
    if (syntax->returning > RETURNING_ALL_OLD)
        reader_object(
            reader,
            "Invalid returning clause: RETURNING %s *. Only RETURNING ALL OLD * is allowed in DELETE "
            "statements.",
            names[syntax->returning]);
    return true;
}

/* ---- others ---- */

/* A term alone is a query in PartiQL; only EXISTS is one in DynamoDB. */
static bool read_expression(struct reader *reader, struct syntax *syntax)
{
    static const char *const names[] = {[TERM_STRING] = "Literal",
                                        [TERM_NUMBER] = "Literal",
                                        [TERM_BOOLEAN] = "Literal",
                                        [TERM_NULL] = "Literal",
                                        [TERM_MISSING] = "LiteralMissing",
                                        [TERM_ION] = "Literal",
                                        [TERM_PARAMETER] = "Parameter",
                                        [TERM_NAME] = "VariableReference",
                                        [TERM_PATH] = "Path",
                                        [TERM_LIST] = "Seq",
                                        [TERM_BAG] = "Seq",
                                        [TERM_TUPLE] = "Struct",
                                        [TERM_SEQUENCE] = "Seq",
                                        [TERM_CALL] = "",
                                        [TERM_OPERATOR] = "",
                                        [TERM_IS] = "Typed",
                                        [TERM_SELECT] = "Select",
                                        [TERM_ALL] = ""};

    struct term *term = read_clause(reader);
    if (term == NULL)
        return false;
    syntax->kind = STATEMENT_OTHER;
    syntax->operation = slice_of(names[term->type]);
    if (term->type == TERM_CALL && slice_is(term->text, "exists") && term->children != NULL &&
        term->children->type == TERM_SELECT) {
        syntax->kind = STATEMENT_EXISTS;
        syntax->exists = term->children->select;
    }
    return true;
}

struct syntax *reader_syntax(struct reader *reader)
{
    struct syntax *syntax = arena_new(reader->arena, struct syntax);
    bool read;

    if (reader_accepts(reader, "SELECT"))
        read = read_select(reader, syntax);
    else if (reader_accepts(reader, "INSERT"))
        read = read_insert(reader, syntax);
    else if (reader_accepts(reader, "UPDATE"))
        read = read_update(reader, syntax);
    else if (reader_accepts(reader, "DELETE"))
        read = read_delete(reader, syntax);
    else
        read = read_expression(reader, syntax);
    return read ? syntax : NULL;
}

/* NULL, or a statement that the reader has no objection to the form of if it is not broken. */
static struct syntax *read_all(struct reader *reader, struct slice text)
{
    partiql_lexer_init(&reader->lexer, text);
    struct syntax *syntax = reader_syntax(reader);
    if (syntax != NULL) {
        (void)reader_accepts(reader, ";");
        if (reader->lexer.current.type != PARTIQL_END)
            (void)reader_break(reader);
    }
    return syntax;
}

bool statement_is_well_formed(struct arena *arena, struct slice text, struct statement_place *broken)
{
    struct reader reader = {.arena = arena};

    failure_init(&reader.problem, arena);
    (void)read_all(&reader, text);
    *broken =
        (struct statement_place){reader.broken_at.line, reader.broken_at.column, reader.broken_at.length};
    return !reader.broken || reader.too_deep; /* which has a message of its own */
}

bool syntax_read(struct arena *arena, struct slice text, struct syntax **out, struct failure *failure)
{
    struct reader reader = {.arena = arena};

    failure_init(&reader.problem, arena);
    struct syntax *syntax = read_all(&reader, text);
    *out = syntax;
    if (reader.too_deep)
        return fail(failure, ERROR_VALIDATION, "The statement has terms nested more than %d deep",
                    TERM_DEPTH_LIMIT);
    if (reader.broken) {
        /* Pieced together from slices, for a text may hold a NUL. */
        return fail_joined(failure, PARTS(SLICE("Statement wasn't well formed, can't be processed: "), text));
    }
    if (reader.problem.code != ERROR_NONE)
        return fail_joined(failure, &reader.problem.message, 1);
    syntax->text = text;
    syntax->parameter_count = reader.parameters;
    return true;
}
