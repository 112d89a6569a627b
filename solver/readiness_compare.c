/* What is lost from one readiness to another. */
#include <string.h>

#include "solver/readiness.h"

static bool is_same_place(const muster_readiness_place *a, const muster_readiness_place *b) {
    return strcmp(a->code, b->code) == 0 && a->weight == b->weight;
}

static bool is_same_standard(const muster_readiness_standard *a,
                             const muster_readiness_standard *b) {
    return a->kind == b->kind && a->within_ms == b->within_ms && a->unit_count == b->unit_count &&
           a->quantity == b->quantity;
}

static bool is_same(const muster_readiness *before, const muster_readiness *after) {
    bool same = before->place_count == after->place_count &&
                before->standard_count == after->standard_count &&
                before->horizon_ms == after->horizon_ms;
    for (uint32_t p = 0; same && p < before->place_count; ++p) {
        same = is_same_place(&before->place[p], &after->place[p]);
    }
    for (uint32_t s = 0; same && s < before->standard_count; ++s) {
        same = is_same_standard(&before->standard[s], &after->standard[s]);
    }
    return same;
}

static muster_status check_same(const muster_readiness *before, const muster_readiness *after) {
    if (is_same(before, after)) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "two readinesses of %u and %u places and %u and %u standards; expected the "
                       "same places, standards and horizon in both",
                       before->place_count, after->place_count, before->standard_count,
                       after->standard_count);
}

muster_status muster_readiness_compare(const muster_readiness *before,
                                       const muster_readiness *after, muster_readiness_loss *out,
                                       bool *out_fallen) {
    *out = (muster_readiness_loss){0};
    MU_TRY(check_same(before, after));
    for (uint32_t p = 0; p < before->place_count; ++p) {
        const size_t  first = (size_t)p * before->standard_count;
        mu_place_loss loss  = {0};
        for (uint32_t s = 0; s < before->standard_count; ++s) {
            mu_lose_time(&loss, before, s, before->cell[first + s].complete_ms,
                         after->cell[first + s].complete_ms);
        }
        mu_lose_place(out, &loss, before->place[p].weight);
        if (out_fallen) out_fallen[p] = loss.has_fallen;
    }
    return MUSTER_OK;
}
