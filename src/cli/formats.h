/* How the commands that move items name formats, delimiters and counts. */
#ifndef TURNTABLE_CLI_FORMATS_H
#define TURNTABLE_CLI_FORMATS_H

#include "exchange/reader.h"

/* "json", "jsonl", "ion", "csv": sets the format and what goes with it. False: it is none of them. */
must_use bool formats_find(const char *name, struct reader_options *options);

/* The format that a file's name tells, packed or not. */
void formats_of_file(struct slice name, struct reader_options *options);

/* One of , ; | : or "tab" or "space". */
must_use bool formats_find_delimiter(const char *name, char *delimiter);

/* A number from 1 to `limit`; NULL leaves *count as it is. */
must_use bool formats_read_count(const char *text, unsigned limit, unsigned *count);

#endif
