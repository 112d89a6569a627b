/** @file muster/simulation.h
 *  Play what might happen, often: courses of events drawn from a scenario file, told to the same session code
 *  that live dispatch runs on, with units that travel, work, tire and return. Part of libmuster_simulation;
 *  docs/simulation.md tells the whole.
 *
 *  Times of results are milliseconds from the scenario's start; -1: never. The same scenario file, store,
 *  seed, policy and replication make the same results to the last bit, on any number of threads. */
#ifndef MUSTER_SIMULATION_H
#define MUSTER_SIMULATION_H

#include <muster/hazard.h>
#include <muster/policy.h>
#include <muster/scenario_file.h>
#include <muster/session.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- results of one replication ----------------------------------------------------------- */

/** One replication under one policy. What it gives lives as long as it does. */
typedef struct muster_replication muster_replication;

typedef struct muster_simulated_incident {
    const char *code, *name; /**< name: may be NULL. */
    const char *type;        /**< As the scenario file calls it; may be NULL. */
    uint8_t     severity;    /**< A muster_severity: as it was reported. */
    const char *authority;   /**< May be NULL. */
    double      lon_deg, lat_deg;
    int64_t     reported_ms;
    int64_t
        first_on_scene_ms; /**< Of people, vehicles or machines; of items where it needs those alone. */
    int64_t met_ms;        /**< When for the first time nothing was missing. */
    int64_t closed_ms;
    int64_t response_ms;                 /**< From report to the first on scene. */
    int64_t standard_ms;                 /**< Within which that should be; 0: none. */
    int64_t need_quantity, met_quantity; /**< Sums over its needs. */
} muster_simulated_incident;

typedef struct muster_simulated_need {
    const char *incident, *kind;
    uint8_t     resource; /**< A muster_resource. */
    int64_t     quantity, minimum;
    int64_t
        met_quantity; /**< The most that was there at once, or was handed over; at most quantity. */
    int64_t met_ms;   /**< When for the first time nothing was missing. */
    int64_t open_quantity_ms; /**< What was missing, summed over the time from report to close. */
} muster_simulated_need;

typedef struct muster_simulated_order {
    uint64_t    order; /**< Its number. */
    uint64_t    trip;  /**< Of what a vehicle brings: the number of its order; else 0. */
    uint8_t     resource;
    const char *unit, *kind; /**< kind: of a vehicle, a machine, an item; NULL of teams. */
    const char *incident;
    const char *need; /**< NULL: it is a trip. */
    int64_t     quantity;
    uint8_t     state; /**< A muster_order_state: as it was at the end. */
    int64_t     issued_ms, departed_ms, loaded_ms, on_scene_ms;
    int64_t     left_ms;     /**< From the scene: for a destination, or for good. */
    int64_t     released_ms; /**< Its work is done and it is free again. */
    int64_t     ended_ms;    /**< Released, declined, cancelled. */
    double      distance_m;  /**< That it has come under this order, up to the scene. */
    const char *reason;      /**< Why it was declined or cancelled; may be NULL. */
} muster_simulated_order;

/** What was so at a moment. */
typedef struct muster_simulated_moment {
    int64_t  time_ms;
    uint32_t open_incidents;
    int64_t  quantity_needed, quantity_met; /**< Of those that are open. */
    uint32_t units_free; /**< Teams and vehicles: at their base or on the way back. */
    uint32_t units_en_route, units_on_scene;
    uint32_t units_off; /**< Broken, cut off, resting, or bringing back what nobody needs. */
    /** Not available in the store, and not by the course until then: not called, or on their lead. */
    uint32_t units_on_call;
} muster_simulated_moment;

typedef struct muster_simulated_stock {
    int64_t     time_ms;
    const char *warehouse, *kind;
    int64_t     quantity; /**< That is in the warehouse from then on. */
} muster_simulated_stock;

typedef struct muster_simulated_plan {
    int64_t            time_ms;
    uint64_t           work; /**< Steps, as muster_solve_options.work_limit counts them. */
    uint32_t           incidents, assignments, orders; /**< orders: that were issued. */
    muster_tier_result tier[MUSTER_TIER_COUNT];
} muster_simulated_plan;

/** What one more would have helped at a bad moment (muster/why.h). */
typedef struct muster_simulated_price {
    int64_t     time_ms;
    uint8_t     resource;
    const char *kind;
    int64_t unmet_need_gain, response_time_gain; /**< The largest over the needs of that kind. */
} muster_simulated_price;

typedef enum muster_leg {
    MUSTER_LEG_TO_WAREHOUSE,
    MUSTER_LEG_TO_SCENE,
    MUSTER_LEG_TRANSPORT,
    MUSTER_LEG_RETURN,
    MUSTER_LEG_COUNT
} muster_leg;

/** "to_warehouse", "to_scene", "transport", "return"; NULL for a number outside the enum. */
MUSTER_API const char *muster_simulation_leg_name(muster_leg leg);

/** A way along the roads, from where a unit set out, or was told to go elsewhere, to where it was then. */
typedef struct muster_simulated_move {
    uint8_t         resource;
    const char     *unit;
    uint64_t        order; /**< 0: none. */
    uint8_t         leg;   /**< A muster_leg. */
    int64_t         start_ms, end_ms;
    uint32_t        point_count; /**< 1 or more. */
    const double   *lon_deg, *lat_deg;
    const uint32_t *offset_ms; /**< By point: from start_ms. */
} muster_simulated_move;

typedef struct muster_simulated_hazard {
    int64_t              from_ms, until_ms; /**< It was as it is here. */
    const muster_hazard *hazard;
} muster_simulated_hazard;

typedef struct muster_simulated_explanation {
    int64_t     time_ms;
    const char *incident, *kind;
    const char *text, *text_zh; /**< In English and in Chinese: muster_why_text_in. */
} muster_simulated_explanation;

/** An event of the course that the session has refused, or of a unit. */
typedef struct muster_simulated_refusal {
    int64_t     time_ms;
    const char *id;
    const char *message;
} muster_simulated_refusal;

/** What of it counts for a table of policies. */
typedef struct muster_simulated_totals {
    uint32_t incident_count, closed_count, plan_count, order_count, event_count;
    uint32_t standard_count,
        within_count; /**< Incidents with a standard, and those that it was kept for. */
    int64_t need_quantity, met_quantity;
    int64_t open_quantity_ms;
    double  distance_m;       /**< Of all units, ways back included. */
    int64_t busy_ms, unit_ms; /**< Under orders, of all units' time. */
} muster_simulated_totals;

MUSTER_API const char             *muster_simulation_policy(const muster_replication *r);
MUSTER_API uint32_t                muster_simulation_replication(const muster_replication *r);
MUSTER_API muster_simulated_totals muster_simulation_totals(const muster_replication *r);
/** In the order in which they were reported; needs by incident. */
MUSTER_API const muster_simulated_incident *muster_simulation_incidents(const muster_replication *r,
                                                                        uint32_t *out_count);
MUSTER_API const muster_simulated_need     *muster_simulation_needs(const muster_replication *r,
                                                                    uint32_t *out_count);
/** By number. */
MUSTER_API const muster_simulated_order *muster_simulation_orders(const muster_replication *r,
                                                                  uint32_t *out_count);
/** All that follow are in order of time. */
MUSTER_API const muster_simulated_moment  *muster_simulation_series(const muster_replication *r,
                                                                    uint32_t *out_count);
MUSTER_API const muster_simulated_plan    *muster_simulation_plans(const muster_replication *r,
                                                                   uint32_t *out_count);
MUSTER_API const muster_simulated_refusal *muster_simulation_refusals(const muster_replication *r,
                                                                      uint32_t *out_count);
/** Of replications that are recorded (muster_simulate_options.recorded); of others there are none. */
MUSTER_API const muster_simulated_stock  *muster_simulation_stock(const muster_replication *r,
                                                                  uint32_t *out_count);
MUSTER_API const muster_simulated_move   *muster_simulation_moves(const muster_replication *r,
                                                                  uint32_t *out_count);
MUSTER_API const muster_simulated_hazard *muster_simulation_hazards(const muster_replication *r,
                                                                    uint32_t *out_count);
/** At the worst moments: of each twenty-fourth part of the scenario the plan that left most unmet, of those
 *  the ten that left most. */
MUSTER_API const muster_simulated_price *muster_simulation_prices(const muster_replication *r,
                                                                  uint32_t *out_count);
MUSTER_API const muster_simulated_explanation *
muster_simulation_explanations(const muster_replication *r, uint32_t *out_count);

/* ---- simulating --------------------------------------------------------------------------- */

/** A scenario file with the store that it names: what replications stand on. It is never changed, and may
 *  be used by several threads at once. */
typedef struct muster_simulation muster_simulation;

/** Read the store of a scenario file, which must outlive the simulation.
 *  @return as muster_scenario_load; MUSTER_E_INVALID where the file names what the store has not. O(store). */
MUSTER_API muster_status          muster_simulation_new(muster_simulation         **out,
                                                        const muster_scenario_file *file);
MUSTER_API void                   muster_simulation_free(muster_simulation *simulation);
MUSTER_API const muster_scenario *muster_simulation_scenario(const muster_simulation *simulation);
/** Of the scenario file's bytes, as 64 hexadecimal digits. It lives as long as the simulation. */
MUSTER_API const char *muster_simulation_sha256(const muster_simulation *simulation);

/** Takes a replication that is done, on the thread that called muster_simulate, by policy and then by
 *  number. It lives until this returns. MUSTER_OK, or what muster_simulate is to return at once. */
typedef muster_status (*muster_simulation_taker)(void *user, const muster_replication *replication);

/** Start from `MUSTER_SIMULATE_OPTIONS_INIT`. */
typedef struct muster_simulate_options {
    size_t               struct_size;
    uint32_t             policy_count; /**< 1 or more; of different names. */
    const muster_policy *policy;
    uint32_t             first, count; /**< Replications: first, first + 1, ... */
    uint8_t              has_seed;     /**< Not 0: `seed` in the place of the file's. */
    uint64_t             seed;
    uint32_t             thread_count;   /**< 0: one per core. */
    uint32_t             recorded_count; /**< Replications of which everything is wanted. */
    const uint32_t      *recorded;
    uint32_t             series_ms; /**< So far apart are rows of the series; 1 second or more. */
    /** A folder for a journal of what happens (muster/journal.h), in which it can be looked for why:
     *  muster_session_replay. One policy and one replication then. It is the same as without; NULL: none. */
    const char             *journal;
    muster_simulation_taker taker;
    void                   *taker_user;
    muster_progress         progress; /**< Called on the same thread; may be NULL. */
    void                   *progress_user;
} muster_simulate_options;

#define MUSTER_SIMULATE_OPTIONS_INIT                                                               \
    { .struct_size = sizeof(muster_simulate_options), .count = 1, .series_ms = 300000 }

/** Play replications. Those that several threads play at the same time are handed over in order, so the
 *  results do not depend on how many there are. A replication takes one thread, and where there are two for
 *  each, the second makes its roads before they are asked for.
 *  @return MUSTER_E_INVALID for options, policies or a course that cannot be; MUSTER_E_CANCELLED; what the
 *          taker returns; of a journal as muster_session_tell; MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_simulate(const muster_simulation       *simulation,
                                         const muster_simulate_options *options);

#ifdef __cplusplus
}
#endif
#endif
