#include "services/cloudformation/template_source.h"

#include "base/characters.h"
#include "base/digits.h"
#include "deploy/template.h"
#include "services/inner.h"

/* AWS: "CloudFormation quotas", template body size in a request. */
enum { BODY_LIMIT = 51200, URL_LIMIT = 5120, POLICY_LIMIT = 16384, POLICY_DEPTH = 32 };

const struct shape template_body_shape = {.kind = SHAPE_STRING, .min = 1, .max = BODY_LIMIT};
const struct shape template_url_shape = {.kind = SHAPE_STRING, .min = 1, .max = URL_LIMIT};

/* ---- URLs ---- */

/* Takes what stands before the first `mark`, and the mark; all of it if there is none. */
static struct slice take(struct slice *rest, char mark)
{
    const char *at = rest->len == 0 ? NULL : memchr(rest->ptr, mark, rest->len);
    struct slice taken = *rest;

    if (at == NULL) {
        *rest = SLICE("");
        return taken;
    }
    taken.len = (size_t)(at - rest->ptr);
    *rest = slice_skip(*rest, taken.len + 1);
    return taken;
}

/* "%20" to a blank. False: what stands behind a '%' is no number. */
static bool decode(struct arena *arena, struct slice text, struct slice *out)
{
    char *bytes = arena_alloc(arena, text.len + 1);
    size_t length = 0;
    uint64_t byte;

    for (size_t i = 0; i < text.len; i++) {
        char digits[2];
        if (text.ptr[i] != '%') {
            bytes[length++] = text.ptr[i];
            continue;
        }
        if (i + 2 >= text.len)
            return false;
        for (size_t j = 0; j < 2; j++) {
            char c = text.ptr[i + 1 + j];
            digits[j] = (char)(c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
        }
        if (!digits_parse((struct slice){digits, 2}, 16, 255, &byte))
            return false;
        bytes[length++] = (char)byte;
        i += 2;
    }
    *out = (struct slice){bytes, length};
    return true;
}

/* A bucket in the host's name: "BUCKET.s3.us-east-1.amazonaws.com", "BUCKET.s3-us-west-2.amazonaws.com". */
static struct slice bucket_of_host(struct slice host)
{
    const struct slice ending = SLICE(".amazonaws.com");

    if (host.len <= ending.len || !slice_equal(slice_skip(host, host.len - ending.len), ending))
        return SLICE("");
    for (size_t i = 0; i + 3 < host.len; i++) {
        struct slice rest = slice_skip(host, i);
        if (slice_starts_with(rest, SLICE(".s3.")) || slice_starts_with(rest, SLICE(".s3-")))
            return (struct slice){host.ptr, i};
    }
    return SLICE("");
}

/* Bucket and key. */
static bool split_url(struct arena *arena, struct slice url, struct slice *bucket, struct slice *key)
{
    struct slice rest = url;

    if (slice_starts_with(url, SLICE("https://")))
        rest = slice_skip(url, strlen("https://"));
    else if (slice_starts_with(url, SLICE("http://")))
        rest = slice_skip(url, strlen("http://"));
    else
        return false;
    struct slice before_query = take(&rest, '?');
    struct slice host = take(&before_query, '/');
    *bucket = bucket_of_host(host);
    if (bucket->len == 0)
        *bucket = take(&before_query, '/');
    return bucket->len > 0 && before_query.len > 0 && decode(arena, *bucket, bucket) &&
           decode(arena, before_query, key);
}

/* ---- fetching ---- */

/* What S3 says is said by CloudFormation in its own sentence. */
static bool read_object(struct server *server, struct inner_caller *caller, struct arena *arena,
                        struct slice bucket, struct slice key, struct slice *text, struct slice *problem)
{
    (void)server;
    (void)caller;
    (void)bucket;
    (void)key;
    (void)text;
    *problem =
        arena_printf(arena, "S3 error: The specified bucket does not exist\n"
                            "For more information check http://docs.aws.amazon.com/AmazonS3/latest/API/"
                            "ErrorResponses.html");
    return false;
}

bool template_fetch(struct server *server, struct inner_caller *caller, struct arena *arena, struct slice url,
                    struct slice *text, struct slice *problem)
{
    struct slice bucket, key;

    if (!split_url(arena, url, &bucket, &key)) {
        *problem = SLICE("TemplateURL must be a supported URL.");
        return false;
    }
    if (!read_object(server, caller, arena, bucket, key, text, problem))
        return false;
    if (text->len <= TEMPLATE_SIZE_LIMIT)
        return true;
    *problem = arena_printf(arena, "Template may not exceed %d bytes in size.", TEMPLATE_SIZE_LIMIT);
    return false;
}

bool template_of_request(struct request *request, struct slice *text)
{
    struct slice body = shape_text(request->body, "TemplateBody");
    struct slice url = shape_text(request->body, "TemplateURL");
    struct slice problem;

    if (body.ptr != NULL && url.ptr != NULL)
        return fail(&request->failure, ERROR_VALIDATION,
                    "Template URL and Template Body can not be specified at the same time");
    if (body.ptr == NULL && url.ptr == NULL)
        return fail(&request->failure, ERROR_VALIDATION,
                    "Either Template URL or Template Body must be specified.");
    if (body.ptr != NULL) {
        *text = body;
        return true;
    }
    struct inner_caller caller = inner_of(request, "cloudformation.amazonaws.com");
    return template_fetch(request->server, &caller, request->arena, url, text, &problem) ||
           fail(&request->failure, ERROR_VALIDATION, "%.*s", SLICE_ARGS(problem));
}

bool stack_policy_of_request(struct request *request, const char *body, const char *url, struct slice *text)
{
    struct slice given = shape_text(request->body, body), place = shape_text(request->body, url), problem;
    const struct json *policy;

    if (given.ptr != NULL && place.ptr != NULL)
        return fail(&request->failure, ERROR_VALIDATION,
                    "You cannot specify both %s and %s in the same request.", body, url);
    *text = given;
    if (place.ptr != NULL) {
        struct inner_caller caller = inner_of(request, "cloudformation.amazonaws.com");
        if (!template_fetch(request->server, &caller, request->arena, place, text, &problem))
            return fail(&request->failure, ERROR_VALIDATION, "%.*s", SLICE_ARGS(problem));
    }
    if (text->len == 0)
        return true;
    return (text->len <= POLICY_LIMIT &&
            json_parse(request->arena, *text, POLICY_DEPTH, &policy) == JSON_OK &&
            policy->type == JSON_OBJECT) ||
           fail(&request->failure, ERROR_VALIDATION, "Error validating stack policy: Invalid stack policy");
}
