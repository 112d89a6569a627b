/* Snapping: the nearest usable edge, and the place on it.
 *
 * The R-tree hands out edges nearest first, so the search may look past the nearest one
 * where that is an island: a courtyard mapped without its gate, a lane that only leads in.
 * A site snapped there could reach nobody, which for a rescue is never what was meant when
 * a real road is a few hundred metres further. */
#include <muster/snap.h>

#include <math.h>

#include "core/metric.h"
#include "core/plane.h"

/* Everything about one site's search. */
typedef struct seeker {
    const muster_metric       *metric;
    const muster_snap_options *options;
    double                     lon_deg, lat_deg;
    mu_plane                   plane;
    muster_snap                best;
    uint32_t                   best_size; /* nodes in the component of best.edge */
    double                     reach_m;   /* beyond this a better component does not count */
} seeker;

/* Where on an edge's line a place is nearest. */
typedef struct foot {
    double lon_deg, lat_deg, distance_m;
    double along_m, length_m; /* in the plane, up to the foot and in all */
} foot;

static foot find_foot(const seeker *s, uint32_t edge) {
    const muster_network *net   = s->metric->network;
    const uint32_t        count = mu_edge_point_count(net, edge);
    foot                  best  = {.distance_m = INFINITY};
    double                x0, y0, length_m = 0;
    mu_edge_point(net, edge, 0, &x0, &y0);
    for (uint32_t i = 1; i < count; ++i) {
        double x1, y1;
        mu_edge_point(net, edge, i, &x1, &y1);
        const double dx = (x1 - x0) * s->plane.x_m_per_deg, dy = (y1 - y0) * s->plane.y_m_per_deg;
        const double px     = (s->lon_deg - x0) * s->plane.x_m_per_deg;
        const double py     = (s->lat_deg - y0) * s->plane.y_m_per_deg;
        const double square = dx * dx + dy * dy;
        const double t      = square > 0 ? fmin(1, fmax(0, (px * dx + py * dy) / square)) : 0;
        const double away_m = hypot(px - t * dx, py - t * dy);
        const double step_m = sqrt(square);
        if (away_m < best.distance_m) {
            best = (foot){x0 + t * (x1 - x0), y0 + t * (y1 - y0), away_m, length_m + t * step_m, 0};
        }
        length_m += step_m;
        x0 = x1;
        y0 = y1;
    }
    best.length_m = length_m;
    return best;
}

static double edge_distance(void *user, uint32_t edge) {
    const seeker *s = user;
    return mu_metric_uses(s->metric, edge) ? find_foot(s, edge).distance_m : INFINITY;
}

/* An edge between two components is as badly placed as the smaller of them. */
static uint32_t component_size(const seeker *s, uint32_t edge) {
    const muster_metric       *metric = s->options->island_metric;
    const muster_network_data *v      = &s->metric->network->view;
    if (!metric) metric = s->metric;
    const uint32_t source = metric->scc.component[v->edge_source[edge]];
    const uint32_t target = metric->scc.component[v->edge_target[edge]];
    return metric->scc.size[source > target ? source : target];
}

static void take(seeker *s, uint32_t edge) {
    const foot f = find_foot(s, edge);
    s->best_size = component_size(s, edge);
    s->best      = (muster_snap){.edge       = edge,
                                 .fraction   = f.length_m > 0 ? fmin(1, f.along_m / f.length_m) : 0,
                                 .lon_deg    = f.lon_deg,
                                 .lat_deg    = f.lat_deg,
                                 .distance_m = f.distance_m};
}

static bool consider(void *user, uint32_t edge, double distance_m) {
    seeker *s = user;
    if (s->best.edge == MUSTER_NONE) {
        s->best.distance_m = distance_m;
        if (distance_m > s->options->max_distance_m) return false;
        s->reach_m = fmin(distance_m + s->options->island_detour_m, s->options->max_distance_m);
        take(s, edge);
    } else {
        if (distance_m > s->reach_m) return false;
        if (component_size(s, edge) > s->best_size) take(s, edge);
    }
    return s->best_size < s->options->island_node_count;
}

/* What flies takes a place as it is. */
static muster_status snap_one(const muster_metric *metric, double lon_deg, double lat_deg,
                              const muster_snap_options *options, muster_snap *out) {
    if (mu_metric_flies(metric)) {
        *out = (muster_snap){MUSTER_BY_AIR, 0, lon_deg, lat_deg, 0};
        return MUSTER_OK;
    }
    seeker               s     = {.metric  = metric,
                                  .options = options,
                                  .lon_deg = lon_deg,
                                  .lat_deg = lat_deg,
                                  .plane   = mu_plane_at(lat_deg),
                                  .best    = {MUSTER_NONE, 0, lon_deg, lat_deg, INFINITY}};
    const mu_rtree_query query = {lon_deg, lat_deg, s.plane.x_m_per_deg, s.plane.y_m_per_deg};
    MU_TRY(
        mu_rtree_nearest(&metric->network->edges, &query, INFINITY, edge_distance, consider, &s));
    *out = s.best;
    return MUSTER_OK;
}

/* NaN is not. */
static bool is_on_globe(double lon_deg, double lat_deg) {
    return lon_deg >= -180 && lon_deg <= 180 && lat_deg >= -90 && lat_deg <= 90;
}

static muster_status check_site(uint32_t site, double lon_deg, double lat_deg) {
    if (is_on_globe(lon_deg, lat_deg)) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "site %u is at longitude %g, latitude %g; expected -180 to 180 and -90 to "
                       "90, longitude first",
                       site, lon_deg, lat_deg);
}

static muster_status check_options(const muster_metric       *metric,
                                   const muster_snap_options *options) {
    if (options->struct_size != sizeof *options) {
        return muster_fail(MUSTER_E_INVALID, "snap options have struct_size %zu; expected %zu",
                           options->struct_size, sizeof *options);
    }
    if (options->island_metric && options->island_metric->network != metric->network) {
        return muster_fail(MUSTER_E_INVALID, "snap options have an island_metric of another "
                                             "network; expected one of the same");
    }
    if (options->max_distance_m >= 0 && options->island_detour_m >= 0) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "snap options have max_distance_m %g and island_detour_m %g; expected 0 or "
                       "more",
                       options->max_distance_m, options->island_detour_m);
}

muster_status muster_snap_sites(const muster_metric *metric, uint32_t count, const double *lon_deg,
                                const double *lat_deg, const muster_snap_options *options,
                                muster_snap *out) {
    static const muster_snap_options DEFAULTS = MUSTER_SNAP_OPTIONS_INIT;
    if (!options) options = &DEFAULTS;
    MU_TRY(check_options(metric, options));
    for (uint32_t i = 0; i < count; ++i) MU_TRY(check_site(i, lon_deg[i], lat_deg[i]));
    for (uint32_t i = 0; i < count; ++i) {
        MU_TRY(snap_one(metric, lon_deg[i], lat_deg[i], options, &out[i]));
    }
    return MUSTER_OK;
}

static muster_snap_outcome outcome_of(const muster_snap *snap) {
    if (snap->edge != MUSTER_NONE) return MUSTER_SNAPPED;
    return isfinite(snap->distance_m) ? MUSTER_SNAP_TOO_FAR : MUSTER_SNAP_NO_ROAD;
}

muster_status muster_snap_each(const muster_metric *metric, uint32_t count, const double *lon_deg,
                               const double *lat_deg, const muster_snap_options *options,
                               muster_snap *out, muster_snap_outcome *out_outcome) {
    static const muster_snap_options DEFAULTS = MUSTER_SNAP_OPTIONS_INIT;
    if (!options) options = &DEFAULTS;
    MU_TRY(check_options(metric, options));
    for (uint32_t i = 0; i < count; ++i) {
        if (is_on_globe(lon_deg[i], lat_deg[i])) {
            MU_TRY(snap_one(metric, lon_deg[i], lat_deg[i], options, &out[i]));
            out_outcome[i] = outcome_of(&out[i]);
        } else {
            out[i]         = (muster_snap){MUSTER_NONE, 0, lon_deg[i], lat_deg[i], INFINITY};
            out_outcome[i] = MUSTER_SNAP_OFF_GLOBE;
        }
    }
    return MUSTER_OK;
}
