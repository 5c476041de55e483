#include "wire/xml.h"

#include "base/digits.h"

struct reader {
    struct arena *arena;
    struct slice rest;
    size_t elements_left;
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

static void pass_blanks(struct reader *reader)
{
    while (reader->rest.len > 0 && is_blank(reader->rest.ptr[0]))
        reader->rest = slice_skip(reader->rest, 1);
}

/* Declarations, comments, blanks. */
static bool pass_over(struct reader *reader)
{
    struct slice skipped;

    for (;;) {
        pass_blanks(reader);
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

/* Reads "<name ...>", up to its '>', which may stand in the value of an attribute too. */
static bool read_start(struct reader *reader, struct slice *name, bool *ends)
{
    char quote = 0;
    size_t end = 0;

    if (reader->rest.len == 0 || reader->rest.ptr[0] != '<')
        return false;
    struct slice tag = slice_skip(reader->rest, 1);
    for (; end < tag.len && (quote != 0 || tag.ptr[end] != '>'); end++) {
        char c = tag.ptr[end];
        if (quote != 0)
            quote = c == quote ? 0 : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '<')
            return false;
    }
    if (end == tag.len || end == 0)
        return false;
    reader->rest = slice_skip(tag, end + 1);
    *ends = tag.ptr[end - 1] == '/';
    *name = (struct slice){tag.ptr, end - *ends};
    for (size_t i = 0; i < name->len; i++) {
        if (is_blank(name->ptr[i]))
            name->len = i;
    }
    return name->len > 0 && name->ptr[0] != '/' && name->ptr[0] != '!';
}

static bool read_end(struct reader *reader, struct slice name)
{
    struct slice found;

    if (!slice_starts_with(reader->rest, SLICE("</")) || !take_until(reader, SLICE(">"), &found))
        return false;
    found = slice_skip(found, 2);
    while (found.len > 0 && is_blank(found.ptr[found.len - 1]))
        found.len--;
    return slice_equal(found, name);
}

static struct slice without_prefix(struct slice name)
{
    const char *colon = memchr(name.ptr, ':', name.len);

    return colon == NULL ? name : slice_skip(name, (size_t)(colon - name.ptr) + 1);
}

static bool read_element(struct reader *reader, unsigned depth, struct xml_element *out);

/* What is in an element, up to its end. */
static bool read_children(struct reader *reader, unsigned depth, struct xml_element *out)
{
    const struct xml_element **end = &out->first;

    for (;;) {
        if (!pass_over(reader))
            return false;
        if (slice_starts_with(reader->rest, SLICE("</")))
            return true;
        struct xml_element *child = arena_new(reader->arena, struct xml_element);
        if (!read_element(reader, depth, child))
            return false;
        *end = child;
        end = &child->next;
    }
}

/* Recursion is bounded by `depth`. */
static bool read_element(struct reader *reader, unsigned depth, struct xml_element *out)
{
    struct slice name;
    bool ends;

    if (depth == 0 || reader->elements_left-- == 0 || !read_start(reader, &name, &ends))
        return false;
    out->name = without_prefix(name);
    out->text = SLICE("");
    if (ends)
        return true;
    const char *next = reader->rest.len == 0 ? NULL : memchr(reader->rest.ptr, '<', reader->rest.len);
    if (next == NULL)
        return false;
    struct slice raw = {reader->rest.ptr, (size_t)(next - reader->rest.ptr)};
    struct slice from_next = slice_skip(reader->rest, raw.len);
    if (slice_starts_with(from_next, SLICE("</"))) {
        reader->rest = from_next;
        return read_text(reader, raw, &out->text) && read_end(reader, name);
    }
    return read_children(reader, depth - 1, out) && read_end(reader, name);
}

bool xml_read(struct arena *arena, struct slice text, const struct xml_limits *limits,
              const struct xml_element **out)
{
    struct reader reader = {arena, text, limits->elements};
    struct xml_element *root = arena_new(arena, struct xml_element);

    *out = root;
    return json_text_valid(text) && pass_over(&reader) && read_element(&reader, limits->depth, root) &&
           pass_over(&reader) && reader.rest.len == 0;
}

const struct xml_element *xml_get(const struct xml_element *parent, const char *name)
{
    const struct xml_element *at = parent == NULL ? NULL : parent->first;

    while (at != NULL && !slice_is(at->name, name))
        at = at->next;
    return at;
}

/* ---- writing ---- */

static void write_control(struct buffer *out, char c, enum xml_controls controls)
{
    if (controls == XML_CONTROLS_REPLACED)
        buffer_append(out, SLICE("\xEF\xBF\xBD"));
    else
        buffer_printf(out, "&#x%x;", (unsigned)(unsigned char)c);
}

void xml_write_text(struct buffer *out, struct slice text, enum xml_controls controls)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '&')
            buffer_append(out, SLICE("&amp;"));
        else if (c == '<')
            buffer_append(out, SLICE("&lt;"));
        else if (c == '>')
            buffer_append(out, SLICE("&gt;"));
        else if (c == '"')
            buffer_append(out, SLICE("&quot;"));
        else if (c == '\r')
            buffer_append(out, SLICE("&#xD;"));
        else if ((unsigned char)c < 0x20 && c != '\t' && c != '\n')
            write_control(out, c, controls);
        else
            buffer_append_byte(out, c);
    }
}

static void write_content(struct buffer *out, const struct json *value, enum xml_controls controls)
{
    switch (value->type) {
    case JSON_STRING:
    case JSON_NUMBER:
        xml_write_text(out, value->text, controls);
        break;
    case JSON_BOOLEAN:
        buffer_append_string(out, value->boolean ? "true" : "false");
        break;
    case JSON_OBJECT:
        for (size_t i = 0; i < value->object.count; i++)
            xml_write_json(out, value->object.members[i].name, &value->object.members[i].value, controls);
        break;
    case JSON_ARRAY:
    case JSON_NULL:
        break;
    }
}

/* Recursion is bounded by the depth of the JSON. */
void xml_write_json(struct buffer *out, struct slice name, const struct json *value,
                    enum xml_controls controls)
{
    if (value->type == JSON_ARRAY) {
        for (size_t i = 0; i < value->array.count; i++)
            xml_write_json(out, name, &value->array.items[i], controls);
    } else if (value->type != JSON_NULL) {
        buffer_printf(out, "<%.*s>", SLICE_ARGS(name));
        write_content(out, value, controls);
        buffer_printf(out, "</%.*s>", SLICE_ARGS(name));
    }
}
