#include "services/console/site.h"

#include "auth/sigv4.h"
#include "console/pages.h"
#include "services/s3/address.h"

static bool is_signed(struct http_exchange *exchange)
{
    return http_header(&exchange->request, "authorization") != NULL ||
           sigv4_scope_service(&exchange->request, &exchange->arena).len > 0;
}

static bool is_of_bucket(const struct http_request *request)
{
    const struct slice *host = http_header(request, "host");

    return host != NULL && s3_host_bucket(*host).len > 0;
}

bool console_site(struct http_exchange *exchange, struct slice id)
{
    if (is_signed(exchange) || is_of_bucket(&exchange->request) || !console_answer(&console_built, exchange))
        return false;
    http_respond_header(exchange, SLICE("Server"), SLICE("Turntable"));
    http_respond_header(exchange, SLICE("x-amzn-RequestId"), id);
    return true;
}
