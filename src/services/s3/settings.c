/*
 * The settings of buckets: those that are kept and told, and what is set to nothing here. Which of them have
 * an effect docs/s3.md says.
 */
#include "services/s3/handlers.h"

#include "services/gate.h"
#include "services/s3/bindings.h"
#include "services/s3/conditions.h"

enum { BUCKET_TAGS = 50, LIFECYCLE_RULES = 1000, CORS_RULES = 100 };

static const struct setting {
    const char *name; /* of the record, and of the member of a Put's input */
    const char *
        of_get; /* in the output of a Get: the member; NULL: the members of the setting stand in the output */
    const char *get, *put, *delete;
    const struct xml_document *document;
    enum error_code absent;
    const char *absent_message;
} settings[] = {
    {"ServerSideEncryptionConfiguration", "ServerSideEncryptionConfiguration", "GetBucketEncryption",
     "PutBucketEncryption", "DeleteBucketEncryption", &s3_encryption_document, ERROR_S3_NO_ENCRYPTION,
     "The server side encryption configuration was not found"},
    {"PublicAccessBlockConfiguration", "PublicAccessBlockConfiguration", "GetPublicAccessBlock",
     "PutPublicAccessBlock", "DeletePublicAccessBlock", &s3_public_access_document,
     ERROR_S3_NO_PUBLIC_ACCESS_BLOCK, "The public access block configuration was not found"},
    {"Tagging", NULL, "GetBucketTagging", "PutBucketTagging", "DeleteBucketTagging", &s3_tagging_document,
     ERROR_S3_NO_TAGS, "The TagSet does not exist"},
    {"LifecycleConfiguration", NULL, "GetBucketLifecycleConfiguration", "PutBucketLifecycleConfiguration",
     "DeleteBucketLifecycle", &s3_lifecycle_document, ERROR_S3_NO_LIFECYCLE,
     "The lifecycle configuration does not exist"},
    {"CORSConfiguration", NULL, "GetBucketCors", "PutBucketCors", "DeleteBucketCors", &s3_cors_document,
     ERROR_S3_NO_CORS, "The CORS configuration does not exist"},
    {"OwnershipControls", "OwnershipControls", "GetBucketOwnershipControls", "PutBucketOwnershipControls",
     "DeleteBucketOwnershipControls", &s3_ownership_document, ERROR_S3_NO_OWNERSHIP_CONTROLS,
     "The bucket ownership controls were not found"},
    {"NotificationConfiguration", NULL, "GetBucketNotificationConfiguration",
     "PutBucketNotificationConfiguration", "", &s3_notification_document, ERROR_NONE, NULL},
    {"Policy", NULL, "", "", "DeleteBucketPolicy", NULL, ERROR_S3_NO_POLICY,
     "The bucket policy does not exist"},
};

static const struct setting *setting_of(const struct request *request)
{
    const char *name = request->operation->name;
    size_t i = 0;

    while (strcmp(settings[i].get, name) != 0 && strcmp(settings[i].put, name) != 0 &&
           strcmp(settings[i].delete, name) != 0)
        i++;
    return &settings[i];
}

static struct slice record_of(struct request *request, const struct json *value)
{
    struct buffer text;

    buffer_init(&text);
    json_write_value(&text, value);
    struct slice kept = arena_copy(request->arena, buffer_slice(&text));
    buffer_finish(&text);
    return kept;
}

static void put(struct request *request, const struct s3_bucket *bucket, struct version version,
                const char *name, struct slice value)
{
    s3_hold_bucket(request, bucket, version);
    batch_put(&request->batch, s3_setting_key(request->arena, bucket->id, slice_of(name)), value);
}

/* ---- get ---- */

bool s3_get_setting(struct request *request)
{
    const struct setting *setting = setting_of(request);
    const struct json *value;
    struct s3_bucket bucket;

    if (!s3_enter_bucket(request, &bucket, NULL) || !s3_read_setting(request, &bucket, setting->name, &value))
        return false;
    if (value == NULL && setting->absent != ERROR_NONE)
        return s3_fail(request, setting->absent, "BucketName", bucket.name, "%s", setting->absent_message);
    if (value == NULL) {
        buffer_append_string(request->out, "{}");
    } else if (setting->of_get == NULL) {
        json_write_value(request->out, value);
    } else {
        struct s3_output output = s3_begin(request);
        json_write_name(output.out, &output.first, setting->of_get);
        json_write_value(output.out, value);
        s3_end(&output);
    }
    return true;
}

/* ---- put: what S3 checks beyond the schema ---- */

static bool malformed(struct request *request)
{
    return fail(&request->failure, ERROR_S3_MALFORMED_XML,
                "The XML you provided was not well-formed or did not validate against our published schema");
}

static bool invalid(struct request *request, const char *why)
{
    return fail(&request->failure, ERROR_S3_INVALID_REQUEST, "%s", why);
}

/* A number of a member that is there is positive. */
static bool is_positive(const struct json *object, const char *member)
{
    const struct json *value = json_get_present(object, member);
    int64_t number = 1;

    return value == NULL || (json_to_int64(value, &number) && number > 0);
}

static bool check_lifecycle_rule(struct request *request, const struct json *rule)
{
    static const char *const dos[] = {"Expiration", "Transitions", "NoncurrentVersionTransitions",
                                      "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"};
    const struct json *id = json_get_present(rule, "ID");
    bool does = false;

    for (size_t i = 0; i < sizeof(dos) / sizeof(dos[0]); i++)
        does = does || json_get_present(rule, dos[i]) != NULL;
    if (!does)
        return invalid(request, "At least one action needs to be specified in a rule");
    if (id != NULL && id->text.len > 255)
        return fail(&request->failure, ERROR_S3_INVALID_ARGUMENT,
                    "ID length should not exceed allowed limit of 255");
    if (json_get_present(rule, "Filter") != NULL && json_get_present(rule, "Prefix") != NULL)
        return malformed(request);
    /* CloudFormation's rules may have neither: they are about all objects. */
    if (json_get_present(rule, "Filter") == NULL && json_get_present(rule, "Prefix") == NULL &&
        !request->within)
        return malformed(request);
    if (!is_positive(json_get_present(rule, "Expiration"), "Days") ||
        !is_positive(json_get_present(rule, "NoncurrentVersionExpiration"), "NoncurrentDays") ||
        !is_positive(json_get_present(rule, "AbortIncompleteMultipartUpload"), "DaysAfterInitiation"))
        return fail(&request->failure, ERROR_S3_INVALID_ARGUMENT,
                    "'Days' for Expiration action must be a positive integer");
    return true;
}

static bool check_lifecycle(struct request *request, const struct json *value)
{
    const struct json *rules = json_get(value, "Rules");

    if (rules->array.count > LIFECYCLE_RULES)
        return malformed(request);
    for (size_t i = 0; i < rules->array.count; i++) {
        const struct json *id = json_get_present(&rules->array.items[i], "ID");
        if (!check_lifecycle_rule(request, &rules->array.items[i]))
            return false;
        for (size_t j = 0; id != NULL && j < i; j++) {
            const struct json *other = json_get_present(&rules->array.items[j], "ID");
            if (other != NULL && slice_equal(other->text, id->text))
                return fail(&request->failure, ERROR_S3_INVALID_ARGUMENT,
                            "Rule ID must be unique. Found same ID for more than one rule");
        }
    }
    return true;
}

static bool check_origin(struct request *request, struct slice origin)
{
    const char *star = origin.len == 0 ? NULL : memchr(origin.ptr, '*', origin.len);

    return star == NULL || memchr(star + 1, '*', origin.len - (size_t)(star - origin.ptr) - 1) == NULL ||
           fail(&request->failure, ERROR_S3_INVALID_REQUEST,
                "AllowedOrigin \"%.*s\" can not have more than one wildcard.", SLICE_ARGS(origin));
}

static bool check_cors(struct request *request, const struct json *value)
{
    const struct json *rules = json_get(value, "CORSRules");

    if (rules->array.count > CORS_RULES)
        return invalid(request, "The number of CORS rules should not exceed allowed limit of 100 rules.");
    for (size_t i = 0; i < rules->array.count; i++) {
        const struct json *origins = json_get(&rules->array.items[i], "AllowedOrigins");
        for (size_t j = 0; j < origins->array.count; j++) {
            if (!check_origin(request, origins->array.items[j].text))
                return false;
        }
    }
    return true;
}

/* There is no KMS, and nothing is encrypted either way: what tools ask for is kept and told. */
static bool check_encryption(struct request *request, const struct json *value)
{
    const struct json *rules = json_get(value, "Rules");
    const struct json *by_default =
        json_get_present(&rules->array.items[0], "ApplyServerSideEncryptionByDefault");
    const struct json *algorithm = json_get_present(by_default, "SSEAlgorithm");

    if (rules->array.count > 1)
        return malformed(request);
    return json_get_present(by_default, "KMSMasterKeyID") == NULL || !slice_is(algorithm->text, "AES256") ||
           fail(&request->failure, ERROR_S3_INVALID_ARGUMENT,
                "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or "
                "aws:kms:dsse");
}

static bool check_tags(struct request *request, const struct json *value)
{
    struct s3_pairs tags;

    return s3_read_tags(request, json_get_present(value, "TagSet"), BUCKET_TAGS, &tags);
}

static bool check_ownership(struct request *request, const struct json *value)
{
    return json_get(value, "Rules")->array.count == 1 || malformed(request);
}

static bool check_value(struct request *request, const struct setting *setting, const struct json *value)
{
    static const struct {
        const struct xml_document *document;
        bool (*check)(struct request *request, const struct json *value);
    } checks[] = {{&s3_lifecycle_document, check_lifecycle},
                  {&s3_cors_document, check_cors},
                  {&s3_encryption_document, check_encryption},
                  {&s3_tagging_document, check_tags},
                  {&s3_ownership_document, check_ownership}};

    /* What came from within was not read from XML. */
    if (!s3_document_accepts(value, setting->document))
        return malformed(request);
    for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
        if (checks[i].document == setting->document)
            return checks[i].check(request, value);
    }
    return true;
}

/* A policy that lets everybody in stays out of force, or is refused when it is put; so nothing else depends
 * on this. */
bool s3_put_setting(struct request *request)
{
    const struct setting *setting = setting_of(request);
    const struct json *value = json_get_present(request->body, setting->name);
    struct s3_bucket bucket;
    struct version version;

    if (!s3_enter_bucket(request, &bucket, &version) || !check_value(request, setting, value))
        return false;
    put(request, &bucket, version, setting->name, record_of(request, value));
    buffer_append_string(request->out, "{}");
    return true;
}

/* ---- delete ---- */

/* What is encrypted by default is what S3 does of itself, and so it is what a bucket has without a setting.
 */
bool s3_delete_setting(struct request *request)
{
    const struct setting *setting = setting_of(request);
    const char *fallback =
        setting->document == &s3_encryption_document ? objects_default_setting(setting->name) : NULL;
    struct s3_bucket bucket;
    struct version version;

    if (!s3_enter_bucket(request, &bucket, &version))
        return false;
    if (fallback != NULL) {
        put(request, &bucket, version, setting->name, slice_of(fallback));
    } else {
        s3_hold_bucket(request, &bucket, version);
        batch_delete(&request->batch, s3_setting_key(request->arena, bucket.id, slice_of(setting->name)));
    }
    buffer_append_string(request->out, "{}");
    return true;
}

/* ---- versioning ---- */

bool s3_get_bucket_versioning(struct request *request)
{
    struct s3_bucket bucket;

    if (!s3_enter_bucket(request, &bucket, NULL))
        return false;
    struct s3_output output = s3_begin(request);
    s3_tell_some(&output, "Status", bucket.versioning);
    s3_end(&output);
    return true;
}

bool s3_put_bucket_versioning(struct request *request)
{
    const struct json *value = json_get_present(request->body, "VersioningConfiguration");
    struct s3_bucket bucket;
    struct version version;

    if (!s3_enter_bucket(request, &bucket, &version))
        return false;
    if (!s3_document_accepts(value, &s3_versioning_document))
        return malformed(request);
    const struct json *status = json_get_present(value, "Status"),
                      *mfa = json_get_present(value, "MFADelete");
    if (status == NULL)
        return fail(&request->failure, ERROR_S3_ILLEGAL_VERSIONING,
                    "The Versioning element must be specified");
    if (mfa != NULL && slice_is(mfa->text, "Enabled"))
        return fail(&request->failure, ERROR_S3_NOT_IMPLEMENTED,
                    "Deleting with a second factor (MFADelete) is not served here");
    batch_guard(&request->batch, s3_bucket_key(request->arena, bucket.name), version);
    bucket.versioning = status->text;
    bucket.draining = false;
    objects_put_bucket(&request->batch, &bucket);
    buffer_append_string(request->out, "{}");
    return true;
}

/* ---- policies ---- */

/* The text of the policy that the bucket of the request must have. */
static bool enter_policy(struct request *request, struct slice *text)
{
    struct s3_bucket bucket;

    if (!s3_enter_bucket(request, &bucket, NULL) || !s3_read_policy_text(request, &bucket, text))
        return false;
    return text->ptr != NULL || s3_fail(request, ERROR_S3_NO_POLICY, "BucketName", bucket.name,
                                        "The bucket policy does not exist");
}

bool s3_get_bucket_policy(struct request *request)
{
    struct slice text;

    if (!enter_policy(request, &text))
        return false;
    struct s3_output output = s3_begin(request);
    s3_tell(&output, "Policy", text);
    s3_end(&output);
    return true;
}

bool s3_get_bucket_policy_status(struct request *request)
{
    struct slice text;

    if (!enter_policy(request, &text))
        return false;
    struct s3_output output = s3_begin(request);
    struct s3_output status = s3_open(&output, "PolicyStatus");
    s3_tell_boolean(&status, "IsPublic", s3_policy_is_public(request->arena, text));
    s3_end(&status);
    s3_end(&output);
    return true;
}

/* AWS: "Blocking public access to your Amazon S3 storage". */
static bool check_public(struct request *request, const struct s3_bucket *bucket, struct slice policy)
{
    bool blocked;

    if (!s3_policy_is_public(request->arena, policy))
        return true;
    if (!s3_read_public_access(request, bucket, "BlockPublicPolicy", &blocked))
        return false;
    return !blocked ||
           fail(&request->failure, ERROR_S3_ACCESS_DENIED,
                "User: %.*s is not authorized to perform: s3:PutBucketPolicy on resource: \"%.*s\" because "
                "public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.",
                SLICE_ARGS(request->principal.arn), SLICE_ARGS(s3_bucket_arn(request->arena, bucket->name)));
}

bool s3_put_bucket_policy(struct request *request)
{
    const struct json *given = json_get_present(request->body, "Policy");
    struct s3_bucket bucket;
    struct version version;

    if (!s3_enter_bucket(request, &bucket, &version))
        return false;
    /* From within it may be the document itself. */
    struct slice text = given == NULL                ? SLICE("")
                        : given->type == JSON_STRING ? given->text
                                                     : record_of(request, given);
    if (!s3_check_policy(request, &bucket, text) || !check_public(request, &bucket, text))
        return false;
    const struct json kept = {.type = JSON_STRING, .text = text};
    put(request, &bucket, version, "Policy", record_of(request, &kept));
    buffer_append_string(request->out, "{}");
    return true;
}

/* ---- access control lists ---- */

static void tell_acl(struct request *request, const struct s3_bucket *bucket, const struct s3_object *object)
{
    struct s3_output output = s3_begin(request);

    if (object != NULL)
        s3_tell_version(&output, bucket, object);
    s3_tell_owner(request, &output, "Owner");
    struct s3_output grants = s3_open_list(&output, "Grants");
    struct s3_output grant = s3_open(&grants, NULL), grantee = s3_open(&grant, "Grantee");
    s3_tell(&grantee, "ID", s3_owner_id(request));
    s3_tell(&grantee, "Type", SLICE("CanonicalUser"));
    s3_end(&grantee);
    s3_tell(&grant, "Permission", SLICE("FULL_CONTROL"));
    s3_end(&grant);
    s3_close_list(&grants);
    s3_end(&output);
}

bool s3_get_bucket_acl(struct request *request)
{
    struct s3_bucket bucket;

    if (!s3_enter_bucket(request, &bucket, NULL))
        return false;
    tell_acl(request, &bucket, NULL);
    return true;
}

bool s3_get_object_acl(struct request *request)
{
    struct found_object found = {.file = -1};
    struct s3_bucket bucket;

    bool good = s3_enter_bucket(request, &bucket, NULL) &&
                s3_find_version(request, NULL, &bucket, s3_text(request, "Key"),
                                s3_text(request, "VersionId"), &found);
    if (good)
        tell_acl(request, &bucket, &found.object);
    found_object_close(&found);
    return good;
}

/* ---- what is set to nothing ---- */

bool s3_get_nothing(struct request *request)
{
    struct s3_bucket bucket;

    return s3_enter_bucket(request, &bucket, NULL);
}

bool s3_get_bucket_request_payment(struct request *request)
{
    struct s3_bucket bucket;

    if (!s3_enter_bucket(request, &bucket, NULL))
        return false;
    struct s3_output output = s3_begin(request);
    s3_tell(&output, "Payer", SLICE("BucketOwner"));
    s3_end(&output);
    return true;
}

static bool tell_absent(struct request *request, enum error_code code, const char *message)
{
    struct s3_bucket bucket;

    return s3_enter_bucket(request, &bucket, NULL) &&
           s3_fail(request, code, "BucketName", bucket.name, "%s", message);
}

bool s3_get_no_replication(struct request *request)
{
    return tell_absent(request, ERROR_S3_NO_REPLICATION, "The replication configuration was not found");
}

bool s3_get_no_website(struct request *request)
{
    return tell_absent(request, ERROR_S3_NO_WEBSITE,
                       "The specified bucket does not have a website configuration");
}

bool s3_get_no_object_lock(struct request *request)
{
    return tell_absent(request, ERROR_S3_NO_OBJECT_LOCK,
                       "Object Lock configuration does not exist for this bucket");
}

bool s3_delete_nothing(struct request *request)
{
    struct s3_bucket bucket;

    return s3_enter_bucket(request, &bucket, NULL);
}
