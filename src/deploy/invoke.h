/*
 * Calling AWS's operations, whoever carries the calls: a server, to itself (services/inner.h).
 *
 *     outcome = invoker->invoke(invoker->context, arena, SERVICE_IAM, "GetRole", input, &answer);
 *
 * Input and answer are JSON whatever the service's protocol is. Those of the query protocol have texts only
 * in their answers: numbers and booleans come as texts, and an empty list as "".
 */
#ifndef TURNTABLE_DEPLOY_INVOKE_H
#define TURNTABLE_DEPLOY_INVOKE_H

#include "base/arena.h"
#include "base/json.h"

enum aws_service {
    SERVICE_DYNAMODB,
    SERVICE_IAM,
    SERVICE_USER_POOLS,
    SERVICE_IDENTITY_POOLS,
    SERVICE_SSM,
    SERVICE_S3, /* operations and members of inputs by the names of AWS's SDKs: "CreateBucket", {"Bucket":
                   ...}; lists of answers as S3's XML calls them: "Version", not "Versions" */
};

enum client_outcome {
    CLIENT_DONE,    /* `body` is the answer */
    CLIENT_REFUSED, /* the server says no: `type` and `message` */
    CLIENT_FAILED,  /* there is no answer: `message` says why */
};

struct client_answer {
    const struct json *body;
    struct slice type; /* "ResourceNotFoundException" */
    struct slice message;
};

struct invoker {
    /* The answer lives in the arena. */
    enum client_outcome (*invoke)(void *context, struct arena *arena, enum aws_service service,
                                  const char *operation, struct slice input, struct client_answer *out);
    void *context;
    bool within; /* the calls come from inside of a server, which lets them set tags that begin with "aws:" */
    /* Whether a wait is to be given up, because the server stops; NULL: never. */
    bool (*stopping)(void *context);
};

#endif
