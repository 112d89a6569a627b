/* How QGIS draws the layers of a GeoPackage. */
#ifndef MU_GIS_LAYER_STYLES_H
#define MU_GIS_LAYER_STYLES_H

#include "gis/database.h"

/* Add the table layer_styles, with a style for each of our layers that gpkg_contents lists by now.
 * The database is one that is being created. */
muster_status mu_layer_styles_write(mu_database *database);

#endif
