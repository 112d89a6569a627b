#include "solver/fleet.h"

#include <string.h>

#include "core/alloc.h"
#include "solver/weights.h"

/* All cargo of a destination is still to be brought. */
static void owe(mu_fleet *f, uint32_t destination) {
    const mu_shipment_model *m = f->model;
    const mu_destination    *d = &m->destination[destination];
    for (uint32_t at = d->first_need; at < d->first_need + d->need_count; ++at) {
        if (m->only[at] == MUSTER_NONE) continue;
        f->owed[at] = m->quantity[at];
        f->owed_sum += m->quantity[at];
    }
}

muster_status mu_fleet_init(mu_fleet *f, const mu_shipment_model *model, const mu_travel *travel) {
    const muster_problem *p        = model->problem;
    const uint32_t        vehicles = p->vehicle_count;
    *f                             = (mu_fleet){.model = model, .travel = travel};
    MU_TRY(mu_alloc(&f->need_of, vehicles, sizeof *f->need_of));
    MU_TRY(mu_alloc(&f->warehouse_of, vehicles, sizeof *f->warehouse_of));
    MU_TRY(mu_alloc_zeroed(&f->destination_of, vehicles, sizeof *f->destination_of));
    MU_TRY(mu_alloc_zeroed(&f->eta_ms, vehicles, sizeof *f->eta_ms));
    MU_TRY(mu_alloc(&f->next_trip, vehicles, sizeof *f->next_trip));
    MU_TRY(mu_alloc(&f->first_trip, model->destination_count, sizeof *f->first_trip));
    MU_TRY(mu_alloc_copy(&f->room, model->capacity, vehicles, sizeof *f->room));
    MU_TRY(mu_alloc_zeroed(&f->load, (size_t)vehicles * model->most_needs, sizeof *f->load));
    MU_TRY(mu_alloc(&f->missing, p->need_count, sizeof *f->missing));
    MU_TRY(mu_alloc(&f->stock, p->stock_count, sizeof *f->stock));
    MU_TRY(mu_alloc_zeroed(&f->owed, (size_t)p->need_count + model->cargo_count, sizeof *f->owed));
    for (uint32_t d = 0; model->cargo_count > 0 && d < model->destination_count; ++d) owe(f, d);
    for (uint32_t v = 0; v < vehicles; ++v) {
        f->need_of[v] = f->warehouse_of[v] = f->next_trip[v] = MUSTER_NONE;
    }
    for (uint32_t d = 0; d < model->destination_count; ++d) f->first_trip[d] = MUSTER_NONE;
    for (uint32_t n = 0; n < p->need_count; ++n) f->missing[n] = model->candidates->demand[n];
    for (uint32_t s = 0; s < p->stock_count; ++s) {
        f->stock[s] = model->candidates->supply[MUSTER_ITEM][s];
    }
    return MUSTER_OK;
}

void mu_fleet_fini(mu_fleet *f) {
    mu_free(f->need_of);
    mu_free(f->warehouse_of);
    mu_free(f->destination_of);
    mu_free(f->eta_ms);
    mu_free(f->next_trip);
    mu_free(f->first_trip);
    mu_free(f->room);
    mu_free(f->load);
    mu_free(f->missing);
    mu_free(f->stock);
    mu_free(f->owed);
    *f = (mu_fleet){0};
}

bool mu_fleet_is_free(const mu_fleet *f, uint32_t vehicle) {
    return f->need_of[vehicle] == MUSTER_NONE && f->warehouse_of[vehicle] == MUSTER_NONE;
}

/* ---- vehicle needs --------------------------------------------------------------------- */

void mu_fleet_serve(mu_fleet *f, uint32_t vehicle, uint32_t need) {
    f->need_of[vehicle] = need;
    --f->missing[need];
}

void mu_fleet_release(mu_fleet *f, uint32_t vehicle) {
    ++f->missing[f->need_of[vehicle]];
    f->need_of[vehicle] = MUSTER_NONE;
}

/* ---- trips ----------------------------------------------------------------------------- */

void mu_fleet_open(mu_fleet *f, uint32_t vehicle, uint32_t warehouse, uint32_t destination) {
    f->warehouse_of[vehicle]   = warehouse;
    f->destination_of[vehicle] = destination;
    f->eta_ms[vehicle]         = mu_shipment_eta_ms(f->model, vehicle, warehouse, destination);
    f->next_trip[vehicle]      = f->first_trip[destination];
    f->first_trip[destination] = vehicle;
}

void mu_fleet_load(mu_fleet *f, uint32_t vehicle, uint32_t k, int64_t quantity) {
    const mu_shipment_model *m    = f->model;
    const size_t             at   = m->destination[f->destination_of[vehicle]].first_need + k;
    const size_t             cell = (size_t)f->warehouse_of[vehicle] * m->item_count + m->item[at];
    const mu_bulk            unit = m->unit[m->item[at]];
    f->load[(size_t)vehicle * m->most_needs + k] += quantity;
    if (m->only[at] != MUSTER_NONE) {
        f->owed[at] -= quantity;
        f->owed_sum -= quantity;
    } else {
        f->missing[m->need[at]] -= quantity;
        f->stock[m->stock_of[cell]] -= quantity;
    }
    f->room[vehicle].g -= quantity * unit.g;
    f->room[vehicle].cm3 -= quantity * unit.cm3;
}

void mu_fleet_close(mu_fleet *f, uint32_t vehicle) {
    const mu_shipment_model *m    = f->model;
    const uint32_t           d    = f->destination_of[vehicle];
    const int64_t           *load = &f->load[(size_t)vehicle * m->most_needs];
    for (uint32_t k = 0; k < m->destination[d].need_count; ++k) {
        if (load[k] > 0) mu_fleet_load(f, vehicle, k, -load[k]);
    }
    uint32_t *link = &f->first_trip[d];
    while (*link != vehicle) link = &f->next_trip[*link];
    *link                    = f->next_trip[vehicle];
    f->warehouse_of[vehicle] = MUSTER_NONE;
}

int64_t mu_fleet_priced_load(const mu_fleet *f, uint32_t vehicle) {
    const mu_shipment_model *m    = f->model;
    const mu_destination    *d    = &m->destination[f->destination_of[vehicle]];
    const int64_t           *load = &f->load[(size_t)vehicle * m->most_needs];
    int64_t                  sum  = 0;
    for (uint32_t k = 0; k < d->need_count; ++k) {
        if (load[k] > 0) sum += load[k] * m->price[d->first_need + k];
    }
    return sum;
}

bool mu_fleet_has_cargo(const mu_fleet *f, uint32_t vehicle) {
    const mu_shipment_model *m    = f->model;
    const mu_destination    *d    = &m->destination[f->destination_of[vehicle]];
    const int64_t           *load = &f->load[(size_t)vehicle * m->most_needs];
    for (uint32_t k = 0; m->cargo_count > 0 && k < d->need_count; ++k) {
        if (load[k] > 0 && m->only[d->first_need + k] != MUSTER_NONE) return true;
    }
    return false;
}

int64_t mu_fleet_lacking(const mu_fleet *f, uint32_t destination, uint32_t k) {
    const uint32_t at = f->model->destination[destination].first_need + k;
    return f->model->only[at] != MUSTER_NONE ? f->owed[at] : f->missing[f->model->need[at]];
}

bool mu_fleet_could_carry(const mu_fleet *f, uint32_t other, uint32_t vehicle) {
    const mu_bulk whole = f->model->capacity[vehicle], room = f->room[vehicle];
    const mu_bulk fits = f->model->capacity[other];
    return f->model->base_of[other] != MUSTER_NONE && whole.g - room.g <= fits.g &&
           whole.cm3 - room.cm3 <= fits.cm3;
}

void mu_fleet_hand_over(mu_fleet *f, uint32_t vehicle, uint32_t other) {
    const uint32_t need = f->need_of[vehicle];
    if (need != MUSTER_NONE) {
        mu_fleet_release(f, vehicle);
        mu_fleet_serve(f, other, need);
        return;
    }
    const uint32_t d    = f->destination_of[vehicle];
    const int64_t *load = &f->load[(size_t)vehicle * f->model->most_needs];
    mu_fleet_open(f, other, f->warehouse_of[vehicle], d);
    for (uint32_t k = 0; k < f->model->destination[d].need_count; ++k) {
        if (load[k] > 0) mu_fleet_load(f, other, k, load[k]);
    }
    mu_fleet_close(f, vehicle);
}

static bool is_source(const mu_fleet *f, uint32_t warehouse, uint32_t destination) {
    uint32_t v = f->first_trip[destination];
    while (v != MUSTER_NONE && f->warehouse_of[v] != warehouse) v = f->next_trip[v];
    return v != MUSTER_NONE;
}

uint32_t mu_fleet_source_count(const mu_fleet *f, uint32_t destination) {
    uint32_t count = 0;
    for (uint32_t v = f->first_trip[destination]; v != MUSTER_NONE; v = f->next_trip[v]) {
        uint32_t before = f->first_trip[destination];
        if (mu_shipment_is_on_board(f->model, f->warehouse_of[v])) continue;
        while (f->warehouse_of[before] != f->warehouse_of[v]) before = f->next_trip[before];
        count += before == v;
    }
    return count;
}

bool mu_fleet_may_ship(const mu_fleet *f, uint32_t warehouse, uint32_t destination) {
    return mu_shipment_is_on_board(f->model, warehouse) || is_source(f, warehouse, destination) ||
           mu_fleet_source_count(f, destination) < f->model->max_sources;
}

/* ---- as a whole ------------------------------------------------------------------------ */

/* Tier 2 of a need to which more is locked than it asks for: it counts what is there first. */
static mu_objective response_of_over(const mu_fleet *f, uint32_t need) {
    const mu_shipment_model *m       = f->model;
    const muster_problem    *p       = m->problem;
    const uint32_t           d       = mu_shipment_destination(m, p->need[need].incident);
    const mu_destination    *to      = &m->destination[d];
    int64_t                  missing = p->need[need].quantity;
    uint32_t                 now_ms  = 0;
    mu_objective             sum     = 0;
    while (missing > 0 && now_ms < MUSTER_UNREACHABLE_MS) {
        uint32_t next_ms = MUSTER_UNREACHABLE_MS;
        for (uint32_t v = f->first_trip[d]; v != MUSTER_NONE; v = f->next_trip[v]) {
            const int64_t *load = &f->load[(size_t)v * m->most_needs];
            if (f->eta_ms[v] > now_ms && f->eta_ms[v] < next_ms) next_ms = f->eta_ms[v];
            for (uint32_t k = 0; k < to->need_count && f->eta_ms[v] == now_ms; ++k) {
                if (m->need[to->first_need + k] != need || load[k] == 0) continue;
                const int64_t served = load[k] < missing ? load[k] : missing;
                missing -= served;
                sum += (mu_objective)served * mu_price(p, need) *
                       mu_response_s(p, to->incident, now_ms);
            }
        }
        now_ms = next_ms;
    }
    return sum;
}

mu_objective mu_fleet_objective(const mu_fleet *f) {
    const mu_shipment_model *m   = f->model;
    const muster_problem    *p   = m->problem;
    mu_objective             sum = 0;
    for (uint32_t n = 0; n < p->need_count; ++n) {
        const muster_kind *kind = &p->kind[p->need[n].kind];
        if (kind->resource != MUSTER_ITEM && !m->kind_carries[p->need[n].kind]) continue;
        sum += f->missing[n] * mu_objective_of(mu_price(p, n), 0);
    }
    for (uint32_t v = 0; v < p->vehicle_count; ++v) {
        const uint32_t need = f->need_of[v];
        if (need != MUSTER_NONE) {
            const uint32_t incident = p->need[need].incident;
            const uint32_t eta_ms   = mu_travel_eta_ms(f->travel, MUSTER_VEHICLE, v, incident);
            sum += (mu_objective)mu_price(p, need) * mu_response_s(p, incident, eta_ms) +
                   mu_shipment_diversion(m, v, incident);
        }
        if (f->warehouse_of[v] == MUSTER_NONE) continue;
        const mu_destination *d          = &m->destination[f->destination_of[v]];
        const int64_t        *load       = &f->load[(size_t)v * m->most_needs];
        const int64_t         response_s = mu_response_s(p, d->incident, f->eta_ms[v]);
        sum += mu_shipment_diversion(m, v, d->incident);
        for (uint32_t k = 0; k < d->need_count; ++k) {
            if (load[k] == 0) continue;
            sum += (mu_objective)load[k] * m->price[d->first_need + k] * response_s;
        }
    }
    for (uint32_t i = 0; i < m->over_count; ++i) sum += response_of_over(f, m->over[i]);
    return sum;
}

bool mu_fleet_is_useful(const mu_fleet *f) {
    const muster_problem *p = f->model->problem;
    if (f->owed_sum > 0) return false;
    for (uint32_t n = 0; n < p->need_count; ++n) {
        const int64_t sent = f->model->candidates->demand[n] - f->missing[n];
        if (sent > 0 && sent < f->model->candidates->minimum[n]) return false;
    }
    return true;
}

void mu_fleet_copy(mu_fleet *to, const mu_fleet *from) {
    const mu_shipment_model *m        = from->model;
    const muster_problem    *p        = m->problem;
    const size_t             vehicles = p->vehicle_count;
    memcpy(to->need_of, from->need_of, vehicles * sizeof *to->need_of);
    memcpy(to->warehouse_of, from->warehouse_of, vehicles * sizeof *to->warehouse_of);
    memcpy(to->destination_of, from->destination_of, vehicles * sizeof *to->destination_of);
    memcpy(to->eta_ms, from->eta_ms, vehicles * sizeof *to->eta_ms);
    memcpy(to->next_trip, from->next_trip, vehicles * sizeof *to->next_trip);
    memcpy(to->first_trip, from->first_trip, m->destination_count * sizeof *to->first_trip);
    memcpy(to->room, from->room, vehicles * sizeof *to->room);
    memcpy(to->load, from->load, vehicles * m->most_needs * sizeof *to->load);
    memcpy(to->missing, from->missing, p->need_count * sizeof *to->missing);
    memcpy(to->stock, from->stock, p->stock_count * sizeof *to->stock);
    to->owed_sum = from->owed_sum;
    if (m->cargo_count == 0) return;
    memcpy(to->owed, from->owed, (p->need_count + (size_t)m->cargo_count) * sizeof *to->owed);
}

/* ---- drafts ---------------------------------------------------------------------------- */

static void read_item(mu_fleet *f, const mu_dispatch *go) {
    const mu_shipment_model *m    = f->model;
    const uint32_t           d    = mu_shipment_destination(m, m->problem->need[go->need].incident);
    const uint32_t           only = go->is_locked ? go->index : MUSTER_NONE;
    const uint32_t           line = m->destination[d].first_need;
    uint32_t                 k    = 0;
    while (m->need[line + k] != go->need || m->only[line + k] != only) ++k;
    if (f->warehouse_of[go->carrier] == MUSTER_NONE) {
        mu_fleet_open(f, go->carrier, m->warehouse_of[go->index], d);
    }
    mu_fleet_load(f, go->carrier, k, go->quantity);
}

/* Items, and vehicles whose kind carries. */
static bool is_of_fleet(const mu_fleet *f, const mu_dispatch *go) {
    if (go->resource == MUSTER_ITEM) return true;
    return go->resource == MUSTER_VEHICLE &&
           f->model->kind_carries[f->model->problem->vehicle[go->index].kind];
}

void mu_fleet_read(mu_fleet *f, const mu_draft *draft) {
    for (size_t i = 0; i < draft->count; ++i) {
        const mu_dispatch *go = &draft->dispatch[i];
        if (!is_of_fleet(f, go)) continue;
        if (go->resource == MUSTER_ITEM) {
            read_item(f, go);
        } else {
            mu_fleet_serve(f, go->index, go->need);
        }
    }
}

static void forget(const mu_fleet *f, mu_draft *draft) {
    size_t kept = 0;
    for (size_t i = 0; i < draft->count; ++i) {
        if (!is_of_fleet(f, &draft->dispatch[i])) draft->dispatch[kept++] = draft->dispatch[i];
    }
    draft->count = kept;
}

static muster_status write_trip(const mu_fleet *f, uint32_t vehicle, mu_draft *draft) {
    const mu_shipment_model *m     = f->model;
    const mu_destination    *d     = &m->destination[f->destination_of[vehicle]];
    const int64_t           *load  = &f->load[(size_t)vehicle * m->most_needs];
    const size_t             first = (size_t)f->warehouse_of[vehicle] * m->item_count;
    for (uint32_t k = 0; k < d->need_count; ++k) {
        const uint32_t at = d->first_need + k;
        if (load[k] == 0) continue;
        MU_TRY(mu_draft_ship(draft, m->stock_of[first + m->item[at]], m->need[at], vehicle,
                             f->eta_ms[vehicle], load[k], m->only[at] != MUSTER_NONE));
    }
    return MUSTER_OK;
}

muster_status mu_fleet_write(const mu_fleet *f, mu_draft *draft) {
    const muster_problem *p = f->model->problem;
    forget(f, draft);
    for (uint32_t v = 0; v < p->vehicle_count; ++v) {
        if (f->warehouse_of[v] != MUSTER_NONE) MU_TRY(write_trip(f, v, draft));
        if (f->need_of[v] == MUSTER_NONE) continue;
        const uint32_t incident = p->need[f->need_of[v]].incident;
        MU_TRY(mu_draft_add(draft, MUSTER_VEHICLE, v, f->need_of[v],
                            mu_travel_eta_ms(f->travel, MUSTER_VEHICLE, v, incident), 1));
    }
    return MUSTER_OK;
}
