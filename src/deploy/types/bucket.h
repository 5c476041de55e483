/* Buckets: how their settings are called in templates and by S3's operations. */
#ifndef TURNTABLE_DEPLOY_TYPES_BUCKET_H
#define TURNTABLE_DEPLOY_TYPES_BUCKET_H

#include "deploy/making.h"

/* The rules of a lifecycle, as PutBucketLifecycleConfiguration takes them; and back. */
struct json bucket_lifecycle_rules(struct making *making, const struct json *properties);
struct json bucket_lifecycle_properties(struct making *making, const struct json *rules);

#endif
