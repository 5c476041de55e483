/*
 * AllowedPattern: whether a text as a whole is what a regular expression describes.
 *
 * Patterns and texts are a stranger's, so what a match may cost is bounded: steps, memory, the size of the
 * pattern. Patterns are Java's on AWS. PCRE2 reads them alike but for a few things: Java's names of classes
 * (\p{Alnum}) are translated, \uXXXX is taken, and classes in classes ([a-z&&[^x]]) are refused.
 */
#ifndef TURNTABLE_DEPLOY_REGEX_H
#define TURNTABLE_DEPLOY_REGEX_H

#include "base/arena.h"
#include "base/slice.h"

enum regex_outcome {
    REGEX_MATCHES,
    REGEX_DIFFERS,
    REGEX_WRONG,  /* the pattern is none, or one that is not taken here; *problem says why */
    REGEX_COSTLY, /* it cannot be told within bounds */
};

/* *problem lives in the arena. The text is UTF-8. */
enum regex_outcome regex_match(struct arena *arena, struct slice pattern, struct slice text,
                               struct slice *problem);

#endif
