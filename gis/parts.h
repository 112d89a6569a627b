/* Lines one after the other in flat arrays: the rings of a polygon, the parts of a map. */
#ifndef MU_GIS_PARTS_H
#define MU_GIS_PARTS_H

#include "gis/memory.h"

/* Of latitude, on the sphere; of longitude it is less. */
static const double MU_METRES_PER_DEG = 111195;

/* Start from zeros; give back with mu_parts_fini. Part p has the points from first_point[p]
 * up to first_point[p + 1]; what lies behind the last part is a part in the making. */
typedef struct mu_parts {
    uint32_t  count, point_count;
    uint32_t *first_point; /* NULL before the first part is ended */
    double   *lon_deg, *lat_deg;
    size_t    first_capacity, lon_capacity, lat_capacity;
} mu_parts;

/* Add `count` points for the caller to fill in. */
muster_status mu_parts_add_points(mu_parts *parts, uint32_t count, double **out_lon_deg,
                                  double **out_lat_deg);
/* The points since the last part are one. */
muster_status mu_parts_end(mu_parts *parts);
/* Copy one part of another list. */
muster_status mu_parts_copy(mu_parts *parts, const mu_parts *from, uint32_t part);
/* Forget all parts, keep the memory. */
void mu_parts_clear(mu_parts *parts);
void mu_parts_fini(mu_parts *parts);

/* The longer side, in metres, of the box around a part. */
double mu_parts_extent_m(const mu_parts *parts, uint32_t part);

#endif
