/*
 * Stacks as the storage keeps them: the record of a stack, its templates, and what was asked of it while it
 * was worked on.
 *
 *     struct stack_record stack;
 *     status = stack_find(storage, arena, SLICE("music"), &stack, &version);
 *     ...
 *     batch_guard(&batch, stack_key(arena, stack.uuid), version);
 *     stack.status = STACK_UPDATE_IN_PROGRESS;
 *     stack_put(&batch, &stack);
 *     stack_begin_work(&batch, &stack);
 *
 * Who writes what: while a stack is in progress (stack_in_progress()) the engine (engine.h) alone writes its
 * record, its resources (resource_record.h) and its events (event.h); a request can only wish (struct
 * stack_wishes). Otherwise requests write the record, each under a guard on it. A request that begins an
 * operation guards the wishes, too, and puts the mark that there is work; the engine takes the mark away in
 * the commit that ends the operation, under a guard on the wishes.
 *
 * A stack that was deleted keeps its record, found by its ARN only, until it is purged (purge.h).
 *
 * Everything read lives in the arena.
 */
#ifndef TURNTABLE_STACKS_RECORD_H
#define TURNTABLE_STACKS_RECORD_H

#include "base/layout.h"
#include "storage/storage.h"

enum stack_status {
    STACK_NONE,
#define X(name) STACK_##name,
#include "stacks/status.def"
#undef X
};

/* "CREATE_COMPLETE". */
const char *stack_status_name(enum stack_status status);
/* STACK_NONE: there is no such status. */
enum stack_status stack_status_find(struct slice name);
/* Whether the engine has something to do; REVIEW_IN_PROGRESS waits for somebody else. */
bool stack_in_progress(enum stack_status status);

enum { STACK_KEPT_DAYS = 90 }; /* AWS: ListStacks tells deleted stacks for 90 days */

/* What a stack is made of, as somebody asked for it: what an update replaces, and a rollback brings back. */
struct stack_source {
    int64_t template;                /* its number (stack_template()) */
    const struct json *parameters;   /* [{"ParameterKey", "ParameterValue", "ResolvedValue"?}], or NULL */
    const struct json *tags;         /* [{"Key", "Value"}], or NULL */
    const struct json *capabilities; /* texts, or NULL */
    const struct json *notification_arns; /* texts, or NULL */
    struct slice description;
    const struct json *outputs; /* [{"OutputKey", "OutputValue", "Description"?, "ExportName"?}], or NULL */
    struct texts imports;       /* names of exports of other stacks */
    const struct json *adopted; /* [{"LogicalResourceId", "Id"}]: what the operation that this was asked for
                                   takes into the stack of what is there already, or NULL */
};

extern const struct layout stack_source_layout;

struct stack_record {
    struct slice uuid; /* the end of its ARN; in the order in which stacks began */
    struct slice name;
    struct slice arn;
    enum stack_status status;
    struct slice reason;
    int64_t created; /* milliseconds since 1970 */
    int64_t updated; /* 0: never */
    int64_t deleted; /* 0: it is not */
    struct stack_source source;
    struct stack_source before; /* while an update may be rolled back; template 0: there is none */
    struct slice role;          /* its ARN; empty: the calls are those of whoever asked */
    struct slice parent;        /* ARNs; empty: it is a stack of its own */
    struct slice root;
    struct slice change_set; /* the ARN of the one that it came of, or is under review for */

    /* The operation under way, or the last one. */
    int64_t turn;            /* goes up with each operation */
    int64_t templates;       /* the highest number of a template so far */
    struct slice token;      /* ClientRequestToken; empty: none */
    struct slice action;     /* what it was called: "CreateStack" */
    struct slice caller;     /* for whom it is done, as services/inner.h keeps callers */
    struct slice on_failure; /* "ROLLBACK", "DELETE", "DO_NOTHING" */
    struct slice problem;    /* what failed, for the reason of what follows; empty: nothing so far */
    int64_t timeout;         /* minutes; 0: none */
    int64_t deadline;        /* milliseconds since 1970; 0: none */
    bool retain_created;     /* RetainExceptOnCreate */
    bool force;              /* FORCE_DELETE_STACK: what cannot be deleted is left */
    struct slice policy;     /* the stack policy that an update keeps to; empty: none */
    struct texts retain;     /* RetainResources, or ResourcesToSkip */
};

/* What requests say of a stack, also while it is worked on. */
struct stack_wishes {
    bool protect;        /* from being deleted */
    bool cancel;         /* the update under way */
    bool remove;         /* delete it, whatever is under way */
    struct slice policy; /* the stack policy, JSON; empty: none */

    /* Of `remove`. */
    struct slice token;
    struct slice caller;
    struct slice role;
    struct texts retain;
};

/* What clients know the operation by that a stack had in this turn; an update and its rollback are one. */
struct slice stack_operation_id(struct arena *arena, struct slice uuid, int64_t turn);

/* A new record of this moment, with an id and an ARN. */
struct stack_record stack_new(struct arena *arena, struct slice region, struct slice account,
                              struct slice name, int64_t now);

/* "arn:aws:cloudformation:us-east-1:000000000000:stack/NAME/UUID" to its last part; empty: it is no such ARN.
 */
struct slice stack_uuid(struct slice arn);
/* Whether it may be one. */
bool stack_is_uuid(struct slice text);
/* The same to its name. */
struct slice stack_name_in(struct slice arn);

/* ---- reading; each gives a version to guard by, also if there is none (STORAGE_NOT_FOUND) ---- */

must_use enum storage_status stack_read(struct storage *storage, struct arena *arena, struct slice uuid,
                                        struct stack_record *out, struct version *version);
/* By the name of one that is not deleted, or by the ARN of any. */
must_use enum storage_status stack_find(struct storage *storage, struct arena *arena,
                                        struct slice name_or_arn, struct stack_record *out,
                                        struct version *version);
/* As if nothing was ever asked, if there are none. */
must_use enum storage_status stack_read_wishes(struct storage *storage, struct arena *arena,
                                               struct slice uuid, struct stack_wishes *out,
                                               struct version *version);
/* The stack that began last before `uuid`, which becomes its id; empty: the last of all. STORAGE_NOT_FOUND:
 * there is none. */
must_use enum storage_status stack_before(struct storage *storage, struct arena *arena, struct slice *uuid,
                                          struct stack_record *out);
/* The same of the one that began first after `uuid`; empty: the first of all. */
must_use enum storage_status stack_after(struct storage *storage, struct arena *arena, struct slice *uuid,
                                         struct stack_record *out);
must_use enum storage_status stack_template(struct storage *storage, struct arena *arena, struct slice uuid,
                                            int64_t number, struct slice *text);

/* ---- writing ---- */

struct slice stack_key(struct arena *arena, struct slice uuid);
struct slice stack_wishes_key(struct arena *arena, struct slice uuid);
struct slice stack_name_key(struct arena *arena, struct slice name);

void stack_put(struct batch *batch, const struct stack_record *record);
void stack_put_wishes(struct batch *batch, struct slice uuid, const struct stack_wishes *wishes);
void stack_put_template(struct batch *batch, struct slice uuid, int64_t number, struct slice text);
void stack_delete_template(struct batch *batch, struct slice uuid, int64_t number);
/* The name is the stack's, or free again. */
void stack_put_name(struct batch *batch, const struct stack_record *record);
void stack_delete_name(struct batch *batch, const struct stack_record *record);
/* Whether there is the mark that the stack is to be worked on by itself, which a nested one has only if its
 * own update or removal was asked for. */
must_use enum storage_status stack_has_work(struct storage *storage, struct arena *arena, struct slice uuid,
                                            bool *out);
/* The mark that there is work. Whoever works on a stack works on those nested in it. */
void stack_begin_work(struct batch *batch, const struct stack_record *record);
void stack_end_work(struct batch *batch, const struct stack_record *record);

#endif
