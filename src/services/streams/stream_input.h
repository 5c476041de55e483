/* What the inputs of several operations on streams have in common: shapes, and the names of streams and
 * shards. */
#ifndef TURNTABLE_SERVICES_STREAMS_STREAM_INPUT_H
#define TURNTABLE_SERVICES_STREAMS_STREAM_INPUT_H

#include "catalog/shard.h"
#include "catalog/stream.h"
#include "services/request.h"
#include "services/shape.h"

extern const struct shape stream_input_arn, stream_input_shard_id, stream_input_limit;

struct slice stream_arn(struct request *request, struct slice table_name, struct slice label);

/* The two names in a stream's ARN; fails if the text is none. */
must_use bool stream_input_names(struct request *request, struct slice arn, struct slice *table_name,
                                 struct slice *label);

/* The stream that the ARN names; its strings live in the request's arena. */
must_use bool stream_input_find(struct request *request, struct slice arn, struct stream_descriptor *out);

/* A member that is a shard's id; *given tells whether it is there. Fails if it is none that this server
 * makes. */
must_use bool stream_input_shard(struct request *request, const struct json *object, const char *name,
                                 bool *given, struct shard_name *out);

#endif
