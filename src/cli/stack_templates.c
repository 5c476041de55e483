#include "cli/stack_templates.h"

#include "auth/digest.h"
#include "deploy/making.h"

enum { BODY_LIMIT = 51200 }; /* AWS: TemplateBody has at most so many bytes */

struct placing {
    struct client *client;
    struct arena *arena;
    const struct assembly *assembly;
    struct slice problem;
};

static bool is_plain(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     (c != '\0' && strchr("-_.~/", c) != NULL);
        if (!plain)
            return false;
    }
    return text.len > 0;
}

/* BUCKET and KEY of "https://s3.REGION.amazonaws.com/BUCKET/KEY", as the CDK writes it. */
static bool read_url(struct slice url, struct slice *bucket, struct slice *key)
{
    static const struct slice scheme = {.ptr = "https://s3.", .len = sizeof("https://s3.") - 1};

    if (!slice_starts_with(url, scheme))
        return false;
    struct slice rest = slice_skip(url, scheme.len);
    const char *slash = rest.len == 0 ? NULL : memchr(rest.ptr, '/', rest.len);
    if (slash == NULL)
        return false;
    rest = slice_skip(rest, (size_t)(slash - rest.ptr) + 1);
    slash = rest.len == 0 ? NULL : memchr(rest.ptr, '/', rest.len);
    if (slash == NULL)
        return false;
    *bucket = (struct slice){rest.ptr, (size_t)(slash - rest.ptr)};
    *key = slice_skip(rest, bucket->len + 1);
    return is_plain(*bucket) && is_plain(*key);
}

static bool put(struct placing *placing, struct slice bucket, struct slice key, struct slice text)
{
    struct client_answer answer;

    switch (client_put_object(placing->client, placing->arena, bucket, key, text, &answer)) {
    case CLIENT_DONE:
        return true;
    case CLIENT_REFUSED:
        placing->problem =
            arena_printf(placing->arena, "the template cannot be put into the bucket %.*s: %.*s: %.*s",
                         SLICE_ARGS(bucket), SLICE_ARGS(answer.type), SLICE_ARGS(answer.message));
        return false;
    case CLIENT_FAILED:
        placing->problem = answer.message;
        break;
    }
    return false;
}

/* To where its parent's template says that it is. */
static bool put_nested(struct placing *placing, const struct stack *stack, struct slice text)
{
    struct stack *parent = stack->identity.parent;
    const struct json *written = json_get(stack->identity.as_resource->properties, "TemplateURL");
    struct slice reason = SLICE(""), url = SLICE(""), bucket, key;
    struct json value;

    if (written != NULL && stack_evaluate(parent, written, &value, &reason) == RESOLVED &&
        value.type == JSON_STRING)
        url = value.text;
    if (read_url(url, &bucket, &key))
        return put(placing, bucket, key, text);
    placing->problem =
        arena_printf(placing->arena, "%.*s: TemplateURL: it is not where the CDK puts templates: %.*s",
                     SLICE_ARGS(stack_describe(parent, stack->identity.as_resource)),
                     SLICE_ARGS(url.len > 0 ? url : reason));
    return false;
}

/* By what is in it, into the bucket in which the CDK has such files. */
static bool put_large(struct placing *placing, const struct stack *stack, struct slice text,
                      struct buffer *members)
{
    const struct stack_identity *identity = &stack->identity;
    struct slice bucket = arena_printf(placing->arena, "cdk-hnb659fds-assets-%.*s-%.*s",
                                       SLICE_ARGS(identity->account), SLICE_ARGS(identity->region));
    struct digest *digest = digest_create();
    unsigned char hash[SHA256_LENGTH];
    char hex[SHA256_HEX_LENGTH];
    bool first = true;

    digest_sha256(digest, text, hash);
    digest_hex(hash, hex);
    digest_destroy(digest);
    struct slice key = arena_printf(placing->arena, "%.*s.template", SHA256_HEX_LENGTH, hex);
    struct slice url = arena_printf(placing->arena, "https://s3.%.*s.amazonaws.com/%.*s/%.*s",
                                    SLICE_ARGS(identity->region), SLICE_ARGS(bucket), SLICE_ARGS(key));
    json_write_string_member(members, &first, "TemplateURL", url);
    return put(placing, bucket, key, text);
}

static bool is_within(const struct stack *stack, const struct stack *other)
{
    for (; stack != NULL; stack = stack->identity.parent) {
        if (stack == other)
            return true;
    }
    return false;
}

static bool place(struct placing *placing, const struct stack *stack, struct buffer *members)
{
    bool first = true;

    for (size_t i = 0; i < placing->assembly->count; i++) {
        const struct stack *one = placing->assembly->stacks[i];
        struct slice text = placing->assembly->texts[i];
        if (one != stack && is_within(one, stack) && !put_nested(placing, one, text))
            return false;
        if (one == stack && text.len > BODY_LIMIT && !put_large(placing, stack, text, members))
            return false;
        if (one == stack && text.len <= BODY_LIMIT)
            json_write_string_member(members, &first, "TemplateBody", text);
    }
    return true;
}

bool stack_templates_place(struct client *client, struct arena *arena, const struct assembly *assembly,
                           const struct stack *stack, struct buffer *members, struct slice *problem)
{
    struct placing placing = {.client = client, .arena = arena, .assembly = assembly, .problem = SLICE("")};
    bool placed = place(&placing, stack, members);

    *problem = placing.problem;
    return placed;
}
