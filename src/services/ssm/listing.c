/* GetParametersByPath and DescribeParameters. AWS: API reference. Parameters are told in the order of the
 * bytes of their names. */
#include "services/gate.h"
#include "services/ssm/filter.h"
#include "services/ssm/handlers.h"
#include "services/ssm/name.h"
#include "services/ssm/page.h"
#include "services/ssm/parameter.h"
#include "services/storage_failure.h"

/* "If the service reaches an internal limit while processing the results, it stops the operation and returns
 * the matching values up to that point and a NextToken." */
enum { LOOKED_AT_LIMIT = 2000 };

static const char *const old_keys[] = {"Name", "Type", "KeyId", NULL};
static const struct shape by_path_size = {.kind = SHAPE_INTEGER, .min = 1, .max = 10},
                          describe_size = {.kind = SHAPE_INTEGER, .min = 1, .max = 50},
                          old_key = {.kind = SHAPE_STRING, .words = old_keys},
                          old_value = {.kind = SHAPE_STRING, .min = 1, .max = 1024},
                          old_values = {.kind = SHAPE_LIST, .min = 1, .max = 50, .element = &old_value};
static const struct shape_entry old_members[] = {{"Key", &old_key, true}, {"Values", &old_values, true}, {0}};
static const struct shape old_filter = {.kind = SHAPE_STRUCTURE, .members = old_members},
                          old_filters = {.kind = SHAPE_LIST, .element = &old_filter};
static const struct shape_entry by_path_members[] = {{"Path", &parameter_name, true},
                                                     {"Recursive", &shape_boolean_value, false},
                                                     {"ParameterFilters", &filters_shape, false},
                                                     {"WithDecryption", &shape_boolean_value, false},
                                                     {"MaxResults", &by_path_size, false},
                                                     {"NextToken", &shape_string, false},
                                                     {0}};
static const struct shape by_path_input = {.kind = SHAPE_STRUCTURE, .members = by_path_members};
static const struct shape_entry describe_members[] = {
    {"Filters", &old_filters, false},        {"ParameterFilters", &filters_shape, false},
    {"MaxResults", &describe_size, false},   {"NextToken", &shape_string, false},
    {"Shared", &shape_boolean_value, false}, {0}};
static const struct shape describe_input = {.kind = SHAPE_STRUCTURE, .members = describe_members};

struct listing {
    struct request *request;
    struct filters filters;
    struct slice path; /* ptr NULL: all there are */
    bool recursive;
    int64_t left;
    struct slice after; /* the last name that was looked at */
    bool more;
};

static bool write_description(struct request *request, const struct parameter *parameter)
{
    bool first = true;

    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first, "ARN", parameter_arn(request, parameter->name));
    parameter_write_settings(request->out, &first, parameter->name, &parameter->present);
    buffer_append_byte(request->out, '}');
    return true;
}

/* Writes the parameter if it is one of those that are asked for. */
static bool take(struct listing *listing, const struct parameter *parameter)
{
    struct request *request = listing->request;
    struct parameter_version version;
    bool failed;

    if (listing->path.ptr != NULL && !filters_is_under(parameter->name, listing->path, listing->recursive))
        return true;
    if (!filters_pass(request, &listing->filters, parameter, &version, &failed))
        return !failed;
    if (request->out->bytes[request->out->len - 1] == '}')
        buffer_append_byte(request->out, ',');
    listing->left--;
    return listing->path.ptr == NULL ? write_description(request, parameter)
                                     : parameter_write_value(request, parameter->name, &version, SLICE(""));
}

static bool walk(struct listing *listing, struct cursor *cursor)
{
    struct request *request = listing->request;
    struct slice key, record;
    struct parameter parameter;
    enum storage_status status;
    size_t looked_at = 0;

    while ((status = cursor_next(cursor, &key, &record)) == STORAGE_OK) {
        if (listing->left == 0 || looked_at++ == LOOKED_AT_LIMIT) {
            listing->more = true;
            return true;
        }
        if (!parameter_decode(request->arena, record, &parameter))
            return storage_failure(&request->failure, STORAGE_CORRUPT);
        if (!take(listing, &parameter))
            return false;
        listing->after = parameter.name;
    }
    return status == STORAGE_NOT_FOUND || storage_failure(&request->failure, status);
}

static bool list(struct listing *listing, struct slice prefix, struct slice token)
{
    struct request *request = listing->request;
    struct key_range range = parameter_keys(request->arena, prefix);
    struct slice from = keys_after(request->arena, parameter_key(request->arena, token));
    bool first = true;

    if (token.len > 0 && slice_compare(from, range.from) > 0)
        range.from = slice_compare(from, range.to) < 0 ? from : range.to;
    buffer_append_byte(request->out, '{');
    json_write_name(request->out, &first, "Parameters");
    buffer_append_byte(request->out, '[');
    struct cursor *cursor = cursor_create(request->server->storage, NULL, range.from, range.to, FORWARD);
    bool done = walk(listing, cursor);
    cursor_destroy(cursor);
    if (!done)
        return false;
    buffer_append_byte(request->out, ']');
    if (listing->more)
        page_token_write(request, &first, listing->after);
    buffer_append_byte(request->out, '}');
    return true;
}

bool get_parameters_by_path(struct request *request)
{
    struct listing listing = {.request = request};
    struct slice token;

    if (!shape_accepts(request->body, &by_path_input, &request->failure) ||
        !page_token_read(request, &token) || !filters_read(request, true, &listing.filters))
        return false;
    listing.path = name_trim(shape_text(request->body, "Path"));
    listing.recursive = shape_boolean(request->body, "Recursive", false);
    listing.left = shape_number(request->body, "MaxResults", by_path_size.max);
    if (!filters_check_path(request, listing.path) || !gate_pass(request))
        return false;
    return list(&listing, slice_is(listing.path, "/") ? SLICE("") : listing.path, token);
}

/* Nobody shares parameters with this account. */
bool describe_parameters(struct request *request)
{
    struct listing listing = {.request = request};
    struct slice token;

    if (!shape_accepts(request->body, &describe_input, &request->failure) ||
        !page_token_read(request, &token) || !filters_read(request, false, &listing.filters) ||
        !gate_pass(request))
        return false;
    listing.left = shape_number(request->body, "MaxResults", describe_size.max);
    if (shape_boolean(request->body, "Shared", false)) {
        buffer_append_string(request->out, "{\"Parameters\":[]}");
        return true;
    }
    return list(&listing, SLICE(""), token);
}
