/*
 * What is told of a stack while it is worked on: one line a resource, and a sum at the end.
 *
 *     TrackTable            created: AWS::DynamoDB::GlobalTable TrackTable, 4 ms
 *
 * On a terminal, what is under way is shown too, on a last line that is drawn again and again.
 */
#ifndef TURNTABLE_CLI_STACK_REPORT_H
#define TURNTABLE_CLI_STACK_REPORT_H

#include "cli/stack_client.h"

enum { REPORT_RESOURCES_LIMIT = 10 * 1000 };

/* A resource that something was told of. */
struct reported {
    struct slice stack, logical;
    int64_t begun; /* milliseconds since 1970; 0: nothing is under way */
};

struct stack_report {
    struct arena *arena;
    int width; /* of the column of names */
    bool terminal;
    bool drawn; /* there is a line of what is under way */
    struct reported *resources;
    size_t resource_count, resource_capacity;
    size_t created, updated, removed, imported, failed;
    struct slice failure; /* the first one, as a sentence; empty: none */
};

/* What a stack has in the end, those nested in it too. */
struct stack_inventory {
    size_t resources;
    size_t recorded;             /* of them: those that are recorded and not run */
    struct slice recorded_names; /* "Api, Worker"; not all if there are many */
};

void report_begin(struct stack_report *report, struct arena *arena, int width);

/* For stack_follow(); the context is the report. */
void report_step(void *context, const struct stack_step *step);

/* Takes the line of what is under way off the terminal. */
void report_clear(struct stack_report *report);

/* Whether anything was done. */
bool report_has_changes(const struct stack_report *report);

/* "13 resources: 13 created, 0 updated, 0 unchanged; 1 recorded and not run: Api". */
void report_sum(const struct stack_report *report, const struct stack_inventory *inventory);

#endif
