#include "exchange/bucket.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/check.h"

enum { PART_LIMIT = 240, DEPTH_LIMIT = 100 };

#define DRAFT_PREFIX ".turntable-"

struct bucket {
    int folder;
};

/* ---- names ---- */

/* What can be one part of a path: no way out of the folder, and no draft's name. */
static bool is_part(struct slice part)
{
    return part.len > 0 && part.len <= PART_LIMIT && !slice_is(part, ".") && !slice_is(part, "..") &&
           memchr(part.ptr, '/', part.len) == NULL && memchr(part.ptr, '\0', part.len) == NULL &&
           !slice_starts_with(part, SLICE(DRAFT_PREFIX));
}

/* Cuts the first part off; *last tells whether it was the only one. */
static struct slice cut_part(struct slice *key, bool *last)
{
    const char *slash = key->len == 0 ? NULL : memchr(key->ptr, '/', key->len);
    struct slice part = {key->ptr, slash == NULL ? key->len : (size_t)(slash - key->ptr)};

    *last = slash == NULL;
    *key = slice_skip(*key, *last ? part.len : part.len + 1);
    return part;
}

bool bucket_takes_key(struct slice key)
{
    unsigned depth = 0;
    bool last;

    do {
        if (!is_part(cut_part(&key, &last)) || ++depth > DEPTH_LIMIT)
            return false;
    } while (!last);
    return true;
}

static void terminate(char text[PART_LIMIT + 1], struct slice part)
{
    memcpy(text, part.ptr, part.len);
    text[part.len] = '\0';
}

static enum bucket_status status_of(int error)
{
    if (error == ENOENT || error == ENOTDIR)
        return BUCKET_ABSENT;
    return error == ELOOP ? BUCKET_MISNAMED : BUCKET_FAILED; /* a symbolic link */
}

/* ---- folders ---- */

/* -1 and errno. */
static int open_folder(int parent, const char *name, bool create)
{
    const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    int folder = openat(parent, name, flags);
    struct stat found;

    if (folder < 0 && errno == ENOENT && create) {
        if (mkdirat(parent, name, 0777) == 0)
            (void)fsync(parent);
        folder = openat(parent, name, flags);
    }
    /* A link that is no folder is told as such: O_DIRECTORY hides it. */
    if (folder < 0 && errno == ENOTDIR && fstatat(parent, name, &found, AT_SYMLINK_NOFOLLOW) == 0)
        errno = S_ISLNK(found.st_mode) ? ELOOP : ENOTDIR;
    return folder;
}

enum bucket_status bucket_open(const char *folder, struct slice name, bool create, struct bucket **out)
{
    char part[PART_LIMIT + 1];

    *out = NULL;
    if (!is_part(name))
        return BUCKET_MISNAMED;
    terminate(part, name);
    /* The folder of all buckets is the operator's, and may be a link. */
    if (create)
        (void)mkdir(folder, 0777);
    int root = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        return status_of(errno);
    int opened = open_folder(root, part, create);
    int error = errno;
    close(root);
    errno = error;
    if (opened < 0)
        return status_of(error);
    struct bucket *bucket = calloc(1, sizeof(*bucket));
    CHECK(bucket != NULL);
    bucket->folder = opened;
    *out = bucket;
    return BUCKET_OK;
}

void bucket_close(struct bucket *bucket)
{
    if (bucket == NULL)
        return;
    close(bucket->folder);
    free(bucket);
}

enum bucket_status bucket_names(const char *folder, struct arena *arena, size_t limit,
                                struct bucket_entry **out, size_t *count)
{
    DIR *entries = opendir(folder);
    enum bucket_status status = BUCKET_OK;
    size_t places = 0;
    struct dirent *entry;
    struct stat found;

    *out = NULL;
    *count = 0;
    if (entries == NULL)
        return errno == ENOENT ? BUCKET_OK : BUCKET_FAILED;
    while (status == BUCKET_OK && (entry = readdir(entries)) != NULL) {
        if (!is_part(slice_of(entry->d_name)) ||
            fstatat(dirfd(entries), entry->d_name, &found, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISDIR(found.st_mode))
            continue;
        if (*count == limit)
            status = BUCKET_TOO_MANY;
        if (*count == places) {
            *out = arena_grow(arena, *out, *count, places == 0 ? 16 : 2 * places, sizeof(**out));
            places = places == 0 ? 16 : 2 * places;
        }
        if (status == BUCKET_OK)
            (*out)[(*count)++] = (struct bucket_entry){arena_copy(arena, slice_of(entry->d_name)),
                                                       bucket_time(&found.st_mtim)};
    }
    closedir(entries);
    return status;
}

/* Removes folders in folders; false if something else is in one of them. Takes the folder. */
static bool remove_folders(int folder, unsigned depth)
{
    DIR *entries = fdopendir(folder);
    bool empty = entries != NULL;
    struct dirent *entry;

    if (entries == NULL)
        close(folder);
    while (empty && (entry = readdir(entries)) != NULL) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            continue;
        int inner = depth < DEPTH_LIMIT ? open_folder(dirfd(entries), name, false) : -1;
        empty = inner >= 0 && remove_folders(inner, depth + 1) &&
                unlinkat(dirfd(entries), name, AT_REMOVEDIR) == 0;
    }
    if (entries != NULL)
        closedir(entries);
    return empty;
}

enum bucket_status bucket_remove(const char *folder, struct slice name)
{
    char part[PART_LIMIT + 1];
    enum bucket_status status = BUCKET_OK;

    if (!is_part(name))
        return BUCKET_MISNAMED;
    terminate(part, name);
    int root = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        return status_of(errno);
    int opened = open_folder(root, part, false);
    if (opened < 0)
        status = status_of(errno);
    else if (!remove_folders(opened, 0))
        status = BUCKET_TOO_MANY;
    else if (unlinkat(root, part, AT_REMOVEDIR) != 0)
        status = errno == ENOTEMPTY || errno == EEXIST ? BUCKET_TOO_MANY : BUCKET_FAILED;
    close(root);
    return status;
}

int64_t bucket_time(const struct timespec *time)
{
    return (int64_t)time->tv_sec * 1000 + time->tv_nsec / 1000000;
}

int64_t bucket_modified(const struct bucket *bucket)
{
    struct stat found;

    return fstat(bucket->folder, &found) == 0 ? bucket_time(&found.st_mtim) : 0;
}

/* Follows a key to the folder of its last part, which is left in `part`. */
static enum bucket_status descend(const struct bucket *bucket, struct slice key, bool create, int *folder,
                                  char part[PART_LIMIT + 1])
{
    bool last;
    int at = dup(bucket->folder);

    if (at < 0)
        return BUCKET_FAILED;
    if (!bucket_takes_key(key)) {
        close(at);
        return BUCKET_MISNAMED;
    }
    for (;;) {
        terminate(part, cut_part(&key, &last));
        if (last)
            break;
        int next = open_folder(at, part, create);
        int error = errno;
        close(at);
        errno = error;
        if (next < 0)
            return status_of(error);
        at = next;
    }
    *folder = at;
    return BUCKET_OK;
}

/* ---- listing ---- */

struct listing {
    struct arena *arena;
    struct slice prefix;
    struct buffer path; /* of the folder that is listed, with a slash behind it */
    struct bucket_object *objects;
    size_t count, places, limit;
};

static enum bucket_status list_folder(struct listing *listing, int folder, unsigned depth);

static enum bucket_status add_object(struct listing *listing, struct slice key, const struct stat *found)
{
    if (listing->count == listing->limit)
        return BUCKET_TOO_MANY;
    if (listing->count == listing->places) {
        size_t more = listing->places == 0 ? 16 : listing->places * 2;
        listing->objects =
            arena_grow(listing->arena, listing->objects, listing->places, more, sizeof(*listing->objects));
        listing->places = more;
    }
    listing->objects[listing->count++] = (struct bucket_object){
        arena_copy(listing->arena, key), (uint64_t)found->st_size, bucket_time(&found->st_mtim)};
    return BUCKET_OK;
}

/* Whether a folder with this path can have keys that begin with the prefix. */
static bool leads_to(struct slice path, struct slice prefix)
{
    return slice_starts_with(path, prefix) || slice_starts_with(prefix, path);
}

static enum bucket_status list_entry(struct listing *listing, int folder, const char *name, unsigned depth)
{
    struct stat found;
    size_t before = listing->path.len;
    enum bucket_status status = BUCKET_OK;

    if (!is_part(slice_of(name)) || fstatat(folder, name, &found, AT_SYMLINK_NOFOLLOW) != 0)
        return BUCKET_OK; /* gone since, or none of ours */
    buffer_append_string(&listing->path, name);
    if (S_ISREG(found.st_mode) && slice_starts_with(buffer_slice(&listing->path), listing->prefix)) {
        status = add_object(listing, buffer_slice(&listing->path), &found);
    } else if (S_ISDIR(found.st_mode) && depth < DEPTH_LIMIT) {
        buffer_append_byte(&listing->path, '/');
        int inner =
            leads_to(buffer_slice(&listing->path), listing->prefix) ? open_folder(folder, name, false) : -1;
        if (inner >= 0)
            status = list_folder(listing, inner, depth + 1);
    }
    listing->path.len = before;
    return status;
}

/* Takes the folder. */
static enum bucket_status list_folder(struct listing *listing, int folder, unsigned depth)
{
    DIR *entries = fdopendir(folder);
    enum bucket_status status = BUCKET_OK;
    struct dirent *entry;

    if (entries == NULL) {
        close(folder);
        return BUCKET_FAILED;
    }
    while (status == BUCKET_OK && (entry = readdir(entries)) != NULL)
        status = list_entry(listing, folder, entry->d_name, depth);
    closedir(entries);
    return status;
}

static int compare_keys(const void *left, const void *right)
{
    const struct bucket_object *a = left, *b = right;

    return slice_compare(a->key, b->key);
}

enum bucket_status bucket_list(struct bucket *bucket, struct arena *arena, struct slice prefix, size_t limit,
                               struct bucket_object **out, size_t *count)
{
    struct listing listing = {.arena = arena, .prefix = prefix, .limit = limit};
    int folder = open_folder(bucket->folder, ".", false);

    *count = 0;
    if (folder < 0)
        return BUCKET_FAILED;
    buffer_init(&listing.path);
    enum bucket_status status = list_folder(&listing, folder, 0);
    buffer_finish(&listing.path);
    if (status != BUCKET_OK)
        return status;
    if (listing.count > 0)
        qsort(listing.objects, listing.count, sizeof(*listing.objects), compare_keys);
    *out = listing.objects;
    *count = listing.count;
    return BUCKET_OK;
}

/* ---- reading and writing ---- */

enum bucket_status bucket_read(struct bucket *bucket, struct slice key, int *file)
{
    char part[PART_LIMIT + 1];
    struct stat found;
    int folder;

    enum bucket_status status = descend(bucket, key, false, &folder, part);
    if (status != BUCKET_OK)
        return status;
    /* O_NONBLOCK: to open a named pipe must not wait for a writer. */
    *file = openat(folder, part, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    int error = errno;
    close(folder);
    errno = error;
    if (*file < 0)
        return status_of(error);
    if (fstat(*file, &found) == 0 && S_ISREG(found.st_mode))
        return BUCKET_OK;
    close(*file);
    return BUCKET_ABSENT;
}

enum bucket_status bucket_begin(struct bucket *bucket, struct slice key, struct bucket_draft *draft)
{
    char part[PART_LIMIT + 1];

    enum bucket_status status = descend(bucket, key, true, &draft->folder, part);
    if (status != BUCKET_OK)
        return status;
    snprintf(draft->name, sizeof(draft->name), "%s", part);
    snprintf(draft->draft_name, sizeof(draft->draft_name), DRAFT_PREFIX "%s", part);
    draft->file =
        openat(draft->folder, draft->draft_name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (draft->file >= 0)
        return BUCKET_OK;
    int error = errno;
    close(draft->folder);
    errno = error;
    return BUCKET_FAILED;
}

void bucket_discard(struct bucket_draft *draft)
{
    (void)unlinkat(draft->folder, draft->draft_name, 0);
    close(draft->file);
    close(draft->folder);
}

enum bucket_status bucket_finish(struct bucket_draft *draft)
{
    if (fsync(draft->file) != 0 ||
        renameat(draft->folder, draft->draft_name, draft->folder, draft->name) != 0 ||
        fsync(draft->folder) != 0) {
        int error = errno;
        bucket_discard(draft);
        errno = error;
        return BUCKET_FAILED;
    }
    close(draft->file);
    close(draft->folder);
    return BUCKET_OK;
}

enum bucket_status bucket_put(struct bucket *bucket, struct slice key, struct slice bytes)
{
    struct bucket_draft draft;

    enum bucket_status status = bucket_begin(bucket, key, &draft);
    if (status != BUCKET_OK)
        return status;
    while (bytes.len > 0) {
        ssize_t wrote = write(draft.file, bytes.ptr, bytes.len);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0) {
            int error = errno;
            bucket_discard(&draft);
            errno = error;
            return BUCKET_FAILED;
        }
        bytes = slice_skip(bytes, (size_t)wrote);
    }
    return bucket_finish(&draft);
}
