/** @file muster/hazard.h
 *  Hazards as data: floods, wind, plumes and closed roads, with the time in which they hold, read
 *  from files and made areas; and what they do to the roads of one profile. docs/hazards.md tells
 *  the formats and where the rules are from. Part of libmuster_gis. */
#ifndef MUSTER_HAZARD_H
#define MUSTER_HAZARD_H

#include <math.h>

#include <muster/closure.h>
#include <muster/isochrone_polygon.h>
#include <muster/moment.h>
#include <muster/problem.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- one hazard ------------------------------------------------------------------------ */

typedef enum muster_hazard_kind {
    MUSTER_HAZARD_FLOOD,   /**< Water of a depth: muster_closure_flood. */
    MUSTER_HAZARD_WIND,    /**< Wind of a force: slows, and closes, to high vehicles first. */
    MUSTER_HAZARD_PLUME,   /**< Closed to whoever is not protected (muster_profile). */
    MUSTER_HAZARD_CLOSURE, /**< Closed to all: an area, what lines cross, what is near points. */
    MUSTER_HAZARD_ALERT,   /**< A warning: it does nothing to roads unless it says how much. */
    MUSTER_HAZARD_KIND_COUNT
} muster_hazard_kind;

/** "flood", "wind", "plume", "closure", "alert"; NULL for a number outside the enum. */
MUSTER_API const char *muster_hazard_kind_name(muster_hazard_kind kind);
/** Which one has that name; MUSTER_HAZARD_KIND_COUNT where none has. */
MUSTER_API muster_hazard_kind muster_hazard_kind_from_name(const char *name);

/** How soon, in the words of CAP 1.2. */
typedef enum muster_urgency {
    MUSTER_URGENCY_IMMEDIATE,
    MUSTER_URGENCY_EXPECTED,
    MUSTER_URGENCY_FUTURE,
    MUSTER_URGENCY_PAST,
    MUSTER_URGENCY_COUNT /**< It is not known. */
} muster_urgency;
/** "immediate", "expected", "future", "past"; NULL for a number outside the enum. */
MUSTER_API const char *muster_urgency_name(muster_urgency urgency);
/** Which one has that name; MUSTER_URGENCY_COUNT where none has. */
MUSTER_API muster_urgency muster_urgency_from_name(const char *name);

/** How sure, likewise. */
typedef enum muster_certainty {
    MUSTER_CERTAINTY_OBSERVED,
    MUSTER_CERTAINTY_LIKELY,
    MUSTER_CERTAINTY_POSSIBLE,
    MUSTER_CERTAINTY_UNLIKELY,
    MUSTER_CERTAINTY_COUNT /**< It is not known. */
} muster_certainty;
/** "observed", "likely", "possible", "unlikely"; NULL for a number outside the enum. */
MUSTER_API const char *muster_certainty_name(muster_certainty certainty);
/** Which one has that name; MUSTER_CERTAINTY_COUNT where none has. */
MUSTER_API muster_certainty muster_certainty_from_name(const char *name);

/** Lines one after the other. */
typedef struct muster_lines {
    uint32_t        line_count;
    const uint32_t *first_point; /**< [line_count + 1] */
    const double   *lon_deg, *lat_deg;
} muster_lines;

/** Places, each by itself. */
typedef struct muster_points {
    uint32_t      point_count;
    const double *lon_deg, *lat_deg; /**< [point_count] */
} muster_points;

/** The strongest wind of Beaufort's scale as GB/T 28591 extends it. */
#define MUSTER_WIND_FORCE_MOST 17

/** Start from `MUSTER_HAZARD_INIT`. */
typedef struct muster_hazard {
    size_t      struct_size;
    const char *code;         /**< Unique in its set. */
    const char *name;         /**< For people to read; may be NULL. */
    const char *source;       /**< Where it was read: file and place in it; may be NULL. */
    uint8_t     kind;         /**< A muster_hazard_kind. */
    uint8_t     severity;     /**< A muster_severity; _COUNT: not known. */
    uint8_t     urgency;      /**< A muster_urgency. */
    uint8_t     certainty;    /**< A muster_certainty. */
    uint8_t     wind_force;   /**< Of wind: 1 to MUSTER_WIND_FORCE_MOST; 0: not known. */
    double      depth_m;      /**< Of a flood; INFINITY: not known, too deep for wheels. */
    double      speed_factor; /**< What is left of the speed, 0 closes; NAN: by its kind. */
    int64_t     starts_at_s, ends_at_s; /**< It holds from the one up to the other, without it. */
    muster_multipolygon area;           /**< Where it is. */
    /* Of a closure alone, which closes all that any of these says; speed_factor is of its area. */
    muster_lines   lines;  /**< What they cross or touch: muster_closure_line. */
    muster_points  points; /**< The road nearest to each: muster_closure_points. */
    uint32_t       edge_count;
    const int64_t *edge_id; /**< [edge_count] Edges of the network, by their id. */
} muster_hazard;

#define MUSTER_HAZARD_INIT                                                                         \
    {                                                                                              \
        .struct_size = sizeof(muster_hazard), .severity = MUSTER_SEVERITY_COUNT,                   \
        .urgency = MUSTER_URGENCY_COUNT, .certainty = MUSTER_CERTAINTY_COUNT,                      \
        .depth_m = (double)INFINITY, .speed_factor = (double)NAN,                                  \
        .starts_at_s = MUSTER_MOMENT_FIRST, .ends_at_s = MUSTER_MOMENT_LAST                        \
    }

/** Does its area hold the place? A place on the border may be in or out. O(points). */
MUSTER_API bool muster_hazard_contains(const muster_hazard *hazard, double lon_deg, double lat_deg);

/* ---- sets of hazards ------------------------------------------------------------------- */

/** Hazards in the order in which they were added. One thread at a time while it is added to. */
typedef struct muster_hazards muster_hazards;

MUSTER_API muster_status muster_hazards_new(muster_hazards **out);
MUSTER_API void          muster_hazards_free(muster_hazards *hazards);

/** They live until the set is added to or freed. Tracks are not among them: see muster_hazards_at. */
MUSTER_API const muster_hazard *muster_hazards_list(const muster_hazards *hazards,
                                                    uint32_t             *out_count);

/** What had to be done to what was added. */
typedef enum muster_hazard_note_kind {
    MUSTER_NOTE_REPAIRED, /**< The area was not valid; it is now. */
    MUSTER_NOTE_CUT,      /**< It reached over the 180th meridian, and is cut there. */
    MUSTER_NOTE_LEFT_OUT  /**< It encloses nothing: the hazard, or its area beside the edges that
                             it closes, is not in the set. */
} muster_hazard_note_kind;

typedef struct muster_hazard_note {
    uint8_t     kind;   /**< A muster_hazard_note_kind. */
    uint32_t    hazard; /**< In the set; MUSTER_NONE where all of it was left out. */
    const char *text;   /**< One line that names the hazard, what was wrong and what has changed. */
    double
        before_m2; /**< What its rings enclose as they stand: loops that turn both ways cancel. */
    double after_m2;
} muster_hazard_note;

MUSTER_API const muster_hazard_note *muster_hazards_notes(const muster_hazards *hazards,
                                                          uint32_t             *out_count);

/** Add a hazard, which is copied. Rings of its area may be open, turn either way, cross themselves
 *  and overlap: they are repaired by GEOS, by structure, so that what is drawn round at all is
 *  inside, and cut at 180 degrees, and a note says so. area_m2 is not read.
 *  @return MUSTER_E_INVALID naming the hazard, the field or point, and what was expected;
 *          MUSTER_E_NOMEM; the set is then as it was. */
MUSTER_API muster_status muster_hazards_add(muster_hazards *hazards, const muster_hazard *hazard);

/** Add what a GeoJSON file (RFC 7946) holds, as docs/hazards.md describes it.
 *  @return MUSTER_E_IO, MUSTER_E_FORMAT (no GeoJSON), MUSTER_E_INVALID naming file and feature,
 *          MUSTER_E_NOMEM. What came before the failure stays in the set. */
MUSTER_API muster_status muster_hazards_add_geojson(muster_hazards *hazards, const char *path);

/** Add the tables `hazard` and `closure` of a GeoPackage or PostGIS (docs/schema.md), of which one may be
 *  missing. The code of a closure is its own, or, where a hazard of the set has it already, that behind
 *  "closure/".
 *  @param hazards        the set that grows
 *  @param place          a path, or a connection (muster_database_is_server)
 *  @param scenario_code  whose hazards; NULL: those of the default scenario
 *  @return as muster_scenario_load. */
MUSTER_API muster_status muster_hazards_add_store(muster_hazards *hazards, const char *place,
                                                  const char *scenario_code);

/** A set of its own with what holds at a moment: tracks are winds in it, each as it is then.
 *  O(hazards + their points). */
MUSTER_API muster_status muster_hazards_at(muster_hazards **out, const muster_hazards *hazards,
                                           int64_t moment_s);

/* ---- typhoons -------------------------------------------------------------------------- */

/** The forces whose radii Chinese bulletins give: 7, 10 and 12. */
enum { MUSTER_WIND_CIRCLES = 3, MUSTER_QUADRANTS = 4 };
/** 7, 10, 12. */
MUSTER_API uint8_t muster_wind_circle_force(uint32_t circle);

/** Where a typhoon is at a moment, and how far winds of each force blow from there to the north-east,
 *  south-east, south-west and north-west; 0: not at all. */
typedef struct muster_track_point {
    int64_t at_s;
    double  lon_deg, lat_deg;
    double  radius_m[MUSTER_WIND_CIRCLES][MUSTER_QUADRANTS];
} muster_track_point;

typedef struct muster_track {
    const char               *code, *name, *source; /**< As those of a hazard. */
    uint8_t                   severity;
    uint32_t                  point_count;
    const muster_track_point *point; /**< In order of time, no two at the same. */
} muster_track;

/** Add a track, which is copied. At a moment between two points the centre is on the geodesic from one
 *  to the other (WGS 84, PROJ), as far along as time has passed, and radii change evenly; before the
 *  first and after the last point there is no wind.
 *  @return MUSTER_E_INVALID naming the track, the point and what was expected; MUSTER_E_NOMEM. */
MUSTER_API muster_status       muster_hazards_add_track(muster_hazards     *hazards,
                                                        const muster_track *track);
MUSTER_API const muster_track *muster_hazards_tracks(const muster_hazards *hazards,
                                                     uint32_t             *out_count);
/** Where it is. False where there is no wind at that moment. */
MUSTER_API bool muster_track_at(const muster_track *track, int64_t moment_s,
                                muster_track_point *out);

/* ---- plumes ---------------------------------------------------------------------------- */

/** A sector downwind of a source, and a circle around it. */
typedef struct muster_plume {
    double lon_deg, lat_deg;
    double wind_from_deg;  /**< Where the wind comes from, clockwise from north, 0 to 360. */
    double half_angle_deg; /**< More than 0, up to 180. */
    double distance_m;     /**< How far downwind. */
    double isolation_m;    /**< How far in all directions; 0: not at all. */
} muster_plume;

/** How far a plume spreads to either side in an atmosphere of Pasquill's stability class 'A' (very
 *  unstable) to 'F' (stable): where the concentration is a tenth of that in its middle, 2.15 standard
 *  deviations away (Turner, "Workbook of atmospheric dispersion estimates", 1970), which near the
 *  source are a share of the distance (Briggs, "Diffusion estimation for small emissions", 1973, open
 *  country). NAN for another letter. */
MUSTER_API double muster_plume_half_angle_deg(char stability);

/** Add a hazard whose area is that of a plume; the area of @p about is not read.
 *  @return as muster_hazards_add. */
MUSTER_API muster_status muster_hazards_add_plume(muster_hazards      *hazards,
                                                  const muster_hazard *about,
                                                  const muster_plume  *plume);

/* ---- effects --------------------------------------------------------------------------- */

/** What wind does to whom. The defaults are a convention that a city replaces by its own. Start from
 *  `MUSTER_HAZARD_RULES_INIT`. */
typedef struct muster_hazard_rules {
    size_t struct_size;
    double high_vehicle_m; /**< A profile of this height_m or more is a high vehicle. */
    /** What is left of the speed in winds of force 7, 10 and 12 and more; 0 closes. */
    double wind_speed_factor[MUSTER_WIND_CIRCLES];
    double wind_speed_factor_high[MUSTER_WIND_CIRCLES];
} muster_hazard_rules;

#define MUSTER_HAZARD_RULES_INIT                                                                   \
    {                                                                                              \
        sizeof(muster_hazard_rules), 3.0, {0.9, 0.6, 0}, {                                         \
            0.6, 0, 0                                                                              \
        }                                                                                          \
    }

/** What is left of a profile's speed in the hazard: 1 nothing happens, 0 it is closed. Of a flood, 1:
 *  its depth says the rest (muster_closure_flood). */
MUSTER_API double muster_hazard_speed_factor(const muster_hazard       *hazard,
                                             const muster_profile      *profile,
                                             const muster_hazard_rules *rules);

/** Put a hazard into a closure, whatever the time, under the closure's present cause: floods by depth,
 *  everything else by muster_hazard_speed_factor. All may be left (muster/leave.h) but closures.
 *  @param closure  what is collected
 *  @param profile  that of the closure's base
 *  @param hazard   one of a set
 *  @param rules    may be NULL: MUSTER_HAZARD_RULES_INIT
 *  @return MUSTER_E_INVALID for rules out of range, and naming the hazard for an edge that the network
 *          lacks or a point without a road within 5 km; MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_hazard_close(muster_closure *closure, const muster_profile *profile,
                                             const muster_hazard       *hazard,
                                             const muster_hazard_rules *rules);

/* ---- who is inside --------------------------------------------------------------------- */

/** A place of a GeoPackage that people care about. */
typedef struct muster_named_site {
    const char *table; /**< "place" or "at_risk_site". */
    const char *level; /**< Of a place: "city", "county", "town" or "village"; else "". */
    const char *code, *name;
    int64_t     population; /**< -1: not known. */
    double      lon_deg, lat_deg;
} muster_named_site;

typedef struct muster_named_sites muster_named_sites;

/** Read the tables `place` and `at_risk_site`, in order of table and code. Those that are absent hold
 *  nothing. @return as muster_network_load. */
MUSTER_API muster_status muster_named_sites_load(muster_named_sites **out, const char *path);
MUSTER_API void          muster_named_sites_free(muster_named_sites *sites);
MUSTER_API const muster_named_site *muster_named_sites_list(const muster_named_sites *sites,
                                                            uint32_t                 *out_count);

#ifdef __cplusplus
}
#endif
#endif
