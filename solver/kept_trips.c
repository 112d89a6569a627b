/* What a vehicle carries goes together: one warehouse, one incident, no more than it takes. */
#include "solver/kept_trips.h"

#include "core/alloc.h"
#include "solver/kept_cause.h"

muster_status mu_kept_trips_init(mu_kept_trips *t, const mu_past *past, const mu_past_match *match,
                                 const mu_candidates *candidates, const mu_shipment_model *model) {
    *t = (mu_kept_trips){.past = past, .match = match, .candidates = candidates, .model = model};
    if (!model) return MUSTER_OK;
    const uint32_t vehicles = model->problem->vehicle_count;
    MU_TRY(mu_alloc(&t->warehouse, vehicles, sizeof *t->warehouse));
    MU_TRY(mu_alloc_zeroed(&t->incident, vehicles, sizeof *t->incident));
    MU_TRY(mu_alloc_zeroed(&t->load, vehicles, sizeof *t->load));
    MU_TRY(mu_alloc_zeroed(&t->is_gone, vehicles, sizeof *t->is_gone));
    for (uint32_t v = 0; v < vehicles; ++v) t->warehouse[v] = MUSTER_NONE;
    return MUSTER_OK;
}

void mu_kept_trips_fini(mu_kept_trips *t) {
    mu_free(t->warehouse);
    mu_free(t->incident);
    mu_free(t->load);
    mu_free(t->is_gone);
    *t = (mu_kept_trips){0};
}

/* How many warehouses ship to the incident beside what is on board; 0 where `warehouse` is no more. */
static uint32_t count_sources(const mu_kept_trips *t, uint32_t incident, uint32_t warehouse) {
    const uint32_t vehicles = t->model->problem->vehicle_count;
    uint32_t       count    = 0;
    if (mu_shipment_is_on_board(t->model, warehouse)) return 0;
    for (uint32_t v = 0; v < vehicles; ++v) {
        if (t->warehouse[v] == MUSTER_NONE || t->incident[v] != incident) continue;
        if (t->warehouse[v] == warehouse) return 0;
        if (mu_shipment_is_on_board(t->model, t->warehouse[v])) continue;
        uint32_t before = 0;
        while (t->warehouse[before] != t->warehouse[v] || t->incident[before] != incident) ++before;
        count += before == v;
    }
    return count;
}

/* Why the trip arrives at another time, or not at all: because of the vehicle, or of the stock. */
static muster_change_reason why_not(const mu_kept_trips *t, const muster_assignment *was,
                                    uint32_t vehicle_was, const mu_dispatch *d) {
    const muster_problem *now      = t->model->problem;
    const uint32_t        incident = now->need[d->need].incident;
    const uint32_t        before   = t->past->problem.need[was->need].incident;
    if (t->candidates->supply[MUSTER_VEHICLE][d->carrier] <= 0 ||
        !mu_rules_allow(t->candidates->rules, MUSTER_VEHICLE, d->carrier, incident)) {
        return MUSTER_BECAUSE_ORDERS;
    }
    muster_change_reason reason =
        mu_kept_why_later(t->past, now, MUSTER_VEHICLE, vehicle_was, d->carrier, before, incident);
    if (reason == MUSTER_BECAUSE_COUNT) {
        reason =
            mu_kept_why_later(t->past, now, MUSTER_ITEM, was->index, d->index, before, incident);
    }
    return reason == MUSTER_BECAUSE_COUNT ? MUSTER_BECAUSE_UNIT_CHANGED : reason;
}

/* Start the trip if it has not been, and see whether the load belongs to it. */
static bool join_trip(mu_kept_trips *t, const mu_dispatch *d, uint32_t warehouse,
                      uint32_t incident) {
    uint32_t *from = &t->warehouse[d->carrier];
    if (*from != MUSTER_NONE) return *from == warehouse && t->incident[d->carrier] == incident;
    if (count_sources(t, incident, warehouse) >= t->model->max_sources) return false;
    *from                   = warehouse;
    t->incident[d->carrier] = incident;
    return true;
}

uint8_t mu_kept_trips_consider(mu_kept_trips *t, uint32_t was, mu_dispatch *d) {
    const muster_assignment *a = &t->past->assignment[was];
    const mu_shipment_model *m = t->model;
    if (a->shipment == MUSTER_NONE) return MUSTER_BECAUSE_ORDERS; /* they came by themselves */
    const uint32_t vehicle_was = t->past->shipment[a->shipment].vehicle;
    d->carrier                 = t->match->now[MUSTER_VEHICLE][vehicle_was];
    if (d->carrier == MUSTER_NONE) return MUSTER_BECAUSE_UNIT_LOST;
    const uint32_t warehouse = m->warehouse_of[d->index];
    if (warehouse == MUSTER_NONE) {
        return (uint8_t)mu_kept_why_not(t->past, t->candidates, a, d->index, d->need);
    }
    if (m->base_of[d->carrier] == MUSTER_NONE) return (uint8_t)why_not(t, a, vehicle_was, d);
    const uint32_t incident = m->problem->need[d->need].incident;
    d->eta_ms = mu_shipment_eta_ms(m, d->carrier, warehouse, mu_shipment_destination(m, incident));
    if (d->eta_ms == MUSTER_UNREACHABLE_MS) return (uint8_t)why_not(t, a, vehicle_was, d);
    if (!mu_rules_allow(t->candidates->rules, MUSTER_ITEM, d->index, incident)) {
        return MUSTER_BECAUSE_ORDERS;
    }
    if (!join_trip(t, d, warehouse, incident)) return MUSTER_BECAUSE_ORDERS;
    const mu_bulk unit = m->unit[m->item_of[m->problem->need[d->need].kind]];
    t->load[d->carrier].g += d->quantity * unit.g;
    t->load[d->carrier].cm3 += d->quantity * unit.cm3;
    return MUSTER_BECAUSE_COUNT;
}

bool mu_kept_trips_may_go(mu_kept_trips *t, const mu_dispatch *d, int64_t *left) {
    const mu_bulk load = t->load[d->carrier], room = t->model->capacity[d->carrier];
    if (t->is_gone[d->carrier]) return true;
    if (left[d->carrier] <= 0 || load.g > room.g || load.cm3 > room.cm3) return false;
    left[d->carrier]       = 0;
    t->is_gone[d->carrier] = true;
    return true;
}
