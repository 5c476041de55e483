#include "deploy/properties.h"

#include "base/characters.h"
#include "deploy/intrinsics.h"
#include "deploy/path.h"

enum kind { TEXT, INTEGER, BOOLEAN, STRUCTURE, LIST };

struct property;

/* What a value must be. */
struct kind_of_value {
    enum kind kind;
    const char *const *words; /* TEXT: one of these; NULL: any */
    size_t least, most;       /* bytes of TEXT, elements of LIST, an INTEGER's value; most 0: no limit */
    bool index_name;          /* TEXT: a-z, A-Z, 0-9, '_', '-' and '.' only */
    const struct property *members;      /* STRUCTURE; ended by {0} */
    const struct kind_of_value *element; /* LIST */
};

enum use { OPTIONAL, REQUIRED, LATER };

struct property {
    const char *name;
    const struct kind_of_value *kind; /* NULL for LATER */
    enum use use;
};

/* ---- values ---- */

static const char *const attribute_types[] = {"S", "N", "B", NULL};
static const char *const key_types[] = {"HASH", "RANGE", NULL};
static const char *const projection_types[] = {"ALL", "KEYS_ONLY", "INCLUDE", NULL};
static const char *const billing_modes[] = {"PROVISIONED", "PAY_PER_REQUEST", NULL};
static const char *const view_types[] = {"KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES", NULL};
static const char *const table_classes[] = {"STANDARD", "STANDARD_INFREQUENT_ACCESS", NULL};
static const char *const sse_types[] = {"KMS", NULL};

static const struct kind_of_value text = {.kind = TEXT};
static const struct kind_of_value boolean = {.kind = BOOLEAN};
static const struct kind_of_value units = {.kind = INTEGER, .least = 1};
static const struct kind_of_value on_demand_units = {.kind = INTEGER, .least = 1};
static const struct kind_of_value attribute_name = {.kind = TEXT, .least = 1, .most = 255};
static const struct kind_of_value attribute_type = {.kind = TEXT, .words = attribute_types};
static const struct kind_of_value key_type = {.kind = TEXT, .words = key_types};
static const struct kind_of_value projection_type = {.kind = TEXT, .words = projection_types};
static const struct kind_of_value billing_mode = {.kind = TEXT, .words = billing_modes};
static const struct kind_of_value view_type = {.kind = TEXT, .words = view_types};
static const struct kind_of_value table_class = {.kind = TEXT, .words = table_classes};
static const struct kind_of_value sse_type = {.kind = TEXT, .words = sse_types};
static const struct kind_of_value index_name = {.kind = TEXT, .least = 3, .most = 255, .index_name = true};

/* ---- what both kinds of table have ---- */

static const struct property definition_members[] = {
    {"AttributeName", &attribute_name, REQUIRED}, {"AttributeType", &attribute_type, REQUIRED}, {0}};
static const struct kind_of_value definition = {.kind = STRUCTURE, .members = definition_members};
static const struct kind_of_value definitions = {.kind = LIST, .least = 1, .element = &definition};

static const struct property key_members[] = {
    {"AttributeName", &attribute_name, REQUIRED}, {"KeyType", &key_type, REQUIRED}, {0}};
static const struct kind_of_value key_element = {.kind = STRUCTURE, .members = key_members};
static const struct kind_of_value table_keys = {.kind = LIST, .least = 1, .most = 2, .element = &key_element};
static const struct kind_of_value index_keys = {.kind = LIST, .least = 1, .most = 8, .element = &key_element};

static const struct kind_of_value non_key_attributes = {
    .kind = LIST, .least = 1, .most = 20, .element = &attribute_name};
static const struct property projection_members[] = {
    {"NonKeyAttributes", &non_key_attributes, OPTIONAL}, {"ProjectionType", &projection_type, REQUIRED}, {0}};
static const struct kind_of_value projection = {.kind = STRUCTURE, .members = projection_members};

static const struct property throughput_members[] = {
    {"ReadCapacityUnits", &units, REQUIRED}, {"WriteCapacityUnits", &units, REQUIRED}, {0}};
static const struct kind_of_value throughput = {.kind = STRUCTURE, .members = throughput_members};
static const struct property on_demand_members[] = {{"MaxReadRequestUnits", &on_demand_units, OPTIONAL},
                                                    {"MaxWriteRequestUnits", &on_demand_units, OPTIONAL},
                                                    {0}};
static const struct kind_of_value on_demand = {.kind = STRUCTURE, .members = on_demand_members};
static const struct property warm_members[] = {
    {"ReadUnitsPerSecond", &units, OPTIONAL}, {"WriteUnitsPerSecond", &units, OPTIONAL}, {0}};
static const struct kind_of_value warm = {.kind = STRUCTURE, .members = warm_members};

static const struct property local_members[] = {{"IndexName", &index_name, REQUIRED},
                                                {"KeySchema", &table_keys, REQUIRED},
                                                {"Projection", &projection, REQUIRED},
                                                {0}};
static const struct kind_of_value local_index = {.kind = STRUCTURE, .members = local_members};
static const struct kind_of_value local_indexes = {.kind = LIST, .most = 5, .element = &local_index};

/* ---- AWS::DynamoDB::Table ---- */

static const struct property global_members[] = {{"ContributorInsightsSpecification", NULL, LATER},
                                                 {"IndexName", &index_name, REQUIRED},
                                                 {"KeySchema", &index_keys, REQUIRED},
                                                 {"OnDemandThroughput", &on_demand, OPTIONAL},
                                                 {"Projection", &projection, REQUIRED},
                                                 {"ProvisionedThroughput", &throughput, OPTIONAL},
                                                 {"WarmThroughput", &warm, OPTIONAL},
                                                 {0}};
static const struct kind_of_value global_index = {.kind = STRUCTURE, .members = global_members};
static const struct kind_of_value global_indexes = {.kind = LIST, .most = 20, .element = &global_index};

static const struct property stream_members[] = {
    {"ResourcePolicy", NULL, LATER}, {"StreamViewType", &view_type, REQUIRED}, {"Tags", NULL, LATER}, {0}};
static const struct kind_of_value stream = {.kind = STRUCTURE, .members = stream_members};
static const struct property sse_members[] = {{"KMSMasterKeyId", &text, OPTIONAL},
                                              {"SSEEnabled", &boolean, REQUIRED},
                                              {"SSEType", &sse_type, OPTIONAL},
                                              {0}};
static const struct kind_of_value sse = {.kind = STRUCTURE, .members = sse_members};

static const struct property table_members[] = {{"AttributeDefinitions", &definitions, REQUIRED},
                                                {"BillingMode", &billing_mode, OPTIONAL},
                                                {"ContributorInsightsSpecification", NULL, LATER},
                                                {"DeletionProtectionEnabled", &boolean, OPTIONAL},
                                                {"GlobalSecondaryIndexes", &global_indexes, OPTIONAL},
                                                {"ImportSourceSpecification", NULL, LATER},
                                                {"KeySchema", &table_keys, REQUIRED},
                                                {"KinesisStreamSpecification", NULL, LATER},
                                                {"LocalSecondaryIndexes", &local_indexes, OPTIONAL},
                                                {"OnDemandThroughput", &on_demand, OPTIONAL},
                                                {"PointInTimeRecoverySpecification", NULL, LATER},
                                                {"ProvisionedThroughput", &throughput, OPTIONAL},
                                                {"ResourcePolicy", NULL, LATER},
                                                {"SSESpecification", &sse, OPTIONAL},
                                                {"StreamSpecification", &stream, OPTIONAL},
                                                {"TableClass", &table_class, OPTIONAL},
                                                {"TableName", &text, OPTIONAL},
                                                {"Tags", NULL, LATER},
                                                {"TimeToLiveSpecification", NULL, LATER},
                                                {"VectorIndexes", NULL, LATER},
                                                {"WarmThroughput", &warm, OPTIONAL},
                                                {0}};
static const struct kind_of_value table = {.kind = STRUCTURE, .members = table_members};

/* ---- AWS::DynamoDB::GlobalTable ---- */

static const struct property scaling_members[] = {{"MaxCapacity", &units, REQUIRED},
                                                  {"MinCapacity", &units, REQUIRED},
                                                  {"SeedCapacity", &units, OPTIONAL},
                                                  {"TargetTrackingScalingPolicyConfiguration", NULL, LATER},
                                                  {0}};
static const struct kind_of_value scaling = {.kind = STRUCTURE, .members = scaling_members};
static const struct property write_members[] = {{"WriteCapacityAutoScalingSettings", &scaling, OPTIONAL},
                                                {0}};
static const struct kind_of_value write_settings = {.kind = STRUCTURE, .members = write_members};
static const struct property read_members[] = {
    {"ReadCapacityAutoScalingSettings", &scaling, OPTIONAL}, {"ReadCapacityUnits", &units, OPTIONAL}, {0}};
static const struct kind_of_value read_settings = {.kind = STRUCTURE, .members = read_members};
static const struct property read_on_demand_members[] = {{"MaxReadRequestUnits", &on_demand_units, OPTIONAL},
                                                         {0}};
static const struct kind_of_value read_on_demand = {.kind = STRUCTURE, .members = read_on_demand_members};
static const struct property write_on_demand_members[] = {
    {"MaxWriteRequestUnits", &on_demand_units, OPTIONAL}, {0}};
static const struct kind_of_value write_on_demand = {.kind = STRUCTURE, .members = write_on_demand_members};

static const struct property own_index_members[] = {
    {"IndexName", &index_name, REQUIRED},
    {"KeySchema", &index_keys, REQUIRED},
    {"Projection", &projection, REQUIRED},
    {"ReadOnDemandThroughputSettings", &read_on_demand, OPTIONAL},
    {"ReadProvisionedThroughputSettings", &read_settings, OPTIONAL},
    {"WarmThroughput", &warm, OPTIONAL},
    {"WriteOnDemandThroughputSettings", &write_on_demand, OPTIONAL},
    {"WriteProvisionedThroughputSettings", &write_settings, OPTIONAL},
    {0}};
static const struct kind_of_value own_index = {.kind = STRUCTURE, .members = own_index_members};
static const struct kind_of_value own_indexes = {.kind = LIST, .most = 20, .element = &own_index};

static const struct property replica_index_members[] = {
    {"ContributorInsightsSpecification", NULL, LATER},
    {"IndexName", &index_name, REQUIRED},
    {"ReadOnDemandThroughputSettings", &read_on_demand, OPTIONAL},
    {"ReadProvisionedThroughputSettings", &read_settings, OPTIONAL},
    {0}};
static const struct kind_of_value replica_index = {.kind = STRUCTURE, .members = replica_index_members};
static const struct kind_of_value replica_indexes = {.kind = LIST, .most = 20, .element = &replica_index};
static const struct property replica_sse_members[] = {{"KMSMasterKeyId", &text, REQUIRED}, {0}};
static const struct kind_of_value replica_sse = {.kind = STRUCTURE, .members = replica_sse_members};
static const struct property replica_members[] = {
    {"ContributorInsightsSpecification", NULL, LATER},
    {"DeletionProtectionEnabled", &boolean, OPTIONAL},
    {"DisassociationProtectionEnabled", NULL, LATER},
    {"GlobalSecondaryIndexes", &replica_indexes, OPTIONAL},
    {"GlobalTableSettingsReplicationMode", NULL, LATER},
    {"KinesisStreamSpecification", NULL, LATER},
    {"PointInTimeRecoverySpecification", NULL, LATER},
    {"ReadOnDemandThroughputSettings", &read_on_demand, OPTIONAL},
    {"ReadProvisionedThroughputSettings", &read_settings, OPTIONAL},
    {"Region", &text, REQUIRED},
    {"ReplicaStreamSpecification", NULL, LATER},
    {"ResourcePolicy", NULL, LATER},
    {"SSESpecification", &replica_sse, OPTIONAL},
    {"TableClass", &table_class, OPTIONAL},
    {"Tags", NULL, LATER},
    {0}};
static const struct kind_of_value replica = {.kind = STRUCTURE, .members = replica_members};
static const struct kind_of_value replicas = {.kind = LIST, .least = 1, .element = &replica};

static const struct property global_sse_members[] = {
    {"SSEEnabled", &boolean, REQUIRED}, {"SSEType", &sse_type, OPTIONAL}, {0}};
static const struct kind_of_value global_sse = {.kind = STRUCTURE, .members = global_sse_members};
static const struct property global_stream_members[] = {{"StreamViewType", &view_type, REQUIRED}, {0}};
static const struct kind_of_value global_stream = {.kind = STRUCTURE, .members = global_stream_members};

static const struct property global_table_members[] = {
    {"AttributeDefinitions", &definitions, REQUIRED},
    {"BillingMode", &billing_mode, OPTIONAL},
    {"GlobalSecondaryIndexes", &own_indexes, OPTIONAL},
    {"GlobalTableSourceArn", NULL, LATER},
    {"GlobalTableWitnesses", NULL, LATER},
    {"KeySchema", &table_keys, REQUIRED},
    {"LocalSecondaryIndexes", &local_indexes, OPTIONAL},
    {"MultiRegionConsistency", NULL, LATER},
    {"ReadOnDemandThroughputSettings", &read_on_demand, OPTIONAL},
    {"ReadProvisionedThroughputSettings", &read_settings, OPTIONAL},
    {"Replicas", &replicas, REQUIRED},
    {"SSESpecification", &global_sse, OPTIONAL},
    {"StreamSpecification", &global_stream, OPTIONAL},
    {"TableName", &text, OPTIONAL},
    {"TableType", NULL, LATER},
    {"TimeToLiveSpecification", NULL, LATER},
    {"VectorIndexes", NULL, LATER},
    {"WarmThroughput", &warm, OPTIONAL},
    {"WriteOnDemandThroughputSettings", &write_on_demand, OPTIONAL},
    {"WriteProvisionedThroughputSettings", &write_settings, OPTIONAL},
    {0}};
static const struct kind_of_value global_table = {.kind = STRUCTURE, .members = global_table_members};

/* ---- reading ---- */

struct reader {
    struct stack *stack;
    const struct resource *resource;
    struct slice not_applied;
    struct problems *problems;
};

enum outcome { READ, ABSENT, REFUSED };

static enum outcome read_value(struct reader *reader, const struct kind_of_value *kind,
                               const struct json *json, const struct path *path, struct json *out);

static enum outcome refuse(struct reader *reader, const struct path *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum outcome refuse(struct reader *reader, const struct path *path, const char *format, ...)
{
    struct arena *arena = reader->stack->arena;
    struct slice where = path_text(arena, path);
    va_list arguments;

    va_start(arguments, format);
    struct slice reason = arena_vprintf(arena, format, arguments);
    va_end(arguments);
    problems_add(reader->problems, "%.*s: %.*s%s%.*s",
                 SLICE_ARGS(stack_describe(reader->stack, reader->resource)), SLICE_ARGS(where),
                 where.len > 0 ? ": " : "", SLICE_ARGS(reason));
    return REFUSED;
}

/* Each by its own name, and once: a table and its indexes may have the same. */
static void note_not_applied(struct reader *reader, const struct path *path)
{
    struct slice known = reader->not_applied, name = path->name;

    for (size_t i = 0; i + name.len <= known.len; i++) {
        bool begins = i == 0 || known.ptr[i - 1] == ' ',
             ends = i + name.len == known.len || known.ptr[i + name.len] == ',';
        if (begins && ends && memcmp(known.ptr + i, name.ptr, name.len) == 0)
            return;
    }
    reader->not_applied = arena_printf(reader->stack->arena, "%.*s%s%.*s", SLICE_ARGS(known),
                                       known.len > 0 ? ", " : "", SLICE_ARGS(name));
}

static bool is_word(const struct kind_of_value *kind, struct slice value)
{
    for (size_t i = 0; kind->words[i] != NULL; i++) {
        if (slice_is(value, kind->words[i]))
            return true;
    }
    return false;
}

static struct slice list_words(struct arena *arena, const char *const *words)
{
    struct slice list = SLICE("");

    for (size_t i = 0; words[i] != NULL; i++)
        list = arena_printf(arena, "%.*s%s%s", SLICE_ARGS(list), i == 0 ? "" : ", ", words[i]);
    return list;
}

static bool is_name(struct slice value)
{
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];
        if (!is_word_character(c) && c != '-' && c != '.')
            return false;
    }
    return true;
}

static enum outcome read_text(struct reader *reader, const struct kind_of_value *kind,
                              const struct json *json, const struct path *path, struct json *out)
{
    struct slice value;

    if (!scalar_text(json, &value))
        return refuse(reader, path, "must be text");
    int length = value.len > 60 ? 60 : (int)value.len;
    if (kind->words != NULL && !is_word(kind, value))
        return refuse(reader, path, "'%.*s' is none of %.*s", length, value.ptr,
                      SLICE_ARGS(list_words(reader->stack->arena, kind->words)));
    if (value.len < kind->least || (kind->most > 0 && value.len > kind->most))
        return refuse(reader, path, "'%.*s' must have %zu to %zu bytes", length, value.ptr, kind->least,
                      kind->most);
    if (kind->index_name && !is_name(value))
        return refuse(reader, path, "'%.*s' may have only a-z, A-Z, 0-9, '_', '-' and '.'", length,
                      value.ptr);
    *out = (struct json){.type = JSON_STRING, .text = value};
    return READ;
}

/* CloudFormation takes a number as text too: "5". */
static enum outcome read_integer(struct reader *reader, const struct kind_of_value *kind,
                                 const struct json *json, const struct path *path, struct json *out)
{
    struct slice value;
    int64_t number;

    if ((json->type != JSON_NUMBER && json->type != JSON_STRING) || !scalar_text(json, &value) ||
        !json_to_int64(&(struct json){.type = JSON_NUMBER, .text = value}, &number))
        return refuse(reader, path, "must be a whole number");
    if (number < (int64_t)kind->least)
        return refuse(reader, path, "must be at least %zu", kind->least);
    *out = (struct json){.type = JSON_NUMBER,
                         .text = arena_printf(reader->stack->arena, "%lld", (long long)number)};
    return READ;
}

static enum outcome read_boolean(struct reader *reader, const struct json *json, const struct path *path,
                                 struct json *out)
{
    struct slice value;

    *out = *json;
    if (json->type == JSON_BOOLEAN)
        return READ;
    out->type = JSON_BOOLEAN;
    if (json->type == JSON_STRING && scalar_text(json, &value) &&
        (slice_is(value, "true") || slice_is(value, "false"))) {
        out->boolean = slice_is(value, "true");
        return READ;
    }
    return refuse(reader, path, "must be true or false");
}

static enum outcome read_list(struct reader *reader, const struct kind_of_value *kind,
                              const struct json *json, const struct path *path, struct json *out)
{
    if (json->type != JSON_ARRAY)
        return refuse(reader, path, "must be a list");
    size_t count = json->array.count;
    if (kind->most > 0 && count > kind->most)
        return refuse(reader, path, "must have at most %zu elements", kind->most);
    *out = (struct json){.type = JSON_ARRAY,
                         .array = {arena_array(reader->stack->arena, struct json, count), 0}};
    for (size_t i = 0; i < count; i++) {
        enum outcome outcome =
            read_value(reader, kind->element, &json->array.items[i], &(struct path){path, SLICE(""), i},
                       &out->array.items[out->array.count]);
        if (outcome == REFUSED)
            return REFUSED;
        out->array.count += outcome == READ;
    }
    return out->array.count >= kind->least ? READ
                                           : refuse(reader, path, "must have at least %zu element%s",
                                                    kind->least, kind->least == 1 ? "" : "s");
}

static const struct property *find_property(const struct kind_of_value *kind, struct slice name)
{
    for (const struct property *property = kind->members; property->name != NULL; property++) {
        if (slice_is(name, property->name))
            return property;
    }
    return NULL;
}

static enum outcome read_structure(struct reader *reader, const struct kind_of_value *kind,
                                   const struct json *json, const struct path *path, struct json *out)
{
    if (json->type != JSON_OBJECT)
        return refuse(reader, path, "must be an object");
    size_t count = json->object.count;
    *out = (struct json){.type = JSON_OBJECT,
                         .object = {arena_array(reader->stack->arena, struct json_member, count), 0}};
    for (size_t i = 0; i < count; i++) {
        const struct json_member *given = &json->object.members[i];
        const struct property *property = find_property(kind, given->name);
        const struct path at = {path, given->name, 0};
        struct json_member *member = &out->object.members[out->object.count];
        if (property == NULL)
            return refuse(reader, &at, "there is no such property");
        if (property->use == LATER) {
            note_not_applied(reader, &at);
            continue;
        }
        enum outcome outcome = read_value(reader, property->kind, &given->value, &at, &member->value);
        if (outcome == REFUSED)
            return REFUSED;
        member->name = given->name;
        out->object.count += outcome == READ;
    }
    for (const struct property *property = kind->members; property->name != NULL; property++) {
        if (property->use == REQUIRED && json_get(out, property->name) == NULL)
            return refuse(reader, &(struct path){path, slice_of(property->name), 0}, "is missing");
    }
    return READ;
}

/* A key of the Key Management Service is most often one that the same template makes, and so not known here.
 */
static bool may_be_unknown(const struct path *path)
{
    return slice_is(path->name, "KMSMasterKeyId");
}

static enum outcome read_value(struct reader *reader, const struct kind_of_value *kind,
                               const struct json *json, const struct path *path, struct json *out)
{
    struct slice reason;
    struct json value;

    switch (stack_resolve(reader->stack, json, &value, &reason)) {
    case RESOLVED:
        break;
    case RESOLVED_NOTHING:
        return ABSENT;
    case RESOLVED_UNKNOWN:
        if (!may_be_unknown(path))
            return refuse(reader, path, "it depends on %.*s", SLICE_ARGS(reason));
        note_not_applied(reader, path);
        *out = (struct json){.type = JSON_STRING, .text = SLICE("")};
        return READ;
    case RESOLVED_WRONG:
        return refuse(reader, path, "%.*s", SLICE_ARGS(reason));
    }
    switch (kind->kind) {
    case TEXT:
        return read_text(reader, kind, &value, path, out);
    case INTEGER:
        return read_integer(reader, kind, &value, path, out);
    case BOOLEAN:
        return read_boolean(reader, &value, path, out);
    case LIST:
        return read_list(reader, kind, &value, path, out);
    case STRUCTURE:
        return read_structure(reader, kind, &value, path, out);
    }
    return REFUSED;
}

bool properties_read(struct stack *stack, const struct resource *resource, const struct json **out,
                     struct slice *not_applied, struct problems *problems)
{
    struct reader reader = {
        .stack = stack, .resource = resource, .not_applied = SLICE(""), .problems = problems};
    struct json *read = arena_new(stack->arena, struct json);

    *out = read;
    if (read_value(&reader, resource->kind == RESOURCE_TABLE ? &table : &global_table, resource->properties,
                   &(struct path){0}, read) != READ)
        return false;
    *not_applied = reader.not_applied;
    return true;
}
