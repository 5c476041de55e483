/*
 * Templates: any text can be opened with any parameters, or is refused with a reason, and the same the next
 * time; what is opened evaluates within bounds to well-formed values; what is planned is well-formed input.
 * The policies that a template declares can be read, whatever stands in them.
 *
 * An input is a template, or parameters (a JSON object of texts), a zero byte, and a template.
 */
#include "base/check.h"
#include "deploy/capabilities.h"
#include "deploy/parameters.h"
#include "deploy/plan.h"
#include "deploy/policies.h"
#include "deploy/template.h"
#include "stacks/changes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* ---- whom a stack asks ---- */

static enum lookup find_parameter(void *context, struct arena *arena, struct slice name, struct slice *value,
                                  struct slice *type)
{
    (void)context;
    (void)arena;
    *type = name.len % 2 == 0 ? SLICE("String") : SLICE("StringList");
    *value = SLICE("one,two");
    return name.len % 5 == 0 ? LOOKUP_ABSENT : LOOKUP_FOUND;
}

static enum lookup find_export(void *context, struct arena *arena, struct slice name, struct slice *value)
{
    (void)context;
    (void)arena;
    *value = SLICE("exported");
    return name.len % 3 == 0 ? LOOKUP_ABSENT : LOOKUP_FOUND;
}

static const struct stack_lookups lookups = {.parameter = find_parameter, .export_value = find_export};

/* ---- what is opened ---- */

static void lint_policies(struct arena *arena, const struct assembly *assembly)
{
    struct stack_policy *policies;
    size_t count = policies_read(arena, assembly, &policies);

    for (size_t i = 0; i < count; i++) {
        const struct lint_question question = {.holder = policies[i].holder};
        struct policy_problem problem;
        struct lint_warning *warnings;
        CHECK(policies[i].text.len > 0 || policies[i].unknown.len > 0);
        struct policy *policy = policy_create(policies[i].kind, policies[i].text, arena, &problem);
        if (policy != NULL)
            CHECK(policy_lint(policy, &question, arena, &warnings) <= LINT_LIMIT);
        policy_destroy(policy);
    }
}

/* A value is there or not, and why; and it can be written and read. */
static void evaluate(struct stack *stack, const struct json *json)
{
    struct slice reason = SLICE("");
    const struct json *again;
    struct buffer text;
    struct json value;
    enum resolved resolved = stack_evaluate(stack, json, &value, &reason);

    CHECK(resolved == RESOLVED || resolved == RESOLVED_NOTHING || reason.len > 0);
    if (resolved != RESOLVED)
        return;
    buffer_init(&text);
    json_write_value(&text, &value);
    CHECK(json_parse(stack->arena, buffer_slice(&text), 256, &again) != JSON_SYNTAX);
    buffer_finish(&text);
}

static void evaluate_all(struct stack *stack)
{
    const struct json *outputs = json_get(stack->template, "Outputs");
    struct slice reason;

    for (size_t i = 0; i < stack->resource_count; i++) {
        const struct resource *resource = &stack->resources[i];
        for (size_t j = 0; j < resource->need_count; j++)
            CHECK(resource->needs[j] < i);
        if (stack_has_resource(stack, resource, &reason))
            evaluate(stack, resource->properties);
    }
    for (size_t i = 0; outputs != NULL && i < outputs->object.count; i++) {
        if (stack_has_output(stack, &outputs->object.members[i].value))
            evaluate(stack, json_get(&outputs->object.members[i].value, "Value"));
    }
}

/* What it was given can be given again, with what was looked up then. */
static void open_again(struct arena *arena, struct stack *stack)
{
    struct stack_identity identity = stack->identity;
    struct problems problems;

    problems_init(&problems, arena);
    identity.parameters = parameters_given(stack);
    identity.resolved = parameters_resolved(stack);
    struct stack *again = stack_open(arena, &identity, stack->written, &problems);
    CHECK(again != NULL && again->resource_count == stack->resource_count);
}

/* Everything is added to a stack that has nothing. */
static void find_changes(struct arena *arena, struct stack *stack)
{
    const struct stack_source nothing = {0};
    const struct resource_records none = {NULL, 0};
    const struct changes_question question = {
        .arena = arena, .stack = stack, .records = &none, .was = &nothing, .becomes = &nothing};
    struct changes changes = changes_find(&question);
    const struct json *list;

    CHECK(json_parse(arena, changes.text, 32, &list) == JSON_OK && list->array.count == changes.count);
    CHECK(changes.count <= stack->resource_count);
}

/* ---- opening ---- */

static struct stack *open_text(struct arena *arena, struct slice text, const struct json *parameters,
                               struct slice *problem)
{
    const struct stack_identity identity = {.name = SLICE("app"),
                                            .region = SLICE("us-east-1"),
                                            .account = SLICE("000000000000"),
                                            .file = SLICE("t.yaml"),
                                            .parameters = parameters,
                                            .lookups = parameters == NULL ? NULL : &lookups};
    const struct json *template;
    struct problems problems, unheard;

    *problem = SLICE("");
    problems_init(&problems, arena);
    problems_init(&unheard, arena);
    if (!template_parse(arena, text, &template, problem)) {
        CHECK(problem->len > 0);
        return NULL;
    }
    bool right = stack_check(arena, template, false, &unheard);
    CHECK(right == (unheard.count == 0));
    struct stack *stack = stack_open(arena, &identity, template, &problems);
    CHECK((stack != NULL) == (problems.count == 0) && (stack == NULL || right));
    if (right)
        (void)capabilities_of(arena, template);
    if (stack == NULL)
        *problem = problems.texts[0];
    return stack;
}

static bool plan_text(struct arena *arena, struct slice text, const struct json *parameters,
                      struct plan *plan, struct slice *problem)
{
    struct stack *stack = open_text(arena, text, parameters, problem);
    struct problems problems;

    if (stack == NULL)
        return false;
    const struct assembly assembly = {.stacks = &stack, .count = 1};
    evaluate_all(stack);
    open_again(arena, stack);
    lint_policies(arena, &assembly);
    problems_init(&problems, arena);
    bool good = plan_make(arena, &assembly, plan, &problems);
    CHECK(good == (problems.count == 0));
    if (!good)
        *problem = problems.texts[0];
    find_changes(arena, stack);
    return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = {(const char *)data, size}, problem, repeated;
    const char *zero = size == 0 ? NULL : memchr(data, 0, size);
    const struct json *parameters = NULL;
    struct plan plan, again;
    struct arena arena;

    arena_init(&arena);
    if (zero != NULL) {
        struct slice given = {text.ptr, (size_t)(zero - text.ptr)};
        text = slice_skip(text, given.len + 1);
        if (json_parse(&arena, given, 8, &parameters) != JSON_OK || parameters->type != JSON_OBJECT)
            parameters = NULL;
    }
    bool good = plan_text(&arena, text, parameters, &plan, &problem);
    CHECK(plan_text(&arena, text, parameters, &again, &repeated) == good && slice_equal(problem, repeated));
    CHECK(!good || again.count == plan.count);
    for (size_t i = 0; good && i < plan.count; i++) {
        CHECK(slice_equal(plan.resources[i].input_text, again.resources[i].input_text));
        CHECK(plan.resources[i].name.len <= 255);
    }
    arena_finish(&arena);
    return 0;
}
