/* In the order in which certainty grows: a descent from the plan that there is; prices by column
 * generation, which bound both tiers together, and a plan by diving with them; a proof of tier 1,
 * where few needs decide it, or else prices with tier 1 weighing far more, which bound it; a proof
 * of tier 2 where little is missing; and disturbances of the best plan for as long as there is
 * time. At any moment the best plan so far is kept. */
#include "solver/team_engine.h"

#include <string.h>

#include "core/alloc.h"
#include "solver/master.h"
#include "solver/team_proof.h"
#include "solver/team_search.h"

typedef struct engine {
    const mu_market *market;
    const uint32_t  *part;
    mu_watch        *watch;
    mu_team_prices   prices;
    mu_team_search   search;
    mu_master        master;
    bool             has_master, has_weighed[MU_BOUND_RATES];
    mu_currency      currency[MU_BOUND_RATES]; /* balanced, strict; with stakes, for plans */
    mu_currency      plain[MU_BOUND_RATES];    /* the same without, for bounds */
    mu_currency      unmet;                    /* tier 1 alone, in fine units, without stakes */
    mu_currency      unmet_staked;             /* the same with them */
    mu_whole        *whole;                    /* [incident_count] scratch */
    uint32_t        *team_of;
    mu_objective     best, staked; /* of the best plan; staked: so much of it are stakes */
    int64_t         *part_bound;   /* [sink_count] scratch */
    int64_t         *part_unmet;   /* [sink_count] the best bounds of tier 1 */
    uint32_t        *trial;        /* [source_count] */
    mu_bound        *bound;
    mu_warm         *warm; /* NULL: begin with nothing, and keep nothing */
} engine;

/* Tier 1 in 1,024ths, for prices that are fractions. */
static const mu_rates UNMET = {1024, 0};

/* ---- the best plan ----------------------------------------------------------------------- */

static void keep_if_better(engine *e) {
    if (e->search.total >= e->best) return;
    const mu_objective staked = mu_team_search_staked(&e->search);
    mu_watch_improve(e->watch, e->best - e->staked, e->search.total - staked);
    e->staked = staked;
    e->best   = e->search.total;
    memcpy(e->team_of, e->search.team_of, e->market->source_count * sizeof *e->team_of);
}

/* What it costs where nothing hangs together: more than a proof without stakes looks for. */
static mu_objective plain_best(const engine *e) {
    return e->best - e->staked;
}

static muster_status try_plan(engine *e, const uint32_t *team_of) {
    MU_TRY(mu_team_search_load(&e->search, team_of));
    MU_TRY(mu_team_search_descend(&e->search, e->watch));
    keep_if_better(e);
    return MUSTER_OK;
}

/* ---- bounds ----------------------------------------------------------------------------- */

static void raise_unmet_need(engine *e, int64_t bound) {
    if (bound > mu_objective_unmet_need(e->bound->tiers)) {
        e->bound->tiers = mu_objective_of(bound, 0);
    }
}

/* Where what hangs together is counted together: an incident that is all or nothing gets what its
 * bundles cost with stakes, which is no more than with all minimums, and the minimums of what has
 * been bounded before; or nothing for any of its needs. In the staked currency, at the prices in
 * hand. */
static mu_objective bound_together(engine *e, const mu_currency *c, const mu_whole *before,
                                   mu_objective unit) {
    const mu_market      *m   = e->market;
    const muster_problem *p   = m->candidates->travel->problem;
    mu_objective          sum = mu_team_prices_evaluate(&e->prices, c, NULL, NULL);
    for (uint32_t i = 0; i < p->incident_count; ++i) {
        e->whole[i] = (mu_whole){before[i].all * unit, before[i].nothing * unit};
    }
    for (uint32_t j = 0; j < m->sink_count; ++j) {
        mu_whole *whole = &e->whole[p->need[m->need[j]].incident];
        if (mu_market_stake(m, j) == 0) continue;
        whole->all += e->prices.value[j];
        whole->nothing += (mu_objective)m->demand[j] * c->short_cost[j];
        sum -= e->prices.value[j];
    }
    for (uint32_t i = 0; i < p->incident_count; ++i) {
        const mu_whole *w = &e->whole[i];
        if (p->incident[i].all_or_nothing) sum += w->all < w->nothing ? w->all : w->nothing;
    }
    return sum;
}

/* Tier 1 at the prices of another currency, part by part: each is a whole number, so the next one
 * above a bound is a bound too. */
static muster_status bound_unmet_need(engine *e, int64_t rate) {
    const mu_market *m = e->market;
    int64_t         *price;
    MU_TRY(mu_alloc_copy(&price, e->prices.price, m->source_count, sizeof *price));
    for (uint32_t t = 0; t < m->source_count; ++t) {
        e->prices.price[t] = mu_price_at_rate(price[t], rate, UNMET.unmet_need);
    }
    if (m->candidates->has_stake) {
        const mu_objective bound =
            bound_together(e, &e->unmet_staked, e->bound->whole[MU_BOUND_RATES], UNMET.unmet_need);
        const mu_objective least = (bound + UNMET.unmet_need - 1) / UNMET.unmet_need;
        if (bound > 0 && least > e->bound->together) e->bound->together = least;
    }
    (void)mu_team_prices_evaluate(&e->prices, &e->unmet, e->part, e->part_bound);
    memcpy(e->prices.price, price, m->source_count * sizeof *price);
    mu_free(price);
    int64_t sum = 0;
    for (uint32_t j = 0; j < m->sink_count; ++j) {
        const int64_t least = (e->part_bound[j] + UNMET.unmet_need - 1) / UNMET.unmet_need;
        if (e->part_bound[j] > 0 && least > e->part_unmet[j]) e->part_unmet[j] = least;
        sum += e->part_unmet[j];
    }
    raise_unmet_need(e, sum);
    return MUSTER_OK;
}

/* What is known so far, in both forms. Tier 2 at the bound in tier 1 follows from the weighed
 * bounds. */
static bool is_proven(engine *e) {
    muster_tier_result unmet, response;
    mu_bound_tiers(e->bound, e->best, &unmet, &response);
    return unmet.value == unmet.bound && response.value == response.bound;
}

/* Tier 2 at the bound in tier 1, where the plan is there. With stakes, what is weighed speaks of other
 * needs as well, and is no bound of these alone. */
static void close_bound(engine *e) {
    muster_tier_result unmet, response;
    if (e->market->candidates->has_stake) return;
    mu_bound_tiers(e->bound, e->best, &unmet, &response);
    if (unmet.value == unmet.bound) e->bound->tiers = mu_objective_of(unmet.bound, response.bound);
}

/* ---- the phases -------------------------------------------------------------------------- */

/* What the prices in hand say, which is `bound` in that currency where nothing hangs together. */
static void take_bound(engine *e, int r, mu_objective bound) {
    if (e->market->candidates->has_stake) {
        bound = bound_together(e, &e->currency[r], e->bound->whole[r], 1);
    }
    if (!e->has_weighed[r] || bound > e->bound->weighed[r]) e->bound->weighed[r] = bound;
    e->has_weighed[r] = true;
}

/* Prices in one currency, to a tolerance; false where there was no time for it. */
static muster_status price(engine *e, int r, double tolerance, bool *out_is_solved) {
    int64_t solved;
    e->master.tolerance = tolerance;
    MU_TRY(mu_master_set_currency(&e->master, &e->currency[r]));
    MU_TRY(mu_master_generate(&e->master, e->watch, INT64_MAX, &solved, out_is_solved));

    if (e->warm && r == 0) MU_TRY(mu_warm_learn(e->warm, &e->master));
    take_bound(e, r, solved);
    return bound_unmet_need(e, e->bound->rates[r].unmet_need);
}

/* And a plan made of what they say. */
static muster_status generate(engine *e, int r, bool *out_is_solved) {
    MU_TRY(price(e, r, MU_MASTER_ROUGH, out_is_solved));
    if (!*out_is_solved) return MUSTER_OK;
    MU_TRY(mu_master_dive(&e->master, e->watch, e->trial));
    return try_plan(e, e->trial);
}

static muster_status add_best_bundles(engine *e) {
    const mu_market *m = e->market;
    size_t          *arc;
    muster_status    status = mu_alloc(&arc, m->source_count, sizeof *arc);
    for (uint32_t j = 0; j < m->sink_count && status == MUSTER_OK; ++j) {
        uint32_t count = 0;
        int64_t  sent  = 0;
        for (size_t a = m->first_arc[j]; a < m->first_arc[j + 1]; ++a) {
            if (e->team_of[m->arc[a].source] != j) continue;
            arc[count++] = a;
            sent += m->supply[m->arc[a].source];
        }
        if (count == 0 || sent < mu_market_minimum(m, j)) continue;
        status = mu_master_add(&e->master, j, arc, count);
    }
    mu_free(arc);
    return status;
}

static bool is_warm(const engine *e) {
    return e->warm && mu_warm_is_of_use(e->warm, e->market);
}

static muster_status start_master(engine *e) {
    MU_TRY(mu_master_init(&e->master, e->market, &e->prices));
    e->has_master = true;
    MU_TRY(add_best_bundles(e));
    if (!is_warm(e)) return MUSTER_OK;
    MU_TRY(mu_warm_add_bundles(e->warm, &e->master));
    MU_TRY(mu_master_set_currency(&e->master, &e->currency[0]));
    return mu_master_start_with(&e->master, e->team_of);
}

/* Disturb the best plan until it is proven, time is up, or so many tries in a row have brought
 * nothing or, of a `round`, have been made. */
static muster_status disturb(engine *e, uint64_t patience, uint64_t round) {
    enum { TRIES_BETWEEN_REPORTS = 64 };
    MU_TRY(mu_team_search_load(&e->search, e->team_of));
    for (uint64_t i = 0, idle = 0; idle < patience && i < round; ++i) {
        const mu_objective before = e->best;
        if (mu_watch_is_over(e->watch) || is_proven(e)) break;
        MU_TRY(mu_team_search_disturb(&e->search, e->prices.price, e->watch));
        keep_if_better(e);
        idle = e->best < before ? 0 : idle + 1;
        if (i % TRIES_BETWEEN_REPORTS == 0) mu_watch_report(e->watch, "improving teams");
    }
    return MUSTER_OK;
}

/* A plan whose bundles are a good start, in a twentieth of a second on 300 incidents. */
static muster_status disturb_first(engine *e) {
    return disturb(e, UINT64_MAX, e->market->sink_count);
}

/* As long as there is time; without a limit, until it has brought nothing for long. */
static muster_status disturb_last(engine *e) {
    enum { TRIES = 2000, TRIES_A_SINK = 50 };
    const uint64_t long_enough = TRIES + TRIES_A_SINK * (uint64_t)e->market->sink_count;
    return disturb(e, mu_watch_is_limited(e->watch) ? UINT64_MAX : long_enough, UINT64_MAX);
}

/* ---- tier 1 ------------------------------------------------------------------------------ */

/* Tier 1 is mostly decided by the kinds that are short: needs of others, which are all met, can be
 * left out, and what remains is small. A bound on it bounds everything. Where that does not do, the
 * needs that compete with them for teams come in as well. */
typedef struct scarcity {
    engine        *engine;
    mu_market      market;
    uint32_t      *part;
    mu_team_prices prices;
    mu_master      master;
    mu_currency    unmet;
    mu_team_proof  proof;
    uint32_t      *source_of; /* by source: the engine's */
    uint32_t      *sink_of;   /* by sink: the engine's */
    uint32_t      *trial;     /* by the engine's source */
} scarcity;

/* Sinks of kinds that are short in the plan in hand. */
static muster_status mark_short_kinds(const engine *e, bool *is_scarce) {
    const mu_market      *m = e->market;
    const muster_problem *p = m->candidates->travel->problem;
    bool                 *is_short;
    MU_TRY(mu_alloc_zeroed(&is_short, p->kind_count, sizeof *is_short));
    for (uint32_t j = 0; j < m->sink_count; ++j) {
        if (mu_team_search_unmet(&e->search, j) > 0) is_short[p->need[m->need[j]].kind] = true;
    }
    for (uint32_t j = 0; j < m->sink_count; ++j) {
        is_scarce[j] = is_short[p->need[m->need[j]].kind];
    }
    mu_free(is_short);
    return MUSTER_OK;
}

/* And those that could use a team which one of them could use. False: there are none. */
static muster_status mark_rivals(const engine *e, bool *is_scarce, bool *out_is_more) {
    const mu_market *m = e->market;
    bool            *is_wanted;
    *out_is_more = false;
    MU_TRY(mu_alloc_zeroed(&is_wanted, m->source_count, sizeof *is_wanted));
    for (size_t a = 0; a < m->arc_count; ++a) {
        if (is_scarce[m->arc[a].sink]) is_wanted[m->arc[a].source] = true;
    }
    for (size_t a = 0; a < m->arc_count; ++a) {
        bool *is_rival = &is_scarce[m->arc[a].sink];
        if (!is_wanted[m->arc[a].source] || *is_rival) continue;
        *is_rival    = true;
        *out_is_more = true;
    }
    mu_free(is_wanted);
    return MUSTER_OK;
}

static muster_status match(scarcity *s) {
    const mu_market *all = s->engine->market, *m = &s->market;
    MU_TRY(mu_alloc(&s->source_of, m->source_count, sizeof *s->source_of));
    MU_TRY(mu_alloc(&s->sink_of, m->sink_count, sizeof *s->sink_of));
    MU_TRY(mu_alloc(&s->trial, all->source_count, sizeof *s->trial));
    MU_TRY(mu_alloc(&s->part, m->sink_count, sizeof *s->part));
    mu_market_find_parts(m, s->part);
    mu_market_match_sinks(m, all, s->sink_of);
    return mu_market_match_sources(m, all, s->source_of);
}

/* The teams of a plan for the scarce kinds, and the others where they are in the best plan. */
static muster_status take_scarce_plan(void *user, const uint32_t *team_of) {
    scarcity *s = user;
    engine   *e = s->engine;
    memcpy(s->trial, e->team_of, e->market->source_count * sizeof *s->trial);
    for (uint32_t t = 0; t < e->market->source_count; ++t) {
        for (uint32_t j = 0; j < s->market.sink_count; ++j) {
            if (s->trial[t] == s->sink_of[j]) s->trial[t] = MUSTER_NONE;
        }
    }
    for (uint32_t t = 0; t < s->market.source_count; ++t) {
        if (team_of[t] == MUSTER_NONE) continue;
        s->trial[s->source_of[t]] = s->sink_of[team_of[t]];
    }
    MU_TRY(try_plan(e, s->trial));
    const int64_t target = mu_rates_worth(UNMET, plain_best(e));
    if (target < s->proof.target) s->proof.target = target;
    return MUSTER_OK;
}

static muster_status prove_scarcity(scarcity *s, int64_t *out_bound) {
    engine *e = s->engine;
    MU_TRY(match(s));
    MU_TRY(mu_currency_init(&s->unmet, &s->market, UNMET));
    MU_TRY(mu_team_prices_init(&s->prices, &s->market, 1));
    MU_TRY(mu_team_prices_relax(&s->prices, &s->unmet, e->watch));
    MU_TRY(mu_master_init(&s->master, &s->market, &s->prices));
    MU_TRY(mu_master_set_currency(&s->master, &s->unmet));
    s->proof = (mu_team_proof){.market = &s->market,
                               .master = &s->master,
                               .prices = &s->prices,
                               .watch  = e->watch,
                               .part   = s->part,
                               .target = mu_rates_worth(UNMET, plain_best(e)),
                               .found  = take_scarce_plan,
                               .user   = s};
    return mu_team_prove(&s->proof, out_bound);
}

/* Where much is scarce there is no proof in time: then tier 1 is bounded by prices alone. */
static bool is_small(const mu_market *m) {
    enum { MOST_ARCS = 1500 };
    return m->sink_count > 0 && m->arc_count <= MOST_ARCS;
}

static muster_status prove_with(engine *e, const bool *is_scarce, bool *out_is_small) {
    scarcity s     = {.engine = e};
    int64_t  bound = INT64_MIN;
    MU_TRY(mu_market_init_chosen(&s.market, e->market, is_scarce));
    *out_is_small              = is_small(&s.market);
    const muster_status status = *out_is_small ? prove_scarcity(&s, &bound) : MUSTER_OK;
    mu_master_fini(&s.master);
    mu_team_prices_fini(&s.prices);
    mu_currency_fini(&s.unmet);
    mu_market_fini(&s.market);
    mu_free(s.part);
    mu_free(s.source_of);
    mu_free(s.sink_of);
    mu_free(s.trial);
    if (bound > 0) raise_unmet_need(e, (bound + UNMET.unmet_need - 1) / UNMET.unmet_need);
    return status;
}

static bool is_unmet_need_proven(const engine *e) {
    return mu_objective_unmet_need(e->best) == mu_objective_unmet_need(e->bound->tiers);
}

static muster_status prove_unmet_need(engine *e) {
    bool *is_scarce, is_small_enough = true, is_more = true;
    mu_watch_report(e->watch, "proving unmet need");
    MU_TRY(mu_team_search_load(&e->search, e->team_of));
    MU_TRY(mu_alloc(&is_scarce, e->market->sink_count, sizeof *is_scarce));
    muster_status status = mark_short_kinds(e, is_scarce);
    while (status == MUSTER_OK && is_more && is_small_enough && !is_unmet_need_proven(e)) {
        status = prove_with(e, is_scarce, &is_small_enough);
        if (status == MUSTER_OK) status = mark_rivals(e, is_scarce, &is_more);
    }
    mu_free(is_scarce);
    return status;
}

/* ---- both tiers ---------------------------------------------------------------------------- */

typedef struct proving {
    engine        *engine;
    mu_team_proof *proof;
} proving;

static muster_status take_plan(void *user, const uint32_t *team_of) {
    const proving *p = user;
    MU_TRY(try_plan(p->engine, team_of));
    const int64_t target = mu_rates_worth(p->proof->master->currency->rates, plain_best(p->engine));
    if (target < p->proof->target) p->proof->target = target;
    return MUSTER_OK;
}

static muster_status prove_both(engine *e, int r) {
    int64_t       bound;
    mu_team_proof proof   = {.market = e->market,
                             .master = &e->master,
                             .prices = &e->prices,
                             .watch  = e->watch,
                             .part   = e->part,
                             .target = mu_rates_worth(e->plain[r].rates, plain_best(e)),
                             .found  = take_plan};
    proving       context = {e, &proof};
    proof.user            = &context;
    mu_watch_report(e->watch, "proving response time");
    e->master.tolerance = MU_MASTER_EXACT;
    MU_TRY(mu_master_set_currency(&e->master, &e->plain[r]));
    MU_TRY(mu_team_prove(&proof, &bound));
    if (bound > e->bound->weighed[r]) e->bound->weighed[r] = bound;
    return MUSTER_OK;
}

/* A proof takes cases by the thousand unless there is hardly anything left to prove. */
static bool is_nearly_proven(const engine *e) {
    const int64_t value = mu_rates_worth(e->bound->rates[0], e->best);
    return (double)value - (double)e->bound->weighed[0] < 5e-4 * (double)value;
}

/* ---- all of it ---------------------------------------------------------------------------- */

static muster_status prove_what_is_left(engine *e) {
    if (!is_unmet_need_proven(e)) return MUSTER_OK;
    if (!is_proven(e) && (is_nearly_proven(e) || is_small(e->market))) MU_TRY(prove_both(e, 0));
    /* Weighed like that, a plan with a little less of tier 1 may be in the way. */
    if (!is_proven(e) && is_small(e->market)) MU_TRY(prove_both(e, 1));
    return MUSTER_OK;
}

/* Prices that are not done in time are no use to a dive. Then a quarter of the time is left for
 * disturbances, which do better than nothing. */
static muster_status generate_in_time(engine *e, bool *out_is_solved) {
    enum { PARTS = 4 };
    const mu_reserve    time   = {mu_watch_part(e->watch, PARTS).time_us, 0};
    const mu_reserve    rest   = mu_watch_reserve(e->watch, time);
    const muster_status status = generate(e, 0, out_is_solved);
    mu_watch_release(e->watch, rest);
    return status;
}

/* Those of the last time are near the best ones, and so is the bound that they give. */
static muster_status find_first_prices(engine *e) {
    if (!is_warm(e)) return mu_team_prices_relax(&e->prices, &e->currency[0], e->watch);
    mu_warm_set_prices(e->warm, &e->prices, &e->currency[0]);
    take_bound(e, 0, mu_team_prices_evaluate(&e->prices, &e->currency[0], NULL, NULL));
    mu_watch_count(e->watch, mu_team_prices_work(&e->prices));
    return MUSTER_OK;
}

/* Ends with balanced prices, by which the search goes. */
static muster_status work_with_prices(engine *e) {
    bool is_solved;
    MU_TRY(find_first_prices(e));
    MU_TRY(disturb_first(e));
    if (mu_watch_is_late(e->watch)) return MUSTER_OK;
    MU_TRY(start_master(e));
    mu_watch_report(e->watch, "pricing teams");
    MU_TRY(generate_in_time(e, &is_solved));
    if (!is_solved) return MUSTER_OK;
    if (!is_unmet_need_proven(e)) MU_TRY(prove_unmet_need(e));
    if (!is_unmet_need_proven(e)) {
        mu_watch_report(e->watch, "bounding unmet need");
        MU_TRY(generate(e, 1, &is_solved));
    }
    if (is_proven(e)) return MUSTER_OK;
    mu_watch_report(e->watch, "bounding response time");
    MU_TRY(price(e, 0, MU_MASTER_CLOSE, &is_solved));
    return prove_what_is_left(e);
}

static muster_status disturb_for_long(engine *e) {
    enum { TRIES_A_SINK = 20 };
    return disturb(e, TRIES_A_SINK * (uint64_t)e->market->sink_count, UINT64_MAX);
}

static muster_status prove_the_rest(engine *e) {
    return is_proven(e) || !is_nearly_proven(e) ? MUSTER_OK : prove_both(e, 0);
}

/* In half of the time that is left. */
static muster_status spend_half(engine *e, muster_status (*work)(engine *)) {
    mu_watch *whole            = e->watch;
    mu_watch  half             = mu_watch_lend(whole, 2, NULL);
    e->watch                   = &half;
    const muster_status status = mu_watch_is_over(&half) ? MUSTER_OK : work(e);
    e->watch                   = whole;
    mu_watch_give_back(whole, &half);
    return status;
}

/* Disturbances may bring a plan so near to its bound that the rest can be proven; the cases that this
 * takes are better plans. Without a limit it could take for ever. */
static muster_status prove_at_last(engine *e) {
    if (!mu_watch_is_limited(e->watch) || !is_unmet_need_proven(e)) return MUSTER_OK;
    MU_TRY(spend_half(e, disturb_for_long));
    return spend_half(e, prove_the_rest);
}

static muster_status run(engine *e) {
    MU_TRY(mu_team_search_descend(&e->search, e->watch));
    keep_if_better(e);
    muster_status status = work_with_prices(e);
    if (status == MUSTER_OK && e->has_master) status = prove_at_last(e);
    if (status != MUSTER_OK && status != MUSTER_E_SOLVER) return status;
    MU_TRY(disturb_last(e));
    close_bound(e);
    return MUSTER_OK;
}

static muster_status prepare(engine *e, uint32_t thread_count) {
    const mu_market *m = e->market;
    for (int r = 0; r < MU_BOUND_RATES; ++r) {
        MU_TRY(mu_currency_init(&e->currency[r], m, e->bound->rates[r]));
        MU_TRY(mu_currency_init(&e->plain[r], m, e->bound->rates[r]));
        mu_currency_count_stakes(&e->currency[r], m);
    }
    MU_TRY(mu_currency_init(&e->unmet, m, UNMET));
    MU_TRY(mu_currency_init(&e->unmet_staked, m, UNMET));
    mu_currency_count_stakes(&e->unmet_staked, m);
    MU_TRY(mu_alloc(&e->whole, m->candidates->travel->problem->incident_count, sizeof *e->whole));
    MU_TRY(mu_alloc_zeroed(&e->part_unmet, m->sink_count, sizeof *e->part_unmet));
    MU_TRY(mu_alloc_zeroed(&e->part_bound, m->sink_count, sizeof *e->part_bound));
    MU_TRY(mu_alloc(&e->trial, m->source_count, sizeof *e->trial));
    MU_TRY(mu_team_prices_init(&e->prices, m, thread_count));
    MU_TRY(mu_team_search_init(&e->search, m, &e->currency[0], e->team_of));
    e->best   = e->search.total;
    e->staked = mu_team_search_staked(&e->search);
    return MUSTER_OK;
}

muster_status mu_team_engine_run(const mu_market *market, const uint32_t *part,
                                 uint32_t thread_count, mu_watch *watch, uint32_t *team_of,
                                 mu_bound *bound, mu_warm *warm) {
    engine        e      = {.market  = market,
                            .part    = part,
                            .watch   = watch,
                            .team_of = team_of,
                            .bound   = bound,
                            .warm    = warm};
    muster_status status = prepare(&e, thread_count);
    if (status == MUSTER_OK) status = run(&e);
    if (e.has_master) mu_master_fini(&e.master);
    mu_team_search_fini(&e.search);
    mu_team_prices_fini(&e.prices);
    for (int r = 0; r < MU_BOUND_RATES; ++r) {
        mu_currency_fini(&e.currency[r]);
        mu_currency_fini(&e.plain[r]);
    }
    mu_currency_fini(&e.unmet);
    mu_currency_fini(&e.unmet_staked);
    mu_free(e.whole);
    mu_free(e.part_unmet);
    mu_free(e.part_bound);
    mu_free(e.trial);
    return status;
}
