#include "services/sts/input.h"

#include <strings.h>

#include "base/characters.h"
#include "directory/directory.h"
#include "iam/policy.h"
#include "services/storage_failure.h"

/* ---- shapes ---- */

static bool has_words_and(struct slice text, const char *others)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!is_word_character(c) && (c == '\0' || strchr(others, c) == NULL))
            return false;
    }
    return true;
}

static bool is_name(struct slice text)
{
    return has_words_and(text, "+=,.@-");
}

static bool is_serial_number(struct slice text)
{
    return has_words_and(text, "+=/:,.@-");
}

static bool is_digits(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    }
    return true;
}

/* Which characters beyond ASCII are letters, numbers or separators is not asked. */
static bool is_tag_text(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!is_word_character(c) && ((unsigned char)c & 0x80) == 0 &&
            (c == '\0' || strchr(" .:/=+-@", c) == NULL))
            return false;
    }
    return true;
}

/* Characters from U+0020 to U+00FF, tabulators and ends of lines. */
static bool is_policy_text(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c > 0xC3 || (c < 0x20 && c != '\t' && c != '\n' && c != '\r'))
            return false;
    }
    return text.len > 0;
}

#define NAME_PATTERN "[\\w+=,.@-]*"

const struct shape sts_arn = {.kind = SHAPE_STRING, .min = 20, .max = 2048, .in_characters = true};
const struct shape sts_session_name = {
    .kind = SHAPE_STRING, .min = 2, .max = 64, .matches = is_name, .pattern = NAME_PATTERN};
const struct shape sts_source_identity = {
    .kind = SHAPE_STRING, .min = 2, .max = 64, .matches = is_name, .pattern = NAME_PATTERN};
const struct shape sts_user_name = {
    .kind = SHAPE_STRING, .min = 2, .max = 32, .matches = is_name, .pattern = NAME_PATTERN};
const struct shape sts_policy = {.kind = SHAPE_STRING,
                                 .min = 1,
                                 .in_characters = true,
                                 .matches = is_policy_text,
                                 .pattern = "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+"};
const struct shape sts_role_duration = {.kind = SHAPE_INTEGER, .min = 900, .max = 43200};
const struct shape sts_duration = {.kind = SHAPE_INTEGER, .min = 900, .max = 129600};
const struct shape sts_token_size = {.kind = SHAPE_INTEGER, .not_negative = true, .max = 4096};
const struct shape sts_serial_number = {
    .kind = SHAPE_STRING, .min = 9, .max = 256, .matches = is_serial_number, .pattern = "[\\w+=/:,.@-]*"};
const struct shape sts_token_code = {
    .kind = SHAPE_STRING, .min = 6, .max = 6, .matches = is_digits, .pattern = "[\\d]*"};

static const struct shape_entry policy_arn_members[] = {{"arn", &sts_arn, false}, {0}};
static const struct shape policy_arn = {.kind = SHAPE_STRUCTURE, .members = policy_arn_members};
const struct shape sts_policy_arns = {.kind = SHAPE_LIST, .element = &policy_arn};

static const struct shape tag_key = {.kind = SHAPE_STRING,
                                     .min = 1,
                                     .max = 128,
                                     .in_characters = true,
                                     .matches = is_tag_text,
                                     .pattern = "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+"};
static const struct shape tag_value = {.kind = SHAPE_STRING,
                                       .max = 256,
                                       .in_characters = true,
                                       .matches = is_tag_text,
                                       .pattern = "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*"};
static const struct shape_entry tag_members[] = {{"Key", &tag_key, true}, {"Value", &tag_value, true}, {0}};
static const struct shape tag = {.kind = SHAPE_STRUCTURE, .members = tag_members};
const struct shape sts_tags = {.kind = SHAPE_LIST, .max = 50, .element = &tag};
const struct shape sts_tag_keys = {.kind = SHAPE_LIST, .max = 50, .element = &tag_key};

/* ---- policies ---- */

static bool check_policy(struct request *request, struct slice text)
{
    struct policy_problem problem;
    struct policy *policy = policy_create(POLICY_SESSION, text, request->arena, &problem);

    policy_destroy(policy);
    return policy != NULL ||
           fail(&request->failure, ERROR_MALFORMED_POLICY_DOCUMENT, "%.*s", SLICE_ARGS(problem.sentence));
}

static bool check_managed(struct request *request, struct slice arn)
{
    struct slice document;
    enum storage_status status =
        directory_policy_document(request->server->directory, arn, request->arena, &document);

    if (status == STORAGE_NOT_FOUND)
        return fail(&request->failure, ERROR_MALFORMED_POLICY_DOCUMENT,
                    "Policy %.*s does not exist or is not attachable.", SLICE_ARGS(arn));
    return status == STORAGE_OK || storage_failure(&request->failure, status);
}

static bool check_size(struct request *request, const struct session *session)
{
    size_t size = utf8_length(session->policy);

    for (size_t i = 0; i < session->policy_arns.count; i++)
        size += utf8_length(session->policy_arns.items[i]);
    return size <= SESSION_POLICY_LIMIT ||
           fail(&request->failure, ERROR_PACKED_POLICY_TOO_LARGE,
                "Packed policy consumes %zu%% of allotted space, please use smaller policy.",
                (size * 100 + SESSION_POLICY_LIMIT - 1) / SESSION_POLICY_LIMIT);
}

static bool read_arns(struct request *request, struct session *session)
{
    const struct json *list = shape_member(request->body, "PolicyArns");

    if (list != NULL && list->array.count > SESSION_POLICY_ARNS)
        return fail(&request->failure, ERROR_VALIDATION,
                    "A session can have no more than %d managed policies", SESSION_POLICY_ARNS);
    for (size_t i = 0; list != NULL && i < list->array.count; i++) {
        struct slice arn = shape_text(&list->array.items[i], "arn");
        if (arn.ptr != NULL)
            texts_add(request->arena, &session->policy_arns, arn);
    }
    return true;
}

bool input_read_policies(struct request *request, struct session *session)
{
    struct slice policy = shape_text(request->body, "Policy");

    if (policy.ptr != NULL)
        session->policy = policy;
    if (!read_arns(request, session) || !check_size(request, session) ||
        (policy.ptr != NULL && !check_policy(request, policy)))
        return false;
    for (size_t i = 0; i < session->policy_arns.count; i++) {
        if (!check_managed(request, session->policy_arns.items[i]))
            return false;
    }
    return true;
}

/* ---- tags ---- */

bool input_same_key(struct slice a, struct slice b)
{
    return a.len == b.len && strncasecmp(a.ptr, b.ptr, a.len) == 0;
}

static struct session_tag *find_tag(const struct session_tags *tags, size_t count, struct slice key)
{
    for (size_t i = 0; i < count; i++) {
        if (input_same_key(tags->items[i].key, key))
            return &tags->items[i];
    }
    return NULL;
}

static bool check_tag(struct request *request, const struct session_tags *tags, size_t place)
{
    struct slice key = tags->items[place].key;

    if (key.len >= 4 && strncasecmp(key.ptr, "aws:", 4) == 0)
        return fail(&request->failure, ERROR_VALIDATION, "Tag keys that begin with aws: are reserved: %.*s",
                    SLICE_ARGS(key));
    return find_tag(tags, place, key) == NULL ||
           fail(&request->failure, ERROR_VALIDATION,
                "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
}

static bool read_transitive(struct request *request, struct session_tags *tags)
{
    const struct json *keys = shape_member(request->body, "TransitiveTagKeys");

    for (size_t i = 0; keys != NULL && i < keys->array.count; i++) {
        struct session_tag *found = find_tag(tags, tags->count, keys->array.items[i].text);
        if (found == NULL)
            return fail(&request->failure, ERROR_INVALID_PARAMETER_VALUE,
                        "The specified transitive tag key must be included in the requested tags.");
        found->transitive = true;
    }
    return true;
}

bool input_read_tags(struct request *request, struct session_tags *out)
{
    const struct json *list = shape_member(request->body, "Tags");

    *out = (struct session_tags){NULL, list == NULL ? 0 : list->array.count};
    out->items = arena_array(request->arena, struct session_tag, out->count);
    for (size_t i = 0; i < out->count; i++) {
        out->items[i].key = shape_text(&list->array.items[i], "Key");
        out->items[i].value = shape_text(&list->array.items[i], "Value");
        if (!check_tag(request, out, i))
            return false;
    }
    return read_transitive(request, out);
}
