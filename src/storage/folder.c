#include "storage/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"

static const char format_prefix[] = "turntable storage ";
enum { FORMAT_VERSION = 1 };

static int open_in(const char *folder, const char *name, int flags, struct arena *arena)
{
    struct slice path = arena_printf(arena, "%s/%s", folder, name);

    return open(path.ptr, flags | O_CLOEXEC, 0600);
}

/* Reads a small file whole, and ends it with a NUL. False: errno says why. */
static bool read_small(const char *folder, const char *name, struct arena *arena, char *text, size_t size)
{
    int file = open_in(folder, name, O_RDONLY, arena);

    if (file < 0)
        return false;
    ssize_t got = read(file, text, size - 1);
    int error = errno;
    close(file);
    errno = error;
    if (got < 0)
        return false;
    text[got] = '\0';
    return true;
}

int folder_lock(const char *folder, struct arena *arena, struct slice *problem)
{
    char pid[32];
    int lock = open_in(folder, "LOCK", O_RDWR | O_CREAT, arena);

    if (lock < 0) {
        *problem = arena_printf(arena, "the data folder %s cannot be used: %s", folder, strerror(errno));
        return -1;
    }
    if (flock(lock, LOCK_EX | LOCK_NB) == 0) {
        int len = snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());
        /* The process id is for people; the lock holds without it, so a full disk is not a reason to stop
         * here. */
        if (ftruncate(lock, 0) != 0 || pwrite(lock, pid, (size_t)len, 0) != len)
            errno = 0;
        return lock;
    }
    if (errno != EWOULDBLOCK)
        *problem = arena_printf(arena, "the data folder %s cannot be locked: %s", folder, strerror(errno));
    else if (read_small(folder, "LOCK", arena, pid, sizeof(pid)) && strtol(pid, NULL, 10) > 0)
        *problem = arena_printf(arena, "another server (process %ld) uses the data folder %s",
                                strtol(pid, NULL, 10), folder);
    else
        *problem = arena_printf(arena, "another server uses the data folder %s", folder);
    close(lock);
    return -1;
}

enum folder_format folder_read_format(const char *folder, struct arena *arena, struct slice *problem)
{
    char text[64], *end;

    if (!read_small(folder, "FORMAT", arena, text, sizeof(text))) {
        if (errno == ENOENT)
            return FOLDER_NEW;
        *problem = arena_printf(arena, "%s/FORMAT cannot be read: %s", folder, strerror(errno));
        return FOLDER_REFUSED;
    }
    if (strncmp(text, format_prefix, sizeof(format_prefix) - 1) != 0) {
        *problem =
            arena_printf(arena,
                         "%s/FORMAT is not a mark of Turntable: this is no data folder of it, or it is "
                         "damaged",
                         folder);
        return FOLDER_REFUSED;
    }
    long version = strtol(text + sizeof(format_prefix) - 1, &end, 10);
    if (version == FORMAT_VERSION && strcmp(end, "\n") == 0)
        return FOLDER_CURRENT;
    if (version > FORMAT_VERSION)
        *problem = arena_printf(arena,
                                "the data folder %s has format %ld, and this program knows up to %d: it was "
                                "written by a newer Turntable",
                                folder, version, FORMAT_VERSION);
    else
        *problem =
            arena_printf(arena, "%s/FORMAT names no format that this program knows: it is damaged", folder);
    return FOLDER_REFUSED;
}

static bool write_synced(const char *folder, const char *name, const char *text, struct arena *arena)
{
    int file = open_in(folder, name, O_WRONLY | O_CREAT | O_TRUNC, arena);

    if (file < 0)
        return false;
    size_t len = strlen(text);
    errno = ENOSPC; /* a short write sets no error */
    bool written = write(file, text, len) == (ssize_t)len && fsync(file) == 0;
    int error = errno;
    close(file);
    errno = error;
    return written;
}

static bool sync_folder(const char *folder)
{
    int handle = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (handle < 0)
        return false;
    bool synced = fsync(handle) == 0;
    int error = errno;
    close(handle);
    errno = error;
    return synced;
}

bool folder_write_format(const char *folder, struct arena *arena, struct slice *problem)
{
    struct slice text = arena_printf(arena, "%s%d\n", format_prefix, FORMAT_VERSION);
    struct slice new = arena_printf(arena, "%s/FORMAT.new", folder);
    struct slice final = arena_printf(arena, "%s/FORMAT", folder);

    if (write_synced(folder, "FORMAT.new", text.ptr, arena) && rename(new.ptr, final.ptr) == 0 &&
        sync_folder(folder))
        return true;
    *problem = arena_printf(arena, "%s/FORMAT cannot be written: %s", folder, strerror(errno));
    return false;
}

uint64_t folder_size(const char *folder)
{
    uint64_t size = 0;
    struct stat status;
    DIR *files = opendir(folder);

    if (files == NULL)
        return 0;
    for (struct dirent *file = readdir(files); file != NULL; file = readdir(files))
        if (fstatat(dirfd(files), file->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode))
            size += (uint64_t)status.st_size;
    closedir(files);
    return size;
}
