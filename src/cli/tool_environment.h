/*
 * The environment of a child process in which AWS's SDKs and tools use one server, whatever the user's own
 * settings for AWS say.
 */
#ifndef TURNTABLE_CLI_TOOL_ENVIRONMENT_H
#define TURNTABLE_CLI_TOOL_ENVIRONMENT_H

#include "base/arena.h"

struct tool_server {
    struct slice endpoint; /* with an address, not a name (client_endpoint_by_address()) */
    struct slice region;
    struct slice access_key_id; /* empty: the server asks for none */
    struct slice secret_access_key;
    struct slice session_token; /* may be empty */
};

/* Changes the variables of this process, which its children inherit. The arena is for what is made on the
 * way. */
void tool_environment_set(struct arena *arena, const struct tool_server *server);

#endif
