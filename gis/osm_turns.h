/* Turn restrictions, from ways and nodes of the map to edges and nodes of the network. */
#ifndef MU_GIS_OSM_TURNS_H
#define MU_GIS_OSM_TURNS_H

#include "gis/osm_edges.h"

/* Fill in the edges and nodes of roads->turn, and count in roads->summary those that lie
 * outside the network. */
muster_status mu_osm_turns_resolve(mu_osm_roads *roads, const mu_osm_segments *segments,
                                   const mu_osm_chains *chains, const mu_osm_edges *edges);

#endif
