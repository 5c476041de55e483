/*
 * The reference engine: an ordered map in memory, written to be plainly right.
 *
 * The map is a treap: a binary tree ordered by key, and a heap by priorities that are drawn at random, so
 * that it is balanced whatever keys a client chooses. Nodes are counted references; a node that somebody else
 * holds is copied before it is changed. A snapshot or cursor is therefore nothing but a reference to the root
 * of its moment.
 *
 * One mutex guards the root. Whoever holds it and finds a node with one reference, on a path of such nodes,
 * owns it alone: others reach a node only through a root, and take roots under the mutex.
 *
 * Every batch that writes has a number, and every value the number of the batch that wrote it: that is
 * version.written, and guards compare just that. A counter's value has the number of its last change too.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/check.h"
#include "base/clock.h"
#include "storage/engine.h"

struct entry {
    atomic_size_t references;
    uint64_t written;
    size_t key_len;
    size_t value_len;
    char bytes[]; /* key, value */
};

struct node {
    atomic_size_t references;
    uint64_t priority; /* not below its children's */
    struct entry *entry;
    struct node *left;
    struct node *right;
};

struct memory {
    struct storage storage;
    pthread_mutex_t mutex;
    struct node *root;       /* under the mutex, as all below */
    uint64_t number;         /* of the last batch that wrote */
    int64_t time;            /* of the last batch, milliseconds since 1970 */
    uint64_t priority_state; /* of the generator of priorities */
};

struct snapshot {
    struct node *root;
    uint64_t number;
};

struct memory_cursor {
    struct cursor cursor;
    struct node *root;
    enum direction direction;
    bool started;
    struct entry *last; /* where the cursor stands; NULL: not started, or at the end */
    size_t from_len;
    size_t to_len;
    char bounds[]; /* from, to */
};

/* ---- entries ---- */

static struct entry *entry_create(struct slice key, struct slice value, uint64_t written)
{
    struct entry *entry = malloc(sizeof(*entry) + key.len + value.len);

    CHECK(entry != NULL);
    atomic_init(&entry->references, 1);
    entry->written = written;
    entry->key_len = key.len;
    entry->value_len = value.len;
    memcpy(entry->bytes, key.ptr, key.len);
    if (value.len > 0)
        memcpy(entry->bytes + key.len, value.ptr, value.len);
    return entry;
}

static struct entry *entry_hold(struct entry *entry)
{
    atomic_fetch_add_explicit(&entry->references, 1, memory_order_relaxed);
    return entry;
}

static void entry_release(void *pin)
{
    struct entry *entry = pin;

    if (entry != NULL && atomic_fetch_sub(&entry->references, 1) == 1)
        free(entry);
}

static struct slice entry_key(const struct entry *entry)
{
    return (struct slice){entry->bytes, entry->key_len};
}

static struct slice entry_value(const struct entry *entry)
{
    return (struct slice){entry->bytes + entry->key_len, entry->value_len};
}

/* ---- the treap ---- */

static struct node *node_hold(struct node *node)
{
    if (node != NULL)
        atomic_fetch_add_explicit(&node->references, 1, memory_order_relaxed);
    return node;
}

static void node_release(struct node *node)
{
    while (node != NULL && atomic_fetch_sub(&node->references, 1) == 1) {
        struct node *right = node->right;
        node_release(node->left);
        entry_release(node->entry);
        free(node);
        node = right;
    }
}

/* Takes a reference and gives one back, to a node with the same content that nobody else holds. */
static struct node *node_own(struct node *node)
{
    if (atomic_load(&node->references) == 1)
        return node;
    struct node *copy = malloc(sizeof(*copy));
    CHECK(copy != NULL);
    atomic_init(&copy->references, 1);
    copy->priority = node->priority;
    copy->entry = entry_hold(node->entry);
    copy->left = node_hold(node->left);
    copy->right = node_hold(node->right);
    node_release(node);
    return copy;
}

static struct entry *tree_find(const struct node *node, struct slice key)
{
    while (node != NULL) {
        int order = slice_compare(key, entry_key(node->entry));
        if (order == 0)
            return node->entry;
        node = order < 0 ? node->left : node->right;
    }
    return NULL;
}

/* All keys of `left` are below all keys of `right`; takes both. */
static struct node *tree_join(struct node *left, struct node *right)
{
    if (left == NULL)
        return right;
    if (right == NULL)
        return left;
    if (left->priority >= right->priority) {
        left = node_own(left);
        left->right = tree_join(left->right, right);
        return left;
    }
    right = node_own(right);
    right->left = tree_join(left, right->left);
    return right;
}

/* Takes the tree and divides it into the keys below `key` and the others. */
static void tree_split(struct node *tree, struct slice key, struct node **below, struct node **rest)
{
    if (tree == NULL) {
        *below = *rest = NULL;
        return;
    }
    tree = node_own(tree);
    if (slice_compare(entry_key(tree->entry), key) < 0) {
        tree_split(tree->right, key, &tree->right, rest);
        *below = tree;
    } else {
        tree_split(tree->left, key, below, &tree->left);
        *rest = tree;
    }
}

/* Replaces the entry of a key that is in the tree. Takes both. */
static struct node *tree_replace(struct node *tree, struct entry *entry)
{
    tree = node_own(tree);
    int order = slice_compare(entry_key(entry), entry_key(tree->entry));
    if (order == 0) {
        entry_release(tree->entry);
        tree->entry = entry;
    } else if (order < 0) {
        tree->left = tree_replace(tree->left, entry);
    } else {
        tree->right = tree_replace(tree->right, entry);
    }
    return tree;
}

/* Inserts a key that is not in the tree. Takes both. */
static struct node *tree_insert(struct node *tree, struct node *node)
{
    if (tree == NULL)
        return node;
    if (node->priority > tree->priority) {
        tree_split(tree, entry_key(node->entry), &node->left, &node->right);
        return node;
    }
    tree = node_own(tree);
    if (slice_compare(entry_key(node->entry), entry_key(tree->entry)) < 0)
        tree->left = tree_insert(tree->left, node);
    else
        tree->right = tree_insert(tree->right, node);
    return tree;
}

/* Removes a key that is in the tree. Takes the tree. */
static struct node *tree_remove(struct node *tree, struct slice key)
{
    tree = node_own(tree);
    int order = slice_compare(key, entry_key(tree->entry));
    if (order == 0) {
        struct node *rest = tree_join(tree->left, tree->right);
        tree->left = tree->right = NULL;
        node_release(tree);
        return rest;
    }
    if (order < 0)
        tree->left = tree_remove(tree->left, key);
    else
        tree->right = tree_remove(tree->right, key);
    return tree;
}

/* The first entry at or above `key`, or above it only. */
static struct entry *tree_first(const struct node *node, struct slice key, bool above)
{
    struct entry *best = NULL;

    while (node != NULL) {
        int order = slice_compare(entry_key(node->entry), key);
        if (order > 0 || (order == 0 && !above)) {
            best = node->entry;
            node = node->left;
        } else {
            node = node->right;
        }
    }
    return best;
}

/* The last entry below `key`; without a key, the very last. */
static struct entry *tree_last(const struct node *node, const struct slice *key)
{
    struct entry *best = NULL;

    while (node != NULL) {
        if (key == NULL || slice_compare(entry_key(node->entry), *key) < 0) {
            best = node->entry;
            node = node->right;
        } else {
            node = node->left;
        }
    }
    return best;
}

/* ---- reading ---- */

static struct memory *memory_of(struct storage *storage)
{
    return (struct memory *)storage;
}

static const char *memory_refusal(const struct storage *storage)
{
    (void)storage;
    return NULL;
}

static struct node *hold_root(struct memory *memory, uint64_t *number)
{
    pthread_mutex_lock(&memory->mutex);
    struct node *root = node_hold(memory->root);
    *number = memory->number;
    pthread_mutex_unlock(&memory->mutex);
    return root;
}

static struct snapshot *memory_snapshot_create(struct storage *storage)
{
    struct snapshot *snapshot = malloc(sizeof(*snapshot));

    CHECK(snapshot != NULL);
    snapshot->root = hold_root(memory_of(storage), &snapshot->number);
    return snapshot;
}

static void memory_snapshot_destroy(struct storage *storage, struct snapshot *snapshot)
{
    (void)storage;
    node_release(snapshot->root);
    free(snapshot);
}

static enum storage_status memory_get(struct storage *storage, const struct snapshot *snapshot,
                                      struct slice key, struct stored *out)
{
    struct memory *memory = memory_of(storage);
    struct entry *entry;

    if (snapshot != NULL) {
        out->version.seen = snapshot->number;
        entry = tree_find(snapshot->root, key);
        if (entry != NULL)
            entry_hold(entry);
    } else {
        pthread_mutex_lock(&memory->mutex);
        out->version.seen = memory->number;
        entry = tree_find(memory->root, key);
        if (entry != NULL)
            entry_hold(entry);
        pthread_mutex_unlock(&memory->mutex);
    }
    if (entry == NULL)
        return STORAGE_NOT_FOUND;
    out->value = entry_value(entry);
    out->version.written = entry->written;
    out->pin = entry;
    out->release = entry_release;
    return STORAGE_OK;
}

static struct cursor *memory_cursor_create(struct storage *storage, const struct snapshot *snapshot,
                                           struct slice from, struct slice to, enum direction direction)
{
    struct memory_cursor *cursor = calloc(1, sizeof(*cursor) + from.len + to.len);
    uint64_t number;

    CHECK(cursor != NULL);
    cursor->cursor.engine = storage->engine;
    cursor->root = snapshot != NULL ? node_hold(snapshot->root) : hold_root(memory_of(storage), &number);
    cursor->direction = direction;
    cursor->from_len = from.len;
    cursor->to_len = to.len;
    if (from.len > 0)
        memcpy(cursor->bounds, from.ptr, from.len);
    if (to.len > 0)
        memcpy(cursor->bounds + from.len, to.ptr, to.len);
    return &cursor->cursor;
}

static enum storage_status memory_cursor_next(struct cursor *base, struct slice *key, struct slice *value)
{
    struct memory_cursor *cursor = (struct memory_cursor *)base;
    struct slice from = {cursor->bounds, cursor->from_len},
                 to = {cursor->bounds + cursor->from_len, cursor->to_len};
    struct slice last = cursor->last != NULL ? entry_key(cursor->last) : (struct slice){0};

    if (!cursor->started && cursor->direction == FORWARD)
        cursor->last = tree_first(cursor->root, from, false);
    else if (!cursor->started)
        cursor->last = tree_last(cursor->root, to.len > 0 ? &to : NULL);
    else if (cursor->last != NULL && cursor->direction == FORWARD)
        cursor->last = tree_first(cursor->root, last, true);
    else if (cursor->last != NULL)
        cursor->last = tree_last(cursor->root, &last);
    cursor->started = true;
    if (cursor->last == NULL)
        return STORAGE_NOT_FOUND;
    *key = entry_key(cursor->last);
    *value = entry_value(cursor->last);
    if (slice_compare(*key, from) >= 0 && (to.len == 0 || slice_compare(*key, to) < 0))
        return STORAGE_OK;
    cursor->last = NULL;
    return STORAGE_NOT_FOUND;
}

static void memory_cursor_destroy(struct cursor *base)
{
    struct memory_cursor *cursor = (struct memory_cursor *)base;

    node_release(cursor->root);
    free(cursor);
}

/* ---- writing, under the mutex ---- */

/* xorshift64*: the priorities need to be unknown to clients, no more. */
static uint64_t next_priority(struct memory *memory)
{
    memory->priority_state ^= memory->priority_state >> 12;
    memory->priority_state ^= memory->priority_state << 25;
    memory->priority_state ^= memory->priority_state >> 27;
    return memory->priority_state * 0x2545f4914f6cdd1d;
}

static void put(struct memory *memory, struct slice key, struct slice value)
{
    struct entry *entry = entry_create(key, value, memory->number);

    if (tree_find(memory->root, key) != NULL) {
        memory->root = tree_replace(memory->root, entry);
        return;
    }
    struct node *node = calloc(1, sizeof(*node));
    CHECK(node != NULL);
    atomic_init(&node->references, 1);
    node->priority = next_priority(memory);
    node->entry = entry;
    memory->root = tree_insert(memory->root, node);
}

static void delete (struct memory *memory, struct slice key)
{
    if (tree_find(memory->root, key) != NULL)
        memory->root = tree_remove(memory->root, key);
}

static void count(struct memory *memory, const struct change *change)
{
    const struct entry *entry = tree_find(memory->root, change->key);
    int64_t counters[2] = {0, 0};
    char encoded[COUNTERS_SIZE];

    CHECK(entry == NULL || counters_decode(entry_value(entry), counters));
    counters_add(counters, change->deltas);
    counters_encode(counters, encoded);
    put(memory, change->key, (struct slice){encoded, sizeof(encoded)});
}

static bool guard_holds(const struct memory *memory, const struct guard *guard)
{
    const struct entry *entry = tree_find(memory->root, guard->key);

    return guard->version.seen != 0 && guard->version.written == (entry == NULL ? 0 : entry->written);
}

static enum storage_status apply(struct memory *memory, struct batch *batch)
{
    for (const struct guard *guard = batch->guards; guard != NULL; guard = guard->next) {
        if (!guard_holds(memory, guard)) {
            batch->refuted = guard;
            return STORAGE_CONFLICT;
        }
    }
    if (batch_writes(batch))
        memory->number++;
    int64_t now = clock_now();
    if (now > memory->time) /* the clock may be set back */
        memory->time = now;
    batch_stamp(batch, memory->number, memory->time);
    for (const struct change *change = batch->changes; change != NULL; change = change->next) {
        if (change->kind == CHANGE_PUT || change->kind == CHANGE_APPEND)
            put(memory, change->key, change->value);
        else if (change->kind == CHANGE_DELETE)
            delete (memory, change->key);
        else
            count(memory, change);
    }
    batch->committed = (struct version){memory->number, memory->number};
    return STORAGE_OK;
}

static void memory_commit(struct storage *storage, struct batch *batch)
{
    struct memory *memory = memory_of(storage);

    pthread_mutex_lock(&memory->mutex);
    enum storage_status status = apply(memory, batch);
    pthread_mutex_unlock(&memory->mutex);
    batch_done(batch, status);
}

static enum storage_status memory_erase(struct storage *storage, struct slice from, struct slice to)
{
    struct memory *memory = memory_of(storage);
    struct node *below, *rest, *erased, *above = NULL;

    pthread_mutex_lock(&memory->mutex);
    memory->number++;
    tree_split(memory->root, from, &below, &rest);
    erased = rest;
    if (to.len > 0)
        tree_split(rest, to, &erased, &above);
    memory->root = tree_join(below, above);
    pthread_mutex_unlock(&memory->mutex);
    node_release(erased);
    return STORAGE_OK;
}

static uint64_t memory_disk_usage(struct storage *storage)
{
    (void)storage;
    return 0;
}

/* ---- open and close ---- */

static void memory_close(struct storage *storage)
{
    struct memory *memory = memory_of(storage);

    node_release(memory->root);
    pthread_mutex_destroy(&memory->mutex);
    free(memory);
}

static const struct engine memory_engine = {
    .close = memory_close,
    .refusal = memory_refusal,
    .snapshot_create = memory_snapshot_create,
    .snapshot_destroy = memory_snapshot_destroy,
    .get = memory_get,
    .cursor_create = memory_cursor_create,
    .cursor_next = memory_cursor_next,
    .cursor_destroy = memory_cursor_destroy,
    .commit = memory_commit,
    .erase = memory_erase,
    .disk_usage = memory_disk_usage,
};

struct storage *storage_open_memory(void)
{
    struct memory *memory = calloc(1, sizeof(*memory));

    CHECK(memory != NULL);
    memory->storage.engine = &memory_engine;
    memory->number = 1; /* a version {0, 0} never holds */
    CHECK(pthread_mutex_init(&memory->mutex, NULL) == 0);
    CHECK(getrandom(&memory->priority_state, sizeof(memory->priority_state), 0) ==
          (ssize_t)sizeof(memory->priority_state));
    memory->priority_state |= 1; /* the generator's state is never 0 */
    return &memory->storage;
}
