/* Snapping: the nearest usable edge, and the place on it.
 *
 * The R-tree hands out edges nearest first, so the search may look past the nearest one
 * where that is an island: a courtyard mapped without its gate, a lane that only leads in.
 * A site snapped there could reach nobody, which for a rescue is never what was meant when
 * a real road is a few hundred metres further.
 *
 * What is nearest depends on the metric, and yet the ways there hardly differ: where a site is asked
 * for by several, the edges are gone through once, until each has found its own; and where it is asked for
 * again and again, while roads are closed and opened, the edges that are nearest are remembered (near.c), and what
 * a metric has found where that is hard. Whoever asks for several metrics adds to what is remembered; all others
 * look there first, but their places may be asked for once and never again. */
#include "core/snap.h"

#include <math.h>

#include "core/alloc.h"
#include "core/foot.h"
#include "core/metric.h"
#include "core/near.h"

/* What one metric is looking for, and has found. */
typedef struct seeker {
    const muster_metric *metric;
    muster_snap          best;
    uint32_t             best_size; /* nodes in the component of best.edge */
    double               reach_m;   /* beyond this a better component does not count */
    uint32_t             met;       /* roads of the party until it was done */
    bool                 is_done;
} seeker;

static const muster_snap_options DEFAULTS = MUSTER_SNAP_OPTIONS_INIT;

/* Everything about one site's search: metrics of one network look through its edges together. */
typedef struct party {
    const muster_snap_options *options;
    mu_stand                   stand;
    uint32_t                   seeker_count, open_count; /* open: not done yet */
    seeker                    *seeker;
    uint32_t                   met; /* roads so far */
} party;

/* An edge that none of those uses who are still looking is as good as far away. */
static double edge_distance(void *user, uint32_t edge) {
    const party *p = user;
    for (uint32_t k = 0; k < p->seeker_count; ++k) {
        const seeker *s = &p->seeker[k];
        if (s->is_done || !mu_metric_uses(s->metric, edge)) continue;
        return mu_foot_on(&p->stand, s->metric->network, edge).distance_m;
    }
    return INFINITY;
}

/* An edge between two components is as badly placed as the smaller of them. */
static uint32_t component_size(const party *p, const seeker *s, uint32_t edge) {
    const muster_metric       *metric = p->options->island_metric;
    const muster_network_data *v      = &s->metric->network->view;
    if (!metric) metric = s->metric;
    const uint32_t source = metric->scc.component[v->edge_source[edge]];
    const uint32_t target = metric->scc.component[v->edge_target[edge]];
    return metric->scc.size[source > target ? source : target];
}

static void take(const party *p, seeker *s, const muster_snap *road) {
    s->best_size = component_size(p, s, road->edge);
    s->best      = *road;
}

/* A road that the seeker's metric uses, the next one by distance. Returns whether it is done. */
static bool consider(const party *p, seeker *s, const muster_snap *road) {
    if (s->best.edge == MUSTER_NONE) {
        s->best.distance_m = road->distance_m;
        if (road->distance_m > p->options->max_distance_m) return true;
        s->reach_m =
            fmin(road->distance_m + p->options->island_detour_m, p->options->max_distance_m);
        take(p, s, road);
    } else {
        if (road->distance_m > s->reach_m) return true;
        if (component_size(p, s, road->edge) > s->best_size) take(p, s, road);
    }
    return s->best_size >= p->options->island_node_count;
}

/* Returns whether anybody is still looking. */
static bool meet_road(party *p, const muster_snap *road) {
    ++p->met;
    for (uint32_t k = 0; k < p->seeker_count; ++k) {
        seeker *s = &p->seeker[k];
        if (s->is_done || !mu_metric_uses(s->metric, road->edge)) continue;
        s->is_done = consider(p, s, road);
        s->met     = p->met;
        p->open_count -= s->is_done;
    }
    return p->open_count > 0;
}

static bool meet_edge(void *user, uint32_t edge, double distance_m) {
    party            *p    = user;
    const muster_snap road = mu_foot_on(&p->stand, p->seeker[0].metric->network, edge);
    (void)distance_m;
    return meet_road(p, &road);
}

/* What flies takes a place as it is. */
static void start_seeker(party *p, seeker *s) {
    const bool     flies = mu_metric_flies(s->metric);
    const uint32_t edge  = flies ? MUSTER_BY_AIR : MUSTER_NONE;
    s->best    = (muster_snap){edge, 0, p->stand.lon_deg, p->stand.lat_deg, flies ? 0 : INFINITY};
    s->is_done = flies;
    s->met     = 0;
    p->open_count += !flies;
}

static void start(party *p) {
    p->open_count = 0;
    for (uint32_t k = 0; k < p->seeker_count; ++k) start_seeker(p, &p->seeker[k]);
}

/* Those who are not done yet begin again. */
static void start_again(party *p) {
    for (uint32_t k = 0; k < p->seeker_count; ++k) {
        if (p->seeker[k].is_done) continue;
        --p->open_count;
        start_seeker(p, &p->seeker[k]);
    }
}

static mu_rtree_query query_at(const mu_stand *stand) {
    return (mu_rtree_query){stand->lon_deg, stand->lat_deg, stand->plane.x_m_per_deg,
                            stand->plane.y_m_per_deg};
}

/* What is remembered needs no plane: it is worked out here. */
static muster_status ask_tree(party *p) {
    if (p->open_count == 0) return MUSTER_OK;
    p->stand                   = mu_stand_at(p->stand.lon_deg, p->stand.lat_deg);
    const mu_rtree_query query = query_at(&p->stand);
    return mu_rtree_nearest(&p->seeker[0].metric->network->edges, &query, INFINITY, edge_distance,
                            meet_edge, p);
}

/* What was hard to find the last time, with the lock held. */
static void recall_answers(party *p, const mu_near *near) {
    for (uint32_t k = 0; k < p->seeker_count; ++k) {
        seeker *s = &p->seeker[k];
        if (s->is_done) continue;
        s->is_done =
            mu_near_recall_snap(near, p->stand.lon_deg, p->stand.lat_deg, s->metric->id, &s->best);
        p->open_count -= s->is_done;
    }
}

/* As far as is known: *met of the roads are behind the seekers. Returns whether that was enough. */
static bool ask_known(party *p, mu_near *near, uint32_t *met) {
    mu_near_row row;
    mu_near_lock(near);
    if (*met == 0 && p->options == &DEFAULTS) recall_answers(p, near);
    mu_near_recall(near, p->stand.lon_deg, p->stand.lat_deg, *met, &row);
    for (uint32_t i = *met; p->open_count > 0 && i < row.count; ++i) meet_road(p, &row.road[i]);
    mu_near_unlock(near);
    if (row.road) *met = row.count;
    return p->open_count == 0 || row.is_all;
}

/* What is hard to find: beyond so many roads it takes longer to look at them than to look it up. */
enum { EASY_ROADS = 8 };

static muster_status keep_answers(const party *p, mu_near *near) {
    muster_status status = MUSTER_OK;
    if (p->met <= EASY_ROADS) return MUSTER_OK;
    mu_near_lock(near);
    for (uint32_t k = 0; status == MUSTER_OK && k < p->seeker_count; ++k) {
        const seeker *s = &p->seeker[k];
        if ((s->is_done ? s->met : p->met) <= EASY_ROADS) continue;
        status =
            mu_near_keep_snap(near, p->stand.lon_deg, p->stand.lat_deg, s->metric->id, &s->best);
    }
    mu_near_unlock(near);
    return status;
}

/* Whoever finds nothing among so many looks for his own. A quarter that is flooded for hours has some hundred roads
 * round each of its places, and looking for them anew by every metric that comes took a thirtieth of a typhoon's
 * simulation. */
enum { MOST_ROADS = 500 };

/* When `met` roads of the place have not been enough, and there may be no room for more. */
static muster_status ask_more(party *p, mu_near *near, uint32_t met) {
    bool is_longer = met < MOST_ROADS;
    while (is_longer) {
        const uint32_t before = met;
        MU_TRY(mu_near_learn(near, p->stand.lon_deg, p->stand.lat_deg, met));
        if (ask_known(p, near, &met)) return MUSTER_OK;
        is_longer = met > before && met < MOST_ROADS;
    }
    start_again(p);
    return ask_tree(p);
}

static muster_status ask_near(party *p, mu_near *near) {
    uint32_t met = 0;
    if (p->open_count == 0) return MUSTER_OK;
    if (!ask_known(p, near, &met)) MU_TRY(ask_more(p, near, met));
    return keep_answers(p, near);
}

static void collect(const party *p, muster_snap *out) {
    for (uint32_t k = 0; k < p->seeker_count; ++k) out[k] = p->seeker[k].best;
}

/* By what is known of the place; of one that is not known nothing is kept. */
static muster_status ask_for_once(party *p, mu_near *near) {
    uint32_t met = 0;
    if (p->open_count == 0) return MUSTER_OK;
    if (!ask_known(p, near, &met)) MU_TRY(met > 0 ? ask_more(p, near, met) : ask_tree(p));
    return p->options == &DEFAULTS ? keep_answers(p, near) : MUSTER_OK;
}

static muster_status snap_one(const muster_metric *metric, double lon_deg, double lat_deg,
                              const muster_snap_options *options, muster_snap *out) {
    seeker one = {.metric = metric};
    party  p   = {.options      = options,
                  .stand        = {.lon_deg = lon_deg, .lat_deg = lat_deg},
                  .seeker_count = 1,
                  .seeker       = &one};
    start(&p);
    MU_TRY(ask_for_once(&p, metric->network->near));
    collect(&p, out);
    return MUSTER_OK;
}

muster_status mu_snap_for_each(uint32_t metric_count, const muster_metric *const *metric,
                               double lon_deg, double lat_deg, muster_snap *out) {
    enum { FEW = 8 };
    seeker few[FEW];
    party  p = {.options      = &DEFAULTS,
                .stand        = {.lon_deg = lon_deg, .lat_deg = lat_deg},
                .seeker_count = metric_count,
                .seeker       = few};
    if (metric_count == 0) return MUSTER_OK;
    if (metric_count > FEW) MU_TRY(mu_alloc(&p.seeker, metric_count, sizeof *p.seeker));
    for (uint32_t k = 0; k < metric_count; ++k) p.seeker[k].metric = metric[k];
    start(&p);
    const muster_status status = ask_near(&p, metric[0]->network->near);
    if (status == MUSTER_OK) collect(&p, out);
    if (p.seeker != few) mu_free(p.seeker);
    return status;
}

/* ---- whoever drives there ------------------------------------------------------------------ */

typedef struct any_road {
    const muster_network *network;
    mu_stand              stand;
    uint32_t              edge;
} any_road;

static double any_distance(void *user, uint32_t edge) {
    const any_road            *r = user;
    const muster_network_data *v = &r->network->view;
    if ((v->edge_access_forward[edge] | v->edge_access_backward[edge]) == 0) return INFINITY;
    return mu_foot_on(&r->stand, r->network, edge).distance_m;
}

static bool take_any(void *user, uint32_t edge, double distance_m) {
    any_road *r = user;
    (void)distance_m;
    r->edge = edge;
    return false;
}

muster_status mu_snap_any_road(const muster_network *network, double lon_deg, double lat_deg,
                               double most_m, uint32_t *out_edge) {
    any_road r = {.network = network, .stand = mu_stand_at(lon_deg, lat_deg), .edge = MUSTER_NONE};
    const mu_rtree_query query = query_at(&r.stand);
    MU_TRY(mu_rtree_nearest(&network->edges, &query, most_m, any_distance, take_any, &r));
    *out_edge = r.edge;
    return MUSTER_OK;
}

/* ---- sites ------------------------------------------------------------------------------- */

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
    if (!options) options = &DEFAULTS;
    MU_TRY(check_options(metric, options));
    for (uint32_t i = 0; i < count; ++i) MU_TRY(check_site(i, lon_deg[i], lat_deg[i]));
    for (uint32_t i = 0; i < count; ++i) {
        MU_TRY(snap_one(metric, lon_deg[i], lat_deg[i], options, &out[i]));
    }
    return MUSTER_OK;
}

/* ---- several edges --------------------------------------------------------------------- */

/* The edges nearest to one place, as they are met. */
typedef struct row {
    party        place; /* of one seeker */
    uint32_t     most, count;
    muster_snap *out;
} row;

static double distance_in_row(void *user, uint32_t edge) {
    row *r = user;
    return edge_distance(&r->place, edge);
}

static bool add_to_row(void *user, uint32_t edge, double distance_m) {
    row *r = user;
    (void)distance_m;
    r->out[r->count++] = mu_foot_on(&r->place.stand, r->place.seeker->metric->network, edge);
    return r->count < r->most;
}

muster_status muster_snap_nearest(const muster_metric *metric, double lon_deg, double lat_deg,
                                  double max_distance_m, uint32_t most, uint32_t *out_count,
                                  muster_snap *out) {
    muster_snap_options options = MUSTER_SNAP_OPTIONS_INIT;
    seeker              one     = {.metric = metric};
    row r = {{.options = &options, .seeker_count = 1, .seeker = &one}, most, 0, out};
    options.max_distance_m = max_distance_m;
    *out_count             = 0;
    MU_TRY(check_options(metric, &options));
    MU_TRY(check_site(0, lon_deg, lat_deg));
    if (most == 0) return MUSTER_OK;
    r.place.stand = mu_stand_at(lon_deg, lat_deg);
    if (mu_metric_flies(metric)) {
        out[0]     = (muster_snap){MUSTER_BY_AIR, 0, lon_deg, lat_deg, 0};
        *out_count = 1;
        return MUSTER_OK;
    }
    const mu_rtree_query query = query_at(&r.place.stand);
    MU_TRY(mu_rtree_nearest(&metric->network->edges, &query, max_distance_m, distance_in_row,
                            add_to_row, &r));
    *out_count = r.count;
    return MUSTER_OK;
}

/* ---- with outcomes --------------------------------------------------------------------- */

static muster_snap_outcome outcome_of(const muster_snap *snap) {
    if (snap->edge != MUSTER_NONE) return MUSTER_SNAPPED;
    return isfinite(snap->distance_m) ? MUSTER_SNAP_TOO_FAR : MUSTER_SNAP_NO_ROAD;
}

muster_status muster_snap_each(const muster_metric *metric, uint32_t count, const double *lon_deg,
                               const double *lat_deg, const muster_snap_options *options,
                               muster_snap *out, muster_snap_outcome *out_outcome) {
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
