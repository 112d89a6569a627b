/* Lengths along the line of an edge. */
#ifndef MU_CORE_EDGE_LINE_H
#define MU_CORE_EDGE_LINE_H

#include "core/network.h"
#include "core/plane.h"

/* The length of an edge's line in the plane at its source, in which fractions are measured. */
double mu_edge_plane_length_m(const muster_network *network, uint32_t edge, mu_plane *out_plane);

#endif
