/* A row of random pairs, and what every fast way says of them against Dijkstra's algorithm. */
#ifndef CLI_CHECK_ROW_H
#define CLI_CHECK_ROW_H

#include <muster/query.h>

#include "cli/turn_list.h"

/* Pairs that share an origin, so that one search each way is the oracle of all. */
enum { CHECK_ROW_PLACES = 16 };

typedef struct check_row {
    uint32_t    count; /* CHECK_ROW_PLACES at most */
    muster_snap origin, place[CHECK_ROW_PLACES];
    /* By Dijkstra's algorithm, from the origin to each place and back. */
    uint32_t out_ms[CHECK_ROW_PLACES], back_ms[CHECK_ROW_PLACES];
    double   out_m[CHECK_ROW_PLACES], back_m[CHECK_ROW_PLACES];
} check_row;

/* Draw `count` pairs from the generator's `state`: places along random edges and at their ends,
 * moved to the road as any site is. `metric` belongs to a network without a hierarchy. Returns
 * COMMAND_DONE, or the exit code after saying why. */
int check_row_draw(check_row *out, uint32_t count, const muster_metric *metric, uint64_t *state);

/* Compare queries, routes, tables and the nearest on the metric of `turns`, whose network is the
 * same with a hierarchy. Returns COMMAND_DONE, or COMMAND_INTERNAL after saying what differs
 * first. */
int check_row_compare(const check_row *row, const turn_list *turns, muster_query *query);

#endif
