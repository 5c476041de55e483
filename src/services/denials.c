#include "services/denials.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/check.h"
#include "iam/explain.h"

enum { ID_LIMIT = 64 };

struct denial {
    char id[ID_LIMIT];
    size_t id_length; /* 0: there is none yet */
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

void denials_note(struct denials *denials, struct slice request_id, const struct authority *authority,
                  const struct iam_request *request, const struct iam_verdict *verdict)
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
    pthread_mutex_unlock(&denials->lock);
    buffer_finish(&old);
}

bool denials_find(struct denials *denials, struct slice request_id, struct arena *arena, struct slice *out)
{
    *out = SLICE("");
    if (request_id.len == 0)
        return false;
    pthread_mutex_lock(&denials->lock);
    for (size_t i = 0; i < DENIALS_LIMIT; i++) {
        const struct denial *denial = &denials->ring[(denials->next + i) % DENIALS_LIMIT];
        struct slice text = buffer_slice(&denial->text);
        if (slice_equal((struct slice){(char *)denial->id, denial->id_length}, request_id))
            *out = arena_printf(arena, "%.*s%.*s", SLICE_ARGS(*out), SLICE_ARGS(text));
    }
    pthread_mutex_unlock(&denials->lock);
    return out->len > 0;
}
