/* The inside of the judge: an independent reading of the rules in muster/plan.h and
 * muster/problem.h. It knows nothing of how a plan is found and shares no code with the
 * optimizer; where both need a sum or a travel time, it works it out again from the problem, by what
 * the road engine answers to anybody (judge_roads.c). It is the last thing before a solve comes back, and
 * nobody should have to wait for a thread that a busy system does not run: only many ways at once are
 * asked for on more than the caller's. */
#ifndef MU_SOLVER_JUDGE_H
#define MU_SOLVER_JUDGE_H

#include <inttypes.h>
#include <muster/plan.h>

#include "core/error.h"
#include "solver/judge_roads.h"

typedef struct mu_judge {
    const muster_plan       *plan;
    const muster_problem    *problem;
    mu_judge_roads          *roads;
    muster_weights           weights;
    const muster_assignment *assignment;
    uint32_t                 assignment_count;
    const muster_unmet      *unmet;
    uint32_t                 unmet_count;
    int64_t                 *used[MUSTER_RESOURCE_COUNT];       /* by resource index */
    uint32_t                *first_rule[MUSTER_RESOURCE_COUNT]; /* likewise: that is about it ... */
    uint32_t                *next_rule; /* ... and, by rule, the next; MUSTER_NONE: no more */
    bool                    *is_laden;  /* by vehicle: it has something on board */
    int64_t                 *sent;      /* by need */
    int64_t                 *chosen;    /* by need: sent, and not locked */
    int64_t                 *missing;   /* by need, after service in order */
    bool                    *has_road;  /* by incident, of those that lack something */
    int64_t                  tier[MUSTER_TIER_COUNT]; /* as added up so far */
} mu_judge;

#define MU_REFUSE(...) return muster_fail(MUSTER_E_INTERNAL, "the plan breaks a rule: " __VA_ARGS__)

/* ---- the problem's rows, read afresh (judge_use.c) ------------------------------------ */

uint32_t           mu_judge_rows(const muster_problem *problem, unsigned resource);
const muster_unit *mu_judge_unit(const muster_problem *problem, unsigned resource, uint32_t index);
int64_t mu_judge_amount(const muster_problem *problem, unsigned resource, uint32_t index);
/* What it is good for: *out_count kinds, of which one may be named twice. */
const uint32_t *mu_judge_kinds(const muster_problem *problem, unsigned resource, uint32_t index,
                               uint32_t *out_count);
bool            mu_judge_suits(const muster_problem *problem, unsigned resource, uint32_t index,
                               uint32_t kind);
/* What rules leave of it for an incident; MUSTER_NONE: for one that none forbids it. Not more than 0 where
 * they leave nothing. */
int64_t mu_judge_left(const mu_judge *judge, unsigned resource, uint32_t index, uint32_t incident);
/* Of what a need lacks when all of it is missing, a unit. */
int64_t mu_judge_price(const mu_judge *judge, uint32_t need);

/* How far up one has to go from the incident for the unit (judge_times.c). */
uint8_t mu_judge_escalation(const muster_problem *problem, uint32_t incident,
                            const muster_unit *unit);

/* ---- the hearings, in this order ------------------------------------------------------ */

/* Who goes: everything once, of the right kind and grade (judge_use.c). */
muster_status mu_judge_use(mu_judge *judge);
/* What was decided before: locks, forbids, holds, diversions (judge_rules.c). */
muster_status mu_judge_rules(mu_judge *judge);
/* When: departure, arrival, distance, shift, lateness, order (judge_times.c). */
muster_status mu_judge_times(mu_judge *judge);
/* What it is good for: service, minima, all or nothing, operators (judge_service.c). */
muster_status mu_judge_service(mu_judge *judge);
/* Of an incident that is all or nothing: does it get all? */
bool mu_judge_is_complete(const mu_judge *judge, uint32_t incident);
/* People with capability `kind` there, beyond those that the machines there keep busy. */
int64_t mu_judge_spare_operators(const mu_judge *judge, uint32_t incident, uint32_t kind);
/* What stays unmet (judge_unmet.c). */
muster_status mu_judge_unmet(mu_judge *judge);
/* And why (judge_reasons.c). */
muster_status mu_judge_reasons(mu_judge *judge);
/* What cover is left (judge_cover.c). */
muster_status mu_judge_cover(mu_judge *judge);

#endif
