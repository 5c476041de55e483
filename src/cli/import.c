/* turntable import: puts the rows of files into a table of a running server. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"
#include "cli/commands.h"
#include "cli/connect.h"
#include "cli/formats.h"
#include "cli/loader.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/remote_table.h"
#include "exchange/reader.h"

static const char help[] =
    "usage: turntable import TABLE FILE... [OPTION]...\n"
    "\n"
    "Puts the rows of files into a table. A row replaces the item that has its key; of several rows\n"
    "with one key the last one stays. FILE is - for the standard input; one whose name ends with\n"
    ".gz or .zst is unpacked.\n"
    "\n"
    "  --format FORMAT      json     DynamoDB JSON, {\"Item\":{\"id\":{\"S\":\"a\"}}} a line, as AWS exports "
    "it\n"
    "                       jsonl    plain JSON, {\"id\":\"a\"} a line\n"
    "                       ion      Amazon Ion, as AWS exports it\n"
    "                       csv      rows under a header that names the attributes\n"
    "                       (default: by the file's name, .csv, .tsv or .ion; else json or jsonl,\n"
    "                       whichever the first line is)\n"
    "  --delimiter CHAR     between the cells of CSV: one of , ; | : or 'tab' or 'space' (default: a\n"
    "                       comma; a tab in .tsv)\n"
    "  --header NAMES       the columns of CSV, with commas between; the first line is a row then\n"
    "  --types NAME:TYPE,.. types of columns: S, N, B (base64) or BOOL. Keys have the table's types;\n"
    "                       all other columns are strings unless told otherwise. Empty cells are\n"
    "                       attributes that the item does not have\n"
    "  --infer              columns that are not in --types: numbers, true and false are no strings\n"
    "  --create KEYS        make the table if there is none: id:S, or artist:S,song:S with a sort key\n"
    "  --rejects FILE       write the rows that were rejected to FILE: JSON lines with file, line,\n"
    "                       attribute, reason and the row itself\n"
    "  --connections N      to the server, 1 to 64 (default: 16)\n" CONNECT_HELP
    "  --help               this text\n"
    "\n"
    "Exit status: 0 when all rows are in the table, 1 when some were rejected or it could not be\n"
    "finished, 2 for a wrong command line.\n";

enum { USUAL_CONNECTIONS = 16, REJECTIONS_SHOWN = 20, ROWS_BETWEEN_LOOKS = 64 };

struct typed_name {
    struct slice name;
    enum value_type type;
};

struct import {
    struct arena arena;
    struct connect_options connect;
    const char *format, *delimiter, *header, *types, *create, *rejects, *connections;
    bool infer;
    unsigned connection_count;
    struct typed_name *typed;
    size_t typed_count;
    struct csv_row columns;
    char separator; /* '\0': not given */

    struct remote_table table;
    struct loader *loader;
    uint64_t read;
    uint64_t bytes_total, bytes_done; /* of the files; total 0: not known */

    pthread_mutex_t mutex; /* of what follows: rows are rejected on the loader's threads too */
    struct progress progress;
    uint64_t rejected;
    FILE *rejects_file;
};

static int misused(const char *text, const char *detail)
{
    fprintf(stderr, "turntable: import: %s%s\nTry 'turntable import --help'.\n", text, detail);
    return EXIT_USAGE;
}

/* ---- rejected rows ---- */

static void write_rejection(FILE *file, const struct origin *origin, struct slice record,
                            const struct fault *fault)
{
    struct buffer line;
    bool first = true;

    buffer_init(&line);
    buffer_append_byte(&line, '{');
    json_write_string_member(&line, &first, "File", slice_of(origin->file));
    json_write_int64_member(&line, &first, "Line", (int64_t)origin->line);
    if (fault->attribute.len > 0)
        json_write_string_member(&line, &first, "Attribute", fault->attribute);
    json_write_string_member(&line, &first, "Reason", fault->reason);
    /* What is not UTF-8 cannot stand in JSON as it is. */
    json_write_name(&line, &first, json_text_valid(record) ? "Record" : "RecordBase64");
    if (json_text_valid(record))
        json_write_string(&line, record);
    else
        json_write_base64(&line, record);
    buffer_append_string(&line, "}\n");
    fwrite(line.bytes, 1, line.len, file);
    buffer_finish(&line);
}

static void on_rejected(void *context, const struct origin *origin, struct slice record,
                        const struct fault *fault)
{
    struct import *import = context;
    struct arena arena;

    pthread_mutex_lock(&import->mutex);
    arena_init(&arena);
    if (import->rejects_file != NULL)
        write_rejection(import->rejects_file, origin, record, fault);
    if (import->rejected < REJECTIONS_SHOWN) {
        struct slice attribute = printable(&arena, fault->attribute),
                     reason = printable(&arena, fault->reason);
        progress_clear(&import->progress);
        fprintf(stderr, "turntable: %s:%llu: %.*s%s%.*s\n", origin->file, (unsigned long long)origin->line,
                SLICE_ARGS(attribute), attribute.len > 0 ? ": " : "", SLICE_ARGS(reason));
    } else if (import->rejected == REJECTIONS_SHOWN) {
        progress_clear(&import->progress);
        fprintf(stderr, "turntable: more rows are rejected%s\n",
                import->rejects_file != NULL ? "" : "; --rejects FILE gathers them all");
    }
    import->rejected++;
    arena_finish(&arena);
    pthread_mutex_unlock(&import->mutex);
}

static void show_progress(struct import *import, const struct source *source)
{
    const struct progress_figures figures = {
        .rows = import->read,
        .rejected = import->rejected,
        .share = import->bytes_total == 0
                     ? -1
                     : (double)(import->bytes_done + source_taken(source)) / (double)import->bytes_total};

    pthread_mutex_lock(&import->mutex);
    progress_tell(&import->progress, &figures);
    pthread_mutex_unlock(&import->mutex);
}

/* ---- one file ---- */

static struct csv_column column(void *context, struct slice name)
{
    const struct import *import = context;

    for (size_t i = 0; i < import->table.attribute_count; i++) {
        if (slice_equal(import->table.attributes[i].name, name))
            return (struct csv_column){.type = import->table.attributes[i].type};
    }
    for (size_t i = 0; i < import->typed_count; i++) {
        if (slice_equal(import->typed[i].name, name))
            return (struct csv_column){.type = import->typed[i].type};
    }
    return (struct csv_column){.type = VALUE_S, .inferred = import->infer};
}

enum outcome {
    IMPORTED,    /* to its end */
    INTERRUPTED, /* by Ctrl-C */
    BROKEN,      /* the file cannot be read any further: it was said */
    ENDED,       /* the loader has ended */
};

/* Takes one row; IMPORTED: on to the next. */
static enum outcome take_row(struct import *import, struct reader *reader, const char *file,
                             struct arena *arena, bool *end)
{
    struct loader_row row = {.origin = {.file = file}};
    struct item item;
    struct fault fault = {SLICE(""), SLICE("")};

    enum reading reading = reader_next(reader, arena, &item, &fault);
    *end = reading == READING_END;
    if (*end)
        return IMPORTED;
    row.origin.line = reader_line(reader);
    row.item = &item;
    row.record = reader->record;
    if (reading == READING_FAILED) {
        on_rejected(import, &row.origin, SLICE(""), &fault);
        return BROKEN;
    }
    import->read++;
    if (reading == READING_ITEM && remote_table_check(&import->table, arena, &item, &fault))
        return loader_put(import->loader, &row) ? IMPORTED : ENDED;
    on_rejected(import, &row.origin, row.record, &fault);
    return IMPORTED;
}

static enum outcome take_rows(struct import *import, struct source *source, const char *file,
                              const struct reader_options *options, uint64_t *line)
{
    enum outcome outcome = IMPORTED;
    struct reader reader;
    struct arena arena;
    bool end = false;

    arena_init(&arena);
    reader_init(&reader, source, options);
    for (unsigned rows = 0; outcome == IMPORTED && !end; rows++) {
        arena_reset(&arena);
        if (interruption_came())
            outcome = INTERRUPTED;
        else
            outcome = take_row(import, &reader, file, &arena, &end);
        if (rows % ROWS_BETWEEN_LOOKS == 0)
            show_progress(import, source);
        if (outcome != INTERRUPTED)
            *line = reader_line(&reader);
    }
    import->bytes_done += source_taken(source);
    reader_finish(&reader);
    arena_finish(&arena);
    return outcome;
}

static enum outcome import_file(struct import *import, const char *file, uint64_t *line)
{
    bool from_stdin = strcmp(file, "-") == 0;
    struct reader_options options = {.header = import->columns, .column = column, .context = import};
    enum packing packing = packing_of_name(slice_of(file));
    int opened = from_stdin ? dup(STDIN_FILENO) : open(file, O_RDONLY | O_CLOEXEC);

    *line = 0;
    if (opened < 0) {
        fprintf(stderr, "turntable: cannot read %s: %s\n", file, strerror(errno));
        return BROKEN;
    }
    formats_of_file(slice_of(file), &options);
    if (import->format != NULL)
        CHECK(formats_find(import->format, &options));
    if (import->separator != '\0')
        options.delimiter = import->separator;
    struct source *source = source_from_file(opened, packing);
    enum outcome outcome = take_rows(import, source, from_stdin ? "standard input" : file, &options, line);
    source_destroy(source);
    return outcome;
}

/* ---- all files ---- */

static void reckon_sizes(struct import *import, const char *const *files, size_t count)
{
    struct stat found;

    for (size_t i = 0; i < count; i++) {
        if (strcmp(files[i], "-") == 0 || stat(files[i], &found) != 0 || !S_ISREG(found.st_mode)) {
            import->bytes_total = 0;
            return;
        }
        import->bytes_total += (uint64_t)found.st_size;
    }
}

/* What is told at the end; the exit code. */
static int conclude(struct import *import, enum outcome outcome, bool finished, const char *file,
                    uint64_t line)
{
    char rows[NUMBER_SHOWN_SIZE], rate[NUMBER_SHOWN_SIZE], rejected[NUMBER_SHOWN_SIZE];
    uint64_t written = loader_written(import->loader);
    double seconds = progress_seconds(&import->progress);
    struct slice name = printable(&import->arena, import->table.name);

    progress_clear(&import->progress);
    printf("%s rows into %.*s in %.1f s (%s rows/s), %s rejected\n", number_shown(written, rows),
           SLICE_ARGS(name), seconds, number_shown((uint64_t)((double)written / seconds), rate),
           number_shown(import->rejected, rejected));
    fflush(stdout);
    if (!finished) {
        struct slice problem = printable(&import->arena, loader_problem(import->loader));
        fprintf(stderr, "turntable: stopped near line %llu of %s: %.*s\n", (unsigned long long)line, file,
                SLICE_ARGS(problem));
        fputs("turntable: some rows before it may be missing from the table; to import a row again does no "
              "harm\n",
              stderr);
    } else if (outcome == INTERRUPTED) {
        fprintf(
            stderr,
            "turntable: interrupted behind line %llu of %s: all rows up to there are in the table or were "
            "rejected, and none behind it\n",
            (unsigned long long)line, file);
    } else if (outcome == BROKEN) {
        fprintf(stderr, "turntable: stopped at %s; the rows before that are in the table\n", file);
    }
    return outcome == IMPORTED && finished && import->rejected == 0 ? EXIT_DONE : EXIT_FAILED;
}

static int import_files(struct import *import, const char *const *files, size_t count)
{
    struct slice name = printable(&import->arena, import->table.name);
    struct slice what = arena_printf(&import->arena, "import %.*s", SLICE_ARGS(name));
    const struct loader_options options = {.connect = &import->connect,
                                           .table = &import->table,
                                           .connections = import->connection_count,
                                           .rejected = on_rejected,
                                           .context = import};
    enum outcome outcome = IMPORTED;
    uint64_t line = 0;
    size_t i = 0;

    reckon_sizes(import, files, count);
    interruption_expect();
    progress_begin(&import->progress, what.ptr);
    import->loader = loader_create(&options);
    if (import->loader == NULL)
        return EXIT_FAILED;
    while (i < count && (outcome = import_file(import, files[i], &line)) == IMPORTED)
        i++;
    bool finished = loader_finish(import->loader);
    int code = conclude(import, outcome, finished, files[i < count ? i : count - 1], line);
    loader_destroy(import->loader);
    if (import->rejects_file != NULL && fflush(import->rejects_file) != 0) {
        fprintf(stderr, "turntable: cannot write %s: %s\n", import->rejects, strerror(errno));
        return EXIT_FAILED;
    }
    return code;
}

/* ---- the table ---- */

static bool same_keys(const struct remote_table *a, const struct remote_table *b)
{
    bool same = a->key_count == b->key_count;

    for (size_t i = 0; same && i < a->key_count; i++)
        same = a->keys[i].type == b->keys[i].type && slice_equal(a->keys[i].name, b->keys[i].name);
    return same;
}

static bool find_table(struct import *import, struct client *client, const struct remote_table *wanted)
{
    struct client_answer answer;
    struct slice name = wanted->name;

    enum client_outcome outcome =
        remote_table_describe(client, &import->arena, name, &import->table, &answer);
    if (outcome == CLIENT_REFUSED && wanted->key_count > 0 &&
        slice_is(answer.type, "ResourceNotFoundException")) {
        outcome = remote_table_create(client, &import->arena, wanted, &answer);
        if (outcome == CLIENT_DONE)
            outcome = remote_table_describe(client, &import->arena, name, &import->table, &answer);
    }
    if (outcome != CLIENT_DONE) {
        remote_complain(&import->arena, outcome, &answer);
        return false;
    }
    if (wanted->key_count == 0 || same_keys(wanted, &import->table))
        return true;
    fprintf(stderr, "turntable: there is a table of that name already, with other keys than --create says\n");
    return false;
}

static int connect_and_import(struct import *import, const struct remote_table *wanted,
                              const char *const *files, size_t count)
{
    struct client *client = connect_client(&import->arena, &import->connect);
    bool found = client != NULL && find_table(import, client, wanted);

    client_destroy(client);
    if (!found)
        return EXIT_FAILED;
    if (import->rejects != NULL) {
        import->rejects_file = fopen(import->rejects, "we");
        if (import->rejects_file == NULL) {
            fprintf(stderr, "turntable: cannot write %s: %s\n", import->rejects, strerror(errno));
            return EXIT_FAILED;
        }
    }
    CHECK(pthread_mutex_init(&import->mutex, NULL) == 0);
    int code = import_files(import, files, count);
    pthread_mutex_destroy(&import->mutex);
    if (import->rejects_file != NULL)
        fclose(import->rejects_file);
    return code;
}

/* ---- the command line ---- */

/* "price:N,open:BOOL" */
static bool read_types(struct import *import, struct slice text)
{
    static const enum value_type types[] = {VALUE_S, VALUE_N, VALUE_B, VALUE_BOOL};
    struct csv_row pairs;
    struct fault fault;

    if (!csv_split(&import->arena, text, ',', &pairs, &fault))
        return false;
    import->typed = arena_array(&import->arena, struct typed_name, pairs.count);
    for (size_t i = 0; i < pairs.count; i++) {
        const char *colon =
            pairs.cells[i].len == 0 ? NULL : memrchr(pairs.cells[i].ptr, ':', pairs.cells[i].len);
        if (colon == NULL || colon == pairs.cells[i].ptr)
            return false;
        struct typed_name *typed = &import->typed[import->typed_count++];
        typed->name = (struct slice){pairs.cells[i].ptr, (size_t)(colon - pairs.cells[i].ptr)};
        for (size_t j = 0; j < sizeof(types) / sizeof(types[0]); j++) {
            if (slice_is(slice_skip(pairs.cells[i], typed->name.len + 1), value_type_name(types[j])))
                typed->type = types[j];
        }
        if (typed->type == 0)
            return false;
    }
    return true;
}

/* -1 if all is well, otherwise the exit code. */
static int check_options(struct import *import, struct remote_table *wanted)
{
    struct reader_options ignored = {0};
    struct fault fault;

    if (import->format != NULL && !formats_find(import->format, &ignored))
        return misused("--format is one of json, jsonl, ion and csv, not ", import->format);
    if (import->delimiter != NULL && !formats_find_delimiter(import->delimiter, &import->separator))
        return misused("--delimiter is one of , ; | : tab and space, not ", import->delimiter);
    if (import->header != NULL &&
        (!csv_split(&import->arena, slice_of(import->header), ',', &import->columns, &fault) ||
         !csv_check_header(&import->arena, &import->columns, &fault)))
        return misused("--header needs names, all of them different, not ", import->header);
    if (import->types != NULL && !read_types(import, slice_of(import->types)))
        return misused("--types needs NAME:TYPE,... with the types S, N, B and BOOL, not ", import->types);
    if (import->create != NULL && !remote_table_read_keys(&import->arena, slice_of(import->create), wanted))
        return misused("--create needs keys such as id:S or artist:S,song:S, not ", import->create);
    if (!formats_read_count(import->connections, LOADER_CONNECTIONS_LIMIT, &import->connection_count))
        return misused("--connections is a number from 1 to 64, not ", import->connections);
    return -1;
}

static int run(struct import *import, int argc, char **argv)
{
    const struct option known[] = {{"--format", &import->format, NULL},
                                   {"--delimiter", &import->delimiter, NULL},
                                   {"--header", &import->header, NULL},
                                   {"--types", &import->types, NULL},
                                   {"--infer", NULL, &import->infer},
                                   {"--create", &import->create, NULL},
                                   {"--rejects", &import->rejects, NULL},
                                   {"--connections", &import->connections, NULL},
                                   {"--endpoint", &import->connect.endpoint, NULL},
                                   {"--data", &import->connect.data, NULL},
                                   {"--region", &import->connect.region, NULL},
                                   {0}};
    const char **operands = arena_array(&import->arena, const char *, (size_t)argc);
    struct remote_table wanted = {0};

    int count = options_parse(argc, argv, known, help, operands, (size_t)argc);
    if (count < 0)
        return count == OPTIONS_HELPED ? EXIT_DONE : EXIT_USAGE;
    if (count < 2)
        return misused(count == 0 ? "which table?" : "which files?", "");
    int code = check_options(import, &wanted);
    if (code >= 0)
        return code;
    wanted.name = slice_of(operands[0]);
    return connect_and_import(import, &wanted, operands + 1, (size_t)count - 1);
}

int command_import(int argc, char **argv)
{
    struct import import = {.connection_count = USUAL_CONNECTIONS};

    arena_init(&import.arena);
    int code = run(&import, argc, argv);
    arena_finish(&import.arena);
    return code;
}
