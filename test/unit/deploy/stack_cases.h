/* For tests of templates: opens one that is written in YAML, and shows what there is of it. */
#ifndef TURNTABLE_TEST_UNIT_DEPLOY_STACK_CASES_H
#define TURNTABLE_TEST_UNIT_DEPLOY_STACK_CASES_H

#include "deploy/stack.h"
#include "deploy/template.h"

#include "lib/unit_arena.h"

static enum lookup find_parameter(void *context, struct arena *memory, struct slice name, struct slice *value,
                                  struct slice *type)
{
    (void)context;
    (void)memory;
    if (slice_is(name, "/broken"))
        return LOOKUP_FAILED;
    *type = slice_is(name, "/list")     ? SLICE("StringList")
            : slice_is(name, "/secret") ? SLICE("SecureString")
                                        : SLICE("String");
    *value = slice_is(name, "/list") ? SLICE("k, l") : SLICE("kept");
    return slice_is(name, "/text") || slice_is(name, "/text:3") || slice_is(name, "/list") ||
                   slice_is(name, "/secret")
               ? LOOKUP_FOUND
               : LOOKUP_ABSENT;
}

static enum lookup find_export(void *context, struct arena *memory, struct slice name, struct slice *value)
{
    (void)context;
    (void)memory;
    if (slice_is(name, "broken"))
        return LOOKUP_FAILED;
    *value = SLICE("imported");
    return slice_is(name, "there") ? LOOKUP_FOUND : LOOKUP_ABSENT;
}

static const struct stack_lookups test_lookups = {.parameter = find_parameter, .export_value = find_export};

/* The stack "app"; NULL: the first problem is in *problems. `given`: its parameters, JSON, or NULL. */
static inline struct stack *open_text(const char *text, const char *given,
                                      const struct stack_lookups *lookups, struct problems *problems)
{
    struct stack_identity identity = {.name = SLICE("app"),
                                      .region = SLICE("eu-west-3"),
                                      .account = SLICE("123456789012"),
                                      .file = SLICE(""),
                                      .lookups = lookups};
    const struct json *template;
    struct slice problem;

    problems_init(problems, &arena);
    if (!template_parse(&arena, slice_of(text), &template, &problem))
        fail_msg("%.*s", SLICE_ARGS(problem));
    if (given != NULL && json_parse(&arena, slice_of(given), 8, &identity.parameters) != JSON_OK)
        fail_msg("%s", given);
    return stack_open(&arena, &identity, template, problems);
}

static inline const char *shown(const struct json *json)
{
    struct buffer out;

    buffer_init(&out);
    json_write_value(&out, json);
    const char *copy = arena_copy(&arena, buffer_slice(&out)).ptr;
    buffer_finish(&out);
    return copy;
}

#endif
