/* Covering knapsack by dynamic programming over people.
 *
 * Teams are taken in the order in which they would arrive, so that whom a team serves is what
 * those before it have left over, and its cost follows from the number of people there already:
 * that number is all the state there is. value[n] is the least cost of bringing n people, where
 * n stops counting at the need. A row of flags for each team remembers in which states it was
 * taken, and the bundle is read back from the last row to the first.
 *
 * Most teams are too far away to matter, and a certificate says when the rest of them need not be
 * looked at: no price is negative, so whoever comes later costs at least what a person of theirs
 * does. If it is more than the best bundle so far costs to leave the remainder to them at that, from
 * whatever state, then no bundle with any of them is as good, and the one of the nearest is the one
 * of all. In the terms of a search that grows from the incident: its radius times the weight of a
 * person is beyond the price of the need.
 *
 * The prices are what other sinks would pay for the team (Gilmore and Gomory, "A linear
 * programming approach to the cutting-stock problem", Oper. Res. 1961). */
#include "solver/bundle.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"

enum { MOST_STATES = 4096 };

/* A team in the table. */
struct mu_row {
    size_t  arc;
    int64_t full_from; /* how many were there before it made the need full */
};

/* ---- life ---------------------------------------------------------------------------- */

bool mu_bundle_is_exact(const mu_market *m, uint32_t sink) {
    return m->demand[sink] < MOST_STATES;
}

muster_status mu_bundler_init(mu_bundler *b, const mu_market *m) {
    size_t most_arcs = 0, most_states = 1, most_cells = 0;
    *b = (mu_bundler){.market = m};
    for (uint32_t j = 0; j < m->sink_count; ++j) {
        const size_t arcs   = m->first_arc[j + 1] - m->first_arc[j];
        const size_t states = mu_bundle_is_exact(m, j) ? (size_t)m->demand[j] + 1 : 0;
        if (arcs > most_arcs) most_arcs = arcs;
        if (states > most_states) most_states = states;
        if (arcs * states > most_cells) most_cells = arcs * states;
    }
    muster_status status = mu_alloc(&b->value, most_states, sizeof *b->value);
    if (status == MUSTER_OK) status = mu_alloc(&b->before, most_states, sizeof *b->before);
    if (status == MUSTER_OK) status = mu_alloc(&b->is_taken, most_cells, 1);
    if (status == MUSTER_OK) status = mu_alloc(&b->row, most_arcs, sizeof *b->row);
    if (status == MUSTER_OK) status = mu_alloc(&b->arc, most_arcs, sizeof *b->arc);
    if (status != MUSTER_OK) mu_bundler_fini(b);
    return status;
}

void mu_bundler_fini(mu_bundler *b) {
    mu_free(b->value);
    mu_free(b->before);
    mu_free(b->is_taken);
    mu_free(b->row);
    mu_free(b->arc);
    *b = (mu_bundler){0};
}

/* ---- the table ------------------------------------------------------------------------- */

/* What a sink asks, and one team that could come. */
typedef struct offer {
    int64_t need, people, price, unit_cost; /* price: with what it costs to send it at all */
    bool    is_forced;                      /* there is no doing without it */
} offer;

/* The team makes the need full: those who were there before serve what they can, it the rest. */
static void fill_up(const offer *o, const int64_t *before, int64_t *value, uint8_t *is_taken,
                    int64_t top, struct mu_row *row) {
    for (int64_t n = o->need > o->people ? o->need - o->people : 0; n <= top && n < o->need; ++n) {
        const int64_t through = before[n] + o->price + (o->need - n) * o->unit_cost;
        if (through >= value[o->need]) continue;
        value[o->need]    = through;
        is_taken[o->need] = 1;
        row->full_from    = n;
    }
}

/* The table with one team more, from `before`, which ends at `top` people. Returns the new
 * end. */
static int64_t add_team(const offer *o, const int64_t *restrict before, int64_t *restrict value,
                        uint8_t *restrict is_taken, int64_t top, struct mu_row *row) {
    const int64_t s = o->people, whole = o->price + s * o->unit_cost;
    const int64_t new_top = top + s < o->need ? top + s : o->need;
    const int64_t kept    = o->is_forced ? 0 : top + 1;
    memcpy(value, before, (size_t)kept * sizeof *value);
    for (int64_t n = kept; n <= new_top; ++n) value[n] = MU_NO_BUNDLE;
    memset(is_taken, 0, (size_t)(new_top + 1));
    const int64_t end = new_top < o->need ? new_top : o->need - 1;
    for (int64_t n = s; n <= end; ++n) {
        const int64_t through = before[n - s] + whole;
        const bool    better  = through < value[n];
        value[n]              = better ? through : value[n];
        is_taken[n]           = better;
    }
    if (new_top == o->need) fill_up(o, before, value, is_taken, top, row);
    return new_top;
}

/* From the state that is best, back through the rows. */
static void read_bundle(mu_bundler *b, uint32_t sink, uint32_t rows, int64_t state) {
    const int64_t need = b->market->demand[sink];
    b->arc_count       = 0;
    for (uint32_t r = rows; r-- > 0 && state > 0;) {
        const struct mu_row *row = &b->row[r];
        if (!b->is_taken[(size_t)r * (size_t)(need + 1) + (size_t)state]) continue;
        b->arc[b->arc_count++] = row->arc;
        state                  = state == need ? row->full_from
                                               : state - b->market->supply[b->market->arc[row->arc].source];
    }
    for (uint32_t i = 0; i < b->arc_count / 2; ++i) {
        const size_t other           = b->arc[i];
        b->arc[i]                    = b->arc[b->arc_count - 1 - i];
        b->arc[b->arc_count - 1 - i] = other;
    }
}

/* Who saves less than it costs has no place in a bundle, unless a minimum asks for it. */
static bool is_worth_it(const offer *o, int64_t short_cost) {
    const int64_t most_served = o->people < o->need ? o->people : o->need;
    return o->price < most_served * (short_cost - o->unit_cost);
}

static bool is_forbidden(const mu_bundler *b, size_t arc) {
    return b->rules && b->rules->is_forbidden[arc];
}

static bool is_forced(const mu_bundler *b, size_t arc) {
    return b->rules && b->rules->is_forced[arc];
}

/* How many people a bundle may serve: all numbers from 1 but for minimum and rules. */
typedef struct span {
    int64_t least, most;
    bool    may_be_empty;
} span;

static span span_of(const mu_bundler *b, uint32_t sink) {
    const int64_t need = b->market->demand[sink], minimum = mu_market_minimum(b->market, sink);
    span          s = {minimum > 1 ? minimum : 1, need, true};
    if (!b->rules) return s;
    s.may_be_empty = b->rules->least[sink] == 0 && b->rules->forced_count[sink] == 0;
    if (b->rules->least[sink] > s.least) s.least = b->rules->least[sink];
    if (b->rules->most[sink] < s.most) s.most = b->rules->most[sink];
    return s;
}

/* The best state of the table, which ends at `top`, and what it costs in all. */
static int64_t best_state(const mu_bundler *b, const mu_currency *c, uint32_t sink, const span *s,
                          int64_t top, int64_t *out_cost) {
    const int64_t need = b->market->demand[sink], short_cost = c->short_cost[sink];
    int64_t state = 0, best = s->may_be_empty ? need * short_cost + c->stake[sink] : MU_NO_BUNDLE;
    for (int64_t n = s->least; n <= top && n <= s->most; ++n) {
        const int64_t value = b->value[n] + (need - n) * short_cost;
        if (value < best) best = value, state = n;
    }
    *out_cost = best;
    return state;
}

/* Does every bundle with a team from arc `next` on cost more than the best of those before? Whom none
 * of them serves for less stays unmet. Where the need cannot be met yet, whoever comes is welcome; and
 * mostly a glance is enough: nobody of those before, and all of those after, is one such bundle. */
static bool is_certified(const mu_bundler *b, const mu_currency *c, uint32_t sink, const span *s,
                         int64_t top, size_t next) {
    const int64_t need = b->market->demand[sink], short_cost = c->short_cost[sink];
    const int64_t later_cost = c->later_cost[next];
    const int64_t unit_cost  = later_cost < short_cost ? later_cost : short_cost;
    int64_t       best, least = MU_NO_BUNDLE;
    if (top < need || need * unit_cost <= b->value[need]) return false;
    (void)best_state(b, c, sink, s, top, &best);
    for (int64_t n = 0; n < need; ++n) {
        const int64_t value = b->value[n] + (need - n) * unit_cost;
        least               = value < least ? value : least;
    }
    return least > best;
}

/* Fill the table; returns its end. */
static int64_t fill_table(mu_bundler *b, const mu_currency *c, uint32_t sink, const int64_t *price,
                          const span *s, uint32_t *out_rows) {
    const mu_market *m             = b->market;
    const int64_t    need          = m->demand[sink];
    const bool       skips_useless = s->least == 1 && s->may_be_empty && c->stake[sink] == 0;
    uint32_t         forced        = b->rules ? b->rules->forced_count[sink] : 0;
    int64_t          top           = 0;
    b->value[0]                    = 0;
    *out_rows                      = 0;
    for (size_t a = m->first_arc[sink]; a < m->first_arc[sink + 1]; ++a) {
        const uint32_t team = m->arc[a].source;
        const offer    o = {need, m->supply[team], price[team] + c->fixed_cost[a], c->unit_cost[a],
                            is_forced(b, a)};
        if (price[team] >= MU_NOT_FOR_SALE || is_forbidden(b, a)) continue;
        if (skips_useless && !o.is_forced && !is_worth_it(&o, c->short_cost[sink])) continue;
        int64_t       *before = b->value;
        struct mu_row *row    = &b->row[*out_rows];
        b->value              = b->before;
        b->before             = before;
        *row                  = (struct mu_row){.arc = a};
        top                   = add_team(&o, b->before, b->value,
                                         b->is_taken + (size_t)*out_rows * (size_t)(need + 1), top, row);
        b->work += (uint64_t)top;
        forced -= o.is_forced;
        ++*out_rows;
        if (forced > 0 || a + 1 == m->first_arc[sink + 1]) continue;
        if (is_certified(b, c, sink, s, top, a + 1)) break;
    }
    return top;
}

static int64_t find_by_table(mu_bundler *b, const mu_currency *c, uint32_t sink,
                             const int64_t *price) {
    const span    s = span_of(b, sink);
    uint32_t      rows;
    int64_t       cost;
    const int64_t top = fill_table(b, c, sink, price, &s, &rows);
    read_bundle(b, sink, rows, best_state(b, c, sink, &s, top, &cost));
    return cost;
}

/* ---- needs of a whole city ------------------------------------------------------------- */

/* Here a row's second number is the cost of one person with a share of the team's price. */
static int cheapest_first(const void *a, const void *b) {
    const struct mu_row *x = a, *y = b;
    if (x->full_from != y->full_from) return x->full_from < y->full_from ? -1 : 1;
    return x->arc < y->arc ? -1 : x->arc > y->arc;
}

static int by_arc(const void *a, const void *b) {
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return x < y ? -1 : x > y;
}

/* Teams may be split, the cheapest person first, and nobody asks for the minimum: that bounds
 * from below. The bundle is those teams, each whole. */
static int64_t find_by_share(mu_bundler *b, const mu_currency *c, uint32_t sink,
                             const int64_t *price) {
    const mu_market *m    = b->market;
    uint32_t         rows = 0;
    for (size_t a = m->first_arc[sink]; a < m->first_arc[sink + 1]; ++a) {
        const uint32_t team = m->arc[a].source;
        const int64_t  unit = c->unit_cost[a] + (price[team] + c->fixed_cost[a]) / m->supply[team];
        if (price[team] >= MU_NOT_FOR_SALE || unit >= c->short_cost[sink]) continue;
        b->row[rows++] = (struct mu_row){a, unit};
    }
    qsort(b->row, rows, sizeof *b->row, cheapest_first);
    b->work += rows;
    int64_t left = m->demand[sink], cost = 0, sent = 0;
    b->arc_count = 0;
    for (uint32_t r = 0; r < rows && left > 0; ++r) {
        const int64_t people   = m->supply[m->arc[b->row[r].arc].source];
        const int64_t served   = people < left ? people : left;
        b->arc[b->arc_count++] = b->row[r].arc;
        cost += served * b->row[r].full_from;
        sent += people;
        left -= served;
    }
    if (sent < mu_market_minimum(m, sink)) b->arc_count = 0;
    qsort(b->arc, b->arc_count, sizeof *b->arc, by_arc);
    return cost + left * c->short_cost[sink];
}

int64_t mu_bundle_find(mu_bundler *b, const mu_currency *c, uint32_t sink, const int64_t *price) {
    return mu_bundle_is_exact(b->market, sink) ? find_by_table(b, c, sink, price)
                                               : find_by_share(b, c, sink, price);
}
