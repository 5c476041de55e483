/*
 * The files of the console, as they are embedded in the program: what `make console` built, each in the
 * codings that it is sent in.
 *
 *     const struct console_file *file = console_find(&console_built, SLICE("assets/index-Dk3f.js"));
 *
 * All of it is constant and lives as long as the program. Threads: any.
 */
#ifndef TURNTABLE_CONSOLE_FILES_H
#define TURNTABLE_CONSOLE_FILES_H

#include <stdbool.h>

#include "base/slice.h"

enum console_coding { CONSOLE_PLAIN, CONSOLE_GZIP, CONSOLE_BROTLI, CONSOLE_CODINGS };

struct console_file {
    const char *path;                    /* below /console/: "index.html" */
    const char *type;                    /* the Content-Type */
    const char *hash;                    /* of its bytes, letters and digits */
    bool lasting;                        /* its name has a hash too: under this name is never anything else */
    struct slice bytes[CONSOLE_CODINGS]; /* empty: it is not kept in this coding; plain it always is */
};

struct console_files {
    const struct console_file *files;
    size_t count; /* 0: the program was built without the console */
};

extern const struct console_files console_built;

/* NULL: there is no such file. */
const struct console_file *console_find(const struct console_files *files, struct slice path);

#endif
