#include "services/s3/handlers.h"

#include "base/check.h"
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

static bool refuse(struct request *request)
{
    static const struct {
        const char *name;
        const char *reason;
    } reasons[] = {
#define X(name, handler, action, kind, method, place, marks, payload, answer)
#define R(name, method, place, marks, reason) {#name, reason},
#include "services/s3/operations.def"
#undef X
#undef R
    };

    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
        if (strcmp(reasons[i].name, request->operation->name) == 0)
            return fail(&request->failure, ERROR_S3_NOT_IMPLEMENTED, "%s is not served here: %s.",
                        reasons[i].name, reasons[i].reason);
    }
    check_failed("an operation that is refused without a reason", __FILE__, __LINE__);
}

static const struct operation operations[] = {
#define X(name, handler, action, kind, method, place, marks, payload, answer)                                \
    {#name, handler, action, OPERATION_##kind, CALLER_SIGNED, s3_needs},
#define R(name, method, place, marks, reason) {#name, refuse, NULL, OPERATION_READ, CALLER_SIGNED, NULL},
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
