/*
 * What S3 keeps in the storage: buckets and their settings, objects and their versions, uploads in parts, and
 * the bytes of all of them.
 *
 * Keys are u32 0, 'o', a letter, and behind it (`id` is 16 bytes; a bucket's keys name it by its id, so one
 * that is made anew under an old name has nothing of the old one):
 *
 *     b  bucket name                          the bucket
 *     s  bucket id, name of the setting       a setting of it, JSON: "Tagging", "Policy"
 *     k  bucket id, key                       the current version of an object
 *     v  bucket id, key, 0, ~u64 order        an older version, the newest first
 *     u  bucket id, key, 0, upload id         an upload in parts; of one key, in the order of their beginning
 *     p  upload id, u16 number                a part of it
 *     c  blob id, u32 number                  a chunk of bytes
 *     m  blob id                              the parts of a blob that is made of others: (blob id, u64
 * size)* g  letter, id                           the mark that what is called so is to be erased: c: u32
 * chunks of a blob; m: a blob made of others; u: the uploads of a bucket
 *
 * Records are JSON (base/layout.h). A blob's bytes never change. While they are written, a mark stands for
 * them; the commit that lets an object name them takes it away, and the commit that replaces or deletes the
 * object puts one. So what a crash leaves half-done is garbage that the eraser finds (objects.c).
 */
#ifndef TURNTABLE_SERVICES_S3_RECORDS_H
#define TURNTABLE_SERVICES_S3_RECORDS_H

#include <stdint.h>

#include "base/layout.h"
#include "catalog/keys.h"
#include "storage/storage.h"

enum {
    S3_ID_SIZE = 16, /* bytes of an id in a key; in records it is hexadecimal */
    S3_CHUNK_SIZE = 1024 * 1024,
    S3_UPLOAD_ID_LENGTH = 2 * S3_ID_SIZE,
    S3_PARTS_LIMIT = 10000,
};

struct s3_pair {
    struct slice key;
    struct slice value;
};

struct s3_pairs {
    struct s3_pair *items;
    size_t count;
};

struct s3_bucket {
    struct slice name; /* not in the record */
    struct slice id;   /* hexadecimal */
    int64_t created;   /* milliseconds since 1970 */
    struct slice region;
    struct slice versioning; /* "", "Enabled", "Suspended" */
    /* Somebody wants to delete it, and has made this known to all who write: whoever writes an object takes
     * it back, and so the deletion sees what was written. */
    bool draining;
    bool unstored; /* not in the record: it is a folder alone so far, and who writes to it puts the record */
};

/* Bytes: a blob of chunks, or one made of others. */
struct s3_blob {
    struct slice id; /* hexadecimal; empty: there are no bytes */
    int64_t size;
    int64_t parts; /* 0: of chunks; otherwise of how many blobs it is made */
};

struct s3_object {
    struct slice key; /* not in the record */
    struct s3_blob blob;
    struct slice etag;        /* without its quotes: an MD5, or "MD5-PARTS" */
    int64_t modified;         /* milliseconds since 1970 */
    int64_t order;            /* of the versions of a key: a newer one has a higher */
    struct slice version;     /* empty: the version "null" */
    bool marker;              /* a delete marker */
    struct s3_pairs headers;  /* "Content-Type" and its like, as they are answered */
    struct s3_pairs metadata; /* x-amz-meta-*, without the prefix, in small letters */
    struct s3_pairs tags;
    struct slice checksum_algorithm; /* "CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256" */
    struct slice checksum;           /* Base64 */
    bool composite;                  /* it is a checksum of the parts' checksums */
};

struct s3_upload {
    struct slice key; /* not in the record; neither is the id */
    struct slice id;
    int64_t begun; /* milliseconds since 1970 */
    struct s3_pairs headers;
    struct s3_pairs metadata;
    struct s3_pairs tags;
    struct slice checksum_algorithm;
    bool composite;
    struct slice owner; /* the ARN of who began it */
};

struct s3_part {
    int64_t number;
    struct s3_blob blob;
    struct slice etag;
    int64_t modified;
    struct slice checksum_algorithm;
    struct slice checksum;
};

extern const struct layout s3_bucket_layout, s3_object_layout, s3_upload_layout, s3_part_layout;

/* ---- keys ---- */

struct slice s3_bucket_key(struct arena *arena, struct slice name);
/* The bucket's name in its key. */
struct slice s3_bucket_key_name(struct slice key);
struct key_range s3_bucket_keys(struct arena *arena, struct slice after);

struct slice s3_setting_key(struct arena *arena, struct slice bucket_id, struct slice name);
struct key_range s3_setting_keys(struct arena *arena, struct slice bucket_id);

struct slice s3_object_key(struct arena *arena, struct slice bucket_id, struct slice key);
/* The object's key in its key. */
struct slice s3_object_key_name(struct slice key);
/* The objects whose keys begin with the prefix, from the key `from` on. */
struct key_range s3_object_keys(struct arena *arena, struct slice bucket_id, struct slice prefix,
                                struct slice from);

struct slice s3_version_key(struct arena *arena, struct slice bucket_id, struct slice key, int64_t order);
/* The older versions of one key, which are those of this range for which s3_is_version_of() is true. */
struct key_range s3_version_keys(struct arena *arena, struct slice bucket_id, struct slice key);
bool s3_is_version_of(struct slice version_key, struct slice key);
struct slice s3_version_key_name(struct slice version_key);
/* The older versions of all keys that begin with the prefix, from the key `from` on. */
struct key_range s3_all_version_keys(struct arena *arena, struct slice bucket_id, struct slice prefix,
                                     struct slice from);

struct slice s3_upload_key(struct arena *arena, struct slice bucket_id, struct slice key, struct slice id);
/* The uploads of a bucket whose keys begin with the prefix. */
struct key_range s3_upload_keys(struct arena *arena, struct slice bucket_id, struct slice prefix);
struct slice s3_upload_key_name(struct slice upload_key);
struct slice s3_upload_key_id(struct slice upload_key);

struct slice s3_part_key(struct arena *arena, struct slice upload_id, int64_t number);
/* The parts of an upload behind the number `after`. */
struct key_range s3_part_keys(struct arena *arena, struct slice upload_id, int64_t after);

struct slice s3_chunk_key(struct arena *arena, struct slice blob_id, uint32_t number);
struct slice s3_manifest_key(struct arena *arena, struct slice blob_id);

enum s3_mark { S3_MARK_CHUNKS = 'c', S3_MARK_MANIFEST = 'm', S3_MARK_PARTS = 'p', S3_MARK_UPLOADS = 'u' };
struct slice s3_mark_key(struct arena *arena, enum s3_mark mark, struct slice id);
struct key_range s3_mark_keys(struct arena *arena);
/* What a mark's key says; the id is hexadecimal. False: it says nothing. */
must_use bool s3_mark_read(struct arena *arena, struct slice key, enum s3_mark *mark, struct slice *id);

/* A new id, hexadecimal; one whose order is that of times; and the S3_ID_SIZE bytes of one so. */
struct slice s3_new_id(struct arena *arena);
struct slice s3_new_id_at(struct arena *arena, int64_t time);
struct slice s3_id_text(struct arena *arena, const char *bytes);
/* Appends the bytes of a hexadecimal id. */
void s3_append_id(struct buffer *out, struct slice id);

/* ---- records ---- */

/* Reads the record under a key. `snapshot` NULL: as of now; `version` may be NULL. STORAGE_CORRUPT: it is
 * none. What is read lives in the arena. */
must_use enum storage_status s3_read(struct storage *storage, const struct snapshot *snapshot,
                                     struct arena *arena, struct slice key, const struct layout *layout,
                                     void *out, struct version *version);

/* The record as a value, in the arena; and put into a batch. */
struct slice s3_encode(struct arena *arena, const struct layout *layout, const void *record);
void s3_put(struct batch *batch, struct slice key, const struct layout *layout, const void *record);

/* The value of a key, or an empty slice; the key as it is, or in any case. */
struct slice s3_pairs_get(const struct s3_pairs *pairs, const char *key);

#endif
