#include "signin/seal.h"

#include <openssl/evp.h>

#include "base/base64.h"
#include "base/buffer.h"
#include "base/check.h"
#include "base/clock.h"

enum { FORMAT = 1, NONCE_LENGTH = 12, TAG_LENGTH = 16, HEAD_LENGTH = 1 + NONCE_LENGTH };

static const unsigned char *bytes_of(struct slice text)
{
    return (const unsigned char *)text.ptr;
}

struct slice seal(struct arena *arena, struct slice key, const char *purpose, struct slice plain)
{
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    size_t length = HEAD_LENGTH + plain.len + TAG_LENGTH;
    unsigned char *bytes = arena_alloc(arena, length);
    struct buffer text;
    int done;

    CHECK(context != NULL && key.len == SEAL_KEY_LENGTH && plain.len <= SEAL_LIMIT);
    bytes[0] = FORMAT;
    random_bytes(bytes + 1, NONCE_LENGTH);
    CHECK(EVP_EncryptInit_ex2(context, EVP_aes_256_gcm(), bytes_of(key), bytes + 1, NULL) == 1);
    CHECK(EVP_EncryptUpdate(context, NULL, &done, (const unsigned char *)purpose, (int)strlen(purpose)) == 1);
    CHECK(EVP_EncryptUpdate(context, bytes + HEAD_LENGTH, &done, bytes_of(plain), (int)plain.len) == 1);
    CHECK((size_t)done == plain.len);
    CHECK(EVP_EncryptFinal_ex(context, bytes + HEAD_LENGTH + plain.len, &done) == 1 && done == 0);
    CHECK(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, TAG_LENGTH, bytes + length - TAG_LENGTH) == 1);
    EVP_CIPHER_CTX_free(context);
    buffer_init(&text);
    base64url_encode(&text, (struct slice){(char *)bytes, length});
    struct slice kept = arena_copy(arena, buffer_slice(&text));
    buffer_finish(&text);
    return kept;
}

/* `bytes` has the length of a sealed text at least. */
static bool decrypt(struct slice key, const char *purpose, struct slice bytes, unsigned char *out)
{
    unsigned char tag[TAG_LENGTH];
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    const unsigned char *at = bytes_of(bytes);
    size_t length = bytes.len - HEAD_LENGTH - TAG_LENGTH;
    int done;

    CHECK(context != NULL && key.len == SEAL_KEY_LENGTH);
    memcpy(tag, at + bytes.len - TAG_LENGTH, TAG_LENGTH);
    CHECK(EVP_DecryptInit_ex2(context, EVP_aes_256_gcm(), bytes_of(key), at + 1, NULL) == 1);
    CHECK(EVP_DecryptUpdate(context, NULL, &done, (const unsigned char *)purpose, (int)strlen(purpose)) == 1);
    CHECK(EVP_DecryptUpdate(context, out, &done, at + HEAD_LENGTH, (int)length) == 1);
    CHECK(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, TAG_LENGTH, tag) == 1);
    bool right = EVP_DecryptFinal_ex(context, out + length, &done) == 1;
    EVP_CIPHER_CTX_free(context);
    return right;
}

bool unseal(struct arena *arena, struct slice key, const char *purpose, struct slice text,
            struct slice *plain)
{
    struct slice bytes;

    *plain = (struct slice){NULL, 0};
    if (text.len > SEAL_LIMIT * 2 || !base64url_decode(arena, text, &bytes) ||
        bytes.len < HEAD_LENGTH + TAG_LENGTH || bytes.ptr[0] != FORMAT)
        return false;
    unsigned char *out = arena_alloc(arena, bytes.len);
    if (!decrypt(key, purpose, bytes, out))
        return false;
    *plain = (struct slice){(char *)out, bytes.len - HEAD_LENGTH - TAG_LENGTH};
    return true;
}
