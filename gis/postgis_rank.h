/* The order of a network's nodes in a PostGIS with muster's tables: node.rank. */
#ifndef MU_GIS_POSTGIS_RANK_H
#define MU_GIS_POSTGIS_RANK_H

#include <muster/network.h>

#include "core/error.h"

/* May ranks be written there? MUSTER_E_IO with the server's words where not. */
muster_status mu_postgis_rank_try(const char *connection);
/* Set the ranks of all nodes to those of a network with a hierarchy, in one transaction.
 * MUSTER_E_INVALID where nodes have come or gone since it was read. */
muster_status mu_postgis_rank_write(const char *connection, const muster_network *network);

#endif
