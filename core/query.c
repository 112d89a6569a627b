/* From one place to another by the elimination tree (Dibbelt, Strasser and Wagner,
 * "Customizable Contraction Hierarchies", JEA 2016; pruned as in Buchhold, Sanders and Wagner,
 * "Real-time traffic assignment using engineered customizable contraction hierarchies", JEA
 * 2019).
 *
 * A fastest path climbs and then descends. All that can be reached by climbing are a node's
 * ancestors in the elimination tree, so there is no queue: walk from the ends of both places'
 * edges to the root, the lowest walker first, and everything that leads into a node from below
 * has been seen when a walker gets there. What it leaves behind is clean again. The best path
 * so far prunes: a node farther away than that passes nothing on. */
#include "core/query.h"

#include "core/alloc.h"

static const mu_label CLEAN = {{MU_INFINITE_WEIGHT, MU_INFINITE_WEIGHT}};

/* ---- life ---------------------------------------------------------------------------- */

void mu_query_turn_to(mu_query *q, const muster_metric *metric) {
    q->metric           = metric;
    q->kept[MU_ASCENT]  = mu_kept_ascents(&metric->weights, &metric->perfect);
    q->kept[MU_DESCENT] = mu_kept_descents(&metric->weights, &metric->perfect);
}

muster_status mu_query_init_few(mu_query *q, const muster_metric *metric) {
    const uint32_t n = metric->weights.hierarchy->node_count;
    *q               = (mu_query){.cleans_first = true};
    mu_query_turn_to(q, metric);
    muster_status status = mu_alloc(&q->label, n, sizeof *q->label);
    for (int side = 0; side < 2 && status == MUSTER_OK; ++side) {
        status = mu_alloc(&q->by[side], n, sizeof *q->by[side]);
    }
    if (status != MUSTER_OK) mu_query_fini(q);
    return status;
}

muster_status mu_query_init(mu_query *q, const muster_metric *metric) {
    MU_TRY(mu_query_init_few(q, metric));
    for (uint32_t r = 0; r < metric->weights.hierarchy->node_count; ++r) q->label[r] = CLEAN;
    q->cleans_first = false;
    return MUSTER_OK;
}

void mu_query_fini(mu_query *q) {
    mu_free(q->label);
    mu_free(q->by[MU_ASCENT]);
    mu_free(q->by[MU_DESCENT]);
    *q = (mu_query){0};
}

/* ---- the walk ------------------------------------------------------------------------ */

/* The ends of both edges climb, each from its own rank; MUSTER_NONE above the root. */
enum { WALKERS = 4 };

static void seed(mu_query *q, mu_side side, uint32_t rank, mu_cost cost) {
    if (cost >= q->label[rank].cost[side]) return;
    q->label[rank].cost[side] = cost;
    q->by[side][rank]         = MUSTER_NONE;
}

/* Where the two arcs of a place's edge are left, or entered. */
static void find_ends(const mu_query *q, mu_side side, const muster_snap *place, uint32_t at[2]) {
    for (uint32_t way = 0; way < 2; ++way) {
        const uint32_t arc  = 2 * place->edge + way;
        const uint32_t node = side == MU_ASCENT ? mu_node_after(q->metric, arc, place->fraction)
                                                : mu_node_before(q->metric, arc, place->fraction);
        at[way]             = q->metric->weights.hierarchy->rank[node];
    }
}

static void seed_ends(mu_query *q, mu_side side, const muster_snap *place, const uint32_t at[2]) {
    for (uint32_t way = 0; way < 2; ++way) {
        const uint32_t arc = 2 * place->edge + way;
        seed(q, side, at[way],
             side == MU_ASCENT ? mu_cost_from(q->metric, arc, place->fraction)
                               : mu_cost_to(q->metric, arc, place->fraction));
    }
}

/* Whatever a climb from here touches are ancestors of these. */
static void clean_above(mu_query *q, const uint32_t at[2]) {
    const mu_hierarchy *h = q->metric->weights.hierarchy;
    for (uint32_t way = 0; q->cleans_first && way < 2; ++way) {
        for (uint32_t r = at[way]; r != MUSTER_NONE; r = h->parent[r]) q->label[r] = CLEAN;
    }
}

static void start(mu_query *q, const muster_snap *from, const muster_snap *to,
                  uint32_t at[WALKERS]) {
    find_ends(q, MU_ASCENT, from, at);
    find_ends(q, MU_DESCENT, to, at + 2);
    clean_above(q, at);
    clean_above(q, at + 2);
    seed_ends(q, MU_ASCENT, from, at);
    seed_ends(q, MU_DESCENT, to, at + 2);
}

static uint32_t lowest(const uint32_t at[WALKERS]) {
    uint32_t low = at[0];
    for (int w = 1; w < WALKERS; ++w) low = at[w] < low ? at[w] : low;
    return low;
}

static const mu_cost *weights_of(const mu_query *q, mu_side side) {
    return side == MU_ASCENT ? q->metric->weights.up : q->metric->weights.down;
}

/* One arc in ten improves something, and no processor foresees which: to store each time is a
 * third faster than to branch. */
static void relax(mu_query *q, mu_side side, uint32_t rank, mu_cost cost) {
    const mu_hierarchy *h      = q->metric->weights.hierarchy;
    const mu_cost      *weight = weights_of(q, side);
    const mu_kept       kept   = q->kept[side];
    for (uint32_t k = kept.first[rank]; k < kept.first[rank + 1]; ++k) {
        const uint32_t u       = mu_kept_arc(&kept, k);
        mu_cost       *to      = &q->label[h->up_head[u]].cost[side];
        const mu_cost  through = cost + weight[u];
        *to                    = through < *to ? through : *to;
    }
}

/* The same where the path is wanted. With the arc to be kept too, the branch is faster. */
static void relax_and_keep(mu_query *q, mu_side side, uint32_t rank, mu_cost cost) {
    const mu_hierarchy *h      = q->metric->weights.hierarchy;
    const mu_cost      *weight = weights_of(q, side);
    const mu_kept       kept   = q->kept[side];
    for (uint32_t k = kept.first[rank]; k < kept.first[rank + 1]; ++k) {
        const uint32_t u = mu_kept_arc(&kept, k), head = h->up_head[u];
        if (cost + weight[u] >= q->label[head].cost[side]) continue;
        q->label[head].cost[side] = cost + weight[u];
        q->by[side][head]         = u;
    }
}

static void pass_on(mu_query *q, uint32_t rank, mu_label label, mu_cost best, bool keeps_path) {
    for (mu_side side = MU_ASCENT; side <= MU_DESCENT; ++side) {
        if (label.cost[side] >= best) continue;
        if (keeps_path) {
            relax_and_keep(q, side, rank, label.cost[side]);
        } else {
            relax(q, side, rank, label.cost[side]);
        }
    }
}

/* All that comes over the top in less than `best`; MU_INFINITE_WEIGHT or more: nothing does. */
static mu_cost climb(mu_query *q, uint32_t at[WALKERS], mu_cost best, bool keeps_path) {
    const mu_hierarchy *h = q->metric->weights.hierarchy;
    for (uint32_t rank; (rank = lowest(at)) != MUSTER_NONE;) {
        const mu_label label = q->label[rank];
        const mu_cost  over  = label.cost[MU_ASCENT] + label.cost[MU_DESCENT];
        q->label[rank]       = CLEAN;
        if (over < best) {
            best   = over;
            q->top = rank;
        }
        pass_on(q, rank, label, best, keeps_path);
        for (int w = 0; w < WALKERS; ++w) at[w] = at[w] == rank ? h->parent[rank] : at[w];
    }
    return best;
}

/* ---- public -------------------------------------------------------------------------- */

/* Along one edge from place to place; *out_arc: that edge's arc. */
static mu_cost direct(const muster_metric *metric, const muster_snap *from, const muster_snap *to,
                      uint32_t *out_arc) {
    const uint32_t arc     = 2 * to->edge;
    const mu_cost  forward = mu_cost_direct(metric, arc, from, to);
    const mu_cost  back    = mu_cost_direct(metric, arc + 1, from, to);
    *out_arc               = forward <= back ? arc : arc + 1;
    return forward <= back ? forward : back;
}

static mu_cost run(mu_query *q, const muster_snap *from, const muster_snap *to, bool keeps_path,
                   uint32_t *direct_arc) {
    uint32_t at[WALKERS];
    q->top = MUSTER_NONE;
    if (from->edge == MUSTER_NONE || to->edge == MUSTER_NONE) return MU_NO_PATH;
    const mu_cost straight = direct(q->metric, from, to, direct_arc);
    if (straight == 0) return 0; /* who is there already, as most are who work at a scene */
    start(q, from, to, at);
    const mu_cost best =
        climb(q, at, straight < MU_INFINITE_WEIGHT ? straight : MU_INFINITE_WEIGHT, keeps_path);
    return best < MU_INFINITE_WEIGHT ? best : MU_NO_PATH;
}

mu_cost mu_query_run(mu_query *q, const muster_snap *from, const muster_snap *to) {
    uint32_t direct_arc;
    return run(q, from, to, false, &direct_arc);
}

/* ---- a star ------------------------------------------------------------------------------ */

/* The hub climbs once and leaves what each of its ancestors costs; every other place climbs to what it has in
 * common with the hub, and leaves its own side clean. */

static uint32_t step(const mu_query *q, uint32_t at[2]) {
    const uint32_t rank   = at[0] < at[1] ? at[0] : at[1];
    const uint32_t parent = rank == MUSTER_NONE ? rank : q->metric->weights.hierarchy->parent[rank];
    for (int way = 0; way < 2; ++way) at[way] = at[way] == rank ? parent : at[way];
    return rank;
}

static void climb_hub(mu_query *q, mu_side side, const muster_snap *hub, uint32_t at[2]) {
    seed_ends(q, side, hub, at);
    for (uint32_t rank; (rank = step(q, at)) != MUSTER_NONE;) {
        const mu_cost cost = q->label[rank].cost[side];
        if (cost < MU_INFINITE_WEIGHT) relax(q, side, rank, cost);
    }
}

static mu_cost climb_to_hub(mu_query *q, mu_side side, const muster_snap *place, mu_cost best) {
    uint32_t at[2];
    find_ends(q, side, place, at);
    seed_ends(q, side, place, at);
    for (uint32_t rank; (rank = step(q, at)) != MUSTER_NONE;) {
        const mu_label label      = q->label[rank];
        const mu_cost  over       = label.cost[MU_ASCENT] + label.cost[MU_DESCENT];
        q->label[rank].cost[side] = MU_INFINITE_WEIGHT;
        best                      = over < best ? over : best;
        if (label.cost[side] < best) relax(q, side, rank, label.cost[side]);
    }
    return best;
}

static mu_cost star_cost(mu_query *q, mu_side hub_side, const muster_snap *hub,
                         const muster_snap *other) {
    const bool         is_from = hub_side == MU_ASCENT;
    const muster_snap *from = is_from ? hub : other, *to = is_from ? other : hub;
    uint32_t           direct_arc;
    if (hub->edge == MUSTER_NONE || other->edge == MUSTER_NONE) return MU_NO_PATH;
    const mu_cost straight = direct(q->metric, from, to, &direct_arc);
    const mu_cost most     = straight < MU_INFINITE_WEIGHT ? straight : MU_INFINITE_WEIGHT;
    const mu_cost best     = climb_to_hub(q, is_from ? MU_DESCENT : MU_ASCENT, other, most);
    return best < MU_INFINITE_WEIGHT ? best : MU_NO_PATH;
}

static void clean_for(mu_query *q, mu_side side, const muster_snap *place) {
    uint32_t at[2];
    if (place->edge == MUSTER_NONE) return;
    find_ends(q, side, place, at);
    clean_above(q, at);
}

void mu_query_star(mu_query *q, mu_side hub_side, const muster_snap *hub, uint32_t count,
                   const muster_snap *other, mu_cost *out) {
    const mu_side side = hub_side == MU_ASCENT ? MU_DESCENT : MU_ASCENT;
    uint32_t      at[2];
    clean_for(q, hub_side, hub);
    for (uint32_t i = 0; i < count; ++i) clean_for(q, side, &other[i]);
    if (hub->edge != MUSTER_NONE) {
        find_ends(q, hub_side, hub, at);
        climb_hub(q, hub_side, hub, at);
    }
    for (uint32_t i = 0; i < count; ++i) out[i] = star_cost(q, hub_side, hub, &other[i]);
    if (hub->edge == MUSTER_NONE) return;
    find_ends(q, hub_side, hub, at);
    for (uint32_t rank; (rank = step(q, at)) != MUSTER_NONE;) q->label[rank] = CLEAN;
}

/* ---- places that are cut off ------------------------------------------------------------- */

uint32_t mu_query_summit(mu_query *q, mu_side side, const muster_snap *place) {
    uint32_t at[2], summit = 0;
    find_ends(q, side, place, at);
    clean_above(q, at);
    seed_ends(q, side, place, at);
    for (uint32_t rank; (rank = step(q, at)) != MUSTER_NONE;) {
        const mu_cost cost = q->label[rank].cost[side];
        q->label[rank]     = CLEAN;
        if (cost >= MU_INFINITE_WEIGHT) continue;
        summit = rank;
        relax(q, side, rank, cost);
    }
    return summit;
}

/* A way that is not along one edge goes over a node that is above both of its ends, and not above the summit. */
bool mu_query_meets(const mu_query *q, const muster_snap *from, const muster_snap *to,
                    uint32_t summit) {
    const mu_hierarchy *h = q->metric->weights.hierarchy;
    uint32_t            at[WALKERS];
    if (from->edge == MUSTER_NONE || to->edge == MUSTER_NONE) return false;
    if (from->edge == to->edge) return true;
    find_ends(q, MU_ASCENT, from, at);
    find_ends(q, MU_DESCENT, to, at + 2);
    for (uint32_t rank; (rank = lowest(at)) <= summit;) {
        if ((at[0] == rank || at[1] == rank) && (at[2] == rank || at[3] == rank)) return true;
        for (int w = 0; w < WALKERS; ++w) at[w] = at[w] == rank ? h->parent[rank] : at[w];
    }
    return false;
}

/* ---- paths ------------------------------------------------------------------------------- */

/* The up-arcs that led to the top, the first to be driven last, as unpacking takes them. */
static muster_status unpack_ascent(const mu_query *q, const muster_snap *from, mu_path *path) {
    const mu_hierarchy *h    = q->metric->weights.hierarchy;
    uint32_t            rank = q->top;
    for (uint32_t u; (u = q->by[MU_ASCENT][rank]) != MUSTER_NONE; rank = h->up_tail[u]) {
        MU_TRY(mu_path_add_hop(path, (mu_hop){u, true}));
    }
    MU_TRY(mu_path_add_arc(path, mu_path_first_arc(q->metric, from, h->node_at[rank])));
    return mu_path_unpack(path, q->metric);
}

static muster_status unpack_descent(const mu_query *q, const muster_snap *to, mu_path *path) {
    const mu_hierarchy *h    = q->metric->weights.hierarchy;
    uint32_t            rank = q->top;
    for (uint32_t u; (u = q->by[MU_DESCENT][rank]) != MUSTER_NONE; rank = h->up_tail[u]) {
        MU_TRY(mu_path_add_hop(path, (mu_hop){u, false}));
        MU_TRY(mu_path_unpack(path, q->metric));
    }
    return mu_path_add_arc(path, mu_path_last_arc(q->metric, to, h->node_at[rank]));
}

muster_status mu_query_path(mu_query *q, const muster_snap *from, const muster_snap *to,
                            mu_path *path) {
    uint32_t direct_arc;
    path->arc_count = path->hop_count = 0;
    path->cost                        = run(q, from, to, true, &direct_arc);
    if (path->cost == MU_NO_PATH) return MUSTER_OK;
    if (q->top == MUSTER_NONE) return mu_path_add_arc(path, direct_arc);
    MU_TRY(unpack_ascent(q, from, path));
    return unpack_descent(q, to, path);
}
