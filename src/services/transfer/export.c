/*
 * What an export leaves in its bucket, as AWS does ("DynamoDB table export output format"):
 *
 *     PREFIX/AWSDynamoDB/ID/_started                      empty: the bucket can be written to
 *     PREFIX/AWSDynamoDB/ID/data/NAME.json.gz             items; of an incremental export
 *     PREFIX/AWSDynamoDB/data/NAME.json.gz                changes
 *     PREFIX/AWSDynamoDB/ID/manifest-files.json, .md5     a line for each of them
 *     PREFIX/AWSDynamoDB/ID/manifest-summary.json, .md5   the last to appear: it is there when all is
 *
 * An object appears whole or not at all, and those of a repeated run have the names of the first one's. All
 * is read in one snapshot, so what is pruned or erased meanwhile is in it still.
 */
#include "services/transfer/export.h"

#include <errno.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/base64.h"
#include "base/check.h"
#include "base/clock.h"
#include "catalog/arn.h"
#include "catalog/backups.h"
#include "catalog/history.h"
#include "catalog/keys.h"
#include "exchange/bucket.h"
#include "exchange/packer.h"
#include "exchange/record.h"
#include "items/attribute_value.h"
#include "items/item_codec.h"
#include "services/s3/objects.h"

/* So many bytes of text, packed, make an object; and so many are gathered before they are packed. */
enum { OBJECT_BYTES = 64 * 1024 * 1024, GATHERED_BYTES = 1024 * 1024 };

struct export
{
    const struct transfer_work *work;
    struct job *job;
    struct arena *arena; /* of the job */
    struct table *table; /* as the snapshot has it */
    struct bucket *bucket;
    struct slice folder;
    bool ion;
    bool old_images;     /* of changes */
    struct buffer files; /* what will be manifest-files.json */
    struct buffer text;  /* records that are not packed yet */
    struct arena record; /* of the one being written */

    /* The object being written; packer NULL: none. */
    struct bucket_draft draft;
    struct packer *packer;
    struct slice object;
    int64_t object_items;
    unsigned objects;
};

static struct slice option_of(const struct job *job, const char *name)
{
    const struct json *member = json_get(job->request, name);

    return member != NULL && member->type == JSON_STRING ? member->text : SLICE("");
}

/* "PREFIX/AWSDynamoDB" */
static struct slice common_folder(struct arena *arena, const struct job *job)
{
    struct slice prefix = option_of(job, "S3Prefix");

    return arena_printf(arena, "%.*s%sAWSDynamoDB", SLICE_ARGS(prefix), prefix.len > 0 ? "/" : "");
}

struct slice export_folder(struct arena *arena, const struct job *job)
{
    struct slice common = common_folder(arena, job);

    return arena_printf(arena, "%.*s/%.*s", SLICE_ARGS(common), SLICE_ARGS(job->id));
}

/* ---- objects ---- */

/* Says that the bucket cannot be written to; returns false. */
static bool bucket_fails(struct export *export)
{
    job_fail(export->job, export->arena, "S3InternalError", "The bucket cannot be written to: %s",
             strerror(errno));
    return false;
}

static bool put_object(struct export *export, const char *name, struct slice bytes)
{
    struct slice key = arena_printf(export->arena, "%.*s/%s", SLICE_ARGS(export->folder), name);

    return bucket_put(export->bucket, key, bytes) == BUCKET_OK || bucket_fails(export);
}

/* The object and its checksum beside it. */
static bool put_manifest(struct export *export, const char *name, const char *checksum_name,
                         struct slice bytes)
{
    unsigned char md5[MD5_SIZE];
    struct buffer encoded;

    CHECK(EVP_Q_digest(NULL, "MD5", NULL, bytes.ptr, bytes.len, md5, NULL) == 1);
    buffer_init(&encoded);
    base64_encode(&encoded, (struct slice){(const char *)md5, sizeof(md5)});
    bool put = put_object(export, name, bytes) && put_object(export, checksum_name, buffer_slice(&encoded));
    buffer_finish(&encoded);
    return put;
}

static bool begin_object(struct export *export)
{
    const struct job *job = export->job;
    const char *ending = export->ion ? "ion.gz" : "json.gz";

    if (job->from == 0)
        export->object = arena_printf(export->arena, "%.*s/data/%06u.%s", SLICE_ARGS(export->folder),
                                      export->objects, ending);
    else
        export->object = arena_printf(export->arena, "%.*s/data/%.*s-%06u.%s",
                                      SLICE_ARGS(common_folder(export->arena, job)), SLICE_ARGS(job->id),
                                      export->objects, ending);
    if (bucket_begin(export->bucket, export->object, &export->draft) != BUCKET_OK)
        return bucket_fails(export);
    export->packer = packer_create(export->draft.file, true);
    export->object_items = 0;
    export->objects++;
    return true;
}

static bool pack(struct export *export)
{
    bool packed = packer_write(export->packer, buffer_slice(&export->text));

    export->text.len = 0;
    return packed || bucket_fails(export);
}

/* A line of manifest-files.json. */
static void note_object(struct export *export, const unsigned char md5[MD5_SIZE])
{
    struct buffer *out = &export->files;

    buffer_printf(out, "{\"itemCount\":%" PRId64 ",\"md5Checksum\":\"", export->object_items);
    base64_encode(out, (struct slice){(const char *)md5, MD5_SIZE});
    buffer_append_string(out, "\",\"etag\":\"");
    for (unsigned i = 0; i < MD5_SIZE; i++)
        buffer_printf(out, "%02x", (unsigned)md5[i]);
    buffer_append_string(out, "-1\",\"dataFileS3Key\":");
    json_write_string(out, export->object);
    buffer_append_string(out, "}\n");
}

static bool end_object(struct export *export)
{
    unsigned char md5[MD5_SIZE];

    if (export->packer == NULL)
        return true;
    bool good = pack(export) && (packer_finish(export->packer, md5) || bucket_fails(export));
    packer_destroy(export->packer);
    export->packer = NULL;
    if (!good) {
        bucket_discard(&export->draft);
        return false;
    }
    if (bucket_finish(&export->draft) != BUCKET_OK)
        return bucket_fails(export);
    note_object(export, md5);
    return true;
}

/* ---- records ---- */

/* The key attributes of an item. */
static struct item keys_of(struct arena *arena, const struct table *table, const struct item *item)
{
    struct item keys = {.attributes = arena_array(arena, struct attribute, item->count)};

    for (size_t i = 0; i < item->count; i++) {
        if (key_schema_has(&table->keys, item->attributes[i].name))
            keys.attributes[keys.count++] = item->attributes[i];
    }
    return keys;
}

static void write_image(const struct export *export, struct buffer *out, const char *name,
                        const struct item *item)
{
    if (item == NULL)
        return;
    buffer_printf(out, export->ion ? ",%s:" : ",\"%s\":", name);
    if (export->ion)
        ion_write_item(out, item);
    else
        item_to_json(out, item);
}

/* What an item became between the two moments; an image is NULL if there was no item. */
static void write_change(struct export *export, const struct item *old, const struct item *new,
                         int64_t changed)
{
    struct item keys = keys_of(&export->record, export->table, new != NULL ? new : old);
    struct buffer *out = &export->text;

    if (export->ion)
        buffer_printf(out, "$ion_1_0 {Record:{Metadata:{WriteTimestampMicros:%" PRId64 ".}", changed * 1000);
    else
        buffer_printf(out, "{\"Metadata\":{\"WriteTimestampMicros\":{\"N\":\"%" PRId64 "\"}}",
                      changed * 1000);
    write_image(export, out, "Keys", &keys);
    write_image(export, out, "OldImage", export->old_images ? old : NULL);
    write_image(export, out, "NewImage", new);
    buffer_append_string(out, export->ion ? "}}\n" : "}\n");
}

/* Decodes a stored form; *item NULL if there is none. */
static bool read_image(struct export *export, struct slice stored, const struct item **item)
{
    struct item *decoded = arena_new(&export->record, struct item);

    *item = stored.ptr == NULL ? NULL : decoded;
    return stored.ptr == NULL || item_decode(&export->record, stored, decoded);
}

/* TASK_FAILED: what is stored cannot be read. A bucket that cannot be written to is the job's failure. */
static enum outcome write_record(struct export *export, const struct history_item *place)
{
    const struct item *old, *new;
    struct job *job = export->job;

    arena_reset(&export->record);
    if (!read_image(export, place->before, &old) || !read_image(export, place->after, &new))
        return TASK_FAILED;
    if (old == NULL && new == NULL) /* AWS: an item that came and went in between has no output */
        return TASK_DONE;
    if (export->packer == NULL && !begin_object(export))
        return TASK_DONE;
    if (job->from != 0)
        write_change(export, old, new, place->changed);
    else if (export->ion)
        record_to_ion(&export->text, new);
    else
        record_to_dynamodb_json(&export->text, new);
    export->object_items++;
    job->processed++;
    job->bytes += new == NULL ? 0 : (int64_t)item_encoded_size(place->after);
    if (export->text.len >= GATHERED_BYTES && pack(export) && packer_written(export->packer) >= OBJECT_BYTES)
        (void)end_object(export);
    return TASK_DONE;
}

static enum outcome write_records(struct export *export, const struct snapshot *snapshot)
{
    const struct moment from = {.time = export->job->from}, until = {.time = export->job->until};
    struct storage *storage = export->work->task->storage;
    struct history_item place;
    enum outcome outcome = TASK_DONE;
    enum storage_status status = STORAGE_OK;

    struct history_walk *walk = history_walk_create(storage, snapshot, export->table->id,
                                                    export->job->from == 0 ? NULL : &from, &until, SLICE(""));
    while (outcome == TASK_DONE && export->job->failure_code.len == 0) {
        status = history_walk_next(walk, &place);
        if (status != STORAGE_OK)
            break;
        outcome = task_is_stopping(export->work->task) ? TASK_AGAIN : write_record(export, &place);
    }
    history_walk_destroy(walk);
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        outcome = TASK_FAILED;
    if (outcome == TASK_DONE && export->job->failure_code.len == 0)
        (void)end_object(export);
    if (export->packer != NULL) { /* not all of it is there */
        packer_destroy(export->packer);
        export->packer = NULL;
        bucket_discard(&export->draft);
    }
    return outcome;
}

/* ---- the manifest ---- */

static void write_time(const struct export *export, struct buffer *out, bool *first, const char *name,
                       int64_t milliseconds)
{
    struct slice label = clock_label(export->arena, milliseconds);

    json_write_string_member(out, first, name, arena_printf(export->arena, "%.*sZ", SLICE_ARGS(label)));
}

static void write_optional(struct buffer *out, bool *first, const char *name, struct slice text)
{
    if (text.len > 0) {
        json_write_string_member(out, first, name, text);
        return;
    }
    json_write_name(out, first, name);
    buffer_append_string(out, "null");
}

static struct slice table_arn(const struct export *export)
{
    return arn_of_table(export->arena, export->work->region, export->work->account_id, export->job->table);
}

static struct slice export_arn(const struct export *export)
{
    return arena_printf(export->arena, "%.*s/export/%.*s", SLICE_ARGS(table_arn(export)),
                        SLICE_ARGS(export->job->id));
}

static void write_summary(const struct export *export, struct buffer *out)
{
    const struct job *job = export->job;
    bool first = true, full = job->from == 0;

    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "version", full ? SLICE("2020-06-30") : SLICE("2023-08-01"));
    json_write_string_member(out, &first, "exportArn", export_arn(export));
    write_time(export, out, &first, "startTime", job->begun);
    write_time(export, out, &first, "endTime", clock_now());
    json_write_string_member(out, &first, "tableArn", table_arn(export));
    json_write_string_member(out, &first, "tableId", job->table_uuid);
    if (!full)
        write_time(export, out, &first, "exportFromTime", job->from);
    write_time(export, out, &first, full ? "exportTime" : "exportToTime", job->until);
    json_write_string_member(out, &first, "s3Bucket", option_of(job, "S3Bucket"));
    write_optional(out, &first, "s3Prefix", option_of(job, "S3Prefix"));
    json_write_string_member(out, &first, "s3SseAlgorithm", SLICE("AES256"));
    write_optional(out, &first, "s3SseKmsKeyId", SLICE(""));
    json_write_string_member(
        out, &first, "manifestFilesS3Key",
        arena_printf(export->arena, "%.*s/manifest-files.json", SLICE_ARGS(export->folder)));
    json_write_int64_member(out, &first, "billedSizeBytes", job->bytes);
    json_write_int64_member(out, &first, "itemCount", job->processed);
    json_write_string_member(out, &first, "outputFormat",
                             export->ion ? SLICE("ION") : SLICE("DYNAMODB_JSON"));
    if (!full)
        json_write_string_member(out, &first, "outputView",
                                 export->old_images ? SLICE("NEW_AND_OLD_IMAGES") : SLICE("NEW_IMAGE"));
    json_write_string_member(out, &first, "exportType",
                             full ? SLICE("FULL_EXPORT") : SLICE("INCREMENTAL_EXPORT"));
    buffer_append_string(out, "}");
}

static void put_manifests(struct export *export)
{
    struct buffer summary;

    buffer_init(&summary);
    write_summary(export, &summary);
    (void)(put_manifest(export, "manifest-files.json", "manifest-files.md5", buffer_slice(&export->files)) &&
           put_manifest(export, "manifest-summary.json", "manifest-summary.md5", buffer_slice(&summary)));
    buffer_finish(&summary);
}

/* ---- the job ---- */

/*
 * Reads the table as the snapshot has it, into export->table. The job fails unless its history reaches back
 * to where the export begins.
 */
static enum outcome find_table(struct export *export, const struct snapshot *snapshot)
{
    struct storage *storage = export->work->task->storage;
    struct job *job = export->job;
    struct stored stored;
    int64_t earliest = INT64_MAX;

    enum storage_status status =
        storage_get(storage, snapshot, keys_descriptor(export->arena, job->table), &stored);
    if (status == STORAGE_OK)
        export->table = table_read_descriptor(stored.value);
    stored_release(&stored);
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return TASK_FAILED;
    if (export->table == NULL || !slice_equal(export->table->uuid, job->table_uuid)) {
        job_fail(job, export->arena, "TableNotFound", "The table is not there any more");
        return TASK_DONE;
    }
    if (export->table->recovery.days > 0 &&
        recovery_earliest(storage, snapshot, export->table, clock_now(), &earliest) != STORAGE_OK)
        return TASK_FAILED;
    if (earliest > (job->from != 0 ? job->from : job->until))
        job_fail(job, export->arena, "PointInTimeRecoveryUnavailable",
                 "Point-in-time recovery does not reach back to the time of the export any more");
    return TASK_DONE;
}

static enum outcome write_all(struct export *export)
{
    struct storage *storage = export->work->task->storage;
    struct snapshot *snapshot = snapshot_create(storage);

    enum outcome outcome = find_table(export, snapshot);
    if (outcome == TASK_DONE && export->job->failure_code.len == 0 &&
        put_object(export, "_started", SLICE("")))
        outcome = write_records(export, snapshot);
    snapshot_destroy(storage, snapshot);
    if (outcome == TASK_DONE && export->job->failure_code.len == 0)
        put_manifests(export);
    return outcome;
}

/* The folder of a bucket that there is so far without one is made. */
static enum bucket_status open_bucket(struct export *export, struct slice name)
{
    struct objects *objects = export->work->objects;
    struct s3_bucket bucket;
    bool there = objects != NULL &&
                 objects_find_bucket(objects, NULL, export->arena, name, &bucket, NULL) == STORAGE_OK;

    return bucket_open(export->work->buckets, name, there, &export->bucket);
}

static enum outcome open_and_write(struct export *export)
{
    if (export->work->buckets == NULL) {
        job_fail(export->job, export->arena, "S3NoSuchBucket",
                 "This server has no data folder, and so no buckets");
        return TASK_DONE;
    }
    switch (open_bucket(export, option_of(export->job, "S3Bucket"))) {
    case BUCKET_OK:
        break;
    case BUCKET_ABSENT:
    case BUCKET_MISNAMED:
        job_fail(export->job, export->arena, "S3NoSuchBucket", "The specified bucket does not exist");
        return TASK_DONE;
    default:
        job_fail(export->job, export->arena, "S3AccessDenied", "The bucket cannot be opened: %s",
                 strerror(errno));
        return TASK_DONE;
    }
    buffer_init(&export->files);
    buffer_init(&export->text);
    arena_init(&export->record);
    enum outcome outcome = write_all(export);
    arena_finish(&export->record);
    buffer_finish(&export->text);
    buffer_finish(&export->files);
    bucket_close(export->bucket);
    return outcome;
}

enum outcome export_run(const struct transfer_work *work, struct arena *arena, struct job *job)
{
    const struct json *specification = json_get(job->request, "IncrementalExportSpecification");
    const struct json *view = json_get(specification, "ExportViewType");
    struct export export = {.work = work,
                            .job = job,
                            .arena = arena,
                            .folder = export_folder(arena, job),
                            .ion = slice_is(option_of(job, "ExportFormat"), "ION"),
                            .old_images = view == NULL || view->type != JSON_STRING ||
                                          !slice_is(view->text, "NEW_IMAGE")};

    job->processed = job->bytes = 0;
    enum outcome outcome = open_and_write(&export);
    table_release(export.table);
    return outcome == TASK_DONE ? job_end(work, job) : outcome;
}
