/* Reserved words: which names DynamoDB wants behind a #placeholder. */
#ifndef TURNTABLE_EXPRESSIONS_RESERVED_H
#define TURNTABLE_EXPRESSIONS_RESERVED_H

#include <stdbool.h>

#include "base/slice.h"

/* In any case of letters. */
bool is_reserved_word(struct slice name);

#endif
