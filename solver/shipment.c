/* Upper and lower bound in turns. The Lagrangian relaxation (shipment_dual.c) finds prices and the
 * bound that they prove; a plan built from the prices is often better than any searched for from
 * the greedy one, and the better of the two is improved by assigning vehicles anew to what is to be
 * done (shipment_match.c) and by a local search (shipment_search.c).
 *
 * Inside, both tiers are one number: what stays unmet counts as if it came unmet_s late. That is
 * later than anything comes, so unmet need is dear, but not infinitely so; that the relaxation is
 * still a bound of both tiers follows from how it is read. Let L be the least of
 * unmet_s * tier 1 + tier 2, and T more than tier 2 of any plan. Then tier 1 of every plan is at
 * least (L - T) / unmet_s; and tier 2 of every plan that attains a bound of tier 1 is at least
 * L - unmet_s * that bound. */
#include "solver/shipment.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "solver/carriage.h"
#include "solver/shipment_dual.h"
#include "solver/shipment_greedy.h"
#include "solver/shipment_match.h"
#include "solver/shipment_search.h"
#include "solver/weights.h"

/* Rounds of so many steps, and no more rounds where there is no limit; a plan within 1 / NEAR of
 * tier 2 is worth searching from. */
enum { ROUNDS = 8, ROUND = 8, NEAR = 50 };

/* What is proven in the end takes at most so much of all: a quarter; and as long as so many steps. */
enum { PROOF_SHARE = 4, PROOF_STEPS = 16 };

/* One part in so many of what is left is for the local search, the first time (with less, more stays
 * unmet where there is little time) and after each plan: the bound has the rest. */
enum { FIRST_PARTS = 2, SEARCH_PARTS = 4 };

/* Prices that may gain less than such a part of what was hoped for at first are left alone. */
enum { LEAST_REACH = 64 };

/* What prices may gain, at first: a share of tier 2, or of the unmet need that may be avoidable. On
 * the home scenario the former is 3% in the end. */
static const double REACH = 0.01, REACH_UNMET = 0.1;

static const int64_t UNMET_S = 10000000; /* where mu_bound has no rate */

typedef struct improver {
    const mu_shipment_model *model;
    const mu_candidates     *candidates;
    const muster_problem    *problem;
    mu_watch                *watch;
    mu_warm_fleet           *warm; /* NULL: begin with nothing, and keep nothing */
    bool                     is_warm;
    mu_fleet                 fleet, best;
    mu_objective             value;   /* of the best */
    bool                     is_near; /* the plan built last is nearly as good as the best */
    mu_offers                offers;
    mu_shipment_search       search;
    mu_shipment_dual         dual;
    int64_t                  unmet_s;
    mu_objective             latest; /* T above */
    int64_t                  unavoidable;
    mu_objective             bound;
    mu_reserve               for_proof, proof_most; /* kept for the end, and at first */
} improver;

static bool is_of_fleet(const improver *m, uint32_t need) {
    const uint32_t kind = m->problem->need[need].kind;
    return m->problem->kind[kind].resource == MUSTER_ITEM || m->model->kind_carries[kind];
}

/* ---- scales ---------------------------------------------------------------------------- */

/* A response time that none is behind. */
static int64_t latest_s(const improver *m) {
    const mu_shipment_model *s    = m->model;
    uint64_t                 most = 0, load = 0, bring = 0;
    const size_t             collect = (size_t)s->base_count * s->warehouse_count;
    const size_t deliver = (size_t)s->slot_count * s->warehouse_count * s->destination_count;
    for (uint32_t v = 0; v < m->problem->vehicle_count; ++v) {
        if (s->base_of[v] == MUSTER_NONE) continue;
        const uint32_t depart_ms = mu_shipment_depart_ms(s, v);
        if (depart_ms > most) most = depart_ms;
    }
    for (size_t c = 0; c < collect && deliver > 0; ++c) {
        if (s->collect_ms[c] < MUSTER_UNREACHABLE_MS && s->collect_ms[c] > load)
            load = s->collect_ms[c];
    }
    for (size_t c = 0; c < deliver && collect > 0; ++c) {
        if (s->deliver_ms[c] < MUSTER_UNREACHABLE_MS && s->deliver_ms[c] > bring)
            bring = s->deliver_ms[c];
    }
    most += load + bring;
    load = 0;
    for (size_t c = 0; c < (size_t)s->warehouse_count * s->destination_count; ++c) {
        if (s->loading_ms[c] > load) load = s->loading_ms[c];
    }
    most += load;
    for (uint32_t n = 0; n < m->problem->need_count; ++n) {
        for (size_t i = m->candidates->first[n]; i < m->candidates->first[n + 1]; ++i) {
            if (!is_of_fleet(m, n)) break;
            if (m->candidates->candidate[i].eta_ms > most)
                most = m->candidates->candidate[i].eta_ms;
        }
    }
    if (most > MUSTER_UNREACHABLE_MS) most = MUSTER_UNREACHABLE_MS;
    int64_t latest = (int64_t)(most / 1000);
    for (uint32_t i = 0; i < m->problem->incident_count; ++i) {
        const int64_t response = mu_response_s(m->problem, i, (uint32_t)most);
        if (response > latest) latest = response;
    }
    return latest;
}

/* The most that a line of cargo counts. */
static mu_objective most_of_cargo(const improver *m, uint32_t at) {
    const uint32_t need  = m->model->need[at];
    const int64_t  asked = m->problem->need[need].quantity, own = m->model->quantity[at];
    return (mu_objective)(own < asked ? own : asked) * mu_price(m->problem, need);
}

/* As the strict rate of the bounds has it, so that one relaxation serves both; less where numbers
 * would grow too large. A diversion that costs more than all that it could bring is never made,
 * however much more it costs. */
static void choose_scale(improver *m, const mu_bound *bound) {
    const mu_rates strict = bound->rates[MU_BOUND_RATES - 1];
    const int64_t  late_s = latest_s(m);
    mu_objective   all = 0, most = 1, cargo = 0;
    for (uint32_t d = 0; d < m->model->destination_count; ++d) {
        mu_objective one = 0;
        for (uint32_t k = 0; k < m->model->destination[d].need_count; ++k) {
            const uint32_t at = m->model->destination[d].first_need + k;
            one += (mu_objective)m->model->quantity[at] * m->model->price[at];
            if (m->model->only[at] != MUSTER_NONE) cargo += most_of_cargo(m, at);
        }
        if (one > most) most = one;
    }
    for (uint32_t n = 0; n < m->problem->need_count; ++n) {
        const mu_objective one = (mu_objective)m->candidates->demand[n] * mu_price(m->problem, n);
        if (!is_of_fleet(m, n)) continue;
        if (one > most) most = one;
        all += one;
    }
    const muster_weights *w = mu_weights(m->problem);
    m->latest =
        (all + cargo) * late_s + (mu_objective)m->model->headed_count * w->diversion_response_time;
    m->offers.diversion_unmet_need =
        w->diversion_unmet_need <= most ? w->diversion_unmet_need : (int64_t)most + 1;
    m->offers.diversion_response_time = w->diversion_response_time;
    m->unmet_s = strict.response_time > 0 ? strict.unmet_need / strict.response_time : UNMET_S;
    /* With what is fined where cargo is left behind, up to sixteen times as much. */
    const mu_objective room = (mu_objective)1 << (m->model->cargo_count > 0 ? 54 : 58);
    while (m->unmet_s > 1 && most * m->unmet_s > room) m->unmet_s /= 2;
}

/* ---- what nothing can meet --------------------------------------------------------------- */

/* Needs of one kind, the cheapest first. */
typedef struct lack {
    int64_t price, quantity;
} lack;

static int cheapest_first(const void *a, const void *b) {
    const lack *l = a, *m = b;
    return l->price < m->price ? -1 : l->price > m->price;
}

static int64_t supply_of(const improver *m, uint32_t kind) {
    const muster_problem *p   = m->problem;
    int64_t               sum = 0;
    for (uint32_t s = 0; s < p->stock_count; ++s) {
        if (p->stock[s].kind == kind) sum += m->candidates->supply[MUSTER_ITEM][s];
    }
    for (uint32_t v = 0; v < p->vehicle_count; ++v) {
        if (p->vehicle[v].kind == kind) sum += m->candidates->supply[MUSTER_VEHICLE][v];
    }
    return sum;
}

/* Can anything that the need asks for come? */
static bool is_in_reach(const improver *m, uint32_t need) {
    const mu_shipment_model *s = m->model;
    const muster_need       *n = &m->problem->need[need];
    if (m->problem->kind[n->kind].resource != MUSTER_ITEM) {
        return m->candidates->first[need] < m->candidates->first[need + 1];
    }
    const uint32_t           d    = mu_shipment_destination(s, n->incident);
    const mu_near_warehouse *near = &m->offers.near[(size_t)d * s->warehouse_count];
    const uint32_t           line = mu_shipment_line(s, need);
    for (uint32_t i = 0; i < m->offers.near_count[d]; ++i) {
        if (mu_shipment_row(s, near[i].warehouse, line) != MUSTER_NONE) return true;
    }
    return false;
}

/* Tier 1 of what is out of reach, and of the cheapest needs of each kind beyond all there is. */
static muster_status find_unavoidable(improver *m) {
    lack *list;
    MU_TRY(mu_alloc(&list, m->problem->need_count, sizeof *list));
    for (uint32_t kind = 0; kind < m->problem->kind_count; ++kind) {
        uint32_t count = 0;
        int64_t  asked = 0;
        for (uint32_t n = 0; n < m->problem->need_count; ++n) {
            const muster_need *need = &m->problem->need[n];
            if (need->kind != kind || !is_of_fleet(m, n)) continue;
            if (!is_in_reach(m, n)) {
                m->unavoidable += m->candidates->demand[n] * mu_price(m->problem, n);
                continue;
            }
            list[count++] = (lack){mu_price(m->problem, n), m->candidates->demand[n]};
            asked += m->candidates->demand[n];
        }
        if (count == 0) continue;
        int64_t missing = asked - supply_of(m, kind);
        qsort(list, count, sizeof *list, cheapest_first);
        for (uint32_t i = 0; i < count && missing > 0; ++i) {
            const int64_t one = list[i].quantity < missing ? list[i].quantity : missing;
            m->unavoidable += one * list[i].price;
            missing -= one;
        }
    }
    mu_free(list);
    return MUSTER_OK;
}

/* ---- both sides ------------------------------------------------------------------------ */

static void read_bound(improver *m) {
    const mu_objective least = m->dual.bound;
    int64_t            unmet = m->unavoidable;
    if (least > m->latest) {
        const int64_t told = (int64_t)((least - m->latest + m->unmet_s - 1) / m->unmet_s);
        if (told > unmet) unmet = told;
    }
    const mu_objective rest  = least - (mu_objective)unmet * m->unmet_s;
    const int64_t      bound = rest > 0 && rest < INT64_MAX / 4 ? (int64_t)rest : 0;
    m->bound                 = mu_objective_of(unmet, bound);
}

/* Keep what the fleet does if it is the best so far. */
static void keep_better(improver *m) {
    const mu_objective value = mu_fleet_objective(&m->fleet);
    if (value >= m->value || m->fleet.owed_sum > 0) return;
    mu_watch_improve(m->watch, m->value, value);
    m->value = value;
    mu_fleet_copy(&m->best, &m->fleet);
}

static muster_status search(improver *m, mu_watch *watch) {
    mu_objective before;
    if (mu_watch_is_late(watch)) return MUSTER_OK;
    do {
        before = mu_fleet_objective(&m->fleet);
        mu_shipment_search_run(&m->search, watch);
        MU_TRY(mu_shipment_match(&m->fleet, m->candidates, watch));
        MU_TRY(mu_shipment_fill(&m->fleet));
    } while (mu_fleet_objective(&m->fleet) < before && !mu_watch_is_over(watch));
    keep_better(m);
    return MUSTER_OK;
}

/* A plan from the best prices; none where the watch runs out first. */
static muster_status build(improver *m) {
    m->is_near = false;
    MU_TRY(
        mu_shipment_search_build(&m->search, m->dual.vehicle_price, m->dual.stock_price, m->watch));
    if (mu_watch_is_over(m->watch) || m->fleet.owed_sum > 0) return MUSTER_OK;
    MU_TRY(mu_shipment_fill(&m->fleet));
    MU_TRY(mu_shipment_match(&m->fleet, m->candidates, m->watch));
    m->is_near =
        mu_fleet_objective(&m->fleet) - m->value < mu_objective_response_time(m->value) / NEAR;
    keep_better(m);
    return MUSTER_OK;
}

/* What looking at the best prices again, and weighing them, will take: some steps like those just made,
 * and no more than was kept at first. */
static void keep_for_proof(improver *m, mu_reserve step) {
    mu_reserve enough = {PROOF_STEPS * step.time_us, PROOF_STEPS * step.work};
    if (enough.time_us > m->proof_most.time_us) enough.time_us = m->proof_most.time_us;
    if (enough.work > m->proof_most.work) enough.work = m->proof_most.work;
    mu_watch_release(m->watch, m->for_proof);
    m->for_proof = mu_watch_reserve(m->watch, enough);
}

static void prove(improver *m, uint32_t steps) {
    const int64_t  begun_us = mu_watch_spent(m->watch).time_us;
    const uint64_t begun    = m->watch->work;
    uint32_t       done     = 0;
    for (; done < steps && !mu_watch_is_over(m->watch); ++done) {
        mu_shipment_dual_step(&m->dual, m->watch);
    }
    if (done > 0) {
        const int64_t  took_us = mu_watch_spent(m->watch).time_us - begun_us;
        const uint64_t took    = m->watch->work - begun;
        keep_for_proof(m, (mu_reserve){took_us / done, took / done});
    }
    read_bound(m);
}

/* Where unmet need is not proven yet, prices have to grow to its size. */
static double choose_reach(const improver *m) {
    const int64_t open = mu_objective_unmet_need(m->value) - m->unavoidable;
    if (open > 0) return REACH_UNMET * (double)open * (double)m->unmet_s;
    return REACH * (double)mu_objective_response_time(m->value);
}

/* From what the fleet does, in one part of what is left. */
static muster_status search_part(improver *m, uint32_t parts) {
    mu_watch            part   = mu_watch_lend(m->watch, parts, NULL);
    const muster_status status = search(m, &part);
    mu_watch_give_back(m->watch, &part);
    return status;
}

static muster_status search_best(improver *m, uint32_t parts) {
    mu_fleet_copy(&m->fleet, &m->best);
    return search_part(m, parts);
}

/* Steps, and now and then a plan: while plans are far off, after twice as many rounds each time. */
static muster_status go_on(improver *m) {
    const double least = m->dual.reach / LEAST_REACH;
    uint32_t     next = 1, pause = 1;
    for (uint32_t round = 1; m->bound < m->value; ++round) {
        mu_watch_report(m->watch, "shipments");
        if (mu_watch_is_over(m->watch) || (round >= ROUNDS && m->dual.reach < least)) break;
        if (round >= ROUNDS && !mu_watch_is_limited(m->watch)) break;
        prove(m, ROUND);
        if (round < next) continue;
        MU_TRY(build(m));
        pause = m->is_near ? 1 : 2 * pause;
        next  = round + pause;
        if (m->is_near) MU_TRY(search_part(m, SEARCH_PARTS));
    }
    return MUSTER_OK;
}

/* One plan from the greedy, one from prices; then from better and better prices. */
static muster_status take_turns(improver *m) {
    mu_watch_report(m->watch, "shipments");
    m->proof_most = mu_watch_part(m->watch, PROOF_SHARE);
    m->for_proof  = mu_watch_reserve(m->watch, m->proof_most);
    MU_TRY(mu_shipment_match(&m->fleet, m->candidates, m->watch));
    keep_better(m);
    if (mu_objective_unmet_need(m->value) > m->unavoidable) MU_TRY(search_best(m, FIRST_PARTS));
    m->dual.reach = choose_reach(m);
    prove(m, m->is_warm ? 0 : ROUND); /* a plan from prices that are good already need not wait */
    MU_TRY(build(m));
    MU_TRY(search_best(m, SEARCH_PARTS));
    MU_TRY(go_on(m));
    mu_watch_release(m->watch, m->for_proof);
    mu_watch half = mu_watch_lend(m->watch, 2, NULL); /* the other half is for weighing */
    mu_shipment_dual_finish(&m->dual, &half);
    mu_watch_give_back(m->watch, &half);
    read_bound(m);
    return MUSTER_OK;
}

static muster_status run(improver *m, const mu_draft *incumbent, const mu_bound *bound) {
    const mu_travel *travel = m->candidates->travel;
    MU_TRY(mu_fleet_init(&m->fleet, m->model, travel));
    MU_TRY(mu_fleet_init(&m->best, m->model, travel));
    mu_fleet_read(&m->fleet, incumbent);
    mu_fleet_copy(&m->best, &m->fleet);
    m->value = mu_fleet_objective(&m->best);
    MU_TRY(mu_offers_init(&m->offers, m->model));
    choose_scale(m, bound);
    MU_TRY(find_unavoidable(m));
    MU_TRY(mu_shipment_search_init(&m->search, &m->fleet, m->candidates, &m->offers, m->unmet_s));
    MU_TRY(mu_shipment_dual_init(&m->dual, &m->fleet, m->candidates, &m->offers, m->unmet_s));
    m->is_warm = m->warm && mu_shipment_dual_start_from(&m->dual, m->warm);
    return take_turns(m);
}

/* What these prices prove at the rates of the bounds. */
static void add_bounds(improver *m, mu_bound *bound) {
    bound->tiers += m->bound;
    for (int r = 0; r < MU_BOUND_RATES; ++r) {
        const mu_rates rates = bound->rates[r];
        if (rates.response_time == 0) continue;
        const int64_t      unmet_s = rates.unmet_need / rates.response_time;
        const mu_objective least   = unmet_s == m->unmet_s
                                         ? m->dual.bound
                                         : mu_shipment_dual_weigh(&m->dual, unmet_s, m->watch);
        if (least > 0) bound->weighed[r] += least * rates.response_time;
    }
}

muster_status mu_shipment_improve(mu_draft *draft, mu_bound *bound, const mu_draft *incumbent,
                                  const mu_shipment_model *model, const mu_candidates *candidates,
                                  mu_watch *watch, mu_warm_fleet *warm) {
    improver      m      = {.model      = model,
                            .candidates = candidates,
                            .problem    = model->problem,
                            .watch      = watch,
                            .warm       = warm};
    muster_status status = run(&m, incumbent, bound);
    if (status == MUSTER_OK) add_bounds(&m, bound);
    if (status == MUSTER_OK && warm) mu_shipment_dual_learn(&m.dual, warm);
    if (status == MUSTER_OK) status = mu_fleet_write(&m.best, draft);
    mu_shipment_dual_fini(&m.dual);
    mu_shipment_search_fini(&m.search);
    mu_offers_fini(&m.offers);
    mu_fleet_fini(&m.best);
    mu_fleet_fini(&m.fleet);
    return status;
}

/* ---- the greedy ------------------------------------------------------------------------ */

muster_status mu_shipment_first(mu_draft *draft, const mu_shipment_model *model,
                                const mu_candidates *candidates) {
    mu_fleet      fleet;
    muster_status status = mu_fleet_init(&fleet, model, candidates->travel);
    if (status == MUSTER_OK) status = mu_carriage_carry(&fleet);
    if (status == MUSTER_OK) status = mu_shipment_start(&fleet, candidates);
    if (status == MUSTER_OK) status = mu_fleet_write(&fleet, draft);
    mu_fleet_fini(&fleet);
    return status;
}

muster_status mu_shipment_complete(mu_draft *draft, const mu_shipment_model *model,
                                   const mu_travel *travel) {
    mu_fleet      fleet;
    muster_status status = mu_fleet_init(&fleet, model, travel);
    if (status == MUSTER_OK) {
        mu_fleet_read(&fleet, draft);
        status = mu_carriage_carry(&fleet);
    }
    if (status == MUSTER_OK) status = mu_shipment_fill(&fleet);
    if (status == MUSTER_OK) status = mu_fleet_write(&fleet, draft);
    mu_fleet_fini(&fleet);
    return status;
}
