/*
 * Resources that a request names by ARN: tables and their streams, in the member "ResourceArn".
 *
 * The Region and the account of an ARN are not looked at: one namespace of tables is served, as for the ARN
 * in a TableName.
 */
#ifndef TURNTABLE_SERVICES_DYNAMODB_RESOURCE_H
#define TURNTABLE_SERVICES_DYNAMODB_RESOURCE_H

#include "services/request.h"
#include "services/shape.h"

extern const struct shape resource_arn_shape;

/* The two parts of "NAME" or "NAME/stream/LABEL", as an ARN has it behind "table/"; no label is an empty one.
 */
must_use bool resource_split(struct slice resource, struct slice *name, struct slice *label);

enum resource_kind { RESOURCE_TABLE, RESOURCE_STREAM };

/*
 * Finds the table of ResourceArn and makes it request->table; of a stream, the table whose latest stream it
 * is.
 */
must_use bool resource_find(struct request *request);

/* What a ResourceArn that was found names. */
enum resource_kind resource_kind_of(const struct request *request);

/* The same where only a table will do. */
must_use bool resource_find_table(struct request *request);

/* Changes one setting of the resource: `change` gets a clone of request->table, which is then committed. */
must_use bool resource_change(struct request *request,
                              bool (*change)(struct request *request, struct table *draft));

#endif
