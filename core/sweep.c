/* Many-to-many by restricted PHAST (Delling, Goldberg, Nowatzyk and Werneck,
 * "PHAST", JPDC 2013; Delling, Goldberg and Werneck, "Faster batched shortest
 * paths in road networks", ATMOS 2011), on a customizable hierarchy.
 *
 * A fastest path in a hierarchy goes up and then down. Everything a path to the
 * targets can come down through are the ancestors of the targets in the
 * elimination tree: these are selected once, renumbered densely, and their arcs
 * copied side by side. For each source the way up is a walk along its own
 * ancestors; the way down is one pass over the selection from the top, a
 * minimum an arc, with no queue (descent.c). Sources go down together, each in a lane
 * of the same cache lines, so an arc is loaded once for all of them.
 *
 * A target is one more node, below those that its edge is entered from: the pass ends with the
 * rows of the targets, in their order. */
#include "core/sweep.h"

#include <assert.h>
#include <string.h>

#include "core/alloc.h"

/* ---- places ----------------------------------------------------------------------------- */

/* The end of an arc of a place's edge, and the cost between the two. */
typedef struct arc_end {
    uint32_t rank;
    mu_cost  cost;
} arc_end;

/* By which end a trip in that direction leaves a place. */
static uint32_t rank_left_by(const muster_metric *metric, muster_direction direction, uint32_t arc,
                             const muster_snap *place) {
    const uint32_t node = direction == MUSTER_FORWARD
                              ? mu_node_after(metric, arc, place->fraction)
                              : mu_node_before(metric, arc, place->fraction);
    return metric->weights.hierarchy->rank[node];
}

static arc_end leave(const muster_metric *metric, muster_direction direction, uint32_t arc,
                     const muster_snap *place) {
    return (arc_end){rank_left_by(metric, direction, arc, place),
                     direction == MUSTER_FORWARD ? mu_cost_from(metric, arc, place->fraction)
                                                 : mu_cost_to(metric, arc, place->fraction)};
}

/* And by which it comes to one: that is left by the way back. */
static muster_direction way_back(muster_direction direction) {
    return direction == MUSTER_FORWARD ? MUSTER_BACKWARD : MUSTER_FORWARD;
}

static arc_end enter(const muster_metric *metric, muster_direction direction, uint32_t arc,
                     const muster_snap *place) {
    return leave(metric, way_back(direction), arc, place);
}

/* ---- selection -------------------------------------------------------------------------- */

enum { WORD = 64 };

static bool is_selected(const mu_selection *s, uint32_t rank) {
    return (s->is_selected[rank / WORD] >> rank % WORD & 1) != 0;
}

static void mark_ancestors(mu_selection *s, uint32_t rank) {
    const mu_hierarchy *h = s->metric->weights.hierarchy;
    for (; rank != MUSTER_NONE && !is_selected(s, rank); rank = h->parent[rank]) {
        s->is_selected[rank / WORD] |= UINT64_C(1) << rank % WORD;
        ++s->node_count;
    }
}

static void mark_targets(mu_selection *s) {
    for (uint32_t t = 0; t < s->target_count; ++t) {
        const uint32_t edge = s->target[t].edge;
        if (edge == MUSTER_NONE) continue;
        for (uint32_t arc = 2 * edge; arc <= 2 * edge + 1; ++arc) {
            mark_ancestors(s, rank_left_by(s->metric, way_back(s->direction), arc, &s->target[t]));
        }
    }
}

static void mark_all(mu_selection *s) {
    s->node_count = s->metric->weights.hierarchy->node_count;
    for (uint32_t r = 0; r < s->node_count; ++r) {
        s->is_selected[r / WORD] |= UINT64_C(1) << r % WORD;
    }
}

/* Returns how many up-arcs they have. */
static size_t number_nodes(mu_selection *s, uint32_t words) {
    const mu_hierarchy *h     = s->metric->weights.hierarchy;
    uint32_t            count = 0;
    size_t              arcs  = 0;
    for (uint32_t w = 0; w < words; ++w) {
        for (uint64_t left = s->is_selected[w]; left != 0; left &= left - 1) {
            const uint32_t r = w * WORD + (uint32_t)__builtin_ctzll(left);
            arcs += h->first_up[r + 1] - h->first_up[r];
            s->rank_at[count] = r;
            s->place_of[r]    = s->target_count + count++;
        }
    }
    return arcs;
}

static void add_arc(mu_selection *s, uint32_t *count, uint32_t from, mu_cost cost) {
    s->arcs.from[*count] = from;
    s->arcs.ms[*count]   = mu_cost_ms(cost);
    if (s->arcs.cm) s->arcs.cm[*count] = mu_cost_cm(cost);
    ++*count;
}

/* How a target is entered: by an arc of its edge, from the node that it is reached from. */
static void find_entries(mu_selection *s, uint32_t *count) {
    for (uint32_t t = 0; t < s->target_count; ++t) {
        const muster_snap *target = &s->target[t];
        s->arcs.first[t]          = *count;
        if (target->edge == MUSTER_NONE) continue;
        for (uint32_t arc = 2 * target->edge; arc <= 2 * target->edge + 1; ++arc) {
            const arc_end from = enter(s->metric, s->direction, arc, target);
            if (from.cost != MU_NO_PATH) add_arc(s, count, s->place_of[from.rank], from.cost);
        }
    }
}

/* The costs of a metric that has just been made are in no cache, and what is copied lies far apart: memory is asked for
 * a node's costs while those of others are copied. */
static void ask_ahead(const mu_kept *down, const mu_cost *cost, const uint32_t *up_head,
                      uint32_t rank) {
    enum { COSTS_A_LINE = 8 };
    if (down->arc) return; /* its positions are no arcs */
    for (uint32_t u = down->first[rank]; u < down->first[rank + 1]; u += COSTS_A_LINE) {
        __builtin_prefetch(&cost[u]);
        __builtin_prefetch(&up_head[u]);
    }
}

/* Upper neighbours are ancestors, so all of them are selected. Arcs that lead nowhere for this metric are left out,
 * which no processor foresees: each is written, and the next one over it where it should not have been. */
static inline void copy_arcs_with(mu_selection *s, uint32_t *count, bool has_lengths) {
    enum { NODES_AHEAD = 16 };
    const uint32_t *up_head = s->metric->weights.hierarchy->up_head;
    const mu_cost  *cost    = s->down_cost;
    const mu_kept   down    = s->down;
    mu_down_arcs    out     = s->arcs;
    uint32_t        at      = *count;
    for (uint32_t i = 0; i < s->node_count; ++i) {
        const uint32_t r = s->rank_at[i], end = down.first[r + 1];
        if (i + NODES_AHEAD < s->node_count) {
            ask_ahead(&down, cost, up_head, s->rank_at[i + NODES_AHEAD]);
        }
        out.first[s->target_count + i] = at;
        for (uint32_t k = down.first[r]; k < end; ++k) {
            const uint32_t u = mu_kept_arc(&down, k);
            out.from[at]     = s->place_of[up_head[u]];
            out.ms[at]       = mu_cost_ms(cost[u]);
            if (has_lengths) out.cm[at] = mu_cost_cm(cost[u]);
            at += cost[u] < MU_INFINITE_WEIGHT;
        }
    }
    *count = at;
}

static void copy_arcs(mu_selection *s, uint32_t *count) {
    if (s->arcs.cm) {
        copy_arcs_with(s, count, true);
    } else {
        copy_arcs_with(s, count, false);
    }
}

static muster_status select_nodes(mu_selection *s, bool all, bool has_lengths) {
    const uint32_t nodes = s->metric->weights.hierarchy->node_count;
    const uint32_t words = nodes / WORD + 1;
    uint32_t       count = 0;
    MU_TRY(mu_alloc_zeroed(&s->is_selected, words, sizeof *s->is_selected));
    MU_TRY(mu_alloc(&s->place_of, nodes, sizeof *s->place_of));
    if (all) {
        mark_all(s);
    } else {
        mark_targets(s);
    }
    MU_TRY(mu_alloc(&s->rank_at, s->node_count, sizeof *s->rank_at));
    const size_t arcs  = number_nodes(s, words) + 2 * (size_t)s->target_count;
    s->arcs.node_count = s->target_count + s->node_count;
    MU_TRY(mu_alloc(&s->arcs.first, (size_t)s->arcs.node_count + 1, sizeof *s->arcs.first));
    MU_TRY(mu_alloc(&s->arcs.from, arcs, sizeof *s->arcs.from));
    MU_TRY(mu_alloc(&s->arcs.ms, arcs, sizeof *s->arcs.ms));
    if (has_lengths) MU_TRY(mu_alloc(&s->arcs.cm, arcs, sizeof *s->arcs.cm));
    find_entries(s, &count);
    copy_arcs(s, &count);
    s->arcs.first[s->arcs.node_count] = count;
    return MUSTER_OK;
}

/* Turning every arc round swaps the ways up and down. */
static mu_selection blank(const muster_metric *metric, muster_direction direction,
                          const mu_perfect *perfect) {
    const mu_weights *w        = &metric->weights;
    const bool        forward  = direction == MUSTER_FORWARD;
    const mu_kept     ascents  = mu_kept_ascents(w, perfect);
    const mu_kept     descents = mu_kept_descents(w, perfect);
    return (mu_selection){.metric    = metric,
                          .direction = direction,
                          .up_cost   = forward ? w->up : w->down,
                          .down_cost = forward ? w->down : w->up,
                          .up        = forward ? ascents : descents,
                          .down      = forward ? descents : ascents};
}

muster_status mu_selection_init(mu_selection *s, const muster_metric *metric,
                                muster_direction direction, const mu_perfect *perfect,
                                bool has_lengths, uint32_t target_count,
                                const muster_snap *target) {
    *s                         = blank(metric, direction, perfect);
    s->target_count            = target_count;
    s->target                  = target;
    const muster_status status = select_nodes(s, false, has_lengths);
    if (status != MUSTER_OK) mu_selection_fini(s);
    return status;
}

muster_status mu_selection_init_all(mu_selection *s, const muster_metric *metric,
                                    muster_direction direction, bool has_lengths) {
    *s                         = blank(metric, direction, &metric->perfect);
    const muster_status status = select_nodes(s, true, has_lengths);
    if (status != MUSTER_OK) mu_selection_fini(s);
    return status;
}

void mu_selection_fini(mu_selection *s) {
    mu_free(s->is_selected);
    mu_free(s->place_of);
    mu_free(s->rank_at);
    mu_free(s->arcs.first);
    mu_free(s->arcs.from);
    mu_free(s->arcs.ms);
    mu_free(s->arcs.cm);
    *s = (mu_selection){0};
}

/* ---- sweeps ----------------------------------------------------------------------------- */

static size_t entry_bytes(const mu_descent *descent) {
    return descent->has_lengths ? sizeof(mu_cost) : sizeof(uint32_t);
}

static muster_status allocate(mu_sweep *sweep) {
    const mu_selection *s     = sweep->selection;
    const uint32_t      n     = s->metric->weights.hierarchy->node_count;
    const size_t        bytes = sweep->descent.lane_count * entry_bytes(&sweep->descent);
    MU_TRY(mu_alloc(&sweep->upward, n, sizeof *sweep->upward));
    MU_TRY(mu_alloc_zeroed(&sweep->is_seeded, s->arcs.node_count, 1));
    MU_TRY(mu_alloc(&sweep->memory, (size_t)s->arcs.node_count + 1, bytes));
    sweep->row = mu_align_to_line(sweep->memory);
    for (uint32_t r = 0; !sweep->cleans_first && r < n; ++r) sweep->upward[r] = MU_INFINITE_WEIGHT;
    return MUSTER_OK;
}

/* So many sources have fewer ancestors, all together, than the hierarchy has nodes. */
enum { FEW_SOURCES = 32 };

muster_status mu_sweep_init(mu_sweep *sweep, const mu_selection *selection, uint32_t source_count,
                            bool has_lengths) {
    assert(!has_lengths || selection->arcs.cm);
    *sweep                     = (mu_sweep){.selection = selection};
    sweep->descent             = mu_descent_for(mu_isa_best(), source_count, has_lengths);
    sweep->cleans_first        = source_count <= FEW_SOURCES;
    const muster_status status = allocate(sweep);
    if (status != MUSTER_OK) mu_sweep_fini(sweep);
    return status;
}

void mu_sweep_fini(mu_sweep *sweep) {
    mu_free(sweep->upward);
    mu_free(sweep->memory);
    mu_free(sweep->is_seeded);
    *sweep = (mu_sweep){0};
}

static mu_cost lesser(mu_cost a, mu_cost b) {
    return a < b ? a : b;
}

/* The end of `arc`, of the source's edge, by which it is left; returns its rank. */
static uint32_t seed(mu_sweep *sweep, const muster_snap *source, uint32_t arc) {
    const mu_selection *s   = sweep->selection;
    const arc_end       end = leave(s->metric, s->direction, arc, source);
    if (end.cost != MU_NO_PATH) sweep->upward[end.rank] = lesser(sweep->upward[end.rank], end.cost);
    return end.rank;
}

static void clear_row(mu_sweep *sweep, uint32_t place) {
    for (uint32_t l = 0; l < sweep->descent.lane_count; ++l) {
        if (sweep->descent.has_lengths) {
            mu_sweep_row_costs(sweep, place)[l] = MU_INFINITE_WEIGHT;
        } else {
            mu_sweep_row_ms(sweep, place)[l] = MUSTER_UNREACHABLE_MS;
        }
    }
}

/* A cost from below. Few nodes get one, so that clearing them all would cost more. */
static void put(mu_sweep *sweep, uint32_t place, uint32_t lane, mu_cost cost) {
    if (!sweep->is_seeded[place]) clear_row(sweep, place);
    sweep->is_seeded[place] = 1;
    if (sweep->descent.has_lengths) {
        mu_sweep_row_costs(sweep, place)[lane] = cost;
    } else {
        mu_sweep_row_ms(sweep, place)[lane] = mu_cost_ms(cost);
    }
}

/* Pass a node's cost on to its upper neighbours; what is selected goes into the lane, and the
 * way is swept clean behind us. Returns the parent. */
static uint32_t step_up(mu_sweep *sweep, uint32_t rank, uint32_t lane) {
    const mu_selection *s    = sweep->selection;
    const mu_hierarchy *h    = s->metric->weights.hierarchy;
    const mu_cost       cost = sweep->upward[rank];
    sweep->upward[rank]      = MU_INFINITE_WEIGHT;
    if (cost >= MU_INFINITE_WEIGHT) return h->parent[rank];
    if (is_selected(s, rank)) put(sweep, s->place_of[rank], lane, cost);
    for (uint32_t k = s->up.first[rank]; k < s->up.first[rank + 1]; ++k) {
        const uint32_t u  = mu_kept_arc(&s->up, k);
        mu_cost       *up = &sweep->upward[h->up_head[u]];
        *up               = lesser(*up, cost + s->up_cost[u]);
    }
    return h->parent[rank];
}

/* All that a climb from there touches. */
static void clean_above(mu_sweep *sweep, const muster_snap *source) {
    const mu_selection *s = sweep->selection;
    const mu_hierarchy *h = s->metric->weights.hierarchy;
    for (uint32_t arc = 2 * source->edge; arc <= 2 * source->edge + 1; ++arc) {
        uint32_t rank = leave(s->metric, s->direction, arc, source).rank;
        for (; rank != MUSTER_NONE; rank = h->parent[rank])
            sweep->upward[rank] = MU_INFINITE_WEIGHT;
    }
}

/* From both ends of the source's edge to the root. The lower of the two steps, so that they
 * meet at their lowest common ancestor; MUSTER_NONE, above a root, is higher than any. */
static void go_up(mu_sweep *sweep, const muster_snap *source, uint32_t lane) {
    if (source->edge == MUSTER_NONE) return;
    if (sweep->cleans_first) clean_above(sweep, source);
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

void mu_sweep_run(mu_sweep *sweep, uint32_t source_count, const muster_snap *source) {
    assert(source_count <= sweep->descent.lane_count);
    sweep->source_count = source_count;
    sweep->source       = source;
    for (uint32_t lane = 0; lane < source_count; ++lane) {
        sweep->source_edge[lane] = source[lane].edge;
        go_up(sweep, &source[lane], lane);
    }
    sweep->descent.run(&sweep->selection->arcs, sweep->is_seeded, sweep->row);
}

/* ---- reading ---------------------------------------------------------------------------- */

/* From a source on the target's own edge, without a node between. */
static mu_cost direct(const mu_sweep *sweep, uint32_t lane, const muster_snap *target) {
    const muster_metric *metric  = sweep->selection->metric;
    const bool           forward = sweep->selection->direction == MUSTER_FORWARD;
    const muster_snap   *source  = &sweep->source[lane];
    const muster_snap   *from = forward ? source : target, *to = forward ? target : source;
    const uint32_t       arc = 2 * target->edge;
    return lesser(mu_cost_direct(metric, arc, from, to), mu_cost_direct(metric, arc + 1, from, to));
}

/* Few sources are on a target's edge: most often one look at all of them tells that none is. */
static bool has_source_on(const mu_sweep *sweep, uint32_t edge) {
    bool found = false;
    for (uint32_t lane = 0; lane < sweep->source_count; ++lane) {
        found |= sweep->source_edge[lane] == edge;
    }
    return found && edge != MUSTER_NONE;
}

void mu_sweep_durations(const mu_sweep *sweep, uint32_t target, uint32_t *out_ms) {
    const muster_snap *place = &sweep->selection->target[target];
    memcpy(out_ms, mu_sweep_row_ms(sweep, target), sweep->source_count * sizeof *out_ms);
    if (!has_source_on(sweep, place->edge)) return;
    for (uint32_t lane = 0; lane < sweep->source_count; ++lane) {
        if (sweep->source_edge[lane] != place->edge) continue;
        const mu_cost along = direct(sweep, lane, place);
        if (mu_cost_ms(along) < out_ms[lane]) out_ms[lane] = mu_cost_ms(along);
    }
}

void mu_sweep_costs(const mu_sweep *sweep, uint32_t target, mu_cost *out) {
    const muster_snap *place = &sweep->selection->target[target];
    const mu_cost     *row   = mu_sweep_row_costs(sweep, target);
    for (uint32_t lane = 0; lane < sweep->source_count; ++lane) {
        out[lane] = row[lane] < MU_INFINITE_WEIGHT ? row[lane] : MU_NO_PATH;
    }
    if (!has_source_on(sweep, place->edge)) return;
    for (uint32_t lane = 0; lane < sweep->source_count; ++lane) {
        if (sweep->source_edge[lane] != place->edge) continue;
        out[lane] = lesser(out[lane], direct(sweep, lane, place));
    }
}
