#include "exchange/reader.h"

void reader_init(struct reader *reader, struct source *source, const struct reader_options *options)
{
    *reader = (struct reader){.options = *options, .record = SLICE("")};
    lines_init(&reader->lines, source, RECORD_LIMIT);
    arena_init(&reader->arena);
}

void reader_finish(struct reader *reader)
{
    lines_finish(&reader->lines);
    arena_finish(&reader->arena);
}

uint64_t reader_line(const struct reader *reader)
{
    return reader->lines.number;
}

static bool is_blank(struct slice record)
{
    for (size_t i = 0; i < record.len; i++) {
        if (record.ptr[i] != ' ' && record.ptr[i] != '\t')
            return false;
    }
    return true;
}

/* The next lines that make a record: of CSV, until the quotes are closed. Blank lines are none. */
static enum lines_status next_record(struct reader *reader)
{
    static const struct slice mark = SLICE("\xEF\xBB\xBF"); /* what some programs begin UTF-8 with */
    struct lines *lines = &reader->lines;
    struct slice record;
    enum lines_status status;

    do {
        status = lines_next(lines, &record);
    } while (status == LINES_OK && is_blank(record));
    size_t quotes = reader->options.format == FORMAT_CSV ? csv_quotes(record) : 0;
    while (status == LINES_OK && quotes % 2 != 0) {
        size_t seen = record.len;
        status = lines_more(lines, &record);
        quotes += status == LINES_OK ? csv_quotes(slice_skip(record, seen)) : 0;
    }
    if (status == LINES_END && quotes > 0)
        status = LINES_OK; /* what is there is cut, and found to have no end */
    if (lines->number == 1 && slice_starts_with(record, mark))
        record = slice_skip(record, mark.len);
    reader->record = record;
    return status;
}

static enum reading rejected(struct reader *reader, struct arena *arena, enum lines_status status,
                             struct fault *fault)
{
    fault->attribute = SLICE("");
    if (status == LINES_FAILED) {
        fault->reason = slice_of(source_problem(reader->lines.source));
        return READING_FAILED;
    }
    reader->record = SLICE("");
    (void)record_fails(arena, fault, SLICE(""), "it is larger than %d MB", RECORD_LIMIT / 1024 / 1024);
    return READING_REJECTED;
}

static bool settle_columns(struct reader *reader, struct fault *fault)
{
    if (!csv_check_header(&reader->arena, &reader->header, fault))
        return false;
    reader->columns = arena_array(&reader->arena, struct csv_column, reader->header.count);
    for (size_t i = 0; i < reader->header.count; i++)
        reader->columns[i] = reader->options.column(reader->options.context, reader->header.cells[i]);
    return true;
}

/* READING_ITEM: go on. */
static enum reading read_header(struct reader *reader, struct fault *fault)
{
    if (reader->options.header.count > 0) {
        reader->header = reader->options.header;
        return settle_columns(reader, fault) ? READING_ITEM : READING_FAILED;
    }
    enum lines_status status = next_record(reader);
    if (status == LINES_END)
        return READING_END;
    if (status != LINES_OK) {
        (void)rejected(reader, &reader->arena, status, fault);
        return READING_FAILED;
    }
    struct slice kept = arena_copy(&reader->arena, reader->record);
    return csv_split(&reader->arena, kept, reader->options.delimiter, &reader->header, fault) &&
                   settle_columns(reader, fault)
               ? READING_ITEM
               : READING_FAILED;
}

static bool read_record(struct reader *reader, struct arena *arena, struct item *item, struct fault *fault)
{
    struct csv_row row;

    switch (reader->options.format) {
    case FORMAT_DYNAMODB_JSON:
        return record_from_dynamodb_json(arena, reader->record, item, fault);
    case FORMAT_ION:
        return record_from_ion(arena, reader->record, item, fault);
    case FORMAT_JSON:
        return record_from_json(arena, reader->record, item, fault);
    case FORMAT_CSV:
        break;
    }
    return csv_split(arena, reader->record, reader->options.delimiter, &row, fault) &&
           csv_to_item(arena, &reader->header, reader->columns, &row, item, fault);
}

enum reading reader_next(struct reader *reader, struct arena *arena, struct item *item, struct fault *fault)
{
    if (!reader->begun && reader->options.format == FORMAT_CSV) {
        reader->begun = true;
        enum reading begun = read_header(reader, fault);
        if (begun != READING_ITEM)
            return begun;
    }
    enum lines_status status = next_record(reader);
    if (status == LINES_END)
        return READING_END;
    if (status != LINES_OK)
        return rejected(reader, arena, status, fault);
    if (reader->options.keeps)
        reader->record = arena_copy(arena, reader->record);
    if (!reader->begun && reader->options.any_json && record_is_dynamodb_json(arena, reader->record))
        reader->options.format = FORMAT_DYNAMODB_JSON;
    reader->begun = true;
    return read_record(reader, arena, item, fault) ? READING_ITEM : READING_REJECTED;
}
