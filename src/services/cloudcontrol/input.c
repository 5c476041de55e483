#include "services/cloudcontrol/input.h"

#include "base/characters.h"

/* Letters and digits alone, and these. */
static bool has_only(struct slice text, const char *others)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!is_letter(c) && !is_digit(c) && (c == '\0' || strchr(others, c) == NULL))
            return false;
    }
    return true;
}

/* Three parts of letters and digits, divided by two colons each. */
static bool is_type_name(struct slice text)
{
    size_t parts = 0;

    while (parts < 3) {
        size_t length = 0;
        while (length < text.len && (is_letter(text.ptr[length]) || is_digit(text.ptr[length])))
            length++;
        text = slice_skip(text, length);
        if (length < 2 || length > 64)
            return false;
        if (++parts < 3 && !slice_starts_with(text, SLICE("::")))
            return false;
        if (parts < 3)
            text = slice_skip(text, 2);
    }
    return text.len == 0;
}

static bool is_version(struct slice text)
{
    return has_only(text, "-");
}

static bool is_token(struct slice text)
{
    return has_only(text, "-+/=");
}

/* "arn:.+:iam::[0-9]{12}:role/.+" */
static bool is_role(struct slice text)
{
    const struct slice middle = SLICE(":iam::"), end = SLICE(":role/");
    const char *at = memmem(text.ptr, text.len, middle.ptr, middle.len);

    if (!slice_starts_with(text, SLICE("arn:")) || at == NULL || at < text.ptr + 5)
        return false;
    struct slice rest = slice_skip(text, (size_t)(at - text.ptr) + middle.len);
    for (size_t i = 0; i < 12; i++) {
        if (i >= rest.len || !is_digit(rest.ptr[i]))
            return false;
    }
    rest = slice_skip(rest, 12);
    return slice_starts_with(rest, end) && rest.len > end.len;
}

/* One line. Keys in the storage have identifiers behind a zero. */
static bool is_line(struct slice text)
{
    return memchr(text.ptr, '\n', text.len) == NULL && memchr(text.ptr, '\r', text.len) == NULL &&
           memchr(text.ptr, '\0', text.len) == NULL;
}

const char *const control_operations[] = {"CREATE", "DELETE", "UPDATE", NULL};
const char *const control_statuses[] = {
    "PENDING", "IN_PROGRESS", "SUCCESS", "FAILED", "CANCEL_IN_PROGRESS", "CANCEL_COMPLETE", NULL};

const struct shape control_type_name = {.kind = SHAPE_STRING,
                                        .min = 10,
                                        .max = 196,
                                        .matches = is_type_name,
                                        .pattern = "[A-Za-z0-9]{2,64}::[A-Za-z0-9]{2,64}::[A-Za-z0-9]{2,64}"};
const struct shape control_type_version = {
    .kind = SHAPE_STRING, .min = 1, .max = 128, .matches = is_version, .pattern = "[A-Za-z0-9-]+"};
const struct shape control_role = {.kind = SHAPE_STRING,
                                   .min = 20,
                                   .max = 2048,
                                   .matches = is_role,
                                   .pattern = "arn:.+:iam::[0-9]{12}:role/.+"};
const struct shape control_token = {
    .kind = SHAPE_STRING, .min = 1, .max = 128, .matches = is_token, .pattern = "[-A-Za-z0-9+/=]+"};
const struct shape control_identifier = {
    .kind = SHAPE_STRING, .min = 1, .max = 1024, .matches = is_line, .pattern = ".+"};
const struct shape control_properties = {.kind = SHAPE_STRING, .min = 1, .max = 262144, .sensitive = true};
const struct shape control_page_size = {.kind = SHAPE_INTEGER, .min = 1, .max = 100};
const struct shape control_page_token = {
    .kind = SHAPE_STRING, .min = 1, .max = 2048, .matches = is_token, .pattern = "[-A-Za-z0-9+/=]+"};
const struct shape control_handler_page_token = {
    .kind = SHAPE_STRING, .min = 1, .max = 4096, .matches = is_line, .pattern = ".+"};
