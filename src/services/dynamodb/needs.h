/* What DynamoDB's operations need (services/permissions.h), a function for each family: operations.def names
 * them.
 */
#ifndef TURNTABLE_SERVICES_DYNAMODB_NEEDS_H
#define TURNTABLE_SERVICES_DYNAMODB_NEEDS_H

#include "services/permissions.h"

/* One item, or a page of a table or index. */
must_use bool item_needs(struct request *request, struct permissions *needs);
must_use bool batch_get_needs(struct request *request, struct permissions *needs);
must_use bool batch_write_needs(struct request *request, struct permissions *needs);
must_use bool transact_get_needs(struct request *request, struct permissions *needs);
must_use bool transact_write_needs(struct request *request, struct permissions *needs);
must_use bool statement_needs(struct request *request, struct permissions *needs);
must_use bool batch_statement_needs(struct request *request, struct permissions *needs);
must_use bool transaction_statement_needs(struct request *request, struct permissions *needs);

/* The table TableName, and its index IndexName, if the operation has one. */
must_use bool table_needs(struct request *request, struct permissions *needs);
must_use bool table_index_needs(struct request *request, struct permissions *needs);
/* The index alone. */
must_use bool index_needs(struct request *request, struct permissions *needs);
/* A list, which policies know no resource of, though the request may name a table. */
must_use bool table_list_needs(struct request *request, struct permissions *needs);
/* A table that is to be made, with its tags and its policy. */
must_use bool new_table_needs(struct request *request, struct permissions *needs);
/* A table or stream by its ResourceArn. */
must_use bool resource_needs(struct request *request, struct permissions *needs);
must_use bool backup_needs(struct request *request, struct permissions *needs);
must_use bool restore_backup_needs(struct request *request, struct permissions *needs);
must_use bool restore_time_needs(struct request *request, struct permissions *needs);
must_use bool export_needs(struct request *request, struct permissions *needs);
must_use bool import_needs(struct request *request, struct permissions *needs);
/* An export or import by its ARN. */
must_use bool job_needs(struct request *request, struct permissions *needs);
/* A global table; and, of a change, the table that it is of. */
must_use bool global_table_needs(struct request *request, struct permissions *needs);
must_use bool global_change_needs(struct request *request, struct permissions *needs);

#endif
