#include "auth/digest.h"

#include <pthread.h>
#include <stdlib.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/check.h"

enum { BLOCK = 64 };

struct digest {
    EVP_MD_CTX *context;
};

static EVP_MD *sha256; /* fetched once, kept until the process ends */
static pthread_once_t fetched = PTHREAD_ONCE_INIT;

static void let_go(void)
{
    EVP_MD_free(sha256);
}

static void fetch(void)
{
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    CHECK(sha256 != NULL);
    CHECK(OPENSSL_atexit(let_go) == 1);
}

struct digest *digest_create(void)
{
    struct digest *digest = malloc(sizeof(*digest));

    CHECK(digest != NULL);
    CHECK(pthread_once(&fetched, fetch) == 0);
    digest->context = EVP_MD_CTX_new();
    CHECK(digest->context != NULL);
    return digest;
}

void digest_destroy(struct digest *digest)
{
    if (digest == NULL)
        return;
    EVP_MD_CTX_free(digest->context);
    free(digest);
}

static void begin(struct digest *digest)
{
    CHECK(EVP_DigestInit_ex(digest->context, sha256, NULL) == 1);
}

static void add(struct digest *digest, const void *bytes, size_t len)
{
    CHECK(len == 0 || EVP_DigestUpdate(digest->context, bytes, len) == 1);
}

static void end(struct digest *digest, unsigned char out[SHA256_LENGTH])
{
    CHECK(EVP_DigestFinal_ex(digest->context, out, NULL) == 1);
}

void digest_sha256(struct digest *digest, struct slice bytes, unsigned char out[SHA256_LENGTH])
{
    begin(digest);
    add(digest, bytes.ptr, bytes.len);
    end(digest, out);
}

/* RFC 2104: H(key ^ opad, H(key ^ ipad, message)). OpenSSL's own HMAC looks its algorithm up at each call. */
void digest_hmac(struct digest *digest, struct slice key, struct slice message,
                 unsigned char out[SHA256_LENGTH])
{
    unsigned char block[BLOCK] = {0}, inner[SHA256_LENGTH];

    if (key.len > BLOCK)
        digest_sha256(digest, key, block);
    else if (key.len > 0)
        memcpy(block, key.ptr, key.len);
    for (size_t i = 0; i < BLOCK; i++)
        block[i] ^= 0x36;
    begin(digest);
    add(digest, block, BLOCK);
    add(digest, message.ptr, message.len);
    end(digest, inner);
    for (size_t i = 0; i < BLOCK; i++)
        block[i] ^= 0x36 ^ 0x5c;
    begin(digest);
    add(digest, block, BLOCK);
    add(digest, inner, sizeof(inner));
    end(digest, out);
    OPENSSL_cleanse(block, sizeof(block));
}

void digest_hex(const unsigned char bytes[SHA256_LENGTH], char out[SHA256_HEX_LENGTH])
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < SHA256_LENGTH; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
}
