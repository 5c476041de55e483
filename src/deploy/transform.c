#include "deploy/transform.h"

#include "base/characters.h"
#include "deploy/intrinsics.h"
#include "deploy/parameters.h"
#include "deploy/template.h"

static const struct slice loop_prefix = {LOOP_PREFIX, sizeof(LOOP_PREFIX) - 1};

/* ---- which there are ---- */

static bool read_name(struct stack *stack, const struct json *transform, struct problems *problems)
{
    static const char *const of_aws[] = {"AWS::CodeDeployBlueGreen",
                                         "AWS::Include",
                                         "AWS::SecretsManager-2020-07-23",
                                         "AWS::SecretsManager-2024-09-16",
                                         "AWS::Serverless-2016-10-31",
                                         "AWS::ServiceCatalog",
                                         NULL};
    const struct json *name = transform->type == JSON_OBJECT ? json_get(transform, "Name") : transform;

    if (name == NULL || name->type != JSON_STRING)
        return stack_refuse(
            stack, problems,
            "Template format error: Transform must be the name of a macro, or a list of them.");
    if (slice_is(name->text, "AWS::LanguageExtensions")) {
        stack->extensions = true;
        return true;
    }
    int length = name->text.len > LOOP_NAME_LIMIT ? LOOP_NAME_LIMIT : (int)name->text.len;
    for (size_t i = 0; of_aws[i] != NULL; i++) {
        if (slice_is(name->text, of_aws[i]))
            return stack_refuse(stack, problems, "Transform %s is not available here.", of_aws[i]);
    }
    return stack_refuse(stack, problems, "No transform named %.*s found.", length, name->text.ptr);
}

bool transform_read(struct stack *stack, struct problems *problems)
{
    const struct json *transform = json_get(stack->template, "Transform");

    if (transform == NULL)
        return true;
    if (transform->type != JSON_ARRAY)
        return read_name(stack, transform, problems);
    for (size_t i = 0; i < transform->array.count; i++) {
        if (!read_name(stack, &transform->array.items[i], problems))
            return false;
    }
    return true;
}

/* Recursion is bounded by the depth of a template. */
static bool has_loops(const struct json *json)
{
    for (size_t i = 0; json->type == JSON_ARRAY && i < json->array.count; i++) {
        if (has_loops(&json->array.items[i]))
            return true;
    }
    for (size_t i = 0; json->type == JSON_OBJECT && i < json->object.count; i++) {
        if (slice_starts_with(json->object.members[i].name, loop_prefix) ||
            has_loops(&json->object.members[i].value))
            return true;
    }
    return false;
}

bool transform_note(struct stack *stack)
{
    struct problems unheard;

    problems_init(&unheard, stack->arena);
    return transform_read(stack, &unheard) && !(stack->extensions && has_loops(stack->template));
}

/* ---- variables ---- */

/* The loops around a value: what each name stands for now. */
struct variable {
    const struct variable *outer;
    struct slice name, value;
    unsigned depth; /* 1 for the outermost */
};

struct expansion {
    struct stack *stack;
    struct problems *problems;
    size_t nodes; /* of the new template */
    size_t bytes; /* of texts in which names were replaced */
};

static bool expand(struct expansion *expansion, const struct variable *variables, const struct json *json,
                   struct json *out);

static const struct variable *find_variable(const struct variable *variables, struct slice name)
{
    while (variables != NULL && !slice_equal(variables->name, name))
        variables = variables->outer;
    return variables;
}

/* "&{name}": the letters and digits of the value. */
static void append_alphanumeric(struct buffer *out, struct slice value)
{
    for (size_t i = 0; i < value.len; i++) {
        if (is_letter(value.ptr[i]) || is_digit(value.ptr[i]))
            buffer_append_byte(out, value.ptr[i]);
    }
}

/* Appends the text with the values of all ${name} and &{name} whose name is a variable. */
static void append_replaced(struct buffer *out, const struct variable *variables, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        const char *end = NULL;
        if ((text.ptr[i] == '$' || text.ptr[i] == '&') && i + 1 < text.len && text.ptr[i + 1] == '{')
            end = memchr(text.ptr + i, '}', text.len - i);
        const struct variable *variable =
            end == NULL ? NULL
                        : find_variable(variables,
                                        (struct slice){text.ptr + i + 2, (size_t)(end - text.ptr) - i - 2});
        if (variable == NULL) {
            buffer_append_byte(out, text.ptr[i]);
            continue;
        }
        if (text.ptr[i] == '$')
            buffer_append(out, variable->value);
        else
            append_alphanumeric(out, variable->value);
        i = (size_t)(end - text.ptr);
    }
}

static bool too_much(struct expansion *expansion)
{
    return stack_refuse(expansion->stack, expansion->problems,
                        "Template error: the loops of the template make too much of it");
}

static bool replace(struct expansion *expansion, const struct variable *variables, struct slice text,
                    struct slice *out)
{
    struct buffer built;

    *out = text;
    if (variables == NULL || text.len == 0 || memchr(text.ptr, '{', text.len) == NULL)
        return true;
    buffer_init(&built);
    append_replaced(&built, variables, text);
    expansion->bytes += built.len;
    if (expansion->bytes <= TEMPLATE_SIZE_LIMIT)
        *out = arena_copy(expansion->stack->arena, buffer_slice(&built));
    buffer_finish(&built);
    return expansion->bytes <= TEMPLATE_SIZE_LIMIT || too_much(expansion);
}

/* ---- values of functions ---- */

static bool evaluate(struct expansion *expansion, const struct json *json, struct json *out)
{
    struct slice reason = SLICE("");
    enum resolved resolved = stack_evaluate(expansion->stack, json, out, &reason);

    if (resolved == RESOLVED)
        return true;
    return stack_refuse(expansion->stack, expansion->problems, "%s%.*s",
                        resolved == RESOLVED_WRONG ? "" : "Template error: a loop depends on ",
                        SLICE_ARGS(reason));
}

/* A name in Ref or Fn::GetAtt that a function makes. */
static bool evaluate_name(struct expansion *expansion, struct json *name)
{
    struct json value;
    struct slice text;

    if (!is_function(name))
        return true;
    if (!evaluate(expansion, name, &value))
        return false;
    if (!scalar_text(&value, &text))
        return stack_refuse(expansion->stack, expansion->problems,
                            "Template error: every Ref object must have a single String value.");
    *name = (struct json){.type = JSON_STRING, .text = text};
    return true;
}

static bool settle_names(struct expansion *expansion, const struct variable *variables, struct json *function)
{
    struct json_member *member = &function->object.members[0];
    const struct variable *variable = slice_is(member->name, "Ref") && member->value.type == JSON_STRING
                                          ? find_variable(variables, member->value.text)
                                          : NULL;

    if (variable != NULL) {
        *function = (struct json){.type = JSON_STRING, .text = variable->value};
        return true;
    }
    if (slice_is(member->name, "Ref"))
        return evaluate_name(expansion, &member->value);
    if (slice_is(member->name, "Fn::GetAtt") && member->value.type == JSON_ARRAY &&
        member->value.array.count == 2)
        return evaluate_name(expansion, &member->value.array.items[0]) &&
               evaluate_name(expansion, &member->value.array.items[1]);
    return true;
}

/* ---- loops ---- */

static bool wrong_loop(struct expansion *expansion, struct slice name)
{
    int length = name.len > LOOP_NAME_LIMIT ? LOOP_NAME_LIMIT : (int)name.len;

    return stack_refuse(
        expansion->stack, expansion->problems,
        "Template error: %.*s must be a list of an identifier, a collection and an object of what "
        "it makes",
        length, name.ptr);
}

static void add_member(struct expansion *expansion, struct json *object, size_t *capacity,
                       struct json_member member)
{
    if (object->object.count == *capacity) {
        *capacity = *capacity == 0 ? 8 : *capacity * 2;
        object->object.members = arena_grow(expansion->stack->arena, object->object.members,
                                            object->object.count, *capacity, sizeof(struct json_member));
    }
    object->object.members[object->object.count++] = member;
}

static bool expand_members(struct expansion *expansion, const struct variable *variables,
                           const struct json *from, struct json *out, size_t *capacity);

/* The elements over which a loop goes, as texts. */
static bool read_collection(struct expansion *expansion, const struct variable *variables,
                            const struct json_member *loop, struct json *out)
{
    struct json expanded;
    struct slice text;

    if (!expand(expansion, variables, &loop->value.array.items[1], &expanded) ||
        !evaluate(expansion, &expanded, out))
        return false;
    if (out->type != JSON_ARRAY)
        return wrong_loop(expansion, loop->name);
    for (size_t i = 0; i < out->array.count; i++) {
        if (!scalar_text(&out->array.items[i], &text))
            return wrong_loop(expansion, loop->name);
        out->array.items[i] = (struct json){.type = JSON_STRING, .text = text};
    }
    return true;
}

static bool expand_loop(struct expansion *expansion, const struct variable *variables,
                        const struct json_member *loop, struct json *out, size_t *capacity)
{
    const struct json *parts = &loop->value;
    struct variable variable = {.outer = variables, .depth = variables == NULL ? 1 : variables->depth + 1};
    struct json collection;

    if (parts->type != JSON_ARRAY || parts->array.count != 3 || parts->array.items[0].type != JSON_STRING ||
        parts->array.items[0].text.len == 0 || parts->array.items[2].type != JSON_OBJECT)
        return wrong_loop(expansion, loop->name);
    variable.name = parts->array.items[0].text;
    if (variable.depth > LOOPS_NESTING_LIMIT)
        return stack_refuse(expansion->stack, expansion->problems,
                            "Template error: Fn::ForEach may be nested up to %d levels", LOOPS_NESTING_LIMIT);
    if (find_variable(variables, variable.name) != NULL ||
        parameter_declared(expansion->stack, variable.name))
        return stack_refuse(expansion->stack, expansion->problems,
                            "Template error: the identifier of %.*s has another meaning already",
                            loop->name.len > LOOP_NAME_LIMIT ? LOOP_NAME_LIMIT : (int)loop->name.len,
                            loop->name.ptr);
    if (!read_collection(expansion, variables, loop, &collection))
        return false;
    for (size_t i = 0; i < collection.array.count; i++) {
        variable.value = collection.array.items[i].text;
        if (++expansion->nodes > TEMPLATE_NODES_LIMIT)
            return too_much(expansion);
        if (!expand_members(expansion, &variable, &parts->array.items[2], out, capacity))
            return false;
    }
    return true;
}

/* ---- the tree ---- */

static bool expand_members(struct expansion *expansion, const struct variable *variables,
                           const struct json *from, struct json *out, size_t *capacity)
{
    for (size_t i = 0; i < from->object.count; i++) {
        struct json_member member = from->object.members[i];
        if (slice_starts_with(member.name, loop_prefix)) {
            if (!expand_loop(expansion, variables, &member, out, capacity))
                return false;
            continue;
        }
        if (!replace(expansion, variables, member.name, &member.name) ||
            !expand(expansion, variables, &from->object.members[i].value, &member.value))
            return false;
        add_member(expansion, out, capacity, member);
    }
    return true;
}

static bool expand_object(struct expansion *expansion, const struct variable *variables,
                          const struct json *json, struct json *out)
{
    size_t capacity = 0;

    *out = (struct json){.type = JSON_OBJECT};
    if (!expand_members(expansion, variables, json, out, &capacity))
        return false;
    size_t count = out->object.count;
    out->object.count = json_drop_repeated(out->object.members, count);
    if (out->object.count < count)
        return stack_refuse(expansion->stack, expansion->problems,
                            "Template error: a loop of the template makes a name that is there already");
    return !is_function(out) || settle_names(expansion, variables, out);
}

/* Recursion is bounded by the depth of a template. */
static bool expand(struct expansion *expansion, const struct variable *variables, const struct json *json,
                   struct json *out)
{
    if (++expansion->nodes > TEMPLATE_NODES_LIMIT)
        return too_much(expansion);
    *out = *json;
    if (json->type == JSON_STRING)
        return replace(expansion, variables, json->text, &out->text);
    if (json->type == JSON_OBJECT)
        return expand_object(expansion, variables, json, out);
    if (json->type != JSON_ARRAY)
        return true;
    out->array.items = arena_array(expansion->stack->arena, struct json, json->array.count);
    for (size_t i = 0; i < json->array.count; i++) {
        if (!expand(expansion, variables, &json->array.items[i], &out->array.items[i]))
            return false;
    }
    return true;
}

bool transform_expand(struct stack *stack, struct problems *problems)
{
    struct expansion expansion = {.stack = stack, .problems = problems};
    struct json *expanded = arena_new(stack->arena, struct json);
    size_t kept = 0;

    if (!expand(&expansion, NULL, stack->template, expanded))
        return false;
    for (size_t i = 0; i < expanded->object.count; i++) {
        if (!slice_is(expanded->object.members[i].name, "Transform"))
            expanded->object.members[kept++] = expanded->object.members[i];
    }
    expanded->object.count = kept;
    stack->template = expanded;
    return true;
}
