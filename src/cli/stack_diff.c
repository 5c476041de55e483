#include "cli/stack_diff.h"

#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "cli/connect.h"
#include "deploy/making.h"

enum {
    PAGES_LIMIT = 100,
    DEPTH_LIMIT = 10,
    POLLS_LIMIT = 10 * 60 * 20, /* ten minutes of them */
    POLL_MILLISECONDS = 50,
};

struct diff {
    struct stack_client *stack;
    int width;
    size_t count;
};

/* ---- calls ---- */

/* An operation on a change set, which its ARN names whosesoever it is. */
static bool call(struct diff *diff, const char *operation, struct slice change_set, struct slice token,
                 struct client_answer *answer)
{
    struct arena *arena = diff->stack->arena;
    struct buffer input;
    bool first = true;

    buffer_init(&input);
    buffer_append_byte(&input, '{');
    json_write_string_member(&input, &first, "ChangeSetName", change_set);
    if (token.len > 0)
        json_write_string_member(&input, &first, "NextToken", token);
    buffer_append_byte(&input, '}');
    enum client_outcome outcome = client_invoke(diff->stack->client, arena, SERVICE_CLOUDFORMATION, operation,
                                                buffer_slice(&input), answer);
    buffer_finish(&input);
    if (outcome == CLIENT_DONE)
        return true;
    diff->stack->problem = outcome == CLIENT_FAILED
                               ? answer->message
                               : arena_printf(arena, "%s: %.*s: %.*s", operation, SLICE_ARGS(answer->type),
                                              SLICE_ARGS(answer->message));
    return false;
}

static bool is_being_made(struct slice status)
{
    return slice_is(status, "CREATE_PENDING") || slice_is(status, "CREATE_IN_PROGRESS");
}

/* Waits until the change set is made: its first page is in *answer. One without changes has failed with one
 * of two sentences, and *empty is set. */
static bool wait_for(struct diff *diff, struct slice change_set, struct client_answer *answer, bool *empty)
{
    const struct timespec pause = {.tv_nsec = POLL_MILLISECONDS * 1000L * 1000};
    unsigned polls = 0;

    while (call(diff, "DescribeChangeSet", change_set, SLICE(""), answer)) {
        struct slice status = text_of(answer->body, "Status"), reason = text_of(answer->body, "StatusReason");
        if (slice_is(status, "CREATE_COMPLETE"))
            return true;
        if (!is_being_made(status) || ++polls == POLLS_LIMIT) {
            *empty = slice_contains(reason, "didn't contain changes") ||
                     slice_contains(reason, "No updates are to be performed");
            diff->stack->problem = arena_printf(diff->stack->arena, "the change set is %.*s: %.*s",
                                                SLICE_ARGS(status), SLICE_ARGS(reason));
            return *empty;
        }
        nanosleep(&pause, NULL);
    }
    return false;
}

/* ---- telling ---- */

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

static bool tell_all(struct diff *diff, struct slice change_set, unsigned depth);

static bool tell_page(struct diff *diff, const struct json *changes, unsigned depth)
{
    for (size_t i = 0; i < count_of(changes); i++) {
        const struct json *change = json_get(&changes->array.items[i], "ResourceChange");
        struct slice nested = text_of(change, "ChangeSetId");
        tell(diff, change, depth);
        if (nested.len > 0 && depth < DEPTH_LIMIT && !tell_all(diff, nested, depth + 1))
            return false;
    }
    return true;
}

static bool tell_all(struct diff *diff, struct slice change_set, unsigned depth)
{
    struct client_answer answer;
    bool empty = false;

    if (!wait_for(diff, change_set, &answer, &empty))
        return false;
    for (unsigned i = 0; !empty && i < PAGES_LIMIT; i++) {
        if (!tell_page(diff, json_get(answer.body, "Changes"), depth))
            return false;
        struct slice token = text_of(answer.body, "NextToken");
        if (token.len == 0)
            break;
        if (!call(diff, "DescribeChangeSet", change_set, token, &answer))
            return false;
    }
    return true;
}

/* ---- the whole ---- */

/* Takes away what was made to ask: a new stack that has nothing but the change set goes with it. */
static bool tidy(struct diff *diff, struct slice change_set, bool is_new)
{
    struct client_answer answer;

    if (!is_new)
        return call(diff, "DeleteChangeSet", change_set, SLICE(""), &answer);
    return stack_call(diff->stack, "DeleteStack", SLICE(""), &answer, NULL);
}

bool stack_diff(struct stack_client *stack, struct slice members, int width, size_t *changes)
{
    struct diff diff = {.stack = stack, .width = width};
    bool is_new = stack->arn.len == 0;
    struct slice id = random_uuid(stack->arena);
    struct client_answer answer;

    struct slice all = arena_printf(stack->arena,
                                    "%.*s\"ChangeSetName\":\"turntable-diff-%.*s\",\"ChangeSetType\":\"%s\","
                                    "\"IncludeNestedStacks\":true,",
                                    SLICE_ARGS(members), SLICE_ARGS(id), is_new ? "CREATE" : "UPDATE");
    if (!stack_call(stack, "CreateChangeSet", all, &answer, NULL))
        return false;
    struct slice change_set = text_of(answer.body, "Id");
    stack->arn = text_of(answer.body, "StackId");
    bool told = tell_all(&diff, change_set, 0);
    struct slice problem = stack->problem;
    bool tidied = tidy(&diff, change_set, is_new);
    if (!told)
        stack->problem = problem;
    *changes = diff.count;
    return told && tidied;
}
