/* A network in another coordinate system becomes one in WGS 84.
 *
 * Its arrays are borrowed but for those of positions and lengths. A system that bends the map bends
 * its lengths too, each road's by its own measure: the ratio of its line along the ellipsoid, after
 * and before. */
#include <muster/coordinates.h>

#include "gis/geodesic.h"
#include "gis/memory.h"

typedef struct conversion {
    const muster_network_data *from;
    muster_crs                *crs;
    double                    *node_lon, *node_lat, *point_lon, *point_lat, *length_m;
} conversion;

static void fini(conversion *c) {
    mu_gis_free(c->node_lon);
    mu_gis_free(c->node_lat);
    mu_gis_free(c->point_lon);
    mu_gis_free(c->point_lat);
    mu_gis_free(c->length_m);
}

static muster_status check_system(const muster_crs *crs) {
    if (!muster_crs_is_projected(crs)) return MUSTER_OK;
    return muster_fail(
        MUSTER_E_INVALID,
        "a network is in degrees, and %s has easting and northing; expected a system "
        "of longitude and latitude",
        muster_crs_name(crs));
}

static muster_status convert(conversion *c, const char *what, size_t count, const double *lon_deg,
                             const double *lat_deg, double **out_lon, double **out_lat) {
    MU_TRY(mu_gis_alloc(out_lon, count, sizeof **out_lon));
    MU_TRY(mu_gis_alloc(out_lat, count, sizeof **out_lat));
    if (muster_crs_to_wgs84(c->crs, count, lon_deg, lat_deg, *out_lon, *out_lat) == MUSTER_OK) {
        return MUSTER_OK;
    }
    return muster_fail(MUSTER_E_INVALID, "%s: %s", what, muster_error_message());
}

/* Of edge `e`, whose nodes and points are in these arrays. */
static double line_m(const muster_network_data *net, uint32_t e, const double *node_lon,
                     const double *node_lat, const double *point_lon, const double *point_lat) {
    const uint32_t source = net->edge_source[e], target = net->edge_target[e];
    double         lon = node_lon[source], lat = node_lat[source], sum_m = 0;
    for (uint32_t p = net->edge_first_point[e]; p < net->edge_first_point[e + 1]; ++p) {
        sum_m += mu_geodesic_m(lon, lat, point_lon[p], point_lat[p]);
        lon = point_lon[p];
        lat = point_lat[p];
    }
    return sum_m + mu_geodesic_m(lon, lat, node_lon[target], node_lat[target]);
}

static muster_status convert_lengths(conversion *c) {
    const muster_network_data *net = c->from;
    MU_TRY(mu_gis_alloc(&c->length_m, net->edge_count, sizeof *c->length_m));
    for (uint32_t e = 0; e < net->edge_count; ++e) {
        const double before_m = line_m(net, e, net->node_lon_deg, net->node_lat_deg,
                                       net->point_lon_deg, net->point_lat_deg);
        const double after_m = line_m(net, e, c->node_lon, c->node_lat, c->point_lon, c->point_lat);
        const double bend    = before_m > 0 ? after_m / before_m : 1;
        c->length_m[e]       = net->edge_length_m[e] * bend;
    }
    return MUSTER_OK;
}

static muster_status convert_all(conversion *c, muster_network **out) {
    const muster_network_data *net = c->from;
    MU_TRY(check_system(c->crs));
    MU_TRY(convert(c, "nodes", net->node_count, net->node_lon_deg, net->node_lat_deg, &c->node_lon,
                   &c->node_lat));
    MU_TRY(convert(c, "points of edges", net->edge_first_point[net->edge_count], net->point_lon_deg,
                   net->point_lat_deg, &c->point_lon, &c->point_lat));
    MU_TRY(convert_lengths(c));
    muster_network_data data = *net;
    data.node_lon_deg        = c->node_lon;
    data.node_lat_deg        = c->node_lat;
    data.point_lon_deg       = c->point_lon;
    data.point_lat_deg       = c->point_lat;
    data.edge_length_m       = c->length_m;
    return muster_network_new(out, &data);
}

muster_status muster_crs_network(muster_network **out, const muster_network *network,
                                 muster_crs *crs) {
    conversion c               = {.from = muster_network_view(network), .crs = crs};
    *out                       = NULL;
    const muster_status status = convert_all(&c, out);
    fini(&c);
    return status;
}
