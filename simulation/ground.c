#include "simulation/ground.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "simulation/hazard_ground.h"
#include "simulation/where_ground.h"

/* On a plane that touches the globe there: near enough for a few kilometres. */
static const double METRES_PER_DEG = 111195, DEG = 57.29577951308232;

/* ---- geometry ------------------------------------------------------------------------------ */

bool mu_ring_contains(const mu_ring *r, double lon_deg, double lat_deg) {
    bool is_in = false;
    for (uint32_t i = 0, j = r->point_count - 1; i < r->point_count; j = i++) {
        if ((r->lat_deg[i] > lat_deg) == (r->lat_deg[j] > lat_deg)) continue;
        const double share = (lat_deg - r->lat_deg[i]) / (r->lat_deg[j] - r->lat_deg[i]);
        if (lon_deg < r->lon_deg[i] + share * (r->lon_deg[j] - r->lon_deg[i])) is_in = !is_in;
    }
    return is_in;
}

/* Squared metres from the place to the side from a to b. */
static double to_side_m2(double lon_deg, double lat_deg, double a_lon, double a_lat, double b_lon,
                         double b_lat) {
    const double x_scale = METRES_PER_DEG * cos(lat_deg / DEG);
    const double ax = (a_lon - lon_deg) * x_scale, ay = (a_lat - lat_deg) * METRES_PER_DEG;
    const double bx      = (b_lon - lon_deg) * x_scale - ax,
                 by      = (b_lat - lat_deg) * METRES_PER_DEG - ay;
    const double length2 = bx * bx + by * by;
    const double share   = length2 > 0 ? fmin(fmax(-(ax * bx + ay * by) / length2, 0), 1) : 0;
    const double x = ax + share * bx, y = ay + share * by;
    return x * x + y * y;
}

static bool is_near_ring(const double *lon, const double *lat, uint32_t count, double lon_deg,
                         double lat_deg, double within_m) {
    for (uint32_t i = 0, j = count - 1; i < count; j = i++) {
        if (to_side_m2(lon_deg, lat_deg, lon[j], lat[j], lon[i], lat[i]) <= within_m * within_m) {
            return true;
        }
    }
    return false;
}

bool mu_hazard_is_near(const muster_hazard *h, double lon_deg, double lat_deg, double within_m) {
    const muster_multipolygon *a = &h->area;
    if (muster_hazard_contains(h, lon_deg, lat_deg)) return true;
    if (within_m <= 0) return false;
    const uint32_t rings = a->polygon_count > 0 ? a->first_ring[a->polygon_count] : 0;
    for (uint32_t r = 0; r < rings; ++r) {
        const uint32_t first = a->first_point[r];
        if (is_near_ring(a->lon_deg + first, a->lat_deg + first, a->first_point[r + 1] - first,
                         lon_deg, lat_deg, within_m)) {
            return true;
        }
    }
    return false;
}

/* ---- looking up ---------------------------------------------------------------------------- */

uint32_t mu_ground_hazard(const mu_ground *g, const char *code) {
    uint32_t h = 0;
    while (strcmp(g->file->hazard[h].code, code) != 0) ++h;
    return h;
}

uint32_t mu_hazard_epoch_at(const mu_hazard_ground *h, int64_t at_ms) {
    uint32_t low = 0, high = h->epoch_count; /* those before `low` have begun, from `high` on not */
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (h->epoch[middle].at_ms <= at_ms) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 ? low - 1 : MUSTER_NONE;
}

const mu_named_place *mu_ground_nearest(const mu_ground *g, double lon_deg, double lat_deg) {
    const mu_named_place *best      = NULL;
    double                best_deg2 = INFINITY;
    const double          narrow    = cos(lat_deg / DEG);
    for (uint32_t p = 0; p < g->place_count; ++p) {
        const double x = (g->place[p].lon_deg - lon_deg) * narrow,
                     y = g->place[p].lat_deg - lat_deg;
        if (x * x + y * y >= best_deg2) continue;
        best      = &g->place[p];
        best_deg2 = x * x + y * y;
    }
    return best;
}

/* ---- places -------------------------------------------------------------------------------- */

static int by_code(const void *a, const void *b) {
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

static muster_status sort_authorities(mu_arena *arena, const muster_problem *problem,
                                      const char ***out) {
    MU_TRY(mu_arena_take(arena, out, problem->authority_count, sizeof **out));
    for (uint32_t a = 0; a < problem->authority_count; ++a) (*out)[a] = problem->authority[a].code;
    qsort(*out, problem->authority_count, sizeof **out, by_code);
    return MUSTER_OK;
}

static const char *find_code(const char *const *sorted, uint32_t count, const char *code) {
    const char *const *found = bsearch(&code, sorted, count, sizeof *sorted, by_code);
    return found ? *found : NULL;
}

static bool is_level(const muster_named_site *site, unsigned level) {
    return strcmp(site->table, "place") == 0 && strcmp(site->level, mu_sites_name(level)) == 0;
}

/* Villages where there are some, else towns, and so on. */
static uint32_t finest(const muster_named_site *site, uint32_t count, unsigned *out_level) {
    for (unsigned level = MU_SITES_VILLAGE + 1; level > MU_SITES_CITY; --level) {
        uint32_t found = 0;
        for (uint32_t s = 0; s < count; ++s) found += is_level(&site[s], level - 1);
        *out_level = level - 1;
        if (found > 0) return found;
    }
    return 0;
}

static muster_status make_places(mu_ground *g, const muster_problem *problem) {
    uint32_t                 count;
    unsigned                 level;
    const muster_named_site *site = muster_named_sites_list(g->sites, &count);
    const char             **authority;
    mu_named_place          *place;
    MU_TRY(sort_authorities(&g->arena, problem, &authority));
    MU_TRY(mu_arena_take(&g->arena, &place, finest(site, count, &level), sizeof *place));
    for (uint32_t s = 0; s < count; ++s) {
        if (!is_level(&site[s], level)) continue;
        place[g->place_count++] =
            (mu_named_place){site[s].lon_deg, site[s].lat_deg, site[s].name,
                             find_code(authority, problem->authority_count, site[s].code)};
    }
    g->place = place;
    return MUSTER_OK;
}

/* ---- what the scenario has to have --------------------------------------------------------- */

static bool has_kind(const muster_problem *problem, const char *code) {
    for (uint32_t k = 0; k < problem->kind_count; ++k) {
        if (strcmp(problem->kind[k].code, code) == 0) return true;
    }
    return false;
}

static bool has_authority(const muster_problem *problem, const char *code) {
    for (uint32_t a = 0; a < problem->authority_count; ++a) {
        if (strcmp(problem->authority[a].code, code) == 0) return true;
    }
    return false;
}

static muster_status check_calls(const mu_ground *g, const muster_problem *problem) {
    const muster_scenario_file *f = g->file;
    for (uint32_t c = 0; c < f->call_count; ++c) {
        const mu_call_rule *call = &f->call[c];
        if (call->authority && !has_authority(problem, call->authority)) {
            return muster_fail(MUSTER_E_INVALID,
                               "\"%s\": call '%s' is of the authority '%s', which the store lacks; "
                               "expected the code of a place there, 'nearest' or 'none'",
                               f->about.path, call->code, call->authority);
        }
        for (uint32_t n = 0; n < call->need_count; ++n) {
            if (has_kind(problem, call->need[n].kind)) continue;
            return muster_fail(MUSTER_E_INVALID,
                               "\"%s\": call '%s' needs the kind '%s', which the store lacks; "
                               "expected one of its table kind",
                               f->about.path, call->code, call->need[n].kind);
        }
    }
    return MUSTER_OK;
}

/* ---- units --------------------------------------------------------------------------------- */

/* The kind of a vehicle, machine pool or stock; MUSTER_NONE of a team, which may have several. */
static bool is_of_kind(const muster_problem *p, uint8_t resource, uint32_t index,
                       const char *kind) {
    if (!kind) return true;
    if (resource == MUSTER_VEHICLE) return strcmp(p->kind[p->vehicle[index].kind].code, kind) == 0;
    if (resource == MUSTER_MACHINE) return strcmp(p->kind[p->machine[index].kind].code, kind) == 0;
    if (resource == MUSTER_ITEM) return strcmp(p->kind[p->stock[index].kind].code, kind) == 0;
    const muster_team *team = &p->team[index];
    for (uint32_t c = 0; c < team->capability_count; ++c) {
        if (strcmp(p->kind[team->capability[c]].code, kind) == 0) return true;
    }
    return false;
}

static bool is_named(const mu_unit_failure *f, const char *code) {
    for (uint32_t u = 0; u < f->unit_count; ++u) {
        if (strcmp(f->unit[u], code) == 0) return true;
    }
    return f->unit_count == 0;
}

/* Codes, each once: of a warehouse there are rows for each item. */
static muster_status list_units(mu_ground *g, const muster_problem *problem,
                                const mu_unit_failure *f, mu_unit_ground *out) {
    const muster_resource resource = (muster_resource)f->resource;
    const uint32_t        count    = muster_problem_unit_count(problem, resource);
    const char          **code;
    uint32_t              used = 0;
    MU_TRY(mu_arena_take(&g->arena, &code, count, sizeof *code));
    for (uint32_t i = 0; i < count; ++i) {
        const char *one = muster_problem_unit(problem, resource, i)->code;
        if (is_of_kind(problem, f->resource, i, f->kind) && is_named(f, one)) code[used++] = one;
    }
    qsort(code, used, sizeof *code, by_code);
    uint32_t unique = 0;
    for (uint32_t i = 0; i < used; ++i) {
        if (i == 0 || strcmp(code[i], code[i - 1]) != 0) code[unique++] = code[i];
    }
    out->unit       = code;
    out->unit_count = unique;
    for (uint32_t u = 0; u < f->unit_count; ++u) {
        if (find_code(code, unique, f->unit[u])) continue;
        return muster_fail(
            MUSTER_E_INVALID,
            "\"%s\": unit_failure '%s' names the unit '%s', which the store lacks, or "
            "which is of another kind; expected one of its units",
            g->file->about.path, f->code, f->unit[u]);
    }
    return MUSTER_OK;
}

static muster_status make_units(mu_ground *g, const muster_problem *problem) {
    mu_unit_ground *units;
    MU_TRY(mu_arena_take(&g->arena, &units, g->file->unit_failure_count, sizeof *units));
    for (uint32_t f = 0; f < g->file->unit_failure_count; ++f) {
        const mu_unit_failure *failure = &g->file->unit_failure[f];
        if (failure->kind && !has_kind(problem, failure->kind)) {
            return muster_fail(MUSTER_E_INVALID,
                               "\"%s\": unit_failure '%s' is of the kind '%s', which the store "
                               "lacks; expected one of its table kind",
                               g->file->about.path, failure->code, failure->kind);
        }
        MU_TRY(list_units(g, problem, failure, &units[f]));
    }
    g->units = units;
    return MUSTER_OK;
}

/* ---- roads --------------------------------------------------------------------------------- */

static void middle_of(const muster_network_data *n, uint32_t e, double *lon_deg, double *lat_deg) {
    const uint32_t a = n->edge_source[e], b = n->edge_target[e];
    *lon_deg = (n->node_lon_deg[a] + n->node_lon_deg[b]) / 2;
    *lat_deg = (n->node_lat_deg[a] + n->node_lat_deg[b]) / 2;
}

static bool may_fail(const muster_network_data *n, uint32_t e, const mu_road_failure *f) {
    double lon_deg, lat_deg;
    if (!(f->class_bits >> n->edge_class[e] & 1)) return false;
    if (f->bridges_alone && !(n->edge_flags[e] & MUSTER_EDGE_BRIDGE)) return false;
    if (f->polygon.point_count == 0) return true;
    middle_of(n, e, &lon_deg, &lat_deg);
    return mu_ring_contains(&f->polygon, lon_deg, lat_deg);
}

static muster_status refuse_road(const mu_ground *g, const mu_road_failure *f, const char *why) {
    return muster_fail(MUSTER_E_INVALID, "\"%s\": road_failure '%s' %s", g->file->about.path,
                       f->code, why);
}

static int by_id(const void *a, const void *b) {
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* Roads that may be drawn, by id. */
static muster_status list_edges(mu_ground *g, const muster_network_data *n,
                                const mu_road_failure *f, mu_edges_ground *out) {
    int64_t *edge_id;
    uint32_t count = 0;
    for (uint32_t e = 0; e < n->edge_count; ++e) count += may_fail(n, e, f);
    if (count == 0) return refuse_road(g, f, "finds no road of its classes; expected one or more");
    MU_TRY(mu_arena_take(&g->arena, &edge_id, count, sizeof *edge_id));
    for (uint32_t e = 0; e < n->edge_count; ++e) {
        if (may_fail(n, e, f)) edge_id[out->edge_count++] = n->edge_id[e];
    }
    qsort(edge_id, count, sizeof *edge_id, by_id);
    out->edge_id = edge_id;
    return MUSTER_OK;
}

static muster_status check_edges(const mu_ground *g, const muster_network_data *n,
                                 const mu_road_failure *f) {
    for (uint32_t i = 0; i < f->edge_count; ++i) {
        uint32_t e = 0;
        while (e < n->edge_count && n->edge_id[e] != f->edge_id[i]) ++e;
        if (e == n->edge_count) {
            return refuse_road(g, f, "has an edge that the store lacks; expected an edge.id of it");
        }
    }
    return MUSTER_OK;
}

static muster_status make_edges(mu_ground *g, const muster_network *network) {
    const muster_network_data *n = muster_network_view(network);
    mu_edges_ground           *edges;
    MU_TRY(mu_arena_take(&g->arena, &edges, g->file->road_failure_count, sizeof *edges));
    for (uint32_t f = 0; f < g->file->road_failure_count; ++f) {
        const mu_road_failure *failure = &g->file->road_failure[f];
        if (failure->is_drawn) MU_TRY(list_edges(g, n, failure, &edges[f]));
        MU_TRY(check_edges(g, n, failure));
    }
    g->edges = edges;
    return MUSTER_OK;
}

/* All bridges: which of them a shock reaches, the course says. */
static muster_status make_bridges(mu_ground *g, const muster_network *network) {
    const muster_network_data *n = muster_network_view(network);
    mu_bridges_ground         *bridges;
    uint32_t                   count = 0;
    MU_TRY(mu_arena_take(&g->arena, &bridges, g->file->earthquake_count, sizeof *bridges));
    for (uint32_t e = 0; e < n->edge_count; ++e)
        count += (n->edge_flags[e] & MUSTER_EDGE_BRIDGE) != 0;
    for (uint32_t q = 0; q < g->file->earthquake_count; ++q) {
        mu_bridge *bridge;
        MU_TRY(mu_arena_take(&g->arena, &bridge, count, sizeof *bridge));
        for (uint32_t e = 0; e < n->edge_count; ++e) {
            if (!(n->edge_flags[e] & MUSTER_EDGE_BRIDGE)) continue;
            mu_bridge *b = &bridge[bridges[q].bridge_count++];
            b->edge_id   = n->edge_id[e];
            b->factor    = g->file->earthquake[q].class_factor[n->edge_class[e]];
            middle_of(n, e, &b->lon_deg, &b->lat_deg);
        }
        bridges[q].bridge = bridge;
    }
    g->bridges = bridges;
    return MUSTER_OK;
}

/* ---- all of it ----------------------------------------------------------------------------- */

static muster_status make(mu_ground *g, const muster_problem *problem,
                          const muster_network *network) {
    MU_TRY(check_calls(g, problem));
    MU_TRY(muster_named_sites_load(&g->sites, g->file->about.store));
    MU_TRY(make_places(g, problem));
    MU_TRY(mu_hazard_ground_make(g, network));
    MU_TRY(mu_where_ground_make(g));
    MU_TRY(make_edges(g, network));
    MU_TRY(make_units(g, problem));
    return make_bridges(g, network);
}

muster_status mu_ground_new(mu_ground **out, const muster_scenario_file *file,
                            const muster_problem *problem, const muster_network *network) {
    mu_ground *g;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&g, 1, sizeof *g));
    g->file                    = file;
    const muster_status status = make(g, problem, network);
    if (status != MUSTER_OK) {
        mu_ground_free(g);
        return status;
    }
    *out = g;
    return MUSTER_OK;
}

void mu_ground_free(mu_ground *g) {
    if (!g) return;
    muster_hazards_free(g->hazards);
    muster_named_sites_free(g->sites);
    mu_arena_fini(&g->arena);
    mu_free(g);
}
