/*
 * A reader: the items of one file, in whatever format, one after the other.
 *
 *     struct reader reader;
 *     reader_init(&reader, source, &options);
 *     do {
 *         switch (reader_next(&reader, &arena, &item, &fault)) ...
 *     } while (...);
 *     reader_finish(&reader);
 *
 * A record that is no item is told and left out; the next one can be asked for. What was read of an item
 * lives until the next call, or in the arena, which the caller resets when it likes. One thread at a time;
 * the source stays the caller's.
 */
#ifndef TURNTABLE_EXCHANGE_READER_H
#define TURNTABLE_EXCHANGE_READER_H

#include "exchange/csv.h"
#include "exchange/lines.h"
#include "exchange/record.h"

struct reader_options {
    enum format format;
    bool keeps;    /* what was read lives as long as the arena, not only until the next call */
    bool any_json; /* with FORMAT_JSON: it is DynamoDB's JSON if the first record is */

    /* Of FORMAT_CSV. */
    char delimiter;
    struct csv_row header; /* empty: the first line */
    struct csv_column (*column)(void *context, struct slice name);
    void *context;
};

enum reading {
    READING_ITEM,
    READING_REJECTED, /* this record is no item: the fault says why */
    READING_END,
    READING_FAILED, /* the file cannot be read any further: the fault says why */
};

struct reader {
    struct reader_options options;
    struct lines lines;
    struct slice record; /* the record as it stands, until the next call; empty if it is too long */
    struct arena arena;  /* of the header */
    struct csv_row header;
    struct csv_column *columns;
    bool begun;
};

void reader_init(struct reader *reader, struct source *source, const struct reader_options *options);
void reader_finish(struct reader *reader);

must_use enum reading reader_next(struct reader *reader, struct arena *arena, struct item *item,
                                  struct fault *fault);

/* The line on which the record began, from 1 on. */
uint64_t reader_line(const struct reader *reader);

#endif
