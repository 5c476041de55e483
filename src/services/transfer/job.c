#include "services/transfer/job.h"

#include <inttypes.h>

#include "base/clock.h"
#include "catalog/keys.h"

enum { JOB_DEPTH = 100, RANDOM_SIZE = 4 };

static const char kind_letters[] = {[JOB_IMPORT] = 'i', [JOB_EXPORT] = 'x'};
static const char *const statuses[] = {"IN_PROGRESS", "COMPLETED", "FAILED"};

/* The members that are texts and numbers: one table for writing and reading. */
static const struct {
    const char *name;
    size_t offset;
} texts[] = {{"Token", offsetof(struct job, token)},
             {"Table", offsetof(struct job, table)},
             {"TableId", offsetof(struct job, table_uuid)},
             {"Object", offsetof(struct job, object)},
             {"FailureCode", offsetof(struct job, failure_code)},
             {"FailureMessage", offsetof(struct job, failure_message)}},
  numbers[] = {{"Begun", offsetof(struct job, begun)},         {"Ended", offsetof(struct job, ended)},
               {"Until", offsetof(struct job, until)},         {"From", offsetof(struct job, from)},
               {"Processed", offsetof(struct job, processed)}, {"Imported", offsetof(struct job, imported)},
               {"Errors", offsetof(struct job, errors)},       {"Bytes", offsetof(struct job, bytes)},
               {"Records", offsetof(struct job, records)}};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct slice *text_at(struct job *job, size_t offset)
{
    return (struct slice *)(void *)((char *)job + offset);
}

static int64_t *number_at(struct job *job, size_t offset)
{
    return (int64_t *)(void *)((char *)job + offset);
}

struct job job_begin(struct arena *arena, enum job_kind kind, int64_t now)
{
    unsigned char random[RANDOM_SIZE];
    struct job job = {.kind = kind, .begun = now};

    random_bytes(random, sizeof(random));
    job.id = arena_printf(arena, "%014" PRId64 "-%02x%02x%02x%02x", now, random[0], random[1], random[2],
                          random[3]);
    for (size_t i = 0; i < COUNT(texts); i++)
        *text_at(&job, texts[i].offset) = SLICE("");
    return job;
}

const char *job_status_name(enum job_status status)
{
    return statuses[status];
}

struct slice job_key(struct arena *arena, enum job_kind kind, struct slice id)
{
    return keys_job(arena, kind_letters[kind], id);
}

void job_put(struct batch *batch, const struct job *job)
{
    struct job copy = *job; /* for its members' places */
    struct buffer text;
    bool first = true;

    buffer_init(&text);
    buffer_append_byte(&text, '{');
    json_write_string_member(&text, &first, "Status", slice_of(statuses[job->status]));
    for (size_t i = 0; i < COUNT(texts); i++)
        json_write_string_member(&text, &first, texts[i].name, *text_at(&copy, texts[i].offset));
    for (size_t i = 0; i < COUNT(numbers); i++)
        json_write_int64_member(&text, &first, numbers[i].name, *number_at(&copy, numbers[i].offset));
    json_write_name(&text, &first, "Request");
    json_write_value(&text, job->request);
    buffer_append_byte(&text, '}');
    batch_put(batch, job_key(batch->arena, job->kind, job->id),
              arena_copy(batch->arena, buffer_slice(&text)));
    buffer_finish(&text);
}

static bool read_job(struct arena *arena, struct slice text, struct job *out)
{
    const struct json *object, *member;

    if (json_parse(arena, text, JOB_DEPTH, &object) != JSON_OK)
        return false;
    member = json_get(object, "Status");
    for (size_t i = 0; i < COUNT(statuses); i++) {
        if (member != NULL && member->type == JSON_STRING && slice_is(member->text, statuses[i]))
            out->status = (enum job_status)i;
    }
    for (size_t i = 0; i < COUNT(texts); i++) {
        member = json_get(object, texts[i].name);
        *text_at(out, texts[i].offset) =
            member != NULL && member->type == JSON_STRING ? member->text : SLICE("");
    }
    for (size_t i = 0; i < COUNT(numbers); i++) {
        member = json_get(object, numbers[i].name);
        if (member == NULL || !json_to_int64(member, number_at(out, numbers[i].offset)))
            return false;
    }
    out->request = json_get(object, "Request");
    return out->request != NULL && out->request->type == JSON_OBJECT;
}

enum storage_status job_find(struct storage *storage, struct arena *arena, enum job_kind kind,
                             struct slice id, struct job *out)
{
    struct stored stored;

    *out = (struct job){.kind = kind, .id = id};
    if (id.len == 0)
        return STORAGE_NOT_FOUND;
    enum storage_status status = storage_get(storage, NULL, job_key(arena, kind, id), &stored);
    if (status == STORAGE_OK && !read_job(arena, arena_copy(arena, stored.value), out))
        status = STORAGE_CORRUPT;
    stored_release(&stored);
    return status;
}

enum storage_status job_next(struct storage *storage, struct arena *arena, enum job_kind kind,
                             struct slice after, struct job *out)
{
    struct slice prefix = job_key(arena, kind, SLICE("")), key, value;
    struct cursor *cursor = cursor_create(storage, NULL, keys_after(arena, job_key(arena, kind, after)),
                                          keys_after_prefix(arena, prefix), FORWARD);

    enum storage_status status = cursor_next(cursor, &key, &value);
    if (status == STORAGE_OK) {
        *out = (struct job){.kind = kind, .id = arena_copy(arena, slice_skip(key, prefix.len))};
        if (!read_job(arena, arena_copy(arena, value), out))
            status = STORAGE_CORRUPT;
    }
    cursor_destroy(cursor);
    return status;
}
