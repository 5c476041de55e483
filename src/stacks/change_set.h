/*
 * Change sets as the storage keeps them: what somebody wants a stack to be, and what would change.
 *
 * A change set stands under its stack and its name; its template and its changes, which may be large, stand
 * beside it, and under its own id stands the stack's, for who knows only its ARN. Requests alone write them.
 * Whether one can still be executed is not kept: the stack's turn tells it.
 */
#ifndef TURNTABLE_STACKS_CHANGE_SET_H
#define TURNTABLE_STACKS_CHANGE_SET_H

#include "stacks/record.h"

enum { CHANGE_SETS_LIMIT = 100 }; /* of one stack; AWS tells no number */

struct change_set {
    struct slice stack; /* uuid */
    struct slice name;
    struct slice arn;
    int64_t created;   /* milliseconds since 1970 */
    bool of_new_stack; /* that was never created */
    bool adopts;       /* ChangeSetType IMPORT */
    struct slice description;
    struct slice token;
    struct slice status; /* "CREATE_COMPLETE", "FAILED" */
    struct slice reason;
    struct stack_source source; /* what the stack is to be; its template has no number yet */
    struct slice role;
    struct slice on_failure; /* OnStackFailure; empty: none was given */
    bool nested;             /* IncludeNestedStacks */
    struct slice parent;     /* ARNs of change sets; empty: it is one of its own */
    struct slice root;
    const struct json *children; /* [{"LogicalResourceId", "StackId", "ChangeSetId"}]: those of nested stacks,
                                    of which new ones are under review; or NULL */
    bool import;                 /* ImportExistingResources */
    int64_t turn;                /* the stack's, when the change set was made */
    int64_t executed;            /* the turn that carried it out; 0: none */
};

/* A new one of this moment, with an ARN. */
struct change_set change_set_new(struct arena *arena, struct slice region, struct slice account,
                                 const struct stack_record *stack, struct slice name, int64_t now);

/* "AVAILABLE", "EXECUTE_COMPLETE"... with the stack as it is now. NULL: it is a change set no more, for the
 * stack has gone on since it was executed. */
const char *change_set_execution(const struct change_set *set, const struct stack_record *stack);

/* ---- reading, into the arena; versions also if there is none (STORAGE_NOT_FOUND) ---- */

struct slice change_set_key(struct arena *arena, struct slice stack, struct slice name);

must_use enum storage_status change_set_read(struct storage *storage, struct arena *arena, struct slice stack,
                                             struct slice name, struct change_set *out,
                                             struct version *version);
/* The uuid of the stack whose change set has this ARN. */
must_use enum storage_status change_set_stack(struct storage *storage, struct arena *arena, struct slice arn,
                                              struct slice *stack);
/* "arn:aws:cloudformation:us-east-1:000000000000:changeSet/NAME/UUID" to NAME; empty: it is no such ARN. */
struct slice change_set_name_in(struct slice arn);
/* All of a stack, CHANGE_SETS_LIMIT at most. */
must_use enum storage_status change_sets_list(struct storage *storage, struct arena *arena,
                                              struct slice stack, struct change_set *out, size_t *count);
must_use enum storage_status change_set_template(struct storage *storage, struct arena *arena,
                                                 const struct change_set *set, struct slice *text);
/* JSON (changes.h). */
must_use enum storage_status change_set_changes(struct storage *storage, struct arena *arena,
                                                const struct change_set *set, struct slice *text);

/* ---- writing ---- */

void change_set_put(struct batch *batch, const struct change_set *set);
void change_set_put_texts(struct batch *batch, const struct change_set *set, struct slice template,
                          struct slice changes);
/* With those of nested stacks, and the nested stacks that are there for them alone. */
must_use enum storage_status change_set_delete(struct storage *storage, struct batch *batch,
                                               const struct change_set *set);
/* It, and those of nested stacks, are what the stack's next turn carries out. */
must_use enum storage_status change_set_put_executed(struct storage *storage, struct batch *batch,
                                                     const struct change_set *set,
                                                     const struct stack_record *stack);
/* All of a stack but the one of this name, which may be empty. */
must_use enum storage_status change_sets_delete(struct storage *storage, struct batch *batch,
                                                struct slice stack, struct slice but);

#endif
