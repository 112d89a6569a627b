/* Components after a change, from those before.
 *
 * hierarchy_scc.c gives a node a component by looking at the nodes above it alone. So the answer
 * for a node can only differ where its own up-arcs have become infinite or finite, or where a
 * node above has another component than before. These nodes wait in a set of bits by rank and
 * are taken from the highest on. The highest node of a component carries its label: it keeps
 * it as long as it joins no other; a node that becomes a highest one gets a new label. At the
 * end labels are turned into ids, largest component first, as everywhere. */
#include "core/alloc.h"
#include "core/hierarchy_scc.h"

typedef struct update {
    const mu_hierarchy *h;
    const mu_weights   *weights;
    const uint32_t     *old;     /* component by node, before */
    uint32_t           *label;   /* by node */
    uint32_t            count;   /* of labels; the first are the old ids */
    uint32_t           *seen_by; /* by label: the rank that last found a way up to it */
    uint64_t           *waiting; /* a bit by rank */
    bool                has_changes;
} update;

static void wait(update *p, uint32_t rank) {
    p->waiting[rank / 64] |= UINT64_C(1) << rank % 64;
}

/* The component above that the node has ways to and from; MUSTER_NONE: there is none. */
static uint32_t joined_label(update *p, uint32_t r) {
    const mu_hierarchy *h = p->h;
    for (uint32_t u = h->first_up[r]; u < h->first_up[r + 1]; ++u) {
        const uint32_t above = p->label[h->node_at[h->up_head[u]]];
        if (p->weights->up[u] < MU_INFINITE_WEIGHT) p->seen_by[above] = r;
    }
    for (uint32_t u = h->first_up[r]; u < h->first_up[r + 1]; ++u) {
        const uint32_t above = p->label[h->node_at[h->up_head[u]]];
        if (p->weights->down[u] < MU_INFINITE_WEIGHT && p->seen_by[above] == r) return above;
    }
    return MUSTER_NONE;
}

static bool was_highest(const update *p, uint32_t r) {
    const mu_hierarchy *h   = p->h;
    const uint32_t      own = p->old[h->node_at[r]];
    for (uint32_t u = h->first_up[r]; u < h->first_up[r + 1]; ++u) {
        if (p->old[h->node_at[h->up_head[u]]] == own) return false;
    }
    return true;
}

static uint32_t new_label(update *p) {
    p->seen_by[p->count] = MUSTER_NONE;
    return p->count++;
}

static void look_at(update *p, uint32_t r) {
    const mu_hierarchy *h     = p->h;
    const uint32_t      v     = h->node_at[r];
    uint32_t            label = joined_label(p, r);
    if (label == MUSTER_NONE) label = was_highest(p, r) ? p->old[v] : new_label(p);
    if (label == p->label[v]) return;
    p->label[v]    = label;
    p->has_changes = true;
    for (uint32_t i = h->first_down[r]; i < h->first_down[r + 1]; ++i) {
        wait(p, h->up_tail[h->down_arc[i]]);
    }
}

/* Work goes down only: what follows from a node lies below it. Each node is looked at once at
 * most, so that this never takes much longer than a pass over all of them. */
static void look_at_waiting(update *p) {
    for (uint32_t w = p->h->node_count / 64 + 1; w-- > 0;) {
        while (p->waiting[w] != 0) {
            const uint32_t bit = 63 - (uint32_t)__builtin_clzll(p->waiting[w]);
            p->waiting[w] &= ~(UINT64_C(1) << bit);
            look_at(p, w * 64 + bit);
        }
    }
}

/* A node gets at most one new label, once all above it are done. */
static muster_status prepare(update *p, const mu_scc *base) {
    const size_t nodes = p->h->node_count;
    MU_TRY(mu_alloc_copy(&p->label, base->component, nodes, sizeof *p->label));
    MU_TRY(mu_alloc(&p->seen_by, base->count + nodes, sizeof *p->seen_by));
    MU_TRY(mu_alloc_zeroed(&p->waiting, nodes / 64 + 1, sizeof *p->waiting));
    for (uint32_t c = 0; c < base->count; ++c) p->seen_by[c] = MUSTER_NONE;
    return MUSTER_OK;
}

/* Hand the labels over to `scc`. */
static muster_status finish(update *p, mu_scc *scc, const mu_scc *base) {
    scc->component = p->label;
    scc->count     = p->count;
    p->label       = NULL;
    if (p->has_changes) return mu_scc_rank(scc, p->h->node_count);
    return mu_alloc_copy(&scc->size, base->size, base->count, sizeof *scc->size);
}

muster_status mu_hierarchy_scc_update(mu_scc *scc, const mu_scc *base, const mu_weights *weights,
                                      uint32_t flip_count, const uint32_t *flipped) {
    update p = {
        .h = weights->hierarchy, .weights = weights, .old = base->component, .count = base->count};
    *scc                 = (mu_scc){0};
    muster_status status = prepare(&p, base);
    if (status == MUSTER_OK) {
        for (uint32_t i = 0; i < flip_count; ++i) wait(&p, flipped[i]);
        look_at_waiting(&p);
        status = finish(&p, scc, base);
    }
    mu_free(p.label);
    mu_free(p.seen_by);
    mu_free(p.waiting);
    if (status != MUSTER_OK) mu_scc_fini(scc);
    return status;
}
