#include "cli/tool_environment.h"

#include <unistd.h>

/* What would lead elsewhere: a profile's keys go before those of the environment, the endpoint of one service
 * before that of all, and there is no FIPS or dual-stack form of an endpoint that is given.
 * AWS_DEFAULT_REGION is the older name of AWS_REGION; some tools complain of both. */
static const char *const misleading[] = {
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_DEFAULT_REGION",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
};

static void unset_endpoints_of_services(struct arena *arena)
{
    static const struct slice prefix = SLICE("AWS_ENDPOINT_URL_");

    for (size_t i = 0; environ[i] != NULL;) {
        const char *equals = strchr(environ[i], '=');
        struct slice name =
            equals == NULL ? SLICE("") : (struct slice){environ[i], (size_t)(equals - environ[i])};
        if (slice_starts_with(name, prefix)) {
            unsetenv(arena_copy(arena, name).ptr);
            i = 0; /* the list has moved */
        } else {
            i++;
        }
    }
}

/* "http://127.0.0.1:8000": "127.0.0.1" */
static struct slice host_of(struct slice endpoint)
{
    const char *scheme = memmem(endpoint.ptr, endpoint.len, "://", 3);
    struct slice host = scheme == NULL ? endpoint : slice_skip(endpoint, (size_t)(scheme - endpoint.ptr) + 3);
    const char *port = memrchr(host.ptr, ':', host.len);

    if (port != NULL && memchr(port, ']', host.len - (size_t)(port - host.ptr)) == NULL)
        host.len = (size_t)(port - host.ptr);
    return host;
}

/* A proxy for what is outside does not know the server. */
static void add_no_proxy(struct arena *arena, const char *name, struct slice host)
{
    const char *before = getenv(name);
    bool any = before != NULL && before[0] != '\0';

    setenv(name, arena_printf(arena, "%s%s%.*s", any ? before : "", any ? "," : "", SLICE_ARGS(host)).ptr, 1);
}

void tool_environment_set(struct arena *arena, const struct tool_server *server)
{
    bool keys = server->access_key_id.len > 0;
    struct slice host = host_of(server->endpoint);

    for (size_t i = 0; i < sizeof(misleading) / sizeof(misleading[0]); i++)
        unsetenv(misleading[i]);
    unset_endpoints_of_services(arena);
    setenv("AWS_ENDPOINT_URL", arena_copy(arena, server->endpoint).ptr, 1);
    setenv("AWS_REGION", arena_copy(arena, server->region).ptr, 1);
    /* Tools do not start without keys, even if the server does not ask for any. */
    setenv("AWS_ACCESS_KEY_ID", keys ? arena_copy(arena, server->access_key_id).ptr : "turntable", 1);
    setenv("AWS_SECRET_ACCESS_KEY", keys ? arena_copy(arena, server->secret_access_key).ptr : "turntable", 1);
    if (server->session_token.len > 0)
        setenv("AWS_SESSION_TOKEN", arena_copy(arena, server->session_token).ptr, 1);
    add_no_proxy(arena, "NO_PROXY", host);
    add_no_proxy(arena, "no_proxy", host);
    setenv("AMPLIFY_DISABLE_TELEMETRY", "1", 1);
    setenv("CDK_DISABLE_CLI_TELEMETRY", "true", 1);
}
