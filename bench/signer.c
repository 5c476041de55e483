#include "signer.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

enum { DIGEST_BYTES = 32, HEX_BYTES = 2 * DIGEST_BYTES };

static const char content_type[] = "application/x-amz-json-1.0";
static const char signed_headers[] = "content-type;host;x-amz-date;x-amz-target";
static const char signed_headers_and_token[] =
    "content-type;host;x-amz-date;x-amz-security-token;x-amz-target";

struct signer {
    const char *host;
    const char *region;
    const char *access_key;
    const char *secret_key;
    const char *token; /* NULL: none */
    EVP_MD *sha256;    /* fetched once: a fetch a request would cost more than the hash */
    EVP_MD_CTX *digest;
    EVP_MAC *hmac;
    EVP_MAC_CTX *mac; /* keyed with the signing key of `day` */
    time_t second;    /* the second that `stamp` shows */
    char stamp[17];   /* 20250102T030405Z */
    char day[9];      /* 20250102 */
    struct text canonical;
    struct text to_sign;
};

struct signer *signer_create(const char *host, const char *region, const char *access_key,
                             const char *secret_key, const char *token)
{
    struct signer *signer = calloc(1, sizeof *signer);
    if (!signer)
        die("out of memory");
    signer->host = host;
    signer->region = region;
    signer->access_key = access_key;
    signer->secret_key = secret_key;
    signer->token = token;
    signer->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    signer->digest = EVP_MD_CTX_new();
    signer->hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    signer->mac = signer->hmac ? EVP_MAC_CTX_new(signer->hmac) : NULL;
    if (!signer->sha256 || !signer->digest || !signer->mac)
        die("libcrypto has no SHA-256 or HMAC");
    return signer;
}

void signer_destroy(struct signer *signer)
{
    if (!signer)
        return;
    EVP_MAC_CTX_free(signer->mac);
    EVP_MAC_free(signer->hmac);
    EVP_MD_CTX_free(signer->digest);
    EVP_MD_free(signer->sha256);
    text_finish(&signer->canonical);
    text_finish(&signer->to_sign);
    free(signer);
}

static void hex(const unsigned char digest[DIGEST_BYTES], char out[HEX_BYTES])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        out[2 * i] = digits[digest[i] >> 4];
        out[2 * i + 1] = digits[digest[i] & 15];
    }
}

static void hash(struct signer *signer, const struct text *text, char out[HEX_BYTES])
{
    unsigned char digest[DIGEST_BYTES];
    if (!EVP_DigestInit_ex2(signer->digest, signer->sha256, NULL) ||
        !EVP_DigestUpdate(signer->digest, text->data, text->len) ||
        !EVP_DigestFinal_ex(signer->digest, digest, NULL))
        die("SHA-256 failed");
    hex(digest, out);
}

static void derive(const void *key, size_t key_len, const char *message, unsigned char out[DIGEST_BYTES])
{
    if (!HMAC(EVP_sha256(), key, (int)key_len, (const unsigned char *)message, strlen(message), out, NULL))
        die("HMAC failed");
}

/* https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, "Derive a
 * signing key" */
static void use_day(struct signer *signer)
{
    struct text secret = {0};
    unsigned char key[DIGEST_BYTES];
    text_append_format(&secret, "AWS4%s", signer->secret_key);
    derive(secret.data, secret.len, signer->day, key);
    derive(key, sizeof key, signer->region, key);
    derive(key, sizeof key, "dynamodb", key);
    derive(key, sizeof key, "aws4_request", key);
    text_finish(&secret);

    char name[] = "SHA256";
    OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                           OSSL_PARAM_construct_end()};
    if (!EVP_MAC_init(signer->mac, key, sizeof key, params))
        die("HMAC failed");
}

static void use_now(struct signer *signer)
{
    time_t now = time(NULL);
    if (now == signer->second)
        return;
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(signer->stamp, sizeof signer->stamp, "%Y%m%dT%H%M%SZ", &utc);
    signer->second = now;
    if (memcmp(signer->day, signer->stamp, 8) != 0) {
        memcpy(signer->day, signer->stamp, 8);
        use_day(signer);
    }
}

static void sign(struct signer *signer, char out[HEX_BYTES])
{
    unsigned char digest[DIGEST_BYTES];
    size_t len = 0;
    if (!EVP_MAC_init(signer->mac, NULL, 0, NULL) ||
        !EVP_MAC_update(signer->mac, (const unsigned char *)signer->to_sign.data, signer->to_sign.len) ||
        !EVP_MAC_final(signer->mac, digest, &len, sizeof digest) || len != sizeof digest)
        die("HMAC failed");
    hex(digest, out);
}

void signer_sign(struct signer *signer, const char *operation, const struct text *body, struct text *request)
{
    char hashed[HEX_BYTES], signature[HEX_BYTES];
    const char *api = strchr(operation, '.') ? "" : "DynamoDB_20120810.";
    const char *token = signer->token ? signer->token : "";
    const char *headers = signer->token ? signed_headers_and_token : signed_headers;
    use_now(signer);

    hash(signer, body, hashed);
    signer->canonical.len = 0;
    text_append_format(
        &signer->canonical,
        "POST\n/\n\ncontent-type:%s\nhost:%s\nx-amz-date:%s\n%s%s%sx-amz-target:%s%s\n\n%s\n%.*s",
        content_type, signer->host, signer->stamp, *token ? "x-amz-security-token:" : "", token,
        *token ? "\n" : "", api, operation, headers, HEX_BYTES, hashed);
    hash(signer, &signer->canonical, hashed);
    signer->to_sign.len = 0;
    text_append_format(&signer->to_sign, "AWS4-HMAC-SHA256\n%s\n%s/%s/dynamodb/aws4_request\n%.*s",
                       signer->stamp, signer->day, signer->region, HEX_BYTES, hashed);
    sign(signer, signature);

    request->len = 0;
    text_append_format(
        request,
        "POST / HTTP/1.1\r\nHost: %s\r\nUser-Agent: turntable-bench\r\nAccept-Encoding: identity\r\n"
        "Content-Type: %s\r\nContent-Length: %zu\r\nX-Amz-Date: %s\r\n%s%s%sX-Amz-Target: %s%s\r\n"
        "Authorization: AWS4-HMAC-SHA256 Credential=%s/%s/%s/dynamodb/aws4_request, SignedHeaders=%s, "
        "Signature=%.*s\r\n\r\n",
        signer->host, content_type, body->len, signer->stamp, *token ? "X-Amz-Security-Token: " : "", token,
        *token ? "\r\n" : "", api, operation, signer->access_key, signer->day, signer->region, headers,
        HEX_BYTES, signature);
    text_append(request, body->data, body->len);
}
