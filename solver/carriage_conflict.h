/* Locks on items that no vehicles can bring. */
#ifndef MU_SOLVER_CARRIAGE_CONFLICT_H
#define MU_SOLVER_CARRIAGE_CONFLICT_H

#include "solver/travel.h"

/* What mu_rules_conflict says of a problem whose items come by vehicle, in the light of what has to be
 * carried. Where that was no conflict, there may be one with MUSTER_CONFLICT_NO_VEHICLE; where it was
 * one, some of those rules may do for such a conflict. */
muster_status mu_carriage_conflict(const mu_travel *travel, muster_conflict *conflict,
                                   uint32_t *rule, uint32_t *rule_count);

/* MUSTER_E_INVALID, naming the rules, of a problem that has such a conflict. */
muster_status mu_carriage_refuse(const mu_travel *travel);

#endif
