/* Polygons with holes in flat arrays: those of a muster_multipolygon. */
#ifndef MU_GIS_AREA_H
#define MU_GIS_AREA_H

#include <muster/isochrone_polygon.h>

#include "gis/memory.h"

/* Start from zeros. Outer rings run counter-clockwise, holes clockwise, a ring's last point is its
 * first. */
typedef struct mu_area {
    uint32_t  polygon_count;
    uint32_t *first_ring, *first_point; /* NULL before the first polygon */
    double   *lon_deg, *lat_deg;
    double    area_m2;
    size_t    polygon_capacity, ring_capacity, lon_capacity, lat_capacity;
} mu_area;

void                mu_area_fini(mu_area *area);
muster_multipolygon mu_area_view(const mu_area *area);

#endif
