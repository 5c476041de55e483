/*
 * ListObjects, ListObjectsV2, ListObjectVersions. Keys come from two walks that are merged: over the records,
 * and over the files of the bucket's folder; and, of versions, over the older ones too.
 */
#include "services/s3/handlers.h"

#include "base/base64.h"
#include "base/check.h"
#include "exchange/bucket.h"
#include "services/s3/conditions.h"

enum { KEYS_MOST = 1000, FILES_MOST = 200 * 1000 };

/* Over the records of current versions, or over those of older ones. */
struct walk {
    struct cursor *cursor;
    struct slice (*name)(struct slice key); /* of the object, in a key of the storage */
    struct arena scratch;                   /* of the record */
    struct slice key;                       /* of the record; ptr NULL: there are no more */
    struct s3_object record;
};

struct listing {
    struct request *request;
    struct s3_bucket bucket;
    struct slice prefix, delimiter;
    struct slice after; /* keys behind this one are told; empty: all */
    int64_t most;
    bool encoded, owner;
    struct snapshot *snapshot;

    struct walk current, older;
    struct bucket_object *files;
    size_t file_count, file;

    /* What was told. */
    int64_t told;
    struct slice last;   /* key or common prefix */
    struct slice common; /* the common prefix that was told last; empty: none */
    bool truncated;
    struct buffer prefixes; /* JSON of the common prefixes */
};

/* ---- walking ---- */

static bool fail_storage(struct listing *listing, enum storage_status status)
{
    return s3_fail_storage(listing->request, status);
}

/* What was read before is gone. */
static bool next(struct listing *listing, struct walk *walk)
{
    struct slice key, value;

    arena_reset(&walk->scratch);
    walk->key = (struct slice){NULL, 0};
    enum storage_status status = cursor_next(walk->cursor, &key, &value);
    if (status == STORAGE_NOT_FOUND)
        return true;
    if (status == STORAGE_OK &&
        !layout_read(&walk->scratch, arena_copy(&walk->scratch, value), &s3_object_layout, &walk->record))
        status = STORAGE_CORRUPT;
    if (status != STORAGE_OK)
        return fail_storage(listing, status);
    walk->key = arena_copy(&walk->scratch, walk->name(key));
    walk->record.key = walk->key;
    return true;
}

static bool walk_over(struct listing *listing, struct walk *walk, struct key_range range,
                      struct slice (*name)(struct slice key))
{
    cursor_destroy(walk->cursor);
    walk->name = name;
    walk->cursor =
        cursor_create(listing->request->server->storage, listing->snapshot, range.from, range.to, FORWARD);
    return next(listing, walk);
}

/* Passes delete markers over. */
static bool to_object(struct listing *listing)
{
    struct walk *walk = &listing->current;

    while (walk->key.ptr != NULL && walk->record.marker) {
        if (!next(listing, walk))
            return false;
    }
    return true;
}

static bool open_records(struct listing *listing, struct slice from)
{
    return walk_over(listing, &listing->current,
                     s3_object_keys(listing->request->arena, listing->bucket.id, listing->prefix, from),
                     s3_object_key_name) &&
           to_object(listing);
}

static bool read_files(struct listing *listing)
{
    const char *folder = objects_folder(listing->request->server->objects);
    struct bucket *bucket;

    if (folder == NULL || bucket_open(folder, listing->bucket.name, false, &bucket) != BUCKET_OK)
        return true;
    enum bucket_status status = bucket_list(bucket, listing->request->arena, listing->prefix, FILES_MOST,
                                            &listing->files, &listing->file_count);
    bucket_close(bucket);
    return status == BUCKET_OK ||
           fail(&listing->request->failure, ERROR_S3_INTERNAL_ERROR,
                "The files of the bucket, s3/%.*s in the data folder, cannot be listed: %s",
                SLICE_ARGS(listing->bucket.name),
                status == BUCKET_TOO_MANY ? "there are too many" : "the file system refuses");
}

static void skip_files(struct listing *listing, struct slice from)
{
    while (listing->file < listing->file_count && slice_compare(listing->files[listing->file].key, from) < 0)
        listing->file++;
}

/* The object that is next in the order of keys, a record before a file; its key's ptr is NULL at the end. */
static struct s3_object current_object(struct listing *listing)
{
    const struct bucket_object *file =
        listing->file < listing->file_count ? &listing->files[listing->file] : NULL;

    struct slice key = listing->current.key;

    if (file == NULL && key.ptr == NULL)
        return (struct s3_object){.key = {NULL, 0}};
    if (file == NULL || (key.ptr != NULL && slice_compare(key, file->key) <= 0))
        return listing->current.record;
    return objects_of_file(listing->request->arena, file->key, file->size, file->modified);
}

/* Behind the key, of records and of files. */
static bool pass(struct listing *listing, struct slice key)
{
    while (listing->file < listing->file_count && slice_compare(listing->files[listing->file].key, key) <= 0)
        listing->file++;
    struct walk *walk = &listing->current;
    return walk->key.ptr == NULL || slice_compare(walk->key, key) > 0 ||
           (next(listing, walk) && to_object(listing));
}

/* Behind all keys that begin with it. */
static bool pass_prefix(struct listing *listing, struct slice common)
{
    struct slice behind = keys_after_prefix(listing->request->arena, common);

    skip_files(listing, behind);
    return listing->current.key.ptr == NULL || slice_compare(listing->current.key, behind) >= 0 ||
           open_records(listing, behind);
}

/* ---- telling ---- */

static struct slice encode(struct listing *listing, struct slice text)
{
    return listing->encoded ? s3_url_encode(listing->request->arena, text) : text;
}

static struct slice class_of(const struct s3_object *object)
{
    struct slice class = s3_pairs_get(&object->headers, "StorageClass");

    return class.len > 0 ? class : SLICE("STANDARD");
}

static void tell_sum(struct s3_output *output, const struct s3_object *object)
{
    if (object->checksum.len == 0)
        return;
    s3_tell(output, "ChecksumAlgorithm", object->checksum_algorithm);
    s3_tell(output, "ChecksumType", object->composite ? SLICE("COMPOSITE") : SLICE("FULL_OBJECT"));
}

static void tell_object(struct listing *listing, struct s3_output *list, const struct s3_object *object)
{
    struct s3_output output = s3_open(list, NULL);

    s3_tell(&output, "Key", encode(listing, object->key));
    s3_tell_time(&output, "LastModified", object->modified);
    s3_tell_etag(&output, object->etag);
    tell_sum(&output, object);
    s3_tell_number(&output, "Size", object->blob.size);
    if (listing->owner)
        s3_tell_owner(listing->request, &output, "Owner");
    s3_tell(&output, "StorageClass", class_of(object));
    s3_end(&output);
}

static void tell_prefix(struct listing *listing, struct slice common)
{
    struct slice told = encode(listing, common);

    buffer_append_string(&listing->prefixes, listing->prefixes.len > 0 ? ",{" : "{");
    bool first = true;
    json_write_string_member(&listing->prefixes, &first, "Prefix", told);
    buffer_append_byte(&listing->prefixes, '}');
}

/* Counts one more key or common prefix; false: the page is full. */
static bool take(struct listing *listing, struct slice key)
{
    listing->truncated = listing->told == listing->most;
    if (listing->truncated)
        return false;
    listing->told++;
    listing->last = arena_copy(listing->request->arena, key);
    return true;
}

static bool list(struct listing *listing, struct s3_output *contents)
{
    for (;;) {
        struct s3_object object = current_object(listing);
        if (object.key.ptr == NULL)
            return true;
        struct slice common = s3_common_prefix(object.key, listing->prefix, listing->delimiter);
        /* A page that ended with this common prefix has told all keys in it. */
        bool done = common.len > 0 && slice_equal(common, listing->after);
        if (!done && !take(listing, common.len > 0 ? common : object.key))
            return true;
        if (!done && common.len > 0)
            tell_prefix(listing, common);
        else if (!done)
            tell_object(listing, contents, &object);
        if (!(common.len > 0 ? pass_prefix(listing, common) : pass(listing, object.key)))
            return false;
    }
}

/* ---- input ---- */

static bool begin(struct listing *listing, struct request *request)
{
    *listing = (struct listing){.request = request,
                                .prefix = s3_text_or_empty(request, "Prefix"),
                                .delimiter = s3_text_or_empty(request, "Delimiter")};
    listing->after = listing->common = SLICE("");
    buffer_init(&listing->prefixes);
    arena_init(&listing->current.scratch);
    arena_init(&listing->older.scratch);
    return s3_enter_bucket(request, &listing->bucket, NULL) && s3_read_encoding(request, &listing->encoded) &&
           s3_number(request, "MaxKeys", "max-keys", KEYS_MOST, KEYS_MOST, &listing->most);
}

static void end(struct listing *listing)
{
    cursor_destroy(listing->current.cursor);
    cursor_destroy(listing->older.cursor);
    arena_finish(&listing->current.scratch);
    arena_finish(&listing->older.scratch);
    snapshot_destroy(listing->request->server->storage, listing->snapshot);
    buffer_finish(&listing->prefixes);
}

/* Opens both walks behind `after`. */
static bool start(struct listing *listing)
{
    struct slice from =
        listing->after.len == 0 ? SLICE("") : keys_after(listing->request->arena, listing->after);

    listing->snapshot = snapshot_create(listing->request->server->storage);
    if (!read_files(listing))
        return false;
    skip_files(listing, from);
    return open_records(listing, from);
}

/* What both lists say in front. */
static void tell_question(struct listing *listing, struct s3_output *output)
{
    s3_tell(output, "Name", listing->bucket.name);
    s3_tell(output, "Prefix", encode(listing, listing->prefix));
}

static void tell_rest(struct listing *listing, struct s3_output *output)
{
    s3_tell_number(output, "MaxKeys", listing->most);
    s3_tell_some(output, "Delimiter", encode(listing, listing->delimiter));
    if (listing->encoded)
        s3_tell(output, "EncodingType", SLICE("url"));
    s3_tell_boolean(output, "IsTruncated", listing->truncated);
    if (listing->prefixes.len == 0)
        return;
    struct s3_output prefixes = s3_open_list(output, "CommonPrefixes");
    buffer_append(prefixes.out, buffer_slice(&listing->prefixes));
    s3_close_list(&prefixes);
}

/* max-keys=0 is an answer without keys, and not truncated. */
static bool list_into(struct listing *listing, struct s3_output *output)
{
    struct s3_output contents = s3_open_list(output, "Contents");
    bool good = listing->most == 0 || (start(listing) && list(listing, &contents));

    s3_close_list(&contents);
    return good;
}

/* ---- the older list ---- */

static bool list_objects(struct listing *listing)
{
    struct slice marker = s3_text_or_empty(listing->request, "Marker");

    listing->after = marker;
    listing->owner = true;
    struct s3_output output = s3_begin(listing->request);
    tell_question(listing, &output);
    s3_tell(&output, "Marker", encode(listing, marker));
    if (!list_into(listing, &output))
        return false;
    /* AWS tells it only with a delimiter; without one it is the last key. */
    if (listing->truncated && listing->delimiter.len > 0)
        s3_tell(&output, "NextMarker", encode(listing, listing->last));
    tell_rest(listing, &output);
    s3_end(&output);
    return true;
}

bool s3_list_objects(struct request *request)
{
    struct listing listing;
    bool good = begin(&listing, request) && list_objects(&listing);

    end(&listing);
    return good;
}

/* ---- the newer list ---- */

/* A token is the last key, in Base64. */
static bool read_token(struct listing *listing)
{
    struct request *request = listing->request;
    struct slice token = s3_text(request, "ContinuationToken"), key;

    listing->after = s3_text_or_empty(request, "StartAfter");
    if (token.ptr == NULL)
        return true;
    if (token.len > 0 && base64_decode(request->arena, token, &key) && json_text_valid(key)) {
        listing->after = key;
        return true;
    }
    (void)s3_fail(request, ERROR_S3_INVALID_ARGUMENT, "ArgumentName", SLICE("continuation-token"),
                  "The continuation token provided is incorrect");
    return false;
}

static bool list_objects_v2(struct listing *listing)
{
    struct request *request = listing->request;

    listing->owner = slice_is(s3_text(request, "FetchOwner"), "true");
    if (!read_token(listing))
        return false;
    struct s3_output output = s3_begin(request);
    tell_question(listing, &output);
    if (s3_sent(request, "ContinuationToken"))
        s3_tell(&output, "ContinuationToken", s3_text(request, "ContinuationToken"));
    s3_tell_some(&output, "StartAfter", encode(listing, s3_text_or_empty(request, "StartAfter")));
    if (!list_into(listing, &output))
        return false;
    s3_tell_number(&output, "KeyCount", listing->told);
    if (listing->truncated)
        s3_tell(&output, "NextContinuationToken", s3_base64(request->arena, listing->last));
    tell_rest(listing, &output);
    s3_end(&output);
    return true;
}

bool s3_list_objects_v2(struct request *request)
{
    struct listing listing;

    if (!slice_is(s3_text(request, "ListType"), "2") && s3_call_of(request) != NULL)
        return s3_fail(request, ERROR_S3_INVALID_ARGUMENT, "ArgumentName", SLICE("list-type"),
                       "Invalid List Type value. Must be 2");
    bool good = begin(&listing, request) && list_objects_v2(&listing);
    end(&listing);
    return good;
}

/* ---- versions ---- */

static void tell_a_version(struct listing *listing, struct s3_output *list, const struct s3_object *object,
                           bool latest)
{
    struct s3_output output = s3_open(list, NULL);

    s3_tell(&output, "Key", encode(listing, object->key));
    s3_tell(&output, "VersionId", s3_version_text(object));
    s3_tell_boolean(&output, "IsLatest", latest);
    s3_tell_time(&output, "LastModified", object->modified);
    if (!object->marker) {
        s3_tell_etag(&output, object->etag);
        tell_sum(&output, object);
        s3_tell_number(&output, "Size", object->blob.size);
        s3_tell(&output, "StorageClass", class_of(object));
    }
    s3_tell_owner(listing->request, &output, "Owner");
    s3_end(&output);
}

/* Versions and delete markers are told in two lists: each in the order of keys, the newest first. */
struct version_lists {
    struct buffer versions, markers;
};

static void add_version(struct listing *listing, struct version_lists *lists, const struct s3_object *object,
                        bool latest)
{
    struct buffer *out = object->marker ? &lists->markers : &lists->versions;
    struct s3_output list = {out, out->len == 0};

    tell_a_version(listing, &list, object, latest);
}

/* Where a page before this one ended. */
struct version_mark {
    struct slice key, id; /* an empty id: with all versions of the key */
    bool passed;
};

/* Whether a version stands at or before the mark. */
static bool is_before_mark(struct version_mark *mark, const struct s3_object *object)
{
    int order = slice_compare(object->key, mark->key);

    if (mark->key.len == 0 || order > 0 || mark->passed)
        return false;
    if (order < 0 || mark->id.len == 0)
        return true;
    mark->passed = slice_equal(s3_version_text(object), mark->id);
    return true;
}

static bool take_version(struct listing *listing, struct version_lists *lists, struct version_mark *mark,
                         const struct s3_object *object, bool latest, struct slice *last_id)
{
    struct slice common = s3_common_prefix(object->key, listing->prefix, listing->delimiter);

    if (is_before_mark(mark, object))
        return true;
    if (common.len > 0 && (slice_equal(common, listing->common) || slice_equal(mark->key, common)))
        return true;
    if (!take(listing, common.len > 0 ? common : object->key))
        return false;
    *last_id = common.len > 0 ? SLICE("") : arena_copy(listing->request->arena, s3_version_text(object));
    if (common.len == 0) {
        add_version(listing, lists, object, latest);
        return true;
    }
    listing->common = listing->last;
    tell_prefix(listing, common);
    return true;
}

/* The least of the keys that the walks are at; ptr NULL: they are at their ends. */
static struct slice least_key(const struct listing *listing)
{
    struct slice least = listing->current.key, older = listing->older.key;

    if (older.ptr != NULL && (least.ptr == NULL || slice_compare(older, least) < 0))
        least = older;
    if (listing->file < listing->file_count &&
        (least.ptr == NULL || slice_compare(listing->files[listing->file].key, least) < 0))
        least = listing->files[listing->file].key;
    return least;
}

static bool is_at(const struct walk *walk, struct slice key)
{
    return walk->key.ptr != NULL && slice_equal(walk->key, key);
}

/* Merges the current versions, the older ones and the files: of a key the current one goes first. */
static bool list_versions(struct listing *listing, struct version_lists *lists, struct version_mark *mark,
                          struct slice *last_id)
{
    struct slice key;

    while ((key = least_key(listing)).ptr != NULL) {
        bool stored = is_at(&listing->current, key), older = !stored && is_at(&listing->older, key);
        struct s3_object object = stored ? listing->current.record : listing->older.record;
        if (!stored && !older) {
            const struct bucket_object *file = &listing->files[listing->file];
            object = objects_of_file(listing->request->arena, file->key, file->size, file->modified);
        }
        if (!take_version(listing, lists, mark, &object, !older, last_id))
            return true;
        if (!older && listing->file < listing->file_count &&
            slice_equal(listing->files[listing->file].key, key))
            listing->file++;
        if ((stored && !next(listing, &listing->current)) || (older && !next(listing, &listing->older)))
            return false;
    }
    return true;
}

static bool walk_versions(struct listing *listing, struct version_lists *lists, struct version_mark *mark,
                          struct slice *last_id)
{
    struct arena *arena = listing->request->arena;
    struct slice id = listing->bucket.id, prefix = listing->prefix;

    listing->snapshot = snapshot_create(listing->request->server->storage);
    if (!read_files(listing) ||
        !walk_over(listing, &listing->current, s3_object_keys(arena, id, prefix, mark->key),
                   s3_object_key_name) ||
        !walk_over(listing, &listing->older, s3_all_version_keys(arena, id, prefix, mark->key),
                   s3_version_key_name))
        return false;
    skip_files(listing, mark->key);
    return list_versions(listing, lists, mark, last_id);
}

static void tell_list(struct s3_output *output, const char *member, const struct buffer *items)
{
    if (items->len == 0)
        return;
    struct s3_output list = s3_open_list(output, member);
    buffer_append(list.out, buffer_slice(items));
    s3_close_list(&list);
}

static bool list_object_versions(struct listing *listing, struct version_lists *lists)
{
    struct request *request = listing->request;
    struct version_mark mark = {s3_text_or_empty(request, "KeyMarker"),
                                s3_text_or_empty(request, "VersionIdMarker"), false};
    struct slice last_id = SLICE("");

    if (mark.id.len > 0 && mark.key.len == 0)
        return s3_fail(request, ERROR_S3_INVALID_ARGUMENT, "ArgumentName", SLICE("version-id-marker"),
                       "A version-id marker cannot be specified without a key marker.");
    if (mark.id.len > 0 && !s3_version_is_id(mark.id))
        return s3_fail(request, ERROR_S3_INVALID_ARGUMENT, "ArgumentName", SLICE("version-id-marker"),
                       "Invalid version id specified");
    struct s3_output output = s3_begin(request);
    tell_question(listing, &output);
    s3_tell(&output, "KeyMarker", encode(listing, mark.key));
    s3_tell(&output, "VersionIdMarker", mark.id);
    if (listing->most > 0 && !walk_versions(listing, lists, &mark, &last_id))
        return false;
    if (listing->truncated) {
        s3_tell(&output, "NextKeyMarker", encode(listing, listing->last));
        s3_tell(&output, "NextVersionIdMarker", last_id);
    }
    tell_list(&output, "Version", &lists->versions);
    tell_list(&output, "DeleteMarker", &lists->markers);
    tell_rest(listing, &output);
    s3_end(&output);
    return true;
}

bool s3_list_object_versions(struct request *request)
{
    struct version_lists lists;
    struct listing listing;

    buffer_init(&lists.versions);
    buffer_init(&lists.markers);
    bool good = begin(&listing, request) && list_object_versions(&listing, &lists);
    end(&listing);
    buffer_finish(&lists.versions);
    buffer_finish(&lists.markers);
    return good;
}
