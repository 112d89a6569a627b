/* Areas on the map, prepared for many questions. */
#ifndef MU_CORE_POLYGON_H
#define MU_CORE_POLYGON_H

#include <math.h>

#include <muster/closure.h>

#include "core/network.h"
#include "core/segment.h"

typedef struct mu_polygon {
    uint32_t    side_count;
    mu_segment *side;  /* of all rings */
    mu_rtree    sides; /* their boxes */
} mu_polygon;

/* Whether a straight line between two longitudes goes the long way round the earth, which is never
 * what was meant: it should have been cut at 180 degrees (RFC 7946, section 3.1.9). The sides of a
 * box round the whole earth are meant. */
static inline bool mu_goes_round(double lon_deg, double other_lon_deg) {
    return fabs(lon_deg - other_lon_deg) > 180 &&
           !(fabs(lon_deg) == 180 && fabs(other_lon_deg) == 180);
}

/* MUSTER_E_INVALID names the ring or the point that is wrong. */
muster_status mu_polygon_check(const muster_polygon *shape);
/* Check and copy. */
muster_status mu_polygon_init(mu_polygon *polygon, const muster_polygon *shape);
void          mu_polygon_fini(mu_polygon *polygon);

/* Even-odd: inside where a ray crosses the sides an odd number of times. On a side is either. */
bool mu_polygon_contains(const mu_polygon *polygon, mu_point point);
/* How much of a box is inside: all or nothing of one that no side comes near, and what is said then is
 * said of each point and line in it by the following as well. */
mu_cover mu_polygon_cover_of(const mu_polygon *polygon, const mu_box *box);
/* How much of the line of an edge is inside: of one that touches a side, a part. O(points log sides). */
mu_cover mu_polygon_cover_of_edge(const mu_polygon *polygon, const muster_network *network,
                                  uint32_t edge);

/* The i-th straight piece of an edge's line. */
mu_segment mu_edge_segment(const muster_network *network, uint32_t edge, uint32_t i);

#endif
