/*
 * DescribeLimits and DescribeEndpoints: facts about the account and the service.
 * AWS: API reference; the numbers are the initial quotas of an account ("Service, account, and table
 * quotas").
 */
#include "services/dynamodb/handlers.h"
#include "services/dynamodb/table_capacity.h"

bool describe_limits(struct request *request)
{
    struct buffer *out = request->out;
    bool first = true;

    buffer_append_byte(out, '{');
    json_write_int64_member(out, &first, "AccountMaxReadCapacityUnits", ACCOUNT_UNITS_LIMIT);
    json_write_int64_member(out, &first, "AccountMaxWriteCapacityUnits", ACCOUNT_UNITS_LIMIT);
    json_write_int64_member(out, &first, "TableMaxReadCapacityUnits", TABLE_UNITS_LIMIT);
    json_write_int64_member(out, &first, "TableMaxWriteCapacityUnits", TABLE_UNITS_LIMIT);
    buffer_append_byte(out, '}');
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
