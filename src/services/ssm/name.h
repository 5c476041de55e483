/*
 * Names of parameters as requests have them. AWS: "Creating Systems Manager parameters", requirements and
 * constraints for parameter names; "Working with parameter hierarchies".
 */
#ifndef TURNTABLE_SERVICES_SSM_NAME_H
#define TURNTABLE_SERVICES_SSM_NAME_H

#include "base/layout.h"
#include "services/request.h"
#include "services/shape.h"

extern const struct shape parameter_name, parameter_names;

/* Without the blanks at its ends, which AWS removes. */
struct slice name_trim(struct slice text);

/* Whether the name is one that a parameter may have. On false the failure is set. */
must_use bool name_check(struct request *request, struct slice name);

/* Whether a new parameter may have it, which name_check() lets through: names of AWS, depth, length. */
must_use bool name_check_new(struct request *request, struct slice name);

/* What GetParameter and its kin ask for: NAME, NAME:VERSION, NAME:LABEL, or an ARN in place of NAME. */
struct named_parameter {
    struct slice name;
    struct slice selector; /* empty: the present version */
    bool foreign;          /* an ARN of another account, Region or service: there is none here */
    bool from_arn;         /* ARNs are the same for "/music" and "music": if there is none, see the other */
};

struct named_parameter name_parse(struct request *request, struct slice text);

/* On false the failure is set: name_check() of its name. */
must_use bool name_read(struct request *request, struct slice text, struct named_parameter *out);

/* A member with its list of texts. */
void name_write_list(struct buffer *out, bool *first, const char *member, const struct texts *names);

#endif
