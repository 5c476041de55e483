/* Whether the change of a property needs another resource, which replaces the one that there is. AWS: "Update
 * behaviors of stack resources". */
#ifndef TURNTABLE_DEPLOY_RECREATION_H
#define TURNTABLE_DEPLOY_RECREATION_H

#include "deploy/stack.h"

enum recreation { RECREATION_NEVER, RECREATION_CONDITIONALLY, RECREATION_ALWAYS };

/* Of a resource that is only recorded, the property that names it. */
enum recreation recreation_of(const struct resource *resource, struct slice property);

/* "Never", "Conditionally", "Always". */
const char *recreation_name(enum recreation recreation);

#endif
