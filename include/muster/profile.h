/** @file muster/profile.h
 *  A profile is what one kind of traveller is and may do: plain data, of which a metric
 *  (muster/metric.h) makes travel times. docs/profiles.md tells what each field means and how
 *  profiles are written in a file. */
#ifndef MUSTER_PROFILE_H
#define MUSTER_PROFILE_H

#include <muster/network.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What becomes of a road under water (muster_closure_flood). */
typedef enum muster_water {
    MUSTER_WATER_WADE,    /**< Driven, slower, to wading_depth_m; closed where deeper. */
    MUSTER_WATER_BLOCKED, /**< Closed by any water at all. */
    MUSTER_WATER_FLOAT,   /**< As WADE, and from boat_depth_m on passed by boat. */
    MUSTER_WATER_COUNT
} muster_water;

/** "wade", "blocked", "float"; NULL for a number outside the enum. */
MUSTER_API const char *muster_water_name(muster_water water);
/** The behaviour of that name, or MUSTER_WATER_COUNT where there is none. */
MUSTER_API muster_water muster_water_from_name(const char *name);

/** How a kind of traveller uses the network. Everything that is left 0 is no limit, no penalty
 *  or none of it, as each field says; speed_factor alone must be more. */
typedef struct muster_profile {
    size_t      struct_size;
    const char *name;   /**< "light", say; borrowed: static, or alive while the metric is. */
    uint8_t     access; /**< muster_access bits but CONTRAFLOW: an arc with any may be used. */
    /** Factor on the duration of an arc that is open only as CONTRAFLOW; 0: never used. */
    double contraflow_factor;
    /** Speed by muster_road_class where the road states none. 0: this class is not used
     *  at all, whatever the road states. */
    double speed_kmh[MUSTER_ROAD_CLASS_COUNT];
    double speed_factor;  /**< Times the stated legal speed; 1 for law-abiding traffic. */
    double max_speed_kmh; /**< Never faster than this; 0: no limit. */
    double height_m;      /**< Does not pass under a lower maxheight; 0: passes all. */
    double width_m;       /**< Does not pass through a lower maxwidth; 0: passes all. */
    double weight_t;      /**< Does not cross a lower maxweight; 0: crosses all. */
    /** From order to departure where a unit states nothing else: the reader of scenarios
     *  (muster_scenario_load) takes it for a team, vehicle or machine without a turnout. Travel
     *  times do not contain it. */
    uint32_t turnout_ms;
    /** What a turn that a restriction forbids costs this profile;
     *  MUSTER_UNREACHABLE_MS: it never makes one. */
    uint32_t turn_ban_penalty_ms;

    uint8_t water;          /**< A muster_water. */
    double  wading_depth_m; /**< Deepest water it drives through; 0: none. Not for BLOCKED. */
    double  boat_speed_kmh; /**< FLOAT: speed on the water, more than 0. */
    double  boat_depth_m;   /**< FLOAT: the least depth that carries the boats. */

    /** More than 0: it flies. Then nothing about roads, turns and water counts: it goes in a
     *  straight line, a great circle, at this speed, from anywhere to anywhere. */
    double   flight_speed_kmh;
    uint32_t setup_ms; /**< For each flight, to start up, take off and land. */

    /** Not 0: crew and vehicle are protected against what is in the air, and drive through chemical
     *  plumes that are closed to all others (muster/hazard.h). */
    uint8_t is_protected;
} muster_profile;

/** One of the built-in profiles: "light", "heavy", "emergency", "boat", "helicopter" or "drone".
 *  @return MUSTER_E_INVALID for another name; the message lists the names. */
MUSTER_API muster_status muster_profile_builtin(muster_profile *out, const char *name);
/** All of them, in this order. They are static. */
MUSTER_API const muster_profile *muster_profile_builtins(uint32_t *out_count);

/** Check a profile: what muster_metric_new checks first.
 *  @return MUSTER_E_INVALID naming profile, field, value and what was expected. */
MUSTER_API muster_status muster_profile_check(const muster_profile *profile);

#ifdef __cplusplus
}
#endif
#endif
