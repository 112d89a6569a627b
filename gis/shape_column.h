/* A geometry of any kind as a column of a row: decoded, on the globe, or named in the error. */
#ifndef MU_GIS_SHAPE_COLUMN_H
#define MU_GIS_SHAPE_COLUMN_H

#include "gis/rings.h"
#include "gis/row.h"

/* Points, lines or polygons, one or more of one of the three. Start from zeros. */
typedef struct mu_shape {
    mu_rings areas;
    mu_parts lines;
    mu_parts points; /* in no part */
} mu_shape;

/* Put a two-dimensional geometry in WGS 84 into `out`, which is cleared first. */
muster_status mu_column_shape(const mu_row *row, int column, mu_shape *out);
void          mu_shape_clear(mu_shape *shape);
void          mu_shape_fini(mu_shape *shape);

#endif
