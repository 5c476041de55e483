#include "services/dynamodb/page.h"

#include "items/attribute_value.h"
#include "items/item_codec.h"
#include "services/dynamodb/capacity.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/legacy_input.h"
#include "services/meter.h"
#include "services/operation.h"
#include "services/storage_failure.h"

/* AWS: "a single Query operation can retrieve a maximum of 1 MB of data". */
enum { PAGE_BYTES = 1024 * 1024 };

/* ---- parameters ---- */

bool page_check_select(struct request *request, const struct page_input *input)
{
    struct failure *failure = &request->failure;
    struct slice select = input->select;

    if (select.ptr == NULL)
        return true;
    if (input->has_projection && !slice_is(select, "SPECIFIC_ATTRIBUTES"))
        return fail(failure, ERROR_VALIDATION, "Cannot specify the %s when choosing to get %.*s",
                    shape_member(request->body, "AttributesToGet") == NULL ? "ProjectionExpression"
                                                                           : "AttributesToGet",
                    SLICE_ARGS(slice_is(select, "COUNT") ? SLICE("only the Count") : select));
    if (slice_is(select, "ALL_PROJECTED_ATTRIBUTES") && shape_text(request->body, "IndexName").ptr == NULL)
        return fail(failure, ERROR_VALIDATION,
                    "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
    if (slice_is(select, "SPECIFIC_ATTRIBUTES") && !input->has_projection)
        return fail(failure, ERROR_VALIDATION,
                    "Must specify the AttributesToGet or ProjectionExpression when choosing to get "
                    "SPECIFIC_ATTRIBUTES");
    return true;
}

bool page_parse(struct request *request, const char *const *expressions, const char *const *legacy,
                struct page *page, struct page_input *input)
{
    const struct json *body = request->body;

    *page = (struct page){.direction = FORWARD};
    *input = (struct page_input){.select = shape_text(body, "Select"),
                                 .has_projection = shape_member(body, "ProjectionExpression") != NULL ||
                                                   shape_member(body, "AttributesToGet") != NULL};
    if (!input_placeholders(request, body, expressions, legacy, &input->placeholders))
        return false;
    page->limit = shape_number(body, "Limit", 0);
    page->consistent = shape_boolean(body, "ConsistentRead", false);
    page->count_only = input->select.ptr != NULL && slice_is(input->select, "COUNT");
    return legacy_input_condition(request, EXPRESSION_FILTER, input->placeholders, &page->filter) &&
           legacy_input_projection(request, body, input->placeholders, &page->projection) &&
           input_item(request, body, "ExclusiveStartKey", &page->start);
}

/* "[a, b]" of those names that the index does not have; an empty slice if it has all. */
static struct slice missing_of(struct request *request, const struct page *page, const struct slice *names,
                               size_t count)
{
    struct slice missing = {0};

    for (size_t i = 0; i < count; i++) {
        if (!index_keeps(page->table, page->index, names[i]))
            missing = arena_printf(request->arena, "%.*s%s%.*s", SLICE_ARGS(missing),
                                   missing.len > 0 ? ", " : "[", SLICE_ARGS(names[i]));
    }
    return missing.len == 0 ? missing : arena_printf(request->arena, "%.*s]", SLICE_ARGS(missing));
}

/* Those attributes that the filter names and the index does not have; an empty slice if there are none. */
static struct slice missing_of_filter(struct request *request, const struct page *page)
{
    struct slice *names;

    if (page->index == NULL || page->filter == NULL)
        return SLICE("");
    size_t count = condition_attributes(request->arena, page->filter, &names);
    return missing_of(request, page, names, count);
}

bool page_check_filter(struct request *request, const struct page *page)
{
    struct slice missing = missing_of_filter(request, page);

    return missing.len == 0 || fail(&request->failure, ERROR_VALIDATION,
                                    "One or more parameter values were invalid: Secondary index %.*s does "
                                    "not project one or more filter "
                                    "attributes: %.*s",
                                    SLICE_ARGS(page->index->name), SLICE_ARGS(missing));
}

bool page_use_index(struct request *request, struct page *page, struct slice name)
{
    struct failure *failure = &request->failure;

    page->index = table_index(page->table, name);
    if (page->index == NULL)
        return fail(failure, ERROR_VALIDATION, "The table does not have the specified index: %.*s",
                    SLICE_ARGS(name));
    if (page->index->status != INDEX_ACTIVE)
        return fail(failure, ERROR_VALIDATION, "Cannot read from backfilling global secondary index: %.*s",
                    SLICE_ARGS(name));
    return true;
}

bool page_find_index(struct request *request, struct page *page)
{
    struct slice name = shape_text(request->body, "IndexName");

    page->table = request->table;
    return name.ptr == NULL || page_use_index(request, page, name);
}

bool page_check_consistency(struct request *request, const struct page *page)
{
    if (page->index == NULL || page->index->kind != INDEX_GLOBAL || !page->consistent)
        return true;
    return fail(&request->failure, ERROR_VALIDATION,
                "Consistent reads are not supported on global secondary indexes");
}

/* What the index does not have, a local index fetches from the table, and a global one cannot. */
bool page_check_projection(struct request *request, struct page *page, const struct page_input *input)
{
    bool all = input->select.ptr != NULL && slice_is(input->select, "ALL_ATTRIBUTES");
    struct slice *names, missing = {0};

    if (page->index == NULL || page->index->projection == PROJECT_ALL)
        return true;
    if (page->projection != NULL) {
        size_t count = projection_attributes(request->arena, page->projection, &names);
        missing = missing_of(request, page, names, count);
    }
    page->fetch = page->index->kind == INDEX_LOCAL && (all || missing.len > 0);
    page->fetch_to_filter = page->index->kind == INDEX_LOCAL && missing_of_filter(request, page).len > 0;
    if (page->fetch || (!all && missing.len == 0))
        return true;
    if (all)
        return fail(&request->failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported "
                    "for global "
                    "secondary index %.*s because its projection type is not ALL",
                    SLICE_ARGS(page->index->name));
    return fail(
        &request->failure, ERROR_VALIDATION,
        "One or more parameter values were invalid: Global secondary index %.*s does not project %.*s",
        SLICE_ARGS(page->index->name), SLICE_ARGS(missing));
}

/* ---- where to start ---- */

/* Each key attribute of the table and the index exactly once, with its type. */
static bool check_start_parts(const struct page *page, const struct key_part *parts, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        const struct value *value = item_get(&page->start, parts[i].name);
        if (value == NULL || value->type != parts[i].type)
            return false;
    }
    return true;
}

/* No key is empty. */
static bool check_start_filled(struct request *request, const struct page *page)
{
    for (size_t i = 0; i < page->start.count; i++) {
        const struct attribute *attribute = &page->start.attributes[i];
        if (key_value_size(&attribute->value) == 0)
            return fail(
                &request->failure, ERROR_VALIDATION,
                "The provided starting key is invalid: One or more parameter values are not valid. The "
                "AttributeValue for a key attribute cannot contain an empty %s value. Key: %.*s",
                attribute->value.type == VALUE_S ? "string" : "binary", SLICE_ARGS(attribute->name));
    }
    return true;
}

/* How many attributes the keys of the table and the index have together. */
static size_t count_key_attributes(const struct page *page)
{
    const struct key_schema *table = &page->table->keys;
    size_t count = table->partition_count + table->sort_count;

    if (page->index == NULL)
        return count;
    for (unsigned i = 0; i < page->index->keys.partition_count; i++)
        count += !key_schema_has(table, page->index->keys.partition[i].name);
    for (unsigned i = 0; i < page->index->keys.sort_count; i++)
        count += !key_schema_has(table, page->index->keys.sort[i].name);
    return count;
}

bool page_start(struct request *request, struct page *page)
{
    const struct key_schema *table = &page->table->keys, *keys = table_keys(page->table, page->index);
    struct failure *failure = &request->failure;

    if (shape_member(request->body, "ExclusiveStartKey") == NULL)
        return true;
    bool is_query = slice_is(slice_of(request->operation->name), "Query");
    if (page->start.count != count_key_attributes(page) ||
        !check_start_parts(page, table->partition, table->partition_count) ||
        !check_start_parts(page, table->sort, table->sort_count) ||
        !check_start_parts(page, keys->partition, keys->partition_count) ||
        !check_start_parts(page, keys->sort, keys->sort_count))
        return fail(failure, ERROR_VALIDATION, "The provided starting key is invalid%s",
                    is_query || page->index != NULL ? ""
                                                    : ": The provided key element does not match the schema");
    if (!check_start_filled(request, page))
        return false;
    struct slice key = keys_entry(request->arena, page->table, page->index, &page->start);
    bool inside = slice_compare(key, page->range.from) >= 0 &&
                  (page->range.to.len == 0 || slice_compare(key, page->range.to) < 0);
    if (!inside && !is_query)
        return fail(failure, ERROR_VALIDATION,
                    "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use "
                    "ExclusiveStartKey with "
                    "correct Segment. TotalSegments: %lld Segment: %lld",
                    (long long)shape_number(request->body, "TotalSegments", 1),
                    (long long)shape_number(request->body, "Segment", 0));
    if (!inside)
        return fail(
            failure, ERROR_VALIDATION,
            slice_starts_with(key, page->partition)
                ? "The provided starting key does not match the range key predicate"
                : "The provided starting key is outside query boundaries based on provided conditions");
    if (page->direction == FORWARD)
        page->range.from = keys_after(request->arena, key);
    else
        page->range.to = key;
    return true;
}

/* ---- the walk ---- */

struct walk {
    struct request *request;
    const struct page *page;
    struct page_sum *sum;
    struct snapshot *snapshot; /* only if items are fetched from the table too */
    struct arena scratch;      /* of one item */
};

/* The item of the table that an entry of a local index stands for; charged as a read of its own. */
static bool fetch_item(struct walk *walk, const struct item *entry, struct item *out)
{
    struct request *request = walk->request;
    struct stored stored;

    struct slice key = keys_entry(&walk->scratch, walk->page->table, NULL, entry);
    enum storage_status status = storage_get(request->server->storage, walk->snapshot, key, &stored);
    struct slice kept = status == STORAGE_OK ? arena_copy(&walk->scratch, stored.value) : SLICE("");
    stored_release(&stored);
    if (status != STORAGE_OK || !item_decode(&walk->scratch, kept, out))
        return storage_failure(&request->failure, status == STORAGE_OK || status == STORAGE_NOT_FOUND
                                                      ? STORAGE_CORRUPT /* an entry without its item */
                                                      : status);
    capacity_add(&walk->sum->capacity, NULL,
                 capacity_of_read(item_encoded_size(kept), walk->page->consistent));
    walk->sum->fetched += item_encoded_size(kept);
    return true;
}

static void begin_item(struct walk *walk)
{
    if (walk->sum->count > 0)
        buffer_append_byte(walk->request->out, ',');
    walk->sum->count++;
}

/* Filters, projects and writes one item. */
static bool evaluate(struct walk *walk, struct slice stored)
{
    const struct page *page = walk->page;
    struct request *request = walk->request;
    struct item item, whole;

    if (page->filter == NULL && (page->count_only || (page->projection == NULL && !page->fetch))) {
        if (page->count_only) {
            walk->sum->count++;
            return true;
        }
        begin_item(walk);
        return item_encoded_to_json(request->out, stored) ||
               storage_failure(&request->failure, STORAGE_CORRUPT);
    }
    arena_reset(&walk->scratch);
    if (!item_decode(&walk->scratch, stored, &item))
        return storage_failure(&request->failure, STORAGE_CORRUPT);
    whole = item;
    if (page->fetch_to_filter && !fetch_item(walk, &item, &whole))
        return false;
    if (page->filter != NULL && !condition_holds(page->filter, &whole))
        return true;
    if (page->fetch && !page->fetch_to_filter && !fetch_item(walk, &item, &whole))
        return false;
    if (page->count_only) {
        walk->sum->count++;
        return true;
    }
    begin_item(walk);
    if (page->fetch)
        item = whole;
    if (page->projection != NULL)
        item = projection_apply(&walk->scratch, page->projection, &item);
    item_to_json(request->out, &item);
    return true;
}

/* Walks until the page or the range ends. */
static bool walk_items(struct walk *walk, struct cursor *cursor)
{
    const struct page *page = walk->page;
    struct page_sum *sum = walk->sum;
    struct slice key, stored;

    for (;;) {
        enum storage_status status = cursor_next(cursor, &key, &stored);
        if (status == STORAGE_NOT_FOUND)
            return true;
        if (status != STORAGE_OK)
            return storage_failure(&walk->request->failure, status);
        sum->scanned++;
        sum->bytes += item_encoded_size(stored);
        if (!evaluate(walk, stored))
            return false;
        if ((page->limit > 0 && sum->scanned >= page->limit) || sum->bytes + sum->fetched >= PAGE_BYTES) {
            sum->cut = true;
            sum->last_key = arena_copy(walk->request->arena, key);
            sum->last_stored = arena_copy(walk->request->arena, stored);
            return true;
        }
    }
}

void page_sum_init(struct request *request, const struct page *page, struct page_sum *sum)
{
    *sum = (struct page_sum){0};
    capacity_init(&sum->capacity, request->arena, page->table);
}

bool page_walk(struct request *request, const struct page *page, struct page_sum *sum)
{
    struct storage *storage = request->server->storage;
    struct walk walk = {.request = request, .page = page, .sum = sum};

    arena_init(&walk.scratch);
    if (page->fetch || page->fetch_to_filter)
        walk.snapshot = snapshot_create(storage);
    struct cursor *cursor =
        cursor_create(storage, walk.snapshot, page->range.from, page->range.to, page->direction);
    bool good = walk_items(&walk, cursor);
    cursor_destroy(cursor);
    snapshot_destroy(storage, walk.snapshot);
    arena_finish(&walk.scratch);
    return good;
}

/* ---- the answer ---- */

bool page_write_last_key(struct request *request, const struct page *page, const struct page_sum *sum,
                         bool *first)
{
    struct item item;
    bool first_key = true;

    if (!item_decode(request->arena, sum->last_stored, &item))
        return storage_failure(&request->failure, STORAGE_CORRUPT);
    json_write_name(request->out, first, "LastEvaluatedKey");
    buffer_append_byte(request->out, '{');
    for (size_t i = 0; i < item.count; i++) {
        const struct attribute *attribute = &item.attributes[i];
        if (!key_schema_has(&page->table->keys, attribute->name) &&
            (page->index == NULL || !key_schema_has(&page->index->keys, attribute->name)))
            continue;
        if (!first_key)
            buffer_append_byte(request->out, ',');
        first_key = false;
        json_write_string(request->out, attribute->name);
        buffer_append_byte(request->out, ':');
        value_to_json(request->out, &attribute->value);
    }
    buffer_append_byte(request->out, '}');
    return true;
}

bool page_charge(struct request *request, const struct page *page, struct page_sum *sum)
{
    capacity_add(&sum->capacity, page->index, capacity_of_read(sum->bytes, page->consistent));
    meter_add(request, page->table, NULL, METRIC_RETURNED_ITEMS, (uint64_t)sum->count);
    return capacity_take(request, &sum->capacity, OPERATION_READ);
}

bool page_respond(struct request *request, const struct page *page)
{
    struct page_sum sum;
    bool first = true;

    page_sum_init(request, page, &sum);
    buffer_append_byte(request->out, '{');
    if (!page->count_only) {
        json_write_name(request->out, &first, "Items");
        buffer_append_byte(request->out, '[');
    }
    if (!page_walk(request, page, &sum))
        return false;
    if (!page->count_only)
        buffer_append_byte(request->out, ']');
    json_write_int64_member(request->out, &first, "Count", sum.count);
    json_write_int64_member(request->out, &first, "ScannedCount", sum.scanned);
    if (sum.cut && !page_write_last_key(request, page, &sum, &first))
        return false;
    if (!page_charge(request, page, &sum))
        return false;
    capacity_respond(request, &first, &sum.capacity, shape_text(request->body, "TableName"));
    buffer_append_byte(request->out, '}');
    return true;
}
