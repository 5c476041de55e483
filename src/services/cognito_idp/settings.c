#include "services/cognito_idp/settings.h"

void settings_copy(struct buffer *out, bool *first, const struct json *object, const char *const *names)
{
    for (; *names != NULL; names++) {
        const struct json *member = json_get_present(object, *names);
        if (member == NULL)
            continue;
        json_write_name(out, first, *names);
        json_write_value(out, member);
    }
}

void settings_default(struct buffer *out, bool *first, const struct json *object, const char *name,
                      const char *text)
{
    if (json_get_present(object, name) != NULL)
        return;
    json_write_name(out, first, name);
    buffer_append_string(out, text);
}
