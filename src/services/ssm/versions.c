/* GetParameterHistory, LabelParameterVersion, UnlabelParameterVersion. AWS: API reference; "Working with
 * parameter versions", "Working with parameter labels". */
#include <inttypes.h>
#include <strings.h>

#include "base/characters.h"
#include "services/gate.h"
#include "services/ssm/handlers.h"
#include "services/ssm/name.h"
#include "services/ssm/page.h"
#include "services/ssm/parameter.h"

static const struct shape label = {.kind = SHAPE_STRING, .min = 1, .max = 100},
                          labels = {.kind = SHAPE_LIST, .min = 1, .max = 10, .element = &label},
                          page_size = {.kind = SHAPE_INTEGER, .min = 1, .max = 50};
static const struct shape_entry history_members[] = {{"Name", &parameter_name, true},
                                                     {"WithDecryption", &shape_boolean_value, false},
                                                     {"MaxResults", &page_size, false},
                                                     {"NextToken", &shape_string, false},
                                                     {0}};
static const struct shape history_input = {.kind = SHAPE_STRUCTURE, .members = history_members};
static const struct shape_entry label_members[] = {{"Name", &parameter_name, true},
                                                   {"ParameterVersion", &shape_long, false},
                                                   {"Labels", &labels, true},
                                                   {0}};
static const struct shape label_input = {.kind = SHAPE_STRUCTURE, .members = label_members};
static const struct shape_entry unlabel_members[] = {
    {"Name", &parameter_name, true}, {"ParameterVersion", &shape_long, true}, {"Labels", &labels, true}, {0}};
static const struct shape unlabel_input = {.kind = SHAPE_STRUCTURE, .members = unlabel_members};

/* ---- the history ---- */

static struct texts labels_of(struct request *request, const struct parameter *parameter, int64_t version)
{
    struct texts names = {0};

    for (size_t i = 0; i < parameter->labels.count; i++) {
        if (parameter->labels.items[i].version == version)
            texts_add(request->arena, &names, parameter->labels.items[i].name);
    }
    return names;
}

static bool write_version(struct request *request, const struct parameter *parameter, int64_t number)
{
    struct texts names = labels_of(request, parameter, number);
    struct parameter_version version;
    bool first = true;

    if (!parameter_find_version(request, parameter, number, &version))
        return false;
    struct slice value = version.value;
    if (parameter_is_secure(&version) && shape_boolean(request->body, "WithDecryption", false) &&
        !parameter_unseal(request, version.value, &value))
        return false;
    buffer_append_byte(request->out, '{');
    parameter_write_settings(request->out, &first, parameter->name, &version);
    name_write_list(request->out, &first, "Labels", &names);
    json_write_string_member(request->out, &first, "Value", value);
    buffer_append_byte(request->out, '}');
    return true;
}

bool get_parameter_history(struct request *request)
{
    struct parameter parameter;
    struct named_parameter named;
    struct slice token;
    bool first = true;

    if (!shape_accepts(request->body, &history_input, &request->failure) ||
        !page_token_read(request, &token) || !name_read(request, shape_text(request->body, "Name"), &named) ||
        !gate_pass(request))
        return false;
    if (named.foreign || named.selector.len > 0)
        return fail(&request->failure, ERROR_SSM_NOT_FOUND, "%s", "");
    if (!parameter_lookup(request, named.name, &parameter, NULL))
        return false;
    int64_t number = page_token_number(token), left = shape_number(request->body, "MaxResults", 50);
    if (number < parameter.oldest)
        number = parameter.oldest;
    buffer_append_byte(request->out, '{');
    json_write_name(request->out, &first, "Parameters");
    buffer_append_byte(request->out, '[');
    for (; number <= parameter.present.number && left > 0; number++, left--) {
        if (request->out->bytes[request->out->len - 1] == '}')
            buffer_append_byte(request->out, ',');
        if (!write_version(request, &parameter, number))
            return false;
    }
    buffer_append_byte(request->out, ']');
    if (number <= parameter.present.number)
        page_token_write(request, &first, arena_printf(request->arena, "%" PRId64, number));
    buffer_append_byte(request->out, '}');
    return true;
}

/* ---- labels ---- */

/* Letters, digits and .-_; not beginning with a digit, "aws" or "ssm". */
static bool is_label(struct slice text)
{
    if (is_digit(text.ptr[0]) ||
        (text.len >= 3 && (strncasecmp(text.ptr, "aws", 3) == 0 || strncasecmp(text.ptr, "ssm", 3) == 0)))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (!is_word_character(text.ptr[i]) && text.ptr[i] != '.' && text.ptr[i] != '-')
            return false;
    }
    return true;
}

static struct parameter_label *find_label(const struct parameter *parameter, struct slice name)
{
    for (size_t i = 0; i < parameter->labels.count; i++) {
        if (slice_equal(parameter->labels.items[i].name, name))
            return &parameter->labels.items[i];
    }
    return NULL;
}

/* The parameter and the version of it that the request is about. */
static bool find_labelled(struct request *request, const struct shape *input, struct parameter *out,
                          struct version *version, int64_t *number)
{
    struct parameter_version found;

    if (!shape_accepts(request->body, input, &request->failure))
        return false;
    struct slice name = name_trim(shape_text(request->body, "Name"));
    if (!name_check(request, name) || !gate_pass(request) || !parameter_lookup(request, name, out, version))
        return false;
    *number = shape_number(request->body, "ParameterVersion", out->present.number);
    return parameter_find_version(request, out, *number, &found);
}

static void set_label(struct request *request, struct parameter *parameter, struct slice name, int64_t number)
{
    struct parameter_labels *list = &parameter->labels;
    struct parameter_label *known = find_label(parameter, name);

    if (known == NULL) {
        list->items =
            arena_grow(request->arena, list->items, list->count, list->count + 1, sizeof(list->items[0]));
        known = &list->items[list->count++];
        known->name = name;
    }
    known->version = number;
}

bool label_parameter_version(struct request *request)
{
    struct parameter parameter;
    struct texts invalid = {0};
    struct version version;
    int64_t number;
    bool first = true;

    if (!find_labelled(request, &label_input, &parameter, &version, &number))
        return false;
    const struct json *names = shape_member(request->body, "Labels");
    for (size_t i = 0; i < names->array.count; i++) {
        if (is_label(names->array.items[i].text))
            set_label(request, &parameter, names->array.items[i].text, number);
        else
            texts_add(request->arena, &invalid, names->array.items[i].text);
    }
    if (labels_of(request, &parameter, number).count > LABELS_LIMIT)
        return fail(&request->failure, ERROR_SSM_LABEL_LIMIT,
                    "A parameter version can have maximum %d labels.Move one or more labels to another "
                    "version and try again.",
                    LABELS_LIMIT);
    parameter_put(request, &parameter, version);
    buffer_append_byte(request->out, '{');
    name_write_list(request->out, &first, "InvalidLabels", &invalid);
    json_write_int64_member(request->out, &first, "ParameterVersion", number);
    buffer_append_byte(request->out, '}');
    return true;
}

bool unlabel_parameter_version(struct request *request)
{
    struct parameter parameter;
    struct texts removed = {0}, invalid = {0};
    struct version version;
    int64_t number;
    bool first = true;

    if (!find_labelled(request, &unlabel_input, &parameter, &version, &number))
        return false;
    const struct json *names = shape_member(request->body, "Labels");
    struct parameter_labels *list = &parameter.labels;
    for (size_t i = 0; i < names->array.count; i++) {
        struct slice name = names->array.items[i].text;
        const struct parameter_label *known = find_label(&parameter, name);
        if (known == NULL || known->version != number) {
            texts_add(request->arena, &invalid, name);
            continue;
        }
        list->items = list_without(request->arena, list->items, list->count, sizeof(list->items[0]),
                                   (size_t)(known - list->items));
        list->count--;
        texts_add(request->arena, &removed, name);
    }
    parameter_put(request, &parameter, version);
    buffer_append_byte(request->out, '{');
    name_write_list(request->out, &first, "InvalidLabels", &invalid);
    name_write_list(request->out, &first, "RemovedLabels", &removed);
    buffer_append_byte(request->out, '}');
    return true;
}
