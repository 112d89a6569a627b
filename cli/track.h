/* The way of a unit: where it was when. */
#ifndef CLI_TRACK_H
#define CLI_TRACK_H

#include "cli/result_table.h"

/* Start from zero; its room is kept for the next. */
typedef struct track {
    uint32_t  count, capacity;
    double   *lon_deg, *lat_deg;
    double   *at_ms;   /* from the start of the scenario, never falling */
    bool     *is_kept; /* while it is simplified */
    uint32_t *stack;
} track;

/* Read the track of a row from its columns: an encoded polyline with six decimals, and the offsets of its
 * points from `start_ms`. Returns the exit code. */
int track_read(track *t, const table_row *row, uint32_t polyline, uint32_t offsets,
               int64_t start_ms);

/* Leave out points: at no moment is it farther from where it was than the tolerance. */
void track_simplify(track *t, double tolerance_m);

void track_free(track *t);

#endif
