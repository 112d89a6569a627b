/* Times and lengths for people. */
#ifndef CLI_MEASURE_TEXT_H
#define CLI_MEASURE_TEXT_H

#include <stdint.h>
#include <stdio.h>

/* "   444 m " or "  12.3 km": nine columns. */
void print_distance(FILE *stream, double distance_m);

/* "1 min 7 s", in at least `width` columns, to the right. */
void print_duration(FILE *stream, uint32_t duration_ms, int width);

#endif
