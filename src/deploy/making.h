/*
 * One resource, from the plan until it is made: what is wanted, what is there, and the calls in between.
 *
 *     struct input input;
 *     input_begin(&input);
 *     input_text(&input, "RoleName", making->name);
 *     if (!making_call(making, SERVICE_IAM, "DeleteRole", &input, &answer)) return false;
 *
 * Everything lives in the arena of the run.
 *
 * Who keeps a record of a resource gives its type the properties that are wanted, `before`, those that it has
 * had since it was made or changed last, and `id`, what it was known by; both are empty for one that is still
 * to be made:
 *
 *     making.invoker = ...
 *     making.id, making.before            what the record has of it
 *     resource->kept                      its name, if it was made by us
 *     resource->generation                how often it was replaced
 *     resource_publish(...)               what it is known by, "Ref" too
 *
 *     plan_read(&making, true)            reads `want`
 *     type->find(&making)                 have == NULL: it is gone
 *     type->compare(&making)              making.replace: stack_renew_resource(), a new making, create();
 *                                         the old one is removed when all else is done
 *     type->update(&making)
 *     making.id, resource->values, making.want: what goes into the record
 *
 * One that is to be made is not looked for: create() fails where there is one of its name. If making->id is
 * not empty when it fails, a part was made, and can be removed as the whole can. After a crash, when it may
 * have been made without a record of its id, find() without an id tells; what it finds is adopted, or, if its
 * type is `told_once`, removed and made anew.
 *
 * To remove one, `want` and `before` are both the record's properties, which need no template; then find()
 * and remove().
 *
 * Calls may take long, for what changes slowly is waited for (making_wait()).
 */
#ifndef TURNTABLE_DEPLOY_MAKING_H
#define TURNTABLE_DEPLOY_MAKING_H

#include "base/failure.h"
#include "deploy/invoke.h"
#include "deploy/resource_type.h"

/* Why something was refused, as CloudFormation's events and Cloud Control tell it. */
struct making_refusal {
    const char *code;     /* HandlerErrorCode: "AlreadyExists", "NotFound", "InvalidRequest"... */
    struct slice message; /* "Table already exists: t (Service: DynamoDb, Status Code: 400)" */
};

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

    bool checking; /* nothing is made: what the services would refuse is looked for too */

    /* While it is made or changed. */
    const struct invoker *invoker;
    const struct json *before; /* the properties that it has had; NULL: that is not known */
    bool strict;               /* what would only be recorded is refused */
    struct slice id;           /* what it is known by, as Ref tells it; empty: that is not known */
    struct slice instead_of;   /* the id of what it replaces, which is not to be found for it; or empty */
    const struct json *have;   /* what is there, as its type likes to have it; NULL: nothing */
    bool replace;              /* it cannot be changed: another one is to be made beside it */
    const char *fixed;         /* the property for which it is to be replaced, or was refused; NULL: none */
    bool stopped;              /* it failed because the server stops */
    struct making_refusal refusal; /* why it failed, the last time it did */
};

/* Adds a problem: the resource, and this. Returns false. The refusal's code is InvalidRequest. */
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

/* Calls with an input that is ready. `answer` may be NULL. False: a problem was added. */
must_use bool making_send(struct making *making, enum aws_service service, const char *operation,
                          struct slice input, struct client_answer *answer);

/* Calls, and finishes the input. The same otherwise. */
must_use bool making_call(struct making *making, enum aws_service service, const char *operation,
                          struct input *input, struct client_answer *answer);

/* The same for a question whose answer may be that there is no such thing: then *answer's body is NULL.
 * `absent` is how the error is called, or several, separated by blanks. */
must_use bool making_ask(struct making *making, enum aws_service service, const char *operation,
                         const char *absent, struct input *input, struct client_answer *answer);

/* One text member of an input; a list of them ends with {0}. */
struct text_member {
    const char *name;
    struct slice text;
};

void input_texts(struct input *input, const struct text_member *members);

/* making_call() with an input of texts alone. */
must_use bool making_do(struct making *making, enum aws_service service, const char *operation,
                        const struct text_member *members, struct client_answer *answer);

/* An operation that lists things in pages. */
struct listing {
    enum aws_service service;
    const char *operation;
    const char *list;      /* the member of the answer; or of it, if it is an object, the only member */
    const char *token;     /* what a page is asked for by */
    const char *next;      /* how the answer tells the next one's */
    const char *page_size; /* a member and its value, or NULL: "\"MaxResults\":60" */
    const char *element;   /* the member of an element that is its id; NULL: the element itself is */
};

/* All pages as one array. */
must_use bool making_list(struct making *making, const struct listing *listing,
                          const struct text_member *members, struct json *out);

/* Waits a while before a slow change is looked at again. False: the server stops, and a problem was added. */
must_use bool making_wait(struct making *making, long milliseconds);

/*
 * The ids of all resources of a type, as an array of texts: what making_list() gives, by its type's
 * `listing`. Of types whose identifier has more than one part, the others are the properties in making->want.
 */
must_use bool making_list_ids(struct making *making, struct json *out);

/*
 * For who keeps records: creates what was looked for (find()) and said to be made on disk. What is found then
 * is what an interrupted creation has left, and is adopted; unless it is `foreign`, there before anybody
 * began, for which create() fails.
 */
must_use bool making_create(struct making *making, bool foreign);

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
 * A property that cannot be changed in place: true if it is the same, or the resource is to be replaced,
 * which making->replace tells then. A resource that is named by its template is refused instead, for two of a
 * name there cannot be.
 */
must_use bool making_fixed(struct making *making, const char *property, bool same);

/* The same for several properties, of which `before` tells what they were; nothing if it does not. Ended by
 * NULL. */
must_use bool making_fixed_all(struct making *making, const char *const *properties);

/* The same for the name of a resource whose id is its name. */
must_use bool making_fixed_name(struct making *making);

/* Makes a resource known by an attribute of Fn::GetAtt. */
void making_publish(struct making *making, const char *attribute, struct slice value);

/* Makes it known by its id, which is what Ref gives. */
void making_identify(struct making *making, struct slice id);

/* The same for one to which no service gives an id: by one that is made for it, which is its attribute Id
 * too. The other is its type's `early`. */
void making_identify_made(struct making *making);
enum resolved early_made_id(struct stack *stack, struct resource *resource, struct slice attribute,
                            struct slice *out, struct slice *reason);

/* The find() of what is there as soon as somebody remembers it. */
bool making_remembered(struct making *making);

/* Whether another resource of the stack is known by this id, or the one that is replaced. */
bool making_is_others(const struct making *making, struct slice id);

/* Its id, or else its name: how it is looked for where the one is the other. */
struct slice making_key(const struct making *making);

/* The properties that tell where what is there is: those that it has had, or else those that are wanted. */
const struct json *making_place(const struct making *making);

/* An element of a list of `before`'s that is not in the wanted one any more, the next from *at on; `member`
 * tells elements apart, NULL: they are texts. NULL: there are no more. */
const struct json *making_dropped(const struct making *making, const char *property, const char *member,
                                  size_t *at);

/* ---- tags ---- */

#define STACK_NAME_TAG "aws:cloudformation:stack-name"
#define LOGICAL_ID_TAG "aws:cloudformation:logical-id"
#define STACK_ID_TAG   "aws:cloudformation:stack-id"

/* A member of a list of {"Key": ..., "Value": ...}; NULL: there is none. */
const struct json *tag_value(const struct json *tags, struct slice key);

/* The tags that a resource is to have, a list: its own (a list, or NULL), its stack's beside them, and those
 * that tell which resource of which stack it is, where the invoker may set them. */
struct json making_tags(struct making *making, const struct json *own);

#endif
