/*
 * DescribeContributorInsights, ListContributorInsights, UpdateContributorInsights. Contributor Insights are
 * insight rules of CloudWatch, of which there are none here: they are told as what they are, disabled, and
 * cannot be enabled. AWS: API reference.
 */
#include "base/base64.h"
#include "catalog/catalog.h"
#include "services/accepts.h"
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"

enum { PAGE_LIMIT = 100 };

static const char *const actions[] = {"ENABLE", "DISABLE", NULL};
static const char *const modes[] = {"ACCESSED_AND_THROTTLED_KEYS", "THROTTLED_KEYS", NULL};
static const struct shape action = {.kind = SHAPE_STRING, .words = actions};
static const struct shape mode = {.kind = SHAPE_STRING, .words = modes};
static const struct shape results = {.kind = SHAPE_INTEGER, .min = 1, .max = PAGE_LIMIT};

static const struct shape_entry describe_members[] = {
    {"TableName", &input_table_name, true}, {"IndexName", &input_index_name, false}, {0}};
static const struct shape describe_input = {.kind = SHAPE_STRUCTURE, .members = describe_members};

static const struct shape_entry update_members[] = {{"TableName", &input_table_name, true},
                                                    {"IndexName", &input_index_name, false},
                                                    {"ContributorInsightsAction", &action, true},
                                                    {"ContributorInsightsMode", &mode, false},
                                                    {0}};
static const struct shape update_input = {.kind = SHAPE_STRUCTURE, .members = update_members};

static const struct shape_entry list_members[] = {{"TableName", &input_table_name, false},
                                                  {"NextToken", &shape_string, false},
                                                  {"MaxResults", &results, false},
                                                  {0}};
static const struct shape list_input = {.kind = SHAPE_STRUCTURE, .members = list_members};

static bool find(struct request *request)
{
    struct slice name = shape_text(request->body, "IndexName");

    if (!input_find_table(request, true))
        return false;
    const struct index *index = name.ptr == NULL ? NULL : table_index(request->table, name);
    return name.ptr == NULL || (index != NULL && index->kind == INDEX_GLOBAL) ||
           fail(&request->failure, ERROR_RESOURCE_NOT_FOUND,
                "Requested resource not found: Table: %.*s Index: %.*s not found",
                SLICE_ARGS(request->table->name), SLICE_ARGS(name));
}

/* The members that all answers about one table or index have. */
static void write_disabled(struct request *request, struct slice table, struct slice index)
{
    bool first = true;

    buffer_append_byte(request->out, '{');
    json_write_string_member(request->out, &first, "TableName", table);
    if (index.len > 0)
        json_write_string_member(request->out, &first, "IndexName", index);
    json_write_string_member(request->out, &first, "ContributorInsightsStatus", SLICE("DISABLED"));
    buffer_append_byte(request->out, '}');
}

bool describe_contributor_insights(struct request *request)
{
    if (!input_accepts(request, &describe_input) || !find(request))
        return false;
    write_disabled(request, request->table->name, shape_text(request->body, "IndexName"));
    return true;
}

bool update_contributor_insights(struct request *request)
{
    if (!input_accepts(request, &update_input) || !find(request))
        return false;
    if (slice_is(shape_text(request->body, "ContributorInsightsAction"), "ENABLE"))
        return fail(&request->failure, ERROR_VALIDATION,
                    "Contributor Insights cannot be enabled: this server has no insight rules");
    write_disabled(request, request->table->name, shape_text(request->body, "IndexName"));
    return true;
}

/* ---- the list ---- */

/* The list goes on behind this index of this table; an empty index is the table itself. */
struct place {
    struct slice table;
    struct slice index;
};

/* A token is "TABLE/INDEX"; no name has a slash. */
static bool read_token(struct request *request, struct place *after)
{
    struct slice token = shape_text(request->body, "NextToken"), text;

    *after = (struct place){SLICE(""), SLICE("")};
    if (token.ptr == NULL)
        return true;
    const char *slash =
        base64_decode(request->arena, token, &text) && text.len > 0 ? memchr(text.ptr, '/', text.len) : NULL;
    if (slash == NULL)
        return fail(&request->failure, ERROR_VALIDATION, "The NextToken is invalid");
    after->table = (struct slice){text.ptr, (size_t)(slash - text.ptr)};
    after->index = slice_skip(text, after->table.len + 1);
    return true;
}

struct listing {
    struct request *request;
    size_t left;       /* entries that fit in */
    struct place last; /* of those that were written */
    bool any;
    bool more;
};

static bool list_one(struct listing *listing, struct slice table, struct slice index)
{
    if (listing->left == 0) {
        listing->more = true;
        return false;
    }
    listing->left--;
    if (listing->any)
        buffer_append_byte(listing->request->out, ',');
    listing->any = true;
    listing->last = (struct place){arena_copy(listing->request->arena, table),
                                   arena_copy(listing->request->arena, index)};
    write_disabled(listing->request, table, index);
    return true;
}

/* The table, unless the list begins within it, and its global indexes behind `index` (empty: all). */
static bool list_table(struct listing *listing, const struct table *table, struct slice after, bool begins)
{
    bool skipping = !begins && after.len > 0;

    if (begins && !list_one(listing, table->name, SLICE("")))
        return false;
    for (size_t i = 0; i < table->index_count; i++) {
        const struct index *index = &table->indexes[i];
        if (index->kind != INDEX_GLOBAL)
            continue;
        if (!skipping && !list_one(listing, table->name, index->name))
            return false;
        skipping = skipping && !slice_equal(index->name, after);
    }
    return true;
}

static void list_all(struct listing *listing, struct place after)
{
    struct catalog *catalog = listing->request->server->catalog;
    struct slice names[PAGE_LIMIT + 1]; /* each has an entry at least */
    bool more, going = true;

    struct table *first = after.table.len == 0 ? NULL : catalog_find(catalog, after.table);
    if (first != NULL)
        going = list_table(listing, first, after.index, false);
    table_release(first);
    size_t count = catalog_names(catalog, listing->request->arena, after.table, PAGE_LIMIT + 1, names, &more);
    for (size_t i = 0; going && i < count; i++) {
        struct table *table = catalog_find(catalog, names[i]);
        going = table == NULL || list_table(listing, table, SLICE(""), true);
        table_release(table);
    }
    listing->more = listing->more || (going && more);
}

bool list_contributor_insights(struct request *request)
{
    bool of_one = shape_member(request->body, "TableName") != NULL;
    struct place after;

    if (!accepts(request, &list_input) || !read_token(request, &after) ||
        (of_one && !input_find_table(request, true)))
        return false;
    struct listing listing = {.request = request,
                              .left = (size_t)shape_number(request->body, "MaxResults", PAGE_LIMIT)};
    buffer_append_string(request->out, "{\"ContributorInsightsSummaries\":[");
    if (of_one)
        (void)list_table(&listing, request->table, after.index, after.table.len == 0);
    else
        list_all(&listing, after);
    buffer_append_byte(request->out, ']');
    if (listing.more) {
        buffer_append_string(request->out, ",\"NextToken\":");
        json_write_base64(request->out,
                          arena_printf(request->arena, "%.*s/%.*s", SLICE_ARGS(listing.last.table),
                                       SLICE_ARGS(listing.last.index)));
    }
    buffer_append_byte(request->out, '}');
    return true;
}
