/* What breaks in a course, and is mended again. */
#include "simulation/course_build.h"

#include <math.h>

#include "core/alloc.h"
#include "simulation/arrivals.h"

static const double DAY_MS = 86400000;

/* ---- roads --------------------------------------------------------------------------------- */

/* Which roads: those of the rule, or the one that is drawn. */
static muster_status set_where(mu_course_build *b, uint32_t rule, uint32_t n,
                               muster_event_road *road) {
    const mu_road_failure *f = &b->ground->file->road_failure[rule];
    uint32_t              *first;
    if (f->is_drawn) {
        const mu_edges_ground *edges  = &b->ground->edges[rule];
        const mu_stream        stream = mu_build_stream(b, MU_DRAW_ROAD_WHICH, f->code);
        road->edge_count              = 1;
        road->edge_id = &edges->edge_id[mu_draw_below(stream, n, 0, edges->edge_count)];
        return MUSTER_OK;
    }
    road->edge_count  = f->edge_count;
    road->edge_id     = f->edge_id;
    road->point_count = f->line.point_count;
    road->lon_deg     = f->line.lon_deg;
    road->lat_deg     = f->line.lat_deg;
    if (f->polygon.point_count == 0) return MUSTER_OK;
    MU_TRY(mu_arena_take(b->arena, &first, 2, sizeof *first));
    first[1]   = f->polygon.point_count;
    road->area = (muster_polygon){1, first, f->polygon.lon_deg, f->polygon.lat_deg};
    return MUSTER_OK;
}

static muster_status add_road_failure(mu_course_build *b, uint32_t rule, uint32_t n,
                                      int64_t from_ms, int64_t until_ms) {
    const mu_road_failure  *f = &b->ground->file->road_failure[rule];
    const muster_event_type type =
        f->speed_factor > 0 ? MUSTER_EVENT_ROAD_SLOWED : MUSTER_EVENT_ROAD_CLOSED;
    const char   *code;
    muster_event *e;
    MU_TRY(mu_build_text(b, &code, "%s/%u", f->code, n + 1));
    MU_TRY(mu_build_event(b, MU_RANK_ROAD, type, from_ms, f->code, n + 1, false, &e));
    e->road.code         = code;
    e->road.speed_factor = f->speed_factor;
    e->reason            = f->reason;
    MU_TRY(set_where(b, rule, n, &e->road));
    if (until_ms >= b->ground->file->about.length_ms) return MUSTER_OK;
    MU_TRY(mu_build_event(b, MU_RANK_ROAD, MUSTER_EVENT_ROAD_OPENED, until_ms, f->code, n + 1, true,
                          &e));
    e->road.code = code;
    return MUSTER_OK;
}

/* Moments that are not in the scenario any more are left out: it ends before its own end. */
static muster_status add_road_rule(mu_course_build *b, uint32_t rule) {
    const mu_road_failure *f     = &b->ground->file->road_failure[rule];
    const mu_stream        lasts = mu_build_stream(b, MU_DRAW_ROAD_LASTS, f->code);
    int64_t               *at_ms;
    uint32_t               count;
    muster_status          status = MUSTER_OK;
    MU_TRY(mu_arrivals_draw(b->ground, &f->when, mu_build_stream(b, MU_DRAW_ROAD_TIME, f->code),
                            mu_build_lateness(b, f->when.hazard), &at_ms, &count));
    for (uint32_t n = 0; n < count && status == MUSTER_OK; ++n) {
        if (at_ms[n] >= b->ground->file->about.length_ms) break;
        status =
            add_road_failure(b, rule, n, at_ms[n], at_ms[n] + mu_draw_ms(&f->lasts_ms, lasts, n));
    }
    mu_free(at_ms);
    return status;
}

muster_status mu_build_road_failures(mu_course_build *b) {
    for (uint32_t f = 0; f < b->ground->file->road_failure_count; ++f) {
        MU_TRY(add_road_rule(b, f));
    }
    return MUSTER_OK;
}

/* ---- units --------------------------------------------------------------------------------- */

typedef struct unit_breaker {
    mu_course_build       *build;
    const mu_unit_failure *rule;
    uint32_t               count; /* of failures so far, of all its units */
} unit_breaker;

static muster_status tell(unit_breaker *u, const char *unit, int64_t at_ms, bool is_end) {
    muster_event *e;
    if (at_ms >= u->build->ground->file->about.length_ms) return MUSTER_OK;
    MU_TRY(mu_build_event(u->build, MU_RANK_UNIT, MUSTER_EVENT_UNIT_STATUS, at_ms, u->rule->code,
                          u->count, is_end, &e));
    e->unit         = (muster_event_unit){.resource = u->rule->which.resource, .code = unit};
    e->is_available = is_end;
    e->reason       = is_end ? NULL : u->rule->reason;
    return MUSTER_OK;
}

static muster_status fail_once(unit_breaker *u, const char *unit, int64_t from_ms,
                               int64_t until_ms) {
    ++u->count;
    MU_TRY(tell(u, unit, from_ms, false));
    return tell(u, unit, until_ms, true);
}

/* Up for an exponential time, down for as long as that lasts, and so on. */
static muster_status fail_by_rate(unit_breaker *u, const char *unit) {
    const mu_course_build *b         = u->build;
    const double           mean_ms   = DAY_MS / u->rule->per_unit_per_day;
    const int64_t          length_ms = b->ground->file->about.length_ms;
    const mu_stream        up =
        mu_stream_of_two(b->seed, b->replication, MU_DRAW_UNIT_TIME, u->rule->code, unit);
    const mu_stream down =
        mu_stream_of_two(b->seed, b->replication, MU_DRAW_UNIT_LASTS, u->rule->code, unit);
    int64_t at_ms = 0;
    for (uint32_t n = 0;; ++n) {
        const double good_ms = -mean_ms * log(mu_draw_unit(up, n, 0));
        if (good_ms >= (double)(length_ms - at_ms)) return MUSTER_OK;
        at_ms += (int64_t)good_ms;
        const int64_t until_ms = at_ms + mu_draw_ms(&u->rule->lasts_ms, down, n);
        MU_TRY(fail_once(u, unit, at_ms, until_ms));
        at_ms = until_ms;
        if (at_ms >= length_ms) return MUSTER_OK;
    }
}

/* At each of the moments, unless it is still broken since the one before. */
static muster_status fail_at(unit_breaker *u, const char *unit, const int64_t *at_ms,
                             uint32_t count) {
    const mu_course_build *b = u->build;
    const mu_stream        down =
        mu_stream_of_two(b->seed, b->replication, MU_DRAW_UNIT_LASTS, u->rule->code, unit);
    int64_t good_ms = 0;
    for (uint32_t n = 0; n < count; ++n) {
        if (at_ms[n] < good_ms || at_ms[n] >= b->ground->file->about.length_ms) continue;
        good_ms = at_ms[n] + mu_draw_ms(&u->rule->lasts_ms, down, n);
        MU_TRY(fail_once(u, unit, at_ms[n], good_ms));
    }
    return MUSTER_OK;
}

static muster_status add_unit_rule(mu_course_build *b, uint32_t rule) {
    const mu_unit_ground *units    = &b->ground->units[rule];
    unit_breaker          u        = {b, &b->ground->file->unit_failure[rule], 0};
    const bool            has_rate = u.rule->per_unit_per_day > 0;
    int64_t              *at_ms    = NULL;
    uint32_t              count    = 0;
    muster_status         status   = MUSTER_OK;
    if (!has_rate) {
        MU_TRY(mu_arrivals_draw(b->ground, &u.rule->when,
                                mu_build_stream(b, MU_DRAW_UNIT_TIME, u.rule->code),
                                mu_build_lateness(b, u.rule->when.hazard), &at_ms, &count));
    }
    for (uint32_t i = 0; i < units->unit_count && status == MUSTER_OK; ++i) {
        status =
            has_rate ? fail_by_rate(&u, units->unit[i]) : fail_at(&u, units->unit[i], at_ms, count);
    }
    mu_free(at_ms);
    return status;
}

muster_status mu_build_unit_failures(mu_course_build *b) {
    for (uint32_t f = 0; f < b->ground->file->unit_failure_count; ++f) {
        MU_TRY(add_unit_rule(b, f));
    }
    return MUSTER_OK;
}
