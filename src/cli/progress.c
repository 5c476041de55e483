#include "cli/progress.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

enum { BAR = 24 };

static const int64_t second = 1000000000, redraw = 100000000, log_period = 5000000000;

void progress_begin(struct progress *progress, const char *what)
{
    *progress =
        (struct progress){.what = what, .begun = clock_monotonic(), .terminal = isatty(STDERR_FILENO)};
    progress->shown = progress->begun;
}

double progress_seconds(const struct progress *progress)
{
    int64_t passed = clock_monotonic() - progress->begun;

    return (double)(passed > 0 ? passed : 1) / (double)second;
}

const char *number_shown(uint64_t number, char text[NUMBER_SHOWN_SIZE])
{
    char digits[NUMBER_SHOWN_SIZE];
    int length = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)number);
    char *at = text;

    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            *at++ = ',';
        *at++ = digits[i];
    }
    *at = '\0';
    return text;
}

static void draw_bar(double share)
{
    char bar[BAR + 1];

    memset(bar, ' ', BAR);
    memset(bar, '=', (size_t)(share * BAR));
    bar[BAR] = '\0';
    fprintf(stderr, " [%s] %3d %%", bar, (int)(share * 100));
}

void progress_tell(struct progress *progress, const struct progress_figures *figures)
{
    char rows[NUMBER_SHOWN_SIZE], rate[NUMBER_SHOWN_SIZE], rejected[NUMBER_SHOWN_SIZE];
    int64_t now = clock_monotonic();
    double seconds = progress_seconds(progress), share = figures->share > 1 ? 1 : figures->share;

    if (now - progress->shown < (progress->terminal ? redraw : log_period))
        return;
    progress->shown = now;
    fprintf(stderr, progress->terminal ? "\r\x1b[K%s" : "turntable: %s:", progress->what);
    if (share >= 0 && progress->terminal)
        draw_bar(share);
    else if (share >= 0)
        fprintf(stderr, " %d %%,", (int)(share * 100));
    fprintf(stderr, " %s rows, %s/s", number_shown(figures->rows, rows),
            number_shown((uint64_t)((double)figures->rows / seconds), rate));
    if (figures->rejected > 0)
        fprintf(stderr, ", %s rejected", number_shown(figures->rejected, rejected));
    if (share > 0.01 && share < 1)
        fprintf(stderr, ", %.0f s left", seconds / share * (1 - share));
    if (!progress->terminal)
        fputc('\n', stderr);
    progress->drawn = progress->terminal;
    fflush(stderr);
}

void progress_clear(struct progress *progress)
{
    if (progress->drawn)
        fputs("\r\x1b[K", stderr);
    progress->drawn = false;
}

/* ---- Ctrl-C ---- */

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
    interrupted = 1;
    signal(number, SIG_DFL);
}

void interruption_expect(void)
{
    const struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = SA_RESTART};

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool interruption_came(void)
{
    return interrupted != 0;
}
