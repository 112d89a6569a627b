/* How places stand to standards. Of the hundreds who could come to a place a few complete a standard, so
 * arrivals are not sorted: they are made a heap, in linear time, and the first are taken off until it is
 * enough. */
#include <stdlib.h>

#include "core/alloc.h"
#include "core/threads.h"
#include "solver/readiness.h"

enum { PLACES_AT_ONCE = 32 };

/* ---- who comes first ------------------------------------------------------------------------ */

muster_status mu_queue_init(mu_queue *queue, const muster_readiness *r) {
    size_t most = 0;
    for (uint32_t k = 0; k < r->problem->kind_count; ++k) {
        const size_t count = r->first_supplier[k + 1] - r->first_supplier[k];
        if (count > most) most = count;
    }
    *queue = (mu_queue){0};
    return mu_alloc(&queue->key, most, sizeof *queue->key);
}

void mu_queue_fini(mu_queue *queue) {
    mu_free(queue->key);
    *queue = (mu_queue){0};
}

static void sink(uint64_t *key, uint32_t count, uint32_t at) {
    const uint64_t moved = key[at];
    for (uint32_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        if (child + 1 < count && key[child + 1] < key[child]) ++child;
        if (key[child] >= moved) break;
        key[at] = key[child];
        at      = child;
    }
    key[at] = moved;
}

static void make_heap(mu_queue *queue) {
    for (uint32_t i = queue->left / 2; i-- > 0;) sink(queue->key, queue->left, i);
}

/* The first goes behind the heap. */
static uint64_t take_first(mu_queue *queue) {
    const uint64_t first    = queue->key[0];
    queue->key[0]           = queue->key[--queue->left];
    queue->key[queue->left] = first;
    if (queue->left > 0) sink(queue->key, queue->left, 0);
    return first;
}

/* ---- one cell -------------------------------------------------------------------------------- */

/* When a supplier is there; MUSTER_UNREACHABLE_MS: not at all. */
static uint32_t arrival_of(const mu_supplier *s, const uint32_t *row_ms) {
    const uint32_t travel_ms  = row_ms[s->row];
    const uint64_t arrival_ms = (uint64_t)s->ready_ms + travel_ms;
    const bool     comes      = travel_ms != MUSTER_UNREACHABLE_MS && arrival_ms <= s->end_ms &&
                       arrival_ms < MUSTER_UNREACHABLE_MS;
    return comes ? (uint32_t)arrival_ms : MUSTER_UNREACHABLE_MS;
}

static void line_up(const muster_readiness *r, const uint32_t *row_ms, uint32_t s, uint32_t without,
                    mu_queue *queue, muster_readiness_cell *cell) {
    const muster_readiness_standard *standard = &r->standard[s];
    const size_t                     first    = r->first_supplier[standard->kind];
    const uint32_t count = (uint32_t)(r->first_supplier[standard->kind + 1] - first);
    queue->left          = 0;
    for (uint32_t i = 0; i < count; ++i) {
        const mu_supplier *supplier   = &r->supplier[first + i];
        const uint32_t     arrival_ms = arrival_of(supplier, row_ms);
        if (arrival_ms == MUSTER_UNREACHABLE_MS || supplier->part == without) continue;
        queue->key[queue->left++] = (uint64_t)arrival_ms << 32 | i;
        if (arrival_ms < cell->first_ms) cell->first_ms = arrival_ms;
        if (arrival_ms > standard->within_ms) continue;
        ++cell->unit_count;
        cell->quantity += supplier->quantity;
    }
    queue->count = queue->left;
}

muster_readiness_cell mu_readiness_judge(const muster_readiness *r, const uint32_t *row_ms,
                                         uint32_t s, uint32_t without, mu_queue *queue) {
    const muster_readiness_standard *standard = &r->standard[s];
    const mu_supplier               *of_kind  = r->supplier + r->first_supplier[standard->kind];
    muster_readiness_cell            cell     = {.first_ms    = MUSTER_UNREACHABLE_MS,
                                                 .complete_ms = MUSTER_UNREACHABLE_MS};
    uint32_t                         units    = 0;
    int64_t                          sum      = 0;
    line_up(r, row_ms, s, without, queue, &cell);
    make_heap(queue);
    while (queue->left > 0 && (units < standard->unit_count || sum < standard->quantity)) {
        const uint64_t key = take_first(queue);
        ++units;
        sum += of_kind[mu_queue_supplier(key)].quantity;
        if (units >= standard->unit_count && sum >= standard->quantity) {
            cell.complete_ms = mu_queue_arrival_ms(key);
        }
    }
    return cell;
}

/* ---- all cells -------------------------------------------------------------------------------- */

typedef struct filling {
    muster_readiness *r;
    mu_queue         *queue; /* [threads] */
} filling;

static muster_readiness_state sum_up(const muster_readiness *r, const muster_readiness_cell *cell) {
    muster_readiness_state state = {.spare_ms = MUSTER_UNREACHABLE_MS};
    for (uint32_t s = 0; s < r->standard_count; ++s) {
        const uint32_t within_ms = r->standard[s].within_ms;
        const uint32_t done_ms =
            cell[s].complete_ms < r->horizon_ms ? cell[s].complete_ms : r->horizon_ms;
        if (!mu_readiness_is_met(r, s, &cell[s])) {
            ++state.unmet_count;
            state.late_ms += done_ms - within_ms;
        } else if (within_ms - done_ms < state.spare_ms) {
            state.spare_ms = within_ms - done_ms;
        }
    }
    return state;
}

static void fill_places(void *user, uint32_t job, uint32_t worker) {
    const filling          *f     = user;
    const muster_readiness *r     = f->r;
    const uint32_t          first = job * PLACES_AT_ONCE, rest = r->place_count - first;
    const uint32_t          end = first + (rest < PLACES_AT_ONCE ? rest : PLACES_AT_ONCE);
    for (uint32_t p = first; p < end; ++p) {
        muster_readiness_cell *cell   = r->cell + (size_t)p * r->standard_count;
        const uint32_t        *row_ms = r->travel_ms + (size_t)p * r->row_count;
        for (uint32_t s = 0; s < r->standard_count; ++s) {
            cell[s] = mu_readiness_judge(r, row_ms, s, MUSTER_NONE, &f->queue[worker]);
        }
        r->state[p] = sum_up(r, cell);
    }
}

static muster_status fill_with(muster_readiness *r, mu_queue *queue, uint32_t threads) {
    filling f = {r, queue};
    for (uint32_t t = 0; t < threads; ++t) MU_TRY(mu_queue_init(&queue[t], r));
    mu_share_jobs(r->place_count / PLACES_AT_ONCE + (r->place_count % PLACES_AT_ONCE > 0), threads,
                  fill_places, &f);
    return MUSTER_OK;
}

/* ---- the weakest ------------------------------------------------------------------------------ */

typedef struct ranked {
    muster_readiness_state state;
    int64_t                weight;
    uint32_t               place;
} ranked;

static int by_weakness(const void *a, const void *b) {
    const ranked *x = a, *y = b;
    if (x->state.unmet_count != y->state.unmet_count) {
        return x->state.unmet_count > y->state.unmet_count ? -1 : 1;
    }
    if (x->state.late_ms != y->state.late_ms) return x->state.late_ms > y->state.late_ms ? -1 : 1;
    if (x->state.spare_ms != y->state.spare_ms) {
        return x->state.spare_ms < y->state.spare_ms ? -1 : 1;
    }
    if (x->weight != y->weight) return x->weight > y->weight ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

static muster_status rank(muster_readiness *r) {
    ranked *list;
    MU_TRY(mu_alloc(&list, r->place_count, sizeof *list));
    for (uint32_t p = 0; p < r->place_count; ++p) {
        list[p] = (ranked){r->state[p], r->place[p].weight, p};
    }
    qsort(list, r->place_count, sizeof *list, by_weakness);
    for (uint32_t p = 0; p < r->place_count; ++p) r->weakest[p] = list[p].place;
    mu_free(list);
    return MUSTER_OK;
}

muster_status mu_readiness_fill_cells(muster_readiness *r) {
    const uint32_t threads = mu_thread_count(r->thread_count, r->place_count / PLACES_AT_ONCE + 1);
    mu_queue      *queue;
    MU_TRY(mu_alloc(&r->cell, (size_t)r->place_count * r->standard_count, sizeof *r->cell));
    MU_TRY(mu_alloc(&r->state, r->place_count, sizeof *r->state));
    MU_TRY(mu_alloc(&r->weakest, r->place_count, sizeof *r->weakest));
    MU_TRY(mu_alloc_zeroed(&queue, threads, sizeof *queue));
    const muster_status status = fill_with(r, queue, threads);
    for (uint32_t t = 0; t < threads; ++t) mu_queue_fini(&queue[t]);
    mu_free(queue);
    return status == MUSTER_OK ? rank(r) : status;
}
