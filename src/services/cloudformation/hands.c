#include "services/cloudformation/hands.h"

#include <stdlib.h>

#include "base/check.h"
#include "services/cloudformation/lookups.h"
#include "services/cloudformation/template_source.h"
#include "services/inner.h"

static void *open_calls(void *context, struct slice caller, struct invoker *out)
{
    const struct server *server = context;
    struct inner_caller *opened = calloc(1, sizeof(*opened));

    CHECK(opened != NULL);
    if (!inner_open(server->inner, caller, "cloudformation.amazonaws.com", opened)) {
        free(opened);
        return NULL;
    }
    *out = inner_invoker(opened);
    return opened;
}

static void close_calls(void *context, void *opened)
{
    (void)context;
    inner_close(opened);
    free(opened);
}

static bool fetch(void *context, void *opened, struct arena *arena, struct slice url, struct slice *text,
                  struct slice *problem)
{
    return template_fetch(context, opened, arena, url, text, problem);
}

static enum lookup parameter(void *context, void *opened, struct arena *arena, struct slice name,
                             struct slice *value, struct slice *type)
{
    const struct invoker invoker = inner_invoker(opened);

    (void)context;
    return lookup_parameter(&invoker, arena, name, value, type);
}

struct engine_hands cloudformation_hands(struct server *server)
{
    return (struct engine_hands){
        .open = open_calls, .close = close_calls, .fetch = fetch, .parameter = parameter, .context = server};
}
