#include "services/cloudformation/template_source.h"

#include "deploy/template.h"
#include "services/gate.h"
#include "services/inner.h"
#include "services/s3/address.h"
#include "services/s3/objects.h"
#include "stacks/stack_policy.h"

/* AWS: "CloudFormation quotas", template body size in a request. */
enum { BODY_LIMIT = 51200, URL_LIMIT = 5120, POLICY_LIMIT = 16384 };

const struct shape template_body_shape = {.kind = SHAPE_STRING, .min = 1, .max = BODY_LIMIT};
const struct shape template_url_shape = {.kind = SHAPE_STRING, .min = 1, .max = URL_LIMIT};

/* ---- fetching ---- */

/* What S3 says, in CloudFormation's words. */
static bool refuse(struct arena *arena, struct slice *problem, const char *sentence)
{
    *problem = arena_printf(arena,
                            "S3 error: %s\nFor more information check "
                            "http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html",
                            sentence);
    return false;
}

/* Whether who asks for the stack may read the object himself. */
static bool may_read(const struct inner_caller *caller, struct server *server, struct arena *arena,
                     const struct s3_address *address)
{
    struct request request = {
        .server = server, .principal = caller->principal, .arena = arena, .within = true, .via = caller->via};

    failure_init(&request.failure, arena);
    return gate_foresees(
        &request, "s3:GetObject",
        arena_printf(arena, "arn:aws:s3:::%.*s/%.*s", SLICE_ARGS(address->bucket), SLICE_ARGS(address->key)),
        NULL);
}

static bool read_object(struct server *server, const struct s3_address *address, struct arena *arena,
                        struct slice *text, struct slice *problem)
{
    switch (objects_read(server->objects, arena, address->bucket, address->key, TEMPLATE_SIZE_LIMIT, text)) {
    case OBJECTS_OK:
        return true;
    case OBJECTS_NO_BUCKET:
        return refuse(arena, problem, "The specified bucket does not exist");
    case OBJECTS_NO_KEY:
        return refuse(arena, problem, "The specified key does not exist.");
    case OBJECTS_TOO_LARGE:
        *problem = arena_printf(arena, "Template may not exceed %d bytes in size.", TEMPLATE_SIZE_LIMIT);
        return false;
    case OBJECTS_FAILED:
        break;
    }
    return refuse(arena, problem, "We encountered an internal error. Please try again.");
}

bool template_fetch(struct server *server, struct inner_caller *caller, struct arena *arena, struct slice url,
                    struct slice *text, struct slice *problem)
{
    struct s3_address address;

    if (!s3_url_read(arena, url, &address)) {
        *problem = SLICE("TemplateURL must be a supported URL.");
        return false;
    }
    return may_read(caller, server, arena, &address) ? read_object(server, &address, arena, text, problem)
                                                     : refuse(arena, problem, "Access Denied");
}

bool template_of_request(struct request *request, struct slice *text)
{
    struct slice body = shape_text(request->body, "TemplateBody");
    struct slice url = shape_text(request->body, "TemplateURL");
    struct slice problem;

    if (body.ptr != NULL && url.ptr != NULL)
        return fail(&request->failure, ERROR_VALIDATION,
                    "Template URL and Template Body can not be specified at the same time");
    if (body.ptr == NULL && url.ptr == NULL)
        return fail(&request->failure, ERROR_VALIDATION,
                    "Either Template URL or Template Body must be specified.");
    if (body.ptr != NULL) {
        *text = body;
        return true;
    }
    struct inner_caller caller = inner_of(request, "cloudformation.amazonaws.com");
    return template_fetch(request->server, &caller, request->arena, url, text, &problem) ||
           fail(&request->failure, ERROR_VALIDATION, "%.*s", SLICE_ARGS(problem));
}

bool stack_policy_of_request(struct request *request, const char *body, const char *url, struct slice *text)
{
    struct slice given = shape_text(request->body, body), place = shape_text(request->body, url), problem;

    if (given.ptr != NULL && place.ptr != NULL)
        return fail(&request->failure, ERROR_VALIDATION,
                    "You cannot specify both %s and %s in the same request.", body, url);
    *text = given;
    if (place.ptr != NULL) {
        struct inner_caller caller = inner_of(request, "cloudformation.amazonaws.com");
        if (!template_fetch(request->server, &caller, request->arena, place, text, &problem))
            return fail(&request->failure, ERROR_VALIDATION, "%.*s", SLICE_ARGS(problem));
    }
    if (text->len == 0)
        return true;
    if (text->len > POLICY_LIMIT)
        return fail(&request->failure, ERROR_VALIDATION,
                    "Error validating stack policy: a policy has at most %d bytes", POLICY_LIMIT);
    return stack_policy_check(request->arena, *text, &problem) ||
           fail(&request->failure, ERROR_VALIDATION, "%.*s", SLICE_ARGS(problem));
}
