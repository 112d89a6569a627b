/* The inside of a readiness: who counts for what, and how long they take to every place. */
#ifndef MU_SOLVER_READINESS_H
#define MU_SOLVER_READINESS_H

#include <muster/readiness.h>

#include "core/error.h"

/* A resource as it counts for one kind. */
typedef struct mu_supplier {
    uint32_t row;      /* of the table: where it is, and by which metric it travels */
    uint32_t ready_ms; /* when it departs */
    uint32_t end_ms;   /* by when it has to be there; UINT32_MAX: whenever */
    uint32_t part;     /* what is missing when it is: itself, or the whole warehouse */
    int64_t  quantity; /* 1 or more */
    uint32_t index;
    uint8_t  resource;
} mu_supplier;

struct muster_readiness {
    const muster_problem      *problem;
    uint32_t                   thread_count;
    uint32_t                   horizon_ms;
    uint32_t                   place_count;
    muster_readiness_place    *place;
    uint32_t                   standard_count;
    muster_readiness_standard *standard;

    const muster_metric **metric; /* [metric_count] those in force */
    const muster_metric            *
        *island; /* [metric_count] with nothing closed: they say what is an island */
    muster_metric **owned;  /* [metric_count] those made here; else NULL */

    int64_t *left[MUSTER_RESOURCE_COUNT]; /* by resource index: what is not gone */

    size_t      *first_supplier; /* [kind_count + 1] of kinds that a standard asks for */
    mu_supplier *supplier;       /* by kind, then resource and index */
    uint32_t     part_count;     /* of suppliers */

    /* Rows of the table, metric by metric: different places from which somebody sets out. */
    uint32_t     row_count;
    uint32_t    *first_row; /* [metric_count + 1] */
    muster_site *row_site;
    muster_snap *row_snap;
    uint32_t    *row_anchor; /* see mu_readiness_snap */
    muster_snap *place_snap; /* [metric_count * place_count] */
    uint32_t    *place_anchor;

    uint32_t *travel_ms; /* [place_count * row_count], place by place */

    muster_readiness_cell  *cell;
    muster_readiness_state *state;
    uint32_t               *weakest;
};

/* ---- suppliers and rows ------------------------------------------------------------------- */

/* Who counts, by `left`; and the rows from which they set out, not on the road yet. */
muster_status mu_readiness_list_suppliers(muster_readiness *r);

static inline bool mu_readiness_has_row(const muster_readiness *r, uint32_t metric) {
    return r->first_row[metric] < r->first_row[metric + 1];
}

/* ---- roads -------------------------------------------------------------------------------- */

/* Put `count` sites on the roads of `metric`. Where `old` is given it is where they are by `before`, and
 * those who need not move stay there: as long as nothing has been opened the nearest open road is the
 * same one.
 *  out_anchor  the other road which, closed, may move a site: the nearest of all where the site is on an
 *              island for want of a larger part of the network near that one; else its own. Or NULL. */
muster_status mu_readiness_snap(const muster_metric *metric, const muster_metric *island,
                                uint32_t count, const muster_site *site,
                                const muster_metric *before, const muster_snap *old,
                                muster_snap *out, uint32_t *out_anchor);
/* May `after` use an arc that `before` may not? O(arcs). */
bool mu_readiness_opens(const muster_metric *before, const muster_metric *after);

/* All snaps and the table. `base` may be NULL; else its snaps are used where they hold. */
muster_status mu_readiness_measure(muster_readiness *r, const muster_readiness *base);

/* ---- cells -------------------------------------------------------------------------------- */

/* Room to order who comes: one a thread. */
typedef struct mu_queue {
    uint64_t
        *key; /* a heap of arrival and supplier, and behind it those taken off, the last first */
    uint32_t left;  /* in the heap */
    uint32_t count; /* in all */
} mu_queue;

muster_status mu_queue_init(mu_queue *queue, const muster_readiness *r);
void          mu_queue_fini(mu_queue *queue);
/* Of key i: the supplier and its arrival. */
static inline uint32_t mu_queue_supplier(uint64_t key) {
    return (uint32_t)key;
}
static inline uint32_t mu_queue_arrival_ms(uint64_t key) {
    return (uint32_t)(key >> 32);
}

/* How a place stands to standard s, when row_ms [row_count] are the travel times to it and what is of
 * part `without` (MUSTER_NONE: nothing) is missing. Afterwards queue->key[left .. count - 1] are
 * those who completed it, the last first, with numbers within their kind; all where it is never
 * complete. O(suppliers + taken * log). */
muster_readiness_cell mu_readiness_judge(const muster_readiness *r, const uint32_t *row_ms,
                                         uint32_t s, uint32_t without, mu_queue *queue);

/* All cells, states, and which are weakest. */
muster_status mu_readiness_fill_cells(muster_readiness *r);

static inline bool mu_readiness_is_met(const muster_readiness *r, uint32_t s,
                                       const muster_readiness_cell *cell) {
    return cell->complete_ms <= r->standard[s].within_ms;
}

/* ---- losses ------------------------------------------------------------------------------- */

/* What one place loses is added up cell by cell, and then the place as a whole. */
typedef struct mu_place_loss {
    bool    has_fallen, is_beyond, is_slower;
    int64_t lost_ms;
} mu_place_loss;

/* One cell's complete_ms becomes later, or not. */
static inline void mu_lose_time(mu_place_loss *loss, const muster_readiness *r, uint32_t s,
                                uint32_t before_ms, uint32_t after_ms) {
    const uint32_t within_ms = r->standard[s].within_ms;
    if (after_ms <= before_ms || before_ms >= r->horizon_ms) return;
    const bool is_beyond = after_ms >= r->horizon_ms;
    loss->has_fallen |= before_ms <= within_ms && after_ms > within_ms;
    loss->is_beyond |= is_beyond;
    loss->is_slower = true;
    loss->lost_ms += (is_beyond ? r->horizon_ms : after_ms) - before_ms;
}
/* `weight` is the place's. */
static inline void mu_lose_place(muster_readiness_loss *total, const mu_place_loss *loss,
                                 int64_t weight) {
    total->fallen_count += loss->has_fallen;
    total->fallen_weight += loss->has_fallen ? weight : 0;
    total->beyond_count += loss->is_beyond;
    total->slower_count += loss->is_slower;
    total->lost_ms += loss->lost_ms * weight;
}

#endif
