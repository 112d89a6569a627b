/* Points and sites are listed, those near the rule's hazard for each of its epochs, with the sums of their
 * weights, so that one is drawn by bisection. Anywhere in an area is drawn by trying: evenly in the box
 * around it until it is inside (von Neumann, 1951). */
#include "simulation/where_ground.h"

#include <math.h>
#include <string.h>

#include <muster/great_circle.h>

#include "core/alloc.h"

enum { TRIES = 20000, FIRST_LANE = 16 };

static const double DEG = 57.29577951308232, METRES_PER_DEG = 111195;

/* ---- lists --------------------------------------------------------------------------------- */

static bool is_site_of(const muster_named_site *site, uint8_t sites) {
    if (sites == MU_SITES_AT_RISK) return strcmp(site->table, "at_risk_site") == 0;
    return strcmp(site->table, "place") == 0 && strcmp(site->level, mu_sites_name(sites)) == 0;
}

/* In the polygon, and near what is live of the hazard. epoch NULL: it has none. */
static bool may_come_from(const mu_where *w, const mu_hazard_ground *h,
                          const mu_hazard_epoch *epoch, double lon_deg, double lat_deg) {
    if (w->polygon.point_count > 0 && !mu_ring_contains(&w->polygon, lon_deg, lat_deg))
        return false;
    if (!epoch) return true;
    for (uint32_t l = 0; l < epoch->live_count; ++l) {
        if (mu_hazard_is_near(h->live[epoch->first_live + l], lon_deg, lat_deg, w->within_m)) {
            return true;
        }
    }
    return false;
}

/* People who are not counted are not drawn by their number. */
static double weight_of(const mu_where *w, const muster_named_site *site) {
    if (!w->is_by_population) return 1;
    return site->population > 0 ? (double)site->population : 0;
}

static void add(mu_candidates *c, mu_candidate *list, double lon_deg, double lat_deg,
                double weight) {
    const double before = c->count > 0 ? list[c->count - 1].weight_sum : 0;
    list[c->count++]    = (mu_candidate){lon_deg, lat_deg, before + weight};
}

/* By way of `list`, which has room for all of them. */
static muster_status list_candidates(mu_ground *g, const mu_where *w, const mu_hazard_ground *h,
                                     const mu_hazard_epoch *epoch, mu_candidate *list,
                                     mu_candidates *out) {
    uint32_t                 site_count;
    const muster_named_site *site = muster_named_sites_list(g->sites, &site_count);
    for (uint32_t p = 0; p < w->point_count; ++p) {
        const mu_where_point *at = &w->point[p];
        if (at->weight > 0 && may_come_from(w, h, epoch, at->lon_deg, at->lat_deg)) {
            add(out, list, at->lon_deg, at->lat_deg, at->weight);
        }
    }
    for (uint32_t s = 0; s < site_count && w->point_count == 0; ++s) {
        if (!is_site_of(&site[s], w->sites) || weight_of(w, &site[s]) == 0) continue;
        if (may_come_from(w, h, epoch, site[s].lon_deg, site[s].lat_deg)) {
            add(out, list, site[s].lon_deg, site[s].lat_deg, weight_of(w, &site[s]));
        }
    }
    return mu_arena_copy(&g->arena, &out->candidate, list, out->count, sizeof *list);
}

static muster_status make_listed(mu_ground *g, const mu_where *w, mu_candidate *list,
                                 mu_where_ground *out) {
    const mu_hazard_ground *h     = w->hazard ? &g->hazard[mu_ground_hazard(g, w->hazard)] : NULL;
    const uint32_t          count = h ? h->epoch_count : 1;
    mu_candidates          *of_epoch;
    MU_TRY(mu_arena_take(&g->arena, &of_epoch, count, sizeof *of_epoch));
    for (uint32_t e = 0; e < count; ++e) {
        MU_TRY(list_candidates(g, w, h, h ? &h->epoch[e] : NULL, list, &of_epoch[e]));
    }
    out->is_listed = true;
    out->of_epoch  = of_epoch;
    return MUSTER_OK;
}

static muster_status refuse(const mu_ground *g, const mu_call_rule *call) {
    return muster_fail(MUSTER_E_INVALID,
                       "\"%s\": call '%s' comes from no place: the store has none of its sites, or "
                       "none in its polygon; expected one or more",
                       g->file->about.path, call->code);
}

static muster_status make_all(mu_ground *g, mu_candidate *list, mu_where_ground *where) {
    for (uint32_t c = 0; c < g->file->call_count; ++c) {
        const mu_call_rule *call = &g->file->call[c];
        const mu_where     *w    = &call->where;
        if (w->point_count == 0 && w->sites == MU_SITES_COUNT) continue;
        MU_TRY(make_listed(g, w, list, &where[c]));
        if (!w->hazard && where[c].of_epoch[0].count == 0) return refuse(g, call);
    }
    return MUSTER_OK;
}

muster_status mu_where_ground_make(mu_ground *g) {
    const muster_scenario_file *f = g->file;
    mu_where_ground            *where;
    mu_candidate               *list;
    uint32_t                    most;
    (void)muster_named_sites_list(g->sites, &most);
    for (uint32_t c = 0; c < f->call_count; ++c) {
        if (f->call[c].where.point_count > most) most = f->call[c].where.point_count;
    }
    MU_TRY(mu_arena_take(&g->arena, &where, f->call_count, sizeof *where));
    MU_TRY(mu_alloc(&list, most, sizeof *list));
    const muster_status status = make_all(g, list, where);
    mu_free(list);
    g->where = where;
    return status;
}

/* ---- drawing ------------------------------------------------------------------------------- */

static bool draw_listed(const mu_candidates *c, mu_stream stream, uint64_t index, double *lon_deg,
                        double *lat_deg) {
    if (c->count == 0) return false;
    const double aim = mu_draw_unit(stream, index, 0) * c->candidate[c->count - 1].weight_sum;
    uint32_t     low = 0, high = c->count - 1; /* the first whose sum is more than that */
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (c->candidate[middle].weight_sum > aim) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    *lon_deg = c->candidate[low].lon_deg;
    *lat_deg = c->candidate[low].lat_deg;
    return true;
}

typedef struct box {
    double west, south, east, north;
} box;

static void extend(box *b, uint32_t count, const double *lon_deg, const double *lat_deg) {
    for (uint32_t i = 0; i < count; ++i) {
        b->west  = fmin(b->west, lon_deg[i]);
        b->east  = fmax(b->east, lon_deg[i]);
        b->south = fmin(b->south, lat_deg[i]);
        b->north = fmax(b->north, lat_deg[i]);
    }
}

/* Round the polygon, or where there is none round what is live of the hazard. */
static box box_of(const mu_where *w, const mu_hazard_ground *h, const mu_hazard_epoch *epoch) {
    box b = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    if (w->polygon.point_count > 0) {
        extend(&b, w->polygon.point_count, w->polygon.lon_deg, w->polygon.lat_deg);
        return b;
    }
    for (uint32_t l = 0; epoch && l < epoch->live_count; ++l) {
        const muster_multipolygon *a = &h->live[epoch->first_live + l]->area;
        extend(&b, a->first_point[a->first_ring[a->polygon_count]], a->lon_deg, a->lat_deg);
    }
    const double margin_deg = w->within_m / METRES_PER_DEG;
    const double wide_deg   = margin_deg / cos(fmin(fabs(b.south), 89) / DEG);
    return (box){b.west - wide_deg, b.south - margin_deg, b.east + wide_deg, b.north + margin_deg};
}

/* Evenly on the globe: latitudes by their sines. */
static bool draw_in_area(const mu_where *w, const mu_hazard_ground *h, const mu_hazard_epoch *epoch,
                         mu_stream stream, uint64_t index, double *lon_deg, double *lat_deg) {
    if (epoch && epoch->live_count == 0) return false;
    const box    b     = box_of(w, h, epoch);
    const double south = sin(b.south / DEG), north = sin(b.north / DEG);
    for (uint32_t t = 0; t < TRIES; ++t) {
        const double x = mu_draw_unit(stream, index, FIRST_LANE + 2 * t);
        const double y = mu_draw_unit(stream, index, FIRST_LANE + 2 * t + 1);
        *lon_deg       = b.west + x * (b.east - b.west);
        *lat_deg       = DEG * asin(south + y * (north - south));
        if (may_come_from(w, h, epoch, *lon_deg, *lat_deg)) return true;
    }
    return false;
}

/* Evenly in a circle. */
static void spread(const mu_where *w, mu_stream stream, uint64_t index, double *lon_deg,
                   double *lat_deg) {
    const double distance_m = w->spread_m * sqrt(mu_draw_unit(stream, index, 1));
    const double towards    = 360 * mu_draw_unit(stream, index, 2);
    if (w->spread_m == 0) return;
    muster_great_circle_ahead(*lon_deg, *lat_deg, towards, distance_m, lon_deg, lat_deg);
    if (fabs(*lon_deg) > 180) *lon_deg -= copysign(360, *lon_deg);
}

bool mu_where_draw(const mu_ground *g, uint32_t call, mu_stream stream, uint64_t index,
                   int64_t at_ms, double *lon_deg, double *lat_deg) {
    const mu_where         *w = &g->file->call[call].where;
    const mu_hazard_ground *h = w->hazard ? &g->hazard[mu_ground_hazard(g, w->hazard)] : NULL;
    const uint32_t          e = h ? mu_hazard_epoch_at(h, at_ms) : 0;
    if (e == MUSTER_NONE) return false;
    const mu_where_ground *of = &g->where[call];
    const bool             is_there =
        of->is_listed
                        ? draw_listed(&of->of_epoch[e], stream, index, lon_deg, lat_deg)
                        : draw_in_area(w, h, h ? &h->epoch[e] : NULL, stream, index, lon_deg, lat_deg);
    if (is_there) spread(w, stream, index, lon_deg, lat_deg);
    return is_there;
}
