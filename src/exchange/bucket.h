/*
 * A bucket: a folder that stands for one of S3, FOLDER/NAME, in which the object with the key a/b/c is the
 * file a/b/c.
 *
 * Nothing outside of it is ever opened: a key's parts are followed one by one, none of them may be "." or
 * ".." or empty, and none a symbolic link. What is written appears whole or not at all: it is written aside,
 * brought to disk, and renamed; so who sees an object sees all those that were put before it too.
 *
 *     enum bucket_status status = bucket_open(folder, name, false, &bucket);
 *     if (status == BUCKET_OK) status = bucket_list(bucket, &arena, prefix, limit, &objects, &count);
 *     bucket_close(bucket);
 *
 * Threads: any, one at a time for one bucket.
 */
#ifndef TURNTABLE_EXCHANGE_BUCKET_H
#define TURNTABLE_EXCHANGE_BUCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "base/arena.h"
#include "base/failure.h"
#include "base/slice.h"

struct bucket;

enum bucket_status {
    BUCKET_OK,
    BUCKET_ABSENT,   /* there is no such bucket, or no such object */
    BUCKET_MISNAMED, /* a name or key that cannot be a file's */
    BUCKET_TOO_MANY, /* more objects than asked for */
    BUCKET_FAILED,   /* the file system refuses: errno */
};

struct bucket_object {
    struct slice key;
    uint64_t size;
    int64_t modified; /* milliseconds since 1970 */
};

/* A bucket among all. */
struct bucket_entry {
    struct slice name;
    int64_t modified; /* milliseconds since 1970 */
};

/* A file that is being written; it becomes an object by bucket_finish(). */
struct bucket_draft {
    int file; /* to write to */
    int folder;
    char name[256];       /* of the object, in its folder */
    char draft_name[300]; /* of the file until then */
};

/* `create`: makes the folders if they are missing. */
must_use enum bucket_status bucket_open(const char *folder, struct slice name, bool create,
                                        struct bucket **out);
void bucket_close(struct bucket *bucket); /* accepts NULL */

/* When the folder was changed, and a file's time: milliseconds since 1970. */
int64_t bucket_modified(const struct bucket *bucket);
int64_t bucket_time(const struct timespec *time);

/* The buckets in the folder, in no order; up to `limit`. None if there is no such folder. */
must_use enum bucket_status bucket_names(const char *folder, struct arena *arena, size_t limit,
                                         struct bucket_entry **out, size_t *count);

/* Removes the bucket if there is no object in it. BUCKET_TOO_MANY: there is one, or something else that is
 * not a folder. */
must_use enum bucket_status bucket_remove(const char *folder, struct slice name);

/* Whether the key can be a file's: its parts are not empty, "." or "..", and short enough. */
bool bucket_takes_key(struct slice key);

/* The objects whose keys begin with the prefix, in their order; up to `limit`. */
must_use enum bucket_status bucket_list(struct bucket *bucket, struct arena *arena, struct slice prefix,
                                        size_t limit, struct bucket_object **out, size_t *count);

/* Opens an object for reading. */
must_use enum bucket_status bucket_read(struct bucket *bucket, struct slice key, int *file);

/* Begins an object; the folders that its key names are made. */
must_use enum bucket_status bucket_begin(struct bucket *bucket, struct slice key, struct bucket_draft *draft);
/* Brings the file to disk and gives it its name; replaces an object of that key. Ends the draft. */
must_use enum bucket_status bucket_finish(struct bucket_draft *draft);
void bucket_discard(struct bucket_draft *draft);

/* Writes a small object at once. */
must_use enum bucket_status bucket_put(struct bucket *bucket, struct slice key, struct slice bytes);

#endif
