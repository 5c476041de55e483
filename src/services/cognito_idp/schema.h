/*
 * The schema of a pool: which attributes its users may have, and what their values may be.
 *
 * Every pool has OpenID Connect's standard attributes, whose rules it may tighten, and custom ones of its
 * own, "custom:NAME". AWS: "Working with user attributes".
 */
#ifndef TURNTABLE_SERVICES_COGNITO_IDP_SCHEMA_H
#define TURNTABLE_SERVICES_COGNITO_IDP_SCHEMA_H

#include "services/request.h"
#include "services/shape.h"

enum attribute_type { ATTRIBUTE_STRING, ATTRIBUTE_NUMBER, ATTRIBUTE_BOOLEAN, ATTRIBUTE_DATE_TIME };

struct attribute_rule {
    struct slice name; /* "email", "custom:team" */
    enum attribute_type type;
    bool developer_only;
    bool mutable;
    bool required;
    struct slice min, max; /* as given: lengths of a string, values of a number; NULL: none */
};

struct schema {
    const struct attribute_rule *rules;
    size_t count;
};

/* The member "Schema" of CreateUserPool. */
extern const struct shape schema_shape;

/* The schema that a pool with this member (or NULL) has; fails if the member is wrong. */
must_use bool schema_read(struct arena *arena, const struct json *member, struct failure *failure,
                          struct schema *out);

/* [{"Name": ...}], as DescribeUserPool has it. */
void schema_write(struct buffer *out, const struct schema *schema);

/* NULL: there is no such attribute. */
const struct attribute_rule *schema_find(const struct schema *schema, struct slice name);

/* NULL: the value is good; otherwise a sentence, without the attribute's name, in the arena. */
const char *schema_problem(struct arena *arena, const struct attribute_rule *rule, struct slice value);

/* Whether it is an attribute that every pool has: "email". */
bool schema_is_standard(struct slice name);

/* Whether the attribute is one that only confirmations change: "email_verified". */
bool schema_is_verification(struct slice name);

#endif
