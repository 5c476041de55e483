/*
 * JSON Patch (RFC 6902): a document that says how another one is to be changed, as an array of operations:
 * add, remove, replace, move, copy, test.
 *
 * Bounded, for both come from strangers: so many operations, and so much that the changed document may grow
 * to; a path has no more parts than a document has levels.
 */
#ifndef TURNTABLE_SERVICES_CLOUDCONTROL_PATCH_H
#define TURNTABLE_SERVICES_CLOUDCONTROL_PATCH_H

#include "base/arena.h"
#include "base/failure.h"
#include "base/json.h"

enum {
    PATCH_OPERATIONS = 1000,
    PATCH_DEPTH = 64,      /* of the changed document */
    PATCH_NODES = 200000,  /* values in it, with those that were taken away again */
    PATCH_BYTES = 1 << 20, /* of its texts, likewise */
};

/* Applies the patch to `document`, which stays as it is. False: *problem is a sentence that names the
 * operation, and nothing else is. In the arena. */
must_use bool patch_apply(struct arena *arena, const struct json *document, const struct json *patch,
                          const struct json **out, struct slice *problem);

#endif
