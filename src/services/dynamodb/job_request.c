#include "services/dynamodb/job_request.h"

#include <inttypes.h>

#include "base/clock.h"
#include "catalog/keys.h"
#include "services/dynamodb/input.h"
#include "services/gate.h"
#include "services/storage_failure.h"
#include "services/transfer/transfer.h"

enum { ID_LIMIT = 60, TOKEN_LENGTH = 112 };

static const int64_t token_valid = 8 * 60 * 60 * 1000, listed = (int64_t)JOB_KEPT_DAYS * 24 * 60 * 60 * 1000;

/* ---- shapes ---- */

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_bucket_name(struct slice text)
{
    if (text.len < 2 || !is_letter_or_digit(text.ptr[0]) || !is_letter_or_digit(text.ptr[text.len - 1]))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (!is_letter_or_digit(text.ptr[i]) && text.ptr[i] != '.' && text.ptr[i] != '-' &&
            text.ptr[i] != '_')
            return false;
    }
    return true;
}

static bool is_account(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    }
    return text.len == 12;
}

const struct shape job_request_arn_shape = {.kind = SHAPE_STRING, .min = 37, .max = 1024};
const struct shape job_request_table_arn = {.kind = SHAPE_STRING, .min = 1, .max = 1024};
const struct shape job_request_bucket = {.kind = SHAPE_STRING,
                                         .max = 255,
                                         .matches = is_bucket_name,
                                         .pattern = "^[a-z0-9A-Z]+[\\.\\-\\w]*[a-z0-9A-Z]+$"};
const struct shape job_request_owner = {.kind = SHAPE_STRING, .matches = is_account, .pattern = "[0-9]{12}"};
const struct shape job_request_prefix = {.kind = SHAPE_STRING, .max = 1024};

bool job_request_check_buckets(struct request *request)
{
    if (!gate_pass(request))
        return false;
    return transfer_buckets(request->server->transfer) != NULL ||
           fail(&request->failure, ERROR_VALIDATION,
                "This server keeps its tables in memory only and has no folder for buckets; one that is "
                "started with --data DIR has them under DIR/s3");
}

/* ---- ARNs ---- */

struct slice job_request_arn(const struct request *request, const struct job_request_kind *kind,
                             const struct job *job)
{
    const struct server *server = request->server;

    return arena_printf(request->arena, "arn:aws:dynamodb:%.*s:%.*s:table/%.*s/%s/%.*s",
                        SLICE_ARGS(server->region), SLICE_ARGS(server->account_id), SLICE_ARGS(job->table),
                        kind->word, SLICE_ARGS(job->id));
}

/* Cuts "NAME/word/ID". */
static bool split(struct slice resource, const char *word, struct slice *table, struct slice *id)
{
    const char *slash = resource.len == 0 ? NULL : memchr(resource.ptr, '/', resource.len);

    if (slash == NULL)
        return false;
    *table = (struct slice){resource.ptr, (size_t)(slash - resource.ptr)};
    struct slice rest = slice_skip(resource, table->len + 1);
    size_t length = strlen(word);
    if (rest.len <= length + 1 || memcmp(rest.ptr, word, length) != 0 || rest.ptr[length] != '/')
        return false;
    *id = slice_skip(rest, length + 1);
    return id->len <= ID_LIMIT;
}

bool job_request_find(struct request *request, const struct job_request_kind *kind, struct slice arn,
                      struct job *out)
{
    struct slice table, id;
    enum storage_status status = STORAGE_NOT_FOUND;

    if (!gate_pass(request))
        return false;
    if (!slice_starts_with(arn, SLICE("arn:")) || !split(input_table_in_arn(arn), kind->word, &table, &id))
        return fail(&request->failure, ERROR_VALIDATION, "Invalid %s ARN", kind->word);
    status = job_find(request->server->storage, request->arena, kind->kind, id, out);
    if (status == STORAGE_OK && slice_equal(out->table, table))
        return true;
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return storage_failure(&request->failure, status);
    return fail(&request->failure, kind->not_found, "%c%s not found: %.*s", kind->word[0] - 'a' + 'A',
                kind->word + 1, SLICE_ARGS(arn));
}

/* ---- beginning ---- */

static struct slice text_of(struct arena *arena, const struct json *json)
{
    struct buffer text;

    buffer_init(&text);
    json_write_value(&text, json);
    struct slice copy = arena_copy(arena, buffer_slice(&text));
    buffer_finish(&text);
    return copy;
}

static bool is_valid_token(const struct job *job, struct slice token)
{
    return slice_equal(job->token, token) && (job->ended == 0 || job->ended > clock_now() - token_valid);
}

bool job_request_begin(struct request *request, const struct job_request_kind *kind, bool *repeats,
                       struct job *out, size_t *in_progress)
{
    struct slice token = shape_text(request->body, "ClientToken"), last = SLICE("");
    struct storage *storage = request->server->storage;
    struct stored stored;
    enum storage_status status;

    if (!gate_pass(request))
        return false;
    /* Two requests that begin at once meet at this key, and the second is decided again. */
    struct slice meeting = job_key(request->arena, kind->kind, SLICE(""));
    status = storage_get(storage, NULL, meeting, &stored);
    batch_guard(&request->batch, meeting, stored.version);
    stored_release(&stored);
    *repeats = false;
    *in_progress = 0;
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return storage_failure(&request->failure, status);
    while ((status = job_next(storage, request->arena, kind->kind, last, out)) == STORAGE_OK) {
        last = out->id;
        *in_progress += out->status == JOB_IN_PROGRESS;
        if (token.ptr == NULL || !is_valid_token(out, token))
            continue;
        *repeats = true;
        return slice_equal(text_of(request->arena, out->request), text_of(request->arena, request->body)) ||
               fail(&request->failure, kind->conflict, "%s", kind->conflict_message);
    }
    if (status != STORAGE_NOT_FOUND)
        return storage_failure(&request->failure, status);
    *out = job_begin(request->arena, kind->kind, clock_now());
    out->token = token.ptr != NULL ? token : random_uuid(request->arena);
    out->request = request->body;
    return true;
}

/* What was to be done at the commit before the job was put. */
struct beginning {
    void (*committed)(struct request *request);
    void *context;
};

static void begun(struct request *request)
{
    struct beginning *beginning = request->committed_context;

    request->committed_context = beginning->context;
    if (beginning->committed != NULL)
        beginning->committed(request);
    transfer_wake(request->server->transfer);
}

void job_request_put(struct request *request, const struct job_request_kind *kind, const struct job *job)
{
    struct beginning *beginning = arena_new(request->arena, struct beginning);

    batch_put(&request->batch, job_key(request->arena, kind->kind, SLICE("")), SLICE("1"));
    job_put(&request->batch, job);
    beginning->committed = request->committed;
    beginning->context = request->committed_context;
    request->committed = begun;
    request->committed_context = beginning;
}

/* ---- listing ---- */

/* A page's token is the id of its last job in hexadecimal, with zeros behind it up to AWS's least length. */
static struct slice write_token(struct arena *arena, struct slice id)
{
    char *text = arena_alloc(arena, TOKEN_LENGTH + 1);

    memset(text, '0', TOKEN_LENGTH);
    for (size_t i = 0; i < id.len && i < TOKEN_LENGTH / 2; i++)
        snprintf(text + i * 2, 3, "%02x", (unsigned)(unsigned char)id.ptr[i]);
    if (id.len < TOKEN_LENGTH / 2)
        text[id.len * 2] = '0'; /* over the NUL */
    return (struct slice){text, TOKEN_LENGTH};
}

static int hex_value(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_token(struct request *request, struct slice *id)
{
    struct slice token = shape_text(request->body, "NextToken");
    char *bytes = arena_alloc(request->arena, TOKEN_LENGTH / 2);

    *id = SLICE("");
    if (token.ptr == NULL)
        return true;
    bool good = token.len == TOKEN_LENGTH;
    *id = (struct slice){bytes, 0};
    for (size_t i = 0; good && i < TOKEN_LENGTH; i += 2) {
        int high = hex_value(token.ptr[i]), low = hex_value(token.ptr[i + 1]);
        good = high >= 0 && low >= 0;
        if (good && (high != 0 || low != 0))
            bytes[id->len++] = (char)(high * 16 + low);
    }
    return good || fail(&request->failure, ERROR_VALIDATION, "Invalid NextToken");
}

static bool table_of_arn(struct request *request, struct slice *name)
{
    struct slice arn = shape_text(request->body, "TableArn");

    *name = SLICE("");
    if (arn.ptr == NULL)
        return true;
    *name = slice_starts_with(arn, SLICE("arn:")) ? input_table_in_arn(arn) : SLICE("");
    return input_is_table_name(*name) || fail(&request->failure, ERROR_VALIDATION, "Invalid TableArn");
}

bool job_request_list(struct request *request, const struct job_request_kind *kind, const char *member,
                      size_t limit, void (*write)(struct request *request, const struct job *job))
{
    struct slice id, table, last = SLICE("");
    struct job job;
    enum storage_status status;
    size_t count = 0;

    if (!read_token(request, &id) || !table_of_arn(request, &table))
        return false;
    buffer_printf(request->out, "{\"%s\":[", member);
    while ((status = job_next(request->server->storage, request->arena, kind->kind, id, &job)) ==
           STORAGE_OK) {
        id = job.id;
        if ((table.len > 0 && !slice_equal(job.table, table)) ||
            (job.ended != 0 && job.ended < clock_now() - listed))
            continue;
        if (count == limit)
            break;
        if (count++ > 0)
            buffer_append_byte(request->out, ',');
        write(request, &job);
        last = job.id;
    }
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return storage_failure(&request->failure, status);
    buffer_append_byte(request->out, ']');
    if (status == STORAGE_OK) {
        bool first = false;
        json_write_string_member(request->out, &first, "NextToken", write_token(request->arena, last));
    }
    buffer_append_byte(request->out, '}');
    return true;
}

/* ---- members ---- */

void job_request_write_time(struct buffer *out, bool *first, const char *name, int64_t milliseconds)
{
    if (milliseconds == 0)
        return;
    json_write_name(out, first, name);
    buffer_printf(out, "%" PRId64 ".%03d", milliseconds / 1000, (int)(milliseconds % 1000));
}

void job_request_write_sent(struct buffer *out, bool *first, const char *name, const struct job *job)
{
    const struct json *member = shape_member(job->request, name);

    if (member == NULL)
        return;
    json_write_name(out, first, name);
    json_write_value(out, member);
}
