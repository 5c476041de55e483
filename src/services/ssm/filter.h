/*
 * Filters of DescribeParameters and GetParametersByPath. AWS: API reference, ParameterStringFilter;
 * "Searching for Systems Manager parameters".
 */
#ifndef TURNTABLE_SERVICES_SSM_FILTER_H
#define TURNTABLE_SERVICES_SSM_FILTER_H

#include "services/shape.h"
#include "services/ssm/parameter.h"

extern const struct shape filters_shape;

struct filters {
    const struct json *filters;     /* ParameterFilters; NULL: none */
    const struct json *old_filters; /* Filters; NULL: none */
};

/* Reads and checks those of the request: `by_path` of GetParametersByPath. On false the failure is set. */
must_use bool filters_read(struct request *request, bool by_path, struct filters *out);

/* Whether the parameter passes all of them. `version`: the one with the label that a filter asks for, or the
 * present one. On false `failed` tells whether the failure is set. */
must_use bool filters_pass(struct request *request, const struct filters *filters,
                           const struct parameter *parameter, struct parameter_version *version,
                           bool *failed);

/* Whether the path is one that GetParametersByPath and filters take. On false the failure is set. */
must_use bool filters_check_path(struct request *request, struct slice path);

/* Whether the name is in the hierarchy under the path, and right under it if not `recursive`. */
bool filters_is_under(struct slice name, struct slice path, bool recursive);

#endif
