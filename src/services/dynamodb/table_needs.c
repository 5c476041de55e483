/*
 * What operations on tables, backups, exports and the like need. AWS: "Actions, resources, and condition keys
 * for Amazon DynamoDB"; for those that need more than their own action, the API reference of each.
 */
#include "auth/principal_keys.h"
#include "services/dynamodb/access.h"
#include "services/dynamodb/backup_description.h"
#include "services/dynamodb/input.h"
#include "services/dynamodb/needs.h"
#include "services/dynamodb/resource.h"
#include "services/dynamodb/table_description.h"
#include "services/operation.h"

/* What a request says of a table without looking into it. */
struct subject {
    struct request *request;
    const struct table *table;   /* NULL: there is none */
    const struct json *tags;     /* that it shall have: a list of Key and Value */
    const struct json *tag_keys; /* that it shall lose */
};

/* ---- keys ---- */

static bool find_request_tag(const struct subject *subject, struct slice key, struct iam_values *out)
{
    for (size_t i = 0; subject->tags != NULL && i < subject->tags->array.count; i++) {
        const struct json *tag = &subject->tags->array.items[i];
        struct slice name = shape_text(tag, "Key"), value = shape_text(tag, "Value");
        if (name.len == key.len && strncasecmp(name.ptr, key.ptr, key.len) == 0)
            return key_has_one(value.len == 0 ? SLICE("") : value, subject->request->arena, out);
    }
    return false;
}

static bool find_tag_keys(const struct subject *subject, struct iam_values *out)
{
    const struct json *list = subject->tags != NULL ? subject->tags : subject->tag_keys;
    size_t count = list == NULL ? 0 : list->array.count;
    struct slice *keys = arena_array(subject->request->arena, struct slice, count);

    for (size_t i = 0; i < count; i++) {
        const struct json *item = &list->array.items[i];
        keys[i] = subject->tags != NULL ? shape_text(item, "Key") : item->text;
    }
    *out = (struct iam_values){keys, count, true};
    return count > 0;
}

static bool find(void *from, struct slice key, struct iam_values *out)
{
    const struct subject *subject = from;
    struct slice rest;

    if (iam_key_starts_with(key, "aws:ResourceTag/", &rest))
        return access_find_tag(subject->request, subject->table, rest, out);
    if (iam_key_starts_with(key, "aws:RequestTag/", &rest))
        return find_request_tag(subject, rest, out);
    return iam_key_is(key, "aws:TagKeys") && find_tag_keys(subject, out);
}

/* ---- one need ---- */

static struct subject *subject_of(struct permissions *needs, const struct table *table)
{
    struct subject *subject = arena_new(needs->request->arena, struct subject);

    subject->request = needs->request;
    subject->table = table;
    return subject;
}

static struct permission *need_of(struct permissions *needs, const char *action, struct slice arn,
                                  struct subject *subject)
{
    struct permission *need = permissions_add(needs, action, arn);

    need->context = (struct iam_context){find, subject};
    return need;
}

/* An action on the table of this name. */
static struct subject *need_table(struct permissions *needs, const char *action, struct slice name)
{
    const struct table *table = permissions_table(needs, name);
    struct subject *subject = subject_of(needs, table);
    struct permission *need = need_of(needs, action, table_arn_of(needs->request, name), subject);

    if (table != NULL)
        need->resource_policy = table->policy.compiled;
    return subject;
}

static void need_index(struct permissions *needs, const char *action, struct slice name, struct slice index)
{
    const struct table *table = permissions_table(needs, name);
    struct slice arn = arena_printf(needs->request->arena, "%.*s/index/%.*s",
                                    SLICE_ARGS(table_arn_of(needs->request, name)), SLICE_ARGS(index));
    struct permission *need = need_of(needs, action, arn, subject_of(needs, table));

    if (table != NULL)
        need->resource_policy = table->policy.compiled;
}

/* ---- tables ---- */

bool table_needs(struct request *request, struct permissions *needs)
{
    struct slice name;

    if (input_read_table_name(shape_text(request->body, "TableName"), &name))
        (void)need_table(needs, request->operation->action, name);
    return true;
}

bool table_list_needs(struct request *request, struct permissions *needs)
{
    struct slice name;

    (void)permissions_add(needs, request->operation->action, SLICE("*"));
    if (input_read_table_name(shape_text(request->body, "TableName"), &name))
        (void)permissions_table(needs, name);
    return true;
}

bool table_index_needs(struct request *request, struct permissions *needs)
{
    return table_needs(request, needs) &&
           (shape_text(request->body, "IndexName").ptr == NULL || index_needs(request, needs));
}

bool index_needs(struct request *request, struct permissions *needs)
{
    struct slice name;

    if (input_read_table_name(shape_text(request->body, "TableName"), &name))
        need_index(needs, request->operation->action, name, shape_text(request->body, "IndexName"));
    return true;
}

/* "To add tags while creating a table", and to attach a policy, each is a permission of its own. */
bool new_table_needs(struct request *request, struct permissions *needs)
{
    const struct json *tags = shape_member(request->body, "Tags");
    struct slice name;

    if (!input_read_table_name(shape_text(request->body, "TableName"), &name))
        return true;
    need_table(needs, request->operation->action, name)->tags = tags;
    if (tags != NULL && tags->array.count > 0)
        need_table(needs, "dynamodb:TagResource", name)->tags = tags;
    if (shape_member(request->body, "ResourcePolicy") != NULL)
        (void)need_table(needs, "dynamodb:PutResourcePolicy", name);
    return true;
}

bool resource_needs(struct request *request, struct permissions *needs)
{
    struct slice resource = input_table_in_arn(shape_text(request->body, "ResourceArn")), name, label;
    bool tags = slice_is(slice_of(request->operation->name), "TagResource"),
         untags = slice_is(slice_of(request->operation->name), "UntagResource");

    if (!resource_split(resource, &name, &label))
        return true;
    if (label.len == 0) {
        struct subject *subject = need_table(needs, request->operation->action, name);
        subject->tags = tags ? shape_member(request->body, "Tags") : NULL;
        subject->tag_keys = untags ? shape_member(request->body, "TagKeys") : NULL;
        return true;
    }
    const struct table *table = permissions_table(needs, name);
    struct permission *need =
        need_of(needs, request->operation->action, table_arn_of(request, resource), subject_of(needs, table));
    if (table != NULL && slice_equal(table->stream.label, label))
        need->resource_policy = table->stream_policy.compiled;
    return true;
}

/* ---- backups and restores ---- */

/* Of a text that is no such ARN there is nothing to be found; who asks for it is told so only if he may. */
static struct slice arn_of_part(struct request *request, const char *member)
{
    struct slice arn = shape_text(request->body, member), resource = input_table_in_arn(arn);

    return resource.len == 0 ? arn : table_arn_of(request, resource);
}

bool backup_needs(struct request *request, struct permissions *needs)
{
    (void)permissions_add(needs, request->operation->action, arn_of_part(request, "BackupArn"));
    return true;
}

/* What a restore does with its new table. AWS: "RestoreTableFromBackup", "Using IAM with DynamoDB backup and
 * restore". */
static void need_target(struct request *request, struct permissions *needs)
{
    static const char *const actions[] = {
        "dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:GetItem",   "dynamodb:PutItem",
        "dynamodb:Query",          "dynamodb:Scan",       "dynamodb:UpdateItem"};
    struct slice name = shape_text(request->body, "TargetTableName");

    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
        (void)need_table(needs, actions[i], name);
}

bool restore_backup_needs(struct request *request, struct permissions *needs)
{
    if (!backup_needs(request, needs))
        return false;
    need_target(request, needs);
    return true;
}

bool restore_time_needs(struct request *request, struct permissions *needs)
{
    struct slice arn = shape_text(request->body, "SourceTableArn");
    struct slice name =
        arn.ptr != NULL ? input_table_in_arn(arn) : shape_text(request->body, "SourceTableName");

    if (input_is_table_name(name))
        (void)need_table(needs, request->operation->action, name);
    need_target(request, needs);
    return true;
}

/* ---- exports and imports ---- */

/* An object of a bucket, or the objects below a prefix. */
static void need_object(struct permissions *needs, const char *action, struct slice bucket, struct slice key)
{
    (void)permissions_add(
        needs, action,
        arena_printf(needs->request->arena, "arn:aws:s3:::%.*s/%.*s", SLICE_ARGS(bucket), SLICE_ARGS(key)));
}

/* The bucket is written and read with the permissions of who asks. AWS: "Requesting a table export", setting
 * up permissions; "Requesting a table import", permissions. */
bool export_needs(struct request *request, struct permissions *needs)
{
    struct slice name = input_table_in_arn(shape_text(request->body, "TableArn")),
                 prefix = shape_text(request->body, "S3Prefix");

    if (!input_is_table_name(name))
        return true;
    (void)need_table(needs, request->operation->action, name);
    need_object(
        needs, "s3:PutObject", shape_text(request->body, "S3Bucket"),
        arena_printf(request->arena, "%.*s%sAWSDynamoDB", SLICE_ARGS(prefix), prefix.len > 0 ? "/" : ""));
    return true;
}

bool import_needs(struct request *request, struct permissions *needs)
{
    const struct json *table = shape_member(request->body, "TableCreationParameters"),
                      *source = shape_member(request->body, "S3BucketSource");
    struct slice name, bucket = shape_text(source, "S3Bucket");

    if (!input_read_table_name(shape_text(table, "TableName"), &name))
        return true;
    (void)need_table(needs, request->operation->action, name);
    (void)permissions_add(needs, "s3:ListBucket",
                          arena_printf(request->arena, "arn:aws:s3:::%.*s", SLICE_ARGS(bucket)));
    need_object(needs, "s3:GetObject", bucket, shape_text(source, "S3KeyPrefix"));
    return true;
}

bool job_needs(struct request *request, struct permissions *needs)
{
    bool exports = slice_is(slice_of(request->operation->name), "DescribeExport");

    (void)permissions_add(needs, request->operation->action,
                          arn_of_part(request, exports ? "ExportArn" : "ImportArn"));
    return true;
}

/* ---- global tables ---- */

static void need_global(struct request *request, struct permissions *needs)
{
    struct slice account = request->server->account_id, name = shape_text(request->body, "GlobalTableName");

    (void)permissions_add(needs, request->operation->action,
                          arena_printf(request->arena, "arn:aws:dynamodb::%.*s:global-table/%.*s",
                                       SLICE_ARGS(account), SLICE_ARGS(name)));
}

bool global_table_needs(struct request *request, struct permissions *needs)
{
    need_global(request, needs);
    (void)permissions_table(needs, shape_text(request->body, "GlobalTableName"));
    return true;
}

bool global_change_needs(struct request *request, struct permissions *needs)
{
    need_global(request, needs);
    (void)need_table(needs, request->operation->action, shape_text(request->body, "GlobalTableName"));
    return true;
}
