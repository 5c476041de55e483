/*
 * Fuzzes who-is-asking: a request's head, as a text, against the authenticator.
 *
 * Properties: nobody gets in who does not know the secret; whoever signs a request with it does get in,
 * whatever path, query, headers and body the request has.
 */
#include <stdint.h>
#include <stdlib.h>
#include <strings.h>

#include "auth/authenticator.h"
#include "auth/sigv4.h"
#include "base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NOW = 1440938160, HEADERS = 64 };

static const struct credentials root = {"AKIDEXAMPLE", "a secret that is in no published vector"};

static struct slice cut(struct slice *rest, char separator)
{
    const char *end = rest->len == 0 ? NULL : memchr(rest->ptr, separator, rest->len);
    struct slice part = {rest->ptr, end == NULL ? rest->len : (size_t)(end - rest->ptr)};

    *rest = slice_skip(*rest, end == NULL ? rest->len : part.len + 1);
    return part;
}

/* A header's name as HTTP allows it, and none of those that the signer fills. */
static bool is_free_name(struct slice name)
{
    static const char *const own[] = {"host", "x-amz-date", "authorization", "x-amz-security-token", NULL};

    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] <= ' ' || name.ptr[i] > '~' || strchr("\"(),/:;<=>?@[\\]{}", name.ptr[i]) != NULL)
            return false;
    }
    for (size_t i = 0; own[i] != NULL; i++) {
        if (name.len == strlen(own[i]) && strncasecmp(name.ptr, own[i], name.len) == 0)
            return false;
    }
    return name.len > 0;
}

static bool check(struct authenticator *authenticator, const struct http_request *request,
                  struct arena *arena, struct failure *failure)
{
    struct principal principal;

    failure_init(failure, arena);
    return authenticator_check(authenticator, request, "dynamodb", NOW, arena, failure, &principal);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct authenticator *authenticator;
    struct slice text = {(const char *)data, size};
    struct http_header headers[HEADERS], own[HEADERS];
    struct http_request request = {.headers = headers};
    struct failure failure;
    struct arena arena;
    size_t own_count = 0;

    if (authenticator == NULL)
        authenticator = authenticator_create(
            &(struct authenticator_settings){.root = &root, .account_id = SLICE("000000000000")});
    arena_init(&arena);
    struct slice line = cut(&text, '\n');
    request.method = cut(&line, ' ');
    request.path = cut(&line, '?');
    request.query = line;
    for (line = cut(&text, '\n'); line.len > 0 && request.header_count < HEADERS - 4;
         line = cut(&text, '\n')) {
        struct slice name = cut(&line, ':');
        headers[request.header_count++] = (struct http_header){name, line};
        if (is_free_name(name))
            own[own_count++] = (struct http_header){name, line};
    }
    request.body = request.sent_body = text;
    request.secure = size % 2 == 1;
    CHECK(!check(authenticator, &request, &arena, &failure));
    CHECK(failure.code != ERROR_NONE && failure.message.len > 0);

    request.headers = own;
    request.header_count = own_count;
    own[request.header_count++] = (struct http_header){SLICE("Host"), SLICE("localhost")};
    own[request.header_count++] = (struct http_header){SLICE("X-Amz-Date"), SLICE("20150830T123600Z")};
    struct slice authorization =
        sigv4_authorization(&request, slice_of(root.access_key_id), slice_of(root.secret_access_key),
                            SLICE("us-east-1"), SLICE("dynamodb"), &arena);
    own[request.header_count++] = (struct http_header){SLICE("Authorization"), authorization};
    /* A query that makes a claim of its own is refused, and rightly. */
    CHECK(check(authenticator, &request, &arena, &failure) ||
          slice_starts_with(failure.message, SLICE("Found both")));
    arena_finish(&arena);
    return 0;
}
