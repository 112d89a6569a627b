/* An old GeoPackage gets the tables of today. */
#ifndef MU_GIS_GEOPACKAGE_MIGRATE_H
#define MU_GIS_GEOPACKAGE_MIGRATE_H

#include <muster/database.h>

muster_status mu_geopackage_migrate(const char *path, muster_database_version *out_version);

#endif
