/* ProgressEvent: how far a request is. AWS: API reference of Cloud Control. */
#ifndef TURNTABLE_SERVICES_CLOUDCONTROL_PROGRESS_H
#define TURNTABLE_SERVICES_CLOUDCONTROL_PROGRESS_H

#include "services/cloudcontrol/record.h"

void progress_write(struct buffer *out, const struct control_record *record);

/* {"ProgressEvent": ...}; returns true. */
bool progress_answer(struct request *request, const struct control_record *record);

#endif
