#include "catalog/table.h"

#include <stdlib.h>

#include "base/check.h"
#include "iam/policy.h"

struct table *table_create(void)
{
    struct table *table = calloc(1, sizeof(*table));

    CHECK(table != NULL);
    atomic_init(&table->references, 1);
    arena_init(&table->arena);
    table->next_index_id = 1;
    table->on_demand = table->warm = (struct units){-1, -1};
    return table;
}

struct table *table_retain(struct table *table)
{
    atomic_fetch_add_explicit(&table->references, 1, memory_order_relaxed);
    return table;
}

void table_release(struct table *table)
{
    if (table == NULL || atomic_fetch_sub_explicit(&table->references, 1, memory_order_acq_rel) != 1)
        return;
    policy_destroy(table->policy.compiled);
    policy_destroy(table->stream_policy.compiled);
    arena_finish(&table->arena);
    free(table);
}

void resource_policy_put(struct resource_policy *policy, struct slice document, struct slice revision,
                         struct policy *compiled)
{
    policy_destroy(policy->compiled);
    *policy = (struct resource_policy){document, revision, compiled};
}

int64_t throughput_decreases(const struct throughput *throughput, int64_t now)
{
    enum { DAY = 24 * 60 * 60 * 1000 };

    return throughput->last_decrease / DAY == now / DAY ? throughput->decreases_today : 0;
}

struct table *table_clone(const struct table *table)
{
    struct buffer text;

    buffer_init(&text);
    table_write_descriptor(&text, table);
    struct table *clone = table_read_descriptor(buffer_slice(&text));
    buffer_finish(&text);
    CHECK(clone != NULL);
    clone->version = table->version;
    for (size_t i = 0; i < table->stream.open_count; i++)
        atomic_store(&clone->stream.open[i].records, atomic_load(&table->stream.open[i].records));
    return clone;
}

struct index *table_index_mutable(struct table *table, struct slice name)
{
    for (size_t i = 0; i < table->index_count; i++) {
        if (slice_equal(table->indexes[i].name, name))
            return &table->indexes[i];
    }
    return NULL;
}

const struct index *table_index(const struct table *table, struct slice name)
{
    for (size_t i = 0; i < table->index_count; i++) {
        if (slice_equal(table->indexes[i].name, name))
            return &table->indexes[i];
    }
    return NULL;
}

/* The place of the tag, or where it would be inserted. */
static size_t place_of_tag(const struct table *table, struct slice key, bool *found)
{
    size_t place = 0;

    while (place < table->tag_count && slice_compare(table->tags[place].key, key) < 0)
        place++;
    *found = place < table->tag_count && slice_equal(table->tags[place].key, key);
    return place;
}

void table_set_tag(struct table *table, struct slice key, struct slice value)
{
    bool found;
    size_t place = place_of_tag(table, key, &found);

    if (!found) {
        /* The array has room for the next power of two. */
        if ((table->tag_count & (table->tag_count - 1)) == 0)
            table->tags =
                arena_grow(&table->arena, table->tags, table->tag_count,
                           table->tag_count == 0 ? 1 : 2 * table->tag_count, sizeof(table->tags[0]));
        memmove(&table->tags[place + 1], &table->tags[place],
                (table->tag_count - place) * sizeof(table->tags[0]));
        table->tags[place].key = arena_copy(&table->arena, key);
        table->tag_count++;
    }
    table->tags[place].value = arena_copy(&table->arena, value);
}

void table_remove_tag(struct table *table, struct slice key)
{
    bool found;
    size_t place = place_of_tag(table, key, &found);

    if (!found)
        return;
    table->tag_count--;
    memmove(&table->tags[place], &table->tags[place + 1],
            (table->tag_count - place) * sizeof(table->tags[0]));
}

bool table_is_restoring(const struct table *table)
{
    return table->status == TABLE_CREATING && table->restore.source_id > 0;
}

static const char *const stream_views[] = {
    [STREAM_OFF] = "",
    [STREAM_KEYS_ONLY] = "KEYS_ONLY",
    [STREAM_NEW_IMAGE] = "NEW_IMAGE",
    [STREAM_OLD_IMAGE] = "OLD_IMAGE",
    [STREAM_NEW_AND_OLD_IMAGES] = "NEW_AND_OLD_IMAGES",
};

const char *stream_view_name(enum stream_view view)
{
    return stream_views[view];
}

enum stream_view stream_view_of(struct slice name)
{
    for (size_t i = 0; i < sizeof(stream_views) / sizeof(stream_views[0]); i++) {
        if (slice_is(name, stream_views[i]))
            return (enum stream_view)i;
    }
    return STREAM_OFF;
}

bool table_is_updating(const struct table *table)
{
    for (size_t i = 0; i < table->index_count; i++) {
        if (table->indexes[i].status != INDEX_ACTIVE)
            return true;
    }
    return false;
}

bool table_has_work(const struct table *table)
{
    return table_is_updating(table) || table->time_to_live.status == TTL_ENABLING ||
           table->time_to_live.status == TTL_DISABLING;
}

const struct key_schema *table_keys(const struct table *table, const struct index *index)
{
    return index == NULL ? &table->keys : &index->keys;
}

enum value_type table_attribute_type(const struct table *table, struct slice name)
{
    for (size_t i = 0; i < table->definition_count; i++) {
        if (slice_equal(table->definitions[i].name, name))
            return table->definitions[i].type;
    }
    return (enum value_type)0;
}

bool key_schema_has(const struct key_schema *keys, struct slice name)
{
    for (unsigned i = 0; i < keys->partition_count; i++) {
        if (slice_equal(keys->partition[i].name, name))
            return true;
    }
    for (unsigned i = 0; i < keys->sort_count; i++) {
        if (slice_equal(keys->sort[i].name, name))
            return true;
    }
    return false;
}

bool table_uses(const struct table *table, struct slice name)
{
    bool used = key_schema_has(&table->keys, name);

    for (size_t i = 0; i < table->index_count; i++)
        used = used || key_schema_has(&table->indexes[i].keys, name);
    return used;
}

void table_drop_unused_definitions(struct table *table)
{
    size_t kept = 0;

    for (size_t i = 0; i < table->definition_count; i++) {
        if (table_uses(table, table->definitions[i].name))
            table->definitions[kept++] = table->definitions[i];
    }
    table->definition_count = kept;
}
