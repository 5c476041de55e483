#include "auth/holder.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <strings.h>

#include <openssl/crypto.h>

#include "base/check.h"
#include "base/hash.h"
#include "directory/directory.h"
#include "iam/evaluate.h"

/* A holder's place is one of four of a set, which its access key id tells; the one used last stands first,
 * and a new one takes the place of the last. */
enum { SHARD_COUNT = 16, SET_COUNT = 16, WAY_COUNT = 4, POLICIES_LIMIT = 11 };
_Static_assert(SHARD_COUNT *SET_COUNT *WAY_COUNT == HOLDERS_LIMIT, "the limit is what there is room for");

struct kept {
    struct holder holder;   /* first: a kept one is found by it */
    atomic_uint references; /* the cache's counts too */
    uint64_t edition;       /* of the directory, that it was made at */
    struct slice access_key_id;
    struct slice token;              /* empty: of a user's access key */
    struct arena arena;              /* of its texts */
    const struct identity *identity; /* a reference; NULL: root's */
    struct authority authority;
    struct policy *policies[POLICIES_LIMIT]; /* of the session, compiled; its own */
    struct attached_policy session[POLICIES_LIMIT];
    size_t policy_count;
};

struct shard {
    pthread_mutex_t lock; /* held for a search or an exchange, never while something is made */
    struct kept *sets[SET_COUNT][WAY_COUNT];
};

struct holders {
    struct directory *directory;
    struct session_keys keys;
    struct slice account_id;
    struct slice root_arn;
    struct arena arena;         /* of the two */
    struct attached_policy all; /* what root may do, when it makes a federated user */
    struct shard shards[SHARD_COUNT];
};

static struct policy *compile(enum policy_kind kind, struct slice text, struct arena *arena)
{
    struct policy_problem problem;

    return policy_create(kind, text, arena, &problem);
}

struct holders *holders_create(struct directory *directory, struct slice account_id,
                               const struct session_keys *keys)
{
    static const char all[] = "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*"
                              "\",\"Resource\":\"*\"}}";
    struct holders *holders = calloc(1, sizeof(*holders));

    CHECK(holders != NULL);
    arena_init(&holders->arena);
    holders->directory = directory;
    holders->keys = *keys;
    holders->account_id = arena_copy(&holders->arena, account_id);
    holders->root_arn = arena_printf(&holders->arena, "arn:aws:iam::%.*s:root", SLICE_ARGS(account_id));
    holders->all = (struct attached_policy){compile(POLICY_INLINE, slice_of(all), &holders->arena),
                                            SOURCE_USER_INLINE, SLICE("root")};
    CHECK(holders->all.policy != NULL);
    for (unsigned i = 0; i < SHARD_COUNT; i++)
        CHECK(pthread_mutex_init(&holders->shards[i].lock, NULL) == 0);
    return holders;
}

void holders_destroy(struct holders *holders)
{
    if (holders == NULL)
        return;
    for (unsigned i = 0; i < SHARD_COUNT; i++) {
        for (unsigned j = 0; j < SET_COUNT * WAY_COUNT; j++) {
            struct kept *kept = holders->shards[i].sets[j / WAY_COUNT][j % WAY_COUNT];
            holder_release(kept == NULL ? NULL : &kept->holder);
        }
        pthread_mutex_destroy(&holders->shards[i].lock);
    }
    policy_destroy((struct policy *)(uintptr_t)holders->all.policy);
    arena_finish(&holders->arena);
    OPENSSL_cleanse(&holders->keys, sizeof(holders->keys));
    free(holders);
}

static struct kept *kept_of(const struct holder *holder)
{
    return (struct kept *)(void *)(uintptr_t)holder;
}

void holder_release(const struct holder *holder)
{
    struct kept *kept = kept_of(holder);

    if (kept == NULL || atomic_fetch_sub(&kept->references, 1) != 1)
        return;
    for (size_t i = 0; i < kept->policy_count; i++)
        policy_destroy(kept->policies[i]);
    directory_release(kept->identity);
    OPENSSL_cleanse((void *)(uintptr_t)kept->holder.secret.ptr, kept->holder.secret.len);
    arena_finish(&kept->arena);
    free(kept);
}

/* ---- what a session is limited by ---- */

static bool add_policy(struct kept *kept, enum policy_kind kind, struct slice text, struct slice name)
{
    struct policy *policy = compile(kind, text, &kept->arena);

    CHECK(kept->policy_count < POLICIES_LIMIT);
    if (policy == NULL)
        return false;
    kept->policies[kept->policy_count] = policy;
    kept->session[kept->policy_count++] = (struct attached_policy){policy, SOURCE_SESSION, name};
    return true;
}

/* A managed policy that is gone limits the session all the same: it allows nothing any more. */
static bool add_managed(struct holders *holders, struct kept *kept, struct slice arn)
{
    static const char nothing[] = "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\","
                                  "\"Action\":\"none:None\",\"Resource\":\"arn:aws:none:::none\"}}";
    struct slice document = slice_of(nothing);
    enum storage_status status = directory_policy_document(holders->directory, arn, &kept->arena, &document);

    return (status == STORAGE_OK || status == STORAGE_NOT_FOUND) &&
           add_policy(kept, POLICY_MANAGED, document, arn);
}

static bool add_policies(struct holders *holders, struct kept *kept, const struct session *session)
{
    if (session->policy_arns.count >= POLICIES_LIMIT ||
        (session->policy.len > 0 && !add_policy(kept, POLICY_SESSION, session->policy, SLICE("Policy"))))
        return false;
    for (size_t i = 0; i < session->policy_arns.count; i++) {
        if (!add_managed(holders, kept, session->policy_arns.items[i]))
            return false;
    }
    kept->authority.session = kept->session;
    kept->authority.session_count = kept->policy_count;
    return true;
}

/* ---- who it is ---- */

static bool same_key(struct slice a, struct slice b)
{
    return a.len == b.len && strncasecmp(a.ptr, b.ptr, a.len) == 0;
}

/* A session's tag goes before one of its user or role whose key differs in case alone. AWS: "Passing session
 * tags in AWS STS". */
static void take_tags(struct kept *kept, const struct session_tags *session)
{
    const struct identity *identity = kept->identity;
    size_t own = identity == NULL ? 0 : identity->tag_count, count = 0;
    struct principal_tag *tags = arena_array(&kept->arena, struct principal_tag, own + session->count);

    for (size_t i = 0; i < session->count; i++) {
        const struct session_tag *tag = &session->items[i];
        tags[count++] = (struct principal_tag){tag->key, tag->value, tag->transitive};
    }
    for (size_t i = 0; i < own; i++) {
        bool replaced = false;
        for (size_t j = 0; j < session->count && !replaced; j++)
            replaced = same_key(session->items[j].key, identity->tags[i].key);
        if (!replaced)
            tags[count++] = (struct principal_tag){identity->tags[i].key, identity->tags[i].value, false};
    }
    kept->holder.principal.tags = tags;
    kept->holder.principal.tag_count = count;
}

static void take_context(struct kept *kept, const struct session_contexts *contexts)
{
    struct principal_context *context = arena_array(&kept->arena, struct principal_context, contexts->count);

    for (size_t i = 0; i < contexts->count; i++) {
        const struct session_context *from = &contexts->items[i];
        context[i] =
            (struct principal_context){from->key, from->values.items, from->values.count, from->multi_valued};
    }
    kept->holder.principal.context = context;
    kept->holder.principal.context_count = contexts->count;
}

/* Of a user, with an access key of its own or a session's. */
static void become_user(struct kept *kept)
{
    const struct identity *user = kept->identity;
    struct principal *principal = &kept->holder.principal;

    principal->kind = PRINCIPAL_USER;
    principal->arn = principal->principal_arn = user->arn;
    principal->user_id = user->id;
    principal->user_name = user->name;
}

static void become_root(struct holders *holders, struct kept *kept)
{
    struct principal *principal = &kept->holder.principal;

    principal->kind = PRINCIPAL_ROOT;
    principal->arn = principal->principal_arn = holders->root_arn;
    principal->user_id = holders->account_id;
}

static void become_role(struct holders *holders, struct kept *kept, const struct session *session)
{
    const struct identity *role = kept->identity;
    struct principal *principal = &kept->holder.principal;

    principal->kind = PRINCIPAL_ROLE_SESSION;
    principal->arn =
        arena_printf(&kept->arena, "arn:aws:sts::%.*s:assumed-role/%.*s/%.*s",
                     SLICE_ARGS(holders->account_id), SLICE_ARGS(role->name), SLICE_ARGS(session->name));
    principal->principal_arn = role->arn;
    principal->user_id =
        arena_printf(&kept->arena, "%.*s:%.*s", SLICE_ARGS(role->id), SLICE_ARGS(session->name));
    kept->authority.principal.arn = principal->arn;
    kept->authority.principal.provider = session->provider;
}

/* "If you do not pass a policy, the resulting session has no permissions." AWS: "GetFederationToken". */
static void become_federated(struct holders *holders, struct kept *kept, const struct session *session)
{
    struct principal *principal = &kept->holder.principal;

    principal->kind = PRINCIPAL_FEDERATED_USER;
    principal->arn = principal->principal_arn =
        arena_printf(&kept->arena, "arn:aws:sts::%.*s:federated-user/%.*s", SLICE_ARGS(holders->account_id),
                     SLICE_ARGS(session->name));
    principal->user_id =
        arena_printf(&kept->arena, "%.*s:%.*s", SLICE_ARGS(holders->account_id), SLICE_ARGS(session->name));
    if (kept->identity == NULL) {
        kept->authority.identity = &holders->all;
        kept->authority.identity_count = 1;
    }
    if (kept->policy_count == 0)
        kept->authority.identity_count = 0;
    kept->authority.principal = (struct iam_principal){
        .kind = IAM_FEDERATED_USER,
        .account = holders->account_id,
        .arn = principal->arn,
        .origin_arn = kept->identity == NULL ? holders->root_arn : kept->identity->arn};
}

/* ---- making ---- */

static enum holder_found found(enum storage_status status)
{
    return status == STORAGE_OK          ? HOLDER_FOUND
           : status == STORAGE_NOT_FOUND ? HOLDER_UNKNOWN
                                         : HOLDER_UNREADABLE;
}

static enum holder_found make_user(struct holders *holders, struct kept *kept)
{
    struct key_owner owner;
    enum storage_status status = directory_find_key(holders->directory, kept->access_key_id, &owner);

    if (status == STORAGE_OK && !owner.active)
        return HOLDER_UNKNOWN;
    if (status == STORAGE_OK)
        status = directory_hold(holders->directory, IDENTITY_USER, slice_of(owner.user), &kept->identity);
    if (status != STORAGE_OK)
        return found(status);
    kept->holder.secret = arena_copy(&kept->arena, slice_of(owner.secret));
    OPENSSL_cleanse(&owner, sizeof(owner));
    kept->authority = kept->identity->authority;
    become_user(kept);
    take_tags(kept, &(struct session_tags){NULL, 0});
    return HOLDER_FOUND;
}

/* The user or role that the session belongs to, if it is still the same. */
static enum holder_found take_identity(struct holders *holders, struct kept *kept,
                                       const struct session *session)
{
    enum identity_kind kind = session->kind == SESSION_ROLE ? IDENTITY_ROLE : IDENTITY_USER;

    if (session->owner.len == 0)
        return session->kind == SESSION_ROLE ? HOLDER_UNKNOWN : HOLDER_FOUND;
    enum storage_status status = directory_hold(holders->directory, kind, session->owner, &kept->identity);
    if (status != STORAGE_OK)
        return found(status);
    kept->authority = kept->identity->authority;
    return slice_equal(kept->identity->id, session->owner_id) ? HOLDER_FOUND : HOLDER_UNKNOWN;
}

static void take_session(struct holders *holders, struct kept *kept, const struct session *session)
{
    struct principal *principal = &kept->holder.principal;

    switch (session->kind) {
    case SESSION_ROLE:
        principal->credentials = CREDENTIALS_ROLE;
        become_role(holders, kept, session);
        break;
    case SESSION_FEDERATION:
        principal->credentials = CREDENTIALS_FEDERATION;
        become_federated(holders, kept, session);
        break;
    default:
        principal->credentials =
            session->kind == SESSION_CONSOLE ? CREDENTIALS_CONSOLE : CREDENTIALS_SESSION_TOKEN;
        if (kept->identity != NULL)
            become_user(kept);
        else
            become_root(holders, kept);
        break;
    }
    principal->issued = session->issued;
    principal->expires = session->expires;
    principal->source_identity = session->source_identity;
    take_tags(kept, &session->tags);
    take_context(kept, &session->context);
}

static enum holder_found make_session(struct holders *holders, struct kept *kept, int64_t now)
{
    struct session session;

    if (!session_open(&kept->arena, &holders->keys, kept->token, &session) ||
        !slice_equal(session.access_key_id, kept->access_key_id))
        return HOLDER_UNKNOWN;
    if (now >= session.expires)
        return HOLDER_EXPIRED;
    enum holder_found result = take_identity(holders, kept, &session);
    if (result != HOLDER_FOUND)
        return result;
    if (!add_policies(holders, kept, &session))
        return HOLDER_UNREADABLE;
    take_session(holders, kept, &session);
    kept->holder.secret = session_secret(&kept->arena, &holders->keys, kept->access_key_id);
    return HOLDER_FOUND;
}

static enum holder_found make(struct holders *holders, struct slice access_key_id, struct slice token,
                              int64_t now, struct kept **out)
{
    struct kept *kept = calloc(1, sizeof(*kept));

    CHECK(kept != NULL);
    atomic_init(&kept->references, 1);
    arena_init(&kept->arena);
    kept->edition = directory_edition(holders->directory); /* before anything is read */
    kept->access_key_id = arena_copy(&kept->arena, access_key_id);
    kept->token = arena_copy(&kept->arena, token);
    enum holder_found result = token.len > 0 ? make_session(holders, kept, now) : make_user(holders, kept);
    kept->holder.principal.account = holders->account_id;
    kept->holder.principal.authority =
        kept->holder.principal.kind == PRINCIPAL_ROOT ? NULL : &kept->authority;
    if (result == HOLDER_FOUND)
        *out = kept;
    else
        holder_release(&kept->holder);
    return result;
}

/* ---- the cache ---- */

struct place {
    struct shard *shard;
    struct kept **set;
};

static struct place place_of(struct holders *holders, struct slice access_key_id)
{
    uint64_t hash = hash_bytes(access_key_id);
    struct shard *shard = &holders->shards[hash % SHARD_COUNT];

    return (struct place){shard, shard->sets[hash / SHARD_COUNT % SET_COUNT]};
}

static void move_to_front(struct kept **set, unsigned way)
{
    struct kept *kept = set[way];

    memmove(set + 1, set, way * sizeof(*set));
    set[0] = kept;
}

/* A reference, or NULL. */
static struct kept *recall(struct place place, struct slice access_key_id, struct slice token,
                           uint64_t edition)
{
    struct kept *kept = NULL;

    pthread_mutex_lock(&place.shard->lock);
    for (unsigned way = 0; way < WAY_COUNT && place.set[way] != NULL; way++) {
        struct kept *at = place.set[way];
        if (at->edition != edition || !slice_equal(at->access_key_id, access_key_id) ||
            !slice_equal(at->token, token))
            continue;
        kept = at;
        atomic_fetch_add(&kept->references, 1);
        move_to_front(place.set, way);
        break;
    }
    pthread_mutex_unlock(&place.shard->lock);
    return kept;
}

/* In the place of what was made of the same key before, or else of the one used longest ago. */
static void remember(struct place place, struct kept *kept)
{
    unsigned way = 0;

    pthread_mutex_lock(&place.shard->lock);
    while (way < WAY_COUNT - 1 && place.set[way] != NULL &&
           !slice_equal(place.set[way]->access_key_id, kept->access_key_id))
        way++;
    struct kept *old = place.set[way];
    atomic_fetch_add(&kept->references, 1);
    place.set[way] = kept;
    move_to_front(place.set, way);
    pthread_mutex_unlock(&place.shard->lock);
    holder_release(old == NULL ? NULL : &old->holder);
}

enum holder_found holders_find(struct holders *holders, struct slice access_key_id, struct slice token,
                               int64_t now, const struct holder **out)
{
    struct place place = place_of(holders, access_key_id);
    struct kept *kept = recall(place, access_key_id, token, directory_edition(holders->directory));

    if (kept == NULL) {
        enum holder_found result = make(holders, access_key_id, token, now, &kept);
        if (result != HOLDER_FOUND)
            return result;
        remember(place, kept);
    }
    if (token.len > 0 && now >= kept->holder.principal.expires) {
        holder_release(&kept->holder);
        return HOLDER_EXPIRED;
    }
    *out = &kept->holder;
    return HOLDER_FOUND;
}
