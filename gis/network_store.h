/* The network's rows, for those that read more than the network from the same snapshot. */
#ifndef MU_GIS_NETWORK_STORE_H
#define MU_GIS_NETWORK_STORE_H

#include <muster/network.h>

#include "gis/database.h"
#include "gis/geopackage_version.h"

/* The newest version of the tables that this library reads, and the one that it writes. */
enum { MU_SCHEMA_VERSION = MU_GEOPACKAGE_VERSION };

/* What no road exceeds; a faster one is a unit error. */
enum { MU_MAX_SPEED_KMH = 400 };

/* MUSTER_E_FORMAT where a table is missing or the file is of a newer version. */
muster_status mu_network_check_tables(mu_database *database);
/* Check the tables, read and check the rows, build the network. */
muster_status mu_network_read(muster_network **out, mu_database *database);

#endif
