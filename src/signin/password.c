#include "signin/password.h"

#include "base/characters.h"
#include "base/check.h"
#include "base/clock.h"

enum { FREE_ATTEMPTS = 5, SECOND = 1000, LONGEST = 15 * 60 * SECOND };

#define UPPERCASE "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LOWERCASE "abcdefghijklmnopqrstuvwxyz"
#define NUMBERS   "0123456789"
/* AWS: "Adding user pool password requirements". The space does not count at either end. */
#define SYMBOLS "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+-"

static bool has_one_of(struct slice text, const char *characters)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '\0' && strchr(characters, text.ptr[i]) != NULL)
            return true;
    }
    return false;
}

static bool has_symbol(struct slice text)
{
    return has_one_of(text, SYMBOLS) || (text.len > 2 && memchr(text.ptr + 1, ' ', text.len - 2) != NULL);
}

const char *password_problem(const struct password_policy *policy, struct slice password)
{
    if ((int64_t)utf8_length(password) < policy->minimum_length)
        return "Password not long enough";
    if (policy->uppercase && !has_one_of(password, UPPERCASE))
        return "Password must have uppercase characters";
    if (policy->lowercase && !has_one_of(password, LOWERCASE))
        return "Password must have lowercase characters";
    if (policy->numbers && !has_one_of(password, NUMBERS))
        return "Password must have numeric characters";
    if (policy->symbols && !has_symbol(password))
        return "Password must have symbol characters";
    return NULL;
}

/* A number below `limit` (up to 256), each as likely as any other. */
static unsigned draw(unsigned limit)
{
    unsigned fair = 256 - 256 % limit;
    unsigned char byte;

    do {
        random_bytes(&byte, 1);
    } while (byte >= fair);
    return byte % limit;
}

/* One of each kind, the rest of any, in a random order. */
void password_create(char out[PASSWORD_RANDOM_LENGTH])
{
    static const char *const kinds[] = {UPPERCASE, LOWERCASE, NUMBERS, "!@#%&*+-=?",
                                        UPPERCASE LOWERCASE NUMBERS};
    enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

    for (unsigned i = 0; i < PASSWORD_RANDOM_LENGTH; i++) {
        const char *kind = kinds[i < KINDS ? i : KINDS - 1];
        out[i] = kind[draw((unsigned)strlen(kind))];
    }
    for (unsigned i = PASSWORD_RANDOM_LENGTH - 1; i > 0; i--) {
        unsigned other = draw(i + 1);
        char kept = out[i];
        out[i] = out[other];
        out[other] = kept;
    }
}

/* ---- guesses ---- */

static int64_t lock_time(int64_t failed)
{
    int64_t doublings = failed - FREE_ATTEMPTS;

    if (doublings < 0)
        return 0;
    return doublings < 10 ? SECOND << doublings : LONGEST;
}

/* A clock that was set back locks nobody out for longer. */
bool attempts_locked(const struct attempts *attempts, int64_t now)
{
    int64_t passed = now - attempts->last;

    return passed >= 0 && passed < lock_time(attempts->failed);
}

void attempts_add(struct attempts *attempts, int64_t now)
{
    int64_t quiet = lock_time(attempts->failed) + LONGEST;

    CHECK(attempts->failed >= 0);
    if (now - attempts->last >= quiet)
        attempts->failed = 0;
    if (attempts->failed < 1000)
        attempts->failed++;
    attempts->last = now;
}
