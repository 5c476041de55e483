/*
 * Beginning to create or to update a stack: what CreateStack, UpdateStack and the execution of a change set
 * have in common, once the record's source was read (source.h).
 *
 * The batch gets the record, its template, the event, and the mark that there is work; the answer lingers
 * (lingering.h). Guards on the record are the caller's.
 */
#ifndef TURNTABLE_SERVICES_CLOUDFORMATION_BEGINNING_H
#define TURNTABLE_SERVICES_CLOUDFORMATION_BEGINNING_H

#include "services/request.h"
#include "stacks/record.h"

struct beginning {
    const char *action;      /* "CreateStack" */
    struct slice token;      /* ClientRequestToken; empty: none */
    struct slice role;       /* RoleARN; empty: as it was */
    struct slice on_failure; /* "ROLLBACK", "DELETE", "DO_NOTHING" */
    int64_t timeout;         /* minutes; 0: none */
    bool retain_created;     /* RetainExceptOnCreate */
    bool import;             /* only to take in what is there */
    bool protect;            /* of a creation: EnableTerminationProtection */
    struct slice policy;     /* the stack policy from now on; empty: as it was */
    struct slice during;     /* the one for this update; empty: the one that the stack has */
};

/* A stack that is new, or under review. */
must_use bool stack_begin_creation(struct request *request, struct stack_record *record,
                                   struct slice template, const struct beginning *beginning);

/* Whether a nested stack can be worked on by itself: not while its root is, which is guarded. True of all
 * others. */
must_use bool stack_root_rests(struct request *request, const struct stack_record *record);

/* Whether the state of the stack lets it be updated. */
must_use bool stack_may_be_updated(struct request *request, const struct stack_record *record);

/* The same for an import: AWS does not take one into a stack whose last operation failed. */
must_use bool stack_may_import(struct request *request, const struct stack_record *record);

/* `was`: what the record's source was before. */
must_use bool stack_begin_update(struct request *request, struct stack_record *record,
                                 const struct stack_source *was, struct slice template,
                                 const struct beginning *beginning);

#endif
