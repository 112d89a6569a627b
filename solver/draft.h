/* A plan in the making: what goes where beside what is locked, in no order, before times and
 * reasons are worked out. */
#ifndef MU_SOLVER_DRAFT_H
#define MU_SOLVER_DRAFT_H

#include "solver/candidates.h"

typedef struct mu_draft {
    mu_dispatch *dispatch;
    size_t       count, capacity;
} mu_draft;

muster_status mu_draft_add(mu_draft *draft, muster_resource resource, uint32_t index, uint32_t need,
                           uint32_t eta_ms, int64_t quantity);
/* So much of a stock, brought by vehicle `carrier`. */
muster_status mu_draft_ship(mu_draft *draft, uint32_t stock, uint32_t need, uint32_t carrier,
                            uint32_t eta_ms, int64_t quantity);
muster_status mu_draft_copy(mu_draft *draft, const mu_dispatch *dispatch);
/* Make `draft` what `by` is. */
muster_status mu_draft_replace(mu_draft *draft, const mu_draft *by);
void          mu_draft_fini(mu_draft *draft);

/* Order by need, then ETA, then index, then carrier: the order in which units of a need are served.
 * The first compares two mu_dispatch. */
int  mu_draft_order(const void *dispatch, const void *other);
void mu_draft_sort(mu_draft *draft);

/* Take out what serves nobody, since nearer ones do it all: whether there was any. Sorts the
 * draft. */
muster_status mu_draft_trim(mu_draft *draft, const mu_candidates *candidates, bool *out_is_trimmed);

/* What each need costs without what is locked, [need_count], of a draft that is sorted; and what all
 * do together, which sorts the draft. */
muster_status mu_draft_costs(const mu_draft *sorted, const mu_candidates *candidates,
                             mu_objective *out_cost);
muster_status mu_draft_objective(mu_draft *draft, const mu_candidates *candidates,
                                 mu_objective *out);

#endif
