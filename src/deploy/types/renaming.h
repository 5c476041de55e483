/* Values that a template and an operation call by different names, one turned into the other. */
#ifndef TURNTABLE_DEPLOY_TYPES_RENAMING_H
#define TURNTABLE_DEPLOY_TYPES_RENAMING_H

#include "base/arena.h"
#include "base/json.h"

/* A member of an object, or of each object of a list. */
struct renaming {
    const char *property;          /* of the template */
    const char *member;            /* of the operation; NULL: of the same name */
    const struct renaming *inside; /* what is in its value; NULL: that stays */
};

/* A value whose members are those of a list that ends with {0}; those that are in none are left out. */
struct json renamed_to_members(struct arena *arena, const struct renaming *renamings,
                               const struct json *value);
struct json renamed_to_properties(struct arena *arena, const struct renaming *renamings,
                                  const struct json *value);

#endif
