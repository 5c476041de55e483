#include "services/dynamodb/capacity.h"

#include "base/json.h"
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

/* Units are multiples of a half, so one decimal is exact. */
static void write_units(struct buffer *out, double units)
{
    buffer_printf(out, "\"CapacityUnits\":%.1f", units);
}

static void write_indexes(struct buffer *out, const struct capacity *capacity, enum index_kind kind,
                          const char *name)
{
    bool any = false;

    for (size_t i = 0; i < capacity->table->index_count; i++) {
        const struct index *index = &capacity->table->indexes[i];
        if (index->kind != kind || !capacity->used_indexes[i])
            continue;
        if (any)
            buffer_append_byte(out, ',');
        else
            buffer_printf(out, ",\"%s\":{", name);
        any = true;
        json_write_string(out, index->name);
        buffer_append_string(out, ":{");
        write_units(out, capacity->of_indexes[i]);
        buffer_append_byte(out, '}');
    }
    if (any)
        buffer_append_byte(out, '}');
}

void capacity_write(struct buffer *out, const struct capacity *capacity, struct slice name, bool by_index)
{
    double total = capacity->of_table;

    for (size_t i = 0; i < capacity->table->index_count; i++)
        total += capacity->of_indexes[i];
    buffer_append_string(out, "{\"TableName\":");
    json_write_string(out, name);
    buffer_append_byte(out, ',');
    write_units(out, total);
    if (by_index) {
        buffer_append_string(out, ",\"Table\":{");
        write_units(out, capacity->of_table);
        buffer_append_byte(out, '}');
        write_indexes(out, capacity, INDEX_LOCAL, "LocalSecondaryIndexes");
        write_indexes(out, capacity, INDEX_GLOBAL, "GlobalSecondaryIndexes");
    }
    buffer_append_byte(out, '}');
}

void capacity_respond(struct request *request, bool *first, const struct capacity *capacity,
                      struct slice name)
{
    struct slice wanted = shape_text(request->body, "ReturnConsumedCapacity");

    if (wanted.ptr == NULL || slice_is(wanted, "NONE"))
        return;
    json_write_name(request->out, first, "ConsumedCapacity");
    capacity_write(request->out, capacity, name, slice_is(wanted, "INDEXES"));
}
