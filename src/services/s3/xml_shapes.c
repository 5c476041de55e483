#include "services/s3/xml_shapes.h"

#define NAMESPACE "http://s3.amazonaws.com/doc/2006-03-01/"

/* ---- the tables ---- */

static const char *const on_off[] = {"Enabled", "Suspended", NULL};
static const char *const enabled_disabled[] = {"Enabled", "Disabled", NULL};

static const struct xml_field versioning_fields[] = {
    {.member = "MFADelete", .element = "MfaDelete", .words = enabled_disabled},
    {.member = "Status", .words = on_off},
    {0}};
const struct xml_document s3_versioning_document = {"VersioningConfiguration", versioning_fields};

static const struct xml_field public_access_fields[] = {
    {.member = "BlockPublicAcls", .kind = XML_BOOLEAN},
    {.member = "IgnorePublicAcls", .kind = XML_BOOLEAN},
    {.member = "BlockPublicPolicy", .kind = XML_BOOLEAN},
    {.member = "RestrictPublicBuckets", .kind = XML_BOOLEAN},
    {0}};
const struct xml_document s3_public_access_document = {"PublicAccessBlockConfiguration",
                                                       public_access_fields};

static const char *const ownerships[] = {"BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced", NULL};
static const struct xml_field ownership_rule[] = {
    {.member = "ObjectOwnership", .words = ownerships, .required = true}, {0}};
static const struct xml_field ownership_fields[] = {
    {.member = "Rules", .element = "Rule", .kind = XML_STRUCTS, .fields = ownership_rule, .required = true},
    {0}};
const struct xml_document s3_ownership_document = {"OwnershipControls", ownership_fields};

static const char *const encryptions[] = {"AES256", "aws:kms", "aws:kms:dsse", NULL};
static const struct xml_field encryption_default[] = {
    {.member = "SSEAlgorithm", .words = encryptions, .required = true}, {.member = "KMSMasterKeyID"}, {0}};
static const struct xml_field blocked_encryption[] = {{.member = "EncryptionType", .kind = XML_TEXTS}, {0}};
static const struct xml_field encryption_rule[] = {
    {.member = "ApplyServerSideEncryptionByDefault", .kind = XML_STRUCT, .fields = encryption_default},
    {.member = "BucketKeyEnabled", .kind = XML_BOOLEAN},
    {.member = "BlockedEncryptionTypes", .kind = XML_STRUCT, .fields = blocked_encryption},
    {0}};
static const struct xml_field encryption_fields[] = {
    {.member = "Rules", .element = "Rule", .kind = XML_STRUCTS, .fields = encryption_rule, .required = true},
    {0}};
const struct xml_document s3_encryption_document = {"ServerSideEncryptionConfiguration", encryption_fields};

static const struct xml_field tag_fields[] = {
    {.member = "Key", .required = true}, {.member = "Value", .required = true}, {0}};
static const struct xml_field tagging_fields[] = {
    {.member = "TagSet", .kind = XML_WRAPPED, .item = "Tag", .fields = tag_fields}, {0}};
const struct xml_document s3_tagging_document = {"Tagging", tagging_fields};

static const char *const methods[] = {"GET", "PUT", "HEAD", "POST", "DELETE", NULL};
static const struct xml_field cors_rule[] = {
    {.member = "ID"},
    {.member = "AllowedHeaders", .element = "AllowedHeader", .kind = XML_TEXTS},
    {.member = "AllowedMethods",
     .element = "AllowedMethod",
     .kind = XML_TEXTS,
     .words = methods,
     .required = true},
    {.member = "AllowedOrigins", .element = "AllowedOrigin", .kind = XML_TEXTS, .required = true},
    {.member = "ExposeHeaders", .element = "ExposeHeader", .kind = XML_TEXTS},
    {.member = "MaxAgeSeconds", .kind = XML_INTEGER},
    {0}};
static const struct xml_field cors_fields[] = {{.member = "CORSRules",
                                                .element = "CORSRule",
                                                .kind = XML_STRUCTS,
                                                .fields = cors_rule,
                                                .required = true},
                                               {0}};
const struct xml_document s3_cors_document = {"CORSConfiguration", cors_fields};

static const struct xml_field expiration[] = {{.member = "Date"},
                                              {.member = "Days", .kind = XML_INTEGER},
                                              {.member = "ExpiredObjectDeleteMarker", .kind = XML_BOOLEAN},
                                              {0}};
static const struct xml_field filter_and[] = {
    {.member = "Prefix"},
    {.member = "Tags", .element = "Tag", .kind = XML_STRUCTS, .fields = tag_fields},
    {.member = "ObjectSizeGreaterThan", .kind = XML_INTEGER},
    {.member = "ObjectSizeLessThan", .kind = XML_INTEGER},
    {0}};
static const struct xml_field lifecycle_filter[] = {
    {.member = "Prefix"},
    {.member = "Tag", .kind = XML_STRUCT, .fields = tag_fields},
    {.member = "ObjectSizeGreaterThan", .kind = XML_INTEGER},
    {.member = "ObjectSizeLessThan", .kind = XML_INTEGER},
    {.member = "And", .kind = XML_STRUCT, .fields = filter_and},
    {0}};
static const char *const tiers[] = {"GLACIER",      "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING",
                                    "DEEP_ARCHIVE", "GLACIER_IR",  NULL};
static const struct xml_field transition[] = {{.member = "Date"},
                                              {.member = "Days", .kind = XML_INTEGER},
                                              {.member = "StorageClass", .words = tiers, .required = true},
                                              {0}};
static const struct xml_field noncurrent_transition[] = {
    {.member = "NoncurrentDays", .kind = XML_INTEGER},
    {.member = "StorageClass", .words = tiers, .required = true},
    {.member = "NewerNoncurrentVersions", .kind = XML_INTEGER},
    {0}};
static const struct xml_field noncurrent_expiration[] = {
    {.member = "NoncurrentDays", .kind = XML_INTEGER},
    {.member = "NewerNoncurrentVersions", .kind = XML_INTEGER},
    {0}};
static const struct xml_field abort_incomplete[] = {{.member = "DaysAfterInitiation", .kind = XML_INTEGER},
                                                    {0}};
static const struct xml_field lifecycle_rule[] = {
    {.member = "Expiration", .kind = XML_STRUCT, .fields = expiration},
    {.member = "ID"},
    {.member = "Prefix"},
    {.member = "Filter", .kind = XML_STRUCT, .fields = lifecycle_filter},
    {.member = "Status", .words = enabled_disabled, .required = true},
    {.member = "Transitions", .element = "Transition", .kind = XML_STRUCTS, .fields = transition},
    {.member = "NoncurrentVersionTransitions",
     .element = "NoncurrentVersionTransition",
     .kind = XML_STRUCTS,
     .fields = noncurrent_transition},
    {.member = "NoncurrentVersionExpiration", .kind = XML_STRUCT, .fields = noncurrent_expiration},
    {.member = "AbortIncompleteMultipartUpload", .kind = XML_STRUCT, .fields = abort_incomplete},
    {0}};
static const struct xml_field lifecycle_fields[] = {
    {.member = "Rules", .element = "Rule", .kind = XML_STRUCTS, .fields = lifecycle_rule, .required = true},
    {0}};
const struct xml_document s3_lifecycle_document = {"LifecycleConfiguration", lifecycle_fields};

static const struct xml_field filter_rule[] = {{.member = "Name"}, {.member = "Value"}, {0}};
static const struct xml_field key_filter[] = {
    {.member = "FilterRules", .element = "FilterRule", .kind = XML_STRUCTS, .fields = filter_rule}, {0}};
static const struct xml_field notification_filter[] = {
    {.member = "Key", .element = "S3Key", .kind = XML_STRUCT, .fields = key_filter}, {0}};

#define NOTIFICATION(name, target_member, target_element)                                                    \
    static const struct xml_field name[] = {                                                                 \
        {.member = "Id"},                                                                                    \
        {.member = target_member, .element = target_element, .required = true},                              \
        {.member = "Events", .element = "Event", .kind = XML_TEXTS, .required = true},                       \
        {.member = "Filter", .kind = XML_STRUCT, .fields = notification_filter},                             \
        {0}}
NOTIFICATION(topic_configuration, "TopicArn", "Topic");
NOTIFICATION(queue_configuration, "QueueArn", "Queue");
NOTIFICATION(function_configuration, "LambdaFunctionArn", "CloudFunction");

static const struct xml_field nothing[] = {{0}};
static const struct xml_field notification_fields[] = {
    {.member = "TopicConfigurations",
     .element = "TopicConfiguration",
     .kind = XML_STRUCTS,
     .fields = topic_configuration},
    {.member = "QueueConfigurations",
     .element = "QueueConfiguration",
     .kind = XML_STRUCTS,
     .fields = queue_configuration},
    {.member = "LambdaFunctionConfigurations",
     .element = "CloudFunctionConfiguration",
     .kind = XML_STRUCTS,
     .fields = function_configuration},
    {.member = "EventBridgeConfiguration", .kind = XML_STRUCT, .fields = nothing},
    {0}};
const struct xml_document s3_notification_document = {"NotificationConfiguration", notification_fields};

static const struct xml_field location_fields[] = {{.member = "Type"}, {.member = "Name"}, {0}};
static const struct xml_field bucket_fields[] = {{.member = "DataRedundancy"}, {.member = "Type"}, {0}};
static const struct xml_field create_bucket_fields[] = {
    {.member = "LocationConstraint"},
    {.member = "Location", .kind = XML_STRUCT, .fields = location_fields},
    {.member = "Bucket", .kind = XML_STRUCT, .fields = bucket_fields},
    {.member = "Tags", .kind = XML_WRAPPED, .item = "Tag", .fields = tag_fields},
    {0}};
const struct xml_document s3_create_bucket_document = {"CreateBucketConfiguration", create_bucket_fields};

static const struct xml_field object_fields[] = {{.member = "Key", .required = true},
                                                 {.member = "VersionId"},
                                                 {.member = "ETag"},
                                                 {.member = "LastModifiedTime"},
                                                 {.member = "Size", .kind = XML_INTEGER},
                                                 {0}};
static const struct xml_field delete_fields[] = {{.member = "Objects",
                                                  .element = "Object",
                                                  .kind = XML_STRUCTS,
                                                  .fields = object_fields,
                                                  .required = true},
                                                 {.member = "Quiet", .kind = XML_BOOLEAN},
                                                 {0}};
const struct xml_document s3_delete_document = {"Delete", delete_fields};

static const struct xml_field part_fields[] = {
    {.member = "ETag", .required = true},
    {.member = "ChecksumCRC32"},
    {.member = "ChecksumCRC32C"},
    {.member = "ChecksumCRC64NVME"},
    {.member = "ChecksumSHA1"},
    {.member = "ChecksumSHA256"},
    {.member = "PartNumber", .kind = XML_INTEGER, .required = true},
    {0}};
static const struct xml_field complete_fields[] = {
    {.member = "Parts", .element = "Part", .kind = XML_STRUCTS, .fields = part_fields, .required = true},
    {0}};
const struct xml_document s3_complete_document = {"CompleteMultipartUpload", complete_fields};

/* ---- reading ---- */

static const char *element_of(const struct xml_field *field)
{
    return field->element != NULL ? field->element : field->member;
}

static const struct xml_field *field_of_element(const struct xml_field *fields, struct slice name)
{
    for (; fields->member != NULL; fields++) {
        if (slice_is(name, element_of(fields)))
            return fields;
    }
    return NULL;
}

static bool is_list(enum xml_kind kind)
{
    return kind == XML_TEXTS || kind == XML_STRUCTS || kind == XML_WRAPPED;
}

static bool read_struct(struct arena *arena, const struct xml_element *element,
                        const struct xml_field *fields, struct json *out);

static bool read_number(struct slice text, struct json *out)
{
    int64_t number;

    *out = (struct json){.type = JSON_NUMBER, .text = text};
    return json_to_int64(out, &number);
}

/* A value that is no list, or one item of one. */
static bool read_value(struct arena *arena, const struct xml_element *element, const struct xml_field *field,
                       struct json *out)
{
    if (field->kind == XML_STRUCT || field->kind == XML_STRUCTS || field->kind == XML_WRAPPED)
        return read_struct(arena, element, field->fields, out);
    if (element->first != NULL)
        return false;
    if (field->kind == XML_INTEGER)
        return read_number(element->text, out);
    if (field->kind == XML_BOOLEAN) {
        /* S3 takes any case. */
        bool is_true = element->text.len == 4 && strncasecmp(element->text.ptr, "true", 4) == 0;
        *out = (struct json){.type = JSON_BOOLEAN, .boolean = is_true};
        return is_true || (element->text.len == 5 && strncasecmp(element->text.ptr, "false", 5) == 0);
    }
    *out = (struct json){.type = JSON_STRING, .text = element->text};
    return true;
}

/* The elements of this name among those from `first` on; or all, if they are wrapped. */
static bool read_list(struct arena *arena, const struct xml_element *first, const struct xml_field *field,
                      const char *name, struct json *out)
{
    size_t count = 0;

    for (const struct xml_element *at = first; at != NULL; at = at->next)
        count += slice_is(at->name, name);
    *out = (struct json){.type = JSON_ARRAY};
    out->array.items = arena_array(arena, struct json, count);
    for (const struct xml_element *at = first; at != NULL; at = at->next) {
        if (!slice_is(at->name, name)) {
            if (field->kind == XML_WRAPPED)
                return false;
            continue;
        }
        if (!read_value(arena, at, field, &out->array.items[out->array.count++]))
            return false;
    }
    return true;
}

/* Recursion is bounded by the tables. */
static bool read_struct(struct arena *arena, const struct xml_element *element,
                        const struct xml_field *fields, struct json *out)
{
    size_t count = 0;

    for (const struct xml_element *at = element->first; at != NULL; at = at->next) {
        if (field_of_element(fields, at->name) == NULL)
            return false;
    }
    for (const struct xml_field *field = fields; field->member != NULL; field++)
        count++;
    *out = (struct json){.type = JSON_OBJECT};
    out->object.members = arena_array(arena, struct json_member, count);
    for (const struct xml_field *field = fields; field->member != NULL; field++) {
        struct json_member *member = &out->object.members[out->object.count];
        const struct xml_element *found = xml_get(element, element_of(field));
        if (found == NULL)
            continue;
        member->name = slice_of(field->member);
        out->object.count++;
        bool good = field->kind == XML_WRAPPED
                        ? read_list(arena, found->first, field, field->item, &member->value)
                    : is_list(field->kind) ? read_list(arena, found, field, element_of(field), &member->value)
                                           : read_value(arena, found, field, &member->value);
        if (!good)
            return false;
        for (found = found->next; found != NULL && (field->kind == XML_WRAPPED || !is_list(field->kind));
             found = found->next) {
            if (slice_is(found->name, element_of(field)))
                return false;
        }
    }
    return true;
}

bool s3_document_read(struct arena *arena, const struct xml_element *root,
                      const struct xml_document *document, struct json *out)
{
    return slice_is(root->name, document->root) && (root->first != NULL || root->text.len == 0) &&
           read_struct(arena, root, document->fields, out);
}

/* ---- checking ---- */

static bool is_word(const char *const *words, struct slice text)
{
    for (; words != NULL && *words != NULL; words++) {
        if (slice_is(text, *words))
            return true;
    }
    return words == NULL;
}

static bool accepts_struct(const struct json *value, const struct xml_field *fields);

static bool accepts_value(const struct json *value, const struct xml_field *field)
{
    int64_t number;

    switch (field->kind) {
    case XML_INTEGER:
        return value->type == JSON_NUMBER && json_to_int64(value, &number);
    case XML_BOOLEAN:
        return value->type == JSON_BOOLEAN;
    case XML_STRUCT:
    case XML_STRUCTS:
    case XML_WRAPPED:
        return accepts_struct(value, field->fields);
    case XML_TEXT:
    case XML_TEXTS:
        break;
    }
    return value->type == JSON_STRING && is_word(field->words, value->text);
}

static bool accepts_field(const struct json *value, const struct xml_field *field)
{
    if (value == NULL)
        return !field->required;
    if (!is_list(field->kind))
        return accepts_value(value, field);
    if (value->type != JSON_ARRAY || (field->required && value->array.count == 0))
        return false;
    for (size_t i = 0; i < value->array.count; i++) {
        if (!accepts_value(&value->array.items[i], field))
            return false;
    }
    return true;
}

static bool accepts_struct(const struct json *value, const struct xml_field *fields)
{
    if (value->type != JSON_OBJECT)
        return false;
    for (; fields->member != NULL; fields++) {
        if (!accepts_field(json_get_present(value, fields->member), fields))
            return false;
    }
    return true;
}

bool s3_document_accepts(const struct json *value, const struct xml_document *document)
{
    return value != NULL && accepts_struct(value, document->fields);
}

/* ---- writing ---- */

static void write_struct(struct buffer *out, const struct json *value, const struct xml_field *fields);

static void write_value(struct buffer *out, const char *name, const struct json *value,
                        const struct xml_field *fields)
{
    if (fields == NULL || value->type != JSON_OBJECT) {
        xml_write_json(out, slice_of(name), value, XML_CONTROLS_REFERENCED);
        return;
    }
    buffer_printf(out, "<%s>", name);
    write_struct(out, value, fields);
    buffer_printf(out, "</%s>", name);
}

static void write_list(struct buffer *out, const char *name, const struct json *list,
                       const struct xml_field *fields)
{
    for (size_t i = 0; i < list->array.count; i++)
        write_value(out, name, &list->array.items[i], fields);
}

/* What is there, in the order of the table. */
static void write_struct(struct buffer *out, const struct json *value, const struct xml_field *fields)
{
    for (; fields->member != NULL; fields++) {
        const struct json *member = json_get_present(value, fields->member);
        if (member == NULL)
            continue;
        if (fields->kind == XML_WRAPPED && member->type == JSON_ARRAY) {
            buffer_printf(out, "<%s>", element_of(fields));
            write_list(out, fields->item, member, fields->fields);
            buffer_printf(out, "</%s>", element_of(fields));
        } else if (member->type == JSON_ARRAY) {
            write_list(out, element_of(fields), member, fields->fields);
        } else {
            write_value(out, element_of(fields), member, fields->fields);
        }
    }
}

void s3_document_write(struct buffer *out, const struct json *value, const struct xml_document *document)
{
    buffer_printf(out, "<%s xmlns=\"" NAMESPACE "\">", document->root);
    write_struct(out, value, document->fields);
    buffer_printf(out, "</%s>", document->root);
}
