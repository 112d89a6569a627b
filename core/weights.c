/* Customization: from the costs of arcs to the costs of shortcuts.
 *
 * The shortcut between x and y, x below y, is worth the cheapest way over any v below both
 * ("lower triangle"). Once all nodes below x are done, x's shortcuts follow from theirs, so
 * one pass in order of rank does it. A node reads only what lies in its own subtree and
 * writes only its own arcs: disjoint subtrees of the elimination tree are independent work
 * and need neither locks nor a barrier a level, which on few cores costs more than it
 * brings. What is left above the subtrees, the large separators, is done at the end.
 *
 * Every shortcut is a minimum over the same set whoever computes it, hence the
 * same result for any number of threads. */
#include "core/weights.h"

#include "core/alloc.h"
#include "core/threads.h"

static mu_cost lesser(mu_cost a, mu_cost b) {
    return a < b ? a : b;
}

/* ---- arcs of the graph ------------------------------------------------------------------ */

/* The cheapest of the graph's own arcs between the ends of each up-arc. */
static void reset(mu_weights *w, const uint32_t *duration_ms) {
    const mu_hierarchy *h = w->hierarchy;
    const mu_graph     *g = h->graph;
    for (uint32_t u = 0; u < h->up_count; ++u) w->up[u] = w->down[u] = MU_INFINITE_WEIGHT;
    for (uint32_t a = 0; a < g->arc_count; ++a) {
        const uint32_t u = h->up_of_arc[a];
        if (u == MUSTER_NONE || duration_ms[a] >= MUSTER_UNREACHABLE_MS) continue;
        const mu_cost cost  = mu_cost_of(duration_ms[a], mu_graph_length_cm(g, a));
        const bool    is_up = h->rank[mu_graph_tail(g, a)] == h->up_tail[u];
        mu_cost      *to    = is_up ? &w->up[u] : &w->down[u];
        *to                 = lesser(*to, cost);
    }
}

/* ---- one node --------------------------------------------------------------------------- */

/* All ways x - v - y over one v below: `u` is the up-arc v - x, those after it
 * lead to the ys. Upper neighbours of v above x are upper neighbours of x as
 * well (chordality), and both lists are sorted, so one walk along x's list
 * finds them all. */
static void relax_triangles(mu_weights *w, uint32_t x, uint32_t u) {
    const mu_hierarchy *h    = w->hierarchy;
    const mu_cost       to_v = w->down[u], from_v = w->up[u];
    const uint32_t      end = h->first_up[h->up_tail[u] + 1];
    uint32_t            xy  = h->first_up[x];
    for (uint32_t vy = u + 1; vy < end; ++vy, ++xy) {
        while (h->up_head[xy] != h->up_head[vy]) ++xy;
        w->up[xy]   = lesser(w->up[xy], to_v + w->up[vy]);
        w->down[xy] = lesser(w->down[xy], w->down[vy] + from_v);
    }
}

void mu_weights_relax_node(mu_weights *w, uint32_t x) {
    const mu_hierarchy *h = w->hierarchy;
    for (uint32_t i = h->first_down[x]; i < h->first_down[x + 1]; ++i) {
        relax_triangles(w, x, h->down_arc[i]);
    }
}

/* ---- all nodes -------------------------------------------------------------------------- */

#ifdef _OPENMP
/* Below this many nodes a subtree is one task. Chosen so that a city gives some
 * dozens. */
enum { TASK_NODES = 2048 };

/* Subtrees of at most TASK_NODES nodes that are in no other such. */
static bool is_task_root(const mu_hierarchy *h, uint32_t r) {
    const uint32_t p = h->parent[r];
    return r - h->first_descendant[r] < TASK_NODES &&
           (p == MUSTER_NONE || p - h->first_descendant[p] >= TASK_NODES);
}

static void customize_all(mu_weights *w, uint32_t thread_count) {
    const mu_hierarchy *h = w->hierarchy;
#pragma omp parallel num_threads(mu_thread_count(thread_count, h->node_count))
#pragma omp          single
    for (uint32_t r = 0; r < h->node_count; ++r) {
                 if (!is_task_root(h, r)) continue;
#pragma omp task firstprivate(r)
        for (uint32_t x = h->first_descendant[r]; x <= r; ++x) mu_weights_relax_node(w, x);
    }
    for (uint32_t r = 0; r < h->node_count; ++r) {
        if (r - h->first_descendant[r] >= TASK_NODES) mu_weights_relax_node(w, r);
    }
}
#else
static void customize_all(mu_weights *w, uint32_t thread_count) {
    (void)thread_count;
    for (uint32_t x = 0; x < w->hierarchy->node_count; ++x) mu_weights_relax_node(w, x);
}
#endif

muster_status mu_weights_init(mu_weights *w, const mu_hierarchy *hierarchy,
                              const uint32_t *duration_ms, uint32_t thread_count) {
    *w                   = (mu_weights){.hierarchy = hierarchy};
    muster_status status = mu_alloc(&w->up, hierarchy->up_count, sizeof *w->up);
    if (status == MUSTER_OK) status = mu_alloc(&w->down, hierarchy->up_count, sizeof *w->down);
    if (status != MUSTER_OK) {
        mu_weights_fini(w);
        return status;
    }
    reset(w, duration_ms);
    customize_all(w, thread_count);
    return MUSTER_OK;
}

void mu_weights_fini(mu_weights *w) {
    mu_free(w->up);
    mu_free(w->down);
    *w = (mu_weights){0};
}
