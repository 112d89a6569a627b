/* After one event most teams are worth what they were worth before it, and the best bundles of most
 * needs are the same (re-optimization in column generation: Desaulniers, Desrosiers and Solomon,
 * "Column Generation", 2005, chapter 1). So column generation begins at the prices where it has ended
 * the last time, with the bundles that were cheapest there: what is left to do is what the event has
 * changed. */
#include "solver/warm.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"

void mu_warm_fini(mu_warm *w) {
    mu_free(w->price);
    mu_free(w->need);
    mu_free(w->team);
    mu_free(w->first);
    *w = (mu_warm){0};
}

/* ---- rows ---------------------------------------------------------------------------------- */

static muster_status allocate(mu_warm *w, uint32_t team_count, uint32_t bundles, size_t members) {
    *w = (mu_warm){.team_count = team_count};
    MU_TRY(mu_alloc(&w->price, team_count, sizeof *w->price));
    MU_TRY(mu_alloc(&w->need, bundles, sizeof *w->need));
    MU_TRY(mu_alloc(&w->team, members, sizeof *w->team));
    MU_TRY(mu_alloc(&w->first, (size_t)bundles + 1, sizeof *w->first));
    for (uint32_t t = 0; t < team_count; ++t) w->price[t] = -1;
    w->first[0] = 0;
    return MUSTER_OK;
}

static size_t member_count(const mu_warm *w) {
    return w->first ? w->first[w->bundle_count] : 0;
}

static void match_bundles(mu_warm *out, const mu_warm *past, const mu_past_match *match) {
    for (uint32_t b = 0; b < past->bundle_count; ++b) {
        const uint32_t need = match->now[MU_ROWS_NEED][past->need[b]];
        size_t         end  = out->first[out->bundle_count];
        if (need == MUSTER_NONE) continue;
        for (size_t i = past->first[b]; i < past->first[b + 1]; ++i) {
            const uint32_t team = match->now[MUSTER_PEOPLE][past->team[i]];
            if (team != MUSTER_NONE) out->team[end++] = team;
        }
        out->need[out->bundle_count]    = need;
        out->first[++out->bundle_count] = end;
    }
}

muster_status mu_warm_match(mu_warm *out, const mu_warm *past, const mu_past_match *match,
                            uint32_t team_count) {
    const muster_status status = allocate(out, team_count, past->bundle_count, member_count(past));
    if (status != MUSTER_OK) {
        mu_warm_fini(out);
        return status;
    }
    out->rate = past->rate;
    for (uint32_t t = 0; t < past->team_count; ++t) {
        const uint32_t now = match->now[MUSTER_PEOPLE][t];
        if (now != MUSTER_NONE) out->price[now] = past->price[t];
    }
    match_bundles(out, past, match);
    return MUSTER_OK;
}

/* ---- what is used -------------------------------------------------------------------------- */

bool mu_warm_is_of_use(const mu_warm *w, const mu_market *m) {
    uint32_t known = 0;
    if (w->rate <= 0) return false;
    for (uint32_t t = 0; t < m->source_count; ++t) known += w->price[m->index[t]] >= 0;
    return known > m->source_count / 2;
}

/* All of a need, and what hangs on it, is what the dearest team can be worth. */
void mu_warm_set_prices(const mu_warm *w, mu_team_prices *prices, const mu_currency *currency) {
    const mu_market *m    = prices->market;
    const int64_t    most = mu_currency_dearest(currency, m);
    for (uint32_t t = 0; t < m->source_count; ++t) {
        const int64_t before = w->price[m->index[t]];
        if (before < 0) continue;
        const int64_t price = mu_price_at_rate(before, w->rate, currency->rates.unmet_need);
        prices->price[t]    = price < most ? price : most;
    }
}

typedef struct adding {
    mu_master *master;
    uint32_t  *sink_of; /* by need; MUSTER_NONE: none */
    uint32_t  *wanted;  /* by team: the last bundle that has it, counted from 1 */
    size_t    *arc;     /* of the bundle in hand */
} adding;

/* Its arcs in the market's order, which is nearest first. */
static muster_status add_bundle(adding *a, const mu_warm *w, uint32_t bundle) {
    const mu_market *m     = a->master->market;
    const uint32_t   sink  = a->sink_of[w->need[bundle]];
    uint32_t         count = 0;
    int64_t          sent  = 0;
    if (sink == MUSTER_NONE) return MUSTER_OK;
    for (size_t i = w->first[bundle]; i < w->first[bundle + 1]; ++i) {
        a->wanted[w->team[i]] = bundle + 1;
    }
    for (size_t i = m->first_arc[sink]; i < m->first_arc[sink + 1]; ++i) {
        const uint32_t source = m->arc[i].source;
        if (a->wanted[m->index[source]] != bundle + 1) continue;
        a->arc[count++] = i;
        sent += m->supply[source];
    }
    if (count == 0 || sent < mu_market_minimum(m, sink)) return MUSTER_OK;
    return mu_master_add(a->master, sink, a->arc, count);
}

static muster_status add_all(adding *a, const mu_warm *w) {
    const mu_market      *m = a->master->market;
    const muster_problem *p = m->candidates->travel->problem;
    MU_TRY(mu_alloc(&a->sink_of, p->need_count, sizeof *a->sink_of));
    MU_TRY(mu_alloc_zeroed(&a->wanted, p->team_count, sizeof *a->wanted));
    MU_TRY(mu_alloc(&a->arc, m->source_count, sizeof *a->arc));
    for (uint32_t n = 0; n < p->need_count; ++n) a->sink_of[n] = MUSTER_NONE;
    for (uint32_t j = 0; j < m->sink_count; ++j) a->sink_of[m->need[j]] = j;
    for (uint32_t b = 0; b < w->bundle_count; ++b) MU_TRY(add_bundle(a, w, b));
    return MUSTER_OK;
}

muster_status mu_warm_add_bundles(const mu_warm *w, mu_master *master) {
    adding              a      = {.master = master};
    const muster_status status = add_all(&a, w);
    mu_free(a.sink_of);
    mu_free(a.wanted);
    mu_free(a.arc);
    return status;
}

/* ---- what is learnt ------------------------------------------------------------------------ */

/* A bundle of the master, and what its sink pays for it at the prices of the best bound. */
typedef struct offer {
    const mu_master *master;
    int64_t          worth;
    uint32_t         sink, column;
} offer;

/* The same arcs last, so that they are beside each other. */
static int by_worth(const void *a, const void *b) {
    const offer     *x = a, *y = b;
    const mu_master *w = x->master;
    if (x->sink != y->sink) return x->sink < y->sink ? -1 : 1;
    if (x->worth != y->worth) return x->worth < y->worth ? -1 : 1;
    size_t       i = w->first_arc[x->column], j = w->first_arc[y->column];
    const size_t end = w->first_arc[x->column + 1], end_y = w->first_arc[y->column + 1];
    while (i < end && j < end_y && w->arc[i] == w->arc[j]) ++i, ++j;
    if (i < end && j < end_y) return w->arc[i] < w->arc[j] ? -1 : 1;
    return (i < end) - (j < end_y);
}

static uint32_t list_offers(const mu_master *w, offer *out) {
    const mu_market *m     = w->market;
    uint32_t         count = 0;
    for (uint32_t c = 2 * m->sink_count; c < w->column_count; ++c) {
        int64_t worth = mu_rates_worth(w->currency->rates, w->cost[c]);
        for (size_t i = w->first_arc[c]; i < w->first_arc[c + 1]; ++i) {
            worth += w->best_price[m->arc[w->arc[i]].source];
        }
        out[count++] = (offer){w, worth, w->sink[c], c};
    }
    if (count > 0) qsort(out, count, sizeof *out, by_worth);
    return count;
}

/* The best of each sink, each once, in front. */
static uint32_t choose_offers(offer *list, uint32_t count, size_t *out_members) {
    enum { MOST = 4 }; /* for a sink: more make the program larger than they make it better */
    uint32_t chosen = 0, of_sink = 0;
    *out_members = 0;
    for (uint32_t i = 0; i < count; ++i) {
        const offer      o = list[i];
        const mu_master *w = o.master;
        if (i == 0 || chosen == 0 || list[chosen - 1].sink != o.sink) of_sink = 0;
        if (of_sink == MOST || (of_sink > 0 && by_worth(&list[chosen - 1], &o) == 0)) continue;
        list[chosen++] = o;
        ++of_sink;
        *out_members += w->first_arc[o.column + 1] - w->first_arc[o.column];
    }
    return chosen;
}

static void write_bundles(mu_warm *out, const mu_master *w, const offer *list, uint32_t count) {
    size_t end = 0;
    for (uint32_t b = 0; b < count; ++b) {
        const uint32_t c = list[b].column;
        out->need[b]     = w->market->need[list[b].sink];
        for (size_t i = w->first_arc[c]; i < w->first_arc[c + 1]; ++i) {
            out->team[end++] = w->market->index[w->market->arc[w->arc[i]].source];
        }
        out->first[b + 1] = end;
    }
    out->bundle_count = count;
}

/* Teams that do not compete this time may do so the next. */
static void write_prices(mu_warm *out, const mu_warm *before, const mu_master *w) {
    out->rate = w->currency->rates.unmet_need;
    for (uint32_t t = 0; t < before->team_count && t < out->team_count; ++t) {
        const int64_t price = before->rate > 0 ? before->price[t] : -1;
        out->price[t]       = price < 0 ? price : mu_price_at_rate(price, before->rate, out->rate);
    }
    for (uint32_t t = 0; t < w->market->source_count; ++t) {
        out->price[w->market->index[t]] = w->best_price[t];
    }
}

muster_status mu_warm_learn(mu_warm *warm, const mu_master *w) {
    const muster_problem *p      = w->market->candidates->travel->problem;
    mu_warm               learnt = {0};
    offer                *list;
    size_t                members;
    MU_TRY(mu_alloc(&list, w->column_count, sizeof *list));
    const uint32_t      count  = choose_offers(list, list_offers(w, list), &members);
    const muster_status status = allocate(&learnt, p->team_count, count, members);
    if (status == MUSTER_OK) {
        write_prices(&learnt, warm, w);
        write_bundles(&learnt, w, list, count);
        mu_warm_fini(warm);
        *warm = learnt;
    } else {
        mu_warm_fini(&learnt);
    }
    mu_free(list);
    return status;
}
