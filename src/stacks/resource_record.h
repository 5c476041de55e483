/*
 * The resources of stacks as the storage keeps them: what each is, what it was made of, and what was there
 * before as long as an update may be rolled back.
 *
 * Nothing in a record refers to a template: the properties are those that its functions came to, so a
 * resource can be brought back or removed when its template is long gone.
 */
#ifndef TURNTABLE_STACKS_RESOURCE_RECORD_H
#define TURNTABLE_STACKS_RESOURCE_RECORD_H

#include "stacks/record.h"

/* Something that is there: a resource, or what it was before. */
struct resource_made {
    struct slice id;               /* physical: what Ref gives; empty: it is not known (yet) */
    struct slice name;             /* that it was given, where its type has names */
    bool named;                    /* by the template */
    int64_t generation;            /* how often it was replaced */
    const struct json *properties; /* evaluated */
    const struct json *values;     /* an object: what Ref and Fn::GetAtt give */
    const struct json *body; /* DeletionPolicy, UpdateReplacePolicy, Metadata as the template had them */
};

struct resource_record {
    struct slice logical;
    struct slice type;
    enum stack_status status;
    struct slice reason;
    int64_t changed; /* when the status did; milliseconds since 1970 */
    int64_t order;   /* what is referred to comes first */
    int64_t turn;    /* of the operation that made or changed it last */
    bool foreign;    /* it was found and is not the stack's: nothing is removed */
    bool replacing;  /* `made` is being made beside what was there before */
    struct resource_made made;
    struct resource_made before; /* if `changed_before`: what an update of this turn found */
    bool changed_before;
    struct {
        struct resource_made *items;
        size_t count;
    } leftovers; /* to be removed when the operation is done: what was replaced, or what replaced it */
};

struct resource_records {
    struct resource_record *items; /* by logical id */
    size_t count;
};

must_use enum storage_status resource_records_read(struct storage *storage, struct arena *arena,
                                                   struct slice uuid, struct resource_records *out);
/* NULL: there is none. */
struct resource_record *resource_record_find(const struct resource_records *records, struct slice logical);
/* A new one; pointers into the records are not valid any more. */
struct resource_record *resource_record_add(struct arena *arena, struct resource_records *records,
                                            struct slice logical, struct slice type);

void resource_put(struct batch *batch, struct slice uuid, const struct resource_record *record);
void resource_delete(struct batch *batch, struct slice uuid, struct slice logical);

#endif
