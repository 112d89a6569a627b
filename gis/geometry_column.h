/* Geometry as a column of a row: decoded, on the globe, or named in the error. */
#ifndef MU_GIS_GEOMETRY_COLUMN_H
#define MU_GIS_GEOMETRY_COLUMN_H

#include "gis/geometry_blob.h"
#include "gis/row.h"

/* The geometry lives until the next row. Every point of it is within -180..180, -90..90. */
muster_status mu_column_geometry(const mu_row *row, int column, mu_geometry_type type,
                                 mu_geometry *out);
muster_status mu_column_point(const mu_row *row, int column, double *lon_deg, double *lat_deg);

#endif
