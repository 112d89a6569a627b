/* Costs of arcs and their parts. Parts are rounded so that the two parts of an arc always
 * add up to the whole, whichever end a search comes from. */
#include "core/cost.h"

#include <math.h>

#include "core/metric.h"

mu_cost mu_arc_cost(const muster_metric *metric, uint32_t arc) {
    const uint32_t ms = metric->duration_ms[arc];
    if (ms >= MUSTER_UNREACHABLE_MS) return MU_NO_PATH;
    return mu_cost_of(ms, mu_graph_length_cm(&metric->network->graph, arc));
}

static uint32_t part(uint32_t whole, double fraction) {
    return (uint32_t)floor(whole * fraction + 0.5);
}

/* How far along the arc a place at `fraction` of its edge is. */
static double along(uint32_t arc, double fraction) {
    return arc & 1 ? 1.0 - fraction : fraction;
}

mu_cost mu_cost_to(const muster_metric *metric, uint32_t arc, double fraction) {
    const mu_cost whole = mu_arc_cost(metric, arc);
    const double  share = along(arc, fraction);
    if (share == 0) return mu_cost_of(0, 0);
    if (whole == MU_NO_PATH) return MU_NO_PATH;
    return mu_cost_of(part(mu_cost_ms(whole), share), part(mu_cost_cm(whole), share));
}

mu_cost mu_cost_from(const muster_metric *metric, uint32_t arc, double fraction) {
    const mu_cost whole = mu_arc_cost(metric, arc);
    if (along(arc, fraction) == 1) return mu_cost_of(0, 0);
    if (whole == MU_NO_PATH) return MU_NO_PATH;
    const mu_cost to = mu_cost_to(metric, arc, fraction);
    return mu_cost_of(mu_cost_ms(whole) - mu_cost_ms(to), mu_cost_cm(whole) - mu_cost_cm(to));
}

uint32_t mu_node_before(const muster_metric *metric, uint32_t arc, double fraction) {
    const mu_graph *graph = &metric->network->graph;
    return along(arc, fraction) == 0 ? mu_graph_end(graph, mu_graph_tail_junction(graph, arc))
                                     : mu_graph_arrival(graph, arc);
}

uint32_t mu_node_after(const muster_metric *metric, uint32_t arc, double fraction) {
    const mu_graph *graph = &metric->network->graph;
    return along(arc, fraction) == 1 ? mu_graph_head_junction(graph, arc)
                                     : mu_graph_head(graph, arc);
}

mu_cost mu_cost_direct(const muster_metric *metric, uint32_t arc, const muster_snap *from,
                       const muster_snap *to) {
    if (from->edge != to->edge || along(arc, from->fraction) > along(arc, to->fraction)) {
        return MU_NO_PATH;
    }
    if (mu_arc_cost(metric, arc) == MU_NO_PATH) return MU_NO_PATH;
    const mu_cost start = mu_cost_to(metric, arc, from->fraction);
    const mu_cost end   = mu_cost_to(metric, arc, to->fraction);
    return mu_cost_of(mu_cost_ms(end) - mu_cost_ms(start), mu_cost_cm(end) - mu_cost_cm(start));
}
