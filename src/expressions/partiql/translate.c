#include "expressions/partiql/translate.h"

#include "expressions/invalid.h"

void translator_begin(struct translator *translator, struct arena *arena, const struct parameters *parameters,
                      bool in_update, struct failure *failure)
{
    parser_begin(&translator->parser, arena, EXPRESSION_STATEMENT, failure);
    translator->parameters = parameters;
    translator->in_update = in_update;
}

static struct node *refuse(struct translator *translator, const char *message)
{
    (void)fail(translator->parser.failure, ERROR_VALIDATION, "%s", message);
    return NULL;
}

static struct node *refuse_at(struct translator *translator, const char *message, const struct term *term)
{
    (void)fail(translator->parser.failure, ERROR_VALIDATION, "%s at %u:%u:%u", message, term->place.line,
               term->place.column, term->place.length);
    return NULL;
}

static struct node *refuse_text(struct translator *translator, struct slice message, struct slice text)
{
    (void)fail_joined(translator->parser.failure, PARTS(message, text));
    return NULL;
}

/* ---- paths ---- */

enum { LIST_INDEX_LIMIT = 999999999 };

static bool is_whole(struct slice number)
{
    size_t start = number.len > 0 && number.ptr[0] == '-' ? 1 : 0;

    for (size_t i = start; i < number.len; i++)
        if (number.ptr[i] < '0' || number.ptr[i] > '9')
            return false;
    return true;
}

/* A whole number in brackets. */
static bool index_step(struct translator *translator, const struct term *step, struct path_element *element)
{
    uint32_t index = 0;

    *element = (struct path_element){.text = step->text, .is_index = true};
    for (size_t i = 0; i < step->text.len; i++) {
        if (step->text.ptr[0] == '-' || index > LIST_INDEX_LIMIT / 10) {
            (void)fail(translator->parser.failure, ERROR_VALIDATION,
                       "List index is not within the allowable range; index: [%.*s] at %u:%u:%u",
                       SLICE_ARGS(step->text), step->place.line, step->place.column, step->place.length);
            return false;
        }
        index = index * 10 + (uint32_t)(step->text.ptr[i] - '0');
    }
    element->index = index;
    return true;
}

/* As DynamoDB Local does it, a name or a string in brackets is a name: a[b] is a.b. */
static bool translate_step(struct translator *translator, const struct term *step,
                           struct path_element *element)
{
    bool is_name = step->type == TERM_NAME || step->type == TERM_STRING;

    if (step->bracketed && step->type == TERM_NUMBER && is_whole(step->text))
        return index_step(translator, step, element);
    if (step->type == TERM_ALL)
        return refuse_at(translator, "Unpivot path component like a.*.b are not supported", step) != NULL;
    if (!is_name)
        return refuse_at(translator, "Unexpected path component", step) != NULL;
    if (step->text.len == 0)
        return refuse(translator, "Path component cannot be an empty string") != NULL;
    *element = (struct path_element){.text = step->text, .name = step->text};
    return true;
}

struct node *translate_path(struct translator *translator, const struct term *term)
{
    struct parser *parser = &translator->parser;
    struct node *node = node_create(parser->arena, NODE_PATH);
    struct path_element element;

    if (term->type != TERM_NAME && term->type != TERM_PATH)
        return refuse_at(translator, "Unexpected path component", term);
    if (term->type == TERM_NAME)
        path_add(parser->arena, &node->path, (struct path_element){.text = term->text, .name = term->text});
    for (const struct term *step = term->children; step != NULL; step = step->sibling) {
        if (!translate_step(translator, step, &element))
            return NULL;
        path_add(parser->arena, &node->path, element);
    }
    parser_mention(parser, node);
    return node;
}

/* ---- values ---- */

static struct node *value_node(struct translator *translator, const struct value *value)
{
    struct node *node = node_create(translator->parser.arena, NODE_VALUE);

    node->value = value;
    return parser_complete(&translator->parser, node);
}

static struct node *translate_value(struct translator *translator, const struct term *term)
{
    struct value *value = arena_new(translator->parser.arena, struct value);

    if (!literal_value(translator->parser.arena, term, translator->parameters, value,
                       translator->parser.failure))
        return NULL;
    return value_node(translator, value);
}

static struct node *text_node(struct translator *translator, const char *text)
{
    struct value *value = arena_new(translator->parser.arena, struct value);

    *value = (struct value){.type = VALUE_S, .bytes = slice_of(text)};
    return value_node(translator, value);
}

/* The term and its siblings. */
static bool add_operands(struct translator *translator, struct node *node, const struct term *first)
{
    for (const struct term *term = first; term != NULL; term = term->sibling) {
        struct node *operand = translate_operand(translator, term);
        if (operand == NULL)
            return false;
        node_add_operand(node, operand);
    }
    return true;
}

/* ---- functions ---- */

/* Of a function of the expression language by its id. */
static struct node *call_node(struct translator *translator, enum function function)
{
    struct node *call = node_create(translator->parser.arena, NODE_CALL);

    call->function = function;
    call->text = function_rules(function)->name;
    parser_mention(&translator->parser, call);
    return call;
}

static struct node *translate_call(struct translator *translator, const struct term *term)
{
    enum function function = function_named(term->text);
    enum function_language language = translator->in_update ? LANGUAGE_UPDATE : LANGUAGE_CONDITION;

    if (term->children != NULL && term->children->type == TERM_SELECT)
        return refuse_at(translator, "Unsupported token in expression: SELECT", term->children);
    if (function == FUNCTION_UNKNOWN)
        return refuse_text(translator, SLICE("Unrecognized function: "), term->text);
    if (function_rules(function)->language != language)
        return refuse_text(translator,
                           translator->in_update
                               ? SLICE("The function is not allowed in an update expression; function: ")
                               : SLICE("The function is not allowed in a condition expression; function: "),
                           term->text);
    struct node *call = call_node(translator, function);
    if (!add_operands(translator, call, term->children))
        return NULL;
    return parser_complete(&translator->parser, call);
}

/* `IS type`: MISSING is attribute_not_exists(), NULL an equality, all others attribute_type(). */
static struct node *translate_is(struct translator *translator, const struct term *term)
{
    static const struct {
        const char *word;
        const char *type;
    } types[] = {{"BOOL", "BOOL"}, {"BOOLEAN", "BOOL"}, {"BLOB", "B"},  {"STRING", "S"},
                 {"NUMERIC", "N"}, {"STRUCT", "M"},     {"TUPLE", "M"}, {"LIST", "L"}};
    static const struct value null = {.type = VALUE_NULL};

    const struct term *subject = term->children;
    if (subject->type == TERM_CALL || subject->type == TERM_OPERATOR || subject->type == TERM_IS)
        return refuse(translator,
                      "The left hand side argument to IS must be a Variable Reference, Literal, or Path");
    struct node *operand = translate_operand(translator, subject), *node = NULL;
    if (operand == NULL)
        return NULL;
    if (slice_is(term->text, "MISSING")) {
        node = call_node(translator, FUNCTION_ATTRIBUTE_NOT_EXISTS);
        node_add_operand(node, operand);
    } else if (slice_is(term->text, "NULL")) {
        node = node_create(translator->parser.arena, NODE_EQUAL);
        node_add_operand(node, operand);
        node_add_operand(node, value_node(translator, &null));
    }
    for (size_t i = 0; node == NULL && i < sizeof(types) / sizeof(types[0]); i++) {
        if (!slice_is(term->text, types[i].word))
            continue;
        node = call_node(translator, FUNCTION_ATTRIBUTE_TYPE);
        node_add_operand(node, operand);
        node_add_operand(node, text_node(translator, types[i].type));
    }
    if (node == NULL) {
        (void)fail(
            translator->parser.failure, ERROR_VALIDATION,
            "Unsupported data type for IS operator: %.*s. Supported data types are [MISSING, NULL, BOOLEAN, "
            "BLOB, STRING, NUMERIC, STRUCT, TUPLE, LIST] at %u:%u:%u",
            SLICE_ARGS(slice_is(term->text, "INT") ? SLICE("INTEGER") : term->text), term->place.line,
            term->place.column, term->place.length);
        return NULL;
    }
    return parser_complete(&translator->parser, node);
}

/* ---- operators ---- */

static const struct {
    const char *text;
    enum node_type type;
} comparators[] = {
    {"=", NODE_EQUAL},   {"<>", NODE_NOT_EQUAL},        {"<", NODE_LESS},          {"<=", NODE_LESS_OR_EQUAL},
    {">", NODE_GREATER}, {">=", NODE_GREATER_OR_EQUAL}, {"between", NODE_BETWEEN},
};

static bool is_condition(const struct node *node)
{
    switch (node->type) {
    case NODE_PATH:
    case NODE_VALUE:
    case NODE_PLUS:
    case NODE_MINUS:
        return false;
    case NODE_CALL:
        return function_rules(node->function)->place == PLACE_CONDITION;
    default:
        return true;
    }
}

/* AND, OR or NOT. */
static struct node *translate_logic(struct translator *translator, const struct term *term,
                                    enum node_type type, const char *otherwise)
{
    struct node *node = node_create(translator->parser.arena, type);

    for (const struct term *child = term->children; child != NULL; child = child->sibling) {
        struct node *operand = translate_operand(translator, child);
        if (operand == NULL)
            return NULL;
        if (!is_condition(operand))
            return refuse(translator, otherwise);
        node_add_operand(node, operand);
    }
    return parser_complete(&translator->parser, node);
}

static struct node *translate_in(struct translator *translator, const struct term *term)
{
    struct node *node = node_create(translator->parser.arena, NODE_IN);
    const struct term *left = term->children, *members = left->sibling;
    bool is_list = members->type == TERM_SEQUENCE || members->type == TERM_LIST || members->type == TERM_BAG;

    if (!is_list || members->children == NULL)
        return refuse(translator, "IN operator must have a left hand argument of type Variable Reference and "
                                  "right hand argument of type Seq with at least one member");
    struct node *operand = translate_operand(translator, left);
    if (operand == NULL)
        return NULL;
    node_add_operand(node, operand);
    if (!add_operands(translator, node, members->children))
        return NULL;
    return parser_complete(&translator->parser, node);
}

/* An operator whose operands are any. */
static struct node *translate_plain(struct translator *translator, const struct term *term,
                                    enum node_type type)
{
    struct node *node = node_create(translator->parser.arena, type);

    if (!add_operands(translator, node, term->children))
        return NULL;
    return parser_complete(&translator->parser, node);
}

static struct node *translate_sum(struct translator *translator, const struct term *term)
{
    bool is_plus = slice_is(term->text, "+");

    if (!is_plus && !slice_is(term->text, "-"))
        return refuse_text(translator, SLICE("Unsupported operator in Update Expression. Operator: "),
                           term->text);
    if (term->child_count != 2)
        return refuse_text(
            translator,
            SLICE("Incorrect number of operands for operator or function; operator or function: "),
            is_plus ? SLICE("+, number of operands: 1") : SLICE("-, number of operands: 1"));
    return translate_plain(translator, term, is_plus ? NODE_PLUS : NODE_MINUS);
}

static struct node *translate_operator(struct translator *translator, const struct term *term)
{
    if (translator->in_update)
        return translate_sum(translator, term);
    if (slice_is(term->text, "and"))
        return translate_logic(translator, term, NODE_AND, "The arguments to AND/OR must be Expressions");
    if (slice_is(term->text, "or"))
        return translate_logic(translator, term, NODE_OR, "The arguments to AND/OR must be Expressions");
    if (slice_is(term->text, "not"))
        return translate_logic(translator, term, NODE_NOT,
                               "The argument to NOT must be a Type or Expression");
    if (slice_is(term->text, "in"))
        return translate_in(translator, term);
    for (size_t i = 0; i < sizeof(comparators) / sizeof(comparators[0]); i++)
        if (slice_is(term->text, comparators[i].text))
            return translate_plain(translator, term, comparators[i].type);
    return refuse_text(translator, SLICE("Unsupported operator in Condition Expression. Operator: "),
                       term->text);
}

/* ---- terms ---- */

struct node *translate_operand(struct translator *translator, const struct term *term)
{
    switch (term->type) {
    case TERM_NAME:
    case TERM_PATH: {
        struct node *path = translate_path(translator, term);
        return path == NULL ? NULL : parser_complete(&translator->parser, path);
    }
    case TERM_CALL:
        return translate_call(translator, term);
    case TERM_OPERATOR:
        return translate_operator(translator, term);
    case TERM_IS:
        if (translator->in_update)
            return refuse(translator, "IS operator is not supported in update expressions");
        return translate_is(translator, term);
    case TERM_MISSING:
        return refuse(translator, "MISSING must be compared using IS operator");
    case TERM_SELECT:
        return refuse_at(translator, "Unsupported token in expression: SELECT", term);
    default:
        return translate_value(translator, term);
    }
}

struct node *translate_condition(struct translator *translator, const struct term *term)
{
    struct node *node = translate_operand(translator, term);

    if (node == NULL || is_condition(node))
        return node;
    return refuse(translator, "WHERE clause must contain an expression that resolves to a boolean");
}
