/* From a plan to what is to be issued. */
#ifndef MU_SESSION_ISSUE_DRAFT_H
#define MU_SESSION_ISSUE_DRAFT_H

#include "session/plan.h"

typedef struct mu_issue_draft {
    mu_issue        issue; /* all that it points to is the draft's, the plan's or the commit's */
    mu_world_order *order; /* that the issue has: whoever claims writes down what is promised */
    uint32_t *assignment;  /* by issue.order: of the plan; of a trip the first that it brings */
    uint32_t  skipped_count;
    muster_skipped *skipped; /* by assignment */
    mu_arena        arena;
} mu_issue_draft;

/* What of the plan can be ordered now, together, and what is taken back for it: mu_world_apply_issue takes
 * it as it is, as long as the world does not change.
 * out_answer: why the commit as a whole cannot be (its id, its author), and then *out is NULL;
 *             MUSTER_EVENT_APPLIED: it can. There may be nothing in it.
 * churn_most: it takes back at most so many orders that could stay; 0: any.
 * refused:    [refused_count] assignments that cannot be ordered, why, and a message: what is claimed by
 *             others.
 * MUSTER_E_NOMEM. O(orders x assignments + refusals x what the world's check takes). */
muster_status mu_issue_draft_new(mu_issue_draft **out, muster_event_answer *out_answer,
                                 const muster_session_plan *plan, const mu_world *world,
                                 const muster_commit *commit, uint32_t churn_most,
                                 uint32_t refused_count, const muster_skipped *refused);
void          mu_issue_draft_free(mu_issue_draft *draft); /* NULL is welcome */

#endif
