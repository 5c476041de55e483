/*
 * One resource, from the plan until it is made: what is wanted, what is there, and the calls in between.
 *
 *     struct input input;
 *     input_begin(&input);
 *     input_text(&input, "RoleName", making->name);
 *     if (!making_call(making, SERVICE_IAM, "DeleteRole", &input, &answer)) return false;
 *
 * Everything lives in the arena of the run.
 */
#ifndef TURNTABLE_DEPLOY_MAKING_H
#define TURNTABLE_DEPLOY_MAKING_H

#include "base/failure.h"
#include "deploy/invoke.h"
#include "deploy/resource_type.h"

enum apply_event {
    APPLY_STEP,      /* `what` is being done: "adding index byOwner" */
    APPLY_CREATED,   /* the resource is done: it was made, */
    APPLY_UPDATED,   /* or changed, */
    APPLY_REPLACED,  /* or removed and made anew, */
    APPLY_UNCHANGED, /* or was right already */
};

typedef void (*apply_progress)(void *context, const struct making *making, enum apply_event event,
                               struct slice what);

struct making {
    struct arena *arena;
    struct stack *stack;
    struct resource *resource;
    struct problems *problems;

    struct slice name;        /* of types that have names; empty while it is not known */
    const struct json *want;  /* the properties as properties_read() gives them */
    bool complete;            /* all of them are known; those that are not are null */
    struct slice not_applied; /* properties, separated by ", "; may be empty */
    struct slice input_text;  /* of a table: the input of CreateTable */
    const struct json *input; /* the same, read */

    /* While it is applied. */
    const struct invoker *invoker;
    apply_progress progress;
    void *context;
    const struct json *have; /* what is there, as its type likes to have it; NULL: nothing */
    struct slice id;         /* what the service calls it, where that is not its name */
    bool found;              /* it was looked for with all that is known now */
    bool creating;           /* nothing of it is told but that it was made */
    bool changed;
    bool replace;
};

/* Adds a problem: the resource, and this. Returns false. */
bool making_refuse(struct making *making, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- calls ---- */

/* The input of an operation, to be filled with members. A value that is NULL or empty is left out. */
struct input {
    struct buffer body;
    bool first;
};

void input_begin(struct input *input);
void input_text(struct input *input, const char *name, struct slice text);
void input_value(struct input *input, const char *name, const struct json *value);
void input_literal(struct input *input, const char *name, const char *json);
/* A document that the operation takes as text. */
void input_document(struct input *input, const char *name, const struct json *document);

/* Calls, and finishes the input. `answer` may be NULL. False: a problem was added. */
must_use bool making_call(struct making *making, enum aws_service service, const char *operation,
                          struct input *input, struct client_answer *answer);

/* The same for a question whose answer may be that there is no such thing: then *answer's body is NULL.
 * `absent` is how the error is called. */
must_use bool making_ask(struct making *making, enum aws_service service, const char *operation,
                         const char *absent, struct input *input, struct client_answer *answer);

/* One text member of an input; a list of them ends with {0}. */
struct text_member {
    const char *name;
    struct slice text;
};

/* making_call() with an input of texts alone. */
must_use bool making_do(struct making *making, enum aws_service service, const char *operation,
                        const struct text_member *members, struct client_answer *answer);

/* An operation that lists things in pages. */
struct listing {
    enum aws_service service;
    const char *operation;
    const char *list;      /* the member of the answer */
    const char *token;     /* what a page is asked for by */
    const char *next;      /* how the answer tells the next one's */
    const char *page_size; /* a member and its value, or NULL: "\"MaxResults\":60" */
};

/* All pages as one array. */
must_use bool making_list(struct making *making, const struct listing *listing,
                          const struct text_member *members, struct json *out);

/* Tells what is being done now, which makes a change. */
void making_step(struct making *making, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- comparing ---- */

/* A text member; "" if there is none. */
struct slice text_of(const struct json *object, const char *name);
bool flag_of(const struct json *object, const char *name);
/* An array's elements; 0 if it is none. */
size_t count_of(const struct json *list);
int64_t number_of(const struct json *object, const char *name, int64_t otherwise);
bool list_has(const struct json *list, struct slice text);

/* Appends a list's elements to a list. */
void list_append(struct arena *arena, struct json *list, const struct json *more);
/* The element whose text member has this value; NULL: there is none. */
const struct json *find_by(const struct json *list, const char *member, struct slice value);

/* The same value, whatever the order of members; a number or a boolean is the same as its text. */
bool json_same(const struct json *a, const struct json *b);

/*
 * A property that cannot be changed in place: true if it is the same. Otherwise the resource is replaced, if
 * it has a name of our making and its type can be removed, or refused.
 */
must_use bool making_fixed(struct making *making, const char *property, bool same);

/* Makes a resource known by an attribute, and by Ref where the attribute is "Ref". */
void making_publish(struct making *making, const char *attribute, struct slice value);

/* ---- tags ---- */

/* A member of a list of {"Key": ..., "Value": ...}; NULL: there is none. */
const struct json *tag_value(const struct json *tags, struct slice key);

#endif
