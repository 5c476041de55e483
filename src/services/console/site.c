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

/* "text/html", as browsers say of a page that they open, and no client of an API does. */
static bool wants_html(const struct http_request *request)
{
    const struct slice *accept = http_header(request, "accept");

    return accept != NULL && slice_starts_with(*accept, SLICE("text/html"));
}

/* As AWS does it for who opens S3's address. */
static bool send_to_console(struct http_exchange *exchange)
{
    const struct http_request *request = &exchange->request;

    if (!slice_is(request->method, "GET") || !slice_is(request->path, "/") || request->query.len > 0 ||
        !wants_html(request))
        return false;
    console_redirect(exchange, 302);
    return true;
}

bool console_site(struct http_exchange *exchange, struct slice id)
{
    if (is_signed(exchange) || is_of_bucket(&exchange->request) ||
        !(send_to_console(exchange) || console_answer(&console_built, exchange)))
        return false;
    http_respond_header(exchange, SLICE("Server"), SLICE("Turntable"));
    http_respond_header(exchange, SLICE("x-amzn-RequestId"), id);
    return true;
}
