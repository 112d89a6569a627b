/* The worst that a plan can cost, tier by tier: every need unmet, or served as late as anything
 * can be; every unit diverted and sent from as far up as it goes; every zone bare. The sums are
 * taken in 128 bits, where they cannot overflow, and compared with a quarter of what 64 bits
 * hold, so that the optimizer has room to add and subtract them. */
#include "solver/problem_sums.h"

#include "core/error.h"
#include "solver/objective.h"
#include "solver/weights.h"

static const int64_t ROOM = INT64_C(1) << 61;

static muster_status check_sum(const char *what, mu_objective sum) {
    if (sum <= ROOM) return MUSTER_OK;
    return muster_fail(
        MUSTER_E_INVALID,
        "%s could come to %.3g, more than the %lld that are counted exactly; expected "
        "smaller quantities or weights",
        what, (double)sum, (long long)ROOM);
}

/* Needs' own deadlines do not matter here: late by all the time there is. */
static int64_t longest_response_s(const muster_weights *w) {
    const int64_t most_ms = MUSTER_UNREACHABLE_MS;
    if (w->lateness_step_ms == 0) return most_ms / 1000;
    return most_ms / 1000 + (most_ms / w->lateness_step_ms + 1) * w->lateness_step_s;
}

static bool has_deadlines(const muster_problem *p) {
    uint32_t i = 0;
    while (i < p->incident_count && p->incident[i].deadline_ms == 0) ++i;
    return i < p->incident_count;
}

muster_status mu_problem_check_sums(const muster_problem *p) {
    const muster_weights *w = mu_weights(p);
    const int64_t         longest_s =
        has_deadlines(p) ? longest_response_s(w) : MUSTER_UNREACHABLE_MS / 1000;
    mu_objective unmet = 0, reserve = 0;
    for (uint32_t n = 0; n < p->need_count; ++n) {
        unmet += (mu_objective)mu_price(p, n) * p->need[n].quantity;
    }
    for (uint32_t z = 0; z < p->zone_count; ++z) {
        reserve += (mu_objective)p->zone[z].required * p->zone[z].weight;
    }
    MU_TRY(check_sum("unmet need", unmet + (mu_objective)p->rule_count * w->diversion_unmet_need));
    MU_TRY(check_sum("response time",
                     unmet * longest_s + (mu_objective)p->rule_count * w->diversion_response_time));
    return check_sum("reserve", reserve);
}
