/*
 * RedeemSignInLink: the token of a one-time link (links.h) becomes a session of root. No signature is asked
 * for: the token is the proof. It is taken from this machine only.
 *
 * The handler has an effect of its own, that a token is used up: nothing is written, so it runs once a
 * request.
 */
#include "base/clock.h"
#include "http/loopback.h"
#include "http/server.h"
#include "services/query_input.h"
#include "services/request.h"
#include "services/sts/issue.h"
#include "services/turntable/handlers.h"
#include "services/turntable/links.h"

enum { SESSION_SECONDS = 3600 }; /* as GetSessionToken's of root */

static const struct shape token = {.kind = SHAPE_STRING, .min = LINK_TOKEN_LENGTH, .max = LINK_TOKEN_LENGTH};
static const struct shape_entry members[] = {{"Token", &token, true}, {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

static bool is_from_here(const struct request *request)
{
    return request->http != NULL && http_is_loopback(request->http->peer);
}

bool redeem_sign_in_link(struct request *request)
{
    struct links *links = request->server->links;
    struct session session = {.kind = SESSION_USER};
    struct issued issued;
    bool first = true;

    if (!query_input_accepts(request, &input))
        return false;
    if (!is_from_here(request))
        return fail(&request->failure, ERROR_ACCESS_DENIED,
                    "A sign-in link is good only on the machine that the server runs on");
    if (links == NULL || !links_redeem(links, shape_text(request->body, "Token"), clock_now()))
        return fail(&request->failure, ERROR_ACCESS_DENIED,
                    "This sign-in link was used before, or is older than %d minutes",
                    LINK_LIFETIME / 60 / 1000);
    if (!issue(request, &session, SESSION_SECONDS, &issued))
        return false;
    buffer_append_byte(request->out, '{');
    issue_write(request, &first, &issued);
    buffer_append_byte(request->out, '}');
    return true;
}
