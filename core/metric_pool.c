#include "core/metric_pool.h"

#include <stdatomic.h>
#include <string.h>

#include "core/alloc.h"
#include "core/try_lock.h"

/* Whoever uses what is free shall be seen. */
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(memory, bytes)   ((void)(memory), (void)(bytes))
#define ASAN_UNPOISON_MEMORY_REGION(memory, bytes) ((void)(memory), (void)(bytes))
#endif

/* Three to five profiles, for two threads, on a city's roads. */
enum { MOST_METRICS = 16, MOST_BYTES = 16 << 20, MOST_TOTAL = 48 << 20 };

/* Its network may be gone, where the pool was in use when it went. */
typedef struct kept_metric {
    uint64_t              id;
    const muster_network *network;
    mu_lineage            lineage;
    size_t                duration_bytes, weight_bytes;
    uint32_t             *duration_ms;
    mu_weights            weights;
} kept_metric;

static mu_try_lock          lock = MU_TRY_LOCK_INIT;
static kept_metric          kept[MOST_METRICS]; /* the oldest first */
static int                  kept_count;
static size_t               kept_total;
static atomic_uint_fast64_t taken;

static size_t bytes_of(const kept_metric *k) {
    const size_t lineage = ((size_t)k->lineage.arc_count + k->lineage.up_count) * sizeof(uint32_t);
    return k->duration_bytes + 2 * k->weight_bytes + lineage;
}

static void poison(const kept_metric *k) {
    ASAN_POISON_MEMORY_REGION(k->duration_ms, k->duration_bytes);
    ASAN_POISON_MEMORY_REGION(k->weights.up, k->weight_bytes);
    ASAN_POISON_MEMORY_REGION(k->weights.down, k->weight_bytes);
}

static void unpoison(const kept_metric *k) {
    ASAN_UNPOISON_MEMORY_REGION(k->duration_ms, k->duration_bytes);
    ASAN_UNPOISON_MEMORY_REGION(k->weights.up, k->weight_bytes);
    ASAN_UNPOISON_MEMORY_REGION(k->weights.down, k->weight_bytes);
}

/* ---- the list, while it is in use --------------------------------------------------------- */

static kept_metric remove_at(int place) {
    const kept_metric removed = kept[place];
    unpoison(&removed);
    kept_total -= bytes_of(&removed);
    --kept_count;
    memmove(&kept[place], &kept[place + 1], (size_t)(kept_count - place) * sizeof kept[0]);
    return removed;
}

static void drop(int place) {
    kept_metric dropped = remove_at(place);
    mu_free(dropped.duration_ms);
    mu_weights_fini(&dropped.weights);
    mu_lineage_fini(&dropped.lineage);
}

/* It was changed from the metric, or the metric from it, and how is known. */
static bool is_near(const kept_metric *k, const muster_metric *metric) {
    return (k->lineage.is_known && k->lineage.parent == metric->id) ||
           (metric->lineage.is_known && metric->lineage.parent == k->id);
}

static int find_near(const muster_metric *metric) {
    int place = kept_count - 1;
    while (place >= 0 && !is_near(&kept[place], metric)) --place;
    return place;
}

/* ---- keeping ------------------------------------------------------------------------------ */

void mu_metric_pool_keep(muster_metric *metric) {
    if (metric->lineage.parent == 0 || !metric->weights.hierarchy) return;
    const kept_metric k = {
        .id             = metric->id,
        .network        = metric->network,
        .lineage        = metric->lineage,
        .duration_bytes = metric->network->graph.arc_count * sizeof *metric->duration_ms,
        .weight_bytes   = metric->weights.hierarchy->up_count * sizeof *metric->weights.up,
        .duration_ms    = metric->duration_ms,
        .weights        = metric->weights,
    };
    if (bytes_of(&k) > MOST_BYTES || !mu_try_lock_take(&lock)) return;
    while (kept_count == MOST_METRICS || kept_total + bytes_of(&k) > MOST_TOTAL) drop(0);
    kept[kept_count++] = k;
    kept_total += bytes_of(&k);
    poison(&k);
    mu_try_lock_give_back(&lock);
    metric->lineage     = (mu_lineage){0};
    metric->duration_ms = NULL;
    metric->weights     = (mu_weights){0};
}

void mu_metric_pool_forget(const muster_network *network) {
    if (!mu_try_lock_take(&lock)) return;
    for (int i = kept_count; i-- > 0;) {
        if (kept[i].network == network) drop(i);
    }
    mu_try_lock_give_back(&lock);
}

__attribute__((destructor)) static void drop_all(void) {
    if (!mu_try_lock_take(&lock)) return;
    while (kept_count > 0) drop(kept_count - 1);
    mu_try_lock_give_back(&lock);
}

/* ---- taking ------------------------------------------------------------------------------- */

/* Where the two differ. */
static void follow(const kept_metric *k, const muster_metric *base, const mu_lineage *l) {
    for (uint32_t i = 0; i < l->arc_count; ++i) {
        k->duration_ms[l->arc[i]] = base->duration_ms[l->arc[i]];
    }
    for (uint32_t i = 0; i < l->up_count; ++i) {
        k->weights.up[l->up[i]]   = base->weights.up[l->up[i]];
        k->weights.down[l->up[i]] = base->weights.down[l->up[i]];
    }
}

bool mu_metric_pool_take(muster_metric *metric, const muster_metric *base) {
    kept_metric k;
    if (!mu_try_lock_take(&lock)) return false;
    const int  place    = find_near(base);
    const bool is_there = place >= 0;
    if (is_there) k = remove_at(place);
    mu_try_lock_give_back(&lock);
    if (!is_there) return false;
    const bool is_child = k.lineage.is_known && k.lineage.parent == base->id;
    follow(&k, base, is_child ? &k.lineage : &base->lineage);
    mu_lineage_fini(&k.lineage);
    metric->duration_ms = k.duration_ms;
    metric->weights     = k.weights;
    atomic_fetch_add_explicit(&taken, 1, memory_order_relaxed);
    return true;
}

void mu_metric_pool_count(uint32_t *out_kept, uint64_t *out_taken) {
    while (!mu_try_lock_take(&lock)) {
    }
    *out_kept = (uint32_t)kept_count;
    mu_try_lock_give_back(&lock);
    *out_taken = atomic_load(&taken);
}
