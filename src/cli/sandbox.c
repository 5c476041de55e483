/* turntable sandbox: runs the `npx ampx sandbox` of an Amplify project against a running server. */
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"
#include "cli/commands.h"
#include "cli/connect.h"
#include "cli/options.h"
#include "cli/tool_environment.h"

static const char help[] =
    "usage: turntable sandbox [OPTION]... [-- ARGUMENT...]\n"
    "\n"
    "In the folder of an Amplify project: runs the project's own 'npx ampx sandbox ARGUMENT...' in an\n"
    "environment in which it deploys to a running server instead of AWS, and sends no telemetry.\n"
    "\n"
    "  turntable sandbox                     deploys, and deploys again when a file changes\n"
    "  turntable sandbox -- --once           deploys once\n"
    "  turntable sandbox -- delete --yes     deletes what was deployed\n"
    "\n"
    "Beside the amplify_outputs.json that ampx writes it puts amplify_outputs_turntable.mjs (and its\n"
    "types), with which an app tells the Amplify library where the server is:\n"
    "\n"
    "  import outputs from './amplify_outputs.json';\n"
    "  import { turntableConfig } from './amplify_outputs_turntable.mjs';\n"
    "  Amplify.configure(turntableConfig(outputs));\n"
    "\n" CONNECT_HELP "  --help               this text\n"
    "\n"
    "Exit status: that of ampx; 1 when it could not be run, 2 for a wrong command line.\n";

static const char module_text[] =
    "// Made by `turntable sandbox`: where the server is on which this project's sandbox is.\n"
    "//\n"
    "//   import outputs from './amplify_outputs.json';\n"
    "//   import { turntableConfig } from './amplify_outputs_turntable.mjs';\n"
    "//   Amplify.configure(turntableConfig(outputs));\n"
    "import { parseAmplifyConfig } from 'aws-amplify/utils';\n"
    "\n"
    "/** For clients of the AWS SDK, which take both among their options. */\n"
    "export const endpoint = %.*s;\n"
    "export const region = %.*s;\n"
    "\n"
    "/** What amplify_outputs.json says, with the server as the place to sign in. */\n"
    "export function turntableConfig(outputs) {\n"
    "  const config = parseAmplifyConfig(outputs);\n"
    "  if (config.Auth?.Cognito) {\n"
    "    config.Auth.Cognito.userPoolEndpoint = endpoint;\n"
    "    config.Auth.Cognito.identityPoolEndpoint = endpoint;\n"
    "  }\n"
    "  return config;\n"
    "}\n";

static const char types_text[] =
    "// Made by `turntable sandbox`: the types of amplify_outputs_turntable.mjs.\n"
    "import type { ResourcesConfig } from 'aws-amplify';\n"
    "import type { parseAmplifyConfig } from 'aws-amplify/utils';\n"
    "\n"
    "export declare const endpoint: string;\n"
    "export declare const region: string;\n"
    "export declare function turntableConfig(outputs: Parameters<typeof parseAmplifyConfig>[0]): "
    "ResourcesConfig;\n";

enum { ARGUMENT_LIMIT = 100 };

struct sandbox {
    struct arena arena;
    const char *arguments[ARGUMENT_LIMIT]; /* for ampx */
    size_t count;
    struct slice module, types; /* paths of the files beside amplify_outputs.json */
};

/* ---- the project ---- */

static bool is_there(struct slice path)
{
    return access(path.ptr, F_OK) == 0;
}

/* As ampx looks for it. */
static bool has_backend(void)
{
    return is_there(SLICE("amplify/backend.ts")) || is_there(SLICE("amplify/backend.js")) ||
           is_there(SLICE("amplify/backend.mjs")) || is_there(SLICE("amplify/backend.cjs"));
}

/* In this folder or, as in a workspace, in one above it. */
static bool has_ampx(struct arena *arena)
{
    char folder[4096];

    if (getcwd(folder, sizeof(folder)) == NULL)
        return false;
    for (;;) {
        if (is_there(arena_printf(arena, "%s/node_modules/.bin/ampx", folder)))
            return true;
        char *slash = strrchr(folder, '/');
        if (slash == NULL || folder[0] == '\0')
            return false;
        *slash = '\0';
    }
}

static bool is_project(struct arena *arena)
{
    if (!has_backend()) {
        fputs("turntable: this is no folder of an Amplify project: there is no amplify/backend.ts here\n",
              stderr);
        return false;
    }
    if (!has_ampx(arena)) {
        fputs("turntable: the project has no ampx; install its packages:\n"
              "  npm install --save-dev @aws-amplify/backend @aws-amplify/backend-cli\n",
              stderr);
        return false;
    }
    return true;
}

/* The value of --outputs-out-dir among the arguments, or this folder. */
static const char *outputs_folder(const struct sandbox *sandbox)
{
    static const char option[] = "--outputs-out-dir";
    const size_t length = sizeof(option) - 1;

    for (size_t i = 0; i < sandbox->count; i++) {
        const char *argument = sandbox->arguments[i];
        if (strcmp(argument, option) == 0 && i + 1 < sandbox->count)
            return sandbox->arguments[i + 1];
        if (strncmp(argument, option, length) == 0 && argument[length] == '=')
            return argument + length + 1;
    }
    return ".";
}

/* ---- the module beside the outputs ---- */

static struct slice quoted(struct arena *arena, struct slice text)
{
    struct buffer out;

    buffer_init(&out);
    json_write_string(&out, text);
    struct slice copy = arena_copy(arena, buffer_slice(&out));
    buffer_finish(&out);
    return copy;
}

static bool write_file(struct slice path, struct slice text)
{
    FILE *file = fopen(path.ptr, "we");

    bool written = file != NULL && fwrite(text.ptr, 1, text.len, file) == text.len;
    if (file != NULL && fclose(file) != 0)
        written = false;
    if (!written)
        fprintf(stderr, "turntable: cannot write %s: %s\n", path.ptr, strerror(errno));
    return written;
}

static bool write_module(struct sandbox *sandbox, struct slice endpoint, struct slice region)
{
    struct arena *arena = &sandbox->arena;
    struct slice text = arena_printf(arena, module_text, SLICE_ARGS(quoted(arena, endpoint)),
                                     SLICE_ARGS(quoted(arena, region)));

    return write_file(sandbox->module, text) && write_file(sandbox->types, slice_of(types_text));
}

static void remove_module(struct sandbox *sandbox)
{
    unlink(sandbox->module.ptr);
    unlink(sandbox->types.ptr);
}

/* ---- ampx ---- */

static volatile sig_atomic_t receiver; /* a pid, or the negative of a group's; 0: none */

static void pass_on(int number)
{
    if (receiver != 0)
        kill((pid_t)receiver, number);
}

/* npx does not hand signals on to what it runs, so they go to its whole group. With a terminal that group is
 * this program's own, for the terminal's sake: Ctrl-C reaches it by itself, and it is ampx's to end by it. */
static void prepare_signals(bool terminal)
{
    const struct sigaction passed = {.sa_handler = pass_on}, ignored = {.sa_handler = SIG_IGN};

    sigaction(SIGINT, terminal ? &ignored : &passed, NULL);
    sigaction(SIGTERM, &passed, NULL);
    sigaction(SIGHUP, &passed, NULL);
}

static int start(char *const *command, bool terminal, pid_t *out)
{
    posix_spawnattr_t attributes;
    sigset_t signals;

    /* What is ignored here would stay ignored there. */
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGPIPE);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | (terminal ? 0 : POSIX_SPAWN_SETPGROUP));
    int error = posix_spawnp(out, command[0], NULL, &attributes, command, environ);
    posix_spawnattr_destroy(&attributes);
    return error;
}

/* The exit code of ampx, as a shell would tell it. */
static int run_ampx(struct sandbox *sandbox)
{
    const char *command[ARGUMENT_LIMIT + 5] = {"npx", "--no-install", "ampx", "sandbox"};
    bool terminal = isatty(STDIN_FILENO);
    int status = 0;
    pid_t pid;

    memcpy(command + 4, sandbox->arguments, sandbox->count * sizeof(command[0]));
    prepare_signals(terminal);
    int error = start((char *const *)command, terminal, &pid);
    if (error != 0) {
        fprintf(stderr, "turntable: cannot run npx, which comes with Node.js: %s\n", strerror(error));
        return EXIT_FAILED;
    }
    receiver = (sig_atomic_t)(terminal ? pid : -pid);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    receiver = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* ---- the command ---- */

/* Asks who the keys are, so that what is wrong is told before ampx takes half a minute to come to it. */
static bool is_answered(struct sandbox *sandbox, struct client *client)
{
    static const struct client_service sts = {"sts", "2011-06-15"};
    const char *const none[] = {NULL};
    struct client_answer answer;

    switch (client_call_query(client, &sandbox->arena, &sts, "GetCallerIdentity", none, &answer)) {
    case CLIENT_DONE:
        return true;
    case CLIENT_REFUSED:
        fprintf(stderr, "turntable: %.*s does not take the keys: %.*s\n", SLICE_ARGS(client_endpoint(client)),
                SLICE_ARGS(printable(&sandbox->arena, answer.message)));
        return false;
    case CLIENT_FAILED:
        fprintf(stderr, "turntable: %.*s\nIs there a server? 'turntable serve' starts one.\n",
                SLICE_ARGS(printable(&sandbox->arena, answer.message)));
        break;
    }
    return false;
}

/* False: it was said why not. */
static bool prepare(struct sandbox *sandbox, const struct connect_options *options,
                    struct tool_server *server)
{
    struct client_options settings;

    if (!is_project(&sandbox->arena) || !connect_settings(&sandbox->arena, options, &settings))
        return false;
    struct client *client = connect_to(&sandbox->arena, &settings);
    bool answered = client != NULL && is_answered(sandbox, client);
    if (answered) {
        /* The region that a shell has for AWS is not that of the roles that ampx looks for. */
        struct slice region =
            options->region == NULL ? connect_region_of_server(client, &sandbox->arena) : SLICE("");
        *server = (struct tool_server){.endpoint = client_endpoint_by_address(client, &sandbox->arena),
                                       .region = region.len > 0 ? region : settings.region,
                                       .access_key_id = settings.access_key_id,
                                       .secret_access_key = settings.secret_access_key,
                                       .session_token = settings.session_token};
    }
    client_destroy(client);
    return answered;
}

static int run(struct sandbox *sandbox, const struct connect_options *options)
{
    /* `ampx sandbox` has commands of its own: delete, secret, seed. */
    bool deploys = sandbox->count == 0 || sandbox->arguments[0][0] == '-';
    const char *folder = outputs_folder(sandbox);
    struct tool_server server;

    sandbox->module = arena_printf(&sandbox->arena, "%s/amplify_outputs_turntable.mjs", folder);
    sandbox->types = arena_printf(&sandbox->arena, "%s/amplify_outputs_turntable.d.mts", folder);
    if (!prepare(sandbox, options, &server))
        return EXIT_FAILED;
    if (deploys && !write_module(sandbox, server.endpoint, server.region))
        return EXIT_FAILED;
    tool_environment_set(&sandbox->arena, &server);
    int code = run_ampx(sandbox);
    if (code == EXIT_DONE && sandbox->count > 0 && strcmp(sandbox->arguments[0], "delete") == 0)
        remove_module(sandbox);
    return code;
}

int command_sandbox(int argc, char **argv)
{
    struct connect_options options = {0};
    const struct option known[] = {{"--endpoint", &options.endpoint, NULL},
                                   {"--data", &options.data, NULL},
                                   {"--region", &options.region, NULL},
                                   {0}};
    struct sandbox sandbox = {0};
    int count = options_parse(argc, argv, known, help, sandbox.arguments, ARGUMENT_LIMIT);

    if (count < 0)
        return count == OPTIONS_HELPED ? EXIT_DONE : EXIT_USAGE;
    sandbox.count = (size_t)count;
    arena_init(&sandbox.arena);
    int code = run(&sandbox, &options);
    arena_finish(&sandbox.arena);
    return code;
}
