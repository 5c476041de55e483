/* The source of a copy, as CopyObject and UploadPartCopy read it. */
#ifndef TURNTABLE_SERVICES_S3_COPYING_H
#define TURNTABLE_SERVICES_S3_COPYING_H

#include "services/s3/copy_source.h"
#include "services/s3/store.h"
#include "services/s3/write.h"

struct s3_source {
    struct s3_copy_source named;
    struct found_object found;
    struct snapshot *snapshot;
    bool keeps_versions; /* its bucket does, or did */
};

/* Finds it, and checks the conditions on it. To be closed in every case. */
must_use bool s3_open_source(struct request *request, struct s3_source *out);
void s3_close_source(struct request *request, struct s3_source *source);

/* Lets the write read these bytes of it. */
must_use bool s3_read_source(struct request *request, struct s3_source *source, uint64_t start,
                             uint64_t length, struct s3_write *write);

#endif
