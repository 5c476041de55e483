/*
 * Auto scaling settings, which several operations take. They are kept by Application Auto Scaling, a service
 * of its own that there is none of here: auto scaling is described as disabled, and can be set to nothing
 * else.
 */
#ifndef TURNTABLE_SERVICES_DYNAMODB_AUTO_SCALING_H
#define TURNTABLE_SERVICES_DYNAMODB_AUTO_SCALING_H

#include "services/request.h"
#include "services/shape.h"

/* AutoScalingSettingsUpdate. */
extern const struct shape auto_scaling_update;

/* Whether the member, if it is there, leaves auto scaling disabled. */
must_use bool auto_scaling_accepts(struct request *request, const struct json *object, const char *member);

/* The same for the member of each element of a list, which may be absent. */
must_use bool auto_scaling_accepts_each(struct request *request, const struct json *object, const char *list,
                                        const char *member);

/* Writes the member: AutoScalingSettingsDescription. */
void auto_scaling_write(struct buffer *out, bool *first, const char *member);

#endif
