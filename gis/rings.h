/* Polygons in the making. */
#ifndef MU_GIS_RINGS_H
#define MU_GIS_RINGS_H

#include <stdbool.h>

#include "gis/parts.h"

/* Rings as parts; polygon p has rings first_ring[p] .. first_ring[p + 1] - 1.
 * Start from zeros. */
typedef struct mu_rings {
    mu_parts  parts;
    uint32_t  polygon_count;
    uint32_t *first_ring;  /* NULL before the first polygon is ended */
    bool      may_overlap; /* polygons, without anything being wrong */
    size_t    capacity;
} mu_rings;

/* The rings since the last polygon are one. */
muster_status mu_rings_end_polygon(mu_rings *rings);
void          mu_rings_clear(mu_rings *rings);
void          mu_rings_fini(mu_rings *rings);

#endif
