/*
 * DeleteTable: the table is gone at once for every client; its items are erased behind. AWS: API reference,
 * DeleteTable.
 */
#include "services/dynamodb/backup_description.h"
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/table_change.h"
#include "services/dynamodb/table_description.h"

static const struct shape_entry members[] = {{"TableName", &input_table_name, true}, {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

/* A table with point-in-time recovery leaves a SYSTEM backup, from which it can be restored as it was. */
static bool keep_backup(struct request *request)
{
    struct table *table = request->table;
    struct slice name = arena_printf(request->arena, "%.*s$DeletedTableBackup", SLICE_ARGS(table->name));
    struct backup backup;

    bool made = backup_make(request, table, name, BACKUP_SYSTEM, &backup);
    if (made)
        backup_put(&request->batch, &backup);
    backup_finish(&backup);
    return made;
}

bool delete_table(struct request *request)
{
    if (!input_accepts(request, &input) || !input_find_made_table(request))
        return false;
    const struct table *table = request->table;
    if (table->deletion_protection)
        return fail(
            &request->failure, ERROR_VALIDATION,
            "Resource cannot be deleted as it is currently protected against deletion. Disable deletion "
            "protection first.");
    for (size_t i = 0; i < table->index_count; i++) {
        if (table->indexes[i].status == INDEX_CREATING)
            return fail(&request->failure, ERROR_RESOURCE_IN_USE,
                        "Attempt to change a resource which is still in use: Table is being updated: %.*s",
                        SLICE_ARGS(table->name));
    }
    if (table->recovery.days > 0 && !keep_backup(request))
        return false;
    table_change_delete(request);
    return table_description_respond(request, "TableDescription", table, "DELETING");
}
