/* What a plan was for: a copy of its problem, and what it sends. */
#ifndef MU_SOLVER_PAST_H
#define MU_SOLVER_PAST_H

#include <muster/plan.h>

#include "core/error.h"

typedef struct mu_past {
    /* A copy, names of units, incidents and kinds included; since metrics may be gone, their ids are
     * there instead. */
    muster_problem     problem;
    uint64_t          *metric_id; /* [metric_count] */
    muster_weights     weights;
    char              *text; /* all codes and names */
    uint32_t          *capability;
    muster_assignment *assignment;
    uint32_t           assignment_count;
    muster_shipment   *shipment;
    uint32_t           shipment_count;
    int64_t           *missing; /* by need */
} mu_past;

/* `problem` has passed muster_problem_check, and every assignment and shipment is about something
 * that is in it. O(size). */
muster_status mu_past_init(mu_past *past, const muster_problem *problem, uint32_t assignment_count,
                           const muster_assignment *assignment, uint32_t shipment_count,
                           const muster_shipment *shipment);
void          mu_past_fini(mu_past *past);

/* Is nothing different, but for names? */
bool mu_past_is_same(const mu_past *past, const muster_problem *problem);

/* Is this the metric that the past called `metric`? */
static inline bool mu_past_has_metric(const mu_past *past, uint32_t metric, uint64_t id) {
    return metric < past->problem.metric_count && past->metric_id[metric] == id;
}

#endif
