/*
 * What S3's operations share: finding buckets, objects and their versions for a request, and putting changes
 * of them into its batch.
 *
 * Whoever writes in a bucket guards its record, so that a bucket is not deleted under what is put into it;
 * and whoever changes what is under a key guards and writes the current version's record, so that all changes
 * of one key follow each other. On false the failure is set.
 */
#ifndef TURNTABLE_SERVICES_S3_STORE_H
#define TURNTABLE_SERVICES_S3_STORE_H

#include "services/s3/call.h"
#include "services/s3/bucket_policy.h"
#include "services/s3/objects.h"

/* ---- buckets ---- */

struct slice s3_bucket_arn(struct arena *arena, struct slice bucket);
struct slice s3_object_arn(struct arena *arena, struct slice bucket, struct slice key);

/* NoSuchBucket. `version` may be NULL. */
must_use bool s3_find_bucket(struct request *request, struct slice name, struct s3_bucket *out,
                             struct version *version);

/* The bucket that the request names, and who asks may do what the request needs. */
must_use bool s3_enter_bucket(struct request *request, struct s3_bucket *out, struct version *version);

/* Into the batch: the bucket's record is as it was, and becomes that of a bucket that is kept. */
void s3_hold_bucket(struct request *request, const struct s3_bucket *bucket, struct version version);

/* A setting of a bucket as JSON; NULL: it has none. */
must_use bool s3_read_setting(struct request *request, const struct s3_bucket *bucket, const char *name,
                              const struct json **out);

/* ---- objects ---- */

/* What is under the key now; `found->stored` is false and `found->file` negative if there is nothing. To be
 * closed in every case. */
must_use bool s3_find_current(struct request *request, const struct snapshot *snapshot,
                              const struct s3_bucket *bucket, struct slice key, struct found_object *out);
bool s3_is_there(const struct found_object *found); /* and no delete marker */

/* The version that a request asks for (ptr NULL: the current one). NoSuchKey, NoSuchVersion, and, if a delete
 * marker is asked for, MethodNotAllowed; a marker that is current is NoSuchKey. */
must_use bool s3_find_version(struct request *request, const struct snapshot *snapshot,
                              const struct s3_bucket *bucket, struct slice key, struct slice version_id,
                              struct found_object *out);

/* An older version as it stands; found->stored is false if there is none. */
must_use bool s3_find_older(struct request *request, const struct snapshot *snapshot,
                            const struct s3_bucket *bucket, struct slice key, struct slice version_id,
                            struct found_object *out);

/* "null", or as the record has it. */
struct slice s3_version_text(const struct s3_object *object);
/* An id that a version may have. */
bool s3_version_is_id(struct slice text);

/* Into the batch: `object` becomes the current version under its key, in the place of what `current` found
 * there, which is kept as the bucket keeps versions. Gives the object its version and order. */
must_use bool s3_put_current(struct request *request, const struct s3_bucket *bucket,
                             const struct found_object *current, struct s3_object *object);

/* What became of an object that was to be deleted. */
struct s3_deleted {
    struct slice version; /* of what was deleted, or of the delete marker that was put; empty: none */
    bool marker;          /* it is a delete marker */
};

/* Into the batch: the object is deleted, or hidden by a delete marker; or the version of that id is deleted.
 * What is not there is not deleted, and that is no failure. */
must_use bool s3_delete(struct request *request, const struct s3_bucket *bucket, struct slice key,
                        struct slice version_id, struct s3_deleted *out);

/* Tells VersionId, if the bucket keeps versions or kept some. */
void s3_tell_version(struct s3_output *output, const struct s3_bucket *bucket,
                     const struct s3_object *object);

/* Wakes the eraser once the batch is committed. */
void s3_erase_later(struct request *request);

/* ---- input ---- */

/* KeyTooLongError, and an empty key. */
must_use bool s3_check_key(struct request *request, struct slice key);

/* What is kept of headers, metadata and tags with an object; checks them, and what else may not be asked for.
 */
must_use bool s3_read_headers(struct request *request, const struct s3_bucket *bucket,
                              struct s3_pairs *headers, struct s3_pairs *metadata);
/* Tags as a query, "a=b&c=d"; and as JSON. */
must_use bool s3_read_tag_query(struct request *request, struct slice query, struct s3_pairs *out);
must_use bool s3_read_tags(struct request *request, const struct json *list, size_t most,
                           struct s3_pairs *out);

#endif
