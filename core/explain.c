/* Which causes cut a place off, by searches on the base that may or may not pass closed arcs.
 *
 * One search does all of it. It starts at one of the two places, the near one, and is Dijkstra's
 * algorithm with the number of causes that a path meets as its cost. Where closed arcs are
 * walls, it tells whether there is a way; with some causes lifted, whether that opens one; where
 * they only cost, it finds a path over few of them.
 *
 * What nothing closes falls into strongly connected components, and lifting only joins them.
 * So a search need not go on to the far place: it is there as soon as it meets the component
 * that the far place is entered from. It starts in the smaller of both components. The part that
 * is cut off is small as a rule, and then so are the searches.
 *
 * A way that one cause alone has blocked leaves what the near place reaches by an arc that is
 * closed by this cause and no other: the first closed arc of the way. So only causes that are
 * met alone at the border have to be tried. */
#include <muster/explain.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/closure.h"
#include "core/heap.h"
#include "core/metric.h"
#include "core/snap_check.h"

/* Where a way leaves or enters a place: at `node`, over a part of `arc`; MUSTER_NONE: the place
 * is the node itself. Node MUSTER_NONE: there is no such door. */
typedef struct door {
    uint32_t node, arc;
} door;

enum { DOORS = 2 }; /* one an arc of the place's edge */

typedef struct question {
    bool     forward; /* the near place is where the way starts */
    door     near[DOORS], far[DOORS];
    uint32_t direct[DOORS]; /* arcs that lead from place to place; MUSTER_NONE */
} question;

struct muster_explainer {
    const muster_metric *base;
    mu_scc               scc; /* of the arcs that nothing closes */
    uint32_t             cause_count;
    uint32_t            *cause;         /* [cause_count] rising; known by their places here */
    uint32_t            *first_closing; /* [arcs + 1] */
    uint32_t            *closing;       /* by arc: places of its causes, rising */
    uint8_t             *is_opened;     /* by arc of the network: where water carries a boat */
    uint8_t             *is_lifted;     /* by cause */
    uint8_t             *is_suspect;    /* by cause: met alone at the border */
    uint32_t            *answer;        /* [cause_count] */

    bool      walls; /* what is not lifted cannot be passed */
    uint32_t  run;
    mu_heap   frontier; /* nodes, and the far place as node_count */
    uint32_t *stamp, *parent_node, *parent_arc;
    uint32_t *last_cause; /* the cause of the last closed arc on the way to a node */
};

/* ---- arcs -------------------------------------------------------------------------------- */

static const mu_graph *graph_of(const muster_explainer *e) {
    return &e->base->network->graph;
}

/* What closes an arc: closing[first] .. closing[end - 1]. Nothing closes a turn. */
typedef struct closings {
    uint32_t first, end;
} closings;

static closings closings_of(const muster_explainer *e, uint32_t arc) {
    const uint32_t road = mu_graph_road(graph_of(e), arc);
    if (road == MUSTER_NONE) return (closings){0, 0};
    return (closings){e->first_closing[road], e->first_closing[road + 1]};
}

static uint32_t closing_count(const muster_explainer *e, uint32_t arc) {
    const closings c = closings_of(e, arc);
    return c.end - c.first;
}

/* On the base, or where a flood carries a boat. */
static bool may_use(const muster_explainer *e, uint32_t arc) {
    const uint32_t road = mu_graph_road(graph_of(e), arc);
    return e->base->duration_ms[arc] < MUSTER_UNREACHABLE_MS ||
           (road != MUSTER_NONE && e->is_opened[road]);
}

typedef struct toll {
    uint32_t causes;     /* that have to be paid; MUSTER_NONE: no passage */
    uint32_t last_cause; /* behind the arc */
} toll;

/* Who comes from a closed arc of the same cause does not pay again: a flood is one cause, however
 * many of its roads a way takes. */
static toll toll_of(muster_explainer *e, uint32_t arc, uint32_t last_cause) {
    toll t = {0, last_cause};
    if (arc == MUSTER_NONE) return t;
    const closings list = closings_of(e, arc);
    for (uint32_t i = list.first; i < list.end; ++i) {
        const uint32_t c = e->closing[i];
        if (e->is_lifted[c] || c == last_cause) continue;
        if (e->walls) {
            e->is_suspect[c] |= closing_count(e, arc) == 1;
            return (toll){MUSTER_NONE, MUSTER_NONE};
        }
        ++t.causes;
        t.last_cause = c;
    }
    return t;
}

/* ---- the search -------------------------------------------------------------------------- */

static bool is_reached(const muster_explainer *e, uint32_t node) {
    return e->stamp[node] == e->run;
}

/* Keys are causes in the upper half and arcs in the lower: of ways over as many causes the one of
 * fewest arcs goes first, so that a search spreads evenly and meets the shore of a flood soon. */
enum { CAUSE_BITS = 32 };

static void relax(muster_explainer *e, uint32_t from, uint32_t arc, uint32_t to) {
    const bool     is_start = from == MUSTER_NONE;
    const uint64_t so_far   = is_start ? 0 : e->frontier.key[from];
    const toll     t        = toll_of(e, arc, is_start ? MUSTER_NONE : e->last_cause[from]);
    const uint64_t key      = so_far + ((uint64_t)t.causes << CAUSE_BITS) + 1;
    if (t.causes == MUSTER_NONE || (is_reached(e, to) && e->frontier.key[to] <= key)) return;
    e->stamp[to]       = e->run;
    e->parent_node[to] = from;
    e->parent_arc[to]  = arc;
    e->last_cause[to]  = t.last_cause;
    mu_heap_push_or_decrease(&e->frontier, to, key);
}

static void start(muster_explainer *e, const question *q) {
    const uint32_t nodes = graph_of(e)->node_count;
    if (++e->run == 0) { /* 2^32 runs later, old stamps would look current */
        memset(e->stamp, 0, ((size_t)nodes + 1) * sizeof *e->stamp);
        e->run = 1;
    }
    mu_heap_clear(&e->frontier);
    for (int i = 0; i < DOORS; ++i) {
        if (q->near[i].node != MUSTER_NONE) relax(e, MUSTER_NONE, q->near[i].arc, q->near[i].node);
        if (q->direct[i] != MUSTER_NONE) relax(e, MUSTER_NONE, q->direct[i], nodes);
    }
}

static void settle_next(muster_explainer *e, const question *q) {
    const mu_graph *g     = graph_of(e);
    const uint32_t  node  = mu_heap_pop(&e->frontier);
    const uint32_t *first = q->forward ? g->first_out : g->first_in;
    const uint32_t *list  = q->forward ? g->out_arc : g->in_arc;
    for (int i = 0; i < DOORS; ++i) {
        const door *d = &q->far[i];
        if (d->node == MUSTER_NONE || e->scc.component[node] != e->scc.component[d->node]) continue;
        relax(e, node, d->arc, g->node_count);
    }
    for (uint32_t i = first[node]; i < first[node + 1]; ++i) {
        const uint32_t arc = list[i];
        if (!may_use(e, arc)) continue;
        relax(e, node, arc, q->forward ? mu_graph_head(g, arc) : mu_graph_tail(g, arc));
    }
}

/* Search until nothing over fewer causes can lead to the far place; false: nothing leads there. */
static bool search(muster_explainer *e, const question *q, bool walls) {
    const uint32_t goal = graph_of(e)->node_count;
    e->walls            = walls;
    start(e, q);
    while (e->frontier.size > 0) {
        const uint64_t causes = e->frontier.key[e->frontier.node[0]] >> CAUSE_BITS;
        if (is_reached(e, goal) && e->frontier.key[goal] >> CAUSE_BITS <= causes) return true;
        settle_next(e, q);
    }
    return false;
}

/* ---- causes ------------------------------------------------------------------------------ */

/* After a search between walls that has failed. */
static uint32_t try_each(muster_explainer *e, const question *q) {
    uint32_t count = 0, suspects = 0;
    for (uint32_t c = 0; c < e->cause_count; ++c) {
        if (e->is_suspect[c]) e->answer[suspects++] = c;
    }
    for (uint32_t i = 0; i < suspects; ++i) {
        const uint32_t c = e->answer[i];
        e->is_lifted[c]  = 1;
        if (search(e, q, true)) e->answer[count++] = c;
        e->is_lifted[c] = 0;
    }
    return count;
}

/* Lift the causes of the path that the last search has found. */
static void lift_path(muster_explainer *e) {
    uint32_t node = graph_of(e)->node_count;
    for (; node != MUSTER_NONE; node = e->parent_node[node]) {
        const uint32_t arc = e->parent_arc[node];
        if (arc == MUSTER_NONE) continue;
        const closings list = closings_of(e, arc);
        for (uint32_t i = list.first; i < list.end; ++i) {
            e->is_lifted[e->closing[i]] = 1;
        }
    }
}

/* What is not needed once is not needed later either, when fewer are lifted: one pass will do. */
static uint32_t keep_needed(muster_explainer *e, const question *q) {
    uint32_t count = 0;
    for (uint32_t c = 0; c < e->cause_count; ++c) {
        if (!e->is_lifted[c]) continue;
        e->is_lifted[c] = 0;
        if (search(e, q, true)) continue;
        e->is_lifted[c]    = 1;
        e->answer[count++] = c;
    }
    return count;
}

static muster_cut find_cut(muster_explainer *e, const question *q, uint32_t *count) {
    memset(e->is_lifted, 0, e->cause_count);
    memset(e->is_suspect, 0, e->cause_count);
    if (search(e, q, true)) return MUSTER_CUT_NOT;
    *count = try_each(e, q);
    if (*count > 0) return MUSTER_CUT_BY_EACH;
    if (!search(e, q, false)) return MUSTER_CUT_ALWAYS;
    lift_path(e);
    *count = keep_needed(e, q);
    assert(*count > 1);
    return MUSTER_CUT_BY_ALL;
}

/* ---- places ------------------------------------------------------------------------------ */

static double share_along(uint32_t arc, const muster_snap *place) {
    return arc & 1 ? 1 - place->fraction : place->fraction;
}

static door way_out(const muster_explainer *e, const muster_snap *from, uint32_t arc) {
    const uint32_t head = mu_node_after(e->base, arc, from->fraction);
    if (share_along(arc, from) == 1) return (door){head, MUSTER_NONE};
    return may_use(e, arc) ? (door){head, arc} : (door){MUSTER_NONE, MUSTER_NONE};
}

static door way_in(const muster_explainer *e, const muster_snap *to, uint32_t arc) {
    const uint32_t tail = mu_node_before(e->base, arc, to->fraction);
    if (share_along(arc, to) == 0) return (door){tail, MUSTER_NONE};
    return may_use(e, arc) ? (door){tail, arc} : (door){MUSTER_NONE, MUSTER_NONE};
}

static uint32_t way_between(const muster_explainer *e, const muster_snap *from,
                            const muster_snap *to, uint32_t arc) {
    const bool is_along = from->edge == to->edge && share_along(arc, from) <= share_along(arc, to);
    return is_along && may_use(e, arc) ? arc : MUSTER_NONE;
}

static uint32_t largest_part(const muster_explainer *e, const door doors[DOORS]) {
    uint32_t most = 0;
    for (int i = 0; i < DOORS; ++i) {
        if (doors[i].node == MUSTER_NONE) continue;
        const uint32_t size = e->scc.size[e->scc.component[doors[i].node]];
        if (size > most) most = size;
    }
    return most;
}

static question make_question(const muster_explainer *e, const muster_snap *from,
                              const muster_snap *to) {
    door     out[DOORS], in[DOORS];
    question q;
    for (uint32_t side = 0; side < DOORS; ++side) {
        out[side]      = way_out(e, from, 2 * from->edge + side);
        in[side]       = way_in(e, to, 2 * to->edge + side);
        q.direct[side] = way_between(e, from, to, 2 * from->edge + side);
    }
    q.forward = largest_part(e, out) <= largest_part(e, in);
    memcpy(q.near, q.forward ? out : in, sizeof q.near);
    memcpy(q.far, q.forward ? in : out, sizeof q.far);
    return q;
}

/* Ids rise as sizes fall. */
static uint32_t component_of(const muster_metric *metric, const muster_snap *place) {
    if (place->edge == MUSTER_NONE) return MUSTER_NONE;
    const muster_network_data *v      = &metric->network->view;
    const uint32_t             source = metric->scc.component[v->edge_source[place->edge]];
    const uint32_t             target = metric->scc.component[v->edge_target[place->edge]];
    if (place->fraction == 0) return source;
    if (place->fraction == 1) return target;
    return source > target ? source : target;
}

muster_status muster_explainer_ask(muster_explainer *e, const muster_snap *from,
                                   const muster_snap *to, muster_explanation *out) {
    MU_TRY(mu_check_snap(e->base, "the way's start", from));
    MU_TRY(mu_check_snap(e->base, "the way's end", to));
    *out = (muster_explanation){.cut            = MUSTER_CUT_ALWAYS,
                                .cause          = e->answer,
                                .from_component = component_of(e->base, from),
                                .to_component   = component_of(e->base, to)};
    if (from->edge == MUSTER_NONE || to->edge == MUSTER_NONE) return MUSTER_OK;
    const question q = make_question(e, from, to);
    out->cut         = find_cut(e, &q, &out->cause_count);
    for (uint32_t i = 0; i < out->cause_count; ++i) e->answer[i] = e->cause[e->answer[i]];
    return MUSTER_OK;
}

/* ---- life -------------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b) {
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static int by_arc_and_cause(const void *a, const void *b) {
    const mu_closing *p = a, *q = b;
    if (p->arc != q->arc) return p->arc < q->arc ? -1 : 1;
    return p->cause < q->cause ? -1 : p->cause > q->cause;
}

/* Sort and drop repeats. */
static size_t sort_closings(mu_closing *list, size_t count) {
    size_t kept = 0;
    qsort(list, count, sizeof *list, by_arc_and_cause);
    for (size_t i = 0; i < count; ++i) {
        if (kept == 0 || by_arc_and_cause(&list[kept - 1], &list[i]) != 0) list[kept++] = list[i];
    }
    return kept;
}

static void number_causes(muster_explainer *e, size_t count, const mu_closing *list) {
    for (size_t i = 0; i < count; ++i) e->cause[i] = list[i].cause;
    qsort(e->cause, count, sizeof *e->cause, by_value);
    for (size_t i = 0; i < count; ++i) {
        if (e->cause_count > 0 && e->cause[e->cause_count - 1] == e->cause[i]) continue;
        e->cause[e->cause_count++] = e->cause[i];
    }
}

static uint32_t place_of(const muster_explainer *e, uint32_t cause) {
    const uint32_t *found = bsearch(&cause, e->cause, e->cause_count, sizeof cause, by_value);
    return (uint32_t)(found - e->cause); /* every one was put in */
}

/* `list` is sorted. */
static muster_status take_closings(muster_explainer *e, size_t count, const mu_closing *list) {
    const size_t arcs = 2 * (size_t)e->base->network->view.edge_count;
    MU_TRY(mu_alloc(&e->cause, count, sizeof *e->cause));
    MU_TRY(mu_alloc(&e->closing, count, sizeof *e->closing));
    MU_TRY(mu_alloc(&e->first_closing, arcs + 1, sizeof *e->first_closing));
    number_causes(e, count, list);
    size_t next = 0;
    for (size_t arc = 0; arc < arcs; ++arc) {
        e->first_closing[arc] = (uint32_t)next;
        for (; next < count && list[next].arc == arc; ++next) {
            e->closing[next] = place_of(e, list[next].cause);
        }
    }
    e->first_closing[arcs] = (uint32_t)count;
    return MUSTER_OK;
}

static muster_status copy_closings(muster_explainer *e, const muster_closure *closure) {
    size_t            count;
    const mu_closing *given = mu_closure_closings(closure, &count);
    mu_closing       *list;
    MU_TRY(mu_alloc_copy(&list, given, count, sizeof *list));
    count                      = sort_closings(list, count);
    const muster_status status = take_closings(e, count, list);
    mu_free(list);
    return status;
}

static muster_status find_parts(muster_explainer *e) {
    const uint32_t arcs = graph_of(e)->arc_count;
    uint8_t       *usable;
    MU_TRY(mu_alloc(&usable, arcs, 1));
    for (uint32_t a = 0; a < arcs; ++a) usable[a] = may_use(e, a) && closing_count(e, a) == 0;
    const muster_status status = mu_scc_init(&e->scc, graph_of(e), usable);
    mu_free(usable);
    return status;
}

static muster_status prepare(muster_explainer *e, const muster_closure *closure) {
    const uint32_t places = graph_of(e)->node_count + 1;
    MU_TRY(copy_closings(e, closure));
    MU_TRY(
        mu_alloc_copy(&e->is_opened, mu_closure_opened(closure), graph_of(e)->road_arc_count, 1));
    MU_TRY(find_parts(e));
    MU_TRY(mu_alloc(&e->is_lifted, e->cause_count, 1));
    MU_TRY(mu_alloc(&e->is_suspect, e->cause_count, 1));
    MU_TRY(mu_alloc(&e->answer, e->cause_count, sizeof *e->answer));
    MU_TRY(mu_heap_init(&e->frontier, places));
    MU_TRY(mu_alloc_zeroed(&e->stamp, places, sizeof *e->stamp));
    MU_TRY(mu_alloc(&e->parent_node, places, sizeof *e->parent_node));
    MU_TRY(mu_alloc(&e->parent_arc, places, sizeof *e->parent_arc));
    return mu_alloc(&e->last_cause, places, sizeof *e->last_cause);
}

muster_status muster_explainer_new(muster_explainer **out, const muster_closure *closure) {
    muster_explainer *e;
    *out = NULL;
    MU_TRY(mu_closure_check_carried_out(closure));
    MU_TRY(mu_alloc_zeroed(&e, 1, sizeof *e));
    e->base                    = mu_closure_base(closure);
    const muster_status status = prepare(e, closure);
    if (status != MUSTER_OK) {
        muster_explainer_free(e);
        return status;
    }
    *out = e;
    return MUSTER_OK;
}

void muster_explainer_free(muster_explainer *e) {
    if (!e) return;
    mu_free(e->cause);
    mu_free(e->closing);
    mu_free(e->first_closing);
    mu_free(e->is_opened);
    mu_scc_fini(&e->scc);
    mu_free(e->is_lifted);
    mu_free(e->is_suspect);
    mu_free(e->answer);
    mu_heap_fini(&e->frontier);
    mu_free(e->stamp);
    mu_free(e->parent_node);
    mu_free(e->parent_arc);
    mu_free(e->last_cause);
    mu_free(e);
}
