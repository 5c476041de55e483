/*
 * Progress: how far a command that takes its time has come, on stderr.
 *
 * On a terminal it is one line that is drawn again and again, with a bar; elsewhere a plain line now and
 * then, so that a log tells it too. One thread at a time.
 */
#ifndef TURNTABLE_CLI_PROGRESS_H
#define TURNTABLE_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    const char *what; /* "import TrackTable": what is under way, fit for a terminal */
    int64_t begun;    /* clock_monotonic() */
    int64_t shown;
    bool terminal;
    bool drawn; /* there is a line on the terminal */
};

struct progress_figures {
    uint64_t rows;
    uint64_t rejected;
    double share; /* of the whole, 0 to 1; negative: not known */
};

void progress_begin(struct progress *progress, const char *what);

/* Shows the figures if it is time to; cheap otherwise. */
void progress_tell(struct progress *progress, const struct progress_figures *figures);

/* Takes the line off the terminal, so that something else can be printed. */
void progress_clear(struct progress *progress);

/* Seconds since the beginning, never 0. */
double progress_seconds(const struct progress *progress);

enum { NUMBER_SHOWN_SIZE = 32 };
/* 1234567 as "1,234,567". */
const char *number_shown(uint64_t number, char text[NUMBER_SHOWN_SIZE]);

/* Ctrl-C is from now on asked for here, at most once: a second one ends the program as ever. */
void interruption_expect(void);
bool interruption_came(void);

#endif
