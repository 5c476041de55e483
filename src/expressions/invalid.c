#include "expressions/invalid.h"

#include "base/check.h"

static const char *const kind_names[] = {
    [EXPRESSION_CONDITION] = "ConditionExpression",
    [EXPRESSION_FILTER] = "FilterExpression",
    [EXPRESSION_KEY_CONDITION] = "KeyConditionExpression",
    [EXPRESSION_PROJECTION] = "ProjectionExpression",
    [EXPRESSION_UPDATE] = "UpdateExpression",
    [EXPRESSION_STATEMENT] = "Statement",
};

const char *expression_kind_name(enum expression_kind kind)
{
    return kind_names[kind];
}

bool fail_joined(struct failure *failure, const struct slice *parts, size_t count)
{
    size_t length = 0;

    if (failure->code != ERROR_NONE)
        return false;
    for (size_t i = 0; i < count; i++)
        length += parts[i].len;
    char *text = arena_alloc(failure->arena, length + 1);
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].len > 0)
            memcpy(text + at, parts[i].ptr, parts[i].len);
        at += parts[i].len;
    }
    text[length] = '\0';
    failure->code = ERROR_VALIDATION;
    failure->message = (struct slice){text, length};
    return false;
}

enum { PARTS_LIMIT = 8 };

bool invalid_joined(struct failure *failure, enum expression_kind kind, const struct slice *parts,
                    size_t count)
{
    struct slice all[PARTS_LIMIT + 3] = {SLICE("Invalid "), slice_of(kind_names[kind]), SLICE(": ")};

    CHECK(count <= PARTS_LIMIT);
    if (kind == EXPRESSION_STATEMENT)
        return fail_joined(failure, parts, count);
    memcpy(all + 3, parts, count * sizeof(parts[0]));
    return fail_joined(failure, all, count + 3);
}
