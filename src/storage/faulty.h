/*
 * A storage that fails when it is told to, around any engine: for tests of what stands above it.
 *
 *     struct storage *storage = storage_open_faulty(storage_open_memory());
 *     faulty_arm(storage, FAULTY_READS, 3, STORAGE_CORRUPT);      (the third read from now on fails, once)
 *
 * To make every read of an operation fail in turn, count up from 1 until faulty_fired() says that none was
 * left to fail.
 */
#ifndef TURNTABLE_STORAGE_FAULTY_H
#define TURNTABLE_STORAGE_FAULTY_H

#include "storage/storage.h"

enum faulty_calls {
    FAULTY_READS,  /* storage_get(), storage_read_counters(), cursor_next() */
    FAULTY_WRITES, /* storage_commit(), storage_erase(): nothing is written */
    FAULTY_LATE,   /* the same, but it is written, and only the answer is the failure */
};

/* Takes `inner` and closes it when it is closed. */
must_use struct storage *storage_open_faulty(struct storage *inner);

/*
 * The call number `call` (1: the next) of the kind ends with `status`. After a write that ended with
 * STORAGE_FULL or STORAGE_FAILED no write is taken, as with a real disk. Arming anew replaces what was armed.
 */
void faulty_arm(struct storage *faulty, enum faulty_calls calls, unsigned call, enum storage_status status);

/* Whether the armed call came. */
must_use bool faulty_fired(const struct storage *faulty);

/* Writes are taken again, as if the server had been started anew. */
void faulty_recover(struct storage *faulty);

#endif
