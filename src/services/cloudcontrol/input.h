/* Shapes of inputs of Cloud Control. */
#ifndef TURNTABLE_SERVICES_CLOUDCONTROL_INPUT_H
#define TURNTABLE_SERVICES_CLOUDCONTROL_INPUT_H

#include "services/shape.h"

extern const struct shape control_type_name, control_type_version, control_role, control_token,
    control_identifier, control_properties, control_page_size, control_page_token, control_handler_page_token;

/* The words of two enumerations. */
extern const char *const control_operations[], *const control_statuses[];

#endif
