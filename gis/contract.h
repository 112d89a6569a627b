/* From segments to edges: chains of segments between which nothing changes become one. */
#ifndef MU_GIS_CONTRACT_H
#define MU_GIS_CONTRACT_H

#include "gis/osm_segments.h"

/* A segment and the direction it is driven in: 2 * segment, or + 1 from target to source.
 * Read as a place, it is the end of the segment where that drive begins. */
typedef uint32_t mu_segment_end;

/* Edges as runs of segments in driving order. Start from zeros. */
typedef struct mu_osm_chains {
    uint32_t        count;
    uint32_t       *first;   /* [count + 1] into `part` */
    mu_segment_end *part;    /* [segment count], each segment once */
    uint32_t       *edge_of; /* [segment count] the chain that a segment is in */
} mu_osm_chains;

/* Chains are in the order of their first segment in the file, and run in its direction. */
muster_status mu_osm_contract(mu_osm_chains *chains, const mu_osm_segments *segments,
                              const mu_osm_roads *roads);
void          mu_osm_chains_fini(mu_osm_chains *chains);

uint32_t mu_segment_start(const mu_osm_segments *segments, mu_segment_end part);
uint32_t mu_segment_finish(const mu_osm_segments *segments, mu_segment_end part);

#endif
