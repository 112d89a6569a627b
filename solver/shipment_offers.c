/* Of several hundred vehicles few matter at a warehouse: one that is there later, costs more and
 * holds no more than another is never needed (unless that other is already taken). What is kept is
 * the Pareto front in time, price and capacity, for each metric by itself, because the way on from
 * the warehouse depends on it; the scan in order of time ends as soon as a free vehicle of the
 * largest useful size has been met by every metric. */
#include "solver/shipment_offers.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "solver/weights.h"

/* ---- orders that do not change --------------------------------------------------------- */

static int soonest_first(const void *a, const void *b) {
    const mu_timed *t = a, *u = b;
    if (t->ms != u->ms) return t->ms < u->ms ? -1 : 1;
    return t->index < u->index ? -1 : t->index > u->index;
}

/* Of those that get there, the first by each metric. */
static void list_carriers(mu_offers *o, uint32_t warehouse) {
    const mu_shipment_model *m     = o->model;
    uint32_t                *list  = &o->carrier[(size_t)warehouse * o->carrier_count];
    mu_timed                *first = o->scratch;
    uint32_t                 count = 0;
    for (uint32_t slot = 0; slot < m->slot_count; ++slot) {
        first[slot] = (mu_timed){MUSTER_UNREACHABLE_MS, MUSTER_NONE};
    }
    for (uint32_t v = 0; v < m->problem->vehicle_count; ++v) {
        if (m->base_of[v] == MUSTER_NONE) continue;
        const uint32_t ms = mu_shipment_load_at_ms(m, v, warehouse);
        if (ms == MUSTER_UNREACHABLE_MS) continue;
        list[count++]     = v;
        mu_timed *soonest = &first[mu_shipment_slot(m, v)];
        if (ms < soonest->ms) *soonest = (mu_timed){ms, v};
    }
    o->reach_count[warehouse] = count;
    for (uint32_t slot = 0; slot < m->slot_count; ++slot) {
        o->first_carrier[(size_t)warehouse * m->slot_count + slot] = first[slot].index;
    }
}

/* The others are put in order where somebody asks for them: most warehouses are far from all that is open. */
static const uint32_t *carriers_in_order(mu_offers *o, uint32_t warehouse) {
    uint32_t      *list  = &o->carrier[(size_t)warehouse * o->carrier_count];
    const uint32_t count = o->reach_count[warehouse];
    if (o->is_in_order[warehouse]) return list;
    for (uint32_t i = 0; i < count; ++i) {
        o->scratch[i] = (mu_timed){mu_shipment_load_at_ms(o->model, list[i], warehouse), list[i]};
    }
    if (count > 0) qsort(o->scratch, count, sizeof *o->scratch, soonest_first);
    for (uint32_t i = 0; i < count; ++i) list[i] = o->scratch[i].index;
    o->is_in_order[warehouse] = true;
    return list;
}

/* No more than it is, where it is more than 32 bits hold. */
static uint32_t response_s(const mu_shipment_model *m, uint32_t destination, uint32_t eta_ms) {
    const int64_t s = mu_response_s(m->problem, m->destination[destination].incident, eta_ms);
    return s < UINT32_MAX ? (uint32_t)s : UINT32_MAX - 1;
}

/* By one metric. */
static uint32_t soonest_by_ms(mu_offers *o, uint32_t slot, uint32_t warehouse,
                              uint32_t destination) {
    const mu_shipment_model *m     = o->model;
    const uint32_t           first = o->first_carrier[(size_t)warehouse * m->slot_count + slot];
    if (first == MUSTER_NONE) return MUSTER_UNREACHABLE_MS;
    if (mu_shipment_deliver_ms(m, slot, warehouse, destination) == MUSTER_UNREACHABLE_MS) {
        return MUSTER_UNREACHABLE_MS;
    }
    uint32_t ms = mu_shipment_eta_ms(m, first, warehouse, destination);
    if (ms < MUSTER_UNREACHABLE_MS) return ms;
    const uint32_t *list = carriers_in_order(o, warehouse); /* the first may not go there */
    for (uint32_t i = 0; i < o->reach_count[warehouse] && ms == MUSTER_UNREACHABLE_MS; ++i) {
        if (mu_shipment_slot(m, list[i]) != slot) continue;
        ms = mu_shipment_eta_ms(m, list[i], warehouse, destination);
    }
    return ms;
}

static uint32_t soonest_ms(mu_offers *o, uint32_t warehouse, uint32_t destination) {
    uint32_t best = MUSTER_UNREACHABLE_MS;
    for (uint32_t slot = 0; slot < o->model->slot_count; ++slot) {
        const uint32_t ms = soonest_by_ms(o, slot, warehouse, destination);
        if (ms < best) best = ms;
    }
    return best;
}

static bool has_use(const mu_shipment_model *m, uint32_t warehouse, uint32_t destination,
                    const int64_t *stock) {
    const mu_destination *d = &m->destination[destination];
    for (uint32_t k = d->first_need; k < d->first_need + d->need_count; ++k) {
        const uint32_t row = mu_shipment_row(m, warehouse, k);
        if (row == MUSTER_NONE) continue;
        if (!stock || stock[row] > 0 || m->only[k] != MUSTER_NONE) return true;
    }
    return false;
}

static void order_warehouses(mu_offers *o, mu_timed *list) {
    const mu_shipment_model *m = o->model;
    for (uint32_t d = 0; d < m->destination_count; ++d) {
        uint32_t count = 0;
        for (uint32_t w = 0; w < m->warehouse_count; ++w) {
            if (!has_use(m, w, d, NULL)) continue;
            const uint32_t ms = soonest_ms(o, w, d);
            if (ms < MUSTER_UNREACHABLE_MS) list[count++] = (mu_timed){ms, w};
        }
        if (count > 0) qsort(list, count, sizeof *list, soonest_first);
        mu_near_warehouse *near = &o->near[(size_t)d * m->warehouse_count];
        for (uint32_t i = 0; i < count; ++i) {
            near[i] = (mu_near_warehouse){list[i].index, response_s(m, d, list[i].ms)};
        }
        o->near_count[d] = count;
    }
}

/* The largest total need of a destination. */
static mu_bulk largest_need(const mu_shipment_model *m) {
    mu_bulk most = {1, 1};
    for (uint32_t d = 0; d < m->destination_count; ++d) {
        mu_bulk all = {0, 0};
        for (uint32_t k = 0; k < m->destination[d].need_count; ++k) {
            const uint32_t at       = m->destination[d].first_need + k;
            const int64_t  quantity = m->quantity[at];
            all.g += quantity * m->unit[m->item[at]].g;
            all.cm3 += quantity * m->unit[m->item[at]].cm3;
        }
        if (all.g > most.g) most.g = all.g;
        if (all.cm3 > most.cm3) most.cm3 = all.cm3;
    }
    return most;
}

static void measure_sizes(mu_offers *o) {
    const mu_shipment_model *m    = o->model;
    const mu_bulk            most = largest_need(m);
    for (uint32_t v = 0; v < m->problem->vehicle_count; ++v) {
        mu_bulk *u = &o->useful[v];
        *u         = m->capacity[v];
        if (u->g > most.g) u->g = most.g;
        if (u->cm3 > most.cm3) u->cm3 = most.cm3;
        if (m->base_of[v] == MUSTER_NONE) continue;
        mu_bulk *largest = &o->largest[mu_shipment_slot(m, v)];
        if (u->g > largest->g) largest->g = u->g;
        if (u->cm3 > largest->cm3) largest->cm3 = u->cm3;
    }
}

static muster_status fill(mu_offers *o) {
    const mu_shipment_model *m = o->model;
    mu_timed                *list;
    for (uint32_t v = 0; v < m->problem->vehicle_count; ++v) {
        o->carrier_count += m->base_of[v] != MUSTER_NONE;
    }
    const size_t cells = (size_t)m->warehouse_count * o->carrier_count;
    MU_TRY(mu_alloc(&o->carrier, cells, sizeof *o->carrier));
    MU_TRY(mu_alloc(&o->useful, m->problem->vehicle_count, sizeof *o->useful));
    MU_TRY(mu_alloc_zeroed(&o->largest, m->slot_count, sizeof *o->largest));
    MU_TRY(mu_alloc(&o->front, cells, sizeof *o->front));
    MU_TRY(mu_alloc(&o->reach_count, m->warehouse_count, sizeof *o->reach_count));
    MU_TRY(mu_alloc(&o->first_carrier, (size_t)m->warehouse_count * m->slot_count,
                    sizeof *o->first_carrier));
    MU_TRY(mu_alloc(&o->front_count, m->warehouse_count, sizeof *o->front_count));
    MU_TRY(mu_alloc(&o->near, (size_t)m->destination_count * m->warehouse_count, sizeof *o->near));
    MU_TRY(mu_alloc(&o->near_count, m->destination_count, sizeof *o->near_count));
    MU_TRY(mu_alloc_zeroed(&o->is_in_order, m->warehouse_count, sizeof *o->is_in_order));
    MU_TRY(mu_alloc(&o->scratch,
                    o->carrier_count > m->slot_count ? o->carrier_count : m->slot_count,
                    sizeof *o->scratch));
    MU_TRY(mu_alloc(&list, m->warehouse_count, sizeof *list));
    for (uint32_t w = 0; w < m->warehouse_count; ++w) list_carriers(o, w);
    order_warehouses(o, list);
    mu_free(list);
    measure_sizes(o);
    return MUSTER_OK;
}

muster_status mu_offers_init(mu_offers *o, const mu_shipment_model *model) {
    *o                         = (mu_offers){.model = model};
    const muster_status status = fill(o);
    if (status != MUSTER_OK) mu_offers_fini(o);
    return status;
}

void mu_offers_fini(mu_offers *o) {
    mu_free(o->carrier);
    mu_free(o->reach_count);
    mu_free(o->first_carrier);
    mu_free(o->is_in_order);
    mu_free(o->scratch);
    mu_free(o->near);
    mu_free(o->near_count);
    mu_free(o->useful);
    mu_free(o->largest);
    mu_free(o->front);
    mu_free(o->front_count);
    *o = (mu_offers){0};
}

/* ---- fronts ---------------------------------------------------------------------------- */

/* Nothing keeps it from any destination that it could reach. */
static bool is_unbound(const mu_offers *o, uint32_t v) {
    const mu_rules *rules = o->model->candidates->rules;
    if (!rules->first[MUSTER_VEHICLE]) return true; /* no rule is about any */
    return rules->first[MUSTER_VEHICLE][v] == rules->first[MUSTER_VEHICLE][v + 1];
}

/* Does the shift of `u` last as long as that of `v`? */
static bool lasts(const mu_offers *o, uint32_t u, uint32_t v) {
    const muster_vehicle *vehicle = o->model->problem->vehicle;
    const uint32_t        end_ms  = vehicle[u].unit.shift_end_ms;
    return end_ms == 0 ||
           (vehicle[v].unit.shift_end_ms != 0 && end_ms >= vehicle[v].unit.shift_end_ms);
}

/* At the same warehouse, `v` is not there before `u`, which may go wherever `v` may. */
static bool is_beaten_by(const mu_offers *o, uint32_t v, uint32_t u) {
    const mu_bulk a = o->useful[v], b = o->useful[u];
    return o->price[u] <= o->price[v] && b.g >= a.g && b.cm3 >= a.cm3 &&
           mu_shipment_slot(o->model, u) == mu_shipment_slot(o->model, v) && is_unbound(o, u) &&
           lasts(o, u, v);
}

static bool is_ideal(const mu_offers *o, uint32_t v) {
    const mu_bulk largest = o->largest[mu_shipment_slot(o->model, v)];
    return o->price[v] == 0 && o->useful[v].g == largest.g && o->useful[v].cm3 == largest.cm3 &&
           is_unbound(o, v) && o->model->problem->vehicle[v].unit.shift_end_ms == 0;
}

static void find_front(mu_offers *o, uint32_t warehouse) {
    const size_t    first  = (size_t)warehouse * o->carrier_count;
    const uint32_t *list   = carriers_in_order(o, warehouse);
    uint32_t       *front  = &o->front[first];
    const uint32_t  enough = o->model->slot_count * o->depth;
    uint32_t        count = 0, ideal = 0;
    for (uint32_t i = 0; i < o->reach_count[warehouse] && ideal < enough; ++i) {
        const uint32_t v      = list[i];
        uint32_t       beaten = 0;
        if (o->price[v] == MU_NOT_OFFERED) continue;
        for (uint32_t f = count; f > 0 && beaten < o->depth; --f) {
            beaten += is_beaten_by(o, v, front[f - 1]);
        }
        if (beaten == o->depth) continue;
        front[count++] = v;
        ideal += is_ideal(o, v);
    }
    o->front_count[warehouse] = count;
}

void mu_offers_set_prices(mu_offers *o, const int64_t *price, uint32_t depth) {
    o->price = price;
    o->depth = depth;
    for (uint32_t w = 0; w < o->model->warehouse_count; ++w) o->front_count[w] = MUSTER_NONE;
}

/* ---- offers ---------------------------------------------------------------------------- */

/* Whoever is on his way beats nobody in a front, since a rule is about him; and a diversion only
 * makes him dearer. */
static int64_t price_of(const mu_offers *o, uint32_t vehicle, uint32_t destination,
                        int64_t unmet_s) {
    const uint32_t incident = o->model->destination[destination].incident;
    return o->price[vehicle] + mu_offers_diversion(o, vehicle, incident, unmet_s);
}

mu_offer mu_offers_one(const mu_offers *o, uint32_t destination, int64_t unmet_s, uint32_t vehicle,
                       uint32_t warehouse) {
    const uint32_t ms = mu_shipment_eta_ms(o->model, vehicle, warehouse, destination);
    return (mu_offer){response_s(o->model, destination, ms), vehicle, warehouse,
                      price_of(o, vehicle, destination, unmet_s)};
}

uint32_t mu_offers_list(mu_offers *o, uint32_t destination, int64_t unmet_s, uint32_t near_most,
                        const int64_t *stock, mu_offer *out, uint32_t *out_beyond_s) {
    const mu_shipment_model *m     = o->model;
    const mu_near_warehouse *near  = &o->near[(size_t)destination * m->warehouse_count];
    uint32_t                 count = 0, taken = 0, left_out = MUSTER_NONE;
    for (uint32_t i = 0; i < o->near_count[destination]; ++i) {
        const uint32_t w = near[i].warehouse;
        if (taken >= near_most && left_out == MUSTER_NONE) left_out = i;
        if (taken >= near_most && m->cargo_count == 0) break;
        if (taken >= near_most && !mu_shipment_has_cargo(m, w, destination)) continue;
        if (!has_use(m, w, destination, stock)) continue;
        if (o->front_count[w] == MUSTER_NONE) find_front(o, w);
        if (count + o->front_count[w] > MU_OFFERS_MOST) {
            if (left_out == MUSTER_NONE) left_out = i;
            break;
        }
        const uint32_t *front = &o->front[(size_t)w * o->carrier_count];
        for (uint32_t f = 0; f < o->front_count[w]; ++f) {
            const uint32_t ms = mu_shipment_eta_ms(m, front[f], w, destination);
            if (ms == MUSTER_UNREACHABLE_MS) continue;
            out[count++] = (mu_offer){response_s(m, destination, ms), front[f], w,
                                      price_of(o, front[f], destination, unmet_s)};
        }
        ++taken;
    }
    *out_beyond_s = left_out != MUSTER_NONE ? near[left_out].soonest_s : UINT32_MAX;
    return count;
}
