/*
 * CreateResource, UpdateResource, DeleteResource: what is wrong with a request is told at once, and what it
 * asks for is done behind the answer. AWS: API reference of Cloud Control; "Performing resource operations".
 */
#include <inttypes.h>

#include "base/clock.h"
#include "base/hash.h"
#include "deploy/properties.h"
#include "services/cloudcontrol/asking.h"
#include "services/cloudcontrol/control.h"
#include "services/cloudcontrol/handlers.h"
#include "services/cloudcontrol/input.h"
#include "services/cloudcontrol/patch.h"
#include "services/cloudcontrol/progress.h"
#include "services/gate.h"
#include "services/operation.h"
#include "services/storage_failure.h"

/* So many requests may be under way. */
enum { UNDER_WAY_LIMIT = 500 };

#define COMMON_MEMBERS                                                                                       \
    {"TypeName", &control_type_name, true}, {"TypeVersionId", &control_type_version, false},                 \
        {"RoleArn", &control_role, false},                                                                   \
    {                                                                                                        \
        "ClientToken", &control_token, false                                                                 \
    }
static const struct shape_entry create_members[] = {
    COMMON_MEMBERS, {"DesiredState", &control_properties, true}, {0}};
static const struct shape create_input = {.kind = SHAPE_STRUCTURE, .members = create_members};
static const struct shape_entry update_members[] = {COMMON_MEMBERS,
                                                    {"Identifier", &control_identifier, true},
                                                    {"PatchDocument", &control_properties, true},
                                                    {0}};
static const struct shape update_input = {.kind = SHAPE_STRUCTURE, .members = update_members};
static const struct shape_entry delete_members[] = {
    COMMON_MEMBERS, {"Identifier", &control_identifier, true}, {0}};
static const struct shape delete_input = {.kind = SHAPE_STRUCTURE, .members = delete_members};

/* A request, while it is read. */
struct wish {
    struct request *request;
    const struct resource_type *type;
    struct asking asking;
    struct resource_work work;
    struct control_record record;
    struct client_token_record client;
    struct version client_version;
};

/* ---- what was asked before ---- */

static struct slice fingerprint_of(struct request *request)
{
    static const char *const members[] = {"TypeName", "Identifier", "DesiredState", "PatchDocument",
                                          "RoleArn"};
    struct buffer text;

    buffer_init(&text);
    buffer_append_string(&text, request->operation->name);
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        struct slice member = shape_text(request->body, members[i]);
        buffer_append_u64(&text, member.len);
        buffer_append(&text, member);
    }
    struct slice made = arena_printf(request->arena, "%016" PRIx64, hash_bytes(buffer_slice(&text)));
    buffer_finish(&text);
    return made;
}

/* `repeated`: the client token came with this very request before, whose progress is the answer. */
static bool check_client_token(struct wish *wish, bool *repeated)
{
    struct request *request = wish->request;
    struct storage *storage = request->server->storage;
    struct slice token = wish->record.client_token;
    struct client_token_record *client = &wish->client;

    *repeated = false;
    if (token.len == 0)
        return true;
    enum storage_status status =
        client_token_read(storage, request->arena, token, client, &wish->client_version);
    struct slice fingerprint = fingerprint_of(request);
    bool known = status == STORAGE_OK && client->time > wish->record.begun - CONTROL_CLIENT_TOKEN;
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return storage_failure(&request->failure, status);
    if (known && !slice_equal(client->fingerprint, fingerprint))
        return fail(&request->failure, ERROR_CC_CLIENT_TOKEN_CONFLICT,
                    "Request with client token %.*s was already made with other parameters",
                    SLICE_ARGS(token));
    if (known)
        status = control_read(storage, request->arena, client->token, &wish->record, NULL);
    *repeated = known && status == STORAGE_OK;
    *client = (struct client_token_record){wish->record.token, wish->record.begun, fingerprint};
    return status == STORAGE_OK || status == STORAGE_NOT_FOUND || storage_failure(&request->failure, status);
}

/* ---- beginning ---- */

static bool check_room(struct request *request)
{
    struct key_range marks = control_marks(request->arena, SLICE(""));
    struct cursor *cursor = cursor_create(request->server->storage, NULL, marks.from, marks.to, FORWARD);
    struct slice key, value;
    size_t count = 0;

    while (count < UNDER_WAY_LIMIT && cursor_next(cursor, &key, &value) == STORAGE_OK)
        count++;
    cursor_destroy(cursor);
    return count < UNDER_WAY_LIMIT ||
           fail(&request->failure, ERROR_THROTTLING, "%d resource requests are under way", UNDER_WAY_LIMIT);
}

static bool lock(struct wish *wish)
{
    struct request *request = wish->request;
    struct control_record *record = &wish->record;
    struct version version;

    if (record->identifier.len == 0)
        return true;
    enum storage_status status = control_find_lock(request->server->storage, request->arena, record->type,
                                                   record->identifier, &version);
    if (status == STORAGE_OK)
        return fail(&request->failure, ERROR_CC_CONCURRENT_OPERATION,
                    "Another resource operation is currently being performed on this resource.");
    if (status != STORAGE_NOT_FOUND)
        return storage_failure(&request->failure, status);
    record->locked = true;
    batch_guard(&request->batch, control_lock_key(request->arena, record->type, record->identifier), version);
    return true;
}

static void wake(struct request *request)
{
    control_wake(request->server->control);
}

static bool begin(struct wish *wish)
{
    struct request *request = wish->request;
    struct control_record *record = &wish->record;

    if (!check_room(request) || !lock(wish) || !asking_keep(&wish->asking, &record->caller))
        return false;
    control_begin(&request->batch, record);
    if (record->client_token.len > 0) {
        batch_guard(&request->batch, client_token_key(request->arena, record->client_token),
                    wish->client_version);
        client_token_put(&request->batch, record->client_token, &wish->client);
    }
    request->committed = wake;
    return progress_answer(request, record);
}

/* Reads what all three have in common, and goes on with `go_on` unless the request is a repeated one. */
static bool change_resource(struct request *request, const struct shape *input, const char *operation,
                            bool (*go_on)(struct wish *wish))
{
    struct wish wish = {.request = request};
    bool repeated;

    if (!shape_accepts(request->body, input, &request->failure) || !gate_pass(request))
        return false;
    wish.record = (struct control_record){.type = shape_text(request->body, "TypeName"),
                                          .identifier = shape_text(request->body, "Identifier"),
                                          .operation = slice_of(operation),
                                          .status = SLICE("IN_PROGRESS"),
                                          .begun = clock_now(),
                                          .client_token = shape_text(request->body, "ClientToken")};
    wish.record.token = control_new_token(request->arena, wish.record.begun);
    if (!check_client_token(&wish, &repeated))
        return false;
    if (repeated)
        return progress_answer(request, &wish.record);
    if (!work_type(request, wish.record.type, operation, &wish.type) || !asking_open(request, &wish.asking))
        return false;
    bool done = go_on(&wish);
    asking_close(&wish.asking);
    return done;
}

/* ---- documents ---- */

static bool read_document(struct request *request, const char *member, const struct json **out)
{
    if (json_parse(request->arena, shape_text(request->body, member), PATCH_DEPTH, out) == JSON_OK)
        return true;
    return fail(&request->failure, ERROR_VALIDATION, "%s is no JSON, or has more than %d levels", member,
                PATCH_DEPTH);
}

/* Of what is told of a stack's resource, what is wrong with it: no stack and no logical id is meant here. */
static struct slice without_resource(struct slice problem)
{
    const struct slice words = SLICE(" with message:\n");
    const char *at = memmem(problem.ptr, problem.len, words.ptr, words.len);

    return at == NULL ? problem : slice_skip(problem, (size_t)(at - problem.ptr) + words.len);
}

static bool refuse_model(struct request *request, struct slice problem)
{
    problem = without_resource(problem);
    return fail(&request->failure, ERROR_VALIDATION, "Model validation failed (%.*s)", SLICE_ARGS(problem));
}

/* What is wanted is told as it is to be: what would be a function in a template is none here. */
static bool open_wanted(struct wish *wish, const struct json *wanted)
{
    struct request *request = wish->request;
    struct slice function = work_function_in(wanted);

    if (function.len > 0)
        return refuse_model(request,
                            arena_printf(request->arena, "functions of templates are not evaluated: %.*s",
                                         SLICE_ARGS(function)));
    wish->record.wanted = wanted;
    return (work_open(&wish->work, request->arena, request->server, &wish->asking.invoker, wish->type, wanted,
                      wish->record.token) &&
            work_check(&wish->work)) ||
           refuse_model(request, work_problem(&wish->work));
}

/* ---- CreateResource ---- */

static bool create(struct wish *wish)
{
    struct request *request = wish->request;
    const struct json *wanted;

    if (!read_document(request, "DesiredState", &wanted))
        return false;
    if (wanted->type != JSON_OBJECT)
        return refuse_model(request, SLICE("#: it is no object"));
    for (size_t i = 0; i < wanted->object.count; i++) {
        struct slice name = wanted->object.members[i].name;
        if (work_is_read_only(wish->type, name))
            return fail(&request->failure, ERROR_VALIDATION,
                        "Encountered unsupported property: readOnlyProperties [/properties/%.*s] cannot be "
                        "specified in DesiredState",
                        SLICE_ARGS(name));
    }
    if (!open_wanted(wish, wanted))
        return false;
    wish->record.identifier = work_identifier(&wish->work);
    return begin(wish);
}

bool create_resource(struct request *request)
{
    return change_resource(request, &create_input, "CREATE", create);
}

/* ---- UpdateResource ---- */

/* What only the service decides stays as it is, and is not among what is wanted. */
static bool drop_read_only(struct wish *wish, const struct json *had, const struct json *changed,
                           const struct json **out)
{
    struct request *request = wish->request;
    struct json *wanted = arena_new(request->arena, struct json);

    *wanted =
        (struct json){.type = JSON_OBJECT,
                      .object = {arena_array(request->arena, struct json_member, changed->object.count), 0}};
    for (size_t i = 0; i < had->object.count; i++) {
        const struct json_member *member = &had->object.members[i];
        const struct json *now = json_get_slice(changed, member->name);
        if (work_is_read_only(wish->type, member->name) && (now == NULL || !json_same(now, &member->value)))
            return fail(&request->failure, ERROR_CC_NOT_UPDATABLE,
                        "Invalid patch update: readOnlyProperties [/properties/%.*s] cannot be updated",
                        SLICE_ARGS(member->name));
    }
    for (size_t i = 0; i < changed->object.count; i++) {
        const struct json_member *member = &changed->object.members[i];
        if (!work_is_read_only(wish->type, member->name))
            wanted->object.members[wanted->object.count++] = *member;
    }
    *out = wanted;
    return true;
}

static bool read_wanted(struct wish *wish, const struct json *model, const struct json **out)
{
    struct request *request = wish->request;
    const struct json *patch, *changed;
    struct slice problem;

    if (!read_document(request, "PatchDocument", &patch))
        return false;
    if (!patch_apply(request->arena, model, patch, &changed, &problem))
        return fail(&request->failure, ERROR_VALIDATION, "Invalid patch document: %.*s", SLICE_ARGS(problem));
    if (changed->type != JSON_OBJECT)
        return refuse_model(request, SLICE("#: it is no object"));
    return drop_read_only(wish, model, changed, out);
}

/* Whether what is there can become what is wanted. */
static bool check_change(struct wish *wish)
{
    struct resource_work *work = &wish->work;
    struct making *making = &work->making;

    making->before = wish->record.before;
    if (!work_identify(work, wish->record.identifier) || !work_find(work))
        return asking_fail(wish->request, work);
    bool fits = wish->type->compare == NULL || wish->type->compare(making);
    if (making->fixed != NULL) {
        struct slice text = work_fixed(work);
        return fail(&wish->request->failure, ERROR_CC_NOT_UPDATABLE, "%.*s", SLICE_ARGS(text));
    }
    return fits || asking_fail(wish->request, work);
}

static bool update(struct wish *wish)
{
    struct request *request = wish->request;
    struct resource_work *work = &wish->work;
    const struct json *wanted = NULL, *model;

    if (!work_open_identified(work, request->arena, request->server, &wish->asking.invoker, wish->type,
                              wish->record.identifier) ||
        !work_find(work) || !work_read(work, &wish->record.before, &model))
        return asking_fail(request, work);
    wish->record.identifier = work_identifier(work);
    return read_wanted(wish, model, &wanted) && open_wanted(wish, wanted) && check_change(wish) &&
           begin(wish);
}

bool update_resource(struct request *request)
{
    return change_resource(request, &update_input, "UPDATE", update);
}

/* ---- DeleteResource ---- */

static bool take_away(struct wish *wish)
{
    struct request *request = wish->request;
    struct resource_work *work = &wish->work;

    if (!work_open_identified(work, request->arena, request->server, &wish->asking.invoker, wish->type,
                              wish->record.identifier))
        return asking_fail(request, work);
    wish->record.identifier = work_identifier(work);
    return begin(wish);
}

bool delete_resource(struct request *request)
{
    return change_resource(request, &delete_input, "DELETE", take_away);
}
