/* ListBackups: in the order in which they were made, up to 100 an answer. AWS: API reference, ListBackups. */
#include "catalog/keys.h"
#include "services/accepts.h"
#include "services/dynamodb/backup_description.h"
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/input.h"
#include "services/storage_failure.h"

enum { BACKUPS_LIMIT = 100 };

static const char *const type_words[] = {"USER", "SYSTEM", "AWS_BACKUP", "ALL", NULL};
static const struct shape limit_shape = {.kind = SHAPE_INTEGER, .min = 1, .max = BACKUPS_LIMIT};
static const struct shape type_shape = {.kind = SHAPE_STRING, .words = type_words};
static const struct shape_entry members[] = {{"TableName", &input_table_name, false},
                                             {"Limit", &limit_shape, false},
                                             {"TimeRangeLowerBound", &shape_time_value, false},
                                             {"TimeRangeUpperBound", &shape_time_value, false},
                                             {"ExclusiveStartBackupArn", &backup_arn_shape, false},
                                             {"BackupType", &type_shape, false},
                                             {0}};
static const struct shape input = {.kind = SHAPE_STRUCTURE, .members = members};

struct filter {
    struct slice table_name; /* ptr NULL: any */
    int64_t from;            /* included */
    int64_t to;              /* excluded */
    struct slice type;
};

static bool read_filter(struct request *request, struct filter *out)
{
    struct slice given = shape_text(request->body, "TableName"),
                 type = shape_text(request->body, "BackupType");

    *out = (struct filter){.from = shape_time(request->body, "TimeRangeLowerBound", INT64_MIN),
                           .to = shape_time(request->body, "TimeRangeUpperBound", INT64_MAX),
                           .type = type.ptr == NULL ? SLICE("USER") : type};
    return given.ptr == NULL || input_table_name_of(request, given, &out->table_name);
}

static bool passes(const struct filter *filter, const struct backup *backup)
{
    struct slice type = backup->type == BACKUP_USER ? SLICE("USER") : SLICE("SYSTEM");

    return (filter->table_name.ptr == NULL || slice_equal(filter->table_name, backup->table->name)) &&
           backup->created >= filter->from && backup->created < filter->to &&
           (slice_is(filter->type, "ALL") || slice_equal(filter->type, type));
}

/* An answer that is being made; there may be many more backups than it tells of. */
struct listing {
    struct filter filter;
    int64_t limit;
    int64_t count;
    struct slice last; /* the ARN of the last one in it */
    bool more;         /* there are others behind */
};

/* One backup, if it passes the filter: into the answer, unless that has all it may have. */
static enum storage_status list_one(struct request *request, struct slice id, struct listing *listing)
{
    struct backup backup;
    struct arena arena;

    arena_init(&arena);
    enum storage_status status = backup_read(request->server->storage, NULL, id, &arena, &backup);
    if (status == STORAGE_OK && passes(&listing->filter, &backup)) {
        listing->more = listing->count == listing->limit;
        if (!listing->more) {
            if (listing->count++ > 0)
                buffer_append_byte(request->out, ',');
            backup_describe_summary(request, &backup);
            listing->last = backup_arn(request, &backup);
        }
    }
    backup_finish(&backup);
    arena_finish(&arena);
    return status == STORAGE_NOT_FOUND ? STORAGE_OK : status; /* deleted a moment ago */
}

static bool list(struct request *request, struct listing *listing, struct key_range range)
{
    struct cursor *cursor = cursor_create(request->server->storage, NULL, range.from, range.to, FORWARD);
    struct slice key, value;
    enum storage_status status = STORAGE_OK;
    bool first = false;

    buffer_append_string(request->out, "{\"BackupSummaries\":[");
    while (status == STORAGE_OK && !listing->more &&
           (status = cursor_next(cursor, &key, &value)) == STORAGE_OK)
        status = list_one(request, keys_backup_id(key), listing);
    cursor_destroy(cursor);
    if (status != STORAGE_OK && status != STORAGE_NOT_FOUND)
        return storage_failure(&request->failure, status);
    buffer_append_byte(request->out, ']');
    if (listing->more)
        json_write_string_member(request->out, &first, "LastEvaluatedBackupArn", listing->last);
    buffer_append_byte(request->out, '}');
    return true;
}

bool list_backups(struct request *request)
{
    struct key_range range = keys_backups();
    struct slice start, name, id;
    struct listing listing = {0};

    if (!accepts(request, &input) || !read_filter(request, &listing.filter))
        return false;
    listing.limit = shape_number(request->body, "Limit", BACKUPS_LIMIT);
    start = shape_text(request->body, "ExclusiveStartBackupArn");
    if (start.ptr != NULL) {
        if (!backup_arn_id(start, &name, &id))
            return fail(&request->failure, ERROR_VALIDATION, "Invalid ExclusiveStartBackupArn: %.*s",
                        SLICE_ARGS(start));
        range.from = keys_after(request->arena, keys_backup(request->arena, id));
    }
    return list(request, &listing, range);
}
