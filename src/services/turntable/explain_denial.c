/* ExplainDenial: why a request was denied, by the id that its answer had. Who was denied may ask with the
 * same credentials; of others' denials it takes the permission. */
#include "services/denials.h"
#include "services/operation.h"
#include "services/permissions.h"
#include "services/query_input.h"
#include "services/request.h"
#include "services/turntable/handlers.h"

enum { ID_LIMIT = 128 };

static const struct shape id = {.kind = SHAPE_STRING, .min = 1, .max = ID_LIMIT};
static const struct shape_entry members[] = {{"RequestId", &id, true}, {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

bool explain_denial_needs(struct request *request, struct permissions *needs)
{
    struct denials *denials = request->server->denials;
    const struct json *asked = json_get(request->body, "RequestId");

    if (denials != NULL && asked != NULL && asked->type == JSON_STRING &&
        denials_are_of(denials, asked->text, request->principal.access_key_id))
        return true;
    (void)permissions_add(needs, request->operation->action, SLICE("*"));
    return true;
}

bool explain_denial(struct request *request)
{
    struct denials *denials = request->server->denials;
    struct slice text, request_id;
    bool first = true;

    if (!query_input_accepts(request, &input))
        return false;
    request_id = shape_text(request->body, "RequestId");
    if (denials == NULL || !denials_find(denials, request_id, request->arena, &text))
        return fail(&request->failure, ERROR_NO_SUCH_ENTITY,
                    "No denial of a request %.*s is known; the last %d are kept while the server runs",
                    SLICE_ARGS(request_id), DENIALS_LIMIT);
    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first, "Explanation", text);
    buffer_append_byte(request->out, '}');
    return true;
}
