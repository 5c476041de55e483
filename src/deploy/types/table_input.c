/* What a template says of a table, checked, as the input of CreateTable. AWS: CloudFormation template
 * reference, AWS::DynamoDB::Table and AWS::DynamoDB::GlobalTable. */
#include "base/check.h"
#include "deploy/types/table.h"
#include "deploy/types/tags.h"

enum {
    GLOBAL_KEYS_LIMIT = 4,
    INCLUDED_TOTAL_LIMIT = 100,
    INPUT_DEPTH = 16 /* of the nesting of CreateTable's input */
};

/* One table, while it is checked. */
struct planner {
    struct making *making;
    struct arena *arena;
    const struct json *properties; /* as read */
    const struct json *replica;    /* of a global table; NULL for a table */
};

static bool refuse(struct planner *planner, const char *property, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool refuse(struct planner *planner, const char *property, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    struct slice reason = arena_vprintf(planner->arena, format, arguments);
    va_end(arguments);
    return making_refuse(planner->making, "%s: %.*s", property, SLICE_ARGS(reason));
}

/* "GlobalSecondaryIndexes[2].KeySchema" */
static const char *in_list(struct planner *planner, const char *list, size_t at, const char *member)
{
    return arena_printf(planner->arena, "%s[%zu].%s", list, at, member).ptr;
}

static bool is_provisioned(const struct planner *planner)
{
    return !slice_is(text_of(planner->properties, "BillingMode"), "PAY_PER_REQUEST");
}

/* Members or elements; anything that is neither counts as one. */
static size_t count_of_any(const struct json *value)
{
    if (value == NULL)
        return 0;
    return value->type == JSON_OBJECT  ? value->object.count
           : value->type == JSON_ARRAY ? value->array.count
                                       : 1;
}

/* ---- keys ---- */

static const struct json *definition_of(const struct planner *planner, struct slice name)
{
    const struct json *definitions = json_get(planner->properties, "AttributeDefinitions");

    for (size_t i = 0; i < definitions->array.count; i++) {
        if (slice_equal(text_of(&definitions->array.items[i], "AttributeName"), name))
            return &definitions->array.items[i];
    }
    return NULL;
}

static bool check_definitions(struct planner *planner)
{
    const struct json *definitions = json_get(planner->properties, "AttributeDefinitions");

    for (size_t i = 0; i < definitions->array.count; i++) {
        struct slice name = text_of(&definitions->array.items[i], "AttributeName");
        if (definition_of(planner, name) != &definitions->array.items[i])
            return refuse(planner, "AttributeDefinitions", "attribute '%.*s' is defined twice",
                          SLICE_ARGS(name));
    }
    return true;
}

/* Partition keys first, then sort keys; so many of each at most; each defined, and none twice. */
static bool check_key_schema(struct planner *planner, const char *path, const struct json *schema,
                             size_t most_of_each)
{
    size_t partition = 0, sort = 0;

    for (size_t i = 0; i < schema->array.count; i++) {
        struct slice name = text_of(&schema->array.items[i], "AttributeName");
        bool is_partition = slice_is(text_of(&schema->array.items[i], "KeyType"), "HASH");
        if (definition_of(planner, name) == NULL)
            return refuse(planner, path, "attribute '%.*s' is not in AttributeDefinitions", SLICE_ARGS(name));
        for (size_t j = 0; j < i; j++) {
            if (slice_equal(name, text_of(&schema->array.items[j], "AttributeName")))
                return refuse(planner, path, "attribute '%.*s' is in the key twice", SLICE_ARGS(name));
        }
        if (is_partition && sort > 0)
            return refuse(planner, path, "HASH must come before RANGE");
        partition += is_partition;
        sort += !is_partition;
    }
    if (partition == 0)
        return refuse(planner, path, "there is no HASH key");
    if (partition > most_of_each || sort > most_of_each)
        return refuse(planner, path, "at most %zu HASH and %zu RANGE", most_of_each, most_of_each);
    return true;
}

static bool schema_has(const struct json *schema, struct slice name)
{
    for (size_t i = 0; i < count_of(schema); i++) {
        if (slice_equal(text_of(&schema->array.items[i], "AttributeName"), name))
            return true;
    }
    return false;
}

static bool indexes_have(const struct json *indexes, struct slice name)
{
    for (size_t i = 0; i < count_of(indexes); i++) {
        if (schema_has(json_get(&indexes->array.items[i], "KeySchema"), name))
            return true;
    }
    return false;
}

/* An attribute that is defined and part of no key; NULL: there is none. */
static const struct json *unused_definition(const struct planner *planner)
{
    const struct json *definitions = json_get(planner->properties, "AttributeDefinitions");

    for (size_t i = 0; i < definitions->array.count; i++) {
        struct slice name = text_of(&definitions->array.items[i], "AttributeName");
        if (!schema_has(json_get(planner->properties, "KeySchema"), name) &&
            !indexes_have(json_get(planner->properties, "GlobalSecondaryIndexes"), name) &&
            !indexes_have(json_get(planner->properties, "LocalSecondaryIndexes"), name))
            return &definitions->array.items[i];
    }
    return NULL;
}

static bool check_definitions_used(struct planner *planner)
{
    const struct json *unused = unused_definition(planner);

    return unused == NULL || refuse(planner, "AttributeDefinitions", "attribute '%.*s' is part of no key",
                                    SLICE_ARGS(text_of(unused, "AttributeName")));
}

static bool defines_all(const struct planner *planner, const struct json *schema)
{
    for (size_t i = 0; i < count_of(schema); i++) {
        if (definition_of(planner, text_of(&schema->array.items[i], "AttributeName")) == NULL)
            return false;
    }
    return true;
}

/* CloudFormation tells this of a table itself, and leaves the rest to CreateTable. */
static bool check_consistent(struct planner *planner)
{
    static const char *const lists[] = {"LocalSecondaryIndexes", "GlobalSecondaryIndexes"};
    bool consistent = unused_definition(planner) == NULL &&
                      defines_all(planner, json_get(planner->properties, "KeySchema"));

    for (size_t k = 0; k < 2; k++) {
        const struct json *list = json_get(planner->properties, lists[k]);
        for (size_t i = 0; i < count_of(list); i++)
            consistent = consistent && defines_all(planner, json_get(&list->array.items[i], "KeySchema"));
    }
    return consistent || making_refuse(planner->making,
                                       "Property AttributeDefinitions is inconsistent with the KeySchema of "
                                       "the table and the secondary indexes");
}

/* ---- indexes ---- */

static bool check_projection(struct planner *planner, const char *list, size_t at, const struct json *index,
                             size_t *included)
{
    const struct json *projection = json_get(index, "Projection"),
                      *names = json_get(projection, "NonKeyAttributes");
    bool includes = slice_is(text_of(projection, "ProjectionType"), "INCLUDE");

    if (includes && names == NULL)
        return refuse(planner, in_list(planner, list, at, "Projection"), "INCLUDE needs NonKeyAttributes");
    if (!includes && names != NULL)
        return refuse(planner, in_list(planner, list, at, "Projection"),
                      "NonKeyAttributes go with INCLUDE only");
    *included += count_of(names);
    return *included <= INCLUDED_TOTAL_LIMIT ||
           refuse(planner, in_list(planner, list, at, "Projection"),
                  "the indexes of a table have at most %d NonKeyAttributes together", INCLUDED_TOTAL_LIMIT);
}

/* Names differ among all indexes of a table, of both kinds. */
static bool is_taken(const struct planner *planner, const struct json *index)
{
    static const char *const lists[] = {"LocalSecondaryIndexes", "GlobalSecondaryIndexes"};

    for (size_t k = 0; k < 2; k++) {
        const struct json *list = json_get(planner->properties, lists[k]);
        for (size_t i = 0; i < count_of(list); i++) {
            if (&list->array.items[i] == index)
                return false;
            if (slice_equal(text_of(&list->array.items[i], "IndexName"), text_of(index, "IndexName")))
                return true;
        }
    }
    return false;
}

static bool check_index(struct planner *planner, const char *list, size_t at, const struct json *index,
                        bool is_global, size_t *included)
{
    struct slice name = text_of(index, "IndexName");
    const struct json *schema = json_get(index, "KeySchema");

    if (is_taken(planner, index))
        return refuse(planner, in_list(planner, list, at, "IndexName"), "there is another index '%.*s'",
                      SLICE_ARGS(name));
    if (!check_key_schema(planner, in_list(planner, list, at, "KeySchema"), schema,
                          is_global ? GLOBAL_KEYS_LIMIT : 1) ||
        !check_projection(planner, list, at, index, included))
        return false;
    if (is_global)
        return true;
    const struct json *own = json_get(planner->properties, "KeySchema");
    if (own->array.count < 2)
        return refuse(planner, list, "the table has no RANGE key, which local indexes need");
    if (schema->array.count < 2 || !slice_equal(text_of(&schema->array.items[0], "AttributeName"),
                                                text_of(&own->array.items[0], "AttributeName")))
        return refuse(planner, in_list(planner, list, at, "KeySchema"),
                      "must have the table's HASH key and a RANGE key");
    return true;
}

static bool check_indexes(struct planner *planner, const char *name, bool is_global, size_t *included)
{
    const struct json *list = json_get(planner->properties, name);

    for (size_t i = 0; i < count_of(list); i++) {
        if (!check_index(planner, name, i, &list->array.items[i], is_global, included))
            return false;
    }
    return true;
}

/* ---- what is bought ---- */

static const struct json *first_of(const struct json *a, const struct json *b)
{
    return a != NULL ? a : b;
}

/* Units under automatic scaling begin with the seed, or the least. */
static const struct json *scaled_units(const struct json *scaling)
{
    return first_of(json_get(scaling, "SeedCapacity"), json_get(scaling, "MinCapacity"));
}

static const struct json *read_units(const struct json *settings)
{
    return first_of(json_get(settings, "ReadCapacityUnits"),
                    scaled_units(json_get(settings, "ReadCapacityAutoScalingSettings")));
}

/* The replica's element for the index of that name. */
static const struct json *replica_index(const struct planner *planner, struct slice name)
{
    const struct json *list = json_get(planner->replica, "GlobalSecondaryIndexes");

    for (size_t i = 0; i < count_of(list); i++) {
        if (slice_equal(text_of(&list->array.items[i], "IndexName"), name))
            return &list->array.items[i];
    }
    return NULL;
}

/* Read and write units of a table or an index, wherever the two kinds of resource have them. */
struct bought {
    const struct json *read, *write;
};

/* `in_replica`: the same table's or index's element in the replica. */
static struct bought provisioned(const struct planner *planner, const struct json *of,
                                 const struct json *in_replica)
{
    const struct json *plain = json_get(of, "ProvisionedThroughput");

    if (planner->replica == NULL)
        return (struct bought){json_get(plain, "ReadCapacityUnits"), json_get(plain, "WriteCapacityUnits")};
    return (struct bought){first_of(read_units(json_get(in_replica, "ReadProvisionedThroughputSettings")),
                                    read_units(json_get(of, "ReadProvisionedThroughputSettings"))),
                           scaled_units(json_get(json_get(of, "WriteProvisionedThroughputSettings"),
                                                 "WriteCapacityAutoScalingSettings"))};
}

static struct bought on_demand(const struct planner *planner, const struct json *of,
                               const struct json *in_replica)
{
    const struct json *plain = json_get(of, "OnDemandThroughput");

    if (planner->replica == NULL)
        return (struct bought){json_get(plain, "MaxReadRequestUnits"),
                               json_get(plain, "MaxWriteRequestUnits")};
    return (struct bought){
        first_of(json_get(json_get(in_replica, "ReadOnDemandThroughputSettings"), "MaxReadRequestUnits"),
                 json_get(json_get(of, "ReadOnDemandThroughputSettings"), "MaxReadRequestUnits")),
        json_get(json_get(of, "WriteOnDemandThroughputSettings"), "MaxWriteRequestUnits")};
}

static bool check_bought(struct planner *planner, struct bought units, struct bought caps, const char *where)
{
    const char *settings =
        planner->replica != NULL ? "ReadProvisionedThroughputSettings" : "ProvisionedThroughput";

    if (is_provisioned(planner)) {
        if (units.read == NULL || units.write == NULL)
            return refuse(planner, arena_printf(planner->arena, "%s%s", where, settings).ptr,
                          "%s is missing, which the BillingMode PROVISIONED needs",
                          units.read == NULL ? "the number of read units" : "the number of write units");
        if (caps.read != NULL || caps.write != NULL)
            return refuse(planner, arena_printf(planner->arena, "%sOnDemandThroughput", where).ptr,
                          "goes with the BillingMode PAY_PER_REQUEST only");
        return true;
    }
    /* A global table may keep its settings for the day when it becomes provisioned. */
    if (planner->replica == NULL && units.read != NULL)
        return refuse(planner, arena_printf(planner->arena, "%sProvisionedThroughput", where).ptr,
                      "goes with the BillingMode PROVISIONED only");
    return true;
}

static bool check_billing(struct planner *planner)
{
    const struct json *indexes = json_get(planner->properties, "GlobalSecondaryIndexes");

    if (!check_bought(planner, provisioned(planner, planner->properties, planner->replica),
                      on_demand(planner, planner->properties, planner->replica), ""))
        return false;
    for (size_t i = 0; i < count_of(indexes); i++) {
        const struct json *index = &indexes->array.items[i],
                          *twin = replica_index(planner, text_of(index, "IndexName"));
        if (!check_bought(planner, provisioned(planner, index, twin), on_demand(planner, index, twin),
                          in_list(planner, "GlobalSecondaryIndexes", i, "")))
            return false;
    }
    return true;
}

/* ---- replicas ---- */

static bool check_replicas(struct planner *planner)
{
    const struct json *replicas = json_get(planner->properties, "Replicas");
    struct slice home = planner->making->stack->identity.region;

    if (replicas == NULL)
        return true;
    for (size_t i = 0; i < replicas->array.count; i++) {
        struct slice region = text_of(&replicas->array.items[i], "Region");
        if (!slice_equal(region, home))
            return refuse(planner, in_list(planner, "Replicas", i, "Region"),
                          "'%.*s' is another Region; a server is one Region, and this one is '%.*s'",
                          SLICE_ARGS(region), SLICE_ARGS(home));
        if (i > 0)
            return refuse(planner, "Replicas", "the Region '%.*s' is there twice", SLICE_ARGS(region));
    }
    planner->replica = &replicas->array.items[0];
    const struct json *indexes = json_get(planner->replica, "GlobalSecondaryIndexes");
    for (size_t i = 0; i < count_of(indexes); i++) {
        const struct json *own = json_get(planner->properties, "GlobalSecondaryIndexes");
        struct slice name = text_of(&indexes->array.items[i], "IndexName");
        size_t at = 0;
        while (at < count_of(own) && !slice_equal(text_of(&own->array.items[at], "IndexName"), name))
            at++;
        if (at == count_of(own))
            return refuse(planner, in_list(planner, "Replicas[0].GlobalSecondaryIndexes", i, "IndexName"),
                          "the table has no index '%.*s'", SLICE_ARGS(name));
    }
    return true;
}

/* What the server does not have, and what a table without would be another table. */
static bool check_absent(struct planner *planner)
{
    static const struct {
        const char *property, *reason;
    } absent[] = {
        {"KinesisStreamSpecification",
         "the server has no Kinesis data streams; the changes of a table can be "
         "read from its DynamoDB stream"},
        {"VectorIndexes", "the server has no vector indexes"},
        {"GlobalTableSourceArn", "the server has no replicas of other accounts' tables"},
        {"GlobalTableWitnesses", "a server is one Region, and has no witnesses in others"},
    };

    for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++) {
        const char *name = absent[i].property;
        if (count_of_any(json_get(planner->properties, name)) > 0 ||
            count_of_any(json_get(planner->replica, name)) > 0)
            return refuse(planner, name, "%s", absent[i].reason);
    }
    if (slice_is(text_of(planner->properties, "MultiRegionConsistency"), "STRONG"))
        return refuse(planner, "MultiRegionConsistency", "STRONG is of three Regions, and a server is one");
    return json_get(planner->properties, "ImportSourceSpecification") == NULL ||
           count_of(json_get(planner->properties, "LocalSecondaryIndexes")) == 0 ||
           refuse(planner, "ImportSourceSpecification", "a table that is imported has no local indexes");
}

static bool check_policies(struct planner *planner)
{
    static const char *const streams[] = {"StreamSpecification", "ReplicaStreamSpecification"};
    const struct json *settings = table_own_settings(planner->making);

    if (!document_check(planner->making, POLICY_RESOURCE, "ResourcePolicy",
                        json_get(json_get(settings, "ResourcePolicy"), "PolicyDocument")))
        return false;
    for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++) {
        const struct json *policy = json_get(json_get(settings, streams[i]), "ResourcePolicy");
        if (!document_check(planner->making, POLICY_RESOURCE, streams[i], json_get(policy, "PolicyDocument")))
            return false;
    }
    return true;
}

static bool check_time_to_live(struct planner *planner)
{
    const struct json *given = json_get(planner->properties, "TimeToLiveSpecification");

    return !flag_of(given, "Enabled") || text_of(given, "AttributeName").len > 0 ||
           refuse(planner, "TimeToLiveSpecification.AttributeName", "is missing");
}

/* ---- the input of CreateTable ---- */

static void write_member(struct buffer *out, bool *first, const char *name, const struct json *value)
{
    if (value == NULL)
        return;
    json_write_name(out, first, name);
    json_write_value(out, value);
}

static void write_units(struct buffer *out, bool *first, const char *name, struct bought units,
                        const char *read, const char *write)
{
    bool inner = true;

    if (units.read == NULL && units.write == NULL)
        return;
    json_write_name(out, first, name);
    buffer_append_byte(out, '{');
    write_member(out, &inner, read, units.read);
    write_member(out, &inner, write, units.write);
    buffer_append_byte(out, '}');
}

/* What a table and a global index have alike. */
static void write_bought(struct planner *planner, struct buffer *out, bool *first, const struct json *of,
                         const struct json *in_replica)
{
    /* A table's own throughput is sent in any case, for CreateTable to refuse it. */
    if (is_provisioned(planner) || planner->replica == NULL)
        write_units(out, first, "ProvisionedThroughput", provisioned(planner, of, in_replica),
                    "ReadCapacityUnits", "WriteCapacityUnits");
    if (!is_provisioned(planner) || planner->replica == NULL)
        write_units(out, first, "OnDemandThroughput", on_demand(planner, of, in_replica),
                    "MaxReadRequestUnits", "MaxWriteRequestUnits");
    write_member(out, first, "WarmThroughput", json_get(of, "WarmThroughput"));
}

static void write_global_indexes(struct planner *planner, struct buffer *out, bool *first)
{
    const struct json *indexes = json_get(planner->properties, "GlobalSecondaryIndexes");

    /* AWS refuses lists of no index. */
    if (count_of(indexes) == 0)
        return;
    json_write_name(out, first, "GlobalSecondaryIndexes");
    for (size_t i = 0; i < indexes->array.count; i++) {
        const struct json *index = &indexes->array.items[i];
        bool inner = true;
        buffer_append_string(out, i == 0 ? "[{" : ",{");
        write_member(out, &inner, "IndexName", json_get(index, "IndexName"));
        write_member(out, &inner, "KeySchema", json_get(index, "KeySchema"));
        write_member(out, &inner, "Projection", json_get(index, "Projection"));
        write_bought(planner, out, &inner, index, replica_index(planner, text_of(index, "IndexName")));
        buffer_append_byte(out, '}');
    }
    buffer_append_byte(out, ']');
}

static void write_sse(struct planner *planner, struct buffer *out, bool *first)
{
    const struct json *sse = json_get(planner->properties, "SSESpecification"),
                      *enabled = json_get(sse, "SSEEnabled");
    struct slice key = text_of(
        planner->replica == NULL ? sse : json_get(planner->replica, "SSESpecification"), "KMSMasterKeyId");
    bool inner = true;

    if (enabled == NULL || !enabled->boolean)
        return;
    json_write_name(out, first, "SSESpecification");
    buffer_append_byte(out, '{');
    write_member(out, &inner, "Enabled", enabled);
    /* CloudFormation takes a key without it, as KMS is the only type; CreateTable does not. */
    if (key.len > 0)
        json_write_string_member(out, &inner, "SSEType", SLICE("KMS"));
    else
        write_member(out, &inner, "SSEType", json_get(sse, "SSEType"));
    if (key.len > 0) {
        json_write_name(out, &inner, "KMSMasterKeyId");
        json_write_string(out, key);
    }
    buffer_append_byte(out, '}');
}

static void write_stream(struct planner *planner, struct buffer *out, bool *first)
{
    const struct json *stream = json_get(planner->properties, "StreamSpecification");

    if (stream == NULL)
        return;
    json_write_name(out, first, "StreamSpecification");
    buffer_append_string(out, "{\"StreamEnabled\":true,\"StreamViewType\":");
    json_write_value(out, json_get(stream, "StreamViewType"));
    buffer_append_byte(out, '}');
}

static void write_input(struct planner *planner, struct slice name, struct buffer *out)
{
    const struct json *properties = planner->properties,
                      *locals = json_get(properties, "LocalSecondaryIndexes");
    const struct json *settings = planner->replica == NULL ? properties : planner->replica;
    bool first = true;

    buffer_append_byte(out, '{');
    json_write_name(out, &first, "TableName");
    json_write_string(out, name);
    write_member(out, &first, "AttributeDefinitions", json_get(properties, "AttributeDefinitions"));
    write_member(out, &first, "KeySchema", json_get(properties, "KeySchema"));
    json_write_name(out, &first, "BillingMode");
    buffer_append_string(out, is_provisioned(planner) ? "\"PROVISIONED\"" : "\"PAY_PER_REQUEST\"");
    write_bought(planner, out, &first, properties, planner->replica);
    if (count_of(locals) > 0)
        write_member(out, &first, "LocalSecondaryIndexes", locals);
    write_global_indexes(planner, out, &first);
    write_stream(planner, out, &first);
    write_sse(planner, out, &first);
    write_member(out, &first, "TableClass", json_get(settings, "TableClass"));
    write_member(out, &first, "DeletionProtectionEnabled", json_get(settings, "DeletionProtectionEnabled"));
    const struct json tags = making_tags(planner->making, json_get(settings, "Tags"));
    if (tags.array.count > 0)
        write_member(out, &first, "Tags", &tags);
    buffer_append_byte(out, '}');
}

/* What CreateTable checks too, for those who want it told before the first change. */
static bool check_all(struct planner *planner)
{
    size_t included = 0;

    return check_definitions(planner) &&
           check_key_schema(planner, "KeySchema", json_get(planner->properties, "KeySchema"), 1) &&
           check_indexes(planner, "LocalSecondaryIndexes", false, &included) &&
           check_indexes(planner, "GlobalSecondaryIndexes", true, &included) &&
           check_definitions_used(planner) && check_replicas(planner) && check_billing(planner) &&
           check_time_to_live(planner);
}

/* UpdateTable is asked for differences alone, and so would not see this. */
static bool check_changed_billing(struct planner *planner)
{
    const struct json *indexes = json_get(planner->properties, "GlobalSecondaryIndexes");
    bool wants = is_provisioned(planner), missing = false, given = false;

    for (size_t i = 0; i <= count_of(indexes); i++) {
        const struct json *of = i == 0 ? planner->properties : &indexes->array.items[i - 1];
        bool has = json_get(of, "ProvisionedThroughput") != NULL;
        missing |= !has;
        given |= has;
    }
    if (wants && missing)
        return making_refuse(planner->making, "One or more parameter values were invalid: ReadCapacityUnits "
                                              "and WriteCapacityUnits must both be specified when "
                                              "BillingMode is PROVISIONED");
    return wants || !given ||
           making_refuse(planner->making,
                         "One or more parameter values were invalid: Neither ReadCapacityUnits nor "
                         "WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST");
}

/* What CloudFormation checks; whose words for the rest are the service's. */
static bool check_as_cloudformation(struct planner *planner)
{
    if (!check_consistent(planner) || !check_replicas(planner))
        return false;
    if (planner->replica != NULL)
        return check_billing(planner);
    return planner->making->before == NULL || check_changed_billing(planner);
}

bool table_check(struct making *making)
{
    struct planner planner = {.making = making, .arena = making->arena, .properties = making->want};
    struct buffer text;

    if (!(making->checking ? check_all(&planner) : check_as_cloudformation(&planner)) ||
        !check_absent(&planner) || !check_policies(&planner))
        return false;
    buffer_init(&text);
    write_input(&planner, making->name, &text);
    making->input_text = arena_copy(making->arena, buffer_slice(&text));
    buffer_finish(&text);
    CHECK(json_parse(making->arena, making->input_text, INPUT_DEPTH, &making->input) == JSON_OK);
    return true;
}

const struct json *table_own_settings(const struct making *making)
{
    const struct json *replicas = json_get(making->want, "Replicas");

    return count_of(replicas) > 0 ? &replicas->array.items[0] : making->want;
}
