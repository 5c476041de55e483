/*
 * A question about policies as tests write it down, in JSON:
 *
 *     {"principal": {"kind": "user", "account": "111122223333", "arn": "arn:aws:iam::111122223333:user/ana"},
 *      "identity": [POLICY...], "boundary": POLICY, "session": [POLICY...], "resource": POLICY, "trust":
 * POLICY, "action": "dynamodb:GetItem", "on": "arn:aws:...", "context": {"aws:username": "ana",
 * "aws:TagKeys": []}}
 *
 * A POLICY is a whole document, or its statements alone.
 */
#ifndef TURNTABLE_TEST_LIB_IAM_CASE_H
#define TURNTABLE_TEST_LIB_IAM_CASE_H

#include "base/check.h"
#include "base/json.h"
#include "iam/evaluate.h"

enum { IAM_CASE_POLICIES = 32 };

struct iam_case {
    struct arena *arena;
    struct authority authority;
    struct iam_request request;
    const struct json *context;
    bool trust;
    struct attached_policy policies[IAM_CASE_POLICIES];
    size_t count;
    struct policy_problem problem; /* of the policy that is none */
};

static inline struct slice iam_case_text(const struct json *object, const char *name)
{
    const struct json *member = json_get(object, name);

    return member != NULL && member->type == JSON_STRING ? member->text : SLICE("");
}

/* Finds a key in the case's context, an object of strings and lists of strings. */
static inline bool iam_case_find(void *from, struct slice key, struct iam_values *out)
{
    struct iam_case *test = from;

    for (size_t i = 0; test->context != NULL && i < test->context->object.count; i++) {
        const struct json *value = &test->context->object.members[i].value;
        struct slice name = test->context->object.members[i].name;
        if (name.len != key.len || strncasecmp(name.ptr, key.ptr, key.len) != 0)
            continue;
        if (value->type == JSON_STRING) {
            *out = (struct iam_values){&value->text, 1, false};
            return true;
        }
        CHECK(value->type == JSON_ARRAY);
        struct slice *values = arena_array(test->arena, struct slice, value->array.count);
        for (size_t j = 0; j < value->array.count; j++)
            values[j] = value->array.items[j].text;
        *out = (struct iam_values){values, value->array.count, true};
        return true;
    }
    return false;
}

/* The document, made of the statements alone if need be. */
static inline struct slice iam_case_document(struct arena *arena, const struct json *policy)
{
    struct buffer text;

    buffer_init(&text);
    if (json_get(policy, "Statement") == NULL)
        buffer_append_string(&text, "{\"Version\":\"2012-10-17\",\"Statement\":");
    json_write_value(&text, policy);
    if (json_get(policy, "Statement") == NULL)
        buffer_append_byte(&text, '}');
    struct slice document = arena_copy(arena, buffer_slice(&text));
    buffer_finish(&text);
    return document;
}

static inline bool iam_case_add(struct iam_case *test, enum policy_kind kind, enum policy_source source,
                                const struct json *json)
{
    struct attached_policy *place = &test->policies[test->count];

    CHECK(test->count < IAM_CASE_POLICIES);
    *place = (struct attached_policy){.source = source};
    place->policy = policy_create(kind, iam_case_document(test->arena, json), test->arena, &test->problem);
    if (place->policy == NULL)
        return false;
    place->name = arena_printf(test->arena, "policy%zu", test->count);
    test->count++;
    return true;
}

static inline bool iam_case_add_list(struct iam_case *test, enum policy_kind kind, enum policy_source source,
                                     const struct json *list, size_t *count)
{
    *count = list == NULL ? 0 : list->array.count;
    for (size_t i = 0; i < *count; i++) {
        if (!iam_case_add(test, kind, source, &list->array.items[i]))
            return false;
    }
    return true;
}

static inline enum iam_principal_kind iam_case_kind(struct slice name)
{
    static const char *const names[] = {[IAM_ROOT] = "root",
                                        [IAM_USER] = "user",
                                        [IAM_ROLE_SESSION] = "session",
                                        [IAM_FEDERATED_USER] = "federated",
                                        [IAM_WEB_IDENTITY] = "web",
                                        [IAM_SERVICE] = "service"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (slice_is(name, names[i]))
            return (enum iam_principal_kind)i;
    }
    check_failed("a kind of principal", __FILE__, __LINE__);
}

static inline bool iam_case_read_policies(struct iam_case *test, const struct json *json)
{
    const struct json *boundary = json_get(json, "boundary"), *resource = json_get(json, "resource");
    const struct json *trust = json_get(json, "trust");
    struct authority *authority = &test->authority;
    bool role = authority->principal.kind == IAM_ROLE_SESSION;

    authority->identity = test->policies;
    if (!iam_case_add_list(test, POLICY_INLINE, role ? SOURCE_ROLE_INLINE : SOURCE_USER_INLINE,
                           json_get(json, "identity"), &authority->identity_count))
        return false;
    authority->session = &test->policies[test->count];
    if (!iam_case_add_list(test, POLICY_SESSION, SOURCE_SESSION, json_get(json, "session"),
                           &authority->session_count))
        return false;
    if (boundary != NULL) {
        authority->boundary = &test->policies[test->count];
        if (!iam_case_add(test, POLICY_INLINE, SOURCE_BOUNDARY, boundary))
            return false;
    }
    if (resource == NULL && trust == NULL)
        return true;
    test->trust = trust != NULL;
    if (!iam_case_add(test, test->trust ? POLICY_TRUST : POLICY_RESOURCE, SOURCE_RESOURCE,
                      test->trust ? trust : resource))
        return false;
    test->request.resource_policy = test->policies[test->count - 1].policy;
    return true;
}

static inline void iam_case_finish(struct iam_case *test)
{
    for (size_t i = 0; i < test->count; i++)
        policy_destroy((struct policy *)test->policies[i].policy);
}

/* False, and test->problem, if one of the policies is none. iam_case_finish() in either case. */
static inline bool iam_case_read(struct iam_case *test, struct arena *arena, const struct json *json)
{
    const struct json *principal = json_get(json, "principal");

    *test = (struct iam_case){.arena = arena};
    test->authority.principal = (struct iam_principal){
        .kind = iam_case_kind(iam_case_text(principal, "kind")),
        .account = iam_case_text(principal, "account"),
        .arn = iam_case_text(principal, "arn"),
        .origin_arn = iam_case_text(principal, "origin"),
        .provider = iam_case_text(principal, "provider"),
    };
    test->request.action = iam_case_text(json, "action");
    test->request.resource = iam_case_text(json, "on");
    test->context = json_get(json, "context");
    test->request.context = (struct iam_context){iam_case_find, test};
    return iam_case_read_policies(test, json);
}

static inline struct iam_verdict iam_case_evaluate(const struct iam_case *test)
{
    return test->trust ? iam_evaluate_trust(&test->authority, &test->request)
                       : iam_evaluate(&test->authority, &test->request);
}

/* "allowed by identity", "not allowed by boundary", "denied by session"; of root "allowed by none". */
static inline struct slice iam_case_tell(struct arena *arena, const struct iam_verdict *verdict)
{
    static const char *const outcomes[] = {[IAM_ALLOWED] = "allowed",
                                           [IAM_IMPLICITLY_DENIED] = "not allowed",
                                           [IAM_EXPLICITLY_DENIED] = "denied"};
    static const char *const layers[] = {[LAYER_NONE] = "none",
                                         [LAYER_IDENTITY] = "identity",
                                         [LAYER_BOUNDARY] = "boundary",
                                         [LAYER_SESSION] = "session",
                                         [LAYER_RESOURCE] = "resource"};

    return arena_printf(arena, "%s by %s", outcomes[verdict->outcome], layers[verdict->layer]);
}

#endif
