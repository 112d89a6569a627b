/* Roads with nothing closed, and what events say of them.
 *
 * Areas of hazards go through the door of muster_hazards, behind which they are valid. Those of roads are
 * as muster_polygon has them, rings in rings being holes, and need none. */
#include "session/road_base.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/stir.h"

/* A day of a typhoon over the home scenario takes a third of it. */
enum { MOST_AREA_BYTES = 64 << 20 };

/* ---- the same roads? ---------------------------------------------------------------------------- */

static uint64_t stir_text(uint64_t sum, const char *text) {
    for (const char *c = text; *c; ++c) sum = mu_stir(sum, (unsigned char)*c);
    return mu_stir(sum, 0);
}

static uint64_t stir_places(uint64_t sum, uint32_t count, const double *lon, const double *lat) {
    for (uint32_t i = 0; i < count; ++i) sum = mu_stir_double(mu_stir_double(sum, lon[i]), lat[i]);
    return mu_stir(sum, count);
}

static uint64_t checksum_of_network(const muster_network *network) {
    const muster_network_data *v = muster_network_view(network);
    uint64_t sum                 = stir_places(0, v->node_count, v->node_lon_deg, v->node_lat_deg);
    for (uint32_t e = 0; e < v->edge_count; ++e) {
        sum = mu_stir(sum, (uint64_t)v->edge_id[e]);
        sum = mu_stir(sum, (uint64_t)v->edge_source[e] << 32 | v->edge_target[e]);
        sum = mu_stir_double(sum, v->edge_length_m[e]);
        sum = mu_stir(sum, (uint64_t)v->edge_flags[e] << 32 | (uint64_t)v->edge_class[e] << 16 |
                               (uint8_t)v->edge_layer[e]);
        sum = mu_stir(sum, v->edge_first_point[e + 1]);
    }
    return stir_places(sum, v->edge_first_point[v->edge_count], v->point_lon_deg, v->point_lat_deg);
}

/* Access, speeds and limits are in the durations. */
static uint64_t checksum_of_metric(uint64_t sum, const muster_metric *metric) {
    const uint32_t  arcs = 2 * muster_network_view(muster_metric_network(metric))->edge_count;
    const uint32_t *ms   = muster_metric_duration_ms(metric);
    for (uint32_t a = 0; a < arcs && !muster_metric_flies(metric); ++a) sum = mu_stir(sum, ms[a]);
    for (uint32_t t = 0; t < muster_metric_turn_count(metric); ++t) {
        const muster_turn turn = muster_metric_turn(metric, t);
        for (uint32_t a = 0; a < turn.arc_count; ++a) sum = mu_stir(sum, turn.arc[a]);
        sum = mu_stir(sum, turn.duration_ms);
    }
    return sum;
}

/* And what becomes of it in water, wind and smoke, or in the air. */
static uint64_t checksum_of_profile(uint64_t sum, const muster_profile *p) {
    sum = stir_text(sum, p->name);
    sum = mu_stir(sum, (uint64_t)p->water << 8 | p->is_protected);
    sum = mu_stir_double(mu_stir_double(sum, p->wading_depth_m), p->height_m);
    sum = mu_stir_double(mu_stir_double(sum, p->boat_speed_kmh), p->boat_depth_m);
    return mu_stir(mu_stir_double(sum, p->flight_speed_kmh), p->setup_ms);
}

static uint64_t checksum_of(const mu_road_base *b) {
    uint64_t sum = checksum_of_network(b->network);
    for (uint32_t p = 0; p < b->profile_count; ++p) {
        sum = checksum_of_metric(checksum_of_profile(sum, &b->profile[p]), b->metric[p]);
    }
    return sum;
}

/* ---- life of a base ------------------------------------------------------------------------------ */

static int by_id(const void *a, const void *b) {
    const mu_numbered_edge *e = a, *f = b;
    return e->id < f->id ? -1 : e->id > f->id;
}

static muster_status number_edges(mu_road_base *b) {
    const muster_network_data *v = muster_network_view(b->network);
    MU_TRY(mu_alloc(&b->edge, v->edge_count, sizeof *b->edge));
    for (uint32_t e = 0; e < v->edge_count; ++e) b->edge[e] = (mu_numbered_edge){v->edge_id[e], e};
    if (v->edge_count > 0) qsort(b->edge, v->edge_count, sizeof *b->edge, by_id);
    return MUSTER_OK;
}

static muster_status base_alloc(mu_road_base **out, uint32_t profile_count) {
    mu_road_base *b;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&b, 1, sizeof *b));
    atomic_init(&b->references, 1);
    *out             = b;
    b->profile_count = profile_count;
    MU_TRY(mu_alloc_zeroed(&b->profile, profile_count, sizeof *b->profile));
    MU_TRY(mu_alloc_zeroed(&b->name, profile_count, sizeof *b->name));
    MU_TRY(mu_alloc_zeroed(&b->metric, profile_count, sizeof(muster_metric *)));
    return mu_alloc_zeroed(&b->own, profile_count, sizeof(muster_metric *));
}

/* Network and profiles are there, and metrics that need not be made. */
static muster_status base_finish(mu_road_base *b) {
    MU_TRY(number_edges(b));
    for (uint32_t p = 0; p < b->profile_count; ++p) {
        b->name[p] = b->profile[p].name;
        if (b->metric[p]) continue;
        MU_TRY(muster_metric_new(&b->own[p], b->network, &b->profile[p]));
        b->metric[p] = b->own[p];
    }
    b->checksum = checksum_of(b);
    return muster_area_memory_new(&b->areas, b->network, MOST_AREA_BYTES);
}

static muster_status give_base(mu_road_base **out, mu_road_base *b, muster_status status) {
    *out = status == MUSTER_OK ? b : NULL;
    if (status != MUSTER_OK) mu_road_base_release(b);
    return status;
}

static muster_status fill_base(mu_road_base *b, const muster_network *network,
                               const muster_profile *profile, uint32_t thread_count) {
    b->network = network;
    for (uint32_t p = 0; p < b->profile_count; ++p) b->profile[p] = profile[p];
    MU_TRY(muster_metrics_new(b->own, network, b->profile_count, profile, thread_count));
    for (uint32_t p = 0; p < b->profile_count; ++p) b->metric[p] = b->own[p];
    return base_finish(b);
}

muster_status mu_road_base_new(mu_road_base **out, const muster_network *network,
                               uint32_t profile_count, const muster_profile *profile,
                               uint32_t thread_count) {
    mu_road_base *b;
    muster_status status = base_alloc(&b, profile_count);
    if (status == MUSTER_OK) status = fill_base(b, network, profile, thread_count);
    return give_base(out, b, status);
}

/* The scenario's metric of that name; NULL: none of its units travels so. */
static const muster_metric *find_metric(const muster_problem *problem, const char *name) {
    for (uint32_t m = 0; m < problem->metric_count; ++m) {
        if (strcmp(muster_metric_profile_name(problem->metric[m]), name) == 0) {
            return problem->metric[m];
        }
    }
    return NULL;
}

static muster_status fill_base_from(mu_road_base *b, const char *const *name) {
    const muster_problem *problem = muster_scenario_problem(b->scenario);
    b->network                    = muster_scenario_network(b->scenario);
    for (uint32_t p = 0; p < b->profile_count; ++p) {
        const char *wanted = name ? name[p] : muster_metric_profile_name(problem->metric[p]);
        const muster_profile *found;
        MU_TRY(muster_profiles_find(&found, muster_scenario_profiles(b->scenario), wanted));
        b->profile[p] = *found;
        b->metric[p]  = find_metric(problem, wanted);
    }
    return base_finish(b);
}

muster_status mu_road_base_of(mu_road_base **out, muster_scenario *scenario, uint32_t profile_count,
                              const char *const *profile) {
    mu_road_base  *b;
    const uint32_t count =
        profile ? profile_count : muster_scenario_problem(scenario)->metric_count;
    muster_status status = base_alloc(&b, count);
    if (b) {
        b->scenario = scenario;
    } else {
        muster_scenario_free(scenario);
    }
    if (status == MUSTER_OK) status = fill_base_from(b, profile);
    return give_base(out, b, status);
}

mu_road_base *mu_road_base_hold(mu_road_base *base) {
    atomic_fetch_add_explicit(&base->references, 1, memory_order_relaxed);
    return base;
}

void mu_road_base_release(mu_road_base *b) {
    if (!b || atomic_fetch_sub_explicit(&b->references, 1, memory_order_acq_rel) > 1) return;
    for (uint32_t p = 0; b->own && p < b->profile_count; ++p) muster_metric_free(b->own[p]);
    mu_free(b->own);
    mu_free(b->metric);
    mu_free(b->name);
    mu_free(b->profile);
    mu_free(b->edge);
    muster_area_memory_free(b->areas);
    muster_scenario_free(b->scenario);
    mu_free(b);
}

const muster_scenario *mu_road_base_scenario(const mu_road_base *base) {
    return base->scenario;
}

const char *const *mu_road_base_profiles(const mu_road_base *base, uint32_t *out_count) {
    *out_count = base->profile_count;
    return base->name;
}

uint64_t mu_road_base_checksum(const mu_road_base *base) {
    return base->checksum;
}

/* ---- into a closure ------------------------------------------------------------------------------ */

static muster_status find_edges(const mu_road_base *b, const muster_event_road *road,
                                uint32_t *out_edge) {
    const uint32_t edges = muster_network_view(b->network)->edge_count;
    for (uint32_t i = 0; i < road->edge_count; ++i) {
        const mu_numbered_edge  wanted = {road->edge_id[i], 0};
        const mu_numbered_edge *found =
            edges > 0 ? bsearch(&wanted, b->edge, edges, sizeof wanted, by_id) : NULL;
        if (!found) {
            return muster_fail(MUSTER_E_INVALID,
                               "it names edge %" PRId64 ", but no edge of the network has that id",
                               road->edge_id[i]);
        }
        out_edge[i] = found->edge;
    }
    return MUSTER_OK;
}

/* A factor of 0 closes. */
static muster_status close_edges(const mu_road_base *b, muster_closure *closure,
                                 const muster_event_road *road, double factor) {
    uint32_t *edge;
    if (road->edge_count == 0) return MUSTER_OK;
    MU_TRY(mu_alloc(&edge, road->edge_count, sizeof *edge));
    muster_status status = find_edges(b, road, edge);
    if (status == MUSTER_OK) {
        status = muster_closure_slow_edges(closure, road->edge_count, edge, factor);
    }
    mu_free(edge);
    return status;
}

static muster_status close_road(const mu_road_base *b, muster_closure *closure,
                                const muster_event_road *road, double factor) {
    MU_TRY(close_edges(b, closure, road, factor));
    if (road->point_count > 0) {
        MU_TRY(muster_closure_slow_line(closure, road->point_count, road->lon_deg, road->lat_deg,
                                        factor));
    }
    if (road->points.point_count > 0) {
        MU_TRY(muster_closure_slow_points(closure, road->points.point_count, road->points.lon_deg,
                                          road->points.lat_deg, factor));
    }
    return road->area.ring_count > 0 ? muster_closure_slow(closure, &road->area, 0, factor)
                                     : MUSTER_OK;
}

/* What lies in areas is found once for all profiles, moments and worlds. */
static muster_status new_noted(muster_closure **out, const mu_road_base *b, uint32_t profile) {
    MU_TRY(muster_closure_new_noted(out, b->metric[profile]));
    return muster_closure_set_memory(*out, b->areas);
}

/* The closure is freed on failure. */
static muster_status give_noted(muster_closure **out, muster_status status) {
    if (status == MUSTER_OK) return MUSTER_OK;
    muster_closure_free(*out);
    *out = NULL;
    return status;
}

muster_status mu_road_base_note_road(muster_closure **out, const mu_road_base *b, uint32_t profile,
                                     const muster_event_road *road, double factor) {
    muster_status status = new_noted(out, b, profile);
    if (status == MUSTER_OK) status = close_road(b, *out, road, factor);
    return give_noted(out, status);
}

muster_status mu_road_base_note_hazard(muster_closure **out, const mu_road_base *b,
                                       uint32_t profile, const muster_hazard *valid) {
    muster_status status = new_noted(out, b, profile);
    if (status == MUSTER_OK) status = muster_hazard_close(*out, &b->profile[profile], valid, NULL);
    return give_noted(out, status);
}

/* ---- would it be understood? --------------------------------------------------------------------- */

/* On the first of the metrics: places and ids are the same for all. */
static muster_status try_road(const mu_road_base *b, const muster_event_road *road, double factor) {
    muster_closure *trial;
    MU_TRY(mu_road_base_note_road(&trial, b, 0, road, factor));
    muster_closure_free(trial);
    return MUSTER_OK;
}

static muster_status try_set(const mu_road_base *b, const muster_hazards *set) {
    uint32_t                  count, notes;
    const muster_hazard      *hazard = muster_hazards_list(set, &count);
    const muster_hazard_note *note   = muster_hazards_notes(set, &notes);
    muster_closure           *trial;
    if (count == 0) return muster_fail(MUSTER_E_INVALID, "%s", notes > 0 ? note[0].text : "");
    MU_TRY(mu_road_base_note_hazard(&trial, b, 0, &hazard[0]));
    muster_closure_free(trial);
    return MUSTER_OK;
}

static muster_status try_hazard(const mu_road_base *b, const muster_hazard *hazard) {
    muster_hazards *set;
    MU_TRY(muster_hazards_new(&set));
    muster_status status = muster_hazards_add(set, hazard);
    if (status == MUSTER_OK) status = try_set(b, set);
    muster_hazards_free(set);
    return status;
}

muster_status mu_roads_check_event(const mu_road_base *b, const muster_event *event,
                                   muster_event_answer *out) {
    muster_status status = MUSTER_OK;
    *out                 = (muster_event_answer){.outcome = MUSTER_EVENT_APPLIED};
    if (b->profile_count == 0) return MUSTER_OK;
    if (event->type == MUSTER_EVENT_ROAD_CLOSED) {
        status = try_road(b, &event->road, 0);
    } else if (event->type == MUSTER_EVENT_ROAD_SLOWED) {
        status = try_road(b, &event->road, event->road.speed_factor);
    } else if (event->type == MUSTER_EVENT_HAZARD_GROWN && event->hazard) {
        status = try_hazard(b, event->hazard);
    }
    if (status != MUSTER_E_INVALID) return status;
    const bool is_road = event->type != MUSTER_EVENT_HAZARD_GROWN;
    out->outcome       = MUSTER_EVENT_WRONG;
    snprintf(out->message, sizeof out->message, "%s%.80s%s%s", is_road ? "road \"" : "",
             is_road && event->road.code ? event->road.code : "", is_road ? "\": " : "",
             muster_error_message());
    return MUSTER_OK;
}
