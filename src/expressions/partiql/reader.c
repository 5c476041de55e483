#include "expressions/partiql/reader.h"

/* ---- tokens ---- */

bool reader_sees(const struct reader *reader, const char *text)
{
    return partiql_token_is(&reader->lexer.current, text);
}

bool reader_accepts(struct reader *reader, const char *text)
{
    if (!reader_sees(reader, text))
        return false;
    partiql_lexer_advance(&reader->lexer);
    return true;
}

bool reader_expects(struct reader *reader, const char *text)
{
    return reader_accepts(reader, text) || reader_break(reader) != NULL;
}

struct term *reader_break(struct reader *reader)
{
    if (!reader->broken)
        reader->broken_at = reader->lexer.current.place;
    reader->broken = true;
    return NULL;
}

void reader_object(struct reader *reader, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    struct slice message = arena_vprintf(reader->arena, format, arguments);
    va_end(arguments);
    (void)fail(&reader->problem, ERROR_VALIDATION, "%.*s", SLICE_ARGS(message));
}

/* A term that begins with the current token, which is consumed. */
static struct term *new_term(struct reader *reader, enum term_type type)
{
    struct term *term = arena_new(reader->arena, struct term);

    term->type = type;
    term->text = reader->lexer.current.text;
    term->place = reader->lexer.current.place;
    partiql_lexer_advance(&reader->lexer);
    return term;
}

static void add_child(struct term *term, struct term *child)
{
    if (term->children == NULL)
        term->children = child;
    else
        term->last_child->sibling = child;
    term->last_child = child;
    term->child_count++;
}

/* The text between quotes, in which a doubled quote is one. */
static struct slice unquoted(struct arena *arena, struct slice quoted)
{
    char quote = quoted.ptr[0];
    struct slice inside = {quoted.ptr + 1, quoted.len - 2};

    if (memchr(inside.ptr, quote, inside.len) == NULL)
        return inside;
    char *text = arena_alloc(arena, inside.len);
    size_t length = 0;
    for (size_t i = 0; i < inside.len; i++) {
        text[length++] = inside.ptr[i];
        if (inside.ptr[i] == quote)
            i++;
    }
    return (struct slice){text, length};
}

static struct slice small_letters(struct arena *arena, struct slice text)
{
    char *small = arena_alloc(arena, text.len);

    for (size_t i = 0; i < text.len; i++)
        small[i] = text.ptr[i] >= 'A' && text.ptr[i] <= 'Z' ? (char)(text.ptr[i] - 'A' + 'a') : text.ptr[i];
    return (struct slice){small, text.len};
}

/* ---- names and paths ---- */

struct term *reader_name(struct reader *reader)
{
    enum partiql_token_type type = reader->lexer.current.type;

    if (type != PARTIQL_NAME && type != PARTIQL_QUOTED)
        return reader_break(reader);
    struct term *name = new_term(reader, TERM_NAME);
    if (type == PARTIQL_QUOTED)
        name->text = unquoted(reader->arena, name->text);
    if (name->text.len == 0)
        reader_object(reader, "Path component cannot be an empty string");
    return name;
}

static struct term *read_step(struct reader *reader, bool all_allowed)
{
    struct term *step;

    if (reader_accepts(reader, "[")) {
        step = reader_term(reader);
        if (step == NULL || !reader_expects(reader, "]"))
            return NULL;
        step->bracketed = true;
        return step;
    }
    if (!reader_expects(reader, "."))
        return NULL;
    if (all_allowed && reader_sees(reader, "*"))
        return new_term(reader, TERM_ALL);
    return reader_name(reader);
}

static struct term *read_path(struct reader *reader, bool all_allowed)
{
    struct term *name = reader_name(reader), *path = name;

    while (path != NULL && (reader_sees(reader, ".") || reader_sees(reader, "["))) {
        struct term *step = read_step(reader, all_allowed);
        if (step == NULL)
            return NULL;
        if (path == name) {
            path = arena_new(reader->arena, struct term);
            *path = (struct term){.type = TERM_PATH, .text = name->text, .place = name->place};
            add_child(path, name);
        }
        add_child(path, step);
    }
    return path;
}

struct term *reader_path(struct reader *reader)
{
    return read_path(reader, false);
}

/* ---- primaries ---- */

/* Terms with commas between them, up to the closing symbol, which is consumed. */
static struct term *read_list(struct reader *reader, struct term *list, const char *closing,
                              bool may_be_empty)
{
    if (may_be_empty && reader_accepts(reader, closing))
        return list;
    do {
        struct term *element = reader_term(reader);
        if (element == NULL)
            return NULL;
        add_child(list, element);
    } while (reader_accepts(reader, ","));
    return reader_expects(reader, closing) ? list : NULL;
}

static struct term *read_tuple(struct reader *reader)
{
    struct term *tuple = new_term(reader, TERM_TUPLE);

    if (reader_accepts(reader, "}"))
        return tuple;
    do {
        struct term *name = reader_term(reader);
        if (name == NULL || !reader_expects(reader, ":"))
            return NULL;
        add_child(tuple, name);
        struct term *value = reader_term(reader);
        if (value == NULL)
            return NULL;
        add_child(tuple, value);
    } while (reader_accepts(reader, ","));
    return reader_expects(reader, "}") ? tuple : NULL;
}

/* Behind the opening parenthesis. */
static struct term *read_select(struct reader *reader)
{
    struct term *term = arena_new(reader->arena, struct term);

    *term = (struct term){.type = TERM_SELECT, .text = reader->lexer.current.text};
    term->place = reader->lexer.current.place;
    term->select = reader_syntax(reader);
    return term->select != NULL && reader_expects(reader, ")") ? term : NULL;
}

/* `is_sequence`: also of one term, as behind IN. */
static struct term *read_parenthesis(struct reader *reader, bool is_sequence)
{
    struct term *sequence = new_term(reader, TERM_SEQUENCE);

    if (reader_sees(reader, "SELECT"))
        return read_select(reader);
    if (read_list(reader, sequence, ")", false) == NULL)
        return NULL;
    return sequence->child_count == 1 && !is_sequence ? sequence->children : sequence;
}

static struct term *read_call(struct reader *reader)
{
    struct term *call = new_term(reader, TERM_CALL);

    if (call->text.ptr[0] == '"')
        call->text = unquoted(reader->arena, call->text);
    call->text = small_letters(reader->arena, call->text);
    partiql_lexer_advance(&reader->lexer); /* the parenthesis */
    if (slice_is(call->text, "exists") && reader_sees(reader, "SELECT")) {
        struct term *select = read_select(reader);
        if (select == NULL)
            return NULL;
        add_child(call, select);
        return call;
    }
    if (slice_is(call->text, "count") && reader_sees(reader, "*")) {
        add_child(call, new_term(reader, TERM_ALL));
        return reader_expects(reader, ")") ? call : NULL;
    }
    return read_list(reader, call, ")", true);
}

/* Keywords that are functions when a parenthesis follows. */
static bool is_function_word(const struct partiql_token *token)
{
    static const char *const words[] = {
        "SIZE",       "EXISTS",           "COUNT",       "AVG",   "MIN",   "MAX",
        "SUM",        "COALESCE",         "NULLIF",      "UPPER", "LOWER", "CHAR_LENGTH",
        "BIT_LENGTH", "CHARACTER_LENGTH", "OCTET_LENGTH"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (partiql_token_is(token, words[i]))
            return true;
    return false;
}

static struct term *read_keyword(struct reader *reader)
{
    static const struct {
        const char *word;
        enum term_type type;
    } literals[] = {
        {"TRUE", TERM_BOOLEAN}, {"FALSE", TERM_BOOLEAN}, {"NULL", TERM_NULL}, {"MISSING", TERM_MISSING}};

    for (size_t i = 0; i < sizeof(literals) / sizeof(literals[0]); i++)
        if (reader_sees(reader, literals[i].word))
            return new_term(reader, literals[i].type);
    return reader_break(reader);
}

static struct term *read_symbol(struct reader *reader)
{
    if (reader_sees(reader, "?")) {
        struct term *parameter = new_term(reader, TERM_PARAMETER);
        parameter->parameter = reader->parameters++;
        return parameter;
    }
    if (reader_sees(reader, "("))
        return read_parenthesis(reader, false);
    if (reader_sees(reader, "["))
        return read_list(reader, new_term(reader, TERM_LIST), "]", true);
    if (reader_sees(reader, "<<"))
        return read_list(reader, new_term(reader, TERM_BAG), ">>", true);
    if (reader_sees(reader, "{"))
        return read_tuple(reader);
    if (reader_accepts(reader, "@"))
        return read_path(reader, true);
    return reader_break(reader);
}

static struct term *read_primary(struct reader *reader)
{
    const struct partiql_token *token = &reader->lexer.current;
    bool is_call = partiql_token_is(&reader->lexer.next, "(");

    switch (token->type) {
    case PARTIQL_STRING: {
        struct term *string = new_term(reader, TERM_STRING);
        string->text = unquoted(reader->arena, string->text);
        return string;
    }
    case PARTIQL_NUMBER:
        return new_term(reader, TERM_NUMBER);
    case PARTIQL_ION:
        return new_term(reader, TERM_ION);
    case PARTIQL_NAME:
    case PARTIQL_QUOTED:
        return is_call ? read_call(reader) : read_path(reader, true);
    case PARTIQL_KEYWORD:
        return is_call && is_function_word(token) ? read_call(reader) : read_keyword(reader);
    case PARTIQL_SYMBOL:
        return read_symbol(reader);
    case PARTIQL_END:
    case PARTIQL_BROKEN:
        break;
    }
    return reader_break(reader);
}

/* ---- operators ---- */

enum rank { RANK_NONE, RANK_OR, RANK_AND, RANK_NOT, RANK_COMPARISON, RANK_JOIN, RANK_SUM, RANK_PRODUCT };

static const struct {
    const char *text;
    enum rank rank;
} operators[] = {
    {"OR", RANK_OR},
    {"AND", RANK_AND},
    {"=", RANK_COMPARISON},
    {"<>", RANK_COMPARISON},
    {"!=", RANK_COMPARISON},
    {"<", RANK_COMPARISON},
    {"<=", RANK_COMPARISON},
    {">", RANK_COMPARISON},
    {">=", RANK_COMPARISON},
    {"IS", RANK_COMPARISON},
    {"IN", RANK_COMPARISON},
    {"LIKE", RANK_COMPARISON},
    {"BETWEEN", RANK_COMPARISON},
    {"||", RANK_JOIN},
    {"+", RANK_SUM},
    {"-", RANK_SUM},
    {"*", RANK_PRODUCT},
    {"/", RANK_PRODUCT},
    {"%", RANK_PRODUCT},
};

static struct term *read_ranked(struct reader *reader, enum rank least);

static enum rank rank_of(const struct partiql_token *token)
{
    for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
        if (partiql_token_is(token, operators[i].text))
            return operators[i].rank;
    return RANK_NONE;
}

/* A term for the operator that is the current token, which is consumed. */
static struct term *new_operator(struct reader *reader)
{
    struct term *term = new_term(reader, TERM_OPERATOR);

    term->text = slice_is(term->text, "!=") ? SLICE("<>") : small_letters(reader->arena, term->text);
    reader->operators++;
    return term;
}

/* The name of a type behind IS: some are keywords of SQL with several spellings. */
static struct term *read_type(struct reader *reader, struct term *operand, struct place place)
{
    static const char *const types[] = {
        "MISSING", "NULL",     "BOOL",    "BOOLEAN", "BLOB",   "STRING",    "NUMERIC", "STRUCT", "TUPLE",
        "LIST",    "BAG",      "CLOB",    "SEXP",    "SYMBOL", "INT",       "INTEGER", "FLOAT",  "REAL",
        "DECIMAL", "SMALLINT", "VARCHAR", "CHAR",    "DATE",   "TIMESTAMP", "TIME"};

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (!reader_sees(reader, types[i]))
            continue;
        struct term *is = new_term(reader, TERM_IS);
        is->text = slice_of(types[i]);
        is->place = place;
        reader->operators++;
        add_child(is, operand);
        return is;
    }
    return reader_break(reader);
}

static struct term *negate(struct reader *reader, struct term *term)
{
    struct term *negation = arena_new(reader->arena, struct term);

    *negation = (struct term){.type = TERM_OPERATOR, .text = SLICE("not"), .place = term->place};
    reader->operators++;
    add_child(negation, term);
    return negation;
}

static struct term *read_between(struct reader *reader, struct term *between)
{
    struct term *low = read_ranked(reader, RANK_JOIN);

    if (low == NULL || !reader_expects(reader, "AND"))
        return NULL;
    add_child(between, low);
    struct term *high = read_ranked(reader, RANK_JOIN);
    if (high == NULL)
        return NULL;
    add_child(between, high);
    return between;
}

static struct term *read_in(struct reader *reader, struct term *in)
{
    struct term *members =
        reader_sees(reader, "(") ? read_parenthesis(reader, true) : read_ranked(reader, RANK_JOIN);

    if (members == NULL)
        return NULL;
    add_child(in, members);
    return in;
}

/* What follows the left operand of an operator of the given rank. */
static struct term *read_operation(struct reader *reader, struct term *left, enum rank rank)
{
    if (reader_sees(reader, "IS")) {
        struct place place = reader->lexer.current.place;
        partiql_lexer_advance(&reader->lexer);
        bool negated = reader_accepts(reader, "NOT");
        struct term *is = read_type(reader, left, place);
        return negated && is != NULL ? negate(reader, is) : is;
    }
    struct term *operation = new_operator(reader);
    add_child(operation, left);
    if (slice_is(operation->text, "between"))
        return read_between(reader, operation);
    if (slice_is(operation->text, "in"))
        return read_in(reader, operation);
    struct term *right = read_ranked(reader, (enum rank)(rank + 1));
    if (right == NULL)
        return NULL;
    add_child(operation, right);
    return operation;
}

/* A sign in front of a number is a part of it. */
static struct term *read_signed(struct reader *reader)
{
    if (!reader_sees(reader, "-") && !reader_sees(reader, "+"))
        return read_primary(reader);
    struct term *sign = new_operator(reader);
    struct term *operand = read_ranked(reader, (enum rank)(RANK_PRODUCT + 1));
    if (operand == NULL)
        return NULL;
    if (operand->type != TERM_NUMBER) {
        add_child(sign, operand);
        return sign;
    }
    reader->operators--;
    if (sign->text.ptr[0] == '-')
        operand->text = operand->text.ptr[0] == '-'
                            ? slice_skip(operand->text, 1)
                            : arena_printf(reader->arena, "-%.*s", SLICE_ARGS(operand->text));
    return operand;
}

static struct term *read_start(struct reader *reader, enum rank least)
{
    if (least <= RANK_NOT && reader_sees(reader, "NOT")) {
        struct term *negation = new_operator(reader);
        struct term *operand = read_ranked(reader, RANK_NOT);
        if (operand == NULL)
            return NULL;
        add_child(negation, operand);
        return negation;
    }
    return read_signed(reader);
}

/* Whether NOT stands between the left operand and BETWEEN, IN or LIKE. */
static bool sees_negated_operator(const struct reader *reader)
{
    const struct partiql_token *next = &reader->lexer.next;

    return reader_sees(reader, "NOT") && (partiql_token_is(next, "BETWEEN") || partiql_token_is(next, "IN") ||
                                          partiql_token_is(next, "LIKE"));
}

/* A term whose operators, outside of brackets, are all of this rank or a tighter one. */
static struct term *read_operators(struct reader *reader, enum rank least)
{
    struct term *left = read_start(reader, least);

    while (left != NULL) {
        bool negated = sees_negated_operator(reader);
        enum rank rank = rank_of(negated ? &reader->lexer.next : &reader->lexer.current);
        if (rank == RANK_NONE || rank < least)
            return left;
        if (negated)
            partiql_lexer_advance(&reader->lexer);
        left = read_operation(reader, left, rank);
        if (negated && left != NULL)
            left = negate(reader, left);
    }
    return NULL;
}

static struct term *read_ranked(struct reader *reader, enum rank least)
{
    if (reader->depth >= TERM_DEPTH_LIMIT) {
        reader->too_deep = true;
        return reader_break(reader);
    }
    reader->depth++;
    struct term *term = read_operators(reader, least);
    reader->depth--;
    return term;
}

struct term *reader_term(struct reader *reader)
{
    return read_ranked(reader, RANK_OR);
}
