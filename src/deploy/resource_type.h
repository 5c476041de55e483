/*
 * The types of resources that are made here, as a table: a type says which properties its resources have,
 * what Ref and Fn::GetAtt give of them, and how one is found, made, changed and removed.
 *
 * A template may be read and checked without a server, as far as values are known (plan.h). Resources are
 * made, changed and removed by those who keep records of them, the stacks of a server and Cloud Control;
 * making.h says what the calls are given. What a resource is known by (its id, its ARN) is published on it
 * with resource_publish() by whoever finds or makes it, and from then on has a value in those that refer to
 * it.
 */
#ifndef TURNTABLE_DEPLOY_RESOURCE_TYPE_H
#define TURNTABLE_DEPLOY_RESOURCE_TYPE_H

#include "deploy/stack.h"

struct kind_of_value;
struct listing;
struct making;
struct text_member;

/* How resources of a type get their names. */
struct naming {
    const char *property;  /* "TableName" */
    size_t least, most;    /* bytes */
    size_t part;           /* a generated name has so much of the stack's name and of the logical id */
    const char *prefix;    /* of a generated name, in place of the stack's name; or NULL */
    bool small;            /* a generated name has small letters only */
    const char *what;      /* "table name" */
    const char *more;      /* characters beside letters and digits; NULL: any */
    const char *more_text; /* the same, as a message tells them */
    bool shared;           /* several resources may have a name, */
    const char *within;    /* unless the same of this property: "UserPoolId"; NULL: they may anyhow */
};

struct resource_type {
    const char *name;                       /* "AWS::IAM::Role" */
    const struct kind_of_value *properties; /* a structure, or a document */
    const struct naming *naming;            /* NULL: it has no name, or one that the service makes */
    const char *const *attributes; /* of Fn::GetAtt, ended by NULL; NULL: none. "Outputs.*": all of these */

    /* What Ref (an empty attribute) or Fn::GetAtt gives as soon as the name is known, before the resource is
     * made. RESOLVED_LATER: only what is published tells. NULL: always that. */
    enum resolved (*early)(struct stack *stack, struct resource *resource, struct slice attribute,
                           struct slice *out, struct slice *reason);

    /* The properties and attributes by which one is known to Cloud Control, in their order, ended by NULL;
     * the last one's value is Ref's. NULL: such ones are not known to it here. */
    const char *const *identifier;
    const struct listing *listing;      /* how all are listed (making.h); NULL: they cannot be */
    const struct text_member *list_all; /* what the listing is asked with, or NULL */

    bool recorded;  /* it is remembered, and nothing is made: the server has no such service */
    bool inert;     /* there is nothing to make of it, at AWS either */
    bool told_once; /* what create() publishes, find() cannot: one is not adopted, but made anew */

    /* All of the following return false with a problem added. Each but `find`, `create` and `remove` may be
     * NULL. */

    /* What can be checked of the properties alone. */
    bool (*check)(struct making *making);
    /* Looks for what is there: sets making->have, and publishes what it is known by. If making->id is given,
     * nothing else than what has this id is found; otherwise it is looked for by its name, or by tags. */
    bool (*find)(struct making *making);
    /* Whether what is there can become what is wanted; may ask for a replacement instead (making_fixed()). */
    bool (*compare)(struct making *making);
    /* Sets making->id and publishes. It may fail when it has made a part: then making->id is set too. */
    bool (*create)(struct making *making);
    /* Changes what differs. NULL: nothing can differ. */
    bool (*update)(struct making *making);
    /* The properties that a template would have for what was found; with these, compare() and update() change
     * nothing. What Fn::GetAtt gives of it is published, and not among them. NULL: it cannot be read. */
    bool (*read)(struct making *making, const struct json **properties);
    /* Removes what was found, which may be refused: a table that is protected. making->want are the
     * properties that it was made with. */
    bool (*remove)(struct making *making);
};

/*
 * NULL: there is no such type: its name is not of the form AWS::Service::Resource or Custom::Name, or it is
 * one of a service that this server has, and AWS does not have it. And NULL for AWS::CloudFormation::Stack,
 * which is no resource but a stack. Types that the server has no service for are found as the one that is
 * `recorded`.
 */
const struct resource_type *resource_type_find(struct slice name);

/* Whether the name is that of a type, with AWS::CloudFormation::Stack. */
bool resource_type_exists(struct slice name);

/* Whether Fn::GetAtt may ask for it; any may be asked for of what has no type (a nested stack). */
bool resource_has_attribute(const struct resource *resource, struct slice attribute);

/* Whether resources of the type get the tags of their stack. */
bool resource_type_has_tags(const struct resource_type *type);

/* What Ref (an empty attribute) or Fn::GetAtt gives of a resource whose type is known. */
must_use enum resolved resource_value(struct stack *stack, struct resource *resource, struct slice attribute,
                                      struct json *out, struct slice *reason);

/* From now on the attribute ("Ref" for that of Ref) has this value. */
void resource_publish(struct stack *stack, struct resource *resource, const char *attribute,
                      struct slice value);

#endif
