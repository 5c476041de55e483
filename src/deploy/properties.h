/*
 * The properties of resources: which there are, of which kinds, and reading them with their functions
 * evaluated.
 *
 * Each type declares its own as static tables (types/), and the reader holds a template against them.
 */
#ifndef TURNTABLE_DEPLOY_PROPERTIES_H
#define TURNTABLE_DEPLOY_PROPERTIES_H

#include "deploy/stack.h"

enum kind {
    TEXT,
    INTEGER,
    BOOLEAN,
    STRUCTURE,
    LIST,
    MAP,      /* an object with any names */
    DOCUMENT, /* an object, or the text of one, whose inside is not looked at: a policy */
    ANYTHING, /* its functions are evaluated, and nothing is asked of it */
};

struct property;

/* What a value must be. */
struct kind_of_value {
    enum kind kind;
    const char *const *words; /* TEXT: one of these; NULL: any */
    size_t least, most;       /* bytes of TEXT, elements of LIST, an INTEGER's value; most 0: no limit */
    bool schema;              /* CloudFormation itself checks the words; otherwise the service does */
    bool index_name;          /* TEXT: a-z, A-Z, 0-9, '_', '-' and '.' only */
    const struct property *members;      /* STRUCTURE; ended by {0} */
    const struct kind_of_value *element; /* LIST, MAP */
};

enum use {
    OPTIONAL,
    REQUIRED,
    NOT_APPLIED, /* taken, and named as not applied: the server does not have it */
};

struct property {
    const char *name;
    const struct kind_of_value *kind; /* NULL for NOT_APPLIED */
    enum use use;
};

/* Kinds that many types use. */
extern const struct kind_of_value kind_text, kind_boolean, kind_integer, kind_texts, kind_text_map,
    kind_document, kind_anything;
extern const struct kind_of_value kind_tags; /* a list of {Key, Value} */

struct reading {
    const struct json *values; /* exactly of the kinds that are declared: "5" a number where one belongs */
    bool complete;             /* nothing in it waits for a resource that is still to be made */
    struct slice not_applied;  /* names of properties, separated by ", " */
};

/*
 * Reads the properties of a resource whose type has some. A value that is known only later is null in the
 * result; `final`: it is a problem, as all others. `as_cloudformation`: problems are told in CloudFormation's
 * words, and what it leaves to the services (words, lengths, bounds of numbers) is left to them; otherwise
 * all is checked. False: a problem was added.
 */
must_use bool properties_read(struct stack *stack, const struct resource *resource, bool final,
                              bool as_cloudformation, struct reading *out, struct problems *problems);

#endif
