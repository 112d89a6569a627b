/* One line that redraws itself:
 *
 *     reading ways  [##########--------------]  42%  8 s left
 *
 * The time left is that of the phase and supposes that it goes on at its average speed, which
 * is wrong at first: it is shown only after the first second. Work of unknown size reports 0
 * all along; after that second it gets a clock instead. A file or a pipe gets nothing: a bar
 * there is noise.
 *
 * Ctrl-C sets a flag that the next report passes on, so that files half written are taken
 * away by those who write them. A second one waits for nobody. */
#include "cli/progress.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/temporaries.h"

enum { REDRAW_MS = 100, SETTLE_MS = 1000, BAR_WIDTH = 24, EXIT_INTERRUPTED = 128 + SIGINT };

static volatile sig_atomic_t is_stopped;
static struct sigaction      at_first, at_second;

static void stop(int number) {
    is_stopped = 1;
    sigaction(number, &at_second, NULL);
}

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void progress_start(progress *p) {
    *p                   = (progress){.is_shown = isatty(STDERR_FILENO) != 0};
    is_stopped           = 0;
    at_first.sa_handler  = stop;
    at_first.sa_flags    = SA_RESTART;
    at_second.sa_handler = temporaries_end;
    sigaction(SIGINT, &at_first, NULL);
}

/* ---- drawing ------------------------------------------------------------------------- */

static void print_time(int64_t s, const char *word) {
    if (s >= 90) {
        fprintf(stderr, "  %lld min %s", (long long)((s + 30) / 60), word);
    } else {
        fprintf(stderr, "  %lld s %s", (long long)s, word);
    }
}

static void draw_bar(double fraction, int64_t elapsed_ms) {
    char      bar[BAR_WIDTH + 1];
    const int filled = (int)(fraction * BAR_WIDTH);
    memset(bar, '-', BAR_WIDTH);
    memset(bar, '#', (size_t)filled);
    bar[BAR_WIDTH] = 0;
    fprintf(stderr, "  [%s] %3d%%", bar, (int)(fraction * 100));
    if (elapsed_ms >= SETTLE_MS) {
        print_time((int64_t)((double)elapsed_ms * (1 - fraction) / fraction / 1000 + 0.5), "left");
    }
}

static void draw(const progress *p, double fraction, int64_t elapsed_ms) {
    fprintf(stderr, "\r\033[K%.30s", p->phase);
    if (fraction > 0 || elapsed_ms < SETTLE_MS) {
        draw_bar(fraction < 1 ? fraction : 1, elapsed_ms);
    } else {
        print_time(elapsed_ms / 1000, "so far");
    }
    fflush(stderr);
}

/* A phase is drawn when it begins and then every REDRAW_MS. Phases are told apart by their
 * words, for the same literal may have two addresses. */
static void show(progress *p, const char *phase, double fraction) {
    const int64_t now    = now_ms();
    const bool    is_new = !p->phase || strcmp(p->phase, phase) != 0;
    if (!is_new && now - p->drawn_ms < REDRAW_MS) return;
    if (is_new) p->phase_start_ms = now;
    p->phase    = phase;
    p->drawn_ms = now;
    draw(p, fraction, now - p->phase_start_ms);
}

bool progress_report(void *user, const char *phase, double fraction) {
    progress *p = user;
    if (p->is_shown && !is_stopped) show(p, phase, fraction);
    return !is_stopped;
}

void progress_end(progress *p) {
    if (p->phase) fputs("\r\033[K", stderr);
    p->phase = NULL;
}

/* ---- stopping ------------------------------------------------------------------------ */

bool progress_is_stopped(void) {
    return is_stopped != 0;
}

int progress_fail_stopped(void) {
    return command_fail(EXIT_INTERRUPTED, "stopped; nothing was written");
}
