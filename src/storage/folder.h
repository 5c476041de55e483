/*
 * The data folder: locked against a second server, and marked with the version of its format.
 *
 *     folder/LOCK       locked (flock) while a server has the folder open; holds its process id
 *     folder/FORMAT     "turntable storage 1\n": written last when the folder is made, so a folder that has
 * it is whole folder/db/        the engine's files
 */
#ifndef TURNTABLE_STORAGE_FOLDER_H
#define TURNTABLE_STORAGE_FOLDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/failure.h"
#include "base/slice.h"

/* Locks. The answer is the lock, to be closed; or -1, and a sentence for the operator. */
must_use int folder_lock(const char *folder, struct arena *arena, struct slice *problem);

enum folder_format {
    FOLDER_NEW,     /* no FORMAT: nothing was ever committed here */
    FOLDER_CURRENT, /* as this program writes it */
    FOLDER_REFUSED, /* *problem says why */
};
must_use enum folder_format folder_read_format(const char *folder, struct arena *arena,
                                               struct slice *problem);

/* Marks the folder, durably and at one moment. False: *problem says why. */
must_use bool folder_write_format(const char *folder, struct arena *arena, struct slice *problem);

/* Bytes of the files in one folder, without its subfolders. */
uint64_t folder_size(const char *folder);

#endif
