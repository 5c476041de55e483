#include "auth/authenticator.h"

#include <pthread.h>
#include <stdlib.h>

#include <openssl/crypto.h>

#include "auth/digest.h"
#include "auth/holder.h"
#include "auth/sigv4.h"
#include "base/check.h"
#include "base/hash.h"
#include "directory/directory.h"
#include "iam/evaluate.h"

/*
 * The signing keys in use: each is of one access key, day, region and service. A key's place is given by the
 * hash of all that, which is what a claim has as its credential, and a newer one takes it from an older; so
 * the cache is bounded, and the worst that a client can do is to have keys derived again. What an access key
 * id stands for never changes, so none is ever wrong.
 */
enum { CACHED_KEYS = 1024, CACHED_CREDENTIAL_LIMIT = 128, ACCOUNT_ID_LIMIT = 16, ARN_LIMIT = 64 };

struct cached_key {
    char credential[CACHED_CREDENTIAL_LIMIT];
    size_t length; /* 0: empty */
    unsigned char key[SHA256_LENGTH];
};

struct authenticator {
    struct credentials root;
    char account_id[ACCOUNT_ID_LIMIT];
    char root_arn[ARN_LIMIT];
    struct directory *directory;
    struct holders *holders; /* NULL: there is nobody but root */
    pthread_mutex_t lock;    /* of `keys` */
    struct cached_key keys[CACHED_KEYS];
};

struct authenticator *authenticator_create(const struct authenticator_settings *settings)
{
    struct authenticator *authenticator = calloc(1, sizeof(*authenticator));
    struct slice account_id = settings->account_id;

    CHECK(authenticator != NULL && account_id.len < ACCOUNT_ID_LIMIT);
    authenticator->root = *settings->root;
    snprintf(authenticator->account_id, ACCOUNT_ID_LIMIT, "%.*s", SLICE_ARGS(account_id));
    snprintf(authenticator->root_arn, ARN_LIMIT, "arn:aws:iam::%.*s:root", SLICE_ARGS(account_id));
    CHECK(pthread_mutex_init(&authenticator->lock, NULL) == 0);
    authenticator->directory = settings->directory;
    if (settings->directory != NULL)
        authenticator->holders = holders_create(settings->directory, account_id, settings->session_keys);
    return authenticator;
}

void authenticator_destroy(struct authenticator *authenticator)
{
    if (authenticator == NULL)
        return;
    holders_destroy(authenticator->holders);
    pthread_mutex_destroy(&authenticator->lock);
    OPENSSL_cleanse(authenticator, sizeof(*authenticator));
    free(authenticator);
}

static struct cached_key *place(struct authenticator *authenticator, struct slice credential)
{
    return &authenticator->keys[hash_bytes(credential) % CACHED_KEYS];
}

static bool recall(struct authenticator *authenticator, struct slice credential,
                   unsigned char key[SHA256_LENGTH])
{
    struct cached_key *cached = place(authenticator, credential);

    pthread_mutex_lock(&authenticator->lock);
    bool found =
        cached->length > 0 && slice_equal((struct slice){cached->credential, cached->length}, credential);
    if (found)
        memcpy(key, cached->key, SHA256_LENGTH);
    pthread_mutex_unlock(&authenticator->lock);
    return found;
}

static void remember(struct authenticator *authenticator, struct slice credential,
                     const unsigned char key[SHA256_LENGTH])
{
    struct cached_key *cached = place(authenticator, credential);

    if (credential.len > CACHED_CREDENTIAL_LIMIT)
        return;
    pthread_mutex_lock(&authenticator->lock);
    memcpy(cached->credential, credential.ptr, credential.len);
    cached->length = credential.len;
    memcpy(cached->key, key, SHA256_LENGTH);
    pthread_mutex_unlock(&authenticator->lock);
}

static void signing_key(struct authenticator *authenticator, struct digest *digest,
                        const struct sigv4_claim *claim, struct slice secret,
                        unsigned char key[SHA256_LENGTH])
{
    if (recall(authenticator, claim->credential, key))
        return;
    sigv4_signing_key(digest, secret, claim->date, claim->region, claim->service, key);
    remember(authenticator, claim->credential, key);
}

/* What is asked of a signature, on its way through the checks. */
struct checking {
    struct authenticator *authenticator;
    const struct http_request *request;
    const struct sigv4_claim *claim;
    const struct slice *payload_hash; /* NULL: that of the body */
    const char *service;
    struct sigv4_proof *proof; /* NULL: nobody wants it */
    struct arena *arena;
    struct failure *failure;
};

static bool verify(const struct checking *checking, struct slice secret)
{
    const struct sigv4_claim *claim = checking->claim;
    struct digest *digest = digest_create();
    unsigned char key[SHA256_LENGTH];
    char signature[SHA256_HEX_LENGTH];
    struct slice payload = checking->payload_hash != NULL
                               ? *checking->payload_hash
                               : sigv4_payload_hash(checking->request, checking->arena, digest);
    struct slice canonical = sigv4_canonical_request(checking->request, claim, payload, checking->arena);
    struct slice to_sign = sigv4_string_to_sign(claim, canonical, checking->arena, digest);

    signing_key(checking->authenticator, digest, claim, secret, key);
    sigv4_signature(digest, key, to_sign, signature);
    digest_destroy(digest);
    if (checking->proof != NULL) {
        checking->proof->canonical_request = canonical;
        checking->proof->string_to_sign = to_sign;
        memcpy(checking->proof->signing_key, key, sizeof(key));
    }
    OPENSSL_cleanse(key, sizeof(key));
    if (sigv4_signatures_equal(claim->signature, signature))
        return true;
    return fail(checking->failure, ERROR_INVALID_SIGNATURE,
                "The request signature we calculated does not match the signature you provided. Check your "
                "AWS Secret "
                "Access Key and signing method. Consult the service documentation for details.\n\n"
                "The Canonical String for this request should have been\n'%.*s'\n\n"
                "The String-to-Sign should have been\n'%.*s'\n",
                SLICE_ARGS(canonical), SLICE_ARGS(to_sign));
}

static bool unknown(struct failure *failure)
{
    return fail(failure, ERROR_UNRECOGNIZED_CLIENT, "The security token included in the request is invalid.");
}

/* Lasting credentials have no token. */
static bool check_untold(const struct sigv4_claim *claim, struct failure *failure)
{
    return claim->security_token.len == 0 ||
           fail(failure, ERROR_UNRECOGNIZED_CLIENT, "The security token included in the request is invalid");
}

static bool check_root(const struct checking *checking, struct principal *principal)
{
    struct authenticator *authenticator = checking->authenticator;

    if (!verify(checking, slice_of(authenticator->root.secret_access_key)) ||
        !check_untold(checking->claim, checking->failure))
        return false;
    *principal = (struct principal){
        .kind = PRINCIPAL_ROOT,
        .access_key_id = checking->claim->access_key_id,
        .account = slice_of(authenticator->account_id),
        .arn = slice_of(authenticator->root_arn),
        .principal_arn = slice_of(authenticator->root_arn),
        .user_id = slice_of(authenticator->account_id),
    };
    return true;
}

/* Only a session's token is looked at here. */
static bool find_holder(struct authenticator *authenticator, const struct sigv4_claim *claim, int64_t now,
                        struct failure *failure, const struct holder **holder)
{
    bool temporary = session_is_key_id(claim->access_key_id);

    if (authenticator->holders == NULL || (temporary && claim->security_token.len == 0))
        return unknown(failure);
    switch (holders_find(authenticator->holders, claim->access_key_id,
                         temporary ? claim->security_token : SLICE(""), now, holder)) {
    case HOLDER_FOUND:
        return true;
    case HOLDER_EXPIRED:
        return fail(failure, ERROR_EXPIRED_TOKEN, "The security token included in the request is expired");
    case HOLDER_UNREADABLE:
        return fail(failure, ERROR_INTERNAL_FAILURE,
                    "What the server keeps of its users and roles cannot be read");
    case HOLDER_UNKNOWN:
        break;
    }
    return unknown(failure);
}

/* "You cannot call any IAM API operations unless MFA authentication information is included in the request",
 * which it cannot be here; with GetFederationToken's credentials never. AWS: API_GetSessionToken,
 * API_GetFederationToken. */
static bool check_service(const struct holder *holder, const char *service, struct failure *failure)
{
    enum principal_credentials credentials = holder->principal.credentials;
    bool limited = credentials == CREDENTIALS_SESSION_TOKEN || credentials == CREDENTIALS_FEDERATION;

    return !limited || strcmp(service, "iam") != 0 || unknown(failure);
}

static bool check_holder(const struct checking *checking, const struct holder *holder)
{
    return verify(checking, holder->secret) &&
           (holder->principal.credentials != CREDENTIALS_LASTING ||
            check_untold(checking->claim, checking->failure)) &&
           check_service(holder, checking->service, checking->failure);
}

static bool check(const struct checking *checking, int64_t now, struct principal *principal)
{
    struct authenticator *authenticator = checking->authenticator;
    const struct sigv4_claim *claim = checking->claim;
    const struct holder *holder;

    if (slice_is(claim->access_key_id, authenticator->root.access_key_id))
        return check_root(checking, principal);
    if (!find_holder(authenticator, claim, now, checking->failure, &holder))
        return false;
    if (!check_holder(checking, holder)) {
        holder_release(holder);
        return false;
    }
    *principal = holder->principal;
    principal->access_key_id = claim->access_key_id;
    principal->held = holder;
    if (principal->credentials == CREDENTIALS_LASTING)
        directory_key_used(authenticator->directory, claim->access_key_id, claim->service, claim->region,
                           now * 1000);
    return true;
}

bool authenticator_check(struct authenticator *authenticator, const struct http_request *request,
                         const char *service, int64_t now, struct arena *arena, struct failure *failure,
                         struct principal *principal)
{
    struct sigv4_claim claim;
    const struct checking checking = {.authenticator = authenticator,
                                      .request = request,
                                      .claim = &claim,
                                      .service = service,
                                      .arena = arena,
                                      .failure = failure};

    return sigv4_read_claim(request, arena, failure, &claim) &&
           sigv4_check_time(&claim, now, arena, failure) && sigv4_check_form(&claim, failure) &&
           sigv4_check_headers(request, &claim, failure) &&
           sigv4_check_scope(&claim, service, arena, failure) && check(&checking, now, principal);
}

bool authenticator_check_claim(struct authenticator *authenticator, const struct http_request *request,
                               const struct sigv4_claim *claim, struct slice payload_hash, int64_t now,
                               struct arena *arena, struct failure *failure, struct principal *principal,
                               struct sigv4_proof *proof)
{
    const char *service = arena_copy(arena, claim->service).ptr;
    const struct checking checking = {.authenticator = authenticator,
                                      .request = request,
                                      .claim = claim,
                                      .payload_hash = &payload_hash,
                                      .service = service,
                                      .proof = proof,
                                      .arena = arena,
                                      .failure = failure};

    return check(&checking, now, principal);
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

struct principal principal_unsigned(void)
{
    static const struct authority nothing = {.principal.kind = IAM_ANYBODY};

    return (struct principal){.kind = PRINCIPAL_UNSIGNED, .authority = &nothing};
}

void principal_release(struct principal *principal)
{
    holder_release(principal->held);
    *principal = (struct principal){.kind = PRINCIPAL_NONE};
}
