/* Areas told by how far they reach from one place in each direction: circles, quadrants, sectors. */
#ifndef MU_GIS_STAR_AREA_H
#define MU_GIS_STAR_AREA_H

#include "gis/parts.h"

/* As far as `radius_m`, 0 or more, from one bearing to another, clockwise from north. */
typedef struct mu_star_arc {
    double from_deg, to_deg; /* from_deg < to_deg */
    double radius_m;
} mu_star_arc;

/* Add a ring whose arcs follow each other, up to all the way round; where they do not go all the way
 * the place itself is a corner. A corner each degree, on geodesics; longitudes are not wrapped at
 * 180 degrees. Where all radii are 0 the ring has fewer than 3 points.
 * MUSTER_E_INVALID where it reaches over a pole, MUSTER_E_NOMEM. */
muster_status mu_star_ring(mu_parts *out, double lon_deg, double lat_deg, uint32_t arc_count,
                           const mu_star_arc *arc);

#endif
