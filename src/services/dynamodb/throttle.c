/*
 * AWS: "DynamoDB provisioned capacity mode", "Burst and adaptive capacity", "DynamoDB maximum throughput for
 * on-demand tables", "Troubleshooting throttling".
 */
#include "services/dynamodb/throttle.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/token_bucket.h"
#include "services/dynamodb/table_description.h"
#include "services/meter.h"

enum { SLOTS_FIRST = 64 };

/* The buckets of a table (index 0) or one of its global indexes. */
struct meter {
    uint32_t table;
    uint16_t index;
    struct token_bucket buckets[2]; /* by enum operation_kind */
    struct meter *next;             /* in its slot */
};

struct throttle {
    pthread_mutex_t lock;
    struct meter **slots;
    size_t slot_count; /* a power of two */
    size_t count;
};

struct throttle *throttle_create(void)
{
    struct throttle *throttle = calloc(1, sizeof(*throttle));

    CHECK(throttle != NULL);
    CHECK(pthread_mutex_init(&throttle->lock, NULL) == 0);
    throttle->slot_count = SLOTS_FIRST;
    throttle->slots = calloc(throttle->slot_count, sizeof(throttle->slots[0]));
    CHECK(throttle->slots != NULL);
    return throttle;
}

void throttle_destroy(struct throttle *throttle)
{
    if (throttle == NULL)
        return;
    for (size_t i = 0; i < throttle->slot_count; i++) {
        for (struct meter *meter = throttle->slots[i], *next; meter != NULL; meter = next) {
            next = meter->next;
            free(meter);
        }
    }
    free(throttle->slots);
    pthread_mutex_destroy(&throttle->lock);
    free(throttle);
}

/* ---- meters ---- */

static struct meter **slot_of(struct meter **slots, size_t slot_count, uint32_t table, uint16_t index)
{
    return &slots[(table * 31u + index) & (slot_count - 1)];
}

/* A bucket that nobody asked for so long has filled debts and all: the largest item costs 400 units. */
static bool is_idle(const struct meter *meter, int64_t now)
{
    int64_t idle_from = now - (int64_t)3 * BURST_SECONDS * 1000000000;

    return meter->buckets[OPERATION_READ].filled < idle_from &&
           meter->buckets[OPERATION_WRITE].filled < idle_from;
}

/* Lets go of idle meters, and makes room for as many again as stay. */
static void rebuild(struct throttle *throttle, int64_t now)
{
    size_t slot_count = throttle->slot_count * 2;
    struct meter **slots = calloc(slot_count, sizeof(slots[0]));

    CHECK(slots != NULL);
    for (size_t i = 0; i < throttle->slot_count; i++) {
        for (struct meter *meter = throttle->slots[i], *next; meter != NULL; meter = next) {
            next = meter->next;
            if (is_idle(meter, now)) {
                free(meter);
                throttle->count--;
                continue;
            }
            struct meter **slot = slot_of(slots, slot_count, meter->table, meter->index);
            meter->next = *slot;
            *slot = meter;
        }
    }
    free(throttle->slots);
    throttle->slots = slots;
    throttle->slot_count = slot_count;
}

/* What a table has gathered since it was made: nothing of it was used, or there would be a meter. */
static double gathered(const struct table *table, double rate)
{
    double age = (double)(clock_now() - table->created) / 1000;

    if (rate <= 0) /* no limit, so far */
        return 0;
    return rate * (age < 1 ? 1 : age > BURST_SECONDS ? BURST_SECONDS : age);
}

static double rate_of(const struct table *table, const struct index *index, enum operation_kind kind)
{
    bool provisioned = table->billing == BILLING_PROVISIONED;
    const struct throughput *throughput = index == NULL ? &table->throughput : &index->throughput;
    const struct units *most = index == NULL ? &table->on_demand : &index->on_demand;

    if (kind == OPERATION_READ)
        return (double)(provisioned ? throughput->read : most->read);
    return (double)(provisioned ? throughput->write : most->write);
}

static struct meter *meter_of(struct throttle *throttle, const struct table *table, const struct index *index,
                              int64_t now)
{
    uint16_t id = index == NULL ? 0 : index->id;
    struct meter **slot = slot_of(throttle->slots, throttle->slot_count, table->id, id);

    for (struct meter *meter = *slot; meter != NULL; meter = meter->next) {
        if (meter->table == table->id && meter->index == id)
            return meter;
    }
    if (throttle->count >= throttle->slot_count) {
        rebuild(throttle, now);
        slot = slot_of(throttle->slots, throttle->slot_count, table->id, id);
    }
    struct meter *meter = calloc(1, sizeof(*meter));
    CHECK(meter != NULL);
    *meter = (struct meter){.table = table->id, .index = id, .next = *slot};
    for (enum operation_kind kind = OPERATION_READ; kind <= OPERATION_WRITE; kind++)
        token_bucket_init(&meter->buckets[kind], gathered(table, rate_of(table, index, kind)), now);
    *slot = meter;
    throttle->count++;
    return meter;
}

/* ---- taking ---- */

/* What a request takes from the table or from one global index. */
struct demand {
    const struct index *index; /* NULL: the table */
    double units;
    double rate;
    struct token_bucket *bucket;
};

/* Those parts of the capacity that have a limit; local indexes use the table's. */
static size_t demands_of(const struct capacity *capacity, enum operation_kind kind, struct demand *demands)
{
    const struct table *table = capacity->table;
    double of_table = capacity->of_table;
    size_t count = 1;

    for (size_t i = 0; i < table->index_count; i++) {
        const struct index *index = &table->indexes[i];
        double units = capacity->of_indexes[i], rate = rate_of(table, index, kind);
        if (index->kind == INDEX_LOCAL)
            of_table += units;
        else if (units > 0 && rate > 0)
            demands[count++] = (struct demand){index, units, rate, NULL};
    }
    demands[0] = (struct demand){NULL, of_table, rate_of(table, NULL, kind), NULL};
    if (of_table > 0 && demands[0].rate > 0)
        return count;
    demands[0] = demands[count - 1];
    return count - 1;
}

/* AWS's texts. ThrottlingReasons name what was too much, of what, and its ARN. */
static bool throttled(struct request *request, const struct table *table, const struct index *index,
                      enum operation_kind kind)
{
    bool provisioned = table->billing == BILLING_PROVISIONED;
    struct slice arn = table_arn(request, table);

    meter_add_throttled(request, table, index, kind);
    if (index != NULL)
        arn = arena_printf(request->arena, "%.*s/index/%.*s", SLICE_ARGS(arn), SLICE_ARGS(index->name));
    request->failure.members = arena_printf(
        request->arena, ",\"%s\":[{\"reason\":\"%s%s%s\",\"resource\":\"%.*s\"}]",
        provisioned ? "ThrottlingReasons" : "throttlingReasons", index == NULL ? "Table" : "Index",
        kind == OPERATION_READ ? "Read" : "Write",
        provisioned ? "ProvisionedThroughputExceeded" : "MaxOnDemandThroughputExceeded", SLICE_ARGS(arn));
    if (!provisioned)
        return fail(&request->failure, ERROR_THROTTLING,
                    "Throughput exceeds the maximum OnDemandThroughput configured on table or index.");
    return fail(
        &request->failure, ERROR_PROVISIONED_THROUGHPUT_EXCEEDED, "%s",
        index == NULL
            ? "The level of configured provisioned throughput for the table was exceeded. Consider "
              "increasing your provisioning level with the UpdateTable API."
            : "The level of configured provisioned throughput for one or more global secondary indexes of "
              "the table was exceeded. Consider increasing your provisioning level for the "
              "under-provisioned global secondary indexes with the UpdateTable API");
}

bool throttle_take(struct throttle *throttle, struct request *request, const struct capacity *capacity,
                   enum operation_kind kind)
{
    struct demand demands[1 + GLOBAL_INDEX_LIMIT], *lacking = NULL;
    size_t count = demands_of(capacity, kind, demands);
    int64_t now = clock_monotonic();

    pthread_mutex_lock(&throttle->lock);
    for (size_t i = 0; i < count && lacking == NULL; i++) {
        struct demand *demand = &demands[i];
        demand->bucket = &meter_of(throttle, capacity->table, demand->index, now)->buckets[kind];
        if (!token_bucket_allows(demand->bucket, demand->rate, demand->units, now))
            lacking = demand;
    }
    for (size_t i = 0; i < count && lacking == NULL; i++)
        token_bucket_take(demands[i].bucket, demands[i].units);
    pthread_mutex_unlock(&throttle->lock);
    return lacking == NULL || throttled(request, capacity->table, lacking->index, kind);
}
