/* Content codings that a client takes, as its Accept-Encoding tells. */
#ifndef TURNTABLE_HTTP_CODING_H
#define TURNTABLE_HTTP_CODING_H

#include <stdbool.h>

struct http_request;

/* Whether answers may come in the coding ("gzip", "br"): Accept-Encoding names it (or "*") and does not give
 * it the weight 0. */
bool http_takes_coding(const struct http_request *request, const char *coding);

#endif
