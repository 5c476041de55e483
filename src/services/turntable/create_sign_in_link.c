/*
 * CreateSignInLink: the token of a one-time link (links.h) that signs in to the console as who asks.
 */
#include "auth/principal_keys.h"
#include "base/clock.h"
#include "services/gate.h"
#include "services/query_input.h"
#include "services/turntable/console_session.h"
#include "services/turntable/from_here.h"
#include "services/turntable/handlers.h"
#include "services/turntable/links.h"

static const struct shape_entry members[] = {{0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

/* The token is made here and now, and not by a commit: so who asks has to have passed the gate before. */
bool create_sign_in_link(struct request *request)
{
    struct link_owner owner;
    bool first = true;

    if (!query_input_accepts(request, &input) || !gate_pass(request) || !console_owner(request, &owner) ||
        !is_from_here(request))
        return false;
    int64_t now = clock_now();
    struct slice token = links_issue(request->server->links, &owner, now, request->arena);
    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first, "Token", token);
    json_write_string_member(request->out, &first, "Expiration",
                             key_time((now + LINK_LIFETIME) / 1000, request->arena));
    buffer_append_byte(request->out, '}');
    return true;
}
