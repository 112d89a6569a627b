/* How far long work has come, on standard error when that is a terminal, and Ctrl-C. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct progress {
    bool        is_shown;       /* standard error is a terminal */
    const char *phase;          /* the one on show; NULL: none yet */
    int64_t     phase_start_ms; /* on the monotonic clock */
    int64_t     drawn_ms;
} progress;

/* From here on Ctrl-C asks the work to stop; a second one ends the process at once. */
void progress_start(progress *p);
/* A muster_progress whose user is a `progress *`: draws, and is false once stopped. */
bool progress_report(void *user, const char *phase, double fraction);
/* Take the bar off the screen. Harmless if there is none. */
void progress_end(progress *p);

/* For loops of our own: has Ctrl-C been pressed since progress_start? */
bool progress_is_stopped(void);
/* Say so and return the exit code of a program that Ctrl-C has ended. */
int progress_fail_stopped(void);

#endif
