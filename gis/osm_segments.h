/* Ways cut into segments: pieces of one way between places where the road network could
 * branch or change. */
#ifndef MU_GIS_OSM_SEGMENTS_H
#define MU_GIS_OSM_SEGMENTS_H

#include "gis/osm_roads.h"

typedef struct mu_osm_segment {
    size_t   first_ref; /* into roads->ref */
    uint32_t ref_count; /* 2 or more */
    uint32_t way;       /* into roads->way */
    /* Nodes of the ends. From roads->node_count on they are twins: node_count + b is the
     * far side of barrier b. */
    uint32_t source, target;
    uint32_t duration_ms; /* this segment's share of the way's, or MUSTER_NONE */
} mu_osm_segment;

/* Start from zeros; give back with mu_osm_segments_fini. */
typedef struct mu_osm_segments {
    mu_osm_segment *segment; /* in the order of ways, and of each way's nodes */
    size_t          count, capacity;
    uint32_t       *way_first;   /* [way_count + 1] segments of way w: way_first[w]... */
    uint8_t        *mark;        /* [node_count], see osm_segments.c */
    uint32_t       *barrier_way; /* [barrier_count] the way that a barrier cuts, or MUSTER_NONE */
} mu_osm_segments;

/* Cut the roads; counts roads, short ways and cut ways in roads->summary. */
muster_status mu_osm_segments_cut(mu_osm_segments *segments, mu_osm_roads *roads);
void          mu_osm_segments_fini(mu_osm_segments *segments);

/* Does an edge have to end at this node, whatever meets there? */
bool mu_osm_is_stop(const mu_osm_segments *segments, uint32_t node);
/* Does any road run over this node? */
bool mu_osm_is_on_road(const mu_osm_segments *segments, uint32_t node);

double mu_osm_segment_length_m(const mu_osm_roads *roads, const mu_osm_segment *segment);

#endif
