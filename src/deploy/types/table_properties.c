/* The properties of AWS::DynamoDB::Table and AWS::DynamoDB::GlobalTable. AWS: CloudFormation template
 * reference. */
#include "deploy/types/table.h"

static const char *const attribute_types[] = {"S", "N", "B", NULL};
static const char *const key_types[] = {"HASH", "RANGE", NULL};
static const char *const projection_types[] = {"ALL", "KEYS_ONLY", "INCLUDE", NULL};
static const char *const billing_modes[] = {"PROVISIONED", "PAY_PER_REQUEST", NULL};
static const char *const view_types[] = {"KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES", NULL};
static const char *const table_classes[] = {"STANDARD", "STANDARD_INFREQUENT_ACCESS", NULL};
static const char *const sse_types[] = {"KMS", NULL};

static const char *const consistencies[] = {"EVENTUAL", "STRONG", NULL};
static const char *const replication_modes[] = {"ENABLED", "DISABLED", "ENABLED_WITH_OVERRIDES", NULL};
static const char *const import_formats[] = {"DYNAMODB_JSON", "ION", "CSV", NULL};
static const char *const import_packings[] = {"GZIP", "ZSTD", "NONE", NULL};

static const struct kind_of_value units = {.kind = INTEGER, .least = 1};
static const struct kind_of_value on_demand_units = {.kind = INTEGER, .least = 1};
static const struct kind_of_value attribute_name = {.kind = TEXT, .least = 1, .most = 255};
static const struct kind_of_value attribute_type = {.kind = TEXT, .words = attribute_types};
static const struct kind_of_value key_type = {.kind = TEXT, .words = key_types};
static const struct kind_of_value projection_type = {.kind = TEXT, .words = projection_types};
static const struct kind_of_value billing_mode = {.kind = TEXT, .words = billing_modes};
static const struct kind_of_value view_type = {.kind = TEXT, .words = view_types};
static const struct kind_of_value table_class = {.kind = TEXT, .words = table_classes};
static const struct kind_of_value consistency = {.kind = TEXT, .words = consistencies};
static const struct kind_of_value replication_mode = {.kind = TEXT, .words = replication_modes};
static const struct kind_of_value import_format = {.kind = TEXT, .words = import_formats};
static const struct kind_of_value import_packing = {.kind = TEXT, .words = import_packings};
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

static const struct property time_to_live_members[] = {
    {"AttributeName", &attribute_name, OPTIONAL}, {"Enabled", &kind_boolean, REQUIRED}, {0}};
static const struct kind_of_value time_to_live = {.kind = STRUCTURE, .members = time_to_live_members};
static const struct kind_of_value recovery_days = {.kind = INTEGER, .least = 1, .most = 35};
static const struct property recovery_members[] = {{"PointInTimeRecoveryEnabled", &kind_boolean, OPTIONAL},
                                                   {"RecoveryPeriodInDays", &recovery_days, OPTIONAL},
                                                   {0}};
static const struct kind_of_value recovery = {.kind = STRUCTURE, .members = recovery_members};
static const struct property resource_policy_members[] = {{"PolicyDocument", &kind_document, REQUIRED}, {0}};
static const struct kind_of_value resource_policy = {.kind = STRUCTURE, .members = resource_policy_members};

/* ---- AWS::DynamoDB::Table ---- */

static const struct property global_members[] = {{"ContributorInsightsSpecification", NULL, NOT_APPLIED},
                                                 {"IndexName", &index_name, REQUIRED},
                                                 {"KeySchema", &index_keys, REQUIRED},
                                                 {"OnDemandThroughput", &on_demand, OPTIONAL},
                                                 {"Projection", &projection, REQUIRED},
                                                 {"ProvisionedThroughput", &throughput, OPTIONAL},
                                                 {"WarmThroughput", &warm, OPTIONAL},
                                                 {0}};
static const struct kind_of_value global_index = {.kind = STRUCTURE, .members = global_members};
static const struct kind_of_value global_indexes = {.kind = LIST, .most = 20, .element = &global_index};

static const struct property stream_members[] = {{"ResourcePolicy", &resource_policy, OPTIONAL},
                                                 {"StreamViewType", &view_type, REQUIRED},
                                                 {"Tags", NULL, NOT_APPLIED},
                                                 {0}};
static const struct kind_of_value stream = {.kind = STRUCTURE, .members = stream_members};
static const struct property sse_members[] = {{"KMSMasterKeyId", &kind_text, OPTIONAL},
                                              {"SSEEnabled", &kind_boolean, REQUIRED},
                                              {"SSEType", &sse_type, OPTIONAL},
                                              {0}};
static const struct kind_of_value sse = {.kind = STRUCTURE, .members = sse_members};

static const struct property csv_members[] = {
    {"Delimiter", &kind_text, OPTIONAL}, {"HeaderList", &kind_texts, OPTIONAL}, {0}};
static const struct kind_of_value csv = {.kind = STRUCTURE, .members = csv_members};
static const struct property import_option_members[] = {{"Csv", &csv, OPTIONAL}, {0}};
static const struct kind_of_value import_options = {.kind = STRUCTURE, .members = import_option_members};
static const struct property source_members[] = {{"S3Bucket", &kind_text, REQUIRED},
                                                 {"S3BucketOwner", &kind_text, OPTIONAL},
                                                 {"S3KeyPrefix", &kind_text, OPTIONAL},
                                                 {0}};
static const struct kind_of_value import_source = {.kind = STRUCTURE, .members = source_members};
static const struct property import_members[] = {{"InputCompressionType", &import_packing, OPTIONAL},
                                                 {"InputFormat", &import_format, REQUIRED},
                                                 {"InputFormatOptions", &import_options, OPTIONAL},
                                                 {"S3BucketSource", &import_source, REQUIRED},
                                                 {0}};
static const struct kind_of_value import = {.kind = STRUCTURE, .members = import_members};

static const struct property table_members[] = {{"AttributeDefinitions", &definitions, REQUIRED},
                                                {"BillingMode", &billing_mode, OPTIONAL},
                                                {"ContributorInsightsSpecification", NULL, NOT_APPLIED},
                                                {"DeletionProtectionEnabled", &kind_boolean, OPTIONAL},
                                                {"GlobalSecondaryIndexes", &global_indexes, OPTIONAL},
                                                {"ImportSourceSpecification", &import, OPTIONAL},
                                                {"KeySchema", &table_keys, REQUIRED},
                                                {"KinesisStreamSpecification", &kind_anything, OPTIONAL},
                                                {"LocalSecondaryIndexes", &local_indexes, OPTIONAL},
                                                {"OnDemandThroughput", &on_demand, OPTIONAL},
                                                {"PointInTimeRecoverySpecification", &recovery, OPTIONAL},
                                                {"ProvisionedThroughput", &throughput, OPTIONAL},
                                                {"ResourcePolicy", &resource_policy, OPTIONAL},
                                                {"SSESpecification", &sse, OPTIONAL},
                                                {"StreamSpecification", &stream, OPTIONAL},
                                                {"TableClass", &table_class, OPTIONAL},
                                                {"TableName", &kind_text, OPTIONAL},
                                                {"Tags", &kind_tags, OPTIONAL},
                                                {"TimeToLiveSpecification", &time_to_live, OPTIONAL},
                                                {"VectorIndexes", &kind_anything, OPTIONAL},
                                                {"WarmThroughput", &warm, OPTIONAL},
                                                {0}};
const struct kind_of_value table_properties = {.kind = STRUCTURE, .members = table_members};

/* ---- AWS::DynamoDB::GlobalTable ---- */

static const struct property scaling_members[] = {
    {"MaxCapacity", &units, REQUIRED},
    {"MinCapacity", &units, REQUIRED},
    {"SeedCapacity", &units, OPTIONAL},
    {"TargetTrackingScalingPolicyConfiguration", NULL, NOT_APPLIED},
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
    {"ContributorInsightsSpecification", NULL, NOT_APPLIED},
    {"IndexName", &index_name, REQUIRED},
    {"ReadOnDemandThroughputSettings", &read_on_demand, OPTIONAL},
    {"ReadProvisionedThroughputSettings", &read_settings, OPTIONAL},
    {0}};
static const struct kind_of_value replica_index = {.kind = STRUCTURE, .members = replica_index_members};
static const struct kind_of_value replica_indexes = {.kind = LIST, .most = 20, .element = &replica_index};
static const struct property replica_sse_members[] = {{"KMSMasterKeyId", &kind_text, REQUIRED}, {0}};
static const struct kind_of_value replica_sse = {.kind = STRUCTURE, .members = replica_sse_members};
static const struct property replica_stream_members[] = {
    {"ResourcePolicy", &resource_policy, OPTIONAL}, {"Tags", NULL, NOT_APPLIED}, {0}};
static const struct kind_of_value replica_stream = {.kind = STRUCTURE, .members = replica_stream_members};
static const struct property replica_members[] = {
    {"ContributorInsightsSpecification", NULL, NOT_APPLIED},
    {"DeletionProtectionEnabled", &kind_boolean, OPTIONAL},
    {"DisassociationProtectionEnabled", NULL, NOT_APPLIED},
    {"GlobalSecondaryIndexes", &replica_indexes, OPTIONAL},
    {"GlobalTableSettingsReplicationMode", &replication_mode, OPTIONAL},
    {"KinesisStreamSpecification", &kind_anything, OPTIONAL},
    {"PointInTimeRecoverySpecification", &recovery, OPTIONAL},
    {"ReadOnDemandThroughputSettings", &read_on_demand, OPTIONAL},
    {"ReadProvisionedThroughputSettings", &read_settings, OPTIONAL},
    {"Region", &kind_text, REQUIRED},
    {"ReplicaStreamSpecification", &replica_stream, OPTIONAL},
    {"ResourcePolicy", &resource_policy, OPTIONAL},
    {"SSESpecification", &replica_sse, OPTIONAL},
    {"TableClass", &table_class, OPTIONAL},
    {"Tags", &kind_tags, OPTIONAL},
    {0}};
static const struct kind_of_value replica = {.kind = STRUCTURE, .members = replica_members};
static const struct kind_of_value replicas = {.kind = LIST, .least = 1, .element = &replica};

static const struct property global_sse_members[] = {
    {"SSEEnabled", &kind_boolean, REQUIRED}, {"SSEType", &sse_type, OPTIONAL}, {0}};
static const struct kind_of_value global_sse = {.kind = STRUCTURE, .members = global_sse_members};
static const struct property global_stream_members[] = {{"StreamViewType", &view_type, REQUIRED}, {0}};
static const struct kind_of_value global_stream = {.kind = STRUCTURE, .members = global_stream_members};

static const struct property global_table_members[] = {
    {"AttributeDefinitions", &definitions, REQUIRED},
    {"BillingMode", &billing_mode, OPTIONAL},
    {"GlobalSecondaryIndexes", &own_indexes, OPTIONAL},
    {"GlobalTableSourceArn", &kind_text, OPTIONAL},
    {"GlobalTableWitnesses", &kind_anything, OPTIONAL},
    {"KeySchema", &table_keys, REQUIRED},
    {"LocalSecondaryIndexes", &local_indexes, OPTIONAL},
    {"MultiRegionConsistency", &consistency, OPTIONAL},
    {"ReadOnDemandThroughputSettings", &read_on_demand, OPTIONAL},
    {"ReadProvisionedThroughputSettings", &read_settings, OPTIONAL},
    {"Replicas", &replicas, REQUIRED},
    {"SSESpecification", &global_sse, OPTIONAL},
    {"StreamSpecification", &global_stream, OPTIONAL},
    {"TableName", &kind_text, OPTIONAL},
    {"TableType", NULL, NOT_APPLIED},
    {"TimeToLiveSpecification", &time_to_live, OPTIONAL},
    {"VectorIndexes", &kind_anything, OPTIONAL},
    {"WarmThroughput", &warm, OPTIONAL},
    {"WriteOnDemandThroughputSettings", &write_on_demand, OPTIONAL},
    {"WriteProvisionedThroughputSettings", &write_settings, OPTIONAL},
    {0}};
const struct kind_of_value global_table_properties = {.kind = STRUCTURE, .members = global_table_members};
