#include "workload.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { RANDOM_TEXT = 1 << 20, NOTES = 850, TITLE = 60 };

static uint64_t item_count, page_count;
static uint64_t random_state;
static char random_text[RANDOM_TEXT];

/* xorshift64*: quick, and good enough to choose keys. */
static uint64_t next_random(void)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return random_state * UINT64_C(2685821657736338717);
}

static uint64_t random_below(uint64_t bound)
{
    return (next_random() >> 11) % bound;
}

void workload_init(uint64_t items, uint64_t pages, uint64_t seed)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .";
    item_count = items;
    page_count = pages;
    random_state = seed * UINT64_C(0x9E3779B97F4A7C15) | 1;
    for (size_t i = 0; i < RANDOM_TEXT; i++)
        random_text[i] = alphabet[next_random() >> 58];
}

/* Any window of the random text is as random as fresh letters to a server, and far cheaper to make. */
static void append_random_text(struct text *body, size_t len)
{
    text_append(body, random_text + random_below(RANDOM_TEXT - len), len);
}

static void append_item(struct text *body, uint64_t key)
{
    text_append_format(body,
                       "{\"id\":{\"S\":\"item-%010" PRIu64 "\"},\"plays\":{\"N\":\"%" PRIu64
                       "\"},\"released\":{\"N\":\"%" PRIu64 "\"},",
                       key, random_below(1000), 1950 + random_below(75));
    text_append_string(
        body,
        "\"live\":{\"BOOL\":false},\"tags\":{\"SS\":[\"bebop\",\"modal\",\"quartet\"]},\"title\":{\"S\":\"");
    append_random_text(body, TITLE);
    text_append_string(body, "\"},\"notes\":{\"S\":\"");
    append_random_text(body, NOTES);
    text_append_string(body, "\"}}");
}

static void append_page_item(struct text *body, uint64_t page, uint64_t position)
{
    text_append_format(body,
                       "{\"owner\":{\"S\":\"owner-%06" PRIu64 "\"},\"position\":{\"S\":\"track-%06" PRIu64
                       "\"},\"seconds\":{\"N\":\"%" PRIu64 "\"},\"artist\":{\"S\":\"",
                       page, position, random_below(600));
    append_random_text(body, TITLE / 2);
    text_append_string(body, "\"},\"title\":{\"S\":\"");
    append_random_text(body, TITLE);
    text_append_string(body, "\"}}");
}

static void write_get(struct text *body, uint64_t sequence)
{
    (void)sequence;
    text_append_format(body,
                       "{\"TableName\":\"BenchItems\",\"Key\":{\"id\":{\"S\":\"item-%010" PRIu64 "\"}}}",
                       random_below(item_count));
}

static void write_put(struct text *body, uint64_t sequence)
{
    (void)sequence;
    text_append_string(body, "{\"TableName\":\"BenchItems\",\"Item\":");
    append_item(body, random_below(item_count));
    text_append_string(body, "}");
}

static void write_update(struct text *body, uint64_t sequence)
{
    (void)sequence;
    text_append_format(body,
                       "{\"TableName\":\"BenchItems\",\"Key\":{\"id\":{\"S\":\"item-%010" PRIu64 "\"}},"
                       "\"UpdateExpression\":\"SET plays = plays + "
                       ":n\",\"ExpressionAttributeValues\":{\":n\":{\"N\":\"1\"}}}",
                       random_below(item_count));
}

static void write_query(struct text *body, uint64_t sequence)
{
    (void)sequence;
    text_append_format(body,
                       "{\"TableName\":\"BenchPages\",\"KeyConditionExpression\":\"#o = "
                       ":o\",\"ExpressionAttributeNames\":{\"#o\":\"owner\"},"
                       "\"ExpressionAttributeValues\":{\":o\":{\"S\":\"owner-%06" PRIu64 "\"}},\"Limit\":%d}",
                       random_below(page_count), PAGE_ITEMS);
}

static bool contains(const uint64_t *keys, size_t count, uint64_t key)
{
    for (size_t i = 0; i < count; i++)
        if (keys[i] == key)
            return true;
    return false;
}

static void write_batch(struct text *body, uint64_t sequence)
{
    (void)sequence;
    /* A batch that names an item twice is refused. */
    uint64_t keys[BATCH_ITEMS];
    for (size_t i = 0; i < BATCH_ITEMS; i++) {
        do
            keys[i] = random_below(item_count);
        while (contains(keys, i, keys[i]));
    }
    text_append_string(body, "{\"RequestItems\":{\"BenchItems\":[");
    for (size_t i = 0; i < BATCH_ITEMS; i++) {
        text_append_string(body, i ? ",{\"PutRequest\":{\"Item\":" : "{\"PutRequest\":{\"Item\":");
        append_item(body, keys[i]);
        text_append_string(body, "}}");
    }
    text_append_string(body, "]}}");
}

/*
 * A transaction of four actions: two puts, an update and a condition. Servers cancel transactions that meet
 * at an item, so those under way take items of their own: they walk the table in steps of four.
 */
static void write_transact(struct text *body, uint64_t sequence)
{
    uint64_t first = sequence * TRANSACTION_ITEMS % (item_count - TRANSACTION_ITEMS);
    text_append_string(body, "{\"TransactItems\":[");
    for (uint64_t i = 0; i < 2; i++) {
        text_append_string(body, "{\"Put\":{\"TableName\":\"BenchItems\",\"Item\":");
        append_item(body, first + i);
        text_append_string(body, "}},");
    }
    text_append_format(body,
                       "{\"Update\":{\"TableName\":\"BenchItems\",\"Key\":{\"id\":{\"S\":\"item-%010" PRIu64
                       "\"}},\"UpdateExpression\":\"SET plays = plays + :n\","
                       "\"ExpressionAttributeValues\":{\":n\":{\"N\":\"1\"}}}},",
                       first + 2);
    text_append_format(
        body,
        "{\"ConditionCheck\":{\"TableName\":\"BenchItems\",\"Key\":{\"id\":{\"S\":\"item-%010" PRIu64
        "\"}},\"ConditionExpression\":\"attribute_exists(id)\"}}]}",
        first + 3);
}

static void write_select(struct text *body, uint64_t sequence)
{
    (void)sequence;
    text_append_format(body,
                       "{\"Statement\":\"SELECT * FROM \\\"BenchItems\\\" WHERE id = "
                       "?\",\"Parameters\":[{\"S\":\"item-%010" PRIu64 "\"}]}",
                       random_below(item_count));
}

static void write_load_items(struct text *body, uint64_t sequence)
{
    text_append_string(body, "{\"RequestItems\":{\"BenchItems\":[");
    for (uint64_t key = sequence * BATCH_ITEMS; key < (sequence + 1) * BATCH_ITEMS && key < item_count;
         key++) {
        text_append_string(body,
                           key % BATCH_ITEMS ? ",{\"PutRequest\":{\"Item\":" : "{\"PutRequest\":{\"Item\":");
        append_item(body, key);
        text_append_string(body, "}}");
    }
    text_append_string(body, "]}}");
}

static void write_load_pages(struct text *body, uint64_t sequence)
{
    uint64_t page = sequence / (PAGE_ITEMS / BATCH_ITEMS);
    uint64_t first = sequence % (PAGE_ITEMS / BATCH_ITEMS) * BATCH_ITEMS;
    text_append_string(body, "{\"RequestItems\":{\"BenchPages\":[");
    for (uint64_t i = 0; i < BATCH_ITEMS; i++) {
        text_append_string(body, i ? ",{\"PutRequest\":{\"Item\":" : "{\"PutRequest\":{\"Item\":");
        append_page_item(body, page, first + i);
        text_append_string(body, "}}");
    }
    text_append_string(body, "]}}");
}

static const char *shard_iterator = "";

void workload_set_iterator(const char *iterator)
{
    shard_iterator = iterator;
}

static void write_get_records(struct text *body, uint64_t sequence)
{
    (void)sequence;
    text_append_format(body, "{\"ShardIterator\":\"%s\",\"Limit\":%d}", shard_iterator, STREAM_PAGE);
}

static void write_load_stream(struct text *body, uint64_t sequence)
{
    text_append_string(body, "{\"RequestItems\":{\"BenchStream\":[");
    for (uint64_t i = 0; i < BATCH_ITEMS; i++) {
        text_append_string(body, i ? ",{\"PutRequest\":{\"Item\":" : "{\"PutRequest\":{\"Item\":");
        append_item(body, sequence * BATCH_ITEMS + i);
        text_append_string(body, "}}");
    }
    text_append_string(body, "]}}");
}

static void write_list(struct text *body, uint64_t sequence)
{
    (void)sequence;
    text_append_string(body, "{}");
}

static const struct workload workloads[] = {
    {"get", "GetItem", write_get, "\"Item\""},
    {"put", "PutItem", write_put, NULL},
    {"update", "UpdateItem", write_update, NULL},
    {"query", "Query", write_query, "\"Count\":100"},
    {"batch", "BatchWriteItem", write_batch, "\"UnprocessedItems\":{}"},
    {"transact", "TransactWriteItems", write_transact, NULL},
    {"partiql", "ExecuteStatement", write_select, "\"Items\":[{"},
    {"stream", "DynamoDBStreams_20120810.GetRecords", write_get_records, "\"eventName\":\"INSERT\""},
    {"list", "ListTables", write_list, "\"TableNames\""},
    {"load-items", "BatchWriteItem", write_load_items, "\"UnprocessedItems\":{}"},
    {"load-pages", "BatchWriteItem", write_load_pages, "\"UnprocessedItems\":{}"},
    {"load-stream", "BatchWriteItem", write_load_stream, "\"UnprocessedItems\":{}"},
    /* The very bytes of a GetItem, for a server that answers anything: what HTTP alone costs with this
       client. */
    {"raw", "GetItem", write_get, NULL},
};

const struct workload *workload_find(const char *name)
{
    for (size_t i = 0; i < sizeof workloads / sizeof *workloads; i++)
        if (strcmp(workloads[i].name, name) == 0)
            return &workloads[i];
    return NULL;
}

void workload_print_names(void)
{
    for (size_t i = 0; i < sizeof workloads / sizeof *workloads; i++)
        fprintf(stderr, " %s", workloads[i].name);
}

uint64_t workload_requests_to_load(const struct workload *workload)
{
    if (workload->write_body == write_load_stream)
        return STREAM_RECORDS / BATCH_ITEMS;
    if (workload->write_body == write_load_items)
        return (item_count + BATCH_ITEMS - 1) / BATCH_ITEMS;
    return page_count * (PAGE_ITEMS / BATCH_ITEMS);
}

void workload_write_table(struct text *body, const char *table)
{
    bool pages = strcmp(table, "BenchPages") == 0;
    text_append_format(body, "{\"TableName\":\"%s\",\"BillingMode\":\"PAY_PER_REQUEST\",", table);
    if (strcmp(table, "BenchStream") == 0)
        text_append_string(
            body, "\"StreamSpecification\":{\"StreamEnabled\":true,\"StreamViewType\":\"NEW_IMAGE\"},");
    text_append_string(
        body, pages ? "\"AttributeDefinitions\":[{\"AttributeName\":\"owner\",\"AttributeType\":\"S\"},"
                      "{\"AttributeName\":\"position\",\"AttributeType\":\"S\"}],"
                      "\"KeySchema\":[{\"AttributeName\":\"owner\",\"KeyType\":\"HASH\"},"
                      "{\"AttributeName\":\"position\",\"KeyType\":\"RANGE\"}]}"
                    : "\"AttributeDefinitions\":[{\"AttributeName\":\"id\",\"AttributeType\":\"S\"}],"
                      "\"KeySchema\":[{\"AttributeName\":\"id\",\"KeyType\":\"HASH\"}]}");
}
