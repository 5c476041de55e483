/* turntable export: writes the items of a table of a running server to a file. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/check.h"
#include "cli/commands.h"
#include "cli/connect.h"
#include "cli/formats.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/remote_table.h"
#include "exchange/packer.h"
#include "items/attribute_value.h"

static const char help[] =
    "usage: turntable export TABLE DIR [OPTION]...\n"
    "\n"
    "Writes all items of a table to one file in DIR, which is made if missing: TABLE.json, .jsonl,\n"
    ".ion or .csv. Items that are written meanwhile may be in it or not.\n"
    "\n"
    "  --format FORMAT      json     DynamoDB JSON, {\"Item\":{\"id\":{\"S\":\"a\"}}} a line, as AWS exports "
    "it\n"
    "                                (the default)\n"
    "                       jsonl    plain JSON, {\"id\":\"a\"} a line: binaries become base64, and sets\n"
    "                                become lists\n"
    "                       ion      Amazon Ion, as AWS exports it\n"
    "                       csv      a column for each attribute; lists, maps and sets are written as in\n"
    "                                DynamoDB JSON\n"
    "  --delimiter CHAR     between the cells of CSV: one of , ; | : or 'tab' or 'space' (default: a\n"
    "                       comma)\n"
    "  --gzip               pack the file, and add .gz to its name\n"
    "  --connections N      to the server, 1 to 64 (default: 4)\n" CONNECT_HELP
    "  --help               this text\n"
    "\n"
    "Exit status: 0 when the file is whole, 1 when it could not be written, and there is none; 2\n"
    "for a wrong command line.\n";

enum { USUAL_CONNECTIONS = 4, CONNECTIONS_LIMIT = 64, PATH_SIZE = 4096, NAME_SIZE = 256 };

static const struct timespec between_looks = {.tv_nsec = 50000000};

struct export
{
    struct arena arena;
    struct connect_options connect;
    const char *format, *delimiter, *connections;
    bool gzip;
    unsigned connection_count;
    struct reader_options chosen; /* the format and the delimiter */
    struct remote_table table;
    struct progress progress;

    pthread_mutex_t mutex; /* of what follows */
    struct packer *packer;
    uint64_t items;
    unsigned running;     /* segments */
    struct slice problem; /* in the arena; empty while all is well */
    struct csv_row names; /* of CSV: all attributes that were seen, sorted, behind the keys */
    size_t names_places;
};

struct segment {
    struct export *export;
    unsigned number;
    struct client *client;
    struct arena arena; /* of the client */
    pthread_t thread;
    bool started;
};

static int misused(const char *text, const char *detail)
{
    fprintf(stderr, "turntable: export: %s%s\nTry 'turntable export --help'.\n", text, detail);
    return EXIT_USAGE;
}

/* The first problem stays. Under the mutex. */
static bool fails(struct export *export, struct slice problem)
{
    if (export->problem.len == 0)
        export->problem = arena_copy(&export->arena, problem);
    return false;
}

static bool fails_to_write(struct export *export)
{
    return fails(export, arena_printf(&export->arena, "cannot write: %s", strerror(errno)));
}

/* ---- the columns of CSV ---- */

static bool is_key(const struct export *export, struct slice name)
{
    for (size_t i = 0; i < export->table.key_count; i++) {
        if (slice_equal(export->table.keys[i].name, name))
            return true;
    }
    return false;
}

/* The place of a name among the sorted ones, or where it belongs. */
static size_t place_of(const struct csv_row *names, struct slice name)
{
    size_t low = 0, high = names->count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (slice_compare(names->cells[middle], name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Under the mutex. */
static bool note_name(struct export *export, struct slice name)
{
    struct csv_row *names = &export->names;
    size_t place = place_of(names, name);

    if ((place < names->count && slice_equal(names->cells[place], name)) || is_key(export, name))
        return true;
    if (names->count == CSV_COLUMNS_LIMIT - REMOTE_KEYS_LIMIT)
        return fails(export, SLICE("the items have more than 10,000 different attributes: too many columns"));
    if (names->count == export->names_places) {
        size_t places = names->count == 0 ? 16 : names->count * 2;
        names->cells = arena_grow(&export->arena, names->cells, names->count, places, sizeof(*names->cells));
        export->names_places = places;
    }
    memmove(&names->cells[place + 1], &names->cells[place], (names->count - place) * sizeof(*names->cells));
    names->cells[place] = arena_copy(&export->arena, name);
    names->count++;
    return true;
}

/* ---- scanning ---- */

static void write_scan(struct buffer *out, const struct segment *segment, const struct json *start)
{
    bool first = true;

    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "TableName", segment->export->table.name);
    json_write_int64_member(out, &first, "Segment", segment->number);
    json_write_int64_member(out, &first, "TotalSegments", segment->export->connection_count);
    buffer_append_string(out, ",\"ConsistentRead\":true");
    if (start != NULL) {
        json_write_name(out, &first, "ExclusiveStartKey");
        json_write_value(out, start);
    }
    buffer_append_byte(out, '}');
}

static void write_item(const struct export *export, struct buffer *out, const struct item *item)
{
    switch (export->chosen.format) {
    case FORMAT_ION:
        record_to_ion(out, item);
        break;
    case FORMAT_JSON:
        record_to_json(out, item);
        break;
    case FORMAT_DYNAMODB_JSON:
    case FORMAT_CSV: /* to be turned into rows once all columns are known */
        record_to_dynamodb_json(out, item);
        break;
    }
}

/* Writes a page's items; false: the export has failed. */
static bool take_page(struct export *export, struct arena *arena, const struct json *page)
{
    const struct json *items = json_get(page, "Items");
    size_t count = items == NULL || items->type != JSON_ARRAY ? 0 : items->array.count;
    struct item *decoded = arena_array(arena, struct item, count);
    struct failure failure;
    struct buffer text;
    bool good = true;

    buffer_init(&text);
    failure_init(&failure, arena);
    for (size_t i = 0; good && i < count; i++) {
        good = item_from_json(arena, &items->array.items[i], &decoded[i], &failure);
        if (good)
            write_item(export, &text, &decoded[i]);
    }
    pthread_mutex_lock(&export->mutex);
    if (!good)
        fails(export, SLICE("the server sends what is no item"));
    good = export->problem.len == 0;
    for (size_t i = 0; good && export->chosen.format == FORMAT_CSV && i < count; i++) {
        for (size_t j = 0; good && j < decoded[i].count; j++)
            good = note_name(export, decoded[i].attributes[j].name);
    }
    if (good && !packer_write(export->packer, buffer_slice(&text)))
        good = fails_to_write(export);
    export->items += count;
    pthread_mutex_unlock(&export->mutex);
    buffer_finish(&text);
    return good;
}

static bool scan(struct segment *segment)
{
    struct export *export = segment->export;
    const struct json *start = NULL;
    struct arena pages[2]; /* the last page's key lives until the next page is asked for */
    bool good = true;

    arena_init(&pages[0]);
    arena_init(&pages[1]);
    for (unsigned turn = 0; good && (turn == 0 || start != NULL); turn++) {
        struct arena *arena = &pages[turn % 2];
        struct client_answer answer;
        struct buffer body;
        arena_reset(arena);
        buffer_init(&body);
        write_scan(&body, segment, start);
        enum client_outcome outcome =
            client_call(segment->client, arena, "Scan", buffer_slice(&body), &answer);
        buffer_finish(&body);
        if (outcome != CLIENT_DONE) {
            pthread_mutex_lock(&export->mutex);
            good = fails(export, answer.message);
            pthread_mutex_unlock(&export->mutex);
            break;
        }
        good = take_page(export, arena, answer.body) && !interruption_came();
        start = json_get(answer.body, "LastEvaluatedKey");
    }
    arena_finish(&pages[0]);
    arena_finish(&pages[1]);
    return good;
}

static void *run_segment(void *argument)
{
    struct segment *segment = argument;

    (void)scan(segment);
    pthread_mutex_lock(&segment->export->mutex);
    segment->export->running--;
    pthread_mutex_unlock(&segment->export->mutex);
    return NULL;
}

static bool start_segment(struct segment *segment)
{
    sigset_t all, before;

    segment->client = connect_client(&segment->arena, &segment->export->connect);
    if (segment->client == NULL)
        return false;
    client_keep_connection(segment->client);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    segment->started = pthread_create(&segment->thread, NULL, run_segment, segment) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return segment->started;
}

static void watch(struct export *export)
{
    unsigned running;

    do {
        nanosleep(&between_looks, NULL);
        pthread_mutex_lock(&export->mutex);
        running = export->running;
        const struct progress_figures figures = {
            .rows = export->items,
            .share = export->table.items == 0 ? -1 : (double)export->items / (double)export->table.items};
        progress_tell(&export->progress, &figures);
        pthread_mutex_unlock(&export->mutex);
    } while (running > 0);
}

/* Scans all segments into the packer. */
static bool scan_all(struct export *export)
{
    struct segment *segments = arena_array(&export->arena, struct segment, export->connection_count);
    unsigned started = 0;

    export->running = export->connection_count;
    for (; started < export->connection_count; started++) {
        segments[started] = (struct segment){.export = export, .number = started};
        arena_init(&segments[started].arena);
        if (!start_segment(&segments[started]))
            break;
    }
    pthread_mutex_lock(&export->mutex);
    export->running -= export->connection_count - started;
    if (started < export->connection_count)
        fails(export, SLICE("there are not enough connections"));
    pthread_mutex_unlock(&export->mutex);
    watch(export);
    for (unsigned i = 0; i < export->connection_count && segments[i].export != NULL; i++) {
        if (segments[i].started)
            pthread_join(segments[i].thread, NULL);
        client_destroy(segments[i].client);
        arena_finish(&segments[i].arena);
    }
    if (interruption_came())
        fails(export, SLICE("interrupted"));
    return export->problem.len == 0;
}

/* ---- files ---- */

/* Turns the gathered DynamoDB JSON into rows. */
static bool convert_to_csv(struct export *export, int gathered, struct packer *packer)
{
    const struct reader_options options = {.format = FORMAT_DYNAMODB_JSON};
    struct csv_row header = {
        arena_array(&export->arena, struct slice, export->table.key_count + export->names.count), 0};
    struct reader reader;
    struct arena arena;
    struct item item;
    struct fault fault;
    struct buffer text;
    bool good = true;

    for (size_t i = 0; i < export->table.key_count; i++)
        header.cells[header.count++] = export->table.keys[i].name;
    for (size_t i = 0; i < export->names.count; i++)
        header.cells[header.count++] = export->names.cells[i];
    arena_init(&arena);
    buffer_init(&text);
    struct source *source = source_from_file(gathered, PACKING_GZIP);
    reader_init(&reader, source, &options);
    csv_write_row(&text, export->chosen.delimiter, &header);
    enum reading reading = READING_ITEM;
    while (good && (reading = reader_next(&reader, &arena, &item, &fault)) == READING_ITEM) {
        csv_write_item(&text, export->chosen.delimiter, &header, &item);
        good = packer_write(packer, buffer_slice(&text)) || fails_to_write(export);
        text.len = 0;
        arena_reset(&arena);
    }
    if (good && reading != READING_END)
        good = fails(export, SLICE("what was written cannot be read back"));
    if (good && text.len > 0) /* a header alone */
        good = packer_write(packer, buffer_slice(&text)) || fails_to_write(export);
    reader_finish(&reader);
    source_destroy(source);
    buffer_finish(&text);
    arena_finish(&arena);
    return good;
}

/* The whole file, into the packer. CSV is gathered in a nameless file first. */
static bool write_contents(struct export *export, const char *folder, int file)
{
    struct packer *packer = packer_create(file, export->gzip);
    bool is_csv = export->chosen.format == FORMAT_CSV, good;

    if (is_csv) {
        int gathered = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
        export->packer = packer_create(gathered, true);
        good = (gathered >= 0 || fails_to_write(export)) && scan_all(export) &&
               ((packer_finish(export->packer, NULL) && lseek(gathered, 0, SEEK_SET) == 0) ||
                fails_to_write(export)) &&
               convert_to_csv(export, dup(gathered), packer);
        packer_destroy(export->packer);
        if (gathered >= 0)
            close(gathered);
    } else {
        export->packer = packer;
        good = scan_all(export);
    }
    good = good && (packer_finish(packer, NULL) || fails_to_write(export));
    packer_destroy(packer);
    return good;
}

/* The name of a table cannot leave the folder: it has letters, digits, '_', '-' and '.' only, and no slash.
 */
static bool name_files(const struct export *export, const char *folder, char path[PATH_SIZE],
                       char draft[PATH_SIZE])
{
    static const char *const endings[] = {
        [FORMAT_DYNAMODB_JSON] = "json", [FORMAT_ION] = "ion", [FORMAT_CSV] = "csv", [FORMAT_JSON] = "jsonl"};
    struct slice name = export->table.name;
    const char *packed = export->gzip ? ".gz" : "", *ending = endings[export->chosen.format];

    if (name.len >= NAME_SIZE - 16 || memchr(name.ptr, '/', name.len) != NULL)
        return false;
    int length = snprintf(path, PATH_SIZE, "%s/%.*s.%s%s", folder, SLICE_ARGS(name), ending, packed);
    int drafted = snprintf(draft, PATH_SIZE, "%s/.%.*s.%s%s.part", folder, SLICE_ARGS(name), ending, packed);
    return length < PATH_SIZE && drafted < PATH_SIZE;
}

static bool write_file(struct export *export, const char *folder, char path[PATH_SIZE])
{
    char draft[PATH_SIZE];

    if (!name_files(export, folder, path, draft))
        return fails(export, SLICE("the name is too long"));
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return fails_to_write(export);
    int file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0)
        return fails_to_write(export);
    bool written = write_contents(export, folder, file);
    close(file);
    if (written && rename(draft, path) == 0)
        return true;
    if (written)
        fails_to_write(export);
    unlink(draft);
    return false;
}

static int write_table(struct export *export, const char *folder)
{
    char path[PATH_SIZE], items[NUMBER_SHOWN_SIZE], rate[NUMBER_SHOWN_SIZE];
    struct slice name = printable(&export->arena, export->table.name);
    struct slice what = arena_printf(&export->arena, "export %.*s", SLICE_ARGS(name));

    interruption_expect();
    progress_begin(&export->progress, what.ptr);
    bool written = write_file(export, folder, path);
    double seconds = progress_seconds(&export->progress);
    progress_clear(&export->progress);
    if (written) {
        printf("%s items of %.*s to %s in %.1f s (%s items/s)\n", number_shown(export->items, items),
               SLICE_ARGS(name), path, seconds,
               number_shown((uint64_t)((double)export->items / seconds), rate));
        return EXIT_DONE;
    }
    struct slice problem = printable(&export->arena, export->problem);
    fprintf(stderr, "turntable: %.*s; no file was written, after %s items\n", SLICE_ARGS(problem),
            number_shown(export->items, items));
    return EXIT_FAILED;
}

static int connect_and_export(struct export *export, const char *name, const char *folder)
{
    struct client *client = connect_client(&export->arena, &export->connect);
    struct client_answer answer;

    if (client == NULL)
        return EXIT_FAILED;
    enum client_outcome outcome =
        remote_table_describe(client, &export->arena, slice_of(name), &export->table, &answer);
    if (outcome != CLIENT_DONE)
        remote_complain(&export->arena, outcome, &answer);
    client_destroy(client);
    if (outcome != CLIENT_DONE)
        return EXIT_FAILED;
    CHECK(pthread_mutex_init(&export->mutex, NULL) == 0);
    int code = write_table(export, folder);
    pthread_mutex_destroy(&export->mutex);
    return code;
}

static int run(struct export *export, int argc, char **argv)
{
    const struct option known[] = {{"--format", &export->format, NULL},
                                   {"--delimiter", &export->delimiter, NULL},
                                   {"--gzip", NULL, &export->gzip},
                                   {"--connections", &export->connections, NULL},
                                   {"--endpoint", &export->connect.endpoint, NULL},
                                   {"--data", &export->connect.data, NULL},
                                   {"--region", &export->connect.region, NULL},
                                   {0}};
    const char *operands[2];

    int count = options_parse(argc, argv, known, help, operands, 2);
    if (count < 0)
        return count == OPTIONS_HELPED ? EXIT_DONE : EXIT_USAGE;
    if (count < 2)
        return misused(count == 0 ? "which table?" : "which folder?", "");
    if (export->delimiter != NULL && !formats_find_delimiter(export->delimiter, &export->chosen.delimiter))
        return misused("--delimiter is one of , ; | : tab and space, not ", export->delimiter);
    if (!formats_find(export->format == NULL ? "json" : export->format, &export->chosen))
        return misused("--format is one of json, jsonl, ion and csv, not ", export->format);
    if (!formats_read_count(export->connections, CONNECTIONS_LIMIT, &export->connection_count))
        return misused("--connections is a number from 1 to 64, not ", export->connections);
    return connect_and_export(export, operands[0], operands[1]);
}

int command_export(int argc, char **argv)
{
    struct export export = {.connection_count = USUAL_CONNECTIONS};

    arena_init(&export.arena);
    int code = run(&export, argc, argv);
    arena_finish(&export.arena);
    return code;
}
