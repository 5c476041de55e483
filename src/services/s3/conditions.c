#include "services/s3/conditions.h"

#include "base/check.h"
#include "base/clock.h"

struct slice s3_take_listed(struct slice *list)
{
    const char *comma = memchr(list->ptr, ',', list->len);
    struct slice one = {list->ptr, comma == NULL ? list->len : (size_t)(comma - list->ptr)};

    *list = slice_skip(*list, comma == NULL ? one.len : one.len + 1);
    while (one.len > 0 && one.ptr[0] == ' ')
        one = slice_skip(one, 1);
    return one;
}

/* Whether a list of ETags has this one: "a", W/"b", or *; quotes may be left out. */
static bool has_etag(struct slice list, struct slice etag)
{
    while (list.len > 0) {
        struct slice one = s3_take_listed(&list);
        while (one.len > 0 && one.ptr[one.len - 1] == ' ')
            one.len--;
        if (slice_starts_with(one, SLICE("W/")))
            one = slice_skip(one, 2);
        if (one.len >= 2 && one.ptr[0] == '"' && one.ptr[one.len - 1] == '"')
            one = (struct slice){one.ptr + 1, one.len - 2};
        if (slice_is(one, "*") || slice_equal(one, etag))
            return true;
    }
    return false;
}

static bool precondition_failed(struct request *request, const char *condition)
{
    return s3_fail(request, ERROR_S3_PRECONDITION_FAILED, "Condition", slice_of(condition),
                   "At least one of the pre-conditions you specified did not hold");
}

/* The members of a set of conditions, and what they are called on the wire. */
struct condition_set {
    const char *match, *none_match, *modified, *unmodified;
    const char *wire[4];
};

/* Whether it was changed after the time; a time that is none is no condition. */
static bool is_modified_since(const struct s3_object *object, struct slice text, bool fallback)
{
    int64_t seconds;

    return clock_read_http(text, &seconds) ? object->modified / 1000 > seconds : fallback;
}

/* If-Match goes before If-Unmodified-Since, If-None-Match before If-Modified-Since. */
static bool check(struct request *request, const struct s3_object *object, const struct condition_set *set,
                  bool may_be_unmodified)
{
    struct slice match = s3_text(request, set->match), none = s3_text(request, set->none_match);
    struct slice modified = s3_text(request, set->modified), unmodified = s3_text(request, set->unmodified);

    if (match.ptr != NULL && !has_etag(match, object->etag))
        return precondition_failed(request, set->wire[0]);
    if (match.ptr == NULL && unmodified.ptr != NULL && is_modified_since(object, unmodified, false))
        return precondition_failed(request, set->wire[3]);
    bool same = none.ptr != NULL && has_etag(none, object->etag);
    bool old = none.ptr == NULL && modified.ptr != NULL && !is_modified_since(object, modified, true);
    if (!same && !old)
        return true;
    return may_be_unmodified ? fail(&request->failure, ERROR_S3_NOT_MODIFIED, "Not Modified")
                             : precondition_failed(request, set->wire[same ? 1 : 2]);
}

bool s3_check_read_conditions(struct request *request, const struct s3_object *object)
{
    static const struct condition_set set = {
        "IfMatch",
        "IfNoneMatch",
        "IfModifiedSince",
        "IfUnmodifiedSince",
        {"If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"}};

    return check(request, object, &set, true);
}

bool s3_check_source_conditions(struct request *request, const struct s3_object *object)
{
    static const struct condition_set set = {"CopySourceIfMatch",
                                             "CopySourceIfNoneMatch",
                                             "CopySourceIfModifiedSince",
                                             "CopySourceIfUnmodifiedSince",
                                             {"x-amz-copy-source-If-Match", "x-amz-copy-source-If-None-Match",
                                              "x-amz-copy-source-If-Modified-Since",
                                              "x-amz-copy-source-If-Unmodified-Since"}};

    return check(request, object, &set, false);
}

bool s3_check_write_conditions(struct request *request, const struct found_object *current)
{
    struct slice match = s3_text(request, "IfMatch"), none = s3_text(request, "IfNoneMatch");
    bool there = s3_is_there(current);

    if (none.ptr != NULL && !slice_is(none, "*"))
        return s3_fail(request, ERROR_S3_NOT_IMPLEMENTED, "Header", SLICE("If-None-Match"),
                       "A header you provided implies functionality that is not implemented");
    if (none.ptr != NULL && there)
        return precondition_failed(request, "If-None-Match");
    if (match.ptr == NULL)
        return true;
    if (!there)
        return s3_fail(request, ERROR_S3_NO_SUCH_KEY, "Key", s3_text(request, "Key"),
                       "The specified key does not exist.");
    return has_etag(match, current->object.etag) || precondition_failed(request, "If-Match");
}

/* ---- telling ---- */

void s3_tell_checksum(struct s3_output *output, const struct s3_object *object)
{
    enum s3_algorithm algorithm = s3_algorithm_of(object->checksum_algorithm);

    if (algorithm == S3_SUM_NONE || object->checksum.len == 0)
        return;
    s3_tell(output, s3_algorithm_member(algorithm), object->checksum);
    s3_tell(output, "ChecksumType", object->composite ? SLICE("COMPOSITE") : SLICE("FULL_OBJECT"));
}

void s3_tell_encryption(struct s3_output *output, const struct s3_object *object)
{
    struct slice algorithm = s3_pairs_get(&object->headers, "ServerSideEncryption");

    s3_tell(output, "ServerSideEncryption", algorithm.len > 0 ? algorithm : SLICE("AES256"));
    s3_tell_some(output, "SSEKMSKeyId", s3_pairs_get(&object->headers, "SSEKMSKeyId"));
}

/* A canonical id has 64 hexadecimal digits: here it is of the account. */
struct slice s3_owner_id(struct request *request)
{
    unsigned char out[S3_SUM_SIZE];
    struct s3_sum *sum = s3_sum_create(S3_SUM_SHA256);

    s3_sum_add(sum, request->server->account_id);
    size_t length = s3_sum_end(sum, out);
    s3_sum_destroy(sum);
    return s3_hex(request->arena, (struct slice){(const char *)out, length});
}

void s3_tell_owner(struct request *request, struct s3_output *output, const char *member)
{
    struct s3_output owner = s3_open(output, member);

    s3_tell(&owner, "ID", s3_owner_id(request));
    s3_end(&owner);
}
