/* The way out of a hazard.
 *
 * A site whose own road is closed would be moved, as the crow flies, to the nearest road that is
 * open, perhaps across the river. Instead it drives out over what is closed, slowly, to where a
 * search on the changed metric can take over. That needs no new engine: a metric in which closed
 * arcs are slow, a plain search on it, and the first junction that it settles of a component that
 * is large enough. One exit for each site, not one for each site and target, keeps the rest of the
 * library as it is: a snap and a delay are all that tables, routes and plans need.
 *
 * Invariant: an arc that the changed metric may use costs the same here, and one that it may not is
 * closed here too, unless everything that closed it may be left. */
#include <muster/leave.h>

#include <math.h>

#include "core/alloc.h"
#include "core/closure.h"
#include "core/network.h"
#include "core/search.h"
#include "core/snap_check.h"

typedef struct leaver {
    const muster_metric *changed;
    muster_metric        way_out; /* a network, a profile and durations: what a search reads */
    mu_search            search;
    uint32_t             least_size; /* of a component to get out to */
    uint32_t             delay_ms;
} leaver;

/* ---- the metric of the way out --------------------------------------------------------- */

static uint32_t slowed_ms(uint32_t duration_ms, double slowdown) {
    const double slow_ms = duration_ms * slowdown + 0.5; /* down, by the cast */
    return slow_ms < MUSTER_UNREACHABLE_MS ? (uint32_t)slow_ms : MUSTER_UNREACHABLE_MS;
}

static void set_arc(const leaver *l, uint32_t arc, uint32_t duration_ms) {
    uint32_t end, copy = mu_graph_copies(&l->changed->network->graph, arc, &end);
    l->way_out.duration_ms[arc] = duration_ms;
    for (; copy < end; ++copy) l->way_out.duration_ms[copy] = duration_ms;
}

static muster_status make_metric(leaver *l, const muster_closure *closure, double slowdown) {
    const muster_metric *base  = mu_closure_base(closure);
    const mu_graph      *graph = &base->network->graph;
    l->way_out.network         = base->network;
    l->way_out.profile         = base->profile;
    MU_TRY(mu_alloc_copy(&l->way_out.duration_ms, l->changed->duration_ms, graph->arc_count,
                         sizeof *l->way_out.duration_ms));
    for (uint32_t arc = 0; arc < graph->road_arc_count; ++arc) {
        const uint32_t base_ms = base->duration_ms[arc];
        if (l->changed->duration_ms[arc] < MUSTER_UNREACHABLE_MS) continue;
        if (mu_closure_bars(closure, arc)) continue;
        if (base_ms < MUSTER_UNREACHABLE_MS) set_arc(l, arc, slowed_ms(base_ms, slowdown));
    }
    return MUSTER_OK;
}

/* ---- one site -------------------------------------------------------------------------- */

static uint32_t junction_of(const mu_graph *graph, uint32_t node) {
    return node < graph->junction_count ? node : graph->junction_of[node - graph->junction_count];
}

static bool is_outside(const leaver *l, uint32_t junction) {
    const mu_scc *scc = &l->changed->scc;
    return scc->size[scc->component[junction]] >= l->least_size;
}

/* The nearest junction outside; MUSTER_NONE where there is none. */
static uint32_t find_exit(leaver *l, const muster_snap *from, mu_cost *out_cost) {
    const mu_graph *graph = &l->changed->network->graph;
    uint32_t        best  = MUSTER_NONE;
    *out_cost             = MU_NO_PATH;
    mu_search_start(&l->search, MUSTER_FORWARD, from);
    while (mu_search_frontier(&l->search) < MU_NO_PATH &&
           mu_search_frontier(&l->search) <= *out_cost) {
        const mu_cost  cost     = mu_search_frontier(&l->search);
        const uint32_t junction = junction_of(graph, mu_search_settle_next(&l->search));
        if (junction >= best || !is_outside(l, junction)) continue;
        best      = junction;
        *out_cost = cost;
    }
    return best;
}

typedef struct edge_at {
    const muster_metric *metric;
    uint32_t             junction, edge; /* the lowest that the metric uses, or MUSTER_NONE */
} edge_at;

static bool take_edge(void *user, uint32_t edge) {
    edge_at                   *at = user;
    const muster_network_data *v  = &at->metric->network->view;
    if ((v->edge_source[edge] == at->junction || v->edge_target[edge] == at->junction) &&
        edge < at->edge && mu_metric_uses(at->metric, edge)) {
        at->edge = edge;
    }
    return true;
}

/* A junction as a place; on no road where all of its edges are closed. */
static muster_snap place_at(const muster_metric *metric, uint32_t junction) {
    const muster_network_data *v   = &metric->network->view;
    const double               lon = v->node_lon_deg[junction], lat = v->node_lat_deg[junction];
    const mu_box               box = {lon, lat, lon, lat};
    edge_at                    at  = {metric, junction, MUSTER_NONE};
    mu_rtree_search(&metric->network->edges, &box, take_edge, &at);
    if (at.edge == MUSTER_NONE) return (muster_snap){MUSTER_NONE, 0, lon, lat, INFINITY};
    return (muster_snap){at.edge, v->edge_source[at.edge] == junction ? 0 : 1, lon, lat, 0};
}

static uint32_t delayed_ms(uint32_t duration_ms, uint32_t delay_ms) {
    const uint64_t sum_ms = (uint64_t)duration_ms + delay_ms;
    return sum_ms < MUSTER_UNREACHABLE_MS ? (uint32_t)sum_ms : MUSTER_UNREACHABLE_MS;
}

/* At the edge of the hazard there is nothing to drive, and nothing to wait for. */
static muster_leave leave(leaver *l, const muster_snap *from) {
    muster_leave not_needed = {.outcome = MUSTER_LEAVE_NOT_NEEDED, .place = *from};
    muster_leave no_way     = {.outcome = MUSTER_LEAVE_NO_WAY, .place = *from};
    mu_cost      cost;
    no_way.place.edge  = MUSTER_NONE;
    no_way.duration_ms = MUSTER_UNREACHABLE_MS;
    no_way.distance_m  = NAN;
    if (mu_metric_flies(l->changed)) return not_needed;
    if (from->edge == MUSTER_NONE) return no_way;
    if (mu_metric_uses(l->changed, from->edge)) return not_needed;
    const uint32_t exit = find_exit(l, from, &cost);
    if (exit == MUSTER_NONE) return no_way;
    const muster_snap place       = place_at(l->changed, exit);
    const uint32_t    duration_ms = delayed_ms(mu_cost_ms(cost), l->delay_ms);
    if (place.edge == MUSTER_NONE || duration_ms == MUSTER_UNREACHABLE_MS) return no_way;
    if (cost == mu_cost_of(0, 0)) {
        not_needed.place = place;
        return not_needed;
    }
    return (muster_leave){MUSTER_LEAVE_BY_ROAD, place, duration_ms, mu_cost_cm(cost) / 100.0};
}

/* ---- the whole ------------------------------------------------------------------------- */

static muster_status check(const muster_metric *base, const muster_metric *changed,
                           const muster_leave_options *options) {
    if (options->struct_size != sizeof *options) {
        return muster_fail(MUSTER_E_INVALID, "leave options have struct_size %zu; expected %zu",
                           options->struct_size, sizeof *options);
    }
    if (base->network != changed->network) {
        return muster_fail(MUSTER_E_INVALID, "the changed metric is of another network than the "
                                             "closure's base; expected one of the same");
    }
    if (options->slowdown >= 1 && isfinite(options->slowdown)) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "leave options have slowdown %g; expected 1 or more",
                       options->slowdown);
}

/* Components run from the largest on. A node alone is no place to get out to. */
static uint32_t least_size(const muster_metric *changed, uint32_t island_node_count) {
    const uint32_t largest = changed->scc.count > 0 ? changed->scc.size[0] : 0;
    const uint32_t least   = island_node_count < largest ? island_node_count : largest;
    return least > 0 ? least : 1;
}

muster_status muster_leave_sites(const muster_closure *closure, const muster_metric *changed,
                                 uint32_t count, const muster_snap *from,
                                 const muster_leave_options *options, muster_leave *out) {
    static const muster_leave_options DEFAULTS = MUSTER_LEAVE_OPTIONS_INIT;
    if (!options) options = &DEFAULTS;
    const muster_metric *base = mu_closure_base(closure);
    MU_TRY(mu_closure_check_carried_out(closure));
    MU_TRY(check(base, changed, options));
    MU_TRY(mu_check_snaps(base, "site", count, from));
    leaver        l      = {.changed    = changed,
                            .least_size = least_size(changed, options->island_node_count),
                            .delay_ms   = options->delay_ms};
    muster_status status = make_metric(&l, closure, options->slowdown);
    if (status == MUSTER_OK) status = mu_search_init(&l.search, &l.way_out);
    for (uint32_t i = 0; i < count && status == MUSTER_OK; ++i) out[i] = leave(&l, &from[i]);
    mu_search_fini(&l.search);
    mu_free(l.way_out.duration_ms);
    return status;
}
