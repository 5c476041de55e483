#include "services/s3/call.h"

#include <stdarg.h>
#include <time.h>

#include "base/check.h"
#include "base/digits.h"
#include "services/permissions.h"

/* ---- input ---- */

struct slice s3_text(const struct request *request, const char *member)
{
    const struct json *found = json_get_present(request->body, member);

    return found != NULL && found->type == JSON_STRING ? found->text : (struct slice){NULL, 0};
}

struct slice s3_text_or_empty(const struct request *request, const char *member)
{
    struct slice text = s3_text(request, member);

    return text.ptr == NULL ? SLICE("") : text;
}

bool s3_sent(const struct request *request, const char *member)
{
    return json_get_present(request->body, member) != NULL;
}

bool s3_number(struct request *request, const char *member, const char *wire, int64_t most, int64_t fallback,
               int64_t *out)
{
    struct slice text = s3_text(request, member);
    uint64_t number = 0;

    *out = fallback;
    if (!s3_sent(request, member) || (text.ptr != NULL && text.len == 0))
        return true;
    if (!digits_parse(text, 10, INT32_MAX, &number)) {
        (void)s3_fail(request, ERROR_S3_INVALID_ARGUMENT, "ArgumentName", slice_of(wire),
                      "Provided %s not an integer or within integer range", wire);
        s3_fail_more(request, "ArgumentValue", text);
        return false;
    }
    *out = (int64_t)number < most ? (int64_t)number : most;
    return true;
}

bool s3_read_encoding(struct request *request, bool *encoded)
{
    struct slice type = s3_text_or_empty(request, "EncodingType");

    *encoded = slice_is(type, "url");
    if (type.len == 0 || *encoded)
        return true;
    (void)s3_fail(request, ERROR_S3_INVALID_ARGUMENT, "ArgumentName", SLICE("encoding-type"),
                  "Invalid Encoding Method specified in Request");
    s3_fail_more(request, "ArgumentValue", type);
    return false;
}

struct slice s3_utf8(struct arena *arena, struct slice text)
{
    struct buffer out;

    if (json_text_valid(text))
        return text;
    buffer_init(&out);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c >= 0x80)
            buffer_append_byte(&out, (char)(0xC0 | (c >> 6)));
        buffer_append_byte(&out, (char)(c >= 0x80 ? 0x80 | (c & 0x3F) : c));
    }
    struct slice kept = arena_copy(arena, buffer_slice(&out));
    buffer_finish(&out);
    return kept;
}

/* ---- output ---- */

struct s3_output s3_begin(struct request *request)
{
    buffer_append_byte(request->out, '{');
    return (struct s3_output){request->out, true};
}

void s3_end(struct s3_output *output)
{
    buffer_append_byte(output->out, '}');
}

void s3_tell(struct s3_output *output, const char *member, struct slice text)
{
    json_write_string_member(output->out, &output->first, member, text);
}

void s3_tell_some(struct s3_output *output, const char *member, struct slice text)
{
    if (text.len > 0)
        s3_tell(output, member, text);
}

void s3_tell_number(struct s3_output *output, const char *member, int64_t number)
{
    json_write_int64_member(output->out, &output->first, member, number);
}

void s3_tell_boolean(struct s3_output *output, const char *member, bool value)
{
    json_write_name(output->out, &output->first, member);
    buffer_append_string(output->out, value ? "true" : "false");
}

static void tell_formatted(struct s3_output *output, const char *member, int64_t milliseconds,
                           const char *format)
{
    time_t time = (time_t)(milliseconds / 1000);
    struct tm parts;
    char text[64];

    CHECK(gmtime_r(&time, &parts) != NULL);
    size_t length = strftime(text, sizeof(text), format, &parts);
    s3_tell(output, member, (struct slice){text, length});
}

/* Whole seconds, as S3's own times are. */
void s3_tell_time(struct s3_output *output, const char *member, int64_t milliseconds)
{
    tell_formatted(output, member, milliseconds, "%Y-%m-%dT%H:%M:%S.000Z");
}

void s3_tell_http_time(struct s3_output *output, const char *member, int64_t milliseconds)
{
    tell_formatted(output, member, milliseconds, "%a, %d %b %Y %H:%M:%S GMT");
}

void s3_tell_etag(struct s3_output *output, struct slice etag)
{
    json_write_name(output->out, &output->first, "ETag");
    buffer_printf(output->out, "\"\\\"%.*s\\\"\"", SLICE_ARGS(etag));
}

struct s3_output s3_open(struct s3_output *output, const char *member)
{
    if (member != NULL)
        json_write_name(output->out, &output->first, member);
    else if (!output->first)
        buffer_append_byte(output->out, ',');
    output->first = false;
    buffer_append_byte(output->out, '{');
    return (struct s3_output){output->out, true};
}

struct s3_output s3_open_list(struct s3_output *output, const char *member)
{
    json_write_name(output->out, &output->first, member);
    buffer_append_byte(output->out, '[');
    return (struct s3_output){output->out, true};
}

void s3_close_list(struct s3_output *list)
{
    buffer_append_byte(list->out, ']');
}

/* ---- failures ---- */

void s3_fail_more(struct request *request, const char *element, struct slice value)
{
    struct failure *failure = &request->failure;
    struct buffer members;
    bool first = failure->members.len == 0;

    buffer_init(&members);
    buffer_append(&members, failure->members);
    if (first)
        buffer_append_byte(&members, ',');
    json_write_string_member(&members, &first, element, s3_utf8(failure->arena, value));
    failure->members = arena_copy(failure->arena, buffer_slice(&members));
    buffer_finish(&members);
}

bool s3_fail(struct request *request, enum error_code code, const char *element, struct slice value,
             const char *format, ...)
{
    va_list arguments;

    if (request->failure.code != ERROR_NONE)
        return false;
    va_start(arguments, format);
    struct slice message = arena_vprintf(request->failure.arena, format, arguments);
    va_end(arguments);
    (void)fail(&request->failure, code, "%.*s", SLICE_ARGS(message));
    s3_fail_more(request, element, value);
    return false;
}

bool s3_fail_storage(struct request *request, enum storage_status status)
{
    const char *why =
        status == STORAGE_CORRUPT ? "The data that this request needs is damaged on disk"
        : status == STORAGE_FULL
            ? "The disk of this server is full: no write is accepted until it is restarted with "
              "free space"
            : "The disk of this server failed";

    return fail(&request->failure, ERROR_S3_INTERNAL_ERROR, "%s", why);
}
