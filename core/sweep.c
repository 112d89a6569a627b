/* Many-to-many by restricted PHAST (Delling, Goldberg, Nowatzyk and Werneck,
 * "PHAST", JPDC 2013; Delling, Goldberg and Werneck, "Faster batched shortest
 * paths in road networks", ATMOS 2011), on a customizable hierarchy.
 *
 * A fastest path in a hierarchy goes up and then down. Everything a path to the
 * targets can come down through are the ancestors of the targets in the
 * elimination tree: these are selected once, renumbered densely, and their arcs
 * copied side by side. For each source the way up is a walk along its own
 * ancestors; the way down is one pass over the selection from the top, a
 * minimum an arc, with no queue. Eight sources go down together, each in a lane
 * of the same cache line, so an arc is loaded once for all eight. */
#include "core/sweep.h"

#include <string.h>

#include "core/alloc.h"

/* ---- selection -------------------------------------------------------------------------- */

static void mark_ancestors(mu_selection *s, uint32_t rank) {
    const mu_hierarchy *h = s->metric->weights.hierarchy;
    while (rank != MUSTER_NONE && s->place_of[rank] == MUSTER_NONE) {
        s->place_of[rank] = 0; /* numbered later */
        ++s->node_count;
        rank = h->parent[rank];
    }
}

static void mark_targets(mu_selection *s) {
    const mu_hierarchy *h = s->metric->weights.hierarchy;
    for (uint32_t r = 0; r < h->node_count; ++r) s->place_of[r] = MUSTER_NONE;
    for (uint32_t t = 0; t < s->target_count; ++t) {
        const uint32_t edge = s->target[t].edge;
        if (edge == MUSTER_NONE) continue;
        for (uint32_t arc = 2 * edge; arc <= 2 * edge + 1; ++arc) {
            mark_ancestors(s, h->rank[mu_node_before(s->metric, arc, s->target[t].fraction)]);
        }
    }
}

static size_t number_nodes(mu_selection *s) {
    const mu_hierarchy *h     = s->metric->weights.hierarchy;
    uint32_t            place = 0;
    size_t              arcs  = 0;
    for (uint32_t r = 0; r < h->node_count; ++r) {
        if (s->place_of[r] == MUSTER_NONE) continue;
        arcs += h->first_up[r + 1] - h->first_up[r];
        s->rank_at[place] = r;
        s->place_of[r]    = place++;
    }
    return arcs;
}

/* Upper neighbours are ancestors, so all of them are selected. Arcs that lead
 * nowhere for this metric are left out. */
static void copy_arcs(mu_selection *s) {
    const mu_hierarchy *h    = s->metric->weights.hierarchy;
    uint32_t            arcs = 0;
    for (uint32_t p = 0; p < s->node_count; ++p) {
        const uint32_t r = s->rank_at[p];
        s->first_arc[p]  = arcs;
        for (uint32_t u = h->first_up[r]; u < h->first_up[r + 1]; ++u) {
            if (s->down_cost[u] >= MU_INFINITE_WEIGHT) continue;
            s->from[arcs]   = s->place_of[h->up_head[u]];
            s->cost[arcs++] = s->down_cost[u];
        }
    }
    s->first_arc[s->node_count] = arcs;
}

static void find_entries(mu_selection *s) {
    const mu_hierarchy *h = s->metric->weights.hierarchy;
    for (uint32_t i = 0; i < 2 * s->target_count; ++i) {
        const muster_snap *target = &s->target[i / 2];
        s->entry_place[i]         = MUSTER_NONE;
        if (target->edge == MUSTER_NONE) continue;
        const uint32_t arc = 2 * target->edge + i % 2;
        s->entry_cost[i]   = mu_cost_to(s->metric, arc, target->fraction);
        if (s->entry_cost[i] == MU_NO_PATH) continue;
        s->entry_place[i] = s->place_of[h->rank[mu_node_before(s->metric, arc, target->fraction)]];
    }
}

static muster_status select_nodes(mu_selection *s, bool all) {
    const mu_hierarchy *h = s->metric->weights.hierarchy;
    MU_TRY(mu_alloc(&s->place_of, h->node_count, sizeof *s->place_of));
    if (all) {
        memset(s->place_of, 0, h->node_count * sizeof *s->place_of);
        s->node_count = h->node_count;
    } else {
        mark_targets(s);
    }
    MU_TRY(mu_alloc(&s->rank_at, s->node_count, sizeof *s->rank_at));
    const size_t arcs = number_nodes(s);
    MU_TRY(mu_alloc(&s->first_arc, (size_t)s->node_count + 1, sizeof *s->first_arc));
    MU_TRY(mu_alloc(&s->from, arcs, sizeof *s->from));
    MU_TRY(mu_alloc(&s->cost, arcs, sizeof *s->cost));
    MU_TRY(mu_alloc(&s->entry_place, 2 * (size_t)s->target_count, sizeof *s->entry_place));
    MU_TRY(mu_alloc(&s->entry_cost, 2 * (size_t)s->target_count, sizeof *s->entry_cost));
    copy_arcs(s);
    find_entries(s);
    return MUSTER_OK;
}

muster_status mu_selection_init(mu_selection *s, const muster_metric *metric, uint32_t target_count,
                                const muster_snap *target) {
    *s                         = (mu_selection){.metric       = metric,
                                                .direction    = MUSTER_FORWARD,
                                                .up_cost      = metric->weights.up,
                                                .down_cost    = metric->weights.down,
                                                .target_count = target_count,
                                                .target       = target};
    const muster_status status = select_nodes(s, false);
    if (status != MUSTER_OK) mu_selection_fini(s);
    return status;
}

/* Turning every arc round swaps the ways up and down. */
muster_status mu_selection_init_all(mu_selection *s, const muster_metric *metric,
                                    muster_direction direction) {
    const mu_weights *w        = &metric->weights;
    const bool        forward  = direction == MUSTER_FORWARD;
    *s                         = (mu_selection){.metric    = metric,
                                                .direction = direction,
                                                .up_cost   = forward ? w->up : w->down,
                                                .down_cost = forward ? w->down : w->up};
    const muster_status status = select_nodes(s, true);
    if (status != MUSTER_OK) mu_selection_fini(s);
    return status;
}

void mu_selection_fini(mu_selection *s) {
    mu_free(s->place_of);
    mu_free(s->rank_at);
    mu_free(s->first_arc);
    mu_free(s->from);
    mu_free(s->cost);
    mu_free(s->entry_place);
    mu_free(s->entry_cost);
    *s = (mu_selection){0};
}

/* ---- sweeps ----------------------------------------------------------------------------- */

muster_status mu_sweep_init(mu_sweep *sweep, const mu_selection *selection) {
    const uint32_t n     = selection->metric->weights.hierarchy->node_count;
    *sweep               = (mu_sweep){.selection = selection};
    muster_status status = mu_alloc(&sweep->upward, n, sizeof *sweep->upward);
    if (status == MUSTER_OK) {
        status = mu_alloc(&sweep->cost, (size_t)selection->node_count * MU_SWEEP_LANES,
                          sizeof *sweep->cost);
    }
    if (status == MUSTER_OK) status = mu_alloc_zeroed(&sweep->is_seeded, selection->node_count, 1);
    if (status != MUSTER_OK) {
        mu_sweep_fini(sweep);
        return status;
    }
    for (uint32_t r = 0; r < n; ++r) sweep->upward[r] = MU_INFINITE_WEIGHT;
    return MUSTER_OK;
}

void mu_sweep_fini(mu_sweep *sweep) {
    mu_free(sweep->upward);
    mu_free(sweep->cost);
    mu_free(sweep->is_seeded);
    *sweep = (mu_sweep){0};
}

static mu_cost lesser(mu_cost a, mu_cost b) {
    return a < b ? a : b;
}

/* The end of `arc`, of the source's edge, by which it is left; returns its rank. */
static uint32_t seed(mu_sweep *sweep, const muster_snap *source, uint32_t arc) {
    const muster_metric *metric  = sweep->selection->metric;
    const bool           forward = sweep->selection->direction == MUSTER_FORWARD;
    const uint32_t       node    = forward ? mu_node_after(metric, arc, source->fraction)
                                           : mu_node_before(metric, arc, source->fraction);
    const mu_cost        cost    = forward ? mu_cost_from(metric, arc, source->fraction)
                                           : mu_cost_to(metric, arc, source->fraction);
    const uint32_t       rank    = metric->weights.hierarchy->rank[node];
    if (cost != MU_NO_PATH) sweep->upward[rank] = lesser(sweep->upward[rank], cost);
    return rank;
}

/* A cost from below. Few nodes get one, so that clearing them all would cost more. */
static void put(mu_sweep *sweep, uint32_t place, uint32_t lane, mu_cost cost) {
    mu_cost *row = &sweep->cost[(size_t)place * MU_SWEEP_LANES];
    if (!sweep->is_seeded[place]) {
        for (int l = 0; l < MU_SWEEP_LANES; ++l) row[l] = MU_INFINITE_WEIGHT;
        sweep->is_seeded[place] = 1;
    }
    row[lane] = lesser(row[lane], cost);
}

/* Pass a node's cost on to its upper neighbours; what is selected goes into the lane, and the
 * way is swept clean behind us. Returns the parent. */
static uint32_t step_up(mu_sweep *sweep, uint32_t rank, uint32_t lane) {
    const mu_selection *s     = sweep->selection;
    const mu_hierarchy *h     = s->metric->weights.hierarchy;
    const mu_cost       cost  = sweep->upward[rank];
    const uint32_t      place = s->place_of[rank];
    sweep->upward[rank]       = MU_INFINITE_WEIGHT;
    if (cost >= MU_INFINITE_WEIGHT) return h->parent[rank];
    if (place != MUSTER_NONE) put(sweep, place, lane, cost);
    for (uint32_t u = h->first_up[rank]; u < h->first_up[rank + 1]; ++u) {
        mu_cost *up = &sweep->upward[h->up_head[u]];
        *up         = lesser(*up, cost + s->up_cost[u]);
    }
    return h->parent[rank];
}

/* From both ends of the source's edge to the root. The lower of the two steps, so that they
 * meet at their lowest common ancestor; MUSTER_NONE, above a root, is higher than any. */
static void go_up(mu_sweep *sweep, const muster_snap *source, uint32_t lane) {
    if (source->edge == MUSTER_NONE) return;
    uint32_t a = seed(sweep, source, 2 * source->edge);
    uint32_t b = seed(sweep, source, 2 * source->edge + 1);
    while (a != b) {
        if (a < b) {
            a = step_up(sweep, a, lane);
        } else {
            b = step_up(sweep, b, lane);
        }
    }
    while (a != MUSTER_NONE) a = step_up(sweep, a, lane);
}

/* One clone an instruction set, chosen when the library is loaded. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) &&                             \
    !defined(__SANITIZE_ADDRESS__)
#define FOR_EACH_ISA __attribute__((target_clones("default", "avx2", "avx512f")))
#else
#define FOR_EACH_ISA
#endif

FOR_EACH_ISA
static void go_down(const mu_selection *s, uint8_t *restrict is_seeded, mu_cost *restrict cost) {
    for (uint32_t p = s->node_count; p-- > 0;) {
        mu_cost best[MU_SWEEP_LANES];
        for (int lane = 0; lane < MU_SWEEP_LANES; ++lane) best[lane] = MU_INFINITE_WEIGHT;
        if (is_seeded[p]) {
            memcpy(best, &cost[(size_t)p * MU_SWEEP_LANES], sizeof best);
            is_seeded[p] = 0;
        }
        for (uint32_t a = s->first_arc[p]; a < s->first_arc[p + 1]; ++a) {
            const mu_cost *from = &cost[(size_t)s->from[a] * MU_SWEEP_LANES];
            const mu_cost  step = s->cost[a];
            for (int lane = 0; lane < MU_SWEEP_LANES; ++lane) {
                const mu_cost through = from[lane] + step;
                best[lane]            = through < best[lane] ? through : best[lane];
            }
        }
        for (int lane = 0; lane < MU_SWEEP_LANES; ++lane)
            cost[(size_t)p * MU_SWEEP_LANES + (size_t)lane] = best[lane];
    }
}

void mu_sweep_run(mu_sweep *sweep, uint32_t source_count, const muster_snap *source) {
    const mu_selection *s = sweep->selection;
    for (uint32_t lane = 0; lane < source_count; ++lane) go_up(sweep, &source[lane], lane);
    go_down(s, sweep->is_seeded, sweep->cost);
}

/* ---- reading ---------------------------------------------------------------------------- */

static mu_cost through_entry(const mu_sweep *sweep, uint32_t lane, uint32_t entry) {
    const mu_selection *s     = sweep->selection;
    const uint32_t      place = s->entry_place[entry];
    if (place == MUSTER_NONE) return MU_NO_PATH;
    const mu_cost far = sweep->cost[(size_t)place * MU_SWEEP_LANES + lane];
    return far < MU_INFINITE_WEIGHT ? mu_cost_add(far, s->entry_cost[entry]) : MU_NO_PATH;
}

mu_cost mu_sweep_cost(const mu_sweep *sweep, uint32_t lane, const muster_snap *source,
                      uint32_t target) {
    const muster_metric *metric = sweep->selection->metric;
    const muster_snap   *place  = &sweep->selection->target[target];
    if (source->edge == MUSTER_NONE) return MU_NO_PATH;
    mu_cost best =
        lesser(through_entry(sweep, lane, 2 * target), through_entry(sweep, lane, 2 * target + 1));
    if (source->edge != place->edge) return best;
    best = lesser(best, mu_cost_direct(metric, 2 * source->edge, source, place));
    return lesser(best, mu_cost_direct(metric, 2 * source->edge + 1, source, place));
}
