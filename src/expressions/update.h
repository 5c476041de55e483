/* A parsed update, as the files of this room see it. */
#ifndef TURNTABLE_EXPRESSIONS_UPDATE_H
#define TURNTABLE_EXPRESSIONS_UPDATE_H

#include "expressions/ast.h"
#include "expressions/expressions.h"
#include "expressions/path_set.h"

enum action_type { ACTION_SET, ACTION_REMOVE, ACTION_ADD, ACTION_DELETE };

struct action {
    enum action_type type;
    struct node *path;
    struct node *value; /* the root of what SET sets, or the NODE_VALUE of ADD and DELETE; NULL for REMOVE */
    struct node *first_complete; /* SET: of the nodes of `value` */
};

struct update {
    struct action *actions; /* in the order of the text */
    size_t count;
    size_t capacity;
    struct path_set targets; /* the actions' paths; a member's position is its action's */
    bool legacy;             /* read from AttributeUpdates */
};

/* ---- as it is put together ---- */

struct update *update_create(struct arena *arena);

/*
 * `path` is a NODE_PATH. `value` is the root of what SET sets, whose nodes are the parser's chain of complete
 * ones, or the NODE_VALUE of ADD and DELETE; NULL for REMOVE.
 */
void update_add(struct parser *parser, struct update *update, enum action_type type, struct node *path,
                struct node *value);

/* After the last action: resolves and checks them all. */
must_use bool update_finish(struct parser *parser, struct update *update, struct placeholders *placeholders);

/* ADD and DELETE name types in words of their own: "STRING_SET". */
const char *update_type_word(enum value_type type);

#endif
