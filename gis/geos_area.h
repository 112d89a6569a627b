/* Between GEOS and our areas. For files that know GEOS. */
#ifndef MU_GIS_GEOS_AREA_H
#define MU_GIS_GEOS_AREA_H

#include <geos_c.h>

#include "gis/area.h"

/* Add the polygons of a geometry, `shift_deg` further east; points, lines and collapsed rings in it
 * are passed over. MUSTER_E_NOMEM. */
muster_status mu_area_add_geos(mu_area *area, GEOSContextHandle_t geos,
                               const GEOSGeometry *geometry, double shift_deg);

#endif
