/*
 * Nested stacks: resources of type AWS::CloudFormation::Stack, each a stack of its own that is worked on with
 * its parent. For the room itself.
 *
 * A nested stack's record is written with the record of the resource that announces it, so there is none that
 * no parent knows of. An update of it ends before its cleaning up, until all that its parent has is updated:
 * as long as anything may fail, all of it can be brought back.
 */
#ifndef TURNTABLE_STACKS_NESTED_H
#define TURNTABLE_STACKS_NESTED_H

#include "stacks/run.h"

enum { NESTING_LIMIT = 16 };

/* The type, for the resources of a stack that was opened: what Fn::GetAtt gives of it is what is published.
 */
void nested_adopt_type(struct resource *resource);
bool nested_is(struct slice type);

/* A name for a nested stack. AWS: the parent's, the logical id, and characters that make it unlike others. */
struct slice nested_name(struct arena *arena, struct slice parent, struct slice logical);

/* What a nested stack is to be made of. */
struct nested_source {
    struct arena *arena;
    const struct opening *opening;
    const struct stack_record *parent; /* as it is to be */
    const struct json *properties;     /* of the resource, evaluated */
    struct slice template;
    struct problems *problems;
};

/* Reads it into `child`, whose name and ARN are known. NULL: a problem was added. */
struct stack *nested_read_source(const struct nested_source *from, struct stack_record *child);

/* As run_make_resource() and the others, of which these are a part. `record` says what there is. */
must_use enum step nested_make(struct run *run, struct resource *resource, struct resource_record *record,
                               bool begun);
must_use enum step nested_change(struct run *run, struct resource *resource, struct resource_record *record,
                                 const struct resource_made *wanted, bool begun);
must_use enum step nested_restore(struct run *run, struct resource_record *record);
must_use enum step nested_remove(struct run *run, const struct resource_made *made, struct slice *reason);
/* Lets it clean up, when its parent does. */
must_use enum step nested_clean_up(struct run *run, const struct resource_record *record);

#endif
