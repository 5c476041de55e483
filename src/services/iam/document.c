#include "services/iam/document.h"

#include "directory/entity.h"
#include "services/storage_failure.h"

enum { DOCUMENT_DEPTH = 32 };

bool document_is_policy(struct request *request, enum policy_kind kind, struct slice document)
{
    struct policy_problem problem;
    struct policy *policy = policy_create(kind, document, request->arena, &problem);

    if (policy == NULL)
        return fail(&request->failure, ERROR_MALFORMED_POLICY_DOCUMENT, "%.*s", SLICE_ARGS(problem.sentence));
    policy_destroy(policy);
    return true;
}

int64_t document_size(struct slice document)
{
    int64_t size = 0;

    for (size_t i = 0; i < document.len; i++) {
        unsigned char c = (unsigned char)document.ptr[i];
        bool begins = (c & 0xC0) != 0x80; /* a character, of one byte or more */
        if (begins && c != ' ' && c != '\t' && c != '\n' && c != '\r')
            size++;
    }
    return size;
}

/* ---- principals ---- */

/* The kind of an ARN "arn:aws:iam::ACCOUNT:user/..." or "...:role/..." of this account; false for others. */
static bool kind_of(struct request *request, struct slice arn, enum entity_kind *kind)
{
    static const enum entity_kind kinds[] = {KIND_USER, KIND_ROLE};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        *kind = kinds[i];
        struct slice prefix = arena_printf(request->arena, "arn:aws:iam::%.*s:%s/",
                                           SLICE_ARGS(request->server->account_id), entity_word(kinds[i]));
        if (slice_starts_with(arn, prefix))
            return true;
    }
    return false;
}

static void add_trusted(struct arena *arena, struct trusted_list *list, struct slice arn, struct slice id)
{
    bool full = (list->count & (list->count - 1)) == 0; /* there is room for the next power of two */

    if (list->count == 0 || full)
        list->items = arena_grow(arena, list->items, list->count, list->count == 0 ? 1 : list->count * 2,
                                 sizeof(list->items[0]));
    list->items[list->count++] = (struct trusted){arn, id};
}

static bool is_there(struct request *request, struct slice arn, struct trusted_list *trusted)
{
    const char *slash = arn.len == 0 ? NULL : memrchr(arn.ptr, '/', arn.len);
    enum entity_kind kind;
    union any_entity entity;

    if (slash == NULL || !kind_of(request, arn, &kind))
        return true;
    struct slice name = slice_skip(arn, (size_t)(slash - arn.ptr) + 1);
    enum storage_status status =
        entity_find(request->server->storage, NULL, kind, name, request->arena, &entity);
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return storage_failure(&request->failure, status);
    bool same =
        status == STORAGE_OK &&
        slice_equal(arn, entity_arn(request->arena, request->server->account_id, kind, &entity.entity));
    if (!same)
        return fail(&request->failure, ERROR_MALFORMED_POLICY_DOCUMENT,
                    "Invalid principal in policy: \"AWS\":\"%.*s\"", SLICE_ARGS(arn));
    add_trusted(request->arena, trusted, arn, entity.entity.id);
    return true;
}

/* One text, or a list of them. */
static bool are_there(struct request *request, const struct json *principals, struct trusted_list *trusted)
{
    if (principals == NULL)
        return true;
    if (principals->type == JSON_STRING)
        return is_there(request, principals->text, trusted);
    for (size_t i = 0; principals->type == JSON_ARRAY && i < principals->array.count; i++) {
        if (principals->array.items[i].type == JSON_STRING &&
            !is_there(request, principals->array.items[i].text, trusted))
            return false;
    }
    return true;
}

bool document_names_principals(struct request *request, struct slice document, struct trusted_list *trusted)
{
    const struct json *policy;

    *trusted = (struct trusted_list){0};
    if (json_parse(request->arena, document, DOCUMENT_DEPTH, &policy) != JSON_OK)
        return true; /* it is a policy: it was read before */
    const struct json *list = json_get(policy, "Statement");
    bool is_list = list != NULL && list->type == JSON_ARRAY;
    size_t count = is_list ? list->array.count : 1;
    for (size_t i = 0; i < count; i++) {
        const struct json *statement = is_list ? &list->array.items[i] : list;
        if (!are_there(request, json_get(json_get(statement, "Principal"), "AWS"), trusted) ||
            !are_there(request, json_get(json_get(statement, "NotPrincipal"), "AWS"), trusted))
            return false;
    }
    return true;
}
