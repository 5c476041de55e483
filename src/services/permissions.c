#include "services/permissions.h"

#include "auth/principal_keys.h"
#include "catalog/catalog.h"

void permissions_init(struct permissions *needs, struct request *request)
{
    *needs = (struct permissions){.request = request};
    needs->end = &needs->first;
}

struct permission *permissions_add(struct permissions *needs, const char *action, struct slice resource)
{
    struct permission *need = arena_new(needs->request->arena, struct permission);

    need->action = slice_of(action);
    need->resource = resource;
    need->part = needs->part;
    *needs->end = need;
    needs->end = &need->next;
    return need;
}

struct passing {
    struct arena *arena;
    const char *service;
};

static bool find_service(void *from, struct slice key, struct iam_values *out)
{
    const struct passing *passing = from;

    return iam_key_is(key, "iam:PassedToService") &&
           key_has_one(slice_of(passing->service), passing->arena, out);
}

void permissions_pass_role(struct permissions *needs, struct slice role_arn, const char *service)
{
    struct passing *passing = arena_new(needs->request->arena, struct passing);

    *passing = (struct passing){needs->request->arena, service};
    permissions_add(needs, "iam:PassRole", role_arn)->context = (struct iam_context){find_service, passing};
}

struct slice permissions_text(const struct request *request, const char *member)
{
    const struct json *found = json_get_present(request->body, member);

    return found != NULL && found->type == JSON_STRING ? found->text : SLICE("");
}

const struct table *permissions_table(struct permissions *needs, struct slice name)
{
    struct request *request = needs->request;
    struct table_pin **at = &request->gate.pins;

    for (; *at != NULL; at = &(*at)->next) {
        if (slice_equal((*at)->name, name))
            return (*at)->table;
    }
    *at = arena_new(request->arena, struct table_pin);
    (*at)->name = name;
    (*at)->table = catalog_find(request->server->catalog, name);
    return (*at)->table;
}
