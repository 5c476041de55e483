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

/* The secrets under keys of the storage (catalog/keys.h), in the arena; those that are not there yet are made
 * in one commit. Called while the server opens, by one thread. */
must_use enum storage_status secrets_obtain(struct storage *storage, const struct slice *keys, size_t count,
                                            struct arena *arena, struct slice *secrets);

#endif
