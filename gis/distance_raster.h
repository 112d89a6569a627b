/* How far every point of a grid is from the nearest of some lines, as far as a radius. */
#ifndef MU_GIS_DISTANCE_RASTER_H
#define MU_GIS_DISTANCE_RASTER_H

#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

/* Levels are distances in radius / MU_RASTER_LEVELS, rounded down. */
enum { MU_RASTER_LEVELS = 1024, MU_RASTER_FAR = UINT16_MAX };

typedef struct mu_distance_raster {
    double    radius_m;
    double    west_deg, south_deg; /* of point (0, 0) */
    double    step_lon_deg, step_lat_deg;
    uint32_t  column_count, row_count;
    uint16_t *level; /* [row_count][column_count], from south-west */
} mu_distance_raster;

/* A grid over the box and the radius around it, with points at most half a radius apart, and
 * nothing drawn. Points on its border are farther than the radius from the box.
 * MUSTER_E_INVALID where it would have too many. */
muster_status mu_distance_raster_init(mu_distance_raster *raster, double radius_m, double west_deg,
                                      double south_deg, double east_deg, double north_deg);
void          mu_distance_raster_fini(mu_distance_raster *raster);

/* Lower the levels around a straight line inside the box. All within the radius are exact, and
 * so are those of their neighbours. */
void mu_distance_raster_draw(mu_distance_raster *raster, double lon1_deg, double lat1_deg,
                             double lon2_deg, double lat2_deg);

#endif
