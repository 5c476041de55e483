#include "services/decisions.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/clock.h"

enum {
    TEXTS = 6,
    TEXT_MOST = 512,      /* bytes of each text that are kept */
    LOOKED_AT_ONCE = 256, /* while those who note wait */
};

/* A decision as it is kept: its texts, one behind the other. */
struct kept {
    struct decision decision; /* without its texts */
    char *texts;              /* NULL: the slot is empty */
    size_t room;
    uint16_t lengths[TEXTS];
};

/* The last of a kind. */
struct ring {
    struct kept slots[DECISIONS_LIMIT];
    size_t count;
    size_t next;
};

struct decisions {
    pthread_mutex_t lock;
    uint64_t last_number;
    struct ring rings[2]; /* denied, allowed */
};

struct decisions *decisions_create(void)
{
    struct decisions *decisions = calloc(1, sizeof(*decisions));

    CHECK(decisions != NULL && pthread_mutex_init(&decisions->lock, NULL) == 0);
    return decisions;
}

void decisions_destroy(struct decisions *decisions)
{
    if (decisions == NULL)
        return;
    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; j < decisions->rings[i].count; j++)
            free(decisions->rings[i].slots[j].texts);
    }
    pthread_mutex_destroy(&decisions->lock);
    free(decisions);
}

/* ---- noting ---- */

static struct slice *text_of(struct decision *decision, size_t i)
{
    struct slice *const texts[TEXTS] = {&decision->request_id, &decision->principal, &decision->action,
                                        &decision->resource,   &decision->policy,    &decision->statement_id};

    return texts[i];
}

/* As much of a text as is kept; no character is cut in two. */
static size_t kept_length(struct slice text)
{
    size_t length = text.len;

    if (length <= TEXT_MOST)
        return length;
    for (length = TEXT_MOST; length > 0 && ((unsigned char)text.ptr[length] & 0xC0) == 0x80;)
        length--;
    return length;
}

static void keep(struct kept *slot, struct decision *decision)
{
    size_t size = 0, at = 0;

    for (size_t i = 0; i < TEXTS; i++)
        size += slot->lengths[i] = (uint16_t)kept_length(*text_of(decision, i));
    if (size > slot->room) {
        free(slot->texts);
        slot->texts = malloc(size);
        CHECK(slot->texts != NULL);
        slot->room = size;
    }
    for (size_t i = 0; i < TEXTS; i++) {
        if (slot->lengths[i] > 0)
            memcpy(slot->texts + at, text_of(decision, i)->ptr, slot->lengths[i]);
        at += slot->lengths[i];
    }
    slot->decision = *decision;
}

static struct slice principal_of(const struct iam_principal *principal)
{
    if (principal->arn.len > 0)
        return principal->arn;
    return principal->provider.len > 0 ? principal->provider : SLICE("anonymous");
}

void decisions_note(struct decisions *decisions, struct slice request_id, const struct authority *authority,
                    const struct iam_request *asked, const struct iam_verdict *verdict)
{
    struct decision decision = {.time = clock_about_now(),
                                .allowed = verdict->outcome == IAM_ALLOWED,
                                .layer = verdict->layer,
                                .request_id = request_id,
                                .principal = principal_of(&authority->principal),
                                .action = asked->action,
                                .resource = asked->resource};

    if (verdict->policy != NULL) {
        decision.statement = verdict->statement + 1;
        decision.statement_id = policy_statement_sid(verdict->policy, verdict->statement);
        decision.policy = verdict->where == NULL ? SLICE("") : verdict->where->name;
    }
    pthread_mutex_lock(&decisions->lock);
    struct ring *ring = &decisions->rings[decision.allowed];
    decision.number = ++decisions->last_number;
    keep(&ring->slots[ring->next], &decision);
    ring->next = (ring->next + 1) % DECISIONS_LIMIT;
    ring->count += ring->count < DECISIONS_LIMIT;
    pthread_mutex_unlock(&decisions->lock);
}

/* ---- reading ---- */

/* The latest but `age`. */
static const struct kept *kept_at(const struct ring *ring, size_t age)
{
    return &ring->slots[(ring->next + DECISIONS_LIMIT - 1 - age) % DECISIONS_LIMIT];
}

/* The age of the latest that is numbered below; the ring's count if there is none. */
static size_t age_below(const struct ring *ring, uint64_t number)
{
    size_t low = 0, high = ring->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (kept_at(ring, middle)->decision.number < number)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static struct decision whole(const struct kept *kept)
{
    struct decision decision = kept->decision;
    size_t at = 0;

    for (size_t i = 0; i < TEXTS; i++) {
        *text_of(&decision, i) = (struct slice){kept->texts + at, kept->lengths[i]};
        at += kept->lengths[i];
    }
    return decision;
}

struct listing {
    uint64_t before;
    size_t limit;
    bool (*wanted)(void *context, const struct decision *decision);
    void *context;
    struct arena *arena;
    struct decision *out;
    size_t count;
};

static void take(struct listing *listing, const struct kept *kept)
{
    struct decision decision = whole(kept);

    listing->before = decision.number;
    if (!listing->wanted(listing->context, &decision))
        return;
    for (size_t i = 0; i < TEXTS; i++)
        *text_of(&decision, i) = arena_copy(listing->arena, *text_of(&decision, i));
    listing->out[listing->count++] = decision;
}

/* Looks at some; false: there are no more. The two rings are walked side by side. */
static bool look(const struct decisions *decisions, struct listing *listing)
{
    const struct ring *denied = &decisions->rings[0], *allowed = &decisions->rings[1];
    size_t denied_age = age_below(denied, listing->before), allowed_age = age_below(allowed, listing->before);

    for (size_t looked = 0; looked < LOOKED_AT_ONCE && listing->count < listing->limit; looked++) {
        const struct kept *one = denied_age < denied->count ? kept_at(denied, denied_age) : NULL,
                          *other = allowed_age < allowed->count ? kept_at(allowed, allowed_age) : NULL;
        if (one == NULL && other == NULL)
            return false;
        bool is_denied = other == NULL || (one != NULL && one->decision.number > other->decision.number);
        take(listing, is_denied ? one : other);
        denied_age += is_denied;
        allowed_age += !is_denied;
    }
    return true;
}

size_t decisions_list(struct decisions *decisions, uint64_t before, size_t limit,
                      bool (*wanted)(void *context, const struct decision *decision), void *context,
                      struct arena *arena, struct decision *out)
{
    struct listing listing = {
        .before = before, .limit = limit, .wanted = wanted, .context = context, .arena = arena, .out = out};
    bool more = true;

    while (more && listing.count < limit) {
        pthread_mutex_lock(&decisions->lock);
        more = look(decisions, &listing);
        pthread_mutex_unlock(&decisions->lock);
    }
    return listing.count;
}
