/* Who travels and works. A mover does one thing at a time, and when that is done its step is due: it goes on to
 * the next. What it does next follows from its order, from what the course says of its incident, and, when it
 * is free, from the policy.
 *
 * A unit is told to have departed when its turnout is over, and not before: until then a plan may take its
 * order back without a diversion, as nobody has left. */
#include <math.h>
#include <string.h>

#include "core/alloc.h"
#include "simulation/draw.h"
#include "simulation/run.h"

/* ---- life ---------------------------------------------------------------------------------- */

static const muster_unit *unit_of(const mu_run *run, const mu_mover *m) {
    return muster_problem_unit(run->stage->problem, (muster_resource)m->resource, m->unit);
}

static const mu_base_unit *base_of(const mu_run *run, const mu_mover *m) {
    return &run->stage->base->unit[m->resource][m->unit];
}

static bool is_part(const mu_mover *m) {
    return m->resource == MUSTER_MACHINE || m->resource == MUSTER_ITEM;
}

/* Who is not available in the store waits to be called up, as the centre knows. */
static void hold_back(mu_run *run) {
    const mu_base         *b    = run->stage->base;
    const muster_scenario *from = mu_road_base_scenario(run->stage->roads);
    for (int r = MUSTER_PEOPLE; from && r <= MUSTER_VEHICLE; ++r) {
        uint32_t        count;
        const uint32_t *row = muster_scenario_unavailable(from, (muster_resource)r, &count);
        mu_mover       *first =
            r == MUSTER_PEOPLE ? run->mover : run->mover + b->unit_count[MUSTER_PEOPLE];
        for (uint32_t i = 0; i < count; ++i)
            first[row[i]].is_off_by_course = first[row[i]].is_on_call = true;
    }
}

muster_status mu_movers_init(mu_run *run) {
    const mu_base *b = run->stage->base;
    run->unit_count  = b->unit_count[MUSTER_PEOPLE] + b->unit_count[MUSTER_VEHICLE];
    MU_TRY(mu_alloc_zeroed(&run->mover, run->unit_count, sizeof *run->mover));
    run->mover_count    = run->unit_count;
    run->mover_capacity = run->unit_count;
    for (uint32_t i = 0; i < run->unit_count; ++i) {
        const bool is_team = i < b->unit_count[MUSTER_PEOPLE];
        mu_mover  *m       = &run->mover[i];
        m->resource        = is_team ? MUSTER_PEOPLE : MUSTER_VEHICLE;
        m->unit            = is_team ? i : i - b->unit_count[MUSTER_PEOPLE];
        m->quantity        = 1;
        m->is_told         = true;
        m->site            = unit_of(run, m)->site;
    }
    hold_back(run);
    return MUSTER_OK;
}

void mu_movers_fini(mu_run *run) {
    for (uint32_t i = 0; i < run->mover_count; ++i) {
        mu_way_fini(&run->mover[i].way);
        mu_way_fini(&run->mover[i].gone);
        mu_free(run->mover[i].cargo);
    }
    mu_free(run->mover);
}

/* ---- where it is --------------------------------------------------------------------------- */

bool mu_mover_is_moving(const mu_mover *m) {
    return m->way.is_way;
}

static muster_status draw_way(mu_run *run, mu_mover *m) {
    return mu_atlas_draw(&run->atlas, base_of(run, m)->profile, &m->way);
}

muster_status mu_mover_place(mu_run *run, mu_mover *m, muster_site *out) {
    *out = m->site;
    if (!mu_mover_is_moving(m)) return MUSTER_OK;
    MU_TRY(draw_way(run, m));
    mu_way_place(&m->way, run->now_ms - m->since_ms, &out->lon_deg, &out->lat_deg);
    return MUSTER_OK;
}

static muster_leg leg_of(const mu_mover *m) {
    switch (m->doing) {
    case MU_DOING_TO_WAREHOUSE:
        return MUSTER_LEG_TO_WAREHOUSE;
    case MU_DOING_TO_SCENE:
        return MUSTER_LEG_TO_SCENE;
    case MU_DOING_TRANSPORT:
        return MUSTER_LEG_TRANSPORT;
    default:
        return MUSTER_LEG_RETURN;
    }
}

/* Its way ends at a site. */
static muster_status end_way_at(mu_run *run, mu_mover *m, muster_site site) {
    const int64_t after_ms = run->now_ms - m->since_ms;
    const double  gone_m   = mu_way_distance(&m->way, after_ms);
    if (run->record->is_recorded) MU_TRY(draw_way(run, m));
    const muster_simulated_move row = {.resource = m->resource,
                                       .unit     = base_of(run, m)->code,
                                       .order    = m->order,
                                       .leg      = (uint8_t)leg_of(m),
                                       .start_ms = m->since_ms - run->course->start_at_ms,
                                       .end_ms   = mu_run_clock(run)};
    MU_TRY(mu_record_move(run->record, &row, &m->way, after_ms));
    run->record->totals.distance_m += gone_m;
    if (m->order != 0 && m->doing != MU_DOING_TRANSPORT) {
        mu_order_row(run, m->order)->distance_m += gone_m;
    }
    m->site    = site;
    m->is_told = false;
    mu_way_fini(&m->gone);
    m->gone = m->way;
    m->way  = (mu_way){0};
    return MUSTER_OK;
}

/* Its way ends here, whether at its end or not. */
static muster_status end_way(mu_run *run, mu_mover *m) {
    muster_site site;
    if (!mu_mover_is_moving(m)) return MUSTER_OK;
    MU_TRY(mu_mover_place(run, m, &site));
    return end_way_at(run, m, site);
}

/* For an order, or for what follows from it. */
static bool is_busy(mu_doing doing) {
    return doing >= MU_DOING_TURNOUT && doing <= MU_DOING_HANDOVER;
}

void mu_mover_count_busy(mu_run *run, const mu_mover *m) {
    if (!is_busy((mu_doing)m->doing) || is_part(m)) return;
    run->record->totals.busy_ms += run->now_ms - m->began_ms;
}

static void begin(mu_run *run, mu_mover *m, mu_doing doing) {
    mu_mover_count_busy(run, m);
    mu_way_fini(&m->gone);
    m->doing       = (uint8_t)doing;
    m->began_ms    = run->now_ms;
    m->since_ms    = run->now_ms;
    m->is_breaking = false;
    ++m->stamp;
}

static muster_status step_at(mu_run *run, const mu_mover *m, int64_t at_ms) {
    const uint32_t subject = (uint32_t)(m - run->mover);
    return mu_agenda_add(&run->agenda, at_ms > run->now_ms ? at_ms : run->now_ms, MU_DUE_STEP,
                         subject, m->stamp);
}

muster_status mu_mover_stop(mu_run *run, mu_mover *m) {
    return end_way(run, m);
}

muster_status mu_mover_halt(mu_run *run, mu_mover *m, mu_doing doing) {
    MU_TRY(end_way(run, m));
    begin(run, m, doing);
    return MUSTER_OK;
}

/* It is where it wanted to go, and does something there. */
static muster_status reach_goal(mu_run *run, mu_mover *m, mu_doing doing) {
    MU_TRY(end_way_at(run, m, m->goal));
    begin(run, m, doing);
    return MUSTER_OK;
}

/* ---- what is drawn ------------------------------------------------------------------------- */

/* Of a unit and an incident, so that it is the same under every policy. */
static mu_stream stream_of(const mu_run *run, const mu_mover *m, mu_purpose purpose) {
    return mu_stream_of_two(run->course->seed, run->course->replication, purpose,
                            base_of(run, m)->code, run->scene[m->scene].code);
}

static bool happens(const mu_run *run, const mu_mover *m, mu_purpose purpose, uint32_t permille) {
    return permille > 0 && mu_draw_below(stream_of(run, m, purpose), 0, 0, 1000) < permille;
}

/* Lognormal round 1: exp(s z - s^2 / 2), z normal by Box and Muller (Annals of Mathematical Statistics,
 * 1958). */
static double turnout_factor(const mu_run *run, const mu_mover *m) {
    const double    cv     = run->course->units.turnout_cv_permille / 1000.0;
    const mu_stream stream = stream_of(run, m, MU_DRAW_TURNOUT);
    if (cv <= 0) return 1;
    const double variance = log(1 + cv * cv);
    const double z        = sqrt(-2 * log(mu_draw_unit(stream, 0, 0))) *
                     cos(6.283185307179586 * mu_draw_unit(stream, 1, 0));
    return exp(sqrt(variance) * z - variance / 2);
}

/* ---- setting out --------------------------------------------------------------------------- */

/* It has an order and cannot get to where that says. */
static muster_status give_up(mu_run *run, mu_mover *m, const char *reason) {
    const uint64_t order = m->order;
    MU_TRY(mu_mover_halt(run, m, MU_DOING_NOTHING));
    m->order = 0;
    MU_TRY(mu_run_say_order(run, order, MUSTER_EVENT_ORDER_CANCELLED, reason));
    MU_TRY(mu_order_end_for(run, order, MUSTER_ORDER_CANCELLED, reason));
    MU_TRY(mu_wish_plan(run));
    return mu_mover_turn_back(run, m);
}

/* On its way a unit may break down, once an order. */
static muster_status plan_arrival(mu_run *run, mu_mover *m) {
    int64_t after_ms = m->way.duration_ms;
    if (m->doing == MU_DOING_TO_SCENE && !is_part(m) &&
        happens(run, m, MU_DRAW_BREAKS, run->course->units.failure_permille)) {
        const double share = mu_draw_unit(stream_of(run, m, MU_DRAW_BREAKS), 1, 0);
        m->is_breaking     = true;
        after_ms           = (int64_t)(share * (double)after_ms);
    }
    return step_at(run, m, run->now_ms + after_ms);
}

/* Set out for a goal. *out_goes: there is a way; without one it stands where it stood. */
static muster_status go(mu_run *run, mu_mover *m, mu_doing doing, const muster_site *goal,
                        bool *out_goes) {
    mu_way way;
    MU_TRY(end_way(run, m));
    MU_TRY(mu_atlas_way(&run->atlas, base_of(run, m)->profile, &m->site, goal, &way));
    *out_goes = way.is_way;
    if (!*out_goes) return MUSTER_OK;
    MU_TRY(mu_atlas_go_on(&run->atlas, base_of(run, m)->profile, &m->gone, &way));
    begin(run, m, doing);
    m->goal    = *goal;
    m->way     = way;
    m->is_told = false;
    return plan_arrival(run, m);
}

static muster_status go_or_give_up(mu_run *run, mu_mover *m, mu_doing doing,
                                   const muster_site *goal) {
    bool goes;
    MU_TRY(go(run, m, doing, goal, &goes));
    return goes ? MUSTER_OK : give_up(run, m, "no way leads there any more");
}

/* ---- duty ---------------------------------------------------------------------------------- */

static muster_status say_shift(mu_run *run, const mu_mover *m) {
    const mu_world_unit *known = &mu_run_world(run)->unit[m->resource][m->unit];
    muster_event         event = {.type            = MUSTER_EVENT_UNIT_SHIFT,
                                  .unit            = {m->resource, base_of(run, m)->code, NULL},
                                  .ready_at_ms     = m->rest_until_ms,
                                  .shift_end_at_ms = known->shift_end_at_ms,
                                  .duty_since_ms   = m->duty_since_ms};
    return mu_run_say(run, &event);
}

static muster_status start_duty(mu_run *run, mu_mover *m) {
    if (run->policy->duty_most_ms == 0 || m->duty_since_ms > 0 || is_part(m)) return MUSTER_OK;
    m->duty_since_ms = run->now_ms;
    m->rest_until_ms = 0;
    return say_shift(run, m);
}

/* It waits now, where it may rest. */
static muster_status settle(mu_run *run, mu_mover *m) {
    MU_TRY(mu_mover_halt(run, m, MU_DOING_NOTHING));
    if (m->duty_since_ms == 0 || run->now_ms - m->duty_since_ms < run->policy->duty_most_ms) {
        return MUSTER_OK;
    }
    m->duty_since_ms = 0;
    m->rest_until_ms = run->now_ms + run->policy->rest_ms;
    return say_shift(run, m);
}

/* ---- orders -------------------------------------------------------------------------------- */

/* What is drawn is its own turnout; what others have to be asked for is not. */
muster_status mu_mover_prepare(mu_run *run, mu_mover *m, int64_t depart_at_ms) {
    m->to_scene_ms = 0;
    MU_TRY(mu_mover_halt(run, m, MU_DOING_TURNOUT));
    if (depart_at_ms > run->now_ms) {
        const double more = turnout_factor(run, m) - 1;
        depart_at_ms += (int64_t)(more * base_of(run, m)->turnout_ms);
    }
    return step_at(run, m, depart_at_ms);
}

static muster_status decline(mu_run *run, mu_mover *m) {
    static const char REASON[] = "the unit cannot go";
    const uint64_t    order    = m->order;
    MU_TRY(mu_mover_halt(run, m, MU_DOING_NOTHING));
    m->order = 0;
    MU_TRY(mu_run_say_order(run, order, MUSTER_EVENT_ORDER_DECLINED, REASON));
    MU_TRY(mu_order_end_for(run, order, MUSTER_ORDER_DECLINED, REASON));
    MU_TRY(mu_wish_plan(run));
    return mu_mover_turn_back(run, m);
}

static const muster_site *site_of_stock(const mu_run *run, uint32_t stock) {
    return &run->stage->problem->stock[stock].unit.site;
}

static bool has_on_board(const mu_run *run, const mu_mover *m) {
    const mu_world_order *o = mu_world_find_order(mu_run_world(run), m->order);
    return o && o->is_loaded;
}

static muster_status depart(mu_run *run, mu_mover *m) {
    const bool is_trip = m->kind == MUSTER_NONE;
    if (!is_part(m) && happens(run, m, MU_DRAW_DECLINED, run->course->units.decline_permille)) {
        return decline(run, m);
    }
    MU_TRY(mu_run_say_order(run, m->order, MUSTER_EVENT_ORDER_EN_ROUTE, NULL));
    muster_simulated_order *row = mu_order_row(run, m->order);
    row->state                  = MUSTER_ORDER_EN_ROUTE;
    row->departed_ms            = mu_run_clock(run);
    MU_TRY(start_duty(run, m));
    if (is_trip && !has_on_board(run, m)) {
        return go_or_give_up(run, m, MU_DOING_TO_WAREHOUSE, site_of_stock(run, m->warehouse));
    }
    return go_or_give_up(run, m, MU_DOING_TO_SCENE, &run->scene[m->scene].site);
}

/* ---- at a warehouse ------------------------------------------------------------------------ */

static muster_status start_loading(mu_run *run, mu_mover *m) {
    MU_TRY(reach_goal(run, m, MU_DOING_LOADING));
    return step_at(run, m, run->now_ms + m->loading_ms);
}

static muster_status take_on_board(mu_mover *m, uint32_t stock, int64_t quantity) {
    MU_TRY(mu_grow(&m->cargo, &m->cargo_capacity, m->cargo_count, sizeof *m->cargo));
    m->cargo[m->cargo_count++] = (mu_cargo){stock, quantity, quantity};
    return MUSTER_OK;
}

static muster_status load(mu_run *run, mu_mover *m) {
    MU_TRY(mu_run_say_order(run, m->order, MUSTER_EVENT_ORDER_LOADED, NULL));
    const mu_world *w = mu_run_world(run);
    for (uint32_t o = 0; o < w->order_count; ++o) {
        if (w->order[o].trip != m->order) continue;
        MU_TRY(take_on_board(m, w->order[o].unit, w->order[o].quantity));
    }
    muster_simulated_order *row = mu_order_row(run, m->order);
    row->state                  = MUSTER_ORDER_LOADED;
    row->loaded_ms              = mu_run_clock(run);
    return go_or_give_up(run, m, MU_DOING_TO_SCENE, &run->scene[m->scene].site);
}

static bool has_cargo(const mu_mover *m) {
    uint32_t c = 0;
    while (c < m->cargo_count && m->cargo[c].quantity == 0) ++c;
    return c < m->cargo_count;
}

/* ---- at a scene ---------------------------------------------------------------------------- */

static muster_status go_home(mu_run *run, mu_mover *m);

/* Its order is done, and it is free where it is. */
static muster_status release(mu_run *run, mu_mover *m) {
    const uint64_t order = m->order;
    m->order             = 0;
    if (!is_part(m)) MU_TRY(mu_run_say_place(run, m));
    MU_TRY(mu_run_say_order(run, order, MUSTER_EVENT_ORDER_RELEASED, NULL));
    mu_order_end(run, order, MUSTER_ORDER_RELEASED);
    MU_TRY(mu_wish_use(run));
    return go_home(run, m);
}

/* What it brought is handed over. */
static muster_status unload(mu_run *run, mu_mover *m) {
    const uint32_t scene = m->scene;
    for (uint32_t c = 0; c < m->cargo_count; ++c) {
        mu_cargo     *cargo = &m->cargo[c];
        const int64_t given = cargo->ordered;
        cargo->quantity -= given;
        cargo->ordered = 0;
        if (given == 0) continue;
        MU_TRY(mu_stock_changed(run, cargo->stock));
        MU_TRY(mu_scene_count(run, scene, run->stage->base->unit[MUSTER_ITEM][cargo->stock].kind,
                              given));
    }
    if (!has_cargo(m)) m->cargo_count = 0;
    return release(run, m);
}

static muster_status arrive(mu_run *run, mu_mover *m) {
    MU_TRY(reach_goal(run, m, MU_DOING_WORK));
    MU_TRY(mu_run_say_order(run, m->order, MUSTER_EVENT_ORDER_ON_SCENE, NULL));
    muster_simulated_order *row = mu_order_row(run, m->order);
    row->state                  = MUSTER_ORDER_ON_SCENE;
    row->on_scene_ms            = mu_run_clock(run);
    if (m->kind == MUSTER_NONE) return unload(run, m);
    if (m->resource == MUSTER_ITEM) {
        MU_TRY(mu_stock_changed(run, m->unit));
        MU_TRY(mu_scene_count(run, m->scene, m->kind, m->quantity));
        return release(run, m);
    }
    const mu_world_order *o = mu_world_find_order(mu_run_world(run), m->order);
    m->quantity             = o->quantity;
    return mu_scene_count(run, m->scene, m->kind, m->quantity);
}

/* ---- with somebody to a destination --------------------------------------------------------- */

/* Who goes: vehicles, and people where there are none on scene. */
static bool is_carrier(const mu_run *run, const mu_mover *m) {
    const mu_scene *scene       = &run->scene[m->scene];
    bool            has_vehicle = false;
    if (!scene->course || !scene->course->is_transported) return false;
    for (uint32_t n = 0; n < scene->need_count; ++n) {
        const uint32_t kind = scene->need[n].kind;
        if (scene->need[n].present == 0) continue;
        if (run->stage->base->kind[kind].resource == MUSTER_VEHICLE) has_vehicle = true;
    }
    return m->resource == MUSTER_VEHICLE || (m->resource == MUSTER_PEOPLE && !has_vehicle);
}

/* The nearest; NULL: there is none that it can get to. */
static muster_status find_destination(mu_run *run, const mu_mover *m, const mu_course_place **out) {
    uint32_t best_ms = MUSTER_UNREACHABLE_MS, takes_ms;
    *out             = NULL;
    for (uint32_t d = 0; d < run->course->destination_count; ++d) {
        const mu_course_place *place = &run->course->destination[d];
        const muster_site      site  = {place->lon_deg, place->lat_deg};
        MU_TRY(mu_atlas_time(&run->atlas, MU_NOW, base_of(run, m)->profile, &m->site, &site,
                             &takes_ms));
        if (takes_ms >= best_ms) continue;
        best_ms = takes_ms;
        *out    = place;
    }
    return MUSTER_OK;
}

muster_status mu_mover_leave(mu_run *run, mu_mover *m) {
    const mu_course_place *place         = NULL;
    bool                   goes          = false;
    mu_order_row(run, m->order)->left_ms = mu_run_clock(run);
    if (is_carrier(run, m)) MU_TRY(find_destination(run, m, &place));
    if (place) {
        const muster_site site = {place->lon_deg, place->lat_deg};
        MU_TRY(go(run, m, MU_DOING_TRANSPORT, &site, &goes));
    }
    return goes ? MUSTER_OK : release(run, m);
}

static muster_status hand_over(mu_run *run, mu_mover *m) {
    MU_TRY(reach_goal(run, m, MU_DOING_HANDOVER));
    return step_at(run, m, run->now_ms + run->scene[m->scene].course->handover_ms);
}

/* ---- back ---------------------------------------------------------------------------------- */

static muster_site home_of(const mu_run *run, const mu_mover *m) {
    return has_cargo(m) ? *site_of_stock(run, m->cargo[0].stock) : unit_of(run, m)->site;
}

static bool is_at(const mu_mover *m, const muster_site *site) {
    return m->site.lon_deg == site->lon_deg && m->site.lat_deg == site->lat_deg;
}

/* Not to be sent anywhere, for a reason of its own. */
static muster_status set_off(mu_run *run, mu_mover *m, bool is_off, const char *reason) {
    if (m->is_off == is_off) return MUSTER_OK;
    m->is_off = is_off;
    return m->is_off_by_course ? MUSTER_OK : mu_run_say_available(run, m, !is_off, reason);
}

static muster_status unload_at_home(mu_run *run, mu_mover *m) {
    for (uint32_t c = 0; c < m->cargo_count; ++c) {
        const mu_cargo cargo = m->cargo[c];
        if (cargo.quantity > 0) {
            MU_TRY(mu_run_say_stock(run, cargo.stock, cargo.quantity, "it was not needed"));
        }
    }
    m->cargo_count = 0;
    MU_TRY(set_off(run, m, false, NULL));
    MU_TRY(mu_wish_use(run));
    return go_home(run, m);
}

/* A part is where it came from. */
static muster_status join(mu_run *run, mu_mover *m) {
    MU_TRY(mu_mover_halt(run, m, MU_DOING_GONE));
    if (m->resource == MUSTER_MACHINE) return mu_pool_changed(run, m->unit, -m->quantity);
    return mu_run_say_stock(run, m->unit, m->quantity, "it was not needed");
}

static muster_status come_home(mu_run *run, mu_mover *m) {
    if (is_part(m)) return join(run, m);
    if (has_cargo(m)) {
        MU_TRY(mu_mover_halt(run, m, MU_DOING_NOTHING));
        return unload_at_home(run, m);
    }
    return settle(run, m);
}

/* Items that were handed over are nobody's any more. */
static bool is_given(const mu_mover *m) {
    return m->resource == MUSTER_ITEM && m->doing == MU_DOING_WORK;
}

static muster_status go_home(mu_run *run, mu_mover *m) {
    const muster_site home = home_of(run, m);
    bool              goes;
    if (is_given(m)) return mu_mover_halt(run, m, MU_DOING_GONE);
    if (m->is_off_by_course) return mu_mover_halt(run, m, MU_DOING_REPAIR);
    if (m->resource == MUSTER_MACHINE && m->doing != MU_DOING_WAIT) {
        MU_TRY(mu_pool_changed(run, m->unit, m->quantity));
    }
    if (has_cargo(m)) MU_TRY(set_off(run, m, true, "it brings back what it has on board"));
    const bool stays =
        run->policy->way_back == MUSTER_WAY_BACK_STAY && !is_part(m) && !has_cargo(m);
    if (stays) return settle(run, m);
    if (is_at(m, &home)) return come_home(run, m);
    MU_TRY(go(run, m, MU_DOING_RETURN, &home, &goes));
    return goes ? MUSTER_OK : mu_mover_halt(run, m, MU_DOING_WAIT);
}

static muster_status arrive_home(mu_run *run, mu_mover *m) {
    MU_TRY(end_way_at(run, m, m->goal));
    return come_home(run, m);
}

/* What of its load was ordered is in the books again, but it is not there. */
static muster_status keep_cargo(mu_run *run, mu_mover *m) {
    for (uint32_t c = 0; c < m->cargo_count; ++c) {
        const int64_t ordered = m->cargo[c].ordered;
        m->cargo[c].ordered   = 0;
        if (ordered > 0)
            MU_TRY(mu_run_say_stock(run, m->cargo[c].stock, -ordered, "it is on board"));
    }
    return MUSTER_OK;
}

muster_status mu_mover_turn_back(mu_run *run, mu_mover *m) {
    const bool has_left = m->doing != MU_DOING_TURNOUT;
    m->is_cut           = false;
    if (is_part(m) && !has_left) return mu_mover_halt(run, m, MU_DOING_GONE);
    if (m->resource == MUSTER_ITEM) {
        MU_TRY(mu_run_say_stock(run, m->unit, -m->quantity, "it is on its way"));
    }
    MU_TRY(mu_mover_halt(run, m, MU_DOING_NOTHING));
    MU_TRY(keep_cargo(run, m));
    return go_home(run, m);
}

/* ---- out of order -------------------------------------------------------------------------- */

static muster_status break_down(mu_run *run, mu_mover *m) {
    static const char REASON[] = "it has broken down";
    const uint64_t    order    = m->order;
    MU_TRY(mu_mover_halt(run, m, MU_DOING_REPAIR));
    m->order     = 0;
    m->is_broken = true;
    MU_TRY(mu_run_say_place(run, m));
    MU_TRY(set_off(run, m, true, REASON));
    MU_TRY(mu_run_say_order(run, order, MUSTER_EVENT_ORDER_CANCELLED, REASON));
    MU_TRY(mu_order_end_for(run, order, MUSTER_ORDER_CANCELLED, REASON));
    MU_TRY(keep_cargo(run, m));
    MU_TRY(mu_wish_plan(run));
    return step_at(run, m, run->now_ms + run->course->units.repair_ms);
}

static muster_status get_going(mu_run *run, mu_mover *m) {
    m->is_broken = false;
    MU_TRY(set_off(run, m, false, NULL));
    MU_TRY(mu_wish_use(run));
    return go_home(run, m);
}

/* Who works goes on until that is done; everybody else stands where he is. */
static muster_status stand_still(mu_run *run, mu_mover *m) {
    static const char REASON[] = "the unit is out of order";
    const uint64_t    order    = m->order;
    if (m->doing == MU_DOING_NOTHING || m->doing >= MU_DOING_REPAIR) return MUSTER_OK;
    if (m->doing >= MU_DOING_WORK && m->doing <= MU_DOING_HANDOVER) return MUSTER_OK;
    MU_TRY(mu_mover_halt(run, m, MU_DOING_REPAIR));
    m->order = 0;
    if (order == 0) return MUSTER_OK;
    MU_TRY(mu_run_say_order(run, order, MUSTER_EVENT_ORDER_CANCELLED, REASON));
    MU_TRY(mu_order_end_for(run, order, MUSTER_ORDER_CANCELLED, REASON));
    return keep_cargo(run, m);
}

/* A breakdown of its own lasts as long as it does. */
muster_status mu_mover_set_off(mu_run *run, mu_mover *m, bool is_off) {
    m->is_off_by_course = is_off;
    m->is_on_call       = m->is_on_call && is_off;
    if (is_off) return stand_still(run, m);
    if (m->doing != MU_DOING_REPAIR || m->is_broken) return MUSTER_OK;
    return go_home(run, m);
}

/* ---- other roads --------------------------------------------------------------------------- */

/* From where it is; or it turns back, or hands over here, or stands until there is a way. */
static muster_status find_way(mu_run *run, mu_mover *m) {
    const muster_site goal = m->goal;
    bool              goes;
    MU_TRY(go(run, m, (mu_doing)m->doing, &goal, &goes));
    if (goes) return MUSTER_OK;
    if (m->doing == MU_DOING_RETURN) return mu_mover_halt(run, m, MU_DOING_WAIT);
    if (m->doing == MU_DOING_TRANSPORT) return release(run, m);
    return give_up(run, m, "the way there is closed");
}

/* Whoever moves by a profile that differs will have to say where he is, on roads that will be gone. */
static muster_status draw_ways(mu_run *run, const bool *differs) {
    for (uint32_t i = 0; i < run->mover_count; ++i) {
        mu_mover *m = &run->mover[i];
        if (!differs[base_of(run, m)->profile]) continue;
        m->to_scene_ms = 0;
        MU_TRY(draw_way(run, m));
    }
    return MUSTER_OK;
}

/* Movers are as many as before: nobody gets an order here. */
muster_status mu_movers_take_roads(mu_run *run, muster_roads *roads) {
    bool *differs;
    MU_TRY(mu_alloc(&differs, run->atlas.profile_count, sizeof *differs));
    for (uint32_t p = 0; p < run->atlas.profile_count; ++p) {
        differs[p] = mu_atlas_differs(&run->atlas, p, roads);
    }
    muster_status status = draw_ways(run, differs);
    if (status == MUSTER_OK) mu_atlas_take_roads(&run->atlas, roads);
    for (uint32_t i = 0; status == MUSTER_OK && i < run->mover_count; ++i) {
        mu_mover *m = &run->mover[i];
        if (m->doing == MU_DOING_GONE || !differs[base_of(run, m)->profile]) continue;
        if (mu_mover_is_moving(m)) {
            status = find_way(run, m);
        } else if (m->doing == MU_DOING_WAIT) {
            status = go_home(run, m);
        }
    }
    mu_free(differs);
    return status;
}

/* ---- steps --------------------------------------------------------------------------------- */

muster_status mu_mover_step(mu_run *run, uint32_t mover) {
    mu_mover *m = &run->mover[mover];
    if (m->is_breaking) return break_down(run, m);
    switch (m->doing) {
    case MU_DOING_TURNOUT:
        return depart(run, m);
    case MU_DOING_TO_WAREHOUSE:
        return start_loading(run, m);
    case MU_DOING_LOADING:
        return load(run, m);
    case MU_DOING_TO_SCENE:
        return arrive(run, m);
    case MU_DOING_TRANSPORT:
        return hand_over(run, m);
    case MU_DOING_HANDOVER:
        return release(run, m);
    case MU_DOING_RETURN:
        return arrive_home(run, m);
    case MU_DOING_REPAIR:
        return get_going(run, m);
    default:
        return muster_fail(MUSTER_E_INTERNAL, "mover %u has nothing to do", mover);
    }
}
