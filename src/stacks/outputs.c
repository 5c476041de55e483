/* The outputs of a stack. */
#include "base/characters.h"
#include "deploy/intrinsics.h"
#include "stacks/run.h"

static void add_text(struct json *output, const char *name, struct slice text)
{
    output->object.members[output->object.count++] =
        (struct json_member){slice_of(name), {.type = JSON_STRING, .text = text}};
}

/* A member of an output that is a text once its functions are evaluated; absent: empty. */
static bool read_text(struct run *run, const struct json_member *output, const char *member,
                      struct slice *out)
{
    const struct json *given = json_get(&output->value, member);
    struct slice reason = SLICE("");
    struct json value;

    *out = SLICE("");
    if (given == NULL)
        return true;
    enum resolved resolved = stack_evaluate(run->stack, given, &value, &reason);
    if (resolved == RESOLVED && scalar_text(&value, out))
        return true;
    return problems_add(&run->problems, "Output %.*s: %.*s", SLICE_ARGS(output->name),
                        SLICE_ARGS(resolved == RESOLVED ? SLICE("the value is no text") : reason));
}

/* AWS: "Export names can include only letters, digits, colons, and hyphens". */
static bool check_export_name(struct run *run, const struct json_member *output, struct slice name)
{
    enum { NAME_LIMIT = 255 };
    bool good = name.len > 0 && name.len <= NAME_LIMIT;

    for (size_t i = 0; good && i < name.len; i++)
        good = is_letter(name.ptr[i]) || is_digit(name.ptr[i]) || name.ptr[i] == ':' || name.ptr[i] == '-';
    return good ||
           problems_add(&run->problems,
                        "Output %.*s: an export's name has 1 to 255 letters, digits, colons and hyphens",
                        SLICE_ARGS(output->name));
}

/* `earlier`: those that were read before it. */
static bool read_output(struct run *run, const struct json_member *output, const struct json *earlier,
                        struct json *out)
{
    enum { MEMBERS = 4 };
    struct slice value, description, export_name = SLICE("");
    const struct json *export = json_get(&output->value, "Export");

    if (!read_text(run, output, "Value", &value) || !read_text(run, output, "Description", &description))
        return false;
    if (export != NULL) {
        const struct json_member inner = {output->name, *export};
        if (!read_text(run, &inner, "Name", &export_name) || !check_export_name(run, output, export_name))
            return false;
    }
    if (export_name.len > 0 && find_by(earlier, "ExportName", export_name) != NULL)
        return problems_add(&run->problems, "Export with name %.*s is already exported by stack %.*s",
                            SLICE_ARGS(export_name), SLICE_ARGS(run->record.name));
    *out = (struct json){.type = JSON_OBJECT,
                         .object = {arena_array(run->arena, struct json_member, MEMBERS), 0}};
    add_text(out, "OutputKey", output->name);
    add_text(out, "OutputValue", value);
    if (description.len > 0)
        add_text(out, "Description", description);
    if (export_name.len > 0)
        add_text(out, "ExportName", export_name);
    return true;
}

enum step run_outputs(struct run *run)
{
    const struct json *outputs = json_get(run->stack->template, "Outputs");
    size_t count = outputs != NULL && outputs->type == JSON_OBJECT ? outputs->object.count : 0;
    struct json *list = arena_new(run->arena, struct json);

    problems_init(&run->problems, run->arena);
    *list = (struct json){.type = JSON_ARRAY, .array = {arena_array(run->arena, struct json, count), 0}};
    for (size_t i = 0; i < count; i++) {
        const struct json_member *output = &outputs->object.members[i];
        if (!stack_has_output(run->stack, &output->value))
            continue;
        if (!read_output(run, output, list, &list->array.items[list->array.count]))
            return STEP_FAILED;
        list->array.count++;
    }
    run->record.source.outputs = list->array.count > 0 ? list : NULL;
    return STEP_DONE;
}
