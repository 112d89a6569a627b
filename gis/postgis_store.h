/* A PostGIS with muster's tables as a store. */
#ifndef MU_GIS_POSTGIS_STORE_H
#define MU_GIS_POSTGIS_STORE_H

#include "gis/store.h"

/* Tables are those of the schema "muster", or of the search path that the connection string sets:
 * ?options=-csearch_path=NAME. MUSTER_E_IO: no server, no such database, no permission;
 * MUSTER_E_FORMAT: no tables there. */
muster_status mu_postgis_store_open(mu_store **out, const char *connection);

#endif
