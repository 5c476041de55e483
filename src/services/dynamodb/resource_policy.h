/* Resource-based policies, which CreateTable and PutResourcePolicy attach. */
#ifndef TURNTABLE_SERVICES_DYNAMODB_RESOURCE_POLICY_H
#define TURNTABLE_SERVICES_DYNAMODB_RESOURCE_POLICY_H

#include "catalog/table.h"
#include "services/request.h"

/* Checks the document and puts it into `policy`, which is one of the table's, with a revision of its own. The
 * document that is there already keeps its revision. */
must_use bool resource_policy_set(struct request *request, struct table *table, struct slice document,
                                  struct resource_policy *policy);

#endif
