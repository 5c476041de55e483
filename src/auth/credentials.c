#include "auth/credentials.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "base/check.h"
#include "base/clock.h"

#define FILE_NAME  "credentials"
#define NAME_KEY   "aws_access_key_id"
#define SECRET_KEY "aws_secret_access_key"

enum { FILE_LIMIT = 4096, NEW_KEY_ID_LENGTH = 20, NEW_SECRET_LENGTH = 40 };

/* What a signature's credential can carry: no slash, comma, space or control character. */
static bool is_key_id(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] <= ' ' || text.ptr[i] > '~' || text.ptr[i] == '/' || text.ptr[i] == ',')
            return false;
    }
    return text.len > 0 && text.len <= ACCESS_KEY_ID_LIMIT;
}

static bool is_secret(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] <= ' ' || text.ptr[i] > '~')
            return false;
    }
    return text.len > 0 && text.len <= SECRET_LIMIT;
}

static void set(char *field, struct slice text)
{
    memcpy(field, text.ptr, text.len);
    field[text.len] = '\0';
}

enum credentials_found credentials_from_environment(struct credentials *credentials, struct arena *arena,
                                                    struct slice *problem)
{
    const char *key_id = getenv("TURNTABLE_ACCESS_KEY_ID");
    const char *secret = getenv("TURNTABLE_SECRET_ACCESS_KEY");

    if (key_id == NULL && secret == NULL)
        return CREDENTIALS_ABSENT;
    if (key_id == NULL || secret == NULL) {
        *problem = arena_printf(
            arena, "TURNTABLE_ACCESS_KEY_ID and TURNTABLE_SECRET_ACCESS_KEY go together: %s is not set",
            key_id == NULL ? "the first" : "the second");
        return CREDENTIALS_BAD;
    }
    if (!is_key_id(slice_of(key_id))) {
        *problem = arena_printf(
            arena, "TURNTABLE_ACCESS_KEY_ID must have 1 to %d visible characters, without '/' and ','",
            ACCESS_KEY_ID_LIMIT);
        return CREDENTIALS_BAD;
    }
    if (!is_secret(slice_of(secret))) {
        *problem = arena_printf(arena, "TURNTABLE_SECRET_ACCESS_KEY must have 1 to %d visible characters",
                                SECRET_LIMIT);
        return CREDENTIALS_BAD;
    }
    set(credentials->access_key_id, slice_of(key_id));
    set(credentials->secret_access_key, slice_of(secret));
    return CREDENTIALS_FOUND;
}

/* ---- the file ---- */

static struct slice trim(struct slice text)
{
    while (text.len > 0 && (text.ptr[0] == ' ' || text.ptr[0] == '\t'))
        text = slice_skip(text, 1);
    while (text.len > 0 && strchr(" \t\r", text.ptr[text.len - 1]) != NULL)
        text.len--;
    return text;
}

/* Reads "name = value" lines; sections, comments and other names are passed over. */
static bool parse(struct slice text, struct credentials *credentials)
{
    bool has_key_id = false, has_secret = false;

    while (text.len > 0) {
        const char *end = memchr(text.ptr, '\n', text.len);
        struct slice line = {text.ptr, end == NULL ? text.len : (size_t)(end - text.ptr)};
        text = slice_skip(text, end == NULL ? text.len : line.len + 1);
        const char *equals = memchr(line.ptr, '=', line.len);
        if (equals == NULL)
            continue;
        struct slice name = trim((struct slice){line.ptr, (size_t)(equals - line.ptr)});
        struct slice value = trim(slice_skip(line, (size_t)(equals - line.ptr) + 1));
        if (slice_is(name, NAME_KEY) && is_key_id(value)) {
            set(credentials->access_key_id, value);
            has_key_id = true;
        } else if (slice_is(name, SECRET_KEY) && is_secret(value)) {
            set(credentials->secret_access_key, value);
            has_secret = true;
        }
    }
    return has_key_id && has_secret;
}

enum credentials_found credentials_read(const char *folder, struct credentials *credentials,
                                        struct arena *arena, struct slice *problem)
{
    struct slice path = arena_printf(arena, "%s/" FILE_NAME, folder);
    char text[FILE_LIMIT];
    int file = open(path.ptr, O_RDONLY | O_CLOEXEC);

    if (file < 0 && errno == ENOENT)
        return CREDENTIALS_ABSENT;
    if (file < 0) {
        *problem = arena_printf(arena, "cannot read %s: %s", path.ptr, strerror(errno));
        return CREDENTIALS_BAD;
    }
    ssize_t len = read(file, text, sizeof(text));
    int error = errno;
    close(file);
    if (len < 0) {
        *problem = arena_printf(arena, "cannot read %s: %s", path.ptr, strerror(error));
        return CREDENTIALS_BAD;
    }
    bool whole = parse((struct slice){text, (size_t)len}, credentials);
    OPENSSL_cleanse(text, sizeof(text));
    if (whole)
        return CREDENTIALS_FOUND;
    *problem = arena_printf(arena, "%s does not hold " NAME_KEY " and " SECRET_KEY, path.ptr);
    return CREDENTIALS_BAD;
}

static void spell(char *out, size_t length, const char *digits, unsigned base)
{
    unsigned char random[NEW_SECRET_LENGTH];

    CHECK(length <= sizeof(random) && 256 % base == 0); /* so that each digit is as likely as any other */
    random_bytes(random, length);
    for (size_t i = 0; i < length; i++)
        out[i] = digits[random[i] % base];
    out[length] = '\0';
    OPENSSL_cleanse(random, sizeof(random));
}

void credentials_create(struct credentials *credentials)
{
    static const char prefix[] = "AKIA";
    const size_t prefix_length = sizeof(prefix) - 1;

    memcpy(credentials->access_key_id, prefix, prefix_length);
    spell(credentials->access_key_id + prefix_length, NEW_KEY_ID_LENGTH - prefix_length,
          "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 32);
    spell(credentials->secret_access_key, NEW_SECRET_LENGTH,
          "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 64);
}

static bool write_all(int file, struct slice text)
{
    while (text.len > 0) {
        ssize_t written = write(file, text.ptr, text.len);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        text = slice_skip(text, (size_t)written);
    }
    return true;
}

static bool sync_folder(const char *folder)
{
    int handle = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (handle < 0)
        return false;
    bool synced = fsync(handle) == 0;
    close(handle);
    return synced;
}

bool credentials_write(const char *folder, const struct credentials *credentials, struct arena *arena,
                       struct slice *problem)
{
    struct slice path = arena_printf(arena, "%s/" FILE_NAME, folder);
    struct slice draft = arena_printf(arena, "%s/" FILE_NAME ".new", folder);
    struct slice text =
        arena_printf(arena,
                     "# The root credentials of this Turntable server. Keep them to yourself.\n"
                     "[default]\n" NAME_KEY " = %s\n" SECRET_KEY " = %s\n",
                     credentials->access_key_id, credentials->secret_access_key);

    (void)unlink(draft.ptr); /* of a start that was cut short */
    int file = open(draft.ptr, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool written = file >= 0 && write_all(file, text) && fsync(file) == 0;
    int error = errno;
    if (file >= 0)
        close(file);
    errno = error;
    if (written && rename(draft.ptr, path.ptr) == 0 && sync_folder(folder))
        return true;
    *problem = arena_printf(arena, "cannot write %s: %s", path.ptr, strerror(errno));
    return false;
}

bool credentials_obtain(const char *folder, struct credentials *credentials, bool *created,
                        struct arena *arena, struct slice *problem)
{
    enum credentials_found found = credentials_from_environment(credentials, arena, problem);

    *created = false;
    if (found == CREDENTIALS_ABSENT && folder != NULL)
        found = credentials_read(folder, credentials, arena, problem);
    if (found != CREDENTIALS_ABSENT)
        return found == CREDENTIALS_FOUND;
    credentials_create(credentials);
    *created = true;
    return folder == NULL || credentials_write(folder, credentials, arena, problem);
}
