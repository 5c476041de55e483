/*
 * DescribeLimits and DescribeEndpoints: facts about the account and the service.
 * AWS: API reference; the numbers are the initial quotas of an account ("Service, account, and table
 * quotas").
 */
#include "services/dynamodb/handlers.h"

bool describe_limits(struct request *request)
{
    buffer_append_string(request->out,
                         "{\"AccountMaxReadCapacityUnits\":80000,\"AccountMaxWriteCapacityUnits\":80000,"
                         "\"TableMaxReadCapacityUnits\":40000,\"TableMaxWriteCapacityUnits\":40000}");
    return true;
}

/* The endpoint is this server, as the client reached it. */
bool describe_endpoints(struct request *request)
{
    buffer_append_string(request->out, "{\"Endpoints\":[{\"Address\":");
    json_write_string(request->out, request->endpoint);
    buffer_append_string(request->out, ",\"CachePeriodInMinutes\":1440}]}");
    return true;
}
