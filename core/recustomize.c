/* Partial customization (Dibbelt, Strasser and Wagner, "Customizable Contraction
 * Hierarchies", JEA 2016, section 6.3), in order of rank.
 *
 * An up-arc is dirty when its weight may have changed. Nodes with dirty arcs wait in a set of
 * bits by rank and are taken from the lowest on, so that all they depend on is final by then.
 * A dirty arc is worked out anew from the graph's own arcs and its lower triangles. If that
 * changes it, it leans on the arcs above: the third side of an upper triangle becomes dirty
 * only when its old weight came by way of the old sum, or the new sum is less. Most changes
 * end after a few steps that way, and nothing above them is looked at.
 *
 * A node with many dirty arcs is done as a whole, as full customization does it: one pass
 * along the lists of its lower neighbours is cheaper than one an arc. */
#include "core/recustomize.h"

#include "core/alloc.h"

/* A node is done whole when at least one in so many of its up-arcs is dirty. Of 1, 3, 6, 20 and
 * 1,000 this was among the fastest on the home scenario, for scattered arcs and for areas; it
 * matters little. */
enum { WHOLE_NODE_SHARE = 3 };

/* When to start anew: at once from one changed arc in so many on; or when more than this share of
 * all triangles has been looked at, which cannot be told beforehand: areas with a tenth of the
 * arcs of the home scenario reach 23 to 38 % and are done in half the time of a new metric, 1.3 %
 * of the arcs scattered all over reach 98 % and take twice that time. bench_closure shows both. */
enum { FULL_ARC_SHARE = 4, FULL_TRIANGLE_PERCENT = 40 };

typedef struct update {
    const mu_hierarchy *h;
    const mu_weights   *base;
    mu_weights         *now;
    const uint32_t     *duration_ms;
    uint8_t            *is_dirty; /* by up-arc */
    uint64_t           *waiting;  /* a bit by rank: some of its up-arcs are dirty */
    uint32_t           *arc_to;   /* scratch, by rank */
    uint32_t           *changed;  /* up-arcs of the node at work whose weight is not the old one */
    uint32_t            changed_count;
    uint64_t            pairs; /* of up-arcs of a node that were looked at together */
    mu_recustomized    *result;
} update;

static mu_cost lesser(mu_cost a, mu_cost b) {
    return a < b ? a : b;
}

static void make_dirty(update *p, uint32_t u) {
    const uint32_t rank = p->h->up_tail[u];
    p->is_dirty[u]      = 1;
    p->waiting[rank / 64] |= UINT64_C(1) << rank % 64;
}

/* ---- working out dirty arcs -------------------------------------------------------------- */

static void lower_to_arc(update *p, mu_cost *weight, uint32_t arc) {
    if (p->duration_ms[arc] >= MUSTER_UNREACHABLE_MS) return;
    const uint32_t cm = mu_graph_length_cm(p->h->graph, arc);
    *weight           = lesser(*weight, mu_cost_of(p->duration_ms[arc], cm));
}

/* Dirty up-arcs of `x` fall back to the graph's own arcs. */
static void reset_dirty(update *p, uint32_t x) {
    const mu_graph *g = p->h->graph;
    const uint32_t  v = p->h->node_at[x];
    for (uint32_t u = p->h->first_up[x]; u < p->h->first_up[x + 1]; ++u) {
        if (p->is_dirty[u]) p->now->up[u] = p->now->down[u] = MU_INFINITE_WEIGHT;
    }
    for (uint32_t i = g->first_out[v]; i < g->first_out[v + 1]; ++i) {
        const uint32_t u = p->h->up_of_arc[g->out_arc[i]];
        if (u == MUSTER_NONE || p->h->up_tail[u] != x || !p->is_dirty[u]) continue;
        lower_to_arc(p, &p->now->up[u], g->out_arc[i]);
    }
    for (uint32_t i = g->first_in[v]; i < g->first_in[v + 1]; ++i) {
        const uint32_t u = p->h->up_of_arc[g->in_arc[i]];
        if (u == MUSTER_NONE || p->h->up_tail[u] != x || !p->is_dirty[u]) continue;
        lower_to_arc(p, &p->now->down[u], g->in_arc[i]);
    }
}

/* The first of the arcs that come up to `y` whose tail is not below `rank`. */
static uint32_t first_down_from(const mu_hierarchy *h, uint32_t y, uint32_t rank) {
    uint32_t low = h->first_down[y], high = h->first_down[y + 1];
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (h->up_tail[h->down_arc[middle]] < rank) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* All ways from x over a node below to y: one walk along the arcs that come up to x and those
 * of the same nodes that come up to y, all of them in x's subtree. */
static void relax_arc(update *p, uint32_t x, uint32_t u) {
    const mu_hierarchy *h = p->h;
    const uint32_t      y = h->up_head[u], end_y = h->first_down[y + 1];
    uint32_t            iy = first_down_from(h, y, h->first_descendant[x]);
    mu_cost             up = p->now->up[u], down = p->now->down[u];
    for (uint32_t ix = h->first_down[x]; ix < h->first_down[x + 1]; ++ix) {
        const uint32_t vx = h->down_arc[ix], v = h->up_tail[vx];
        while (iy < end_y && h->up_tail[h->down_arc[iy]] < v) ++iy;
        if (iy == end_y) break;
        const uint32_t vy = h->down_arc[iy];
        if (h->up_tail[vy] != v) continue;
        up   = lesser(up, p->now->down[vx] + p->now->up[vy]);
        down = lesser(down, p->now->down[vy] + p->now->up[vx]);
    }
    p->now->up[u]   = up;
    p->now->down[u] = down;
}

static uint32_t count_dirty(const update *p, uint32_t x) {
    uint32_t count = 0;
    for (uint32_t u = p->h->first_up[x]; u < p->h->first_up[x + 1]; ++u) count += p->is_dirty[u];
    return count;
}

static void work_out(update *p, uint32_t x) {
    const uint32_t first = p->h->first_up[x], end = p->h->first_up[x + 1];
    reset_dirty(p, x);
    if (count_dirty(p, x) * WHOLE_NODE_SHARE >= end - first) {
        /* The clean arcs are minima already, which lowering leaves as they are. */
        mu_weights_relax_node(p->now, x, p->arc_to);
        return;
    }
    for (uint32_t u = first; u < end; ++u) {
        if (p->is_dirty[u]) relax_arc(p, x, u);
    }
}

/* ---- spreading changes ------------------------------------------------------------------- */

static bool is_infinite(mu_cost weight) {
    return weight >= MU_INFINITE_WEIGHT;
}

static bool note_change(update *p, mu_cost old, mu_cost now) {
    p->result->has_far |= mu_weight_is_far(now);
    return is_infinite(old) != is_infinite(now);
}

static bool is_changed(const update *p, uint32_t u) {
    return p->now->up[u] != p->base->up[u] || p->now->down[u] != p->base->down[u];
}

static void collect_changed(update *p, uint32_t x) {
    bool has_flips   = false;
    p->changed_count = 0;
    for (uint32_t u = p->h->first_up[x]; u < p->h->first_up[x + 1]; ++u) {
        if (!p->is_dirty[u] || !is_changed(p, u)) continue;
        has_flips |= note_change(p, p->base->up[u], p->now->up[u]);
        has_flips |= note_change(p, p->base->down[u], p->now->down[u]);
        p->changed[p->changed_count++]                 = u;
        p->result->changed[p->result->changed_count++] = u;
    }
    if (has_flips) p->result->flipped[p->result->flip_count++] = x;
}

/* Whether a sum that was `old` and is `now` can change the side that weighed `side`. */
static bool matters(mu_cost old, mu_cost now, mu_cost side) {
    return old != now && (old == side || now < side);
}

/* Over x, from y to z and back: xy, xz and yz are the sides. */
static void spread_to(update *p, uint32_t xy, uint32_t xz, uint32_t yz) {
    const mu_weights *b = p->base, *n = p->now;
    if (matters(b->down[xy] + b->up[xz], n->down[xy] + n->up[xz], b->up[yz]) ||
        matters(b->down[xz] + b->up[xy], n->down[xz] + n->up[xy], b->down[yz])) {
        make_dirty(p, yz);
    }
}

/* xy has changed: so may all sides from y to the upper neighbours of x above y. */
static void spread_above(update *p, uint32_t xy) {
    const mu_hierarchy *h   = p->h;
    const uint32_t      end = h->first_up[h->up_tail[xy] + 1];
    uint32_t            yz  = h->first_up[h->up_head[xy]];
    for (uint32_t xz = xy + 1; xz < end; ++xz, ++yz) {
        while (h->up_head[yz] != h->up_head[xz]) ++yz;
        spread_to(p, xy, xz, yz);
    }
}

/* xy has not: only the sides to the heads of changed arcs may. */
static void spread_to_changed(update *p, uint32_t xy) {
    const mu_hierarchy *h = p->h;
    const uint32_t      y = h->up_head[xy];
    for (uint32_t i = p->changed_count; i-- > 0 && p->changed[i] > xy;) {
        const uint32_t yz = mu_hierarchy_find_up(h, y, h->up_head[p->changed[i]]);
        spread_to(p, xy, p->changed[i], yz);
    }
}

static void spread(update *p, uint32_t x) {
    p->pairs += (uint64_t)p->changed_count * (p->h->first_up[x + 1] - p->h->first_up[x]);
    for (uint32_t i = 0, u = p->h->first_up[x]; i < p->changed_count; ++u) {
        if (u == p->changed[i]) {
            spread_above(p, u);
            ++i;
        } else {
            spread_to_changed(p, u);
        }
    }
}

/* ---- all nodes --------------------------------------------------------------------------- */

static void do_node(update *p, uint32_t x) {
    work_out(p, x);
    collect_changed(p, x);
    spread(p, x);
}

/* Work goes up only: what a node makes dirty lies above it. False when it was given up. */
static bool do_waiting(update *p) {
    const uint32_t words = p->h->node_count / 64 + 1;
    const uint64_t limit = p->h->triangle_count * FULL_TRIANGLE_PERCENT / 100;
    for (uint32_t w = 0; w < words; ++w) {
        while (p->waiting[w] != 0) {
            const uint32_t bit = (uint32_t)__builtin_ctzll(p->waiting[w]);
            p->waiting[w] &= p->waiting[w] - 1;
            do_node(p, w * 64 + bit);
        }
        if (p->pairs > limit) return false;
    }
    return true;
}

static muster_status copy_base(update *p) {
    const size_t ups = p->h->up_count;
    MU_TRY(mu_alloc_copy(&p->now->up, p->base->up, ups, sizeof *p->now->up));
    return mu_alloc_copy(&p->now->down, p->base->down, ups, sizeof *p->now->down);
}

static muster_status prepare(update *p) {
    const mu_hierarchy *h = p->h;
    if (!p->now->up) MU_TRY(copy_base(p));
    MU_TRY(mu_alloc_zeroed(&p->is_dirty, h->up_count, sizeof *p->is_dirty));
    MU_TRY(mu_alloc_zeroed(&p->waiting, h->node_count / 64 + 1, sizeof *p->waiting));
    MU_TRY(mu_alloc(&p->arc_to, h->node_count, sizeof *p->arc_to));
    MU_TRY(mu_alloc(&p->changed, h->most_up, sizeof *p->changed));
    MU_TRY(mu_alloc(&p->result->flipped, h->node_count, sizeof *p->result->flipped));
    return mu_alloc(&p->result->changed, h->up_count, sizeof *p->result->changed);
}

static muster_status full(update *p) {
    mu_weights_fini(p->now);
    p->result->is_full = true;
    return mu_weights_init(p->now, p->h, p->duration_ms, 0);
}

static muster_status run(update *p, uint32_t changed_count, const uint32_t *changed_arc) {
    if (changed_count > p->h->graph->road_arc_count / FULL_ARC_SHARE) return full(p);
    MU_TRY(prepare(p));
    for (uint32_t i = 0; i < changed_count; ++i) {
        const uint32_t u = p->h->up_of_arc[changed_arc[i]];
        if (u != MUSTER_NONE) make_dirty(p, u);
    }
    return do_waiting(p) ? MUSTER_OK : full(p);
}

muster_status mu_weights_update(mu_weights *w, const mu_weights *base, const uint32_t *duration_ms,
                                uint32_t changed_count, const uint32_t *changed_arc,
                                mu_recustomized *out) {
    update p = {
        .h = base->hierarchy, .base = base, .now = w, .duration_ms = duration_ms, .result = out};
    w->hierarchy               = base->hierarchy;
    const muster_status status = run(&p, changed_count, changed_arc);
    mu_free(p.is_dirty);
    mu_free(p.waiting);
    mu_free(p.arc_to);
    mu_free(p.changed);
    if (status != MUSTER_OK) mu_weights_fini(w);
    return status;
}

void mu_recustomized_fini(mu_recustomized *out) {
    mu_free(out->flipped);
    mu_free(out->changed);
    *out = (mu_recustomized){0};
}
