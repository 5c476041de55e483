#include "wire/request_id.h"

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

/*
 * Ids are to be unique, not secret: a generator (xoshiro256**, Blackman and Vigna) for each thread, seeded by
 * the kernel, whose outputs are spelled in base 32. 52 digits of 5 bits; 12 of them fit into one output.
 */
struct generator {
    bool seeded;
    uint64_t s[4];
};

static _Thread_local struct generator generator;

static uint64_t rotate(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

static uint64_t next(struct generator *g)
{
    uint64_t *s = g->s, result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

struct slice request_id_create(struct arena *arena)
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUV";
    enum { DIGITS_PER_OUTPUT = 12 };
    char *id = arena_alloc(arena, REQUEST_ID_LENGTH + 1);
    uint64_t bits = 0;

    if (!generator.seeded) {
        random_bytes(generator.s, sizeof(generator.s));
        generator.seeded = true;
    }
    for (int i = 0; i < REQUEST_ID_LENGTH; i++, bits >>= 5) {
        if (i % DIGITS_PER_OUTPUT == 0)
            bits = next(&generator);
        id[i] = digits[bits & 31];
    }
    id[REQUEST_ID_LENGTH] = '\0';
    return (struct slice){id, REQUEST_ID_LENGTH};
}
