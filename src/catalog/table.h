/*
 * A table: its schema, its indexes and its settings, as one immutable struct.
 *
 * What a table is stands in its descriptor, a JSON text in the storage; `struct table` is that text read. A
 * table is never changed in place: an update clones it, changes the clone, commits the clone's descriptor
 * under a guard on the old one's version, and publishes the clone in the catalog. So a request that holds a
 * reference sees one schema from start to end, and a write that was decided on an old schema fails its guard.
 *
 * Ownership: reference counted; table_release() by whoever got a reference. All that hangs on a table lives
 * in its arena. Threads: any, for a published table; a table under construction belongs to one.
 */
#ifndef TURNTABLE_CATALOG_TABLE_H
#define TURNTABLE_CATALOG_TABLE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/failure.h"
#include "base/json.h"
#include "base/slice.h"
#include "items/value.h"
#include "storage/storage.h"

struct policy;

enum { KEY_PARTS_LIMIT = 4, LOCAL_INDEX_LIMIT = 5, GLOBAL_INDEX_LIMIT = 20, INDEX_NAME_LIMIT = 255 };

/* A key attribute and its type: S, N or B. */
struct key_part {
    struct slice name;
    enum value_type type;
};

/* A table has one partition part and at most one sort part; a global index up to four of each. */
struct key_schema {
    struct key_part partition[KEY_PARTS_LIMIT];
    unsigned partition_count;
    struct key_part sort[KEY_PARTS_LIMIT];
    unsigned sort_count;
};

/* Provisioned capacity; zeros when the table is billed on demand. Times are milliseconds since 1970, 0:
 * never. */
struct throughput {
    int64_t read;
    int64_t write;
    int64_t last_increase;
    int64_t last_decrease;
    int64_t decreases_today; /* on the day of the last one */
};

/* How often it was decreased on the day (UTC) of `now`. */
int64_t throughput_decreases(const struct throughput *throughput, int64_t now);

/* A pair of settings of which each may be absent (-1): on-demand limits and warm throughput. */
struct units {
    int64_t read;
    int64_t write;
};

enum index_kind { INDEX_LOCAL, INDEX_GLOBAL };
enum index_status { INDEX_CREATING, INDEX_ACTIVE, INDEX_DELETING };
enum projection_type { PROJECT_ALL, PROJECT_KEYS_ONLY, PROJECT_INCLUDE };

struct index {
    struct slice name;
    enum index_kind kind;
    uint16_t id; /* in storage keys; never used twice in a table */
    enum index_status status;
    struct key_schema keys;
    enum projection_type projection;
    struct slice *included; /* PROJECT_INCLUDE: the non-key attributes */
    size_t included_count;
    struct throughput throughput; /* of a global index */
    struct units on_demand;
    struct units warm;
};

struct tag {
    struct slice key;
    struct slice value;
};

/* A resource-based policy; texts are empty if there is none. */
struct resource_policy {
    struct slice document;   /* as given */
    struct slice revision;   /* changes with the document */
    struct policy *compiled; /* of the document; the table's own. NULL: there is none */
};

enum ttl_status { TTL_DISABLED, TTL_ENABLING, TTL_ENABLED, TTL_DISABLING };

struct time_to_live {
    enum ttl_status status;
    struct slice attribute; /* empty when DISABLED */
};

/* A table is CREATING while the server itself puts its first items into it, an import's or a backup's: nobody
 * else can read or write it yet. What a client creates is ACTIVE at once. */
enum table_status { TABLE_ACTIVE, TABLE_CREATING };

/* Just after a commit, or, where `number` is 0, after all commits of a time, in milliseconds since 1970. */
struct moment {
    uint64_t number;
    int64_t time;
};

/* Point-in-time recovery. */
struct recovery {
    int64_t days;  /* the period; 0: off */
    int64_t floor; /* no restore to before this time, which a shorter period gave up; milliseconds */
};

/* Of a table that was restored, or is being restored while it is CREATING: where its items come from. */
struct restore {
    uint32_t source_id; /* 0: the table was not restored */
    struct slice source_name;
    struct slice backup_id; /* empty: it was restored to a point in time */
    struct moment moment;
    int64_t time; /* of the moment, as it is told */
};

/* What the records of a stream hold. The numbers are stored on disk; never renumber. */
enum stream_view {
    STREAM_OFF = 0,
    STREAM_KEYS_ONLY = 1,
    STREAM_NEW_IMAGE = 2,
    STREAM_OLD_IMAGE = 3,
    STREAM_NEW_AND_OLD_IMAGES = 4,
};

/* A shard that takes records: those of the items whose hash (its upper half) is at least `from` and below the
 * next shard's. */
struct open_shard {
    uint32_t number; /* in storage keys; never used twice in a stream */
    uint32_t from;
    int64_t opened;               /* milliseconds since 1970 */
    atomic_uint_fast64_t records; /* that it took through this struct, about; not stored */
};

/* The latest stream of a table; catalog/stream.h is about it and those before it. */
struct stream {
    enum stream_view view; /* STREAM_OFF: it takes no records any more */
    struct slice label;    /* of the latest stream, also when it is off; empty: never had one */
    int64_t created;       /* milliseconds since 1970; the label says the same */
    uint32_t next_shard;
    struct open_shard *open; /* in the order of their hashes; none when the stream is off */
    size_t open_count;
};

enum billing_mode { BILLING_PROVISIONED, BILLING_PAY_PER_REQUEST };

struct table {
    atomic_uint references;
    struct arena arena;
    struct version version; /* of the descriptor in the storage */

    uint32_t id; /* in storage keys; never used twice on a server */
    struct slice name;
    struct slice uuid; /* TableId */
    int64_t created;   /* milliseconds since 1970 */
    enum table_status status;
    struct key_schema keys;
    struct key_part *definitions; /* AttributeDefinitions, in the order given */
    size_t definition_count;
    struct index *indexes; /* local ones and global ones, in the order they were made */
    size_t index_count;
    uint16_t next_index_id;

    enum billing_mode billing;
    bool billing_was_set;          /* BillingModeSummary is shown only then */
    int64_t pay_per_request_since; /* milliseconds; 0: never */
    struct throughput throughput;
    struct units on_demand;
    struct units warm;
    bool deletion_protection;
    int64_t global_since;     /* milliseconds; 0: no global table (of version 2017.11.29) */
    struct slice table_class; /* "STANDARD" or "STANDARD_INFREQUENT_ACCESS"; empty: not asked for */
    int64_t table_class_since;
    struct stream stream;
    struct time_to_live time_to_live;
    struct recovery recovery;
    struct restore restore;
    bool keeps_history; /* each change of an item leaves an undo record: catalog/history.h */
    bool sse_kms;
    struct slice kms_key;
    int64_t sse_since;
    struct tag *tags; /* in the order of their keys */
    size_t tag_count;
    struct resource_policy policy;
    struct resource_policy stream_policy; /* of the latest stream */
};

/* A table with one reference and empty arena; for the one who builds it. */
struct table *table_create(void);
struct table *table_retain(struct table *table);
void table_release(struct table *table); /* accepts NULL */

/* A copy with one reference and its own arena, to be changed and committed. */
struct table *table_clone(const struct table *table);

/* Gives a policy a document, compiled, and a revision; both texts live in the table's arena. Without a
 * document it has none any more. */
void resource_policy_put(struct resource_policy *policy, struct slice document, struct slice revision,
                         struct policy *compiled);

/* The descriptor: everything above but the references and the version, as JSON. */
void table_write_descriptor(struct buffer *out, const struct table *table);
/* NULL if the text is no descriptor of this format. */
struct table *table_read_descriptor(struct slice text);

/* "CREATING", ... */
const char *index_status_name(enum index_status status);

/* The index of that name, or NULL. */
const struct index *table_index(const struct table *table, struct slice name);
struct index *table_index_mutable(struct table *table, struct slice name);

/* Sets the value of a tag, new or old; both are copied. */
void table_set_tag(struct table *table, struct slice key, struct slice value);
void table_remove_tag(struct table *table, struct slice key); /* if it is there */

/* Whether its items are being restored; it is CREATING then. */
bool table_is_restoring(const struct table *table);

/* "NEW_IMAGE" and so on; "" for STREAM_OFF. STREAM_OFF for what is no such word. */
const char *stream_view_name(enum stream_view view);
enum stream_view stream_view_of(struct slice name);

/* Whether an index is being made or removed: the table's status is UPDATING then. */
bool table_is_updating(const struct table *table);

/* Whether something is to be done behind the answers: an index is made or removed, or the like. */
bool table_has_work(const struct table *table);

/* The keys of the table or of one of its indexes (NULL: the table). */
const struct key_schema *table_keys(const struct table *table, const struct index *index);

/* The defined type of an attribute; 0 if it is not in AttributeDefinitions. */
enum value_type table_attribute_type(const struct table *table, struct slice name);

/* Whether the attribute is a part of the keys of the table or of one of its indexes. */
bool table_uses(const struct table *table, struct slice name);

/* Attributes that no key uses any more, as after the removal of an index, are defined no longer. */
void table_drop_unused_definitions(struct table *table);

/* Whether the attribute is a part of this schema's keys. */
bool key_schema_has(const struct key_schema *keys, struct slice name);

#endif
