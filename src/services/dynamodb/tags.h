/* Tags of tables, as CreateTable and TagResource are given them. AWS: "Adding tags and labels to resources".
 */
#ifndef TURNTABLE_SERVICES_DYNAMODB_TAGS_H
#define TURNTABLE_SERVICES_DYNAMODB_TAGS_H

#include "catalog/table.h"
#include "services/request.h"
#include "services/shape.h"

/* Of the member "Tags". */
extern const struct shape tags_shape;

/* Adds the request's Tags, if it has any, to those of the table, in place of those with the same keys. */
must_use bool tags_read(struct request *request, struct table *table);

#endif
