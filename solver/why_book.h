/* Who could serve which need, who does, and what is left: the books that all answers read. */
#ifndef MU_SOLVER_WHY_BOOK_H
#define MU_SOLVER_WHY_BOOK_H

#include <muster/why.h>

#include "solver/candidates.h"

/* One that suits a need and can reach it. Of items that come by vehicle, a stock that may be far:
 * who brings it when is the shipment's business, and its ETA is MUSTER_UNREACHABLE_MS. */
typedef struct mu_book_arc {
    uint32_t need, index; /* of the need's resource */
    uint32_t eta_ms;
    int64_t  locked; /* so much has to be sent */
    int64_t  sent;   /* as the plan says */
    int64_t  served; /* of it, what the need counts: what is locked first, then nearest first */
} mu_book_arc;

struct muster_reasons {
    const muster_problem *problem;
    mu_travel             travel;
    mu_rules              rules;
    size_t               *first; /* [need_count + 1] */
    mu_book_arc          *arc;   /* by need, nearest first, ties by index */
    size_t               *unit_first[MUSTER_RESOURCE_COUNT]; /* [units + 1] */
    uint32_t             *unit_arc[MUSTER_RESOURCE_COUNT];   /* in arc, by unit, then need */
    int64_t              *left[MUSTER_RESOURCE_COUNT]; /* by unit: sent nowhere, not on hold */
    int64_t              *missing;                     /* by need */
    uint8_t              *hurdle; /* by need: the muster_unmet_reason of those without arcs */
    uint8_t *told; /* by need: the plan's muster_unmet_reason, or MUSTER_REASON_IN_PLAN */
};

/* What there is of a unit that may go anywhere: nothing, if it is on hold. */
int64_t mu_book_supply(const muster_reasons *book, muster_resource resource, uint32_t index);
/* Has it a rule of its own? */
bool mu_book_is_ruled(const muster_reasons *book, muster_resource resource, uint32_t index);
/* Do the needs of this one's incident, or those for whom its people operate machines, depend on each
 * other? Then no need can be changed by itself. */
bool mu_book_is_bound(const muster_reasons *book, uint32_t need);

/* The arc of a need and a unit of its resource; NULL: there is none. O(arcs of the unit). */
mu_book_arc *mu_book_arc_of(const muster_reasons *book, uint32_t need, uint32_t index);

#endif
