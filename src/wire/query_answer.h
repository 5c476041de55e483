/*
 * Answers of the query protocol as their clients read them: XML to the JSON that the operation wrote.
 *
 *     <Users><member><Path>/</Path></member></Users>          {"Users": [{"Path": "/"}]}
 *
 * All values are texts. An element without content is an empty text, for XML does not tell it from an empty
 * list. Attributes, comments and the like are passed over.
 */
#ifndef TURNTABLE_WIRE_QUERY_ANSWER_H
#define TURNTABLE_WIRE_QUERY_ANSWER_H

#include "base/failure.h"
#include "base/json.h"

enum { QUERY_ANSWER_DEPTH = 32 };

/* The outermost element as an object of one member; false if it is no XML, or has more than
 * QUERY_ANSWER_DEPTH levels. What is read lives in the arena. */
must_use bool query_answer_read(struct arena *arena, struct slice xml, struct json *out);

#endif
