/* ListExports, ListImports. AWS: API reference of CloudFormation. */
#include "services/cloudformation/handlers.h"
#include "services/cloudformation/input.h"
#include "services/storage_failure.h"
#include "stacks/exports.h"

enum { PAGE = 100 };

/* ---- ListExports ---- */

static const struct shape_entry exports_members[] = {{"NextToken", &stack_next_token_shape, false}, {0}};
static const struct shape exports_input = {.kind = SHAPE_STRUCTURE, .members = exports_members};

static void write_export(struct buffer *out, const struct export_record *record)
{
    bool first = true;

    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "ExportingStackId", record->stack);
    json_write_string_member(out, &first, "Name", record->name);
    json_write_string_member(out, &first, "Value", record->value);
    buffer_append_byte(out, '}');
}

/* The token of a page is the last name of the one before. */
bool list_stack_exports(struct request *request)
{
    struct export_record *exports = arena_array(request->arena, struct export_record, PAGE + 1);
    size_t count;
    bool first = true;

    if (!stack_input_accepts(request, &exports_input))
        return false;
    struct slice after = shape_text(request->body, "NextToken");
    if (after.len > 0 && memchr(after.ptr, 0, after.len) != NULL)
        return fail(&request->failure, ERROR_VALIDATION, "NextToken is invalid");
    enum storage_status status =
        exports_list(request->server->storage, request->arena, shape_text(request->body, "NextToken"),
                     PAGE + 1, exports, &count);
    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    buffer_append_byte(request->out, '{');
    json_write_name(request->out, &first, "Exports");
    buffer_append_byte(request->out, '[');
    for (size_t i = 0; i < count && i < PAGE; i++) {
        if (i > 0)
            buffer_append_byte(request->out, ',');
        write_export(request->out, &exports[i]);
    }
    buffer_append_byte(request->out, ']');
    if (count > PAGE)
        json_write_string_member(request->out, &first, "NextToken", exports[PAGE - 1].name);
    buffer_append_byte(request->out, '}');
    return true;
}

/* ---- ListImports ---- */

static const struct shape_entry imports_members[] = {
    {"ExportName", &shape_string, true}, {"NextToken", &stack_next_token_shape, false}, {0}};
static const struct shape imports_input = {.kind = SHAPE_STRUCTURE, .members = imports_members};

static bool name_stacks(struct request *request, struct texts *importers)
{
    for (size_t i = 0; i < importers->count; i++) {
        struct stack_record stack;
        struct version version;
        enum storage_status status =
            stack_read(request->server->storage, request->arena, importers->items[i], &stack, &version);
        if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
            return storage_failure(&request->failure, status);
        if (i > 0)
            buffer_append_byte(request->out, ',');
        json_write_string(request->out, status == STORAGE_OK ? stack.name : importers->items[i]);
    }
    return true;
}

bool list_stack_imports(struct request *request)
{
    struct texts importers;
    bool first = true;

    if (!stack_input_accepts(request, &imports_input))
        return false;
    struct slice name = shape_text(request->body, "ExportName"),
                 after = shape_text(request->body, "NextToken");
    bool possible = name.len > 0 && memchr(name.ptr, 0, name.len) == NULL;
    importers = (struct texts){NULL, 0};
    enum storage_status status =
        possible ? exports_importers(request->server->storage, request->arena, name, after, PAGE, &importers)
                 : STORAGE_OK;
    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    if (importers.count == 0)
        return fail(&request->failure, ERROR_VALIDATION, "Export '%.*s' is not imported by any stack.",
                    SLICE_ARGS(name));
    struct slice last = importers.items[importers.count - 1];
    buffer_append_byte(request->out, '{');
    json_write_name(request->out, &first, "Imports");
    buffer_append_byte(request->out, '[');
    if (!name_stacks(request, &importers))
        return false;
    buffer_append_byte(request->out, ']');
    if (importers.count == PAGE)
        json_write_string_member(request->out, &first, "NextToken", last);
    buffer_append_byte(request->out, '}');
    return true;
}
