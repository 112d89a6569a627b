/* What a path costs, and the parts of arcs that it begins and ends with. */
#ifndef MU_CORE_COST_H
#define MU_CORE_COST_H

#include <muster/snap.h>

#include "core/network.h"

/* Milliseconds in the upper half, centimetres in the lower, so that
 * comparing two keys compares times and, among equal times, lengths. */
typedef uint64_t mu_cost;
#define MU_NO_PATH UINT64_MAX

static inline uint32_t mu_cost_ms(mu_cost cost) {
    return (uint32_t)(cost >> 32);
}
static inline uint32_t mu_cost_cm(mu_cost cost) {
    return (uint32_t)cost;
}
static inline mu_cost mu_cost_of(uint32_t ms, uint32_t cm) {
    return (uint64_t)ms << 32 | cm;
}

/* Both parts saturate: past MUSTER_UNREACHABLE_MS there is no path, past 42,949 km a
 * length is just "very long". */
static inline mu_cost mu_cost_add(mu_cost a, mu_cost b) {
    if (a == MU_NO_PATH || b == MU_NO_PATH) return MU_NO_PATH;
    const uint64_t ms = (uint64_t)mu_cost_ms(a) + mu_cost_ms(b);
    const uint64_t cm = (uint64_t)mu_cost_cm(a) + mu_cost_cm(b);
    if (ms >= MUSTER_UNREACHABLE_MS) return MU_NO_PATH;
    return ms << 32 | (cm < UINT32_MAX ? cm : UINT32_MAX);
}

/* A whole arc of the graph; MU_NO_PATH where the metric may not. */
mu_cost mu_arc_cost(const muster_metric *metric, uint32_t arc);
/* An arc from its tail to the place at `fraction` of its edge. mu_cost_from is the rest:
 * the two always add up to the whole. A place at an arc's end is the node: it costs nothing
 * from there, even where the arc is closed. */
mu_cost mu_cost_to(const muster_metric *metric, uint32_t arc, double fraction);
mu_cost mu_cost_from(const muster_metric *metric, uint32_t arc, double fraction);
/* The node of the graph that mu_cost_to is the cost from, and the one that mu_cost_from is the
 * cost to. */
uint32_t mu_node_before(const muster_metric *metric, uint32_t arc, double fraction);
uint32_t mu_node_after(const muster_metric *metric, uint32_t arc, double fraction);
/* Between two places along `arc` alone; MU_NO_PATH unless both are on it in that order. */
mu_cost mu_cost_direct(const muster_metric *metric, uint32_t arc, const muster_snap *from,
                       const muster_snap *to);

#endif
