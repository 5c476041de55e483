/*
 * Values of the storage as rooms keep them: copied into an arena, and, where a room's record is a C struct,
 * as JSON (base/layout.h).
 *
 * `snapshot` may be NULL: as of now. `version` (may be NULL) guards a change, also if there is nothing. What
 * is read lives in the arena.
 */
#ifndef TURNTABLE_STORAGE_KEPT_RECORD_H
#define TURNTABLE_STORAGE_KEPT_RECORD_H

#include "base/layout.h"
#include "storage/storage.h"

/* The value as it is; untouched unless STORAGE_OK. */
must_use enum storage_status kept_value(struct storage *storage, const struct snapshot *snapshot,
                                        struct arena *arena, struct slice key, struct slice *value,
                                        struct version *version);

/* STORAGE_CORRUPT: what is there is none of this layout. */
must_use enum storage_status kept_read(struct storage *storage, const struct snapshot *snapshot,
                                       struct arena *arena, struct slice key, const struct layout *layout,
                                       void *out, struct version *version);

/* The batch's arena has the text. */
void kept_put(struct batch *batch, struct slice key, const struct layout *layout, const void *record);

#endif
