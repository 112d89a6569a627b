/* Strongly connected components (Tarjan, "Depth-first search and linear graph algorithms",
 * SIAM J. Computing 1972), with the recursion unrolled: a country's road network is one
 * path a million nodes deep, and the caller's stack is not ours to spend. */
#include "core/scc.h"

#include <stdlib.h>

#include "core/alloc.h"

typedef struct walk {
    const mu_graph *graph;
    const uint8_t  *usable;
    uint32_t       *order;    /* visit number, MUSTER_NONE before the visit */
    uint32_t       *low;      /* smallest visit number reachable through one back arc */
    uint32_t       *next_out; /* where in out_arc the visit of a node goes on */
    uint32_t       *path;     /* nodes being visited, root first */
    uint32_t       *open;     /* nodes visited whose component is not complete */
    uint32_t        visited, path_size, open_size;
} walk;

static muster_status walk_init(walk *w, const mu_graph *graph, const uint8_t *usable) {
    const size_t n = graph->node_count;
    *w             = (walk){.graph = graph, .usable = usable};
    MU_TRY(mu_alloc(&w->order, n, sizeof *w->order));
    MU_TRY(mu_alloc(&w->low, n, sizeof *w->low));
    MU_TRY(mu_alloc_copy(&w->next_out, graph->first_out, n, sizeof *w->next_out));
    MU_TRY(mu_alloc(&w->path, n, sizeof *w->path));
    MU_TRY(mu_alloc(&w->open, n, sizeof *w->open));
    for (size_t v = 0; v < n; ++v) w->order[v] = MUSTER_NONE;
    return MUSTER_OK;
}

static void walk_fini(walk *w) {
    mu_free(w->order);
    mu_free(w->low);
    mu_free(w->next_out);
    mu_free(w->path);
    mu_free(w->open);
}

static void enter(walk *w, uint32_t node) {
    w->order[node] = w->low[node] = w->visited++;
    w->path[w->path_size++]       = node;
    w->open[w->open_size++]       = node;
}

static void lower(uint32_t *low, uint32_t to) {
    if (to < *low) *low = to;
}

/* Take the next arc out of `node`; false when there is none left. */
static bool advance(walk *w, const mu_scc *scc, uint32_t node) {
    while (w->next_out[node] < w->graph->first_out[node + 1]) {
        const uint32_t arc = w->graph->out_arc[w->next_out[node]++];
        if (!w->usable[arc]) continue;
        const uint32_t head = mu_graph_head(w->graph, arc);
        if (w->order[head] == MUSTER_NONE) {
            enter(w, head);
            return true;
        }
        if (scc->component[head] == MUSTER_NONE) lower(&w->low[node], w->order[head]);
    }
    return false;
}

/* The visit of `node` is over: if nothing in it leads further back, it closes a component. */
static void leave(walk *w, mu_scc *scc, uint32_t node) {
    --w->path_size;
    if (w->path_size > 0) lower(&w->low[w->path[w->path_size - 1]], w->low[node]);
    if (w->low[node] != w->order[node]) return;
    uint32_t member;
    do {
        member                 = w->open[--w->open_size];
        scc->component[member] = scc->count;
    } while (member != node);
    ++scc->count;
}

static void visit_from(walk *w, mu_scc *scc, uint32_t root) {
    enter(w, root);
    while (w->path_size > 0) {
        const uint32_t node = w->path[w->path_size - 1];
        if (!advance(w, scc, node)) leave(w, scc, node);
    }
}

typedef struct rank {
    uint32_t size, smallest_node, id;
} rank;

static int larger_first(const void *a, const void *b) {
    const rank *p = a, *q = b;
    if (p->size != q->size) return p->size > q->size ? -1 : 1;
    return p->smallest_node < q->smallest_node ? -1 : 1;
}

static void measure(rank *ranks, const mu_scc *scc, uint32_t node_count) {
    for (uint32_t c = 0; c < scc->count; ++c) ranks[c].id = c;
    for (uint32_t v = node_count; v-- > 0;) {
        rank *r          = &ranks[scc->component[v]];
        r->smallest_node = v;
        ++r->size;
    }
}

/* Renumber the components, largest first; labels without a node end up behind all others. */
static void rename_all(mu_scc *scc, uint32_t node_count, rank *ranks, uint32_t *renamed) {
    uint32_t count = 0;
    qsort(ranks, scc->count, sizeof *ranks, larger_first);
    for (; count < scc->count && ranks[count].size > 0; ++count) {
        renamed[ranks[count].id] = count;
        scc->size[count]         = ranks[count].size;
    }
    scc->count = count;
    for (uint32_t v = 0; v < node_count; ++v) scc->component[v] = renamed[scc->component[v]];
}

muster_status mu_scc_rank(mu_scc *scc, uint32_t node_count) {
    rank     *ranks;
    uint32_t *renamed;
    MU_TRY(mu_alloc_zeroed(&ranks, scc->count, sizeof *ranks));
    muster_status status = mu_alloc(&renamed, scc->count, sizeof *renamed);
    if (status == MUSTER_OK) status = mu_alloc(&scc->size, scc->count, sizeof *scc->size);
    if (status == MUSTER_OK) {
        measure(ranks, scc, node_count);
        rename_all(scc, node_count, ranks, renamed);
    }
    mu_free(ranks);
    mu_free(renamed);
    return status;
}

muster_status mu_scc_init(mu_scc *scc, const mu_graph *graph, const uint8_t *usable) {
    const uint32_t n = graph->node_count;
    walk           w;
    *scc                 = (mu_scc){0};
    muster_status status = walk_init(&w, graph, usable);
    if (status == MUSTER_OK) status = mu_alloc(&scc->component, n, sizeof *scc->component);
    if (status == MUSTER_OK) {
        for (uint32_t v = 0; v < n; ++v) scc->component[v] = MUSTER_NONE;
        for (uint32_t v = 0; v < n; ++v) {
            if (w.order[v] == MUSTER_NONE) visit_from(&w, scc, v);
        }
        status = mu_scc_rank(scc, n);
    }
    walk_fini(&w);
    if (status != MUSTER_OK) mu_scc_fini(scc);
    return status;
}

void mu_scc_fini(mu_scc *scc) {
    mu_free(scc->component);
    mu_free(scc->size);
    *scc = (mu_scc){0};
}
