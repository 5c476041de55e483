/* DescribeTable. AWS: API reference, DescribeTable. */
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/table_description.h"

static const struct shape_entry members[] = {{"TableName", &input_table_name, true}, {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

bool describe_table(struct request *request)
{
    return input_accepts(request, &input) && input_find_table(request, true) &&
           table_description_respond(request, "Table", request->table, table_status(request->table));
}
