/* A parsed projection, as the files of this room see it. */
#ifndef TURNTABLE_EXPRESSIONS_PROJECTION_H
#define TURNTABLE_EXPRESSIONS_PROJECTION_H

#include "expressions/expressions.h"
#include "expressions/path_set.h"

struct projection {
    struct path_set paths;
};

#endif
