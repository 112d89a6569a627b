/* A plan in the making: what goes where beside what is locked, in no order, before times and
 * reasons are worked out. Who brings what is locked and comes by vehicle is part of it; those rows
 * say that they are locked, and do not count where something is said of what needs lack, stocks have
 * or minimums ask for beside locks. */
#ifndef MU_SOLVER_DRAFT_H
#define MU_SOLVER_DRAFT_H

#include "solver/candidates.h"

typedef struct mu_draft {
    mu_dispatch *dispatch;
    size_t       count, capacity;
} mu_draft;

muster_status mu_draft_add(mu_draft *draft, muster_resource resource, uint32_t index, uint32_t need,
                           uint32_t eta_ms, int64_t quantity);
/* So much of a stock, brought by vehicle `carrier`, because of a lock or not. */
muster_status mu_draft_ship(mu_draft *draft, uint32_t stock, uint32_t need, uint32_t carrier,
                            uint32_t eta_ms, int64_t quantity, bool is_locked);
muster_status mu_draft_copy(mu_draft *draft, const mu_dispatch *dispatch);
/* Make `draft` what `by` is. */
muster_status mu_draft_replace(mu_draft *draft, const mu_draft *by);
void          mu_draft_fini(mu_draft *draft);

/* Order by need, then ETA, then index, then carrier, then what is locked first: the order in which units of a need are served.
 * The first compares two mu_dispatch. */
int  mu_draft_order(const void *dispatch, const void *other);
void mu_draft_sort(mu_draft *draft);

/* Take out what serves nobody, since nearer ones do it all: whether there was any. Sorts the
 * draft. */
muster_status mu_draft_trim(mu_draft *draft, const mu_candidates *candidates, bool *out_is_trimmed);

/* What each need costs without the locks that are no part of it, [need_count], of a draft that is
 * sorted; and what all do together, which sorts the draft. Where a carrier is diverted, the first need that it serves pays
 * for that. */
muster_status mu_draft_costs(const mu_draft *sorted, const mu_candidates *candidates,
                             mu_objective *out_cost);
muster_status mu_draft_objective(mu_draft *draft, const mu_candidates *candidates,
                                 mu_objective *out);

#endif
