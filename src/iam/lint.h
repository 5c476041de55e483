/*
 * What is a policy, and yet can never do what it says: a variable that its principals never have, an index of
 * a table without indexes, a condition on a key that the action never has, an action that does not exist.
 * AWS stores such a policy without a word; so does this server, and warns.
 *
 * A pure function of the policy; warnings live in the caller's arena.
 */
#ifndef TURNTABLE_IAM_LINT_H
#define TURNTABLE_IAM_LINT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "iam/policy.h"

/* Whose policy it is: which context keys they have. */
enum lint_holder {
    LINT_ANYONE,       /* not known, or a resource's policy */
    LINT_USER,         /* users, groups */
    LINT_ROLE,         /* sessions of a role */
    LINT_COGNITO_ROLE, /* a role that an identity pool gives to its identities */
};

/* What the server knows of a table. */
struct lint_table {
    bool exists;
    size_t indexes;
};

struct lint_question {
    enum lint_holder holder;
    /* What a table is like; NULL: not known, and nothing is said about tables. */
    struct lint_table (*table)(void *from, struct slice table_name);
    /* Whether a table has this index; asked only with `table`. */
    bool (*has_index)(void *from, struct slice table_name, struct slice index_name);
    void *from;
    const char *where; /* those that are known: "in the template"; NULL: all that there are */
};

struct lint_warning {
    size_t statement;     /* counted from 0 */
    struct slice element; /* "Action", "Condition" */
    struct slice subject; /* the value or key that it is about */
    struct slice sentence;
    struct slice mend; /* what would be right */
};

/* All warnings of a policy, in its order; more than LINT_LIMIT are not told. */
enum { LINT_LIMIT = 100 };

size_t policy_lint(const struct policy *policy, const struct lint_question *question, struct arena *arena,
                   struct lint_warning **out);

#endif
