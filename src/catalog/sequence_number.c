#include "catalog/sequence_number.h"

#include <inttypes.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/digits.h"
#include "catalog/keys.h"
#include "storage/storage.h"

enum { COMMIT_DIGITS = 20, ORDINAL_DIGITS = 10, DIGITS = 1 + COMMIT_DIGITS + ORDINAL_DIGITS };

struct sequence_number sequence_number_of_key(struct slice key)
{
    CHECK(key.len >= STAMP_SIZE);
    const char *stamp = key.ptr + key.len - STAMP_SIZE;
    return (struct sequence_number){bytes_read_u64(stamp), bytes_read_u32(stamp + sizeof(uint64_t))};
}

void sequence_number_append(struct buffer *key, struct sequence_number number)
{
    buffer_append_u64(key, number.commit);
    buffer_append_u32(key, number.ordinal);
}

struct slice sequence_number_text(struct arena *arena, struct sequence_number number)
{
    return arena_printf(arena, "1%020" PRIu64 "%010" PRIu32, number.commit, number.ordinal);
}

bool sequence_number_parse(struct slice text, struct sequence_number *out)
{
    uint64_t ordinal;

    if (text.len != DIGITS || text.ptr[0] != '1' ||
        !digits_parse((struct slice){text.ptr + 1, COMMIT_DIGITS}, 10, UINT64_MAX, &out->commit) ||
        !digits_parse((struct slice){text.ptr + 1 + COMMIT_DIGITS, ORDINAL_DIGITS}, 10, UINT32_MAX, &ordinal))
        return false;
    out->ordinal = (uint32_t)ordinal;
    return true;
}

int sequence_number_compare(struct sequence_number a, struct sequence_number b)
{
    if (a.commit != b.commit)
        return a.commit < b.commit ? -1 : 1;
    return (a.ordinal > b.ordinal) - (a.ordinal < b.ordinal);
}

struct sequence_number sequence_number_next(struct sequence_number number)
{
    number.ordinal++;
    if (number.ordinal == 0)
        number.commit++;
    return number;
}
