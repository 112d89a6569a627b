/* Local search by ejection chains (Glover, "Ejection chains, reference structures and alternating
 * path methods for traveling salesman problems", 1996) whose steps are exact: a sink is given the
 * best bundle there is (solver/bundle.c) when every team costs what its present sink would lose
 * without it. Sinks that have lost a team choose anew in turn, from what is left, and so on until
 * the chain ends; the plan in hand is exchanged for the new one where that is better, tier by
 * tier, else everything is taken back.
 *
 * A descent gets stuck where no chain helps. Then some sinks that compete are emptied and filled
 * in another order (large neighbourhood search: Shaw, CP 1998). */
#include "solver/team_search.h"

#include <assert.h>
#include <string.h>

#include "core/alloc.h"

enum {
    LONGEST_CHAIN = 24, /* sinks that may choose anew because of one */
    MOST_EMPTIED  = 12  /* sinks of one disturbance */
};

struct mu_change {
    uint32_t team, sink; /* where it was */
    size_t   arc;
};

/* ---- the plan in hand ------------------------------------------------------------------ */

static int64_t count_sent(const mu_team_search *s, uint32_t sink) {
    int64_t sent = 0;
    for (uint32_t t = s->first[sink]; t != MUSTER_NONE; t = s->next[t])
        sent += s->market->supply[t];
    return sent;
}

/* What sink's bundle costs, without `but` if that is one of its teams. */
static mu_objective worth(const mu_team_search *s, uint32_t sink, uint32_t but) {
    const mu_market *m    = s->market;
    int64_t          sent = 0, missing = m->demand[sink];
    mu_objective     cost = 0;
    for (uint32_t t = s->first[sink]; t != MUSTER_NONE; t = s->next[t]) {
        if (t == but) continue;
        const int64_t served = m->supply[t] < missing ? m->supply[t] : missing;
        cost += served * m->arc[s->arc_of[t]].cost + m->fixed_cost[s->arc_of[t]];
        missing -= served;
        sent += m->supply[t];
    }
    if (sent >= mu_market_minimum(m, sink)) return cost + missing * m->short_cost[sink];
    return m->demand[sink] * m->short_cost[sink] + mu_objective_of(mu_market_stake(m, sink), 0);
}

/* Renew what follows from a sink's list. */
static void reckon(mu_team_search *s, uint32_t sink) {
    const mu_objective value = worth(s, sink, MUSTER_NONE);
    s->total += value - s->value[sink];
    s->value[sink] = value;
    for (uint32_t t = s->first[sink]; t != MUSTER_NONE; t = s->next[t]) {
        const int64_t loss = mu_rates_worth(s->currency->rates, worth(s, sink, t) - value);
        s->price[t]        = loss > 0 ? loss : 0;
    }
}

static void unlink_team(mu_team_search *s, uint32_t team) {
    uint32_t *link = &s->first[s->team_of[team]];
    while (*link != team) link = &s->next[*link];
    *link            = s->next[team];
    s->team_of[team] = MUSTER_NONE;
    s->price[team]   = 0;
}

static void link_team(mu_team_search *s, uint32_t team, size_t arc) {
    const uint32_t sink = s->market->arc[arc].sink;
    uint32_t      *link = &s->first[sink];
    while (*link != MUSTER_NONE && s->arc_of[*link] < arc) link = &s->next[*link];
    s->next[team]    = *link;
    *link            = team;
    s->arc_of[team]  = arc;
    s->team_of[team] = sink;
}

/* Move a team and remember where it was. `arc`: SIZE_MAX sends it home. */
static muster_status move(mu_team_search *s, uint32_t team, size_t arc) {
    MU_TRY(mu_grow(&s->change, &s->change_capacity, s->change_count, sizeof *s->change));
    s->change[s->change_count++] = (struct mu_change){team, s->team_of[team], s->arc_of[team]};
    if (s->team_of[team] != MUSTER_NONE) unlink_team(s, team);
    if (arc != SIZE_MAX) link_team(s, team, arc);
    return MUSTER_OK;
}

static void begin(mu_team_search *s) {
    s->change_count = 0;
    s->total_before = s->total;
}

/* As it was when `kept` changes had been made. Sinks on either side of a change are reckoned
 * anew. */
static void take_back_to(mu_team_search *s, uint32_t kept) {
    for (uint32_t c = s->change_count; c-- > kept;) {
        const struct mu_change *change = &s->change[c];
        const uint32_t          sink   = s->team_of[change->team];
        if (sink != MUSTER_NONE) unlink_team(s, change->team);
        if (change->sink != MUSTER_NONE) link_team(s, change->team, change->arc);
        if (sink != MUSTER_NONE) reckon(s, sink);
        if (change->sink != MUSTER_NONE) reckon(s, change->sink);
    }
    s->change_count = kept;
}

static void take_back(mu_team_search *s) {
    take_back_to(s, 0);
    assert(s->total == s->total_before);
}

/* ---- one sink chooses ------------------------------------------------------------------ */

static void enqueue(mu_team_search *s, uint32_t sink) {
    for (uint32_t i = 0; i < s->queue_count; ++i) {
        if (s->queue[i] == sink) return;
    }
    s->queue[s->queue_count++] = sink;
}

/* The bundle the search's bundler holds, instead of what the sink has. Who loses a team waits in
 * the queue. */
static muster_status take_bundle(mu_team_search *s, uint32_t sink) {
    const mu_bundler *b = &s->bundler;
    uint32_t          i = 0;
    for (uint32_t t = s->first[sink], next; t != MUSTER_NONE; t = next) {
        next = s->next[t];
        while (i < b->arc_count && b->arc[i] < s->arc_of[t]) ++i;
        if (i < b->arc_count && b->arc[i] == s->arc_of[t]) continue;
        MU_TRY(move(s, t, SIZE_MAX));
    }
    for (i = 0; i < b->arc_count; ++i) {
        const uint32_t team = s->market->arc[b->arc[i]].source, from = s->team_of[team];
        if (from == sink) continue;
        MU_TRY(move(s, team, b->arc[i]));
        if (from == MUSTER_NONE) continue;
        enqueue(s, from);
        reckon(s, from);
    }
    reckon(s, sink);
    return MUSTER_OK;
}

/* The best bundle for a sink at the prices of all others; its own teams are free. */
static muster_status choose(mu_team_search *s, uint32_t sink) {
    for (uint32_t t = s->first[sink]; t != MUSTER_NONE; t = s->next[t]) s->price[t] = 0;
    (void)mu_bundle_find(&s->bundler, s->currency, sink, s->price);
    return take_bundle(s, sink);
}

/* Whoever has chosen keeps its teams for the rest of the chain. */
static void settle(mu_team_search *s, uint32_t sink) {
    s->stamp[sink] = s->chain;
    for (uint32_t t = s->first[sink]; t != MUSTER_NONE; t = s->next[t]) {
        s->price[t] = MU_NOT_FOR_SALE;
    }
}

/* A sink chooses, and whoever loses by it, and so on. */
static muster_status run_queue(mu_team_search *s) {
    uint32_t chosen = 0;
    for (uint32_t i = 0; i < s->queue_count && chosen < LONGEST_CHAIN; ++i) {
        const uint32_t sink = s->queue[i];
        if (s->stamp[sink] == s->chain) continue;
        MU_TRY(choose(s, sink));
        settle(s, sink);
        ++chosen;
    }
    for (uint32_t i = 0; i < s->queue_count; ++i) reckon(s, s->queue[i]);
    s->queue_count = 0;
    return MUSTER_OK;
}

static void start_chain(mu_team_search *s) {
    if (++s->chain == 0) {
        memset(s->stamp, 0, s->market->sink_count * sizeof *s->stamp);
        s->chain = 1;
    }
    s->queue_count = 0;
}

static muster_status improve_from(mu_team_search *s, uint32_t sink, bool *out_is_better) {
    begin(s);
    start_chain(s);
    enqueue(s, sink);
    MU_TRY(run_queue(s));
    *out_is_better = s->total < s->total_before;
    if (!*out_is_better) take_back(s);
    return MUSTER_OK;
}

static void count_work(mu_team_search *s, mu_watch *watch) {
    mu_watch_count(watch, s->bundler.work);
    s->bundler.work = 0;
}

muster_status mu_team_search_descend(mu_team_search *s, mu_watch *watch) {
    uint32_t idle = 0;
    for (uint32_t j = 0; idle < s->market->sink_count; j = (j + 1) % s->market->sink_count) {
        bool is_better;
        if (mu_watch_is_over(watch)) return MUSTER_OK;
        MU_TRY(improve_from(s, j, &is_better));
        count_work(s, watch);
        idle = is_better ? 0 : idle + 1;
    }
    return MUSTER_OK;
}

/* ---- disturbances ---------------------------------------------------------------------- */

static uint32_t draw(mu_team_search *s, uint32_t below) { /* splitmix64, upper half */
    uint64_t z = (s->random += 0x9E3779B97F4A7C15u);
    z          = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z          = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (uint32_t)(((z ^ (z >> 31)) >> 32) * below >> 32);
}

/* A sink, and those that have a team which it would like too. */
static void choose_rivals(mu_team_search *s, uint32_t most) {
    const mu_market *m = s->market;
    start_chain(s);
    enqueue(s, draw(s, m->sink_count));
    for (uint32_t tries = 0; s->queue_count < most && tries < 4 * most; ++tries) {
        const uint32_t sink = s->queue[draw(s, s->queue_count)];
        const size_t   arcs = m->first_arc[sink + 1] - m->first_arc[sink];
        if (arcs == 0) continue;
        const uint32_t near = arcs < 40 ? (uint32_t)arcs : 40;
        const uint32_t team = m->arc[m->first_arc[sink] + draw(s, near)].source;
        if (s->team_of[team] != MUSTER_NONE) enqueue(s, s->team_of[team]);
    }
}

static void shuffle_queue(mu_team_search *s) {
    for (uint32_t i = s->queue_count; i > 1; --i) {
        const uint32_t k   = draw(s, i);
        const uint32_t was = s->queue[i - 1];
        s->queue[i - 1]    = s->queue[k];
        s->queue[k]        = was;
    }
}

static muster_status empty_queue(mu_team_search *s) {
    for (uint32_t i = 0; i < s->queue_count; ++i) {
        while (s->first[s->queue[i]] != MUSTER_NONE)
            MU_TRY(move(s, s->first[s->queue[i]], SIZE_MAX));
        reckon(s, s->queue[i]);
    }
    return MUSTER_OK;
}

/* Those who choose first must not take whom others need more: idle teams cost what they are
 * worth to all, as far as that is known. */
static muster_status refill(mu_team_search *s, const int64_t *price) {
    const uint32_t emptied = s->queue_count;
    for (uint32_t i = 0; i < emptied; ++i) {
        for (uint32_t t = 0; t < s->market->source_count; ++t) {
            if (s->team_of[t] == MUSTER_NONE)
                s->price[t] = price[t] - price[t] / 16 * draw(s, 8);
            else if (s->price[t] < price[t])
                s->price[t] = price[t];
        }
        (void)mu_bundle_find(&s->bundler, s->currency, s->queue[i], s->price);
        for (uint32_t k = 0; k < s->bundler.arc_count; ++k) {
            const uint32_t team = s->market->arc[s->bundler.arc[k]].source;
            const uint32_t from = s->team_of[team];
            MU_TRY(move(s, team, s->bundler.arc[k]));
            if (from == MUSTER_NONE) continue;
            reckon(s, from);
            enqueue(s, from);
        }
        reckon(s, s->queue[i]);
    }
    for (uint32_t t = 0; t < s->market->source_count; ++t) {
        if (s->team_of[t] == MUSTER_NONE) s->price[t] = 0;
    }
    for (uint32_t i = 0; i < s->queue_count; ++i) reckon(s, s->queue[i]);
    return MUSTER_OK;
}

/* Chains from each sink of the queue, accepted as they are. */
static muster_status mend(mu_team_search *s) {
    uint32_t       sinks[4 * MOST_EMPTIED];
    const uint32_t count = s->queue_count < 4 * MOST_EMPTIED ? s->queue_count : 4 * MOST_EMPTIED;
    memcpy(sinks, s->queue, count * sizeof *sinks);
    for (uint32_t i = 0; i < count; ++i) {
        const mu_objective before = s->total;
        const uint32_t     from   = s->change_count;
        start_chain(s);
        enqueue(s, sinks[i]);
        MU_TRY(run_queue(s));
        if (s->total <= before) continue;
        take_back_to(s, from); /* this chain alone */
        assert(s->total == before);
    }
    return MUSTER_OK;
}

muster_status mu_team_search_disturb(mu_team_search *s, const int64_t *price, mu_watch *watch) {
    begin(s);
    choose_rivals(s, 2 + draw(s, MOST_EMPTIED - 1));
    shuffle_queue(s);
    MU_TRY(empty_queue(s));
    MU_TRY(refill(s, price));
    MU_TRY(mend(s));
    if (s->total > s->total_before) take_back(s);
    count_work(s, watch);
    return MUSTER_OK;
}

int64_t mu_team_search_unmet(const mu_team_search *s, uint32_t sink) {
    const mu_market *m       = s->market;
    const int64_t    missing = m->demand[sink], sent = count_sent(s, sink);
    if (sent < mu_market_minimum(m, sink)) return missing;
    return sent < missing ? missing - sent : 0;
}

mu_objective mu_team_search_staked(const mu_team_search *s) {
    const mu_market *m   = s->market;
    mu_objective     sum = 0;
    for (uint32_t j = 0; m->candidates->has_stake && j < m->sink_count; ++j) {
        if (count_sent(s, j) < mu_market_minimum(m, j))
            sum += mu_objective_of(mu_market_stake(m, j), 0);
    }
    return sum;
}

/* ---- life ---------------------------------------------------------------------------- */

static muster_status index_by_team(mu_team_search *s) {
    const mu_market *m = s->market;
    MU_TRY(
        mu_alloc_zeroed(&s->first_by_team, (size_t)m->source_count + 2, sizeof *s->first_by_team));
    MU_TRY(mu_alloc(&s->arc_by_team, m->arc_count, sizeof *s->arc_by_team));
    for (size_t a = 0; a < m->arc_count; ++a) ++s->first_by_team[m->arc[a].source + 2];
    for (uint32_t t = 0; t < m->source_count; ++t)
        s->first_by_team[t + 2] += s->first_by_team[t + 1];
    for (size_t a = 0; a < m->arc_count; ++a)
        s->arc_by_team[s->first_by_team[m->arc[a].source + 1]++] = a;
    return MUSTER_OK;
}

static size_t find_arc(const mu_team_search *s, uint32_t team, uint32_t sink) {
    size_t low = s->first_by_team[team], high = s->first_by_team[team + 1];
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (s->market->arc[s->arc_by_team[middle]].sink < sink) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return s->arc_by_team[low];
}

static muster_status allocate(mu_team_search *s) {
    const size_t teams = s->market->source_count, sinks = s->market->sink_count;
    MU_TRY(mu_alloc(&s->team_of, teams, sizeof *s->team_of));
    MU_TRY(mu_alloc(&s->next, teams, sizeof *s->next));
    MU_TRY(mu_alloc_zeroed(&s->arc_of, teams, sizeof *s->arc_of));
    MU_TRY(mu_alloc_zeroed(&s->price, teams, sizeof *s->price));
    MU_TRY(mu_alloc(&s->first, sinks, sizeof *s->first));
    MU_TRY(mu_alloc_zeroed(&s->value, sinks, sizeof *s->value));
    MU_TRY(mu_alloc(&s->queue, sinks, sizeof *s->queue));
    MU_TRY(mu_alloc_zeroed(&s->stamp, sinks, sizeof *s->stamp));
    MU_TRY(index_by_team(s));
    return mu_bundler_init(&s->bundler, s->market);
}

muster_status mu_team_search_init(mu_team_search *s, const mu_market *market,
                                  const mu_currency *currency, const uint32_t *team_of) {
    *s                   = (mu_team_search){.market = market, .currency = currency, .random = 1};
    muster_status status = allocate(s);
    if (status == MUSTER_OK) status = mu_team_search_load(s, team_of);
    if (status != MUSTER_OK) mu_team_search_fini(s);
    return status;
}

muster_status mu_team_search_load(mu_team_search *s, const uint32_t *team_of) {
    const mu_market *m = s->market;
    for (uint32_t j = 0; j < m->sink_count; ++j) s->first[j] = MUSTER_NONE;
    for (uint32_t t = 0; t < m->source_count; ++t) {
        s->team_of[t] = MUSTER_NONE;
        s->price[t]   = 0;
        if (team_of[t] != MUSTER_NONE) link_team(s, t, find_arc(s, t, team_of[t]));
    }
    for (uint32_t j = 0; j < m->sink_count; ++j) reckon(s, j);
    return MUSTER_OK;
}

void mu_team_search_fini(mu_team_search *s) {
    mu_free(s->team_of);
    mu_free(s->first);
    mu_free(s->next);
    mu_free(s->arc_of);
    mu_free(s->value);
    mu_free(s->price);
    mu_free(s->first_by_team);
    mu_free(s->arc_by_team);
    mu_free(s->change);
    mu_free(s->queue);
    mu_free(s->stamp);
    mu_bundler_fini(&s->bundler);
    *s = (mu_team_search){0};
}
