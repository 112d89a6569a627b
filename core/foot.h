/* Where on a road a place is nearest. */
#ifndef MU_CORE_FOOT_H
#define MU_CORE_FOOT_H

#include <muster/snap.h>

#include "core/plane.h"

/* A place, and the flat map round it. */
typedef struct mu_stand {
    double   lon_deg, lat_deg;
    mu_plane plane;
} mu_stand;

mu_stand mu_stand_at(double lon_deg, double lat_deg);

/* The place on the edge's line that is nearest. */
muster_snap mu_foot_on(const mu_stand *stand, const muster_network *network, uint32_t edge);

#endif
