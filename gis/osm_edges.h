/* The arrays of muster_network_data, made from chains and barriers. */
#ifndef MU_GIS_OSM_EDGES_H
#define MU_GIS_OSM_EDGES_H

#include "gis/contract.h"

/* Start from zeros; give back with mu_osm_edges_fini. */
typedef struct mu_osm_edges {
    uint32_t  node_count;
    uint32_t *index_of; /* by node, then by barrier's twin: its index here, or MUSTER_NONE */
    double   *node_lon_deg, *node_lat_deg;
    int64_t  *node_id;

    uint32_t  edge_count; /* chains first, then barriers */
    uint32_t *source, *target, *name;
    int64_t  *way_id;
    double   *length_m;
    uint8_t  *road_class, *access_forward, *access_backward, *flags;
    float    *speed_forward_kmh, *speed_backward_kmh, *maxheight_m, *maxwidth_m, *maxweight_t;
    uint32_t *duration_ms; /* the same in both directions */
    int8_t   *layer;

    uint32_t *first_point; /* [edge_count + 1] */
    double   *point_lon_deg, *point_lat_deg;
} mu_osm_edges;

/* Also counts contracted nodes in roads->summary. */
muster_status mu_osm_edges_make(mu_osm_edges *edges, mu_osm_roads *roads,
                                const mu_osm_segments *segments, const mu_osm_chains *chains);
void          mu_osm_edges_fini(mu_osm_edges *edges);

/* Borrow the arrays; the view is good while both arguments are. */
muster_network_data mu_osm_edges_view(const mu_osm_edges *edges, const mu_osm_roads *roads);

#endif
