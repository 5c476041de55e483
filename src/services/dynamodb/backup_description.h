/* What the operations on backups share: the ARN of a backup, finding it, and describing it. */
#ifndef TURNTABLE_SERVICES_DYNAMODB_BACKUP_DESCRIPTION_H
#define TURNTABLE_SERVICES_DYNAMODB_BACKUP_DESCRIPTION_H

#include "catalog/backups.h"
#include "services/request.h"
#include "services/shape.h"

extern const struct shape backup_arn_shape, backup_name_shape;

struct slice backup_arn(struct request *request, const struct backup *backup);

/* The id in a backup's ARN "arn:aws:dynamodb:REGION:ACCOUNT:table/NAME/backup/ID"; false if it is none. */
must_use bool backup_arn_id(struct slice arn, struct slice *table_name, struct slice *id);

/* Reads the backup that BackupArn names; backup_finish() is due in every case. */
must_use bool backup_find(struct request *request, struct backup *out);

/* A new backup of the table as it is, with the items and bytes that its counters say; backup_finish() is due
 * in every case. */
must_use bool backup_make(struct request *request, struct table *table, struct slice name,
                          enum backup_type type, struct backup *out);

/* The table that TableName names, into request->table; in the words of the operations on backups. */
must_use bool backup_find_table(struct request *request);

/* "BackupDetails": {...} */
void backup_describe_details(struct request *request, bool *first, const struct backup *backup,
                             const char *status);
/* "SourceTableDetails": {...}, "SourceTableFeatureDetails": {...} */
void backup_describe_table(struct request *request, bool *first, const struct backup *backup);
/* {...}: an element of ListBackups' answer. */
void backup_describe_summary(struct request *request, const struct backup *backup);

#endif
