/* turntable env: what a shell must be told so that AWS's tools and SDKs use a running server. */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/connect.h"
#include "cli/options.h"

static const char help[] =
    "usage: turntable env [OPTION]...\n"
    "\n"
    "Prints the environment in which AWS's SDKs and tools use a running server:\n"
    "\n"
    "  sh, bash, zsh   eval \"$(turntable env)\"\n"
    "  fish            turntable env --shell fish | source\n"
    "  PowerShell      turntable env --shell powershell | Out-String | Invoke-Expression\n"
    "\n"
    "  --shell SHELL        sh (default), bash, zsh, fish, powershell or pwsh\n"
    "  --endpoint URL       the server (default: the one that runs on DIR, or\n"
    "                       http://127.0.0.1:8000)\n"
    "  --data DIR           the server's data folder, which holds its keys (default: ./data)\n"
    "  --region REGION      default: AWS_REGION, AWS_DEFAULT_REGION, or us-east-1\n"
    "  --help               this text\n"
    "\n"
    "The keys are TURNTABLE_ACCESS_KEY_ID and TURNTABLE_SECRET_ACCESS_KEY, if they are set, as\n"
    "for the server; otherwise those in DIR/credentials.\n"
    "\n"
    "Exit status: 0 when it was done, 1 when there are no keys, 2 for a wrong command line.\n";

struct shell {
    const char *name;
    const char *set;     /* printf: name, value quoted */
    const char *unset;   /* printf: name */
    const char *escaped; /* characters that cannot stand between single quotes as they are */
    const char *escape;  /* what to put in their place; NULL: a backslash in front */
    const char *sigil;   /* before the name of a variable */
};

static const struct shell shells[] = {
    {"sh", "export %s='%.*s'\n", "unset %s\n", "'", "'\\''", "$"},
    {"bash", "export %s='%.*s'\n", "unset %s\n", "'", "'\\''", "$"},
    {"zsh", "export %s='%.*s'\n", "unset %s\n", "'", "'\\''", "$"},
    {"fish", "set -gx %s '%.*s'\n", "set -e %s\n", "'\\", NULL, "$"},
    {"powershell", "$env:%s = '%.*s'\n", "Remove-Item Env:%s -ErrorAction SilentlyContinue\n", "'", "''",
     "$env:"},
    {"pwsh", "$env:%s = '%.*s'\n", "Remove-Item Env:%s -ErrorAction SilentlyContinue\n", "'", "''", "$env:"},
};

static const struct shell *find_shell(const char *name)
{
    for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++) {
        if (strcmp(shells[i].name, name) == 0)
            return &shells[i];
    }
    return NULL;
}

static struct slice quoted(struct arena *arena, const struct shell *shell, struct slice value)
{
    struct buffer out;

    buffer_init(&out);
    for (size_t i = 0; i < value.len; i++) {
        if (strchr(shell->escaped, value.ptr[i]) == NULL) {
            buffer_append_byte(&out, value.ptr[i]);
        } else if (shell->escape != NULL) {
            buffer_append_string(&out, shell->escape);
        } else {
            buffer_append_byte(&out, '\\');
            buffer_append_byte(&out, value.ptr[i]);
        }
    }
    struct slice copy = arena_copy(arena, buffer_slice(&out));
    buffer_finish(&out);
    return copy;
}

static void print_variable(struct arena *arena, const struct shell *shell, const char *name,
                           struct slice value)
{
    struct slice text = quoted(arena, shell, value);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    printf(shell->set, name, SLICE_ARGS(text));
#pragma GCC diagnostic pop
}

static int print_all(struct arena *arena, const struct shell *shell, const struct connect_options *options)
{
    struct credentials credentials;
    struct slice region = connect_region(options);

    if (!connect_server_credentials(arena, options, &credentials))
        return EXIT_FAILED;
    print_variable(arena, shell, "AWS_ENDPOINT_URL", connect_server_endpoint(arena, options));
    print_variable(arena, shell, "AWS_ACCESS_KEY_ID", slice_of(credentials.access_key_id));
    print_variable(arena, shell, "AWS_SECRET_ACCESS_KEY", slice_of(credentials.secret_access_key));
    print_variable(arena, shell, "AWS_REGION", region);
    print_variable(arena, shell, "AWS_DEFAULT_REGION", region);
    /* A token of other credentials would be sent along with these. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    printf(shell->unset, "AWS_SESSION_TOKEN");
#pragma GCC diagnostic pop
    printf("# AWS CLI before 2.13 (Debian 12 has 2.9) does not read AWS_ENDPOINT_URL; tell it so:\n"
           "#   aws dynamodb list-tables --endpoint-url \"%sAWS_ENDPOINT_URL\"\n",
           shell->sigil);
    return EXIT_DONE;
}

int command_env(int argc, char **argv)
{
    const char *shell_name = "sh";
    struct connect_options options = {0};
    const struct option known[] = {{"--shell", &shell_name, NULL},
                                   {"--endpoint", &options.endpoint, NULL},
                                   {"--data", &options.data, NULL},
                                   {"--region", &options.region, NULL},
                                   {0}};
    struct arena arena;

    int operands = options_parse(argc, argv, known, help, NULL, 0);
    if (operands < 0)
        return operands == OPTIONS_HELPED ? EXIT_DONE : EXIT_USAGE;
    const struct shell *shell = find_shell(shell_name);
    if (shell == NULL) {
        fprintf(stderr,
                "turntable: env knows no shell '%s'; it knows sh, bash, zsh, fish, powershell and pwsh\n",
                shell_name);
        return EXIT_USAGE;
    }
    arena_init(&arena);
    int code = print_all(&arena, shell, &options);
    arena_finish(&arena);
    return code;
}
