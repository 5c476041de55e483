/*
 * What users are told by mail on AWS: codes and invitations. There is no mail here: they are written to the
 * server's log when they are committed, and told by `turntable users codes`.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "services/cognito_idp/idp_input.h"
#include "services/cognito_idp/user.h"

enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE, DAY = 24 * HOUR, SENT_AN_HOUR = 20 };

/* ---- telling ---- */

/* Texts of users go to a terminal: no control characters. */
static struct slice printable(struct arena *arena, struct slice text)
{
    struct slice copy = arena_copy(arena, text);
    char *bytes = (char *)(uintptr_t)copy.ptr;

    for (size_t i = 0; i < copy.len; i++) {
        if ((unsigned char)bytes[i] < ' ' || bytes[i] == 0x7F ||
            ((unsigned char)bytes[i] == 0xC2 && i + 1 < copy.len && (unsigned char)bytes[i + 1] < 0xA0))
            bytes[i] = '?';
    }
    return copy;
}

static void log_line(struct request *request)
{
    fprintf(stderr, "turntable: %s\n", (const char *)request->committed_context);
}

/* Once it is true: after the commit. One message goes out with a request. */
static void tell(struct request *request, struct slice text)
{
    request->committed = log_line;
    request->committed_context = (void *)(uintptr_t)printable(request->arena, text).ptr;
}

void user_send_invitation(struct request *request, const struct user_pool *pool, const struct user *user)
{
    tell(request, arena_printf(request->arena, "the temporary password of %.*s in %.*s is %.*s",
                               SLICE_ARGS(user->name), SLICE_ARGS(pool->id), SLICE_ARGS(user->invitation)));
}

static struct slice first_character(struct slice text)
{
    size_t length = text.len > 0;

    while (length < text.len && (text.ptr[length] & 0xC0) == 0x80)
        length++;
    return (struct slice){text.ptr, length};
}

static struct slice masked(struct arena *arena, bool is_email, struct slice destination)
{
    const char *at = memchr(destination.ptr, '@', destination.len);

    if (is_email && at != NULL)
        return arena_printf(
            arena, "%.*s***@%.*s***", SLICE_ARGS(first_character(destination)),
            SLICE_ARGS(first_character(slice_skip(destination, (size_t)(at - destination.ptr) + 1))));
    size_t shown = destination.len < 5 ? 0 : 4;
    return arena_printf(arena, "+*******%.*s", (int)shown, destination.ptr + destination.len - shown);
}

void user_write_delivery(struct buffer *out, struct arena *arena, const char *attribute,
                         struct slice destination)
{
    bool first = true, is_email = strcmp(attribute, "email") == 0;

    buffer_append_byte(out, '{');
    json_write_string_member(out, &first, "Destination", masked(arena, is_email, destination));
    json_write_string_member(out, &first, "DeliveryMedium", is_email ? SLICE("EMAIL") : SLICE("SMS"));
    json_write_string_member(out, &first, "AttributeName", slice_of(attribute));
    buffer_append_byte(out, '}');
}

/* ---- making ---- */

static struct user_code *find(struct user *user, struct slice purpose)
{
    for (size_t i = 0; i < user->code_count; i++) {
        if (slice_equal(user->codes[i].purpose, purpose))
            return &user->codes[i];
    }
    return NULL;
}

static struct user_code *find_or_add(struct user *user, struct slice purpose)
{
    struct user_code *code = find(user, purpose);

    if (code != NULL)
        return code;
    /* There are as many purposes as places. */
    code = &user->codes[user->code_count < USER_CODES ? user->code_count++ : USER_CODES - 1];
    *code = (struct user_code){.purpose = purpose};
    return code;
}

static bool too_many(struct request *request)
{
    return fail(&request->failure, ERROR_IDP_LIMIT_EXCEEDED,
                "Attempt limit exceeded, please try after some time.");
}

/* Whether an hour that began then is over; also when the clock was set back. */
static bool is_over(int64_t since, int64_t now)
{
    return now < since || now - since >= HOUR;
}

bool user_send_code(struct request *request, const struct user_pool *pool, struct user *user,
                    struct slice purpose, const char *attribute, struct slice destination,
                    struct slice pending)
{
    int64_t now = clock_now();
    struct user_code *code = find_or_add(user, purpose);
    int64_t wrong = is_over(code->guessed, now) ? 0 : code->code.wrong;

    if (is_over(code->sent_since, now)) {
        code->sent = 0;
        code->sent_since = now;
    }
    if (code->sent++ >= SENT_AN_HOUR)
        return too_many(request);
    code->destination = destination;
    code->pending = pending;
    code_create(&code->code, now, slice_is(purpose, "ForgotPassword") ? HOUR : DAY);
    code->code.wrong = wrong; /* who asks for new codes has no more guesses for it */
    tell(request, arena_printf(request->arena, "the code of %.*s in %.*s is %.*s (%.*s, to the %s %.*s)",
                               SLICE_ARGS(user->name), SLICE_ARGS(pool->id), CODE_LENGTH, code->code.digits,
                               SLICE_ARGS(purpose), attribute, SLICE_ARGS(destination)));
    return true;
}

/* ---- judging ---- */

bool user_code_mismatch(struct request *request)
{
    return fail(&request->failure, ERROR_IDP_CODE_MISMATCH,
                "Invalid verification code provided, please try again.");
}

bool user_code_expired(struct request *request)
{
    return fail(&request->failure, ERROR_IDP_EXPIRED_CODE,
                "Invalid code provided, please request a code again.");
}

bool user_take_code(struct request *request, struct user *user, struct slice purpose, struct slice guess,
                    struct user_code *out, bool *counted)
{
    struct user_code *code = find(user, purpose);
    int64_t now = clock_now();

    *counted = false;
    if (code == NULL || code->code.expires == 0)
        return user_code_expired(request);
    if (code->code.wrong > 0 && is_over(code->guessed, now))
        code->code.wrong = 0;
    if (code->code.wrong == 0)
        code->guessed = now;
    switch (code_check(&code->code, guess, now)) {
    case CODE_RIGHT:
        *out = *code;
        code->code = (struct code){.wrong = 0};
        code->pending = code->destination = SLICE("");
        return true;
    case CODE_WRONG:
        *counted = true;
        return user_code_mismatch(request);
    case CODE_EXPIRED:
        return user_code_expired(request);
    case CODE_ATTEMPTS:
        break;
    }
    return too_many(request);
}

/* ---- recovery ---- */

/* AWS: API reference, AccountRecoverySettingType. A pool that does not say tries the phone first. */
const char *user_recovery(const struct user_pool *pool, const struct user *user, bool *admin_only)
{
    const struct json *setting = json_get_present(pool->values, "AccountRecoverySetting");
    const struct json *list = json_get_present(setting, "RecoveryMechanisms");
    const char *best = NULL;
    int64_t best_priority = INT64_MAX;

    *admin_only = false;
    if (idp_count(list) == 0)
        return user_is_verified(user, "phone_number") ? "phone_number"
               : user_is_verified(user, "email")      ? "email"
                                                      : NULL;
    for (size_t i = 0; i < list->array.count; i++) {
        const struct json *entry = &list->array.items[i];
        struct slice name = shape_text(entry, "Name");
        int64_t priority = shape_number(entry, "Priority", INT64_MAX - 1);
        const char *attribute = slice_is(name, "verified_email") ? "email" : "phone_number";
        if (slice_is(name, "admin_only"))
            *admin_only = true;
        else if (user_is_verified(user, attribute) && priority < best_priority) {
            best = attribute;
            best_priority = priority;
        }
    }
    return best;
}
