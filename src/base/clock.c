#include "base/clock.h"

#include <sys/random.h>
#include <time.h>

#include "base/check.h"

enum { MILLISECONDS = 1000, NANOSECONDS = 1000000000 };

static int64_t read_clock(clockid_t clock)
{
    struct timespec now;

    CHECK(clock_gettime(clock, &now) == 0);
    return (int64_t)now.tv_sec * MILLISECONDS + now.tv_nsec / (NANOSECONDS / MILLISECONDS);
}

int64_t clock_now(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t clock_about_now(void)
{
    return read_clock(CLOCK_REALTIME_COARSE);
}

int64_t clock_monotonic(void)
{
    struct timespec now;

    CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (int64_t)now.tv_sec * NANOSECONDS + now.tv_nsec;
}

struct slice clock_label(struct arena *arena, int64_t milliseconds)
{
    time_t seconds = (time_t)(milliseconds / MILLISECONDS);
    struct tm parts;

    CHECK(gmtime_r(&seconds, &parts) != NULL);
    return arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02d.%03d", parts.tm_year + 1900, parts.tm_mon + 1,
                        parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                        (int)(milliseconds % MILLISECONDS));
}

bool clock_read_http(struct slice text, int64_t *seconds)
{
    char room[40];
    struct tm parts = {0};

    if (text.len >= sizeof(room) || text.len == 0)
        return false;
    memcpy(room, text.ptr, text.len);
    room[text.len] = '\0';
    const char *end = strptime(room, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    if (end == NULL || *end != '\0')
        return false;
    *seconds = timegm(&parts);
    return true;
}

void random_bytes(void *out, size_t size)
{
    unsigned char *at = out;

    while (size > 0) {
        ssize_t got = getrandom(at, size, 0);
        CHECK(got > 0);
        at += got;
        size -= (size_t)got;
    }
}

struct slice random_uuid(struct arena *arena)
{
    unsigned char b[16];

    random_bytes(b, sizeof(b));
    b[6] = (unsigned char)((b[6] & 0x0F) | 0x40); /* version 4 */
    b[8] = (unsigned char)((b[8] & 0x3F) | 0x80); /* the variant of RFC 4122 */
    return arena_printf(arena, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0],
                        b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13],
                        b[14], b[15]);
}
