/* The version of the tables in a GeoPackage. */
#ifndef MU_GIS_GEOPACKAGE_VERSION_H
#define MU_GIS_GEOPACKAGE_VERSION_H

/* The newest that this library reads, and the one that it writes; geopackage.sql says the same. */
enum { MU_GEOPACKAGE_VERSION = 2 };

#endif
