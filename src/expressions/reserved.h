/* Reserved words: which names DynamoDB wants behind a #placeholder. */
#ifndef TURNTABLE_EXPRESSIONS_RESERVED_H
#define TURNTABLE_EXPRESSIONS_RESERVED_H

#include <stdbool.h>

#include "base/slice.h"

/* In any case of letters. */
bool is_reserved_word(struct slice name);

/* Whether a list of words in capitals, in order of bytes, has the name in any case of letters. */
bool words_have(const struct slice *sorted, size_t count, struct slice name);

#endif
