/** @file muster/plan.h
 *  Who goes where, what stays unmet and why, and how good that is. */
#ifndef MUSTER_PLAN_H
#define MUSTER_PLAN_H

#include <muster/problem.h>
#include <muster/route.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct muster_plan muster_plan;

/** One resource, or a quantity of one, sent to one need. Times run from the moment of the
 *  plan: depart is the turnout after the escalation delay, or when the unit is available if
 *  that is later; eta = depart + travel. */
typedef struct muster_assignment {
    uint8_t  resource; /**< A muster_resource: which array `index` goes into. */
    uint32_t index;    /**< In problem.team, .vehicle, .machine or .stock. */
    uint32_t need;     /**< In problem.need. */
    int64_t  quantity; /**< People of the team; 1 vehicle; machines; items. */
    uint32_t depart_ms;
    uint32_t eta_ms;
    double   distance_m; /**< Along the road, or by air along the great circle. */
    /** Of items that come by vehicle: which of muster_plan_shipments they are part of; times
     *  and distance are the shipment's. Else MUSTER_NONE. */
    uint32_t shipment;
    int64_t  locked; /**< So much of the quantity is sent because a lock says so. */
    /** How many levels one has to go up from the incident's authority to one that is over the
     *  unit's as well; to mutual aid where there is none. */
    uint8_t escalation;
    uint8_t is_late;     /**< 1: after the incident's deadline. */
    uint8_t is_diverted; /**< 1: it was on its way to another incident. */
} muster_assignment;

/** One trip of a vehicle: to a warehouse, where it loads, and on to an incident. Its load is the
 *  assignments that name it. */
typedef struct muster_shipment {
    uint32_t vehicle;    /**< In problem.vehicle. */
    uint32_t stock;      /**< In problem.stock: a row of the warehouse, the first that is used. */
    uint32_t incident;   /**< In problem.incident. */
    uint32_t depart_ms;  /**< After its turnout, or when it is available. */
    uint32_t load_at_ms; /**< When it is at the warehouse. */
    uint32_t eta_ms;     /**< load_at + loading + travel. */
    double   distance_m; /**< Along the road, both legs. */
    double   load_kg;    /**< In whole grams, see muster_item_transport. */
    double   load_m3;    /**< In whole cubic centimetres. */
    /** 1: its vehicle was on its way to another incident. One diversion, however much it brings. */
    uint8_t is_diverted;
} muster_shipment;

/** Why (part of) a need stays unmet. The first that holds, in this order. */
typedef enum muster_unmet_reason {
    MUSTER_UNMET_UNSNAPPED,   /**< No road near the incident. */
    MUSTER_UNMET_NONE_EXIST,  /**< Nobody and nothing of this kind is in the problem. */
    MUSTER_UNMET_UNREACHABLE, /**< There are some, but no road leads from them to here. */
    MUSTER_UNMET_GRADE,       /**< None that can reach here is good enough. */
    MUSTER_UNMET_SHIFT,       /**< The shift of all who are ends first. */
    /** Rules keep all the others away. Of items that come by vehicle this is said where some are kept
     *  away and nothing else can come, whether a road leads from them or not. */
    MUSTER_UNMET_RULED_OUT,
    MUSTER_UNMET_INCOMPLETE,    /**< The incident is all or nothing, and all cannot be sent. */
    MUSTER_UNMET_NO_OPERATORS,  /**< Nobody there could operate more of them. */
    MUSTER_UNMET_DIVERSION,     /**< Those left are on their way elsewhere, and better so; or see
                                     MUSTER_REPLAN_KEEP. */
    MUSTER_UNMET_BELOW_MINIMUM, /**< What could still be sent is under the useful minimum. */
    MUSTER_UNMET_EXHAUSTED,     /**< All that can reach here are in use, here or elsewhere. */
    /** Items that come by vehicle: some are left, but only in warehouses that may not ship here,
     *  because muster_problem.max_sources others do. */
    MUSTER_UNMET_MAX_SOURCES,
    /** Items that come by vehicle: some are left, but no vehicle is free that can carry one. */
    MUSTER_UNMET_NO_VEHICLE
} muster_unmet_reason;

/** "unsnapped", "none_exist", ...; NULL for a number outside the enum. */
MUSTER_API const char *muster_unmet_reason_name(muster_unmet_reason reason);

typedef struct muster_unmet {
    uint32_t need;
    int64_t  quantity; /**< What is missing: 1 or more. */
    uint8_t  reason;   /**< A muster_unmet_reason. */
} muster_unmet;

/** How good a plan is: an answer, not an error. */
typedef enum muster_outcome {
    MUSTER_OPTIMAL, /**< Proven best in every tier. */
    MUSTER_FEASIBLE /**< Obeys every rule; the tiers' bounds say how far off it may be. */
} muster_outcome;

/** Objectives in strict order: no gain in a later tier pays for a loss in an earlier one.
 *
 *  Tier 1, unmet need: sum over needs of `severity weight * 1,000,000 / quantity` (rounded
 *  down, at least 1) for each unit that is missing. A wholly unmet minor need is 1,000,000 by
 *  default. To that comes `diversion_unmet_need` for each diversion.
 *  Tier 2, response time: sum over assignments of that same price for each unit of the
 *  need that it serves (people beyond the need do not count), times the ETA in seconds
 *  (rounded down) with the seconds of lateness; and `diversion_response_time` for each
 *  diversion. A need counts what is locked first, then the rest, each nearest first.
 *  Tier 3, reserve: sum over zones of `weight` for each unit that is lacking.
 *  Tier 4, escalation: sum over assignments of the levels gone up, and 1 for each diversion.
 *  Tier 5, duty: sum over assignments of the minutes (rounded down) that the unit has been on
 *  duty.
 *  What is equal in all of them is decided by the order of the problem: who comes first goes
 *  first. Weights are those of muster_weights, which may have tiers 2 and 3 change places. */
typedef enum muster_tier {
    MUSTER_TIER_UNMET_NEED,
    MUSTER_TIER_RESPONSE_TIME,
    MUSTER_TIER_RESERVE,
    MUSTER_TIER_ESCALATION,
    MUSTER_TIER_DUTY,
    MUSTER_TIER_COUNT
} muster_tier;

/** "unmet_need", "response_time", "reserve", ...; NULL for a number outside the enum. */
MUSTER_API const char *muster_tier_name(muster_tier tier);

typedef struct muster_tier_result {
    int64_t value; /**< Of this plan. */
    /** No plan has less: in a later tier, no plan that has no more in the tiers before than this
     *  one. 0 where nothing is known. */
    int64_t bound;
} muster_tier_result;

MUSTER_API void               muster_plan_free(muster_plan *plan);
MUSTER_API muster_outcome     muster_plan_outcome(const muster_plan *plan);
MUSTER_API muster_tier_result muster_plan_tier(const muster_plan *plan, muster_tier tier);
/** The tiers in the order that the plan's problem puts them in. */
MUSTER_API void muster_plan_tier_order(const muster_plan *plan,
                                       muster_tier        out_tier[MUSTER_TIER_COUNT]);
/** Ordered by need, then ETA, then resource index, then vehicle that brings it. */
MUSTER_API const muster_assignment *muster_plan_assignments(const muster_plan *plan,
                                                            uint32_t          *out_count);
/** Ordered by incident, then ETA, then vehicle. */
MUSTER_API const muster_shipment *muster_plan_shipments(const muster_plan *plan,
                                                        uint32_t          *out_count);
/** Ordered by need; needs that are met do not appear. */
MUSTER_API const muster_unmet *muster_plan_unmet(const muster_plan *plan, uint32_t *out_count);
/** Wall-clock time that muster_solve took, and until its first feasible plan. */
MUSTER_API uint32_t muster_plan_elapsed_ms(const muster_plan *plan);
MUSTER_API uint32_t muster_plan_first_feasible_ms(const muster_plan *plan);
/** Steps that muster_solve took, as muster_solve_options.work_limit counts them. */
MUSTER_API uint64_t muster_plan_work(const muster_plan *plan);

/** The road an assignment takes, for drawing; of a shipment, the second leg, from the warehouse
 *  to the incident. @p out is NULL with MUSTER_OK where the plan has no such road. O(nodes) where the metric has a hierarchy, else O(arcs + nodes log nodes). */
MUSTER_API muster_status muster_plan_route(muster_route **out, const muster_plan *plan,
                                           const muster_problem *problem, uint32_t assignment);

/** The road that a shipment's vehicle takes to its warehouse. As muster_plan_route. */
MUSTER_API muster_status muster_plan_shipment_route(muster_route **out, const muster_plan *plan,
                                                    const muster_problem *problem,
                                                    uint32_t              shipment);

/** The independent judge: recompute every rule, time and tier of @p plan from @p problem.
 *  Shares no code with the optimizer.
 *  @return MUSTER_OK, or MUSTER_E_INTERNAL with the first broken rule named. */
MUSTER_API muster_status muster_plan_check(const muster_plan *plan, const muster_problem *problem);

#ifdef __cplusplus
}
#endif
#endif
