/* CreateBucket, DeleteBucket, HeadBucket, GetBucketLocation, ListBuckets. */
#include "services/s3/handlers.h"

#include "base/characters.h"
#include "base/clock.h"
#include "exchange/bucket.h"
#include "services/gate.h"
#include "services/s3/conditions.h"

enum { NAME_SHORTEST = 3, NAME_LONGEST = 63, BUCKETS_MOST = 10000, BUCKET_TAGS = 50 };

/* ---- names ---- */

static bool is_small_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool looks_like_an_address(struct slice name)
{
    unsigned dots = 0;

    for (size_t i = 0; i < name.len; i++) {
        dots += name.ptr[i] == '.';
        if (name.ptr[i] != '.' && !is_digit(name.ptr[i]))
            return false;
    }
    return dots == 3;
}

static bool ends_with(struct slice text, const char *end)
{
    size_t length = strlen(end);

    return text.len >= length && memcmp(text.ptr + text.len - length, end, length) == 0;
}

/* AWS: "General purpose bucket naming rules". */
static bool is_bucket_name(struct slice name)
{
    static const char *const starts[] = {"xn--", "sthree-", "amzn-s3-demo-"};
    static const char *const ends[] = {"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"};
    bool good = name.len >= NAME_SHORTEST && name.len <= NAME_LONGEST && !looks_like_an_address(name);

    for (size_t i = 0; good && i < name.len; i++) {
        char c = name.ptr[i];
        bool edge = i == 0 || i + 1 == name.len;
        good = is_small_letter(c) || is_digit(c) ||
               (!edge && (c == '-' || (c == '.' && name.ptr[i - 1] != '.')));
    }
    for (size_t i = 0; good && i < sizeof(starts) / sizeof(starts[0]); i++)
        good = !slice_starts_with(name, slice_of(starts[i]));
    for (size_t i = 0; good && i < sizeof(ends) / sizeof(ends[0]); i++)
        good = !ends_with(name, ends[i]);
    return good;
}

/* ---- CreateBucket ---- */

/* The regions that there are, as far as a name can tell; us-east-1 is named by naming none. */
static bool check_location(struct request *request, struct slice *region)
{
    const struct json *configuration = json_get_present(request->body, "CreateBucketConfiguration");
    const struct json *constraint = json_get_present(configuration, "LocationConstraint");

    *region = SLICE("us-east-1");
    if (json_get_present(configuration, "Location") != NULL ||
        json_get_present(configuration, "Bucket") != NULL)
        return fail(&request->failure, ERROR_S3_NOT_IMPLEMENTED, "There are no directory buckets here");
    if (constraint == NULL)
        return true;
    *region = constraint->text;
    bool good =
        constraint->text.len > 0 && constraint->text.len <= 64 && !slice_is(constraint->text, "us-east-1");
    for (size_t i = 0; good && i < constraint->text.len; i++) {
        char c = constraint->text.ptr[i];
        good = is_small_letter(c) || is_digit(c) || c == '-' || slice_is(constraint->text, "EU");
    }
    return good || s3_fail(request, ERROR_S3_INVALID_LOCATION, "LocationConstraint", constraint->text,
                           "The specified location-constraint is not valid");
}

static bool check_new(struct request *request)
{
    struct slice acl = s3_text(request, "ACL"), ownership = s3_text(request, "ObjectOwnership");
    static const char *const ownerships[] = {"BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced"};
    static const char *const grants[] = {"GrantFullControl", "GrantRead", "GrantReadACP", "GrantWrite",
                                         "GrantWriteACP"};
    bool known = ownership.ptr == NULL, granted = false;

    for (size_t i = 0; i < sizeof(ownerships) / sizeof(ownerships[0]); i++)
        known = known || slice_is(ownership, ownerships[i]);
    if (!known)
        return s3_fail(request, ERROR_S3_INVALID_ARGUMENT, "ArgumentName", SLICE("x-amz-object-ownership"),
                       "Invalid x-amz-object-ownership header: %.*s", SLICE_ARGS(ownership));
    for (size_t i = 0; i < sizeof(grants) / sizeof(grants[0]); i++)
        granted = granted || s3_sent(request, grants[i]);
    if ((acl.ptr != NULL && !slice_is(acl, "private")) || granted)
        return fail(&request->failure, ERROR_S3_INVALID_BUCKET_ACL,
                    "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting");
    return !slice_is(s3_text(request, "ObjectLockEnabledForBucket"), "true") ||
           fail(&request->failure, ERROR_S3_NOT_IMPLEMENTED, "Objects cannot be locked here");
}

/* What CreateBucket may say beside the name: ownership and tags. */
static bool put_new_settings(struct request *request, const struct s3_bucket *bucket)
{
    const struct json *configuration = json_get_present(request->body, "CreateBucketConfiguration");
    const struct json *list = json_get_present(configuration, "Tags");
    struct slice ownership = s3_text(request, "ObjectOwnership");
    struct s3_pairs tags;

    if (ownership.ptr != NULL)
        batch_put(&request->batch, s3_setting_key(request->arena, bucket->id, SLICE("OwnershipControls")),
                  arena_printf(request->arena, "{\"Rules\":[{\"ObjectOwnership\":\"%.*s\"}]}",
                               SLICE_ARGS(ownership)));
    if (list == NULL)
        return true;
    if (!s3_read_tags(request, list, BUCKET_TAGS, &tags))
        return false;
    struct buffer text;
    buffer_init(&text);
    buffer_append_string(&text, "{\"TagSet\":");
    json_write_value(&text, list);
    buffer_append_byte(&text, '}');
    batch_put(&request->batch, s3_setting_key(request->arena, bucket->id, SLICE("Tagging")),
              arena_copy(request->arena, buffer_slice(&text)));
    buffer_finish(&text);
    return true;
}

bool s3_create_bucket(struct request *request)
{
    struct slice name = s3_text(request, "Bucket"), region;
    struct s3_bucket bucket;
    struct version version;

    if (!is_bucket_name(name))
        return s3_fail(request, ERROR_S3_INVALID_BUCKET_NAME, "BucketName", name,
                       "The specified bucket is not valid.");
    if (!gate_pass(request) || !check_location(request, &region) || !check_new(request))
        return false;
    enum storage_status status =
        objects_find_bucket(request->server->objects, NULL, request->arena, name, &bucket, &version);
    if (status == STORAGE_OK && !bucket.unstored)
        return s3_fail(request, ERROR_S3_BUCKET_ALREADY_OWNED, "BucketName", name,
                       "Your previous request to create the named bucket succeeded and you already own it.");
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return s3_fail_storage(request, status);
    bucket = (struct s3_bucket){.name = name,
                                .id = s3_new_id(request->arena),
                                .created = clock_now(),
                                .region = region,
                                .unstored = true};
    objects_put_bucket(&request->batch, &bucket);
    batch_guard(&request->batch, s3_bucket_key(request->arena, name), version);
    if (!put_new_settings(request, &bucket))
        return false;
    struct s3_output output = s3_begin(request);
    s3_tell(&output, "Location", arena_printf(request->arena, "/%.*s", SLICE_ARGS(name)));
    s3_tell(&output, "BucketArn", s3_bucket_arn(request->arena, name));
    s3_end(&output);
    return true;
}

/* ---- DeleteBucket ---- */

static bool has_record(struct request *request, struct key_range range, bool *has)
{
    struct cursor *cursor = cursor_create(request->server->storage, NULL, range.from, range.to, FORWARD);
    struct slice key, value;
    enum storage_status status = cursor_next(cursor, &key, &value);

    cursor_destroy(cursor);
    *has = status == STORAGE_OK;
    return status == STORAGE_OK || status == STORAGE_NOT_FOUND || s3_fail_storage(request, status);
}

/* A folder goes with its bucket, if there is no file in it. */
static bool has_files(struct request *request, struct slice name, bool *has)
{
    const char *folder = objects_folder(request->server->objects);
    struct bucket_object *files;
    struct bucket *bucket;
    size_t count = 0;

    *has = false;
    if (folder == NULL || bucket_open(folder, name, false, &bucket) != BUCKET_OK)
        return true;
    enum bucket_status status = bucket_list(bucket, request->arena, SLICE(""), 1, &files, &count);
    bucket_close(bucket);
    *has = count > 0 || status == BUCKET_TOO_MANY;
    if (*has)
        return true;
    status = status == BUCKET_OK ? bucket_remove(folder, name) : status;
    *has = status == BUCKET_TOO_MANY;
    return *has || status == BUCKET_OK || status == BUCKET_ABSENT ||
           fail(&request->failure, ERROR_S3_INTERNAL_ERROR,
                "The folder of the bucket, s3/%.*s in the data folder, cannot be removed", SLICE_ARGS(name));
}

static bool is_empty(struct request *request, const struct s3_bucket *bucket, bool *empty)
{
    bool objects, versions, files = false;

    *empty = false;
    if (!has_record(request, s3_object_keys(request->arena, bucket->id, SLICE(""), SLICE("")), &objects) ||
        !has_record(request, s3_all_version_keys(request->arena, bucket->id, SLICE(""), SLICE("")),
                    &versions))
        return false;
    if (!objects && !versions && !has_files(request, bucket->name, &files))
        return false;
    *empty = !objects && !versions && !files;
    return true;
}

static bool delete_settings(struct request *request, const struct s3_bucket *bucket)
{
    struct key_range range = s3_setting_keys(request->arena, bucket->id);
    struct cursor *cursor = cursor_create(request->server->storage, NULL, range.from, range.to, FORWARD);
    struct slice key, value;
    enum storage_status status;

    while ((status = cursor_next(cursor, &key, &value)) == STORAGE_OK)
        batch_delete(&request->batch, arena_copy(request->arena, key));
    cursor_destroy(cursor);
    return status == STORAGE_NOT_FOUND || s3_fail_storage(request, status);
}

/* Everybody who writes knows by now that the bucket is to go, and has said so if it is not to. */
static bool delete_if_empty(struct request *request)
{
    struct s3_bucket bucket;
    struct version version;
    bool empty;

    if (!s3_find_bucket(request, s3_text(request, "Bucket"), &bucket, &version) ||
        !is_empty(request, &bucket, &empty))
        return false;
    if (!empty || !bucket.draining)
        return s3_fail(request, ERROR_S3_BUCKET_NOT_EMPTY, "BucketName", bucket.name,
                       "The bucket you tried to delete is not empty");
    batch_delete(&request->batch, s3_bucket_key(request->arena, bucket.name));
    batch_put(&request->batch, s3_mark_key(request->arena, S3_MARK_UPLOADS, bucket.id), SLICE(""));
    s3_erase_later(request);
    if (!delete_settings(request, &bucket))
        return false;
    batch_guard(&request->batch, s3_bucket_key(request->arena, bucket.name), version);
    return true;
}

/*
 * In two commits. Whoever writes an object guards the bucket's record and does not change it, so the first
 * commit changes it: a write that is not committed then is decided again, and finds that the bucket is
 * draining, which it takes back. The second deletes the bucket if it is still draining and empty.
 */
bool s3_delete_bucket(struct request *request)
{
    struct s3_bucket bucket;
    struct version version;
    bool empty;

    if (!s3_enter_bucket(request, &bucket, &version))
        return false;
    if (bucket.unstored)
        return has_files(request, bucket.name, &empty) &&
               (!empty || s3_fail(request, ERROR_S3_BUCKET_NOT_EMPTY, "BucketName", bucket.name,
                                  "The bucket you tried to delete is not empty"));
    bucket.draining = true;
    s3_put(&request->batch, s3_bucket_key(request->arena, bucket.name), &s3_bucket_layout, &bucket);
    batch_guard(&request->batch, s3_bucket_key(request->arena, bucket.name), version);
    request->next = delete_if_empty;
    return true;
}

/* ---- reading ---- */

bool s3_head_bucket(struct request *request)
{
    struct s3_bucket bucket;

    if (!s3_enter_bucket(request, &bucket, NULL))
        return false;
    struct s3_output output = s3_begin(request);
    s3_tell(&output, "BucketRegion", bucket.region);
    s3_tell(&output, "BucketArn", s3_bucket_arn(request->arena, bucket.name));
    s3_tell_boolean(&output, "AccessPointAlias", false);
    s3_end(&output);
    return true;
}

/* Of us-east-1 it tells nothing. */
bool s3_get_bucket_location(struct request *request)
{
    struct s3_bucket bucket;

    if (!s3_enter_bucket(request, &bucket, NULL))
        return false;
    struct s3_output output = s3_begin(request);
    s3_tell(&output, "LocationConstraint", slice_is(bucket.region, "us-east-1") ? SLICE("") : bucket.region);
    s3_end(&output);
    return true;
}

/* ---- ListBuckets ---- */

struct bucket_list {
    struct slice prefix, after, region;
    int64_t most, told;
    struct slice last;
    bool truncated;
};

static int compare_entries(const void *left, const void *right)
{
    const struct bucket_entry *a = left, *b = right;

    return slice_compare(a->name, b->name);
}

static bool read_folders(struct request *request, struct bucket_entry **entries, size_t *count)
{
    const char *folder = objects_folder(request->server->objects);

    *count = 0;
    if (folder == NULL)
        return true;
    enum bucket_status status = bucket_names(folder, request->arena, BUCKETS_MOST, entries, count);
    if (status != BUCKET_OK && status != BUCKET_TOO_MANY)
        return fail(&request->failure, ERROR_S3_INTERNAL_ERROR,
                    "The folder of the buckets, s3 in the data folder, cannot be read");
    if (*count > 0)
        qsort(*entries, *count, sizeof(**entries), compare_entries);
    return true;
}

static void tell_bucket(struct request *request, struct bucket_list *list, struct s3_output *output,
                        const struct s3_bucket *bucket)
{
    if (!slice_starts_with(bucket->name, list->prefix) || slice_compare(bucket->name, list->after) <= 0 ||
        (list->region.len > 0 && !slice_equal(bucket->region, list->region)))
        return;
    list->truncated = list->truncated || list->told == list->most;
    if (list->truncated)
        return;
    list->told++;
    list->last = arena_copy(request->arena, bucket->name);
    struct s3_output told = s3_open(output, NULL);
    s3_tell(&told, "Name", bucket->name);
    s3_tell_time(&told, "CreationDate", bucket->created);
    s3_tell(&told, "BucketRegion", bucket->region);
    s3_tell(&told, "BucketArn", s3_bucket_arn(request->arena, bucket->name));
    s3_end(&told);
}

/* Those that are folders alone, before a name; ptr NULL: all that are left. */
static void tell_folders(struct request *request, struct bucket_list *list, struct s3_output *output,
                         const struct bucket_entry *entries, size_t count, size_t *at, struct slice before)
{
    for (; *at < count && (before.ptr == NULL || slice_compare(entries[*at].name, before) <= 0); ++*at) {
        const struct s3_bucket bucket = {
            .name = entries[*at].name, .created = entries[*at].modified, .region = request->server->region};
        if (before.ptr == NULL || !slice_equal(entries[*at].name, before))
            tell_bucket(request, list, output, &bucket);
    }
}

static bool tell_buckets(struct request *request, struct bucket_list *list, struct s3_output *output)
{
    struct key_range range = s3_bucket_keys(request->arena, SLICE(""));
    struct bucket_entry *entries = NULL;
    struct slice key, value;
    enum storage_status status;
    size_t count, at = 0;

    if (!read_folders(request, &entries, &count))
        return false;
    struct cursor *cursor = cursor_create(request->server->storage, NULL, range.from, range.to, FORWARD);
    while (!list->truncated && (status = cursor_next(cursor, &key, &value)) == STORAGE_OK) {
        struct s3_bucket bucket;
        if (!layout_read(request->arena, arena_copy(request->arena, value), &s3_bucket_layout, &bucket)) {
            status = STORAGE_CORRUPT;
            break;
        }
        bucket.name = arena_copy(request->arena, s3_bucket_key_name(key));
        tell_folders(request, list, output, entries, count, &at, bucket.name);
        tell_bucket(request, list, output, &bucket);
    }
    cursor_destroy(cursor);
    tell_folders(request, list, output, entries, count, &at, (struct slice){NULL, 0});
    return list->truncated || status == STORAGE_NOT_FOUND || s3_fail_storage(request, status);
}

/* The continuation token is the last name. */
bool s3_list_buckets(struct request *request)
{
    struct bucket_list list = {.prefix = s3_text_or_empty(request, "Prefix"),
                               .after = s3_text_or_empty(request, "ContinuationToken"),
                               .region = s3_text_or_empty(request, "BucketRegionFilter")};

    if (!gate_pass(request) ||
        !s3_number(request, "MaxBuckets", "max-buckets", BUCKETS_MOST, BUCKETS_MOST, &list.most))
        return false;
    if (list.most == 0)
        return s3_fail(request, ERROR_S3_INVALID_ARGUMENT, "ArgumentName", SLICE("max-buckets"),
                       "Argument max-buckets must be an integer between 1 and 10000.");
    struct s3_output output = s3_begin(request);
    s3_tell_owner(request, &output, "Owner");
    struct s3_output buckets = s3_open(&output, "Buckets");
    struct s3_output each = s3_open_list(&buckets, "Bucket");
    bool good = tell_buckets(request, &list, &each);
    s3_close_list(&each);
    s3_end(&buckets);
    if (list.truncated)
        s3_tell(&output, "ContinuationToken", list.last);
    s3_tell_some(&output, "Prefix", list.prefix);
    s3_end(&output);
    return good;
}
