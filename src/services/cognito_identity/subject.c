#include "services/cognito_identity/subject.h"

bool subject_read(struct request *request, struct identity_record *identity, struct identity_pool *pool,
                  struct logins *logins)
{
    if (!identity_find(request, shape_text(request->body, "IdentityId"), identity, NULL) ||
        !pool_find(request, identity->pool, pool, NULL))
        return false;
    if (identity->disabled || (identity->logins.count > 0 && !logins_shown(request)))
        return fail(&request->failure, ERROR_NOT_AUTHORIZED, "Access to Identity '%.*s' is forbidden.",
                    SLICE_ARGS(identity->id));
    return logins_read(request, pool, logins) && logins_lead_to(request, logins, identity);
}

struct texts subject_methods(struct request *request, const struct logins *logins)
{
    struct arena *arena = request->arena;
    struct texts methods = {0};

    texts_add(arena, &methods, logins->count == 0 ? SLICE("unauthenticated") : SLICE("authenticated"));
    for (size_t i = 0; i < logins->count; i++) {
        const struct pair *link = &logins->items[i].link;
        texts_add(arena, &methods, link->key);
        texts_add(
            arena, &methods,
            arena_printf(arena, "%.*s:CognitoSignIn:%.*s", SLICE_ARGS(link->key), SLICE_ARGS(link->value)));
    }
    return methods;
}

static struct texts one_text(struct arena *arena, struct slice text)
{
    struct texts texts = {0};

    texts_add(arena, &texts, text);
    return texts;
}

struct session_contexts subject_context_of(struct request *request, struct slice pool_id,
                                           struct slice identity_id, struct texts methods)
{
    struct arena *arena = request->arena;
    struct session_context *items = arena_array(arena, struct session_context, 3);

    items[0] = (struct session_context){SLICE(SUBJECT_PROVIDER ":aud"), one_text(arena, pool_id), false};
    items[1] = (struct session_context){SLICE(SUBJECT_PROVIDER ":sub"), one_text(arena, identity_id), false};
    items[2] = (struct session_context){SLICE(SUBJECT_PROVIDER ":amr"), methods, true};
    return (struct session_contexts){items, 3};
}

struct session_contexts subject_context(struct request *request, const struct identity_record *identity,
                                        const struct logins *logins)
{
    return subject_context_of(request, identity->pool, identity->id, subject_methods(request, logins));
}

struct session_contexts subject_username(struct request *request, const struct login *login)
{
    struct slice name = claim_text(login->token.claims, "cognito:username");
    struct session_contexts none = {0};

    if (name.len == 0)
        return none;
    struct session_context *items = arena_array(request->arena, struct session_context, 1);
    items[0] = (struct session_context){SLICE("aws:username"), one_text(request->arena, name), false};
    return (struct session_contexts){items, 1};
}
