/*
 * CreateConsoleSession: a session of the console of whoever's key this is signed with, so that the console
 * need not keep the key. As with GetSessionToken no permission is needed: the session may do no more than the
 * key.
 */
#include "services/query_input.h"
#include "services/turntable/console_session.h"
#include "services/turntable/handlers.h"

enum { SHORTEST = 900, LONGEST = 43200, USUAL = 3600 }; /* seconds; AWS's console: 12 hours at most */

static const struct shape duration = {.kind = SHAPE_INTEGER, .min = SHORTEST, .max = LONGEST};
static const struct shape_entry members[] = {{"DurationSeconds", &duration, false}, {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

bool create_console_session(struct request *request)
{
    struct link_owner owner;

    return query_input_accepts(request, &input) && console_owner(request, &owner) &&
           console_session(request, &owner, shape_number(request->body, "DurationSeconds", USUAL));
}
