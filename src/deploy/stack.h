/*
 * A stack: a template with all that its functions need to have values (parameters, a region, a name), and its
 * resources.
 *
 *     struct stack *stack = stack_open(arena, &identity, template, problems);    NULL: the template is wrong
 *     for each resource of stack->resources: stack_resolve(stack, json, &value, &reason) ...
 *
 * Functions are evaluated when their value is asked for, so only where it matters: the value of a resource
 * that is not made here (a bucket, a key) is unknown, and that is a problem only for a property that needs
 * it. The value of one that is made has to be asked for again when it has been. But all references are
 * checked at the opening, and that they do not go in a circle, for CloudFormation refuses a template with
 * such a reference anywhere.
 *
 * Everything lives in the arena. Values are bounded: one stack evaluates to so many bytes in so many steps.
 */
#ifndef TURNTABLE_DEPLOY_STACK_H
#define TURNTABLE_DEPLOY_STACK_H

#include "base/arena.h"
#include "base/failure.h"
#include "base/json.h"
#include "deploy/problems.h"

/* AWS: a template has at most 500 resources. */
enum { RESOURCES_LIMIT = 500 };

struct parameter;
struct resource_type;

struct resource {
    struct slice id; /* logical */
    struct slice type;
    const struct resource_type *kind; /* NULL: not made here (resource_type.h) */
    const struct json *body;          /* Type, Properties, Condition, DependsOn... */
    const struct json *properties;    /* an empty object if there are none */
    enum { NAME_UNKNOWN, NAME_BEING_MADE, NAME_KNOWN } naming;
    bool named;           /* by the template; not by us */
    struct slice name;    /* stack_resource_name() */
    struct slice kept;    /* the name that was made for it, if it is known already; else empty */
    unsigned generation;  /* how often it was replaced: each time it gets another name */
    struct json values;   /* an object: what Ref and Fn::GetAtt give, as far as it was published */
    struct stack *nested; /* of a nested stack whose template is at hand */
    const size_t *needs;  /* what it refers to: places in stack->resources, before its own */
    size_t need_count;
};

enum lookup {
    LOOKUP_FOUND,
    LOOKUP_ABSENT,
    LOOKUP_FAILED, /* nobody can tell now */
};

/* What a stack asks of others, whoever they are. Values live in the arena. */
struct stack_lookups {
    /* A parameter that Systems Manager keeps, by its name, or "name:version"; and its type, "StringList". */
    enum lookup (*parameter)(void *context, struct arena *arena, struct slice name, struct slice *value,
                             struct slice *type);
    /* What a stack exports under that name. */
    enum lookup (*export_value)(void *context, struct arena *arena, struct slice name, struct slice *value);
    void *context;
};

/* Who a stack is, what the pseudo parameters tell, and what the template's parameters are given. */
struct stack_identity {
    struct slice name;
    struct slice region;
    struct slice account;
    struct slice file;       /* for messages; empty: they name none */
    struct slice arn;        /* empty: one is made of the name (stack_arn()) */
    const struct json *tags; /* of the stack, for all that is made: [{"Key", "Value"}]; or NULL */
    const struct json *notification_arns; /* a list of texts, or NULL */
    const struct json *parameters;        /* an object of texts by name, or NULL */
    const struct json *resolved; /* the same, for parameters that Systems Manager keeps: what they were
                                    when the change of the stack began; NULL: it is asked */
    const struct stack_lookups *lookups; /* NULL: nobody can be asked */
    struct stack *parent;                /* NULL for a stack of its own */
    const struct resource *as_resource;  /* of the parent */
};

enum condition_state { CONDITION_NEW, CONDITION_BEING_MADE, CONDITION_FALSE, CONDITION_TRUE };

struct stack {
    struct arena *arena;
    struct stack_identity identity;
    const struct json *written;  /* the template as it was given */
    const struct json *template; /* what its Transform makes of it; otherwise the same */
    struct resource *resources;  /* in the order of their references: what is referred to comes first */
    size_t resource_count;
    bool any_types;               /* stack_check() */
    bool extensions;              /* Transform: AWS::LanguageExtensions */
    struct parameter *parameters; /* parameters.h */
    size_t parameter_count;
    const struct json *conditions;
    enum condition_state *condition_states; /* one for each member of `conditions` */
    struct json imports;                    /* a list: the names of the exports that were read */
    bool probing;    /* it is looked whether functions have values, as if nothing were made yet */
    bool in_outputs; /* what is evaluated is an output */
    bool masked;     /* parameters with NoEcho are "****", as in what is told of resources */
    size_t bytes;    /* made by evaluation so far */
    size_t steps;
    unsigned depth;
};

/*
 * NULL: a problem was added; CloudFormation would refuse the template, or the values of its parameters,
 * before it makes anything. Afterwards stack->template is what the template's Transform makes of it.
 */
struct stack *stack_open(struct arena *arena, const struct stack_identity *identity,
                         const struct json *template, struct problems *problems);

/* Whether the template is right as far as that can be told without values for its parameters, and without the
 * macros of others. `any_types`: types of resources are not looked at. */
must_use bool stack_check(struct arena *arena, const struct json *template, bool any_types,
                          struct problems *problems);

/* How a message begins that concerns this resource: "template.json: Track (AWS::DynamoDB::Table)". */
struct slice stack_describe(const struct stack *stack, const struct resource *resource);

/* Adds a problem of the stack as a whole; its sentence stands behind the name of the template's file, if
 * there is one. Returns false. */
bool stack_refuse(const struct stack *stack, struct problems *problems, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

enum resolved {
    RESOLVED,
    RESOLVED_NOTHING, /* AWS::NoValue: as if the property were not there */
    RESOLVED_LATER,   /* known only when a resource is made that has not been yet; *reason names it */
    RESOLVED_UNKNOWN, /* never known here: of a resource that is not made here; *reason names it */
    RESOLVED_WRONG,   /* *reason says why */
};

/*
 * The value that a function stands for. What is not a function is given back as it is, its members
 * unevaluated; stack_evaluate() goes all the way down.
 */
must_use enum resolved stack_resolve(struct stack *stack, const struct json *json, struct json *out,
                                     struct slice *reason);
must_use enum resolved stack_evaluate(struct stack *stack, const struct json *json, struct json *out,
                                      struct slice *reason);

/* Whether the resource's Condition holds; true without one. False also when it cannot be told: then *reason
 * is not empty. */
bool stack_has_resource(struct stack *stack, const struct resource *resource, struct slice *reason);

/* The same for one of its Outputs. */
bool stack_has_output(struct stack *stack, const struct json *output);

/* The physical name of a resource whose type has names: what the template says, or one that is made of the
 * stack's name and the logical id, always the same. */
must_use enum resolved stack_resource_name(struct stack *stack, struct resource *resource, struct slice *name,
                                           struct slice *reason);

struct resource *stack_resource(struct stack *stack, struct slice id);

/* An id for a resource to which no service gives one: made as names are, and always the same. */
struct slice stack_resource_made_id(struct stack *stack, const struct resource *resource);
/* The same with more of the stack's name and of the logical id; at most 62 bytes. */
struct slice stack_resource_made_name(struct stack *stack, const struct resource *resource);

/* The resource is to be made anew, beside the one that there is: it forgets what it is known by, and a name
 * that is made for it is another one. */
void stack_renew_resource(struct resource *resource);

/* The stack's own ARN, always the same. */
struct slice stack_arn(const struct stack *stack);

/* Whether the object is a function call: one member, Ref or Fn::something. */
bool is_function(const struct json *json);

#endif
