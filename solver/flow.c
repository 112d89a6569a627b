/* Primal network simplex (Dantzig 1951; Cunningham, "A network simplex method", Math. Prog.
 * 1976; block pricing after Kovács, "Minimum-cost flow algorithms: an experimental
 * evaluation", 2015), for transportation problems with slack.
 *
 * A root takes what sources keep and supplies what sinks lack, so the star of these slack
 * arcs is a first basis that is feasible as it stands. Arcs have no capacity: what is not
 * in the tree has no flow, and only an arc that runs empty can leave. Costs are exact
 * integers, two tiers in one number (solver/objective.h).
 *
 * Trees are kept strongly feasible: every empty arc of the tree points to the root. With
 * the leaving arc chosen last on the cycle from its apex, this rules out cycling.
 *
 * Potentials: the cost of an arc u -> v of the tree is potential[v] - potential[u]. */
#include "solver/flow.h"

#include <assert.h>
#include <string.h>

#include "core/alloc.h"

#define NONE UINT32_MAX

typedef struct node {
    mu_objective potential;
    size_t       arc;   /* to the parent */
    int64_t      flow;  /* on it */
    bool         is_up; /* it runs from this node to the parent */
    uint32_t     parent, depth;
    uint32_t     first_child, next, previous; /* siblings */
} node;

typedef struct simplex {
    const mu_flow_problem *problem;
    node                  *nodes; /* sources, sinks, root */
    uint32_t               root;
    size_t                 arc_count; /* with slack arcs */
    size_t                 next_arc, block_size;
} simplex;

/* ---- arcs ---------------------------------------------------------------------------- */

typedef struct ends {
    uint32_t     tail, head;
    mu_objective cost;
} ends;

/* After the problem's own arcs: source -> root for each source, root -> sink for each sink. */
static ends ends_of(const simplex *s, size_t arc) {
    const mu_flow_problem *p = s->problem;
    if (arc < p->arc_count) {
        return (ends){p->arc[arc].source, p->source_count + p->arc[arc].sink, p->arc[arc].cost};
    }
    const uint32_t slack = (uint32_t)(arc - p->arc_count);
    if (slack < p->source_count) return (ends){slack, s->root, 0};
    return (ends){s->root, slack, p->short_cost[slack - p->source_count]};
}

static mu_objective reduced_cost(const simplex *s, size_t arc) {
    const ends e = ends_of(s, arc);
    return e.cost + s->nodes[e.tail].potential - s->nodes[e.head].potential;
}

/* The most negative arc of the first block that has one; arc_count: optimal. */
static size_t find_entering(simplex *s) {
    size_t       best  = s->arc_count;
    mu_objective least = 0;
    for (size_t looked = 0; looked < s->arc_count;) {
        for (size_t i = 0; i < s->block_size && looked < s->arc_count; ++i, ++looked) {
            const size_t       arc     = s->next_arc;
            const mu_objective reduced = reduced_cost(s, arc);
            s->next_arc                = arc + 1 < s->arc_count ? arc + 1 : 0;
            if (reduced >= least) continue;
            least = reduced;
            best  = arc;
        }
        if (best < s->arc_count) break;
    }
    return best;
}

/* ---- the tree ------------------------------------------------------------------------ */

static void attach(simplex *s, uint32_t child, uint32_t parent) {
    node *nodes           = s->nodes;
    nodes[child].parent   = parent;
    nodes[child].previous = NONE;
    nodes[child].next     = nodes[parent].first_child;
    if (nodes[child].next != NONE) nodes[nodes[child].next].previous = child;
    nodes[parent].first_child = child;
}

static void detach(simplex *s, uint32_t child) {
    node *nodes = s->nodes;
    node *c     = &nodes[child];
    if (c->next != NONE) nodes[c->next].previous = c->previous;
    if (c->previous != NONE) {
        nodes[c->previous].next = c->next;
    } else {
        nodes[c->parent].first_child = c->next;
    }
}

/* Shift the potentials of the subtree under `top` and renew its depths. */
static void shift(simplex *s, uint32_t top, mu_objective by) {
    node    *nodes = s->nodes;
    uint32_t v     = top;
    for (;;) {
        nodes[v].potential += by;
        nodes[v].depth = nodes[nodes[v].parent].depth + 1;
        if (nodes[v].first_child != NONE) {
            v = nodes[v].first_child;
            continue;
        }
        while (v != top && nodes[v].next == NONE) v = nodes[v].parent;
        if (v == top) return;
        v = nodes[v].next;
    }
}

/* ---- one pivot ----------------------------------------------------------------------- */

typedef struct pivot {
    ends     entering;
    uint32_t apex, leaving; /* leaving: the lower end of the arc that leaves */
    bool     is_on_tail_side;
    int64_t  amount;
} pivot;

static uint32_t find_apex(const simplex *s, uint32_t u, uint32_t v) {
    while (u != v) {
        if (s->nodes[u].depth >= s->nodes[v].depth) {
            u = s->nodes[u].parent;
        } else {
            v = s->nodes[v].parent;
        }
    }
    return u;
}

/* On the way from the apex down to the tail, arcs that run up lose flow; on the way from the
 * head up to the apex, those that run down. Of equals, the last on that round leaves. */
static void find_leaving(const simplex *s, pivot *p) {
    p->amount  = INT64_MAX;
    p->leaving = NONE;
    for (uint32_t w = p->entering.tail; w != p->apex; w = s->nodes[w].parent) {
        if (!s->nodes[w].is_up || s->nodes[w].flow >= p->amount) continue;
        p->amount          = s->nodes[w].flow;
        p->leaving         = w;
        p->is_on_tail_side = true;
    }
    for (uint32_t w = p->entering.head; w != p->apex; w = s->nodes[w].parent) {
        if (s->nodes[w].is_up || s->nodes[w].flow > p->amount) continue;
        p->amount          = s->nodes[w].flow;
        p->leaving         = w;
        p->is_on_tail_side = false;
    }
    assert(p->leaving != NONE); /* costs are not negative, so no cycle gains for ever */
}

static void push(simplex *s, const pivot *p) {
    for (uint32_t w = p->entering.tail; w != p->apex; w = s->nodes[w].parent) {
        s->nodes[w].flow += s->nodes[w].is_up ? -p->amount : p->amount;
    }
    for (uint32_t w = p->entering.head; w != p->apex; w = s->nodes[w].parent) {
        s->nodes[w].flow += s->nodes[w].is_up ? p->amount : -p->amount;
    }
}

/* Hang the subtree that the leaving arc cuts off on the entering arc: turn round the arcs
 * between the entering arc's end in it and its old top. */
static void rehang(simplex *s, const pivot *p, size_t entering) {
    node              *nodes  = s->nodes;
    uint32_t           child  = p->is_on_tail_side ? p->entering.tail : p->entering.head;
    uint32_t           parent = p->is_on_tail_side ? p->entering.head : p->entering.tail;
    const uint32_t     top    = child;
    const mu_objective up =
        nodes[parent].potential + (p->is_on_tail_side ? -p->entering.cost : p->entering.cost);
    const mu_objective by    = up - nodes[top].potential;
    size_t             arc   = entering;
    int64_t            flow  = p->amount;
    bool               is_up = p->is_on_tail_side;
    for (;;) {
        const node     old    = nodes[child];
        const uint32_t former = old.parent;
        detach(s, child);
        nodes[child].arc   = arc;
        nodes[child].flow  = flow;
        nodes[child].is_up = is_up;
        attach(s, child, parent);
        if (child == p->leaving) break;
        arc    = old.arc;
        flow   = old.flow;
        is_up  = !old.is_up;
        parent = child;
        child  = former;
    }
    shift(s, top, by);
}

static void do_pivot(simplex *s, size_t entering) {
    pivot p = {.entering = ends_of(s, entering)};
    p.apex  = find_apex(s, p.entering.tail, p.entering.head);
    find_leaving(s, &p);
    push(s, &p);
    rehang(s, &p, entering);
}

/* ---- start and end ------------------------------------------------------------------- */

static void plant_star(simplex *s) {
    const mu_flow_problem *p = s->problem;
    s->nodes[s->root] = (node){.parent = NONE, .first_child = NONE, .next = NONE, .previous = NONE};
    for (uint32_t v = 0; v < s->root; ++v) {
        const bool is_source = v < p->source_count;
        s->nodes[v]          = (node){
                     .potential   = is_source ? 0 : p->short_cost[v - p->source_count],
                     .arc         = p->arc_count + v,
                     .flow        = is_source ? p->supply[v] : p->demand[v - p->source_count],
                     .is_up       = is_source,
                     .depth       = 1,
                     .first_child = NONE,
        };
        attach(s, v, s->root);
    }
}

static void read_flow(const simplex *s, int64_t *out_flow) {
    memset(out_flow, 0, s->problem->arc_count * sizeof *out_flow);
    for (uint32_t v = 0; v < s->root; ++v) {
        if (s->nodes[v].arc < s->problem->arc_count) out_flow[s->nodes[v].arc] = s->nodes[v].flow;
    }
}

static size_t square_root(size_t n) {
    size_t r = 1;
    while (r * r < n) ++r;
    return r;
}

muster_status mu_flow_solve(const mu_flow_problem *problem, const mu_watch *watch,
                            int64_t *out_flow, mu_objective *out_price, bool *out_is_optimal) {
    enum { PIVOTS_BETWEEN_LOOKS_AT_THE_CLOCK = 256, LEAST_BLOCK = 32 };
    simplex s    = {.problem = problem, .root = problem->source_count + problem->sink_count};
    s.arc_count  = problem->arc_count + s.root;
    s.block_size = LEAST_BLOCK + square_root(s.arc_count);
    MU_TRY(mu_alloc(&s.nodes, (size_t)s.root + 1, sizeof *s.nodes));
    plant_star(&s);
    *out_is_optimal = false;
    for (uint64_t pivots = 1;; ++pivots) {
        const size_t entering = find_entering(&s);
        *out_is_optimal       = entering == s.arc_count;
        if (*out_is_optimal) break;
        do_pivot(&s, entering);
        if (pivots % PIVOTS_BETWEEN_LOOKS_AT_THE_CLOCK == 0 && mu_watch_is_over(watch)) break;
    }
    read_flow(&s, out_flow);
    for (uint32_t i = 0; out_price && i < problem->source_count; ++i) {
        out_price[i] = s.nodes[i].potential;
    }
    mu_free(s.nodes);
    return MUSTER_OK;
}
