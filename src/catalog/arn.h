/* ARNs of tables. */
#ifndef TURNTABLE_CATALOG_ARN_H
#define TURNTABLE_CATALOG_ARN_H

#include "base/arena.h"

/* "arn:aws:dynamodb:REGION:ACCOUNT:table/NAME" */
static inline struct slice arn_of_table(struct arena *arena, struct slice region, struct slice account_id,
                                        struct slice name)
{
    return arena_printf(arena, "arn:aws:dynamodb:%.*s:%.*s:table/%.*s", SLICE_ARGS(region),
                        SLICE_ARGS(account_id), SLICE_ARGS(name));
}

#endif
