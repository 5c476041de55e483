#include "services/turntable/from_here.h"

#include <strings.h>

#include "http/loopback.h"
#include "http/server.h"

/* "http://127.0.0.1:8000" for the host "127.0.0.1:8000". */
static bool is_own_origin(const struct http_request *http, struct slice origin, struct slice host)
{
    struct slice scheme = http->secure ? SLICE("https://") : SLICE("http://");

    if (!slice_starts_with(origin, scheme))
        return false;
    struct slice named = slice_skip(origin, scheme.len);
    return named.len == host.len && strncasecmp(named.ptr, host.ptr, host.len) == 0;
}

/* No browser's, or of a page of this origin. Origin and Sec-Fetch-Site are no page's to set. */
static bool is_own_page(const struct http_request *http, struct slice host)
{
    const struct slice *origin = http_header(http, "origin"), *site = http_header(http, "sec-fetch-site");

    return (origin == NULL || is_own_origin(http, *origin, host)) &&
           (site == NULL || slice_is(*site, "same-origin"));
}

bool is_from_here(struct request *request)
{
    const struct http_request *http = request->http;
    const struct slice *host = http == NULL ? NULL : http_header(http, "host");

    if (http == NULL || !http_is_loopback(http->peer))
        return fail(&request->failure, ERROR_ACCESS_DENIED,
                    "Sign-in links are good only on the machine that the server runs on");
    if (host == NULL || !http_is_loopback_host(*host))
        return fail(&request->failure, ERROR_ACCESS_DENIED,
                    "Sign-in links are good only at 127.0.0.1, localhost or [::1]");
    return is_own_page(http, *host) || fail(&request->failure, ERROR_ACCESS_DENIED,
                                            "Sign-in links are good only for the console's own pages");
}
