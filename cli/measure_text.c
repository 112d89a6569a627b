/* See measure_text.h. */
#include "cli/measure_text.h"

#include <inttypes.h>

enum { TEXT_BYTES = 48 };

void print_distance(FILE *stream, double distance_m) {
    if (distance_m < 1000) {
        fprintf(stream, "%6.0f m ", distance_m);
    } else {
        fprintf(stream, "%6.1f km", distance_m / 1000);
    }
}

/* Rounded to the second, for that is what a driver can tell; JSON has the milliseconds. */
void print_duration(FILE *stream, uint32_t duration_ms, int width) {
    const uint32_t s = (duration_ms + 500) / 1000, hours = s / 3600, minutes = s / 60 % 60;
    char           text[TEXT_BYTES];
    if (hours > 0) {
        snprintf(text, sizeof text, "%" PRIu32 " h %" PRIu32 " min %" PRIu32 " s", hours, minutes,
                 s % 60);
    } else if (minutes > 0) {
        snprintf(text, sizeof text, "%" PRIu32 " min %" PRIu32 " s", minutes, s % 60);
    } else {
        snprintf(text, sizeof text, "%" PRIu32 " s", s);
    }
    fprintf(stream, "%*s", width, text);
}
