#include "cli/stack_change_set.h"

#include <time.h>

#include "base/clock.h"
#include "deploy/making.h"

enum {
    POLLS_LIMIT = 10 * 60 * 20, /* ten minutes of them */
    POLL_MILLISECONDS = 50,
};

/* An operation on a change set, which its ARN names whosesoever it is. */
static bool call(struct stack_client *stack, const char *operation, struct slice arn, struct slice token,
                 struct client_answer *answer)
{
    struct buffer input;
    bool first = true;

    buffer_init(&input);
    buffer_append_byte(&input, '{');
    json_write_string_member(&input, &first, "ChangeSetName", arn);
    if (token.len > 0)
        json_write_string_member(&input, &first, "NextToken", token);
    buffer_append_byte(&input, '}');
    bool done = stack_ask(stack, operation, buffer_slice(&input), answer, NULL);
    buffer_finish(&input);
    return done;
}

static bool is_being_made(struct slice status)
{
    return slice_is(status, "CREATE_PENDING") || slice_is(status, "CREATE_IN_PROGRESS");
}

/* One without changes has failed, with one of two sentences. */
bool stack_change_set_read(struct stack_client *stack, struct slice arn, struct slice token,
                           struct client_answer *answer, bool *empty)
{
    const struct timespec pause = {.tv_nsec = POLL_MILLISECONDS * 1000L * 1000};
    unsigned polls = 0;

    *empty = false;
    while (call(stack, "DescribeChangeSet", arn, token, answer)) {
        struct slice status = text_of(answer->body, "Status"), reason = text_of(answer->body, "StatusReason");
        if (slice_is(status, "CREATE_COMPLETE"))
            return true;
        if (!is_being_made(status) || ++polls == POLLS_LIMIT) {
            *empty = slice_contains(reason, "didn't contain changes") ||
                     slice_contains(reason, "No updates are to be performed");
            stack->problem = arena_printf(stack->arena, "the change set is %.*s: %.*s", SLICE_ARGS(status),
                                          SLICE_ARGS(reason));
            return *empty;
        }
        nanosleep(&pause, NULL);
    }
    return false;
}

bool stack_change_set_make(struct stack_client *stack, struct slice members, struct stack_change_set *out)
{
    struct slice id = random_uuid(stack->arena);
    struct client_answer answer;

    *out = (struct stack_change_set){.stack = stack, .of_new_stack = stack->arn.len == 0};
    struct slice all =
        arena_printf(stack->arena, "%.*s\"ChangeSetName\":\"turntable-%.*s\",\"ChangeSetType\":\"%s\",",
                     SLICE_ARGS(members), SLICE_ARGS(id), out->of_new_stack ? "CREATE" : "UPDATE");
    if (!stack_call(stack, "CreateChangeSet", all, &answer, NULL))
        return false;
    out->arn = text_of(answer.body, "Id");
    stack->arn = text_of(answer.body, "StackId");
    if (stack_change_set_read(stack, out->arn, SLICE(""), &out->answer, &out->empty))
        return true;
    struct slice problem = stack->problem;
    bool removed = stack_change_set_remove(out);
    if (removed)
        stack->problem = problem;
    return false;
}

bool stack_change_set_remove(const struct stack_change_set *set)
{
    struct client_answer answer;

    if (!set->of_new_stack)
        return call(set->stack, "DeleteChangeSet", set->arn, SLICE(""), &answer);
    return stack_call(set->stack, "DeleteStack", SLICE(""), &answer, NULL);
}

bool stack_change_set_execute(const struct stack_change_set *set)
{
    struct buffer members;
    bool first = true;

    buffer_init(&members);
    json_write_string_member(&members, &first, "ChangeSetName", set->arn);
    buffer_append_byte(&members, ',');
    bool begun = stack_begin(set->stack, "ExecuteChangeSet", buffer_slice(&members)) == STACK_BEGUN;
    buffer_finish(&members);
    return begun;
}
