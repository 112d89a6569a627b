/* No change for nothing. */
#ifndef MU_SOLVER_CHURN_H
#define MU_SOLVER_CHURN_H

#include "solver/draft.h"
#include "solver/shipment_model.h"

/* What a change has to gain at least, for each unit that does something else: so much of tier 1, or,
 * with nothing lost there, so much of tier 2; 0: anything at all. */
typedef struct mu_churn {
    int64_t unmet_need, response_time;
} mu_churn;

/* Give needs of `draft` what they have in `kept` wherever that does not gain so much less; then send who
 * is free because of that to needs that lack somebody. With {0, 0} the draft is no worse than before,
 * tier by tier. Both obey every rule, and so does the outcome. `shipping` is NULL where items come by
 * themselves. O(changed needs x size), again after whatever is given back. */
muster_status mu_churn_take_back(mu_draft *draft, const mu_draft *kept,
                                 const mu_candidates *candidates, const mu_shipment_model *shipping,
                                 mu_churn churn);

#endif
