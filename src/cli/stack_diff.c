#include "cli/stack_diff.h"

#include <stdio.h>

#include "cli/connect.h"
#include "cli/stack_change_set.h"
#include "deploy/making.h"

enum { PAGES_LIMIT = 100, DEPTH_LIMIT = 10 };

struct diff {
    struct stack_client *stack;
    int width;
    size_t count;
};

static char sign_of(struct slice action)
{
    if (slice_is(action, "Add"))
        return '+';
    if (slice_is(action, "Remove"))
        return '-';
    return slice_is(action, "Import") ? '<' : '~';
}

/* Which properties, each once: "KeySchema, Tags". One may be named for several reasons. */
static void tell_properties(struct diff *diff, const struct json *change)
{
    const struct json *details = json_get(change, "Details");
    const char *before = ": ";

    for (size_t i = 0; i < count_of(details); i++) {
        const struct json *target = json_get(&details->array.items[i], "Target");
        struct slice name = text_of(target, "Name");
        bool told = false;
        if (name.len == 0)
            name = text_of(target, "Attribute");
        for (size_t j = 0; j < i && !told; j++) {
            const struct json *other = json_get(&details->array.items[j], "Target");
            struct slice earlier = text_of(other, "Name");
            told = slice_equal(earlier.len > 0 ? earlier : text_of(other, "Attribute"), name);
        }
        if (told || name.len == 0)
            continue;
        name = printable(diff->stack->arena, name);
        printf("%s%.*s", before, SLICE_ARGS(name));
        before = ", ";
    }
}

static void tell(struct diff *diff, const struct json *change, unsigned depth)
{
    struct arena *arena = diff->stack->arena;
    struct slice name = printable(arena, text_of(change, "LogicalResourceId")),
                 type = printable(arena, text_of(change, "ResourceType")),
                 physical = printable(arena, text_of(change, "PhysicalResourceId")),
                 action = text_of(change, "Action"), replacement = text_of(change, "Replacement");

    diff->count++;
    if (slice_is(action, "Add")) /* a nested stack was begun, for its change set alone */
        physical = SLICE("");
    printf("  %*s%c %-*.*s  %.*s%s%.*s", (int)(2 * depth), "", sign_of(action), diff->width, SLICE_ARGS(name),
           SLICE_ARGS(type), physical.len > 0 ? " " : "", SLICE_ARGS(physical));
    tell_properties(diff, change);
    if (slice_is(replacement, "True"))
        fputs("; REPLACED", stdout);
    else if (slice_is(replacement, "Conditional"))
        fputs("; perhaps REPLACED", stdout);
    fputc('\n', stdout);
}

static bool tell_all(struct diff *diff, struct slice change_set, struct client_answer answer, unsigned depth);

static bool tell_nested(struct diff *diff, struct slice change_set, unsigned depth)
{
    struct client_answer answer;
    bool empty;

    return stack_change_set_read(diff->stack, change_set, SLICE(""), &answer, &empty) &&
           (empty || tell_all(diff, change_set, answer, depth));
}

static bool tell_page(struct diff *diff, const struct json *changes, unsigned depth)
{
    for (size_t i = 0; i < count_of(changes); i++) {
        const struct json *change = json_get(&changes->array.items[i], "ResourceChange");
        struct slice nested = text_of(change, "ChangeSetId");
        tell(diff, change, depth);
        if (nested.len > 0 && depth < DEPTH_LIMIT && !tell_nested(diff, nested, depth + 1))
            return false;
    }
    return true;
}

/* `answer` is its first page. */
static bool tell_all(struct diff *diff, struct slice change_set, struct client_answer answer, unsigned depth)
{
    bool empty;

    for (unsigned i = 0; i < PAGES_LIMIT; i++) {
        if (!tell_page(diff, json_get(answer.body, "Changes"), depth))
            return false;
        struct slice token = text_of(answer.body, "NextToken");
        if (token.len == 0)
            break;
        if (!stack_change_set_read(diff->stack, change_set, token, &answer, &empty))
            return false;
    }
    return true;
}

bool stack_diff(struct stack_client *stack, struct slice members, int width, size_t *changes)
{
    struct diff diff = {.stack = stack, .width = width};
    struct stack_change_set set;

    struct slice all = arena_printf(stack->arena, "%.*s\"IncludeNestedStacks\":true,", SLICE_ARGS(members));
    if (!stack_change_set_make(stack, all, &set))
        return false;
    bool told = set.empty || tell_all(&diff, set.arn, set.answer, 0);
    struct slice problem = stack->problem;
    bool removed = stack_change_set_remove(&set);
    if (!told)
        stack->problem = problem;
    *changes = diff.count;
    return told && removed;
}
