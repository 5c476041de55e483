#include "services/dynamodb/statement_select.h"

#include <stdlib.h>

#include "base/base64.h"
#include "base/hash.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/key_range.h"
#include "services/dynamodb/page.h"
#include "services/dynamodb/statement_input.h"

/* What is read: one range after the other. */
struct selection {
    const struct statement *statement;
    struct page page;
    struct key_range ranges[PARTITIONS_LIMIT];
    size_t range_count;
    size_t first; /* where the page begins: NextToken's */
};

/* ---- the partitions ---- */

static bool fail_type(struct request *request)
{
    return fail(
        &request->failure, ERROR_VALIDATION,
        "One or more parameter values were invalid: Condition parameter type does not match schema type");
}

static bool fail_empty(struct request *request, const struct key_part *part)
{
    return fail(&request->failure, ERROR_VALIDATION,
                "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
                "contain an empty %s value. Key: %.*s",
                part->type == VALUE_S ? "string" : "binary", SLICE_ARGS(part->name));
}

static bool check_key_value(struct request *request, const struct key_part *part, const struct value *value,
                            bool is_partition)
{
    if (!statement_check_key_type(request, part, value))
        return false;
    if (key_value_size(value) == 0)
        return fail_empty(request, part);
    return input_check_key_size(request, key_value_size(value), is_partition);
}

/* The values of a partition key of one part. */
struct partitions {
    const struct value **values;
    size_t count; /* 0: WHERE does not fix them */
};

/* Whether it is the value of an equality that AND joins at the top of WHERE. */
static bool is_required(struct request *request, const struct statement *statement, struct slice name,
                        const struct value *value)
{
    struct key_term *terms;
    size_t count = statement_terms(request->arena, statement, name, &terms);

    for (size_t i = 0; i < count; i++)
        if (terms[i].comparator == KEY_EQUAL && terms[i].operands[0] == value)
            return true;
    return false;
}

static bool find_partitions(struct request *request, const struct statement *statement,
                            const struct key_part *part, struct partitions *out)
{
    size_t too_many;

    out->count = statement_partitions(request->arena, statement, part->name, &out->values, &too_many);
    /* AWS: "up to 50 hash key attribute values"; DynamoDB Local takes 100. */
    if (too_many > 0)
        return fail(&request->failure, ERROR_VALIDATION,
                    "The IN operator is provided with too many operands; number of operands: %zu", too_many);
    for (size_t i = 0; i < out->count; i++) {
        if (out->values[i]->type != part->type &&
            !is_required(request, statement, part->name, out->values[i]))
            return fail_type(request);
        if (!check_key_value(request, part, out->values[i], true))
            return false;
    }
    return true;
}

static int compare_ascending(const void *left, const void *right)
{
    return value_compare(*(const struct value *const *)left, *(const struct value *const *)right);
}

static int compare_descending(const void *left, const void *right)
{
    return compare_ascending(right, left);
}

static const struct sorting *sorting_of(const struct statement *statement, struct slice name)
{
    for (size_t i = 0; i < statement->order_count; i++)
        if (slice_equal(statement->order[i].name, name))
            return &statement->order[i];
    return NULL;
}

/* ---- the ranges ---- */

/* Narrows the range of a partition by all that AND joins on the first part of the sort key. */
static bool narrow(struct request *request, const struct selection *selection, struct key_range *range)
{
    const struct key_schema *keys = table_keys(selection->page.table, selection->page.index);
    struct slice prefix = range->from;
    struct key_term *terms;

    if (keys->sort_count == 0)
        return true;
    size_t count = statement_terms(request->arena, selection->statement, keys->sort[0].name, &terms);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < 2 && terms[i].operands[j] != NULL; j++)
            if (!check_key_value(request, &keys->sort[0], terms[i].operands[j], false))
                return false;
        if (terms[i].comparator == KEY_BEGINS_WITH && keys->sort[0].type == VALUE_N)
            return fail_type(request);
        struct key_range one = key_range_narrow(request->arena, prefix, &terms[i]);
        if (slice_compare(one.from, range->from) > 0)
            range->from = one.from;
        if (slice_compare(one.to, range->to) < 0)
            range->to = one.to;
    }
    /* Conditions that contradict each other. */
    if (slice_compare(range->from, range->to) > 0)
        range->to = range->from;
    return true;
}

static bool add_partition(struct request *request, struct selection *selection,
                          const struct value *const *parts)
{
    struct page *page = &selection->page;
    struct slice partition = keys_partition(request->arena, page->table, page->index, parts);
    struct key_range *range = &selection->ranges[selection->range_count++];

    *range = (struct key_range){partition, keys_after_prefix(request->arena, partition)};
    return narrow(request, selection, range);
}

static bool find_ranges(struct request *request, struct selection *selection)
{
    const struct key_schema *keys = table_keys(selection->page.table, selection->page.index);
    const struct value *parts[KEY_PARTS_LIMIT];
    struct partitions found = {0};
    size_t counts[KEY_PARTS_LIMIT];

    for (unsigned i = 0; i < keys->partition_count; i++) {
        if (!find_partitions(request, selection->statement, &keys->partition[i], &found))
            return false;
        counts[i] = found.count;
        parts[i] = found.count > 0 ? found.values[0] : NULL;
    }
    if (!statement_fixes_partitions(counts, keys->partition_count))
        return true;
    const struct sorting *sorting = sorting_of(selection->statement, keys->partition[0].name);
    if (sorting != NULL && keys->partition_count == 1)
        qsort(found.values, found.count, sizeof(*found.values),
              sorting->descending ? compare_descending : compare_ascending);
    for (size_t i = 0; i < found.count; i++)
        if (!add_partition(request, selection, keys->partition_count == 1 ? &found.values[i] : parts))
            return false;
    return true;
}

/* ---- checks ---- */

static bool check_order(struct request *request, const struct selection *selection)
{
    const struct statement *statement = selection->statement;
    const struct key_schema *keys = table_keys(selection->page.table, selection->page.index);

    if (statement->order_count == 0)
        return true;
    if (statement->condition == NULL)
        return fail(&request->failure, ERROR_VALIDATION,
                    "Must have WHERE clause in the statement when using ORDER BY clause.");
    for (size_t i = 0; i < statement->order_count; i++)
        if (!key_schema_has(keys, statement->order[i].name))
            return fail(&request->failure, ERROR_VALIDATION,
                        "Variable reference %.*s in ORDER BY clause must be part of the primary key",
                        SLICE_ARGS(statement->order[i].name));
    return true;
}

/* DynamoDB Local takes a range of partition keys for one, and returns its scan unordered. */
static bool check_sorted(struct request *request, const struct selection *selection)
{
    return selection->range_count > 0 || selection->statement->order_count == 0 ||
           fail(&request->failure, ERROR_VALIDATION,
                "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY "
                "clause.");
}

static bool check_values_of(struct request *request, const struct selection *selection,
                            const struct key_schema *keys)
{
    for (unsigned i = 0; i < keys->partition_count + keys->sort_count; i++) {
        const struct key_part *part =
            i < keys->partition_count ? &keys->partition[i] : &keys->sort[i - keys->partition_count];
        const struct value *misfit = statement_misfit(selection->statement, part->name, part->type);
        if (misfit != NULL)
            return misfit->type == part->type ? fail_empty(request, part) : fail_type(request);
    }
    return true;
}

/* Conditions on keys, those of the table and of the index, are on values that they can have, wherever they
 * stand. */
static bool check_values(struct request *request, const struct selection *selection)
{
    const struct page *page = &selection->page;

    return check_values_of(request, selection, &page->table->keys) &&
           (page->index == NULL || check_values_of(request, selection, &page->index->keys));
}

static bool check_consistency(struct request *request, const struct page *page)
{
    return page->index == NULL || page->index->kind == INDEX_LOCAL || !page->consistent ||
           fail(&request->failure, ERROR_VALIDATION, "Consistent read cannot be true when scanning a GSI");
}

static bool plan(struct request *request, struct selection *selection)
{
    const struct statement *statement = selection->statement;
    const struct page_input input = {.has_projection = statement->projection != NULL};
    struct page *page = &selection->page;

    *page = (struct page){.table = request->table,
                          .direction = FORWARD,
                          .limit = shape_number(request->body, "Limit", 0),
                          .consistent = shape_boolean(request->body, "ConsistentRead", false),
                          .filter = statement->condition,
                          .projection = statement->projection};
    if ((statement->index.ptr != NULL && !page_use_index(request, page, statement->index)) ||
        !check_order(request, selection) ||
        !input_check_paths(request, request->table, statement->placeholders) ||
        !find_ranges(request, selection) || !check_sorted(request, selection) ||
        !check_values(request, selection) || !check_consistency(request, page) ||
        !page_check_projection(request, page, &input))
        return false;
    if (selection->range_count == 0)
        selection->ranges[selection->range_count++] = keys_space(request->arena, page->table, page->index);
    const struct key_schema *keys = table_keys(page->table, page->index);
    const struct sorting *sorting = keys->sort_count > 0 ? sorting_of(statement, keys->sort[0].name) : NULL;
    page->direction = sorting != NULL && sorting->descending ? BACKWARD : FORWARD;
    return true;
}

/* ---- NextToken ----
 *
 * base64 of: u8 version (1), u64 fingerprint of the statement with its parameters, u16 range, and the storage
 * key of the last item, which must lie in that range: so a token that was tampered with leads nowhere that
 * the statement does not.
 */

enum { TOKEN_VERSION = 1, TOKEN_HEAD = 1 + 8 + 2 };

static uint64_t fingerprint(const struct request *request)
{
    const struct json *parameters = shape_member(request->body, "Parameters");
    struct buffer text;

    buffer_init(&text);
    buffer_append(&text, shape_text(request->body, "Statement"));
    buffer_append_byte(&text, '\0');
    if (parameters != NULL)
        json_write_value(&text, parameters);
    uint64_t hash = hash_bytes(buffer_slice(&text));
    buffer_finish(&text);
    return hash;
}

static void write_token(struct request *request, bool *first, size_t range, struct slice key)
{
    struct buffer token;

    buffer_init(&token);
    buffer_append_byte(&token, TOKEN_VERSION);
    buffer_append_u64(&token, fingerprint(request));
    buffer_append_u16(&token, (uint16_t)range);
    buffer_append(&token, key);
    json_write_name(request->out, first, "NextToken");
    json_write_base64(request->out, buffer_slice(&token));
    buffer_finish(&token);
}

static bool read_token(struct request *request, struct selection *selection)
{
    struct slice given = shape_text(request->body, "NextToken"), token;
    struct buffer head;

    if (given.ptr == NULL)
        return true;
    buffer_init(&head);
    buffer_append_byte(&head, TOKEN_VERSION);
    buffer_append_u64(&head, fingerprint(request));
    bool good = base64_decode(request->arena, given, &token) && token.len > TOKEN_HEAD &&
                slice_starts_with(token, buffer_slice(&head));
    buffer_finish(&head);
    if (good) {
        const unsigned char *range = (const unsigned char *)token.ptr + TOKEN_HEAD - 2;
        selection->first = (size_t)(range[0] << 8 | range[1]);
        good = selection->first < selection->range_count;
    }
    if (good) {
        struct slice key = arena_copy(request->arena, slice_skip(token, TOKEN_HEAD));
        struct key_range *range = &selection->ranges[selection->first];
        good = slice_compare(key, range->from) >= 0 && slice_compare(key, range->to) < 0;
        if (selection->page.direction == FORWARD)
            range->from = keys_after(request->arena, key);
        else
            range->to = key;
    }
    return good || fail(&request->failure, ERROR_VALIDATION, "Invalid NextToken");
}

/* ---- the answer ---- */

static bool respond(struct request *request, struct selection *selection)
{
    struct page *page = &selection->page;
    struct page_sum sum;
    size_t at = selection->first;
    bool first = true;

    page_sum_init(request, page, &sum);
    buffer_append_byte(request->out, '{');
    json_write_name(request->out, &first, "Items");
    buffer_append_byte(request->out, '[');
    for (;; at++) {
        page->range = selection->ranges[at];
        if (!page_walk(request, page, &sum))
            return false;
        if (sum.cut || at + 1 == selection->range_count)
            break;
    }
    buffer_append_byte(request->out, ']');
    if (sum.cut) {
        write_token(request, &first, at, sum.last_key);
        if (!page_write_last_key(request, page, &sum, &first))
            return false;
    }
    if (!page_charge(request, page, &sum))
        return false;
    capacity_respond(request, &first, &sum.capacity, selection->statement->table);
    buffer_append_byte(request->out, '}');
    return true;
}

bool statement_select(struct request *request, const struct statement *statement)
{
    struct selection *selection = arena_new(request->arena, struct selection);

    selection->statement = statement;
    request->table = statement_table(request, statement);
    return request->table != NULL && plan(request, selection) && read_token(request, selection) &&
           respond(request, selection);
}
