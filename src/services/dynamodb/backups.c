/*
 * CreateBackup, DescribeBackup and DeleteBackup. A backup is made by one commit, whatever the size of the
 * table (catalog/backups.h): the answer says CREATING, as on AWS, and the next one AVAILABLE. AWS: API
 * reference, CreateBackup; developer guide, "Backup and restore for DynamoDB: how it works".
 */
#include "catalog/catalog.h"
#include "catalog/keys.h"
#include "services/accepts.h"
#include "services/dynamodb/backup_description.h"
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/table_change.h"
#include "services/dynamodb/table_description.h"

static const struct shape_entry create_members[] = {
    {"TableName", &input_table_name, true}, {"BackupName", &backup_name_shape, true}, {0}};
static const struct shape create_input = {.kind = SHAPE_STRUCTURE, .members = create_members};
static const struct shape_entry arn_members[] = {{"BackupArn", &backup_arn_shape, true}, {0}};
static const struct shape arn_input = {.kind = SHAPE_STRUCTURE, .members = arn_members};

bool create_backup(struct request *request)
{
    struct backup backup;
    bool first = true;

    if (!input_accepts(request, &create_input) || !backup_find_table(request))
        return false;
    if (request->table->status == TABLE_CREATING)
        return fail(&request->failure, ERROR_TABLE_IN_USE, "Table is being created: %.*s",
                    SLICE_ARGS(request->table->name));
    bool good =
        backup_make(request, request->table, shape_text(request->body, "BackupName"), BACKUP_USER, &backup);
    if (good) {
        /* The descriptor is written even if it says so already: see catalog/backups.h, on needs. */
        struct table *draft = table_clone(request->table);
        draft->keeps_history = true;
        table_change_put(request, draft, draft->version);
        table_release(draft);
        backup_put(&request->batch, &backup);
        buffer_append_byte(request->out, '{');
        backup_describe_details(request, &first, &backup, "CREATING");
        buffer_append_byte(request->out, '}');
    }
    backup_finish(&backup);
    return good;
}

static void describe(struct request *request, const struct backup *backup, const char *status)
{
    bool first = true;

    buffer_append_string(request->out, "{\"BackupDescription\":{");
    backup_describe_details(request, &first, backup, status);
    backup_describe_table(request, &first, backup);
    buffer_append_string(request->out, "}}");
}

bool describe_backup(struct request *request)
{
    struct backup backup;

    if (!accepts(request, &arn_input))
        return false;
    bool good = backup_find(request, &backup);
    if (good)
        describe(request, &backup, "AVAILABLE");
    backup_finish(&backup);
    return good;
}

/* What only the backup kept may go now. */
static void wake(struct request *request)
{
    catalog_wake(request->server->catalog);
}

static bool delete (struct request *request, const struct backup *backup)
{
    if (catalog_restoring(request->server->catalog, backup->id) > 0)
        return fail(&request->failure, ERROR_BACKUP_IN_USE, "Backup is being restored to a table: %.*s",
                    SLICE_ARGS(shape_text(request->body, "BackupArn")));
    struct slice key = keys_backup(request->arena, backup->id);
    batch_guard(&request->batch, key, backup->version);
    batch_delete(&request->batch, key);
    request->committed = wake;
    describe(request, backup, "DELETED");
    return true;
}

bool delete_backup(struct request *request)
{
    struct backup backup;

    if (!accepts(request, &arn_input))
        return false;
    bool good = backup_find(request, &backup) && delete (request, &backup);
    backup_finish(&backup);
    return good;
}
