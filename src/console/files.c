#include "console/files.h"

/* Made by console/pack.mjs: the files, and `embedded`, a list of them. */
#ifdef TURNTABLE_CONSOLE
#include "embedded.h"
const struct console_files console_built = {embedded, sizeof(embedded) / sizeof(embedded[0])};
#else
const struct console_files console_built = {NULL, 0};
#endif

const struct console_file *console_find(const struct console_files *files, struct slice path)
{
    for (size_t i = 0; i < files->count; i++) {
        if (slice_is(path, files->files[i].path))
            return &files->files[i];
    }
    return NULL;
}
