/* The order of a network's nodes, kept in a table of somebody's database. */
#ifndef MU_GIS_POSTGIS_ORDER_H
#define MU_GIS_POSTGIS_ORDER_H

#include <muster/network.h>

#include "gis/postgis_connection.h"

/* Make the table, unless it is there and an order of ours, in the transaction of `order`.
 * MUSTER_E_INVALID for a table that is something else, MUSTER_E_IO with the server's words. */
muster_status mu_postgis_order_prepare(mu_postgis *order, const char *table);
/* The same, then put into it nothing but what a network with a hierarchy has, and commit. */
muster_status mu_postgis_order_write(mu_postgis *order, const char *table,
                                     const muster_network_data *network);

/* rank[v], 0 .. node_count - 1 in some order, of the nodes of `network`, whose ids rise.
 * MUSTER_E_INVALID where the table is no order, or that of another network. */
muster_status mu_postgis_order_read(mu_postgis *order, const char *table,
                                    const muster_network_data *network, uint32_t *rank);

#endif
