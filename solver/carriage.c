/* Cargo of one warehouse for one destination is a freight, and vehicles have to be shared out among
 * the freights so that all of it fits: bin packing, with bins that are not all there for everybody.
 * Vehicles are tried one after the other, freight by freight, depth first, each with all loads that
 * leave no room for more of the last line; what is left of a freight has to fit into the vehicles that
 * are left, taken together, or nothing behind is tried.
 *
 * Vehicles in order of arrival make the better trips, in order of size they find room sooner; so both
 * are tried for a while, and only then in earnest. A search that is given up after MOST_LOOKS at vehicles
 * counts as one that has found nothing: there may be a way, but then it is a way for which nearly
 * all vehicles that there are have to be loaded to the last. What no search is needed for is seen
 * before: a freight that is too much for all vehicles together, or from one warehouse too many. */
#include "solver/carriage.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "solver/carriage_conflict.h"

/* A tenth of a second, for the most. */
enum { FEW_LOOKS = 300000, MOST_LOOKS = 3000000 };

typedef struct freight {
    uint32_t destination, warehouse;
} freight;

typedef struct carriage {
    mu_fleet *fleet;
    freight  *freight;
    uint32_t  freight_count, carrier_count;
    uint32_t *carrier; /* vehicles that carry */
    uint32_t *order;   /* [freight_count][carrier_count] the same, in the order they are tried */
    int64_t   looks;   /* at vehicles, that may still be taken */
} carriage;

/* ---- what has to be brought ------------------------------------------------------------ */

static const mu_destination *destination_of(const carriage *c, uint32_t f) {
    return &c->fleet->model->destination[c->freight[f].destination];
}

/* What of a line belongs to the freight and is still to be brought. */
static int64_t owed(const carriage *c, uint32_t f, uint32_t k) {
    const mu_shipment_model *m  = c->fleet->model;
    const uint32_t           at = destination_of(c, f)->first_need + k;
    if (m->only[at] == MUSTER_NONE) return 0;
    return m->warehouse_of[m->only[at]] == c->freight[f].warehouse ? c->fleet->owed[at] : 0;
}

static bool is_brought(const carriage *c, uint32_t f) {
    uint32_t k = 0;
    while (k < destination_of(c, f)->need_count && owed(c, f, k) == 0) ++k;
    return k == destination_of(c, f)->need_count;
}

static void list_freights(carriage *c) {
    const mu_shipment_model *m = c->fleet->model;
    for (uint32_t d = 0; d < m->destination_count; ++d) {
        const mu_destination *to    = &m->destination[d];
        const uint32_t        first = c->freight_count;
        for (uint32_t at = to->first_need; at < to->first_need + to->need_count; ++at) {
            if (m->only[at] == MUSTER_NONE || c->fleet->owed[at] == 0) continue;
            const uint32_t w = m->warehouse_of[m->only[at]];
            uint32_t       f = first;
            while (f < c->freight_count && c->freight[f].warehouse != w) ++f;
            if (f == c->freight_count) c->freight[c->freight_count++] = (freight){d, w};
        }
    }
}

/* ---- who could bring it ---------------------------------------------------------------- */

typedef struct ranked {
    uint32_t eta_ms, vehicle;
    mu_bulk  size;
} ranked;

static int soonest_first(const void *a, const void *b) {
    const ranked *r = a, *s = b;
    if (r->eta_ms != s->eta_ms) return r->eta_ms < s->eta_ms ? -1 : 1;
    return r->vehicle < s->vehicle ? -1 : r->vehicle > s->vehicle;
}

static int largest_first(const void *a, const void *b) {
    const ranked *r = a, *s = b;
    if (r->size.g != s->size.g) return r->size.g > s->size.g ? -1 : 1;
    if (r->size.cm3 != s->size.cm3) return r->size.cm3 > s->size.cm3 ? -1 : 1;
    return soonest_first(a, b);
}

static void put_in_order(carriage *c, ranked *list, bool is_by_size) {
    const mu_shipment_model *m = c->fleet->model;
    for (uint32_t f = 0; f < c->freight_count; ++f) {
        for (uint32_t i = 0; i < c->carrier_count; ++i) {
            const uint32_t v = c->carrier[i];
            list[i]          = (ranked){
                         mu_shipment_eta_ms(m, v, c->freight[f].warehouse, c->freight[f].destination), v,
                         m->capacity[v]};
        }
        qsort(list, c->carrier_count, sizeof *list, is_by_size ? largest_first : soonest_first);
        for (uint32_t i = 0; i < c->carrier_count; ++i) {
            c->order[(size_t)f * c->carrier_count + i] = list[i].vehicle;
        }
    }
}

static bool may_carry(const carriage *c, uint32_t f, uint32_t vehicle) {
    return mu_fleet_is_free(c->fleet, vehicle) &&
           mu_shipment_eta_ms(c->fleet->model, vehicle, c->freight[f].warehouse,
                              c->freight[f].destination) < MUSTER_UNREACHABLE_MS;
}

static int64_t fits(mu_bulk room, mu_bulk unit, int64_t most) {
    if (unit.g > 0 && room.g / unit.g < most) most = room.g / unit.g;
    if (unit.cm3 > 0 && room.cm3 / unit.cm3 < most) most = room.cm3 / unit.cm3;
    return most;
}

/* Do the free vehicles from place `from` of the freight's order on hold what is left of each line, and
 * the mass and the volume of all of them? */
static bool is_room_enough(carriage *c, uint32_t f, uint32_t from) {
    const mu_shipment_model *m   = c->fleet->model;
    mu_bulk                  all = {0, 0};
    c->looks -= c->carrier_count - from;
    for (uint32_t k = 0; k < destination_of(c, f)->need_count; ++k) {
        const mu_bulk unit = m->unit[m->item[destination_of(c, f)->first_need + k]];
        int64_t       left = owed(c, f, k);
        all.g += left * unit.g;
        all.cm3 += left * unit.cm3;
        for (uint32_t i = from; i < c->carrier_count && left > 0; ++i, --c->looks) {
            const uint32_t v = c->order[(size_t)f * c->carrier_count + i];
            if (may_carry(c, f, v)) left -= fits(m->capacity[v], unit, left);
        }
        if (left > 0) return false;
    }
    for (uint32_t i = from; i < c->carrier_count && (all.g > 0 || all.cm3 > 0); ++i) {
        const uint32_t v = c->order[(size_t)f * c->carrier_count + i];
        if (!may_carry(c, f, v)) continue;
        all.g -= m->capacity[v].g;
        all.cm3 -= m->capacity[v].cm3;
    }
    return all.g <= 0 && all.cm3 <= 0;
}

/* ---- the search ------------------------------------------------------------------------ */

static bool carry_from(carriage *c, uint32_t f, uint32_t from);

static bool is_empty(const carriage *c, uint32_t vehicle) {
    const mu_shipment_model *m    = c->fleet->model;
    const int64_t           *load = &c->fleet->load[(size_t)vehicle * m->most_needs];
    uint32_t                 k    = 0;
    while (k < m->most_needs && load[k] == 0) ++k;
    return k == m->most_needs;
}

static uint32_t next_owed(const carriage *c, uint32_t f, uint32_t k) {
    while (k < destination_of(c, f)->need_count && owed(c, f, k) == 0) ++k;
    return k;
}

/* Load line k and those behind, most first, and go on with the vehicles behind place `at`. */
static bool load_from(carriage *c, uint32_t f, uint32_t at, uint32_t k) {
    const mu_shipment_model *m       = c->fleet->model;
    const uint32_t           vehicle = c->order[(size_t)f * c->carrier_count + at];
    const mu_destination    *to      = destination_of(c, f);
    k                                = next_owed(c, f, k);
    if (k == to->need_count) return !is_empty(c, vehicle) && carry_from(c, f, at + 1);
    const mu_bulk unit  = m->unit[m->item[to->first_need + k]];
    const int64_t most  = fits(c->fleet->room[vehicle], unit, owed(c, f, k));
    const int64_t least = next_owed(c, f, k + 1) == to->need_count ? most : 0;
    for (int64_t q = most; q >= least && c->looks > 0; --q) {
        mu_fleet_load(c->fleet, vehicle, k, q);
        if (load_from(c, f, at, k + 1)) return true;
        mu_fleet_load(c->fleet, vehicle, k, -q);
    }
    return false;
}

/* Bring what is left of freight f with the vehicles from place `from` of its order on, and all
 * freights behind it. */
static bool carry_from(carriage *c, uint32_t f, uint32_t from) {
    for (; f < c->freight_count && is_brought(c, f); ++f) from = 0;
    if (f == c->freight_count) return true;
    const freight *g = &c->freight[f];
    if (c->looks <= 0 || !is_room_enough(c, f, from)) return false;
    if (!mu_fleet_may_ship(c->fleet, g->warehouse, g->destination)) return false;
    for (uint32_t at = from; at < c->carrier_count && c->looks > 0; ++at) {
        --c->looks;
        const uint32_t v = c->order[(size_t)f * c->carrier_count + at];
        if (!may_carry(c, f, v)) continue;
        mu_fleet_open(c->fleet, v, g->warehouse, g->destination);
        if (load_from(c, f, at, 0)) return true;
        mu_fleet_close(c->fleet, v);
    }
    return false;
}

/* ---- beside what the fleet does --------------------------------------------------------- */

/* Trips that are made anyway take what they have room for. */
static void top_up(carriage *c, uint32_t f) {
    mu_fleet                *fleet = c->fleet;
    const mu_shipment_model *m     = fleet->model;
    for (uint32_t v = fleet->first_trip[c->freight[f].destination]; v != MUSTER_NONE;
         v          = fleet->next_trip[v]) {
        if (fleet->warehouse_of[v] != c->freight[f].warehouse) continue;
        for (uint32_t k = 0; k < destination_of(c, f)->need_count; ++k) {
            const mu_bulk unit = m->unit[m->item[destination_of(c, f)->first_need + k]];
            const int64_t most = fits(fleet->room[v], unit, owed(c, f, k));
            if (most > 0) mu_fleet_load(fleet, v, k, most);
        }
    }
}

static muster_status prepare(carriage *c, ranked **list) {
    const mu_shipment_model *m = c->fleet->model;
    MU_TRY(mu_alloc(&c->freight, m->cargo_count, sizeof *c->freight));
    MU_TRY(mu_alloc(&c->carrier, m->problem->vehicle_count, sizeof *c->carrier));
    list_freights(c);
    for (uint32_t v = 0; v < m->problem->vehicle_count; ++v) {
        if (m->base_of[v] == MUSTER_NONE || !mu_fleet_is_free(c->fleet, v)) continue;
        c->carrier[c->carrier_count++] = v;
    }
    MU_TRY(mu_alloc(list, c->carrier_count, sizeof **list));
    return mu_alloc(&c->order, (size_t)c->freight_count * c->carrier_count, sizeof *c->order);
}

/* Do freights come from more warehouses than may ship to their destination? Its freights are
 * neighbours, and `f` is the first of them. */
static bool has_too_many_sources(const carriage *c, uint32_t f) {
    const uint32_t d       = c->freight[f].destination;
    uint32_t       sources = mu_fleet_source_count(c->fleet, d);
    for (; f < c->freight_count && c->freight[f].destination == d; ++f) {
        uint32_t v = c->fleet->first_trip[d];
        if (mu_shipment_is_on_board(c->fleet->model, c->freight[f].warehouse)) continue;
        while (v != MUSTER_NONE && c->fleet->warehouse_of[v] != c->freight[f].warehouse) {
            v = c->fleet->next_trip[v];
        }
        sources += v == MUSTER_NONE && !is_brought(c, f);
    }
    return sources > c->fleet->model->max_sources;
}

static bool is_hopeless(carriage *c) {
    for (uint32_t f = 0; f < c->freight_count; ++f) {
        const bool is_first = f == 0 || c->freight[f - 1].destination != c->freight[f].destination;
        if (is_first && has_too_many_sources(c, f)) return true;
        if (!is_room_enough(c, f, 0)) return true;
    }
    return false;
}

static muster_status try_all(carriage *c, bool *out_is_carried) {
    static const struct {
        bool    is_by_size;
        int64_t looks;
    } TRY[]                    = {{false, FEW_LOOKS}, {true, FEW_LOOKS}, {true, MOST_LOOKS}};
    ranked             *list   = NULL;
    const muster_status status = prepare(c, &list);
    for (uint32_t f = 0; status == MUSTER_OK && f < c->freight_count; ++f) top_up(c, f);
    *out_is_carried = status == MUSTER_OK && c->fleet->owed_sum == 0;
    for (size_t t = 0; status == MUSTER_OK && !*out_is_carried && t < sizeof TRY / sizeof *TRY;
         ++t) {
        if (c->carrier_count > 0) put_in_order(c, list, TRY[t].is_by_size);
        if (is_hopeless(c)) break;
        c->looks        = TRY[t].looks;
        *out_is_carried = carry_from(c, 0, 0);
        if (c->looks > 0) break; /* all has been tried */
    }
    mu_free(list);
    return status;
}

muster_status mu_carriage_complete(mu_fleet *fleet, bool *out_is_carried) {
    carriage c      = {.fleet = fleet};
    mu_fleet before = {0};
    *out_is_carried = true;
    if (fleet->owed_sum == 0) return MUSTER_OK;
    muster_status status = mu_fleet_init(&before, fleet->model, fleet->travel);
    if (status == MUSTER_OK) {
        mu_fleet_copy(&before, fleet);
        status = try_all(&c, out_is_carried);
        if (status == MUSTER_OK && !*out_is_carried) mu_fleet_copy(fleet, &before);
    }
    mu_free(c.freight);
    mu_free(c.carrier);
    mu_free(c.order);
    mu_fleet_fini(&before);
    return status;
}

/* ---- before all else -------------------------------------------------------------------- */

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* The trip that `vehicle` makes in `from`, as far as there is something to do for it. */
static void repeat_trip(mu_fleet *to, const mu_fleet *from, uint32_t vehicle) {
    const mu_shipment_model *m    = from->model;
    const uint32_t           d    = from->destination_of[vehicle];
    const uint32_t           w    = from->warehouse_of[vehicle];
    const int64_t           *load = &from->load[(size_t)vehicle * m->most_needs];
    int64_t                  sum  = 0;
    if (!mu_fleet_may_ship(to, w, d)) return;
    mu_fleet_open(to, vehicle, w, d);
    for (uint32_t k = 0; k < m->destination[d].need_count; ++k) {
        const uint32_t at = m->destination[d].first_need + k;
        if (load[k] == 0 || m->only[at] != MUSTER_NONE) continue;
        const int64_t there = to->stock[mu_shipment_row(m, w, at)];
        const int64_t q     = least(load[k], least(there, to->missing[m->need[at]]));
        if (q > 0) mu_fleet_load(to, vehicle, k, q);
        sum += q > 0 ? q : 0;
    }
    if (sum == 0) mu_fleet_close(to, vehicle);
}

static void repeat(mu_fleet *to, const mu_fleet *from) {
    for (uint32_t v = 0; v < from->model->problem->vehicle_count; ++v) {
        const uint32_t need = from->need_of[v];
        if (!mu_fleet_is_free(to, v)) continue;
        if (need != MUSTER_NONE && to->missing[need] > 0) mu_fleet_serve(to, v, need);
        if (from->warehouse_of[v] != MUSTER_NONE) repeat_trip(to, from, v);
    }
}

static muster_status start_again(mu_fleet *fleet) {
    mu_fleet      anew;
    bool          is_carried = true;
    muster_status status     = mu_fleet_init(&anew, fleet->model, fleet->travel);
    if (status == MUSTER_OK) status = mu_carriage_complete(&anew, &is_carried);
    if (status == MUSTER_OK && !is_carried) status = mu_carriage_refuse(fleet->travel);
    if (status == MUSTER_OK) {
        repeat(&anew, fleet);
        mu_fleet_copy(fleet, &anew);
    }
    mu_fleet_fini(&anew);
    return status;
}

muster_status mu_carriage_carry(mu_fleet *fleet) {
    bool is_carried;
    MU_TRY(mu_carriage_complete(fleet, &is_carried));
    return is_carried ? MUSTER_OK : start_again(fleet);
}
