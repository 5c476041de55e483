/*
 * AWS's query protocol, which IAM, STS and CloudFormation speak: a form in, XML out.
 *
 * Operations see none of it. A form becomes the JSON object that it would be in AWS JSON, with all values
 * strings, for the types are the operation's to know (services/query_input.h); and the JSON that an operation
 * answers becomes XML:
 *
 *     Tags.member.1.Key=a&Tags.member.1.Value=b      {"Tags": [{"Key": "a", "Value": "b"}]}
 *     Filter.entry.1.key=a&Filter.entry.1.value=b    {"Filter": [{"key": "a", "value": "b"}]}
 *
 *     {"Users": [{"Path": "/"}]}                     <Users><member><Path>/</Path></member></Users>
 *     {"Map": {"entry": [{"key": "a"}]}}             <Map><entry><key>a</key></entry></Map>
 *
 * A member that is null is left out. AWS: "Making query requests" in the guides of these services.
 */
#ifndef TURNTABLE_WIRE_QUERY_H
#define TURNTABLE_WIRE_QUERY_H

#include "base/failure.h"
#include "base/json.h"
#include "base/slice.h"
#include "http/server.h"

enum {
    QUERY_PAIRS_LIMIT = 10 * 1000,
    QUERY_DEPTH_LIMIT = 16, /* of structures and lists in each other */
    QUERY_NUMBER_LIMIT = 100 * 1000
};

/* The Content-Type that a form is sent as. */
bool query_is_form(const struct http_request *request);

/* The form as an object; on false *problem is a sentence. The object lives in the arena. */
must_use bool query_parse(struct arena *arena, struct slice form, const struct json **out,
                          struct slice *problem);

/* Turns the body, which is a JSON object or empty, into <OPERATIONResponse xmlns=...> with status 200. `id`
 * is the request's. */
void query_answer(struct http_exchange *exchange, struct slice id, const char *xmlns, const char *operation);

/* <ErrorResponse> with the error's code as the query protocol spells it, and its status there. `xmlns` may be
 * NULL: of no service. */
void query_fail(struct http_exchange *exchange, struct slice id, const char *xmlns,
                const struct failure *failure);

/* What the query protocol calls an error. */
const char *query_error_name(enum error_code code);

#endif
