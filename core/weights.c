/* Customization: from the costs of arcs to the costs of shortcuts.
 *
 * The shortcut between x and y, x below y, is worth the cheapest way over any v below both
 * ("lower triangle"). Once all nodes below x are done, x's shortcuts follow from theirs, so
 * one pass in order of rank does it. A node reads only what lies in its own subtree and
 * writes only its own arcs: disjoint subtrees of the elimination tree are independent work
 * (subtrees.c) and need neither locks nor a barrier a level, which on few cores costs more
 * than it brings.
 *
 * Every shortcut is a minimum over the same set whoever computes it, hence the
 * same result for any number of threads. */
#include "core/weights.h"

#include "core/alloc.h"
#include "core/subtrees.h"
#include "core/threads.h"

static mu_cost lesser(mu_cost a, mu_cost b) {
    return a < b ? a : b;
}

/* ---- arcs of the graph ------------------------------------------------------------------ */

/* The ends of an arc and its up-arc lie anywhere: what is known of them is asked for so many arcs
 * before its turn, which takes a third off. */
enum { ARCS_AHEAD = 32 };

/* Weights are infinite at most, so that an arc that may not be used, which costs as much or more,
 * lowers none. */
static void lower_to_arc(mu_cost *weight, const mu_graph *g, const uint32_t *duration_ms,
                         uint32_t arc) {
    *weight = lesser(*weight, mu_cost_of(duration_ms[arc], mu_graph_length_cm(g, arc)));
}

static void lower_to_arcs(mu_weights *w, const uint32_t *duration_ms, uint32_t first,
                          uint32_t end) {
    const mu_hierarchy *h       = w->hierarchy;
    const mu_graph     *g       = h->graph;
    mu_cost *const      side[2] = {w->down, w->up}; /* no processor foresees which */
    for (uint32_t a = 0; a < g->arc_count; ++a) {
        const uint32_t ahead = a + ARCS_AHEAD < g->arc_count ? a + ARCS_AHEAD : a;
        const uint32_t u = h->up_of_arc[a], next = h->up_of_arc[ahead];
        if (next >= first && next < end) {
            __builtin_prefetch(&h->rank[mu_graph_tail(g, ahead)]);
            __builtin_prefetch(&h->rank[mu_graph_head(g, ahead)]);
            __builtin_prefetch(&w->up[next], 1);
            __builtin_prefetch(&w->down[next], 1);
        }
        if (u < first || u >= end) continue;
        lower_to_arc(&side[mu_hierarchy_is_ascent(h, a)][u], g, duration_ms, a);
    }
}

/* The same where no turn is restricted: both arcs of an edge have one up-arc, and run opposite
 * ways. */
static void lower_to_edges(mu_weights *w, const uint32_t *duration_ms, uint32_t first,
                           uint32_t end) {
    const mu_hierarchy *h       = w->hierarchy;
    const mu_graph     *g       = h->graph;
    const uint32_t      edges   = g->arc_count / 2;
    mu_cost *const      side[2] = {w->down, w->up};
    for (uint32_t e = 0; e < edges; ++e) {
        const uint32_t ahead = e + ARCS_AHEAD / 2 < edges ? e + ARCS_AHEAD / 2 : e;
        const uint32_t u = mu_hierarchy_up_of_edge(h, e), next = mu_hierarchy_up_of_edge(h, ahead);
        if (next >= first && next < end) {
            __builtin_prefetch(&h->rank[g->edge_end[0][ahead]]);
            __builtin_prefetch(&h->rank[g->edge_end[1][ahead]]);
            __builtin_prefetch(&w->up[next], 1);
            __builtin_prefetch(&w->down[next], 1);
        }
        if (u < first || u >= end) continue;
        const bool is_up = mu_hierarchy_is_ascent(h, 2 * e);
        lower_to_arc(&side[is_up][u], g, duration_ms, 2 * e);
        lower_to_arc(&side[!is_up][u], g, duration_ms, 2 * e + 1);
    }
}

/* Up-arcs `first` to `end` - 1: the cheapest of the graph's own arcs between their ends. Looking at
 * all arcs and passing over those of other up-arcs is faster than to go by the node: nearly all of
 * the time is spent on what lies far apart in memory. */
static void reset(mu_weights *w, const uint32_t *duration_ms, uint32_t first, uint32_t end) {
    for (uint32_t u = first; u < end; ++u) w->up[u] = w->down[u] = MU_INFINITE_WEIGHT;
    if (mu_graph_has_turns(w->hierarchy->graph)) {
        lower_to_arcs(w, duration_ms, first, end);
    } else {
        lower_to_edges(w, duration_ms, first, end);
    }
}

/* Each thread some of the up-arcs. */
static void reset_all(mu_weights *w, const uint32_t *duration_ms, uint32_t threads) {
    const uint64_t count = w->hierarchy->up_count;
#pragma omp parallel for num_threads(threads)
    for (uint32_t t = 0; t < threads; ++t) {
        const uint64_t first = count * t / threads, end = count * (t + 1) / threads;
        reset(w, duration_ms, (uint32_t)first, (uint32_t)end);
    }
}

/* ---- one node --------------------------------------------------------------------------- */

/* All ways x - v - y over one v below: `u` is the up-arc v - x, those after it lead to the ys.
 * Upper neighbours of v above x are upper neighbours of x as well (chordality). */
static void relax_triangles(mu_weights *w, const uint32_t *arc_to, uint32_t u) {
    const mu_hierarchy *h    = w->hierarchy;
    const mu_cost       to_v = w->down[u], from_v = w->up[u];
    const uint32_t      end = h->first_up[h->up_tail[u] + 1];
    for (uint32_t vy = u + 1; vy < end; ++vy) {
        const uint32_t xy = arc_to[h->up_head[vy]];
        w->up[xy]         = lesser(w->up[xy], to_v + w->up[vy]);
        w->down[xy]       = lesser(w->down[xy], w->down[vy] + from_v);
    }
}

void mu_weights_relax_node(mu_weights *w, uint32_t x, uint32_t *arc_to) {
    const mu_hierarchy *h = w->hierarchy;
    for (uint32_t u = h->first_up[x]; u < h->first_up[x + 1]; ++u) arc_to[h->up_head[u]] = u;
    for (uint32_t i = h->first_down[x]; i < h->first_down[x + 1]; ++i) {
        relax_triangles(w, arc_to, h->down_arc[i]);
    }
}

/* ---- all nodes -------------------------------------------------------------------------- */

typedef struct customization {
    mu_weights *weights;
    uint32_t   *arc_to; /* [threads][node_count] */
} customization;

static void customize_ranks(void *user, uint32_t first, uint32_t last) {
    const customization *c      = user;
    const size_t         n      = c->weights->hierarchy->node_count;
    uint32_t            *arc_to = c->arc_to + mu_thread_number() * n;
    for (uint32_t x = first; x <= last; ++x) {
        mu_weights_relax_node(c->weights, x, arc_to);
    }
}

static muster_status customize(mu_weights *w, const mu_hierarchy *h, const uint32_t *duration_ms,
                               uint32_t thread_count) {
    const uint32_t threads = mu_subtrees_threads(h, thread_count);
    customization  c       = {.weights = w};
    MU_TRY(mu_alloc_huge(&w->up, h->up_count, sizeof *w->up));
    MU_TRY(mu_alloc_huge(&w->down, h->up_count, sizeof *w->down));
    MU_TRY(mu_alloc(&c.arc_to, (size_t)threads * h->node_count, sizeof *c.arc_to));
    reset_all(w, duration_ms, threads);
    mu_subtrees_ascend(h, threads, customize_ranks, &c);
    mu_free(c.arc_to);
    return MUSTER_OK;
}

muster_status mu_weights_init(mu_weights *w, const mu_hierarchy *hierarchy,
                              const uint32_t *duration_ms, uint32_t thread_count) {
    *w                         = (mu_weights){.hierarchy = hierarchy};
    const muster_status status = customize(w, hierarchy, duration_ms, thread_count);
    if (status != MUSTER_OK) mu_weights_fini(w);
    return status;
}

void mu_weights_fini(mu_weights *w) {
    mu_free(w->up);
    mu_free(w->down);
    *w = (mu_weights){0};
}
