/*
 * A token is the base64 of these bytes:
 *
 *     u8     format: 2
 *     u32    table
 *     u64    when the stream was enabled
 *     u64    when the shard was opened
 *     u32    the shard's number
 *     u64    commit and
 *     u32    ordinal of the next record
 *     u64    when the token was made, milliseconds since 1970
 *     ...    the table's name
 *     32     HMAC-SHA-256 of what is before
 */
#include "services/streams/iterator.h"

#include <openssl/crypto.h>

#include "auth/digest.h"
#include "base/base64.h"
#include "base/bytes.h"

enum { FORMAT = 2, PLAIN_SIZE = 1 + 4 + 8 + 8 + 4 + 8 + 4 + 8 };

static void seal(struct slice key, struct slice plain, unsigned char out[SHA256_LENGTH])
{
    struct digest *digest = digest_create();

    digest_hmac(digest, key, plain, out);
    digest_destroy(digest);
}

struct slice iterator_text(struct arena *arena, struct slice key, const struct iterator *iterator)
{
    struct buffer bytes, text;
    unsigned char mark[SHA256_LENGTH];

    buffer_init(&bytes);
    buffer_append_byte(&bytes, FORMAT);
    buffer_append_u32(&bytes, iterator->stream.table);
    buffer_append_u64(&bytes, (uint64_t)iterator->stream.created);
    buffer_append_u64(&bytes, (uint64_t)iterator->shard.opened);
    buffer_append_u32(&bytes, iterator->shard.number);
    sequence_number_append(&bytes, iterator->next);
    buffer_append_u64(&bytes, (uint64_t)iterator->made);
    buffer_append(&bytes, iterator->table_name);
    seal(key, buffer_slice(&bytes), mark);
    buffer_append(&bytes, (struct slice){(char *)mark, sizeof(mark)});
    buffer_init(&text);
    base64_encode(&text, buffer_slice(&bytes));
    struct slice kept = arena_copy(arena, buffer_slice(&text));
    buffer_finish(&text);
    buffer_finish(&bytes);
    return kept;
}

bool iterator_parse(struct arena *arena, struct slice key, struct slice text, struct iterator *out)
{
    unsigned char mark[SHA256_LENGTH];
    struct slice bytes;

    if (!base64_decode(arena, text, &bytes) || bytes.len <= PLAIN_SIZE + SHA256_LENGTH)
        return false;
    const char *at = bytes.ptr;
    size_t plain = bytes.len - SHA256_LENGTH;
    seal(key, (struct slice){at, plain}, mark);
    if (CRYPTO_memcmp(mark, at + plain, sizeof(mark)) != 0 || at[0] != FORMAT)
        return false;
    out->table_name = (struct slice){at + PLAIN_SIZE, plain - PLAIN_SIZE};
    out->stream = (struct stream_id){bytes_read_u32(at + 1), (int64_t)bytes_read_u64(at + 5)};
    out->shard = (struct shard_name){(int64_t)bytes_read_u64(at + 13), bytes_read_u32(at + 21)};
    out->next = (struct sequence_number){bytes_read_u64(at + 25), bytes_read_u32(at + 33)};
    out->made = (int64_t)bytes_read_u64(at + 37);
    return true;
}
