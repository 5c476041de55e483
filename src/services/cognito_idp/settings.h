/* Settings: members of a request that are kept as they came, and told again. */
#ifndef TURNTABLE_SERVICES_COGNITO_IDP_SETTINGS_H
#define TURNTABLE_SERVICES_COGNITO_IDP_SETTINGS_H

#include "base/json.h"

/* Writes those of the members `names` (ended by NULL) that `object` has. */
void settings_copy(struct buffer *out, bool *first, const struct json *object, const char *const *names);
/* A member that `object` lacks, as the JSON text that is its default. */
void settings_default(struct buffer *out, bool *first, const struct json *object, const char *name,
                      const char *text);

#endif
