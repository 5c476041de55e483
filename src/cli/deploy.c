/* turntable deploy: makes the resources of a CloudFormation template, or of a cdk.out folder, on a running
 * server. */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/connect.h"
#include "cli/options.h"
#include "cli/policy_lint.h"
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
    "\n" CONNECT_HELP "  --parameter NAME=VALUE\n"
    "                       the value of a parameter of the template; may be given several times\n"
    "  --stack-name NAME    of a template file: AWS::StackName, and part of the names that the\n"
    "                       template does not give (default: the file's name)\n"
    "  --help               this text\n"
    "\n"
    "Exit status: 0 when all resources are as declared, 1 when not, 2 for a wrong command line.\n";

enum { SHORTEST_NAMES = 12, LONGEST_NAMES = 48 };

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

static int deploy(struct arena *arena, const char *path, const struct connect_options *options,
                  const char *stack_name, const struct json *parameters)
{
    const struct assembly_options stacks = {.stack_name =
                                                stack_name == NULL ? SLICE("") : slice_of(stack_name),
                                            .region = connect_region(options),
                                            .account = SLICE(ACCOUNT_ID),
                                            .parameters = parameters};
    struct report report = {.arena = arena};
    struct assembly assembly;
    struct problems problems;
    struct plan plan;

    problems_init(&problems, arena);
    if (!assembly_open(arena, path, &stacks, &assembly, &problems) ||
        !plan_make(arena, &assembly, &plan, &problems))
        return fails(arena, &problems, false);
    struct client *client = connect_client(arena, options);
    if (client == NULL)
        return EXIT_FAILED;
    printf("Deploying %s to %.*s\n", path, SLICE_ARGS(client_endpoint(client)));
    report.width = width_of_names(&plan);
    client_keep_connection(client);
    const struct invoker invoker = client_invoker(client);
    bool applied = apply_plan(&invoker, &plan, tell, &report, &problems);
    client_destroy(client);
    if (!applied)
        return fails(arena, &problems, report.changed);
    tell_left_alone(arena, &plan);
    for (size_t i = 0; i < assembly.count; i++) {
        if (assembly.stacks[i]->identity.parent == NULL)
            tell_outputs(arena, assembly.stacks[i]);
    }
    tell_sum(&plan, &report);
    lint_assembly(arena, "warning: ", &assembly, &(struct lint_tally){0});
    return EXIT_DONE;
}

int command_deploy(int argc, char **argv)
{
    const char *path = NULL, *stack_name = NULL, *parameter = NULL, *given[PARAMETERS_LIMIT];
    struct connect_options options = {0};
    const struct option known[] = {{"--endpoint", &options.endpoint, NULL},
                                   {"--data", &options.data, NULL},
                                   {"--region", &options.region, NULL},
                                   {"--stack-name", &stack_name, NULL},
                                   {"--parameter", &parameter, NULL}, /* one that has no value */
                                   {0}};
    struct json parameters;
    struct arena arena;

    size_t parameter_count = options_take(&argc, argv, "--parameter", given, PARAMETERS_LIMIT);
    int operands = options_parse(argc, argv, known, help, &path, 1);
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
    setvbuf(stdout, NULL, _IOLBF, 0);
    arena_init(&arena);
    int code = read_parameters(&arena, given, parameter_count, &parameters)
                   ? deploy(&arena, path, &options, stack_name, &parameters)
                   : EXIT_USAGE;
    arena_finish(&arena);
    return code;
}
