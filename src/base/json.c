#include "base/json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <yajl/yajl_parse.h>

#include "base/base64.h"
#include "base/check.h"

/* ---- UTF-8 ---- */

/* How many bytes the well-formed character at `at` has, or 0: no overlong forms, no surrogates, nothing above
 * U+10FFFF (RFC 3629, section 4). */
static size_t utf8_character(const unsigned char *at, size_t left)
{
    unsigned char first = at[0], least = 0x80, most = 0xBF;
    size_t length = first < 0x80   ? 1
                    : first < 0xC2 ? 0
                    : first < 0xE0 ? 2
                    : first < 0xF0 ? 3
                    : first < 0xF5 ? 4
                                   : 0;

    if (length <= 1)
        return length;
    if (length > left)
        return 0;
    if (first == 0xE0)
        least = 0xA0;
    else if (first == 0xED)
        most = 0x9F;
    else if (first == 0xF0)
        least = 0x90;
    else if (first == 0xF4)
        most = 0x8F;
    if (at[1] < least || at[1] > most)
        return 0;
    for (size_t i = 2; i < length; i++) {
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    }
    return length;
}

bool json_text_valid(struct slice text)
{
    const unsigned char *at = (const unsigned char *)text.ptr;
    size_t i = 0;

    while (i < text.len) {
        uint64_t eight;
        if (text.len - i >= sizeof(eight)) {
            memcpy(&eight, at + i, sizeof(eight));
            if ((eight & 0x8080808080808080) == 0) {
                i += sizeof(eight);
                continue;
            }
        }
        size_t length = utf8_character(at + i, text.len - i);
        if (length == 0)
            return false;
        i += length;
    }
    return true;
}

/* ---- parsing ---- */

enum { FIRST_MEMBERS = 48, NESTING_LIMIT = 256, FEW_MEMBERS = 24 };

/*
 * yajl calls for each token. Values that are complete wait in `waiting`, those of an open object or array
 * behind the place of the object or array itself; when it ends they are copied to the arena as its members.
 */
struct builder {
    struct arena *arena;
    struct slice text;
    struct json_member *waiting; /* `first`, or memory from malloc() */
    size_t count;
    size_t capacity;
    size_t open[NESTING_LIMIT]; /* the places of the open objects and arrays */
    unsigned depth;
    unsigned max_depth;
    bool too_deep;
    struct json_flaw *flaw; /* NULL: nobody asks */
    struct json_member first[FIRST_MEMBERS];
};

/* The place of the next value; its name may have been set by on_name(). */
static struct json_member *next_place(struct builder *builder)
{
    if (builder->count == builder->capacity) {
        size_t capacity = builder->capacity * 2;
        struct json_member *grown = builder->waiting == builder->first ? NULL : builder->waiting;
        CHECK(capacity <= SIZE_MAX / sizeof(*grown));
        grown = realloc(grown, capacity * sizeof(*grown));
        CHECK(grown != NULL);
        if (builder->waiting == builder->first)
            memcpy(grown, builder->first, sizeof(builder->first));
        builder->waiting = grown;
        builder->capacity = capacity;
    }
    return &builder->waiting[builder->count];
}

/*
 * yajl makes CESU-8 of an escaped surrogate that has no partner. As in AWS's Java it becomes '?', so that
 * every string is UTF-8.
 */
static void replace_surrogates(char *bytes, size_t *length)
{
    size_t to = 0;

    for (size_t i = 0; i < *length;) {
        if ((unsigned char)bytes[i] == 0xED && i + 2 < *length &&
            ((unsigned char)bytes[i + 1] & 0xE0) == 0xA0) {
            bytes[to++] = '?';
            i += 3;
        } else {
            bytes[to++] = bytes[i++];
        }
    }
    *length = to;
}

/* What yajl hands out is a slice of the text, or of a buffer that yajl uses again: strings with escapes, and
 * a number that ends the text. */
static bool is_in_text(const struct builder *builder, const void *bytes)
{
    return (uintptr_t)bytes - (uintptr_t)builder->text.ptr < builder->text.len;
}

static struct slice keep_string(struct builder *builder, const unsigned char *bytes, size_t length)
{
    struct slice string = {(const char *)bytes, length};

    if (length == 0)
        return SLICE("");
    if (is_in_text(builder, bytes))
        return string;
    char *copy = (char *)arena_copy(builder->arena, string).ptr;
    replace_surrogates(copy, &length);
    return (struct slice){copy, length};
}

static int on_null(void *context)
{
    struct builder *builder = context;

    next_place(builder)->value = (struct json){.type = JSON_NULL};
    builder->count++;
    return 1;
}

static int on_boolean(void *context, int boolean)
{
    struct builder *builder = context;

    next_place(builder)->value = (struct json){.type = JSON_BOOLEAN, .boolean = boolean != 0};
    builder->count++;
    return 1;
}

static int on_number(void *context, const char *bytes, size_t length)
{
    struct builder *builder = context;
    struct slice text = {bytes, length};

    if (!is_in_text(builder, bytes))
        text = arena_copy(builder->arena, text);
    next_place(builder)->value = (struct json){.type = JSON_NUMBER, .text = text};
    builder->count++;
    return 1;
}

static int on_string(void *context, const unsigned char *bytes, size_t length)
{
    struct builder *builder = context;

    next_place(builder)->value =
        (struct json){.type = JSON_STRING, .text = keep_string(builder, bytes, length)};
    builder->count++;
    return 1;
}

static int on_name(void *context, const unsigned char *bytes, size_t length)
{
    struct builder *builder = context;

    next_place(builder)->name = keep_string(builder, bytes, length);
    return 1;
}

static int on_start(struct builder *builder, enum json_type type)
{
    if (builder->depth == builder->max_depth) {
        builder->too_deep = true;
        return 0;
    }
    next_place(builder)->value = (struct json){.type = type};
    builder->open[builder->depth++] = builder->count++;
    return 1;
}

static int on_start_object(void *context)
{
    return on_start(context, JSON_OBJECT);
}

static int on_start_array(void *context)
{
    return on_start(context, JSON_ARRAY);
}

/* Repeated names in a small object: the first place gets the last value. Returns how many members are left.
 */
static size_t drop_repeated_few(struct json_member *members, size_t count)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        size_t same = 0;
        while (same < kept && !slice_equal(members[same].name, members[i].name))
            same++;
        if (same < kept)
            members[same].value = members[i].value;
        else
            members[kept++] = members[i];
    }
    return kept;
}

static int compare_names(const void *left, const void *right)
{
    const struct json_member *a = *(const struct json_member *const *)left;
    const struct json_member *b = *(const struct json_member *const *)right;
    int order = slice_compare(a->name, b->name);

    return order != 0 ? order : (a > b) - (a < b);
}

/* The same by sorting: hash tables have inputs that make them slow, and this text is a stranger's. */
static size_t drop_repeated_many(struct json_member *members, size_t count)
{
    const struct json_member **sorted = malloc(count * sizeof(struct json_member *));
    bool *repeated = calloc(count, 1), any = false;
    size_t kept = 0;

    CHECK(sorted != NULL && repeated != NULL);
    for (size_t i = 0; i < count; i++)
        sorted[i] = &members[i];
    qsort(sorted, count, sizeof(struct json_member *), compare_names);
    for (size_t i = 0, next; i < count; i = next) {
        for (next = i + 1; next < count && slice_equal(sorted[next]->name, sorted[i]->name); next++) {
            repeated[sorted[next] - members] = any = true;
        }
        if (next > i + 1)
            members[sorted[i] - members].value = sorted[next - 1]->value;
    }
    for (size_t i = 0; any && i < count; i++) {
        if (!repeated[i])
            members[kept++] = members[i];
    }
    free(sorted);
    free(repeated);
    return any ? kept : count;
}

size_t json_drop_repeated(struct json_member *members, size_t count)
{
    return count <= FEW_MEMBERS ? drop_repeated_few(members, count) : drop_repeated_many(members, count);
}

/* A name that is there twice; ptr NULL: none is. */
static struct slice find_repeated(const struct json_member *members, size_t count)
{
    const struct json_member **sorted = malloc(count * sizeof(struct json_member *));
    struct slice found = {NULL, 0};

    CHECK(sorted != NULL);
    for (size_t i = 0; i < count; i++)
        sorted[i] = &members[i];
    qsort(sorted, count, sizeof(struct json_member *), compare_names);
    for (size_t i = 1; i < count && found.ptr == NULL; i++) {
        if (slice_equal(sorted[i]->name, sorted[i - 1]->name))
            found = sorted[i]->name.len == 0 ? SLICE("") : sorted[i]->name;
    }
    free(sorted);
    return found;
}

static int on_end_object(void *context)
{
    struct builder *builder = context;
    size_t place = builder->open[--builder->depth];
    struct json_member *members = &builder->waiting[place + 1];
    struct json *object = &builder->waiting[place].value;
    size_t count = builder->count - place - 1;

    if (count > 1 && builder->flaw != NULL && builder->flaw->repeated.ptr == NULL)
        builder->flaw->repeated = find_repeated(members, count);
    if (count > 1)
        count = json_drop_repeated(members, count);
    object->object.count = count;
    object->object.members = arena_alloc(builder->arena, count * sizeof(*members));
    memcpy(object->object.members, members, count * sizeof(*members));
    builder->count = place + 1;
    return 1;
}

static int on_end_array(void *context)
{
    struct builder *builder = context;
    size_t place = builder->open[--builder->depth];
    struct json *array = &builder->waiting[place].value;
    size_t count = builder->count - place - 1;

    array->array.count = count;
    array->array.items = arena_alloc(builder->arena, count * sizeof(*array));
    for (size_t i = 0; i < count; i++)
        array->array.items[i] = builder->waiting[place + 1 + i].value;
    builder->count = place + 1;
    return 1;
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_map_key = on_name,
    .yajl_start_map = on_start_object,
    .yajl_end_map = on_end_object,
    .yajl_start_array = on_start_array,
    .yajl_end_array = on_end_array,
};

/* yajl's own memory comes from the arena too. What it frees is not used again, which is little: it doubles
 * its buffers. */
static void *yajl_from_arena(void *context, size_t size)
{
    size_t *block = arena_alloc(context, _Alignof(max_align_t) + size);

    *block = size;
    return (char *)block + _Alignof(max_align_t);
}

static void *yajl_grow_in_arena(void *context, void *old, size_t size)
{
    void *grown = yajl_from_arena(context, size);

    if (old != NULL) {
        size_t had = *(size_t *)(void *)((char *)old - _Alignof(max_align_t));
        memcpy(grown, old, had < size ? had : size);
    }
    return grown;
}

static void yajl_leave_in_arena(void *context, void *block)
{
    (void)context;
    (void)block;
}

static enum json_problem run(struct builder *builder)
{
    yajl_alloc_funcs memory = {yajl_from_arena, yajl_grow_in_arena, yajl_leave_in_arena, builder->arena};
    yajl_handle parser = yajl_alloc(&callbacks, &memory, builder);

    CHECK(parser != NULL);
    /* json_text_valid() is stricter, and faster on ASCII. */
    yajl_config(parser, yajl_dont_validate_strings, 1);
    yajl_status status = yajl_parse(parser, (const unsigned char *)builder->text.ptr, builder->text.len);
    size_t consumed = yajl_get_bytes_consumed(parser);
    if (builder->flaw != NULL)
        builder->flaw->offset = status == yajl_status_ok ? builder->text.len : consumed;
    if (status == yajl_status_ok)
        status = yajl_complete_parse(parser);
    yajl_free(parser);
    if (builder->too_deep)
        return JSON_TOO_DEEP;
    return status == yajl_status_ok && builder->count == 1 && builder->depth == 0 ? JSON_OK : JSON_SYNTAX;
}

/* Where the text stops being UTF-8. */
static size_t find_invalid(struct slice text)
{
    size_t i = 0, length = 1;

    while (i < text.len && length > 0) {
        length = utf8_character((const unsigned char *)text.ptr + i, text.len - i);
        i += length;
    }
    return i;
}

static enum json_problem parse(struct arena *arena, struct slice text, unsigned max_depth,
                               const struct json **out, struct json_flaw *flaw)
{
    struct builder builder;

    CHECK(max_depth <= NESTING_LIMIT);
    *out = NULL;
    if (text.len == 0 || !json_text_valid(text)) {
        if (flaw != NULL)
            flaw->offset = find_invalid(text);
        return JSON_SYNTAX;
    }
    builder.arena = arena;
    builder.text = text;
    builder.waiting = builder.first;
    builder.count = 0;
    builder.capacity = FIRST_MEMBERS;
    builder.depth = 0;
    builder.max_depth = max_depth;
    builder.too_deep = false;
    builder.flaw = flaw;
    enum json_problem problem = run(&builder);
    if (problem == JSON_OK) {
        struct json *root = arena_new(arena, struct json);
        *root = builder.waiting[0].value;
        *out = root;
    }
    if (builder.waiting != builder.first)
        free(builder.waiting);
    return problem;
}

enum json_problem json_parse(struct arena *arena, struct slice text, unsigned max_depth,
                             const struct json **out)
{
    return parse(arena, text, max_depth, out, NULL);
}

enum json_problem json_parse_strictly(struct arena *arena, struct slice text, unsigned max_depth,
                                      const struct json **out, struct json_flaw *flaw)
{
    *flaw = (struct json_flaw){0};
    return parse(arena, text, max_depth, out, flaw);
}

/* ---- reading ---- */

const struct json *json_get_slice(const struct json *object, struct slice name)
{
    if (object == NULL || object->type != JSON_OBJECT)
        return NULL;
    for (size_t i = 0; i < object->object.count; i++) {
        if (slice_equal(object->object.members[i].name, name))
            return &object->object.members[i].value;
    }
    return NULL;
}

const struct json *json_get(const struct json *object, const char *name)
{
    return json_get_slice(object, slice_of(name));
}

const struct json *json_get_present(const struct json *object, const char *name)
{
    const struct json *member = json_get(object, name);

    return member == NULL || member->type == JSON_NULL ? NULL : member;
}

bool json_to_int64(const struct json *number, int64_t *out)
{
    if (number->type != JSON_NUMBER)
        return false;
    struct slice text = number->text;
    bool negative = text.len > 0 && text.ptr[0] == '-';
    int64_t value = 0;
    if (negative)
        text = slice_skip(text, 1);
    if (text.len == 0)
        return false;
    /* Downwards, for the least number has no positive counterpart. */
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9' || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, text.ptr[i] - '0', &value))
            return false;
    }
    if (!negative && __builtin_sub_overflow(0, value, &value))
        return false;
    *out = value;
    return true;
}

/* ---- writing ---- */

static char *write_escaped(char *at, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";

    *at++ = '\\';
    switch (c) {
    case '"':
    case '\\':
        *at++ = (char)c;
        break;
    case '\b':
        *at++ = 'b';
        break;
    case '\f':
        *at++ = 'f';
        break;
    case '\n':
        *at++ = 'n';
        break;
    case '\r':
        *at++ = 'r';
        break;
    case '\t':
        *at++ = 't';
        break;
    default:
        memcpy(at, "u00", 3);
        at[3] = hex[c >> 4];
        at[4] = hex[c & 15];
        at += 5;
    }
    return at;
}

/* Whether one of eight bytes must be escaped: is a control character, '"' or '\\'. Bits of bytes behind the
 * first such one may be wrong; that there is one is not. */
static uint64_t needs_escape(uint64_t eight)
{
    const uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
    uint64_t quote = eight ^ (ones * '"'), backslash = eight ^ (ones * '\\');

    return (((eight - ones * 0x20) & ~eight) | ((quote - ones) & ~quote) |
            ((backslash - ones) & ~backslash)) &
           tops;
}

void json_write_string(struct buffer *out, struct slice text)
{
    enum { LONGEST_ESCAPE = 6 };
    size_t i = 0;
    char *at = buffer_reserve(out, text.len + 2);

    *at++ = '"';
    while (i < text.len) {
        uint64_t eight;
        if (text.len - i >= sizeof(eight)) {
            memcpy(&eight, text.ptr + i, sizeof(eight));
            if (needs_escape(eight) == 0) {
                memcpy(at, &eight, sizeof(eight));
                at += sizeof(eight);
                i += sizeof(eight);
                continue;
            }
        }
        unsigned char c = (unsigned char)text.ptr[i++];
        if (c >= 0x20 && c != '"' && c != '\\') {
            *at++ = (char)c;
            continue;
        }
        out->len = (size_t)(at - out->bytes);
        at = write_escaped(buffer_reserve(out, LONGEST_ESCAPE + (text.len - i) + 1), c);
    }
    *at++ = '"';
    out->len = (size_t)(at - out->bytes);
}

void json_write_int64(struct buffer *out, int64_t value)
{
    char digits[20];
    size_t at = sizeof(digits);
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        digits[--at] = '-';
    buffer_append(out, (struct slice){digits + at, sizeof(digits) - at});
}

void json_write_value(struct buffer *out, const struct json *value)
{
    switch (value->type) {
    case JSON_NULL:
        buffer_append(out, SLICE("null"));
        break;
    case JSON_BOOLEAN:
        buffer_append(out, value->boolean ? SLICE("true") : SLICE("false"));
        break;
    case JSON_NUMBER:
        buffer_append(out, value->text);
        break;
    case JSON_STRING:
        json_write_string(out, value->text);
        break;
    case JSON_ARRAY:
        buffer_append_byte(out, '[');
        for (size_t i = 0; i < value->array.count; i++) {
            if (i > 0)
                buffer_append_byte(out, ',');
            json_write_value(out, &value->array.items[i]);
        }
        buffer_append_byte(out, ']');
        break;
    case JSON_OBJECT:
        buffer_append_byte(out, '{');
        for (size_t i = 0; i < value->object.count; i++) {
            if (i > 0)
                buffer_append_byte(out, ',');
            json_write_string(out, value->object.members[i].name);
            buffer_append_byte(out, ':');
            json_write_value(out, &value->object.members[i].value);
        }
        buffer_append_byte(out, '}');
        break;
    }
}

void json_write_base64(struct buffer *out, struct slice bytes)
{
    buffer_append_byte(out, '"');
    base64_encode(out, bytes);
    buffer_append_byte(out, '"');
}

void json_write_name(struct buffer *out, bool *first, const char *name)
{
    if (!*first)
        buffer_append_byte(out, ',');
    *first = false;
    json_write_string(out, slice_of(name));
    buffer_append_byte(out, ':');
}

void json_write_string_member(struct buffer *out, bool *first, const char *name, struct slice text)
{
    json_write_name(out, first, name);
    json_write_string(out, text);
}

void json_write_int64_member(struct buffer *out, bool *first, const char *name, int64_t value)
{
    json_write_name(out, first, name);
    json_write_int64(out, value);
}

void json_write_time_member(struct buffer *out, bool *first, const char *name, int64_t milliseconds)
{
    json_write_name(out, first, name);
    buffer_printf(out, "%" PRId64 ".%03d", milliseconds / 1000, (int)(milliseconds % 1000));
}
