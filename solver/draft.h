/* A plan in the making: what goes where, in no order, before times and reasons are worked
 * out. */
#ifndef MU_SOLVER_DRAFT_H
#define MU_SOLVER_DRAFT_H

#include "solver/candidates.h"
#include "solver/objective.h"

typedef struct mu_dispatch {
    uint8_t  resource; /* a muster_resource */
    uint32_t index, need;
    uint32_t eta_ms;
    int64_t  quantity;
    uint32_t carrier; /* the vehicle that brings an item; MUSTER_NONE: comes by itself */
} mu_dispatch;

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
void          mu_draft_fini(mu_draft *draft);

/* Order by need, then ETA, then index, then carrier: the order in which units of a need are served. */
void mu_draft_sort(mu_draft *draft);

/* Take out what serves nobody, since nearer ones do it all: whether there was any. Sorts the
 * draft. */
muster_status mu_draft_trim(mu_draft *draft, const muster_problem *problem, bool *out_is_trimmed);

/* Both tiers of the needs with `is_counted`, or of all where that is NULL. Sorts the draft. */
muster_status mu_draft_objective(mu_draft *draft, const muster_problem *problem,
                                 const bool *is_counted, mu_objective *out);

#endif
