/* What all forms of the answer say alike. */
#include "cli/readiness_answer.h"

readiness_grade readiness_grade_of(const readiness_answer *a, uint32_t place) {
    const muster_readiness      *r    = readiness_shown(a);
    const uint32_t               all  = a->standard.reach_count;
    const muster_readiness_cell *cell = muster_readiness_cells(r) + (size_t)place * all;
    for (uint32_t s = 0; s < all; ++s) {
        if (cell[s].first_ms == MUSTER_UNREACHABLE_MS) return READINESS_UNREACHED;
    }
    return muster_readiness_states(r)[place].unmet_count > 0 ? READINESS_BELOW : READINESS_READY;
}

const char *readiness_grade_name(readiness_grade grade) {
    static const char *const NAMES[] = {"ready", "below", "unreached"};
    return NAMES[grade];
}

bool readiness_is_site(const readiness_answer *a, uint32_t place) {
    return place < a->places.holder_count[HOLDER_SITES];
}

readiness_below readiness_below_of(const readiness_answer *a, uint32_t standard) {
    const uint32_t               all   = a->standard.reach_count;
    const muster_readiness_cell *cell  = muster_readiness_cells(readiness_shown(a)) + standard;
    readiness_below              below = {0};
    for (uint32_t p = 0; p < a->places.count; ++p) {
        if (cell[(size_t)p * all].complete_ms <= a->standard.reach[standard].within_ms) continue;
        ++below.places;
        below.people += a->places.people[p];
    }
    return below;
}

const char *readiness_code_of(const readiness_answer *a, const muster_critical *critical) {
    return muster_problem_unit(a->problem, (muster_resource)critical->resource, critical->index)
        ->code;
}
