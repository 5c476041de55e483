#include "wire/query_answer.h"

#include "base/buffer.h"
#include "base/digits.h"

struct reader {
    struct arena *arena;
    struct slice rest;
};

/* An element's children while they are gathered. */
struct children {
    struct json_member *list;
    size_t count;
    size_t capacity;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Takes what stands before `mark`, and the mark; false if it does not come. */
static bool take_until(struct reader *reader, struct slice mark, struct slice *out)
{
    const char *at =
        reader->rest.len == 0 ? NULL : memmem(reader->rest.ptr, reader->rest.len, mark.ptr, mark.len);

    if (at == NULL)
        return false;
    *out = (struct slice){reader->rest.ptr, (size_t)(at - reader->rest.ptr)};
    reader->rest = slice_skip(reader->rest, out->len + mark.len);
    return true;
}

/* Declarations, comments, blanks. */
static bool pass_over(struct reader *reader)
{
    struct slice skipped;

    for (;;) {
        while (reader->rest.len > 0 && is_blank(reader->rest.ptr[0]))
            reader->rest = slice_skip(reader->rest, 1);
        bool comment = slice_starts_with(reader->rest, SLICE("<!--"));
        if (!comment && !slice_starts_with(reader->rest, SLICE("<?")))
            return true;
        if (!take_until(reader, comment ? SLICE("-->") : SLICE("?>"), &skipped))
            return false;
    }
}

/* ---- text ---- */

static void append_character(struct buffer *out, uint64_t code)
{
    if (code < 0x80) {
        buffer_append_byte(out, (char)code);
    } else if (code < 0x800) {
        buffer_append_byte(out, (char)(0xC0 | (code >> 6)));
        buffer_append_byte(out, (char)(0x80 | (code & 0x3F)));
    } else if (code < 0x10000) {
        buffer_append_byte(out, (char)(0xE0 | (code >> 12)));
        buffer_append_byte(out, (char)(0x80 | ((code >> 6) & 0x3F)));
        buffer_append_byte(out, (char)(0x80 | (code & 0x3F)));
    } else {
        buffer_append_byte(out, (char)(0xF0 | (code >> 18)));
        buffer_append_byte(out, (char)(0x80 | ((code >> 12) & 0x3F)));
        buffer_append_byte(out, (char)(0x80 | ((code >> 6) & 0x3F)));
        buffer_append_byte(out, (char)(0x80 | (code & 0x3F)));
    }
}

/* "10" or "xA" to a character's number; digits_parse() wants small letters. */
static bool read_number(struct slice text, uint64_t *out)
{
    enum { LAST_CHARACTER = 0x10FFFF, DIGITS_LIMIT = 8 };
    bool hexadecimal = slice_starts_with(text, SLICE("x"));
    char digits[DIGITS_LIMIT];

    text = slice_skip(text, hexadecimal ? 1 : 0);
    if (text.len > DIGITS_LIMIT)
        return false;
    for (size_t i = 0; i < text.len; i++)
        digits[i] = (char)(text.ptr[i] >= 'A' && text.ptr[i] <= 'F' ? text.ptr[i] - 'A' + 'a' : text.ptr[i]);
    return digits_parse((struct slice){digits, text.len}, hexadecimal ? 16 : 10, LAST_CHARACTER, out);
}

/* What stands between '&' and ';'. */
static bool append_reference(struct buffer *out, struct slice name)
{
    static const struct {
        const char *name;
        char character;
    } known[] = {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
    uint64_t code;

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (slice_is(name, known[i].name)) {
            buffer_append_byte(out, known[i].character);
            return true;
        }
    }
    if (!slice_starts_with(name, SLICE("#")) || !read_number(slice_skip(name, 1), &code))
        return false;
    append_character(out, code);
    return true;
}

static bool read_text(struct reader *reader, struct slice raw, struct slice *out)
{
    struct buffer text;
    bool right = true;

    buffer_init(&text);
    while (right && raw.len > 0) {
        const char *reference = memchr(raw.ptr, '&', raw.len);
        size_t plain = reference == NULL ? raw.len : (size_t)(reference - raw.ptr);
        buffer_append(&text, (struct slice){raw.ptr, plain});
        raw = slice_skip(raw, plain);
        if (raw.len == 0)
            break;
        const char *end = memchr(raw.ptr, ';', raw.len);
        right =
            end != NULL && append_reference(&text, (struct slice){raw.ptr + 1, (size_t)(end - raw.ptr) - 1});
        if (right)
            raw = slice_skip(raw, (size_t)(end - raw.ptr) + 1);
    }
    *out = arena_copy(reader->arena, buffer_slice(&text));
    buffer_finish(&text);
    return right;
}

/* ---- elements ---- */

static void add_child(struct reader *reader, struct children *children, const struct json_member *child)
{
    if (children->count == children->capacity) {
        size_t capacity = children->capacity == 0 ? 8 : children->capacity * 2;
        children->list =
            arena_grow(reader->arena, children->list, children->count, capacity, sizeof(children->list[0]));
        children->capacity = capacity;
    }
    children->list[children->count++] = *child;
}

/* Elements named "member" are a list; others are members of an object. */
static void take_children(struct reader *reader, const struct children *children, struct json *out)
{
    bool is_list = slice_is(children->list[0].name, "member");

    if (!is_list) {
        out->type = JSON_OBJECT;
        out->object.members = children->list;
        out->object.count = json_drop_repeated(children->list, children->count);
        return;
    }
    out->type = JSON_ARRAY;
    out->array.count = children->count;
    out->array.items = arena_array(reader->arena, struct json, children->count);
    for (size_t i = 0; i < children->count; i++)
        out->array.items[i] = children->list[i].value;
}

/* Reads "<name ...>", up to its '>'. */
static bool read_start(struct reader *reader, struct slice *name, bool *ends)
{
    if (reader->rest.len == 0 || reader->rest.ptr[0] != '<')
        return false;
    reader->rest = slice_skip(reader->rest, 1);
    if (!take_until(reader, SLICE(">"), name) || name->len == 0)
        return false;
    *ends = name->ptr[name->len - 1] == '/';
    name->len -= *ends;
    for (size_t i = 0; i < name->len; i++) {
        if (is_blank(name->ptr[i]))
            name->len = i;
    }
    return name->len > 0 && name->ptr[0] != '/';
}

static bool read_end(struct reader *reader, struct slice name)
{
    struct slice found;

    return slice_starts_with(reader->rest, SLICE("</")) && take_until(reader, SLICE(">"), &found) &&
           slice_equal(slice_skip(found, 2), name);
}

/* Recursion is bounded by `depth`. */
static bool read_element(struct reader *reader, unsigned depth, struct json_member *out)
{
    struct children children = {0};
    struct slice raw;
    bool ends;

    if (depth == 0 || !read_start(reader, &out->name, &ends))
        return false;
    out->value = (struct json){.type = JSON_STRING, .text = SLICE("")};
    if (ends)
        return true;
    const char *next = reader->rest.len == 0 ? NULL : memchr(reader->rest.ptr, '<', reader->rest.len);
    if (next == NULL)
        return false;
    raw = (struct slice){reader->rest.ptr, (size_t)(next - reader->rest.ptr)};
    struct slice from_next = slice_skip(reader->rest, raw.len);
    if (slice_starts_with(from_next, SLICE("</"))) {
        reader->rest = from_next;
        return read_text(reader, raw, &out->value.text) && read_end(reader, out->name);
    }
    for (;;) {
        struct json_member child;
        if (!pass_over(reader))
            return false;
        if (slice_starts_with(reader->rest, SLICE("</")))
            break;
        if (!read_element(reader, depth - 1, &child))
            return false;
        add_child(reader, &children, &child);
    }
    if (children.count > 0)
        take_children(reader, &children, &out->value);
    return read_end(reader, out->name);
}

bool query_answer_read(struct arena *arena, struct slice xml, struct json *out)
{
    struct reader reader = {arena, xml};
    struct json_member *root = arena_new(arena, struct json_member);

    *out = (struct json){.type = JSON_OBJECT, .object = {root, 1}};
    return pass_over(&reader) && read_element(&reader, QUERY_ANSWER_DEPTH, root) && pass_over(&reader) &&
           reader.rest.len == 0;
}
