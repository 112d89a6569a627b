/* A path that drives an arc can drive the way round it instead: from the arc's tail to its head, over
 * anything but its road, which may be several edges; where the arc leads on inside of its road, as the
 * spans of a bridge do, all of them count as one. Arcs that are driven at different times are each gone
 * round. That is as long as the path was, less the arc, plus the way round; whoever
 * looks for the fastest path on the closed network finds none that is longer. Most ways round are short
 * and found within a few junctions; where a search has met too many it gives up, and the road has to be
 * tried.
 *
 * With turns, the new path must not make a restricted one that the old path did not. A restriction is
 * noticed inside of its arcs, at the junctions between them. So the way round keeps away from those
 * junctions, its ends included: then all restrictions that the new path meets lie wholly in what it has
 * in common with the old one.
 *
 * Where the two ends are joined by nothing else, even against one-way streets, no search is needed: cut
 * edges by Tarjan's algorithm, "A note on finding the bridges of a graph", Information Processing
 * Letters 2 (1974). */
#include "solver/critical_detour.h"

#include <math.h>
#include <string.h>

#include "core/alloc.h"
#include "core/plane.h"

/* Ways round that are worth finding are near by. */
enum { MOST_JUNCTIONS = 1000 };

/* Junctions are met in order of how far they are from the tail, and how far the head may be from them at
 * 90 km/h (Hart, Nilsson and Raphael, "A formal basis for the heuristic determination of minimum cost
 * paths", 1968). Where roads are faster than that, the way round that is found may not be the fastest:
 * any will do. */
static const double MS_PER_M = 40;

static uint32_t tail_of(const mu_detours *d, uint32_t arc) {
    return arc % 2 == 0 ? d->roads->edge_source[arc / 2] : d->roads->edge_target[arc / 2];
}

static uint32_t head_of(const mu_detours *d, uint32_t arc) {
    return tail_of(d, arc ^ 1);
}

/* ---- roads by junction ---------------------------------------------------------------------- */

static muster_status list_arcs(mu_detours *d) {
    const uint32_t nodes = d->roads->node_count, arcs = 2 * d->roads->edge_count;
    MU_TRY(mu_alloc_zeroed(&d->first_arc, (size_t)nodes + 2, sizeof *d->first_arc));
    MU_TRY(mu_alloc(&d->arc, arcs, sizeof *d->arc));
    uint32_t *end = d->first_arc + 1; /* of a node's arcs, once they are all in */
    for (uint32_t a = 0; a < arcs; ++a) ++end[tail_of(d, a) + 1];
    for (uint32_t v = 0; v < nodes; ++v) end[v + 1] += end[v];
    for (uint32_t a = 0; a < arcs; ++a) d->arc[end[tail_of(d, a)]++] = a;
    return MUSTER_OK;
}

/* ---- cut edges ------------------------------------------------------------------------------ */

/* A depth-first search of one metric's roads, taken both ways. */
typedef struct cut_search {
    const mu_detours *d;
    const uint32_t   *duration_ms;
    bool             *is_cut;
    uint32_t         *number; /* by node: when it was met, from 1; 0: not yet */
    uint32_t         *low;    /* by node: the earliest that it or those below have a road to */
    uint32_t         *next;   /* by node: the next of its arcs to be looked at */
    uint32_t         *by;     /* by node: the edge by which it was met */
    uint32_t         *stack;
    uint32_t          met;
} cut_search;

static bool is_road(const cut_search *c, uint32_t edge) {
    return c->duration_ms[2 * (size_t)edge] != MUSTER_UNREACHABLE_MS ||
           c->duration_ms[2 * (size_t)edge + 1] != MUSTER_UNREACHABLE_MS;
}

static void meet(cut_search *c, uint32_t node, uint32_t by_edge, uint32_t *depth) {
    c->number[node] = c->low[node] = ++c->met;
    c->next[node]                  = c->d->first_arc[node];
    c->by[node]                    = by_edge;
    c->stack[(*depth)++]           = node;
}

static void leave(cut_search *c, uint32_t node, uint32_t depth) {
    if (depth == 0) return;
    const uint32_t above = c->stack[depth - 1];
    if (c->low[node] < c->low[above]) c->low[above] = c->low[node];
    if (c->low[node] > c->number[above]) c->is_cut[c->by[node]] = true;
}

static void search_cuts_from(cut_search *c, uint32_t start) {
    uint32_t depth = 0;
    meet(c, start, MUSTER_NONE, &depth);
    while (depth > 0) {
        const uint32_t node = c->stack[depth - 1];
        if (c->next[node] == c->d->first_arc[node + 1]) {
            leave(c, node, --depth);
            continue;
        }
        const uint32_t arc = c->d->arc[c->next[node]++];
        if (arc / 2 == c->by[node] || !is_road(c, arc / 2)) continue;
        const uint32_t other = head_of(c->d, arc);
        if (c->number[other] == 0) {
            meet(c, other, arc / 2, &depth);
        } else if (c->number[other] < c->low[node]) {
            c->low[node] = c->number[other];
        }
    }
}

static muster_status find_cuts(mu_detours *d, uint32_t metric) {
    const uint32_t nodes = d->roads->node_count;
    uint32_t      *room;
    if (muster_metric_flies(d->metric[metric])) return MUSTER_OK;
    MU_TRY(mu_alloc_zeroed(&room, 5 * (size_t)nodes, sizeof *room));
    cut_search c = {.d           = d,
                    .duration_ms = muster_metric_duration_ms(d->metric[metric]),
                    .is_cut      = d->is_cut + (size_t)metric * d->roads->edge_count,
                    .number      = room,
                    .low         = room + nodes,
                    .next        = room + 2 * (size_t)nodes,
                    .by          = room + 3 * (size_t)nodes,
                    .stack       = room + 4 * (size_t)nodes};
    for (uint32_t v = 0; v < nodes; ++v) {
        if (c.number[v] == 0) search_cuts_from(&c, v);
    }
    mu_free(room);
    return MUSTER_OK;
}

/* ---- turns ---------------------------------------------------------------------------------- */

static void mark_turns(mu_detours *d, uint32_t metric) {
    bool          *is_turn = d->is_turn + (size_t)metric * d->roads->node_count;
    const uint32_t count   = muster_metric_turn_count(d->metric[metric]);
    for (uint32_t t = 0; t < count; ++t) {
        const muster_turn turn = muster_metric_turn(d->metric[metric], t);
        for (uint32_t i = 0; i + 1 < turn.arc_count; ++i) is_turn[head_of(d, turn.arc[i])] = true;
    }
}

static muster_status prepare(mu_detours *d) {
    MU_TRY(list_arcs(d));
    MU_TRY(mu_alloc_zeroed(&d->is_cut, (size_t)d->metric_count * d->roads->edge_count,
                           sizeof *d->is_cut));
    MU_TRY(mu_alloc_zeroed(&d->is_turn, (size_t)d->metric_count * d->roads->node_count,
                           sizeof *d->is_turn));
    for (uint32_t m = 0; m < d->metric_count; ++m) {
        MU_TRY(find_cuts(d, m));
        mark_turns(d, m);
    }
    return MUSTER_OK;
}

muster_status mu_detours_init(mu_detours *d, uint32_t metric_count,
                              const muster_metric *const *metric, const mu_road_groups *groups) {
    *d = (mu_detours){.roads        = muster_network_view(muster_metric_network(metric[0])),
                      .metric_count = metric_count,
                      .metric       = metric,
                      .groups       = groups};
    const muster_status status = prepare(d);
    if (status != MUSTER_OK) mu_detours_fini(d);
    return status;
}

void mu_detours_fini(mu_detours *d) {
    mu_free(d->first_arc);
    mu_free(d->arc);
    mu_free(d->is_cut);
    mu_free(d->is_turn);
    *d = (mu_detours){0};
}

/* ---- the way round --------------------------------------------------------------------------- */

muster_status mu_detour_search_init(mu_detour_search *s, const mu_detours *d) {
    *s                   = (mu_detour_search){0};
    muster_status status = mu_alloc_zeroed(&s->stamp, d->roads->node_count, sizeof *s->stamp);
    if (status == MUSTER_OK) status = mu_heap_init(&s->frontier, d->roads->node_count);
    return status;
}

void mu_detour_search_fini(mu_detour_search *s) {
    mu_free(s->stamp);
    mu_heap_fini(&s->frontier);
    *s = (mu_detour_search){0};
}

/* One search: to a junction, by a metric, without a road. */
typedef struct round_trip {
    const mu_detours *d;
    mu_detour_search *s;
    const uint32_t   *duration_ms;
    const bool       *is_turn;
    mu_plane          plane;
    uint32_t          target, group;
} round_trip;

static uint64_t ahead_ms(const round_trip *t, uint32_t node) {
    const muster_network_data *v = t->d->roads;
    const double x_m = (v->node_lon_deg[node] - v->node_lon_deg[t->target]) * t->plane.x_m_per_deg;
    const double y_m = (v->node_lat_deg[node] - v->node_lat_deg[t->target]) * t->plane.y_m_per_deg;
    return (uint64_t)(MS_PER_M * sqrt(x_m * x_m + y_m * y_m));
}

/* A node whose stamp is old is new to this run; one that is out of the frontier is final. */
static void reach(const round_trip *t, uint32_t node, uint64_t ms) {
    mu_detour_search *s = t->s;
    if (s->stamp[node] == s->run && s->frontier.where[node] == MUSTER_NONE) return;
    s->stamp[node] = s->run;
    mu_heap_push_or_decrease(&s->frontier, node, ms + ahead_ms(t, node));
}

static void start_run(const round_trip *t, uint32_t node) {
    mu_detour_search *s = t->s;
    if (++s->run == 0) { /* 2^32 runs later, old stamps would look current */
        memset(s->stamp, 0, t->d->roads->node_count * sizeof *s->stamp);
        s->run = 1;
    }
    mu_heap_clear(&s->frontier);
    reach(t, node, 0);
}

/* How long from the tail of an arc to its head without its road, past no junction with turns;
 * MUSTER_UNREACHABLE_MS: not found. */
static uint32_t search_round(const round_trip *t, uint32_t tail) {
    const mu_detours *d        = t->d;
    mu_heap          *frontier = &t->s->frontier;
    start_run(t, tail);
    for (int met = 0; met < MOST_JUNCTIONS && frontier->size > 0; ++met) {
        const uint32_t node = mu_heap_pop(frontier);
        const uint64_t ms   = frontier->key[node] - ahead_ms(t, node);
        if (ms >= MUSTER_UNREACHABLE_MS) break;
        if (node == t->target) return (uint32_t)ms;
        for (uint32_t i = d->first_arc[node]; i < d->first_arc[node + 1]; ++i) {
            const uint32_t a = d->arc[i], next = head_of(d, a);
            if (t->duration_ms[a] == MUSTER_UNREACHABLE_MS) continue;
            if (d->groups->of_edge[a / 2] == t->group) continue;
            if (!t->is_turn[next]) reach(t, next, ms + t->duration_ms[a]);
        }
    }
    return MUSTER_UNREACHABLE_MS;
}

/* The last arc of those that lead on inside of one road; adds up how long they take. */
static uint32_t lead_on(const mu_detours *d, const uint32_t *duration_ms, uint32_t arc,
                        uint64_t *out_ms) {
    const uint32_t start = tail_of(d, arc);
    *out_ms              = duration_ms[arc];
    for (uint32_t node = head_of(d, arc); d->groups->is_inside[node] && node != start;
         node          = head_of(d, arc)) {
        const uint32_t *two = d->arc + d->first_arc[node];
        arc                 = two[0] == (arc ^ 1) ? two[1] : two[0];
        *out_ms += duration_ms[arc];
    }
    return arc;
}

uint32_t mu_detour_delay_ms(const mu_detours *d, mu_detour_search *s, uint32_t metric,
                            uint32_t arc) {
    const uint32_t  *duration_ms = muster_metric_duration_ms(d->metric[metric]);
    uint64_t         driven_ms;
    const uint32_t   tail = tail_of(d, arc), last = lead_on(d, duration_ms, arc, &driven_ms);
    const round_trip t = {.d           = d,
                          .s           = s,
                          .duration_ms = duration_ms,
                          .is_turn     = d->is_turn + (size_t)metric * d->roads->node_count,
                          .plane       = mu_plane_at(d->roads->node_lat_deg[tail]),
                          .target      = head_of(d, last),
                          .group       = d->groups->of_edge[arc / 2]};
    if (d->is_cut[(size_t)metric * d->roads->edge_count + arc / 2]) return MUSTER_UNREACHABLE_MS;
    if (t.is_turn[tail] || t.is_turn[t.target]) return MUSTER_UNREACHABLE_MS;
    const uint32_t round_ms = search_round(&t, tail);
    if (round_ms == MUSTER_UNREACHABLE_MS) return MUSTER_UNREACHABLE_MS;
    return round_ms > driven_ms ? round_ms - (uint32_t)driven_ms : 0;
}
