/* Perfect customization (Dibbelt, Strasser and Wagner, "Customizable Contraction Hierarchies",
 * JEA 2016, section 8).
 *
 * After customization an up-arc costs what the best way over lower nodes does. A way over a
 * higher one may be less; then no fastest path needs the arc, for the way over the higher node is
 * in the hierarchy too. So from the top down, where all arcs between higher nodes cost what
 * fastest paths do already, an arc x - y is compared with every way x - z - y; the arcs that were
 * undercut are left out of searches, and those that were not cost what they did before. Only an
 * arc that costs more is left out: of two ways that cost the same both may stay.
 *
 * A node reads the arcs of its ancestors and writes its own: subtrees of the elimination tree are
 * independent once what is above them is done. */
#include "core/perfect.h"

#include "core/alloc.h"
#include "core/subtrees.h"

static mu_cost lesser(mu_cost a, mu_cost b) {
    return a < b ? a : b;
}

/* ---- lowering --------------------------------------------------------------------------- */

/* What every up-arc costs by any way, as far as the pass has come. */
typedef struct pass {
    const mu_weights *weights;
    mu_cost          *up, *down; /* by up-arc */
} pass;

/* All x - y - z and x - z - y with z above y: xy is the up-arc to y. What leads from y to the
 * upper neighbours of x above y are up-arcs of y (chordality); one walk finds them. */
static void lower_by_triangles(pass *p, uint32_t xy, uint32_t end) {
    const mu_hierarchy *h    = p->weights->hierarchy;
    const mu_cost       to_y = p->up[xy], from_y = p->down[xy];
    mu_cost             up = to_y, down = from_y;
    uint32_t            yz = h->first_up[h->up_head[xy]];
    for (uint32_t xz = xy + 1; xz < end; ++xz, ++yz) {
        while (h->up_head[yz] != h->up_head[xz]) ++yz;
        const mu_cost to_z = p->up[xz], from_z = p->down[xz];
        up          = lesser(up, to_z + p->down[yz]);
        down        = lesser(down, p->up[yz] + from_z);
        p->up[xz]   = lesser(to_z, to_y + p->up[yz]);
        p->down[xz] = lesser(from_z, p->down[yz] + from_y);
    }
    p->up[xy]   = up;
    p->down[xy] = down;
}

static void lower_node(pass *p, uint32_t x) {
    const mu_hierarchy *h   = p->weights->hierarchy;
    const uint32_t      end = h->first_up[x + 1];
    for (uint32_t u = h->first_up[x]; u < end; ++u) {
        p->up[u]   = p->weights->up[u];
        p->down[u] = p->weights->down[u];
    }
    for (uint32_t u = h->first_up[x]; u < end; ++u) lower_by_triangles(p, u, end);
}

static void lower_ranks(void *user, uint32_t first, uint32_t last) {
    for (uint32_t x = last + 1; x-- > first;) lower_node(user, x);
}

/* ---- keeping ---------------------------------------------------------------------------- */

static bool is_kept(const mu_cost *weight, const mu_cost *least, uint32_t u) {
    return (weight[u] < MU_INFINITE_WEIGHT) & (weight[u] == least[u]);
}

/* One place more than there are arcs: each is written down, and stays if it is kept. */
static muster_status list_kept(const mu_hierarchy *h, const mu_cost *weight, const mu_cost *least,
                               uint32_t **out_first, uint32_t **out_arc) {
    uint32_t count = 0;
    for (uint32_t u = 0; u < h->up_count; ++u) count += is_kept(weight, least, u);
    MU_TRY(mu_alloc(out_first, (size_t)h->node_count + 1, sizeof **out_first));
    MU_TRY(mu_alloc(out_arc, (size_t)count + 1, sizeof **out_arc));
    count = 0;
    for (uint32_t r = 0; r < h->node_count; ++r) {
        (*out_first)[r] = count;
        for (uint32_t u = h->first_up[r]; u < h->first_up[r + 1]; ++u) {
            (*out_arc)[count] = u;
            count += is_kept(weight, least, u);
        }
    }
    (*out_first)[h->node_count] = count;
    return MUSTER_OK;
}

static muster_status fill(mu_perfect *perfect, pass *p, uint32_t thread_count) {
    const mu_weights   *w = p->weights;
    const mu_hierarchy *h = w->hierarchy;
    MU_TRY(mu_alloc_huge(&p->up, h->up_count, sizeof *p->up));
    MU_TRY(mu_alloc_huge(&p->down, h->up_count, sizeof *p->down));
    mu_subtrees_descend(h, mu_subtrees_threads(h, thread_count), lower_ranks, p);
    MU_TRY(list_kept(h, w->up, p->up, &perfect->first_ascent, &perfect->ascent));
    return list_kept(h, w->down, p->down, &perfect->first_descent, &perfect->descent);
}

muster_status mu_perfect_init(mu_perfect *perfect, const mu_weights *weights,
                              uint32_t thread_count) {
    pass p                     = {.weights = weights};
    *perfect                   = (mu_perfect){0};
    const muster_status status = fill(perfect, &p, thread_count);
    mu_free(p.up);
    mu_free(p.down);
    if (status != MUSTER_OK) mu_perfect_fini(perfect);
    return status;
}

void mu_perfect_fini(mu_perfect *perfect) {
    mu_free(perfect->first_ascent);
    mu_free(perfect->ascent);
    mu_free(perfect->first_descent);
    mu_free(perfect->descent);
    *perfect = (mu_perfect){0};
}

mu_kept mu_kept_ascents(const mu_weights *weights, const mu_perfect *perfect) {
    if (!perfect->ascent) return (mu_kept){weights->hierarchy->first_up, NULL};
    return (mu_kept){perfect->first_ascent, perfect->ascent};
}

mu_kept mu_kept_descents(const mu_weights *weights, const mu_perfect *perfect) {
    if (!perfect->descent) return (mu_kept){weights->hierarchy->first_up, NULL};
    return (mu_kept){perfect->first_descent, perfect->descent};
}
