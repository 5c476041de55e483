/*
 * A loader: puts many items into a table, with BatchWriteItem over several connections at once.
 *
 *     struct loader *loader = loader_create(&options);
 *     while (... && loader_put(loader, &row))
 *         ...
 *     loader_finish(loader);       everything that was put is in the table or was rejected
 *     loader_destroy(loader);
 *
 * All rows of one key go over one connection in their order, so that the last of them stays. A batch that the
 * server refuses is sent row by row, to find the one that is wrong. What passes, throttling and a server that
 * is busy, is tried again; a server that is gone, or refuses everything, ends the loading.
 *
 * One thread puts; loader_options.rejected is called by any thread, by one at a time.
 */
#ifndef TURNTABLE_CLI_LOADER_H
#define TURNTABLE_CLI_LOADER_H

#include "cli/connect.h"
#include "cli/remote_table.h"

enum { LOADER_CONNECTIONS_LIMIT = 64 };

struct loader;

/* A row's place in the files, for those who are told of it. */
struct origin {
    const char *file;
    uint64_t line;
};

struct loader_row {
    const struct item *item; /* with the keys of the table (remote_table_check()) */
    struct origin origin;
    struct slice record; /* as it stands in the file; copied */
};

struct loader_options {
    const struct connect_options *connect;
    const struct remote_table *table; /* lives as long as the loader */
    unsigned connections;
    void (*rejected)(void *context, const struct origin *origin, struct slice record,
                     const struct fault *fault);
    void *context;
};

/* NULL: it was said on stderr why not. */
struct loader *loader_create(const struct loader_options *options);
void loader_destroy(struct loader *loader); /* accepts NULL */

/* Waits while the row's connection has enough to do. False: the loading has ended, loader_problem() tells
 * why. */
must_use bool loader_put(struct loader *loader, const struct loader_row *row);

/* Waits until all is sent. */
must_use bool loader_finish(struct loader *loader);

/* Why the loading ended; empty while it goes on. */
struct slice loader_problem(struct loader *loader);

/* How many rows are in the table. */
uint64_t loader_written(struct loader *loader);

#endif
