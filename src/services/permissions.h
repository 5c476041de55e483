/*
 * Permissions: what policies are asked for a request, each an action on a resource.
 *
 * Every operation whose action has a resource tells what it needs (services/operation.h), from the request as
 * it was sent, and in the order in which AWS asks. What a need's conditions look up is found when a policy
 * asks for it, and not before.
 *
 *     bool table_needs(struct request *request, struct permissions *needs)
 *     {
 *         struct permission *need = permissions_add(needs, "dynamodb:DescribeTable", arn);
 *         need->resource_policy = ...; need->context = (struct iam_context){find, from};
 *         return true;
 *     }
 *
 * A request that is about tables names them here, with permissions_table(), and its operation finds no other
 * (services/gate.h). Everything lives in the request's arena.
 */
#ifndef TURNTABLE_SERVICES_PERMISSIONS_H
#define TURNTABLE_SERVICES_PERMISSIONS_H

#include "iam/evaluate.h"
#include "services/request.h"

struct permission {
    struct slice action;                  /* "dynamodb:PutItem" */
    struct slice resource;                /* an ARN, or "*" */
    const struct policy *resource_policy; /* NULL: the resource has none */
    struct iam_context context;           /* keys of this need alone; find is NULL if it has none */
    unsigned part;                        /* of the request: gate_enter_part() */
    struct permission *next;
};

struct permissions {
    struct request *request;
    struct permission *first;
    struct permission **end;
    unsigned part; /* of the needs that are added next */
};

/* A table that the needs were told of, as it was then. */
struct table_pin {
    struct slice name;
    struct table *table; /* a reference; NULL: there was none */
    struct table_pin *next;
};

void permissions_init(struct permissions *needs, struct request *request);

/* `action` lives as long as the program. */
struct permission *permissions_add(struct permissions *needs, const char *action, struct slice resource);

/* iam:PassRole on the role, for a service as policies name it ("ec2.amazonaws.com"): who gives a role to a
 * service must be allowed to. `service` lives as long as the program. AWS: "Grant a user permissions to pass
 * a role to an AWS service". */
void permissions_pass_role(struct permissions *needs, struct slice role_arn, const char *service);

/* A member that the operation may not have checked yet: an empty text if it is none. */
struct slice permissions_text(const struct request *request, const char *member);

/* The table of that name as the request will find it, or NULL if there is none. It is the needs', not the
 * caller's. */
const struct table *permissions_table(struct permissions *needs, struct slice name);

#endif
