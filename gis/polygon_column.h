/* A polygon as a column of a row: decoded, on the globe, or named in the error. */
#ifndef MU_GIS_POLYGON_COLUMN_H
#define MU_GIS_POLYGON_COLUMN_H

#include "gis/rings.h"
#include "gis/row.h"

/* Put the rings of a two-dimensional polygon in WGS 84 into `out`, which is cleared first:
 * one or more, closed, of four points or more, every point within -180..180, -90..90. */
muster_status mu_column_polygon(const mu_row *row, int column, mu_parts *out);

/* The same of a polygon or of a multipolygon of one or more. */
muster_status mu_column_polygons(const mu_row *row, int column, mu_rings *out);

#endif
