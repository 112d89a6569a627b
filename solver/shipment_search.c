/* One move: a destination gives back all its trips and buys the best delivery anew. Vehicles that
 * are free cost nothing. One that is at work elsewhere costs what its work would lose if the best
 * free vehicle took it over, so that a delivery may take vehicles away from others where that is
 * worth it (an ejection chain of length two). What several such changes do to each other is seen
 * only when they are made: a move that did not gain after all is taken back.
 *
 * Vehicle needs move in the same way. */
#include "solver/shipment_search.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "solver/carriage.h"
#include "solver/weights.h"

enum { NEAR_MOST = 16, NODE_LIMIT = 60, DEPTH = 1 };

/* ---- what a vehicle's work is worth ------------------------------------------------------ */

/* Where a vehicle that is not free goes. */
static uint32_t incident_of(const mu_fleet *f, uint32_t vehicle) {
    const uint32_t need = f->need_of[vehicle];
    return need != MUSTER_NONE ? f->model->problem->need[need].incident
                               : f->model->destination[f->destination_of[vehicle]].incident;
}

static int64_t diversion(const mu_shipment_search *s, uint32_t vehicle, uint32_t incident) {
    return mu_offers_diversion(s->offers, vehicle, incident, s->unmet_s);
}

/* What `other` would lose against `vehicle` at what that does; MU_NOT_OFFERED: it cannot. */
static int64_t loss_with(const mu_shipment_search *s, uint32_t vehicle, uint32_t other) {
    const mu_fleet          *f    = s->fleet;
    const mu_shipment_model *m    = f->model;
    const muster_problem    *p    = m->problem;
    const uint32_t           need = f->need_of[vehicle];
    uint32_t                 now_ms, then_ms;
    if (need == MUSTER_NONE) {
        if (!mu_fleet_could_carry(f, other, vehicle)) return MU_NOT_OFFERED;
        now_ms = f->eta_ms[vehicle];
        then_ms =
            mu_shipment_eta_ms(m, other, f->warehouse_of[vehicle], f->destination_of[vehicle]);
    } else {
        mu_candidate then;
        if (!mu_candidate_at(&then, s->candidates, other, need)) return MU_NOT_OFFERED;
        now_ms  = mu_travel_eta_ms(f->travel, MUSTER_VEHICLE, vehicle, p->need[need].incident);
        then_ms = then.eta_ms;
    }
    if (then_ms == MUSTER_UNREACHABLE_MS) return MU_NOT_OFFERED;
    const uint32_t incident = incident_of(f, vehicle);
    return s->priced[vehicle] *
               (mu_response_s(p, incident, then_ms) - mu_response_s(p, incident, now_ms)) +
           diversion(s, other, incident) - diversion(s, vehicle, incident);
}

/* What is lost if nobody does it; MU_NOT_OFFERED: somebody has to. */
static int64_t loss_without(const mu_shipment_search *s, uint32_t vehicle) {
    const mu_fleet *f      = s->fleet;
    const uint32_t  need   = f->need_of[vehicle];
    const uint32_t  now_ms = need == MUSTER_NONE
                                 ? f->eta_ms[vehicle]
                                 : mu_travel_eta_ms(f->travel, MUSTER_VEHICLE, vehicle,
                                                    f->model->problem->need[need].incident);
    if (need == MUSTER_NONE && mu_fleet_has_cargo(f, vehicle)) return MU_NOT_OFFERED;
    return s->priced[vehicle] *
               (s->unmet_s - mu_response_s(f->model->problem, incident_of(f, vehicle), now_ms)) -
           diversion(s, vehicle, incident_of(f, vehicle));
}

/* The free vehicle that would do best what `vehicle` does. Reserved ones may not. */
static uint32_t find_substitute(const mu_shipment_search *s, uint32_t vehicle, int64_t *out_loss) {
    uint32_t best = MUSTER_NONE;
    *out_loss     = loss_without(s, vehicle);
    for (uint32_t v = 0; v < s->fleet->model->problem->vehicle_count; ++v) {
        if (!mu_fleet_is_free(s->fleet, v) || s->is_reserved[v]) continue;
        const int64_t loss = loss_with(s, vehicle, v);
        if (loss >= *out_loss) continue;
        *out_loss = loss;
        best      = v;
    }
    return best;
}

/* What each vehicle does is worth, and what it would lose with the best that is free. */
static void look_around(mu_shipment_search *s, mu_watch *watch) {
    const muster_problem *p = s->fleet->model->problem;
    for (uint32_t v = 0; v < p->vehicle_count; ++v) {
        s->loss[v] = 0;
        if (mu_fleet_is_free(s->fleet, v)) continue;
        const uint32_t need = s->fleet->need_of[v];
        s->priced[v] = need == MUSTER_NONE ? mu_fleet_priced_load(s->fleet, v) : mu_price(p, need);
        (void)find_substitute(s, v, &s->loss[v]);
        mu_watch_count(watch, p->vehicle_count);
    }
}

/* Prices for whoever buys next and gives back `own` vehicles: they are free, and may take over
 * from others. */
static void set_prices(mu_shipment_search *s, const uint32_t *own, uint32_t own_count) {
    for (uint32_t v = 0; v < s->fleet->model->problem->vehicle_count; ++v) {
        int64_t loss = s->loss[v];
        for (uint32_t i = 0; loss > 0 && i < own_count; ++i) {
            if (mu_fleet_is_free(s->fleet, v)) {
                loss = 0;
            } else {
                const int64_t other = loss_with(s, v, own[i]);
                if (other < loss) loss = other;
            }
        }
        s->price[v] = loss > 0 ? loss : 0;
    }
}

/* ---- making room ------------------------------------------------------------------------- */

/* Give the work of `vehicle` to its substitute, or to nobody. (Where that leaves cargo behind, the move
 * is taken back.) */
static void send_away(mu_shipment_search *s, uint32_t vehicle) {
    int64_t        loss;
    const uint32_t other = find_substitute(s, vehicle, &loss);
    if (other != MUSTER_NONE) {
        mu_fleet_hand_over(s->fleet, vehicle, other);
    } else if (s->fleet->need_of[vehicle] != MUSTER_NONE) {
        mu_fleet_release(s->fleet, vehicle);
    } else {
        mu_fleet_close(s->fleet, vehicle);
    }
}

/* Returns how many trips that were; `out` has room for MU_DELIVERY_TRIPS and learns of the first. */
static uint32_t close_all(mu_fleet *f, uint32_t destination, uint32_t *out) {
    uint32_t count = 0;
    while (f->first_trip[destination] != MUSTER_NONE) {
        if (count < MU_DELIVERY_TRIPS) out[count++] = f->first_trip[destination];
        mu_fleet_close(f, f->first_trip[destination]);
    }
    return count;
}

static void carry_out(mu_shipment_search *s, const mu_delivery *b, uint32_t destination) {
    mu_fleet      *f     = s->fleet;
    const uint32_t count = f->model->destination[destination].need_count;
    for (uint32_t t = 0; t < b->trip_count; ++t) s->is_reserved[b->trip[t].vehicle] = true;
    for (uint32_t t = 0; t < b->trip_count; ++t) {
        const uint32_t v = b->trip[t].vehicle;
        if (!mu_fleet_is_free(f, v)) send_away(s, v);
        mu_fleet_open(f, v, b->trip[t].warehouse, destination);
        for (uint32_t k = 0; k < count && k < MU_DELIVERY_NEEDS; ++k) {
            if (b->load[t][k] > 0) mu_fleet_load(f, v, k, b->load[t][k]);
        }
    }
    for (uint32_t t = 0; t < b->trip_count; ++t) s->is_reserved[b->trip[t].vehicle] = false;
}

/* ---- moves ------------------------------------------------------------------------------- */

/* Does the fleet, which was `before`, do better now? If not, it is made to do what it did. */
static bool is_gain(mu_shipment_search *s, mu_objective before) {
    if (mu_fleet_objective(s->fleet) < before && mu_fleet_is_useful(s->fleet)) return true;
    mu_fleet_copy(s->fleet, &s->before);
    return false;
}

static bool rethink(mu_shipment_search *s, uint32_t destination, mu_watch *watch) {
    const mu_terms     terms  = {.stock        = s->fleet->stock,
                                 .unmet_s      = s->unmet_s,
                                 .near_most    = NEAR_MOST,
                                 .node_limit   = NODE_LIMIT,
                                 .is_exclusive = true};
    const mu_objective before = mu_fleet_objective(s->fleet);
    uint32_t           own[MU_DELIVERY_TRIPS];
    mu_delivery        delivery;
    if (s->fleet->model->destination[destination].need_count > MU_DELIVERY_NEEDS) return false;
    mu_fleet_copy(&s->before, s->fleet);
    const uint32_t own_count = close_all(s->fleet, destination, own);
    set_prices(s, own, own_count);
    mu_offers_set_prices(s->offers, s->price, DEPTH);
    mu_delivery_find(&delivery, s->offers, &terms, destination, s->space);
    mu_watch_count(watch, delivery.steps + s->fleet->model->problem->vehicle_count);
    carry_out(s, &delivery, destination);
    if (!is_gain(s, before)) return false;
    look_around(s, watch);
    return true;
}

/* ---- a plan from prices ------------------------------------------------------------------ */

static void buy_delivery(mu_shipment_search *s, uint32_t destination, const int64_t *stock_price,
                         mu_watch *watch) {
    const mu_terms terms = {.stock_price  = stock_price,
                            .stock        = s->fleet->stock,
                            .unmet_s      = s->unmet_s,
                            .near_most    = NEAR_MOST,
                            .node_limit   = NODE_LIMIT,
                            .is_exclusive = true};
    mu_delivery    delivery;
    mu_offers_set_prices(s->offers, s->price, DEPTH);
    mu_delivery_find(&delivery, s->offers, &terms, destination, s->space);
    mu_watch_count(watch, delivery.steps);
    for (uint32_t t = 0; t < delivery.trip_count; ++t) {
        s->price[delivery.trip[t].vehicle] = MU_NOT_OFFERED;
    }
    carry_out(s, &delivery, destination);
}

/* One after the other, the cheapest at their price; less than the minimum is given back. */
static void buy_vehicles(mu_shipment_search *s, uint32_t need) {
    mu_fleet             *f        = s->fleet;
    const muster_problem *p        = f->model->problem;
    const int64_t         price    = mu_price(p, need);
    const uint32_t        incident = p->need[need].incident;
    while (f->missing[need] > 0) {
        uint32_t best      = MUSTER_NONE;
        int64_t  best_cost = price * s->unmet_s;
        for (size_t i = s->candidates->first[need]; i < s->candidates->first[need + 1]; ++i) {
            const mu_candidate *c = &s->candidates->candidate[i];
            if (s->price[c->index] == MU_NOT_OFFERED) continue;
            const int64_t cost = price * mu_response_s(p, incident, c->eta_ms) +
                                 s->price[c->index] + diversion(s, c->index, incident);
            if (cost >= best_cost) continue;
            best_cost = cost;
            best      = c->index;
        }
        if (best == MUSTER_NONE) break;
        mu_fleet_serve(f, best, need);
        s->price[best] = MU_NOT_OFFERED;
    }
    if (s->candidates->demand[need] - f->missing[need] >= s->candidates->minimum[need]) return;
    for (uint32_t v = 0; v < p->vehicle_count; ++v) {
        if (f->need_of[v] == need) mu_fleet_release(f, v);
    }
}

static void clear(mu_fleet *f) {
    for (uint32_t v = 0; v < f->model->problem->vehicle_count; ++v) {
        if (f->need_of[v] != MUSTER_NONE) mu_fleet_release(f, v);
        if (f->warehouse_of[v] != MUSTER_NONE) mu_fleet_close(f, v);
    }
}

static bool has_cargo(const mu_shipment_model *m, uint32_t destination) {
    const mu_destination *d  = &m->destination[destination];
    uint32_t              at = d->first_need;
    if (m->cargo_count == 0) return false;
    while (at < d->first_need + d->need_count && m->only[at] == MUSTER_NONE) ++at;
    return at < d->first_need + d->need_count;
}

/* Those buy first whose cargo has to be brought. What they do not buy, because it takes more trips
 * than a delivery has, is brought all the same. */
static muster_status buy_cargo(mu_shipment_search *s, const int64_t *stock_price, mu_watch *watch) {
    const mu_shipment_model *m = s->fleet->model;
    bool                     is_carried;
    for (uint32_t d = 0; d < m->destination_count && !mu_watch_is_over(watch); ++d) {
        if (has_cargo(m, d)) buy_delivery(s, d, stock_price, watch);
    }
    MU_TRY(mu_carriage_complete(s->fleet, &is_carried));
    for (uint32_t v = 0; v < m->problem->vehicle_count; ++v) {
        if (!mu_fleet_is_free(s->fleet, v)) s->price[v] = MU_NOT_OFFERED;
    }
    return MUSTER_OK;
}

muster_status mu_shipment_search_build(mu_shipment_search *s, const int64_t *vehicle_price,
                                       const int64_t *stock_price, mu_watch *watch) {
    const mu_shipment_model *m = s->fleet->model;
    const muster_problem    *p = m->problem;
    clear(s->fleet);
    memcpy(s->price, vehicle_price, p->vehicle_count * sizeof *s->price);
    if (m->cargo_count > 0) MU_TRY(buy_cargo(s, stock_price, watch));
    for (int severity = MUSTER_SEVERITY_COUNT - 1; severity >= 0; --severity) {
        for (uint32_t n = 0; n < p->need_count; ++n) {
            if (p->incident[p->need[n].incident].severity == severity &&
                m->kind_carries[p->need[n].kind]) {
                buy_vehicles(s, n);
            }
        }
        for (uint32_t d = 0; d < m->destination_count && !mu_watch_is_over(watch); ++d) {
            if (p->incident[m->destination[d].incident].severity == severity && !has_cargo(m, d)) {
                buy_delivery(s, d, stock_price, watch);
            }
        }
    }
    return MUSTER_OK;
}

/* ---- all of it --------------------------------------------------------------------------- */

void mu_shipment_search_run(mu_shipment_search *s, mu_watch *watch) {
    const mu_shipment_model *m         = s->fleet->model;
    uint32_t                 unchanged = 0;
    look_around(s, watch);
    for (uint32_t d = 0; m->destination_count > 0 && unchanged < m->destination_count;
         d          = (d + 1) % m->destination_count) {
        if (mu_watch_is_over(watch)) return;
        unchanged = rethink(s, d, watch) ? 0 : unchanged + 1;
    }
}

muster_status mu_shipment_search_init(mu_shipment_search *s, mu_fleet *fleet,
                                      const mu_candidates *candidates, mu_offers *offers,
                                      int64_t unmet_s) {
    const uint32_t vehicles = fleet->model->problem->vehicle_count;
    *s                      = (mu_shipment_search){
                             .fleet = fleet, .candidates = candidates, .offers = offers, .unmet_s = unmet_s};
    muster_status status = mu_alloc(&s->price, vehicles, sizeof *s->price);
    if (status == MUSTER_OK) status = mu_alloc(&s->loss, vehicles, sizeof *s->loss);
    if (status == MUSTER_OK) status = mu_alloc_zeroed(&s->priced, vehicles, sizeof *s->priced);
    if (status == MUSTER_OK) {
        status = mu_alloc_zeroed(&s->is_reserved, vehicles, sizeof *s->is_reserved);
    }
    if (status == MUSTER_OK) {
        status = mu_alloc(&s->space, 1, sizeof *s->space);
    }
    if (status == MUSTER_OK) status = mu_fleet_init(&s->before, fleet->model, fleet->travel);
    if (status != MUSTER_OK) mu_shipment_search_fini(s);
    return status;
}

void mu_shipment_search_fini(mu_shipment_search *s) {
    mu_free(s->price);
    mu_free(s->loss);
    mu_free(s->priced);
    mu_free(s->is_reserved);
    mu_free(s->space);
    mu_fleet_fini(&s->before);
    *s = (mu_shipment_search){0};
}
