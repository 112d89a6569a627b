#include "simulation/atlas.h"

#include <string.h>

#include "core/alloc.h"

/* Ways begin and end at bases, scenes and destinations again and again. */
enum { KNOWN_BITS = 12, KNOWN_PLACES = 1 << KNOWN_BITS };

/* There are few components that anybody is in. */
enum { PAIR_BITS = 8, KNOWN_PAIRS = 1 << PAIR_BITS };

typedef struct known_place {
    bool        is_known;
    muster_site site;
    muster_snap snap;
} known_place;

/* Is there a way from one component to the other? */
typedef struct known_pair {
    bool     is_known, is_way;
    uint32_t from, to;
} known_pair;

/* Snaps belong to one metric; the query turns to that of now. It takes as long to make as a hundred questions. */
typedef struct mu_traveller {
    const muster_metric *metric;
    muster_query        *query;               /* NULL: nobody has asked yet */
    known_place          place[KNOWN_PLACES]; /* by hash of the site: the last that was asked for */
    known_pair           pair[KNOWN_PAIRS];   /* likewise */
} mu_traveller;

muster_status mu_atlas_init(mu_atlas *t, uint32_t profile_count) {
    t->profile_count = profile_count;
    MU_TRY(mu_alloc_zeroed(&t->traveller[MU_NOW], profile_count, sizeof(mu_traveller)));
    return mu_alloc_zeroed(&t->traveller[MU_THEN], profile_count, sizeof(mu_traveller));
}

/* All but its query, which turns to whatever is asked for next. */
static void forget(mu_traveller *one) {
    muster_query *query = one->query;
    memset(one, 0, sizeof *one);
    one->query = query;
}

void mu_atlas_fini(mu_atlas *t) {
    for (int moment = MU_NOW; moment <= MU_THEN; ++moment) {
        for (uint32_t p = 0; t->traveller[moment] && p < t->profile_count; ++p) {
            muster_query_free(t->traveller[moment][p].query);
        }
        mu_free(t->traveller[moment]);
    }
    muster_roads_free(t->roads);
    muster_roads_free(t->then);
    *t = (mu_atlas){0};
}

static const muster_metric *metric_of(const muster_roads *roads, uint32_t profile) {
    uint32_t count;
    return mu_roads_metrics(roads, &count)[profile];
}

bool mu_atlas_differs(const mu_atlas *t, uint32_t profile, const muster_roads *roads) {
    return t->traveller[MU_NOW][profile].metric != metric_of(roads, profile);
}

bool mu_atlas_is_as_then(const mu_atlas *t, uint32_t profile) {
    const muster_metric *then = t->traveller[MU_THEN][profile].metric;
    return !then || then == t->traveller[MU_NOW][profile].metric;
}

/* A metric lives as long as the roads that are kept: those of then are the first that were left, and whatever was
 * left later without being there is as it is in them. */
static void leave(mu_atlas *t, uint32_t profile) {
    mu_traveller *now = &t->traveller[MU_NOW][profile], *then = &t->traveller[MU_THEN][profile];
    if (now->metric && !then->metric) {
        muster_query *query = then->query;
        *then               = *now;
        then->query         = query;
    }
    forget(now);
}

void mu_atlas_take_roads(mu_atlas *t, muster_roads *roads) {
    for (uint32_t p = 0; p < t->profile_count; ++p) {
        if (!mu_atlas_differs(t, p, roads)) continue;
        leave(t, p);
        t->traveller[MU_NOW][p].metric = metric_of(roads, p);
    }
    if (t->then) {
        muster_roads_free(t->roads);
    } else {
        t->then = t->roads;
    }
    t->roads = mu_roads_hold(roads);
}

void mu_atlas_forget(mu_atlas *t) {
    for (uint32_t p = 0; p < t->profile_count; ++p) {
        if (t->traveller[MU_THEN][p].metric) forget(&t->traveller[MU_THEN][p]);
    }
    muster_roads_free(t->then);
    t->then = NULL;
}

/* Where the metric was the same then, it is asked for now. */
static mu_traveller *traveller_of(mu_atlas *t, mu_moment moment, uint32_t profile) {
    const bool is_then = moment == MU_THEN && t->traveller[MU_THEN][profile].metric;
    return &t->traveller[is_then ? MU_THEN : MU_NOW][profile];
}

/* ---- questions --------------------------------------------------------------------------- */

/* By the bits of both coordinates (Fibonacci hashing: Knuth, TAOCP 3, 6.4). */
static known_place *place_for(mu_traveller *one, const muster_site *site) {
    uint64_t lon, lat;
    memcpy(&lon, &site->lon_deg, sizeof lon);
    memcpy(&lat, &site->lat_deg, sizeof lat);
    const uint64_t mixed = (lon * 31 + lat) * UINT64_C(0x9E3779B97F4A7C15);
    return &one->place[mixed >> (64 - KNOWN_BITS)];
}

static known_pair *pair_for(mu_traveller *one, uint32_t from, uint32_t to) {
    const uint64_t mixed = ((uint64_t)from << 32 | to) * UINT64_C(0x9E3779B97F4A7C15);
    return &one->pair[mixed >> (64 - PAIR_BITS)];
}

static bool is_place(const known_place *place, const muster_site *site) {
    return place->is_known && place->site.lon_deg == site->lon_deg &&
           place->site.lat_deg == site->lat_deg;
}

static muster_status snap_site(mu_traveller *one, const muster_site *site, muster_snap *out) {
    known_place *place = place_for(one, site);
    if (!is_place(place, site)) {
        MU_TRY(muster_snap_sites(one->metric, 1, &site->lon_deg, &site->lat_deg, NULL, out));
        *place = (known_place){true, *site, *out};
    }
    *out = place->snap;
    return MUSTER_OK;
}

static muster_status snap_both(mu_traveller *one, const muster_site *from, const muster_site *to,
                               muster_snap out_snap[2], bool *out_are_snapped) {
    MU_TRY(snap_site(one, from, &out_snap[0]));
    MU_TRY(snap_site(one, to, &out_snap[1]));
    *out_are_snapped = out_snap[0].edge != MUSTER_NONE && out_snap[1].edge != MUSTER_NONE;
    return MUSTER_OK;
}

/* *out_query: NULL where one of the places is near no road. */
static muster_status prepare(mu_traveller *one, const muster_site *from, const muster_site *to,
                             muster_snap out_snap[2], muster_query **out_query) {
    bool are_snapped;
    *out_query = NULL;
    MU_TRY(snap_both(one, from, to, out_snap, &are_snapped));
    if (!are_snapped) return MUSTER_OK;
    MU_TRY(one->query ? muster_query_turn_to(one->query, one->metric)
                      : muster_query_new(&one->query, one->metric));
    *out_query = one->query;
    return MUSTER_OK;
}

muster_status mu_atlas_way(mu_atlas *t, uint32_t profile, const muster_site *from,
                           const muster_site *to, mu_way *out) {
    muster_snap   snap[2];
    muster_query *query;
    mu_way        way = {0};
    *out              = way;
    MU_TRY(prepare(traveller_of(t, MU_NOW, profile), from, to, snap, &query));
    if (!query) return MUSTER_OK;
    MU_TRY(muster_query_cost(query, &snap[0], &snap[1], &way.duration_ms, &way.distance_m));
    if (way.duration_ms == MUSTER_UNREACHABLE_MS) return MUSTER_OK;
    way.is_way = true;
    way.from   = snap[0];
    way.to     = snap[1];
    *out       = way;
    return MUSTER_OK;
}

muster_status mu_atlas_draw(mu_atlas *t, uint32_t profile, mu_way *way) {
    const mu_traveller *one = traveller_of(t, MU_NOW, profile);
    muster_route       *route;
    if (!way->is_way || way->route) return MUSTER_OK;
    MU_TRY(muster_query_route(&route, one->query, &way->from, &way->to));
    return mu_way_draw(way, route, one->metric);
}

static bool takes_as_long(const muster_route *route, const mu_way *way) {
    return muster_route_duration_ms(route) == way->duration_ms &&
           muster_route_distance_m(route) == way->distance_m;
}

muster_status mu_atlas_go_on(mu_atlas *t, uint32_t profile, const mu_way *before, mu_way *way) {
    const mu_traveller *one = traveller_of(t, MU_NOW, profile);
    muster_route       *rest;
    if (!before->route || !way->is_way) return MUSTER_OK;
    MU_TRY(muster_route_rest(&rest, before->route, one->metric, &way->from, &way->to));
    if (rest && takes_as_long(rest, way)) return mu_way_draw(way, rest, one->metric);
    muster_route_free(rest);
    return MUSTER_OK;
}

static muster_status time_of(mu_traveller *one, const muster_site *from, const muster_site *to,
                             uint32_t *out_ms) {
    muster_snap   snap[2];
    muster_query *query;
    *out_ms = MUSTER_UNREACHABLE_MS;
    MU_TRY(prepare(one, from, to, snap, &query));
    return query ? muster_query_cost(query, &snap[0], &snap[1], out_ms, NULL) : MUSTER_OK;
}

muster_status mu_atlas_time(mu_atlas *t, mu_moment moment, uint32_t profile,
                            const muster_site *from, const muster_site *to, uint32_t *out_ms) {
    return time_of(traveller_of(t, moment, profile), from, to, out_ms);
}

/* ---- is there a way? ----------------------------------------------------------------------- */

/* The component of both ends of an edge; MUSTER_NONE where they are not of one. */
static uint32_t component_of(const muster_metric *metric, uint32_t edge) {
    const muster_network_data *v         = muster_network_view(muster_metric_network(metric));
    const uint32_t            *component = muster_metric_component(metric);
    const uint32_t             source    = component[v->edge_source[edge]];
    return source == component[v->edge_target[edge]] ? source : MUSTER_NONE;
}

static muster_status ask(mu_traveller *one, const muster_site *from, const muster_site *to,
                         bool *out) {
    uint32_t takes_ms;
    MU_TRY(time_of(one, from, to, &takes_ms));
    *out = takes_ms != MUSTER_UNREACHABLE_MS;
    return MUSTER_OK;
}

/* Within a component is a way from everywhere to everywhere, and from one to another from everywhere or from
 * nowhere. Where turns are restricted that is nearly so (muster_metric_component), and each pair is asked for. */
muster_status mu_atlas_reaches(mu_atlas *t, mu_moment moment, uint32_t profile,
                               const muster_site *from, const muster_site *to, bool *out) {
    mu_traveller *one = traveller_of(t, moment, profile);
    muster_snap   snap[2];
    MU_TRY(snap_both(one, from, to, snap, out));
    if (!*out || muster_metric_flies(one->metric)) return MUSTER_OK;
    const uint32_t a = component_of(one->metric, snap[0].edge);
    const uint32_t b = component_of(one->metric, snap[1].edge);
    if (a == MUSTER_NONE || b == MUSTER_NONE || muster_metric_turn_count(one->metric) > 0) {
        return ask(one, from, to, out);
    }
    if (a == b) return MUSTER_OK;
    known_pair *pair = pair_for(one, a, b);
    if (!pair->is_known || pair->from != a || pair->to != b) {
        MU_TRY(ask(one, from, to, out));
        *pair = (known_pair){true, *out, a, b};
    }
    *out = pair->is_way;
    return MUSTER_OK;
}

muster_status mu_atlas_component(mu_atlas *t, mu_moment moment, uint32_t profile,
                                 const muster_site *site, uint32_t *out) {
    mu_traveller *one = traveller_of(t, moment, profile);
    muster_snap   snap;
    MU_TRY(snap_site(one, site, &snap));
    const bool is_told = snap.edge != MUSTER_NONE && !muster_metric_flies(one->metric) &&
                         muster_metric_turn_count(one->metric) == 0;
    *out = is_told ? component_of(one->metric, snap.edge) : MUSTER_NONE;
    return MUSTER_OK;
}
