/* AWS::S3::Bucket, AWS::S3::BucketPolicy, and Custom::S3AutoDeleteObjects, which empties a bucket before it
 * is removed. AWS: CloudFormation template reference. */
#include "deploy/types/bucket.h"

#include "deploy/properties.h"
#include "deploy/types/cognito.h"
#include "deploy/types/reading.h"
#include "deploy/types/renaming.h"
#include "deploy/types/tags.h"
#include "deploy/types/types.h"

#define ABSENT "NoSuchBucket NotFound"

/* ---- properties ---- */

static const char *const versionings[] = {"Enabled", "Suspended", NULL};
static const struct kind_of_value versioning_status = {.kind = TEXT, .words = versionings};
static const struct property versioning_members[] = {{"Status", &versioning_status, REQUIRED}, {0}};
static const struct kind_of_value versioning = {.kind = STRUCTURE, .members = versioning_members};

static const struct property default_members[] = {
    {"KMSMasterKeyID", &kind_text, OPTIONAL}, {"SSEAlgorithm", &kind_text, REQUIRED}, {0}};
static const struct kind_of_value encryption_default = {.kind = STRUCTURE, .members = default_members};
static const struct property blocked_members[] = {{"EncryptionType", &kind_texts, OPTIONAL}, {0}};
static const struct kind_of_value blocked = {.kind = STRUCTURE, .members = blocked_members};
static const struct property encryption_rule_members[] = {
    {"BlockedEncryptionTypes", &blocked, OPTIONAL},
    {"BucketKeyEnabled", &kind_boolean, OPTIONAL},
    {"ServerSideEncryptionByDefault", &encryption_default, OPTIONAL},
    {0}};
static const struct kind_of_value encryption_rule = {.kind = STRUCTURE, .members = encryption_rule_members};
static const struct kind_of_value encryption_rules = {.kind = LIST, .least = 1, .element = &encryption_rule};
static const struct property encryption_members[] = {
    {"ServerSideEncryptionConfiguration", &encryption_rules, REQUIRED}, {0}};
static const struct kind_of_value encryption = {.kind = STRUCTURE, .members = encryption_members};

static const struct property cors_rule_members[] = {{"AllowedHeaders", &kind_texts, OPTIONAL},
                                                    {"AllowedMethods", &kind_texts, REQUIRED},
                                                    {"AllowedOrigins", &kind_texts, REQUIRED},
                                                    {"ExposedHeaders", &kind_texts, OPTIONAL},
                                                    {"Id", &kind_text, OPTIONAL},
                                                    {"MaxAge", &kind_integer, OPTIONAL},
                                                    {0}};
static const struct kind_of_value cors_rule = {.kind = STRUCTURE, .members = cors_rule_members};
static const struct kind_of_value cors_rules = {.kind = LIST, .least = 1, .most = 100, .element = &cors_rule};
static const struct property cors_members[] = {{"CorsRules", &cors_rules, REQUIRED}, {0}};
static const struct kind_of_value cors = {.kind = STRUCTURE, .members = cors_members};

static const struct property ownership_rule_members[] = {{"ObjectOwnership", &kind_text, OPTIONAL}, {0}};
static const struct kind_of_value ownership_rule = {.kind = STRUCTURE, .members = ownership_rule_members};
static const struct kind_of_value ownership_rules = {.kind = LIST, .least = 1, .element = &ownership_rule};
static const struct property ownership_members[] = {{"Rules", &ownership_rules, REQUIRED}, {0}};
static const struct kind_of_value ownership = {.kind = STRUCTURE, .members = ownership_members};

static const struct property access_members[] = {{"BlockPublicAcls", &kind_boolean, OPTIONAL},
                                                 {"BlockPublicPolicy", &kind_boolean, OPTIONAL},
                                                 {"IgnorePublicAcls", &kind_boolean, OPTIONAL},
                                                 {"RestrictPublicBuckets", &kind_boolean, OPTIONAL},
                                                 {0}};
static const struct kind_of_value public_access = {.kind = STRUCTURE, .members = access_members};

static const char *const rule_words[] = {"Enabled", "Disabled", NULL};
static const struct kind_of_value rule_status = {.kind = TEXT, .words = rule_words};
static const struct property abort_members[] = {{"DaysAfterInitiation", &kind_integer, REQUIRED}, {0}};
static const struct kind_of_value abortion = {.kind = STRUCTURE, .members = abort_members};
static const struct property noncurrent_members[] = {
    {"NewerNoncurrentVersions", &kind_integer, OPTIONAL}, {"NoncurrentDays", &kind_integer, REQUIRED}, {0}};
static const struct kind_of_value noncurrent = {.kind = STRUCTURE, .members = noncurrent_members};
static const struct property transition_members[] = {{"NewerNoncurrentVersions", &kind_integer, OPTIONAL},
                                                     {"StorageClass", &kind_text, REQUIRED},
                                                     {"TransitionDate", &kind_text, OPTIONAL},
                                                     {"TransitionInDays", &kind_integer, OPTIONAL},
                                                     {0}};
static const struct kind_of_value transition = {.kind = STRUCTURE, .members = transition_members};
static const struct kind_of_value transitions = {.kind = LIST, .element = &transition};
static const struct property rule_members[] = {{"AbortIncompleteMultipartUpload", &abortion, OPTIONAL},
                                               {"ExpirationDate", &kind_text, OPTIONAL},
                                               {"ExpirationInDays", &kind_integer, OPTIONAL},
                                               {"ExpiredObjectDeleteMarker", &kind_boolean, OPTIONAL},
                                               {"Id", &kind_text, OPTIONAL},
                                               {"NoncurrentVersionExpiration", &noncurrent, OPTIONAL},
                                               {"NoncurrentVersionExpirationInDays", &kind_integer, OPTIONAL},
                                               {"NoncurrentVersionTransition", &transition, OPTIONAL},
                                               {"NoncurrentVersionTransitions", &transitions, OPTIONAL},
                                               {"ObjectSizeGreaterThan", &kind_integer, OPTIONAL},
                                               {"ObjectSizeLessThan", &kind_integer, OPTIONAL},
                                               {"Prefix", &kind_text, OPTIONAL},
                                               {"Status", &rule_status, REQUIRED},
                                               {"TagFilters", &kind_tags, OPTIONAL},
                                               {"Transition", &transition, OPTIONAL},
                                               {"Transitions", &transitions, OPTIONAL},
                                               {0}};
static const struct kind_of_value lifecycle_rule = {.kind = STRUCTURE, .members = rule_members};
static const struct kind_of_value lifecycle_rules = {
    .kind = LIST, .least = 1, .most = 1000, .element = &lifecycle_rule};
static const struct property lifecycle_members[] = {
    {"Rules", &lifecycle_rules, REQUIRED}, {"TransitionDefaultMinimumObjectSize", NULL, NOT_APPLIED}, {0}};
static const struct kind_of_value lifecycle = {.kind = STRUCTURE, .members = lifecycle_members};

static const struct property bucket_members[] = {{"AbacStatus", NULL, NOT_APPLIED},
                                                 {"AccelerateConfiguration", NULL, NOT_APPLIED},
                                                 {"AccessControl", NULL, NOT_APPLIED},
                                                 {"AnalyticsConfigurations", NULL, NOT_APPLIED},
                                                 {"BucketEncryption", &encryption, OPTIONAL},
                                                 {"BucketName", &kind_text, OPTIONAL},
                                                 {"BucketNamePrefix", NULL, NOT_APPLIED},
                                                 {"BucketNamespace", NULL, NOT_APPLIED},
                                                 {"CorsConfiguration", &cors, OPTIONAL},
                                                 {"IntelligentTieringConfigurations", NULL, NOT_APPLIED},
                                                 {"InventoryConfigurations", NULL, NOT_APPLIED},
                                                 {"LifecycleConfiguration", &lifecycle, OPTIONAL},
                                                 {"LoggingConfiguration", NULL, NOT_APPLIED},
                                                 {"MetadataConfiguration", NULL, NOT_APPLIED},
                                                 {"MetadataTableConfiguration", NULL, NOT_APPLIED},
                                                 {"MetricsConfigurations", NULL, NOT_APPLIED},
                                                 {"NotificationConfiguration", NULL, NOT_APPLIED},
                                                 {"ObjectLockConfiguration", NULL, NOT_APPLIED},
                                                 {"ObjectLockEnabled", NULL, NOT_APPLIED},
                                                 {"OwnershipControls", &ownership, OPTIONAL},
                                                 {"PublicAccessBlockConfiguration", &public_access, OPTIONAL},
                                                 {"ReplicationConfiguration", NULL, NOT_APPLIED},
                                                 {"Tags", &kind_tags, OPTIONAL},
                                                 {"VersioningConfiguration", &versioning, OPTIONAL},
                                                 {"WebsiteConfiguration", NULL, NOT_APPLIED},
                                                 {0}};
static const struct kind_of_value bucket_properties = {.kind = STRUCTURE, .members = bucket_members};

/* ---- settings ---- */

static const struct renaming status[] = {{"Status", NULL, NULL}, {0}};
static const struct renaming encryption_rule_names[] = {
    {"ServerSideEncryptionByDefault", "ApplyServerSideEncryptionByDefault", NULL},
    {"BucketKeyEnabled", NULL, NULL},
    {"BlockedEncryptionTypes", NULL, NULL},
    {0}};
static const struct renaming encryption_names[] = {
    {"ServerSideEncryptionConfiguration", "Rules", encryption_rule_names}, {0}};
static const struct renaming cors_rule_names[] = {{"AllowedHeaders", NULL, NULL},
                                                  {"AllowedMethods", NULL, NULL},
                                                  {"AllowedOrigins", NULL, NULL},
                                                  {"ExposedHeaders", "ExposeHeaders", NULL},
                                                  {"Id", "ID", NULL},
                                                  {"MaxAge", "MaxAgeSeconds", NULL},
                                                  {0}};
static const struct renaming cors_names[] = {{"CorsRules", "CORSRules", cors_rule_names}, {0}};
static const struct renaming rules[] = {{"Rules", NULL, NULL}, {0}};
static const struct renaming access_names[] = {{"BlockPublicAcls", NULL, NULL},
                                               {"BlockPublicPolicy", NULL, NULL},
                                               {"IgnorePublicAcls", NULL, NULL},
                                               {"RestrictPublicBuckets", NULL, NULL},
                                               {0}};

/* A setting of a bucket, and the operations for it. */
struct bucket_setting {
    const char *property;
    const struct renaming *names;   /* NULL: a lifecycle */
    const char *get, *put, *remove; /* remove NULL: `put` with `otherwise` */
    const char *absent;             /* how `get` tells that there is none */
    const char *member;             /* of `put`'s input */
    const char *answer;             /* of `get`'s answer; NULL: that itself */
    const char *otherwise;          /* JSON */
};

static const struct bucket_setting settings[] = {
    {.property = "VersioningConfiguration",
     .names = status,
     .get = "GetBucketVersioning",
     .put = "PutBucketVersioning",
     .absent = "",
     .member = "VersioningConfiguration",
     .otherwise = "{\"Status\":\"Suspended\"}"},
    {.property = "BucketEncryption",
     .names = encryption_names,
     .get = "GetBucketEncryption",
     .put = "PutBucketEncryption",
     .remove = "DeleteBucketEncryption",
     .absent = "ServerSideEncryptionConfigurationNotFoundError",
     .member = "ServerSideEncryptionConfiguration",
     .answer = "ServerSideEncryptionConfiguration"},
    {.property = "CorsConfiguration",
     .names = cors_names,
     .get = "GetBucketCors",
     .put = "PutBucketCors",
     .remove = "DeleteBucketCors",
     .absent = "NoSuchCORSConfiguration",
     .member = "CORSConfiguration"},
    {.property = "LifecycleConfiguration",
     .get = "GetBucketLifecycleConfiguration",
     .put = "PutBucketLifecycleConfiguration",
     .remove = "DeleteBucketLifecycle",
     .absent = "NoSuchLifecycleConfiguration",
     .member = "LifecycleConfiguration"},
    {.property = "OwnershipControls",
     .names = rules,
     .get = "GetBucketOwnershipControls",
     .put = "PutBucketOwnershipControls",
     .remove = "DeleteBucketOwnershipControls",
     .absent = "OwnershipControlsNotFoundError",
     .member = "OwnershipControls",
     .answer = "OwnershipControls"},
    {.property = "PublicAccessBlockConfiguration",
     .names = access_names,
     .get = "GetPublicAccessBlock",
     .put = "PutPublicAccessBlock",
     .remove = "DeletePublicAccessBlock",
     .absent = "NoSuchPublicAccessBlockConfiguration",
     .member = "PublicAccessBlockConfiguration",
     .answer = "PublicAccessBlockConfiguration"},
};

enum { SETTINGS = sizeof(settings) / sizeof(settings[0]) };

/* What the bucket has, as properties; NULL: it has nothing of it. */
static bool get_setting(struct making *making, const struct bucket_setting *setting, const struct json **out)
{
    struct client_answer answer;
    struct input input;

    *out = NULL;
    input_begin(&input);
    input_text(&input, "Bucket", making->id);
    if (!making_ask(making, SERVICE_S3, setting->get, setting->absent, &input, &answer))
        return false;
    const struct json *told =
        setting->answer == NULL || answer.body == NULL ? answer.body : json_get(answer.body, setting->answer);
    if (told == NULL)
        return true;
    struct json *made = arena_new(making->arena, struct json);
    *made = setting->names == NULL ? bucket_lifecycle_properties(making, json_get(told, "Rules"))
                                   : renamed_to_properties(making->arena, setting->names, told);
    if (made->object.count > 0)
        *out = made;
    return true;
}

static bool put_setting(struct making *making, const struct bucket_setting *setting, const struct json *want)
{
    struct input input;

    input_begin(&input);
    input_text(&input, "Bucket", making->id);
    if (want == NULL && setting->remove != NULL)
        return making_call(making, SERVICE_S3, setting->remove, &input, NULL);
    if (want == NULL) {
        input_literal(&input, setting->member, setting->otherwise);
    } else if (setting->names == NULL) {
        struct input inner;
        const struct json made = bucket_lifecycle_rules(making, want);
        reading_open(&input, &inner, setting->member);
        input_value(&inner, "Rules", &made);
        reading_close(&input, &inner);
    } else {
        const struct json made = renamed_to_members(making->arena, setting->names, want);
        input_value(&input, setting->member, &made);
    }
    return making_call(making, SERVICE_S3, setting->put, &input, NULL);
}

/* What every new bucket has at AWS; a template that says nothing leaves it so. */
static bool is_usual(const struct bucket_setting *setting, const struct json *had)
{
    static const char *const usual[][2] = {{"OwnershipControls", "BucketOwnerEnforced"},
                                           {"BucketEncryption", "AES256"},
                                           {"VersioningConfiguration", "Suspended"}};
    struct buffer text;
    bool found = had == NULL;

    buffer_init(&text);
    if (had != NULL)
        json_write_value(&text, had);
    buffer_append_byte(&text, '\0');
    for (size_t i = 0; !found && i < sizeof(usual) / sizeof(usual[0]); i++)
        found = strcmp(setting->property, usual[i][0]) == 0 && strstr(text.bytes, usual[i][1]) != NULL;
    if (!found && strcmp(setting->property, "PublicAccessBlockConfiguration") == 0)
        found = strstr(text.bytes, "false") == NULL;
    buffer_finish(&text);
    return found;
}

static bool apply_setting(struct making *making, const struct bucket_setting *setting)
{
    const struct json *want = json_get(making->want, setting->property), *had;

    if (!get_setting(making, setting, &had))
        return false;
    bool same = want == NULL ? is_usual(setting, had) : had != NULL && setting_covers(want, had);
    if (same)
        return true;
    return put_setting(making, setting, want);
}

/* ---- tags ---- */

static bool list_tags(struct making *making, struct json *out)
{
    struct client_answer answer;
    struct input input;

    input_begin(&input);
    input_text(&input, "Bucket", making->id);
    if (!making_ask(making, SERVICE_S3, "GetBucketTagging", "NoSuchTagSet", &input, &answer))
        return false;
    *out = tags_as_list(making->arena, json_get(answer.body, "TagSet"));
    return true;
}

/* All tags are put at once, with those that AWS keeps there. */
static bool apply_tags(struct making *making)
{
    const struct json want = making_tags(making, json_get(making->want, "Tags"));
    struct tag_changes changes;
    struct input input, tagging;
    struct json have;

    if (!list_tags(making, &have))
        return false;
    tags_compare(making->arena, &want, &have, &changes);
    if (changes.added.array.count == 0 && changes.removed.array.count == 0)
        return true;
    input_begin(&input);
    input_text(&input, "Bucket", making->id);
    if (want.array.count == 0)
        return making_call(making, SERVICE_S3, "DeleteBucketTagging", &input, NULL);
    reading_open(&input, &tagging, "Tagging");
    input_value(&tagging, "TagSet", &want);
    reading_close(&input, &tagging);
    return making_call(making, SERVICE_S3, "PutBucketTagging", &input, NULL);
}

/* ---- buckets ---- */

static struct slice attribute_of(struct arena *arena, struct slice region, struct slice name,
                                 struct slice attribute)
{
    if (attribute.len == 0)
        return name;
    if (slice_is(attribute, "Arn"))
        return arena_printf(arena, "arn:aws:s3:::%.*s", SLICE_ARGS(name));
    if (slice_is(attribute, "DomainName"))
        return arena_printf(arena, "%.*s.s3.amazonaws.com", SLICE_ARGS(name));
    if (slice_is(attribute, "DualStackDomainName"))
        return arena_printf(arena, "%.*s.s3.dualstack.%.*s.amazonaws.com", SLICE_ARGS(name),
                            SLICE_ARGS(region));
    if (slice_is(attribute, "RegionalDomainName"))
        return arena_printf(arena, "%.*s.s3.%.*s.amazonaws.com", SLICE_ARGS(name), SLICE_ARGS(region));
    return arena_printf(arena, "http://%.*s.s3-website-%.*s.amazonaws.com", SLICE_ARGS(name),
                        SLICE_ARGS(region));
}

static enum resolved early(struct stack *stack, struct resource *resource, struct slice attribute,
                           struct slice *out, struct slice *reason)
{
    struct slice name;
    enum resolved resolved = stack_resource_name(stack, resource, &name, reason);

    if (resolved == RESOLVED)
        *out = attribute_of(stack->arena, stack->identity.region, name, attribute);
    return resolved;
}

static const char *const attributes[] = {
    "Arn", "DomainName", "DualStackDomainName", "RegionalDomainName", "WebsiteURL", NULL};

static void publish(struct making *making)
{
    making_identify(making, making_key(making));
    for (size_t i = 0; attributes[i] != NULL; i++)
        making_publish(
            making, attributes[i],
            attribute_of(making->arena, making->stack->identity.region, making->id, slice_of(attributes[i])));
}

static bool find(struct making *making)
{
    struct client_answer answer;
    struct input input;

    if (making_key(making).len == 0)
        return true;
    input_begin(&input);
    input_text(&input, "Bucket", making_key(making));
    if (!making_ask(making, SERVICE_S3, "HeadBucket", ABSENT, &input, &answer))
        return false;
    making->have = answer.body;
    if (making->have != NULL)
        publish(making);
    return true;
}

static bool compare(struct making *making)
{
    return making_fixed_name(making);
}

static bool apply_settings(struct making *making)
{
    for (size_t i = 0; i < SETTINGS; i++) {
        if (!apply_setting(making, &settings[i]))
            return false;
    }
    return apply_tags(making);
}

/* CreateBucket takes a bucket that one has in us-east-1 already; CloudFormation does not. */
static bool check_free(struct making *making)
{
    if (!find(making))
        return false;
    if (making->have == NULL)
        return true;
    making->have = NULL;
    making->id = SLICE("");
    making_refuse(making, "%.*s already exists", SLICE_ARGS(making->name));
    making->refusal.code = "AlreadyExists";
    return false;
}

static bool create(struct making *making)
{
    struct slice region = making->stack->identity.region;
    const struct json tags = making_tags(making, json_get(making->want, "Tags"));
    struct input input, inner;

    if (!check_free(making))
        return false;
    input_begin(&input);
    input_text(&input, "Bucket", making->name);
    reading_open(&input, &inner, "CreateBucketConfiguration");
    if (!slice_is(region, "us-east-1"))
        input_text(&inner, "LocationConstraint", region);
    if (tags.array.count > 0)
        input_value(&inner, "Tags", &tags);
    reading_close(&input, &inner);
    if (!making_call(making, SERVICE_S3, "CreateBucket", &input, NULL))
        return false;
    publish(making);
    return apply_settings(making);
}

static bool read_bucket(struct making *making, const struct json **properties)
{
    const struct json *had[SETTINGS];
    struct json tags;
    struct input out;

    for (size_t i = 0; i < SETTINGS; i++) {
        if (!get_setting(making, &settings[i], &had[i]))
            return false;
    }
    if (!list_tags(making, &tags))
        return false;
    input_begin(&out);
    input_text(&out, "BucketName", making->id);
    for (size_t i = 0; i < SETTINGS; i++)
        input_value(&out, settings[i].property, had[i]);
    reading_tags(making, &out, "Tags", &tags);
    return reading_done(making, &out, properties);
}

static bool remove_bucket(struct making *making)
{
    const struct text_member one[] = {{"Bucket", making->id}, {0}};

    return making_do(making, SERVICE_S3, "DeleteBucket", one, NULL);
}

static const struct naming naming = {.property = "BucketName",
                                     .least = 3,
                                     .most = 63,
                                     .part = 24,
                                     .small = true,
                                     .what = "bucket name",
                                     .more = ".-",
                                     .more_text = "of a-z, 0-9, '.' and '-'"};
static const char *const identifier[] = {"BucketName", NULL};
static const struct listing buckets = {.service = SERVICE_S3,
                                       .operation = "ListBuckets",
                                       .list = "Buckets",
                                       .token = "ContinuationToken",
                                       .next = "ContinuationToken",
                                       .element = "Name"};
const struct resource_type bucket_type = {.name = "AWS::S3::Bucket",
                                          .properties = &bucket_properties,
                                          .naming = &naming,
                                          .attributes = attributes,
                                          .identifier = identifier,
                                          .listing = &buckets,
                                          .early = early,
                                          .find = find,
                                          .compare = compare,
                                          .create = create,
                                          .update = apply_settings,
                                          .read = read_bucket,
                                          .remove = remove_bucket};

/* ---- policies ---- */

static const struct property policy_members[] = {
    {"Bucket", &kind_text, REQUIRED}, {"PolicyDocument", &kind_document, REQUIRED}, {0}};
static const struct kind_of_value policy_properties = {.kind = STRUCTURE, .members = policy_members};

static bool check_policy(struct making *making)
{
    return document_check(making, POLICY_BUCKET, "PolicyDocument", json_get(making->want, "PolicyDocument"));
}

static bool find_policy(struct making *making)
{
    struct slice bucket = text_of(making_place(making), "Bucket");
    struct client_answer answer;
    struct input input;

    if (bucket.len == 0)
        return true;
    input_begin(&input);
    input_text(&input, "Bucket", bucket);
    if (!making_ask(making, SERVICE_S3, "GetBucketPolicy", "NoSuchBucketPolicy " ABSENT, &input, &answer))
        return false;
    making->have = answer.body;
    if (making->have != NULL)
        making_identify(making, bucket);
    return true;
}

static bool compare_policy(struct making *making)
{
    static const char *const fixed[] = {"Bucket", NULL};

    return making_fixed_all(making, fixed);
}

static bool put_policy(struct making *making)
{
    const struct json *want = json_get(making->want, "PolicyDocument");
    struct slice bucket = text_of(making->want, "Bucket");
    struct input input;

    if (making->have != NULL && document_same(making->arena, want, text_of(making->have, "Policy")))
        return true;
    input_begin(&input);
    input_text(&input, "Bucket", bucket);
    input_document(&input, "Policy", want);
    if (!making_call(making, SERVICE_S3, "PutBucketPolicy", &input, NULL))
        return false;
    making_identify(making, bucket);
    return true;
}

/* One that is there is another's, whom it would be taken from. */
static bool create_policy(struct making *making)
{
    if (!find_policy(making))
        return false;
    if (making->have == NULL)
        return put_policy(making);
    making->have = NULL;
    making->id = SLICE("");
    making_refuse(making, "The bucket policy already exists on bucket %.*s.",
                  SLICE_ARGS(text_of(making->want, "Bucket")));
    making->refusal.code = "AlreadyExists";
    return false;
}

static bool read_policy(struct making *making, const struct json **properties)
{
    struct input out;

    input_begin(&out);
    input_text(&out, "Bucket", making->id);
    reading_document(making, &out, "PolicyDocument", text_of(making->have, "Policy"));
    return reading_done(making, &out, properties);
}

static bool remove_policy(struct making *making)
{
    const struct text_member one[] = {{"Bucket", making->id}, {0}};

    return making_do(making, SERVICE_S3, "DeleteBucketPolicy", one, NULL);
}

static const char *const policy_identifier[] = {"Bucket", NULL};
const struct resource_type bucket_policy_type = {.name = "AWS::S3::BucketPolicy",
                                                 .properties = &policy_properties,
                                                 .identifier = policy_identifier,
                                                 .check = check_policy,
                                                 .find = find_policy,
                                                 .compare = compare_policy,
                                                 .create = create_policy,
                                                 .update = put_policy,
                                                 .read = read_policy,
                                                 .remove = remove_policy};
