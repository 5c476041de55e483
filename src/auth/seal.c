#include "auth/seal.h"

#include <limits.h>
#include <pthread.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/check.h"
#include "base/clock.h"

enum { FORMAT = 1, NONCE_SIZE = 12, TAG_SIZE = 16 };

static EVP_CIPHER *aes; /* fetched once, kept until the process ends */
static pthread_once_t fetched = PTHREAD_ONCE_INIT;

static void let_go(void)
{
    EVP_CIPHER_free(aes);
}

static void fetch(void)
{
    aes = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
    CHECK(aes != NULL);
    CHECK(OPENSSL_atexit(let_go) == 1);
}

static EVP_CIPHER_CTX *context_create(void)
{
    CHECK(pthread_once(&fetched, fetch) == 0);
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    CHECK(context != NULL);
    return context;
}

struct slice seal_close(struct arena *arena, const unsigned char key[SEAL_KEY_SIZE], struct slice bytes)
{
    unsigned char *sealed = arena_alloc(arena, bytes.len + SEAL_EXCESS);
    unsigned char *nonce = sealed + 1, *at = nonce + NONCE_SIZE;
    EVP_CIPHER_CTX *context = context_create();
    int length = 0;

    CHECK(bytes.len <= INT_MAX);
    sealed[0] = FORMAT;
    random_bytes(nonce, NONCE_SIZE);
    CHECK(EVP_EncryptInit_ex(context, aes, NULL, key, nonce) == 1);
    CHECK(EVP_EncryptUpdate(context, NULL, &length, sealed, 1) == 1);
    CHECK(bytes.len == 0 ||
          EVP_EncryptUpdate(context, at, &length, (const unsigned char *)bytes.ptr, (int)bytes.len) == 1);
    CHECK(EVP_EncryptFinal_ex(context, at + bytes.len, &length) == 1);
    CHECK(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, TAG_SIZE, at + bytes.len) == 1);
    EVP_CIPHER_CTX_free(context);
    return (struct slice){(char *)sealed, bytes.len + SEAL_EXCESS};
}

bool seal_open(struct arena *arena, const unsigned char key[SEAL_KEY_SIZE], struct slice sealed,
               struct slice *out)
{
    const unsigned char *bytes = (const unsigned char *)sealed.ptr, *at = bytes + 1 + NONCE_SIZE;
    unsigned char tag[TAG_SIZE];
    int length = 0;

    if (sealed.len < SEAL_EXCESS || sealed.len > INT_MAX || bytes[0] != FORMAT)
        return false;
    size_t size = sealed.len - SEAL_EXCESS;
    unsigned char *opened = arena_alloc(arena, size);
    EVP_CIPHER_CTX *context = context_create();
    memcpy(tag, at + size, TAG_SIZE);
    CHECK(EVP_DecryptInit_ex(context, aes, NULL, key, bytes + 1) == 1);
    CHECK(EVP_DecryptUpdate(context, NULL, &length, bytes, 1) == 1);
    CHECK(size == 0 || EVP_DecryptUpdate(context, opened, &length, at, (int)size) == 1);
    CHECK(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, TAG_SIZE, tag) == 1);
    bool genuine = EVP_DecryptFinal_ex(context, opened + size, &length) == 1;
    EVP_CIPHER_CTX_free(context);
    *out = (struct slice){(char *)opened, genuine ? size : 0};
    return genuine;
}
