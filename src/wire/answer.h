/*
 * What every answer of every protocol has: status, request id, checksum, the headers that browsers want, and
 * packing.
 *
 * The body is in exchange->response.body; these functions complete it, after which the exchange is ready to
 * be sent. `id` is the request's x-amzn-RequestId.
 */
#ifndef TURNTABLE_WIRE_ANSWER_H
#define TURNTABLE_WIRE_ANSWER_H

#include <stdbool.h>

#include "base/slice.h"
#include "http/server.h"

/* The Content-Type of the request is this one, whatever its case and parameters. */
bool answer_content_type_is(const struct http_request *request, const char *type);

/* The body that is there, with this status. */
void answer_complete(struct http_exchange *exchange, struct slice id, unsigned status,
                     const char *content_type);

/* Answers that belong to no protocol: the health check, and what AWS says to what is no call of an operation.
 */
void answer_plain(struct http_exchange *exchange, struct slice id, unsigned status, const char *content_type,
                  struct slice text);

/* A browser's question whether it may send a request here (CORS): answers it and returns true, if the request
 * is one. */
bool answer_preflight(struct http_exchange *exchange, struct slice id);

#endif
