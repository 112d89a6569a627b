/* Earthquakes of a course: shocks, and the bridges that each of them brings down. Shaking itself is not told;
 * what it does, calls and closed bridges, is. */
#include "simulation/course_build.h"

#include <math.h>

#include <muster/great_circle.h>

#include "core/alloc.h"
#include "simulation/aftershock.h"

enum { SHOCKS_MOST = 10000 };

static const double HOUR_MS = 3600000, DAY_H = 24;

typedef struct shock {
    int64_t at_ms;
    double  lon_deg, lat_deg, magnitude;
} shock;

typedef struct shaker {
    mu_course_build     *build;
    const mu_earthquake *rule;
    uint32_t             index;   /* of the rule */
    bool                *is_down; /* of each bridge */
    uint32_t             told;    /* events so far */
} shaker;

/* ---- shocks -------------------------------------------------------------------------------- */

static shock aftershock(const shaker *s, uint32_t n, int64_t at_ms) {
    const mu_earthquake *q     = s->rule;
    const mu_stream      where = mu_build_stream(s->build, MU_DRAW_SHOCK_PLACE, q->code);
    const mu_stream      size  = mu_build_stream(s->build, MU_DRAW_SHOCK_SIZE, q->code);
    shock                a     = {.at_ms = at_ms};
    muster_great_circle_ahead(q->lon_deg, q->lat_deg, 360 * mu_draw_unit(where, n, 0),
                              q->spread_m * sqrt(mu_draw_unit(where, n, 1)), &a.lon_deg,
                              &a.lat_deg);
    a.magnitude = mu_gutenberg_quantile(q->gutenberg_b, q->least_magnitude, q->most_magnitude,
                                        mu_draw_unit(size, n, 0));
    return a;
}

/* ---- bridges ------------------------------------------------------------------------------- */

/* A shock that is smaller by one shakes as hard at a third of the distance: a convention of ours. */
static double chance_of(const mu_earthquake *q, const shock *s, const mu_bridge *b) {
    const double reach      = pow(10, 0.5 * (s->magnitude - q->magnitude));
    const double distance_m = muster_great_circle_m(s->lon_deg, s->lat_deg, b->lon_deg, b->lat_deg);
    for (uint32_t r = 0; r < q->ring_count; ++r) {
        if (distance_m <= q->ring[r].within_m * reach) return q->ring[r].chance * b->factor;
    }
    return 0;
}

static muster_status close_bridges(shaker *s, int64_t at_ms, uint32_t count, const int64_t *edge_id,
                                   const char **out_code) {
    muster_event *e;
    ++s->told;
    MU_TRY(mu_build_text(s->build, out_code, "%s/%u", s->rule->code, s->told));
    MU_TRY(mu_build_event(s->build, MU_RANK_EARTHQUAKE, MUSTER_EVENT_ROAD_CLOSED, at_ms,
                          s->rule->code, s->told, false, &e));
    e->road.code       = *out_code;
    e->road.edge_count = count;
    e->road.edge_id    = edge_id;
    e->reason          = s->rule->reason;
    return MUSTER_OK;
}

/* One that is repaired is told by itself. It does not fall a second time. */
static muster_status drop_and_repair(shaker *s, int64_t at_ms, const int64_t *edge_id) {
    const mu_stream lasts    = mu_build_stream(s->build, MU_DRAW_BRIDGE_LASTS, s->rule->code);
    const int64_t   until_ms = at_ms + mu_draw_ms(&s->rule->repair_ms, lasts, (uint64_t)*edge_id);
    const char     *code;
    muster_event   *e;
    MU_TRY(close_bridges(s, at_ms, 1, edge_id, &code));
    if (until_ms >= s->build->ground->file->about.length_ms) return MUSTER_OK;
    MU_TRY(mu_build_event(s->build, MU_RANK_EARTHQUAKE, MUSTER_EVENT_ROAD_OPENED, until_ms,
                          s->rule->code, s->told, true, &e));
    e->road.code = code;
    return MUSTER_OK;
}

/* Those that one shock brings down; number 0 is the main one. */
static muster_status shake(shaker *s, uint32_t number, const shock *by) {
    const mu_bridges_ground *bridges = &s->build->ground->bridges[s->index];
    const mu_stream          falls = mu_build_stream(s->build, MU_DRAW_BRIDGE_FALLS, s->rule->code);
    int64_t                 *down;
    uint32_t                 count = 0;
    const char              *code;
    MU_TRY(mu_arena_take(s->build->arena, &down, bridges->bridge_count, sizeof *down));
    for (uint32_t i = 0; i < bridges->bridge_count; ++i) {
        const mu_bridge *b = &bridges->bridge[i];
        if (s->is_down[i]) continue;
        const double u = mu_draw_unit(falls, (uint64_t)b->edge_id, number);
        if (u >= chance_of(s->rule, by, b)) continue;
        s->is_down[i] = true;
        down[count]   = b->edge_id;
        if (s->rule->is_repaired) MU_TRY(drop_and_repair(s, by->at_ms, &down[count]));
        ++count;
    }
    return count > 0 && !s->rule->is_repaired ? close_bridges(s, by->at_ms, count, down, &code)
                                              : MUSTER_OK;
}

static muster_status shake_again(shaker *s) {
    const mu_earthquake *q     = s->rule;
    const mu_stream      times = mu_build_stream(s->build, MU_DRAW_SHOCK_TIME, q->code);
    const double         k     = q->shocks_first_day / mu_omori_integral(&q->omori, DAY_H);
    const double end_h  = (double)(s->build->ground->file->about.length_ms - q->at_ms) / HOUR_MS;
    const double all    = k * mu_omori_integral(&q->omori, end_h);
    double       so_far = 0;
    for (uint32_t n = 0; n < SHOCKS_MOST; ++n) {
        so_far -= log(mu_draw_unit(times, n, 0));
        if (so_far >= all) return MUSTER_OK;
        const shock one = aftershock(
            s, n, q->at_ms + (int64_t)(mu_omori_time_h(&q->omori, so_far / k) * HOUR_MS));
        MU_TRY(shake(s, n + 1, &one));
    }
    return muster_fail(MUSTER_E_INVALID,
                       "earthquake '%s' has more than %d aftershocks; expected fewer", q->code,
                       SHOCKS_MOST);
}

muster_status mu_build_earthquakes(mu_course_build *b) {
    for (uint32_t i = 0; i < b->ground->file->earthquake_count; ++i) {
        shaker      s    = {.build = b, .rule = &b->ground->file->earthquake[i], .index = i};
        const shock main = {s.rule->at_ms, s.rule->lon_deg, s.rule->lat_deg, s.rule->magnitude};
        if (main.at_ms >= b->ground->file->about.length_ms) continue;
        MU_TRY(mu_arena_take(b->arena, &s.is_down, b->ground->bridges[i].bridge_count,
                             sizeof *s.is_down));
        MU_TRY(shake(&s, 0, &main));
        if (s.rule->shocks_first_day > 0) MU_TRY(shake_again(&s));
    }
    return MUSTER_OK;
}
