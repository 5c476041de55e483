#include "services/dynamodb/replica_updates.h"

#include "services/dynamodb/global_table.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/table_input.h"

static const char *const consistencies[] = {"EVENTUAL", "STRONG", NULL};
static const char *const settings_modes[] = {"ENABLED", "DISABLED", "ENABLED_WITH_OVERRIDES", NULL};
static const char *const disassociations[] = {"WAIT_FOR_REPLICATION", NULL};
const struct shape replica_updates_consistency = {.kind = SHAPE_STRING, .words = consistencies};
const struct shape replica_updates_settings_mode = {.kind = SHAPE_STRING, .words = settings_modes};
static const struct shape disassociation = {.kind = SHAPE_STRING, .words = disassociations};
static const struct shape units = {.kind = SHAPE_LONG, .min = 1};

static const struct shape_entry provisioned_members[] = {{"ReadCapacityUnits", &units, false}, {0}};
static const struct shape provisioned = {.kind = SHAPE_STRUCTURE, .members = provisioned_members};
static const struct shape_entry on_demand_members[] = {{"MaxReadRequestUnits", &shape_long, false}, {0}};
static const struct shape on_demand = {.kind = SHAPE_STRUCTURE, .members = on_demand_members};
static const struct shape_entry index_members[] = {{"IndexName", &input_index_name, true},
                                                   {"ProvisionedThroughputOverride", &provisioned, false},
                                                   {"OnDemandThroughputOverride", &on_demand, false},
                                                   {0}};
static const struct shape index_override = {.kind = SHAPE_STRUCTURE, .members = index_members};
static const struct shape index_overrides = {.kind = SHAPE_LIST, .min = 1, .element = &index_override};

static const struct shape_entry member_members[] = {{"RegionName", &shape_string, true},
                                                    {"KMSMasterKeyId", &shape_string, false},
                                                    {"ProvisionedThroughputOverride", &provisioned, false},
                                                    {"OnDemandThroughputOverride", &on_demand, false},
                                                    {"GlobalSecondaryIndexes", &index_overrides, false},
                                                    {"TableClassOverride", &table_input_table_class, false},
                                                    {0}};
static const struct shape group_member = {.kind = SHAPE_STRUCTURE, .members = member_members};
static const struct shape_entry region_members[] = {{"RegionName", &shape_string, true}, {0}};
static const struct shape region_alone = {.kind = SHAPE_STRUCTURE, .members = region_members};
static const struct shape_entry disassociate_members[] = {
    {"RegionName", &shape_string, true}, {"DisassociationMode", &disassociation, true}, {0}};
static const struct shape disassociate = {.kind = SHAPE_STRUCTURE, .members = disassociate_members};
static const struct shape_entry update_members[] = {{"Create", &group_member, false},
                                                    {"Update", &group_member, false},
                                                    {"Delete", &region_alone, false},
                                                    {"Disassociate", &disassociate, false},
                                                    {0}};
static const struct shape update = {.kind = SHAPE_STRUCTURE, .members = update_members};
const struct shape replica_updates_shape = {.kind = SHAPE_LIST, .min = 1, .element = &update};

static const struct shape_entry witness_members[] = {
    {"Create", &region_alone, false}, {"Delete", &region_alone, false}, {0}};
static const struct shape witness = {.kind = SHAPE_STRUCTURE, .members = witness_members};
const struct shape replica_updates_witnesses = {.kind = SHAPE_LIST, .min = 1, .max = 1, .element = &witness};

/* The one action of an update; NULL if there is not exactly one. */
static const struct json *action_of(const struct json *element, const char **kind)
{
    const struct json *found = NULL;

    for (const struct shape_entry *entry = update_members; entry->name != NULL; entry++) {
        const struct json *action = shape_member(element, entry->name);
        if (action != NULL && found != NULL)
            return NULL;
        if (action == NULL)
            continue;
        found = action;
        *kind = entry->name;
    }
    return found;
}

static bool refuse_update(struct request *request, const struct json *element)
{
    struct failure *failure = &request->failure;
    const char *kind = "";

    const struct json *action = action_of(element, &kind);
    if (action == NULL)
        return fail(
            failure, ERROR_VALIDATION,
            "One or more parameter values were invalid: A replica update has exactly one of Create, Update, "
            "Delete and Disassociate");
    struct slice region = shape_text(action, "RegionName");
    if (strcmp(kind, "Disassociate") == 0)
        return fail(failure, ERROR_VALIDATION,
                    "The table is no replica of a global table, and cannot be disassociated from one");
    if (global_table_is_home(request, region)) /* AWS's words */
        return fail(failure, ERROR_VALIDATION,
                    "Cannot add, delete, or update the local region through ReplicaUpdates. Use CreateTable, "
                    "DeleteTable, or UpdateTable as required.");
    if (strcmp(kind, "Create") == 0)
        return global_table_refuse_region(request, region);
    return fail(
        failure, ERROR_VALIDATION,
        "Replica specified in the Replica Update or Replica Delete action of the request was not found");
}

bool replica_updates_accept(struct request *request)
{
    const struct json *body = request->body, *updates = shape_member(body, "ReplicaUpdates");
    struct slice mode = shape_text(body, "GlobalTableSettingsReplicationMode");
    struct failure *failure = &request->failure;

    if (updates != NULL)
        return refuse_update(request, &updates->array.items[0]);
    if (shape_member(body, "GlobalTableWitnessUpdates") != NULL)
        return fail(failure, ERROR_VALIDATION,
                    "A table cannot have a witness: this server serves the Region %.*s only",
                    SLICE_ARGS(request->server->region));
    if (shape_member(body, "MultiRegionConsistency") != NULL)
        return fail(failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: MultiRegionConsistency can be specified only "
                    "with replicas that are created");
    if (mode.ptr != NULL && !slice_is(mode, "DISABLED"))
        return fail(failure, ERROR_VALIDATION,
                    "Settings cannot be replicated: this server serves the Region %.*s only",
                    SLICE_ARGS(request->server->region));
    return shape_member(body, "DisassociationProtectionEnabled") == NULL ||
           fail(failure, ERROR_VALIDATION,
                "The table is no replica of a global table, and has no protection against disassociation");
}
