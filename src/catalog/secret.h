/*
 * Secrets of the server: 32 random bytes each, made when they are first asked for and kept in the storage, so
 * that what was sealed with them can be opened after a restart.
 */
#ifndef TURNTABLE_CATALOG_SECRET_H
#define TURNTABLE_CATALOG_SECRET_H

#include "base/arena.h"
#include "base/failure.h"
#include "storage/storage.h"

enum { SECRET_SIZE = 32 };

/* The secret under a key of the storage (catalog/keys.h), in the arena. Called while the server opens, by one
 * thread.
 */
must_use enum storage_status secret_obtain(struct storage *storage, struct slice key, struct arena *arena,
                                           struct slice *secret);

#endif
