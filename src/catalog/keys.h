/*
 * Where things live in the storage: the keys of descriptors, items, index entries, counters and streams.
 * docs/design.md has the whole format as a table.
 *
 * A `space` is the range of keys of a table's items or of one index's entries; in it, all items of one
 * partition key stand together, in the order of their sort key.
 */
#ifndef TURNTABLE_CATALOG_KEYS_H
#define TURNTABLE_CATALOG_KEYS_H

#include "base/arena.h"
#include "base/slice.h"
#include "catalog/table.h"
#include "items/value.h"

struct key_range {
    struct slice from; /* included */
    struct slice to;   /* excluded */
};

/* ---- server-wide ---- */

struct slice keys_descriptor(struct arena *arena, struct slice table_name);
struct key_range keys_descriptors(void);
struct slice keys_descriptor_name(struct slice key); /* the table name in a descriptor's key */
struct slice keys_next_table_id(void);
struct slice keys_iterator_key(void); /* the secret that seals shard iterators */
struct slice keys_session_key(void);  /* the secret of temporary credentials */
struct slice keys_bootstrapped(void); /* the mark that the server was bootstrapped (services/bootstrap/) */
/* The mark that a table was deleted and its items may be erased. */
struct slice keys_erasure(struct arena *arena, uint32_t table_id);
struct key_range keys_erasures(void);
uint32_t keys_erasure_table(struct slice key);
/* The records of backups, in the order of their ids. */
struct slice keys_backup(struct arena *arena, struct slice id);
struct key_range keys_backups(void);
struct slice keys_backup_id(struct slice key);
/* The record of an import or export (services/transfer/job.h); `kind` is a letter. */
struct slice keys_job(struct arena *arena, char kind, struct slice id);
/* The descriptors of user pools and of their clients (services/cognito_idp/pool.h). */
struct slice keys_user_pool(struct arena *arena, struct slice id);
struct key_range keys_user_pools(void);
struct slice keys_user_pool_client(struct arena *arena, struct slice id);
/* The id of the pool whose domain it is. */
struct slice keys_user_pool_domain(struct arena *arena, struct slice domain);

/* ---- stacks (stacks/record.h) ---- */

enum stack_part {
    STACK_CHANGE_SETS = 'c', /* stack's uuid, id of the change set */
    STACK_EVENTS = 'e',      /* stack's uuid: a queue */
    STACK_IMPORTS = 'i',     /* name of the export, uuid of the stack that imports it: nothing */
    STACK_NAMES = 'n',       /* name of a stack that is not deleted: its uuid */
    STACK_RESOURCES = 'r',   /* stack's uuid, logical id */
    STACK_RECORDS = 's',     /* uuid */
    STACK_TEMPLATES = 't',   /* stack's uuid, number: the text */
    STACK_WORK = 'w',        /* uuid of a stack that is to be worked on: nothing */
    STACK_EXPORTS = 'x',     /* name */
    STACK_WISHES = 'y',      /* uuid: what was asked while the stack was worked on */
};

/* One of them; `second` is empty where a key has one name. A first name has no zero byte. */
struct slice keys_stack(struct arena *arena, enum stack_part part, struct slice first, struct slice second);
/* All of a part; or, if `first` is not empty, those with that first of two names. */
struct key_range keys_stack_range(struct arena *arena, enum stack_part part, struct slice first);
/* The first name in a key; the second one, empty if there is none. */
struct slice keys_stack_first(struct slice key);
struct slice keys_stack_second(struct slice key);

/* Everything of a table but its descriptor and its streams, which outlive it: two ranges. */
void keys_of_table(struct arena *arena, uint32_t table_id, struct key_range out[2]);

/* ---- items and their histories, by place ----
 *
 * An item's place is its key without the table's id and the space: the same in any table of the same schema,
 * so an item that is restored stands at its old place. */

struct slice keys_place(struct slice item_key);
struct slice keys_item_at(struct arena *arena, uint32_t table_id, struct slice place);
struct key_range keys_items(struct arena *arena, uint32_t table_id);

/* What the keys of all undo records of an item begin with; each has its stamp behind it. */
struct slice keys_history_at(struct arena *arena, uint32_t table_id, struct slice place);
struct key_range keys_histories(struct arena *arena, uint32_t table_id);
/* The place in the key of an undo record, which must be longer than a stamp. */
struct slice keys_history_place(struct slice key);
/* The queue of the times at which point-in-time recovery of the table was turned on; `from` is its prefix. */
struct key_range keys_marks(struct arena *arena, uint32_t table_id);

/*
 * The record of a client request token (services/dynamodb/idempotency.h). `window`: of which ten minutes
 * since 1970; no record has window 0.
 */
enum { TOKEN_WINDOW = 10 * 60 * 1000 };
struct slice keys_token(struct arena *arena, uint64_t window, struct slice token);
/* All records of the windows before this one. */
struct key_range keys_tokens_before(struct arena *arena, uint64_t window);

/* ---- of a table or an index (NULL: the table itself) ---- */

struct slice keys_counters(struct arena *arena, const struct table *table, const struct index *index);

struct key_range keys_space(struct arena *arena, const struct table *table, const struct index *index);

/* The part of a space that is segment `segment` of `total` (1 to 1,000,000) of a parallel scan. */
struct key_range keys_segment(struct arena *arena, const struct table *table, const struct index *index,
                              uint32_t segment, uint32_t total);

/*
 * The key under which an item stands in the table, or its entry in the index. The item has all the key
 * attributes that are needed, with the right types: those of the table and those of the index
 * (index_has_entry()).
 */
struct slice keys_entry(struct arena *arena, const struct table *table, const struct index *index,
                        const struct item *item);

/* The beginning that all keys of one partition share. `parts`: the values of the partition key, in the
 * schema's order. */
struct slice keys_partition(struct arena *arena, const struct table *table, const struct index *index,
                            const struct value *const *parts);

/* ---- expiry ---- */

/* The entry of an item that expires at this second, under the table of `item_key`. */
struct slice keys_expiry(struct arena *arena, struct slice item_key, uint64_t second);
/* The key of the item whose entry this is. */
struct slice keys_expiry_item(struct arena *arena, struct slice key);
/* The entries of a table from one second to another, both included. */
struct key_range keys_expiries(struct arena *arena, const struct table *table, uint64_t first, uint64_t last);

/* ---- user pools ----
 *
 * What belongs to a pool stands under a number that it has as tables have theirs, and is erased as what a
 * deleted table left. */

enum users_part {
    USERS_ALIASES = 'a',     /* kind and value of the alias: the user's name */
    USERS_CLIENTS = 'c',     /* client's id: nothing */
    USERS_GROUPS = 'g',      /* group's name: the group */
    USERS_MEMBERS = 'm',     /* group's name, user's name: the group's id */
    USERS_COUNT = 'o',       /* counters: users, 0 */
    USERS_SESSIONS = 's',    /* user's sub, session's id: the session */
    USERS_USERS = 'u',       /* user's name: the user */
    USERS_MEMBERSHIPS = 'w', /* user's name, group's name: the group's id */
};

/* One of them; `second` is empty where a key has one name. A name has no zero byte. */
struct slice keys_users(struct arena *arena, uint32_t pool, enum users_part part, struct slice first,
                        struct slice second);
/* All of a part; or, if `first` is not empty, those with that first of two names. */
struct key_range keys_users_range(struct arena *arena, uint32_t pool, enum users_part part,
                                  struct slice first);
/* The last name in a key. */
struct slice keys_users_name(struct slice key);

/* The mark that the memberships of a group that was deleted are to be erased. */
struct slice keys_group_erasure(struct arena *arena, uint32_t pool, struct slice group, struct slice id);
struct key_range keys_group_erasures(void);
/* What a mark says; the slices are in the key. */
void keys_group_erasure_read(struct slice key, uint32_t *pool, struct slice *group, struct slice *id);

/* The smallest key that is above every key that begins with `prefix`. */
struct slice keys_after_prefix(struct arena *arena, struct slice prefix);

/* The smallest key that is above `key`. */
struct slice keys_after(struct arena *arena, struct slice key);

/* ---- streams: catalog/stream.h says what they are ---- */

/* A stream in storage keys: its table, and when it was enabled. */
struct stream_id {
    uint32_t table;
    int64_t created; /* milliseconds since 1970 */
};

/* The parts of a stream, each by the number of the shard. */
enum stream_part { STREAM_CLOSINGS = 'c', STREAM_OPENINGS = 'o', STREAM_RECORDS = 'r', STREAM_TRIMMED = 't' };

/* The descriptor of a stream; the descriptors of all, or of those of one table's name. */
struct slice keys_stream(struct arena *arena, struct slice table_name, struct slice label);
struct key_range keys_streams(struct arena *arena, struct slice table_name);

/* Everything of a stream but its descriptor; one part of it; what is of one shard there. */
struct key_range keys_of_stream(struct arena *arena, struct stream_id stream);
struct key_range keys_stream_part(struct arena *arena, struct stream_id stream, enum stream_part part);
struct slice keys_shard(struct arena *arena, struct stream_id stream, enum stream_part part, uint32_t shard);

/* The upper half of the hash in an item's key, by which items are spread over shards. */
uint32_t keys_item_hash(struct slice item_key);

/* ---- index entries ---- */

/* The size of a key attribute's value as its limit counts it; no key is empty. */
size_t key_value_size(const struct value *value);

/*
 * Whether the item has all the key attributes of the index, and so stands in it. Writes check them, but an
 * item that was there before its index may have anything: a value of another type, an empty or a too long one
 * keeps it out. AWS: "Detecting and correcting index key violations".
 */
bool index_has_entry(const struct index *index, const struct item *item);

/* Whether the index has this attribute of the items in it. */
bool index_keeps(const struct table *table, const struct index *index, struct slice name);

/* What the index keeps of the item: by its projection, always with the keys of index and table. Shares the
 * values. */
struct item index_project(struct arena *arena, const struct table *table, const struct index *index,
                          const struct item *item);

/*
 * Whether the item and its entries in all local indexes are together within the limit of an item. AWS:
 * "Quotas in Amazon DynamoDB", items: each table with local indexes has a limit of 400 KB on the total of the
 * item's size and the sizes of its entries in all local indexes.
 */
bool index_fits_local(struct arena *arena, const struct table *table, const struct item *item);

#endif
