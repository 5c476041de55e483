#include "services/denials.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/check.h"
#include "iam/explain.h"

enum { ID_LIMIT = 64, ACCESS_KEY_LIMIT = 128 };

struct denial {
    char id[ID_LIMIT];
    size_t id_length; /* 0: there is none yet */
    char access_key[ACCESS_KEY_LIMIT];
    size_t access_key_length; /* 0: who was denied is not to be known again */
    struct buffer text;
};

struct denials {
    pthread_mutex_t lock;
    struct denial ring[DENIALS_LIMIT];
    size_t next;
};

struct denials *denials_create(void)
{
    struct denials *denials = calloc(1, sizeof(*denials));

    CHECK(denials != NULL && pthread_mutex_init(&denials->lock, NULL) == 0);
    for (size_t i = 0; i < DENIALS_LIMIT; i++)
        buffer_init(&denials->ring[i].text);
    return denials;
}

void denials_destroy(struct denials *denials)
{
    if (denials == NULL)
        return;
    for (size_t i = 0; i < DENIALS_LIMIT; i++)
        buffer_finish(&denials->ring[i].text);
    pthread_mutex_destroy(&denials->lock);
    free(denials);
}

/* "User: ... is not authorized ...", and below it why. */
static void write_explanation(struct buffer *out, const struct authority *authority,
                              const struct iam_request *request, const struct iam_verdict *verdict)
{
    iam_denial_message(out, authority, request, verdict);
    buffer_append_byte(out, '\n');
    iam_explain(out, authority, request, verdict);
}

void denials_note(struct denials *denials, struct slice request_id, struct slice access_key_id,
                  const struct authority *authority, const struct iam_request *request,
                  const struct iam_verdict *verdict)
{
    struct buffer text;

    CHECK(request_id.len <= ID_LIMIT);
    buffer_init(&text);
    write_explanation(&text, authority, request, verdict);
    pthread_mutex_lock(&denials->lock);
    struct denial *denial = &denials->ring[denials->next];
    denials->next = (denials->next + 1) % DENIALS_LIMIT;
    struct buffer old = denial->text;
    denial->text = text;
    memcpy(denial->id, request_id.ptr, request_id.len);
    denial->id_length = request_id.len;
    denial->access_key_length = access_key_id.len <= ACCESS_KEY_LIMIT ? access_key_id.len : 0;
    if (denial->access_key_length > 0)
        memcpy(denial->access_key, access_key_id.ptr, denial->access_key_length);
    pthread_mutex_unlock(&denials->lock);
    buffer_finish(&old);
}

/* The denial, `i` places after the oldest, if it is of that request. Under the lock. */
static const struct denial *denial_of(const struct denials *denials, size_t i, struct slice request_id)
{
    const struct denial *denial = &denials->ring[(denials->next + i) % DENIALS_LIMIT];
    struct slice id = {denial->id, denial->id_length};

    return id.len > 0 && slice_equal(id, request_id) ? denial : NULL;
}

bool denials_find(struct denials *denials, struct slice request_id, struct arena *arena, struct slice *out)
{
    *out = SLICE("");
    pthread_mutex_lock(&denials->lock);
    for (size_t i = 0; i < DENIALS_LIMIT; i++) {
        const struct denial *denial = denial_of(denials, i, request_id);
        if (denial != NULL)
            *out = arena_printf(arena, "%.*s%.*s", SLICE_ARGS(*out), SLICE_ARGS(buffer_slice(&denial->text)));
    }
    pthread_mutex_unlock(&denials->lock);
    return out->len > 0;
}

bool denials_are_of(struct denials *denials, struct slice request_id, struct slice access_key_id)
{
    bool found = false, all = access_key_id.len > 0;

    pthread_mutex_lock(&denials->lock);
    for (size_t i = 0; i < DENIALS_LIMIT; i++) {
        const struct denial *denial = denial_of(denials, i, request_id);
        if (denial == NULL)
            continue;
        found = true;
        all &= slice_equal((struct slice){denial->access_key, denial->access_key_length}, access_key_id);
    }
    pthread_mutex_unlock(&denials->lock);
    return found && all;
}
