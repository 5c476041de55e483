#include "exchange/csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/check.h"
#include "items/attribute_value.h"

enum { FIRST_CELLS = 16 };

bool csv_is_delimiter(char c)
{
    return c != '\0' && strchr(",;|: \t", c) != NULL;
}

size_t csv_quotes(struct slice text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == '"';
    return count;
}

/* ---- reading ---- */

/* The text of a cell in quotes; *at is behind its first quote, and afterwards behind its last. */
static bool read_quoted(struct arena *arena, const char **at, const char *end, struct slice *out)
{
    char *text = arena_alloc(arena, (size_t)(end - *at)), *to = text;

    for (; *at < end; (*at)++) {
        if (**at == '"') {
            (*at)++;
            if (*at == end || **at != '"') {
                *out = (struct slice){text, (size_t)(to - text)};
                return true;
            }
        }
        *to++ = **at;
    }
    return false;
}

static bool read_cell(struct arena *arena, const char **at, const char *end, char delimiter,
                      struct slice *out, struct fault *fault)
{
    if (*at < end && **at == '"') {
        (*at)++;
        if (!read_quoted(arena, at, end, out))
            return record_fails(arena, fault, SLICE(""), "a cell in double quotes has no end");
        if (*at < end && **at != delimiter)
            return record_fails(arena, fault, SLICE(""), "there is text behind a cell in double quotes");
        return true;
    }
    const char *stop = *at == end ? NULL : memchr(*at, delimiter, (size_t)(end - *at));
    *out = (struct slice){*at, (size_t)((stop == NULL ? end : stop) - *at)};
    if (csv_quotes(*out) > 0)
        return record_fails(arena, fault, SLICE(""),
                            "a double quote stands in a cell that is not in double quotes");
    *at += out->len;
    return true;
}

bool csv_split(struct arena *arena, struct slice text, char delimiter, struct csv_row *out,
               struct fault *fault)
{
    const char *at = text.ptr, *end = text.ptr + text.len;
    size_t places = 0;

    *out = (struct csv_row){0};
    if (!json_text_valid(text))
        return record_fails(arena, fault, SLICE(""), "it is not UTF-8");
    for (;; at++) { /* over the delimiter */
        if (out->count == places) {
            size_t more = places == 0 ? FIRST_CELLS : places * 2;
            out->cells = arena_grow(arena, out->cells, places, more, sizeof(*out->cells));
            places = more;
        }
        if (out->count == CSV_COLUMNS_LIMIT)
            return record_fails(arena, fault, SLICE(""), "it has more than %d cells", CSV_COLUMNS_LIMIT);
        if (!read_cell(arena, &at, end, delimiter, &out->cells[out->count++], fault))
            return false;
        if (at == end)
            return true;
    }
}

static int compare_cells(const void *left, const void *right)
{
    return slice_compare(*(const struct slice *)left, *(const struct slice *)right);
}

bool csv_check_header(struct arena *arena, const struct csv_row *header, struct fault *fault)
{
    struct slice *sorted = arena_array(arena, struct slice, header->count);

    for (size_t i = 0; i < header->count; i++) {
        sorted[i] = header->cells[i];
        if (sorted[i].len == 0)
            return record_fails(arena, fault, SLICE(""), "column %zu of the header has no name", i + 1);
        if (sorted[i].len > UINT16_MAX)
            return record_fails(arena, fault, SLICE(""), "the name of column %zu is too long", i + 1);
    }
    qsort(sorted, header->count, sizeof(*sorted), compare_cells);
    for (size_t i = 1; i < header->count; i++) {
        if (slice_equal(sorted[i - 1], sorted[i]))
            return record_fails(arena, fault, sorted[i], "the header names it twice");
    }
    return true;
}

static bool is_number(struct arena *arena, struct slice cell, struct number *out)
{
    struct failure failure;

    failure_init(&failure, arena);
    return number_parse(cell, out, &failure);
}

static bool is_boolean(struct slice cell, bool *out)
{
    *out = slice_is(cell, "true");
    return *out || slice_is(cell, "false");
}

static void infer(struct arena *arena, struct slice cell, struct value *out)
{
    /* 007 is no number to whoever wrote it. */
    bool padded = cell.len > 1 && cell.ptr[0] == '0' && cell.ptr[1] >= '0' && cell.ptr[1] <= '9';

    if (is_boolean(cell, &out->boolean)) {
        out->type = VALUE_BOOL;
    } else if (!padded && cell.ptr[0] != '+' && is_number(arena, cell, &out->number)) {
        out->type = VALUE_N;
    } else {
        out->type = VALUE_S;
        out->bytes = cell;
    }
}

static bool read_typed(struct arena *arena, enum value_type type, struct slice cell, struct slice name,
                       struct value *out, struct fault *fault)
{
    struct failure failure;

    failure_init(&failure, arena);
    out->type = type;
    out->bytes = cell;
    if (type == VALUE_N)
        return number_parse(cell, &out->number, &failure) ||
               record_fails(arena, fault, name, "%.*s", SLICE_ARGS(failure.message));
    if (type == VALUE_B)
        return base64_decode(arena, cell, &out->bytes) ||
               record_fails(arena, fault, name, "it is a binary, but no base64");
    if (type == VALUE_BOOL)
        return is_boolean(cell, &out->boolean) ||
               record_fails(arena, fault, name, "it is a Boolean, but neither true nor false");
    return true;
}

bool csv_to_item(struct arena *arena, const struct csv_row *header, const struct csv_column *columns,
                 const struct csv_row *row, struct item *out, struct fault *fault)
{
    if (row->count != header->count)
        return record_fails(arena, fault, SLICE(""), "it has %zu cells, and the header %zu", row->count,
                            header->count);
    *out = (struct item){arena_array(arena, struct attribute, row->count), 0};
    for (size_t i = 0; i < row->count; i++) {
        struct slice cell = row->cells[i], name = header->cells[i];
        struct attribute *attribute = &out->attributes[out->count];
        if (cell.len == 0)
            continue;
        attribute->name = name;
        if (columns[i].inferred)
            infer(arena, cell, &attribute->value);
        else if (!read_typed(arena, columns[i].type, cell, name, &attribute->value, fault))
            return false;
        out->count++;
    }
    if (item_size(out) > ITEM_SIZE_LIMIT)
        return record_fails(arena, fault, SLICE(""), "Item size has exceeded the maximum allowed size");
    return true;
}

/* ---- writing ---- */

static void write_cell(struct buffer *out, char delimiter, struct slice cell)
{
    bool quoted = false;

    for (size_t i = 0; i < cell.len; i++)
        quoted |=
            cell.ptr[i] == '"' || cell.ptr[i] == delimiter || cell.ptr[i] == '\n' || cell.ptr[i] == '\r';
    if (!quoted) {
        buffer_append(out, cell);
        return;
    }
    buffer_append_byte(out, '"');
    for (size_t i = 0; i < cell.len; i++) {
        if (cell.ptr[i] == '"')
            buffer_append_byte(out, '"');
        buffer_append_byte(out, cell.ptr[i]);
    }
    buffer_append_byte(out, '"');
}

static void write_value(struct buffer *out, char delimiter, const struct value *value)
{
    struct buffer text;

    buffer_init(&text);
    switch (value->type) {
    case VALUE_S:
        buffer_append(&text, value->bytes);
        break;
    case VALUE_N:
        number_write(&text, &value->number);
        break;
    case VALUE_B:
        base64_encode(&text, value->bytes);
        break;
    case VALUE_BOOL:
        buffer_append_string(&text, value->boolean ? "true" : "false");
        break;
    default:
        value_to_json(&text, value);
        break;
    }
    write_cell(out, delimiter, buffer_slice(&text));
    buffer_finish(&text);
}

void csv_write_row(struct buffer *out, char delimiter, const struct csv_row *row)
{
    for (size_t i = 0; i < row->count; i++) {
        if (i > 0)
            buffer_append_byte(out, delimiter);
        write_cell(out, delimiter, row->cells[i]);
    }
    buffer_append_byte(out, '\n');
}

void csv_write_item(struct buffer *out, char delimiter, const struct csv_row *header, const struct item *item)
{
    for (size_t i = 0; i < header->count; i++) {
        const struct value *value = item_get(item, header->cells[i]);
        if (i > 0)
            buffer_append_byte(out, delimiter);
        if (value != NULL)
            write_value(out, delimiter, value);
    }
    buffer_append_byte(out, '\n');
}
