/*
 * CreateGlobalTable, DescribeGlobalTable, ListGlobalTables, UpdateGlobalTable. AWS: API reference; "Global
 * tables version 2017.11.29 (Legacy)".
 */
#include "services/dynamodb/global_table.h"

#include "base/clock.h"
#include "catalog/catalog.h"
#include "catalog/keys.h"
#include "services/accepts.h"
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/resource.h"
#include "services/gate.h"
#include "services/storage_failure.h"

enum { NAMES_LIMIT = 100 };

const struct shape global_table_name = {
    .kind = SHAPE_STRING, .min = 3, .max = 255, .matches = input_is_name, .pattern = "[a-zA-Z0-9_.-]+"};

static const struct shape_entry replica_members[] = {{"RegionName", &shape_string, false}, {0}};
static const struct shape replica = {
    .kind = SHAPE_STRUCTURE, .members = replica_members, .java = "com.amazonaws.dynamodb.v20120810.Replica"};
static const struct shape replicas = {.kind = SHAPE_LIST, .element = &replica};
static const struct shape_entry create_members[] = {
    {"GlobalTableName", &global_table_name, true}, {"ReplicationGroup", &replicas, true}, {0}};
static const struct shape create_input = {.kind = SHAPE_STRUCTURE, .members = create_members};

static const struct shape_entry describe_members[] = {{"GlobalTableName", &global_table_name, true}, {0}};
static const struct shape describe_input = {.kind = SHAPE_STRUCTURE, .members = describe_members};

static const struct shape limit = {.kind = SHAPE_INTEGER, .min = 1};
static const struct shape_entry list_members[] = {
    {"ExclusiveStartGlobalTableName", &global_table_name, false},
    {"Limit", &limit, false},
    {"RegionName", &shape_string, false},
    {0}};
static const struct shape list_input = {.kind = SHAPE_STRUCTURE, .members = list_members};

static const struct shape_entry action_members[] = {{"RegionName", &shape_string, true}, {0}};
static const struct shape action = {.kind = SHAPE_STRUCTURE, .members = action_members};
static const struct shape_entry replica_update_members[] = {
    {"Create", &action, false}, {"Delete", &action, false}, {0}};
static const struct shape replica_update = {.kind = SHAPE_STRUCTURE, .members = replica_update_members};
static const struct shape replica_updates = {.kind = SHAPE_LIST, .element = &replica_update};
static const struct shape_entry update_members[] = {
    {"GlobalTableName", &global_table_name, true}, {"ReplicaUpdates", &replica_updates, true}, {0}};
static const struct shape update_input = {.kind = SHAPE_STRUCTURE, .members = update_members};

bool global_table_is_home(const struct request *request, struct slice region)
{
    return slice_equal(region, request->server->region);
}

bool global_table_refuse_region(struct request *request, struct slice region)
{
    return fail(&request->failure, ERROR_VALIDATION,
                "A table cannot have a replica in %.*s: this server serves the Region %.*s only",
                SLICE_ARGS(region), SLICE_ARGS(request->server->region));
}

bool global_table_find(struct request *request)
{
    struct slice name = shape_text(request->body, "GlobalTableName");

    request->table = gate_table(request, name);
    return (request->table != NULL && request->table->global_since > 0) ||
           fail(&request->failure, ERROR_GLOBAL_TABLE_NOT_FOUND,
                "Global table with name: '%.*s' does not exist.", SLICE_ARGS(name));
}

static bool respond(struct request *request, const struct table *table, const char *status)
{
    const struct server *server = request->server;
    struct buffer *out = request->out;
    bool first = true;

    buffer_append_string(out, "{\"GlobalTableDescription\":{\"ReplicationGroup\":[{\"RegionName\":");
    json_write_string(out, server->region);
    buffer_printf(out, ",\"ReplicaStatus\":\"%s\"}],", status);
    json_write_string_member(out, &first, "GlobalTableArn",
                             arena_printf(request->arena, "arn:aws:dynamodb::%.*s:global-table/%.*s",
                                          SLICE_ARGS(server->account_id), SLICE_ARGS(table->name)));
    json_write_time_member(out, &first, "CreationDateTime", table->global_since);
    json_write_string_member(out, &first, "GlobalTableStatus", slice_of(status));
    json_write_string_member(out, &first, "GlobalTableName", table->name);
    buffer_append_string(out, "}}");
    return true;
}

/* ---- making one ---- */

static bool check_replicas(struct request *request)
{
    const struct json *list = shape_member(request->body, "ReplicationGroup");
    struct failure *failure = &request->failure;

    if (list->array.count == 0)
        return fail(
            failure, ERROR_VALIDATION,
            "One or more parameter values were invalid: ReplicationGroup must have at least one replica");
    for (size_t i = 0; i < list->array.count; i++) {
        struct slice region = shape_text(&list->array.items[i], "RegionName");
        if (region.len == 0)
            return fail(
                failure, ERROR_VALIDATION,
                "One or more parameter values were invalid: RegionName must be specified for each replica");
        if (!global_table_is_home(request, region))
            return global_table_refuse_region(request, region);
        if (i > 0)
            return fail(failure, ERROR_VALIDATION,
                        "One or more parameter values were invalid: The Region %.*s is there twice",
                        SLICE_ARGS(region));
    }
    return true;
}

/* "DynamoDB Streams must be enabled, with both the new and the old images of the item", and "none of the
 * replica tables in the global table can contain any data". */
static bool check_table(struct request *request)
{
    const struct table *table = request->table;
    int64_t counters[2];

    if (table->global_since > 0)
        return fail(&request->failure, ERROR_GLOBAL_TABLE_ALREADY_EXISTS,
                    "Global table with name: '%.*s' already exists.", SLICE_ARGS(table->name));
    if (table->stream.view != STREAM_NEW_AND_OLD_IMAGES)
        return fail(&request->failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: Table %.*s must have a stream of "
                    "NEW_AND_OLD_IMAGES to become a global table",
                    SLICE_ARGS(table->name));
    enum storage_status status =
        storage_read_counters(request->server->storage, keys_counters(request->arena, table, NULL), counters);
    if (status != STORAGE_OK)
        return storage_failure(&request->failure, status);
    return counters[0] == 0 || fail(&request->failure, ERROR_VALIDATION,
                                    "One or more parameter values were invalid: Table %.*s must be empty to "
                                    "become a global table",
                                    SLICE_ARGS(table->name));
}

static bool declare(struct request *request, struct table *draft)
{
    (void)request;
    draft->global_since = clock_now();
    return true;
}

bool create_global_table(struct request *request)
{
    struct slice name = shape_text(request->body, "GlobalTableName");

    if (!accepts(request, &create_input) || !check_replicas(request))
        return false;
    request->table = gate_table(request, name);
    if (request->table == NULL)
        return fail(&request->failure, ERROR_TABLE_NOT_FOUND, "Table not found: %.*s", SLICE_ARGS(name));
    return check_table(request) && resource_change(request, declare) &&
           respond(request, request->table, "CREATING");
}

bool describe_global_table(struct request *request)
{
    return accepts(request, &describe_input) && global_table_find(request) &&
           respond(request, request->table, "ACTIVE");
}

/* ---- changing one ---- */

static bool check_update(struct request *request, const struct json *update)
{
    const struct json *create = shape_member(update, "Create"), *delete = shape_member(update, "Delete");

    if ((create == NULL) == (delete == NULL))
        return fail(
            &request->failure, ERROR_VALIDATION,
            "One or more parameter values were invalid: A replica update has either Create or Delete");
    struct slice region = shape_text(create != NULL ? create : delete, "RegionName");
    bool is_home = global_table_is_home(request, region);
    if (create != NULL && is_home)
        return fail(&request->failure, ERROR_REPLICA_ALREADY_EXISTS, "Replica already exists in Region: %.*s",
                    SLICE_ARGS(region));
    if (create != NULL)
        return global_table_refuse_region(request, region);
    return is_home || fail(&request->failure, ERROR_REPLICA_NOT_FOUND, "Replica not found in Region: %.*s",
                           SLICE_ARGS(region));
}

/* Without its one replica it is no global table; the table stays. */
static bool withdraw(struct request *request, struct table *draft)
{
    (void)request;
    draft->global_since = 0;
    return true;
}

bool update_global_table(struct request *request)
{
    const struct json *updates = shape_member(request->body, "ReplicaUpdates");

    if (!accepts(request, &update_input))
        return false;
    if (updates->array.count == 0)
        return fail(
            &request->failure, ERROR_VALIDATION,
            "One or more parameter values were invalid: ReplicaUpdates must have at least one update");
    if (!global_table_find(request))
        return false;
    for (size_t i = 0; i < updates->array.count; i++) {
        if (!check_update(request, &updates->array.items[i]))
            return false;
    }
    if (updates->array.count > 1)
        return fail(&request->failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: The Region %.*s is there twice",
                    SLICE_ARGS(request->server->region));
    return respond(request, request->table, "UPDATING") && resource_change(request, withdraw);
}

/* ---- the list ---- */

static bool is_global(struct catalog *catalog, struct slice name)
{
    struct table *table = catalog_find(catalog, name);
    bool global = table != NULL && table->global_since > 0;

    table_release(table);
    return global;
}

static void write_entry(struct request *request, struct slice name, bool first)
{
    buffer_append_string(request->out, first ? "{\"GlobalTableName\":" : ",{\"GlobalTableName\":");
    json_write_string(request->out, name);
    buffer_append_string(request->out, ",\"ReplicationGroup\":[{\"RegionName\":");
    json_write_string(request->out, request->server->region);
    buffer_append_string(request->out, "}]}");
}

bool list_global_tables(struct request *request)
{
    struct catalog *catalog = request->server->catalog;
    struct slice names[NAMES_LIMIT], after, last = SLICE("");
    int64_t left = shape_number(request->body, "Limit", NAMES_LIMIT);
    struct slice region = shape_text(request->body, "RegionName");
    bool more, full = false, first = true;

    if (!accepts(request, &list_input))
        return false;
    more = region.ptr == NULL || global_table_is_home(request, region);
    after = shape_text(request->body, "ExclusiveStartGlobalTableName");
    buffer_append_string(request->out, "{\"GlobalTables\":[");
    while (more && !full) {
        size_t count = catalog_names(catalog, request->arena, after, NAMES_LIMIT, names, &more);
        for (size_t i = 0; i < count && !full; i++) {
            after = names[i];
            if (!is_global(catalog, names[i]))
                continue;
            full = left-- == 0;
            if (full)
                break;
            write_entry(request, names[i], first);
            first = false;
            last = names[i];
        }
    }
    buffer_append_byte(request->out, ']');
    if (full) {
        buffer_append_string(request->out, ",\"LastEvaluatedGlobalTableName\":");
        json_write_string(request->out, last);
    }
    buffer_append_byte(request->out, '}');
    return true;
}
