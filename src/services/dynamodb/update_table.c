/*
 * UpdateTable: settings change at once; an index that is added is filled, and one that is removed is erased,
 * behind the answer. AWS: API reference, UpdateTable; "Managing Global Secondary Indexes".
 */
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/replica_updates.h"
#include "services/dynamodb/table_capacity.h"
#include "services/dynamodb/table_change.h"
#include "services/dynamodb/table_description.h"
#include "services/dynamodb/table_input.h"

enum { UPDATES_LIMIT = 2 * GLOBAL_INDEX_LIMIT }; /* of one request; no two are of one index */

static const struct shape_entry update_members[] = {{"IndexName", &input_index_name, true},
                                                    {"ProvisionedThroughput", &table_input_throughput, false},
                                                    {"OnDemandThroughput", &table_input_on_demand, false},
                                                    {"WarmThroughput", &table_input_warm, false},
                                                    {0}};
static const struct shape update_action = {
    .kind = SHAPE_STRUCTURE,
    .members = update_members,
    .java = "com.amazonaws.dynamodb.v20120810.UpdateGlobalSecondaryIndexAction"};
static const struct shape_entry delete_members[] = {{"IndexName", &input_index_name, true}, {0}};
static const struct shape delete_action = {
    .kind = SHAPE_STRUCTURE,
    .members = delete_members,
    .java = "com.amazonaws.dynamodb.v20120810.DeleteGlobalSecondaryIndexAction"};
static const struct shape_entry index_update_members[] = {{"Update", &update_action, false},
                                                          {"Create", &table_input_global_index_create, false},
                                                          {"Delete", &delete_action, false},
                                                          {0}};
static const struct shape index_update = {.kind = SHAPE_STRUCTURE,
                                          .members = index_update_members,
                                          .java =
                                              "com.amazonaws.dynamodb.v20120810.GlobalSecondaryIndexUpdate"};
static const struct shape index_updates = {.kind = SHAPE_LIST, .element = &index_update};
static const struct shape_entry members[] = {
    {"AttributeDefinitions", &table_input_definitions, false},
    {"TableName", &input_table_name, true},
    {"BillingMode", &table_input_billing_mode, false},
    {"ProvisionedThroughput", &table_input_throughput, false},
    {"GlobalSecondaryIndexUpdates", &index_updates, false},
    {"StreamSpecification", &table_input_stream, false},
    {"SSESpecification", &table_input_sse, false},
    {"ReplicaUpdates", &replica_updates_shape, false},
    {"TableClass", &table_input_table_class, false},
    {"DeletionProtectionEnabled", &shape_boolean_value, false},
    {"MultiRegionConsistency", &replica_updates_consistency, false},
    {"GlobalTableWitnessUpdates", &replica_updates_witnesses, false},
    {"OnDemandThroughput", &table_input_on_demand, false},
    {"WarmThroughput", &table_input_warm, false},
    {"GlobalTableSettingsReplicationMode", &replica_updates_settings_mode, false},
    {"DisassociationProtectionEnabled", &shape_boolean_value, false},
    {"VectorIndexUpdates", &shape_list, false},
    {0},
};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

static const char too_many_changes[] =
    "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table";

/* Which of an index update's three actions is there; NULL if none. *several tells whether there are others.
 */
static const struct json *action_of(const struct json *update, const char **kind, bool *several)
{
    static const char *const kinds[] = {"Update", "Create", "Delete"};
    const struct json *found = NULL;

    *several = false;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        const struct json *action = shape_member(update, kinds[i]);
        if (action == NULL)
            continue;
        *several = found != NULL;
        found = action;
        *kind = kinds[i];
    }
    return found;
}

static bool check_one_update(struct request *request, const struct json *update, const struct json **action,
                             size_t *changes)
{
    const char *kind = "";
    bool several;

    *action = action_of(update, &kind, &several);
    if (*action == NULL)
        return fail(&request->failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: One of GlobalSecondaryIndexUpdate.Update, "
                    "GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null");
    if (several)
        return fail(&request->failure, ERROR_LIMIT_EXCEEDED, too_many_changes);
    if (kind[0] == 'U' && shape_member(*action, "ProvisionedThroughput") == NULL &&
        shape_member(*action, "OnDemandThroughput") == NULL &&
        shape_member(*action, "WarmThroughput") == NULL)
        return fail(&request->failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: ProvisionedThroughput must be specified for "
                    "index: %.*s",
                    SLICE_ARGS(shape_text(*action, "IndexName")));
    *changes += kind[0] != 'U';
    return true;
}

static bool check_index_updates(struct request *request, const struct json *updates)
{
    const struct json *action, *other;
    size_t changes = 0, ignored = 0;

    if (updates->array.count > UPDATES_LIMIT)
        return fail(
            &request->failure, ERROR_LIMIT_EXCEEDED,
            "Subscriber limit exceeded: GlobalSecondaryIndexUpdates has %zu updates, and a table has no more "
            "than %d global secondary indexes",
            updates->array.count, GLOBAL_INDEX_LIMIT);
    for (size_t i = 0; i < updates->array.count; i++) {
        if (!check_one_update(request, &updates->array.items[i], &action, &changes))
            return false;
        struct slice name = shape_text(action, "IndexName");
        for (size_t j = 0; j < i; j++) {
            if (!check_one_update(request, &updates->array.items[j], &other, &ignored))
                return false;
            if (slice_equal(shape_text(other, "IndexName"), name))
                return fail(&request->failure, ERROR_VALIDATION,
                            "One or more parameter values were invalid: Only one global secondary index "
                            "update per index "
                            "is allowed simultaneously. Index: %.*s",
                            SLICE_ARGS(name));
        }
    }
    return changes <= 1 || fail(&request->failure, ERROR_LIMIT_EXCEEDED,
                                "Subscriber limit exceeded: Only 1 online index can be created or deleted "
                                "simultaneously per table");
}

static bool check_any(struct request *request)
{
    static const char *const wanted[] = {"BillingMode",
                                         "ProvisionedThroughput",
                                         "StreamSpecification",
                                         "SSESpecification",
                                         "TableClass",
                                         "DeletionProtectionEnabled",
                                         "OnDemandThroughput",
                                         "WarmThroughput",
                                         "GlobalTableSettingsReplicationMode"};
    const struct json *updates = shape_member(request->body, "GlobalSecondaryIndexUpdates");

    if (!replica_updates_accept(request) || !table_input_refuse_vectors(request, "VectorIndexUpdates"))
        return false;
    if (updates != NULL && updates->array.count > 0)
        return true;
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        if (shape_member(request->body, wanted[i]) != NULL)
            return true;
    }
    return fail(&request->failure, ERROR_VALIDATION,
                "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
                "GlobalSecondaryIndexUpdates or "
                "SSESpecification or ReplicaUpdates is required");
}

/* ---- capacity ---- */

static bool change_billing(struct request *request, struct table *table)
{
    const struct json *throughput = shape_member(request->body, "ProvisionedThroughput");
    struct slice mode = shape_text(request->body, "BillingMode");
    struct failure *failure = &request->failure;
    struct throughput old = table->throughput;
    enum billing_mode was = table->billing;

    if (mode.ptr != NULL)
        table_capacity_set_billing(table, mode);
    if (table->billing == BILLING_PAY_PER_REQUEST)
        return throughput == NULL ||
               fail(failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: Neither ReadCapacityUnits nor "
                    "WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST");
    if (throughput == NULL && mode.ptr == NULL)
        return true;
    if (throughput == NULL)
        return fail(failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: ProvisionedThroughput must be specified when "
                    "BillingMode "
                    "is PROVISIONED");
    if (!table_capacity_read_throughput(request, throughput, &table->throughput))
        return false;
    if (was == BILLING_PROVISIONED && table->throughput.read == old.read &&
        table->throughput.write == old.write &&
        shape_member(request->body, "GlobalSecondaryIndexUpdates") == NULL)
        return fail(
            failure, ERROR_VALIDATION,
            "The provisioned throughput for the table will not change. The requested value equals the "
            "current "
            "value. Current ReadCapacityUnits provisioned for the table: %lld. Requested ReadCapacityUnits: "
            "%lld. "
            "Current WriteCapacityUnits provisioned for the table: %lld. Requested WriteCapacityUnits: %lld. "
            "Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher "
            "limits.",
            (long long)old.read, (long long)old.read, (long long)old.write, (long long)old.write);
    return true;
}

/* ---- indexes ---- */

static bool update_index(struct request *request, struct table *table, const struct json *action)
{
    const struct json *throughput = shape_member(action, "ProvisionedThroughput");
    struct index *index = table_index_mutable(table, shape_text(action, "IndexName"));
    struct failure *failure = &request->failure;

    if (index == NULL || index->kind != INDEX_GLOBAL)
        return fail(failure, ERROR_RESOURCE_NOT_FOUND, "Requested resource not found");
    struct throughput old = index->throughput;
    if (throughput != NULL && table->billing == BILLING_PAY_PER_REQUEST)
        return fail(failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: ProvisionedThroughput should not be "
                    "specified for index: "
                    "%.*s when BillingMode is PAY_PER_REQUEST",
                    SLICE_ARGS(index->name));
    if (throughput != NULL && !table_capacity_read_throughput(request, throughput, &index->throughput))
        return false;
    if (throughput != NULL && index->throughput.read == old.read && index->throughput.write == old.write)
        return fail(
            failure, ERROR_VALIDATION,
            "The provisioned throughput for the index %.*s will not change. The requested value equals the "
            "current value. Current ReadCapacityUnits provisioned for the index: %lld. Requested "
            "ReadCapacityUnits: %lld. Current WriteCapacityUnits provisioned for the index: %lld. Requested "
            "WriteCapacityUnits: %lld. Refer to the Amazon DynamoDB Developer Guide for current limits and "
            "how "
            "to request higher limits.",
            SLICE_ARGS(index->name), (long long)old.read, (long long)old.read, (long long)old.write,
            (long long)old.write);
    return table_capacity_read_on_demand(request, shape_member(action, "OnDemandThroughput"), table->billing,
                                         &index->on_demand) &&
           table_capacity_read_warm(request, shape_member(action, "WarmThroughput"), table, index,
                                    &index->warm);
}

static size_t count_global(const struct table *table)
{
    size_t count = 0;

    for (size_t i = 0; i < table->index_count; i++)
        count += table->indexes[i].kind == INDEX_GLOBAL;
    return count;
}

static bool create_index(struct request *request, struct table *table, const struct json *action)
{
    struct slice name = shape_text(action, "IndexName");

    if (table_index(table, name) != NULL)
        return fail(&request->failure, ERROR_VALIDATION,
                    "Attempting to create an index which already exists");
    if (!table_input_add_index(request, table, action, INDEX_GLOBAL))
        return false;
    table->indexes[table->index_count - 1].status = INDEX_CREATING;
    return count_global(table) <= GLOBAL_INDEX_LIMIT ||
           fail(&request->failure, ERROR_LIMIT_EXCEEDED,
                "Subscriber limit exceeded: GlobalSecondaryIndex count exceeds the per-table limit of 20");
}

static bool delete_index(struct request *request, struct table *table, const struct json *action)
{
    struct index *index = table_index_mutable(table, shape_text(action, "IndexName"));

    if (index == NULL || index->kind != INDEX_GLOBAL)
        return fail(&request->failure, ERROR_RESOURCE_NOT_FOUND, "Requested resource not found");
    index->status = INDEX_DELETING;
    return true;
}

static bool change_indexes(struct request *request, struct table *table)
{
    const struct json *updates = shape_member(request->body, "GlobalSecondaryIndexUpdates");
    const char *kind = "";
    bool several;

    for (size_t i = 0; updates != NULL && i < updates->array.count; i++) {
        const struct json *action = action_of(&updates->array.items[i], &kind, &several);
        bool changed = kind[0] == 'U'   ? update_index(request, table, action)
                       : kind[0] == 'C' ? create_index(request, table, action)
                                        : delete_index(request, table, action);
        if (!changed)
            return false;
    }
    return true;
}

static bool change(struct request *request, struct table *table)
{
    const struct json *definitions = shape_member(request->body, "AttributeDefinitions");

    if ((definitions != NULL && !table_input_read_definitions(request, table, definitions)) ||
        !change_billing(request, table) || !change_indexes(request, table) ||
        !table_capacity_check(request, request->table, table))
        return false;
    table_drop_unused_definitions(table);
    return table_input_read_settings(request, table, false);
}

/* While an index is filled, this alone can be done: to give it up. AWS: "Managing Global Secondary Indexes",
 * the backfilling phase. */
static bool gives_up_filling(const struct table *table, const struct json *updates)
{
    const char *kind = "";
    bool several;

    if (updates == NULL || updates->array.count != 1)
        return false;
    const struct json *action = action_of(&updates->array.items[0], &kind, &several);
    const struct index *index = table_index(table, shape_text(action, "IndexName"));
    return kind[0] == 'D' && index != NULL && index->status == INDEX_CREATING;
}

bool update_table(struct request *request)
{
    const struct json *updates;

    if (!input_accepts(request, &input) || !check_any(request))
        return false;
    updates = shape_member(request->body, "GlobalSecondaryIndexUpdates");
    if (updates != NULL && !check_index_updates(request, updates))
        return false;
    if (!input_find_made_table(request))
        return false;
    if (table_is_updating(request->table) && !gives_up_filling(request->table, updates))
        return fail(&request->failure, ERROR_RESOURCE_IN_USE,
                    "Attempt to change a resource which is still in use: Table is being updated: %.*s",
                    SLICE_ARGS(request->table->name));
    struct table *draft = table_clone(request->table);
    bool good = change(request, draft) && table_change_stream(request, draft);
    if (good)
        table_change_put(request, draft, draft->version);
    table_release(draft);
    return good && table_description_respond(request, "TableDescription", request->table, "UPDATING");
}
