#include "cli/stack_report.h"

#include <stdio.h>
#include <unistd.h>

#include "cli/connect.h"

/* How an event's status ends a resource's line; NULL words: it is under way. */
static const struct {
    const char *status;
    const char *word;
} endings[] = {
    {"CREATE_COMPLETE", "created"},         {"UPDATE_COMPLETE", "updated"},
    {"DELETE_COMPLETE", "removed"},         {"DELETE_SKIPPED", "kept"},
    {"IMPORT_COMPLETE", "imported"},        {"CREATE_FAILED", "NOT CREATED"},
    {"UPDATE_FAILED", "NOT UPDATED"},       {"DELETE_FAILED", "NOT REMOVED"},
    {"ROLLBACK_COMPLETE", "rolled back"},   {"UPDATE_ROLLBACK_COMPLETE", "rolled back"},
    {"ROLLBACK_FAILED", "NOT ROLLED BACK"}, {"UPDATE_ROLLBACK_FAILED", "NOT ROLLED BACK"},
};

static const char *word_of(struct slice status)
{
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        if (slice_is(status, endings[i].status))
            return endings[i].word;
    }
    return NULL;
}

void report_begin(struct stack_report *report, struct arena *arena, int width)
{
    *report = (struct stack_report){.arena = arena, .width = width, .terminal = isatty(STDOUT_FILENO) == 1};
}

void report_clear(struct stack_report *report)
{
    if (report->drawn)
        fputs("\r\x1b[K", stdout);
    report->drawn = false;
}

static struct reported *find(struct stack_report *report, const struct stack_step *step)
{
    for (size_t i = 0; i < report->resource_count; i++) {
        struct reported *resource = &report->resources[i];
        if (slice_equal(resource->logical, step->logical) && slice_equal(resource->stack, step->stack))
            return resource;
    }
    if (report->resource_count == REPORT_RESOURCES_LIMIT)
        return &report->resources[0];
    if (report->resource_count == report->resource_capacity) {
        size_t capacity = report->resource_capacity == 0 ? 64 : report->resource_capacity * 2;
        report->resources = arena_grow(report->arena, report->resources, report->resource_count, capacity,
                                       sizeof(*report->resources));
        report->resource_capacity = capacity;
    }
    struct reported *added = &report->resources[report->resource_count++];
    *added = (struct reported){arena_copy(report->arena, step->stack),
                               arena_copy(report->arena, step->logical), 0};
    return added;
}

static void count(struct stack_report *report, const struct stack_step *step)
{
    if (slice_is(step->status, "CREATE_COMPLETE"))
        report->created++;
    else if (slice_is(step->status, "UPDATE_COMPLETE"))
        report->updated++;
    else if (slice_is(step->status, "DELETE_COMPLETE"))
        report->removed++;
    else if (slice_is(step->status, "IMPORT_COMPLETE"))
        report->imported++;
    else if (!slice_is(step->status, "DELETE_SKIPPED"))
        report->failed++;
    if (report->failure.len == 0 && report->failed > 0)
        report->failure = arena_printf(report->arena, "%.*s (%.*s): %.*s", SLICE_ARGS(step->logical),
                                       SLICE_ARGS(step->type), SLICE_ARGS(step->reason));
}

/* Of the stack itself only what is a turn for the worse is told. */
static void tell_of_stack(struct stack_report *report, const struct stack_step *step)
{
    struct slice reason = printable(report->arena, step->reason);

    if (!slice_is(step->status, "ROLLBACK_IN_PROGRESS") &&
        !slice_is(step->status, "UPDATE_ROLLBACK_IN_PROGRESS"))
        return;
    report_clear(report);
    printf("  rolling back: %.*s\n", SLICE_ARGS(reason));
}

static void tell_begin(struct stack_report *report, struct reported *resource, const struct stack_step *step)
{
    if (resource->begun == 0)
        resource->begun = stack_time(step->time);
    if (!report->terminal)
        return;
    struct slice name = printable(report->arena, step->logical);
    report_clear(report);
    printf("  %-*.*s  ...", report->width, SLICE_ARGS(name));
    report->drawn = true;
    fflush(stdout);
}

static void tell_end(struct stack_report *report, struct reported *resource, const struct stack_step *step,
                     const char *word)
{
    struct slice name = printable(report->arena, step->logical), type = printable(report->arena, step->type),
                 physical = printable(report->arena, step->physical),
                 reason = printable(report->arena, step->reason);
    int64_t taken = stack_time(step->time) - resource->begun;

    report_clear(report);
    printf("  %-*.*s  %s: %.*s%s%.*s", report->width, SLICE_ARGS(name), word, SLICE_ARGS(type),
           physical.len > 0 ? " " : "", SLICE_ARGS(physical));
    if (resource->begun > 0 && taken < 1000)
        printf(", %lld ms", (long long)taken);
    else if (resource->begun > 0)
        printf(", %.1f s", (double)taken / 1000);
    if (reason.len > 0 && !slice_is(step->status, "IMPORT_COMPLETE"))
        printf("; %.*s", SLICE_ARGS(reason));
    fputc('\n', stdout);
    resource->begun = 0;
}

void report_step(void *context, const struct stack_step *step)
{
    struct stack_report *report = context;
    const char *word = word_of(step->status);

    if (step->of_stack) {
        tell_of_stack(report, step);
        return;
    }
    struct reported *resource = find(report, step);
    if (word == NULL) {
        tell_begin(report, resource, step);
        return;
    }
    if (slice_is(step->status, "DELETE_COMPLETE") && step->physical.len == 0)
        return; /* it was never made */
    count(report, step);
    tell_end(report, resource, step, word);
}

bool report_has_changes(const struct stack_report *report)
{
    return report->created + report->updated + report->removed + report->imported > 0;
}

void report_sum(const struct stack_report *report, const struct stack_inventory *inventory)
{
    size_t changed = report->created + report->updated + report->imported, all = inventory->resources;

    printf("%zu resource%s: %zu created, %zu updated, ", all, all == 1 ? "" : "s", report->created,
           report->updated);
    if (report->removed > 0)
        printf("%zu removed, ", report->removed);
    if (report->imported > 0)
        printf("%zu imported, ", report->imported);
    printf("%zu unchanged", all > changed ? all - changed : 0);
    if (inventory->recorded > 0)
        printf("; %zu recorded and not run: %.*s", inventory->recorded,
               SLICE_ARGS(inventory->recorded_names));
    fputc('\n', stdout);
}
