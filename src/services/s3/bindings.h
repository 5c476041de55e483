/*
 * Bindings: from HTTP to the JSON that S3's operations work on, and back. The rules of the REST protocol:
 * which operation a request is for, which members stand in the query and in headers, how answers and errors
 * look. AWS: "REST Error Responses", and the API reference of S3.
 */
#ifndef TURNTABLE_SERVICES_S3_BINDINGS_H
#define TURNTABLE_SERVICES_S3_BINDINGS_H

#include "services/s3/call.h"

/* What may be sent at once, as an object or a part. */
enum { S3_OBJECT_LIMIT = 64 * 1024 * 1024 };

/* In the order of the service's operations. */
extern const struct s3_binding s3_bindings[];

/* The functions of struct rest. */
bool s3_claims(const struct http_request *http, struct slice scope);
struct http_admission s3_admit(const struct http_request *head);
bool s3_identify(struct request *request);
bool s3_authenticate(struct request *request, struct authenticator *authenticator, int64_t now);
bool s3_parse(struct request *request);
void s3_respond(struct request *request, struct http_exchange *exchange);

/* A parameter of the query; NULL: it was not sent. */
const struct slice *s3_parameter(const struct s3_call *call, const char *name);

/* The header that a member stands in, as it is answered; NULL: in none. */
const char *s3_header_of(struct slice member);

/* Those headers of an object that are kept with it and answered: "ContentType" and so on, ended by NULL. */
extern const char *const s3_kept_members[];

#endif
