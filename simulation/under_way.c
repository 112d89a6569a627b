/* Would a plan that keeps what is ordered take back an order, or add to one? It takes back what a shift ends too
 * early for. A team on its way has nothing left to do where others that come before it are enough; who comes first
 * is told by arrivals as the planner would have them now (mu_travel_eta_ms), which is not as they were then: some
 * have arrived, and some are late. And a trip that has been ordered may take on more, for the next plan knows that
 * it goes there. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "simulation/run.h"

static const mu_world_unit *known_of(const mu_run *run, uint8_t resource, uint32_t unit) {
    return &mu_run_world(run)->unit[resource][unit];
}

static const mu_base_unit *base_of(const mu_run *run, const mu_world_order *o) {
    return &run->stage->base->unit[o->resource][o->unit];
}

static muster_site known_place(const mu_run *run, uint8_t resource, uint32_t unit) {
    const mu_world_unit *known = known_of(run, resource, unit);
    return (muster_site){known->lon_deg, known->lat_deg};
}

static int64_t later(int64_t a, int64_t b) {
    return a > b ? a : b;
}

static const mu_scene *scene_of(const mu_run *run, const mu_world_order *o) {
    return &run->scene[mu_scene_find(run, mu_run_world(run)->incident[o->incident].code)];
}

static bool is_open(const mu_scene *scene) {
    return scene->is_reported && !scene->is_closed;
}

static bool is_under_way(const mu_world_order *o) {
    return o->state < MUSTER_ORDER_ON_SCENE;
}

static bool is_trip(const mu_world_order *o) {
    return o->resource == MUSTER_VEHICLE && o->need == MUSTER_NONE;
}

/* Where a plan of now would have it: teams and vehicles say where they are before (say.c). */
static muster_status planned_place(mu_run *run, const mu_world_order *o, muster_site *out) {
    const uint32_t teams = run->stage->base->unit_count[MUSTER_PEOPLE];
    *out                 = known_place(run, o->resource, o->unit);
    if (o->resource > MUSTER_VEHICLE) return MUSTER_OK;
    mu_mover *m = &run->mover[o->resource == MUSTER_PEOPLE ? o->unit : teams + o->unit];
    return mu_run_will_say_place(run, m) ? mu_mover_place(run, m, out) : MUSTER_OK;
}

/* ---- is somebody late? --------------------------------------------------------------------- */

/* More than a turnout that is drawn takes beyond the one that is planned with. */
enum { LATE_MS = 60 * 60 * 1000 };

/* Might the end of a shift keep somebody from where he has been sent, by the clock alone? */
static bool may_be_late(const mu_run *run, const mu_world_order *o) {
    const int64_t end_ms = known_of(run, o->resource, o->unit)->shift_end_at_ms;
    const int64_t eta_ms = later(o->eta_at_ms, run->now_ms + o->eta_at_ms - o->depart_at_ms);
    return is_under_way(o) && end_ms != 0 &&
           eta_ms + mu_run_world(run)->incident[o->incident].on_scene_ms + LATE_MS > end_ms;
}

static int64_t ready_of(const mu_run *run, const mu_world_order *o) {
    const int64_t ready_ms = known_of(run, o->resource, o->unit)->ready_at_ms;
    if (o->state > MUSTER_ORDER_ACCEPTED) return run->now_ms;
    return later(run->now_ms, later(o->depart_at_ms, ready_ms));
}

/* Of what goes by itself, by ways; a part that has not been answered for is planned as if it had not been sent, and
 * a trip goes two ways: the clock has to do. */
static muster_status is_late(mu_run *run, const mu_world_order *o, bool *out) {
    muster_site from;
    uint32_t    takes_ms;
    *out = may_be_late(run, o);
    if (!*out || is_trip(o) || o->resource > MUSTER_VEHICLE) return MUSTER_OK;
    MU_TRY(planned_place(run, o, &from));
    MU_TRY(mu_atlas_time(&run->atlas, base_of(run, o)->profile, &from, &scene_of(run, o)->site,
                         &takes_ms));
    *out = ready_of(run, o) + takes_ms + mu_run_world(run)->incident[o->incident].on_scene_ms >
           known_of(run, o->resource, o->unit)->shift_end_at_ms;
    return MUSTER_OK;
}

static muster_status look_at_shifts(mu_run *run, bool *out) {
    const mu_world *w = mu_run_world(run);
    *out              = false;
    for (uint32_t o = 0; o < w->order_count && !*out; ++o) {
        MU_TRY(is_late(run, &w->order[o], out));
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

/* Where it is told to be does not change, for most (say.c), and neither does what it takes from there. */
static muster_status eta_of(mu_run *run, const mu_world_order *o, const mu_scene *scene,
                            int64_t *out) {
    mu_mover   *m = &run->mover[o->unit];
    muster_site from;
    uint32_t    takes_ms = mu_run_will_say_place(run, m) ? 0 : m->to_scene_ms;
    if (takes_ms == 0) {
        MU_TRY(planned_place(run, o, &from));
        MU_TRY(
            mu_atlas_time(&run->atlas, base_of(run, o)->profile, &from, &scene->site, &takes_ms));
        if (!mu_run_will_say_place(run, m)) m->to_scene_ms = takes_ms;
    }
    *out = takes_ms == MUSTER_UNREACHABLE_MS ? INT64_MAX : ready_of(run, o) + takes_ms;
    return MUSTER_OK;
}

static bool comes_to(const mu_run *run, const mu_world_order *o, const mu_scene *scene,
                     uint32_t kind) {
    return o->resource == MUSTER_PEOPLE && is_under_way(o) && o->need == kind &&
           scene_of(run, o) == scene;
}

/* Those under way to a need. */
static muster_status list_arrivals(mu_run *run, const mu_scene *scene, uint32_t kind, arrival *out,
                                   uint32_t *out_count) {
    const mu_world *w = mu_run_world(run);
    *out_count        = 0;
    for (uint32_t i = 0; i < w->order_count; ++i) {
        const mu_world_order *o = &w->order[i];
        if (!comes_to(run, o, scene, kind)) continue;
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

/* ---- is there room for more? ----------------------------------------------------------------- */

/* How many of an item the vehicle of a trip could take on, beside what it is to bring. */
static int64_t room_of(const mu_run *run, const mu_world_order *trip, uint32_t kind) {
    const mu_world     *w       = mu_run_world(run);
    const mu_base_unit *vehicle = base_of(run, trip);
    const muster_kind  *item    = run->stage->base->kind;
    double              kg = vehicle->payload_kg, m3 = vehicle->volume_m3, most = 1e9;
    for (uint32_t o = 0; o < w->order_count; ++o) {
        if (w->order[o].trip != trip->number) continue;
        kg -= (double)w->order[o].quantity * item[w->order[o].need].mass_kg;
        m3 -= (double)w->order[o].quantity * item[w->order[o].need].volume_m3;
    }
    if (item[kind].mass_kg > 0) most = fmin(most, kg / item[kind].mass_kg);
    if (item[kind].volume_m3 > 0) most = fmin(most, m3 / item[kind].volume_m3);
    return most > 0 ? (int64_t)most : 0;
}

/* Is there some of it left where the trip loads? */
static bool is_in_warehouse(const mu_run *run, const mu_world_order *trip, uint32_t kind) {
    const mu_base_unit *stock = run->stage->base->unit[MUSTER_ITEM];
    for (uint32_t s = 0; s < run->stage->base->unit_count[MUSTER_ITEM]; ++s) {
        const mu_world_unit *known = known_of(run, MUSTER_ITEM, s);
        if (stock[s].kind == kind && known->is_available && known->quantity > known->ordered &&
            strcmp(stock[s].code, stock[trip->warehouse].code) == 0) {
            return true;
        }
    }
    return false;
}

static bool has_room(const mu_run *run, const mu_world_order *trip) {
    const mu_scene *scene = scene_of(run, trip);
    for (uint32_t n = 0; is_open(scene) && n < scene->need_count; ++n) {
        const mu_scene_need *need = &scene->need[n];
        if (run->stage->base->kind[need->kind].resource == MUSTER_ITEM &&
            need->quantity > need->present + need->coming && room_of(run, trip, need->kind) > 0 &&
            is_in_warehouse(run, trip, need->kind)) {
            return true;
        }
    }
    return false;
}

static bool look_at_trips(const mu_run *run) {
    const mu_world *w = mu_run_world(run);
    for (uint32_t o = 0; o < w->order_count; ++o) {
        const mu_world_order *trip = &w->order[o];
        if (trip->number > run->orders_thought_of && is_trip(trip) && is_under_way(trip) &&
            !trip->is_loaded && has_room(run, trip)) {
            return true;
        }
    }
    return false;
}

/* ---- all of it ------------------------------------------------------------------------------ */

muster_status mu_under_way_is_changed(mu_run *run, bool *out) {
    *out = look_at_trips(run);
    if (!*out) MU_TRY(look_at_shifts(run, out));
    return *out ? MUSTER_OK : look_at_teams(run, out);
}
