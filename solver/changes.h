/* What has become of a plan. */
#ifndef MU_SOLVER_CHANGES_H
#define MU_SOLVER_CHANGES_H

#include <muster/replan.h>

#include "solver/past_match.h"

typedef struct mu_changes {
    muster_change *change;
    uint32_t       count;
    char          *text;
} mu_changes;

/* Between two plans, whose codes the changes borrow.
 *  now      the problem that `after` has copied
 *  match    from `before` to that
 *  verdict  [before->assignment_count] as mu_kept_find has it
 *  mode     in which the second plan was made */
muster_status mu_changes_init(mu_changes *changes, const mu_past *before, const mu_past *after,
                              const muster_problem *now, const mu_past_match *match,
                              const uint8_t *verdict, muster_replan mode);
void          mu_changes_fini(mu_changes *changes);

#endif
