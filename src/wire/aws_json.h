/*
 * AWS JSON 1.0 and 1.1 on HTTP: how an answer and an error look on the wire.
 *
 * The body is in exchange->response.body, or is made here; after these functions the exchange is ready to be
 * sent. `id` is the request's x-amzn-RequestId.
 */
#ifndef TURNTABLE_WIRE_AWS_JSON_H
#define TURNTABLE_WIRE_AWS_JSON_H

#include <stdbool.h>

#include "base/failure.h"
#include "base/slice.h"
#include "http/server.h"

/* The Content-Type of the answer, which is the request's own. NULL if that is none that AWS JSON is sent as.
 */
const char *aws_json_content_type(const struct http_request *request);

/* 200 with the body that is there. */
void aws_json_answer(struct http_exchange *exchange, struct slice id, const char *content_type);

/* {"__type":"space#Name","message":"..."} with the error's status. `query_name`: and the header that tells
 * how the query protocol calls it. Smithy: "awsQueryCompatible". */
void aws_json_fail(struct http_exchange *exchange, struct slice id, const char *content_type,
                   const struct failure *failure, bool query_name);

#endif
