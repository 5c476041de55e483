#include "expressions/functions.h"

#include "base/check.h"

static const struct function_rules functions[] = {
    [FUNCTION_UNKNOWN] = {{NULL, 0}, 0, LANGUAGE_CONDITION, PLACE_CONDITION, NEEDS_NOTHING, false},
#define X(id, name, operands, language, place, needs, distinct)                                              \
    [FUNCTION_##id] = {{name, sizeof(name) - 1}, operands, language, place, needs, distinct},
#include "expressions/functions.def"
#undef X
};

static const unsigned FUNCTION_COUNT = sizeof(functions) / sizeof(functions[0]);

enum function function_named(struct slice name)
{
    for (unsigned i = 1; i < FUNCTION_COUNT; i++)
        if (slice_equal(functions[i].name, name))
            return (enum function)i;
    return FUNCTION_UNKNOWN;
}

const struct function_rules *function_rules(enum function function)
{
    CHECK(function > FUNCTION_UNKNOWN && (unsigned)function < FUNCTION_COUNT);
    return &functions[function];
}
