#include "cli/loader.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "base/check.h"
#include "base/hash.h"
#include "items/attribute_value.h"
#include "items/key_codec.h"

enum {
    BATCH_ROWS = 25,
    BATCH_BYTES = 1024 * 1024, /* unless one row alone has more */
    BATCHES = 3,               /* of a connection: one is filled, one waits, one is under way */
    TRIES = 8,                 /* of what may pass; the pauses double, and are 13 s together */
    FIRST_PAUSE_MS = 50
};

/* Where its parts stand in the batch's bytes. */
struct batch_row {
    size_t key_at, key_len;
    size_t item_at, item_len;
    size_t record_at, record_len;
    struct origin origin;
};

/* Rows of distinct keys: no two of one batch may write the same item. */
struct row_batch {
    struct batch_row rows[BATCH_ROWS];
    size_t count;
    struct buffer bytes; /* keys, items in DynamoDB's JSON, records */
};

struct lane {
    struct loader *loader;
    struct client *client;
    struct arena arena; /* of the client */
    pthread_t thread;
    bool started;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct row_batch batches[BATCHES]; /* a ring; under the mutex: */
    size_t first;                      /* the one that is sent next, or is under way */
    size_t sealed;                     /* how many wait or are under way */
    bool closed;                       /* no more will come */
};

struct loader {
    struct loader_options options;
    struct lane *lanes;
    atomic_ullong written;
    atomic_bool ended;
    pthread_mutex_t mutex; /* of `rejected` calls and the problem */
    struct arena arena;    /* of the problem */
    struct slice problem;
};

/* ---- sending ---- */

static void end_with(struct loader *loader, enum client_outcome outcome, const struct client_answer *answer)
{
    pthread_mutex_lock(&loader->mutex);
    if (!atomic_load(&loader->ended))
        loader->problem = outcome == CLIENT_FAILED
                              ? arena_copy(&loader->arena, answer->message)
                              : arena_printf(&loader->arena, "%.*s: %.*s", SLICE_ARGS(answer->type),
                                             SLICE_ARGS(answer->message));
    atomic_store(&loader->ended, true);
    pthread_mutex_unlock(&loader->mutex);
}

static bool may_pass(enum client_outcome outcome, struct slice type)
{
    static const char *const types[] = {"ThrottlingException",   "ProvisionedThroughputExceededException",
                                        "InternalServerError",   "InternalFailure",
                                        "RequestLimitExceeded",  "ServiceUnavailableException",
                                        "LimitExceededException"};

    if (outcome == CLIENT_FAILED)
        return true;
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (slice_is(type, types[i]))
            return true;
    }
    return false;
}

static void pause_before(unsigned try)
{
    long milliseconds = FIRST_PAUSE_MS << try;
    const struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};

    nanosleep(&time, NULL);
}

/* Calls until there is an answer that does not pass. */
static enum client_outcome call(struct lane *lane, struct arena *arena, struct slice body,
                                struct client_answer *answer)
{
    for (unsigned try = 0;; try++) {
        enum client_outcome outcome = client_call(lane->client, arena, "BatchWriteItem", body, answer);
        if (outcome == CLIENT_DONE || !may_pass(outcome, answer->type) || try == TRIES ||
            atomic_load(&lane->loader->ended))
            return outcome;
        pause_before(try);
    }
}

/* The body for some rows of a batch. */
static void write_body(struct buffer *out, const struct lane *lane, const struct row_batch *batch,
                       size_t from, size_t count)
{
    buffer_append_string(out, "{\"RequestItems\":{");
    json_write_string(out, lane->loader->options.table->name);
    buffer_append_string(out, ":[");
    for (size_t i = from; i < from + count; i++) {
        const struct batch_row *row = &batch->rows[i];
        buffer_append_string(out, i > from ? ",{\"PutRequest\":{\"Item\":" : "{\"PutRequest\":{\"Item\":");
        buffer_append(out, (struct slice){batch->bytes.bytes + row->item_at, row->item_len});
        buffer_append_string(out, "}}");
    }
    buffer_append_string(out, "]}}");
}

/* Sends rows until the server has taken them all. */
static enum client_outcome send_rows(struct lane *lane, struct arena *arena, const struct row_batch *batch,
                                     size_t from, size_t count, struct client_answer *answer)
{
    struct buffer body;
    enum client_outcome outcome;

    buffer_init(&body);
    write_body(&body, lane, batch, from, count);
    for (unsigned try = 0;; try++) {
        outcome = call(lane, arena, buffer_slice(&body), answer);
        const struct json *left = outcome == CLIENT_DONE ? json_get(answer->body, "UnprocessedItems") : NULL;
        if (left == NULL || left->type != JSON_OBJECT || left->object.count == 0)
            break;
        if (try == TRIES) {
            *answer = (struct client_answer){
                .message = SLICE("the server leaves items unprocessed again and again")};
            outcome = CLIENT_FAILED;
            break;
        }
        body.len = 0;
        buffer_append_string(&body, "{\"RequestItems\":");
        json_write_value(&body, left);
        buffer_append_byte(&body, '}');
        pause_before(try);
    }
    buffer_finish(&body);
    return outcome;
}

static void reject(struct lane *lane, const struct row_batch *batch, const struct batch_row *row,
                   struct slice reason)
{
    struct loader *loader = lane->loader;
    const struct fault fault = {SLICE(""), reason};

    pthread_mutex_lock(&loader->mutex);
    loader->options.rejected(loader->options.context, &row->origin,
                             (struct slice){batch->bytes.bytes + row->record_at, row->record_len}, &fault);
    pthread_mutex_unlock(&loader->mutex);
}

/* What is wrong with the request itself, and so with a row of it. */
static bool is_of_a_row(enum client_outcome outcome, struct slice type)
{
    return outcome == CLIENT_REFUSED &&
           (slice_is(type, "ValidationException") || slice_is(type, "SerializationException") ||
            slice_is(type, "RequestEntityTooLargeException") ||
            slice_is(type, "ItemCollectionSizeLimitExceededException"));
}

static void send_batch(struct lane *lane, const struct row_batch *batch)
{
    struct loader *loader = lane->loader;
    struct client_answer answer;
    struct arena arena;

    arena_init(&arena);
    enum client_outcome outcome = send_rows(lane, &arena, batch, 0, batch->count, &answer);
    if (outcome == CLIENT_DONE)
        atomic_fetch_add(&loader->written, batch->count);
    else if (!is_of_a_row(outcome, answer.type))
        end_with(loader, outcome, &answer);
    else if (batch->count == 1)
        reject(lane, batch, &batch->rows[0], answer.message);
    else
        for (size_t i = 0; i < batch->count && !atomic_load(&loader->ended); i++) {
            arena_reset(&arena);
            outcome = send_rows(lane, &arena, batch, i, 1, &answer);
            if (outcome == CLIENT_DONE)
                atomic_fetch_add(&loader->written, 1);
            else if (is_of_a_row(outcome, answer.type))
                reject(lane, batch, &batch->rows[i], answer.message);
            else
                end_with(loader, outcome, &answer);
        }
    arena_finish(&arena);
}

static void *run(void *argument)
{
    struct lane *lane = argument;

    pthread_mutex_lock(&lane->mutex);
    for (;;) {
        while (lane->sealed == 0 && !lane->closed)
            pthread_cond_wait(&lane->changed, &lane->mutex);
        if (lane->sealed == 0)
            break;
        struct row_batch *batch = &lane->batches[lane->first];
        pthread_mutex_unlock(&lane->mutex);
        if (!atomic_load(&lane->loader->ended))
            send_batch(lane, batch);
        batch->count = 0;
        buffer_reset(&batch->bytes);
        pthread_mutex_lock(&lane->mutex);
        lane->first = (lane->first + 1) % BATCHES;
        lane->sealed--;
        pthread_cond_signal(&lane->changed);
    }
    pthread_mutex_unlock(&lane->mutex);
    return NULL;
}

/* ---- putting ---- */

/* The batch that is being filled. Only the thread that puts changes `sealed` upwards, so that it finds the
 * same place until it seals it. */
static struct row_batch *open_batch(struct lane *lane)
{
    pthread_mutex_lock(&lane->mutex);
    while (lane->sealed == BATCHES)
        pthread_cond_wait(&lane->changed, &lane->mutex);
    struct row_batch *batch = &lane->batches[(lane->first + lane->sealed) % BATCHES];
    pthread_mutex_unlock(&lane->mutex);
    return batch;
}

static void seal(struct lane *lane)
{
    pthread_mutex_lock(&lane->mutex);
    lane->sealed++;
    pthread_cond_signal(&lane->changed);
    pthread_mutex_unlock(&lane->mutex);
}

static bool has_key(const struct row_batch *batch, struct slice key)
{
    for (size_t i = 0; i < batch->count; i++) {
        const struct batch_row *row = &batch->rows[i];
        if (slice_equal((struct slice){batch->bytes.bytes + row->key_at, row->key_len}, key))
            return true;
    }
    return false;
}

static void add_row(struct row_batch *batch, const struct loader_row *given, struct slice key)
{
    struct batch_row *row = &batch->rows[batch->count++];

    row->key_at = batch->bytes.len;
    row->key_len = key.len;
    buffer_append(&batch->bytes, key);
    row->item_at = batch->bytes.len;
    item_to_json(&batch->bytes, given->item);
    row->item_len = batch->bytes.len - row->item_at;
    row->record_at = batch->bytes.len;
    row->record_len = given->record.len;
    buffer_append(&batch->bytes, given->record);
    row->origin = given->origin;
}

bool loader_put(struct loader *loader, const struct loader_row *row)
{
    const struct remote_table *table = loader->options.table;
    struct buffer key;

    if (atomic_load(&loader->ended))
        return false;
    buffer_init(&key);
    for (size_t i = 0; i < table->key_count; i++)
        key_encode_value(&key, item_get(row->item, table->keys[i].name));
    struct lane *lane = &loader->lanes[hash_bytes(buffer_slice(&key)) % loader->options.connections];
    struct row_batch *batch = open_batch(lane);
    if (has_key(batch, buffer_slice(&key))) {
        seal(lane);
        batch = open_batch(lane);
    }
    add_row(batch, row, buffer_slice(&key));
    buffer_finish(&key);
    if (batch->count == BATCH_ROWS || batch->bytes.len >= BATCH_BYTES)
        seal(lane);
    return true;
}

bool loader_finish(struct loader *loader)
{
    for (unsigned i = 0; i < loader->options.connections; i++) {
        struct lane *lane = &loader->lanes[i];
        if (!lane->started)
            continue;
        if (open_batch(lane)->count > 0)
            seal(lane);
        pthread_mutex_lock(&lane->mutex);
        lane->closed = true;
        pthread_cond_signal(&lane->changed);
        pthread_mutex_unlock(&lane->mutex);
    }
    for (unsigned i = 0; i < loader->options.connections; i++) {
        if (loader->lanes[i].started)
            pthread_join(loader->lanes[i].thread, NULL);
        loader->lanes[i].started = false;
    }
    return !atomic_load(&loader->ended);
}

struct slice loader_problem(struct loader *loader)
{
    pthread_mutex_lock(&loader->mutex);
    struct slice problem = loader->problem;
    pthread_mutex_unlock(&loader->mutex);
    return problem;
}

uint64_t loader_written(struct loader *loader)
{
    return atomic_load(&loader->written);
}

/* ---- life ---- */

static bool start(struct loader *loader, struct lane *lane)
{
    sigset_t all, before;

    lane->client = connect_client(&lane->arena, loader->options.connect);
    if (lane->client == NULL)
        return false;
    client_keep_connection(lane->client);
    /* Signals are for the thread that reads. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    lane->started = pthread_create(&lane->thread, NULL, run, lane) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return lane->started;
}

struct loader *loader_create(const struct loader_options *options)
{
    struct loader *loader = calloc(1, sizeof(*loader));

    CHECK(loader != NULL && options->connections > 0 && options->connections <= LOADER_CONNECTIONS_LIMIT);
    loader->options = *options;
    loader->lanes = calloc(options->connections, sizeof(*loader->lanes));
    CHECK(loader->lanes != NULL && pthread_mutex_init(&loader->mutex, NULL) == 0);
    arena_init(&loader->arena);
    for (unsigned i = 0; i < options->connections; i++) {
        struct lane *lane = &loader->lanes[i];
        lane->loader = loader;
        arena_init(&lane->arena);
        CHECK(pthread_mutex_init(&lane->mutex, NULL) == 0 && pthread_cond_init(&lane->changed, NULL) == 0);
    }
    for (unsigned i = 0; i < options->connections; i++) {
        if (!start(loader, &loader->lanes[i])) {
            loader_destroy(loader);
            return NULL;
        }
    }
    return loader;
}

void loader_destroy(struct loader *loader)
{
    if (loader == NULL)
        return;
    (void)!loader_finish(loader);
    for (unsigned i = 0; i < loader->options.connections; i++) {
        struct lane *lane = &loader->lanes[i];
        client_destroy(lane->client);
        for (size_t j = 0; j < BATCHES; j++)
            buffer_finish(&lane->batches[j].bytes);
        pthread_cond_destroy(&lane->changed);
        pthread_mutex_destroy(&lane->mutex);
        arena_finish(&lane->arena);
    }
    free(loader->lanes);
    pthread_mutex_destroy(&loader->mutex);
    arena_finish(&loader->arena);
    free(loader);
}
