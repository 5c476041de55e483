/*
 * Policies of buckets: what one may say, whether it lets everybody in, and the one that a bucket has.
 * AWS: "Bucket policies for Amazon S3", "The meaning of 'public'".
 */
#ifndef TURNTABLE_SERVICES_S3_BUCKET_POLICY_H
#define TURNTABLE_SERVICES_S3_BUCKET_POLICY_H

#include "services/s3/records.h"
#include "services/request.h"

struct policy;

/* The policy in force, compiled, until the request is over; NULL: there is none, or it counts for nobody who
 * asks. False: the failure is set. */
must_use bool s3_read_policy(struct request *request, const struct s3_bucket *bucket,
                             const struct policy **out);

/* Its text; ptr NULL: there is none. */
must_use bool s3_read_policy_text(struct request *request, const struct s3_bucket *bucket, struct slice *out);

/* MalformedPolicy. */
must_use bool s3_check_policy(struct request *request, const struct s3_bucket *bucket, struct slice text);

/* Whether the policy grants something to everybody, by a document that s3_check_policy() took. */
bool s3_policy_is_public(struct arena *arena, struct slice text);

/* What is forbidden whatever policies say: a member of PublicAccessBlockConfiguration. */
must_use bool s3_read_public_access(struct request *request, const struct s3_bucket *bucket,
                                    const char *member, bool *out);

#endif
