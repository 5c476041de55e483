/* x-amz-copy-source: "/BUCKET/KEY?versionId=ID", percent-encoded. */
#ifndef TURNTABLE_SERVICES_S3_COPY_SOURCE_H
#define TURNTABLE_SERVICES_S3_COPY_SOURCE_H

#include "base/failure.h"
#include "services/request.h"

struct s3_copy_source {
    struct slice bucket;
    struct slice key;
    struct slice version_id; /* ptr NULL: the current version */
};

must_use bool s3_read_copy_source(struct request *request, struct s3_copy_source *out);

#endif
