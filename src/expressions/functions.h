/* The functions of the expression language, as a table. */
#ifndef TURNTABLE_EXPRESSIONS_FUNCTIONS_H
#define TURNTABLE_EXPRESSIONS_FUNCTIONS_H

#include <stdbool.h>

#include "base/slice.h"

enum function {
    FUNCTION_UNKNOWN,
#define X(id, name, operands, language, place, needs, distinct) FUNCTION_##id,
#include "expressions/functions.def"
#undef X
};

enum function_language { LANGUAGE_CONDITION, LANGUAGE_UPDATE };
enum function_place { PLACE_CONDITION, PLACE_OPERAND, PLACE_WHOLE };
enum function_needs { NEEDS_NOTHING, NEEDS_PATH };

struct function_rules {
    struct slice name;
    unsigned operands;
    enum function_language language;
    enum function_place place;
    enum function_needs needs;
    bool distinct;
};

/* Names are case-sensitive. FUNCTION_UNKNOWN if there is none. */
enum function function_named(struct slice name);

/* Of a known function. */
const struct function_rules *function_rules(enum function function);

#endif
