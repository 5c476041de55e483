#include "services/ssm/name.h"

#include <strings.h>

#include "base/characters.h"
#include "services/ssm/parameter.h"

enum {
    DEPTH_LIMIT = 15,    /* parts of a path */
    LENGTH_LIMIT = 1011, /* characters, with those of the ARN before the name */
};

#define MALFORMED                                                                                            \
    "Parameter name: can't be prefixed with \"ssm\" (case-insensitive). If formed as a path, it can "        \
    "consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, "        \
    "numbers and the following 3 symbols .-_"

const struct shape parameter_name = {.kind = SHAPE_STRING, .min = 1, .max = 2048};
const struct shape parameter_names = {.kind = SHAPE_LIST, .min = 1, .max = 10, .element = &parameter_name};

struct slice name_trim(struct slice text)
{
    while (text.len > 0 && text.ptr[0] == ' ')
        text = slice_skip(text, 1);
    while (text.len > 0 && text.ptr[text.len - 1] == ' ')
        text.len--;
    return text;
}

/* Letters, digits and .-_ in parts that slashes divide, none of which is empty. */
static bool is_well_formed(struct slice name)
{
    bool part_is_empty = true;

    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (c == '/' && part_is_empty && i > 0)
            return false;
        if (c != '/' && !is_word_character(c) && c != '.' && c != '-')
            return false;
        part_is_empty = c == '/';
    }
    return name.len > 0 && !part_is_empty;
}

bool name_check(struct request *request, struct slice name)
{
    if (!is_well_formed(name))
        return fail(&request->failure, ERROR_VALIDATION, "%s", MALFORMED);
    return name.ptr[0] == '/' || memchr(name.ptr, '/', name.len) == NULL ||
           fail(&request->failure, ERROR_VALIDATION, "Parameter name must be a fully qualified name.");
}

static bool begins_with(struct slice name, const char *prefix)
{
    return name.len >= strlen(prefix) && strncasecmp(name.ptr, prefix, strlen(prefix)) == 0;
}

static bool check_reserved(struct request *request, struct slice name)
{
    struct slice bare = slice_starts_with(name, SLICE("/")) ? slice_skip(name, 1) : name;
    bool is_path = bare.len > 0 && memchr(bare.ptr, '/', bare.len) != NULL;

    if (is_path && begins_with(bare, "aws"))
        return fail(&request->failure, ERROR_ACCESS_DENIED, "No access to reserved parameter name: %.*s.",
                    SLICE_ARGS(name));
    if (is_path && begins_with(bare, "ssm"))
        return fail(&request->failure, ERROR_VALIDATION, "%s", MALFORMED);
    return (!begins_with(bare, "aws") && !begins_with(bare, "ssm")) ||
           fail(&request->failure, ERROR_VALIDATION,
                "Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive).");
}

bool name_check_new(struct request *request, struct slice name)
{
    size_t depth = name.ptr[0] != '/';

    if (!check_reserved(request, name))
        return false;
    for (size_t i = 0; i < name.len; i++)
        depth += name.ptr[i] == '/';
    if (depth > DEPTH_LIMIT)
        return fail(&request->failure, ERROR_SSM_HIERARCHY_LEVELS,
                    "A hierarchy can have a maximum of %d levels. For more information, see Requirements and "
                    "constraints for parameter names in the AWS Systems Manager User Guide.",
                    DEPTH_LIMIT);
    return parameter_arn(request, name).len <= LENGTH_LIMIT ||
           fail(&request->failure, ERROR_VALIDATION,
                "Parameter name: the name and the ARN before it can have %d characters together.",
                LENGTH_LIMIT);
}

/* "arn:aws:ssm:REGION:ACCOUNT:parameter/music/year": its name is a path if it has more than one part. */
static void read_arn(struct request *request, struct named_parameter *out)
{
    struct slice own = parameter_arn(request, SLICE("/"));

    out->from_arn = true;
    out->foreign = !slice_starts_with(out->name, own);
    if (!out->foreign)
        out->name = slice_skip(out->name, own.len - 1);
}

struct named_parameter name_parse(struct request *request, struct slice text)
{
    struct named_parameter named = {.name = name_trim(text)};
    bool is_arn = slice_starts_with(named.name, SLICE("arn:"));
    const char *slash = is_arn ? memchr(named.name.ptr, '/', named.name.len) : NULL;
    size_t before = slash == NULL ? 0 : (size_t)(slash - named.name.ptr);
    struct slice rest = slice_skip(named.name, before);
    const char *colon = rest.len == 0 ? NULL : memchr(rest.ptr, ':', rest.len);

    if (is_arn && slash == NULL) {
        named.foreign = true;
        return named;
    }
    if (colon != NULL) {
        named.selector = slice_skip(rest, (size_t)(colon - rest.ptr) + 1);
        named.name.len = before + (size_t)(colon - rest.ptr);
    }
    if (is_arn)
        read_arn(request, &named);
    return named;
}

bool name_read(struct request *request, struct slice text, struct named_parameter *out)
{
    *out = name_parse(request, text);
    return out->foreign || name_check(request, out->name);
}

void name_write_list(struct buffer *out, bool *first, const char *member, const struct texts *names)
{
    json_write_name(out, first, member);
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < names->count; i++) {
        if (i > 0)
            buffer_append_byte(out, ',');
        json_write_string(out, names->items[i]);
    }
    buffer_append_byte(out, ']');
}
