#include "services/transfer/import.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/hash.h"
#include "catalog/catalog.h"
#include "catalog/item_change.h"
#include "catalog/keys.h"
#include "exchange/reader.h"
#include "items/item_codec.h"
#include "services/dynamodb/input.h"
#include "services/s3/objects.h"

/* Items go into the table in commits of so many, so many bytes, and so much memory while they are decoded. */
enum { COMMIT_ITEMS = 500, COMMIT_BYTES = 4 * 1024 * 1024, COMMIT_MEMORY = 8 * 1024 * 1024, PLACES = 2048 };
enum { ALL_RECORDS = -1 }; /* of an object are done */

struct gathered_item {
    struct slice key; /* in the storage */
    struct item item;
};

struct import {
    const struct transfer_work *work;
    struct job *job;
    struct arena *arena; /* of the job */
    struct table *table;
    FILE *log; /* of rejected records; NULL until there is one */
    int64_t logged;

    /* What is gathered for the next commit. */
    struct arena gathered;
    struct gathered_item items[COMMIT_ITEMS];
    size_t count;
    uint16_t places[PLACES]; /* by the hash of the key, open addressing: one more than the place in `items` */
};

/* ---- the job's options ---- */

static struct slice option_of(const struct import *import, const char *name)
{
    const struct json *member = json_get(import->job->request, name);

    return member != NULL && member->type == JSON_STRING ? member->text : SLICE("");
}

static const struct json *source_of(const struct import *import)
{
    return json_get(import->job->request, "S3BucketSource");
}

static struct slice bucket_of(const struct import *import)
{
    return json_get(source_of(import), "S3Bucket")->text;
}

static const struct json *csv_options(const struct import *import)
{
    return json_get(json_get(import->job->request, "InputFormatOptions"), "Csv");
}

static struct csv_column column(void *context, struct slice name)
{
    const struct import *import = context;
    enum value_type type = table_attribute_type(import->table, name);

    /* AWS: all columns but those of keys are imported as strings. */
    return (struct csv_column){.type = type == 0 ? VALUE_S : type};
}

static struct reader_options reader_options_of(struct import *import)
{
    struct slice format = option_of(import, "InputFormat");
    const struct json *csv = csv_options(import), *delimiter = json_get(csv, "Delimiter");
    const struct json *names = json_get(csv, "HeaderList");
    struct reader_options options = {.format = slice_is(format, "CSV")   ? FORMAT_CSV
                                               : slice_is(format, "ION") ? FORMAT_ION
                                                                         : FORMAT_DYNAMODB_JSON,
                                     .keeps = true,
                                     .delimiter = ',',
                                     .column = column,
                                     .context = import};

    if (delimiter != NULL && delimiter->type == JSON_STRING && delimiter->text.len == 1)
        options.delimiter = delimiter->text.ptr[0];
    if (names != NULL && names->type == JSON_ARRAY) {
        options.header.count = names->array.count;
        options.header.cells = arena_array(import->arena, struct slice, names->array.count);
        for (size_t i = 0; i < names->array.count; i++)
            options.header.cells[i] = names->array.items[i].text;
    }
    return options;
}

static enum packing packing_of(const struct import *import)
{
    struct slice name = option_of(import, "InputCompressionType");

    return slice_is(name, "GZIP") ? PACKING_GZIP : slice_is(name, "ZSTD") ? PACKING_ZSTD : PACKING_NONE;
}

/* ---- rejected records ---- */

static void open_log(struct import *import)
{
    if (import->work->data == NULL)
        return;
    struct slice folder = arena_printf(import->arena, "%s/import-errors", import->work->data);
    struct slice path =
        arena_printf(import->arena, "%.*s/%.*s.jsonl", SLICE_ARGS(folder), SLICE_ARGS(import->job->id));

    (void)mkdir(folder.ptr, 0700);
    import->log = fopen(path.ptr, "ae");
}

/* As AWS writes to CloudWatch, and the line beside it. What cannot be logged is counted all the same. */
static void reject(struct import *import, struct slice object, uint64_t line, const struct fault *fault)
{
    struct buffer text;
    bool first = true;

    import->job->errors++;
    if (import->logged++ >= REJECTIONS_LOGGED)
        return;
    if (import->log == NULL)
        open_log(import);
    if (import->log == NULL)
        return;
    buffer_init(&text);
    buffer_append_string(&text, "{\"itemS3Pointer\":{");
    json_write_string_member(&text, &first, "bucket", bucket_of(import));
    json_write_string_member(&text, &first, "key", object);
    json_write_int64_member(&text, &first, "itemIndex", import->job->records);
    json_write_int64_member(&text, &first, "line", (int64_t)line);
    buffer_append_string(&text, "},\"errorMessages\":[");
    struct slice message = fault->attribute.len > 0
                               ? arena_printf(&import->gathered, "%.*s: %.*s", SLICE_ARGS(fault->attribute),
                                              SLICE_ARGS(fault->reason))
                               : fault->reason;
    json_write_string(&text, message);
    buffer_append_string(&text, "]}\n");
    fwrite(text.bytes, 1, text.len, import->log);
    buffer_finish(&text);
}

/* ---- commits ---- */

static void forget(struct import *import)
{
    arena_reset(&import->gathered);
    memset(import->places, 0, sizeof(import->places));
    import->count = 0;
}

/* Puts an item over what is there under its key. */
static enum storage_status put_over(struct import *import, struct batch *batch, struct slice key,
                                    const struct item *item)
{
    struct storage *storage = import->work->task->storage;
    struct item_change change = {.table = import->table, .key = key, .new = item};
    struct item old;
    struct stored stored;

    enum storage_status status = storage_get(storage, NULL, key, &stored);
    change.version = stored.version;
    if (status == STORAGE_OK)
        change.old_stored = arena_copy(&import->gathered, stored.value);
    stored_release(&stored);
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return status;
    if (status == STORAGE_OK) {
        if (!item_decode(&import->gathered, change.old_stored, &old))
            return STORAGE_CORRUPT;
        change.old = &old;
    }
    change.new_stored = item_change_encode(&import->gathered, item);
    return item_change_is_none(&import->gathered, &change) ? STORAGE_OK
                                                           : item_change_put(storage, batch, &change);
}

/*
 * Puts what was gathered into the table, and with the last of it how far the job has come. A table with many
 * indexes takes several commits; after a crash between them the same items are put again.
 */
static enum outcome commit(struct import *import)
{
    struct storage *storage = import->work->task->storage;
    struct batch batch;
    enum outcome outcome = TASK_DONE;

    batch_init(&batch, &import->gathered);
    for (size_t i = 0; outcome == TASK_DONE && i < import->count; i++) {
        outcome = task_outcome(put_over(import, &batch, import->items[i].key, &import->items[i].item));
        if (outcome == TASK_DONE && batch.bytes >= COMMIT_BYTES) {
            outcome = task_outcome(storage_commit_wait(storage, &batch));
            batch_init(&batch, &import->gathered);
        }
    }
    if (outcome != TASK_DONE)
        return outcome;
    if (import->log != NULL)
        fflush(import->log);
    job_put(&batch, import->job);
    outcome = task_outcome(storage_commit_wait(storage, &batch));
    forget(import);
    return outcome;
}

static bool is_full(const struct import *import)
{
    return import->count == COMMIT_ITEMS || import->gathered.allocated >= COMMIT_MEMORY;
}

/* Adds an item to those that are gathered; of two with one key the later one stays. */
static void gather(struct import *import, const struct item *item)
{
    struct slice key = keys_entry(&import->gathered, import->table, NULL, item);
    size_t place = hash_bytes(key) % PLACES;

    while (import->places[place] != 0 && !slice_equal(import->items[import->places[place] - 1].key, key))
        place = (place + 1) % PLACES;
    if (import->places[place] == 0)
        import->places[place] = (uint16_t)++import->count;
    import->items[import->places[place] - 1] = (struct gathered_item){key, *item};
}

/* ---- objects ---- */

static bool has_good_keys(struct import *import, const struct item *item, struct fault *fault)
{
    struct request request = {.arena = &import->gathered}; /* the checks of a put need no more of it */

    failure_init(&request.failure, &import->gathered);
    fault->attribute = SLICE("");
    if (input_check_batch_keys(&request, import->table, item))
        return true;
    fault->reason = request.failure.message;
    return false;
}

/* Takes one record; *end when there are no more. */
static enum outcome take_record(struct import *import, struct reader *reader, bool *end)
{
    struct job *job = import->job;
    struct item item;
    struct fault fault = {SLICE(""), SLICE("")};

    enum reading reading = reader_next(reader, &import->gathered, &item, &fault);
    *end = reading == READING_END || reading == READING_FAILED;
    if (reading == READING_END)
        return TASK_DONE;
    if (reading == READING_ITEM && has_good_keys(import, &item, &fault)) {
        gather(import, &item);
        job->imported++;
    } else {
        reject(import, job->object, reader_line(reader), &fault);
    }
    job->records++;
    job->processed++;
    return is_full(import) ? commit(import) : TASK_DONE;
}

/* Passes over the records that an earlier run has done. */
static bool skip_records(struct import *import, struct reader *reader, int64_t count)
{
    struct item item;
    struct fault fault;

    for (int64_t i = 0; i < count; i++) {
        enum reading reading = reader_next(reader, &import->gathered, &item, &fault);
        arena_reset(&import->gathered);
        if (reading == READING_END || reading == READING_FAILED)
            return false;
    }
    return true;
}

/* Takes the file. */
static enum outcome take_records(struct import *import, int file)
{
    struct source *source = source_from_file(file, packing_of(import));
    const struct reader_options options = reader_options_of(import);
    enum outcome outcome = TASK_DONE;
    struct reader reader;

    reader_init(&reader, source, &options);
    bool end = !skip_records(import, &reader, import->job->records);
    while (outcome == TASK_DONE && !end) {
        outcome = take_record(import, &reader, &end);
        if (outcome == TASK_DONE && task_is_stopping(import->work->task))
            outcome = task_worse(commit(import), TASK_AGAIN);
    }
    /* The names of CSV's attributes are the reader's. */
    if (outcome == TASK_DONE)
        outcome = commit(import);
    reader_finish(&reader);
    source_destroy(source);
    return outcome;
}

static enum outcome take_object(struct import *import, const struct listed_object *object)
{
    struct job *job = import->job;
    int file;

    if (!slice_equal(job->object, object->key)) {
        job->object = object->key;
        job->records = 0;
    }
    if (objects_open_file(import->work->objects, bucket_of(import), object->key, &file) != OBJECTS_OK) {
        const struct fault fault = {SLICE(""), SLICE("the object cannot be read")};
        reject(import, object->key, 0, &fault);
    } else {
        enum outcome outcome = take_records(import, file);
        if (outcome != TASK_DONE)
            return outcome;
    }
    job->bytes += (int64_t)object->size;
    job->records = ALL_RECORDS;
    return TASK_DONE;
}

/* Whether an earlier run has done it. */
static bool is_done(const struct job *job, const struct listed_object *object)
{
    int order = slice_compare(object->key, job->object);

    return order < 0 || (order == 0 && job->records == ALL_RECORDS);
}

static enum outcome take_objects(struct import *import)
{
    const struct json *prefix = json_get(source_of(import), "S3KeyPrefix");
    struct listed_object *objects;
    size_t count;
    enum outcome outcome = TASK_DONE;

    enum objects_status status =
        objects_list(import->work->objects, import->arena, bucket_of(import),
                     prefix == NULL ? SLICE("") : prefix->text, OBJECTS_LIMIT, &objects, &count);
    if (status == OBJECTS_NO_BUCKET)
        job_fail(import->job, import->arena, "S3NoSuchBucket", "The specified bucket does not exist");
    else if (status == OBJECTS_TOO_LARGE)
        job_fail(import->job, import->arena, "S3TooManyObjects",
                 "There are more than %d objects under the key prefix", OBJECTS_LIMIT);
    else if (status != OBJECTS_OK)
        job_fail(import->job, import->arena, "S3InternalError", "The bucket cannot be listed");
    else if (count == 0)
        job_fail(import->job, import->arena, "S3NoSuchKey", "There are no objects under the key prefix");
    if (import->job->failure_code.len > 0)
        return TASK_DONE;
    for (size_t i = 0; outcome == TASK_DONE && i < count; i++) {
        if (!is_done(import->job, &objects[i]))
            outcome = take_object(import, &objects[i]);
    }
    return outcome == TASK_DONE ? commit(import) : outcome;
}

static enum outcome load(struct import *import)
{
    arena_init(&import->gathered);
    enum outcome outcome = take_objects(import);
    if (import->log != NULL)
        fclose(import->log);
    arena_finish(&import->gathered);
    /* AWS fails an import with any such record, and keeps the others' items. */
    if (outcome == TASK_DONE && import->job->failure_code.len == 0 && import->job->errors > 0)
        job_fail(import->job, import->arena, "ItemValidationError",
                 "Some of the items failed validation checks. Please check CloudWatch error logs for more "
                 "details.");
    return outcome;
}

/* ---- the job ---- */

/*
 * The table becomes ACTIVE only when the job's outcome is in its record: so a run that finds it ACTIVE
 * already has nothing to do but to end the job.
 */
static enum outcome run(struct import *import)
{
    struct job *job = import->job;
    enum outcome outcome = TASK_DONE;

    if (import->table->status == TABLE_CREATING) {
        if (job->failure_code.len == 0)
            outcome = load(import);
        if (outcome == TASK_DONE)
            outcome = job_commit(import->work, job);
        if (outcome != TASK_DONE)
            return outcome;
        struct table *clone = table_clone(import->table);
        clone->status = TABLE_ACTIVE;
        outcome = task_publish(import->work->task, clone);
    }
    return outcome;
}

/* A table that is stored and not published yet will be in a moment. */
static enum outcome missing_table(const struct transfer_work *work, struct arena *arena, struct job *job,
                                  bool nothing_published)
{
    struct stored stored;

    enum storage_status status =
        storage_get(work->task->storage, NULL, keys_descriptor(arena, job->table), &stored);
    bool unpublished = status == STORAGE_OK && nothing_published;
    stored_release(&stored);
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return TASK_FAILED;
    if (unpublished)
        return TASK_AGAIN;
    job_fail(job, arena, "TableNotFound", "The table that was imported into is not there any more");
    return TASK_DONE;
}

enum outcome import_run(const struct transfer_work *work, struct arena *arena, struct job *job)
{
    struct import import = {.work = work, .job = job, .arena = arena};
    enum outcome outcome = TASK_DONE;

    import.table = catalog_find(work->task->catalog, job->table);
    if (import.table != NULL && slice_equal(import.table->uuid, job->table_uuid))
        outcome = run(&import);
    else
        outcome = missing_table(work, arena, job, import.table == NULL);

    table_release(import.table);
    return outcome == TASK_DONE ? job_end(work, job) : outcome;
}
