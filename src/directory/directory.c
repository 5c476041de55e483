#include "directory/directory.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/hash.h"
#include "directory/managed.h"

/* The quotas bound what can be cached to some ten thousand entries. */
enum { SHARD_COUNT = 16, BUCKET_COUNT = 64 };

struct held {
    struct identity identity; /* first: an identity is found by it */
    struct arena arena;       /* of its texts */
    struct attached_policy *policies;
    size_t count;
    struct attached_policy boundary;
    struct policy *trust;
    atomic_uint references; /* the cache's counts too */
    uint64_t edition;       /* that it was read at */
    struct held *next;
};

struct known_key {
    struct key_owner owner;
    struct key_use use; /* time 0: none since the server was started */
    int64_t saved;      /* when the use was last written to the storage; 0: not since the start */
    char id[KEY_ID_LIMIT + 1];
    uint64_t edition;
    struct known_key *next;
};

struct shard {
    pthread_mutex_t lock; /* held for a search or an exchange, never while something is read */
    struct held *identities[BUCKET_COUNT];
    struct known_key *keys[BUCKET_COUNT];
};

struct directory {
    struct storage *storage;
    struct slice account_id;
    atomic_uint_fast64_t edition; /* goes up with each change */
    struct shard shards[SHARD_COUNT];
};

struct directory *directory_create(struct storage *storage, struct slice account_id)
{
    struct directory *directory = calloc(1, sizeof(*directory));
    char *account = strndup(account_id.ptr, account_id.len);

    CHECK(directory != NULL && account != NULL);
    directory->storage = storage;
    directory->account_id = (struct slice){account, account_id.len};
    for (unsigned i = 0; i < SHARD_COUNT; i++)
        CHECK(pthread_mutex_init(&directory->shards[i].lock, NULL) == 0);
    return directory;
}

void directory_changed(struct directory *directory)
{
    atomic_fetch_add(&directory->edition, 1);
}

uint64_t directory_edition(const struct directory *directory)
{
    return atomic_load(&directory->edition);
}

enum storage_status directory_policy_document(struct directory *directory, struct slice arn,
                                              struct arena *arena, struct slice *document)
{
    struct managed_policy policy;
    enum storage_status status =
        managed_find(directory->storage, NULL, directory->account_id, arn, arena, &policy);

    if (status == STORAGE_OK)
        *document = managed_document(&policy);
    return status;
}

static struct shard *shard_of(struct directory *directory, uint64_t hash)
{
    return &directory->shards[hash % SHARD_COUNT];
}

static size_t bucket_of(uint64_t hash)
{
    return (hash / SHARD_COUNT) % BUCKET_COUNT;
}

/* ---- access keys ---- */

static struct known_key **find_known(struct shard *shard, uint64_t hash, struct slice id)
{
    struct known_key **place = &shard->keys[bucket_of(hash)];

    while (*place != NULL && !slice_is(id, (*place)->id))
        place = &(*place)->next;
    return place;
}

/* Texts are terminated; one that is too long is no text of a record. */
static bool set_text(char *out, size_t size, struct slice text)
{
    if (text.len >= size)
        return false;
    memcpy(out, text.ptr, text.len);
    out[text.len] = '\0';
    return true;
}

static enum storage_status read_key(struct directory *directory, struct slice id, struct key_owner *out)
{
    struct access_key key;
    struct arena arena;

    arena_init(&arena);
    enum storage_status status = entity_find(directory->storage, NULL, KIND_ACCESS_KEY, id, &arena, &key);
    if (status == STORAGE_OK && (!set_text(out->secret, sizeof(out->secret), key.secret) ||
                                 !set_text(out->user, sizeof(out->user), key.user)))
        status = STORAGE_CORRUPT;
    if (status == STORAGE_OK)
        out->active = !key.inactive;
    arena_finish(&arena);
    return status;
}

/* Takes what was read into the cache; `found` false: out of it. */
static void learn_key(struct shard *shard, uint64_t hash, struct slice id, uint64_t edition, bool found,
                      const struct key_owner *owner)
{
    pthread_mutex_lock(&shard->lock);
    struct known_key **place = find_known(shard, hash, id), *key = *place;
    if (found && key == NULL) {
        key = *place = calloc(1, sizeof(*key));
        CHECK(key != NULL && set_text(key->id, sizeof(key->id), id));
    }
    if (found && edition >= key->edition) {
        key->owner = *owner;
        key->edition = edition;
    } else if (!found && key != NULL) {
        *place = key->next;
        free(key);
    }
    pthread_mutex_unlock(&shard->lock);
}

enum storage_status directory_find_key(struct directory *directory, struct slice access_key_id,
                                       struct key_owner *out)
{
    uint64_t edition = atomic_load(&directory->edition), hash = hash_bytes(access_key_id);
    struct shard *shard = shard_of(directory, hash);

    if (access_key_id.len > KEY_ID_LIMIT)
        return STORAGE_NOT_FOUND;
    pthread_mutex_lock(&shard->lock);
    const struct known_key *key = *find_known(shard, hash, access_key_id);
    bool known = key != NULL && key->edition == edition;
    if (known)
        *out = key->owner;
    pthread_mutex_unlock(&shard->lock);
    if (known)
        return STORAGE_OK;
    enum storage_status status = read_key(directory, access_key_id, out);
    if (status == STORAGE_OK || status == STORAGE_NOT_FOUND)
        learn_key(shard, hash, access_key_id, edition, status == STORAGE_OK, out);
    return status;
}

/* ---- the last use of keys ---- */

/* A use that is as new as that is told as it was; one that is on disk is replaced when it is as old as that.
 */
enum { USE_PERIOD = 60 * 1000, SAVE_PERIOD = 15 * 60 * 1000 };

/* A record on its way to the storage. */
struct saving {
    struct arena arena;
    struct batch batch;
};

static struct saving *saving_create(const char *id, const struct key_use *use)
{
    struct saving *saving = calloc(1, sizeof(*saving));

    CHECK(saving != NULL);
    arena_init(&saving->arena);
    batch_init(&saving->batch, &saving->arena);
    const struct key_use_record record = {.entity = {.name = slice_of(id)},
                                          .time = use->time,
                                          .service = slice_of(use->service),
                                          .region = slice_of(use->region)};
    entity_put(&saving->batch, KIND_KEY_USE, &record);
    return saving;
}

/* One that did not reach the disk is a use that is forgotten. */
static void on_saved(void *context, enum storage_status status)
{
    struct saving *saving = context;

    (void)status;
    arena_finish(&saving->arena);
    free(saving);
}

/* Notes it in memory; what is to be saved, or NULL. The shard is locked. */
static struct saving *note_use(struct known_key *key, struct slice service, struct slice region, int64_t now)
{
    struct key_use *use = &key->use;

    if (now - use->time < USE_PERIOD && slice_is(service, use->service) && slice_is(region, use->region))
        return NULL;
    if (!set_text(use->service, sizeof(use->service), service) ||
        !set_text(use->region, sizeof(use->region), region))
        return NULL; /* a scope that is no service's or Region's */
    use->time = now;
    if (key->saved != 0 && now - key->saved < SAVE_PERIOD)
        return NULL;
    key->saved = now;
    return saving_create(key->id, use);
}

void directory_key_used(struct directory *directory, struct slice access_key_id, struct slice service,
                        struct slice region, int64_t now)
{
    uint64_t hash = hash_bytes(access_key_id);
    struct shard *shard = shard_of(directory, hash);

    pthread_mutex_lock(&shard->lock);
    struct known_key *key = *find_known(shard, hash, access_key_id);
    struct saving *saving = key == NULL ? NULL : note_use(key, service, region, now);
    pthread_mutex_unlock(&shard->lock);
    if (saving != NULL)
        storage_commit(directory->storage, &saving->batch, on_saved, saving);
}

static bool read_use(struct directory *directory, struct slice id, struct key_use *out)
{
    struct key_use_record record;
    struct arena arena;

    arena_init(&arena);
    bool found = entity_find(directory->storage, NULL, KIND_KEY_USE, id, &arena, &record) == STORAGE_OK &&
                 set_text(out->service, sizeof(out->service), record.service) &&
                 set_text(out->region, sizeof(out->region), record.region);
    if (found)
        out->time = record.time;
    arena_finish(&arena);
    return found;
}

bool directory_key_use(struct directory *directory, struct slice access_key_id, struct key_use *out)
{
    uint64_t hash = hash_bytes(access_key_id);
    struct shard *shard = shard_of(directory, hash);

    pthread_mutex_lock(&shard->lock);
    const struct known_key *key = *find_known(shard, hash, access_key_id);
    bool known = key != NULL && key->use.time != 0;
    if (known)
        *out = key->use;
    pthread_mutex_unlock(&shard->lock);
    return known || read_use(directory, access_key_id, out);
}

/* At the end, what was not saved yet. */
static void save_use(struct directory *directory, const struct known_key *key)
{
    if (key->use.time <= key->saved)
        return;
    struct saving *saving = saving_create(key->id, &key->use);
    on_saved(saving, storage_commit_wait(directory->storage, &saving->batch));
}

/* ---- identities: reading ---- */

/* What is read of one identity, at one moment. */
struct reading {
    struct directory *directory;
    const struct snapshot *snapshot;
    struct held *held;
};

/* The policies of users, groups and roles are compiled as what they are told of. */
struct sources {
    enum policy_source inlines;
    enum policy_source managed;
    struct slice group; /* empty: the policies are the identity's own */
};

/* Documents were checked when they were written, so one that is none is a fault. */
static struct policy *compile(struct reading *reading, enum policy_kind kind, struct slice document)
{
    struct policy_problem problem;

    return policy_create(kind, document, &reading->held->arena, &problem);
}

static enum storage_status add_policy(struct reading *reading, struct attached_policy policy)
{
    struct held *held = reading->held;

    if (policy.policy == NULL)
        return STORAGE_CORRUPT;
    held->policies =
        arena_grow(&held->arena, held->policies, held->count, held->count + 1, sizeof(held->policies[0]));
    held->policies[held->count++] = policy;
    return STORAGE_OK;
}

static enum storage_status read_managed(struct reading *reading, struct slice arn, enum policy_source source,
                                        struct attached_policy *out)
{
    struct managed_policy policy;
    enum storage_status status =
        managed_find(reading->directory->storage, reading->snapshot, reading->directory->account_id, arn,
                     &reading->held->arena, &policy);

    if (status == STORAGE_OK)
        *out = (struct attached_policy){compile(reading, POLICY_MANAGED, managed_document(&policy)), source,
                                        arn};
    /* A policy that is attached cannot be deleted, so one that is missing is a fault. */
    return status == STORAGE_NOT_FOUND ? STORAGE_CORRUPT : status;
}

static struct slice name_of(struct reading *reading, const struct sources *sources, struct slice name)
{
    if (sources->group.len == 0)
        return name;
    return arena_printf(&reading->held->arena, "%.*s/%.*s", SLICE_ARGS(sources->group), SLICE_ARGS(name));
}

static enum storage_status add_grants(struct reading *reading, const struct grants *grants,
                                      const struct sources *sources)
{
    enum storage_status status = STORAGE_OK;

    for (size_t i = 0; status == STORAGE_OK && i < grants->inlines.count; i++) {
        const struct inline_policy *policy = &grants->inlines.items[i];
        status = add_policy(
            reading, (struct attached_policy){compile(reading, POLICY_INLINE, policy->document),
                                              sources->inlines, name_of(reading, sources, policy->name)});
    }
    for (size_t i = 0; status == STORAGE_OK && i < grants->attached.count; i++) {
        struct attached_policy policy;
        status = read_managed(reading, grants->attached.items[i], sources->managed, &policy);
        if (status == STORAGE_OK)
            status = add_policy(reading, policy);
    }
    return status;
}

static enum storage_status add_boundary(struct reading *reading, struct slice arn)
{
    struct held *held = reading->held;

    if (arn.len == 0)
        return STORAGE_OK;
    enum storage_status status = read_managed(reading, arn, SOURCE_BOUNDARY, &held->boundary);
    if (status == STORAGE_OK && held->boundary.policy == NULL)
        return STORAGE_CORRUPT;
    held->identity.authority.boundary = &held->boundary;
    return status;
}

static void take_entity(struct reading *reading, enum entity_kind kind, const struct entity *entity)
{
    struct identity *identity = &reading->held->identity;

    identity->name = entity->name;
    identity->path = entity->path;
    identity->id = entity->id;
    identity->created = entity->created;
    identity->tags = entity->tags.items;
    identity->tag_count = entity->tags.count;
    identity->arn = entity_arn(&reading->held->arena, reading->directory->account_id, kind, entity);
}

static enum storage_status read_user(struct reading *reading, struct slice name)
{
    struct storage *storage = reading->directory->storage;
    struct arena *arena = &reading->held->arena;
    struct user user;
    enum storage_status status = entity_find(storage, reading->snapshot, KIND_USER, name, arena, &user);

    if (status != STORAGE_OK)
        return status;
    take_entity(reading, KIND_USER, &user.entity);
    reading->held->identity.authority.principal.kind = IAM_USER;
    reading->held->identity.authority.principal.arn = reading->held->identity.arn;
    const struct sources own = {SOURCE_USER_INLINE, SOURCE_USER_MANAGED, SLICE("")};
    status = add_grants(reading, &user.grants, &own);
    for (size_t i = 0; status == STORAGE_OK && i < user.groups.count; i++) {
        struct group group;
        status = entity_find(storage, reading->snapshot, KIND_GROUP, user.groups.items[i], arena, &group);
        if (status == STORAGE_NOT_FOUND) /* a group that has users cannot be deleted */
            status = STORAGE_CORRUPT;
        const struct sources groups = {SOURCE_GROUP_INLINE, SOURCE_GROUP_MANAGED, user.groups.items[i]};
        if (status == STORAGE_OK)
            status = add_grants(reading, &group.grants, &groups);
    }
    return status == STORAGE_OK ? add_boundary(reading, user.grants.boundary) : status;
}

/* The ids of roles begin so, those of users otherwise. AWS: "IAM identifiers", unique ID prefixes. */
static enum entity_kind kind_of_id(struct slice id)
{
    return slice_starts_with(id, SLICE("AROA")) ? KIND_ROLE : KIND_USER;
}

/*
 * A user or role that is deleted is trusted no more, even if one of the same name is made: the new one has
 * another id. AWS: "AWS JSON policy elements: Principal", IAM user and role principals.
 */
static enum storage_status forget_strangers(struct reading *reading, const struct trusted_list *trusted)
{
    for (size_t i = 0; i < trusted->count; i++) {
        const struct trusted *one = &trusted->items[i];
        const char *slash = one->arn.len == 0 ? NULL : memrchr(one->arn.ptr, '/', one->arn.len);
        union any_entity found;
        if (slash == NULL)
            return STORAGE_CORRUPT;
        enum storage_status status = entity_find(
            reading->directory->storage, reading->snapshot, kind_of_id(one->id),
            slice_skip(one->arn, (size_t)(slash - one->arn.ptr) + 1), &reading->held->arena, &found);
        if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
            return status;
        if (status == STORAGE_NOT_FOUND || !slice_equal(found.entity.id, one->id))
            policy_forget(reading->held->trust, one->arn);
    }
    return STORAGE_OK;
}

static enum storage_status read_role(struct reading *reading, struct slice name)
{
    struct role role;
    enum storage_status status = entity_find(reading->directory->storage, reading->snapshot, KIND_ROLE, name,
                                             &reading->held->arena, &role);

    if (status != STORAGE_OK)
        return status;
    take_entity(reading, KIND_ROLE, &role.entity);
    struct held *held = reading->held;
    held->identity.authority.principal.kind = IAM_ROLE_SESSION;
    held->identity.authority.principal.origin_arn = held->identity.arn;
    held->identity.max_session = role.max_session;
    held->identity.trust = held->trust = compile(reading, POLICY_TRUST, role.trust_policy);
    if (held->trust == NULL)
        return STORAGE_CORRUPT;
    status = forget_strangers(reading, &role.trusted);
    if (status != STORAGE_OK)
        return status;
    const struct sources own = {SOURCE_ROLE_INLINE, SOURCE_ROLE_MANAGED, SLICE("")};
    status = add_grants(reading, &role.grants, &own);
    return status == STORAGE_OK ? add_boundary(reading, role.grants.boundary) : status;
}

/* At one moment, for a mixture of two moments may allow what neither did. */
static enum storage_status read_identity(struct directory *directory, enum identity_kind kind,
                                         struct slice name, struct held **out)
{
    struct held *held = calloc(1, sizeof(*held));

    CHECK(held != NULL);
    arena_init(&held->arena);
    atomic_init(&held->references, 1);
    held->identity.kind = kind;
    struct snapshot *snapshot = snapshot_create(directory->storage);
    struct reading reading = {.directory = directory, .snapshot = snapshot, .held = held};
    enum storage_status status =
        kind == IDENTITY_USER ? read_user(&reading, name) : read_role(&reading, name);
    snapshot_destroy(directory->storage, snapshot);
    held->identity.authority.principal.account = directory->account_id;
    held->identity.authority.identity = held->policies;
    held->identity.authority.identity_count = held->count;
    if (status == STORAGE_OK) {
        *out = held;
        return status;
    }
    directory_release(&held->identity);
    return status;
}

/* ---- identities: the cache ---- */

static struct held **find_held(struct shard *shard, uint64_t hash, enum identity_kind kind, struct slice name)
{
    struct held **place = &shard->identities[bucket_of(hash)];

    while (*place != NULL && ((*place)->identity.kind != kind || !slice_equal((*place)->identity.name, name)))
        place = &(*place)->next;
    return place;
}

/* Puts it into the place of what was known before; NULL: only takes that out. */
static void learn_identity(struct shard *shard, uint64_t hash, enum identity_kind kind, struct slice name,
                           struct held *fresh)
{
    pthread_mutex_lock(&shard->lock);
    struct held **place = find_held(shard, hash, kind, name), *old = *place;
    if (old != NULL && (fresh == NULL || old->edition <= fresh->edition))
        *place = old->next;
    else
        old = NULL;
    if (fresh != NULL && *find_held(shard, hash, kind, name) == NULL) {
        atomic_fetch_add(&fresh->references, 1);
        fresh->next = shard->identities[bucket_of(hash)];
        shard->identities[bucket_of(hash)] = fresh;
    }
    pthread_mutex_unlock(&shard->lock);
    if (old != NULL)
        directory_release(&old->identity);
}

enum storage_status directory_hold(struct directory *directory, enum identity_kind kind, struct slice name,
                                   const struct identity **out)
{
    uint64_t edition = atomic_load(&directory->edition), hash = hash_bytes(name);
    struct shard *shard = shard_of(directory, hash);

    pthread_mutex_lock(&shard->lock);
    struct held *held = *find_held(shard, hash, kind, name);
    if (held != NULL && held->edition == edition)
        atomic_fetch_add(&held->references, 1);
    else
        held = NULL;
    pthread_mutex_unlock(&shard->lock);
    if (held == NULL) {
        enum storage_status status = read_identity(directory, kind, name, &held);
        if (status == STORAGE_OK)
            held->edition = edition;
        if (status == STORAGE_OK || status == STORAGE_NOT_FOUND)
            learn_identity(shard, hash, kind, name, status == STORAGE_OK ? held : NULL);
        if (status != STORAGE_OK)
            return status;
    }
    *out = &held->identity;
    return STORAGE_OK;
}

void directory_release(const struct identity *identity)
{
    struct held *held = (struct held *)(void *)(uintptr_t)identity;

    if (held == NULL || atomic_fetch_sub(&held->references, 1) != 1)
        return;
    for (size_t i = 0; i < held->count; i++)
        policy_destroy((struct policy *)(uintptr_t)held->policies[i].policy);
    policy_destroy((struct policy *)(uintptr_t)held->boundary.policy);
    policy_destroy(held->trust);
    arena_finish(&held->arena);
    free(held);
}

/* ---- the end ---- */

static void finish_shard(struct directory *directory, struct shard *shard)
{
    for (unsigned i = 0; i < BUCKET_COUNT; i++) {
        while (shard->identities[i] != NULL) {
            struct held *held = shard->identities[i];
            shard->identities[i] = held->next;
            directory_release(&held->identity);
        }
        while (shard->keys[i] != NULL) {
            struct known_key *key = shard->keys[i];
            shard->keys[i] = key->next;
            save_use(directory, key);
            free(key);
        }
    }
    pthread_mutex_destroy(&shard->lock);
}

void directory_destroy(struct directory *directory)
{
    if (directory == NULL)
        return;
    for (unsigned i = 0; i < SHARD_COUNT; i++)
        finish_shard(directory, &directory->shards[i]);
    free((char *)directory->account_id.ptr);
    free(directory);
}
