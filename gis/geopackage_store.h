/* A GeoPackage as a store of tables. */
#ifndef MU_GIS_GEOPACKAGE_STORE_H
#define MU_GIS_GEOPACKAGE_STORE_H

#include "gis/database.h"
#include "gis/store.h"

muster_status mu_geopackage_store_open(mu_store **out, const char *path);
/* Read from a database that is open already, and stays the caller's. */
muster_status mu_geopackage_store_new(mu_store **out, mu_database *database);
/* mu_network_check_tables of such a one. */
muster_status mu_geopackage_check_tables(mu_database *database);

#endif
