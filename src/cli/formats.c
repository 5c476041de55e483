#include "cli/formats.h"

#include <errno.h>
#include <stdlib.h>

static void set(struct reader_options *options, enum format format, bool any_json, char delimiter)
{
    options->format = format;
    options->any_json = any_json;
    options->delimiter = delimiter;
}

bool formats_find(const char *name, struct reader_options *options)
{
    static const struct {
        const char *name;
        enum format format;
    } formats[] = {
        {"json", FORMAT_DYNAMODB_JSON}, {"jsonl", FORMAT_JSON}, {"ion", FORMAT_ION}, {"csv", FORMAT_CSV}};
    char delimiter = options->delimiter != '\0' ? options->delimiter : ',';

    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        if (strcmp(name, formats[i].name) != 0)
            continue;
        set(options, formats[i].format, false, delimiter);
        return true;
    }
    return false;
}

static bool ends_with(struct slice name, struct slice ending)
{
    return name.len > ending.len && slice_equal(slice_skip(name, name.len - ending.len), ending);
}

void formats_of_file(struct slice name, struct reader_options *options)
{
    switch (packing_of_name(name)) {
    case PACKING_NONE:
        break;
    case PACKING_GZIP:
        name.len -= SLICE(".gz").len;
        break;
    case PACKING_ZSTD:
        name.len -= SLICE(".zst").len;
        break;
    }
    if (ends_with(name, SLICE(".csv")))
        set(options, FORMAT_CSV, false, ',');
    else if (ends_with(name, SLICE(".tsv")))
        set(options, FORMAT_CSV, false, '\t');
    else if (ends_with(name, SLICE(".ion")))
        set(options, FORMAT_ION, false, ',');
    else
        set(options, FORMAT_JSON, true, ',');
}

bool formats_find_delimiter(const char *name, char *delimiter)
{
    if (strcmp(name, "tab") == 0)
        *delimiter = '\t';
    else if (strcmp(name, "space") == 0)
        *delimiter = ' ';
    else
        *delimiter = name[0];
    return csv_is_delimiter(*delimiter) &&
           (name[1] == '\0' || strcmp(name, "tab") == 0 || strcmp(name, "space") == 0);
}

bool formats_read_count(const char *text, unsigned limit, unsigned *count)
{
    char *end;

    if (text == NULL)
        return true;
    errno = 0;
    unsigned long number = strtoul(text, &end, 10);
    *count = (unsigned)number;
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 && number >= 1 && number <= limit;
}
