/*
 * What the clients ask for: the operation, the JSON body of each request, and how to tell a right answer from
 * a quick one.
 *
 * Two tables, made through the API like everything else:
 *
 *   BenchItems   id (S)                     `items` items of about 1 KiB, with random text that does not
 * compress to nothing BenchPages   owner (S), position (S)    `pages` partitions of 100 items of about 200
 * bytes, so that a page is one Query
 *
 * Writes go to keys that exist, so the tables keep their size however long a server is measured.
 */
#ifndef BENCH_WORKLOAD_H
#define BENCH_WORKLOAD_H

#include <stdint.h>

#include "text.h"

enum { BATCH_ITEMS = 25, PAGE_ITEMS = 100, TRANSACTION_ITEMS = 4, STREAM_RECORDS = 1000, STREAM_PAGE = 100 };

struct workload {
    const char *name;
    const char *operation;
    /* Appends the body of the request with this sequence number. */
    void (*write_body)(struct text *body, uint64_t sequence);
    /* What a right answer contains beside status 200, or NULL. */
    const char *expected;
};

/* Sets the sizes and the seed; called once, before any other function. */
void workload_init(uint64_t items, uint64_t pages, uint64_t seed);

/* Where "stream" reads from, again and again: kept, not copied. */
void workload_set_iterator(const char *iterator);

const struct workload *workload_find(const char *name);
void workload_print_names(void);

/* Creates one of the tables ("BenchItems", "BenchPages", "BenchStream", which has a stream): the body of
 * CreateTable. */
void workload_write_table(struct text *body, const char *table);

/* The number of requests in which "load-items", "load-pages" or "load-stream" fills its table. */
uint64_t workload_requests_to_load(const struct workload *workload);

#endif
