/* What of a past plan can stay, and what is free beside it. */
#ifndef MU_SOLVER_KEPT_H
#define MU_SOLVER_KEPT_H

#include <muster/replan.h>

#include "solver/draft.h"
#include "solver/past_match.h"
#include "solver/shipment_model.h"

/* What of the past plan is still possible, each assignment by itself and all of them together as
 * far as units and needs go round, into `out`, which is empty: in order of service, for
 * `candidates`, of which no lists are read. `shipping` is NULL where items come by themselves.
 *  out_verdict  [past->assignment_count] why not, or not all of it: a muster_change_reason;
 *               MUSTER_BECAUSE_COUNT for what is as it was */
muster_status mu_kept_find(mu_draft *out, uint8_t *out_verdict, const mu_past *past,
                           const mu_past_match *match, const mu_candidates *candidates,
                           const mu_shipment_model *shipping);

/* Add what is free and of use to what is kept, and take out what is of none even so: less than a
 * minimum, part of what should be all or nothing, machines without operators. Nobody who is kept
 * goes because of somebody who is added. */
muster_status mu_kept_fill(mu_draft *draft, const mu_candidates *candidates,
                           const mu_shipment_model *shipping);

#endif
