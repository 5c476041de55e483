/* turntable iam decisions: what policies said lately, as the server that asked them remembers. */
#include <stdio.h>

#include "base/digits.h"
#include "cli/columns.h"
#include "cli/commands.h"
#include "cli/iam_commands.h"
#include "cli/iam_session.h"
#include "cli/options.h"

enum { LAST_MOST = 1000, PARAMETERS_MOST = 2 * 5 + 1, COLUMNS = 6 };

static const struct client_service turntable = {"turntable", "2026-11-26"};

struct wanted {
    const char *principal, *action, *resource, *last;
    bool denied, allowed;
};

static struct slice cell(struct iam_session *session, const struct json *decision, const char *member)
{
    struct slice text = slice_of(iam_text(session, decision, member));

    return text.len == 0 ? SLICE("-") : printable(&session->arena, text);
}

/* "managed-or-inline-policy statement 2", or which kind of policy had none that allows. */
static struct slice deciding(struct iam_session *session, const struct json *decision)
{
    const char *statement = iam_text(session, decision, "Statement"),
               *sid = iam_text(session, decision, "Sid");
    struct slice policy = slice_of(iam_text(session, decision, "Policy"));
    struct slice kind = slice_of(iam_text(session, decision, "PolicyType"));

    if (statement[0] == '\0')
        return arena_printf(&session->arena, "no %.*s policy", SLICE_ARGS(printable(&session->arena, kind)));
    if (policy.len == 0)
        policy = arena_printf(&session->arena, "%.*s policy", SLICE_ARGS(kind));
    struct slice text =
        arena_printf(&session->arena, "%.*s %s", SLICE_ARGS(policy), sid[0] != '\0' ? sid : statement);
    return printable(&session->arena, text);
}

static void print(struct iam_session *session, const struct json *list)
{
    static const char *const head[COLUMNS] = {"TIME", "OUTCOME", "PRINCIPAL", "ACTION", "RESOURCE", "BY"};
    struct columns columns;

    columns_init(&columns, &session->arena, head, COLUMNS, COLUMNS);
    for (size_t i = 0; i < list->array.count; i++) {
        const struct json *decision = &list->array.items[i];
        struct slice *cells = columns_add(&columns);
        cells[0] = cell(session, decision, "Time");
        cells[1] = cell(session, decision, "Outcome");
        cells[2] = cell(session, decision, "Principal");
        cells[3] = cell(session, decision, "Action");
        cells[4] = cell(session, decision, "Resource");
        cells[5] = deciding(session, decision);
    }
    columns_print(&columns);
}

static int ask(struct iam_session *session, const struct wanted *wanted)
{
    const char *outcome = wanted->denied ? "Denied" : wanted->allowed ? "Allowed" : NULL;
    const char *const named[][2] = {{"Outcome", outcome},
                                    {"Principal", wanted->principal},
                                    {"ActionName", wanted->action},
                                    {"ResourcePrefix", wanted->resource},
                                    {"MaxItems", wanted->last}};
    const char *parameters[PARAMETERS_MOST];
    struct client_answer answer;
    size_t count = 0;

    for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
        if (named[i][1] == NULL)
            continue;
        parameters[count++] = named[i][0];
        parameters[count++] = named[i][1];
    }
    parameters[count] = NULL;
    if (client_call_query(session->client, &session->arena, &turntable, "ListDecisions", parameters,
                          &answer) != CLIENT_DONE) {
        fprintf(stderr, "turntable: %.*s\n", SLICE_ARGS(printable(&session->arena, answer.message)));
        return EXIT_FAILED;
    }
    const struct json *list = json_get(answer.body, "Decisions");
    if (list == NULL || list->type != JSON_ARRAY)
        puts("There are no such decisions.");
    else
        print(session, list);
    return EXIT_DONE;
}

int iam_decisions(int argc, char **argv)
{
    struct connect_options options = {0};
    struct wanted wanted = {.last = "50"};
    struct iam_session session;
    uint64_t last;
    const struct option known[] = {
        {"--endpoint", &options.endpoint, NULL}, {"--data", &options.data, NULL},
        {"--region", &options.region, NULL},     {"--principal", &wanted.principal, NULL},
        {"--action", &wanted.action, NULL},      {"--resource", &wanted.resource, NULL},
        {"--last", &wanted.last, NULL},          {"--denied", NULL, &wanted.denied},
        {"--allowed", NULL, &wanted.allowed},    {0}};
    int operands = options_parse(argc, argv, known, iam_help(), NULL, 0);

    if (operands < 0)
        return operands == OPTIONS_HELPED ? EXIT_DONE : EXIT_USAGE;
    if (wanted.denied && wanted.allowed) {
        fputs("turntable iam decisions: --denied and --allowed exclude each other; without, both are told\n",
              stderr);
        return EXIT_USAGE;
    }
    if (!digits_parse(slice_of(wanted.last), 10, LAST_MOST, &last) || last == 0) {
        fprintf(stderr, "turntable iam decisions: --last needs a number from 1 to %d, not %s\n", LAST_MOST,
                wanted.last);
        return EXIT_USAGE;
    }
    int status = iam_begin(&session, &options) ? ask(&session, &wanted) : EXIT_FAILED;
    iam_end(&session);
    return status;
}
