/*
 * SimulateCustomPolicy, SimulatePrincipalPolicy, GetContextKeysForCustomPolicy and
 * GetContextKeysForPrincipalPolicy: what policies would say of requests that nobody makes.
 */
#include "iam/pattern.h"
#include "services/iam/handlers.h"
#include "services/iam/page.h"
#include "services/iam/simulated.h"

/* How much may be searched for one page, some hundred milliseconds, and how long it may be: then it ends,
 * full or not. */
enum { PAGE_WORK_LIMIT = 16 * WORK_LIMIT, PAGE_BYTES_LIMIT = 1024 * 1024, INDEX_DIGITS = 10 };

/* ---- input ---- */

static const struct shape action_name = {.kind = SHAPE_STRING, .min = 3, .max = 128, .in_characters = true};
static const struct shape action_names = {.kind = SHAPE_LIST, .element = &action_name};
static const struct shape resource_name = {
    .kind = SHAPE_STRING, .min = 1, .max = 2048, .in_characters = true};
static const struct shape resource_names = {.kind = SHAPE_LIST, .element = &resource_name};
static const struct shape key_name = {.kind = SHAPE_STRING, .min = 5, .max = 256, .in_characters = true};
static const char *const key_types[] = {"string",      "stringList", "numeric", "numericList", "boolean",
                                        "booleanList", "ip",         "ipList",  "binary",      "binaryList",
                                        "date",        "dateList",   NULL};
static const struct shape key_type = {.kind = SHAPE_STRING, .words = key_types};
static const struct shape_entry entry_members[] = {{"ContextKeyName", &key_name, false},
                                                   {"ContextKeyValues", &shape_string_list, false},
                                                   {"ContextKeyType", &key_type, false},
                                                   {0}};
static const struct shape entry = {.kind = SHAPE_STRUCTURE, .members = entry_members};
static const struct shape entries = {.kind = SHAPE_LIST, .element = &entry};
static const struct shape handling = {.kind = SHAPE_STRING, .min = 1, .max = 64, .in_characters = true};

#define SIMULATION_MEMBERS                                                                                   \
    {"PermissionsBoundaryPolicyInputList", &form_documents, false}, {"ActionNames", &action_names, true},    \
        {"ResourceArns", &resource_names, false}, {"ResourcePolicy", &form_document, false},                 \
        {"ResourceOwner", &resource_name, false}, {"CallerArn", &resource_name, false},                      \
        {"ContextEntries", &entries, false}, {"ResourceHandlingOption", &handling, false},                   \
        {"MaxItems", &form_max_items, false}, {"Marker", &form_marker, false},                               \
    {                                                                                                        \
        0                                                                                                    \
    }

static const struct shape_entry custom_members[] = {
    {"PolicyInputList", &form_documents, true},
    {"OrderedOrganizationPolicyInputList", &shape_list, false},
    SIMULATION_MEMBERS};
static const struct shape custom_input = {.kind = SHAPE_STRUCTURE, .members = custom_members};
static const struct shape_entry principal_members[] = {{"PolicySourceArn", &form_arn, true},
                                                       {"PolicyInputList", &form_documents, false},
                                                       {"PolicyExclusionList", &shape_list, false},
                                                       SIMULATION_MEMBERS};
static const struct shape principal_input = {.kind = SHAPE_STRUCTURE, .members = principal_members};
static const struct shape_entry custom_keys_members[] = {{"PolicyInputList", &form_documents, true}, {0}};
static const struct shape custom_keys_input = {.kind = SHAPE_STRUCTURE, .members = custom_keys_members};
static const struct shape_entry principal_keys_members[] = {
    {"PolicySourceArn", &form_arn, true}, {"PolicyInputList", &form_documents, false}, {0}};
static const struct shape principal_keys_input = {.kind = SHAPE_STRUCTURE, .members = principal_keys_members};

/* "service:Operation", without wildcards. */
static bool is_action(struct slice name)
{
    const char *colon = memchr(name.ptr, ':', name.len);

    return colon != NULL && colon > name.ptr && colon < name.ptr + name.len - 1 &&
           memchr(name.ptr, '*', name.len) == NULL && memchr(name.ptr, '?', name.len) == NULL;
}

static bool is_resource(struct slice name)
{
    struct slice parts[6];

    return slice_is(name, "*") || (arn_split(name, false, parts) == 6 && slice_is(parts[0], "arn"));
}

/* A resource's account is the caller's, or else two accounts would have to allow it. */
static bool check_owner(struct request *request, struct slice arn, struct slice account)
{
    struct slice parts[6];

    return arn_split(arn, false, parts) < 5 || parts[4].len == 0 || slice_equal(parts[4], account) ||
           fail(
               &request->failure, ERROR_INVALID_INPUT,
               "Requests across accounts are not simulated: %.*s belongs to another account than the caller.",
               SLICE_ARGS(arn));
}

static bool check_names(struct request *request, const struct simulated *simulated)
{
    const struct json *actions = shape_member(request->body, "ActionNames");
    const struct json *resources = shape_member(request->body, "ResourceArns");
    struct slice owner = form_text(request, "ResourceOwner");
    struct slice account = simulated->authority.principal.account;

    for (size_t i = 0; i < actions->array.count; i++) {
        if (!is_action(actions->array.items[i].text))
            return fail(&request->failure, ERROR_INVALID_INPUT, "Invalid Entity Action: %.*s",
                        SLICE_ARGS(actions->array.items[i].text));
    }
    for (size_t i = 0; resources != NULL && i < resources->array.count; i++) {
        struct slice arn = resources->array.items[i].text;
        if (!is_resource(arn))
            return fail(&request->failure, ERROR_INVALID_INPUT, "Invalid Entity Arn: %.*s", SLICE_ARGS(arn));
        if (simulated->resource_policy != NULL && !check_owner(request, arn, account))
            return false;
    }
    return owner.ptr == NULL || simulated->resource_policy == NULL || check_owner(request, owner, account);
}

/* ---- answers ---- */

/* The ranges of a policy's statements, which many results may tell. */
struct known_ranges {
    const struct policy *policy;
    struct text_range *ranges;
    struct known_ranges *next;
};

struct answering {
    struct request *request;
    struct simulated *simulated;
    struct known_ranges *ranges;
    size_t work;
};

static const struct text_range *range_of(struct answering *answering, const struct iam_match *match)
{
    struct known_ranges *known = answering->ranges;

    while (known != NULL && known->policy != match->policy)
        known = known->next;
    if (known == NULL) {
        known = arena_new(answering->request->arena, struct known_ranges);
        *known = (struct known_ranges){match->policy,
                                       policy_statement_ranges(match->policy, answering->request->arena),
                                       answering->ranges};
        answering->ranges = known;
    }
    return &known->ranges[match->statement];
}

static void write_position(struct buffer *out, bool *first, const char *name, struct text_position position)
{
    json_write_name(out, first, name);
    buffer_printf(out, "{\"Line\":%zu,\"Column\":%zu}", position.line, position.column);
}

static void write_matches(struct answering *answering, bool *first, const struct iam_simulation *simulation)
{
    struct buffer *out = answering->request->out;

    json_write_name(out, first, "MatchedStatements");
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < simulation->match_count; i++) {
        const struct iam_match *match = &simulation->matches[i];
        const struct text_range *range = range_of(answering, match);
        bool first_of_match = true;
        buffer_append_string(out, i > 0 ? ",{" : "{");
        json_write_string_member(out, &first_of_match, "SourcePolicyId", simulated_policy_id(match->where));
        json_write_string_member(out, &first_of_match, "SourcePolicyType",
                                 match->where == NULL ? SLICE("Resource Policy") : SLICE("IAM Policy"));
        write_position(out, &first_of_match, "StartPosition", range->start);
        write_position(out, &first_of_match, "EndPosition", range->end);
        buffer_append_byte(out, '}');
    }
    buffer_append_byte(out, ']');
}

static void write_keys(struct buffer *out, bool *first, const char *name, const struct iam_keys *keys)
{
    json_write_name(out, first, name);
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < keys->count; i++) {
        if (i > 0)
            buffer_append_byte(out, ',');
        json_write_string(out, keys->names[i]);
    }
    buffer_append_byte(out, ']');
}

static void write_boundary(struct answering *answering, bool *first, const struct iam_simulation *simulation)
{
    struct buffer *out = answering->request->out;

    if (answering->simulated->authority.boundary == NULL)
        return;
    json_write_name(out, first, "PermissionsBoundaryDecisionDetail");
    buffer_printf(out, "{\"AllowedByPermissionsBoundary\":%s}",
                  simulation->boundary_allows ? "true" : "false");
}

static struct slice decision_of(const struct iam_simulation *simulation)
{
    switch (simulation->verdict.outcome) {
    case IAM_ALLOWED:
        return SLICE("allowed");
    case IAM_EXPLICITLY_DENIED:
        return SLICE("explicitDeny");
    case IAM_IMPLICITLY_DENIED:
        break;
    }
    return SLICE("implicitDeny");
}

/* Of a resource that is named, keys are told with the resource, and EvalDecisionDetails is there and empty:
 * it tells of requests across accounts. AWS: API reference, EvaluationResult. */
static void write_result(struct answering *answering, const struct iam_request *asked,
                         const struct iam_simulation *simulation)
{
    static const struct iam_keys none = {0};
    struct buffer *out = answering->request->out;
    bool named = !slice_is(asked->resource, "*"), first = true;

    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "EvalActionName", asked->action);
    json_write_string_member(out, &first, "EvalResourceName", asked->resource);
    json_write_string_member(out, &first, "EvalDecision", decision_of(simulation));
    write_matches(answering, &first, simulation);
    write_keys(out, &first, "MissingContextValues", named ? &none : &simulation->missing);
    write_boundary(answering, &first, simulation);
    if (named) {
        buffer_append_string(out, ",\"EvalDecisionDetails\":{},\"ResourceSpecificResults\":[{");
        first = true;
        json_write_string_member(out, &first, "EvalResourceName", asked->resource);
        json_write_string_member(out, &first, "EvalResourceDecision", decision_of(simulation));
        write_matches(answering, &first, simulation);
        write_keys(out, &first, "MissingContextValues", &simulation->missing);
        buffer_append_string(out, ",\"EvalDecisionDetails\":{}");
        write_boundary(answering, &first, simulation);
        buffer_append_string(out, "}]");
    }
    buffer_append_byte(out, '}');
}

/* ---- simulations ---- */

static bool simulate_one(struct answering *answering, const struct iam_request *asked)
{
    struct request *request = answering->request;
    struct iam_simulation simulation;

    if (!iam_simulate(&answering->simulated->authority, asked, request->arena, &simulation))
        return fail(&request->failure, ERROR_POLICY_EVALUATION,
                    "The policies take too long to evaluate for %.*s on %.*s.", SLICE_ARGS(asked->action),
                    SLICE_ARGS(asked->resource));
    write_result(answering, asked, &simulation);
    answering->work += simulation.work;
    return true;
}

/* Results have no names: a marker is the number of the last one. */
static bool first_of_page(const struct page *page, size_t *out)
{
    size_t number = 0;

    for (size_t i = 0; i < page->after.len; i++) {
        if (page->after.ptr[i] < '0' || page->after.ptr[i] > '9' || page->after.len != INDEX_DIGITS)
            return fail(&page->request->failure, ERROR_VALIDATION, "Invalid Marker.");
        number = 10 * number + (size_t)(page->after.ptr[i] - '0');
    }
    *out = page->after.len > 0 ? number + 1 : 0;
    return true;
}

/* Each action on each resource. A page that took long, or is long, ends before it is full: "IAM might return
 * fewer". */
static bool simulate_all(struct request *request, struct simulated *simulated)
{
    const struct json *actions = shape_member(request->body, "ActionNames");
    const struct json *resources = shape_member(request->body, "ResourceArns");
    size_t resource_count = resources == NULL || resources->array.count == 0 ? 1 : resources->array.count;
    struct answering answering = {.request = request, .simulated = simulated};
    struct page page;
    size_t i = 0;

    if (!check_names(request, simulated) || !page_begin(&page, request, "EvaluationResults") ||
        !first_of_page(&page, &i))
        return false;
    for (; i < actions->array.count * resource_count && !page.more; i++) {
        const struct iam_request asked = {
            .action = actions->array.items[i / resource_count].text,
            .resource = resources == NULL || resources->array.count == 0
                            ? SLICE("*")
                            : resources->array.items[i % resource_count].text,
            .context = simulated->context,
            .resource_policy = simulated->resource_policy,
        };
        if (answering.work >= PAGE_WORK_LIMIT || request->out->len >= PAGE_BYTES_LIMIT)
            page.more = true;
        else if (page_takes(&page, arena_printf(request->arena, "%010zu", i)) &&
                 !simulate_one(&answering, &asked))
            return false;
    }
    page_end(&page);
    return true;
}

/* What would change the answer, and is not looked at. */
static bool check_unserved(struct request *request)
{
    static const char *const members[] = {"OrderedOrganizationPolicyInputList", "PolicyExclusionList"};

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        const struct json *list = shape_member(request->body, members[i]);
        if (list != NULL && list->array.count > 0)
            return fail(&request->failure, ERROR_INVALID_INPUT, "%s is not served here", members[i]);
    }
    return true;
}

static bool simulate(struct request *request, const struct shape *input)
{
    struct simulated simulated;

    if (!form_accepts(request, input) || !check_unserved(request))
        return false;
    bool done = simulated_begin(request, &simulated) && simulate_all(request, &simulated);
    simulated_end(&simulated);
    return done;
}

bool simulate_custom_policy(struct request *request)
{
    return simulate(request, &custom_input);
}

bool simulate_principal_policy(struct request *request)
{
    return simulate(request, &principal_input);
}

/* ---- keys ---- */

static bool get_keys(struct request *request, const struct shape *input)
{
    struct simulated simulated;
    struct iam_keys keys = {0};
    bool first = true;

    if (!form_accepts(request, input))
        return false;
    bool done = simulated_begin(request, &simulated);
    for (size_t i = 0; done && i < simulated.authority.identity_count; i++)
        done = iam_keys_add(&keys, simulated.authority.identity[i].policy, request->arena) ||
               fail(&request->failure, ERROR_INVALID_INPUT,
                    "The policies reference more than %d context keys.", KEYS_LIMIT);
    if (done) {
        buffer_append_byte(request->out, '{');
        write_keys(request->out, &first, "ContextKeyNames", &keys);
        buffer_append_byte(request->out, '}');
    }
    simulated_end(&simulated);
    return done;
}

bool get_context_keys_for_custom_policy(struct request *request)
{
    return get_keys(request, &custom_keys_input);
}

bool get_context_keys_for_principal_policy(struct request *request)
{
    return get_keys(request, &principal_keys_input);
}
