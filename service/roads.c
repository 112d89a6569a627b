/* See roads.h. Readers take no lock and count nothing that another reader counts: each says in a slot
 * of its own what it holds (hazard pointers: Michael, "Hazard Pointers: Safe Memory Reclamation for
 * Lock-Free Objects", IEEE TPDS 2004). What has been replaced is freed when it is in no slot. A reader
 * looks again after it has said so: had the roads been replaced meanwhile, the sweep might have looked
 * at the slot before. Both sides need the total order of sequentially consistent operations. */
#include "service/roads.h"

#include <stdlib.h>
#include <string.h>

void mu_roads_free(mu_roads *roads) {
    if (!roads) return;
    for (uint32_t q = 0; roads->query && q < roads->slot_count * roads->metric_count; ++q) {
        muster_query_free(roads->query[q]);
    }
    for (uint32_t m = 0; roads->owned && m < roads->metric_count; ++m) {
        muster_metric_free(roads->owned[m]);
    }
    if (roads->lender.give_back) roads->lender.give_back(roads->lender.user);
    free(roads->query);
    free(roads->owned);
    free(roads->metric);
    free(roads->before);
    free(roads);
}

static bool allocate(mu_roads *r) {
    r->metric = calloc(r->metric_count, sizeof(muster_metric *));
    r->before = calloc(r->metric_count, sizeof(muster_metric *));
    r->owned  = calloc(r->metric_count, sizeof(muster_metric *));
    r->query  = calloc((size_t)r->slot_count * r->metric_count, sizeof(muster_query *));
    return r->metric && r->before && r->owned && r->query;
}

static void free_all(uint32_t count, muster_metric *const *metric) {
    for (uint32_t m = 0; metric && m < count; ++m) muster_metric_free(metric[m]);
}

/* Searched as they were before, to begin with. NULL: no memory. */
static mu_roads *make(uint32_t count, const muster_metric *const *before, uint32_t slot_count) {
    mu_roads *roads = calloc(1, sizeof *roads);
    if (roads) {
        roads->metric_count = count;
        roads->slot_count   = slot_count;
    }
    if (!roads || !allocate(roads)) {
        mu_roads_free(roads);
        return NULL;
    }
    roads->network = muster_metric_network(before[0]);
    for (uint32_t m = 0; m < count; ++m) roads->metric[m] = roads->before[m] = before[m];
    return roads;
}

static muster_status fail(void) {
    return muster_fail(MUSTER_E_NOMEM, "out of memory for the roads of a service");
}

muster_status mu_roads_take(mu_roads **out, uint32_t count, const muster_metric *const *before,
                            muster_metric *const *changed, uint32_t slot_count) {
    mu_roads *roads = make(count, before, slot_count);
    *out            = roads;
    if (!roads) {
        free_all(count, changed);
        return fail();
    }
    for (uint32_t m = 0; changed && m < count; ++m) roads->metric[m] = roads->owned[m] = changed[m];
    return MUSTER_OK;
}

muster_status mu_roads_borrow(mu_roads **out, uint32_t count, const muster_metric *const *before,
                              const muster_metric *const *metric, mu_lender lender,
                              uint32_t slot_count) {
    mu_roads *roads = make(count, before, slot_count);
    *out            = roads;
    if (!roads) {
        lender.give_back(lender.user);
        return fail();
    }
    roads->lender = lender;
    for (uint32_t m = 0; m < count; ++m) roads->metric[m] = metric[m];
    return MUSTER_OK;
}

muster_status mu_roads_query(muster_query **out, mu_roads *roads, uint32_t slot, uint32_t metric) {
    muster_query **query  = &roads->query[(size_t)slot * roads->metric_count + metric];
    muster_status  status = MUSTER_OK;
    if (!*query) status = muster_query_new(query, roads->metric[metric]);
    *out = *query;
    return status;
}

/* ---- the ones of now ------------------------------------------------------------------- */

muster_status mu_road_board_init(mu_road_board *board, mu_roads *first, uint32_t slot_count) {
    memset(board, 0, sizeof *board);
    board->slot_count = slot_count;
    board->slot       = aligned_alloc(sizeof *board->slot, slot_count * sizeof *board->slot);
    if (!board->slot) {
        mu_roads_free(first);
        return muster_fail(MUSTER_E_NOMEM, "out of memory for %u threads", slot_count);
    }
    for (uint32_t s = 0; s < slot_count; ++s) atomic_init(&board->slot[s].held, NULL);
    pthread_mutex_init(&board->lock, NULL);
    board->now = first;
    return MUSTER_OK;
}

void mu_road_board_fini(mu_road_board *board) {
    if (!board->slot) return;
    for (mu_roads *next, *old = board->replaced; old; old = next) {
        next = old->next;
        mu_roads_free(old);
    }
    mu_roads_free(board->now);
    pthread_mutex_destroy(&board->lock);
    free(board->slot);
    board->slot = NULL;
}

mu_roads *mu_road_board_hold(mu_road_board *board, uint32_t slot) {
    mu_roads *roads;
    do {
        roads                  = board->now;
        board->slot[slot].held = roads;
    } while (roads != board->now);
    return roads;
}

void mu_road_board_let_go(mu_road_board *board, uint32_t slot) {
    board->slot[slot].held = NULL;
}

static bool is_held(mu_road_board *board, const mu_roads *roads) {
    for (uint32_t s = 0; s < board->slot_count; ++s) {
        if (board->slot[s].held == roads) return true;
    }
    return false;
}

static void sweep(mu_road_board *board) {
    for (mu_roads **link = &board->replaced; *link;) {
        mu_roads *old = *link;
        if (is_held(board, old)) {
            link = &old->next;
        } else {
            *link = old->next;
            mu_roads_free(old);
        }
    }
}

void mu_road_board_sweep(mu_road_board *board) {
    pthread_mutex_lock(&board->lock);
    sweep(board);
    pthread_mutex_unlock(&board->lock);
}

void mu_road_board_replace(mu_road_board *board, mu_roads *fresh) {
    pthread_mutex_lock(&board->lock);
    mu_roads *old   = atomic_exchange(&board->now, fresh);
    old->next       = board->replaced;
    board->replaced = old;
    ++board->version;
    sweep(board);
    pthread_mutex_unlock(&board->lock);
}
