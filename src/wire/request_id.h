/* Request ids: what x-amzn-RequestId carries, 52 letters and digits that no other answer has. Threads: any.
 */
#ifndef TURNTABLE_WIRE_REQUEST_ID_H
#define TURNTABLE_WIRE_REQUEST_ID_H

#include "base/arena.h"
#include "base/slice.h"

enum { REQUEST_ID_LENGTH = 52 };

struct slice request_id_create(struct arena *arena);

#endif
