/* The inside of a scenario file: what was read, as plain data. Everything it points to is in its arena.
 * Times are milliseconds from the scenario's start. */
#ifndef MU_SIMULATION_SCENARIO_FILE_H
#define MU_SIMULATION_SCENARIO_FILE_H

#include <muster/hazard.h>
#include <muster/scenario_file.h>

#include "session/arena.h"
#include "simulation/aftershock.h"
#include "simulation/course.h"
#include "simulation/distribution.h"

/* One ring, which need not repeat its first point. */
typedef struct mu_ring {
    uint32_t      point_count; /* 0: there is none */
    const double *lon_deg, *lat_deg;
} mu_ring;

/* ---- when ----------------------------------------------------------------------------------- */

/* From then on until the next one. */
typedef struct mu_rate_piece {
    int64_t from_ms;
    double  per_h;
} mu_rate_piece;

/* Moments: listed, or those of a Poisson process, or so many of them, spread as its rate says. */
typedef struct mu_when {
    uint32_t             at_count;
    const int64_t       *at_ms; /* in order */
    uint32_t             piece_count;
    const mu_rate_piece *piece;   /* by the clock of the scenario, the first from its start */
    const char          *hazard;  /* NULL: none; else as its area grows: */
    double               per_km2; /* so many for each square kilometre that is new */
    uint32_t             count;   /* 0: as many as come */
    int64_t              from_ms, until_ms; /* none before, none from then on */
} mu_when;

/* ---- where ---------------------------------------------------------------------------------- */

typedef struct mu_where_point {
    double lon_deg, lat_deg, weight;
} mu_where_point;

/* Sites of a store that places are drawn from. */
typedef enum mu_sites {
    MU_SITES_CITY,
    MU_SITES_COUNTY,
    MU_SITES_TOWN,
    MU_SITES_VILLAGE,
    MU_SITES_AT_RISK,
    MU_SITES_COUNT /* none */
} mu_sites;
/* "city", "county", "town", "village", "at_risk_site". */
const char *mu_sites_name(unsigned sites);

/* Points, else sites, else anywhere; of those the ones in the polygon and near the hazard, where these are
 * given; then up to `spread_m` away from there. */
typedef struct mu_where {
    uint32_t              point_count;
    const mu_where_point *point;
    uint8_t               sites; /* a mu_sites */
    bool                  is_by_population;
    mu_ring               polygon;
    const char           *hazard; /* NULL: wherever */
    double                within_m, spread_m;
} mu_where;

/* ---- calls ---------------------------------------------------------------------------------- */

typedef struct mu_need_rule {
    const char     *kind;
    double          chance;
    mu_distribution quantity;
    double          minimum_share; /* of the quantity, rounded up */
    uint32_t        grade;
} mu_need_rule;

/* How a call turns out to be other than it was reported. */
typedef struct mu_call_growth {
    double          chance;
    mu_distribution after_ms; /* from the report */
    mu_distribution factor;   /* of what is needed then */
    uint32_t        severity_up;
} mu_call_growth;

typedef struct mu_call_rule {
    const char     *code, *type;
    const char     *name; /* in the scenario's language; "{place}" is the nearest village; NULL */
    double          severity_weight[MUSTER_SEVERITY_COUNT];
    double          scale[MUSTER_SEVERITY_COUNT]; /* of quantities */
    mu_when         when;
    mu_where        where;
    mu_distribution delay_ms, work_ms, deadline_ms, handover_ms;
    bool            has_deadline;
    uint32_t        on_scene_ms; /* what whoever plans is told */
    double          all_or_nothing_share, transport_share;
    const char     *authority;     /* a code; NULL: nobody's */
    bool            is_of_nearest; /* else: of the nearest place that is an authority */
    uint32_t        need_count;
    const mu_need_rule   *need;
    const mu_call_growth *growth; /* NULL: they stay as they are reported */
} mu_call_rule;

/* ---- hazards -------------------------------------------------------------------------------- */

/* As it is from `at_ms` on. */
typedef struct mu_hazard_stage {
    int64_t      at_ms;
    double       depth_m, speed_factor; /* as in muster_hazard */
    uint8_t      wind_force;
    mu_ring      polygon;
    const char  *file;  /* NULL, or the areas of a GeoJSON file in the place of the polygon */
    muster_plume plume; /* of a plume without polygon and file: distance_m 0: none */
} mu_hazard_stage;

/* What spreads from a line, an area's edge or a point: so far at first, and so much farther each hour. */
typedef struct mu_hazard_growth {
    mu_ring path; /* 1 point, a line, or an area */
    bool    is_area;
    int64_t from_ms, peak_ms, until_ms,
        step_ms; /* it grows up to the peak, and shrinks up to the end */
    double reach_m, reach_m_per_h, depth_m, depth_m_per_h;
    double speed_factor; /* of what is no flood; as in muster_hazard */
} mu_hazard_growth;

/* Rain round a typhoon's centre: a part of a ring that moves along. */
typedef struct mu_rain_band {
    double from_m, to_m;     /* from the centre */
    double from_deg, to_deg; /* clockwise from north; to_deg > from_deg */
    double spiral_m_per_deg; /* how much farther out it is with each degree */
    double speed_factor;
} mu_rain_band;

typedef struct mu_hazard_rule {
    const char     *code, *name;
    uint8_t         kind, severity; /* as in muster_hazard; a typhoon is MUSTER_HAZARD_WIND */
    mu_distribution late_ms;        /* all of it is so much later, or earlier */
    bool            may_be_late;
    const char     *file; /* NULL, or a GeoJSON file of hazards with their own times */
    uint32_t        stage_count;
    const mu_hazard_stage    *stage;
    int64_t                   until_ms; /* of stages and tracks; at most the scenario's end */
    const mu_hazard_growth   *growth;   /* NULL: none */
    uint32_t                  track_count;
    const muster_track_point *track;
    int64_t                   step_ms;
    uint32_t                  band_count;
    const mu_rain_band       *band;
} mu_hazard_rule;

/* ---- units ---------------------------------------------------------------------------------- */

/* Which units a table is about. */
typedef struct mu_unit_choice {
    uint8_t            resource;
    const char        *kind;       /* NULL: of any */
    uint32_t           unit_count; /* 0: all */
    const char *const *unit;
} mu_unit_choice;

/* Units that the store says are not available: they are called at the first of the moments, and available
 * when each has had its lead. */
typedef struct mu_call_up {
    const char     *code, *reason;
    mu_unit_choice  which;
    mu_when         when;
    mu_distribution lead_ms;
} mu_call_up;

/* ---- failures ------------------------------------------------------------------------------- */

typedef struct mu_road_failure {
    const char     *code, *reason;
    mu_when         when;
    uint32_t        edge_count;
    const int64_t  *edge_id;    /* these, */
    mu_ring         line;       /* or what it crosses, */
    mu_ring         polygon;    /* or what lies in it, */
    bool            is_drawn;   /* or one road in it of these classes */
    uint32_t        class_bits; /* 1 << muster_road_class */
    bool            bridges_alone;
    mu_distribution lasts_ms;
    double          speed_factor; /* 0: closed */
} mu_road_failure;

typedef struct mu_unit_failure {
    const char     *code, *reason;
    mu_unit_choice  which;            /* of those that are available in the store */
    double          per_unit_per_day; /* 0: by when */
    mu_when         when;             /* all of them at once */
    mu_distribution lasts_ms;
} mu_unit_failure;

/* ---- earthquakes ---------------------------------------------------------------------------- */

typedef struct mu_collapse_ring {
    double within_m, chance;
} mu_collapse_ring;

typedef struct mu_earthquake {
    const char             *code, *reason;
    int64_t                 at_ms;
    double                  lon_deg, lat_deg, magnitude;
    uint32_t                ring_count;
    const mu_collapse_ring *ring; /* from the inside out */
    double                  class_factor[MUSTER_ROAD_CLASS_COUNT];
    mu_distribution         repair_ms;
    bool                    is_repaired;
    double                  shocks_first_day; /* aftershocks that are expected in 24 hours */
    mu_omori                omori;
    double                  gutenberg_b, least_magnitude, most_magnitude, spread_m;
} mu_earthquake;

/* ---- all of it ------------------------------------------------------------------------------ */

struct muster_scenario_file {
    mu_arena               arena;
    muster_scenario_about  about;
    uint32_t               standard_count;
    const muster_standard *standard;
    uint32_t               policy_count;
    const muster_policy   *policy;
    uint32_t               destination_count;
    const mu_course_place *destination;
    mu_course_units        units;
    uint32_t               call_count;
    const mu_call_rule    *call;
    uint32_t               hazard_count;
    const mu_hazard_rule  *hazard;
    uint32_t               road_failure_count;
    const mu_road_failure *road_failure;
    uint32_t               unit_failure_count;
    const mu_unit_failure *unit_failure;
    uint32_t               earthquake_count;
    const mu_earthquake   *earthquake;
    uint32_t               call_up_count;
    const mu_call_up      *call_up;
};

#endif
