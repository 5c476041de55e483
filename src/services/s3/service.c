#include "services/s3/handlers.h"

#include "services/refusal.h"
#include "services/s3/bindings.h"

/* ---- payloads ---- */

static const struct s3_payload none = {.kind = S3_NO_PAYLOAD};
static const struct s3_payload bytes = {.kind = S3_BYTES};
static const struct s3_payload policy = {.kind = S3_TEXT, .member = "Policy"};

#define DOCUMENT_PAYLOAD(name, wanted, ...)                                                                  \
    static const struct s3_payload name = {                                                                  \
        .kind = S3_DOCUMENT, .member = wanted, .document = &s3_##name##_document, __VA_ARGS__}
DOCUMENT_PAYLOAD(versioning, "VersioningConfiguration", .optional = false);
DOCUMENT_PAYLOAD(encryption, "ServerSideEncryptionConfiguration", .optional = false);
DOCUMENT_PAYLOAD(public_access, "PublicAccessBlockConfiguration", .optional = false);
DOCUMENT_PAYLOAD(tagging, "Tagging", .checked = false);
DOCUMENT_PAYLOAD(lifecycle, "LifecycleConfiguration", .checked = true);
DOCUMENT_PAYLOAD(cors, "CORSConfiguration", .checked = true);
DOCUMENT_PAYLOAD(ownership, "OwnershipControls", .optional = false);
DOCUMENT_PAYLOAD(notification, "NotificationConfiguration", .optional = false);
DOCUMENT_PAYLOAD(create_bucket, "CreateBucketConfiguration", .optional = true);
DOCUMENT_PAYLOAD(delete, "Delete", .checked = true);
DOCUMENT_PAYLOAD(complete, "MultipartUpload", .of_parts = true);

/* ---- operations ---- */

/* A handler for each operation that is refused. */
#define X(name, handler, action, kind, method, place, marks, payload, answer)
#define R(name, method, place, marks, reason)                                                                \
    static bool refuse_##name(struct request *request)                                                       \
    {                                                                                                        \
        return refuse_operation(request, ERROR_S3_NOT_IMPLEMENTED, reason);                                  \
    }
#include "services/s3/operations.def"
#undef X
#undef R

static const struct operation operations[] = {
#define X(name, handler, action, kind, method, place, marks, payload, answer)                                \
    {#name, handler, action, OPERATION_##kind, CALLER_SIGNED, s3_needs},
#define R(name, method, place, marks, reason)                                                                \
    {#name, refuse_##name, NULL, OPERATION_READ, CALLER_SIGNED, NULL},
#include "services/s3/operations.def"
#undef X
#undef R
};

#define NOTHING                                                                                              \
    {                                                                                                        \
        .kind = S3_ANSWER_NOTHING                                                                            \
    }
#define EMPTY                                                                                                \
    {                                                                                                        \
        .kind = S3_ANSWER_EMPTY                                                                              \
    }
#define HEADERS                                                                                              \
    {                                                                                                        \
        .kind = S3_ANSWER_HEADERS                                                                            \
    }
#define XML(element)                                                                                         \
    {                                                                                                        \
        .kind = S3_ANSWER_XML, .root = element                                                               \
    }
#define DOCUMENT(name)                                                                                       \
    {                                                                                                        \
        .kind = S3_ANSWER_DOCUMENT, .document = &s3_##name##_document                                        \
    }
#define POLICY                                                                                               \
    {                                                                                                        \
        .kind = S3_ANSWER_TEXT, .member = "Policy"                                                           \
    }
#define ACL                                                                                                  \
    {                                                                                                        \
        .kind = S3_ANSWER_ACL, .root = "AccessControlPolicy"                                                 \
    }
#define LOCATION                                                                                             \
    {                                                                                                        \
        .kind = S3_ANSWER_XML, .root = "LocationConstraint", .member = "LocationConstraint"                  \
    }

const struct s3_binding s3_bindings[] = {
#define X(name, handler, action, kind, method, place, marks, payload, answer)                                \
    {#method, S3_##place, marks, &(payload), answer},
#define R(name, method, place, marks, reason) {#method, S3_##place, marks, &none, NOTHING},
#include "services/s3/operations.def"
#undef X
#undef R
};

static const struct rest rest = {s3_claims, s3_admit, s3_identify, s3_authenticate, s3_parse, s3_respond};

const struct service s3_service = {
    .name = "s3",
    .protocol = PROTOCOL_REST,
    .xmlns = "http://s3.amazonaws.com/doc/2006-03-01/",
    .rest = &rest,
    .operations = operations,
    .operation_count = sizeof(operations) / sizeof(operations[0]),
};
