/*
 * RedeemSignInLink: the token of a one-time link (links.h) becomes a session of the console, of who
 * made the link. No signature is asked for: the token is the proof. It is taken from this machine only.
 *
 * The handler has an effect of its own, that a token is used up: nothing is written, so it runs once a
 * request.
 */
#include "base/clock.h"
#include "services/query_input.h"
#include "services/request.h"
#include "services/turntable/console_session.h"
#include "services/turntable/from_here.h"
#include "services/turntable/handlers.h"
#include "services/turntable/links.h"

enum { SESSION_SECONDS = 3600 };

static const struct shape token = {.kind = SHAPE_STRING, .min = LINK_TOKEN_LENGTH, .max = LINK_TOKEN_LENGTH};
static const struct shape_entry members[] = {{"Token", &token, true}, {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

bool redeem_sign_in_link(struct request *request)
{
    struct link_owner owner;

    if (!query_input_accepts(request, &input) || !is_from_here(request))
        return false;
    if (!links_redeem(request->server->links, shape_text(request->body, "Token"), clock_now(), request->arena,
                      &owner))
        return fail(&request->failure, ERROR_ACCESS_DENIED,
                    "This sign-in link was used before, or is older than %d minutes",
                    LINK_LIFETIME / 60 / 1000);
    return console_session(request, &owner, SESSION_SECONDS);
}
