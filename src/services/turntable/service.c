/*
 * What the server's own commands ask of it, in the query protocol: no service of AWS's. Who is no root needs
 * the permission, "turntable:" and the name, on "*".
 */
#include "services/denials.h"
#include "services/operation.h"
#include "services/query_input.h"
#include "services/request.h"

enum { ID_LIMIT = 128 };

static const struct shape id = {.kind = SHAPE_STRING, .min = 1, .max = ID_LIMIT};
static const struct shape_entry members[] = {{"RequestId", &id, true}, {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

/* Why a request was denied, by the id that its answer had. */
static bool explain_denial(struct request *request)
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

static const struct operation operations[] = {
    {"ExplainDenial", explain_denial, "turntable:ExplainDenial", OPERATION_READ, CALLER_SIGNED, NULL},
};

const struct service turntable_service = {
    .name = "turntable",
    .protocol = PROTOCOL_QUERY,
    .version = "2026-11-26",
    .xmlns = "urn:turntable:2026-11-26",
    .content_type = "text/xml",
    .operations = operations,
    .operation_count = sizeof(operations) / sizeof(operations[0]),
};
