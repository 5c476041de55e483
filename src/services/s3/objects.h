/*
 * The objects of S3, for whoever is in the server: the room behind the operations, and what other services
 * ask of it without a request.
 *
 * Objects that were put through S3 are in the storage (records.h). Beside them the buckets of imports and
 * exports are seen, which are folders, FOLDER/BUCKET (exchange/bucket.h): their files are objects that S3
 * only reads. Of an object and a file with one key the object is seen.
 *
 * A thread of the room erases what nobody can reach any more. Threads: any.
 */
#ifndef TURNTABLE_SERVICES_S3_OBJECTS_H
#define TURNTABLE_SERVICES_S3_OBJECTS_H

#include "services/s3/blob.h"
#include "services/s3/records.h"

struct objects;

struct objects_settings {
    const char *folder; /* of the buckets that are folders; NULL: there are none */
    struct slice region;
    int64_t period; /* milliseconds between two looks for what is to be erased; 0: a minute */
};

/* The settings' texts outlive it. */
struct objects *objects_open(struct storage *storage, const struct objects_settings *settings);
void objects_close(struct objects *objects); /* accepts NULL */

/* ---- for other services ---- */

enum objects_status {
    OBJECTS_OK,
    OBJECTS_NO_BUCKET,
    OBJECTS_NO_KEY,
    OBJECTS_TOO_LARGE, /* more than asked for */
    OBJECTS_FAILED,    /* the storage, or the file system */
};

/* The current version of an object, up to `limit` bytes, into the arena. For URLs: s3_url_read() (address.h).
 */
must_use enum objects_status objects_read(struct objects *objects, struct arena *arena, struct slice bucket,
                                          struct slice key, size_t limit, struct slice *out);

/* An object of a bucket, whatever it is made of. */
struct listed_object {
    struct slice key;
    uint64_t size;
};

/* The current objects whose keys begin with the prefix, in the order of their keys. OBJECTS_TOO_LARGE: there
 * are more than `limit`. */
must_use enum objects_status objects_list(struct objects *objects, struct arena *arena, struct slice bucket,
                                          struct slice prefix, size_t limit, struct listed_object **out,
                                          size_t *count);

/* An object's bytes as an open file, which is the caller's and is read from its beginning: the file itself,
 * or a copy that is gone when it is closed. */
must_use enum objects_status objects_open_file(struct objects *objects, struct slice bucket, struct slice key,
                                               int *file);

/* Makes the bucket unless it is there. It is private as all new ones, and keeps versions if asked for; a
 * bucket that is there stays as it is. May block. */
must_use enum objects_status objects_ensure_bucket(struct objects *objects, struct slice name,
                                                   bool versioned);

/* ---- for the room's operations ---- */

struct storage *objects_storage(const struct objects *objects);
const char *objects_folder(const struct objects *objects);

/* There is something to erase. */
void objects_wake(struct objects *objects);

/* A blob whose chunks are being written by several commits: the eraser leaves it alone. In place, until
 * objects_written(), at the place of the struct. */
struct writing {
    struct slice blob_id;
    struct writing *next, **place; /* the room's */
};
void objects_writing(struct objects *objects, struct writing *writing, struct slice blob_id);
void objects_written(struct objects *objects, struct writing *writing);

/* STORAGE_NOT_FOUND: there is no such bucket. `version` (may be NULL) guards its record, also that there is
 * none.
 */
must_use enum storage_status objects_find_bucket(struct objects *objects, const struct snapshot *snapshot,
                                                 struct arena *arena, struct slice name,
                                                 struct s3_bucket *out, struct version *version);

/* Into the batch: the bucket's record; and of one that was not stored so far the settings that a new bucket
 * has. */
void objects_put_bucket(struct batch *batch, const struct s3_bucket *bucket);
/* One of these settings, JSON; NULL: a new bucket has none of that name. */
const char *objects_default_setting(const char *name);

/* What is under a key: `object` of the record there, a delete marker perhaps; or of a file. */
struct found_object {
    struct s3_object object;
    struct version version; /* of the record, also if there is none */
    bool stored;            /* there is a record */
    int file;               /* open, if its bytes are a file; else -1 */
};

/* STORAGE_NOT_FOUND: neither a record nor a file. found_object_close() in every case. */
must_use enum storage_status objects_find(struct objects *objects, const struct snapshot *snapshot,
                                          struct arena *arena, const struct s3_bucket *bucket,
                                          struct slice key, struct found_object *out);
void found_object_close(struct found_object *found);

/* Whether the bucket's folder has a file of that key. */
bool objects_has_file(struct objects *objects, struct slice bucket, struct slice key);

/* The bytes of an object; takes the snapshot that it was found in, and its file. As blob_reader_create(). */
must_use struct blob_reader *objects_open_bytes(struct objects *objects, struct snapshot *snapshot,
                                                struct found_object *found, uint64_t start, uint64_t length,
                                                enum storage_status *status);

/* An object's record as a file's would be, its texts in the arena. `size` bytes, modified then. */
struct s3_object objects_of_file(struct arena *arena, struct slice key, uint64_t size, int64_t modified);

/* Into the batch: the blob is to be erased; the upload is deleted, and what is left of its parts erased. */
void objects_mark_blob(struct batch *batch, const struct s3_blob *blob);
void objects_drop_upload(struct batch *batch, struct slice upload_key);

#endif
