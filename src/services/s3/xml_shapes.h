/*
 * The documents of S3: what XML a setting of a bucket has, or a list of objects to delete, as tables, by
 * which XML becomes the JSON that operations work on, and JSON becomes XML. Members are called as in AWS's
 * SDKs, elements as in S3's schema; what differs between them stands in the tables.
 *
 *     <CORSRule><AllowedMethod>GET</AllowedMethod></CORSRule>      {"CORSRules": [{"AllowedMethods":
 * ["GET"]}]}
 *
 * AWS: the API reference of S3.
 */
#ifndef TURNTABLE_SERVICES_S3_XML_SHAPES_H
#define TURNTABLE_SERVICES_S3_XML_SHAPES_H

#include "base/failure.h"
#include "base/json.h"
#include "wire/xml.h"

enum xml_kind {
    XML_TEXT,
    XML_INTEGER,
    XML_BOOLEAN,
    XML_STRUCT,  /* elements by `fields` */
    XML_TEXTS,   /* a list: the element is repeated */
    XML_STRUCTS, /* the same of structs */
    XML_WRAPPED, /* a list of structs, each an element `item` in the one of the list */
};

struct xml_field {
    const char *member;  /* in JSON; NULL ends the table */
    const char *element; /* in XML; NULL: called the same */
    enum xml_kind kind;
    const struct xml_field *fields;
    const char *item;
    const char *const *words; /* of a text or texts: these alone, ended by NULL */
    bool required;            /* a list has at least one */
};

struct xml_document {
    const char *root;
    const struct xml_field *fields;
};

extern const struct xml_document s3_versioning_document, s3_encryption_document, s3_public_access_document,
    s3_tagging_document, s3_lifecycle_document, s3_cors_document, s3_ownership_document,
    s3_notification_document, s3_create_bucket_document, s3_delete_document, s3_complete_document;

/* The document as JSON, in the arena; false if it has another root, an element that no field names, one twice
 * that is no list, or a value of another kind. */
must_use bool s3_document_read(struct arena *arena, const struct xml_element *root,
                               const struct xml_document *document, struct json *out);

/* Whether JSON, read or from elsewhere, is what the document has: kinds, words and what is required. */
must_use bool s3_document_accepts(const struct json *value, const struct xml_document *document);

/* Appends the document with its root and namespace. */
void s3_document_write(struct buffer *out, const struct json *value, const struct xml_document *document);

#endif
