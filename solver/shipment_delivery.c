/* The subproblem of the Lagrangian relaxation, and the move of the local search.
 *
 * Trips are added in order of ETA, depth first. Sets of trips are loaded in earnest by value for
 * room, earliest trip first. A set with at least one more trip is bounded from below by letting
 * later trips bring any amount at the least that one unit costs on any of them, a vehicle's price
 * charged once at its least, or in parts that no load can make more than the whole. What is left is
 * a transportation problem with room in the trips chosen: each need is worth what its last unit
 * costs, and a trip saves no more against that than the relaxation of its knapsack (Lagrangian
 * bound with the duals of the problem without room, which it is never below).
 *
 * The least over all later trips rises from trip to trip, so the first whose bound reaches the best
 * known cost ends the search of a level. */
#include "solver/shipment_delivery.h"

#include <stdlib.h>
#include <string.h>

#include "solver/objective.h"
#include "solver/shipment_load.h"
#include "solver/weights.h"

enum { STEPS_A_SET = 64 };

/* One line of the destination. That cargo is left behind costs so much that it never pays, though it
 * is not forbidden: then there would be no bound. */
typedef struct want {
    int64_t  quantity, minimum, price;
    int64_t  unmet; /* what a unit costs that does not come */
    mu_bulk  unit;
    uint32_t item;
    bool     is_cargo;
} want;

typedef struct search {
    const mu_floor   *floor; /* by offer: of it and all behind it */
    const mu_offers  *offers;
    const mu_terms   *terms;
    mu_delivery      *best;
    uint32_t          want_count, offer_count, trip_count, max_sources, node_count;
    want              want[MU_DELIVERY_NEEDS];
    uint32_t          first_line; /* of the wants, in mu_shipment_model.need */
    bool              has_cargo;
    mu_bulk           all;       /* that is needed */
    int64_t           all_price; /* and its price */
    const mu_choice **choice;    /* the trips that may be made, by ETA */
    uint32_t          beyond_s;
    const mu_choice  *trip[MU_DELIVERY_TRIPS];
    mu_delivery_node *heap;
    uint32_t          heap_count;
    int64_t           open_bound; /* of all that was left aside undecided */
} search;

static int64_t min64(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* ---- the problem ----------------------------------------------------------------------- */

/* Is value / size larger? What has no size is denser than what has. */
static bool is_denser(int64_t value_a, int64_t size_a, int64_t value_b, int64_t size_b) {
    return (mu_objective)value_a * size_b > (mu_objective)value_b * size_a;
}

static int64_t size_of(mu_bulk b, bool is_mass) {
    return is_mass ? b.g : b.cm3;
}

/* As much as all other needs of the destination together, for each line of cargo as a whole. */
static void fine_for_cargo(search *s) {
    const int64_t all = s->all_price * s->terms->unmet_s;
    for (uint32_t k = 0; k < s->want_count; ++k) {
        if (s->want[k].is_cargo) s->want[k].unmet += all / s->want[k].quantity + 1;
    }
}

static void read_wants(search *s, uint32_t destination) {
    const mu_shipment_model *m = s->offers->model;
    const mu_destination    *d = &m->destination[destination];
    s->first_line              = d->first_need;
    s->want_count = d->need_count < MU_DELIVERY_NEEDS ? d->need_count : MU_DELIVERY_NEEDS;
    for (uint32_t k = 0; k < s->want_count; ++k) {
        const uint32_t at       = d->first_need + k;
        const mu_bulk  unit     = m->unit[m->item[at]];
        const bool     is_cargo = m->only[at] != MUSTER_NONE;
        s->want[k]              = (want){.quantity = m->quantity[at],
                                         .minimum  = is_cargo ? 0 : m->candidates->minimum[m->need[at]],
                                         .price    = m->price[at],
                                         .unmet    = m->price[at] * s->terms->unmet_s,
                                         .unit     = unit,
                                         .item     = m->item[at],
                                         .is_cargo = is_cargo};
        s->has_cargo |= is_cargo;
        s->all.g += m->quantity[at] * unit.g;
        s->all.cm3 += m->quantity[at] * unit.cm3;
        s->all_price += m->quantity[at] * m->price[at];
    }
    if (s->has_cargo) fine_for_cargo(s);
}

/* Most often all of it, which is seen without a division. */
static int64_t holds(mu_bulk capacity, mu_bulk unit, int64_t most) {
    if (most * unit.g > capacity.g) most = capacity.g / unit.g;
    if (most * unit.cm3 > capacity.cm3) most = capacity.cm3 / unit.cm3;
    return most;
}

static void choose(const search *s, mu_choice *c, const mu_offer *offer) {
    const mu_shipment_model *m = s->offers->model;
    c->offer                   = *offer;
    for (uint32_t k = 0; k < s->want_count; ++k) {
        const want    *w   = &s->want[k];
        const uint32_t row = mu_shipment_row(m, offer->warehouse, s->first_line + k);
        c->row[k]          = row;
        c->most[k]         = 0;
        if (row == MUSTER_NONE) continue;
        const bool    is_bought = !w->is_cargo && s->terms->stock_price;
        const int64_t there     = w->is_cargo ? w->quantity : s->terms->stock[row];
        c->most[k] = holds(m->capacity[offer->vehicle], w->unit, min64(w->quantity, there));
        c->cost[k] = w->price * offer->eta_s + (is_bought ? s->terms->stock_price[row] : 0);
    }
}

/* ---- bounds ---------------------------------------------------------------------------- */

/* What a unit of need k is worth where the trips chosen serve it, cheapest first, and later ones
 * at `later` a unit: the dual of that small transportation problem. */
static int64_t worth_of(const search *s, uint32_t k, int64_t later) {
    int64_t  cost[MU_DELIVERY_TRIPS], most[MU_DELIVERY_TRIPS];
    int64_t  left  = s->want[k].quantity;
    uint32_t count = 0;
    for (uint32_t t = 0; t < s->trip_count; ++t) {
        const mu_choice *c = s->trip[t];
        if (c->most[k] == 0 || c->cost[k] >= later) continue;
        uint32_t at = count++;
        for (; at > 0 && cost[at - 1] > c->cost[k]; --at) {
            cost[at] = cost[at - 1];
            most[at] = most[at - 1];
        }
        cost[at] = c->cost[k];
        most[at] = c->most[k];
    }
    for (uint32_t i = 0; i < count; ++i) {
        if (most[i] >= left) return cost[i];
        left -= most[i];
    }
    return later;
}

/* No load of a trip saves more against `worth`: the knapsack's relaxation by one capacity. */
static int64_t saving_by(const search *s, const mu_choice *c, const int64_t *saving, bool is_mass,
                         int64_t room) {
    uint32_t order[MU_DELIVERY_NEEDS], count = 0;
    int64_t  sum = 0;
    for (uint32_t k = 0; k < s->want_count; ++k) {
        if (saving[k] <= 0 || c->most[k] == 0) continue;
        const int64_t size = size_of(s->want[k].unit, is_mass);
        uint32_t      at   = count++;
        for (; at > 0 && is_denser(saving[k], size, saving[order[at - 1]],
                                   size_of(s->want[order[at - 1]].unit, is_mass));
             --at) {
            order[at] = order[at - 1];
        }
        order[at] = k;
    }
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t k    = order[i];
        const int64_t  size = size_of(s->want[k].unit, is_mass), whole = c->most[k] * size;
        if (whole > room) { /* rounded up */
            return sum + (int64_t)(((mu_objective)saving[k] * room + size - 1) / size);
        }
        sum += c->most[k] * saving[k];
        room -= whole;
    }
    return sum;
}

static int64_t saving_of(const search *s, const mu_choice *c, const int64_t *worth) {
    const mu_bulk capacity = s->offers->model->capacity[c->offer.vehicle];
    int64_t       saving[MU_DELIVERY_NEEDS], sum = 0;
    mu_bulk       load = {0, 0};
    for (uint32_t k = 0; k < s->want_count; ++k) {
        saving[k] = c->most[k] > 0 ? worth[k] - c->cost[k] : 0;
        if (saving[k] <= 0) continue;
        sum += c->most[k] * saving[k];
        load.g += c->most[k] * s->want[k].unit.g;
        load.cm3 += c->most[k] * s->want[k].unit.cm3;
    }
    if (load.g > capacity.g) sum = min64(sum, saving_by(s, c, saving, true, capacity.g));
    if (load.cm3 > capacity.cm3) sum = min64(sum, saving_by(s, c, saving, false, capacity.cm3));
    return sum;
}

/* Of the trips chosen, against what a unit of each need is worth. */
static int64_t bound_at(const search *s, const int64_t *worth) {
    int64_t sum = 0;
    for (uint32_t k = 0; k < s->want_count; ++k) sum += s->want[k].quantity * worth[k];
    for (uint32_t t = 0; t < s->trip_count; ++t) {
        sum += s->trip[t]->offer.price - saving_of(s, s->trip[t], worth);
    }
    return sum;
}

/* With whatever later trips bring at `later` a unit of each need: worth that much where the trips
 * chosen have too little room, less where they have enough. */
static int64_t bound_of(const search *s, const int64_t *later) {
    int64_t worth[MU_DELIVERY_NEEDS] = {0};
    for (uint32_t k = 0; k < s->want_count; ++k) worth[k] = worth_of(s, k, later[k]);
    const int64_t by_stock = bound_at(s, worth), by_room = bound_at(s, later);
    return by_stock > by_room ? by_stock : by_room;
}

/* And no more. */
static int64_t bound_without_more(const search *s) {
    int64_t never[MU_DELIVERY_NEEDS] = {0};
    for (uint32_t k = 0; k < s->want_count; ++k) never[k] = s->want[k].unmet;
    return bound_of(s, never);
}

/* And one or more of those from offer i on: way 0 charges the cheapest vehicle whole, way 1 and on
 * each in parts. All hold. */
static int64_t bound_by_way(const search *s, uint32_t i, uint32_t way) {
    const mu_floor *floor = &s->floor[i];
    return way == 0 ? bound_of(s, floor->bare) + floor->price : bound_of(s, floor->shared[way - 1]);
}

static int64_t bound_with_more(const search *s, uint32_t i, uint16_t *out_way) {
    int64_t best = bound_by_way(s, i, 0);
    *out_way     = 0;
    for (uint32_t way = 1; way <= MU_FLOOR_SHARES; ++way) {
        const int64_t bound = bound_by_way(s, i, way);
        if (bound <= best) continue;
        best     = bound;
        *out_way = (uint16_t)way;
    }
    return best;
}

/* ---- floors ---------------------------------------------------------------------------- */

static void lower(int64_t *floor, int64_t to) {
    if (to < *floor) *floor = to;
}

/* value * part / whole; most often without 128 bits. */
static int64_t share_of(int64_t value, int64_t part, int64_t whole) {
    int64_t product;
    if (!__builtin_mul_overflow(value, part, &product)) return product / whole;
    return (int64_t)((mu_objective)value * part / whole);
}

/* The price of a vehicle on one unit of need k, where each is charged in parts that no load can
 * add up to more than the whole: by mass, by volume, by the needs' shares in all that is needed. */
static int64_t part_of(const search *s, int64_t price, mu_bulk capacity, uint32_t k, int64_t most,
                       int way) {
    const want   *w = &s->want[k];
    const int64_t g = min64(capacity.g, s->all.g), cm3 = min64(capacity.cm3, s->all.cm3);
    if (way == 0) return g > 0 ? share_of(price, w->unit.g, g) : 0;
    if (way == 1) return cm3 > 0 ? share_of(price, w->unit.cm3, cm3) : 0;
    if (s->all_price == 0 || most == 0) return 0;
    return share_of(price, w->price * w->quantity, s->all_price) / most;
}

/* Behind the last offer come those that are not listed: no sooner than beyond_s, in the largest
 * vehicle at the least price of any. */
static void find_last_floor(const search *s, mu_floor *floor) {
    const bool     is_all  = s->beyond_s == UINT32_MAX;
    const int64_t  price   = s->terms->least_vehicle_price;
    const int64_t *least   = s->terms->least_stock_price;
    const mu_bulk  largest = {INT64_MAX, INT64_MAX};
    floor->price           = is_all ? INT64_MAX / 4 : price;
    for (uint32_t k = 0; k < s->want_count; ++k) {
        const want   *w     = &s->want[k];
        const int64_t unmet = w->unmet;
        const int64_t stock = least && !w->is_cargo ? least[w->item] : 0;
        const int64_t cost  = is_all ? unmet : w->price * s->beyond_s + stock;
        floor->bare[k]      = min64(cost, unmet);
        for (int f = 0; f < MU_FLOOR_SHARES; ++f) {
            floor->shared[f][k] =
                min64(is_all ? unmet : cost + part_of(s, price, largest, k, w->quantity, f), unmet);
        }
    }
}

static void lower_floor(const search *s, mu_floor *floor, const mu_choice *c) {
    const mu_bulk capacity = s->offers->model->capacity[c->offer.vehicle];
    lower(&floor->price, c->offer.price);
    for (uint32_t k = 0; k < s->want_count; ++k) {
        if (c->most[k] == 0) continue;
        lower(&floor->bare[k], c->cost[k]);
        for (int f = 0; f < MU_FLOOR_SHARES; ++f) {
            lower(&floor->shared[f][k],
                  c->cost[k] + part_of(s, c->offer.price, capacity, k, c->most[k], f));
        }
    }
}

/* Of the lines that there are. */
static void copy_floor(const search *s, mu_floor *to, const mu_floor *from) {
    to->price = from->price;
    for (uint32_t k = 0; k < s->want_count; ++k) {
        to->bare[k] = from->bare[k];
        for (int f = 0; f < MU_FLOOR_SHARES; ++f) to->shared[f][k] = from->shared[f][k];
    }
}

/* From the last offer to the first. */
static void find_floors(const search *s, mu_floor *floor) {
    find_last_floor(s, &floor[s->offer_count]);
    for (uint32_t i = s->offer_count; i-- > 0;) {
        copy_floor(s, &floor[i], &floor[i + 1]);
        lower_floor(s, &floor[i], s->choice[i]);
    }
}

/* ---- a set of trips in earnest --------------------------------------------------------- */

typedef struct stowage {
    int64_t missing[MU_DELIVERY_NEEDS];
    int64_t load[MU_DELIVERY_TRIPS][MU_DELIVERY_NEEDS];
    mu_bulk room[MU_DELIVERY_TRIPS];
    int64_t cost;
    bool    is_carried_out[MU_DELIVERY_TRIPS];
} stowage;

/* What earlier trips of the same set have left of the stock. */
static int64_t left_of(const search *s, const stowage *st, uint32_t t, uint32_t k) {
    if (s->want[k].is_cargo) return st->missing[k];
    int64_t left = s->terms->stock[s->trip[t]->row[k]];
    for (uint32_t b = 0; b < t; ++b) {
        if (s->trip[b]->row[k] == s->trip[t]->row[k]) left -= st->load[b][k];
    }
    return left;
}

/* How much of need k the trips behind t could bring, and what the last unit of `missing` would
 * cost with them. */
static int64_t brought_later(const search *s, uint32_t t, uint32_t k, int64_t missing,
                             int64_t *out_cost) {
    int64_t sum = 0;
    *out_cost   = s->want[k].unmet;
    for (uint32_t l = t + 1; l < s->trip_count; ++l) {
        const mu_choice *c = s->trip[l];
        if (c->most[k] == 0 || c->cost[k] >= s->want[k].unmet) continue;
        if (sum < missing) *out_cost = c->cost[k];
        sum += c->most[k];
    }
    return sum;
}

static void put_on_board(const search *s, stowage *st, uint32_t t, uint32_t k, int64_t quantity) {
    st->load[t][k] += quantity;
    st->missing[k] -= quantity;
    st->room[t].g -= quantity * s->want[k].unit.g;
    st->room[t].cm3 -= quantity * s->want[k].unit.cm3;
    st->is_carried_out[t] |= quantity > 0;
}

/* Cargo that no later trip brings goes first; where it is to be early, all of it. */
static void stow_cargo(const search *s, stowage *st, uint32_t t, bool is_early) {
    const mu_choice *c = s->trip[t];
    mu_load_line     line[MU_DELIVERY_NEEDS];
    uint32_t         of[MU_DELIVERY_NEEDS], count = 0;
    for (uint32_t k = 0; k < s->want_count; ++k) {
        int64_t then;
        if (!s->want[k].is_cargo || c->most[k] == 0) continue;
        const int64_t later = is_early ? 0 : brought_later(s, t, k, st->missing[k], &then);
        const int64_t most  = min64(c->most[k], st->missing[k] - later);
        if (most <= 0) continue;
        of[count]     = k;
        line[count++] = (mu_load_line){s->want[k].unmet, most, s->want[k].unit, 0};
    }
    if (count == 0) return;
    (void)mu_shipment_load(line, count, st->room[t]);
    for (uint32_t i = 0; i < count; ++i) put_on_board(s, st, t, of[i], line[i].quantity);
}

/* What no later trip brings is most urgent; for the rest, what counts is how much later it would
 * be. */
static void stow_trip(const search *s, stowage *st, uint32_t t, const bool *is_barred) {
    const mu_choice *c = s->trip[t];
    mu_load_line     line[2 * MU_DELIVERY_NEEDS];
    uint32_t         of[2 * MU_DELIVERY_NEEDS], count = 0;
    for (uint32_t k = 0; k < s->want_count; ++k) {
        const int64_t unmet = s->want[k].unmet;
        if (c->most[k] == 0 || is_barred[k] || c->cost[k] >= unmet) continue;
        const int64_t most = min64(st->missing[k], left_of(s, st, t, k));
        int64_t       then;
        const int64_t later  = brought_later(s, t, k, st->missing[k], &then);
        const int64_t urgent = min64(most, st->missing[k] > later ? st->missing[k] - later : 0);
        if (urgent > 0) {
            of[count]     = k;
            line[count++] = (mu_load_line){unmet - c->cost[k], urgent, s->want[k].unit, 0};
        }
        if (most > urgent && then > c->cost[k]) {
            of[count]     = k;
            line[count++] = (mu_load_line){then - c->cost[k], most - urgent, s->want[k].unit, 0};
        }
    }
    if (count == 0) return;
    (void)mu_shipment_load(line, count, st->room[t]);
    for (uint32_t i = 0; i < count; ++i) put_on_board(s, st, t, of[i], line[i].quantity);
}

static void stow(const search *s, stowage *st, const bool *is_barred, bool is_early) {
    memset(st, 0, sizeof *st);
    for (uint32_t k = 0; k < s->want_count; ++k) st->missing[k] = s->want[k].quantity;
    for (uint32_t t = 0; t < s->trip_count; ++t) {
        st->room[t] = s->offers->model->capacity[s->trip[t]->offer.vehicle];
        if (s->has_cargo) stow_cargo(s, st, t, is_early);
        stow_trip(s, st, t, is_barred);
    }
    for (uint32_t k = 0; k < s->want_count; ++k) {
        st->cost += st->missing[k] * s->want[k].unmet;
        for (uint32_t t = 0; t < s->trip_count; ++t) {
            if (st->load[t][k] > 0) st->cost += st->load[t][k] * s->trip[t]->cost[k];
        }
    }
    for (uint32_t t = 0; t < s->trip_count; ++t) {
        if (st->is_carried_out[t]) st->cost += s->trip[t]->offer.price;
    }
}

/* Needs that get less than their minimum get nothing; the room goes to others. */
static void stow_at(const search *s, stowage *st, bool is_early) {
    bool is_barred[MU_DELIVERY_NEEDS] = {false};
    bool is_useful                    = false;
    while (!is_useful) {
        stow(s, st, is_barred, is_early);
        is_useful = true;
        for (uint32_t k = 0; k < s->want_count; ++k) {
            const int64_t sent = s->want[k].quantity - st->missing[k];
            if (sent == 0 || sent >= s->want[k].minimum) continue;
            is_barred[k] = true;
            is_useful    = false;
        }
    }
}

/* Cargo as late as can be leaves more room for what is urgent; as early as can be, more of it is
 * sure to find room. */
static void stow_usefully(const search *s, stowage *st) {
    stowage early;
    stow_at(s, st, false);
    if (!s->has_cargo) return;
    stow_at(s, &early, true);
    if (early.cost < st->cost) *st = early;
}

static void keep(search *s, const stowage *st) {
    mu_delivery *b = s->best;
    b->cost        = st->cost;
    b->trip_count  = 0;
    for (uint32_t t = 0; t < s->trip_count; ++t) {
        if (!st->is_carried_out[t]) continue;
        b->trip[b->trip_count] = s->trip[t]->offer;
        memcpy(b->load[b->trip_count++], st->load[t], sizeof st->load[t]);
    }
}

/* ---- a first set ----------------------------------------------------------------------- */

static void insert(search *s, const mu_choice *c) {
    uint32_t at = s->trip_count++;
    for (; at > 0 && s->trip[at - 1]->offer.eta_s > c->offer.eta_s; --at) {
        s->trip[at] = s->trip[at - 1];
    }
    s->trip[at] = c;
}

static void take_out(search *s, const mu_choice *c) {
    uint32_t at = 0;
    while (s->trip[at] != c) ++at;
    --s->trip_count;
    for (; at < s->trip_count; ++at) s->trip[at] = s->trip[at + 1];
}

static bool may_add(const search *s, const mu_offer *offer) {
    const mu_shipment_model *m       = s->offers->model;
    uint32_t                 sources = 0;
    bool                     is_new  = !mu_shipment_is_on_board(m, offer->warehouse);
    for (uint32_t t = 0; t < s->trip_count; ++t) {
        const mu_offer *o = &s->trip[t]->offer;
        if (s->terms->is_exclusive && o->vehicle == offer->vehicle) return false;
        if (o->warehouse == offer->warehouse) is_new = false;
        if (mu_shipment_is_on_board(m, o->warehouse)) continue;
        uint32_t before = 0;
        while (s->trip[before]->offer.warehouse != o->warehouse) ++before;
        sources += before == t;
    }
    return !is_new || sources < s->max_sources;
}

/* Add, again and again, the trip that lowers the bound most. */
static void start(search *s) {
    stowage st;
    int64_t cost = bound_without_more(s);
    while (s->trip_count < MU_DELIVERY_TRIPS) {
        const mu_choice *best = NULL;
        for (uint32_t i = 0; i < s->offer_count; ++i) {
            if (!may_add(s, &s->choice[i]->offer)) continue;
            insert(s, s->choice[i]);
            const int64_t with = bound_without_more(s);
            take_out(s, s->choice[i]);
            if (with >= cost) continue;
            cost = with;
            best = s->choice[i];
        }
        if (!best) break;
        insert(s, best);
        stow_usefully(s, &st);
        if (st.cost < s->best->cost) keep(s, &st);
    }
    s->trip_count = 0;
}

/* ---- the search ------------------------------------------------------------------------ */

static bool is_counted_before(const search *s, uint32_t t, uint32_t k) {
    for (uint32_t b = 0; b < t; ++b) {
        if (s->trip[b]->row[k] == s->trip[t]->row[k]) return true;
    }
    return false;
}

/* Could the trip on top bring anything that those before it, with room for all, do not bring as
 * cheaply? */
static bool is_of_use(const search *s) {
    const mu_choice *top = s->trip[s->trip_count - 1];
    for (uint32_t k = 0; k < s->want_count; ++k) {
        int64_t before = 0;
        if (top->most[k] == 0) continue;
        for (uint32_t t = 0; t + 1 < s->trip_count; ++t) {
            const mu_choice *c        = s->trip[t];
            const mu_bulk    capacity = s->offers->model->capacity[c->offer.vehicle];
            if (capacity.g < s->all.g || capacity.cm3 < s->all.cm3) continue;
            if (c->most[k] == 0 || c->cost[k] > top->cost[k]) continue;
            if (!is_counted_before(s, t, k)) before += c->most[k];
        }
        if (before < s->want[k].quantity) return true;
    }
    return false;
}

static void leave_open(search *s, int64_t bound) {
    if (bound < s->open_bound) s->open_bound = bound;
}

static void consider(search *s) {
    stowage       st;
    const int64_t bound = bound_without_more(s);
    if (bound >= s->best->cost) return;
    leave_open(s, bound);
    stow_usefully(s, &st);
    if (st.cost < s->best->cost) keep(s, &st);
}

/* ---- nodes still to be looked at, the lowest bound first -------------------------------- */

static bool comes_first(const mu_delivery_node *a, const mu_delivery_node *b) {
    if (a->bound != b->bound) return a->bound < b->bound;
    return a->trip_count != b->trip_count ? a->trip_count > b->trip_count : a->next < b->next;
}

static void push(search *s, mu_delivery_node node) {
    if (node.bound >= s->best->cost) return;
    if (s->heap_count == MU_DELIVERY_NODES) {
        leave_open(s, node.bound);
        return;
    }
    uint32_t at = s->heap_count++;
    for (; at > 0 && comes_first(&node, &s->heap[(at - 1) / 2]); at = (at - 1) / 2) {
        s->heap[at] = s->heap[(at - 1) / 2];
    }
    s->heap[at] = node;
}

static mu_delivery_node pop(search *s) {
    const mu_delivery_node first = s->heap[0], last = s->heap[--s->heap_count];
    uint32_t               at = 0;
    for (uint32_t child; (child = 2 * at + 1) < s->heap_count; at = child) {
        if (child + 1 < s->heap_count && comes_first(&s->heap[child + 1], &s->heap[child])) ++child;
        if (!comes_first(&s->heap[child], &last)) break;
        s->heap[at] = s->heap[child];
    }
    s->heap[at] = last;
    return first;
}

static void enter(search *s, const mu_delivery_node *node) {
    s->trip_count = 0;
    for (uint32_t t = 0; t < node->trip_count; ++t) {
        s->trip[s->trip_count++] = s->choice[node->trip[t]];
    }
}

/* The node's trips with its next offer, and more from the one behind on. */
static void include(search *s, const mu_delivery_node *node) {
    mu_delivery_node with = *node;
    if (!may_add(s, &s->choice[node->next]->offer)) return;
    s->trip[s->trip_count++] = s->choice[node->next];
    if (is_of_use(s)) {
        consider(s);
        with.trip[with.trip_count++] = (uint16_t)with.next;
        if (s->terms->is_exclusive) ++with.next; /* else another like it may follow */
        with.bound = bound_with_more(s, with.next, &with.way);
        if (with.bound < node->bound) with.bound = node->bound;
        if (with.trip_count < MU_DELIVERY_TRIPS) {
            push(s, with);
        } else if (with.bound < s->best->cost) {
            leave_open(s, with.bound);
        }
    }
    --s->trip_count;
}

/* Along the offers as long as no other node has a lower bound. */
static void expand(search *s, mu_delivery_node node) {
    enter(s, &node);
    for (; node.next < s->offer_count; ++node.next) {
        if (node.bound >= s->best->cost) return;
        if (s->node_count >= s->terms->node_limit ||
            (s->heap_count > 0 && comes_first(&s->heap[0], &node))) {
            push(s, node);
            return;
        }
        ++s->node_count;
        include(s, &node);
        const int64_t bound = bound_by_way(s, node.next + 1, node.way);
        if (bound > node.bound) node.bound = bound;
    }
    if (s->beyond_s != UINT32_MAX && node.bound < s->best->cost) leave_open(s, node.bound);
}

static void explore(search *s) {
    mu_delivery_node root = {0};
    root.bound            = bound_with_more(s, 0, &root.way);
    push(s, root);
    while (s->heap_count > 0 && s->heap[0].bound < s->best->cost) {
        if (s->node_count >= s->terms->node_limit) {
            leave_open(s, s->heap[0].bound);
            return;
        }
        expand(s, pop(s));
    }
}

static int by_eta(const void *a, const void *b) {
    const mu_offer *o = &(*(const mu_choice *const *)a)->offer;
    const mu_offer *p = &(*(const mu_choice *const *)b)->offer;
    if (o->eta_s != p->eta_s) return o->eta_s < p->eta_s ? -1 : 1;
    if (o->price != p->price) return o->price < p->price ? -1 : 1;
    if (o->warehouse != p->warehouse) return o->warehouse < p->warehouse ? -1 : 1;
    return o->vehicle < p->vehicle ? -1 : o->vehicle > p->vehicle;
}

/* The trips of the last time, at the prices of now. */
static void start_from(search *s, const mu_trips *before, uint32_t destination, mu_choice *room) {
    stowage st;
    for (uint32_t t = 0; t < before->count; ++t) {
        const mu_offer offer = mu_offers_one(s->offers, destination, s->terms->unmet_s,
                                             before->vehicle[t], before->warehouse[t]);
        choose(s, &room[t], &offer);
        s->trip[s->trip_count++] = &room[t];
    }
    stow_usefully(s, &st);
    if (st.cost < s->best->cost) keep(s, &st);
    s->trip_count = 0;
}

static void list_choices(search *s, mu_offers *offers, uint32_t destination,
                         mu_delivery_space *space) {
    s->offer_count = mu_offers_list(offers, destination, s->terms->unmet_s, s->terms->near_most,
                                    s->terms->stock, space->offer, &s->beyond_s);
    for (uint32_t i = 0; i < s->offer_count; ++i) {
        choose(s, &space->choice[i], &space->offer[i]);
        s->choice[i] = &space->choice[i];
    }
}

void mu_delivery_find(mu_delivery *out, mu_offers *offers, const mu_terms *terms,
                      uint32_t destination, mu_delivery_space *space) {
    search    s = {.offers      = offers,
                   .terms       = terms,
                   .best        = out,
                   .max_sources = offers->model->max_sources,
                   .choice      = space->by_eta,
                   .floor       = space->floor,
                   .heap        = space->heap,
                   .open_bound  = INT64_MAX};
    stowage   nothing;
    mu_choice again[MU_DELIVERY_TRIPS];
    read_wants(&s, destination);
    list_choices(&s, offers, destination, space);
    stow_usefully(&s, &nothing);
    keep(&s, &nothing);
    if (s.offer_count > 0) qsort(s.choice, s.offer_count, sizeof(const mu_choice *), by_eta);
    find_floors(&s, space->floor);
    if (terms->before) {
        start_from(&s, terms->before, destination, again);
    } else {
        start(&s);
    }
    explore(&s);
    out->bound = min64(s.open_bound, out->cost);
    out->steps = STEPS_A_SET * (s.offer_count + s.node_count);
}
