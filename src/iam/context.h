/*
 * The context of a request: the keys that conditions and policy variables ask for, "aws:username" or
 * "dynamodb:LeadingKeys", and their values. A room that evaluates nothing fills it: whoever knows the
 * request.
 *
 * Keys are looked up when a statement asks for one, and only then; so a value may cost something to find. The
 * values live at least until the evaluation, or the explanation, returns. Nobody here changes them.
 * AWS: "AWS global condition context keys".
 */
#ifndef TURNTABLE_IAM_CONTEXT_H
#define TURNTABLE_IAM_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <strings.h>

#include "base/slice.h"

/* The values of a key: texts, whatever the operator makes of them. Numbers are decimal, times ISO 8601 or
 * seconds since 1970, truths "true" or "false", binaries Base64. */
struct iam_values {
    const struct slice *values;
    size_t count;      /* 0: as if the key were not there */
    bool multi_valued; /* the key may have several values, whatever this request has: dynamodb:LeadingKeys */
};

struct iam_context {
    /* The key as the policy writes it. True and *out if the request has it; names compare without case. */
    bool (*find)(void *from, struct slice key, struct iam_values *out);
    void *from;
};

/* For those who write find(): whether the key is this one. */
static inline bool iam_key_is(struct slice key, const char *name)
{
    return key.len == strlen(name) && strncasecmp(key.ptr, name, key.len) == 0;
}

/* Keys with a name in them: whether the key starts with "aws:PrincipalTag/"; *rest is what follows. */
static inline bool iam_key_starts_with(struct slice key, const char *prefix, struct slice *rest)
{
    size_t length = strlen(prefix);

    if (key.len <= length || strncasecmp(key.ptr, prefix, length) != 0)
        return false;
    *rest = slice_skip(key, length);
    return true;
}

#endif
