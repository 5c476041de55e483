#include "cli/deploy_stack.h"

#include <stdio.h>

#include "base/clock.h"
#include "cli/connect.h"
#include "cli/stack_change_set.h"
#include "cli/stack_diff.h"
#include "cli/stack_report.h"
#include "cli/stack_templates.h"
#include "deploy/making.h"

enum { PAGES_LIMIT = 100, DEPTH_LIMIT = 10 };

static bool fails(const struct deployment *deployment, struct slice problem)
{
    struct slice text = printable(deployment->arena, problem);

    fflush(stdout);
    fprintf(stderr, "turntable: %.*s\n", SLICE_ARGS(text));
    return false;
}

/* ---- templates ---- */

static void add_parameters(const struct stack *stack, struct buffer *out)
{
    const struct json *parameters = stack->identity.parameters;
    size_t count = parameters == NULL ? 0 : parameters->object.count;

    for (size_t i = 0; i < count; i++) {
        bool first = true;
        buffer_append_string(out, i == 0 ? ",\"Parameters\":[{" : ",{");
        json_write_string_member(out, &first, "ParameterKey", parameters->object.members[i].name);
        json_write_string_member(out, &first, "ParameterValue", parameters->object.members[i].value.text);
        buffer_append_byte(out, '}');
    }
    if (count > 0)
        buffer_append_byte(out, ']');
}

/* The members that CreateStack, UpdateStack and CreateChangeSet have alike; ended by ','. */
static bool add_members(const struct deployment *deployment, const struct stack *stack, struct buffer *out)
{
    struct slice problem;

    if (!stack_templates_place(deployment->client, deployment->arena, deployment->assembly, stack, out,
                               &problem))
        return fails(deployment, problem);
    add_parameters(stack, out);
    /* Who deploys a file of his own has agreed to what it makes. */
    buffer_append_string(
        out, ",\"Capabilities\":[\"CAPABILITY_IAM\",\"CAPABILITY_NAMED_IAM\",\"CAPABILITY_AUTO_EXPAND\"],");
    if (deployment->import_existing)
        buffer_append_string(out, "\"ImportExistingResources\":true,");
    return true;
}

/* ---- the end ---- */

static void count_resource(const struct stack_client *stack, const struct json *resource,
                           struct stack_inventory *inventory)
{
    inventory->resources++;
    if (!slice_starts_with(text_of(resource, "ResourceStatusReason"), SLICE("Recorded")))
        return;
    inventory->recorded++;
    problems_list(stack->arena, &inventory->recorded_names,
                  printable(stack->arena, text_of(resource, "LogicalResourceId")));
}

/* All that there is, nested ones too. */
static bool take_inventory(const struct stack_client *stack, struct slice arn, unsigned depth,
                           struct stack_inventory *inventory)
{
    struct stack_client one = {.client = stack->client, .arena = stack->arena, .arn = arn};
    struct slice page = SLICE("");
    struct client_answer answer;

    for (unsigned i = 0; i < PAGES_LIMIT; i++) {
        if (!stack_call(&one, "ListStackResources", page, &answer, NULL))
            return false;
        const struct json *list = json_get(answer.body, "StackResourceSummaries");
        for (size_t j = 0; j < count_of(list); j++) {
            const struct json *resource = &list->array.items[j];
            struct slice id = text_of(resource, "PhysicalResourceId");
            count_resource(stack, resource, inventory);
            if (slice_is(text_of(resource, "ResourceType"), "AWS::CloudFormation::Stack") && id.len > 0 &&
                depth < DEPTH_LIMIT && !take_inventory(stack, id, depth + 1, inventory))
                return false;
        }
        struct slice token = text_of(answer.body, "NextToken");
        if (token.len == 0)
            break;
        page = arena_printf(stack->arena, "\"NextToken\":\"%.*s\",", SLICE_ARGS(token));
    }
    return true;
}

static void tell_outputs(const struct deployment *deployment, const struct stack_client *stack)
{
    for (size_t i = 0; i < count_of(stack->outputs); i++) {
        const struct json *output = &stack->outputs->array.items[i];
        struct slice name = printable(deployment->arena, text_of(output, "OutputKey")),
                     value = printable(deployment->arena, text_of(output, "OutputValue"));
        if (value.len > 0)
            printf("  output: %.*s = %.*s\n", SLICE_ARGS(name), SLICE_ARGS(value));
    }
}

static bool fails_with_stack(const struct deployment *deployment, const struct stack_client *stack,
                             const struct stack_report *report)
{
    if (report->failure.len > 0)
        (void)fails(deployment, report->failure);
    if (slice_contains(report->failure, "HandlerErrorCode: AlreadyExists") && !deployment->import_existing)
        (void)fails(deployment, SLICE("what exists already is taken into the stack with "
                                      "--import-existing-resources, if the template gives it the "
                                      "DeletionPolicy Retain"));
    return fails(deployment, arena_printf(deployment->arena, "the stack %.*s is %.*s%s%.*s",
                                          SLICE_ARGS(stack->name), SLICE_ARGS(stack->status),
                                          stack->reason.len > 0 ? ": " : "", SLICE_ARGS(stack->reason)));
}

/* Follows what was begun; true if it ended as `wanted`. */
static bool follow(const struct deployment *deployment, struct stack_client *stack,
                   struct stack_report *report, const char *wanted)
{
    report_begin(report, deployment->arena, deployment->width);
    bool followed = stack_follow(stack, report_step, report);
    report_clear(report);
    if (!followed)
        return fails(deployment, stack->problem);
    return slice_is(stack->status, wanted) || fails_with_stack(deployment, stack, report);
}

/* ---- deleting ---- */

static bool delete (const struct deployment *deployment, struct stack_client *stack,
                    struct stack_report *report)
{
    if (stack_begin(stack, "DeleteStack", SLICE("")) != STACK_BEGUN)
        return fails(deployment, stack->problem);
    return follow(deployment, stack, report, "DELETE_COMPLETE");
}

static struct stack_client client_of(const struct deployment *deployment, const struct stack *stack)
{
    return (struct stack_client){
        .client = deployment->client, .arena = deployment->arena, .name = stack->identity.name};
}

bool deploy_delete(const struct deployment *deployment, const struct stack *stack)
{
    struct stack_client client = client_of(deployment, stack);
    struct stack_report report;

    if (!stack_wait(&client))
        return fails(deployment, client.problem);
    if (client.arn.len == 0) {
        printf("There is no stack %.*s\n", SLICE_ARGS(client.name));
        return true;
    }
    printf("Deleting the stack %.*s\n", SLICE_ARGS(client.name));
    if (!delete (deployment, &client, &report))
        return false;
    printf("%zu resource%s removed\n", report.removed, report.removed == 1 ? "" : "s");
    return true;
}

/* ---- deploying ---- */

/* A stack that was never made, or whose making was rolled back, takes no update: it makes way, as the CDK has
 * it. */
static bool is_left_over(struct slice status)
{
    return slice_is(status, "ROLLBACK_COMPLETE") || slice_is(status, "ROLLBACK_FAILED") ||
           slice_is(status, "REVIEW_IN_PROGRESS");
}

static bool finish(const struct deployment *deployment, struct stack_client *stack,
                   const struct stack_report *report, int64_t begun)
{
    struct stack_inventory inventory = {.recorded_names = SLICE("")};
    struct slice name = printable(deployment->arena, stack->name);

    if (!take_inventory(stack, stack->arn, 0, &inventory))
        return fails(deployment, SLICE("the resources cannot be counted"));
    tell_outputs(deployment, stack);
    if (report_has_changes(report))
        printf("Deployed the stack %.*s in %.1f s\n", SLICE_ARGS(name), (double)(clock_now() - begun) / 1000);
    else
        printf("No changes in the stack %.*s\n", SLICE_ARGS(name));
    report_sum(report, &inventory);
    return true;
}

/* Whether the stack has a resource that the template has too. */
static bool has_common(const struct json *list, const struct stack *stack)
{
    for (size_t i = 0; i < count_of(list); i++) {
        struct slice id = text_of(&list->array.items[i], "LogicalResourceId"),
                     type = text_of(&list->array.items[i], "ResourceType");
        for (size_t j = 0; j < stack->resource_count; j++) {
            if (slice_equal(stack->resources[j].id, id) && slice_equal(stack->resources[j].type, type))
                return true;
        }
    }
    return false;
}

/*
 * Two projects may each have a template.json, and an update removes what the new template does not have. So a
 * stack that was not named is not given a template with which it shares nothing.
 */
static bool is_its_own(const struct deployment *deployment, const struct stack *stack,
                       struct stack_client *client)
{
    struct client_answer answer;

    if (deployment->named || client->arn.len == 0)
        return true;
    if (!stack_call(client, "ListStackResources", SLICE(""), &answer, NULL))
        return fails(deployment, client->problem);
    const struct json *list = json_get(answer.body, "StackResourceSummaries");
    return count_of(list) == 0 || has_common(list, stack) ||
           fails(deployment,
                 arena_printf(deployment->arena,
                              "the stack %.*s has other resources than the template, and would lose them "
                              "all: name the stack with --stack-name",
                              SLICE_ARGS(client->name)));
}

/* Only a change set can take in what exists outside. */
static enum stack_begun begin(const struct deployment *deployment, struct stack_client *stack,
                              struct slice members)
{
    struct stack_change_set set;

    if (!deployment->import_existing)
        return stack_begin(stack, stack->arn.len == 0 ? "CreateStack" : "UpdateStack", members);
    if (!stack_change_set_make(stack, members, &set))
        return STACK_REFUSED;
    if (set.empty)
        return stack_change_set_remove(&set) ? STACK_UNCHANGED : STACK_REFUSED;
    return stack_change_set_execute(&set) ? STACK_BEGUN : STACK_REFUSED;
}

static bool bring(const struct deployment *deployment, struct stack_client *stack, struct slice members)
{
    struct stack_report report = {0};
    int64_t begun = clock_now();
    const char *wanted = stack->arn.len == 0 ? "CREATE_COMPLETE" : "UPDATE_COMPLETE";

    switch (begin(deployment, stack, members)) {
    case STACK_REFUSED:
        (void)fails(deployment, stack->problem);
        return fails(deployment, SLICE("nothing was changed"));
    case STACK_UNCHANGED:
        break;
    case STACK_BEGUN:
        if (!follow(deployment, stack, &report, wanted))
            return false;
    }
    return finish(deployment, stack, &report, begun);
}

bool deploy_stack(const struct deployment *deployment, const struct stack *stack)
{
    struct stack_client client = client_of(deployment, stack);
    struct stack_report report;
    struct buffer members;

    if (!stack_wait(&client))
        return fails(deployment, client.problem);
    if (client.arn.len > 0 && is_left_over(client.status)) {
        printf("Removing what is left of the stack %.*s, which is %.*s\n", SLICE_ARGS(client.name),
               SLICE_ARGS(client.status));
        if (!delete (deployment, &client, &report))
            return false;
        client.arn = SLICE("");
    }
    if (!is_its_own(deployment, stack, &client))
        return false;
    buffer_init(&members);
    bool done = add_members(deployment, stack, &members) &&
                bring(deployment, &client, arena_copy(deployment->arena, buffer_slice(&members)));
    buffer_finish(&members);
    return done;
}

/* ---- telling before ---- */

static bool tell_diff(const struct deployment *deployment, struct stack_client *stack, struct slice members)
{
    struct slice name = printable(deployment->arena, stack->name);
    size_t changes = 0;

    printf("%s the stack %.*s\n", stack->arn.len == 0 ? "Would create" : "Would update", SLICE_ARGS(name));
    if (!stack_diff(stack, members, deployment->width, &changes))
        return fails(deployment, stack->problem);
    if (changes == 0)
        printf("  nothing changes\n");
    else
        printf("%zu change%s; nothing was changed\n", changes, changes == 1 ? "" : "s");
    return true;
}

bool deploy_diff(const struct deployment *deployment, const struct stack *stack)
{
    struct stack_client client = client_of(deployment, stack);
    struct buffer members;

    if (!stack_wait(&client))
        return fails(deployment, client.problem);
    if (client.arn.len > 0 && is_left_over(client.status)) {
        printf("Would remove what is left of the stack %.*s, which is %.*s, and create it\n",
               SLICE_ARGS(client.name), SLICE_ARGS(client.status));
        return true;
    }
    if (!is_its_own(deployment, stack, &client))
        return false;
    buffer_init(&members);
    bool done = add_members(deployment, stack, &members) &&
                tell_diff(deployment, &client, arena_copy(deployment->arena, buffer_slice(&members)));
    buffer_finish(&members);
    return done;
}
