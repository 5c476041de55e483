#include "services/turntable/links.h"

#include <pthread.h>
#include <stdlib.h>

#include <openssl/crypto.h>

#include "base/base64.h"
#include "base/buffer.h"
#include "base/check.h"
#include "base/clock.h"

enum { TOKEN_BYTES = 32, OWNER_TEXT_LIMIT = 64 };

struct owner_text {
    char bytes[OWNER_TEXT_LIMIT];
    size_t len;
};

struct link {
    char token[LINK_TOKEN_LENGTH];
    int64_t expires; /* 0: there is none here, or it was redeemed */
    struct owner_text name, id;
};

struct links {
    pthread_mutex_t lock;
    struct link kept[LINKS_LIMIT];
    unsigned next;
};

struct links *links_create(void)
{
    struct links *links = calloc(1, sizeof(*links));

    CHECK(links != NULL);
    pthread_mutex_init(&links->lock, NULL);
    return links;
}

void links_destroy(struct links *links)
{
    if (links == NULL)
        return;
    pthread_mutex_destroy(&links->lock);
    OPENSSL_cleanse(links->kept, sizeof(links->kept));
    free(links);
}

static struct owner_text keep(struct slice text)
{
    struct owner_text kept = {.len = text.len};

    CHECK(text.len <= OWNER_TEXT_LIMIT);
    if (text.len > 0)
        memcpy(kept.bytes, text.ptr, text.len);
    return kept;
}

static struct slice give(const struct owner_text *kept, struct arena *arena)
{
    return arena_copy(arena, (struct slice){kept->bytes, kept->len});
}

static struct slice new_token(struct arena *arena)
{
    unsigned char bytes[TOKEN_BYTES];
    struct buffer text;

    random_bytes(bytes, sizeof(bytes));
    buffer_init(&text);
    base64url_encode(&text, (struct slice){(const char *)bytes, sizeof(bytes)});
    CHECK(text.len == LINK_TOKEN_LENGTH);
    struct slice token = arena_copy(arena, buffer_slice(&text));
    buffer_finish(&text);
    return token;
}

struct slice links_issue(struct links *links, const struct link_owner *owner, int64_t now,
                         struct arena *arena)
{
    struct slice token = new_token(arena);

    pthread_mutex_lock(&links->lock);
    struct link *link = &links->kept[links->next++ % LINKS_LIMIT];
    *link = (struct link){.expires = now + LINK_LIFETIME, .name = keep(owner->name), .id = keep(owner->id)};
    memcpy(link->token, token.ptr, LINK_TOKEN_LENGTH);
    pthread_mutex_unlock(&links->lock);
    return token;
}

bool links_redeem(struct links *links, struct slice token, int64_t now, struct arena *arena,
                  struct link_owner *owner)
{
    bool good = false;

    if (token.len != LINK_TOKEN_LENGTH)
        return false;
    pthread_mutex_lock(&links->lock);
    for (unsigned i = 0; i < LINKS_LIMIT; i++) {
        struct link *link = &links->kept[i];
        if (CRYPTO_memcmp(link->token, token.ptr, LINK_TOKEN_LENGTH) != 0)
            continue;
        good = link->expires != 0 && now < link->expires;
        if (good)
            *owner = (struct link_owner){give(&link->name, arena), give(&link->id, arena)};
        link->expires = 0;
    }
    pthread_mutex_unlock(&links->lock);
    return good;
}
