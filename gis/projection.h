/* A coordinate system of PROJ's and the way from it to WGS 84 and back. Behind it stands proj.h. */
#ifndef MU_GIS_PROJECTION_H
#define MU_GIS_PROJECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"

typedef struct mu_projection mu_projection;

/* The system of EPSG's `code`; MUSTER_E_INVALID where there is none of two dimensions, or no known
 * way to WGS 84, MUSTER_E_IO without PROJ's database. One thread at a time. */
muster_status mu_projection_new(mu_projection **out, uint32_t code);
void          mu_projection_free(mu_projection *projection);

const char *mu_projection_title(const mu_projection *projection);
bool        mu_projection_is_projected(const mu_projection *projection);
/* The longitudes that the system is for; false where PROJ does not know. A system for all
 * longitudes has -180 to 180; one across the 180th meridian has west > east. */
bool mu_projection_longitudes(const mu_projection *projection, double *west_deg, double *east_deg);

/* Convert one position; false where PROJ cannot, or gives what is not finite. */
bool mu_projection_to_wgs84(mu_projection *projection, double *x, double *y);
bool mu_projection_from_wgs84(mu_projection *projection, double *x, double *y);

#endif
