/* The roads of an OpenStreetMap file as read: ways with their attributes, the nodes they
 * run over, turn restrictions. Nothing is decided here yet about junctions and edges. */
#ifndef MU_GIS_OSM_ROADS_H
#define MU_GIS_OSM_ROADS_H

#include <muster/import.h>

#include "gis/name_pool.h"
#include "gis/osm_tags.h"

typedef struct mu_osm_road_way {
    int64_t     id;
    size_t      first_ref; /* into `ref` */
    uint32_t    ref_count;
    uint32_t    name; /* into `names`, or MUSTER_NONE */
    mu_osm_road road;
} mu_osm_road_way;

typedef struct mu_osm_road_barrier {
    uint32_t       node;
    mu_osm_barrier barrier;
} mu_osm_road_barrier;

/* The ways that a turn restriction runs over, in `via_way`: none, or more where it is no node. */
typedef struct mu_osm_via {
    size_t   first;
    uint32_t count;
} mu_osm_via;

/* Start from zeros; give back with mu_osm_roads_fini. */
typedef struct mu_osm_roads {
    mu_osm_road_way *way; /* in file order */
    size_t           way_count, way_capacity;

    int64_t *ref_id; /* while reading ways: node ids, way after way */
    size_t   ref_count, ref_capacity;

    /* After the ways: the nodes of roads by rising id, and refs as indices of nodes. */
    uint32_t *ref;
    uint32_t  node_count;
    int64_t  *node_id;
    int32_t  *lon_e7, *lat_e7;
    bool     *located;

    mu_osm_road_barrier *barrier; /* by rising node */
    size_t               barrier_count, barrier_capacity;

    muster_turn_restriction *turn; /* edges and nodes not filled in yet */
    mu_osm_via              *turn_via;
    size_t                   turn_count, turn_capacity, turn_via_capacity;
    int64_t                 *via_way;
    size_t                   via_way_count, via_way_capacity;
    /* Filled in with the turns' edges. */
    uint32_t *first_via, *via_edge; /* [turn_count + 1], and what it says */
    size_t    via_edge_count, via_edge_capacity;

    mu_name_pool       names;
    muster_osm_summary summary;
} mu_osm_roads;

/* Read `path` in two passes. */
muster_status mu_osm_roads_read(mu_osm_roads *roads, const char *path, muster_progress progress,
                                void *progress_user);
void          mu_osm_roads_fini(mu_osm_roads *roads);

/* The index of a node by its identifier, or MUSTER_NONE. */
uint32_t mu_osm_roads_find_node(const mu_osm_roads *roads, int64_t id);

double mu_osm_lon_deg(const mu_osm_roads *roads, uint32_t node);
double mu_osm_lat_deg(const mu_osm_roads *roads, uint32_t node);

#endif
