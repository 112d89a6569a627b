/* What binds the needs of an incident to each other: machines go where there are people to
 * operate them, and some incidents get all that they need or nothing. */
#ifndef MU_SOLVER_TOGETHER_H
#define MU_SOLVER_TOGETHER_H

#include "solver/draft.h"
#include "solver/watch.h"

/* Is there anything of that kind in the problem? Where not, no need depends on another. */
bool mu_together_matters(const muster_problem *problem);

/* Does what is sent to a need have to go with others to its incident, all or operators? */
static inline bool mu_together_binds(const muster_problem *problem, uint32_t need) {
    return problem->incident[problem->need[need].incident].all_or_nothing ||
           problem->kind[problem->need[need].kind].operator_count > 0;
}

/* People at each incident who are free to operate something. */
typedef struct mu_operators {
    const muster_problem *problem;
    int64_t              *spare; /* [incident_count * kind_count]; negative: some are lacking */
} mu_operators;

/* With what is locked there already. */
muster_status mu_operators_init(mu_operators *operators, const mu_candidates *candidates);
void          mu_operators_fini(mu_operators *operators);
/* Count `d` in, or with sign -1 out. */
void mu_operators_count(mu_operators *operators, const mu_dispatch *d, int sign);
/* How many more machines of what a need asks for could be operated there; INT64_MAX where they
 * need nobody. */
int64_t mu_operators_room(const mu_operators *operators, uint32_t need);

/* By need: how many machines can be operated there at best, whoever is sent; for what needs
 * nobody INT64_MAX. */
muster_status mu_together_room(int64_t *out_room, const mu_candidates *candidates);

/* Send machines that somebody has to operate anew, for the people whom `draft` sends. */
muster_status mu_together_send_machines(mu_draft *draft, const mu_candidates *candidates,
                                        const mu_watch *watch);

/* Take out of `draft` what breaks a bond: machines that nobody operates, then what falls below
 * its minimum, then whatever goes to an incident that should get all and does not. Says whether
 * there was any. */
muster_status mu_together_repair(mu_draft *draft, const mu_candidates *candidates,
                                 bool *out_is_changed);

#endif
