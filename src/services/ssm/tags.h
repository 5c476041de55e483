/* Tags of parameters. AWS: API reference, AddTagsToResource; "Tagging Systems Manager parameters". */
#ifndef TURNTABLE_SERVICES_SSM_TAGS_H
#define TURNTABLE_SERVICES_SSM_TAGS_H

#include "services/shape.h"
#include "services/ssm/parameter.h"

extern const struct shape parameter_tags_shape;

/* Puts the request's Tags to those that there are. On false the failure is set. */
must_use bool parameter_tags_read(struct request *request, struct parameter_tags *tags);

#endif
