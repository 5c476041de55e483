#include "expressions/update.h"

#include "base/check.h"
#include "expressions/invalid.h"
#include "expressions/resolve.h"

struct update *update_create(struct arena *arena)
{
    return arena_new(arena, struct update);
}

void update_add(struct parser *parser, struct update *update, enum action_type type, struct node *path,
                struct node *value)
{
    struct action action = {.type = type, .path = path, .value = value};

    if (type == ACTION_SET)
        action.first_complete = parser->first_complete;
    if (update->count == update->capacity) {
        size_t capacity = update->capacity == 0 ? 8 : update->capacity * 2;
        update->actions =
            arena_grow(parser->arena, update->actions, update->count, capacity, sizeof(*update->actions));
        update->capacity = capacity;
    }
    update->actions[update->count++] = action;
}

/* ---- parsing ---- */

static bool parse_action(struct parser *parser, struct update *update, enum action_type type)
{
    struct node *path = parser_path(parser), *value = NULL;

    if (path == NULL)
        return false;
    if (type == ACTION_SET) {
        if (!parser_expect(parser, TOKEN_EQUAL))
            return false;
        value = parser_set_value(parser);
    } else if (type != ACTION_REMOVE) {
        value = parser_value(parser);
    }
    if (value == NULL && type != ACTION_REMOVE)
        return false;
    update_add(parser, update, type, path, value);
    return true;
}

/* Which section a token begins. */
static bool section_type(enum token_type token, enum action_type *type)
{
    switch (token) {
    case TOKEN_SET:
        *type = ACTION_SET;
        return true;
    case TOKEN_REMOVE:
        *type = ACTION_REMOVE;
        return true;
    case TOKEN_ADD:
        *type = ACTION_ADD;
        return true;
    case TOKEN_DELETE:
        *type = ACTION_DELETE;
        return true;
    default:
        return false;
    }
}

static const char *const section_names[] = {
    [ACTION_SET] = "SET", [ACTION_REMOVE] = "REMOVE", [ACTION_ADD] = "ADD", [ACTION_DELETE] = "DELETE"};

/* *repeated becomes the name of the first section that comes again; this is told later, after all names. */
static bool parse_sections(struct parser *parser, struct update *update, const char **repeated)
{
    bool seen[ACTION_DELETE + 1] = {false};
    enum action_type type;

    do {
        if (!section_type(parser->lexer.current.type, &type))
            return parser_fail(parser);
        lexer_advance(&parser->lexer);
        if (seen[type] && *repeated == NULL)
            *repeated = section_names[type];
        seen[type] = true;
        do {
            if (!parse_action(parser, update, type))
                return false;
        } while (parser_accept(parser, TOKEN_COMMA));
    } while (parser->lexer.current.type != TOKEN_END);
    return true;
}

static bool build_targets(struct parser *parser, struct update *update, struct placeholders *placeholders,
                          size_t *size)
{
    struct node **paths = arena_array(parser->arena, struct node *, update->count);

    for (size_t i = 0; i < update->count; i++)
        paths[i] = update->actions[i].path;
    return path_set_build(parser, paths, update->count, placeholders, size, &update->targets);
}

const char *update_type_word(enum value_type type)
{
    static const char *const words[] = {
        [VALUE_S] = "STRING",      [VALUE_N] = "NUMBER",      [VALUE_B] = "BINARY", [VALUE_BOOL] = "BOOLEAN",
        [VALUE_NULL] = "NULL",     [VALUE_M] = "MAP",         [VALUE_L] = "LIST",   [VALUE_SS] = "STRING_SET",
        [VALUE_NS] = "NUMBER_SET", [VALUE_BS] = "BINARY_SET",
    };

    return words[type];
}

static bool is_set(enum value_type type)
{
    return type == VALUE_SS || type == VALUE_NS || type == VALUE_BS;
}

static bool check_set_operand(struct parser *parser, const struct action *action)
{
    enum value_type type = action->value->value->type;
    const char *name = section_names[action->type];

    if (is_set(type) || (action->type == ACTION_ADD && type == VALUE_N))
        return true;
    return invalid_joined(parser->failure, parser->kind,
                          PARTS(SLICE("Incorrect operand type for operator or function; operator: "),
                                slice_of(name), SLICE(", operand type: "), slice_of(update_type_word(type)),
                                SLICE(", typeSet: ALLOWED_FOR_"), slice_of(name), SLICE("_OPERAND")));
}

/* From the last action to the first, as AWS does it. */
static bool resolve_values(struct parser *parser, struct update *update, struct placeholders *placeholders,
                           size_t *size)
{
    for (size_t i = update->count; i-- > 0;) {
        struct action *action = &update->actions[i];
        if (action->type == ACTION_SET) {
            if (!resolve_nodes(parser, action->first_complete, placeholders, size))
                return false;
        } else if (action->type != ACTION_REMOVE) {
            if (!placeholders_resolve_value(placeholders, parser->kind, action->value, size,
                                            parser->failure) ||
                !check_set_operand(parser, action))
                return false;
        }
    }
    return true;
}

bool update_finish(struct parser *parser, struct update *update, struct placeholders *placeholders)
{
    size_t size = 0;

    return build_targets(parser, update, placeholders, &size) &&
           resolve_values(parser, update, placeholders, &size) && resolve_check_limits(parser, size);
}

bool update_parse(struct arena *arena, struct slice text, struct placeholders *placeholders,
                  struct update **out, struct failure *failure)
{
    struct update *update = update_create(arena);
    const char *repeated = NULL;
    struct parser parser;

    *out = update;
    if (!parser_init(&parser, arena, EXPRESSION_UPDATE, text, failure) ||
        !parse_sections(&parser, update, &repeated) || !parser_check_names(&parser))
        return false;
    if (repeated != NULL)
        return invalid_joined(failure, EXPRESSION_UPDATE,
                              PARTS(SLICE("The \""), slice_of(repeated),
                                    SLICE("\" section can only be used once in an update expression;")));
    return update_finish(&parser, update, placeholders);
}

struct slice update_writes_any(const struct update *update, const struct slice *names, size_t count)
{
    for (size_t i = 0; i < update->count; i++) {
        struct slice written = update->actions[i].path->path.elements[0].name;
        for (size_t j = 0; j < count; j++)
            if (slice_equal(written, names[j]))
                return written;
    }
    return (struct slice){NULL, 0};
}

bool update_only_removes(const struct update *update)
{
    for (size_t i = 0; i < update->count; i++)
        if (update->actions[i].type == ACTION_SET || update->actions[i].type == ACTION_ADD)
            return false;
    return update->count > 0;
}

const struct value *update_takes_away(const struct update *update, struct slice name)
{
    for (size_t i = 0; update->legacy && i < update->count; i++) {
        const struct action *action = &update->actions[i];
        if (action->type == ACTION_DELETE && slice_equal(action->path->path.elements[0].name, name))
            return action->value->value;
    }
    return NULL;
}

/* ---- values ---- */

struct evaluation {
    struct arena *arena;
    const struct update *update;
    const struct item *old;
    struct failure *failure;
};

static const struct value *fail_data_type(struct failure *failure)
{
    (void)fail(failure, ERROR_VALIDATION, "An operand in the update expression has an incorrect data type");
    return NULL;
}

static const struct value *evaluate(const struct evaluation *evaluation, const struct node *node);

/* An operand that must be of one type. */
static const struct value *evaluate_typed(const struct evaluation *evaluation, const struct node *node,
                                          enum value_type type)
{
    const struct value *value = evaluate(evaluation, node);

    if (value != NULL && value->type != type)
        return fail_data_type(evaluation->failure);
    return value;
}

static const struct value *evaluate_sum(const struct evaluation *evaluation, const struct node *node)
{
    const struct value *left = evaluate_typed(evaluation, node->operands, VALUE_N);
    if (left == NULL)
        return NULL;
    const struct value *right = evaluate_typed(evaluation, node->operands->sibling, VALUE_N);
    if (right == NULL)
        return NULL;
    struct value *sum = arena_new(evaluation->arena, struct value);
    sum->type = VALUE_N;
    bool done = node->type == NODE_PLUS
                    ? number_add(&left->number, &right->number, &sum->number, evaluation->failure)
                    : number_subtract(&left->number, &right->number, &sum->number, evaluation->failure);
    return done ? sum : NULL;
}

static struct value_list concatenate(struct arena *arena, const struct value_list *a,
                                     const struct value_list *b)
{
    struct value_list both = {arena_array(arena, struct value, a->count + b->count), a->count + b->count};

    if (a->count > 0)
        memcpy(both.values, a->values, a->count * sizeof(*a->values));
    if (b->count > 0)
        memcpy(both.values + a->count, b->values, b->count * sizeof(*b->values));
    return both;
}

static const struct value *evaluate_list_append(const struct evaluation *evaluation, const struct node *node)
{
    const struct value *left = evaluate_typed(evaluation, node->operands, VALUE_L);
    if (left == NULL)
        return NULL;
    const struct value *right = evaluate_typed(evaluation, node->operands->sibling, VALUE_L);
    if (right == NULL)
        return NULL;
    struct value *list = arena_new(evaluation->arena, struct value);
    list->type = VALUE_L;
    list->list = concatenate(evaluation->arena, &left->list, &right->list);
    return list;
}

/* AWS wants the second operand to exist even when the first does. */
static const struct value *evaluate_if_not_exists(const struct evaluation *evaluation,
                                                  const struct node *node)
{
    const struct value *otherwise = evaluate(evaluation, node->operands->sibling);
    const struct value *present = path_find(&node->operands->path, evaluation->old);

    return otherwise == NULL || present == NULL ? otherwise : present;
}

/* NULL after a failure. Recursion goes as deep as functions are nested, OPERATOR_LIMIT. */
static const struct value *evaluate(const struct evaluation *evaluation, const struct node *node)
{
    switch (node->type) {
    case NODE_PATH: {
        const struct value *value = path_find(&node->path, evaluation->old);
        if (value == NULL)
            (void)fail(evaluation->failure, ERROR_VALIDATION,
                       "The provided expression refers to an attribute that does not exist in the item");
        return value;
    }
    case NODE_VALUE:
        return node->value;
    case NODE_CALL:
        return node->function == FUNCTION_LIST_APPEND ? evaluate_list_append(evaluation, node)
                                                      : evaluate_if_not_exists(evaluation, node);
    default:
        return evaluate_sum(evaluation, node);
    }
}

/* ---- sets ---- */

static struct value_list sorted_copy(struct arena *arena, const struct value_list *set)
{
    static const struct value_list nothing = {NULL, 0};
    struct value_list copy = concatenate(arena, set, &nothing);

    set_sort(&copy);
    return copy;
}

/* The members of `a` that are not in `b`, and with `with_b` those of `b` as well. */
static struct value_list merge_sets(struct arena *arena, const struct value_list *a,
                                    const struct value_list *b, bool with_b)
{
    struct value_list left = sorted_copy(arena, a);
    struct value_list right = sorted_copy(arena, b);
    struct value_list merged = {arena_array(arena, struct value, a->count + b->count), 0};
    size_t i = 0;
    size_t j = 0;

    while (i < left.count || j < right.count) {
        int order = i == left.count    ? 1
                    : j == right.count ? -1
                                       : value_compare(&left.values[i], &right.values[j]);
        if (order < 0) {
            merged.values[merged.count++] = left.values[i++];
            continue;
        }
        if (with_b)
            merged.values[merged.count++] = right.values[j];
        i += order == 0;
        j++;
    }
    return merged;
}

/* ---- what each action does ---- */

enum change_type { CHANGE_NOTHING, CHANGE_PUT, CHANGE_REMOVE };

struct change {
    enum change_type type;
    struct value value;
};

/* An ADD or DELETE to an attribute of another type. */
static bool fail_mismatch(const struct evaluation *evaluation)
{
    if (evaluation->update->legacy)
        return fail(evaluation->failure, ERROR_VALIDATION, "Type mismatch for attribute to update");
    return fail_data_type(evaluation->failure) != NULL;
}

/* An expression cannot ADD to a list; AttributeUpdates can. */
static bool add_value(const struct evaluation *evaluation, const struct value *current,
                      const struct value *operand, struct change *change)
{
    change->type = CHANGE_PUT;
    if (current == NULL) {
        change->value = *operand;
        return true;
    }
    if (current->type != operand->type)
        return fail_mismatch(evaluation);
    change->value.type = operand->type;
    if (operand->type == VALUE_N)
        return number_add(&current->number, &operand->number, &change->value.number, evaluation->failure);
    change->value.list = operand->type == VALUE_L
                             ? concatenate(evaluation->arena, &current->list, &operand->list)
                             : merge_sets(evaluation->arena, &current->list, &operand->list, true);
    return true;
}

/* A set that loses its last member is no attribute any more. */
static bool delete_value(const struct evaluation *evaluation, const struct value *current,
                         const struct value *operand, struct change *change)
{
    if (current == NULL)
        return true;
    if (current->type != operand->type)
        return fail_mismatch(evaluation);
    change->value.type = operand->type;
    change->value.list = merge_sets(evaluation->arena, &current->list, &operand->list, false);
    change->type = change->value.list.count == 0 ? CHANGE_REMOVE : CHANGE_PUT;
    return true;
}

/* Everything but a path's last element must be there, as a map for a name and a list for an index. */
static bool check_target(const struct path *path, const struct item *old, struct failure *failure)
{
    struct path parent = {path->elements, path->count - 1, path->count - 1};

    if (parent.count == 0)
        return true;
    const struct value *container = path_find(&parent, old);
    enum value_type type = path->elements[path->count - 1].is_index ? VALUE_L : VALUE_M;
    if (container != NULL && container->type == type)
        return true;
    return fail(failure, ERROR_VALIDATION,
                "The document path provided in the update expression is invalid for update");
}

/* How many lists and maps lie within each other; never more than VALUE_DEPTH_LIMIT in a value that was read.
 */
static unsigned containers_within(const struct value *value)
{
    unsigned deepest = 0;

    if (value->type == VALUE_L) {
        for (size_t i = 0; i < value->list.count; i++) {
            unsigned depth = containers_within(&value->list.values[i]);
            deepest = depth > deepest ? depth : deepest;
        }
        return deepest + 1;
    }
    if (value->type == VALUE_M) {
        for (size_t i = 0; i < value->map.count; i++) {
            unsigned depth = containers_within(&value->map.attributes[i].value);
            deepest = depth > deepest ? depth : deepest;
        }
        return deepest + 1;
    }
    return 0;
}

static bool check_depth(const struct path *path, const struct value *value, struct failure *failure)
{
    if (path->count == 1 || path->count - 1 + containers_within(value) < VALUE_DEPTH_LIMIT)
        return true;
    return fail(failure, ERROR_VALIDATION, "Nesting Levels have exceeded supported limits");
}

static bool make_change(const struct evaluation *evaluation, const struct action *action,
                        struct change *change)
{
    const struct path *path = &action->path->path;

    if (!check_target(path, evaluation->old, evaluation->failure))
        return false;
    switch (action->type) {
    case ACTION_SET: {
        const struct value *value = evaluate(evaluation, action->value);
        if (value == NULL || !check_depth(path, value, evaluation->failure))
            return false;
        *change = (struct change){CHANGE_PUT, *value};
        return true;
    }
    case ACTION_ADD:
        return add_value(evaluation, path_find(path, evaluation->old), action->value->value, change);
    case ACTION_DELETE:
        return delete_value(evaluation, path_find(path, evaluation->old), action->value->value, change);
    case ACTION_REMOVE:
        change->type = CHANGE_REMOVE;
        return true;
    }
    return false;
}

/*
 * All changes, from the old item. Their values will all be in the new item, so no more is made once they are
 * larger together than an item may be: a short text can ask for many copies of a long list.
 */
static bool make_changes(const struct evaluation *evaluation, const struct update *update,
                         struct change *changes)
{
    size_t size = 0;

    for (size_t i = 0; i < update->count; i++) {
        if (!make_change(evaluation, &update->actions[i], &changes[i]))
            return false;
        if (changes[i].type == CHANGE_PUT)
            size += value_size(&changes[i].value);
        if (size > ITEM_SIZE_LIMIT)
            return fail(evaluation->failure, ERROR_VALIDATION,
                        "Item size to update has exceeded the maximum allowed size");
    }
    return true;
}

/* ---- the new item: recursion goes as deep as the longest path, PATH_DEPTH_LIMIT ---- */

struct rebuild {
    struct arena *arena;
    const struct path_set *targets;
    const struct change *changes; /* by action */
};

static struct value rebuild_value(const struct rebuild *rebuild, struct path_range group, unsigned depth,
                                  const struct value *old);

static const struct change *change_of(const struct rebuild *rebuild, struct path_range group)
{
    return &rebuild->changes[rebuild->targets->members[group.first].position];
}

/* What becomes of the value that a group's element at `depth` leads to. False: it is removed. */
static bool change_value(const struct rebuild *rebuild, struct path_range group, unsigned depth,
                         const struct value *old, struct value *new_value)
{
    if (!path_set_ends(rebuild->targets, group, depth)) {
        *new_value = rebuild_value(rebuild, group, depth + 1, old);
        return true;
    }
    const struct change *change = change_of(rebuild, group);
    *new_value = change->type == CHANGE_PUT ? change->value : *old;
    return change->type != CHANGE_REMOVE;
}

static struct item rebuild_map(const struct rebuild *rebuild, struct path_range range, unsigned depth,
                               const struct item *old)
{
    const struct path_set *targets = rebuild->targets;
    size_t members = range.end - range.first;
    bool *met = arena_array(rebuild->arena, bool, members);
    struct item map = {arena_array(rebuild->arena, struct attribute, old->count + members), 0};

    for (size_t i = 0; i < old->count; i++) {
        const struct attribute *attribute = &old->attributes[i];
        struct path_range group = path_set_find(targets, range, depth, attribute->name);
        struct attribute *kept = &map.attributes[map.count];
        *kept = *attribute;
        if (group.first == group.end) {
            map.count++;
            continue;
        }
        met[group.first - range.first] = true;
        if (change_value(rebuild, group, depth, &attribute->value, &kept->value))
            map.count++;
    }
    /* What is not there yet: only the last element of a path may be missing, so each such group is one path.
     */
    for (size_t i = range.first; i < range.end; i++) {
        struct path_range group = {i, i + 1};
        if (met[i - range.first] || !path_set_ends(targets, group, depth))
            continue;
        const struct change *change = change_of(rebuild, group);
        if (change->type == CHANGE_PUT)
            map.attributes[map.count++] =
                (struct attribute){targets->members[i].path->elements[depth].name, change->value};
    }
    return map;
}

static struct value_list rebuild_list(const struct rebuild *rebuild, struct path_range range, unsigned depth,
                                      const struct value_list *old)
{
    const struct path_set *targets = rebuild->targets;
    struct value_list list = {
        arena_array(rebuild->arena, struct value, old->count + (range.end - range.first)), 0};

    for (size_t i = 0; i < old->count; i++) {
        bool named =
            range.first < range.end && targets->members[range.first].path->elements[depth].index == i;
        if (!named) {
            list.values[list.count++] = old->values[i];
            continue;
        }
        struct path_range group = path_set_group(targets, range, depth);
        if (change_value(rebuild, group, depth, &old->values[i], &list.values[list.count]))
            list.count++;
        range.first = group.end;
    }
    /* Indexes beyond the end are in their order: each appends. */
    for (; range.first < range.end; range.first++) {
        const struct change *change = change_of(rebuild, range);
        if (change->type == CHANGE_PUT)
            list.values[list.count++] = change->value;
    }
    return list;
}

static struct value rebuild_value(const struct rebuild *rebuild, struct path_range group, unsigned depth,
                                  const struct value *old)
{
    struct value value = {.type = old->type};

    CHECK(old->type == VALUE_M || old->type == VALUE_L);
    if (old->type == VALUE_M)
        value.map = rebuild_map(rebuild, group, depth, &old->map);
    else
        value.list = rebuild_list(rebuild, group, depth, &old->list);
    return value;
}

bool update_apply(struct arena *arena, const struct update *update, const struct item *old, struct item *out,
                  struct failure *failure)
{
    struct evaluation evaluation = {.arena = arena, .update = update, .old = old, .failure = failure};
    struct change *changes = arena_array(arena, struct change, update->count);

    if (!make_changes(&evaluation, update, changes))
        return false;
    struct rebuild rebuild = {arena, &update->targets, changes};
    *out = rebuild_map(&rebuild, (struct path_range){0, update->count}, 0, old);
    return true;
}

struct item update_touched(struct arena *arena, const struct update *update, const struct item *item)
{
    return path_set_extract(arena, &update->targets, item);
}
