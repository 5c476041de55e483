/*
 * Access: what of a table a request reads or writes, as conditions of policies ask for it. AWS: "Using IAM
 * policy conditions for fine-grained access control"; "Actions, resources, and condition keys for Amazon
 * DynamoDB".
 *
 *     struct access *access = access_new(request, table);
 *     access->read_leading = ...;
 *     access_need(needs, "dynamodb:GetItem", access);
 *
 * Everything is read from the request when a policy asks for it, by the functions with which the operation
 * reads it. If it cannot be read, the request's failure is set, and the request fails with it.
 *
 * Everything lives in the request's arena.
 */
#ifndef TURNTABLE_SERVICES_DYNAMODB_ACCESS_H
#define TURNTABLE_SERVICES_DYNAMODB_ACCESS_H

#include "catalog/table.h"
#include "expressions/expressions.h"
#include "services/permissions.h"

/* Texts that grow. */
struct access_texts {
    struct slice *items;
    size_t count, capacity;
    bool found; /* they were read; even if there are none */
};

struct access {
    struct request *request;
    struct slice resource;     /* the ARN */
    const struct table *table; /* NULL: there is none of that name */
    const struct policy *resource_policy;
    const struct index *index;     /* NULL: the table's keys are meant, unless... */
    bool lacks_index;              /* ...there is no such index */
    const char *enclosing;         /* dynamodb:EnclosingOperation; NULL: none */
    struct slice select;           /* dynamodb:Select; ptr NULL: none */
    struct slice return_values[2]; /* dynamodb:ReturnValues: of what was written, of what was not; ptr NULL */
    const char *full_scan;         /* dynamodb:FullTableScan; NULL: none */

    /* dynamodb:LeadingKeys and its kin: adds the values of one part of the partition key. NULL: it has none.
     * False: the failure is set. */
    bool (*read_leading)(struct access *access, struct slice attribute, struct access_texts *out);
    /* dynamodb:Attributes. */
    bool (*read_attributes)(struct access *access, struct access_texts *out);
    const void *of; /* what they read */

    struct access_texts leading[KEY_PARTS_LIMIT], attributes;
};

/* On the table of that name, or the index of it (ptr NULL: the table). */
struct access *access_new(struct permissions *needs, struct slice table_name, struct slice index_name);

void access_need(struct permissions *needs, const char *action, struct access *access);

/* ---- for those who read ---- */

void access_add(struct access *access, struct access_texts *texts, struct slice text);

/* A key's value as policies write it: a string, a number's digits, base64; each once. Others are no keys. */
void access_add_value(struct access *access, struct access_texts *texts, const struct value *value);

/* The item's value of the attribute, if it has one. */
void access_add_key(struct access *access, struct access_texts *texts, const struct item *item,
                    struct slice attribute);

void access_add_names(struct access *access, struct access_texts *texts, const struct item *item);

/* The attributes that expressions with these placeholders name. */
void access_add_paths(struct access *access, struct access_texts *texts,
                      const struct placeholders *placeholders);

/* aws:ResourceTag/KEY: the table's tag. */
bool access_find_tag(struct request *request, const struct table *table, struct slice key,
                     struct iam_values *out);

#endif
