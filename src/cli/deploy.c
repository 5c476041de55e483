/* turntable deploy: brings stacks of a running server to what a CloudFormation template, or a cdk.out folder,
 * says. */
#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#include "base/hash.h"
#include "cli/commands.h"
#include "cli/connect.h"
#include "cli/deploy_stack.h"
#include "cli/options.h"
#include "cli/policy_lint.h"
#include "cli/progress.h"
#include "deploy/assembly.h"
#include "deploy/parameters.h"
#include "deploy/plan.h"

#define ACCOUNT_ID "000000000000"

static const char help[] =
    "usage: turntable deploy PATH [OPTION]...\n"
    "\n"
    "Brings the stacks that PATH declares to what it says: a CloudFormation template, JSON or YAML, or\n"
    "a cdk.out folder with the templates of an app. As on AWS, a stack's resources are made, changed,\n"
    "and removed when the template does not name them any more; what fails is rolled back, with the\n"
    "reason. Doing it again changes nothing.\n"
    "\n"
    "A template that is wrong is refused, with the resource, the property and the reason, before\n"
    "anything is changed. Resources of services that the server does not have are recorded, and named\n"
    "as not run. Of policies that can never do what they say is warned at the end, as\n"
    "'turntable iam lint' does.\n"
    "\n"
    "  --diff               tell what would change, and change nothing\n"
    "  --delete             delete the stacks, with all that is in them\n"
    "  --watch              deploy again whenever PATH changes, until Ctrl-C\n"
    "  --import-existing-resources\n"
    "                       take into the stacks what exists outside of them, by the names that the\n"
    "                       template gives; it needs the DeletionPolicy Retain or RetainExceptOnCreate\n"
    "                       (without this, a resource that exists already fails)\n" CONNECT_HELP
    "  --parameter NAME=VALUE\n"
    "                       the value of a parameter of the template; may be given several times\n"
    "  --stack-name NAME    of a template file: the stack's name (default: the file's name)\n"
    "  --help               this text\n"
    "\n"
    "Exit status: 0 when all resources are as declared, 1 when not, 2 for a wrong command line.\n";

enum { SHORTEST_NAMES = 12, LONGEST_NAMES = 48, FILES_LIMIT = 10 * 1000 };

/* What the command line asks for. */
struct request {
    const char *path;
    const char *stack_name;
    const struct json *parameters;
    struct connect_options connect;
    bool delete, diff, watch, import_existing;
};

static int refuses(struct arena *arena, const struct problems *problems)
{
    fflush(stdout);
    for (size_t i = 0; i < problems->count && i < PROBLEMS_LIMIT; i++) {
        struct slice text = printable(arena, problems_text(problems, i));
        fprintf(stderr, "turntable: %.*s\n", SLICE_ARGS(text));
    }
    if (problems->count > PROBLEMS_LIMIT)
        fprintf(stderr, "turntable: and %zu more problems\n", problems->count - PROBLEMS_LIMIT);
    fputs("turntable: nothing was changed\n", stderr);
    return EXIT_FAILED;
}

static int width_of_names(const struct assembly *assembly)
{
    size_t width = SHORTEST_NAMES;

    for (size_t i = 0; i < assembly->count; i++) {
        const struct stack *stack = assembly->stacks[i];
        for (size_t j = 0; j < stack->resource_count; j++) {
            size_t length = stack->resources[j].id.len;
            width = length > width ? length : width;
        }
    }
    return (int)(width < LONGEST_NAMES ? width : LONGEST_NAMES);
}

/* "NAME=VALUE" each, as an object; false: one is not. */
static bool read_parameters(struct arena *arena, const char *const *given, size_t count, struct json *out)
{
    *out =
        (struct json){.type = JSON_OBJECT, .object = {arena_array(arena, struct json_member, count), count}};
    for (size_t i = 0; i < count; i++) {
        const char *equals = strchr(given[i], '=');
        if (equals == NULL || equals == given[i]) {
            fprintf(stderr, "turntable: --parameter needs NAME=VALUE, not '%s'\n", given[i]);
            return false;
        }
        out->object.members[i] = (struct json_member){{given[i], (size_t)(equals - given[i])},
                                                      {.type = JSON_STRING, .text = slice_of(equals + 1)}};
    }
    out->object.count = json_drop_repeated(out->object.members, count);
    return true;
}

/* Stacks that do not say where they are, are where the server is, whatever region the shell has for AWS: that
 * is the one that the server has in its ARNs and in the names of its buckets. */
static void move_to_server(struct arena *arena, struct client *client, const struct assembly *assembly,
                           const struct request *request)
{
    struct slice usual = connect_region(&request->connect);
    struct slice region =
        request->connect.region == NULL ? connect_region_of_server(client, arena) : SLICE("");

    for (size_t i = 0; i < assembly->count && region.len > 0; i++) {
        if (slice_equal(assembly->stacks[i]->identity.region, usual))
            assembly->stacks[i]->identity.region = region;
    }
}

static bool bring_stack(const struct deployment *deployment, const struct stack *stack,
                        const struct request *request)
{
    if (request->delete)
        return deploy_delete(deployment, stack);
    return request->diff ? deploy_diff(deployment, stack) : deploy_stack(deployment, stack);
}

/* What was made last is deleted first. */
static int bring_stacks(struct arena *arena, struct client *client, const struct assembly *assembly,
                        const struct request *request)
{
    struct stat status;
    bool removing = request->delete, is_folder = stat(request->path, &status) == 0 && S_ISDIR(status.st_mode);
    const struct deployment deployment = {.arena = arena,
                                          .client = client,
                                          .assembly = assembly,
                                          .named = request->stack_name != NULL || is_folder,
                                          .import_existing = request->import_existing,
                                          .width = width_of_names(assembly)};

    move_to_server(arena, client, assembly, request);
    for (size_t i = 0; i < assembly->count; i++) {
        const struct stack *stack = assembly->stacks[removing ? assembly->count - 1 - i : i];
        if (stack->identity.parent == NULL && !bring_stack(&deployment, stack, request))
            return EXIT_FAILED;
    }
    return EXIT_DONE;
}

static int deploy(struct arena *arena, const struct request *request)
{
    const struct assembly_options stacks = {
        .stack_name = request->stack_name == NULL ? SLICE("") : slice_of(request->stack_name),
        .region = connect_region(&request->connect),
        .account = SLICE(ACCOUNT_ID),
        .parameters = request->parameters};
    struct assembly assembly;
    struct problems problems;
    struct plan plan;

    problems_init(&problems, arena);
    if (!assembly_open(arena, request->path, &stacks, &assembly, &problems) ||
        !plan_make(arena, &assembly, &plan, &problems))
        return refuses(arena, &problems);
    struct client *client = connect_client(arena, &request->connect);
    if (client == NULL)
        return EXIT_FAILED;
    if (!request->delete &&!request->diff)
        printf("Deploying %s to %.*s\n", request->path, SLICE_ARGS(client_endpoint(client)));
    client_keep_connection(client);
    int code = bring_stacks(arena, client, &assembly, request);
    client_destroy(client);
    if (code == EXIT_DONE && !request->delete)
        lint_assembly(arena, "warning: ", &assembly, &(struct lint_tally){0});
    return code;
}

/* ---- watching ---- */

/* A number that is another one when the file is changed, or a file in the folder. */
static uint64_t look_at(struct arena *arena, const char *path, bool is_top)
{
    struct stat status;
    uint64_t sum = 0;
    struct dirent *entry;

    if (stat(path, &status) != 0)
        return 0;
    if (!S_ISDIR(status.st_mode))
        return hash_bytes(arena_printf(arena, "%s %lld %ld %lld %llu", path, (long long)status.st_mtim.tv_sec,
                                       status.st_mtim.tv_nsec, (long long)status.st_size,
                                       (unsigned long long)status.st_ino));
    DIR *folder = is_top ? opendir(path) : NULL;
    for (unsigned i = 0; folder != NULL && i < FILES_LIMIT && (entry = readdir(folder)) != NULL; i++) {
        if (entry->d_name[0] != '.')
            sum += look_at(arena, arena_printf(arena, "%s/%s", path, entry->d_name).ptr, false);
    }
    if (folder != NULL)
        closedir(folder);
    return sum;
}

static uint64_t look(const char *path)
{
    struct arena arena;

    arena_init(&arena);
    uint64_t seen = look_at(&arena, path, true);
    arena_finish(&arena);
    return seen;
}

/* Waits until the path is another one than it was, and has stopped changing; false: Ctrl-C came. */
static bool wait_for_change(const char *path, uint64_t *seen)
{
    static const struct timespec pause = {.tv_nsec = 200 * 1000 * 1000};
    uint64_t before = *seen;

    for (;;) {
        uint64_t now = look(path);
        if (interruption_came())
            return false;
        if (now != 0 && now != *seen && now == before) {
            *seen = now;
            return true;
        }
        before = now;
        nanosleep(&pause, NULL);
    }
}

static int run(const struct request *request)
{
    uint64_t seen = look(request->path);
    int code;

    if (request->watch)
        interruption_expect();
    do {
        struct arena arena;
        arena_init(&arena);
        code = deploy(&arena, request);
        arena_finish(&arena);
        if (request->watch)
            printf("Watching %s; Ctrl-C ends\n", request->path);
    } while (request->watch && wait_for_change(request->path, &seen));
    return request->watch ? EXIT_DONE : code;
}

/* ---- the command line ---- */

/* What does not go together; NULL: all does. */
static const char *find_mistake(const struct request *request)
{
    if (request->diff && (request->watch || request->delete))
        return "--diff goes neither with --watch nor with --delete";
    if (request->delete &&(request->watch || request->import_existing))
        return "--delete goes neither with --watch nor with --import-existing-resources";
    return NULL;
}

int command_deploy(int argc, char **argv)
{
    const char *parameter = NULL, *given[PARAMETERS_LIMIT];
    struct request request = {0};
    const struct option known[] = {{"--endpoint", &request.connect.endpoint, NULL},
                                   {"--data", &request.connect.data, NULL},
                                   {"--region", &request.connect.region, NULL},
                                   {"--stack-name", &request.stack_name, NULL},
                                   {"--delete", NULL, &request.delete},
                                   {"--diff", NULL, &request.diff},
                                   {"--watch", NULL, &request.watch},
                                   {"--import-existing-resources", NULL, &request.import_existing},
                                   {"--parameter", &parameter, NULL}, /* one that has no value */
                                   {0}};
    struct json parameters;
    struct arena arena;

    size_t parameter_count = options_take(&argc, argv, "--parameter", given, PARAMETERS_LIMIT);
    int operands = options_parse(argc, argv, known, help, &request.path, 1);
    if (operands < 0)
        return operands == OPTIONS_HELPED ? EXIT_DONE : EXIT_USAGE;
    if (operands == 0) {
        fputs("turntable: deploy needs the PATH of a template or of a cdk.out folder\n"
              "usage: turntable deploy PATH [OPTION]...\n",
              stderr);
        return EXIT_USAGE;
    }
    if (parameter_count > PARAMETERS_LIMIT) {
        fprintf(stderr, "turntable: a template has at most %d parameters\n", PARAMETERS_LIMIT);
        return EXIT_USAGE;
    }
    const char *mistake = find_mistake(&request);
    if (mistake != NULL) {
        fprintf(stderr, "turntable: %s\n", mistake);
        return EXIT_USAGE;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    arena_init(&arena);
    request.parameters = &parameters;
    int code = read_parameters(&arena, given, parameter_count, &parameters) ? run(&request) : EXIT_USAGE;
    arena_finish(&arena);
    return code;
}
