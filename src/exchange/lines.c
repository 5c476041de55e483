#include "exchange/lines.h"

#include <string.h>

enum { PIECE = 64 * 1024 };

void lines_init(struct lines *lines, struct source *source, size_t limit)
{
    *lines = (struct lines){.source = source, .limit = limit, .next_number = 1};
    buffer_init(&lines->window);
}

void lines_finish(struct lines *lines)
{
    buffer_finish(&lines->window);
}

/* Reads a piece behind what is there, after the records that are done have made room. */
static bool read_piece(struct lines *lines)
{
    struct buffer *window = &lines->window;
    size_t got;

    if (lines->start > 0) {
        memmove(window->bytes, window->bytes + lines->start, window->len - lines->start);
        window->len -= lines->start;
        lines->end -= lines->start;
        lines->start = 0;
    }
    if (!source_read(lines->source, buffer_reserve(window, PIECE), PIECE, &got))
        return false;
    window->len += got;
    lines->at_end = got == 0;
    return true;
}

static struct slice record_of(const struct lines *lines)
{
    struct slice record = {lines->window.bytes + lines->start, lines->end - lines->start};

    if (record.len > 0 && record.ptr[record.len - 1] == '\n')
        record.len--;
    if (record.len > 0 && record.ptr[record.len - 1] == '\r')
        record.len--;
    return record;
}

/* Drops what is left of a line that is too long. */
static enum lines_status skip_line(struct lines *lines)
{
    for (;;) {
        size_t left = lines->window.len - lines->end;
        const char *feed = left == 0 ? NULL : memchr(lines->window.bytes + lines->end, '\n', left);
        lines->end = feed != NULL ? (size_t)(feed - lines->window.bytes) + 1 : lines->window.len;
        lines->start = lines->end;
        if (feed != NULL || lines->at_end)
            return LINES_TOO_LONG;
        if (!read_piece(lines))
            return LINES_FAILED;
    }
}

/* Moves the record's end behind the next line feed. */
static enum lines_status extend(struct lines *lines)
{
    size_t seen = lines->end - lines->start; /* up to here there is no line feed of this line */

    for (;;) {
        size_t left = lines->window.len - lines->start - seen;
        const char *feed = left == 0 ? NULL : memchr(lines->window.bytes + lines->start + seen, '\n', left);
        if (feed != NULL || (lines->at_end && lines->end < lines->window.len)) {
            lines->end = feed != NULL ? (size_t)(feed - lines->window.bytes) + 1 : lines->window.len;
            lines->next_number++;
            if (lines->end - lines->start <= lines->limit + 2)
                return LINES_OK;
            lines->start = lines->end;
            return LINES_TOO_LONG;
        }
        if (lines->at_end)
            return LINES_END;
        seen += left;
        if (seen > lines->limit) {
            lines->next_number++;
            return skip_line(lines);
        }
        if (!read_piece(lines))
            return LINES_FAILED;
    }
}

enum lines_status lines_next(struct lines *lines, struct slice *record)
{
    lines->start = lines->end;
    lines->number = lines->next_number;
    enum lines_status status = extend(lines);
    *record = status == LINES_OK ? record_of(lines) : (struct slice){"", 0};
    return status;
}

enum lines_status lines_more(struct lines *lines, struct slice *record)
{
    enum lines_status status = extend(lines);

    *record = status == LINES_OK || status == LINES_END ? record_of(lines) : (struct slice){"", 0};
    return status;
}
