/*
 * Exports: outputs of stacks that have a name of their own in the region, and who imports them.
 *
 * An export's record is written again by whoever begins to import it, so that the two who guard it know of
 * each other: nobody begins to import what is going away, and nothing goes away that somebody imports.
 */
#ifndef TURNTABLE_STACKS_EXPORTS_H
#define TURNTABLE_STACKS_EXPORTS_H

#include "stacks/record.h"

struct export_record {
    struct slice name;
    struct slice value;
    struct slice stack; /* ARN */
};

/* STORAGE_NOT_FOUND: nobody exports that name. */
must_use enum storage_status export_read(struct storage *storage, struct arena *arena, struct slice name,
                                         struct export_record *out, struct version *version);

/* Up to `limit` of them, in the order of their names, behind `after` (empty: from the beginning). */
must_use enum storage_status exports_list(struct storage *storage, struct arena *arena, struct slice after,
                                          size_t limit, struct export_record *out, size_t *count);

/* The stacks that import it: their uuids, behind `after`. */
must_use enum storage_status exports_importers(struct storage *storage, struct arena *arena,
                                               struct slice name, struct slice after, size_t limit,
                                               struct texts *out);

/* From now on the stack imports it. Under a guard. */
void export_put_import(struct batch *batch, const struct export_record *record, struct version version,
                       struct slice uuid);
void export_delete_import(struct batch *batch, struct slice name, struct slice uuid);

enum export_change {
    EXPORTS_CHANGED, /* the batch has what is to be written, under guards */
    EXPORTS_REFUSED, /* *problem is AWS's sentence */
    EXPORTS_FAILED,  /* the storage */
};

/* What the stack exports is what `outputs` say (NULL: nothing), and no more what `before` said. */
must_use enum export_change exports_change(struct storage *storage, struct batch *batch,
                                           const struct stack_record *stack, const struct json *before,
                                           const struct json *outputs, struct slice *problem);

#endif
