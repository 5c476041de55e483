#include "services/dynamodb/idempotency.h"

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/hash.h"
#include "catalog/keys.h"
#include "services/storage_failure.h"

/* The record: u64 milliseconds of its time, u64 fingerprint. */
enum { RECORD_SIZE = 16 };

/* ---- fingerprints ---- */

static uint64_t combine(uint64_t a, uint64_t b)
{
    uint64_t pair[2] = {a, b};

    return hash_bytes((struct slice){(const char *)pair, sizeof(pair)});
}

/* Recursion is bounded by the depth that json_parse() allows. */
uint64_t idempotency_fingerprint(const struct json *parameters)
{
    uint64_t sum = 0;

    switch (parameters->type) {
    case JSON_NULL:
        break;
    case JSON_BOOLEAN:
        sum = parameters->boolean;
        break;
    case JSON_NUMBER:
    case JSON_STRING:
        sum = hash_bytes(parameters->text);
        break;
    case JSON_ARRAY:
        for (size_t i = 0; i < parameters->array.count; i++)
            sum = combine(sum, idempotency_fingerprint(&parameters->array.items[i]));
        break;
    case JSON_OBJECT:
        for (size_t i = 0; i < parameters->object.count; i++) {
            const struct json_member *member = &parameters->object.members[i];
            if (member->value.type != JSON_NULL)
                sum += combine(hash_bytes(member->name), idempotency_fingerprint(&member->value));
        }
        break;
    }
    return combine(sum, parameters->type);
}

/* ---- records ---- */

struct slice idempotency_key(struct request *request, struct slice token)
{
    return keys_token(request->arena, 0, token);
}

static struct slice encode(struct arena *arena, int64_t now, uint64_t fingerprint)
{
    struct buffer record;

    buffer_init(&record);
    buffer_append_u64(&record, (uint64_t)now);
    buffer_append_u64(&record, fingerprint);
    struct slice kept = arena_copy(arena, buffer_slice(&record));
    buffer_finish(&record);
    return kept;
}

/* Looks for the token in one window, under a guard. *known if it is there and not yet too old. */
static bool find(struct request *request, struct slice key, int64_t now, bool *known, uint64_t *fingerprint)
{
    struct stored stored;

    enum storage_status status = storage_get(request->server->storage, NULL, key, &stored);
    batch_guard(&request->batch, key, stored.version);
    if (status == STORAGE_OK && stored.value.len != RECORD_SIZE)
        status = STORAGE_CORRUPT;
    *known = status == STORAGE_OK && (int64_t)bytes_read_u64(stored.value.ptr) + TOKEN_WINDOW > now;
    if (*known)
        *fingerprint = bytes_read_u64(stored.value.ptr + sizeof(uint64_t));
    stored_release(&stored);
    return status == STORAGE_OK || status == STORAGE_NOT_FOUND || storage_failure(&request->failure, status);
}

bool idempotency_begin(struct request *request, struct slice token, uint64_t fingerprint, bool *repeated)
{
    int64_t now = clock_now();
    uint64_t window = (uint64_t)now / TOKEN_WINDOW, recorded = 0;
    struct slice key = keys_token(request->arena, window, token);
    struct slice before = keys_token(request->arena, window - 1, token);

    if (!find(request, before, now, repeated, &recorded) ||
        (!*repeated && !find(request, key, now, repeated, &recorded)))
        return false;
    if (!*repeated)
        batch_put(&request->batch, key, encode(request->arena, now, fingerprint));
    if (!*repeated || recorded == fingerprint)
        return true;
    /* AWS documents the type; the sentence is that of its description. */
    return fail(&request->failure, ERROR_IDEMPOTENT_PARAMETER_MISMATCH,
                "DynamoDB rejected the request because you retried a request with a different payload but "
                "with an idempotent token that was already used");
}
