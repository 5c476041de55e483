#include "services/s3/write.h"

#include <stdlib.h>

#include "base/check.h"
#include "services/s3/conditions.h"

enum { CHUNKS_A_COMMIT = 4 };

static const uint64_t commit_size = (uint64_t)CHUNKS_A_COMMIT * S3_CHUNK_SIZE;

static void end_write(struct request *request)
{
    struct s3_write *write = request->execution;

    if (write->marked) {
        objects_written(request->server->objects, &write->writing);
        objects_wake(request->server->objects); /* of a write that was given up there is something to erase */
    }
    blob_reader_destroy(write->reader);
    s3_sum_destroy(write->md5);
    s3_sum_destroy(write->other);
    free(write->room);
}

struct s3_write *s3_write_begin(struct request *request,
                                bool (*finish)(struct request *request, struct s3_write *write),
                                void *context)
{
    struct s3_write *write = arena_new(request->arena, struct s3_write);

    write->finish = finish;
    write->context = context;
    request->execution = write;
    request->ended = end_write;
    return write;
}

/* ---- sums ---- */

static void begin_sums(struct s3_write *write)
{
    write->md5 = s3_sum_create(S3_SUM_MD5);
    if (write->algorithm != S3_SUM_NONE && write->sum.len == 0)
        write->other = s3_sum_create(write->algorithm);
}

static void add_to_sums(struct s3_write *write, struct slice bytes)
{
    s3_sum_add(write->md5, bytes);
    if (write->other != NULL)
        s3_sum_add(write->other, bytes);
}

static void end_sums(struct request *request, struct s3_write *write)
{
    unsigned char out[S3_SUM_SIZE];
    size_t length = s3_sum_end(write->md5, out);

    write->etag = s3_hex(request->arena, (struct slice){(const char *)out, length});
    if (write->other == NULL)
        return;
    length = s3_sum_end(write->other, out);
    write->sum = s3_base64(request->arena, (struct slice){(const char *)out, length});
}

/* ---- commits ---- */

/* The bytes of the next commit. They live until the one after. */
static bool read_next(struct request *request, struct s3_write *write, struct s3_bytes *out,
                      struct slice *piece)
{
    uint64_t at = (uint64_t)write->written * S3_CHUNK_SIZE, left = write->size - at;
    size_t length = (size_t)(left < commit_size ? left : commit_size), done = 0;

    if (write->room == NULL) {
        write->room = malloc((size_t)commit_size);
        CHECK(write->room != NULL);
    }
    while (done < length) {
        ssize_t some = blob_read(write->reader, at + done, write->room + done, length - done);
        if (some <= 0)
            return fail(&request->failure, ERROR_S3_INTERNAL_ERROR,
                        "The object that is copied cannot be read to its end");
        done += (size_t)some;
    }
    *piece = (struct slice){write->room, length};
    *out = (struct s3_bytes){piece, 1, length};
    return true;
}

/* Of what is read, the chunks of a commit have numbers of their own, which begin at 0. */
static void put_read(struct request *request, struct s3_write *write, struct slice piece)
{
    for (uint32_t i = 0; (size_t)i * S3_CHUNK_SIZE < piece.len; i++) {
        struct slice rest = slice_skip(piece, (size_t)i * S3_CHUNK_SIZE);
        if (rest.len > S3_CHUNK_SIZE)
            rest.len = S3_CHUNK_SIZE;
        batch_put(&request->batch, s3_chunk_key(request->arena, write->blob.id, write->written + i), rest);
    }
}

static bool put_next(struct request *request, struct s3_write *write)
{
    struct s3_bytes bytes;
    struct slice piece;

    if (write->reader == NULL) {
        blob_put_chunks(&request->batch, write->blob.id, write->bytes, write->written, CHUNKS_A_COMMIT);
    } else {
        if (!read_next(request, write, &bytes, &piece))
            return false;
        add_to_sums(write, piece);
        put_read(request, write, piece);
    }
    write->written += CHUNKS_A_COMMIT;
    return true;
}

static bool finish(struct request *request, struct s3_write *write)
{
    if (write->marked)
        batch_delete(&request->batch, s3_mark_key(request->arena, S3_MARK_CHUNKS, write->blob.id));
    return write->finish(request, write);
}

/* A stage that commits nothing but what finish() puts: so that it can be repeated. */
static bool finish_stage(struct request *request)
{
    return finish(request, request->execution);
}

static bool write_stage(struct request *request)
{
    struct s3_write *write = request->execution;

    if (!put_next(request, write))
        return false;
    request->next = write_stage;
    if (write->written < blob_chunk_count(write->blob.size))
        return true;
    if (write->reader != NULL)
        end_sums(request, write);
    request->next = finish_stage;
    return true;
}

/* The mark is committed with the first chunks. */
static void mark(struct request *request, struct s3_write *write)
{
    objects_writing(request->server->objects, &write->writing, write->blob.id);
    write->marked = true;
    objects_mark_blob(&request->batch, &write->blob);
}

bool s3_write_run(struct request *request, struct s3_write *write)
{
    if (write->reader == NULL)
        write->size = write->bytes->size;
    write->blob.size = (int64_t)write->size;
    if (write->size > 0)
        write->blob.id = s3_new_id(request->arena);
    begin_sums(write);
    for (size_t i = 0; write->reader == NULL && i < write->bytes->count; i++)
        add_to_sums(write, write->bytes->pieces[i]);
    if (write->reader == NULL)
        end_sums(request, write);
    if (write->size > commit_size) {
        mark(request, write);
        return write_stage(request);
    }
    if (write->size > 0 && !put_next(request, write))
        return false;
    if (write->reader != NULL)
        end_sums(request, write);
    return finish(request, write);
}

bool s3_write_current(struct request *request, const struct s3_bucket *bucket, struct s3_object *object)
{
    struct found_object current = {.file = -1};
    bool done = s3_find_current(request, NULL, bucket, object->key, &current) &&
                s3_check_write_conditions(request, &current) &&
                s3_put_current(request, bucket, &current, object);

    found_object_close(&current);
    return done;
}
