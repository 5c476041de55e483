#include "services/sts/question.h"

#include "auth/principal_keys.h"
#include "services/denials.h"
#include "services/gate.h"
#include "services/sts/input.h"

/* ---- keys ---- */

static bool find_tag(const struct session_tags *tags, struct slice key, struct arena *arena,
                     struct iam_values *out)
{
    for (size_t i = 0; i < tags->count; i++) {
        struct slice value = tags->items[i].value;
        if (input_same_key(tags->items[i].key, key))
            return key_has_one(value.ptr == NULL ? SLICE("") : value, arena, out);
    }
    return false;
}

/* aws:TagKeys, sts:TransitiveTagKeys: no key if there are none. */
static bool find_tag_keys(const struct session_tags *tags, bool transitive, struct arena *arena,
                          struct iam_values *out)
{
    struct slice *keys = arena_array(arena, struct slice, tags->count);
    size_t count = 0;

    for (size_t i = 0; i < tags->count; i++) {
        if (!transitive || tags->items[i].transitive)
            keys[count++] = tags->items[i].key;
    }
    *out = (struct iam_values){keys, count, true};
    return count > 0;
}

static bool find_role_tag(const struct identity *role, struct slice key, struct arena *arena,
                          struct iam_values *out)
{
    for (size_t i = 0; role != NULL && i < role->tag_count; i++) {
        struct slice value = role->tags[i].value;
        if (input_same_key(role->tags[i].key, key))
            return key_has_one(value.ptr == NULL ? SLICE("") : value, arena, out);
    }
    return false;
}

static bool find_of_identity(const struct session_contexts *contexts, struct slice key,
                             struct iam_values *out)
{
    for (size_t i = 0; contexts != NULL && i < contexts->count; i++) {
        const struct session_context *context = &contexts->items[i];
        if (!input_same_key(context->key, key))
            continue;
        *out = (struct iam_values){context->values.items, context->values.count, context->multi_valued};
        return true;
    }
    return false;
}

static struct slice text_of(const struct question *question, struct slice key)
{
    const struct session *session = question->session;

    if (iam_key_is(key, "sts:ExternalId"))
        return question->external_id;
    if (iam_key_is(key, "sts:RoleSessionName") && question->role != NULL)
        return session->name;
    if (iam_key_is(key, "sts:SourceIdentity") && session->source_identity.len > 0)
        return session->source_identity;
    return (struct slice){NULL, 0};
}

static bool find(void *from, struct slice key, struct iam_values *out)
{
    const struct question *question = from;
    const struct session_tags *tags = &question->session->tags;
    struct arena *arena = question->request->arena;
    struct slice rest;

    if (iam_key_starts_with(key, "aws:RequestTag/", &rest))
        return find_tag(tags, rest, arena, out);
    if (iam_key_starts_with(key, "aws:ResourceTag/", &rest) ||
        iam_key_starts_with(key, "iam:ResourceTag/", &rest))
        return find_role_tag(question->role, rest, arena, out);
    if (iam_key_is(key, "aws:TagKeys") || iam_key_is(key, "sts:TransitiveTagKeys"))
        return find_tag_keys(tags, iam_key_is(key, "sts:TransitiveTagKeys"), arena, out);
    if (key_has_one(text_of(question, key), arena, out) || find_of_identity(question->identity, key, out) ||
        gate_find_request_key(question->request, key, out))
        return true;
    return question->identity == NULL && principal_find_key(&question->request->principal, key, arena, out);
}

/* ---- asking ---- */

struct iam_request question_of(struct question *question, const char *action, struct slice resource)
{
    return (struct iam_request){
        .action = slice_of(action), .resource = resource, .context = {find, question}};
}

bool question_permits(struct question *question, const char *action, struct slice resource)
{
    struct request *request = question->request;
    const struct authority *authority = request->principal.authority;
    struct iam_request asked = question_of(question, action, resource);
    struct buffer message;

    if (authority == NULL)
        return true;
    struct iam_verdict verdict = iam_evaluate(authority, &asked);
    gate_note(request, authority, &asked, &verdict);
    if (verdict.outcome == IAM_ALLOWED)
        return true;
    buffer_init(&message);
    iam_denial_message(&message, authority, &asked, &verdict);
    (void)fail(&request->failure, ERROR_ACCESS_DENIED, "%.*s", SLICE_ARGS(buffer_slice(&message)));
    buffer_finish(&message);
    if (request->server->denials != NULL)
        denials_note(request->server->denials, request->id, request->principal.access_key_id, authority,
                     &asked, &verdict);
    return false;
}
