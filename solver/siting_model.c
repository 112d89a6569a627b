/* See siting_model.h. */
#include "solver/siting_model.h"

#include <inttypes.h>
#include <string.h>

#include "core/alloc.h"
#include "core/threads.h"
#include "solver/key_sort.h"
#include "solver/siting_classes.h"
#include "solver/siting_implied.h"
#include "solver/siting_table.h"

__extension__ typedef __int128 wide;

/* Sums of all costs stay below, and so does twice as much. */
static const int64_t MOST_COST = INT64_C(1) << 60;

/* As fine as values are told apart: a millionth. */
enum { MOST_SHIFT = 20 };

/* Demands that a thread takes at a time. */
enum { BLOCK = 64 };

/* A model in the making. */
typedef struct maker {
    mu_siting_model             *model;
    const muster_siting_problem *problem;
    uint8_t  *is_open_to; /* [place_count] a unit may come, or is and may leave */
    uint32_t *demand;     /* [demand_count] of the problem */
    size_t   *length;     /* [demand_count] of lists */
    uint64_t *hash;       /* [demand_count] of lists, demand in the lower half */
    uint32_t  longest;
    uint64_t *key; /* [threads * 2 * longest] */
} maker;

/* ---- what existing units do ---------------------------------------------------------------- */

/* The nearest of them. */
static uint32_t existing_time(const muster_siting_problem *p, uint32_t demand) {
    uint32_t best_ms = MUSTER_UNREACHABLE_MS;
    for (uint32_t i = 0; i < p->place_count; ++i) {
        if (mu_siting_existing(p, i) == 0) continue;
        const uint32_t time_ms = mu_siting_time(p, i, demand);
        if (time_ms < best_ms) best_ms = time_ms;
    }
    return best_ms;
}

/* How many of them there are within reach, as far as levels go. */
static uint32_t existing_count(const mu_siting_model *m, const muster_siting_problem *p,
                               uint32_t demand) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < p->place_count && count < m->level_count; ++i) {
        if (mu_siting_existing(p, i) > 0 && mu_siting_time(p, i, demand) < MUSTER_UNREACHABLE_MS) {
            count += mu_siting_existing(p, i);
        }
    }
    return count < m->level_count ? count : m->level_count;
}

/* The n-th unit of those within reach is the first that is free with probability
 * (1 - busy) busy^(n - 1), in millionths that are rounded down, so that they fall. */
static muster_status make_levels(mu_siting_model *m, const muster_siting_problem *p) {
    uint64_t units = p->model == MUSTER_MOVE_UP ? p->unit_count : p->count;
    size_t   room  = 0;
    int64_t  level = MUSTER_MILLION - p->busy_millionths;
    for (uint32_t i = 0; i < p->place_count; ++i) units += mu_siting_existing(p, i);
    for (uint64_t n = 0; n < units && level > 0; ++n) {
        MU_TRY(mu_grow(&m->level, &room, m->level_count, sizeof *m->level));
        m->level[m->level_count++] = level;
        level                      = level * p->busy_millionths / MUSTER_MILLION;
    }
    if (m->level_count > 0) return MUSTER_OK;
    m->level_count = 1; /* no units at all */
    MU_TRY(mu_grow(&m->level, &room, 0, sizeof *m->level));
    m->level[0] = MUSTER_MILLION - p->busy_millionths;
    return MUSTER_OK;
}

/* ---- lists --------------------------------------------------------------------------------- */

/* Does the place serve the demand better than what there is? */
static bool is_listed(const maker *k, uint32_t place, uint32_t demand, int64_t outside,
                      uint32_t *out_ms) {
    if (!k->is_open_to[place]) return false;
    *out_ms = mu_siting_time(k->problem, place, demand);
    return *out_ms < MUSTER_UNREACHABLE_MS && *out_ms < outside;
}

/* Time above, place below. */
static size_t list_keys(const maker *k, uint32_t kept, uint64_t *key) {
    const mu_siting_model *m     = k->model;
    size_t                 count = 0;
    uint32_t               time_ms;
    for (uint32_t i = 0; i < m->place_count; ++i) {
        if (is_listed(k, i, k->demand[kept], m->outside[kept], &time_ms)) {
            key[count++] = (uint64_t)time_ms << 32 | i;
        }
    }
    return count;
}

/* FNV-1a over words. */
static uint64_t hash_of(uint64_t start, const uint64_t *key, size_t count) {
    uint64_t h = UINT64_C(14695981039346656037) ^ start;
    for (size_t i = 0; i < count; ++i) h = (h ^ key[i]) * UINT64_C(1099511628211);
    return h ^ h >> 32;
}

/* Existing units first; then what is left to gain. */
static void measure(void *user, uint32_t job, uint32_t worker) {
    maker           *k   = user;
    mu_siting_model *m   = k->model;
    uint64_t        *key = k->key + (size_t)worker * 2 * k->longest;
    for (uint32_t d = job * BLOCK; d < m->demand_count && d < (job + 1) * BLOCK; ++d) {
        const bool has_levels = m->level_count > 0;
        m->start[d]           = has_levels ? existing_count(m, k->problem, k->demand[d]) : 0;
        const uint32_t now_ms =
            has_levels ? MUSTER_UNREACHABLE_MS : existing_time(k->problem, k->demand[d]);
        m->outside[d] = now_ms == MUSTER_UNREACHABLE_MS ? MU_SITING_NEVER : now_ms;
        k->length[d]  = list_keys(k, d, key);
        if (has_levels && m->start[d] == m->level_count) k->length[d] = 0;
        const uint64_t state = has_levels ? m->start[d] : (uint64_t)m->outside[d];
        k->hash[d]           = hash_of(state, key, k->length[d]) << 32 | d;
    }
}

static void fill(void *user, uint32_t job, uint32_t worker) {
    const maker     *k   = user;
    mu_siting_model *m   = k->model;
    uint64_t        *key = k->key + (size_t)worker * 2 * k->longest;
    for (uint32_t d = job * BLOCK; d < m->demand_count && d < (job + 1) * BLOCK; ++d) {
        const size_t first = m->first[d], count = m->first[d + 1] - first;
        if (count == 0) continue;
        (void)list_keys(k, d, key);
        mu_sort_keys(count, key, key + k->longest);
        for (size_t i = 0; i < count; ++i) {
            m->place[first + i]   = (uint32_t)key[i];
            m->time_ms[first + i] = (uint32_t)(key[i] >> 32);
        }
    }
}

/* ---- equal demands ------------------------------------------------------------------------- */

static bool are_equal(const maker *k, uint32_t a, uint32_t b) {
    const mu_siting_model *m = k->model;
    if (k->length[a] != k->length[b] || m->outside[a] != m->outside[b] ||
        m->start[a] != m->start[b]) {
        return false;
    }
    for (uint32_t i = 0; i < m->place_count; ++i) {
        uint32_t   of_a = 0, of_b = 0;
        const bool in_a = is_listed(k, i, k->demand[a], m->outside[a], &of_a);
        const bool in_b = is_listed(k, i, k->demand[b], m->outside[b], &of_b);
        if (in_a != in_b || (in_a && of_a != of_b)) return false;
    }
    return true;
}

/* What nobody can serve better than now costs what it costs; what is served for nothing, nothing. */
static void put_aside(maker *k) {
    mu_siting_model *m = k->model;
    for (uint32_t d = 0; d < m->demand_count; ++d) {
        if (k->length[d] > 0) continue;
        if (m->level_count > 0) {
            for (uint32_t l = m->start[d]; l < m->level_count; ++l) {
                m->fixed_cost += m->weight[d] * m->level[l];
            }
        } else if (m->outside[d] != MU_SITING_NEVER) {
            m->fixed_cost += m->weight[d] * m->outside[d];
        } else if (mu_siting_is_cover(k->problem)) {
            m->fixed_cost += m->weight[d];
        }
        m->weight[d] = 0;
    }
}

/* Neighbours in order of hash; the first of equal ones has the weight of all. */
static muster_status merge_equal(maker *k) {
    mu_siting_model *m = k->model;
    uint64_t        *scratch;
    MU_TRY(mu_alloc(&scratch, m->demand_count, sizeof *scratch));
    mu_sort_keys(m->demand_count, k->hash, scratch);
    mu_free(scratch);
    for (uint32_t i = 1, head = 0; i < m->demand_count; ++i) {
        if (k->hash[i] >> 32 != k->hash[head] >> 32) head = i;
        const uint32_t a = (uint32_t)k->hash[head], b = (uint32_t)k->hash[i];
        if (a == b || m->weight[a] == 0 || m->weight[b] == 0 || !are_equal(k, a, b)) continue;
        if (k->problem->model != MUSTER_SET_COVER) m->weight[a] += m->weight[b];
        m->weight[b] = 0;
    }
    return MUSTER_OK;
}

/* Close ranks where weight is gone. */
static void compact(maker *k) {
    mu_siting_model *m    = k->model;
    uint32_t         kept = 0;
    for (uint32_t d = 0; d < m->demand_count; ++d) {
        if (m->weight[d] == 0) continue;
        m->weight[kept]  = m->weight[d];
        m->outside[kept] = m->outside[d];
        m->start[kept]   = m->start[d];
        k->demand[kept]  = k->demand[d];
        k->length[kept]  = k->length[d];
        ++kept;
    }
    m->demand_count = kept;
}

/* ---- sums that fit ------------------------------------------------------------------------- */

/* The longest time of a list. */
static uint32_t last_ms(const mu_siting_model *m, uint32_t d) {
    return m->time_ms[m->first[d + 1] - 1];
}

/* Where only the nearest counts, demand that is left alone costs more than all of any solution that
 * serves everybody; in covering, its weight. Where one place is enough to serve it, and one will be open,
 * it is never left alone. */
static void set_outside(maker *k) {
    mu_siting_model *m         = k->model;
    const bool       is_needed = m->budget > 0 && m->class_of && m->class_of[0].home == MUSTER_NONE;
    const bool       is_covering = k->problem->model == MUSTER_SET_COVER;
    wide             all         = m->fixed_cost;
    m->unserved_cost             = MU_SITING_NEVER;
    if (is_covering || m->level_count > 0) return;
    if (mu_siting_is_cover(k->problem)) {
        for (uint32_t d = 0; d < m->demand_count; ++d) m->outside[d] = 1;
        return;
    }
    for (uint32_t d = 0; d < m->demand_count; ++d) {
        const int64_t most = m->outside[d] < MU_SITING_NEVER ? m->outside[d] : last_ms(m, d);
        all += (wide)m->weight[d] * most;
    }
    m->unserved_cost = all < MOST_COST ? (int64_t)all + 1 : MOST_COST;
    for (uint32_t d = 0; d < m->demand_count; ++d) {
        if (m->outside[d] < MU_SITING_NEVER) continue;
        if (is_needed && k->length[d] == m->option_count) continue;
        m->outside[d] = m->unserved_cost / m->weight[d] + 1;
    }
}

/* The most that a demand can cost per unit of weight. */
static wide most_cost(const mu_siting_model *m, uint32_t d) {
    uint32_t       count;
    const int64_t *step = mu_siting_steps(m, d, &count);
    wide           sum  = 0;
    if (m->level_count == 0 && step[0] == MU_SITING_NEVER) return last_ms(m, d) + m->price;
    for (uint32_t l = 0; l < count; ++l) sum += step[l];
    return sum;
}

static muster_status set_shift(maker *k) {
    mu_siting_model *m   = k->model;
    wide             all = (wide)m->fixed_cost + m->place_count;
    for (uint32_t d = 0; d < m->demand_count; ++d) all += m->weight[d] * most_cost(m, d);
    if (all >= MOST_COST) {
        return muster_fail(MUSTER_E_INVALID,
                           "weights and costs of %" PRIu32
                           " demands are too large: expected a sum below 2^60",
                           m->demand_count);
    }
    while (m->shift < MOST_SHIFT && all << (m->shift + 1) < MOST_COST) ++m->shift;
    return MUSTER_OK;
}

/* ---- the whole ----------------------------------------------------------------------------- */

static void mark_open(maker *k) {
    const mu_siting_model *m = k->model;
    for (uint32_t o = 0; o < m->option_count; ++o) k->is_open_to[m->option[o].place] = 1;
    for (uint32_t c = 0; c < m->class_count; ++c) {
        if (m->class_of[c].home != MUSTER_NONE) k->is_open_to[m->class_of[c].home] = 1;
    }
}

static void list_demands(maker *k) {
    mu_siting_model *m = k->model;
    for (uint32_t j = 0; j < k->problem->demand_count; ++j) {
        if (mu_siting_weight(k->problem, j) == 0) continue;
        m->weight[m->demand_count] =
            k->problem->model == MUSTER_SET_COVER ? 1 : mu_siting_weight(k->problem, j);
        k->demand[m->demand_count++] = j;
    }
}

/* Weights of a billion each, and levels of a million, in 64 bits. */
static muster_status check_weights(const mu_siting_model *m) {
    wide all = 0;
    for (uint32_t d = 0; d < m->demand_count; ++d) all += m->weight[d];
    if (all * 2 * MUSTER_MILLION < MOST_COST || m->level_count == 0) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "all demand weighs %" PRId64 "; expected less than 2^60 / 2000000",
                       (int64_t)all);
}

/* Costs put aside are times as long as what exists takes. */
static muster_status check_fixed(const maker *k) {
    const mu_siting_model *m   = k->model;
    wide                   all = 0;
    for (uint32_t d = 0; d < m->demand_count; ++d) {
        if (m->outside[d] != MU_SITING_NEVER) all += (wide)m->weight[d] * m->outside[d];
    }
    if (all < MOST_COST) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "weights and costs of %" PRIu32
                       " demands are too large: expected a sum below 2^60",
                       m->demand_count);
}

static muster_status make_lists(maker *k, uint32_t thread_count) {
    mu_siting_model *m = k->model;
    MU_TRY(mu_alloc(&m->first, (size_t)m->demand_count + 1, sizeof *m->first));
    m->first[0] = 0;
    for (uint32_t d = 0; d < m->demand_count; ++d) m->first[d + 1] = m->first[d] + k->length[d];
    const size_t all = m->first[m->demand_count];
    MU_TRY(mu_alloc(&m->place, all, sizeof *m->place));
    MU_TRY(mu_alloc(&m->time_ms, all, sizeof *m->time_ms));
    mu_share_jobs((m->demand_count + BLOCK - 1) / BLOCK, thread_count, fill, k);
    if (k->problem->model == MUSTER_SET_COVER) MU_TRY(mu_siting_drop_implied(m));
    set_outside(k);
    return set_shift(k);
}

static muster_status make(maker *k, uint32_t thread_count) {
    mu_siting_model             *m = k->model;
    const muster_siting_problem *p = k->problem;
    MU_TRY(mu_siting_classes_init(m, p));
    if (mu_siting_goal(p) == MUSTER_EXPECTED_COVER) MU_TRY(make_levels(m, p));
    k->longest = m->place_count;
    MU_TRY(mu_alloc(&m->weight, p->demand_count, sizeof *m->weight));
    MU_TRY(mu_alloc(&m->outside, p->demand_count, sizeof *m->outside));
    MU_TRY(mu_alloc(&m->start, p->demand_count, sizeof *m->start));
    MU_TRY(mu_alloc(&k->demand, p->demand_count, sizeof *k->demand));
    MU_TRY(mu_alloc(&k->length, p->demand_count, sizeof *k->length));
    MU_TRY(mu_alloc(&k->hash, p->demand_count, sizeof *k->hash));
    MU_TRY(mu_alloc_zeroed(&k->is_open_to, m->place_count, 1));
    list_demands(k);
    MU_TRY(check_weights(m));
    mark_open(k);
    const uint32_t jobs    = (m->demand_count + BLOCK - 1) / BLOCK;
    const uint32_t threads = mu_thread_count(thread_count, jobs);
    MU_TRY(mu_alloc(&k->key, (size_t)threads * 2 * k->longest, sizeof *k->key));
    mu_share_jobs(jobs, threads, measure, k);
    MU_TRY(check_fixed(k));
    put_aside(k);
    MU_TRY(merge_equal(k));
    compact(k);
    return make_lists(k, threads);
}

muster_status mu_siting_model_init(mu_siting_model *m, const muster_siting_problem *p,
                                   uint32_t thread_count) {
    maker k                    = {.model = m, .problem = p};
    *m                         = (mu_siting_model){.place_count = p->place_count};
    const muster_status status = make(&k, thread_count);
    mu_free(k.is_open_to);
    mu_free(k.demand);
    mu_free(k.length);
    mu_free(k.hash);
    mu_free(k.key);
    if (status != MUSTER_OK) mu_siting_model_fini(m);
    return status;
}

void mu_siting_model_fini(mu_siting_model *m) {
    mu_free(m->weight);
    mu_free(m->first);
    mu_free(m->place);
    mu_free(m->time_ms);
    mu_free(m->outside);
    mu_free(m->level);
    mu_free(m->start);
    mu_free(m->option);
    mu_free(m->class_of);
    mu_free(m->capacity);
    *m = (mu_siting_model){0};
}

/* ---- what a solution costs ----------------------------------------------------------------- */

void mu_siting_units(const mu_siting_model *m, const uint32_t *taken, uint32_t *units) {
    memset(units, 0, m->place_count * sizeof *units);
    for (uint32_t c = 0; c < m->class_count; ++c) {
        if (m->class_of[c].home != MUSTER_NONE) units[m->class_of[c].home] += m->class_of[c].size;
    }
    for (uint32_t o = 0; o < m->option_count; ++o) {
        const uint32_t home = m->class_of[m->option[o].class_index].home;
        units[m->option[o].place] += taken[o];
        if (home != MUSTER_NONE) units[home] -= taken[o];
    }
}

static int64_t nearest_cost(const mu_siting_model *m, uint32_t d, const uint32_t *units) {
    for (size_t e = m->first[d]; e < m->first[d + 1]; ++e) {
        if (units[m->place[e]] > 0) return m->weight[d] * m->time_ms[e];
    }
    return m->outside[d] == MU_SITING_NEVER ? MU_SITING_NEVER : m->weight[d] * m->outside[d];
}

static int64_t level_cost(const mu_siting_model *m, uint32_t d, const uint32_t *units) {
    uint64_t reached = m->start[d];
    int64_t  sum     = 0;
    for (size_t e = m->first[d]; e < m->first[d + 1]; ++e) reached += units[m->place[e]];
    for (uint64_t l = reached; l < m->level_count; ++l) sum += m->level[l];
    return m->weight[d] * sum;
}

int64_t mu_siting_cost(const mu_siting_model *m, const uint32_t *units) {
    int64_t sum = m->fixed_cost;
    for (uint32_t d = 0; d < m->demand_count; ++d) {
        const int64_t cost =
            m->level_count > 0 ? level_cost(m, d, units) : nearest_cost(m, d, units);
        if (cost == MU_SITING_NEVER) return MU_SITING_NEVER;
        sum += cost;
    }
    return sum;
}
