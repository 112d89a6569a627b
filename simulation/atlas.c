#include "simulation/atlas.h"

#include "core/alloc.h"

/* A query belongs to one metric. It takes as long to make as a hundred questions. */
typedef struct mu_traveller {
    const muster_metric *metric;
    muster_query        *query; /* NULL: nobody has asked yet */
} mu_traveller;

muster_status mu_atlas_init(mu_atlas *t, uint32_t profile_count) {
    t->profile_count = profile_count;
    return mu_alloc_zeroed(&t->traveller, profile_count, sizeof *t->traveller);
}

void mu_atlas_fini(mu_atlas *t) {
    for (uint32_t p = 0; t->traveller && p < t->profile_count; ++p) {
        muster_query_free(t->traveller[p].query);
    }
    mu_free(t->traveller);
    *t = (mu_atlas){0};
}

static const muster_metric *metric_of(const muster_roads *roads, uint32_t profile) {
    uint32_t count;
    return mu_roads_metrics(roads, &count)[profile];
}

bool mu_atlas_differs(const mu_atlas *t, uint32_t profile, const muster_roads *roads) {
    return t->traveller[profile].metric != metric_of(roads, profile);
}

void mu_atlas_take_roads(mu_atlas *t, const muster_roads *roads) {
    t->roads = roads;
    for (uint32_t p = 0; p < t->profile_count; ++p) {
        mu_traveller *one = &t->traveller[p];
        if (!mu_atlas_differs(t, p, roads)) continue;
        muster_query_free(one->query);
        *one = (mu_traveller){.metric = metric_of(roads, p)};
    }
}

/* *out_query: NULL where one of the places is near no road. */
static muster_status prepare(mu_atlas *t, uint32_t profile, const muster_site *from,
                             const muster_site *to, muster_snap out_snap[2],
                             muster_query **out_query) {
    mu_traveller *one       = &t->traveller[profile];
    const double  lon_deg[] = {from->lon_deg, to->lon_deg};
    const double  lat_deg[] = {from->lat_deg, to->lat_deg};
    *out_query              = NULL;
    MU_TRY(muster_snap_sites(one->metric, 2, lon_deg, lat_deg, NULL, out_snap));
    if (out_snap[0].edge == MUSTER_NONE || out_snap[1].edge == MUSTER_NONE) return MUSTER_OK;
    if (!one->query) MU_TRY(muster_query_new(&one->query, one->metric));
    *out_query = one->query;
    return MUSTER_OK;
}

muster_status mu_atlas_way(mu_atlas *t, uint32_t profile, const muster_site *from,
                           const muster_site *to, mu_way *out) {
    muster_snap   snap[2];
    muster_query *query;
    muster_route *route = NULL;
    *out                = (mu_way){0};
    MU_TRY(prepare(t, profile, from, to, snap, &query));
    if (query) MU_TRY(muster_query_route(&route, query, &snap[0], &snap[1]));
    if (!route) return MUSTER_OK;
    const muster_status status =
        mu_way_of(out, route, t->traveller[profile].metric, &snap[0], &snap[1]);
    muster_route_free(route);
    return status;
}

muster_status mu_atlas_time(mu_atlas *t, uint32_t profile, const muster_site *from,
                            const muster_site *to, uint32_t *out_ms) {
    muster_snap   snap[2];
    muster_query *query;
    *out_ms = MUSTER_UNREACHABLE_MS;
    MU_TRY(prepare(t, profile, from, to, snap, &query));
    return query ? muster_query_cost(query, &snap[0], &snap[1], out_ms, NULL) : MUSTER_OK;
}
