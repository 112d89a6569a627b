/* The network's rows, for those that read more than the network from the same snapshot. */
#ifndef MU_GIS_NETWORK_STORE_H
#define MU_GIS_NETWORK_STORE_H

#include <muster/network.h>

#include "gis/store.h"

/* What no road exceeds; a faster one is a unit error. */
enum { MU_MAX_SPEED_KMH = 400 };

/* MUSTER_E_FORMAT where a table is missing or the store is of a newer version. */
muster_status mu_network_check_tables(mu_store *store);
/* Check the tables, read and check the rows, build the network. */
muster_status mu_network_read(muster_network **out, mu_store *store);

#endif
