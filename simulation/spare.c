/* Is a plan worth making, when all that has happened is that somebody or something is free again? To keep
 * (MUSTER_REPLAN_KEEP) is to add, and to call back who is of no use any more. So a plan after which nothing has
 * been told but who is free changes something in two cases alone, which are looked for here:
 *
 * - What has come free since could serve a need that something is missing of, there is a way, and there was not
 *   enough of the same kind before. All else that is free was free for that plan too, which has left it
 *   where it is. Who has moved since was free to be sent from where he was, and by roads that are the same
 *   still, so he gets to nothing that he did not get to then.
 * - A team on its way has nothing left to do, because others that come before it are enough. Who comes first
 *   is told by arrivals as the planner would have them now (mu_travel_eta_ms), which is not as they were then:
 *   some have arrived, and some are late.
 *
 * Whatever else happens, a need, an order that came to nothing, a word of a commander, roads, is a reason for a
 * plan without being asked. tests/oracle/test_simulation.c makes the plans that are not made, beside. */
#include <stdlib.h>

#include "core/alloc.h"
#include "simulation/run.h"

static const mu_world_unit *known_of(const mu_run *run, uint8_t resource, uint32_t unit) {
    return &mu_run_world(run)->unit[resource][unit];
}

static muster_site place_of(const mu_run *run, uint8_t resource, uint32_t unit) {
    const mu_world_unit *known = known_of(run, resource, unit);
    return (muster_site){known->lon_deg, known->lat_deg};
}

static int64_t later(int64_t a, int64_t b) {
    return a > b ? a : b;
}

/* ---- what is free -------------------------------------------------------------------------- */

static int64_t spare_now(const mu_run *run, uint8_t resource, uint32_t unit) {
    const mu_world_unit *known = known_of(run, resource, unit);
    return known->is_available ? known->quantity - known->ordered : 0;
}

muster_status mu_spare_init(mu_run *run) {
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        MU_TRY(mu_alloc_zeroed(&run->spare[r], run->stage->base->unit_count[r], sizeof(int64_t)));
    }
    return MUSTER_OK;
}

void mu_spare_fini(mu_run *run) {
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) mu_free(run->spare[r]);
}

void mu_spare_note(mu_run *run) {
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t u = 0; u < run->stage->base->unit_count[r]; ++u) {
            run->spare[r][u] = spare_now(run, (uint8_t)r, u);
        }
    }
}

/* ---- is it of use? ------------------------------------------------------------------------- */

static bool has_capability(const mu_base_unit *team, uint32_t kind) {
    uint32_t c = 0;
    while (c < team->capability_count && team->capability[c] != kind) ++c;
    return c < team->capability_count;
}

static bool carries(const mu_base_unit *vehicle) {
    return vehicle->payload_kg > 0 && vehicle->volume_m3 > 0;
}

static bool is_by_vehicle(const mu_run *run) {
    return run->stage->base->item_transport == MUSTER_ITEMS_BY_VEHICLE;
}

static bool is_shipped(const mu_run *run, uint32_t kind) {
    return run->stage->base->kind[kind].resource == MUSTER_ITEM && is_by_vehicle(run);
}

/* Could it be sent to a need of that kind, or bring what is asked for there? */
static bool serves(const mu_run *run, uint8_t resource, uint32_t unit, uint32_t kind) {
    const mu_base_unit *u = &run->stage->base->unit[resource][unit];
    if (resource == MUSTER_PEOPLE) return has_capability(u, kind);
    if (resource == MUSTER_VEHICLE && is_shipped(run, kind)) return carries(u);
    return u->kind == kind;
}

static muster_status time_by(mu_run *run, uint32_t profile, const muster_site *from,
                             const mu_scene *scene, uint32_t *out_ms) {
    return mu_atlas_time(&run->atlas, profile, from, &scene->site, out_ms);
}

static bool has_carrier(const mu_run *run, uint32_t profile) {
    const mu_base      *b       = run->stage->base;
    const mu_base_unit *vehicle = b->unit[MUSTER_VEHICLE];
    uint32_t            v       = 0;
    while (v < b->unit_count[MUSTER_VEHICLE] &&
           (vehicle[v].profile != profile || !carries(&vehicle[v]))) {
        ++v;
    }
    return v < b->unit_count[MUSTER_VEHICLE];
}

/* Of items as some carrier drives, where that is how they travel. MUSTER_UNREACHABLE_MS: there is no way. */
static muster_status time_to(mu_run *run, uint8_t resource, uint32_t unit, const mu_scene *scene,
                             uint32_t *out_ms) {
    const mu_base    *b    = run->stage->base;
    const muster_site from = place_of(run, resource, unit);
    *out_ms                = MUSTER_UNREACHABLE_MS;
    if (resource != MUSTER_ITEM || !is_by_vehicle(run)) {
        return time_by(run, b->unit[resource][unit].profile, &from, scene, out_ms);
    }
    for (uint32_t p = 0; p < b->profile_count && *out_ms == MUSTER_UNREACHABLE_MS; ++p) {
        if (has_carrier(run, p)) MU_TRY(time_by(run, p, &from, scene, out_ms));
    }
    return MUSTER_OK;
}

static int64_t missing_of(const mu_scene_need *need) {
    return need->quantity - need->present - need->coming;
}

/* Would it be free again before its shift ends, whoever has to be asked for it? */
static bool is_in_time(const mu_run *run, uint8_t resource, uint32_t unit, const mu_scene *scene,
                       uint32_t takes_ms) {
    const mu_base       *b        = run->stage->base;
    const mu_world_unit *known    = known_of(run, resource, unit);
    uint32_t             asked_ms = 0;
    for (int level = 0; level < MUSTER_LEVEL_COUNT; ++level) {
        const uint32_t delay_ms = b->weights.escalation_delay_ms[level];
        if (delay_ms > asked_ms) asked_ms = delay_ms;
    }
    const int64_t departs_ms =
        later(run->now_ms + b->unit[resource][unit].turnout_ms + asked_ms, known->ready_at_ms);
    return known->shift_end_at_ms == 0 ||
           departs_ms + takes_ms + scene->on_scene_ms <= known->shift_end_at_ms;
}

static bool is_told_what_to_do(const mu_run *run, uint8_t resource, uint32_t unit) {
    const mu_world *w = mu_run_world(run);
    uint32_t        r = 0;
    while (r < w->rule_count &&
           (w->rule[r].rule.unit.resource != resource || w->rule[r].unit != unit)) {
        ++r;
    }
    return r < w->rule_count;
}

/* Could it have been sent when a plan was last thought of? */
static muster_status could_go(mu_run *run, const mu_scene *scene, uint8_t resource, uint32_t unit,
                              bool *out) {
    uint32_t takes_ms;
    *out = false;
    if (run->spare[resource][unit] == 0 || is_told_what_to_do(run, resource, unit)) {
        return MUSTER_OK;
    }
    MU_TRY(time_to(run, resource, unit, scene, &takes_ms));
    *out = takes_ms != MUSTER_UNREACHABLE_MS && is_in_time(run, resource, unit, scene, takes_ms);
    return MUSTER_OK;
}

/* Was there as much of it as is missing, that could have been sent? Then it was not for want of this that
 * nothing was. Where vehicles bring things, it also depends on where things are and on what goes into which. */
static muster_status was_enough(mu_run *run, const mu_scene *scene, const mu_scene_need *need,
                                uint8_t resource, bool *out) {
    int64_t left = missing_of(need);
    *out         = false;
    if (need->grade > 0 || is_shipped(run, need->kind)) return MUSTER_OK;
    for (uint32_t u = 0; u < run->stage->base->unit_count[resource] && left > 0; ++u) {
        bool could = false;
        if (serves(run, resource, u, need->kind)) {
            MU_TRY(could_go(run, scene, resource, u, &could));
        }
        if (could) left -= run->spare[resource][u];
    }
    *out = left <= 0;
    return MUSTER_OK;
}

static muster_status look_at_scene(mu_run *run, const mu_scene *scene, uint8_t resource,
                                   uint32_t unit, bool *out) {
    *out = false;
    for (uint32_t n = 0; n < scene->need_count && !*out; ++n) {
        const mu_scene_need *need = &scene->need[n];
        uint32_t             takes_ms;
        bool                 is_plenty;
        if (missing_of(need) <= 0 || !serves(run, resource, unit, need->kind)) continue;
        MU_TRY(time_to(run, resource, unit, scene, &takes_ms));
        if (takes_ms == MUSTER_UNREACHABLE_MS) continue;
        MU_TRY(was_enough(run, scene, need, resource, &is_plenty));
        *out = !is_plenty;
    }
    return MUSTER_OK;
}

static bool is_open(const mu_scene *scene) {
    return scene->is_reported && !scene->is_closed;
}

static muster_status look_at_unit(mu_run *run, uint8_t resource, uint32_t unit, bool *out) {
    *out = false;
    for (uint32_t s = 0; s < run->scene_count && !*out; ++s) {
        if (is_open(&run->scene[s])) {
            MU_TRY(look_at_scene(run, &run->scene[s], resource, unit, out));
        }
    }
    return MUSTER_OK;
}

static muster_status look_at_spare(mu_run *run, bool *out) {
    *out = false;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t u = 0; u < run->stage->base->unit_count[r] && !*out; ++u) {
            if (spare_now(run, (uint8_t)r, u) <= run->spare[r][u]) continue;
            MU_TRY(look_at_unit(run, (uint8_t)r, u, out));
        }
    }
    return MUSTER_OK;
}

/* ---- is somebody idle? --------------------------------------------------------------------- */

typedef struct arrival {
    int64_t  eta_ms;
    uint32_t team;
    int64_t  people;
} arrival;

static int by_eta(const void *a, const void *b) {
    const arrival *x = a, *y = b;
    if (x->eta_ms != y->eta_ms) return x->eta_ms < y->eta_ms ? -1 : 1;
    return x->team < y->team ? -1 : x->team > y->team;
}

/* From where it was last told to be, as a situation has it (put_on_way in session/situation.c). */
static muster_status eta_of(mu_run *run, const mu_world_order *o, const mu_scene *scene,
                            int64_t *out) {
    mu_mover            *m        = &run->mover[o->unit];
    const mu_world_unit *known    = known_of(run, MUSTER_PEOPLE, o->unit);
    const muster_site    from     = place_of(run, MUSTER_PEOPLE, o->unit);
    const uint32_t       by       = run->stage->base->unit[MUSTER_PEOPLE][o->unit].profile;
    const int64_t        ready_ms = o->state > MUSTER_ORDER_ACCEPTED
                                        ? run->now_ms
                                        : later(run->now_ms, later(o->depart_at_ms, known->ready_at_ms));
    if (m->to_scene_ms == 0) {
        MU_TRY(mu_atlas_time(&run->atlas, by, &from, &scene->site, &m->to_scene_ms));
    }
    *out = m->to_scene_ms == MUSTER_UNREACHABLE_MS ? INT64_MAX : ready_ms + m->to_scene_ms;
    return MUSTER_OK;
}

static bool is_under_way(const mu_run *run, const mu_world_order *o, const mu_scene *scene,
                         uint32_t kind) {
    return o->resource == MUSTER_PEOPLE && o->state < MUSTER_ORDER_ON_SCENE && o->need == kind &&
           mu_scene_find(run, mu_run_world(run)->incident[o->incident].code) ==
               (uint32_t)(scene - run->scene);
}

/* Those under way to a need. */
static muster_status list_arrivals(mu_run *run, const mu_scene *scene, uint32_t kind, arrival *out,
                                   uint32_t *out_count) {
    const mu_world *w = mu_run_world(run);
    *out_count        = 0;
    for (uint32_t i = 0; i < w->order_count; ++i) {
        const mu_world_order *o = &w->order[i];
        if (!is_under_way(run, o, scene, kind)) continue;
        arrival *a = &out[(*out_count)++];
        a->team    = o->unit;
        a->people  = o->quantity;
        MU_TRY(eta_of(run, o, scene, &a->eta_ms));
    }
    return MUSTER_OK;
}

/* Somebody for whom those before leave nothing to do. */
static bool has_idle(arrival *arrivals, uint32_t count, int64_t missing) {
    uint32_t a = 0;
    if (count > 0) qsort(arrivals, count, sizeof *arrivals, by_eta);
    while (a < count && missing > 0 && arrivals[a].eta_ms < INT64_MAX)
        missing -= arrivals[a++].people;
    return a < count;
}

/* Others than teams are sent as far as they are asked for, in whatever order. */
static muster_status look_at_need(mu_run *run, const mu_scene *scene, const mu_scene_need *need,
                                  arrival *scratch, bool *inout) {
    uint32_t      count;
    const int64_t more = need->present + need->coming - need->quantity;
    if (*inout || need->coming == 0 || more <= 0) return MUSTER_OK;
    *inout = run->stage->base->kind[need->kind].resource != MUSTER_PEOPLE;
    if (*inout) return MUSTER_OK;
    MU_TRY(list_arrivals(run, scene, need->kind, scratch, &count));
    *inout = has_idle(scratch, count, need->quantity - need->present);
    return MUSTER_OK;
}

static muster_status look_at_needs(mu_run *run, arrival *scratch, bool *inout) {
    for (uint32_t s = 0; s < run->scene_count; ++s) {
        const mu_scene *scene = &run->scene[s];
        for (uint32_t n = 0; is_open(scene) && n < scene->need_count; ++n) {
            MU_TRY(look_at_need(run, scene, &scene->need[n], scratch, inout));
        }
    }
    return MUSTER_OK;
}

static muster_status look_at_teams(mu_run *run, bool *inout) {
    arrival *scratch;
    MU_TRY(mu_alloc(&scratch, run->stage->base->unit_count[MUSTER_PEOPLE], sizeof *scratch));
    const muster_status status = look_at_needs(run, scratch, inout);
    mu_free(scratch);
    return status;
}

/* ---- both ---------------------------------------------------------------------------------- */

/* More than a turnout that is drawn takes beyond the one that is planned with. */
enum { LATE_MS = 60 * 60 * 1000 };

/* Might the end of a shift keep somebody from where he has been sent, by the clock alone? */
static bool is_late(const mu_run *run, const mu_world_order *o) {
    const int64_t end_ms = known_of(run, o->resource, o->unit)->shift_end_at_ms;
    const int64_t eta_ms = later(o->eta_at_ms, run->now_ms + o->eta_at_ms - o->depart_at_ms);
    return o->state < MUSTER_ORDER_ON_SCENE && end_ms != 0 &&
           eta_ms + mu_run_world(run)->incident[o->incident].on_scene_ms + LATE_MS > end_ms;
}

static bool is_somebody_late(const mu_run *run) {
    const mu_world *w = mu_run_world(run);
    uint32_t        o = 0;
    while (o < w->order_count && !is_late(run, &w->order[o])) ++o;
    return o < w->order_count;
}

muster_status mu_spare_is_of_use(mu_run *run, bool *out) {
    *out = is_somebody_late(run);
    if (!*out) MU_TRY(look_at_spare(run, out));
    return *out ? MUSTER_OK : look_at_teams(run, out);
}
