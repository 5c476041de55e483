/* GetResourceRequestStatus, ListResourceRequests, CancelResourceRequest. AWS: API reference of Cloud Control;
 * "Managing resource operation requests". */
#include "base/base64.h"
#include "base/clock.h"
#include "services/cloudcontrol/control.h"
#include "services/cloudcontrol/handlers.h"
#include "services/cloudcontrol/input.h"
#include "services/cloudcontrol/progress.h"
#include "services/gate.h"
#include "services/storage_failure.h"

enum { PAGE = 20 };

static const struct shape operation = {.kind = SHAPE_STRING, .words = control_operations},
                          status = {.kind = SHAPE_STRING, .words = control_statuses},
                          operations = {.kind = SHAPE_LIST, .element = &operation},
                          statuses = {.kind = SHAPE_LIST, .element = &status};
static const struct shape_entry filter_members[] = {
    {"Operations", &operations, false}, {"OperationStatuses", &statuses, false}, {0}};
static const struct shape filter = {.kind = SHAPE_STRUCTURE, .members = filter_members};
static const struct shape_entry list_members[] = {{"MaxResults", &control_page_size, false},
                                                  {"NextToken", &control_page_token, false},
                                                  {"ResourceRequestStatusFilter", &filter, false},
                                                  {0}};
static const struct shape list_input = {.kind = SHAPE_STRUCTURE, .members = list_members};
static const struct shape_entry one_members[] = {{"RequestToken", &control_token, true}, {0}};
static const struct shape one_input = {.kind = SHAPE_STRUCTURE, .members = one_members};

/* ---- events ---- */

void progress_write(struct buffer *out, const struct control_record *record)
{
    bool first = true;

    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "TypeName", record->type);
    if (record->identifier.len > 0)
        json_write_string_member(out, &first, "Identifier", record->identifier);
    json_write_string_member(out, &first, "RequestToken", record->token);
    json_write_string_member(out, &first, "Operation", record->operation);
    json_write_string_member(out, &first, "OperationStatus", record->status);
    json_write_time_member(out, &first, "EventTime", record->begun);
    if (record->message.len > 0)
        json_write_string_member(out, &first, "StatusMessage", record->message);
    if (record->code.len > 0)
        json_write_string_member(out, &first, "ErrorCode", record->code);
    buffer_append_byte(out, '}');
}

bool progress_answer(struct request *request, const struct control_record *record)
{
    buffer_append_string(request->out, "{\"ProgressEvent\":");
    progress_write(request->out, record);
    buffer_append_byte(request->out, '}');
    return true;
}

/* ---- one ---- */

static bool find(struct request *request, struct control_record *out, struct version *version)
{
    struct slice token = shape_text(request->body, "RequestToken");
    enum storage_status found = control_read(request->server->storage, request->arena, token, out, version);

    if (found == STORAGE_NOT_FOUND ||
        (found == STORAGE_OK && out->begun <= clock_now() - CONTROL_KEPT && control_is_settled(out)))
        return fail(&request->failure, ERROR_CC_REQUEST_TOKEN_NOT_FOUND,
                    "Request with token %.*s was not found", SLICE_ARGS(token));
    return found == STORAGE_OK || storage_failure(&request->failure, found);
}

bool get_resource_request_status(struct request *request)
{
    struct control_record record;

    return shape_accepts(request->body, &one_input, &request->failure) && gate_pass(request) &&
           find(request, &record, NULL) && progress_answer(request, &record);
}

static void wake(struct request *request)
{
    control_wake(request->server->control);
}

/* "Only resource operations requests with a status of PENDING or IN_PROGRESS can be canceled." What is being
 * made already is made. */
bool cancel_resource_request(struct request *request)
{
    struct control_record record;
    struct version version;

    if (!shape_accepts(request->body, &one_input, &request->failure) || !gate_pass(request) ||
        !find(request, &record, &version))
        return false;
    if (!slice_is(record.status, "IN_PROGRESS"))
        return fail(&request->failure, ERROR_VALIDATION,
                    "Request with token %.*s cannot be cancelled: its status is %.*s",
                    SLICE_ARGS(record.token), SLICE_ARGS(record.status));
    record.status = SLICE("CANCEL_IN_PROGRESS");
    batch_guard(&request->batch, control_key(request->arena, record.token), version);
    control_put(&request->batch, &record);
    request->committed = wake;
    return progress_answer(request, &record);
}

/* ---- all ---- */

static bool is_wanted(const struct json *list, struct slice word)
{
    bool wanted = list == NULL || list->array.count == 0;

    for (size_t i = 0; !wanted && i < list->array.count; i++)
        wanted = slice_equal(list->array.items[i].text, word);
    return wanted;
}

/* The next that is to be told, the newest first; it becomes the place of the next call. */
static enum storage_status next(struct request *request, struct slice *place, struct control_record *out)
{
    const struct json *wanted = shape_member(request->body, "ResourceRequestStatusFilter");
    int64_t kept = clock_now() - CONTROL_KEPT;
    enum storage_status found;

    do {
        found = control_read_before(request->server->storage, request->arena, *place, out);
        if (found == STORAGE_OK)
            *place = out->token;
        if (found == STORAGE_OK && out->begun <= kept)
            return STORAGE_NOT_FOUND;
    } while (found == STORAGE_OK && (!is_wanted(shape_member(wanted, "Operations"), out->operation) ||
                                     !is_wanted(shape_member(wanted, "OperationStatuses"), out->status)));
    return found;
}

bool list_resource_requests(struct request *request)
{
    struct slice place = SLICE(""), last = SLICE("");
    struct control_record record;
    bool first = true;

    if (!shape_accepts(request->body, &list_input, &request->failure) || !gate_pass(request))
        return false;
    int64_t left = shape_number(request->body, "MaxResults", PAGE);
    struct slice token = shape_text(request->body, "NextToken");
    if (token.ptr != NULL && (!base64_decode(request->arena, token, &place) || place.len == 0))
        return fail(&request->failure, ERROR_VALIDATION, "NextToken is invalid");
    buffer_append_byte(request->out, '{');
    json_write_name(request->out, &first, "ResourceRequestStatusSummaries");
    buffer_append_byte(request->out, '[');
    enum storage_status found = next(request, &place, &record);
    for (; found == STORAGE_OK && left > 0; left--, found = next(request, &place, &record)) {
        if (last.len > 0)
            buffer_append_byte(request->out, ',');
        progress_write(request->out, &record);
        last = record.token;
    }
    if (found != STORAGE_OK && found != STORAGE_NOT_FOUND)
        return storage_failure(&request->failure, found);
    buffer_append_byte(request->out, ']');
    if (found == STORAGE_OK) {
        json_write_name(request->out, &first, "NextToken");
        json_write_base64(request->out, last);
    }
    buffer_append_byte(request->out, '}');
    return true;
}
