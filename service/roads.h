/* What is searched: a network with a metric for each profile, all of one moment. They can be replaced
 * while requests run, and each request keeps what it began with. */
#ifndef SERVICE_ROADS_H
#define SERVICE_ROADS_H

#include <pthread.h>
#include <stdatomic.h>

#include <muster/query.h>

/* Whose metrics are used: it is told when nobody uses them any more. */
typedef struct mu_lender {
    void *user;
    void (*give_back)(void *user);
} mu_lender;

typedef struct mu_roads {
    const muster_network *network;
    uint32_t              metric_count, slot_count;
    /* [metric_count] What is searched, and the same without closures, whose islands count. */
    const muster_metric **metric, **before;
    muster_metric       **owned;  /* [metric_count] of `metric`, those to be freed with this */
    mu_lender             lender; /* of those that are not; give_back may be NULL */
    muster_query        **query;  /* [slot_count * metric_count] made when first asked for */
    struct mu_roads      *next;   /* of those that have been replaced */
} mu_roads;

/* @param before   [count] the metrics without closures, which outlive all roads, as their network does
 *  @param changed  [count] the same with closures: taken over, whatever is returned; NULL: as before
 *  @param slot_count  how many threads will ask */
muster_status mu_roads_take(mu_roads **out, uint32_t count, const muster_metric *const *before,
                            muster_metric *const *changed, uint32_t slot_count);
/* The same of metrics that are somebody else's, [count]: given back in the end, whatever is returned. */
muster_status mu_roads_borrow(mu_roads **out, uint32_t count, const muster_metric *const *before,
                              const muster_metric *const *metric, mu_lender lender,
                              uint32_t slot_count);
void          mu_roads_free(mu_roads *roads);

/* The query of a slot, for who holds the roads in that slot.
 *  @return MUSTER_E_NOMEM */
muster_status mu_roads_query(muster_query **out, mu_roads *roads, uint32_t slot, uint32_t metric);

/* ---- the ones of now ------------------------------------------------------------------- */

typedef struct mu_road_slot {
    _Alignas(64) _Atomic(mu_roads *) held; /* a cache line each */
} mu_road_slot;

typedef struct mu_road_board {
    _Atomic(mu_roads *) now;
    uint32_t            slot_count;
    mu_road_slot       *slot;
    pthread_mutex_t     lock;     /* of who replaces */
    mu_roads           *replaced; /* guarded by lock; not freed yet */
    _Atomic uint64_t    version;  /* how often they have been replaced */
} mu_road_board;

/* @param first  taken over */
muster_status mu_road_board_init(mu_road_board *board, mu_roads *first, uint32_t slot_count);
/* Nobody holds any of them. */
void mu_road_board_fini(mu_road_board *board);

/* The roads of now, which stay as they are until they are let go. One thread a slot, which holds one at
 * a time. Neither waits for anybody. */
mu_roads *mu_road_board_hold(mu_road_board *board, uint32_t slot);
void      mu_road_board_let_go(mu_road_board *board, uint32_t slot);

/* From now on it is these, which are taken over. Who holds others keeps them. */
void mu_road_board_replace(mu_road_board *board, mu_roads *fresh);
/* Free what nobody holds any more; to be called now and then. */
void mu_road_board_sweep(mu_road_board *board);

#endif
