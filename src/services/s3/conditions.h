/*
 * Conditions of requests on what is there: If-Match and its kin of reads, of writes, and of the source of a
 * copy; and what several answers tell of an object. AWS: "Conditional requests" in S3's user guide; RFC 9110,
 * section 13.
 */
#ifndef TURNTABLE_SERVICES_S3_CONDITIONS_H
#define TURNTABLE_SERVICES_S3_CONDITIONS_H

#include "services/s3/store.h"

/* PreconditionFailed, or NotModified. */
must_use bool s3_check_read_conditions(struct request *request, const struct s3_object *object);
must_use bool s3_check_source_conditions(struct request *request, const struct s3_object *object);
/* `current`: what would be replaced, or nothing. */
must_use bool s3_check_write_conditions(struct request *request, const struct found_object *current);

/* Takes the first element off a header's list, which is not empty: up to a comma, without spaces before it.
 */
struct slice s3_take_listed(struct slice *list);

/* ChecksumCRC32 and so on, and ChecksumType. */
void s3_tell_checksum(struct s3_output *output, const struct s3_object *object);
/* As what it was put: here nothing is encrypted. */
void s3_tell_encryption(struct s3_output *output, const struct s3_object *object);
/* Owner of everything, as ID and, where it is told, DisplayName. */
void s3_tell_owner(struct request *request, struct s3_output *output, const char *member);
struct slice s3_owner_id(struct request *request);

#endif
