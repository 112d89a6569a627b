/* What becomes of orders, on the side of those who carry them out. The centre issues orders and takes them
 * back; here movers hear of it. Several things may follow from one commit: that an order is taken back and the
 * same unit gets another one is one change of course, and not two. */
#include <string.h>

#include "core/alloc.h"
#include "simulation/run.h"

/* ---- rows ---------------------------------------------------------------------------------- */

muster_simulated_order *mu_order_row(const mu_run *run, uint64_t number) {
    return &run->record->order.row[number - 1];
}

void mu_orders_copy_trips(mu_run *run) {
    for (uint32_t i = 0; i < run->record->order.count; ++i) {
        muster_simulated_order *row = &run->record->order.row[i];
        if (row->trip == 0) continue;
        const muster_simulated_order *trip = mu_order_row(run, row->trip);
        row->state                         = trip->state;
        row->departed_ms                   = trip->departed_ms;
        row->loaded_ms                     = trip->loaded_ms;
        row->on_scene_ms                   = trip->on_scene_ms;
        row->left_ms                       = trip->left_ms;
        row->released_ms                   = trip->released_ms;
        row->ended_ms                      = trip->ended_ms;
        row->distance_m                    = trip->distance_m;
        row->reason                        = trip->reason;
    }
}

void mu_order_end(mu_run *run, uint64_t number, muster_order_state state) {
    muster_simulated_order *row = mu_order_row(run, number);
    row->state                  = (uint8_t)state;
    row->ended_ms               = mu_run_clock(run);
    if (state == MUSTER_ORDER_RELEASED) row->released_ms = row->ended_ms;
    if (state == MUSTER_ORDER_RELEASED && row->left_ms == MU_NEVER) row->left_ms = row->ended_ms;
}

muster_status mu_order_end_for(mu_run *run, uint64_t number, muster_order_state state,
                               const char *reason) {
    mu_order_end(run, number, state);
    return mu_record_text(run->record, &mu_order_row(run, number)->reason, reason);
}

/* Numbers are given in turn, so a row is an order's by its place. */
static muster_status add_row(mu_run *run, const mu_world_order *o, uint32_t scene) {
    const mu_base          *b = run->stage->base;
    const mu_base_unit     *u = &b->unit[o->resource][o->unit];
    muster_simulated_order *row;
    MU_TRY(MU_TABLE_ADD(&run->record->order, &row));
    *row = (muster_simulated_order){.order       = o->number,
                                    .trip        = o->trip,
                                    .resource    = o->resource,
                                    .quantity    = o->quantity,
                                    .state       = o->state,
                                    .issued_ms   = mu_run_clock(run),
                                    .departed_ms = MU_NEVER,
                                    .loaded_ms   = MU_NEVER,
                                    .on_scene_ms = MU_NEVER,
                                    .left_ms     = MU_NEVER,
                                    .released_ms = MU_NEVER,
                                    .ended_ms    = MU_NEVER};
    if (o->number != run->record->order.count) {
        return muster_fail(MUSTER_E_INTERNAL, "order %llu is row %u", (unsigned long long)o->number,
                           run->record->order.count);
    }
    row->incident = run->record->incident.row[run->scene[scene].row].code;
    MU_TRY(mu_record_text(run->record, &row->unit, u->code));
    if (u->kind != MUSTER_NONE) {
        MU_TRY(mu_record_text(run->record, &row->kind, b->kind[u->kind].code));
    }
    if (o->need == MUSTER_NONE) return MUSTER_OK;
    return mu_record_text(run->record, &row->need, b->kind[o->need].code);
}

/* ---- orders that are over ------------------------------------------------------------------ */

static muster_status lose_order(mu_run *run, mu_mover *m, const mu_world_order *o) {
    const muster_order_state state  = o ? (muster_order_state)o->state : MUSTER_ORDER_CANCELLED;
    const bool               worked = m->doing == MU_DOING_WORK;
    MU_TRY(mu_mover_stop(run, m));
    MU_TRY(mu_order_end_for(run, m->order, state, o ? o->reason : NULL));
    m->order  = 0;
    m->is_cut = true;
    return worked ? mu_scene_count(run, m->scene, m->kind, -m->quantity) : MUSTER_OK;
}

static muster_status find_lost(mu_run *run) {
    for (uint32_t i = 0; i < run->mover_count; ++i) {
        mu_mover *m = &run->mover[i];
        if (m->order == 0) continue;
        const mu_world_order *o = mu_world_find_order(mu_run_world(run), m->order);
        if (o && !muster_order_is_over((muster_order_state)o->state)) continue;
        MU_TRY(lose_order(run, m, o));
    }
    return MUSTER_OK;
}

/* ---- new orders ---------------------------------------------------------------------------- */

/* One that is gone makes room for another; its stamp goes on. */
static muster_status find_room(mu_run *run, uint32_t *out) {
    for (*out = run->unit_count; *out < run->mover_count; ++*out) {
        if (run->mover[*out].doing == MU_DOING_GONE) return MUSTER_OK;
    }
    MU_TRY(mu_grow(&run->mover, &run->mover_capacity, run->mover_count, sizeof *run->mover));
    run->mover[run->mover_count++] = (mu_mover){.doing = MU_DOING_GONE};
    return MUSTER_OK;
}

static muster_status make_part(mu_run *run, const mu_world_order *o, uint32_t *out) {
    MU_TRY(find_room(run, out));
    mu_mover      *m     = &run->mover[*out];
    const uint32_t stamp = m->stamp + 1;
    *m                   = (mu_mover){
                          .resource = o->resource, .unit = o->unit, .quantity = o->quantity, .stamp = stamp};
    m->site = muster_problem_unit(run->stage->problem, (muster_resource)o->resource, o->unit)->site;
    return MUSTER_OK;
}

static muster_status mover_of(mu_run *run, const mu_world_order *o, uint32_t *out) {
    const uint32_t teams = run->stage->base->unit_count[MUSTER_PEOPLE];
    if (o->resource == MUSTER_MACHINE || o->resource == MUSTER_ITEM) return make_part(run, o, out);
    *out = o->resource == MUSTER_PEOPLE ? o->unit : teams + o->unit;
    return MUSTER_OK;
}

/* What of its load the new order is not about stays on board, and leaves the books. */
static muster_status sort_cargo(mu_run *run, mu_mover *m, uint64_t trip) {
    for (uint32_t c = 0; c < m->cargo_count; ++c) {
        const mu_world *w       = mu_run_world(run);
        mu_cargo       *cargo   = &m->cargo[c];
        int64_t         ordered = 0;
        for (uint32_t o = 0; o < w->order_count; ++o) {
            if (w->order[o].trip == trip && w->order[o].unit == cargo->stock) {
                ordered += w->order[o].quantity;
            }
        }
        const int64_t less = cargo->ordered - ordered;
        cargo->ordered     = ordered;
        if (less > 0) MU_TRY(mu_run_say_stock(run, cargo->stock, -less, "it is on board"));
    }
    return MUSTER_OK;
}

/* As long as planned: what is asked for before it, included. */
static muster_status loading_time(mu_run *run, const mu_world_order *o, uint32_t scene,
                                  int64_t *out) {
    const mu_base_unit *u    = &run->stage->base->unit[o->resource][o->unit];
    const muster_site  *from = &run->stage->problem->stock[o->warehouse].unit.site;
    uint32_t            takes_ms;
    MU_TRY(
        mu_atlas_time(&run->atlas, MU_NOW, u->profile, from, &run->scene[scene].site, &takes_ms));
    *out = o->eta_at_ms - o->load_at_ms - (int64_t)takes_ms;
    if (takes_ms == MUSTER_UNREACHABLE_MS || *out < 0) *out = 0;
    return MUSTER_OK;
}

static muster_status take_on(mu_run *run, uint32_t at) {
    const mu_world_order o     = mu_run_world(run)->order[at];
    const uint32_t       scene = mu_scene_find(run, mu_run_world(run)->incident[o.incident].code);
    uint32_t             mover;
    MU_TRY(add_row(run, &o, scene));
    if (o.trip != 0) return MUSTER_OK;
    MU_TRY(mover_of(run, &o, &mover));
    mu_mover *m  = &run->mover[mover];
    m->order     = o.number;
    m->scene     = scene;
    m->kind      = o.need;
    m->is_cut    = false;
    m->warehouse = o.warehouse;
    if (o.is_loaded) {
        MU_TRY(sort_cargo(run, m, o.number));
    } else if (o.need == MUSTER_NONE) {
        MU_TRY(loading_time(run, &o, scene, &m->loading_ms));
    }
    return mu_mover_prepare(run, m, o.depart_at_ms);
}

/* ---- both ---------------------------------------------------------------------------------- */

/* What is told meanwhile is of stock, and moves no orders. */
static muster_status take_on_all(mu_run *run, uint64_t issued) {
    for (uint32_t at = 0; at < mu_run_world(run)->order_count; ++at) {
        if (mu_run_world(run)->order[at].sequence == issued) MU_TRY(take_on(run, at));
    }
    return MUSTER_OK;
}

muster_status mu_orders_follow(mu_run *run, uint64_t issued) {
    MU_TRY(find_lost(run));
    if (issued != 0) MU_TRY(take_on_all(run, issued));
    for (uint32_t i = 0; i < run->mover_count; ++i) {
        if (run->mover[i].is_cut) MU_TRY(mu_mover_turn_back(run, &run->mover[i]));
    }
    return MUSTER_OK;
}
