/* Why a need is unmet, with a proof where there is one.
 *
 * The plan is a flow from units to needs. From the unmet need one walks backward: to all who could
 * serve it, from each to the needs that it serves now, to all who could serve those, and so on.
 * Where that meets a unit with something to spare, units can change places along the way and the
 * need gets some of it (an augmenting path). When nothing more is met, the needs and units seen are
 * closed: these units are all that can serve these needs, all they have goes there, and it is not
 * enough (Ford and Fulkerson, 1956; Hall's condition). Sums of the two sides are the proof, and
 * whoever doubts it can add them up without knowing of flows.
 *
 * People are counted one by one here, so a proof holds though teams go whole; but there may be none
 * where people abound in teams that are too large. Then the walk is made once more with the plan's
 * own teams as wholes, which proves nothing about other plans, but tells who is where. */
#include <string.h>

#include "core/alloc.h"
#include "solver/candidates.h"
#include "solver/together.h"
#include "solver/why.h"

typedef struct walk {
    const muster_reasons *book;
    muster_resource       resource;
    uint32_t              start;
    int64_t              *flow;      /* by arc */
    int64_t              *spare;     /* by unit: more than 0 ends the walk there */
    uint32_t             *need_from; /* by need: the arc by which its unit was asked for; the need
                                        itself is reached where it is not MUSTER_NONE */
    uint32_t             *unit_from; /* by unit: the arc of the need that asks for it */
    uint32_t             *queue;     /* of needs */
    uint32_t              reached;   /* so many of the queue */
} walk;

/* The start has no arc that leads to it; this one cannot be mistaken for one. */
static const uint32_t START = MUSTER_NONE - 1;

static muster_status walk_init(walk *w, const muster_why *why) {
    const muster_problem *p = why->book->problem;
    *w                      = (walk){.book = why->book, .start = why->need};
    w->resource             = mu_need_resource(p, why->need);
    const uint32_t units    = muster_problem_unit_count(p, w->resource);
    MU_TRY(mu_alloc(&w->flow, w->book->first[p->need_count], sizeof *w->flow));
    MU_TRY(mu_alloc(&w->spare, units, sizeof *w->spare));
    MU_TRY(mu_alloc(&w->need_from, p->need_count, sizeof *w->need_from));
    MU_TRY(mu_alloc(&w->unit_from, units, sizeof *w->unit_from));
    return mu_alloc(&w->queue, p->need_count, sizeof *w->queue);
}

static void walk_fini(walk *w) {
    mu_free(w->flow);
    mu_free(w->spare);
    mu_free(w->need_from);
    mu_free(w->unit_from);
    mu_free(w->queue);
}

/* The plan as a flow of what is served, people one by one, or of what is sent, teams whole. */
static void set_flow(walk *w, bool is_whole) {
    const muster_problem *p = w->book->problem;
    for (uint32_t u = 0; u < muster_problem_unit_count(p, w->resource); ++u) {
        w->spare[u] = mu_book_supply(w->book, w->resource, u);
    }
    for (size_t a = 0; a < w->book->first[p->need_count]; ++a) {
        const mu_book_arc *arc = &w->book->arc[a];
        w->flow[a]             = is_whole ? arc->sent : arc->served;
        if (mu_need_resource(p, arc->need) == w->resource) w->spare[arc->index] -= w->flow[a];
    }
}

/* The needs that unit `u` serves join the queue. */
static void follow(walk *w, uint32_t u) {
    const size_t *first = w->book->unit_first[w->resource];
    for (size_t i = first[u]; i < first[u + 1]; ++i) {
        const uint32_t a    = w->book->unit_arc[w->resource][i];
        const uint32_t need = w->book->arc[a].need;
        if (w->flow[a] == 0 || w->need_from[need] != MUSTER_NONE) continue;
        w->need_from[need]     = a;
        w->queue[w->reached++] = need;
    }
}

/* Breadth first from the start: a unit with something to spare, or MUSTER_NONE when all that can
 * be reached has been. */
static uint32_t find_spare(walk *w) {
    const muster_problem *p = w->book->problem;
    memset(w->need_from, 0xFF, p->need_count * sizeof *w->need_from);
    memset(w->unit_from, 0xFF, muster_problem_unit_count(p, w->resource) * sizeof *w->unit_from);
    w->need_from[w->start] = START;
    w->queue[0]            = w->start;
    w->reached             = 1;
    for (uint32_t head = 0; head < w->reached; ++head) {
        const uint32_t need = w->queue[head];
        for (size_t a = w->book->first[need]; a < w->book->first[need + 1]; ++a) {
            const uint32_t u = w->book->arc[a].index;
            if (w->unit_from[u] != MUSTER_NONE) continue;
            w->unit_from[u] = (uint32_t)a;
            if (w->spare[u] > 0) return u;
            follow(w, u);
        }
    }
    return MUSTER_NONE;
}

/* The most that can be handed on from unit `u`, need by need, to the start. */
static int64_t bottleneck(const walk *w, uint32_t u, int64_t missing) {
    int64_t least = w->spare[u] < missing ? w->spare[u] : missing;
    for (;;) {
        const uint32_t need = w->book->arc[w->unit_from[u]].need;
        const uint32_t from = w->need_from[need];
        if (from == START) return least;
        if (w->flow[from] < least) least = w->flow[from];
        u = w->book->arc[from].index;
    }
}

static void hand_on(walk *w, uint32_t u, int64_t quantity) {
    w->spare[u] -= quantity;
    for (;;) {
        const uint32_t into = w->unit_from[u];
        w->flow[into] += quantity;
        const uint32_t from = w->need_from[w->book->arc[into].need];
        if (from == START) return;
        w->flow[from] -= quantity;
        u = w->book->arc[from].index;
    }
}

/* What is missing when everything that can be spared has come. */
static int64_t augment(walk *w, int64_t missing) {
    while (missing > 0) {
        const uint32_t u = find_spare(w);
        if (u == MUSTER_NONE) break;
        const int64_t quantity = bottleneck(w, u, missing);
        hand_on(w, u, quantity);
        missing -= quantity;
    }
    return missing;
}

/* All that the last walk met. */
static muster_status keep_closed(muster_why *why, const walk *w) {
    const muster_problem *p     = w->book->problem;
    const uint32_t        units = muster_problem_unit_count(p, w->resource);
    muster_shortage      *s     = &why->shortage;
    MU_TRY(mu_alloc(&why->closed_need, p->need_count, sizeof *why->closed_need));
    MU_TRY(mu_alloc(&why->closed_unit, units, sizeof *why->closed_unit));
    for (uint32_t n = 0; n < p->need_count; ++n) {
        if (w->need_from[n] == MUSTER_NONE) continue;
        why->closed_need[s->need_count++] = n;
        s->demand += p->need[n].quantity;
    }
    for (uint32_t u = 0; u < units; ++u) {
        if (w->unit_from[u] == MUSTER_NONE) continue;
        why->closed_unit[s->unit_count++] = u;
        s->supply += mu_book_supply(w->book, w->resource, u);
    }
    s->need = why->closed_need;
    s->unit = why->closed_unit;
    return MUSTER_OK;
}

static muster_status find_proof(muster_why *why, walk *w) {
    set_flow(w, false);
    if (augment(w, why->shortage.missing) > 0) {
        why->shortage.proof = MUSTER_PROOF_SUPPLY;
        return keep_closed(why, w);
    }
    set_flow(w, true);
    if (find_spare(w) != MUSTER_NONE) return MUSTER_OK;
    why->shortage.proof = MUSTER_PROOF_IN_USE;
    return keep_closed(why, w);
}

/* Is there anybody at all that is not locked, here or elsewhere? */
static bool is_some_unlocked(const muster_reasons *book, uint32_t need) {
    const muster_resource resource = mu_need_resource(book->problem, need);
    const size_t         *first    = book->unit_first[resource];
    for (size_t a = book->first[need]; a < book->first[need + 1]; ++a) {
        const uint32_t u      = book->arc[a].index;
        int64_t        locked = 0;
        for (size_t i = first[u]; i < first[u + 1]; ++i) {
            locked += book->arc[book->unit_arc[resource][i]].locked;
        }
        if (locked < mu_book_supply(book, resource, u)) return true;
    }
    return false;
}

/* As muster_unmet_reason says, as far as this need by itself tells; beyond that as the plan has told. A
 * plan from elsewhere may leave idle what would be useful: that is no reason of its own, and the
 * sentence says it. */
static uint8_t reason_of(const muster_reasons *book, uint32_t need) {
    const muster_problem *p        = book->problem;
    const muster_need    *n        = &p->need[need];
    const muster_resource resource = mu_need_resource(p, need);
    int64_t               useful   = 0;
    bool                  is_idle  = false;
    if (!book->travel.incident_has_road[n->incident]) return MUSTER_UNMET_UNSNAPPED;
    if (book->first[need] == book->first[need + 1]) return book->hurdle[need];
    if (!is_some_unlocked(book, need)) return MUSTER_UNMET_RULED_OUT;
    if (mu_together_binds(p, need)) return book->told[need];
    for (size_t a = book->first[need]; a < book->first[need + 1]; ++a) {
        const mu_book_arc *arc  = &book->arc[a];
        const int64_t      left = book->left[resource][arc->index];
        useful += arc->sent + left;
        is_idle |= left > 0;
        if (left > 0 && mu_book_is_ruled(book, resource, arc->index)) return book->told[need];
    }
    if (is_idle && mu_is_shipped(p, need)) return book->told[need];
    return is_idle && useful < n->minimum ? MUSTER_UNMET_BELOW_MINIMUM : MUSTER_UNMET_EXHAUSTED;
}

muster_status mu_why_find_cut(muster_why *why) {
    walk w;
    why->shortage.missing = why->book->missing[why->need];
    if (why->shortage.missing == 0) return MUSTER_OK;
    why->shortage.reason = reason_of(why->book, why->need);
    muster_status status = walk_init(&w, why);
    if (status == MUSTER_OK) status = find_proof(why, &w);
    walk_fini(&w);
    return status;
}
