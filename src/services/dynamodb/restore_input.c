#include "services/dynamodb/restore_input.h"

#include "base/clock.h"
#include "catalog/catalog.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/table_capacity.h"
#include "services/dynamodb/table_change.h"
#include "services/dynamodb/table_description.h"
#include "services/dynamodb/table_input.h"

/* AWS: API reference, RestoreTableFromBackup: "up to 50 concurrent restores (any type of restore)". */
enum { RESTORES_LIMIT = 50 };

const struct shape restore_input_table_name = {
    .kind = SHAPE_STRING, .min = 3, .max = 255, .matches = input_is_name, .pattern = "[a-zA-Z0-9_.-]+"};

/* ---- billing ---- */

static bool read_billing(struct request *request, const struct table *source, struct table *draft)
{
    const struct json *throughput = shape_member(request->body, "ProvisionedThroughputOverride"),
                      *on_demand = shape_member(request->body, "OnDemandThroughputOverride");
    struct slice mode = shape_text(request->body, "BillingModeOverride");
    struct failure *failure = &request->failure;

    draft->billing = source->billing;
    if (mode.ptr != NULL)
        draft->billing = slice_is(mode, "PROVISIONED") ? BILLING_PROVISIONED : BILLING_PAY_PER_REQUEST;
    if (draft->billing == BILLING_PAY_PER_REQUEST) {
        draft->billing_was_set = true;
        draft->pay_per_request_since = draft->created;
        if (throughput != NULL)
            return fail(failure, ERROR_VALIDATION,
                        "One or more parameter values were invalid: Neither ReadCapacityUnits nor "
                        "WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST");
        draft->on_demand = source->on_demand;
        return table_capacity_read_on_demand(request, on_demand, draft->billing, &draft->on_demand);
    }
    if (!table_capacity_read_on_demand(request, on_demand, draft->billing, &draft->on_demand))
        return false;
    draft->throughput =
        (struct throughput){.read = source->throughput.read, .write = source->throughput.write};
    if (throughput != NULL)
        return table_capacity_read_throughput(request, throughput, &draft->throughput);
    return source->billing == BILLING_PROVISIONED ||
           fail(failure, ERROR_VALIDATION,
                "One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must "
                "both be specified when BillingMode is PROVISIONED");
}

/* ---- indexes ---- */

static bool same_keys(const struct key_schema *one, const struct key_schema *other)
{
    if (one->partition_count != other->partition_count || one->sort_count != other->sort_count)
        return false;
    for (unsigned i = 0; i < one->partition_count; i++) {
        if (!slice_equal(one->partition[i].name, other->partition[i].name))
            return false;
    }
    for (unsigned i = 0; i < one->sort_count; i++) {
        if (!slice_equal(one->sort[i].name, other->sort[i].name))
            return false;
    }
    return true;
}

static bool includes(const struct index *index, struct slice name)
{
    for (size_t i = 0; i < index->included_count; i++) {
        if (slice_equal(index->included[i], name))
            return true;
    }
    return false;
}

static bool same_index(const struct index *one, const struct index *other)
{
    if (one->kind != other->kind || one->projection != other->projection ||
        one->included_count != other->included_count || !same_keys(&one->keys, &other->keys))
        return false;
    for (size_t i = 0; i < one->included_count; i++) {
        if (!includes(other, one->included[i]))
            return false;
    }
    return true;
}

/* The indexes that the override lists: each is one of the source's. */
static bool read_override(struct request *request, const struct table *source, struct table *draft,
                          const struct json *list, enum index_kind kind)
{
    for (size_t i = 0; i < list->array.count; i++) {
        const struct json *given = &list->array.items[i];
        if (shape_member(given, "WarmThroughput") != NULL)
            return fail(&request->failure, ERROR_VALIDATION,
                        "One or more parameter values were invalid: WarmThroughput is not supported for "
                        "index: %.*s when restoring a table",
                        SLICE_ARGS(shape_text(given, "IndexName")));
        if (!table_input_add_index(request, draft, given, kind))
            return false;
        const struct index *added = &draft->indexes[draft->index_count - 1],
                           *known = table_index(source, added->name);
        if (known == NULL || known->status == INDEX_DELETING || !same_index(added, known))
            return fail(&request->failure, ERROR_VALIDATION,
                        "One or more parameter values were invalid: The index %.*s does not match an index "
                        "of the source table",
                        SLICE_ARGS(added->name));
    }
    return true;
}

static bool copy_index(struct request *request, struct table *draft, const struct index *known)
{
    struct index index = *known;

    index.status = INDEX_ACTIVE;
    index.id = draft->next_index_id++;
    index.warm = (struct units){-1, -1};
    index.throughput = (struct throughput){0};
    if (draft->billing == BILLING_PROVISIONED && index.kind == INDEX_GLOBAL) {
        index.throughput =
            (struct throughput){.read = known->throughput.read, .write = known->throughput.write};
        index.on_demand = (struct units){-1, -1};
        if (index.throughput.read == 0)
            return fail(&request->failure, ERROR_VALIDATION,
                        "One or more parameter values were invalid: ProvisionedThroughput must be specified "
                        "for index: %.*s",
                        SLICE_ARGS(index.name));
    }
    draft->indexes =
        arena_grow(&draft->arena, draft->indexes, draft->index_count, draft->index_count + 1, sizeof(index));
    draft->indexes[draft->index_count++] = index;
    return true;
}

static bool read_indexes(struct request *request, const struct table *source, struct table *draft,
                         enum index_kind kind)
{
    const struct json *list = shape_member(
        request->body, kind == INDEX_LOCAL ? "LocalSecondaryIndexOverride" : "GlobalSecondaryIndexOverride");

    if (list != NULL)
        return read_override(request, source, draft, list, kind);
    for (size_t i = 0; i < source->index_count; i++) {
        const struct index *index = &source->indexes[i];
        if (index->kind == kind && index->status != INDEX_DELETING && !copy_index(request, draft, index))
            return false;
    }
    return true;
}

/* ---- the table ---- */

/*
 * A new table with what a restore takes over, and no more. AWS: RestoreTableToPointInTime lists it; tags,
 * streams, time to live, recovery, policies and deletion protection are to be set up again.
 */
static bool read_table(struct request *request, const struct table *source, struct table *draft)
{
    const struct json *sse = shape_member(request->body, "SSESpecificationOverride");

    draft->name = shape_text(request->body, "TargetTableName");
    draft->uuid = random_uuid(&draft->arena);
    draft->created = clock_now();
    draft->keys = source->keys;
    draft->definitions = arena_array(&draft->arena, struct key_part, source->definition_count);
    draft->definition_count = source->definition_count;
    memcpy(draft->definitions, source->definitions,
           source->definition_count * sizeof(source->definitions[0]));
    draft->table_class = source->table_class;
    draft->sse_kms = source->sse_kms;
    draft->kms_key = source->kms_key;
    draft->sse_since = source->sse_since;
    if (!table_input_refuse_vectors(request, "VectorIndexOverride") ||
        !read_billing(request, source, draft) || !read_indexes(request, source, draft, INDEX_LOCAL) ||
        !read_indexes(request, source, draft, INDEX_GLOBAL) ||
        (sse != NULL && !table_input_read_sse(request, draft, sse)))
        return false;
    table_drop_unused_definitions(draft);
    return true;
}

/* Told apart from a table that is there: AWS's TableInUseException is for one that is on its way. */
static bool check_target(struct request *request)
{
    struct slice name = shape_text(request->body, "TargetTableName");
    struct table *table = catalog_find(request->server->catalog, name);
    bool restoring = table != NULL && table->status == TABLE_CREATING, exists = table != NULL;

    table_release(table);
    if (restoring)
        return fail(&request->failure, ERROR_TABLE_IN_USE, "Table is being created: %.*s", SLICE_ARGS(name));
    if (exists)
        return fail(&request->failure, ERROR_TABLE_ALREADY_EXISTS, "Table already exists: %.*s",
                    SLICE_ARGS(name));
    if (catalog_restoring(request->server->catalog, SLICE("")) < RESTORES_LIMIT)
        return true;
    return fail(&request->failure, ERROR_LIMIT_EXCEEDED,
                "Subscriber limit exceeded: There is a limit of %d concurrent restores", RESTORES_LIMIT);
}

bool restore_input_create(struct request *request, const struct table *source, const struct restore *restore)
{
    if (!check_target(request))
        return false;
    struct table *draft = table_create();
    bool good = read_table(request, source, draft);
    draft->restore = *restore;
    draft->status = TABLE_CREATING;
    good = good && table_change_create(request, draft, ERROR_TABLE_ALREADY_EXISTS);
    table_release(draft);
    return good && table_description_respond(request, "TableDescription", request->table, "CREATING");
}
