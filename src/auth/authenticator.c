#include "auth/authenticator.h"

#include <pthread.h>
#include <stdlib.h>

#include <openssl/crypto.h>

#include "auth/digest.h"
#include "auth/sigv4.h"
#include "base/check.h"
#include "base/hash.h"

/*
 * The signing keys in use: few, for each is of one day, region and service. A key's place is given by its
 * scope's hash, and a newer one takes it from an older; so the cache is bounded, and the worst that a client
 * can do is to have its own keys derived again.
 */
enum { CACHED_KEYS = 64, CACHED_SCOPE_LIMIT = 96, ACCOUNT_ID_LIMIT = 16, ARN_LIMIT = 64 };

struct cached_key {
    char scope[CACHED_SCOPE_LIMIT];
    size_t scope_len; /* 0: empty */
    unsigned char key[SHA256_LENGTH];
};

struct authenticator {
    struct credentials root;
    char account_id[ACCOUNT_ID_LIMIT];
    char root_arn[ARN_LIMIT];
    pthread_mutex_t lock; /* of `keys` */
    struct cached_key keys[CACHED_KEYS];
};

struct authenticator *authenticator_create(const struct credentials *root, struct slice account_id)
{
    struct authenticator *authenticator = calloc(1, sizeof(*authenticator));

    CHECK(authenticator != NULL && account_id.len < ACCOUNT_ID_LIMIT);
    authenticator->root = *root;
    snprintf(authenticator->account_id, ACCOUNT_ID_LIMIT, "%.*s", SLICE_ARGS(account_id));
    snprintf(authenticator->root_arn, ARN_LIMIT, "arn:aws:iam::%.*s:root", SLICE_ARGS(account_id));
    CHECK(pthread_mutex_init(&authenticator->lock, NULL) == 0);
    return authenticator;
}

void authenticator_destroy(struct authenticator *authenticator)
{
    if (authenticator == NULL)
        return;
    pthread_mutex_destroy(&authenticator->lock);
    OPENSSL_cleanse(authenticator, sizeof(*authenticator));
    free(authenticator);
}

static struct cached_key *place(struct authenticator *authenticator, struct slice scope)
{
    return &authenticator->keys[hash_bytes(scope) % CACHED_KEYS];
}

static bool recall(struct authenticator *authenticator, struct slice scope, unsigned char key[SHA256_LENGTH])
{
    struct cached_key *cached = place(authenticator, scope);

    pthread_mutex_lock(&authenticator->lock);
    bool found =
        cached->scope_len > 0 && slice_equal((struct slice){cached->scope, cached->scope_len}, scope);
    if (found)
        memcpy(key, cached->key, SHA256_LENGTH);
    pthread_mutex_unlock(&authenticator->lock);
    return found;
}

static void remember(struct authenticator *authenticator, struct slice scope,
                     const unsigned char key[SHA256_LENGTH])
{
    struct cached_key *cached = place(authenticator, scope);

    if (scope.len > CACHED_SCOPE_LIMIT)
        return;
    pthread_mutex_lock(&authenticator->lock);
    memcpy(cached->scope, scope.ptr, scope.len);
    cached->scope_len = scope.len;
    memcpy(cached->key, key, SHA256_LENGTH);
    pthread_mutex_unlock(&authenticator->lock);
}

static void signing_key(struct authenticator *authenticator, struct digest *digest,
                        const struct sigv4_claim *claim, unsigned char key[SHA256_LENGTH])
{
    if (recall(authenticator, claim->scope, key))
        return;
    sigv4_signing_key(digest, slice_of(authenticator->root.secret_access_key), claim->date, claim->region,
                      claim->service, key);
    remember(authenticator, claim->scope, key);
}

static bool verify(struct authenticator *authenticator, const struct http_request *request,
                   const struct sigv4_claim *claim, struct digest *digest, struct arena *arena,
                   struct failure *failure)
{
    unsigned char key[SHA256_LENGTH];
    char signature[SHA256_HEX_LENGTH];
    struct slice payload = sigv4_payload_hash(request, arena, digest);
    struct slice canonical = sigv4_canonical_request(request, claim, payload, arena);
    struct slice to_sign = sigv4_string_to_sign(claim, canonical, arena, digest);

    signing_key(authenticator, digest, claim, key);
    sigv4_signature(digest, key, to_sign, signature);
    OPENSSL_cleanse(key, sizeof(key));
    if (sigv4_signatures_equal(claim->signature, signature))
        return true;
    return fail(failure, ERROR_INVALID_SIGNATURE,
                "The request signature we calculated does not match the signature you provided. Check your "
                "AWS Secret "
                "Access Key and signing method. Consult the service documentation for details.\n\n"
                "The Canonical String for this request should have been\n'%.*s'\n\n"
                "The String-to-Sign should have been\n'%.*s'\n",
                SLICE_ARGS(canonical), SLICE_ARGS(to_sign));
}

bool authenticator_check(struct authenticator *authenticator, const struct http_request *request,
                         const char *service, int64_t now, struct arena *arena, struct failure *failure,
                         struct principal *principal)
{
    struct sigv4_claim claim;

    if (!sigv4_read_claim(request, arena, failure, &claim) ||
        !sigv4_check_time(&claim, now, arena, failure) || !sigv4_check_form(&claim, failure) ||
        !sigv4_check_scope(&claim, service, arena, failure))
        return false;
    if (!slice_is(claim.access_key_id, authenticator->root.access_key_id))
        return fail(failure, ERROR_UNRECOGNIZED_CLIENT,
                    "The security token included in the request is invalid.");

    struct digest *digest = digest_create();
    bool verified = verify(authenticator, request, &claim, digest, arena, failure);
    digest_destroy(digest);
    if (!verified)
        return false;
    if (claim.security_token.len > 0) /* the root credentials are no temporary ones */
        return fail(failure, ERROR_UNRECOGNIZED_CLIENT,
                    "The security token included in the request is invalid");
    *principal = (struct principal){
        .kind = PRINCIPAL_ROOT,
        .access_key_id = claim.access_key_id,
        .account = slice_of(authenticator->account_id),
        .arn = slice_of(authenticator->root_arn),
        .principal_arn = slice_of(authenticator->root_arn),
        .user_id = slice_of(authenticator->account_id),
    };
    return true;
}

struct principal principal_anonymous(struct slice account_id, struct arena *arena)
{
    struct slice arn = arena_printf(arena, "arn:aws:iam::%.*s:anonymous", SLICE_ARGS(account_id));

    return (struct principal){
        .kind = PRINCIPAL_ANONYMOUS,
        .access_key_id = {"", 0},
        .account = account_id,
        .arn = arn,
        .principal_arn = arn,
        .user_id = account_id,
    };
}

void principal_release(struct principal *principal)
{
    *principal = (struct principal){.kind = PRINCIPAL_NONE};
}
