/*
 * DeleteTable: the table is gone at once for every client; its items are erased behind. AWS: API reference,
 * DeleteTable.
 */
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/table_change.h"
#include "services/dynamodb/table_description.h"

static const struct shape_entry members[] = {{"TableName", &input_table_name, true}, {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

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
    table_change_delete(request);
    return table_description_respond(request, "TableDescription", table, "DELETING");
}
