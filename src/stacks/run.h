/*
 * A run: one stack while the engine works on it. For the room itself.
 *
 * What a run writes is gathered, and flushed before anything is made, changed or removed, and when an
 * operation ends: so a resource costs one commit, in which the one before is complete and this one begins.
 *
 * Everything lives in the arena of the work, until its root is done.
 */
#ifndef TURNTABLE_STACKS_RUN_H
#define TURNTABLE_STACKS_RUN_H

#include <pthread.h>

#include "catalog/task.h"
#include "deploy/making.h"
#include "stacks/engine.h"
#include "stacks/event.h"
#include "stacks/opening.h"
#include "stacks/resource_record.h"

/* How a part of the work came out. */
enum step {
    STEP_DONE,
    STEP_FAILED,  /* a resource could not be made, changed or removed: run->record.problem tells */
    STEP_STOPPED, /* something else is wanted now, or the server stops: the records say where it was */
    STEP_BROKEN,  /* the storage refuses */
};

/* A stack of its own and all that is nested in it. */
struct work {
    const struct engine_settings *settings;
    struct task *task;
    struct arena arena;
    struct slice root;          /* uuid */
    struct version wishes_seen; /* those of the root that the work knows */
    void *opened;               /* the caller; NULL: not yet, or there is none any more */
    struct invoker calls;       /* of `opened` */
    struct invoker invoker;     /* the same, which also tells when the server stops */
    pthread_mutex_t *adopting;  /* held by who finds out whose a resource is, until it is theirs */
    struct arena written;       /* of `batch` */
    struct batch batch;         /* what is to be flushed */
};

struct run {
    struct work *work;
    struct arena *arena;
    struct run *parent; /* NULL: the root */
    struct stack_record record;
    struct resource_records resources;
    struct stack *stack;      /* of the template as it is to be; NULL: not opened yet */
    struct problems problems; /* of what is being done */
    struct texts failed[3];   /* logical ids, by enum failing */
};

enum failing { FAILING_CREATE, FAILING_UPDATE, FAILING_IMPORT };

/* Reads the stack and its resources. */
must_use enum step run_open(struct work *work, struct run *parent, struct slice uuid, struct run *out);

/* Opens run->stack: template and parameters as the record has them, each resource known by what its record
 * tells. STEP_FAILED: run->problems tell. */
must_use enum step run_open_stack(struct run *run);

/* What the run's stacks are opened with. */
struct opening run_opening(struct run *run);

/* Whether the run is to be left: a wish that the work does not know yet, or the end of the server. */
bool run_is_interrupted(struct run *run);

/* ---- writing ---- */

/* The resource's status changes, and an event tells of it. */
void run_set_resource(struct run *run, struct resource_record *resource, enum stack_status status,
                      struct slice reason);
/* The resource's record without an event. */
void run_put_resource(struct run *run, struct resource_record *resource);
/* An event of a resource whose record stays as it is: of something else that it was. */
void run_tell(struct run *run, const struct resource_record *resource, struct slice physical,
              enum stack_status status, struct slice reason);
/* The stack's status changes, and an event tells of it. */
void run_set_status(struct run *run, enum stack_status status, struct slice reason);

must_use enum step run_flush(struct run *run);

/* Flushes the end of an operation: of a stack of its own, under a guard on the wishes. STEP_STOPPED: there is
 * a new one, and nothing was written. */
must_use enum step run_end(struct run *run);

/* The first problem, without the name of the resource that CloudFormation's events tell anyway. */
struct slice run_problem(const struct run *run, const struct stack *stack, const struct resource *resource);

/* The same of a failure that is of no resource. */
struct slice run_problem_of_stack(const struct run *run);

/* "The following resource(s) failed to create: [A]. The following resource(s) failed to update: [B]. " */
struct slice run_failures(const struct run *run);
/* What follows such failures: "... Rollback requested by user." */
struct slice run_requested(const struct run *run, struct slice failures, const char *what);
/* The same with another verb, of one list. */
struct slice run_failed_list(const struct run *run, const char *verb, const struct texts *failed);

/* What the functions imported so far is put down as imported. STEP_STOPPED is told by the flush. */
must_use enum step run_put_imports(struct run *run);
/* What its functions have imported. */
struct texts run_imports(const struct run *run);
/* What the stack exports changes from the outputs `before` to its own, and what it does not import any more
 * is nobody's import. STEP_FAILED: run->problems tell. */
must_use enum step run_put_exports(struct run *run, const struct json *before);
/* Names in `old` and not in `kept` are imported no more. */
void run_drop_imports(struct run *run, const struct texts *old, const struct texts *kept);

/* Whether the stack policy lets the update do this to the resource; *reason says why not. */
bool run_policy_allows(struct run *run, const struct resource_record *record, const char *action,
                       struct slice *reason);

/* ---- resources ---- */

/* Makes a resource of run->stack, or goes on making it. */
must_use enum step run_make_resource(struct run *run, struct resource *resource, int64_t order);

/* Takes what is there already, by the physical id that `adopted` tells (stack_source), into the stack. */
must_use enum step run_adopt_resource(struct run *run, struct resource *resource,
                                      struct resource_record *record, const struct json *adopted);

/* Makes of a resource that is there what the template wants, or goes on with that. */
must_use enum step run_change_resource(struct run *run, struct resource *resource,
                                       struct resource_record *record, int64_t order);

/* Brings back what the resource was before the update. `skip`: whatever it is now. */
must_use enum step run_restore_resource(struct run *run, struct resource_record *record, bool skip);

/* Removes what is there of a resource. STEP_FAILED: *reason says why it is still there. */
must_use enum step run_remove_resource(struct run *run, const struct resource_record *record,
                                       const struct resource_made *made, struct slice *reason);

/* Removes what is left over of it. *failed is set if any of it could not be removed; that is forgotten. */
must_use enum step run_remove_leftovers(struct run *run, struct resource_record *record, bool rolling_back,
                                        bool *failed);

/* Whether a resource is to stay when its record goes (DeletionPolicy); `rolling_back`: the operation that
 * made it. */
bool run_retains_resource(const struct run *run, const struct resource_record *record, bool rolling_back);

/* ---- operations ---- */

must_use enum step run_create(struct run *run);
/* Removes everything: `rolling_back` what could not be created, or the whole stack. */
must_use enum step run_delete(struct run *run, bool rolling_back);
must_use enum step run_update(struct run *run);
/* The state in which an update is taken back. */
enum stack_status run_way_back(const struct run *run);
must_use enum step run_update_rollback(struct run *run);
/* The source before the update, if it has one, is the stack's again. */
void run_turn_back(struct run *run);
/* Nothing of the update can be taken back any more: the source before it goes, and of each resource what it
 * was. */
void run_forget_before(struct run *run);
void run_settle_resource(struct run *run, struct resource_record *record);
/* Takes resources into the stack, and changes nothing else of it; and lets them go again. */
must_use enum step run_import(struct run *run);
must_use enum step run_import_rollback(struct run *run);
/* Removes what an update, or its rollback, left over. */
must_use enum step run_clean_up(struct run *run, bool rolling_back);

/* run->record.source.outputs as the template and the resources tell them. STEP_FAILED: run->problems. */
must_use enum step run_outputs(struct run *run);

/* Works on a stack until it is not in progress any more; on a nested one until it has to wait for its parent.
 */
must_use enum step run_carry_out(struct work *work, struct run *parent, struct slice uuid);

#endif
