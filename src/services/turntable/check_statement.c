/*
 * CheckStatement: where a statement of PartiQL stops being well formed. ExecuteStatement says that one is
 * not, as AWS does, and not where. It is about the text alone, so whoever is signed in may ask.
 */
#include "expressions/partiql/partiql.h"
#include "services/query_input.h"
#include "services/request.h"
#include "services/turntable/handlers.h"

enum { STATEMENT_LIMIT = 8192 }; /* as ExecuteStatement's */

static const struct shape statement = {
    .kind = SHAPE_STRING, .min = 1, .max = STATEMENT_LIMIT, .in_characters = true};
static const struct shape_entry members[] = {{"Statement", &statement, true}, {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

bool check_statement(struct request *request)
{
    struct statement_place place;

    if (!query_input_accepts(request, &input))
        return false;
    if (statement_is_well_formed(request->arena, shape_text(request->body, "Statement"), &place))
        buffer_append_string(request->out, "{\"WellFormed\":true}");
    else
        buffer_printf(request->out, "{\"WellFormed\":false,\"Line\":%u,\"Column\":%u,\"Length\":%u}",
                      place.line, place.column, place.length);
    return true;
}
