/*
 * A growing run of bytes, for requests and answers.
 *
 * Start with a zeroed struct; text_finish frees the bytes. The bytes are not terminated by a NUL. Running out
 * of memory ends the program: a benchmark has nothing better to do.
 */
#ifndef BENCH_TEXT_H
#define BENCH_TEXT_H

#include <stddef.h>

struct text {
    char *data;
    size_t len;
    size_t capacity;
};

void text_finish(struct text *text);

/* Makes room for `more` bytes behind the end and returns where they go; text->len stays as it is. */
char *text_reserve(struct text *text, size_t more);

void text_append(struct text *text, const void *bytes, size_t len);
void text_append_string(struct text *text, const char *string);
void text_append_format(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints the reason and ends the program with status 2. */
_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
