/* turntable tables: the tables of a running server, one a line. */
#include <stdio.h>

#include "cli/columns.h"
#include "cli/commands.h"
#include "cli/connect.h"
#include "cli/options.h"

static const char help[] =
    "usage: turntable tables [OPTION]...\n"
    "\n"
    "Lists the tables of a running server: name, status, keys, indexes, items and size.\n"
    "A key is shown with its type, S, N or B; the partition key comes first.\n"
    "\n" CONNECT_HELP "  --help               this text\n"
    "\n"
    "Exit status: 0 when it was done, 1 when the server could not be asked, 2 for a wrong\n"
    "command line.\n";

static const char *const head[] = {"NAME", "STATUS", "KEYS", "INDEXES", "ITEMS", "SIZE"};
enum { FIRST_NUMBER = 4 };

struct listing {
    struct arena *arena;
    struct client *client;
    struct columns columns;
};

static bool fails(struct listing *listing, enum client_outcome outcome, const struct client_answer *answer)
{
    struct slice message = printable(listing->arena, answer->message);

    if (outcome == CLIENT_FAILED)
        fprintf(stderr, "turntable: %.*s\n", SLICE_ARGS(message));
    else
        fprintf(stderr, "turntable: %.*s: %.*s\n", SLICE_ARGS(answer->type), SLICE_ARGS(message));
    return false;
}

static struct slice text_of(const struct json *object, const char *name)
{
    const struct json *member = json_get(object, name);

    return member != NULL && (member->type == JSON_STRING || member->type == JSON_NUMBER) ? member->text
                                                                                          : SLICE("");
}

static size_t count_of(const struct json *list)
{
    return list == NULL || list->type != JSON_ARRAY ? 0 : list->array.count;
}

/* ---- cells ---- */

static struct slice type_of(const struct json *table, struct slice attribute)
{
    const struct json *definitions = json_get(table, "AttributeDefinitions");

    for (size_t i = 0; i < count_of(definitions); i++) {
        if (slice_equal(text_of(&definitions->array.items[i], "AttributeName"), attribute))
            return text_of(&definitions->array.items[i], "AttributeType");
    }
    return SLICE("?");
}

/* "artist (S), song (S)" */
static struct slice keys_cell(struct listing *listing, const struct json *table)
{
    const struct json *keys = json_get(table, "KeySchema");
    struct slice cell = SLICE("");

    for (size_t i = 0; i < count_of(keys); i++) {
        struct slice name = text_of(&keys->array.items[i], "AttributeName");
        cell = arena_printf(listing->arena, "%.*s%s%.*s (%.*s)", SLICE_ARGS(cell), i > 0 ? ", " : "",
                            SLICE_ARGS(name), SLICE_ARGS(type_of(table, name)));
    }
    return printable(listing->arena, cell);
}

/* "byOwner, byTime (local), byLabel (CREATING)" */
static struct slice indexes_cell(struct listing *listing, const struct json *table)
{
    static const char *const lists[] = {"GlobalSecondaryIndexes", "LocalSecondaryIndexes"};
    struct slice cell = SLICE("");

    for (size_t kind = 0; kind < 2; kind++) {
        const struct json *indexes = json_get(table, lists[kind]);
        for (size_t i = 0; i < count_of(indexes); i++) {
            struct slice status = text_of(&indexes->array.items[i], "IndexStatus"), note = SLICE("");
            if (kind == 1)
                note = SLICE(" (local)");
            else if (!slice_is(status, "ACTIVE"))
                note = arena_printf(listing->arena, " (%.*s)", SLICE_ARGS(status));
            cell = arena_printf(listing->arena, "%.*s%s%.*s%.*s", SLICE_ARGS(cell), cell.len > 0 ? ", " : "",
                                SLICE_ARGS(text_of(&indexes->array.items[i], "IndexName")), SLICE_ARGS(note));
        }
    }
    return cell.len > 0 ? printable(listing->arena, cell) : SLICE("-");
}

/* Bytes as they are while they are few. */
static struct slice size_cell(struct listing *listing, const struct json *table)
{
    static const char *const units[] = {"KB", "MB", "GB", "TB", "PB"};
    enum { EXACT_BELOW = 10 * 1024 };
    const struct json *member = json_get(table, "TableSizeBytes");
    int64_t bytes = 0;
    size_t unit = 0;

    if (member == NULL || !json_to_int64(member, &bytes) || bytes < EXACT_BELOW)
        return arena_printf(listing->arena, "%lld B", (long long)bytes);
    double size = (double)bytes / 1024;
    for (; size >= 1024 && unit + 1 < sizeof(units) / sizeof(units[0]); unit++)
        size /= 1024;
    return arena_printf(listing->arena, "%.1f %s", size, units[unit]);
}

/* ---- asking ---- */

static struct slice named(struct listing *listing, const char *member, struct slice name)
{
    struct buffer body;
    bool first = true;

    buffer_init(&body);
    buffer_append_byte(&body, '{');
    if (name.len > 0) {
        json_write_name(&body, &first, member);
        json_write_string(&body, name);
    }
    buffer_append_byte(&body, '}');
    struct slice copy = arena_copy(listing->arena, buffer_slice(&body));
    buffer_finish(&body);
    return copy;
}

static bool describe(struct listing *listing, struct slice name)
{
    struct client_answer answer;
    enum client_outcome outcome = client_call(listing->client, listing->arena, "DescribeTable",
                                              named(listing, "TableName", name), &answer);

    /* Deleted since it was listed. */
    if (outcome == CLIENT_REFUSED && slice_is(answer.type, "ResourceNotFoundException"))
        return true;
    if (outcome != CLIENT_DONE)
        return fails(listing, outcome, &answer);
    const struct json *table = json_get(answer.body, "Table");
    struct slice *cells = columns_add(&listing->columns);
    cells[0] = printable(listing->arena, name);
    cells[1] = printable(listing->arena, text_of(table, "TableStatus"));
    cells[2] = keys_cell(listing, table);
    cells[3] = indexes_cell(listing, table);
    cells[4] = text_of(table, "ItemCount");
    cells[5] = size_cell(listing, table);
    return true;
}

static bool ask(struct listing *listing)
{
    struct slice last = SLICE("");

    do {
        struct client_answer answer;
        enum client_outcome outcome = client_call(listing->client, listing->arena, "ListTables",
                                                  named(listing, "ExclusiveStartTableName", last), &answer);
        if (outcome != CLIENT_DONE)
            return fails(listing, outcome, &answer);
        const struct json *names = json_get(answer.body, "TableNames");
        for (size_t i = 0; i < count_of(names); i++) {
            if (!describe(listing, names->array.items[i].text))
                return false;
        }
        last = text_of(answer.body, "LastEvaluatedTableName");
    } while (last.len > 0);
    return true;
}

int command_tables(int argc, char **argv)
{
    struct connect_options options = {0};
    const struct option known[] = {{"--endpoint", &options.endpoint, NULL},
                                   {"--data", &options.data, NULL},
                                   {"--region", &options.region, NULL},
                                   {0}};
    struct arena arena;

    int operands = options_parse(argc, argv, known, help, NULL, 0);
    if (operands < 0)
        return operands == OPTIONS_HELPED ? EXIT_DONE : EXIT_USAGE;
    arena_init(&arena);
    struct listing listing = {.arena = &arena, .client = connect_client(&arena, &options)};
    columns_init(&listing.columns, &arena, head, sizeof(head) / sizeof(head[0]), FIRST_NUMBER);
    bool asked = listing.client != NULL && ask(&listing);
    if (asked && listing.columns.rows == 1)
        puts("There are no tables.");
    else if (asked)
        columns_print(&listing.columns);
    client_destroy(listing.client);
    arena_finish(&arena);
    return asked ? EXIT_DONE : EXIT_FAILED;
}
