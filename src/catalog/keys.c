#include "catalog/keys.h"

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/hash.h"
#include "items/key_codec.h"

/* Table 0 is the server itself. */
enum { SERVER_ID = 0, HASH_BYTES = 8 };

/* The spaces, the byte after the table's id. */
enum {
    SPACE_META = 'm',
    SPACE_DESCRIPTOR = 't',
    SPACE_ERASURE = 'd',
    SPACE_TOKEN = 'r',
    SPACE_JOB = 'j',
    SPACE_ITEMS = 'i',
    SPACE_LOCAL = 'l',
    SPACE_GLOBAL = 'g',
    SPACE_COUNTERS = 'c',
    SPACE_EXPIRY = 'x',
    SPACE_HISTORY = 'h',
    SPACE_MARKS = 'p',
    SPACE_BACKUPS = 'b',
    SPACE_STREAM = 's', /* of table 0: the streams' descriptors */
    SPACE_USERS = 'u',  /* of table 0: the descriptors of user pools and clients */
    SPACE_STACKS = 'k'  /* of table 0 */
};

enum { SERVER_PREFIX = 5 }; /* u32 0 and the space */
enum { TABLE_PREFIX = 5 };  /* u32 table and the space */

/* A key is built in a buffer and kept in the arena. */
static struct slice keep(struct arena *arena, struct buffer *buffer)
{
    struct slice kept = arena_copy(arena, buffer_slice(buffer));

    buffer_finish(buffer);
    return kept;
}

struct slice keys_descriptor(struct arena *arena, struct slice table_name)
{
    struct buffer key;

    buffer_init(&key);
    buffer_append_u32(&key, SERVER_ID);
    buffer_append_byte(&key, SPACE_DESCRIPTOR);
    buffer_append(&key, table_name);
    return keep(arena, &key);
}

struct slice keys_job(struct arena *arena, char kind, struct slice id)
{
    struct buffer key;

    buffer_init(&key);
    buffer_append_u32(&key, SERVER_ID);
    buffer_append_byte(&key, SPACE_JOB);
    buffer_append_byte(&key, kind);
    buffer_append(&key, id);
    return keep(arena, &key);
}

struct key_range keys_descriptors(void)
{
    return (struct key_range){SLICE("\0\0\0\0t"), SLICE("\0\0\0\0u")};
}

struct slice keys_descriptor_name(struct slice key)
{
    return slice_skip(key, SERVER_PREFIX);
}

struct slice keys_next_table_id(void)
{
    return SLICE("\0\0\0\0mnext-table-id");
}

struct slice keys_iterator_key(void)
{
    return SLICE("\0\0\0\0miterator-key");
}

struct slice keys_session_key(void)
{
    return SLICE("\0\0\0\0msession-key");
}

struct slice keys_bootstrapped(void)
{
    return SLICE("\0\0\0\0mbootstrapped");
}

struct slice keys_erasure(struct arena *arena, uint32_t table_id)
{
    struct buffer key;

    buffer_init(&key);
    buffer_append_u32(&key, SERVER_ID);
    buffer_append_byte(&key, SPACE_ERASURE);
    buffer_append_u32(&key, table_id);
    return keep(arena, &key);
}

struct key_range keys_erasures(void)
{
    return (struct key_range){SLICE("\0\0\0\0d"), SLICE("\0\0\0\0e")};
}

uint32_t keys_erasure_table(struct slice key)
{
    CHECK(key.len == SERVER_PREFIX + sizeof(uint32_t));
    return bytes_read_u32(key.ptr + SERVER_PREFIX);
}

struct slice keys_token(struct arena *arena, uint64_t window, struct slice token)
{
    struct buffer key;

    buffer_init(&key);
    buffer_append_u32(&key, SERVER_ID);
    buffer_append_byte(&key, SPACE_TOKEN);
    buffer_append_u64(&key, window);
    buffer_append(&key, token);
    return keep(arena, &key);
}

struct key_range keys_tokens_before(struct arena *arena, uint64_t window)
{
    return (struct key_range){SLICE("\0\0\0\0r"), keys_token(arena, window, SLICE(""))};
}

struct slice keys_backup(struct arena *arena, struct slice id)
{
    struct buffer key;

    buffer_init(&key);
    buffer_append_u32(&key, SERVER_ID);
    buffer_append_byte(&key, SPACE_BACKUPS);
    buffer_append(&key, id);
    return keep(arena, &key);
}

struct key_range keys_backups(void)
{
    return (struct key_range){SLICE("\0\0\0\0b"), SLICE("\0\0\0\0c")};
}

struct slice keys_backup_id(struct slice key)
{
    return slice_skip(key, SERVER_PREFIX);
}

/* ---- user pools ---- */

static struct slice users_descriptor(struct arena *arena, char kind, struct slice id)
{
    struct buffer key;

    buffer_init(&key);
    buffer_append_u32(&key, SERVER_ID);
    buffer_append_byte(&key, SPACE_USERS);
    buffer_append_byte(&key, kind);
    buffer_append(&key, id);
    return keep(arena, &key);
}

struct slice keys_user_pool(struct arena *arena, struct slice id)
{
    return users_descriptor(arena, 'p', id);
}

struct key_range keys_user_pools(void)
{
    return (struct key_range){SLICE("\0\0\0\0up"), SLICE("\0\0\0\0uq")};
}

struct slice keys_user_pool_client(struct arena *arena, struct slice id)
{
    return users_descriptor(arena, 'c', id);
}

struct slice keys_user_pool_domain(struct arena *arena, struct slice domain)
{
    return users_descriptor(arena, 'd', domain);
}

/* Ends a key with one or two names, of which the first has no zero byte. */
static struct slice keep_names(struct arena *arena, struct buffer *key, struct slice first,
                               struct slice second)
{
    CHECK(first.len == 0 || memchr(first.ptr, 0, first.len) == NULL);
    buffer_append(key, first);
    if (second.len > 0) {
        buffer_append_byte(key, '\0');
        buffer_append(key, second);
    }
    return keep(arena, key);
}

/* All keys that have this first name in front of a second; or, if it is empty, all that begin with `key`. */
static struct key_range below(struct arena *arena, struct slice key, struct slice first)
{
    struct buffer prefix;

    buffer_init(&prefix);
    buffer_append(&prefix, key);
    if (first.len > 0)
        buffer_append_byte(&prefix, '\0');
    struct slice from = keep(arena, &prefix);
    return (struct key_range){from, keys_after_prefix(arena, from)};
}

struct slice keys_users(struct arena *arena, uint32_t pool, enum users_part part, struct slice first,
                        struct slice second)
{
    struct buffer key;

    CHECK(pool != SERVER_ID);
    buffer_init(&key);
    buffer_append_u32(&key, pool);
    buffer_append_byte(&key, SPACE_USERS);
    buffer_append_byte(&key, (char)part);
    return keep_names(arena, &key, first, second);
}

struct key_range keys_users_range(struct arena *arena, uint32_t pool, enum users_part part,
                                  struct slice first)
{
    return below(arena, keys_users(arena, pool, part, first, SLICE("")), first);
}

struct slice keys_users_name(struct slice key)
{
    struct slice names = slice_skip(key, TABLE_PREFIX + 1);
    const char *separator = names.len == 0 ? NULL : memrchr(names.ptr, 0, names.len);

    return separator == NULL ? names : slice_skip(names, (size_t)(separator - names.ptr) + 1);
}

struct slice keys_group_erasure(struct arena *arena, uint32_t pool, struct slice group, struct slice id)
{
    struct buffer key;

    buffer_init(&key);
    buffer_append_u32(&key, SERVER_ID);
    buffer_append_byte(&key, SPACE_USERS);
    buffer_append_byte(&key, 'g');
    buffer_append_u32(&key, pool);
    return keep_names(arena, &key, group, id);
}

struct key_range keys_group_erasures(void)
{
    return (struct key_range){SLICE("\0\0\0\0ug"), SLICE("\0\0\0\0uh")};
}

void keys_group_erasure_read(struct slice key, uint32_t *pool, struct slice *group, struct slice *id)
{
    const size_t begin = SERVER_PREFIX + 1 + sizeof(uint32_t);

    CHECK(key.len > begin);
    *pool = bytes_read_u32(key.ptr + SERVER_PREFIX + 1);
    struct slice names = slice_skip(key, begin);
    const char *separator = memchr(names.ptr, 0, names.len);
    CHECK(separator != NULL);
    *group = (struct slice){names.ptr, (size_t)(separator - names.ptr)};
    *id = slice_skip(names, group->len + 1);
}

/* ---- stacks ---- */

struct slice keys_stack(struct arena *arena, enum stack_part part, struct slice first, struct slice second)
{
    struct buffer key;

    buffer_init(&key);
    buffer_append_u32(&key, SERVER_ID);
    buffer_append_byte(&key, SPACE_STACKS);
    buffer_append_byte(&key, (char)part);
    return keep_names(arena, &key, first, second);
}

struct key_range keys_stack_range(struct arena *arena, enum stack_part part, struct slice first)
{
    return below(arena, keys_stack(arena, part, first, SLICE("")), first);
}

struct slice keys_stack_first(struct slice key)
{
    struct slice names = slice_skip(key, SERVER_PREFIX + 1);
    const char *separator = names.len == 0 ? NULL : memchr(names.ptr, 0, names.len);

    return separator == NULL ? names : (struct slice){names.ptr, (size_t)(separator - names.ptr)};
}

struct slice keys_stack_second(struct slice key)
{
    struct slice first = keys_stack_first(key);
    const char *end = first.ptr + first.len;

    return end == key.ptr + key.len ? SLICE("") : slice_skip(key, (size_t)(end - key.ptr) + 1);
}

/* ---- by place ---- */

static struct slice key_at(struct arena *arena, uint32_t table_id, char space, struct slice place)
{
    struct buffer key;

    buffer_init(&key);
    buffer_append_u32(&key, table_id);
    buffer_append_byte(&key, space);
    buffer_append(&key, place);
    return keep(arena, &key);
}

static struct key_range range_of(struct arena *arena, uint32_t table_id, char space)
{
    struct slice prefix = key_at(arena, table_id, space, SLICE(""));

    return (struct key_range){prefix, keys_after_prefix(arena, prefix)};
}

void keys_of_table(struct arena *arena, uint32_t table_id, struct key_range out[2])
{
    struct key_range streams = range_of(arena, table_id, SPACE_STREAM);
    struct slice table = {streams.from.ptr, TABLE_PREFIX - 1};

    CHECK(table_id != SERVER_ID);
    out[0] = (struct key_range){table, streams.from};
    out[1] = (struct key_range){streams.to, keys_after_prefix(arena, table)};
}

struct slice keys_place(struct slice item_key)
{
    return slice_skip(item_key, TABLE_PREFIX);
}

struct slice keys_item_at(struct arena *arena, uint32_t table_id, struct slice place)
{
    return key_at(arena, table_id, SPACE_ITEMS, place);
}

struct key_range keys_items(struct arena *arena, uint32_t table_id)
{
    return range_of(arena, table_id, SPACE_ITEMS);
}

struct slice keys_history_at(struct arena *arena, uint32_t table_id, struct slice place)
{
    return key_at(arena, table_id, SPACE_HISTORY, place);
}

struct key_range keys_histories(struct arena *arena, uint32_t table_id)
{
    return range_of(arena, table_id, SPACE_HISTORY);
}

struct key_range keys_marks(struct arena *arena, uint32_t table_id)
{
    return range_of(arena, table_id, SPACE_MARKS);
}

struct slice keys_history_place(struct slice key)
{
    CHECK(key.len > TABLE_PREFIX + STAMP_SIZE);
    return (struct slice){key.ptr + TABLE_PREFIX, key.len - TABLE_PREFIX - STAMP_SIZE};
}

/* ---- of a table or an index ---- */

struct slice keys_counters(struct arena *arena, const struct table *table, const struct index *index)
{
    struct buffer key;

    buffer_init(&key);
    buffer_append_u32(&key, table->id);
    buffer_append_byte(&key, SPACE_COUNTERS);
    buffer_append_u16(&key, index == NULL ? 0 : index->id);
    return keep(arena, &key);
}

static void append_space(struct buffer *key, const struct table *table, const struct index *index)
{
    buffer_append_u32(key, table->id);
    if (index == NULL) {
        buffer_append_byte(key, SPACE_ITEMS);
        return;
    }
    buffer_append_byte(key, index->kind == INDEX_LOCAL ? SPACE_LOCAL : SPACE_GLOBAL);
    buffer_append_u16(key, index->id);
}

struct key_range keys_space(struct arena *arena, const struct table *table, const struct index *index)
{
    struct buffer from;

    buffer_init(&from);
    append_space(&from, table, index);
    struct slice prefix = keep(arena, &from);
    return (struct key_range){prefix, keys_after_prefix(arena, prefix)};
}

/* Where segment `segment` begins: hashes are spread evenly, so equal shares of their range are equal shares
 * of items. */
static struct slice segment_start(struct arena *arena, const struct table *table, const struct index *index,
                                  uint32_t segment, uint32_t total)
{
    struct buffer key;

    buffer_init(&key);
    append_space(&key, table, index);
    buffer_append_u64(&key, (uint64_t)(((unsigned __int128)segment << 64) / total));
    return keep(arena, &key);
}

struct key_range keys_segment(struct arena *arena, const struct table *table, const struct index *index,
                              uint32_t segment, uint32_t total)
{
    struct key_range range = keys_space(arena, table, index);

    CHECK(segment < total);
    if (segment > 0)
        range.from = segment_start(arena, table, index, segment, total);
    if (segment + 1 < total)
        range.to = segment_start(arena, table, index, segment + 1, total);
    return range;
}

static const struct value *part_of(const struct item *item, const struct key_part *part)
{
    const struct value *value = item_get(item, part->name);

    CHECK(value != NULL && value->type == part->type);
    return value;
}

/* Appends the hash of the partition key and the partition key. */
static void append_partition(struct buffer *key, const struct value *const *parts, unsigned count)
{
    size_t hash_at = key->len;

    buffer_append_u64(key, 0);
    for (unsigned i = 0; i < count; i++)
        key_encode_value(key, parts[i]);
    uint64_t hash =
        hash_bytes((struct slice){key->bytes + hash_at + HASH_BYTES, key->len - hash_at - HASH_BYTES});
    for (size_t i = 0; i < HASH_BYTES; i++)
        key->bytes[hash_at + i] = (char)(hash >> (8 * (HASH_BYTES - 1 - i)));
}

struct slice keys_partition(struct arena *arena, const struct table *table, const struct index *index,
                            const struct value *const *parts)
{
    struct buffer key;

    buffer_init(&key);
    append_space(&key, table, index);
    append_partition(&key, parts, table_keys(table, index)->partition_count);
    return keep(arena, &key);
}

struct slice keys_entry(struct arena *arena, const struct table *table, const struct index *index,
                        const struct item *item)
{
    const struct key_schema *keys = table_keys(table, index);
    const struct value *parts[KEY_PARTS_LIMIT];
    struct buffer key;

    buffer_init(&key);
    append_space(&key, table, index);
    for (unsigned i = 0; i < keys->partition_count; i++)
        parts[i] = part_of(item, &keys->partition[i]);
    append_partition(&key, parts, keys->partition_count);
    for (unsigned i = 0; i < keys->sort_count; i++)
        key_encode_value(&key, part_of(item, &keys->sort[i]));
    /* Several items may have the same index key: the table's own key tells their entries apart. */
    if (index != NULL && index->kind == INDEX_GLOBAL)
        key_encode_value(&key, part_of(item, &table->keys.partition[0]));
    if (index != NULL && table->keys.sort_count > 0)
        key_encode_value(&key, part_of(item, &table->keys.sort[0]));
    return keep(arena, &key);
}

/* ---- expiry ---- */

struct slice keys_expiry(struct arena *arena, struct slice item_key, uint64_t second)
{
    struct buffer key;

    buffer_init(&key);
    buffer_append(&key, (struct slice){item_key.ptr, TABLE_PREFIX - 1});
    buffer_append_byte(&key, SPACE_EXPIRY);
    buffer_append_u64(&key, second);
    buffer_append(&key, slice_skip(item_key, TABLE_PREFIX));
    return keep(arena, &key);
}

struct slice keys_expiry_item(struct arena *arena, struct slice key)
{
    struct buffer item_key;

    CHECK(key.len > TABLE_PREFIX + sizeof(uint64_t));
    buffer_init(&item_key);
    buffer_append(&item_key, (struct slice){key.ptr, TABLE_PREFIX - 1});
    buffer_append_byte(&item_key, SPACE_ITEMS);
    buffer_append(&item_key, slice_skip(key, TABLE_PREFIX + sizeof(uint64_t)));
    return keep(arena, &item_key);
}

static struct slice expiry_bound(struct arena *arena, const struct table *table, uint64_t second)
{
    struct buffer key;

    buffer_init(&key);
    buffer_append_u32(&key, table->id);
    buffer_append_byte(&key, SPACE_EXPIRY);
    buffer_append_u64(&key, second);
    return keep(arena, &key);
}

struct key_range keys_expiries(struct arena *arena, const struct table *table, uint64_t first, uint64_t last)
{
    return (struct key_range){expiry_bound(arena, table, first),
                              keys_after_prefix(arena, expiry_bound(arena, table, last))};
}

/* ---- bounds ---- */

struct slice keys_after_prefix(struct arena *arena, struct slice prefix)
{
    struct slice copy = arena_copy(arena, prefix);
    char *bytes = (char *)copy.ptr;

    while (copy.len > 0 && (unsigned char)bytes[copy.len - 1] == 0xFF)
        copy.len--;
    if (copy.len > 0)
        bytes[copy.len - 1] = (char)((unsigned char)bytes[copy.len - 1] + 1);
    return copy;
}

struct slice keys_after(struct arena *arena, struct slice key)
{
    /* arena_copy() puts a NUL behind the copy: that byte is the successor. */
    struct slice copy = arena_copy(arena, key);

    return (struct slice){copy.ptr, copy.len + 1};
}

/* ---- streams ---- */

static struct key_range prefix_range(struct arena *arena, struct slice prefix)
{
    return (struct key_range){prefix, keys_after_prefix(arena, prefix)};
}

struct slice keys_stream(struct arena *arena, struct slice table_name, struct slice label)
{
    struct buffer key;

    buffer_init(&key);
    buffer_append_u32(&key, SERVER_ID);
    buffer_append_byte(&key, SPACE_STREAM);
    buffer_append(&key, table_name);
    /* No name has this byte, so a name's streams do not mix with those of a longer name. */
    if (table_name.len > 0)
        buffer_append_byte(&key, '\0');
    buffer_append(&key, label);
    return keep(arena, &key);
}

struct key_range keys_streams(struct arena *arena, struct slice table_name)
{
    return prefix_range(arena, keys_stream(arena, table_name, SLICE("")));
}

static void append_stream(struct buffer *key, struct stream_id stream)
{
    buffer_append_u32(key, stream.table);
    buffer_append_byte(key, SPACE_STREAM);
    buffer_append_u64(key, (uint64_t)stream.created);
}

struct key_range keys_of_stream(struct arena *arena, struct stream_id stream)
{
    struct buffer key;

    buffer_init(&key);
    append_stream(&key, stream);
    return prefix_range(arena, keep(arena, &key));
}

struct key_range keys_stream_part(struct arena *arena, struct stream_id stream, enum stream_part part)
{
    struct buffer key;

    buffer_init(&key);
    append_stream(&key, stream);
    buffer_append_byte(&key, (char)part);
    return prefix_range(arena, keep(arena, &key));
}

struct slice keys_shard(struct arena *arena, struct stream_id stream, enum stream_part part, uint32_t shard)
{
    struct buffer key;

    buffer_init(&key);
    append_stream(&key, stream);
    buffer_append_byte(&key, (char)part);
    buffer_append_u32(&key, shard);
    return keep(arena, &key);
}

uint32_t keys_item_hash(struct slice item_key)
{
    CHECK(item_key.len >= SERVER_PREFIX + HASH_BYTES && item_key.ptr[SERVER_PREFIX - 1] == SPACE_ITEMS);
    return bytes_read_u32(item_key.ptr + SERVER_PREFIX);
}

/* ---- index entries ---- */

size_t key_value_size(const struct value *value)
{
    return value->type == VALUE_N ? number_size(&value->number) : value->bytes.len;
}

/* Whether the item has values that can be keys for all of the parts, which share the limit. */
static bool has_parts(const struct item *item, const struct key_part *parts, unsigned count, size_t limit)
{
    size_t size = 0;

    for (unsigned i = 0; i < count; i++) {
        const struct value *value = item_get(item, parts[i].name);
        if (value == NULL || value->type != parts[i].type || key_value_size(value) == 0)
            return false;
        size += key_value_size(value);
    }
    return size <= limit;
}

bool index_has_entry(const struct index *index, const struct item *item)
{
    return has_parts(item, index->keys.partition, index->keys.partition_count, PARTITION_KEY_LIMIT) &&
           has_parts(item, index->keys.sort, index->keys.sort_count, SORT_KEY_LIMIT);
}

bool index_keeps(const struct table *table, const struct index *index, struct slice name)
{
    if (index->projection == PROJECT_ALL || key_schema_has(&index->keys, name) ||
        key_schema_has(&table->keys, name))
        return true;
    for (size_t i = 0; i < index->included_count; i++) {
        if (slice_equal(index->included[i], name))
            return true;
    }
    return false;
}

struct item index_project(struct arena *arena, const struct table *table, const struct index *index,
                          const struct item *item)
{
    struct item projected = {0};

    if (index->projection == PROJECT_ALL)
        return *item;
    projected.attributes = arena_array(arena, struct attribute, item->count);
    for (size_t i = 0; i < item->count; i++) {
        if (index_keeps(table, index, item->attributes[i].name))
            projected.attributes[projected.count++] = item->attributes[i];
    }
    return projected;
}

bool index_fits_local(struct arena *arena, const struct table *table, const struct item *item)
{
    const size_t alone = item_size(item);
    size_t most = alone, together = alone;

    for (size_t i = 0; i < table->index_count; i++)
        most += table->indexes[i].kind == INDEX_LOCAL ? alone : 0;
    if (most <= ITEM_SIZE_LIMIT)
        return true; /* no entry is larger than its item */
    for (size_t i = 0; i < table->index_count; i++) {
        const struct index *index = &table->indexes[i];
        if (index->kind != INDEX_LOCAL || !index_has_entry(index, item))
            continue;
        struct item entry = index_project(arena, table, index, item);
        together += item_size(&entry);
    }
    return together <= ITEM_SIZE_LIMIT;
}
