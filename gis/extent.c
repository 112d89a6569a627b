/* Where a network is, and whether a position is there, or would be with its numbers changed over.
 *
 * That a pair is swapped cannot be seen in the pair: 35.9, 14.5 is Malta or the Sudan. It is seen
 * in where the network is. The pair is never changed here; whoever asked says so. */
#include <muster/coordinates.h>

#include <math.h>
#include <stdbool.h>

/* Sites are moved to a road 5 km away at most, which is 0.1 degrees of longitude at 63 degrees of
 * latitude. */
static const double MARGIN_DEG = 0.1;

muster_extent muster_network_extent(const muster_network *network) {
    const muster_network_data *v      = muster_network_view(network);
    muster_extent              extent = {(double)NAN, (double)NAN, (double)NAN, (double)NAN};
    for (uint32_t i = 0; i < v->node_count; ++i) { /* a NaN gives way to any number */
        extent.west_deg  = fmin(extent.west_deg, v->node_lon_deg[i]);
        extent.east_deg  = fmax(extent.east_deg, v->node_lon_deg[i]);
        extent.south_deg = fmin(extent.south_deg, v->node_lat_deg[i]);
        extent.north_deg = fmax(extent.north_deg, v->node_lat_deg[i]);
    }
    return extent;
}

static bool is_near(const muster_extent *e, double lon_deg, double lat_deg) {
    return lon_deg >= e->west_deg - MARGIN_DEG && lon_deg <= e->east_deg + MARGIN_DEG &&
           lat_deg >= e->south_deg - MARGIN_DEG && lat_deg <= e->north_deg + MARGIN_DEG;
}

muster_position muster_extent_look(const muster_extent *extent, double lon_deg, double lat_deg) {
    if (is_near(extent, lon_deg, lat_deg)) return MUSTER_POSITION_NEAR;
    return is_near(extent, lat_deg, lon_deg) ? MUSTER_POSITION_SWAPPED : MUSTER_POSITION_FAR;
}
