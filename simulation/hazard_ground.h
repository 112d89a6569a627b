/* Hazards of a scenario file as areas at moments. */
#ifndef MU_SIMULATION_HAZARD_GROUND_H
#define MU_SIMULATION_HAZARD_GROUND_H

#include "simulation/ground.h"

/* Fills in hazards and hazard of the ground. `network`: what is nowhere near its roads is left out. */
muster_status mu_hazard_ground_make(mu_ground *ground, const muster_network *network);

/* Fills in epochs and what is live in each, from the changes. */
muster_status mu_hazard_epochs_make(mu_arena *arena, mu_hazard_ground *hazard);

/* ---- making areas -------------------------------------------------------------------------- */

/* Polygons in the making, one ring each unless it is copied from a hazard; they may overlap, and are made
 * one area when they are added to a set (muster_hazards_add). Start from zeros. */
typedef struct mu_outline {
    uint32_t  polygon_count, ring_count, point_count;
    uint32_t *first_ring, *first_point;
    double   *lon_deg, *lat_deg;
    size_t    first_ring_capacity, first_point_capacity, lon_capacity, lat_capacity;
} mu_outline;

muster_status       mu_outline_add_point(mu_outline *outline, double lon_deg, double lat_deg);
muster_status       mu_outline_end_ring(mu_outline *outline);
muster_status       mu_outline_end_polygon(mu_outline *outline);
muster_status       mu_outline_add_ring(mu_outline *outline, const mu_ring *ring); /* a polygon */
muster_status       mu_outline_add_area(mu_outline *outline, const muster_multipolygon *area);
muster_multipolygon mu_outline_area(const mu_outline *outline);
void                mu_outline_clear(mu_outline *outline);
void                mu_outline_fini(mu_outline *outline);

/* All that is within `reach_m` of a point, a line or an area. */
muster_status mu_outline_add_reach(mu_outline *outline, const mu_ring *path, bool is_area,
                                   double reach_m);
/* A band of rain round a typhoon's centre. */
muster_status mu_outline_add_band(mu_outline *outline, double lon_deg, double lat_deg,
                                  const mu_rain_band *band);

#endif
