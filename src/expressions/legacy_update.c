/* AttributeUpdates, as an update of whole attributes. */
#include "expressions/legacy.h"
#include "expressions/update.h"
#include "items/attribute_value.h"

#define INVALID "One or more parameter values were invalid: "

#define TYPE(type) (1u << VALUE_##type)
#define SETS       (TYPE(SS) | TYPE(NS) | TYPE(BS))

/* The values of Action: what each is in an update with a value, and which types that may have. ADD to a list
 * appends, of which AWS's documentation says nothing. */
static const struct {
    const char *name;
    enum action_type type;
    unsigned types;
    const char *refusal;
} actions[] = {
    {"PUT", ACTION_SET, ~0u, NULL},
    {"ADD", ACTION_ADD, SETS | TYPE(N) | TYPE(L), "ADD action is not supported for the type"},
    {"DELETE", ACTION_DELETE, SETS, "DELETE action with value is not supported for the type"},
};

/* DELETE without a value removes. */
static bool read_without_value(struct slice name, struct action *action, struct failure *failure)
{
    action->type = ACTION_REMOVE;
    return slice_is(name, "DELETE") ||
           fail(failure, ERROR_VALIDATION,
                INVALID "Only DELETE action is allowed when no attribute value is specified");
}

static bool read_with_value(struct arena *arena, struct slice name, const struct json *json,
                            struct action *action, struct failure *failure)
{
    struct value *value = arena_new(arena, struct value);
    size_t which = 0;

    if (!value_from_json(arena, json, value, failure))
        return false;
    while (!slice_is(name, actions[which].name))
        which++; /* an enumeration: it is one of them */
    if ((actions[which].types & (1u << value->type)) == 0)
        return fail(failure, ERROR_VALIDATION, INVALID "%s %s", actions[which].refusal,
                    update_type_word(value->type));
    action->type = actions[which].type;
    action->value = node_of_value(arena, value);
    return true;
}

static bool read_action(struct arena *arena, const struct json_member *member, struct action *action,
                        struct failure *failure)
{
    const struct json *name = json_get_present(&member->value, "Action"),
                      *value = json_get_present(&member->value, "Value");
    struct slice word = name == NULL ? SLICE("PUT") : name->text;

    if (!attribute_name_check(member->name, failure))
        return false;
    action->path = node_of_attribute(arena, member->name);
    if (value == NULL)
        return read_without_value(word, action, failure);
    return read_with_value(arena, word, value, action, failure);
}

bool legacy_updates(struct arena *arena, const struct json *updates, struct update **out,
                    struct failure *failure)
{
    struct update *update = arena_new(arena, struct update);
    size_t count = updates->object.count;
    struct node **paths = arena_array(arena, struct node *, count);

    *out = update;
    *update = (struct update){.actions = arena_array(arena, struct action, count),
                              .count = count,
                              .capacity = count,
                              .legacy = true};
    for (size_t i = 0; i < count; i++) {
        if (!read_action(arena, &updates->object.members[i], &update->actions[i], failure))
            return false;
        paths[i] = update->actions[i].path;
    }
    path_set_sort(arena, paths, count, &update->targets);
    return true;
}
