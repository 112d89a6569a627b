/* Would a plan that keeps what is ordered take back an order, or add to one? It takes back what there is no way for by
 * the roads of now, and what a shift ends too early for. A team on its way has nothing left to do where others that
 * come before it are enough; who comes first is told by arrivals as the planner would have them now
 * (mu_travel_eta_ms), which is not as they were then: some have arrived, and some are late. A team that was not sent,
 * since it would have left another without work, may be sent when that one is there. And a trip that has been ordered
 * may take on more, for the next plan knows that it goes there. */
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "simulation/use.h"

static const mu_base_unit *base_of(const mu_run *run, const mu_world_order *o) {
    return &run->stage->base->unit[o->resource][o->unit];
}

static const mu_scene *scene_of(const mu_run *run, const mu_world_order *o) {
    return &run->scene[mu_scene_find(run, mu_run_world(run)->incident[o->incident].code)];
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
    *out                 = mu_known_place(run, o->resource, o->unit);
    if (o->resource > MUSTER_VEHICLE) return MUSTER_OK;
    mu_mover *m = &run->mover[o->resource == MUSTER_PEOPLE ? o->unit : teams + o->unit];
    return mu_run_will_say_place(run, m) ? mu_mover_place(run, m, out) : MUSTER_OK;
}

/* ---- is there a way still? ------------------------------------------------------------------ */

/* By way of its warehouse, for a trip that has not been loaded. */
static muster_status has_way(mu_run *run, const mu_world_order *o, bool *out) {
    const uint32_t by = base_of(run, o)->profile;
    muster_site    from;
    *out = true;
    MU_TRY(planned_place(run, o, &from));
    if (is_trip(o) && !o->is_loaded) {
        const muster_site warehouse = mu_known_place(run, MUSTER_ITEM, o->warehouse);
        MU_TRY(mu_atlas_reaches(&run->atlas, MU_NOW, by, &from, &warehouse, out));
        from = warehouse;
    }
    if (!*out) return MUSTER_OK;
    return mu_atlas_reaches(&run->atlas, MU_NOW, by, &from, &scene_of(run, o)->site, out);
}

/* Of orders that go by themselves: what a trip brings goes with it. */
static muster_status look_at_ways(mu_run *run, bool *out) {
    const mu_world *w = mu_run_world(run);
    *out              = false;
    for (uint32_t i = 0; i < w->order_count && !*out; ++i) {
        const mu_world_order *o = &w->order[i];
        bool                  is_way;
        if (o->trip != 0 || !is_under_way(o)) continue;
        MU_TRY(has_way(run, o, &is_way));
        *out = !is_way;
    }
    return MUSTER_OK;
}

/* ---- is somebody late? --------------------------------------------------------------------- */

/* More than a turnout that is drawn takes beyond the one that is planned with; and more than the way does by
 * other roads. */
enum { LATE_MS = 60 * 60 * 1000, LATE_BY_ROADS_MS = 6 * LATE_MS };

/* Might the end of a shift keep somebody from where he has been sent, by the clock alone? */
static bool may_be_late(const mu_run *run, const mu_world_order *o) {
    const int64_t end_ms  = mu_known_unit(run, o->resource, o->unit)->shift_end_at_ms;
    const int64_t late_ms = run->atlas.then ? LATE_BY_ROADS_MS : LATE_MS;
    const int64_t eta_ms  = mu_later(o->eta_at_ms, run->now_ms + o->eta_at_ms - o->depart_at_ms);
    return is_under_way(o) && end_ms != 0 &&
           eta_ms + mu_run_world(run)->incident[o->incident].on_scene_ms + late_ms > end_ms;
}

static int64_t ready_of(const mu_run *run, const mu_world_order *o) {
    const int64_t ready_ms = mu_known_unit(run, o->resource, o->unit)->ready_at_ms;
    if (o->state > MUSTER_ORDER_ACCEPTED) return run->now_ms;
    return mu_later(run->now_ms, mu_later(o->depart_at_ms, ready_ms));
}

/* A plan that is made for parts of pools may send them anew, which takes longer, and what a trip waits for at its
 * warehouse is not looked at here. */
enum { IN_DOUBT_MS = 30 * 60 * 1000 };

static int64_t doubt_of(const mu_world_order *o) {
    return is_trip(o) || o->resource > MUSTER_VEHICLE ? IN_DOUBT_MS : 0;
}

/* From where it will be said to be: by way of the warehouse and as long as that takes to load. */
static muster_status reckon_ms(mu_run *run, const mu_world_order *o, int64_t *out) {
    const uint32_t by = base_of(run, o)->profile;
    muster_site    from;
    uint32_t       to_warehouse_ms = 0, loading_ms = 0, to_scene_ms;
    MU_TRY(planned_place(run, o, &from));
    if (is_trip(o) && !o->is_loaded) {
        const muster_site warehouse = mu_known_place(run, MUSTER_ITEM, o->warehouse);
        MU_TRY(mu_atlas_time(&run->atlas, MU_NOW, by, &from, &warehouse, &to_warehouse_ms));
        from       = warehouse;
        loading_ms = (uint32_t)(o->eta_at_ms - o->load_at_ms);
    }
    MU_TRY(mu_atlas_time(&run->atlas, MU_NOW, by, &from, &scene_of(run, o)->site, &to_scene_ms));
    *out = (int64_t)to_warehouse_ms + loading_ms + to_scene_ms;
    return MUSTER_OK;
}

static muster_status is_late(mu_run *run, const mu_world_order *o, bool *out) {
    int64_t takes_ms;
    *out = may_be_late(run, o);
    if (!*out || o->trip != 0) return MUSTER_OK;
    MU_TRY(reckon_ms(run, o, &takes_ms));
    *out = ready_of(run, o) + takes_ms + doubt_of(o) +
               mu_run_world(run)->incident[o->incident].on_scene_ms >
           mu_known_unit(run, o->resource, o->unit)->shift_end_at_ms;
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
        MU_TRY(mu_atlas_time(&run->atlas, MU_NOW, base_of(run, o)->profile, &from, &scene->site,
                             &takes_ms));
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

/* ---- may somebody come after all? ------------------------------------------------------------ */

/* Of a need that is short of people although some come. */
typedef struct wait {
    const mu_scene *scene;
    bool            has_arrived; /* one of them, since a plan was last thought of */
    uint32_t        count;
    const arrival  *arrival;
} wait;

/* When it would be there, and would have been at least. */
static muster_status bound_eta(mu_run *run, const wait *w, uint32_t team, int64_t *out_was_ms,
                               int64_t *out_is_ms) {
    const mu_base_unit *u        = &run->stage->base->unit[MUSTER_PEOPLE][team];
    const muster_site   from     = mu_known_place(run, MUSTER_PEOPLE, team);
    const int64_t       ready_ms = mu_known_unit(run, MUSTER_PEOPLE, team)->ready_at_ms;
    uint32_t            takes_ms;
    MU_TRY(mu_atlas_time(&run->atlas, MU_NOW, u->profile, &from, &w->scene->site, &takes_ms));
    const int64_t first_ms =
        (int64_t)u->turnout_ms + mu_asks_for_ms(run, w->scene, MUSTER_PEOPLE, team);
    *out_was_ms = run->thought_ms + first_ms + takes_ms;
    *out_is_ms  = mu_later(run->now_ms + first_ms, ready_ms) + takes_ms;
    return MUSTER_OK;
}

static muster_status comes_after_all(mu_run *run, const wait *w, uint32_t team, bool *out) {
    const mu_base_unit *u    = &run->stage->base->unit[MUSTER_PEOPLE][team];
    const muster_site   from = mu_known_place(run, MUSTER_PEOPLE, team);
    int64_t             was_ms, is_ms;
    MU_TRY(mu_atlas_reaches(&run->atlas, MU_NOW, u->profile, &from, &w->scene->site, out));
    if (!*out || w->has_arrived) return MUSTER_OK;
    MU_TRY(bound_eta(run, w, team, &was_ms, &is_ms));
    *out = false;
    for (uint32_t a = 0; a < w->count && !*out; ++a) {
        *out = w->arrival[a].eta_ms >= was_ms && w->arrival[a].eta_ms <= is_ms;
    }
    return MUSTER_OK;
}

/* Who would have come before one of those under way, and left nothing to do for him, was not sent (solver/kept.c). He
 * may be, when that one is there, or comes before him by now. */
static muster_status look_at_rest(mu_run *run, const mu_scene *scene, const mu_scene_need *need,
                                  arrival *scratch, bool *inout) {
    wait w = {
        .scene = scene, .has_arrived = need->arrived_ms >= run->thought_ms, .arrival = scratch};
    if (need->coming == 0 && !w.has_arrived) return MUSTER_OK;
    MU_TRY(list_arrivals(run, scene, need->kind, scratch, &w.count));
    for (uint32_t t = 0; t < run->stage->base->unit_count[MUSTER_PEOPLE] && !*inout; ++t) {
        if (mu_spare_now(run, MUSTER_PEOPLE, t) > 0 &&
            mu_serves(run, MUSTER_PEOPLE, t, need->kind)) {
            MU_TRY(comes_after_all(run, &w, t, inout));
        }
    }
    return MUSTER_OK;
}

/* ---- teams ----------------------------------------------------------------------------------- */

/* Others than teams are sent as far as they are asked for, in whatever order. */
static muster_status look_at_need(mu_run *run, const mu_scene *scene, const mu_scene_need *need,
                                  arrival *scratch, bool *inout) {
    const bool    is_team = run->stage->base->kind[need->kind].resource == MUSTER_PEOPLE;
    const int64_t more    = -mu_missing_of(need);
    uint32_t      count;
    if (*inout || more == 0) return MUSTER_OK;
    if (more < 0) {
        return is_team ? look_at_rest(run, scene, need, scratch, inout) : MUSTER_OK;
    }
    if (need->coming == 0) return MUSTER_OK;
    *inout = !is_team;
    if (*inout) return MUSTER_OK;
    MU_TRY(list_arrivals(run, scene, need->kind, scratch, &count));
    *inout = has_idle(scratch, count, need->quantity - need->present);
    return MUSTER_OK;
}

static muster_status look_at_needs(mu_run *run, arrival *scratch, bool *inout) {
    for (uint32_t s = 0; s < run->scene_count; ++s) {
        const mu_scene *scene = &run->scene[s];
        for (uint32_t n = 0; mu_is_scene_open(scene) && n < scene->need_count; ++n) {
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
    double              kg = vehicle->payload_kg, m3 = vehicle->volume_m3;
    for (uint32_t o = 0; o < w->order_count; ++o) {
        if (w->order[o].trip != trip->number) continue;
        kg -= (double)w->order[o].quantity * item[w->order[o].need].mass_kg;
        m3 -= (double)w->order[o].quantity * item[w->order[o].need].volume_m3;
    }
    return mu_most_that_fit(&item[kind], kg, m3, MUSTER_MAX_QUANTITY);
}

/* Is there some of it left where the trip loads? */
static bool is_in_warehouse(const mu_run *run, const mu_world_order *trip, uint32_t kind) {
    const mu_base_unit *stock = run->stage->base->unit[MUSTER_ITEM];
    for (uint32_t s = 0; s < run->stage->base->unit_count[MUSTER_ITEM]; ++s) {
        if (stock[s].kind == kind && mu_spare_now(run, MUSTER_ITEM, s) > 0 &&
            strcmp(stock[s].code, stock[trip->warehouse].code) == 0) {
            return true;
        }
    }
    return false;
}

static bool has_room(const mu_run *run, const mu_world_order *trip) {
    const mu_scene *scene = scene_of(run, trip);
    for (uint32_t n = 0; mu_is_scene_open(scene) && n < scene->need_count; ++n) {
        const mu_scene_need *need = &scene->need[n];
        if (run->stage->base->kind[need->kind].resource == MUSTER_ITEM && mu_missing_of(need) > 0 &&
            room_of(run, trip, need->kind) > 0 && is_in_warehouse(run, trip, need->kind)) {
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
    if (!*out && run->atlas.then) MU_TRY(look_at_ways(run, out));
    if (!*out) MU_TRY(look_at_shifts(run, out));
    return *out ? MUSTER_OK : look_at_teams(run, out);
}
