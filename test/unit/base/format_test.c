/* Formatting: as printf does it, and texts with U+0000 in them whole. */
#include <float.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/format.h"

#include "lib/unit_arena.h"

/* What printf makes of it. */
#define assert_as_printf(...)                                                                                \
    do {                                                                                                     \
        char expected[1024];                                                                                 \
        snprintf(expected, sizeof(expected), __VA_ARGS__);                                                   \
        struct slice text = arena_printf(&arena, __VA_ARGS__);                                               \
        assert_string_equal(text.ptr, expected);                                                             \
        assert_int_equal(text.len, strlen(expected));                                                        \
    } while (0)

static void is_as_printf(void **state)
{
    (void)state;

    assert_as_printf("plain");
    assert_as_printf("100 %%, %c%c", 'o', 'k');
    assert_as_printf("%d %d %i %u", INT32_MIN, INT32_MAX, -1, UINT32_MAX);
    assert_as_printf("%ld %lu", INT64_MIN, UINT64_MAX);
    assert_as_printf("%lld %llu", (long long)INT64_MIN, (unsigned long long)UINT64_MAX);
    assert_as_printf("%zu %" PRId64 " %" PRIu32 " %" PRIx64 "|", SIZE_MAX, INT64_MAX, UINT32_MAX, UINT64_MAX);
    assert_as_printf("%02d-%04d-%06u-%3d-%-5d|%+d|%#x", 7, 5, 123u, 42, 9, 1, 255u);
    assert_as_printf("%02x%02X", 10u, 171u);
    assert_as_printf("%.1f %.0f %f", 2.25, 1e9, -DBL_MAX);
    assert_as_printf("%s%s|%.3s|%.9s|%-6s|%-6.2s|", "a", "", "abcdef", "abc", "ab", "abcdef");
    assert_as_printf("%.*s|%.*s", 2, "abcd", 0, "x");
}

static void texts_may_hold_any_byte(void **state)
{
    static const char expected[] = "<a\0b> is no \0!";
    (void)state;

    struct slice text = arena_printf(&arena, "<%.*s> is no %.*s!", 3, "a\0b", 1, "\0");
    assert_int_equal(text.len, sizeof(expected) - 1);
    assert_memory_equal(text.ptr, expected, sizeof(expected)); /* with the NUL behind it */

    (void)fail(&failure, ERROR_VALIDATION, "<%.*s> is no %.*s!", 3, "a\0b", 1, "\0");
    assert_true(slice_equal(failure.message, text));

    struct buffer buffer;
    buffer_init(&buffer);
    assert_int_equal(arena_printf(&arena, "%.*s", SLICE_ARGS(buffer_slice(&buffer))).len, 0);
    buffer_append_string(&buffer, "=");
    buffer_printf(&buffer, "<%.*s> is no %.*s!", 3, "a\0b", 1, "\0");
    assert_true(slice_equal(slice_skip(buffer_slice(&buffer), 1), text));
    buffer_finish(&buffer);
}

static size_t format_into(char *out, size_t room, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static size_t format_into(char *out, size_t room, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    size_t length = format_text(out, room, format, arguments);
    va_end(arguments);
    return length;
}

/* In memory of its own size, that nothing may overrun. */
static void no_more_is_written_than_there_is_room_for(void **state)
{
    static const char whole[] = "one 2 three";
    (void)state;

    for (size_t room = 0; room < sizeof(whole) + 2; room++) {
        char *exact = malloc(room > 0 ? room : 1);
        size_t written = room < strlen(whole) ? room : strlen(whole);
        assert_non_null(exact);
        assert_int_equal(format_into(exact, room, "%s %d %.*s", "one", 2, 5, "three"), strlen(whole));
        assert_memory_equal(exact, whole, written);
        free(exact);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {ARENA_TEST(is_as_printf), ARENA_TEST(texts_may_hold_any_byte),
                                       ARENA_TEST(no_more_is_written_than_there_is_room_for)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
