/* Records in the storage: C structs under a key, as JSON (base/layout.h). */
#ifndef TURNTABLE_SERVICES_KEPT_RECORD_H
#define TURNTABLE_SERVICES_KEPT_RECORD_H

#include "base/layout.h"
#include "storage/storage.h"

/* STORAGE_CORRUPT: what is there is none of this layout. `version` (may be NULL) guards a change, also if
 * there is nothing. What is read lives in the arena. */
must_use enum storage_status kept_read(struct storage *storage, struct arena *arena, struct slice key,
                                       const struct layout *layout, void *out, struct version *version);

/* The batch's arena has the text. */
void kept_put(struct batch *batch, struct slice key, const struct layout *layout, const void *record);

#endif
