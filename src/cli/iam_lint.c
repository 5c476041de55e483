/* turntable iam lint: what the policies of files can never do. */
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>

#include "cli/commands.h"
#include "cli/iam_commands.h"
#include "cli/options.h"
#include "cli/policy_lint.h"
#include "deploy/template.h"

enum { FILES_LIMIT = 1000 };

#define ACCOUNT_ID "000000000000"

/* The server that is asked for the tables of documents that stand alone. */
struct server_tables {
    struct arena *arena;
    const struct connect_options *options;
    bool asked;            /* whether there is a server */
    struct client *client; /* NULL: there is none */
    struct slice name;     /* of the table that was described last, and how; NULL: it is not there */
    const struct json *table;
    bool unknown;
};

/* ---- the tables of a server ---- */

static void find_server(struct server_tables *tables)
{
    struct client_answer answer;

    if (tables->asked)
        return;
    tables->asked = true;
    tables->client = connect_client(tables->arena, tables->options);
    if (tables->client == NULL)
        return;
    client_keep_connection(tables->client);
    if (client_call(tables->client, tables->arena, "ListTables", SLICE("{\"Limit\":1}"), &answer) ==
        CLIENT_DONE)
        return;
    fprintf(stderr, "turntable: %.*s: which tables and indexes there are is not checked\n",
            SLICE_ARGS(printable(tables->arena, answer.message)));
    client_destroy(tables->client);
    tables->client = NULL;
}

static void describe(struct server_tables *tables, struct slice name)
{
    struct client_answer answer;
    struct buffer input;
    bool first = true;

    if (slice_equal(tables->name, name))
        return;
    buffer_init(&input);
    buffer_append_byte(&input, '{');
    json_write_string_member(&input, &first, "TableName", name);
    buffer_append_byte(&input, '}');
    enum client_outcome outcome =
        client_call(tables->client, tables->arena, "DescribeTable", buffer_slice(&input), &answer);
    buffer_finish(&input);
    bool absent = outcome == CLIENT_REFUSED && slice_is(answer.type, "ResourceNotFoundException");
    tables->name = arena_copy(tables->arena, name);
    tables->table = outcome == CLIENT_DONE ? json_get(answer.body, "Table") : NULL;
    tables->unknown = outcome != CLIENT_DONE && !absent;
}

static size_t count_of(const struct json *list)
{
    return list == NULL || list->type != JSON_ARRAY ? 0 : list->array.count;
}

static struct lint_table served_table(void *from, struct slice name)
{
    struct server_tables *tables = from;

    describe(tables, name);
    if (tables->unknown)
        return (struct lint_table){true, SIZE_MAX};
    return (struct lint_table){tables->table != NULL,
                               count_of(json_get(tables->table, "GlobalSecondaryIndexes")) +
                                   count_of(json_get(tables->table, "LocalSecondaryIndexes"))};
}

static bool served_index(void *from, struct slice table_name, struct slice index)
{
    static const char *const lists[] = {"GlobalSecondaryIndexes", "LocalSecondaryIndexes"};
    struct server_tables *tables = from;

    describe(tables, table_name);
    for (size_t i = 0; i < 2; i++) {
        const struct json *list = json_get(tables->table, lists[i]);
        for (size_t j = 0; j < count_of(list); j++) {
            const struct json *name = json_get(&list->array.items[j], "IndexName");
            if (name != NULL && name->type == JSON_STRING && slice_equal(name->text, index))
                return true;
        }
    }
    return tables->unknown;
}

/* ---- files ---- */

/* Whom a document names, and what on, tells what it is for. */
static enum policy_kind kind_of(const struct json *document)
{
    const struct json *list = json_get(document, "Statement");
    bool is_list = list != NULL && list->type == JSON_ARRAY, principals = false, resources = false;
    size_t count = is_list ? list->array.count : 1;

    for (size_t i = 0; i < count; i++) {
        const struct json *statement = is_list ? &list->array.items[i] : list;
        principals |= json_get(statement, "Principal") != NULL || json_get(statement, "NotPrincipal") != NULL;
        resources |= json_get(statement, "Resource") != NULL || json_get(statement, "NotResource") != NULL;
    }
    if (!principals)
        return POLICY_INLINE;
    return resources ? POLICY_RESOURCE : POLICY_TRUST;
}

/* A file with a member Statement is a policy; all else is for those who read templates, who also tell what is
 * wrong with it. */
static bool read_policy(struct arena *arena, const char *path, struct slice *text, enum policy_kind *kind)
{
    const struct json *document;
    struct slice problem;
    struct stat status;
    FILE *file = stat(path, &status) == 0 && S_ISREG(status.st_mode) ? fopen(path, "re") : NULL;

    if (file == NULL)
        return false;
    char *bytes = arena_alloc(arena, TEMPLATE_SIZE_LIMIT + 1);
    *text = (struct slice){bytes, fread(bytes, 1, TEMPLATE_SIZE_LIMIT + 1, file)};
    bool failed = ferror(file) != 0;
    fclose(file);
    if (failed || !template_parse(arena, *text, &document, &problem) ||
        json_get(document, "Statement") == NULL || json_get(document, "Resources") != NULL)
        return false;
    *kind = kind_of(document);
    return true;
}

static bool lint_template(struct arena *arena, const char *path, const struct connect_options *options,
                          struct lint_tally *tally)
{
    const struct assembly_options stacks = {
        .stack_name = SLICE(""), .region = connect_region(options), .account = SLICE(ACCOUNT_ID)};
    struct assembly assembly;
    struct problems problems;

    problems_init(&problems, arena);
    if (assembly_open(arena, path, &stacks, &assembly, &problems)) {
        lint_assembly(arena, "", &assembly, tally);
        return true;
    }
    fflush(stdout);
    for (size_t i = 0; i < problems.count && i < PROBLEMS_LIMIT; i++)
        fprintf(stderr, "turntable: %.*s\n", SLICE_ARGS(printable(arena, problems_text(&problems, i))));
    return false;
}

/* False: the file can be read as neither; it was said why not. */
static bool lint_file(struct server_tables *tables, const char *path, struct lint_tally *tally)
{
    struct lint_question question = {
        .holder = LINT_ANYONE, .has_index = served_index, .from = tables, .where = "on the server"};
    struct slice text, name = printable(tables->arena, slice_of(path));
    enum policy_kind kind;

    if (!read_policy(tables->arena, path, &text, &kind))
        return lint_template(tables->arena, path, tables->options, tally);
    find_server(tables);
    question.table = tables->client != NULL ? served_table : NULL;
    lint_document(tables->arena, name, kind, text, &question, tally);
    return true;
}

int iam_lint(int argc, char **argv)
{
    struct connect_options options = {0};
    const struct option known[] = {{"--endpoint", &options.endpoint, NULL},
                                   {"--data", &options.data, NULL},
                                   {"--region", &options.region, NULL},
                                   {0}};
    const char *files[FILES_LIMIT];
    struct lint_tally tally = {0};
    bool read = true;
    struct arena arena;

    int count = options_parse(argc, argv, known, iam_help(), files, FILES_LIMIT);
    if (count < 0)
        return count == OPTIONS_HELPED ? EXIT_DONE : EXIT_USAGE;
    if (count == 0) {
        fputs("turntable iam lint: a FILE is missing\nTry 'turntable iam --help'.\n", stderr);
        return EXIT_USAGE;
    }
    arena_init(&arena);
    struct server_tables tables = {.arena = &arena, .options = &options, .name = SLICE("")};
    for (int i = 0; i < count; i++)
        read &= lint_file(&tables, files[i], &tally);
    client_destroy(tables.client);
    arena_finish(&arena);
    if (!read || tally.wrong > 0)
        return EXIT_FAILED;
    return tally.warnings > 0 ? EXIT_WARNED : EXIT_DONE;
}
