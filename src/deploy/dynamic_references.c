/*
 * "{{resolve:ssm:name}}" in the texts of properties: what Systems Manager keeps under the name. What other
 * services keep ("{{resolve:secretsmanager:...}}") is not known here.
 *
 * AWS: "Get values stored in other services using dynamic references".
 */
#include "deploy/functions.h"

#define OPENING "{{resolve:"

/* The next reference: what stands before it, and what is in it; false: there is none. */
static bool next(struct slice *rest, struct slice *before, struct slice *reference)
{
    const char *begin = rest->len == 0 ? NULL : memmem(rest->ptr, rest->len, OPENING, strlen(OPENING));

    if (begin == NULL)
        return false;
    struct slice within = slice_skip(*rest, (size_t)(begin - rest->ptr) + strlen(OPENING));
    const char *end = within.len == 0 ? NULL : memmem(within.ptr, within.len, "}}", 2);
    if (end == NULL)
        return false;
    *before = (struct slice){rest->ptr, (size_t)(begin - rest->ptr)};
    *reference = (struct slice){within.ptr, (size_t)(end - within.ptr)};
    *rest = slice_skip(within, reference->len + 2);
    return true;
}

/* `reference` is "ssm:name" or "ssm:name:version". */
static enum resolved look_up(struct stack *stack, struct slice reference, struct slice *value,
                             struct slice *reason)
{
    const struct stack_lookups *lookups = stack->identity.lookups;
    const struct slice service = SLICE("ssm:");
    struct slice name =
        slice_starts_with(reference, service) ? slice_skip(reference, service.len) : SLICE("");
    struct slice type = SLICE("");

    if (name.len == 0) {
        *value = arena_printf(stack->arena, OPENING "%.*s}}", SLICE_ARGS(reference));
        return RESOLVED;
    }
    *reason = arena_printf(stack->arena, OPENING "%.*s}}, which is not known here", SLICE_ARGS(reference));
    if (lookups == NULL)
        return RESOLVED_UNKNOWN;
    if (stack->probing)
        return RESOLVED_LATER;
    switch (lookups->parameter(lookups->context, stack->arena, name, value, &type)) {
    case LOOKUP_FOUND:
        if (!slice_is(type, "SecureString"))
            return RESOLVED;
        return function_wrong(
            stack, reason,
            "Template error: {{resolve:%.*s}}: the parameter is a SecureString, which ssm-secure "
            "alone may name",
            SLICE_ARGS(reference));
    case LOOKUP_ABSENT:
        return function_wrong(stack, reason, "Parameters: [%.*s] do not exist in the parameter store",
                              SLICE_ARGS(reference));
    case LOOKUP_FAILED:
        break;
    }
    return function_wrong(stack, reason, "Unable to fetch parameters [%.*s] from parameter store",
                          SLICE_ARGS(name));
}

enum resolved dynamic_references(struct stack *stack, struct slice text, struct json *out,
                                 struct slice *reason)
{
    struct slice rest = text, before, reference, value;
    enum resolved resolved = RESOLVED;
    struct buffer built;

    *out = (struct json){.type = JSON_STRING, .text = text};
    if (text.len == 0 || memmem(text.ptr, text.len, OPENING, strlen(OPENING)) == NULL)
        return RESOLVED;
    buffer_init(&built);
    while (resolved == RESOLVED && next(&rest, &before, &reference)) {
        resolved = look_up(stack, reference, &value, reason);
        if (resolved != RESOLVED)
            break;
        if (!function_count(stack, before.len + value.len, reason)) {
            resolved = RESOLVED_WRONG;
            break;
        }
        buffer_append(&built, before);
        buffer_append(&built, value);
    }
    buffer_append(&built, rest);
    if (resolved == RESOLVED)
        resolved = function_give_text(stack, arena_copy(stack->arena, buffer_slice(&built)), out, reason);
    buffer_finish(&built);
    return resolved;
}
