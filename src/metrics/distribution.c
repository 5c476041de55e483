#include "metrics/distribution.h"

#include <stdbool.h>

enum { EXACT = 16, EXACT_BITS = 4, A_DOUBLING = 8, A_DOUBLING_BITS = 3 };

void distribution_merge(struct distribution *to, const struct distribution *from)
{
    if (from->count == 0)
        return;
    if (to->count == 0 || from->min < to->min)
        to->min = from->min;
    if (to->count == 0 || from->max > to->max)
        to->max = from->max;
    to->count += from->count;
    to->sum += from->sum;
}

/* ---- places ---- */

static unsigned place_of(uint64_t value)
{
    if (value < EXACT)
        return (unsigned)value;
    unsigned bits = 63 - (unsigned)__builtin_clzll(value); /* 2^bits is in it */
    unsigned place = EXACT + (bits - EXACT_BITS) * A_DOUBLING +
                     (unsigned)((value >> (bits - A_DOUBLING_BITS)) & (A_DOUBLING - 1));
    return place < HISTOGRAM_PLACES ? place : HISTOGRAM_PLACES - 1;
}

/* The least value of a place. */
static double from_of(unsigned place)
{
    if (place < EXACT)
        return place;
    unsigned doubling = (place - EXACT) / A_DOUBLING, part = (place - EXACT) % A_DOUBLING;
    return (double)((uint64_t)(A_DOUBLING + part) << (doubling + EXACT_BITS - A_DOUBLING_BITS));
}

void histogram_add(struct histogram *to, uint64_t value)
{
    to->counts[place_of(value)]++;
}

void histogram_merge(struct histogram *to, const struct histogram *from)
{
    for (unsigned i = 0; i < HISTOGRAM_PLACES; i++)
        to->counts[i] += from->counts[i];
}

double histogram_percentile(const struct histogram *histogram, const struct distribution *of, double percent)
{
    double wanted = percent / 100 * (double)of->count, before = 0, value = (double)of->max;

    for (unsigned i = 0; i < HISTOGRAM_PLACES; i++) {
        double here = (double)histogram->counts[i];
        if (here > 0 && before + here >= wanted) {
            double width = from_of(i + 1) - from_of(i);
            /* Values of a place that holds one alone are that one. */
            value = from_of(i) + (width > 1 ? width * (wanted - before) / here : 0);
            break;
        }
        before += here;
    }
    if (value < (double)of->min)
        return (double)of->min;
    return value > (double)of->max ? (double)of->max : value;
}

/* ---- packed ---- */

static void write_number(struct buffer *out, uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        buffer_append_byte(out, (char)(number | 0x80));
    buffer_append_byte(out, (char)number);
}

static bool read_number(struct slice *from, uint64_t *out)
{
    *out = 0;
    for (unsigned shift = 0; from->len > 0 && shift < 64; shift += 7) {
        unsigned char byte = (unsigned char)from->ptr[0];
        *from = slice_skip(*from, 1);
        *out |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            return true;
    }
    return false;
}

void histogram_pack(const struct histogram *histogram, struct buffer *out)
{
    unsigned skipped = 0;

    for (unsigned i = 0; i < HISTOGRAM_PLACES; i++) {
        if (histogram->counts[i] == 0) {
            skipped++;
            continue;
        }
        write_number(out, skipped);
        write_number(out, histogram->counts[i]);
        skipped = 0;
    }
}

bool histogram_unpack(struct histogram *to, struct slice packed)
{
    uint64_t place = 0, skipped, count;

    for (; packed.len > 0; place++) {
        if (!read_number(&packed, &skipped) || !read_number(&packed, &count) || skipped >= HISTOGRAM_PLACES)
            return false;
        place += skipped;
        if (place >= HISTOGRAM_PLACES)
            return false;
        to->counts[place] += count;
    }
    return true;
}
