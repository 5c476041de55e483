/* ListTables: the names in order, up to 100 an answer. AWS: API reference, ListTables. */
#include "catalog/catalog.h"
#include "services/accepts.h"
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"

enum { NAMES_LIMIT = 100 };

static const struct shape limit = {.kind = SHAPE_INTEGER, .min = 1, .max = NAMES_LIMIT};
static const struct shape start = {
    .kind = SHAPE_STRING, .min = 3, .max = 255, .matches = input_is_name, .pattern = "[a-zA-Z0-9_.-]+"};
static const struct shape_entry members[] = {
    {"ExclusiveStartTableName", &start, false}, {"Limit", &limit, false}, {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

bool list_tables(struct request *request)
{
    struct slice names[NAMES_LIMIT];
    bool more;

    if (!accepts(request, &input))
        return false;
    size_t count = catalog_names(request->server->catalog, request->arena,
                                 shape_text(request->body, "ExclusiveStartTableName"),
                                 (size_t)shape_number(request->body, "Limit", NAMES_LIMIT), names, &more);
    buffer_append_string(request->out, "{\"TableNames\":[");
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buffer_append_byte(request->out, ',');
        json_write_string(request->out, names[i]);
    }
    buffer_append_byte(request->out, ']');
    if (more) {
        buffer_append_string(request->out, ",\"LastEvaluatedTableName\":");
        json_write_string(request->out, names[count - 1]);
    }
    buffer_append_byte(request->out, '}');
    return true;
}
