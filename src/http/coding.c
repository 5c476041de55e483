#include "http/coding.h"

#include <string.h>
#include <strings.h>

#include "http/server.h"

static struct slice trim(struct slice text)
{
    while (text.len > 0 && (text.ptr[0] == ' ' || text.ptr[0] == '\t'))
        text = slice_skip(text, 1);
    while (text.len > 0 && (text.ptr[text.len - 1] == ' ' || text.ptr[text.len - 1] == '\t'))
        text.len--;
    return text;
}

/* Cuts the part before the next `separator` off *rest. */
static struct slice cut(struct slice *rest, char separator)
{
    const char *end = memchr(rest->ptr, separator, rest->len);
    struct slice part = {rest->ptr, end == NULL ? rest->len : (size_t)(end - rest->ptr)};

    *rest = slice_skip(*rest, end == NULL ? rest->len : part.len + 1);
    return trim(part);
}

/* "q=0", "q=0.", "q=0.000": not at any price. */
static bool is_weight_zero(struct slice parameter)
{
    if (parameter.len < 3 || (parameter.ptr[0] != 'q' && parameter.ptr[0] != 'Q') || parameter.ptr[1] != '=')
        return false;
    for (size_t i = 2; i < parameter.len; i++) {
        if (parameter.ptr[i] != '0' && parameter.ptr[i] != '.')
            return false;
    }
    return true;
}

static bool is_name(struct slice text, const char *name)
{
    return text.len == strlen(name) && strncasecmp(text.ptr, name, text.len) == 0;
}

/* "x-gzip" is an old name of gzip (RFC 9110, 8.4.1.3). */
static bool names_coding(struct slice name, const char *coding)
{
    return is_name(name, coding) || (strcmp(coding, "gzip") == 0 && is_name(name, "x-gzip"));
}

bool http_takes_coding(const struct http_request *request, const char *coding)
{
    const struct slice *header = http_header(request, "accept-encoding");
    bool any = false;

    if (header == NULL)
        return false;
    for (struct slice rest = *header; rest.len > 0;) {
        struct slice choice = cut(&rest, ',');
        if (choice.len == 0)
            continue;
        struct slice name = cut(&choice, ';');
        bool taken = !is_weight_zero(trim(choice));
        if (names_coding(name, coding))
            return taken;
        if (is_name(name, "*"))
            any = taken;
    }
    return any;
}
