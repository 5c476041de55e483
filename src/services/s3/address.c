#include "services/s3/address.h"

#include "base/buffer.h"
#include "base/characters.h"
#include "base/json.h"

bool s3_percent_decode(struct arena *arena, struct slice text, struct slice *out)
{
    char *decoded = arena_alloc(arena, text.len + 1);
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '%') {
            decoded[len++] = text.ptr[i];
            continue;
        }
        int high = i + 2 < text.len ? hex_digit(text.ptr[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(text.ptr[i + 2]) : -1;
        if (low < 0)
            return false;
        decoded[len++] = (char)(high * 16 + low);
        i += 2;
    }
    *out = (struct slice){decoded, len};
    return true;
}

static bool ends_with(struct slice text, const char *end)
{
    size_t length = strlen(end);

    return text.len >= length && strncasecmp(text.ptr + text.len - length, end, length) == 0;
}

static struct slice without_port(struct slice host)
{
    const char *colon = host.len == 0 ? NULL : memrchr(host.ptr, ':', host.len);

    if (colon != NULL && host.ptr[host.len - 1] != ']')
        host.len = (size_t)(colon - host.ptr);
    return host;
}

/* The part before the last "s3" that is a label of its own or begins one, as in "s3-us-west-2"; the rest of
 * the name is AWS's. */
static struct slice before_s3(struct slice host)
{
    for (size_t i = host.len; i-- > 1;) {
        struct slice rest = slice_skip(host, i);
        if (slice_starts_with(rest, SLICE(".s3.")) || slice_starts_with(rest, SLICE(".s3-")))
            return (struct slice){host.ptr, i};
    }
    return SLICE("");
}

struct slice s3_host_bucket(struct slice host)
{
    host = without_port(host);
    if (ends_with(host, ".localhost")) {
        host.len -= strlen(".localhost");
        if (ends_with(host, ".s3"))
            host.len -= strlen(".s3");
        return slice_is(host, "s3") ? SLICE("") : host;
    }
    if (ends_with(host, ".amazonaws.com") || ends_with(host, ".amazonaws.com.cn"))
        return before_s3(host);
    return SLICE("");
}

bool s3_address_read(struct arena *arena, struct slice host, struct slice path, struct s3_address *out)
{
    struct slice decoded;

    *out = (struct s3_address){.bucket = s3_host_bucket(host), .key = SLICE("")};
    out->virtual_host = out->bucket.len > 0;
    if (!s3_percent_decode(arena, path, &decoded) || !json_text_valid(decoded))
        return false;
    if (decoded.len > 0 && decoded.ptr[0] == '/')
        decoded = slice_skip(decoded, 1);
    out->key = decoded;
    if (out->virtual_host)
        return true;
    const char *slash = decoded.len == 0 ? NULL : memchr(decoded.ptr, '/', decoded.len);
    out->bucket = (struct slice){decoded.ptr, slash == NULL ? decoded.len : (size_t)(slash - decoded.ptr)};
    out->key = slash == NULL ? SLICE("") : slice_skip(decoded, out->bucket.len + 1);
    return true;
}

bool s3_url_read(struct arena *arena, struct slice url, struct s3_address *out)
{
    const char *scheme = memmem(url.ptr, url.len, "://", 3);
    bool plain = slice_starts_with(url, SLICE("s3://"));

    if (scheme == NULL || (!plain && !slice_starts_with(url, SLICE("http"))))
        return false;
    struct slice rest = slice_skip(url, (size_t)(scheme - url.ptr) + 3);
    const char *mark = plain || rest.len == 0 ? NULL : memchr(rest.ptr, '?', rest.len);
    if (mark != NULL)
        rest.len = (size_t)(mark - rest.ptr);
    const char *slash = rest.len == 0 ? NULL : memchr(rest.ptr, '/', rest.len);
    if (slash == NULL)
        return false;
    struct slice host = {rest.ptr, (size_t)(slash - rest.ptr)}, path = slice_skip(rest, host.len);
    if (plain)
        *out = (struct s3_address){.bucket = host, .key = slice_skip(path, 1)};
    else if (!s3_address_read(arena, host, path, out))
        return false;
    return out->bucket.len > 0 && out->key.len > 0;
}

struct slice s3_url_encode(struct arena *arena, struct slice text)
{
    static const char digits[] = "0123456789ABCDEF";
    struct buffer out;

    buffer_init(&out);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.' || c == '*' || c == '/') {
            buffer_append_byte(&out, c);
        } else if (c == ' ') {
            buffer_append_byte(&out, '+');
        } else {
            buffer_append_byte(&out, '%');
            buffer_append_byte(&out, digits[(unsigned char)c >> 4]);
            buffer_append_byte(&out, digits[(unsigned char)c & 15]);
        }
    }
    struct slice kept = arena_copy(arena, buffer_slice(&out));
    buffer_finish(&out);
    return kept;
}

struct slice s3_common_prefix(struct slice key, struct slice prefix, struct slice delimiter)
{
    struct slice rest = slice_skip(key, prefix.len);

    if (delimiter.len == 0 || rest.len == 0)
        return SLICE("");
    const char *at = memmem(rest.ptr, rest.len, delimiter.ptr, delimiter.len);
    return at == NULL ? SLICE("") : (struct slice){key.ptr, (size_t)(at - key.ptr) + delimiter.len};
}
