/* Column generation (Dantzig and Wolfe 1960; Gilmore and Gomory 1961) with GLPK as the master.
 *
 * The program over all bundles is a tenth of a percent away from the best plan, where one that
 * lets teams be split is a third away; but there are more bundles than atoms. So only those are
 * kept that somebody asked for: GLPK finds the best mixture of these and a price for each team,
 * and every sink says which bundle it would take at those prices (solver/bundle.c). Bundles that
 * pay come in, until there is none.
 *
 * Prices swing wildly from one solution to the next, so bundles are asked for half way between
 * them and the prices of the best bound (Wentges, "Weighted Dantzig-Wolfe decomposition for linear
 * mixed-integer programming", 1997; Pessoa et al., "Automation and combination of linear-programming
 * based stabilization techniques", 2018). When that brings nothing, the step goes further.
 *
 * GLPK works in floating point and is believed in nothing: bounds are worked out in integers from
 * rounded prices, and plans are recomputed. */
#include "solver/master.h"

#include <math.h>
#include <string.h>

#include "core/alloc.h"

/* ---- columns --------------------------------------------------------------------------- */

static mu_objective cost_of(const mu_market *m, uint32_t sink, const size_t *arc, uint32_t count,
                            int64_t *out_served) {
    int64_t      missing = m->demand[sink];
    mu_objective cost    = 0;
    for (uint32_t i = 0; i < count; ++i) {
        const int64_t people = m->supply[m->arc[arc[i]].source];
        const int64_t served = people < missing ? people : missing;
        cost += served * m->arc[arc[i]].cost + m->fixed_cost[arc[i]];
        missing -= served;
    }
    *out_served = m->demand[sink] - missing;
    return cost + missing * m->short_cost[sink];
}

static bool is_penalty(const mu_master *w, uint32_t column) {
    return column < w->market->sink_count;
}

static bool keeps_rules(const mu_master *w, uint32_t column) {
    const mu_bundle_rules *r      = w->rules;
    const uint32_t         sink   = w->sink[column];
    uint32_t               forced = 0;
    if (!r || is_penalty(w, column)) return true;
    if (w->served[column] < r->least[sink] || w->served[column] > r->most[sink]) return false;
    for (size_t i = w->first_arc[column]; i < w->first_arc[column + 1]; ++i) {
        if (r->is_forbidden[w->arc[i]]) return false;
        forced += r->is_forced[w->arc[i]];
    }
    return forced == r->forced_count[sink];
}

muster_status mu_master_add(mu_master *w, uint32_t sink, const size_t *arc, uint32_t count) {
    const uint32_t c = w->column_count;
    MU_TRY(mu_grow(&w->sink, &w->sink_capacity, c, sizeof *w->sink));
    MU_TRY(mu_grow(&w->cost, &w->cost_capacity, c, sizeof *w->cost));
    MU_TRY(mu_grow(&w->served, &w->served_capacity, c, sizeof *w->served));
    MU_TRY(mu_grow(&w->is_out, &w->out_capacity, c, 1));
    MU_TRY(mu_grow(&w->first_arc, &w->first_capacity, (size_t)c + 1, sizeof *w->first_arc));
    w->sink[c]   = sink;
    w->is_out[c] = 0;
    w->cost[c]   = cost_of(w->market, sink, arc, count, &w->served[c]);
    for (uint32_t i = 0; i < count; ++i) {
        MU_TRY(mu_grow(&w->arc, &w->arc_capacity, w->arc_count, sizeof *w->arc));
        w->arc[w->arc_count++] = arc[i];
    }
    w->first_arc[c + 1] = w->arc_count;
    ++w->column_count;
    return MUSTER_OK;
}

static bool is_empty(const mu_master *w, uint32_t column) {
    return w->first_arc[column] == w->first_arc[column + 1];
}

static double lp_cost(const mu_master *w, uint32_t column) {
    const int64_t cost  = mu_rates_worth(w->currency->rates, w->cost[column]);
    const int64_t stake = is_empty(w, column) ? w->currency->stake[w->sink[column]] : 0;
    return (double)(cost + stake) / w->scale;
}

static muster_status give_rows(mu_master *w, double *cost, size_t *first, uint32_t *row) {
    size_t rows = 0;
    for (uint32_t c = w->given_count, i = 0; c < w->column_count; ++c, ++i) {
        cost[i]     = lp_cost(w, c);
        first[i]    = rows;
        row[rows++] = w->sink[c];
        for (size_t k = w->first_arc[c]; k < w->first_arc[c + 1]; ++k) {
            row[rows++] = w->market->sink_count + w->market->arc[w->arc[k]].source;
        }
        first[i + 1] = rows;
    }
    return mu_lp_live_add(w->lp, w->column_count - w->given_count, cost, first, row);
}

/* Hand over the columns that wait. */
static muster_status give_columns(mu_master *w) {
    const uint32_t count  = w->column_count - w->given_count;
    double        *cost   = NULL;
    size_t        *first  = NULL;
    uint32_t      *row    = NULL;
    muster_status  status = mu_alloc(&cost, count, sizeof *cost);
    if (status == MUSTER_OK) status = mu_alloc(&first, (size_t)count + 1, sizeof *first);
    if (status == MUSTER_OK) {
        const size_t arcs = w->arc_count - w->first_arc[w->given_count];
        status            = mu_alloc(&row, arcs + count, sizeof *row);
    }
    if (status == MUSTER_OK) status = give_rows(w, cost, first, row);
    if (status == MUSTER_OK) w->given_count = w->column_count;
    mu_free(cost);
    mu_free(first);
    mu_free(row);
    return status;
}

/* A penalty in place of a bundle costs more than sending nobody to anybody: it is only paid where
 * rules leave nothing else. */
static muster_status renew_costs(mu_master *w) {
    double *cost, all = 0;
    MU_TRY(mu_alloc(&cost, w->given_count, sizeof *cost));
    for (uint32_t c = 0; c < w->given_count; ++c) {
        cost[c] = lp_cost(w, c);
        if (is_penalty(w, c)) all += cost[c];
    }
    for (uint32_t j = 0; j < w->market->sink_count; ++j) cost[j] = 2 * all + 1;
    const muster_status status = mu_lp_live_set_costs(w->lp, cost);
    mu_free(cost);
    return status;
}

/* Put columns out or in again, by `is_wanted_out`. */
static muster_status put_out(mu_master  *w, bool (*is_wanted_out)(const void *, uint32_t),
                             const void *user) {
    uint32_t *out, *in, out_count = 0, in_count = 0;
    MU_TRY(mu_alloc(&out, 2 * (size_t)w->given_count, sizeof *out));
    in = out + w->given_count;
    for (uint32_t c = 0; c < w->given_count; ++c) {
        const bool is_out = is_wanted_out(user, c);
        if (is_out && !w->is_out[c]) out[out_count++] = c;
        if (!is_out && w->is_out[c]) in[in_count++] = c;
        w->is_out[c] = is_out;
    }
    muster_status status = mu_lp_live_fix(w->lp, out_count, out, 0);
    if (status == MUSTER_OK) status = mu_lp_live_fix(w->lp, in_count, in, -1);
    mu_free(out);
    return status;
}

static bool is_against_rules(const void *user, uint32_t column) {
    return !keeps_rules(user, column);
}

muster_status mu_master_set_rules(mu_master *w, const mu_bundle_rules *rules) {
    w->rules = rules;
    mu_team_prices_set_rules(w->prices, rules);
    return put_out(w, is_against_rules, w);
}

/* ---- life ---------------------------------------------------------------------------- */

static muster_status make_rows(mu_master *w) {
    const mu_market *m = w->market;
    mu_lp_range     *row;
    MU_TRY(mu_alloc(&row, (size_t)m->sink_count + m->source_count, sizeof *row));
    for (uint32_t j = 0; j < m->sink_count; ++j) row[j] = (mu_lp_range){1, 1};
    for (uint32_t t = 0; t < m->source_count; ++t) {
        row[m->sink_count + t] = (mu_lp_range){-INFINITY, 1};
    }
    const muster_status status = mu_lp_live_new(&w->lp, m->sink_count + m->source_count, row);
    mu_free(row);
    return status;
}

static muster_status build(mu_master *w) {
    MU_TRY(mu_alloc_zeroed(&w->dual, w->market->source_count, sizeof *w->dual));
    MU_TRY(mu_alloc_zeroed(&w->best_price, w->market->source_count, sizeof *w->best_price));
    MU_TRY(mu_grow(&w->first_arc, &w->first_capacity, 0, sizeof *w->first_arc));
    w->first_arc[0] = 0;
    for (int twice = 0; twice < 2; ++twice) {
        for (uint32_t j = 0; j < w->market->sink_count; ++j) MU_TRY(mu_master_add(w, j, NULL, 0));
    }
    return make_rows(w);
}

muster_status mu_master_init(mu_master *w, const mu_market *market, mu_team_prices *prices) {
    *w = (mu_master){.market = market, .prices = prices, .tolerance = MU_MASTER_EXACT};
    const muster_status status = build(w);
    if (status != MUSTER_OK) mu_master_fini(w);
    return status;
}

void mu_master_fini(mu_master *w) {
    mu_lp_live_free(w->lp);
    mu_free(w->sink);
    mu_free(w->cost);
    mu_free(w->served);
    mu_free(w->first_arc);
    mu_free(w->arc);
    mu_free(w->is_out);
    mu_free(w->dual);
    mu_free(w->best_price);
    *w = (mu_master){0};
}

static void convert_prices(mu_master *w, int64_t from, int64_t to) {
    int64_t *price = w->prices->price;
    for (uint32_t t = 0; t < w->market->source_count; ++t) {
        price[t] = mu_price_at_rate(price[t], from, to);
    }
}

/* ---- bases ------------------------------------------------------------------------------- */

/* One for the rates in hand: a new place, or the oldest one. */
static muster_status keep_basis(mu_master *w) {
    const mu_rates rates = w->currency->rates;
    uint32_t       place = 0;
    while (place < w->kept_count && w->kept_rates[place].unmet_need != rates.unmet_need) ++place;
    if (place == MU_LP_PLACES) place = (w->place + 1) % MU_LP_PLACES;
    if (place == w->kept_count) ++w->kept_count;
    w->kept_rates[place] = rates;
    w->place             = place;
    return mu_lp_live_keep_basis(w->lp, place);
}

/* From the best program at those rates, or else at those before: what came in between, a dive or a
 * proof, has left it far away. */
static muster_status start_from_best(mu_master *w) {
    for (uint32_t p = 0; p < w->kept_count; ++p) {
        if (w->kept_rates[p].unmet_need == w->currency->rates.unmet_need) w->place = p;
    }
    return mu_lp_live_start_from(w->lp, w->place);
}

muster_status mu_master_set_currency(mu_master *w, const mu_currency *currency) {
    const int64_t largest = mu_currency_dearest(currency, w->market);
    if (w->currency) {
        convert_prices(w, w->currency->rates.unmet_need, currency->rates.unmet_need);
    }
    w->currency = currency;
    w->scale    = (double)(largest > 1 ? largest : 1) / 1000;
    MU_TRY(give_columns(w));
    MU_TRY(start_from_best(w));
    return renew_costs(w);
}

static bool is_of_plan(const mu_master *w, uint32_t column, const uint32_t *team_of,
                       const uint32_t *sent) {
    for (size_t i = w->first_arc[column]; i < w->first_arc[column + 1]; ++i) {
        if (team_of[w->market->arc[w->arc[i]].source] != w->sink[column]) return false;
    }
    return sent[w->sink[column]] == w->first_arc[column + 1] - w->first_arc[column];
}

/* A sink whose bundle is not there starts with its empty one. */
static void find_plan(const mu_master *w, const uint32_t *team_of, uint32_t *sent, uint32_t *column,
                      uint32_t *row) {
    for (uint32_t j = 0; j < w->market->sink_count; ++j) {
        sent[j]   = 0;
        column[j] = w->market->sink_count + j;
        row[j]    = j;
    }
    for (uint32_t t = 0; t < w->market->source_count; ++t) {
        if (team_of[t] != MUSTER_NONE) ++sent[team_of[t]];
    }
    for (uint32_t c = 2 * w->market->sink_count; c < w->given_count; ++c) {
        if (is_of_plan(w, c, team_of, sent)) column[w->sink[c]] = c;
    }
}

muster_status mu_master_start_with(mu_master *w, const uint32_t *team_of) {
    const uint32_t sinks = w->market->sink_count;
    uint32_t      *sent;
    MU_TRY(mu_alloc(&sent, 3 * (size_t)sinks, sizeof *sent));
    find_plan(w, team_of, sent, sent + sinks, sent + 2 * (size_t)sinks);
    const muster_status status =
        mu_lp_live_start_with(w->lp, sinks, sent + sinks, sent + 2 * (size_t)sinks);
    mu_free(sent);
    return status;
}

/* ---- column generation ------------------------------------------------------------------- */

static muster_status solve(mu_master *w, mu_lp_method method, mu_watch *watch,
                           bool *out_is_optimal) {
    MU_TRY(mu_lp_live_solve(w->lp, method, watch, out_is_optimal));
    if (!*out_is_optimal) return MUSTER_OK;
    const double *dual = mu_lp_live_duals(w->lp) + w->market->sink_count;
    for (uint32_t t = 0; t < w->market->source_count; ++t) {
        const double price = -dual[t] * w->scale;
        w->dual[t]         = price > 0 && price < (double)MU_NOT_FOR_SALE ? (int64_t)price : 0;
    }
    return MUSTER_OK;
}

/* Would the program be better with this bundle? By more than GLPK's tolerance, or it would come
 * again and again. */
static bool is_improving(const mu_master *w, uint32_t sink, const size_t *arc, uint32_t count) {
    int64_t            served;
    const double      *dual = mu_lp_live_duals(w->lp);
    const mu_objective cost = cost_of(w->market, sink, arc, count, &served);
    double reduced = (double)mu_rates_worth(w->currency->rates, cost) / w->scale - dual[sink];
    for (uint32_t i = 0; i < count; ++i) {
        reduced -= dual[w->market->sink_count + w->market->arc[arc[i]].source];
    }
    return reduced < -1e-7;
}

/* The bundles of the last evaluation that pay. */
static muster_status add_chosen(mu_master *w, uint32_t *out_added) {
    const mu_market *m   = w->market;
    size_t          *arc = w->prices->bundlers[0].arc; /* free between evaluations */
    *out_added           = 0;
    for (uint32_t j = 0; j < m->sink_count; ++j) {
        uint32_t count = 0;
        for (size_t a = m->first_arc[j]; a < m->first_arc[j + 1]; ++a) {
            if (w->prices->is_chosen[a]) arc[count++] = a;
        }
        if (count == 0 || !is_improving(w, j, arc, count)) continue;
        MU_TRY(mu_master_add(w, j, arc, count));
        ++*out_added;
    }
    return MUSTER_OK;
}

/* Between the program's prices and the best ones: so many eighths of the way, halved `halvings`
 * times. */
static void set_prices(mu_master *w, int64_t eighths, uint32_t halvings) {
    for (uint32_t t = 0; t < w->market->source_count; ++t) {
        const int64_t way   = (w->best_price[t] - w->dual[t]) / 8 * eighths;
        w->prices->price[t] = w->dual[t] + way / ((int64_t)1 << halvings);
    }
}

/* As long as the program knows few bundles, its prices are wild, and good ones are near the best so
 * far; later on half way. */
static int64_t choose_way(double value, int64_t bound) {
    enum { FAR = 7, HALF = 4 };
    return value - (double)bound > 0.02 * fabs(value) ? FAR : HALF;
}

static int64_t find_bound(mu_master *w, mu_watch *watch, int64_t *best) {
    const uint64_t before = mu_team_prices_work(w->prices);
    const int64_t  bound  = mu_team_prices_evaluate(w->prices, w->currency, NULL, NULL);
    mu_watch_count(watch, mu_team_prices_work(w->prices) - before);
    if (bound > *best) {
        *best = bound;
        memcpy(w->best_price, w->prices->price, w->market->source_count * sizeof *w->best_price);
    }
    return bound;
}

/* Until no bundle pays at any of the prices on the way to the best ones. */
static muster_status improve(mu_master *w, mu_watch *watch, int64_t enough, int64_t *bound,
                             bool *out_is_solved) {
    enum { MOST_HALVINGS = 40 }; /* no way left to the best prices */
    uint32_t halvings = 0, added;
    bool     is_optimal;
    for (bool is_first = true; *bound < enough && !mu_watch_is_over(watch); is_first = false) {
        MU_TRY(solve(w, MU_LP_PRIMAL, watch, &is_optimal));
        if (!is_optimal) break;
        const double value = mu_lp_live_objective(w->lp) * w->scale;
        if (!is_first) {
            set_prices(w, choose_way(value, *bound), halvings);
            (void)find_bound(w, watch, bound);
        }
        MU_TRY(add_chosen(w, &added));
        MU_TRY(give_columns(w));
        *out_is_solved = value - (double)*bound <= w->tolerance * fabs(value);
        *out_is_solved |= added == 0 && halvings >= MOST_HALVINGS;
        if (*out_is_solved) break;
        if (added == 0 && !is_first) halvings = halvings < 3 ? halvings + 1 : MOST_HALVINGS;
    }
    return MUSTER_OK;
}

muster_status mu_master_generate(mu_master *w, mu_watch *watch, int64_t enough, int64_t *out_bound,
                                 bool *out_is_solved) {
    *out_bound     = INT64_MIN;
    *out_is_solved = false;
    (void)find_bound(w, watch, out_bound);
    MU_TRY(improve(w, watch, enough, out_bound, out_is_solved));
    if (*out_is_solved && !w->rules) MU_TRY(keep_basis(w));
    memcpy(w->prices->price, w->best_price, w->market->source_count * sizeof *w->best_price);
    return MUSTER_OK;
}

/* ---- diving ------------------------------------------------------------------------------ */

/* A plan in the making. */
typedef struct dive {
    mu_master *master;
    uint32_t  *team_of;
    bool      *is_settled; /* [sink_count] */
    uint32_t   settled_count;
    uint32_t  *taken; /* columns, held at 1 until the end */
    uint32_t   taken_count;
    uint32_t  *taken_of; /* [sink_count] the one of a settled sink */
} dive;

static bool is_possible(const dive *d, uint32_t column) {
    const mu_master *w = d->master;
    if (is_penalty(w, column) || d->is_settled[w->sink[column]]) return false;
    for (size_t i = w->first_arc[column]; i < w->first_arc[column + 1]; ++i) {
        if (d->team_of[w->market->arc[w->arc[i]].source] != MUSTER_NONE) return false;
    }
    return true;
}

static bool is_impossible(const void *user, uint32_t column) {
    const dive    *d    = user;
    const uint32_t sink = d->master->sink[column];
    if (d->is_settled[sink]) return d->taken_of[sink] != column;
    return !is_penalty(d->master, column) && !is_possible(d, column);
}

static void take_column(dive *d, uint32_t column) {
    const mu_master *w    = d->master;
    const uint32_t   sink = w->sink[column];
    d->is_settled[sink]   = true;
    ++d->settled_count;
    for (size_t i = w->first_arc[column]; i < w->first_arc[column + 1]; ++i) {
        d->team_of[w->market->arc[w->arc[i]].source] = sink;
    }
    d->taken_of[sink]          = column;
    d->taken[d->taken_count++] = column;
}

/* Take what the program is sure of, and of the rest the best, up to an eighth of the sinks that
 * are open: within a tenth of the largest share. */
static void take_best(dive *d) {
    const mu_master *w       = d->master;
    const double    *value   = mu_lp_live_values(w->lp);
    const uint32_t   most    = (w->market->sink_count - d->settled_count) / 8 + 1;
    double           largest = 0;
    for (uint32_t c = 0; c < w->given_count; ++c) {
        if (value[c] > 0.999 && is_possible(d, c)) take_column(d, c);
    }
    for (uint32_t c = 0; c < w->given_count; ++c) {
        if (value[c] > largest && is_possible(d, c)) largest = value[c];
    }
    const uint32_t end = d->taken_count + most;
    for (uint32_t c = 0; c < w->given_count && d->taken_count < end; ++c) {
        if (value[c] > 1e-6 && value[c] >= largest - 0.1 && is_possible(d, c)) take_column(d, c);
    }
}

/* New bundles for the open sinks, of teams that are free. */
static muster_status price_open(dive *d, uint32_t *out_added) {
    mu_master       *w = d->master;
    const mu_market *m = w->market;
    mu_bundler      *b = &w->prices->bundlers[0];
    for (uint32_t t = 0; t < m->source_count; ++t) {
        w->prices->price[t] = d->team_of[t] == MUSTER_NONE ? w->dual[t] : MU_NOT_FOR_SALE;
    }
    *out_added = 0;
    for (uint32_t j = 0; j < m->sink_count; ++j) {
        if (d->is_settled[j]) continue;
        (void)mu_bundle_find(b, w->currency, j, w->prices->price);
        if (b->arc_count == 0 || !is_improving(w, j, b->arc, b->arc_count)) continue;
        MU_TRY(mu_master_add(w, j, b->arc, b->arc_count));
        ++*out_added;
    }
    return give_columns(w);
}

static muster_status solve_again(dive *d, mu_watch *watch, bool *out_is_optimal) {
    enum { ROUNDS = 3 };
    uint32_t added = 0;
    MU_TRY(solve(d->master, MU_LP_DUAL, watch, out_is_optimal));
    for (int round = 1; round < ROUNDS && *out_is_optimal; ++round) {
        MU_TRY(price_open(d, &added));
        if (added == 0) break;
        MU_TRY(solve(d->master, MU_LP_PRIMAL, watch, out_is_optimal));
    }
    return MUSTER_OK;
}

static muster_status descend(dive *d, mu_watch *watch) {
    mu_master *w          = d->master;
    bool       is_optimal = true;
    while (is_optimal && !mu_watch_is_over(watch)) {
        const uint32_t before = d->taken_count;
        take_best(d);
        if (d->taken_count == before) break; /* the rest gets nothing */
        MU_TRY(mu_lp_live_fix(w->lp, d->taken_count - before, d->taken + before, 1));
        if (d->settled_count == w->market->sink_count) break;
        MU_TRY(put_out(w, is_impossible, d));
        MU_TRY(solve_again(d, watch, &is_optimal));
    }
    MU_TRY(mu_lp_live_fix(w->lp, d->taken_count, d->taken, -1));
    return mu_master_set_rules(w, w->rules);
}

muster_status mu_master_dive(mu_master *w, mu_watch *watch, uint32_t *team_of) {
    dive           d     = {.master = w, .team_of = team_of};
    const uint32_t sinks = w->market->sink_count;
    for (uint32_t t = 0; t < w->market->source_count; ++t) team_of[t] = MUSTER_NONE;
    muster_status status = mu_alloc_zeroed(&d.is_settled, sinks, sizeof *d.is_settled);
    if (status == MUSTER_OK) status = mu_alloc(&d.taken, sinks, sizeof *d.taken);
    if (status == MUSTER_OK) status = mu_alloc(&d.taken_of, sinks, sizeof *d.taken_of);
    if (status == MUSTER_OK) status = descend(&d, watch);
    memcpy(w->prices->price, w->best_price, w->market->source_count * sizeof *w->best_price);
    mu_free(d.is_settled);
    mu_free(d.taken);
    mu_free(d.taken_of);
    return status;
}
