#include "signin/code.h"

#include <openssl/crypto.h>

#include "base/clock.h"

/* Each of the million is as likely as any other: draws that a remainder would favour are drawn again. */
void code_create(struct code *code, int64_t now, int64_t lifetime)
{
    enum { CODES = 1000000 };
    const uint32_t fair = UINT32_MAX - UINT32_MAX % CODES;
    uint32_t number;

    do {
        random_bytes(&number, sizeof(number));
    } while (number >= fair);
    number %= CODES;
    for (size_t i = CODE_LENGTH; i > 0; i--, number /= 10)
        code->digits[i - 1] = (char)('0' + number % 10);
    code->expires = now + lifetime;
    code->wrong = 0;
}

enum code_verdict code_check(struct code *code, struct slice guess, int64_t now)
{
    if (code->wrong >= CODE_GUESSES)
        return CODE_ATTEMPTS;
    if (now >= code->expires)
        return CODE_EXPIRED;
    if (guess.len == CODE_LENGTH && CRYPTO_memcmp(guess.ptr, code->digits, CODE_LENGTH) == 0)
        return CODE_RIGHT;
    code->wrong++;
    return CODE_WRONG;
}
