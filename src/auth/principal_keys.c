#include "auth/principal_keys.h"

#include <time.h>

#include "base/check.h"

bool key_has_one(struct slice text, struct arena *arena, struct iam_values *out)
{
    struct slice *value = arena_new(arena, struct slice);

    *value = text;
    *out = (struct iam_values){value, 1, false};
    return text.ptr != NULL;
}

struct slice key_time(int64_t seconds, struct arena *arena)
{
    time_t time = (time_t)seconds;
    struct tm parts;
    char text[32];

    CHECK(gmtime_r(&time, &parts) != NULL);
    size_t length = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return arena_copy(arena, (struct slice){text, length});
}

static struct slice type_of(const struct principal *principal)
{
    switch (principal->kind) {
    case PRINCIPAL_ROOT:
        return SLICE("Account");
    case PRINCIPAL_USER:
        return SLICE("User");
    case PRINCIPAL_ROLE_SESSION:
        return SLICE("AssumedRole");
    case PRINCIPAL_FEDERATED_USER:
        return SLICE("FederatedUser");
    case PRINCIPAL_ANONYMOUS:
    case PRINCIPAL_UNSIGNED:
    case PRINCIPAL_NONE:
        break;
    }
    return SLICE("Anonymous");
}

/* The keys that a principal may not have are NULL then. */
static struct slice text_of(const struct principal *principal, struct slice key, struct arena *arena)
{
    static const struct slice absent = {NULL, 0};
    bool temporary = principal->issued != 0;

    if (iam_key_is(key, "aws:PrincipalArn"))
        return principal->principal_arn;
    if (iam_key_is(key, "aws:PrincipalAccount"))
        return principal->account;
    if (iam_key_is(key, "aws:PrincipalType"))
        return type_of(principal);
    if (iam_key_is(key, "aws:PrincipalIsAWSService"))
        return SLICE("false");
    if (iam_key_is(key, "aws:userid"))
        return principal->user_id;
    if (iam_key_is(key, "aws:username"))
        return principal->user_name.len > 0 ? principal->user_name : absent;
    if (iam_key_is(key, "aws:SourceIdentity"))
        return principal->source_identity.len > 0 ? principal->source_identity : absent;
    if (iam_key_is(key, "aws:TokenIssueTime"))
        return temporary ? key_time(principal->issued, arena) : absent;
    if (iam_key_is(key, "aws:MultiFactorAuthPresent"))
        return temporary ? SLICE("false") : absent;
    return absent;
}

static bool find_tag(const struct principal *principal, struct slice key, struct arena *arena,
                     struct iam_values *out)
{
    for (size_t i = 0; i < principal->tag_count; i++) {
        const struct principal_tag *tag = &principal->tags[i];
        if (tag->key.len == key.len && strncasecmp(tag->key.ptr, key.ptr, key.len) == 0)
            return key_has_one(tag->value.ptr == NULL ? SLICE("") : tag->value, arena, out);
    }
    return false;
}

static bool find_context(const struct principal *principal, struct slice key, struct iam_values *out)
{
    for (size_t i = 0; i < principal->context_count; i++) {
        const struct principal_context *context = &principal->context[i];
        if (context->key.len != key.len || strncasecmp(context->key.ptr, key.ptr, key.len) != 0)
            continue;
        *out = (struct iam_values){context->values, context->count, context->multi_valued};
        return true;
    }
    return false;
}

bool principal_find_key(const struct principal *principal, struct slice key, struct arena *arena,
                        struct iam_values *out)
{
    struct slice rest;

    if (iam_key_starts_with(key, "aws:PrincipalTag/", &rest))
        return find_tag(principal, rest, arena, out);
    return key_has_one(text_of(principal, key, arena), arena, out) || find_context(principal, key, out);
}
