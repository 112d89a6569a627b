/* Customizable contraction hierarchies, the metric-independent part (Dibbelt,
 * Strasser and Wagner, "Customizable Contraction Hierarchies", JEA 2016).
 *
 * Eliminating a node joins its remaining neighbours with each other. What
 * results is a chordal graph, and it need not be simulated: the upper
 * neighbours of a node are those it has in the graph plus those of its
 * children in the elimination tree, where the parent of a node is its lowest
 * upper neighbour (Liu, "The role of elimination trees in sparse
 * factorization", 1990). So each node's list is written once, from lists that
 * are complete already.
 *
 * It is built twice: first in METIS' order, to learn the tree; then in a
 * post-order of that tree, which has the same arcs (every post-order is an
 * equivalent elimination) and makes subtrees ranges, the unit of parallel work
 * and of locality. */
#include "core/hierarchy.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/order.h"

/* Good orders of road networks leave less than two up-arcs for each node and open arc; a
 * stored order may have eight times as many before it is taken for a bad one. */
enum { MOST_ARCS_FACTOR = 16 };

/* ---- one elimination -------------------------------------------------------------------- */

/* Children in the elimination tree as linked lists: first by parent, next by
 * child. */
typedef struct children {
    uint32_t *first, *next;
} children;

typedef struct elimination {
    mu_hierarchy *h;
    children      of;
    uint32_t     *stamp;
    size_t        capacity;
    size_t        most_arcs; /* give up beyond */
} elimination;

static int by_value(const void *a, const void *b) {
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static muster_status add_head(elimination *e, uint32_t tail, uint32_t head) {
    mu_hierarchy *h = e->h;
    if (head <= tail || e->stamp[head] == tail) return MUSTER_OK;
    e->stamp[head] = tail;
    MU_TRY(mu_grow(&h->up_head, &e->capacity, h->up_count, sizeof *h->up_head));
    h->up_head[h->up_count++] = head;
    return MUSTER_OK;
}

static muster_status add_graph_neighbours(elimination *e, uint32_t rank) {
    const mu_hierarchy *h = e->h;
    const mu_graph     *g = h->graph;
    const uint32_t      v = h->node_at[rank];
    for (uint32_t i = g->first_out[v]; i < g->first_out[v + 1]; ++i) {
        MU_TRY(add_head(e, rank, h->rank[mu_graph_head(g, g->out_arc[i])]));
    }
    for (uint32_t i = g->first_in[v]; i < g->first_in[v + 1]; ++i) {
        MU_TRY(add_head(e, rank, h->rank[mu_graph_tail(g, g->in_arc[i])]));
    }
    return MUSTER_OK;
}

static muster_status eliminate(elimination *e, uint32_t rank) {
    mu_hierarchy *h   = e->h;
    h->first_up[rank] = h->up_count;
    MU_TRY(add_graph_neighbours(e, rank));
    for (uint32_t c = e->of.first[rank]; c != MUSTER_NONE; c = e->of.next[c]) {
        for (uint32_t u = h->first_up[c]; u < h->first_up[c + 1]; ++u) {
            MU_TRY(add_head(e, rank, h->up_head[u]));
        }
    }
    h->first_up[rank + 1] = h->up_count;
    h->parent[rank]       = MUSTER_NONE;
    if (h->up_count == h->first_up[rank]) return MUSTER_OK; /* a root */
    uint32_t *heads = h->up_head + h->first_up[rank];
    qsort(heads, h->up_count - h->first_up[rank], sizeof *heads, by_value);
    h->parent[rank]       = heads[0];
    e->of.next[rank]      = e->of.first[heads[0]];
    e->of.first[heads[0]] = rank;
    return MUSTER_OK;
}

static void rank_nodes(mu_hierarchy *h) {
    for (uint32_t r = 0; r < h->node_count; ++r) h->rank[h->node_at[r]] = r;
}

/* *is_complete: false when it was given up because there were too many arcs. */
static muster_status eliminate_all(elimination *e, bool *is_complete) {
    mu_hierarchy *h = e->h;
    h->up_count     = 0;
    rank_nodes(h);
    for (uint32_t r = 0; r < h->node_count; ++r) {
        e->of.first[r] = MUSTER_NONE;
        e->stamp[r]    = MUSTER_NONE;
    }
    *is_complete = false;
    for (uint32_t r = 0; r < h->node_count; ++r) {
        MU_TRY(eliminate(e, r));
        if (h->up_count > e->most_arcs) return MUSTER_OK;
    }
    *is_complete = true;
    return MUSTER_OK;
}

/* ---- post-order ------------------------------------------------------------------------- */

/* Number of nodes in each subtree. */
static void count_subtrees(const mu_hierarchy *h, uint32_t *size) {
    for (uint32_t r = 0; r < h->node_count; ++r) size[r] = 1;
    for (uint32_t r = 0; r < h->node_count; ++r) {
        if (h->parent[r] != MUSTER_NONE) size[h->parent[r]] += size[r];
    }
}

/* A node comes last in the range of its subtree; its children share the rest,
 * in order of their old rank. Parents have higher ranks, so going down from the
 * top every node's range is known before its children ask for theirs. `range_end` is scratch: where
 * the part of each subtree's range that is still free ends. */
static void post_order(const mu_hierarchy *h, const uint32_t *size, uint32_t *range_end,
                       uint32_t *new_node_at) {
    uint32_t end = h->node_count;
    for (uint32_t r = h->node_count; r-- > 0;) {
        uint32_t      *free_end = h->parent[r] == MUSTER_NONE ? &end : &range_end[h->parent[r]];
        const uint32_t last     = *free_end;
        *free_end               = last - size[r];
        new_node_at[last - 1]   = h->node_at[r];
        range_end[r]            = last - 1;
    }
}

/* *is_changed: false when the order was a post-order already, as a stored one is. */
static muster_status renumber(mu_hierarchy *h, bool *is_changed) {
    uint32_t     *size = NULL, *range_end = NULL, *node_at = NULL;
    muster_status status = mu_alloc(&size, h->node_count, sizeof *size);
    if (status == MUSTER_OK) status = mu_alloc(&range_end, h->node_count, sizeof *range_end);
    if (status == MUSTER_OK) status = mu_alloc(&node_at, h->node_count, sizeof *node_at);
    if (status == MUSTER_OK) {
        count_subtrees(h, size);
        post_order(h, size, range_end, node_at);
        *is_changed   = memcmp(h->node_at, node_at, h->node_count * sizeof *node_at) != 0;
        uint32_t *old = h->node_at;
        h->node_at    = node_at;
        node_at       = old;
    }
    mu_free(size);
    mu_free(range_end);
    mu_free(node_at);
    return status;
}

/* ---- what follows from the up-arcs ------------------------------------------------------ */

static void find_descendants(mu_hierarchy *h) {
    for (uint32_t r = 0; r < h->node_count; ++r) h->first_descendant[r] = r;
    for (uint32_t r = 0; r < h->node_count; ++r) {
        const uint32_t p = h->parent[r];
        if (p != MUSTER_NONE && h->first_descendant[r] < h->first_descendant[p]) {
            h->first_descendant[p] = h->first_descendant[r];
        }
    }
}

void mu_hierarchy_count_triangles(mu_hierarchy *h) {
    h->most_up        = 0;
    h->triangle_count = 0;
    for (uint32_t r = 0; r < h->node_count; ++r) {
        const uint32_t width = h->first_up[r + 1] - h->first_up[r];
        if (width > h->most_up) h->most_up = width;
        if (width > 0) h->triangle_count += (uint64_t)width * (width - 1) / 2;
    }
}

static muster_status index_down(mu_hierarchy *h) {
    MU_TRY(mu_alloc(&h->up_tail, h->up_count, sizeof *h->up_tail));
    MU_TRY(mu_alloc_zeroed(&h->first_down, (size_t)h->node_count + 2, sizeof *h->first_down));
    MU_TRY(mu_alloc(&h->down_arc, h->up_count, sizeof *h->down_arc));
    for (uint32_t r = 0; r < h->node_count; ++r) {
        for (uint32_t u = h->first_up[r]; u < h->first_up[r + 1]; ++u) {
            h->up_tail[u] = r;
            ++h->first_down[h->up_head[u] + 2];
        }
    }
    for (uint32_t r = 0; r < h->node_count; ++r) h->first_down[r + 2] += h->first_down[r + 1];
    for (uint32_t u = 0; u < h->up_count; ++u) h->down_arc[h->first_down[h->up_head[u] + 1]++] = u;
    return MUSTER_OK;
}

uint32_t mu_hierarchy_find_up(const mu_hierarchy *h, uint32_t tail, uint32_t head) {
    uint32_t low = h->first_up[tail], high = h->first_up[tail + 1];
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (h->up_head[middle] < head) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static muster_status place_arcs(mu_hierarchy *h) {
    const mu_graph *g = h->graph;
    MU_TRY(mu_alloc(&h->up_of_arc, g->arc_count, sizeof *h->up_of_arc));
    for (uint32_t a = 0; a < g->arc_count; ++a) {
        const uint32_t tail = h->rank[mu_graph_tail(g, a)], head = h->rank[mu_graph_head(g, a)];
        h->up_of_arc[a] = MUSTER_NONE;
        if (tail == head || !mu_graph_is_open(g, a)) continue;
        h->up_of_arc[a] =
            tail < head ? mu_hierarchy_find_up(h, tail, head) : mu_hierarchy_find_up(h, head, tail);
    }
    return MUSTER_OK;
}

/* ---- public ----------------------------------------------------------------------------- */

/* The order that came with the network, if it is a permutation. */
static bool take_given_order(const muster_network *network, uint32_t *junction_at) {
    const uint32_t *rank = network->view.node_rank, n = network->view.node_count;
    if (!rank) return false;
    for (uint32_t r = 0; r < n; ++r) junction_at[r] = MUSTER_NONE;
    for (uint32_t v = 0; v < n; ++v) {
        if (rank[v] >= n || junction_at[rank[v]] != MUSTER_NONE) return false;
        junction_at[rank[v]] = v;
    }
    return true;
}

/* The order of the junctions is the one to keep: it holds whatever is restricted. */
static muster_status expand_order(mu_hierarchy *h, const uint32_t *junction_at) {
    const mu_graph *g = h->graph;
    mu_graph_expand_order(g, junction_at, h->node_at);
    if (!mu_graph_has_turns(g)) return MUSTER_OK;
    if (!h->junction_rank) {
        MU_TRY(mu_alloc(&h->junction_rank, g->junction_count, sizeof *h->junction_rank));
    }
    for (uint32_t r = 0; r < g->junction_count; ++r) h->junction_rank[junction_at[r]] = r;
    return MUSTER_OK;
}

/* A bad order from a foreign file makes a hierarchy that no memory holds: then it is not
 * used. The time to find out is bounded by the arcs that are allowed. */
static muster_status order_and_eliminate(mu_hierarchy *h, elimination *e,
                                         const muster_network *network, uint32_t *junction_at) {
    bool         is_complete = false;
    const size_t n = h->node_count, open_arcs = h->graph->first_out[n];
    e->most_arcs = MOST_ARCS_FACTOR * (n + open_arcs);
    if (take_given_order(network, junction_at)) {
        MU_TRY(expand_order(h, junction_at));
        MU_TRY(eliminate_all(e, &is_complete));
    }
    if (is_complete) return MUSTER_OK;
    MU_TRY(mu_order_nodes(network, junction_at));
    MU_TRY(expand_order(h, junction_at));
    e->most_arcs = SIZE_MAX;
    return eliminate_all(e, &is_complete);
}

static muster_status order(mu_hierarchy *h, elimination *e, const muster_network *network) {
    uint32_t *junction_at;
    MU_TRY(mu_alloc(&junction_at, network->view.node_count, sizeof *junction_at));
    const muster_status status = order_and_eliminate(h, e, network, junction_at);
    mu_free(junction_at);
    return status;
}

static muster_status build(mu_hierarchy *h, elimination *e, const muster_network *network) {
    bool         is_complete, is_changed = true;
    const size_t n = h->node_count;
    MU_TRY(mu_alloc(&h->node_at, n, sizeof *h->node_at));
    MU_TRY(mu_alloc(&h->rank, n, sizeof *h->rank));
    MU_TRY(mu_alloc_zeroed(&h->first_up, n + 1, sizeof *h->first_up));
    MU_TRY(mu_alloc(&h->parent, n, sizeof *h->parent));
    MU_TRY(mu_alloc(&h->first_descendant, n, sizeof *h->first_descendant));
    MU_TRY(mu_alloc(&e->of.first, n, sizeof *e->of.first));
    MU_TRY(mu_alloc(&e->of.next, n, sizeof *e->of.next));
    MU_TRY(mu_alloc(&e->stamp, n, sizeof *e->stamp));
    MU_TRY(order(h, e, network));
    MU_TRY(renumber(h, &is_changed));
    if (is_changed) {
        e->most_arcs = SIZE_MAX;
        MU_TRY(eliminate_all(e, &is_complete));
    }
    MU_TRY(mu_realloc(&h->up_head, h->up_count, sizeof *h->up_head)); /* it has grown by halves */
    find_descendants(h);
    mu_hierarchy_count_triangles(h);
    MU_TRY(index_down(h));
    return place_arcs(h);
}

muster_status mu_hierarchy_init(mu_hierarchy *h, const muster_network *network) {
    *h = (mu_hierarchy){.graph = &network->graph, .node_count = network->graph.node_count};
    elimination   e      = {.h = h};
    muster_status status = build(h, &e, network);
    mu_free(e.of.first);
    mu_free(e.of.next);
    mu_free(e.stamp);
    if (status != MUSTER_OK) mu_hierarchy_fini(h);
    return status;
}

void mu_hierarchy_fini(mu_hierarchy *h) {
    mu_free(h->node_at);
    mu_free(h->rank);
    mu_free(h->first_up);
    mu_free(h->up_head);
    mu_free(h->up_tail);
    mu_free(h->first_down);
    mu_free(h->down_arc);
    mu_free(h->parent);
    mu_free(h->first_descendant);
    mu_free(h->up_of_arc);
    mu_free(h->junction_rank);
    *h = (mu_hierarchy){0};
}

/* ---- check -------------------------------------------------------------------------- */

static bool node_is_sound(const mu_hierarchy *h, uint32_t r) {
    const uint32_t first = h->first_up[r], end = h->first_up[r + 1], p = h->parent[r];
    if (h->rank[h->node_at[r]] != r || first > end || h->first_descendant[r] > r) return false;
    for (uint32_t u = first; u < end; ++u) {
        if (h->up_tail[u] != r || h->up_head[u] <= (u > first ? h->up_head[u - 1] : r))
            return false;
    }
    if (p != (first < end ? h->up_head[first] : MUSTER_NONE)) return false;
    if (p == MUSTER_NONE) return true;
    for (uint32_t u = first + 1; u < end; ++u) { /* chordal: the parent has the others too */
        const uint32_t at = mu_hierarchy_find_up(h, p, h->up_head[u]);
        if (at >= h->first_up[p + 1] || h->up_head[at] != h->up_head[u]) return false;
    }
    return h->first_descendant[p] <= h->first_descendant[r]; /* the parent's range holds ours */
}

static bool down_is_sound(const mu_hierarchy *h, uint32_t r) {
    for (uint32_t i = h->first_down[r]; i < h->first_down[r + 1]; ++i) {
        if (h->up_head[h->down_arc[i]] != r) return false;
        if (i > h->first_down[r] && h->down_arc[i] <= h->down_arc[i - 1]) return false;
    }
    return true;
}

bool mu_hierarchy_check(const mu_hierarchy *h) {
    const mu_graph *g = h->graph;
    for (uint32_t r = 0; r < h->node_count; ++r) {
        if (!node_is_sound(h, r) || !down_is_sound(h, r)) return false;
    }
    for (uint32_t a = 0; a < g->arc_count; ++a) {
        const uint32_t u    = h->up_of_arc[a];
        const uint32_t tail = h->rank[mu_graph_tail(g, a)], head = h->rank[mu_graph_head(g, a)];
        if (u == MUSTER_NONE) {
            if (tail != head && mu_graph_is_open(g, a)) return false;
        } else if (h->up_tail[u] != (tail < head ? tail : head) ||
                   h->up_head[u] != (tail < head ? head : tail)) {
            return false;
        }
    }
    return true;
}
