#include "expressions/condition.h"
#include "expressions/invalid.h"
#include "expressions/partiql/translate.h"
#include "expressions/projection.h"
#include "expressions/update.h"

/* What a statement is made of. */
struct making {
    struct arena *arena;
    struct parameters parameters;
    struct failure *failure;
    struct statement *statement;
};

/* ---- SELECT ---- */

/* a.b.c[0] becomes an attribute "c[0]" of its own: its last name and what follows it. */
static struct slice label_of(struct arena *arena, const struct path *path)
{
    unsigned last = path->count - 1;

    while (path->elements[last].is_index) /* the first one is a name */
        last--;
    struct slice label = path->elements[last].text;
    for (unsigned i = last + 1; i < path->count && i <= PATH_DEPTH_LIMIT; i++) /* a longer one is refused */
        label = arena_printf(arena, "%.*s[%u]", SLICE_ARGS(label), path->elements[i].index);
    return label;
}

static bool check_label(const struct making *making, const struct slice *labels, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equal(labels[i], labels[count]))
            return fail_joined(making->failure,
                               PARTS(SLICE("Duplicate identifiers in select clause: "), labels[i]));
    return true;
}

static bool make_projection(const struct making *making, const struct term *columns)
{
    struct translator translator;
    size_t count = 0;

    if (columns == NULL)
        return true;
    for (const struct term *column = columns; column != NULL; column = column->sibling)
        count++;
    struct slice *labels = arena_array(making->arena, struct slice, count);
    translator_begin(&translator, making->arena, &making->parameters, false, making->failure);
    count = 0;
    for (const struct term *column = columns; column != NULL; column = column->sibling) {
        if (column->type == TERM_PATH && column->last_child->type == TERM_ALL)
            return fail(making->failure, ERROR_VALIDATION,
                        "Changing item's hierarchy while reading isn't supported");
        const struct node *path = translate_path(&translator, column);
        if (path == NULL)
            return false;
        labels[count] = label_of(making->arena, &path->path);
        if (!check_label(making, labels, count))
            return false;
        count++;
    }
    struct statement *statement = making->statement;
    if (!projection_build(&translator.parser, labels, statement->placeholders, &statement->projection))
        return false;
    statement->in_place = arena_new(making->arena, struct projection);
    statement->in_place->paths = statement->projection->paths;
    return true;
}

static void make_order(const struct making *making, const struct ordering *order)
{
    struct statement *statement = making->statement;
    size_t count = 0;

    for (const struct ordering *one = order; one != NULL; one = one->next)
        count++;
    statement->order = arena_array(making->arena, struct sorting, count);
    for (const struct ordering *one = order; one != NULL; one = one->next)
        statement->order[statement->order_count++] = (struct sorting){one->key->text, one->descending};
}

/* ---- UPDATE ---- */

/* set_add(path, set) and set_delete(path, set), which are all that is assigned to that path. */
static bool is_set_function(const struct term *value)
{
    return value->type == TERM_CALL &&
           (slice_is(value->text, "set_add") || slice_is(value->text, "set_delete"));
}

static bool is_set(const struct node *node)
{
    return node->type == NODE_VALUE &&
           (node->value->type == VALUE_SS || node->value->type == VALUE_NS || node->value->type == VALUE_BS);
}

static bool make_set_action(const struct making *making, struct translator *translator, struct update *update,
                            struct node *path, const struct term *call)
{
    bool adds = slice_is(call->text, "set_add");
    const char *name = adds ? "SET_ADD" : "SET_DELETE";
    const struct term *first = call->children;

    if (call->child_count != 2)
        return fail(making->failure, ERROR_VALIDATION, "%s must have exactly two arguments at %u:%u:%u", name,
                    call->place.line, call->place.column, call->place.length);
    const struct node *same =
        first->type == TERM_NAME || first->type == TERM_PATH ? translate_operand(translator, first) : NULL;
    if (same == NULL || !path_equal(&same->path, &path->path))
        return fail(making->failure, ERROR_VALIDATION,
                    "The first argument to %s must equal the assignment value", name);
    const struct term *second = first->sibling;
    struct node *set = translate_operand(translator, second);
    if (set == NULL)
        return false;
    if (!is_set(set))
        return fail(making->failure, ERROR_VALIDATION,
                    "The second argument to %s must be a value with type SET at %u:%u:%u", name,
                    first->place.line, first->place.column, first->place.length);
    update_add(&translator->parser, update, adds ? ACTION_ADD : ACTION_DELETE, path, set);
    return true;
}

static bool make_action(const struct making *making, struct translator *translator, struct update *update,
                        const struct assignment *assignment)
{
    struct node *path = translate_path(translator, assignment->path), *value = NULL;

    if (path == NULL)
        return false;
    parser_begin_value(&translator->parser);
    if (assignment->value != NULL && is_set_function(assignment->value))
        return make_set_action(making, translator, update, path, assignment->value);
    if (assignment->value != NULL) {
        value = translate_operand(translator, assignment->value);
        if (value == NULL)
            return false;
    }
    update_add(&translator->parser, update, value == NULL ? ACTION_REMOVE : ACTION_SET, path, value);
    return true;
}

static bool make_update(const struct making *making, const struct assignment *assignments)
{
    struct update *update = update_create(making->arena);
    struct translator translator;

    if (assignments == NULL)
        return true;
    making->statement->update = update;
    translator_begin(&translator, making->arena, &making->parameters, true, making->failure);
    for (const struct assignment *one = assignments; one != NULL; one = one->next)
        if (!make_action(making, &translator, update, one))
            return false;
    return update_finish(&translator.parser, update, making->statement->placeholders);
}

/* ---- WHERE ---- */

static bool make_condition(const struct making *making, const struct term *where)
{
    struct translator translator;

    if (where == NULL)
        return true;
    translator_begin(&translator, making->arena, &making->parameters, false, making->failure);
    const struct node *root = translate_condition(&translator, where);
    return root != NULL && condition_build(&translator.parser, root, making->statement->placeholders,
                                           &making->statement->condition);
}

/* ---- all ---- */

bool statement_parse(struct arena *arena, struct slice text, const struct value *parameters,
                     size_t parameter_count, struct statement **out, struct failure *failure)
{
    struct statement *statement = arena_new(arena, struct statement);
    struct making making = {arena, {parameters, parameter_count}, failure, statement};
    struct syntax *syntax;

    *out = statement;
    if (!syntax_read(arena, text, &syntax, failure))
        return false;
    statement->kind = syntax->kind;
    statement->operation = syntax->operation;
    statement->returning = syntax->returning;
    statement->placeholders = placeholders_none(arena);
    size_t wanted = syntax->parameter_count;
    if (syntax->kind == STATEMENT_EXISTS)
        syntax = syntax->exists;
    statement->table = syntax->source;
    statement->index = syntax->index;
    if (!make_projection(&making, syntax->columns))
        return false;
    if (wanted != parameter_count)
        return fail(failure, ERROR_VALIDATION, "Number of parameters in request and statement don't match.");
    make_order(&making, syntax->order);
    return (syntax->item == NULL ||
            literal_item(arena, syntax->item, &making.parameters, &statement->item, failure)) &&
           make_update(&making, syntax->assignments) && make_condition(&making, syntax->where);
}
