/* Times of something that is done again and again, in milliseconds. */
#ifndef CLI_STOPWATCH_H
#define CLI_STOPWATCH_H

#include <stdint.h>

enum { STOPWATCH_MOST = 4096 };

typedef struct stopwatch {
    uint32_t count; /* those beyond the room are left out */
    double   ms[STOPWATCH_MOST];
} stopwatch;

/* Now, on the clock that nobody sets. */
double stopwatch_now_ms(void);
/* Keep a time that somebody else has taken. */
void stopwatch_add(stopwatch *times, double ms);
/* Keep the time since `start_ms`. */
void stopwatch_keep(stopwatch *times, double start_ms);
/* So many percent of the times are no longer: 0 the fastest, 50 the median, 100 the longest. Of none: 0.
 * Sorts them. */
double stopwatch_percentile_ms(stopwatch *times, uint32_t percent);

#endif
