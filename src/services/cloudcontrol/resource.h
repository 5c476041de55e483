/*
 * One resource, worked on through its type as stacks work on theirs, but without a template: it is known by
 * its identifier, and what it is to be is told by properties alone.
 *
 *     struct resource_work work;
 *     if (work_open(&work, arena, server, type, properties, token) && ...)
 *
 * What is wrong is told by work.making.refusal: a code of AWS's ("NotFound") and a message. Everything lives
 * in the arena. Calls are made, so any of these may take a while.
 */
#ifndef TURNTABLE_SERVICES_CLOUDCONTROL_RESOURCE_H
#define TURNTABLE_SERVICES_CLOUDCONTROL_RESOURCE_H

#include "deploy/making.h"
#include "services/request.h"

struct resource_work {
    struct arena *arena;
    const struct resource_type *type;
    struct making making;
    struct problems problems;
    const struct invoker *invoker;
};

/* A type that can be worked on so. False: the failure is set. `action`: "CREATE", "READ", "LIST". */
must_use bool work_type(struct request *request, struct slice name, const char *action,
                        const struct resource_type **out);

/*
 * A resource with these properties. `token` makes names for what has none. The invoker and the server outlive
 * it. False: the properties are those of no such resource.
 */
must_use bool work_open(struct resource_work *work, struct arena *arena, const struct server *server,
                        const struct invoker *invoker, const struct resource_type *type,
                        const struct json *properties, struct slice token);

/* Reads and checks the properties: making.want. */
must_use bool work_check(struct resource_work *work);

/*
 * The resource of that identifier, with no more known of it: its parts, divided by '|', or a JSON object of
 * them. False: it is no identifier of this type.
 */
must_use bool work_open_identified(struct resource_work *work, struct arena *arena,
                                   const struct server *server, const struct invoker *invoker,
                                   const struct resource_type *type, struct slice identifier);

/* Its id, the last part of the identifier, is set for a resource that was opened with properties. */
must_use bool work_identify(struct resource_work *work, struct slice identifier);

/* Looks for it. False: it is not there (NotFound), or that cannot be told. */
must_use bool work_find(struct resource_work *work);

/* What is there, as properties, and as Cloud Control tells it: with what only the service decides, such as
 * an ARN. */
must_use bool work_read(struct resource_work *work, const struct json **properties,
                        const struct json **model);

/* The identifier, or an empty text if it is not known yet. */
struct slice work_identifier(struct resource_work *work);
struct slice work_identifier_with(struct resource_work *work, struct slice last);

/* The name of a member of the model that is no property: what only the service decides. */
bool work_is_read_only(const struct resource_type *type, struct slice name);

/* Why the last of these failed, as a sentence for a client. */
struct slice work_problem(const struct resource_work *work);

/* That what making.fixed names cannot be changed. */
struct slice work_fixed(const struct resource_work *work);

/* A function of templates somewhere in a value, whose name it tells; empty: there is none. */
struct slice work_function_in(const struct json *value);

#endif
