/*
 * Jobs: imports and exports as the storage keeps them, from the request that began one to 90 days after its
 * end.
 *
 * A job's record is a JSON text under its key. The request that begins it commits the first; after that only
 * the thread of transfer.h writes it, together with what it tells of: so the counts of an import are those of
 * the items that are in the table, and a server that starts again goes on where the last one was.
 */
#ifndef TURNTABLE_SERVICES_TRANSFER_JOB_H
#define TURNTABLE_SERVICES_TRANSFER_JOB_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/failure.h"
#include "base/json.h"
#include "storage/storage.h"

enum job_kind { JOB_IMPORT, JOB_EXPORT };
enum job_status { JOB_IN_PROGRESS, JOB_COMPLETED, JOB_FAILED };

struct job {
    enum job_kind kind;
    struct slice id; /* "01700000000000-1a2b3c4d", in the order in which they began */
    enum job_status status;
    struct slice token;      /* the client's, or a generated one */
    struct slice table;      /* its name */
    struct slice table_uuid; /* TableId */
    int64_t begun;           /* milliseconds since 1970 */
    int64_t ended;           /* 0: not yet */
    int64_t until;           /* of an export: the moment that it shows, milliseconds */
    int64_t from;            /* of an incremental one: it shows what was changed after that; 0: a full one */
    int64_t processed;       /* records of the import's files, or items of the export */
    int64_t imported;        /* items that are in the table */
    int64_t errors;          /* records that are no items */
    int64_t bytes;           /* of the import's files; of the exported items */
    struct slice object;     /* of an import: the file it is in, ... */
    int64_t records;         /* ... and how many of its records are done */
    struct slice failure_code; /* empty: none so far */
    struct slice failure_message;
    const struct json *request; /* the body of the request that began it */
};

/* A new job of this time, in the arena. */
struct job job_begin(struct arena *arena, enum job_kind kind, int64_t now);

/* "IN_PROGRESS", as AWS writes it. */
const char *job_status_name(enum job_status status);

/* Puts the record into a batch. */
void job_put(struct batch *batch, const struct job *job);

/* Reads the job with this id. STORAGE_NOT_FOUND: there is none. */
must_use enum storage_status job_find(struct storage *storage, struct arena *arena, enum job_kind kind,
                                      struct slice id, struct job *out);

/* The first job behind the id `after` (empty: of all). STORAGE_NOT_FOUND: there is none. */
must_use enum storage_status job_next(struct storage *storage, struct arena *arena, enum job_kind kind,
                                      struct slice after, struct job *out);

/* The key of the record; with an empty id, a key that no record has: who begins a job guards and puts it, so
 * that two that begin at once know of each other. */
struct slice job_key(struct arena *arena, enum job_kind kind, struct slice id);

#endif
