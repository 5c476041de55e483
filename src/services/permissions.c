#include "services/permissions.h"

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
