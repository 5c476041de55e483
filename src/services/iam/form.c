#include "services/iam/form.h"

#include <strings.h>

enum { TAGS_LIMIT = 50 };

/* ---- shapes ---- */

/* "[\p{L}\p{Z}\p{N}_.:/=+\-@]": which characters beyond ASCII are letters is not asked. */
static bool has_tag_characters(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80;
        if (!letter && (c == '\0' || strchr(" _.:/=+-@", c) == NULL))
            return false;
    }
    return true;
}

/* Latin-1 without its control characters: of what UTF-8 begins with C2, the code points below U+00A1. */
static bool is_latin(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if ((c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7F || c > 0xC3)
            return false;
        if (c == 0xC2 && i + 1 < text.len && (unsigned char)text.ptr[i + 1] < 0xA1)
            return false;
    }
    return true;
}

/* Slashes, and names between them: "/", "/a/b/". */
static bool is_policy_path(struct slice text)
{
    if (text.len == 0 || text.ptr[0] != '/' || text.ptr[text.len - 1] != '/')
        return false;
    for (size_t i = 1; i < text.len; i++) {
        char c = text.ptr[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!word && (c == '\0' || strchr(".,+@=_-/", c) == NULL))
            return false;
        if (c == '/' && text.ptr[i - 1] == '/')
            return false;
    }
    return true;
}

static bool is_version_id(struct slice text)
{
    if (text.len < 2 || text.ptr[0] != 'v' || text.ptr[1] < '1' || text.ptr[1] > '9')
        return false;
    for (size_t i = 2; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    }
    return true;
}

static bool is_key_id(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return true;
}

const struct shape form_user_name = {.kind = SHAPE_STRING, .min = 1, .max = 64, .in_characters = true};
const struct shape form_existing_user_name = {
    .kind = SHAPE_STRING, .min = 1, .max = 128, .in_characters = true};
const struct shape form_role_name = {.kind = SHAPE_STRING, .min = 1, .max = 64, .in_characters = true};
const struct shape form_name = {.kind = SHAPE_STRING, .min = 1, .max = 128, .in_characters = true};
const struct shape form_path = {.kind = SHAPE_STRING, .min = 1, .max = PATH_LIMIT, .in_characters = true};
const struct shape form_policy_path = {.kind = SHAPE_STRING,
                                       .min = 1,
                                       .max = PATH_LIMIT,
                                       .in_characters = true,
                                       .matches = is_policy_path,
                                       .pattern = "((/[A-Za-z0-9\\.,\\+@=_-]+)*)/"};
const struct shape form_arn = {.kind = SHAPE_STRING, .min = 20, .max = 2048, .in_characters = true};
const struct shape form_document = {.kind = SHAPE_STRING, .min = 1, .max = 131072, .in_characters = true};
const struct shape form_description = {.kind = SHAPE_STRING, .max = 1000, .in_characters = true};
const struct shape form_role_description = {.kind = SHAPE_STRING,
                                            .max = 1000,
                                            .in_characters = true,
                                            .matches = is_latin,
                                            .pattern =
                                                "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*"};
const struct shape form_key_id = {.kind = SHAPE_STRING,
                                  .min = 16,
                                  .max = KEY_ID_LIMIT,
                                  .in_characters = true,
                                  .matches = is_key_id,
                                  .pattern = "[\\w]+"};
static const char *const key_statuses[] = {"Active", "Inactive", "Expired", NULL};
const struct shape form_key_status = {.kind = SHAPE_STRING, .words = key_statuses};
const struct shape form_version_id = {
    .kind = SHAPE_STRING, .matches = is_version_id, .pattern = "v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?"};
const struct shape form_session_duration = {.kind = SHAPE_INTEGER, .min = 3600, .max = 43200};
const struct shape form_marker = {.kind = SHAPE_STRING, .min = 1, .max = 320, .in_characters = true};
const struct shape form_max_items = {.kind = SHAPE_INTEGER, .min = 1, .max = 1000};

static const struct shape tag_key = {.kind = SHAPE_STRING,
                                     .min = 1,
                                     .max = 128,
                                     .in_characters = true,
                                     .matches = has_tag_characters,
                                     .pattern = "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+"};
static const struct shape tag_value = {.kind = SHAPE_STRING,
                                       .max = 256,
                                       .in_characters = true,
                                       .matches = has_tag_characters,
                                       .pattern = "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*"};
static const struct shape_entry tag_members[] = {{"Key", &tag_key, true}, {"Value", &tag_value, true}, {0}};
static const struct shape tag = {.kind = SHAPE_STRUCTURE, .members = tag_members};
const struct shape form_tags = {.kind = SHAPE_LIST, .max = TAGS_LIMIT, .element = &tag};
const struct shape form_tag_keys = {.kind = SHAPE_LIST, .max = TAGS_LIMIT, .element = &tag_key};

/* ---- characters ---- */

static bool is_name(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!word && (c == '\0' || strchr("_+=,.@-", c) == NULL))
            return false;
    }
    return true;
}

/* "/", or visible characters between two slashes. */
static bool is_path(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '!' || text.ptr[i] > '~')
            return false;
    }
    return text.len > 0 && text.ptr[0] == '/' && text.ptr[text.len - 1] == '/' && text.len != 2;
}

static bool is_path_prefix(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '!' || text.ptr[i] > '~')
            return false;
    }
    return text.len > 0 && text.ptr[0] == '/';
}

/* Tabulator, line ends, and what is printable up to U+00FF, which UTF-8 begins with C2 or C3. */
static bool is_document(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if ((c < ' ' && c != '\t' && c != '\n' && c != '\r') || c > 0xC3)
            return false;
    }
    return true;
}

static const struct shape listed_document = {.kind = SHAPE_STRING,
                                             .min = 1,
                                             .max = 131072,
                                             .in_characters = true,
                                             .matches = is_document,
                                             .pattern = "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+"};
const struct shape form_documents = {.kind = SHAPE_LIST, .element = &listed_document};

static const struct rule {
    const char *member;
    bool (*holds)(struct slice text);
    const char *place; /* as the message has it */
    const char *says;
} rules[] = {
#define NAME_RULE "It must contain only alphanumeric characters and/or the following: +=,.@_-"
#define PATH_RULE "It must begin and end with / and contain only alphanumeric characters and/or / characters."
#define TEXT_RULE "It must contain only printable ASCII characters."
    {"UserName", is_name, "userName", NAME_RULE},
    {"NewUserName", is_name, "newUserName", NAME_RULE},
    {"GroupName", is_name, "groupName", NAME_RULE},
    {"NewGroupName", is_name, "newGroupName", NAME_RULE},
    {"RoleName", is_name, "roleName", NAME_RULE},
    {"PolicyName", is_name, "policyName", NAME_RULE},
    {"InstanceProfileName", is_name, "instanceProfileName", NAME_RULE},
    {"Path", is_path, "path", PATH_RULE},
    {"NewPath", is_path, "newPath", PATH_RULE},
    {"PathPrefix", is_path_prefix, "pathPrefix",
     "It must begin with / and contain only alphanumeric characters and/or / characters."},
    {"PolicyDocument", is_document, "policyDocument", TEXT_RULE},
    {"AssumeRolePolicyDocument", is_document, "assumeRolePolicyDocument", TEXT_RULE},
#undef NAME_RULE
#undef PATH_RULE
#undef TEXT_RULE
};

bool form_accepts(struct request *request, const struct shape *shape)
{
    if (!query_input_accepts(request, shape))
        return false;
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        struct slice text = form_text(request, rules[i].member);
        if (text.ptr != NULL && !rules[i].holds(text))
            return fail(&request->failure, ERROR_VALIDATION, "The specified value for %s is invalid. %s",
                        rules[i].place, rules[i].says);
    }
    return true;
}

struct slice form_text(const struct request *request, const char *member)
{
    const struct json *value = shape_member(request->body, member);

    return value == NULL || value->type != JSON_STRING ? (struct slice){NULL, 0} : value->text;
}

struct slice form_path_of(const struct request *request)
{
    struct slice path = form_text(request, "Path");

    return path.ptr == NULL ? SLICE("/") : path;
}

/* ---- tags ---- */

static bool check_tag(struct request *request, const struct entity_tags *tags, struct slice key)
{
    if (!request->within && key.len >= 4 && strncasecmp(key.ptr, "aws:", 4) == 0)
        return fail(&request->failure, ERROR_INVALID_INPUT,
                    "Tag keys that begin with aws: are reserved for system use: %.*s", SLICE_ARGS(key));
    for (size_t i = 0; i < tags->count; i++) {
        if (tags->items[i].key.len == key.len && strncasecmp(tags->items[i].key.ptr, key.ptr, key.len) == 0)
            return fail(&request->failure, ERROR_INVALID_INPUT,
                        "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
    }
    return true;
}

bool form_read_tags(struct request *request, struct entity_tags *out)
{
    const struct json *list = shape_member(request->body, "Tags");
    size_t count = list == NULL ? 0 : list->array.count;

    *out = (struct entity_tags){arena_array(request->arena, struct entity_tag, count), 0};
    for (size_t i = 0; i < count; i++) {
        struct slice key = shape_text(&list->array.items[i], "Key");
        if (!check_tag(request, out, key))
            return false;
        out->items[out->count++] = (struct entity_tag){key, shape_text(&list->array.items[i], "Value")};
    }
    return true;
}
