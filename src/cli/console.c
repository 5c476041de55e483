/* turntable console: a link that signs in to the console, once. */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/iam_session.h"
#include "cli/options.h"

static const char help[] =
    "usage: turntable console [OPTION]...\n"
    "\n"
    "Prints a link that opens the console of a running server in a browser on this machine, and\n"
    "signs in there as whoever's key this command has, for an hour. It is good once, within ten\n"
    "minutes.\n"
    "\n" CONNECT_HELP "  --help               this text\n"
    "\n"
    "Who is not root needs to be allowed turntable:CreateSignInLink.\n"
    "\n"
    "Exit status: 0 when it was done, 1 when the server could not be asked or refused, 2 for a\n"
    "wrong command line.\n";

static int print_link(struct iam_session *session)
{
    const char *const none[] = {NULL};
    const struct json *body;

    if (!iam_call_own(session, "CreateSignInLink", none, &body))
        return EXIT_FAILED;
    struct slice endpoint = client_endpoint_by_address(session->client, &session->arena);
    struct slice token = printable(&session->arena, slice_of(iam_text(session, body, "Token")));
    printf("%.*s/console/#/link/%.*s\n", SLICE_ARGS(endpoint), SLICE_ARGS(token));
    return EXIT_DONE;
}

int command_console(int argc, char **argv)
{
    struct connect_options options = {0};
    struct iam_session session;
    const struct option known[] = {{"--endpoint", &options.endpoint, NULL},
                                   {"--data", &options.data, NULL},
                                   {"--region", &options.region, NULL},
                                   {0}};
    int operands = options_parse(argc, argv, known, help, NULL, 0);

    if (operands < 0)
        return operands == OPTIONS_HELPED ? EXIT_DONE : EXIT_USAGE;
    int status = iam_begin(&session, &options) ? print_link(&session) : EXIT_FAILED;
    iam_end(&session);
    return status;
}
