/* GetParameter and GetParameters. AWS: API reference. */
#include <stdlib.h>

#include "services/gate.h"
#include "services/ssm/handlers.h"
#include "services/ssm/name.h"
#include "services/ssm/parameter.h"

static const struct shape_entry one_members[] = {
    {"Name", &parameter_name, true}, {"WithDecryption", &shape_boolean_value, false}, {0}};
static const struct shape one_input = {.kind = SHAPE_STRUCTURE, .members = one_members};
static const struct shape_entry some_members[] = {
    {"Names", &parameter_names, true}, {"WithDecryption", &shape_boolean_value, false}, {0}};
static const struct shape some_input = {.kind = SHAPE_STRUCTURE, .members = some_members};

/* What was asked for, as it was found. */
struct got {
    struct named_parameter named;
    struct parameter parameter;
    struct parameter_version version;
};

/* "arn:...:parameter/music" is both of "/music" and of "music". */
static bool find_present(struct request *request, struct got *got)
{
    const struct named_parameter *named = &got->named;

    if (named->foreign)
        return fail(&request->failure, ERROR_SSM_NOT_FOUND, "%s", "");
    if (parameter_lookup(request, named->name, &got->parameter, NULL))
        return true;
    if (!named->from_arn || request->failure.code != ERROR_SSM_NOT_FOUND)
        return false;
    failure_init(&request->failure, request->arena);
    return parameter_lookup(request, slice_skip(named->name, 1), &got->parameter, NULL);
}

/* `missing`: there is no such parameter, version or label, which the failure says too. */
static bool find(struct request *request, struct got *got, bool *missing)
{
    bool found = find_present(request, got);

    *missing = request->failure.code == ERROR_SSM_NOT_FOUND;
    if (!found)
        return false;
    got->version = got->parameter.present;
    return got->named.selector.len == 0 ||
           parameter_select(request, &got->parameter, got->named.selector, &got->version, missing);
}

bool get_parameter(struct request *request)
{
    struct got got;
    bool missing;

    if (!shape_accepts(request->body, &one_input, &request->failure) ||
        !name_read(request, shape_text(request->body, "Name"), &got.named) || !gate_pass(request) ||
        !find(request, &got, &missing))
        return false;
    buffer_append_string(request->out, "{\"Parameter\":");
    if (!parameter_write_value(request, got.parameter.name, &got.version, got.named.selector))
        return false;
    buffer_append_byte(request->out, '}');
    return true;
}

/* ---- several ---- */

static int by_name(const void *a, const void *b)
{
    const struct got *first = a, *second = b;
    int order = slice_compare(first->parameter.name, second->parameter.name);

    return order != 0 ? order
                      : (first->version.number > second->version.number) -
                            (first->version.number < second->version.number);
}

static bool is_repeated(const struct json *names, size_t place)
{
    for (size_t i = 0; i < place; i++) {
        if (slice_equal(names->array.items[i].text, names->array.items[place].text))
            return true;
    }
    return false;
}

/* Finds them; the names of those that are not there go to `missing`. */
static bool find_all(struct request *request, struct got *all, size_t *count, struct texts *missing)
{
    const struct json *names = shape_member(request->body, "Names");

    for (size_t i = 0; i < names->array.count; i++) {
        struct slice name = names->array.items[i].text;
        bool is_missing;
        if (is_repeated(names, i))
            continue;
        if (!name_read(request, name, &all[*count].named))
            return false;
        if (find(request, &all[*count], &is_missing)) {
            (*count)++;
            continue;
        }
        if (!is_missing)
            return false;
        failure_init(&request->failure, request->arena);
        texts_add(request->arena, missing, name);
    }
    return true;
}

static bool check_names(struct request *request)
{
    const struct json *names = shape_member(request->body, "Names");
    struct named_parameter named;

    for (size_t i = 0; i < names->array.count; i++) {
        if (!name_read(request, names->array.items[i].text, &named))
            return false;
    }
    return true;
}

/* "The results for GetParameters requests are listed in alphabetical order." */
bool get_parameters(struct request *request)
{
    struct got *all;
    struct texts missing = {0};
    size_t count = 0;
    bool first = true;

    if (!shape_accepts(request->body, &some_input, &request->failure) || !check_names(request) ||
        !gate_pass(request))
        return false;
    all = arena_array(request->arena, struct got, shape_member(request->body, "Names")->array.count);
    if (!find_all(request, all, &count, &missing))
        return false;
    qsort(all, count, sizeof(*all), by_name);
    buffer_append_byte(request->out, '{');
    name_write_list(request->out, &first, "InvalidParameters", &missing);
    json_write_name(request->out, &first, "Parameters");
    buffer_append_byte(request->out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buffer_append_byte(request->out, ',');
        if (!parameter_write_value(request, all[i].parameter.name, &all[i].version, all[i].named.selector))
            return false;
    }
    buffer_append_string(request->out, "]}");
    return true;
}
