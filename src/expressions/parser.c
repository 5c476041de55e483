#include "expressions/parser.h"

#include "base/characters.h"
#include "base/check.h"
#include "expressions/invalid.h"
#include "expressions/reserved.h"

/* ---- text, tokens and nodes ---- */

void parser_begin(struct parser *parser, struct arena *arena, enum expression_kind kind,
                  struct failure *failure)
{
    *parser = (struct parser){.arena = arena, .failure = failure, .kind = kind};
    parser->mention_end = &parser->first_mention;
    parser->complete_end = &parser->first_complete;
}

void parser_begin_value(struct parser *parser)
{
    parser->first_complete = NULL;
    parser->complete_end = &parser->first_complete;
}

bool parser_init(struct parser *parser, struct arena *arena, enum expression_kind kind, struct slice text,
                 struct failure *failure)
{
    parser_begin(parser, arena, kind, failure);
    if (text.len == 0)
        return invalid_joined(failure, kind, PARTS(SLICE("The expression can not be empty;")));
    /* AWS counts UTF-16 units, though only an erroneous expression holds more than ASCII. */
    size_t length = text.len <= EXPRESSION_SIZE_LIMIT ? text.len : utf16_length(text);
    if (length > EXPRESSION_SIZE_LIMIT) {
        bool is_condition = kind != EXPRESSION_PROJECTION && kind != EXPRESSION_UPDATE;
        return invalid_joined(
            failure, kind,
            PARTS(SLICE("Expression size has exceeded the maximum allowed size;"),
                  is_condition ? arena_printf(arena, " expression size: %zu", length) : SLICE("")));
    }
    lexer_init(&parser->lexer, text);
    return true;
}

static bool fail_redundant(struct parser *parser)
{
    return invalid_joined(parser->failure, parser->kind,
                          PARTS(SLICE("The expression has redundant parentheses;")));
}

bool parser_fail(struct parser *parser)
{
    const struct token *token = &parser->lexer.current;
    struct slice text = token->type == TOKEN_END ? SLICE("<EOF>") : token->text;

    if (parser->redundant_parentheses_first)
        return fail_redundant(parser);
    return invalid_joined(parser->failure, parser->kind,
                          PARTS(SLICE("Syntax error; token: \""), text, SLICE("\", near: \""),
                                lexer_near(&parser->lexer), SLICE("\"")));
}

static struct node *no_node(struct parser *parser)
{
    (void)parser_fail(parser);
    return NULL;
}

static enum token_type current(const struct parser *parser)
{
    return parser->lexer.current.type;
}

bool parser_accept(struct parser *parser, enum token_type type)
{
    if (current(parser) != type)
        return false;
    lexer_advance(&parser->lexer);
    return true;
}

bool parser_expect(struct parser *parser, enum token_type type)
{
    return parser_accept(parser, type) || parser_fail(parser);
}

void parser_mention(struct parser *parser, struct node *node)
{
    *parser->mention_end = node;
    parser->mention_end = &node->next_mention;
}

struct node *parser_complete(struct parser *parser, struct node *node)
{
    *parser->complete_end = node;
    parser->complete_end = &node->next_complete;
    if (node->type != NODE_PATH && node->type != NODE_VALUE)
        parser->operators++;
    return node;
}

/* ---- paths and values ---- */

static bool path_name(struct parser *parser, struct path *path)
{
    bool is_name = current(parser) == TOKEN_NAME || current(parser) == TOKEN_NAME_HOLDER;

    /* AWS's grammar takes :value for a name behind a dot; that it is not defined is told later. */
    if (!is_name && (path->count == 0 || current(parser) != TOKEN_VALUE_HOLDER))
        return parser_fail(parser);
    path_add(parser->arena, path, (struct path_element){.text = parser->lexer.current.text});
    lexer_advance(&parser->lexer);
    return true;
}

static bool path_index(struct parser *parser, struct path *path)
{
    if (current(parser) != TOKEN_INDEX)
        return parser_fail(parser);
    path_add(parser->arena, path,
             (struct path_element){.text = parser->lexer.current.text, .is_index = true});
    lexer_advance(&parser->lexer);
    return parser_expect(parser, TOKEN_CLOSE_BRACKET);
}

struct node *parser_path(struct parser *parser)
{
    struct node *node = node_create(parser->arena, NODE_PATH);

    if (!path_name(parser, &node->path))
        return NULL;
    for (;;) {
        if (parser_accept(parser, TOKEN_DOT)) {
            if (!path_name(parser, &node->path))
                return NULL;
        } else if (parser_accept(parser, TOKEN_OPEN_BRACKET)) {
            if (!path_index(parser, &node->path))
                return NULL;
        } else {
            break;
        }
    }
    parser_mention(parser, node);
    return node;
}

struct node *parser_value(struct parser *parser)
{
    if (current(parser) != TOKEN_VALUE_HOLDER)
        return no_node(parser);
    struct node *node = node_create(parser->arena, NODE_VALUE);
    node->text = parser->lexer.current.text;
    lexer_advance(&parser->lexer);
    return node;
}

/* ---- conditions and set values ---- */

/* What was begun and waits for its next operand. */
enum frame_type {
    FRAME_PARENTHESIS, /* may hold whatever the place allows: a condition, a set value or an operand */
    FRAME_OPERAND,     /* a parenthesis that can only hold an operand */
    FRAME_CALL,
    FRAME_IN,
    FRAME_BINARY, /* a comparator, + or -: its right operand is next */
    FRAME_LOWER,  /* BETWEEN: the lower bound is next, then AND */
    FRAME_UPPER,
    FRAME_NOT,
    FRAME_AND,
    FRAME_OR,
};

struct frame {
    enum frame_type type;
    struct node *node; /* NULL for parentheses */
    bool starts;       /* FRAME_CALL: a condition or set value begins with it */
    struct frame *below;
};

/*
 * `have` is what was read last and not yet claimed by anything: an operand, a condition, or a function that
 * may turn out as either. Without it, something must follow: an operand if `top` can take nothing else, or
 * else also a NOT.
 */
struct machine {
    struct parser *parser;
    struct frame *top;
    struct node *have;
    bool is_set_value; /* else a condition */
    bool done;
};

/* Whether only an operand may follow, no condition and no sum. */
static bool wants_operand(const struct machine *machine)
{
    if (machine->top == NULL)
        return false;
    switch (machine->top->type) {
    case FRAME_PARENTHESIS:
    case FRAME_NOT:
    case FRAME_AND:
    case FRAME_OR:
        return false;
    default:
        return true;
    }
}

static void push(struct machine *machine, enum frame_type type, struct node *node)
{
    struct frame *frame = arena_new(machine->parser->arena, struct frame);

    *frame = (struct frame){type, node, type == FRAME_CALL && !wants_operand(machine), machine->top};
    machine->top = frame;
}

static bool read_start(struct machine *machine)
{
    struct parser *parser = machine->parser;

    switch (current(parser)) {
    case TOKEN_NOT:
        if (machine->is_set_value || wants_operand(machine))
            return parser_fail(parser);
        lexer_advance(&parser->lexer);
        push(machine, FRAME_NOT, node_create(parser->arena, NODE_NOT));
        return true;
    case TOKEN_OPEN:
        lexer_advance(&parser->lexer);
        push(machine, wants_operand(machine) ? FRAME_OPERAND : FRAME_PARENTHESIS, NULL);
        return true;
    case TOKEN_VALUE_HOLDER:
        machine->have = parser_complete(parser, parser_value(parser));
        return true;
    case TOKEN_NAME:
        if (parser->lexer.next.type == TOKEN_OPEN) {
            struct node *call = node_create(parser->arena, NODE_CALL);
            call->text = parser->lexer.current.text;
            parser_mention(parser, call);
            push(machine, FRAME_CALL, call);
            lexer_advance(&parser->lexer);
            lexer_advance(&parser->lexer);
            return true;
        }
        break;
    default:
        break;
    }
    struct node *path = parser_path(parser);
    if (path == NULL)
        return false;
    machine->have = parser_complete(parser, path);
    return true;
}

static bool is_condition(const struct node *node)
{
    return node->type >= NODE_EQUAL && node->type <= NODE_OR;
}

static bool is_sum(const struct node *node)
{
    return node->type == NODE_PLUS || node->type == NODE_MINUS;
}

/*
 * AWS's parser looks ahead to tell a parenthesised operand from a condition, and a function that is compared
 * from one that is a condition. It tells redundant parentheses as soon as that is settled; a syntax error in
 * what is not yet settled comes before them.
 */
static void settle_parentheses(struct machine *machine)
{
    machine->parser->redundant_parentheses_first = machine->parser->redundant_parentheses;
}

/* A parenthesis, or a function with which something starts, was just closed: is it settled what it is? */
static bool is_settled(const struct machine *machine, enum frame_type closed)
{
    const struct frame *top = machine->top;

    for (const struct frame *frame = top; frame != NULL; frame = frame->below)
        if (frame->starts)
            return false;
    if (closed == FRAME_OPERAND || is_condition(machine->have) || is_sum(machine->have))
        return true;
    if (machine->is_set_value)
        return top == NULL;
    return machine->have->type == NODE_CALL && (top == NULL || top->type != FRAME_PARENTHESIS);
}

static void closed(struct machine *machine, enum frame_type type)
{
    const struct parser *parser = machine->parser;

    if (parser->redundant_parentheses && !parser->redundant_parentheses_first && is_settled(machine, type))
        settle_parentheses(machine);
}

/* What the frame on top was waiting for is there: its node is complete and takes the place of `have`. */
static void finish_top(struct machine *machine)
{
    struct frame *frame = machine->top;

    node_add_operand(frame->node, machine->have);
    machine->have = parser_complete(machine->parser, frame->node);
    machine->top = frame->below;
    if (frame->starts)
        closed(machine, FRAME_CALL);
}

static void close_parenthesis(struct machine *machine)
{
    struct frame *frame = machine->top;

    lexer_advance(&machine->parser->lexer);
    if (machine->have->parenthesised)
        machine->parser->redundant_parentheses = true;
    machine->have->parenthesised = true;
    machine->top = frame->below;
    closed(machine, frame->type);
}

/* Within the parentheses of a function or of IN. */
static bool continue_operands(struct machine *machine)
{
    struct parser *parser = machine->parser;

    if (parser_accept(parser, TOKEN_COMMA)) {
        node_add_operand(machine->top->node, machine->have);
        machine->have = NULL;
        return true;
    }
    if (!parser_expect(parser, TOKEN_CLOSE))
        return false;
    finish_top(machine);
    return true;
}

static bool continue_between(struct machine *machine)
{
    if (!parser_expect(machine->parser, TOKEN_AND))
        return false;
    node_add_operand(machine->top->node, machine->have);
    machine->have = NULL;
    machine->top->type = FRAME_UPPER;
    return true;
}

/* The operator that the current token is between operands, if it is one. */
static bool operator_type(const struct machine *machine, enum node_type *type)
{
    switch (current(machine->parser)) {
    case TOKEN_EQUAL:
        *type = NODE_EQUAL;
        break;
    case TOKEN_NOT_EQUAL:
        *type = NODE_NOT_EQUAL;
        break;
    case TOKEN_LESS:
        *type = NODE_LESS;
        break;
    case TOKEN_LESS_OR_EQUAL:
        *type = NODE_LESS_OR_EQUAL;
        break;
    case TOKEN_GREATER:
        *type = NODE_GREATER;
        break;
    case TOKEN_GREATER_OR_EQUAL:
        *type = NODE_GREATER_OR_EQUAL;
        break;
    case TOKEN_BETWEEN:
        *type = NODE_BETWEEN;
        break;
    case TOKEN_IN:
        *type = NODE_IN;
        break;
    case TOKEN_PLUS:
        *type = NODE_PLUS;
        return machine->is_set_value;
    case TOKEN_MINUS:
        *type = NODE_MINUS;
        return machine->is_set_value;
    default:
        return false;
    }
    return !machine->is_set_value;
}

/* `have` is an operand, and the current token an operator behind it. */
static bool begin_operator(struct machine *machine, enum node_type type)
{
    struct parser *parser = machine->parser;
    struct node *node = node_create(parser->arena, type);

    node_add_operand(node, machine->have);
    machine->have = NULL;
    lexer_advance(&parser->lexer);
    settle_parentheses(machine);
    if (type == NODE_IN) {
        push(machine, FRAME_IN, node);
        return parser_expect(parser, TOKEN_OPEN);
    }
    push(machine, type == NODE_BETWEEN ? FRAME_LOWER : FRAME_BINARY, node);
    return true;
}

static void begin_logic(struct machine *machine, enum node_type type, enum frame_type frame)
{
    struct node *node = node_create(machine->parser->arena, type);

    lexer_advance(&machine->parser->lexer);
    settle_parentheses(machine);
    node_add_operand(node, machine->have);
    machine->have = NULL;
    push(machine, frame, node);
}

/* Finishes NOT, AND and OR that bind as tight as `loosest` or tighter. */
static void finish_logic(struct machine *machine, enum frame_type loosest)
{
    while (machine->top != NULL && machine->top->type >= FRAME_NOT && machine->top->type <= loosest) {
        machine->have->whole = true;
        finish_top(machine);
    }
    machine->have->whole = true;
}

/* `have` is a condition, or a function that becomes one here. */
static bool continue_condition(struct machine *machine)
{
    struct parser *parser = machine->parser;

    switch (current(parser)) {
    case TOKEN_AND:
        finish_logic(machine, FRAME_AND);
        begin_logic(machine, NODE_AND, FRAME_AND);
        return true;
    case TOKEN_OR:
        finish_logic(machine, FRAME_OR);
        begin_logic(machine, NODE_OR, FRAME_OR);
        return true;
    case TOKEN_CLOSE:
        if (machine->top != NULL && machine->top->type != FRAME_PARENTHESIS)
            finish_logic(machine, FRAME_OR);
        if (machine->top == NULL)
            return parser_fail(parser);
        close_parenthesis(machine);
        return true;
    case TOKEN_END:
        finish_logic(machine, FRAME_OR);
        if (machine->top != NULL)
            return parser_fail(parser);
        machine->done = true;
        return true;
    default:
        return parser_fail(parser);
    }
}

/* Nothing but parentheses, or the logic of conditions, is open around `have`. */
static bool continue_free(struct machine *machine)
{
    struct parser *parser = machine->parser;
    struct node *have = machine->have;
    bool in_parenthesis = machine->top != NULL && machine->top->type == FRAME_PARENTHESIS;
    enum node_type type;

    if (!is_condition(have) && !is_sum(have) && operator_type(machine, &type))
        return begin_operator(machine, type);
    if (is_condition(have) || (have->type == NODE_CALL && !machine->is_set_value))
        return continue_condition(machine);
    if (in_parenthesis && current(parser) == TOKEN_CLOSE) {
        close_parenthesis(machine);
        return true;
    }
    if (!machine->is_set_value || machine->top != NULL)
        return parser_fail(parser);
    have->whole = true;
    machine->done = true;
    return true;
}

static bool read_on(struct machine *machine)
{
    if (machine->top == NULL)
        return continue_free(machine);
    switch (machine->top->type) {
    case FRAME_CALL:
    case FRAME_IN:
        return continue_operands(machine);
    case FRAME_LOWER:
        return continue_between(machine);
    case FRAME_BINARY:
    case FRAME_UPPER:
        finish_top(machine);
        return true;
    case FRAME_OPERAND:
        if (current(machine->parser) != TOKEN_CLOSE)
            return parser_fail(machine->parser);
        close_parenthesis(machine);
        return true;
    case FRAME_PARENTHESIS:
    case FRAME_NOT:
    case FRAME_AND:
    case FRAME_OR:
        break;
    }
    return continue_free(machine);
}

static struct node *run(struct parser *parser, bool is_set_value)
{
    struct machine machine = {.parser = parser, .is_set_value = is_set_value};

    parser_begin_value(parser);
    while (!machine.done)
        if (!(machine.have == NULL ? read_start(&machine) : read_on(&machine)))
            return NULL;
    return machine.have;
}

struct node *parser_condition(struct parser *parser)
{
    return run(parser, false);
}

struct node *parser_set_value(struct parser *parser)
{
    return run(parser, true);
}

/* ---- names ---- */

/* AWS keeps indexes in 32 signed bits. */
static bool read_index(struct path_element *element)
{
    uint64_t index = 0;

    for (size_t i = 0; i < element->text.len; i++) {
        index = index * 10 + (uint64_t)(element->text.ptr[i] - '0');
        if (index > INT32_MAX)
            return false;
    }
    element->index = (uint32_t)index;
    return true;
}

static bool check_path_names(struct parser *parser, struct path *path)
{
    for (unsigned i = 0; i < path->count; i++) {
        struct path_element *element = &path->elements[i];
        if (element->is_index) {
            if (!read_index(element))
                return invalid_joined(parser->failure, parser->kind,
                                      PARTS(SLICE("List index is not within the allowable range; index: ["),
                                            element->text, SLICE("]")));
        } else if (element->text.ptr[0] != '#' && is_reserved_word(element->text)) {
            return invalid_joined(
                parser->failure, parser->kind,
                PARTS(SLICE("Attribute name is a reserved keyword; reserved keyword: "), element->text));
        }
    }
    return true;
}

static bool may_stand_here(const struct node *call, const struct function_rules *rules)
{
    switch (rules->place) {
    case PLACE_CONDITION:
        return call->whole;
    case PLACE_OPERAND:
        return rules->language == LANGUAGE_UPDATE || !call->whole;
    case PLACE_WHOLE:
        return call->whole;
    }
    return false;
}

static bool check_function(struct parser *parser, struct node *call)
{
    bool is_update = parser->kind == EXPRESSION_UPDATE;

    call->function = function_named(call->text);
    if (call->function == FUNCTION_UNKNOWN)
        return invalid_joined(parser->failure, parser->kind,
                              PARTS(SLICE("Invalid function name; function: "), call->text));
    const struct function_rules *rules = function_rules(call->function);
    if ((rules->language == LANGUAGE_UPDATE) != is_update)
        return invalid_joined(
            parser->failure, parser->kind,
            PARTS(is_update ? SLICE("The function is not allowed in an update expression; function: ")
                            : SLICE("The function is not allowed in a condition expression; function: "),
                  call->text));
    if (!may_stand_here(call, rules))
        return invalid_joined(
            parser->failure, parser->kind,
            PARTS(SLICE("The function is not allowed to be used this way in an expression; function: "),
                  call->text));
    return true;
}

bool parser_check_names(struct parser *parser)
{
    if (parser->redundant_parentheses)
        return fail_redundant(parser);
    for (struct node *node = parser->first_mention; node != NULL; node = node->next_mention) {
        if (!(node->type == NODE_PATH ? check_path_names(parser, &node->path) : check_function(parser, node)))
            return false;
    }
    return true;
}
