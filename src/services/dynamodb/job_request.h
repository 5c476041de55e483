/*
 * What the requests that begin, describe and list imports and exports share: ARNs of jobs, client tokens,
 * pages.
 */
#ifndef TURNTABLE_SERVICES_DYNAMODB_JOB_REQUEST_H
#define TURNTABLE_SERVICES_DYNAMODB_JOB_REQUEST_H

#include "services/request.h"
#include "services/shape.h"
#include "services/transfer/job.h"

extern const struct shape job_request_arn_shape, job_request_table_arn, job_request_bucket, job_request_owner,
    job_request_prefix;

/* What a job of this kind has that one of the other has not. */
struct job_request_kind {
    enum job_kind kind;
    const char *word;          /* in ARNs: "import" */
    enum error_code not_found; /* there is no job with this ARN */
    enum error_code conflict;  /* the client token was used with other parameters */
    const char *conflict_message;
};

/* Fails unless the server has a folder for buckets. */
must_use bool job_request_check_buckets(struct request *request);

/* "arn:aws:dynamodb:us-east-1:000000000000:table/Music/import/01700000000000-1a2b3c4d" */
struct slice job_request_arn(const struct request *request, const struct job_request_kind *kind,
                             const struct job *job);

/* Finds the job that the ARN names. */
must_use bool job_request_find(struct request *request, const struct job_request_kind *kind, struct slice arn,
                               struct job *out);

/*
 * Looks for a job that this ClientToken has begun already. *repeats: `out` is that job, and its description
 * the answer. Otherwise `out` is a new job with the request and its token, or a generated one. Counts the
 * jobs that are IN_PROGRESS. AWS: a token is valid for eight hours after the end of the job.
 */
must_use bool job_request_begin(struct request *request, const struct job_request_kind *kind, bool *repeats,
                                struct job *out, size_t *in_progress);

/* Puts the new job into the batch; once it is committed, after what the batch is to publish else, its thread
 * starts with it. */
void job_request_put(struct request *request, const struct job_request_kind *kind, const struct job *job);

/*
 * Calls `write` for up to `limit` jobs of the table that `TableArn` names, or of all, from NextToken on, and
 * writes the NextToken of the next page. What it writes is a list of the answer's.
 */
must_use bool job_request_list(struct request *request, const struct job_request_kind *kind,
                               const char *member, size_t limit,
                               void (*write)(struct request *request, const struct job *job));

/* A time as seconds with three decimals; nothing for 0. */
void job_request_write_time(struct buffer *out, bool *first, const char *name, int64_t milliseconds);

/* A member of the request that began the job, as it was sent; nothing if it was not. */
void job_request_write_sent(struct buffer *out, bool *first, const char *name, const struct job *job);

#endif
