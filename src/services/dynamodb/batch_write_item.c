/*
 * BatchWriteItem: up to 25 puts and deletes in several tables. On AWS each of them succeeds or fails by
 * itself; here all of them are one commit, which keeps every promise that AWS makes. Unprocessed are only
 * those that the table's throughput, where it is enforced, has no units for. AWS: API reference,
 * BatchWriteItem.
 */
#include "services/accepts.h"
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/item_write.h"

enum { REQUESTS_LIMIT = 25 };

static const struct shape_entry put_members[] = {{"Item", &shape_attribute_map, true}, {0}};
static const struct shape_entry delete_members[] = {{"Key", &shape_attribute_map, true}, {0}};
static const struct shape put_request = {
    .kind = SHAPE_STRUCTURE, .members = put_members, .java = "com.amazonaws.dynamodb.v20120810.PutRequest"};
static const struct shape delete_request = {.kind = SHAPE_STRUCTURE,
                                            .members = delete_members,
                                            .java = "com.amazonaws.dynamodb.v20120810.DeleteRequest"};
static const struct shape_entry write_members[] = {
    {"DeleteRequest", &delete_request, false}, {"PutRequest", &put_request, false}, {0}};
static const struct shape write_request = {.kind = SHAPE_STRUCTURE,
                                           .members = write_members,
                                           .java = "com.amazonaws.dynamodb.v20120810.WriteRequest"};
static const struct shape write_requests = {
    .kind = SHAPE_LIST,
    .element = &write_request,
    .java = "java.util.List<com.amazonaws.dynamodb.v20120810.WriteRequest>"};
static const struct shape list_bounds = {.kind = SHAPE_LIST, .min = 1, .max = REQUESTS_LIMIT};
static const struct shape request_items = {.kind = SHAPE_MAP,
                                           .min = 1,
                                           .max = REQUESTS_LIMIT,
                                           .element = &write_requests,
                                           .names = &input_table_name,
                                           .values = &list_bounds};
static const struct shape_entry members[] = {
    {"ReturnConsumedCapacity", &input_return_consumed_capacity, false},
    {"ReturnItemCollectionMetrics", &input_return_item_collection_metrics, false},
    {"RequestItems", &request_items, true},
    {0},
};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

/* One put or delete. */
struct one {
    const struct json_member *of_table; /* in RequestItems */
    const struct json *asked;           /* its element there */
    bool is_put;
    bool unprocessed;
    struct item item; /* the item, or the key */
    struct table *table;
    struct item_write write;
};

struct all {
    struct one ones[REQUESTS_LIMIT];
    size_t count;
    size_t unprocessed_count;
};

static bool parse_one(struct request *request, const struct json *json, struct one *one)
{
    const struct json *put = shape_member(json, "PutRequest"), *delete = shape_member(json, "DeleteRequest");

    if ((put == NULL) == (delete == NULL))
        return fail(
            &request->failure, ERROR_VALIDATION,
            "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
            "supported datatypes");
    one->asked = json;
    one->is_put = put != NULL;
    if (!input_item(request, put != NULL ? put : delete, put != NULL ? "Item" : "Key", &one->item))
        return false;
    if (item_size(&one->item) > ITEM_SIZE_LIMIT)
        return fail(&request->failure, ERROR_VALIDATION, "Item size has exceeded the maximum allowed size");
    return true;
}

static bool parse(struct request *request, struct all *all)
{
    const struct json *tables = shape_member(request->body, "RequestItems");

    for (size_t i = 0; i < tables->object.count; i++) {
        const struct json_member *of_table = &tables->object.members[i];
        size_t wanted = of_table->value.type == JSON_ARRAY ? of_table->value.array.count : 0;
        if (wanted == 0)
            return fail(&request->failure, ERROR_VALIDATION,
                        "The batch write request list for a table cannot be null or empty: %.*s",
                        SLICE_ARGS(of_table->name));
        if (all->count + wanted > REQUESTS_LIMIT)
            return fail(&request->failure, ERROR_VALIDATION,
                        "Too many items requested for the BatchWriteItem call");
        for (size_t j = 0; j < wanted; j++) {
            struct one *one = &all->ones[all->count++];
            one->of_table = of_table;
            if (!parse_one(request, &of_table->value.array.items[j], one))
                return false;
        }
    }
    return true;
}

/* Two writes of one item in a batch have no order: AWS refuses them. */
static bool check_distinct(struct request *request, const struct all *all, const struct one *one)
{
    for (const struct one *other = all->ones; other != one; other++) {
        if (slice_equal(other->write.key, one->write.key))
            return fail(&request->failure, ERROR_VALIDATION,
                        "Provided list of item keys contains duplicates");
    }
    return true;
}

/* Into the batch, or left unprocessed if there is no throughput for it. */
static bool write_one(struct request *request, struct all *all, struct one *one)
{
    if (item_write_commit(request, &one->write, one->is_put ? &one->item : NULL))
        return true;
    if (!capacity_was_refused(&request->failure))
        return false;
    one->unprocessed = true;
    /* "If none of the items can be processed due to insufficient provisioned throughput on all of the tables
     * in the request, then BatchWriteItem returns a ProvisionedThroughputExceededException." */
    if (++all->unprocessed_count == all->count)
        return false;
    failure_init(&request->failure, request->arena);
    return true;
}

static bool decide(struct request *request, struct all *all)
{
    for (struct one *one = all->ones; one != all->ones + all->count; one++) {
        /* One table for all its writes, though it may be changed meanwhile. */
        one->table = one != all->ones && one[-1].of_table == one->of_table
                         ? table_retain(one[-1].table)
                         : input_table(request, one->of_table->name);
        if (one->table == NULL)
            return false;
        if (!(one->is_put ? input_check_batch_keys(request, one->table, &one->item) &&
                                input_check_local_size(request, one->table, &one->item)
                          : input_check_key(request, one->table, &one->item)))
            return false;
        if (!item_write_begin(request, one->table, &one->item, &one->write) ||
            !check_distinct(request, all, one))
            return false;
    }
    for (struct one *one = all->ones; one != all->ones + all->count; one++) {
        if (!write_one(request, all, one))
            return false;
    }
    return true;
}

/* Those of each table, as the request had them. */
static void respond_unprocessed(struct request *request, const struct all *all, bool *first)
{
    const struct json_member *open = NULL;

    json_write_name(request->out, first, "UnprocessedItems");
    buffer_append_byte(request->out, '{');
    for (const struct one *one = all->ones; one != all->ones + all->count; one++) {
        if (!one->unprocessed)
            continue;
        if (open != one->of_table) {
            buffer_append_string(request->out, open == NULL ? "" : "],");
            json_write_string(request->out, one->of_table->name);
        }
        buffer_append_string(request->out, open != one->of_table ? ":[" : ",");
        open = one->of_table;
        json_write_value(request->out, one->asked);
    }
    buffer_append_string(request->out, open == NULL ? "}" : "]}");
}

static void respond_capacity(struct request *request, const struct all *all, bool *first)
{
    bool by_index;
    struct capacity sum;

    if (!capacity_wanted(request, &by_index))
        return;
    json_write_name(request->out, first, "ConsumedCapacity");
    for (size_t i = 0; i < all->count; i++) {
        const struct one *one = &all->ones[i];
        bool begins = i == 0 || all->ones[i - 1].of_table != one->of_table;
        bool ends = i + 1 == all->count || all->ones[i + 1].of_table != one->of_table;
        if (begins) {
            buffer_append_byte(request->out, i == 0 ? '[' : ',');
            capacity_init(&sum, request->arena, one->table);
        }
        if (!one->unprocessed)
            capacity_add_all(&sum, &one->write.capacity, 1);
        if (ends)
            capacity_write(request->out, &sum, one->of_table->name, by_index, NULL);
    }
    buffer_append_byte(request->out, ']');
}

/* Whether an earlier write of the batch is of the same item collection. */
static bool is_repeated_collection(const struct all *all, const struct one *one)
{
    struct slice name = one->table->keys.partition[0].name;

    for (const struct one *other = all->ones; other != one; other++) {
        if (!other->unprocessed && other->of_table == one->of_table &&
            value_equal(item_get(&other->item, name), item_get(&one->item, name)))
            return true;
    }
    return false;
}

static void respond_metrics(struct request *request, const struct all *all, bool *first)
{
    struct slice wanted = shape_text(request->body, "ReturnItemCollectionMetrics");
    const struct json_member *open = NULL;

    if (wanted.ptr == NULL || !slice_is(wanted, "SIZE"))
        return;
    json_write_name(request->out, first, "ItemCollectionMetrics");
    buffer_append_byte(request->out, '{');
    for (const struct one *one = all->ones; one != all->ones + all->count; one++) {
        if (one->unprocessed || !item_write_has_collections(one->table) || is_repeated_collection(all, one))
            continue;
        if (open != one->of_table) {
            buffer_append_string(request->out, open == NULL ? "" : "],");
            json_write_string(request->out, one->of_table->name);
            buffer_append_string(request->out, ":[");
        } else {
            buffer_append_byte(request->out, ',');
        }
        open = one->of_table;
        item_write_collection_metrics(request->out, one->table, &one->item);
    }
    buffer_append_string(request->out, open == NULL ? "}" : "]}");
}

bool batch_write_item(struct request *request)
{
    struct all *all = arena_new(request->arena, struct all);
    bool first = true;

    if (!accepts(request, &input) || !parse(request, all))
        return false;
    bool decided = decide(request, all);
    if (decided) {
        buffer_append_byte(request->out, '{');
        respond_unprocessed(request, all, &first);
        respond_metrics(request, all, &first);
        respond_capacity(request, all, &first);
        buffer_append_byte(request->out, '}');
    }
    for (size_t i = 0; i < all->count; i++)
        table_release(all->ones[i].table);
    return decided;
}
