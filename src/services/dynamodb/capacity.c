#include "services/dynamodb/capacity.h"

#include "base/json.h"
#include "services/dynamodb/throttle.h"
#include "services/meter.h"
#include "services/shape.h"

enum { WRITE_UNIT = 1024, READ_UNIT = 4096 };

void capacity_init(struct capacity *capacity, struct arena *arena, const struct table *table)
{
    capacity->table = table;
    capacity->of_table = 0;
    capacity->of_indexes = arena_array(arena, double, table->index_count);
    capacity->used_indexes = arena_array(arena, bool, table->index_count);
}

void capacity_add(struct capacity *capacity, const struct index *index, double units)
{
    if (index == NULL) {
        capacity->of_table += units;
        return;
    }
    capacity->of_indexes[index - capacity->table->indexes] += units;
    capacity->used_indexes[index - capacity->table->indexes] = true;
}

static double units_of(size_t bytes, size_t unit)
{
    size_t units = (bytes + unit - 1) / unit;

    return units == 0 ? 1 : (double)units;
}

double capacity_of_write(size_t item_bytes)
{
    return units_of(item_bytes, WRITE_UNIT);
}

double capacity_of_read(size_t bytes, bool consistent)
{
    return units_of(bytes, READ_UNIT) * (consistent ? 1.0 : 0.5);
}

bool capacity_take(struct request *request, const struct capacity *capacity, enum operation_kind kind)
{
    struct throttle *throttle = request->server->throttle;
    const struct table *table = capacity->table;

    if (throttle != NULL && !request->repeated && !throttle_take(throttle, request, capacity, kind))
        return false;
    if (request->server->metrics == NULL)
        return true;
    if (capacity->of_table > 0)
        meter_add_units(request, table, NULL, kind, capacity->of_table);
    for (size_t i = 0; i < table->index_count; i++) {
        if (capacity->used_indexes[i])
            meter_add_units(request, table, &table->indexes[i], kind, capacity->of_indexes[i]);
    }
    return true;
}

bool capacity_was_refused(const struct failure *failure)
{
    return failure->code == ERROR_PROVISIONED_THROUGHPUT_EXCEEDED || failure->code == ERROR_THROTTLING;
}

/* Units are multiples of a half, so one decimal is exact. */
static void write_units(struct buffer *out, double units, const char *kind)
{
    buffer_printf(out, "\"CapacityUnits\":%.1f", units);
    if (kind != NULL)
        buffer_printf(out, ",\"%s\":%.1f", kind, units);
}

static void write_indexes(struct buffer *out, const struct capacity *capacity, enum index_kind of_kind,
                          const char *name, const char *kind)
{
    bool any = false;

    for (size_t i = 0; i < capacity->table->index_count; i++) {
        const struct index *index = &capacity->table->indexes[i];
        if (index->kind != of_kind || !capacity->used_indexes[i])
            continue;
        if (any)
            buffer_append_byte(out, ',');
        else
            buffer_printf(out, ",\"%s\":{", name);
        any = true;
        json_write_string(out, index->name);
        buffer_append_string(out, ":{");
        write_units(out, capacity->of_indexes[i], kind);
        buffer_append_byte(out, '}');
    }
    if (any)
        buffer_append_byte(out, '}');
}

void capacity_write(struct buffer *out, const struct capacity *capacity, struct slice name, bool by_index,
                    const char *kind)
{
    double total = capacity->of_table;

    for (size_t i = 0; i < capacity->table->index_count; i++)
        total += capacity->of_indexes[i];
    buffer_append_string(out, "{\"TableName\":");
    json_write_string(out, name);
    buffer_append_byte(out, ',');
    write_units(out, total, kind);
    if (by_index) {
        buffer_append_string(out, ",\"Table\":{");
        write_units(out, capacity->of_table, kind);
        buffer_append_byte(out, '}');
        write_indexes(out, capacity, INDEX_LOCAL, "LocalSecondaryIndexes", kind);
        write_indexes(out, capacity, INDEX_GLOBAL, "GlobalSecondaryIndexes", kind);
    }
    buffer_append_byte(out, '}');
}

bool capacity_wanted(const struct request *request, bool *by_index)
{
    struct slice wanted = shape_text(request->body, "ReturnConsumedCapacity");

    *by_index = wanted.ptr != NULL && slice_is(wanted, "INDEXES");
    return wanted.ptr != NULL && !slice_is(wanted, "NONE");
}

void capacity_respond(struct request *request, bool *first, const struct capacity *capacity,
                      struct slice name)
{
    bool by_index;

    if (!capacity_wanted(request, &by_index))
        return;
    json_write_name(request->out, first, "ConsumedCapacity");
    capacity_write(request->out, capacity, name, by_index, NULL);
}

void capacity_add_all(struct capacity *to, const struct capacity *from, double times)
{
    capacity_add(to, NULL, times * from->of_table);
    for (size_t i = 0; i < to->table->index_count; i++) {
        if (from->used_indexes[i])
            capacity_add(to, &to->table->indexes[i], times * from->of_indexes[i]);
    }
}

/* Whether an earlier action names the same table. */
static bool is_counted(const struct capacity_share *shares, size_t i)
{
    for (size_t j = 0; j < i; j++) {
        if (slice_equal(shares[j].name, shares[i].name))
            return true;
    }
    return false;
}

void capacity_respond_transaction(struct request *request, bool *first, const struct capacity_share *shares,
                                  size_t count, const char *kind)
{
    enum { TRANSACTION_TIMES = 2 };
    bool any = false, by_index;

    if (!capacity_wanted(request, &by_index))
        return;
    json_write_name(request->out, first, "ConsumedCapacity");
    buffer_append_byte(request->out, '[');
    for (size_t i = 0; i < count; i++) {
        struct capacity sum;
        if (is_counted(shares, i))
            continue;
        capacity_init(&sum, request->arena, shares[i].capacity->table);
        for (size_t j = i; j < count; j++) {
            if (slice_equal(shares[j].name, shares[i].name))
                capacity_add_all(&sum, shares[j].capacity, TRANSACTION_TIMES);
        }
        if (any)
            buffer_append_byte(request->out, ',');
        any = true;
        capacity_write(request->out, &sum, shares[i].name, by_index, kind);
    }
    buffer_append_byte(request->out, ']');
}
