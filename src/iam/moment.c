#include "iam/moment.h"

#include "base/digits.h"

struct fields {
    uint64_t year, month, day, hour, minute, second, millisecond;
    int64_t offset; /* minutes that the zone is before UTC */
};

/* Digits of exactly this number at the start; they and nothing else are taken from the text. */
static bool take_digits(struct slice *text, size_t count, uint64_t least, uint64_t most, uint64_t *out)
{
    if (text->len < count || !digits_parse((struct slice){text->ptr, count}, 10, most, out) || *out < least)
        return false;
    *text = slice_skip(*text, count);
    return true;
}

static bool take(struct slice *text, char c)
{
    if (text->len == 0 || text->ptr[0] != c)
        return false;
    *text = slice_skip(*text, 1);
    return true;
}

static bool take_fraction(struct slice *text, uint64_t *milliseconds)
{
    uint64_t scale = 100;
    size_t length = 0;

    for (; length < text->len && text->ptr[length] >= '0' && text->ptr[length] <= '9'; length++) {
        *milliseconds += scale * (uint64_t)(text->ptr[length] - '0');
        scale /= 10;
    }
    *text = slice_skip(*text, length);
    return length > 0;
}

static bool take_zone(struct slice *text, struct fields *fields)
{
    uint64_t hours, minutes;

    if (text->len == 0 || take(text, 'Z'))
        return true;
    bool before = take(text, '-');
    if (!before && !take(text, '+'))
        return false;
    if (!take_digits(text, 2, 0, 23, &hours) || !take(text, ':') || !take_digits(text, 2, 0, 59, &minutes))
        return false;
    fields->offset = (int64_t)(hours * 60 + minutes) * (before ? -1 : 1);
    return true;
}

static bool take_time(struct slice *text, struct fields *fields)
{
    if (!take_digits(text, 2, 0, 23, &fields->hour) || !take(text, ':') ||
        !take_digits(text, 2, 0, 59, &fields->minute))
        return false;
    if (take(text, ':') && (!take_digits(text, 2, 0, 59, &fields->second) ||
                            (take(text, '.') && !take_fraction(text, &fields->millisecond))))
        return false;
    return take_zone(text, fields);
}

static bool is_leap(uint64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static uint64_t days_of(uint64_t year, uint64_t month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && is_leap(year) ? 1u : 0u);
}

/* Of the Gregorian calendar, from the first of March of the year 0 on, so that the leap day is a year's last.
 */
static int64_t days_since_1970(uint64_t year, uint64_t month, uint64_t day)
{
    enum { DAYS_BEFORE_1970 = 719468 };
    uint64_t y = month <= 2 ? year - 1 : year, m = (month + 9) % 12;

    return (int64_t)(365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1) - DAYS_BEFORE_1970;
}

static bool parse_calendar(struct slice text, struct fields *fields)
{
    if (!take_digits(&text, 4, 1, 9999, &fields->year))
        return false;
    if (take(&text, '-') &&
        (!take_digits(&text, 2, 1, 12, &fields->month) ||
         (take(&text, '-') &&
          (!take_digits(&text, 2, 1, days_of(fields->year, fields->month), &fields->day) ||
           (take(&text, 'T') && !take_time(&text, fields))))))
        return false;
    return text.len == 0;
}

/* Digits alone are seconds, also if they look like a year; those too late to count are the end of time. */
static bool parse_seconds(struct slice text, int64_t *out)
{
    uint64_t seconds;

    if (!digits_parse(text, 10, INT64_MAX, &seconds))
        return false;
    *out = seconds > INT64_MAX / 1000 ? INT64_MAX : (int64_t)seconds * 1000;
    return true;
}

bool moment_parse(struct slice text, int64_t *out)
{
    struct fields fields = {.month = 1, .day = 1};

    if (parse_seconds(text, out))
        return true;
    if (!parse_calendar(text, &fields))
        return false;
    int64_t minutes =
        (days_since_1970(fields.year, fields.month, fields.day) * 24 + (int64_t)fields.hour) * 60 +
        (int64_t)fields.minute - fields.offset;
    *out = (minutes * 60 + (int64_t)fields.second) * 1000 + (int64_t)fields.millisecond;
    return true;
}
