/* The operations of CloudWatch; each is described where it is written. */
#ifndef TURNTABLE_SERVICES_CLOUDWATCH_HANDLERS_H
#define TURNTABLE_SERVICES_CLOUDWATCH_HANDLERS_H

#include <stdbool.h>

struct request;

bool get_metric_data(struct request *request);
bool get_metric_statistics(struct request *request);
bool list_metrics(struct request *request);

#endif
