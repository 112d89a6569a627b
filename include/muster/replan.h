/** @file muster/replan.h
 *  Plan again when something has changed: what is known from the last time is used again, and
 *  what has become of the last plan is said, with reasons. */
#ifndef MUSTER_REPLAN_H
#define MUSTER_REPLAN_H

#include <muster/language.h>
#include <muster/solve.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Remembers the last problem, its plan, travel times, and what teams are worth and where. It belongs
 *  to one thread at a time. */
typedef struct muster_planner muster_planner;

/** What may become of the last plan. */
typedef enum muster_replan {
    /** What it sends stays as it is: nothing is taken back, sent elsewhere, or sent less of, as long
     *  as rules, roads, times and needs allow it. What is free serves what is new or unmet, nearest
     *  first, most severe first. Machines and items may be added to from where some come already. */
    MUSTER_REPLAN_KEEP,
    /** It is where the search starts, and everything may be decided anew. The plan is never worse
     *  than that of MUSTER_REPLAN_KEEP, tier by tier, and is that one unless it is better. A need that
     *  has something else than in that one, with the needs that depend on its having it, gains by it:
     *  by how much at least is muster_solve_options.churn_unmet_need and churn_response_time. */
    MUSTER_REPLAN_IMPROVE,
    MUSTER_REPLAN_COUNT
} muster_replan;

/** "keep", "improve"; NULL for a number outside the enum. */
MUSTER_API const char *muster_replan_name(muster_replan mode);
/** Which one has that name; MUSTER_REPLAN_COUNT where none has. */
MUSTER_API muster_replan muster_replan_from_name(const char *name);

/** Nothing is remembered yet. @return MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_planner_new(muster_planner **out);
MUSTER_API void          muster_planner_free(muster_planner *planner);

/** Decide who goes where in @p problem, all of it as it is now, and remember it. The first time it
 *  is muster_solve.
 *
 *  Rows of the last problem are found again by code, in whatever order they come: units by their
 *  own, stocks by those of the warehouse and the item, incidents by theirs, needs by those of
 *  incident and kind. (Where several are called the same, they are taken in their order.) Travel
 *  times are used again where both places and the metric, which is known by itself and not by its
 *  address, are those of the last time: a new incident costs a column, a unit that has moved a row, a
 *  closed road the table of the metrics that it is closed for.
 *
 *  Times count from the moment of the new plan. Whoever has set out since is where it is now, and
 *  its rule says that it is on its way (MUSTER_EN_ROUTE) or must go on (MUSTER_LOCK).
 *
 *  With MUSTER_REPLAN_KEEP:
 *  - What cannot stay is let go before anything is added: who or what is gone, no longer suits, may
 *    not go or cannot be there in time, what a smaller need has no use for any more, farthest first;
 *    and, unless what is free can mend it, what is less than a minimum, part of what should be all or
 *    nothing, or machines without operators. A trip is let go as a whole.
 *  - A team that would leave a kept one farther away without work is not sent, though it is free;
 *    what stays unmet because of that is said to be so for MUSTER_UNMET_DIVERSION.
 *  - The same problem again gives the same plan, and no changes.
 *  - Tiers' bounds are of the whole problem, everything else allowed: those that need no search, which
 *    for tiers 1 and 2 is 0.
 *  - Limits of @p options are not looked at: it takes as long as listing who could serve the needs
 *    that are open.
 *
 *  With MUSTER_REPLAN_IMPROVE the teams' prices and the bundles that were cheapest at them, as the last
 *  search for teams has left them, are where the next one begins, whatever was kept or adopted in
 *  between; likewise the prices of vehicles and stocks. What is proven does not depend on them. (Desaulniers, Desrosiers and Solomon, "Column
 *  Generation", 2005.)
 *
 *  With MUSTER_REPLAN_IMPROVE a time limit is for the whole call, the judge and the list of changes
 *  included: what they took so far is kept for them.
 *
 *  On failure the planner is as it was, and the last plan is still the last.
 *  @param out      receives the plan, yours: muster_plan_free
 *  @param planner  what remembers
 *  @param problem  what is true now; only read
 *  @param options  may be NULL; as for muster_solve, of which it means the same
 *  @param mode     a muster_replan
 *  @return as muster_solve; MUSTER_E_INVALID for a mode that is none. */
MUSTER_API muster_status muster_planner_plan(muster_plan **out, muster_planner *planner,
                                             const muster_problem       *problem,
                                             const muster_solve_options *options,
                                             muster_replan               mode);

/** Remember a plan that was made elsewhere, or changed by hand, as the last one; there are no changes
 *  then. All is copied.
 *  @param planner           what remembers
 *  @param problem           what the plan is for
 *  @param assignment_count  how many assignments
 *  @param assignment        only resource, index, need, quantity, eta_ms and shipment are read
 *  @param shipment_count    how many shipments
 *  @param shipment          only vehicle is read
 *  @return MUSTER_E_INVALID for a wrong problem, or naming the first assignment that is not about
 *          something in it; MUSTER_E_NOMEM. Whether the plan is any good is not judged. */
MUSTER_API muster_status muster_planner_adopt(
    muster_planner *planner, const muster_problem *problem, uint32_t assignment_count,
    const muster_assignment *assignment, uint32_t shipment_count, const muster_shipment *shipment);

/** What has become of one assignment. */
typedef enum muster_change_type {
    MUSTER_CHANGE_SENT,       /**< To a need, from nowhere. */
    MUSTER_CHANGE_TAKEN_BACK, /**< It goes nowhere, or is not there any more. */
    MUSTER_CHANGE_REDIRECTED, /**< To another need. */
    MUSTER_CHANGE_QUANTITY,   /**< More or less of it. */
    MUSTER_CHANGE_TIME,       /**< It arrives at another time; all else is as it was. */
    MUSTER_CHANGE_CARRIER,    /**< Of items: another vehicle brings them. */
    MUSTER_CHANGE_TYPE_COUNT
} muster_change_type;

/** "sent", "taken_back", "redirected", "quantity", "time", "carrier"; NULL outside the enum. */
MUSTER_API const char *muster_change_type_name(muster_change_type type);

/** Why: the first that holds, in this order. Those down to MUSTER_BECAUSE_UNFIT are of what could
 *  not stay as it was. */
typedef enum muster_change_reason {
    MUSTER_BECAUSE_INCIDENT_CLOSED, /**< Its incident is not in the problem any more. */
    MUSTER_BECAUSE_UNIT_LOST,       /**< It is not there any more, or less of it. */
    MUSTER_BECAUSE_NEED_CHANGED,    /**< The need, or its incident, asks for something else. */
    MUSTER_BECAUSE_ORDERS,          /**< Rules, authorities or weights say so. */
    MUSTER_BECAUSE_UNIT_MOVED,      /**< It, or who carries it, stands elsewhere. */
    MUSTER_BECAUSE_UNIT_CHANGED,    /**< What it can do, when it is ready, until when it works. */
    MUSTER_BECAUSE_ROADS,        /**< The way to its incident is closed, or takes another time. */
    MUSTER_BECAUSE_UNFIT,        /**< With others gone, what is left there is of no use, or their
                                         going has made way. */
    MUSTER_BECAUSE_NEW_INCIDENT, /**< It is sent to an incident that is new. */
    MUSTER_BECAUSE_REPLACEMENT,  /**< It is sent for another that has left its need. */
    MUSTER_BECAUSE_GAP,          /**< It is sent to a need that was unmet. */
    MUSTER_BECAUSE_BETTER,       /**< The plan as a whole is better so. */
    MUSTER_BECAUSE_COUNT
} muster_change_reason;

/** "incident_closed", "unit_lost", "need_changed", "orders", "unit_moved", "unit_changed", "roads",
 *  "unfit", "new_incident", "replacement", "gap", "better"; NULL outside the enum. */
MUSTER_API const char *muster_change_reason_name(muster_change_reason reason);

/** One change, in codes, which are the planner's. NULL and 0 are of what is not. */
typedef struct muster_change {
    uint8_t     type;     /**< A muster_change_type. */
    uint8_t     reason;   /**< A muster_change_reason. */
    uint8_t     resource; /**< A muster_resource. */
    uint32_t    index;    /**< In the problem now; MUSTER_NONE: it is gone. */
    uint32_t    need;     /**< What it serves, in the problem now; MUSTER_NONE: nothing. */
    const char *code;     /**< Of the unit, or of the warehouse. */
    const char *incident_before, *kind_before; /**< What it served in the last plan. */
    const char *incident, *kind;               /**< What it serves. */
    int64_t     quantity_before, quantity;
    uint32_t    eta_before_ms, eta_ms;    /**< Each from the moment of its plan. */
    const char *vehicle_before, *vehicle; /**< That brings items. */
    /** Of MUSTER_BECAUSE_REPLACEMENT: who served the need in the last plan. */
    const char *replaced;
    /** The same as a sentence in UTF-8, by muster_language: in English of codes; in Chinese kinds are
     *  called by their names, units and incidents by name and code, where they have names. */
    const char *text[MUSTER_LANGUAGE_COUNT];
} muster_change;

/** What the last call of muster_planner_plan has changed: ordered by resource, then by the code of
 *  the unit, then as the plans are. They live as long as the planner, until its next call. None after
 *  the first. */
MUSTER_API const muster_change *muster_planner_changes(const muster_planner *planner,
                                                       uint32_t             *out_count);

/** What the last call of muster_planner_plan took, in microseconds. */
typedef struct muster_planner_times {
    uint32_t travel_us;       /**< Travel times, shipments' included. */
    uint32_t solve_us;        /**< Deciding, and writing the plan. */
    uint32_t check_us;        /**< Checking the problem, and the judge. */
    uint32_t change_us;       /**< Remembering, and the list of changes. */
    uint64_t searched, known; /**< Cells of the tables of travel times. */
} muster_planner_times;

MUSTER_API muster_planner_times muster_planner_last_times(const muster_planner *planner);

#ifdef __cplusplus
}
#endif
#endif
