#include "expressions/partiql/literal.h"

/* Where in a value a term stands, for messages: "root.0.name". */
struct spot {
    const struct spot *parent; /* NULL: the root */
    struct slice name;
    unsigned depth;
};

struct literal {
    struct arena *arena;
    const struct parameters *parameters;
    struct failure *failure;
};

static bool read_value(const struct literal *literal, const struct term *term, const struct spot *spot,
                       struct value *out);

static struct slice spot_text(struct arena *arena, const struct spot *spot)
{
    if (spot->parent == NULL)
        return SLICE("root");
    struct slice parent = spot_text(arena, spot->parent);
    return arena_printf(arena, "%.*s.%.*s", SLICE_ARGS(parent), SLICE_ARGS(spot->name));
}

static bool unsupported(const struct literal *literal, const struct term *term, const struct spot *spot,
                        struct slice name)
{
    if (term->type == TERM_PATH)
        return fail(literal->failure, ERROR_VALIDATION, "Unsupported data type: %.*s under key %.*s",
                    SLICE_ARGS(name), SLICE_ARGS(spot_text(literal->arena, spot)));
    return fail(literal->failure, ERROR_VALIDATION, "Unsupported data type: %.*s under key %.*s at %u:%u:%u",
                SLICE_ARGS(name), SLICE_ARGS(spot_text(literal->arena, spot)), term->place.line,
                term->place.column, term->place.length);
}

/* ---- scalars ---- */

/* A point needs digits on both sides for number_parse(), as in JSON. */
static struct slice with_digits(struct arena *arena, struct slice text)
{
    size_t sign = text.ptr[0] == '-' ? 1 : 0;
    const char *point = memchr(text.ptr, '.', text.len);

    if (point == NULL)
        return text;
    size_t before = (size_t)(point - text.ptr);
    struct slice whole = {text.ptr + sign, before - sign}, rest = slice_skip(text, before + 1);
    bool has_fraction = rest.len > 0 && rest.ptr[0] >= '0' && rest.ptr[0] <= '9';
    return arena_printf(arena, "%s%.*s.%s%.*s", sign ? "-" : "",
                        SLICE_ARGS(whole.len > 0 ? whole : SLICE("0")), has_fraction ? "" : "0",
                        SLICE_ARGS(rest));
}

static bool read_number(const struct literal *literal, const struct term *term, struct value *out)
{
    struct failure failure;

    out->type = VALUE_N;
    failure_init(&failure, literal->arena);
    if (number_parse(with_digits(literal->arena, term->text), &out->number, &failure))
        return true;
    if (slice_starts_with(failure.message, SLICE("Attempting to store more than 38")))
        return fail(literal->failure, ERROR_VALIDATION, "DynamoDB only supports precision up to 38 digits");
    return fail(literal->failure, ERROR_VALIDATION, "%.*s", SLICE_ARGS(failure.message));
}

/* ---- lists, bags and tuples ---- */

static bool check_depth(const struct literal *literal, const struct spot *spot)
{
    return spot->depth < VALUE_DEPTH_LIMIT ||
           fail(literal->failure, ERROR_VALIDATION, "Nesting Levels have exceeded supported limits");
}

static bool read_list(const struct literal *literal, const struct term *term, const struct spot *spot,
                      struct value *out)
{
    if (!check_depth(literal, spot))
        return false;
    out->type = VALUE_L;
    out->list = (struct value_list){arena_array(literal->arena, struct value, term->child_count), 0};
    for (const struct term *child = term->children; child != NULL; child = child->sibling) {
        struct spot here = {spot, arena_printf(literal->arena, "%zu", out->list.count), spot->depth + 1};
        if (!read_value(literal, child, &here, &out->list.values[out->list.count++]))
            return false;
    }
    return true;
}

static bool fail_bag(const struct literal *literal, const struct term *member)
{
    return fail(literal->failure, ERROR_VALIDATION,
                "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags at "
                "%u:%u:%u",
                member->place.line, member->place.column, member->place.length);
}

/* A set of strings or of numbers. */
static bool read_bag(const struct literal *literal, const struct term *term, struct value *out)
{
    bool numbers = term->children != NULL && term->children->type == TERM_NUMBER;

    if (term->children == NULL)
        return fail(literal->failure, ERROR_VALIDATION, "Empty bags are not supported at %u:%u:%u",
                    term->place.line, term->place.column, term->place.length);
    out->type = numbers ? VALUE_NS : VALUE_SS;
    out->list = (struct value_list){arena_array(literal->arena, struct value, term->child_count), 0};
    for (const struct term *child = term->children; child != NULL; child = child->sibling) {
        struct value *member = &out->list.values[out->list.count++];
        if (child->type != TERM_NUMBER && child->type != TERM_STRING)
            return fail_bag(literal, child);
        if ((child->type == TERM_NUMBER) != numbers)
            return fail(
                literal->failure, ERROR_VALIDATION,
                "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags");
        *member = (struct value){.type = VALUE_S, .bytes = child->text};
        if (numbers && !read_number(literal, child, member))
            return false;
    }
    set_sort(&out->list);
    for (size_t i = 1; i < out->list.count; i++)
        if (value_equal(&out->list.values[i - 1], &out->list.values[i]))
            return fail(literal->failure, ERROR_VALIDATION, "Input collection contains duplicates");
    return true;
}

static bool is_aggregate(struct slice function)
{
    static const char *const names[] = {"count", "sum", "avg", "min", "max"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (slice_is(function, names[i]))
            return true;
    return false;
}

/* What AWS's parser calls a term inside of a list or a tuple. */
static struct slice type_name(const struct term *term)
{
    switch (term->type) {
    case TERM_CALL:
        return is_aggregate(term->text) ? SLICE("CallAgg") : SLICE("NAry");
    case TERM_OPERATOR:
        return SLICE("NAry");
    case TERM_IS:
        return SLICE("Typed");
    case TERM_MISSING:
        return SLICE("LiteralMissing");
    case TERM_SELECT:
        return SLICE("Select");
    case TERM_PARAMETER:
        return SLICE("Parameter");
    case TERM_NAME:
        return SLICE("VariableReference");
    case TERM_PATH:
        return SLICE("Path");
    case TERM_NUMBER:
        return memchr(term->text.ptr, '.', term->text.len) == NULL ? SLICE("INT") : SLICE("DECIMAL");
    default:
        return term->text;
    }
}

/* `of_item`: each value is a root of its own, and may be a parameter. */
static bool read_tuple(const struct literal *literal, const struct term *term, const struct spot *spot,
                       bool of_item, struct item *out)
{
    struct slice under = spot_text(literal->arena, spot);

    if (!check_depth(literal, spot))
        return false;
    *out = (struct item){arena_array(literal->arena, struct attribute, term->child_count / 2), 0};
    for (const struct term *name = term->children; name != NULL; name = name->sibling->sibling) {
        const struct place *place = &name->place, *twice = of_item ? place : &term->place;
        struct attribute *attribute = &out->attributes[out->count];
        struct spot here = {of_item ? NULL : spot, name->text, of_item ? 0 : spot->depth + 1};
        if (name->type != TERM_STRING)
            return fail(literal->failure, ERROR_VALIDATION,
                        "Tuple keys must be of type String. Actual type: %.*s under %.*s at %u:%u:%u",
                        SLICE_ARGS(type_name(name)), SLICE_ARGS(under), place->line, place->column,
                        place->length);
        if (name->text.len == 0)
            return fail(literal->failure, ERROR_VALIDATION, "Path component cannot be an empty string");
        if (item_get(out, name->text) != NULL)
            return fail(literal->failure, ERROR_VALIDATION,
                        "Duplicate keys in tuple. Key: %.*s under %.*s at %u:%u:%u", SLICE_ARGS(name->text),
                        SLICE_ARGS(under), twice->line, twice->column, twice->length);
        attribute->name = name->text;
        if (!read_value(literal, name->sibling, &here, &attribute->value))
            return false;
        out->count++;
    }
    return true;
}

static bool read_value(const struct literal *literal, const struct term *term, const struct spot *spot,
                       struct value *out)
{
    bool at_root = spot->parent == NULL;

    switch (term->type) {
    case TERM_STRING:
        *out = (struct value){.type = VALUE_S, .bytes = term->text};
        return true;
    case TERM_NUMBER:
        return read_number(literal, term, out);
    case TERM_BOOLEAN:
        *out = (struct value){.type = VALUE_BOOL, .boolean = term->text.len == 4};
        return true;
    case TERM_NULL:
        *out = (struct value){.type = VALUE_NULL};
        return true;
    case TERM_LIST:
    case TERM_SEQUENCE:
        return read_list(literal, term, spot, out);
    case TERM_BAG:
        return read_bag(literal, term, out);
    case TERM_TUPLE:
        out->type = VALUE_M;
        return read_tuple(literal, term, spot, false, &out->map);
    case TERM_ION:
        return fail(literal->failure, ERROR_VALIDATION,
                    "Ion Literals are not supported under key %.*s at %u:%u:%u",
                    SLICE_ARGS(spot_text(literal->arena, spot)), term->place.line, term->place.column,
                    term->place.length);
    case TERM_PARAMETER:
        if (!at_root)
            break;
        *out = literal->parameters->values[term->parameter];
        return true;
    default:
        break;
    }
    return unsupported(literal, term, spot, at_root ? term->text : type_name(term));
}

bool literal_value(struct arena *arena, const struct term *term, const struct parameters *parameters,
                   struct value *out, struct failure *failure)
{
    struct literal literal = {arena, parameters, failure};
    struct spot root = {NULL, SLICE(""), 0};

    return read_value(&literal, term, &root, out);
}

bool literal_item(struct arena *arena, const struct term *term, const struct parameters *parameters,
                  struct item *out, struct failure *failure)
{
    struct literal literal = {arena, parameters, failure};
    struct spot root = {NULL, SLICE(""), 0};

    return read_tuple(&literal, term, &root, true, out);
}
