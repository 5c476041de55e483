#include "services/sts/assumption.h"

#include "iam/pattern.h"
#include "services/gate.h"
#include "services/sts/input.h"
#include "services/sts/question.h"
#include "services/storage_failure.h"

/* ---- may they ---- */

/* What AWS says whether the role is there or not, and whoever's policy does not allow it. */
static bool deny(struct request *request, const struct assumption *assumption, const char *action)
{
    if (assumption->identity != NULL)
        return fail(&request->failure, ERROR_ACCESS_DENIED, "Not authorized to perform %s", action);
    return fail(&request->failure, ERROR_ACCESS_DENIED,
                "User: %.*s is not authorized to perform: %s on resource: %.*s",
                SLICE_ARGS(request->principal.arn), action, SLICE_ARGS(assumption->role_arn));
}

static bool allows(struct question *question, const struct assumption *assumption, const char *action)
{
    struct request *request = question->request;
    struct iam_request asked = question_of(question, action, assumption->role_arn);
    struct authority outsider = {.principal = {.kind = IAM_WEB_IDENTITY}};
    const struct authority *authority = request->principal.authority;

    if (assumption->identity != NULL) {
        outsider.principal.provider = assumption->identity->provider;
        authority = &outsider;
    }
    if (authority == NULL) /* --no-auth */
        return true;
    asked.resource_policy = question->role->trust;
    struct iam_verdict verdict = iam_evaluate_trust(authority, &asked);
    gate_note(request, authority, &asked, &verdict);
    return verdict.outcome == IAM_ALLOWED || deny(request, assumption, action);
}

/* Tags and a source identity need permissions of their own, handed on ones as well. AWS: "Passing session
 * tags in AWS STS", "Monitor and control actions taken with assumed roles". */
static bool allows_all(struct request *request, const struct assumption *assumption,
                       const struct identity *role)
{
    const struct session *session = &assumption->session;
    struct question question = {.request = request,
                                .session = session,
                                .identity =
                                    assumption->identity == NULL ? NULL : &assumption->identity->context,
                                .role = role,
                                .external_id = assumption->external_id};

    return allows(&question, assumption, assumption->action) &&
           (session->tags.count == 0 || allows(&question, assumption, "sts:TagSession")) &&
           (session->source_identity.len == 0 || allows(&question, assumption, "sts:SetSourceIdentity"));
}

/* "Roles may not be assumed by root accounts"; and with the credentials of GetFederationToken "you cannot
 * call any STS operations except GetCallerIdentity". AWS: API_GetFederationToken. */
static bool check_caller(struct request *request, const struct assumption *assumption)
{
    const struct principal *principal = &request->principal;

    if (assumption->identity != NULL)
        return true;
    if (principal->kind == PRINCIPAL_ROOT)
        return fail(&request->failure, ERROR_ACCESS_DENIED, "Roles may not be assumed by root accounts.");
    return principal->credentials != CREDENTIALS_FEDERATION || deny(request, assumption, assumption->action);
}

/* ---- what a session hands on ---- */

static bool conflicts(const struct session_tags *tags, struct slice key)
{
    for (size_t i = 0; i < tags->count; i++) {
        if (input_same_key(tags->items[i].key, key))
            return true;
    }
    return false;
}

/* The transitive tags of the session that asks. AWS: "Passing session tags in AWS STS", chaining roles. */
static bool inherit_tags(struct request *request, struct session_tags *tags)
{
    const struct principal *principal = &request->principal;
    struct session_tags own = *tags;

    for (size_t i = 0; i < principal->tag_count; i++) {
        const struct principal_tag *from = &principal->tags[i];
        if (!from->transitive)
            continue;
        if (conflicts(&own, from->key))
            return fail(&request->failure, ERROR_INVALID_PARAMETER_VALUE,
                        "One of the specified transitive tag keys can't be set because it conflicts with a "
                        "transitive tag key from the calling session.");
        tags->items =
            arena_grow(request->arena, tags->items, tags->count, tags->count + 1, sizeof(tags->items[0]));
        tags->items[tags->count++] = (struct session_tag){from->key, from->value, true};
    }
    return true;
}

/* "You can't change it": a source identity stays what it was first. */
static bool inherit_source_identity(struct request *request, struct assumption *assumption)
{
    struct slice first = request->principal.source_identity, *source = &assumption->session.source_identity;

    if (first.len == 0)
        return true;
    if (source->len > 0 && !slice_equal(*source, first))
        return deny(request, assumption, "sts:SetSourceIdentity");
    *source = first;
    return true;
}

static bool inherit(struct request *request, struct assumption *assumption)
{
    return assumption->identity != NULL ||
           (inherit_tags(request, &assumption->session.tags) && inherit_source_identity(request, assumption));
}

/* ---- the role ---- */

/* "arn:aws:iam::ACCOUNT:role/path/NAME" to its name. */
static bool read_arn(struct request *request, struct slice arn, struct slice *name)
{
    struct slice parts[6];

    if (arn_split(arn, false, parts) != 6 || !slice_is(parts[0], "arn"))
        return fail(&request->failure, ERROR_VALIDATION, "%.*s is invalid", SLICE_ARGS(arn));
    if (!slice_is(parts[1], "aws") || !slice_is(parts[2], "iam") || parts[3].len > 0 ||
        !slice_starts_with(parts[5], SLICE("role/")))
        return fail(&request->failure, ERROR_VALIDATION, "Request ARN is invalid");
    *name = parts[5];
    for (size_t i = 0; i < parts[5].len; i++) {
        if (parts[5].ptr[i] == '/')
            *name = slice_skip(parts[5], i + 1);
    }
    return true;
}

/* Only with true there is something to be released. */
static bool hold_role(struct request *request, const struct assumption *assumption,
                      const struct identity **role)
{
    struct slice name;

    if (!read_arn(request, assumption->role_arn, &name))
        return false;
    enum storage_status status = directory_hold(request->server->directory, IDENTITY_ROLE, name, role);
    if (status == STORAGE_OK && slice_equal((*role)->arn, assumption->role_arn))
        return true;
    if (status == STORAGE_OK)
        directory_release(*role);
    return status == STORAGE_OK || status == STORAGE_NOT_FOUND ? deny(request, assumption, assumption->action)
                                                               : storage_failure(&request->failure, status);
}

static bool check_duration(struct request *request, const struct assumption *assumption,
                           const struct identity *role)
{
    bool chained = assumption->identity == NULL && request->principal.kind == PRINCIPAL_ROLE_SESSION;

    if (assumption->duration > role->max_session)
        return fail(&request->failure, ERROR_VALIDATION,
                    "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
    return !chained || assumption->duration <= CHAINED_DURATION_LIMIT ||
           fail(&request->failure, ERROR_VALIDATION,
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role "
                "chaining");
}

/* ---- the session ---- */

static void add_contexts(struct request *request, struct session *session,
                         const struct session_contexts *more)
{
    struct session_contexts *all = &session->context;

    all->items =
        arena_grow(request->arena, all->items, all->count, all->count + more->count, sizeof(all->items[0]));
    if (more->count > 0)
        memcpy(all->items + all->count, more->items, more->count * sizeof(all->items[0]));
    all->count += more->count;
}

static bool begin_session(struct request *request, struct assumption *assumption, const struct identity *role,
                          struct assumed *out)
{
    struct session *session = &assumption->session;
    struct arena *arena = request->arena;

    session->kind = SESSION_ROLE;
    session->owner = arena_copy(arena, role->name);
    session->owner_id = arena_copy(arena, role->id);
    if (assumption->identity != NULL) {
        session->provider = assumption->identity->provider;
        add_contexts(request, session, &assumption->identity->context);
    }
    out->role_id = arena_printf(arena, "%.*s:%.*s", SLICE_ARGS(role->id), SLICE_ARGS(session->name));
    out->arn = arena_printf(arena, "arn:aws:sts::%.*s:assumed-role/%.*s/%.*s",
                            SLICE_ARGS(request->server->account_id), SLICE_ARGS(role->name),
                            SLICE_ARGS(session->name));
    return issue(request, session, assumption->duration, &out->issued);
}

bool assume(struct request *request, struct assumption *assumption, struct assumed *out)
{
    const struct identity *role;

    if (!check_caller(request, assumption) || !hold_role(request, assumption, &role))
        return false;
    bool begun = inherit(request, assumption) && allows_all(request, assumption, role) &&
                 check_duration(request, assumption, role) && begin_session(request, assumption, role, out);
    directory_release(role);
    return begun;
}

void assumed_write(struct request *request, bool *first, const struct assumption *assumption,
                   const struct assumed *assumed)
{
    struct buffer *out = request->out;
    bool inner = true;

    issue_write(request, first, &assumed->issued);
    json_write_name(out, first, "AssumedRoleUser");
    buffer_append_byte(out, '{');
    json_write_string_member(out, &inner, "AssumedRoleId", assumed->role_id);
    json_write_string_member(out, &inner, "Arn", assumed->arn);
    buffer_append_byte(out, '}');
    if (assumption->session.source_identity.len > 0)
        json_write_string_member(out, first, "SourceIdentity", assumption->session.source_identity);
}
