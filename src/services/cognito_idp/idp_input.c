#include "services/cognito_idp/idp_input.h"

#include "base/json.h"
#include "services/accepts.h"
#include "services/gate.h"

bool idp_accepts(struct request *request, const struct shape *shape)
{
    if (accepts(request, shape))
        return gate_pass(request);
    if (request->failure.code == ERROR_VALIDATION)
        request->failure.code = ERROR_INVALID_PARAMETER;
    return false;
}

/* ---- patterns ---- */

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool consists_of(struct slice text, const char *others)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!is_letter_or_digit(text.ptr[i]) && (text.ptr[i] == '\0' || strchr(others, text.ptr[i]) == NULL))
            return false;
    }
    return text.len > 0;
}

/* [\w-]+_[0-9a-zA-Z]+ */
static bool is_pool_id(struct slice text)
{
    const char *last = text.len == 0 ? NULL : memrchr(text.ptr, '_', text.len);

    return last != NULL && last > text.ptr && consists_of(text, "_-") &&
           consists_of(slice_skip(text, (size_t)(last - text.ptr) + 1), "");
}

static bool is_client_id(struct slice text)
{
    return consists_of(text, "_+");
}

static bool is_hash(struct slice text)
{
    return consists_of(text, "_+=/");
}

static bool is_plain_name(struct slice text)
{
    return consists_of(text, "_ \t\r\n+=,.@-");
}

static bool is_token(struct slice text)
{
    return consists_of(text, "-_=.");
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool has_no_blank(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (is_blank(text.ptr[i]))
            return false;
    }
    return text.len > 0;
}

/* ^[\S]+.*[\S]+$ */
static bool is_password(struct slice text)
{
    return text.len > 0 && !is_blank(text.ptr[0]) && !is_blank(text.ptr[text.len - 1]) &&
           memchr(text.ptr, '\n', text.len) == NULL;
}

/* The blanks and the invisible characters of the Basic Multilingual Plane; `at` begins with 0xC2 to 0xEF. */
static bool is_invisible(const unsigned char *at, size_t left)
{
    if (left >= 2 && at[0] == 0xC2)
        return at[1] <= 0xA0 || at[1] == 0xAD;
    if (left < 3)
        return false;
    unsigned character = (unsigned)(at[0] & 0x0F) << 12 | (unsigned)(at[1] & 0x3F) << 6 | (at[2] & 0x3F);
    return (at[0] & 0xF0) == 0xE0 &&
           ((character >= 0x2000 && character <= 0x200F) || (character >= 0x2028 && character <= 0x202F) ||
            (character >= 0x205F && character <= 0x206F) || character == 0x1680 || character == 0x180E ||
            character == 0x3000 || (character >= 0xE000 && character <= 0xF8FF) || character == 0xFEFF ||
            character == 0xFFFE || character == 0xFFFF);
}

bool idp_is_visible(struct slice text)
{
    const unsigned char *at = (const unsigned char *)text.ptr;

    for (size_t i = 0; i < text.len; i++) {
        if (at[i] <= ' ' || at[i] == 0x7F || (at[i] >= 0xC2 && is_invisible(at + i, text.len - i)))
            return false;
    }
    return text.len > 0;
}

static bool is_attribute_name(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] < ' ' && strchr("\t\n\r", text.ptr[i]) == NULL)
            return false;
    }
    return text.len > 0;
}

/* arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE, up to two more parts. */
static bool is_arn(struct slice text)
{
    size_t colons = 0;

    for (size_t i = 0; i < text.len; i++)
        colons += text.ptr[i] == ':';
    return slice_starts_with(text, SLICE("arn:")) && colons >= 5 && colons <= 7 &&
           consists_of(text, "_+=/,.@-:");
}

#define VISIBLE_PATTERN "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+"

const struct shape idp_pool_id = {
    .kind = SHAPE_STRING, .min = 1, .max = 55, .matches = is_pool_id, .pattern = "[\\w-]+_[0-9a-zA-Z]+"};
const struct shape idp_pool_name = {
    .kind = SHAPE_STRING, .min = 1, .max = 128, .matches = is_plain_name, .pattern = "[\\w\\s+=,.@-]+"};
const struct shape idp_client_id = {.kind = SHAPE_STRING,
                                    .min = 1,
                                    .max = 128,
                                    .matches = is_client_id,
                                    .pattern = "[\\w+]+",
                                    .sensitive = true};
const struct shape idp_client_secret = {.kind = SHAPE_STRING,
                                        .min = 24,
                                        .max = 64,
                                        .matches = is_client_id,
                                        .pattern = "[\\w+]+",
                                        .sensitive = true};
const struct shape idp_secret_hash = {.kind = SHAPE_STRING,
                                      .min = 1,
                                      .max = 128,
                                      .matches = is_hash,
                                      .pattern = "[\\w+=/]+",
                                      .sensitive = true};
const struct shape idp_user_name = {.kind = SHAPE_STRING,
                                    .min = 1,
                                    .max = 128,
                                    .in_characters = true,
                                    .matches = idp_is_visible,
                                    .pattern = VISIBLE_PATTERN,
                                    .sensitive = true};
const struct shape idp_group_name = {.kind = SHAPE_STRING,
                                     .min = 1,
                                     .max = 128,
                                     .in_characters = true,
                                     .matches = idp_is_visible,
                                     .pattern = VISIBLE_PATTERN};
const struct shape idp_password = {.kind = SHAPE_STRING,
                                   .max = 256,
                                   .in_characters = true,
                                   .matches = is_password,
                                   .pattern = "^[\\S]+.*[\\S]+$",
                                   .sensitive = true};
const struct shape idp_code = {
    .kind = SHAPE_STRING, .min = 1, .max = 2048, .matches = has_no_blank, .pattern = "[\\S]+"};
const struct shape idp_token = {
    .kind = SHAPE_STRING, .matches = is_token, .pattern = "[A-Za-z0-9-_=.]+", .sensitive = true};
const struct shape idp_session = {.kind = SHAPE_STRING, .min = 20, .max = 2048, .sensitive = true};
const struct shape idp_attribute_name = {.kind = SHAPE_STRING,
                                         .min = 1,
                                         .max = 32,
                                         .in_characters = true,
                                         .matches = is_attribute_name,
                                         .pattern = "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\t\\n\\r ]+"};
static const struct shape attribute_value = {
    .kind = SHAPE_STRING, .max = 2048, .in_characters = true, .sensitive = true};
static const struct shape_entry attribute_members[] = {
    {"Name", &idp_attribute_name, true}, {"Value", &attribute_value, false}, {0}};
static const struct shape attribute = {.kind = SHAPE_STRUCTURE, .members = attribute_members};
const struct shape idp_attributes = {.kind = SHAPE_LIST, .element = &attribute};
const struct shape idp_attribute_names = {.kind = SHAPE_LIST, .element = &idp_attribute_name};
const struct shape idp_any_attributes = {.kind = SHAPE_LIST, .element = &attribute};
const struct shape idp_list_limit = {.kind = SHAPE_INTEGER, .not_negative = true, .max = 60};
const struct shape idp_page_token = {
    .kind = SHAPE_STRING, .min = 1, .max = 131072, .matches = has_no_blank, .pattern = "[\\S]+"};
const struct shape idp_arn = {.kind = SHAPE_STRING,
                              .min = 20,
                              .max = 2048,
                              .matches = is_arn,
                              .pattern = "arn:[\\w+=/,.@-]+:[\\w+=/,.@-]+:([\\w+=/,.@-]*)?:[0-9]+:"
                                         "[\\w+=/,.@-]+(:[\\w+=/,.@-]+)?(:[\\w+=/,.@-]+)?"};
static const struct shape tag_key = {.kind = SHAPE_STRING, .min = 1, .max = 128, .in_characters = true};
static const struct shape tag_value = {.kind = SHAPE_STRING, .max = 256, .in_characters = true};
const struct shape idp_tags = {.kind = SHAPE_MAP, .element = &tag_value, .names = &tag_key};
const struct shape idp_tag_keys = {.kind = SHAPE_LIST, .element = &tag_key};
static const struct shape_entry nothing[] = {{0}};
const struct shape idp_anything = {.kind = SHAPE_STRUCTURE, .members = nothing};

static const struct shape_entry pool_members[] = {{"UserPoolId", &idp_pool_id, true}, {0}};
const struct shape idp_pool_input = {.kind = SHAPE_STRUCTURE, .members = pool_members};
static const struct shape_entry pool_user_members[] = {
    {"UserPoolId", &idp_pool_id, true}, {"Username", &idp_user_name, true}, IDP_CLIENT_METADATA, {0}};
const struct shape idp_pool_user_input = {.kind = SHAPE_STRUCTURE, .members = pool_user_members};
static const struct shape_entry token_members[] = {{"AccessToken", &idp_token, true}, {0}};
const struct shape idp_access_token_input = {.kind = SHAPE_STRUCTURE, .members = token_members};

/* ---- texts ---- */

struct slice idp_fold(struct arena *arena, struct slice text)
{
    struct slice copy = arena_copy(arena, text);
    char *bytes = (char *)(uintptr_t)copy.ptr;

    for (size_t i = 0; i < copy.len; i++) {
        if (bytes[i] >= 'A' && bytes[i] <= 'Z')
            bytes[i] = (char)(bytes[i] - 'A' + 'a');
    }
    return copy;
}

/* One '@' with something before it, and a domain of two labels at least behind it. */
bool idp_is_email(struct slice text)
{
    const char *at = text.len == 0 ? NULL : memchr(text.ptr, '@', text.len);

    if (at == NULL || at == text.ptr || !idp_is_visible(text))
        return false;
    struct slice domain = slice_skip(text, (size_t)(at - text.ptr) + 1);
    for (size_t i = 0; i < domain.len; i++) {
        if (domain.ptr[i] == '@' || (domain.ptr[i] == '.' && (i == 0 || domain.ptr[i - 1] == '.')))
            return false;
    }
    return domain.len > 2 && domain.ptr[domain.len - 1] != '.' && memchr(domain.ptr, '.', domain.len) != NULL;
}

bool idp_is_phone_number(struct slice text)
{
    enum { DIGITS_MOST = 15 };

    if (text.len < 2 || text.len > 1 + DIGITS_MOST || text.ptr[0] != '+')
        return false;
    for (size_t i = 1; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    }
    return true;
}

size_t idp_count(const struct json *list)
{
    return list == NULL || list->type != JSON_ARRAY ? 0 : list->array.count;
}

bool idp_lists(const struct json *list, const char *word)
{
    for (size_t i = 0; i < idp_count(list); i++) {
        if (list->array.items[i].type == JSON_STRING && slice_is(list->array.items[i].text, word))
            return true;
    }
    return false;
}
