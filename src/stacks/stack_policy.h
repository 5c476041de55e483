/*
 * Stack policies: which resources of a stack an update may change, replace, or remove.
 *
 * Once a stack has one, what no statement allows is denied, and a Deny goes before any Allow. AWS: "Prevent
 * updates to stack resources".
 */
#ifndef TURNTABLE_STACKS_STACK_POLICY_H
#define TURNTABLE_STACKS_STACK_POLICY_H

#include "base/arena.h"
#include "base/failure.h"
#include "base/slice.h"

/* False: the text is no stack policy; *problem says why. */
must_use bool stack_policy_check(struct arena *arena, struct slice policy, struct slice *problem);

/* `action`: "Update:Modify", "Update:Replace", "Update:Delete". An empty policy allows everything. False:
 * *reason is AWS's sentence. */
must_use bool stack_policy_allows(struct arena *arena, struct slice policy, const char *action,
                                  struct slice logical, struct slice type, struct slice *reason);

#endif
