/* What all replications of a scenario share: its hazards as areas, the places that calls may come from, the
 * roads and units that may fail or are called up. It is made once, and read by any number of threads. */
#ifndef MU_SIMULATION_GROUND_H
#define MU_SIMULATION_GROUND_H

#include <muster/store.h>

#include "simulation/scenario_file.h"

/* A hazard, or a part of it that has a code of its own, becomes what it is from then on. */
typedef struct mu_hazard_change {
    int64_t              at_ms; /* from the scenario's start */
    const char          *code;
    const muster_hazard *hazard; /* NULL: it has ended */
} mu_hazard_change;

/* Between two moments of change. */
typedef struct mu_hazard_epoch {
    int64_t  at_ms;
    uint32_t first_live, live_count; /* in mu_hazard_ground.live */
    double   area_m2;                /* of all that is live; what overlaps counts twice */
} mu_hazard_epoch;

typedef struct mu_hazard_ground {
    uint32_t                    change_count, epoch_count;
    const mu_hazard_change     *change; /* by time, then by code */
    const mu_hazard_epoch      *epoch;
    const muster_hazard *const *live;
} mu_hazard_ground;

/* A place that a call may come from. */
typedef struct mu_candidate {
    double lon_deg, lat_deg;
    double weight_sum; /* its own and those before it */
} mu_candidate;

typedef struct mu_candidates {
    uint32_t            count;
    const mu_candidate *candidate;
} mu_candidates;

/* Where the calls of one rule come from. */
typedef struct mu_where_ground {
    bool                 is_listed; /* from candidates, else from anywhere in an area */
    const mu_candidates *of_epoch;  /* of each epoch of its hazard; one where it has none */
} mu_where_ground;

typedef struct mu_unit_ground {
    uint32_t           unit_count;
    const char *const *unit; /* codes, each once */
} mu_unit_ground;

typedef struct mu_edges_ground {
    uint32_t       edge_count;
    const int64_t *edge_id;
} mu_edges_ground;

/* A bridge near an earthquake. */
typedef struct mu_bridge {
    int64_t edge_id;
    double  lon_deg, lat_deg; /* of its middle, nearly */
    double  factor;           /* of the chance that it falls */
} mu_bridge;

typedef struct mu_bridges_ground {
    uint32_t         bridge_count;
    const mu_bridge *bridge;
} mu_bridges_ground;

/* The finest places that there are: villages, else towns, ... */
typedef struct mu_named_place {
    double      lon_deg, lat_deg;
    const char *name;
    const char *authority; /* its code, where that is one's; else NULL */
} mu_named_place;

typedef struct mu_ground {
    mu_arena                    arena;
    const muster_scenario_file *file;
    muster_hazards             *hazards; /* the areas of all of them */
    muster_named_sites         *sites;
    const mu_hazard_ground     *hazard;    /* of each rule of the file, and so below */
    const mu_where_ground      *where;     /* of each call */
    const mu_edges_ground      *edges;     /* of each road failure that is drawn */
    const mu_unit_ground       *units;     /* of each unit failure */
    const mu_unit_ground       *called_up; /* of each call-up */
    const mu_bridges_ground    *bridges;
    uint32_t                    place_count;
    const mu_named_place       *place;
} mu_ground;

/* `file` and `scenario` are borrowed for as long as the ground lives.
 * MUSTER_E_INVALID where the file names what the scenario lacks, or an area that encloses nothing; as
 * muster_named_sites_load and muster_hazards_add_geojson fail; MUSTER_E_NOMEM. */
muster_status mu_ground_new(mu_ground **out, const muster_scenario_file *file,
                            const muster_scenario *scenario);
void          mu_ground_free(mu_ground *ground);

/* The hazard rule of that code. */
uint32_t mu_ground_hazard(const mu_ground *ground, const char *code);
/* Which epoch holds at a moment; MUSTER_NONE: it has not begun. */
uint32_t mu_hazard_epoch_at(const mu_hazard_ground *hazard, int64_t at_ms);
/* The nearest of the finest places; NULL: there are none. */
const mu_named_place *mu_ground_nearest(const mu_ground *ground, double lon_deg, double lat_deg);

/* Is the place in the ring, even-odd? In the area of a hazard, or within so far of its edge? */
bool mu_ring_contains(const mu_ring *ring, double lon_deg, double lat_deg);
bool mu_hazard_is_near(const muster_hazard *hazard, double lon_deg, double lat_deg,
                       double within_m);

#endif
