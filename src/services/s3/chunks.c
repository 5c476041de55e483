#include "services/s3/chunks.h"

#include "auth/digest.h"
#include "base/digits.h"

enum { CHUNK_LEAST = 8 * 1024, LINE_LONGEST = 1024, TRAILERS_LIMIT = 8 };

struct reading {
    struct arena *arena;
    struct slice rest;
    const struct chunk_signing *signing;
    struct digest *digest; /* NULL: no signatures */
    struct slice before;   /* the signature of the chunk before */
    struct slice *pieces;
    size_t places;
    struct chunks *out;
};

/* Up to the line's end, which goes with it. */
static bool take_line(struct slice *rest, struct slice *line)
{
    size_t longest = rest->len < LINE_LONGEST ? rest->len : LINE_LONGEST;
    const char *end = longest == 0 ? NULL : memmem(rest->ptr, longest, "\r\n", 2);

    if (end == NULL)
        return false;
    *line = (struct slice){rest->ptr, (size_t)(end - rest->ptr)};
    *rest = slice_skip(*rest, line->len + 2);
    return true;
}

static struct slice hash_of(struct reading *reading, struct slice bytes)
{
    unsigned char hash[SHA256_LENGTH];
    char *hex = arena_alloc(reading->arena, SHA256_HEX_LENGTH);

    digest_sha256(reading->digest, bytes, hash);
    digest_hex(hash, hex);
    return (struct slice){hex, SHA256_HEX_LENGTH};
}

/* Holds a signature against what it must be of, and keeps it for the next. */
static bool check_signature(struct reading *reading, const char *algorithm, struct slice hashes,
                            struct slice signature)
{
    const struct chunk_signing *signing = reading->signing;
    char computed[SHA256_HEX_LENGTH];

    if (signing->key == NULL)
        return true;
    struct slice text =
        arena_printf(reading->arena, "%s\n%.*s\n%.*s\n%.*s\n%.*s", algorithm, SLICE_ARGS(signing->time),
                     SLICE_ARGS(signing->scope), SLICE_ARGS(reading->before), SLICE_ARGS(hashes));
    sigv4_signature(reading->digest, signing->key, text, computed);
    reading->before = signature;
    return sigv4_signatures_equal(signature, computed);
}

static bool check_chunk(struct reading *reading, struct slice bytes, struct slice signature)
{
    if (reading->signing == NULL || reading->signing->key == NULL)
        return true;
    struct slice hashes = arena_printf(reading->arena, "%.*s\n%.*s", SLICE_ARGS(hash_of(reading, SLICE(""))),
                                       SLICE_ARGS(hash_of(reading, bytes)));
    return check_signature(reading, "AWS4-HMAC-SHA256-PAYLOAD", hashes, signature);
}

/* "SIZE", "SIZE;chunk-signature=SIGNATURE" */
static bool read_head(struct slice line, uint64_t *size, struct slice *signature)
{
    const struct slice name = SLICE("chunk-signature=");
    const char *semicolon = line.len == 0 ? NULL : memchr(line.ptr, ';', line.len);
    struct slice digits = {line.ptr, semicolon == NULL ? line.len : (size_t)(semicolon - line.ptr)};
    char small[16];

    *signature = SLICE("");
    if (semicolon != NULL) {
        *signature = slice_skip(line, digits.len + 1);
        if (!slice_starts_with(*signature, name))
            return false;
        *signature = slice_skip(*signature, name.len);
    }
    if (digits.len == 0 || digits.len > sizeof(small))
        return false;
    for (size_t i = 0; i < digits.len; i++)
        small[i] =
            (char)(digits.ptr[i] >= 'A' && digits.ptr[i] <= 'F' ? digits.ptr[i] | 0x20 : digits.ptr[i]);
    return digits_parse((struct slice){small, digits.len}, 16, UINT32_MAX, size);
}

static void add_piece(struct reading *reading, struct slice piece)
{
    struct s3_bytes *bytes = &reading->out->bytes;

    if (bytes->count == reading->places) {
        size_t places = reading->places == 0 ? 16 : 2 * reading->places;
        reading->pieces =
            arena_grow(reading->arena, reading->pieces, bytes->count, places, sizeof(reading->pieces[0]));
        reading->places = places;
    }
    reading->pieces[bytes->count++] = piece;
    bytes->pieces = reading->pieces;
    bytes->size += piece.len;
}

/* CHUNKS_OK with *last false: there is another. */
static enum chunks_problem read_chunk(struct reading *reading, bool *last)
{
    struct slice line, signature;
    uint64_t size;

    if (!take_line(&reading->rest, &line))
        return reading->rest.len < LINE_LONGEST ? CHUNKS_INCOMPLETE : CHUNKS_MALFORMED;
    if (!read_head(line, &size, &signature))
        return CHUNKS_MALFORMED;
    *last = size == 0;
    if (size > reading->rest.len)
        return CHUNKS_INCOMPLETE;
    struct slice bytes = {reading->rest.ptr, size};
    if (!check_chunk(reading, bytes, signature))
        return CHUNKS_WRONG_SIGNATURE;
    if (*last)
        return CHUNKS_OK;
    /* The one before was not the last. */
    if (reading->out->bad_size != 0)
        return CHUNKS_TOO_SMALL;
    if (size < CHUNK_LEAST)
        reading->out->bad_size = size;
    add_piece(reading, bytes);
    reading->rest = slice_skip(reading->rest, size);
    if (reading->rest.len < 2)
        return CHUNKS_INCOMPLETE;
    if (!slice_starts_with(reading->rest, SLICE("\r\n")))
        return CHUNKS_MALFORMED;
    reading->rest = slice_skip(reading->rest, 2);
    return CHUNKS_OK;
}

/* "name:value", in small letters and without blanks around the value. */
static bool read_trailer(struct slice line, struct slice *name, struct slice *value)
{
    const char *colon = line.len == 0 ? NULL : memchr(line.ptr, ':', line.len);

    if (colon == NULL || colon == line.ptr)
        return false;
    *name = (struct slice){line.ptr, (size_t)(colon - line.ptr)};
    *value = slice_skip(line, name->len + 1);
    while (value->len > 0 && value->ptr[0] == ' ')
        *value = slice_skip(*value, 1);
    while (value->len > 0 && (value->ptr[value->len - 1] == ' ' || value->ptr[value->len - 1] == '\n'))
        value->len--;
    return true;
}

/* The trailers are signed as they would stand each in a line. */
static bool check_trailer(struct reading *reading, struct slice signature)
{
    const struct chunks *out = reading->out;

    if (reading->signing == NULL || !reading->signing->trailer || reading->signing->key == NULL)
        return true;
    struct slice text = arena_printf(reading->arena, "%.*s:%.*s\n", SLICE_ARGS(out->trailer_name),
                                     SLICE_ARGS(out->trailer_value));
    return check_signature(reading, "AWS4-HMAC-SHA256-TRAILER", hash_of(reading, text), signature);
}

static enum chunks_problem read_trailers(struct reading *reading)
{
    struct chunks *out = reading->out;
    struct slice signature = SLICE("");

    for (int i = 0; i < TRAILERS_LIMIT; i++) {
        struct slice line, name, value;
        if (reading->rest.len == 0) /* some clients leave the last line's end out */
            return check_trailer(reading, signature) ? CHUNKS_OK : CHUNKS_WRONG_SIGNATURE;
        if (!take_line(&reading->rest, &line))
            return CHUNKS_TRAILER;
        if (line.len == 0) {
            if (reading->rest.len > 0)
                return CHUNKS_MALFORMED;
            continue;
        }
        if (!read_trailer(line, &name, &value))
            return CHUNKS_TRAILER;
        if (slice_is(name, "x-amz-trailer-signature"))
            signature = value;
        else if (out->trailer_name.len > 0)
            return CHUNKS_TRAILER;
        else
            out->trailer_name = name, out->trailer_value = value;
    }
    return CHUNKS_TRAILER;
}

enum chunks_problem chunks_read(struct arena *arena, struct slice body, uint64_t announced,
                                const struct chunk_signing *signing, struct chunks *out)
{
    struct reading reading = {.arena = arena, .rest = body, .signing = signing, .out = out};
    enum chunks_problem problem = CHUNKS_OK;
    bool last = false;

    *out = (struct chunks){0};
    out->trailer_name = out->trailer_value = SLICE("");
    if (signing != NULL) {
        reading.digest = digest_create();
        reading.before = signing->seed;
    }
    while (problem == CHUNKS_OK && !last)
        problem = read_chunk(&reading, &last);
    if (problem == CHUNKS_OK)
        problem = read_trailers(&reading);
    if (problem == CHUNKS_OK && out->bytes.size != announced)
        problem = CHUNKS_INCOMPLETE;
    digest_destroy(reading.digest);
    return problem;
}
