/* The spatial index of a GeoPackage table, as its extension `gpkg_rtree_index` has it. */
#ifndef MU_GIS_SPATIAL_INDEX_H
#define MU_GIS_SPATIAL_INDEX_H

#include "gis/database.h"
#include "gis/geometry_blob.h"

/* Index column `geom` of `table`, whose integer primary key is `key`: the R-tree with all
 * rows in it, the triggers that keep it current, the row in gpkg_extensions, and the
 * extent in gpkg_contents. To be called once, when the rows are there.
 * @param ids,bounds  [count] of the rows, in any order; ids rise for best speed */
muster_status mu_spatial_index_write(mu_database *database, const char *table, const char *key,
                                     uint32_t count, const int64_t *ids, const mu_bounds *bounds);

#endif
