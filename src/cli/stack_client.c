#include "cli/stack_client.h"

#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "deploy/making.h"

enum {
    WAIT_SHORTEST = 10, /* milliseconds between two questions */
    WAIT_LONGEST = 500,
    EVENTS_LIMIT = 100 * 1000, /* of one operation */
};

static bool fails(struct stack_client *stack, struct slice problem)
{
    stack->problem = problem;
    return false;
}

/* ---- calls ---- */

bool stack_ask(struct stack_client *stack, const char *operation, struct slice input,
               struct client_answer *answer, struct slice *refusal)
{
    static const struct client_service service = {"cloudformation", "2010-05-15"};
    enum client_outcome outcome =
        client_call_query_json(stack->client, stack->arena, &service, operation, input, answer);

    if (refusal != NULL)
        *refusal = outcome == CLIENT_REFUSED ? answer->type : SLICE("");
    if (outcome == CLIENT_DONE)
        return true;
    return fails(stack, outcome == CLIENT_FAILED
                            ? answer->message
                            : arena_printf(stack->arena, "%.*s: %s: %.*s: %.*s", SLICE_ARGS(stack->name),
                                           operation, SLICE_ARGS(answer->type), SLICE_ARGS(answer->message)));
}

bool stack_call(struct stack_client *stack, const char *operation, struct slice members,
                struct client_answer *answer, struct slice *refusal)
{
    struct slice name = stack->arn.len > 0 ? stack->arn : stack->name;
    struct buffer input;

    buffer_init(&input);
    buffer_append_byte(&input, '{');
    buffer_append(&input, members);
    buffer_append_string(&input, "\"StackName\":");
    json_write_string(&input, name);
    buffer_append_byte(&input, '}');
    bool done = stack_ask(stack, operation, buffer_slice(&input), answer, refusal);
    buffer_finish(&input);
    return done;
}

static bool is_under_way(struct slice status)
{
    const struct slice end = SLICE("_IN_PROGRESS");

    return status.len > end.len && memcmp(status.ptr + status.len - end.len, end.ptr, end.len) == 0 &&
           !slice_is(status, "REVIEW_IN_PROGRESS");
}

bool stack_look(struct stack_client *stack)
{
    struct client_answer answer;
    struct slice refusal;

    stack->status = stack->reason = SLICE("");
    stack->outputs = NULL;
    if (!stack_call(stack, "DescribeStacks", SLICE(""), &answer, &refusal)) {
        stack->arn = SLICE("");
        return slice_is(refusal, "ValidationError") && slice_contains(answer.message, "does not exist");
    }
    const struct json *stacks = json_get(answer.body, "Stacks");
    if (count_of(stacks) != 1)
        return fails(stack, SLICE("the server does not tell of the stack"));
    const struct json *told = &stacks->array.items[0];
    stack->arn = text_of(told, "StackId");
    stack->status = text_of(told, "StackStatus");
    stack->reason = text_of(told, "StackStatusReason");
    stack->outputs = json_get(told, "Outputs");
    return true;
}

static void rest(unsigned *milliseconds)
{
    const struct timespec time = {.tv_sec = *milliseconds / 1000,
                                  .tv_nsec = (long)(*milliseconds % 1000) * 1000 * 1000};

    nanosleep(&time, NULL);
    *milliseconds = *milliseconds * 3 / 2 < WAIT_LONGEST ? *milliseconds * 3 / 2 : WAIT_LONGEST;
}

bool stack_wait(struct stack_client *stack)
{
    unsigned milliseconds = WAIT_SHORTEST;

    for (;;) {
        if (!stack_look(stack))
            return false;
        if (!is_under_way(stack->status))
            return true;
        rest(&milliseconds);
    }
}

enum stack_begun stack_begin(struct stack_client *stack, const char *operation, struct slice members)
{
    struct slice id = random_uuid(stack->arena);
    struct client_answer answer;
    struct slice refusal;

    stack->token = arena_printf(stack->arena, "turntable-deploy-%.*s", SLICE_ARGS(id));
    stack->begun = SLICE("");
    stack->ended = false;
    stack->followed_count = 0;
    struct slice all = arena_printf(stack->arena, "%.*s\"ClientRequestToken\":\"%.*s\",", SLICE_ARGS(members),
                                    SLICE_ARGS(stack->token));
    if (!stack_call(stack, operation, all, &answer, &refusal))
        return slice_is(refusal, "ValidationError") &&
                       slice_contains(answer.message, "No updates are to be performed")
                   ? STACK_UNCHANGED
                   : STACK_REFUSED;
    if (text_of(answer.body, "StackId").len > 0)
        stack->arn = text_of(answer.body, "StackId");
    return STACK_BEGUN;
}

/* ---- events ---- */

int64_t stack_time(struct slice text)
{
    struct tm parts = {0};
    char copy[32];

    if (text.len < 19 || text.len >= sizeof(copy))
        return 0;
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    const char *rest_of_it = strptime(copy, "%Y-%m-%dT%H:%M:%S", &parts);
    if (rest_of_it == NULL)
        return 0;
    double fraction = *rest_of_it == '.' ? strtod(rest_of_it, NULL) : 0;
    return (int64_t)timegm(&parts) * 1000 + (int64_t)(fraction * 1000 + 0.5);
}

/* Steps while they are gathered, in an arena that lasts until they are told. */
struct steps {
    struct arena arena;
    struct stack_step *items;
    size_t count, capacity;
};

static struct stack_step *add_step(struct steps *steps)
{
    if (steps->count == steps->capacity) {
        size_t capacity = steps->capacity == 0 ? 64 : steps->capacity * 2;
        steps->items = arena_grow(&steps->arena, steps->items, steps->count, capacity, sizeof(*steps->items));
        steps->capacity = capacity;
    }
    return &steps->items[steps->count++];
}

static struct stack_step read_step(struct slice stack, const struct json *event)
{
    struct stack_step step = {.event = event,
                              .stack = stack,
                              .logical = text_of(event, "LogicalResourceId"),
                              .physical = text_of(event, "PhysicalResourceId"),
                              .type = text_of(event, "ResourceType"),
                              .status = text_of(event, "ResourceStatus"),
                              .reason = text_of(event, "ResourceStatusReason"),
                              .time = text_of(event, "Timestamp")};

    step.of_stack = slice_equal(step.physical, stack);
    return step;
}

static struct slice text_member(struct arena *arena, const char *name, struct slice value)
{
    struct buffer text;
    bool first = true;

    buffer_init(&text);
    json_write_string_member(&text, &first, name, value);
    buffer_append_byte(&text, ',');
    struct slice copy = arena_copy(arena, buffer_slice(&text));
    buffer_finish(&text);
    return copy;
}

/* Whether the event is of an operation before this one, and so are all that come after it, for the newest
 * come first. What is nested has no token of its own: it is of this operation if it is not before its
 * beginning. */
static bool is_earlier(const struct stack_client *stack, size_t at, const struct json *event)
{
    if (at == 0)
        return !slice_equal(text_of(event, "ClientRequestToken"), stack->token);
    return slice_compare(text_of(event, "Timestamp"), stack->begun) < 0;
}

/* Adds what is new of one stack, oldest first. */
static bool read_events(struct stack_client *stack, size_t at, struct steps *steps)
{
    struct followed_stack *followed = &stack->followed[at];
    struct stack_client one = {.client = stack->client, .arena = &steps->arena, .arn = followed->arn};
    struct slice page = SLICE(""), newest = followed->last;
    struct client_answer answer;
    size_t from = steps->count;
    bool more = true;

    while (more && steps->count < EVENTS_LIMIT) {
        if (!stack_call(&one, "DescribeStackEvents", page, &answer, NULL))
            return fails(stack, arena_copy(stack->arena, one.problem));
        const struct json *events = json_get(answer.body, "StackEvents");
        struct slice token = text_of(answer.body, "NextToken");
        more = token.len > 0;
        for (size_t i = 0; i < count_of(events); i++) {
            const struct json *event = &events->array.items[i];
            struct slice id = text_of(event, "EventId");
            if (slice_equal(id, followed->last) || is_earlier(stack, at, event)) {
                more = false;
                break;
            }
            if (steps->count == from)
                newest = id;
            *add_step(steps) = read_step(followed->arn, event);
        }
        page = text_member(&steps->arena, "NextToken", token);
    }
    if (newest.ptr != followed->last.ptr)
        followed->last = arena_copy(stack->arena, newest);
    for (size_t i = from, j = steps->count; i + 1 < j; i++, j--) {
        struct stack_step step = steps->items[i];
        steps->items[i] = steps->items[j - 1];
        steps->items[j - 1] = step;
    }
    return true;
}

static void follow_another(struct stack_client *stack, struct slice arn)
{
    for (size_t i = 0; i < stack->followed_count; i++) {
        if (slice_equal(stack->followed[i].arn, arn))
            return;
    }
    if (stack->followed_count < STACKS_FOLLOWED_LIMIT)
        stack->followed[stack->followed_count++] =
            (struct followed_stack){arena_copy(stack->arena, arn), SLICE("")};
}

/* What a step tells of the operation as a whole. */
static void learn(struct stack_client *stack, size_t at, const struct stack_step *step)
{
    if (slice_is(step->type, "AWS::CloudFormation::Stack") && !step->of_stack && step->physical.len > 0)
        follow_another(stack, step->physical);
    if (at > 0 || !step->of_stack)
        return;
    if (stack->begun.len == 0)
        stack->begun = arena_copy(stack->arena, step->time);
    stack->ended = !is_under_way(step->status);
}

static int compare_steps(const void *a, const void *b)
{
    const struct stack_step *one = a, *other = b;
    int order = slice_compare(one->time, other->time);

    return order != 0 ? order : (one->order > other->order) - (one->order < other->order);
}

/* All that is new; what is nested is followed from where it is first told of. */
static bool read_all(struct stack_client *stack, struct steps *steps)
{
    for (size_t at = 0; at < stack->followed_count; at++) {
        size_t from = steps->count;
        if (!read_events(stack, at, steps))
            return false;
        for (size_t i = from; i < steps->count; i++)
            learn(stack, at, &steps->items[i]);
    }
    for (size_t i = 0; i < steps->count; i++)
        steps->items[i].order = i;
    if (steps->count > 1)
        qsort(steps->items, steps->count, sizeof(*steps->items), compare_steps);
    return true;
}

bool stack_follow(struct stack_client *stack, void (*tell)(void *context, const struct stack_step *step),
                  void *context)
{
    unsigned milliseconds = WAIT_SHORTEST;

    stack->followed = arena_array(stack->arena, struct followed_stack, STACKS_FOLLOWED_LIMIT);
    follow_another(stack, stack->arn);
    while (!stack->ended) {
        struct steps steps = {0};
        arena_init(&steps.arena);
        bool read = read_all(stack, &steps);
        for (size_t i = 0; read && i < steps.count; i++)
            tell(context, &steps.items[i]);
        arena_finish(&steps.arena);
        if (!read)
            return false;
        if (steps.count > 0)
            milliseconds = WAIT_SHORTEST;
        else
            rest(&milliseconds);
    }
    return stack_look(stack);
}
