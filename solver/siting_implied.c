/* Row domination (Toregas and ReVelle, 1972): shortest lists first, each is compared with those that were
 * kept, as sets of bits. On maps it leaves a fifth of the demand, and less where the reach is far. */
#include "solver/siting_implied.h"

#include <string.h>

#include "core/alloc.h"
#include "solver/key_sort.h"

enum { WORD_BITS = 64 };

typedef struct dropper {
    mu_siting_model *model;
    size_t           word_count; /* of a set of places */
    uint64_t        *order;      /* [demand_count] length above, demand below */
    uint64_t        *kept_set;   /* [demand_count * word_count] */
    uint64_t        *set;        /* [word_count] of the demand in hand */
    uint8_t         *is_kept;
} dropper;

static void make_set(dropper *k, uint32_t d) {
    const mu_siting_model *m = k->model;
    memset(k->set, 0, k->word_count * sizeof *k->set);
    for (size_t e = m->first[d]; e < m->first[d + 1]; ++e) {
        k->set[m->place[e] / WORD_BITS] |= UINT64_C(1) << m->place[e] % WORD_BITS;
    }
}

static bool is_within(const uint64_t *part, const uint64_t *whole, size_t word_count) {
    for (size_t w = 0; w < word_count; ++w) {
        if (part[w] & ~whole[w]) return false;
    }
    return true;
}

static void choose(dropper *k) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < k->model->demand_count; ++i) {
        const uint32_t d          = (uint32_t)k->order[i];
        bool           is_implied = false;
        make_set(k, d);
        for (uint32_t n = 0; n < kept && !is_implied; ++n) {
            is_implied = is_within(k->kept_set + n * k->word_count, k->set, k->word_count);
        }
        if (is_implied) continue;
        memcpy(k->kept_set + kept++ * k->word_count, k->set, k->word_count * sizeof *k->set);
        k->is_kept[d] = 1;
    }
}

/* Close ranks. */
static void compact(const dropper *k) {
    mu_siting_model *m    = k->model;
    uint32_t         kept = 0;
    size_t           end  = 0;
    for (uint32_t d = 0; d < m->demand_count; ++d) {
        const size_t first = m->first[d], count = m->first[d + 1] - first;
        if (!k->is_kept[d]) continue;
        memmove(m->place + end, m->place + first, count * sizeof *m->place);
        memmove(m->time_ms + end, m->time_ms + first, count * sizeof *m->time_ms);
        m->weight[kept]  = m->weight[d];
        m->outside[kept] = m->outside[d];
        m->start[kept]   = m->start[d];
        m->first[kept++] = end;
        end += count;
    }
    m->first[kept]  = end;
    m->demand_count = kept;
}

muster_status mu_siting_drop_implied(mu_siting_model *m) {
    const uint32_t count   = m->demand_count;
    dropper        k       = {.model = m, .word_count = m->place_count / WORD_BITS + 1};
    uint64_t      *scratch = NULL;
    muster_status  status;
    MU_TRY_GOTO(status, mu_alloc(&k.order, count, sizeof *k.order), done);
    MU_TRY_GOTO(status, mu_alloc(&scratch, count, sizeof *scratch), done);
    MU_TRY_GOTO(status, mu_alloc(&k.kept_set, count * k.word_count, sizeof *k.kept_set), done);
    MU_TRY_GOTO(status, mu_alloc(&k.set, k.word_count, sizeof *k.set), done);
    MU_TRY_GOTO(status, mu_alloc_zeroed(&k.is_kept, count, 1), done);
    for (uint32_t d = 0; d < count; ++d) {
        k.order[d] = (uint64_t)(m->first[d + 1] - m->first[d]) << 32 | d;
    }
    mu_sort_keys(count, k.order, scratch);
    choose(&k);
    compact(&k);
done:
    mu_free(k.order);
    mu_free(scratch);
    mu_free(k.kept_set);
    mu_free(k.set);
    mu_free(k.is_kept);
    return status;
}
