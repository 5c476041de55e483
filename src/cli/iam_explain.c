/* turntable iam explain: why a request was denied, as the server that denied it remembers. */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/iam_commands.h"
#include "cli/iam_session.h"
#include "cli/options.h"

/* Control characters, but the ends of lines, as '?'. */
static void print_lines(struct arena *arena, struct slice text)
{
    while (text.len > 0) {
        const char *end = memchr(text.ptr, '\n', text.len);
        struct slice line = {text.ptr, end == NULL ? text.len : (size_t)(end - text.ptr)};
        printf("%.*s\n", SLICE_ARGS(printable(arena, line)));
        text = slice_skip(text, line.len + (end != NULL));
    }
}

static int explain(struct iam_session *session, const char *request_id)
{
    const char *const parameters[] = {"RequestId", request_id, NULL};
    const struct json *body;

    if (!iam_call_own(session, "ExplainDenial", parameters, &body))
        return EXIT_FAILED;
    print_lines(&session->arena, slice_of(iam_text(session, body, "Explanation")));
    return EXIT_DONE;
}

int iam_explain_denial(int argc, char **argv)
{
    struct connect_options options = {0};
    struct iam_session session;
    const char *request_id;
    const struct option known[] = {{"--endpoint", &options.endpoint, NULL},
                                   {"--data", &options.data, NULL},
                                   {"--region", &options.region, NULL},
                                   {0}};
    int operands = options_parse(argc, argv, known, iam_help(), &request_id, 1);

    if (operands < 0)
        return operands == OPTIONS_HELPED ? EXIT_DONE : EXIT_USAGE;
    if (operands != 1) {
        fputs("turntable iam explain: which request? Give the id that its answer had in x-amzn-RequestId\n",
              stderr);
        return EXIT_USAGE;
    }
    int status = iam_begin(&session, &options) ? explain(&session, request_id) : EXIT_FAILED;
    iam_end(&session);
    return status;
}
