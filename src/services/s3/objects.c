#include "services/s3/objects.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/clock.h"
#include "catalog/worker.h"
#include "exchange/bucket.h"

enum { PERIOD = 60 * 1000 };

/* What is being written. */
struct writings {
    pthread_mutex_t lock;
    struct writing *first; /* under the lock */
};

struct objects {
    struct storage *storage;
    struct objects_settings settings;
    struct writings *writings;
    struct worker *worker;
};

static enum outcome erase_round(struct task *task);

struct objects *objects_open(struct storage *storage, const struct objects_settings *settings)
{
    struct objects *objects = calloc(1, sizeof(*objects));

    CHECK(objects != NULL);
    objects->writings = calloc(1, sizeof(*objects->writings));
    CHECK(objects->writings != NULL && pthread_mutex_init(&objects->writings->lock, NULL) == 0);
    objects->storage = storage;
    objects->settings = *settings;
    objects->worker =
        worker_start(NULL, storage, erase_round, settings->period > 0 ? settings->period : PERIOD, objects);
    return objects;
}

void objects_close(struct objects *objects)
{
    if (objects == NULL)
        return;
    worker_stop(objects->worker);
    pthread_mutex_destroy(&objects->writings->lock);
    free(objects->writings);
    free(objects);
}

struct storage *objects_storage(const struct objects *objects)
{
    return objects->storage;
}

const char *objects_folder(const struct objects *objects)
{
    return objects->settings.folder;
}

void objects_wake(struct objects *objects)
{
    worker_wake(objects->worker);
}

/* ---- what is written ---- */

void objects_writing(struct objects *objects, struct writing *writing, struct slice blob_id)
{
    struct writings *writings = objects->writings;

    pthread_mutex_lock(&writings->lock);
    *writing = (struct writing){blob_id, writings->first, &writings->first};
    if (writing->next != NULL)
        writing->next->place = &writing->next;
    writings->first = writing;
    pthread_mutex_unlock(&writings->lock);
}

void objects_written(struct objects *objects, struct writing *writing)
{
    pthread_mutex_lock(&objects->writings->lock);
    *writing->place = writing->next;
    if (writing->next != NULL)
        writing->next->place = writing->place;
    pthread_mutex_unlock(&objects->writings->lock);
}

static bool is_written(const struct objects *objects, struct slice blob_id)
{
    bool found = false;

    pthread_mutex_lock(&objects->writings->lock);
    for (const struct writing *at = objects->writings->first; at != NULL && !found; at = at->next)
        found = slice_equal(at->blob_id, blob_id);
    pthread_mutex_unlock(&objects->writings->lock);
    return found;
}

/* ---- buckets ---- */

static enum storage_status find_folder(const struct objects *objects, struct arena *arena, struct slice name,
                                       struct s3_bucket *out)
{
    struct bucket *bucket;

    if (objects->settings.folder == NULL)
        return STORAGE_NOT_FOUND;
    switch (bucket_open(objects->settings.folder, name, false, &bucket)) {
    case BUCKET_OK:
        break;
    case BUCKET_FAILED:
        return STORAGE_FAILED;
    default:
        return STORAGE_NOT_FOUND;
    }
    *out = (struct s3_bucket){.name = name,
                              .id = s3_new_id(arena),
                              .created = bucket_modified(bucket),
                              .region = objects->settings.region,
                              .unstored = true};
    bucket_close(bucket);
    return STORAGE_OK;
}

enum storage_status objects_find_bucket(struct objects *objects, const struct snapshot *snapshot,
                                        struct arena *arena, struct slice name, struct s3_bucket *out,
                                        struct version *version)
{
    enum storage_status status = s3_read(objects->storage, snapshot, arena, s3_bucket_key(arena, name),
                                         &s3_bucket_layout, out, version);

    if (status == STORAGE_NOT_FOUND)
        return find_folder(objects, arena, name, out);
    out->name = name;
    return status;
}

/* AWS: "Default server-side encryption", "Block Public Access is on by default", "ACLs disabled by default".
 */
static const struct {
    const char *name, *json;
} default_settings[] = {
    {"PublicAccessBlockConfiguration", "{\"BlockPublicAcls\":true,\"IgnorePublicAcls\":true,"
                                       "\"BlockPublicPolicy\":true,\"RestrictPublicBuckets\":true}"},
    {"OwnershipControls", "{\"Rules\":[{\"ObjectOwnership\":\"BucketOwnerEnforced\"}]}"},
    {"ServerSideEncryptionConfiguration",
     "{\"Rules\":[{\"ApplyServerSideEncryptionByDefault\":{\"SSEAlgorithm\":\"AES256\"},"
     "\"BucketKeyEnabled\":false}]}"},
};

enum { DEFAULT_SETTINGS = sizeof(default_settings) / sizeof(default_settings[0]) };

const char *objects_default_setting(const char *name)
{
    for (size_t i = 0; i < DEFAULT_SETTINGS; i++) {
        if (strcmp(default_settings[i].name, name) == 0)
            return default_settings[i].json;
    }
    return NULL;
}

void objects_put_bucket(struct batch *batch, const struct s3_bucket *bucket)
{
    s3_put(batch, s3_bucket_key(batch->arena, bucket->name), &s3_bucket_layout, bucket);
    for (size_t i = 0; bucket->unstored && i < DEFAULT_SETTINGS; i++)
        batch_put(batch, s3_setting_key(batch->arena, bucket->id, slice_of(default_settings[i].name)),
                  slice_of(default_settings[i].json));
}

enum objects_status objects_ensure_bucket(struct objects *objects, struct slice name, bool versioned)
{
    enum storage_status status;
    struct s3_bucket bucket;
    struct version version;
    struct arena arena;
    struct batch batch;

    arena_init(&arena);
    do {
        arena_reset(&arena);
        status = objects_find_bucket(objects, NULL, &arena, name, &bucket, &version);
        if (status == STORAGE_NOT_FOUND)
            bucket = (struct s3_bucket){.name = name,
                                        .id = s3_new_id(&arena),
                                        .created = clock_now(),
                                        .region = objects->settings.region,
                                        .unstored = true};
        else if (status != STORAGE_OK || !bucket.unstored)
            break;
        bucket.versioning = versioned ? SLICE("Enabled") : SLICE("");
        batch_init(&batch, &arena);
        batch_guard(&batch, s3_bucket_key(&arena, name), version);
        objects_put_bucket(&batch, &bucket);
        status = storage_commit_wait(objects->storage, &batch);
    } while (status == STORAGE_CONFLICT);
    arena_finish(&arena);
    return status == STORAGE_OK ? OBJECTS_OK : OBJECTS_FAILED;
}

/* ---- objects ---- */

/* Of a file nobody knows the MD5. What it gets in its place changes with the file, and looks like the ETag of
 * an object in parts, of which everybody knows that it is no MD5. */
static struct slice file_etag(struct arena *arena, uint64_t size, int64_t modified)
{
    unsigned char hash[EVP_MAX_MD_SIZE];
    struct buffer facts, text;

    buffer_init(&facts);
    buffer_append_u64(&facts, size);
    buffer_append_u64(&facts, (uint64_t)modified);
    CHECK(EVP_Digest(facts.bytes, facts.len, hash, NULL, EVP_md5(), NULL) == 1);
    buffer_finish(&facts);
    buffer_init(&text);
    for (int i = 0; i < 16; i++)
        buffer_printf(&text, "%02x", (unsigned)hash[i]);
    buffer_append_string(&text, "-1");
    struct slice etag = arena_copy(arena, buffer_slice(&text));
    buffer_finish(&text);
    return etag;
}

struct s3_object objects_of_file(struct arena *arena, struct slice key, uint64_t size, int64_t modified)
{
    return (struct s3_object){.key = key,
                              .blob.size = (int64_t)size,
                              .etag = file_etag(arena, size, modified),
                              .modified = modified};
}

static enum storage_status find_file(struct objects *objects, struct arena *arena, struct slice bucket_name,
                                     struct slice key, struct found_object *out)
{
    struct bucket *bucket;
    struct stat found;
    int file;

    if (objects->settings.folder == NULL ||
        bucket_open(objects->settings.folder, bucket_name, false, &bucket) != BUCKET_OK)
        return STORAGE_NOT_FOUND;
    enum bucket_status status = bucket_read(bucket, key, &file);
    bucket_close(bucket);
    if (status != BUCKET_OK)
        return status == BUCKET_FAILED ? STORAGE_FAILED : STORAGE_NOT_FOUND;
    if (fstat(file, &found) != 0) {
        close(file);
        return STORAGE_FAILED;
    }
    out->file = file;
    out->object = objects_of_file(arena, key, (uint64_t)found.st_size, bucket_time(&found.st_mtim));
    return STORAGE_OK;
}

enum storage_status objects_find(struct objects *objects, const struct snapshot *snapshot,
                                 struct arena *arena, const struct s3_bucket *bucket, struct slice key,
                                 struct found_object *out)
{
    *out = (struct found_object){.file = -1};
    enum storage_status status =
        s3_read(objects->storage, snapshot, arena, s3_object_key(arena, bucket->id, key), &s3_object_layout,
                &out->object, &out->version);
    out->stored = status == STORAGE_OK;
    out->object.key = key;
    return status == STORAGE_NOT_FOUND ? find_file(objects, arena, bucket->name, key, out) : status;
}

void found_object_close(struct found_object *found)
{
    if (found->file >= 0)
        close(found->file);
    found->file = -1;
}

bool objects_has_file(struct objects *objects, struct slice bucket, struct slice key)
{
    struct found_object found = {.file = -1};
    struct arena arena;

    arena_init(&arena);
    bool has = find_file(objects, &arena, bucket, key, &found) == STORAGE_OK;
    found_object_close(&found);
    arena_finish(&arena);
    return has;
}

struct blob_reader *objects_open_bytes(struct objects *objects, struct snapshot *snapshot,
                                       struct found_object *found, uint64_t start, uint64_t length,
                                       enum storage_status *status)
{
    if (found->file < 0)
        return blob_reader_create(objects->storage, snapshot, &found->object.blob, start, length, status);
    int file = found->file;
    found->file = -1;
    snapshot_destroy(objects->storage, snapshot);
    *status = STORAGE_OK;
    return blob_reader_of_file(file, start, length);
}

static enum objects_status status_of(enum storage_status status, enum objects_status absent)
{
    return status == STORAGE_OK ? OBJECTS_OK : status == STORAGE_NOT_FOUND ? absent : OBJECTS_FAILED;
}

static enum objects_status read_found(struct objects *objects, struct arena *arena,
                                      struct found_object *found, struct snapshot *snapshot,
                                      struct slice *out)
{
    size_t size = (size_t)found->object.blob.size;
    enum storage_status status;

    struct blob_reader *reader = objects_open_bytes(objects, snapshot, found, 0, size, &status);
    if (reader == NULL)
        return OBJECTS_FAILED;
    char *bytes = arena_alloc(arena, size + 1);
    bool read = blob_read_all(reader, bytes, size);
    blob_reader_destroy(reader);
    *out = (struct slice){bytes, size};
    return read ? OBJECTS_OK : OBJECTS_FAILED;
}

/* The current version of an object, or a file. */
static enum objects_status find_object(struct objects *objects, struct snapshot *snapshot,
                                       struct arena *arena, struct slice bucket_name, struct slice key,
                                       struct found_object *found)
{
    struct s3_bucket bucket;
    enum objects_status status = status_of(
        objects_find_bucket(objects, snapshot, arena, bucket_name, &bucket, NULL), OBJECTS_NO_BUCKET);

    if (status == OBJECTS_OK)
        status = status_of(objects_find(objects, snapshot, arena, &bucket, key, found), OBJECTS_NO_KEY);
    return status == OBJECTS_OK && found->object.marker ? OBJECTS_NO_KEY : status;
}

enum objects_status objects_read(struct objects *objects, struct arena *arena, struct slice bucket_name,
                                 struct slice key, size_t limit, struct slice *out)
{
    struct snapshot *snapshot = snapshot_create(objects->storage);
    struct found_object found = {.file = -1};

    enum objects_status status = find_object(objects, snapshot, arena, bucket_name, key, &found);
    if (status == OBJECTS_OK && (uint64_t)found.object.blob.size > limit)
        status = OBJECTS_TOO_LARGE;
    if (status == OBJECTS_OK)
        status = read_found(objects, arena, &found, snapshot, out);
    else
        snapshot_destroy(objects->storage, snapshot);
    found_object_close(&found);
    return status;
}

/* ---- for readers of files ---- */

struct object_list {
    struct arena *arena;
    struct listed_object *items;
    size_t count, places, limit;
};

static bool add_listed(struct object_list *list, struct slice key, uint64_t size)
{
    if (list->count == list->limit)
        return false;
    if (list->count == list->places) {
        size_t places = list->places == 0 ? 16 : 2 * list->places;
        list->items = arena_grow(list->arena, list->items, list->count, places, sizeof(list->items[0]));
        list->places = places;
    }
    list->items[list->count++] = (struct listed_object){arena_copy(list->arena, key), size};
    return true;
}

/* Merges the records from the cursor with the files; of one key the record counts. */
static enum objects_status merge(struct object_list *list, struct cursor *cursor,
                                 const struct bucket_object *files, size_t file_count)
{
    enum storage_status status;
    struct slice at, value;
    struct arena scratch;
    bool room = true;
    size_t file = 0;

    arena_init(&scratch);
    while (room && (status = cursor_next(cursor, &at, &value)) == STORAGE_OK) {
        struct s3_object object;
        struct slice key = s3_object_key_name(at);
        arena_reset(&scratch);
        if (!layout_read(&scratch, arena_copy(&scratch, value), &s3_object_layout, &object)) {
            status = STORAGE_CORRUPT;
            break;
        }
        for (; room && file < file_count && slice_compare(files[file].key, key) < 0; file++)
            room = add_listed(list, files[file].key, files[file].size);
        file += file < file_count && slice_equal(files[file].key, key);
        if (room && !object.marker)
            room = add_listed(list, key, (uint64_t)object.blob.size);
    }
    for (; room && file < file_count; file++)
        room = add_listed(list, files[file].key, files[file].size);
    arena_finish(&scratch);
    return !room ? OBJECTS_TOO_LARGE : status == STORAGE_NOT_FOUND ? OBJECTS_OK : OBJECTS_FAILED;
}

static enum objects_status list_files(const struct objects *objects, struct arena *arena,
                                      struct slice bucket_name, struct slice prefix, size_t limit,
                                      struct bucket_object **files, size_t *count)
{
    struct bucket *bucket;

    *count = 0;
    if (objects->settings.folder == NULL ||
        bucket_open(objects->settings.folder, bucket_name, false, &bucket) != BUCKET_OK)
        return OBJECTS_OK;
    enum bucket_status status = bucket_list(bucket, arena, prefix, limit, files, count);
    bucket_close(bucket);
    return status == BUCKET_OK ? OBJECTS_OK : status == BUCKET_TOO_MANY ? OBJECTS_TOO_LARGE : OBJECTS_FAILED;
}

enum objects_status objects_list(struct objects *objects, struct arena *arena, struct slice bucket_name,
                                 struct slice prefix, size_t limit, struct listed_object **out, size_t *count)
{
    struct object_list list = {.arena = arena, .limit = limit};
    struct bucket_object *files = NULL;
    struct s3_bucket bucket;
    size_t file_count;

    enum objects_status status =
        status_of(objects_find_bucket(objects, NULL, arena, bucket_name, &bucket, NULL), OBJECTS_NO_BUCKET);
    if (status == OBJECTS_OK)
        status = list_files(objects, arena, bucket_name, prefix, limit, &files, &file_count);
    if (status != OBJECTS_OK)
        return status;
    struct key_range range = s3_object_keys(arena, bucket.id, prefix, SLICE(""));
    struct cursor *cursor = cursor_create(objects->storage, NULL, range.from, range.to, FORWARD);
    status = merge(&list, cursor, files, file_count);
    cursor_destroy(cursor);
    *out = list.items;
    *count = list.count;
    return status;
}

/* A file without a name: beside the buckets, or in memory. */
static int open_unnamed(const struct objects *objects)
{
    int file = -1;

    if (objects->settings.folder != NULL)
        file = open(objects->settings.folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    return file >= 0 ? file : memfd_create("object", MFD_CLOEXEC);
}

static bool copy_to(int file, struct blob_reader *reader, uint64_t size)
{
    enum { PIECE = 256 * 1024 };
    char *piece = malloc(PIECE);
    uint64_t done = 0;
    bool good = true;

    CHECK(piece != NULL);
    while (good && done < size) {
        ssize_t some = blob_read(reader, done, piece, PIECE);
        good = some > 0 && pwrite(file, piece, (size_t)some, (off_t)done) == some;
        done += good ? (uint64_t)some : 0;
    }
    free(piece);
    return good;
}

static enum objects_status copy_bytes(struct objects *objects, struct found_object *found,
                                      struct snapshot *snapshot, int *file)
{
    uint64_t size = (uint64_t)found->object.blob.size;
    enum storage_status status;

    struct blob_reader *reader = objects_open_bytes(objects, snapshot, found, 0, size, &status);
    if (reader == NULL)
        return OBJECTS_FAILED;
    *file = open_unnamed(objects);
    bool copied = *file >= 0 && copy_to(*file, reader, size);
    blob_reader_destroy(reader);
    if (copied)
        return OBJECTS_OK;
    if (*file >= 0)
        close(*file);
    return OBJECTS_FAILED;
}

enum objects_status objects_open_file(struct objects *objects, struct slice bucket_name, struct slice key,
                                      int *file)
{
    struct snapshot *snapshot = snapshot_create(objects->storage);
    struct found_object found = {.file = -1};
    enum objects_status status;
    struct arena arena;

    arena_init(&arena);
    status = find_object(objects, snapshot, &arena, bucket_name, key, &found);
    if (status == OBJECTS_OK && found.file >= 0) {
        *file = found.file;
        found.file = -1;
    } else if (status == OBJECTS_OK) {
        status = copy_bytes(objects, &found, snapshot, file);
        snapshot = NULL;
    }
    snapshot_destroy(objects->storage, snapshot);
    found_object_close(&found);
    arena_finish(&arena);
    return status;
}

/* ---- erasing ---- */

void objects_mark_blob(struct batch *batch, const struct s3_blob *blob)
{
    struct buffer value;

    if (blob->id.len == 0 || blob->size == 0)
        return;
    buffer_init(&value);
    buffer_append_u32(&value, blob->parts > 0 ? 0 : blob_chunk_count(blob->size));
    batch_put(batch, s3_mark_key(batch->arena, blob->parts > 0 ? S3_MARK_MANIFEST : S3_MARK_CHUNKS, blob->id),
              arena_copy(batch->arena, buffer_slice(&value)));
    buffer_finish(&value);
}

/* The chunks go with their mark. */
static bool erase_chunks(struct batch *batch, struct slice blob_id, struct slice mark)
{
    if (mark.len != sizeof(uint32_t))
        return false;
    for (uint32_t i = 0, count = bytes_read_u32(mark.ptr); i < count; i++)
        batch_delete(batch, s3_chunk_key(batch->arena, blob_id, i));
    return true;
}

/* Of the blobs that one is made of, each gets a mark of its own. */
static enum storage_status mark_parts(struct storage *storage, struct batch *batch, struct slice blob_id)
{
    enum { ENTRY_SIZE = S3_ID_SIZE + 8 };
    struct slice key = s3_manifest_key(batch->arena, blob_id);
    struct stored stored;

    enum storage_status status = storage_get(storage, NULL, key, &stored);
    for (size_t at = 0; at + ENTRY_SIZE <= stored.value.len; at += ENTRY_SIZE) {
        const char *entry = stored.value.ptr + at;
        const struct s3_blob part = {.id = s3_id_text(batch->arena, entry),
                                     .size = (int64_t)bytes_read_u64(entry + S3_ID_SIZE)};
        objects_mark_blob(batch, &part);
    }
    batch_delete(batch, key);
    stored_release(&stored);
    return status == STORAGE_NOT_FOUND ? STORAGE_OK : status;
}

/* What was uploaded to it and is no part of an object. The upload is gone, and so nothing is added. */
static enum storage_status drop_parts(struct storage *storage, struct batch *batch, struct slice upload_id)
{
    struct key_range range = s3_part_keys(batch->arena, upload_id, 0);
    struct cursor *cursor = cursor_create(storage, NULL, range.from, range.to, FORWARD);
    enum storage_status status;
    struct slice key, value;

    while ((status = cursor_next(cursor, &key, &value)) == STORAGE_OK) {
        struct s3_part part;
        if (layout_read(batch->arena, arena_copy(batch->arena, value), &s3_part_layout, &part))
            objects_mark_blob(batch, &part.blob);
        batch_delete(batch, arena_copy(batch->arena, key));
    }
    cursor_destroy(cursor);
    return status == STORAGE_NOT_FOUND ? STORAGE_OK : status;
}

/* The uploads of a bucket that is gone: nobody begins another. */
static enum storage_status drop_uploads(struct storage *storage, struct batch *batch, struct slice bucket_id)
{
    struct key_range range = s3_upload_keys(batch->arena, bucket_id, SLICE(""));
    struct cursor *cursor = cursor_create(storage, NULL, range.from, range.to, FORWARD);
    enum storage_status status;
    struct slice key, value;

    while ((status = cursor_next(cursor, &key, &value)) == STORAGE_OK)
        objects_drop_upload(batch, arena_copy(batch->arena, key));
    cursor_destroy(cursor);
    return status == STORAGE_NOT_FOUND ? STORAGE_OK : status;
}

void objects_drop_upload(struct batch *batch, struct slice upload_key)
{
    batch_delete(batch, upload_key);
    batch_put(batch, s3_mark_key(batch->arena, S3_MARK_PARTS, s3_upload_key_id(upload_key)), SLICE(""));
}

/* TASK_AGAIN: there are new marks. */
static enum outcome erase(const struct objects *objects, struct arena *arena, struct slice mark_key)
{
    struct storage *storage = objects->storage;
    enum storage_status status;
    struct stored stored;
    struct batch batch;
    struct slice id;
    enum s3_mark mark;
    bool sound = true;

    batch_init(&batch, arena);
    if (!s3_mark_read(arena, mark_key, &mark, &id) || (mark == S3_MARK_CHUNKS && is_written(objects, id)))
        return TASK_DONE;
    /* Read after that: who has written the blob to its end has taken the mark away. */
    status = storage_get(storage, NULL, mark_key, &stored);
    batch_guard(&batch, mark_key, stored.version);
    if (status == STORAGE_OK && mark == S3_MARK_CHUNKS)
        sound = erase_chunks(&batch, id, stored.value);
    stored_release(&stored);
    if (status == STORAGE_OK && mark == S3_MARK_MANIFEST)
        status = mark_parts(storage, &batch, id);
    else if (status == STORAGE_OK && mark == S3_MARK_PARTS)
        status = drop_parts(storage, &batch, id);
    else if (status == STORAGE_OK && mark == S3_MARK_UPLOADS)
        status = drop_uploads(storage, &batch, id);
    if (status == STORAGE_NOT_FOUND || !sound)
        return TASK_DONE;
    if (status != STORAGE_OK)
        return TASK_FAILED;
    batch_delete(&batch, mark_key);
    enum outcome outcome = task_outcome(storage_commit_wait(storage, &batch));
    return outcome == TASK_DONE && mark != S3_MARK_CHUNKS ? TASK_AGAIN : outcome;
}

static enum outcome erase_round(struct task *task)
{
    const struct objects *objects = task->context;
    enum outcome outcome = TASK_DONE;
    struct arena range_arena, arena;
    struct slice key, value;

    arena_init(&range_arena);
    arena_init(&arena);
    struct key_range range = s3_mark_keys(&range_arena);
    struct cursor *cursor = cursor_create(objects->storage, NULL, range.from, range.to, FORWARD);
    while (outcome != TASK_FAILED && !task_is_stopping(task) &&
           cursor_next(cursor, &key, &value) == STORAGE_OK) {
        arena_reset(&arena);
        outcome = task_worse(outcome, erase(objects, &arena, arena_copy(&arena, key)));
    }
    cursor_destroy(cursor);
    arena_finish(&arena);
    arena_finish(&range_arena);
    return outcome;
}
