/*
 * Policies: any text is read as each kind. Reading it again gives the same; what is one is evaluated,
 * explained and warned of, against some requests: twice alike, with a verdict that names a statement of the
 * policy. A policy that limits itself changes nothing, and one that denies everything wins. A simulation says
 * what the evaluation does, and tells of statements that stand in the text.
 */
#include "base/check.h"
#include "iam/explain.h"
#include "iam/lint.h"
#include "iam/simulate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct slice one[] = {{"ana", 3}}, several[] = {{"ana", 3}, {"10", 2}, {"", 0}},
                          moment[] = {{"2026-11-26T09:30:00Z", 20}}, address[] = {{"203.0.113.9", 11}};

/* Which values a key has depends on its length alone. */
static bool find(void *from, struct slice key, struct iam_values *out)
{
    static const struct iam_values values[] = {
        {one, 1, false}, {several, 3, true}, {moment, 1, false}, {address, 1, false}, {NULL, 0, true}};

    (void)from;
    if (key.len % 6 == 5)
        return false;
    *out = values[key.len % 6];
    return true;
}

static const struct slice account = {"111122223333", 12};

static struct iam_principal principal_of(enum iam_principal_kind kind)
{
    struct iam_principal principal = {.kind = kind, .account = account};

    switch (kind) {
    case IAM_ROOT:
        principal.arn = SLICE("arn:aws:iam::111122223333:root");
        break;
    case IAM_USER:
        principal.arn = SLICE("arn:aws:iam::111122223333:user/ana");
        break;
    case IAM_ROLE_SESSION:
        principal.arn = SLICE("arn:aws:sts::111122223333:assumed-role/r/s");
        principal.origin_arn = SLICE("arn:aws:iam::111122223333:role/r");
        break;
    case IAM_FEDERATED_USER:
        principal.arn = SLICE("arn:aws:sts::111122223333:federated-user/f");
        principal.origin_arn = SLICE("arn:aws:iam::111122223333:user/ana");
        break;
    case IAM_WEB_IDENTITY:
        principal = (struct iam_principal){.kind = kind, .provider = SLICE("cognito-identity.amazonaws.com")};
        break;
    case IAM_ANYBODY:
        principal = (struct iam_principal){.kind = kind};
        break;
    case IAM_SERVICE:
        principal = (struct iam_principal){.kind = kind, .provider = SLICE("lambda.amazonaws.com")};
        break;
    }
    return principal;
}

static struct policy *create(struct arena *arena, enum policy_kind kind, struct slice text,
                             struct policy_problem *problem)
{
    struct policy *policy = policy_create(kind, text, arena, problem);

    CHECK((policy == NULL) == (problem->sentence.len > 0));
    return policy;
}

static bool same_verdicts(const struct iam_verdict *a, const struct iam_verdict *b)
{
    return a->outcome == b->outcome && a->layer == b->layer && a->policy == b->policy &&
           a->statement == b->statement;
}

static void explain(const struct authority *authority, const struct iam_request *request,
                    const struct iam_verdict *verdict)
{
    struct buffer text;

    buffer_init(&text);
    iam_denial_message(&text, authority, request, verdict);
    CHECK(text.len > 0);
    buffer_reset(&text);
    iam_explain(&text, authority, request, verdict);
    CHECK(text.len > 0 && text.len <= EXPLANATION_LIMIT && text.bytes[text.len - 1] == '\n');
    buffer_finish(&text);
}

/* A statement is an object, and no two share a byte. */
static void check_ranges(const struct policy *policy, struct arena *arena)
{
    const struct text_range *ranges = policy_statement_ranges(policy, arena);

    for (size_t i = 0; i < policy_statement_count(policy); i++) {
        const struct text_position *start = &ranges[i].start, *end = &ranges[i].end;
        CHECK(end->line > start->line || (end->line == start->line && end->column > start->column));
        if (i > 0) {
            const struct text_position *before = &ranges[i - 1].end;
            CHECK(start->line > before->line ||
                  (start->line == before->line && start->column > before->column));
        }
    }
}

static void simulate(const struct authority *authority, const struct iam_request *request,
                     const struct iam_verdict *verdict)
{
    struct iam_simulation simulation;
    struct arena arena;

    arena_init(&arena);
    if (iam_simulate(authority, request, &arena, &simulation)) {
        bool decided = verdict->outcome == IAM_EXPLICITLY_DENIED ||
                       (verdict->outcome == IAM_ALLOWED && verdict->policy != NULL);
        CHECK(same_verdicts(&simulation.verdict, verdict));
        CHECK(authority->session_count > 0 || decided == (simulation.match_count > 0));
        for (size_t i = 0; i < simulation.match_count; i++)
            check_ranges(simulation.matches[i].policy, &arena);
    }
    arena_finish(&arena);
}

static struct iam_verdict judge(const struct authority *authority, const struct iam_request *request,
                                bool trust)
{
    struct iam_verdict verdict =
        trust ? iam_evaluate_trust(authority, request) : iam_evaluate(authority, request);
    struct iam_verdict again =
        trust ? iam_evaluate_trust(authority, request) : iam_evaluate(authority, request);

    CHECK(same_verdicts(&verdict, &again));
    CHECK(verdict.policy == NULL || verdict.statement < policy_statement_count(verdict.policy));
    CHECK(verdict.outcome != IAM_EXPLICITLY_DENIED || verdict.policy != NULL);
    if (verdict.outcome != IAM_ALLOWED)
        explain(authority, request, &verdict);
    if (!trust)
        simulate(authority, request, &verdict);
    return verdict;
}

static const struct slice actions[] = {{"dynamodb:GetItem", 16}, {"sts:AssumeRole", 14}};
static const struct slice resources[] = {
    {"*", 1},
    {"arn:aws:dynamodb:us-east-1:111122223333:table/Track/index/byUserId", 66},
    {"arn:aws:dynamodb:us-east-1:111122223333:table/Track/stream/2026-11-23T21:14:50.354", 82}};

/* As a user's policy; and as its own boundary and session policy. */
static void try_identity(const struct policy *policy, struct iam_request *request,
                         const struct policy *deny_all)
{
    struct attached_policy attached[] = {{policy, SOURCE_USER_INLINE, {"p", 1}},
                                         {deny_all, SOURCE_USER_INLINE, {"q", 1}}};
    struct authority authority = {
        .principal = principal_of(IAM_ROLE_SESSION), .identity = attached, .identity_count = 1};
    struct iam_verdict alone = judge(&authority, request, false);

    authority.boundary = attached;
    authority.session = attached;
    authority.session_count = 1;
    struct iam_verdict limited = judge(&authority, request, false);
    /* Unless three evaluations are too many. */
    CHECK(limited.layer == LAYER_NONE || same_verdicts(&alone, &limited));
    authority.identity_count = 2;
    struct iam_verdict denied = judge(&authority, request, false);
    CHECK(denied.layer == LAYER_NONE || denied.outcome == IAM_EXPLICITLY_DENIED);
}

static void try_resource(const struct policy *policy, struct iam_request *request, bool trust)
{
    request->resource_policy = policy;
    for (int kind = IAM_ROOT; kind <= IAM_ANYBODY; kind++) {
        struct authority authority = {.principal = principal_of((enum iam_principal_kind)kind)};
        (void)judge(&authority, request, trust);
    }
    request->resource_policy = NULL;
}

static void try_requests(const struct policy *policy, const struct policy *deny_all)
{
    struct iam_request request = {.context = {find, NULL}};
    enum policy_kind kind = policy_kind(policy);

    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
        for (size_t j = 0; j < sizeof(resources) / sizeof(resources[0]); j++) {
            request.action = actions[i];
            request.resource = resources[j];
            if (kind == POLICY_TRUST || kind == POLICY_RESOURCE || kind == POLICY_BUCKET)
                try_resource(policy, &request, kind == POLICY_TRUST);
            else
                try_identity(policy, &request, deny_all);
        }
    }
}

static struct lint_table table(void *from, struct slice name)
{
    (void)from;
    return (struct lint_table){name.len % 2 == 0, name.len % 3};
}

static bool has_index(void *from, struct slice table_name, struct slice index_name)
{
    (void)from;
    return table_name.len == index_name.len;
}

static void lint(const struct policy *policy, struct arena *arena)
{
    struct lint_question question = {.table = table, .has_index = has_index};
    struct lint_warning *warnings;

    for (int holder = LINT_ANYONE; holder <= LINT_COGNITO_ROLE; holder++) {
        question.holder = (enum lint_holder)holder;
        size_t count = policy_lint(policy, &question, arena, &warnings);
        CHECK(count <= LINT_LIMIT);
        for (size_t i = 0; i < count; i++)
            CHECK(warnings[i].statement < policy_statement_count(policy) && warnings[i].sentence.len > 0 &&
                  warnings[i].mend.len > 0);
    }
}

static void try_kind(struct arena *arena, enum policy_kind kind, struct slice text,
                     const struct policy *deny_all)
{
    struct policy_problem problem, again;
    struct policy *policy = create(arena, kind, text, &problem), *second;

    second = create(arena, kind, text, &again);
    CHECK((policy == NULL) == (second == NULL) && slice_equal(problem.sentence, again.sentence) &&
          slice_equal(problem.place, again.place));
    policy_destroy(second);
    if (policy != NULL) {
        CHECK(slice_equal(policy_text(policy), text));
        try_requests(policy, deny_all);
        lint(policy, arena);
    }
    policy_destroy(policy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct policy_problem problem;

    arena_init(&arena);
    struct policy *deny_all =
        create(&arena, POLICY_INLINE,
               SLICE("{\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}}"), &problem);
    CHECK(deny_all != NULL);
    /* A text with the exact size of its memory, and no longer than a policy may be. */
    char *copy = malloc(size > 0 ? size : 1);
    CHECK(copy != NULL);
    if (size > 0)
        memcpy(copy, data, size);
    struct slice text = {copy, size < 20480 ? size : 20480};
    for (int kind = POLICY_MANAGED; kind <= POLICY_BUCKET; kind++)
        try_kind(&arena, (enum policy_kind)kind, text, deny_all);
    free(copy);
    policy_destroy(deny_all);
    arena_finish(&arena);
    return 0;
}
