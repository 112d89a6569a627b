/* The transportation problem: units from sources to sinks at least cost, where any source
 * may keep units and any sink may go short at a price. */
#ifndef MU_SOLVER_FLOW_H
#define MU_SOLVER_FLOW_H

#include "core/error.h"
#include "solver/objective.h"
#include "solver/watch.h"

typedef struct mu_flow_arc {
    mu_objective cost; /* a unit */
    uint32_t     source, sink;
} mu_flow_arc;

typedef struct mu_flow_problem {
    uint32_t            source_count, sink_count;
    const int64_t      *supply;     /* [source_count] 0 or more */
    const int64_t      *demand;     /* [sink_count] 1 or more; 0 where no arc enters */
    const mu_objective *short_cost; /* [sink_count] of each unit that a sink lacks */
    size_t              arc_count;
    const mu_flow_arc  *arc;
} mu_flow_problem;

/* Solve by the network simplex. Integral and exact.
 *  out_flow     [arc_count]
 *  out_price    [source_count] what one unit more of a source would save, 0 or more; may be NULL
 *  out_is_optimal  false where the watch ran out first; the flow is feasible all the same */
muster_status mu_flow_solve(const mu_flow_problem *problem, const mu_watch *watch,
                            int64_t *out_flow, mu_objective *out_price, bool *out_is_optimal);

#endif
