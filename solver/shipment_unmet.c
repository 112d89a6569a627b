/* Four questions, each of fewer warehouses than the one before: which could ever have shipped
 * this here, which still have some, which of those may, and for which is there a free vehicle, on its
 * way elsewhere or not? */
#include "solver/shipment_unmet.h"

#include "core/alloc.h"

typedef struct tally {
    bool could_ship, has_some, may_ship, has_vehicle, has_diverted;
} tally;

static bool holds(mu_bulk room, mu_bulk unit) {
    return unit.g <= room.g && unit.cm3 <= room.cm3;
}

/* By a free vehicle, or one that is on its way from there to here with room left. */
static void count_vehicles(tally *t, const mu_shipment_unmet *u, uint32_t warehouse,
                           uint32_t destination, mu_bulk unit) {
    const mu_fleet          *f        = u->fleet;
    const mu_shipment_model *m        = f->model;
    const uint32_t           incident = m->destination[destination].incident;
    for (uint32_t v = f->first_trip[destination]; v != MUSTER_NONE; v = f->next_trip[v]) {
        t->has_vehicle |= f->warehouse_of[v] == warehouse && holds(f->room[v], unit);
    }
    for (uint32_t i = 0; i < u->idle_count && !t->has_vehicle; ++i) {
        const uint32_t v = u->idle[i];
        if (!holds(m->capacity[v], unit)) continue;
        if (mu_shipment_eta_ms(m, v, warehouse, destination) == MUSTER_UNREACHABLE_MS) continue;
        const bool is_diverted = mu_shipment_is_diverted(m, v, incident);
        t->has_vehicle |= !is_diverted;
        t->has_diverted |= is_diverted;
    }
}

static tally count(const mu_shipment_unmet *u, uint32_t need) {
    const mu_fleet          *f = u->fleet;
    const mu_shipment_model *m = f->model;
    const uint32_t destination = mu_shipment_destination(m, m->problem->need[need].incident);
    const uint32_t line        = mu_shipment_line(m, need);
    tally          t           = {0};
    for (uint32_t w = 0; w < m->warehouse_count; ++w) {
        const uint32_t stock = mu_shipment_row(m, w, line);
        if (stock == MUSTER_NONE) continue;
        const bool has_some = f->stock[stock] != 0;
        const bool may_ship = has_some && mu_fleet_may_ship(f, w, destination);
        if (t.could_ship && t.has_some >= has_some && t.may_ship >= may_ship &&
            (t.has_vehicle || !may_ship)) {
            continue; /* nothing that others have not said already */
        }
        if (!mu_shipment_can_ship(m, w, destination)) continue;
        t.could_ship = true;
        t.has_some |= has_some;
        t.may_ship |= may_ship;
        if (!may_ship) continue;
        if (!t.has_vehicle) count_vehicles(&t, u, w, destination, m->unit[m->item[line]]);
    }
    return t;
}

/* Is there any of it that a rule keeps away? */
static bool is_ruled_out(const mu_candidates *c, uint32_t need) {
    const muster_problem *p = c->travel->problem;
    for (uint32_t s = 0; s < p->stock_count; ++s) {
        if (p->stock[s].kind != p->need[need].kind || p->stock[s].quantity == 0) continue;
        if (!mu_rules_allow(c->rules, MUSTER_ITEM, s, p->need[need].incident)) return true;
    }
    return false;
}

muster_status mu_shipment_unmet_init(mu_shipment_unmet *u, const mu_fleet *fleet) {
    const uint32_t vehicles = fleet->model->problem->vehicle_count;
    *u                      = (mu_shipment_unmet){.fleet = fleet};
    MU_TRY(mu_alloc(&u->idle, vehicles, sizeof *u->idle));
    for (uint32_t v = 0; v < vehicles; ++v) {
        if (fleet->model->base_of[v] == MUSTER_NONE || !mu_fleet_is_free(fleet, v)) continue;
        u->idle[u->idle_count++] = v;
    }
    return MUSTER_OK;
}

void mu_shipment_unmet_fini(mu_shipment_unmet *u) {
    mu_free(u->idle);
    *u = (mu_shipment_unmet){0};
}

muster_unmet_reason mu_shipment_unmet_reason(const mu_shipment_unmet *u,
                                             const mu_candidates *candidates, uint32_t need,
                                             bool is_incomplete) {
    const mu_shipment_model *m = u->fleet->model;
    const muster_need       *n = &m->problem->need[need];
    if (!candidates->travel->incident_has_road[n->incident]) return MUSTER_UNMET_UNSNAPPED;
    if (candidates->reason[need] == MUSTER_UNMET_NONE_EXIST) return MUSTER_UNMET_NONE_EXIST;
    const tally t = count(u, need);
    if (!t.could_ship) {
        return is_ruled_out(candidates, need) ? MUSTER_UNMET_RULED_OUT : MUSTER_UNMET_UNREACHABLE;
    }
    if (is_incomplete) return MUSTER_UNMET_INCOMPLETE;
    if (t.has_vehicle) return MUSTER_UNMET_BELOW_MINIMUM;
    if (t.has_diverted) return MUSTER_UNMET_DIVERSION;
    if (!t.has_some) return MUSTER_UNMET_EXHAUSTED;
    return t.may_ship ? MUSTER_UNMET_NO_VEHICLE : MUSTER_UNMET_MAX_SOURCES;
}
