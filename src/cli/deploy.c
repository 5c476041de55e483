/* turntable deploy: makes the resources of a CloudFormation template, or of a cdk.out folder, on a running
 * server. */
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
#include "deploy/apply.h"
#include "deploy/assembly.h"
#include "deploy/intrinsics.h"
#include "deploy/parameters.h"
#include "deploy/plan.h"

#define ACCOUNT_ID "000000000000"

static const char help[] =
    "usage: turntable deploy PATH [OPTION]...\n"
    "\n"
    "Creates or updates the resources that PATH declares: a CloudFormation template, JSON or YAML,\n"
    "or a cdk.out folder with the templates of an app. Doing it again changes nothing.\n"
    "\n"
    "Tables of DynamoDB, what IAM has, and user and identity pools of Cognito are made; resources of\n"
    "other types are named as not made. A template that is wrong is refused, with the resource, the\n"
    "property and the reason, before anything is changed. What a template does not name any more stays.\n"
    "Of policies that can never do what they say is warned at the end, as 'turntable iam lint' does.\n"
    "\n"
    "  --stacks             through the server's CloudFormation: stacks that are kept, described,\n"
    "                       updated, and rolled back when something fails, as in AWS\n"
    "  --delete             with --stacks: delete the stacks, with all that is in them\n"
    "  --diff               with --stacks: tell what would change, and change nothing\n"
    "  --watch              deploy again whenever PATH changes, until Ctrl-C\n" CONNECT_HELP
    "  --parameter NAME=VALUE\n"
    "                       the value of a parameter of the template; may be given several times\n"
    "  --stack-name NAME    of a template file: AWS::StackName, and part of the names that the\n"
    "                       template does not give (default: the file's name)\n"
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
    bool stacks, delete, diff, watch;
};

/* What is told while a plan is applied. */
struct report {
    struct arena *arena;
    int width; /* of the column of names */
    size_t counts[APPLY_UNCHANGED + 1];
    bool changed;
};

/* A table goes by its own name; what else has one is better known by what the template calls it. */
static struct slice label_of(const struct making *making)
{
    return making->input != NULL ? making->name : making->resource->id;
}

static void tell(void *context, const struct making *making, enum apply_event event, struct slice what)
{
    static const char *const words[] = {[APPLY_CREATED] = "created",
                                        [APPLY_UPDATED] = "updated",
                                        [APPLY_REPLACED] = "replaced",
                                        [APPLY_UNCHANGED] = "unchanged"};
    struct report *report = context;
    struct slice label = printable(report->arena, label_of(making));

    report->changed |= event != APPLY_UNCHANGED;
    report->counts[event]++;
    if (event == APPLY_STEP) {
        struct slice step = printable(report->arena, what);
        printf("  %-*.*s  %.*s\n", report->width, SLICE_ARGS(label), SLICE_ARGS(step));
        return;
    }
    printf("  %-*.*s  %s", report->width, SLICE_ARGS(label), words[event]);
    if (making->input == NULL) {
        struct slice id = printable(report->arena, making->id.len > 0 ? making->id : making->name);
        printf(": %s%s%.*s", making->resource->kind->name, id.len > 0 ? " " : "", SLICE_ARGS(id));
    }
    if (making->not_applied.len > 0) {
        struct slice names = printable(report->arena, making->not_applied);
        printf("; not applied (not supported): %.*s", SLICE_ARGS(names));
    }
    fputc('\n', stdout);
}

static int fails(struct arena *arena, const struct problems *problems, bool changed)
{
    fflush(stdout);
    for (size_t i = 0; i < problems->count && i < PROBLEMS_LIMIT; i++) {
        struct slice text = printable(arena, problems_text(problems, i));
        fprintf(stderr, "turntable: %.*s\n", SLICE_ARGS(text));
    }
    if (problems->count > PROBLEMS_LIMIT)
        fprintf(stderr, "turntable: and %zu more problems\n", problems->count - PROBLEMS_LIMIT);
    fputs(changed ? "turntable: stopped; what was done before stays\n" : "turntable: nothing was changed\n",
          stderr);
    return EXIT_FAILED;
}

static void tell_left_alone(struct arena *arena, const struct plan *plan)
{
    for (size_t i = 0; i < plan->left_count; i++) {
        const struct resource *resource = plan->left[i].resource;
        struct slice id = printable(arena, resource->id), type = printable(arena, resource->type);
        printf("  not made: %.*s (%.*s)\n", SLICE_ARGS(id), SLICE_ARGS(type));
    }
}

/* What the stack itself tells of what was made. An output that has no value, for it is of what is not made,
 * is left out. */
static void tell_outputs(struct arena *arena, struct stack *stack)
{
    const struct json *outputs = json_get(stack->template, "Outputs");
    size_t count = outputs != NULL && outputs->type == JSON_OBJECT ? outputs->object.count : 0;

    for (size_t i = 0; i < count; i++) {
        const struct json_member *output = &outputs->object.members[i];
        const struct json *value = json_get(&output->value, "Value");
        struct slice name = printable(arena, output->name), reason, text;
        struct json told;
        if (value == NULL || !stack_has_output(stack, &output->value) ||
            stack_evaluate(stack, value, &told, &reason) != RESOLVED || !scalar_text(&told, &text) ||
            text.len == 0)
            continue;
        text = printable(arena, text);
        printf("  output: %.*s = %.*s\n", SLICE_ARGS(name), SLICE_ARGS(text));
    }
}

static void tell_sum(const struct plan *plan, const struct report *report)
{
    printf("%zu resource%s: %zu created, %zu updated, ", plan->count, plan->count == 1 ? "" : "s",
           report->counts[APPLY_CREATED], report->counts[APPLY_UPDATED]);
    if (report->counts[APPLY_REPLACED] > 0)
        printf("%zu replaced, ", report->counts[APPLY_REPLACED]);
    printf("%zu unchanged", report->counts[APPLY_UNCHANGED]);
    if (plan->left_count > 0)
        printf("; %zu not made", plan->left_count);
    fputc('\n', stdout);
}

static int width_of_names(const struct plan *plan)
{
    size_t width = SHORTEST_NAMES;

    for (size_t i = 0; i < plan->count; i++) {
        struct slice label = label_of(&plan->resources[i]);
        if (label.len > width)
            width = label.len;
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

static int apply(struct arena *arena, struct client *client, const struct assembly *assembly,
                 const struct plan *plan, struct problems *problems)
{
    struct report report = {.arena = arena, .width = width_of_names(plan)};
    const struct invoker invoker = client_invoker(client);

    if (!apply_plan(&invoker, plan, tell, &report, problems))
        return fails(arena, problems, report.changed);
    tell_left_alone(arena, plan);
    for (size_t i = 0; i < assembly->count; i++) {
        if (assembly->stacks[i]->identity.parent == NULL)
            tell_outputs(arena, assembly->stacks[i]);
    }
    tell_sum(plan, &report);
    return EXIT_DONE;
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

/* The same through CloudFormation; what was made last is deleted first. */
static int bring_stacks(struct arena *arena, struct client *client, const struct assembly *assembly,
                        const struct plan *plan, const struct request *request)
{
    struct stat status;
    bool removing = request->delete, is_folder = stat(request->path, &status) == 0 && S_ISDIR(status.st_mode);
    const struct deployment deployment = {.arena = arena,
                                          .client = client,
                                          .assembly = assembly,
                                          .named = request->stack_name != NULL || is_folder,
                                          .width = width_of_names(plan)};

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
        return fails(arena, &problems, false);
    struct client *client = connect_client(arena, &request->connect);
    if (client == NULL)
        return EXIT_FAILED;
    if (!request->delete &&!request->diff)
        printf("Deploying %s to %.*s\n", request->path, SLICE_ARGS(client_endpoint(client)));
    client_keep_connection(client);
    int code = request->stacks ? bring_stacks(arena, client, &assembly, &plan, request)
                               : apply(arena, client, &assembly, &plan, &problems);
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
    if (request->delete &&(!request->stacks || request->watch))
        return "--delete goes with --stacks, and not with --watch";
    if (request->diff && (!request->stacks || request->watch || request->delete))
        return "--diff goes with --stacks, and not with --watch or --delete";
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
                                   {"--stacks", NULL, &request.stacks},
                                   {"--delete", NULL, &request.delete},
                                   {"--diff", NULL, &request.diff},
                                   {"--watch", NULL, &request.watch},
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
