/* Templates: any text can be deployed or is refused with a reason; what is planned is well-formed input, and
 * the same the next time. The policies that a template declares can be read, whatever stands in them. */
#include "base/check.h"
#include "deploy/plan.h"
#include "deploy/policies.h"
#include "deploy/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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

static bool plan_text(struct arena *arena, struct slice text, struct plan *plan)
{
    const struct stack_identity identity = {.name = SLICE("app"),
                                            .region = SLICE("us-east-1"),
                                            .account = SLICE("000000000000"),
                                            .file = SLICE("t.yaml")};
    const struct json *template;
    struct problems problems;
    struct slice problem = SLICE("");

    problems_init(&problems, arena);
    if (!template_parse(arena, text, &template, &problem)) {
        CHECK(problem.len > 0);
        return false;
    }
    struct stack *stack = stack_open(arena, &identity, template, &problems);
    const struct assembly assembly = {.stacks = &stack, .count = 1};
    if (stack != NULL)
        lint_policies(arena, &assembly);
    bool good = stack != NULL && plan_make(arena, &assembly, plan, &problems);
    CHECK(good == (problems.count == 0));
    return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = {(const char *)data, size};
    struct plan plan, again;
    struct arena arena;

    arena_init(&arena);
    if (plan_text(&arena, text, &plan)) {
        CHECK(plan_text(&arena, text, &again) && again.count == plan.count);
        for (size_t i = 0; i < plan.count; i++) {
            CHECK(slice_equal(plan.resources[i].input_text, again.resources[i].input_text));
            CHECK(plan.resources[i].name.len <= 255);
        }
    }
    arena_finish(&arena);
    return 0;
}
