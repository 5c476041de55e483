/*
 * The root credentials of a server: the access key and its secret that may do everything.
 *
 * They come from the environment (TURNTABLE_ACCESS_KEY_ID, TURNTABLE_SECRET_ACCESS_KEY), or else from the
 * file `credentials` in the data folder, which is made at the first start, readable by its owner alone. The
 * file has the form of ~/.aws/credentials, so that AWS_SHARED_CREDENTIALS_FILE can name it.
 */
#ifndef TURNTABLE_AUTH_CREDENTIALS_H
#define TURNTABLE_AUTH_CREDENTIALS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/failure.h"
#include "base/slice.h"

enum { ACCESS_KEY_ID_LIMIT = 128, SECRET_LIMIT = 128 };

struct credentials {
    char access_key_id[ACCESS_KEY_ID_LIMIT + 1];
    char secret_access_key[SECRET_LIMIT + 1];
};

enum credentials_found { CREDENTIALS_FOUND, CREDENTIALS_ABSENT, CREDENTIALS_BAD };

/* CREDENTIALS_BAD: *problem is a sentence for the operator, in the arena. */
must_use enum credentials_found credentials_from_environment(struct credentials *credentials,
                                                             struct arena *arena, struct slice *problem);
must_use enum credentials_found credentials_read(const char *folder, struct credentials *credentials,
                                                 struct arena *arena, struct slice *problem);

/* New ones, from the system's random numbers. */
void credentials_create(struct credentials *credentials);

/* Writes them into the folder, whole or not at all, and durably. */
must_use bool credentials_write(const char *folder, const struct credentials *credentials,
                                struct arena *arena, struct slice *problem);

/* What a server uses: the environment's, the folder's, or new ones, which are kept in the folder. `folder`
 * may be NULL: then new ones live as long as the server. *created tells whether they are new. */
must_use bool credentials_obtain(const char *folder, struct credentials *credentials, bool *created,
                                 struct arena *arena, struct slice *problem);

#endif
