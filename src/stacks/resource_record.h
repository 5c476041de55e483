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
    const struct json *shown;      /* as events tell them: without NoEcho parameters; NULL: the same */
    const struct json *values;     /* an object: what Ref and Fn::GetAtt give */
    const struct json *body; /* DeletionPolicy, UpdateReplacePolicy, Metadata as the template had them */
};

struct resource_record {
    struct slice logical;
    struct slice type;
    enum stack_status status;
    struct slice reason;
    int64_t changed;     /* when the status did; milliseconds since 1970 */
    int64_t order;       /* what is referred to comes first */
    int64_t generations; /* the highest that `made` ever had */
    bool foreign;        /* it was there before anybody began to make it: what is found is not the stack's */
    bool adopted;        /* it was there before the stack had it, which took it in: no rollback removes it */
    struct resource_made made;

    /* Of an update that may still be rolled back. */
    bool fresh;                  /* it is there since the update */
    bool altered;                /* `before` is what the update found */
    bool beside;                 /* ... and `made` is another thing, or will be */
    struct resource_made before; /* if `altered` */

    /* To be removed when an update, or its rollback, is done. */
    bool doomed; /* the resource itself */
    struct {
        struct resource_made *items;
        size_t count;
    } leftovers; /* what was replaced, or what would have replaced it */
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

/*
 * The stack that has a resource of this type, or of one that shares its names, with this physical id.
 * STORAGE_NOT_FOUND: there is none. All records are looked at.
 */
must_use enum storage_status resource_owner(struct storage *storage, struct arena *arena, struct slice type,
                                            struct slice id, struct stack_record *out);

/* Puts down what an update found, unless an earlier step of it has done so. */
void record_keep_before(struct resource_record *record);

void resource_put(struct batch *batch, struct slice uuid, const struct resource_record *record);
void resource_delete(struct batch *batch, struct slice uuid, struct slice logical);

#endif
