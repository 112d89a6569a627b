/* What becomes of a decision: the siting that the caller gets, judged. */
#ifndef MU_SOLVER_SITING_ANSWER_H
#define MU_SOLVER_SITING_ANSWER_H

#include <muster/siting.h>

#include "core/error.h"

/* Arrays are written by whoever decides; the view is filled from them in the end. */
struct muster_siting {
    muster_siting_result result;
    uint32_t            *unit_count;      /* [place_count] */
    uint32_t            *place_of_demand; /* [demand_count] */
    uint32_t            *travel_ms;
    uint32_t            *place_of_unit; /* [unit_count] */
    uint32_t            *stranded;      /* [demand_count] */
};

muster_status mu_siting_answer_new(muster_siting **out, const muster_siting_problem *problem);

/* Who is reached by no place of those that may be used: [place_count] 1. */
void mu_siting_find_stranded(muster_siting *siting, const muster_siting_problem *problem,
                             const uint8_t *is_usable);

/* There is a siting: unit_count is set, and place_of_unit. Says who is served from where, and what that is
 * worth, and whether it keeps to the problem, by the problem alone. MUSTER_E_INTERNAL: it does not, or is
 * not worth what is claimed. */
muster_status mu_siting_answer(muster_siting *siting, const muster_siting_problem *problem,
                               int64_t objective, int64_t bound);

#endif
