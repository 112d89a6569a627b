/* What has been decided about single resources: where each may go, and what is locked. */
#ifndef MU_SOLVER_RULES_H
#define MU_SOLVER_RULES_H

#include "solver/dispatch.h"
#include "solver/travel.h"

/* The rules of resource i of a kind are rule[first[i]] .. rule[first[i + 1] - 1], which are
 * indices in problem.rule, ascending. */
typedef struct mu_rules {
    const mu_travel *travel;
    uint32_t        *first[MUSTER_RESOURCE_COUNT]; /* [unit count + 1] */
    uint32_t        *rule[MUSTER_RESOURCE_COUNT];
    uint32_t        *first_need; /* [incident_count + 1] in need */
    uint32_t        *need;       /* by incident, ascending */
    mu_dispatch     *lock;       /* what is locked, in order of service */
    uint32_t         lock_count;
    mu_dispatch *cargo; /* what is locked and comes by vehicle, nobody knows yet when; one of each
                           stock and need, in order of need */
    uint32_t     cargo_count;
    bool         is_ambiguous; /* some lock could serve one need as well as another */
    uint32_t    *load;         /* by vehicle: a stock on board, or MUSTER_NONE; NULL: none are */
} mu_rules;

/* Is a resource of a kind, or has it that capability? */
bool mu_is_of_kind(const muster_problem *problem, muster_resource resource, uint32_t index,
                   uint32_t kind);
/* Is a resource of the right kind graded well enough for a need? */
bool mu_is_good_enough(const muster_problem *problem, muster_resource resource, uint32_t index,
                       uint32_t need);
/* Would it be free again before its shift ends? */
bool mu_shift_allows(const muster_problem *problem, muster_resource resource, uint32_t index,
                     uint32_t incident, uint32_t eta_ms);

/* Index the rules of the travel's problem. */
muster_status mu_rules_init(mu_rules *rules, const mu_travel *travel);
void          mu_rules_fini(mu_rules *rules);

/* As muster_problem_conflict. */
muster_conflict mu_rules_conflict(const mu_rules *rules, uint32_t *out_rule,
                                  uint32_t *out_rule_count);
/* Write down what is locked, once there is no conflict. */
muster_status mu_rules_lock(mu_rules *rules);

/* May it be sent there, locks aside? */
bool mu_rules_allow(const mu_rules *rules, muster_resource resource, uint32_t index,
                    uint32_t incident);
/* Is it on hold? */
bool mu_rules_hold(const mu_rules *rules, muster_resource resource, uint32_t index);
/* Is some of it locked to this very need? */
bool mu_rules_lock_to(const mu_rules *rules, uint32_t index, uint32_t need);
/* A stock that a vehicle has on board; the vehicle that has a stock on board; or MUSTER_NONE. */
uint32_t mu_rules_load(const mu_rules *rules, uint32_t vehicle);
uint32_t mu_rules_carrier(const mu_rules *rules, uint32_t stock);
/* Where it is on its way to, with what it has on board; or MUSTER_NONE. Items go where their vehicle
 * goes. */
uint32_t mu_rules_destination(const mu_rules *rules, muster_resource resource, uint32_t index);

#endif
