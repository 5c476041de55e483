/*
 * Records in Amazon Ion's text form, as AWS exports and imports them: $ion_1_0 {Item:{...}}, one a line.
 *
 *   S    "text"                  M    {name:value,...}
 *   N    decimal: 5. 1.5 6d2     L    [value,...]
 *   B    {{base64}}              SS   $dynamodb_SS::["a","b"]
 *   BOOL true                    NS   $dynamodb_NS::[1.,2.]
 *   NULL null                    BS   $dynamodb_BS::[{{AQ==}}]
 *
 * Reading takes all of Ion that has a meaning here (comments, quoted symbols, long strings, whole numbers)
 * and refuses by name what has none (floats, timestamps, clobs, s-expressions, symbols as values). It makes
 * the tree of DynamoDB's JSON, whose own checks follow. AWS: "DynamoDB table export output format"; Ion 1.0's
 * specification.
 */
#include <string.h>

#include "base/base64.h"
#include "base/characters.h"
#include "exchange/notation.h"
#include "exchange/record.h"

enum { ION_DEPTH = 100, FIRST_PLACES = 8 };

struct ion {
    struct arena *arena;
    const char *at;
    const char *end;
    unsigned depth;
    struct slice attribute; /* that is being read */
    struct fault *fault;
};

static bool read_value(struct ion *ion, struct json *out);

#define ion_fails(ion, ...) record_fails((ion)->arena, (ion)->fault, (ion)->attribute, __VA_ARGS__)

/* ---- between tokens ---- */

static bool starts(const struct ion *ion, const char *text)
{
    size_t length = strlen(text);

    return (size_t)(ion->end - ion->at) >= length && memcmp(ion->at, text, length) == 0;
}

static bool take(struct ion *ion, const char *text)
{
    if (!starts(ion, text))
        return false;
    ion->at += strlen(text);
    return true;
}

/* Blanks and comments. */
static void skip(struct ion *ion)
{
    for (;;) {
        while (ion->at < ion->end && strchr(" \t\r\n\v\f", *ion->at) != NULL && *ion->at != '\0')
            ion->at++;
        if (starts(ion, "//")) {
            const char *feed = memchr(ion->at, '\n', (size_t)(ion->end - ion->at));
            ion->at = feed == NULL ? ion->end : feed + 1;
        } else if (starts(ion, "/*")) {
            const char *close = memmem(ion->at + 2, (size_t)(ion->end - ion->at) - 2, "*/", 2);
            ion->at = close == NULL ? ion->end : close + 2;
        } else {
            return;
        }
    }
}

static bool begins_symbol(char c)
{
    return is_letter(c) || c == '_' || c == '$';
}

/* ---- text ---- */

static bool read_hex(struct ion *ion, unsigned digits, uint32_t *out)
{
    *out = 0;
    for (unsigned i = 0; i < digits; i++) {
        int value = ion->at < ion->end ? hex_digit(*ion->at) : -1;
        if (value < 0)
            return ion_fails(ion, "an escape in a string is not whole");
        *out = *out << 4 | (uint32_t)value;
        ion->at++;
    }
    return true;
}

static void append_character(struct buffer *out, uint32_t c)
{
    if (c < 0x80) {
        buffer_append_byte(out, (char)c);
    } else if (c < 0x800) {
        buffer_append_byte(out, (char)(0xC0 | c >> 6));
        buffer_append_byte(out, (char)(0x80 | (c & 0x3F)));
    } else if (c < 0x10000) {
        buffer_append_byte(out, (char)(0xE0 | c >> 12));
        buffer_append_byte(out, (char)(0x80 | (c >> 6 & 0x3F)));
        buffer_append_byte(out, (char)(0x80 | (c & 0x3F)));
    } else {
        buffer_append_byte(out, (char)(0xF0 | c >> 18));
        buffer_append_byte(out, (char)(0x80 | (c >> 12 & 0x3F)));
        buffer_append_byte(out, (char)(0x80 | (c >> 6 & 0x3F)));
        buffer_append_byte(out, (char)(0x80 | (c & 0x3F)));
    }
}

/* \xHH, \uHHHH and \UHHHHHHHH; two \u that are a pair of surrogates are one character. */
static bool read_code(struct ion *ion, char kind, struct buffer *out)
{
    uint32_t code, second;

    if (!read_hex(ion, kind == 'x' ? 2 : kind == 'u' ? 4 : 8, &code))
        return false;
    if (code >= 0xD800 && code < 0xDC00 && take(ion, "\\u")) {
        if (!read_hex(ion, 4, &second))
            return false;
        code = second >= 0xDC00 && second < 0xE000 ? 0x10000 + ((code - 0xD800) << 10) + (second - 0xDC00)
                                                   : 0xD800;
    }
    if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
        return ion_fails(ion, "an escape in a string is no character");
    append_character(out, code);
    return true;
}

static bool read_escape(struct ion *ion, struct buffer *out)
{
    static const char letters[] = "0abtnfrv\"'?/\\";
    static const char bytes[] = "\0\a\b\t\n\f\r\v\"'?/\\";

    if (ion->at == ion->end)
        return ion_fails(ion, "a string has no end");
    char kind = *ion->at++;
    if (kind == 'x' || kind == 'u' || kind == 'U')
        return read_code(ion, kind, out);
    const char *place = memchr(letters, kind, sizeof(letters) - 1);
    if (place == NULL)
        return ion_fails(ion, "a string has an escape that Ion does not have");
    buffer_append_byte(out, bytes[place - letters]);
    return true;
}

/* What stands up to the closing quotes, which are one character or three. */
static bool read_quoted(struct ion *ion, const char *quotes, struct buffer *out)
{
    while (ion->at < ion->end && !starts(ion, quotes)) {
        if (*ion->at != '\\') {
            buffer_append_byte(out, *ion->at++);
            continue;
        }
        ion->at++;
        if (!read_escape(ion, out))
            return false;
    }
    return take(ion, quotes) || ion_fails(ion, "a string has no end");
}

/* "short" or '''long''' '''strings'''; `quotes` was taken. */
static bool read_text(struct ion *ion, const char *quotes, struct slice *out)
{
    struct buffer text;

    buffer_init(&text);
    bool read = read_quoted(ion, quotes, &text);
    while (read && strlen(quotes) == 3) { /* strings that stand behind each other are one */
        skip(ion);
        if (!take(ion, quotes))
            break;
        read = read_quoted(ion, quotes, &text);
    }
    *out = arena_copy(ion->arena, buffer_slice(&text));
    buffer_finish(&text);
    if (!read)
        return false;
    return json_text_valid(*out) || ion_fails(ion, "a string is not UTF-8");
}

/* A symbol that is a name: an identifier or 'quoted'. False without a fault if there is none. */
static bool read_symbol(struct ion *ion, struct slice *out)
{
    const char *start = ion->at;

    if (ion->at < ion->end && *ion->at == '\'' && !starts(ion, "'''")) {
        ion->at++;
        return read_text(ion, "'", out);
    }
    if (ion->at == ion->end || !begins_symbol(*ion->at))
        return false;
    while (ion->at < ion->end && (begins_symbol(*ion->at) || is_digit(*ion->at)))
        ion->at++;
    *out = (struct slice){start, (size_t)(ion->at - start)};
    if (out->len > 1 && start[0] == '$' &&
        is_digit(start[1])) /* a number of a symbol table that is not here */
        return ion_fails(ion, "%.*s stands for a symbol that is not known", SLICE_ARGS(*out));
    return true;
}

static bool read_name(struct ion *ion, struct slice *out)
{
    if (take(ion, "\""))
        return read_text(ion, "\"", out);
    if (take(ion, "'''"))
        return read_text(ion, "'''", out);
    ion->fault->reason = SLICE("");
    if (read_symbol(ion, out))
        return true;
    return ion->fault->reason.len > 0 ? false : ion_fails(ion, "a field of a struct has no name");
}

/* ---- values ---- */

static struct json typed(struct ion *ion, const char *type, struct json value)
{
    struct json_member *member = arena_new(ion->arena, struct json_member);
    struct json object = {.type = JSON_OBJECT};

    member->name = slice_of(type);
    member->value = value;
    object.object.members = member;
    object.object.count = 1;
    return object;
}

static struct json text_value(struct slice text)
{
    return (struct json){.type = JSON_STRING, .text = text};
}

/* Digits, with single underscores between; returns whether there was one. */
static bool take_digits(struct ion *ion, struct buffer *out)
{
    const char *start = ion->at;

    while (ion->at < ion->end && (is_digit(*ion->at) || (*ion->at == '_' && ion->at > start))) {
        if (*ion->at != '_')
            buffer_append_byte(out, *ion->at);
        ion->at++;
    }
    return ion->at > start;
}

/* A whole number or a decimal, as DynamoDB writes it: 6d2 is 6E2. */
static bool take_number(struct ion *ion, struct buffer *out)
{
    if (take(ion, "-"))
        buffer_append_byte(out, '-');
    if (!take_digits(ion, out))
        return false;
    if (take(ion, ".")) {
        buffer_append_byte(out, '.');
        (void)take_digits(ion, out);
    }
    if (take(ion, "d") || take(ion, "D")) {
        buffer_append_byte(out, 'E');
        if (ion->at < ion->end && (*ion->at == '-' || *ion->at == '+'))
            buffer_append_byte(out, *ion->at++);
        if (!take_digits(ion, out))
            return false;
    }
    /* What goes on is a float, a timestamp, a hexadecimal number. */
    return ion->at == ion->end || strchr(",]}):/ \t\r\n\v\f", *ion->at) != NULL;
}

static bool read_number(struct ion *ion, struct json *out)
{
    struct buffer text;

    buffer_init(&text);
    bool read = take_number(ion, &text);
    if (read)
        *out = typed(ion, "N", text_value(arena_copy(ion->arena, buffer_slice(&text))));
    buffer_finish(&text);
    return read ||
           ion_fails(ion, "a number must be a decimal, such as 5. or 1.5 or 6d2; floats, timestamps and "
                          "hexadecimal numbers have no place in an item");
}

/* {{base64}}, with blanks between; "{{" was taken. */
static bool read_blob(struct ion *ion, struct json *out)
{
    const char *close = memmem(ion->at, (size_t)(ion->end - ion->at), "}}", 2);
    struct buffer text;

    if (close == NULL)
        return ion_fails(ion, "a blob has no end");
    buffer_init(&text);
    for (; ion->at < close; ion->at++) {
        if (strchr(" \t\r\n", *ion->at) == NULL || *ion->at == '\0')
            buffer_append_byte(&text, *ion->at);
    }
    ion->at += 2;
    struct slice base64 = arena_copy(ion->arena, buffer_slice(&text));
    buffer_finish(&text);
    if (!base64_valid(base64))
        return ion_fails(ion, "a blob is not base64 (clobs have no place in an item)");
    *out = typed(ion, "B", text_value(base64));
    return true;
}

/* Behind a value in a list or struct: true if another may follow; *closed if it was the last. */
static bool next_element(struct ion *ion, const char *close, bool *closed)
{
    skip(ion);
    *closed = take(ion, close);
    if (*closed)
        return true;
    if (!take(ion, ","))
        return ion_fails(ion, "there is no comma or %s where one should be", close);
    skip(ion);
    *closed = take(ion, close);
    return true;
}

/* "[" was taken. */
static bool read_list(struct ion *ion, struct json *out)
{
    struct json *items = NULL;
    size_t count = 0, places = 0;
    bool closed;

    skip(ion);
    for (closed = take(ion, "]"); !closed; count++) {
        if (count == places) {
            size_t more = places == 0 ? FIRST_PLACES : places * 2;
            items = arena_grow(ion->arena, items, places, more, sizeof(*items));
            places = more;
        }
        if (!read_value(ion, &items[count]) || !next_element(ion, "]", &closed))
            return false;
    }
    *out = (struct json){.type = JSON_ARRAY};
    out->array.items = items;
    out->array.count = count;
    return true;
}

/* "{" was taken. The names of the outermost struct's fields are those of attributes, for the fault. */
static bool read_struct(struct ion *ion, struct json *out)
{
    struct json_member *members = NULL;
    size_t count = 0, places = 0;
    bool closed;

    skip(ion);
    for (closed = take(ion, "}"); !closed; count++) {
        if (count == places) {
            size_t more = places == 0 ? FIRST_PLACES : places * 2;
            members = arena_grow(ion->arena, members, places, more, sizeof(*members));
            places = more;
        }
        if (!read_name(ion, &members[count].name))
            return false;
        if (ion->depth == 1)
            ion->attribute = members[count].name;
        skip(ion);
        if (!take(ion, ":"))
            return ion_fails(ion, "there is no colon behind a field's name");
        if (!read_value(ion, &members[count].value) || !next_element(ion, "}", &closed))
            return false;
    }
    *out = (struct json){.type = JSON_OBJECT};
    out->object.members = members;
    out->object.count = count > 1 ? json_drop_repeated(members, count) : count;
    return out->object.count == count || ion_fails(ion, "a name appears twice in one struct");
}

/* The elements of a set were read as attribute values, {"S":"a"}; a set has the texts alone. */
static bool read_set(struct ion *ion, const char *type, struct json *out)
{
    struct json list;

    if (++ion->depth > ION_DEPTH)
        return ion_fails(ion, "it is nested too deeply");
    skip(ion);
    if (!take(ion, "["))
        return ion_fails(ion, "a set must be a list");
    if (!read_list(ion, &list))
        return false;
    ion->depth--;
    for (size_t i = 0; i < list.array.count; i++) {
        const struct json_member *member = &list.array.items[i].object.members[0];
        if (member->name.len != 1 || member->name.ptr[0] != type[0])
            return ion_fails(ion, "a set of type %s has a member of type %.*s", type,
                             SLICE_ARGS(member->name));
        struct json text = member->value;
        list.array.items[i] = text;
    }
    *out = typed(ion, type, list);
    return true;
}

/* true, false, null, null.string, and annotations of sets. */
static bool read_word(struct ion *ion, struct json *out)
{
    static const char *const sets[] = {"SS", "NS", "BS"};
    struct slice word;

    ion->fault->reason = SLICE("");
    if (!read_symbol(ion, &word))
        return ion->fault->reason.len > 0 ? false : ion_fails(ion, "there is no value where one should be");
    const char *behind = ion->at;
    skip(ion);
    if (take(ion, "::")) {
        for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
            if (word.len == 12 && slice_starts_with(word, SLICE("$dynamodb_")) &&
                memcmp(word.ptr + 10, sets[i], 2) == 0)
                return read_set(ion, sets[i], out);
        }
        return ion_fails(ion, "the annotation %.*s has no meaning here", SLICE_ARGS(word));
    }
    ion->at = behind;
    if (slice_is(word, "true") || slice_is(word, "false")) {
        *out = typed(ion, "BOOL", (struct json){.type = JSON_BOOLEAN, .boolean = word.len == 4});
        return true;
    }
    if (!slice_is(word, "null"))
        return ion_fails(ion, "%.*s is a symbol, which has no place in an item", SLICE_ARGS(word));
    if (take(ion, ".")) /* of which type it is none does not matter */
        while (ion->at < ion->end && begins_symbol(*ion->at))
            ion->at++;
    *out = typed(ion, "NULL", (struct json){.type = JSON_BOOLEAN, .boolean = true});
    return true;
}

static bool read_composite(struct ion *ion, bool is_struct, struct json *out)
{
    struct json inner;

    if (++ion->depth > ION_DEPTH)
        return ion_fails(ion, "it is nested too deeply");
    if (!(is_struct ? read_struct(ion, &inner) : read_list(ion, &inner)))
        return false;
    ion->depth--;
    *out = typed(ion, is_struct ? "M" : "L", inner);
    return true;
}

static bool read_value(struct ion *ion, struct json *out)
{
    struct slice text;

    skip(ion);
    if (take(ion, "{{"))
        return read_blob(ion, out);
    if (take(ion, "{"))
        return read_composite(ion, true, out);
    if (take(ion, "["))
        return read_composite(ion, false, out);
    if (starts(ion, "\"") || starts(ion, "'''")) {
        const char *quotes = *ion->at == '"' ? "\"" : "'''";
        (void)take(ion, quotes);
        if (!read_text(ion, quotes, &text))
            return false;
        *out = typed(ion, "S", text_value(text));
        return true;
    }
    if (ion->at < ion->end && (is_digit(*ion->at) || *ion->at == '-' || *ion->at == '+'))
        return read_number(ion, out);
    return read_word(ion, out);
}

static bool read_record(struct ion *ion, const struct json **attributes)
{
    struct json *item = arena_new(ion->arena, struct json);
    struct slice name;

    skip(ion);
    if (take(ion, "$ion_1_0"))
        skip(ion);
    if (!take(ion, "{"))
        return ion_fails(ion, "it is not of the form $ion_1_0 {Item:{...}}");
    skip(ion);
    if (!read_name(ion, &name))
        return false;
    skip(ion);
    if (!slice_is(name, "Item") || !take(ion, ":"))
        return ion_fails(ion, "it is not of the form $ion_1_0 {Item:{...}}");
    if (!read_value(ion, item))
        return false;
    ion->attribute = SLICE("");
    skip(ion);
    if (take(ion, ","))
        skip(ion);
    bool closed = take(ion, "}");
    skip(ion);
    if (!closed || ion->at < ion->end || !slice_is(item->object.members[0].name, "M"))
        return ion_fails(ion, "it is not of the form $ion_1_0 {Item:{...}}");
    *attributes = &item->object.members[0].value;
    return true;
}

bool record_from_ion(struct arena *arena, struct slice text, struct item *out, struct fault *fault)
{
    struct ion ion = {
        .arena = arena, .at = text.ptr, .end = text.ptr + text.len, .attribute = SLICE(""), .fault = fault};
    const struct json *attributes = NULL; /* for gcc, which does not see that it is set */

    fault->reason = SLICE("");
    return read_record(&ion, &attributes) && record_from_attributes(arena, attributes, out, fault);
}

/* ---- writing ---- */

static void write_text(struct buffer *out, struct slice text, char quote)
{
    buffer_append_byte(out, quote);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == quote || c == '\\')
            buffer_printf(out, "\\%c", c);
        else if (c == '\n')
            buffer_append_string(out, "\\n");
        else if (c == '\r')
            buffer_append_string(out, "\\r");
        else if (c == '\t')
            buffer_append_string(out, "\\t");
        else if ((unsigned char)c < ' ' || c == 0x7F)
            buffer_printf(out, "\\x%02x", (unsigned)(unsigned char)c);
        else
            buffer_append_byte(out, c);
    }
    buffer_append_byte(out, quote);
}

/* An identifier that means itself can stand bare. */
static void write_name(struct buffer *out, struct slice name)
{
    static const char *const words[] = {"null", "true", "false", "nan"};
    bool bare = name.len > 0 && begins_symbol(name.ptr[0]) && name.ptr[0] != '$';

    for (size_t i = 0; i < name.len; i++)
        bare &= begins_symbol(name.ptr[i]) || is_digit(name.ptr[i]);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        bare &= !slice_is(name, words[i]);
    if (bare)
        buffer_append(out, name);
    else
        write_text(out, name, '\'');
}

/* As Ion's own library does: a whole number ends with a point, a multiple of ten has an exponent, and a small
 * fraction has one too. */
static void write_decimal(struct buffer *out, const struct number *number)
{
    char digits[NUMBER_DIGITS];
    int exponent;
    size_t count = number_spell(number, digits, &exponent);

    if (number->negative)
        buffer_append_byte(out, '-');
    if (count == 0) {
        buffer_append_string(out, "0.");
        return;
    }
    int whole = (int)count + exponent; /* digits before the point */
    if (exponent >= 0 || whole <= -6) {
        buffer_append(out, (struct slice){digits, count});
        if (exponent == 0)
            buffer_append_byte(out, '.');
        else
            buffer_printf(out, "d%d", exponent);
        return;
    }
    if (whole > 0) {
        buffer_append(out, (struct slice){digits, (size_t)whole});
        buffer_append_byte(out, '.');
        buffer_append(out, (struct slice){digits + whole, count - (size_t)whole});
        return;
    }
    buffer_append_string(out, "0.");
    for (int i = whole; i < 0; i++)
        buffer_append_byte(out, '0');
    buffer_append(out, (struct slice){digits, count});
}

static void write_scalar(struct buffer *out, const struct value *value)
{
    if (value->type == VALUE_S) {
        write_text(out, value->bytes, '"');
    } else if (value->type == VALUE_N) {
        write_decimal(out, &value->number);
    } else {
        buffer_append_string(out, "{{");
        base64_encode(out, value->bytes);
        buffer_append_string(out, "}}");
    }
}

static void write_set_type(struct buffer *out, enum value_type type)
{
    buffer_printf(out, "$dynamodb_%s::", value_type_name(type));
}

static const struct notation notation = {write_name, write_scalar, write_set_type};

void ion_write_item(struct buffer *out, const struct item *item)
{
    notation_write_item(&notation, out, item);
}

void record_to_ion(struct buffer *out, const struct item *item)
{
    buffer_append_string(out, "$ion_1_0 {Item:");
    ion_write_item(out, item);
    buffer_append_string(out, "}\n");
}
