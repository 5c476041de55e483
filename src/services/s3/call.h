/*
 * A call of S3: what is kept of a request that came over REST, beside the JSON that its operation works on.
 *
 * An operation's input is a JSON object with the members that AWS's SDKs name: Bucket and Key of the path,
 * and what stands in the query, in headers and in an XML payload. All but what an XML payload has are texts.
 * Its output is JSON too, which becomes headers or XML as operations.def says. What is no JSON stands here:
 * the bytes of an object that came, the stream of one that goes, a status that is not the usual one.
 *
 * An operation that is called from within (services/inner.h) has no call, and so no bytes either way.
 */
#ifndef TURNTABLE_SERVICES_S3_CALL_H
#define TURNTABLE_SERVICES_S3_CALL_H

#include "auth/sigv4.h"
#include "services/operation.h"
#include "services/request.h"
#include "services/s3/address.h"
#include "services/s3/blob.h"
#include "services/s3/checksum.h"
#include "services/s3/xml_shapes.h"

enum s3_place { S3_SERVICE, S3_BUCKET, S3_OBJECT, S3_COPY, S3_NOWHERE };

/* What of a request's body an operation takes. */
struct s3_payload {
    enum { S3_NO_PAYLOAD, S3_BYTES, S3_TEXT, S3_DOCUMENT } kind;
    const char *member;                  /* of the input: of a text or document */
    const struct xml_document *document; /* of a document */
    bool optional;
    bool checked;  /* comes with a checksum, or is refused */
    bool of_parts; /* the checksum that comes with it is not its own */
};

/* What is made of an operation's output. */
struct s3_answer {
    enum {
        S3_ANSWER_NOTHING, /* 200 without a body */
        S3_ANSWER_EMPTY,   /* 204 */
        S3_ANSWER_HEADERS, /* members as headers, and perhaps a stream */
        S3_ANSWER_XML, /* the member that is called as the root, and the others as headers; or all in it */
        S3_ANSWER_DOCUMENT, /* the document, of the member or of all */
        S3_ANSWER_TEXT,     /* the member, JSON */
        S3_ANSWER_ACL,      /* the grants, whose XML has attributes */
    } kind;
    const char *root;   /* of XML */
    const char *member; /* of a document or a text */
    const struct xml_document *document;
};

/* How an operation is found, and what it takes and gives: beside struct operation, in the same order. */
struct s3_binding {
    const char *method;
    enum s3_place place;
    const char *marks;
    const struct s3_payload *payload;
    struct s3_answer answer;
};

struct s3_parameter {
    struct slice name, value; /* decoded */
};

struct s3_call {
    struct s3_address address;
    const struct s3_binding *binding;
    struct s3_parameter *parameters; /* of the query */
    size_t parameter_count;
    bool presigned;

    struct s3_bytes bytes; /* S3_BYTES: the object's, without what aws-chunked puts around them */
    enum s3_algorithm
        sum_algorithm; /* the checksum that came with them, and that they have; or S3_SUM_NONE */
    struct slice sum;  /* Base64 */

    /* The signature, for chunks that are signed too and for telling why it does not fit. */
    struct sigv4_claim claim;
    struct sigv4_proof proof;

    unsigned status;            /* of the answer; 0: the usual one */
    struct http_stream *stream; /* its body; NULL: none */
};

/* NULL: the request came from within. */
static inline struct s3_call *s3_call_of(const struct request *request)
{
    return request->rest;
}

/* ---- input ---- */

/* A member that is a text, and not empty unless it was sent so; ptr is NULL if it was not sent. */
struct slice s3_text(const struct request *request, const char *member);
struct slice s3_text_or_empty(const struct request *request, const char *member);
bool s3_sent(const struct request *request, const char *member);
/* EncodingType: whether keys are told as in URLs. */
must_use bool s3_read_encoding(struct request *request, bool *encoded);

/* A member that is a number in digits, in the bounds; `fallback` if it was not sent. False: InvalidArgument,
 * which calls it `wire`. */
must_use bool s3_number(struct request *request, const char *member, const char *wire, int64_t most,
                        int64_t fallback, int64_t *out);

/* A text that is no UTF-8 as if it were ISO 8859-1, which headers are. */
struct slice s3_utf8(struct arena *arena, struct slice text);

/* ---- output ---- */

/* JSON of an XML answer: as json_write_name() and so on, in an object whose first member is not written yet.
 */
struct s3_output {
    struct buffer *out;
    bool first;
};

struct s3_output s3_begin(struct request *request);
void s3_end(struct s3_output *output);
void s3_tell(struct s3_output *output, const char *member, struct slice text);
/* The same if the text is not empty. */
void s3_tell_some(struct s3_output *output, const char *member, struct slice text);
void s3_tell_number(struct s3_output *output, const char *member, int64_t number);
void s3_tell_boolean(struct s3_output *output, const char *member, bool value);
/* "2009-10-12T17:50:30.000Z", and "Mon, 12 Oct 2009 17:50:30 GMT". */
void s3_tell_time(struct s3_output *output, const char *member, int64_t milliseconds);
void s3_tell_http_time(struct s3_output *output, const char *member, int64_t milliseconds);
/* With its quotes. */
void s3_tell_etag(struct s3_output *output, struct slice etag);
/* An object of a name, or (NULL) in a list, and its end; a list of a name, and its end. */
struct s3_output s3_open(struct s3_output *output, const char *member);
struct s3_output s3_open_list(struct s3_output *output, const char *member);
void s3_close_list(struct s3_output *list);

/* ---- failures ---- */

/* fail() with a further element in the error. Returns false. */
bool s3_fail(struct request *request, enum error_code code, const char *element, struct slice value,
             const char *format, ...) __attribute__((format(printf, 5, 6)));
/* Adds one to a failure that is set. */
void s3_fail_more(struct request *request, const char *element, struct slice value);

bool s3_fail_storage(struct request *request, enum storage_status status);

#endif
