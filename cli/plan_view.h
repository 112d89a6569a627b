/* What follows from a plan and what every output of `muster plan` asks for: how much each
 * need got, how each incident fares, what is left, how the arrival times are spread. */
#ifndef CLI_PLAN_VIEW_H
#define CLI_PLAN_VIEW_H

#include <muster/language.h>
#include <muster/replan.h>
#include <muster/store.h>

/* How an incident fares. */
typedef enum plan_state {
    PLAN_STATE_MET,    /* every need wholly */
    PLAN_STATE_PARTLY, /* something, not everything */
    PLAN_STATE_UNMET,  /* nothing of anything */
    PLAN_STATE_COUNT
} plan_state;

/* "met", "partly", "unmet". */
const char *plan_state_name(plan_state state);

/* The group of all severities together, beside the four. */
enum { PLAN_EVERY_SEVERITY = MUSTER_SEVERITY_COUNT, PLAN_GROUP_COUNT };

/* Arrival times of one group, in rising order. */
typedef struct plan_arrivals {
    uint32_t  count;
    uint32_t *eta_ms;
    uint32_t  late; /* after their incident's deadline */
} plan_arrivals;

typedef struct plan_view {
    const muster_scenario   *scenario;
    const muster_problem    *problem;
    const muster_plan       *plan;
    uint32_t                 assignment_count;
    const muster_assignment *assignment;
    uint32_t                 shipment_count;
    const muster_shipment   *shipment;
    uint32_t                 unmet_count;
    const muster_unmet      *unmet;
    int64_t                 *sent;    /* [need_count] May exceed what was asked: teams go whole. */
    int64_t                 *missing; /* [need_count] */
    uint8_t                 *state;   /* [incident_count] a plan_state */
    /* What stays free of each team (in people), vehicle, machine pool and stock. */
    int64_t      *left[MUSTER_RESOURCE_COUNT];
    plan_arrivals arrivals[PLAN_GROUP_COUNT]; /* by severity, then all together */
    /* The plan that it is compared with; NULL: none. Borrowed. */
    const struct plan_view *compared;
    /* Of what people read. */
    muster_language language;
    /* Which knows what has changed since an earlier plan, and what that was for; NULL: there was none.
     * Borrowed. */
    const muster_planner *planner;
    const muster_problem *before;
} plan_view;

/* All is borrowed; the problem is the scenario's, or a copy that says otherwise how items travel.
 * Returns COMMAND_DONE, or the exit code after
 * saying why; plan_view_fini is due in either case. */
int  plan_view_init(plan_view *out, const muster_scenario *scenario, const muster_problem *problem,
                    const muster_plan *plan);
void plan_view_fini(plan_view *view);

/* Does this resource count as `kind`? A team counts as each of its capabilities. */
bool plan_unit_is_kind(const muster_problem *problem, muster_resource resource, uint32_t index,
                       uint32_t kind);

/* What nobody needs yet. */
typedef struct plan_free {
    int64_t teams, people, vehicles, machines, items;
} plan_free;

plan_free plan_free_count(const plan_view *view);

/* What is left of all resources of one kind. */
int64_t plan_left_of_kind(const plan_view *view, uint32_t kind);

/* The smallest of the group's arrival times that `percent` of them do not exceed (nearest
 * rank). The group must not be empty. */
uint32_t plan_arrivals_percentile(const plan_arrivals *arrivals, uint32_t percent);

/* The share of a tier's value that a better plan could still save, at most: 0 where the plan
 * is proven optimal, NaN where no bound is known. */
double plan_tier_gap(const muster_plan *plan, muster_tier tier);

/* How many assignments go past the incident's own authority, and how many are diversions. */
uint32_t plan_escalated_count(const plan_view *view);
uint32_t plan_diverted_count(const plan_view *view);

#endif
