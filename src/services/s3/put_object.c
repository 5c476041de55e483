/* PutObject. */
#include "services/s3/handlers.h"

#include "services/gate.h"
#include "services/s3/conditions.h"
#include "services/s3/store.h"
#include "services/s3/write.h"

struct put {
    struct s3_pairs headers, metadata, tags;
};

static bool check_sum_wanted(struct request *request, struct s3_write *write)
{
    const struct s3_call *call = s3_call_of(request);
    struct slice wanted = s3_text(request, "ChecksumAlgorithm");

    write->algorithm = call->sum_algorithm;
    write->sum = call->sum;
    if (write->algorithm == S3_SUM_NONE)
        write->algorithm = wanted.ptr != NULL && s3_algorithm_of(wanted) != S3_SUM_NONE
                               ? s3_algorithm_of(wanted)
                               : S3_SUM_CRC64NVME; /* what S3 computes of itself */
    return true;
}

static void tell(struct request *request, const struct s3_bucket *bucket, const struct s3_object *object)
{
    struct s3_output output = s3_begin(request);

    s3_tell_etag(&output, object->etag);
    s3_tell_checksum(&output, object);
    s3_tell_encryption(&output, object);
    s3_tell_version(&output, bucket, object);
    s3_end(&output);
}

static bool finish(struct request *request, struct s3_write *write)
{
    const struct put *put = write->context;
    struct s3_object object = {.key = s3_text(request, "Key"),
                               .blob = write->blob,
                               .etag = write->etag,
                               .headers = put->headers,
                               .metadata = put->metadata,
                               .tags = put->tags,
                               .checksum_algorithm = slice_of(s3_algorithm_name(write->algorithm)),
                               .checksum = write->sum};
    struct s3_bucket bucket;
    struct version version;

    if (!s3_find_bucket(request, s3_text(request, "Bucket"), &bucket, &version))
        return false;
    s3_hold_bucket(request, &bucket, version);
    bool done = s3_write_current(request, &bucket, &object);
    if (done)
        tell(request, &bucket, &object);
    return done;
}

bool s3_put_object(struct request *request)
{
    struct put *put = arena_new(request->arena, struct put);
    struct s3_bucket bucket;

    if (s3_call_of(request) == NULL)
        return fail(&request->failure, ERROR_S3_NOT_IMPLEMENTED, "Objects are not put from within");
    if (!s3_enter_bucket(request, &bucket, NULL) || !s3_check_key(request, s3_text(request, "Key")) ||
        !s3_read_headers(request, &bucket, &put->headers, &put->metadata) ||
        !s3_read_tag_query(request, s3_text(request, "Tagging"), &put->tags))
        return false;
    struct s3_write *write = s3_write_begin(request, finish, put);
    write->bytes = &s3_call_of(request)->bytes;
    return check_sum_wanted(request, write) && s3_write_run(request, write);
}
