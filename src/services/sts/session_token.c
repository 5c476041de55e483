/* GetSessionToken and GetFederationToken: credentials for a while, of the user who asks or of somebody he
 * makes. AWS: API_GetSessionToken, API_GetFederationToken. */
#include "services/operation.h"
#include "services/sts/handlers.h"
#include "services/sts/input.h"
#include "services/sts/issue.h"
#include "services/sts/question.h"

enum { USER_DURATION = 43200, ROOT_DURATION_LIMIT = 3600 };

/* "Sessions for AWS account owners are restricted to a maximum of 3,600 seconds (one hour)"; longer ones
 * become that long. */
static int64_t duration_of(struct request *request)
{
    int64_t duration = shape_number(request->body, "DurationSeconds", USER_DURATION);

    bool is_user = request->principal.kind == PRINCIPAL_USER;

    return !is_user && duration > ROOT_DURATION_LIMIT ? ROOT_DURATION_LIMIT : duration;
}

/* Only lasting credentials make these, those of users and root. */
static bool check_caller(struct request *request)
{
    return request->principal.credentials == CREDENTIALS_LASTING ||
           fail(&request->failure, ERROR_ACCESS_DENIED, "Cannot call %s with session credentials",
                request->operation->name);
}

static void take_owner(const struct request *request, struct session *session)
{
    if (request->principal.kind != PRINCIPAL_USER)
        return;
    session->owner = request->principal.user_name;
    session->owner_id = request->principal.user_id;
}

/* ---- GetSessionToken ---- */

static const struct shape_entry session_members[] = {{"DurationSeconds", &sts_duration, false},
                                                     {"SerialNumber", &sts_serial_number, false},
                                                     {"TokenCode", &sts_token_code, false},
                                                     {"MinimumSessionTokenSize", &sts_token_size, false},
                                                     {0}};
static const struct shape session_input = {.kind = SHAPE_STRUCTURE, .members = session_members};

bool get_session_token(struct request *request)
{
    struct session session = {.kind = SESSION_USER};
    struct issued issued;
    bool first = true;

    if (!query_input_accepts(request, &session_input) || !check_caller(request))
        return false;
    if (shape_text(request->body, "TokenCode").ptr != NULL ||
        shape_text(request->body, "SerialNumber").ptr != NULL)
        return fail(&request->failure, ERROR_ACCESS_DENIED,
                    "MultiFactorAuthentication failed with invalid MFA one time pass code. ");
    take_owner(request, &session);
    if (!issue(request, &session, duration_of(request), &issued))
        return false;
    buffer_append_byte(request->out, '{');
    issue_write(request, &first, &issued);
    buffer_append_byte(request->out, '}');
    return true;
}

/* ---- GetFederationToken ---- */

static const struct shape policy = {.kind = SHAPE_STRING, .min = 1, .max = 2048, .in_characters = true};
static const struct shape_entry federation_members[] = {{"Name", &sts_user_name, true},
                                                        {"Policy", &policy, false},
                                                        {"PolicyArns", &sts_policy_arns, false},
                                                        {"DurationSeconds", &sts_duration, false},
                                                        {"Tags", &sts_tags, false},
                                                        {"MinimumSessionTokenSize", &sts_token_size, false},
                                                        {0}};
static const struct shape federation_input = {.kind = SHAPE_STRUCTURE, .members = federation_members};

static bool may_federate(struct request *request, const struct session *session, struct slice arn)
{
    struct question question = {.request = request, .session = session};

    return question_permits(&question, "sts:GetFederationToken", arn) &&
           (session->tags.count == 0 || question_permits(&question, "sts:TagSession", arn));
}

static void answer_federation(struct request *request, const struct session *session,
                              const struct issued *issued, struct slice arn)
{
    struct buffer *out = request->out;
    bool first = true, inner = true;

    buffer_append_byte(out, '{');
    issue_write(request, &first, issued);
    json_write_name(out, &first, "FederatedUser");
    buffer_append_byte(out, '{');
    json_write_string_member(out, &inner, "FederatedUserId",
                             arena_printf(request->arena, "%.*s:%.*s",
                                          SLICE_ARGS(request->server->account_id),
                                          SLICE_ARGS(session->name)));
    json_write_string_member(out, &inner, "Arn", arn);
    buffer_append_string(out, "}}");
}

bool get_federation_token(struct request *request)
{
    struct session session = {.kind = SESSION_FEDERATION};
    struct issued issued;

    if (!query_input_accepts(request, &federation_input) || !input_read_policies(request, &session) ||
        !input_read_tags(request, &session.tags) || !check_caller(request))
        return false;
    session.name = shape_text(request->body, "Name");
    struct slice arn = arena_printf(request->arena, "arn:aws:sts::%.*s:federated-user/%.*s",
                                    SLICE_ARGS(request->server->account_id), SLICE_ARGS(session.name));
    if (!may_federate(request, &session, arn))
        return false;
    take_owner(request, &session);
    if (!issue(request, &session, duration_of(request), &issued))
        return false;
    answer_federation(request, &session, &issued, arn);
    return true;
}
