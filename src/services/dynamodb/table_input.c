#include "services/dynamodb/table_input.h"

#include "base/clock.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/table_capacity.h"

enum {
    TABLE_KEYS_LIMIT = 2,
    INDEX_KEYS_LIMIT = 2 * KEY_PARTS_LIMIT,
    /* attributes that the keys of a table and all of its indexes can have */
    DEFINITIONS_LIMIT = TABLE_KEYS_LIMIT + LOCAL_INDEX_LIMIT + GLOBAL_INDEX_LIMIT * INDEX_KEYS_LIMIT,
    INCLUDED_LIMIT = 20,       /* non-key attributes of one index */
    INCLUDED_TOTAL_LIMIT = 100 /* of all indexes of a table */
};
#define PACKAGE "com.amazonaws.dynamodb.v20120810."

/* ---- shapes ---- */

static const char *const attribute_types[] = {"B", "N", "S", NULL};
static const char *const key_types[] = {"HASH", "RANGE", NULL};
static const char *const projection_types[] = {"ALL", "INCLUDE", "KEYS_ONLY", NULL};
static const char *const billing_modes[] = {"PROVISIONED", "PAY_PER_REQUEST", NULL};
static const char *const view_types[] = {"NEW_AND_OLD_IMAGES", "OLD_IMAGE", "NEW_IMAGE", "KEYS_ONLY", NULL};
static const char *const sse_types[] = {"AES256", "KMS", NULL};
static const char *const table_classes[] = {"STANDARD", "STANDARD_INFREQUENT_ACCESS", NULL};

static const struct shape attribute_name = {.kind = SHAPE_STRING, .min = 1, .max = 255};
static const struct shape attribute_type = {.kind = SHAPE_STRING, .words = attribute_types};
static const struct shape key_type = {.kind = SHAPE_STRING, .words = key_types};
static const struct shape projection_type = {.kind = SHAPE_STRING, .words = projection_types};
static const struct shape view_type = {.kind = SHAPE_STRING, .words = view_types};
static const struct shape sse_type = {.kind = SHAPE_STRING, .words = sse_types};
static const struct shape units = {.kind = SHAPE_LONG, .min = 1};

static const struct shape_entry definition_members[] = {
    {"AttributeName", &attribute_name, true}, {"AttributeType", &attribute_type, true}, {0}};
static const struct shape definition = {
    .kind = SHAPE_STRUCTURE, .members = definition_members, .java = PACKAGE "AttributeDefinition"};
const struct shape table_input_definitions = {.kind = SHAPE_LIST, .element = &definition};

static const struct shape_entry key_members[] = {
    {"AttributeName", &attribute_name, true}, {"KeyType", &key_type, true}, {0}};
static const struct shape key_element = {
    .kind = SHAPE_STRUCTURE, .members = key_members, .java = PACKAGE "KeySchemaElement"};
const struct shape table_input_key_schema = {
    .kind = SHAPE_LIST, .min = 1, .max = TABLE_KEYS_LIMIT, .element = &key_element};
static const struct shape index_key_schema = {
    .kind = SHAPE_LIST, .min = 1, .max = INDEX_KEYS_LIMIT, .element = &key_element};

static const struct shape non_key_attributes = {
    .kind = SHAPE_LIST, .min = 1, .max = INCLUDED_LIMIT, .element = &attribute_name};
static const struct shape_entry projection_members[] = {
    {"ProjectionType", &projection_type, false}, {"NonKeyAttributes", &non_key_attributes, false}, {0}};
static const struct shape projection = {
    .kind = SHAPE_STRUCTURE, .members = projection_members, .java = PACKAGE "Projection"};

static const struct shape_entry throughput_members[] = {
    {"WriteCapacityUnits", &units, true}, {"ReadCapacityUnits", &units, true}, {0}};
const struct shape table_input_throughput = {
    .kind = SHAPE_STRUCTURE, .members = throughput_members, .java = PACKAGE "ProvisionedThroughput"};
const struct shape table_input_billing_mode = {.kind = SHAPE_STRING, .words = billing_modes};
static const struct shape_entry on_demand_members[] = {
    {"MaxReadRequestUnits", &shape_long, false}, {"MaxWriteRequestUnits", &shape_long, false}, {0}};
const struct shape table_input_on_demand = {.kind = SHAPE_STRUCTURE, .members = on_demand_members};
static const struct shape_entry warm_members[] = {
    {"ReadUnitsPerSecond", &shape_long, false}, {"WriteUnitsPerSecond", &shape_long, false}, {0}};
const struct shape table_input_warm = {.kind = SHAPE_STRUCTURE, .members = warm_members};

static const struct shape_entry local_members[] = {{"IndexName", &input_index_name, true},
                                                   {"KeySchema", &index_key_schema, true},
                                                   {"Projection", &projection, true},
                                                   {0}};
static const struct shape local_index = {
    .kind = SHAPE_STRUCTURE, .members = local_members, .java = PACKAGE "LocalSecondaryIndex"};
const struct shape table_input_local_indexes = {.kind = SHAPE_LIST, .element = &local_index};

static const struct shape_entry global_members[] = {{"IndexName", &input_index_name, true},
                                                    {"KeySchema", &index_key_schema, true},
                                                    {"Projection", &projection, true},
                                                    {"ProvisionedThroughput", &table_input_throughput, false},
                                                    {"OnDemandThroughput", &table_input_on_demand, false},
                                                    {"WarmThroughput", &table_input_warm, false},
                                                    {0}};
const struct shape table_input_global_index_create = {
    .kind = SHAPE_STRUCTURE, .members = global_members, .java = PACKAGE "GlobalSecondaryIndex"};
const struct shape table_input_global_indexes = {.kind = SHAPE_LIST,
                                                 .element = &table_input_global_index_create};

static const struct shape_entry stream_members[] = {
    {"StreamEnabled", &shape_boolean_value, true}, {"StreamViewType", &view_type, false}, {0}};
const struct shape table_input_stream = {
    .kind = SHAPE_STRUCTURE, .members = stream_members, .java = PACKAGE "StreamSpecification"};
static const struct shape_entry sse_members[] = {{"Enabled", &shape_boolean_value, false},
                                                 {"SSEType", &sse_type, false},
                                                 {"KMSMasterKeyId", &shape_string, false},
                                                 {0}};
const struct shape table_input_sse = {
    .kind = SHAPE_STRUCTURE, .members = sse_members, .java = PACKAGE "SSESpecification"};
const struct shape table_input_table_class = {.kind = SHAPE_STRING, .words = table_classes};

/* ---- schemas ---- */

static enum value_type type_of(struct slice letter)
{
    return slice_is(letter, "S") ? VALUE_S : slice_is(letter, "N") ? VALUE_N : VALUE_B;
}

/* Whether the attribute is among the first `count` definitions. */
static bool was_there(const struct table *table, size_t count, struct slice name)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_equal(table->definitions[i].name, name))
            return true;
    }
    return false;
}

bool table_input_read_definitions(struct request *request, struct table *table, const struct json *list)
{
    size_t count = list->array.count, before = table->definition_count;

    if (count > DEFINITIONS_LIMIT)
        return fail(
            &request->failure, ERROR_VALIDATION,
            "One or more parameter values were invalid: Some AttributeDefinitions are not used: there are "
            "%zu, and the keys of a table and all of its indexes have no more than %d attributes",
            count, DEFINITIONS_LIMIT);
    table->definitions = arena_grow(&table->arena, table->definitions, table->definition_count,
                                    table->definition_count + count, sizeof(table->definitions[0]));
    for (size_t i = 0; i < count; i++) {
        const struct json *given = &list->array.items[i];
        struct slice name = shape_text(given, "AttributeName");
        enum value_type type = type_of(shape_text(given, "AttributeType")),
                        known = table_attribute_type(table, name);
        if (known != 0 && known != type)
            return fail(
                &request->failure, ERROR_VALIDATION,
                "One or more parameter values were invalid: Conflicting type definition for attribute: %.*s",
                SLICE_ARGS(name));
        if (known != 0 && !was_there(table, before, name))
            return fail(&request->failure, ERROR_VALIDATION,
                        "One or more parameter values were invalid: Number of attributes in KeySchema does "
                        "not exactly "
                        "match number of attributes defined in AttributeDefinitions");
        if (known == 0)
            table->definitions[table->definition_count++] =
                (struct key_part){arena_copy(&table->arena, name), type};
    }
    return true;
}

/* "[a, b]" of the names in a list of structures. */
static struct slice names_of(struct request *request, const struct json *list)
{
    struct slice text = SLICE("[");

    for (size_t i = 0; i < list->array.count; i++) {
        struct slice name = shape_text(&list->array.items[i], "AttributeName");
        text =
            arena_printf(request->arena, "%.*s%s%.*s", SLICE_ARGS(text), i > 0 ? ", " : "", SLICE_ARGS(name));
    }
    return arena_printf(request->arena, "%.*s]", SLICE_ARGS(text));
}

static struct slice defined_names(struct request *request, const struct table *table)
{
    struct slice text = SLICE("[");

    for (size_t i = 0; i < table->definition_count; i++)
        text = arena_printf(request->arena, "%.*s%s%.*s", SLICE_ARGS(text), i > 0 ? ", " : "",
                            SLICE_ARGS(table->definitions[i].name));
    return arena_printf(request->arena, "%.*s]", SLICE_ARGS(text));
}

static bool check_defined(struct request *request, const struct table *table, const struct json *list)
{
    for (size_t i = 0; i < list->array.count; i++) {
        if (table_attribute_type(table, shape_text(&list->array.items[i], "AttributeName")) == 0)
            return fail(
                &request->failure, ERROR_VALIDATION,
                "One or more parameter values were invalid: Some index key attributes are not defined in "
                "AttributeDefinitions. Keys: %.*s, AttributeDefinitions: %.*s",
                SLICE_ARGS(names_of(request, list)), SLICE_ARGS(defined_names(request, table)));
    }
    return true;
}

static bool check_names_differ(struct request *request, const struct json *list)
{
    for (size_t i = 0; i < list->array.count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (slice_equal(shape_text(&list->array.items[i], "AttributeName"),
                            shape_text(&list->array.items[j], "AttributeName")))
                return fail(
                    &request->failure, ERROR_VALIDATION,
                    "Both the Hash Key and the Range Key element in the KeySchema have the same name");
        }
    }
    return true;
}

static bool add_part(struct request *request, struct table *table, const struct json *element, bool several,
                     struct key_schema *keys)
{
    struct slice name = shape_text(element, "AttributeName");
    struct key_part part = {arena_copy(&table->arena, name), table_attribute_type(table, name)};
    struct failure *failure = &request->failure;

    if (slice_is(shape_text(element, "KeyType"), "HASH")) {
        if (keys->sort_count > 0)
            return fail(failure, ERROR_VALIDATION,
                        several ? "Invalid KeySchema: A HASH key type must not follow a RANGE key type"
                                : "Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
        if (keys->partition_count == (several ? KEY_PARTS_LIMIT : 1))
            return fail(failure, ERROR_VALIDATION,
                        several ? "Invalid KeySchema: Too many HASH key types: at most 4 are allowed"
                                : "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
        keys->partition[keys->partition_count++] = part;
        return true;
    }
    if (keys->partition_count == 0)
        return fail(failure, ERROR_VALIDATION,
                    "Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
    if (keys->sort_count == (several ? KEY_PARTS_LIMIT : 1))
        return fail(failure, ERROR_VALIDATION,
                    "Invalid KeySchema: Too many RANGE key types: at most %d are allowed",
                    several ? KEY_PARTS_LIMIT : 1);
    keys->sort[keys->sort_count++] = part;
    return true;
}

static bool read_keys(struct request *request, struct table *table, const struct json *list, bool several,
                      struct key_schema *keys)
{
    *keys = (struct key_schema){0};
    if (!check_defined(request, table, list) || !check_names_differ(request, list))
        return false;
    for (size_t i = 0; i < list->array.count; i++) {
        if (!add_part(request, table, &list->array.items[i], several, keys))
            return false;
    }
    return true;
}

bool table_input_read_keys(struct request *request, struct table *table, const struct json *list,
                           struct key_schema *keys)
{
    return read_keys(request, table, list, false, keys);
}

bool table_input_check_used(struct request *request, const struct table *table)
{
    struct slice used = SLICE("[");

    for (size_t i = 0; i < table->definition_count; i++) {
        if (table_uses(table, table->definitions[i].name))
            used = arena_printf(request->arena, "%.*s%s%.*s", SLICE_ARGS(used), used.len > 1 ? ", " : "",
                                SLICE_ARGS(table->definitions[i].name));
    }
    for (size_t i = 0; i < table->definition_count; i++) {
        if (table_uses(table, table->definitions[i].name))
            continue;
        if (table->index_count == 0)
            return fail(&request->failure, ERROR_VALIDATION,
                        "One or more parameter values were invalid: Number of attributes in KeySchema does "
                        "not exactly "
                        "match number of attributes defined in AttributeDefinitions");
        return fail(&request->failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: Some AttributeDefinitions are not used. "
                    "AttributeDefinitions: %.*s, keys used: %.*s]",
                    SLICE_ARGS(defined_names(request, table)), SLICE_ARGS(used));
    }
    return true;
}

/* ---- indexes ---- */

static bool check_local_keys(struct request *request, const struct table *table, const struct index *index)
{
    struct failure *failure = &request->failure;

    if (index->keys.sort_count == 0)
        return fail(failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: Index KeySchema does not have a range key "
                    "for index: %.*s",
                    SLICE_ARGS(index->name));
    if (!slice_equal(index->keys.partition[0].name, table->keys.partition[0].name))
        return fail(failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: Index KeySchema does not have the same "
                    "leading hash key "
                    "as table KeySchema for index: %.*s. index hash key: %.*s, table hash key: %.*s",
                    SLICE_ARGS(index->name), SLICE_ARGS(index->keys.partition[0].name),
                    SLICE_ARGS(table->keys.partition[0].name));
    return true;
}

static bool read_included(struct request *request, struct table *table, const struct json *names,
                          struct index *index)
{
    struct failure *failure = &request->failure;
    size_t total = names->array.count;

    index->included = arena_array(&table->arena, struct slice, names->array.count);
    for (size_t i = 0; i < names->array.count && i <= INCLUDED_LIMIT; i++) {
        struct slice name = names->array.items[i].text;
        for (size_t j = 0; j < i; j++) {
            if (slice_equal(index->included[j], name))
                return fail(failure, ERROR_VALIDATION,
                            "One or more parameter values were invalid: Duplicate attribute name in "
                            "NonKeyAttributes: "
                            "%.*s",
                            SLICE_ARGS(name));
        }
        index->included[index->included_count++] = arena_copy(&table->arena, name);
    }
    for (size_t i = 0; i < table->index_count; i++)
        total += table->indexes[i].included_count;
    return total <= INCLUDED_TOTAL_LIMIT || fail(failure, ERROR_VALIDATION,
                                                 "One or more parameter values were invalid: Number of "
                                                 "NonKeyAttributes in all indexes exceeds the limit "
                                                 "of 100 per table");
}

static bool read_projection(struct request *request, struct table *table, const struct json *given,
                            struct index *index)
{
    struct slice type = shape_text(given, "ProjectionType");
    const struct json *names = shape_member(given, "NonKeyAttributes");
    struct failure *failure = &request->failure;

    if (type.ptr == NULL)
        return fail(failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: Unknown ProjectionType: null");
    index->projection = slice_is(type, "ALL")         ? PROJECT_ALL
                        : slice_is(type, "KEYS_ONLY") ? PROJECT_KEYS_ONLY
                                                      : PROJECT_INCLUDE;
    if (names != NULL && index->projection != PROJECT_INCLUDE)
        return fail(
            failure, ERROR_VALIDATION,
            "One or more parameter values were invalid: ProjectionType is %.*s, but NonKeyAttributes is "
            "specified",
            SLICE_ARGS(type));
    if (names == NULL && index->projection == PROJECT_INCLUDE)
        return fail(failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: ProjectionType is INCLUDE, but "
                    "NonKeyAttributes is not "
                    "specified");
    return names == NULL || read_included(request, table, names, index);
}

static bool read_index_capacity(struct request *request, const struct table *table, const struct json *given,
                                struct index *index)
{
    const struct json *throughput = shape_member(given, "ProvisionedThroughput");
    struct failure *failure = &request->failure;

    index->on_demand = index->warm = (struct units){-1, -1};
    if (index->kind == INDEX_LOCAL)
        return true;
    if (table->billing == BILLING_PAY_PER_REQUEST && throughput != NULL)
        return fail(
            failure, ERROR_VALIDATION,
            "One or more parameter values were invalid: ProvisionedThroughput should not be specified for "
            "index: %.*s when BillingMode is PAY_PER_REQUEST",
            SLICE_ARGS(index->name));
    if (table->billing == BILLING_PROVISIONED && throughput == NULL)
        return fail(failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: ProvisionedThroughput must be specified for "
                    "index: %.*s",
                    SLICE_ARGS(index->name));
    return (throughput == NULL || table_capacity_read_throughput(request, throughput, &index->throughput)) &&
           table_capacity_read_on_demand(request, shape_member(given, "OnDemandThroughput"), table->billing,
                                         &index->on_demand) &&
           table_capacity_read_warm(request, shape_member(given, "WarmThroughput"), table, index,
                                    &index->warm);
}

bool table_input_add_index(struct request *request, struct table *table, const struct json *given,
                           enum index_kind kind)
{
    struct index index = {.kind = kind, .status = INDEX_ACTIVE, .id = table->next_index_id};

    if (table->next_index_id == UINT16_MAX)
        return fail(&request->failure, ERROR_LIMIT_EXCEEDED,
                    "This table has had all the indexes that it can number");
    index.name = arena_copy(&table->arena, shape_text(given, "IndexName"));
    if (!read_keys(request, table, shape_member(given, "KeySchema"), kind == INDEX_GLOBAL, &index.keys) ||
        (kind == INDEX_LOCAL && !check_local_keys(request, table, &index)) ||
        !read_projection(request, table, shape_member(given, "Projection"), &index) ||
        !read_index_capacity(request, table, given, &index))
        return false;
    if (table_index(table, index.name) != NULL)
        return fail(&request->failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: Duplicate index name: %.*s",
                    SLICE_ARGS(index.name));
    table->indexes =
        arena_grow(&table->arena, table->indexes, table->index_count, table->index_count + 1, sizeof(index));
    table->indexes[table->index_count++] = index;
    table->next_index_id++;
    return true;
}

bool table_input_refuse_vectors(struct request *request, const char *list)
{
    const struct json *indexes = shape_member(request->body, list);

    return indexes == NULL || indexes->array.count == 0 ||
           fail(&request->failure, ERROR_VALIDATION, "Vector indexes are not implemented by this server: %s",
                list);
}

/* ---- settings ---- */

static bool read_stream(struct request *request, struct table *table, const struct json *given, bool is_new)
{
    struct slice view = shape_text(given, "StreamViewType");
    bool enabled = shape_boolean(given, "StreamEnabled", false);
    struct failure *failure = &request->failure;

    if (enabled && view.ptr == NULL)
        return fail(failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: StreamViewType must be specified when "
                    "StreamEnabled is "
                    "true");
    if (!enabled && view.ptr != NULL)
        return fail(failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: StreamViewType should not be specified when "
                    "StreamEnabled is false");
    if (enabled && table->stream.view != STREAM_OFF)
        return fail(failure, ERROR_VALIDATION, "Table already has an enabled stream: TableName: %.*s",
                    SLICE_ARGS(table->name));
    if (!enabled && table->stream.view == STREAM_OFF && !is_new)
        return fail(failure, ERROR_VALIDATION, "Table already has a disabled stream: TableName: %.*s",
                    SLICE_ARGS(table->name));
    /* What follows from that, table_change_stream() does. */
    table->stream.view = enabled ? stream_view_of(view) : STREAM_OFF;
    if (enabled)
        resource_policy_put(&table->stream_policy, SLICE(""), SLICE(""), NULL);
    return true;
}

bool table_input_read_sse(struct request *request, struct table *table, const struct json *given)
{
    struct slice type = shape_text(given, "SSEType"), key = shape_text(given, "KMSMasterKeyId");
    bool enabled = shape_boolean(given, "Enabled", false);

    if (enabled && type.ptr != NULL && !slice_is(type, "KMS"))
        return fail(&request->failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: Only SSEType KMS is supported");
    if (key.ptr != NULL && (!enabled || type.ptr == NULL))
        return fail(&request->failure, ERROR_VALIDATION,
                    "One or more parameter values were invalid: KMSMasterKeyId can be specified only when "
                    "SSEType is KMS");
    table->sse_kms = enabled;
    table->kms_key = arena_copy(&table->arena, key);
    table->sse_since = clock_now();
    return true;
}

void table_input_set_class(struct table *table, struct slice wanted, bool is_new)
{
    bool changes = !slice_equal(table->table_class.len > 0 ? table->table_class : SLICE("STANDARD"), wanted);

    table->table_class = arena_copy(&table->arena, wanted);
    if (changes && !is_new)
        table->table_class_since = clock_now();
}

bool table_input_read_settings(struct request *request, struct table *table, bool is_new)
{
    const struct json *body = request->body;
    const struct json *stream = shape_member(body, "StreamSpecification"),
                      *sse = shape_member(body, "SSESpecification");
    struct slice class = shape_text(body, "TableClass");

    if ((stream != NULL && !read_stream(request, table, stream, is_new)) ||
        (sse != NULL && !table_input_read_sse(request, table, sse)))
        return false;
    if (class.ptr != NULL)
        table_input_set_class(table, class, is_new);
    table->deletion_protection = shape_boolean(body, "DeletionProtectionEnabled", table->deletion_protection);
    return table_capacity_read_on_demand(request, shape_member(body, "OnDemandThroughput"), table->billing,
                                         &table->on_demand) &&
           table_capacity_read_warm(request, shape_member(body, "WarmThroughput"), table, NULL, &table->warm);
}
