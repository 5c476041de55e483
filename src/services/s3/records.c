#include "services/s3/records.h"

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/characters.h"
#include "base/check.h"
#include "base/clock.h"
#include "storage/kept_record.h"

/* ---- layouts ---- */

#define FIELD(type, name, kind, member, layout)                                                              \
    {                                                                                                        \
        name, FIELD_##kind, offsetof(struct type, member), layout                                            \
    }

static const struct field pair_fields[] = {
    FIELD(s3_pair, "K", TEXT, key, NULL), FIELD(s3_pair, "V", TEXT, value, NULL), {0}};
static const struct layout pair_layout = {sizeof(struct s3_pair), pair_fields};

static const struct field blob_fields[] = {FIELD(s3_blob, "Id", TEXT, id, NULL),
                                           FIELD(s3_blob, "Size", NUMBER, size, NULL),
                                           FIELD(s3_blob, "Parts", NUMBER, parts, NULL),
                                           {0}};
static const struct layout blob_layout = {sizeof(struct s3_blob), blob_fields};

static const struct field bucket_fields[] = {FIELD(s3_bucket, "Id", TEXT, id, NULL),
                                             FIELD(s3_bucket, "Created", NUMBER, created, NULL),
                                             FIELD(s3_bucket, "Region", TEXT, region, NULL),
                                             FIELD(s3_bucket, "Versioning", TEXT, versioning, NULL),
                                             FIELD(s3_bucket, "Draining", BOOLEAN, draining, NULL),
                                             {0}};
const struct layout s3_bucket_layout = {sizeof(struct s3_bucket), bucket_fields};

static const struct field object_fields[] = {FIELD(s3_object, "Blob", RECORD, blob, &blob_layout),
                                             FIELD(s3_object, "ETag", TEXT, etag, NULL),
                                             FIELD(s3_object, "Modified", NUMBER, modified, NULL),
                                             FIELD(s3_object, "Order", NUMBER, order, NULL),
                                             FIELD(s3_object, "Version", TEXT, version, NULL),
                                             FIELD(s3_object, "Marker", BOOLEAN, marker, NULL),
                                             FIELD(s3_object, "Headers", RECORDS, headers, &pair_layout),
                                             FIELD(s3_object, "Metadata", RECORDS, metadata, &pair_layout),
                                             FIELD(s3_object, "Tags", RECORDS, tags, &pair_layout),
                                             FIELD(s3_object, "Algorithm", TEXT, checksum_algorithm, NULL),
                                             FIELD(s3_object, "Checksum", TEXT, checksum, NULL),
                                             FIELD(s3_object, "Composite", BOOLEAN, composite, NULL),
                                             {0}};
const struct layout s3_object_layout = {sizeof(struct s3_object), object_fields};

static const struct field upload_fields[] = {FIELD(s3_upload, "Begun", NUMBER, begun, NULL),
                                             FIELD(s3_upload, "Headers", RECORDS, headers, &pair_layout),
                                             FIELD(s3_upload, "Metadata", RECORDS, metadata, &pair_layout),
                                             FIELD(s3_upload, "Tags", RECORDS, tags, &pair_layout),
                                             FIELD(s3_upload, "Algorithm", TEXT, checksum_algorithm, NULL),
                                             FIELD(s3_upload, "Composite", BOOLEAN, composite, NULL),
                                             FIELD(s3_upload, "Owner", TEXT, owner, NULL),
                                             {0}};
const struct layout s3_upload_layout = {sizeof(struct s3_upload), upload_fields};

static const struct field part_fields[] = {FIELD(s3_part, "Number", NUMBER, number, NULL),
                                           FIELD(s3_part, "Blob", RECORD, blob, &blob_layout),
                                           FIELD(s3_part, "ETag", TEXT, etag, NULL),
                                           FIELD(s3_part, "Modified", NUMBER, modified, NULL),
                                           FIELD(s3_part, "Algorithm", TEXT, checksum_algorithm, NULL),
                                           FIELD(s3_part, "Checksum", TEXT, checksum, NULL),
                                           {0}};
const struct layout s3_part_layout = {sizeof(struct s3_part), part_fields};

/* ---- keys ---- */

enum { PREFIX_SIZE = 6, ORDER_SIZE = 8 };

static void begin_key(struct buffer *key, char letter)
{
    buffer_init(key);
    buffer_append(key, SLICE("\0\0\0\0o"));
    buffer_append_byte(key, letter);
}

void s3_append_id(struct buffer *key, struct slice id)
{
    CHECK(id.len == 2 * S3_ID_SIZE);
    for (size_t i = 0; i < id.len; i += 2)
        buffer_append_byte(key, (char)(hex_digit(id.ptr[i]) * 16 + hex_digit(id.ptr[i + 1])));
}

static struct slice keep(struct arena *arena, struct buffer *key)
{
    struct slice kept = arena_copy(arena, buffer_slice(key));

    buffer_finish(key);
    return kept;
}

static struct slice key_of(struct arena *arena, char letter, struct slice rest)
{
    struct buffer key;

    begin_key(&key, letter);
    buffer_append(&key, rest);
    return keep(arena, &key);
}

static struct slice key_by_id(struct arena *arena, char letter, struct slice id, struct slice rest)
{
    struct buffer key;

    begin_key(&key, letter);
    s3_append_id(&key, id);
    buffer_append(&key, rest);
    return keep(arena, &key);
}

/* The keys that begin with the letter, the id and the prefix, from `from` on. */
static struct key_range range_by_id(struct arena *arena, char letter, struct slice id, struct slice prefix,
                                    struct slice from)
{
    struct slice first = key_by_id(arena, letter, id, prefix), end = keys_after_prefix(arena, first);

    if (slice_compare(from, prefix) > 0)
        first = key_by_id(arena, letter, id, from);
    return (struct key_range){slice_compare(first, end) < 0 ? first : end, end};
}

struct slice s3_bucket_key(struct arena *arena, struct slice name)
{
    return key_of(arena, 'b', name);
}

struct slice s3_bucket_key_name(struct slice key)
{
    return slice_skip(key, PREFIX_SIZE);
}

struct key_range s3_bucket_keys(struct arena *arena, struct slice after)
{
    struct slice all = s3_bucket_key(arena, SLICE(""));

    return (struct key_range){after.len == 0 ? all : keys_after(arena, s3_bucket_key(arena, after)),
                              keys_after_prefix(arena, all)};
}

struct slice s3_setting_key(struct arena *arena, struct slice bucket_id, struct slice name)
{
    return key_by_id(arena, 's', bucket_id, name);
}

struct key_range s3_setting_keys(struct arena *arena, struct slice bucket_id)
{
    return range_by_id(arena, 's', bucket_id, SLICE(""), SLICE(""));
}

struct slice s3_object_key(struct arena *arena, struct slice bucket_id, struct slice key)
{
    return key_by_id(arena, 'k', bucket_id, key);
}

struct slice s3_object_key_name(struct slice key)
{
    return slice_skip(key, PREFIX_SIZE + S3_ID_SIZE);
}

struct key_range s3_object_keys(struct arena *arena, struct slice bucket_id, struct slice prefix,
                                struct slice from)
{
    return range_by_id(arena, 'k', bucket_id, prefix, from);
}

struct slice s3_version_key(struct arena *arena, struct slice bucket_id, struct slice key, int64_t order)
{
    struct buffer out;

    begin_key(&out, 'v');
    s3_append_id(&out, bucket_id);
    buffer_append(&out, key);
    buffer_append_byte(&out, '\0');
    buffer_append_u64(&out, ~(uint64_t)order);
    return keep(arena, &out);
}

struct key_range s3_version_keys(struct arena *arena, struct slice bucket_id, struct slice key)
{
    struct slice prefix = arena_printf(arena, "%.*s%c", SLICE_ARGS(key), '\0');

    return range_by_id(arena, 'v', bucket_id, prefix, SLICE(""));
}

/* A key with a zero byte in it may begin as another's versions do, but is longer. */
bool s3_is_version_of(struct slice version_key, struct slice key)
{
    return slice_equal(s3_version_key_name(version_key), key);
}

struct slice s3_version_key_name(struct slice version_key)
{
    struct slice name = s3_object_key_name(version_key);

    CHECK(name.len > ORDER_SIZE);
    name.len -= ORDER_SIZE + 1;
    return name;
}

struct key_range s3_all_version_keys(struct arena *arena, struct slice bucket_id, struct slice prefix,
                                     struct slice from)
{
    return range_by_id(arena, 'v', bucket_id, prefix, from);
}

struct slice s3_upload_key(struct arena *arena, struct slice bucket_id, struct slice key, struct slice id)
{
    struct buffer out;

    begin_key(&out, 'u');
    s3_append_id(&out, bucket_id);
    buffer_append(&out, key);
    buffer_append_byte(&out, '\0');
    buffer_append(&out, id);
    return keep(arena, &out);
}

struct key_range s3_upload_keys(struct arena *arena, struct slice bucket_id, struct slice prefix)
{
    return range_by_id(arena, 'u', bucket_id, prefix, SLICE(""));
}

struct slice s3_upload_key_name(struct slice upload_key)
{
    struct slice name = s3_object_key_name(upload_key);

    CHECK(name.len > S3_UPLOAD_ID_LENGTH);
    name.len -= S3_UPLOAD_ID_LENGTH + 1;
    return name;
}

struct slice s3_upload_key_id(struct slice upload_key)
{
    CHECK(upload_key.len > S3_UPLOAD_ID_LENGTH);
    return slice_skip(upload_key, upload_key.len - S3_UPLOAD_ID_LENGTH);
}

struct slice s3_part_key(struct arena *arena, struct slice upload_id, int64_t number)
{
    struct buffer key;

    begin_key(&key, 'p');
    s3_append_id(&key, upload_id);
    buffer_append_u16(&key, (uint16_t)number);
    return keep(arena, &key);
}

struct key_range s3_part_keys(struct arena *arena, struct slice upload_id, int64_t after)
{
    return (struct key_range){s3_part_key(arena, upload_id, after + 1),
                              keys_after_prefix(arena, key_by_id(arena, 'p', upload_id, SLICE("")))};
}

struct slice s3_chunk_key(struct arena *arena, struct slice blob_id, uint32_t number)
{
    struct buffer key;

    begin_key(&key, 'c');
    s3_append_id(&key, blob_id);
    buffer_append_u32(&key, number);
    return keep(arena, &key);
}

struct slice s3_manifest_key(struct arena *arena, struct slice blob_id)
{
    return key_by_id(arena, 'm', blob_id, SLICE(""));
}

struct slice s3_mark_key(struct arena *arena, enum s3_mark mark, struct slice id)
{
    struct buffer key;

    begin_key(&key, 'g');
    buffer_append_byte(&key, (char)mark);
    s3_append_id(&key, id);
    return keep(arena, &key);
}

struct key_range s3_mark_keys(struct arena *arena)
{
    struct slice all = key_of(arena, 'g', SLICE(""));

    return (struct key_range){all, keys_after_prefix(arena, all)};
}

/* Bytes as the hexadecimal text that records have. */
struct slice s3_id_text(struct arena *arena, const char *bytes)
{
    static const char digits[] = "0123456789abcdef";
    char *text = arena_alloc(arena, 2 * S3_ID_SIZE);

    for (size_t i = 0; i < S3_ID_SIZE; i++) {
        text[2 * i] = digits[(unsigned char)bytes[i] >> 4];
        text[2 * i + 1] = digits[(unsigned char)bytes[i] & 15];
    }
    return (struct slice){text, 2 * S3_ID_SIZE};
}

bool s3_mark_read(struct arena *arena, struct slice key, enum s3_mark *mark, struct slice *id)
{
    if (key.len != PREFIX_SIZE + 1 + S3_ID_SIZE)
        return false;
    *mark = (enum s3_mark)key.ptr[PREFIX_SIZE];
    *id = s3_id_text(arena, key.ptr + PREFIX_SIZE + 1);
    return *mark == S3_MARK_CHUNKS || *mark == S3_MARK_MANIFEST || *mark == S3_MARK_PARTS ||
           *mark == S3_MARK_UPLOADS;
}

struct slice s3_new_id(struct arena *arena)
{
    char bytes[S3_ID_SIZE];

    random_bytes(bytes, sizeof(bytes));
    return s3_id_text(arena, bytes);
}

struct slice s3_new_id_at(struct arena *arena, int64_t time)
{
    enum { TIME_BYTES = 6 };
    char bytes[S3_ID_SIZE];

    random_bytes(bytes, sizeof(bytes));
    for (int i = 0; i < TIME_BYTES; i++)
        bytes[i] = (char)(time >> 8 * (TIME_BYTES - 1 - i));
    return s3_id_text(arena, bytes);
}

/* ---- records ---- */

enum storage_status s3_read(struct storage *storage, const struct snapshot *snapshot, struct arena *arena,
                            struct slice key, const struct layout *layout, void *out, struct version *version)
{
    return kept_read(storage, snapshot, arena, key, layout, out, version);
}

struct slice s3_encode(struct arena *arena, const struct layout *layout, const void *record)
{
    struct buffer text;

    buffer_init(&text);
    layout_write(&text, layout, record);
    return keep(arena, &text);
}

void s3_put(struct batch *batch, struct slice key, const struct layout *layout, const void *record)
{
    batch_put(batch, key, s3_encode(batch->arena, layout, record));
}

struct slice s3_pairs_get(const struct s3_pairs *pairs, const char *key)
{
    for (size_t i = 0; i < pairs->count; i++) {
        if (slice_is(pairs->items[i].key, key))
            return pairs->items[i].value;
    }
    return SLICE("");
}
