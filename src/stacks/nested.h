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

/* The type, for the resources of a stack that was opened: what Fn::GetAtt gives of it is what is published.
 */
void nested_adopt_type(struct resource *resource);
bool nested_is(struct slice type);

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
