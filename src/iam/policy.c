#include "iam/policy.h"

#include "base/check.h"
#include "iam/statement.h"

/* An ARN with fewer than six parts means any for the others. */
static struct slice complete_arn(struct policy *policy, struct slice resource)
{
    static const char missing[] = ":*:*:*:*:*";
    struct slice parts[6];
    size_t count = arn_split(resource, policy->has_variables, parts);

    if (count == 1 || count == 6)
        return resource;
    size_t more = 2 * (6 - count);
    char *complete = arena_alloc(&policy->arena, resource.len + more);
    memcpy(complete, resource.ptr, resource.len);
    memcpy(complete + resource.len, missing, more);
    return (struct slice){complete, resource.len + more};
}

static struct patterns read_patterns(struct policy *policy, const struct json *statement, const char *name,
                                     const char *opposite, unsigned traits)
{
    const struct json *list = json_get(statement, name);
    struct patterns patterns = {.inverted = list == NULL};

    if (list == NULL)
        list = json_get(statement, opposite);
    patterns.count = grammar_count(list);
    patterns.items = arena_array(&policy->arena, struct pattern, patterns.count);
    for (size_t i = 0; i < patterns.count; i++) {
        struct slice value = grammar_value(list, i);
        if ((traits & PATTERN_ARN) != 0)
            value = complete_arn(policy, value);
        patterns.items[i] = pattern_read(&policy->arena, value, traits);
    }
    return patterns;
}

static void add_named(struct statement *statement, const struct json_member *of)
{
    for (size_t i = 0; i < grammar_count(&of->value); i++) {
        bool read =
            named_read(of->name, grammar_value(&of->value, i), &statement->named[statement->named_count++]);
        CHECK(read);
    }
}

static void read_principals(struct policy *policy, const struct json *json, struct statement *statement)
{
    const struct json *principal = json_get(json, "Principal");
    size_t count = 0;

    statement->not_principal = principal == NULL;
    if (principal == NULL)
        principal = json_get(json, "NotPrincipal");
    if (principal == NULL)
        return;
    if (principal->type == JSON_STRING) {
        statement->named = arena_new(&policy->arena, struct named);
        *statement->named = (struct named){NAMED_EVERYONE, principal->text};
        statement->named_count = 1;
        return;
    }
    for (size_t i = 0; i < principal->object.count; i++)
        count += grammar_count(&principal->object.members[i].value);
    statement->named = arena_array(&policy->arena, struct named, count);
    for (size_t i = 0; i < principal->object.count; i++)
        add_named(statement, &principal->object.members[i]);
}

static void read_condition(struct policy *policy, const struct json_member *of, const struct json_member *key,
                           struct policy_condition *condition)
{
    bool known = policy_condition_read_name(of->name, condition);

    CHECK(known);
    condition->key = key->name;
    condition->count = grammar_count(&key->value);
    condition->values = arena_array(&policy->arena, struct policy_condition_value, condition->count);
    for (size_t i = 0; i < condition->count; i++)
        policy_condition_value_read(&condition->values[i], condition->comparator,
                                    grammar_value(&key->value, i), policy->has_variables, &policy->arena);
}

static void read_conditions(struct policy *policy, const struct json *json, struct statement *statement)
{
    size_t count = 0;

    if (json == NULL)
        return;
    for (size_t i = 0; i < json->object.count; i++)
        count += json->object.members[i].value.object.count;
    statement->conditions = arena_array(&policy->arena, struct policy_condition, count);
    for (size_t i = 0; i < json->object.count; i++) {
        const struct json_member *of = &json->object.members[i];
        for (size_t j = 0; j < of->value.object.count; j++)
            read_condition(policy, of, &of->value.object.members[j],
                           &statement->conditions[statement->condition_count++]);
    }
}

static void read_statement(struct policy *policy, const struct json *json, struct statement *statement)
{
    const struct json *sid = json_get(json, "Sid");
    unsigned variables = policy->has_variables ? PATTERN_VARIABLES : 0;

    statement->sid = sid == NULL ? SLICE("") : sid->text;
    statement->denies = slice_is(json_get(json, "Effect")->text, "Deny");
    statement->actions =
        read_patterns(policy, json, "Action", "NotAction", PATTERN_WILDCARDS | PATTERN_IGNORES_CASE);
    statement->resources =
        read_patterns(policy, json, "Resource", "NotResource", PATTERN_WILDCARDS | PATTERN_ARN | variables);
    read_principals(policy, json, statement);
    read_conditions(policy, json_get(json, "Condition"), statement);
}

static void compile(struct policy *policy, const struct json *document)
{
    const struct json *version = json_get(document, "Version"), *list = json_get(document, "Statement");

    policy->has_variables = version != NULL && slice_is(version->text, "2012-10-17");
    policy->count = grammar_count(list);
    policy->statements = arena_array(&policy->arena, struct statement, policy->count);
    for (size_t i = 0; i < policy->count; i++)
        read_statement(policy, list->type == JSON_ARRAY ? &list->array.items[i] : list,
                       &policy->statements[i]);
}

struct policy *policy_create(enum policy_kind kind, struct slice text, struct arena *arena,
                             struct policy_problem *problem)
{
    struct policy *policy = calloc(1, sizeof(*policy));
    struct grammar_text read;

    CHECK(policy != NULL);
    *problem = (struct policy_problem){0};
    arena_init(&policy->arena);
    policy->kind = kind;
    policy->text = arena_copy(&policy->arena, text);
    read = (struct grammar_text){.kind = kind, .text = policy->text};
    if (json_parse(&policy->arena, policy->text, DOCUMENT_DEPTH, &read.document) != JSON_OK)
        read.document = NULL;
    if (!grammar_check(&read, arena, problem)) {
        policy_destroy(policy);
        return NULL;
    }
    compile(policy, read.document);
    return policy;
}

void policy_destroy(struct policy *policy)
{
    if (policy == NULL)
        return;
    arena_finish(&policy->arena);
    free(policy);
}

void policy_forget(struct policy *policy, struct slice arn)
{
    for (size_t i = 0; i < policy->count; i++) {
        struct statement *statement = &policy->statements[i];
        for (size_t j = 0; j < statement->named_count; j++) {
            if (statement->named[j].kind == NAMED_ARN && slice_equal(statement->named[j].text, arn))
                statement->named[j].text = SLICE("");
        }
    }
}

enum policy_kind policy_kind(const struct policy *policy)
{
    return policy->kind;
}

struct slice policy_text(const struct policy *policy)
{
    return policy->text;
}

size_t policy_statement_count(const struct policy *policy)
{
    return policy->count;
}

struct slice policy_statement_sid(const struct policy *policy, size_t statement)
{
    return policy->statements[statement].sid;
}
