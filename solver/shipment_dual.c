/* Lagrangian relaxation (Geoffrion 1974; Fisher 1981). Each vehicle makes one trip and each stock
 * is finite: relax both, and every destination (shipment_delivery.c) and every vehicle need decides
 * for itself what it buys at the prices. What they spend together, less the price of everything
 * there is, is a bound for every price that is not negative: it is worked out in integers.
 *
 * Prices move against what is sold too often (Held, Wolfe and Crowder 1974), by steps towards a
 * level a little above the best bound, which is farther off once a step has come close to it, and
 * nearer when nothing is gained (Brannlund 1993):
 * the cost of the best plan is no guide where unmet need, which weighs a thousand times more, is
 * not proven. The direction remembers earlier ones (Camerini, Fratta and Maffioli 1975). A stock
 * counts as a whole: its price is that of all of it.
 *
 * Where there are fewer vehicles of a kind, or items, than are asked for, all are as dear as the
 * last need that gets one: prices start there. */
#include "solver/shipment_dual.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "solver/weights.h"

enum { NEAR_MOST = 24, NODE_LIMIT = 60, CLOSER_LIMIT = 1000, STALLED_MOST = 4 };

static const double MEMORY = 0.5;

/* ---- vehicle needs --------------------------------------------------------------------- */

/* The cheapest `most` candidates of a vehicle need at the trial prices. They come nearest first and no
 * price is negative: once a vehicle costs more for its time alone than the dearest of enough of them,
 * those after it do too. */
static uint32_t list_cheapest(mu_shipment_dual *d, uint32_t need, uint32_t most) {
    const muster_problem *p        = d->fleet->model->problem;
    const uint32_t        incident = p->need[need].incident;
    const int64_t         price    = mu_price(p, need);
    mu_offer             *best     = d->bought;
    uint32_t              count    = 0;
    for (size_t i = d->candidates->first[need]; i < d->candidates->first[need + 1]; ++i) {
        const mu_candidate *c    = &d->candidates->candidate[i];
        const int64_t       late = price * mu_response_s(p, incident, c->eta_ms);
        const int64_t       cost = late + d->vehicle_trial[c->index] +
                             mu_offers_diversion(d->offers, c->index, incident, d->unmet_s);
        if (count == most && late >= best[count - 1].price) break;
        if (count == most && cost >= best[count - 1].price) continue;
        uint32_t at = count < most ? count++ : count - 1;
        for (; at > 0 && best[at - 1].price > cost; --at) best[at] = best[at - 1];
        best[at] = (mu_offer){.vehicle = c->index, .price = cost};
    }
    return count;
}

/* The cheapest way to serve a vehicle need: nobody, or the minimum and whoever else costs less
 * than to go without. */
static int64_t buy_vehicles(mu_shipment_dual *d, uint32_t need) {
    const muster_problem *p = d->fleet->model->problem;
    const int64_t  quantity = d->candidates->demand[need], minimum = d->candidates->minimum[need];
    const int64_t  unmet = mu_price(p, need) * d->unmet_s, nobody = quantity * unmet;
    const size_t   found = d->candidates->first[need + 1] - d->candidates->first[need];
    const uint32_t most  = quantity < (int64_t)found ? (uint32_t)quantity : (uint32_t)found;
    if (most == 0 || most < minimum) return nobody;
    const uint32_t count = list_cheapest(d, need, most);
    int64_t        total = nobody;
    uint32_t       taken = 0;
    while (taken < count && (taken < minimum || d->bought[taken].price < unmet)) {
        total += d->bought[taken++].price - unmet;
    }
    if (total >= nobody) return nobody;
    for (uint32_t i = 0; i < taken; ++i) ++d->use[d->bought[i].vehicle];
    return total;
}

/* ---- one evaluation -------------------------------------------------------------------- */

/* The least trial price of any vehicle that carries, and of each item. */
static int64_t find_least(mu_shipment_dual *d) {
    const mu_shipment_model *m     = d->fleet->model;
    int64_t                  least = MU_NOT_OFFERED;
    for (uint32_t v = 0; v < m->problem->vehicle_count; ++v) {
        if (m->base_of[v] != MUSTER_NONE && d->vehicle_trial[v] < least)
            least = d->vehicle_trial[v];
    }
    for (uint32_t i = 0; i < m->item_count; ++i) d->least_stock[i] = MU_NOT_OFFERED / 4;
    for (uint32_t w = 0; w < m->warehouse_count; ++w) {
        for (uint32_t i = 0; i < m->item_count; ++i) {
            const uint32_t row = m->stock_of[(size_t)w * m->item_count + i];
            if (row == MUSTER_NONE || d->stock_trial[row] >= d->least_stock[i]) continue;
            d->least_stock[i] = d->stock_trial[row];
        }
    }
    return least < MU_NOT_OFFERED ? least : 0;
}

/* What a destination has bought is where the search for its next delivery begins: prices of the next
 * step differ little. */
static void remember(mu_trips *trips, const mu_delivery *delivery) {
    trips->count = delivery->trip_count;
    for (uint32_t t = 0; t < delivery->trip_count; ++t) {
        trips->vehicle[t]   = delivery->trip[t].vehicle;
        trips->warehouse[t] = delivery->trip[t].warehouse;
    }
}

/* False where the watch runs out first. */
static bool evaluate(mu_shipment_dual *d, mu_watch *watch, mu_objective *out) {
    const mu_shipment_model *m   = d->fleet->model;
    const muster_problem    *p   = m->problem;
    mu_objective             sum = 0;
    if (m->destination_count > 0 && mu_watch_is_over(watch)) return false;
    mu_terms terms = {.stock_price         = d->stock_trial,
                      .least_stock_price   = d->least_stock,
                      .least_vehicle_price = find_least(d),
                      .stock               = d->supply,
                      .unmet_s             = d->unmet_s,
                      .near_most           = NEAR_MOST,
                      .node_limit          = d->node_limit};
    memset(d->use, 0, ((size_t)p->vehicle_count + p->stock_count) * sizeof *d->use);
    mu_offers_set_prices(d->offers, d->vehicle_trial, 1);
    for (uint32_t i = 0; i < m->destination_count; ++i) {
        mu_delivery delivery;
        if (mu_watch_is_over(watch)) return false;
        terms.before = d->has_evaluated ? &d->before[i] : NULL;
        mu_delivery_find(&delivery, d->offers, &terms, i, d->space);
        remember(&d->before[i], &delivery);
        sum += delivery.bound;
        mu_watch_count(watch, delivery.steps);
        for (uint32_t t = 0; t < delivery.trip_count; ++t) {
            const mu_destination *to    = &m->destination[i];
            const size_t          first = (size_t)delivery.trip[t].warehouse * m->item_count;
            ++d->use[delivery.trip[t].vehicle];
            for (uint32_t k = 0; k < to->need_count && k < MU_DELIVERY_NEEDS; ++k) {
                if (delivery.load[t][k] == 0 || m->only[to->first_need + k] != MUSTER_NONE)
                    continue;
                d->use[p->vehicle_count + m->stock_of[first + m->item[to->first_need + k]]] +=
                    delivery.load[t][k];
            }
        }
    }
    for (uint32_t i = 0; i < d->vehicle_need_count; ++i) sum += buy_vehicles(d, d->vehicle_need[i]);
    for (uint32_t v = 0; v < p->vehicle_count; ++v) sum -= d->vehicle_trial[v];
    for (uint32_t s = 0; s < p->stock_count; ++s) {
        sum -= (mu_objective)d->stock_trial[s] * d->supply[s];
    }
    *out             = sum;
    d->has_evaluated = true;
    return true;
}

/* ---- steps ----------------------------------------------------------------------------- */

/* By how much, as a share of what there is, something is sold too often. */
static double excess(int64_t use, int64_t supply, double price) {
    const double g = ((double)use - (double)supply) / (double)supply;
    return g < 0 && price <= 0 ? 0 : g;
}

/* Nothing is dearer than all that any destination could ask for: see shipment.c. */
static const double DEAREST = 0x1p58;

static double within(double price) {
    return price > 0 ? fmin(price, DEAREST) : 0;
}

static void move(mu_shipment_dual *d, double length) {
    const muster_problem *p = d->fleet->model->problem;
    for (uint32_t v = 0; v < p->vehicle_count; ++v) {
        d->vehicle_at[v]    = within(d->vehicle_at[v] + length * d->vehicle_step[v]);
        d->vehicle_trial[v] = (int64_t)d->vehicle_at[v];
    }
    for (uint32_t s = 0; s < p->stock_count; ++s) {
        if (d->supply[s] == 0) continue;
        const double unit =
            within((d->stock_at[s] + length * d->stock_step[s]) / (double)d->supply[s]);
        d->stock_at[s]    = unit * (double)d->supply[s];
        d->stock_trial[s] = (int64_t)unit;
    }
}

/* Turn towards the new subgradient; returns the square of the direction's length. */
static double turn(mu_shipment_dual *d) {
    const muster_problem *p   = d->fleet->model->problem;
    double                sum = 0;
    for (uint32_t v = 0; v < p->vehicle_count; ++v) {
        const double g     = excess(d->use[v], 1, d->vehicle_at[v]);
        d->vehicle_step[v] = g + MEMORY * d->vehicle_step[v];
        sum += d->vehicle_step[v] * d->vehicle_step[v];
    }
    for (uint32_t s = 0; s < p->stock_count; ++s) {
        if (d->supply[s] == 0) continue;
        const double g   = excess(d->use[p->vehicle_count + s], d->supply[s], d->stock_at[s]);
        d->stock_step[s] = g + MEMORY * d->stock_step[s];
        sum += d->stock_step[s] * d->stock_step[s];
    }
    return sum;
}

static void keep_best(mu_shipment_dual *d, mu_objective bound) {
    const muster_problem *p = d->fleet->model->problem;
    d->bound                = bound;
    d->has_bound            = true;
    d->stalled              = 0;
    memcpy(d->vehicle_price, d->vehicle_trial, p->vehicle_count * sizeof *d->vehicle_price);
    memcpy(d->stock_price, d->stock_trial, p->stock_count * sizeof *d->stock_price);
}

/* Start again from the best prices, more slowly. */
static void go_back(mu_shipment_dual *d) {
    const muster_problem *p = d->fleet->model->problem;
    for (uint32_t v = 0; v < p->vehicle_count; ++v) {
        d->vehicle_at[v]   = (double)d->vehicle_price[v];
        d->vehicle_step[v] = 0;
    }
    for (uint32_t s = 0; s < p->stock_count; ++s) {
        d->stock_at[s]   = (double)d->stock_price[s] * (double)d->supply[s];
        d->stock_step[s] = 0;
    }
    d->reach /= 2;
    d->stalled = 0;
}

void mu_shipment_dual_step(mu_shipment_dual *d, mu_watch *watch) {
    mu_objective bound;
    if (!evaluate(d, watch, &bound)) return;
    if (!d->has_bound || bound > d->bound) {
        if (d->has_bound && (double)(bound - d->bound) > d->reach / 2) d->reach *= 2;
        keep_best(d, bound);
    } else if (++d->stalled >= STALLED_MOST) {
        go_back(d);
    }
    const double square = turn(d);
    if (square > 0) move(d, (d->reach + (double)(d->bound - bound)) / square);
}

mu_objective mu_shipment_dual_weigh(mu_shipment_dual *d, int64_t unmet_s, mu_watch *watch) {
    const muster_problem *p    = d->fleet->model->problem;
    const int64_t         own  = d->unmet_s;
    const double          less = (double)(own - unmet_s);
    mu_objective          bound;
    for (uint32_t v = 0; v < p->vehicle_count; ++v) {
        const double price  = (double)d->vehicle_price[v] - less * d->vehicle_worth[v];
        d->vehicle_trial[v] = (int64_t)within(price);
    }
    for (uint32_t s = 0; s < p->stock_count; ++s) {
        const double price = (double)d->stock_price[s] - less * d->stock_worth[s];
        d->stock_trial[s]  = (int64_t)within(price);
    }
    /* Every cost is at least unmet_s / own of what it was. */
    mu_objective best = unmet_s < own && d->bound > 0 ? d->bound * unmet_s / own : 0;
    d->unmet_s        = unmet_s;
    d->node_limit     = NODE_LIMIT; /* at once, and closer where there is time */
    if (evaluate(d, watch, &bound) && bound > best) best = bound;
    d->node_limit = CLOSER_LIMIT;
    if (evaluate(d, watch, &bound) && bound > best) best = bound;
    d->unmet_s = own;
    return best;
}

void mu_shipment_dual_finish(mu_shipment_dual *d, mu_watch *watch) {
    mu_objective bound;
    go_back(d);
    move(d, 0);
    d->node_limit = CLOSER_LIMIT;
    if (evaluate(d, watch, &bound) && (!d->has_bound || bound > d->bound)) keep_best(d, bound);
}

/* ---- where prices start ------------------------------------------------------------------ */

/* A need by what a unit of it is worth. */
typedef struct bid {
    int64_t price, quantity;
} bid;

static int dearest_first(const void *a, const void *b) {
    const bid *c = a, *d = b;
    return c->price > d->price ? -1 : c->price < d->price;
}

/* What the last unit of `supply` goes for among the bids; 0: there is enough. */
static int64_t clearing_price(bid *list, uint32_t count, int64_t supply) {
    qsort(list, count, sizeof *list, dearest_first);
    for (uint32_t i = 0; i < count; ++i) {
        if (list[i].quantity > supply) return list[i].price;
        supply -= list[i].quantity;
    }
    return 0;
}

static void price_kind(mu_shipment_dual *d, uint32_t kind, bid *list) {
    const muster_problem *p       = d->fleet->model->problem;
    const bool            is_item = p->kind[kind].resource == MUSTER_ITEM;
    uint32_t              count   = 0;
    int64_t               supply  = 0;
    for (uint32_t n = 0; n < p->need_count; ++n) {
        if (p->need[n].kind == kind)
            list[count++] = (bid){mu_price(p, n), d->candidates->demand[n]};
    }
    for (uint32_t v = 0; v < p->vehicle_count; ++v) {
        if (p->vehicle[v].kind == kind) supply += d->candidates->supply[MUSTER_VEHICLE][v];
    }
    for (uint32_t s = 0; s < p->stock_count; ++s) {
        if (p->stock[s].kind == kind) supply += d->candidates->supply[MUSTER_ITEM][s];
    }
    if (count == 0 || (!is_item && !d->fleet->model->kind_carries[kind])) return;
    const double worth = (double)clearing_price(list, count, supply);
    for (uint32_t v = 0; v < p->vehicle_count; ++v) {
        if (p->vehicle[v].kind == kind) d->vehicle_worth[v] = worth;
    }
    for (uint32_t s = 0; s < p->stock_count; ++s) {
        if (p->stock[s].kind == kind) d->stock_worth[s] = worth;
    }
}

static mu_bulk largest_of(const mu_offers *o) {
    mu_bulk largest = {1, 1};
    for (uint32_t slot = 0; slot < o->model->slot_count; ++slot) {
        if (o->largest[slot].g > largest.g) largest.g = o->largest[slot].g;
        if (o->largest[slot].cm3 > largest.cm3) largest.cm3 = o->largest[slot].cm3;
    }
    return largest;
}

/* Trips as if all were by the largest vehicle: what each is worth, and how many. */
static bid bid_of(const mu_shipment_dual *d, uint32_t destination, mu_bulk largest) {
    const mu_shipment_model *m     = d->fleet->model;
    const mu_destination    *to    = &m->destination[destination];
    mu_bulk                  all   = {0, 0};
    int64_t                  worth = 0;
    for (uint32_t k = to->first_need; k < to->first_need + to->need_count; ++k) {
        const int64_t quantity = m->quantity[k];
        all.g += quantity * m->unit[m->item[k]].g;
        all.cm3 += quantity * m->unit[m->item[k]].cm3;
        worth += quantity * m->price[k];
    }
    const int64_t by_mass   = (all.g + largest.g - 1) / largest.g;
    const int64_t by_volume = (all.cm3 + largest.cm3 - 1) / largest.cm3;
    int64_t       trips     = by_mass > by_volume ? by_mass : by_volume;
    if (trips < 1) trips = 1;
    return (bid){worth / trips, trips};
}

/* Whatever its kind, no vehicle is cheaper than the last trip or need that gets one. */
static void price_carriers(mu_shipment_dual *d, bid *list) {
    const mu_shipment_model *m       = d->fleet->model;
    const mu_bulk            largest = largest_of(d->offers);
    uint32_t                 count   = 0;
    for (uint32_t i = 0; i < m->destination_count; ++i) list[count++] = bid_of(d, i, largest);
    for (uint32_t i = 0; i < d->vehicle_need_count; ++i) {
        const uint32_t need = d->vehicle_need[i];
        list[count++]       = (bid){mu_price(m->problem, need), d->candidates->demand[need]};
    }
    const double worth = (double)clearing_price(list, count, d->offers->carrier_count);
    for (uint32_t v = 0; v < m->problem->vehicle_count; ++v) {
        if (m->base_of[v] == MUSTER_NONE) continue;
        d->vehicle_worth[v] = fmax(d->vehicle_worth[v], worth);
    }
}

static muster_status start_prices(mu_shipment_dual *d) {
    const muster_problem *p = d->fleet->model->problem;
    bid                  *list;
    MU_TRY(mu_alloc(&list, (size_t)p->need_count + p->incident_count, sizeof *list));
    for (uint32_t k = 0; k < p->kind_count; ++k) price_kind(d, k, list);
    price_carriers(d, list);
    mu_free(list);
    for (uint32_t v = 0; v < p->vehicle_count; ++v) {
        d->vehicle_at[v] = d->vehicle_worth[v] * (double)d->unmet_s;
    }
    for (uint32_t s = 0; s < p->stock_count; ++s) {
        d->stock_at[s] =
            d->stock_worth[s] * (double)d->unmet_s * (double)d->candidates->supply[MUSTER_ITEM][s];
    }
    move(d, 0);
    return MUSTER_OK;
}

/* ---- from one time to the next ----------------------------------------------------------- */

/* Far beyond any price, so that sums stay exact enough. */
static double bounded(int64_t rest) {
    return fmax(-DEAREST, fmin((double)rest, DEAREST));
}

bool mu_shipment_dual_start_from(mu_shipment_dual *d, const mu_warm_fleet *warm) {
    const double unmet_s  = (double)d->unmet_s;
    bool         is_known = false;
    for (uint32_t v = 0; v < warm->vehicle_count; ++v) {
        if (warm->vehicle[v] == MU_NO_PRICE) continue;
        d->vehicle_at[v] = within(d->vehicle_worth[v] * unmet_s + bounded(warm->vehicle[v]));
        is_known         = true;
    }
    for (uint32_t s = 0; s < warm->stock_count; ++s) {
        if (warm->stock[s] == MU_NO_PRICE) continue;
        const double price = within(d->stock_worth[s] * unmet_s + bounded(warm->stock[s]));
        d->stock_at[s]     = price * (double)d->supply[s];
        is_known           = true;
    }
    move(d, 0);
    memcpy(d->vehicle_price, d->vehicle_trial, warm->vehicle_count * sizeof *d->vehicle_price);
    memcpy(d->stock_price, d->stock_trial, warm->stock_count * sizeof *d->stock_price);
    return is_known;
}

void mu_shipment_dual_learn(const mu_shipment_dual *d, mu_warm_fleet *warm) {
    const double unmet_s = (double)d->unmet_s;
    if (!d->has_bound) return;
    for (uint32_t v = 0; v < warm->vehicle_count; ++v) {
        warm->vehicle[v] = d->vehicle_price[v] - (int64_t)within(d->vehicle_worth[v] * unmet_s);
    }
    for (uint32_t s = 0; s < warm->stock_count; ++s) {
        warm->stock[s] = d->stock_price[s] - (int64_t)within(d->stock_worth[s] * unmet_s);
    }
}

/* ---- memory ---------------------------------------------------------------------------- */

static muster_status allocate(mu_shipment_dual *d) {
    const mu_shipment_model *m        = d->fleet->model;
    const muster_problem    *p        = m->problem;
    const size_t             vehicles = p->vehicle_count, stocks = p->stock_count;
    MU_TRY(mu_alloc(&d->vehicle_need, p->need_count, sizeof *d->vehicle_need));
    MU_TRY(mu_alloc_zeroed(&d->vehicle_price, vehicles, sizeof *d->vehicle_price));
    MU_TRY(mu_alloc_zeroed(&d->stock_price, stocks, sizeof *d->stock_price));
    MU_TRY(mu_alloc_zeroed(&d->vehicle_worth, vehicles, sizeof *d->vehicle_worth));
    MU_TRY(mu_alloc_zeroed(&d->stock_worth, stocks, sizeof *d->stock_worth));
    MU_TRY(mu_alloc_zeroed(&d->vehicle_at, vehicles, sizeof *d->vehicle_at));
    MU_TRY(mu_alloc_zeroed(&d->stock_at, stocks, sizeof *d->stock_at));
    MU_TRY(mu_alloc_zeroed(&d->vehicle_step, vehicles, sizeof *d->vehicle_step));
    MU_TRY(mu_alloc_zeroed(&d->stock_step, stocks, sizeof *d->stock_step));
    MU_TRY(mu_alloc_zeroed(&d->vehicle_trial, vehicles, sizeof *d->vehicle_trial));
    MU_TRY(mu_alloc_zeroed(&d->stock_trial, stocks, sizeof *d->stock_trial));
    MU_TRY(mu_alloc(&d->least_stock, m->item_count, sizeof *d->least_stock));
    MU_TRY(mu_alloc(&d->supply, stocks, sizeof *d->supply));
    MU_TRY(mu_alloc(&d->use, vehicles + stocks, sizeof *d->use));
    MU_TRY(mu_alloc(&d->bought, vehicles, sizeof *d->bought));
    MU_TRY(mu_alloc_zeroed(&d->before, m->destination_count, sizeof *d->before));
    return mu_alloc(&d->space, 1, sizeof *d->space);
}

static muster_status prepare(mu_shipment_dual *d) {
    const mu_shipment_model *m = d->fleet->model;
    const muster_problem    *p = m->problem;
    MU_TRY(allocate(d));
    for (uint32_t s = 0; s < p->stock_count; ++s) {
        d->supply[s] = d->candidates->supply[MUSTER_ITEM][s];
    }
    for (uint32_t n = 0; n < p->need_count; ++n) {
        if (m->kind_carries[p->need[n].kind]) d->vehicle_need[d->vehicle_need_count++] = n;
    }
    return start_prices(d);
}

muster_status mu_shipment_dual_init(mu_shipment_dual *d, const mu_fleet *fleet,
                                    const mu_candidates *candidates, mu_offers *offers,
                                    int64_t unmet_s) {
    *d                         = (mu_shipment_dual){.fleet      = fleet,
                                                    .candidates = candidates,
                                                    .offers     = offers,
                                                    .unmet_s    = unmet_s,
                                                    .node_limit = NODE_LIMIT};
    const muster_status status = prepare(d);
    if (status != MUSTER_OK) mu_shipment_dual_fini(d);
    return status;
}

void mu_shipment_dual_fini(mu_shipment_dual *d) {
    mu_free(d->vehicle_need);
    mu_free(d->vehicle_price);
    mu_free(d->stock_price);
    mu_free(d->vehicle_worth);
    mu_free(d->stock_worth);
    mu_free(d->vehicle_at);
    mu_free(d->stock_at);
    mu_free(d->vehicle_step);
    mu_free(d->stock_step);
    mu_free(d->vehicle_trial);
    mu_free(d->stock_trial);
    mu_free(d->least_stock);
    mu_free(d->supply);
    mu_free(d->use);
    mu_free(d->bought);
    mu_free(d->before);
    mu_free(d->space);
    *d = (mu_shipment_dual){0};
}
