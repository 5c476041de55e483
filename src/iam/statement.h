/* The statements of a policy as they are compiled, for this room's files alone. */
#ifndef TURNTABLE_IAM_STATEMENT_H
#define TURNTABLE_IAM_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/json.h"
#include "iam/policy_condition.h"
#include "iam/evaluate.h"
#include "iam/pattern.h"
#include "iam/policy.h"

enum named_kind {
    NAMED_EVERYONE,  /* "*" */
    NAMED_ACCOUNT,   /* an account's number, or its root's ARN: `text` is the number */
    NAMED_ARN,       /* a user, a role, a session */
    NAMED_SERVICE,   /* Service */
    NAMED_PROVIDER,  /* Federated */
    NAMED_CANONICAL, /* CanonicalUser, and the unique ids of users that are gone: nobody here */
};

/* Whom a Principal names. */
struct named {
    enum named_kind kind;
    struct slice text;
};

struct patterns {
    struct pattern *items;
    size_t count;
    bool inverted; /* NotAction, NotResource */
};

struct statement {
    struct slice sid;
    bool denies;
    bool not_principal;
    struct named *named;
    size_t named_count;
    struct patterns actions;
    struct patterns resources; /* none in a trust policy */
    struct policy_condition *conditions;
    size_t condition_count;
};

struct policy {
    struct arena arena; /* of all that follows */
    enum policy_kind kind;
    struct slice text;
    bool has_variables; /* Version 2012-10-17 */
    struct statement *statements;
    size_t count;
};

/* Whether the statement is about the action, about the resource. */
bool statement_has_action(const struct statement *statement, struct slice action, struct matching *matching);
bool statement_has_resource(const struct statement *statement, struct slice resource,
                            struct matching *matching);
/* All conditions hold. */
bool statement_conditions_hold(const struct statement *statement, struct matching *matching);

/* How a statement's Principal names who asks. */
enum naming {
    NAMES_NOT,
    NAMES_ACCOUNT, /* the account, which leaves it to the principal's own policies */
    NAMES_ORIGIN,  /* the role of the session: what it grants is limited like the role's own policies */
    NAMES_SELF,
};
enum naming statement_names(const struct statement *statement, const struct iam_principal *principal);

/* ---- grammar.c: is this JSON a policy? ---- */

enum {
    DOCUMENT_DEPTH = 16, /* of the grammar it is 6 */
    STATEMENTS_LIMIT = 1000,
    VALUES_LIMIT = 10000, /* of all statements: actions, resources, principals, conditions' values */
};

struct grammar_text {
    enum policy_kind kind;
    struct slice text;           /* of which the tree was made */
    const struct json *document; /* NULL: it is no JSON */
};

/* If it is none, *problem says why, its texts in the arena. */
must_use bool grammar_check(const struct grammar_text *text, struct arena *arena,
                            struct policy_problem *problem);

/* A string or list of strings: the i-th, and how many. Numbers and truths are told as their texts. */
size_t grammar_count(const struct json *value);
struct slice grammar_value(const struct json *value, size_t i);

/* What the text names under "AWS", "Service", "Federated", "CanonicalUser"; false if nothing can be named so.
 */
must_use bool named_read(struct slice type, struct slice text, struct named *out);

#endif
