/** @file muster/policy.h
 *  How it is decided, and what becomes of units that are free again: what a planner compares.
 *  Part of libmuster_simulation. */
#ifndef MUSTER_POLICY_H
#define MUSTER_POLICY_H

#include <muster/replan.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Where a unit goes that is free and has nothing to do. It can be sent on all the way. */
typedef enum muster_way_back {
    MUSTER_WAY_BACK_BASE, /**< To where the scenario has it. */
    MUSTER_WAY_BACK_STAY, /**< Nowhere: it waits where its work has ended. */
    MUSTER_WAY_BACK_COUNT
} muster_way_back;

/** "base", "stay"; NULL for a number outside the enum. */
MUSTER_API const char *muster_way_back_name(muster_way_back way);
/** Which one has that name; MUSTER_WAY_BACK_COUNT where none has. */
MUSTER_API muster_way_back muster_way_back_from_name(const char *name);

/** Start from `MUSTER_POLICY_INIT`, which is "muster", or from a built-in one. */
typedef struct muster_policy {
    size_t      struct_size;
    const char *name; /**< 1 to 63 letters, digits, '-' and '_'. Borrowed. */

    /* When there is a plan, and what may become of the one before. */
    uint8_t  mode; /**< A muster_replan: KEEP is nearest first by severity, without diversions. */
    uint32_t delay_ms; /**< A plan is made so long after something has happened that may change it;
                               what happens until then is planned for together. */
    uint32_t
        interval_ms; /**< And each so often while an incident is open; 0: not because of the clock. */
    uint64_t
        work_limit; /**< Of a plan of MUSTER_REPLAN_IMPROVE: as in muster_solve_options, 1 or more. */
    /** As in muster_session_options. */
    int64_t  churn_unmet_need, churn_response_time;
    uint32_t churn_most;

    /* Units that are free. */
    uint8_t way_back; /**< A muster_way_back. */
    uint32_t
        duty_most_ms; /**< A unit that has worked for so long since it last rested, from the first
                                order on, rests when it is back at its base; 0: it never tires. */
    uint32_t rest_ms; /**< For so long. */

    /* Warehouses. */
    uint32_t
        restock_percent; /**< What falls to so much of what there was at the beginning, or below,
                                    is ordered anew, up to that; 0: never. */
    uint32_t restock_delay_ms; /**< It is there so long after. */
} muster_policy;

#define MUSTER_POLICY_INIT                                                                         \
    {                                                                                              \
        .struct_size = sizeof(muster_policy), .name = "muster", .mode = MUSTER_REPLAN_IMPROVE,     \
        .interval_ms = 900000, .work_limit = 1000000                                               \
    }

/** The built-in ones: "greedy", "muster". They are static. */
MUSTER_API const muster_policy *muster_policy_builtins(uint32_t *out_count);

/** @return MUSTER_E_INVALID naming policy, field, value and what was expected. */
MUSTER_API muster_status muster_policy_check(const muster_policy *policy);

#ifdef __cplusplus
}
#endif
#endif
