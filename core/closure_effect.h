/* What one reason makes of the roads that it concerns: water of a depth, a share of the speed, a closed road. */
#ifndef MU_CORE_CLOSURE_EFFECT_H
#define MU_CORE_CLOSURE_EFFECT_H

#include "core/metric.h"

typedef struct mu_effect {
    bool     spares;         /* bridges and tunnels */
    uint32_t class_bits;     /* which roads, 1 << class; 0: all */
    double   speed_factor;   /* of what is driven; 0: it is closed */
    double   boat_speed_kmh; /* 0: nothing floats there */
} mu_effect;

static inline bool mu_is_same_effect(const mu_effect *a, const mu_effect *b) {
    return a->spares == b->spares && a->class_bits == b->class_bits &&
           a->speed_factor == b->speed_factor && a->boat_speed_kmh == b->boat_speed_kmh;
}

static inline bool mu_effect_concerns(const mu_effect *e, const muster_network_data *v,
                                      uint32_t edge) {
    return e->class_bits == 0 || (e->class_bits >> v->edge_class[edge] & 1) != 0;
}

/* On a layer below 0 without being a tunnel is an underpass: the first to be flooded. */
static inline bool mu_effect_spares(const mu_effect *e, const muster_network_data *v,
                                    uint32_t edge) {
    return e->spares && ((v->edge_flags[edge] & (MUSTER_EDGE_BRIDGE | MUSTER_EDGE_TUNNEL)) != 0 ||
                         v->edge_layer[edge] > 0);
}

static inline uint32_t mu_rounded_ms(double duration_ms) {
    const double rounded_ms = duration_ms + 0.5; /* down, by the cast */
    return rounded_ms < MUSTER_UNREACHABLE_MS ? (uint32_t)rounded_ms : MUSTER_UNREACHABLE_MS;
}

/* At a share of its speed; a share of 0 closes. */
static inline uint32_t mu_slowed_ms(uint32_t duration_ms, double speed_factor) {
    return speed_factor > 0 ? mu_rounded_ms(duration_ms / speed_factor) : MUSTER_UNREACHABLE_MS;
}

/* What leaves an arc as fast as it is, or as closed, is no reason. */
static inline uint32_t mu_effect_on_wheels_ms(const mu_effect *e, uint32_t base_ms) {
    const uint32_t slow_ms = mu_slowed_ms(base_ms, e->speed_factor);
    return slow_ms > base_ms || !(e->speed_factor > 0) ? slow_ms : MUSTER_NONE;
}

/* By boat, or through shallow water on wheels where that is faster. A boat heeds no signs. But where a road
 * that may not be driven is dry in part, that part stays as it is, so only what is under water from end to
 * end is opened. */
static inline uint32_t mu_effect_afloat_ms(const mu_effect *e, const muster_metric *base,
                                           uint32_t arc, bool is_whole) {
    const uint32_t base_ms = base->duration_ms[arc];
    if (mu_arc_access(base->network, arc) == 0) return MUSTER_NONE;
    if (base_ms >= MUSTER_UNREACHABLE_MS && !is_whole) return MUSTER_NONE;
    const double   length_m = base->network->view.edge_length_m[arc >> 1];
    const uint32_t boat_ms  = mu_rounded_ms(length_m * 3600.0 / e->boat_speed_kmh);
    const uint32_t wade_ms  = mu_slowed_ms(base_ms, e->speed_factor);
    return boat_ms < wade_ms ? boat_ms : wade_ms;
}

/* What it makes of an arc of an edge that it concerns and does not spare. MUSTER_NONE: it is no reason for
 * anything.
 * is_whole: the edge lies in the water from end to end */
static inline uint32_t mu_effect_ms(const mu_effect *e, const muster_metric *base, uint32_t arc,
                                    bool is_whole) {
    return e->boat_speed_kmh > 0 ? mu_effect_afloat_ms(e, base, arc, is_whole)
                                 : mu_effect_on_wheels_ms(e, base->duration_ms[arc]);
}

#endif
