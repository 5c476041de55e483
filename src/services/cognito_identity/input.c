#include "base/characters.h"
#include "services/cognito_identity/input.h"

static bool is_one_of(char c, const char *others)
{
    return c != '\0' && strchr(others, c) != NULL;
}

/* Letters, digits and these others alone. */
static bool has_only(struct slice text, const char *others)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!is_letter(text.ptr[i]) && !is_digit(text.ptr[i]) && !is_one_of(text.ptr[i], others))
            return false;
    }
    return true;
}

/* A region, a colon, and a UUID. */
static bool is_id(struct slice text)
{
    const char *colon = text.len == 0 ? NULL : memchr(text.ptr, ':', text.len);
    size_t region = colon == NULL ? 0 : (size_t)(colon - text.ptr);

    if (region == 0 || !has_only((struct slice){text.ptr, region}, "_-"))
        return false;
    struct slice rest = slice_skip(text, region + 1);
    for (size_t i = 0; i < rest.len; i++) {
        char c = rest.ptr[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-'))
            return false;
    }
    return rest.len > 0;
}

static bool is_pool_name(struct slice text)
{
    return has_only(text, " _+=,.@-");
}

static bool is_provider_name(struct slice text)
{
    return has_only(text, "._:/-");
}

/* Keys in the storage have their names between zeros. */
static bool has_no_zero(struct slice text)
{
    return text.len == 0 || memchr(text.ptr, '\0', text.len) == NULL;
}

const struct shape identity_pool_id = {
    .kind = SHAPE_STRING, .min = 1, .max = 55, .matches = is_id, .pattern = "[\\w-]+:[0-9a-f-]+"};
const struct shape identity_id = {
    .kind = SHAPE_STRING, .min = 1, .max = 55, .matches = is_id, .pattern = "[\\w-]+:[0-9a-f-]+"};
const struct shape identity_pool_name = {
    .kind = SHAPE_STRING, .min = 1, .max = 128, .matches = is_pool_name, .pattern = "[\\w\\s+=,.@-]+"};
const struct shape identity_provider_name = {
    .kind = SHAPE_STRING, .min = 1, .max = 128, .matches = is_provider_name, .pattern = "[\\w._:/-]+"};
const struct shape identity_role_arn = {.kind = SHAPE_STRING, .min = 20, .max = 2048};
const struct shape identity_pool_arn = {.kind = SHAPE_STRING, .min = 20, .max = 2048};
const struct shape identity_page_size = {.kind = SHAPE_INTEGER, .min = 1, .max = 60};
const struct shape identity_page_token = {.kind = SHAPE_STRING, .min = 1, .max = 65535};

static const struct shape token = {
    .kind = SHAPE_STRING, .min = 1, .max = 50000, .matches = has_no_zero, .pattern = "[\\S]+"};
static const struct shape login_name = {.kind = SHAPE_STRING, .min = 1, .max = 128};
const struct shape identity_logins = {
    .kind = SHAPE_MAP, .element = &token, .names = &login_name, .max = 10, .java = "java.lang.String"};

static const struct shape tag_key = {.kind = SHAPE_STRING, .min = 1, .max = 128, .in_characters = true};
static const struct shape tag_value = {.kind = SHAPE_STRING, .max = 256, .in_characters = true};
const struct shape identity_tags = {
    .kind = SHAPE_MAP, .element = &tag_value, .names = &tag_key, .java = "java.lang.String"};
const struct shape identity_tag_keys = {.kind = SHAPE_LIST, .element = &tag_key};
