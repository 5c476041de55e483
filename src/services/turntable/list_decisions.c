/*
 * ListDecisions: what policies were asked and what they said, the latest first, page by page. A page's Marker
 * is the number of the last decision that was told, so what comes meanwhile does no harm.
 */
#include <inttypes.h>

#include "base/clock.h"
#include "base/digits.h"
#include "services/decisions.h"
#include "services/query_input.h"
#include "services/request.h"
#include "services/turntable/handlers.h"

enum { PAGE_MOST = 1000, PAGE = 100, TEXT_MOST = 2048 };

static const char *const outcomes[] = {"Allowed", "Denied", NULL};

static const struct shape text = {.kind = SHAPE_STRING, .min = 1, .max = TEXT_MOST};
static const struct shape outcome = {.kind = SHAPE_STRING, .words = outcomes};
static const struct shape page_size = {.kind = SHAPE_INTEGER, .min = 1, .max = PAGE_MOST};
static const struct shape_entry members[] = {{"Outcome", &outcome, false},
                                             {"Principal", &text, false},
                                             {"ActionName", &text, false},
                                             {"ResourcePrefix", &text, false},
                                             {"Since", &shape_time_value, false},
                                             {"MaxItems", &page_size, false},
                                             {"Marker", &text, false},
                                             {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

/* An absent text has ptr NULL. The query protocol calls the operation "Action", so the action that was asked
 * for is "ActionName". */
struct filter {
    struct slice outcome;
    struct slice principal;
    struct slice action; /* in any case, as in policies */
    struct slice resource;
    int64_t since;
};

static bool is_wanted(void *context, const struct decision *decision)
{
    const struct filter *filter = context;

    return decision->time >= filter->since &&
           (filter->outcome.ptr == NULL || decision->allowed == slice_is(filter->outcome, "Allowed")) &&
           (filter->principal.ptr == NULL || slice_equal(filter->principal, decision->principal)) &&
           (filter->action.ptr == NULL || slice_alike(filter->action, decision->action)) &&
           (filter->resource.ptr == NULL || slice_starts_with(decision->resource, filter->resource));
}

static void write_decision(struct request *request, const struct decision *decision)
{
    static const char *const layers[] = {[LAYER_NONE] = "none",
                                         [LAYER_IDENTITY] = "identity",
                                         [LAYER_BOUNDARY] = "boundary",
                                         [LAYER_SESSION] = "session",
                                         [LAYER_RESOURCE] = "resource"};
    struct buffer *out = request->out;
    struct slice time = clock_label(request->arena, decision->time);
    bool first = true;

    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "Time", arena_printf(request->arena, "%.*sZ", SLICE_ARGS(time)));
    json_write_string_member(out, &first, "RequestId", decision->request_id);
    json_write_string_member(out, &first, "Outcome", decision->allowed ? SLICE("Allowed") : SLICE("Denied"));
    json_write_string_member(out, &first, "Principal", decision->principal);
    json_write_string_member(out, &first, "Action", decision->action);
    json_write_string_member(out, &first, "Resource", decision->resource);
    json_write_string_member(out, &first, "PolicyType", slice_of(layers[decision->layer]));
    if (decision->policy.len > 0)
        json_write_string_member(out, &first, "Policy", decision->policy);
    if (decision->statement > 0)
        json_write_int64_member(out, &first, "Statement", (int64_t)decision->statement);
    if (decision->statement_id.len > 0)
        json_write_string_member(out, &first, "Sid", decision->statement_id);
    buffer_append_byte(out, '}');
}

static bool read_marker(struct request *request, uint64_t *before)
{
    struct slice marker = shape_text(request->body, "Marker");

    *before = UINT64_MAX;
    return marker.ptr == NULL || digits_parse(marker, 10, INT64_MAX, before) ||
           fail(&request->failure, ERROR_VALIDATION, "Invalid Marker.");
}

bool list_decisions(struct request *request)
{
    uint64_t before;

    if (!query_input_accepts(request, &input) || !read_marker(request, &before))
        return false;
    struct filter filter = {.outcome = shape_text(request->body, "Outcome"),
                            .principal = shape_text(request->body, "Principal"),
                            .action = shape_text(request->body, "ActionName"),
                            .resource = shape_text(request->body, "ResourcePrefix"),
                            .since = shape_time(request->body, "Since", INT64_MIN)};
    size_t most = (size_t)shape_number(request->body, "MaxItems", PAGE), count = 0;
    struct decision *page = arena_array(request->arena, struct decision, most + 1);
    if (request->server->decisions != NULL)
        count = decisions_list(request->server->decisions, before, most + 1, is_wanted, &filter,
                               request->arena, page);
    size_t told = count < most ? count : most;
    buffer_append_string(request->out, "{\"Decisions\":[");
    for (size_t i = 0; i < told; i++) {
        if (i > 0)
            buffer_append_byte(request->out, ',');
        write_decision(request, &page[i]);
    }
    buffer_printf(request->out, "],\"IsTruncated\":%s", count > most ? "true" : "false");
    if (count > most)
        buffer_printf(request->out, ",\"Marker\":\"%" PRIu64 "\"", page[most - 1].number);
    buffer_append_byte(request->out, '}');
    return true;
}
