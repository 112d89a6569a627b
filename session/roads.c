/* Roads of now are told from those of the base, not from those of before: what holds at once is
 * collected in one closure, so it does not matter in which order it came, and a session that was opened
 * anew has the same roads as one that has been running for a week. Where it comes out as it was for a
 * profile, the metric is the one of before; else it is made from that one by the arcs that differ, as long
 * as those are fewer than the arcs that differ from the base. Either way it is the same.
 *
 * Hazards begin and end by themselves. Roads therefore know the moments between which none does:
 * whether they are still those of now is told by two comparisons.
 *
 * Areas of hazards go through the door of muster_hazards, behind which they are valid. Those of roads are
 * as muster_polygon has them, rings in rings being holes, and need none. */
#include "session/roads.h"

#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/stir.h"
#include "session/event_copy.h"

/* A day of a typhoon over the home scenario takes a third of it. */
enum { MOST_AREA_BYTES = 64 << 20 };

typedef struct numbered_edge {
    int64_t  id;
    uint32_t edge;
} numbered_edge;

struct mu_road_base {
    atomic_uint           references;
    muster_scenario      *scenario; /* or NULL */
    const muster_network *network;
    uint32_t              profile_count;
    muster_profile       *profile; /* [profile_count], like those that follow */
    const char          **name;
    const muster_metric **metric;
    muster_metric       **own;  /* NULL where it is the scenario's */
    numbered_edge        *edge; /* by id */
    muster_area_memory   *areas;
    uint64_t              checksum;
};

/* What one profile makes of the roads. */
typedef struct made_metric {
    atomic_uint        references;
    muster_metric     *metric;
    uint32_t           change_count;
    muster_arc_change *change; /* from the base, by arc */
} made_metric;

struct muster_roads {
    atomic_uint           references;
    mu_road_base         *base;
    uint64_t              sequence, version;
    int64_t               from_ms, until_ms; /* they hold from the one up to the other */
    made_metric         **made;              /* [profile_count] NULL: it is as in the base */
    const muster_metric **metric;            /* [profile_count] */
};

struct mu_road_state {
    uint64_t           sequence, version;
    int64_t            from_ms, until_ms;
    mu_arena           arena;
    uint32_t           road_count, hazard_count;
    muster_event_road *road;   /* of a speed_factor of 0: closed */
    muster_hazard     *hazard; /* those that hold, as they were told */
};

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
    const numbered_edge *e = a, *f = b;
    return e->id < f->id ? -1 : e->id > f->id;
}

static muster_status number_edges(mu_road_base *b) {
    const muster_network_data *v = muster_network_view(b->network);
    MU_TRY(mu_alloc(&b->edge, v->edge_count, sizeof *b->edge));
    for (uint32_t e = 0; e < v->edge_count; ++e) b->edge[e] = (numbered_edge){v->edge_id[e], e};
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
        const numbered_edge  wanted = {road->edge_id[i], 0};
        const numbered_edge *found =
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
static muster_status new_closure(muster_closure **out, const mu_road_base *b, uint32_t profile) {
    MU_TRY(muster_closure_new(out, b->metric[profile]));
    const muster_status status = muster_closure_set_memory(*out, b->areas);
    if (status != MUSTER_OK) muster_closure_free(*out);
    return status;
}

/* ---- would it be understood? --------------------------------------------------------------------- */

/* On the first of the metrics: places and ids are the same for all. */
static muster_status try_road(const mu_road_base *b, const muster_event_road *road, double factor) {
    muster_closure *trial;
    MU_TRY(new_closure(&trial, b, 0));
    const muster_status status = close_road(b, trial, road, factor);
    muster_closure_free(trial);
    return status;
}

static muster_status try_set(const mu_road_base *b, const muster_hazards *set) {
    uint32_t                  count, notes;
    const muster_hazard      *hazard = muster_hazards_list(set, &count);
    const muster_hazard_note *note   = muster_hazards_notes(set, &notes);
    muster_closure           *trial;
    if (count == 0) return muster_fail(MUSTER_E_INVALID, "%s", notes > 0 ? note[0].text : "");
    MU_TRY(new_closure(&trial, b, 0));
    const muster_status status = muster_hazard_close(trial, &b->profile[0], &hazard[0], NULL);
    muster_closure_free(trial);
    return status;
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

/* ---- what holds at a moment ---------------------------------------------------------------------- */

/* Moments of hazards are seconds; those that are far away are taken for never. */
static int64_t ms_of(int64_t s) {
    if (s > INT64_MAX / 1000) return INT64_MAX;
    return s < INT64_MIN / 1000 ? INT64_MIN : s * 1000;
}

static void narrow(mu_road_state *state, int64_t moment_ms, int64_t now_ms) {
    if (moment_ms <= now_ms && moment_ms > state->from_ms) state->from_ms = moment_ms;
    if (moment_ms > now_ms && moment_ms < state->until_ms) state->until_ms = moment_ms;
}

static muster_status take_hazards(mu_road_state *state, const mu_world *world, int64_t now_ms) {
    MU_TRY(
        mu_arena_take(&state->arena, &state->hazard, world->hazard_count, sizeof *state->hazard));
    for (uint32_t i = 0; i < world->hazard_count; ++i) {
        const muster_hazard *h        = &world->hazard[i].hazard;
        const int64_t        start_ms = ms_of(h->starts_at_s), end_ms = ms_of(h->ends_at_s);
        narrow(state, start_ms, now_ms);
        narrow(state, end_ms, now_ms);
        if (start_ms > now_ms || now_ms >= end_ms) continue;
        MU_TRY(mu_copy_hazard(&state->arena, &state->hazard[state->hazard_count++], h));
    }
    return MUSTER_OK;
}

static muster_status take_all(mu_road_state *state, const mu_world *world, int64_t now_ms) {
    MU_TRY(mu_arena_take(&state->arena, &state->road, world->road_count, sizeof *state->road));
    for (uint32_t i = 0; i < world->road_count; ++i) {
        MU_TRY(
            mu_copy_road(&state->arena, &state->road[state->road_count++], &world->road[i].road));
    }
    return take_hazards(state, world, now_ms);
}

muster_status mu_road_state_take(mu_road_state **out, const mu_world *world, int64_t now_ms) {
    mu_road_state *state;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&state, 1, sizeof *state));
    state->sequence            = world->sequence;
    state->version             = world->roads_version;
    state->from_ms             = INT64_MIN;
    state->until_ms            = INT64_MAX;
    const muster_status status = take_all(state, world, now_ms);
    if (status != MUSTER_OK) {
        mu_road_state_free(state);
        return status;
    }
    *out = state;
    return MUSTER_OK;
}

void mu_road_state_free(mu_road_state *state) {
    if (!state) return;
    mu_arena_fini(&state->arena);
    mu_free(state);
}

bool mu_roads_are_of(const muster_roads *roads, const mu_world *world, int64_t now_ms) {
    return roads && roads->version == world->roads_version && roads->from_ms <= now_ms &&
           now_ms < roads->until_ms;
}

int64_t mu_roads_until_ms(const muster_roads *roads) {
    return roads->until_ms;
}

/* ---- one profile --------------------------------------------------------------------------------- */

static void release_metric(made_metric *m) {
    if (!m || atomic_fetch_sub_explicit(&m->references, 1, memory_order_acq_rel) > 1) return;
    muster_metric_free(m->metric);
    mu_free(m->change);
    mu_free(m);
}

/* By arc. O(arcs), which is less than sorting: under a typhoon most arcs are slow. */
static muster_status in_order(muster_arc_change **out, const muster_metric *base, uint32_t count,
                              const muster_arc_change *change) {
    const size_t arcs = 2 * (size_t)muster_network_view(muster_metric_network(base))->edge_count;
    uint32_t    *duration_ms;
    uint32_t     used = 0;
    MU_TRY(mu_alloc(&duration_ms, arcs, sizeof *duration_ms));
    const muster_status status = mu_alloc(out, count, sizeof **out);
    for (size_t a = 0; a < arcs; ++a) duration_ms[a] = MUSTER_NONE;
    for (uint32_t i = 0; i < count; ++i) duration_ms[change[i].arc] = change[i].duration_ms;
    for (uint32_t a = 0; status == MUSTER_OK && a < arcs; ++a) {
        if (duration_ms[a] == MUSTER_NONE) continue;
        (*out)[used++] = (muster_arc_change){a, duration_ms[a]};
    }
    mu_free(duration_ms);
    return status;
}

static bool has_changes(const made_metric *m, uint32_t count, const muster_arc_change *change) {
    if (!m || m->change_count != count) return false;
    for (uint32_t i = 0; i < count; ++i) {
        if (m->change[i].arc != change[i].arc || m->change[i].duration_ms != change[i].duration_ms)
            return false;
    }
    return true;
}

/* The arcs in which `change` is not what the metric of before is. Of that one's arcs, those that are not in
 * `change` are as in the base again. */
static uint32_t differ(muster_arc_change *out, const made_metric *before, const uint32_t *base_ms,
                       uint32_t count, const muster_arc_change *change) {
    uint32_t found = 0, i = 0, j = 0;
    while (i < count || j < before->change_count) {
        const uint32_t arc = i < count ? change[i].arc : MUSTER_NONE;
        const uint32_t old = j < before->change_count ? before->change[j].arc : MUSTER_NONE;
        if (old < arc) {
            out[found++] = (muster_arc_change){old, base_ms[old]};
            ++j;
        } else if (arc < old) {
            out[found++] = change[i++];
        } else {
            if (change[i].duration_ms != before->change[j].duration_ms) out[found++] = change[i];
            ++i, ++j;
        }
    }
    return found;
}

/* From the metric of before, or from that of the base where less has changed since. Both ways lead to the
 * same one, bit for bit (muster_metric_change). */
static muster_status change_nearer(muster_metric **out, const muster_metric *base, uint32_t count,
                                   const muster_arc_change *change, const made_metric *before) {
    muster_arc_change *since;
    *out = NULL;
    if (!before) return muster_metric_change(out, base, count, change);
    MU_TRY(mu_alloc(&since, (size_t)count + before->change_count, sizeof *since));
    const uint32_t found = differ(since, before, muster_metric_duration_ms(base), count, change);
    const muster_status status = found < count
                                     ? muster_metric_change(out, before->metric, found, since)
                                     : muster_metric_change(out, base, count, change);
    mu_free(since);
    return status;
}

/* Also on failure, `out` is what has to be released. */
static muster_status make_metric(made_metric **out, const muster_metric *base, uint32_t count,
                                 const muster_arc_change *change, made_metric *before) {
    if (has_changes(before, count, change)) {
        atomic_fetch_add_explicit(&before->references, 1, memory_order_relaxed);
        *out = before;
        return MUSTER_OK;
    }
    MU_TRY(mu_alloc_zeroed(out, 1, sizeof **out));
    atomic_init(&(*out)->references, 1);
    MU_TRY(mu_alloc_copy(&(*out)->change, change, count, sizeof *change));
    (*out)->change_count = count;
    return change_nearer(&(*out)->metric, base, count, change, before);
}

static muster_status collect(const mu_road_base *b, uint32_t profile, const mu_road_state *state,
                             const muster_hazards *valid, muster_closure *closure) {
    uint32_t             hazards;
    const muster_hazard *hazard = muster_hazards_list(valid, &hazards);
    for (uint32_t i = 0; i < state->road_count; ++i) {
        MU_TRY(close_road(b, closure, &state->road[i], state->road[i].speed_factor));
    }
    for (uint32_t i = 0; i < hazards; ++i) {
        MU_TRY(muster_hazard_close(closure, &b->profile[profile], &hazard[i], NULL));
    }
    return MUSTER_OK;
}

static muster_status change_metric(made_metric **out, const muster_metric *base,
                                   const muster_closure *closure, made_metric *before) {
    uint32_t                 count;
    muster_arc_change       *sorted;
    const muster_arc_change *change = muster_closure_changes(closure, &count);
    if (count == 0) return MUSTER_OK;
    MU_TRY(in_order(&sorted, base, count, change));
    const muster_status status = make_metric(out, base, count, sorted, before);
    mu_free(sorted);
    return status;
}

static muster_status make_profile(muster_roads *roads, uint32_t profile, const mu_road_state *state,
                                  const muster_hazards *valid, const muster_roads *before) {
    const mu_road_base  *b    = roads->base;
    const muster_metric *base = b->metric[profile];
    muster_closure      *closure;
    if (muster_metric_flies(base)) return MUSTER_OK;
    MU_TRY(new_closure(&closure, b, profile));
    muster_status status = collect(b, profile, state, valid, closure);
    if (status == MUSTER_OK) {
        status = change_metric(&roads->made[profile], base, closure,
                               before ? before->made[profile] : NULL);
    }
    muster_closure_free(closure);
    return status;
}

/* ---- all profiles, side by side ------------------------------------------------------------------ */

typedef struct crew {
    muster_roads         *roads;
    const mu_road_state  *state;
    const muster_hazards *valid; /* the hazards of the state, behind the door */
    const muster_roads   *before;
    atomic_uint           next;
    pthread_mutex_t       lock; /* of the following: the first failure */
    muster_status         status;
    char                  message[MUSTER_EVENT_MESSAGE_BYTES];
} crew;

static void *work(void *user) {
    crew    *c = user;
    uint32_t profile;
    while ((profile = atomic_fetch_add(&c->next, 1)) < c->roads->base->profile_count) {
        const muster_status status = make_profile(c->roads, profile, c->state, c->valid, c->before);
        if (status == MUSTER_OK) continue;
        pthread_mutex_lock(&c->lock);
        if (c->status == MUSTER_OK) {
            c->status = status;
            snprintf(c->message, sizeof c->message, "%s", muster_error_message());
        }
        pthread_mutex_unlock(&c->lock);
    }
    return NULL;
}

enum { MOST_THREADS = 16 };

static uint32_t threads_for(uint32_t asked, uint32_t jobs) {
    const long cores   = sysconf(_SC_NPROCESSORS_ONLN);
    uint32_t   threads = asked > 0 ? asked : cores > 0 ? (uint32_t)cores : 1;
    if (threads > MOST_THREADS) threads = MOST_THREADS;
    return threads < jobs ? threads : jobs;
}

/* Where the system has no thread left, the calling one does it all. */
static muster_status make_profiles(muster_roads *roads, const mu_road_state *state,
                                   const muster_hazards *valid, const muster_roads *before,
                                   uint32_t thread_count) {
    pthread_t      helper[MOST_THREADS];
    uint32_t       helpers = 0;
    const uint32_t threads = threads_for(thread_count, roads->base->profile_count);
    crew           c       = {.roads = roads, .state = state, .valid = valid, .before = before};
    pthread_mutex_init(&c.lock, NULL);
    atomic_init(&c.next, 0);
    while (helpers + 1 < threads && pthread_create(&helper[helpers], NULL, work, &c) == 0) {
        ++helpers;
    }
    (void)work(&c);
    for (uint32_t i = 0; i < helpers; ++i) pthread_join(helper[i], NULL);
    pthread_mutex_destroy(&c.lock);
    return c.status == MUSTER_OK ? MUSTER_OK : muster_fail(c.status, "%s", c.message);
}

/* ---- life ---------------------------------------------------------------------------------------- */

static muster_status let_in(muster_hazards *valid, const mu_road_state *state) {
    for (uint32_t i = 0; i < state->hazard_count; ++i) {
        MU_TRY(muster_hazards_add(valid, &state->hazard[i]));
    }
    return MUSTER_OK;
}

static muster_status fill_roads(muster_roads *roads, const mu_road_state *state,
                                const muster_roads *before, uint32_t thread_count) {
    const mu_road_base *b = roads->base;
    MU_TRY(mu_alloc_zeroed(&roads->made, b->profile_count, sizeof(made_metric *)));
    MU_TRY(mu_alloc_zeroed(&roads->metric, b->profile_count, sizeof(muster_metric *)));
    muster_hazards *valid;
    MU_TRY(muster_hazards_new(&valid));
    muster_status status = let_in(valid, state);
    if (status == MUSTER_OK) status = make_profiles(roads, state, valid, before, thread_count);
    muster_hazards_free(valid);
    MU_TRY(status);
    for (uint32_t p = 0; p < b->profile_count; ++p) {
        roads->metric[p] = roads->made[p] ? roads->made[p]->metric : b->metric[p];
    }
    return MUSTER_OK;
}

muster_status mu_roads_new(muster_roads **out, mu_road_base *base, const mu_road_state *state,
                           const muster_roads *before, uint32_t thread_count) {
    muster_roads *roads;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&roads, 1, sizeof *roads));
    atomic_init(&roads->references, 1);
    roads->base                = mu_road_base_hold(base);
    roads->sequence            = state->sequence;
    roads->version             = state->version;
    roads->from_ms             = state->from_ms;
    roads->until_ms            = state->until_ms;
    const muster_status status = fill_roads(roads, state, before, thread_count);
    if (status != MUSTER_OK) {
        muster_roads_free(roads);
        return status;
    }
    *out = roads;
    return MUSTER_OK;
}

muster_roads *mu_roads_hold(muster_roads *roads) {
    atomic_fetch_add_explicit(&roads->references, 1, memory_order_relaxed);
    return roads;
}

void muster_roads_free(muster_roads *roads) {
    if (!roads || atomic_fetch_sub_explicit(&roads->references, 1, memory_order_acq_rel) > 1)
        return;
    for (uint32_t p = 0; roads->made && p < roads->base->profile_count; ++p) {
        release_metric(roads->made[p]);
    }
    mu_free(roads->made);
    mu_free(roads->metric);
    mu_road_base_release(roads->base);
    mu_free(roads);
}

uint64_t muster_roads_sequence(const muster_roads *roads) {
    return roads->sequence;
}

const char *const *muster_roads_profiles(const muster_roads *roads, uint32_t *out_count) {
    *out_count = roads->base->profile_count;
    return roads->base->name;
}

static const muster_metric *metric_of(const muster_roads *roads, const char *profile,
                                      const muster_metric *const *metric) {
    for (uint32_t p = 0; p < roads->base->profile_count; ++p) {
        if (strcmp(roads->base->name[p], profile) == 0) return metric[p];
    }
    return NULL;
}

const muster_metric *muster_roads_metric(const muster_roads *roads, const char *profile) {
    return metric_of(roads, profile, roads->metric);
}

const muster_metric *muster_roads_open_metric(const muster_roads *roads, const char *profile) {
    return metric_of(roads, profile, (const muster_metric *const *)roads->base->metric);
}

mu_road_base *mu_roads_base(const muster_roads *roads) {
    return roads->base;
}

const muster_metric *const *mu_roads_metrics(const muster_roads *roads, uint32_t *out_count) {
    *out_count = roads->base->profile_count;
    return roads->metric;
}
