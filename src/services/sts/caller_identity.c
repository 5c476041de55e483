/* GetCallerIdentity, for which nobody needs a permission, and GetAccessKeyInfo. AWS: API_GetCallerIdentity,
 * API_GetAccessKeyInfo. */
#include "auth/session.h"
#include "base/characters.h"
#include "directory/directory.h"
#include "services/query_input.h"
#include "services/storage_failure.h"
#include "services/sts/handlers.h"

bool get_caller_identity(struct request *request)
{
    const struct principal *principal = &request->principal;
    struct buffer *out = request->out;
    bool first = true;

    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "Arn", principal->arn);
    json_write_string_member(out, &first, "UserId", principal->user_id);
    json_write_string_member(out, &first, "Account", principal->account);
    buffer_append_byte(out, '}');
    return true;
}

static bool is_key_id(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!is_word_character(text.ptr[i]))
            return false;
    }
    return true;
}

static const struct shape key_id = {
    .kind = SHAPE_STRING, .min = 16, .max = 128, .matches = is_key_id, .pattern = "[\\w]*"};
static const struct shape_entry members[] = {{"AccessKeyId", &key_id, true}, {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

/* A session's key is known by its form alone, for nothing is kept of sessions; root's, when root asks. */
static bool is_ours(struct request *request, struct slice id, bool *out)
{
    struct key_owner owner;

    *out = session_is_key_id(id) || slice_equal(id, request->principal.access_key_id);
    if (*out)
        return true;
    enum storage_status status = directory_find_key(request->server->directory, id, &owner);
    *out = status == STORAGE_OK;
    return status == STORAGE_OK || status == STORAGE_NOT_FOUND || storage_failure(&request->failure, status);
}

bool get_access_key_info(struct request *request)
{
    bool ours, first = true;

    if (!query_input_accepts(request, &input) ||
        !is_ours(request, shape_text(request->body, "AccessKeyId"), &ours))
        return false;
    if (!ours)
        return fail(&request->failure, ERROR_VALIDATION, "Access Key Id %.*s is not valid",
                    SLICE_ARGS(shape_text(request->body, "AccessKeyId")));
    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first, "Account", request->server->account_id);
    buffer_append_byte(request->out, '}');
    return true;
}
