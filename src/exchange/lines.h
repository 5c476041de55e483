/*
 * Lines: a source cut into records, of one line each or of several that the caller asks to be joined.
 *
 *     struct lines lines;
 *     lines_init(&lines, source, limit);
 *     while ((status = lines_next(&lines, &record)) != LINES_END) ...
 *     lines_finish(&lines);
 *
 * A record ends with a line feed, which is not part of it, as a carriage return before it is not. Memory is
 * bounded by the limit of a record. One thread at a time; the source stays the caller's.
 */
#ifndef TURNTABLE_EXCHANGE_LINES_H
#define TURNTABLE_EXCHANGE_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "exchange/source.h"

enum lines_status {
    LINES_OK,
    LINES_END,
    LINES_TOO_LONG, /* the record is larger than the limit; it is left out, and the next one can be asked for
                     */
    LINES_FAILED,   /* the source failed: source_problem() */
};

struct lines {
    struct source *source;
    size_t limit;
    struct buffer window; /* what was read; the records before `start` are done */
    size_t start;         /* of the record */
    size_t end;           /* behind the record and its line feed */
    uint64_t number;      /* of the record's first line, from 1 on */
    uint64_t next_number;
    bool at_end;
};

void lines_init(struct lines *lines, struct source *source, size_t limit);
void lines_finish(struct lines *lines);

/* The next record; it lives until the next call. lines->number is the number of its line. */
must_use enum lines_status lines_next(struct lines *lines, struct slice *record);

/* The same record and the line behind it, joined as they stand. LINES_END: there is no line behind it, and
 * the record is what it was. What the last call gave is gone in any case. */
must_use enum lines_status lines_more(struct lines *lines, struct slice *record);

#endif
