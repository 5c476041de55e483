#include "services/ssm/filter.h"

#include <strings.h>

#include "base/characters.h"

static bool is_key(struct slice text);

static const struct shape key = {.kind = SHAPE_STRING,
                                 .min = 1,
                                 .max = 132,
                                 .matches = is_key,
                                 .pattern = "tag:.+|Name|Type|KeyId|Path|Label|Tier|DataType"},
                          option = {.kind = SHAPE_STRING, .min = 1, .max = 10},
                          value = {.kind = SHAPE_STRING, .min = 1, .max = 1024},
                          values = {.kind = SHAPE_LIST, .min = 1, .max = 50, .element = &value};
static const struct shape_entry members[] = {
    {"Key", &key, true}, {"Option", &option, false}, {"Values", &values, false}, {0}};
static const struct shape filter = {.kind = SHAPE_STRUCTURE, .members = members};
const struct shape filters_shape = {.kind = SHAPE_LIST, .element = &filter};

static bool is_one_of(struct slice text, const char *const *words)
{
    while (*words != NULL && !slice_is(text, *words))
        words++;
    return *words != NULL;
}

static const struct slice tag_prefix = {"tag:", 4};

static bool is_key(struct slice text)
{
    static const char *const keys[] = {"Name", "Type", "KeyId", "Path", "Label", "Tier", "DataType", NULL};

    return is_one_of(text, keys) || (slice_starts_with(text, tag_prefix) && text.len > tag_prefix.len);
}

/* ---- paths ---- */

static bool is_path(struct slice path)
{
    for (size_t i = 0; i < path.len; i++) {
        char c = path.ptr[i];
        if (!is_word_character(c) && c != '.' && c != '-' && c != '/')
            return false;
        if (c == '/' && i > 0 && path.ptr[i - 1] == '/')
            return false;
    }
    return slice_starts_with(path, SLICE("/"));
}

bool filters_check_path(struct request *request, struct slice path)
{
    return is_path(path) ||
           fail(
               &request->failure, ERROR_VALIDATION,
               "The parameter doesn't meet the parameter name requirements. The parameter name must begin "
               "with a forward slash \"/\". It can't be prefixed with \"aws\" or \"ssm\" (case-insensitive). "
               "It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ "
               "(underscore). Special characters are not allowed. All sub-paths, if specified, must use the "
               "forward slash symbol \"/\". Valid example: /get/parameters2-/by1./path0_.");
}

/* Names without a slash stand at the top of the hierarchy. */
bool filters_is_under(struct slice name, struct slice path, bool recursive)
{
    while (path.len > 0 && path.ptr[path.len - 1] == '/')
        path.len--;
    if (path.len > 0 && (!slice_starts_with(name, path) || name.len == path.len || name.ptr[path.len] != '/'))
        return false;
    struct slice rest = slice_skip(name, path.len);
    if (slice_starts_with(rest, SLICE("/")))
        rest = slice_skip(rest, 1);
    return recursive || rest.len == 0 || memchr(rest.ptr, '/', rest.len) == NULL;
}

/* ---- are they right ---- */

static struct slice option_of(const struct json *one)
{
    struct slice text = shape_text(one, "Option");

    if (text.ptr != NULL)
        return text;
    return slice_is(shape_text(one, "Key"), "Path") ? SLICE("OneLevel") : SLICE("Equals");
}

static bool check_key(struct request *request, const struct json *list, size_t place, bool by_path)
{
    static const char *const of_paths[] = {"Type", "KeyId", "Label", NULL};
    struct slice text = shape_text(&list->array.items[place], "Key");

    if (by_path ? !is_one_of(text, of_paths) : slice_is(text, "Label"))
        return fail(&request->failure, ERROR_SSM_FILTER_KEY,
                    "The following filter key is not valid: %.*s. Valid filter keys include: [%s].",
                    SLICE_ARGS(text),
                    by_path ? "Type, KeyId, Label" : "Path, Name, Type, KeyId, Tier, DataType, tag:<key>");
    for (size_t i = 0; i < place; i++) {
        if (slice_equal(shape_text(&list->array.items[i], "Key"), text))
            return fail(&request->failure, ERROR_SSM_FILTER_KEY,
                        "The following filter is duplicated in the request: %.*s. A request can contain only "
                        "one instance of a specific filter.",
                        SLICE_ARGS(text));
    }
    return true;
}

static bool check_option(struct request *request, const struct json *one)
{
    static const char *const of_paths[] = {"Recursive", "OneLevel", NULL},
                             *const of_labels[] = {"Equals", NULL},
                             *const of_names[] = {"BeginsWith", "Equals", "Contains", NULL},
                             *const of_others[] = {"BeginsWith", "Equals", NULL};
    struct slice name = shape_text(one, "Key"), text = option_of(one);
    bool path = slice_is(name, "Path");

    if (is_one_of(text, path                      ? of_paths
                        : slice_is(name, "Label") ? of_labels
                        : slice_is(name, "Name")  ? of_names
                                                  : of_others))
        return true;
    return fail(&request->failure, ERROR_SSM_FILTER_OPTION,
                "The following filter option is not valid: %.*s. Valid options include: [%s].",
                SLICE_ARGS(text), path ? "Recursive, OneLevel" : "BeginsWith, Equals");
}

static bool check_path_value(struct request *request, struct slice path)
{
    static const char *const reserved[] = {"/aws", "/ssm", NULL};

    for (size_t i = 0; reserved[i] != NULL; i++) {
        if (path.len >= 4 && strncasecmp(path.ptr, reserved[i], 4) == 0)
            return fail(&request->failure, ERROR_VALIDATION,
                        "Filters for common parameters can't be prefixed with \"aws\" or \"ssm\" "
                        "(case-insensitive). When using global parameters, please specify within a global "
                        "namespace.");
    }
    return filters_check_path(request, path);
}

/* Texts of which a filter with this key can have no others. */
static bool check_values(struct request *request, const struct json *one)
{
    static const char *const tiers[] = {"Standard", "Advanced", "Intelligent-Tiering", NULL},
                             *const types[] = {"String", "StringList", "SecureString", NULL};
    struct slice name = shape_text(one, "Key");
    const struct json *list = shape_member(one, "Values");
    bool tier = slice_is(name, "Tier"), type = slice_is(name, "Type");

    /* A tag may be asked for without its value. */
    if (list == NULL)
        return slice_starts_with(name, tag_prefix) ||
               fail(&request->failure, ERROR_SSM_FILTER_VALUE,
                    "The following filter values are missing : null for filter key %.*s", SLICE_ARGS(name));
    for (size_t i = 0; i < list->array.count; i++) {
        struct slice text = list->array.items[i].text;
        if (slice_is(name, "Path") && !check_path_value(request, text))
            return false;
        if ((tier && !is_one_of(text, tiers)) || (type && !is_one_of(text, types)))
            return fail(&request->failure, ERROR_SSM_FILTER_OPTION,
                        "The following filter value is not valid: %.*s. Valid values include: [%s].",
                        SLICE_ARGS(text),
                        tier ? "Standard, Advanced, Intelligent-Tiering"
                             : "String, StringList, SecureString");
    }
    return true;
}

enum { FILTERS_LIMIT = 100 };

bool filters_read(struct request *request, bool by_path, struct filters *out)
{
    *out = (struct filters){.filters = shape_member(request->body, "ParameterFilters")};
    if (!by_path)
        out->old_filters = shape_member(request->body, "Filters");
    if (out->filters != NULL && out->filters->array.count > 0 && out->old_filters != NULL &&
        out->old_filters->array.count > 0)
        return fail(&request->failure, ERROR_VALIDATION,
                    "You can use either Filters or ParameterFilters in a single request.");
    if ((out->filters != NULL && out->filters->array.count > FILTERS_LIMIT) ||
        (out->old_filters != NULL && out->old_filters->array.count > FILTERS_LIMIT))
        return fail(&request->failure, ERROR_VALIDATION, "A request can have at most %d filters.",
                    FILTERS_LIMIT);
    for (size_t i = 0; out->filters != NULL && i < out->filters->array.count; i++) {
        const struct json *one = &out->filters->array.items[i];
        if (!check_key(request, out->filters, i, by_path) || !check_option(request, one) ||
            !check_values(request, one))
            return false;
    }
    return true;
}

/* ---- do parameters pass them ---- */

static bool is_within(struct slice text, struct slice part)
{
    return part.len <= text.len && memmem(text.ptr, text.len, part.ptr, part.len) != NULL;
}

static bool matches(struct slice text, struct slice how, const struct json *list)
{
    for (size_t i = 0; i < list->array.count; i++) {
        struct slice wanted = list->array.items[i].text;
        if (slice_is(how, "BeginsWith")  ? slice_starts_with(text, wanted)
            : slice_is(how, "Contains")  ? text.len > 0 && is_within(text, wanted)
            : slice_is(how, "Recursive") ? filters_is_under(text, wanted, true)
            : slice_is(how, "OneLevel")  ? filters_is_under(text, wanted, false)
                                         : slice_equal(text, wanted))
            return true;
    }
    return false;
}

static bool passes_tag(const struct parameter *parameter, struct slice tag, struct slice how,
                       const struct json *list)
{
    for (size_t i = 0; i < parameter->tags.count; i++) {
        if (slice_equal(parameter->tags.items[i].key, tag))
            return list == NULL || matches(parameter->tags.items[i].value, how, list);
    }
    return false;
}

/* The version with one of the labels. */
static bool passes_label(struct request *request, const struct parameter *parameter, const struct json *list,
                         struct parameter_version *version, bool *failed)
{
    for (size_t i = 0; i < parameter->labels.count; i++) {
        const struct parameter_label *label = &parameter->labels.items[i];
        if (!matches(label->name, SLICE("Equals"), list))
            continue;
        *failed = !parameter_find_version(request, parameter, label->version, version);
        return !*failed;
    }
    return false;
}

/* The text that filters with this key are about. */
static struct slice subject_of(const struct parameter *parameter, const struct parameter_version *version,
                               struct slice name)
{
    return slice_is(name, "Name") || slice_is(name, "Path") ? parameter->name
           : slice_is(name, "Type")                         ? version->type
           : slice_is(name, "KeyId")                        ? version->key_id
           : slice_is(name, "Tier")                         ? version->tier
                                                            : SLICE("text"); /* DataType */
}

static bool passes(struct request *request, const struct parameter *parameter, const struct json *one,
                   struct parameter_version *version, bool *failed)
{
    struct slice name = shape_text(one, "Key");
    const struct json *list = shape_member(one, "Values");

    if (slice_starts_with(name, tag_prefix))
        return passes_tag(parameter, slice_skip(name, tag_prefix.len), option_of(one), list);
    if (slice_is(name, "Label"))
        return passes_label(request, parameter, list, version, failed);
    return matches(subject_of(parameter, &parameter->present, name), option_of(one), list);
}

bool filters_pass(struct request *request, const struct filters *filters, const struct parameter *parameter,
                  struct parameter_version *version, bool *failed)
{
    *version = parameter->present;
    *failed = false;
    for (size_t i = 0; filters->filters != NULL && i < filters->filters->array.count; i++) {
        if (!passes(request, parameter, &filters->filters->array.items[i], version, failed))
            return false;
    }
    for (size_t i = 0; filters->old_filters != NULL && i < filters->old_filters->array.count; i++) {
        const struct json *one = &filters->old_filters->array.items[i];
        if (!matches(subject_of(parameter, &parameter->present, shape_text(one, "Key")), SLICE("Equals"),
                     shape_member(one, "Values")))
            return false;
    }
    return true;
}
